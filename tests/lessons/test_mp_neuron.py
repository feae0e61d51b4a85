"""The threshold unit, the perceptron rule and its bound, and XOR."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import Perceptron as TheirPerceptron

from nnlab.mp_neuron import (
    GATES,
    POINT_SETS,
    TRUTH_TABLE,
    Perceptron,
    classify,
    gate,
    mistake_bound,
    mp_neuron,
    naive_sign,
    perceptron_update,
    product_feature,
    separating_line,
    step,
    threshold_unit,
    train_perceptron,
    two_layers,
    xor_network,
)

SEPARABLE, INSEPARABLE = ["lecture", "and"], ["xor", "enclosed"]


def test_step_is_silent_at_zero() -> None:
    """S0: f(x) = 0 for x <= 0, and 1 for x > 0."""
    assert step([-1, -0.0, 0, 1e-300, 7]).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(("gate", "outputs"), [("AND", [0, 0, 0, 1]), ("OR", [0, 1, 1, 1]), ("NAND", [1, 1, 1, 0])])
def test_gates_by_hand(gate: str, outputs: list[int]) -> None:
    """One threshold unit is each of these gates."""
    assert mp_neuron(TRUTH_TABLE, *GATES[gate]).tolist() == outputs


def test_not_has_one_input() -> None:
    """NOT turns 0 into 1 and 1 into 0."""
    assert mp_neuron([[0, 1]], *GATES["NOT"]).tolist() == [1, 0]


def test_one_sample_gives_one_number() -> None:
    """A vector is one sample: 1·3 + 2·(−1) = 1 exceeds 0.5 and does not exceed 1."""
    assert mp_neuron([3, -1], [1, 2], 0.5) == 1
    assert mp_neuron([3, -1], [1, 2], 1) == 0


def test_gate_brings_arrays() -> None:
    """A gate's weights come as an array of floats, anew each time."""
    w, theta = gate("NAND")
    assert (w.tolist(), w.dtype, theta) == ([-1, -1], float, -1.5)
    assert gate("NAND")[0] is not w


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 4), min_size=1, max_size=8))
def test_bias_is_minus_the_threshold(rows: list[tuple[int, int, int, int]]) -> None:
    """Whether w · x > θ or w · x + b > 0 with b = −θ is asked, the answer is the same."""
    for w1, w2, x1, theta in rows:
        x = np.array([[x1], [theta - x1]])
        assert mp_neuron(x, [w1, w2], theta) == float(np.dot([w1, w2], x.ravel()) > theta)
        assert_array_equal(mp_neuron(x, [w1, w2], theta), threshold_unit(x, [w1, w2], -theta))


def test_xor_by_two_layers() -> None:
    """AND of OR and NAND is XOR."""
    assert two_layers(TRUTH_TABLE, *xor_network()).tolist() == [0, 1, 1, 0]
    assert two_layers([1, 0], *xor_network()) == 1


def test_xor_by_a_feature_transform() -> None:
    """With x1·x2 as a third feature one unit is enough, and the perceptron finds one."""
    X = product_feature(TRUTH_TABLE)
    assert X.shape == (3, 4)
    assert mp_neuron(X, [1, 1, -2], 0.5).tolist() == [0, 1, 1, 0]
    assert Perceptron().fit(X, POINT_SETS["xor"][1]).converged


def test_slide_sign_turns_a_half_into_zero() -> None:
    """S2, erratum 8: `sign` returns int(y). So a right answer of 0.5 counts as a mistake."""
    assert naive_sign(0.5) == naive_sign(-0.5) == 0
    assert naive_sign(0.5) * 1 <= 0 < np.sign(0.5) * 1


def test_lecture_points() -> None:
    """S2: (3, −3) and (4, −3) against (1, 1) and (1, 2), worked by hand: two mistakes, w = (−2, 4), b = 0."""
    X, y = POINT_SETS["lecture"]
    assert X.T.tolist() == [[3, -3], [4, -3], [1, 1], [1, 2]]
    learned = Perceptron().fit(X, y)
    (w1, b1), (w2, b2) = learned.path
    assert (w1.tolist(), b1, w2.tolist(), b2) == ([-3, 3], -1, [-2, 4], 0)
    assert (learned.mistakes, learned.epochs, learned.converged) == (2, 2, True)
    assert_array_equal(learned.predict(X), y)


def test_classify_gives_minus_one_on_the_line() -> None:
    """Labels are −1 and +1; what the neuron does not answer with yes is −1."""
    assert classify([[2, 1, 0], [0, 0, 0]], [1, 5], -1).tolist() == [1, -1, -1]


def test_train_perceptron_tells_what_the_class_learned() -> None:
    """w, b, mistakes, converged; with one epoch nothing confirms that the line is right."""
    w, b, *rest = train_perceptron(*POINT_SETS["lecture"])
    assert (w.tolist(), b, *rest) == ([-2, 4], 0, 2, True)
    assert train_perceptron(*POINT_SETS["lecture"], max_epochs=1)[2:] == (2, False)


def test_bound_needs_the_constant_input() -> None:
    """S2's R over x alone, with the widest margin 1/√8 of AND, bounds the mistakes by 16; the perceptron makes 18."""
    X, y = POINT_SETS["and"]
    w, b = np.array([1.0, 1.0]), -1.5
    plain = (X**2).sum(axis=0).max() / ((y * (w @ X + b)).min() / np.linalg.norm(w)) ** 2
    assert_allclose(plain, 16)
    assert plain < Perceptron().fit(X, y).mistakes == 18 <= mistake_bound(X, y, w, b)


def test_separating_line() -> None:
    """The line of w = (−2, 4), b = 0 is x2 = x1/2. Every point of a line gives w · x + b = 0."""
    assert separating_line([-2, 4], 0, [0, 5]).tolist() == [0, 2.5]
    x1 = np.linspace(-3, 3, 7)
    assert_allclose(1.5 * x1 - 0.7 * separating_line([1.5, -0.7], 2, x1) + 2, 0, atol=1e-14)


@pytest.mark.parametrize("name", SEPARABLE)
def test_separable_sets_converge(name: str) -> None:
    """A line is found, within the bound of any line that separates."""
    X, y = POINT_SETS[name]
    learned = Perceptron(max_epochs=20).fit(X, y)
    assert learned.converged
    assert_array_equal(learned.predict(X), y)
    assert 0 < learned.mistakes <= mistake_bound(X, y, learned.w, learned.b)


@pytest.mark.parametrize("name", INSEPARABLE)
def test_inseparable_sets_stop_at_the_limit(name: str) -> None:
    """No line exists, so only the limit stops it; it says so and predicts some sample wrongly."""
    X, y = POINT_SETS[name]
    learned = Perceptron(max_epochs=50).fit(X, y)
    assert (learned.converged, learned.epochs) == (False, 50)
    assert (learned.predict(X) != y).any()


def test_xor_ends_where_the_slide_says() -> None:
    """S2: on XOR the perceptron goes round in a circle and stops with the weights 0, 0, 0."""
    learned = Perceptron(max_epochs=1000).fit(*POINT_SETS["xor"])
    assert [*learned.w, learned.b] == [0, 0, 0]
    assert learned.mistakes == 4000


def test_the_update_turns_towards_the_sample() -> None:
    """After an update y·z is larger by α (‖x‖² + 1), and the old weights are untouched."""
    w, x = np.array([1.0, -2.0]), np.array([3.0, 1.0])
    new, b = perceptron_update(w, 0.5, x, -1, learning_rate=0.1)
    assert_allclose(-1 * (new @ x + b) + (w @ x + 0.5), 0.1 * (10 + 1))
    assert w.tolist() == [1, -2]


def test_learning_rate_changes_the_scale_only() -> None:
    """From zero weights, w and b are proportional to α and the mistakes are the same."""
    one, half = (Perceptron(learning_rate=alpha).fit(*POINT_SETS["and"]) for alpha in (1, 0.5))
    assert_array_equal(half.w, one.w / 2)
    assert half.mistakes == one.mistakes


def test_fit_starts_anew() -> None:
    """A second `fit` forgets the first."""
    twice = Perceptron().fit(*POINT_SETS["and"]).fit(*POINT_SETS["lecture"])
    assert twice.mistakes == 2
    assert_array_equal(twice.w, [-2, 4])


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(2, 30))
def test_mistakes_stay_within_the_bound(seed: int, features: int, samples: int) -> None:
    """On any separable set: mistakes <= R²/γ², for the line that labelled it and for the line that was learned."""
    rng = np.random.default_rng(seed)
    X, w, b = rng.normal(size=(features, samples)), rng.normal(size=features), rng.normal()
    z = w @ X + b
    assume(np.abs(z).min() > 0.02)  # so that the bound stays within reach
    y = np.sign(z)
    bound = mistake_bound(X, y, w, b)
    learned = Perceptron(max_epochs=int(bound) + 2).fit(X, y)
    assert learned.converged
    assert learned.mistakes <= bound
    if len(set(y)) == 2:
        assert learned.mistakes <= mistake_bound(X, y, learned.w, learned.b)


def test_bound_by_hand() -> None:
    """Points 2 and −1 on a line, w = 1, b = 0: R² = 4 + 1, γ = 1, so at most 5 mistakes."""
    assert mistake_bound([[2.0, -1.0]], [1, -1], [1.0]) == 5


def test_agrees_with_scikit_learn() -> None:
    """The same rule in the same order gives scikit-learn's weights."""
    X, y = POINT_SETS["and"]
    theirs = TheirPerceptron(shuffle=False, tol=None, max_iter=50, eta0=1).fit(X.T, y)
    ours = Perceptron(max_epochs=50).fit(X, y)
    assert_array_equal(ours.w, theirs.coef_[0])
    assert ours.b == theirs.intercept_[0]


def test_path_has_every_update() -> None:
    """Neighbours on the path differ by one labelled sample."""
    X, y = POINT_SETS["and"]
    learned = Perceptron().fit(X, y)
    moves = {(*x, 1.0) if label > 0 else (*-x, -1.0) for x, label in zip(X.T, y, strict=True)}
    path = [(np.zeros(2), 0.0), *learned.path]
    assert all((*(v - w), c - b) in moves for (w, b), (v, c) in pairwise(path))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mp_neuron([[1, 2, 3]], [1, 1], 0), r"x must have one row for each of the 2 weights, got shape \(1, 3\).*x.T"),
        (lambda: mp_neuron([1, 2], [[1, 1]], 0), r"w must have 1 axis, got shape \(1, 2\)"),
        (lambda: Perceptron().fit([[1, 2]], [0, 1]), r"y must hold −1 and \+1, got \[0.0, 1.0\]. From 0 and 1: 2 \* y - 1"),
        (lambda: Perceptron().fit([[1, 2], [3, 4]], [1, 1, -1]), r"y must hold one label for each of the 2 columns of X, got shape \(3,\)"),
        (lambda: Perceptron().fit([1, 2], [1, -1]), r"X must have 2 axes, got shape \(2,\)"),
        (lambda: Perceptron().fit([[1, np.nan]], [1, -1]), r"X must be finite, got 1 NaN or infinite of 2"),
        (lambda: Perceptron().fit(np.zeros((2, 0)), []), r"X must hold numbers, got an empty array"),
        (lambda: Perceptron(max_epochs=0).fit(*POINT_SETS["and"]), r"max_epochs must be a whole number of at least 1, got 0"),
        (lambda: Perceptron(learning_rate=-1).fit(*POINT_SETS["and"]), r"learning_rate must be a positive number, got -1"),
        (
            lambda: mistake_bound(*POINT_SETS["xor"], [1, 1], -0.5),
            r"w and b must separate the samples, got a margin of -1. Fit a Perceptron",
        ),
        (lambda: gate("XOR"), "name must be one of AND, OR, NAND, NOT, got 'XOR'. XOR needs two layers"),
        (lambda: separating_line([1, 0], 2, 0), r"w must be two weights, the second not zero, got \[1.0, 0.0\]"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
