"""Searches files and the shared tables for anything that identifies a person of the database.

    python -m asc_cld.leak_search                     # the sharing schema, and the logs and results of dbt
    python -m asc_cld.leak_search output/audit page.html

Looked for: NHS numbers and the council's person ids, however they are written (spaces, also those that do not
break, dots, hyphens, letters in front, as a number), plain hashes of both, postcodes, forename next to surname in
either order; in the shared tables also a forename or surname alone. Read are text in UTF-8, UTF-16, UTF-32 and
Windows-1252, HTML without its tags, workbooks and other zipped documents, Parquet, gzip; of any other file the
bytes as they are. Names of files and folders count too. What cannot be read is named, never passed over.

A finding names the place and the kind, never what was found. Exit code 0: everything was searched and nothing found;
1: something was found; 2: a path does not exist, or something could not be searched.
"""

from __future__ import annotations

import argparse
import codecs
import gzip
import hashlib
import html
import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import duckdb

from asc_cld.database import default_path, open_database, quoted
from asc_cld.plainly import plainly
from asc_cld.settings import dbt_folders
from asc_cld.specification import PROJECT

NHS_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9A-Za-z])")
POSTCODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}(?![0-9A-Za-z])")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Ten digits with little between them, wherever they begin: overlapping ones are all looked at.
TEN_DIGITS = re.compile(r"(?<![0-9])(?=((?:[0-9][ ./_*‐-―-]{0,3}){9}[0-9])(?![0-9]))")
# 9.99000009E+09, as a spreadsheet shows a long number.
SCIENTIFIC = re.compile(r"[0-9]\.[0-9]{2,}[eE]\+?[0-9]{1,2}(?![0-9])")
# Hardly an identifier is without a digit; the few that are, are looked for among the words.
HAS_DIGIT = re.compile(r"[^\W_]*[0-9][^\W_]*")
# NHS9990000093, id1000886: letters around a number. Not any digits of a long hash: those are chance.
LETTERS_AROUND = re.compile(r"[a-z]{0,5}([0-9]{5,})[a-z]{0,2}")
# Days and times are digits with little between them too.
DAY_OR_TIME = re.compile(r"[0-9]{1,2}[:./-][0-9]{1,2}|(?:19|20)[0-9]{2}[./-]?[0-9]{2}")
# The part of a second or of a pound is no number of its own.
FRACTION = re.compile(r"^[0-9][.:][0-9]+[Zz]?$")
# Between the parts of an identifier: P-1000.886, B70 8SZ.
JOINT = r"(?:[^\w\n\r,;:\"|<>]{1,2}|_)"
BEFORE = re.compile(rf"([A-Za-z]{{1,5}}){JOINT}$")
AFTER = re.compile(rf"{JOINT}([^\W_]+)")
MOST_PARTS = 4
# Shorter ones would be found in any text.
LEAST_LENGTH = 5
# dbt's logs and results are full of bytes, rows and microseconds.
LONG_NUMBER = 7
MEASURED = re.compile(r"dbt\.log(\.[0-9]+)?|(run_results|manifest|perf_info|graph_summary)\.json")
HASHES = ("md5", "sha1", "sha256", "sha512")
ZIPPED = {".xlsx", ".xlsm", ".xltx", ".ods", ".odt", ".docx", ".pptx", ".zip"}
PAGES = {".html", ".htm", ".xml", ".svg", ".xhtml", ".rels"}
# Compressed inside, in ways that are not read here.
CLOSED = {
    ".7z": "an archive",
    ".bmp": "a picture",
    ".bz2": "an archive",
    ".doc": "a document in an old form",
    ".duckdb": "a database, which holds everybody",
    ".gif": "a picture",
    ".jpeg": "a picture",
    ".jpg": "a picture",
    ".pdf": "a PDF",
    ".png": "a picture",
    ".pyc": "a compiled program",
    ".rar": "an archive",
    ".tiff": "a picture",
    ".webp": "a picture",
    ".xls": "a workbook in an old form",
    ".xlsb": "a workbook in a binary form",
    ".xz": "an archive",
    ".zst": "an archive",
}
# The project's own text holds invented numbers in examples and unit tests; dbt copies them to target/.
PUBLIC_FOLDERS = ("models", "macros", "seeds", "tests")
# Where the identifiers of people stand: kind, column and table.
SOURCES = (
    ("NHS number", "nhs_number", "submissions.sub_rows"),
    ("NHS number", "id_value", "extracts.person_identifier"),
    ("person id", "la_person_unique_identifier", "submissions.sub_rows"),
    ("person id", "person_id", "extracts.person"),
    ("postcode", "postcode", "submissions.sub_rows"),
    ("postcode", "postcode", "extracts.address"),
)
NAME_SOURCES = (
    ("first_name", "last_name", "submissions.sub_rows"),
    ("forename", "surname", "extracts.person"),
)


class NotSearched(Exception):
    """A file, or a part of one, that could not be searched. The message says why, and holds nothing of it."""


@dataclass
class Identifiers:
    """What identifies the people of one database, folded so that capitals and signs between do not hide it."""

    values: dict[str, str] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)
    single_names: set[str] = field(default_factory=set)
    too_short: set[str] = field(default_factory=set)
    lettered: set[str] = field(default_factory=set)
    # Tables of people that should be there and are not: what they hold was not looked for.
    not_there: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> Identifiers:
        found = cls()
        known = _tables(connection)
        has_extracts = any(table.startswith("extracts.") for table in known)
        wanted = {table for *_, table in (*SOURCES, *NAME_SOURCES)}
        # A database of supplied files only has no extracts.
        found.not_there = sorted(
            table for table in wanted - known if has_extracts or not table.startswith("extracts.")
        )
        for kind, column, table in SOURCES:
            for (value,) in _rows(connection, f"select {column} from {table}") if table in known else ():
                found.add(kind, value)
        for forename, surname, table in NAME_SOURCES:
            query = f"select {forename}, {surname} from {table}"
            for first, last in _rows(connection, query) if table in known else ():
                found.add_name(first, last)
        # Stand-ins such as ZZ99 3VZ say that nothing is known.
        stand_ins = "reference.dummy_values"
        for (value,) in (
            _rows(connection, f"select dummy_value from {stand_ins}") if stand_ins in known else ()
        ):
            found.values.pop(_folded(value), None)
            found.too_short.discard(_folded(value))
        found.forget(PROJECT)
        return found

    def add(self, kind: str, value: str | None) -> None:
        folded = _folded(value)
        if len(folded) < LEAST_LENGTH:
            if folded:
                self.too_short.add(folded)
            return
        self.values[folded] = kind
        if not any(letter.isdigit() for letter in folded):
            self.lettered.add(folded)
        if kind != "postcode":
            for plain in {(value or "").strip(), folded, folded.upper()}:
                for name in HASHES:
                    digest = hashlib.new(name, plain.encode(), usedforsecurity=False).hexdigest()
                    self.values[digest] = self.values[digest[:32]] = f"unsalted hash of {kind}"

    def forget(self, project: Path) -> None:
        """Leaves out numbers and postcodes that the project itself publishes in examples."""
        for folder in PUBLIC_FOLDERS:
            for file in (project / folder).rglob("*"):
                if file.suffix in (".sql", ".yml"):
                    text = file.read_text(encoding="utf-8")
                    for pattern in (NHS_NUMBER, POSTCODE):
                        for match in pattern.finditer(text):
                            self.values.pop(_folded(match.group()), None)

    def add_name(self, first: str | None, last: str | None) -> None:
        forenames, surnames = _words(first), _words(last)
        if forenames and surnames:
            self.names.add((forenames[0], surnames[-1]))
        self.single_names |= {word for word in (*forenames, *surnames) if len(word) > 2}

    def kinds_in(self, text: str, alone: bool = False, short_numbers: bool = True) -> Counter[str]:
        """How often each kind of identifier stands in a text; `alone`: single names count too.

        `short_numbers`: false where a number of up to six digits is a measurement rather than somebody.
        """
        # Full-width digits, spaces that do not break, ligatures.
        text = unicodedata.normalize("NFKC", text)
        found: Counter[str] = Counter()
        seen: set[tuple[int, str]] = set()

        def note(kind: str | None, end: int) -> None:
            # One place counts once, however it was read; a longer reading ends where a shorter one does.
            if kind and (end, kind) not in seen:
                seen.add((end, kind))
                found[kind] += 1

        for match in TEN_DIGITS.finditer(text):
            if FRACTION.match(text[max(0, match.start() - 2) : match.end(1)]):
                continue
            note(self.values.get(_folded(match.group(1))), match.end(1))
        for match in SCIENTIFIC.finditer(text):
            note(self.values.get(str(int(float(match.group())))), match.end())
        for part in HAS_DIGIT.finditer(text):
            word = part.group().lower()
            if FRACTION.search(text[max(0, part.start() - 2) : part.end()]):
                continue
            around = LETTERS_AROUND.fullmatch(word)
            number = around.group(1) if around else ""
            is_measured = not short_numbers and 0 < len(number) < LONG_NUMBER
            if not (is_measured and word.isdigit()):
                note(self.values.get(word), part.end())
            if around and not word.isdigit() and not is_measured:
                note(self.values.get(number), part.start() + around.end(1))
            before = BEFORE.search(text[max(0, part.start() - 7) : part.start()])
            may_be_day = word.isdigit() and DAY_OR_TIME.match(text, part.start())
            joined, end = word, part.end()
            for _ in range(MOST_PARTS):
                if before:
                    note(self.values.get(before.group(1).lower() + joined), end)
                after = AFTER.match(text, end)
                if not after:
                    break
                joined, end = joined + after.group(1).lower(), after.end()
                if not (may_be_day and joined.isdigit()):
                    note(self.values.get(joined), end)
        words = _words(text)
        for word in words:
            if word in self.lettered and word in self.values:
                found[self.values[word]] += 1
            elif alone and word in self.single_names:
                found["name"] += 1
        for pair in zip(words, words[1:], strict=False):
            if pair in self.names or pair[::-1] in self.names:
                found["forename and surname"] += 1
        return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every table and view of the database, as schema.table."""
    listed = _rows(
        connection,
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = current_database()",
    )
    return {table for (table,) in listed}


def _folded(value: str | None) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", value or "")).lower()


def _words(text: str | None) -> list[str]:
    return [word.lower() for word in WORD.findall(text or "")]


@dataclass
class Searched:
    """What a search found, and what it could not look into."""

    findings: list[tuple[str, str, int]] = field(default_factory=list)
    not_searched: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0


def search(identifiers: Identifiers, paths: Iterable[Path]) -> Searched:
    """Searches the names and the content of files; folders with all that is in them."""
    done = Searched()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            done.findings += [
                ("the name of a file", kind, times) for kind, times in identifiers.kinds_in(file.name).items()
            ]
            if file.is_dir():
                continue
            # A name that tells who it is about is not repeated.
            place = str(file if not identifiers.kinds_in(str(file)) else f"a file in {path}")
            done.files += 1
            found: Counter[str] = Counter()
            try:
                measured = MEASURED.fullmatch(file.name)
                for text in texts_of(file):
                    found += identifiers.kinds_in(text, short_numbers=not measured)
            except NotSearched as reason:
                done.not_searched.append((place, str(reason)))
            done.findings += [(place, kind, times) for kind, times in found.items()]
    return done


def texts_of(file: Path) -> Iterator[str]:
    """All text of a file, whatever kind it is. Raises NotSearched where there may be more."""
    suffix = file.suffix.lower()
    if not file.is_file():
        raise NotSearched("it is a pipe, a device or a broken link")
    try:
        if suffix == ".parquet":
            yield from _texts_of_parquet(file)
            return
        content = file.read_bytes()
    except (OSError, duckdb.Error):
        raise NotSearched("it cannot be read") from None
    yield from _texts(content, suffix)


def _texts(content: bytes, suffix: str, depth: int = 0) -> Iterator[str]:
    if suffix in CLOSED:
        raise NotSearched(CLOSED[suffix])
    if content[:4] == b"PK\x03\x04" or suffix in ZIPPED:
        yield from _texts_of_zip(content, depth)
    elif content[:2] == b"\x1f\x8b":
        try:
            yield from _texts(gzip.decompress(content), "", depth)
        except (OSError, EOFError, zlib.error):
            raise NotSearched("it is damaged") from None
    else:
        text = decoded(content)
        yield text
        if suffix in PAGES or text[:200].lstrip().lower().startswith(("<!doctype", "<html", "<?xml")):
            # Without tags a name may be whole that was not, and the other way round.
            yield html.unescape(re.sub(r"<[^>]*>", " ", text))
            yield html.unescape(re.sub(r"<[^>]*>", "", text))


def decoded(content: bytes) -> str:
    """Bytes as text: by their mark, by their zeros, else UTF-8, else Windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    head = content[:2000]
    if len(head) > 3:
        for zeros, encoding in ((head[1::2], "utf-16-le"), (head[0::2], "utf-16-be")):
            if zeros.count(0) > 0.7 * len(zeros):
                return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _texts_of_zip(content: bytes, depth: int) -> Iterator[str]:
    if depth > 3:
        raise NotSearched("archives within archives, too deep")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            closed = []
            for member in archive.infolist():
                yield member.filename
                try:
                    yield from _texts(archive.read(member), Path(member.filename).suffix.lower(), depth + 1)
                except NotSearched as reason:
                    closed.append(str(reason))
            if closed:
                raise NotSearched(f"it holds {len(closed)} parts that are not read: {closed[0]}")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        raise NotSearched("it is damaged or has a password") from None


def _texts_of_parquet(file: Path) -> Iterator[str]:
    with duckdb.connect() as connection:
        source = f"read_parquet({quoted(file)})"
        columns = [name for name, *_ in connection.execute(f"describe select * from {source}").fetchall()]
        yield "\n".join(columns)
        for column in columns:
            name = column.replace('"', '""')
            cells = connection.execute(f'select distinct cast("{name}" as varchar) from {source}').fetchall()
            yield "\n".join(cell for (cell,) in cells if cell is not None)
        for row in connection.execute(f"select * from {source}").fetchall():
            # Forename and surname in two columns.
            yield " ".join(str(cell) for cell in row if isinstance(cell, str))
        yield "\n".join(
            decoded(bytes(part))
            for pair in connection.execute(
                f"select key, value from parquet_kv_metadata({quoted(file)})"
            ).fetchall()
            for part in pair
        )


def search_tables(
    identifiers: Identifiers, connection: duckdb.DuckDBPyConnection, schema: str = "sharing"
) -> list[tuple[str, str, int]]:
    """Findings in every column of every table of a schema; also names that stand alone."""
    lists = "specification.spec_code_lists"
    listed = {
        value
        for (value,) in (
            _rows(connection, f"select value from {lists}") if lists in _tables(connection) else ()
        )
        if value
    }
    findings = []
    columns = _rows(
        connection,
        "select table_name, column_name from duckdb_columns() where database_name = current_database()"
        f" and schema_name = '{schema}' order by table_name, column_index",
    )
    for table, column in columns:
        cells = _rows(connection, f'select distinct cast("{column}" as varchar) from {schema}."{table}"')
        found: Counter[str] = Counter()
        for (cell,) in cells:
            if cell and cell not in listed:
                found += identifiers.kinds_in(cell, alone=True)
        findings += [(f"{schema}.{table}.{column}", kind, times) for kind, times in found.items()]
    return findings


@plainly("leak search")
def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "paths", type=Path, nargs="*", help="files and folders (default: those of dbt's logs and results)"
    )
    parser.add_argument("--database", type=Path, default=default_path())
    options = parser.parse_args(arguments)
    missing = [path for path in options.paths if not path.exists()]
    for path in missing:
        print(f"{path}: there is no such file or folder", file=sys.stderr)
    if missing:
        return 2
    paths = options.paths or [path for path in dbt_folders() if path.exists()]
    connection = open_database(options.database)
    identifiers = Identifiers.of(connection)
    findings = search_tables(identifiers, connection)
    done = search(identifiers, paths)
    findings += done.findings
    for place, kind, times in findings:
        print(f"{place}: {kind}, {times} times")
    for place, reason in done.not_searched:
        print(f"{place}: not searched: {reason}")
    if identifiers.too_short:
        print(
            f"{len(identifiers.too_short)} identifiers have fewer than {LEAST_LENGTH} letters and digits"
            " and were not looked for."
        )
    print(
        f"Searched: the schema sharing and {done.files - len(done.not_searched)} of {done.files} files in"
        f" {', '.join(map(str, paths)) or 'no folder'}, for the identifiers of {len(identifiers.names)} people."
    )
    if not identifiers.values and not identifiers.names:
        print("The database holds no people: nothing could be looked for.")
        return 2
    for table in identifiers.not_there:
        print(f"{table} is not there: who stands in it was not looked for. Build again.")
    if not done.files:
        print("No file was searched: name the folders of logs and results.")
    if findings:
        return 1
    is_all = done.files and not done.not_searched and not identifiers.not_there
    print("Nothing that identifies a person was found." if is_all else "Nothing else was found.")
    return 0 if is_all else 2


if __name__ == "__main__":
    sys.exit(main())
