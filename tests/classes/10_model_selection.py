"""The sample class of chapter 10: submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "all_settings": 2,
    "halve_curves": 4,
    "brackets": 2,
    "gp_posterior": 3,
    "expected_improvement": 2,
    "reinforce_step": 3,
    "stratified_folds": 3,
    "fold_scores": 4,
    "propose": 3,
    "notebook": 6,
}

RIGHT = {
    "all_settings": (
        "def all_settings(values):\n    result = [[]]\n    for options in values:\n        longer = []\n        for head in result:\n            for option in options:\n"
        "                longer.append(head + [option])\n        result = longer\n    return result"
    ),
    "halve_curves": (
        "def halve_curves(curves, resource, eta):\n    last = curves.shape[1]\n    alive = list(range(len(curves)))\n    rounds = []\n    r = min(resource, last)\n    while True:\n"
        "        order = np.argsort(-curves[alive, r - 1], kind='stable')\n        alive = [alive[i] for i in order]\n        rounds.append((r, alive))\n        keep = len(alive) // eta\n"
        "        if keep < 2 or r == last:\n            break\n        alive = alive[:keep]\n        r = min(r * eta, last)\n    return rounds"
    ),
    "brackets": (
        "def brackets(max_resource, eta=3):\n    smax = 0\n    while eta ** (smax + 1) <= max_resource:\n        smax = smax + 1\n    result = []\n    for s in range(smax, -1, -1):\n"
        "        n = -(-((smax + 1) * eta**s) // (s + 1))\n        result.append((n, max_resource // eta**s, s + 1))\n    return result"
    ),
    "gp_posterior": (
        "def gp_posterior(x, y, x_new, length, noise):\n    def kernel(a, b):\n        d = ((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0)\n        return np.exp(-0.5 * d / length**2)\n"
        "    K = kernel(x, x) + noise**2 * np.identity(len(y))\n    Q = kernel(x, x_new)\n    A = np.linalg.solve(K, Q)\n    var = 1 - np.sum(Q * A, axis=0)\n    return A.T @ y, np.sqrt(np.maximum(var, 0))"
    ),
    "expected_improvement": (
        "def expected_improvement(mean, sd, best):\n    d = mean - best\n    s = np.where(sd > 0, sd, 1.0)\n    u = d / s\n"
        "    ei = d * normal_cdf(u) + sd * np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi)\n    return np.where(sd > 0, ei, np.maximum(d, 0))"
    ),
    "reinforce_step": (
        "def reinforce_step(logits, choice, reward, baseline, alpha):\n    g = -softmax(logits)\n    g[choice] += 1\n    return logits + alpha * (reward - baseline) * g"
    ),
    "stratified_folds": (
        "def stratified_folds(y, folds, rng):\n    fold = np.zeros(len(y), dtype=int)\n    n = 0\n    for c in np.unique(y):\n        idx = rng.permutation(np.where(y == c)[0])\n"
        "        for i in idx:\n            fold[i] = n % folds\n            n += 1\n    return fold"
    ),
    "fold_scores": (
        "def fold_scores(X, y, fold):\n    scores = []\n    for k in range(fold.max() + 1):\n        tr, te = fold != k, fold == k\n        A = standardised(X[:, tr], X[:, tr])\n"
        "        B = standardised(X[:, tr], X[:, te])\n        scores.append(np.mean(nearest_mean(A, y[tr], B) == y[te]))\n    return np.array(scores)"
    ),
    "propose": (
        "def propose(tried, scores, candidates):\n    if len(tried) == 0:\n        return 100\n    s = scores.std()\n    v = (scores - scores.mean()) / (s if s > 0 else 1)\n"
        "    mean, sd = gp_posterior(candidates[:, tried], v, candidates, 0.25, 0.02)\n    ei = expected_improvement(mean, sd, v.max())\n    ei[tried] = -1\n    return int(np.argmax(ei))"
    ),
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "gp_posterior"))
    helper = "def squared(a, b):\n    return (a**2).sum(axis=0)[:, None] + (b**2).sum(axis=0)[None] - 2 * a.T @ b"
    notebook.cells.insert(place, new_code_cell(helper, id="helper"))
    notebook.cells.append(new_code_cell("brackets(0.5)[7]", id="experiment"))


CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            **RIGHT,
            "all_settings": "from itertools import product\n\nall_settings = lambda values: [list(each) for each in product(*values)]",
            "gp_posterior": RIGHT["gp_posterior"].replace(
                "((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0)", "np.maximum(squared(a, b), 0)"
            ),
            "reinforce_step": (
                "def reinforce_step(logits, choice, reward, baseline, alpha):\n    return logits + alpha * (reward - baseline) * ((np.arange(len(logits)) == choice) - softmax(logits))"
            ),
            "propose": RIGHT["propose"].replace("expected_improvement(mean, sd, v.max())", "mean + 2 * sd").replace("= -1", "= -np.inf"),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("all_settings", "halve_curves", "brackets", "gp_posterior")},
        loses={**{name: FULL[name] for name in list(FULL)[4:-1]}, "notebook": 3},
    ),
    "untouched": Member({}, loses=FULL),
    "scales_first": Member(
        {**RIGHT, "fold_scores": RIGHT["fold_scores"].replace("standardised(X[:, tr], ", "standardised(X, ")},
        loses={"fold_scores": 4, "notebook": 1},
    ),
    "plays_alone": Member(
        {**RIGHT, "halve_curves": RIGHT["halve_curves"].replace("keep < 2", "keep < 1")}, loses={"halve_curves": 3, "notebook": 1}
    ),
    "takes_logarithms": Member(
        {
            **RIGHT,
            "brackets": (
                "def brackets(max_resource, eta=3):\n    smax = int(np.log(max_resource) / np.log(eta))\n"
                "    return [(int(np.ceil((smax + 1) * eta**s / (s + 1))), max_resource // eta**s, s + 1) for s in range(smax, -1, -1)]"
            ),
        },
        loses={"brackets": 1},
    ),
    "only_the_best": Member(
        {**RIGHT, "propose": RIGHT["propose"].replace("expected_improvement(mean, sd, v.max())", "mean.copy()")}, loses={"propose": 2}
    ),
    "raises": Member(
        {**RIGHT, "reinforce_step": RIGHT["reinforce_step"].replace("softmax(", "soft_max(")}, loses={"reinforce_step": 3, "notebook": 1}
    ),
    "infinite_loop": Member(
        {**RIGHT, "brackets": RIGHT["brackets"].replace("smax = smax + 1", "pass")}, loses={"brackets": 2, "notebook": 1}
    ),
    "calls_the_library": Member(
        {
            **RIGHT,
            "gp_posterior": "from nnlab.model_selection import gp_posterior",
            "stratified_folds": "from nnlab.model_selection import stratified_folds",
        },
        loses={"gp_posterior": 3, "stratified_folds": 3, "propose": 3, "notebook": 2},
    ),
}
