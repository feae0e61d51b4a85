"""Chapter 04, backpropagation: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.backpropagation import (
    OPS,
    backward,
    central_differences,
    delta_hidden,
    delta_output,
    graph_gradients,
    graph_values,
    hidden_bias_grad,
    hidden_grad,
    layer_gradients,
    local_gradients,
    node_gradients,
    optimize,
    sigmoid_grad,
    softmax_squared_delta,
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


Locals = Callable[[Any], Any]
LOCAL: dict[str, Locals] = {op: partial(local_gradients, op) for op in ("+", "*", "exp", "1/x", "-", "/")}


def _wrong_local(**instead: Locals) -> Any:
    """Build a wrong `local_gradients` from the operations that it gets wrong."""
    table = {**LOCAL, **{SYMBOLS[name]: wrong for name, wrong in instead.items()}}
    return lambda op, values: table[op](values)


SYMBOLS = {"plus": "+", "times": "*", "exp": "exp", "inverse": "1/x", "minus": "-", "over": "/"}

LOCAL_GRADIENTS = Exercise(
    reference=local_gradients,
    points=1,
    cases=(
        Case("a sum", ("+", [2.0, -3.0])),
        Case("a product", ("*", [2.0, -3.0])),
        Case("an exponential", ("exp", [-0.7])),
        Case("a reciprocal", ("1/x", [-4.0])),
        Case("a difference", ("-", [2.0, -3.0])),
        Case("a quotient", ("/", [3.0, -2.0])),
    ),
    misconceptions=(
        Misconception(
            "the slope of 1/u has lost its minus",
            _wrong_local(inverse=lambda u: [1 / u[0] ** 2]),
            "When u grows, does 1/u grow or fall?",
        ),
        Misconception(
            "the slope of 1/u is taken for −1/u",
            _wrong_local(inverse=lambda u: [-1 / u[0]]),
            "1/u is u to the power of −1. What does the power rule say?",
        ),
        Misconception(
            "1/u is integrated, not differentiated",
            _wrong_local(inverse=lambda u: [np.log(np.abs(u[0]))]),
            "The logarithm has the slope 1/u. What is the slope of 1/u itself?",
        ),
        Misconception(
            "the exponential is differentiated like a power of u",
            _wrong_local(exp=lambda u: [u[0] * np.exp(u[0] - 1)]),
            "In the exponential the variable stands in the exponent. Which function is its own slope?",
        ),
        Misconception(
            "the slope of the exponential is taken for 1",
            _wrong_local(exp=lambda u: [1.0]),
            "The exponential gets steeper and steeper. Can its slope be the same everywhere?",
        ),
        Misconception(
            "the slope of the exponential is taken for its argument",
            _wrong_local(exp=lambda u: [u[0]]),
            "How steep is the exponential at 0, where it is 1?",
        ),
        Misconception(
            "a difference has the local gradients of a sum",
            _wrong_local(minus=lambda u: [1.0, 1.0]),
            "In u − v, what happens to the result when v grows by 1?",
        ),
        Misconception(
            "the two signs of a difference are exchanged",
            _wrong_local(minus=lambda u: [-1.0, 1.0]),
            "In u − v, what happens to the result when u grows by 1?",
        ),
        Misconception(
            "the quotient's slope by the denominator has lost its minus",
            _wrong_local(over=lambda u: [1 / u[1], u[0] / u[1] ** 2]),
            "When the denominator grows, does a positive fraction grow or fall?",
        ),
        Misconception(
            "the quotient's slope by the denominator has lost its numerator",
            _wrong_local(over=lambda u: [1 / u[1], -1 / u[1] ** 2]),
            "u/v is u times 1/v. What stands in front of the slope of 1/v?",
        ),
        Misconception(
            "a quotient has the local gradients of a product",
            _wrong_local(over=lambda u: [u[1], u[0]]),
            "u/v is u times 1/v. By how much does it change when u grows by 1?",
        ),
        Misconception(
            "the local gradients of the quotient stand in the wrong order",
            _wrong_local(over=lambda u: [-u[0] / u[1] ** 2, 1 / u[1]]),
            "The first number of the list belongs to the first argument. Which one is that in u/v?",
        ),
        Misconception(
            "the result of the operation is returned, not its slope",
            lambda op, values: [OPS[op].forward(*values)] * len(values),
            "Not how large the result is: how fast does it change with each argument?",
        ),
        Misconception(
            "what is the same for all operations: 1 for each argument",
            lambda op, values: [1.0] * len(values),
            "Only a sum passes a change on as it is. What does the operation do with it?",
        ),
    ),
    hints=(
        "A local gradient says how fast the result changes when one argument moves and the others rest.",
        "You know the slopes of eᵘ and of 1/u from calculus. For u − v and u / v move one argument at a time.",
        "exp: [e to the u]; 1/x: [minus one over u squared]; -: [1, -1]; /: [one over v, minus u over v squared]",
    ),
)

SUM_AND_PRODUCT = ([-2.0, 5.0, -4.0], [("+", 0, 1), ("*", 3, 2)])
SQUARE_AND_CUBE = ([3.0], [("*", 0, 0), ("*", 1, 0), ("+", 1, 2)])
NEURON = (
    [2.0, -1.0, -3.0, -2.0, -3.0, -1.0, 1.0],
    [("*", 0, 1), ("*", 2, 3), ("+", 7, 8), ("+", 9, 4), ("*", 10, 5), ("exp", 11), ("+", 12, 6), ("1/x", 13)],
)
QUOTIENT = ([6.0, -2.0, 0.5], [("/", 0, 1), ("-", 3, 2), ("/", 4, 3)])


def _walk(leaves: Any, steps: Any, result: Callable[[str, list[Any], list[Any]], Any]) -> Any:
    """Compute the nodes by a rule of one's own: of the operation, the arguments' values, and where they stand."""
    values = list(leaves)
    for op, *arguments in steps:
        values.append(result(op, [values[i] for i in arguments], arguments))
    return values


def _computed(op: str, values: Any, _: Any = None) -> float:
    return float(OPS[op].forward(*values))


GRAPH_VALUES = Exercise(
    reference=graph_values,
    points=1,
    cases=(
        Case("(x + y) z", SUM_AND_PRODUCT),
        Case("x² + x³: x is used three times", SQUARE_AND_CUBE),
        Case("differences and quotients", QUOTIENT),
        Case("a logistic neuron", NEURON),
    ),
    misconceptions=(
        Misconception(
            "the leaves are left out",
            lambda leaves, steps: graph_values(leaves, steps)[len(leaves) :],
            "All nodes are asked for. Which ones have their values before the first step?",
        ),
        Misconception(
            "only the result is returned",
            lambda leaves, steps: graph_values(leaves, steps)[-1],
            "The way back needs the value of every node. What is to be in the list?",
        ),
        Misconception(
            "positions are taken for values",
            lambda leaves, steps: _walk(leaves, steps, lambda op, values, places: _computed(op, [float(i) for i in places])),
            'In ("+", 0, 1) the 0 and the 1 say where the arguments stand. How do you get their values?',
        ),
        Misconception(
            "every step is a sum",
            lambda leaves, steps: _walk(leaves, steps, lambda op, values, places: sum(values)),
            "The first entry of a step says what is to be done. Where is it used?",
        ),
        Misconception(
            "arguments are looked up among the leaves only",
            lambda leaves, steps: _walk(leaves, steps, lambda op, values, places: _computed(op, [leaves[i] for i in places])),
            "A step may use the result of an earlier step. Where do you look that up?",
        ),
        Misconception(
            "the arguments are taken in reverse order",
            lambda leaves, steps: _walk(leaves, steps, lambda op, values, places: _computed(op, values[::-1])),
            "Is u − v the same as v − u? Which argument comes first?",
        ),
        Misconception(
            "the leaves stand behind the steps' values",
            lambda leaves, steps: graph_values(leaves, steps)[len(leaves) :] + list(leaves),
            "Node 0 is the first leaf. Where does it stand in the list?",
        ),
        Misconception(
            "the last step is left out",
            lambda leaves, steps: graph_values(leaves, steps)[:-1],
            "How many nodes are there: as many as leaves and steps together?",
        ),
    ),
    hints=(
        "Start with the values of the leaves. Each step computes one more value from those that are there already.",
        'A step such as ("*", 3, 2) unpacks with `op, *arguments`. `OPS[op]` is a function. '
        "Give it the values at these positions, with a star.",
        "values = copy of leaves; for each step: append OPS[op](*values at its positions); return values",
    ),
)


def _wrong_graph(
    start: float = 1.0,
    add: Callable[[float, float, float], float] | None = None,
    again: bool = False,
    local: Callable[[str, Any], Any] = local_gradients,
    turn: Any = reversed,
) -> Any:
    """Build a wrong `graph_gradients`: the gradient of the result, how shares are added, a second run, local gradients, the order."""
    add = add or (lambda before, upstream, slope: before + upstream * slope)

    def wrong(leaves: list[float], steps: list[Any]) -> Any:
        values = graph_values(leaves, steps)
        gradients = [0.0] * len(values)
        for _ in range(2 if again else 1):
            gradients[-1] = start
            for i, (op, *arguments) in turn(list(enumerate(steps, len(leaves)))):
                for j, slope in zip(arguments, local(op, [values[k] for k in arguments]), strict=True):
                    gradients[j] = float(add(gradients[j], gradients[i], slope))
        return values, gradients

    return wrong


OVERWRITES = Misconception(
    "a share of the gradient overwrites the one before",
    _wrong_graph(add=lambda before, upstream, slope: upstream * slope),
    "x is used three times in x² + x³. Along how many ways does a change of x reach the result, and what is done with the shares?",
)
NO_UPSTREAM = Misconception(
    "the upstream gradient is left out",
    _wrong_graph(add=lambda before, upstream, slope: before + slope),
    "In ∂f/∂y = ∂f/∂q · ∂q/∂y, which of the two factors is the local gradient, and where is the other one?",
)
NO_LOCAL = Misconception(
    "the local gradient is left out",
    _wrong_graph(add=lambda before, upstream, slope: before + upstream),
    "In f = q z, by how much does f change when z changes by 1? Where does q come in?",
)
FROM_ZERO = Misconception("the gradient of the result starts from 0", _wrong_graph(start=0.0), "What is ∂f/∂f?")
FROM_THE_LEAVES = Misconception(
    "the nodes are taken from the leaves to the result",
    _wrong_graph(turn=iter),
    "A node can hand its gradient on only when it has it. Which node has its gradient first?",
)
ADDED = Misconception(
    "upstream and local gradient are added",
    _wrong_graph(add=lambda before, upstream, slope: before + upstream + slope),
    "If q moves 2 for each 1 of x, and f moves 3 for each 1 of q, how far does f move for each 1 of x?",
)

GRAPH_GRADIENTS = Exercise(
    reference=graph_gradients,
    points=4,
    returns=("the values", "the gradients"),
    cases=(
        Case("(x + y) z", SUM_AND_PRODUCT),
        Case("x² + x³: x is used three times", SQUARE_AND_CUBE),
        Case("a quotient that is used twice", QUOTIENT),
        Case("a logistic neuron", NEURON),
    ),
    misconceptions=(
        OVERWRITES,
        NO_UPSTREAM,
        NO_LOCAL,
        FROM_ZERO,
        FROM_THE_LEAVES,
        ADDED,
        Misconception(
            "the gradient of the result is its value",
            lambda leaves, steps: (
                graph_values(leaves, steps),
                [graph_values(leaves, steps)[-1] * g for g in graph_gradients(leaves, steps)[1]],
            ),
            "How fast does f change with f itself?",
        ),
        Misconception(
            "the share is taken away, not added",
            _wrong_graph(add=lambda before, upstream, slope: before - upstream * slope),
            "Nothing is subtracted on the way back. Where does your minus come from?",
        ),
        Misconception(
            "local gradients are taken at the leaves",
            lambda leaves, steps: (
                graph_values(leaves, steps),
                _wrong_graph(local=lambda op, values: local_gradients(op, [*leaves, *leaves][: len(values)]))(leaves, steps)[1],
            ),
            "A local gradient belongs to the numbers that the step worked on. Where do these stand in `values`?",
        ),
        Misconception(
            "the gradients of the leaves only are returned",
            lambda leaves, steps: (graph_values(leaves, steps), graph_gradients(leaves, steps)[1][: len(leaves)]),
            "All nodes are asked for, not the leaves alone. How long is the list?",
        ),
        Misconception(
            "values and gradients are returned in the wrong order",
            lambda leaves, steps: graph_gradients(leaves, steps)[::-1],
            "Which of the two comes first?",
        ),
    ),
    hints=(
        "Forward first, for the values. Then each step, from the last to the first, hands its gradient on to its arguments, "
        "times the local gradient.",
        "Step k makes node `len(leaves) + k`. Start with a list of zeros and 1 at its end. "
        "An argument used twice gets two shares: use `+=`.",
        "for each step backward, with its node: for each argument i and its local gradient: "
        "gradients[i] += gradients[node] times local gradient",
    ),
)

NODE_GRADIENTS = Exercise(
    reference=node_gradients,
    points=2,
    returns=("the values", "the gradients"),
    cases=(
        Case("(x + y) z", SUM_AND_PRODUCT),
        Case("x² + x³: x is used three times", SQUARE_AND_CUBE),
        Case("an exponential of a product, used twice", ([0.5, -1.5], [("*", 0, 1), ("exp", 2), ("*", 3, 3), ("+", 4, 3)])),
        Case("a logistic neuron", NEURON),
    ),
    misconceptions=(
        OVERWRITES,
        NO_UPSTREAM,
        NO_LOCAL,
        FROM_ZERO,
        FROM_THE_LEAVES,
        ADDED,
        Misconception(
            "a second run adds to the gradients of the first",
            _wrong_graph(again=True),
            "The function below the class goes back twice. From which number must every gradient start?",
        ),
        Misconception(
            "each factor of a product gets its own value as local gradient",
            _wrong_graph(local=_wrong_local(times=lambda u: [u[0], u[1]])),
            "In u · v, by how much does the result grow when u grows by 1?",
        ),
        Misconception(
            "the exponential hands on its argument, not its value",
            _wrong_graph(local=_wrong_local(exp=lambda u: [u[0]])),
            "Which function is its own slope?",
        ),
        Misconception(
            "the exponential passes its gradient on unchanged",
            _wrong_graph(local=_wrong_local(exp=lambda u: [1.0])),
            "The exponential gets steeper and steeper. Can its local gradient be 1 everywhere?",
        ),
        Misconception(
            "a product has the local gradients of a sum",
            _wrong_graph(local=_wrong_local(times=lambda u: [1.0, 1.0])),
            "Which numbers stand beside the product in the table of local gradients?",
        ),
        Misconception(
            "a product is computed like a sum",
            lambda leaves, steps: node_gradients(leaves, [("+" if op == "*" else op, *places) for op, *places in steps]),
            "`__add__` was the pattern. What has to change in the value of the new node?",
        ),
    ),
    hints=(
        "A new node notes its value, the nodes it came from, and how fast its value changes with each. Backward only reads these notes.",
        "`__mul__` looks like `__add__`, with another value and other local gradients. In `backward`, set every grad of "
        "`self.order()` to 0, `self.grad` to 1, then go through `reversed(self.order())` and add to each argument's grad.",
        "for node in reversed order: for each argument and its slope in node.local: argument's grad += node's grad times slope",
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
            "it is divided by the number of samples",
            lambda delta, W, z, f_grad: W.T @ delta * f_grad(z) / z.shape[1],
            "Each column is the error term of one sample. Where is the mean taken: here, or in BP-3 and BP-4?",
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


def _both(dW: Callable[[Any, Any], Any] | None = None, db: Callable[[Any], Any] | None = None) -> Any:
    """Build a wrong `layer_gradients` from the part that is wrong."""
    return lambda delta, a: ((dW or hidden_grad)(delta, a), (db or hidden_bias_grad)(delta))


LAYER_GRADIENTS = Exercise(
    reference=layer_gradients,
    points=4,
    returns=("dW", "db"),
    cases=(
        Case("four neurons, two inputs, three samples", (Z_SMALL[1], A_SMALL[1])),
        Case("one sample", (np.array([[2.0], [-1.0]]), np.array([[1.0], [0.5], [3.0]]))),
        Case("as many neurons, inputs and samples", (np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([[3.0, -2.0], [0.25, 1.0]]))),
    ),
    properties=(
        Property(
            "showing each sample twice changes nothing",
            lambda f: all(map(np.allclose, f(np.ones((2, 6)), np.ones((3, 6))), f(np.ones((2, 3)), np.ones((3, 3))))),
        ),
        Property(
            "the bias is a weight whose input is always 1",
            lambda f: np.allclose(f(Z_SMALL[1], np.ones((1, 3)))[0], f(Z_SMALL[1], np.ones((1, 3)))[1]),
        ),
    ),
    misconceptions=(
        Misconception(
            "the weights take the sum over the samples, the biases the mean",
            _both(dW=lambda delta, a: delta @ a.T),
            "If every sample is shown twice, should the gradient of the mean error double?",
        ),
        Misconception(
            "both are sums over the samples",
            _both(dW=lambda delta, a: delta @ a.T, db=lambda delta: delta.sum(axis=1, keepdims=True)),
            "The error of a batch is the mean over its samples. Where is it taken?",
        ),
        Misconception(
            "the biases take the sum over the samples, the weights the mean",
            _both(db=lambda delta: delta.sum(axis=1, keepdims=True)),
            "dW is divided by the number of samples. What should the biases do?",
        ),
        Misconception(
            "dW is transposed",
            _both(dW=lambda delta, a: a @ delta.T / delta.shape[1]),
            "The gradient is subtracted from W. Which shape has W?",
        ),
        Misconception(
            "the mean of dW is over the neurons",
            _both(dW=lambda delta, a: delta @ a.T / delta.shape[0]),
            "Which axis of delta counts the samples?",
        ),
        Misconception(
            "the product is element by element",
            _both(dW=lambda delta, a: delta * a),
            "Each weight joins one input j with one neuron i. How many products δ_i a_j are there?",
        ),
        Misconception(
            "only the first sample counts",
            (
                _both(dW=lambda delta, a: np.outer(delta[:, 0], a[:, 0]), db=lambda delta: delta[:, :1]),
                _both(dW=lambda delta, a: np.outer(delta[:, 0], a[:, 0])),
                _both(db=lambda delta: delta[:, :1]),
            ),
            "The error is the mean over all samples. Where do the other columns come in?",
        ),
        Misconception(
            "it is divided by n − 1",
            (
                _both(dW=lambda delta, a: delta @ a.T / max(delta.shape[1] - 1, 1)),
                lambda delta, a: (delta @ a.T / (delta.shape[1] - 1), delta.sum(axis=1, keepdims=True) / (delta.shape[1] - 1)),
                lambda delta, a: tuple(each * delta.shape[1] / max(delta.shape[1] - 1, 1) for each in layer_gradients(delta, a)),
            ),
            "A mean over n samples divides by n. Where does your 1 come from?",
        ),
        Misconception(
            "the learning rate is in it already",
            _both(dW=lambda delta, a: 0.02 * hidden_grad(delta, a), db=lambda delta: 0.02 * hidden_bias_grad(delta)),
            "`optimize` will multiply by α. What would multiplying twice do?",
        ),
        Misconception(
            "dW is divided by neurons and samples",
            _both(dW=lambda delta, a: delta @ a.T / delta.size),
            "How many samples are there, and how many numbers in delta?",
        ),
        Misconception(
            "it is divided by the number of inputs, not of samples",
            (
                _both(dW=lambda delta, a: delta @ a.T / len(a)),
                lambda delta, a: (delta @ a.T / len(a), delta.sum(axis=1, keepdims=True) / len(a)),
            ),
            "`len(a)` counts the rows of a. What do its columns count?",
        ),
        Misconception(
            "db is flat",
            _both(db=lambda delta: delta.mean(axis=1)),
            "The gradient is subtracted from b. Which shape has b?",
        ),
        Misconception(
            "db is the mean over the neurons",
            _both(db=lambda delta: delta.mean(axis=0, keepdims=True)),
            "Each neuron has a bias of its own. Over which axis do you average?",
        ),
        Misconception(
            "db is one mean over everything",
            _both(db=lambda delta: np.mean(delta)),
            "How many biases has a layer of four neurons?",
        ),
        Misconception(
            "db is delta as it is",
            _both(db=lambda delta: delta),
            "delta has a column for each sample. How many columns has b?",
        ),
        Misconception(
            "dW and db are returned in the wrong order",
            lambda delta, a: layer_gradients(delta, a)[::-1],
            "Which of the two comes first?",
        ),
    ),
    hints=(
        "For one sample the weight from input j to neuron i gets δ_i · a_j, and the bias δ_i · 1. For a batch both are averaged.",
        "You need a product for each pair (i, j), summed over the samples: which of delta and a has to be transposed? "
        "Then divide by the number of columns. For db, `keepdims=True` keeps the column.",
        "dW = (delta times transposed a) over the number of columns of delta; db = mean of delta over axis 1, kept as a column",
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
            "the slopes are taken at a, not at z",
            (
                lambda y, W, z, a, f_grad, f_out_grad: backward(y, W, a[1:], a, f_grad, f_out_grad),
                lambda y, W, z, a, f_grad, f_out_grad: backward(y, W, [*a[1:-1], z[-1]], a, f_grad, f_out_grad),
            ),
            "f′ is needed where f was asked. Which number entered f in the forward pass: z or a?",
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
            "Gradients say where to go, α how far. Where does it come in?",
        ),
        Misconception(
            "the biases are moved without the learning rate",
            lambda W, b, dW, db, alpha=0.02: (optimize(W, b, dW, db, alpha)[0], optimize(W, b, dW, db, 1.0)[1]),
            "Weights and biases take the same step. Which factor do the biases lack?",
        ),
        Misconception(
            "the learning rate is always the usual one",
            lambda W, b, dW, db, alpha=0.02: optimize(W, b, dW, db),
            "Which argument says how far to go?",
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


def _not_put_back(f: Any, p: Any, h: float = 1e-5, after: float = -1.0) -> Any:
    """Leave each element where its last step brought it: down or, where that is asked first, up."""
    q, slopes = p.astype(float), np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        old = q[i]
        values = {}
        for side in (-after, after):
            q[i] = old + side * h
            values[side] = f(q)
        slopes[i] = (values[1.0] - values[-1.0]) / (2 * h)
    return slopes


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
            "an element is not put back before the next one moves",
            (_not_put_back, partial(_not_put_back, after=1.0)),
            "How far are you from p when the second element moves? And at the end?",
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

A_SOFT = np.array([[0.7, 0.2, 0.5, 0.05], [0.1, 0.5, 0.4, 0.05], [0.2, 0.3, 0.1, 0.9]])
Y_SOFT = np.array([[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])


def _wrong_softmax(shape: Callable[[Any, Any], Any]) -> Any:
    """Build a wrong `softmax_squared_delta` from a and e = a − y."""
    return lambda a, y: shape(a, a - y)


SOFTMAX_SQUARED_DELTA = Exercise(
    reference=softmax_squared_delta,
    points=0,
    cases=(
        Case("three classes, four samples", (A_SOFT, Y_SOFT)),
        Case("one sample", (A_SOFT[:, :1], Y_SOFT[:, :1])),
        Case("as many classes as samples", (A_SOFT[:, :3], Y_SOFT[:, :3])),
    ),
    properties=(Property("the error terms of a sample sum to 0", lambda f: np.allclose(np.sum(f(A_SOFT, Y_SOFT), axis=0), 0)),),
    misconceptions=(
        Misconception(
            "this is the error term of the cross-entropy",
            _wrong_softmax(lambda a, e: e),
            "a − y is ∂E/∂a of the squared error. What lies between a and z?",
        ),
        Misconception(
            "softmax is taken for a function of single numbers: a (1 − a)",
            _wrong_softmax(lambda a, e: e * a * (1 - a)),
            "If z₁ grows, what happens to a₂? Which part of the slope says so?",
        ),
        Misconception(
            "the sum runs over the samples, not over the outputs",
            _wrong_softmax(lambda a, e: a * (e - (a * e).sum(axis=1, keepdims=True))),
            "The outputs of one sample act on each other. Do samples?",
        ),
        Misconception(
            "the sign is wrong",
            _wrong_softmax(lambda a, e: -a * (e - (a * e).sum(axis=0))),
            "If an output is too large, should its z grow or fall? A step goes against δ.",
        ),
        Misconception(
            "the 2 of the square is left",
            _wrong_softmax(lambda a, e: 2 * a * (e - (a * e).sum(axis=0))),
            "Our error carries the factor ½. What is the derivative of ½ (a − y)²?",
        ),
        Misconception(
            "the mean over the samples is taken already here",
            _wrong_softmax(lambda a, e: a * (e - (a * e).sum(axis=0)) / a.shape[1]),
            "δ has one column for each sample. Where is the mean taken?",
        ),
        Misconception(
            "the differences are summed without their weights a",
            _wrong_softmax(lambda a, e: a * (e - e.sum(axis=0))),
            "In −a_j a_k each difference e_j comes with a factor. Which one is the same for all j, and which is not?",
        ),
        Misconception(
            "the part of the other outputs is added, not taken away",
            _wrong_softmax(lambda a, e: a * (e + (a * e).sum(axis=0))),
            "∂a_j/∂z_k is negative for j ≠ k: the shares compete. Which sign has the sum?",
        ),
        Misconception(
            "the factor a in front is missing",
            _wrong_softmax(lambda a, e: e - (a * e).sum(axis=0)),
            "Take the common factor of a_k (1 − a_k) and −a_j a_k out of the sum over j. Which one is it?",
        ),
        Misconception(
            "each sum leaves its own output out",
            _wrong_softmax(lambda a, e: a * (e - ((a * e).sum(axis=0) - a * e))),
            "a_k (1 − a_k) has a part −a_k². Which term of the sum over all j is that?",
        ),
    ),
    hints=(
        "E depends on z_k through every a_j. So δ_k is a sum over j of ∂E/∂a_j · ∂a_j/∂z_k.",
        "Write both cases of the slope as one: a_j times (1 if j = k else 0) minus a_j a_k. Two sums are left; one has a single term.",
        "e = a − y; δ_k = a_k times (e_k minus the sum over j of a_j e_j), for each column",
    ),
)

CHAPTER = Chapter(
    name="04_backpropagation",
    title="04 Backpropagation",
    exercises=(
        LOCAL_GRADIENTS,
        GRAPH_VALUES,
        GRAPH_GRADIENTS,
        NODE_GRADIENTS,
        CENTRAL_DIFFERENCES,
        DELTA_HIDDEN,
        LAYER_GRADIENTS,
        BACKWARD,
        OPTIMIZE,
        SOFTMAX_SQUARED_DELTA,
    ),
    data=("traffic.csv",),
)
