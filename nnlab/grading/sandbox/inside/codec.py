"""Values as text, both ways between the grader and the sandbox: JSON, and arrays as the bytes of a .npy file.

`decode` never runs anything and never unpickles. What is not plain data of an exact type comes back as `Opaque`, so that a subclass
of `ndarray` or `float`, which might call itself equal to everything, is never compared.
"""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib import format as npy

MAX_BYTES = 8 << 20  # of one array
MAX_VALUES = 100_000  # numbers, strings and containers in one message
MAX_DEPTH = 30
MAX_KEYS = 1_000  # of one dictionary: keys made to collide take time that grows with the square of their number
MAX_TEXT = 16 << 20  # characters of one message
LONGEST_INT = 1000  # characters of a hexadecimal integer
KINDS = "biufcU"  # dtype kinds that are data: bool, int, unsigned, float, complex, text


class CodecError(ValueError):
    """A message is not what this module writes, or breaks a limit."""


@dataclass(frozen=True)
class Opaque:
    """Something that is no data of an exact type; all that is told is what its type calls itself."""

    type_name: str


@dataclass(frozen=True)
class Name:
    """A function known on both sides by its dotted name, such as `numpy.tanh`."""

    name: str


@dataclass(frozen=True)
class Own:
    """The student's own function of this name, as an argument for another. Only the grader says it; from a student it is no data."""

    name: str


@dataclass(frozen=True)
class Call:
    """A value to be made in the sandbox by calling a function of NumPy, such as a random generator from its seed."""

    name: str
    seed: int


def dumps(value: Any) -> str:
    """Write a value as text."""
    return json.dumps(encode(value), separators=(",", ":"))


def loads(text: str, resolve: Callable[[Name | Own | Call], Any] | None = None) -> Any:
    """Read a value from text.

    Parameters
    ----------
    text : str
        What `dumps` wrote, or what somebody else says it wrote.
    resolve : callable, optional
        Turns `Name` and `Call` into what they stand for; without it they stay as they are.

    Raises
    ------
    CodecError
        If the text is malformed or too large.
    """
    if len(text) > MAX_TEXT:
        raise CodecError(f"message of {len(text)} characters")
    try:
        return _Decoder(resolve).decode(json.loads(text))
    except Exception as error:  # whatever hostile bytes make json, NumPy or its tokenizer raise
        raise CodecError(f"{type(error).__name__}: {str(error)[:100]}") from None


def encode(value: Any, depth: int = 0) -> Any:
    """Turn a value into JSON's types; tagged lists keep what JSON cannot say."""
    if depth > MAX_DEPTH:
        return ["opaque", "nested too deeply"]
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind in _ENCODERS:
        return _ENCODERS[kind](value)
    if kind in (list, tuple):
        return [kind.__name__, [encode(each, depth + 1) for each in value]]
    if kind is dict:
        return ["dict", [[encode(key, depth + 1), encode(each, depth + 1)] for key, each in value.items()]]
    if isinstance(value, np.generic) and value.dtype.kind in KINDS:
        return ["scalar", _npy(np.asarray(value))]
    return _reference(value) or ["opaque", f"{kind.__module__}.{kind.__qualname__}"[:80]]


def _reference(value: Any) -> Any:
    """Encode a function of NumPy by its name."""
    name = getattr(value, "__name__", "")
    return ["name", f"numpy.{name}"] if isinstance(name, str) and name and getattr(np, name, None) is value else None


def _npy(array: np.ndarray) -> str:
    buffer = io.BytesIO()
    npy.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _array(value: np.ndarray) -> Any:
    return ["array", _npy(value)] if value.dtype.kind in KINDS else ["opaque", f"array of {value.dtype.kind}"]


def _int(value: int) -> Any:
    return (
        value if abs(value) < 2**53 else ["int", hex(value)] if value.bit_length() < 4 * (LONGEST_INT - 3) else ["opaque", "a huge integer"]
    )


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    int: _int,
    float: lambda value: value if math.isfinite(value) else ["float", repr(value)],
    complex: lambda value: ["complex", [encode(value.real), encode(value.imag)]],
    np.ndarray: _array,
    Opaque: lambda value: ["opaque", value.type_name],
    Name: lambda value: ["name", value.name],
    Own: lambda value: ["own", value.name],
    Call: lambda value: ["call", [value.name, value.seed]],
}


class _Decoder:
    """Reads one message, counting its values."""

    def __init__(self, resolve: Callable[[Name | Own | Call], Any] | None) -> None:
        self._told = resolve is not None
        self._resolve = resolve or (lambda reference: reference)
        self._left = MAX_VALUES

    def decode(self, raw: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH + 1:
            raise CodecError("too many values, or nested too deeply")
        if raw is None or isinstance(raw, (bool, int, float, str)):
            return raw
        tag, content = raw
        return _DECODERS[tag](self, content, depth + 1)

    def all(self, raw: Any, depth: int) -> list[Any]:
        if not isinstance(raw, list):
            raise CodecError("expected a list")
        return [self.decode(each, depth) for each in raw]

    def mapping(self, raw: Any, depth: int) -> dict[Any, Any]:
        if len(raw) > MAX_KEYS:
            raise CodecError("too many keys")
        return dict(self.all(pair, depth) for pair in raw)

    def own(self, name: str) -> Any:
        return self._resolve(Own(name)) if self._told else Opaque("Own")

    def resolve(self, reference: Name | Call) -> Any:
        return self._resolve(reference)


def _read_array(text: str) -> np.ndarray:
    """Read the bytes of a .npy file, believing its header only as far as the bytes go."""
    data = base64.b64decode(text, validate=True)
    file = io.BytesIO(data)
    if len(data) > MAX_BYTES or npy.read_magic(file) != (1, 0):
        raise CodecError("array too large, or not in version 1 of the format")
    shape, fortran, dtype = npy.read_array_header_1_0(file, max_header_size=1000)
    if dtype.kind not in KINDS or dtype.names or dtype.subdtype or dtype.itemsize == 0:
        raise CodecError(f"dtype {str(dtype)[:40]}")
    if len(shape) > 8 or math.prod(shape) * dtype.itemsize != len(data) - file.tell() or any(not 0 <= n <= MAX_BYTES for n in shape):
        raise CodecError("the array's length does not match its header")
    array = np.frombuffer(data, dtype, offset=file.tell())
    return array.reshape(shape, order="F" if fortran else "C").copy()


def _read_int(text: str) -> int:
    if len(text) > LONGEST_INT:
        raise CodecError("huge integer")
    return int(text, 16)


_DECODERS: dict[str, Callable[[_Decoder, Any, int], Any]] = {
    "list": lambda decoder, raw, depth: decoder.all(raw, depth),
    "tuple": lambda decoder, raw, depth: tuple(decoder.all(raw, depth)),
    "dict": lambda decoder, raw, depth: decoder.mapping(raw, depth),
    "array": lambda decoder, raw, depth: _read_array(raw),
    "scalar": lambda decoder, raw, depth: _read_array(raw)[()],
    "float": lambda decoder, raw, depth: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[raw],
    "int": lambda decoder, raw, depth: _read_int(raw),
    "complex": lambda decoder, raw, depth: complex(*decoder.all(raw, depth)),
    "opaque": lambda decoder, raw, depth: Opaque(str(raw)[:80]),
    "name": lambda decoder, raw, depth: decoder.resolve(Name(str(raw)[:80])),
    "own": lambda decoder, raw, depth: decoder.own(str(raw)[:80]),
    "call": lambda decoder, raw, depth: decoder.resolve(Call(str(raw[0])[:80], int(raw[1]))),
}
