"""The sample class of chapter 08: ten submissions, named by outcome."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import Member, cell

FULL = {
    "descent_path": 2,
    "momentum_step": 2,
    "nesterov_step": 2,
    "adam_step": 4,
    "batch_noise": 2,
    "learning_rate": 2,
    "neural_network": 4,
    "train_network": 4,
    "history": 1,
    "my_recipe": 3,
    "notebook": 8,
}

RIGHT = {
    "descent_path": (
        "def descent_path(A, start, alpha, steps):\n    path = [start]\n    for _ in range(steps):\n        path.append(path[-1] - alpha * A @ path[-1])\n    return np.array(path)"
    ),
    "momentum_step": "def momentum_step(theta, g, v, alpha, mu):\n    v_new = mu * v + g\n    return theta - alpha * v_new, v_new",
    "nesterov_step": "def nesterov_step(theta, g, v, alpha, mu):\n    v_new = mu * v + g\n    return theta - alpha * (g + mu * v_new), v_new",
    "adam_step": (
        "def adam_step(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):\n    m = beta1 * m + (1 - beta1) * g\n    v = beta2 * v + (1 - beta2) * g * g\n"
        "    mh = m / (1 - beta1**t)\n    vh = v / (1 - beta2**t)\n    return theta - alpha * mh / (np.sqrt(vh) + epsilon), m, v"
    ),
    "batch_noise": (
        "def batch_noise(G, size):\n    g = np.mean(G, axis=1)\n    n = G.shape[1]\n    total = 0\n    for i in range(n):\n        total += np.sum((G[:, i] - g) ** 2)\n"
        "    length = np.sqrt(np.sum(g**2))\n    if length == 0:\n        return np.inf\n    return np.sqrt(total / n / size) / length"
    ),
    "learning_rate": (
        "def learning_rate(schedule, t, T, alpha):\n    if schedule == 'constant':\n        return alpha\n    elif schedule == 'step':\n        if t < T / 2:\n            return alpha\n"
        "        return alpha / 10\n    elif schedule == 'exponential':\n        return alpha * 0.98**t\n    elif schedule == 'inverse':\n        return alpha / (1 + alpha * t)\n"
        "    return alpha / 2 * (1 + np.cos(np.pi * t / T))"
    ),
    "neural_network": """FUNCTIONS = {"sigmoid": (sigmoid, sigmoid_derivative), "tanh": (tanh, tanh_derivative), "relu": (relu, relu_derivative)}


class NeuralNetwork:
    def __init__(self, sizes, activation, seed):
        self.f, self.f_grad = FUNCTIONS[activation]
        rng = np.random.default_rng(seed)
        self.W, self.b = [], []
        for l in range(1, len(sizes)):
            self.W.append(rng.normal(0, 1 / np.sqrt(sizes[l - 1]), size=(sizes[l], sizes[l - 1])))
            self.b.append(np.zeros((sizes[l], 1)))

    def propagate(self, x):
        return forward(x, self.W, self.b, self.f, softmax)

    def gradients(self, x, y):
        z, a = self.propagate(x)
        return backward(y, self.W, z, a, self.f_grad, np.ones_like)

    def step(self, dW, db, alpha):
        for l in range(len(self.W)):
            self.W[l] = self.W[l] - alpha * dW[l]
            self.b[l] = self.b[l] - alpha * db[l]

    def loss(self, x, y):
        return cross_entropy(self.propagate(x)[0][-1], y)


def neural_network(sizes, X, Y, activation, alpha, seed):
    network = NeuralNetwork(sizes, activation, seed)
    losses = [network.loss(X, Y)]
    for _ in range(3):
        network.step(*network.gradients(X, Y), alpha)
        losses.append(network.loss(X, Y))
    return np.array(losses), [w.shape for w in network.W]""",
    "train_network": """def train_network(X, Y, W, b, optimizer, alpha, batch_size, epochs, seed):
    rng = np.random.default_rng(seed)
    W, b = list(W), list(b)
    L = len(W)
    mW, vW = [np.zeros_like(w) for w in W], [np.zeros_like(w) for w in W]
    mb, vb = [np.zeros_like(w) for w in b], [np.zeros_like(w) for w in b]
    t = 0
    losses = []
    for epoch in range(epochs):
        order = rng.permutation(X.shape[1])
        for i in range(0, X.shape[1], batch_size):
            index = order[i : i + batch_size]
            z, a = forward(X[:, index], W, b, relu, softmax)
            dW, db = backward(Y[:, index], W, z, a, relu_derivative, np.ones_like)
            t = t + 1
            for l in range(L):
                if optimizer == "sgd":
                    W[l] = W[l] - alpha * dW[l]
                    b[l] = b[l] - alpha * db[l]
                elif optimizer == "momentum":
                    W[l], vW[l] = momentum_step(W[l], dW[l], vW[l], alpha, 0.9)
                    b[l], vb[l] = momentum_step(b[l], db[l], vb[l], alpha, 0.9)
                else:
                    W[l], mW[l], vW[l] = adam_step(W[l], dW[l], mW[l], vW[l], t, alpha)
                    b[l], mb[l], vb[l] = adam_step(b[l], db[l], mb[l], vb[l], t, alpha)
        z, a = forward(X, W, b, relu, softmax)
        losses.append(cross_entropy(z[-1], Y))
    return W, b, losses""",
    "history": (
        "def history(names, accuracies):\n    rows = []\n    n = accuracies.shape[1]\n    for i in range(len(names)):\n        d = accuracies[i] - accuracies[0]\n"
        "        gain = np.mean(d)\n        se = np.std(d, ddof=1) / np.sqrt(n)\n        if i == 0:\n            verdict = 'baseline'\n        elif abs(gain) <= 2 * se:\n            verdict = 'tie'\n"
        "        elif gain > 0:\n            verdict = 'better'\n        else:\n            verdict = 'worse'\n"
        "        rows.append((names[i], np.mean(accuracies[i]), np.std(accuracies[i], ddof=1), gain, verdict))\n    return rows"
    ),
    "my_recipe": "def my_recipe():\n    return 'tanh', 'xavier', 'adam', 0.01, 16, 0.0",
}


def own_cells(notebook: NotebookNode) -> None:
    """Add a helper that an answer uses, and a failing experiment at the end."""
    place = notebook.cells.index(cell(notebook, "exercise", "adam_step"))
    notebook.cells.insert(place, new_code_cell("def corrected(mean, beta, t):\n    return mean / (1 - beta**t)", id="helper"))
    notebook.cells.append(new_code_cell("descent_path(1, 2)", id="experiment"))


CLASS = {
    "full_marks": Member(RIGHT),
    "right_but_unusual": Member(
        {
            **RIGHT,
            "momentum_step": "momentum_step = lambda theta, g, v, alpha, mu: (theta - alpha * (mu * v + g), mu * v + g)",
            "adam_step": (
                "def adam_step(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):\n    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g**2 - v)\n"
                "    return theta - alpha * corrected(m, beta1, t) / (corrected(v, beta2, t) ** 0.5 + epsilon), m, v"
            ),
            "batch_noise": (
                "def batch_noise(G, size):\n    length = np.linalg.norm(G.mean(1))\n    return np.sqrt(G.var(1).sum() / size) / length if length else np.inf"
            ),
            "my_recipe": "def my_recipe():\n    return ['sigmoid', 'xavier', 'adam', 0.03, 8, 0]",
        },
        edit=own_cells,
    ),
    "half_done": Member(
        {name: RIGHT[name] for name in ("descent_path", "momentum_step", "nesterov_step", "adam_step", "batch_noise")},
        loses={**{name: FULL[name] for name in list(FULL)[5:-1]}, "notebook": 4},
    ),
    "untouched": Member({}, loses=FULL),
    "forgets_the_hats": Member(
        {
            **RIGHT,
            "adam_step": RIGHT["adam_step"].replace("mh = m / (1 - beta1**t)", "mh = m").replace("vh = v / (1 - beta2**t)", "vh = v"),
        },
        loses={"adam_step": 4, "train_network": 2, "notebook": 2},
    ),
    "rate_inside": Member(
        {
            **RIGHT,
            "momentum_step": "def momentum_step(theta, g, v, alpha, mu):\n    v = mu * v + alpha * g\n    return theta - v, v",
        },
        loses={"momentum_step": 2, "notebook": 2},
    ),
    "copies_the_slide": Member(
        {
            **RIGHT,
            "neural_network": RIGHT["neural_network"].replace("rng.normal(0, 1 / np.sqrt(sizes[l - 1]), size", "rng.uniform(-1, 1, size"),
        },
        loses={"neural_network": 4, "notebook": 1},
    ),
    "plain_sgd": Member({**RIGHT, "my_recipe": "def my_recipe():\n    return 'relu', 'he', 'sgd', 0.1, 32, 0.0"}, loses={"my_recipe": 2}),
    "raises": Member({**RIGHT, "history": RIGHT["history"].replace("np.std(d", "np.sd(d")}, loses={"history": 1, "notebook": 1}),
    "infinite_loop": Member(
        {
            **RIGHT,
            "descent_path": "def descent_path(A, start, alpha, steps):\n    path = [start]\n    while len(path) <= steps + 1:\n        path[-1] = path[-1] - alpha * A @ path[-1]\n    return np.array(path)",
        },
        loses={"descent_path": 2, "notebook": 2},
    ),
    "calls_the_library": Member(
        {
            **RIGHT,
            "adam_step": "from nnlab.optimizers import adam_step",
            "train_network": "from nnlab.optimizers import train_network",
        },
        loses={"adam_step": 4, "train_network": 4, "notebook": 3},
    ),
}
