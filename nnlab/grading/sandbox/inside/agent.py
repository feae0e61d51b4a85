"""The half of a call that runs beside the student's code: look the function up, call it, say what came of it."""

from __future__ import annotations

import contextlib
import io
import traceback
from typing import Any

import numpy as np
from IPython import get_ipython

from . import codec

MIME = "application/x-nnlab"


class Reply:
    """Text that the kernel sends back as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {MIME: self.text, "text/plain": ""}


def call(request: str) -> Reply:
    """Answer one request: a function's name and its arguments, in the codec's text."""
    name, args = codec.loads(request, resolve)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            value = get_ipython().user_ns[name](*args)
            answer = {"value": value, "arguments": _data(args)}
        except BaseException as error:
            answer = {"error": describe(error, name)}
    return Reply(codec.dumps(answer))


def resolve(reference: codec.Name | codec.Own | codec.Call) -> Any:
    """Find the function that a name stands for, NumPy's or the student's own, and call it where a call is asked for."""
    if isinstance(reference, codec.Own):
        return lambda *args: get_ipython().user_ns[reference.name](*args)
    found: Any = np
    for part in reference.name.split(".")[1:]:
        found = getattr(found, part)
    return found(reference.seed) if isinstance(reference, codec.Call) else found


def describe(error: BaseException, name: str) -> dict[str, Any]:
    """Tell an exception's type and where in the student's cell it was raised; a missing function is told apart."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__, limit=100) if "ipykernel_" in frame.filename]
    missing = isinstance(error, KeyError) and not frames and error.args == (name,)
    return {"type": "NameError" if missing else type(error).__name__[:80], "line": frames[-1].lineno if frames else None}


def _data(args: list[Any]) -> list[Any]:
    """Keep the arguments that are data; functions and generators cannot be compared."""
    return [arg if isinstance(arg, (int, float, str, list, tuple, dict, np.ndarray)) else None for arg in args]
