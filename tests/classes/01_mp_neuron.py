"""The sample class of chapter 01: ten submissions, named by outcome."""

from __future__ import annotations

from sample_class import Member

FULL = {
    "mp_neuron": 2,
    "gate": 4,
    "separating_line": 2,
    "classify": 2,
    "hebb": 2,
    "perceptron_update": 2,
    "one_epoch": 2,
    "train_perceptron": 4,
    "pocket": 0,
    "mistake_bound": 3,
    "xor_network": 2,
    "notebook": 10,
}

GATE = (
    "def gate(name):\n    if name == 'AND':\n        return np.array([1, 1]), 1.5\n    if name == 'OR':\n        return np.array([1, 1]), 0.5\n"
    "    if name == 'NAND':\n        return np.array([-1, -1]), -1.5\n    return np.array([-1]), -0.5"
)
PERCEPTRON = """class Perceptron:
    def __init__(self, max_epochs, learning_rate=1.0):
        self.max_epochs = max_epochs
        self.learning_rate = learning_rate

    def fit(self, X, y):
        self.w, self.b = np.zeros(len(X)), 0.0
        self.path, self.converged = [], False
        epoch = 0
        while not self.converged and epoch < self.max_epochs:
            count = 0
            for i in range(len(y)):
                z = np.dot(self.w, X[:, i]) + self.b
                if y[i] * z <= 0:
                    self.w, self.b = perceptron_update(self.w, self.b, X[:, i], y[i], self.learning_rate)
                    self.path.append((self.w, self.b))
                    count += 1
            self.converged = count == 0
            epoch += 1
        return self


def train_perceptron(X, y, max_epochs, learning_rate=1.0):
    learned = Perceptron(max_epochs, learning_rate).fit(X, y)
    return learned.w, float(learned.b), len(learned.path), bool(learned.converged)"""
EPOCH = """def one_epoch(w, b, X, y, learning_rate):
    path = []
    for i in range(len(y)):
        z = np.dot(w, X[:, i]) + b
        if y[i] * z <= 0:
            w, b = perceptron_update(w, b, X[:, i], y[i], learning_rate)
            path.append((w, b))
    return path"""
POCKET = """def pocket(X, y, max_epochs, learning_rate=1.0):
    fewest = None
    for w, b in Perceptron(max_epochs, learning_rate).fit(X, y).path:
        wrong = 0
        for x, label in zip(X.T, y):
            if label * (w @ x + b) <= 0:
                wrong += 1
        if fewest is None or wrong < fewest:
            fewest, w_best, b_best = wrong, w, b
    return w_best, b_best, fewest"""
RIGHT = {
    "mp_neuron": "def mp_neuron(x, w, theta):\n    if np.dot(w, x) > theta:\n        return 1\n    return 0",
    "gate": GATE,
    "separating_line": "def separating_line(w, b, x1):\n    return (-b - w[0] * x1) / w[1]",
    "classify": "def classify(X, w, b):\n    return np.where(np.dot(w, X) + b > 0, 1, -1)",
    "perceptron_update": (
        "def perceptron_update(w, b, x, y, learning_rate):\n    w = w + learning_rate * y * x\n    b = b + learning_rate * y\n    return w, b"
    ),
    "hebb": (
        "def hebb(X, y, learning_rate):\n    w = np.zeros(X.shape[0])\n    b = 0.0\n    for i in range(X.shape[1]):\n"
        "        w = w + learning_rate * X[:, i] * y[i]\n        b = b + learning_rate * y[i]\n    return w, b"
    ),
    "one_epoch": EPOCH,
    "train_perceptron": PERCEPTRON,
    "pocket": POCKET,
    "mistake_bound": (
        "def mistake_bound(X, y, w, b):\n    v = np.append(w, b)\n    A = np.vstack([X, np.ones(X.shape[1])])\n"
        "    R = np.max(np.sqrt(np.sum(A**2, axis=0)))\n    gamma = np.min(y * (v @ A)) / np.sqrt(np.sum(v**2))\n    return R**2 / gamma**2"
    ),
    "xor_network": 'def xor_network():\n    return gate("OR"), gate("NAND"), gate("AND")',
}

# Says that it is whatever it is compared with, and rewrites the function that compares.
LIAR = """import numpy.testing


class Right(np.ndarray):
    def __eq__(self, other):
        return np.True_

    __ne__ = __lt__ = __gt__ = lambda self, other: np.False_


np.isclose = np.allclose = lambda *args, **options: True
numpy.testing.assert_allclose = lambda *args, **options: None


def classify(X, w, b):
    return np.zeros(X.shape[1]).view(Right)"""

CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            "mp_neuron": "mp_neuron = lambda x, w, theta: np.heaviside(np.inner(w, x) - theta, 0)",
            "gate": (
                "def gate(name):\n    if name == 'NAND':\n        w, theta = gate('AND')\n        return [-w, -theta]\n"
                "    return {'AND': (np.array([0.2, 0.3]), 0.4), 'OR': (np.array([5.0, 7.0]), 0), 'NOT': (np.array([-9]), -8)}[name]"
            ),
            "separating_line": "def separating_line(w, b, x1):\n    slope, height = -w[0] / w[1], -b / w[1]\n    return slope * x1 + height",
            "classify": "def classify(X, w, b):\n    return np.array([1 if mp_neuron(x, w, -b) else -1 for x in X.T])",
            "perceptron_update": (
                "def perceptron_update(w, b, x, y, learning_rate):\n    longer = np.append(w, b) + learning_rate * y * np.append(x, 1)\n"
                "    return longer[:-1], longer[-1]"
            ),
            "hebb": "def hebb(X, y, learning_rate):\n    return learning_rate * np.inner(X, y), learning_rate * sum(y)",
            "one_epoch": (
                "def one_epoch(w, b, X, y, learning_rate):\n    path = [(w, b)]\n    for x, label in zip(X.T, y):\n"
                "        if np.sign(path[-1][0] @ x + path[-1][1]) != label:\n"
                "            path += [perceptron_update(*path[-1], x, label, learning_rate)]\n    return path[1:]"
            ),
            "pocket": (
                "def pocket(X, y, max_epochs, learning_rate=1.0):\n    path = Perceptron(max_epochs, learning_rate).fit(X, y).path\n"
                "    wrong = [(y * (w @ X + b) <= 0).sum() for w, b in path]\n    return [*path[np.argmin(wrong)], min(wrong)]"
            ),
            "train_perceptron": (
                "class Perceptron:\n    def __init__(self, max_epochs, rate=1.0):\n        self.passes, self.rate = max_epochs, rate\n\n"
                "    def fit(self, X, y):\n        self.w, self.b, self.path, self.converged = 0 * X[:, 0], 0, [], False\n"
                "        for _ in range(self.passes):\n            if not any([self.learn(X[:, i], y[i]) for i in range(len(y))]):\n"
                "                self.converged = True\n                return self\n        return self\n\n"
                "    def learn(self, x, label):\n        wrong = np.sign(self.w @ x + self.b) != label\n        if wrong:\n"
                "            self.w, self.b = perceptron_update(self.w, self.b, x, label, self.rate)\n"
                "            self.path += [(self.w, self.b)]\n        return wrong\n\n\n"
                "def train_perceptron(X, y, max_epochs, learning_rate=1.0):\n    p = Perceptron(max_epochs, learning_rate).fit(X, y)\n    return [p.w, p.b, len(p.path), p.converged]"
            ),
            "mistake_bound": (
                "def mistake_bound(X, y, w, b):\n    R2 = 1 + (X * X).sum(axis=0).max()\n    margins = y * (w @ X + b)\n"
                "    return R2 * (w @ w + b**2) / margins.min() ** 2"
            ),
            "xor_network": (
                "def xor_network():\n    one = np.array([1.0, -1.0])\n    return (one, 0.5), (-one, 0.5), (np.ones(2), 0.5)  # x1 and not x2, or the reverse"
            ),
        }
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("mp_neuron", "gate", "separating_line", "classify")},
        loses={
            "hebb": 2,
            "perceptron_update": 2,
            "one_epoch": 2,
            "train_perceptron": 4,
            "mistake_bound": 3,
            "xor_network": 2,
            "notebook": 8,
        },
    ),
    "untouched": Member({}, loses=FULL),
    "fires_at_the_threshold": Member(
        {**RIGHT, "mp_neuron": "def mp_neuron(x, w, theta):\n    return 1 if np.dot(w, x) >= theta else 0"},
        loses={"mp_neuron": 1},
    ),
    "points_on_the_line_are_right": Member(
        {**RIGHT, "train_perceptron": PERCEPTRON.replace("<= 0", "< 0")},
        loses={"train_perceptron": 4, "notebook": 6},
    ),
    "bound_of_the_slide": Member(
        {
            **RIGHT,
            "one_epoch": EPOCH.replace("y[i] * z <= 0", "y[i] * int(z) <= 0"),
            "mistake_bound": (
                "def mistake_bound(X, y, w, b):\n    R = np.linalg.norm(X, axis=0).max()\n    gamma = (y * (w @ X + b)).min() / np.linalg.norm(w)\n"
                "    return R**2 / gamma**2"
            ),
        },
        loses={"one_epoch": 2, "mistake_bound": 3, "notebook": 2},
    ),
    "raises": Member(
        {**RIGHT, "gate": "def gate(name):\n    return {'AND': (np.array([1, 1]), 1.5), 'OR': (np.array([1, 1]), 0.5)}[name]"},
        loses={"gate": 2, "xor_network": 2, "notebook": 2},
    ),
    "no_epoch_limit": Member(
        {**RIGHT, "train_perceptron": PERCEPTRON.replace(" and epoch < self.max_epochs", "")},
        loses={"train_perceptron": 2, "notebook": 1},
    ),
    "equal_to_everything": Member({**RIGHT, "classify": LIAR}, loses={"classify": 2, "notebook": 4}),
}
