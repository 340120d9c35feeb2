"""Which encoding a text file is in, or why nobody should guess.

UTF-8 and UTF-16 prove themselves: a file that is valid is what it seems. Windows-1252 proves
nothing, since almost any bytes are valid in it. So every byte above 127 is looked at between its
neighbours, as Windows-1252 and as code page 850 (what `sqlcmd` writes unless told otherwise):

* a letter fits where its neighbours are letters and its capitals agree with theirs (`Renée`, not
  `RenÚe`); a quotation mark, dash or symbol fits where one is written (`O’Brien`, `£12`), not inside
  a word (`Jer“me`) and, for the marks nobody writes in English (`‚ „ ‡ ‰ ¡ ¤`), not beside a letter;
* one byte that does not fit Windows-1252 refuses the file, naming its lines;
* where each byte fits and at least one fits Windows-1252 only, the file is Windows-1252;
* where every byte would fit either, nothing decides, and the file is refused.

A file in which some letters are UTF-8 and some are not is refused with the lines of both kinds'
lesser. No letter is ever guessed.
"""

from __future__ import annotations

import codecs
import re

from asc_cld.readers.errors import InputError, lines_named

UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ADVICE = "Save it again as CSV UTF-8."
HIGH = re.compile(rb"[\x80-\xff]+")
MANY = 10_000

# Marks that English text never sets beside a letter, and marks that stand beside letters on one side.
NEVER_BESIDE_LETTERS = set("‚„†‡ˆ‰‹›˜¡¢¤¥¦§¨ª«¯³¶·¸¹»¿×÷ƒ¬±´µ")
OPENING = set("‘“£")
CLOSING = set("”")
# Letters of code page 850 that names in Britain do not hold.
NOT_EXPECTED_IN_850 = set("ãÃõÕþÞðÐýÝµƒıªº")


def sniffed(head: bytes) -> str:
    """'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be' or '' (eight bits, to be looked at) from the first bytes."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith(UTF16_BOMS):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    pairs = len(head) // 2
    if pairs and b"\0" in head:
        even, odd = head[: pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
        # Text in Latin letters has a zero in every second byte.
        if odd > 0.6 * pairs and even < 0.1 * pairs:
            return "utf-16-le"
        if even > 0.6 * pairs and odd < 0.1 * pairs:
            return "utf-16-be"
    return ""


class EightBits:
    """Looks at the lines of a file that is no UTF-16: add() each block of whole lines, then ask verdict()."""

    def __init__(self, file: str, must_be_utf8: bool = False):
        self.file, self.must_be_utf8 = file, must_be_utf8
        self.utf8_lines: list[int] = []
        self.other_lines: list[int] = []
        self.not_1252: list[int] = []
        self.not_850 = 0
        self.only_1252 = 0
        self.either: list[int] = []

    def add(self, block: bytes, first_line: int) -> None:
        """A block of whole lines, the first of which has this number."""
        zero = block.find(b"\0")
        if zero >= 0:
            line = first_line + len(block[:zero].splitlines()) - (0 if _ends_line(block[:zero]) else 1)
            raise InputError(
                "is not plain text (a workbook or another kind of file under a wrong name?). " + ADVICE,
                self.file,
                max(line, 1),
            )
        if block.isascii():
            return
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if len(self.utf8_lines) < MANY:
                self.utf8_lines += _lines_with(block, first_line)
            return
        for number, line in enumerate(block.splitlines(), start=first_line):
            if not line.isascii():
                self._add_line(line, number)

    def _add_line(self, line: bytes, number: int) -> None:
        runs = [(run, _is_utf8(run.group())) for run in HIGH.finditer(line)]
        if any(is_utf8 for _, is_utf8 in runs) and len(self.utf8_lines) < MANY:
            self.utf8_lines.append(number)
        others = [run for run, is_utf8 in runs if not is_utf8]
        if not others:
            return
        if len(self.other_lines) < MANY:
            self.other_lines.append(number)
        for run in others:
            for at in range(run.start(), run.end()):
                fits_1252, fits_850 = fits(line, at, "cp1252"), fits(line, at, "cp850")
                self.not_850 += not fits_850
                if not fits_1252:
                    self.not_1252.append(number)
                elif not fits_850:
                    self.only_1252 += 1
                else:
                    self.either.append(number)

    def verdict(self) -> str:
        """'utf-8' or 'cp1252'. Raises InputError, naming the lines."""
        if not self.other_lines:
            return "utf-8"
        lines = sorted(set(self.other_lines))
        if self.must_be_utf8:
            raise InputError(
                f"begins as UTF-8, but {lines_named(lines)} cannot be read as UTF-8. {ADVICE}",
                self.file,
                lines[0],
            )
        if self.utf8_lines:
            utf8 = sorted(set(self.utf8_lines))
            few, is_not = (lines, "not UTF-8") if len(lines) <= len(utf8) else (utf8, "UTF-8")
            raise InputError(
                f"the encoding is mixed: {lines_named(few)} {'hold' if len(few) > 1 else 'holds'} letters that are "
                f"{is_not}, other lines are different. {ADVICE}",
                self.file,
                few[0],
            )
        if self.not_1252:
            lines = sorted(set(self.not_1252))
            if self.not_850:
                problem = f"the encoding is neither UTF-8 nor Windows-1252: {lines_named(lines)}. {ADVICE}"
            else:
                problem = (
                    f"the encoding is neither UTF-8 nor Windows-1252: {lines_named(lines)}. It looks like code page "
                    f"850, which sqlcmd writes unless told otherwise (-f 65001 writes UTF-8). {ADVICE}"
                )
            raise InputError(problem, self.file, lines[0])
        if not self.only_1252:
            lines = sorted(set(self.either))
            raise InputError(
                f"the encoding cannot be told: the letters of {lines_named(lines)} may be Windows-1252 or code page "
                f"850. {ADVICE}",
                self.file,
                lines[0],
            )
        return "cp1252"


def fits(line: bytes, at: int, code_page: str) -> bool:
    """Whether the byte of a line is written in this place by somebody who writes in this code page."""
    try:
        here = line[at : at + 1].decode(code_page)
    except UnicodeDecodeError:
        return False
    before, after = (_neighbour(line, place, code_page) for place in (at - 1, at + 1))
    if code_page == "cp850" and (here in NOT_EXPECTED_IN_850 or not (here.isalpha() or here in "£½¼¾°²®©")):
        return False
    if code_page == "cp850" and before.isalpha() and (here == "Æ" or (here == "ß" and after.isalpha())):
        return False  # the same bytes are the apostrophe of O’Brien and the letter of Seán
    if here.isalpha() and here not in NEVER_BESIDE_LETTERS:
        return _letter_fits(line, at, here, before, after, code_page)
    if here == "’":
        return True
    if here in "–—\xa0™®©°²¼½¾º•€":
        return here in "–—\xa0" or not after.isalpha()
    if here == "…":
        return not (before.isalpha() and after.isalpha())
    if here in OPENING:
        return not before.isalpha()
    if here in CLOSING:
        return not after.isalpha()
    return not (before.isalpha() or after.isalpha())


def _letter_fits(line: bytes, at: int, here: str, before: str, after: str, code_page: str) -> bool:
    if not (before.isalpha() or after.isalpha()):
        # A letter alone: an initial, the first of an Irish surname (Ó Briain), the French word à.
        return here == "à" or (here.isupper() and after in ("", " ", ".", ","))
    if here.islower():
        if after.isupper():
            return False
        # A capital before is a name's first letter where it stands alone, else a word in capitals.
        if before.isupper():
            return not _neighbour(line, at - 2, code_page).isupper() or after.islower()
        # Words of this country do not begin with such letters, save those from the French.
        return before.isalpha() or here in "éèêàáíóú"
    if before.islower():
        return False
    # After a capital, another capital means a word in capitals.
    return not (before.isupper() and after.islower())


def _neighbour(line: bytes, at: int, code_page: str) -> str:
    if not 0 <= at < len(line):
        return ""
    return line[at : at + 1].decode(code_page, errors="replace").replace("\ufffd", "?")


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines_with(block: bytes, first_line: int) -> list[int]:
    return [number for number, line in enumerate(block.splitlines(), start=first_line) if not line.isascii()]


def _ends_line(text: bytes) -> bool:
    return not text or text.endswith((b"\n", b"\r"))
