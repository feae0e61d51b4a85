"""The lessons give the lectures' numbers, to all printed digits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from nnlab.activations import ACTIVATIONS, identity, relu, sigmoid, softmax, tanh
from nnlab.forward_propagation import dense_shape, fc_layer, forward, graph_layer, init_params, neuron, run_feedback

numbers = arrays(float, array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4))


def test_softmax_of_10_6_8() -> None:
    """S0: the scores 10, 6, 8 give 0.866813, 0.015876, 0.117310."""
    assert_array_equal(softmax([10, 6, 8]).round(6), [0.866813, 0.015876, 0.117310])


def test_relu_layer() -> None:
    """S0: the sample (1, -1, -2) gives z = (1, -8, -5, -4, 2) and a = (1, 0, 0, 0, 2)."""
    W = np.array([[1, 2, 3], [2, 3, 4], [3, 4, 5], [1, 0, 2], [2, 1, 3]])
    z, a = fc_layer(np.array([[1], [-1], [-2]]), W, np.array([[8], [1], [6], [-1], [7]]), relu)
    assert z.ravel().tolist() == [1, -8, -5, -4, 2]
    assert a.ravel().tolist() == [1, 0, 0, 0, 2]
    assert neuron(W[0], [1, -1, -2], 8, relu) == 1


def test_seed_42() -> None:
    """S0: with seed 42, weights before biases before x, every activation has the slide's eight digits."""
    rng = np.random.RandomState(42)
    W, b = init_params([5, 4, 3, 3], rng)
    _, a = forward(rng.standard_normal((5, 1)), W, b)
    assert a[1].ravel().round(8).tolist() == [0.86081109, 0.35346999, 0.03774752, 0.06688258]
    assert a[2].ravel().round(8).tolist() == [0.59127908, 0.28733531, 0.63138266]
    assert a[3].ravel().round(8).tolist() == [0.61434866, 0.00909127, 0.37656007]


def test_seed_42_is_the_slides_own_code() -> None:
    """`RandomState(42)` draws what `np.random.seed(42)` and `np.random.randn` draw."""
    np.random.seed(42)
    slide = [np.random.randn(*shape) for shape in [(4, 5), (3, 4), (3, 3), (4, 1), (3, 1), (3, 1)]]
    W, b = init_params([5, 4, 3, 3], np.random.RandomState(42))
    for ours, theirs in zip([*W, *b], slide, strict=True):
        assert_array_equal(ours, theirs)


def test_small_network() -> None:
    """S4: the hidden layer is 0.595078474, 0.598687660 and the output 0.702307507, 0.714634132."""
    W = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    z, a = forward(np.array([[0.1], [0.2]]), W, [np.full((2, 1), 0.35), np.full((2, 1), 0.5)], sigmoid, sigmoid)
    assert z[0].ravel().round(9).tolist() == [0.385, 0.4]
    assert a[1].ravel().round(9).tolist() == [0.595078474, 0.598687660]
    assert a[2].ravel().round(9).tolist() == [0.702307507, 0.714634132]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_finite_and_keep_the_shape(name: str) -> None:
    """No activation warns or leaves the range of floats at ±1000."""
    z = np.array([[-1000.0, -1.0], [0.0, 1000.0]])
    a = ACTIVATIONS[name](z)
    assert a.shape == z.shape
    assert np.isfinite(a).all()


@given(numbers)
def test_sigmoid_is_symmetric_and_a_shifted_tanh(z: np.ndarray) -> None:
    """σ(−z) = 1 − σ(z), and σ(z) = (1 + tanh(z/2)) / 2."""
    assert_allclose(sigmoid(-z), 1 - sigmoid(z), atol=1e-15)
    assert_allclose(sigmoid(z), (1 + tanh(z / 2)) / 2, atol=1e-15)


@given(numbers, st.floats(-1e3, 1e3))
def test_softmax_sums_to_one_and_ignores_a_shift(z: np.ndarray, shift: float) -> None:
    """Each column sums to 1, and adding one number to all scores changes nothing."""
    assert_allclose(softmax(z).sum(axis=0), 1)
    assert_allclose(softmax(z + shift), softmax(z), atol=1e-9)


@given(st.tuples(st.integers(1, 5), st.integers(1, 5)), st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_dense_shape_is_numpys(W_shape: tuple[int, int], a_shape: tuple[int, int]) -> None:
    """The predicted shape is what NumPy gives, and None where NumPy refuses."""
    try:
        expected = (np.zeros(W_shape) @ np.zeros(a_shape)).shape
    except ValueError:
        expected = None
    assert dense_shape(W_shape, a_shape) == expected


def test_linear_layers_collapse() -> None:
    """Without an activation function any number of layers is one layer."""
    W, b = init_params([3, 5, 4, 2], np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(3, 6))
    _, a = forward(x, W, b, identity, identity)
    assert_allclose(a[-1], W[2] @ W[1] @ W[0] @ x + (W[2] @ (W[1] @ b[0] + b[1]) + b[2]))


W, B = init_params([3, 2, 1], np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: neuron([1.0, 2], [1.0], 0, sigmoid), r"a must have the shape of w, \(2,\), got \(1,\)"),
        (lambda: fc_layer(np.zeros((4, 3)), W[0], B[0], sigmoid), r"a must be a matrix with one row for each column of W, 3, got shape \(4, 3\). Is one of them transposed"),
        (lambda: fc_layer(np.zeros(3), W[0], B[0], sigmoid), r"a must be a matrix with one row for each column of W, 3, got shape \(3,\)"),
        (lambda: fc_layer(np.zeros((3, 2)), W[0], B[0].ravel(), sigmoid), r"b must be a column of shape \(2, 1\), one bias for each row of W, got \(2,\). Try b.reshape"),
        (lambda: forward(np.zeros((3, 1)), W, B[:1]), r"b must hold biases for each of the 2 layers of W, got 1. Draw both with init_params"),
        (lambda: init_params([3, 0], np.random.default_rng()), r"sizes must be a whole number of at least 1, got 0"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try: a missing bias is no shorter network."""
    with pytest.raises(ValueError, match=message):
        call()


def test_run_feedback_is_one_layer_again_and_again() -> None:
    """Column t is the layer of column t − 1, column 0 the start; a pair that excites and inhibits swings with period four."""
    W, b, start = np.array([[0.0, -8.0], [8.0, 0.0]]), np.array([[4.0], [-4.0]]), np.array([[1.0], [0.0]])
    run = run_feedback(W, b, start, sigmoid, 10)
    assert run.shape == (2, 11)
    assert_array_equal(run[:, [0]], start)
    assert_allclose(run[:, 1:], fc_layer(run[:, :-1], W, b, sigmoid)[1])
    assert (run.round() == np.array([[1, 1, 0, 0], [0, 1, 1, 0]])[:, np.arange(11) % 4]).all()
    assert run_feedback(W, b, start, sigmoid, 0).tolist() == [[1.0], [0.0]]


def test_graph_layer_without_roads_is_a_layer() -> None:
    """Nothing is gathered then; with V = 0 the roads do not matter either."""
    rng = np.random.default_rng(0)
    a, W, V, b = (rng.standard_normal(size) for size in ((2, 4), (3, 2), (3, 2), (3, 1)))
    for got in (graph_layer(a, [], W, V, b, tanh), graph_layer(a, [(0, 1), (1, 3)], W, 0 * V, b, tanh)):
        for ours, theirs in zip(got, fc_layer(a, W, b, tanh), strict=True):
            assert_allclose(ours, theirs)


def test_graph_layer_does_not_care_how_places_are_numbered() -> None:
    """Other numbers for the same places give the same columns in another order."""
    rng = np.random.default_rng(1)
    a, W, V, b = (rng.standard_normal(size) for size in ((2, 5), (3, 2), (3, 2), (3, 1)))
    roads, order = [(0, 1), (1, 2), (1, 4)], np.array([3, 0, 4, 1, 2])
    named = [(int(np.flatnonzero(order == i)[0]), int(np.flatnonzero(order == j)[0])) for i, j in roads]
    assert_allclose(graph_layer(a[:, order], named, W, V, b, tanh)[0], graph_layer(a, roads, W, V, b, tanh)[0][:, order])


def test_what_the_new_layers_refuse() -> None:
    """Shapes that do not fit, and steps that cannot be taken, are named."""
    W, b, a = np.eye(2), np.zeros((2, 1)), np.ones((2, 1))
    with pytest.raises(ValueError, match="steps must be"):
        run_feedback(W, b, a, tanh, -1)
    with pytest.raises(ValueError, match="b must be a column"):
        run_feedback(W, b.ravel(), a, tanh, 1)
    with pytest.raises(ValueError, match="column of V"):
        graph_layer(a, [], W, np.ones((2, 3)), b, tanh)
