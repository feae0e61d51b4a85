"""Hidden tests of chapter 03. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import forward_propagation as lesson
from nnlab.activations import softmax
from nnlab.grading.marking.testing import agree, generator


def layer(rng, neurons, inputs, samples):
    """Draw activations, weights and biases of one layer."""
    return rng.normal(size=(inputs, samples)), rng.normal(size=(neurons, inputs)), rng.normal(size=(neurons, 1))


def network(rng, sizes, samples):
    """Draw inputs, weights and biases of a network."""
    W, b = lesson.init_params(sizes, rng)
    return rng.normal(size=(sizes[0], samples)), W, b


@pytest.mark.points("neuron", 1)
def test_neuron_sums_and_activates(student, rng):
    """The neuron is right for weights, inputs and biases drawn at random."""
    for inputs in (1, 2, 7, 7):
        w, a = rng.uniform(0.3, 2, size=(2, inputs)) * rng.choice([-1, 1], size=(2, inputs))
        b = float(rng.uniform(-1, 1) - w @ a)
        agree(student.neuron(w, a, b, np.tanh), lesson.neuron(w, a, b, np.tanh))


@pytest.mark.points("neuron", 1)
def test_neuron_uses_any_function(student, rng):
    """The neuron applies whichever activation function it is given, once, to the whole sum."""
    w, a = rng.normal(size=4), rng.normal(size=4)
    b = float(rng.uniform(2, 3) - w @ a)
    for f in (np.square, np.arctan, np.exp):
        agree(student.neuron(w, a, b, f), lesson.neuron(w, a, b, f))


@pytest.mark.points("dense_shape", 1)
def test_dense_shape_fits(student, rng):
    """The predicted shape is right for layers and batches of many sizes."""
    sizes = [*rng.integers(2, 40, size=(4, 3)).tolist(), (1, 5, 7), (4, 1, 9), (6, 3, 1), *rng.integers(300, 900, size=(2, 3)).tolist()]
    for neurons, inputs, samples in sizes:
        agree(student.dense_shape((neurons, inputs), (int(str(inputs)), samples)), (neurons, samples))  # equal, and not the same object


@pytest.mark.points("dense_shape", 1)
def test_dense_shape_refuses(student, rng):
    """A layer that cannot take its input gives None, and only such a layer does."""
    for neurons, inputs in rng.integers(2, 20, size=(4, 2)).tolist():
        agree(student.dense_shape((neurons, inputs), (inputs + 1, neurons)), None)
        agree(student.dense_shape((neurons, inputs), (inputs - 1, neurons)), None)
        agree(student.dense_shape((neurons, inputs), (inputs, neurons)), (neurons, neurons))
        agree(student.dense_shape((inputs + 1, inputs), (inputs + 1, 3)), None)


@pytest.mark.points("fc_layer", 1)
def test_fc_layer_batch(student, rng):
    """The layer gives the right z and a for a batch."""
    for f in (np.tanh, np.flipud):  # as softmax does, np.flipud needs the whole column of a sample
        a, W, b = layer(rng, neurons=4, inputs=3, samples=5)  # the same sizes with other numbers
        agree(student.fc_layer(a, W, b, f), lesson.fc_layer(a, W, b, f))


@pytest.mark.points("fc_layer", 1)
def test_fc_layer_square(student, rng):
    """The layer is right where all sizes are equal, so that no wrong order shows in the shapes."""
    for _ in range(2):
        a, W, b = layer(rng, neurons=4, inputs=4, samples=4)
        agree(student.fc_layer(a, W, b, np.arctan), lesson.fc_layer(a, W, b, np.arctan))


@pytest.mark.points("fc_layer", 1)
def test_fc_layer_one_sample(student, rng):
    """The layer is right for a single sample and for a single neuron, with any activation function."""
    for neurons, inputs, samples in ((5, 2, 1), (1, 6, 3), (1, 1, 1)):
        a, W, b = layer(rng, neurons, inputs, samples)
        agree(student.fc_layer(a, W, b, np.square), lesson.fc_layer(a, W, b, np.square))


@pytest.mark.points("softmax", 1)
def test_softmax_columns(student, rng):
    """Softmax is right for a batch, where each column is a sample of its own."""
    for shape in ((3, 5), (4, 4), (6, 1), (4, 4)):
        z = rng.normal(scale=2, size=shape)
        agree(student.softmax(z), softmax(z))


@pytest.mark.points("softmax", 1)
def test_softmax_large_scores(student, rng):
    """Softmax does not overflow or vanish, even where columns are of very different size."""
    columns = rng.normal(size=(4, 3)) + np.array([[900.0, 0.0, -900.0]])
    apart = rng.permutation([1600.0, 800.0, 0.0, -1600.0])  # far apart within a column as well, the largest in each place once
    for z in (columns, rng.normal(size=(4, 4)) + np.stack([np.roll(apart, by) for by in range(4)], axis=1)):
        agree(student.softmax(z), softmax(z))


@pytest.mark.points("softmax", 1)
def test_softmax_vector(student, rng):
    """Softmax takes a plain vector as well."""
    z = rng.normal(scale=4, size=5)
    agree(student.softmax(z), softmax(z))


@pytest.mark.points("init_params", 1)
def test_init_params_draws(student, rng):
    """The weights and biases are the numbers that the given generator draws, weights first."""
    seed = int(rng.integers(1000))
    expected = lesson.init_params([4, 3, 2], np.random.RandomState(seed))
    agree(student.init_params([4, 3, 2], generator("RandomState", seed)), expected)


@pytest.mark.points("init_params", 1)
def test_init_params_any_depth(student, rng):
    """There is one weight matrix and one bias column for each layer of networks of any depth."""
    for sizes in ([3, 1], [2, 2, 2, 2, 2], rng.integers(1, 9, size=6).tolist()):
        expected = lesson.init_params(sizes, np.random.default_rng(5))
        agree(student.init_params(sizes, generator("default_rng", 5)), expected)


@pytest.mark.points("init_params", 1)
def test_init_params_new_network(student, rng):
    """Another seed gives another network, and the same seed the same."""
    for seed in (*rng.integers(1000, 9999, size=2).tolist(), 42, 42):
        expected = lesson.init_params([6, 5, 1], np.random.default_rng(seed))
        agree(student.init_params([6, 5, 1], generator("default_rng", seed)), expected)


@pytest.mark.points("forward", 1)
def test_forward_two_layers(student, rng):
    """The pre-activations and activations of a network with one hidden layer are right."""
    x, W, b = network(rng, [3, 4, 2], samples=1)
    agree(student.forward(x, W, b, np.tanh, np.exp), lesson.forward(x, W, b, np.tanh, np.exp))


@pytest.mark.points("forward", 1)
def test_forward_batch(student, rng):
    """A whole batch passes through the network at once."""
    x, W, b = network(rng, [4, 4, 4], samples=4)
    for f, f_out in ((np.arctan, np.tanh), (np.tanh, np.flipud)):  # as softmax does, np.flipud needs the whole column of a sample
        agree(student.forward(x, W, b, f, f_out), lesson.forward(x, W, b, f, f_out))


@pytest.mark.points("forward", 1)
def test_forward_deep(student, rng):
    """A deep network is right in every layer."""
    for _ in range(2):  # the same sizes with other numbers
        x, W, b = network(rng, [2, 5, 3, 6, 2, 4], samples=3)
        agree(student.forward(x, W, b, np.sin, np.square), lesson.forward(x, W, b, np.sin, np.square))


@pytest.mark.points("forward", 1)
def test_forward_one_layer(student, rng):
    """A network without hidden layers uses the output function at once."""
    x, W, b = network(rng, [3, 2], samples=2)
    agree(student.forward(x, W, b, np.tanh, np.exp), lesson.forward(x, W, b, np.tanh, np.exp))


def loop(rng, neurons):
    """Draw weights, biases and a start whose steps stay of moderate size and differ from one another."""
    W = rng.uniform(0.4, 1.2, size=(neurons, neurons)) * rng.choice([-1, 1], size=(neurons, neurons))
    return W, rng.uniform(0.2, 0.6, size=(neurons, 1)), rng.uniform(-1, 1, size=(neurons, 1))


@pytest.mark.points("run_feedback", 1)
def test_run_feedback_steps(student, rng):
    """Every step is right for feedback networks of several sizes, whichever activation function they have."""
    for neurons, steps, f in (
        (2, 10, np.tanh),
        (4, 3, np.sin),
        (3, 7, np.flipud),
        (3, 7, np.cos),
        (1, 4, np.arctan),
    ):  # np.flipud needs the whole column
        W, b, a = loop(rng, neurons)
        agree(student.run_feedback(W, b, a, f, steps), lesson.run_feedback(W, b, a, f, steps))


@pytest.mark.points("run_feedback", 1)
def test_run_feedback_few_and_many(student, rng):
    """No step gives the start alone, one step two columns, and a hundred steps do not get lost."""
    W, b, a = loop(rng, 3)
    for steps in (0, 1, 100):
        agree(student.run_feedback(0.3 * W, b, a, np.tanh, steps), lesson.run_feedback(0.3 * W, b, a, np.tanh, steps))


def town(rng, nodes, roads, neurons=3, features=2):
    """Draw what a graph layer takes; no value is near zero."""
    sizes = ((features, nodes), (neurons, features), (neurons, features), (neurons, 1))
    a, W, V, b = (rng.uniform(0.3, 1.5, size=size) * rng.choice([-1, 1], size=size) for size in sizes)
    return a, roads, W, V, b


@pytest.mark.points("graph_layer", 0)
def test_graph_layer_gathers(student, rng):
    """The layer is right for graphs with hubs and dead ends, and roads may be named in either direction."""
    ring = [(i, (i + 1) % 6) for i in range(6)]
    star = [(0, i) if i % 2 else (i, 0) for i in range(1, 7)]
    for nodes, roads in ((6, ring), (7, star), (2, [(1, 0)])):
        for f in (np.tanh, np.flipud):  # as softmax does, np.flipud needs the whole column of a place
            given = town(rng, nodes, roads, neurons=4)
            agree(student.graph_layer(*given, f), lesson.graph_layer(*given, f))


@pytest.mark.points("graph_layer", 0)
def test_graph_layer_lonely_places(student, rng):
    """Places without a road gather nothing, wherever they stand, and a town without any road is one ordinary layer."""
    for nodes, roads in ((5, [(1, 3)]), (4, [(0, 1), (0, 2), (1, 2)]), (3, []), (1, [])):
        given = town(rng, nodes, roads)
        agree(student.graph_layer(*given, np.arctan), lesson.graph_layer(*given, np.arctan))
