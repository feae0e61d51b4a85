"""Hidden tests of chapter 07. Each docstring is the sentence its student gets."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from nnlab import overfitting as lesson
from nnlab.backpropagation import one_hot
from nnlab.grading.marking.testing import agree, generator, reached
from nnlab.vanishing_gradients import initial_weights


def seed(rng):
    """Draw a seed."""
    return int(rng.integers(2**31))


@pytest.mark.points("polynomial_features", 1)
def test_polynomial_features_degrees(student, rng):
    """There is one row for each power from 0 to the degree, one column for each sample."""
    for degree, samples in ((3, 7), (6, 2), (2, 11)):
        x = rng.uniform(-2, 2, size=samples)
        x[-1] = -4.5
        agree(student.polynomial_features(x, degree), lesson.polynomial_features(x, degree))


@pytest.mark.points("polynomial_features", 1)
def test_polynomial_features_edges(student, rng):
    """It is right for degree 0, for a single sample, and where x is 0 or negative."""
    for x, degree in ((rng.normal(size=5), 0), (rng.normal(size=1), 7), (np.array([0.0, -1.5, 0.0, 2.0]), 9)):
        agree(student.polynomial_features(x, degree), lesson.polynomial_features(x, degree))


@pytest.mark.points("ridge", 1)
def test_ridge_penalties(student, rng):
    """The weights are right for any price, for none, and where none is given."""
    for penalty, features, samples in ((0.0, 3, 9), (0.3, 4, 7), (25.0, 2, 30)):
        X, t = rng.normal(size=(features, samples)) + 1, rng.normal(size=samples)
        agree(student.ridge(X, t, penalty), lesson.ridge(X, t, penalty))
        agree(student.ridge(X, t), lesson.ridge(X, t))


@pytest.mark.points("ridge", 1)
def test_ridge_keeps_its_digits(student, rng):
    """The weights of a polynomial of high degree are right to six digits."""
    for degree, samples in ((9, 10), (8, 12)):
        x = np.linspace(0, 1, samples)
        X, t = lesson.polynomial_features(x, degree), np.sin(2 * np.pi * x) + rng.normal(scale=0.3, size=samples)
        for penalty in (0.0, np.exp(-18)):
            agree(student.ridge(X, t, penalty), lesson.ridge(X, t, penalty))


@pytest.mark.points("ridge", 1)
def test_ridge_few_samples(student, rng):
    """With a price the weights are right even where there are fewer samples than weights."""
    for features, samples, penalty in ((8, 5, 0.1), (6, 1, 2.0)):
        X, t = rng.normal(size=(features, samples)), rng.normal(size=samples) + 1
        agree(student.ridge(X, t, penalty), lesson.ridge(X, t, penalty))


@pytest.mark.points("bias_variance", 1)
def test_bias_variance_sets(student, rng):
    """Squared bias and variance are right for any number of data sets and points."""
    for sets, points in ((12, 5), (3, 40)):
        predictions, truth = rng.normal(size=(sets, points)) + rng.normal(size=points), rng.normal(size=points)
        agree(student.bias_variance(predictions, truth), lesson.bias_variance(predictions, truth))


@pytest.mark.points("bias_variance", 1)
def test_bias_variance_square(student, rng):
    """They are right where there are as many data sets as points."""
    for size in (4, 7):
        predictions, truth = rng.normal(size=(size, size)) + 3 * np.arange(size), rng.normal(size=size)
        agree(student.bias_variance(predictions, truth), lesson.bias_variance(predictions, truth))


@pytest.mark.points("bias_variance", 1)
def test_bias_variance_edges(student, rng):
    """A single data set has no variance, and curves that miss the truth on both sides have a bias."""
    truth = rng.normal(size=6)
    tilted = truth + np.linspace(-1, 1, 6) + rng.normal(scale=0.1, size=(9, 6))
    for predictions in (rng.normal(size=(1, 6)), tilted):
        agree(student.bias_variance(predictions, truth), lesson.bias_variance(predictions, truth))


def layers(rng, *sizes):
    """Draw weights of layers of uneven sizes."""
    return [rng.normal(size=(m, n)) for n, m in pairwise(sizes)]


@pytest.mark.points("l2_objective", 1)
def test_l2_objective_layers(student, rng):
    """All weights of all layers pay, however many layers there are."""
    for sizes in ((3, 5, 2), (4, 4, 4, 4), (2, 7)):
        W, cost, penalty, samples = [4 * w for w in layers(rng, *sizes)], rng.uniform(), rng.uniform(1, 9), int(rng.integers(2, 50))
        agree(student.l2_objective(cost, W, penalty, samples), lesson.l2_objective(cost, W, penalty, samples))


@pytest.mark.points("l2_objective", 1)
def test_l2_objective_edges(student, rng):
    """It is right for one sample, for no price, and for a cost of 0."""
    W = layers(rng, 2, 3, 4)
    for cost, penalty, samples in ((0.4, 2.5, 1), (1.5, 0.0, 30), (0.0, 4.0, 7)):
        agree(student.l2_objective(cost, W, penalty, samples), lesson.l2_objective(cost, W, penalty, samples))


@pytest.mark.points("l2_gradients", 1)
def test_l2_gradients_layers(student, rng):
    """Each weight is pulled in proportion to itself, in every layer."""
    for sizes in ((3, 5, 2), (4, 4, 4, 4), (2, 7), (3, 3, 3, 3, 3, 3)):
        dW, W, penalty, samples = layers(rng, *sizes), layers(rng, *sizes), rng.uniform(1, 9), int(rng.integers(2, 50))
        agree(student.l2_gradients(dW, W, penalty, samples), lesson.l2_gradients(dW, W, penalty, samples))


@pytest.mark.points("l2_gradients", 1)
def test_l2_gradients_edges(student, rng):
    """It is right for one sample and for no price, and what was given stays as it was."""
    dW, W = layers(rng, 2, 3, 4), layers(rng, 2, 3, 4)
    for penalty, samples in ((2.5, 1), (0.0, 30), (40.0, 2)):
        agree(student.l2_gradients(dW, W, penalty, samples), lesson.l2_gradients(dW, W, penalty, samples))


@pytest.mark.points("early_stopping", 1)
def test_early_stopping_patience(student, rng):
    """The epoch to keep and the epoch to stop are right for noisy costs and any patience."""
    for patience in (1, 2, 3, 7):
        for _ in range(5):
            costs = (np.exp(-np.arange(40) / 8) + np.arange(40) / 60 + rng.normal(scale=0.05, size=40)).tolist()
            agree(student.early_stopping(costs, patience), lesson.early_stopping(costs, patience))
    for costs in ([3e9, 2e9, 2.5e9, 2.4e9, 2.3e9], [0.5, 0.5 - 1e-12, 0.5, 0.5 - 2e-12, 0.5, 0.5, 0.5]):  # any lower cost is lower
        agree(student.early_stopping(costs, 3), lesson.early_stopping(costs, 3))


@pytest.mark.points("early_stopping", 1)
def test_early_stopping_ties(student, rng):
    """A cost equal to the lowest is no improvement, and a rise that does not reach it is none either."""
    level = round(rng.uniform(0.3, 0.6), 3)
    for costs, patience in (([2 * level] + 6 * [level] + [level / 2], 4), ([3.0, level, 2.0, 1.5, 1.2, 1.1, 1.05, level / 2], 3)):
        agree(student.early_stopping(costs, patience), lesson.early_stopping(costs, patience))


@pytest.mark.points("early_stopping", 1)
def test_early_stopping_ends(student, rng):
    """It is right for a single epoch, for costs that always fall, and where the patience never ends."""
    falling = np.sort(rng.uniform(size=9))[::-1].tolist()
    for costs, patience in ((falling, 2), ([0.7], 1), ([0.7], 4), ([*falling, 2.0, 3.0], 5), (falling, 100)):
        agree(student.early_stopping(costs, patience), lesson.early_stopping(costs, patience))


@pytest.mark.points("early_stopping", 1)
def test_early_stopping_not_a_number(student, rng):
    """A cost that is not a number is never the best, and what comes after the stop plays no part."""
    start = rng.uniform(1, 2)
    for costs, patience in (
        ([start, 0.9, float("nan"), float("nan"), float("nan"), 0.1], 3),
        ([start, float("nan"), 0.8, 0.9, 1.0, 0.2], 2),
    ):
        agree(student.early_stopping(costs, patience), lesson.early_stopping(costs, patience))


@pytest.mark.points("dropout", 1)
def test_dropout_shares(student, rng):
    """Activations and mask are right for any share that is dropped."""
    for p, shape in ((0.1, (3, 5)), (0.8, (6, 2)), (0.35, (2, 9))):
        a, draws = rng.normal(size=shape), rng.random(shape)
        draws[0, 0], draws[-1, -1], draws[0, -1], a[0, -1] = p / 2, (1 + p) / 2, (1 + p) / 2, 0.0  # a 0 that is not dropped
        agree(student.dropout(a, p, draws), lesson.dropout(a, p, draws))


@pytest.mark.points("dropout", 1)
def test_dropout_edges(student, rng):
    """With p = 0 nothing changes, a draw equal to p stays, and every neuron of every sample has its own draw."""
    a, draws = rng.normal(size=(4, 4)), rng.permutation(16).reshape(4, 4) / 16
    for p in (0.0, 0.5, 0.9375):
        agree(student.dropout(a, p, draws), lesson.dropout(a, p, draws))


@pytest.mark.points("dropout", 1)
def test_dropout_mean(student, rng):
    """The mean of many activations stays what it was."""
    for p in (0.2, 0.7):
        a, draws = np.full((60, 200), rng.uniform(1, 3)), rng.random((60, 200))
        agree(student.dropout(a, p, draws), lesson.dropout(a, p, draws))


def question(rng, sizes, samples, others, noise=1.0):
    """Draw samples to learn and to watch, and a start."""
    X, X_val = rng.normal(size=(sizes[0], samples)), rng.normal(size=(sizes[0], others))
    Y, Y_val = (one_hot(rng.integers(sizes[-1], size=n), sizes[-1]) for n in (samples, others))
    W = [noise * w for w in initial_weights(sizes, "he", rng)]
    return X, Y, X_val, Y_val, W, [rng.normal(scale=0.1, size=(len(w), 1)) for w in W]


@pytest.mark.points("train_regularised", 1)
def test_train_regularised_penalty(student, rng):
    """With a price on the weights every step is right, in networks of any depth."""
    for sizes, penalty in (([3, 5, 2], 4.0), ([2, 4, 6, 3], 1.5)):
        given = question(rng, sizes, 9, 7)
        agree(student.train_regularised(*given, 0.2, 6, penalty, 99), lesson.train_regularised(*given, 0.2, 6, penalty, 99))


def rising(rng):
    """Draw a question whose validation samples tell the opposite of the others: the lowest cost comes early, the training cost later."""
    X, Y, _, _, W, b = question(rng, [2, 6, 3], 12, 1)
    return X, Y, X + rng.normal(scale=0.05, size=X.shape), np.roll(Y, 1, axis=0), W, b


@pytest.mark.points("train_regularised", 2)
def test_train_regularised_best(student, rng):
    """The weights of the best epoch come back, not the last ones, and training ends when the patience does."""
    for patience in (2, 5):
        given = rising(rng)
        agree(student.train_regularised(*given, 0.3, 30, 0.5, patience), lesson.train_regularised(*given, 0.3, 30, 0.5, patience))


@pytest.mark.points("train_regularised", 1)
def test_train_regularised_waits(student, rng):
    """Through ups and downs of the validation cost it waits as long as the patience says."""
    for patience in (1, 3, 8):
        given = question(rng, [3, 8, 3], 10, 6, noise=1.5)
        agree(student.train_regularised(*given, 0.9, 40, 0.0, patience), lesson.train_regularised(*given, 0.9, 40, 0.0, patience))


@pytest.mark.points("train_regularised", 1)
def test_train_regularised_validation_cost(student, rng):
    """The validation cost is that of the validation samples alone, without the price, and there is one for each epoch."""
    given = question(rng, [4, 3, 2], 5, 11)
    for epochs, penalty in ((1, 3.0), (4, 30.0)):
        got = student.train_regularised(*given, 0.05, epochs, penalty, 50)
        agree(got[2], lesson.train_regularised(*given, 0.05, epochs, penalty, 50)[2])


@pytest.mark.points("train_regularised", 1)
def test_train_regularised_leaves_the_start(student, rng):
    """What was given stays as it was, and a second training from the same start ends at the same place."""
    given = question(rng, [3, 4, 3], 8, 8)
    expected = lesson.train_regularised(*given, 0.4, 7, 1.0, 3)
    for _ in range(2):
        agree(student.train_regularised(*given, 0.4, 7, 1.0, 3), expected)


@pytest.mark.points("shift_images", 1)
def test_shift_images_directions(student, rng):
    """Pictures move up, down, left and right, and zeros come in."""
    for down, right in ((1, 0), (0, 2), (-2, 0), (0, -1), (2, -1)):
        images, labels = 500 * rng.normal(size=(3, 5, 4)), 300 * rng.permutation(9)[:3]
        agree(student.shift_images(images, labels, down, right), lesson.shift_images(images, labels, down, right))


@pytest.mark.points("shift_images", 1)
def test_shift_images_shapes(student, rng):
    """It is right for wide pictures, for a single one, and for none moved; originals come first."""
    for shape, down, right in (((1, 2, 7), 1, -3), ((6, 8, 3), -3, 1), ((2, 4, 6), 0, 0)):
        images, labels = rng.uniform(1, 9, size=shape), rng.permutation(20)[: shape[0]]
        agree(student.shift_images(images, labels, down, right), lesson.shift_images(images, labels, down, right))


@pytest.mark.points("shift_images", 1)
def test_shift_images_out_of_sight(student, rng):
    """Where a shift is as large as the picture or larger, nothing is left of the copy."""
    for down, right in ((3, 0), (0, -5), (7, 1), (-3, -9), (1, 6)):
        images, labels = rng.uniform(1, 9, size=(2, 3, 5)), rng.permutation(5)[:2]
        agree(student.shift_images(images, labels, down, right), lesson.shift_images(images, labels, down, right))


def labels():
    """Return the hidden day and the spoiled samples."""
    with np.load(Path(__file__).parent / "data" / "07_labels.npz") as file:
        return {name: each.astype(float if name in ("X", "X_new", "right") else int) for name, each in file.items()}


def hidden_day(student, shared_rng):
    """Let the student's program learn from each set of spoiled samples, ask it about the day after, and return the share that is right."""
    hidden, shares = labels(), []
    for X, y in zip(hidden["X"], hidden["y"], strict=True):
        told = student.once("robust_states", X, y, hidden["X_new"], generator("default_rng", seed(shared_rng)))
        agree(told, hidden["y_new"], judge=lambda states: [*states.shape, states.dtype.kind in "iu"])
        shares.append(float((told == hidden["y_new"]).mean()))
    reached(f"{np.mean(shares):.3f} of the hidden day right, from labels of which every fifth is wrong")
    return np.mean(shares), hidden["right"]


@pytest.mark.points("robust_states", 1)
def test_beats_the_majority(student, shared_rng):
    """On the day after it is clearly better than always saying the most frequent state."""
    right, (majority, _, _) = hidden_day(student, shared_rng)
    agree(int(right >= majority + 0.09), 1)


# Share of the way, tried with `python -m nnlab.data.wrong_labels` on four towns: the committed one (6 seeds of the answer), and seeds
# 101, 202, 303 (4 seeds each).                      committed   101    202    303
#   reference, price 3, mean                            .84     1.04    .95    .98     lowest of all runs .82
#   price 1                                             .79     1.01    .95    .95     lowest .75
#   no cure, 64 + 64 neurons, 600 epochs                .36      .30    .52    .39     highest .58
#   no cure, 32 neurons, 2000 epochs                    .37      .29    .57     –      highest .66
#   no price, 32 neurons, 400 epochs                    .77      .94    .92    .90     small and short is a cure in disguise
#   stopped early, patience 20, a fifth held back       .72      .87    .84     –
# Again with 6 to 12 other seeds each: reference .835 ± .012, 1.04, .95, .98, lowest .812; 32 neurons, 400 epochs, no price .78 ± .04 (.70 to .83), .95, .92, .88;
# 16 neurons, 300 epochs .78, .99, .95, .92; what learns on and on .26 to .65.
# So the reference passes all rungs on each, and what learns on and on fails the last two on each. A small network trained briefly cannot be told
# from a cure, since it is one: it passes the fourth rung nearly always, the last with luck on the committed town, and the chapter says so.
# The most frequent state + .09 is passed by all.
def rung(student, shared_rng, way):
    """Ask for a share of the way from learning by heart to what logistic regression reaches that has seen the right labels."""
    right, (_, heart, clean) = hidden_day(student, shared_rng)
    agree(int(right >= heart + way * (clean - heart)), 1)


@pytest.mark.points("robust_states", 1)
def test_beats_learning_by_heart(student, shared_rng):
    """It is clearly better than learning all labels by heart, the wrong ones included."""
    rung(student, shared_rng, 0.3)


@pytest.mark.points("robust_states", 1)
def test_half_of_the_way_to_right_labels(student, shared_rng):
    """Half of the damage that learning by heart does is cured."""
    rung(student, shared_rng, 0.5)


@pytest.mark.points("robust_states", 1)
def test_most_of_the_way_to_right_labels(student, shared_rng):
    """Seven tenths of that damage are cured."""
    rung(student, shared_rng, 0.7)


@pytest.mark.points("robust_states", 1)
def test_nearly_the_right_labels(student, shared_rng):
    """More than three quarters of that damage are cured, and a sample's state does not depend on those beside it."""
    rung(student, shared_rng, 0.78)
    hidden = labels()
    jams, rest = hidden["X_new"][:, hidden["y_new"] == 2][:, :40], hidden["X_new"][:, :400]
    rest = np.hstack([rest, 50 * rest])  # some from a device of another scale
    once = seed(shared_rng)
    told = [
        student.robust_states(hidden["X"][0], hidden["y"][0], new, generator("default_rng", once))
        for new in (jams, np.hstack([jams, rest]))
    ]
    agree(told[0], told[1][:40])
