"""Chapter 10, model selection: its exercises, declared as data."""

from __future__ import annotations

from itertools import product
from math import ceil, log
from typing import Any

import numpy as np

from nnlab.activations import softmax
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.languages import say
from nnlab.model_selection import (
    all_settings,
    brackets,
    expected_improvement,
    fold_scores,
    gp_posterior,
    halve_curves,
    normal_cdf,
    propose,
    reinforce_step,
    stratified_folds,
)
from nnlab.traffic_classifier import nearest_mean, standardised


def _diagonal(values: Any) -> Any:
    return [list(each) for each in zip(*values, strict=False)]


def _one_list(values: Any) -> Any:
    """Fill one list again and again, and keep that list each time."""
    setting: list[Any] = [None] * len(values)
    kept = []
    for chosen in product(*values):
        setting[:] = chosen
        kept.append(setting)
    return kept


def _one_changed(values: Any) -> Any:
    """Change one hyperparameter at a time, the others at their first value."""
    first = [each[0] for each in values]
    return [first] + [[*first[:i], value, *first[i + 1 :]] for i, each in enumerate(values) for value in each[1:]]


ALL_SETTINGS = Exercise(
    reference=all_settings,
    points=2,
    cases=(
        Case("two values and three", ([[1, 2], [10, 20, 30]],)),
        Case("three hyperparameters", ([[0.1, 1.0], ["tanh", "relu"], [4, 8, 16]],)),
        Case("a single hyperparameter", ([[3, 1, 2]],)),
    ),
    properties=(
        Property("five lists of 2, 3, 1, 2, 4 values give 48", lambda f: len(f([[0] * n for n in (2, 3, 1, 2, 4)])) == 48),
        Property("a hyperparameter without values gives no setting", lambda f: len(f([[1, 2], [], [3]])) == 0),
    ),
    misconceptions=(
        Misconception("the values are paired", _diagonal, "With 3 and 4 values, how many pairs are there?"),
        Misconception(
            "one hyperparameter changes at a time",
            _one_changed,
            "What if the best rate for a wide network is not the best for a narrow one?",
        ),
        Misconception("the same list stands in every place", _one_list, "You change one list and keep it again. How many lists are there?"),
        Misconception(
            "the first changes fastest",
            lambda values: [list(each[::-1]) for each in product(*values[::-1])],
            "Which one changes fastest when you count 00, 01, 02, 10, 11, 12?",
        ),
        Misconception(
            "settings are counted",
            lambda values: int(np.prod([len(each) for each in values])),
            "That is how many there are. Which are they?",
        ),
        Misconception(
            "each setting is turned round",
            (
                lambda values: [each[::-1] for each in all_settings(values)],
                lambda values: [list(each) for each in product(*values[::-1])],
            ),
            "Which hyperparameter comes first in a setting?",
        ),
        Misconception(
            "only two hyperparameters are looked at",
            lambda values: [[a, b] for a in values[0] for b in values[1]],
            "Two loops serve two hyperparameters. What serves any number?",
        ),
        Misconception(
            "the settings are sorted",
            lambda values: sorted(all_settings(values)),
            "In which order do the values come? Is 'relu' before 'tanh' in the second case?",
        ),
    ),
    hints=(
        "Every value meets every combination of the others.",
        "Start with one empty setting. For each hyperparameter, replace each setting by "
        "copies with one value more. Or: `itertools.product(*values)`.",
        "return [list(each) for each in itertools.product(*values)]",
    ),
)

LABELS = {
    15: np.array([0, 2, 1, 0, 1, 2, 0, 0, 2, 1, 1, 2, 0, 2, 1]),
    13: np.array([7, 3, 7, 7, 3, 7, 7, 3, 7, 7, 7, 3, 7]),
    22: np.array([4] * 12 + [2] * 3 + [9] * 7),
}
DEALT = {15: 5, 13: 3, 22: 5}  # into so many folds


def _shares(fold: Any) -> Any:
    """Say how evenly labels are dealt, from how many there are: of each class, and of all, how many the folds have."""
    if fold.dtype.kind not in "iu":
        raise TypeError(say("folds are whole numbers, so their array has the dtype int"))
    y, folds = LABELS[len(fold)], DEALT[len(fold)]
    parts = (*(fold[y == label] for label in np.unique(y)), fold)
    counts = [[int(np.sum(part == k)) for k in range(folds)] for part in parts]
    return np.array([[*np.sort(each), len(part) - np.sum(each)] for each, part in zip(counts, parts, strict=True)])


def _dealt(places: Any = None, start: bool = True, labels: Any = np.unique) -> Any:
    """Build a wrong `stratified_folds`."""

    def wrong(y: Any, folds: Any, rng: Any) -> Any:
        fold, dealt = np.zeros(len(y), dtype=int), 0
        for label in labels(y):
            where = (places or (lambda rng, found: rng.permutation(found)))(rng, np.flatnonzero(y == label))
            fold[where] = (dealt * start + np.arange(len(where))) % folds
            dealt += len(where)
        return fold

    return wrong


def _within_classes(y: Any, folds: Any, rng: Any) -> Any:
    """Deal the numbers 0 to n − 1 of each class in place of its samples."""
    fold, dealt = np.zeros(len(y), dtype=int), 0
    for label in np.unique(y):
        places = rng.permutation(int(np.sum(y == label)))
        fold[places] = (dealt + np.arange(len(places))) % folds
        dealt += len(places)
    return fold


def _shuffled(y: Any, folds: Any, rng: Any) -> Any:
    return rng.permutation(np.arange(len(y)) % folds)


def _differs(f: Any) -> bool:
    y = LABELS[22]
    return not np.array_equal(f(y, 3, np.random.default_rng(0)), f(y, 3, np.random.default_rng(1)))


STRATIFIED_FOLDS = Exercise(
    reference=stratified_folds,
    points=3,
    judge=_shares,
    cases=(
        Case("three classes of 5, five folds", (LABELS[15], 5, np.random.default_rng(3))),
        Case("two classes of 9 and 4, three folds", (LABELS[13], 3, np.random.default_rng(4))),
        Case("sorted labels, classes of 12, 3 and 7, five folds", (LABELS[22], 5, np.random.default_rng(5))),
    ),
    properties=(
        Property("another seed deals differently", _differs),
        Property("the same seed deals the same", lambda f: np.array_equal(*(f(LABELS[22], 4, np.random.default_rng(8)) for _ in range(2)))),
    ),
    misconceptions=(
        Misconception("classes are not looked at", _shuffled, "Could a fold get none of the rare class by chance?"),
        Misconception(
            "samples are dealt in the order of the file",
            lambda y, folds, rng: np.arange(len(y)) % folds,
            "What if every fifth row is of one class?",
        ),
        Misconception(
            "every class is dealt from fold 0",
            _dealt(start=False),
            "Three classes of 4, five folds: which fold gets nothing? Deal on where the last class ended.",
        ),
        Misconception(
            "the folds are blocks",
            lambda y, folds, rng: np.arange(len(y)) * folds // len(y),
            "The file may be sorted by class. What does the first block hold then?",
        ),
        Misconception(
            "labels are taken to be 0, 1, 2",
            _dealt(labels=lambda y: range(len(np.unique(y)))),
            "One class may be called 7. What does `np.unique(y)` give?",
        ),
        Misconception(
            "the folds are counted from 1",
            (lambda y, folds, rng: _dealt()(y, folds, rng) + 1, lambda y, folds, rng: _dealt(start=False)(y, folds, rng) + 1),
            "The folds are called 0 to folds − 1. Which numbers do yours have?",
        ),
        Misconception(
            "the places of each fold are returned",
            (
                lambda y, folds, rng: [np.flatnonzero(_dealt()(y, folds, rng) == k) for k in range(folds)],
                lambda y, folds, rng: [np.flatnonzero(_dealt(start=False)(y, folds, rng) == k) for k in range(folds)],
            ),
            "One number for each sample is asked for: the fold that it is in.",
        ),
        Misconception(
            "the folds are numbers with a point",
            lambda y, folds, rng: _dealt()(y, folds, rng).astype(float),
            "`np.zeros` makes floats. What makes whole numbers of them?",
        ),
        Misconception(
            "there are two folds, whatever is asked for",
            (lambda y, folds, rng: _dealt()(y, 2, rng), lambda y, folds, rng: _dealt(start=False)(y, 2, rng)),
            "Where in your function stands `folds`?",
        ),
        Misconception(
            "each sample's fold is drawn by itself",
            (lambda y, folds, rng: rng.integers(folds, size=len(y)), lambda y, folds, rng: rng.integers(0, folds, len(y))),
            "How many of a rare class would a fold get by luck? Deal, do not draw.",
        ),
        Misconception(
            "the places within a class are taken for places in y",
            _within_classes,
            "`rng.permutation(n)` gives the numbers 0 to n − 1. Which samples of y have this class?",
        ),
    ),
    hints=(
        "Deal each class like a pack of cards: shuffle, then one card to each fold in turn.",
        "For each label of `np.unique(y)`: `np.flatnonzero(y == label)` are its places; "
        "`rng.permutation` shuffles them. Count how many were dealt so far.",
        "fold[places] = (dealt + np.arange(len(places))) % folds; dealt += len(places)",
    ),
)

X_8 = np.array([[1.0, 2.0, 1.5, 3.0, 6.0, 5.0, 4.4, 90.0], [40.0, 10.0, 30.0, 25.0, 20.0, 5.0, 28.0, 12.0]])
Y_8, FOLD_8 = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 1, 2, 3, 0, 1, 2, 3])


def _cloud(seed: int = 6, samples: int = 30, folds: int = 4) -> Any:
    """Draw samples of three classes with features of different scales, and their folds."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(samples) % 3)
    X = np.array([[1.0], [50.0], [0.02]]) * (rng.normal(size=(3, samples)) + np.array([[1.2], [-0.5], [0.7]]) * y)
    X[1, 4] *= 30
    return X, y, rng.permutation(np.arange(samples) % folds)


CLOUD = _cloud()
UNEQUAL = (*_cloud(9, 14)[:2], np.array([1, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0, 1, 0]))


def _judged(
    scale: Any = lambda X, test: X[:, ~test], learn: Any = lambda test: ~test, total: Any = np.array, score: Any = np.mean, ahead: int = 0
) -> Any:
    """Build a wrong `fold_scores`: what the scale and the means are learned from, and what becomes of the scores."""

    def wrong(X: Any, y: Any, fold: Any) -> Any:
        scores = []
        for k in range(fold.max() + 1 - ahead):
            test = fold == k
            scaled = standardised(scale(X, test), X) if scale else X
            scores.append(score(nearest_mean(scaled[:, learn(test)], y[learn(test)], scaled[:, test]) == y[test]))
        return total(scores)

    return wrong


def _scaled_apart(X: Any, y: Any, fold: Any) -> Any:
    """Put each part on its own scale."""
    scores = []
    for k in range(fold.max() + 1):
        test = fold == k
        train, new = standardised(X[:, ~test], X[:, ~test]), standardised(X[:, test], X[:, test])
        scores.append(np.mean(nearest_mean(train, y[~test], new) == y[test]))
    return np.array(scores)


def _untouched_by_the_test(f: Any) -> bool:
    """Whether fold 0's score stays the same when its own samples, all but one, move far away: only their own hits may change."""
    X, y, fold = CLOUD
    moved = X.copy()
    first = np.flatnonzero(fold == 0)
    moved[:, first] += 1e6
    return np.isclose(f(moved, y, fold)[0], fold_scores(moved, y, fold)[0])


FOLD_SCORES = Exercise(
    reference=fold_scores,
    points=4,
    cases=(
        Case("eight samples, a far one in the last fold", (X_8, Y_8, FOLD_8)),
        Case("thirty samples of three classes, features on different scales", CLOUD),
        Case("folds of different sizes", UNEQUAL),
    ),
    properties=(Property("moving the test samples far away moves no mean and no scale", _untouched_by_the_test),),
    misconceptions=(
        Misconception(
            "the scale is learned from all samples",
            (
                _judged(scale=lambda X, test: X),
                lambda X, y, fold: _judged(scale=None)(standardised(X, X), y, fold),
            ),
            "Which number of the test fold is known before it is predicted?",
        ),
        Misconception(
            "each part has its own scale", _scaled_apart, "The same speed gets two values then. On which scale were the means learned?"
        ),
        Misconception(
            "the scale is learned from the test fold",
            _judged(scale=lambda X, test: X[:, test]),
            "In use, samples come one at a time. Which samples are there to learn a scale from?",
        ),
        Misconception(
            "the means are learned from all samples", _judged(learn=lambda test: test | True), "Were the test samples seen before?"
        ),
        Misconception(
            "the means are learned from the test fold", _judged(learn=lambda test: test), "Which part is held back: the fold, or the rest?"
        ),
        Misconception(
            "nothing is scaled",
            _judged(scale=None),
            "One feature goes from 5 to 40, the other from 1 to 6. Which one decides what is near?",
        ),
        Misconception(
            "the mean is returned", _judged(total=lambda scores: float(np.mean(scores))), "How uncertain is it? A mean alone cannot say."
        ),
        Misconception("hits are counted", _judged(score=np.sum), "Accuracy is a share. Of how many?"),
        Misconception("errors are counted", _judged(score=lambda hit: 1 - np.mean(hit)), "Accuracy is what is right."),
        Misconception("the last fold is missing", _judged(ahead=1), "Folds are numbered from 0. How many are there if the highest is 4?"),
        Misconception(
            "the fold is learned from, and the rest is tested",
            lambda X, y, fold: np.array(
                [
                    np.mean(nearest_mean(S[:, fold == k], y[fold == k], S[:, fold != k]) == y[fold != k])
                    for k in range(fold.max() + 1)
                    for S in [standardised(X[:, fold == k], X)]
                ]
            ),
            "Which part is held back: one fold, or all but one?",
        ),
        Misconception(
            "predictions are returned",
            lambda X, y, fold: np.array(
                [
                    nearest_mean(S[:, fold != k], y[fold != k], S[:, fold == k])[0]
                    for k in range(fold.max() + 1)
                    for S in [standardised(X[:, fold != k], X)]
                ]
            ),
            "A score says how often the predictions are right. With what do you compare them?",
        ),
    ),
    hints=(
        "For each fold: pretend that its samples do not exist yet. Learn everything from the others.",
        "`test = fold == k`. Learn the scale from `X[:, ~test]`, and put both parts "
        "on it: `standardised(X[:, ~test], X)`. Then `nearest_mean`.",
        "score k = mean(nearest_mean(scaled[:, ~test], y[~test], scaled[:, test]) == y[test])",
    ),
)

BY_HAND = np.array([[0.3, 0.5, 0.6, 0.65], [0.5, 0.6, 0.62, 0.63], [0.2, 0.3, 0.6, 0.9], [0.4, 0.55, 0.7, 0.75]])
TIES = np.array([[0.5, 0.5], [0.7, 0.5], [0.5, 0.9], [0.7, 0.6], [0.7, 0.8]])
BROKEN = np.array([[0.1, np.nan], [0.3, 0.4], [np.nan, np.nan], [0.2, 0.6], [0.25, 0.5]])


def _many(seed: int = 3, networks: int = 17, epochs: int = 6) -> Any:
    """Draw learning curves that rise, cross, and sometimes fall."""
    rng = np.random.default_rng(seed)
    worth, speed = rng.uniform(0.3, 1, (networks, 1)), rng.uniform(0.2, 3, (networks, 1))
    noise = 0.2 * rng.normal(size=(networks, epochs))
    return np.round(worth * (1 - np.exp(-speed * np.arange(1, epochs + 1) / 3)) + noise, 3)


def _halved(
    value: Any = lambda curves, r: np.nan_to_num(curves[:, r - 1], nan=-np.inf),
    keep: Any = lambda n, eta: n // eta,
    grow: Any = lambda r, eta: r * eta,
    order: Any = lambda alive, scores: sorted(alive, key=lambda i: scores[i], reverse=True),
    least: int = 2,
    renumber: bool = False,
    cap: bool = True,
) -> Any:
    """Build a wrong `halve_curves`."""

    def wrong(curves: Any, resource: Any, eta: Any) -> Any:
        alive, last = list(range(len(curves))), curves.shape[1]
        rounds: list[Any] = []
        for _ in range(100):
            if resource > last and not cap:
                return rounds
            resource = min(resource, last)
            scores = value(curves, resource)
            ranked = order(alive, scores)
            rounds.append((resource, [alive.index(i) for i in ranked] if renumber else ranked))
            kept = keep(len(ranked), eta)
            if kept < least or resource == last or kept >= len(ranked):
                return rounds
            alive, resource = ranked[:kept], grow(resource, eta)
        return rounds

    return wrong


def _both(value: Any) -> Any:
    """Spell a wrong `halve_curves` in two ways: with what is not a number left, and put last."""
    return _halved(value), _halved(lambda curves, r: value(np.where(np.isnan(curves), -np.inf, curves), r))


HALVE_CURVES = Exercise(
    reference=halve_curves,
    points=4,
    cases=(
        Case("the four curves by hand", (BY_HAND, 1, 2)),
        Case("two curves, from two epochs on", (np.array([[0.5, 0.52], [0.2, 0.6]]), 2, 2)),
        Case("seventeen curves, η = 2", (_many(), 1, 2)),
        Case("seventeen curves, η = 3, from two epochs on", (_many(4), 2, 3)),
        Case("equal scores", (TIES, 1, 2)),
        Case("scores that are not a number", (BROKEN, 1, 2)),
        Case("one curve", (BY_HAND[:1], 1, 2)),
    ),
    misconceptions=(
        Misconception(
            "the worst go on",
            _halved(order=lambda alive, scores: sorted(alive, key=lambda i: scores[i])),
            "Scores are accuracies here. Which are good?",
        ),
        Misconception(
            "the number is rounded up",
            _halved(keep=lambda n, eta: -(-n // eta)),
            "17 halved: may 9 go on, if each gets twice as much? What would the round cost?",
        ),
        Misconception(
            "the resource stays the same", _halved(grow=lambda r, eta: r), "Half as many networks: what can each of them get more?"
        ),
        Misconception(
            "the resource grows by one", _halved(grow=lambda r, eta: r + 1), "By what must it grow, so that each round costs the same?"
        ),
        Misconception(
            "the mean of the curve is ranked",
            _both(lambda curves, r: curves[:, :r].mean(axis=1)),
            "Which one is better *now*, after r epochs?",
        ),
        Misconception(
            "the best of the curve so far is ranked",
            _both(lambda curves, r: curves[:, :r].max(axis=1)),
            "A curve may fall again. How good is it after r epochs?",
        ),
        Misconception(
            "the end of the curve is ranked",
            _both(lambda curves, r: curves[:, -1]),
            "You look at epochs that are not trained yet. What would they cost?",
        ),
        Misconception(
            "the column is one too far",
            _both(lambda curves, r: curves[:, min(r, curves.shape[1] - 1)]),
            "Python counts from 0. In which column is the score after 1 epoch?",
        ),
        Misconception(
            "the survivors are numbered anew",
            _halved(renumber=True),
            "Which network is number 0 in the second round? Keep the first numbers.",
        ),
        Misconception(
            "half are kept whatever η is",
            _halved(keep=lambda n, eta: n // 2),
            "With η = 3 a third goes on. Where does η stand in your code?",
        ),
        Misconception("one alone plays on", _halved(least=1), "With whom is it compared? It costs epochs, and nothing is left to choose."),
        Misconception(
            "of equals the later comes first",
            _halved(order=lambda alive, scores: sorted(alive, key=lambda i: scores[i])[::-1]),
            "A list that is turned round turns equals round, too. What does `sorted(…, "
            "reverse=True)` do, or `np.argsort(-scores, kind='stable')`?",
        ),
        Misconception(
            "what is not a number comes first",
            _halved(
                value=lambda curves, r: np.nan_to_num(curves[:, r - 1], nan=np.inf),
            ),
            "`np.argsort` puts nan last, and then the order is turned round. How good is a network whose score is nan?",
        ),
        Misconception(
            "nothing beyond the end of the curves", _halved(cap=False), "The last round gets all the epochs there are, if r would be more."
        ),
    ),
    hints=(
        "A little for all, more for the best. Keep a list of numbers of networks, not of curves.",
        "In each round: rank those alive by `curves[i, r - 1]`, note the round, keep the "
        "first `len(alive) // eta`, multiply r by eta (at most the length).",
        "while True: rank; append (r, ranked); stop if len // eta < 2 or r is the "
        "length; alive = ranked[: len // eta]; r = min(r · eta, length)",
    ),
)


def _by_logarithm(R: Any, eta: Any = 3) -> Any:
    most = int(log(R) / log(eta))
    return [(ceil((most + 1) * eta**s / (s + 1)), R // eta**s, s + 1) for s in range(most, -1, -1)]


def _bracket(
    n: Any = lambda most, s, eta: -(-(most + 1) * eta**s // (s + 1)),
    r: Any = lambda R, s, eta: R // eta**s,
    rounds: int = 1,
    up: bool = False,
    more: int = 0,
) -> Any:
    """Build a wrong `brackets`."""

    def wrong(R: Any, eta: Any = 3) -> Any:
        most = max(s for s in range(60) if eta**s <= R) + more
        return [(n(most, s, eta), r(R, s, eta), s + rounds) for s in (range(most + 1) if up else range(most, -1, -1))]

    return wrong


BRACKETS = Exercise(
    reference=brackets,
    points=2,
    cases=(
        Case("R = 27, η = 3", (27, 3)),
        Case("R = 20, η = 2", (20, 2)),
        Case("R = 243, η = 3", (243, 3)),
        Case("R = 1", (1, 3)),
    ),
    misconceptions=(
        Misconception(
            "a logarithm lost a bracket", _by_logarithm, "What does Python say to `log(243) / log(3)`? Count divisions in whole numbers."
        ),
        Misconception(
            "n is rounded down",
            _bracket(n=lambda most, s, eta: (most + 1) * eta**s // (s + 1)),
            "⌈ … ⌉ rounds up. `-(-a // b)` does so in whole numbers.",
        ),
        Misconception(
            "n is η^s", _bracket(n=lambda most, s, eta: eta**s), "All brackets are to cost about the same. What stands before η^s?"
        ),
        Misconception("r is rounded up", _bracket(r=lambda R, s, eta: -(-R // eta**s)), "May a network get more than R in its last round?"),
        Misconception("r is a fraction", _bracket(r=lambda R, s, eta: R / eta**s), "Can a network train for 2.5 epochs?"),
        Misconception("the brackets are turned round", _bracket(up=True), "Begin with many networks that get little."),
        Misconception(
            "rounds are counted from 0", _bracket(rounds=0), "One network set that gets everything at once: how many rounds is that?"
        ),
        Misconception("one bracket too many", _bracket(more=1), "With η^s > R, how many epochs would a network get in its first round?"),
        Misconception(
            "the rounds are left out",
            lambda R, eta=3: [each[:2] for each in brackets(R, eta)],
            "Networks, epochs, and a third number: what else does a bracket need to be played?",
        ),
        Misconception(
            "it promises a list and makes none",
            lambda R, eta=3: (each for each in brackets(R, eta)),
            "Round brackets around a comprehension make a generator. Which ones make a list?",
        ),
    ),
    hints=(
        "How often can R be divided by η and stay at least 1? That is the largest s.",
        "Count s up while eta ** (s + 1) <= R. Then go down from it to 0. Whole numbers only: `-(-a // b)` rounds up.",
        "for s = s_max … 0: (-(-(s_max + 1) · eta**s // (s + 1)), R // eta**s, s + 1)",
    ),
)

AT_3, VALUES_3, NEW_4 = np.array([[0.0, 1.0, 3.0]]), np.array([0.0, 1.0, -1.0]), np.array([[0.2, 0.5, 2.0, 10.0]])
PLANE = np.array([[0.1, 0.8, 0.45, 0.3], [0.9, 0.2, 0.5, 0.35]])
PLANE_NEW = np.array([[0.2, 0.7, 0.1], [0.3, 0.3, 0.95]])


def _belief(
    kernel: Any = None, noise: Any = lambda s, n: s**2 * np.eye(n), noisy: bool = False, spread: Any = np.sqrt, inverse: Any = np.linalg.inv
) -> Any:
    """Build a wrong `gp_posterior`."""
    kernel = kernel or (lambda squared, length: np.exp(-squared / (2 * length**2)))

    def alike(a: Any, b: Any, length: Any) -> Any:
        return kernel(((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0), length)

    def wrong(x: Any, y: Any, x_new: Any, length: Any, s: Any) -> Any:
        inverted = inverse(alike(x, x, length) + noise(s, len(y)))
        Q = alike(x, x_new, length)
        variance = 1 - np.sum(Q * (inverted @ Q), axis=0) + (s**2 if noisy else 0)
        return y @ inverted @ Q, spread(np.maximum(variance, 0))

    return wrong


def _all_pairs(x: Any, y: Any, x_new: Any, length: Any, noise: Any) -> Any:
    """Return the whole matrix of covariances, below a root."""

    def alike(a: Any, b: Any) -> Any:
        return np.exp(-((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0) / (2 * length**2))

    Q = alike(x, x_new)
    S = np.linalg.solve(alike(x, x) + noise**2 * np.eye(len(y)), Q)
    return y @ S, np.sqrt(np.maximum(1 - Q.T @ S, 0))


def _far(f: Any) -> bool:
    mean, sd = f(AT_3, VALUES_3, np.array([[100.0, -60.0]]), 1.0, 0.1)
    return np.allclose(mean, 0) and np.allclose(sd, 1)


def _more_is_surer(f: Any) -> bool:
    few, more = (f(PLANE[:, :n], np.ones(n), PLANE_NEW, 0.4, 0.1)[1] for n in (2, 4))
    return bool(np.all(more <= few + 1e-9))


def _all_known(f: Any) -> bool:
    places = np.linspace(0, 1, 40)[None]
    return bool(np.all(f(places, np.sin(7 * places[0]), places, 0.03, 1e-9)[1] < 1e-4))


GP_POSTERIOR = Exercise(
    reference=gp_posterior,
    points=3,
    returns=("the mean", "the sd"),
    cases=(
        Case("three measurements on a line", (AT_3, VALUES_3, NEW_4, 1.0, 0.1)),
        Case("two features, length 0.4", (PLANE, np.array([0.5, -1.0, 2.0, 0.25]), PLANE_NEW, 0.4, 0.3)),
        Case("near each other, with much noise", (np.array([[1.0, 1.5, 2.0]]), np.array([0.0, 1.0, 3.0]), NEW_4, 2.0, 0.5)),
    ),
    properties=(
        Property("far away from all measurements it knows nothing: mean 0, sd 1", _far),
        Property("more measurements never make it less sure", _more_is_surer),
        Property("where nearly all is known, sd is nearly 0 and never nan", _all_known),
    ),
    misconceptions=(
        Misconception("the noise is not squared", _belief(noise=lambda s, n: s * np.eye(n)), "The matrix holds variances. Is `noise` one?"),
        Misconception(
            "the noise is left out",
            _belief(noise=lambda s, n: 0 * np.eye(n)),
            "Two measurements at one place may differ. What does your matrix say?",
        ),
        Misconception(
            "the noise stands in every place of the matrix",
            _belief(noise=lambda s, n: s**2 * np.ones((n, n))),
            "Is the noise of one measurement that of another? `np.eye` is the unit matrix.",
        ),
        Misconception("the variance is returned", _belief(spread=lambda v: v), "A standard deviation is asked for."),
        Misconception(
            "the ½ is missing in the exponent",
            _belief(kernel=lambda q, length: np.exp(-q / length**2)),
            "How is k written above?",
        ),
        Misconception(
            "the length is not squared",
            _belief(kernel=lambda q, length: np.exp(-q / (2 * length))),
            "Distance and length are divided first, then squared.",
        ),
        Misconception(
            "the distance is not squared",
            _belief(kernel=lambda q, length: np.exp(-np.sqrt(q) / (2 * length))),
            "Distance and length are divided first, then squared.",
        ),
        Misconception(
            "the noise of a new measurement is added",
            _belief(noisy=True),
            "Asked is how sure the *function* is, not what a new measurement would show.",
        ),
        Misconception(
            "K is not used",
            _belief(inverse=lambda K: np.eye(len(K))),
            "Two trials at nearly one place say nearly one thing. Where do you take back that they are counted twice?",
        ),
        Misconception(
            "what is known is taken for what is not",
            lambda x, y, x_new, length, s: (
                gp_posterior(x, y, x_new, length, s)[0],
                np.sqrt(np.maximum(1 - gp_posterior(x, y, x_new, length, s)[1] ** 2, 0)),
            ),
            "Far away from all trials sd must be 1. What is yours there?",
        ),
        Misconception(
            "the sd of all pairs is given",
            _all_pairs,
            "`Q.T @ S` has a row and a column for each new place. Which of its entries are variances?",
        ),
        Misconception(
            "only the first feature counts",
            lambda x, y, x_new, length, s: gp_posterior(x[:1], y, x_new[:1], length, s),
            "Over which axis is the squared distance summed?",
        ),
    ),
    hints=(
        "A new place is like those nearby. How like it is to each one stands in Q, how like they are to each other in K.",
        "K = k(x, x) + noise² · I, Q = k(x, x_new). The squared distances of all "
        "pairs: `((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0)`.",
        "S = solve(K, Q); mean = y @ S; sd = sqrt(1 − sum over rows of Q · S), with nothing below 0 under the root",
    ),
)

MEAN_4, SD_4 = np.array([0.0, 1.0, 1.0, 2.0]), np.array([1.0, 0.5, 2.0, 0.1])


def _density(u: Any) -> Any:
    return np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)


def _improvement(formula: Any, sure: bool = True) -> Any:
    """Build a wrong `expected_improvement` from a formula of the gain, the sd and u."""

    def wrong(mean: Any, sd: Any, best: Any) -> Any:
        gain = mean - best
        with np.errstate(all="ignore"):
            u = gain / sd
            value = formula(gain, sd, u)
        return np.where(sd > 0, value, np.maximum(gain, 0)) if sure else value

    return wrong


EXPECTED_IMPROVEMENT = Exercise(
    reference=expected_improvement,
    points=2,
    cases=(
        Case("four places", (MEAN_4, SD_4, 1.0)),
        Case("all below the best", (np.array([-0.5, 0.25, -3.0]), np.array([0.3, 1.5, 0.7]), 0.5)),
        Case("places that are known for sure", (np.array([0.5, 2.0, 1.0, 3.0]), np.array([0.0, 0.0, 0.0, 0.5]), 1.0)),
    ),
    properties=(
        Property("it is never negative", lambda f: bool(np.all(f(np.linspace(-4, 2, 13), np.full(13, 0.5), 1.0) >= 0))),
        Property(
            "where the mean equals the best it is 0.3989 sd",
            lambda f: np.allclose(f(np.ones(3), np.array([0.5, 1.0, 2.0]), 1.0), _density(0.0) * np.array([0.5, 1, 2])),
        ),
    ),
    misconceptions=(
        Misconception(
            "it is the probability of an improvement",
            (_improvement(lambda gain, sd, u: normal_cdf(u)), _improvement(lambda gain, sd, u: normal_cdf(np.nan_to_num(u)), sure=False)),
            "How probable, and by how much: which of the two counts here?",
        ),
        Misconception(
            "low values are taken for good ones",
            lambda mean, sd, best: expected_improvement(-mean, sd, -best),
            "Scores: the higher, the better. Which sign has `mean - best` for a good place?",
        ),
        Misconception(
            "φ stands without sd",
            _improvement(lambda gain, sd, u: gain * normal_cdf(u) + _density(u)),
            "Twice as unsure: how much more can be won?",
        ),
        Misconception(
            "a place that is known gives nan",
            _improvement(lambda gain, sd, u: gain * normal_cdf(np.nan_to_num(u, nan=0.0)) + sd * _density(u), sure=False),
            "Where sd is 0 there is no u. What does a place gain that is known exactly?",
        ),
        Misconception(
            "a place that is known gives 0",
            lambda mean, sd, best: np.where(sd > 0, expected_improvement(mean, sd, best), 0.0),
            "Known and better than the best: by how much?",
        ),
        Misconception("only φ is there", _improvement(lambda gain, sd, u: sd * _density(u)), "Does a higher mean not count at all?"),
        Misconception(
            "only Φ is there",
            _improvement(lambda gain, sd, u: gain * normal_cdf(u)),
            "At mean = best this is 0. Is nothing to be won there?",
        ),
        Misconception(
            "losses count, too",
            lambda mean, sd, best: mean - best,
            "What you have found stays found. What is a place worth that turns out worse?",
        ),
        Misconception(
            "it is a bound: mean plus sd",
            lambda mean, sd, best: mean + sd - best,
            "That is optimism, another good rule. Here the *expected* improvement is asked for.",
        ),
        Misconception(
            "the second term is subtracted",
            _improvement(lambda gain, sd, u: gain * normal_cdf(u) - sd * _density(u)),
            "Should being unsure make a place less worth a trial?",
        ),
        Misconception(
            "the root of 2π is missing",
            _improvement(lambda gain, sd, u: gain * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / (2 * np.pi)),
            "By what does φ divide? Its area must be 1.",
        ),
        Misconception(
            "u is not squared in φ",
            _improvement(lambda gain, sd, u: gain * normal_cdf(u) + sd * np.exp(-u / 2) / np.sqrt(2 * np.pi)),
            "φ is as high at −u as at u. Is yours?",
        ),
        Misconception(
            "a place that is known may lose",
            lambda mean, sd, best: np.where(sd > 0, expected_improvement(mean, sd, best), mean - best),
            "It is known to be worse than the best. What do you lose by that?",
        ),
    ),
    hints=(
        "Only what exceeds the best counts, and it counts by how much.",
        "u = (mean − best) / sd. Where sd is 0, divide by 1 instead and take max(mean − best, 0) in the end: `np.where`.",
        "where(sd > 0, (mean − best) · normal_cdf(u) + sd · exp(−u²/2) / √(2π), maximum(mean − best, 0))",
    ),
)


def _nudged(step: Any) -> Any:
    """Build a wrong `reinforce_step` from what is added, without the learning rate."""

    def wrong(logits: Any, choice: Any, reward: Any, baseline: Any, alpha: Any) -> Any:
        chosen = np.zeros(len(logits))
        chosen[choice] = 1
        return logits + alpha * step(chosen, softmax(logits), reward, baseline)

    return wrong


def _naive(logits: Any, choice: Any, reward: Any, baseline: Any, alpha: Any) -> Any:
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum()
        return logits + alpha * (reward - baseline) * (np.eye(len(logits))[choice] - p)


Z_3 = np.array([1.0, 0.0, -1.0])


def _in_the_mean(f: Any) -> bool:
    rewards, p = np.array([0.2, 0.9, 0.4]), softmax(Z_3)
    steps = np.array([f(Z_3, i, rewards[i], 0.3, 1.0) - Z_3 for i in range(3)])
    return np.allclose(p @ steps, p * (rewards - p @ rewards))


REINFORCE_STEP = Exercise(
    reference=reinforce_step,
    points=3,
    cases=(
        Case("three choices, all alike, better than usual", (np.zeros(3), 2, 0.9, 0.5, 1.0)),
        Case("worse than usual", (Z_3, 0, 0.2, 0.5, 2.0)),
        Case("scores near a thousand", (np.array([1000.0, 1001.0, 998.0, 1000.5]), 3, 1.0, 0.25, 0.5)),
    ),
    properties=(
        Property("as usual: nothing changes", lambda f: np.allclose(f(Z_3, 1, 0.5, 0.5, 3.0), Z_3)),
        Property("what one choice gains, the others lose", lambda f: np.isclose(np.sum(f(Z_3, 1, 0.8, 0.1, 0.7)), np.sum(Z_3))),
        Property("in the mean it is the gradient of the expected reward", _in_the_mean),
    ),
    misconceptions=(
        Misconception(
            "it walks the wrong way", _nudged(lambda c, p, r, b: -(r - b) * (c - p)), "It was better than usual. Should it become rarer?"
        ),
        Misconception(
            "only the chosen one moves",
            _nudged(lambda c, p, r, b: (r - b) * c),
            "Probabilities sum to 1. And at p near 1, should it still grow as fast?",
        ),
        Misconception(
            "only the chosen one moves, by 1 − p",
            _nudged(lambda c, p, r, b: (r - b) * c * (1 - p)),
            "The softmax has a slope for every score, also for those not chosen.",
        ),
        Misconception(
            "there is no baseline", _nudged(lambda c, p, r, b: r * (c - p)), "If every reward is positive, does every choice deserve more?"
        ),
        Misconception(
            "the baseline is added", _nudged(lambda c, p, r, b: (r + b) * (c - p)), "Better than usual, or together with what is usual?"
        ),
        Misconception(
            "it is weighed by its probability",
            _nudged(lambda c, p, r, b: (r - b) * (c @ p) * (c - p)),
            "A frequent choice is drawn often. Who already weighs by p?",
        ),
        Misconception(
            "it is divided by its probability",
            _nudged(lambda c, p, r, b: (r - b) * (c - p) / (c @ p)),
            "∂ ln p: the division by p is done already. What does it give?",
        ),
        Misconception("the softmax overflows", _naive, "exp(1000) is inf. Subtract the largest first, or use your `softmax`."),
        Misconception(
            "it moves the probabilities",
            lambda z, c, r, b, a: softmax(z) + a * (r - b) * (np.eye(len(z))[c] - softmax(z)),
            "What is to be returned: scores, or probabilities?",
        ),
        Misconception(
            "only the change is returned",
            lambda z, c, r, b, a: a * (r - b) * (np.eye(len(z))[c] - softmax(z)),
            "From where does the step start?",
        ),
        Misconception(
            "the learning rate is missing",
            lambda logits, choice, reward, baseline, alpha: reinforce_step(logits, choice, reward, baseline, 1.0),
            "Where is alpha in your step?",
        ),
        Misconception(
            "the scores stand in place of the probabilities",
            lambda logits, choice, reward, baseline, alpha: logits + alpha * (reward - baseline) * (np.eye(len(logits))[choice] - logits),
            "The direction is onehot − **p**. What makes probabilities of scores?",
        ),
        Misconception(
            "the neighbour of the choice is meant",
            (
                lambda logits, choice, reward, baseline, alpha: reinforce_step(logits, choice - 1, reward, baseline, alpha),
                lambda logits, choice, reward, baseline, alpha: reinforce_step(logits, (choice + 1) % len(logits), reward, baseline, alpha),
            ),
            "Python counts from 0. Which place has choice 0?",
        ),
        Misconception(
            "probabilities are returned",
            lambda logits, choice, reward, baseline, alpha: softmax(reinforce_step(logits, choice, reward, baseline, alpha)),
            "The scores are asked for, before the softmax.",
        ),
    ),
    hints=(
        "More of what did better than usual, less of what did worse.",
        "The gradient of ln p(choice) by the scores is onehot − p, with p = "
        "softmax(logits). Multiply it by alpha and by (reward − baseline).",
        "return logits + alpha · (reward − baseline) · (onehot − softmax(logits))",
    ),
)

SQUARE = np.array(np.meshgrid(np.linspace(0, 1, 15), np.linspace(0, 1, 15))).reshape(2, -1)
HILL = np.exp(-((SQUARE[0] - 0.2) ** 2 + (SQUARE[1] - 0.7) ** 2) / 0.18)


def _fresh(i: int) -> bool:
    return 0 <= i < SQUARE.shape[1]


def _played(f: Any, scores: Any = HILL, tries: int = 16) -> Any:
    """Let an answer look for the highest of some scores; return what it tried."""
    tried: list[int] = []
    for _ in range(tries):
        tried.append(int(f(np.array(tried, dtype=int), scores[np.array(tried, dtype=int)], SQUARE)))
    return tried


def _valid(i: Any) -> str:
    """Judge a proposal by its form: any place of the list may be tried."""
    return "a place of the list" if int(i) == i and _fresh(int(i)) else "no place of the list"


PROPOSE = Exercise(
    reference=propose,
    points=3,
    judge=_valid,
    cases=(
        Case("nothing tried yet", (np.array([], dtype=int), np.array([]), SQUARE)),
        Case("one place tried", (np.array([30]), HILL[[30]], SQUARE)),
        Case("three places tried", (np.array([112, 0, 170]), HILL[[112, 0, 170]], SQUARE)),
        Case("equal scores", (np.array([5, 80]), np.array([0.5, 0.5]), SQUARE)),
    ),
    properties=(
        Property("of sixteen tries two at most go where one has been", lambda f: len(set(_played(f))) >= 14),
        Property("on a single hill it comes near the top in sixteen tries", lambda f: bool(HILL[_played(f)].max() > 0.9)),
    ),
    misconceptions=(
        Misconception(
            "nothing is done about the first trial",
            (
                lambda tried, scores, candidates: propose(tried, scores, candidates) if len(tried) else scores.max(),
                lambda tried, scores, candidates: propose(tried, scores, candidates) if len(tried) else np.argmax(scores),
            ),
            "At first nothing was tried, and `scores` is empty. Where do you begin?",
        ),
        Misconception(
            "it is no place of the list",
            (
                lambda tried, scores, candidates: candidates.shape[1],
                lambda tried, scores, candidates: candidates.shape[1] if len(tried) else 0,
            ),
            "An index is a whole number from 0 to the number of candidates less 1.",
        ),
    ),
    hints=(
        "Where is the *expected improvement* largest? You have both functions for it.",
        "Standardise the scores (mind a spread of 0). `gp_posterior` with a length of a quarter of the "
        "square and a little noise; then `expected_improvement`. Never the same place twice.",
        "mean, sd = gp_posterior(candidates[:, tried], standardised scores, candidates, "
        "0.25, 0.01); argmax of the improvement over what was not tried",
    ),
)

CHAPTER = Chapter(
    name="10_model_selection",
    title="10 Model selection",
    exercises=(
        ALL_SETTINGS,
        HALVE_CURVES,
        BRACKETS,
        GP_POSTERIOR,
        EXPECTED_IMPROVEMENT,
        REINFORCE_STEP,
        STRATIFIED_FOLDS,
        FOLD_SCORES,
        PROPOSE,
    ),
    data=("curves.csv", "traffic.csv"),
)
