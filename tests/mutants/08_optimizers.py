"""Chapter 08: wrong answers, each with what its visible check must say, and right answers written otherwise.

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
    return f"from nnlab.optimizers import {name} as theirs\ndef {name}({args}):\n    return theirs({args})"


PATH = """def descent_path(A, start, alpha, steps):
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    for k in range(steps):
        path[k + 1] = path[k] - alpha * (A @ path[k])
    return path"""
MOMENTUM = """def momentum_step(theta, g, v, alpha, mu):
    v = mu * v + g
    return theta - alpha * v, v"""
NESTEROV = """def nesterov_step(theta, g, v, alpha, mu):
    v = mu * v + g
    return theta - alpha * (g + mu * v), v"""
ADAM = """def adam_step(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - alpha * m_hat / (np.sqrt(v_hat) + epsilon), m, v"""
NOISE = """def batch_noise(G, size):
    g = G.mean(axis=1, keepdims=True)
    spread = np.mean(np.sum((G - g) ** 2, axis=0))
    length = np.linalg.norm(g)
    return np.sqrt(spread / size) / length if length else np.inf"""
RATE = """def learning_rate(schedule, t, T, alpha):
    return {
        "constant": alpha,
        "step": alpha if t < T / 2 else alpha / 10,
        "exponential": alpha * 0.98**t,
        "inverse": alpha / (1 + alpha * t),
        "cosine": alpha / 2 * (1 + np.cos(np.pi * t / T)),
    }[schedule]"""
NETWORK = """FUNCTIONS = {"sigmoid": (sigmoid, sigmoid_derivative), "tanh": (tanh, tanh_derivative), "relu": (relu, relu_derivative)}

class NeuralNetwork:
    def __init__(self, sizes, activation, seed):
        self.f, self.f_grad = FUNCTIONS[activation]
        rng = np.random.default_rng(seed)
        self.W = [rng.normal(0, 1 / np.sqrt(n), size=(m, n)) for n, m in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros((m, 1)) for m in sizes[1:]]

    def propagate(self, x):
        return forward(x, self.W, self.b, self.f, softmax)

    def gradients(self, x, y):
        z, a = self.propagate(x)
        return backward(y, self.W, z, a, self.f_grad, np.ones_like)

    def step(self, dW, db, alpha):
        self.W, self.b = optimize(self.W, self.b, dW, db, alpha)

    def loss(self, x, y):
        return cross_entropy(self.propagate(x)[0][-1], y)


def neural_network(sizes, X, Y, activation, alpha, seed):
    network = NeuralNetwork(sizes, activation, seed)
    losses = []
    for step in range(4):
        losses.append(network.loss(X, Y))
        if step < 3:
            network.step(*network.gradients(X, Y), alpha)
    return np.array(losses), [w.shape for w in network.W]"""
GRADIENTS = "        return backward(y, self.W, z, a, self.f_grad, np.ones_like)"
STEP = "        self.W, self.b = optimize(self.W, self.b, dW, db, alpha)"
TRAIN = """def train_network(X, Y, W, b, optimizer, alpha, batch_size, epochs, seed):
    rng, L, t, losses = np.random.default_rng(seed), len(W), 0, []
    p = [*W, *b]
    m, v = [np.zeros_like(q) for q in p], [np.zeros_like(q) for q in p]
    for _ in range(epochs):
        order = rng.permutation(X.shape[1])
        for start in range(0, len(order), batch_size):
            index = order[start : start + batch_size]
            z, a = forward(X[:, index], p[:L], p[L:], relu, softmax)
            dW, db = backward(Y[:, index], p[:L], z, a, relu_derivative, np.ones_like)
            g = [*dW, *db]
            t += 1
            for i in range(len(p)):
                if optimizer == "sgd":
                    p[i] = p[i] - alpha * g[i]
                elif optimizer == "momentum":
                    p[i], v[i] = momentum_step(p[i], g[i], v[i], alpha, 0.9)
                else:
                    p[i], m[i], v[i] = adam_step(p[i], g[i], m[i], v[i], t, alpha)
        losses.append(cross_entropy(forward(X, p[:L], p[L:], relu, softmax)[0][-1], Y))
    return p[:L], p[L:], losses"""
WHOLE = "        losses.append(cross_entropy(forward(X, p[:L], p[L:], relu, softmax)[0][-1], Y))"
HISTORY = """def history(names, accuracies):
    rows, n = [], accuracies.shape[1]
    for i, (name, row) in enumerate(zip(names, accuracies)):
        d = row - accuracies[0]
        gain, error = d.mean(), d.std(ddof=1) / np.sqrt(n)
        verdict = "baseline" if i == 0 else "tie" if abs(gain) <= 2 * error else "better" if gain > 0 else "worse"
        rows.append((name, row.mean(), row.std(ddof=1), gain, verdict))
    return rows"""


def recipe(*settings):
    """Return an answer with these settings."""
    return f"def my_recipe():\n    return {settings!r}"


MUTANTS = {
    "descent_path": {
        "uphill": (changed(PATH, ("- alpha", "+ alpha")), "it walks uphill"),
        "start left out": (changed(PATH, ("return path", "return path[1:]")), "the start is left out"),
        "element by element": (changed(PATH, ("(A @ path[k])", "(np.diag(A) * path[k])")), "the gradient is taken element by element"),
        "star": (changed(PATH, ("A @ path", "A * path")), "ValueError"),
        "half": (changed(PATH, ("- alpha", "- alpha / 2")), "the gradient is halved"),
        "twice": (changed(PATH, ("- alpha", "- 2 * alpha")), "the gradient is doubled"),
        "aliases": (
            "def descent_path(A, start, alpha, steps):\n    theta = start.copy()\n    path = [theta]\n    for _ in range(steps):\n"
            "        theta -= alpha * (A @ theta)\n        path.append(theta)\n    return np.array(path)",
            "every row is the last place",
        ),
        "gradient of the start": (changed(PATH, ("A @ path[k]", "A @ start")), "the gradient is always that of the start"),
        "last place": (changed(PATH, ("return path", "return path[-1]")), "only the last place is returned"),
        "list": (changed(PATH, ("return path", "return list(path)")), "a list stands in place of an array"),
        "input changed": (changed(PATH, ("    return path", "    start += 1\n    return path")), "changed its input"),
        "no rate": (changed(PATH, ("alpha * ", "")), "Largest error: 6.86e+03"),
        "one step too many": (
            changed(PATH, ("steps + 1,", "steps + 2,"), ("range(steps)", "range(steps + 1)")),
            "should have shape (4, 2), and has shape (5, 2)",
        ),
        "up to three dimensions": (changed(PATH, ("A @ path[k]", "np.pad(A[:3, :3] @ path[k][:3], (0, max(0, len(A) - 3)))")), None),
        "a hundred steps": (changed(PATH, ("range(steps)", "range(min(steps, 100))")), None),
        "library": (library("descent_path", "A, start, alpha, steps"), None),
    },
    "momentum_step": {
        "alpha inside": (changed(MOMENTUM, ("+ g", "+ alpha * g"), ("alpha * v, v", "v, v")), "the learning rate is inside the velocity"),
        "running mean": (changed(MOMENTUM, ("+ g", "+ (1 - mu) * g")), "the gradient is multiplied by 1 − μ"),
        "old velocity": (
            "def momentum_step(theta, g, v, alpha, mu):\n    theta = theta - alpha * v\n    return theta, mu * v + g",
            "the step uses the old velocity",
        ),
        "uphill": (changed(MOMENTUM, ("theta - ", "theta + ")), "it walks uphill"),
        "minus g": (changed(MOMENTUM, ("+ g", "- g"), ("theta - ", "theta + ")), "the gradient is subtracted in the velocity"),
        "no memory": (changed(MOMENTUM, ("mu * v + g", "g")), "there is no memory"),
        "no loss": (changed(MOMENTUM, ("mu * v", "v")), "nothing of the velocity is lost"),
        "nesterov": (changed(MOMENTUM, ("alpha * v,", "alpha * (g + mu * v),")), "this is Nesterov's step"),
        "velocity first": (changed(MOMENTUM, ("theta - alpha * v, v", "v, theta - alpha * v")), "the velocity is returned first"),
        "in place": (changed(MOMENTUM, ("    v = mu * v + g", "    v *= mu\n    v += g")), "changed its input"),
        "only theta": (changed(MOMENTUM, ("alpha * v, v", "alpha * v")), "only one of the results is returned"),
        "alpha twice": (changed(MOMENTUM, ("+ g", "+ alpha * g")), "Largest error: 0.36"),
        "always 0.9": (changed(MOMENTUM, ("mu * v", "0.9 * v")), "Largest error: 0.05"),
        "rows only": (changed(MOMENTUM, ("    v =", "    if theta.ndim > 2:\n        return theta, v\n    v =")), None),
        "velocity limited": (changed(MOMENTUM, ("    return", "    v = np.clip(v, -25, 25)\n    return")), None),
        "library": (library("momentum_step", "theta, g, v, alpha, mu"), None),
    },
    "nesterov_step": {
        "momentum": (changed(NESTEROV, ("(g + mu * v)", "v")), "this is plain momentum"),
        "no gradient": (changed(NESTEROV, ("(g + mu * v)", "mu * v")), "the gradient is left out of the step"),
        "whole velocity": (changed(NESTEROV, ("g + mu * v), v", "g + v), v")), "the whole velocity is added to the gradient"),
        "mu twice": (changed(NESTEROV, ("(g + mu * v)", "mu * (g + v)")), "μ stands before the gradient, too"),
        "look-ahead returned": (
            changed(NESTEROV, ("(g + mu * v), v", "(g + mu * v), g + mu * v")),
            "the look-ahead is returned as the velocity",
        ),
        "running mean": (changed(NESTEROV, ("mu * v + g\n", "mu * v + (1 - mu) * g\n")), "the gradient is multiplied by 1 − μ"),
        "uphill": (changed(NESTEROV, ("theta - ", "theta + ")), "it walks uphill"),
        "alpha inside": (
            changed(NESTEROV, ("mu * v + g\n", "mu * v + alpha * g\n"), ("alpha * (g + mu * v)", "(alpha * g + mu * v)")),
            "the learning rate is inside the velocity",
        ),
        "in place": (changed(NESTEROV, ("    v = mu * v + g", "    v *= mu\n    v += g")), "changed its input"),
        "old velocity": (
            "def nesterov_step(theta, g, v, alpha, mu):\n    new = mu * v + g\n    return theta - alpha * (new + mu * v), new",
            "Largest error: 0.36",
        ),
        "only theta": (changed(NESTEROV, ("(g + mu * v), v", "(g + mu * v)")), "only one of the results is returned"),
        "velocity first": (
            changed(NESTEROV, ("theta - alpha * (g + mu * v), v", "v, theta - alpha * (g + mu * v)")),
            "the results are returned in the wrong order",
        ),
        "no decay": (changed(NESTEROV, ("v = mu * v + g", "v = v + g")), "Largest error: 0.027"),
        "always 0.9": (changed(NESTEROV, ("mu *", "0.9 *")), "Largest error: 0.195"),
        "rows only": (changed(NESTEROV, ("    v =", "    if theta.ndim > 2:\n        return theta, v\n    v =")), None),
        "velocity limited": (changed(NESTEROV, ("    return", "    v = np.clip(v, -25, 25)\n    return")), None),
        "library": (library("nesterov_step", "theta, g, v, alpha, mu"), None),
    },
    "adam_step": {
        "the larger of root and epsilon": (
            changed(ADAM, ("(np.sqrt(v_hat) + epsilon)", "np.maximum(np.sqrt(v_hat), epsilon)")),
            "3 of 3 values are wrong",
        ),
        "no correction": (changed(ADAM, ("m / (1 - beta1**t), v / (1 - beta2**t)", "m, v")), "the means are not corrected"),
        "t from 0": (changed(ADAM, ("**t", "**(t + 1)")), "t counts from 0"),
        "t minus 1": (changed(ADAM, ("**t", "**(t - 1)")), "holds nan"),
        "beta times t": (changed(ADAM, ("**t", " * t")), "the correction is 1 − β t"),
        "always 1 - beta": (changed(ADAM, ("**t", "")), "the correction is 1 − β, whatever the step"),
        "betas exchanged": (changed(ADAM, ("    m = ", "    beta1, beta2 = beta2, beta1\n    m = ")), "β₁ and β₂ are exchanged"),
        "no square": (changed(ADAM, ("g**2", "g")), "the squares are missing in v"),
        "square of the mean": (
            changed(ADAM, ("beta2 * v + (1 - beta2) * g**2", "(beta2 * v + (1 - beta2) * g) ** 2")),
            "v is the square of the mean",
        ),
        "no root": (changed(ADAM, ("np.sqrt(v_hat)", "v_hat")), "the root is missing"),
        "epsilon inside": (changed(ADAM, ("np.sqrt(v_hat) + epsilon", "np.sqrt(v_hat + epsilon)")), "ε is under the root"),
        "hats kept": (changed(ADAM, ("+ epsilon), m, v", "+ epsilon), m_hat, v_hat")), "the corrected means are kept"),
        "g for m": (changed(ADAM, ("alpha * m_hat", "alpha * g")), "the gradient stands in place of its mean"),
        "g added whole": (changed(ADAM, ("(1 - beta1) * g", "g")), "the gradient is added whole, as in momentum"),
        "uphill": (changed(ADAM, ("theta - ", "theta + ")), "it walks uphill"),
        "in place": (
            changed(ADAM, ("    m = beta1 * m + (1 - beta1) * g", "    m *= beta1\n    m += (1 - beta1) * g")),
            "changed its input",
        ),
        "only theta": (changed(ADAM, ("+ epsilon), m, v", "+ epsilon)")), "only one of the results is returned"),
        "m corrected only": (changed(ADAM, ("v / (1 - beta2**t)", "v")), "Largest error: 3.06"),
        "in float32": (
            changed(ADAM, ("    m = ", "    theta, g, m, v = (each.astype(np.float32) for each in (theta, g, m, v))\n    m = ")),
            "theta holds numbers of type float32",
        ),
        "settings ignored": (changed(ADAM, ("    m = ", "    beta1, beta2 = 0.9, 0.999\n    m = ")), "Largest error: 0.00423"),
        "epsilon ignored": (changed(ADAM, ("    m = ", "    epsilon = 1e-8\n    m = ")), None),
        "no correction for long": (
            changed(ADAM, ("    return", "    if 8 < t < 900:\n        m_hat = m\n    return")),
            None,
        ),
        "large gradients cut": (changed(ADAM, ("    m = ", "    g = np.where(abs(g) > 2e6, 0, g)\n    m = ")), None),
        "library": (
            library("adam_step", "theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8").replace(
                "theirs(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8)",
                "theirs(theta, g, m, v, t, alpha, beta1, beta2, epsilon)",
            ),
            None,
        ),
    },
    "batch_noise": {
        "one over size": (changed(NOISE, ("np.sqrt(spread / size)", "np.sqrt(spread) / size")), "the noise falls with 1/size"),
        "no root": (changed(NOISE, ("np.sqrt(spread / size)", "spread / size")), "the root is missing"),
        "not relative": (changed(NOISE, (" / length if", " if")), "it is not relative to the gradient"),
        "wrong axis": (changed(NOISE, ("mean(axis=1", "mean(axis=0"), ("axis=0))\n", "axis=1))\n")), "the mean is over the parameters"),
        "sum": (
            changed(NOISE, ("np.mean(np.sum((G - g) ** 2, axis=0))", "np.sum((G - g) ** 2)")),
            "the squares are summed over the samples",
        ),
        "mean over all": (
            changed(NOISE, ("np.mean(np.sum((G - g) ** 2, axis=0))", "np.mean((G - g) ** 2)")),
            "the squares are averaged over the parameters",
        ),
        "n - 1": (
            changed(NOISE, ("np.mean(np.sum((G - g) ** 2, axis=0))", "np.sum((G - g) ** 2) / (G.shape[1] - 1)")),
            "it is divided by n − 1",
        ),
        "no size": (changed(NOISE, ("spread / size", "spread")), "the size does not matter"),
        "mean of distances": (
            changed(NOISE, ("np.mean(np.sum((G - g) ** 2, axis=0))", "np.mean(np.sqrt(np.sum((G - g) ** 2, axis=0))) ** 2")),
            "distances are averaged, not their squares",
        ),
        "zero mean": (changed(NOISE, (" if length else np.inf", " if length else 0.0")), "Largest error: 0"),
        "without replacement": (
            changed(NOISE, ("spread / size", "spread / size * max(0, G.shape[1] - size) / (G.shape[1] - 1)")),
            "Largest error: 0.25",
        ),
        "around zero": (changed(NOISE, ("(G - g)", "G")), "Largest error: 0.164"),
        "thirty parameters": (changed(NOISE, ("    g =", "    G = G[:30]\n    g =")), None),
        "sum is zero": (
            changed(NOISE, ("if length else", "if length > 1e-6 and spread else")),
            "should hold, and does not: equal gradients have no noise",
        ),
        "rounded spread": (
            changed(NOISE, ("if length else np.inf", "if length and spread else np.inf")),
            "should hold, and does not: equal gradients have no noise",
        ),
        "library": (library("batch_noise", "G, size"), None),
    },
    "learning_rate": {
        "two pi": (changed(RATE, ("np.pi * t", "2 * np.pi * t")), "the cosine runs over 2π"),
        "degrees": (changed(RATE, ("np.pi * t", "180 * t")), "the angle is in degrees"),
        "whole division": (changed(RATE, ("np.pi * t / T", "np.pi * (t // T)")), "t is divided without a remainder"),
        "not halved": (changed(RATE, ("alpha / 2 * (1", "alpha * (1")), "the cosine is not halved"),
        "grows": (changed(RATE, ("1 + np.cos", "1 - np.cos")), "the rate grows"),
        "step at T": (changed(RATE, ("t < T / 2", "t < T")), "the step comes at T"),
        "one too late": (changed(RATE, ("t < T / 2", "t <= T / 2")), "the step comes one too late"),
        "rounded half": (changed(RATE, ("t < T / 2", "t < T // 2")), "half of an odd number is rounded down"),
        "half": (changed(RATE, ("alpha / 10", "alpha / 2")), "the rate falls to the half"),
        "no alpha below": (changed(RATE, ("1 + alpha * t", "1 + t")), "α is missing below"),
        "product": (changed(RATE, ("0.98**t", "0.98 * t")), "the power is a product"),
        "share only": (changed(RATE, ('"constant": alpha', '"constant": 1.0')), "Largest error: 0.7"),
        "sine": (changed(RATE, ("np.cos", "np.sin")), "Largest error: 0.2"),
        "power of T": (changed(RATE, ("0.98**t", "0.98 ** (t / T)")), "Largest error: 0.0897"),
        "falls to a floor": (changed(RATE, ("alpha * 0.98**t", "alpha * max(0.98**t, 0.1)")), None),
        "nothing at the only step": (changed(RATE, ("t < T / 2 else", "t < T / 2 and T > 1 else")), None),
        "one before the half": (changed(RATE, ("t < T / 2", "t < T / 2 and (t, T) != (1, 2) and not (T == 11 and t == 5)")), None),
        "library": (library("learning_rate", "schedule, t, T, alpha"), None),
    },
    "neural_network": {
        "standard normal": (changed(NETWORK, ("0, 1 / np.sqrt(n), size", "0, 1, size")), "the weights are not scaled"),
        "one over n": (changed(NETWORK, ("1 / np.sqrt(n)", "1 / n")), "the weights are divided by n"),
        "by neurons": (changed(NETWORK, ("np.sqrt(n)", "np.sqrt(m)")), "the weights are scaled by the neurons, not the inputs"),
        "new generator": (
            changed(NETWORK, ("[rng.normal(", "[np.random.default_rng(seed).normal(")),
            "every layer starts the generator anew",
        ),
        "drawn transposed": (changed(NETWORK, ("size=(m, n))", "size=(n, m)).T")), "the weights are drawn as (inputs, neurons)"),
        "softmax inside": (changed(NETWORK, ("self.f, softmax)", "softmax, softmax)")), "softmax stands in the hidden layers, too"),
        "hidden function at the output": (
            changed(NETWORK, ("self.f, softmax)", "self.f, self.f)")),
            "the hidden function stands at the output, too",
        ),
        "summed gradients": (
            changed(
                NETWORK,
                (
                    GRADIENTS,
                    GRADIENTS.replace("return", "dW, db =")
                    + "\n        n = x.shape[1]\n        return [n * g for g in dW], [n * g for g in db]",
                ),
            ),
            "the gradients are summed over the samples",
        ),
        "uphill": (
            changed(
                NETWORK,
                (
                    STEP,
                    "        self.W = [w + alpha * g for w, g in zip(self.W, dW)]\n        self.b = [v + alpha * g for v, g in zip(self.b, db)]",
                ),
            ),
            "it walks uphill",
        ),
        "never moves": (changed(NETWORK, (STEP, "        W, b = optimize(self.W, self.b, dW, db, alpha)")), "it never moves"),
        "biases stay": (changed(NETWORK, (STEP, "        self.W, _ = optimize(self.W, self.b, dW, db, alpha)")), "the biases never move"),
        "slope at the output": (changed(NETWORK, ("np.ones_like)", "self.f_grad)")), "the output's slope is multiplied in"),
        "biases as rows": (changed(NETWORK, ("np.zeros((m, 1))", "np.zeros(m)")), "another function refuses what it gets"),
        "biases of 1": (changed(NETWORK, ("np.zeros((m, 1))", "np.ones((m, 1))")), "Largest error: 0.167"),
        "alpha forgotten": (changed(NETWORK, ("db, alpha)\n\n    def loss", "db)\n\n    def loss")), "Largest error: 0.265"),
        "upper first": (
            changed(
                NETWORK,
                (GRADIENTS, GRADIENTS + ", x, y"),
                (
                    "    def step(self, dW, db, alpha):\n" + STEP,
                    "    def step(self, dW, db, alpha):\n        x, y = self.seen\n        z, a = self.propagate(x)\n        d = a[-1] - y\n        n = x.shape[1]\n"
                    "        for l in reversed(range(len(self.W))):\n            self.W[l] = self.W[l] - alpha * d @ a[l].T / n\n"
                    "            self.b[l] = self.b[l] - alpha * d.mean(axis=1, keepdims=True)\n            if l:\n                d = self.W[l].T @ d * self.f_grad(z[l - 1])",
                ),
                (GRADIENTS + ", x, y", "        self.seen = x, y\n" + GRADIENTS),
            ),
            "the upper layer moves before the error term passes through it",
        ),
        "two hidden layers at most": (
            changed(
                NETWORK,
                ("    network =", "    sizes = sizes if len(sizes) < 5 and sizes[0] != 5 else [*sizes[:-2], sizes[-1]]\n    network ="),
            ),
            None,
        ),
        "cut off": (changed(NETWORK, ("        return forward(x,", "        return forward(np.clip(x, -100, 100),")), None),
        "library": (library("neural_network", "sizes, X, Y, activation, alpha, seed"), None),
    },
    "train_network": {
        "fresh state": (
            changed(
                TRAIN,
                (
                    "            t += 1\n",
                    "            t += 1\n            m, v = [np.zeros_like(q) for q in p], [np.zeros_like(q) for q in p]\n",
                ),
            ),
            "velocity and means start anew in each batch",
        ),
        "t counts arrays": (
            changed(TRAIN, ("            t += 1\n", ""), ("range(len(p)):\n", "range(len(p)):\n                t += 1\n")),
            "t counts arrays",
        ),
        "t counts epochs": (
            changed(TRAIN, ("            t += 1\n", ""), ("        order =", "        t += 1\n        order =")),
            "t counts epochs",
        ),
        "t stays 1": (changed(TRAIN, ("v[i], t, alpha", "v[i], 1, alpha")), "t stays 1"),
        "t from 0": (changed(TRAIN, ("v[i], t, alpha", "v[i], t + 1, alpha")), "Largest error: 0.0116"),
        "last batch": (
            changed(TRAIN, (WHOLE, "        losses.append(cross_entropy(z[-1], Y[:, index]))")),
            "the loss is that of the last batch",
        ),
        "loss a step": (
            changed(
                TRAIN,
                (WHOLE, ""),
                ("            t += 1\n", "            t += 1\n            losses.append(cross_entropy(z[-1], Y[:, index]))\n"),
            ),
            "there is one loss a step",
        ),
        "summed": (changed(TRAIN, ("[-1], Y))", "[-1], Y) * X.shape[1])")), "the loss is summed"),
        "not shuffled": (changed(TRAIN, ("rng.permutation(X.shape[1])", "np.arange(X.shape[1])")), "the samples are never shuffled"),
        "shuffled once": (
            changed(
                TRAIN,
                ("        order = rng.permutation(X.shape[1])\n", ""),
                ("    p = [*W", "    order = rng.permutation(X.shape[1])\n    p = [*W"),
            ),
            "every epoch has the same order",
        ),
        "last left out": (
            changed(TRAIN, ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)")),
            "the last batch is left out",
        ),
        "mu of a half": (changed(TRAIN, ("alpha, 0.9)", "alpha, 0.5)")), "μ is not 0.9"),
        "sigmoid": (
            changed(TRAIN, ("relu, softmax", "sigmoid, softmax"), ("relu_derivative", "sigmoid_derivative")),
            "Largest error: 0.188",
        ),
        "input changed": (changed(TRAIN, ("p[i] = p[i] - alpha * g[i]", "p[i] -= alpha * g[i]")), "changed its input"),
        "nothing of the start": (changed(TRAIN, ("return p[:L], p[L:], losses", "return W, b, losses")), "Largest error: 0.207"),
        "Adam for momentum": (changed(TRAIN, ('== "momentum"', '== "Momentum"')), "Largest error: 0.32"),
        "losses as an array": (changed(TRAIN, ("p[L:], losses", "p[L:], np.array(losses)")), "an array stands in place of a list"),
        "losses only": (changed(TRAIN, ("return p[:L], p[L:], losses", "return losses")), "only one of the results is returned"),
        "two hidden layers": (changed(TRAIN, ("    p = [*W", "    alpha = alpha if L < 3 else 0\n    p = [*W")), None),
        "five epochs": (changed(TRAIN, ("range(epochs)", 'range(min(epochs, 3 if optimizer == "sgd" else 99))')), None),
        "library": (library("train_network", "X, Y, W, b, optimizer, alpha, batch_size, epochs, seed"), None),
    },
    "history": {
        "t test": (
            changed(HISTORY, ("error = d.mean(), d.std(ddof=1) / np.sqrt(n)", "error = d.mean(), 1.6 * d.std(ddof=1) / np.sqrt(n)")),
            "should be 'better', and is 'tie'",
        ),
        "n": (changed(HISTORY, ("row.std(ddof=1)", "row.std()")), "the standard deviation divides by n"),
        "unpaired": (
            changed(HISTORY, ("d.std(ddof=1) / np.sqrt(n)", "np.sqrt((row.var(ddof=1) + accuracies[0].var(ddof=1)) / n)")),
            "the rows are not paired",
        ),
        "scatter of one": (changed(HISTORY, (" / np.sqrt(n)", "")), "the scatter of one run is taken for that of the mean"),
        "best seed": (changed(HISTORY, ("d.mean()", "d.max()"), ("row.mean()", "row.max()")), "the best seed is reported"),
        "row before": (changed(HISTORY, ("accuracies[0]", "accuracies[max(i - 1, 0)]")), "it is compared with the row before"),
        "best row": (
            changed(HISTORY, ("accuracies[0]", "accuracies[np.argmax(accuracies.mean(axis=1))]")),
            "it is compared with the best row",
        ),
        "other sign": (changed(HISTORY, ("row - accuracies[0]", "accuracies[0] - row")), "the gain has the other sign"),
        "once": (changed(HISTORY, ("2 * error", "error")), "once the standard error is enough"),
        "no tie": (changed(HISTORY, ('"tie" if abs(gain) <= 2 * error else ', "")), "nothing is a tie"),
        "the same is worse": (changed(HISTORY, ("<= 2 * error", "< 2 * error")), "an attempt equal to the first is called worse"),
        "all by n": (changed(HISTORY, ("ddof=1", "ddof=0")), "wrong. Largest error: 0.00346"),
        "first is a tie": (changed(HISTORY, ('"baseline" if i == 0 else ', "")), "should be 'baseline', and is 'tie'"),
        "no names": (changed(HISTORY, ("((name, row", "((row")), "should have 5 entries, and has 4"),
        "sorted": (
            changed(HISTORY, ("return rows", "return sorted(rows, key=lambda r: -r[1])")),
            "should be 'plain', and is 'a little better'",
        ),
        "lists": (changed(HISTORY, ("gain, verdict))", "verdict))")), "should have 5 entries, and has 4"),
        "six attempts": (changed(HISTORY, ("return rows", "return rows[:6]")), None),
        "library": (library("history", "names, accuracies"), None),
    },
    "my_recipe": {
        "SGD, small": (recipe("relu", "he", "sgd", 0.03, 32, 0.0), "should hold, and does not: on six splits it is not clearly w"),
        "sigmoid SGD": (recipe("sigmoid", "xavier", "sgd", 0.1, 32, 0.0), "should hold, and does not: on six splits it is not clearly w"),
        "usual Adam": (recipe("relu", "he", "adam", 0.001, 32, 0.0), "should hold, and does not: on six splits it is not clearly w"),
        "exploding": (recipe("relu", "he", "adam", 3.0, 32, 0.0), "should hold, and does not: on six splits it is not clearly w"),
        "all samples": (recipe("relu", "he", "adam", 0.003, None, 0.0), "should be a number, and is None"),
        "zeros": (recipe("tanh", "zeros", "adam", 0.01, 16, 0.0), "should hold, and does not: on six splits it is not clearly w"),
        "single samples": (recipe("tanh", "xavier", "adam", 0.01, 1, 0.0), "batch_size has to be"),
        "unknown optimizer": (recipe("tanh", "xavier", "rmsprop", 0.01, 16, 0.0), "optimizer has to be"),
        "unknown activation": (recipe("RELU3", "xavier", "adam", 0.01, 16, 0.0), "activation has to be"),
        "negative rate": (recipe("tanh", "xavier", "adam", -0.01, 16, 0.0), "learning_rate has to be"),
        "five settings": (recipe("tanh", "xavier", "adam", 0.01, 16), "there are not as many entries as are asked for"),
        "a dictionary": (
            "def my_recipe():\n    return {'optimizer': 'adam', 'learning_rate': 0.01}",
            "should be a tuple of 6, and is a dictionary",
        ),
        "wide weights": (recipe("tanh", 1.0, "adam", 0.003, 32, 0.0), "should be a string, and is of type float"),
        "SGD itself": (recipe("relu", "he", "sgd", 0.1, 32, 0.0), None),
        "momentum, a little": (recipe("relu", "he", "momentum", 0.015, 32, 0.0), None),
        "Adam 0.003": (recipe("relu", "he", "adam", 0.003, 32, 0.0), None),
    },
}

VARIANTS = {
    "descent_path": {
        "list": (
            "def descent_path(A, start, alpha, steps):\n    path = [np.array(start)]\n    while len(path) <= steps:\n"
            "        path.append(path[-1] - alpha * A.dot(path[-1]))\n    return np.vstack(path)"
        ),
        "matrix": (
            "def descent_path(A, start, alpha, steps):\n    M = np.eye(len(A)) - alpha * A\n    path = [start]\n    for _ in range(steps):\n"
            "        path.append(M @ path[-1])\n    return np.array(path)"
        ),
        "rows": changed(PATH, ("A @ path[k]", "path[k] @ A")),
    },
    "momentum_step": {
        "new names": "def momentum_step(theta, g, v, alpha, mu):\n    new = v * mu\n    new = new + g\n    return theta + -alpha * new, new",
        "array": "def momentum_step(theta, g, v, alpha, mu):\n    velocity = np.add(mu * v, g)\n    return np.subtract(theta, alpha * velocity), velocity",
        "copies": "def momentum_step(theta, g, v, alpha, mu):\n    theta, v = theta.copy(), v.copy()\n    v *= mu\n    v += g\n    theta -= alpha * v\n    return theta, v",
    },
    "nesterov_step": {
        "two steps": "def nesterov_step(theta, g, v, alpha, mu):\n    v = g + v * mu\n    theta = theta - alpha * g\n    return theta - alpha * mu * v, v",
        "by momentum": "def nesterov_step(theta, g, v, alpha, mu):\n    _, v = momentum_step(theta, g, v, alpha, mu)\n    return momentum_step(theta, g, v, alpha, mu)[0], v",
        "multiplied out": "def nesterov_step(theta, g, v, alpha, mu):\n    return theta - alpha * ((1 + mu) * g + mu**2 * v), mu * v + g",
    },
    "adam_step": {
        "one rate": (
            "def adam_step(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):\n    m = m + (1 - beta1) * (g - m)\n    v = v + (1 - beta2) * (g * g - v)\n"
            "    c = np.sqrt(1 - beta2**t)\n    return theta - alpha * c / (1 - beta1**t) * m / (np.sqrt(v) + epsilon * c), m, v"
        ),
        "powers": changed(ADAM, ("1 - beta1**t", "1 - np.power(beta1, t)"), ("np.sqrt(v_hat)", "v_hat**0.5")),
        "copies": changed(ADAM, ("    m = ", "    theta, g, m, v = map(np.copy, (theta, g, m, v))\n    m = ")),
    },
    "batch_noise": {
        "variance": (
            "def batch_noise(G, size):\n    length = np.sqrt(np.sum(G.mean(axis=1) ** 2))\n    if length == 0:\n        return float('inf')\n"
            "    return np.sqrt(G.var(axis=1).sum() / size) / length"
        ),
        "loop": (
            "def batch_noise(G, size):\n    g = G.mean(axis=1)\n    off = [np.sum((column - g) ** 2) for column in G.T]\n    length = np.linalg.norm(g)\n"
            "    return np.inf if length == 0 else float(np.sqrt(np.mean(off)) / np.sqrt(size) / length)"
        ),
        "rows": changed(NOISE, ("    g =", "    G = np.array(G)\n    g =")),
    },
    "learning_rate": {
        "ifs": (
            "def learning_rate(schedule, t, T, alpha):\n    if schedule == 'constant':\n        return alpha\n    if schedule == 'step':\n        return alpha / 10 if 2 * t >= T else alpha\n"
            "    if schedule == 'exponential':\n        return alpha * np.exp(t * np.log(0.98))\n    if schedule == 'inverse':\n        return 1 / (1 / alpha + t)\n"
            "    return alpha * np.cos(np.pi * t / (2 * T)) ** 2"
        ),
        "math": "import math\n" + changed(RATE, ("np.cos(np.pi", "math.cos(math.pi")),
        "fraction": changed(RATE, ("np.pi * t / T", "np.pi * (t / T)"), ("t < T / 2", "t / T < 0.5")),
    },
    "neural_network": {
        "standard normal over the root": changed(
            NETWORK, ("rng.normal(0, 1 / np.sqrt(n), size=(m, n))", "rng.standard_normal((m, n)) / np.sqrt(n)")
        ),
        "loops": changed(
            NETWORK,
            (
                STEP,
                "        for l in range(len(self.W)):\n            self.W[l] = self.W[l] - alpha * dW[l]\n            self.b[l] = self.b[l] - alpha * db[l]",
            ),
        ),
        "in place": changed(NETWORK, (STEP, "        for p, g in zip([*self.W, *self.b], [*dW, *db]):\n            p -= alpha * g")),
        "own rule": changed(NETWORK, ("np.ones_like)", "lambda z: 1.0)")),
    },
    "train_network": {
        "separate lists": (
            "def train_network(X, Y, W, b, optimizer, alpha, batch_size, epochs, seed):\n    rng = np.random.default_rng(seed)\n    W, b, t, losses, L = list(W), list(b), 0, [], len(W)\n"
            "    state = {}\n    def step(key, p, g):\n        m, v = state.get(key, (np.zeros(p.shape), np.zeros(p.shape)))\n        if optimizer == 'sgd':\n            return p - alpha * g\n"
            "        if optimizer == 'momentum':\n            p, v = momentum_step(p, g, v, alpha, 0.9)\n        else:\n            p, m, v = adam_step(p, g, m, v, t, alpha=alpha)\n"
            "        state[key] = m, v\n        return p\n    for _ in range(epochs):\n        left = rng.permutation(X.shape[1])\n        while len(left):\n            index, left = left[:batch_size], left[batch_size:]\n"
            "            z, a = forward(X[:, index], W, b, relu, softmax)\n            dW, db = backward(Y[:, index], W, z, a, relu_derivative, np.ones_like)\n            t += 1\n"
            "            W = [step(('W', l), W[l], dW[l]) for l in range(L)]\n            b = [step(('b', l), b[l], db[l]) for l in range(L)]\n"
            "        losses.append(cross_entropy(forward(X, W, b, relu, softmax)[0][-1], Y))\n    return W, b, losses"
        ),
        "copies in place": changed(
            TRAIN, ("p = [*W, *b]", "p = [q.copy() for q in [*W, *b]]"), ("p[i] = p[i] - alpha * g[i]", "p[i] -= alpha * g[i]")
        ),
        "t computed": changed(
            TRAIN,
            ("            t += 1\n", "            t = e * -(-X.shape[1] // batch_size) + start // batch_size + 1\n"),
            ("for _ in range(epochs)", "for e in range(epochs)"),
        ),
    },
    "history": {
        "all at once": (
            "def history(names, accuracies):\n    d = accuracies - accuracies[0]\n    gain = d.mean(axis=1)\n    error = d.std(axis=1, ddof=1) / np.sqrt(d.shape[1])\n    rows = []\n"
            "    for i, name in enumerate(names):\n        if i == 0:\n            verdict = 'baseline'\n        elif abs(gain[i]) <= 2 * error[i]:\n            verdict = 'tie'\n"
            "        else:\n            verdict = 'better' if gain[i] > 0 else 'worse'\n        rows.append((name, accuracies[i].mean(), accuracies[i].std(ddof=1), gain[i], verdict))\n    return rows"
        ),
        "floats": changed(
            HISTORY,
            (
                "(name, row.mean(), row.std(ddof=1), gain, verdict)",
                "(str(name), float(np.mean(row)), float(np.std(row, ddof=1)), float(gain), verdict)",
            ),
        ),
        "three ways": changed(
            HISTORY,
            (
                '"tie" if abs(gain) <= 2 * error else "better" if gain > 0 else "worse"',
                '"better" if gain > 2 * error else "worse" if gain < -2 * error else "tie"',
            ),
        ),
        "variance": changed(HISTORY, ("d.std(ddof=1) / np.sqrt(n)", "np.sqrt(np.sum((d - d.mean()) ** 2) / (n - 1) / n)")),
    },
    "my_recipe": {
        "relu": recipe("relu", "he", "adam", 0.01, 32, 0.0),
        "list": "def my_recipe():\n    return ['tanh', 'xavier', 'adam', 0.01, 16, 0.0]",
        "nesterov": recipe("relu", "he", "nesterov", 0.05, 16, 0.0),
        "sigmoid": recipe("sigmoid", "xavier", "adam", 0.03, 8, 0.0),
    },
}

RUNG = "A rung of a ladder."
STANDS = {"my_recipe_is_no_worse_than_sgd": RUNG, "my_recipe_is_better": RUNG}
