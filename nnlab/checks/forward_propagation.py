"""Chapter 03, forward propagation: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.activations import identity, relu, sigmoid, softmax, tanh
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import dense_shape, fc_layer, forward, init_params, neuron

# The layer and the sample of S0 section 11.2 ("try it", ReLU)
W_RELU = np.array([[1.0, 2, 3], [2, 3, 4], [3, 4, 5], [1, 0, 2], [2, 1, 3]])
B_RELU = np.array([[8.0], [1], [6], [-1], [7]])
X_RELU = np.array([[1.0], [-1], [-2]])

# A small network with uneven layers, so that swapped sizes show
W_SMALL = [np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]]), np.array([[1.0, -2.0], [0.0, 1.0], [-1.0, 0.5], [2.0, 1.0]])]
B_SMALL = [np.array([[0.1], [-0.2]]), np.array([[0.0], [0.3], [-0.3], [1.0]])]
X_SMALL = np.array([[1.0, -0.5], [0.0, 2.0], [-1.0, 0.25]])


NEURON = Exercise(
    reference=neuron,
    points=2,
    cases=(
        Case("three inputs, ReLU", (np.array([1.0, 2.0, 3.0]), np.array([1.0, -1.0, -2.0]), 8.0, relu)),
        Case("two inputs, sigmoid", (np.array([0.5, -0.25]), np.array([2.0, 4.0]), 0.5, sigmoid)),
        Case("no activation function", (np.array([2.0, -1.0]), np.array([3.0, 5.0]), -4.0, identity)),
    ),
    misconceptions=(
        Misconception(
            "the bias is missing",
            lambda w, a, b, f: f(np.dot(w, a)),
            "What should come out where all inputs are zero and b is not?",
        ),
        Misconception(
            "the pre-activation is returned without f",
            lambda w, a, b, f: np.dot(w, a) + b,
            "Which of z and a = f(z) does the next layer get?",
        ),
        Misconception(
            "f is applied to each product before the sum",
            lambda w, a, b, f: np.sum(f(w * a)) + b,
            "In a = f(w · a + b), what is done first: the sum or f?",
        ),
        Misconception(
            "the bias is added after f",
            lambda w, a, b, f: f(np.dot(w, a)) + b,
            "Is b inside or outside the brackets of f(w · a + b)?",
        ),
        Misconception(
            "the bias is subtracted",
            lambda w, a, b, f: f(np.dot(w, a) - b),
            "Chapter 01 used a threshold θ. How do b and θ differ in sign?",
        ),
        Misconception(
            "the products are not summed",
            lambda w, a, b, f: f(w * a + b),
            "How many numbers leave one neuron?",
        ),
    ),
    hints=(
        "A neuron does two things: it sums its weighted inputs and the bias, then it applies f once.",
        "`np.dot(w, a)` is the sum of the products. Add `b` before you call `f`.",
        "z = (sum of w_i a_i) + b; return f(z)",
    ),
)

DENSE_SHAPE = Exercise(
    reference=dense_shape,
    points=2,
    returns=("the first size", "the second size"),
    cases=(
        Case("one sample", ((4, 5), (5, 1))),
        Case("a batch of 32", ((3, 4), (4, 32))),
        Case("sizes that do not fit", ((4, 5), (4, 1))),
        Case("a square matrix", ((3, 3), (3, 7))),
    ),
    misconceptions=(
        Misconception(
            "the two outer sizes are swapped",
            lambda W, a: (a[1], W[0]) if W[1] == a[0] else None,
            "In W @ a, which matrix gives the rows of the result?",
        ),
        Misconception(
            "W is taken as transposed",
            lambda W, a: (W[1], a[1]) if W[0] == a[0] else None,
            "W has one row for each neuron of this layer. Which of its sizes must equal the number of features?",
        ),
        Misconception(
            "it is not checked whether the sizes fit",
            lambda W, a: (W[0], a[1]),
            "What does NumPy do with (4, 5) @ (4, 1)?",
        ),
        Misconception(
            "the samples are lost",
            lambda W, a: (W[0], 1) if W[1] == a[0] else None,
            "The bias has one column. How many has W @ a?",
        ),
        Misconception(
            "the shape of a is returned",
            lambda W, a: a if W[1] == a[0] else None,
            "A layer with 4 neurons gets 5 features. How many numbers does it give for one sample?",
        ),
    ),
    hints=(
        "Each column of `a` is one sample, and each row of `W` is one neuron. Every neuron answers every sample.",
        "Write the four sizes in a row: (neurons, inputs) and (features, samples). The inner two must be equal; the outer two are left.",
        "if inputs equals features: return (neurons, samples), else return None",
    ),
)

SIGMOID = Exercise(
    reference=sigmoid,
    points=2,
    cases=(
        Case("a few numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Case("a matrix", (np.array([[0.1, -1.2, 3.0], [4.0, -5.0, 0.7]]),)),
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
            "the sign of z is lost",
            lambda z: 1 / (1 + np.exp(z)),
            "Should σ grow or fall when z grows? Look at the sign in exp(−z).",
        ),
        Misconception(
            "this is tanh",
            np.tanh,
            "σ(0) is 0.5. What is tanh(0)?",
        ),
        Misconception(
            "this is exp(z) / (1 + exp(z)), which overflows",
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
        "Write the formula with NumPy, so that it works for every element of an array at once.",
        "exp(−z) overflows for z = −1000. Only e = exp(−|z|) is always at most 1. How do you write σ(z) with e when z is negative?",
        "e = exp(−|z|); result is 1/(1+e) where z ≥ 0, and e/(1+e) where z < 0 (see np.where)",
    ),
)

# What is subtracted before exp: nothing, or the largest score of all, of each column, of each row
SHIFTS: tuple[Callable[[Any], Any], ...] = (
    lambda z: 0.0,
    np.max,
    lambda z: z.max(axis=0, keepdims=True),
    lambda z: z.max(axis=-1, keepdims=True),
)


def _shares(shift: Callable[[Any], Any], total: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Write a softmax with this shift and this sum."""

    def wrong(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / total(e)

    return wrong


SOFTMAX = Exercise(
    reference=softmax,
    points=3,
    cases=(
        Case("one sample, three scores", (np.array([[10.0], [6.0], [8.0]]),)),
        Case("a batch: each column is a sample", (np.array([[1.0, 0.0, -1.0, 4.0], [2.0, 0.0, 1.0, 4.0], [0.5, 3.0, 0.0, -2.0]]),)),
        Case("scores of 1000", (np.array([[1000.0, -1000.0, 1000.0], [1001.0, -1002.0, 0.0]]),)),
        Case("a plain vector", (np.array([10.0, 6.0, 8.0]),)),
    ),
    properties=(
        Property(
            "every column sums to 1",
            lambda f: np.allclose(f(np.array([[0.3, 9.0], [1.0, -4.0], [2.0, 0.0]])).sum(axis=0), 1),
        ),
        Property(
            "adding the same number to all scores of a sample changes nothing",
            lambda f: np.allclose(f(np.array([[1.0], [3.0]])), f(np.array([[101.0], [103.0]]))),
        ),
    ),
    misconceptions=(
        Misconception(
            "the sum runs along the samples instead of each column",
            tuple(_shares(shift, partial(np.sum, axis=axis, keepdims=True)) for shift in SHIFTS for axis in (1, -1)),
            "Which axis of z counts the classes, and which the samples?",
        ),
        Misconception(
            "the sum runs over the whole batch",
            tuple(_shares(shift, np.sum) for shift in SHIFTS),
            "Should the probabilities of one sample depend on the other samples?",
        ),
        Misconception(
            "this is the slide's form, which overflows",
            lambda z: np.exp(z) / np.exp(z).sum(axis=0),
            "What is exp(1000) as a float? What changes if you first subtract the largest score of each column?",
        ),
        Misconception(
            "the smallest score is subtracted, not the largest",
            lambda z: np.exp(z - z.min(axis=0)) / np.exp(z - z.min(axis=0)).sum(axis=0),
            "After the subtraction, what is the largest exponent? It should be 0.",
        ),
        Misconception(
            "the largest score gets all, the others nothing",
            lambda z: (z == z.max(axis=0)).astype(float),
            "Softmax is soft: should a score that is nearly the largest get nothing?",
        ),
        Misconception(
            "each score is divided by the sum, without exp",
            lambda z: z / z.sum(axis=0),
            "Can a share be negative? What makes every score positive?",
        ),
        Misconception(
            "the exponents are halved",
            lambda z: softmax(z / 2),
            "What do two scores that differ by 1 do to the ratio of their shares? It should be e.",
        ),
        Misconception(
            "exp without dividing by the sum",
            lambda z: np.exp(z - z.max(axis=0)),
            "What must the shares of one sample sum to?",
        ),
        Misconception(
            "one maximum is taken for the whole batch",
            lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=0),
            "A column with scores near −1000 beside one near 1000: what is exp of each score minus the largest of all?",
        ),
    ),
    hints=(
        "Softmax makes the scores positive with exp, then divides by their sum, for each column on its own.",
        "`axis=0` works down a column. Subtract each column's largest score before exp: the result is the same, and nothing overflows.",
        "e = exp(z − max of each column); return e / (sum of e in each column)",
    ),
)

FC_LAYER = Exercise(
    reference=fc_layer,
    points=3,
    returns=("z", "a"),
    cases=(
        Case("the slide's ReLU layer", (X_RELU, W_RELU, B_RELU, relu)),
        Case("a batch of two samples", (X_SMALL, W_SMALL[0], B_SMALL[0], sigmoid)),
        Case("softmax at the output", (np.array([[0.2, -0.1], [0.4, 1.0]]), W_SMALL[1], B_SMALL[1], softmax)),
        Case("a square layer", (np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([[0.0, 1.0], [2.0, 3.0]]), B_SMALL[0], tanh)),
    ),
    misconceptions=(
        Misconception(
            "the bias is missing",
            lambda a, W, b, f: (W @ a, f(W @ a)),
            "What is z where all inputs are zero?",
        ),
        Misconception(
            "the weights are transposed",
            lambda a, W, b, f: (W.T @ a + b, f(W.T @ a + b)),
            "W has shape (neurons, inputs). Which shape has W.T, and does it fit a?",
        ),
        Misconception(
            "a and W are multiplied in the wrong order",
            lambda a, W, b, f: (a @ W + b, f(a @ W + b)),
            "Samples are columns of a. Does W stand left or right of a?",
        ),
        Misconception(
            "z and a are returned in the wrong order",
            lambda a, W, b, f: fc_layer(a, W, b, f)[::-1],
            "Which of the two results is before f, and which after?",
        ),
        Misconception(
            "only the activation is returned",
            lambda a, W, b, f: f(W @ a + b),
            "Chapter 04 needs z as well as a. How does a Python function return both?",
        ),
        Misconception(
            "W and a are multiplied element by element",
            lambda a, W, b, f: (W * a + b, f(W * a + b)),
            "Which sign stands for the matrix product in Python: * or @?",
        ),
        Misconception(
            "z is overwritten by the activation",
            lambda a, W, b, f: (f(W @ a + b), f(W @ a + b)),
            "Chapter 04 needs z as it was before f. Where does yours get lost?",
        ),
        Misconception(
            "f gets each number alone",
            lambda a, W, b, f: (W @ a + b, np.vectorize(f)(W @ a + b)),
            "What does softmax make of a single score? Which numbers does it need together?",
        ),
        Misconception(
            "f gets the rows of z one by one",
            lambda a, W, b, f: (W @ a + b, np.array([f(row) for row in W @ a + b])),
            "A row holds one neuron for all samples. Which numbers does softmax need together?",
        ),
        Misconception(
            "it is always ReLU, whatever f is",
            lambda a, W, b, f: (W @ a + b, np.maximum(0, W @ a + b)),
            "Which function should a layer apply: one of your choice, or the one it is given?",
        ),
        Misconception(
            "f is not applied",
            lambda a, W, b, f: (W @ a + b, W @ a + b),
            "What makes a differ from z?",
        ),
        Misconception(
            "the bias is added after f",
            lambda a, W, b, f: (W @ a, f(W @ a) + b),
            "Is b inside or outside the brackets of f(W a + b)?",
        ),
    ),
    hints=(
        "A layer is many neurons at once: one matrix product, one sum, one call of f.",
        "`W @ a` multiplies every row of W with every column of a. The bias of shape (neurons, 1) is added to each column by itself.",
        "z = W @ a + b; return z, f(z)",
    ),
)


def _pairs(order: str) -> Any:
    """Draw weights and biases in a wrong order or shape, for the misconceptions of `init_params`."""

    def wrong(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
        W, b = [], []
        for n, m in pairwise(sizes):
            if order != "turned":
                W.append(rng.standard_normal((n, m) if order == "transposed" else (m, n)))
            if order == "layer by layer":
                b.append(rng.standard_normal((m, 1)))
        if order == "turned":
            W = [rng.standard_normal((n, m)).T for n, m in pairwise(sizes)]
        if order != "layer by layer":
            b = [rng.standard_normal((m,) if order == "flat" else (m, 1)) for m in sizes[1:]]
        return W, b

    return wrong


def _biases_first(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    b = [rng.standard_normal((m, 1)) for m in sizes[1:]]
    return [rng.standard_normal((m, n)) for n, m in pairwise(sizes)], b


def _uniform(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    W = [rng.uniform(size=(m, n)) for n, m in pairwise(sizes)]
    return W, [rng.uniform(size=(m, 1)) for m in sizes[1:]]


def _zeros(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    W = [np.zeros((m, n)) for n, m in pairwise(sizes)]
    return W, [np.zeros((m, 1)) for m in sizes[1:]]


def _zero_bias(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    return init_params(sizes, rng)[0], _zeros(sizes, rng)[1]


INIT_PARAMS = Exercise(
    reference=init_params,
    points=3,
    returns=("W", "b"),
    cases=(
        Case("the slide's network 5-4-3-3", ([5, 4, 3, 3], np.random.RandomState(42))),
        Case("one layer", ([2, 3], np.random.RandomState(0))),
        Case("a newer generator", ([3, 6, 1], np.random.default_rng(1))),
    ),
    misconceptions=(
        Misconception(
            "the weights are transposed",
            _pairs("transposed"),
            "W(l) has one row for each neuron of layer l. Which size comes first?",
        ),
        Misconception(
            "the matrices are drawn in another shape, then turned round",
            _pairs("turned"),
            "`rng` fills an array row by row. Are the numbers of an array of shape (n, m), turned round, where those of shape (m, n) are?",
        ),
        Misconception(
            "the biases are drawn first",
            _biases_first,
            "The slide draws all weights first. Does the order of the draws change the numbers?",
        ),
        Misconception(
            "the biases are flat",
            _pairs("flat"),
            "Which shape must b have so that W @ a + b adds it to every column?",
        ),
        Misconception(
            "weights and biases are drawn layer by layer",
            _pairs("layer by layer"),
            "The slide draws all weights first, then all biases. Does the order of the draws change the numbers?",
        ),
        Misconception(
            "the numbers are uniform, not normal",
            _uniform,
            "Which method of rng draws from the standard normal distribution? Can a weight be negative?",
        ),
        Misconception(
            "all parameters are zero",
            _zeros,
            "If all neurons of a layer start equal, can they ever become different?",
        ),
        Misconception(
            "the biases are zero",
            _zero_bias,
            "The slide draws the biases from the same distribution as the weights. Where do you draw yours?",
        ),
    ),
    hints=(
        "There is one weight matrix and one bias column between each layer and the next.",
        "Walk over neighbouring sizes with `zip(sizes[:-1], sizes[1:])`. `rng.standard_normal((rows, columns))` draws a matrix.",
        "W = [draw (m, n) for each n, m of neighbouring sizes]; then b = [draw (m, 1) for each m after the first]",
    ),
)


def _wrong_forward(hidden: Any = None, output: Any = None, feed: Any = None, keep: Any = None) -> Any:
    """Build a wrong `forward` from the parts of a right one: the functions used, what is passed on, what is returned."""

    def wrong(x: Any, W: Any, b: Any, f: Any, f_out: Any) -> Any:
        z: list[Any] = []
        a = [x]
        functions = [hidden(f, f_out) if hidden else f] * (len(W) - 1) + [output(f, f_out) if output else f_out]
        for weights, biases, function in zip(W, b, functions, strict=True):
            z_l, a_l = fc_layer(feed(z, a) if feed else a[-1], weights, biases, function)
            z.append(z_l)
            a.append(a_l)
        return keep(z, a) if keep else (z, a)

    return wrong


FORWARD = Exercise(
    reference=forward,
    points=4,
    returns=("z", "a"),
    cases=(
        Case("two layers, two samples", (X_SMALL, W_SMALL, B_SMALL, sigmoid, softmax)),
        Case("one layer", (X_SMALL, W_SMALL[:1], B_SMALL[:1], relu, softmax)),
        Case(
            "four layers, ReLU inside",
            (
                np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -0.5]]),
                [np.array([[1.0, -1.0], [0.5, 2.0], [-1.0, 1.0]]), *([np.eye(3)[::-1]] * 2), np.array([[1.0, 2.0, -1.0]])],
                [np.full((3, 1), 0.1), np.full((3, 1), -0.2), np.full((3, 1), 0.3), np.array([[0.5]])],
                relu,
                identity,
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "f_out is never used",
            _wrong_forward(output=lambda f, f_out: f),
            "Which function belongs to the last layer?",
        ),
        Misconception(
            "f_out is used in every layer",
            _wrong_forward(hidden=lambda f, f_out: f_out),
            "Which function belongs to the hidden layers?",
        ),
        Misconception(
            "the pre-activation z is passed on instead of the activation a",
            _wrong_forward(feed=lambda z, a: z[-1] if z else a[0]),
            "In z(l) = W(l) a(l−1) + b(l), what comes from the layer before: z or a?",
        ),
        Misconception(
            "the biases are missing",
            lambda x, W, b, f, f_out: forward(x, W, [0 * each for each in b], f, f_out),
            "What is z of the first layer where x is zero?",
        ),
        Misconception(
            "the first layer uses f even where it is the last",
            lambda x, W, b, f, f_out: forward(x, W, b, f, f if len(W) == 1 else f_out),
            "A network of one layer has no hidden layer. Which function is for its output?",
        ),
        Misconception(
            "f and f_out get each number alone",
            lambda x, W, b, f, f_out: forward(x, W, b, np.vectorize(f), np.vectorize(f_out)),
            "What does softmax make of a single score? Which numbers does it need together?",
        ),
        Misconception(
            "the list of activations does not start with a(0) = x",
            _wrong_forward(keep=lambda z, a: (z, a[1:])),
            "How many layers have an activation, if the input counts as layer 0?",
        ),
        Misconception(
            "only the last activation is returned",
            _wrong_forward(keep=lambda z, a: a[-1]),
            "Chapter 04 needs z and a of every layer. Where do you keep them?",
        ),
        Misconception(
            "z and a are returned in the wrong order",
            _wrong_forward(keep=lambda z, a: (a, z)),
            "Which list has L entries, and which L + 1?",
        ),
    ),
    hints=(
        "Forward propagation is `fc_layer` again and again: what leaves one layer enters the next.",
        "Start with `a = [x]` and `z = []`. Loop over W and b: `fc_layer` takes `a[-1]`; append both results. The last layer uses `f_out`.",
        "for each layer l: function = f_out if it is the last else f; z_l, a_l = fc_layer(a[-1], W[l], b[l], function); append both",
    ),
)

CHAPTER = Chapter(
    name="03_forward_propagation",
    title="03 Forward propagation",
    exercises=(NEURON, DENSE_SHAPE, SIGMOID, SOFTMAX, FC_LAYER, INIT_PARAMS, FORWARD),
)
