"""Hidden tests of chapter 04. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import backpropagation as lesson
from nnlab.activations import softmax
from nnlab.forward_propagation import forward, init_params
from nnlab.grading.marking.testing import agree

OPS = {"all": ("+", "*", "-", "/", "exp", "1/x"), "nodes": ("+", "*", "exp", "1/x")}


def graph(rng, leaves, steps, ops="all"):
    """Draw a graph in which every node is used, some of them often, and no number gets out of hand."""
    values, listed = rng.uniform(0.5, 1.5, size=leaves).tolist(), []
    unused, known = list(range(leaves)), list(values)

    def add(op, *arguments):
        listed.append((op, *arguments))
        unused.append(len(known))
        known.append(lesson.graph_values([known[i] for i in arguments], [(op, *range(len(arguments)))])[-1])

    for _ in range(steps):
        first = unused.pop(int(rng.integers(len(unused))))
        second = int(rng.integers(len(known)))
        fits = [op for op in OPS[ops] if op != "exp" or abs(known[first]) < 2]
        fits = [op for op in fits if (op != "1/x" or abs(known[first]) > 0.3) and (op != "/" or abs(known[second]) > 0.3)]
        fits = [op for op in fits if op != "*" or abs(known[first] * known[second]) < 20]
        op = fits[int(rng.integers(len(fits)))]
        add(op, *((first,) if op in ("exp", "1/x") else (first, second)))
    while len(unused) > 1:
        add("+", unused.pop(), unused.pop())
    return values, listed


def network(rng, sizes, samples):
    """Draw weights and targets, and run the network forward."""
    W, b = init_params(sizes, rng)
    z, a = forward(rng.normal(size=(sizes[0], samples)), W, b)
    return rng.normal(size=a[-1].shape), W, b, z, a


@pytest.mark.points("local_gradients", 0.5)
def test_local_gradients_of_one_argument(student, rng):
    """The local gradients of the exponential and the reciprocal are right for any number, positive or negative."""
    calls = [(op, [sign * float(rng.uniform(0.3, 3.0))]) for op in ("exp", "1/x") for sign in (1, -1, 1, -1)]
    for call in calls:
        agree(student.local_gradients(*call), lesson.local_gradients(*call))


@pytest.mark.points("local_gradients", 0.5)
def test_local_gradients_of_two_arguments(student, rng):
    """The local gradients of sums, products, differences and quotients are right, and in the order of the arguments."""
    signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    for op in ("+", "*", "-", "/"):
        for pair in signs:
            values = [sign * float(rng.uniform(0.3, 3.0)) for sign in pair]
            agree(student.local_gradients(op, values), lesson.local_gradients(op, values))


@pytest.mark.points("graph_values", 0.5)
def test_graph_values_of_any_graph(student, rng):
    """The values of all nodes are right for graphs of any size, with every operation."""
    every = ([0.5, 2.0], [("-", 0, 1), ("exp", 2), ("/", 3, 1), ("1/x", 4), ("*", 5, 2), ("+", 6, 0)])
    for leaves, steps in (graph(rng, 2, 5), graph(rng, 4, 9), graph(rng, 1, 6), every):
        agree(student.graph_values(leaves, steps), lesson.graph_values(leaves, steps))


@pytest.mark.points("graph_values", 0.5)
def test_graph_values_without_steps(student, rng):
    """Leaves alone are a graph, too; and the same steps with other leaves give other values."""
    agree(student.graph_values([0.7], []), [0.7])
    steps = [("*", 0, 1), ("-", 2, 0), ("exp", 3)]
    for _ in range(3):
        leaves = rng.uniform(-1, 1, size=2).tolist()
        agree(student.graph_values(leaves, steps), lesson.graph_values(leaves, steps))


@pytest.mark.points("graph_gradients", 1)
def test_graph_of_the_lecture(student, rng):
    """The graph (x + y) z has the right values and gradients for any inputs, also for one after the other."""
    steps = [("+", 0, 1), ("*", 3, 2)]
    for _ in range(3):
        leaves = rng.normal(size=3).tolist()
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("graph_gradients", 2)
def test_graph_with_nodes_used_often(student, rng):
    """Values and gradients are right where a node is used by several others, and with every operation."""
    every = ([0.5, 2.0], [("-", 0, 1), ("exp", 2), ("/", 3, 1), ("1/x", 4), ("*", 5, 2), ("+", 6, 0)])
    used = ([0.7], [("+", 0, 0), ("*", 1, 1), ("*", 2, 1)])
    for leaves, steps in (graph(rng, 2, 5), graph(rng, 4, 8), graph(rng, 1, 4), every, used):
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("graph_gradients", 1)
def test_graph_of_a_neuron(student, rng):
    """The graph of a logistic neuron is right for any weights and inputs; a leaf that nobody uses has the gradient 0."""
    steps = [("*", 0, 1), ("*", 2, 3), ("+", 8, 9), ("+", 10, 4), ("*", 11, 5), ("exp", 12), ("+", 13, 6), ("1/x", 14), ("*", 15, 15)]
    for _ in range(3):
        leaves = [*rng.normal(size=5).tolist(), -1.0, 1.0, float(rng.normal())]
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("node_gradients", 1)
def test_nodes_build_any_graph(student, rng):
    """Values and gradients of your Nodes are right for sums, products, exponentials and reciprocals in any order."""
    every = ([0.4, 1.3], [("*", 0, 1), ("exp", 2), ("1/x", 3), ("+", 4, 0), ("*", 5, 3)])
    for leaves, steps in (graph(rng, 3, 5, "nodes"), graph(rng, 2, 8, "nodes"), every):
        agree(student.node_gradients(leaves, steps), lesson.node_gradients(leaves, steps))


@pytest.mark.points("node_gradients", 1)
def test_nodes_used_often(student, rng):
    """A node that is used by several others collects from all of them, after all of them; one that leads nowhere gets nothing."""
    for leaves, steps in (
        ([float(rng.uniform(0.5, 1.5))], [("+", 0, 0), ("*", 1, 1), ("*", 2, 1), ("+", 3, 0), ("*", 4, 0)]),
        ([float(rng.uniform(-1.5, -0.5)), 0.3], [("exp", 0), ("*", 2, 0), ("+", 3, 2), ("*", 4, 4), ("*", 4, 5)]),
        ([-0.2, float(rng.uniform(0.5, 1.5))], [("*", 1, 1), ("exp", 0), ("+", 2, 1), ("*", 4, 2)]),
    ):
        agree(student.node_gradients(leaves, steps), lesson.node_gradients(leaves, steps))


@pytest.mark.points("delta_hidden", 1)
def test_delta_hidden_batch(student, rng):
    """The error term of a hidden layer is right for a batch and for one sample."""
    for behind, here, samples in ((4, 3, 5), (2, 6, 1), (1, 3, 4)):
        delta, W, z = rng.normal(size=(behind, samples)), rng.normal(size=(behind, here)), rng.normal(size=(here, samples))
        agree(student.delta_hidden(delta, W, z, np.cos), lesson.delta_hidden(delta, W, z, np.cos))


@pytest.mark.points("delta_hidden", 1)
def test_delta_hidden_square(student, rng):
    """The error term is right where all sizes are equal, so that no wrong order shows in the shapes."""
    delta, W, z = rng.normal(size=(3, 4, 4))
    agree(student.delta_hidden(delta, W, z, np.exp), lesson.delta_hidden(delta, W, z, np.exp))


@pytest.mark.points("delta_hidden", 1)
def test_delta_hidden_uses_any_derivative(student, rng):
    """The error term uses whichever derivative it is given, at the pre-activations of its own layer."""
    delta, W, z = rng.normal(size=(2, 3)), rng.normal(size=(2, 5)), rng.normal(size=(5, 3))
    for f_grad in (np.sin, np.square, np.ones_like):
        agree(student.delta_hidden(delta, W, z, f_grad), lesson.delta_hidden(delta, W, z, f_grad))


@pytest.mark.points("layer_gradients", 1)
def test_layer_gradients_one_sample(student, rng):
    """Both gradients of a layer are right for a single sample."""
    for neurons, inputs in ((3, 5), (4, 4), (1, 2), (2, 1)):
        delta, a = rng.normal(size=(neurons, 1)), rng.normal(size=(inputs, 1))
        agree(student.layer_gradients(delta, a), lesson.layer_gradients(delta, a))


@pytest.mark.points("layer_gradients", 1)
def test_layer_gradients_weights_of_a_batch(student, rng):
    """The gradient of the weights is the mean over the samples of a batch."""
    for neurons, inputs, samples in ((3, 5, 7), (4, 4, 4), (3, 2, 16)):
        delta, a = rng.normal(size=(neurons, samples)), rng.normal(size=(inputs, samples))
        agree(student.layer_gradients(delta, a)[0], lesson.layer_gradients(delta, a)[0])


@pytest.mark.points("layer_gradients", 1)
def test_layer_gradients_biases_of_a_batch(student, rng):
    """The gradient of the biases is the mean over the samples of a batch, as a column."""
    for neurons, inputs, samples in ((3, 2, 7), (5, 5, 5), (1, 3, 4)):
        delta, a = rng.normal(size=(neurons, samples)), rng.normal(size=(inputs, samples))
        agree(student.layer_gradients(delta, a)[1], lesson.layer_gradients(delta, a)[1])


@pytest.mark.points("layer_gradients", 1)
def test_layer_gradients_batches_join(student, rng):
    """The gradients of two batches together lie between those of each, as many samples as each has; small layers included."""
    for neurons, inputs, few, many in ((2, 3, 2, 3), (1, 1, 3, 3)):
        delta, a = rng.normal(size=(neurons, few + many)), rng.normal(size=(inputs, few + many))
        for part in (slice(None, few), slice(few, None), slice(None)):
            agree(student.layer_gradients(delta[:, part], a[:, part]), lesson.layer_gradients(delta[:, part], a[:, part]))


@pytest.mark.points("backward", 1)
def test_backward_classifier(student, rng):
    """All gradients of a network with one hidden layer are right."""
    y, W, _, z, a = network(rng, [3, 4, 2], samples=1)
    agree(student.backward(y, W, z, a, np.cos, np.ones_like), lesson.backward(y, W, z, a, np.cos, np.ones_like))


@pytest.mark.points("backward", 1)
def test_backward_batch(student, rng):
    """All gradients are right for a batch, also where all sizes are equal."""
    y, W, _, z, a = network(rng, [4, 4, 4], samples=4)
    agree(student.backward(y, W, z, a, np.cos, np.exp), lesson.backward(y, W, z, a, np.cos, np.exp))


@pytest.mark.points("backward", 1)
def test_backward_deep(student, rng):
    """All gradients of a deep network are right, layer by layer, and again with other numbers."""
    for _ in range(2):
        y, W, _, z, a = network(rng, [2, 5, 3, 6, 2, 4], samples=3)
        agree(student.backward(y, W, z, a, np.sin, np.exp), lesson.backward(y, W, z, a, np.sin, np.exp))


@pytest.mark.points("backward", 1)
def test_backward_one_layer(student, rng):
    """A network without hidden layers needs the output's error term only."""
    y, W, _, z, a = network(rng, [3, 2], samples=5)
    agree(student.backward(y, W, z, a, np.sin, np.cos), lesson.backward(y, W, z, a, np.sin, np.cos))


@pytest.mark.points("optimize", 1)
def test_optimize_step(student, rng):
    """A step against the gradient is right for weights and biases."""
    W, b = init_params([3, 4, 2], rng)
    dW, db = init_params([3, 4, 2], rng)
    for alpha in (0.02, 1.0, 7.5):
        agree(student.optimize(W, b, dW, db, alpha), lesson.optimize(W, b, dW, db, alpha))


@pytest.mark.points("optimize", 1)
def test_optimize_any_depth(student, rng):
    """A step moves every layer, however many there are."""
    for sizes in ([2, 1], [3, 3, 3, 3], rng.integers(1, 6, size=7).tolist()):
        W, b, dW, db = *init_params(sizes, rng), *init_params(sizes, rng)
        agree(student.optimize(W, b, dW, db, 0.3), lesson.optimize(W, b, dW, db, 0.3))


@pytest.mark.points("optimize", 1)
def test_optimize_leaves_the_old(student, rng):
    """The parameters before the step are still what they were, and the usual learning rate is 0.02."""
    W, b, dW, db = *init_params([4, 2, 3], rng), *init_params([4, 2, 3], rng)
    agree(student.optimize(W, b, dW, db), lesson.optimize(W, b, dW, db))


@pytest.mark.points("central_differences", 1)
def test_central_differences_vector(student, rng):
    """The measured gradient of a function of several numbers is right."""
    p = rng.uniform(1, 2, size=5)
    for f in (np.prod, np.var, np.mean):
        agree(student.central_differences(f, p, 0.01), lesson.central_differences(f, p, 0.01))


@pytest.mark.points("central_differences", 1)
def test_central_differences_matrix(student, rng):
    """The measured gradient has the shape of its argument."""
    for shape in ((2, 3), (4, 1), (2, 2, 2)):
        p = rng.uniform(1, 2, size=shape)
        agree(student.central_differences(np.std, p, 0.05), lesson.central_differences(np.std, p, 0.05))


@pytest.mark.points("central_differences", 1)
def test_central_differences_step(student, rng):
    """The step is the one that is given, to both sides, and its usual size is small enough."""
    p = rng.uniform(1, 2, size=(3, 2))
    for step in ((0.3,), (0.7,), ()):
        agree(student.central_differences(np.std, p, *step), lesson.central_differences(np.std, p, *step))


@pytest.mark.points("softmax_squared_delta", 0)
def test_softmax_squared_delta_batch(student, rng):
    """The error term of softmax with the squared error is right for any batch and any number of classes."""
    for classes, samples in ((3, 5), (4, 4), (2, 7), (6, 1)):
        a, y = softmax(rng.normal(size=(classes, samples))), softmax(rng.normal(size=(classes, samples)))
        agree(student.softmax_squared_delta(a, y), lesson.softmax_squared_delta(a, y))


@pytest.mark.points("softmax_squared_delta", 0)
def test_softmax_squared_delta_sure_and_wrong(student, rng):
    """It is right, and nearly zero, where the network is sure and wrong."""
    a = softmax(np.array([[30.0, 0.0, 1.0, 0.0], [0.0, 30.0, 0.0, 9.0], [0.0, 1.0, 30.0, 0.0]]) + rng.normal(size=(3, 4)))
    y = np.eye(3)[:, [1, 2, 0, 2]]
    agree(student.softmax_squared_delta(a, y), lesson.softmax_squared_delta(a, y))
