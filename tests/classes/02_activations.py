"""The sample class of chapter 02: nine submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "sigmoid": 2,
    "merge_layers": 3,
    "sigmoid_derivative": 2,
    "relu_weights": 4,
    "dead_share": 3,
    "softplus": 3,
    "elu_derivative": 3,
    "swish_derivative": 3,
    "temperature_for": 0,
    "notebook": 4,
}

HALVES = """def temperature_for(scores, share):
    low, high = 1e-9, 1e9
    for _ in range(200):
        T = (low * high) ** 0.5
        if 1 / np.exp((scores - scores.max()) / T).sum() > share:
            low = T
        else:
            high = T
    return T"""

RIGHT = {
    "sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
    "merge_layers": "def merge_layers(W_1, b_1, W_2, b_2):\n    return W_2 @ W_1, W_2 @ b_1 + b_2",
    "sigmoid_derivative": "def sigmoid_derivative(z):\n    return sigmoid(z) * (1 - sigmoid(z))",
    "relu_weights": "def relu_weights(x, y):\n    return np.diff(np.diff(y) / np.diff(x), prepend=0)",
    "dead_share": "def dead_share(z):\n    return np.all(z <= 0, axis=1).mean()",
    "softplus": "def softplus(z):\n    return np.logaddexp(0, z)",
    "elu_derivative": "def elu_derivative(z, gamma):\n    return np.where(z > 0, 1, gamma * np.exp(z))",
    "swish_derivative": "def swish_derivative(z, beta):\n    s = sigmoid(beta * z)\n    return s + beta * z * s * (1 - s)",
    "temperature_for": HALVES,
}
SECOND_HALF = ("dead_share", "softplus", "elu_derivative", "swish_derivative", "temperature_for")


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper in a cell of one's own, which an answer uses, and a failing experiment."""
    place = notebook.cells.index(cell(notebook, "exercise", "relu_weights"))
    notebook.cells.insert(place, new_code_cell("def changes(s):\n    return s - np.concatenate([[0.0], s[:-1]])", id="helper"))
    notebook.cells.append(new_code_cell("softplus('what happens?')", id="experiment"))


def own_helpers(notebook: NotebookNode) -> None:
    """Bring all answers from the library, which is not there."""
    notebook.cells.insert(2, new_code_cell("from nnlab.activations import *", id="shortcut"))


# Each would earn its points only if the sandbox let it find what it looks for, or if the grader believed what it is told.
HOSTILE = {
    "softplus": "from nnlab.activations import softplus",
    "sigmoid_derivative": (
        "class Same(np.ndarray):\n    def __eq__(self, other):\n        return True\n\n    __array_priority__ = 1000\n\n\n"
        "def sigmoid_derivative(z):\n    return np.zeros(z.shape).view(Same)"
    ),
    "dead_share": (
        "import numpy.testing\n\nnp.isclose = lambda *args, **options: np.True_\nnp.allclose = lambda *args, **options: True\n"
        "numpy.testing.assert_allclose = lambda *args, **options: None\n\n\ndef dead_share(z):\n    return 0.5"
    ),
    "elu_derivative": (
        "import glob\n\nfound = [open(path).read() for path in glob.glob('/**/activations.py', recursive=True)]\n\n\n"
        "def elu_derivative(z, gamma):\n    names = {}\n    for text in found:\n        exec(text, names)\n    return names['elu_derivative'](z, gamma)"
    ),
}

CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            "sigmoid": "sigmoid = lambda z: (1 + np.tanh(z / 2)) / 2",
            "merge_layers": (
                "def merge_layers(W_1, b_1, W_2, b_2):\n    b = W_2.dot(b_1) + b_2\n    columns = [W_2 @ column for column in W_1.T]\n"
                "    return [np.stack(columns, axis=1), b]"
            ),
            "sigmoid_derivative": "def sigmoid_derivative(z):\n    return 1 / (2 * np.cosh(z / 2)) ** 2",
            "relu_weights": "def relu_weights(x, y):\n    return changes((y[1:] - y[:-1]) / (x[1:] - x[:-1]))",
            "dead_share": "def dead_share(z):\n    alive = {unit for unit, sample in zip(*np.nonzero(z > 0))}\n    return 1 - len(alive) / len(z)",
            "softplus": "def softplus(z):\n    return np.where(z > 100, z, np.log(1 + np.exp(z)))",
            "elu_derivative": (
                "def elu_derivative(z, gamma):\n    out = np.ones(z.shape)\n    out[z <= 0] = gamma * np.exp(z[z <= 0])\n    return out"
            ),
            "swish_derivative": (
                "import math\n\n\n@np.vectorize\ndef swish_derivative(z, beta):\n    s = 0.5 + 0.5 * math.tanh(beta * z / 2)\n"
                "    return s * (1 + beta * z * (1 - s))"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: source for name, source in RIGHT.items() if name not in SECOND_HALF},
        loses={**{name: FULL[name] for name in SECOND_HALF}, "notebook": 2},
    ),
    "untouched": Member({}, loses=FULL),
    "as_the_classmate": Member(
        {
            **RIGHT,
            "sigmoid": "def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))",
            "sigmoid_derivative": "def sigmoid_derivative(z):\n    return sigmoid(z) * sigmoid(1 - z)",
            "softplus": "def softplus(z):\n    return np.log(1 + np.exp(z))",
            "elu_derivative": "def elu_derivative(z, gamma):\n    return (z > 0) + (z <= 0) * gamma * np.exp(z)",
        },
        loses={"sigmoid": 1, "sigmoid_derivative": 2, "softplus": 2, "elu_derivative": 1, "swish_derivative": 1, "notebook": 1},
    ),
    "wrong_rules": Member(
        {
            **RIGHT,
            "merge_layers": "def merge_layers(W_1, b_1, W_2, b_2):\n    return W_2 @ W_1, b_2",
            "relu_weights": "def relu_weights(x, y):\n    return np.diff(np.diff(y) / (x[1] - x[0]), prepend=0)",
            "dead_share": "def dead_share(z):\n    return np.mean(z <= 0)",
            "swish_derivative": "def swish_derivative(z, beta):\n    s = sigmoid(beta * z)\n    return s + z * s * (1 - s)",
            "temperature_for": "def temperature_for(scores, share):\n    return 1 / np.exp(scores - scores.max()).sum()",
        },
        loses={"merge_layers": 3, "relu_weights": 3, "dead_share": 3, "swish_derivative": 2, "notebook": 3},
    ),
    "raises": Member(
        {
            **RIGHT,
            "merge_layers": "def merge_layers(W_1, b_1, W_2, b_2):\n    return W_1 @ W_2, W_1 @ b_2 + b_1",
            "relu_weights": "def relu_weights(x, y):\n    return np.diff(y / x) @ y",
        },
        loses={"merge_layers": 3, "relu_weights": 4, "notebook": 2},
    ),
    "library_for_all": Member(
        dict.fromkeys(RIGHT, ""),
        loses=FULL,
        edit=own_helpers,
    ),
    "hostile": Member(
        {**RIGHT, **HOSTILE},
        loses={"softplus": 3, "sigmoid_derivative": 2, "dead_share": 3, "elu_derivative": 3, "notebook": 2},
    ),
}
