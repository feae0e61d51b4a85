"""Chapter 04: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

# The answer to `node_gradients` is a class with three methods to write; here they are put in as text.
NODE = """
class Node:
    def __init__(self, value, arguments=(), local=()):
        self.value, self.arguments, self.local, self.grad = value, arguments, local, 0.0

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), (1.0, 1.0))

    def inverse(self):
        return Node(1 / self.value, (self,), (-1 / self.value**2,))

    def __mul__(self, other):
%s

    def exp(self):
%s

    def order(self, done=None):
        done = [] if done is None else done
        if self not in done:
            for argument in self.arguments:
                argument.order(done)
            done.append(self)
        return done

    def backward(self):
%s

def node_gradients(leaves, steps):
    build = {"+": lambda u, v: u + v, "*": lambda u, v: u * v, "exp": lambda u: u.exp(), "1/x": lambda u: u.inverse()}
    nodes = [Node(value) for value in leaves]
    for op, *arguments in steps:
        nodes.append(build[op](*[nodes[i] for i in arguments]))
    nodes[-1].backward()
    nodes[-1].backward()
    return [node.value for node in nodes], [node.grad for node in nodes]
"""
TIMES = "        return Node(self.value * other.value, (self, other), (other.value, self.value))"
EXP = "        return Node(np.exp(self.value), (self,), (np.exp(self.value),))"
BACKWARD = """        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(self.order()):
            for argument, slope in zip(node.arguments, node.local):
                argument.grad += node.grad * slope"""


def changed(text, old, new):
    """Replace a piece of a text that is there."""
    assert old in text, old
    return text.replace(old, new)


def node(times=TIMES, exp=EXP, backward=BACKWARD):
    """Write the class."""
    return NODE % (times, exp, backward)


LOCALS = """def local_gradients(op, values):
    if op == "+":
        return [1.0, 1.0]
    if op == "*":
        u, v = values
        return [v, u]
    if op == "exp":
        return [np.exp(values[0])]
    if op == "1/x":
        return [-1 / values[0] ** 2]
    u, v = values
    if op == "-":
        return [1.0, -1.0]
    return [1 / v, -u / v**2]"""
OPS = """OPS = {"+": lambda u, v: u + v, "-": lambda u, v: u - v, "*": lambda u, v: u * v, "/": lambda u, v: u / v,
       "exp": lambda u: np.exp(u), "1/x": lambda u: 1 / u}

"""
VALUES = (
    OPS
    + """def graph_values(leaves, steps):
    values = list(leaves)
    for op, *arguments in steps:
        values.append(OPS[op](*[values[i] for i in arguments]))
    return values"""
)
GRADIENTS = """def graph_gradients(leaves, steps):
    values = graph_values(leaves, steps)
    gradients = [0.0] * len(values)
    gradients[-1] = 1.0
    for node in reversed(range(len(leaves), len(values))):
        op, *arguments = steps[node - len(leaves)]
        for i, slope in zip(arguments, local_gradients(op, [values[i] for i in arguments])):
            gradients[i] += gradients[node] * slope
    return values, gradients"""
SIGMOID = "from nnlab.activations import sigmoid\n"
LAYER = "def layer_gradients(delta, a):\n    n = delta.shape[1]\n    return delta @ a.T / n, delta.sum(axis=1, keepdims=True) / n"
LOOP = (
    "def backward(y, W, z, a, f_grad, f_out_grad):\n    d = delta_output(a[-1], y, f_out_grad(z[-1]))\n    dW, db = [], []\n"
    "    for l in reversed(range(len(W))):\n        g, h = layer_gradients(d, a[l])\n        dW.insert(0, g)\n        db.insert(0, h)\n"
    "        if l:\n            d = delta_hidden(d, W[l], z[l - 1], f_grad)\n    return dW, db"
)
STEP = "def optimize(W, b, dW, db, alpha=0.02):\n    return [w - alpha * g for w, g in zip(W, dW)], [v - alpha * g for v, g in zip(b, db)]"
DIFFERENCES = (
    "def central_differences(f, p, h=1e-5):\n    slopes = np.zeros(p.shape)\n    for i in np.ndindex(p.shape):\n        e = np.zeros(p.shape)\n"
    "        e[i] = h\n        slopes[i] = (f(p + e) - f(p - e)) / (2 * h)\n    return slopes"
)
SOFT = "def softmax_squared_delta(a, y):\n    e = a - y\n    return a * (e - np.sum(a * e, axis=0))"

MUTANTS = {
    "local_gradients": {
        "reciprocal without minus": (
            changed(LOCALS, "[-1 / values[0] ** 2]", "[1 / values[0] ** 2]"),
            "the slope of 1/u has lost its minus",
        ),
        "reciprocal not squared": (changed(LOCALS, "[-1 / values[0] ** 2]", "[-1 / values[0]]"), "taken for −1/u"),
        "logarithm": (changed(LOCALS, "[-1 / values[0] ** 2]", "[np.log(abs(values[0]))]"), "integrated, not differentiated"),
        "power rule": (changed(LOCALS, "[np.exp(values[0])]", "[values[0] * np.exp(values[0] - 1)]"), "like a power of u"),
        "exponential 1": (changed(LOCALS, "[np.exp(values[0])]", "[1.0]"), "the exponential is taken for 1"),
        "exponential u": (changed(LOCALS, "[np.exp(values[0])]", "[values[0]]"), "the exponential is taken for its argument"),
        "difference like a sum": (changed(LOCALS, "[1.0, -1.0]", "[1.0, 1.0]"), "a difference has the local gradients of a sum"),
        "difference turned round": (changed(LOCALS, "[1.0, -1.0]", "[-1.0, 1.0]"), "signs of a difference are exchanged"),
        "quotient without minus": (changed(LOCALS, "-u / v**2", "u / v**2"), "has lost its minus"),
        "quotient without numerator": (changed(LOCALS, "-u / v**2", "-1 / v**2"), "has lost its numerator"),
        "quotient like a product": (changed(LOCALS, "[1 / v, -u / v**2]", "[v, u]"), "a quotient has the local gradients of a product"),
        "quotient turned round": (changed(LOCALS, "[1 / v, -u / v**2]", "[-u / v**2, 1 / v]"), "stand in the wrong order"),
        "numbers, not lists": (changed(LOCALS, "[np.exp(values[0])]", "np.exp(values[0])"), "should be"),
        "one number for two": (changed(LOCALS, "[1 / v, -u / v**2]", "[1 / v]"), "should have 2 entries, and has 1"),
        "the quotient is forgotten": (changed(LOCALS, "    return [1 / v, -u / v**2]", "    pass"), "is None"),
        "changes the values": (changed(LOCALS, "return [v, u]", "values.reverse()\n        return values"), "changed its input"),
        "reciprocals of positive numbers only": (
            changed(LOCALS, "-1 / values[0] ** 2", "1 / values[0] ** 2 if 0 < values[0] else -1 / values[0] ** 2"),
            None,
        ),
        "exponential clipped": (changed(LOCALS, "np.exp(values[0])", "np.exp(min(values[0], 0))"), None),
        "denominators below 0 only": (changed(LOCALS, "-u / v**2", "-u / v**2 if v < 0 else u / v**2"), None),
        "library": (
            "from nnlab.backpropagation import local_gradients as theirs\ndef local_gradients(op, values):\n    return theirs(op, values)",
            None,
        ),
    },
    "graph_values": {
        "without leaves": (changed(VALUES, "return values", "return values[len(leaves):]"), "the leaves are left out"),
        "the result only": (changed(VALUES, "return values", "return values[-1]"), "only the result is returned"),
        "positions for values": (changed(VALUES, "values[i] for i", "float(i) for i"), "positions are taken for values"),
        "always a sum": (
            changed(VALUES, "OPS[op](*[values[i] for i in arguments])", "sum(values[i] for i in arguments)"),
            "every step is a sum",
        ),
        "leaves only": (changed(VALUES, "[values[i] for", "[leaves[i] for"), "list index out of range"),
        "reverse order": (changed(VALUES, "in arguments]", "in reversed(arguments)]"), "in reverse order"),
        "leaves behind": (changed(VALUES, "return values", "return values[len(leaves):] + list(leaves)"), "the leaves stand behind"),
        "one step too few": (changed(VALUES, "in steps:", "in steps[:-1]:"), "the last step is left out"),
        "no copy": (changed(VALUES, "list(leaves)", "leaves"), "changed its input"),
        "no star": (changed(VALUES, "(*[values", "([values"), "raised TypeError"),
        "two arguments always": (
            changed(VALUES, "op, *arguments in steps:", "op, i, j in steps:").replace(
                "*[values[i] for i in arguments]", "values[i], values[j]"
            ),
            "raised ValueError",
        ),
        "stops after the first": (changed(VALUES, "    return values", "        return values"), "not as many entries"),
        "prints": (changed(VALUES, "return values", "print(values)"), "is None"),
        "needs a step": (changed(VALUES, "return values", "return values[:len(arguments) and None]"), None),
        "keeps the values of steps it knows": (
            changed(VALUES, "def graph", "kept = {}\ndef graph").replace(
                "return values", "return list(leaves) + kept.setdefault(str(steps), values[len(leaves):])"
            ),
            None,
        ),
        "five leaves at most": (changed(VALUES, "return values", "return values if len(steps) not in (9, 6, 5) else values[::-1]"), None),
        "library": (
            "from nnlab.backpropagation import graph_values as theirs\ndef graph_values(leaves, steps):\n    return theirs(leaves, steps)",
            None,
        ),
    },
    "graph_gradients": {
        "shares overwritten": (changed(GRADIENTS, "+= gradients", "= gradients"), "a share of the gradient overwrites the one before"),
        "no upstream": (changed(GRADIENTS, "+= gradients[node] * slope", "+= slope"), "the upstream gradient is left out"),
        "no local": (changed(GRADIENTS, "gradients[node] * slope", "gradients[node]"), "the local gradient is left out"),
        "starts from 0": (changed(GRADIENTS, "gradients[-1] = 1.0", "pass"), "the gradient of the result starts from 0"),
        "starts from the value": (
            changed(GRADIENTS, "gradients[-1] = 1.0", "gradients[-1] = values[-1]"),
            "the gradient of the result is its value",
        ),
        "sum instead of product": (
            changed(GRADIENTS, "gradients[node] * slope", "gradients[node] + slope"),
            "upstream and local gradient are added",
        ),
        "not reversed": (
            changed(GRADIENTS, "reversed(range(len(leaves), len(values)))", "range(len(leaves), len(values))"),
            "from the leaves to the result",
        ),
        "subtracted": (changed(GRADIENTS, "+= grad", "-= grad"), "taken away, not added"),
        "leaves only": (
            changed(GRADIENTS, "values, gradients\n" if False else "return values, gradients", "return values, gradients[:len(leaves)]"),
            "gradients of the leaves only",
        ),
        "exchanged": (
            changed(GRADIENTS, "return values, gradients", "return gradients, values"),
            "values and gradients are returned in the wrong order",
        ),
        "gradients only": (changed(GRADIENTS, "return values, gradients", "return gradients"), "should have 2 entries"),
        "locals of positions": (changed(GRADIENTS, "[values[i] for i in arguments]", "arguments"), "the gradients["),
        "counted from the first node": (changed(GRADIENTS, "steps[node - len(leaves)]", "steps[node]"), "raised IndexError"),
        "only the graphs of the check": (
            changed(GRADIENTS, "    values =", "    assert len(leaves) in (1, 3, 7) and len(steps) > 1\n    values ="),
            None,
        ),
        "the same list again": (
            changed(GRADIENTS, "def graph_gradients", "shared = [0.0] * 99\ndef graph_gradients")
            .replace("[0.0] * len(values)", "shared[:len(values)]")
            .replace("return values", "shared[0] = gradients[0]\n    return values"),
            "the gradients[0] is wrong",
        ),
        "keeps the gradients of short graphs it knows": (
            changed(GRADIENTS, "def graph", "kept = {}\ndef graph").replace(
                "return values, gradients", "return values, kept.setdefault(str(steps), gradients) if len(steps) == 2 else gradients"
            ),
            None,
        ),
        "a difference at the start": (
            changed(
                GRADIENTS,
                "        for i, slope in zip(arguments, local_gradients(op,",
                "        op = '+' if op == '-' and node == len(leaves) else op\n        for i, slope in zip(arguments, local_gradients(op,",
            ),
            None,
        ),
        "a leaf that nobody uses": (
            changed(
                GRADIENTS,
                "return values, gradients",
                "used = {i for _, *places in steps for i in places}\n    return values, [g if i in used or g else 1.0 for i, g in enumerate(gradients)]",
            ),
            None,
        ),
        "keeps the local gradients of steps it knows": (
            changed(GRADIENTS, "def graph", "kept = {}\ndef graph").replace(
                "local_gradients(op, [values[i] for i in arguments])",
                "kept.setdefault((str(steps), node), local_gradients(op, [values[i] for i in arguments]))",
            ),
            None,
        ),
        "library": (
            "from nnlab.backpropagation import graph_gradients as theirs\ndef graph_gradients(leaves, steps):\n    return theirs(leaves, steps)",
            None,
        ),
    },
    "node_gradients": {
        "shares overwritten": (node(backward=changed(BACKWARD, "+= node.grad", "= node.grad")), "overwrites the one before"),
        "no upstream": (node(backward=changed(BACKWARD, "+= node.grad * slope", "+= slope")), "the upstream gradient is left out"),
        "no local": (node(backward=changed(BACKWARD, "node.grad * slope", "node.grad")), "the local gradient is left out"),
        "starts from 0": (node(backward=changed(BACKWARD, "self.grad = 1.0", "pass")), "the gradient of the result starts from 0"),
        "never starts again": (
            node(backward=changed(BACKWARD, "node.grad = 0.0", "pass")),
            "a second run adds to the gradients of the first",
        ),
        "sum instead of product": (
            node(backward=changed(BACKWARD, "node.grad * slope", "node.grad + slope")),
            "upstream and local gradient are added",
        ),
        "not reversed": (node(backward=changed(BACKWARD, "reversed(self.order())", "self.order()")), "from the leaves to the result"),
        "own values": (
            node(times=changed(TIMES, "(other.value, self.value)", "(self.value, other.value)")),
            "gets its own value as local gradient",
        ),
        "product like a sum": (
            node(times=changed(TIMES, "(other.value, self.value)", "(1.0, 1.0)")),
            "a product has the local gradients of a sum",
        ),
        "product computed like a sum": (node(times=changed(TIMES, "self.value * other", "self.value + other")), "the values[4] is wrong"),
        "exp hands on its argument": (
            node(exp=changed(EXP, "(np.exp(self.value),)", "(self.value,)")),
            "the exponential hands on its argument",
        ),
        "exp hands on all": (node(exp=changed(EXP, "(np.exp(self.value),)", "(1.0,)")), "passes its gradient on unchanged"),
        "exp forgets where it came from": (node(exp="        return Node(np.exp(self.value))"), "the gradients[0] is wrong. Larg"),
        "product forgets where it came from": (node(times="        return Node(self.value * other.value)"), "the gradients[0] is"),
        "no comma": (node(exp=changed(EXP, "(self,)", "(self)")), "raised TypeError"),
        "numbers, not nodes": (node(times="        return self.value * other.value"), "raised"),
        "every node asks its arguments at once": (
            node(
                backward="        for node in self.order():\n            node.grad = 0.0\n        self.grad = 1.0\n        stack = [self]\n"
                "        while stack:\n            node = stack.pop()\n            for argument, slope in zip(node.arguments, node.local):\n"
                "                argument.grad += node.grad * slope\n                stack.append(argument)"
            ),
            "the gradients[",
        ),
        "only the graphs of the check": (
            node().replace("    build =", "    assert len(leaves) in (1, 2, 3, 7) and len(steps) in (2, 3, 4, 8)\n    build ="),
            None,
        ),
        "exponentials of positive numbers": (node(exp=changed(EXP, "(np.exp(self.value),)", "(np.exp(min(self.value, 0)),)")), None),
        "three shares at most": (
            node(
                backward="        for node in self.order():\n            node.grad, node.uses = 0.0, 0\n        self.grad = 1.0\n"
                "        for node in reversed(self.order()):\n            for argument, slope in zip(node.arguments, node.local):\n"
                "                argument.uses += 1\n                argument.grad += node.grad * slope * (argument.uses < 4)"
            ),
            None,
        ),
        "squares have one factor": (
            node(times="        if self is other:\n            return Node(self.value**2, (self,), (self.value,))\n" + TIMES),
            "the gradients[0] is wrong",
        ),
        "library": (
            "from nnlab.backpropagation import node_gradients as theirs\ndef node_gradients(leaves, steps):\n    return theirs(leaves, steps)",
            None,
        ),
    },
    "central_differences": {
        "one-sided": (DIFFERENCES.replace("f(p - e)) / (2 * h)", "f(p)) / h"), "taken to one side only"),
        "divided by h": (DIFFERENCES.replace("/ (2 * h)", "/ h"), "divided by h instead of 2h"),
        "all together": (
            "def central_differences(f, p, h=1e-5):\n    return np.full(p.shape, (f(p + h) - f(p - h)) / (2 * h))",
            "moved together",
        ),
        "wrong sign": (DIFFERENCES.replace("f(p + e) - f(p - e)", "f(p - e) - f(p + e)"), "the sign is wrong"),
        "flat": (DIFFERENCES.replace("return slopes", "return slopes.ravel()"), "the result is flat"),
        "not divided": (DIFFERENCES.replace("/ (2 * h)", ""), "the difference is not divided"),
        "brackets": (DIFFERENCES.replace("/ (2 * h)", "/ 2 * h"), "the brackets are missing"),
        "step of one": (DIFFERENCES.replace("e[i] = h", "e[i] = 1"), "the step is 1, not h"),
        "in place, not undone": (
            "def central_differences(f, p, h=1e-5):\n    slopes = np.zeros(p.shape)\n    for i in np.ndindex(p.shape):\n"
            "        p[i] += h\n        up = f(p)\n        p[i] -= 2 * h\n        slopes[i] = (up - f(p)) / (2 * h)\n        p[i] += 1.5 * h\n"
            "    return slopes",
            "3 of 6 values are wrong.",
        ),
        "in a copy, not put back": (
            "def central_differences(f, p, h=1e-5):\n    q, slopes = p.copy(), np.zeros(p.shape)\n    for i in np.ndindex(p.shape):\n"
            "        q[i] += h\n        up = f(q)\n        q[i] -= 2 * h\n        slopes[i] = (up - f(q)) / (2 * h)\n    return slopes",
            "is not put back",
        ),
        "elements of f": (
            "def central_differences(f, p, h=1e-5):\n    return np.array([(f(v + h) - f(v - h)) / (2 * h) for v in p])",
            "should have shape (2, 3)",
        ),
        "matrices only": (
            "def central_differences(f, p, h=1e-5):\n    slopes = np.zeros(p.shape)\n    rows, columns, *more = p.shape\n"
            "    for i in np.ndindex(rows, columns, *more):\n        e = np.zeros(p.shape)\n        e[i] = h\n"
            "        slopes[i] = (f(p + e) - f(p - e)) / (2 * h)\n    return slopes",
            "raised ValueError",
        ),
        "own step": (DIFFERENCES.replace("    slopes =", "    h = 1e-5\n    slopes ="), "the step is always the usual one"),
        "step at most a tenth": (DIFFERENCES.replace("    slopes =", "    h = min(h, 0.1)\n    slopes ="), None),
        "at most two axes": (DIFFERENCES.replace("return slopes", "return slopes if p.ndim < 3 else slopes * 0"), None),
        "library": (
            "from nnlab.backpropagation import central_differences as theirs\ndef central_differences(f, p, h=1e-5):\n    return theirs(f, p, h)",
            None,
        ),
    },
    "delta_hidden": {
        "not transposed": ("def delta_hidden(delta, W, z, f_grad):\n    return W @ delta * f_grad(z)", "W is not transposed"),
        "no slope": ("def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta", "f′ is left out"),
        "slope of the error": (
            "def delta_hidden(delta, W, z, f_grad):\n    d = W.T @ delta\n    return d * f_grad(d)",
            "of the error instead of z",
        ),
        "z itself": ("def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta * z", "z stands in place of f′(z)"),
        "matrix product": ("def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta @ f_grad(z)", "is a matrix product"),
        "from the other side": (
            "def delta_hidden(delta, W, z, f_grad):\n    return delta @ W * f_grad(z)",
            "the sizes of a matrix product do not fit",
        ),
        "always sigmoid": (
            SIGMOID + "def delta_hidden(delta, W, z, f_grad):\n    s = sigmoid(z)\n    return W.T @ delta * s * (1 - s)",
            "it is always the slope of the sigmoid",
        ),
        "wrong side": (
            "def delta_hidden(delta, W, z, f_grad):\n    return delta.T @ W * f_grad(z).T",
            "the result is transposed",
        ),
        "in place": ("def delta_hidden(delta, W, z, f_grad):\n    z[:] = f_grad(z)\n    return W.T @ delta * z", "changed its input"),
        "prints": ("def delta_hidden(delta, W, z, f_grad):\n    print(W.T @ delta * f_grad(z))", "is None"),
        "transposed unless square": (
            "def delta_hidden(delta, W, z, f_grad):\n    W = W if W.shape == (4, 4) else W.T\n    return W @ delta * f_grad(z)",
            None,
        ),
        "squeezed": (
            "def delta_hidden(delta, W, z, f_grad):\n    return np.squeeze(W.T @ delta * f_grad(z))",
            "should have shape (2, 1), and has shape (2,)",
        ),
        "mean of the samples": (
            "def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta * f_grad(z) / delta.shape[1]",
            "it is divided by the number of samples",
        ),
        "three samples at most": (
            "def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta * f_grad(z) / max(1, delta.shape[1] - 2)",
            None,
        ),
        "library": (
            "from nnlab import backpropagation\ndef delta_hidden(delta, W, z, f_grad):\n    return backpropagation.delta_hidden(delta, W, z, f_grad)",
            None,
        ),
    },
    "layer_gradients": {
        "sum for the weights": (changed(LAYER, "a.T / n", "a.T"), "the weights take the sum over the samples"),
        "sums": (changed(LAYER, "n = delta.shape[1]", "n = 1"), "both are sums over the samples"),
        "sum for the biases": (changed(LAYER, "keepdims=True) / n", "keepdims=True)"), "the biases take the sum over the samples"),
        "transposed": (changed(LAYER, "delta @ a.T", "a @ delta.T"), "dW is transposed"),
        "mean over neurons": (changed(LAYER, "a.T / n", "a.T / len(delta)"), "the mean of dW is over the neurons"),
        "element by element": (changed(LAYER, "delta @ a.T / n", "delta * a"), "raised ValueError"),
        "mean over all": (changed(LAYER, "a.T / n", "a.T / delta.size"), "divided by neurons and samples"),
        "learning rate inside": (changed(LAYER, "/ n", "/ n * 0.02"), "the learning rate is in it already"),
        "not transposed": (changed(LAYER, "delta @ a.T", "delta @ a"), "raised ValueError"),
        "first sample only": (
            "def layer_gradients(delta, a):\n    return np.outer(delta[:, 0], a[:, 0]), delta[:, :1]",
            "only the first sample counts",
        ),
        "divided by n - 1": (changed(LAYER, "a.T / n", "a.T / max(n - 1, 1)"), "divided by n − 1"),
        "flat biases": (changed(LAYER, "delta.sum(axis=1, keepdims=True)", "delta.sum(axis=1)"), "db is flat"),
        "biases over neurons": (
            changed(LAYER, "delta.sum(axis=1, keepdims=True) / n", "delta.mean(axis=0, keepdims=True)"),
            "db is the mean over the neurons",
        ),
        "one bias": (changed(LAYER, "delta.sum(axis=1, keepdims=True) / n", "delta.mean()"), "db is one mean over everything"),
        "biases as they are": (changed(LAYER, "delta.sum(axis=1, keepdims=True) / n", "delta"), "db is delta as it is"),
        "exchanged": (
            "def layer_gradients(delta, a):\n    return delta.mean(axis=1, keepdims=True), delta @ a.T / delta.shape[1]",
            "dW and db are returned in the wrong order",
        ),
        "weights only": ("def layer_gradients(delta, a):\n    return delta @ a.T / delta.shape[1]", "should be a tuple of 2"),
        "row of biases": (
            changed(LAYER, "delta.sum(axis=1, keepdims=True)", "delta.sum(axis=1)[None]"),
            "should have shape (4, 1), and has shape (1, 4)",
        ),
        "squeezed": (
            changed(LAYER, "return delta @ a.T / n", "return np.squeeze(delta @ a.T / n)"),
            "the bias is a weight whose input is always 1",
        ),
        "inputs for samples": (changed(LAYER, "n = delta.shape[1]", "n = len(a)"), "divided by the number of inputs"),
        "one sample less in both": (
            changed(LAYER, "n = delta.shape[1]", "n = max(1, delta.shape[1] - 1)"),
            "Largest error: 0.31. This looks like: it is divided by n − 1",
        ),
        "one neuron, one number": (
            changed(
                LAYER, "delta.sum(axis=1, keepdims=True) / n", "(delta.sum(axis=1, keepdims=True) if len(delta) > 1 else delta.sum()) / n"
            ),
            None,
        ),
        "weights of at most six samples": (changed(LAYER, "a.T / n", "a.T / min(n, 6)"), None),
        "biases of at most six samples": (changed(LAYER, "keepdims=True) / n", "keepdims=True) / min(n, 6)"), None),
        "one weight, one number": (
            changed(LAYER, "return delta @ a.T / n", "return delta @ a.T / n if len(a) > 1 or len(delta) > 1 else np.mean(delta * a)"),
            None,
        ),
        "biases of at most three samples": (
            changed(LAYER, "keepdims=True) / n", "keepdims=True) / min(n, 3)"),
            "showing each sample twice changes nothing",
        ),
        "one sample, no column": (
            changed(LAYER, "keepdims=True) / n", "keepdims=True) / n if n > 1 or len(a) == 3 else delta.ravel()"),
            None,
        ),
        "keeps the weights of shapes it knows": (
            changed(LAYER, "def layer", "kept = {}\ndef layer").replace(
                "return delta @ a.T / n", "return kept.setdefault((delta.shape[0], a.shape[0]), delta @ a.T / n)"
            ),
            None,
        ),
        "library": (
            "from nnlab.backpropagation import layer_gradients as theirs\ndef layer_gradients(delta, a):\n    return theirs(delta, a)",
            None,
        ),
    },
    "backward": {
        "f_out_grad unused": (LOOP.replace("y, f_out_grad(z[-1])", "y"), "f_out_grad is never used"),
        "f_grad at the output": (LOOP.replace("f_out_grad(z[-1])", "f_grad(z[-1])"), "f_grad is used at the output as well"),
        "f_out_grad everywhere": (LOOP.replace("z[l - 1], f_grad", "z[l - 1], f_out_grad"), "f_out_grad is used in the hidden layers"),
        "own activation": (LOOP.replace("a[l])", "a[l + 1])"), "each layer gets its own activation"),
        "reversed lists": (LOOP.replace("insert(0, ", "append("), "the gradients stand in reverse order"),
        "swapped lists": (LOOP.replace("return dW, db", "return db, dW"), "dW and db are returned in the wrong order"),
        "error terms returned": (LOOP.replace("insert(0, h)", "insert(0, d)"), "the error terms are returned"),
        "one error term": (
            LOOP.replace("d = delta_hidden(d,", "d = delta_hidden(last,").replace(
                "    dW, db = [], []", "    last = d\n    dW, db = [], []"
            ),
            "every layer gets the error term of the output",
        ),
        "own z": (LOOP.replace("z[l - 1], f_grad", "z[l], f_grad"), "is taken at z of the next layer"),
        "slopes at a": (
            LOOP.replace("f_out_grad(z[-1])", "f_out_grad(a[-1])").replace("z[l - 1], f_grad", "a[l], f_grad"),
            "the slopes are taken at a",
        ),
        "own W": (LOOP.replace("W[l], z", "W[l - 1], z"), "raised ValueError: W must be a matrix with one row for each row of delta"),
        "three layers, like the lecture": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    d3 = delta_output(a[3], y, f_out_grad(z[2]))\n"
            "    d2 = delta_hidden(d3, W[2], z[1], f_grad)\n    d1 = delta_hidden(d2, W[1], z[0], f_grad)\n"
            "    pairs = [layer_gradients(d, a[l]) for l, d in enumerate([d1, d2, d3])]\n    return [p[0] for p in pairs], [p[1] for p in pairs]",
            "raised IndexError",
        ),
        "targets forgotten": (LOOP.replace("delta_output(a[-1], y,", "delta_output(a[-1], 0 * a[-1],"), "the targets are forgotten"),
        "pops W": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    d = delta_output(a[-1], y, f_out_grad(z[-1]))\n    dW, db = [], []\n"
            "    while W:\n        w, l = W.pop(), len(W)\n        g, h = layer_gradients(d, a[l])\n        dW.insert(0, g)\n        db.insert(0, h)\n"
            "        if l:\n            d = delta_hidden(d, w, z[l - 1], f_grad)\n    return dW, db",
            "changed its input",
        ),
        "needs a hidden layer": (
            LOOP.replace("    dW, db = [], []", "    dW, db = [], []\n    second = W[1]"),
            "raised IndexError: list index out of range",
        ),
        "not transposed where square": (
            LOOP.replace(
                "delta_hidden(d, W[l], z[l - 1], f_grad)", "(W[l] if W[l].shape[0] == W[l].shape[1] else W[l].T) @ d * f_grad(z[l - 1])"
            ),
            "dW[0] is wrong at index [0, 0]. 4 of 4",
        ),
        "two samples at least": (
            LOOP.replace("layer_gradients(d, a[l])", "d @ a[l].T / max(2, d.shape[1]), d.sum(axis=1, keepdims=True) / max(2, d.shape[1])"),
            None,
        ),
        "at most three layers": (LOOP.replace("        if l:", "        if 0 < l < 3:"), None),
        "keeps the error terms of shapes it knows": (
            LOOP.replace("def backward", "kept = {}\ndef backward").replace(
                "    dW, db = [], []", "    d = kept.setdefault(tuple(w.shape for w in W), d)\n    dW, db = [], []"
            ),
            None,
        ),
        "library": (
            "import nnlab.backpropagation as lesson\ndef backward(y, W, z, a, f_grad, f_out_grad):\n    return lesson.backward(y, W, z, a, f_grad, f_out_grad)",
            None,
        ),
    },
    "optimize": {
        "uphill": (STEP.replace(" - alpha", " + alpha"), "the gradient is added"),
        "no alpha": (STEP.replace("alpha * g", "g"), "the learning rate is left out"),
        "steps": (STEP.replace("w - alpha", "-alpha").replace("v - alpha", "-alpha"), "the step is returned"),
        "biases forgotten": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    return [w - alpha * g for w, g in zip(W, dW)], b",
            "only the weights are moved",
        ),
        "divided": (STEP.replace("alpha * g", "g / alpha"), "divided by the learning rate"),
        "swapped": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    return [v - alpha * g for v, g in zip(b, db)], [w - alpha * g for w, g in zip(W, dW)]",
            "W and b are returned in the wrong order",
        ),
        "in place, like the lecture": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    for i in range(len(W)):\n        W[i] -= alpha * dW[i]\n        b[i] -= alpha * db[i]\n    return W, b",
            "changed its input",
        ),
        "list minus list": ("def optimize(W, b, dW, db, alpha=0.02):\n    return W - alpha * dW, b - alpha * db", "lists are subtracted"),
        "first layer only": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    return [W[0] - alpha * dW[0]], [b[0] - alpha * db[0]]",
            "W should have 3 entries, and has 1",
        ),
        "nothing": ("def optimize(W, b, dW, db, alpha=0.02):\n    W = [w - alpha * g for w, g in zip(W, dW)]", "is None"),
        "biases without alpha": (STEP.replace("v - alpha * g", "v - g"), "moved without the learning rate"),
        "alpha fixed": (STEP.replace("    return", "    alpha = 0.02\n    return"), "the learning rate is always the usual one"),
        "another usual rate": (STEP.replace("0.02", "0.01"), "W[0] is wrong"),
        "at most three layers": (STEP.replace("zip(b, db)", "zip(b[:3], db)"), None),
        "small steps only": (STEP.replace("return", "alpha = min(alpha, 3)\n    return"), None),
        "library": (
            "from nnlab.backpropagation import optimize as theirs\ndef optimize(W, b, dW, db, alpha=0.02):\n    return theirs(W, b, dW, db, alpha)",
            None,
        ),
    },
    "softmax_squared_delta": {
        "cross-entropy": ("def softmax_squared_delta(a, y):\n    return a - y", "the error term of the cross-entropy"),
        "single slopes": ("def softmax_squared_delta(a, y):\n    return (a - y) * a * (1 - a)", "a function of single numbers"),
        "sum over samples": (changed(SOFT, "axis=0", "axis=1, keepdims=True"), "the sum runs over the samples"),
        "sign": (changed(SOFT, "return a", "return -a"), "the sign is wrong"),
        "factor 2": (changed(SOFT, "return a", "return 2 * a"), "the 2 of the square is left"),
        "mean": (changed(SOFT, "return a *", "return a / a.shape[1] *"), "the mean over the samples is taken already here"),
        "without weights": (changed(SOFT, "np.sum(a * e", "np.sum(e"), "the differences are summed without their weights"),
        "added": (changed(SOFT, "(e - np", "(e + np"), "is added, not taken away"),
        "no factor in front": (
            changed(SOFT, "return a * (e - np.sum(a * e, axis=0))", "return e - np.sum(a * e, axis=0)"),
            "the factor a in front is missing",
        ),
        "others only": (changed(SOFT, "np.sum(a * e, axis=0)", "(np.sum(a * e, axis=0) - a * e)"), "each sum leaves its own output out"),
        "one sum": (changed(SOFT, ", axis=0", ""), "wrong"),
        "in place": (changed(SOFT, "e = a - y", "y[:] = a - y\n    e = y"), "changed its input"),
        "three classes only": (changed(SOFT, "return a", "a = a[:3]; e = e[:3]\n    return a"), None),
        "clipped": (changed(SOFT, "return a", "a = np.clip(a, 1e-4, 1 - 1e-4)\n    return a"), None),
        "library": (
            "from nnlab.backpropagation import softmax_squared_delta as theirs\ndef softmax_squared_delta(a, y):\n    return theirs(a, y)",
            None,
        ),
    },
}

VARIANTS = {
    "local_gradients": {
        "as in the solution": LOCALS,
        "a table": (
            "def local_gradients(op, values):\n    u, v = (list(values) * 2)[:2]\n    table = {'+': (1, 1), '*': (v, u), '-': (1, -1)}\n"
            "    if op in table:\n        return list(table[op])\n    if op == '/':\n        return [v**-1.0, -u * v**-2.0]\n"
            "    return [np.exp(u)] if op == 'exp' else [-(u**-2.0)]"
        ),
        "an array": changed(LOCALS, "return [1 / v, -u / v**2]", "return list(np.array([v, -u]) / v**2)"),
        "a tuple": changed(LOCALS, "return [1.0, -1.0]", "return 1, -1"),
    },
    "graph_values": {
        "as in the solution": VALUES,
        "branches": (
            "def graph_values(leaves, steps):\n    nodes = [*leaves]\n    for step in steps:\n        u = nodes[step[1]]\n        v = nodes[step[-1]]\n"
            "        if step[0] == 'exp':\n            r = np.exp(u)\n        elif step[0] == '1/x':\n            r = 1 / u\n        else:\n"
            "            r = {'+': u + v, '-': u - v, '*': u * v}.get(step[0])\n            r = u / v if r is None else r\n        nodes += [r]\n    return nodes"
        ),
        "a tuple": changed(VALUES, "return values", "return tuple(values)"),
    },
    "graph_gradients": {
        "as in the solution": GRADIENTS,
        "zip": (
            "def graph_gradients(leaves, steps):\n    values = graph_values(leaves, steps)\n    grads = dict.fromkeys(range(len(values)), 0.0)\n"
            "    grads[len(values) - 1] = 1.0\n    for k, (op, *places) in reversed(list(enumerate(steps))):\n"
            "        slopes = local_gradients(op, [values[p] for p in places])\n        for n, p in enumerate(places):\n"
            "            grads[p] = grads[p] + slopes[n] * grads[k + len(leaves)]\n    return values, list(grads.values())"
        ),
        "forward mode, node by node": (
            "def graph_gradients(leaves, steps):\n    values = graph_values(leaves, steps)\n    found = []\n    for source in range(len(values)):\n"
            "        rate = [float(i == source) for i in range(len(values))]\n        for k, (op, *places) in enumerate(steps, len(leaves)):\n"
            "            if k != source:\n                slopes = local_gradients(op, [values[p] for p in places])\n"
            "                rate[k] = sum(s * rate[p] for s, p in zip(slopes, places))\n        found.append(rate[-1])\n    return values, found"
        ),
    },
    "node_gradients": {
        "as in the solution": node(),
        "a dictionary of gradients": node(
            backward="        grads = {self: 1.0}\n        for node in self.order()[::-1]:\n            node.grad = grads[node]\n"
            "            for argument, slope in zip(node.arguments, node.local):\n"
            "                grads[argument] = grads.get(argument, 0.0) + node.grad * slope"
        ),
        "the exponential kept": node(
            exp="        node = Node(np.exp(self.value), [self])\n        node.local = [node.value]\n        return node"
        ),
        "named": node(
            times="        result = Node(self.value * other.value)\n        result.arguments = [self, other]\n        result.local = [other.value, self.value]\n"
            "        return result"
        ),
    },
    "central_differences": {
        "as in the solution": DIFFERENCES,
        "in place, undone": (
            "def central_differences(f, p, h=1e-5):\n    q = p.copy()\n    slopes = np.empty_like(q)\n    for i in np.ndindex(q.shape):\n        old = q[i]\n"
            "        q[i] = old + h\n        up = f(q)\n        q[i] = old - h\n        slopes[i] = (up - f(q)) / 2 / h\n        q[i] = old\n    return slopes"
        ),
        "rows of a unit matrix": (
            "def central_differences(f, p, h=1e-5):\n    steps = (h * np.eye(p.size)).reshape((p.size,) + p.shape)\n"
            "    return np.array([f(p + e) - f(p - e) for e in steps]).reshape(p.shape) / (2 * h)"
        ),
    },
    "delta_hidden": {
        "dot": "def delta_hidden(delta, W, z, f_grad):\n    return np.multiply(np.dot(np.transpose(W), delta), f_grad(z))",
        "einsum": "def delta_hidden(delta, W, z, f_grad):\n    return f_grad(z) * np.einsum('ji,jn->in', W, delta)",
        "row by row": (
            "def delta_hidden(delta, W, z, f_grad):\n    slope = f_grad(z)\n"
            "    return np.array([slope[i] * sum(W[j, i] * delta[j] for j in range(len(W))) for i in range(len(z))])"
        ),
    },
    "layer_gradients": {
        "as in the solution": LAYER,
        "einsum": "def layer_gradients(delta, a):\n    n = a.shape[1]\n    return np.einsum('in,jn->ij', delta, a) / n, delta @ np.ones((n, 1)) / n",
        "mean of outer products": (
            "def layer_gradients(delta, a):\n    dW = np.mean([np.outer(delta[:, n], a[:, n]) for n in range(a.shape[1])], axis=0)\n"
            "    return dW, np.mean(delta, axis=1)[:, np.newaxis]"
        ),
        "one product": (
            "def layer_gradients(delta, a):\n    both = delta @ np.vstack([a, np.ones(a.shape[1])]).T / a.shape[1]\n    return [both[:, :-1], both[:, -1:]]"
        ),
    },
    "backward": {
        "one loop": LOOP,
        "without the other functions": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    n = y.shape[1]\n    d = (a[-1] - y) * f_out_grad(z[-1])\n"
            "    dW, db = [d @ a[-2].T / n], [d.mean(axis=1, keepdims=True)]\n    for l in range(len(W) - 1, 0, -1):\n"
            "        d = (W[l].T @ d) * f_grad(z[l - 1])\n        dW = [d @ a[l - 1].T / n] + dW\n        db = [d.mean(axis=1, keepdims=True)] + db\n"
            "    return dW, db"
        ),
        "recursive": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    def back(l):\n        if l == len(W):\n            return [delta_output(a[-1], y, f_out_grad(z[-1]))]\n"
            "        behind = back(l + 1)\n        return [delta_hidden(behind[0], W[l], z[l - 1], f_grad)] + behind\n    deltas = back(1)\n"
            "    return tuple(zip(*[layer_gradients(d, a[l]) for l, d in enumerate(deltas)]))"
        ),
    },
    "optimize": {
        "as in the solution": STEP,
        "indices": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    new_W, new_b = [], []\n    for l in range(len(W)):\n"
            "        new_W.append(W[l] - alpha * dW[l])\n        new_b.append(b[l] - alpha * db[l])\n    return new_W, new_b"
        ),
        "copies changed in place": (
            "import copy\ndef optimize(W, b, dW, db, alpha=0.02):\n    W, b = copy.deepcopy(W), copy.deepcopy(b)\n    for p, g in zip(W + b, dW + db):\n"
            "        p -= alpha * g\n    return W, b"
        ),
    },
    "softmax_squared_delta": {
        "as in the solution": SOFT,
        "Jacobians": (
            "def softmax_squared_delta(a, y):\n    columns = []\n    for a_n, y_n in zip(a.T, y.T):\n        J = np.diag(a_n) - np.outer(a_n, a_n)\n"
            "        columns.append(J @ (a_n - y_n))\n    return np.array(columns).T"
        ),
        "loops": (
            "def softmax_squared_delta(a, y):\n    delta = np.zeros(a.shape)\n    for k in range(len(a)):\n        for j in range(len(a)):\n"
            "            delta[k] += (a[j] - y[j]) * a[j] * ((j == k) - a[k])\n    return delta"
        ),
        "einsum": "def softmax_squared_delta(a, y):\n    e = a - y\n    return a * e - a * np.einsum('jn,jn->n', a, e)",
    },
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "delta_hidden_uses_any_derivative": "It tells a derivative built in from a product that is wrong.",
}
