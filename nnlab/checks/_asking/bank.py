"""The questions of all chapters, as `nnlab build` writes them from the chapters' sources: one file a chapter beside this package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nnlab import exercises
from nnlab.languages import language

FILES = Path(__file__).parents[1] / "questions"
RIGHT = ("Right", "对")  # what the meaning of a right option begins with, in each language


@dataclass(frozen=True)
class Question:
    """A question, what may be entered, and the answer that unfolds.

    Parameters
    ----------
    id : str
        What `predict` and `recall` call it by.
    section : str
        The heading that it stands under.
    text : str
        The question, in Markdown.
    answer : str
        What unfolds, in Markdown.
    options : tuple of pairs
        To choose from: each with its meaning, which those read who chose it. A right one's begins with "Right".
    number : pair of float or None
        The right number, and how far off one may be.
    words : tuple of str
        What may be said, in any of these ways.
    """

    id: str
    section: str
    text: str
    answer: str
    options: tuple[tuple[str, str], ...] = ()
    number: tuple[float, float] | None = None
    words: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What is to be entered: "choice", "number", "words", or "open" where only the student can judge it."""
        return "choice" if self.options else "number" if self.number else "words" if self.words else "open"

    @property
    def has_formula(self) -> bool:
        """Whether an option holds a formula or code, which only Markdown shows."""
        return any(sign in option for option, _ in self.options for sign in "$`")

    @property
    def letters(self) -> dict[str, tuple[str, str]]:
        """The options by their letters."""
        return dict(zip("ABCDEFGH", self.options, strict=False))


def dump(questions: Mapping[str, Question]) -> str:
    """Return the text of a chapter's file."""
    full = {name: asdict(question) for name, question in questions.items()}
    kept = {name: {key: value for key, value in each.items() if value and key != "id"} for name, each in full.items()}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def load(text: str) -> dict[str, Question]:
    """Return the questions of a file's text by their ids."""
    return {name: _question(name, **each) for name, each in json.loads(text).items()}


def _question(name: str, options: Any = (), number: Any = None, words: Any = (), **texts: str) -> Question:
    pairs = tuple((option, meaning) for option, meaning in options)
    empty = {"section": "", "text": "", "answer": ""}
    return Question(name, options=pairs, number=tuple(number) if number else None, words=tuple(words), **{**empty, **texts})


def by_chapter() -> dict[str, dict[str, Question]]:
    """Return the questions of each chapter that has some, by the chapter's name, in the reader's language as far as it is translated."""
    return _in_language(language(), exercises.folder())


@cache
def _in_language(code: str, own: Path) -> dict[str, dict[str, Question]]:
    folders = (FILES, own / "questions", FILES / code, own / "questions" / code)
    return {path.stem: load(path.read_text("utf-8")) for folder in folders for path in sorted(folder.glob("*.json"))}


def questions() -> dict[str, Question]:
    """Return all questions of the course by their ids."""
    return {name: question for each in by_chapter().values() for name, question in each.items()}
