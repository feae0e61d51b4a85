"""Hidden tests of chapter 01. Each docstring is the sentence its student gets."""

from contextlib import suppress

import numpy as np
import pytest

from nnlab import mp_neuron as lesson
from nnlab.checks._judging.compare import difference
from nnlab.grading.marking.testing import Wrong, agree


def does(got, expected, output):
    """Compare what two answers do, where many answers are right."""
    if found := difference(got, expected, judge=output):
        raise Wrong(found.kind)


def separable(rng, features, points):
    """Draw points on a grid, so that sums are exact, with a clear gap between the two classes."""
    X = rng.integers(-9, 10, size=(features, 20 * points)).astype(float)
    w, b = rng.integers(1, 4, size=features).astype(float), float(rng.integers(-3, 4))
    z = w @ X + b
    clear = np.flatnonzero(np.abs(z) > 2)[:points]
    return X[:, clear], np.sign(z[clear]), w, b


def mistake(rng, features, y):
    """Draw weights, a bias, and a point that they get wrong: that is when there is something to update."""
    w, x, z = rng.normal(size=features), rng.normal(size=features), -y * rng.uniform(0.1, 2)
    return w, float(z - w @ x), x


@pytest.mark.points("mp_neuron", 1)
def test_mp_neuron_fires(student, rng):
    """The neuron is right for inputs, weights and thresholds drawn at random, and every input counts."""
    for inputs in (1, 2, 3, 8):
        x, w = rng.normal(size=inputs), rng.normal(size=inputs)
        for product in (*w * x, *(w[k:] @ x[k:] for k in range(inputs))):  # without it the sum lies on the other side of the threshold
            theta = float(w @ x - product / 2)
            agree(student.mp_neuron(x, w, theta), lesson.mp_neuron(x, w, theta))
        for side in (1, -1, 1):  # the same weights and threshold, and inputs on either side
            agree(student.mp_neuron(side * w, w, 0.0), 1.0 if side > 0 else 0.0)


@pytest.mark.points("mp_neuron", 1)
def test_mp_neuron_at_the_threshold(student, rng):
    """The neuron stays silent where the sum equals the threshold, and fires just above it."""
    for _ in range(4):
        x, w = rng.integers(-5, 6, size=4).astype(float), rng.integers(-5, 6, size=4).astype(float)
        for above in (0.0, 0.25, -0.25):
            agree(student.mp_neuron(x, w, float(w @ x) + above), 1.0 if above < 0 else 0.0)
    x, w = np.append(rng.integers(1, 6, size=4), 0.5), np.append(rng.integers(1, 6, size=4), 0.5)
    for below in (0.25, 0.0, -0.25):  # the sum ends in .25; a whole threshold is exceeded all the same
        agree(student.mp_neuron(x, w, float(w @ x) - below), 1.0 if below > 0 else 0.0)


@pytest.mark.points("gate", 1)
def test_gate_and(student):
    """The neuron for AND fires only where both inputs are 1, whichever gates were asked for before."""
    with suppress(Exception):  # another gate may not be written yet; but what it leaves behind must not change this one
        student.gate("OR"), student.gate("NAND")
    does(student.gate("AND"), lesson.gate("AND"), _says)


@pytest.mark.points("gate", 1)
def test_gate_or(student):
    """The neuron for OR fires where at least one input is 1."""
    does(student.gate("OR"), lesson.gate("OR"), _says)


@pytest.mark.points("gate", 1)
def test_gate_nand(student):
    """The neuron for NAND says the opposite of AND."""
    for _ in range(2):
        does(student.gate("NAND"), lesson.gate("NAND"), _says)


@pytest.mark.points("gate", 1)
def test_gate_not(student):
    """The neuron for NOT has one input and turns it round."""
    does(student.gate("NOT"), lesson.gate("NOT"), _says)


def _says(neuron):
    w, theta = neuron
    return lesson.mp_neuron(lesson.TRUTH_TABLE[-w.size :, : 2**w.size], w, theta)


@pytest.mark.points("classify", 1)
def test_classify_points(student, rng):
    """The labels are right for points, weights and biases drawn at random, with any number of features."""
    for features, points in ((2, 30), (5, 7), (1, 4)):
        X, w = rng.normal(size=(features, points)), rng.normal(size=features)
        for k in range(features):  # without the features from k on, the first point lies on the other side
            b = float(w[k:] @ X[k:, 0] / 2 - w @ X[:, 0])
            agree(student.classify(X, w, b), lesson.classify(X, w, b))


@pytest.mark.points("classify", 1)
def test_classify_on_the_line(student, rng):
    """A point on the line gets −1, also where there are as many points as features."""
    for _ in range(8):
        X, w = rng.integers(-4, 5, size=(3, 3)).astype(float), rng.integers(1, 5, size=3).astype(float)
        b = -float(w @ X[:, 0])
        agree(student.classify(X, w, b), lesson.classify(X, w, b))


@pytest.mark.points("separating_line", 1)
def test_separating_line_points(student, rng):
    """Every point of the line makes z = 0."""
    for shape in ((6,), (1,), (2, 3)):
        w, b, x1 = rng.uniform(0.5, 3, size=2) * (1, -1), float(rng.normal()), rng.normal(size=shape)
        agree(student.separating_line(w, b, x1), lesson.separating_line(w, b, x1))


@pytest.mark.points("separating_line", 1)
def test_separating_line_level(student, rng):
    """Level lines, and lines through the origin, are right as well."""
    x1 = rng.normal(size=5)
    for w, b in ((np.array([0.0, -2.0]), float(rng.normal())), (rng.uniform(0.5, 3, size=2), 0.0)):
        agree(student.separating_line(w, b, x1), lesson.separating_line(w, b, x1))


@pytest.mark.points("hebb", 1)
def test_hebb_every_point(student, rng):
    """Every point has grown into weights and bias, with any number of features, also one that was right already."""
    for features, points in ((2, 7), (5, 3), (1, 4), (2, 7), (5, 3), (2, 4)):  # sizes come again, with other numbers
        X, y = rng.normal(size=(features, points)), np.sign(np.arange(points) % 3 - 0.5)
        agree(student.hebb(X, y, 1.0), lesson.hebb(X, y, 1.0))


@pytest.mark.points("hebb", 1)
def test_hebb_learning_rate(student, rng):
    """The learning rate scales weights and bias, and points of one class only can be learned, too."""
    for rate in (0.01, float(rng.uniform(0.2, 0.8)), 3.0):
        X, y = rng.normal(size=(3, 5)), np.array([1.0, -1.0, 1.0, 1.0, -1.0])
        agree(student.hebb(X, y, rate), lesson.hebb(X, y, rate))
        agree(student.hebb(X, -np.ones(5), rate), lesson.hebb(X, -np.ones(5), rate))


@pytest.mark.points("perceptron_update", 1)
def test_perceptron_update_step(student, rng):
    """The new weights and bias are right after mistakes on both labels."""
    for features, y in ((2, 1.0), (2, -1.0), (6, 1.0), (1, -1.0)):
        w, b, x = mistake(rng, features, y)
        agree(student.perceptron_update(w, b, x, y, 1.0), lesson.perceptron_update(w, b, x, y, 1.0))
    for y in (1.0, -1.0):  # a point on the line is a mistake, too, whichever label it has
        w, x = rng.integers(1, 5, size=3).astype(float), rng.integers(1, 5, size=3).astype(float)
        for start in ((np.zeros(3), 0.0), (w, -float(w @ x))):
            agree(student.perceptron_update(*start, x, y, 1.0), lesson.perceptron_update(*start, x, y, 1.0))


@pytest.mark.points("perceptron_update", 1)
def test_perceptron_update_learning_rate(student, rng):
    """The learning rate scales the step of the weights and of the bias."""
    for rate in (0.01, 0.1, float(rng.uniform(1, 3))):
        w, b, x = mistake(rng, 3, -1.0)
        agree(student.perceptron_update(w, b, x, -1.0, rate), lesson.perceptron_update(w, b, x, -1.0, rate))


@pytest.mark.points("one_epoch", 1)
def test_one_epoch_corrects(student, rng):
    """It corrects the mistakes and nothing else, in any unit, each point with the weights of that moment."""
    for (features, points), unit, rate in (((2, 9), 1.0, 1.0), ((4, 7), 0.1, 0.3), ((1, 6), 0.1, 2.0)):
        w, X = rng.uniform(0.5, 2, size=features) * rng.choice([-1.0, 1.0], size=features), unit * rng.normal(size=(features, points))
        X[:, 0] = unit * np.sign(w) * rng.uniform(0.5, 2, size=features)
        b = 0.01 - float(w @ X[:, 0])  # the first point is right, and would not be without any one of its features
        y = np.where(w @ X + b > 0, 1.0, -1.0)
        y[1::3] *= -1  # the second is a mistake
        agree(student.one_epoch(w, b, X, y, rate), lesson.one_epoch(w, b, X, y, rate))


@pytest.mark.points("one_epoch", 1)
def test_one_epoch_on_the_line(student, rng):
    """A point on the line is a mistake, for either label; if every point is right, nothing is corrected."""
    for label in (1.0, -1.0):
        w, X = rng.integers(1, 5, size=3).astype(float), rng.integers(-4, 5, size=(3, 5)).astype(float)
        b = -float(w @ X[:, 0])  # the first point is on the line
        y = np.where(w @ X + b > 0, 1.0, -1.0)
        y[0] = label
        agree(student.one_epoch(w, b, X, y, 0.5), lesson.one_epoch(w, b, X, y, 0.5))
        y = np.where(w @ X + b + 0.25 > 0, 1.0, -1.0)  # moved by a quarter, no point is on it
        agree(student.one_epoch(w, b + 0.25, X, y, 0.5), [])


@pytest.mark.points("train_perceptron", 1)
def test_train_perceptron_separates(student, rng):
    """On points that a line separates, weights, bias and the number of mistakes are right."""
    for points, unit, rate in ((2, 1, 0.5), (15, 1, 1.0), (15, 0.125, 2.0)):
        X, y, _, _ = separable(rng, 2, points)
        agree(student.train_perceptron(X * unit, y, 1000, rate), lesson.train_perceptron(X * unit, y, 1000, rate))
    agree(student.train_perceptron(X, y, 1000), lesson.train_perceptron(X, y, 1000))


@pytest.mark.points("train_perceptron", 1)
def test_train_perceptron_features(student, rng):
    """It learns from one feature, and from five, with the learning rate that it is given."""
    for features, rate in ((1, 0.25), (5, 2.0), (5, 1.0)):
        X, y, _, _ = separable(rng, features, 12)
        agree(student.train_perceptron(X, y, 2000, rate), lesson.train_perceptron(X, y, 2000, rate))


@pytest.mark.points("train_perceptron", 1)
def test_train_perceptron_limit(student, rng):
    """Where no line separates the points, it stops at the epoch limit and says that it has not converged."""
    for name in ("xor", "enclosed"):
        X, y = lesson.POINT_SETS[name]
        X = X * float(rng.integers(1, 5))
        for limit, rate in ((1, 0.5), (int(rng.integers(3, 9)), 1.0)):
            agree(student.train_perceptron(X, y, limit, rate), lesson.train_perceptron(X, y, limit, rate))


@pytest.mark.points("train_perceptron", 1)
def test_train_perceptron_confirms(student, rng):
    """It has converged only after an epoch without a mistake, and not an epoch earlier."""
    X, y = np.array([[1 + 0.5 ** int(rng.integers(4, 7)), 1.0]]), np.array([1.0, -1.0])
    needed = lesson.Perceptron(1000).fit(X, y).epochs
    for limit, rate in ((needed - 1, 1.0), (needed, 0.25), (needed + 1, 4.0)):
        agree(student.train_perceptron(X, y, limit, rate), lesson.train_perceptron(X, y, limit, rate))


@pytest.mark.points("pocket", 0)
def test_pocket_keeps_the_best(student, rng):
    """Of all lines on the path, also those within an epoch, it is the one with the fewest mistakes, and their number is right."""
    for features, points, rate in ((2, 14, 1.0), (3, 11, 0.5)):
        X = rng.integers(-6, 7, size=(features, points)).astype(float)
        y = np.sign(np.arange(points) % 3 - 0.5)
        X[:, 1] = X[:, 0]  # one point with both labels: no line separates them
        agree(student.pocket(X, y, 12, rate), lesson.pocket(X, y, 12, rate))
    y = np.array([1.0, -1.0, -1.0, 1.0, -1.0])
    X = np.stack([0 * y, 0 * y, y * rng.integers(1, 6, size=5)])  # the last feature alone decides
    agree(student.pocket(X, y, 12), lesson.pocket(X, y, 12))


@pytest.mark.points("pocket", 0)
def test_pocket_first_of_equals(student, rng):
    """Of lines that are equally good it is the first, and a point on the line is wrong."""
    for name in ("xor", "enclosed", "and"):
        X, y = lesson.POINT_SETS[name]
        X = X * float(rng.integers(1, 5))
        agree(student.pocket(X, y, 5, 2.0), lesson.pocket(X, y, 5, 2.0))


@pytest.mark.points("mistake_bound", 1)
def test_mistake_bound_plane(student, rng):
    """The bound is right for points in the plane and a line that separates them."""
    X, y, w, b = separable(rng, 2, 12)
    agree(student.mistake_bound(X, y, w, b), lesson.mistake_bound(X, y, w, b))


@pytest.mark.points("mistake_bound", 1)
def test_mistake_bound_features(student, rng):
    """The bound is right for any number of features, and for points of one class only."""
    for features in (1, 4):
        X, y, w, b = separable(rng, features, 9)
        agree(student.mistake_bound(X, y, w, b), lesson.mistake_bound(X, y, w, b))
        one = y == y[0]
        agree(student.mistake_bound(X[:, one], y[one], w, b), lesson.mistake_bound(X[:, one], y[one], w, b))


@pytest.mark.points("mistake_bound", 1)
def test_mistake_bound_scale(student, rng):
    """Weights and bias of another scale describe the same line, and give the same bound."""
    X, y, w, b = separable(rng, 3, 10)
    for scale in (0.01, 5.0):
        agree(student.mistake_bound(X, y, scale * w, scale * b), lesson.mistake_bound(X, y, w, b))


@pytest.mark.points("xor_network", 2)
def test_xor_network(student):
    """The network says yes where exactly one input is 1, and no where both are the same."""
    does(student.xor_network(), lesson.xor_network(), lambda neurons: lesson.two_layers(lesson.TRUTH_TABLE, *neurons))
