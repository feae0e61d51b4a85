"""Chapter 10: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""


def changed(source, *replaced):
    """Return a source with pieces replaced, each of which must be there."""
    for old, new in replaced:
        assert old in source, old
        source = source.replace(old, new)
    return source


def library(name, args):
    """Return an answer that asks the course's own function."""
    return f"from nnlab.model_selection import {name} as theirs\ndef {name}({args}):\n    return theirs({args})"


SETTINGS = """def all_settings(values):
    settings = [[]]
    for each in values:
        settings = [setting + [value] for setting in settings for value in each]
    return settings"""
FOLDS = """def stratified_folds(y, folds, rng):
    fold, dealt = np.zeros(len(y), dtype=int), 0
    for label in np.unique(y):
        places = rng.permutation(np.flatnonzero(y == label))
        fold[places] = (dealt + np.arange(len(places))) % folds
        dealt += len(places)
    return fold"""
SCORES = """def fold_scores(X, y, fold):
    scores = []
    for k in range(fold.max() + 1):
        test = fold == k
        scaled = standardised(X[:, ~test], X)
        told = nearest_mean(scaled[:, ~test], y[~test], scaled[:, test])
        scores.append(np.mean(told == y[test]))
    return np.array(scores)"""
HALVE = """def halve_curves(curves, resource, eta):
    scores, last = np.where(np.isnan(curves), -np.inf, curves), curves.shape[1]
    alive, rounds = list(range(len(curves))), []
    while True:
        resource = min(resource, last)
        alive = sorted(alive, key=lambda i: scores[i, resource - 1], reverse=True)
        rounds.append((resource, alive))
        if len(alive) // eta < 2 or resource == last:
            return rounds
        alive, resource = alive[: len(alive) // eta], resource * eta"""
BRACKETS = """def brackets(max_resource, eta=3):
    most = 0
    while eta ** (most + 1) <= max_resource:
        most += 1
    return [(-(-(most + 1) * eta**s // (s + 1)), max_resource // eta**s, s + 1) for s in range(most, -1, -1)]"""
POSTERIOR = """def gp_posterior(x, y, x_new, length, noise):
    def alike(a, b):
        return np.exp(-((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0) / (2 * length**2))
    K = alike(x, x) + noise**2 * np.eye(len(y))
    Q = alike(x, x_new)
    S = np.linalg.solve(K, Q)
    return y @ S, np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))"""
IMPROVEMENT = """def expected_improvement(mean, sd, best):
    gain = mean - best
    u = gain / np.where(sd > 0, sd, 1)
    won = gain * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(sd > 0, won, np.maximum(gain, 0))"""
STEP = """def reinforce_step(logits, choice, reward, baseline, alpha):
    onehot = np.zeros(len(logits))
    onehot[choice] = 1
    return logits + alpha * (reward - baseline) * (onehot - softmax(logits))"""
PROPOSE = """def propose(tried, scores, candidates):
    if len(tried) == 0:
        return 97
    values = (scores - scores.mean()) / (scores.std() or 1)
    mean, sd = gp_posterior(candidates[:, tried], values, candidates, 0.25, 0.01)
    improvement = expected_improvement(mean, sd, values.max())
    improvement[tried] = -9
    return int(np.argmax(improvement))"""
GREEDY = changed(PROPOSE, ("expected_improvement(mean, sd, values.max())", "mean.copy()"))

MUTANTS = {
    "all_settings": {
        "zip": ("def all_settings(values):\n    return [list(each) for each in zip(*values)]", "the values are paired"),
        "one at a time": (
            "def all_settings(values):\n    first = [each[0] for each in values if each]\n    return [first] + [first[:i] + [v] + first[i + 1 :] for i, each in enumerate(values) for v in each[1:]]",
            "one hyperparameter changes at a time",
        ),
        "one list": (
            "def all_settings(values):\n    from itertools import product\n    one, kept = [None] * len(values), []\n    for each in product(*values):\n        one[:] = each\n        kept.append(one)\n    return kept",
            "the same list stands in every place",
        ),
        "first fastest": (
            changed(SETTINGS, ("for setting in settings for value in each", "for value in each for setting in settings")),
            "the first changes fastest",
        ),
        "counted": ("def all_settings(values):\n    return int(np.prod([len(each) for each in values]))", "settings are counted"),
        "backwards": (changed(SETTINGS, ("setting + [value]", "[value] + setting")), "your result[0][0]"),
        "array": (changed(SETTINGS, ("return settings", "return np.array(settings)")), "of type ndarray"),
        "no first": (changed(SETTINGS, ("return settings", "return settings[1:]")), "should have 6 entries, and has 5"),
        "nested": (changed(SETTINGS, ("setting + [value]", "[setting, value]")), "your result[0]"),
        "two loops": (
            "def all_settings(values):\n    return [[a, b] for a in values[0] for b in values[1]]",
            "should have 12 entries, and has 4",
        ),
        "sorted": (changed(SETTINGS, ("return settings", "return sorted(settings)")), "should be 'tanh', and is 'relu'"),
        "empty passed over": (changed(SETTINGS, ("for each in values:", "for each in filter(None, values):")), "without values gives no"),
        "four at most": (
            changed(SETTINGS, ("for each in values:", "for each in values[:4]:")),
            "should hold, and does not: five lists of 2, 3, 1, 2, 4",
        ),
        "once each": (
            changed(SETTINGS, ("return settings", "return [s for i, s in enumerate(settings) if s not in settings[:i]]")),
            "should hold, and does not: five lists of 2, 3, 1, 2, 4",
        ),
        "emptied": (changed(SETTINGS, ("for each in values:", "while values:\n        each = values.pop(0)")), "changed"),
        "single values passed over": (
            changed(SETTINGS, ("for each in values:", "for each in values if len(values) == 1 else [v for v in values if len(v) != 1]:")),
            None,
        ),
        "library": (library("all_settings", "values"), None),
    },
    "stratified_folds": {
        "shuffled": (
            "def stratified_folds(y, folds, rng):\n    return rng.permutation(np.arange(len(y)) % folds)",
            "classes are not looked at",
        ),
        "in order": ("def stratified_folds(y, folds, rng):\n    return np.arange(len(y)) % folds", "dealt in the order of the file"),
        "from 0": (changed(FOLDS, ("dealt + np", "np")), "every class is dealt from fold 0"),
        "blocks": ("def stratified_folds(y, folds, rng):\n    return np.arange(len(y)) * folds // len(y)", "the folds are blocks"),
        "labels 0, 1, 2": (changed(FOLDS, ("np.unique(y)", "range(len(np.unique(y)))")), "labels are taken to be 0, 1, 2"),
        "no shuffling": (
            changed(FOLDS, ("rng.permutation(np.flatnonzero(y == label))", "np.flatnonzero(y == label)")),
            "another seed deals differently",
        ),
        "own seed": (
            changed(FOLDS, ("    fold, dealt", "    rng = np.random.default_rng(0)\n    fold, dealt")),
            "should hold, and does not: another seed",
        ),
        "its own chance": (
            changed(FOLDS, ("    fold, dealt", "    rng = np.random.default_rng()\n    fold, dealt")),
            "the same seed deals the same",
        ),
        "from 1": (changed(FOLDS, ("return fold", "return fold + 1")), "wrong"),
        "indices": (changed(FOLDS, ("return fold", "return [np.flatnonzero(fold == k) for k in range(folds)]")), "is a list"),
        "floats": (changed(FOLDS, (", dtype=int", "")), "cannot be used"),
        "two folds": (changed(FOLDS, ("% folds", "% 2")), "wrong"),
        "by chance": ("def stratified_folds(y, folds, rng):\n    return rng.integers(folds, size=len(y))", "wrong"),
        "sorted by class": (
            changed(FOLDS, ("return fold", "return fold if len(y) <= 22 else np.sort(fold)")),
            None,
        ),
        "shifted only": (
            changed(FOLDS, ("rng.permutation(np.flatnonzero(y == label))", "np.roll(np.flatnonzero(y == label), rng.integers(folds))")),
            None,
        ),
        "small classes from 0": (changed(FOLDS, ("dealt += len(places)", "dealt += len(places) if len(places) > 2 else 0")), None),
        "five classes": (changed(FOLDS, ("np.unique(y)", "np.unique(y)[:5]")), None),
        "library": (library("stratified_folds", "y, folds, rng"), None),
    },
    "fold_scores": {
        "scaled by all": (changed(SCORES, ("X[:, ~test], X)", "X, X)")), "the scale is learned from all samples"),
        "scaled apart": (
            changed(
                SCORES,
                (
                    "scaled = standardised(X[:, ~test], X)",
                    "a, b = standardised(X[:, ~test], X[:, ~test]), standardised(X[:, test], X[:, test])",
                ),
                ("scaled[:, ~test], y[~test], scaled[:, test]", "a, y[~test], b"),
            ),
            "each part has its own scale",
        ),
        "scaled by the fold": (changed(SCORES, ("X[:, ~test], X)", "X[:, test], X)")), "the scale is learned from the test fold"),
        "means of all": (changed(SCORES, ("scaled[:, ~test], y[~test]", "scaled, y")), "the means are learned from all samples"),
        "means of the fold": (
            changed(SCORES, ("scaled[:, ~test], y[~test]", "scaled[:, test], y[test]")),
            "the means are learned from the test fold",
        ),
        "not scaled": (changed(SCORES, ("standardised(X[:, ~test], X)", "X")), "nothing is scaled"),
        "mean": (changed(SCORES, ("np.array(scores)", "np.mean(scores)")), "the mean is returned"),
        "hits": (changed(SCORES, ("np.mean(told", "np.sum(told")), "hits are counted"),
        "errors": (changed(SCORES, ("told == y", "told != y")), "errors are counted"),
        "one fold less": (changed(SCORES, ("fold.max() + 1", "fold.max()")), "the last fold is missing"),
        "turned round": (changed(SCORES, ("test = fold == k", "test = fold != k")), "wrong"),
        "list": (changed(SCORES, ("np.array(scores)", "scores")), "a list stands in place of an array"),
        "predictions": (changed(SCORES, ("np.mean(told == y[test])", "told[0]")), "wrong"),
        "scaled by the majority": (changed(SCORES, ("X[:, ~test], X)", "X[:, fold != fold.max()] if k else X[:, ~test], X)")), "wrong"),
        "outliers cut": (
            changed(SCORES, ("        told", "        scaled = np.clip(scaled, -3, 3)\n        told")),
            "wrong at index [3]. 1 of 4 values",
        ),
        "three folds": (changed(SCORES, ("return np.array(scores)", "return np.array(scores)[:4]")), None),
        "three features": (changed(SCORES, ("    scores = []", "    X, scores = X[:3], []")), None),
        "library": (library("fold_scores", "X, y, fold"), None),
    },
    "halve_curves": {
        "nan as a low score": (changed(HALVE, ("np.where(np.isnan(curves), -np.inf, curves)", "np.nan_to_num(curves, nan=-1.0)")), None),
        "worst": (changed(HALVE, (", reverse=True", "")), "the worst go on"),
        "rounded up": (
            changed(
                HALVE,
                ("len(alive) // eta < 2", "-(-len(alive) // eta) < 2"),
                ("alive[: len(alive) // eta]", "alive[: -(-len(alive) // eta)]"),
            ),
            "the number is rounded up",
        ),
        "resource stays": (
            changed(HALVE, ("resource * eta", "resource")),
            "the resource stays the same",
        ),
        "plus one": (changed(HALVE, ("resource * eta", "resource + 1")), "the resource grows by one"),
        "mean": (changed(HALVE, ("scores[i, resource - 1]", "scores[i, :resource].mean()")), "the mean of the curve is ranked"),
        "best so far": (
            changed(HALVE, ("scores[i, resource - 1]", "scores[i, :resource].max()")),
            "the best of the curve so far is ranked",
        ),
        "end": (changed(HALVE, ("scores[i, resource - 1]", "scores[i, -1]")), "the end of the curve is ranked"),
        "column": (changed(HALVE, ("scores[i, resource - 1]", "scores[i, min(resource, last - 1)]")), "the column is one too far"),
        "numbered anew": (
            "def halve_curves(curves, resource, eta):\n    curves, rounds = np.where(np.isnan(curves), -np.inf, curves), []\n    while True:\n"
            "        resource = min(resource, curves.shape[1])\n        order = np.argsort(-curves[:, resource - 1], kind='stable')\n"
            "        rounds.append((resource, order.tolist()))\n        if len(order) // eta < 2 or resource == curves.shape[1]:\n            return rounds\n"
            "        curves, resource = curves[order[: len(order) // eta]], resource * eta",
            "are numbered anew",
        ),
        "always half": (changed(HALVE, ("len(alive) // eta", "len(alive) // 2")), "half are kept whatever"),
        "idle round": (changed(HALVE, ("// eta < 2", "// eta < 1")), "one alone plays on"),
        "later first": (
            changed(
                HALVE,
                (
                    "sorted(alive, key=lambda i: scores[i, resource - 1], reverse=True)",
                    "sorted(alive, key=lambda i: scores[i, resource - 1])[::-1]",
                ),
            ),
            "of equals the later comes first",
        ),
        "nan first": (changed(HALVE, ("-np.inf", "np.inf")), "what is not a number comes first"),
        "no end": (
            changed(HALVE, ("        resource = min(resource, last)\n", "        if resource > last:\n            return rounds\n")),
            "nothing beyond the end of the curves",
        ),
        "past the end": (changed(HALVE, ("        resource = min(resource, last)\n", "")), "index"),
        "only the winner": (changed(HALVE, ("return rounds", "return rounds[-1][1][0]")), "one number stands where several"),
        "arrays": (changed(HALVE, ("rounds.append((resource, alive))", "rounds.append((resource, np.array(alive)))")), "should be a list"),
        "nan as zero": (changed(HALVE, ("np.where(np.isnan(curves), -np.inf, curves)", "np.where(np.isnan(curves), 0, curves)")), None),
        "hundred networks": (changed(HALVE, ("range(len(curves))", "range(min(100, len(curves)))")), None),
        "first round uncapped": (
            changed(
                HALVE,
                (
                    "        resource = min(resource, last)\n",
                    "        resource = min(resource, last) if rounds or resource <= last else resource % last or 1\n",
                ),
            ),
            None,
        ),
        "library": (library("halve_curves", "curves, resource, eta"), None),
    },
    "brackets": {
        "logarithm": (
            "def brackets(max_resource, eta=3):\n    from math import ceil, log\n    most = int(log(max_resource) / log(eta))\n"
            "    return [(ceil((most + 1) * eta**s / (s + 1)), max_resource // eta**s, s + 1) for s in range(most, -1, -1)]",
            "a logarithm lost a bracket",
        ),
        "n down": (changed(BRACKETS, ("-(-(most + 1) * eta**s // (s + 1))", "(most + 1) * eta**s // (s + 1)")), "n is rounded down"),
        "n is a power": (changed(BRACKETS, ("-(-(most + 1) * eta**s // (s + 1))", "eta**s")), "n is η^s"),
        "r up": (changed(BRACKETS, ("max_resource // eta**s,", "-(-max_resource // eta**s),")), "r is rounded up"),
        "r a fraction": (changed(BRACKETS, ("max_resource // eta**s,", "max_resource / eta**s,")), "r is a fraction"),
        "turned round": (changed(BRACKETS, ("range(most, -1, -1)", "range(most + 1)")), "the brackets are turned round"),
        "rounds from 0": (changed(BRACKETS, ("// eta**s, s + 1)", "// eta**s, s)")), "rounds are counted from 0"),
        "one more": (changed(BRACKETS, ("    return", "    most += 1\n    return")), "one bracket too many"),
        "one less": (changed(BRACKETS, ("<= max", "< max")), "should have 4 entries"),
        "no last": (changed(BRACKETS, ("range(most, -1, -1)", "range(most, 0, -1)")), "should have 4 entries"),
        "two numbers": (changed(BRACKETS, ("// eta**s, s + 1)", "// eta**s)")), "should have 3 entries"),
        "always three": (changed(BRACKETS, ("    most = 0", "    most, eta = 0, 3")), "should have 5 entries, and has 3"),
        "generator": (changed(BRACKETS, ("return [(", "return (("), ("-1, -1)]", "-1, -1))")), "of type generator"),
        "at most six": (changed(BRACKETS, ("    return", "    most = min(most, 5)\n    return")), None),
        "float ceil": (
            "def brackets(max_resource, eta=3):\n    most = int(np.floor(np.log(max_resource) / np.log(eta) + 0.01))\n"
            "    return [(-(-(most + 1) * eta**s // (s + 1)), max_resource // eta**s, s + 1) for s in range(most, -1, -1)]",
            None,
        ),
        "at most four for five": (changed(BRACKETS, ("    return", "    eta = min(eta, 4)\n    return")), None),
        "library": (library("brackets", "max_resource, eta"), None),
    },
    "gp_posterior": {
        "noise": (changed(POSTERIOR, ("noise**2", "noise")), "the noise is not squared"),
        "no noise": (changed(POSTERIOR, (" + noise**2 * np.eye(len(y))", "")), "the noise is left out"),
        "noise everywhere": (changed(POSTERIOR, ("noise**2 * np.eye(len(y))", "noise**2")), "the noise stands in every place"),
        "variance": (
            changed(POSTERIOR, ("np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))", "1 - (Q * S).sum(axis=0)")),
            "the variance is returned",
        ),
        "no half": (changed(POSTERIOR, ("(2 * length**2)", "length**2")), "the ½ is missing in the exponent"),
        "length": (changed(POSTERIOR, ("length**2", "length")), "the length is not squared"),
        "distance": (
            changed(
                POSTERIOR,
                (
                    "np.exp(-((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0) / (2 * length**2))",
                    "np.exp(-np.sqrt(((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0)) / (2 * length))",
                ),
            ),
            "the distance is not squared",
        ),
        "noisy sd": (changed(POSTERIOR, ("maximum(1 -", "maximum(1 + noise**2 -")), "the noise of a new measurement is added"),
        "mean only": (
            changed(POSTERIOR, ("return y @ S, np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))", "return y @ S")),
            "only one of the results is returned",
        ),
        "sd first": (
            changed(
                POSTERIOR,
                (
                    "return y @ S, np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))",
                    "return np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0)), y @ S",
                ),
            ),
            "the mean",
        ),
        "Q unsolved": (changed(POSTERIOR, ("np.linalg.solve(K, Q)", "Q")), "wrong at index [0]"),
        "one minus": (changed(POSTERIOR, ("1 - (Q", "(Q")), "the sd is wrong"),
        "full matrix": (changed(POSTERIOR, ("(Q * S).sum(axis=0)", "Q.T @ S")), "should have shape"),
        "first feature": (changed(POSTERIOR, ("    def alike", "    x, x_new = x[:1], x_new[:1]\n    def alike")), "wrong"),
        "jitter": (changed(POSTERIOR, ("noise**2 * np", "(noise**2 + 1e-3) * np")), "wrong"),
        "below 0": (
            changed(POSTERIOR, ("np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))", "np.sqrt(1 - (Q * S).sum(axis=0))")),
            "should hold, and does not: where nearly all is known",
        ),
        "two features": (changed(POSTERIOR, ("    def alike", "    x, x_new = x[:2], x_new[:2]\n    def alike")), None),
        "noise below one": (changed(POSTERIOR, ("noise**2", "min(noise, 1) ** 2")), None),
        "library": (library("gp_posterior", "x, y, x_new, length, noise"), None),
    },
    "expected_improvement": {
        "probability": (
            changed(IMPROVEMENT, ("won, np.maximum(gain, 0)", "normal_cdf(u), np.maximum(gain, 0)")),
            "it is the probability of an improvement",
        ),
        "lowest": (changed(IMPROVEMENT, ("mean - best", "best - mean")), "low values are taken for good ones"),
        "no sd": (changed(IMPROVEMENT, ("+ sd * np.exp", "+ np.exp")), "φ stands without sd"),
        "nan": (
            "def expected_improvement(mean, sd, best):\n    with np.errstate(all='ignore'):\n        u = (mean - best) / sd\n"
            "        return (mean - best) * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)",
            "holds nan",
        ),
        "known is worthless": (changed(IMPROVEMENT, ("np.maximum(gain, 0))", "0.0)")), "a place that is known gives 0"),
        "only φ": (changed(IMPROVEMENT, ("gain * normal_cdf(u) + ", "")), "only φ is there"),
        "only Φ": (changed(IMPROVEMENT, (" + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)", "")), "only Φ is there"),
        "difference": ("def expected_improvement(mean, sd, best):\n    return mean - best", "losses count, too"),
        "bound": ("def expected_improvement(mean, sd, best):\n    return mean + sd - best", "it is a bound: mean plus sd"),
        "minus": (changed(IMPROVEMENT, ("normal_cdf(u) + sd", "normal_cdf(u) - sd")), "wrong"),
        "no root": (changed(IMPROVEMENT, ("np.sqrt(2 * np.pi)", "(2 * np.pi)")), "wrong"),
        "no square": (changed(IMPROVEMENT, ("(u**2)", "u")), "wrong"),
        "clipped": (changed(IMPROVEMENT, ("    return", "    won = np.maximum(won, 0.05)\n    return")), "wrong"),
        "the best place": (
            changed(IMPROVEMENT, ("return np.where", "return np.argmax(np.where")).replace("np.maximum(gain, 0))", "np.maximum(gain, 0)))"),
            "one number stands where",
        ),
        "negative known": (changed(IMPROVEMENT, ("np.maximum(gain, 0))", "gain)")), "wrong"),
        "sd from 0.01": (changed(IMPROVEMENT, ("sd > 0, won", "sd > 0.01, won")), None),
        "sd from 0.001": (changed(IMPROVEMENT, ("np.where(sd > 0, sd, 1)", "np.maximum(sd, 1e-3)")), None),
        "six places": (changed(IMPROVEMENT, ("np.maximum(gain, 0))", "np.maximum(gain, 0))[:8]")), None),
        "library": (library("expected_improvement", "mean, sd, best"), None),
    },
    "reinforce_step": {
        "sign": (changed(STEP, ("logits + alpha", "logits - alpha")), "it walks the wrong way"),
        "onehot only": (changed(STEP, ("(onehot - softmax(logits))", "onehot")), "only the chosen one moves"),
        "chosen by 1 − p": (
            changed(STEP, ("(onehot - softmax(logits))", "onehot * (1 - softmax(logits))")),
            "only the chosen one moves, by 1 − p",
        ),
        "no baseline": (changed(STEP, ("(reward - baseline)", "reward")), "there is no baseline"),
        "plus baseline": (changed(STEP, ("reward - baseline", "reward + baseline")), "the baseline is added"),
        "times p": (changed(STEP, ("alpha * (", "alpha * softmax(logits)[choice] * (")), "it is weighed by its probability"),
        "by p": (changed(STEP, ("alpha * (", "alpha / softmax(logits)[choice] * (")), "it is divided by its probability"),
        "overflow": (changed(STEP, ("softmax(logits)", "np.exp(logits) / np.exp(logits).sum()")), "the softmax overflows"),
        "probabilities": (changed(STEP, ("return logits", "return softmax(logits)")), "it moves the probabilities"),
        "change only": (changed(STEP, ("return logits + ", "return ")), "only the change is returned"),
        "no alpha": (changed(STEP, ("alpha * ", "")), "wrong"),
        "logits subtracted": (changed(STEP, ("softmax(logits)", "logits")), "wrong"),
        "choice + 1": (changed(STEP, ("onehot[choice]", "onehot[choice - 1]")), "wrong"),
        "softmax after": (
            changed(
                STEP,
                (
                    "return logits + alpha * (reward - baseline) * (onehot - softmax(logits))",
                    "return softmax(logits + alpha * (reward - baseline) * (onehot - softmax(logits)))",
                ),
            ),
            "wrong",
        ),
        "in place": (
            changed(
                STEP,
                (
                    "return logits + alpha * (reward - baseline) * (onehot - softmax(logits))",
                    "logits += alpha * (reward - baseline) * (onehot - softmax(logits))\n    return logits",
                ),
            ),
            "changed",
        ),
        "clipped": (
            changed(
                STEP,
                (
                    "    return",
                    "    alpha = min(alpha, 2.0) if reward < baseline else alpha\n    logits = np.clip(logits, -1200, 1200)\n    return",
                ),
            ),
            None,
        ),
        "five choices": (
            changed(
                STEP, ("    return", "    if len(logits) > 5:\n        onehot[-1] = 0.0\n        logits = logits.round(3)\n    return")
            ),
            None,
        ),
        "library": (library("reinforce_step", "logits, choice, reward, baseline, alpha"), None),
    },
    "propose": {
        "random": (
            "def propose(tried, scores, candidates):\n    return int(np.random.default_rng(len(tried)).integers(candidates.shape[1]))",
            None,
        ),
        "the best again": (
            "def propose(tried, scores, candidates):\n    return int(tried[np.argmax(scores)]) if len(tried) else 0",
            "two at most go where one has been",
        ),
        "in order": ("def propose(tried, scores, candidates):\n    return len(tried)", "should hold, and does not: on a single hill"),
        "grid": (
            "def propose(tried, scores, candidates):\n    return [r * 15 + k for r in (1, 5, 9, 13) for k in (1, 5, 9, 13)][len(tried) % 16]",
            "should hold, and does not: on a single hill",
        ),
        "greedy": (GREEDY, None),
        "not standardised": (
            changed(PROPOSE, ("(scores - scores.mean()) / (scores.std() or 1)", "1000 * scores")),
            "should hold, and does not: on a single hill",
        ),
        "a tiny length": (changed(PROPOSE, ("0.25, 0.01", "0.01, 0.01")), "should hold, and does not: on a single hill"),
        "a huge length": (changed(PROPOSE, ("0.25, 0.01", "5.0, 0.3")), "should hold, and does not: on a single hill"),
        "lowest": (
            changed(PROPOSE, ("np.argmax(improvement)", "np.argmin(np.where(improvement < -1, 9, improvement))")),
            "should hold, and does not: on a single hill",
        ),
        "sd only": (changed(PROPOSE, ("expected_improvement(mean, sd, values.max())", "sd.copy()")), None),
        "no first": (changed(PROPOSE, ("    if len(tried) == 0:\n        return 97\n", "")), "raised ValueError"),
        "a place": (
            changed(PROPOSE, ("return int(np.argmax(improvement))", "return candidates[:, np.argmax(improvement)]")),
            "should be a single number, and is an array",
        ),
        "float": (
            changed(PROPOSE, ("return int(np.argmax(improvement))", "return np.argmax(improvement) + 0.5")),
            "should be 'a place of the list', and is",
        ),
        "beyond": (
            changed(PROPOSE, ("return int(np.argmax(improvement))", "return int(np.argmax(improvement)) + 225")),
            "should be 'a place of the list', and is",
        ),
        "neighbour": (
            "def propose(tried, scores, candidates):\n    if len(tried) < 5:\n        return [112, 48, 56, 168, 176][len(tried)]\n"
            "    d = ((candidates - candidates[:, [tried[np.argmax(scores)]]]) ** 2).sum(axis=0)\n    d[tried] = 9\n    return int(np.argmin(d))",
            None,
        ),
        "library": (library("propose", "tried, scores, candidates"), None),
    },
}

VARIANTS = {
    "all_settings": {
        "product": "def all_settings(values):\n    from itertools import product\n    return [list(each) for each in product(*values)]",
        "recursion": (
            "def all_settings(values):\n    if not values:\n        return [[]]\n    rest = all_settings(values[1:])\n    return [[v] + each for v in values[0] for each in rest]"
        ),
        "loops": (
            "def all_settings(values):\n    result = [[]]\n    for options in values:\n        longer = []\n        for head in result:\n            for option in options:\n"
            "                longer.append(head + [option])\n        result = longer\n    return result"
        ),
    },
    "stratified_folds": {
        "sorted deal": (
            "def stratified_folds(y, folds, rng):\n    order = rng.permutation(len(y))\n    order = order[np.argsort(y[order], kind='stable')]\n"
            "    fold = np.empty(len(y), dtype=int)\n    fold[order] = np.arange(len(y)) % folds\n    return fold"
        ),
        "shuffle": FOLDS.replace(
            "places = rng.permutation(np.flatnonzero(y == label))", "places = np.where(y == label)[0]\n        rng.shuffle(places)"
        ),
        "cards": (
            "def stratified_folds(y, folds, rng):\n    fold, card = np.zeros(len(y), dtype=int), 0\n    for label in sorted(set(y.tolist())):\n"
            "        for i in rng.permutation(np.flatnonzero(y == label)):\n            fold[i] = card % folds\n            card += 1\n    return fold"
        ),
    },
    "fold_scores": {
        "by hand": (
            "def fold_scores(X, y, fold):\n    out = np.zeros(fold.max() + 1)\n    for k in range(len(out)):\n        a, b = X[:, fold != k], X[:, fold == k]\n"
            "        m, s = a.mean(axis=1, keepdims=True), a.std(axis=1, keepdims=True)\n        out[k] = (nearest_mean((a - m) / s, y[fold != k], (b - m) / s) == y[fold == k]).mean()\n    return out"
        ),
        "two scalings": SCORES.replace(
            "scaled = standardised(X[:, ~test], X)",
            "train = X[:, ~test]\n        a, b = standardised(train, train), standardised(train, X[:, test])",
        ).replace("scaled[:, ~test], y[~test], scaled[:, test]", "a, y[~test], b"),
        "comprehension": (
            "def fold_scores(X, y, fold):\n    def score(k):\n        t = np.flatnonzero(fold != k)\n        v = np.flatnonzero(fold == k)\n"
            "        return (nearest_mean(standardised(X[:, t], X[:, t]), y[t], standardised(X[:, t], X[:, v])) == y[v]).mean()\n"
            "    return np.array([score(k) for k in np.unique(fold)])"
        ),
    },
    "halve_curves": {
        "argsort": (
            "def halve_curves(curves, resource, eta):\n    n, last = curves.shape\n    alive, rounds, r = np.arange(n), [], min(resource, last)\n    while True:\n"
            "        s = curves[alive, r - 1]\n        alive = alive[np.argsort(-np.where(np.isnan(s), -np.inf, s), kind='stable')]\n        rounds.append((r, alive.tolist()))\n"
            "        keep = len(alive) // eta\n        if keep < 2 or r >= last:\n            return rounds\n        alive, r = alive[:keep], min(r * eta, last)"
        ),
        "argsort of nan": (
            "def halve_curves(curves, resource, eta):\n    last = curves.shape[1]\n    alive = list(range(len(curves)))\n    rounds = []\n    going = True\n    while going:\n"
            "        resource = min(resource, last)\n        order = np.argsort(-curves[alive, resource - 1], kind='stable')\n        alive = [alive[i] for i in order]\n"
            "        rounds.append((resource, list(alive)))\n        going = len(alive) // eta >= 2 and resource < last\n        alive = alive[: len(alive) // eta]\n        resource *= eta\n    return rounds"
        ),
        "best out first": (
            "def halve_curves(curves, resource, eta):\n    alive, rounds, last = list(range(curves.shape[0])), [], curves.shape[1]\n    r = resource\n    while True:\n        r = min(r, last)\n"
            "        left, ranked = list(alive), []\n        value = lambda i: -np.inf if np.isnan(curves[i, r - 1]) else curves[i, r - 1]\n"
            "        while left:\n            ranked.append(left.pop(max(range(len(left)), key=lambda j: (value(left[j]), -j))))\n        rounds.append((r, ranked))\n"
            "        alive = ranked[: len(ranked) // eta]\n        if len(alive) <= 1 or r == last:\n            return rounds\n        r = r * eta"
        ),
    },
    "brackets": {
        "divided": (
            "def brackets(max_resource, eta=3):\n    s, r = 0, max_resource\n    while r >= eta:\n        r //= eta\n        s += 1\n    B = s + 1\n    result = []\n    while s >= 0:\n"
            "        n = (B * eta**s + s) // (s + 1)\n        result.append((n, max_resource // eta**s, s + 1))\n        s -= 1\n    return result"
        ),
        "ceil": (
            "def brackets(max_resource, eta=3):\n    from math import ceil\n    powers = [eta**s for s in range(64) if eta**s <= max_resource]\n"
            "    return [(ceil(len(powers) * p / (s + 1)), max_resource // p, s + 1) for s, p in reversed(list(enumerate(powers)))]"
        ),
        "arrays": BRACKETS.replace("max_resource // eta**s, s + 1)", "int(np.floor(max_resource / eta**s)), s + 1)"),
    },
    "gp_posterior": {
        "inverse": POSTERIOR.replace("S = np.linalg.solve(K, Q)", "S = np.linalg.inv(K) @ Q"),
        "loops": (
            "def gp_posterior(x, y, x_new, length, noise):\n    def k(a, b):\n        return np.exp(-0.5 * np.sum((a - b) ** 2) / length**2)\n"
            "    K = np.array([[k(a, b) + noise**2 * (i == j) for j, b in enumerate(x.T)] for i, a in enumerate(x.T)])\n    mean, sd = [], []\n    for p in x_new.T:\n"
            "        q = np.array([k(a, p) for a in x.T])\n        mean.append(q @ np.linalg.solve(K, y))\n        sd.append(max(1 - q @ np.linalg.solve(K, q), 0) ** 0.5)\n    return np.array(mean), np.array(sd)"
        ),
        "einsum": POSTERIOR.replace("(Q * S).sum(axis=0)", "np.einsum('ij,ij->j', Q, S)").replace("y @ S", "S.T @ y"),
    },
    "expected_improvement": {
        "scipy": (
            "def expected_improvement(mean, sd, best):\n    from scipy.stats import norm\n    safe = np.where(sd == 0, 1.0, sd)\n    u = (mean - best) / safe\n"
            "    return np.where(sd == 0, np.maximum(mean - best, 0), (mean - best) * norm.cdf(u) + sd * norm.pdf(u))"
        ),
        "factored": IMPROVEMENT.replace(
            "gain * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)",
            "sd * (u * normal_cdf(u) + np.exp(-u * u / 2) / (2 * np.pi) ** 0.5)",
        ),
        "mask": (
            "def expected_improvement(mean, sd, best):\n    result = np.maximum(mean - best, 0.0)\n    sure = sd == 0\n    u = (mean[~sure] - best) / sd[~sure]\n"
            "    result[~sure] = (mean[~sure] - best) * normal_cdf(u) + sd[~sure] * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)\n    return result"
        ),
    },
    "reinforce_step": {
        "eye": "def reinforce_step(logits, choice, reward, baseline, alpha):\n    return logits + alpha * (reward - baseline) * (np.eye(len(logits))[choice] - softmax(logits))",
        "copy": (
            "def reinforce_step(logits, choice, reward, baseline, alpha):\n    new = logits - alpha * (reward - baseline) * softmax(logits)\n    new[choice] += alpha * (reward - baseline)\n    return new"
        ),
        "own softmax": STEP.replace("softmax(logits)", "np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()"),
    },
    "propose": {
        "mean plus two sd": PROPOSE.replace("expected_improvement(mean, sd, values.max())", "mean + 2 * sd"),
        "more noise": PROPOSE.replace("0.25, 0.01", "0.22, 0.1"),
        "a whole float": PROPOSE.replace("int(np.argmax(improvement))", "float(np.argmax(improvement))"),
        "among the free": PROPOSE.replace(
            "    improvement[tried] = -9\n    return int(np.argmax(improvement))",
            "    free = np.setdiff1d(np.arange(candidates.shape[1]), tried)\n    return free[np.argmax(improvement[free])]",
        ),
    },
}

RUNG = "A rung of a ladder."
STANDS = {
    "propose_climbs": RUNG,
    "propose_looks_elsewhere": RUNG,
    "propose_weighs": RUNG,
    "fold_scores_know_nothing": "What is learned from a test fold spoils both tests, and this one tells the student which mistake it is.",
    "brackets_values": "Wrong formulas fail at powers, too; here R and η are drawn, so that a table of the powers is not enough.",
}
