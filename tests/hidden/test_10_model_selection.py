"""Hidden tests of chapter 10. Each docstring is the sentence its student gets."""

import numpy as np
import pytest

from nnlab import model_selection as lesson
from nnlab.grading.marking.testing import agree, reached


@pytest.mark.points("all_settings", 1)
def test_all_settings_product(student, rng):
    """Every combination is there once, in the order of counting, for any number of hyperparameters."""
    for sizes in ((2, 3, 2), (4, 1, 1, 3), (2, 2, 2, 2, 3)):
        values = [[int(each) for each in rng.permutation(20)[:n]] for n in sizes]
        agree(student.all_settings(values), lesson.all_settings(values))


@pytest.mark.points("all_settings", 1)
def test_all_settings_edges(student, rng):
    """It is right where a hyperparameter has one value, none, or the same as another, and what is given stays as it was."""
    same = [float(each) for each in rng.uniform(size=2)]
    for values in ([[3], ["relu"], [1, 2]], [[1, 2], []], [same, same, [0.5]], [["tanh"]], [[0, 0], [1, 2]]):
        agree(student.all_settings(values), lesson.all_settings(values))


def shares(y, folds):
    """Return a judge: how many of each class, and of all, the folds have, sorted."""

    def judge(fold):
        if fold.dtype.kind not in "iu" or fold.min() < 0 or fold.max() >= folds:
            return ["no folds"]
        parts = (*(fold[y == label] for label in np.unique(y)), fold)
        return np.array([np.sort(np.bincount(part, minlength=folds)) for part in parts])

    return judge


@pytest.mark.points("stratified_folds", 1)
def test_stratified_folds_of_each_class(student, rng):
    """Each class is spread evenly, whatever its labels are and however the samples are sorted."""
    for sizes, labels, folds in (((23, 6, 11), (0, 1, 2), 4), ((9, 14), (3, 8), 3), ((5, 5, 5, 7), (2, 0, 9, 4), 5), ((8, 5), (-1, 1), 3)):
        y = np.repeat(labels, sizes)
        for order in (np.arange(len(y)), rng.permutation(len(y)), np.argsort(rng.permutation(len(y)) % folds)):
            agree(student.stratified_folds(y[order], folds, rng), lesson.stratified_folds(y[order], folds, rng), shares(y[order], folds))


@pytest.mark.points("stratified_folds", 1)
def test_stratified_folds_of_all(student, rng):
    """The folds as a whole have nearly the same size, with many small classes too."""
    for classes, each, folds in ((4, 3, 8), (7, 2, 5), (3, 4, 5)):
        y = rng.permutation(np.repeat(np.arange(classes), each))
        agree(student.stratified_folds(y, folds, rng), lesson.stratified_folds(y, folds, rng), shares(y, folds))


@pytest.mark.points("stratified_folds", 1)
def test_stratified_folds_are_random(student, rng):
    """The same seed deals the same, other seeds deal otherwise, and no two samples of a class belong together for ever."""
    y = np.repeat([0, 1], [40, 20])
    dealt = np.array([student.stratified_folds(y, 4, np.random.default_rng(int(seed))) for seed in rng.integers(10**6, size=12)])
    together = dealt[:, :, None] == dealt[:, None, :]
    share = together.mean(axis=0)[np.triu_indices(40, 1)]
    for _ in range(2):
        agree(student.stratified_folds(y, 4, np.random.default_rng(5)), student.stratified_folds(y, 4, np.random.default_rng(5)))
    agree([bool(share.max() < 1), int(len({each.tobytes() for each in dealt}) > 10)], [True, 1])


def cloud(rng, samples, classes, features=3):
    """Draw samples of some classes, with features of different sizes and one far outlier."""
    y = rng.permutation(np.arange(samples) % classes)
    X = np.array([1.0, 40.0, 0.01, 5.0])[:features, None] * (rng.normal(size=(features, samples)) + y * rng.normal(size=(features, 1)))
    X[1, rng.integers(samples)] = 400.0
    return X, 2 * y + 1


@pytest.mark.points("fold_scores", 2)
def test_fold_scores_values(student, rng):
    """The score of each fold is right, for folds of any size."""
    for samples, classes, folds in ((40, 3, 5), (31, 2, 3), (60, 4, 4)):
        X, y = cloud(rng, samples, classes, 4 if folds == 4 else 3)
        fold = rng.permutation(np.minimum(np.arange(samples) % (folds + 1), folds - 1))
        agree(student.fold_scores(X, y, fold), lesson.fold_scores(X, y, fold))


@pytest.mark.points("fold_scores", 2)
def test_fold_scores_know_nothing(student, rng):
    """Nothing of the test fold goes into its scale or its means: outliers there change only their own hits."""
    for samples in (20, 12, 28, 16):
        y = np.arange(samples) % 2
        fold = np.arange(samples) // 2 % 4
        X = np.vstack([y + 0.6 * rng.normal(size=samples), 30 * rng.normal(size=samples), 3 * y + 2 * rng.normal(size=samples)])
        X[1, fold == 3] += 3000 * rng.choice([-1, 1], size=np.sum(fold == 3))
        X[0, fold == 1] += 80 * y[fold == 1]
        agree(student.fold_scores(X, y, fold), lesson.fold_scores(X, y, fold))


def rising(rng, networks, epochs):
    """Draw learning curves that rise, cross and fall."""
    worth, speed = rng.uniform(0.3, 1, (networks, 1)), rng.uniform(0.2, 3, (networks, 1))
    return worth * (1 - np.exp(-speed * np.arange(1, epochs + 1) / 3)) + 0.2 * rng.normal(size=(networks, epochs))


@pytest.mark.points("halve_curves", 2)
def test_halve_curves_rounds(student, rng):
    """Rounds, epochs and order are right for any number of networks, epochs and η."""
    for networks, epochs, resource, eta in ((40, 12, 1, 2), (31, 9, 2, 3), (64, 32, 1, 4), (23, 40, 3, 2), (200, 5, 1, 2)):
        curves = rising(rng, networks, epochs)
        agree(student.halve_curves(curves, resource, eta), lesson.halve_curves(curves, resource, eta))


@pytest.mark.points("halve_curves", 1)
def test_halve_curves_ties(student, rng):
    """Of equals the earlier comes first, and what is not a number comes last."""
    for networks, eta in ((24, 2), (30, 3)):
        curves = np.round(rising(rng, networks, 8), 1)
        curves[:, 0] = rng.permutation(np.arange(networks) % 3) / 4
        agree(student.halve_curves(curves, 1, eta), lesson.halve_curves(curves, 1, eta))
        curves[rng.permutation(networks)[:5], :4] = np.nan
        for scores in (curves, curves - 3e4):  # the negative of a cost is a score, too
            agree(student.halve_curves(scores, 1, eta), lesson.halve_curves(scores, 1, eta))


@pytest.mark.points("halve_curves", 1)
def test_halve_curves_edges(student, rng):
    """It ends with the last choice: one network, two, fewer than 2 η, curves of one epoch, more epochs asked for than there are."""
    for networks, epochs, resource, eta in (
        (1, 4, 1, 2),
        (2, 5, 1, 2),
        (5, 9, 1, 3),
        (9, 1, 1, 2),
        (12, 3, 7, 2),
        (3, 6, 6, 3),
        (16, 10, 4, 2),
    ):
        curves = rising(rng, networks, epochs)
        agree(student.halve_curves(curves, resource, eta), lesson.halve_curves(curves, resource, eta))


@pytest.mark.points("brackets", 1)
def test_brackets_values(student, rng):
    """Networks, epochs and rounds are right for any R and η."""
    for eta, low, high in ((2, 9, 60), (3, 10, 200), (4, 20, 300), (5, 30, 124)):
        R = int(rng.integers(low, high))
        agree(student.brackets(R, eta), lesson.brackets(R, eta))


@pytest.mark.points("brackets", 1)
def test_brackets_powers(student, rng):
    """They are right where R is a power of η, or one less, or smaller than η."""
    for R, eta in ((3**5, 3), (3**5 - 1, 3), (5**3, 5), (2**10, 2), (1, 4), (2, 3), (6**3, 6), (10**3, 10)):
        agree(student.brackets(R, eta), lesson.brackets(R, eta))


@pytest.mark.points("gp_posterior", 2)
def test_gp_posterior_values(student, rng):
    """Mean and sd are right for any number of trials and features, any length and noise."""
    for features, trials, places, length, noise in ((1, 5, 7, 0.3, 0.1), (2, 8, 3, 1.7, 0.4), (4, 3, 6, 0.8, 1.2), (3, 1, 2, 0.6, 0.05)):
        x, x_new = rng.normal(size=(features, trials)), rng.normal(size=(features, places))
        y = rng.normal(size=trials) + 1
        agree(student.gp_posterior(x, y, x_new, length, noise), lesson.gp_posterior(x, y, x_new, length, noise))


@pytest.mark.points("gp_posterior", 1)
def test_gp_posterior_edges(student, rng):
    """It holds where a place was tried twice, where nothing is near, where one trial is all there is, and where all is known but for rounding."""
    x, y = rng.uniform(size=(2, 4)), rng.normal(size=4)
    twice, more = np.hstack([x, x[:, :2]]), np.append(y, y[:2] + 0.5)
    agree(student.gp_posterior(twice, more, x + 0.1, 0.5, 0.2), lesson.gp_posterior(twice, more, x + 0.1, 0.5, 0.2))
    agree(student.gp_posterior(x, y, x + 1000, 0.5, 0.2), lesson.gp_posterior(x, y, x + 1000, 0.5, 0.2))
    agree(student.gp_posterior(x[:, :1], y[:1], x, 0.5, 0.2), lesson.gp_posterior(x[:, :1], y[:1], x, 0.5, 0.2))
    agree(student.gp_posterior(x[:, :1], y[:1], x, 0.5, 0.02), lesson.gp_posterior(x[:, :1], y[:1], x, 0.5, 0.02))
    line = np.linspace(0, 1, 40)[None]  # nearly no noise: what is under the root is 0 but for rounding, and below it in some places
    known = (line, rng.normal(size=40), line, 0.03, 1e-9)
    agree(student.gp_posterior(*known), lesson.gp_posterior(*known), judge=lambda told: bool(np.all(told[1] < 1e-4)))


@pytest.mark.points("expected_improvement", 1)
def test_expected_improvement_values(student, rng):
    """It is right for any beliefs and any best."""
    for places, best in ((6, 0.7), (9, -1.4), (1, 2.5)):
        mean, sd = rng.normal(size=places) + best / 2, rng.uniform(0.2, 2, size=places)
        agree(student.expected_improvement(mean, sd, best), lesson.expected_improvement(mean, sd, best))
    far = np.array([-6.0, -4.0, 5.0])  # below the best and above it, by more than 1 sd
    agree(
        student.expected_improvement(far, np.array([3.0, 2.5, 2.0]), 0.5), lesson.expected_improvement(far, np.array([3.0, 2.5, 2.0]), 0.5)
    )


@pytest.mark.points("expected_improvement", 1)
def test_expected_improvement_edges(student, rng):
    """It is right where nothing is uncertain, below the best and above it, and where sd is tiny."""
    best = float(rng.normal())
    mean = best + np.array([-1.0, 0.0, 0.5, 2.0, -0.3, 0.4])
    for sd in (np.zeros(6), np.array([0.0, 1e-3, 1.0, 0.0, 1e-3, 1e-3]), np.full(6, 1e-12)):
        agree(student.expected_improvement(mean, sd, best), lesson.expected_improvement(mean, sd, best))
    near, tiny = best + 1e-4 * (mean - best), np.full(6, 1e-4)
    agree(student.expected_improvement(near, tiny, best), lesson.expected_improvement(near, tiny, best))


@pytest.mark.points("reinforce_step", 2)
def test_reinforce_step_values(student, rng):
    """The scores are right for any number of choices, rewards better and worse than usual, and any learning rate."""
    for choices, offset in ((2, 0.4), (5, -0.7), (9, 1.3)):
        z, choice, baseline, alpha = rng.normal(size=choices), int(rng.integers(choices)), float(rng.normal()), float(rng.uniform(0.1, 3))
        agree(
            student.reinforce_step(z, choice, baseline + offset, baseline, alpha),
            lesson.reinforce_step(z, choice, baseline + offset, baseline, alpha),
        )


@pytest.mark.points("reinforce_step", 1)
def test_reinforce_step_edges(student, rng):
    """It stays finite for large scores, leaves all as it was for a reward as usual, and does not change what it was given."""
    z = rng.normal(size=4)
    for scores, reward in ((z + 1500, 0.9), (z - 2000, 0.1), (z, 0.3), (300 * z, 1.0), (z[:1], 2.0)):
        choice = int(rng.integers(len(scores)))
        agree(student.reinforce_step(scores, choice, reward, 0.3, 0.5), lesson.reinforce_step(scores, choice, reward, 0.3, 0.5))


SIDE = np.linspace(0, 1, 15)
PLACES = np.array(np.meshgrid(SIDE, SIDE)).reshape(2, -1)
STEPS = np.abs(PLACES[:, :, None] - PLACES[:, None]).max(axis=0)
NEAREST = np.argsort(STEPS > 0.08, axis=1, kind="stable")[:, :9]  # each place with its neighbours; at the border others are among them
AROUND = np.where(np.take_along_axis(STEPS, NEAREST, axis=1) < 0.08, NEAREST, np.arange(225)[:, None])
TRIALS, ONE_HILL, HILLS = 16, 50, 100


def one_hill(rng):
    """Draw landscapes of one hill each, round or long, anywhere."""
    top, turn, width = (
        rng.uniform(0.1, 0.9, (ONE_HILL, 2, 1)),
        rng.uniform(0, np.pi, (ONE_HILL, 1)),
        rng.uniform(0.15, 0.35, (2, ONE_HILL, 1)),
    )
    x, y = np.moveaxis(PLACES - top, 1, 0)
    along, across = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    return np.exp(-((along / width[0]) ** 2 + (across / width[1]) ** 2) / 2)


def hills(rng):
    """Draw landscapes of several hills: whoever climbs from anywhere mostly ends on a lower one, and notably lower."""
    kept = []
    while len(kept) < HILLS:
        waves = rng.normal(size=(60, 2)) / 0.25
        h = (rng.normal(size=(60, 1)) * np.cos(waves @ PLACES + rng.uniform(0, 2 * np.pi, (60, 1)))).sum(axis=0)
        h = (h - h.min()) / (h.max() - h.min())
        up = AROUND[np.arange(225), h[AROUND].argmax(axis=1)]
        for _ in range(5):
            up = up[up]
        ends = h[up]
        if np.mean(ends == 1) < 0.4 and ends[ends < 1].max() < 0.85:
            kept.append(h)
    return np.array(kept)


def below_the_top(student, heights, where):
    """Let the student play all landscapes at once, a trial each at a time; return how far the best found lies below the top, on average."""
    low, top = heights.min(axis=1, keepdims=True), heights.max(axis=1, keepdims=True)
    heights = (heights - low) / (top - low)
    tried, wasted = [[] for _ in heights], 0
    for _ in range(TRIALS):
        asked = [(np.array(t, dtype=int), h[np.array(t, dtype=int)], PLACES) for t, h in zip(tried, heights, strict=True)]
        for game, told in zip(tried, student.each("propose", asked, once=True), strict=True):
            if isinstance(told, (int, float, np.number)) and told in range(PLACES.shape[1]) and told not in game:
                game.append(int(told))
            else:
                wasted += 1
    off = np.mean([1 - (h[t].max() if t else 0.0) for h, t in zip(heights, tried, strict=True)])
    reached(f"{off:.3f} below the top on average {where}" + (f"; {wasted} trials were wasted" if wasted else ""))
    return off


@pytest.mark.points("propose", 1)
def test_propose_climbs(student, rng):
    """On 50 landscapes with one hill, it learns from its trials where to climb: it comes nearer to the top than darts and a grid do."""
    agree(int(below_the_top(student, one_hill(rng), "of one hill") <= 0.075), 1)


@pytest.mark.points("propose", 1)
def test_propose_looks_elsewhere(student, shared_rng):
    """On 100 landscapes with several hills, it does not stay on the first hill that it finds."""
    agree(int(below_the_top(student, hills(shared_rng), "where there are several hills") <= 0.04), 1)


@pytest.mark.points("propose", 1)
def test_propose_weighs(student, shared_rng):
    """On the same hills, it weighs what is good against what is unknown."""
    agree(int(below_the_top(student, hills(shared_rng), "where there are several hills") <= 0.03), 1)
