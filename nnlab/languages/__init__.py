"""What nnlab says, in the reader's language.

The English sentence is the key, as in gettext: `say("{where} should be {expected}.", where="z", expected=1)` looks its Chinese up and
fills in the names. A sentence without a translation stays English. `NNLAB_LANGUAGE=zh` chooses the language, or `speak("zh")`, which
stands in the first cell of a translated notebook.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
FOLDER = Path(__file__).parent
LANGUAGES = (ENGLISH, *sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_")))
VARIABLE = "NNLAB_LANGUAGE"
NUMBER = r"[-−]?\d+(?:[.,]\d+)*(?:e[-+−]?\d+)?"
PART = re.compile(rf"“[^”]*”|{NUMBER}")
SENTENCES = re.compile(r"(?<=[.?!]) ")
SPREAD = rf" (?={NUMBER} ± )"
MARKS = (("; ", "；"), (": ", "："), (", ", "，"), (SPREAD, " "))  # where sentences are taken apart
WORD = re.compile(r"[A-Za-z]{2}")
_folders = [FOLDER]


def speak(code: str) -> None:
    """Choose the language that checks, hints and pages speak from now on.

    Parameters
    ----------
    code : str
        "en" or "zh".

    Raises
    ------
    ValueError
        If there is no such language.
    """
    os.environ[VARIABLE] = _known(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for the time of a block."""
    before = language()
    speak(code)
    try:
        yield
    finally:
        speak(before)


def language() -> str:
    """Return the language that nnlab speaks, for example "zh".

    Raises
    ------
    ValueError
        If `NNLAB_LANGUAGE` names none that there is.
    """
    return _known(os.environ.get(VARIABLE) or ENGLISH)


def say(english: str, /, **names: Any) -> str:
    """Return a sentence in the reader's language, with `{name}` replaced by what has that name."""
    sentence = catalogue(language()).get(english, english)
    return sentence.format(**names) if names else sentence


def read_also(folder: Path) -> None:
    """Take sentences from another folder of catalogues, too: a course has those that no student has, in `translations`."""
    if folder not in _folders:
        _folders.append(folder)
        catalogue.cache_clear()


@cache
def catalogue(code: str) -> dict[str, str]:
    """Return all sentences that are translated into a language, by their English; those of figures only where no other file has them."""
    files = [path for folder in _folders for path in sorted((folder / code).glob("*.json"))]
    files.sort(key=lambda path: path.stem != "figures")
    return {english: said for path in files for english, said in json.loads(path.read_text("utf-8")).items() if said}


@cache
def figures(code: str) -> dict[str, str]:
    """Return what figures say in a language, by the pieces of their English: a line there is no line of a program."""
    path = FOLDER / code / "figures.json"
    said: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {english: each for english, each in said.items() if each}


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"{VARIABLE} is {code!r}, and nnlab speaks {' and '.join(LANGUAGES)}. Choose one of these.")
    return code


def drawn(text: str) -> str:
    """Return what stands in a figure or is said of one in the reader's language, whatever numbers and names are in it.

    The key is the text with `#` in the place of each number and of what stands in quotes: "layer #" for "layer 2". What is no key is taken
    apart, at the ends of sentences, semicolons, colons and commas, so that lists of any length are said.
    """
    code = language()
    return text if code == ENGLISH else "".join(_drawn(part, figures(code)) for part in SENTENCES.split(text))


def _drawn(text: str, known: Mapping[str, str]) -> str:
    bare = text.removesuffix(".")
    if not WORD.search(text):
        return text
    if (said := known.get(PART.sub(_place, bare))) is not None:
        return _filled(said, PART.findall(bare)) + ("。" if bare != text else "")
    for mark, pieces in ((mark, re.split(rf"{sign}(?![^(“]*[)”])", bare)) for sign, mark in MARKS):
        if len(pieces) > 1:
            return mark.join(_drawn(piece, known) for piece in pieces) + ("。" if bare != text else "")
    _note(PART.sub(_place, bare))
    return text


def _place(part: re.Match[str]) -> str:
    return "“#”" if part[0][0] == "“" else "#"


def _filled(said: str, parts: Sequence[str]) -> str:
    """Fill numbers and names into the places of a translation: in order, or as `#2` says."""
    values, left = [f"“{drawn(part[1:-1])}”" if part[0] == "“" else part for part in parts], iter(range(len(parts)))
    return re.sub(r"“?#(\d?)”?", lambda place: values[int(place[1]) - 1 if place[1] else next(left)], said)


def _note(template: str) -> None:
    """Note what is not translated, in the file that `NNLAB_DRAWN` names: `nnlab build` looks into it."""
    if (path := os.environ.get("NNLAB_DRAWN")) and WORD.search(template):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(template, ensure_ascii=False) + "\n")
