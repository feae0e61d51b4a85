"""Values come back as they were sent; what is no plain data, malformed or too large never does."""

from __future__ import annotations

import contextlib
import json
import math
import pickle
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.inside.codec import Call, CodecError, Name, Opaque, Own, dumps, loads

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
dtypes = st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "U3", ">f8"])


@given(plain)
def test_plain_values_round_trip(value: Any) -> None:
    """Numbers, text, lists, tuples and dictionaries come back equal and of the same type."""
    back = loads(*dumps(value))
    assert back == value
    assert type(back) is type(value)


@given(dtypes.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))))
def test_arrays_round_trip(array: np.ndarray) -> None:
    """Arrays come back with their shape, type and bytes, writable, as exact ndarrays."""
    back = loads(*dumps(array))
    assert type(back) is np.ndarray
    assert (back.shape, back.dtype) == (array.shape, array.dtype)
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@pytest.mark.parametrize("value", [math.inf, -math.inf, 2**60, -(2**80), np.float32(1.5), np.int8(3), np.bool_(True)])
def test_special_numbers(value: Any) -> None:
    """Infinities, large integers and NumPy's scalars keep value and type."""
    assert loads(*dumps(value)) == value
    assert type(loads(*dumps(value))) is type(value)


def test_nan() -> None:
    """NaN stays NaN."""
    assert math.isnan(loads(*dumps(math.nan)))


def test_large_values() -> None:
    """An array of 8 MB, a text of 100,000 characters and several arrays of any layout cross."""
    values = [np.arange(1 << 20, dtype=float), "数" * 100_000, np.eye(3)[:, ::2], np.asfortranarray(np.ones((2, 3)))]
    back = loads(*dumps(values))
    assert back[1] == values[1]
    assert all((back[i] == values[i]).all() for i in (0, 2, 3))


@dataclass
class Layer:
    """A dataclass as a chapter might return it."""

    weights: np.ndarray
    name: str


def test_dataclasses_arrive_as_dictionaries() -> None:
    """A dataclass of plain values crosses as the dictionary of its fields."""
    back = loads(*dumps([Layer(np.ones(2), "first")]))[0]
    assert type(back) is dict
    assert (list(back), back["weights"].tolist(), back["name"]) == (["weights", "name"], [1, 1], "first")


class Liar(float):
    """Equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class Agreeable(np.ndarray):
    """Equals everything, element by element."""

    def __eq__(self, other: object) -> Any:
        return np.ones(self.shape, bool)


@pytest.mark.parametrize(
    "value",
    [
        Liar(1),
        np.zeros(2).view(Agreeable),
        np.ma.array([1.0]),
        type("Text", (str,), {})("a"),
        type("L", (list,), {})(),
        type("D", (dict,), {})(),
        {1},
        b"x",
        object(),
        print,
        Layer,
        np.array([print], dtype=object),
        np.zeros(3, "M8[s]"),
        np.zeros(codec.MAX_BYTES + 1, "u1"),
    ],
)
def test_what_is_no_data_is_opaque(value: Any) -> None:
    """Subclasses, other objects, and arrays that are too large come back as a name of their type and nothing else."""
    assert isinstance(loads(*dumps(value)), Opaque)


def test_functions_by_name() -> None:
    """NumPy's functions travel by name, and generators as the call that makes them."""
    assert loads(*dumps([np.tanh, np.exp])) == [Name("numpy.tanh"), Name("numpy.exp")]
    assert loads(*dumps([np.sin, Own("f"), Call("numpy.random.RandomState", 42)]), resolve=lambda reference: reference.name) == [
        "numpy.sin",
        "f",
        "numpy.random.RandomState",
    ]


def test_generators_cross_to_the_student() -> None:
    """A generator arrives with its state, whatever kind it is, and goes on as here."""
    for made in (np.random.default_rng(3), np.random.RandomState(42), np.random.Generator(np.random.Philox(1))):
        made.standard_normal(3)
        there = loads(*dumps(made), resolve=lambda reference: reference)
        assert type(there) is type(made)
        assert there.standard_normal(4).tolist() == made.standard_normal(4).tolist()


def test_only_the_grader_refers() -> None:
    """What a student's process says of functions to look up, calls to make and generators is no data."""
    told = [Own("f"), Call("numpy.random.RandomState", 42), np.random.default_rng(1), np.random.RandomState(1)]
    assert [type(each) for each in loads(*dumps(told))] == [Opaque] * 4


def test_half_characters_are_replaced() -> None:
    """Nothing could store them."""
    assert loads(b'["a\\ud800b", "\\u6570"]'.replace(b"[", b'["list", [').replace(b"]", b"]]"), b"") == ["a?b", "数"]


def test_truth_is_zero_or_one() -> None:
    """A byte of 2 in an array of truths would be true and not equal to true."""
    head, body = dumps(np.array([True, False]))
    assert loads(head, body.replace(b"\x01", b"\x02")).tobytes() == b"\x01\x00"


def test_deep_values_are_cut() -> None:
    """What is nested too deeply is opaque at its depth."""
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    head, body = dumps(value)
    assert b"nested too deeply" in head
    loads(head, body)


def test_too_many_values() -> None:
    """A value of more parts than allowed is not written to its end."""
    loads(*dumps([0] * 9, most=10))
    with pytest.raises(CodecError, match="too many values"):
        dumps([0] * 10_000_000, most=10)


def array(shape: Any, dtype: Any = "<f8", data: bytes = b"12345678") -> tuple[str, bytes]:
    """Return a message with an array described as we like."""
    return json.dumps(["array", [dtype, shape]]), data


MALFORMED: list[tuple[str, bytes]] = [
    *((head, b"") for head in ("", "{}", "[]", '["nothing", 1]', '["list", 3]', '["float", "1"]', '["array", "x"]', '["array", []]')),
    ('["dict", [[["list", []], 1]]]', b""),
    ('["int", "0x' + "f" * 5000 + 'g"]', b""),
    ("[" * 100_000, b""),
    ('["list", [' * 200 + "1" + "]]" * 200, b""),
    (json.dumps(["list", [0] * (codec.MAX_VALUES + 1)]), b""),
    ("9" * 10_000, b""),
    (json.dumps(["dict", [[["int", hex(k * (2**61 - 1))], 0] for k in range(codec.MAX_KEYS + 1)]]), b""),
    ("1" * (codec.MAX_HEAD + 1), b""),
    ("1", b"bytes of no array"),
    array([10**15]),
    array([10**15, 0]),
    array([-1]),
    array([2]),
    array([1.0]),
    array([True]),
    array("11"),
    array({}),
    array([1] * 9),
    array([], "V8"),
    array([1], "O"),
    array([1], "M8[s]"),
    array([1], "f8,f8"),
    array([1], "U0", b""),
    array([1], "i3"),
    array([1], ["f8"]),
    array([2], "<U1", b"\xff\xff\xff\xff\0\0\0\0"),
    array([2], "<U1", b"\x00\xd8\x00\x00\0\0\0\0"),
    array([1], "<f8", pickle.dumps(print)),
]


@pytest.mark.parametrize("message", MALFORMED, ids=lambda message: message[0][:30])
def test_malformed_messages_are_refused(message: tuple[str, bytes]) -> None:
    """A malformed or oversized message is an error, whatever it is made of."""
    with pytest.raises(CodecError):
        loads(message[0].encode(), message[1])


@given(st.binary(max_size=60), st.binary(max_size=9))
def test_noise_is_data_or_refused(head: bytes, body: bytes) -> None:
    """Whatever bytes come, nothing but a refusal is raised."""
    for each in (head, json.dumps(head.decode("latin-1")).encode(), b'["list", [1, ' + head + b"]]"):
        with contextlib.suppress(CodecError):
            loads(each, body)


def test_objects_with_attributes_are_not_asked() -> None:
    """An object that only looks like data is opaque."""
    assert loads(*dumps(SimpleNamespace(dtype=1, shape=(2,)))) == Opaque("types.SimpleNamespace")
