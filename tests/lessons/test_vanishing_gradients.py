"""The chain product, gradient norms layer by layer, and the cures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from nnlab import vanishing_gradients as vg
from nnlab.activations import relu, sigmoid, tanh
from nnlab.backpropagation import Node, apply, gradient_check, relative_error, sigmoid_grad
from nnlab.optimizers import gradient_norms

FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_grad),
    "tanh": (tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (relu, lambda z: (z > 0).astype(float)),
}
DEPTH = 20


def norms(initial: str, name: str, **cures: bool) -> np.ndarray:
    """Measure the gradient norms of 20 layers of 32 neurons."""
    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(2, 32, 64))
    W = vg.initial_weights([32] * (DEPTH + 1), initial, np.random.default_rng(1))
    return gradient_norms(vg.deep_gradients(x, W, *FUNCTIONS[name], upstream, **cures))


# ---- The chain ----


def test_four_layer_chain_against_the_graph() -> None:
    """S0 11.4: the product of the factors is ∂a4/∂b1 of a chain of four sigmoid neurons."""
    w, b, x = [0.7, -1.2, 2.0, 0.4], [Node(0.1), Node(-0.3), Node(0.5), Node(0.2)], 1.5
    a, z = Node(x), []
    for w_l, b_l in zip(w, b, strict=True):
        z.append(w_l * a + b_l)
        a = apply("sigmoid", z[-1])
    a.backward()
    factors = vg.chain_factors(w[1:], [float(node.value) for node in z], sigmoid_grad)
    assert factors.shape == (4,)
    assert factors.prod() == pytest.approx(float(b[0].grad), rel=1e-12)


@given(st.lists(st.floats(-50, 50), min_size=4, max_size=4), st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_sigmoid_loses_a_factor_of_four_a_layer(z: list[float], w: list[float]) -> None:
    """Since σ′ <= 1/4, four layers with weights up to 1 pass at most 1/256; since tanh′ <= 1, tanh at most 1."""
    assert abs(vg.chain_factors(w, z, sigmoid_grad).prod()) <= 1 / 256
    assert abs(vg.chain_factors(w, z, FUNCTIONS["tanh"][1]).prod()) <= 1


def test_the_chain_explodes_with_large_weights() -> None:
    """|w σ′| ≫ 1: with weights 100 at z = 0 each further layer multiplies by 25."""
    assert vg.chain_factors([100, 100, 100], [0, 0, 0, 0], sigmoid_grad).tolist() == [0.25, 25, 25, 25]


# ---- Layer by layer ----


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_deep_gradients_against_differences(name: str, residual: bool, normalise: bool) -> None:
    """Below 1e-10 with uneven upstream gradients, for every cure."""
    rng = np.random.default_rng(3)
    x, upstream = rng.normal(size=(2, 4, 5))
    W = vg.initial_weights([4, 4, 4, 4], "he", rng)
    f, f_grad = FUNCTIONS[name]

    def output(**W: np.ndarray) -> np.ndarray:
        a = x
        for weights in W.values():
            z = weights @ a
            a = f(vg.layer_norm(z) if normalise else z) + (a if residual else 0)
        return a

    ours = vg.deep_gradients(x, W, f, f_grad, upstream, residual=residual, normalise=normalise)
    params = {f"W{i}": w for i, w in enumerate(W)}
    assert max(gradient_check(output, params, dict(zip(params, ours, strict=True)), upstream / 5).values()) < 1e-10


def test_deep_gradients_against_the_graph() -> None:
    """The plain network in reverse mode, below 1e-10."""
    rng = np.random.default_rng(4)
    x, upstream = rng.normal(size=(4, 5)), rng.normal(size=(2, 5))
    W = vg.initial_weights([4, 6, 3, 2], "normal", rng)
    leaves = [Node(w) for w in W]
    a: Node | np.ndarray = x
    for leaf in leaves:
        a = apply("tanh", leaf @ a)
    a.backward(upstream / 5)
    ours = vg.deep_gradients(x, W, *FUNCTIONS["tanh"], upstream)
    assert max(relative_error(g, leaf.grad) for g, leaf in zip(ours, leaves, strict=True)) < 1e-10


def test_how_close_to_zero() -> None:
    """S1 3.5, erratum 11: "close to zero" does not say how close. In 20 layers, 0 and 0.01 stop learning, 1 explodes, Xavier and He do not."""
    assert norms("zeros", "tanh").max() == 0
    assert norms("small", "tanh").max() < 1e-20
    assert norms("normal", "tanh")[0] > 1e4
    assert norms("normal", "relu").min() > 1e9
    assert 0.5 < norms("xavier", "tanh").min() < norms("xavier", "tanh").max() < 2
    assert 0.1 < norms("he", "relu").min() < norms("he", "relu").max() < 2


def test_sigmoid_vanishes_under_every_usual_start() -> None:
    """The first of 20 sigmoid layers gets less than 1e-9 of the last one's gradient, with weights of 0.01, Xavier's and He's alike."""
    for initial in ("small", "xavier", "he"):
        gradient = norms(initial, "sigmoid")
        assert gradient[0] < 1e-9 * gradient[-1]


def test_residual_layers_cure_it() -> None:
    """Adding the input to the output keeps a tenth and more of the gradient, normalised or not; normalising alone does not help a sigmoid."""
    plain, residual, both = (
        norms("xavier", "sigmoid"),
        norms("xavier", "sigmoid", residual=True),
        norms("xavier", "sigmoid", residual=True, normalise=True),
    )
    assert plain[0] / plain[-1] < 1e-11
    assert residual[0] / residual[-1] > 0.1
    assert 0.5 < both[0] / both[-1] < 2
    normalised = norms("xavier", "sigmoid", normalise=True)
    assert 1e-9 < normalised[0] / normalised[-1] < 1e-6


def test_normalising_makes_the_scale_of_weights_harmless() -> None:
    """With normalised layers the ratio of first to last gradient is the same for weights a hundred times as large."""
    small, normal = norms("small", "tanh", normalise=True), norms("normal", "tanh", normalise=True)
    assert_allclose(small / small[-1], normal / normal[-1], rtol=1e-6)


def test_layer_norm() -> None:
    """Each sample gets mean 0 and deviation 1, and the gradient is right for uneven upstream gradients."""
    rng = np.random.default_rng(0)
    z, upstream = 5 + 3 * rng.normal(size=(2, 6, 4))
    n = vg.layer_norm(z)
    assert_allclose(n.mean(axis=0), 0, atol=1e-12)
    assert_allclose(n.std(axis=0), 1)
    assert gradient_check(vg.layer_norm, {"z": z}, {"z": vg.layer_norm_grad(upstream, z)}, upstream)["z"] < 1e-10


@pytest.mark.parametrize(
    ("init", "std"), [("zeros", 0), ("small", 0.01), ("normal", 1), ("xavier", np.sqrt(2 / 500)), ("he", np.sqrt(2 / 300)), (0.3, 0.3)]
)
def test_initial_weights(init: str | float, std: float) -> None:
    """Shape (neurons, inputs) and the standard deviation that the name stands for, or the one that is given."""
    (W,) = vg.initial_weights([300, 200], init, np.random.default_rng(0))
    assert W.shape == (200, 300)
    assert W.std() == pytest.approx(std, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vg.chain_factors([1, 2], [0, 0], sigmoid_grad), r"w must hold w2 … w2, 1 weights for 2 pre-activations, got shape \(2,\)"),
        (lambda: vg.initial_weights([2, 2], "xaver", np.random.default_rng()), r"init must be one of zeros, small, normal, xavier, he, sigmoid or a number, got 'xaver'"),
        (lambda: vg.initial_weights([2, 2], -0.1, np.random.default_rng()), r"init must be zero or more, got -0.1"),
        (lambda: vg.deep_gradients(np.ones((2, 1)), [np.ones((3, 2))], relu, relu, residual=True), r"W must be matrices of 2 × 2 for residual layers, got \[\(3, 2\)\]"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
