"""The nearest of a set of words: one helper for every 'did you mean'."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, among: Iterable[str], at_least: float = 0.0) -> str:
    """The word of `among` most like the given one, capitals aside; '' where none is as like as `at_least`."""
    by_lower = {known.lower(): known for known in among}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=at_least)
    return by_lower[close[0]] if close else ""


def shown(word: str) -> str:
    """A listed value as a person should see it: what cannot be seen is spelled out."""
    names = {
        "\u00a0": "<no-break space>",
        "\u2007": "<figure space>",
        "\u2009": "<thin space>",
        "\u200a": "<hair space>",
        "\u200b": "<zero-width space>",
        "\u200c": "<zero-width non-joiner>",
        "\u200d": "<zero-width joiner>",
        "\u2060": "<word joiner>",
        "\u202f": "<narrow no-break space>",
        "\ufeff": "<byte order mark>",
        "\u00ad": "<soft hyphen>",
        "\t": "<tab>",
        "\n": "<line break>",
        "\r": "<line break>",
    }
    return "".join(names.get(letter, letter) for letter in word)
