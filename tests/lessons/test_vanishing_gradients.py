"""The chain product, gradient norms layer by layer, and the cures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from nnlab import vanishing_gradients as vg
from nnlab.activations import relu, sigmoid, sigmoid_derivative, softmax, tanh
from nnlab.backpropagation import Node, apply, backward, central_differences, cross_entropy, gradient_check, relative_error
from nnlab.forward_propagation import forward
from nnlab.optimizers import clip_by_norm, gradient_norms

FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_derivative),
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
    factors = vg.chain_factors(w[1:], [float(node.value) for node in z], sigmoid_derivative)
    assert factors.shape == (4,)
    assert factors.prod() == pytest.approx(float(b[0].grad), rel=1e-12)


@given(st.lists(st.floats(-50, 50), min_size=4, max_size=4), st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_sigmoid_loses_a_factor_of_four_a_layer(z: list[float], w: list[float]) -> None:
    """Since σ′ <= 1/4, four layers with weights up to 1 pass at most 1/256; since tanh′ <= 1, tanh at most 1."""
    assert abs(vg.chain_factors(w, z, sigmoid_derivative).prod()) <= 1 / 256
    assert abs(vg.chain_factors(w, z, FUNCTIONS["tanh"][1]).prod()) <= 1


def test_the_chain_explodes_with_large_weights() -> None:
    """|w σ′| ≫ 1: with weights 100 at z = 0 each further layer multiplies by 25."""
    assert vg.chain_factors([100, 100, 100], [0, 0, 0, 0], sigmoid_derivative).tolist() == [0.25, 25, 25, 25]


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
        (lambda: vg.chain_factors([1, 2], [0, 0], sigmoid_derivative), r"w must hold w2 … w2, 1 weights for 2 pre-activations, got shape \(2,\)"),
        (lambda: vg.initial_weights([2, 2], "xaver", np.random.default_rng()), r"init must be one of zeros, small, normal, xavier, he, sigmoid or a number, got 'xaver'"),
        (lambda: vg.initial_weights([2, 2], -0.1, np.random.default_rng()), r"init must be zero or more, got -0.1"),
        (lambda: vg.deep_gradients(np.ones((2, 1)), [np.ones((3, 2))], relu, relu, residual=True), r"W must be matrices of 2 × 2 for residual layers, got \[\(3, 2\)\]"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()


# ---- The window, the start, the diagnosis ----


@given(st.floats(-300, 300))
def test_explosion_window(w: float) -> None:
    """Even in w, 0 up to 4, at most 0.4477 wide, and |wσ′| is 1 at its edges."""
    width = vg.explosion_window(w)
    assert width == vg.explosion_window(-w)
    assert 0 <= width < 0.44775
    assert (width == 0) == (abs(w) <= 4)
    if width:
        assert abs(w) * sigmoid_derivative(w * width / 2) == pytest.approx(1)


def test_explosion_window_has_no_jump_at_4() -> None:
    """It opens like a root: close to 4 it is close to 0."""
    assert vg.explosion_window(4 + 1e-10) < 1e-5


@pytest.mark.parametrize(("activation", "std"), [("tanh", np.sqrt(2 / 50)), ("relu", np.sqrt(2 / 30)), ("sigmoid", 4 * np.sqrt(2 / 50))])
def test_initial_std(activation: str, std: float) -> None:
    """Xavier for tanh, He for ReLU, four times Xavier for the sigmoid."""
    assert vg.initial_std(30, 20, activation) == pytest.approx(std)


def test_initial_std_keeps_signal_and_gradient() -> None:
    """Behind 20 layers of 64 the activations of tanh and ReLU have not changed by more than a factor of 30."""
    rng = np.random.default_rng(0)
    for name in ("tanh", "relu"):
        a = rng.normal(size=(64, 200))
        before = a.std()
        for _ in range(20):
            a = FUNCTIONS[name][0](vg.initial_std(64, 64, name) * rng.normal(size=(64, 64)) @ a)
        assert 1 / 30 < a.std() / before < 30


@pytest.mark.parametrize(
    ("norms", "said"),
    [
        ([1e-6, 0.1, 1.0], "vanishing"),
        ([50.0, 1.0, 1.0], "exploding"),
        ([1e-12] * 4, "small everywhere"),
        ([1e5] * 4, "exploding"),
        ([0.5, 1.0, 1.0], "healthy"),
        ([0.5, 1.0], "healthy"),
        ([0.0, 0.0, 1.0], "vanishing"),
        ([0.0, 0.0, 0.0], "small everywhere"),
        ([1.0, np.nan, 1.0], "exploding"),
        ([1.0, np.inf, 1.0], "exploding"),
        ([0.3, 0.3, 100.0], "healthy"),
    ],
)
def test_diagnose(norms: list[float], said: str) -> None:
    """The output layer does not count for the ratio, sizes come before ratios, and what is no number has exploded."""
    assert vg.diagnose(norms) == said


def test_clipped_like_the_library_in_place() -> None:
    """It gives what `clip_by_norm` does in place, and leaves its list alone."""
    rng = np.random.default_rng(0)
    for limit in (0.5, 100.0):
        g = [rng.normal(size=(3, 2)), rng.normal(size=4)]
        kept = [each.copy() for each in g]
        ours = vg.clipped(g, limit)
        assert all(np.array_equal(one, other) for one, other in zip(g, kept, strict=True))
        clip_by_norm(g, limit)
        for one, other in zip(ours, g, strict=True):
            assert_allclose(one, other)


def test_residual_backward_against_the_graph() -> None:
    """The gradient at the input of a + tanh(Wa) is that of reverse mode."""
    rng = np.random.default_rng(1)
    a, W, g = Node(rng.normal(size=(4, 3))), rng.normal(size=(4, 4)), rng.normal(size=(4, 3))
    out = a + apply("tanh", Node(W) @ a)
    out.backward(g)
    back, _ = vg.residual_backward(g, W, W @ a.value, FUNCTIONS["tanh"][1])
    assert relative_error(back, a.grad) < 1e-12


def test_batch_norm() -> None:
    """Each neuron gets mean 0 and deviation 1 over the batch, and the gradient is right for uneven upstream gradients."""
    rng = np.random.default_rng(0)
    z, upstream = 5 + 3 * rng.normal(size=(2, 4, 6))
    n = vg.batch_norm(z)
    assert_allclose(n.mean(axis=1), 0, atol=1e-12)
    assert_allclose(n.std(axis=1), 1)
    assert gradient_check(vg.batch_norm, {"z": z}, {"z": vg.batch_norm_grad(upstream, z)}, upstream)["z"] < 1e-10


# ---- A deep network that can be trained ----

WAYS = [(residual, normalise) for residual in (False, True) for normalise in (None, "layer", "batch")]


def deep(seed: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Draw samples, targets, weights and biases of a network 3-4-4-4-2."""
    rng = np.random.default_rng(seed)
    W = vg.initial_weights([3, 4, 4, 4, 2], "he", rng)
    return rng.normal(size=(3, 6)), np.eye(2)[:, rng.integers(2, size=6)], W, [rng.normal(size=(len(w), 1)) for w in W]


@pytest.mark.parametrize(("residual", "normalise"), WAYS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_deep_backward_against_differences(name: str, residual: bool, normalise: str | None) -> None:
    """Weights and biases, below 1e-7, for every function and cure. Behind a normalised layer a bias of all neurons can have no effect."""
    x, y, W, b = deep(5)
    f, f_grad = FUNCTIONS[name]

    def cost(**p: np.ndarray) -> np.ndarray:
        made = vg.deep_forward(x, [p[f"W{i}"] for i in range(4)], [p[f"b{i}"] for i in range(4)], f, residual=residual, normalise=normalise)
        return np.array([[cross_entropy(made.z[-1], y)]])

    made = vg.deep_forward(x, W, b, f, residual=residual, normalise=normalise)
    dW, db = vg.deep_backward(made, W, made.a[-1] - y, f_grad)
    params = {f"{kind}{i}": each[i] for kind, each in (("W", W), ("b", b)) for i in range(4)}
    ours = {f"{kind}{i}": each[i] for kind, each in (("W", dW), ("b", db)) for i in range(4)}
    for key, p in params.items():
        measured = central_differences(lambda v, key=key: float(cost(**{**params, key: v})[0, 0]), p)
        assert_allclose(ours[key], measured, atol=1e-8, rtol=1e-6)


def test_plain_deep_network_is_that_of_chapter_04() -> None:
    """Without a cure, forward and backward give the same numbers as `forward` and `backward`."""
    x, y, W, b = deep(2)
    z, a = forward(x, W, b, tanh, softmax)
    made = vg.deep_forward(x, W, b, tanh)
    assert all(np.array_equal(one, other) for one, other in zip([*made.z, *made.a], [*z, *a], strict=True))
    for ours, theirs in zip(
        vg.deep_backward(made, W, a[-1] - y, FUNCTIONS["tanh"][1]), backward(y, W, z, a, FUNCTIONS["tanh"][1], np.ones_like), strict=True
    ):
        for one, other in zip(ours, theirs, strict=True):
            assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize(("residual", "normalise"), WAYS)
def test_deep_network_against_torch(residual: bool, normalise: str | None) -> None:
    """Gradients agree with PyTorch's automatic differentiation, below 1e-10."""
    torch = pytest.importorskip("torch")
    x, y, W, b = deep(3)
    leaves = [torch.tensor(each, requires_grad=True) for each in (*W, *b)]
    a = torch.tensor(x)
    for i in range(4):
        z = leaves[i] @ a + leaves[4 + i]
        if i < 3:
            if normalise:
                axis = 0 if normalise == "layer" else 1
                z = (z - z.mean(axis, keepdim=True)) / torch.sqrt(z.var(axis, keepdim=True, correction=0) + vg.EPSILON)
            a = torch.tanh(z) + (a if residual and W[i].shape[0] == W[i].shape[1] else 0)
    torch.nn.functional.cross_entropy(z.T, torch.tensor(y.argmax(axis=0))).backward()
    made = vg.deep_forward(x, W, b, np.tanh, residual=residual, normalise=normalise)
    dW, db = vg.deep_backward(made, W, made.a[-1] - y, FUNCTIONS["tanh"][1])
    for one, leaf in zip((*dW, *db), leaves, strict=True):
        assert_allclose(one, leaf.grad.numpy(), atol=1e-10)


def test_train_deep_learns_and_leaves_its_start() -> None:
    """The cost falls, the parameters it was given stay, and a clipped step is as long as the limit."""
    x, y, W, b = deep(4)
    kept = [each.copy() for each in (*W, *b)]
    _, _, costs, norms = vg.train_deep(x, y, W, b, np.tanh, FUNCTIONS["tanh"][1], 0.3, [np.arange(6)] * 100)
    assert costs[-1] < 0.3 * costs[0]
    assert norms[0].shape == (4,)
    assert all(np.array_equal(one, other) for one, other in zip((*W, *b), kept, strict=True))
    W_1, b_1, *_ = vg.train_deep(x, y, W, b, np.tanh, FUNCTIONS["tanh"][1], 1.0, [np.arange(6)], 0.01)
    assert np.sqrt(sum(np.square(new - old).sum() for new, old in zip((*W_1, *b_1), kept, strict=True))) == pytest.approx(0.01)


LADDER = {  # activation function: depth, width, and the bounds of ratio and spread that twelve seeds keep
    "tanh": ((30, 32), (0.05, 20), (0.01, 1)),
    "relu": ((30, 32), (0.003, 50), (0.001, 300)),
    "sigmoid": ((25, 48), (0.01, 100), (0.015, 1)),
}


@pytest.mark.parametrize("name", LADDER)
def test_deep_start_reaches_the_first_layer(name: str) -> None:
    """With twelve seeds: the first layer gets its gradient, and the samples still differ behind the last hidden one."""
    (depth, width), ratios, spreads = LADDER[name]
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X, Y = rng.normal(size=(5, 128)), np.eye(3)[:, rng.integers(3, size=128)]
        W, b = vg.deep_start(X, [5, *[width] * (depth - 1), 3], name, rng)
        ratio, spread, least = vg.start_quality(W, b, X, Y, *FUNCTIONS[name])
        assert ratios[0] < ratio < ratios[1]
        assert spreads[0] < spread < spreads[1]
        assert least > 0.0005


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vg.initial_std(3, 2, "gelu"), "activation must be one of sigmoid, tanh, relu, got 'gelu'"),
        (lambda: vg.initial_std(0, 2, "tanh"), "inputs must be a whole number of at least 1, got 0"),
        (lambda: vg.diagnose([1.0]), r"norms must hold one number a layer, for two layers or more, got shape \(1,\)"),
        (lambda: vg.clipped([np.ones(2)], 0.0), "limit must be a positive number, got 0.0"),
        (lambda: vg.residual_backward(np.ones((2, 1)), np.ones((3, 2)), np.ones((2, 1)), relu), r"W must be a matrix of 2 × 2 for a residual layer, got shape \(3, 2\)"),
        (lambda: vg.residual_backward(np.ones((2, 1)), np.ones((2, 2)), np.ones((2, 3)), relu), r"delta_out must have the shape of z, \(2, 3\), got \(2, 1\)"),
        (lambda: vg.deep_forward(np.ones((2, 1)), [np.ones((2, 2))], [np.ones((2, 1))], relu, normalise="group"), "normalise must be one of None, 'layer', 'batch', got 'group'"),
    ],
)  # fmt: skip
def test_bad_input_of_the_cures_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
