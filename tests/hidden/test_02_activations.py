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


@pytest.mark.points("tanh_derivative", 1)
def test_tanh_derivative_values(student, rng):
    """The derivative of tanh is right for arrays of any shape."""
    for shape in ((6,), (3, 5), (2, 1)):
        z = with_zero(rng, 2, shape)
        agree(student.tanh_derivative(z), lesson.tanh_derivative(z))


@pytest.mark.points("tanh_derivative", 1)
def test_tanh_derivative_extremes(student, rng):
    """The derivative of tanh stays right for very large and very small numbers."""
    z = large(rng)
    agree(student.tanh_derivative(z), lesson.tanh_derivative(z))


@pytest.mark.points("dead_share", 1)
def test_dead_share_counts_units(student, rng):
    """The share of dead units is right for layers and batches of many sizes."""
    for units, samples in ((20, 3), (7, 5), (40, 2)):
        z = rng.normal(size=(units, samples)) - 0.5
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


@pytest.mark.points("prelu", 1)
def test_prelu_one_slope(student, rng):
    """The function is right for one slope, for arrays of any shape."""
    for shape, gamma in (((6,), 0.01), ((3, 5), float(rng.uniform(0.1, 0.9))), ((2, 1), 0.0), ((6,), 1.7)):
        z = with_zero(rng, 3, shape)
        agree(student.prelu(z, gamma), lesson.prelu(z, gamma))


@pytest.mark.points("prelu", 1)
def test_prelu_many_slopes(student, rng):
    """Each neuron has its own slope, which may be above 1 or below 0."""
    gamma = np.array([[-1.2], [0.0], [0.3], [1.0], [2.5]])
    for samples in (9, 5):  # as many samples as slopes, too: each slope belongs to a row
        z = rng.normal(size=(5, samples))
        z[:, 0] = -1 - rng.uniform(size=5)
        agree(student.prelu(z, gamma), lesson.prelu(z, gamma))


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
    z = np.array([-1e-3, 0.0, 1e-3])
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
    for beta in (0.0, 0.3, 5.0, float(rng.uniform(1, 3))):
        agree(student.swish_derivative(z, beta), lesson.swish_derivative(z, beta))


@pytest.mark.points("swish_derivative", 1)
def test_swish_derivative_mixed(student, rng):
    """The derivative of the Swish is right where very large, very small and ordinary numbers stand side by side."""
    z = np.concatenate([large(rng), rng.normal(size=6)]).reshape(3, 4)
    agree(student.swish_derivative(z, 2.0), lesson.swish_derivative(z, 2.0))


@pytest.mark.points("softmax_temperature", 1)
def test_softmax_temperature_batch(student, rng):
    """The shares are right for a batch, where each column is a sample of its own."""
    for shape, T in (((3, 5), 0.5), ((4, 4), 3.0), ((6, 1), 1.0)):
        z = rng.normal(scale=2, size=shape)
        agree(student.softmax_temperature(z, T), lesson.softmax_temperature(z, T))


@pytest.mark.points("softmax_temperature", 1)
def test_softmax_temperature_low(student, rng):
    """Large scores and low temperatures do not overflow or vanish, even where columns are of very different size."""
    z = rng.normal(size=(4, 3)) + np.array([[900.0, 0.0, -900.0]])
    z[:, 1] += rng.permutation([1600.0, 800.0, 0.0, -1600.0])  # far apart within a column as well
    for T in (0.01, 0.7):
        agree(student.softmax_temperature(z, T), lesson.softmax_temperature(z, T))


@pytest.mark.points("softmax_temperature", 1)
def test_softmax_temperature_vector(student, rng):
    """A plain vector is taken as well, at any temperature."""
    z = rng.normal(scale=4, size=5)
    for T in (0.1, 2.5, 500.0):
        agree(student.softmax_temperature(z, T), lesson.softmax_temperature(z, T))
