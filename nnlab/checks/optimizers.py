"""Chapter 08, optimizers: its exercises, declared as data."""

from __future__ import annotations

import operator
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.activations import ACTIVATIONS, DERIVATIVES, softmax
from nnlab.backpropagation import backward, cross_entropy, one_hot
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import forward
from nnlab.languages import say
from nnlab.network.recipes import NAMES, recipe_gain
from nnlab.optimizers import (
    adam_step,
    batch_noise,
    descent_path,
    history,
    learning_rate,
    momentum_step,
    my_recipe,
    nesterov_step,
    neural_network,
    train_network,
)

RAVINE, START = np.diag([1.0, 20.0]), np.array([-10.0, 1.0])
TURNED = np.array([[3.0, 1.0], [1.0, 2.0]])
THREE_D = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, -0.25], [0.0, -0.25, 4.0]])


def _walk(gradient: Any = lambda A, theta: A @ theta, sign: float = -1.0) -> Any:
    """Build a wrong `descent_path` from a wrong gradient or a wrong sign."""

    def wrong(A: Any, start: Any, alpha: Any, steps: Any) -> Any:
        path = [np.asarray(start, dtype=float)]
        for _ in range(steps):
            path.append(path[-1] + sign * alpha * gradient(A, path[-1]))
        return np.array(path)

    return wrong


DESCENT_PATH = Exercise(
    reference=descent_path,
    points=2,
    cases=(
        Case("three steps in the ravine", (RAVINE, START, 2 / 21, 3)),
        Case("a matrix that is not diagonal", (TURNED, np.array([1.0, -2.0]), 0.1, 4)),
        Case("three dimensions", (THREE_D, np.array([1.0, 2.0, -1.0]), 0.2, 2)),
        Case("a rate beyond the limit", (RAVINE, START, 0.2, 5)),
        Case("no step at all", (RAVINE, START, 0.05, 0)),
    ),
    properties=(
        Property("the first place is the start", lambda f: np.allclose(f(TURNED, np.array([1.0, -2.0]), 0.1, 3)[0], [1, -2])),
        Property(
            "α = 1/λ leads to the lowest place in one step", lambda f: np.allclose(f(np.array([[4.0]]), np.array([3.0]), 0.25, 1)[1], 0)
        ),
    ),
    misconceptions=(
        Misconception("it walks uphill", _walk(sign=1.0), "Does ½x² fall along your path?"),
        Misconception(
            "the start is left out",
            (
                lambda A, start, alpha, steps: _walk()(A, start, alpha, steps)[1:],
                lambda A, start, alpha, steps: _walk()(A, start, alpha, steps + 1)[1:],
            ),
            "Where does the walk begin, and which row of your result says so?",
        ),
        Misconception(
            "the gradient is taken element by element",
            _walk(lambda A, theta: np.diag(A) * theta),
            "A θ is a matrix times a vector. What does `*` do?",
        ),
        Misconception("the gradient is halved", _walk(lambda A, theta: A @ theta / 2), "θ stands twice in θᵀAθ. What does the ½ cancel?"),
        Misconception(
            "the gradient is doubled", _walk(lambda A, theta: 2 * A @ theta), "There is a ½ in front of θᵀAθ. What does it cancel?"
        ),
        Misconception(
            "every row is the last place",
            lambda A, start, alpha, steps: np.tile(_walk()(A, start, alpha, steps)[-1], (steps + 1, 1)),
            "Print the first row before and after the loop. Do all rows share one array?",
        ),
        Misconception(
            "the gradient is always that of the start",
            lambda A, start, alpha, steps: start - alpha * np.arange(steps + 1)[:, None] * (A @ start),
            "At which place do you take the gradient for the second step?",
        ),
        Misconception(
            "only the last place is returned",
            lambda A, start, alpha, steps: _walk()(A, start, alpha, steps)[-1],
            "A path has steps + 1 places. Where do you keep them?",
        ),
        Misconception(
            "the learning rate is missing",
            lambda A, start, alpha, steps: _walk()(A, start, 1.0, steps),
            "How long is a step, if not α times the gradient?",
        ),
        Misconception(
            "one step too many is made",
            lambda A, start, alpha, steps: _walk()(A, start, alpha, steps + 1),
            "The start is a place, too. How many steps lead to steps + 1 places?",
        ),
    ),
    hints=(
        "Walk downhill, and write down every place.",
        "The gradient of ½ θᵀAθ is A @ θ, taken where you stand. Make room for steps + 1 places with np.zeros; the first one is the start.",
        "path[k + 1] = path[k] − alpha · (A @ path[k])",
    ),
)

THETA, G, V = np.array([1.0, -2.0, 0.5]), np.array([0.5, -4.0, 0.0]), np.array([0.2, 1.0, -3.0])
MATRIX = np.arange(6.0).reshape(2, 3) - 2.5
STEPS = (
    Case("a first step: the velocity is 0", (THETA, G, np.zeros(3), 0.1, 0.9)),
    Case("a velocity from before", (THETA, G, V, 0.1, 0.9)),
    Case("a matrix of weights, μ = 0.5", (MATRIX, MATRIX**2, -MATRIX, 0.05, 0.5)),
    Case("μ = 0", (THETA, G, V, 0.2, 0.0)),
)


def _velocity(step: Any, v: Any = lambda v, g, alpha, mu: mu * v + g) -> Any:
    """Build a wrong step of momentum: of the new velocity, the old one and the gradient."""

    def wrong(theta: Any, g: Any, old: Any, alpha: Any, mu: Any) -> Any:
        new = v(old, g, alpha, mu)
        return step(theta, g, old, new, alpha, mu), new

    return wrong


def _momentum(theta: Any, g: Any, old: Any, v: Any, alpha: Any, mu: Any) -> Any:
    return theta - alpha * v


def _nesterov(theta: Any, g: Any, old: Any, v: Any, alpha: Any, mu: Any) -> Any:
    return theta - alpha * (g + mu * v)


ALPHA_INSIDE = Misconception(
    "the learning rate is inside the velocity",
    _velocity(lambda theta, g, old, v, alpha, mu: theta - v, lambda v, g, alpha, mu: mu * v + alpha * g),
    "If α falls later, should steps that were taken before shrink, too? The formula has α in the second line only.",
)


def _constant_pull(f: Any) -> bool:
    theta, v, g = np.zeros(2), np.zeros(2), np.array([1.0, -2.0])
    for _ in range(200):
        before = theta
        theta, v = f(theta, g, v, 0.01, 0.9)
    return np.allclose(theta - before, -0.1 * g, rtol=1e-6)


MOMENTUM_STEP = Exercise(
    reference=momentum_step,
    points=2,
    returns=("theta", "v"),
    cases=STEPS,
    properties=(Property("under a constant gradient, steps grow to α g / (1 − μ)", _constant_pull),),
    misconceptions=(
        ALPHA_INSIDE,
        Misconception(
            "the gradient is multiplied by 1 − μ",
            _velocity(_momentum, lambda v, g, alpha, mu: mu * v + (1 - mu) * g),
            "That is a running mean, as in Adam. Here the gradient is added whole. What would a constant gradient of 1 lead to?",
        ),
        Misconception(
            "the step uses the old velocity",
            _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * old),
            "Which comes first: the new velocity or the step? What does your first step do?",
        ),
        Misconception(
            "it walks uphill",
            _velocity(lambda theta, g, old, v, alpha, mu: theta + alpha * v),
            "v is a sum of gradients. They point uphill.",
        ),
        Misconception(
            "the gradient is subtracted in the velocity",
            _velocity(lambda theta, g, old, v, alpha, mu: theta + alpha * v, lambda v, g, alpha, mu: mu * v - g),
            "Your step is right, but the velocity has the other sign. Which sign has g in the first line?",
        ),
        Misconception(
            "there is no memory",
            _velocity(_momentum, lambda v, g, alpha, mu: g),
            "Where is μ v in your velocity?",
        ),
        Misconception(
            "nothing of the velocity is lost",
            _velocity(_momentum, lambda v, g, alpha, mu: v + g),
            "Which share of the velocity is kept?",
        ),
        Misconception("this is Nesterov's step", _velocity(_nesterov), "That is the next exercise. Here the step is α v."),
        Misconception(
            "the velocity is returned first",
            lambda theta, g, v, alpha, mu: momentum_step(theta, g, v, alpha, mu)[::-1],
            "In which order does the docstring name them?",
        ),
        Misconception(
            "the learning rate stands in both lines",
            _velocity(_momentum, lambda v, g, alpha, mu: mu * v + alpha * g),
            "The formula has α once. What would a rate of 0.1 come to, used twice?",
        ),
        Misconception(
            "μ is always 0.9",
            lambda theta, g, v, alpha, mu: momentum_step(theta, g, v, alpha, 0.9),
            "`mu` comes as an argument. Where do you use it?",
        ),
    ),
    hints=(
        "Remember where you were going. The new velocity is a share of the old one, and the gradient.",
        "Two lines, in this order: v, then theta. The learning rate comes in the second.",
        "v = mu · v + g; return theta − alpha · v, v",
    ),
)

NESTEROV_STEP = Exercise(
    reference=nesterov_step,
    points=2,
    returns=("theta", "v"),
    cases=STEPS,
    properties=(Property("with μ = 0 it is gradient descent", lambda f: np.allclose(f(THETA, G, V, 0.1, 0.0)[0], THETA - 0.1 * G)),),
    misconceptions=(
        Misconception(
            "this is plain momentum",
            _velocity(_momentum),
            "Which place has the velocity reached already? g + μ v with the *old* v is the new v: that looks nowhere ahead.",
        ),
        Misconception(
            "the gradient is left out of the step",
            _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * mu * v),
            "The step has two terms: the gradient, and a share of the new velocity.",
        ),
        Misconception(
            "the whole velocity is added to the gradient",
            _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * (g + v)),
            "Which share of v will be kept in the next step?",
        ),
        Misconception(
            "μ stands before the gradient, too",
            _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * mu * (g + v)),
            "g + μ v: to which term does μ belong?",
        ),
        Misconception(
            "the look-ahead is returned as the velocity",
            lambda theta, g, v, alpha, mu: (nesterov_step(theta, g, v, alpha, mu)[0], g + mu * (mu * v + g)),
            "What is kept for the next step: v, or what you walked by?",
        ),
        Misconception(
            "the gradient is multiplied by 1 − μ",
            _velocity(_nesterov, lambda v, g, alpha, mu: mu * v + (1 - mu) * g),
            "That is a running mean, as in Adam. Here the gradient is added whole.",
        ),
        Misconception(
            "it walks uphill", _velocity(lambda theta, g, old, v, alpha, mu: theta + alpha * (g + mu * v)), "v and g point uphill."
        ),
        Misconception(
            "the learning rate is inside the velocity",
            (
                _velocity(lambda theta, g, old, v, alpha, mu: theta - (alpha * g + mu * v), lambda v, g, alpha, mu: mu * v + alpha * g),
                _velocity(lambda theta, g, old, v, alpha, mu: theta - (g + mu * v), lambda v, g, alpha, mu: mu * v + alpha * g),
            ),
            "The formula has α in the second line only.",
        ),
        Misconception(
            "the old velocity is added to the new one",
            _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * (v + mu * old)),
            "The share μ is taken of the *new* velocity, and added to the gradient alone.",
        ),
        Misconception(
            "momentum is used twice",
            (
                _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * (v + mu * v)),
                _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * (mu * v + g + mu * (mu * v + g))),
                _velocity(lambda theta, g, old, v, alpha, mu: theta - alpha * (g + mu * (mu * v + g))),
            ),
            "The new velocity holds the gradient already. To what do you add its share μ: to the gradient, or to a velocity?",
        ),
        Misconception(
            "nothing of the velocity is lost",
            _velocity(_nesterov, lambda v, g, alpha, mu: v + g),
            "Which share of the velocity is kept?",
        ),
        Misconception(
            "μ is always 0.9",
            lambda theta, g, v, alpha, mu: nesterov_step(theta, g, v, alpha, 0.9),
            "`mu` comes as an argument. Where do you use it?",
        ),
    ),
    hints=(
        "Look one velocity ahead. The velocity itself is that of momentum.",
        "Momentum's step is α v. Here it is α times the gradient and μ times the *new* v.",
        "v = mu · v + g; return theta − alpha · (g + mu · v), v",
    ),
)

M_3, V_3 = np.array([0.1, -0.5, 0.05]), np.array([0.02, 3.0, 0.5])
TINY = np.array([1e-4, -2e-8, 3e-8])


def _adam(
    m: Any = lambda m, g, beta: beta * m + (1 - beta) * g,
    v: Any = lambda v, g, beta: beta * v + (1 - beta) * g**2,
    hat: Any = lambda mean, beta, t: mean / (1 - beta**t),
    step: Any = lambda m, v, epsilon: m / (np.sqrt(v) + epsilon),
    sign: float = -1.0,
    kept: Any = lambda mean, hat: mean,
) -> Any:
    """Build a wrong `adam_step` from what stands in a place."""

    def wrong(
        theta: Any, g: Any, m_: Any, v_: Any, t: Any, alpha: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, epsilon: Any = 1e-8
    ) -> Any:
        m_, v_ = m(m_, g, beta1), v(v_, g, beta2)
        m_hat, v_hat = hat(m_, beta1, t), hat(v_, beta2, t)
        return theta + sign * alpha * step(m_hat, v_hat, epsilon), kept(m_, m_hat), kept(v_, v_hat)

    return wrong


def _first_steps(f: Any) -> bool:
    g = np.array([1e-3, -1.0, 1e6])
    return np.allclose(f(np.zeros(3), g, np.zeros(3), np.zeros(3), 1, 0.01)[0], -0.01 * np.sign(g), rtol=1e-4)


ADAM_STEP = Exercise(
    reference=adam_step,
    points=4,
    returns=("theta", "m", "v"),
    cases=(
        Case("the first step", (np.array([1.0, -2.0]), np.array([0.5, -4.0]), np.zeros(2), np.zeros(2), 1, 0.1)),
        Case("the third step", (THETA, G, M_3, V_3, 3, 0.1)),
        Case("step 1000, other memories", (THETA, G, M_3, V_3, 1000, 0.01, 0.8, 0.99)),
        Case("gradients near ε", (THETA, TINY, np.zeros(3), np.zeros(3), 1, 0.1)),
        Case("a matrix of weights", (MATRIX, MATRIX + 0.25, MATRIX / 10, MATRIX**2 / 10, 7, 0.05)),
    ),
    properties=(
        Property("the first step has the length α, for gradients of 0.001 and of a million", _first_steps),
        Property(
            "where all gradients were 0, nothing moves",
            lambda f: np.array_equal(f(THETA, np.zeros(3), np.zeros(3), np.zeros(3), 1, 0.1)[0], THETA),
        ),
    ),
    misconceptions=(
        Misconception(
            "the means are not corrected",
            _adam(hat=lambda mean, beta, t: mean),
            "Your first step is 3.16 times α. Both means start at 0: by which factor are they too small?",
        ),
        Misconception(
            "t counts from 0",
            _adam(hat=lambda mean, beta, t: mean / (1 - beta ** (t + 1))),
            "t is 1 in the first step already. Is 1 − β¹ the factor by which the mean is too small then?",
        ),
        Misconception(
            "the correction is 1 − β t",
            _adam(hat=lambda mean, beta, t: mean / (1 - beta * t)),
            "βᵗ is a power. What becomes of it for large t?",
        ),
        Misconception(
            "the correction is 1 − β, whatever the step",
            _adam(hat=lambda mean, beta, t: mean / (1 - beta)),
            "After many steps the means need no correction any more. What does yours do then?",
        ),
        Misconception(
            "β₁ and β₂ are exchanged",
            lambda theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8: adam_step(
                theta, g, m, v, t, alpha, beta2, beta1, epsilon
            ),
            "Which mean has the longer memory: that of g, or that of g²?",
        ),
        Misconception("the squares are missing in v", _adam(v=lambda v, g, beta: beta * v + (1 - beta) * g), "v is the mean of what?"),
        Misconception(
            "v is the square of the mean",
            _adam(v=lambda v, g, beta: (beta * v + (1 - beta) * g) ** 2),
            "Square first, then the mean: only g stands in the square.",
        ),
        Misconception(
            "the root is missing", _adam(step=lambda m, v, epsilon: m / (v + epsilon)), "Double all gradients. Should the step change?"
        ),
        Misconception(
            "ε is under the root",
            _adam(step=lambda m, v, epsilon: m / np.sqrt(v + epsilon)),
            "ε = 10⁻⁸ under the root is 10⁻⁴ outside of it. What becomes of a gradient of 10⁻⁴?",
        ),
        Misconception(
            "the corrected means are kept",
            _adam(kept=lambda mean, hat: hat),
            "What is corrected once would be corrected again in the next step. What is to be returned?",
        ),
        Misconception(
            "the gradient stands in place of its mean",
            lambda theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8: (
                theta - alpha * g / (np.sqrt(adam_step(theta, g, m, v, t, alpha, beta1, beta2)[2] / (1 - beta2**t)) + epsilon),
                *adam_step(theta, g, m, v, t, alpha, beta1, beta2)[1:],
            ),
            "What is m kept for?",
        ),
        Misconception(
            "the gradient is added whole, as in momentum",
            _adam(m=lambda m, g, beta: beta * m + g),
            "A running mean gives the new value the weight 1 − β.",
        ),
        Misconception("it walks uphill", _adam(sign=1.0), "Which sign has the step?"),
        Misconception(
            "ε is left out",
            _adam(step=lambda m, v, epsilon: np.divide(m, np.sqrt(v), out=np.zeros_like(m), where=v > 0)),
            "What keeps the quotient finite where v is nearly 0?",
        ),
        Misconception(
            "t − 1 stands in place of t",
            _adam(hat=lambda mean, beta, t: mean / (1 - beta ** (t - 1))),
            "In the first step t is 1. What is 1 − β⁰, and what do you divide by it?",
        ),
        Misconception(
            "only one of the two means is corrected",
            (
                lambda theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8: (
                    theta - alpha * (beta1 * m + (1 - beta1) * g) / (1 - beta1**t) / (np.sqrt(beta2 * v + (1 - beta2) * g**2) + epsilon),
                    *adam_step(theta, g, m, v, t, alpha, beta1, beta2)[1:],
                ),
                lambda theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8: (
                    theta - alpha * (beta1 * m + (1 - beta1) * g) / (np.sqrt((beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t)) + epsilon),
                    *adam_step(theta, g, m, v, t, alpha, beta1, beta2)[1:],
                ),
            ),
            "Both means start at 0. Which of them is too small at first?",
        ),
        Misconception(
            "β₁ and β₂ are always 0.9 and 0.999",
            lambda theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8: adam_step(theta, g, m, v, t, alpha),
            "`beta1` and `beta2` may come as arguments. Where do you use them?",
        ),
    ),
    probes=(Case("", (THETA, 1e-2 * TINY, np.zeros(3), np.zeros(3), 1, 0.1)),),  # gradients far below ε
    hints=(
        "Two running means, and a step by the ratio of the first to the root of the second.",
        "Both start at 0, so early they are too small, by the factors 1 − β₁ᵗ and 1 − β₂ᵗ. Divide *copies* of them by that.",
        "m̂ = m / (1 − beta1 ** t), v̂ likewise; return theta − alpha · m̂ / (√v̂ + epsilon), m, v",
    ),
)

SIX = np.array([[1.0, 2.0, 0.0, 4.0, -1.0, 3.0], [0.5, -1.0, 2.0, 0.0, 1.5, 3.0], [0.0, 1.0, 0.0, 2.0, 0.5, -2.0]])
OPPOSITE = np.array([[1.0, -1.0], [2.0, -2.0]])


def _share(spread: Any = None, size: Any = lambda spread, size: np.sqrt(spread / size), length: Any = None, axis: int = 1) -> Any:
    """Build a wrong `batch_noise`."""

    def wrong(G: Any, size_: Any) -> Any:
        g = G.mean(axis=axis, keepdims=True)
        off = (spread or (lambda squares: np.mean(np.sum(squares, axis=1 - axis))))((G - g) ** 2)
        long = (length or np.linalg.norm)(g)
        return size(off, size_) / long if long else np.inf

    return wrong


BATCH_NOISE = Exercise(
    reference=batch_noise,
    points=2,
    cases=(
        Case("batches of 4", (SIX, 4)),
        Case("single samples", (SIX, 1)),
        Case("more than there are samples", (SIX, 20)),
        Case("gradients that cancel: the mean is 0", (OPPOSITE, 2)),
    ),
    properties=(
        Property("four times the samples, half the noise", lambda f: bool(np.isclose(f(SIX, 12), f(SIX, 3) / 2))),
        Property("equal gradients have no noise", lambda f: bool(f(np.ones((4, 5)), 2) == 0)),
        Property("ten times all gradients change nothing", lambda f: bool(np.isclose(f(10 * SIX, 3), f(SIX, 3)))),
    ),
    misconceptions=(
        Misconception(
            "the noise falls with 1/size",
            _share(size=lambda spread, size: np.sqrt(spread) / size),
            "256 samples in place of 64: how many times quieter? The *variance* of a mean falls with 1/size.",
        ),
        Misconception(
            "the root is missing",
            _share(size=lambda spread, size: spread / size),
            "Which unit has your result, if ‖ḡ‖ has that of a gradient?",
        ),
        Misconception(
            "it is not relative to the gradient",
            (_share(length=lambda g: 1.0), _share(length=lambda g: float(bool(g.any())))),
            "Multiply all gradients by 10. Should the result change?",
        ),
        Misconception(
            "the mean is over the parameters",
            (_share(axis=0), _share(axis=0, spread=lambda squares: np.mean(np.sum(squares, axis=0)))),
            "One *column* is one sample. Along which axis lies the mean gradient?",
        ),
        Misconception(
            "the squares are summed over the samples", _share(spread=np.sum), "How far is *one* sample's gradient off, in the mean?"
        ),
        Misconception("the squares are averaged over the parameters", _share(spread=np.mean), "‖g − ḡ‖² is a sum over the parameters."),
        Misconception(
            "it is divided by n − 1",
            _share(spread=lambda squares: np.sum(squares) / (squares.shape[1] - 1)),
            "All samples are there: these are not a sample of them. Divide by n.",
        ),
        Misconception("the size does not matter", _share(size=lambda spread, size: np.sqrt(spread)), "Where is `size` in your function?"),
        Misconception(
            "distances are averaged, not their squares",
            _share(spread=lambda squares: np.mean(np.sqrt(np.sum(squares, axis=0))) ** 2),
            "Variances add, distances do not. Square, average, then take the root.",
        ),
        Misconception(
            "gradients that cancel give 0",
            lambda G, size: batch_noise(G, size) if G.mean(axis=1).any() else 0.0,
            "There is noise, and nothing to compare it with. How large is a number divided by nearly 0?",
        ),
        Misconception(
            "batches are drawn without replacement",
            (
                lambda G, size: batch_noise(G, size) * np.sqrt(max(0, G.shape[1] - size) / (G.shape[1] - 1)),
                lambda G, size: batch_noise(G, size) * np.sqrt(max(0, G.shape[1] - size) / G.shape[1]),
            ),
            "A sample may be drawn twice here. What is the noise of a batch larger than the set then?",
        ),
        Misconception(
            "the squares are not measured from the mean",
            lambda G, size: (
                np.sqrt(np.mean(np.sum(G**2, axis=0)) / size) / np.linalg.norm(G.mean(axis=1)) if G.mean(axis=1).any() else np.inf
            ),
            "How long is a gradient, or how far is it from ḡ: which of the two is noise?",
        ),
    ),
    hints=(
        "How far is the gradient of one sample from the mean of all? A mean of many is quieter.",
        "Squares: sum over the parameters (axis 0), then take the mean over the samples. Divide by size, take the root; divide by ‖ḡ‖.",
        "sqrt(mean(sum((G − ḡ)², axis=0)) / size) / norm(ḡ)",
    ),
)


def _rates(**changed: Any) -> Any:
    """Build a wrong `learning_rate` in which some schedules are others."""

    def wrong(schedule: Any, t: Any, T: Any, alpha: Any) -> Any:
        return changed[schedule](t, T, alpha) if schedule in changed else learning_rate(schedule, t, T, alpha)

    return wrong


def _bent(angle: Any) -> Any:
    return _rates(cosine=lambda t, T, alpha: alpha / 2 * (1 + np.cos(angle(t, T))))


LEARNING_RATE = Exercise(
    reference=learning_rate,
    points=2,
    cases=(
        Case("constant", ("constant", 7, 20, 0.3)),
        Case("step, before the half", ("step", 9, 20, 0.3)),
        Case("step, at the half", ("step", 10, 20, 0.3)),
        Case("step, behind the half", ("step", 16, 20, 0.3)),
        Case("step, half of an odd number", ("step", 3, 7, 0.4)),
        Case("exponential", ("exponential", 30, 100, 0.2)),
        Case("inverse", ("inverse", 8, 50, 0.5)),
        Case("cosine, a quarter of the way", ("cosine", 25, 100, 0.4)),
        Case("cosine, at the start", ("cosine", 0, 100, 0.4)),
    ),
    misconceptions=(
        Misconception(
            "the cosine runs over 2π", _bent(lambda t, T: 2 * np.pi * t / T), "Where should the rate be at the end: at 0, or at α again?"
        ),
        Misconception("the angle is in degrees", _bent(lambda t, T: 180 * t / T), "np.cos wants radians. What are 180 degrees in radians?"),
        Misconception(
            "t is divided without a remainder",
            _bent(lambda t, T: np.pi * (t // T)),
            "`//` drops what is behind the point. t is always below T.",
        ),
        Misconception(
            "the cosine is not halved",
            _rates(cosine=lambda t, T, alpha: alpha * (1 + np.cos(np.pi * t / T))),
            "At t = 0 the cosine is 1. Is your rate α there?",
        ),
        Misconception(
            "the rate grows",
            _rates(cosine=lambda t, T, alpha: alpha / 2 * (1 - np.cos(np.pi * t / T))),
            "At t = 0 the cosine is 1. Is your rate α there?",
        ),
        Misconception(
            "the step comes at T",
            _rates(step=lambda t, T, alpha: alpha if t < T else alpha / 10),
            "t never reaches T. When does your rate fall?",
        ),
        Misconception(
            "the step comes one too late",
            (
                _rates(step=lambda t, T, alpha: alpha if t <= T / 2 else alpha / 10),
                _rates(step=lambda t, T, alpha: alpha if t <= T // 2 else alpha / 10),
            ),
            "Which rate is asked for at t = T/2 exactly?",
        ),
        Misconception(
            "half of an odd number is rounded down",
            _rates(step=lambda t, T, alpha: alpha if t < T // 2 else alpha / 10),
            "Half of 7 is 3.5. On which side of it is 3?",
        ),
        Misconception(
            "the rate falls to the half",
            _rates(step=lambda t, T, alpha: alpha if t < T / 2 else alpha / 2),
            "By which factor does the table let it fall?",
        ),
        Misconception("α is missing below", _rates(inverse=lambda t, T, alpha: alpha / (1 + t)), "In the table stands α t, not t."),
        Misconception("the power is a product", _rates(exponential=lambda t, T, alpha: alpha * 0.98 * t), "0.98ᵗ: what is it at t = 0?"),
        Misconception(
            "the constant rate is 1",
            _rates(constant=lambda t, T, alpha: 1.0),
            "Is a learning rate asked for, or a factor for it?",
        ),
        Misconception(
            "a sine stands in place of the cosine",
            _rates(cosine=lambda t, T, alpha: alpha / 2 * (1 + np.sin(np.pi * t / T))),
            "Which of the two is 1 at the start and −1 after half a turn?",
        ),
        Misconception(
            "the power is t/T",
            _rates(exponential=lambda t, T, alpha: alpha * 0.98 ** (t / T)),
            "The table has 0.98 to the power t. How far would yours fall in all?",
        ),
    ),
    hints=(
        "Large steps first, small ones last. Each schedule is one line.",
        "One `if` a schedule. The fraction t/T runs from 0 to 1; np.cos takes radians.",
        'if schedule == "cosine": return alpha / 2 · (1 + cos(π · t / T))',
    ),
)

_rng = np.random.default_rng(8)
X_9, Y_9 = _rng.normal(size=(4, 9)), one_hot(np.arange(9) % 3, 3)
ONE, ONE_Y = X_9[:, :1], Y_9[:, :1]


def _net(
    draw: Any = lambda rng, m, n: rng.normal(0, n**-0.5, size=(m, n)),
    pass_: Any = None,
    back: Any = None,
    turn: float = -1.0,
    bias: Any = lambda db: db,
    cost: Any = cross_entropy,
    bias_at: float = 0.0,
) -> Any:
    """Build a wrong `neural_network`."""

    def wrong(sizes: Any, X: Any, Y: Any, activation: Any, alpha: Any, seed: Any) -> Any:
        rng = np.random.default_rng(seed)
        W = [draw(rng, m, n) for n, m in pairwise(sizes)]
        b = [np.full((m, 1), bias_at) for m in sizes[1:]]
        f, f_grad = ACTIVATIONS[activation], DERIVATIVES[activation]
        run = pass_ or (lambda x, W, b, f: forward(x, W, b, f, softmax))
        losses = []
        for step in range(4):
            z, a = run(X, W, b, f)
            losses.append(cost(z[-1], Y))
            if step < 3:
                dW, db = (back or (lambda Y, W, z, a, f_grad: backward(Y, W, z, a, f_grad)))(Y, W, z, a, f_grad)
                W = [w + turn * alpha * g for w, g in zip(W, dW, strict=True)]
                b = [v + turn * alpha * bias(g) for v, g in zip(b, db, strict=True)]
        return np.array(losses), [w.shape for w in W]

    return wrong


def _summed(Y: Any, W: Any, z: Any, a: Any, f_grad: Any) -> Any:
    dW, db = backward(Y, W, z, a, f_grad)
    return [g * Y.shape[1] for g in dW], [g * Y.shape[1] for g in db]


def _twice(x: Any, W: Any, b: Any, f: Any) -> Any:
    z, a = forward(x, W, b, f, softmax)
    return z, [*a[:-1], softmax(f(z[-1]))]


def _upper_first(sizes: Any, X: Any, Y: Any, activation: Any, alpha: Any, seed: Any) -> Any:
    """Update the last layer before the error term passes through it."""
    rng = np.random.default_rng(seed)
    W = [rng.normal(0, n**-0.5, size=(m, n)) for n, m in pairwise(sizes)]
    b = [np.zeros((m, 1)) for m in sizes[1:]]
    f, f_grad = ACTIVATIONS[activation], DERIVATIVES[activation]
    losses = []
    for step in range(4):
        z, a = forward(X, W, b, f, softmax)
        losses.append(cross_entropy(z[-1], Y))
        delta = a[-1] - Y
        for layer in reversed(range(len(W))) if step < 3 else ():
            W[layer] = W[layer] - alpha * delta @ a[layer].T / X.shape[1]
            b[layer] = b[layer] - alpha * delta.mean(axis=1, keepdims=True)
            if layer:
                delta = W[layer].T @ delta * f_grad(z[layer - 1])
    return np.array(losses), [w.shape for w in W]


NEURAL_NETWORK = Exercise(
    reference=neural_network,
    points=4,
    returns=("the array of losses", "the list of shapes"),
    cases=(
        Case("[4, 5, 3], tanh", ([4, 5, 3], X_9, Y_9, "tanh", 0.5, 3)),
        Case("[4, 6, 2, 3], sigmoid", ([4, 6, 2, 3], X_9, Y_9, "sigmoid", 1.0, 4)),
        Case("ReLU", ([4, 7, 3], X_9, Y_9, "relu", 0.2, 5)),
        Case("no hidden layer", ([4, 3], X_9, Y_9, "tanh", 0.5, 6)),
        Case("one sample", ([4, 5, 3], ONE, ONE_Y, "tanh", 0.3, 7)),
    ),
    misconceptions=(
        Misconception(
            "the weights are not scaled",
            (_net(lambda rng, m, n: rng.normal(size=(m, n))), _net(lambda rng, m, n: rng.uniform(-1, 1, size=(m, n)))),
            "With which standard deviation are the weights of a layer with n inputs drawn?",
        ),
        Misconception(
            "the weights are divided by n", _net(lambda rng, m, n: rng.normal(0, 1 / n, size=(m, n))), "1/n, or one over its root?"
        ),
        Misconception(
            "the weights are scaled by the neurons, not the inputs",
            _net(lambda rng, m, n: rng.normal(0, m**-0.5, size=(m, n))),
            "How many products does one neuron add: as many as the layer has neurons, or inputs?",
        ),
        Misconception(
            "every layer starts the generator anew",
            lambda sizes, X, Y, activation, alpha, seed: _net(
                lambda rng, m, n: np.random.default_rng(seed).normal(0, n**-0.5, size=(m, n))
            )(sizes, X, Y, activation, alpha, seed),
            "One generator draws all layers, one after another.",
        ),
        Misconception(
            "the weights are drawn as (inputs, neurons)",
            _net(lambda rng, m, n: rng.normal(0, n**-0.5, size=(n, m)).T),
            "Which shape has W: (neurons, inputs) or the other way round? The order of the draws counts.",
        ),
        Misconception(
            "softmax stands in the hidden layers, too",
            _net(pass_=lambda x, W, b, f: forward(x, W, b, softmax, softmax)),
            "Which function have the hidden layers?",
        ),
        Misconception(
            "the hidden function stands at the output, too",
            (_net(pass_=lambda x, W, b, f: forward(x, W, b, f, f)), _net(pass_=_twice)),
            "What turns the last z into probabilities?",
        ),
        Misconception(
            "the gradients are summed over the samples",
            _net(back=_summed),
            "The cost is a *mean* over the samples. `backward` divides once.",
        ),
        Misconception("it walks uphill", _net(turn=1.0), "Does your loss fall? S2 writes `+=`, since its error is y − a."),
        Misconception("it never moves", _net(turn=0.0), "Does `step` change self.W and self.b?"),
        Misconception("the biases never move", _net(bias=lambda db: 0 * db), "Biases are parameters, too."),
        Misconception(
            "the output's slope is multiplied in",
            (
                _net(back=lambda Y, W, z, a, f_grad: backward(Y, W, z, a, f_grad, f_grad)),
                _net(back=lambda Y, W, z, a, f_grad: backward(Y, W, z, a, f_grad, DERIVATIVES["sigmoid"])),
            ),
            "Behind softmax with cross-entropy the error term is a − y. Which function is 1 everywhere?",
        ),
        Misconception(
            "the upper layer moves before the error term passes through it",
            _upper_first,
            "δ of the layer below needs the weights *before* the step. Take all gradients first.",
        ),
        Misconception(
            "the biases start at 1",
            _net(bias_at=1.0),
            "With which biases does a new network start?",
        ),
        Misconception(
            "the learning rate is left out",
            lambda sizes, X, Y, activation, alpha, seed: neural_network(sizes, X, Y, activation, 1.0, seed),
            "What does `step` do with alpha?",
        ),
    ),
    hints=(
        "The class keeps W and b between calls; `forward`, `backward` and `optimize` do the work.",
        "`forward(x, self.W, self.b, self.f, softmax)` and `backward(y, self.W, z, a, self.f_grad, np.ones_like)`. "
        "Weights: rng.normal(0, 1/√n, size=(m, n)).",
        "z, a = propagate(x); dW, db = backward(…); self.W, self.b = optimize(self.W, self.b, dW, db, alpha)",
    ),
)

_rng = np.random.default_rng(9)
W_0 = [_rng.normal(size=(5, 4)) / 2, _rng.normal(size=(3, 5)) / 2]
B_0 = [0.1 * _rng.normal(size=(5, 1)), 0.1 * _rng.normal(size=(3, 1))]


def _loop(
    fresh: bool = False,
    shared: bool = False,
    count: str = "steps",
    loss: str = "all",
    order: str = "epoch",
    last: bool = True,
    mu: float = 0.9,
    ahead: int = 0,
    hidden: str = "relu",
) -> Any:
    """Build a wrong `train_network`: what is kept, what t counts, which loss is told, how the batches are drawn."""

    def wrong(X: Any, Y: Any, W: Any, b: Any, optimizer: Any, alpha: Any, batch_size: Any, epochs: Any, seed: Any) -> Any:
        rng, n, layers = np.random.default_rng(seed), X.shape[1], len(W)
        p = [*W, *b]

        def empty() -> list[Any]:
            return [np.zeros_like(each) for each in p]

        m, v, t, losses = empty(), empty(), ahead, []
        relu, relu_grad = ACTIVATIONS[hidden], DERIVATIVES[hidden]
        drawn = rng.permutation(n) if order == "once" else np.arange(n)
        for _ in range(epochs):
            if order != "once":
                drawn = {
                    "epoch": lambda: rng.permutation(n),
                    "never": lambda: np.arange(n),
                    "same": lambda: np.random.default_rng(seed).permutation(n),
                }[order]()
            t += count == "epochs"
            for start in range(0, n if last else n - batch_size + 1, batch_size):
                index = drawn[start : start + batch_size]
                z, a = forward(X[:, index], p[:layers], p[layers:], relu, softmax)
                batch_loss = cross_entropy(z[-1], Y[:, index])
                g = [part for both in backward(Y[:, index], p[:layers], z, a, relu_grad) for part in both]
                if fresh:
                    m, v = empty(), empty()
                t += count == "steps"
                for i in range(len(p)):
                    t += count == "arrays"
                    k = i % layers if shared else i
                    if optimizer == "sgd":
                        p[i] = p[i] - alpha * g[i]
                    elif optimizer == "momentum":
                        p[i], v[k] = momentum_step(p[i], g[i], v[k], alpha, mu)
                    else:
                        p[i], m[k], v[k] = adam_step(p[i], g[i], m[k], v[k], 1 if count == "never" else t, alpha)
                    if shared and v[k].shape != p[k].shape:
                        v[k], m[k] = v[k].mean(axis=1, keepdims=True), m[k].mean(axis=1, keepdims=True)
                if loss == "steps":
                    losses.append(batch_loss)
            if loss == "before":
                losses.append(batch_loss)
            if loss in ("all", "summed"):
                whole = cross_entropy(forward(X, p[:layers], p[layers:], relu, softmax)[0][-1], Y)
                losses.append(whole * (n if loss == "summed" else 1))
        return p[:layers], p[layers:], losses

    return wrong


def _settings(optimizer: str, alpha: float, size: int, epochs: int = 3, seed: int = 2) -> tuple[Any, ...]:
    return X_9, Y_9, W_0, B_0, optimizer, alpha, size, epochs, seed


TRAIN_NETWORK = Exercise(
    reference=train_network,
    points=4,
    cpu=4,
    returns=("W", "b", "losses"),
    cases=(
        Case("sgd, all samples at once", _settings("sgd", 0.3, 9)),
        Case("sgd, batches of 4: the last one has 1", _settings("sgd", 0.3, 4)),
        Case("momentum, batches of 3", _settings("momentum", 0.05, 3)),
        Case("Adam, batches of 4", _settings("adam", 0.02, 4)),
        Case("Adam, single samples, another seed", _settings("adam", 0.01, 1, 2, 5)),
        Case("no epoch", _settings("adam", 0.01, 4, 0)),
    ),
    misconceptions=(
        Misconception(
            "velocity and means start anew in each batch",
            _loop(fresh=True),
            "Your optimizer has no memory: every step is a first step. Where do m and v begin?",
        ),
        Misconception("t counts arrays", _loop(count="arrays"), "Four arrays, one step. By how much should t grow?"),
        Misconception("t counts epochs", _loop(count="epochs"), "How many steps has an epoch?"),
        Misconception("t stays 1", _loop(count="never"), "The correction fades with t. When does t grow?"),
        Misconception(
            "the loss is that of the last batch",
            _loop(loss="before"),
            "It is the loss over all samples that is asked for, after the epoch.",
        ),
        Misconception("there is one loss a step", _loop(loss="steps"), "How many entries has `losses`?"),
        Misconception("the loss is summed", _loop(loss="summed"), "Mean or sum over the samples?"),
        Misconception("the samples are never shuffled", _loop(order="never"), "Where do you use the seed?"),
        Misconception(
            "every epoch has the same order",
            (_loop(order="once"), _loop(order="same")),
            "One permutation *an epoch*, all from one generator.",
        ),
        Misconception("the last batch is left out", _loop(last=False), "9 samples, batches of 4: which batch has one sample?"),
        Misconception("μ is not 0.9", (_loop(mu=0.5), _loop(mu=0.99), _loop(mu=0.0)), "Which share of the velocity is kept?"),
        Misconception("W and b of a layer share one velocity", _loop(shared=True), "Each array keeps its own. How many arrays are there?"),
        Misconception("t is one too high", _loop(ahead=1), "t is 1 in the first step. When do you add 1, and how often?"),
        Misconception(
            "the hidden layer has a sigmoid",
            _loop(hidden="sigmoid"),
            "Which function does the exercise name for the hidden layers?",
        ),
        Misconception(
            "the weights of the start are returned",
            lambda X, Y, W, b, *settings: (W, b, train_network(X, Y, W, b, *settings)[2]),
            "Your losses are right, so something was trained. Which lists do you return?",
        ),
        Misconception(
            "Adam stands in for momentum",
            lambda X, Y, W, b, optimizer, *settings: train_network(X, Y, W, b, "adam" if optimizer == "momentum" else optimizer, *settings),
            "How is momentum written in the test of your `if`?",
        ),
    ),
    hints=(
        "One loop for every optimizer. Only the line that moves an array differs.",
        "Put W and b in one list of arrays, and make lists m and v of zeros beside it, before the loop. "
        "t starts at 0 and grows by one a batch.",
        "for each epoch: permutation; for each batch: forward, backward, t += 1, for each array: its step; then the loss over all samples",
    ),
)

TABLE = np.array([0.90, 0.94, 0.92, 0.96]) + np.array(
    [[0, 0, 0, 0], [0.03, 0.01, 0.02, 0.005], [0.01, 0.02, -0.005, 0], [-0.1, -0.08, -0.1, -0.08], [0.01, -0.01, 0.002, 0]]
)
NAMES_5 = ["plain", "a little better", "who knows", "worse", "the same"]


def _verdict(i: int, gain: Any, error: Any, is_tie: Any) -> str:
    return "baseline" if i == 0 else "tie" if is_tie(abs(gain), 2 * error) else "better" if gain > 0 else "worse"


def _rows(
    base: Any = lambda A, i: A[0],
    sd: Any = lambda row: row.std(ddof=1),
    middle: Any = np.mean,
    error: Any = lambda d, row, first: d.std(ddof=1) / np.sqrt(len(d)),
    turn: float = 1.0,
    factor: float = 1.0,
    is_tie: Any = operator.le,
) -> Any:
    """Build a wrong `history`."""

    def wrong(names: Any, A: Any) -> Any:
        told = []
        for i, (name, row) in enumerate(zip(names, A, strict=True)):
            d = turn * (row - base(A, i))
            told.append((name, middle(row), sd(row), middle(d), _verdict(i, middle(d), factor * error(d, row, A[0]), is_tie)))
        return told

    return wrong


HISTORY = Exercise(
    reference=history,
    points=1,
    cases=(
        Case("five attempts, four seeds", (NAMES_5, TABLE)),
        Case("two seeds", (["a", "b"], np.array([[0.5, 0.7], [0.6, 0.9]]))),
        Case("the first is the best", (["a", "b", "c"], np.array([[0.9, 0.95, 0.92], [0.8, 0.9, 0.81], [0.7, 0.72, 0.71]]))),
        Case("the same program again", (["a", "again"], np.array([[0.9, 0.95, 0.92], [0.9, 0.95, 0.92]]))),
    ),
    misconceptions=(
        Misconception(
            "the standard deviation divides by n",
            (_rows(sd=lambda row: row.std()), _rows(error=lambda d, row, first: d.std() / np.sqrt(len(d)), sd=lambda row: row.std())),
            "What does `ddof=1` do?",
        ),
        Misconception(
            "the rows are not paired",
            (
                _rows(error=lambda d, row, first: np.sqrt((row.var(ddof=1) + first.var(ddof=1)) / len(row))),
                _rows(error=lambda d, row, first: row.std(ddof=1) / np.sqrt(len(row))),
            ),
            "An easy split is easy for both. Of what do you take the standard deviation: of the rows, or of their differences?",
        ),
        Misconception(
            "the scatter of one run is taken for that of the mean",
            (_rows(error=lambda d, row, first: d.std(ddof=1)), _rows(error=lambda d, row, first: row.std(ddof=1))),
            "A mean of n is quieter. By which factor?",
        ),
        Misconception("the best seed is reported", _rows(middle=np.max), "The luckiest seed says little about the next one."),
        Misconception(
            "it is compared with the row before", _rows(base=lambda A, i: A[max(i - 1, 0)]), "With which row is every attempt compared?"
        ),
        Misconception(
            "it is compared with the best row",
            _rows(base=lambda A, i: A[np.argmax(A.mean(axis=1))]),
            "With which row is every attempt compared?",
        ),
        Misconception("the gain has the other sign", _rows(turn=-1.0), "A better attempt has a positive gain."),
        Misconception(
            "once the standard error is enough", _rows(factor=0.5), "A tie is where the gain is at most *twice* the standard error."
        ),
        Misconception("nothing is a tie", _rows(is_tie=lambda gain, limit: False), "Where does your verdict look at the scatter?"),
        Misconception(
            "an attempt equal to the first is called worse",
            _rows(is_tie=operator.lt),
            "An attempt that is equal to the first has gain 0 and scatter 0. Is 0 < 0?",
        ),
        Misconception(
            "the first row gets a verdict, too",
            (
                lambda names, A: [(*row[:4], "worse" if i == 0 else row[4]) for i, row in enumerate(history(names, A))],
                lambda names, A: [(*row[:4], "tie" if i == 0 else row[4]) for i, row in enumerate(history(names, A))],
                lambda names, A: [(*row[:4], "better" if i == 0 else row[4]) for i, row in enumerate(history(names, A))],
            ),
            "With what is the first row compared?",
        ),
        Misconception("the names are left out", lambda names, A: [row[1:] for row in history(names, A)], "What stands first in each row?"),
        Misconception(
            "the gain is left out", lambda names, A: [(*row[:3], row[4]) for row in history(names, A)], "Which five things has a row?"
        ),
        Misconception(
            "the rows are sorted",
            (
                lambda names, A: sorted(history(names, A), key=lambda row: -row[1]),
                lambda names, A: sorted(history(names, A), key=lambda row: -row[3]),
                lambda names, A: sorted(history(names, A), key=lambda row: row[1]),
            ),
            "A history is in the order of the attempts.",
        ),
    ),
    probes=(
        Case("", (["a", "b"], np.array([[0.5, 0.7, 0.9, 0.6], [0.53, 0.735, 0.925, 0.632]]))),
    ),  # paired it is clear, with any threshold
    hints=(
        "A run is a draw. Compare what had the same draw: subtract seed by seed, then average.",
        "d = row − first row; gain = mean of d; its standard error is std(d, ddof=1) / √n. Twice that decides.",
        'rows.append((name, row.mean(), row.std(ddof=1), d.mean(), "tie" if abs(d.mean()) <= 2 · error else …))',
    ),
)


def _is_recipe(recipe: Any) -> Any:
    """Judge a recipe by its form: six settings that the course can train with."""
    try:
        recipe_gain(recipe, (0,))
    except ValueError as error:
        return str(error)
    except (TypeError, AttributeError):
        return say("a recipe is a tuple of {count}: {names}", count=len(NAMES), names=", ".join(NAMES))
    return say("a recipe that can be trained")


def _recipes(**wrong: Any) -> Any:
    """Build answers that are right but for one setting, spelled in several wrong ways."""
    usual = {"activation": "relu", "init": "he", "optimizer": "adam", "learning_rate": 0.01, "batch_size": 16, "l2": 0.0}
    spelled = [tuple({**usual, name: value}.values()) for name, values in wrong.items() for value in values]
    return tuple(lambda each=each: each for each in spelled)


MY_RECIPE = Exercise(
    reference=my_recipe,
    points=3,
    judge=_is_recipe,
    cases=(Case("your settings", ()),),
    properties=(Property("on six splits it is not clearly worse than SGD of 0.1", lambda f: recipe_gain(f(), range(20, 26)) > -0.005),),
    misconceptions=(
        Misconception(
            "the batches are too small",
            _recipes(batch_size=(1, 2, 4, 5)),
            "One step a sample takes too long here. What is the smallest batch allowed?",
        ),
        Misconception(
            "an optimizer of another library is named",
            _recipes(optimizer=("rmsprop", "RMSprop", "adagrad", "adamw", "lbfgs", "Adam", "SGD", "Momentum", "Nesterov")),
            "Which four does the list above have, and how are they spelled?",
        ),
        Misconception(
            "an activation of another library is named",
            _recipes(activation=("RELU3", "ReLU", "relu3", "logistic", "linear", "silu", "Tanh")),
            "How are the functions of chapter 02 called?",
        ),
        Misconception(
            "the learning rate is not above 0",
            _recipes(learning_rate=(0, 0.0, -0.1, -0.01, -0.001)),
            "Gradient descent subtracts already. What would a negative rate do?",
        ),
    ),
    hints=(
        "Ten epochs are short. What helps to get further in few steps?",
        "Look at your table in section 9, and at sections 5 and 6: which optimizer, how large a rate, how many steps an epoch? "
        "Change one at a time.",
        '("relu" or "tanh", "he" or "xavier", "adam", a rate above 0.003, 16, 0.0)',
    ),
)

CHAPTER = Chapter(
    name="08_optimizers",
    title="08 Optimizers",
    exercises=(
        DESCENT_PATH,
        MOMENTUM_STEP,
        NESTEROV_STEP,
        ADAM_STEP,
        BATCH_NOISE,
        LEARNING_RATE,
        NEURAL_NETWORK,
        TRAIN_NETWORK,
        HISTORY,
        MY_RECIPE,
    ),
)
