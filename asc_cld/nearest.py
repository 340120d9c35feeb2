"""The nearest of a set of words: one helper for every 'did you mean'."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def nearest(word: str, among: Iterable[str], at_least: float = 0.0) -> str:
    """The word of `among` most like the given one, capitals aside; '' where none is as like as `at_least`."""
    by_lower = {known.lower(): known for known in among}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=at_least)
    return by_lower[close[0]] if close else ""


LIKELY = 0.7
SMALL_WORDS = frozenset(
    ("a", "an", "and", "by", "for", "from", "in", "is", "not", "of", "on", "or", "other", "to", "with")
)


def likely(words: str, among: Iterable[str]) -> str:
    """The text of `among` whose words are those of a description, or nearly; '' where none is likely.

    Every word looks for its nearest on the other side, both ways: a description is likely a value where most words
    of each are found in the other.
    """
    best, best_likeness = "", LIKELY
    for other in among:
        likeness = _likeness(_words(words), _words(other))
        if likeness > best_likeness:
            best, best_likeness = other, likeness
    return best


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.lower()) if word not in SMALL_WORDS]


def _likeness(one: list[str], other: list[str]) -> float:
    if not one or not other:
        return 0.0
    return (_found_in(one, other) + _found_in(other, one)) / 2


def _found_in(one: list[str], other: list[str]) -> float:
    """How much of the words of one is found in the other, 0 to 1."""
    return sum(
        max(difflib.SequenceMatcher(None, word, candidate).ratio() for candidate in other) for word in one
    ) / len(one)


UNSEEN = {
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


def shown(word: str) -> str:
    """A listed value as a person should see it: what cannot be seen is spelled out."""
    return "".join(UNSEEN.get(letter, letter) for letter in word)


def unseen_in(word: str) -> str:
    """' (it holds <tab>)' for a text with letters that nobody can see, by name and nothing else of it; else ''."""
    names = dict.fromkeys(UNSEEN[letter] for letter in word if letter in UNSEEN)
    return f" (it holds {', '.join(names)})" if names else ""
