"""Chapter 01: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

AND, OR, NAND, NOT = '"AND": ([1, 1], 1.5)', '"OR": ([1, 1], 0.5)', '"NAND": ([-1, -1], -1.5)', '"NOT": ([-1], -0.5)'


def gates(*entries, end="np.array(w, dtype=float), theta"):
    """Write an answer to `gate` with these entries in place of the right ones of the same name."""
    return f"def gate(name):\n    w, theta = {{{', '.join((AND, OR, NAND, NOT, *entries))}}}[name]\n    return {end}"


TRAIN = """class Perceptron:
    def __init__(self, max_epochs, learning_rate=1.0):
        self.max_epochs, self.learning_rate = max_epochs, learning_rate

    def fit(self, X, y):
        self.w, self.b = np.zeros(len(X)), 0.0
        self.path, self.converged = [], False
        for _ in range(self.max_epochs):
            before = len(self.path)
            for x, label in zip(X.T, y):
                if label * (self.w @ x + self.b) <= 0:
                    self.w, self.b = perceptron_update(self.w, self.b, x, label, self.learning_rate)
                    self.path.append((self.w, self.b))
            if len(self.path) == before:
                self.converged = True
                break
        return self


def train_perceptron(X, y, max_epochs, learning_rate=1.0):
    learned = Perceptron(max_epochs, learning_rate).fit(X, y)
    return learned.w, float(learned.b), len(learned.path), bool(learned.converged)"""


def train(old, new):
    """Write an answer to `train_perceptron` with one place changed."""
    assert old in TRAIN, old
    return TRAIN.replace(old, new)


HEBB = """def hebb(X, y, learning_rate):
    w, b = np.zeros(len(X)), 0.0
    for x, label in zip(X.T, y):
        w = w + learning_rate * label * x
        b = b + learning_rate * label
    return w, b"""

EPOCH = """def one_epoch(w, b, X, y, learning_rate):
    path = []
    for x, label in zip(X.T, y):
        z = w @ x + b
        mistake = label * z <= 0
        if mistake:
            w, b = perceptron_update(w, b, x, label, learning_rate)
            path.append((w, b))
    return path"""

CLASS = TRAIN.partition("\n\n\ndef train")[0]
POCKET = (
    CLASS
    + """


def pocket(X, y, max_epochs, learning_rate=1.0):
    best, kept = len(y) + 1, None
    for w, b in Perceptron(max_epochs, learning_rate).fit(X, y).path:
        wrong = int((y * (w @ X + b) <= 0).sum())
        if wrong < best:
            best, kept = wrong, (w, b)
    return (*kept, best)"""
)


def changed(source, *pairs):
    """Write an answer with some places changed."""
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new)
    return source


def epoch(test):
    """Write an answer to `one_epoch` with another test of a mistake."""
    return changed(EPOCH, ("label * z <= 0", test))


BOUND = """def mistake_bound(X, y, w, b):
    samples = np.vstack([X, np.ones(X.shape[1])])
    line = np.append(w, b)
    R = np.linalg.norm(samples, axis=0).max()
    gamma = (y * (line @ samples)).min() / np.linalg.norm(line)
    return R**2 / gamma**2"""


def bound(old, new):
    """Write an answer to `mistake_bound` with one place changed."""
    assert old in BOUND, old
    return BOUND.replace(old, new)


MUTANTS = {
    "mp_neuron": {
        "fires at the threshold": (
            "def mp_neuron(x, w, theta):\n    return 1 if np.dot(w, x) >= theta else 0",
            "fires at the threshold already",
        ),
        "sum": ("def mp_neuron(x, w, theta):\n    return np.dot(w, x)", "the weighted sum is returned"),
        "minus one": ("def mp_neuron(x, w, theta):\n    return 1 if np.dot(w, x) > theta else -1", "the silent neuron says −1"),
        "threshold as a bias": ("def mp_neuron(x, w, theta):\n    return float(np.dot(w, x) + theta > 0)", "the threshold is added"),
        "no threshold": ("def mp_neuron(x, w, theta):\n    return float(np.dot(w, x) > 0)", "the threshold is ignored"),
        "no weights": ("def mp_neuron(x, w, theta):\n    return float(sum(x) > theta)", "without their weights"),
        "any product": ("def mp_neuron(x, w, theta):\n    return float((w * x > theta).any())", "each product is compared"),
        "upside down": ("def mp_neuron(x, w, theta):\n    return 0 if np.dot(w, x) > theta else 1", "yes and no are exchanged"),
        "prints instead of returns": ("def mp_neuron(x, w, theta):\n    print(int(np.dot(w, x) > theta))", "is None"),
        "one answer a product": ("def mp_neuron(x, w, theta):\n    return np.where(w * x > theta, 1, 0)", "should be a single number"),
        "words": ('def mp_neuron(x, w, theta):\n    return "1" if np.dot(w, x) > theta else "0"', "should be a number, and is a string"),
        "input changed in place": ("def mp_neuron(x, w, theta):\n    x *= w\n    return float(x.sum() > theta)", "changed its input"),
        "cut to a whole number": ("def mp_neuron(x, w, theta):\n    return float(int(np.dot(w, x)) > theta)", None),
        "five inputs at most": ("def mp_neuron(x, w, theta):\n    return float(np.dot(w[:5], x[:5]) > theta)", None),
        "last input forgotten": (
            "def mp_neuron(x, w, theta):\n    total = 0\n    for i in range(len(x) - 1):\n        total += w[i] * x[i]\n    return int(total > theta)",
            "the last input is forgotten",
        ),
        "total never reset": (
            "total = 0\ndef mp_neuron(x, w, theta):\n    global total\n    for i in range(len(x)):\n        total += w[i] * x[i]\n"
            "    return 1 if total > theta else 0",
            "your result should be 0, and is 1",
        ),
        "nearly at the threshold": ("def mp_neuron(x, w, theta):\n    return float(np.dot(w, x) > theta + 0.3)", None),
        "remembered by the threshold": (
            "seen = {}\ndef mp_neuron(x, w, theta):\n    return seen.setdefault((len(x), theta), float(np.dot(w, x) > theta))",
            "should be 0, and is 1",
        ),
        "three inputs at most": ("def mp_neuron(x, w, theta):\n    return float(np.dot(w[:3], x[:3]) > theta)", None),
        "library": (
            "def mp_neuron(x, w, theta):\n    from nnlab.mp_neuron import mp_neuron as theirs\n    return theirs(x, w, theta)",
            None,
        ),
    },
    "gate": {
        "AND for OR": (gates('"AND": ([1, 1], 0.5)', '"OR": ([1, 1], 1.5)'), "AND and OR are exchanged"),
        "threshold of AND reached": (gates('"AND": ([1, 1], 2)'), "AND never fires"),
        "threshold of OR reached": (gates('"OR": ([1, 1], 1)'), "OR fires only where both"),
        "negative threshold of OR": (gates('"OR": ([1, 1], -1)'), "OR fires without any input"),
        "signs of the weights only": (gates('"NAND": ([-1, -1], 1.5)'), "NAND never fires"),
        "sign of the threshold only": (gates('"NAND": ([1, 1], -1.5)'), "NAND always fires"),
        "no sign changed": (gates('"NAND": ([2, 2], 3)'), "NAND is the same as AND"),
        "NOT copies": (gates('"NOT": ([1], 0.5)'), "NOT says what its input says"),
        "NOT without a threshold": (gates('"NOT": ([-1], 0)'), "NOT never fires"),
        "NOR for NAND": (gates('"NAND": ([-1, -1], -0.5)'), "NAND says what NOR says"),
        "one array for all": (
            "ones = np.ones(2)\ndef gate(name):\n    global ones\n    if name == 'NOT':\n        return np.array([-1.0]), -0.5\n    if name == 'NAND':\n"
            "        ones *= -1\n        return ones, -1.5\n    return ones, {'AND': 1.5, 'OR': 0.5}[name]",
            "changed by a later one",
        ),
        "one array that is filled anew": (
            "w = np.ones(2)\ndef gate(name):\n    if name == 'NOT':\n        return np.array([-1.0]), -0.5\n    w[:] = -1 if name == 'NAND' else 1\n"
            "    return w, {'AND': 1.5, 'OR': 0.5, 'NAND': -1.5}[name]",
            "changed by a later one",
        ),
        "signs turned at each call": (
            "gates = {'AND': [np.ones(2), 1.5], 'OR': [np.ones(2), 0.5], 'NOT': [-np.ones(1), -0.5]}\ndef gate(name):\n    if name == 'NAND':\n"
            "        w, theta = gates['AND']\n        w *= -1\n        return w, -theta\n    w, theta = gates[name]\n    return w, theta",
            "changed by a later one",
        ),
        "bias in place of threshold": (
            gates(end="np.array(w, dtype=float), -theta"),
            "every threshold has the sign of a bias",
        ),
        "lists": (gates(end="(w, theta)"), "w should be a NumPy array, and is a list"),
        "NOT with two inputs": (gates('"NOT": ([-1, 0], -0.5)'), "w should have shape (1,)"),
        "weights only": (gates(end="np.array(w)"), "should be a tuple of 2"),
        "outputs": ("def gate(name):\n    return {'AND': [0, 0, 0, 1], 'OR': [0, 1, 1, 1]}.get(name)", "should have 2 entries, and has 4"),
        "library": ("import nnlab.mp_neuron\ndef gate(name):\n    return nnlab.mp_neuron.gate(name)", None),
    },
    "classify": {
        "zero and one": ("def classify(X, w, b):\n    return np.where(w @ X + b > 0, 1.0, 0.0)", "the labels are 0 and 1"),
        "line counts as yes": ("def classify(X, w, b):\n    return np.where(w @ X + b >= 0, 1, -1)", "a point on the line gets +1"),
        "sign": ("def classify(X, w, b):\n    return np.sign(w @ X + b)", "a point on the line gets 0"),
        "missing bias": ("def classify(X, w, b):\n    return np.where(w @ X > 0, 1, -1)", "the bias is missing"),
        "threshold for bias": ("def classify(X, w, b):\n    return np.where(w @ X > b, 1, -1)", "the bias is subtracted"),
        "no label": ("def classify(X, w, b):\n    return w @ X + b", "z is returned"),
        "upside down": ("def classify(X, w, b):\n    return np.where(w @ X + b > 0, -1, 1)", "the two labels are exchanged"),
        "list": ("def classify(X, w, b):\n    return [1 if w @ x + b > 0 else -1 for x in X.T]", "should be a NumPy array, and is a list"),
        "points as rows": ("def classify(X, w, b):\n    return np.where(X @ w + b > 0, 1, -1)", "raised ValueError"),
        "one label": ("def classify(X, w, b):\n    return np.where((w @ X + b).all() > 0, 1, -1)", "should have shape (4,)"),
        "three features at most": ("def classify(X, w, b):\n    return np.where(w[:3] @ X[:3] + b > 0, 1, -1)", None),
        "transposed where it fits": (
            "def classify(X, w, b):\n    X = X.T if X.shape[0] == X.shape[1] else X\n    return np.where(w @ X + b > 0, 1, -1)",
            None,
        ),
        "library": ("def classify(X, w, b):\n    from nnlab.mp_neuron import Perceptron, classify\n    return classify(X, w, b)", None),
    },
    "separating_line": {
        "minus lost": ("def separating_line(w, b, x1):\n    return (b + w[0] * x1) / w[1]", "the minus sign is lost"),
        "minus for the bias only": ("def separating_line(w, b, x1):\n    return (-b + w[0] * x1) / w[1]", "only the bias changes its sign"),
        "minus for the weight only": (
            "def separating_line(w, b, x1):\n    return (b - w[0] * x1) / w[1]",
            "the bias does not change its sign",
        ),
        "weights exchanged": (
            "def separating_line(w, b, x1):\n    with np.errstate(all='ignore'):\n        return -(b + w[1] * x1) / w[0]",
            "the two weights are exchanged",
        ),
        "missing bias": ("def separating_line(w, b, x1):\n    return -w[0] / w[1] * x1", "the bias is missing"),
        "brackets": ("def separating_line(w, b, x1):\n    return -b - w[0] * x1 / w[1]", "only one of the two terms"),
        "z": ("def separating_line(w, b, x1):\n    return w[0] * x1 + b", "not solved for x2"),
        "list": (
            "def separating_line(w, b, x1):\n    return [-(b + w[0] * x) / w[1] for x in x1]",
            "should be a NumPy array, and is a list",
        ),
        "slope": ("def separating_line(w, b, x1):\n    return -w[0] / w[1]", "should be a NumPy array"),
        "one number for a level line": (
            "def separating_line(w, b, x1):\n    return -b / w[1] if w[0] == 0 else -(b + w[0] * x1) / w[1]",
            "should be a NumPy array, and is of type float",
        ),
        "in place": ("def separating_line(w, b, x1):\n    x1 *= -w[0]\n    return (x1 - b) / w[1]", "changed its input"),
        "positive w2 for one point": (
            "def separating_line(w, b, x1):\n    return -(b + w[0] * x1) / (w[1] if x1.size in (2, 3, 4) else abs(w[1]))",
            None,
        ),
        "flat only": ("def separating_line(w, b, x1):\n    return np.array([-(b + w[0] * x) / w[1] for x in x1.ravel()])", None),
        "library": (
            "from nnlab.mp_neuron import separating_line as theirs\ndef separating_line(w, b, x1):\n    return theirs(w, b, x1)",
            None,
        ),
    },
    "perceptron_update": {
        "label missing": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * x, b + learning_rate",
            "the label is missing",
        ),
        "rate missing": ("def perceptron_update(w, b, x, y, learning_rate):\n    return w + y * x, b + y", "the learning rate is missing"),
        "turned away": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w - learning_rate * y * x, b - learning_rate * y",
            "the line is turned away",
        ),
        "bias kept": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * y * x, b",
            "the bias stays as it was",
        ),
        "rate missing in the bias": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * y * x, b + y",
            "the bias is updated without the learning rate",
        ),
        "memory lost": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return learning_rate * y * x, learning_rate * y",
            "the old weights are lost",
        ),
        "order": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return b + learning_rate * y, w + learning_rate * y * x",
            "w and b are returned in the wrong order",
        ),
        "in place": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    w += learning_rate * y * x\n    return w, b + learning_rate * y",
            "changed its input",
        ),
        "weights only": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * y * x",
            "should be a tuple of 2",
        ),
        "bias by a product": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * y * x, b + learning_rate * y * x",
            "b should be a single number",
        ),
        "rate of one at most": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    a = min(learning_rate, 1)\n    return w + a * y * x, b + a * y",
            None,
        ),
        "asks the neuron": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    if y == (1 if w @ x + b >= 0 else -1):\n        return w, b\n    return w + learning_rate * y * x, b + learning_rate * y",
            "Largest error: 2. This looks like: a point on the line",
        ),
        "asks the strict neuron": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    if y == (1 if w @ x + b > 0 else -1):\n        return w, b\n    return w + learning_rate * y * x, b + learning_rate * y",
            "Largest error: 3. This looks like: a point on the line",
        ),
        "asks for y z": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    if y * (w @ x + b) >= 0:\n        return w, b\n    return w + learning_rate * y * x, b + learning_rate * y",
            "a point on the line is not corrected",
        ),
        "bias always falls": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    return w + learning_rate * y * x, b - learning_rate",
            "the bias falls, whatever the label",
        ),
        "library": (
            "def perceptron_update(*args):\n    from nnlab.mp_neuron import perceptron_update as theirs\n    return theirs(*args)",
            None,
        ),
    },
    "train_perceptron": {
        "line is right": (train("<= 0", "< 0"), "a point on the line is not counted as a mistake"),
        "learns all": (train("label * (self.w @ x + self.b) <= 0", "True"), "every point is learned"),
        "corrects the right ones": (train("<= 0", ">= 0"), "the points that are right are corrected"),
        "slide's sign": (train("label * (self.w @ x + self.b) <= 0", "label * int(self.w @ x + self.b) <= 0"), "cut to a whole number"),
        "one pass": (train("range(self.max_epochs)", "range(1)"), "it stops after the first pass"),
        "a pass too few": (train("range(self.max_epochs)", "range(self.max_epochs - 1)"), "one pass is missing"),
        "from zero each time": (
            train(
                "            before = len(self.path)\n",
                "            before = len(self.path)\n            self.w, self.b = np.zeros(len(X)), 0.0\n",
            ),
            "every pass starts from zero again",
        ),
        "old weights for a whole pass": (
            train("before = len(self.path)", "before, w, b = len(self.path), self.w, self.b").replace(
                "label * (self.w @ x + self.b)", "label * (w @ x + b)"
            ),
            "the weights change only at the end of a pass",
        ),
        "looks at the end": (
            train("        return self\n", "        self.converged = all(y * (self.w @ X + self.b) > 0)\n        return self\n"),
            "called converged without a pass",
        ),
        "never says so": (train("self.converged = True", "pass"), "it never says that it has converged"),
        "no path": (train("                    self.path.append((self.w, self.b))\n", ""), "the path is not kept"),
        "bias not used": (train("self.w @ x + self.b", "self.w @ x"), "the bias is not used to find mistakes"),
        "points as rows": (train("zip(X.T, y)", "zip(X, y)"), "raised ValueError"),
        "weights only": (
            train("return learned.w, float(learned.b), len(learned.path), bool(learned.converged)", "return learned.w"),
            "should be a tuple of 4",
        ),
        "fifteen passes at most": (train("range(self.max_epochs)", "range(min(self.max_epochs, 15))"), None),
        "learning rate ignored": (train("x, label, self.learning_rate", "x, label, 1.0"), "the learning rate is not handed on"),
        "three features at most": (
            train("self.w, self.b = np.zeros(len(X)), 0.0", "X = X[:3]\n        self.w, self.b = np.zeros(len(X)), 0.0"),
            None,
        ),
        "stops where it has been before": (
            train(
                "            before = len(self.path)\n",
                "            before = len(self.path)\n            if any((w == self.w).all() and b == self.b for w, b in self.path[:-1]):\n                break\n",
            ),
            "wrong",
        ),
        "two features only": (train("np.zeros(len(X))", "np.zeros(2)"), None),
        "library": (
            "from nnlab.mp_neuron import train_perceptron as theirs\ndef train_perceptron(*args):\n    return theirs(*args)",
            None,
        ),
    },
    "hebb": {
        "label missing": (changed(HEBB, (" * label", "")), "the label is missing"),
        "rate missing": (changed(HEBB, ("learning_rate * ", "")), "the learning rate is missing"),
        "weights kept between calls": (
            "def hebb(X, y, learning_rate=1.0, w=np.zeros(2)):\n    if len(w) != len(X):\n        w = np.zeros(len(X))\n"
            "    w += learning_rate * (X @ y)\n    return w, learning_rate * float(y.sum())",
            "the same call gives another result",
        ),
        "mistakes only": (
            changed(HEBB, ("        w = w", "        if label * (w @ x + b) > 0:\n            continue\n        w = w")),
            "it learns from mistakes only",
        ),
        "class +1 only": (
            changed(HEBB, ("        w = w", "        if label < 0:\n            continue\n        w = w")),
            "only points of class +1 are learned",
        ),
        "mean": (changed(HEBB, ("return w, b", "return w / len(y), b / len(y)")), "the mean is taken in place of the sum"),
        "bias without the rate": (changed(HEBB, ("b + learning_rate * label", "b + label")), "the bias grows without the learning rate"),
        "bias kept": (changed(HEBB, ("        b = b + learning_rate * label\n", "")), "the bias stays zero"),
        "bias by rate": (changed(HEBB, ("b + learning_rate * label", "b + learning_rate")), "whatever its label"),
        "last only": (
            changed(HEBB, ("w = w + learning", "w = learning"), ("b = b + learning", "b = learning")),
            "only the last point is kept",
        ),
        "turned away": (changed(HEBB, ("w + learning", "w - learning"), ("b + learning", "b - learning")), "turn away from the points"),
        "order": (changed(HEBB, ("return w, b", "return b, w")), "in the wrong order"),
        "weights only": (changed(HEBB, ("return w, b", "return w")), "should be a tuple of 2"),
        "bias by x": (
            changed(HEBB, ("b + learning_rate * label", "b + learning_rate * label * x")),
            "b should be a single number",
        ),
        "points as rows": (changed(HEBB, ("X.T", "X")), "wrong"),
        "returns in the loop": (changed(HEBB, ("    return w, b", "        return w, b")), "wrong"),
        "four points at most": (changed(HEBB, ("zip(X.T, y)", "list(zip(X.T, y))[:4]")), None),
        "three features at most": (changed(HEBB, ("    w, b =", "    X = X[:3]\n    w, b =")), None),
        "rate of one at most": (changed(HEBB, ("learning_rate *", "min(learning_rate, 1) *")), None),
        "remembers": (
            "w = b = 0\n\n\n"
            + changed(
                HEBB,
                (
                    "    w, b = np.zeros(len(X)), 0.0",
                    "    global w, b\n    if np.shape(w) != (len(X),):\n        w, b = np.zeros(len(X)), 0.0",
                ),
            ),
            "wrong",
        ),
        "library": ("def hebb(*args):\n    from nnlab.mp_neuron import hebb as theirs\n    return theirs(*args)", None),
    },
    "one_epoch": {
        "int": (epoch("label * int(z) <= 0"), "z is cut to a whole number"),
        "round": (epoch("label * round(z) <= 0"), "z is rounded to a whole number"),
        "line is right": (epoch("label * z < 0"), "a point on the line is not counted as a mistake"),
        "upside down": (epoch("label * z > 0"), "the points that are right are corrected"),
        "all": (epoch("True"), "every point is corrected"),
        "equal": (epoch("z != label"), "compared as numbers"),
        "label not asked": (epoch("z <= 0"), "the label is not asked"),
        "old weights": (
            changed(EPOCH, ("    path = []", "    path, w_old, b_old = [], w, b"), ("w @ x + b", "w_old @ x + b_old")),
            "with the weights from the start",
        ),
        "bias not used": (changed(EPOCH, ("z = w @ x + b", "z = w @ x")), "the bias is not used"),
        "rate ignored": (changed(EPOCH, ("x, label, learning_rate", "x, label, 1.0")), "the learning rate is not handed on"),
        "kept before": (
            changed(
                EPOCH,
                ("            w, b = perc", "            path.append((w, b))\n            w, b = perc"),
                ("learning_rate)\n            path.append((w, b))", "learning_rate)"),
            ),
            "kept before the correction",
        ),
        "from zero": (changed(EPOCH, ("    path = []", "    path, w, b = [], np.zeros(len(X)), 0.0")), "it starts at zero"),
        "first only": (changed(EPOCH, ("path.append((w, b))", "return [(w, b)]")), "it stops after the first correction"),
        "the newest only": (changed(EPOCH, ("return path", "return w, b")), "should"),
        "weights only": (changed(EPOCH, ("path.append((w, b))", "path.append(w)")), "should be a tuple of 2"),
        "points as rows": (changed(EPOCH, ("X.T", "X")), "raised ValueError"),
        "epsilon": (epoch("label * z <= 0.05"), None),
        "truth at the line for one label": (epoch("label * z < 0 or (z == 0 and label > 0)"), "should have 2 entries"),
        "three features at most": (
            changed(EPOCH, ("z = w @ x + b", "z = w[:3] @ x[:3] + b")),
            None,
        ),
        "six points at most": (changed(EPOCH, ("zip(X.T, y)", "list(zip(X.T, y))[:6]")), None),
        "library": ("def one_epoch(*args):\n    from nnlab.mp_neuron import one_epoch as theirs\n    return theirs(*args)", None),
    },
    "pocket": {
        "the last": (changed(POCKET, ("if wrong < best", "if True")), "the last line is returned"),
        "last of equals": (changed(POCKET, ("wrong < best", "wrong <= best")), "of equally good lines the last one is kept"),
        "line is right": (changed(POCKET, ("(w @ X + b) <= 0", "(w @ X + b) < 0")), "a point on the line is counted as right"),
        "the worst": (
            changed(POCKET, ("best, kept = len(y) + 1", "best, kept = -1"), ("wrong < best", "wrong > best")),
            "the worst line is kept",
        ),
        "right ones": (changed(POCKET, ("(*kept, best)", "(*kept, len(y) - best)")), "the points that are right are counted"),
        "corrections": (
            changed(POCKET, ("(*kept, best)", "(*kept, len(Perceptron(max_epochs, learning_rate).fit(X, y).path))")),
            "the number of corrections is returned",
        ),
        "rate": (changed(POCKET, ("(max_epochs, learning_rate)", "(max_epochs)")), "the learning rate is not handed on"),
        "ends of epochs": (
            changed(
                POCKET,
                (
                    "    for w, b in Perceptron(max_epochs, learning_rate).fit(X, y).path:\n",
                    "    w, b = np.zeros(len(X)), 0.0\n    for _ in range(max_epochs):\n        steps = one_epoch(w, b, X, y, learning_rate)\n"
                    "        if not steps:\n            break\n        w, b = steps[-1]\n",
                ),
            ),
            "only the line at the end of each epoch is tried",
        ),
        "line only": (changed(POCKET, ("(*kept, best)", "kept")), "should have 3 entries"),
        "index": (changed(POCKET, ("(*kept, best)", "best")), "should be a tuple of 3"),
        "share": (changed(POCKET, ("(*kept, best)", "(*kept, best / len(y))")), "wrong"),
        "first line": (changed(POCKET, ("            best, kept = wrong, (w, b)", "            return w, b, wrong")), "wrong"),
        "two epochs at most": (changed(POCKET, ("Perceptron(max_epochs,", "Perceptron(min(max_epochs, 2),")), None),
        "two features": (changed(POCKET, ("w @ X + b", "w[:2] @ X[:2] + b")), None),
        "library": ("def pocket(*args):\n    from nnlab.mp_neuron import pocket as theirs\n    return theirs(*args)", None),
    },
    "mistake_bound": {
        "slide's bound": (
            "def mistake_bound(X, y, w, b):\n    R = np.linalg.norm(X, axis=0).max()\n"
            "    return (R / ((y * (w @ X + b)).min() / np.linalg.norm(w))) ** 2",
            "the constant input 1 and the bias are left out",
        ),
        "R without the one": (
            bound("np.linalg.norm(samples, axis=0)", "np.linalg.norm(X, axis=0)"),
            "R is taken without the constant input 1",
        ),
        "norm without the bias": (bound("np.linalg.norm(line)", "np.linalg.norm(w)"), "the bias is missing in the norm"),
        "no norm": (bound(" / np.linalg.norm(line)", ""), "the margin is not divided by the norm"),
        "no labels": (bound("(y * (line @ samples))", "(line @ samples)"), "the labels are missing"),
        "not squared": (bound("R**2 / gamma**2", "R / gamma"), "R / γ is not squared"),
        "mean margin": (bound(".min()", ".mean()"), "the mean margin is taken"),
        "largest margin": (bound(".min()", ".max()"), "the largest margin is taken"),
        "upside down": (bound("R**2 / gamma**2", "gamma**2 / R**2"), "the fraction is upside down"),
        "only R squared": (bound("gamma**2", "gamma"), "only R is squared"),
        "norm of the whole matrix": (bound("norm(samples, axis=0).max()", "norm(samples)"), "the norm of all samples together"),
        "a pair": (bound("return R**2 / gamma**2", "return R, gamma"), "should be a number"),
        "in place": (bound("(y * (line @ samples)).min()", "np.multiply(y, line @ samples, out=y).min()"), "changed its input"),
        "scale of the weights": (bound("np.linalg.norm(line)", "max(np.linalg.norm(line), 1)"), None),
        "both classes needed": (
            bound("(y * (line @ samples)).min()", "min((line @ samples)[y > 0].min(), -(line @ samples)[y < 0].max())"),
            None,
        ),
        "first point is the nearest": (
            bound("(y * (line @ samples)).min()", "(min(y * (line @ samples)) if len(y) < 5 else (y * (line @ samples))[0])"),
            None,
        ),
        "library": ("def mistake_bound(*args):\n    import nnlab.mp_neuron as lesson\n    return lesson.mistake_bound(*args)", None),
    },
    "xor_network": {
        "opposite": ('def xor_network():\n    return gate("OR"), gate("NAND"), gate("NAND")', "yes to two equal inputs"),
        "OR": ('def xor_network():\n    return gate("OR"), gate("OR"), gate("OR")', "as OR does"),
        "always yes": ('def xor_network():\n    return gate("OR"), gate("NAND"), gate("OR")', "yes to everything"),
        "AND": ('def xor_network():\n    return gate("AND"), gate("OR"), gate("AND")', "as AND does"),
        "always no": ('def xor_network():\n    return gate("AND"), gate("NAND"), gate("AND")', "no to everything"),
        "NAND twice": ('def xor_network():\n    return gate("NAND"), gate("NAND"), gate("OR")', "as NAND does"),
        "two neurons": ('def xor_network():\n    return gate("OR"), gate("NAND")', "should have 3 entries, and has 2"),
        "names": ('def xor_network():\n    return "OR", "NAND", "AND"', "first should be a tuple of 2, and is a string"),
        "NOT as the output": (
            'def xor_network():\n    return gate("OR"), gate("NAND"), gate("NOT")',
            "output[0] should have shape (2,), and has shape (1,)",
        ),
        "outputs": ("def xor_network():\n    return np.array([0.0, 1.0, 1.0, 0.0])", "should be a tuple of 3"),
        "library": ("def xor_network():\n    from nnlab.mp_neuron import xor_network as theirs\n    return theirs()", None),
    },
}

VARIANTS = {
    "mp_neuron": {
        "lambda": "mp_neuron = lambda x, w, theta: int(w @ x > theta)",
        "loop": "def mp_neuron(x, w, theta):\n    s = 0\n    for i in range(len(w)):\n        s += w[i] * x[i]\n    if s > theta:\n        return 1\n    return 0",
        "NumPy's truth value": "def mp_neuron(x, w, theta):\n    return np.dot(w, x) > theta",
        "Python's truth value": "def mp_neuron(x, w, theta):\n    return bool(np.dot(w, x) > theta)",
        "where": "def mp_neuron(x, w, theta):\n    return np.where((w * x).sum() - theta > 0, 1, 0)",
        "heaviside": "def mp_neuron(x, w, theta):\n    return np.heaviside(np.inner(x, w) - theta, 0)",
    },
    "gate": {
        "other numbers": gates('"AND": ([2, 3], 4)', '"OR": ([10, 9], 0)', '"NAND": ([-0.2, -0.1], -0.25)', '"NOT": ([-7], -6.5)'),
        "a list for a tuple": gates(end="[np.array(w), theta]"),
        "pair by signs": (
            "def gate(name):\n    if name == 'NAND':\n        w, theta = gate('AND')\n        return -w, -theta\n"
            "    return {'AND': (np.ones(2), 1.5), 'OR': (np.ones(2), 0.5), 'NOT': (-np.ones(1), np.float64(-0.5))}[name]"
        ),
    },
    "classify": {
        "arithmetic": "def classify(X, w, b):\n    return 2 * (w @ X + b > 0) - 1",
        "point by point": "def classify(X, w, b):\n    return np.array([1 if np.dot(w, x) > -b else -1 for x in X.T])",
        "fill": "def classify(X, w, b):\n    labels = -np.ones(X.shape[1])\n    labels[np.dot(w, X) + b > 0] = 1\n    return labels",
    },
    "separating_line": {
        "slope and intercept": "def separating_line(w, b, x1):\n    return -w[0] / w[1] * x1 - b / w[1]",
        "unpacked": "def separating_line(w, b, x1):\n    w1, w2 = w\n    return (-b - np.multiply(w1, x1)) / w2",
    },
    "perceptron_update": {
        "copy": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    w = w.copy()\n    w += learning_rate * y * x\n"
            "    b += learning_rate * y\n    return [w, b]"
        ),
        "only after a mistake": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    if y * (w @ x + b) <= 0:\n        w = w + learning_rate * y * x\n"
            "        b = b + learning_rate * y\n    return w, b"
        ),
        "by cases": (
            "def perceptron_update(w, b, x, y, learning_rate):\n    if y > 0:\n        return w + learning_rate * x, b + learning_rate\n"
            "    return w - learning_rate * x, b - learning_rate"
        ),
    },
    "train_perceptron": {
        "flag": train("            before = len(self.path)\n", "            wrong = 0\n")
        .replace("                    self.path.append", "                    wrong += 1\n                    self.path.append")
        .replace(
            "            if len(self.path) == before:\n                self.converged = True\n                break",
            "            self.converged = wrong == 0\n            if self.converged:\n                break",
        ),
        "while": train(
            "        for _ in range(self.max_epochs):\n",
            "        epoch = 0\n        while epoch < self.max_epochs and not self.converged:\n            epoch += 1\n",
        ).replace("                self.converged = True\n                break", "                self.converged = True"),
        "by columns, without the class": (
            "def train_perceptron(X, y, max_epochs, learning_rate=1):\n    w, b, n = np.zeros(X.shape[0]), 0, 0\n    for epoch in range(max_epochs):\n"
            "        clean = True\n        for i in range(X.shape[1]):\n            if np.sign(np.dot(w, X[:, i]) + b) != y[i]:\n"
            "                w = w + learning_rate * y[i] * X[:, i]\n                b = b + learning_rate * y[i]\n                n += 1\n                clean = False\n"
            "        if clean:\n            return w, b, n, True\n    return w, b, n, False"
        ),
    },
    "hebb": {
        "one product": "def hebb(X, y, learning_rate):\n    return learning_rate * X @ y, learning_rate * np.sum(y)",
        "longer vectors": (
            "def hebb(X, y, learning_rate):\n    longer = learning_rate * np.vstack([X, np.ones(X.shape[1])]) @ y\n    return longer[:-1], longer[-1]"
        ),
        "by columns": (
            "def hebb(X, y, learning_rate):\n    w, b = np.zeros(X.shape[0]), 0\n    for i in range(len(y)):\n"
            "        w += learning_rate * y[i] * X[:, i]\n        b += learning_rate * y[i]\n    return [w, b]"
        ),
    },
    "one_epoch": {
        "np.sign": epoch("np.sign(z) != label"),
        "classify": epoch("not (z > 0 and label > 0 or z < 0 and label < 0)"),
        "not right": epoch("not label * z > 0"),
        "by columns": (
            "def one_epoch(w, b, X, y, learning_rate):\n    path = []\n    for i in range(X.shape[1]):\n        if y[i] * (X[:, i].dot(w) + b) <= 0:\n"
            "            w = w + learning_rate * y[i] * X[:, i]\n            b = b + learning_rate * y[i]\n            path += [[w, b]]\n    return path"
        ),
    },
    "pocket": {
        "min": (
            CLASS
            + "\n\n\ndef pocket(X, y, max_epochs, learning_rate=1.0):\n    def wrong(line):\n        return int(np.sum(y * (line[0] @ X + line[1]) <= 0))\n"
            "    best = min(Perceptron(max_epochs, learning_rate).fit(X, y).path, key=wrong)\n    return best[0], best[1], wrong(best)"
        ),
        "argmin": (
            CLASS
            + "\n\n\ndef pocket(X, y, max_epochs, learning_rate=1.0):\n    path = Perceptron(max_epochs, learning_rate).fit(X, y).path\n"
            "    counts = [np.count_nonzero(y * (w @ X + b) <= 0) for w, b in path]\n    i = int(np.argmin(counts))\n    return [*path[i], counts[i]]"
        ),
        "epoch by epoch": (
            "def pocket(X, y, max_epochs, learning_rate=1):\n    w, b, kept = np.zeros(len(X)), 0.0, None\n    for _ in range(max_epochs):\n"
            "        for w, b in one_epoch(w, b, X, y, learning_rate):\n            wrong = len(y) - (y * (w @ X + b) > 0).sum()\n"
            "            if kept is None or wrong < kept[2]:\n                kept = (w, b, wrong)\n    return kept"
        ),
    },
    "mistake_bound": {
        "squares": (
            "def mistake_bound(X, y, w, b):\n    R2 = max(x @ x + 1 for x in X.T)\n    smallest = min(label * (w @ x + b) for x, label in zip(X.T, y))\n"
            "    return R2 * (w @ w + b * b) / smallest**2"
        ),
        "concatenate": (
            "def mistake_bound(X, y, w, b):\n    A = np.concatenate([X.T, np.ones((len(y), 1))], axis=1)\n    v = np.concatenate([w, [b]])\n"
            "    margins = y * A.dot(v) / np.sqrt((v**2).sum())\n    return np.max((A**2).sum(axis=1)) / np.min(margins) ** 2"
        ),
    },
    "xor_network": {
        "one and not the other": (
            "def xor_network():\n    return (np.array([1.0, -1.0]), 0.5), (np.array([-1.0, 1.0]), 0.5), (np.array([1.0, 1.0]), 0.5)"
        ),
        "OR without AND": 'def xor_network():\n    return gate("OR"), gate("AND"), (np.array([1.0, -1.0]), 0.5)',
        "lists of pairs": 'def xor_network():\n    return [list(gate(name)) for name in ("NAND", "OR", "AND")]',
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "pocket_first_of_equals": "It meets ties and points on the line for certain. The other test meets them by the draw, and says nothing of them.",
    "train_perceptron_separates": "It is the usual case, in units in which every mistake of a rule shows; the others ask for one edge each.",
    "mistake_bound_plane": "It is what the lecture draws. Whoever is right in the plane only shall earn that.",
}
