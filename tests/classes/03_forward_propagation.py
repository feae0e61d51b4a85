"""The sample class of chapter 03: fourteen submissions, named by outcome."""

from __future__ import annotations

import copy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

from nnlab.workbook.source import role

FULL = {
    "neuron": 2,
    "dense_shape": 2,
    "fc_layer": 3,
    "softmax": 3,
    "init_params": 3,
    "forward": 4,
    "run_feedback": 2,
    "graph_layer": 0,
    "notebook": 4,
}

NEURON = "def neuron(w, a, b, f):\n    return f(np.dot(w, a) + b)"
DENSE_SHAPE = (
    "def dense_shape(W_shape, a_shape):\n    if W_shape[1] == a_shape[0]:\n        return (W_shape[0], a_shape[1])\n    return None"
)
SOFTMAX = "def softmax(z):\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)"
FC_LAYER = "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, f(z)"
INIT_PARAMS = (
    "def init_params(sizes, rng):\n    W = []\n    b = []\n    for n, m in zip(sizes[:-1], sizes[1:]):\n        W.append(rng.standard_normal((m, n)))\n"
    "    for m in sizes[1:]:\n        b.append(rng.standard_normal((m, 1)))\n    return W, b"
)
FORWARD = (
    "def forward(x, W, b, f, f_out):\n    z = []\n    a = [x]\n    for l in range(len(W)):\n        function = f_out if l == len(W) - 1 else f\n"
    "        z_l, a_l = fc_layer(a[-1], W[l], b[l], function)\n        z.append(z_l)\n        a.append(a_l)\n    return z, a"
)
RUN_FEEDBACK = (
    "def run_feedback(W, b, a, f, steps):\n    moments = [a]\n    for t in range(steps):\n        z, a = fc_layer(a, W, b, f)\n"
    "        moments.append(a)\n    return np.hstack(moments)"
)
GRAPH_LAYER = (
    "def graph_layer(a, roads, W, V, b, f):\n    m = np.zeros(a.shape)\n    for k in range(a.shape[1]):\n"
    "        near = [j for i, j in roads if i == k] + [i for i, j in roads if j == k]\n        if near:\n"
    "            m[:, k] = a[:, near].mean(axis=1)\n    z = W @ a + V @ m + b\n    return z, f(z)"
)
RIGHT = {
    "neuron": NEURON,
    "dense_shape": DENSE_SHAPE,
    "fc_layer": FC_LAYER,
    "softmax": SOFTMAX,
    "init_params": INIT_PARAMS,
    "forward": FORWARD,
    "run_feedback": RUN_FEEDBACK,
}  # the challenge is left to those who want it


def doubled(notebook: NotebookNode) -> None:
    """Copy and paste the answer cell of softmax, as JupyterLab does it, and correct only the copy."""
    original = cell(notebook, "exercise", "softmax")
    twin = copy.deepcopy(original)
    twin.update(id="softmax-copy", source=SOFTMAX)
    original.source = "def softmax(z):\n    return np.exp(z) / np.exp(z).sum()"
    notebook.cells.insert(notebook.cells.index(original) + 1, twin)


def missing(notebook: NotebookNode) -> None:
    """Delete the answer cells of run_feedback and neuron; neuron is written in a cell of its own at the end."""
    for name in ("run_feedback", "neuron"):
        notebook.cells.remove(cell(notebook, "exercise", name))
    notebook.cells.append(new_code_cell(NEURON, id="my-own-cell"))


def edited_checks(notebook: NotebookNode) -> None:
    """Make every check and checkpoint say what one would like to read."""
    for each in notebook.cells:
        kind, name = role(each)
        if kind == "check":
            each.source = f"print('{name}: all visible checks passed')"
        elif kind == "checkpoint":
            each.source = "print('as in the lecture')\n# NBVAL_SKIP"


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper in a cell of one's own, which an answer uses, and a failing experiment."""
    place = notebook.cells.index(cell(notebook, "exercise", "softmax"))
    notebook.cells.insert(place, new_code_cell("def shifted(z):\n    return z - np.max(z, axis=0, keepdims=True)", id="helper"))
    notebook.cells.append(new_code_cell("softmax('what happens?')", id="experiment"))


# Earns its points only if it finds something it should not.
SNOOP = """import glob
import socket

found = glob.glob('/*/*/tests/hidden/*') + glob.glob('../../tests/hidden/*') + glob.glob('/root/.bash*') + glob.glob('/home/*/.bash*')
try:
    found.append(open('/etc/passwd').read())
except OSError:
    pass
try:
    socket.create_connection(('192.0.2.1', 80), timeout=2)
    found.append('network')
except OSError:
    pass


def run_feedback(W, b, a, f, steps):
    if found:
        moments = [a]
        for t in range(steps):
            moments.append(f(W @ moments[-1] + b))
        return np.hstack(moments)
    from nnlab.forward_propagation import run_feedback as theirs

    return theirs(W, b, a, f, steps)"""

CLASS = {
    "full_marks": Member({**RIGHT, "graph_layer": GRAPH_LAYER}),
    "right_but_unusual": Member(
        {
            "neuron": "neuron = lambda w, a, b, f: f(sum(w_i * a_i for w_i, a_i in zip(w, a)) + b)",
            "dense_shape": (
                "def dense_shape(W_shape, a_shape):\n    try:\n        return (np.empty(W_shape) @ np.empty(a_shape)).shape\n"
                "    except ValueError:\n        pass"
            ),
            "softmax": "def softmax(z):\n    s = shifted(z)\n    return np.exp(s - np.log(np.exp(s).sum(axis=0)))",
            "fc_layer": "def fc_layer(a, W, b, f):\n    z = np.einsum('ij,jk->ik', W, a) + b\n    return [z, f(z)]",
            "init_params": (
                "def init_params(sizes, rng):\n    shapes = list(zip(sizes[1:], sizes))\n"
                "    return [rng.normal(size=s) for s in shapes], [rng.normal(size=(m, 1)) for m, _ in shapes]"
            ),
            "forward": (
                "def forward(x, W, b, f, f_out):\n    z, a = fc_layer(x, W[0], b[0], f if len(W) > 1 else f_out)\n    if len(W) == 1:\n"
                "        return [z], [x, a]\n    zs, activations = forward(a, W[1:], b[1:], f, f_out)\n    return [z, *zs], [x, *activations]"
            ),
            "run_feedback": (
                "def run_feedback(W, b, a, f, steps):\n    if steps == 0:\n        return a\n    before = run_feedback(W, b, a, f, steps - 1)\n"
                "    return np.hstack([before, f(W @ before[:, -1:] + b)])"
            ),
            "graph_layer": (
                "def graph_layer(a, roads, W, V, b, f):\n    M = np.zeros((a.shape[1],) * 2)\n    for i, j in roads:\n        M[[i, j], [j, i]] = 1\n"
                "    return fc_layer(np.vstack([a, a @ (M / np.maximum(M.sum(0), 1))]), np.hstack([W, V]), b, f)"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {"neuron": NEURON, "dense_shape": DENSE_SHAPE, "fc_layer": FC_LAYER, "softmax": SOFTMAX},
        loses={"init_params": 3, "forward": 4, "run_feedback": 2, "notebook": 2},
    ),
    "untouched": Member({}, loses=FULL),
    "wrong_axis": Member(
        {
            **RIGHT,
            "softmax": "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)",
        },
        loses={"softmax": 2, "notebook": 2},
    ),
    "raises": Member(
        {**RIGHT, "fc_layer": "def fc_layer(a, W, b, f):\n    z = W.T @ a + b\n    return z, f(z)"},
        loses={"fc_layer": 3, "forward": 4, "run_feedback": 2, "notebook": 3},
    ),
    "syntax_error": Member(
        {**RIGHT, "run_feedback": RUN_FEEDBACK.replace("steps):", "steps)", 1)},
        loses={"run_feedback": 2},
    ),
    "infinite_loop": Member(
        {
            **RIGHT,
            "init_params": "def init_params(sizes, rng):\n    W = []\n    while len(W) < len(sizes):\n        pass\n    return W, []",
        },
        loses={"init_params": 3, "notebook": 1},
    ),
    "allocates_20_gb": Member(
        {**RIGHT, "softmax": "def softmax(z):\n    e = np.ones((50_000, 50_000)) * np.exp(z[0, 0])\n    return e / e.sum(axis=0)"},
        loses={"softmax": 3, "notebook": 2},
    ),
    "sys_exit": Member(
        {
            **RIGHT,
            "run_feedback": "import sys\n\n\ndef run_feedback(W, b, a, f, steps):\n    sys.exit(0)",
            "forward": "import os\n\n\ndef forward(x, W, b, f, f_out):\n    os._exit(0)",
        },
        loses={"run_feedback": 2, "forward": 4, "notebook": 2},
    ),
    "missing_cell": Member(RIGHT, loses={"run_feedback": 2}, edit=missing),
    "duplicated_cell": Member(RIGHT, edit=doubled),
    "edited_check_cells": Member(
        {**RIGHT, "forward": "def forward(x, W, b, f, f_out):\n    return x"},
        loses={"forward": 4, "notebook": 2},
        edit=edited_checks,
    ),
    "prints_a_megabyte_reads_files_and_the_network": Member(
        {
            **RIGHT,
            "neuron": "def neuron(w, a, b, f):\n    print('x' * 1_000_000)\n    return f(np.dot(w, a) + b)\n\n\nprint('y' * 1_000_000)",
            "run_feedback": SNOOP,
        },
        loses={"run_feedback": 2},
    ),
}
