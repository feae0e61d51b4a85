"""Checkpoints, run on our side: our cell, with its functions answered by the student's process. What the student prints decides nothing.

Once a process, the chapter's given cells run here with our own answers, and each checkpoint is kept as it was before its cell ran.
For a submission its cell runs again, and each call of an exercise is asked of the student; nbval compares what it prints. A checkpoint
with more than `LIVE` calls is not run again: the student is asked a sample of the calls that it makes with our answers.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import io
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from inspect import signature
from typing import Any

import numpy as np
from nbformat import NotebookNode

from nnlab.checks._exercise import Chapter, Exercise
from nnlab.checks._judging.calls import quiet
from nnlab.checks._judging.compare import difference
from nnlab.grading.marking.cells import parsed
from nnlab.grading.marking.mirror import UNFIT, Mirror, Mirrors, Process
from nnlab.grading.marking.notebook import prints_the_same
from nnlab.grading.marking.testing import Unsendable, Wrong, seeded, sendable
from nnlab.grading.sandbox.excerpt import by_name
from nnlab.grading.sandbox.inside import plots as no_plots
from nnlab.grading.sandbox.kit import homes
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import USES, is_demo, role

LIVE = 200  # calls of a checkpoint that is run again for each submission; wrong answers may make it twice as many
KEPT = 300  # calls of each function that are kept of a longer one
ASKED = 30  # of these are asked, others of each student
SMALL = 1000  # bytes of arrays in a call, at the mean, with which a long checkpoint may be run call by call

Player = Callable[[Exercise, tuple[Any, ...]], Any]


@dataclass
class Calls:
    """The calls of one function in a checkpoint: how many, and a fair sample of them, as they are sent and with our values."""

    count: int = 0
    kept: list[tuple[list[Any], Any]] = field(default_factory=list)

    def place(self, rng: np.random.Generator) -> int:
        """Count a call, and return its place among those that are kept, or one behind them (reservoir sampling)."""
        self.count += 1
        return len(self.kept) if len(self.kept) < KEPT else int(rng.integers(self.count))


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint's cell, what was defined before it ran, how NumPy printed then, and the calls that it makes.

    `trusting` are exercises with a function of ours among their arguments, which cannot be sent: there our answer stands in for the
    student's, and the points need all their hidden tests. `sound` says whether the cell prints
    the same when it is run again, alone.
    """

    cell: NotebookNode
    before: Mapping[str, Any]
    printing: Mapping[str, Any]
    calls: Mapping[str, Calls]
    trusting: frozenset[str]
    sound: bool

    @property
    def count(self) -> int:
        """How many calls it makes."""
        return sum(calls.count for calls in self.calls.values())

    @property
    def long(self) -> bool:
        """Whether it calls too often to be run for each submission."""
        return self.count > LIVE

    @property
    def small(self) -> bool:
        """Whether its calls hold so little that all of them can be asked after all, where the sample leaves a doubt."""
        return all(_size(kept) < SMALL * len(calls.kept) for calls in self.calls.values() for kept in [calls.kept])

    @property
    def used(self) -> tuple[str, ...]:
        """The exercises it names: `with checkpoint(sigmoid, forward):`."""
        return tuple(name.strip() for names in USES.findall(self.cell.source) for name in names.split(","))

    @property
    def needs(self) -> frozenset[str]:
        """The exercises whose hidden tests must all pass for its points."""
        return self.trusting if self.sound else frozenset(self.used)


class Function:
    """An exercise's function in our cells: whoever plays answers it."""

    def __init__(self, stage: Stage, exercise: Exercise) -> None:
        self._stage, self.exercise, self.__name__ = stage, exercise, exercise.name

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Answer a call; arguments are sent by their places."""
        if options:
            args = tuple(signature(self.exercise.reference).bind(*args, **options).arguments.values())
        return self._stage.answer(self.exercise, args)

    def __deepcopy__(self, memo: object) -> Function:
        return self


class Stage:
    """A chapter's given cells on our side, and its checkpoints.

    Parameters
    ----------
    solution : NotebookNode
        The executed solution notebook.
    declared : Chapter
        Its exercises; their references answer while the stage is built.
    """

    def __init__(self, solution: NotebookNode, declared: Chapter) -> None:
        self._names: dict[str, Any] = {"__name__": "__main__", "__builtins__": {**vars(builtins), "__import__": _import}}
        self._player: Player = self.reference
        self._inside = False
        self.exercises = {each.name: each for each in declared.exercises}
        self._functions = {name: Function(self, each) for name, each in self.exercises.items()}
        self.checkpoints: dict[str, Checkpoint] = {}
        self._beside = _beside(solution)
        with np.printoptions(), np.errstate(), quiet():
            for cell in solution.cells:
                self._build(cell, *role(cell))

    def _build(self, cell: NotebookNode, kind: str, name: str) -> None:
        """Run one of our cells; a checkpoint twice, to see whether it can be run again."""
        if cell.cell_type != "code" or kind == "check" or is_demo(cell):
            return
        if kind == "checkpoint":
            self.checkpoints[name] = self._checkpoint(cell)
            return
        with contextlib.suppress(Exception):  # what needs it will not be sound
            self._run(cell, self.reference)
        self._names |= {name: function for name, function in self._functions.items() if name in self._names}

    def _checkpoint(self, cell: NotebookNode) -> Checkpoint:
        before, printing, recorder = _copied(self._names), np.get_printoptions(), Recorder(self)
        sound = self._agrees(cell, recorder) is None
        made = Checkpoint(cell, before, printing, recorder.calls, frozenset(recorder.trusting), sound)
        if not sound or made.long:
            return made
        after = dict(self._names)
        made = replace(made, sound=self._again(made, self.reference) is None)
        self._set(after)
        return made

    def verdict(self, name: str, process: Process, *seeds: str, printed: bool = True) -> Exception | None:
        """Return what is wrong with a checkpoint when a student's functions answer, or None.

        Parameters
        ----------
        name : str
            The checkpoint.
        process : Process
            The student's functions.
        *seeds : str
            Say which calls of a long checkpoint are asked.
        printed : bool
            Whether the cell printed the lecture's numbers in the student's process. Where a sample of a long checkpoint's calls is not
            right, but that is, all are asked: a gradient of another length may lead to the same place.
        """
        checkpoint = self.checkpoints[name]
        if not checkpoint.sound:
            return None  # then `needs` decides
        found = self._sampled(checkpoint, process, *seeds, name) if checkpoint.long else None
        if checkpoint.long and not (printed and type(found) is Wrong and checkpoint.small):
            return found
        with np.errstate(), quiet():
            return self._again(checkpoint, Asker(self, checkpoint, process))

    def _again(self, checkpoint: Checkpoint, player: Player) -> Exception | None:
        """Run a checkpoint's cell as it was first run; where a student is asked, with mirrors of the student's classes."""
        self._set(_copied(checkpoint.before))
        if isinstance(player, Asker):
            self._names |= player.mirrored({name: self._names[name] for name in self._beside & self._names.keys()})
        with np.printoptions(**checkpoint.printing):
            return self._agrees(checkpoint.cell, player)

    def _agrees(self, cell: NotebookNode, player: Player) -> Exception | None:
        """Run a cell; return what stopped it, or that it printed something else."""
        try:
            printed = self._run(cell, player)
        except Exception as error:  # also what our cell makes of wrong values
            return error
        return None if prints_the_same(cell, printed) else Wrong("value")

    def _sampled(self, checkpoint: Checkpoint, process: Process, *seeds: str) -> Exception | None:
        """Ask a sample of a checkpoint's calls, then compare."""
        pairs: list[tuple[Exercise, Any, Any]] = []
        for name, calls in checkpoint.calls.items():
            exercise = self.exercises[name]
            chosen = sorted(seeded(*seeds, name).permutation(len(calls.kept))[:ASKED])
            asked = [calls.kept[each] for each in chosen] if name not in checkpoint.trusting else []
            answers = process.call_many(name, [args for args, _ in asked], exercise.call, exercise.cpu) if asked else []
            pairs += [(exercise, answer, expected) for answer, (_, expected) in zip(answers, asked, strict=True)]
        wrong = (_wrong(*pair) for pair in pairs)
        return next(filter(None, wrong), None)

    def answer(self, exercise: Exercise, args: tuple[Any, ...]) -> Any:
        """Answer a call of our cells. What one of our own answers calls is ours."""
        return exercise.reference(*args) if self._inside else self._player(exercise, args)

    def reference(self, exercise: Exercise, args: tuple[Any, ...]) -> Any:
        """Answer as we do."""
        self._inside = True
        try:
            return exercise.reference(*args)
        finally:
            self._inside = False

    def sent(self, args: Sequence[Any]) -> list[Any]:
        """Return arguments as they are sent: functions of the notebook by their names there.

        Raises
        ------
        Unsendable
            If a function without a name is among them.
        """
        return [sendable(arg, self._named) for arg in args]

    def _named(self, function: Any) -> str:
        return next((name for name, each in (*self._functions.items(), *self._names.items()) if each is function), "")

    def _run(self, cell: NotebookNode, player: Player) -> str:
        """Run a cell and return what it prints."""
        self._player, printed = player, io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(cell.source, f"<{cell.id}>", "exec"), self._names)
        return printed.getvalue()

    def _set(self, names: Mapping[str, Any]) -> None:
        """Define these names and no others; our cells' functions look them up in this very dictionary."""
        self._names.clear()
        self._names.update(names)


class Recorder:
    """Answers as we do, and keeps the calls."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._rng = seeded("kept calls")
        self.calls: defaultdict[str, Calls] = defaultdict(Calls)
        self.trusting: set[str] = set()

    def __call__(self, exercise: Exercise, args: tuple[Any, ...]) -> Any:
        """Answer a call."""
        calls = self.calls[exercise.name]
        place, sent = calls.place(self._rng), None
        if place < KEPT and exercise.name not in self.trusting:
            try:
                sent = copy.deepcopy(self._stage.sent(args))
            except Unsendable:
                self.trusting.add(exercise.name)
        value = self._stage.reference(exercise, args)
        if sent is not None:
            calls.kept[place : place + 1] = [(sent, copy.deepcopy(value))]
        return value


class Asker:
    """Asks the student, one call after the other, as our cell makes them."""

    def __init__(self, stage: Stage, checkpoint: Checkpoint, process: Process) -> None:
        self._stage, self._checkpoint, self._process = stage, checkpoint, process
        self._left = 2 * max(LIVE, checkpoint.count)

    def mirrored(self, classes: Mapping[str, Any]) -> dict[str, Any]:
        """Return mirrors of the student's classes, by name."""
        mirrors = Mirrors(self._process) if classes else None
        return {name: Mirror(mirrors, ours, name) for name, ours in classes.items() if mirrors and callable(ours)}

    def __call__(self, exercise: Exercise, args: tuple[Any, ...]) -> Any:
        """Answer a call.

        Raises
        ------
        StudentError, CallTimeout, KernelDied, BadReply, Wrong
            Whatever the student's call ends in; and if what it returned is nothing that our cell could compute with.
        """
        if exercise.name in self._checkpoint.trusting:
            return self._stage.reference(exercise, args)
        self._left -= 1
        if self._left < 0:
            raise Wrong("value")
        (answer,) = self._process.call_many(exercise.name, [self._stage.sent(args)], exercise.call, exercise.cpu)
        if isinstance(answer, Exception):
            raise answer
        found = difference(answer, self._stage.reference(exercise, args), judge=exercise.judge)  # this draws from generators, too
        if found and found.kind in UNFIT:
            raise Wrong(found.kind)
        return answer


def _beside(solution: NotebookNode) -> frozenset[str]:
    """Return the names that exercises' cells define beside the function: classes that students write."""
    cells = [(*role(cell), parsed(cell.source)) for cell in solution.cells if cell.cell_type == "code"]
    return frozenset(each for kind, name, tree in cells if kind == "exercise" and tree for each in by_name(tree) if each != name)


@cache
def stage(chapter: ChapterFiles) -> Stage:
    """Return a chapter's stage, built once a process."""
    return Stage(load(chapter.solution), chapter.declared)


def _wrong(exercise: Exercise, answer: Any, expected: Any) -> Exception | None:
    if isinstance(answer, Exception):
        return answer
    found = difference(answer, expected, judge=exercise.judge)
    return Wrong(found.kind) if found else None


def _size(value: Any) -> int:
    """Return the bytes of all arrays in a value."""
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else value.nbytes if isinstance(value, np.ndarray) else 0


def _copied(names: Mapping[str, Any]) -> dict[str, Any]:
    """Copy what can be copied, so that no run of a cell changes what another finds."""
    memo: dict[int, Any] = {}
    return {name: value if name == "__builtins__" else _copy(value, memo) for name, value in names.items()}


def _copy(value: Any, memo: dict[int, Any]) -> Any:
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # a module
        return value


def _import(name: str, *args: Any) -> Any:
    """Import as a notebook does while grading: nothing is checked, drawn or demonstrated, and what a checkpoint raises is seen."""
    return _STAND_INS[name] if name in _STAND_INS else builtins.__import__(name, *args)


class _Course:
    """What `nnlab` is to our cells: its real modules but for those that show something."""

    check = hint = progress = predict = recall = own_code = staticmethod(lambda *args: None)
    plots = demos = no_plots

    @staticmethod
    def checkpoint(*functions: Any) -> nullcontext[None]:
        """Let through what the block raises."""
        return nullcontext()

    def __getattr__(self, name: str) -> Any:
        return import_module(f"nnlab.{name}")


class _Mine:
    """What `mine` is to our cells: the course's versions, and never a file that lies about."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(next(iter(homes(name)), "nnlab")), name)


_STAND_INS = {"nnlab": _Course(), "nnlab.checks": _Course(), "nnlab.plots": no_plots, "nnlab.demos": no_plots, "mine": _Mine()}
