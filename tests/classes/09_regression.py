"""The sample class of chapter 09: ten submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "line_fit": 2,
    "polynomial_system": 3,
    "least_squares": 2,
    "log_posterior": 3,
    "map_weights": 4,
    "descend_to_fit": 4,
    "logistic_fit": 4,
    "residual_report": 2,
    "my_fit": 2,
    "notebook": 6,
}

RIGHT = {
    "line_fit": (
        "def line_fit(x, y):\n    dx = x - np.mean(x)\n    dy = y - np.mean(y)\n    b1 = (dx * dy).sum() / (dx**2).sum()\n"
        "    b0 = np.mean(y) - b1 * np.mean(x)\n    return b0, b1"
    ),
    "polynomial_system": (
        "def polynomial_system(x, y, degree):\n    n = degree + 1\n    A = np.zeros((n, n))\n    r = np.zeros(n)\n    for i in range(n):\n"
        "        r[i] = np.sum(x**i * y)\n        for j in range(n):\n            A[i, j] = np.sum(x ** (i + j))\n    return A, r"
    ),
    "least_squares": "def least_squares(X, t):\n    result = np.linalg.lstsq(X.T, t, rcond=None)\n    return result[0]",
    "log_posterior": (
        "def log_posterior(w, X, t, sigma, nu):\n    e = t - np.dot(w, X)\n    a = -np.sum(e**2) / (2 * sigma**2) - len(e) * np.log(np.sqrt(2 * np.pi) * sigma)\n"
        "    b = -np.sum(w**2) / (2 * nu**2) - len(w) * np.log(np.sqrt(2 * np.pi) * nu)\n    return a + b"
    ),
    "map_weights": (
        "def map_weights(X, t, sigma, nu):\n    lam = sigma**2 / nu**2\n    A = X @ X.T + lam * np.identity(X.shape[0])\n    return np.linalg.solve(A, X @ t)"
    ),
    "descend_to_fit": (
        "def descend_to_fit(X, t, alpha, steps):\n    n = len(t)\n    w = np.zeros(X.shape[0])\n    costs = []\n    for i in range(steps + 1):\n"
        "        e = w @ X - t\n        costs.append(np.sum(e**2) / (2 * n))\n        if i < steps:\n            w = w - alpha * (X @ e) / n\n    return w, np.array(costs)"
    ),
    "logistic_fit": (
        "def logistic_fit(X, y, alpha, steps, penalty=0.0):\n    n = len(y)\n    w = np.zeros(X.shape[0])\n    b = 0.0\n    for _ in range(steps):\n"
        "        a = sigmoid(w @ X + b)\n        dw = X @ (a - y) / n + penalty * w\n        db = np.sum(a - y) / n\n        w = w - alpha * dw\n        b = b - alpha * db\n    return w, b"
    ),
    "residual_report": (
        "def residual_report(x, y, intercept, slope):\n    i = np.argsort(x)\n    e = (y - (intercept + slope * x))[i]\n    if np.all(e == 0):\n"
        "        return 1.0, np.nan, np.nan\n    r2 = 1 - np.sum(e**2) / np.sum((y - np.mean(y)) ** 2)\n"
        "    return r2, np.corrcoef(e[1:], e[:-1])[0, 1], np.corrcoef(np.abs(e), x[i])[0, 1]"
    ),
    "my_fit": (
        "def my_fit(x, t, x_new):\n    best, lowest = 0, np.inf\n    for degree in range(9):\n        total = 0\n        for k in range(6):\n            out = np.arange(len(x)) % 6 == k\n"
        "            w = least_squares(polynomial_features(x[~out], degree), t[~out])\n            total += np.sum((t[out] - w @ polynomial_features(x[out], degree)) ** 2)\n"
        "        if total < lowest:\n            best, lowest = degree, total\n    return least_squares(polynomial_features(x, best), t) @ polynomial_features(x_new, best)"
    ),
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "log_posterior"))
    notebook.cells.insert(
        place, new_code_cell("def log_normal(v, s):\n    return -0.5 * (v / s) ** 2 - np.log(np.sqrt(2 * np.pi) * s)", id="helper")
    )
    notebook.cells.append(new_code_cell("line_fit(1, 2)", id="experiment"))


CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            **RIGHT,
            "line_fit": "line_fit = lambda x, y: (lambda s: (s[1] - s[0] * x.mean(), s[0]))(np.polyfit(x - x.mean(), y, 1))",
            "least_squares": "least_squares = lambda X, t: np.linalg.pinv(X.T) @ t",
            "log_posterior": (
                "def log_posterior(w, X, t, sigma, nu):\n    return log_normal(t - w @ X, sigma).sum() + log_normal(w, nu).sum()"
            ),
            "map_weights": (
                "def map_weights(X, t, sigma, nu):\n    A = np.vstack([X.T / sigma, np.eye(len(X)) / nu])\n"
                "    return np.linalg.lstsq(A, np.append(t / sigma, np.zeros(len(X))), rcond=None)[0]"
            ),
            "polynomial_system": "def polynomial_system(x, y, degree):\n    V = np.vander(x, degree + 1, increasing=True)\n    return V.T @ V, V.T @ y",
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("line_fit", "polynomial_system", "least_squares", "log_posterior")},
        loses={**{name: FULL[name] for name in list(FULL)[4:-1]}, "notebook": 4},
    ),
    "untouched": Member({}, loses=FULL),
    "copies_the_slide": Member(
        {
            **RIGHT,
            "line_fit": (
                "def line_fit(x, y):\n    n, d = len(x), len(x) * np.sum(x * x) - np.sum(x) ** 2\n    b0 = (n * np.sum(x * y) - np.sum(x) * np.sum(y)) / d\n"
                "    b1 = (np.sum(x * x) * np.sum(y) - np.sum(x) * np.sum(x * y)) / d\n    return b0, b1"
            ),
        },
        loses={"line_fit": 2, "notebook": 2},
    ),
    "normal_equations": Member(
        {**RIGHT, "least_squares": "def least_squares(X, t):\n    return np.linalg.inv(X @ X.T) @ X @ t"}, loses={"least_squares": 1}
    ),
    "price_upside_down": Member(
        {**RIGHT, "map_weights": RIGHT["map_weights"].replace("sigma**2 / nu**2", "nu**2 / sigma**2")},
        loses={"map_weights": 4, "notebook": 1},
    ),
    "forgets_the_mean": Member(
        {
            **RIGHT,
            "descend_to_fit": RIGHT["descend_to_fit"].replace("(X @ e) / n", "(X @ e)"),
            "logistic_fit": RIGHT["logistic_fit"].replace("(a - y) / n", "(a - y)").replace("np.sum(a - y) / n", "np.sum(a - y)"),
        },
        loses={"descend_to_fit": 4, "logistic_fit": 4, "notebook": 2},
    ),
    "raises": Member(
        {**RIGHT, "logistic_fit": RIGHT["logistic_fit"].replace("sigmoid(", "sigmoide(")}, loses={"logistic_fit": 4, "notebook": 1}
    ),
    "infinite_loop": Member(
        {**RIGHT, "descend_to_fit": RIGHT["descend_to_fit"].replace("for i in range(steps + 1):", "i = 0\n    while i <= steps:")},
        loses={"descend_to_fit": 4, "notebook": 1},
    ),
    "cubic_for_all": Member(
        {
            **RIGHT,
            "my_fit": "def my_fit(x, t, x_new):\n    return least_squares(polynomial_features(x, 3), t) @ polynomial_features(x_new, 3)",
        },
        loses={"my_fit": 2},
    ),
    "calls_the_library": Member(
        {
            **RIGHT,
            "least_squares": "from nnlab.regression import least_squares",
            "logistic_fit": "from nnlab.regression import logistic_fit",
        },
        loses={"least_squares": 2, "logistic_fit": 4, "my_fit": 2, "notebook": 2},
    ),
}
