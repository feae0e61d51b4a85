"""The sample class of chapter 07: twelve submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "polynomial_features": 2,
    "ridge": 3,
    "bias_variance": 3,
    "l2_objective": 2,
    "l2_gradients": 2,
    "early_stopping": 4,
    "dropout": 3,
    "train_regularised": 6,
    "shift_images": 3,
    "robust_states": 5,
    "notebook": 10,
}

RIDGE = """def ridge(X, t, penalty=0.0):
    k = X.shape[0]
    A = np.vstack([X.T, np.sqrt(penalty) * np.identity(k)])
    w, *_ = np.linalg.lstsq(A, np.concatenate([t, np.zeros(k)]), rcond=None)
    return w"""
STOP = """def early_stopping(costs, patience):
    best = float("inf")
    best_epoch = 0
    for epoch in range(len(costs)):
        if costs[epoch] < best:
            best = costs[epoch]
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(costs) - 1"""
TRAIN = """def train_regularised(X, Y, X_val, Y_val, W, b, alpha, epochs, penalty, patience):
    costs = []
    lowest, best_W, best_b, best_epoch = np.inf, W, b, 0
    for epoch in range(epochs):
        z, a = forward(X, W, b, relu, softmax)
        dW, db = backward(Y, W, z, a, relu_derivative, np.ones_like)
        dW = l2_gradients(dW, W, penalty, X.shape[1])
        W, b = optimize(W, b, dW, db, alpha)
        cost = cross_entropy(forward(X_val, W, b, relu, softmax)[0][-1], Y_val)
        costs.append(cost)
        if cost < lowest:
            lowest, best_W, best_b, best_epoch = cost, W, b, epoch
        if epoch - best_epoch >= patience:
            break
    return best_W, best_b, costs"""
SHIFT = """def shift_images(images, labels, down, right):
    k, h, w = images.shape
    moved = np.zeros((k, h, w))
    for i in range(h):
        for j in range(w):
            if 0 <= i - down < h and 0 <= j - right < w:
                moved[:, i, j] = images[:, i - down, j - right]
    return np.concatenate([images, moved]), np.concatenate([labels, labels])"""
ROBUST = """def robust_states(X, y, X_new, rng):
    Z = standardised(X, X)
    W, b = start([5, 64, 3], rng)
    W, b, costs = train_regularised(Z, one_hot(y, 3), Z, one_hot(y, 3), W, b, 0.3, 400, 3.0, 400)
    z, a = forward(standardised(X, X_new), W, b, relu, softmax)
    return np.argmax(a[-1], axis=0)"""
RIGHT = {
    "polynomial_features": "def polynomial_features(x, degree):\n    rows = []\n    for j in range(degree + 1):\n        rows.append(x**j)\n    return np.array(rows)",
    "ridge": RIDGE,
    "bias_variance": (
        "def bias_variance(predictions, truth):\n    mean = predictions.mean(axis=0)\n    bias2 = ((mean - truth) ** 2).mean()\n"
        "    return bias2, predictions.var(axis=0).mean()"
    ),
    "l2_objective": (
        "def l2_objective(cost, W, penalty, samples):\n    total = 0\n    for w in W:\n        total = total + np.sum(w**2)\n"
        "    return cost + penalty * total / (2 * samples)"
    ),
    "l2_gradients": (
        "def l2_gradients(dW, W, penalty, samples):\n    new = []\n    for i in range(len(W)):\n        new.append(dW[i] + penalty * W[i] / samples)\n    return new"
    ),
    "early_stopping": STOP,
    "dropout": "def dropout(a, p, draws):\n    stays = draws >= p\n    mask = stays / (1 - p)\n    return mask * a, mask",
    "train_regularised": TRAIN,
    "shift_images": SHIFT,
    "robust_states": ROBUST,
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "train_regularised"))
    notebook.cells.insert(
        place, new_code_cell("def cost_on(X, Y, W, b):\n    return cross_entropy(forward(X, W, b, relu, softmax)[0][-1], Y)", id="helper")
    )
    notebook.cells.append(new_code_cell("ridge(1, 2)", id="experiment"))


CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            **RIGHT,
            "polynomial_features": "polynomial_features = lambda x, degree: np.vander(x, degree + 1, increasing=True).T",
            "ridge": (
                "def ridge(X, t, penalty=0.0):\n    U, s, V = np.linalg.svd(X.T, full_matrices=False)\n    return V.T @ (s / (s**2 + penalty) * (U.T @ t))"
            ),
            "bias_variance": (
                "def bias_variance(predictions, truth):\n    bias2 = float(np.mean((np.mean(predictions, axis=0) - truth) ** 2))\n"
                "    return bias2, float(np.mean((predictions - truth) ** 2)) - bias2"
            ),
            "l2_gradients": "def l2_gradients(dW, W, penalty, samples):\n    return tuple(map(lambda g, w: g + penalty / samples * w, dW, W))",
            "dropout": "def dropout(a, p, draws):\n    mask = np.where(draws < p, 0.0, 1.0 / (1.0 - p))\n    return np.multiply(a, mask), mask",
            "train_regularised": TRAIN.replace(
                "cross_entropy(forward(X_val, W, b, relu, softmax)[0][-1], Y_val)", "cost_on(X_val, Y_val, W, b)"
            ),
            "shift_images": (
                "def shift_images(images, labels, down, right):\n    h, w = images.shape[1:]\n    r, c = abs(down), abs(right)\n"
                "    big = np.pad(images, ((0, 0), (r, r), (c, c)))\n    moved = big[:, r - down : r - down + h, c - right : c - right + w]\n"
                "    return np.vstack([images, moved]), np.tile(labels, 2)"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("polynomial_features", "ridge", "bias_variance", "l2_objective", "l2_gradients")},
        loses={**{name: FULL[name] for name in list(FULL)[5:-1]}, "notebook": 4},
    ),
    "untouched": Member({}, loses=FULL),
    "normal_equations": Member(
        {**RIGHT, "ridge": "def ridge(X, t, penalty=0.0):\n    return np.linalg.inv(X @ X.T + penalty * np.eye(len(X))) @ X @ t"},
        loses={"ridge": 1},
    ),
    "price_of_s3": Member(
        {
            **RIGHT,
            "l2_objective": RIGHT["l2_objective"].replace("(2 * samples)", "2"),
            "l2_gradients": RIGHT["l2_gradients"].replace(" / samples", ""),
        },
        loses={"l2_objective": 2, "l2_gradients": 2, "train_regularised": 5, "robust_states": 5, "notebook": 2},
    ),
    "gives_up_at_the_first_rise": Member(
        {
            **RIGHT,
            "early_stopping": (
                "def early_stopping(costs, patience):\n    for epoch in range(1, len(costs)):\n        if costs[epoch] > costs[epoch - 1]:\n"
                "            return epoch - 1, epoch\n    return len(costs) - 1, len(costs) - 1"
            ),
        },
        loses={"early_stopping": 4, "notebook": 1},
    ),
    "forgets_to_scale": Member(
        {**RIGHT, "dropout": "def dropout(a, p, draws):\n    mask = (draws >= p).astype(float)\n    return a * mask, mask"},
        loses={"dropout": 3, "notebook": 1},
    ),
    "overwrites_the_best": Member(
        {
            **RIGHT,
            "train_regularised": TRAIN.replace(
                "        W, b = optimize(W, b, dW, db, alpha)\n",
                "        for i in range(len(W)):\n            W[i] -= alpha * dW[i]\n            b[i] -= alpha * db[i]\n",
            ),
        },
        loses={"train_regularised": 6, "notebook": 1},
    ),
    "raises": Member(
        {**RIGHT, "train_regularised": TRAIN.replace("relu_derivative, np.ones_like", "relu_grad, np.ones_like")},
        loses={"train_regularised": 6, "robust_states": 5, "notebook": 2},
    ),
    "infinite_loop": Member(
        {
            **RIGHT,
            "early_stopping": "def early_stopping(costs, patience):\n    epoch = 0\n    while costs[epoch] > 0:\n        epoch = epoch % len(costs)\n    return epoch, epoch",
        },
        loses={"early_stopping": 4, "notebook": 1},
    ),
    "by_heart": Member(
        {
            **RIGHT,
            "robust_states": (
                "def robust_states(X, y, X_new, rng):\n    Z, N = standardised(X, X), standardised(X, X_new)\n    near = [np.argmin(((Z - N[:, [j]]) ** 2).sum(axis=0)) for j in range(N.shape[1])]\n"
                "    return y[near]"
            ),
        },
        loses={"robust_states": 5},
    ),
    "calls_the_library": Member(
        {
            **RIGHT,
            "ridge": "from nnlab.overfitting import ridge",
            "early_stopping": (
                "from nnlab.overfitting import EarlyStopping\n\n\ndef early_stopping(costs, patience):\n    stopping = EarlyStopping(patience)\n"
                "    for cost in costs:\n        if stopping.should_stop(cost):\n            break\n    return stopping.best_epoch, stopping.epoch - 1"
            ),
            "train_regularised": "from nnlab.overfitting import train_regularised",
        },
        loses={"ridge": 3, "early_stopping": 4, "train_regularised": 6, "robust_states": 5, "notebook": 6},
    ),
}
