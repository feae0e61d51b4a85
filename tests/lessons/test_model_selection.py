"""Searches for hyperparameters, beside scikit-learn's, and leakage."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.metrics import mean_absolute_percentage_error
from sklearn.model_selection import ParameterGrid, PredefinedSplit, cross_val_score
from sklearn.neighbors import NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnlab import model_selection as ms
from nnlab.activations import softmax
from nnlab.data import load_curves
from nnlab.traffic_classifier import repeated_stratified_kfold, standardise

RNG = np.random.default_rng(0)
X_3, Y_3 = np.array([[0.0, 1, 3]]), np.array([0.0, 1, -1])
SPACE = {"size": [1, 2, 3], "rate": [0.1, 0.01]}


def quality(configuration: ms.Configuration, resource: int = 1) -> float:
    """Score a configuration: the true worth, seen through a mist that lifts with the resource."""
    return configuration["worth"] - ((configuration["worth"] * 7) % 5) / resource


# ---- Grid and random search ----


def test_grid_is_scikit_learns() -> None:
    """Every combination once."""
    ours = ms.grid(SPACE)
    assert len(ours) == 6
    assert sorted(map(repr, ours)) == sorted(repr({"size": c["size"], "rate": c["rate"]}) for c in ParameterGrid(SPACE))


def test_size_of_the_reports_grid() -> None:
    """S3: 10 topologies, 4 activations, 3 solvers, 7 penalties, 3 schedules: 2520 configurations."""
    assert len(ms.grid({name: range(n) for name, n in zip("abcde", (10, 4, 3, 7, 3), strict=True)})) == 2520


def test_draw() -> None:
    """Lists are drawn from, functions are called with the generator, and a seed repeats the draw."""
    space = {"size": [1, 2, 3], "rate": lambda rng: 10 ** rng.uniform(-4, -1)}
    drawn, again = (ms.draw(space, 200, np.random.default_rng(0)) for _ in range(2))
    assert drawn == again
    assert {c["size"] for c in drawn} == {1, 2, 3}
    assert all(1e-4 <= c["rate"] < 1e-1 for c in drawn)


def test_search_ranks() -> None:
    """The best first, equals in their order, what is not a number last."""
    scores = {1: 0.5, 2: np.nan, 3: 0.9, 4: 0.5}
    ranking = ms.search([{"size": n} for n in scores], lambda c: scores[c["size"]])
    assert [c["size"] for c, _ in ranking] == [3, 1, 4, 2]


# ---- Successive halving and Hyperband ----


def test_successive_halving_by_hand() -> None:
    """Eight configurations, halved: 8, 4, 2 of them with 1, 2, 4 epochs. Who starts slowly is lost, unless the first round gives more."""
    configurations = [{"worth": worth} for worth in range(8)]
    rounds = ms.successive_halving(configurations, quality)
    assert [(len(each.ranking), each.resource) for each in rounds] == [(8, 1), (4, 2), (2, 4)]
    assert rounds[0].ranking[:3] == [({"worth": 5}, 5), ({"worth": 6}, 4), ({"worth": 7}, 3)]
    assert ms.winner([rounds]) == ({"worth": 6}, 6 - 2 / 4)
    assert ms.winner([ms.successive_halving(configurations, quality, resource=3)]) == ({"worth": 7}, 7 - 4 / 12)


def test_successive_halving_keeps_the_best() -> None:
    """Each round holds the best third of the one before, rounded down, and one at least."""
    rounds = ms.successive_halving([{"worth": w} for w in range(20)], quality, resource=2, eta=3)
    assert [(len(each.ranking), each.resource) for each in rounds] == [(20, 2), (6, 6), (2, 18)]
    for before, after in pairwise(rounds):
        survivors = [c for c, _ in before.ranking[: len(after.ranking)]]
        assert all(c in survivors for c, _ in after.ranking)


@given(st.integers(1, 60), st.integers(2, 4), st.integers(1, 4))
def test_rounds_cost_no_more_than_the_first(n: int, eta: int, resource: int) -> None:
    """Configurations times resource does not rise, as long as there are η configurations to choose from."""
    rounds = ms.successive_halving([{"worth": w} for w in range(n)], quality, resource, eta)
    assert all(len(each.ranking) * each.resource <= n * resource for each in rounds)
    assert len(rounds[-1].ranking) < 2 * eta


def test_brackets_of_the_paper() -> None:
    """Li et al., table 1: R = 81, η = 3 gives 81, 34, 15, 8, 5 configurations with 1, 3, 9, 27, 81; and η = 2, R = 8."""
    assert list(ms.brackets(81)) == [(81, 1, 5), (34, 3, 4), (15, 9, 3), (8, 27, 2), (5, 81, 1)]
    assert list(ms.brackets(8, 2)) == [(8, 1, 4), (6, 2, 3), (4, 4, 2), (4, 8, 1)]


def test_brackets_count_in_whole_numbers() -> None:
    """R = 243: log 243 / log 3 is 4.999… in floats; there are six brackets."""
    assert len(list(ms.brackets(243))) == 6
    assert list(ms.brackets(1)) == [(1, 1, 1)]


def test_hyperband_runs_every_bracket() -> None:
    """Each bracket ends with the full resource, and the winner is the best of the last rounds."""
    runs = ms.hyperband({"worth": range(100)}, quality, 27, np.random.default_rng(0))
    assert [[(len(r.ranking), r.resource) for r in run] for run in runs] == [
        [(27, 1), (9, 3), (3, 9), (1, 27)],
        [(12, 3), (4, 9), (1, 27)],
        [(6, 9), (2, 27)],
        [(4, 27)],
    ]
    best, score = ms.winner(runs)
    assert score == quality(best, 27) == max(run[-1].ranking[0][1] for run in runs)


def test_winner_passes_over_what_is_not_a_number() -> None:
    """A bracket whose last score is NaN does not win."""
    nan, good = ms.Round(1, [({"a": 1}, np.nan)]), ms.Round(1, [({"a": 2}, -5.0)])
    assert ms.winner([[nan], [good]]) == ({"a": 2}, -5)


class Misty(ClassifierMixin, BaseEstimator):
    """An estimator whose score is `quality` of its parameters."""

    def __init__(self, worth: int = 0, epochs: int = 1) -> None:
        self.worth, self.epochs = worth, epochs

    def fit(self, X: np.ndarray, y: np.ndarray) -> Misty:
        """Learn nothing."""
        self.classes_ = np.unique(y)
        return self

    def score(self, X: np.ndarray, y: np.ndarray) -> float:
        """Return the quality at the resource given."""
        return quality({"worth": self.worth}, self.epochs)


def test_scikit_learn_plays_the_same_rounds() -> None:
    """27 configurations, η = 3: the same rounds, and the same winner."""
    space = {"worth": list(range(27))}
    X, y = load_iris(return_X_y=True)
    best, rounds = ms.sklearn_halving(Misty(), space, X, y, "epochs", 27, min_resources=1, cv=2, random_state=0)
    ours = ms.successive_halving(ms.grid(space), quality, eta=3, rounds=4)  # scikit-learn plays one more, for one alone
    assert rounds == [(len(each.ranking), each.resource) for each in ours] == [(27, 1), (9, 3), (3, 9), (1, 27)]
    assert best == ms.winner([ours])[0]


# ---- Leakage and other errors of the report ----


def test_leakage_finds_structure_in_noise() -> None:
    """Random labels, 20 of 1000 random features: honest cross-validation says chance, choosing the features on all data says 93 %."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(1000, 60)), rng.permutation(np.arange(60) % 2)

    def accuracy(leak: bool) -> float:
        splits = repeated_stratified_kfold(y, 5, 5, np.random.default_rng(0))
        return float(ms.cross_validate(X, y, splits, lambda X, y: ms.select_features(X, y, 20), ms.nearest_centroid, leak=leak).mean())

    assert 0.35 < accuracy(leak=False) < 0.65
    assert accuracy(leak=True) > 0.9


def test_scaling_first_leaks_little() -> None:
    """S3, erratum 10: scaling all data first is wrong too, though on noise it changes the accuracy by a few hundredths only."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 60)), rng.permutation(np.arange(60) % 2)
    honest, leaky = (
        ms.cross_validate(X, y, repeated_stratified_kfold(y, 5, 5, np.random.default_rng(0)), lambda X, y: standardise(X), ms.nearest_centroid, leak=leak)
        for leak in (False, True)
    )  # fmt: skip
    assert honest.shape == leaky.shape == (25,)
    assert not np.array_equal(honest, leaky)
    assert abs(honest.mean() - leaky.mean()) < 0.05


def test_cross_validation_is_scikit_learns() -> None:
    """The same splits, scaling inside each, and the nearest centroid."""
    X, y = load_iris(return_X_y=True)
    splits = list(repeated_stratified_kfold(y, 5, 2, np.random.default_rng(0)))
    theirs = cross_val_score(make_pipeline(StandardScaler(), NearestCentroid()), X, y, cv=splits)
    assert_allclose(ms.cross_validate(X.T, y, splits, lambda X, y: standardise(X), ms.nearest_centroid), theirs)


def test_select_features() -> None:
    """The feature that is the label, and the one that is its opposite, are chosen; the order stays."""
    rng = np.random.default_rng(0)
    y = np.arange(30) % 2
    X = rng.normal(size=(5, 30))
    X[1], X[4] = 3 - y, y
    assert_array_equal(ms.select_features(X, y, 2)(X), X[[1, 4]])


def test_perfect_on_training_data_is_no_evidence() -> None:
    """S3, erratum 10: a memory of the training samples is right on all of them and at chance on new ones."""
    rng = np.random.default_rng(0)
    X, new, y, y_new = rng.normal(size=(3, 200)), rng.normal(size=(3, 200)), rng.integers(2, size=200), rng.integers(2, size=200)

    def recall_nearest(samples: np.ndarray) -> np.ndarray:
        return y[((samples[:, :, None] - X[:, None, :]) ** 2).sum(axis=0).argmin(axis=1)]

    assert (recall_nearest(X) == y).all()
    assert 0.35 < (recall_nearest(new) == y_new).mean() < 0.65


def test_percentage_error_is_no_score_for_labels() -> None:
    """S3, erratum 10: A, B, C with the first taken for B costs 1/9, 1/3 or 1e15 by the numbers that A and B happen to have."""

    def error(A: int, B: int, C: int = 5) -> float:
        return float(mean_absolute_percentage_error([A, B, C], [B, B, C]))

    assert_allclose([error(3, 2), error(1, 2)], [1 / 9, 1 / 3])
    assert error(0, 1) > 1e14


def test_the_reports_solver_does_not_exist() -> None:
    """S3, erratum 10: scikit-learn refuses 'lbgfs' and takes 'lbfgs'."""
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="lbgfs"):
        MLPClassifier(solver="lbgfs").fit(X, y)
    assert MLPClassifier(solver="lbfgs", max_iter=10_000, random_state=0).fit(X, y).score(X, y) > 0.95


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ms.draw(SPACE, 0, np.random.default_rng()), r"n must be a whole number of at least 1, got 0"),
        (lambda: ms.search([], quality), r"configurations must not be empty, got none"),
        (lambda: ms.successive_halving([], quality, rounds=2), r"configurations must not be empty, got none"),
        (lambda: ms.successive_halving([{}], quality, eta=1), r"eta must be a whole number of at least 2, got 1"),
        (lambda: ms.successive_halving([{}], quality, resource=0), r"resource must be a whole number of at least 1, got 0"),
        (lambda: ms.successive_halving([{}], quality, rounds=0), r"rounds must be a whole number of at least 1, got 0"),
        (lambda: list(ms.brackets(0)), r"max_resource must be a whole number of at least 1, got 0"),
        (lambda: list(ms.brackets(9, 1)), r"eta must be a whole number of at least 2, got 1"),
        (lambda: ms.brackets(9.5), r"max_resource must be a whole number of at least 1, got 9.5. Round it"),
        (lambda: ms.brackets(float("nan")), r"max_resource must be a whole number of at least 1, got nan"),
        (lambda: ms.halve_curves(np.ones(4), 1, 2), r"curves must have the shape \(networks, epochs\)"),
        (lambda: ms.halve_curves(np.ones((0, 4)), 1, 2), r"curves must have the shape \(networks, epochs\)"),
        (lambda: ms.gp_posterior(X_3, Y_3[:2], X_3, 1, 0.1), r"x must be a matrix with one column for each number of y, 2"),
        (lambda: ms.gp_posterior(X_3, Y_3, np.ones((2, 4)), 1, 0.1), r"x_new must be a matrix with one row for each feature of x, 1"),
        (lambda: ms.gp_posterior(X_3, Y_3, X_3, 0, 0.1), r"length must be a positive number, got 0"),
        (lambda: ms.gp_posterior(X_3, Y_3, X_3, 1, -0.1), r"noise must be zero or more, got -0.1"),
        (lambda: ms.gp_posterior(X_3, Y_3 * np.nan, X_3, 1, 0.1), r"y must be finite, got 3 NaN"),
        (lambda: ms.gp_posterior(0 * X_3, Y_3, X_3, 1, 0.0), r"noise must be above 0 where a place was tried twice"),
        (lambda: ms.expected_improvement(Y_3, np.ones(2), 0), r"sd must have the shape of mean, \(3,\), got \(2,\)"),
        (lambda: ms.expected_improvement(Y_3, -np.ones(3), 0), r"sd must hold no negative numbers, got -1"),
        (lambda: ms.expected_improvement(Y_3, np.ones(3), float("nan")), r"best must be one finite number, got nan"),
        (lambda: ms.reinforce_step(np.zeros(3), 3, 1, 0, 1), r"choice must be a whole number from 0 to 2, got 3"),
        (lambda: ms.reinforce_step(np.zeros(3), -1, 1, 0, 1), r"choice must be a whole number from 0 to 2, got -1"),
        (lambda: ms.reinforce_step(np.zeros((3, 3)), 1, 1, 0, 1), r"logits must have 1 axis, got shape \(3, 3\)"),
        (lambda: ms.reinforce_step(np.zeros(3), 1, float("inf"), 0, 1), r"reward must be one finite number, got inf"),
        (lambda: ms.reinforce_step(np.zeros(3), 1, 1, 0, 0), r"alpha must be a positive number, got 0"),
        (lambda: ms.stratified_folds(np.eye(3), 2, RNG), r"y must be a list of labels, one a sample"),
        (lambda: ms.stratified_folds([], 2, RNG), r"y must be a list of labels, one a sample"),
        (lambda: ms.stratified_folds([0, np.nan, 1], 2, RNG), r"y must be a list of labels, one a sample"),
        (lambda: ms.stratified_folds([0, 1, 1], 1, RNG), r"folds must be a whole number of at least 2, got 1"),
        (lambda: ms.fold_scores(X_3, np.arange(2), np.arange(3)), r"y must have the shape of a row of X"),
        (lambda: ms.fold_scores(X_3, np.arange(3), np.array([0, 2, 2])), r"fold must number two folds or more as 0, 1, …"),
        (lambda: ms.fold_scores(X_3, np.arange(3), np.zeros(3, dtype=int)), r"fold must number two folds or more as 0, 1, …"),
        (lambda: ms.propose(np.array([3]), np.ones(1), X_3), r"an index in tried must be a whole number from 0 to 2, got .*3"),
        (lambda: ms.propose(np.array([1]), np.ones(2), X_3), r"scores must have the shape of tried"),
        (lambda: ms.propose(np.arange(3), np.ones(3), X_3), r"tried must leave a candidate, got all 3"),
        (lambda: ms.evolve([1, 2], float, lambda each, rng: each, 5, RNG), r"the size of the population must be a whole number of at least 3"),
        (lambda: ms.evolve([1, 2, 3], float, lambda each, rng: each, 2, RNG), r"tries must be a whole number of at least 3, got 2"),
        (lambda: ms.controller([2, 0], len, 3, 1.0, RNG), r"the choices of a position must be a whole number of at least 1, got 0"),
        (lambda: ms.controller([2], lambda choices: float("nan"), 3, 1.0, RNG), r"reward must be one finite number, got nan"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()


# ---- What the exercises of chapter 10 are ----


@pytest.mark.parametrize("seed", range(3))
def test_gp_posterior_is_scikit_learns(seed: int) -> None:
    """The same kernel and noise: mean and sd of the function, in one to three dimensions."""
    rng = np.random.default_rng(seed)
    features, length, noise = seed + 1, 0.4 + seed, 0.1 + 0.2 * seed
    x, y, new = rng.normal(size=(features, 7)), rng.normal(size=7), rng.normal(size=(features, 5))
    theirs = GaussianProcessRegressor(RBF(length), alpha=noise**2, optimizer=None).fit(x.T, y)
    for ours, expected in zip(ms.gp_posterior(x, y, new, length, noise), theirs.predict(new.T, return_std=True), strict=True):
        assert_allclose(ours, expected, atol=1e-9)


def test_expected_improvement_is_the_mean_of_what_exceeds_the_best() -> None:
    """The formula beside an integral over the normal distribution; nothing is uncertain where sd is 0."""
    mean, sd, best = np.array([0.0, 1.0, 2.0, -3.0]), np.array([1.0, 0.5, 0.1, 2.0]), 1.0
    z = np.linspace(-9, 9, 40_001)
    integral = [np.trapezoid(np.maximum(m + s * z - best, 0) * norm.pdf(z), z) for m, s in zip(mean, sd, strict=True)]
    assert_allclose(ms.expected_improvement(mean, sd, best), integral, atol=1e-7)
    assert_array_equal(ms.expected_improvement(mean, np.zeros(4), best), [0, 0, 1, 0])
    assert_allclose(ms.normal_cdf(z[::1000]), norm.cdf(z[::1000]), atol=1e-12)


@pytest.mark.parametrize("sizes", [(10, 10, 5), (7, 3, 12), (2, 2, 2, 2)])
def test_stratified_folds_are_even(sizes: tuple[int, ...]) -> None:
    """Of each class, and of all, any two folds differ by one at most; scikit-learn's folds have as many of each class, or one more or less."""
    y = np.random.default_rng(0).permutation(np.repeat([3, -1, 7, 0][: len(sizes)], sizes))
    fold = ms.stratified_folds(y, 4, np.random.default_rng(1))
    for part in (fold, *(fold[y == label] for label in np.unique(y))):
        assert np.ptp(np.bincount(part, minlength=4)) <= 1
    assert_array_equal(fold, ms.stratified_folds(y, 4, np.random.default_rng(1)))


def test_fold_scores_are_scikit_learns() -> None:
    """The same folds, a scale and a nearest mean inside each: the same accuracies."""
    X, y = load_iris(return_X_y=True)
    fold = ms.stratified_folds(y, 5, np.random.default_rng(2))
    theirs = cross_val_score(make_pipeline(StandardScaler(), NearestCentroid()), X, y, cv=PredefinedSplit(fold))
    assert_allclose(ms.fold_scores(X.T, y, fold), theirs)


def test_halve_curves_plays_the_rounds_of_successive_halving() -> None:
    """On the bundled table: what `successive_halving` does with a score looked up in it, but for the order of equals."""
    curves = load_curves().validation[:64]
    rounds = ms.halve_curves(curves, 1, 2)
    assert [(r, len(alive)) for r, alive in rounds] == [(1, 64), (2, 32), (4, 16), (8, 8), (16, 4), (32, 2)]
    theirs = ms.successive_halving([{"i": i} for i in range(64)], lambda c, r: curves[c["i"], r - 1], eta=2, rounds=6)
    assert [[c["i"] for c, _ in each.ranking] for each in theirs] == [alive for _, alive in rounds]


def test_reinforce_step_follows_the_gradient_of_the_expected_reward() -> None:
    """Averaged over the choices, with any baseline, it is that gradient, measured by differences; a baseline only makes it quieter."""
    z, rewards = np.array([0.3, -0.2, 0.9]), np.array([0.2, 0.9, 0.5])
    p = softmax(z)

    def steps(baseline: float) -> np.ndarray:
        return np.array([ms.reinforce_step(z, i, rewards[i], baseline, 1.0) - z for i in range(3)])

    h = 1e-6 * np.eye(3)
    measured = [(softmax(z + each) @ rewards - softmax(z - each) @ rewards) / 2e-6 for each in h]
    for baseline in (0.0, 0.5, -3.0):
        assert_allclose(p @ steps(baseline), measured, atol=1e-9)
    spread = [np.sum(p @ (steps(b) - p @ steps(b)) ** 2) for b in (0.0, float(p @ rewards))]
    assert spread[1] < spread[0]


def test_controller_and_evolution_find_the_best_word() -> None:
    """Three letters of four: both learn, and their last tries are better than their first."""
    hidden = (2, 0, 3)

    def reward(word: tuple[int, ...]) -> float:
        return sum(a == b for a, b in zip(word, hidden, strict=True)) / 3

    _, rewards = ms.controller((4, 4, 4), reward, 400, 1.0, np.random.default_rng(0))
    assert np.mean(rewards[:20]) < 0.7 < 0.9 < np.mean(rewards[-50:])

    def changed(word: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
        place = int(rng.integers(3))
        return (*word[:place], int(rng.integers(4)), *word[place + 1 :])

    rng = np.random.default_rng(1)
    start = [tuple(int(i) for i in rng.integers(4, size=3)) for _ in range(10)]
    born = ms.evolve(start, reward, changed, 120, rng)
    assert len(born) == 120
    assert max(score for _, score in born) == 1


def test_propose_finds_one_hill() -> None:
    """Sixteen trials on a hill: all different, and the top is found."""
    places = np.array(np.meshgrid(np.linspace(0, 1, 15), np.linspace(0, 1, 15))).reshape(2, -1)
    hill = np.exp(-((places[0] - 0.8) ** 2 + (places[1] - 0.2) ** 2) / 0.1)
    tried: list[int] = []
    for _ in range(16):
        tried.append(ms.propose(np.array(tried, dtype=int), hill[np.array(tried, dtype=int)], places))
    assert len(set(tried)) == 16
    assert hill[tried].max() == hill.max()
