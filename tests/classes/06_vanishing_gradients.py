"""The sample class of chapter 06: ten submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "chain_factors": 2,
    "explosion_window": 3,
    "diagnose": 3,
    "clipped": 3,
    "train_deep": 5,
    "initial_std": 3,
    "residual_backward": 4,
    "layer_norm_grad": 4,
    "deep_start": 7,
    "notebook": 8,
}

CHAIN_FACTORS = "def chain_factors(w, z, f_grad):\n    slopes = f_grad(z)\n    return np.concatenate([slopes[:1], w * slopes[1:]])"
WINDOW = """def explosion_window(w):
    w = abs(w)
    if w <= 4:
        return 0.0
    s = 0.5 * (1 + np.sqrt(1 - 4 / w))
    return 2 * np.log(w * s - 1) / w"""
DIAGNOSE = """def diagnose(norms):
    biggest = max(norms)
    if np.isnan(norms).any() or biggest > 1000:
        return "exploding"
    if biggest < 1e-4:
        return "small everywhere"
    if norms[0] * 100 <= norms[-2]:
        return "vanishing"
    if norms[0] >= norms[-2] * 10:
        return "exploding"
    return "healthy\""""
CLIPPED = """def clipped(gradients, limit):
    length = np.sqrt(np.sum([np.sum(g**2) for g in gradients]))
    if length <= limit:
        return list(gradients)
    return [g * limit / length for g in gradients]"""
TRAIN_DEEP = """def train_deep(X, Y, W, b, f, f_grad, alpha, batches, limit=None):
    costs = []
    norms = []
    for batch in batches:
        x, y = X[:, batch], Y[:, batch]
        z, a = forward(x, W, b, f, softmax)
        dW, db = backward(y, W, z, a, f_grad, np.ones_like)
        costs.append(cross_entropy(z[-1], y))
        norms.append(np.array([np.linalg.norm(g) for g in dW]))
        if limit:
            all_gradients = clipped(dW + db, limit)
            dW, db = all_gradients[: len(dW)], all_gradients[len(dW) :]
        W, b = optimize(W, b, dW, db, alpha)
    return W, b, costs, norms"""
INITIAL_STD = """def initial_std(inputs, neurons, activation):
    if activation == "relu":
        return (2 / inputs) ** 0.5
    return (4 if activation == "sigmoid" else 1) * (2 / (inputs + neurons)) ** 0.5"""
RESIDUAL = (
    "def residual_backward(delta_out, W, z, f_grad):\n    delta = f_grad(z) * delta_out\n    return np.dot(W.T, delta) + delta_out, delta"
)
NORM = """def layer_norm_grad(delta, z):
    n = layer_norm(z)
    sd = np.sqrt(z.var(axis=0) + 1e-12)
    return (delta - np.mean(delta, axis=0) - n * np.mean(delta * n, axis=0)) / sd"""
START = """def deep_start(X, sizes, activation, rng):
    W, b = [], []
    for n, m in pairwise(sizes):
        w = rng.standard_normal((m, n)) * initial_std(n, m, activation)
        b.append(-w.sum(axis=1, keepdims=True) / 2 if activation == "sigmoid" and W else np.zeros((m, 1)))
        W.append(w)
    return W, b"""

RIGHT = {
    "chain_factors": CHAIN_FACTORS,
    "explosion_window": WINDOW,
    "diagnose": DIAGNOSE,
    "clipped": CLIPPED,
    "train_deep": TRAIN_DEEP,
    "initial_std": INITIAL_STD,
    "residual_backward": RESIDUAL,
    "layer_norm_grad": NORM,
    "deep_start": START,
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "clipped"))
    notebook.cells.insert(
        place, new_code_cell("def length(arrays):\n    return np.linalg.norm([np.linalg.norm(a) for a in arrays])", id="helper")
    )
    notebook.cells.append(new_code_cell("clipped(1, 2)", id="experiment"))


# An answer that calls itself equal to everything earns nothing.
EQUAL = """class Equal(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__


"""

CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            "chain_factors": "chain_factors = lambda w, z, f_grad: np.append(1, w) * f_grad(z)",
            "explosion_window": "def explosion_window(w):\n    size = max(abs(w), 4.0)\n    return 4 / size * np.arccosh(np.sqrt(size) / 2)",
            "diagnose": (
                "def diagnose(norms):\n    sizes, first, last = np.max(norms), norms[0], norms[-2]\n    questions = [\n"
                "        (not sizes <= 1000, 'exploding'),\n        (sizes < 1e-4, 'small everywhere'),\n        (first <= last / 100, 'vanishing'),\n"
                "        (first >= 10 * last, 'exploding'),\n        (True, 'healthy'),\n    ]\n    return next(word for asked, word in questions if asked)"
            ),
            "clipped": "def clipped(gradients, limit):\n    return [g / max(1.0, length(gradients) / limit) for g in gradients]",
            "train_deep": TRAIN_DEEP.replace("if limit:", "if limit is not None:").replace("dW + db", "[*dW, *db]"),
            "initial_std": (
                "def initial_std(inputs, neurons, activation):\n    terms = {'relu': inputs, 'tanh': (inputs + neurons), 'sigmoid': (inputs + neurons) / 16}\n"
                "    return np.sqrt(2 / terms[activation])"
            ),
            "residual_backward": (
                "def residual_backward(delta_out, W, z, f_grad):\n    delta = delta_out * f_grad(z)\n    return (W + np.eye(len(W)) * 0).T @ delta + 1 * delta_out, delta"
            ),
            "layer_norm_grad": (
                "def layer_norm_grad(delta, z):\n    m = len(z)\n    n = layer_norm(z)\n    H = delta - n * np.sum(n * delta, axis=0) / m\n"
                "    return (H - delta.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-12)"
            ),
            "deep_start": (
                "def deep_start(X, sizes, activation, rng):\n    gain = {'tanh': 1.0, 'relu': np.sqrt(2), 'sigmoid': 4.0}[activation]\n    W = []\n"
                "    for n, m in pairwise(sizes):\n        q = np.linalg.qr(rng.standard_normal((max(n, m), min(n, m))))[0]\n"
                "        W.append(gain * (q if m >= n else q.T))\n    half = 0.5 if activation == 'sigmoid' else 0.0\n"
                "    return W, [(-half if i else 0.0) * w.sum(axis=1, keepdims=True) for i, w in enumerate(W)]"
            ),
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("chain_factors", "explosion_window", "diagnose", "clipped")},
        loses={"train_deep": 5, "initial_std": 3, "residual_backward": 4, "layer_norm_grad": 4, "deep_start": 7, "notebook": 4},
    ),
    "untouched": Member({}, loses=FULL),
    "xavier_for_all": Member(
        {
            **RIGHT,
            "initial_std": "def initial_std(inputs, neurons, activation):\n    return np.sqrt(2 / (inputs + neurons))",
        },
        loses={"initial_std": 2, "deep_start": 5, "notebook": 2},
    ),
    "clips_each_layer": Member(
        {
            **RIGHT,
            "clipped": "def clipped(gradients, limit):\n    return [g * min(1, limit / max(1e-300, np.linalg.norm(g))) for g in gradients]",
        },
        loses={"clipped": 2, "train_deep": 3},
    ),
    "no_way_round": Member(
        {
            **RIGHT,
            "residual_backward": "def residual_backward(delta_out, W, z, f_grad):\n    delta = delta_out * f_grad(z)\n    return W.T @ delta, delta",
        },
        loses={"residual_backward": 4, "notebook": 1},
    ),
    "sigmoid_not_centred": Member(
        {**RIGHT, "deep_start": START.replace('activation == "sigmoid" and W', "False")},
        loses={"deep_start": 2, "notebook": 1},
    ),
    "infinite_loop": Member(
        {**RIGHT, "train_deep": TRAIN_DEEP.replace("    for batch in batches:", "    while len(batches):\n        batch = batches[0]")},
        loses={"train_deep": 5, "notebook": 1},
    ),
    "raises_and_calls_the_library": Member(
        {
            **RIGHT,
            "chain_factors": EQUAL + "def chain_factors(w, z, f_grad):\n    return [Equal(0) for _ in z]",
            "layer_norm_grad": "from nnlab.vanishing_gradients import layer_norm_grad",
            "explosion_window": "def explosion_window(w):\n    return 2 / w * np.logarithm(w)",
        },
        loses={"chain_factors": 2, "layer_norm_grad": 4, "explosion_window": 3, "notebook": 3},
    ),
}
