"""Error terms and gradients: the lectures' numbers, central differences, and the computational graph."""

from __future__ import annotations

from collections.abc import Callable

import graphs
import numpy as np
import pytest
from graphs import GRAPHS
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnlab import backpropagation as bp
from nnlab.activations import ACTIVATIONS, DERIVATIVES, sigmoid, softmax
from nnlab.backpropagation import Node, apply, gradient_check, numerical_gradient, relative_error
from nnlab.forward_propagation import forward, init_params


def problem(seed: int, sizes: tuple[int, ...] = (4, 5, 4, 3), samples: int = 7) -> tuple[np.ndarray, np.ndarray, list, list]:
    """Draw samples, targets, weights and biases."""
    rng = np.random.default_rng(seed)
    W, b = init_params(sizes, rng)
    return rng.normal(size=(sizes[0], samples)), bp.one_hot(rng.integers(sizes[-1], size=samples), sizes[-1]), W, b


def named(W: list, b: list) -> dict[str, np.ndarray]:
    """Name the parameters W0, b0, W1, …."""
    return {f"W{i}": w for i, w in enumerate(W)} | {f"b{i}": v for i, v in enumerate(b)}


def unnamed(params: dict, letter: str) -> list:
    """Return W or b from the names."""
    return [params[f"{letter}{i}"] for i in range(len(params) // 2)]


# ---- Worked numbers ----


def printed(x: float) -> tuple[float, float]:
    """Return nine decimals, rounded and cut off: S4 does now the one, now the other."""
    return round(float(x), 9), int(x * 1e9) / 1e9


def test_small_network() -> None:
    """S4: both errors, their sum, w5⁺ and w1⁺ to all nine digits."""
    x, y, W, b = bp.small_network()
    z, a = forward(x, W, b, sigmoid, sigmoid)
    assert 0.010906536 in printed(bp.mse(a[2][:1], y[:1]))
    assert 0.085960731 in printed(bp.mse(a[2][1:], y[1:]))
    assert 0.096867268 in printed(bp.mse(a[2], y))
    dW, db = bp.backward(y, W, z, a, bp.sigmoid_grad, bp.sigmoid_grad)
    assert -0.018375021 in printed(dW[1][0, 0])
    assert 0.000425237 in printed(dW[0][0, 0])
    new, _ = bp.optimize(W, b, dW, db, alpha=1)
    assert 0.268375021 in printed(new[1][0, 0])
    assert 0.049574763 in printed(new[0][0, 0])


def test_small_network_step_by_step() -> None:
    """S4: the factors on the way to w5⁺ and w1⁺."""
    x, y, W, b = bp.small_network()
    z, a = forward(x, W, b, sigmoid, sigmoid)
    assert 0.209071672 in printed(bp.sigmoid_grad(z[1])[0, 0])
    assert 0.240960084 in printed(bp.sigmoid_grad(z[0])[0, 0])
    delta = bp.delta_output(a[2], y, bp.sigmoid_grad(z[1]))
    assert -0.030878316 in printed(delta[0, 0])
    assert -0.007719579 in printed(W[1][0, 0] * delta[0, 0])
    assert 0.025367174 in printed(W[1][1, 0] * delta[1, 0])
    assert 0.017647595 in printed((W[1].T @ delta)[0, 0])


def test_traffic_sample_trained_for_50_steps() -> None:
    """S0 step 6, erratum 2: with the slide's seed and steps (0.5292, 0.0634, 0.4075); the slide's numbers sum to 0.9211."""
    W, b = init_params([5, 4, 3, 3], np.random.RandomState(42))
    x, y = np.array([[4.0, 0, 2, 3, 3]]).T, bp.one_hot([1], 3)
    for _ in range(50):
        z, a = forward(x, W, b)
        W, b = bp.optimize(W, b, *bp.backward(y, W, z, a), alpha=0.01)
    output = forward(x, W, b)[1][-1].ravel()
    assert output.round(4).tolist() == [0.5292, 0.0634, 0.4075]
    assert output.sum() == pytest.approx(1)
    assert round(0.45860661 + 0.08641333 + 0.37609855, 4) == 0.9211


def test_slide_shapes_fail() -> None:
    """S0 step 6, erratum 3: weights of (5, 4), (4, 3), (3, 3) do not fit an input of five features."""
    W, b = [np.zeros(shape) for shape in [(5, 4), (4, 3), (3, 3)]], [np.zeros((m, 1)) for m in (4, 3, 3)]
    with pytest.raises(ValueError, match=r"a must be a matrix with one row for each column of W, 4, got shape \(5, 1\)"):
        forward(np.zeros((5, 1)), W, b)


def test_graph_of_s0() -> None:
    """(x + y) z at (−2, 5, −4): f = −12, ∂x = −4, ∂y = −4, ∂z = 3."""
    graph = bp.graph_s0()
    graph["f"].backward()
    assert graph["f"].value == -12
    assert [float(graph[name].grad) for name in "xyzq"] == [-4, -4, 3, -4]


def test_graph_of_s1() -> None:
    """The slide's 1.37 and −0.53, the output 0.73, and the gradients −0.20, 0.39, −0.39, −0.59, 0.20."""
    graph = bp.graph_s1()
    graph["f"].backward()
    assert graph["d"].value.round(2) == 1.37
    assert graph["d"].grad.round(2) == -0.53
    assert graph["f"].value.round(2) == 0.73
    assert [float(graph[name].grad.round(2)) for name in ("w0", "x0", "w1", "x1", "w2")] == [-0.20, 0.39, -0.39, -0.59, 0.20]


def test_graph_of_s2() -> None:
    """σ(wx + b) at x = 1, w = b = 0: six steps, and the product 1 · −0.25 · 1 · 1 · −1 · 1 · 1 = 0.25."""
    graph = bp.graph_s2()
    graph["h6"].backward()
    assert [float(graph[f"h{i}"].value) for i in range(1, 7)] == [0, 0, 0, 1, 2, 0.5]
    assert [float(graph[f"h{i}"].grad) for i in (6, 5, 4, 3, 2, 1)] == [1, -0.25, -0.25, -0.25, 0.25, 0.25]
    assert graph["w"].grad == 0.25


# ---- Errata ----


def test_slide_derivative_is_wrong() -> None:
    """S0 step 1, erratum 1: σ′ is σ(z)(1 − σ(z)), not σ(z)·σ(1 − z). At 0 that is 0.25 and 0.37."""
    z = np.linspace(-4, 4, 9)
    assert_allclose(bp.sigmoid_grad(z), sigmoid(z) * (1 - sigmoid(z)))
    assert bp.sigmoid_grad(0) == 0.25
    assert bp.naive_sigmoid_grad(0).round(2) == 0.37
    assert (np.abs(bp.naive_sigmoid_grad(z) - bp.sigmoid_grad(z)) > 1e-4).all()


def test_sigmoid_grad_keeps_its_digits() -> None:
    """σ′(40) is exp(−40); 1 − σ(40) is rounded to 0. Nothing warns at ±1000."""
    assert_allclose(bp.sigmoid_grad([40, -40]), np.exp(-40), rtol=1e-14)
    assert 1 - sigmoid(40) == 0
    assert bp.sigmoid_grad([-1000, 1000]).tolist() == [0, 0]


def test_slide_weight_gradient_is_a_sum() -> None:
    """S0 step 3, erratum 4: weights by sum and biases by mean. With 8 samples the two step sizes differ by 8; with one not at all."""
    rng = np.random.default_rng(0)
    delta, a = rng.normal(size=(3, 8)), rng.normal(size=(4, 8))
    assert_allclose(bp.naive_hidden_grad(delta, a), 8 * bp.hidden_grad(delta, a))
    assert_array_equal(bp.naive_hidden_grad(delta[:, :1], a[:, :1]), bp.hidden_grad(delta[:, :1], a[:, :1]))
    x, y, W, b = problem(3)
    _, a = forward(x, W, b)
    wrong = {"W2": bp.naive_hidden_grad(bp.delta_output(a[-1], y), a[-2])}
    assert gradient_check(lambda W2: bp.cross_entropy(W2 @ a[-2] + b[2], y), {"W2": W[2]}, wrong)["W2"] == pytest.approx(1 - 1 / 7)


def test_error_term_needs_the_transpose_and_its_own_layer() -> None:
    """S0, erratum 3: δ(l) takes W(l+1)ᵀ and f′ at z(l). Without the transpose, or with f′ at z(L), the gradient is wrong."""
    x, y, W, b = problem(1, sizes=(4, 3, 3))
    z, a = forward(x, W, b)
    delta = bp.delta_output(a[-1], y)
    params = {"z1": z[0]}

    def cost(z1: np.ndarray) -> float:
        return bp.cross_entropy(W[1] @ sigmoid(z1) + b[1], y)

    def error(delta_1: np.ndarray) -> float:
        return gradient_check(cost, params, {"z1": delta_1 / x.shape[1]})["z1"]

    assert error(bp.delta_hidden(delta, W[1], z[0], bp.sigmoid_grad)) < 1e-10
    assert error(W[1] @ delta * bp.sigmoid_grad(z[0])) > 0.1
    assert error(W[1].T @ delta * bp.sigmoid_grad(z[1])) > 0.1


def test_order_of_the_chain_rule() -> None:
    """S2, erratum 8: ∂y/∂x is the product of the Jacobians from the outermost to the innermost; in the slide's order shapes do not even fit."""
    rng = np.random.default_rng(0)
    A, B, x = rng.normal(size=(4, 3)), rng.normal(size=(2, 4)), rng.normal(size=(3, 1))
    u = A @ x
    inner, outer = A, B * (1 - np.tanh(u.T) ** 2)  # Jacobians of A x and of B tanh(u)
    upstream = rng.normal(size=(2, 1))
    leaf = Node(x)
    (B @ apply("tanh", A @ leaf)).backward(upstream)
    assert_allclose(leaf.grad, (outer @ inner).T @ upstream)
    with pytest.raises(ValueError, match="matmul"):
        inner @ outer


def test_one_half_cancels_the_two() -> None:
    """The derivative of the mean squared error with 1/2 is a − y, over the number of samples."""
    rng = np.random.default_rng(0)
    a, y = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    assert gradient_check(lambda a: bp.mse(a, y), {"a": a}, {"a": bp.delta_output(a, y) / 4})["a"] < 1e-10


# ---- Gradients of whole networks ----


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("loss", ["cross-entropy", "mse"])
def test_backward_against_differences_and_the_graph(name: str, loss: str) -> None:
    """Below 1e-10, for each activation and loss, three layers and seven samples."""
    f, f_grad = ACTIVATIONS[name], DERIVATIVES[name]
    x, y, W, b = problem(15711)  # no pre-activation within 0.06 of a kink
    f_out, f_out_grad = (softmax, np.ones_like) if loss == "cross-entropy" else (f, f_grad)
    z, a = forward(x, W, b, f, f_out)
    ours = named(*bp.backward(y, W, z, a, f_grad, f_out_grad))

    def cost(**params: np.ndarray) -> float:
        z, a = forward(x, unnamed(params, "W"), unnamed(params, "b"), f, f_out)
        return bp.cross_entropy(z[-1], y) if loss == "cross-entropy" else bp.mse(a[-1], y)

    assert max(gradient_check(cost, named(W, b), ours).values()) < 1e-10

    leaves = {key: Node(value) for key, value in named(W, b).items()}
    h: Node | np.ndarray = x
    for layer in range(3):
        z_l = leaves[f"W{layer}"] @ h + leaves[f"b{layer}"]
        h = GRAPHS[name](z_l)
    total = graphs.cross_entropy(z_l, y) if loss == "cross-entropy" else graphs.mse(h, y)
    total.backward()
    assert total.value == pytest.approx(cost(**named(W, b)))
    assert max(relative_error(ours[key], leaf.grad) for key, leaf in leaves.items()) < 1e-10


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 5))
def test_backward_of_any_depth_and_batch(seed: int, sizes: list[int], samples: int) -> None:
    """The gradient of a batch is the mean of its samples' gradients, whatever the sizes."""
    x, y, W, b = problem(seed, tuple(sizes), samples)
    z, a = forward(x, W, b)
    batch = [*bp.backward(y, W, z, a)[0], *bp.backward(y, W, z, a)[1]]
    single = []
    for n in range(samples):
        z_n, a_n = forward(x[:, [n]], W, b)
        dW, db = bp.backward(y[:, [n]], W, z_n, a_n)
        single.append([*dW, *db])
    for i, gradient in enumerate(batch):
        assert_allclose(gradient, np.mean([each[i] for each in single], axis=0), atol=1e-12)


def test_zero_weights_keep_neurons_equal() -> None:
    """Why not to start from zeros (S1 3.5): all rows of each hidden weight matrix stay the same for ever, and the first layer never starts."""
    x, y, W, b = problem(0)
    W, b = [0 * w for w in W], [0 * v for v in b]
    for _ in range(20):
        z, a = forward(x, W, b)
        W, b = bp.optimize(W, b, *bp.backward(y, W, z, a), alpha=0.5)
    for weights in W[:2]:
        assert_array_equal(weights, np.broadcast_to(weights[:1], weights.shape))
    assert np.abs(W[2]).max() > 0


def test_optimize_descends_and_leaves_its_arguments() -> None:
    """A small step lowers the cost; the old parameters are as they were."""
    x, y, W, b = problem(4)
    before = [w.copy() for w in W]
    z, a = forward(x, W, b)
    new_W, new_b = bp.optimize(W, b, *bp.backward(y, W, z, a), alpha=0.1)
    assert bp.cross_entropy(forward(x, new_W, new_b)[0][-1], y) < bp.cross_entropy(z[-1], y)
    for old, kept in zip(before, W, strict=True):
        assert_array_equal(old, kept)


# ---- Losses ----


def test_cross_entropy_by_hand() -> None:
    """The scores 10, 6, 8 for a sample of the first class: −log 0.866813."""
    assert bp.cross_entropy([[10.0], [6], [8]], [[1.0], [0], [0]]) == pytest.approx(-np.log(0.866813), abs=1e-6)


def test_cross_entropy_stays_finite() -> None:
    """Where softmax is rounded to 0 the loss is the difference of the scores."""
    assert bp.cross_entropy([[1000.0], [-1000]], [[0.0], [1]]) == 2000


def test_one_hot() -> None:
    """Labels become columns."""
    assert bp.one_hot([2, 0], 3).tolist() == [[0, 1], [0, 0], [1, 0]]


# ---- The graph ----

BINARY: dict[str, Callable] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
}


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 4), (3, 1)), ((3, 4), (4,)), ((1, 4), (3, 1)), ((), (2, 3)), ((2,), ())])
def test_binary_operations(op: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    """Each operator against central differences, stretched shapes included, with uneven upstream gradients."""
    rng = np.random.default_rng(0)
    x, y = (rng.uniform(0.5, 2, size=shape) for shape in shapes)
    nodes = {"x": Node(x), "y": Node(y)}
    result = BINARY[op](**nodes)
    assert_array_equal(result.value, BINARY[op](x, y))
    upstream = rng.normal(size=result.value.shape)
    result.backward(upstream)
    assert max(gradient_check(BINARY[op], {"x": x, "y": y}, {k: n.grad for k, n in nodes.items()}, upstream).values()) < 1e-10


@pytest.mark.parametrize("op", ["exp", "1/x", "log", "tanh", "sigmoid", "relu", "sum"])
def test_functions(op: str) -> None:
    """Each function of one argument against central differences, with uneven upstream gradients."""
    rng = np.random.default_rng(1)
    x = rng.uniform(0.5, 2, size=(3, 4)) * (1 if op == "log" else rng.choice([-1, 1], size=(3, 4)))
    leaf = Node(x)
    result = apply(op, leaf)
    upstream = rng.normal(size=result.value.shape)
    result.backward(upstream)
    assert gradient_check(lambda x: bp.OPS[op].forward(x), {"x": x}, {"x": leaf.grad}, upstream)["x"] < 1e-10


def test_matrix_product() -> None:
    """W @ a with arrays on either side."""
    rng = np.random.default_rng(2)
    W, a, upstream = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(3, 5))
    left, right = Node(W), Node(a)
    (left @ a).backward(upstream)
    (W @ right).backward(upstream)
    check = gradient_check(lambda W, a: W @ a, {"W": W, "a": a}, {"W": left.grad, "a": right.grad}, upstream)
    assert max(check.values()) < 1e-10


def test_numbers_and_arrays_on_the_left() -> None:
    """1 - x, 2 / x, 3 + x, 4 * x and array @ x build the same graph as with nodes."""
    x = Node([[2.0], [4.0]])
    y = np.array([[1.0, 1.0]]) @ (4 * (3 + 2 / (1 - x)) + -x)
    y.backward([[1.0]])
    assert y.value == sum(4 * (3 + 2 / (1 - v)) - v for v in (2, 4))
    assert_allclose(x.grad.ravel(), [8 / (1 - v) ** 2 - 1 for v in (2, 4)])


def test_a_node_used_twice_gets_both_shares() -> None:
    """x·x has the derivative 2x, and x² + x³ the sum of both."""
    x = Node(3.0)
    square = x * x
    (square + square * x).backward()
    assert x.grad == 2 * 3 + 3 * 9


def test_backward_starts_from_zero() -> None:
    """Two calls give the gradient, not twice the gradient."""
    x = Node(3.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 6


def test_forward_computes_a_built_graph_again() -> None:
    """A static graph: change a leaf, run forward, and values and gradients are those of the new point."""
    graph = bp.graph_s0()
    graph["x"].value = np.array(7.0)
    assert graph["f"].forward() == (7 + 5) * -4
    graph["f"].backward()
    assert graph["z"].grad == 12


def test_graph_from_steps() -> None:
    """The graph of S0 as a list of steps has the slide's values and gradients."""
    values, gradients = bp.graph_gradients([-2, 5, -4], [("+", 0, 1), ("*", 3, 2)])
    assert values == [-2, 5, -4, 3, -12]
    assert gradients == [-4, -4, 3, -4, 1]


def test_a_graph_in_small_pieces() -> None:
    """Local gradients, values and gradients of one graph agree with each other, and with measured ones."""
    leaves, steps = [0.5, 2.0], [("-", 0, 1), ("exp", 2), ("/", 3, 1), ("1/x", 4), ("*", 5, 2), ("+", 6, 0)]
    values, gradients = bp.graph_gradients(leaves, steps)
    assert values == bp.graph_values(leaves, steps)
    assert (values, gradients) == bp.node_gradients(leaves, steps)
    assert bp.local_gradients("/", [3.0, -2.0]) == [-0.5, -0.75]
    measured = bp.central_differences(lambda p: bp.graph_values(p.tolist(), steps)[-1], leaves)
    assert_allclose(gradients[:2], measured, rtol=1e-8)


def test_polynomial_of_s2() -> None:
    """x²y + (y + 2) is 42 at (3, 4), and x and y are used twice each."""
    graph = bp.graph_polynomial()
    graph["f"].backward()
    assert (graph["f"].value, graph["x"].grad, graph["y"].grad) == (42, 24, 10)


def test_softmax_with_the_squared_error() -> None:
    """Its error term is what differences measure, sample by sample."""
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(3, 4)), np.eye(3)[:, [0, 2, 1, 1]]
    measured = bp.central_differences(lambda p: float(0.5 * ((softmax(p) - y) ** 2).sum()), z)
    assert_allclose(bp.softmax_squared_delta(softmax(z), y), measured, atol=1e-8)


def test_topological_order() -> None:
    """Every node comes after its arguments and once only."""
    graph = bp.graph_s1()
    order = graph["f"].topological_order()
    assert len(order) == len(set(order))
    assert all(order.index(argument) < order.index(node) for node in order for argument in node.arguments)
    assert order[-1] is graph["f"]
    assert set(graph.values()) <= set(order)


def test_deep_graphs_do_not_exhaust_the_stack() -> None:
    """Five thousand operations in a row, each used twice."""
    x = node = Node(1.0)
    for _ in range(5000):
        node = (node + node) * 0.5
    node.backward()
    assert x.grad == 1


def test_repr_says_what_it_is() -> None:
    """A leaf and a result."""
    assert repr(Node(2.0)) == "Node(leaf, value=2.0, grad=0.0)"
    assert repr(Node(2.0) + 1) == "Node(+, value=3.0, grad=0.0)"


# ---- Gradient check ----


def test_numerical_gradient_of_a_cubic() -> None:
    """Exact for polynomials of degree 4: x³ y at (2, 3). The parameters stay as they were."""
    params = {"x": np.array(2.0), "y": np.array([3.0])}
    measured = numerical_gradient(lambda x, y: x**3 * y, params)
    assert_allclose([measured["x"], measured["y"][0]], [36, 8], rtol=1e-12)
    assert (params["x"], params["y"][0]) == (2, 3)


def test_central_differences() -> None:
    """Exact for polynomials of degree 2; for a cubic the error is h². The point stays as it was."""
    p = np.array([[1.0, 2.0], [3.0, -1.0]])
    assert_allclose(bp.central_differences(lambda q: float((q**2).sum()), p, h=0.5), 2 * p, rtol=1e-14)
    assert_allclose(bp.central_differences(lambda q: float((q**3).sum()), p, h=0.1), 3 * p**2 + 0.01, rtol=1e-12)
    assert p.tolist() == [[1, 2], [3, -1]]


def test_uneven_upstream_finds_what_a_sum_hides() -> None:
    """A softmax gradient of zero passes with upstream 1, because columns sum to 1, and fails with uneven upstream."""
    z = np.array([[0.3], [-1.0], [2.0]])
    wrong = {"z": np.zeros((3, 1))}
    assert np.abs(numerical_gradient(softmax, {"z": z})["z"]).max() < 1e-12
    assert gradient_check(softmax, {"z": z}, wrong, np.array([[1.0], [2], [3]]))["z"] == 1


def test_relative_error() -> None:
    """Equal is 0, also for zeros; opposite is 2; a factor of two is 0.5."""
    assert relative_error([1, 2], [1, 2]) == relative_error(0, 0) == 0
    assert relative_error([1, 2], [-1, -2]) == 2
    assert relative_error([1, 2], [2, 4]) == 0.5


X, Y, W0, B0 = problem(0)
Z0, A0 = forward(X, W0, B0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bp.one_hot([0, 3], 3), r"y must hold labels 0 to 2, got 3. Number the classes from 0"),
        (lambda: bp.one_hot([[0, 1]], 3), r"y must have 1 axis, got shape \(1, 2\)"),
        (lambda: bp.one_hot([0.5], 3), r"y must hold labels 0 to 2, got 0.5"),
        (lambda: bp.mse([[1.0], [2.0]], [1.0, 2.0]), r"y must have the shape of a, \(2, 1\), got \(2,\)"),
        (lambda: bp.cross_entropy(np.zeros((3, 2)), np.zeros((2, 3))), r"y must have the shape of z, \(3, 2\), got \(2, 3\)"),
        (lambda: bp.delta_output(np.zeros((3, 1)), np.zeros((3, 4))), r"y must have the shape of a, \(3, 1\), got \(3, 4\)"),
        (lambda: bp.delta_hidden(np.zeros((3, 5)), W0[2], np.zeros((4, 1)), np.ones_like), r"z must have the shape of W.T @ delta, \(4, 5\), got \(4, 1\)"),
        (lambda: bp.delta_hidden(np.zeros((4, 5)), W0[2], np.zeros((4, 5)), np.ones_like), r"W must be a matrix with one row for each row of delta, 4, got shape \(3, 4\). Is one of them transposed"),
        (lambda: bp.hidden_grad(np.zeros((3, 5)), np.zeros((5, 4))), r"a must be a matrix with one column for each column of delta, 5, got shape \(5, 4\)"),
        (lambda: bp.backward(Y, W0, A0, Z0), r"z must have 3 entries and a one more, got 4 and 3. Pass what forward returns, z first"),
        (lambda: bp.optimize(W0, B0, W0, [v.ravel() for v in B0]), r"db\[0\] must have the shape of b\[0\], \(5, 1\), got \(5,\)"),
        (lambda: bp.optimize(W0, B0, W0, B0, alpha=0), r"alpha must be a positive number, got 0"),
        (lambda: bp.optimize(W0, B0, W0, B0, alpha=np.nan), r"alpha must be a positive number, got nan"),
        (lambda: apply("cos", 1), r"op must be one of \+, -, .*, got 'cos'. A new one is a line in OPS"),
        (lambda: Node([1.0, 2]) @ [3.0, 4], r"@ takes two matrices, got shapes \(2,\) and \(2,\). Make a vector a column"),
        (lambda: (Node([1.0, 2]) * 2).backward(), r"upstream must have the shape of the node, \(2,\), got \(\)"),
        (lambda: gradient_check(np.sum, {"a": [1.0]}, {"b": np.ones(1)}), r"gradients must have the names of params, \['a'\], got \['b'\]"),
        (lambda: gradient_check(np.sum, {"a": [1.0]}, {"a": np.ones((1, 1))}), r"gradients\['a'\] must have the shape of params\['a'\], \(1,\), got \(1, 1\)"),
        (lambda: numerical_gradient(np.sum, {"a": [1.0]}, h=-1), r"h must be a positive number, got -1"),
        (lambda: bp.central_differences(np.sum, [1.0], h=0), r"h must be a positive number, got 0"),
        (lambda: bp.graph_gradients([1.0], [("cos", 0)]), r"op must be one of .*, got 'cos'"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()
