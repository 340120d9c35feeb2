"""Writes the page of the extracts and the published data contract. Run it when the contract or the demo changes."""

from pathlib import Path

from asc_cld import contract

ROOT = Path(__file__).resolve().parent.parent


def made():
    """{file: text}"""
    return {contract.PAGE: contract.page(), contract.CONTRACT: contract.data_contract()}


def main():
    for name, text in made().items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
