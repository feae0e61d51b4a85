"""Chapter 03, forward propagation: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.activations import identity, relu, sigmoid, softmax, tanh
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import dense_shape, fc_layer, forward, graph_layer, init_params, neuron, run_feedback

# The layer and the sample of S0 section 11.2 ("try it", ReLU)
W_RELU = np.array([[1.0, 2, 3], [2, 3, 4], [3, 4, 5], [1, 0, 2], [2, 1, 3]])
B_RELU = np.array([[8.0], [1], [6], [-1], [7]])
X_RELU = np.array([[1.0], [-1], [-2]])

# A small network with uneven layers, so that swapped sizes show
W_SMALL = [np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]]), np.array([[1.0, -2.0], [0.0, 1.0], [-1.0, 0.5], [2.0, 1.0]])]
B_SMALL = [np.array([[0.1], [-0.2]]), np.array([[0.0], [0.3], [-0.3], [1.0]])]
X_SMALL = np.array([[1.0, -0.5], [0.0, 2.0], [-1.0, 0.25]])


def _from_the_mean(z: Any) -> Any:
    """Tell how much of z a function gets at once: a number, a row, a column, or all of it."""
    return z - np.mean(z)


def _row_by_row(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return f as it is when each row of z comes alone, as a matrix of one row."""
    return lambda z: np.array([f(row.reshape(1, -1))[0] for row in z])


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
            (
                lambda w, a, b, f: np.sum(f(w * a)) + b,
                lambda w, a, b, f: np.sum(f(w * a)),
                lambda w, a, b, f: np.sum(f(w * a + b)),
            ),
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

FC_LAYER = Exercise(
    reference=fc_layer,
    points=3,
    returns=("z", "a"),
    cases=(
        Case("the ReLU layer of the lecture", (X_RELU, W_RELU, B_RELU, relu)),
        Case("a batch of two samples", (X_SMALL, W_SMALL[0], B_SMALL[0], sigmoid)),
        Case("softmax at the output", (np.array([[0.2, -0.1], [0.4, 1.0]]), W_SMALL[1], B_SMALL[1], softmax)),
        Case("a square layer", (np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([[0.0, 1.0], [2.0, 3.0]]), B_SMALL[0], tanh)),
    ),
    probes=(Case("", (X_SMALL, W_SMALL[0], B_SMALL[0], _from_the_mean)),),
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
            (
                lambda a, W, b, f: (W @ a + b, np.array([f(row) for row in W @ a + b])),
                lambda a, W, b, f: (W @ a + b, _row_by_row(f)(W @ a + b)),
            ),
            "A row holds one neuron for all samples. Which numbers does softmax need together?",
        ),
        Misconception(
            "f gets all numbers of z in one row",
            lambda a, W, b, f: (W @ a + b, f((W @ a + b).ravel()).reshape(len(W), -1)),
            "Should the softmax of one sample depend on the other samples? A flat array has no columns any more.",
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
    # What overflows does so for many reasons. Each of these columns is safe for all shifts but one, or for one alone.
    probes=tuple(
        Case("", (np.array([scores], dtype=float).T,))
        for scores in ((-1000, -1001), (5000, 4999), (0, 5, 1000), (1000, 5, 0), (0, 1000, 5))
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
            "this is the plain formula, which overflows",
            lambda z: np.exp(z) / np.exp(z).sum(axis=0),
            "What is exp(1000) as a float? What changes if you first subtract the largest score of each column?",
        ),
        Misconception(
            "the smallest score is subtracted, not the largest",
            lambda z: np.exp(z - z.min(axis=0)) / np.exp(z - z.min(axis=0)).sum(axis=0),
            "After the subtraction, what is the largest exponent? It should be 0.",
        ),
        Misconception(
            "the last score is subtracted, not the largest",
            lambda z: np.exp(z - z[-1]) / np.exp(z - z[-1]).sum(axis=0),
            "Which exponents are left where the first score is 1000 and the last is 0?",
        ),
        Misconception(
            "the first score is subtracted, not the largest",
            lambda z: np.exp(z - z[0]) / np.exp(z - z[0]).sum(axis=0),
            "Which exponents are left where the first score is 0 and the last is 1000?",
        ),
        Misconception(
            "the largest size is subtracted, without its sign",
            (
                lambda z: np.exp(z - np.abs(z).max(axis=0)) / np.exp(z - np.abs(z).max(axis=0)).sum(axis=0),
                lambda z: np.exp(z - np.abs(z).max()) / np.exp(z - np.abs(z).max()).sum(axis=0),
            ),
            "All scores are near −1000. What is exp of a score minus 1000?",
        ),
        Misconception(
            "the largest score of each row is subtracted",
            lambda z: np.exp(z - z.max(axis=-1, keepdims=True)) / np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=0),
            "Only the same number, subtracted from all scores of one sample, changes nothing. Is one sample a row or a column?",
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


def _two_layers_only(sizes: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    W = [rng.standard_normal((sizes[1], sizes[0])), rng.standard_normal((sizes[2], sizes[1]))]
    return W, [rng.standard_normal((sizes[1], 1)), rng.standard_normal((sizes[2], 1))]


INIT_PARAMS = Exercise(
    reference=init_params,
    points=3,
    returns=("W", "b"),
    cases=(
        Case("the network 5-4-3-3", ([5, 4, 3, 3], np.random.RandomState(42))),
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
            "The exercise asks for all weights first. Does the order of the draws change the numbers?",
        ),
        Misconception(
            "the biases are flat",
            _pairs("flat"),
            "Which shape must b have so that W @ a + b adds it to every column?",
        ),
        Misconception(
            "weights and biases are drawn layer by layer",
            _pairs("layer by layer"),
            "The exercise asks for all weights first, then all biases. Does the order of the draws change the numbers?",
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
            "The exercise draws the biases from the same distribution as the weights. Where do you draw yours?",
        ),
        Misconception(
            "it is written for three sizes, whatever `sizes` holds",
            _two_layers_only,
            "How many layers has the network 5-4-3-3? Which loop makes as many matrices as are needed?",
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
    probes=(Case("", (X_SMALL, W_SMALL, B_SMALL, _from_the_mean, _from_the_mean)),),
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
            "f and f_out get the rows of z one by one",
            lambda x, W, b, f, f_out: forward(x, W, b, _row_by_row(f), _row_by_row(f_out)),
            "A row holds one neuron for all samples. Which numbers does softmax need together?",
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

# Two neurons that differ in all that leads to them; and three, for functions that need the whole column
W_LOOP, B_LOOP, A_LOOP = np.array([[0.5, -1.5], [2.0, 0.25]]), np.array([[0.1], [-0.3]]), np.array([[1.0], [0.2]])
W_THREE = np.array([[0.0, 1.0, -2.0], [0.5, -0.5, 0.0], [1.5, 0.0, 0.25]])


def _wrong_feedback(first: int = 0, more: int = 0, turned: bool = False, bias: float = 1.0, feed: Any = None, keep: Any = None) -> Any:
    """Build a wrong `run_feedback` from the parts of a right one: which steps are kept, what is multiplied, what is passed on."""

    def wrong(W: Any, b: Any, a: Any, f: Any, steps: int) -> Any:
        states = fed = [a]
        for _ in range(steps + more):
            z, after = fc_layer(fed[-1], W.T if turned else W, bias * b, f)
            states = [*states, after]
            fed = [feed(a, z)] if feed else states
        return (keep or np.hstack)(states[first:])

    return wrong


def _one_after_another(W: Any, b: Any, a: Any, f: Any, steps: int) -> Any:
    states = [a]
    for _ in range(steps):
        now = states[-1].astype(float)
        for i in range(len(W)):
            now[i] = f(W[i] @ now + b[i])
        states.append(now)
    return np.hstack(states)


RUN_FEEDBACK = Exercise(
    reference=run_feedback,
    points=2,
    cases=(
        Case("two neurons, three steps", (W_LOOP, B_LOOP, A_LOOP, tanh, 3)),
        Case("three neurons, softmax", (W_THREE, np.array([[0.2], [0.0], [-1.0]]), np.array([[0.5], [0.3], [0.2]]), softmax, 5)),
        Case("no step at all", (W_LOOP, B_LOOP, A_LOOP, tanh, 0)),
    ),
    misconceptions=(
        Misconception(
            "the start is left out",
            _wrong_feedback(first=1, keep=lambda states: np.hstack(states) if states else np.empty((2, 0))),
            "After no step at all, what are the activations? Which column is that?",
        ),
        Misconception(
            "a neuron sees what another has become in the same step",
            _one_after_another,
            "a(t + 1) = f(W a(t) + b): is there any a(t + 1) on the right side?",
        ),
        Misconception(
            "the pre-activation z is passed on instead of the activation",
            _wrong_feedback(feed=lambda a, z: z),
            "What does a neuron get of the step before: z or a?",
        ),
        Misconception(
            "every step begins at the start again",
            _wrong_feedback(feed=lambda a, z: a),
            "Where does the second step get its activations from?",
        ),
        Misconception(
            "the bias is missing",
            _wrong_feedback(bias=0.0),
            "What comes after the first step where all activations are zero?",
        ),
        Misconception(
            "the weights are transposed",
            _wrong_feedback(turned=True),
            "Row i of W holds what leads to neuron i. Does W stand left or right of a?",
        ),
        Misconception(
            "there is one step too many",
            _wrong_feedback(more=1),
            "How many columns are there after 3 steps, the start among them?",
        ),
        Misconception(
            "there is one step too few",
            _wrong_feedback(more=-1),
            "How many columns are there after 3 steps, the start among them?",
        ),
        Misconception(
            "f is applied to the start as well",
            lambda W, b, a, f, steps: np.hstack([f(a), run_feedback(W, b, a, f, steps)[:, 1:]]),
            "Is the start computed, or given?",
        ),
        Misconception(
            "only the last step is returned",
            _wrong_feedback(keep=lambda states: states[-1]),
            "How do you draw ten steps if nine of them are gone?",
        ),
        Misconception(
            "each step is a row, not a column",
            _wrong_feedback(keep=lambda states: np.hstack(states).T),
            "Which counts the neurons in this course, rows or columns?",
        ),
        Misconception(
            "all columns are the last step",
            _wrong_feedback(keep=lambda states: np.hstack([states[-1]] * len(states))),
            "`append` keeps the array itself, not a copy. What happens to it in the next step?",
        ),
    ),
    hints=(
        "Each step is one layer that gets its own output. Keep what comes out of every step, and begin with the start.",
        "Start a list with the column `a`. Each step, `fc_layer` makes the next column from the last. `np.hstack` puts them side by side.",
        "states = [a]; repeat `steps` times: append the activation of fc_layer(states[-1], W, b, f); return np.hstack(states)",
    ),
)

# Five places: a hub, its three neighbours of which two meet, and one that no road reaches
ROADS = [(0, 1), (2, 0), (0, 3), (2, 3)]
A_ROADS = np.array([[1.0, 0.0, -2.0, 0.5, 3.0], [0.0, 4.0, 1.0, -1.0, 2.0]])
W_OWN, V_NEAR = np.array([[1.0, -0.5], [0.5, 2.0], [0.0, 1.0]]), np.array([[0.25, 1.0], [-1.0, 0.5], [2.0, 0.0]])
B_ROADS = np.array([[0.1], [-0.2], [0.3]])


def _joined(nodes: int, roads: Any, back: bool = True, own: bool = False) -> Any:
    """Return who is joined to whom, perhaps one way only, perhaps each to itself."""
    joined = np.eye(nodes) * own
    for i, j in roads:
        joined[i, j] = 1
        joined[j, i] = max(joined[j, i], back)
    return joined


def _wrong_graph(gather: Any = None, weights: Any = None, keep: Any = None, back: bool = True, own: bool = False) -> Any:
    """Build a wrong `graph_layer` from the parts of a right one: who is joined, how it is gathered, what is multiplied, what is kept."""

    def wrong(a: Any, roads: Any, W: Any, V: Any, b: Any, f: Any) -> Any:
        joined = _joined(a.shape[1], roads, back, own)
        gathered = gather(a, joined) if gather else a @ joined / np.maximum(joined.sum(axis=0), 1)
        W_used, V_used, b_used = weights(W, V, b) if weights else (W, V, b)
        z = W_used @ a + V_used @ gathered + b_used
        return keep(z, f) if keep else (z, f(z))

    return wrong


def _nothing_to_divide(a: Any, joined: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return a @ joined / joined.sum(axis=0)


GRAPH_LAYER = Exercise(
    reference=graph_layer,
    points=0,
    returns=("z", "a"),
    cases=(
        Case("five places, one of them without a road", (A_ROADS, ROADS, W_OWN, V_NEAR, B_ROADS, tanh)),
        Case("softmax: each place is a sample", (A_ROADS[:, :3], [(1, 0), (1, 2)], W_OWN, V_NEAR, B_ROADS, softmax)),
        Case("no roads", (A_ROADS[:, :4], [], W_OWN[:1], V_NEAR[:1], B_ROADS[:1], tanh)),
    ),
    misconceptions=(
        Misconception(
            "roads lead one way only",
            (_wrong_graph(back=False), _wrong_graph(gather=lambda a, j: a @ j.T / np.maximum(j.sum(axis=1), 1), back=False)),
            "The road (0, 1) joins 0 and 1. Which of the two gathers from the other?",
        ),
        Misconception(
            "the neighbours are summed, not averaged",
            _wrong_graph(gather=lambda a, joined: a @ joined),
            "What does a place with ten neighbours gather, if all of them hold 1?",
        ),
        Misconception(
            "a place is its own neighbour",
            _wrong_graph(own=True),
            "Each place has its own values already, through W. Is there a road from a place to itself?",
        ),
        Misconception(
            "a place without roads divides by zero",
            _wrong_graph(gather=_nothing_to_divide),
            "How many neighbours does the lonely place have, and what do you divide by?",
        ),
        Misconception(
            "the sum is divided by all places, not by the neighbours",
            _wrong_graph(gather=lambda a, joined: a @ joined / len(joined)),
            "A mean of three numbers is their sum divided by what?",
        ),
        Misconception(
            "W and V are exchanged",
            _wrong_graph(weights=lambda W, V, b: (V, W, b)),
            "Which of the two weighs a place's own values?",
        ),
        Misconception(
            "a place forgets its own values",
            _wrong_graph(weights=lambda W, V, b: (0 * W, V, b)),
            "Which term of z holds what the place itself knows?",
        ),
        Misconception(
            "nothing is gathered",
            _wrong_graph(weights=lambda W, V, b: (W, 0 * V, b)),
            "Which term of z holds what comes from the neighbours?",
        ),
        Misconception(
            "the bias is missing",
            _wrong_graph(weights=lambda W, V, b: (W, V, 0 * b)),
            "What is z where all values are zero?",
        ),
        Misconception(
            "f is not applied",
            _wrong_graph(keep=lambda z, f: (z, z)),
            "What makes a differ from z?",
        ),
        Misconception(
            "z and a are returned in the wrong order",
            _wrong_graph(keep=lambda z, f: (f(z), z)),
            "Which of the two results is before f, and which after?",
        ),
        Misconception(
            "only the activation is returned",
            _wrong_graph(keep=lambda z, f: f(z)),
            "`fc_layer` returns z as well. Does yours?",
        ),
    ),
    hints=(
        "First gather: a matrix m with a column for each place, the mean of its neighbours' columns. Then it is a layer with two products.",
        "Make a square matrix `joined` with 1 where two places meet. `a @ joined` sums the neighbours' columns; its columns count them.",
        "joined[i, j] = joined[j, i] = 1 for each road; m = a @ joined / max(1, neighbours); z = W @ a + V @ m + b; return z, f(z)",
    ),
)

CHAPTER = Chapter(
    name="03_forward_propagation",
    title="03 Forward propagation",
    exercises=(NEURON, DENSE_SHAPE, FC_LAYER, SOFTMAX, INIT_PARAMS, FORWARD, RUN_FEEDBACK, GRAPH_LAYER),
)
