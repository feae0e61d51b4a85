"""Hidden tests of chapter 04. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import backpropagation as lesson
from nnlab.forward_propagation import forward, init_params
from nnlab.grading.marking.testing import agree


def graph(rng, leaves, steps):
    """Draw a graph of sums and products in which every node is used."""
    count, unused, listed = leaves, list(range(leaves)), []
    for _ in range(steps):
        first = unused.pop(int(rng.integers(len(unused))))
        listed.append((("+", "*")[int(rng.integers(2))], first, int(rng.integers(count))))
        unused.append(count)
        count += 1
    while len(unused) > 1:
        listed.append(("+", unused.pop(), unused.pop()))
        unused.append(count)
        count += 1
    return rng.uniform(-1.5, 1.5, size=leaves).tolist(), listed


def network(rng, sizes, samples):
    """Draw weights and targets, and run the network forward."""
    W, b = init_params(sizes, rng)
    z, a = forward(rng.normal(size=(sizes[0], samples)), W, b)
    return rng.normal(size=a[-1].shape), W, b, z, a


@pytest.mark.points("graph_gradients", 1)
def test_graph_of_the_lecture(student, rng):
    """The graph (x + y) z has the right values and gradients for any inputs."""
    steps = [("+", 0, 1), ("*", 3, 2)]
    for _ in range(3):
        leaves = rng.normal(size=3).tolist()
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("graph_gradients", 2)
def test_graph_with_nodes_used_often(student, rng):
    """Values and gradients are right where a node is used by several others."""
    for leaves, steps in (graph(rng, 2, 5), graph(rng, 4, 8), graph(rng, 1, 4), ([0.7], [("+", 0, 0), ("*", 1, 1), ("*", 2, 1)])):
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("graph_gradients", 1)
def test_graph_of_a_neuron(student, rng):
    """The graph of a logistic neuron, with exp and 1/x, is right for any weights and inputs."""
    steps = [("*", 0, 1), ("*", 2, 3), ("+", 7, 8), ("+", 9, 4), ("*", 10, 5), ("exp", 11), ("+", 12, 6), ("1/x", 13), ("*", 14, 14)]
    for _ in range(3):
        leaves = [*rng.normal(size=5).tolist(), -1.0, 1.0]
        agree(student.graph_gradients(leaves, steps), lesson.graph_gradients(leaves, steps))


@pytest.mark.points("sigmoid_grad", 1)
def test_sigmoid_grad_values(student, rng):
    """The derivative of the sigmoid is right for arrays of any shape."""
    for shape in ((7,), (2, 5), (3, 1), (2, 2, 2)):
        z = rng.normal(scale=3, size=shape)
        z.flat[0] = 0.0
        agree(student.sigmoid_grad(z), lesson.sigmoid_grad(z))


@pytest.mark.points("sigmoid_grad", 1)
def test_sigmoid_grad_extremes(student, rng):
    """The derivative of the sigmoid goes to 0 for very large and very small numbers."""
    z = np.array([-1e4, -800.0, -12.0, 12.0, 800.0, 1e4]) + rng.normal(size=6)
    agree(student.sigmoid_grad(z), lesson.sigmoid_grad(z))


@pytest.mark.points("delta_output", 1)
def test_delta_output_without_slope(student, rng):
    """The error term for softmax with cross-entropy is right for any batch."""
    for shape in ((3, 5), (4, 4), (1, 1)):
        a, y = rng.uniform(size=shape), rng.uniform(size=shape)
        agree(student.delta_output(a, y), lesson.delta_output(a, y))


@pytest.mark.points("delta_output", 1)
def test_delta_output_with_slope(student, rng):
    """The error term for the squared error takes the slope of the activation function into account."""
    for shape in ((2, 6), (5, 5), (4, 1)):
        a, y, slope = rng.normal(size=(3, *shape))
        agree(student.delta_output(a, y, slope), lesson.delta_output(a, y, slope))


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


@pytest.mark.points("hidden_grad", 1)
def test_hidden_grad_one_sample(student, rng):
    """The gradient of the weights is right for a single sample."""
    for neurons, inputs in ((3, 5), (4, 4), (1, 2)):
        delta, a = rng.normal(size=(neurons, 1)), rng.normal(size=(inputs, 1))
        agree(student.hidden_grad(delta, a), lesson.hidden_grad(delta, a))


@pytest.mark.points("hidden_grad", 1)
def test_hidden_grad_batch(student, rng):
    """The gradient of the weights is the mean over the samples of a batch."""
    for neurons, inputs, samples in ((3, 5, 7), (4, 4, 4), (3, 2, 16)):
        delta, a = rng.normal(size=(neurons, samples)), rng.normal(size=(inputs, samples))
        agree(student.hidden_grad(delta, a), lesson.hidden_grad(delta, a))


@pytest.mark.points("hidden_bias_grad", 1)
def test_hidden_bias_grad_batch(student, rng):
    """The gradient of the biases is the mean over the samples of a batch, as a column."""
    for shape in ((3, 7), (5, 5), (2, 4)):
        delta = rng.normal(size=shape)
        agree(student.hidden_bias_grad(delta), lesson.hidden_bias_grad(delta))


@pytest.mark.points("hidden_bias_grad", 1)
def test_hidden_bias_grad_one_sample(student, rng):
    """The gradient of the biases is right for a single sample and a single neuron."""
    for shape in ((6, 1), (1, 1), (2, 1)):
        delta = rng.normal(size=shape)
        agree(student.hidden_bias_grad(delta), lesson.hidden_bias_grad(delta))


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
    """All gradients of a deep network are right, layer by layer."""
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
