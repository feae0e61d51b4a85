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
    naive_tanh,
    prelu,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_temperature,
    softplus,
    swish,
    swish_derivative,
    tanh_derivative,
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

TANH_DERIVATIVE = Exercise(
    reference=tanh_derivative,
    points=2,
    cases=(
        Case("a few numbers", (FEW,)),
        Case("a matrix", (MATRIX,)),
        Case("very large and very small", (EXTREME,)),
    ),
    properties=(Property("it is the slope of tanh", lambda f: _has_slope(f, np.tanh)),),
    misconceptions=(
        Misconception(
            "z itself is squared, not tanh(z)",
            lambda z: 1 - z**2,
            "The argument is the pre-activation z. Where does tanh come in?",
        ),
        Misconception(
            "the square is missing",
            lambda z: 1 - np.tanh(z),
            "tanh is odd, so its slope is the same at z and −z. Is yours?",
        ),
        Misconception(
            "the sign is wrong: 1 + tanh²",
            lambda z: 1 + np.tanh(z) ** 2,
            "tanh is flat far from zero. What is your slope there?",
        ),
        Misconception(
            "this is tanh itself",
            np.tanh,
            "What is the slope of tanh at 0, and what is tanh(0)?",
        ),
        Misconception(
            "this is the rule of the logistic function: a (1 − a)",
            lambda z: np.tanh(z) * (1 - np.tanh(z)),
            "A slope of tanh is never negative. Is yours? Which rule belongs to which function?",
        ),
        Misconception(
            "this is σ′(z), the slope of the logistic function",
            lambda z: sigmoid(z) * (1 - sigmoid(z)),
            "Which is steeper at 0: tanh or σ?",
        ),
        Misconception(
            "this uses the slide's form of tanh, which overflows",
            lambda z: 1 - naive_tanh(z) ** 2,
            "What is exp(1000) as a float, and what is inf / inf? Which NumPy function computes tanh safely?",
        ),
    ),
    hints=(
        "The slope of tanh can be written with tanh itself.",
        "Compute a = tanh(z) first (`np.tanh`). Then the formula has only a in it.",
        "a = tanh(z); return 1 minus a squared",
    ),
)

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

PRELU = Exercise(
    reference=prelu,
    points=2,
    cases=(
        Case("leaky ReLU: γ = 0.01", (FEW, 0.01)),
        Case("a slope for each neuron", (np.array([[-2.0, 4.0], [-2.0, 4.0], [-1.0, 0.0]]), np.array([[0.25], [0.0], [-0.5]]))),
        Case("a learned slope above 1", (FEW, 1.5)),
    ),
    misconceptions=(
        Misconception(
            "this is max(z, γz), which needs γ ≤ 1",
            lambda z, gamma: np.maximum(z, gamma * z),
            "Take γ = 1.5 and z = −2. Which of z and γz is larger, and which one is wanted?",
        ),
        Misconception(
            "the slope is always 0.01",
            lambda z, gamma: np.where(z > 0, z, 0.01 * z),
            "0.01 is the leaky ReLU's slope. Which argument gives it here?",
        ),
        Misconception(
            "the slope is on the wrong side",
            lambda z, gamma: np.where(z > 0, gamma * z, z),
            "Which inputs does γ weaken: positive or negative ones?",
        ),
        Misconception(
            "γ stands where γz should",
            lambda z, gamma: np.where(z > 0, z, gamma),
            "Is γ the value of the function below zero, or its slope?",
        ),
        Misconception(
            "this is the plain ReLU",
            lambda z, gamma: np.maximum(0, z),
            "Where does γ come in?",
        ),
        Misconception(
            "the sign below zero is lost",
            lambda z, gamma: np.where(z > 0, z, -gamma * z),
            "For z = −2 and γ > 0, should the output be negative?",
        ),
        Misconception(
            "this is the derivative",
            lambda z, gamma: np.where(z > 0, 1.0, gamma),
            "For z = 2 the output should be 2. What is yours?",
        ),
    ),
    hints=(
        "Above zero the function is z, below zero it is γz.",
        "`np.where(condition, a, b)` takes each element from a or from b. A column γ broadcasts over the samples by itself.",
        "where z > 0: z, else: γ times z",
    ),
)


def _table_elu_derivative(z: Any, gamma: Any) -> Any:
    """Compute the lecture's table as it stands: I(z > 0) + I(z ≤ 0) γ exp(z)."""
    return (z > 0) + (z <= 0) * gamma * np.exp(z)


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
            "this is the slide's form, which overflows",
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

ELU_DERIVATIVE = Exercise(
    reference=elu_derivative,
    points=3,
    cases=(
        Case("a few numbers, γ = 1.5", (FEW, 1.5)),
        Case("a matrix, γ = 0.5", (MATRIX, 0.5)),
        Case("very large and very small", (EXTREME, 2.0)),
    ),
    properties=(Property("it is the slope of the ELU", lambda f: _has_slope(f, elu, 0.7)),),
    misconceptions=(
        Misconception(
            "this is the lecture's table as it stands: 0 · inf at z = 1000",
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


def _tempered(z: Any, T: Any, axis: Any = 0) -> Any:
    """Compute softmax(z / T) along another axis, or over the whole batch."""
    e = np.exp((z - z.max(axis=axis, keepdims=True)) / T)
    return e / e.sum(axis=axis, keepdims=True)


SOFTMAX_TEMPERATURE = Exercise(
    reference=softmax_temperature,
    points=3,
    cases=(
        Case("the lecture's scores, T = 1", (SCORES, 1.0)),
        Case("the lecture's scores, T = 2", (SCORES, 2.0)),
        Case("a batch: each column is a sample", (np.array([[1.0, 0.0, -1.0, 4.0], [2.0, 0.0, 1.0, 4.0], [0.5, 3.0, 0.0, -2.0]]), 0.5)),
        Case("T = 0.005", (SCORES, 0.005)),
    ),
    probes=(Case("large scores", (SCORES + 800, 1.0)),),
    properties=(
        Property(
            "every column sums to 1",
            lambda f: np.allclose(f(np.array([[0.3, 9.0], [1.0, -4.0], [2.0, 0.0]]), 3.0).sum(axis=0), 1),
        ),
    ),
    misconceptions=(
        Misconception(
            "T has no effect",
            lambda z, T: softmax(z),
            "What happens to a factor that stands in the numerator and in the sum? Where must T stand: inside or outside exp?",
        ),
        Misconception(
            "the scores are multiplied by T",
            lambda z, T: softmax(z * T),
            "Should a high temperature bring the scores closer together, or drive them apart?",
        ),
        Misconception(
            "the shares are divided by T",
            lambda z, T: softmax(z) / T,
            "What must the shares of one sample sum to?",
        ),
        Misconception(
            "this is exp(z / T) as it stands, which overflows",
            lambda z, T: np.exp(z / T) / np.exp(z / T).sum(axis=0),
            "What is exp(2000) as a float? What changes if you first subtract the largest score of each column?",
        ),
        Misconception(
            "the largest score is subtracted after the division by T",
            lambda z, T: np.exp(z / T - z.max(axis=0)) / np.exp(z / T - z.max(axis=0)).sum(axis=0),
            "Which is the largest exponent: the largest z, or the largest z / T?",
        ),
        Misconception(
            "the smallest score is subtracted, not the largest",
            lambda z, T: np.exp((z - z.min(axis=0)) / T) / np.exp((z - z.min(axis=0)) / T).sum(axis=0),
            "After the subtraction, what is the largest exponent? It should be 0.",
        ),
        Misconception(
            "T is squared",
            lambda z, T: softmax(z / T**2),
            "How often is a score divided by T?",
        ),
        Misconception(
            "the sum runs over the whole batch",
            (lambda z, T: _tempered(z, T, axis=None), lambda z, T: np.exp((z - z.max(axis=0)) / T) / np.exp((z - z.max(axis=0)) / T).sum()),
            "Should the shares of one sample depend on the other samples?",
        ),
        Misconception(
            "the sum runs along the samples instead of each column",
            (lambda z, T: _tempered(z, T, axis=-1), lambda z, T: _tempered(z, T, axis=1)),
            "Which axis of z counts the classes, and which the samples?",
        ),
        Misconception(
            "the shares do not sum to 1: exp without dividing by the sum",
            lambda z, T: np.exp((z - z.max(axis=0)) / T),
            "What must the shares of one sample sum to?",
        ),
    ),
    hints=(
        "Divide the scores by T first. After that it is a softmax like any other.",
        "`axis=0` works down a column. Subtract each column's largest score before exp: the result is the same, and nothing overflows.",
        "s = z / T; e = exp(s − max of each column); return e / (sum of e in each column)",
    ),
)

CHAPTER = Chapter(
    name="02_activations",
    title="02 Activation functions",
    exercises=(
        MERGE_LAYERS,
        TANH_DERIVATIVE,
        DEAD_SHARE,
        PRELU,
        SOFTPLUS,
        ELU_DERIVATIVE,
        SWISH_DERIVATIVE,
        SOFTMAX_TEMPERATURE,
    ),
)
