"""Values as messages, both ways between the grader and the sandbox: a head of JSON, and a body with the raw bytes of arrays.

`loads` never runs anything and never unpickles. What is not plain data of an exact type comes back as `Opaque`, so that a subclass
of `ndarray` or `float`, which might call itself equal to everything, is never compared.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 8 << 20  # of one array
MAX_VALUES = 100_000  # numbers, strings and containers in one message
MAX_DEPTH = 30
MAX_KEYS = 1_000  # of one dictionary: keys made to collide take time that grows with the square of their number
MAX_HEAD = 4 << 20  # bytes
LONGEST_INT = 1000  # characters of a hexadecimal integer
KINDS = "biufcU"  # dtype kinds that are data: bool, int, unsigned, float, complex, text
DTYPE = re.compile(rf"[<>|=]?[{KINDS}][0-9]{{1,5}}")

Message = tuple[bytes, bytes]


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


Reference = Name | Own | Call


def dumps(value: Any, most: float = math.inf) -> Message:
    """Write a value as the head and the body of a message.

    Plain values, arrays of numbers and text, dictionaries, and dataclasses of these cross, as do NumPy's functions by their names.
    NumPy's generators cross with their state, to the sandbox only.

    Parameters
    ----------
    value : object
    most : float
        Numbers, texts and containers in it.

    Raises
    ------
    CodecError
        If there are more.
    """
    encoder = _Encoder(most)
    head = json.dumps(encoder.encode(value), separators=(",", ":")).encode()
    return head, b"".join(encoder.arrays)


def loads(head: bytes, body: bytes, resolve: Callable[[Reference], Any] | None = None) -> Any:
    """Read a value from a message.

    Parameters
    ----------
    head, body : bytes
        What `dumps` wrote, or what somebody else says it wrote.
    resolve : callable, optional
        Turns references into what they stand for, and makes generators. Without it a `Name` stays as it is, and the others are opaque.

    Raises
    ------
    CodecError
        If the message is malformed or too large.
    """
    if len(head) > MAX_HEAD:
        raise CodecError(f"a head of {len(head)} bytes")
    try:
        decoder = _Decoder(body, resolve)
        value = decoder.decode(json.loads(head))
    except Exception as error:  # whatever hostile bytes make json or NumPy raise
        raise CodecError(f"{type(error).__name__}: {str(error)[:100]}") from None
    if decoder.unread:
        raise CodecError(f"{decoder.unread} bytes belong to no array")
    return value


def clean(text: str) -> str:
    """Return text with its half characters replaced: nothing can store them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class _Encoder:
    """Writes one message: tagged lists keep what JSON cannot say, and the bytes of arrays are laid aside in order."""

    def __init__(self, most: float) -> None:
        self.arrays: list[bytes] = []
        self._left = most

    def encode(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0:
            raise CodecError("too many values")
        if depth > MAX_DEPTH:
            return ["opaque", "nested too deeply"]
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind in _ENCODERS:
            return _ENCODERS[kind](self, value)
        if kind in (list, tuple):
            return [kind.__name__, [self.encode(each, depth + 1) for each in value]]
        if kind is dict:
            return ["dict", self.pairs(value, depth)]
        if isinstance(value, np.generic) and value.dtype.kind in KINDS:
            return ["scalar", self.raw(np.asarray(value))]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return ["record", self.pairs({each.name: getattr(value, each.name) for each in dataclasses.fields(value)}, depth)]
        return _reference(value) or ["opaque", f"{kind.__module__}.{kind.__qualname__}"[:80]]

    def pairs(self, value: dict[Any, Any], depth: int) -> list[Any]:
        return [[self.encode(key, depth + 1), self.encode(each, depth + 1)] for key, each in value.items()]

    def array(self, value: np.ndarray) -> Any:
        if value.dtype.kind not in KINDS or value.nbytes > MAX_BYTES:
            return ["opaque", f"array of {value.nbytes} bytes of kind {value.dtype.kind}"]
        return ["array", self.raw(value)]

    def raw(self, value: np.ndarray) -> Any:
        self.arrays.append(value.tobytes())
        return [value.dtype.str, list(value.shape)]


def _reference(value: Any) -> Any:
    """Encode a function of NumPy by its name."""
    name = getattr(value, "__name__", "")
    return ["name", f"numpy.{name}"] if isinstance(name, str) and name and getattr(np, name, None) is value else None


def _int(value: int) -> Any:
    return (
        value if abs(value) < 2**53 else ["int", hex(value)] if value.bit_length() < 4 * (LONGEST_INT - 3) else ["opaque", "a huge integer"]
    )


_ENCODERS: dict[type, Callable[[_Encoder, Any], Any]] = {
    int: lambda encoder, value: _int(value),
    float: lambda encoder, value: value if math.isfinite(value) else ["float", repr(value)],
    complex: lambda encoder, value: ["complex", [encoder.encode(value.real), encoder.encode(value.imag)]],
    np.ndarray: lambda encoder, value: encoder.array(value),
    np.random.Generator: lambda encoder, value: ["generator", encoder.encode(value.bit_generator.state)],
    np.random.RandomState: lambda encoder, value: ["random state", encoder.encode(value.get_state(legacy=False))],
    Opaque: lambda encoder, value: ["opaque", value.type_name],
    Name: lambda encoder, value: ["name", value.name],
    Own: lambda encoder, value: ["own", value.name],
    Call: lambda encoder, value: ["call", [value.name, value.seed]],
}


class _Decoder:
    """Reads one message, counting its values."""

    def __init__(self, body: bytes, resolve: Callable[[Reference], Any] | None) -> None:
        self._body, self._at, self._resolve = body, 0, resolve
        self._left = MAX_VALUES if resolve is None else math.inf  # the grader may ask for as much as it likes

    @property
    def unread(self) -> int:
        return len(self._body) - self._at

    def decode(self, raw: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH + 1:
            raise CodecError("too many values, or nested too deeply")
        if isinstance(raw, str):
            return clean(raw)
        if raw is None or isinstance(raw, (bool, int, float)):
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

    def array(self, raw: Any) -> np.ndarray:
        """Take an array's bytes from the body, believing its description only as far as the bytes go."""
        name, shape = raw
        if not DTYPE.fullmatch(name) or len(shape) > 8 or any(type(n) is not int or not 0 <= n <= MAX_BYTES for n in shape):
            raise CodecError(f"no array: {str(raw)[:40]}")
        dtype = np.dtype(name)
        size = math.prod(shape) * dtype.itemsize
        if dtype.itemsize == 0 or size > min(MAX_BYTES, self.unread):
            raise CodecError("an array is too large, or its bytes are missing")
        self._at += size
        return _plain(np.ndarray(shape, dtype, self._body[self._at - size : self._at])).copy()

    def refer(self, reference: Reference) -> Any:
        if self._resolve is not None:
            return self._resolve(reference)
        return reference if isinstance(reference, Name) else Opaque(f"{type(reference).__name__} {reference.name}")

    def generator(self, kind: type, state: Any) -> Any:
        if self._resolve is None:
            return Opaque(kind.__name__)
        bits = getattr(np.random, state["bit_generator"])()
        made = kind(bits)
        if isinstance(made, np.random.RandomState):
            made.set_state(state)
        else:
            bits.state = state
        return made


def _plain(array: np.ndarray) -> np.ndarray:
    """Return an array whose bytes mean what its type says: truth is 0 or 1, and text is made of characters."""
    if array.dtype.kind == "b":
        return np.asarray(array.view("u1"), bool)
    if array.dtype.kind == "U" and any(each != clean(each) for each in array.ravel().tolist()):
        raise CodecError("half characters")
    return array


def _read_int(text: str) -> int:
    if len(text) > LONGEST_INT:
        raise CodecError("huge integer")
    return int(text, 16)


_DECODERS: dict[str, Callable[[_Decoder, Any, int], Any]] = {
    "list": lambda decoder, raw, depth: decoder.all(raw, depth),
    "tuple": lambda decoder, raw, depth: tuple(decoder.all(raw, depth)),
    "dict": lambda decoder, raw, depth: decoder.mapping(raw, depth),
    "record": lambda decoder, raw, depth: decoder.mapping(raw, depth),
    "array": lambda decoder, raw, depth: decoder.array(raw),
    "scalar": lambda decoder, raw, depth: decoder.array(raw)[()],
    "float": lambda decoder, raw, depth: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[raw],
    "int": lambda decoder, raw, depth: _read_int(raw),
    "complex": lambda decoder, raw, depth: complex(*decoder.all(raw, depth)),
    "opaque": lambda decoder, raw, depth: Opaque(clean(str(raw)[:80])),
    "name": lambda decoder, raw, depth: decoder.refer(Name(clean(str(raw)[:80]))),
    "own": lambda decoder, raw, depth: decoder.refer(Own(clean(str(raw)[:80]))),
    "call": lambda decoder, raw, depth: decoder.refer(Call(clean(str(raw[0])[:80]), int(raw[1]))),
    "generator": lambda decoder, raw, depth: decoder.generator(np.random.Generator, decoder.decode(raw, depth)),
    "random state": lambda decoder, raw, depth: decoder.generator(np.random.RandomState, decoder.decode(raw, depth)),
}
