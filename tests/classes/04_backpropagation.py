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
    "local_gradients": 1,
    "graph_values": 1,
    "graph_gradients": 4,
    "node_gradients": 2,
    "central_differences": 3,
    "delta_hidden": 3,
    "layer_gradients": 4,
    "backward": 4,
    "optimize": 3,
    "softmax_squared_delta": 0,
    "notebook": 7,
}

TIMES = "        return Node(self.value * other.value, (self, other), (other.value, self.value))"
EXP = """        result = np.exp(self.value)
        return Node(result, (self,), (result,))"""
BACKWARD = """        for node in self.order():
            node.grad = 0
        self.grad = 1
        for node in self.order()[::-1]:
            for each, local in zip(node.arguments, node.local):
                each.grad += node.grad * local"""


@cache
def untouched(name: str) -> str:
    """Return the stub of an exercise, with what is given in its cell."""
    return str(cell(load(Course(ROOT).chapter("04").student), "exercise", name).source)


def filled(name: str, *answers: str) -> str:
    """Write answers into the student's cell, one for each place."""
    source = untouched(name)
    assert BEGIN not in source
    for answer in answers:
        indent = answer[: len(answer) - len(answer.lstrip())]
        todo = "\n".join(indent + line for line in STUB)
        assert todo in source
        source = source.replace(todo, answer, 1)
    assert STUB[0] not in source
    return source


def node(times: str = TIMES, exp: str = EXP, backward: str = BACKWARD) -> str:
    """Write the three methods of `Node` into the student's cell."""
    return filled("node_gradients", times, exp, backward)


LOCAL = """    if op == "exp":
        return [np.exp(values[0])]
    if op == "1/x":
        return [-1 / values[0] ** 2]
    u, v = values
    return [1, -1] if op == "-" else [1 / v, -u / v**2]"""
VALUES = """    nodes = list(leaves)
    for step in steps:
        numbers = [nodes[i] for i in step[1:]]
        nodes.append(OPS[step[0]](*numbers))
    return nodes"""
GRADIENTS = """    values = graph_values(leaves, steps)
    grads = [0] * len(values)
    grads[-1] = 1
    for k in range(len(steps) - 1, -1, -1):
        op = steps[k][0]
        places = steps[k][1:]
        slopes = local_gradients(op, [values[p] for p in places])
        for p, slope in zip(places, slopes):
            grads[p] += slope * grads[len(leaves) + k]
    return values, grads"""
DELTA_HIDDEN = "def delta_hidden(delta, W, z, f_grad):\n    return np.dot(W.T, delta) * f_grad(z)"
LAYER = """def layer_gradients(delta, a):
    samples = a.shape[1]
    return np.dot(delta, a.T) / samples, delta.mean(axis=1, keepdims=True)"""
BACK = """def backward(y, W, z, a, f_grad, f_out_grad):
    L = len(W)
    dW, db = [None] * L, [None] * L
    delta = delta_output(a[L], y, f_out_grad(z[L - 1]))
    for l in range(L - 1, -1, -1):
        dW[l], db[l] = layer_gradients(delta, a[l])
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


SOFTMAX = """def softmax_squared_delta(a, y):
    e = a - y
    return a * e - a * (a * e).sum(axis=0)"""


def answers() -> dict[str, str]:
    """Return right answers, as most students write them."""
    return {
        "local_gradients": filled("local_gradients", LOCAL),
        "graph_values": filled("graph_values", VALUES),
        "graph_gradients": filled("graph_gradients", GRADIENTS),
        "node_gradients": node(),
        "central_differences": DIFFERENCES,
        "delta_hidden": DELTA_HIDDEN,
        "layer_gradients": LAYER,
        "backward": BACK,
        "optimize": OPTIMIZE,
        "softmax_squared_delta": SOFTMAX,
    }


RIGHT = answers()
WITHOUT_THE_CHALLENGE = {name: source for name, source in RIGHT.items() if name != "softmax_squared_delta"}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "backward"))
    notebook.cells.insert(place, new_code_cell("def first(pairs):\n    return [pair[0] for pair in pairs]", id="helper"))
    notebook.cells.append(new_code_cell("delta_hidden(1, 2, 3, 4)", id="experiment"))


def in_words(notebook: NotebookNode) -> None:
    """Answer the question that a person marks; half of it is said."""
    cell(notebook, "written", "graphs").source = (
        "Every number is a node: the inputs, the weights and what each operation gives. An operation remembers its arguments and how much its\n"
        "result changes with each of them. Then one walks from the cost to the inputs and **multiplies** along the way."
    )


# A float that calls itself equal to everything, and an array of a class that does the same: neither may earn a point.
EQUAL = """class Equal(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__


"""
AGREES = """class Agrees(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return True


def delta_hidden(delta, W, z, f_grad):
    return np.zeros(z.shape).view(Agrees)"""

CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            "local_gradients": (
                "def local_gradients(op, values):\n    u, v = np.resize(values, 2)\n    return {'+': (1, 1), '-': (1, -1), '*': (v, u), '/': (1 / v, -u / v / v), "
                "'exp': (np.exp(u),), '1/x': (-(u**-2),)}[op]"
            ),
            "graph_values": (
                "from operator import add, mul, sub, truediv\nOPS = {'+': add, '-': sub, '*': mul, '/': truediv, 'exp': np.exp, '1/x': np.reciprocal}\n"
                "def graph_values(leaves, steps):\n    if not steps:\n        return leaves[:]\n    *before, (op, *places) = steps\n"
                "    values = graph_values(leaves, before)\n    return values + [float(OPS[op](*(values[p] for p in places)))]"
            ),
            "graph_gradients": (
                "def graph_gradients(leaves, steps):\n    values = graph_values(leaves, steps)\n    shares = [[] for _ in values]\n    shares[-1] = [1.0]\n"
                "    for i in range(len(values) - 1, len(leaves) - 1, -1):\n        op, *places = steps[i - len(leaves)]\n"
                "        for p, d in zip(places, local_gradients(op, [values[p] for p in places])):\n            shares[p].append(sum(shares[i]) * d)\n"
                "    return values, [float(sum(each)) for each in shares]"
            ),
            "node_gradients": node(
                backward=(
                    "        shares = {each: 0.0 for each in self.order()}\n        shares[self] = 1.0\n        for each in reversed(self.order()):\n"
                    "            each.grad = shares[each]\n            for a, slope in zip(each.arguments, each.local):\n"
                    "                shares[a] += each.grad * slope"
                ),
            ),
            "central_differences": (
                "def central_differences(f, p, h=1e-5):\n    flat = p.ravel()\n    ends = [[f((flat + s * h * e).reshape(p.shape)) for s in (1, -1)] "
                "for e in np.eye(p.size)]\n    return -np.diff(ends, axis=1).reshape(p.shape) / h / 2"
            ),
            "delta_hidden": "def delta_hidden(delta, W, z, f_grad):\n    return (delta.T @ W).T * f_grad(z)",
            "layer_gradients": (
                "def layer_gradients(delta, a):\n    dW = np.mean(delta[:, None, :] * a[None, :, :], axis=2)\n"
                "    return dW, np.average(delta, axis=1).reshape(-1, 1)"
            ),
            "backward": (
                "def backward(y, W, z, a, f_grad, f_out_grad):\n    pairs, delta = [], delta_output(a[-1], y, f_out_grad(z[-1]))\n"
                "    for l in reversed(range(len(W))):\n        pairs.insert(0, layer_gradients(delta, a[l]))\n"
                "        delta = delta_hidden(delta, W[l], z[l - 1], f_grad) if l else None\n    return first(pairs), [pair[1] for pair in pairs]"
            ),
            "optimize": (
                "def optimize(W, b, dW, db, alpha=0.02):\n    step = lambda p, g: p - alpha * g\n    return list(map(step, W, dW)), list(map(step, b, db))"
            ),
            "softmax_squared_delta": (
                "def softmax_squared_delta(a, y):\n    J = np.einsum('jn,jk->jkn', a, np.eye(len(a))) - a[:, None] * a[None]\n"
                "    return np.einsum('jkn,jn->kn', J, a - y)"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("local_gradients", "graph_values", "graph_gradients", "node_gradients", "delta_hidden")},
        loses={"central_differences": 3, "layer_gradients": 4, "backward": 4, "optimize": 3, "notebook": 5},
        edit=in_words,
        waits=2,
    ),
    "untouched": Member({}, loses=FULL),
    "sums_over_the_batch": Member(
        {**RIGHT, "layer_gradients": "def layer_gradients(delta, a):\n    return delta @ a.T, delta.mean(axis=1, keepdims=True)"},
        loses={"layer_gradients": 2, "backward": 3, "notebook": 2},
    ),
    "shares_overwritten": Member(
        {
            **WITHOUT_THE_CHALLENGE,
            "graph_gradients": filled("graph_gradients", GRADIENTS.replace("+=", "=")),
            "node_gradients": node(backward=BACKWARD.replace("+=", "=")),
        },
        loses={"graph_gradients": 3, "node_gradients": 2, "notebook": 2},
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
        loses={"delta_hidden": 3, "backward": 3, "notebook": 5},
    ),
    "infinite_loop": Member(
        {**WITHOUT_THE_CHALLENGE, "node_gradients": node(backward="        while self.grad == 0.0:\n            self.order()")},
        loses={"node_gradients": 2, "notebook": 2},
    ),
    "claims_to_be_equal_and_calls_the_library": Member(
        {
            **RIGHT,
            "node_gradients": node()
            .replace("[node.grad for node in nodes]", "[Equal(0) for node in nodes]")
            .replace("class Node:", EQUAL + "class Node:"),
            "delta_hidden": AGREES,
            "layer_gradients": "from nnlab.backpropagation import layer_gradients",
            "optimize": "from nnlab.backpropagation import optimize as theirs\n\n\ndef optimize(*args):\n    return theirs(*args)",
        },
        loses={"node_gradients": 2, "delta_hidden": 3, "layer_gradients": 4, "backward": 4, "optimize": 3, "notebook": 7},
    ),
}
