"""Batches, what tames a gradient, and update rules: by hand, by their formulas, and beside PyTorch and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

from nnlab import optimizers as opt
from nnlab.backpropagation import numerical_gradient, relative_error
from nnlab.traffic_classifier import objective

STEPS, SIZE = 100, 30
START = np.random.default_rng(0).normal(size=SIZE)
TARGET = np.random.default_rng(1).normal(size=(STEPS, SIZE))


def gradients(theta: np.ndarray, step: int) -> np.ndarray:
    """Return the gradient of a bent function that is another one each step, as with mini-batches: sizes differ by orders of magnitude."""
    return np.logspace(-3, 2, SIZE) * np.tanh(theta - TARGET[step])


def run(optimizer: opt.Optimizer) -> np.ndarray:
    """Take 100 steps."""
    theta = START.copy()
    for step in range(STEPS):
        optimizer.step(theta, gradients(theta, step))
    return theta


# ---- Batches ----


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_an_epoch_shows_every_sample_once(samples: int, size: int, seed: int) -> None:
    """All batches but the last have the same size, and together they hold each sample once."""
    drawn = list(opt.batches(samples, size, np.random.default_rng(seed)))
    assert sorted(np.concatenate(drawn)) == list(range(samples))
    assert {len(batch) for batch in drawn[:-1]} <= {size}
    assert 1 <= len(drawn[-1]) <= size


def test_batches_are_drawn_anew() -> None:
    """Two epochs have different orders; one batch of all samples keeps theirs, and asks for no random number."""
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(opt.batches(20, 5, rng))) for _ in range(2))
    assert first.tolist() != second.tolist()
    before = rng.bit_generator.state
    assert [batch.tolist() for batch in opt.batches(4, 9, rng)] == [[0, 1, 2, 3]]
    assert rng.bit_generator.state == before


# ---- What tames a gradient ----


def test_gradient_norms() -> None:
    """Each array has its own Euclidean norm, whatever its shape."""
    assert opt.gradient_norms([np.array([3.0, 4]), np.array([[1.0, 1], [1, 1]]), np.zeros(3)]).tolist() == [5, 2, 0]


def test_clip_by_norm_keeps_the_direction() -> None:
    """(3, 4) and 12 have the common norm 13; at limit 6.5 all are halved in place, at 20 none is touched."""
    clipped = [np.array([3.0, 4]), np.array([[12.0]])]
    assert opt.clip_by_norm(clipped, 20) == 13
    assert (clipped[0].tolist(), clipped[1].tolist()) == ([3, 4], [[12]])
    assert opt.clip_by_norm(clipped, 6.5) == 13
    assert (clipped[0].tolist(), clipped[1].tolist()) == ([1.5, 2], [[6]])
    zero = [np.zeros(2)]
    assert opt.clip_by_norm(zero, 1) == 0
    assert zero[0].tolist() == [0, 0]


def test_clip_by_value_bends_it() -> None:
    """Each element for itself, in place."""
    clipped = [np.array([3.0, -4, 0.5])]
    opt.clip_by_value(clipped, 1)
    assert clipped[0].tolist() == [1, -1, 0.5]


@given(arrays(float, (2, 5), elements=st.floats(-1e6, 1e6)), st.floats(1e-3, 1e3))
def test_clipping_keeps_its_limit(g: np.ndarray, limit: float) -> None:
    """No norm and no element is above the limit, and clipping by norm leaves all angles."""
    parts = [g[0].copy(), g[1].copy()]
    norm = opt.clip_by_norm(parts, limit)
    assert np.linalg.norm(parts) <= limit * (1 + 1e-12)
    assert_allclose(np.array(parts) * max(norm, limit), g * limit, rtol=1e-12, atol=1e-300)
    opt.clip_by_value([g], limit)
    assert np.abs(g).max() <= limit


def test_pytorch_clips_nearly_the_same(torch: Any) -> None:
    """`clip_grad_norm_` divides by the norm + 1e-6, and so ends 1e-6 / norm shorter."""
    ours, theirs = [np.array([3.0, 4])], torch.zeros(2, dtype=torch.float64, requires_grad=True)
    theirs.grad = torch.tensor(ours[0])
    torch.nn.utils.clip_grad_norm_([theirs], 1.0)
    opt.clip_by_norm(ours, 1.0)
    assert np.linalg.norm(theirs.grad.numpy()) == pytest.approx(1 - 1e-6 / 5, abs=1e-12)
    assert np.linalg.norm(ours) == pytest.approx(1, abs=1e-15)


def test_l2_is_the_gradient_of_the_objective() -> None:
    """The gradient of λ/2 Σ ‖W‖² is λ W, and the penalty itself is returned."""
    W, V, dW = np.array([[1.0, -2], [3, 4]]), np.array([[2.0, 0]]), [np.ones((2, 2)), np.ones((1, 2))]
    measured = numerical_gradient(lambda W, V: objective(float(W.sum() + V.sum()), [W, V], 0.3), {"W": W, "V": V})
    assert opt.add_l2(dW, [W, V], 0.3) == pytest.approx(objective(0, [W, V], 0.3)) == pytest.approx(0.15 * 34)
    assert_allclose(dW[0], measured["W"], rtol=1e-10)
    assert_allclose(dW[1], measured["V"], rtol=1e-10)


# ---- Update rules ----


def test_gradient_descent_by_hand() -> None:
    """θ = (1, 2), g = (10, −10), α = 0.1: θ becomes (0, 3), and g stays."""
    theta, g = np.array([1.0, 2]), np.array([10.0, -10])
    opt.GradientDescent(0.1).step(theta, g)
    assert (theta.tolist(), g.tolist()) == ([0, 3], [10, -10])


def test_momentum_by_hand() -> None:
    """With g = 1, μ = 0.5 and α = 1 the velocity is 1, 1.5, 1.75, and θ falls by it."""
    theta, optimizer, seen = np.array([0.0]), opt.Momentum(1.0, 0.5), []
    for _ in range(3):
        optimizer.step(theta, np.array([1.0]))
        seen.append(float(theta[0]))
    assert seen == [-1, -2.5, -4.25]


def test_adam_first_step_is_the_learning_rate() -> None:
    """After one step m̂ = g and √v̂ = |g|: each parameter moves by α against the sign of its gradient, however large this is."""
    theta = np.zeros(4)
    opt.Adam(0.01).step(theta, np.array([1e-3, -1, 1e3, 1e6]))
    assert_allclose(theta, [-0.01, 0.01, -0.01, -0.01], rtol=1e-4)


def naive_adam(epsilon: float = 1e-8) -> np.ndarray:
    """Take 100 steps as the paper types them."""
    theta, m, v = START.copy(), np.zeros(SIZE), np.zeros(SIZE)
    for t in range(1, STEPS + 1):
        g = gradients(theta, t - 1)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        theta -= 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + epsilon)
    return theta


@pytest.mark.parametrize("epsilon", [1e-8, 1e-2])
def test_adam_is_the_papers(epsilon: float) -> None:
    """With its constant factors taken out of m and v the rule is still that of the paper, a large ε included."""
    assert relative_error(run(opt.Adam(0.01, epsilon=epsilon)), naive_adam(epsilon)) < 1e-13


def test_scikit_learns_adam_places_epsilon_elsewhere() -> None:
    """It adds ε before the correction of v: with gradients of 1e-5 to 1 some 7e-4 apart after 100 steps, and more with smaller ones."""

    def apart(scale: float) -> float:
        theirs, ours, rule, optimizer = START.copy(), START.copy(), AdamOptimizer([START], 0.01), opt.Adam(0.01)
        for step in range(STEPS):
            theirs += rule._get_updates([scale * gradients(theirs, step)])[0]
            optimizer.step(ours, scale * gradients(ours, step))
        return relative_error(theirs, ours)

    assert apart(1e-2) == pytest.approx(7e-4, rel=0.1)
    assert apart(1) < apart(1e-2) < apart(1e-4)


@pytest.mark.parametrize(
    ("optimizer", "theirs", "settings"),
    [
        (opt.GradientDescent(0.003), "SGD", {"lr": 0.003}),
        (opt.Momentum(0.003, 0.9), "SGD", {"lr": 0.003, "momentum": 0.9}),
        (opt.Nesterov(0.003, 0.9), "SGD", {"lr": 0.003, "momentum": 0.9, "nesterov": True}),
        (opt.Adam(0.01), "Adam", {"lr": 0.01}),
        (opt.Adam(0.05, 0.8, 0.99, 1e-3), "Adam", {"lr": 0.05, "betas": (0.8, 0.99), "eps": 1e-3}),
    ],
    ids=["sgd", "momentum", "nesterov", "adam", "adam with other settings"],
)
def test_hundred_steps_are_pytorchs(torch: Any, optimizer: opt.Optimizer, theirs: str, settings: dict) -> None:
    """After 100 steps in float64 the parameters are those of `torch.optim`, below 1e-10."""
    theta = torch.tensor(START, requires_grad=True)
    rule = getattr(torch.optim, theirs)([theta], **settings)
    for step in range(STEPS):
        theta.grad = torch.tensor(gradients(theta.detach().numpy(), step))
        rule.step()
    ours = run(optimizer)
    assert np.linalg.norm(ours - START) > 1
    assert relative_error(ours, theta.detach().numpy()) < 1e-10


@pytest.mark.parametrize("name", opt.OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_keep_type_and_gradient(name: str, dtype: type) -> None:
    """θ moves in its own memory and number type, and the gradient is left as it is."""
    theta, g = np.ones(3, dtype), np.arange(3, dtype=dtype)
    same, optimizer = theta, opt.OPTIMIZERS[name]()
    for _ in range(3):
        optimizer.step(theta, g)
    assert (same is theta, theta.dtype) == (True, dtype)
    assert_array_equal(g, [0, 1, 2])
    assert theta[0] == 1
    assert (theta[1:] < 1).all()


@pytest.mark.parametrize(
    "optimizer", [opt.GradientDescent(0.4), opt.Momentum(0.2, 0.5), opt.Nesterov(0.2, 0.5), opt.Adam(0.3)], ids=list(opt.OPTIMIZERS)
)
def test_all_walk_down_a_bowl(optimizer: opt.Optimizer) -> None:
    """The path starts where it should, has one place a step, and ends in the minimum (1, −1)."""
    path = opt.descend(lambda theta: theta - [1, -1], [3, 2], optimizer, 200)
    assert path.shape == (201, 2)
    assert path[0].tolist() == [3, 2]
    assert_allclose(path[-1], [1, -1], atol=1e-3)
    assert len(np.unique(path[:10], axis=0)) == 10


def test_descent_with_too_large_a_step_leaves() -> None:
    """On θ²/2 each step multiplies θ by 1 − α: with α = 2.5 by −1.5."""
    path = opt.descend(lambda theta: theta, [1.0], opt.GradientDescent(2.5), 3)
    assert path.ravel().tolist() == [1, -1.5, 2.25, -3.375]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: list(opt.batches(5, 0, np.random.default_rng())), r"size must be a whole number of at least 1, got 0"),
        (lambda: opt.clip_by_norm([np.ones(2)], 0), r"limit must be a positive number, got 0"),
        (lambda: opt.clip_by_value([np.ones(2)], np.nan), r"limit must be a positive number, got nan"),
        (lambda: opt.add_l2([], [], np.inf), r"penalty must be zero or more, got inf"),
        (lambda: opt.GradientDescent(0), r"learning_rate must be a positive number, got 0. Try a small one"),
        (lambda: opt.GradientDescent(np.nan), r"learning_rate must be a positive number, got nan"),
        (lambda: opt.Momentum(-1), r"learning_rate must be a positive number, got -1"),
        (lambda: opt.Momentum(0.1, 1), r"momentum must be at least 0 and less than 1, got 1. It is the share of the velocity that is kept"),
        (lambda: opt.Adam(np.inf), r"learning_rate must be a positive number, got inf"),
        (lambda: opt.Adam(beta1=1), r"beta1 must be at least 0 and less than 1, got 1. It is the memory of a running mean"),
        (lambda: opt.Adam(beta2=-0.1), r"beta2 must be at least 0 and less than 1, got -0.1"),
        (lambda: opt.Adam(epsilon=0), r"epsilon must be a positive number, got 0"),
        (lambda: opt.Adam().step(np.ones(2), np.ones(3)), r"g must have the shape of theta, \(2,\), got \(3,\)"),
        (lambda: opt.GradientDescent().step(np.ones((2, 1)), np.ones(2)), r"g must have the shape of theta, \(2, 1\), got \(2,\)"),
        (lambda: opt.descend(lambda theta: theta, [np.nan], opt.Adam(), 1), r"theta must be finite, got 1 NaN or infinite of 1"),
        (lambda: opt.descend(lambda theta: theta, [1.0], opt.Adam(), -1), r"steps must be a whole number of at least 0, got -1"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()


def test_single_steps_are_those_of_the_classes() -> None:
    """Chapter 08's steps leave their input alone, and walk where the classes walk in place."""
    rng = np.random.default_rng(0)
    for optimizer, step in ((opt.Momentum(0.1, 0.8), opt.momentum_step), (opt.Nesterov(0.1, 0.8), opt.nesterov_step)):
        theta, walked, v = np.ones(4), np.ones(4), np.zeros(4)
        for g in rng.normal(size=(20, 4)):
            optimizer.step(theta, g)
            walked, v = step(walked, g, v, 0.1, 0.8)
        assert_allclose(walked, theta, rtol=1e-12)
    adam, theta, walked, m, v = opt.Adam(0.1), np.ones(4), np.ones(4), np.zeros(4), np.zeros(4)
    for t, g in enumerate(rng.normal(size=(20, 4)), 1):
        adam.step(theta, g)
        walked, m, v = opt.adam_step(walked, g, m, v, t, 0.1)
    assert_allclose(walked, theta, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: opt.batch_noise(np.ones((2, 3)), 0), "size must be a whole number of at least 1"),
        (lambda: opt.learning_rate("linear", 1, 10, 0.1), "schedule must be one of constant, step, exponential, inverse, cosine"),
        (lambda: opt.learning_rate("cosine", 0, 0, 0.1), "t must be between 0 and T, and T above 0, got t = 0 and T = 0"),
        (lambda: opt.learning_rate("step", 11, 10, 0.1), "t must be between 0 and T, and T above 0, got t = 11 and T = 10"),
        (lambda: opt.learning_rate("inverse", -1, 10, 0.1), "t must be between 0 and T"),
        (lambda: opt.learning_rate("step", 1, 10, -0.1), "alpha must be a positive number, got -0.1"),
        (lambda: opt.history(["a"], np.ones((1, 1))), "one run proves nothing"),
    ],
)
def test_chapter_refuses(call: Callable[[], object], message: str) -> None:
    """Bad input gets a sentence."""
    with pytest.raises(ValueError, match=message):
        call()
