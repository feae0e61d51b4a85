"""A chapter as a lecture: its sections, how long each takes, and what happens in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from nbformat import NotebookNode

from nnlab.checks._asking.bank import Question
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.lecture.steps import Notes, Typed, common, notes, problems, typed
from nnlab.workbook.questions import calls, known
from nnlab.workbook.source import handed_out, read, role, script, without_rubric

LENGTHS = (45, 90)  # minutes
HEADING = re.compile(r"^(#{1,3}) (.*)")
ACCEPTED = re.compile(r"^accepted\(", re.MULTILINE)
PREDICT = re.compile(r"\*\*(Predict|Find the error)")

# What a minute holds, in seconds. A lecturer says a part of the text in other words, and types at the pace of the extension.
LETTER = 0.035
WORD = 0.25  # of the text
SAID = 0.50  # of what a step says
ASKED = 1.3  # a class asks
PAUSE = {"step": 10, "run": 20, "check": 15, "wrong": 45, "predict": 90, "recall": 30, "figure": 40, "demo": 240}


@dataclass(frozen=True)
class Cell:
    """A cell of a chapter in a lecture: as built, with the lecturer's notes, and as it is typed where it is an exercise.

    `answers` is the question whose answer comes here, in place of `predict`; `recalls` are those that the class is asked, in place of
    `recall`.
    """

    built: NotebookNode
    notes: Notes
    typed: Typed | None = None
    answers: Question | None = None
    recalls: tuple[Question, ...] = ()

    @property
    def exercise(self) -> str:
        """The exercise that it answers, or ""."""
        kind, name = role(self.built)
        return name if kind == "exercise" else ""

    @property
    def is_question(self) -> bool:
        """Whether the class is asked something here."""
        known = self.built.metadata.get("nnlab", {})
        return self.built.cell_type == "markdown" and ("question" in known or bool(PREDICT.search(self.built.source)))

    @property
    def question(self) -> str:
        """What is asked, in one line."""
        found = PREDICT.search(self.built.source)
        asked = " ".join(self.built.source[found.start() if found else 0 :].split("\n\n")[0].split())
        return re.sub(r"^[*]+[^*]+[*]+[.:]? *", "", asked)

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return ASKED * sum(self._seconds())

    def _seconds(self) -> Iterator[float]:
        source, kind = self.built.source, role(self.built)[0]
        if kind == "written" or "asks" in self.built.metadata.get("nnlab", {}):  # students write at home
            return
        if self.built.cell_type == "markdown":
            yield WORD * len(re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL).split())
            yield PAUSE["predict"] if self.is_question else 0
        elif self.answers or self.recalls:
            yield sum(PAUSE["recall"] + WORD * len(each.text.split()) for each in self.recalls)
        elif self.typed:
            frames = [self.typed.start, *(step.text for step in self.typed.steps)]
            for step, (before, after) in zip(self.typed.steps, pairwise(frames), strict=True):
                yield LETTER * (step.typed - len(common(before, after))) + SAID * len(step.say.split()) + PAUSE["step"]
                yield PAUSE["wrong"] if step.wrong else 0
        else:
            yield PAUSE["demo" if "demos." in source else "check" if kind == "check" else "figure" if "plots.show" in source else "run"]


@dataclass
class Section:
    """A part of a lecture under one heading of level 2 or 3; a short lecture leaves out what is `cut`, and each what is `home`."""

    title: str
    level: int
    cut: bool = False
    home: bool = False
    cells: list[Cell] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """How long it takes."""
        return sum(cell.seconds for cell in self.cells) / 60


def outline(chapter: ChapterFiles) -> list[Section]:
    """Return the sections of a chapter, in order; the first one is what stands before the first heading of level 2.

    What follows a section marked `<!-- cut -->` under smaller headings is cut with it. What is for students alone no lecture shows:
    a challenge, a question that they answer in words, and the cell that says whether a notebook will be accepted.
    """
    cells = script(chapter)
    there_are = known(chapter, cells)
    texts = [cell.source for cell in cells if "recall" not in cell.metadata]
    sections: list[Section] = []
    for text, built in zip(texts, map(_for_all, read(chapter).cells), strict=True):
        found = HEADING.match(built.source) if built.cell_type == "markdown" else None
        remarks = notes(text) if built.cell_type == "markdown" else Notes()
        if found or not sections:
            level = len(found[1]) if found else 1
            above = next((each for each in reversed(sections) if each.level < level), None)
            title = found[2] if found else chapter.declared.title
            home = remarks.home or bool(above and above.home)
            sections.append(Section(title, level, home or remarks.cut or bool(above and above.cut), home))
        sections[-1].home |= _is_for_students(built, chapter)
        is_exercise = role(built)[0] == "exercise"
        answers, recalls = _asked(built, there_are)
        sections[-1].cells.append(Cell(built, remarks, typed(built.source) if is_exercise else None, answers, recalls))
    return sections


def _is_for_students(cell: NotebookNode, chapter: ChapterFiles) -> bool:
    kind, name = role(cell)
    return kind == "written" or (kind == "exercise" and not chapter.declared[name].points) or bool(ACCEPTED.search(cell.source))


def _for_all(cell: NotebookNode) -> NotebookNode:
    """Return a cell with an empty place for an answer in words: the model answer and its rubric are no one's but the instructor's."""
    if role(cell)[0] == "written":
        without_rubric(cell).source = handed_out(cell)
    return cell


def _asked(cell: NotebookNode, known: Mapping[str, Question]) -> tuple[Question | None, tuple[Question, ...]]:
    """Return what a cell's `predict` and its `recall` ask, of the questions there are."""
    found = {asker: [known[name] for name in names if name is not None and name in known] for asker, names in calls(cell)}
    return next(iter(found.get("predict", ())), None), tuple(found.get("recall", ()))


def taught(sections: list[Section], minutes: int) -> list[Section]:
    """Return the sections that a lecture of so many minutes has time for: all that are not for home, or those that are not cut."""
    return [section for section in sections if not section.home and (minutes >= max(LENGTHS) or not section.cut)]


def require_steps(chapter: ChapterFiles, sections: list[Section]) -> None:
    """Raise a CourseError with all that is wrong with the steps of a chapter's exercises."""
    cells = [cell for section in sections for cell in section.cells if cell.exercise]
    if found := [problem for cell in cells for problem in problems(cell.exercise, cell.built.source)]:
        raise CourseError("\n".join(f"{chapter.name}: {problem}" for problem in found))


def require_fits(chapter: ChapterFiles, sections: list[Section], minutes: int) -> None:
    """Raise a CourseError if what is taught takes longer than that."""
    total = sum(section.minutes for section in taught(sections, minutes))
    if total > minutes:
        longest = max(taught(sections, minutes), key=lambda section: section.minutes)
        raise CourseError(
            f"{chapter.name}: the plan for {minutes} minutes takes {total:.0f}. Mark more sections with <!-- cut -->, "
            f"for example “{longest.title}” ({longest.minutes:.0f} minutes)."
        )
