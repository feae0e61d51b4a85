"""Grade one submission: run the rebuilt notebook, ask the checkpoints' questions, call the hidden tests. Student code runs elsewhere."""

from __future__ import annotations

import builtins
import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnlab.checks._exercise import Chapter, Exercise
from nnlab.grading.marking.cells import defined
from nnlab.grading.marking.checkpoints import Checkpoint, Stage, stage
from nnlab.grading.marking.hidden import Examination, HiddenTest, Outcome, load_tests
from nnlab.grading.marking.misconceptions import carried
from nnlab.grading.marking.notebook import CellResult, run_cells, shows
from nnlab.grading.marking.rebuild import Rebuilt
from nnlab.grading.marking.session import Session
from nnlab.grading.marking.testing import REASONS
from nnlab.grading.results import NOTEBOOK, Item
from nnlab.grading.sandbox.inside.last import CHANGED
from nnlab.grading.sandbox.kernel import BadReply, CallTimeout, KernelDied, StudentError
from nnlab.languages import say
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import role

ANSI = re.compile(r"\x1b\[[0-9;]*m")
PRINTED = "What the cell printed is right, but what your functions return there is not."


def examine(
    chapter: ChapterFiles, rebuilt: Rebuilt, seeds: tuple[str, ...], session: Session, only: frozenset[str] | None = None
) -> tuple[Item, ...]:
    """Return the graded items of a submission: its checkpoint cells, then the hidden tests.

    Parameters
    ----------
    chapter : ChapterFiles
        The chapter; its hidden tests are read from the course.
    rebuilt : Rebuilt
        The notebook to run.
    seeds : tuple of str
        What seeds the inputs of the hidden tests, together with the test's name: the student, and the submission.
    session : Session
        The process that runs the student's code.
    only : frozenset of str
        The exercises to test, and "notebook" for the checkpoints; by default all.

    Raises
    ------
    HiddenTestError
        If a hidden test fails for a reason that is not the student's.
    """
    cells = list(run_cells(session, rebuilt.notebook))
    of_notebook = [each for each in cells if role(each.cell)[0] == "checkpoint"] if only is None or NOTEBOOK in only else []
    checkpoints = [_checkpoint(each, chapter, session, seeds) for each in of_notebook]
    examination = Examination(session, chapter.declared, seeds)
    tests = [test for test in load_tests(chapter.hidden_tests) if only is None or test.exercise in only]
    outcomes = [(test, examination.outcome(test)) for test in tests]  # all is asked before anything is told
    failed = {role(each.cell)[1]: _cell_reason(each.outputs)[1] for each in cells if _failed_answer(each)}
    told = Reasons(rebuilt, failed, _lines(chapter.declared, outcomes, session))
    return (*checkpoints, *(told.item(*each) for each in outcomes))


def paid(items: Sequence[Item], checkpoints: Mapping[str, Checkpoint]) -> tuple[Item, ...]:
    """Take the points of checkpoints away whose exercises passed no hidden test, or not all where they could not be asked there.

    Parameters
    ----------
    items : sequence of Item
        All of a submission.
    checkpoints : mapping
        Each says which exercises it uses: `with checkpoint(sigmoid, forward):`.
    """
    right = [item for item in items if item.outcome == "passed" or item.reason == REASONS["changed"]]  # then the values were right
    earned = {item.exercise for item in right}
    short = {item.exercise for item in items if item not in right}
    return tuple(item if item.exercise != NOTEBOOK else _deserved(item, checkpoints[item.name], earned, short) for item in items)


def _deserved(item: Item, checkpoint: Checkpoint, earned: set[str], short: set[str]) -> Item:
    missing = [name for name in checkpoint.used if name not in earned]
    lacking = sorted(checkpoint.needs & short)
    if not (item.outcome == "passed" or item.reason == PRINTED) or not (missing or lacking):
        return item
    what = say("no hidden test") if missing else say("not every hidden test")
    names = ", ".join(f"`{name}`" for name in missing or lacking)
    return replace(
        item, earned=0, outcome="wrong", reason=say("What it printed is right, but {what} of {names} passed.", what=what, names=names)
    )


def _lines(chapter: Chapter, outcomes: Iterable[tuple[HiddenTest, Outcome]], session: Session) -> dict[str, int]:
    """Return the line at which an answer that raised in a hidden test raises in a visible case, by exercise, where it does."""
    raised = {test.exercise for test, found in outcomes if isinstance(found.error, StudentError) and found.error.line}
    with contextlib.suppress(CallTimeout, KernelDied):
        return {name: line for name in sorted(raised) if (line := _visible_line(chapter[name], session))}
    return {}


def _visible_line(exercise: Exercise, session: Session) -> int | None:
    cases = [case.args for case in map(carried, exercise.cases) if case]
    answers = session.call_many(exercise.name, cases, exercise.call, exercise.cpu) if cases else []
    return next((answer.line for answer in answers if isinstance(answer, StudentError) and answer.line), None)


def _failed_answer(result: CellResult) -> bool:
    return not result.fine and role(result.cell)[0] == "exercise"


def _checkpoint(result: CellResult, chapter: ChapterFiles, session: Session, seeds: tuple[str, ...]) -> Item:
    """Judge a checkpoint: by what the student's functions answer here. What its cell printed there gives the reason where they fail."""
    name, points = role(result.cell)[1], chapter.declared.checkpoint_points
    outcome, reason = ("wrong", PRINTED) if result.fine else _cell_reason(result.outputs)
    if outcome in ("wrong", "raised", "not attempted") and _answered(result, stage(chapter), session, seeds):
        outcome, reason = "passed", ""
    sentence = say("The checkpoint “{name}” runs, and its results agree with the lecture's numbers.", name=name.replace("_", " "))
    return Item(NOTEBOOK, name, sentence, points, points if outcome == "passed" else 0, outcome, reason)


def _answered(result: CellResult, chapter: Stage, session: Session, seeds: tuple[str, ...]) -> bool:
    """Tell whether the student's functions answer a checkpoint as they should. What cannot be asked must have been printed at least."""
    name = role(result.cell)[1]
    printed = shows(result.cell, result.outputs)
    return (printed or not chapter.checkpoints[name].needs) and chapter.verdict(name, session, *seeds, printed=printed) is None


@dataclass(frozen=True)
class Reasons:
    """What a student is told of a hidden test: never its inputs, which an exception of the student's process may repeat.

    `failed` are the answers' cells that failed, by exercise, each with its own message: no hidden input has been near those.
    `lines` are the numbers of lines at which answers raise in a visible case. Another line might be chosen by a hidden input.
    """

    rebuilt: Rebuilt
    failed: Mapping[str, str]
    lines: Mapping[str, int]

    def item(self, test: HiddenTest, found: Outcome) -> Item:
        """Return what the page says of a test."""
        outcome, reason = self.reason(test.exercise, found.error)
        if found.reached and outcome in ("passed", "wrong"):
            reason = say("Reached: {figure}.", figure=found.reached)
        name, earned = test.name.removeprefix("test_"), 0 if found.error else test.points
        return Item(test.exercise, name, test.sentence, test.points, earned, outcome, reason)

    def reason(self, exercise: str, error: Exception | None) -> tuple[str, str]:
        """Say why a test failed, by the exception's type and, where a visible case raises there too, its line."""
        match error:
            case StudentError(type="NotImplementedError"):
                return "not attempted", ""
            case StudentError() if error.type == CHANGED:
                return "wrong", say("A later call changed what an earlier call had returned.")
            case StudentError() if exercise in self.failed:
                return "raised", self.failed[exercise]
            case StudentError(type="NameError") if exercise not in defined(self.rebuilt.answers.get(exercise, "")):
                return "raised", say("Its cell defines no `{name}`. Is it called otherwise there?", name=exercise)
            case StudentError():
                return "raised", say("It raised {error}{line}.", error=_known(error.type), line=self._line(exercise, error.line))
            case CallTimeout():
                return "timeout", say("It gave no answer in time. Does a loop never end?")
            case KernelDied():
                return "died", say("It ended the Python process, or used more memory or output than allowed.")
            case BadReply():
                return "wrong", say("What it returned is no data that can be compared.")
        return ("wrong", str(error)) if error else ("passed", "")

    def _line(self, exercise: str, number: int | None) -> str:
        """Quote a line of the answer: the number comes from the student's process, the text from our copy."""
        lines = self.rebuilt.answers.get(exercise, "").lstrip().splitlines()  # IPython counts from the first line that is not blank
        seen = number is not None and 0 < number <= len(lines) and self.lines.get(exercise) == number
        return say(" in line {number}: {text}", number=number, text=lines[number - 1].strip()[:120]) if number and seen else ""


def _known(name: str) -> str:
    """Name an exception if Python knows it; a made-up name may carry anything."""
    known = getattr(builtins, name, None)
    named = isinstance(known, type) and issubclass(known, BaseException)
    return name if named or name == "LinAlgError" else say("an exception")


def _cell_reason(outputs: Sequence[Any]) -> tuple[str, str]:
    """Say why a cell failed. No hidden input has been near it yet, so its own message may be told."""
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if not errors:
        text = "".join(str(output.get("text", "")) for output in outputs)
        untouched = text.startswith("Not attempted yet.")
        return ("not attempted", "") if untouched else ("wrong", say("It printed something else."))
    name, message = (_text(errors[0].get(key)) for key in ("ename", "evalue"))
    if name == "KernelDied":
        return "died", say("The cell ended the Python process.")
    if name == "KeyboardInterrupt":
        return "timeout", say("The cell did not end in time. Does a loop never end?")
    return "raised", say("The cell raised {error}: {message}", error=name[:80], message=message[:300])


def _text(value: Any) -> str:
    """Return what the student's process says as text that can be stored: no half characters, no zeros, no colours of a terminal."""
    return ANSI.sub("", str(value)).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
