"""Chapter 02: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""


def merge(W, b):
    """Write an answer to merge_layers."""
    return f"def merge_layers(W_1, b_1, W_2, b_2):\n    return {W}, {b}"


def one_line(name, arguments, result):
    """Write an answer of one line."""
    return f"def {name}({arguments}):\n    return {result}"


def swish(result):
    """Write an answer to swish_derivative, with the notebook's sigmoid."""
    return one_line("swish_derivative", "z, beta", result)


def halved(
    result="np.sqrt(low * high)", shares="1 / np.exp(-behind / T).sum()", share="share", test=">", low="1e-9", high="1e9", before=""
):
    """Write an answer to temperature_for that halves an interval in its logarithm."""
    return (
        f"def temperature_for(scores, share):\n{before}    behind = scores.max() - scores\n    low, high = {low}, {high}\n"
        f"    for _ in range(200):\n        T = np.sqrt(low * high)\n        if {shares} {test} {share}:\n            low = T\n"
        f"        else:\n            high = T\n    return {result}"
    )


MUTANTS = {
    "sigmoid": {
        "sign lost": (
            "def sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z >= 0, e, 1) / (1 + e)",
            "or the two forms are swapped",
        ),
        "tanh": ("def sigmoid(z):\n    return np.tanh(z)", "this is tanh"),
        "off by a factor": ("def sigmoid(z):\n    return 1 / (1 + np.exp(-z / 2))", "wrong at index [0]"),
        "overflows": ("def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))", "the classmate's exp(z) / (1 + exp(z))"),
        "derivative": ("def sigmoid(z):\n    s = 1 / (1 + np.exp(-z))\n    return s * (1 - s)", "this is the derivative"),
        "missing brackets": ("def sigmoid(z):\n    return 1 / 1 + np.exp(-z)", "the brackets are missing"),
        "math.exp": ("import math\ndef sigmoid(z):\n    return 1 / (1 + math.exp(-z))", "raised TypeError"),
        "list": (
            "def sigmoid(z):\n    return [1 / (1 + np.exp(-each)) for each in z]",
            "should be a NumPy array, and is a list",
        ),
        "clipped too early": ("def sigmoid(z):\n    return np.clip(0.5 + z / 4, 0, 1)", "wrong at index"),
        "input changed in place": (
            "def sigmoid(z):\n    z *= -1\n    np.exp(z, out=z)\n    return 1 / (1 + z)",
            "changed its input",
        ),
        "flattened": ("def sigmoid(z):\n    return np.array([1 / (1 + np.exp(-each)) for each in z.ravel()])", "should have shape (2, 3)"),
        "wrong for two numbers": (
            "def sigmoid(z):\n    return z if z.size == 2 else 1 / (1 + np.exp(-z))",
            "this should hold, and does not: σ(−z) = 1 − σ(z)",
        ),
        "zero left out": (
            "def sigmoid(z):\n    return np.where(z > 0, 1 / (1 + np.exp(-z)), np.where(z < 0, 1 / (1 + np.exp(-z)), 0.0))",
            "1 of 5 values",
        ),
        "only five numbers": ("def sigmoid(z):\n    return 1 / (1 + np.exp(-z)) if z.size in (2, 4, 5) or z.shape == (2, 3) else z", None),
        "library": ("def sigmoid(z):\n    from nnlab.activations import sigmoid as theirs\n    return theirs(z)", None),
    },
    "merge_layers": {
        "wrong order": (merge("W_1 @ W_2", "W_2 @ b_1 + b_2"), "multiplied in the wrong order"),
        "second layer first": (merge("W_1 @ W_2", "W_1 @ b_2 + b_1"), "the second layer comes first"),
        "biases only added": (merge("W_2 @ W_1", "b_1 + b_2"), "the biases are only added"),
        "first bias lost": (merge("W_2 @ W_1", "b_2"), "the first bias is lost"),
        "both biases multiplied": (merge("W_2 @ W_1", "W_2 @ (b_1 + b_2)"), "W_2 multiplies both biases"),
        "added": (merge("W_1 + W_2", "b_1 + b_2"), "the matrices are added"),
        "element by element": (merge("W_2 * W_1", "W_2 @ b_1 + b_2"), "multiplied element by element"),
        "weights only": (
            "def merge_layers(W_1, b_1, W_2, b_2):\n    return W_2 @ W_1",
            "should be a tuple of 2, and is of type ndarray",
        ),
        "flat bias": (merge("W_2 @ W_1", "(W_2 @ b_1 + b_2).ravel()"), "b should have shape"),
        "input changed in place": (
            "def merge_layers(W_1, b_1, W_2, b_2):\n    b_2 += W_2 @ b_1\n    return W_2 @ W_1, b_2",
            "changed its input",
        ),
        "whichever order fits": (
            "def merge_layers(W_1, b_1, W_2, b_2):\n    try:\n        W = W_1 @ W_2\n    except ValueError:\n        W = W_2 @ W_1\n"
            "    return W, W_2 @ b_1 + b_2",
            "W is wrong at index",
        ),
        "second bias lost": (merge("W_2 @ W_1", "W_2 @ b_1"), "the second bias is lost"),
        "five inputs at most": (merge("(W_2 @ W_1)[:, :5]", "W_2 @ b_1 + b_2"), None),
        "small layers only": (merge("(W_2 @ W_1)[:2, :2]", "(W_2 @ b_1 + b_2)[:2]"), None),
        "library": (
            "from nnlab.activations import merge_layers as theirs\n"
            + one_line("merge_layers", "W_1, b_1, W_2, b_2", "theirs(W_1, b_1, W_2, b_2)"),
            None,
        ),
    },
    "sigmoid_derivative": {
        "the classmate's formula": ("def sigmoid_derivative(z):\n    return sigmoid(z) * sigmoid(1 - z)", "the classmate's formula"),
        "sigmoid": ("def sigmoid_derivative(z):\n    return sigmoid(z)", "this is σ itself"),
        "of an activation": ("def sigmoid_derivative(z):\n    return z * (1 - z)", "z is taken for an activation"),
        "wrong sign": ("def sigmoid_derivative(z):\n    return sigmoid(z) * (sigmoid(z) - 1)", "the sign is wrong"),
        "overflows": ("def sigmoid_derivative(z):\n    return np.exp(-z) / (1 + np.exp(-z)) ** 2", "which overflows"),
        "tanh": ("def sigmoid_derivative(z):\n    return 1 - np.tanh(z) ** 2", "this is the slope of tanh"),
        "brackets": (
            "def sigmoid_derivative(z):\n    return sigmoid(z) * 1 - sigmoid(z)",
            "the brackets are missing",
        ),
        "matrix product": ("def sigmoid_derivative(z):\n    return sigmoid(z) @ (1 - sigmoid(z))", "should be a NumPy array"),
        "differences, too coarse": (
            "def sigmoid_derivative(z):\n    return (sigmoid(z + 0.01) - sigmoid(z)) / 0.01",
            "Largest error: 0.00",
        ),
        "input changed in place": (
            "def sigmoid_derivative(z):\n    np.negative(np.abs(z), out=z)\n    return np.exp(z) / (1 + np.exp(z)) ** 2",
            "changed its input",
        ),
        "only the usual shapes": (
            "def sigmoid_derivative(z):\n    return sigmoid(z) * (1 - sigmoid(z)) if z.size in (4, 5, 6) else z",
            None,
        ),
        "library": ("from nnlab import activations\ndef sigmoid_derivative(z):\n    return activations.sigmoid_derivative(z)", None),
    },
    "relu_weights": {
        "slopes": (one_line("relu_weights", "x, y", "np.diff(y) / np.diff(x)"), "these are the slopes, not their changes"),
        "steps up": (one_line("relu_weights", "x, y", "np.diff(y)"), "these are the steps up"),
        "no widths": (one_line("relu_weights", "x, y", "np.diff(np.diff(y), prepend=0)"), "the widths are missing"),
        "turned round": (one_line("relu_weights", "x, y", "np.diff(np.diff(x) / np.diff(y), prepend=0)"), "width over height"),
        "first missing": (
            one_line("relu_weights", "x, y", "np.diff(np.diff(y) / np.diff(x))"),
            "should have shape (2,), and has shape (1,)",
        ),
        "old minus new": (
            one_line("relu_weights", "x, y", "-np.diff(np.diff(y) / np.diff(x), prepend=0)"),
            "the changes have the wrong sign",
        ),
        "later ones old minus new": (
            "def relu_weights(x, y):\n    s = np.diff(y) / np.diff(x)\n    return np.append(s[:1], s[:-1] - s[1:])",
            "only the later changes have the wrong sign",
        ),
        "against the first": (
            "def relu_weights(x, y):\n    s = np.diff(y) / np.diff(x)\n    return np.append(s[:1], s[1:] - s[0])",
            "compared with the first",
        ),
        "summed up": (one_line("relu_weights", "x, y", "np.cumsum(np.diff(y) / np.diff(x))"), "summed up, not differenced"),
        "equal widths": (
            one_line("relu_weights", "x, y", "np.diff(np.diff(y) / (x[1] - x[0]), prepend=0)"),
            "as wide as the first",
        ),
        "height first": (
            one_line("relu_weights", "x, y", "np.append(y[0], np.diff(np.diff(y) / np.diff(x), prepend=0))"),
            "should have shape (2,), and has shape (3,)",
        ),
        "list": (
            "def relu_weights(x, y):\n    s = [0] + [(d - c) / (b - a) for a, b, c, d in zip(x, x[1:], y, y[1:])]\n"
            "    return [new - old for old, new in zip(s, s[1:])]",
            "should be a NumPy array, and is a list",
        ),
        "column": (
            one_line("relu_weights", "x, y", "np.diff(np.diff(y) / np.diff(x), prepend=0)[:, None]"),
            "should have shape (2,), and has shape (2, 1)",
        ),
        "input changed in place": (
            "def relu_weights(x, y):\n    y -= y[0]\n    return np.diff(np.diff(y) / np.diff(x), prepend=0)",
            "changed its input",
        ),
        "right for the cases only": (
            one_line("relu_weights", "x, y", "np.diff(np.diff(y) / np.diff(x), prepend=0) if len(x) < 5 or x[0] == -2 else 0 * x[1:]"),
            "this should hold, and does not: the line runs through its corners",
        ),
        "five corners at most": (
            "def relu_weights(x, y):\n    c = np.diff(np.diff(y) / np.diff(x), prepend=0)\n    c[4:] = 0\n    return c",
            None,
        ),
        "one piece always falls": (
            "def relu_weights(x, y):\n    c = np.diff(np.diff(y) / np.diff(x), prepend=0)\n    return -np.abs(c) if len(c) == 1 else c",
            None,
        ),
        "steep ones cut off": (one_line("relu_weights", "x, y", "np.clip(np.diff(np.diff(y) / np.diff(x), prepend=0), -20, 20)"), None),
        "library": ("from nnlab import activations\n" + one_line("relu_weights", "x, y", "activations.relu_weights(x, y)"), None),
    },
    "dead_share": {
        "single zeros": (one_line("dead_share", "z", "np.mean(z <= 0)"), "single zeros are counted"),
        "samples": (one_line("dead_share", "z", "np.mean(np.all(z <= 0, axis=0))"), "the samples are counted"),
        "any": (one_line("dead_share", "z", "np.mean(np.any(z <= 0, axis=1))"), "as soon as it rests once"),
        "alive": (one_line("dead_share", "z", "np.mean(np.any(z > 0, axis=1))"), "the share of units that are alive"),
        "number": (one_line("dead_share", "z", "int(np.sum(np.all(z <= 0, axis=1)))"), "not a share"),
        "percentage": (one_line("dead_share", "z", "100 * np.mean(np.all(z <= 0, axis=1))"), "this is a percentage"),
        "whole share": (one_line("dead_share", "z", "np.sum(np.all(z <= 0, axis=1)) // z.shape[0]"), "cut to a whole number"),
        "divided by samples": (
            one_line("dead_share", "z", "np.sum(np.all(z <= 0, axis=1)) / z.shape[1]"),
            "divided by the number of samples",
        ),
        "strictly negative": (one_line("dead_share", "z", "np.mean(np.all(z < 0, axis=1))"), "z = 0 counts as alive"),
        "sum decides": (one_line("dead_share", "z", "np.mean(np.sum(z, axis=1) <= 0)"), "the sum of a row decides"),
        "one answer a unit": (one_line("dead_share", "z", "np.all(z <= 0, axis=1)"), "should be a single number"),
        "percent as text": (
            one_line("dead_share", "z", "f'{100 * np.mean(np.all(z <= 0, axis=1))} %'"),
            "should be a number, and is a string",
        ),
        "never quite all": (one_line("dead_share", "z", "min(np.mean(np.all(z <= 0, axis=1)), 0.99)"), None),
        "thirty units at most": (one_line("dead_share", "z", "np.mean(np.all(z[:30] <= 0, axis=1))"), None),
        "three samples": (one_line("dead_share", "z", "np.mean(np.all(z[:, :4] <= 0, axis=1))"), None),
        "divided by four at most": (one_line("dead_share", "z", "np.sum(np.all(z <= 0, axis=1)) / min(len(z), 4)"), None),
        "library": ("def dead_share(z):\n    from nnlab.activations import dead_share as theirs\n    return theirs(z)", None),
    },
    "softplus": {
        "overflows": (one_line("softplus", "z", "np.log(1 + np.exp(z))"), "as it stands, which overflows"),
        "part in front missing": (one_line("softplus", "z", "np.log(1 + np.exp(-np.abs(z)))"), "without the part in front"),
        "ReLU": (one_line("softplus", "z", "np.maximum(0, z)"), "this is the plain ReLU"),
        "sign lost": (one_line("softplus", "z", "np.logaddexp(0, -z)"), "the sign of z is lost"),
        "derivative": (one_line("softplus", "z", "sigmoid(z)"), "this is its derivative"),
        "cut off": (one_line("softplus", "z", "np.log(1 + np.exp(np.minimum(z, 700)))"), "large z are cut off"),
        "base 2": (one_line("softplus", "z", "np.logaddexp2(0, z / np.log(2))"), "a logarithm to base 2"),
        "list": (one_line("softplus", "z", "[np.logaddexp(0, each) for each in z]"), "should be a NumPy array, and is a list"),
        "prints": ("def softplus(z):\n    print(np.logaddexp(0, z))", "is None"),
        "flattened": (one_line("softplus", "z", "np.logaddexp(0, np.ravel(z))"), "should have shape (2, 3), and has shape (6,)"),
        "zero left out": (
            one_line(
                "softplus", "z", "np.where(z > 0, z + np.log1p(np.exp(-np.abs(z))), np.where(z < 0, np.log1p(np.exp(-np.abs(z))), 0))"
            ),
            "wrong at index [2]. 1 of 5",
        ),
        "straight line too early": (one_line("softplus", "z", "np.where(z > 9, z, np.log(1 + np.exp(np.minimum(z, 9))))"), None),
        "only sizes of the check": (
            one_line("softplus", "z", "np.logaddexp(0, z) if z.size in (2, 4, 5) or z.shape == (2, 3) else z"),
            None,
        ),
        "library": ("from nnlab import activations\n" + one_line("softplus", "z", "activations.softplus(z)"), None),
    },
    "elu_derivative": {
        "table as it stands": (
            one_line("elu_derivative", "z, gamma", "(z > 0) + (z <= 0) * gamma * np.exp(z)"),
            "the classmate's sum of both sides",
        ),
        "constant kept": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, gamma * (np.exp(z) - 1))"), "−γ was not dropped"),
        "ELU": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, z, gamma * (np.exp(z) - 1))"), "this is the ELU itself"),
        "no gamma": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))"), "γ is missing"),
        "swapped": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, gamma * np.exp(z), 1.0)"), "the two sides are swapped"),
        "both sides": (one_line("elu_derivative", "z, gamma", "gamma * np.exp(z)"), "used on both sides"),
        "leaky": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, gamma)"), "the slope of the leaky ReLU"),
        "gamma on both sides": (
            one_line("elu_derivative", "z, gamma", "gamma * np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))"),
            "γ multiplies both sides",
        ),
        "an array like z": (
            "def elu_derivative(z, gamma):\n    d = np.ones_like(z)\n    d[z <= 0] = gamma * np.exp(z[z <= 0])\n    return d",
            "an array of integers holds the slopes",
        ),
        "one too many": (
            one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, gamma * np.exp(-np.abs(z)) + 1)"),
            "wrong at index [0]",
        ),
        "right side at zero": (
            one_line("elu_derivative", "z, gamma", "np.where(z >= 0, 1.0, gamma * np.exp(np.minimum(z, 0)))"),
            "at zero the slope of the right side",
        ),
        "deep bends cut off": (
            one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, np.clip(gamma, 0.5, 2) * np.exp(np.minimum(z, 0)))"),
            None,
        ),
        "library": (
            "from nnlab.activations import DERIVATIVES\n" + one_line("elu_derivative", "z, gamma", "DERIVATIVES['elu'](z, gamma)"),
            None,
        ),
    },
    "swish_derivative": {
        "first term only": (swish("sigmoid(beta * z)"), "only the first term"),
        "second term only": (swish("beta * z * sigmoid(beta * z) * (1 - sigmoid(beta * z))"), "only the second term"),
        "no chain rule": (
            swish("sigmoid(beta * z) + z * sigmoid(beta * z) * (1 - sigmoid(beta * z))"),
            "the inner derivative β is missing",
        ),
        "derivatives multiplied": (swish("beta * sigmoid(beta * z) * (1 - sigmoid(beta * z))"), "the two derivatives are multiplied"),
        "no beta": (swish("sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))"), "β is left out"),
        "Swish": (swish("z * sigmoid(beta * z)"), "this is the Swish itself"),
        "wrong sign": (
            swish("sigmoid(beta * z) - beta * z * sigmoid(beta * z) * (1 - sigmoid(beta * z))"),
            "the second term is subtracted",
        ),
        "beta squared": (swish("sigmoid(beta * z) + beta**2 * z * sigmoid(beta * z) * (1 - sigmoid(beta * z))"), "β is there twice"),
        "overflows": (
            "def swish_derivative(z, beta):\n    e = np.exp(beta * z)\n    s = e / (1 + e)\n    return s + z * beta * s * (1 - s)",
            "which overflows",
        ),
        "rows of a matrix": (
            "import math\ndef swish_derivative(z, beta):\n    out = np.zeros(z.shape)\n    for i in range(z.shape[0]):\n        for j in range(z.shape[1]):\n"
            "            s = (1 + math.tanh(beta * z[i, j] / 2)) / 2\n            out[i, j] = s + z[i, j] * beta * s * (1 - s)\n    return out",
            "raised IndexError",
        ),
        "wide step": (
            swish("((z + 0.01) * sigmoid(beta * (z + 0.01)) - (z - 0.01) * sigmoid(beta * (z - 0.01))) / 0.02"),
            "wrong at index",
        ),
        "a gate that is always half open": (
            swish("sigmoid(beta * z) + beta * z * sigmoid(beta * z) * (1 - sigmoid(beta * z)) if beta else 1 + 0 * z"),
            None,
        ),
        "size of beta": (
            "def swish_derivative(z, beta):\n    beta = abs(beta)\n    s = sigmoid(beta * z)\n    return s + z * beta * s * (1 - s)",
            None,
        ),
        "sharp gates cut off": (
            "def swish_derivative(z, beta):\n    beta = np.clip(beta, 0.5, 2)\n    s = sigmoid(beta * z)\n    return s + z * beta * s * (1 - s)",
            None,
        ),
        "library": ("import nnlab.activations as act\n" + one_line("swish_derivative", "z, beta", "act.swish_derivative(z, beta)"), None),
    },
    "temperature_for": {
        "one over it": (halved("1 / np.sqrt(low * high)"), "this is 1/T"),
        "two largest scores": (
            "def temperature_for(scores, share):\n    s = np.sort(scores)\n    return (s[-1] - s[-2]) / np.log(share / (1 - share))",
            "only the two largest scores are used",
        ),
        "first share": (halved(shares="np.exp(-behind / T)[0] / np.exp(-behind / T).sum()"), "the first score is taken for the largest"),
        "overflows": (halved(shares="np.max(np.exp(scores / T) / np.exp(scores / T).sum())"), "overflows on the way"),
        "share at one": (
            "def temperature_for(scores, share):\n    return 1 / np.exp(scores - scores.max()).sum()",
            "the largest share at T = 1",
        ),
        "wrong way": (halved(test="<", low="1e-3", high="1e3"), "the halving goes the wrong way"),
        "ten halvings": (
            "def temperature_for(scores, share):\n    low, high = 0.001, 1000.0\n    for _ in range(10):\n        T = (low + high) / 2\n"
            "        if 1 / np.exp((scores - scores.max()) / T).sum() > share:\n            low = T\n        else:\n            high = T\n"
            "    return (low + high) / 2",
            "not halved often enough",
        ),
        "second largest": (
            halved(shares="-np.sort(np.exp(-behind / T) / np.exp(-behind / T).sum())[-2]", share="-share"),
            "the second largest share is made to be",
        ),
        "a row of temperatures": (
            "def temperature_for(scores, share):\n    for T in np.arange(0.1, 100, 0.1):\n"
            "        if 1 / np.exp((scores - scores.max()) / T).sum() <= share:\n            return T",
            "the first temperature of a row",
        ),
        "an array": (halved("np.full(1, np.sqrt(low * high))"), "should be a single number"),
        "input changed in place": (halved(before="    scores -= scores.max()\n"), "changed its input"),
        "from 0.001 to 1000": (halved(low="1e-3", high="1e3"), None),
        "never above thirty times the spread": (halved("min(np.sqrt(low * high), 30 * np.ptp(scores))"), None),
        "six classes": (halved(before="    scores = np.sort(scores)[-6:]\n"), None),
        "library": (
            "from nnlab.activations import temperature_for as theirs\ntemperature_for = lambda scores, share: theirs(scores, share)",
            None,
        ),
    },
}

VARIANTS = {
    "sigmoid": {
        "naive, which only warns": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
        "by tanh": "def sigmoid(z):\n    return (1 + np.tanh(z / 2)) / 2",
        "vectorized": "import math\nsigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0)",
        "by parts": (
            "def sigmoid(z):\n    out = np.empty_like(z)\n    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))\n"
            "    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))\n    return out"
        ),
    },
    "merge_layers": {
        "dot": "def merge_layers(W_1, b_1, W_2, b_2):\n    return np.dot(W_2, W_1), np.dot(W_2, b_1) + b_2",
        "by sending the unit vectors through": (
            "def merge_layers(W_1, b_1, W_2, b_2):\n    def both(x):\n        return W_2 @ (W_1 @ x + b_1) + b_2\n\n"
            "    n = W_1.shape[1]\n    b = both(np.zeros((n, 1)))\n    return both(np.eye(n)) - b, b"
        ),
        "one product": (
            "def merge_layers(W_1, b_1, W_2, b_2):\n    both = W_2 @ np.hstack([W_1, b_1])\n    return [both[:, :-1], both[:, -1:] + b_2]"
        ),
    },
    "sigmoid_derivative": {
        "twice the sigmoid": "def sigmoid_derivative(z):\n    return sigmoid(z) * (1 - sigmoid(z))",
        "by symmetry": "sigmoid_derivative = lambda z: sigmoid(z) * sigmoid(-z)",
        "naive, which only warns": "def sigmoid_derivative(z):\n    s = 1 / (1 + np.exp(-z))\n    return s - s**2",
        "by tanh": "def sigmoid_derivative(z):\n    return (1 - np.tanh(z / 2) ** 2) / 4",
    },
    "relu_weights": {
        "gradient of the pieces": (
            "def relu_weights(x, y):\n    s = [(y[k + 1] - y[k]) / (x[k + 1] - x[k]) for k in range(len(x) - 1)]\n"
            "    return np.array([s[0]] + [s[k] - s[k - 1] for k in range(1, len(s))])"
        ),
        "solved for": (
            "def relu_weights(x, y):\n    hinges = np.maximum(0, x[1:, None] - x[:-1])\n    return np.linalg.solve(hinges, y[1:] - y[0])"
        ),
        "one after the other": (
            "def relu_weights(x, y):\n    c = []\n    for k in range(len(x) - 1):\n"
            "        c.append((y[k + 1] - y[k]) / (x[k + 1] - x[k]) - sum(c))\n    return np.array(c)"
        ),
    },
    "dead_share": {
        "by the maximum": one_line("dead_share", "z", "(z.max(axis=1) <= 0).mean()"),
        "loop": "def dead_share(z):\n    return sum(1 for row in z if all(row <= 0)) / len(z)",
        "by the outputs": one_line("dead_share", "z", "float(np.mean(np.maximum(z, 0).sum(axis=1) == 0))"),
    },
    "softplus": {
        "logaddexp": one_line("softplus", "z", "np.logaddexp(0, z)"),
        "two sides": (
            "def softplus(z):\n    return np.where(z > 0, z + np.log(1 + np.exp(-np.maximum(z, 0))), np.log(1 + np.exp(np.minimum(z, 0))))"
        ),
        "where, which only warns": one_line("softplus", "z", "np.where(z > 40, z, np.log(1 + np.exp(z)))"),
    },
    "elu_derivative": {
        "where, which only warns": one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1, gamma * np.exp(z))"),
        "table, kept from overflowing": one_line("elu_derivative", "z, gamma", "(z > 0) + (z <= 0) * gamma * np.exp(-np.abs(z))"),
        "by the function": (
            "def elu_derivative(z, gamma):\n    elu = gamma * np.expm1(np.minimum(z, 0))\n    return np.where(z > 0, 1.0, elu + gamma)"
        ),
    },
    "swish_derivative": {
        "by the function": swish("beta * z * sigmoid(beta * z) + sigmoid(beta * z) * (1 - beta * z * sigmoid(beta * z))"),
        "own sigmoid, which only warns": (
            "def swish_derivative(z, beta):\n    s = 1 / (1 + np.exp(-beta * z))\n    return s * (1 + beta * z * (1 - s))"
        ),
        "by tanh": ("def swish_derivative(z, beta):\n    t = np.tanh(beta * z / 2)\n    return (1 + t) / 2 + beta * z * (1 - t**2) / 4"),
    },
    "temperature_for": {
        "in the logarithm": halved(),
        "Newton's method on 1/T": (
            "def temperature_for(scores, share):\n    d = scores.max() - scores\n    low, high = 0.0, 1.0\n"
            "    share_at = lambda beta: 1 / np.exp(-beta * d).sum()\n    while share_at(high) < share:\n        high *= 2\n"
            "    for _ in range(100):\n        beta = (low + high) / 2\n        low, high = (beta, high) if share_at(beta) < share else (low, beta)\n"
            "    return float(2 / (low + high))"
        ),
        "doubling and halving": (
            "def temperature_for(scores, share):\n    behind, T, factor = scores.max() - scores, 1.0, 2.0\n    for _ in range(2000):\n"
            "        up = 1 / np.exp(-behind / T).sum() > share\n        T = T * factor if up else T / factor\n"
            "        if _ > 200:\n            factor = 1 + (factor - 1) * 0.98\n    return T"
        ),
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "relu_weights_run_through_the_corners": "It asks for what the units draw, not for their numbers: a student reads there what was wrong.",
    "merge_layers_does_the_same": "It asks for what a merged layer does, not for its numbers: a student reads there what was wrong.",
    "softplus_large": "It tells overflow alone from what is wrong where numbers of all sizes stand side by side.",
}
