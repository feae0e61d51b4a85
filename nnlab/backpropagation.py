"""Backpropagation: the error terms and gradients of a network of any depth, and a small computational graph that finds any gradient.

Columns are samples. Gradients of a batch are means over its samples. The mean squared error carries the factor 1/2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab import _require
from nnlab.activations import Array, sigmoid, sigmoid_derivative
from nnlab.languages import say

Derivative = Callable[[Array], Array]


def sigmoid_grad(z: ArrayLike) -> Array:
    """Return σ′(z) = σ(z)·(1 − σ(z)), at most 1/4: the lecture's name for `nnlab.activations.sigmoid_derivative`.

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.3, step 1.
    """
    return sigmoid_derivative(z)


def naive_sigmoid_grad(z: ArrayLike) -> Array:
    """Return what the slide says σ′ is: σ(z)·σ(1 − z). It is wrong everywhere: 1 − σ(z) is σ(−z), not σ(1 − z).

    Parameters
    ----------
    z : array_like, any shape
        Pre-activation.

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S0 section 11.3, step 1 (erratum 1).
    """
    z = np.asarray(z, dtype=float)
    return sigmoid(z) * sigmoid(1 - z)


def one_hot(y: ArrayLike, classes: int) -> Array:
    """Return a column for each label: 1 in the row of its class, 0 elsewhere.

    Parameters
    ----------
    y : array_like of int, shape (samples,)
        Labels 0 to classes − 1.
    classes : int

    Returns
    -------
    ndarray, shape (classes, samples)

    Raises
    ------
    ValueError
        If a label is out of range.

    Notes
    -----
    Source: S0 section 11.3, inside `delta_output`, writes the targets of one sample by hand; S3 section 1.3.3.
    """
    return np.eye(classes)[:, _require.labels("y", y, classes)]


def mse(a: ArrayLike, y: ArrayLike) -> float:
    """Return the mean squared error with the factor 1/2: the mean over samples of ½ Σ_k (a_k − y_k)².

    The 1/2 makes the derivative a − y. The sum runs over the outputs of a sample; only samples are averaged.

    Parameters
    ----------
    a : array_like, shape (outputs, samples)
        Activations of the output layer.
    y : array_like, shape (outputs, samples)
        Targets.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: S1 section 3, E and E_total; S4 section 2.1.
    """
    a, y = np.asarray(a, dtype=float), np.asarray(y, dtype=float)
    _require.same_shape("y", y, "a", a)
    return float(0.5 * ((a - y) ** 2).sum(axis=0).mean())


def cross_entropy(z: ArrayLike, y: ArrayLike) -> float:
    """Return the cross-entropy of softmax(z): the mean over samples of −Σ_k y_k log softmax_k(z).

    It takes the pre-activations, because log softmax_k(z) = z_k − log Σ_j exp(z_j) stays finite where softmax_k(z) is rounded to 0.

    Parameters
    ----------
    z : array_like, shape (classes, samples)
        Pre-activations of the output layer.
    y : array_like, shape (classes, samples)
        Targets; each column sums to 1.

    Returns
    -------
    float, in nats

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: S1, "applied to machine learning"; S3 section 1.3.3.
    """
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    _require.same_shape("y", y, "z", z)
    z = z - z.max(axis=0)
    log_softmax = z - np.log(np.exp(z).sum(axis=0))
    return float(-(y * log_softmax).sum(axis=0).mean())


def delta_output(a: Array, y: Array, slope: ArrayLike = 1.0) -> Array:
    """Return the error term of the output layer (BP-1): δ(L) = (a(L) − y) ⊙ slope.

    Parameters
    ----------
    a : ndarray, shape (M_L, samples)
        Activations of the output layer.
    y : ndarray, shape (M_L, samples)
        Targets; class labels through `one_hot`.
    slope : array_like
        f′(z(L)) for the mean squared error. 1 for softmax with cross-entropy, where f′ cancels.

    Returns
    -------
    ndarray, shape (M_L, samples)

    Raises
    ------
    ValueError
        If a and y have different shapes.

    Notes
    -----
    Source: S0 section 11.3, step 2; S1, BP-1. S0 writes f′ at z(l) and at z(L) by turns: it is the layer's own z (erratum 3).
    """
    _require.same_shape("y", y, "a", a)
    return (a - y) * np.asarray(slope)


def delta_hidden(delta: Array, W: Array, z: Array, f_grad: Derivative) -> Array:
    """Pass the error term back by one layer (BP-2): δ(l) = W(l+1)ᵀ δ(l+1) ⊙ f′(z(l)).

    Parameters
    ----------
    delta : ndarray, shape (M_{l+1}, samples)
        Error term of the layer behind.
    W : ndarray, shape (M_{l+1}, M_l)
        Weights between the two layers.
    z : ndarray, shape (M_l, samples)
        Pre-activations of this layer.
    f_grad : callable
        Derivative of this layer's activation function, of the pre-activation.

    Returns
    -------
    ndarray, shape (M_l, samples)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Source: S0 section 11.3, step 2; S1, BP-2.
    """
    _require.one_for_each("W", W, 0, "row of delta", len(delta))
    back = W.T @ delta
    _require.same_shape("z", z, "W.T @ delta", back)
    return back * f_grad(z)


def hidden_grad(delta: Array, a: Array) -> Array:
    """Return the gradient of the weights of any layer (BP-3): the mean over samples of δ(l) a(l−1)ᵀ.

    Parameters
    ----------
    delta : ndarray, shape (M_l, samples)
        Error term of the layer.
    a : ndarray, shape (M_{l−1}, samples)
        Activations of the layer before.

    Returns
    -------
    ndarray, shape (M_l, M_{l−1})

    Raises
    ------
    ValueError
        If delta and a have different numbers of samples.

    Notes
    -----
    Source: S0 section 11.3, step 3; S1, BP-3. The slide also multiplies by the learning rate; here `optimize` does.
    """
    _require.one_for_each("a", a, 1, "column of delta", delta.shape[1])
    return delta @ a.T / delta.shape[1]


def naive_hidden_grad(delta: Array, a: Array) -> Array:
    """Return what the slide's `hidden_grad` gives: the sum over samples, where its `hidden_bias_grad` takes the mean.

    Weights then move `samples` times as far as biases. With one sample nobody notices.

    Parameters
    ----------
    delta : ndarray, shape (M_l, samples)
    a : ndarray, shape (M_{l−1}, samples)

    Returns
    -------
    ndarray, shape (M_l, M_{l−1})

    Notes
    -----
    Source: S0 section 11.3, step 3 (erratum 4).
    """
    return delta @ a.T


def hidden_bias_grad(delta: Array) -> Array:
    """Return the gradient of the biases of any layer (BP-4): the mean over samples of δ(l).

    Parameters
    ----------
    delta : ndarray, shape (M_l, samples)
        Error term of the layer.

    Returns
    -------
    ndarray, shape (M_l, 1)

    Notes
    -----
    Source: S0 section 11.3, step 3; S1, BP-4.
    """
    return delta.mean(axis=1, keepdims=True)


def layer_gradients(delta: Array, a: Array) -> tuple[Array, Array]:
    """Return the gradients of a layer's weights (BP-3) and biases (BP-4): both are means over the samples.

    Each column of delta belongs to one sample and carries no 1/n. The mean of the samples' errors is formed here, and only here.

    Parameters
    ----------
    delta : ndarray, shape (M_l, samples)
        Error term of the layer.
    a : ndarray, shape (M_{l−1}, samples)
        Activations of the layer before.

    Returns
    -------
    dW : ndarray, shape (M_l, M_{l−1})
    db : ndarray, shape (M_l, 1)

    Raises
    ------
    ValueError
        If delta and a have different numbers of samples.

    Notes
    -----
    Source: S0 section 11.3, step 3; S1, BP-3 and BP-4.
    """
    return hidden_grad(delta, a), hidden_bias_grad(delta)


def softmax_squared_delta(a: Array, y: Array) -> Array:
    """Return the error term of a softmax output with the squared error: δ_k = a_k (e_k − Σ_j a_j e_j), where e = a − y.

    Each output of softmax depends on all pre-activations, so that the slope of the output layer is a matrix, one for each sample:
    ∂a_j/∂z_k = a_j (1{j = k} − a_k).

    Parameters
    ----------
    a : ndarray, shape (classes, samples)
        Outputs of softmax.
    y : ndarray, shape (classes, samples)
        Targets.

    Returns
    -------
    ndarray, shape (classes, samples)

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Not in the lectures, which take the cross-entropy for softmax. The squared error is ½ Σ_k (a_k − y_k)² for each sample.
    """
    _require.same_shape("y", y, "a", a)
    e = a - y
    return a * (e - (a * e).sum(axis=0))


def backward(
    y: Array,
    W: Sequence[Array],
    z: Sequence[Array],
    a: Sequence[Array],
    f_grad: Derivative = sigmoid_grad,
    f_out_grad: Derivative = np.ones_like,
) -> tuple[list[Array], list[Array]]:
    """Return the gradients of all weights and biases, from the last layer to the first.

    Parameters
    ----------
    y : ndarray, shape (M_L, samples)
        Targets.
    W : sequence of L arrays, shapes (M_l, M_{l−1})
    z, a : sequences of L and L + 1 arrays
        Pre-activations and activations, as `forward` returns them.
    f_grad : callable
        Derivative of the hidden layers' activation function.
    f_out_grad : callable
        Derivative of the output layer's activation function, for the mean squared error.
        The default is 1 everywhere: right for softmax with cross-entropy.

    Returns
    -------
    dW : list of L arrays, shapes (M_l, M_{l−1})
    db : list of L arrays, shapes (M_l, 1)

    Raises
    ------
    ValueError
        If y does not fit the output, or W, z and a do not come from one network.

    Notes
    -----
    Source: S0 section 11.3, step 4, for any depth; S1, BP-1 to BP-4.
    """
    if not len(W) == len(z) == len(a) - 1:
        raise ValueError(
            say(
                "z must have {layers} entries and a one more, got {z} and {a}. Pass what forward returns, z first.",
                layers=len(W),
                z=len(z),
                a=len(a),
            )
        )
    deltas = [delta_output(a[-1], y, f_out_grad(z[-1]))]
    for weights, z_l in zip(reversed(W[1:]), reversed(z[:-1]), strict=True):
        deltas.append(delta_hidden(deltas[-1], weights, z_l, f_grad))
    deltas.reverse()
    return [hidden_grad(d, a_l) for d, a_l in zip(deltas, a[:-1], strict=True)], [hidden_bias_grad(d) for d in deltas]


def optimize(
    W: Sequence[Array], b: Sequence[Array], dW: Sequence[Array], db: Sequence[Array], alpha: float = 0.02
) -> tuple[list[Array], list[Array]]:
    """Take one step of gradient descent: each parameter minus α times its gradient.

    Parameters
    ----------
    W, b : sequences of L arrays
        Weights and biases. They are left as they are.
    dW, db : sequences of L arrays
        Their gradients.
    alpha : float
        Learning rate, positive.

    Returns
    -------
    W : list of L arrays
    b : list of L arrays

    Raises
    ------
    ValueError
        If a gradient has another shape than its parameter, or alpha is not positive.

    Notes
    -----
    Source: S0 section 11.3, step 5, where the gradients contain α already.
    """
    return _step("W", W, dW, alpha), _step("b", b, db, alpha)


def _step(name: str, params: Sequence[Array], gradients: Sequence[Array], alpha: float) -> list[Array]:
    _require.positive("alpha", alpha)
    for layer, (p, g) in enumerate(zip(params, gradients, strict=True)):
        _require.same_shape(f"d{name}[{layer}]", g, f"{name}[{layer}]", p)
    return [p - alpha * g for p, g in zip(params, gradients, strict=True)]


def small_network() -> tuple[Array, Array, list[Array], list[Array]]:
    """Return the worked network of S4: input, target, weights and biases.

    Returns
    -------
    x : ndarray, shape (2, 1)
    y : ndarray, shape (2, 1)
    W : list of two arrays, shape (2, 2): w1 and w2, w3 and w4; then w5 and w6, w7 and w8, in the order of the formulas
    b : list of two arrays, shape (2, 1)

    Notes
    -----
    Source: S4 section 2.2.
    """
    W = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    return np.array([[0.10], [0.20]]), np.array([[0.85], [0.30]]), W, [np.full((2, 1), 0.35), np.full((2, 1), 0.50)]


# ---- A computational graph ----


class Op(NamedTuple):
    """An operation: how to compute it, and for each argument the pull that turns ∂L/∂result into ∂L/∂argument."""

    forward: Callable[..., Any]
    pulls: tuple[Callable[..., Any], ...]


# One rule a line. A pull gets the upstream gradient g, the result r, then the arguments.
OPS = {
    "+": Op(np.add, (lambda g, r, x, y: g, lambda g, r, x, y: g)),
    "-": Op(np.subtract, (lambda g, r, x, y: g, lambda g, r, x, y: -g)),
    "*": Op(np.multiply, (lambda g, r, x, y: g * y, lambda g, r, x, y: g * x)),
    "/": Op(np.divide, (lambda g, r, x, y: g / y, lambda g, r, x, y: -g * r / y)),
    "@": Op(np.matmul, (lambda g, r, x, y: g @ y.T, lambda g, r, x, y: x.T @ g)),
    "exp": Op(np.exp, (lambda g, r, x: g * r,)),
    "1/x": Op(np.reciprocal, (lambda g, r, x: -g * r**2,)),
    "log": Op(np.log, (lambda g, r, x: g / x,)),
    "tanh": Op(np.tanh, (lambda g, r, x: g * (1 - r**2),)),
    "sigmoid": Op(sigmoid, (lambda g, r, x: g * r * sigmoid(-x),)),
    "relu": Op(lambda x: np.maximum(x, 0), (lambda g, r, x: g * (x > 0),)),
    "sum": Op(np.sum, (lambda g, r, x: np.broadcast_to(g, x.shape),)),
}


class Node:
    """A number or array in a computational graph. It knows which operation made it from which nodes.

    Operators and methods build the graph while they compute (a dynamic graph). `forward` computes it again after a leaf's value
    has changed (a static graph). `backward` goes through it once in reverse and leaves ∂L/∂node in each node's `grad`.

    Parameters
    ----------
    value : array_like
    op : str
        A key of `OPS`; empty for a leaf.
    arguments : sequence of Node

    Attributes
    ----------
    value : ndarray
    grad : ndarray, shape of value
        Zero until `backward`.

    Notes
    -----
    Source: S2 section 3, computational graphs, static and dynamic; S0 and S1, worked graphs.
    """

    __array_ufunc__ = None  # so that `array @ node` asks the node

    def __init__(self, value: ArrayLike, op: str = "", arguments: tuple[Node, ...] = ()) -> None:
        self.value: Array = np.asarray(value, dtype=float)
        self.grad: Array = np.zeros_like(self.value)
        self.op, self.arguments = op, arguments

    def __repr__(self) -> str:
        return f"Node({self.op or 'leaf'}, value={self.value}, grad={self.grad})"

    def topological_order(self) -> list[Node]:
        """List this node and all it depends on, each after its arguments.

        Returns
        -------
        list of Node
        """
        done: dict[Node, None] = {}
        stack = [self]
        while stack:
            waiting = [node for node in stack[-1].arguments if node not in done]
            stack.extend(waiting)
            if not waiting:
                done[stack.pop()] = None
        return list(done)

    def forward(self) -> Array:
        """Compute all values again, leaves excepted, and return this node's.

        Returns
        -------
        ndarray
        """
        for node in self.topological_order():
            if node.op:
                node.value = np.asarray(OPS[node.op].forward(*(argument.value for argument in node.arguments)))
        return self.value

    def backward(self, upstream: ArrayLike | None = None) -> None:
        """Set `grad` of all nodes to ∂L/∂node.

        Parameters
        ----------
        upstream : array_like, shape of value, optional
            ∂L/∂self. Without it 1, for a single number.

        Raises
        ------
        ValueError
            If this node is an array and no upstream of its shape is given.
        """
        order = self.topological_order()
        for node in order:
            node.grad = np.zeros_like(node.value)
        self.grad = np.asarray(1.0 if upstream is None else upstream, dtype=float)
        _require.same_shape("upstream", self.grad, say("the node"), self.value)
        for node in reversed(order):
            values = [argument.value for argument in node.arguments]
            for argument, pull in zip(node.arguments, OPS[node.op].pulls if node.op else (), strict=True):
                argument.grad = argument.grad + _fold(pull(node.grad, node.value, *values), argument.value.shape)

    def __add__(self, other: Operand) -> Node:
        return apply("+", self, other)

    def __radd__(self, other: ArrayLike) -> Node:
        return apply("+", other, self)

    def __sub__(self, other: Operand) -> Node:
        return apply("-", self, other)

    def __rsub__(self, other: ArrayLike) -> Node:
        return apply("-", other, self)

    def __mul__(self, other: Operand) -> Node:
        return apply("*", self, other)

    def __rmul__(self, other: ArrayLike) -> Node:
        return apply("*", other, self)

    def __truediv__(self, other: Operand) -> Node:
        return apply("/", self, other)

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return apply("/", other, self)

    def __matmul__(self, other: Operand) -> Node:
        return apply("@", self, other)

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return apply("@", other, self)

    def __neg__(self) -> Node:
        return self * -1


Operand = Node | ArrayLike


def apply(op: str, *arguments: Operand) -> Node:
    """Compute one operation and return the node of its result. Arguments that are not nodes become leaves.

    Parameters
    ----------
    op : str
        A key of `OPS`: + - * / @ exp 1/x log tanh sigmoid relu sum.
    *arguments : Node or array_like

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If there is no such operation, or shapes do not fit; `@` wants matrices.
    """
    if op not in OPS:
        raise ValueError(
            say(
                "op must be one of {choices}, got {op!r}. A new one is a line in OPS: its value and its pulls.",
                choices=", ".join(OPS),
                op=op,
            )
        )
    nodes = tuple(argument if isinstance(argument, Node) else Node(argument) for argument in arguments)
    if op == "@" and any(node.value.ndim != 2 for node in nodes):
        raise ValueError(
            say(
                "@ takes two matrices, got shapes {left} and {right}. Make a vector a column: x[:, None].",
                left=nodes[0].value.shape,
                right=nodes[1].value.shape,
            )
        )
    return Node(OPS[op].forward(*(node.value for node in nodes)), op, nodes)


def _fold(g: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which an array of this shape was stretched to fit."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def local_gradients(op: str, values: Sequence[float]) -> list[float]:
    """Return the local gradients of one operation on numbers: the derivative of its result by each of its arguments.

    Parameters
    ----------
    op : str
        A key of `OPS`.
    values : sequence of float
        The values of the arguments.

    Returns
    -------
    list of float, one an argument

    Raises
    ------
    ValueError
        If there is no such operation.

    Notes
    -----
    Source: S0 section 11.3, S1 and S2 section 3: the derivatives beside the operations of the worked graphs.
    """
    result = apply(op, *values).value
    return [float(pull(1.0, result, *(np.asarray(value, dtype=float) for value in values))) for pull in OPS[op].pulls]


def graph_values(leaves: Sequence[float], steps: Sequence[tuple[Any, ...]]) -> list[float]:
    """Compute a graph of numbers from a list of steps, and return the value of each node.

    Parameters
    ----------
    leaves : sequence of float
        The values of the first nodes.
    steps : sequence of (op, argument, …)
        An operation of `OPS` and the positions of its arguments among the nodes so far. Each step adds a node.

    Returns
    -------
    list of float, one a node

    Raises
    ------
    ValueError
        If there is no such operation.

    Notes
    -----
    Source: S2 section 3, a static graph.
    """
    return [float(node.value) for node in _nodes(leaves, steps)]


def node_gradients(leaves: Sequence[float], steps: Sequence[tuple[Any, ...]]) -> tuple[list[float], list[float]]:
    """Do what `graph_gradients` does, with nodes that find their order themselves.

    Parameters
    ----------
    leaves : sequence of float
    steps : sequence of (op, argument, …)

    Returns
    -------
    values : list of float, one a node
    gradients : list of float, one a node

    Raises
    ------
    ValueError
        If there is no such operation.

    Notes
    -----
    Source: S2 section 3, a dynamic graph.
    """
    return graph_gradients(leaves, steps)


def _nodes(leaves: Sequence[float], steps: Sequence[tuple[Any, ...]]) -> list[Node]:
    nodes = [Node(value) for value in leaves]
    for op, *arguments in steps:
        nodes.append(apply(op, *(nodes[i] for i in arguments)))
    return nodes


def graph_gradients(leaves: Sequence[float], steps: Sequence[tuple[Any, ...]]) -> tuple[list[float], list[float]]:
    """Build a graph of numbers from a list of steps, and return the value of each node and the gradient of the last node by each.

    Parameters
    ----------
    leaves : sequence of float
        The values of the first nodes.
    steps : sequence of (op, argument, …)
        An operation of `OPS` and the positions of its arguments among the nodes so far. Each step adds a node.

    Returns
    -------
    values : list of float, one a node
    gradients : list of float, one a node

    Raises
    ------
    ValueError
        If there is no such operation.

    Notes
    -----
    Source: S2 section 3, a static graph.
    """
    nodes = _nodes(leaves, steps)
    nodes[-1].backward()
    return [float(node.value) for node in nodes], [float(node.grad) for node in nodes]


def graph_s0(x: float = -2.0, y: float = 5.0, z: float = -4.0) -> dict[str, Node]:
    """Build the graph of S0, f = (x + y) z, and return its nodes by name. At the slide's inputs f = −12.

    Parameters
    ----------
    x, y, z : float
        Inputs.

    Returns
    -------
    dict of str to Node: x, y, z, q = x + y, f

    Notes
    -----
    Source: S0 section 11.3, the graph of (x + y) z: ∂f/∂x = −4, ∂f/∂y = −4, ∂f/∂z = 3.
    """
    leaves = {name: Node(value) for name, value in zip("xyz", (x, y, z), strict=True)}
    q = leaves["x"] + leaves["y"]
    return leaves | {"q": q, "f": q * leaves["z"]}


def graph_s1(w: Sequence[float] = (2.0, -3.0, -3.0), x: Sequence[float] = (-1.0, -2.0)) -> dict[str, Node]:
    """Build the graph of S1, f = 1 / (1 + exp(−(w0 x0 + w1 x1 + w2))), and return its nodes by name.

    Parameters
    ----------
    w : sequence of float, length 3
        Weights, the last one stands alone.
    x : sequence of float, length 2
        Inputs.

    Returns
    -------
    dict of str to Node: w0, w1, w2, x0, x1, p0 = w0 x0, p1 = w1 x1, q = p0 + p1, s = q + w2, minus = −s, e = exp(−s), d = 1 + e (1.37 on
    the slide), f (0.73)

    Notes
    -----
    Source: S1, the worked graph with 1.37 and 0.53 = 1 / 1.37².
    """
    leaves = {f"w{i}": Node(v) for i, v in enumerate(w)} | {f"x{i}": Node(v) for i, v in enumerate(x)}
    p0, p1 = (leaves[f"w{i}"] * leaves[f"x{i}"] for i in range(2))
    q = p0 + p1
    return leaves | {"p0": p0, "p1": p1, "q": q} | _logistic_steps(q + leaves["w2"], ("s", "minus", "e", "d", "f"))


def graph_s2(x: float = 1.0, w: float = 0.0, b: float = 0.0) -> dict[str, Node]:
    """Build the graph of S2, σ(wx + b) in six steps h1 … h6, and return its nodes by name. At the slide's inputs ∂f/∂w = 0.25.

    Parameters
    ----------
    x, w, b : float
        Input, weight and bias.

    Returns
    -------
    dict of str to Node: x, w, b, h1 = x w, h2 = h1 + b, h3 = −h2, h4 = exp(h3), h5 = h4 + 1, h6 = 1 / h5

    Notes
    -----
    Source: S2 section 3, computational graphs.
    """
    leaves = {name: Node(value) for name, value in zip("xwb", (x, w, b), strict=True)}
    h1 = leaves["x"] * leaves["w"]
    return leaves | {"h1": h1} | _logistic_steps(h1 + leaves["b"], ("h2", "h3", "h4", "h5", "h6"))


def graph_polynomial(x: float = 3.0, y: float = 4.0) -> dict[str, Node]:
    """Build the graph of S2, f = x²y + (y + 2), and return its nodes by name. At (3, 4) f = 42.

    Parameters
    ----------
    x, y : float
        Inputs.

    Returns
    -------
    dict of str to Node: x, y, p = x x, q = p y, r = y + 2, f = q + r

    Notes
    -----
    Source: S2 section 3, computational graphs. x and y are used twice each: ∂f/∂x = 2xy, ∂f/∂y = x² + 1.
    """
    leaves = {name: Node(value) for name, value in zip("xy", (x, y), strict=True)}
    p = leaves["x"] * leaves["x"]
    q, r = p * leaves["y"], leaves["y"] + 2
    return leaves | {"p": p, "q": q, "r": r, "f": q + r}


def _logistic_steps(s: Node, names: Iterable[str]) -> dict[str, Node]:
    """Name s, −s, exp(−s), exp(−s) + 1 and its inverse."""
    minus = s * -1
    e = apply("exp", minus)
    d = e + 1
    return dict(zip(names, (s, minus, e, d, apply("1/x", d)), strict=True))


# ---- Checking gradients ----


def central_differences(f: Callable[[Array], float], p: ArrayLike, h: float = 1e-5) -> Array:
    """Measure the gradient of f at p, element by element: (f(p + h) − f(p − h)) / 2h, where h moves one element only.

    The error is of order h². `numerical_gradient` does the same for several parameters, to order h⁶.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of p and returns a number.
    p : array_like
        Where to differentiate. It is left as it is.
    h : float
        Step, positive.

    Returns
    -------
    ndarray, shape of p

    Raises
    ------
    ValueError
        If h is not positive.

    Notes
    -----
    Not in the lectures, which give no way to test a gradient.
    """
    _require.positive("h", h)
    p = np.asarray(p, dtype=float)
    slopes = np.empty_like(p)
    for i in np.ndindex(p.shape):
        step = np.zeros_like(p)
        step[i] = h
        slopes[i] = (f(p + step) - f(p - step)) / (2 * h)
    return slopes


def numerical_gradient(
    f: Callable[..., ArrayLike], params: Mapping[str, ArrayLike], upstream: ArrayLike = 1.0, h: float = 2.0**-9
) -> dict[str, Array]:
    """Measure the gradient of Σ upstream ⊙ f by central differences, parameter by parameter.

    The differences over ±h, ±2h and ±3h are combined so that their errors of order h² and h⁴ cancel; what is left has order h⁶.

    Parameters
    ----------
    f : callable
        Called as f(**params). Returns a number or an array.
    params : mapping of str to array_like
        Where to differentiate. They are left as they are.
    upstream : array_like
        Weights of the elements of f, of its shape. Uneven weights find errors that a plain sum hides.
    h : float
        Step, positive. Keep kinks, as ReLU has at 0, farther away than 3h.

    Returns
    -------
    dict of str to ndarray, shapes of the parameters

    Raises
    ------
    ValueError
        If h is not positive.

    Notes
    -----
    Not in the lectures, which give no way to test a gradient.
    """
    _require.positive("h", h)
    arrays = {name: np.array(value, dtype=float) for name, value in params.items()}

    def cost_at(p: Array, i: tuple[int, ...], value: float) -> float:
        before, p[i] = p[i], value
        cost = float(np.sum(upstream * np.asarray(f(**arrays))))
        p[i] = before
        return cost

    def slope(p: Array, i: tuple[int, ...], step: float) -> float:
        return (cost_at(p, i, p[i] + step) - cost_at(p, i, p[i] - step)) / (2 * step)

    gradients = {name: np.empty_like(p) for name, p in arrays.items()}
    for name, p in arrays.items():
        for i in np.ndindex(p.shape):
            gradients[name][i] = 1.5 * slope(p, i, h) - 0.6 * slope(p, i, 2 * h) + 0.1 * slope(p, i, 3 * h)
    return gradients


def gradient_check(
    f: Callable[..., ArrayLike], params: Mapping[str, ArrayLike], gradients: Mapping[str, Array], upstream: ArrayLike = 1.0
) -> dict[str, float]:
    """Compare gradients with measured ones: the relative error ‖claimed − measured‖ / max(‖claimed‖, ‖measured‖) for each name.

    Parameters
    ----------
    f : callable
        Called as f(**params).
    params : mapping of str to array_like
    gradients : mapping of str to ndarray
        What is claimed to be ∂(Σ upstream ⊙ f)/∂parameter.
    upstream : array_like
        Weights of the elements of f.

    Returns
    -------
    dict of str to float
        Right gradients of smooth functions stay below 1e-9. 0.5 and more means: look for a factor, a sign or a transposed matrix.

    Raises
    ------
    ValueError
        If names or shapes of gradients and parameters differ.
    """
    if set(gradients) != set(params):
        raise ValueError(
            say(
                "gradients must have the names of params, {expected}, got {names}. Name each as f names its argument.",
                expected=sorted(params),
                names=sorted(gradients),
            )
        )
    measured = numerical_gradient(f, params, upstream)
    for name, g in gradients.items():
        _require.same_shape(f"gradients[{name!r}]", np.asarray(g), f"params[{name!r}]", measured[name])
    return {name: relative_error(gradients[name], measured[name]) for name in params}


def relative_error(x: ArrayLike, y: ArrayLike) -> float:
    """Return ‖x − y‖ / max(‖x‖, ‖y‖), and 0 where both are zero. Norms are Euclidean, over all elements.

    Parameters
    ----------
    x, y : array_like, of equal shapes

    Returns
    -------
    float
    """
    x, y = np.ravel(x), np.ravel(y)
    scale = max(np.linalg.norm(x), np.linalg.norm(y))
    return float(np.linalg.norm(x - y) / scale) if scale else 0.0
