"""What nnlab says, in the reader's language.

The English sentence is the key, as in gettext: `say("{where} should be {expected}.", where="z", expected=1)` looks its Chinese up and
fills in the names. A sentence without a translation stays English. `NNLAB_LANGUAGE=zh` chooses the language, or `speak("zh")`, which
stands in the first cell of a translated notebook.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
FOLDER = Path(__file__).parent
LANGUAGES = (ENGLISH, *sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_")))
VARIABLE = "NNLAB_LANGUAGE"
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")
SENTENCES = re.compile(r"(?<=[.?!]) (?=[A-Z])")
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
    """Return all sentences that are translated into a language, by their English."""
    files = [path for folder in _folders for path in sorted((folder / code).glob("*.json"))]
    return {english: said for path in files for english, said in json.loads(path.read_text("utf-8")).items() if said}


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"{VARIABLE} is {code!r}, and nnlab speaks {' and '.join(LANGUAGES)}. Choose one of these.")
    return code


def drawn(text: str) -> str:
    """Return what stands in a figure or is said of one in the reader's language, whatever numbers are in it.

    The key is the text with `#` in the place of each number: "layer #" stands for "layer 2". Several sentences are looked up one by one.
    """
    code = language()
    if code == ENGLISH or not WORD.search(text):
        return text
    return " ".join(_drawn(part, catalogue(code)) for part in SENTENCES.split(text))


def _drawn(text: str, known: Mapping[str, str]) -> str:
    template, numbers = NUMBER.sub("#", text), NUMBER.findall(text)
    said = known.get(template)
    if said is None:
        _note(template)
        return text
    parts = iter(numbers)
    return re.sub(r"#(\d?)", lambda place: numbers[int(place[1]) - 1] if place[1] else next(parts, ""), said)


def _note(template: str) -> None:
    """Note what is not translated, in the file that `NNLAB_DRAWN` names: `nnlab build` looks into it."""
    if (path := os.environ.get("NNLAB_DRAWN")) and WORD.search(template):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(template, ensure_ascii=False) + "\n")
