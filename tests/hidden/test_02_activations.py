"""Hidden tests of chapter 02. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import activations as lesson
from nnlab.grading.marking.testing import agree


def two_layers(rng, inputs, hidden, outputs):
    """Draw the weights and biases of two layers."""
    shapes = ((hidden, inputs), (hidden, 1), (outputs, hidden), (outputs, 1))
    return [rng.normal(size=shape) for shape in shapes]


def large(rng):
    """Draw numbers of which exp overflows or vanishes."""
    return np.array([-1e4, -800.0, -30.0, 30.0, 800.0, 1e4]) + rng.normal(size=6)


def with_zero(rng, scale, shape):
    """Draw numbers of both signs and of any shape, one of which is 0."""
    z = rng.normal(scale=scale, size=shape)
    z.flat[0] = 0.0
    return z


@pytest.mark.points("sigmoid", 1)
def test_sigmoid_values(student, rng):
    """The logistic function is right for arrays of any shape."""
    for shape in ((6,), (3, 5), (2, 1)):
        z = with_zero(rng, 3, shape)
        agree(student.sigmoid(z), lesson.sigmoid(z))


@pytest.mark.points("sigmoid", 1)
def test_sigmoid_extremes(student, rng):
    """The logistic function stays right for very large and very small numbers."""
    z = large(rng)
    agree(student.sigmoid(z), lesson.sigmoid(z))


@pytest.mark.points("merge_layers", 1)
def test_merge_layers_any_size(student, rng):
    """The merged layer is right for layers of many sizes."""
    for sizes in ((3, 4, 2), (1, 5, 2), (6, 1, 3)):
        layers = two_layers(rng, *sizes)
        agree(student.merge_layers(*layers), lesson.merge_layers(*layers))


@pytest.mark.points("merge_layers", 1)
def test_merge_layers_square(student, rng):
    """The merged layer is right where all sizes are equal, so that no wrong order shows in the shapes."""
    layers = two_layers(rng, 4, 4, 4)
    agree(student.merge_layers(*layers), lesson.merge_layers(*layers))


@pytest.mark.points("merge_layers", 1)
def test_merge_layers_does_the_same(student, rng):
    """The merged layer gives what the two layers give, one after the other."""
    W_1, b_1, W_2, b_2 = two_layers(rng, 3, 5, 2)
    x = rng.normal(size=(3, 4))
    agree(lesson_layer(student.merge_layers(W_1, b_1, W_2, b_2), x), W_2 @ (W_1 @ x + b_1) + b_2)


def lesson_layer(layer, x):
    """Apply a merged layer; what is no pair of arrays of the right shapes is handed on, to be found wrong by `agree`."""
    if not (isinstance(layer, (tuple, list)) and [getattr(part, "shape", None) for part in layer] == [(2, 3), (2, 1)]):
        return layer
    W, b = layer
    return W @ x + b


@pytest.mark.points("sigmoid_derivative", 1)
def test_sigmoid_derivative_values(student, rng):
    """The derivative of the logistic function is right for arrays of any shape."""
    for shape in ((7,), (3, 5), (2, 1), (2, 2, 2)):
        z = with_zero(rng, 3, shape)
        agree(student.sigmoid_derivative(z), lesson.sigmoid_derivative(z))


@pytest.mark.points("sigmoid_derivative", 1)
def test_sigmoid_derivative_extremes(student, rng):
    """The derivative of the logistic function goes to 0 for very large and very small numbers."""
    z = np.array([-1e4, -800.0, -12.0, 12.0, 800.0, 1e4]) + rng.normal(size=6)
    agree(student.sigmoid_derivative(z), lesson.sigmoid_derivative(z))


def corners(rng, count, width=2.0):
    """Draw corners with rising places, pieces of many widths, and slopes that are not too steep."""
    x = np.cumsum(rng.uniform(0.5, 1.0, size=count) * width) - width
    return x, rng.uniform(-2, 2, size=count)


@pytest.mark.points("relu_weights", 1)
def test_relu_weights_any_number(student, rng):
    """The weights are right for lines of few and of many corners, whose pieces differ in width."""
    for count in (3, 5, 9):
        x, y = corners(rng, count)
        agree(student.relu_weights(x, y), lesson.relu_weights(x, y))


@pytest.mark.points("relu_weights", 1)
def test_relu_weights_one_piece(student, rng):
    """A line of one piece, rising or falling or level, needs one unit."""
    for rise in (rng.uniform(1, 3), -rng.uniform(1, 3), 0.0):
        x, start = np.array([-1.0, 1.0]) + rng.normal(), rng.normal()
        y = np.array([start, start + rise])
        agree(student.relu_weights(x, y), lesson.relu_weights(x, y))


@pytest.mark.points("relu_weights", 1)
def test_relu_weights_steep_and_level(student, rng):
    """Steep pieces, level ones and corners that do not bend are right, too."""
    x = np.array([0.0, 0.1, 1.0, 4.0, 10.0]) + rng.normal()
    y = np.array([0.0, 50.0, 50.0, 53.0, 59.0]) * rng.uniform(0.9, 1.1)
    agree(student.relu_weights(x, y), lesson.relu_weights(x, y))


@pytest.mark.points("relu_weights", 1)
def test_relu_weights_run_through_the_corners(student, rng):
    """The units with your weights draw a line that runs through all its corners."""
    x, y = corners(rng, 5)
    agree(heights(student.relu_weights(x, y), x, y), y)


def heights(weights, x, y):
    """Return the line's height at its corners; what is no array of the right shape is handed on, to be found wrong by `agree`."""
    if getattr(weights, "shape", None) != (x.size - 1,):
        return weights
    return y[0] + np.maximum(0, x[:, None] - x[None, :-1]) @ weights


@pytest.mark.points("dead_share", 1)
def test_dead_share_counts_units(student, rng):
    """The share of dead units is right for layers and batches of many sizes."""
    for units, samples in ((20, 3), (7, 5), (40, 2)):
        z = rng.normal(size=(units, samples)) - 0.5
        z[0], z[1], z[units * 3 // 4 :] = np.abs(z[0]), -np.abs(z[1]), -np.abs(z[units * 3 // 4 :])
        z[1, -1] = 0.5  # dead but for the last sample; and the last units are dead, the first is not
        agree(student.dead_share(z), lesson.dead_share(z))


@pytest.mark.points("dead_share", 1)
def test_dead_share_all_or_none(student, rng):
    """A layer without dead units gives 0, and a layer in which all are dead gives 1."""
    z = np.abs(rng.normal(size=(5, 4))) + 0.1
    agree(student.dead_share(-z), 1.0)
    agree(student.dead_share(z), 0.0)
    agree(student.dead_share(np.hstack([-z, z])), 0.0)


@pytest.mark.points("dead_share", 1)
def test_dead_share_at_zero(student, rng):
    """A unit whose pre-activation is never above 0, but sometimes exactly 0, is dead."""
    z = -np.abs(rng.normal(size=(6, 5)))
    z[:4, rng.integers(5)] = 0.0
    z[5, rng.integers(5)] = 1e-3
    agree(student.dead_share(z), 5 / 6)


@pytest.mark.points("softplus", 1)
def test_softplus_values(student, rng):
    """The softplus is right for arrays of any shape."""
    for shape in ((6,), (3, 5), (2, 1)):
        z = with_zero(rng, 3, shape)
        agree(student.softplus(z), lesson.softplus(z))


@pytest.mark.points("softplus", 1)
def test_softplus_large(student, rng):
    """The softplus does not overflow for large numbers."""
    z = rng.uniform(710, 5000, size=8)
    agree(student.softplus(z), lesson.softplus(z))


@pytest.mark.points("softplus", 1)
def test_softplus_mixed(student, rng):
    """The softplus is right where large, small and negative numbers stand side by side."""
    z = np.concatenate([large(rng), rng.normal(size=5), np.arange(5, 13) + rng.uniform(size=8)])
    agree(student.softplus(z), lesson.softplus(z))


@pytest.mark.points("elu_derivative", 1)
def test_elu_derivative_values(student, rng):
    """The derivative of the ELU is right for arrays of any shape and any depth of the bend."""
    for shape, gamma in (((6,), 1.0), ((3, 5), float(rng.uniform(0.2, 1.5))), ((4, 3), 3.5)):
        z = rng.normal(scale=2, size=shape)
        agree(student.elu_derivative(z, gamma), lesson.elu_derivative(z, gamma))


@pytest.mark.points("elu_derivative", 1)
def test_elu_derivative_extremes(student, rng):
    """The derivative of the ELU is 1 for very large numbers and 0 for very small ones."""
    z = large(rng)
    agree(student.elu_derivative(z, 1.5), lesson.elu_derivative(z, 1.5))


@pytest.mark.points("elu_derivative", 1)
def test_elu_derivative_at_zero(student, rng):
    """At zero the derivative of the ELU is that of its left side."""
    gamma = float(rng.uniform(1.1, 1.9))
    for z in (np.array([-1e-3, 0.0, 1e-3]), np.array([-1, 0, 1, -2])):
        agree(student.elu_derivative(z, gamma), lesson.elu_derivative(z, gamma))


@pytest.mark.points("swish_derivative", 1)
def test_swish_derivative_plain(student, rng):
    """The derivative of the Swish with β = 1 is right for arrays of any shape."""
    for shape in ((6,), (3, 5), (2, 1)):
        z = with_zero(rng, 3, shape)
        agree(student.swish_derivative(z, 1.0), lesson.swish_derivative(z, 1.0))


@pytest.mark.points("swish_derivative", 1)
def test_swish_derivative_any_gate(student, rng):
    """The derivative of the Swish is right for any β."""
    z = rng.normal(scale=2, size=(4, 3))
    for beta in (0.0, 0.3, 5.0, float(rng.uniform(1, 3)), float(rng.uniform(-2, -0.5))):
        agree(student.swish_derivative(z, beta), lesson.swish_derivative(z, beta))


@pytest.mark.points("swish_derivative", 1)
def test_swish_derivative_mixed(student, rng):
    """The derivative of the Swish is right where very large, very small and ordinary numbers stand side by side."""
    z = np.concatenate([large(rng), rng.normal(size=6)]).reshape(3, 4)
    agree(student.swish_derivative(z, 2.0), lesson.swish_derivative(z, 2.0))


@pytest.mark.points("temperature_for", 0)
def test_temperature_for_any_scores(student, rng):
    """The temperature is right for any number of classes, wherever the largest score stands."""
    for classes in (2, 3, 7, 10):
        scores = rng.permutation(np.arange(classes) + rng.uniform(0, 0.5, size=classes))
        share = float(rng.uniform(1.3 / classes, 0.95))
        agree(student.temperature_for(scores, share), lesson.temperature_for(scores, share))


@pytest.mark.points("temperature_for", 0)
def test_temperature_for_nearly_sure_and_nearly_even(student, rng):
    """Shares close to 1 and close to those of a draw are reached as well."""
    scores = rng.permutation([3.0, 1.0, 0.0, -1.0]) + rng.normal()
    for share in (0.9999, 0.252):
        agree(student.temperature_for(scores, share), lesson.temperature_for(scores, share))


@pytest.mark.points("temperature_for", 0)
def test_temperature_for_scores_of_any_size(student, rng):
    """Scores in the thousands and in the thousandths have their temperature, too."""
    scores = rng.permutation([3.0, 1.0, 0.0]) + rng.uniform(-0.3, 0.3, size=3)
    for size in (3e4, 3e-4):
        agree(student.temperature_for(size * scores, 0.6), lesson.temperature_for(size * scores, 0.6))
