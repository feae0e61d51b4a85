"""The sample class of chapter 05: eleven submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "one_hot": 2,
    "standardised": 3,
    "cross_entropy": 3,
    "minibatches": 3,
    "train": 5,
    "confusion_matrix": 2,
    "precision_recall_f1": 3,
    "auc": 3,
    "whole_days_out": 4,
    "predict_states": 5,
    "notebook": 8,
}

TRAIN = """def train(X, Y, W, b, alpha, epochs, size, rng):
    costs = []
    for epoch in range(epochs):
        for k in minibatches(X.shape[1], size, rng):
            z, a = forward(X[:, k], W, b, sigmoid, softmax)
            dW, db = backward(Y[:, k], W, z, a, sigmoid_derivative, np.ones_like)
            W, b = optimize(W, b, dW, db, alpha)
        z, a = forward(X, W, b, sigmoid, softmax)
        costs.append(cross_entropy(z[-1], Y))
    return W, b, costs"""
PREDICT = """def predict_states(X, y, X_new, rng):
    W, b = init_params([5, 4, 3, 3], rng)
    Z = standardised(X, X)
    W, b, _ = train(Z, one_hot(y, 3), W, b, 0.5, 25, 64, rng)
    W, b, _ = train(Z, one_hot(y, 3), W, b, 0.1, 8, 64, rng)
    z, a = forward(standardised(X, X_new), W, b, sigmoid, softmax)
    return np.argmax(a[-1], axis=0)"""
DAYS = """def whole_days_out(X, y, day):
    result = []
    for d in sorted(set(day)):
        train_part = day != d
        Z = standardised(X[:, train_part], X)
        said = nearest_mean(Z[:, train_part], y[train_part], Z[:, ~train_part])
        result.append(np.mean(said == y[~train_part]))
    return result"""
RIGHT = {
    "one_hot": "def one_hot(y, classes):\n    Y = np.zeros((classes, len(y)))\n    Y[y, np.arange(len(y))] = 1\n    return Y",
    "standardised": (
        "def standardised(train, X):\n    mu = train.mean(axis=1, keepdims=True)\n    sigma = train.std(axis=1, keepdims=True)\n"
        "    sigma[sigma == 0] = 1\n    return (X - mu) / sigma"
    ),
    "cross_entropy": (
        "def cross_entropy(z, y):\n    z = z - np.max(z, axis=0)\n    logs = z - np.log(np.sum(np.exp(z), axis=0))\n    return -np.sum(y * logs) / y.shape[1]"
    ),
    "minibatches": (
        "def minibatches(n, size, rng):\n    order = rng.permutation(n)\n    batches = []\n    for i in range(0, n, size):\n"
        "        batches.append(order[i:i + size])\n    return batches"
    ),
    "train": TRAIN,
    "confusion_matrix": (
        "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    for i in range(len(y)):\n"
        "        C[y[i], predicted[i]] += 1\n    return C"
    ),
    "precision_recall_f1": (
        "def precision_recall_f1(C):\n    n = len(C)\n    P, R, F = np.zeros(n), np.zeros(n), np.zeros(n)\n    for k in range(n):\n"
        "        if C[:, k].sum() > 0:\n            P[k] = C[k, k] / C[:, k].sum()\n        if C[k].sum() > 0:\n            R[k] = C[k, k] / C[k].sum()\n"
        "        if P[k] + R[k] > 0:\n            F[k] = 2 * P[k] * R[k] / (P[k] + R[k])\n    return P, R, F"
    ),
    "auc": (
        "def auc(positive, score):\n    mine, others = score[positive == 1], score[positive == 0]\n    won = 0\n    for s in mine:\n"
        "        won += np.sum(s > others) + 0.5 * np.sum(s == others)\n    return won / (len(mine) * len(others))"
    ),
    "whole_days_out": DAYS,
    "predict_states": PREDICT,
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "train"))
    notebook.cells.insert(place, new_code_cell("def said(X, W, b):\n    return forward(X, W, b, sigmoid, softmax)", id="helper"))
    notebook.cells.append(new_code_cell("train(1, 2)", id="experiment"))


CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            **RIGHT,
            "one_hot": "one_hot = lambda y, classes: (np.arange(classes)[:, None] == y) * 1.0",
            "cross_entropy": (
                "def cross_entropy(z, y):\n    m = z.max(axis=0)\n    return np.mean(np.log(np.exp(z - m).sum(axis=0)) + m - (y * z).sum(axis=0))"
            ),
            "minibatches": "def minibatches(n, size, rng):\n    return np.split(rng.permutation(n), np.arange(size, n, size))",
            "train": TRAIN.replace("forward(X[:, k], W, b, sigmoid, softmax)", "said(X[:, k], W, b)"),
            "confusion_matrix": "def confusion_matrix(y, predicted, classes):\n    return (one_hot(y, classes) @ one_hot(predicted, classes).T).astype(int)",
            "predict_states": PREDICT.replace("[5, 4, 3, 3]", "[5, 12, 3]").replace(
                "return np.argmax(a[-1], axis=0)", "return a[-1].argmax(0)"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("one_hot", "standardised", "cross_entropy", "minibatches")},
        loses={**{name: FULL[name] for name in list(FULL)[4:-1]}, "notebook": 5},
    ),
    "untouched": Member({}, loses=FULL),
    "scale_of_the_new_samples": Member(
        {**RIGHT, "standardised": RIGHT["standardised"].replace("train.mean", "X.mean").replace("train.std", "X.std")},
        loses={"standardised": 3, "whole_days_out": 4, "predict_states": 1, "notebook": 4},
    ),
    "drops_the_last_batch": Member(
        {**RIGHT, "minibatches": RIGHT["minibatches"].replace("range(0, n, size)", "range(0, n - size + 1, size)")},
        loses={"minibatches": 3, "train": 3, "notebook": 3},
    ),
    "cost_of_the_last_batch": Member(
        {
            **RIGHT,
            "train": TRAIN.replace(
                "        z, a = forward(X, W, b, sigmoid, softmax)\n        costs.append(cross_entropy(z[-1], Y))",
                "        costs.append(cross_entropy(z[-1], Y[:, k]))",
            ),
        },
        loses={"train": 2, "notebook": 2},
    ),
    "leaks_the_scale": Member(
        {**RIGHT, "whole_days_out": DAYS.replace("standardised(X[:, train_part], X)", "standardised(X, X)")},
        loses={"whole_days_out": 4, "notebook": 1},
    ),
    "raises": Member(
        {**RIGHT, "train": TRAIN.replace("np.ones_like", "np.one_like")},
        loses={"train": 5, "predict_states": 5, "notebook": 4},
    ),
    "infinite_loop": Member(
        {
            **RIGHT,
            "minibatches": "def minibatches(n, size, rng):\n    i, batches = 0, []\n    while i < n:\n        batches = [rng.permutation(n)[:size]]\n    return batches",
        },
        loses={"minibatches": 3, "train": 5, "predict_states": 5, "notebook": 4},
    ),
    "only_the_majority": Member(
        {**RIGHT, "predict_states": "def predict_states(X, y, X_new, rng):\n    return np.zeros(X_new.shape[1], dtype=int)"},
        loses={"predict_states": 5},
    ),
    "calls_the_library": Member(
        {
            **RIGHT,
            "standardised": "from nnlab.traffic_classifier import standardise\n\n\ndef standardised(train, X):\n    return standardise(train)(X)",
            "auc": "from nnlab.traffic_classifier import auc",
            "train": "from nnlab.traffic_classifier import train",
        },
        loses={"standardised": 3, "auc": 3, "train": 5, "whole_days_out": 4, "predict_states": 5, "notebook": 6},
    ),
}
