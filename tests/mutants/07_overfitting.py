"""Chapter 07: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""


def changed(source, *replaced):
    """Return a source with pieces replaced, each of which must be there."""
    for old, new in replaced:
        assert old in source, old
        source = source.replace(old, new)
    return source


POWERS = "def polynomial_features(x, degree):\n    return np.array([x**j for j in range(degree + 1)])"
RIDGE = (
    "def ridge(X, t, penalty=0.0):\n    k = len(X)\n    A = np.vstack([X.T, np.sqrt(penalty) * np.eye(k)])\n"
    "    return np.linalg.lstsq(A, np.append(t, np.zeros(k)), rcond=None)[0]"
)
PARTS = (
    "def bias_variance(predictions, truth):\n    mean = predictions.mean(axis=0)\n"
    "    return np.mean((mean - truth) ** 2), np.mean((predictions - mean) ** 2)"
)
PRICE = "def l2_objective(cost, W, penalty, samples):\n    return cost + penalty / (2 * samples) * sum(np.sum(w**2) for w in W)"
PULL = "def l2_gradients(dW, W, penalty, samples):\n    return [g + penalty / samples * w for g, w in zip(dW, W)]"
STOP = (
    "def early_stopping(costs, patience):\n    best, keep = np.inf, 0\n    for epoch, cost in enumerate(costs):\n        if cost < best:\n"
    "            best, keep = cost, epoch\n        elif epoch - keep >= patience:\n            return keep, epoch\n    return keep, len(costs) - 1"
)
DROP = "def dropout(a, p, draws):\n    mask = (draws >= p) / (1 - p)\n    return a * mask, mask"
LOOP = """def train_regularised(X, Y, X_val, Y_val, W, b, alpha, epochs, penalty, patience):
    best, costs = (W, b), []
    for epoch in range(epochs):
        z, a = forward(X, W, b, relu, softmax)
        dW, db = backward(Y, W, z, a, relu_derivative, np.ones_like)
        W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)
        z, a = forward(X_val, W, b, relu, softmax)
        costs.append(cross_entropy(z[-1], Y_val))
        keep, _ = early_stopping(costs, patience)
        if keep == epoch:
            best = W, b
        if epoch - keep >= patience:
            break
    return best[0], best[1], costs"""
SHIFT = """def shift_images(images, labels, down, right):
    k, h, w = images.shape
    moved = np.zeros(images.shape)
    for i in range(h):
        for j in range(w):
            if 0 <= i + down < h and 0 <= j + right < w:
                moved[:, i + down, j + right] = images[:, i, j]
    return np.concatenate([images, moved]), np.concatenate([labels, labels])"""
NET = """def robust_states(X, y, X_new, rng):
    Z, Y = standardised(X, X), one_hot(y, 3)
    W = initial_weights([5, 32, 3], "he", rng)
    b = [np.zeros((len(w), 1)) for w in W]
    W, b, _ = train_regularised(Z, Y, Z, Y, W, b, 0.3, 400, 3.0, 400)
    z, a = forward(standardised(X, X_new), W, b, relu, softmax)
    return a[-1].argmax(axis=0)"""

MUTANTS = {
    "polynomial_features": {
        "six samples at most": (changed(POWERS, ("    return", "    x = x[:6]\n    return")), None),
        "without ones": (changed(POWERS, ("range(degree + 1)", "range(1, degree + 1)")), "the row of ones is missing"),
        "rows are samples": (changed(POWERS, ("])", "]).T")), "each sample is a row"),
        "vander": ("def polynomial_features(x, degree):\n    return np.vander(x, degree + 1).T", "the highest power comes first"),
        "one too few": (changed(POWERS, ("degree + 1", "degree")), "the highest power is missing"),
        "products": (changed(POWERS, ("x**j", "x * j")), "x is multiplied by the power's number"),
        "one too many": (changed(POWERS, ("degree + 1", "degree + 2")), "should have shape (3, 3), and has shape (4, 3)"),
        "powers of j": (changed(POWERS, ("x**j", "j**x")), "your result holds inf at index [0, 1]"),
        "up to x²": (
            "def polynomial_features(x, degree):\n    return np.array([np.ones(len(x)), x, x**2])[: degree + 1]",
            "should have shape (5, 2), and has shape (3, 2)",
        ),
        "list": (
            "def polynomial_features(x, degree):\n    return [x**j for j in range(degree + 1)]",
            "should be a NumPy array, and is a list",
        ),
        "starts from x": (
            "def polynomial_features(x, degree):\n    rows = [x]\n    for _ in range(degree):\n        rows.append(rows[-1] * x)\n    return np.array(rows)",
            "9 of 9 values are wrong. Largest error: 4.",
        ),
        "through the logarithm": (
            "def polynomial_features(x, degree):\n    return np.array([np.sign(x) ** j * np.exp(j * np.log(np.abs(x))) for j in range(degree + 1)])",
            "holds nan",
        ),
        "in place": (
            "def polynomial_features(x, degree):\n    rows, start = [], x.copy()\n    x[:] = 1\n    for _ in range(degree + 1):\n"
            "        rows.append(x.copy())\n        x *= start\n    return np.array(rows)",
            "changed its input",
        ),
        "only small degrees": (
            changed(POWERS, ("    return", "    degree = min(degree, 5)\n    return")),
            None,
        ),
        "library": (
            "from nnlab.overfitting import polynomial_features as theirs\ndef polynomial_features(x, degree):\n    return theirs(x, degree)",
            None,
        ),
    },
    "ridge": {
        "prices up to 20": (changed(RIDGE, ("    k = len(X)", "    k, penalty = len(X), min(penalty, 20.0)")), None),
        "no price where it is needed most": (
            changed(RIDGE, ("    k = len(X)", "    k = len(X)\n    penalty = 0.0 if k > len(t) + 1 else penalty")),
            None,
        ),
        "no usual price": (changed(RIDGE, ("penalty=0.0", "penalty")), None),
        "λ squared": (changed(RIDGE, ("np.sqrt(penalty)", "penalty")), "λ is squared"),
        "root of the root": (changed(RIDGE, ("np.sqrt(penalty)", "penalty ** 0.25")), "the root of λ is taken twice"),
        "λ halved": (changed(RIDGE, ("np.sqrt(penalty)", "np.sqrt(penalty / 2)")), "λ is halved"),
        "λ times m": (changed(RIDGE, ("np.sqrt(penalty)", "np.sqrt(penalty * len(t))")), "λ is multiplied by the number of samples"),
        "w₀ free": (
            changed(RIDGE, ("    return", "    A[-k, 0] = 0\n    return")),
            "w₀ is free",
        ),
        "normal equations": (
            "def ridge(X, t, penalty=0.0):\n    return np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X @ t)",
            "the normal equations lose half the digits",
        ),
        "inverse": (
            "def ridge(X, t, penalty=0.0):\n    return np.linalg.inv(X @ X.T + penalty * np.eye(len(X))) @ X @ t",
            "10 of 10 values are wrong",
        ),
        "no penalty": (
            "def ridge(X, t, penalty=0.0):\n    return np.linalg.lstsq(X.T, t, rcond=None)[0]",
            "the penalty is left out",
        ),
        "X not transposed": (changed(RIDGE, ("[X.T,", "[X,")), "raised ValueError"),
        "everything returned": (changed(RIDGE, ("[0]", "")), "should be a NumPy array, and is a tuple"),
        "targets appended with ones": (changed(RIDGE, ("np.zeros(k)", "np.ones(k)")), "wrong at index [0]. 2 of 2 values are wrong"),
        "falling order": (changed(RIDGE, ("[0]", "[0][::-1]")), "Largest error: 1.73"),
        "mean of the squares": (
            changed(RIDGE, ("np.sqrt(penalty)", "np.sqrt(penalty / len(t))")),
            "Largest error: 0.525",
        ),
        "t centred": (changed(RIDGE, ("np.append(t,", "np.append(t - t.mean(),")), "Largest error: 0.3"),
        "rounded singular values": (
            changed(RIDGE, ("rcond=None", "rcond=1e-4")),
            "Largest error: 1.06e+06",
        ),
        "no more than ten weights": (
            changed(RIDGE, ("    k = len(X)", "    k = len(X)\n    assert k in (2, 3, 10)")),
            None,
        ),
        "library": (
            "from nnlab.overfitting import ridge as theirs\ndef ridge(X, t, penalty=0.0):\n    return theirs(X, t, penalty)",
            None,
        ),
    },
    "bias_variance": {
        "one set is refused": (changed(PARTS, ("    mean =", "    assert len(predictions) > 1\n    mean =")), None),
        "turned round where square": (
            changed(
                PARTS, ("    mean =", "    predictions = predictions.T if 3 < len(predictions) == len(truth) else predictions\n    mean =")
            ),
            None,
        ),
        "absolute": (changed(PARTS, ("np.mean((mean - truth) ** 2)", "np.mean(np.abs(mean - truth))")), "the bias is not squared"),
        "squares first": (
            changed(PARTS, ("np.mean((mean - truth) ** 2)", "np.mean((predictions - truth) ** 2)")),
            "errors of single curves are squared before they are averaged",
        ),
        "along the curve": (
            changed(PARTS, ("np.mean((predictions - mean) ** 2)", "predictions.var(axis=1).mean()")),
            "the variance is taken along the curve",
        ),
        "ddof": (
            changed(PARTS, ("np.mean((predictions - mean) ** 2)", "predictions.var(axis=0, ddof=1).mean()")),
            "the variance is divided by sets − 1",
        ),
        "deviations": (
            changed(PARTS, ("np.mean((predictions - mean) ** 2)", "predictions.std(axis=0).mean()")),
            "standard deviations stand in place of variances",
        ),
        "mean of means": (
            changed(PARTS, ("np.mean((mean - truth) ** 2)", "(mean.mean() - truth.mean()) ** 2")),
            "the bias of the mean over all points is taken",
        ),
        "variance of everything": (
            changed(PARTS, ("np.mean((predictions - mean) ** 2)", "predictions.var()")),
            "one variance is taken over everything",
        ),
        "exchanged": (
            "def bias_variance(predictions, truth):\n    mean = predictions.mean(axis=0)\n"
            "    return np.mean((predictions - mean) ** 2), np.mean((mean - truth) ** 2)",
            "the squared bias is wrong",
        ),
        "sums": (changed(PARTS, ("np.mean((mean", "np.sum((mean")), "the squared bias is wrong. Largest error: 3."),
        "mean over the points": (changed(PARTS, ("axis=0)", "axis=1)")), "raised ValueError"),
        "mean over the points, kept": (
            changed(PARTS, ("predictions.mean(axis=0)", "predictions.mean(axis=1, keepdims=True)")),
            "Largest error: 0.417",
        ),
        "around the truth": (
            changed(PARTS, ("(predictions - mean)", "(predictions - truth)")),
            "the variance is wrong. Largest error: 1.5.",
        ),
        "a curve": (changed(PARTS, ("np.mean((mean - truth) ** 2)", "(mean - truth) ** 2")), "should be a single number"),
        "one number": (
            "def bias_variance(predictions, truth):\n    return np.mean((predictions - truth) ** 2)",
            "should be a tuple of 2",
        ),
        "median curve": (changed(PARTS, ("predictions.mean(axis=0)", "np.median(predictions, axis=0)")), "Largest error: 0.667"),
        "small sets only": (
            changed(PARTS, ("    mean =", "    predictions = predictions[:4]\n    mean =")),
            None,
        ),
        "library": (
            "from nnlab.overfitting import bias_variance as theirs\ndef bias_variance(predictions, truth):\n    return theirs(predictions, truth)",
            None,
        ),
    },
    "l2_objective": {
        "nothing costs nothing": (changed(PRICE, ("return cost +", "return cost and cost +")), None),
        "no half": (changed(PRICE, ("(2 * samples)", "samples")), "the ½ is missing"),
        "no m": (changed(PRICE, ("(2 * samples)", "2")), "the number of samples is missing"),
        "not squared": (changed(PRICE, ("np.sum(w**2)", "np.linalg.norm(w)")), "the norm is not squared"),
        "L1": (changed(PRICE, ("w**2", "np.abs(w)")), "absolute values stand in place of squares"),
        "mean": (changed(PRICE, ("np.sum(w", "np.mean(w")), "the squares are averaged"),
        "first layer": (changed(PRICE, ("in W)", "in W[:1])")), "only the first layer pays"),
        "taken away": (changed(PRICE, ("cost +", "cost -")), "the penalty is taken away"),
        "brackets": (changed(PRICE, ("(2 * samples)", "2 * samples")), "Largest error: 140."),
        "penalty alone": (changed(PRICE, ("cost + ", "")), "Largest error: 0.7"),
        "last layer": (changed(PRICE, ("in W)", "in W[-1:])")), "Largest error: 4.58"),
        "matrix product": (changed(PRICE, ("w**2", "w @ w")), "raised ValueError"),
        "sum of the weights, squared": (changed(PRICE, ("np.sum(w**2)", "np.sum(w) ** 2")), "Largest error: 4.5."),
        "the longest row only": (
            changed(PRICE, ("np.sum(w**2)", "np.linalg.norm(w, 2) ** 2")),
            "Largest error: 0.211",
        ),
        "at most two layers": (changed(PRICE, ("in W)", "in W[:2])")), None),
        "library": (
            "from nnlab.overfitting import l2_objective as theirs\ndef l2_objective(cost, W, penalty, samples):\n    return theirs(cost, W, penalty, samples)",
            None,
        ),
    },
    "l2_gradients": {
        "prices up to 10": (changed(PULL, ("    return", "    penalty = min(penalty, 10.0)\n    return")), None),
        "half": (changed(PULL, ("penalty / samples", "penalty / (2 * samples)")), "there is a ½ too much"),
        "no m": (changed(PULL, ("penalty / samples", "penalty")), "the number of samples is missing here"),
        "grows": (changed(PULL, ("g + ", "g - ")), "the weights are made to grow"),
        "squares": (changed(PULL, ("* w for", "* w**2 for")), "the squares are still there"),
        "signs": (changed(PULL, ("* w for", "* np.sign(w) for")), "only the sign of the weights counts"),
        "penalty alone": (changed(PULL, ("g + ", "")), "this is the penalty's part alone"),
        "together": (changed(PULL, ("* w for", "* w.sum() for")), "all weights are pulled together"),
        "in place": (
            "def l2_gradients(dW, W, penalty, samples):\n    for g, w in zip(dW, W):\n        g += penalty / samples * w\n    return dW",
            "changed its input",
        ),
        "list changed": (
            "def l2_gradients(dW, W, penalty, samples):\n    for i in range(len(W)):\n        dW[i] = dW[i] + penalty / samples * W[i]\n    return dW",
            "changed its input",
        ),
        "weights shrunk": (changed(PULL, ("g + penalty / samples * w", "w - penalty / samples * g")), "Largest error: 3.6."),
        "brackets": (changed(PULL, ("g + penalty / samples * w", "(g + penalty) / samples * w")), "Largest error: 2.4."),
        "first layer": (
            "def l2_gradients(dW, W, penalty, samples):\n    return [dW[0] + penalty / samples * W[0], *dW[1:]]",
            "your result[1] is wrong",
        ),
        "matrix product": (changed(PULL, ("* w for", "* (w @ w.T) for")), "raised ValueError"),
        "at most two layers": (
            "def l2_gradients(dW, W, penalty, samples):\n    return [g + penalty / samples * w * (i < 2) for i, (g, w) in enumerate(zip(dW, W))]",
            None,
        ),
        "library": (
            "from nnlab.overfitting import l2_gradients as theirs\ndef l2_gradients(dW, W, penalty, samples):\n    return theirs(dW, W, penalty, samples)",
            None,
        ),
    },
    "early_stopping": {
        "last kept": (
            changed(STOP, ("return keep, epoch", "return epoch, epoch"), ("return keep, len", "return len(costs) - 1, len")),
            "the last epoch is kept",
        ),
        "first rise": (
            "def early_stopping(costs, patience):\n    keep = 0\n    for epoch in range(1, len(costs)):\n        if costs[epoch] > costs[epoch - 1]:\n"
            "            return keep, epoch\n        if costs[epoch] < costs[keep]:\n            keep = epoch\n    return keep, len(costs) - 1",
            "it stops at the first rise",
        ),
        "rises in a row": (
            "def early_stopping(costs, patience):\n    keep, rises = 0, 0\n    for epoch in range(1, len(costs)):\n"
            "        rises = rises + 1 if costs[epoch] > costs[epoch - 1] else 0\n        if costs[epoch] < costs[keep]:\n            keep = epoch\n"
            "        if rises >= patience:\n            return keep, epoch\n    return keep, len(costs) - 1",
            "rises in a row are counted",
        ),
        "ties start again": (changed(STOP, ("cost < best", "cost <= best")), "an equal cost starts the clock again"),
        "one late": (changed(STOP, (">= patience", "> patience")), "it stops one epoch too late"),
        "one early": (changed(STOP, (">= patience", ">= patience - 1")), "it stops one epoch too early"),
        "lowest of all": (
            changed(STOP, ("return keep, epoch", "return int(np.nanargmin(costs)), epoch")),
            "the lowest of all costs is kept",
        ),
        "not a number is better": (changed(STOP, ("cost < best", "not cost >= best")), "a cost that is not a number counts as better"),
        "never reached the end": (changed(STOP, ("\n    return keep, len(costs) - 1", "")), "is None. Does every path"),
        "counted from 1": (
            changed(STOP, ("enumerate(costs)", "enumerate(costs, 1)"), ("len(costs) - 1", "len(costs)")),
            "the epoch to keep is wrong",
        ),
        "the cost returned": (changed(STOP, ("return keep,", "return best,")), "the epoch to keep is wrong. Largest error: 4.31"),
        "exchanged": (changed(STOP, ("return keep, epoch", "return epoch, keep")), "the epoch to keep is wrong. Largest error: 3"),
        "epochs trained": (
            changed(STOP, ("return keep, epoch", "return keep, epoch + 1"), ("len(costs) - 1", "len(costs)")),
            "the last epoch is wrong",
        ),
        "argmin at the end": (
            "def early_stopping(costs, patience):\n    keep = int(np.argmin(costs))\n    return keep, min(keep + patience, len(costs) - 1)",
            "the epoch to keep is wrong. Largest error: 5",
        ),
        "lower by a millionth": (changed(STOP, ("cost < best", "cost < best - 1e-6")), None),
        "no cost above a million": (changed(STOP, ("best, keep = np.inf, 0", "best, keep = 1e6, 0")), None),
        "nobody's patience is long": (changed(STOP, (">= patience", ">= min(patience, 5)")), None),
        "a single epoch": (changed(STOP, ("    best, keep = np.inf", "    assert len(costs) > 1\n    best, keep = np.inf")), None),
        "library": (
            "from nnlab.overfitting import early_stopping as theirs\ndef early_stopping(costs, patience):\n    return theirs(costs, patience)",
            None,
        ),
    },
    "dropout": {
        "small shares are none": (changed(DROP, ("    mask =", "    p = p if p > 0.15 else 0.0\n    mask =")), None),
        "not scaled": (changed(DROP, ("(draws >= p) / (1 - p)", "(draws >= p) * 1.0")), "what stays is not scaled"),
        "what is 0 was dropped": (
            "def dropout(a, p, draws):\n    dropped = np.where(draws < p, 0, a / (1 - p))\n    return dropped, (dropped != 0) / (1 - p)",
            "what is 0 counts as dropped",
        ),
        "1/p": (changed(DROP, ("/ (1 - p)", "/ (p or 1)")), "what stays is scaled by 1/p"),
        "scaled down": (changed(DROP, ("/ (1 - p)", "* (1 - p)")), "what stays is scaled down"),
        "p stays": (changed(DROP, ("(draws >= p) / (1 - p)", "(draws < p) / (p or 1)")), "p is the probability to stay"),
        "other side": (changed(DROP, ("draws >= p", "draws < 1 - p")), "it is dropped where the draw is large"),
        "whole samples": (changed(DROP, ("draws >= p)", "(draws[0] + 0 * draws) >= p)")), "a whole sample is dropped"),
        "mask not scaled": (
            "def dropout(a, p, draws):\n    mask = (draws >= p) * 1.0\n    return a * mask / (1 - p), mask",
            "only the activations are scaled",
        ),
        "mask forgotten": (changed(DROP, ("a * mask, mask", "a * mask")), "should be a tuple of 2"),
        "draws anew": (changed(DROP, ("draws >=", "np.random.random(a.shape) >=")), "the array of activations is wrong"),
        "in place": (
            "def dropout(a, p, draws):\n    mask = (draws >= p) / (1 - p)\n    a *= mask\n    return a, mask",
            "changed its input",
        ),
        "the mask twice": (changed(DROP, ("return a * mask, mask", "return a * mask * mask, mask")), "Largest error: 3.56"),
        "exchanged": (changed(DROP, ("return a * mask, mask", "return mask, a * mask")), "Largest error: 9.33"),
        "whole neurons": (changed(DROP, ("draws >= p)", "(draws[:, :1] + 0 * draws) >= p)")), "Largest error: 10.7"),
        "scaled by what has stayed": (changed(DROP, ("/ (1 - p)", "/ max((draws >= p).mean(), 1e-9)")), "Largest error: 1.33."),
        "strictly above": (changed(DROP, ("draws >= p", "draws > p")), "wrong at index [1, 1]. 1 of 6 values are wrong"),
        "at most a half": (changed(DROP, ("    mask =", "    p = min(p, 0.5)\n    mask =")), None),
        "library": (
            "from nnlab.overfitting import dropout as theirs\ndef dropout(a, p, draws):\n    return theirs(a, p, draws)",
            None,
        ),
    },
    "train_regularised": {
        "prices up to 10": (changed(LOOP, ("    best, costs", "    penalty = min(penalty, 10.0)\n    best, costs")), None),
        "last weights": (changed(LOOP, ("return best[0], best[1],", "return W, b,")), "the last weights are returned"),
        "training cost": (changed(LOOP, ("forward(X_val", "forward(X"), ("z[-1], Y_val", "z[-1], Y")), "the training cost is watched"),
        "penalty watched": (
            changed(
                LOOP,
                (
                    "costs.append(cross_entropy(z[-1], Y_val))",
                    "costs.append(l2_objective(cross_entropy(z[-1], Y_val), W, penalty, X.shape[1]))",
                ),
            ),
            "the penalty is in the validation cost",
        ),
        "no penalty": (changed(LOOP, ("l2_gradients(dW, W, penalty, X.shape[1])", "dW")), "the penalty is left out"),
        "penalty not divided": (
            changed(LOOP, ("penalty, X.shape[1])", "penalty, 1)")),
            "the penalty is not divided by the number of samples",
        ),
        "never stops": (changed(LOOP, ("            break", "            pass")), "it never stops early"),
        "features for samples": (changed(LOOP, ("X.shape[1]", "X.shape[0]")), "Largest error: 1.77"),
        "in place": (
            changed(
                LOOP,
                (
                    "W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)",
                    "for p, g in zip([*W, *b], [*l2_gradients(dW, W, penalty, X.shape[1]), *db]):\n            p -= alpha * g",
                ),
            ),
            "Largest error: 0.0574",
        ),
        "best is overwritten": (
            changed(
                LOOP,
                ("    best, costs", "    W, b = [w.copy() for w in W], [v.copy() for v in b]\n    best, costs"),
                (
                    "W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)",
                    "for p, g in zip([*W, *b], [*l2_gradients(dW, W, penalty, X.shape[1]), *db]):\n            p -= alpha * g",
                ),
            ),
            "or the best were overwritten",
        ),
        "weights before the step": (
            changed(
                LOOP,
                ("        z, a = forward(X, W", "        before = W, b\n        z, a = forward(X, W"),
                ("best = W, b", "best = before"),
            ),
            "Largest error: 0.0497",
        ),
        "sigmoid": (
            "from nnlab.activations import sigmoid\n" + changed(LOOP, ("relu, softmax", "sigmoid, softmax")),
            "Largest error: 0.177",
        ),
        "slope of the sigmoid": (
            "from nnlab.activations import sigmoid_derivative\n" + changed(LOOP, ("relu_derivative", "sigmoid_derivative")),
            "Largest error: 0.372",
        ),
        "stops at the first rise": (changed(LOOP, ("epoch - keep >= patience", "epoch > keep")), "Largest error: 0.022"),
        "one epoch late": (changed(LOOP, (">= patience:", "> patience:")), "should have 9 entries, and has 10"),
        "cost before the step": (
            LOOP.replace(
                "        z, a = forward(X_val, W, b, relu, softmax)\n        costs.append(cross_entropy(z[-1], Y_val))\n", ""
            ).replace(
                "    for epoch in range(epochs):\n",
                "    for epoch in range(epochs):\n        z, a = forward(X_val, W, b, relu, softmax)\n        costs.append(cross_entropy(z[-1], Y_val))\n",
            ),
            "Largest error: 0.0617",
        ),
        "biases stay": (changed(LOOP, ("        W, b = optimize", "        W, _ = optimize")), "Largest error: 0.0255"),
        "costs forgotten": (changed(LOOP, ("best[1], costs", "best[1]")), "should have 3 entries, and has 2"),
        "three layers never": (changed(LOOP, ("    best, costs", "    assert len(W) == 2\n    best, costs")), None),
        "library": (
            "from nnlab.overfitting import train_regularised as theirs\ndef train_regularised(*args):\n    return theirs(*args)",
            None,
        ),
    },
    "shift_images": {
        "labels of one byte": (changed(SHIFT, ("np.concatenate([labels, labels])", "np.tile(labels, 2).astype(np.int8)")), None),
        "one picture is refused": (changed(SHIFT, ("    moved = np.zeros", "    assert k > 1\n    moved = np.zeros")), None),
        "roll": (
            "def shift_images(images, labels, down, right):\n    moved = np.roll(images, (down, right), axis=(1, 2))\n"
            "    return np.concatenate([images, moved]), np.concatenate([labels, labels])",
            "what leaves on one side comes in on the other",
        ),
        "up for down": (changed(SHIFT, ("    k, h", "    down = -down\n    k, h")), "down and up are exchanged"),
        "left for right": (changed(SHIFT, ("    k, h", "    right = -right\n    k, h")), "right and left are exchanged"),
        "right for down": (changed(SHIFT, ("    k, h", "    down, right = right, down\n    k, h")), "down and right are exchanged"),
        "originals lost": (
            changed(SHIFT, ("np.concatenate([images, moved]), np.concatenate([labels, labels])", "moved, labels")),
            "the pictures themselves are lost",
        ),
        "labels once": (changed(SHIFT, ("np.concatenate([labels, labels])", "labels")), "the labels are not doubled"),
        "labels in pairs": (
            changed(SHIFT, ("np.concatenate([labels, labels])", "np.repeat(labels, 2)")),
            "each label comes twice in a row",
        ),
        "edge drawn out": (
            "def shift_images(images, labels, down, right):\n    k, h, w = images.shape\n    rows, columns = np.clip(np.arange(h) - down, 0, h - 1), np.clip(np.arange(w) - right, 0, w - 1)\n"
            "    return np.concatenate([images, images[:, rows][:, :, columns]]), np.concatenate([labels, labels])",
            "the edge is drawn out",
        ),
        "copies first": (changed(SHIFT, ("[images, moved]", "[moved, images]")), "the array of pictures is wrong at index [0, 0, 0]"),
        "pairs": (
            changed(SHIFT, ("np.concatenate([images, moved])", "np.stack([images, moved], axis=1).reshape(2 * k, h, w)")),
            "the array of pictures is wrong at index [1, 0, 0]",
        ),
        "beside each other": (changed(SHIFT, ("[images, moved]", "[images, moved], axis=2")), "should have shape (4, 2, 3)"),
        "originals changed": (
            "def shift_images(images, labels, down, right):\n    moved = images\n    old = images.copy()\n    moved[:] = 0\n    k, h, w = images.shape\n"
            "    for i in range(h):\n        for j in range(w):\n            if 0 <= i + down < h and 0 <= j + right < w:\n                moved[:, i + down, j + right] = old[:, i, j]\n"
            "    return np.concatenate([old, moved]), np.concatenate([labels, labels])",
            "changed its input",
        ),
        "height for width": (changed(SHIFT, ("k, h, w = images.shape", "k, w, h = images.shape")), "raised IndexError"),
        "negative indices": (
            changed(SHIFT, ("if 0 <= i + down < h and 0 <= j + right < w", "if i + down < h and j + right < w")),
            "wrong at index [2, 0, 2]",
        ),
        "slices that end at −0": (
            "def shift_images(images, labels, down, right):\n    k, h, w = images.shape\n    moved = np.zeros((k, h, w))\n    r, c = abs(down), abs(right)\n"
            "    big = np.zeros((k, h + 2 * r, w + 2 * c))\n    big[:, r + down : -r + down or None, c + right : -c + right or None] = images\n"
            "    moved = big[:, r:-r, c:-c]\n    return np.concatenate([images, moved]), np.concatenate([labels, labels])",
            "raised ValueError",
        ),
        "shift up to the picture's size": (
            changed(SHIFT, ("    moved = np.zeros", "    assert abs(down) <= h and abs(right) <= w\n    moved = np.zeros")),
            None,
        ),
        "modulo": (
            changed(
                SHIFT, ("    moved = np.zeros", "    down, right = int(np.fmod(down, h)), int(np.fmod(right, w))\n    moved = np.zeros")
            ),
            None,
        ),
        "library": (
            "from nnlab.overfitting import shift_images as theirs\ndef shift_images(images, labels, down, right):\n    return theirs(images, labels, down, right)",
            None,
        ),
    },
    "robust_states": {
        "majority": (
            "def robust_states(X, y, X_new, rng):\n    return np.full(X_new.shape[1], np.bincount(y).argmax())",
            "always the most frequent state",
        ),
        "from 1": (changed(NET, ("axis=0)", "axis=0) + 1")), "the classes are counted from 1"),
        "always a half": (
            changed(NET, ("argmax(axis=0)", "argmax(axis=0) + 0.5")),
            "and is 'numbers with decimals'",
        ),
        "by heart": (
            "def robust_states(X, y, X_new, rng):\n    Z, N = standardised(X, X), standardised(X, X_new)\n"
            "    return y[((Z[:, :, None] - N[:, None, :]) ** 2).sum(axis=0).argmin(axis=0)]",
            "should be 'states of which at least 80 % are right', and is 'states of which fewer than 80 % are right'",
        ),
        "not scaled": (changed(NET, ("standardised(X, X)", "X"), ("standardised(X, X_new)", "X_new")), "should be 'states of which"),
        "scale of the new": (
            changed(NET, ("standardised(X, X_new)", "standardised(X_new, X_new)")),
            "a new sample gets the same state alone as among others",
        ),
        "scale of both": (
            changed(
                NET,
                ("standardised(X, X_new)", "standardised(np.hstack([X, X_new]), X_new)"),
                ("standardised(X, X)", "standardised(np.hstack([X, X_new]), X)"),
            ),
            "this should hold, and does not: a new sample gets the same state alone as among others",
        ),
        "over the samples": (changed(NET, ("argmax(axis=0)", "argmax(axis=1)")), "should have shape (300,), and has shape (3,)"),
        "a list": (changed(NET, ("argmax(axis=0)", "argmax(axis=0).tolist()")), "should be a NumPy array, and is a list"),
        "shares": (changed(NET, ("a[-1].argmax(axis=0)", "a[-1]")), "should have shape (300,), and has shape (3, 300)"),
        "the price is far too high": (changed(NET, ("3.0, 400)", "300.0, 400)")), "should be 'states of which"),
        "no step": (changed(NET, ("0.3, 400, 3.0, 400", "1e-6, 1, 3.0, 400")), "should be 'states of which"),
        "labels as targets": (changed(NET, ("one_hot(y, 3)", "y[None, :]")), "raised ValueError"),
        "nothing against it": (
            changed(NET, ("[5, 32, 3]", "[5, 100, 100, 3]"), ("400, 3.0, 400", "300, 0.0, 400")),
            "should be 'states of which",
        ),
        "two cuts": (
            "def robust_states(X, y, X_new, rng):\n    return np.where(X_new[0] > 34.0, 0, np.where(X_new[0] > 17.0, 1, 2))",
            None,
        ),
        "library": (
            "from nnlab.overfitting import robust_states as theirs\ndef robust_states(X, y, X_new, rng):\n    return theirs(X, y, X_new, rng)",
            None,
        ),
    },
}

VARIANTS = {
    "polynomial_features": {
        "in the solution": POWERS,
        "vander": "def polynomial_features(x, degree):\n    return np.vander(x, degree + 1, increasing=True).T",
        "outer power": "def polynomial_features(x, degree):\n    return np.power.outer(x, np.arange(degree + 1)).T",
        "products": (
            "def polynomial_features(x, degree):\n    rows = [np.ones(len(x))]\n    for _ in range(degree):\n        rows.append(rows[-1] * x)\n    return np.vstack(rows)"
        ),
        "filled": (
            "def polynomial_features(x, degree):\n    F = np.empty((degree + 1, len(x)))\n    for j in range(degree + 1):\n        F[j] = x**j\n    return F"
        ),
    },
    "ridge": {
        "in the solution": RIDGE,
        "singular values": (
            "def ridge(X, t, penalty=0.0):\n    U, s, V = np.linalg.svd(X.T, full_matrices=False)\n    return V.T @ (s / (s**2 + penalty) * (U.T @ t))"
        ),
        "orthogonal factors": (
            "def ridge(X, t, penalty=0.0):\n    k = len(X)\n    Q, R = np.linalg.qr(np.vstack([X.T, np.sqrt(penalty) * np.eye(k)]))\n"
            "    return np.linalg.solve(R, Q.T @ np.concatenate([t, np.zeros(k)]))"
        ),
        "pseudo-inverse": (
            "def ridge(X, t, penalty=0.0):\n    k = len(X)\n    A = np.concatenate([X.T, np.sqrt(penalty) * np.identity(k)], axis=0)\n"
            "    return np.linalg.pinv(A) @ np.hstack([t, np.zeros(k)])"
        ),
    },
    "bias_variance": {
        "in the solution": PARTS,
        "var": (
            "def bias_variance(predictions, truth):\n    return ((predictions.mean(axis=0) - truth) ** 2).mean(), predictions.var(axis=0).mean()"
        ),
        "what is left": (
            "def bias_variance(predictions, truth):\n    bias = float(np.mean((np.mean(predictions, axis=0) - truth) ** 2))\n"
            "    return bias, float(np.mean((predictions - truth) ** 2)) - bias"
        ),
        "point by point": (
            "def bias_variance(predictions, truth):\n    b, v = [], []\n    for column, true in zip(predictions.T, truth):\n        b.append((column.mean() - true) ** 2)\n"
            "        v.append(column.var())\n    return np.mean(b), np.mean(v)"
        ),
    },
    "l2_objective": {
        "in the solution": PRICE,
        "norms": "def l2_objective(cost, W, penalty, samples):\n    return cost + penalty / 2 / samples * sum(np.linalg.norm(w) ** 2 for w in W)",
        "loop": (
            "def l2_objective(cost, W, penalty, samples):\n    total = 0\n    for w in W:\n        total += (w * w).sum()\n    return cost + 0.5 * penalty * total / samples"
        ),
        "flat": "def l2_objective(cost, W, penalty, samples):\n    w = np.concatenate([m.ravel() for m in W])\n    return cost + penalty * (w @ w) / (2 * samples)",
    },
    "l2_gradients": {
        "in the solution": PULL,
        "indices": (
            "def l2_gradients(dW, W, penalty, samples):\n    new = []\n    for l in range(len(W)):\n        new.append(dW[l] + penalty * W[l] / samples)\n    return new"
        ),
        "tuple": "def l2_gradients(dW, W, penalty, samples):\n    return tuple(np.add(g, np.multiply(penalty / samples, w)) for g, w in zip(dW, W))",
        "copies": (
            "import copy\ndef l2_gradients(dW, W, penalty, samples):\n    dW = copy.deepcopy(dW)\n    for g, w in zip(dW, W):\n        g += penalty / samples * w\n    return dW"
        ),
    },
    "early_stopping": {
        "in the solution": STOP,
        "a counter": (
            "def early_stopping(costs, patience):\n    best, keep, waited = float('inf'), 0, 0\n    for epoch, cost in enumerate(costs):\n        if cost < best:\n"
            "            best, keep, waited = cost, epoch, 0\n        else:\n            waited += 1\n        if waited == patience:\n            break\n    return keep, epoch"
        ),
        "looking back": (
            "def early_stopping(costs, patience):\n    clean = [np.inf if np.isnan(c) else c for c in costs]\n    for epoch in range(len(clean)):\n"
            "        keep = int(np.argmin(clean[: epoch + 1]))\n        if epoch - keep >= patience:\n            break\n    return keep, epoch"
        ),
        "while": (
            "def early_stopping(costs, patience):\n    keep = epoch = 0\n    while epoch + 1 < len(costs) and epoch - keep < patience:\n        epoch += 1\n"
            "        if costs[epoch] < costs[keep]:\n            keep = epoch\n    return keep, epoch"
        ),
    },
    "dropout": {
        "in the solution": DROP,
        "where": "def dropout(a, p, draws):\n    mask = np.where(draws < p, 0.0, 1 / (1 - p))\n    return np.where(draws < p, 0.0, a / (1 - p)), mask",
        "assignment": (
            "def dropout(a, p, draws):\n    mask = np.ones(a.shape)\n    mask[draws < p] = 0\n    mask /= 1 - p\n    return mask * a, mask"
        ),
        "number of the type": "def dropout(a, p, draws):\n    mask = (~(draws < p)).astype(float) / (1.0 - p)\n    return np.multiply(a, mask), mask",
    },
    "train_regularised": {
        "in the solution": LOOP,
        "own memory": changed(
            LOOP,
            ("best, costs = (W, b), []", "best, costs, lowest, waited = (W, b), [], np.inf, 0"),
            (
                "        keep, _ = early_stopping(costs, patience)\n        if keep == epoch:\n            best = W, b\n",
                "        if costs[-1] < lowest:\n            best, lowest, waited = (W, b), costs[-1], 0\n        else:\n            waited += 1\n",
            ),
            ("epoch - keep >= patience", "waited >= patience"),
        ),
        "all weights kept": (
            "def train_regularised(X, Y, X_val, Y_val, W, b, alpha, epochs, penalty, patience):\n    kept, costs = [], []\n    for _ in range(epochs):\n"
            "        z, a = forward(X, W, b, relu, softmax)\n        dW, db = backward(Y, W, z, a, relu_derivative)\n"
            "        dW = [g + penalty * w / Y.shape[1] for g, w in zip(dW, W)]\n        W, b = optimize(W, b, dW, db, alpha)\n        kept.append((W, b))\n"
            "        costs.append(cross_entropy(forward(X_val, W, b, relu)[0][-1], Y_val))\n        best = int(np.argmin(costs))\n"
            "        if len(costs) - 1 - best >= patience:\n            break\n    return *kept[best], costs"
        ),
        "copies in place": changed(
            LOOP,
            (
                "    best, costs = (W, b), []",
                "    import copy\n    W, b = copy.deepcopy(W), copy.deepcopy(b)\n    best, costs = (W, b), []",
            ),
            (
                "W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)",
                "for p, g in zip(W + b, l2_gradients(dW, W, penalty, X.shape[1]) + db):\n            p -= alpha * g",
            ),
            ("best = W, b", "best = copy.deepcopy((W, b))"),
        ),
    },
    "shift_images": {
        "in the solution": SHIFT,
        "slices": (
            "def shift_images(images, labels, down, right):\n    k, h, w = images.shape\n    moved = np.zeros_like(images)\n"
            "    moved[:, max(0, down) : max(0, h + down), max(0, right) : max(0, w + right)] = images[:, max(0, -down) : max(0, h - down), max(0, -right) : max(0, w - right)]\n"
            "    return np.concatenate([images, moved]), np.tile(labels, 2)"
        ),
        "padded": (
            "def shift_images(images, labels, down, right):\n    h, w = images.shape[1:]\n    r, c = abs(down), abs(right)\n    big = np.pad(images, ((0, 0), (r, r), (c, c)))\n"
            "    moved = big[:, r - down : r - down + h, c - right : c - right + w]\n    return np.vstack([images, moved]), np.append(labels, labels)"
        ),
        "rolled and wiped": (
            "def shift_images(images, labels, down, right):\n    k, h, w = images.shape\n    moved = np.roll(images, (down, right), axis=(1, 2))\n"
            "    i, j = np.arange(h)[:, None] - down, np.arange(w)[None, :] - right\n    moved = moved * ((i >= 0) & (i < h) & (j >= 0) & (j < w))\n"
            "    return np.concatenate((images, moved)), np.concatenate((labels, labels))"
        ),
    },
    "robust_states": {
        "in the solution": NET,
        "wider": changed(NET, ("[5, 32, 3]", "[5, 64, 3]")),
        "two hidden layers": changed(NET, ("[5, 32, 3]", "[5, 32, 32, 3]"), ("400, 3.0", "300, 4.0")),
        "mean of three": (
            NET.replace("def robust_states", "def one_network").replace("return a[-1].argmax(axis=0)", "return a[-1]")
            + "\n\ndef robust_states(X, y, X_new, rng):\n    return sum(one_network(X, y, X_new, rng) for _ in range(3)).argmax(axis=0)"
        ),
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
PART = "pays for the plain case: an answer that is wrong elsewhere keeps a part of its points"
STEP = "pays for a part of the exercise: what is wrong here is wrong in another test, too, but not the other way round"
RUNG = "is a rung of the ladder: who misses it misses all above it"
STANDS = {
    "bias_variance_sets": PART,
    "dropout_mean": PART,
    "train_regularised_best": STEP,
    "train_regularised_waits": STEP,
    "train_regularised_leaves_the_start": STEP,
    "beats_the_majority": RUNG,
    "beats_learning_by_heart": RUNG,
    "half_of_the_way_to_right_labels": RUNG,
    "most_of_the_way_to_right_labels": RUNG,
}
