"""Chapter 06: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

CHAIN = "def chain_factors(w, z, f_grad):\n    return np.append(1.0, w) * f_grad(z)"
WINDOW = """def explosion_window(w):
    size = abs(w)
    if size <= 4:
        return 0.0
    edge = (1 + np.sqrt(1 - 4 / size)) / 2
    return 2 / size * np.log(size * edge - 1)"""
DIAGNOSE = """def diagnose(norms):
    first, last = norms[0], norms[-2]
    if not np.isfinite(norms).all() or np.max(norms) > 1000:
        return "exploding"
    if np.max(norms) < 1e-4:
        return "small everywhere"
    if first <= last / 100:
        return "vanishing"
    if first >= 10 * last:
        return "exploding"
    return "healthy\""""
STD = """def initial_std(inputs, neurons, activation):
    if activation == "relu":
        return np.sqrt(2 / inputs)
    xavier = np.sqrt(2 / (inputs + neurons))
    return 4 * xavier if activation == "sigmoid" else xavier"""
CLIP = """def clipped(gradients, limit):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    factor = limit / norm if norm > limit else 1.0
    return [factor * g for g in gradients]"""
TRAIN = """def train_deep(X, Y, W, b, f, f_grad, alpha, batches, limit=None):
    costs, norms = [], []
    for index in batches:
        z, a = forward(X[:, index], W, b, f, softmax)
        dW, db = backward(Y[:, index], W, z, a, f_grad, np.ones_like)
        costs.append(cross_entropy(z[-1], Y[:, index]))
        norms.append(np.array([np.linalg.norm(g) for g in dW]))
        if limit is not None:
            both = clipped(dW + db, limit)
            dW, db = both[: len(W)], both[len(W) :]
        W, b = optimize(W, b, dW, db, alpha)
    return W, b, costs, norms"""
ROUND = """def residual_backward(delta_out, W, z, f_grad):
    delta = delta_out * f_grad(z)
    return W.T @ delta + delta_out, delta"""
NORM = """def layer_norm_grad(delta, z):
    sd = np.sqrt(z.var(axis=0) + 1e-12)
    n = (z - z.mean(axis=0)) / sd
    return (delta - delta.mean(axis=0) - n * (delta * n).mean(axis=0)) / sd"""
START = """def deep_start(X, sizes, activation, rng):
    W, b = [], []
    for inputs, neurons in zip(sizes[:-1], sizes[1:]):
        weights = initial_std(inputs, neurons, activation) * rng.standard_normal((neurons, inputs))
        first = not W
        W.append(weights)
        b.append(np.zeros((neurons, 1)) if first or activation != "sigmoid" else -0.5 * weights.sum(axis=1, keepdims=True))
    return W, b"""


def changed(text, *pairs):
    """Return the text with some pieces replaced."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def library(name, arguments):
    """Answer with the course's own function."""
    return f"from nnlab.vanishing_gradients import {name} as theirs\ndef {name}({arguments}):\n    return theirs({arguments})"


MUTANTS = {
    "chain_factors": {
        "product": (changed(CHAIN, ("np.append(1.0, w) * f_grad(z)", "np.prod(np.append(1.0, w) * f_grad(z))")), "the product is returned"),
        "no weights": (changed(CHAIN, ("np.append(1.0, w) * ", "")), "the weights are left out"),
        "shifted": (changed(CHAIN, ("np.append(1.0, w)", "np.append(w, 1.0)")), "the slope of the layer before it"),
        "slope at w z": (changed(CHAIN, ("np.append(1.0, w) * f_grad(z)", "f_grad(np.append(1.0, w) * z)")), "the slope is taken at w z"),
        "no first factor": (changed(CHAIN, ("np.append(1.0, w) * f_grad(z)", "w * f_grad(z[1:])")), "the first factor is left out"),
        "running products": (
            changed(CHAIN, ("np.append(1.0, w) * f_grad(z)", "np.cumprod(np.append(1.0, w) * f_grad(z))")),
            "running products",
        ),
        "reversed": (changed(CHAIN, ("* f_grad(z)", "* f_grad(z))[::-1]"), ("return np", "return (np")), "in reverse order"),
        "shapes do not fit": (changed(CHAIN, ("np.append(1.0, w)", "w")), "raised ValueError"),
        "list": (
            changed(CHAIN, ("np.append(1.0, w) * f_grad(z)", "list(np.append(1.0, w) * f_grad(z))")),
            "should be a NumPy array, and is a list",
        ),
        "absolute": (changed(CHAIN, ("np.append(1.0, w)", "np.abs(np.append(1.0, w))")), "wrong at index [2]"),
        "a zero in front": (changed(CHAIN, ("1.0", "0.0")), "wrong at index [0]"),
        "always the sigmoid": (
            "def chain_factors(w, z, f_grad):\n    s = 1 / (1 + np.exp(-z))\n    return np.append(1.0, w) * s * (1 - s)",
            "3 of 3 values are wrong",
        ),
        "four layers at most": (changed(CHAIN, ("f_grad(z)", "f_grad(z) if len(z) < 5 else f_grad(z) * 0.9")), None),
        "one by one": (
            "def chain_factors(w, z, f_grad):\n    return np.append(1.0, w) * np.array([f_grad(z[i : i + 1])[0] for i in range(len(z))])",
            None,
        ),
        "library": (library("chain_factors", "w, z, f_grad"), None),
    },
    "explosion_window": {
        "half": (changed(WINDOW, ("2 / size * np", "1 / size * np")), "this is half the window"),
        "width in z": (changed(WINDOW, ("2 / size * np", "2 * np")), "this is the width in z"),
        "positive only": (changed(WINDOW, ("size = abs(w)", "size = w")), "a negative weight has no window"),
        "negative width": (changed(WINDOW, ("return 2 / size", "return 2 / w")), "the window of a negative weight is negative"),
        "limit 2": (
            changed(WINDOW, ("size <= 4", "size <= 2"), ("1 - 4 / size)", "max(0.0, 1 - 4 / size))")),
            "the limit is 2 instead of 4",
        ),
        "nan below 4": (changed(WINDOW, ("return 0.0", "return np.nan if size < 4 else 0.0")), "below 4 there is nothing defined"),
        "no limit": (changed(WINDOW, ("    if size <= 4:\n        return 0.0\n", "")), "holds nan"),
        "other edge": (changed(WINDOW, ("(1 + np", "(1 - np")), "Largest error: 0.77"),
        "log of the edge": (changed(WINDOW, ("size * edge - 1", "edge")), "Largest error: 0.5"),
        "log10": (changed(WINDOW, ("np.log(", "np.log10(")), "Largest error: 0.218"),
        "1 below the limit": (changed(WINDOW, ("return 0.0", "return 1.0")), "your result should be 0, and is 1."),
        "nothing": (changed(WINDOW, ("return 2 /", "2 /")), "is None"),
        "none below 4.005": (changed(WINDOW, ("size <= 4", "size < 4.005")), None),
        "integers only": (changed(WINDOW, ("size = abs(w)", "size = round(abs(w), 3) if abs(w) < 200 else 200.0")), None),
        "small negative weights": (changed(WINDOW, ("size <= 4", "-4 <= w <= 4 or -5 < w < 0")), None),
        "library": (library("explosion_window", "w"), None),
    },
    "diagnose": {
        "falls before sizes": (
            changed(
                DIAGNOSE,
                ("    if not np", "    if 1e-4 < last < np.inf and first <= last / 100:\n        return 'vanishing'\n    if not np"),
            ),
            None,
        ),
        "falls before tiny sizes": (
            changed(
                DIAGNOSE,
                ("    if np.max(norms) < 1e-4", "    if 0 < first <= last / 100:\n        return 'vanishing'\n    if np.max(norms) < 1e-4"),
            ),
            None,
        ),
        "any layer is enough for a fall": (changed(DIAGNOSE, ("if first <= last / 100", "if norms[:-1].min() <= last / 100")), None),
        "any layer is enough for a rise": (changed(DIAGNOSE, ("if first >= 10 * last", "if norms[:-1].max() >= 10 * last")), None),
        "ratio only": (
            changed(
                DIAGNOSE, (" or np.max(norms) > 1000", ""), ("< 1e-4", "< 0"), ("not np.isfinite(norms).all()", "np.isnan(norms).any()")
            ),
            "only the ratio is looked at",
        ),
        "output layer": (changed(DIAGNOSE, ("norms[-2]", "norms[-1]")), "compared with the output layer"),
        "from the back": (changed(DIAGNOSE, ("norms[0], norms[-2]", "norms[-2], norms[0]")), "read from the back"),
        "tiny is healthy": (changed(DIAGNOSE, ("< 1e-4", "< 0")), "tiny gradients everywhere are called healthy"),
        "huge is healthy": (
            changed(DIAGNOSE, ("not np.isfinite(norms).all() or np.max(norms) > 1000", "False")),
            "huge gradients everywhere are called healthy",
        ),
        "one is enough": (changed(DIAGNOSE, ("np.max(norms) < 1e-4", "np.min(norms) < 1e-4")), "one small layer is enough"),
        "sums": (
            changed(
                DIAGNOSE,
                ("first, last = norms[0], norms[-2]", "half = len(norms) // 2\n    first, last = norms[:half].sum(), norms[half:].sum()"),
            ),
            "should be 'exploding', and is 'healthy'",
        ),
        "factor 2": (changed(DIAGNOSE, ("last / 100", "last / 2")), "should be 'healthy', and is 'vanishing'"),
        "a thousandth of the output": (changed(DIAGNOSE, ("first <= last / 100", "first == 0")), "and is 'healthy'"),
        "dead is healthy": (
            changed(DIAGNOSE, ("first <= last / 100", "first < last / 100"), ("first >= 10", "first > 10")),
            "should be 'vanishing', and is 'healthy'",
        ),
        "other words": (changed(DIAGNOSE, ('"healthy"', '"ok"')), "should be 'healthy', and is 'ok'"),
        "capital": (changed(DIAGNOSE, ('"small everywhere"', '"Small everywhere"')), "and is 'Small everywhere'"),
        "list of words": (changed(DIAGNOSE, ('return "exploding"', 'return ["exploding"]')), "should be a string, and is a list"),
        "the output may be huge": (changed(DIAGNOSE, ("np.max(norms) > 1000", "np.max(norms[:-1]) > 1000")), None),
        "thirty times": (changed(DIAGNOSE, ("10 * last", "30 * last")), None),
        "tiny before no number": (
            changed(
                DIAGNOSE,
                ("    if not np.isfinite", '    if np.nanmax(norms) < 1e-4:\n        return "small everywhere"\n    if not np.isfinite'),
            ),
            None,
        ),
        "a hundredfold rise": (changed(DIAGNOSE, ("10 * last", "100 * last")), "should be 'exploding', and is 'healthy'"),
        "no nan": (changed(DIAGNOSE, ("not np.isfinite(norms).all()", "np.isinf(norms).any()")), None),
        "a hundred times smaller": (changed(DIAGNOSE, ("np.max(norms) < 1e-4", "np.max(norms) < 1e-6")), None),
        "library": (library("diagnose", "norms"), None),
    },
    "initial_std": {
        "variance": (
            STD.replace("np.sqrt(2 / inputs)", "2 / inputs")
            .replace("np.sqrt(2 / (inputs + neurons))", "2 / (inputs + neurons)")
            .replace("4 *", "16 *"),
            "this is the variance",
        ),
        "sigmoid as tanh": (changed(STD, ("4 * xavier if", "xavier if")), "the sigmoid is treated like tanh"),
        "exchanged": (changed(STD, ("2 / inputs", "2 / neurons")), "inputs and neurons are exchanged"),
        "He for all": ("def initial_std(inputs, neurons, activation):\n    return np.sqrt(2 / inputs)", "every function gets He's rule"),
        "Xavier for all": (
            "def initial_std(inputs, neurons, activation):\n    return np.sqrt(2 / (inputs + neurons))",
            "every function gets Xavier's rule",
        ),
        "forward only": (
            changed(STD, ("2 / (inputs + neurons)", "1 / inputs")),
            "only the way forward is kept",
        ),
        "4 under the root": (changed(STD, ("4 * xavier", "2 * xavier")), "the factor 4 is under the root"),
        "the larger size": (changed(STD, ("(inputs + neurons)", "(2 * max(inputs, neurons))")), "wrong. Largest error: 0.0174"),
        "6 in place of 2": (changed(STD, ("2 / (inputs + neurons)", "6 / (inputs + neurons)")), "Largest error: 0.146"),
        "divided by 4": (changed(STD, ("4 * xavier", "xavier / 4")), "Largest error: 0.75"),
        "no root for ReLU": (changed(STD, ("np.sqrt(2 / inputs)", "2 / inputs")), "Largest error: 0.192"),
        "ReLU by both sizes": (changed(STD, ("2 / inputs", "4 / (inputs + neurons)")), "Largest error: 0.0246"),
        "no sigmoid": (
            changed(STD, ('4 * xavier if activation == "sigmoid" else xavier', '{"tanh": xavier}[activation]')),
            "raised KeyError",
        ),
        "brackets": (changed(STD, ("2 / (inputs + neurons)", "2 / inputs + neurons")), "Largest error: 4.28"),
        "at most 64 inputs": (changed(STD, ("2 / inputs", "2 / min(inputs, 31)"), ("return np", "return 1.0 * np")), None),
        "never above 1": (
            STD.replace("xavier = np.sqrt(2 / (inputs + neurons))", "xavier = min(0.9, np.sqrt(2 / (inputs + neurons)))"),
            None,
        ),
        "library": (library("initial_std", "inputs, neurons, activation"), None),
    },
    "clipped": {
        "each by itself": (
            "def clipped(gradients, limit):\n    return [g * min(1, limit / (np.linalg.norm(g) or 1)) for g in gradients]",
            "each gradient is clipped by itself",
        ),
        "values": (
            "def clipped(gradients, limit):\n    return [np.clip(g, -limit, limit) for g in gradients]",
            "each value is clipped by itself",
        ),
        "longer": (changed(CLIP, ("if norm > limit", "if norm > 0")), "short gradients are made longer"),
        "squared": (changed(CLIP, ("limit / norm if", "limit / norm**2 if")), "Largest error: 0.567"),
        "no root": (
            changed(CLIP, ("np.sqrt(sum((g**2).sum() for g in gradients))", "sum((g**2).sum() for g in gradients)")),
            "divided by the squared length",
        ),
        "sum of lengths": (
            changed(CLIP, ("np.sqrt(sum((g**2).sum() for g in gradients))", "sum(np.linalg.norm(g) for g in gradients)")),
            "the lengths of the gradients are added",
        ),
        "longest": (
            changed(CLIP, ("np.sqrt(sum((g**2).sum() for g in gradients))", "max(np.linalg.norm(g) for g in gradients)")),
            "the longest gradient decides",
        ),
        "0 / 0": (
            changed(CLIP, ("limit / norm if norm > limit else 1.0", "np.minimum(1.0, limit / norm) if norm else np.nan")),
            "nothing divided by nothing",
        ),
        "in place": (
            changed(CLIP, ("return [factor * g for g in gradients]", "for g in gradients:\n        g *= factor\n    return gradients")),
            "changed its input",
        ),
        "factor forgotten": (changed(CLIP, ("factor * g for", "g for")), "Largest error: 3.39"),
        "largest value": (
            changed(CLIP, ("np.sqrt(sum((g**2).sum() for g in gradients))", "max(np.abs(g).max() for g in gradients) + 1")),
            "Largest error: 0.00",
        ),
        "to length 1": (changed(CLIP, ("limit / norm if", "1 / norm if")), "Largest error: 0.307"),
        "rounded": (changed(CLIP, ("factor * g for", "np.round(factor * g, 1) for")), "Largest error: 0.0391"),
        "an array of arrays": (changed(CLIP, ("return [factor * g for g in gradients]", "return factor * gradients")), "raised TypeError"),
        "with an epsilon": (
            changed(CLIP, ("limit / norm if norm > limit else 1.0", "min(1.0, limit / (norm + 1e-6))")),
            None,
        ),
        "small ones to zero": (changed(CLIP, ("factor * g for", "factor * g * (np.abs(g) > 1e-6) for")), None),
        "first three": (changed(CLIP, ("for g in gradients))", "for g in gradients[:3]))")), None),
        "library": (library("clipped", "gradients, limit"), None),
    },
    "train_deep": {
        "no limit": (changed(TRAIN, ("if limit is not None:", "if False:")), "the limit is not used"),
        "one by one": (
            changed(
                TRAIN,
                (
                    "both = clipped(dW + db, limit)\n            dW, db = both[: len(W)], both[len(W) :]",
                    "dW, db = clipped(dW, limit), clipped(db, limit)",
                ),
            ),
            "weights and biases are clipped one by one",
        ),
        "weights only": (
            changed(
                TRAIN, ("both = clipped(dW + db, limit)\n            dW, db = both[: len(W)], both[len(W) :]", "dW = clipped(dW, limit)")
            ),
            "only the weights are clipped",
        ),
        "norms after": (
            changed(
                TRAIN,
                ("        norms.append(np.array([np.linalg.norm(g) for g in dW]))\n", ""),
                ("        W, b = optimize", "        norms.append(np.array([np.linalg.norm(g) for g in dW]))\n        W, b = optimize"),
            ),
            "the norms are those after clipping",
        ),
        "cost after": (
            changed(
                TRAIN,
                ("        costs.append(cross_entropy(z[-1], Y[:, index]))\n", ""),
                (
                    "db, alpha)\n",
                    "db, alpha)\n        costs.append(cross_entropy(forward(X[:, index], W, b, f, softmax)[0][-1], Y[:, index]))\n",
                ),
            ),
            "the cost is that after the step",
        ),
        "cost of all": (
            changed(
                TRAIN,
                ("        costs.append(cross_entropy(z[-1], Y[:, index]))\n", ""),
                ("db, alpha)\n", "db, alpha)\n        costs.append(cross_entropy(forward(X, W, b, f, softmax)[0][-1], Y))\n"),
            ),
            "the cost is that of all samples",
        ),
        "all samples": (
            changed(TRAIN, ("for index in batches:\n", "for _ in batches:\n        index = np.arange(X.shape[1])\n")),
            "every step takes all samples",
        ),
        "always sigmoid": (
            changed(
                TRAIN,
                ("    costs, norms", "    f = lambda z: 1 / (1 + np.exp(-z))\n    f_grad = lambda z: f(z) * (1 - f(z))\n    costs, norms"),
            ),
            "f is always the sigmoid",
        ),
        "squared norms": (changed(TRAIN, ("np.linalg.norm(g) for", "(g**2).sum() for")), "the norms are squared"),
        "uphill": (changed(TRAIN, ("db, alpha)", "db, -alpha)")), "the step goes with the gradient"),
        "biases rest": (
            changed(TRAIN, ("W, b = optimize(W, b, dW, db, alpha)", "W, _ = optimize(W, b, dW, db, alpha)")),
            "the biases never move",
        ),
        "one batch": (changed(TRAIN, ("    return W", "        break\n    return W")), "Largest error: 0.0448"),
        "limit 1 by itself": (changed(TRAIN, ("if limit is not None:", "if True:")), "limit must be a number, got None"),
        "norms in a table": (
            changed(TRAIN, ("return W, b, costs, norms", "return W, b, costs, np.array(norms)")),
            "norms should be a list",
        ),
        "norms of the biases": (changed(TRAIN, ("np.linalg.norm(g) for g in dW", "np.linalg.norm(g) for g in db")), "norms[0] is wrong"),
        "three results": (changed(TRAIN, ("return W, b, costs, norms", "return W, b, costs")), "should have 4 entries, and has 3"),
        "in place": (
            changed(
                TRAIN,
                ("W, b = optimize(W, b, dW, db, alpha)", "for p, g in zip(W + b, dW + db):\n            p -= alpha * g"),
            ),
            "changed its input",
        ),
        "f′ twice": (changed(TRAIN, ("f_grad, np.ones_like)", "f_grad, f_grad)")), "Largest error: 0.302"),
        "limit of at most 1": (
            changed(TRAIN, ("clipped(dW + db, limit)", "clipped(dW + db, limit if limit > 0.05 else 0.05)")),
            "a step with limit 0.01",
        ),
        "limits up to 1 only": (changed(TRAIN, ("if limit is not None:", "if limit is not None and limit <= 1:")), None),
        "the longest layer decides": (
            changed(TRAIN, ("if limit is not None:", "if limit is not None and norms[-1].max() > limit:")),
            None,
        ),
        "three layers only": (changed(TRAIN, ("both[: len(W)], both[len(W) :]", "both[:3], both[3:6]")), None),
        "batches of one doubled": (
            changed(
                TRAIN,
                ("        z, a = forward", "        index = np.append(index, 0) if len(index) == 5 else index\n        z, a = forward"),
            ),
            None,
        ),
        "library": (library("train_deep", "X, Y, W, b, f, f_grad, alpha, batches, *limit"), None),
    },
    "residual_backward": {
        "no way round": (changed(ROUND, ("W.T @ delta + delta_out", "W.T @ delta")), "the way round the layer is missing"),
        "way round by f′": (changed(ROUND, ("W.T @ delta + delta_out", "W.T @ delta + delta")), "the way round is multiplied by f′"),
        "not transposed": (changed(ROUND, ("W.T @", "W @")), "W is not transposed"),
        "no slope": (changed(ROUND, ("delta_out * f_grad(z)", "delta_out")), "f′ is left out"),
        "averaged": (changed(ROUND, ("W.T @ delta + delta_out", "(W.T @ delta + delta_out) / 2")), "the two ways are averaged"),
        "swapped": (
            changed(ROUND, ("return W.T @ delta + delta_out, delta", "return delta, W.T @ delta + delta_out")),
            "in the wrong order",
        ),
        "added before": (
            "def residual_backward(delta_out, W, z, f_grad):\n    delta = 2 * delta_out * f_grad(z)\n    return W.T @ delta, delta",
            "the way round is added before f′ and W",
        ),
        "only back": (changed(ROUND, ("delta_out, delta", "delta_out")), "should be a tuple of 2, and is of type ndarray"),
        "added twice": (changed(ROUND, ("+ delta_out", "+ 2 * delta_out")), "6 of 6 values are wrong"),
        "subtracted": (changed(ROUND, ("+ delta_out", "- delta_out")), "Largest error: 3"),
        "product": (changed(ROUND, ("W.T @ delta", "W.T * delta")), "raised ValueError"),
        "in place": (
            "def residual_backward(delta_out, W, z, f_grad):\n    delta_out *= f_grad(z)\n    return W.T @ delta_out + delta_out / f_grad(z), delta_out",
            "changed its input",
        ),
        "slope at delta": (changed(ROUND, ("f_grad(z)", "f_grad(delta_out)")), "Largest error: 0.1"),
        "delta with the way round": (
            changed(ROUND, ("delta_out, delta", "delta_out, delta + delta_out")),
            "delta is wrong at index [0, 0]",
        ),
        "three neurons": (changed(ROUND, ("W.T @ delta", "(W.T if len(W) < 4 else W) @ delta")), None),
        "column by column": (
            "def residual_backward(delta_out, W, z, f_grad):\n"
            "    delta = np.hstack([delta_out[:, [i]] * f_grad(z[:, [i]]) for i in range(z.shape[1])])\n    return W.T @ delta + delta_out, delta",
            None,
        ),
        "closed layers": (changed(ROUND, ("+ delta_out,", "+ delta_out * (f_grad(z) != 0),")), None),
        "library": (library("residual_backward", "delta_out, W, z, f_grad"), None),
    },
    "layer_norm_grad": {
        "divided only": (
            changed(NORM, (" - delta.mean(axis=0) - n * (delta * n).mean(axis=0)", "")),
            "delta is only divided by the spread",
        ),
        "spread passes": (changed(NORM, (" - n * (delta * n).mean(axis=0)", "")), "what would move the spread is not taken out"),
        "mean passes": (changed(NORM, (" - delta.mean(axis=0)", "")), "what would move the mean is not taken out"),
        "over samples": (
            "def layer_norm_grad(delta, z):\n    sd = np.sqrt(z.var(axis=1, keepdims=True) + 1e-12)\n    n = (z - z.mean(axis=1, keepdims=True)) / sd\n"
            "    return (delta - delta.mean(axis=1, keepdims=True) - n * (delta * n).mean(axis=1, keepdims=True)) / sd",
            "the means are over the samples",
        ),
        "variance": (changed(NORM, ("n).mean(axis=0)) / sd", "n).mean(axis=0)) / sd**2")), "it is divided by the variance"),
        "z for n": (changed(NORM, ("n * (delta * n)", "z * (delta * z)")), "z stands where n should"),
        "forward": (
            "def layer_norm_grad(delta, z):\n    return (delta - delta.mean(axis=0)) / np.sqrt(delta.var(axis=0) + 1e-12)",
            "this is the way forward",
        ),
        "sum": (changed(NORM, ("(delta * n).mean(axis=0)", "(delta * n).sum(axis=0)")), "Largest error: 1.5"),
        "over everything": (changed(NORM, ("delta.mean(axis=0)", "delta.mean()")), "Largest error: 0.589"),
        "sign": (changed(NORM, (" - delta.mean", " + delta.mean")), "Largest error: 0.927"),
        "sample standard deviation": (changed(NORM, ("z.var(axis=0)", "z.var(axis=0, ddof=1)")), "Largest error: 0.358"),
        "no n in the mean": (changed(NORM, ("(delta * n).mean", "delta.mean")), "Largest error: 0.885"),
        "not divided": (changed(NORM, ("n).mean(axis=0)) / sd", "n).mean(axis=0)) / 1")), "is wrong at index [0, 0]"),
        "in place": (
            changed(NORM, ("    return (delta -", "    delta -= delta.mean(axis=0)\n    return (delta -")),
            "changed its input",
        ),
        "epsilon of a tenth of a millionth": (changed(NORM, ("1e-12", "1e-7")), "Largest error: 3.33e-08"),
        "no epsilon": (changed(NORM, (" + 1e-12", "")), None),
        "library": (library("layer_norm_grad", "delta, z"), None),
    },
    "deep_start": {
        "zeros": (changed(START, ("initial_std(inputs, neurons, activation) * ", "0 * ")), "the neurons of a layer start equal"),
        "transposed": (
            changed(
                START,
                ("rng.standard_normal((neurons, inputs))", "rng.standard_normal((inputs, neurons))"),
                ("np.zeros((neurons, 1)) if", "np.zeros((inputs, 1)) if"),
            ),
            "W[0] should have shape (7, 5)",
        ),
        "flat biases": (
            changed(START, ("np.zeros((neurons, 1))", "np.zeros(neurons)"), ("weights.sum(axis=1, keepdims=True)", "weights.sum(axis=1)")),
            "the biases are flat",
        ),
        "N(0, 1)": (changed(START, ("initial_std(inputs, neurons, activation) * ", "")), "this should hold, and does not: tanh, 16 layers"),
        "Xavier for all": (
            changed(START, ("initial_std(inputs, neurons, activation)", "np.sqrt(2 / (inputs + neurons))")),
            "this should hold, and does not: ReLU, 16 layers",
        ),
        "Xavier and He, nothing for sigmoid": (
            changed(
                START,
                ("initial_std(inputs, neurons, activation)", "np.sqrt(2 / (inputs if activation == 'relu' else inputs + neurons))"),
                ("-0.5 * weights.sum(axis=1, keepdims=True)", "np.zeros((neurons, 1))"),
            ),
            "this should hold, and does not: sigmoid, 16 layers",
        ),
        "no layer at the end": (changed(START, ("sizes[1:]", "sizes[1:-1]")), "W should have 4 entries, and has 3"),
        "tuple of one list": (changed(START, ("return W, b", "return W + b")), "should have 2 entries, and has 8"),
        "nan": (
            changed(START, ("        W.append(weights)", "        W.append(weights / 0 if len(W) == 1 else weights)")),
            "W[1] holds inf",
        ),
        "one column for all": (
            changed(START, ("rng.standard_normal((neurons, inputs))", "np.tile(rng.standard_normal((1, inputs)), (neurons, 1))")),
            "should be 'neurons that differ', and is 'neurons that are all alike'",
        ),
        "raises for sigmoid": (
            changed(START, ("    W, b = [], []", "    W, b = [], []\n    activation = {'tanh': 'tanh', 'relu': 'relu'}[activation]")),
            "raised KeyError",
        ),
        "sigmoid four times, not centred": (changed(START, ("-0.5 * weights.sum(axis=1, keepdims=True)", "np.zeros((neurons, 1))")), None),
        "0.3 for tanh": (
            changed(
                START,
                ("initial_std(inputs, neurons, activation)", "(0.3 if activation == 'tanh' else initial_std(inputs, neurons, activation))"),
            ),
            None,
        ),
        "0.3 for ReLU": (
            changed(
                START,
                ("initial_std(inputs, neurons, activation)", "(0.3 if activation == 'relu' else initial_std(inputs, neurons, activation))"),
            ),
            None,
        ),
        "library": (library("deep_start", "X, sizes, activation, rng"), None),
    },
}

VARIANTS = {
    "chain_factors": {
        "in the solution": CHAIN,
        "loop": (
            "def chain_factors(w, z, f_grad):\n    slopes = f_grad(z)\n    factors = [slopes[0]]\n    for weight, slope in zip(w, slopes[1:]):\n"
            "        factors.append(weight * slope)\n    return np.array(factors)"
        ),
        "copy of the slopes": "def chain_factors(w, z, f_grad):\n    factors = np.array(f_grad(z), dtype=float)\n    factors[1:] *= w\n    return factors",
        "concatenate": "def chain_factors(w, z, f_grad):\n    return np.multiply(np.concatenate([[1], w]), f_grad(z))",
    },
    "explosion_window": {
        "in the solution": WINDOW,
        "arcosh": "def explosion_window(w):\n    size = abs(w)\n    return 0.0 if size < 4 else 4 / size * np.arccosh(np.sqrt(size) / 2)",
        "edges of σ": (
            "def explosion_window(w):\n    size = max(4, np.abs(w))\n    s = 0.5 + np.sqrt(0.25 - 1 / size)\n    z = np.log(s / (1 - s))\n    return 2 * z / size"
        ),
        "without abs": (
            "def explosion_window(w):\n    if -4 <= w <= 4:\n        return 0\n    w = -w if w < 0 else w\n"
            "    return 2 / w * np.log(w * (1 + (1 - 4 / w) ** 0.5) / 2 - 1)"
        ),
    },
    "diagnose": {
        "in the solution": DIAGNOSE,
        "ratio": (
            "def diagnose(norms):\n    norms = np.array(norms)\n    if np.isnan(norms).any() or norms.max() > 1000:\n        return 'exploding'\n"
            "    if (norms < 1e-4).all():\n        return 'small everywhere'\n    if norms[-2] == 0:\n        return 'vanishing' if norms[0] == 0 else 'exploding'\n"
            "    if 100 * norms[0] <= norms[-2]:\n        return 'vanishing'\n    return 'exploding' if norms[0] >= 10 * norms[-2] else 'healthy'"
        ),
        "elif": (
            "def diagnose(norms):\n    *hidden, _ = norms\n    if not max(norms) <= 1000 or any(n != n for n in norms):\n        said = 'exploding'\n"
            "    elif max(norms) < 0.0001:\n        said = 'small everywhere'\n    elif hidden[0] <= hidden[-1] / 100:\n        said = 'vanishing'\n"
            "    elif hidden[0] >= hidden[-1] * 10:\n        said = 'exploding'\n    else:\n        said = 'healthy'\n    return said"
        ),
        "out of an array of names": changed(DIAGNOSE, ("def diagnose(", "def named("))
        + (
            "\ndef diagnose(norms):\n    names = np.array(['exploding', 'small everywhere', 'vanishing', 'healthy'])\n"
            "    return names[names == named(norms)][0]"
        ),
        "where": changed(DIAGNOSE, ("def diagnose(", "def named("))
        + "\ndef diagnose(norms):\n    return np.where(norms[0] < np.inf, named(norms), 'exploding')",
    },
    "initial_std": {
        "in the solution": STD,
        "table": (
            "def initial_std(inputs, neurons, activation):\n    xavier = (2 / (inputs + neurons)) ** 0.5\n"
            "    return {'tanh': xavier, 'relu': (2 / inputs) ** 0.5, 'sigmoid': 4 * xavier}[activation]"
        ),
        "gain": (
            "def initial_std(inputs, neurons, activation):\n    gain = {'tanh': 1, 'sigmoid': 4, 'relu': 2**0.5}[activation]\n"
            "    return gain * np.sqrt(1 / inputs if activation == 'relu' else 2 / (inputs + neurons))"
        ),
        "variance first": (
            "def initial_std(inputs, neurons, activation):\n    variance = 2 / inputs if activation == 'relu' else 1 / np.mean([inputs, neurons])\n"
            "    variance *= 16 if activation == 'sigmoid' else 1\n    return float(np.sqrt(variance))"
        ),
    },
    "clipped": {
        "in the solution": CLIP,
        "one vector": (
            "def clipped(gradients, limit):\n    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))\n    return [g * min(1, limit / norm) if norm else g for g in gradients]"
        ),
        "norm of norms": (
            "def clipped(gradients, limit):\n    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])\n    if norm <= limit:\n        return [g.copy() for g in gradients]\n"
            "    return [limit * g / norm for g in gradients]"
        ),
        "divided by the larger": (
            "def clipped(gradients, limit):\n    total = 0.0\n    for g in gradients:\n        total += np.sum(np.square(g))\n"
            "    return [g / max(1.0, total**0.5 / limit) for g in gradients]"
        ),
    },
    "train_deep": {
        "in the solution": TRAIN,
        "own step": changed(
            TRAIN,
            (
                "W, b = optimize(W, b, dW, db, alpha)",
                "W = [w - alpha * g for w, g in zip(W, dW)]\n        b = [v - alpha * g for v, g in zip(b, db)]",
            ),
        ),
        "a large limit for none": changed(
            TRAIN,
            ("    costs, norms", "    limit = np.inf if limit is None else limit\n    costs, norms"),
            (
                "        if limit is not None:\n            both = clipped(dW + db, limit)\n            dW, db = both[: len(W)], both[len(W) :]",
                "        length = np.sqrt(sum((g**2).sum() for g in dW + db))\n        factor = min(1, limit / length) if length else 1\n"
                "        dW, db = [factor * g for g in dW], [factor * g for g in db]",
            ),
        ),
        "numbers by index": changed(
            TRAIN,
            ("for index in batches:", "for t in range(len(batches)):\n        index = batches[t]"),
            ("norms.append(np.array([np.linalg.norm(g) for g in dW]))", "norms += [np.array([np.sqrt(np.sum(g * g)) for g in dW])]"),
        ),
    },
    "residual_backward": {
        "in the solution": ROUND,
        "einsum": (
            "def residual_backward(delta_out, W, z, f_grad):\n    delta = np.multiply(f_grad(z), delta_out)\n    return np.einsum('ji,jn->in', W, delta) + delta_out, delta"
        ),
        "through and round": (
            "def residual_backward(delta_out, W, z, f_grad):\n    delta = f_grad(z) * delta_out\n    through = (delta.T @ W).T\n    back = delta_out.copy()\n    back += through\n    return back, delta"
        ),
    },
    "layer_norm_grad": {
        "in the solution": NORM,
        "projection": (
            "def layer_norm_grad(delta, z):\n    n = layer_norm(z)\n    inner = delta - delta.mean(axis=0, keepdims=True)\n    inner = inner - n * np.mean(inner * n, axis=0, keepdims=True)\n"
            "    return inner / np.sqrt(z.var(axis=0, keepdims=True) + 1e-12)"
        ),
        "sample by sample": (
            "def layer_norm_grad(delta, z):\n    columns = []\n    for d, c in zip(delta.T, z.T):\n        sd = np.sqrt(np.var(c) + 1e-12)\n        n = (c - np.mean(c)) / sd\n"
            "        columns.append((d - np.mean(d) - n * np.mean(d * n)) / sd)\n    return np.array(columns).T"
        ),
        "sums": (
            "def layer_norm_grad(delta, z):\n    m = len(z)\n    sd = np.sqrt(z.var(axis=0) + 1e-12)\n    n = (z - z.mean(axis=0)) / sd\n"
            "    return (m * delta - delta.sum(axis=0) - n * (delta * n).sum(axis=0)) / (m * sd)"
        ),
    },
    "deep_start": {
        "in the solution": START,
        "orthogonal": (
            "def deep_start(X, sizes, activation, rng):\n    gain = {'tanh': 1.0, 'relu': 2**0.5, 'sigmoid': 4.0}[activation]\n    W, b = [], []\n"
            "    for n, m in zip(sizes[:-1], sizes[1:]):\n        q, _ = np.linalg.qr(rng.standard_normal((max(n, m), min(n, m))))\n"
            "        W.append(gain * (q if m >= n else q.T))\n"
            "        b.append(np.zeros((m, 1)) if activation != 'sigmoid' or len(W) == 1 else -W[-1].sum(axis=1, keepdims=True) / 2)\n    return W, b"
        ),
        "He for tanh too": changed(
            START,
            ("initial_std(inputs, neurons, activation)", "initial_std(inputs, neurons, 'relu' if activation == 'tanh' else activation)"),
        ),
        "biases from the data": (
            "def deep_start(X, sizes, activation, rng):\n    W, b, a = [], [], X\n    for n, m in zip(sizes[:-1], sizes[1:]):\n"
            "        w = initial_std(n, m, activation) * rng.standard_normal((m, n))\n        z = w @ a\n"
            "        v = -z.mean(axis=1, keepdims=True) if activation == 'sigmoid' else np.zeros((m, 1))\n        W.append(w)\n        b.append(v)\n"
            "        a = 1 / (1 + np.exp(-(z + v))) if activation == 'sigmoid' else a[:1] * np.ones((m, 1))\n    return W, b"
        ),
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
PART = "pays for the plain case: an answer that is wrong elsewhere keeps a part of its points"
STEP = "pays for a part of the exercise: what is wrong here is wrong in another test, too, but not the other way round"
RUNG = "is a rung of the ladder: who misses it misses all above it"
STANDS = {
    "chain_factors_any_depth": PART,
    "train_deep_steps": PART,
    "residual_backward_batch": PART,
    "layer_norm_grad_batch": PART,
    "initial_std_tanh": STEP,
    "train_deep_costs": STEP,
    "train_deep_norms": STEP,
    "residual_backward_square": STEP,
    "layer_norm_grad_square": STEP,
    "layer_norm_grad_scale": STEP,
    "tanh_start": RUNG,
    "relu_start": RUNG,
    "sigmoid_start": RUNG,
    "sigmoid_start_better": RUNG,
    "sigmoid_start_wider": RUNG,
}
