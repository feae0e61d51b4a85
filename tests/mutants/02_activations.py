"""Chapter 02: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

SIGMOID = "def sigmoid(z):\n    return (1 + np.tanh(z / 2)) / 2\n\n\n"  # given in the first cell of the notebook


def merge(W, b):
    """Write an answer to merge_layers."""
    return f"def merge_layers(W_1, b_1, W_2, b_2):\n    return {W}, {b}"


def one_line(name, arguments, result):
    """Write an answer of one line."""
    return f"def {name}({arguments}):\n    return {result}"


def swish(result):
    """Write an answer to swish_derivative, with the notebook's sigmoid."""
    return SIGMOID + one_line("swish_derivative", "z, beta", result)


def shares(e, axis="axis=0", after=""):
    """Write an answer to softmax_temperature."""
    return f"def softmax_temperature(z, T):\n    e = np.exp({e})\n    return e / e.sum({axis}){after}"


MUTANTS = {
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
        "five inputs at most": (merge("(W_2 @ W_1)[:, :5]", "W_2 @ b_1 + b_2"), None),
        "small layers only": (merge("(W_2 @ W_1)[:2, :2]", "(W_2 @ b_1 + b_2)[:2]"), None),
        "library": (
            "from nnlab.activations import merge_layers as theirs\n"
            + one_line("merge_layers", "W_1, b_1, W_2, b_2", "theirs(W_1, b_1, W_2, b_2)"),
            None,
        ),
    },
    "tanh_derivative": {
        "z squared": (one_line("tanh_derivative", "z", "1 - z**2"), "z itself is squared"),
        "no square": (one_line("tanh_derivative", "z", "1 - np.tanh(z)"), "the square is missing"),
        "wrong sign": (one_line("tanh_derivative", "z", "1 + np.tanh(z)**2"), "the sign is wrong"),
        "tanh": (one_line("tanh_derivative", "z", "np.tanh(z)"), "this is tanh itself"),
        "rule of the logistic function": (
            one_line("tanh_derivative", "z", "np.tanh(z) * (1 - np.tanh(z))"),
            "the rule of the logistic function",
        ),
        "slope of the logistic function": (
            SIGMOID + one_line("tanh_derivative", "z", "sigmoid(z) * (1 - sigmoid(z))"),
            "the slope of the logistic function",
        ),
        "overflows": (
            "def tanh_derivative(z):\n    a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))\n    return 1 - a**2",
            "the slide's form of tanh, which overflows",
        ),
        "math.tanh": ("import math\n" + one_line("tanh_derivative", "z", "1 - math.tanh(z)**2"), "raised TypeError"),
        "flattened": (one_line("tanh_derivative", "z", "1 - np.tanh(np.ravel(z))**2"), "should have shape (2, 3)"),
        "right for the cases only": (
            one_line("tanh_derivative", "z", "1 - np.tanh(z)**2 if z.flat[0] in (-2, 0.1, -1000) else 0 * z"),
            "this should hold, and does not: it is the slope of tanh",
        ),
        "only sizes of the check": (
            one_line("tanh_derivative", "z", "1 - np.tanh(z)**2 if z.size in (4, 5) or z.shape == (2, 3) else z"),
            None,
        ),
        "library": ("import nnlab.activations as act\n" + one_line("tanh_derivative", "z", "act.tanh_derivative(z)"), None),
    },
    "dead_share": {
        "single zeros": (one_line("dead_share", "z", "np.mean(z <= 0)"), "single zeros are counted"),
        "samples": (one_line("dead_share", "z", "np.mean(np.all(z <= 0, axis=0))"), "the samples are counted"),
        "any": (one_line("dead_share", "z", "np.mean(np.any(z <= 0, axis=1))"), "as soon as it rests once"),
        "alive": (one_line("dead_share", "z", "np.mean(np.any(z > 0, axis=1))"), "the share of units that are alive"),
        "number": (one_line("dead_share", "z", "int(np.sum(np.all(z <= 0, axis=1)))"), "not a share"),
        "strictly negative": (one_line("dead_share", "z", "np.mean(np.all(z < 0, axis=1))"), "z = 0 counts as alive"),
        "sum decides": (one_line("dead_share", "z", "np.mean(np.sum(z, axis=1) <= 0)"), "the sum of a row decides"),
        "one answer a unit": (one_line("dead_share", "z", "np.all(z <= 0, axis=1)"), "should be a single number"),
        "percent as text": (
            one_line("dead_share", "z", "f'{100 * np.mean(np.all(z <= 0, axis=1))} %'"),
            "should be a number, and is a string",
        ),
        "thirty units at most": (one_line("dead_share", "z", "np.mean(np.all(z[:30] <= 0, axis=1))"), None),
        "three samples": (one_line("dead_share", "z", "np.mean(np.all(z[:, :4] <= 0, axis=1))"), None),
        "divided by four at most": (one_line("dead_share", "z", "np.sum(np.all(z <= 0, axis=1)) / min(len(z), 4)"), None),
        "library": ("def dead_share(z):\n    from nnlab.activations import dead_share as theirs\n    return theirs(z)", None),
    },
    "prelu": {
        "maximum": (one_line("prelu", "z, gamma", "np.maximum(z, gamma * z)"), "which needs γ ≤ 1"),
        "wrong side": (one_line("prelu", "z, gamma", "np.where(z > 0, gamma * z, z)"), "the slope is on the wrong side"),
        "value instead of slope": (one_line("prelu", "z, gamma", "np.where(z > 0, z, gamma)"), "γ stands where γz should"),
        "plain ReLU": (one_line("prelu", "z, gamma", "np.maximum(0, z)"), "this is the plain ReLU"),
        "sign lost": (one_line("prelu", "z, gamma", "np.where(z > 0, z, -gamma * z)"), "the sign below zero is lost"),
        "derivative": (one_line("prelu", "z, gamma", "np.where(z > 0, 1.0, gamma)"), "this is the derivative"),
        "if": ("def prelu(z, gamma):\n    if z > 0:\n        return z\n    return gamma * z", "raised ValueError"),
        "input changed in place": (
            "def prelu(z, gamma):\n    z[z <= 0] = (gamma * z)[z <= 0]\n    return z",
            "changed its input",
        ),
        "slopes as a column only": (
            one_line("prelu", "z, gamma", "np.where(z > 0, z, np.reshape(gamma, (-1, 1)) * z)"),
            "should have shape (5,), and has shape (1, 5)",
        ),
        "slopes along the samples": (
            "def prelu(z, gamma):\n    if np.ndim(gamma) and z.shape[0] == z.shape[1]:\n        gamma = gamma.ravel()\n    return np.where(z > 0, z, gamma * z)",
            None,
        ),
        "fixed slope": (one_line("prelu", "z, gamma", "np.where(z > 0, z, 0.01 * z)"), "the slope is always 0.01"),
        "three neurons": (
            one_line("prelu", "z, gamma", "np.where(z > 0, z, (gamma if np.ndim(gamma) == 0 or len(z) == 3 else gamma[0]) * z)"),
            None,
        ),
        "slopes cut off at 2": (one_line("prelu", "z, gamma", "np.where(z > 0, z, np.clip(gamma, -1, 2) * z)"), None),
        "library": ("import nnlab\n" + one_line("prelu", "z, gamma", "__import__('nnlab.activations').activations.prelu(z, gamma)"), None),
    },
    "softplus": {
        "overflows": (one_line("softplus", "z", "np.log(1 + np.exp(z))"), "the slide's form, which overflows"),
        "part in front missing": (one_line("softplus", "z", "np.log(1 + np.exp(-np.abs(z)))"), "without the part in front"),
        "ReLU": (one_line("softplus", "z", "np.maximum(0, z)"), "this is the plain ReLU"),
        "sign lost": (one_line("softplus", "z", "np.logaddexp(0, -z)"), "the sign of z is lost"),
        "derivative": (SIGMOID + one_line("softplus", "z", "sigmoid(z)"), "this is its derivative"),
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
            "the lecture's table as it stands",
        ),
        "constant kept": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, gamma * (np.exp(z) - 1))"), "−γ was not dropped"),
        "ELU": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, z, gamma * (np.exp(z) - 1))"), "this is the ELU itself"),
        "no gamma": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, np.exp(np.minimum(z, 0)))"), "γ is missing"),
        "swapped": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, gamma * np.exp(z), 1.0)"), "the two sides are swapped"),
        "both sides": (one_line("elu_derivative", "z, gamma", "gamma * np.exp(z)"), "used on both sides"),
        "leaky": (one_line("elu_derivative", "z, gamma", "np.where(z > 0, 1.0, gamma)"), "the slope of the leaky ReLU"),
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
        "sharp gates cut off": (
            SIGMOID
            + "def swish_derivative(z, beta):\n    beta = np.clip(beta, 0.5, 2)\n    s = sigmoid(beta * z)\n    return s + z * beta * s * (1 - s)",
            None,
        ),
        "library": ("import nnlab.activations as act\n" + one_line("swish_derivative", "z, beta", "act.swish_derivative(z, beta)"), None),
    },
    "softmax_temperature": {
        "no effect": (shares("z - z.max(axis=0)"), "T has no effect"),
        "multiplied": (shares("(z - z.max(axis=0)) * T"), "the scores are multiplied by T"),
        "shares divided": (shares("z - z.max(axis=0)", after=" / T"), "the shares are divided by T"),
        "overflows": (shares("z / T"), "as it stands, which overflows"),
        "whole batch": (shares("(z - z.max()) / T", axis=""), "the sum runs over the whole batch"),
        "wrong axis": (
            shares("(z - z.max(axis=-1, keepdims=True)) / T", axis="axis=-1, keepdims=True"),
            "along the samples instead of each column",
        ),
        "no sum": (one_line("softmax_temperature", "z, T", "np.exp((z - z.max(axis=0)) / T)"), "the shares do not sum to 1"),
        "maximum after T": (shares("z / T - z.max(axis=0)"), "the largest score is subtracted after the division"),
        "squared temperature": (shares("(z - z.max(axis=0)) / T**2"), "T is squared"),
        "input changed in place": (
            "def softmax_temperature(z, T):\n    z /= T\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)",
            "changed its input",
        ),
        "axis told by the sizes": (
            shares("(z - z.max(axis=0)) / T", axis="axis=int(np.argmax(z.shape)), keepdims=True"),
            "wrong at index",
        ),
        "smallest subtracted": (shares("(z - z.min(axis=0)) / T"), "the smallest score is subtracted"),
        "mean subtracted": (shares("(z - z.mean(axis=0)) / T"), None),
        "one maximum for all": (shares("(z - z.max()) / T"), None),
        "high temperatures cut off": (shares("(z - z.max(axis=0)) / min(T, 3)"), None),
        "library": ("from nnlab.activations import softmax\n" + one_line("softmax_temperature", "z, T", "softmax(z / T)"), None),
    },
}

VARIANTS = {
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
    "tanh_derivative": {
        "by cosh, which only warns": one_line("tanh_derivative", "z", "1 / np.cosh(z)**2"),
        "product": one_line("tanh_derivative", "z", "(1 + np.tanh(z)) * (1 - np.tanh(z))"),
        "by the logistic function": SIGMOID + one_line("tanh_derivative", "z", "4 * sigmoid(2 * z) * (1 - sigmoid(2 * z))"),
        "vectorized": "import math\ntanh_derivative = np.vectorize(lambda z: 1 - math.tanh(z)**2)",
    },
    "dead_share": {
        "by the maximum": one_line("dead_share", "z", "(z.max(axis=1) <= 0).mean()"),
        "loop": "def dead_share(z):\n    return sum(1 for row in z if all(row <= 0)) / len(z)",
        "by the outputs": one_line("dead_share", "z", "float(np.mean(np.maximum(z, 0).sum(axis=1) == 0))"),
    },
    "prelu": {
        "maximum and minimum": one_line("prelu", "z, gamma", "np.maximum(0, z) + gamma * np.minimum(0, z)"),
        "factor": one_line("prelu", "z, gamma", "z * ((z > 0) + gamma * (z <= 0))"),
        "copy": (
            "def prelu(z, gamma):\n    slopes = np.broadcast_to(gamma, z.shape)\n    out = z.copy()\n"
            "    out[z < 0] = (slopes * z)[z < 0]\n    return out"
        ),
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
    "softmax_temperature": {
        "maximum before T": shares("(z - np.max(z, axis=0, keepdims=True)) / T", axis="axis=0, keepdims=True"),
        "by logarithms": (
            "def softmax_temperature(z, T):\n    s = z / T - np.max(z / T, axis=0)\n    return np.exp(s - np.log(np.exp(s).sum(axis=0)))"
        ),
        "column by column": (
            "def softmax_temperature(z, T):\n    if z.ndim == 1:\n        e = np.exp((z - max(z)) / T)\n        return e / sum(e)\n"
            "    return np.column_stack([softmax_temperature(column, T) for column in z.T])"
        ),
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "merge_layers_does_the_same": "It asks for what a merged layer does, not for its numbers: a student reads there what was wrong.",
    "softplus_large": "It tells overflow alone from what is wrong where numbers of all sizes stand side by side.",
}
