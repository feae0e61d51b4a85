"""Chapter 04, backpropagation: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.activations import sigmoid
from nnlab.backpropagation import (
    OPS,
    backward,
    central_differences,
    delta_hidden,
    delta_output,
    graph_gradients,
    hidden_bias_grad,
    hidden_grad,
    naive_sigmoid_grad,
    optimize,
    sigmoid_grad,
)
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property

RNG = np.random.RandomState(4)


def _draw(m: int, n: int) -> Any:
    """Draw an array of numbers with one decimal, none near 0, so that nothing is right by accident."""
    return (RNG.uniform(0.2, 2.0, (m, n)) * RNG.choice([-1, 1], (m, n))).round(1)


# A network with uneven layers and three samples: swapped sizes show, a forgotten mean, and one that divides by n − 1
SIZES = (3, 2, 4, 3)
W_SMALL = [_draw(m, n) for n, m in pairwise(SIZES)]
B_SMALL = [_draw(m, 1) for m in SIZES[1:]]
Z_SMALL = [_draw(m, 3) for m in SIZES[1:]]
A_SMALL = [_draw(m, 3) for m in SIZES]
Y_SMALL = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
# The output layer of S4, as the slide prints it
A_S4, Y_S4, SLOPE_S4 = np.array([[0.702307507], [0.714634132]]), np.array([[0.85], [0.30]]), np.array([[0.209071672], [0.203932189]])


def _wrong_graph(
    start: float = 1.0,
    add: Callable[[float, float, float], float] | None = None,
    again: bool = False,
    stale: bool = False,
    turn: Any = reversed,
) -> Any:
    """Build a wrong `graph_gradients`: the gradient of the result, how shares are added, what a first run leaves, the order of the nodes.

    In that run the leaves have twice their values.
    """
    add = add or (lambda before, upstream, local: before + upstream * local)

    def wrong(leaves: list[float], steps: list[Any]) -> Any:
        first, values = (graph_gradients([times * leaf for leaf in leaves], steps)[0] for times in (2, 1))
        if stale:
            values = [*leaves, *first[len(leaves) :]]
        gradients = [0.0] * len(values)
        for run in (first, values) if again else (values,):
            gradients[-1] = start
            for i, (op, *arguments) in turn(list(enumerate(steps, len(leaves)))):
                for j, pull in zip(arguments, OPS[op].pulls, strict=True):
                    local = pull(1.0, run[i], *(run[k] for k in arguments))
                    gradients[j] = float(add(gradients[j], gradients[i], local))
        return values, gradients

    return wrong


GRAPH_GRADIENTS = Exercise(
    reference=graph_gradients,
    points=4,
    returns=("the values", "the gradients"),
    cases=(
        Case("(x + y) z", ([-2.0, 5.0, -4.0], [("+", 0, 1), ("*", 3, 2)])),
        Case("x² + x³: x is used three times", ([3.0], [("*", 0, 0), ("*", 1, 0), ("+", 1, 2)])),
        Case(
            "a logistic neuron",
            (
                [2.0, -1.0, -3.0, -2.0, -3.0, -1.0, 1.0],
                [("*", 0, 1), ("*", 2, 3), ("+", 7, 8), ("+", 9, 4), ("*", 10, 5), ("exp", 11), ("+", 12, 6), ("1/x", 13)],
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "a share of the gradient overwrites the one before",
            _wrong_graph(add=lambda before, upstream, local: upstream * local),
            "x is used three times in x² + x³. Along how many ways does a change of x reach the result, and what is done with the shares?",
        ),
        Misconception(
            "the upstream gradient is left out",
            _wrong_graph(add=lambda before, upstream, local: before + local),
            "In ∂f/∂y = ∂f/∂q · ∂q/∂y, which of the two factors is `LOCAL`, and where is the other one?",
        ),
        Misconception(
            "the local gradient is left out",
            _wrong_graph(add=lambda before, upstream, local: before + upstream),
            "In f = q z, by how much does f change when z changes by 1? Where does q come in?",
        ),
        Misconception(
            "the gradient of the result starts from 0",
            _wrong_graph(start=0.0),
            "What is ∂f/∂f?",
        ),
        Misconception(
            "a second run adds to the gradients of the first",
            _wrong_graph(again=True),
            "The function below the class runs the graph twice. From which number must every gradient start?",
        ),
        Misconception(
            "the nodes are taken from the leaves to the result",
            _wrong_graph(turn=iter),
            "A node can hand its gradient on only when it has it. Which node has its gradient first?",
        ),
        Misconception(
            "values of the first run are kept when a leaf has changed",
            _wrong_graph(stale=True),
            "The function below the class gives the leaves other values. Which nodes does your second `forward` compute anew?",
        ),
        Misconception(
            "upstream and local gradient are added",
            _wrong_graph(add=lambda before, upstream, local: before + upstream + local),
            "If q moves 2 for each 1 of x, and f moves 3 for each 1 of q, how far does f move for each 1 of x?",
        ),
    ),
    hints=(
        "Forward: each node computes its value from those of its arguments. Backward: each node hands its gradient on to its arguments, "
        "times the local gradient.",
        "`self.order()` lists every node after its arguments; `reversed(...)` turns that round. Start with 0 everywhere and 1 at `self`. "
        "A node used twice gets two shares: use `+=`.",
        "for node in reversed order: for each argument and its local gradient: argument's grad += node's grad times local gradient",
    ),
)

SIGMOID_GRAD = Exercise(
    reference=sigmoid_grad,
    points=2,
    cases=(
        Case("a few numbers", (np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),)),
        Case("a matrix", (np.array([[0.1, -1.2, 3.0], [4.0, -5.0, 0.7]]),)),
        Case("very large and very small", (np.array([-1000.0, -10.0, 10.0, 1000.0]),)),
    ),
    properties=(
        Property("σ′(−z) = σ′(z)", lambda f: np.allclose(f(np.array([-3.0, 0.25, 1.0])), f(np.array([3.0, -0.25, -1.0])))),
        Property("σ′ is nowhere above 1/4", lambda f: np.max(f(np.linspace(-4, 4, 81))) <= 0.25),
    ),
    misconceptions=(
        Misconception(
            "this is the slide's formula σ(z) · σ(1 − z)",
            naive_sigmoid_grad,
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
            lambda z: -sigmoid_grad(z),
            "Does σ grow or fall when z grows?",
        ),
        Misconception(
            "this is exp(−z) / (1 + exp(−z))², which overflows",
            lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
            "What is exp(1000) as a float, and what is inf / inf?",
        ),
    ),
    hints=(
        "The slope of the sigmoid can be written with the sigmoid itself.",
        "σ′(z) is the product of σ(z) and what is missing to 1. Compute `sigmoid(z)` once.",
        "s = sigmoid(z); return s times (one minus s)",
    ),
)

DELTA_OUTPUT = Exercise(
    reference=delta_output,
    points=2,
    cases=(
        Case("softmax and cross-entropy, three samples", (np.array([[0.7, 0.2, 0.5], [0.1, 0.5, 0.4], [0.2, 0.3, 0.1]]), Y_SMALL)),
        Case("the output of S4, with its slope", (A_S4, Y_S4, SLOPE_S4)),
        Case("as many outputs as samples", (np.array([[0.5, 2.0], [-1.0, 0.25]]), np.eye(2), np.array([[0.5, 1.0], [2.0, 0.1]]))),
    ),
    misconceptions=(
        Misconception(
            "the difference is y − a",
            lambda a, y, slope=1.0: (y - a) * slope,
            "If an output is too large, should the error term be positive or negative? A step goes against it.",
        ),
        Misconception(
            "the slope is left out",
            lambda a, y, slope=1.0: a - y,
            "For the squared error there is an f between z and a. Which factor of the chain rule belongs to it?",
        ),
        Misconception(
            "this is the error itself, ½ (a − y)²",
            lambda a, y, slope=1.0: (a - y) ** 2 / 2,
            "δ is the derivative of the error. What is the derivative of ½ (a − y)² with respect to a?",
        ),
        Misconception(
            "the 2 of the square is left",
            lambda a, y, slope=1.0: 2 * (a - y) * slope,
            "Our error carries the factor ½. What is the derivative of ½ (a − y)²?",
        ),
        Misconception(
            "the error terms of the samples are summed",
            lambda a, y, slope=1.0: np.sum((a - y) * slope, axis=1, keepdims=True),
            "δ has a column for each sample. Which function averages over them, later?",
        ),
        Misconception(
            "y is taken for class numbers",
            lambda a, y, slope=1.0: a - np.eye(3)[y].T,
            "y holds one column of targets for each sample already. What is in it?",
        ),
        Misconception(
            "the mean over the samples is taken already here",
            lambda a, y, slope=1.0: (a - y) * slope / a.shape[1],
            "δ has one column for each sample. Where do `hidden_grad` and `hidden_bias_grad` average?",
        ),
    ),
    hints=(
        "δ(L) is the derivative of the error with respect to z(L): first from E to a, then from a to z.",
        "∂E/∂a is a − y, element by element. ∂a/∂z is `slope`, element by element. Multiply with `*`.",
        "return (output minus target) times slope",
    ),
)

DELTA_HIDDEN = Exercise(
    reference=delta_hidden,
    points=3,
    cases=(
        Case("four neurons behind two, three samples", (Z_SMALL[1], W_SMALL[1], Z_SMALL[0], sigmoid_grad)),
        Case("a square matrix", (np.array([[1.0], [-2.0]]), np.array([[0.5, 3.0], [-1.0, 2.0]]), np.array([[0.0], [1.0]]), sigmoid_grad)),
        Case("no activation function", (np.array([[0.5, -1.0]]), np.array([[2.0, -3.0, 1.0]]), np.zeros((3, 2)), np.ones_like)),
    ),
    misconceptions=(
        Misconception(
            "W is not transposed",
            lambda delta, W, z, f_grad: W @ delta * f_grad(z),
            "W leads from this layer to the next: z(l+1) = W a(l). Which matrix leads back?",
        ),
        Misconception(
            "f′ is left out",
            lambda delta, W, z, f_grad: W.T @ delta,
            "W.T @ delta is ∂E/∂a(l). What leads from a(l) to z(l)?",
        ),
        Misconception(
            "f′ is taken of the error instead of z",
            lambda delta, W, z, f_grad: W.T @ delta * f_grad(W.T @ delta),
            "The slope of f is needed where the forward pass was. Which number entered f there?",
        ),
        Misconception(
            "it is always the slope of the sigmoid, whatever f_grad is",
            lambda delta, W, z, f_grad: W.T @ delta * sigmoid_grad(z),
            "Which slope should a layer use: one of your choice, or the one it is given?",
        ),
        Misconception(
            "z stands in place of f′(z)",
            lambda delta, W, z, f_grad: W.T @ delta * z,
            "`f_grad` is a function. Of what do you call it?",
        ),
        Misconception(
            "the product with f′ is a matrix product",
            lambda delta, W, z, f_grad: W.T @ delta @ f_grad(z),
            "f works on each neuron alone. Does its slope mix the neurons of a layer, as W does?",
        ),
    ),
    hints=(
        "Go back step by step: from z(l+1) through W to a(l), then through f to z(l).",
        "Through W you go back with `W.T @ ...`. Through f you multiply element by element with f′(z).",
        "back = transposed W times delta; return back times f_grad(z), element by element",
    ),
)

HIDDEN_GRAD = Exercise(
    reference=hidden_grad,
    points=2,
    cases=(
        Case("four neurons, two inputs, three samples", (Z_SMALL[1], A_SMALL[1])),
        Case("one sample", (np.array([[2.0], [-1.0]]), np.array([[1.0], [0.5], [3.0]]))),
        Case("as many neurons, inputs and samples", (np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([[3.0, -2.0], [0.25, 1.0]]))),
    ),
    properties=(
        Property(
            "showing each sample twice changes nothing",
            lambda f: np.allclose(f(np.ones((2, 6)), np.ones((3, 6))), f(np.ones((2, 3)), np.ones((3, 3)))),
        ),
    ),
    misconceptions=(
        Misconception(
            "this is the slide's sum over the samples",
            lambda delta, a: delta @ a.T,
            "If every sample is shown twice, should the gradient of the mean error double?",
        ),
        Misconception(
            "the result is transposed",
            lambda delta, a: a @ delta.T / delta.shape[1],
            "The gradient is subtracted from W. Which shape has W?",
        ),
        Misconception(
            "the mean is over the neurons",
            lambda delta, a: delta @ a.T / delta.shape[0],
            "Which axis of delta counts the samples?",
        ),
        Misconception(
            "the product is element by element",
            lambda delta, a: delta * a,
            "Each weight joins one input j with one neuron i. How many products δ_i a_j are there?",
        ),
        Misconception(
            "only the first sample counts",
            lambda delta, a: np.outer(delta[:, 0], a[:, 0]),
            "The error is the mean over all samples. Where do the other columns come in?",
        ),
        Misconception(
            "it is divided by n − 1",
            lambda delta, a: delta @ a.T / max(delta.shape[1] - 1, 1),
            "A mean over n samples divides by n. Where does your 1 come from?",
        ),
        Misconception(
            "the learning rate is in it already",
            lambda delta, a: 0.02 * hidden_grad(delta, a),
            "`optimize` multiplies by α. What would multiplying twice do?",
        ),
        Misconception(
            "the mean is over neurons and samples",
            lambda delta, a: delta @ a.T / delta.size,
            "How many samples are there, and how many numbers in delta?",
        ),
    ),
    hints=(
        "The weight from input j to neuron i gets δ_i · a_j, averaged over the samples.",
        "`delta @ a.T` has one row a neuron and one column an input, and sums over the samples. Then divide by their number.",
        "return (delta times transposed a) divided by number of columns of delta",
    ),
)

HIDDEN_BIAS_GRAD = Exercise(
    reference=hidden_bias_grad,
    points=2,
    cases=(
        Case("four neurons, three samples", (Z_SMALL[1],)),
        Case("one sample", (np.array([[2.0], [-1.0], [0.5]]),)),
        Case("as many neurons as samples", (np.array([[1.0, 2.0], [-1.0, 0.5]]),)),
    ),
    misconceptions=(
        Misconception(
            "this is the sum over the samples",
            lambda delta: delta.sum(axis=1, keepdims=True),
            "`hidden_grad` averages over the samples. What should the biases do?",
        ),
        Misconception(
            "the result is flat",
            lambda delta: delta.mean(axis=1),
            "The gradient is subtracted from b. Which shape has b?",
        ),
        Misconception(
            "the mean is over the neurons",
            lambda delta: delta.mean(axis=0, keepdims=True),
            "Each neuron has a bias of its own. Over which axis do you average?",
        ),
        Misconception(
            "only the first sample counts",
            lambda delta: delta[:, :1],
            "The error is the mean over all samples. Where do the other columns come in?",
        ),
        Misconception(
            "it is the sum divided by 2",
            lambda delta: delta.sum(axis=1, keepdims=True) / 2,
            "A mean divides by the number of samples. Is that always 2?",
        ),
        Misconception(
            "one mean is taken over everything",
            lambda delta: np.mean(delta),
            "How many biases has a layer of four neurons?",
        ),
        Misconception(
            "delta is returned as it is",
            lambda delta: delta,
            "delta has a column for each sample. How many columns has b?",
        ),
    ),
    hints=(
        "The bias is a weight whose input is always 1.",
        "Average delta over its samples, the columns. `keepdims=True` keeps the result a column.",
        "return mean of delta over axis 1, kept as a column",
    ),
)


def _wrong_backward(
    slope: Any = None, output: Any = None, feed: int = 0, keep: Any = None, skip: bool = False, at: int = -1, through: int = 0
) -> Any:
    """Build a wrong `backward` from the parts of a right one: the slopes, the activations that are fed, the order, what is returned."""

    def wrong(y: Any, W: Any, z: Any, a: Any, f_grad: Any = sigmoid_grad, f_out_grad: Any = np.ones_like) -> Any:
        deltas = [delta_output(a[-1], y, output(z, f_grad) if output else f_out_grad(z[-1]))]
        for i in reversed(range(1, len(W))):
            deltas.insert(
                0, delta_hidden(deltas[-1 if skip else 0], W[i + through], z[i + at], slope(f_grad, f_out_grad) if slope else f_grad)
            )
        dW = [hidden_grad(d, a[i + feed]) for i, d in enumerate(deltas)]
        db = [hidden_bias_grad(d) for d in deltas]
        return keep(dW, db, deltas) if keep else (dW, db)

    return wrong


BACKWARD = Exercise(
    reference=backward,
    points=4,
    returns=("dW", "db"),
    cases=(
        Case("three layers, three samples", (Y_SMALL, W_SMALL, Z_SMALL, A_SMALL, sigmoid_grad, np.ones_like)),
        Case(
            "the squared error: sigmoid at the output too", (Y_SMALL[:2], W_SMALL[:1], Z_SMALL[:1], A_SMALL[:2], np.ones_like, sigmoid_grad)
        ),
        Case(
            "two square layers",
            (
                np.eye(2),
                [np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.0, -1.0], [3.0, 1.0]])],
                [np.array([[0.5, -0.5], [1.0, 0.0]]), np.array([[2.0, 1.0], [0.0, -1.0]])],
                [np.array([[1.0, 3.0], [-1.0, 2.0]]), np.array([[0.6, 0.4], [0.7, 0.5]]), np.array([[0.9, 0.7], [0.5, 0.3]])],
                sigmoid_grad,
                sigmoid_grad,
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "f_out_grad is never used",
            _wrong_backward(output=lambda z, f_grad: 1.0),
            "For softmax with cross-entropy f′ cancels. And for the squared error?",
        ),
        Misconception(
            "f_grad is used at the output as well",
            _wrong_backward(output=lambda z, f_grad: f_grad(z[-1])),
            "Which two functions get the output layer and the hidden layers?",
        ),
        Misconception(
            "f_out_grad is used in the hidden layers",
            _wrong_backward(slope=lambda f_grad, f_out_grad: f_out_grad),
            "Whose slope is `f_grad`?",
        ),
        Misconception(
            "each layer gets its own activation instead of the one before",
            _wrong_backward(feed=1),
            "W(l) multiplies a(l−1). Which activation stands beside δ(l) in BP-3?",
        ),
        Misconception(
            "the targets are forgotten",
            lambda y, W, z, a, f_grad, f_out_grad: backward(0 * a[-1], W, z, a, f_grad, f_out_grad),
            "What should δ be where the output is already right?",
        ),
        Misconception(
            "a hidden layer's slope is taken at z of the next layer",
            _wrong_backward(at=0),
            "f′ belongs to the layer that you go back to. Which entry of z is that?",
        ),
        Misconception(
            "each error term goes back through the W before, not its own",
            _wrong_backward(through=-1),
            "δ(l+1) came from z(l+1) = W(l+1) a(l). Which matrix leads back to a(l)?",
        ),
        Misconception(
            "the gradients stand in reverse order",
            _wrong_backward(keep=lambda dW, db, deltas: (dW[::-1], db[::-1])),
            "dW[0] belongs to W[0]. Which layer did you compute first?",
        ),
        Misconception(
            "dW and db are returned in the wrong order",
            _wrong_backward(keep=lambda dW, db, deltas: (db, dW)),
            "Which of the two is subtracted from W?",
        ),
        Misconception(
            "the error terms are returned instead of the gradients of the biases",
            _wrong_backward(keep=lambda dW, db, deltas: (dW, deltas)),
            "A batch has many δ for each neuron. How many biases has the neuron?",
        ),
        Misconception(
            "every layer gets the error term of the output",
            _wrong_backward(skip=True),
            "Each layer passes on the error term of the layer behind it. Which entry of your list is that?",
        ),
    ),
    hints=(
        "BP-1 once, BP-2 from layer to layer towards the front, then BP-3 and BP-4 for every layer.",
        "Start with `deltas = [...]`, the output's alone. Walk `i` from `len(W) - 1` down to 1: `delta_hidden` takes the newest delta, "
        "`W[i]` and `z[i - 1]`. The deltas come out last layer first.",
        "deltas = [delta_output(last a, y, f_out_grad(last z))]; for i = L−1 … 1: put delta_hidden(newest, W[i], z[i−1], f_grad) in front; "
        "then dW[i] from deltas[i] and a[i], db[i] from deltas[i]",
    ),
)

DW_SMALL, DB_SMALL = backward(Y_SMALL, W_SMALL, Z_SMALL, A_SMALL)


def _moved(step: Callable[[Any, Any, float], Any], order: int = 1) -> Any:
    """Build a wrong `optimize` from its step."""

    def wrong(W: Any, b: Any, dW: Any, db: Any, alpha: float = 0.02) -> Any:
        return tuple([step(p, g, alpha) for p, g in zip(*pair, strict=True)] for pair in ((W, dW), (b, db))[::order])

    return wrong


OPTIMIZE = Exercise(
    reference=optimize,
    points=3,
    returns=("W", "b"),
    cases=(
        Case("three layers", (W_SMALL, B_SMALL, DW_SMALL, DB_SMALL, 0.1)),
        Case("one layer, a large step", (W_SMALL[:1], B_SMALL[:1], DW_SMALL[:1], DB_SMALL[:1], 3.0)),
        Case("the usual step", (W_SMALL[:2], B_SMALL[:2], DW_SMALL[:2], DB_SMALL[:2])),
    ),
    misconceptions=(
        Misconception(
            "the gradient is added",
            _moved(lambda p, g, alpha: p + alpha * g),
            "The gradient points to where the error grows fastest. Which way do you want to go?",
        ),
        Misconception(
            "the learning rate is left out",
            _moved(lambda p, g, alpha: p - g),
            "The slide's gradients contain α already. Ours do not. Where does it come in?",
        ),
        Misconception(
            "lists are subtracted, not the arrays in them",
            lambda W, b, dW, db, alpha=0.02: (W - alpha * dW, b - alpha * db),
            "W and dW are lists of arrays. How do you reach each array and its gradient together?",
        ),
        Misconception(
            "the step is returned instead of the new parameters",
            _moved(lambda p, g, alpha: -alpha * g),
            "A step is how far you go. Where do you stand afterwards?",
        ),
        Misconception(
            "only the weights are moved",
            lambda W, b, dW, db, alpha=0.02: (optimize(W, b, dW, db, alpha)[0], b),
            "Do the biases learn, too?",
        ),
        Misconception(
            "the usual learning rate is another one",
            lambda W, b, dW, db, alpha=0.01: optimize(W, b, dW, db, alpha),
            "The task names the learning rate that is taken where none is given. Which is it?",
        ),
        Misconception(
            "only the first layer is moved",
            lambda W, b, dW, db, alpha=0.02: optimize(W[:1], b[:1], dW[:1], db[:1], alpha),
            "How many layers are in the lists?",
        ),
        Misconception(
            "the gradient is divided by the learning rate",
            _moved(lambda p, g, alpha: p - g / alpha),
            "Should a smaller learning rate make smaller or larger steps?",
        ),
        Misconception(
            "W and b are returned in the wrong order",
            _moved(lambda p, g, alpha: p - alpha * g, order=-1),
            "Which of the two comes first among the arguments?",
        ),
    ),
    hints=(
        "Every parameter takes one small step against its gradient.",
        "Walk over a list and its gradients together with `zip`. Build new lists, so that the old parameters stay as they are.",
        "new W = [w minus alpha times g for each w and its g]; the same for b; return both",
    ),
)


def _one_sided(f: Any, p: Any, h: float = 1e-5) -> Any:
    return np.array([(f(p + e) - f(p)) / h for e in _steps(p, h)]).reshape(p.shape)


def _steps(p: Any, h: float) -> Any:
    """Return for each element of p an array that is h there and 0 elsewhere."""
    return (h * np.eye(p.size)).reshape(-1, *p.shape)


def _together(f: Any, p: Any, h: float = 1e-5) -> Any:
    return np.full(p.shape, (f(p + h) - f(p - h)) / (2 * h))


CENTRAL_DIFFERENCES = Exercise(
    reference=central_differences,
    points=3,
    cases=(
        Case("a standard deviation", (np.std, np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]))),
        Case("a wide step", (np.std, np.array([[1.0], [2.0], [4.0]]), 0.1)),
        Case("a product", (np.prod, np.array([2.0, -1.0, 3.0]), 0.01)),
    ),
    misconceptions=(
        Misconception(
            "the difference is taken to one side only",
            _one_sided,
            "The error of a one-sided difference is of order h. How do you get rid of it by looking to both sides?",
        ),
        Misconception(
            "the difference is divided by h instead of 2h",
            lambda f, p, h=1e-5: 2 * central_differences(f, p, h),
            "How far are p + h and p − h apart?",
        ),
        Misconception(
            "the brackets are missing: / 2 * h",
            lambda f, p, h=1e-5: central_differences(f, p, h) * h**2,
            "What does Python compute first in x / 2 * h?",
        ),
        Misconception(
            "the step is 1, not h",
            lambda f, p, h=1e-5: central_differences(f, p, 1.0) / h,
            "How far is an element moved, and by what do you divide?",
        ),
        Misconception(
            "the step is always the usual one, not the h that is given",
            lambda f, p, h=1e-5: central_differences(f, p),
            "Which argument gives the step?",
        ),
        Misconception(
            "the whole of p is moved by h, not one element: f(p + h)",
            lambda f, p, h=1e-5: (f(p + h) - f(p - h)) / (2 * h),
            "f(p + h) adds h to every element. What should the others do while one moves?",
        ),
        Misconception(
            "all elements are moved together",
            _together,
            "A partial derivative asks for the change of one element. What do the others do meanwhile?",
        ),
        Misconception(
            "the sign is wrong",
            lambda f, p, h=1e-5: -central_differences(f, p, h),
            "If f grows with p, should f(p + h) − f(p − h) be positive?",
        ),
        Misconception(
            "the result is flat",
            lambda f, p, h=1e-5: central_differences(f, p, h).ravel(),
            "There is one slope for each element of p. Which shape should they have?",
        ),
        Misconception(
            "the difference is not divided",
            lambda f, p, h=1e-5: 2 * h * central_differences(f, p, h),
            "A slope is rise over run. Where is the run?",
        ),
    ),
    hints=(
        "Move one element of p a little up and a little down, see how much f changes, divide by the distance. Then the next element.",
        "`np.ndindex(p.shape)` gives the index of every element. Make an array `step` of zeros like p with h at that index, "
        "and ask f at p + step and at p − step.",
        "for each index i: step = zeros with h at i; slopes[i] = (f(p plus step) minus f(p minus step)) over 2h",
    ),
)

CHAPTER = Chapter(
    name="04_backpropagation",
    title="04 Backpropagation",
    exercises=(
        GRAPH_GRADIENTS,
        SIGMOID_GRAD,
        DELTA_OUTPUT,
        DELTA_HIDDEN,
        HIDDEN_GRAD,
        HIDDEN_BIAS_GRAD,
        BACKWARD,
        OPTIMIZE,
        CENTRAL_DIFFERENCES,
    ),
)
