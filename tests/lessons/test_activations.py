"""Activation functions and their derivatives: right to the last digits, and stable where the lectures' formulas are not."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import graphs
import numpy as np
import pytest
from graphs import GRAPHS
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from nnlab import activations as act
from nnlab.activations import ACTIVATIONS, DERIVATIVES
from nnlab.backpropagation import Node, gradient_check, relative_error

numbers = arrays(float, array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4))
ELEMENTWISE = [name for name in ACTIVATIONS if name != "softmax"]
KINKS = {"relu": [0], "leaky_relu": [0], "prelu": [0], "elu": [0], "hard_logistic": [-2, 2], "hard_tanh": [-1, 1], "step": [0]}

# f(1.5), f(−0.5), f′(1.5), f′(−0.5), computed with 30 digits apart from this package
VALUES = {
    "identity": (1.5, -0.5, 1, 1),
    "step": (1, 0, 0, 0),
    "sigmoid": (0.817574476193643659, 0.377540668798145435, 0.149146452070332864, 0.235003712201594490),
    "tanh": (0.905148253644866438, -0.462117157260009758, 0.180706638923648400, 0.786447732965927410),
    "hard_logistic": (0.875, 0.375, 0.25, 0.25),
    "hard_tanh": (1, -0.5, 0, 1),
    "relu": (1.5, 0, 1, 0),
    "leaky_relu": (1.5, -0.005, 1, 0.01),
    "prelu": (1.5, -0.125, 1, 0.25),
    "elu": (1.5, -0.393469340287366577, 1, 0.606530659712633424),
    "softplus": (1.701413277982752409, 0.474076984180107010, 0.817574476193643659, 0.377540668798145435),
    "swish": (1.226361714290465488, -0.188770334399072717, 1.041294154299142955, 0.260038812697348190),
    "gelu": (1.399789198096712901, -0.154268769362993448, 1.127469192229979525, 0.132504875343837157),
    "gelu_tanh": (1.399571576980232922, -0.154285990174856078, 1.127710793151433082, 0.132630096465357688),
    "gelu_sigmoid": (1.391662198447076575, -0.149611563393619877, 1.098848064624102926, 0.120778088034585729),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    """Every function and derivative has its value at 1.5 and −0.5."""
    assert_allclose(np.ravel([ACTIVATIONS[name]([1.5, -0.5]), DERIVATIVES[name]([1.5, -0.5])]), VALUES[name], rtol=1e-13)


def test_the_tables_name_the_same_functions() -> None:
    """Each activation has its derivative, and each of the thirteen of chapter 02 is there with both approximations of the GELU."""
    assert list(ACTIVATIONS) == list(DERIVATIVES)
    assert set(ACTIVATIONS) == {*VALUES, "softmax"}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_derivatives_are_central_differences_and_the_graphs(name: str) -> None:
    """With uneven upstream gradients, f′ is what central differences measure away from kinks, and what reverse mode gives, below 1e-10."""
    z = np.linspace(-6, 6, 241) + 0.0123
    z = z[np.min([np.abs(z - kink) for kink in KINKS.get(name, [9])], axis=0) > 0.01]
    upstream, leaf = np.random.default_rng(0).normal(size=z.size), Node(z)
    ours = upstream * DERIVATIVES[name](z)
    GRAPHS[name](leaf).backward(upstream)
    assert gradient_check(ACTIVATIONS[name], {"z": z}, {"z": ours}, upstream)["z"] < 1e-10
    assert relative_error(ours, leaf.grad) < 1e-10


@pytest.mark.parametrize("samples", [(), (4,)])
def test_softmax_derivative_is_central_differences_and_the_graphs(samples: tuple[int, ...]) -> None:
    """The same for the matrix of each column."""
    z, upstream = np.random.default_rng(0).normal(size=(2, 3, *samples))
    ours, leaf = np.einsum("ij...,i...->j...", DERIVATIVES["softmax"](z), upstream), Node(z.reshape(3, -1))
    graphs.softmax(leaf).backward(upstream.reshape(3, -1))
    assert gradient_check(act.softmax, {"z": z}, {"z": ours}, upstream)["z"] < 1e-10
    assert relative_error(ours, leaf.grad) < 1e-10


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("table", [ACTIVATIONS, DERIVATIVES], ids=["function", "derivative"])
def test_nothing_overflows(name: str, table: dict[str, Callable[[np.ndarray], np.ndarray]]) -> None:
    """No function and no derivative warns or leaves the finite numbers, even at ±1e100."""
    assert np.isfinite(table[name](np.array([-1e100, -1000.0, -40.0, 0.0, 40.0, 1000.0, 1e100]))).all()


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_integers_lists_and_shapes(name: str) -> None:
    """Lists and integers are taken, shapes are kept, the input is not changed, and float64 comes out."""
    z = np.array([[1, -2, 0], [3, -1, 2]])
    before = z.copy()
    for f in (ACTIVATIONS[name], DERIVATIVES[name]):
        assert f(z).shape == (2, 3)
        assert f(z).dtype == float
        assert_array_equal(f(z.tolist()), f(z))
        assert f(1.0).shape == ()
    assert_array_equal(z, before)


def test_relu_has_slope_zero_at_zero() -> None:
    """ReLU′(0) = 0, as S1 and S2 take it and S0 does not."""
    assert act.relu_derivative([-1.0, 0.0, -0.0, 1e-300]).tolist() == [0, 0, 0, 1]


def test_step_rests_at_the_threshold() -> None:
    """The M-P neuron fires where w · x > θ, so that z = 0 is rest."""
    assert act.step([-1e-300, 0.0, 1e-300]).tolist() == [0, 0, 1]


def test_prelu_takes_a_slope_for_each_neuron() -> None:
    """γ of shape (neurons, 1) goes with the rows of z."""
    gamma, z = np.array([[0.5], [0.1]]), np.array([[-2.0, 2.0], [-2.0, 2.0]])
    assert_allclose(act.prelu(z, gamma), [[-1, 2], [-0.2, 2]])
    assert_allclose(act.prelu_derivative(z, gamma), [[0.5, 1], [0.1, 1]])


@pytest.mark.parametrize(("name", "parameter", "value"), [("leaky_relu", "gamma", 0.2), ("elu", "gamma", 2.0), ("swish", "beta", 3.0)])
def test_parameters(name: str, parameter: str, value: float) -> None:
    """A parameter changes the function and its derivative alike."""
    z, h, f = np.array([-1.3, -0.2, 0.4, 2.0]), 1e-5, getattr(act, name)
    expected = (f(z + h, **{parameter: value}) - f(z - h, **{parameter: value})) / (2 * h)
    assert_allclose(getattr(act, f"{name}_derivative")(z, **{parameter: value}), expected, rtol=1e-8)
    assert not np.allclose(f(z, **{parameter: value}), f(z))


@pytest.mark.parametrize(("name", "most"), [("gelu_tanh", 4.8e-4), ("gelu_sigmoid", 2.1e-2)])
def test_gelu_approximations(name: str, most: float) -> None:
    """Both approximations are as near as their docstrings say, and no nearer."""
    z = np.linspace(-6, 6, 10_001)
    error = np.abs(ACTIVATIONS[name](z) - act.gelu(z)).max()
    assert 0.95 * most < error < most


def exact(formula: Callable[[Decimal], Decimal], z: float) -> float:
    """Compute a formula with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        return float(formula(Decimal(z)))


@pytest.mark.parametrize("z", [-700.0, -40.0, -1e-9, 0.0, 1e-9, 37.0, 40.0, 700.0])
def test_the_tails_keep_their_digits(z: float) -> None:
    """Far out and near 0 the stable forms have 12 digits, where 60 digits give the truth."""
    one = Decimal(1)
    assert_allclose(act.sigmoid(z), exact(lambda t: one / (one + (-t).exp()), z), rtol=1e-12)
    assert_allclose(act.sigmoid_derivative(z), exact(lambda t: (-t).exp() / (one + (-t).exp()) ** 2, z), rtol=1e-12)
    assert_allclose(act.softplus(z), exact(lambda t: (one + t.exp()).ln(), z) if z > -100 else np.exp(z), rtol=1e-12)
    assert_allclose(act.elu(z), exact(lambda t: t if t > 0 else t.exp() - one, z), rtol=1e-12)
    assert_allclose(act.tanh_derivative(z / 2), exact(lambda t: 4 * (-t).exp() / (one + (-t).exp()) ** 2, z), rtol=1e-12)


@pytest.mark.parametrize(
    ("naive", "z", "wrong", "warning"),
    [
        ("sigmoid", [-1000.0], [0.0], "overflow"),
        ("tanh", [1000.0, -1000.0], [np.nan, np.nan], "overflow"),
        ("softmax", [1000.0, 1001.0, 1002.0], [np.nan] * 3, "overflow"),
        ("softmax", [-1000.0, -1001.0], [np.nan] * 2, "invalid value"),
        ("softplus", [1000.0], [np.inf], "overflow"),
        ("elu", [1000.0], [1000.0], "overflow"),
        ("softplus", [-40.0], [0.0], None),
        ("sigmoid_derivative", [40.0], [0.0], None),
    ],
)
def test_naive_forms_fail_where_the_lecture_says(naive: str, z: list[float], wrong: list[float], warning: str | None) -> None:
    """The slides' formulas overflow, give no number, or lose all digits. The stable forms give numbers without a warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert_array_equal(getattr(act, f"naive_{naive}")(z), wrong)
    assert any(warning in str(w.message) for w in caught) if warning else not caught
    assert np.isfinite(getattr(act, naive)(z)).all()


def test_naive_softmax_holds_up_to_709() -> None:
    """Exp reaches infinity between 709 and 710: that is how far the slide's softmax goes."""
    assert np.isfinite(act.naive_softmax([709.0, 0.0])).all()
    with np.errstate(all="ignore"):
        assert np.isnan(act.naive_softmax([710.0, 0.0])).any()


def test_naive_elu_loses_half_its_digits_near_zero() -> None:
    """exp(z) − 1 at −1e-9 is off by some 1e-8; expm1 is right to the last digit."""
    assert 1e-9 < abs(act.naive_elu(-1e-9) / act.elu(-1e-9) - 1) < 1e-7


@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_derivative", "tanh", "elu", "softplus", "softmax"])
def test_naive_forms_agree_where_nothing_overflows(name: str) -> None:
    """Between −5 and 5 the slides' formulas are right."""
    z = np.linspace(-5, 5, 20).reshape(4, 5)
    assert_allclose(getattr(act, f"naive_{name}")(z), getattr(act, name)(z), rtol=1e-11, atol=1e-15)


@given(numbers)
def test_tanh_is_odd(z: np.ndarray) -> None:
    """tanh(−z) = −tanh(z), and its slope is even."""
    assert_array_equal(act.tanh(-z), -act.tanh(z))
    assert_array_equal(act.tanh_derivative(-z), act.tanh_derivative(z))


@given(numbers)
def test_logistic_symmetry(z: np.ndarray) -> None:
    """σ(−z) = 1 − σ(z), σ(z) = (1 + tanh(z/2)) / 2, and σ′ is even."""
    assert_allclose(act.sigmoid(-z), 1 - act.sigmoid(z), atol=1e-15)
    assert_allclose(act.sigmoid(z), (1 + act.tanh(z / 2)) / 2, atol=1e-15)
    assert_array_equal(act.sigmoid_derivative(-z), act.sigmoid_derivative(z))


@given(numbers)
def test_softplus_and_swish_reflect(z: np.ndarray) -> None:
    """softplus(z) − softplus(−z) = z, and swish(z) − swish(−z) = z: both come from σ(z) + σ(−z) = 1."""
    assert_allclose(act.softplus(z) - act.softplus(-z), z, rtol=1e-12, atol=1e-12)
    for gate in (act.swish, act.gelu, act.gelu_tanh, act.gelu_sigmoid):
        assert_allclose(gate(z) - gate(-z), z, rtol=1e-12, atol=1e-12)


@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-1e4, 1e4)), st.floats(-1e3, 1e3))
def test_softmax_sums_to_one_and_ignores_a_shift(z: np.ndarray, shift: float) -> None:
    """Columns sum to 1, a shift changes nothing, and the columns of the derivative sum to 0."""
    assert_allclose(act.softmax(z).sum(axis=0), 1)
    assert_allclose(act.softmax(z + shift), act.softmax(z), atol=1e-9)
    assert_allclose(act.softmax_derivative(z).sum(axis=0), 0, atol=1e-15)


@given(numbers)
@example(np.array([7.26882992e-09]))  # e / (1 + e)² is above 1/4 here, by a rounding
def test_slopes_keep_to_their_bounds(z: np.ndarray) -> None:
    """σ′ ≤ 1/4 and tanh′ ≤ 1: why gradients vanish."""
    assert (act.sigmoid_derivative(z) <= 0.25).all()
    assert (act.tanh_derivative(z) <= 1).all()


def test_pytorch_agrees(torch: Any) -> None:
    """Values and derivatives are PyTorch's, in float64."""
    functions = torch.nn.functional
    theirs = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "hard_tanh": functions.hardtanh,
        "relu": torch.relu,
        "leaky_relu": functions.leaky_relu,
        "prelu": lambda z: functions.prelu(z, torch.tensor([0.25], dtype=z.dtype)),
        "elu": functions.elu,
        "softplus": functions.softplus,
        "swish": functions.silu,
        "gelu": functions.gelu,
        "gelu_tanh": lambda z: functions.gelu(z, approximate="tanh"),
    }
    z = np.concatenate([np.linspace(-8, 8, 400), [0.0]])
    for name, f in theirs.items():
        t = torch.from_numpy(z).requires_grad_()
        value = f(t)
        value.sum().backward()
        assert_allclose(ACTIVATIONS[name](z), value.detach().numpy(), rtol=1e-10, atol=1e-14, err_msg=name)
        assert_allclose(DERIVATIVES[name](z), t.grad.numpy(), rtol=1e-10, atol=1e-14, err_msg=name)
