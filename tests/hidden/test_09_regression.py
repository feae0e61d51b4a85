"""Hidden tests of chapter 09. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import regression as lesson
from nnlab.grading.marking.testing import agree, reached
from nnlab.overfitting import polynomial_features


def cloud(rng, samples, offset=0.0):
    """Draw points around a line, in any order."""
    x = rng.permutation(np.linspace(-2, 3, samples)) + rng.normal(scale=0.1, size=samples) + offset
    return x, rng.normal() + rng.uniform(1, 2) * (x - offset) + rng.normal(size=samples)


@pytest.mark.points("line_fit", 1)
def test_line_fit_clouds(student, rng):
    """The line has the least squares for any cloud, wherever it lies."""
    for samples, offset in ((7, 0.0), (30, 5.0), (2, -1.0), (12, -40.0)):
        x, y = cloud(rng, samples, offset)
        agree(student.line_fit(x, y), lesson.line_fit(x, y))


@pytest.mark.points("line_fit", 1)
def test_line_fit_far_away(student, rng):
    """The line keeps its digits where x is far from 0."""
    for offset in (2e8, -5e7):
        x, y = np.arange(8.0) + offset, rng.normal(size=8)
        agree(student.line_fit(x, y), lesson.line_fit(x, y))


@pytest.mark.points("polynomial_system", 2)
def test_polynomial_system_degrees(student, rng):
    """Both sides are right for any degree and any number of points."""
    for samples, degree in ((6, 2), (4, 5), (11, 3)):
        x, y = rng.uniform(-2, 2, size=samples), rng.normal(size=samples) + 1
        agree(student.polynomial_system(x, y, degree), lesson.polynomial_system(x, y, degree))


@pytest.mark.points("polynomial_system", 1)
def test_polynomial_system_edges(student, rng):
    """It is right for degree 0, for a single point, and where x is 0."""
    for x, degree in ((rng.normal(size=5), 0), (rng.normal(size=1), 2), (np.array([0.0, 0.0, 1.5]), 4)):
        y = rng.normal(size=len(x))
        agree(student.polynomial_system(x, y, degree), lesson.polynomial_system(x, y, degree))


@pytest.mark.points("least_squares", 1)
def test_least_squares_features(student, rng):
    """The weights are right for any number of features and samples."""
    for features, samples in ((3, 8), (1, 5), (5, 30)):
        X = rng.normal(size=(features, samples))
        t = X[0] + rng.normal(size=samples)
        agree(student.least_squares(X, t), lesson.least_squares(X, t))


@pytest.mark.points("least_squares", 1)
def test_least_squares_keeps_its_digits(student, rng):
    """The weights are right to six digits for polynomials of high degree, and of several equally good ones the shortest come back."""
    for degree, samples in ((9, 12), (8, 10), (10, 15)):
        x = np.linspace(0, 1, samples)
        X, t = polynomial_features(x, degree), np.sin(2 * np.pi * x) + rng.normal(scale=0.3, size=samples)
        agree(student.least_squares(X, t), lesson.least_squares(X, t))
    X = rng.normal(size=(2, 7))
    for features in (np.vstack([X, X[0] + X[1]]), rng.normal(size=(6, 4))):
        t = rng.normal(size=features.shape[1])
        agree(student.least_squares(features, t), lesson.least_squares(features, t))


def belief(rng, features=3, samples=7):
    """Draw features, targets, and standard deviations that differ."""
    X = np.vstack([np.ones(samples), rng.normal(size=(features - 1, samples))])
    return X, rng.normal(size=samples) + 2, rng.uniform(0.2, 0.6), rng.uniform(1.5, 4)


@pytest.mark.points("log_posterior", 2)
def test_log_posterior_values(student, rng):
    """It is right for any weights, noise and belief, with more features than samples too."""
    for features, samples in ((3, 7), (5, 2), (1, 12)):
        X, t, sigma, nu = belief(rng, features, samples)
        w = rng.normal(size=features)
        agree(student.log_posterior(w, X, t, sigma, nu), lesson.log_posterior(w, X, t, sigma, nu))
        agree(student.log_posterior(w, X, t, nu, sigma), lesson.log_posterior(w, X, t, nu, sigma))


@pytest.mark.points("log_posterior", 1)
def test_log_posterior_many_samples(student, rng):
    """It is a finite number for thousands of samples."""
    X, t, sigma, nu = belief(rng, 4, 3000)
    w = rng.normal(size=4)
    agree(student.log_posterior(w, X, t, sigma, nu), lesson.log_posterior(w, X, t, sigma, nu))
    for far_t, far_w in ((100 * t, w), (t, 60 * w)):  # each density is below the smallest float
        agree(student.log_posterior(far_w, X[:, :5], far_t[:5], sigma, 0.3), lesson.log_posterior(far_w, X[:, :5], far_t[:5], sigma, 0.3))


@pytest.mark.points("map_weights", 2)
def test_map_weights_values(student, rng):
    """The weights are the most probable ones for any noise and belief."""
    for features, samples in ((3, 7), (5, 2), (2, 40)):
        X, t, sigma, nu = belief(rng, features, samples)
        agree(student.map_weights(X, t, sigma, nu), lesson.map_weights(X, t, sigma, nu))
        agree(student.map_weights(X, t, nu, sigma), lesson.map_weights(X, t, nu, sigma))


@pytest.mark.points("map_weights", 2)
def test_map_weights_limits(student, rng):
    """A vague belief leaves least squares, and a very strong one nearly 0."""
    X, t, sigma, _ = belief(rng)
    for nu in (1e3, 1e-4):  # vaguer still, and a formula that is as right has no digits left
        agree(student.map_weights(X, t, sigma, nu), lesson.map_weights(X, t, sigma, nu))


def standard(rng, features=3, samples=9):
    """Draw features on one scale, with a row of ones, and targets."""
    X = np.vstack([np.ones(samples), rng.normal(size=(features - 1, samples))])
    return X, rng.normal(size=samples) + 1


@pytest.mark.points("descend_to_fit", 2)
def test_descend_to_fit_steps(student, rng):
    """The weights are right after any number of steps, at any learning rate."""
    for features, samples, alpha, steps in ((3, 9, 0.1, 4), (2, 30, 0.02, 11), (4, 3, 0.2, 1), (2, 12, 0.5, 3)):
        X, t = standard(rng, features, samples)
        agree(student.descend_to_fit(X, t, alpha, steps)[0], lesson.descend_to_fit(X, t, alpha, steps)[0])


@pytest.mark.points("descend_to_fit", 1)
def test_descend_to_fit_costs(student, rng):
    """There is one cost before the first step and one after each, also where there is no step."""
    for samples, steps in ((5, 7), (16, 0), (8, 25)):
        X, t = standard(rng, 3, samples)
        agree(student.descend_to_fit(X, t, 0.1, steps)[1], lesson.descend_to_fit(X, t, 0.1, steps)[1])


@pytest.mark.points("descend_to_fit", 1)
def test_descend_to_fit_far(student, rng):
    """It makes as many steps as it is asked for, and what was given stays as it was."""
    X = np.vstack([np.ones(40), rng.permutation(np.linspace(-1.7, 1.7, 40))])
    t = rng.normal(size=40)
    for alpha, steps in ((0.9, 300), (0.005, 700), (3.1, 60)):
        agree(student.descend_to_fit(X, t, alpha, steps), lesson.descend_to_fit(X, t, alpha, steps))


def kinds(rng, features=2, samples=9):
    """Draw features and labels of both kinds that no line separates."""
    X, y = rng.normal(size=(features, samples)), np.arange(samples) % 2
    return np.hstack([X, X[:, :2]]), np.append(y, 1 - y[:2])


@pytest.mark.points("logistic_fit", 2)
def test_logistic_fit_steps(student, rng):
    """Weights and bias are right after any number of steps."""
    for features, samples, alpha, steps in ((2, 9, 0.5, 6), (4, 20, 1.0, 30), (1, 5, 2.0, 1), (2, 11, 0.2, 500)):
        X, y = kinds(rng, features, samples)
        agree(student.logistic_fit(X, y, alpha, steps), lesson.logistic_fit(X, y, alpha, steps))


@pytest.mark.points("logistic_fit", 1)
def test_logistic_fit_price(student, rng):
    """Only the weights pay, and for any price."""
    for penalty, alpha, steps in ((0.05, 0.7, 20), (0.9, 0.7, 20), (2.5, 0.3, 9)):
        X, y = kinds(rng, 3, 11)
        agree(student.logistic_fit(X + 1, y, alpha, steps, penalty), lesson.logistic_fit(X + 1, y, alpha, steps, penalty))


@pytest.mark.points("logistic_fit", 1)
def test_logistic_fit_edges(student, rng):
    """It stays finite for classes that can be separated and for large features, and is right where all labels are equal."""
    X = np.sort(rng.uniform(1, 2, size=(1, 6))) * np.array([-1, -1, -1, 1, 1, 1])
    y = np.array([0, 0, 0, 1, 1, 1])
    for features, labels in ((X, y), (800 * X, y), (X, np.ones(6, dtype=int)), (X[:, 2:4], y[2:4])):
        agree(student.logistic_fit(features, labels, 1.0, 25), lesson.logistic_fit(features, labels, 1.0, 25))


@pytest.mark.points("residual_report", 1)
def test_residual_report_lines(student, rng):
    """The three numbers are right for any line, the best one or not, and samples in any order."""
    for samples, worse in ((25, 0.0), (8, 1.5), (14, -6.0)):
        x, y = cloud(rng, samples)
        intercept, slope = lesson.line_fit(x, y)
        agree(student.residual_report(x, y, intercept, slope + worse), lesson.residual_report(x, y, intercept, slope + worse))
    intercept, slope = lesson.line_fit(x, 1e-6 * y)  # metres in place of micrometres: little is left, and that is not nothing
    agree(student.residual_report(x, 1e-6 * y, intercept, slope), lesson.residual_report(x, 1e-6 * y, intercept, slope))


@pytest.mark.points("residual_report", 1)
def test_residual_report_nothing_left(student, rng):
    """A line that leaves nothing is reported as such."""
    x = rng.permutation(np.arange(6.0))
    agree(student.residual_report(x, 2 * x - 1, -1.0, 2.0), lesson.residual_report(x, 2 * x - 1, -1.0, 2.0))


PLACES = np.linspace(0.02, 0.98, 200)
TRUTHS = (lambda x: 0.5 + 0 * x, lambda x: 1 - 2 * x, lambda x: np.sin(2 * np.pi * x), lambda x: np.sin(4 * np.pi * x))
NOISE = (0.5, 0.5, 0.3, 0.15)
SETS = 100  # of each kind of curve
WORST = 1.5  # counted of one set at most: a wild curve is not to decide
# 21 draws of 400 sets: cross-validation 0.596 ± 0.015, at most 0.632. 24 of 80 sets: the best fixed degree (3) 0.713 ± 0.016; one of two degrees 0.75.


def distance(student, rng):
    """Let the student fit many sets of points; return the mean distance of the curves from the true ones, in units of the noise."""
    drawn = []
    for truth, noise in zip(TRUTHS, NOISE, strict=True):
        for _ in range(SETS):
            x = np.sort(rng.uniform(0, 1, size=int(rng.integers(12, 41))))
            drawn.append((x, truth(x) + noise * rng.normal(size=len(x)), truth(PLACES), noise))
    off = []
    for told, (_, _, truth, noise) in zip(student.each("my_fit", [(x, t, PLACES) for x, t, _, _ in drawn], once=True), drawn, strict=True):
        agree(told, truth, judge=lambda values: [*values.shape, bool(np.isfinite(values).all())])
        off.append(min(WORST, float(np.sqrt(np.mean((told - truth) ** 2))) / noise))
    reached(f"the mean distance from the true curves is {np.mean(off):.3f} of the noise")
    return np.mean(off)


@pytest.mark.points("my_fit", 1)
def test_my_fit_beats_any_fixed_degree(student, shared_rng):
    """On 400 sets of points, some of lines and some of waves, it is nearer to the true curves than any fixed degree."""
    agree(int(distance(student, shared_rng) < 0.675), 1)


@pytest.mark.points("my_fit", 1)
def test_my_fit_comes_near(student, shared_rng):
    """It chooses as well as a sound cross-validation over degrees does."""
    agree(int(distance(student, shared_rng) < 0.66), 1)
