"""Texts of students, cleaned at the border: nothing later needs to look at them again."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 1_000  # characters of a name, a path, an id

_KEPT = "\n\t"  # of the controls
_CONTROLS = "".join(map(chr, (*range(0x20), 0x7F, *range(0x80, 0xA0)))).translate({ord(each): None for each in _KEPT})
_BLANKS = {ord("\v"): " ", ord("\f"): " ", 0xFEFF: None}  # Python takes them for white space, or they mean nothing
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of writing, so that a name shows as another
_BAD = re.compile(f"[{re.escape(_CONTROLS)}{_TURNING}\ufffe\uffff\ud800-\udfff]")
_ENDS = re.compile(r"\r\n?")


def clean(text: str, longest: int | None = None) -> str:
    """Return a text that can be stored, shown and written to any file.

    Half characters, control characters, and marks that turn the direction of writing become �; line ends become newlines.

    Parameters
    ----------
    text : str
        What a student wrote, or an archive says of itself.
    longest : int, optional
        Characters to cut at.
    """
    return _BAD.sub("�", _ENDS.sub("\n", text).translate(_BLANKS))[:longest]


def name(text: str) -> str:
    """Return a cleaned name, path or id: one line, not longer than names are, its letters in one piece (a Mac takes them apart)."""
    return " ".join(whole(clean(text, LONGEST_NAME)).split())


def whole(text: str) -> str:
    """Return a text with its letters in one piece: `e` and two dots behind it are `ë`."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return a name without case, spaces and signs, as Canvas does, however its letters are put together."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
