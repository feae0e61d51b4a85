"""Values come back as they were sent; what is no plain data, malformed or too large never does."""

from __future__ import annotations

import base64
import io
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlab.grading.sandbox.inside import codec
from nnlab.grading.sandbox.inside.codec import Call, CodecError, Name, Opaque, dumps, loads

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
dtypes = st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "U3", ">f8"])


@given(plain)
def test_plain_values_round_trip(value: Any) -> None:
    """Numbers, text, lists, tuples and dictionaries come back equal and of the same type."""
    back = loads(dumps(value))
    assert back == value
    assert type(back) is type(value)


@given(dtypes.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))))
def test_arrays_round_trip(array: np.ndarray) -> None:
    """Arrays come back with their shape, type and bytes, writable, as exact ndarrays."""
    back = loads(dumps(array))
    assert type(back) is np.ndarray
    assert (back.shape, back.dtype) == (array.shape, array.dtype)
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@pytest.mark.parametrize("value", [math.inf, -math.inf, 2**60, -(2**80), np.float32(1.5), np.int8(3), np.bool_(True)])
def test_special_numbers(value: Any) -> None:
    """Infinities, large integers and NumPy's scalars keep value and type."""
    assert loads(dumps(value)) == value
    assert type(loads(dumps(value))) is type(value)


def test_nan() -> None:
    """NaN stays NaN."""
    assert math.isnan(loads(dumps(math.nan)))


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
        {1},
        b"x",
        object(),
        print,
    ],
)
def test_what_is_no_data_is_opaque(value: Any) -> None:
    """Subclasses and other objects come back as a name of their type and nothing else."""
    assert isinstance(loads(dumps(value)), Opaque)


def test_object_arrays_are_opaque() -> None:
    """An array of objects would need pickle."""
    assert isinstance(loads(dumps(np.array([print], dtype=object))), Opaque)


def test_functions_and_generators_by_name() -> None:
    """NumPy's functions travel by name, and generators as the call that makes them."""
    assert loads(dumps([np.tanh, np.exp])) == [Name("numpy.tanh"), Name("numpy.exp")]
    assert loads(dumps(Call("numpy.random.RandomState", 42))) == Call("numpy.random.RandomState", 42)
    assert loads(dumps(np.sin), resolve=lambda reference: reference.name) == "numpy.sin"


def test_deep_and_wide_values_are_cut() -> None:
    """What is nested too deeply is opaque at its depth."""
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    text = dumps(value)
    assert "nested too deeply" in text
    loads(text)


def header(shape: tuple[int, ...], descr: str = "<f8", data: bytes = b"") -> str:
    """Return an array message with a header of our choice."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
    return json.dumps(["array", base64.b64encode(file.getvalue() + data).decode()])


def pickled() -> str:
    """Return an array message that would need pickle."""
    file = io.BytesIO()
    np.save(file, np.array([print], dtype=object), allow_pickle=True)
    return json.dumps(["array", base64.b64encode(file.getvalue()).decode()])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '["nothing", 1]',
        '["list", 3]',
        '["float", "1"]',
        '["array", "not base64"]',
        '["array", ""]',
        '["dict", [[["list", []], 1]]]',
        '["int", "0x' + "f" * 5000 + 'g"]',
        "[" * 100_000,
        '["list", [' * 200 + "1" + "]]" * 200,
        json.dumps(["list", [0] * (codec.MAX_VALUES + 1)]),
        header((10**15,)),
        header((10**15, 0)),
        header((-1,)),
        header((2,), data=b"1234567"),
        header((1,), "V8", b"12345678"),
        header((1,), "O", b"12345678"),
        header((1,), "M8[s]", b"12345678"),
        pickled(),
        "9" * 10_000,
        json.dumps(["dict", [[["int", hex(k * (2**61 - 1))], 0] for k in range(codec.MAX_KEYS + 1)]]),
        json.dumps(["array", base64.b64encode(b"\x93NUMPY\x01\x00\x03\x00(((").decode()]),
    ],
)
def test_malformed_messages_are_refused(text: str) -> None:
    """A malformed or oversized message is an error, whatever it is made of."""
    with pytest.raises(CodecError):
        loads(text)


def test_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message over the limit is not parsed."""
    monkeypatch.setattr(codec, "MAX_TEXT", 10)
    with pytest.raises(CodecError, match="message of 11 characters"):
        loads("1" * 11)
