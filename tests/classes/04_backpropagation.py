"""The sample class of chapter 04: ten submissions, named by outcome."""

from __future__ import annotations

from functools import cache

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import ROOT, Member, cell

from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import BEGIN, STUB

FULL = {
    "graph_gradients": 4,
    "sigmoid_grad": 2,
    "delta_output": 2,
    "delta_hidden": 3,
    "hidden_grad": 2,
    "hidden_bias_grad": 2,
    "backward": 4,
    "optimize": 3,
    "central_differences": 3,
    "notebook": 7,
}

FORWARD = """        for node in self.order():
            if node.op:
                values = [each.value for each in node.arguments]
                node.value = OPS[node.op](*values)"""
BACKWARD = """        for node in self.order():
            node.grad = 0
        self.grad = 1
        for node in self.order()[::-1]:
            if node.op:
                values = [each.value for each in node.arguments]
                for each, local in zip(node.arguments, LOCAL[node.op](*values)):
                    each.grad += node.grad * local"""


@cache
def untouched_node() -> str:
    """Return the stub of `graph_gradients`, with its class."""
    return str(cell(load(Course(ROOT).chapter("04").student), "exercise", "graph_gradients").source)


def node(forward: str = FORWARD, backward: str = BACKWARD) -> str:
    """Write the two methods of `Node` into the student's cell."""
    todo = "\n".join(f"        {line}" for line in STUB)
    assert untouched_node().count(todo) == 2
    assert BEGIN not in untouched_node()
    return untouched_node().replace(todo, forward, 1).replace(todo, backward, 1)


SIGMOID_GRAD = "def sigmoid_grad(z):\n    return sigmoid(z) * (1 - sigmoid(z))"
DELTA_OUTPUT = "def delta_output(a, y, slope=1.0):\n    return slope * (a - y)"
DELTA_HIDDEN = "def delta_hidden(delta, W, z, f_grad):\n    return np.dot(W.T, delta) * f_grad(z)"
HIDDEN_GRAD = "def hidden_grad(delta, a):\n    samples = a.shape[1]\n    return np.dot(delta, a.T) / samples"
HIDDEN_BIAS_GRAD = "def hidden_bias_grad(delta):\n    return delta.mean(axis=1, keepdims=True)"
BACK = """def backward(y, W, z, a, f_grad, f_out_grad):
    L = len(W)
    dW, db = [None] * L, [None] * L
    delta = delta_output(a[L], y, f_out_grad(z[L - 1]))
    for l in range(L - 1, -1, -1):
        dW[l] = hidden_grad(delta, a[l])
        db[l] = hidden_bias_grad(delta)
        if l > 0:
            delta = delta_hidden(delta, W[l], z[l - 1], f_grad)
    return dW, db"""
OPTIMIZE = """def optimize(W, b, dW, db, alpha=0.02):
    new_W = [W[i] - alpha * dW[i] for i in range(len(W))]
    new_b = [b[i] - alpha * db[i] for i in range(len(b))]
    return new_W, new_b"""
DIFFERENCES = """def central_differences(f, p, h=1e-5):
    g = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        up, down = p.copy(), p.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g"""


def answers() -> dict[str, str]:
    """Return right answers, as most students write them."""
    return {
        "graph_gradients": node(),
        "sigmoid_grad": SIGMOID_GRAD,
        "delta_output": DELTA_OUTPUT,
        "delta_hidden": DELTA_HIDDEN,
        "hidden_grad": HIDDEN_GRAD,
        "hidden_bias_grad": HIDDEN_BIAS_GRAD,
        "backward": BACK,
        "optimize": OPTIMIZE,
        "central_differences": DIFFERENCES,
    }


RIGHT = answers()


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "backward"))
    notebook.cells.insert(
        place, new_code_cell("def both(delta, a):\n    return hidden_grad(delta, a), hidden_bias_grad(delta)", id="helper")
    )
    notebook.cells.append(new_code_cell("delta_hidden(1, 2, 3, 4)", id="experiment"))


# A float that calls itself equal to everything, and an array of a class that does the same: neither may earn a point.
EQUAL = """class Equal(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__


class Agrees(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return True


"""

CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            "graph_gradients": node(
                forward="        self.value = OPS[self.op](*[(a.forward(), a.value)[1] for a in self.arguments]) if self.op else self.value",
                backward=(
                    "        shares = {each: 0.0 for each in self.order()}\n        shares[self] = 1.0\n        for each in reversed(self.order()):\n"
                    "            each.grad = shares[each]\n            if each.arguments:\n"
                    "                local = LOCAL[each.op](*(a.value for a in each.arguments))\n"
                    "                for a, slope in zip(each.arguments, local):\n                    shares[a] += each.grad * slope"
                ),
            ),
            "sigmoid_grad": "sigmoid_grad = lambda z: 0.25 / np.cosh(np.clip(z, -700, 700) / 2) ** 2",
            "delta_output": "def delta_output(a, y, slope=1.0):\n    return np.multiply(-slope, y - a)",
            "delta_hidden": "def delta_hidden(delta, W, z, f_grad):\n    return (delta.T @ W).T * f_grad(z)",
            "hidden_grad": "def hidden_grad(delta, a):\n    return np.mean(delta[:, None, :] * a[None, :, :], axis=2)",
            "hidden_bias_grad": "def hidden_bias_grad(delta):\n    return hidden_grad(delta, np.ones((1, delta.shape[1])))",
            "backward": (
                "def backward(y, W, z, a, f_grad, f_out_grad):\n    pairs, delta = [], delta_output(a[-1], y, f_out_grad(z[-1]))\n"
                "    for l in reversed(range(len(W))):\n        pairs.append(both(delta, a[l]))\n"
                "        delta = delta_hidden(delta, W[l], z[l - 1], f_grad) if l else None\n    return tuple(zip(*reversed(pairs)))"
            ),
            "optimize": (
                "def optimize(W, b, dW, db, alpha=0.02):\n    step = lambda p, g: p - alpha * g\n    return list(map(step, W, dW)), list(map(step, b, db))"
            ),
            "central_differences": (
                "def central_differences(f, p, h=1e-5):\n    flat = p.ravel()\n    ends = [[f((flat + s * h * e).reshape(p.shape)) for s in (1, -1)] "
                "for e in np.eye(p.size)]\n    return -np.diff(ends, axis=1).reshape(p.shape) / h / 2"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("graph_gradients", "sigmoid_grad", "delta_output", "delta_hidden")},
        loses={"hidden_grad": 2, "hidden_bias_grad": 2, "backward": 4, "optimize": 3, "central_differences": 3, "notebook": 4},
    ),
    "untouched": Member({}, loses=FULL),
    "sums_over_the_batch_like_the_slide": Member(
        {**RIGHT, "hidden_grad": "def hidden_grad(delta, a):\n    return delta @ a.T"},
        loses={"hidden_grad": 1, "backward": 3, "notebook": 1},
    ),
    "shares_overwritten": Member(
        {**RIGHT, "graph_gradients": node(backward=BACKWARD.replace("+=", "="))},
        loses={"graph_gradients": 3, "notebook": 1},
    ),
    "learns_in_place": Member(
        {
            **RIGHT,
            "optimize": (
                "def optimize(W, b, dW, db, alpha=0.02):\n    for i in range(len(W)):\n        W[i] -= alpha * dW[i]\n        b[i] -= alpha * db[i]\n"
                "    return W, b"
            ),
        },
        loses={"optimize": 3},
    ),
    "raises": Member(
        {**RIGHT, "delta_hidden": "def delta_hidden(delta, W, z, f_grad):\n    return W @ delta * f_grad(z)"},
        loses={"delta_hidden": 3, "backward": 3, "notebook": 4},
    ),
    "infinite_loop": Member(
        {**RIGHT, "graph_gradients": node(backward="        while self.grad == 0.0:\n            self.order()")},
        loses={"graph_gradients": 4, "notebook": 3},
    ),
    "claims_to_be_equal_and_calls_the_library": Member(
        {
            **RIGHT,
            "graph_gradients": node()
            .replace("[node.grad for node in nodes]", "[Equal(0) for node in nodes]")
            .replace("class Node:", EQUAL + "class Node:"),
            "delta_output": "def delta_output(a, y, slope=1.0):\n    return np.zeros(a.shape).view(Agrees)",
            "hidden_grad": "from nnlab.backpropagation import hidden_grad",
            "optimize": "from nnlab.backpropagation import optimize as theirs\n\n\ndef optimize(*args):\n    return theirs(*args)",
        },
        loses={"graph_gradients": 4, "delta_output": 2, "hidden_grad": 2, "backward": 4, "optimize": 3, "notebook": 7},
    ),
}
