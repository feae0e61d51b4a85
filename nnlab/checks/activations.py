"""Chapter 02, activation functions: its exercises, declared as data."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab.activations import (
    dead_share,
    elu,
    elu_derivative,
    merge_layers,
    naive_softplus,
    relu_weights,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softplus,
    swish,
    swish_derivative,
    temperature_for,
)
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property

SCORES = np.array([10.0, 6.0, 8.0])  # free flow, slow, congested: S0 section 11.2, "Softmax"
FEW = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
MATRIX = np.array([[0.1, -1.2, 3.0], [4.0, -5.0, 0.7]])
EXTREME = np.array([-1000.0, -20.0, 20.0, 1000.0])


def _has_slope(derivative: Any, f: Any, *args: float) -> bool:
    """Say whether a derivative is the slope of f, measured as a central difference at points without a kink."""
    z, h = np.array([-3.1, -0.7, -0.2, 0.4, 1.9]), 1e-5
    return np.allclose(derivative(z, *args), (f(z + h, *args) - f(z - h, *args)) / (2 * h), atol=1e-6)


SIGMOID = Exercise(
    reference=sigmoid,
    points=2,
    cases=(
        Case("a few numbers", (FEW,)),
        Case("a matrix", (MATRIX,)),
        Case("very large and very small", (np.array([-1000.0, -40.0, 40.0, 1000.0]),)),
    ),
    properties=(
        Property(
            "σ(−z) = 1 − σ(z)",
            lambda f: np.allclose(f(np.array([-3.0, 0.25])), 1 - f(np.array([3.0, -0.25]))),
        ),
    ),
    misconceptions=(
        Misconception(
            "the sign of z is lost, or the two forms are swapped",
            lambda z: 1 / (1 + np.exp(z)),
            "Should σ grow or fall when z grows? Look at the sign in exp(−z), and at which form stands on which side.",
        ),
        Misconception(
            "this is tanh",
            np.tanh,
            "σ(0) is 0.5. What is tanh(0)?",
        ),
        Misconception(
            "this is the classmate's exp(z) / (1 + exp(z)), which overflows",
            lambda z: np.exp(z) / (1 + np.exp(z)),
            "What is exp(1000) as a float, and what is inf / inf?",
        ),
        Misconception(
            "this is the derivative σ′(z)",
            lambda z: sigmoid(z) * (1 - sigmoid(z)),
            "Which is largest at z = 0: σ or its derivative?",
        ),
        Misconception(
            "the exponent is halved",
            lambda z: sigmoid(z / 2),
            "σ(1) is 0.731. What is yours, and which factor is left over?",
        ),
        Misconception(
            "this is a straight line that is cut off",
            lambda z: np.clip(0.5 + z / 4, 0, 1),
            "That is the hard-logistic. Is σ anywhere exactly 0?",
        ),
        Misconception(
            "0 belongs to neither side",
            lambda z: sigmoid(z) * (z != 0),
            "σ(0) is one half. Does your case distinction give 0 an answer?",
        ),
        Misconception(
            "the brackets are missing: 1 / 1 + exp(−z)",
            lambda z: 1 / 1 + np.exp(-z),
            "What does Python compute first in 1 / 1 + x?",
        ),
    ),
    hints=(
        "The classmate's form is good for z < 0, the formula of the text for z ≥ 0. `np.where(condition, a, b)` chooses for each element.",
        "Only e = exp(−|z|) is always at most 1. Which form can be written with e when z is negative, and which when it is not?",
        "e = exp(−|z|); result is 1/(1+e) where z ≥ 0, and e/(1+e) where z < 0",
    ),
)

MERGE_LAYERS = Exercise(
    reference=merge_layers,
    points=3,
    returns=("W", "b"),
    cases=(
        Case("two neurons in a chain", (np.array([[2.0]]), np.array([[1.0]]), np.array([[3.0]]), np.array([[-4.0]]))),
        Case(
            "two neurons in each layer",
            (np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0], [-2.0]]), np.array([[0.0, 1.0], [3.0, 0.5]]), np.array([[0.5], [4.0]])),
        ),
        Case(
            "two inputs, three neurons, one output",
            (
                np.array([[1.0, -1.0], [0.5, 2.0], [-1.0, 1.0]]),
                np.array([[0.1], [-0.2], [0.3]]),
                np.array([[1.0, 2.0, -1.0]]),
                np.array([[0.5]]),
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "the matrices are multiplied in the wrong order",
            lambda W_1, b_1, W_2, b_2: (W_1 @ W_2, W_2 @ b_1 + b_2),
            "x meets W_1 first. Which matrix stands right beside x?",
        ),
        Misconception(
            "the second layer comes first",
            lambda W_1, b_1, W_2, b_2: (W_1 @ W_2, W_1 @ b_2 + b_1),
            "Which layer gets the inputs x, the one with W_1 or the one with W_2?",
        ),
        Misconception(
            "the biases are only added",
            lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, b_1 + b_2),
            "b_1 enters the second layer together with W_1 x. What does that layer do with it?",
        ),
        Misconception(
            "the first bias is lost",
            lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, b_2),
            "What comes out where x is zero?",
        ),
        Misconception(
            "the second bias is lost",
            lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_2 @ b_1),
            "What comes out where x and b_1 are zero?",
        ),
        Misconception(
            "W_2 multiplies both biases",
            lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_2 @ (b_1 + b_2)),
            "Is b_2 added before or after W_2 is applied?",
        ),
        Misconception(
            "the matrices are added",
            lambda W_1, b_1, W_2, b_2: (W_1 + W_2, b_1 + b_2),
            "What do you get when you put 2x + 1 into 3z − 4?",
        ),
        Misconception(
            "the matrices are multiplied element by element",
            lambda W_1, b_1, W_2, b_2: (W_2 * W_1, W_2 @ b_1 + b_2),
            "Which sign stands for the matrix product in Python: * or @?",
        ),
    ),
    hints=(
        "Put the first layer into the second, then multiply out the brackets.",
        "W_2 (W_1 x + b_1) + b_2 has three terms. One of them has an x; the other two are the new bias.",
        "W = W_2 times W_1; b = (W_2 times b_1) plus b_2; return both",
    ),
)

SIGMOID_DERIVATIVE = Exercise(
    reference=sigmoid_derivative,
    points=2,
    cases=(
        Case("a few numbers", (FEW,)),
        Case("a matrix", (MATRIX,)),
        Case("very large and very small", (EXTREME,)),
    ),
    properties=(Property("it is the slope of σ", lambda f: _has_slope(f, sigmoid)),),
    misconceptions=(
        Misconception(
            "this is the classmate's formula σ(z) · σ(1 − z)",
            lambda z: sigmoid(z) * sigmoid(1 - z),
            "1 − σ(z) or σ(1 − z): which one comes from differentiating 1 / (1 + exp(−z))?",
        ),
        Misconception(
            "this is σ itself",
            sigmoid,
            "What is the slope of σ far out, where the curve is flat?",
        ),
        Misconception(
            "this is the slope of tanh",
            lambda z: 1 - np.tanh(z) ** 2,
            "tanh′(0) is 1. What is σ′(0)?",
        ),
        Misconception(
            "the products are summed up",
            lambda z: sigmoid(z) @ (1 - sigmoid(z)),
            "σ′ belongs to each number alone. Which of `@` and `*` works number by number?",
        ),
        Misconception(
            "the brackets are missing: σ(z) · 1 − σ(z)",
            lambda z: sigmoid(z) * 1 - sigmoid(z),
            "What does Python compute first in s * 1 - s?",
        ),
        Misconception(
            "z is taken for an activation: z · (1 − z)",
            lambda z: z * (1 - z),
            "The slope is σ(z)(1 − σ(z)). Is your argument z or σ(z)?",
        ),
        Misconception(
            "the sign is wrong",
            lambda z: -sigmoid_derivative(z),
            "Does σ grow or fall when z grows?",
        ),
        Misconception(
            "this is exp(−z) / (1 + exp(−z))², which overflows",
            lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            "What is exp(1000) as a float, and what is inf / inf?",
        ),
    ),
    hints=(
        "With e = exp(−z), the derivative of 1/(1 + e) is e/(1 + e)². The minus of the chain rule and the minus of the exponent cancel.",
        "e/(1 + e)² is 1/(1 + e) times e/(1 + e). The first factor is σ(z). What do both factors sum to?",
        "s = sigmoid(z); return s times (what s lacks to one)",
    ),
)


def _slopes(x: Any, y: Any) -> Any:
    """Return the slope of each piece."""
    return np.diff(y) / np.diff(x)


RELU_WEIGHTS = Exercise(
    reference=relu_weights,
    points=4,
    cases=(
        Case("the tent", (np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 0.0]))),
        Case("the hard logistic function", (np.array([-3.0, -2.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0, 1.0]))),
        Case("two corners", (np.array([1.0, 3.5]), np.array([2.0, 1.0]))),
        Case("pieces of many widths", (np.array([-2.0, -1.5, 0.0, 4.0, 5.0]), np.array([1.0, 0.5, 3.5, -1.0, -0.5]))),
    ),
    properties=(
        Property(
            "the line runs through its corners",
            lambda f: np.allclose(
                _line(f, np.array([-1.0, 0.5, 1.0, 4.0, 4.5]), np.array([2.0, -1.0, -1.0, 3.0, 0.0])), [2.0, -1.0, -1.0, 3.0, 0.0]
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "these are the slopes, not their changes",
            _slopes,
            "The first unit goes on adding its slope after the second corner. What must the second unit add?",
        ),
        Misconception(
            "these are the steps up, not divided by the widths",
            lambda x, y: np.diff(y),
            "A piece that climbs by 2 over a width of 4: what is its slope?",
        ),
        Misconception(
            "the slopes are height over height: the widths are missing",
            lambda x, y: np.diff(np.diff(y), prepend=0.0),
            "Where does x enter? Two pieces of different width that climb equally have different slopes.",
        ),
        Misconception(
            "the slopes are turned round: width over height",
            lambda x, y: np.diff(np.diff(x) / np.diff(y), prepend=0.0),
            "Is a slope height over width, or width over height?",
        ),
        Misconception(
            "the first unit is missing",
            lambda x, y: np.diff(_slopes(x, y)),
            "Before the first corner the slope is 0. Which unit brings the first slope?",
        ),
        Misconception(
            "the changes have the wrong sign",
            lambda x, y: -np.diff(_slopes(x, y), prepend=0.0),
            "The slope goes from 2 to −1. Has the unit to add 3 or −3?",
        ),
        Misconception(
            "only the later changes have the wrong sign",
            lambda x, y: np.concatenate([_slopes(x, y)[:1], -np.diff(_slopes(x, y))]),
            "The slope goes from 2 to −1. Is the change new minus old, or old minus new?",
        ),
        Misconception(
            "each slope is compared with the first, not with the one before",
            lambda x, y: np.concatenate([_slopes(x, y)[:1], _slopes(x, y)[1:] - _slopes(x, y)[0]]),
            "At the third corner two units are at work already. What is the slope just before it?",
        ),
        Misconception(
            "the slopes are summed up, not differenced",
            lambda x, y: np.cumsum(_slopes(x, y)),
            "The units' weights sum up to the slope. So which way round do you get from slopes to weights?",
        ),
        Misconception(
            "the first height stands among the weights",
            lambda x, y: np.concatenate([np.asarray(y)[:1], np.diff(_slopes(x, y), prepend=0.0)]),
            "y₀ is added by itself in the formula. How many units are there for n + 1 corners?",
        ),
        Misconception(
            "there is a unit for the last corner, too",
            lambda x, y: np.diff(_slopes(x, y), prepend=0.0, append=0.0),
            "The line ends at the last corner. Does it need another bend there?",
        ),
        Misconception(
            "all pieces are taken to be as wide as the first",
            lambda x, y: np.diff(np.diff(y) / (x[1] - x[0]), prepend=0.0),
            "Is the third piece as wide as the first one?",
        ),
    ),
    hints=(
        "A unit is silent left of its corner and adds its weight to the slope right of it: its weight is the change of the slope.",
        "`np.diff(y) / np.diff(x)` has the slope of each piece. `np.diff(…, prepend=0)`: each minus the one before it, the first minus 0.",
        "slopes = steps in y / steps in x; return each slope minus the one before it, the first one as it is",
    ),
)


def _line(f: Any, x: Any, y: Any) -> Any:
    """Draw the line of ReLU units with these weights, at its corners."""
    return y[0] + np.maximum(0.0, x[:, None] - x[None, :-1]) @ np.asarray(f(x, y))


DEAD_SHARE = Exercise(
    reference=dead_share,
    points=3,
    cases=(
        Case("one of three units is dead", (np.array([[1.0, -1.0, -2.0, 0.5], [-1.0, -3.0, -0.5, -2.0], [-4.0, -1.0, 0.1, -1.0]]),)),
        Case("no unit is dead", (np.array([[2.0, -1.0], [-5.0, 3.0]]),)),
        Case("a unit with z = 0", (np.array([[0.0, -1.0, -3.0], [2.0, 1.0, -2.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]),)),
    ),
    misconceptions=(
        Misconception(
            "single zeros are counted, not units",
            lambda z: np.mean(z <= 0),
            "A unit that rests for one sample may fire for another. Is it dead?",
        ),
        Misconception(
            "the samples are counted, not the units",
            lambda z: np.mean(np.all(z <= 0, axis=0)),
            "Each row is a unit. Along which axis must all values be at most 0?",
        ),
        Misconception(
            "a unit counts as dead as soon as it rests once",
            lambda z: np.mean(np.any(z <= 0, axis=1)),
            "For how many samples must a dead unit rest: for one or for all?",
        ),
        Misconception(
            "this is the share of units that are alive",
            lambda z: np.mean(np.any(z > 0, axis=1)),
            "What should come out for a layer in which nothing is dead: 0 or 1?",
        ),
        Misconception(
            "this is a number of units, not a share",
            lambda z: int(np.sum(np.all(z <= 0, axis=1))),
            "How do you get from a number of units to a share of all units?",
        ),
        Misconception(
            "this is a percentage, not a share",
            lambda z: 100 * np.mean(np.all(z <= 0, axis=1)),
            "A share lies between 0 and 1. What does yours give for a layer in which all units are dead?",
        ),
        Misconception(
            "the share is cut to a whole number",
            lambda z: np.sum(np.all(z <= 0, axis=1)) // len(z),
            "What is 1 // 3 in Python, and what is 1 / 3?",
        ),
        Misconception(
            "the dead units are divided by the number of samples",
            lambda z: np.sum(np.all(z <= 0, axis=1)) / z.shape[1],
            "A share of the units: by the number of what do you divide?",
        ),
        Misconception(
            "there is an answer for each unit, not a share",
            lambda z: np.all(z <= 0, axis=1),
            "How do you get from yes and no for each unit to the share of those that say yes?",
        ),
        Misconception(
            "z = 0 counts as alive",
            lambda z: np.mean(np.all(z < 0, axis=1)),
            "What are ReLU(0) and ReLU′(0) in this course?",
        ),
        Misconception(
            "the sum of a row decides",
            lambda z: np.mean(np.sum(z, axis=1) <= 0),
            "A unit with z = −5 and z = 3 has a negative sum. Does it fire?",
        ),
    ),
    hints=(
        "A dead unit has z ≤ 0 for every sample, that is, in its whole row.",
        "`z <= 0` gives True and False. `np.all(..., axis=1)` asks for whole rows, and `np.mean` of True and False is a share.",
        "dead = for each row: are all z ≤ 0?; return the mean of dead",
    ),
)

SOFTPLUS = Exercise(
    reference=softplus,
    points=3,
    cases=(
        Case("a few numbers", (FEW,)),
        Case("a matrix", (MATRIX,)),
        Case("very large and very small", (EXTREME,)),
    ),
    properties=(
        Property(
            "softplus(z) − softplus(−z) = z",
            lambda f: np.allclose(f(np.array([0.3, 7.0])) - f(np.array([-0.3, -7.0])), [0.3, 7.0]),
        ),
    ),
    misconceptions=(
        Misconception(
            "this is log(1 + exp(z)) as it stands, which overflows",
            naive_softplus,
            "What is log(1 + exp(1000)) on paper, and what is exp(1000) as a float? Which exponent is never larger than 0?",
        ),
        Misconception(
            "log(1 + exp(−|z|)) without the part in front",
            lambda z: np.log1p(np.exp(-np.abs(z))),
            "For large z the softplus is nearly z. What is yours?",
        ),
        Misconception(
            "this is the plain ReLU",
            lambda z: np.maximum(0, z),
            "What is log(1 + exp(0))?",
        ),
        Misconception(
            "the sign of z is lost",
            lambda z: np.maximum(0, -z) + np.log1p(np.exp(-np.abs(z))),
            "Should the softplus grow or fall when z grows?",
        ),
        Misconception(
            "this is its derivative, the logistic function",
            sigmoid,
            "Can the softplus be larger than 1?",
        ),
        Misconception(
            "large z are cut off",
            lambda z: np.log(1 + np.exp(np.minimum(z, 700))),
            "For z = 1000 the result should be 1000. What does your limit make of it?",
        ),
        Misconception(
            "this is a logarithm to base 2",
            lambda z: np.logaddexp2(0, z / np.log(2)),
            "Softplus(0) is the natural logarithm of 2, about 0.693. What is yours?",
        ),
    ),
    hints=(
        "Take the large part out of the logarithm, so that only small exponents are left.",
        "For z > 0: log(1 + exp(z)) = log(exp(z) (exp(−z) + 1)) = z + log(1 + exp(−z)). For z ≤ 0 the formula is safe as it is.",
        "result = max(0, z) + log(1 + exp(−|z|))",
    ),
)


def _table_elu_derivative(z: Any, gamma: Any) -> Any:
    """Compute the lecture's table as it stands: I(z > 0) + I(z ≤ 0) γ exp(z)."""
    return (z > 0) + (z <= 0) * gamma * np.exp(z)


ELU_DERIVATIVE = Exercise(
    reference=elu_derivative,
    points=3,
    cases=(
        Case("a few numbers, γ = 1.5", (FEW, 1.5)),
        Case("a matrix, γ = 0.5", (MATRIX, 0.5)),
        Case("very large and very small", (EXTREME, 2.0)),
        Case("an array of integers", (np.array([-2, 0, 3]), 1.5)),
    ),
    properties=(Property("it is the slope of the ELU", lambda f: _has_slope(f, elu, 0.7)),),
    misconceptions=(
        Misconception(
            "this is the classmate's sum of both sides: 0 · inf at z = 1000",
            _table_elu_derivative,
            "What is 0 times inf as a float? How do you keep exp from seeing a large z?",
        ),
        Misconception(
            "−γ was not dropped: γ (exp(z) − 1)",
            lambda z, gamma: np.where(z > 0, 1.0, gamma * (np.exp(np.minimum(z, 0)) - 1)),
            "What is the derivative of the constant −γ?",
        ),
        Misconception(
            "this is the ELU itself",
            lambda z, gamma: np.where(z > 0, z, gamma * (np.exp(np.minimum(z, 0)) - 1)),
            "What is the slope of z where z > 0?",
        ),
        Misconception(
            "γ is missing",
            lambda z, gamma: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
            "What is the slope just below zero, where exp(z) is nearly 1?",
        ),
        Misconception(
            "γ multiplies both sides",
            lambda z, gamma: gamma * np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
            "Above zero the ELU is z. Is there a γ in it?",
        ),
        Misconception(
            "an array of integers holds the slopes",
            lambda z, gamma: np.where(z > 0, 1.0, gamma * np.exp(np.minimum(z, 0))).astype(z.dtype),
            "`np.ones_like(z)` makes integers where z holds integers. What becomes of 0.2 in such an array?",
        ),
        Misconception(
            "1 is added left of 0",
            lambda z, gamma: np.where(z > 0, 1.0, gamma * np.exp(-np.abs(z)) + 1),
            "What is the derivative of γ (exp(z) − 1)? Where does the −1 go?",
        ),
        Misconception(
            "at zero the slope of the right side is taken",
            lambda z, gamma: np.where(z >= 0, 1.0, gamma * np.exp(np.minimum(z, 0))),
            "Which side does z = 0 belong to in the exercise?",
        ),
        Misconception(
            "the two sides are swapped",
            lambda z, gamma: np.where(z > 0, gamma * np.exp(z), 1.0),
            "On which side is the ELU a straight line?",
        ),
        Misconception(
            "γ exp(z) is used on both sides",
            lambda z, gamma: gamma * np.exp(z),
            "What is the slope of z where z > 0?",
        ),
        Misconception(
            "this is the slope of the leaky ReLU",
            lambda z, gamma: np.where(z > 0, 1.0, gamma),
            "Below zero the ELU bends. Can its slope be the same everywhere?",
        ),
    ),
    hints=(
        "Above zero the ELU is z, below zero it is γ exp(z) − γ. Take the derivative of each side.",
        "`np.where` computes both sides before it chooses. `np.minimum(z, 0)` keeps exp small on the side that is not used.",
        "where z > 0: 1, else: γ times exp(min(z, 0))",
    ),
)


def _naive_swish_derivative(z: Any, beta: Any, s: Any) -> Any:
    """Compute the derivative from any s = σ(βz)."""
    return s + z * beta * s * (1 - s)


SWISH_DERIVATIVE = Exercise(
    reference=swish_derivative,
    points=3,
    cases=(
        Case("a few numbers, β = 1", (FEW, 1.0)),
        Case("a matrix, β = 2", (MATRIX, 2.0)),
        Case("the GELU's gate: β = 1.702", (EXTREME, 1.702)),
    ),
    properties=(Property("it is the slope of the Swish", lambda f: _has_slope(f, swish, 0.6)),),
    misconceptions=(
        Misconception(
            "only the first term of the product rule is there",
            lambda z, beta: sigmoid(beta * z),
            "z σ(βz) is a product of two functions of z. How many terms has its derivative?",
        ),
        Misconception(
            "only the second term of the product rule is there",
            lambda z, beta: beta * z * sigmoid_derivative(beta * z),
            "z σ(βz) is a product of two functions of z. How many terms has its derivative?",
        ),
        Misconception(
            "the inner derivative β is missing",
            lambda z, beta: sigmoid(beta * z) + z * sigmoid_derivative(beta * z),
            "What does the chain rule say about the derivative of σ(βz)?",
        ),
        Misconception(
            "the second term is subtracted",
            lambda z, beta: sigmoid(beta * z) - beta * z * sigmoid_derivative(beta * z),
            "(u v)′ = u′ v + u v′, and σ′ is positive. Where does your minus come from?",
        ),
        Misconception(
            "the inner derivative β is there twice",
            lambda z, beta: sigmoid(beta * z) + beta**2 * z * sigmoid_derivative(beta * z),
            "How often does βz have to be differentiated?",
        ),
        Misconception(
            "σ is computed as exp(z) / (1 + exp(z)), which overflows",
            lambda z, beta: _naive_swish_derivative(z, beta, np.exp(beta * z) / (1 + np.exp(beta * z))),
            "What is exp(1702) as a float, and what is inf / inf? Which form of σ is safe?",
        ),
        Misconception(
            "the two derivatives are multiplied",
            lambda z, beta: beta * sigmoid_derivative(beta * z),
            "(u v)′ is not u′ v′. How does the product rule go?",
        ),
        Misconception(
            "β is left out",
            lambda z, beta: swish_derivative(z, 1.0),
            "What does σ get: z or βz?",
        ),
        Misconception(
            "this is the Swish itself",
            swish,
            "For large z the Swish is nearly z. What is its slope there?",
        ),
    ),
    hints=(
        "z σ(βz) is a product. The product rule gives two terms, and the chain rule the derivative of σ(βz).",
        "With s = σ(βz): the derivative of z is 1, and the derivative of s is β s (1 − s).",
        "s = σ(βz); return s + z · β · s · (1 − s)",
    ),
)


def _halved(scores: Any, share: Any, told: Any, low: float = 1e-9, high: float = 1e9, times: int = 200) -> float:
    """Halve an interval (in its logarithm) until `told(scores, T)` is the share; it has to fall where T rises."""
    for _ in range(times):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if told(scores, middle) > share else (low, middle)
    return float(np.sqrt(low * high))


def _largest(z: Any, T: Any) -> Any:
    """Return the largest share."""
    return np.max(softmax(z / T))


TEMPERATURE_FOR = Exercise(
    reference=temperature_for,
    points=0,
    cases=(
        Case("the road's scores, nine of ten", (SCORES, 0.9)),
        Case("the road's scores, one half", (SCORES, 0.5)),
        Case("two classes, the larger one last", (np.array([1.0, 3.0]), 0.75)),
        Case("large scores", (SCORES + 800, 0.6)),
        Case("scores that are close", (np.array([0.10, 0.20, 0.15, 0.0]), 0.3)),
    ),
    properties=(
        Property(
            "the largest share is what was asked for",
            lambda f: abs(_largest(np.array([4.0, -1.0, 2.0, 2.5]), f(np.array([4.0, -1.0, 2.0, 2.5]), 0.7)) - 0.7) < 1e-6,
        ),
    ),
    misconceptions=(
        Misconception(
            "this is 1/T: the scores are multiplied by it",
            lambda scores, share: 1 / temperature_for(scores, share),
            "A share below that of T = 1 needs a temperature above 1. Is yours?",
        ),
        Misconception(
            "only the two largest scores are used",
            lambda scores, share: (np.sort(scores)[-1] - np.sort(scores)[-2]) / np.log(share / (1 - share)),
            "All classes share what the largest leaves. What does the third score get?",
        ),
        Misconception(
            "the first score is taken for the largest",
            lambda scores, share: _halved(scores, share, lambda z, T: softmax(z / T)[0]),
            "Which class has the largest score in each case? It need not be the first.",
        ),
        Misconception(
            "exp(scores / T) overflows on the way",
            lambda scores, share: _halved(scores, share, lambda z, T: np.max(np.exp(z / T) / np.exp(z / T).sum())),
            "What is exp(800)? Only the differences of the scores count: what do you subtract first?",
        ),
        Misconception(
            "this is the largest share at T = 1",
            lambda scores, share: float(_largest(scores, 1.0)),
            "You are to return a temperature. At which one is the largest share `share`?",
        ),
        Misconception(
            "the halving goes the wrong way",
            (
                lambda scores, share: _halved(scores, -share, lambda z, T: -_largest(z, T), 1e-3, 1e3),
                lambda scores, share: _halved(scores, -share, lambda z, T: -_largest(z, T), 1.0, 1.0),
            ),
            "If the largest share is too large, has T to rise or to fall?",
        ),
        Misconception(
            "the interval is not halved often enough",
            tuple(lambda scores, share, n=n: _linear(scores, share, 0.001, 1000.0, n) for n in (8, 10, 12, 15, 20)),
            "How wide is the interval after ten halvings? Each of them halves the error.",
        ),
        Misconception(
            "the second largest share is made to be `share`",
            lambda scores, share: _halved(scores, -share, lambda z, T: -np.sort(softmax(z / T))[-2]),
            "Which share is to be `share`?",
        ),
        Misconception(
            "the first temperature of a row is taken that is large enough",
            tuple(
                lambda scores, share, row=row: next((T for T in row if _largest(scores, T) <= share), row[-1])
                for row in (np.arange(0.1, 100, 0.1), np.arange(0.01, 100, 0.01), np.arange(1.0, 100))
            ),
            "How far apart are two temperatures of your row? The answer lies between them.",
        ),
    ),
    hints=(
        "The largest share falls when T rises. So if it is too large at some T, the right T is larger, and the other way round.",
        "Measured from the largest score, the largest share is 1 / sum(exp(−behind / T)). Begin at 1, halve until the share is too large, "
        "and double until it is too small: the answer lies between.",
        "repeat 60 times: middle of low and high; share too large there? low = middle, else high = middle",
    ),
)


def _linear(scores: Any, share: Any, low: float, high: float, times: int) -> float:
    """Halve an interval a few times."""
    for _ in range(times):
        middle = (low + high) / 2
        low, high = (middle, high) if _largest(scores, middle) > share else (low, middle)
    return (low + high) / 2


CHAPTER = Chapter(
    name="02_activations",
    title="02 Activation functions",
    exercises=(
        SIGMOID,
        MERGE_LAYERS,
        SIGMOID_DERIVATIVE,
        RELU_WEIGHTS,
        DEAD_SHARE,
        SOFTPLUS,
        ELU_DERIVATIVE,
        SWISH_DERIVATIVE,
        TEMPERATURE_FOR,
    ),
    data=("traffic.csv",),
)
