"""Chapter 09: wrong answers, each with what its visible check must say, and right answers written otherwise.

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
    return f"from nnlab.regression import {name} as theirs\ndef {name}({args}):\n    return theirs({args})"


LINE = """def line_fit(x, y):
    d, h = x - x.mean(), y - y.mean()
    slope = np.sum(d * h) / np.sum(d * d)
    return y.mean() - slope * x.mean(), slope"""
SYSTEM = """def polynomial_system(x, y, degree):
    P = np.array([x**i for i in range(degree + 1)])
    return P @ P.T, P @ y"""
LEAST = "def least_squares(X, t):\n    return np.linalg.lstsq(X.T, t)[0]"
POSTERIOR = """def log_posterior(w, X, t, sigma, nu):
    def log_density(v, s):
        return -0.5 * (v / s) ** 2 - np.log(np.sqrt(2 * np.pi) * s)
    return np.sum(log_density(t - w @ X, sigma)) + np.sum(log_density(w, nu))"""
MAP = """def map_weights(X, t, sigma, nu):
    penalty = (sigma / nu) ** 2
    return np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X @ t)"""
DESCENT = """def descend_to_fit(X, t, alpha, steps):
    w, costs = np.zeros(len(X)), [np.mean(t**2) / 2]
    for _ in range(steps):
        w = w - alpha * X @ (w @ X - t) / len(t)
        costs.append(np.mean((w @ X - t) ** 2) / 2)
    return w, np.array(costs)"""
NEURON = """def logistic_fit(X, y, alpha, steps, penalty=0.0):
    w, b = np.zeros(len(X)), 0.0
    for _ in range(steps):
        delta = sigmoid(w @ X + b) - y
        w = w - alpha * (X @ delta / len(y) + penalty * w)
        b = b - alpha * np.mean(delta)
    return w, b"""
REPORT = """def residual_report(x, y, intercept, slope):
    order = np.argsort(x)
    x, y = x[order], y[order]
    e = y - intercept - slope * x
    if not e.any():
        return 1.0, np.nan, np.nan
    r = 1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)
    return r, np.corrcoef(e[:-1], e[1:])[0, 1], np.corrcoef(np.abs(e), x)[0, 1]"""
FIT = """def my_fit(x, t, x_new):
    folds = np.arange(len(x)) % 5
    def error(degree):
        squares = []
        for fold in range(5):
            seen, hidden = folds != fold, folds == fold
            w = least_squares(polynomial_features(x[seen], degree), t[seen])
            squares.extend((t[hidden] - w @ polynomial_features(x[hidden], degree)) ** 2)
        return np.mean(squares)
    best = min(range(10), key=error)
    return least_squares(polynomial_features(x, best), t) @ polynomial_features(x_new, best)"""


def fixed(degree):
    """Return a fit of one degree for all."""
    return f"def my_fit(x, t, x_new):\n    return least_squares(polynomial_features(x, {degree}), t) @ polynomial_features(x_new, {degree})"


MUTANTS = {
    "line_fit": {
        "slope first": (
            changed(LINE, ("y.mean() - slope * x.mean(), slope", "slope, y.mean() - slope * x.mean()")),
            "the slope comes first",
        ),
        "through the origin": (changed(LINE, ("np.sum(d * h) / np.sum(d * d)", "x @ y / (x @ x)")), "is made to pass through the origin"),
        "x on y": (changed(LINE, ("np.sum(d * d)", "np.sum(h * h)")), "x is predicted from y"),
        "mean of y": (changed(LINE, ("y.mean() - slope * x.mean(), slope", "y.mean(), slope")), "the intercept is the mean of y"),
        "sums": (
            "def line_fit(x, y):\n    n = len(x)\n    d = n * np.sum(x * x) - np.sum(x) ** 2\n"
            "    return (np.sum(x * x) * np.sum(y) - np.sum(x) * np.sum(x * y)) / d, (n * np.sum(x * y) - np.sum(x) * np.sum(y)) / d",
            "sums are not measured from the middle",
        ),
        "first and last": (
            changed(LINE, ("np.sum(d * h) / np.sum(d * d)", "(y[-1] - y[0]) / (x[-1] - x[0])")),
            "joins the first point and the last",
        ),
        "plus": (changed(LINE, ("y.mean() - slope", "y.mean() + slope")), "the intercept is wrong"),
        "only the slope": (changed(LINE, ("y.mean() - slope * x.mean(), slope", "slope")), "only one of the results is returned"),
        "sorted apart": (
            changed(LINE, ("    d, h", "    x, y = np.sort(x), np.sort(y)\n    d, h")),
            "the intercept is wrong. Largest error: 0.3.",
        ),
        "correlation": (
            changed(LINE, ("np.sum(d * h) / np.sum(d * d)", "np.corrcoef(x, y)[0, 1]")),
            "Largest error: 0.524",
        ),
        "n − 1 below": (changed(LINE, ("np.sum(d * d)", "(np.sum(d * d) * len(x) / (len(x) - 1))")), "Largest error: 0.36"),
        "half digits": (
            changed(LINE, ("    d, h", "    x, y = x.astype(np.float32).astype(float), y\n    d, h")),
            "Largest error: 5.07e+07",
        ),
        "twenty points": (changed(LINE, ("    d, h", "    x, y = x[:20], y[:20]\n    d, h")), None),
        "library": (library("line_fit", "x, y"), None),
    },
    "polynomial_system": {
        "corner": (
            changed(SYSTEM, ("    return P @ P.T, P @ y", "    A = P @ P.T\n    A[0, 0] = 1\n    return A, P @ y")),
            "the corner is not the number of points",
        ),
        "one too few": (changed(SYSTEM, ("degree + 1", "degree")), "a_M is missing"),
        "products of powers": (
            "def polynomial_system(x, y, degree):\n    n = range(degree + 1)\n"
            "    return np.array([[np.sum(x ** (i * j)) for j in n] for i in n]), np.array([np.sum(x**i * y) for i in n])",
            "powers are multiplied",
        ),
        "no y": (changed(SYSTEM, ("P @ y", "P.sum(axis=1)")), "y is missing in r"),
        "means": (changed(SYSTEM, ("P @ P.T, P @ y", "P @ P.T / len(x), P @ y / len(x)")), "means stand in place of sums"),
        "powers of sums": (
            "def polynomial_system(x, y, degree):\n    n = range(degree + 1)\n"
            "    return np.array([[np.sum(x) ** (i + j) for j in n] for i in n]), np.array([np.sum(x) ** i * np.sum(y) for i in n])",
            "powers of the sums stand in place of sums of powers",
        ),
        "samples by samples": (changed(SYSTEM, ("P @ P.T,", "P.T @ P,")), "A should have shape (3, 3), and has shape (5, 5)"),
        "highest first": (changed(SYSTEM, ("range(degree + 1)", "range(degree, -1, -1)")), "A is wrong at index [0, 0]"),
        "solved": (changed(SYSTEM, ("P @ P.T, P @ y", "P @ P.T, np.linalg.solve(P @ P.T, P @ y)")), "r is wrong"),
        "lists": (changed(SYSTEM, ("P @ P.T, P @ y", "(P @ P.T).tolist(), P @ y")), "a list stands in place of an array"),
        "as a column": (changed(SYSTEM, ("P @ y", "(P @ y)[:, None]")), "r should have shape (3,), and has shape (3, 1)"),
        "no zero in x": (changed(SYSTEM, ("    P =", "    x, y = x[x != 0], y[x != 0]\n    P =")), "A is wrong at index [0, 0]. 1 of 16"),
        "up to four": (changed(SYSTEM, ("    P =", "    degree = min(degree, 4)\n    P =")), None),
        "library": (library("polynomial_system", "x, y, degree"), None),
    },
    "least_squares": {
        "normal equations": ("def least_squares(X, t):\n    return np.linalg.solve(X @ X.T, X @ t)", "costs half the digits"),
        "ones added": (
            "def least_squares(X, t):\n    return np.linalg.lstsq(np.vstack([np.ones(X.shape[1]), X]).T, t)[0]",
            "a row of ones is added",
        ),
        "cut": ("def least_squares(X, t):\n    return np.linalg.lstsq(X.T, t, rcond=1e-6)[0]", "small singular values are dropped"),
        "exchanged": (changed(LEAST, ("X.T", "X")), "samples and features are exchanged"),
        "everything": (changed(LEAST, ("[0]", "")), "is a tuple"),
        "residuals": (changed(LEAST, ("[0]", "[1]")), "should have shape (2,), and has shape (1,)"),
        "qr": (
            "def least_squares(X, t):\n    Q, R = np.linalg.qr(X.T)\n    return np.linalg.solve(R, Q.T @ t)",
            "2 of 3 values are wrong",
        ),
        "ridge": (
            "def least_squares(X, t):\n    n = len(X)\n    return np.linalg.lstsq(np.vstack([X.T, 1e-3 * np.eye(n)]), np.append(t, np.zeros(n)))[0]",
            "10 of 10 values are wrong",
        ),
        "rounded": (changed(LEAST, ("[0]", "[0].round(2)")), "Largest error: 0.00429"),
        "centred": (changed(LEAST, ("X.T, t", "X.T, t - t.mean()")), "Largest error: 0.625"),
        "solve": ("def least_squares(X, t):\n    return np.linalg.solve(X.T, t)", "LinAlgError"),
        "list": (changed(LEAST, ("[0]", "[0].tolist()")), "a list stands in place of an array"),
        "backwards": (changed(LEAST, ("[0]", "[0][::-1].copy()")), "the order is turned round"),
        "ten weights at most": (changed(LEAST, ("X.T, t", "X[:10].T, t")), None),
        "twenty samples": (changed(LEAST, ("X.T, t", "X[:, :20].T, t[:20]")), None),
        "library": (library("least_squares", "X, t"), None),
    },
    "log_posterior": {
        "σ without its square": (changed(POSTERIOR, ("(v / s) ** 2", "v**2 / s")), "σ stands without its square"),
        "no constants": (changed(POSTERIOR, (" - np.log(np.sqrt(2 * np.pi) * s)", "")), "the factors in front are left out"),
        "means": (changed(POSTERIOR, ("np.sum(", "np.mean(")), "means stand in place of sums"),
        "prior on residuals": (changed(POSTERIOR, ("log_density(w, nu)", "log_density(t - w @ X, nu)")), "the prior is on the residuals"),
        "no prior": (changed(POSTERIOR, (" + np.sum(log_density(w, nu))", "")), "the prior is missing"),
        "exchanged": (changed(POSTERIOR, ("@ X, sigma", "@ X, nu"), ("(w, nu", "(w, sigma")), "σ and ν are exchanged"),
        "product": (
            "def log_posterior(w, X, t, sigma, nu):\n    def p(v, s):\n        return np.exp(-0.5 * (v / s) ** 2) / (np.sqrt(2 * np.pi) * s)\n"
            "    return np.log(np.prod(p(t - w @ X, sigma)) * np.prod(p(w, nu)))",
            "the product of the densities underflows",
        ),
        "no constant of the prior": (
            changed(POSTERIOR, ("np.sum(log_density(w, nu))", "np.sum(-0.5 * (w / nu) ** 2)")),
            "the constant of the prior is missing",
        ),
        "ridge": (
            "def log_posterior(w, X, t, sigma, nu):\n    return -0.5 * np.sum((t - w @ X) ** 2) - 0.5 * (sigma / nu) ** 2 * np.sum(w**2)",
            "your result is wrong. Largest error: 7.82.",
        ),
        "not summed": (
            changed(POSTERIOR, ("np.sum(log_density(t - w @ X, sigma))", "log_density(t - w @ X, sigma)")),
            "many numbers stand where one is asked for",
        ),
        "plus": (changed(POSTERIOR, ("-0.5 *", "0.5 *")), "your result is wrong. Largest error: 3.7."),
        "minus the prior": (
            changed(POSTERIOR, (" + np.sum(log_density(w", " - np.sum(log_density(w")),
            "your result is wrong. Largest error: 7.75.",
        ),
        "2π without its root": (changed(POSTERIOR, ("np.sqrt(2 * np.pi)", "2 * np.pi")), "your result is wrong. Largest error: 6.43."),
        "a thousand samples": (changed(POSTERIOR, ("t - w @ X, sigma", "(t - w @ X)[:1000], sigma")), None),
        "four weights": (changed(POSTERIOR, ("(w, nu)", "(w[:4], nu)")), None),
        "library": (library("log_posterior", "w, X, t, sigma, nu"), None),
    },
    "map_weights": {
        "exchanged": (changed(MAP, ("sigma / nu", "nu / sigma")), "σ and ν are exchanged in λ"),
        "no squares": (changed(MAP, ("(sigma / nu) ** 2", "sigma / nu")), "the squares are missing in λ"),
        "no noise": (changed(MAP, ("(sigma / nu) ** 2", "1 / nu**2")), "the noise is left out of λ"),
        "times N": (changed(MAP, ("(sigma / nu) ** 2", "len(t) * (sigma / nu) ** 2")), "λ is multiplied by the number of samples"),
        "minus": (changed(MAP, ("+ penalty", "- penalty")), "the price is taken away"),
        "everywhere": (changed(MAP, ("penalty * np.eye(len(X))", "penalty")), "the price stands in every place of the matrix"),
        "constant free": (
            changed(
                MAP, ("    return", "    D = penalty * np.eye(len(X))\n    D[0, 0] = 0\n    return"), ("penalty * np.eye(len(X)),", "D,")
            ),
            "the first weight pays nothing",
        ),
        "no prior": ("def map_weights(X, t, sigma, nu):\n    return np.linalg.lstsq(X.T, t)[0]", "the prior is left out"),
        "half": (changed(MAP, ("** 2", "** 2 / 2")), "λ is halved"),
        "no transposition": (changed(MAP, ("X @ X.T", "X.T @ X")), "element by element"),
        "t alone": (changed(MAP, ("X @ t)", "t)")), "raised ValueError"),
        "backwards": (changed(MAP, ("X @ t)", "X @ t)[::-1].copy()")), "the order is turned round"),
        "price below ten": (
            changed(MAP, ("** 2", "** 2\n    penalty = min(penalty, 10.0) if len(t) < 30 else 0.0")),
            "3 of 3 values are wrong. Largest error: 0.119",
        ),
        "vague": (changed(MAP, ("** 2", "** 2\n    penalty = penalty if nu < 1e3 else 1e-3")), "least squares"),
        "no strong belief": (changed(MAP, ("** 2", "** 2\n    penalty = min(penalty, 1000.0)")), None),
        "forty samples": (changed(MAP, ("    penalty", "    X, t = X[:, :30], t[:30]\n    penalty")), None),
        "library": (library("map_weights", "X, t, sigma, nu"), None),
    },
    "descend_to_fit": {
        "sum": (changed(DESCENT, (" / len(t)\n", "\n")), "the sum over the samples is taken"),
        "cost before": (
            "def descend_to_fit(X, t, alpha, steps):\n    w, costs = np.zeros(len(X)), []\n    for _ in range(steps):\n"
            "        costs.append(np.mean((w @ X - t) ** 2) / 2)\n        w = w - alpha * X @ (w @ X - t) / len(t)\n    return w, np.array(costs)",
            "the cost after the last step is missing",
        ),
        "uphill": (changed(DESCENT, ("w - alpha", "w + alpha")), "it walks uphill"),
        "no half": (changed(DESCENT, ("** 2) / 2", "** 2)"), ("(t**2) / 2", "(t**2)")), "the ½ of the cost is missing"),
        "twice": (changed(DESCENT, ("alpha * X", "2 * alpha * X")), "the gradient is twice too long"),
        "by features": (changed(DESCENT, ("/ len(t)", "/ len(X)")), "it is divided by the number of features"),
        "one more": (changed(DESCENT, ("range(steps)", "range(steps + 1)")), "one step too many is made"),
        "one less": (changed(DESCENT, ("range(steps)", "range(steps - 1)")), "one step too few is made"),
        "columns": (
            changed(DESCENT, ("w, costs = np.zeros(len(X)),", "w, costs = np.zeros((len(X), 1)),"), ("w @ X", "w.T @ X")),
            "the sizes of a matrix product do not fit",
        ),
        "weights only": (changed(DESCENT, ("return w, np.array(costs)", "return w")), "only one of the results is returned"),
        "list of costs": (changed(DESCENT, ("np.array(costs)", "costs")), "a list stands in place of an array"),
        "starts at ones": (
            changed(DESCENT, ("np.zeros(len(X))", "np.ones(len(X))")),
            "2 of 2 values are wrong. Largest error: 0.677.",
        ),
        "first sample only": (
            changed(DESCENT, ("X @ (w @ X - t) / len(t)", "X[:, 0] * (w @ X - t)[0]")),
            "2 of 2 values are wrong. Largest error: 0.763.",
        ),
        "gives up": (
            changed(DESCENT, ("    for _ in range(steps):", "    for _ in range(min(steps, 100)):")),
            None,
        ),
        "costs summed": (changed(DESCENT, ("costs.append(np.mean(", "costs.append(np.sum(")), "the list of costs is wrong"),
        "no start for no step": (
            changed(DESCENT, ("return w, np.array(costs)", "return w, np.array(costs if steps else [])")),
            "should have shape (1,)",
        ),
        "same rate": (changed(DESCENT, ("    for _", "    alpha = min(alpha, 0.3)\n    for _")), None),
        "three weights": (changed(DESCENT, ("    return w,", "    w[3:] = 0\n    return w,")), None),
        "library": (library("descend_to_fit", "X, t, alpha, steps"), None),
    },
    "logistic_fit": {
        "slope": (
            changed(NEURON, ("delta = sigmoid(w @ X + b) - y", "a = sigmoid(w @ X + b)\n        delta = (a - y) * a * (1 - a)")),
            "the squared error's slope is still there",
        ),
        "minus one": (changed(NEURON, ("    w, b = np", "    y = 2 * y - 1\n    w, b = np")), "the labels are turned into −1 and 1"),
        "bias pays": (changed(NEURON, ("np.mean(delta)", "(np.mean(delta) + penalty * b)")), "the bias pays, too"),
        "no price": (changed(NEURON, (" + penalty * w", "")), "the price is left out"),
        "price by samples": (changed(NEURON, ("penalty * w", "penalty * w / len(y)")), "the price is divided by the samples"),
        "sums": (changed(NEURON, (" / len(y)", ""), ("np.mean", "np.sum")), "sums are taken in place of means"),
        "perceptron": (changed(NEURON, ("sigmoid(w @ X + b)", "(w @ X + b > 0)")), "it learns from yes and no"),
        "no bias": (changed(NEURON, ("        b = b - alpha * np.mean(delta)\n", "")), "the bias never moves"),
        "no sigmoid": (changed(NEURON, ("sigmoid(w @ X + b)", "w @ X + b")), "there is no sigmoid"),
        "uphill": (changed(NEURON, ("sigmoid(w @ X + b) - y", "y - sigmoid(w @ X + b)")), "it walks uphill"),
        "price twice": (changed(NEURON, ("penalty * w", "2 * penalty * w")), "the price is twice too high"),
        "naive sigmoid": (
            changed(NEURON, ("sigmoid(w @ X + b)", "np.exp(w @ X + b) / (1 + np.exp(w @ X + b))")),
            "the vector of weights holds nan",
        ),
        "bias after": (
            changed(NEURON, ("b = b - alpha * np.mean(delta)", "b = b - alpha * np.mean(sigmoid(w @ X + b) - y)")),
            "Largest error: 0.00464",
        ),
        "backwards": (changed(NEURON, ("return w, b", "return b, w")), "one number stands where several are asked for"),
        "few steps": (changed(NEURON, ("range(steps)", "range(min(steps, 25))")), None),
        "no large price": (changed(NEURON, ("    for", "    penalty = min(penalty, 0.5)\n    for")), None),
        "all labels equal": (changed(NEURON, ("    for", "    if y.min() == y.max():\n        return w, b\n    for")), None),
        "library": (
            library("logistic_fit", "X, y, alpha, steps, penalty=0.0").replace(
                "theirs(X, y, alpha, steps, penalty=0.0)", "theirs(X, y, alpha, steps, penalty)"
            ),
            None,
        ),
    },
    "residual_report": {
        "correlation squared": (
            changed(REPORT, ("1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)", "np.corrcoef(x, y)[0, 1] ** 2")),
            "R² is the squared correlation",
        ),
        "correlation": (
            changed(REPORT, ("1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)", "np.corrcoef(x, y)[0, 1]")),
            "R is given without its square",
        ),
        "against zero": (changed(REPORT, ("(y - y.mean())", "y")), "the spread is not measured from the mean"),
        "cut off": (changed(REPORT, ("return r,", "return max(r, 0.0),")), "R² is cut off at 0"),
        "what is left": (changed(REPORT, ("r = 1 - ", "r = ")), "the share that is left is given"),
        "not sorted": (changed(REPORT, ("    x, y = x[order], y[order]\n", "")), "the samples are not sorted"),
        "signed": (changed(REPORT, ("np.abs(e), x", "e, x")), "the sizes have a sign"),
        "two apart": (changed(REPORT, ("e[:-1], e[1:]", "e[:-2], e[2:]")), "the neighbour but one is taken"),
        "two numbers": (changed(REPORT, (", np.corrcoef(np.abs(e), x)[0, 1]", "")), "not as many entries"),
        "plus": (changed(REPORT, ("- slope * x", "+ slope * x")), "R² is wrong"),
        "sorted by y": (changed(REPORT, ("np.argsort(x)", "np.argsort(y)")), "the neighbours' correlation is wrong"),
        "zeros": (changed(REPORT, ("np.nan, np.nan", "0.0, 0.0")), "the neighbours' correlation is wrong. Largest error: 0."),
        "matrices": (changed(REPORT, ("[0, 1], np.corrcoef(np.abs", ", np.corrcoef(np.abs")), "many numbers stand where one is asked for"),
        "x is sorted in place": (
            changed(REPORT, ("    order = np.argsort(x)\n    x, y = x[order], y[order]", "    y = y[np.argsort(x)]\n    x.sort()")),
            "changed its input",
        ),
        "ten samples": (changed(REPORT, ("    order", "    x, y = x[:20], y[:20]\n    order")), None),
        "library": (library("residual_report", "x, y, intercept, slope"), None),
    },
    "my_fit": {
        "line": (fixed(1), "one period of a sine"),
        "cubic": (fixed(3), "two periods of a sine"),
        "constant": (fixed(0), "forty points of a line"),
        "seven": (fixed(7), None),
        "nine": (fixed(9), None),
        "all errors counted": (changed(FIT, ("seen, hidden = folds != fold, folds == fold", "seen = hidden = folds >= 0")), None),
        "coefficients": (changed(FIT, (" @ polynomial_features(x_new, best)", "")), "should have shape (97,)"),
        "at the points": (changed(FIT, ("x_new, best", "x, best")), "should have shape (97,), and has shape (40,)"),
        "backwards": (changed(FIT, ("x_new, best)", "x_new[::-1], best)")), "a line, with little noise"),
        "the first points only": (changed(FIT, ("features(x, best), t)", "features(x[:12], best), t[:12])")), "with little noise"),
        "list": (changed(FIT, ("return least_squares", "return list(least_squares"), ("x_new, best)", "x_new, best))")), "is a list"),
        "nearest point": (
            "def my_fit(x, t, x_new):\n    return np.array([t[np.argmin(np.abs(x - at))] for at in x_new])",
            "two periods of a sine, with",
        ),
        "joined by lines": ("def my_fit(x, t, x_new):\n    return np.interp(x_new, x, t)", None),
        "two degrees": (changed(FIT, ("min(range(10), key=error)", "min((1, 9), key=error)")), None),
        "not a number": (changed(FIT, ("x_new, best)", "x_new, best) * np.nan")), "holds nan"),
        "library": (library("my_fit", "x, t, x_new"), None),
    },
}

VARIANTS = {
    "line_fit": {
        "covariance": "def line_fit(x, y):\n    c = np.cov(x, y)\n    slope = c[0, 1] / c[0, 0]\n    return float(np.mean(y) - slope * np.mean(x)), float(slope)",
        "polyfit of the middle": "def line_fit(x, y):\n    s = np.polyfit(x - np.mean(x), y, 1)\n    return s[1] - s[0] * np.mean(x), s[0]",
        "loop": (
            "def line_fit(x, y):\n    mx, my = sum(x) / len(x), sum(y) / len(y)\n    above = below = 0\n    for a, b in zip(x, y):\n"
            "        above += (a - mx) * (b - my)\n        below += (a - mx) ** 2\n    return my - above / below * mx, above / below"
        ),
    },
    "polynomial_system": {
        "loops": (
            "def polynomial_system(x, y, degree):\n    A, r = np.zeros((degree + 1, degree + 1)), np.zeros(degree + 1)\n    for i in range(degree + 1):\n"
            "        for j in range(degree + 1):\n            A[i, j] = sum(x ** (i + j))\n        r[i] = sum(x**i * y)\n    return A, r"
        ),
        "vander": "def polynomial_system(x, y, degree):\n    V = np.vander(x, degree + 1, increasing=True)\n    return V.T @ V, V.T @ y",
        "own features": "def polynomial_system(x, y, degree):\n    P = polynomial_features(x, degree)\n    return np.einsum('in,jn->ij', P, P), (P * y).sum(axis=1)",
    },
    "least_squares": {
        "rcond": "def least_squares(X, t):\n    w, _, _, _ = np.linalg.lstsq(X.transpose(), t, rcond=None)\n    return w",
        "pinv": "def least_squares(X, t):\n    return np.linalg.pinv(X.T) @ t",
        "svd": (
            "def least_squares(X, t):\n    U, s, V = np.linalg.svd(X.T, full_matrices=False)\n    keep = s > 1e-13 * s[0]\n"
            "    return V[keep].T @ (U[:, keep].T @ t / s[keep])"
        ),
        "scipy": "def least_squares(X, t):\n    from scipy.linalg import lstsq\n    return lstsq(X.T, t)[0]",
    },
    "log_posterior": {
        "closed": (
            "def log_posterior(w, X, t, sigma, nu):\n    e = t - X.T @ w\n    likelihood = -len(t) / 2 * np.log(2 * np.pi * sigma**2) - e @ e / (2 * sigma**2)\n"
            "    prior = -len(w) / 2 * np.log(2 * np.pi * nu**2) - w @ w / (2 * nu**2)\n    return float(likelihood + prior)"
        ),
        "scipy": "def log_posterior(w, X, t, sigma, nu):\n    from scipy.stats import norm\n    return norm.logpdf(t - w @ X, scale=sigma).sum() + norm.logpdf(w, scale=nu).sum()",
        "loop": (
            "def log_posterior(w, X, t, sigma, nu):\n    total = 0.0\n    for e in t - w @ X:\n        total += -e**2 / 2 / sigma**2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)\n"
            "    for v in w:\n        total += -v**2 / 2 / nu**2 - np.log(nu) - 0.5 * np.log(2 * np.pi)\n    return total"
        ),
    },
    "map_weights": {
        "by the samples": "def map_weights(X, t, sigma, nu):\n    return nu**2 * X @ np.linalg.solve(nu**2 * X.T @ X + sigma**2 * np.eye(len(t)), t)",
        "appended rows": (
            "def map_weights(X, t, sigma, nu):\n    n = X.shape[0]\n    return np.linalg.lstsq(np.vstack([X.T, sigma / nu * np.eye(n)]), np.concatenate([t, np.zeros(n)]))[0]"
        ),
        "both divided": "def map_weights(X, t, sigma, nu):\n    return np.linalg.solve(X @ X.T / sigma**2 + np.eye(len(X)) / nu**2, X @ t / sigma**2)",
        "inverse": "def map_weights(X, t, sigma, nu):\n    return np.linalg.inv(X @ X.T + sigma**2 / nu**2 * np.identity(len(X))) @ (X @ t)",
    },
    "descend_to_fit": {
        "X.T": (
            "def descend_to_fit(X, t, alpha, steps):\n    n = len(t)\n    w = np.zeros(X.shape[0])\n    costs = np.empty(steps + 1)\n    for k in range(steps):\n"
            "        e = X.T @ w - t\n        costs[k] = e @ e / (2 * n)\n        w -= alpha / n * (X @ e)\n    e = X.T @ w - t\n    costs[steps] = e @ e / (2 * n)\n    return w, costs"
        ),
        "mean of products": (
            "def descend_to_fit(X, t, alpha, steps):\n    w = np.zeros(len(X))\n    cost = lambda w: 0.5 * np.mean((t - w @ X) ** 2)\n    costs = [cost(w)]\n"
            "    while len(costs) <= steps:\n        w = w + alpha * np.mean((t - w @ X) * X, axis=1)\n        costs += [cost(w)]\n    return w, np.asarray(costs)"
        ),
        "matrices": (
            "def descend_to_fit(X, t, alpha, steps):\n    A, r = X @ X.T / len(t), X @ t / len(t)\n    w, costs = np.zeros(len(X)), []\n    for k in range(steps + 1):\n"
            "        costs.append(np.mean((w @ X - t) ** 2) / 2)\n        if k < steps:\n            w = w - alpha * (A @ w - r)\n    return w, np.array(costs)"
        ),
    },
    "logistic_fit": {
        "row of ones": (
            "def logistic_fit(X, y, alpha, steps, penalty=0.0):\n    A = np.vstack([np.ones(X.shape[1]), X])\n    v = np.zeros(len(A))\n    for _ in range(steps):\n"
            "        g = A @ (sigmoid(v @ A) - y) / len(y)\n        g[1:] += penalty * v[1:]\n        v = v - alpha * g\n    return v[1:], v[0]"
        ),
        "shrink": (
            "def logistic_fit(X, y, alpha, steps, penalty=0.0):\n    n = len(y)\n    w, b = np.zeros(X.shape[0]), 0.0\n    for _ in range(steps):\n"
            "        wrong = y - sigmoid(X.T @ w + b)\n        w = (1 - alpha * penalty) * w + alpha / n * X @ wrong\n        b += alpha * wrong.mean()\n    return w, float(b)"
        ),
        "in place": (
            "def logistic_fit(X, y, alpha, steps, penalty=0.0):\n    w, b = np.zeros(len(X)), 0.0\n    for _ in range(steps):\n        d = sigmoid(w @ X + b) - y\n"
            "        dw, db = (X * d).mean(axis=1) + penalty * w, d.mean()\n        w -= alpha * dw\n        b -= alpha * db\n    return w, b"
        ),
    },
    "residual_report": {
        "pairs": (
            "def residual_report(x, y, intercept, slope):\n    pairs = sorted(zip(x, y))\n    x, y = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])\n"
            "    e = y - (intercept + slope * x)\n    if np.all(e == 0):\n        return 1.0, float('nan'), float('nan')\n"
            "    r = 1 - np.mean(e**2) / np.var(y)\n    return float(r), float(np.corrcoef(e[1:], e[:-1])[0, 1]), float(np.corrcoef(x, abs(e))[1, 0])"
        ),
        "signs turned": REPORT.replace("e = y - intercept - slope * x", "e = intercept + slope * x - y"),
        "numpy": REPORT.replace("not e.any()", "(e**2).sum() == 0"),
    },
    "my_fit": {
        "ten folds": FIT.replace("% 5", "% 10").replace("range(5)", "range(10)"),
        "leave one out": (
            "def my_fit(x, t, x_new):\n    def error(M):\n        P = polynomial_features(x, M)\n        H = P.T @ np.linalg.pinv(P.T)\n        e = t - H @ t\n"
            "        return np.mean((e / np.maximum(1 - np.diag(H), 1e-6)) ** 2)\n    best = min(range(9), key=error)\n    return least_squares(polynomial_features(x, best), t) @ polynomial_features(x_new, best)"
        ),
        "shuffled folds": FIT.replace("np.arange(len(x)) % 5", "np.random.default_rng(0).permutation(np.arange(len(x)) % 5)"),
    },
}

RUNG = "A rung of a ladder."
STANDS = {"my_fit_beats_any_fixed_degree": RUNG, "my_fit_comes_near": RUNG}
