"""Chapter 05: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

LOOP = """def train(X, Y, W, b, alpha, epochs, size, rng):
    costs = []
    for epoch in range(epochs):
        for index in minibatches(X.shape[1], size, rng):
            z, a = forward(X[:, index], W, b, sigmoid, softmax)
            dW, db = backward(Y[:, index], W, z, a, sigmoid_derivative, np.ones_like)
            W, b = optimize(W, b, dW, db, alpha)
        costs.append(cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y))
    return W, b, costs"""
DAYS = """def whole_days_out(X, y, day):
    accuracies = []
    for each in np.unique(day):
        known = day != each
        scaled = standardised(X[:, known], X)
        said = nearest_mean(scaled[:, known], y[known], scaled[:, ~known])
        accuracies.append(np.mean(said == y[~known]))
    return accuracies"""
NET = """def predict_states(X, y, X_new, rng):
    scaled, new = standardised(X, X), standardised(X, X_new)
    W, b = init_params([5, 4, 3, 3], rng)
    W, b, _ = train(scaled, one_hot(y, 3), W, b, 0.5, 30, 64, rng)
    W, b, _ = train(scaled, one_hot(y, 3), W, b, 0.1, 5, 64, rng)
    return forward(new, W, b, sigmoid, softmax)[1][-1].argmax(axis=0)"""
SCALE = """def standardised(train, X):
    mean, spread = train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True)
    spread[spread == 0] = 1
    return (X - mean) / spread"""


def changed(text, *pairs):
    """Return the text with some pieces replaced."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


MUTANTS = {
    "one_hot": {
        "rows": ("def one_hot(y, classes):\n    return np.eye(classes)[y]", "each sample is a row"),
        "three": ("def one_hot(y, classes):\n    return np.eye(3)[:, y]", "there are always three classes"),
        "from 1": ("def one_hot(y, classes):\n    return np.eye(classes)[:, y - 1]", "class 1 lights the first row"),
        "only present": (
            "def one_hot(y, classes):\n    return (np.unique(y)[:, None] == y).astype(float)",
            "there is a row only for classes that occur",
        ),
        "largest label": (
            "def one_hot(y, classes):\n    return np.eye(y.max() + 1)[:, y]",
            "should have shape (3, 4), and has shape (2, 4)",
        ),
        "minus ones": ("def one_hot(y, classes):\n    return 2 * np.eye(classes)[:, y] - 1", "wrong at index [0, 0]"),
        "label in place of 1": (
            "def one_hot(y, classes):\n    return np.eye(classes)[:, y] * (y + 1)",
            "wrong at index [1, 2]",
        ),
        "list": ("def one_hot(y, classes):\n    return np.eye(classes)[:, y].tolist()", "should be a NumPy array, and is a list"),
        "reversed": ("def one_hot(y, classes):\n    return np.eye(classes)[::-1][:, y]", "wrong at index [0, 0]"),
        "text": (
            "def one_hot(y, classes):\n    return np.eye(classes)[:, y].astype(str)",
            "should be an array of real numbers, and holds <U32",
        ),
        "kept from the last call": (
            "KEPT = {}\n\n\ndef one_hot(y, classes):\n    return KEPT.setdefault(classes, np.eye(classes)[:, y])",
            "2 of 12 values are wrong",
        ),
        "a hundred samples": (
            "def one_hot(y, classes):\n    Y = np.zeros((classes, len(y)))\n    for i in range(min(len(y), 100)):\n        Y[y[i], i] = 1\n    return Y",
            None,
        ),
        "labels of one byte": (
            "def one_hot(y, classes):\n    Y = np.zeros((classes, len(y)))\n    Y[y.astype(np.int8), np.arange(len(y))] = 1\n    return Y",
            None,
        ),
        "turned where square": (
            "def one_hot(y, classes):\n    Y = np.eye(classes)[:, y]\n    return Y if len(y) != classes else Y.T.copy()",
            None,
        ),
        "small classes only": (
            "def one_hot(y, classes):\n    Y = np.zeros((classes, len(y)))\n    for k in range(min(classes, 5)):\n        Y[k, y == k] = 1\n    return Y",
            None,
        ),
    },
    "standardised": {
        "own scale": (
            changed(SCALE, ("train.mean", "X.mean"), ("train.std", "X.std")),
            "mean and spread are those of X, not of the training samples",
        ),
        "both together": (
            "def standardised(train, X):\n    both = np.hstack([train, X])\n    mean, spread = both.mean(axis=1, keepdims=True), both.std(axis=1, keepdims=True)\n"
            "    return (X - mean) / np.where(spread > 0, spread, 1)",
            "mean and spread are those of training and new samples together",
        ),
        "one scale": (
            "def standardised(train, X):\n    return (X - train.mean()) / train.std()",
            "one mean and one spread serve all features",
        ),
        "variance": (changed(SCALE, ("train.std", "train.var")), "it is divided by the variance"),
        "0 / 0": (changed(SCALE, ("    spread[spread == 0] = 1\n", "")), "a feature without spread is divided by 0"),
        "divisor n - 1": (
            changed(SCALE, ("train.std(axis=1,", "train.std(axis=1, ddof=1,")),
            "the spread is that of a sample estimate, divisor n − 1",
        ),
        "only shifted": ("def standardised(train, X):\n    return X - train.mean(axis=1, keepdims=True)", "only the mean is taken away"),
        "over the features": (changed(SCALE, ("axis=1", "axis=0")), "your function raised ValueError"),
        "min-max": (
            "def standardised(train, X):\n    low, high = train.min(axis=1, keepdims=True), train.max(axis=1, keepdims=True)\n"
            "    return (X - low) / np.where(high > low, high - low, 1)",
            "wrong at index [0, 0]",
        ),
        "the training samples": (changed(SCALE, ("(X - mean)", "(train - mean)")), "should have shape (3, 2), and has shape (3, 4)"),
        "in place": (
            "def standardised(train, X):\n    spread = train.std(axis=1, keepdims=True)\n    X -= train.mean(axis=1, keepdims=True)\n"
            "    X /= np.where(spread > 0, spread, 1)\n    return X",
            "your function changed its input",
        ),
        "a small number added": (
            changed(SCALE, ("    spread[spread == 0] = 1\n", ""), ("/ spread", "/ (spread + 1e-4)")),
            "wrong",
        ),
        "one new sample flattened": (
            changed(
                SCALE,
                ("return (X - mean) / spread", "scaled = (X - mean) / spread\n    return scaled if X.shape[1] > 1 else scaled.ravel()"),
            ),
            "should have shape (2, 1), and has shape (2,)",
        ),
        "own scale from four samples on": (
            changed(SCALE, ("    mean,", "    if X.shape[1] > 5:\n        train = X\n    mean,")),
            None,
        ),
    },
    "cross_entropy": {
        "shift by the smallest": (
            "def cross_entropy(z, y):\n    z = z - z.min(axis=0)\n    return -(y * (z - np.log(np.exp(z).sum(axis=0)))).sum(axis=0).mean()",
            "the smallest score is taken away",
        ),
        "sum": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return -(y * (z - np.log(np.exp(z).sum(axis=0)))).sum()",
            "this is the sum over the samples",
        ),
        "mean of all": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return -(y * (z - np.log(np.exp(z).sum(axis=0)))).mean()",
            "the mean is over classes and samples",
        ),
        "log2": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return -(y * (z / np.log(2) - np.log2(np.exp(z).sum(axis=0)))).sum(axis=0).mean()",
            "the logarithm has base 2",
        ),
        "naive": (
            "def cross_entropy(z, y):\n    a = np.exp(z) / np.exp(z).sum(axis=0)\n    return -(y * np.log(a)).sum(axis=0).mean()",
            "softmax comes first and is rounded to 0",
        ),
        "softmax first": (
            "def cross_entropy(z, y):\n    return -(y * np.log(softmax(z))).sum(axis=0).mean()",
            "This looks like: softmax comes first",
        ),
        "argmax": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return -(z - np.log(np.exp(z).sum(axis=0))).max(axis=0).mean()",
            "the largest score is taken in place of the target's",
        ),
        "sign": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return (y * (z - np.log(np.exp(z).sum(axis=0)))).sum(axis=0).mean()",
            "the sign is wrong",
        ),
        "no softmax": ("def cross_entropy(z, y):\n    return -(y * z).sum(axis=0).mean()", "softmax is forgotten"),
        "a column of losses": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    return -(y * (z - np.log(np.exp(z).sum(axis=0)))).sum(axis=0)",
            "should be a single number",
        ),
        "shares clipped": (
            "def cross_entropy(z, y):\n    return -(y * np.log(np.clip(softmax(z), 1e-12, 1))).sum(axis=0).mean()",
            "wrong",
        ),
        "two samples at least": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    losses = -(y * (z - np.log(np.exp(z).sum(axis=0)))).sum(axis=0)\n"
            "    return losses.sum() / max(len(losses), 2)",
            "wrong. Largest error: 2.46",
        ),
        "shift by all scores": (
            "def cross_entropy(z, y):\n    z = z - z.max()\n    return -(y * (z - np.log(np.exp(z).sum(axis=0)))).sum(axis=0).mean()",
            None,
        ),
        "the class of the target only": (
            "def cross_entropy(z, y):\n    z = z - z.max(axis=0)\n    logs = z - np.log(np.exp(z).sum(axis=0))\n"
            "    return -np.mean([logs[k, i] for i, k in enumerate(y.argmax(axis=0))])",
            None,
        ),
    },
    "minibatches": {
        "short one dropped": (
            "def minibatches(n, size, rng):\n    order = rng.permutation(n)\n    return [order[i * size : (i + 1) * size] for i in range(n // size)]",
            "the short last batch is dropped",
        ),
        "with replacement": (
            "def minibatches(n, size, rng):\n    order = rng.integers(0, n, n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "samples are drawn with replacement",
        ),
        "not shuffled": (
            "def minibatches(n, size, rng):\n    order = np.arange(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "the order is not random",
        ),
        "one batch": ("def minibatches(n, size, rng):\n    return [rng.permutation(n)[:size]]", "this is one batch"),
        "joined": (
            "def minibatches(n, size, rng):\n    return np.split(rng.permutation(n), range(size, n - size + 1, size))",
            "the last batch is joined to the one before",
        ),
        "even sizes": (
            "def minibatches(n, size, rng):\n    return np.array_split(rng.permutation(n), -(-n // size))",
            "should have shape (6,), and has shape (5,)",
        ),
        "size is their number": (
            "def minibatches(n, size, rng):\n    return np.array_split(rng.permutation(n), size)",
            "should have 4 entries, and has 6",
        ),
        "its own generator": (
            "def minibatches(n, size, rng):\n    order = np.random.default_rng(0).permutation(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "the next epoch has another order",
        ),
        "no generator": (
            "def minibatches(n, size, rng):\n    order = np.random.permutation(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "the same seed gives the same order",
        ),
        "an array": (
            "def minibatches(n, size, rng):\n    return rng.permutation(n)[: n // size * size].reshape(-1, size)",
            "should be a list",
        ),
        "from 1": (
            "def minibatches(n, size, rng):\n    order = 1 + rng.permutation(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "the output of your result",
        ),
        "floats": (
            "def minibatches(n, size, rng):\n    order = rng.permutation(n).astype(float)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "cannot be used: TypeError",
        ),
        "no batch larger than the set": (
            "def minibatches(n, size, rng):\n    assert size <= n\n    order = rng.permutation(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            "raised AssertionError",
        ),
        "a random start": (
            "def minibatches(n, size, rng):\n    order = np.roll(np.arange(n), rng.integers(n))\n    return [order[i : i + size] for i in range(0, n, size)]",
            None,
        ),
        "shuffled within the batches": (
            "def minibatches(n, size, rng):\n    return [rng.permutation(np.arange(i, min(i + size, n))) for i in range(0, n, size)]",
            "should be True, and is False",
        ),
        "the last one stays last": (
            "def minibatches(n, size, rng):\n    order = np.append(rng.permutation(n - 1), n - 1)\n    return [order[i : i + size] for i in range(0, n, size)]",
            None,
        ),
        "at most 256 a batch": (
            "def minibatches(n, size, rng):\n    size = min(size, 256)\n    order = rng.permutation(n)\n    return [order[i : i + size] for i in range(0, n, size)]",
            None,
        ),
    },
    "train": {
        "whole set in each step": (
            changed(LOOP, ("forward(X[:, index],", "forward(X,"), ("backward(Y[:, index],", "backward(Y,")),
            "each step uses the samples of its batch, and no others",
        ),
        "cost of the last batch": (
            changed(LOOP, ("forward(X, W, b, sigmoid, softmax)[0][-1], Y)", "z[-1], Y[:, index])")),
            "the cost is that of the last batch",
        ),
        "cost before": (
            changed(
                LOOP,
                ("        costs.append(cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y))\n", ""),
                (
                    "        for index",
                    "        costs.append(cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y))\n        for index",
                ),
            ),
            "the cost is that before the epoch",
        ),
        "uphill": (changed(LOOP, ("dW, db, alpha)", "dW, db, -alpha)")), "the step goes with the gradient"),
        "sigmoid output": (
            changed(LOOP, ("forward(X[:, index], W, b, sigmoid, softmax)", "forward(X[:, index], W, b, sigmoid, sigmoid)")),
            "the output goes through sigmoid instead of softmax",
        ),
        "one step an epoch": (
            changed(LOOP, ("minibatches(X.shape[1], size, rng):", "minibatches(X.shape[1], size, rng)[:1]:")),
            "an epoch takes one step",
        ),
        "summed": (changed(LOOP, ("dW, db, alpha)", "dW, db, alpha * len(index))")), "the gradients are summed over the batch"),
        "weights only": (changed(LOOP, ("W, b = optimize", "W, _ = optimize")), "only the weights are moved"),
        "slope of the output": (changed(LOOP, ("np.ones_like", "sigmoid_derivative")), "W[0] is wrong"),
        "one cost for each batch": (
            changed(LOOP, ("        costs.append", "            costs.append")),
            "should have 2 entries, and has 8",
        ),
        "only the last cost": (
            changed(LOOP, ("return W, b, costs", "return W, b, costs[-1]")),
            "should be a list of 3, and is of type float",
        ),
        "changes what it got": (
            changed(
                LOOP,
                (
                    "            W, b = optimize(W, b, dW, db, alpha)",
                    "            for p, g in zip(W + b, dW + db):\n                p -= alpha * g",
                ),
            ),
            "your function changed its input",
        ),
        "one order for all epochs": (
            changed(
                LOOP,
                ("    costs = []\n", "    costs = []\n    batches = minibatches(X.shape[1], size, rng)\n"),
                ("in minibatches(X.shape[1], size, rng):", "in batches:"),
            ),
            None,
        ),
        "its own generator": (
            changed(LOOP, ("minibatches(X.shape[1], size, rng)", "minibatches(X.shape[1], size, np.random.default_rng())")),
            "the same seed gives the same order",
        ),
        "neighbours stay together": (
            changed(
                LOOP,
                (
                    "in minibatches(X.shape[1], size, rng):",
                    "in [np.arange(i, min(i + size, X.shape[1])) for i in rng.permutation(np.arange(0, X.shape[1], size))]:",
                ),
            ),
            None,
        ),
        "stops where it hardly moves": (
            changed(
                LOOP, ("    return W", "        if len(costs) > 1 and abs(costs[-1] - costs[-2]) < 1e-4:\n            break\n    return W")
            ),
            None,
        ),
        "stops early": (changed(LOOP, ("range(epochs)", "range(min(epochs, 3))")), None),
        "no shuffle": (
            changed(
                LOOP, ("in minibatches(X.shape[1], size, rng):", "in np.array_split(np.arange(X.shape[1]), range(size, X.shape[1], size)):")
            ),
            None,
        ),
    },
    "confusion_matrix": {
        "transposed": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    np.add.at(C, (predicted, y), 1)\n    return C",
            "rows and columns are exchanged",
        ),
        "shares": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes))\n    np.add.at(C, (y, predicted), 1)\n    return C / C.sum()",
            "shares stand in place of counts",
        ),
        "size from the labels": (
            "def confusion_matrix(y, predicted, classes):\n    classes = max(y.max(), predicted.max()) + 1\n    C = np.zeros((classes, classes), dtype=int)\n"
            "    np.add.at(C, (y, predicted), 1)\n    return C",
            "a class without samples vanishes",
        ),
        "fancy index": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    C[y, predicted] += 1\n    return C",
            "samples of the same kind are counted once",
        ),
        "diagonal": (
            "def confusion_matrix(y, predicted, classes):\n    return np.diag([np.sum((y == k) & (predicted == k)) for k in range(classes)])",
            "only the right answers are counted",
        ),
        "two classes": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((2, 2), dtype=int)\n    np.add.at(C, (1 * (y > 0), 1 * (predicted > 0)), 1)\n    return C",
            "should have shape (3, 3), and has shape (2, 2)",
        ),
        "rows sum to 1": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes))\n    np.add.at(C, (y, predicted), 1)\n"
            "    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)",
            "wrong at index [0, 0]",
        ),
        "mistakes only": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    for t, s in zip(y, predicted):\n"
            "        if t != s:\n            C[t, s] += 1\n    return C",
            "wrong at index [0, 0]",
        ),
        "list": (
            "def confusion_matrix(y, predicted, classes):\n    return [[np.sum((y == i) & (predicted == j)) for j in range(classes)] for i in range(classes)]",
            "should be a NumPy array, and is a list",
        ),
        "counts of one byte": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=np.uint8)\n    np.add.at(C, (y, predicted), 1)\n    return C",
            None,
        ),
        "small numbers": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    for t, s in zip(y[:100], predicted[:100]):\n"
            "        C[t, s] += 1\n    return C",
            None,
        ),
        "four classes at most": (
            "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), dtype=int)\n    for t in range(min(classes, 4)):\n"
            "        for s in range(min(classes, 4)):\n            C[t, s] = np.sum((y == t) & (predicted == s))\n    return C",
            None,
        ),
    },
    "precision_recall_f1": {
        "exchanged": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    said, are = np.maximum(C.sum(axis=0), 1), np.maximum(C.sum(axis=1), 1)\n"
            "    return d / are, d / said, 2 * d / np.maximum(C.sum(axis=0) + C.sum(axis=1), 1)",
            "precision and recall are exchanged",
        ),
        "plain mean": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n    return P, R, (P + R) / 2",
            "F1 is the mean of precision and recall",
        ),
        "nan": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / C.sum(axis=0), d / C.sum(axis=1)\n    return P, R, 2 * P * R / (P + R)",
            "holds nan",
        ),
        "f1 of averages": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n"
            "    p, r = P.mean(), R.mean()\n    return P, R, np.full(len(C), 2 * p * r / (p + r))",
            "F1 is that of the averages",
        ),
        "all samples below": (
            "def precision_recall_f1(C):\n    d = np.diag(C) / C.sum()\n    return d, d, d",
            "all samples stand below the fraction",
        ),
        "no 2": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n"
            "    return P, R, d / np.maximum(C.sum(axis=0) + C.sum(axis=1), 1)",
            "the factor 2 of F1 is missing",
        ),
        "averages": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n    return P.mean(), R.mean(), 0.5",
            "the precision should be a NumPy array",
        ),
        "a small number below": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / (C.sum(axis=0) + 1e-3), d / (C.sum(axis=1) + 1e-3)\n"
            "    return P, R, 2 * P * R / (P + R + 1e-3)",
            "wrong",
        ),
        "geometric mean": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n    return P, R, np.sqrt(P * R)",
            "the F1 is wrong",
        ),
        "1 for nothing of nothing": (
            "def precision_recall_f1(C):\n    d, s, t = np.diag(C), C.sum(axis=0), C.sum(axis=1)\n    P, R = (np.where(n > 0, d / np.maximum(n, 1), 1.0) for n in (s, t))\n"
            "    return P, R, 2 * P * R / np.where(P + R > 0, P + R, 1)",
            "wrong at index [1]. 2 of 3 values are wrong",
        ),
        "f1 of 0 / 0": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n    return P, R, 2 * P * R / (P + R)",
            "the F1 holds nan",
        ),
        "no share below a thousandth": (
            "def precision_recall_f1(C):\n    d = np.diag(C)\n    P, R = d / np.maximum(C.sum(axis=0), 1), d / np.maximum(C.sum(axis=1), 1)\n"
            "    return P, R, (P > 0) * 2 / (1 / np.maximum(P, 1e-3) + 1 / np.maximum(R, 1e-3))",
            None,
        ),
        "absent classes dropped": (
            "def precision_recall_f1(C):\n    d, s, t = np.diag(C), C.sum(axis=0), C.sum(axis=1)\n    P, R = d / np.maximum(s, 1), d / np.maximum(t, 1)\n"
            "    F, there = 2 * d / np.maximum(s + t, 1), s + t > 0\n    return P[there], R[there], F[there]",
            None,
        ),
        "five times as many": (
            "def precision_recall_f1(C):\n    C = np.minimum(C, 100)\n    d = np.diag(C)\n    s, t = C.sum(axis=0), C.sum(axis=1)\n"
            "    return d / np.maximum(s, 1), d / np.maximum(t, 1), 2 * d / np.maximum(s + t, 1)",
            None,
        ),
    },
    "auc": {
        "never below one half": (
            "def auc(positive, score):\n    p, q = score[positive == 1], np.sort(score[positive == 0])\n"
            "    low, high = np.searchsorted(q, p), np.searchsorted(q, p, side='right')\n    area = (low + high).mean() / 2 / len(q)\n    return max(area, 1 - area)",
            "the other class has what is missing to 1",
        ),
        "ties count nothing": (
            "def auc(positive, score):\n    p, q = score[positive == 1], score[positive == 0]\n    return np.mean([np.mean(x > q) for x in p])",
            "ties count nothing",
        ),
        "ties in full": (
            "def auc(positive, score):\n    p, q = score[positive == 1], score[positive == 0]\n    return np.mean([np.mean(x >= q) for x in p])",
            "ties count in full",
        ),
        "turned round": (
            "def auc(positive, score):\n    p, q = score[positive == 1], np.sort(score[positive == 0])\n"
            "    return 1 - (np.searchsorted(q, p, 'left') + np.searchsorted(q, p, 'right')).mean() / 2 / len(q)",
            "the order is turned round",
        ),
        "threshold": (
            "def auc(positive, score):\n    return np.mean((score > 0.5) == (positive == 1))",
            "this is the share of right answers at the threshold 0.5",
        ),
        "pairs": (
            "def auc(positive, score):\n    p, q = score[positive == 1], score[positive == 0]\n    return float(sum(np.sum(x > q) + np.sum(x == q) / 2 for x in p))",
            "the pairs are counted, not their share",
        ),
        "all pairs below": (
            "def auc(positive, score):\n    p, q = score[positive == 1], score[positive == 0]\n"
            "    return float(sum(np.sum(x > q) + np.sum(x == q) / 2 for x in p)) / len(score) ** 2",
            "all pairs of samples are counted below the fraction",
        ),
        "ranks without ties": (
            "def auc(positive, score):\n    ranks = np.argsort(np.argsort(score)) + 1\n    n = np.sum(positive)\n"
            "    return (ranks[positive == 1].sum() - n * (n + 1) / 2) / (n * (len(score) - n))",
            "wrong",
        ),
        "ranks from 0": (
            "def auc(positive, score):\n    ranks = np.argsort(np.argsort(score))\n    n = np.sum(positive)\n"
            "    return (ranks[positive == 1].sum() - n * (n + 1) / 2) / (n * (len(score) - n))",
            "wrong",
        ),
        "difference of means": (
            "def auc(positive, score):\n    return score[positive == 1].mean() - score[positive == 0].mean()",
            "wrong",
        ),
        "all with all": (
            "def auc(positive, score):\n    higher = (score[:, None] > score) + 0.5 * (score[:, None] == score)\n    return higher[positive == 1].mean()",
            "wrong",
        ),
        "all pairs at once": (
            "def auc(positive, score):\n    if len(score) > 10000:\n        raise MemoryError\n    p, q = score[positive == 1][:, None], score[positive == 0]\n"
            "    return np.mean((p > q) + 0.5 * (p == q))",
            None,
        ),
        "nearly equal is equal": (
            "def auc(positive, score):\n    p, q = score[positive == 1], score[positive == 0]\n"
            "    return np.mean([np.mean(np.where(np.isclose(x, q), 0.5, x > q)) for x in p])",
            None,
        ),
        "integers": (
            "def auc(positive, score):\n    score = np.round(score, 1)\n    p, q = score[positive == 1], score[positive == 0]\n"
            "    return np.mean([np.mean(x > q) + np.mean(x == q) / 2 for x in p])",
            None,
        ),
    },
    "whole_days_out": {
        "as if days were alike": (
            changed(DAYS, ("np.mean(said == y[~known])", "np.sum(said == y[~known]) / (len(y) / len(np.unique(day)))")),
            None,
        ),
        "days in the order of a set": (changed(DAYS, ("np.unique(day)", "set(day.tolist())")), None),
        "scale of all days": (changed(DAYS, ("standardised(X[:, known], X)", "standardised(X, X)")), "the scale is learned from all days"),
        "knows the day": (
            changed(DAYS, ("nearest_mean(scaled[:, known], y[known],", "nearest_mean(scaled, y,")),
            "the day left out is among those learned from",
        ),
        "mean": (changed(DAYS, ("return accuracies", "return np.mean(accuracies)")), "the mean over the days is returned"),
        "order of the file": (changed(DAYS, ("np.unique(day)", "dict.fromkeys(day.tolist())")), "the days come in the order of the file"),
        "no scale": (changed(DAYS, ("standardised(X[:, known], X)", "X")), "the features are not on one scale"),
        "scored on the known": (
            changed(DAYS, ("scaled[:, ~known])", "scaled[:, known])"), ("y[~known]", "y[known]")),
            "the model is tried on the days it has learned from",
        ),
        "turned round": (changed(DAYS, ("day != each", "day == each")), "one day is learned from, the others are predicted"),
        "its own scale": (
            changed(
                DAYS,
                ("        scaled = standardised(X[:, known], X)\n", ""),
                (
                    "nearest_mean(scaled[:, known], y[known], scaled[:, ~known])",
                    "nearest_mean(standardised(X[:, known], X[:, known]), y[known], standardised(X[:, ~known], X[:, ~known]))",
                ),
            ),
            "the day left out is put on a scale of its own",
        ),
        "the worst first": (changed(DAYS, ("return accuracies", "return sorted(accuracies)")), "your result[0] is wrong"),
        "mistakes": (changed(DAYS, ("said == y", "said != y")), "should be 1, and is 0"),
        "counts": (changed(DAYS, ("np.mean(said", "np.sum(said")), "it is 4 times the right result"),
        "random folds": (
            changed(DAYS, ("    accuracies = []\n", "    accuracies, day = [], np.random.default_rng(0).permutation(day)\n")),
            "wrong",
        ),
        "days 1 to 3": (changed(DAYS, ("np.unique(day)", "[1, 2, 3]")), "should have 2 entries, and has 3"),
        "three days at most": (changed(DAYS, ("np.unique(day)", "np.unique(day)[:4]")), None),
    },
    "predict_states": {
        "from 1": (changed(NET, ("argmax(axis=0)", "argmax(axis=0) + 1")), "the classes are counted from 1"),
        "majority": (
            "def predict_states(X, y, X_new, rng):\n    return np.full(X_new.shape[1], np.bincount(y).argmax())",
            "always the same state",
        ),
        "floats": (changed(NET, ("argmax(axis=0)", "argmax(axis=0).astype(float)")), "numbers with decimals"),
        "a row": (changed(NET, ("argmax(axis=0)", "argmax(axis=0)[None]")), "should have shape (90,), and has shape (1, 90)"),
        "shares": (changed(NET, (".argmax(axis=0)", "")), "should have shape (90,), and has shape (3, 90)"),
        "not trained": (
            changed(NET, ("0.5, 30, 64", "0.5, 0, 64"), ("0.1, 5, 64", "0.1, 0, 64")),
            "should be 'states of which at least 85 % are right'",
        ),
        "crawls": (
            changed(NET, ("0.5, 30, 64", "0.001, 3, 64"), ("0.1, 5, 64", "0.001, 3, 64")),
            "should be 'states of which at least 85 % are right'",
        ),
        "scale of the new": (
            changed(NET, ("standardised(X, X_new)", "standardised(X_new, X_new)")),
            "a new sample gets the same state alone as among others",
        ),
        "scale of both": (
            changed(
                NET,
                (
                    "    scaled, new = standardised(X, X), standardised(X, X_new)",
                    "    both = np.hstack([X, X_new])\n    scaled, new = standardised(both, X), standardised(both, X_new)",
                ),
            ),
            "this should hold, and does not: a new sample gets the same state alone as among others",
        ),
        "a list": (changed(NET, ("argmax(axis=0)", "argmax(axis=0).tolist()")), "should be a NumPy array, and is a list"),
        "over the samples": (changed(NET, ("argmax(axis=0)", "argmax(axis=1)")), "should have shape (90,), and has shape (3,)"),
        "two cuts": (
            "def predict_states(X, y, X_new, rng):\n    return np.where(X_new[0] > 33.0, 0, np.where(X_new[0] > 15.0, 1, 2))",
            None,
        ),
        "nearest mean": (
            "def predict_states(X, y, X_new, rng):\n    return nearest_mean(standardised(X, X), y, standardised(X, X_new))",
            None,
        ),
    },
}

VARIANTS = {
    "one_hot": {
        "truth values": "def one_hot(y, classes):\n    return np.arange(classes)[:, None] == y",
        "comparison": "def one_hot(y, classes):\n    return (np.arange(classes)[:, None] == y).astype(float)",
        "assignment": "def one_hot(y, classes):\n    Y = np.zeros((classes, len(y)))\n    Y[y, np.arange(len(y))] = 1\n    return Y",
        "transposed rows": "def one_hot(y, classes):\n    return np.eye(classes)[y].T",
        "loop": "def one_hot(y, classes):\n    Y = np.zeros((classes, y.size), dtype=int)\n    for j, k in enumerate(y):\n        Y[k, j] = 1\n    return Y",
    },
    "standardised": {
        "in the solution": SCALE,
        "row by row": (
            "def standardised(train, X):\n    rows = []\n    for t, x in zip(train, X):\n        s = np.std(t)\n        rows.append((x - np.mean(t)) / (s if s else 1))\n"
            "    return np.array(rows)"
        ),
        "without keepdims": (
            "def standardised(train, X):\n    m, s = np.mean(train, axis=1), np.std(train, axis=1)\n    return (X - m[:, None]) / np.where(s == 0, 1, s)[:, None]"
        ),
        "transposed": (
            "def standardised(train, X):\n    m, s = train.T.mean(axis=0), train.T.std(axis=0)\n    s = np.array([v or 1.0 for v in s])\n    return ((X.T - m) / s).T"
        ),
    },
    "cross_entropy": {
        "log-sum-exp": (
            "def cross_entropy(z, y):\n    m = z.max(axis=0, keepdims=True)\n    lse = m + np.log(np.exp(z - m).sum(axis=0, keepdims=True))\n"
            "    return float(np.mean(np.sum(y * (lse - z), axis=0)))"
        ),
        "divided by samples": (
            "def cross_entropy(z, y):\n    z = z - np.max(z, axis=0)\n    return np.sum(y * (np.log(np.sum(np.exp(z), axis=0)) - z)) / z.shape[1]"
        ),
        "sample by sample": (
            "def cross_entropy(z, y):\n    total = 0\n    for scores, target in zip(z.T, y.T):\n        scores = scores - scores.max()\n"
            "        total -= target @ (scores - np.log(np.exp(scores).sum()))\n    return total / z.shape[1]"
        ),
    },
    "minibatches": {
        "sorted within a batch": (
            "def minibatches(n, size, rng):\n    order = rng.permutation(n)\n    return [np.sort(order[i : i + size]) for i in range(0, n, size)]"
        ),
        "shuffle in place": (
            "def minibatches(n, size, rng):\n    order = np.arange(n)\n    rng.shuffle(order)\n    return [order[i : i + size] for i in range(0, n, size)]"
        ),
        "split": "def minibatches(n, size, rng):\n    return np.split(rng.permutation(n), np.arange(size, n, size))",
        "sorted noise": "def minibatches(n, size, rng):\n    order = np.argsort(rng.random(n))\n    return [order[i : i + size] for i in range(0, n, size)]",
        "while": (
            "def minibatches(n, size, rng):\n    left, batches = rng.permutation(n), []\n    while len(left):\n        batches.append(left[:size])\n"
            "        left = left[size:]\n    return batches"
        ),
    },
    "train": {
        "in the solution": LOOP,
        "copies changed in place": (
            "def train(X, Y, W, b, alpha, epochs, size, rng):\n    W, b, costs = [w.copy() for w in W], [v.copy() for v in b], []\n    for _ in range(epochs):\n"
            "        for k in minibatches(X.shape[1], size, rng):\n            z, a = forward(X[:, k], W, b, sigmoid, softmax)\n"
            "            for p, g in zip(W + b, sum(backward(Y[:, k], W, z, a, sigmoid_derivative, np.ones_like), [])):\n                p -= alpha * g\n"
            "        costs += [cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y)]\n    return W, b, costs"
        ),
        "own batches": (
            "def train(X, Y, W, b, alpha, epochs, size, rng):\n    n, costs = X.shape[1], []\n    for _ in range(epochs):\n        order = rng.permutation(n)\n"
            "        for i in range(0, n, size):\n            x, y = X[:, order[i : i + size]], Y[:, order[i : i + size]]\n"
            "            z, a = forward(x, W, b, sigmoid, softmax)\n            W, b = optimize(W, b, *backward(y, W, z, a, sigmoid_derivative, np.ones_like), alpha=alpha)\n"
            "        costs.append(float(cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y)))\n    return W, b, costs"
        ),
    },
    "confusion_matrix": {
        "add.at": "def confusion_matrix(y, predicted, classes):\n    C = np.zeros((classes, classes), int)\n    np.add.at(C, (y, predicted), 1)\n    return C",
        "bincount": "def confusion_matrix(y, predicted, classes):\n    return np.bincount(classes * y + predicted, minlength=classes**2).reshape(classes, classes)",
        "one-hot product": "def confusion_matrix(y, predicted, classes):\n    return one_hot(y, classes) @ one_hot(predicted, classes).T",
        "comparisons": (
            "def confusion_matrix(y, predicted, classes):\n    return np.array([[np.sum((y == i) & (predicted == j)) for j in range(classes)] for i in range(classes)])"
        ),
    },
    "precision_recall_f1": {
        "where": (
            "def precision_recall_f1(C):\n    d = np.diag(C).astype(float)\n    def share(n):\n        return np.divide(d, n, out=np.zeros(len(C)), where=n > 0)\n"
            "    P, R = share(C.sum(axis=0)), share(C.sum(axis=1))\n    F = np.array([2 * p * r / (p + r) if p + r else 0.0 for p, r in zip(P, R)])\n    return P, R, F"
        ),
        "nan to 0": (
            "def precision_recall_f1(C):\n    with np.errstate(all='ignore'):\n        P, R = np.diag(C) / C.sum(axis=0), np.diag(C) / C.sum(axis=1)\n"
            "        P, R = np.nan_to_num(P), np.nan_to_num(R)\n        return P, R, np.nan_to_num(2 * P * R / (P + R))"
        ),
        "class by class": (
            "def precision_recall_f1(C):\n    P, R, F = [], [], []\n    for k in range(len(C)):\n        said, are, right = C[:, k].sum(), C[k].sum(), C[k, k]\n"
            "        P.append(right / said if said else 0.0)\n        R.append(right / are if are else 0.0)\n"
            "        F.append(2 * right / (said + are) if said + are else 0.0)\n    return np.array(P), np.array(R), np.array(F)"
        ),
    },
    "auc": {
        "positive by positive": (
            "def auc(positive, score):\n    q = score[positive == 0]\n    return np.mean([np.mean(x > q) + 0.5 * np.mean(x == q) for x in score[positive == 1]])"
        ),
        "ranks with ties": (
            "def auc(positive, score):\n    values, which, counts = np.unique(score, return_inverse=True, return_counts=True)\n"
            "    ranks = (np.cumsum(counts) - (counts - 1) / 2)[which]\n    p = np.sum(positive == 1)\n"
            "    return (ranks[positive == 1].sum() - p * (p + 1) / 2) / (p * (len(score) - p))"
        ),
        "area by trapezia": (
            "def auc(positive, score):\n    t = np.unique(score)[::-1]\n    p, q = np.sort(score[positive == 1]), np.sort(score[positive == 0])\n"
            "    tpr = np.append(0, 1 - np.searchsorted(p, t) / len(p))\n    fpr = np.append(0, 1 - np.searchsorted(q, t) / len(q))\n    return float(np.trapezoid(tpr, fpr))"
        ),
    },
    "whole_days_out": {
        "in the solution": DAYS,
        "comprehension": (
            "def whole_days_out(X, y, day):\n    def one(d):\n        k = day != d\n        A, B = standardised(X[:, k], X[:, k]), standardised(X[:, k], X[:, ~k])\n"
            "        return float((nearest_mean(A, y[k], B) == y[~k]).mean())\n    return [one(d) for d in sorted(set(day))]"
        ),
        "indices": (
            "def whole_days_out(X, y, day):\n    found = []\n    for d in np.unique(day):\n        i, j = np.flatnonzero(day != d), np.flatnonzero(day == d)\n"
            "        new = nearest_mean(standardised(X[:, i], X[:, i]), y[i], standardised(X[:, i], X[:, j]))\n        found += [np.sum(new == y[j]) / j.size]\n    return found"
        ),
    },
    "predict_states": {
        "in the solution": NET,
        "in one byte": changed(NET, ("argmax(axis=0)", "argmax(axis=0).astype(np.uint8)")),
        "wider": changed(NET, ("[5, 4, 3, 3]", "[5, 8, 3]"), ("0.5, 30, 64", "0.5, 20, 64")),
        "larger batches": changed(NET, ("0.5, 30, 64", "0.5, 25, 32")),
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "train_full_batches": "With all samples in one batch no order plays a part: it is the plain case, and pays for itself.",
    "scores_of_a_class_never_said": "Precision and recall divide by nothing in different classes: each has a point of its own.",
    "auc_with_ties": "Ties are what the area is most often wrong at: they have a point of their own beside the large set.",
    "whole_days_out_scale": "The scale is what leaks most often. A device of another scale makes it show for certain.",
    "whole_days_out_missing_class": "A class that is missing on the other days is rare, and what an average over classes fails at.",
    "beats_the_most_frequent_state": "A rung of a ladder: the higher ones need it less than students do.",
    "beats_two_cuts": "A rung of a ladder.",
    "comes_near_logistic_regression": "A rung of a ladder.",
    "comes_nearer_to_logistic_regression": "A rung of a ladder.",
}
