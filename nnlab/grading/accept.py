"""Whether a notebook will be accepted: which answers are found in it, what would be mended, and what would be graded.

It is put together as for grading, and nothing of it is run: no code of the student's, and no hidden test. The wheel and the
students' bundle have this module, and the notebooks as they were released.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nnlab._files import RELEASED, released_chapters
from nnlab.checks import chapters
from nnlab.checks._display import Card, message_card
from nnlab.checks._exercise import Chapter
from nnlab.checks._notebook import place
from nnlab.checks._notebook.history import trace
from nnlab.grading.intake.receipt import receipt
from nnlab.grading.marking.cells import parsed
from nnlab.grading.marking.rebuild import rebuild
from nnlab.languages import ENGLISH, LANGUAGES, say
from nnlab.workbook.course import Course
from nnlab.workbook.source import role, strip

PACKAGE = Path(__file__).parents[1]
LARGEST = 50_000_000  # bytes of a notebook


@dataclass(frozen=True)
class Acceptance:
    """What would be graded of a notebook: the state of each answer ("" where it is fine), what would be mended, and the points at stake.

    `words` has the points of each answer in words, and whether one was written: a person marks those.
    `receipt` is the digest of the notebook that the page with its mark will show, too.
    """

    chapter: Chapter
    answers: Mapping[str, str]
    repairs: tuple[str, ...]
    checkpoints: int
    receipt: str
    words: Mapping[str, tuple[float, bool]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every answer in code is there and can be read; words are said below them, and marked by a person."""
        return not any(self.answers.values())

    @property
    def verdict(self) -> str:
        """That it will be accepted, and how many answers are found."""
        return say(
            "{title}: this notebook will be accepted. {found} of {count} answers are found in it.",
            title=say(self.chapter.title),
            found=sum(not state for state in self.answers.values()),
            count=len(self.answers),
        )

    @property
    def rows(self) -> list[str]:
        """What becomes of each answer, a line each."""
        code = [f"{'○' if state else '✓'} {name}: {state or say('found')}" for name, state in self.answers.items()]
        return code + [f"{'✓' if there else '○'} {name}: {_read_by_people(points, there)}" for name, (points, there) in self.words.items()]

    @property
    def stakes(self) -> list[str]:
        """What is graded, what that says, and the receipt."""
        return [
            say(
                "Graded are answers worth {points:g} of {total:g} points, and {checkpoints} checkpoints worth {cells:g}.",
                points=sum(exercise.points for exercise in self.chapter.exercises if not self.answers[exercise.name]),
                total=sum(exercise.points for exercise in self.chapter.exercises),
                checkpoints=self.checkpoints,
                cells=self.checkpoints * self.chapter.checkpoint_points,
            ),
            say("Whether they are right is what your checks and the hidden tests say."),
            say("Receipt of this notebook: {receipt}. The page with your mark says which one was graded.", receipt=self.receipt),
        ]

    @property
    def text(self) -> str:
        """All of it in words."""
        mended = [say("Mended when it is graded:"), *(f"  {each}" for each in self.repairs)] if self.repairs else []
        return "\n".join([self.verdict, *(f"  {row}" for row in self.rows), *mended, *self.stakes])


def look(path: Path) -> Acceptance:
    """Look at a notebook as the grader will.

    Parameters
    ----------
    path : Path
        The file that is to be handed in.

    Raises
    ------
    ValueError
        If it cannot be graded, with what to do about it.
    OSError
        If there is no such file, or it cannot be read.
    """
    submitted = read(path)
    chapter = _chapter(path, submitted)
    if not chapter.exercises:
        raise ValueError(
            say("{path} is of “{title}”, which has no exercises: there is nothing to hand in.", path=path, title=say(chapter.title))
        )
    ours = _ours(chapter.name)
    rebuilt = rebuild(submitted, ours, _translations(chapter.name))
    stubs = {name: cell.source for cell in ours.cells for kind, name in [role(cell)] if kind == "exercise"}
    answers = {name: _state(name, rebuilt.answers[name], stubs[name]) for name in chapter.names}
    repairs = (*rebuilt.repairs, *_left_behind(rebuilt.notebook.cells, ours.cells))
    asked = {name: float(cell.metadata.nbgrader.points) for cell in ours.cells for kind, name in [role(cell)] if kind == "written"}
    words = {name: (points, bool(rebuilt.words[name])) for name, points in asked.items()}
    checkpoints = sum(role(cell)[0] == "checkpoint" for cell in ours.cells)
    return Acceptance(chapter, answers, repairs, checkpoints, receipt(submitted.cells), words)


def _read_by_people(points: float, there: bool) -> str:
    if not there:
        return say("an answer in words, not written yet ({points:g} points)", points=points)
    return say("found; a person reads it ({points:g} points)", points=points)


def accepted() -> None:
    """Show whether this notebook, as it was last saved, will be accepted: answers found, cells mended, and what is graded."""
    path = place.notebook()
    if path is None or not path.exists():
        message_card(place.unknown()).show()
        return
    saved = time.strftime("%H:%M:%S", time.localtime(path.stat().st_mtime))
    try:
        found = look(path)
    except (ValueError, OSError) as error:
        message_card(
            say("{name} as saved at {saved} would not be accepted: {error}", name=path.name, saved=saved, error=error), "wrong"
        ).show()
    else:
        _card(found, say("As saved at {saved}. ", saved=saved)).show()


def _card(found: Acceptance, when: str) -> Card:
    mended = [say("Mended when it is graded:"), *found.repairs] if found.repairs else []
    said = " ".join([when + found.verdict, *mended, *found.stakes])
    plain = message_card(said, "passed" if found.whole else "hint", [("", "\n".join(found.rows))])
    return Card(when + found.text, plain.html)


def read(path: Path) -> NotebookNode:
    """Read a notebook that is to be handed in.

    Raises
    ------
    ValueError
        If it is none, or larger than notebooks are, with what to do about it.
    OSError
        If there is no such file, or it cannot be read.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(
            say("{path} has {size:.0f} MB. Clear the outputs of its cells and save it again.", path=path, size=path.stat().st_size / 1e6)
        )
    try:
        found = nbformat.read(path, as_version=4)
        if isinstance(found.cells, list):
            return found
    except OSError:
        raise
    except Exception as error:  # whatever nbformat makes of a file that is no notebook
        raise ValueError(
            say("{path} is no notebook: {error}. Open it in JupyterLab, and save it from there.", path=path, error=type(error).__name__)
        ) from error
    raise ValueError(say("{path} is no notebook: it has no cells. Open it in JupyterLab, and save it from there.", path=path))


def _chapter(path: Path, submitted: NotebookNode) -> Chapter:
    """Return the chapter that a notebook says it is of, else the one whose exercises its cells define or its name tells."""
    known = submitted.metadata.get("nnlab")
    said = str(known.get("chapter", "")) if isinstance(known, dict) else ""
    text = "\n".join(str(cell.get("source", "")) for cell in submitted.cells)
    votes = {name: sum(f"def {each}(" in text for each in chapter.names) for name, chapter in chapters().items()}
    most = max(votes, key=lambda name: votes[name])
    name = next((each for each in chapters() if each in (said, path.stem)), most if votes[most] else "")
    if not name:
        raise ValueError(say("{path} is of no chapter: none of its cells defines an exercise. Is it the right file?", path=path))
    return chapters()[name]


def _ours(name: str) -> NotebookNode:
    """Return the students' notebook of a chapter as it was released."""
    path = RELEASED / f"{name}.ipynb"
    if path.exists():
        return nbformat.read(path, as_version=4)
    solution = Course(PACKAGE.parent).chapter(name).solution
    return strip(nbformat.read(solution, as_version=4))


def _translations(name: str) -> list[NotebookNode]:
    """Return what students got of a chapter in other languages."""
    paths = (released_chapters() / language / f"{name}.ipynb" for language in LANGUAGES if language != ENGLISH)
    return [nbformat.read(path, as_version=4) for path in paths if path.exists()]


def _from_mine(source: str) -> set[str]:
    """Return what a piece of code imports from the student's own file."""
    tree = parsed(source)
    found = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "mine") if tree else ()
    return {alias.name for node in found for alias in node.names}


def _left_behind(cells: Sequence[NotebookNode], ours: Sequence[NotebookNode]) -> Iterator[str]:
    """Say what a notebook takes from the student's own file that is not there while it is graded."""
    there = {name for cell in ours if cell.cell_type == "code" for name in _from_mine(cell.source)}
    taken = {name for cell in cells if cell.cell_type == "code" for name in _from_mine(cell.source)}
    for name in sorted(taken - there):
        yield say(
            "`{name}` is imported from mine, and while this chapter is graded it is not there. Copy its definition into the notebook.",
            name=name,
        )


def _state(name: str, answer: str, stub: str) -> str:
    """Say what is wrong with an answer as it stands, or "" where nothing can be seen from outside."""
    if trace(answer) == trace(stub):
        return say("not written yet")
    try:
        compile(answer, "answer", "exec")
        if name in _from_mine(answer):
            return say("imported from mine.py, and only the notebook is handed in: write its definition into its cell")
    except (SyntaxError, ValueError) as error:
        line = say(" in line {line}", line=error.lineno) if isinstance(error, SyntaxError) and error.lineno else ""
        return say("found, but Python cannot read it{line}", line=line)
    return ""
