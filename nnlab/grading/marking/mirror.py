"""Objects of the student's at a checkpoint: what our cell does to one is done there, and here to ours, to know what should come of it.

A chapter may let students write a class (`Node`, `Perceptron`) whose objects are no data and stay in their process.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from nnlab.checks._judging.compare import difference
from nnlab.grading.marking.testing import Unsendable, Wrong, sendable
from nnlab.grading.sandbox.kernel import Execution

UNFIT = ("nothing", "type", "shape")  # with what differs so, our cell is not to compute
DO = "_nnlab_do"
THERE = f'''
def {DO}(into, what, args, options):
    """Do something to objects of this notebook, and give what comes of it a name."""
    import builtins, operator
    functions = {{**vars(builtins), **vars(operator), "call": lambda function, *args: function(*args, **options)}}
    result = globals()[into] = functions[what](*args)
    return result
'''
FUNCTIONS: dict[str, Callable[..., Any]] = {"getattr": getattr, "setattr": setattr, "len": len, **vars(operator)}
BINARY = ("add", "sub", "mul", "truediv", "matmul", "pow")


class Process(Protocol):
    """The student's process."""

    def execute(self, source: str, replay: float = 0) -> Execution:
        """Run a cell."""

    def call_many(self, name: str, many: Sequence[Sequence[Any]], timeout: float | None = None, cpu: float | None = None) -> list[Any]:
        """Call a function."""


class Mirrors:
    """Does things on both sides.

    Parameters
    ----------
    process : Process
        Where the student's objects live.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._made, self._inside = 0, False
        process.execute(THERE, replay=float("inf"))

    def do(self, what: str, *args: Any, **options: Any) -> Any:
        """Do one of `FUNCTIONS`, or "call", on both sides; return the student's result where it is data, else a mirror of it.

        Raises
        ------
        StudentError, CallTimeout, KernelDied, BadReply, Wrong
            Whatever it ends in there; and if what came of it is of another kind than here.
        """
        ours = self._do_here(what, _here(list(args)), _here(options))
        if self._inside:  # our own class uses what our cell sees as a mirror
            return ours
        self._made += 1
        name = f"_nnlab_{self._made}"
        (answer,) = self._process.call_many(DO, [[name, what, _there(list(args)), _there(options)]])
        if isinstance(answer, Exception):
            raise answer
        if not _is_data(ours):
            return Mirror(self, ours, name)
        if (found := difference(answer, ours)) and found.kind in UNFIT:
            raise Wrong(found.kind)
        return answer

    def _do_here(self, what: str, args: list[Any], options: dict[str, Any]) -> Any:
        before, self._inside = self._inside, True
        try:
            return args[0](*args[1:], **options) if what == "call" else FUNCTIONS[what](*args)
        finally:
            self._inside = before


class Mirror:
    """An object of the student's, and ours that stands for it."""

    def __init__(self, mirrors: Mirrors, here: Any, there: str) -> None:
        vars(self).update(_mirrors=mirrors, _here=here, _there=there)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._mirrors.do("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._mirrors.do("setattr", self, name, value)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call it."""
        return self._mirrors.do("call", self, *args, **options)

    def __getitem__(self, key: Any) -> Any:
        return self._mirrors.do("getitem", self, key)

    def __len__(self) -> int:
        return int(self._mirrors.do("len", self))

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))


def _operator(name: str, reflected: bool) -> Callable[[Mirror, Any], Any]:
    return lambda self, other: self._mirrors.do(name, *((other, self) if reflected else (self, other)))


for _name in BINARY:
    setattr(Mirror, f"__{_name}__", _operator(_name, False))
    setattr(Mirror, f"__r{_name}__", _operator(_name, True))


def _here(value: Any) -> Any:
    """Return what stands here for an argument."""
    match value:
        case Mirror():
            return vars(value)["_here"]
        case list() | tuple():
            return type(value)(map(_here, value))
        case dict():
            return {key: _here(each) for key, each in value.items()}
    return value


def _there(value: Any) -> Any:
    """Return an argument as it is sent."""
    return sendable(value, lambda each: vars(each)["_there"] if isinstance(each, Mirror) else "")


def _is_data(value: Any) -> bool:
    try:
        sendable(value, lambda function: "")
    except Unsendable:
        return False
    return not callable(value)
