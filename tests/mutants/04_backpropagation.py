"""Chapter 04: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

# The answer to `graph_gradients` is a class with two methods to write; here they are put in as text.
NODE = """
OPS = {"+": lambda x, y: x + y, "*": lambda x, y: x * y, "exp": lambda x: np.exp(x), "1/x": lambda x: 1 / x}
LOCAL = {"+": lambda x, y: (1, 1), "*": lambda x, y: (y, x), "exp": lambda x: (np.exp(x),), "1/x": lambda x: (-1 / x**2,)}

class Node:
    def __init__(self, value=None, op="", arguments=()):
        self.value, self.op, self.arguments, self.grad = value, op, arguments, 0.0

    def order(self, done=None):
        done = [] if done is None else done
        if self not in done:
            for argument in self.arguments:
                argument.order(done)
            done.append(self)
        return done

    def forward(self):
%s

    def backward(self):
%s

def graph_gradients(leaves, steps):
    nodes = [Node(2 * value) for value in leaves]
    for op, *arguments in steps:
        nodes.append(Node(op=op, arguments=[nodes[i] for i in arguments]))
    nodes[-1].forward()
    nodes[-1].backward()
    for i, value in enumerate(leaves):
        nodes[i].value = value
    nodes[-1].forward()
    nodes[-1].backward()
    return [node.value for node in nodes], [node.grad for node in nodes]
"""
FORWARD = """        for node in self.order():
            if node.op:
                node.value = OPS[node.op](*[argument.value for argument in node.arguments])"""
BACKWARD = """        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(self.order()):
            if node.op:
                for argument, local in zip(node.arguments, LOCAL[node.op](*[each.value for each in node.arguments])):
                    argument.grad += node.grad * local"""


def node(forward=FORWARD, backward=BACKWARD, **replaced):
    """Write the class, with a piece of `backward` replaced."""
    for old, new in replaced.values():
        assert old in backward
        backward = backward.replace(old, new)
    return NODE % (forward, backward)


SIGMOID = "from nnlab.activations import sigmoid\n"
LOOP = (
    "def backward(y, W, z, a, f_grad, f_out_grad):\n    d = delta_output(a[-1], y, f_out_grad(z[-1]))\n    dW, db = [], []\n"
    "    for l in reversed(range(len(W))):\n        dW.insert(0, hidden_grad(d, a[l]))\n        db.insert(0, hidden_bias_grad(d))\n"
    "        if l:\n            d = delta_hidden(d, W[l], z[l - 1], f_grad)\n    return dW, db"
)
STEP = "def optimize(W, b, dW, db, alpha=0.02):\n    return [w - alpha * g for w, g in zip(W, dW)], [v - alpha * g for v, g in zip(b, db)]"
DIFFERENCES = (
    "def central_differences(f, p, h=1e-5):\n    slopes = np.zeros(p.shape)\n    for i in np.ndindex(p.shape):\n        e = np.zeros(p.shape)\n"
    "        e[i] = h\n        slopes[i] = (f(p + e) - f(p - e)) / (2 * h)\n    return slopes"
)

MUTANTS = {
    "graph_gradients": {
        "shares overwritten": (node(r=("+= node.grad", "= node.grad")), "a share of the gradient overwrites the one before"),
        "no upstream": (node(r=("+= node.grad * local", "+= local")), "the upstream gradient is left out"),
        "no local": (node(r=("node.grad * local", "node.grad")), "the local gradient is left out"),
        "starts from 0": (node(r=("self.grad = 1.0", "pass")), "the gradient of the result starts from 0"),
        "never starts again": (node(r=("node.grad = 0.0", "pass")), "a second run adds to the gradients of the first"),
        "sum instead of product": (node(r=("node.grad * local", "node.grad + local")), "upstream and local gradient are added"),
        "not reversed": (node(r=("reversed(self.order())", "self.order()")), "from the leaves to the result"),
        "every node asks its arguments at once": (
            node(
                backward="        self.grad = 1.0\n        stack = [self]\n        while stack:\n            node = stack.pop()\n            if node.op:\n"
                "                for argument, local in zip(node.arguments, LOCAL[node.op](*[each.value for each in node.arguments])):\n"
                "                    argument.grad = argument.grad + node.grad * local\n                    stack.append(argument)"
            ),
            "the gradients[",
        ),
        "forward changes the leaves": (
            node(
                forward="        for node in self.order():\n            node.value = OPS[node.op or '+'](*[e.value for e in node.arguments or (node, node)])"
            ),
            "the values[0] is wrong",
        ),
        "sums only": (node(forward=FORWARD.replace("OPS[node.op](*[", "sum([")), "the values[4] is wrong"),
        "no return of values": (node().replace("[node.value for node in nodes], ", ""), "should have 2 entries, and has 5"),
        "computes once": (
            node(forward=FORWARD.replace("if node.op:", "if node.op and node.value is None:")),
            "values of the first run are kept",
        ),
        "two arguments each": (
            node(
                forward=FORWARD.replace(
                    "*[argument.value for argument in node.arguments]", "node.arguments[0].value, node.arguments[1].value"
                )
            ),
            "raised IndexError",
        ),
        "only the graphs of the check": (
            node().replace(
                "def graph_gradients(leaves, steps):",
                "def graph_gradients(leaves, steps):\n    assert len(leaves) in (1, 3, 7) and len(steps) > 1",
            ),
            None,
        ),
        "library": (
            "from nnlab.backpropagation import graph_gradients as theirs\ndef graph_gradients(leaves, steps):\n    return theirs(leaves, steps)",
            None,
        ),
    },
    "sigmoid_grad": {
        "the slide's formula": (SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) * sigmoid(1 - z)", "the slide's formula"),
        "sigmoid": (SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z)", "this is σ itself"),
        "of an activation": ("def sigmoid_grad(z):\n    return z * (1 - z)", "z is taken for an activation"),
        "wrong sign": (SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) * (sigmoid(z) - 1)", "the sign is wrong"),
        "overflows": ("def sigmoid_grad(z):\n    return np.exp(-z) / (1 + np.exp(-z)) ** 2", "which overflows"),
        "tanh": ("def sigmoid_grad(z):\n    return 1 - np.tanh(z) ** 2", "this is the slope of tanh"),
        "brackets": (
            SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) * 1 - sigmoid(z)",
            "the brackets are missing",
        ),
        "matrix product": (SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) @ (1 - sigmoid(z))", "should be a NumPy array"),
        "differences, too coarse": (
            SIGMOID + "def sigmoid_grad(z):\n    return (sigmoid(z + 0.01) - sigmoid(z)) / 0.01",
            "Largest error: 0.00",
        ),
        "input changed in place": (
            "def sigmoid_grad(z):\n    np.negative(np.abs(z), out=z)\n    return np.exp(z) / (1 + np.exp(z)) ** 2",
            "changed its input",
        ),
        "only the usual shapes": (
            SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) * (1 - sigmoid(z)) if z.size in (3, 4, 5, 6, 81) else z",
            None,
        ),
        "library": ("from nnlab import backpropagation\ndef sigmoid_grad(z):\n    return backpropagation.sigmoid_grad(z)", None),
    },
    "delta_output": {
        "y - a": ("def delta_output(a, y, slope=1.0):\n    return (y - a) * slope", "the difference is y − a"),
        "no slope": ("def delta_output(a, y, slope=1.0):\n    return a - y", "the slope is left out"),
        "the error": ("def delta_output(a, y, slope=1.0):\n    return 0.5 * (a - y) ** 2", "this is the error itself"),
        "factor 2": ("def delta_output(a, y, slope=1.0):\n    return 2 * (a - y) * slope", "the 2 of the square is left"),
        "mean": ("def delta_output(a, y, slope=1.0):\n    return (a - y) * slope / a.shape[1]", "taken already here"),
        "sum over the samples": (
            "def delta_output(a, y, slope=1.0):\n    return np.sum((a - y) * slope, axis=1, keepdims=True)",
            "the error terms of the samples are summed",
        ),
        "matrix product": ("def delta_output(a, y, slope=1.0):\n    return (a - y) @ np.atleast_2d(slope)", "raised ValueError"),
        "in place": ("def delta_output(a, y, slope=1.0):\n    a -= y\n    return a * slope", "changed its input"),
        "labels expected": ("def delta_output(a, y, slope=1.0):\n    return a - np.eye(3)[y].T", "raised IndexError"),
        "no usual slope": ("def delta_output(a, y, slope):\n    return (a - y) * slope", "raised TypeError"),
        "slope only for S4": (
            "def delta_output(a, y, slope=1.0):\n    return (a - y) * (slope if a.shape in ((2, 1), (2, 2)) else 1)",
            None,
        ),
        "library": (
            "from nnlab.backpropagation import delta_output as theirs\ndef delta_output(a, y, slope=1.0):\n    return theirs(a, y, slope)",
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
        "three samples at most": (
            "def delta_hidden(delta, W, z, f_grad):\n    return W.T @ delta * f_grad(z) / max(1, delta.shape[1] - 2)",
            None,
        ),
        "library": (
            "from nnlab import backpropagation\ndef delta_hidden(delta, W, z, f_grad):\n    return backpropagation.delta_hidden(delta, W, z, f_grad)",
            None,
        ),
    },
    "hidden_grad": {
        "the slide's sum": ("def hidden_grad(delta, a):\n    return delta @ a.T", "the slide's sum"),
        "transposed": ("def hidden_grad(delta, a):\n    return a @ delta.T / a.shape[1]", "the result is transposed"),
        "mean over neurons": ("def hidden_grad(delta, a):\n    return delta @ a.T / len(delta)", "the mean is over the neurons"),
        "element by element": ("def hidden_grad(delta, a):\n    return delta * a", "the product is element by element"),
        "mean over all": ("def hidden_grad(delta, a):\n    return delta @ a.T / delta.size", "over neurons and samples"),
        "learning rate inside": (
            "def hidden_grad(delta, a):\n    return 0.02 * (delta @ a.T) / delta.shape[1]",
            "the learning rate is in it already",
        ),
        "not transposed": ("def hidden_grad(delta, a):\n    return delta @ a / delta.shape[1]", "raised ValueError: matmul"),
        "first sample only": ("def hidden_grad(delta, a):\n    return np.outer(delta[:, 0], a[:, 0])", "only the first sample counts"),
        "divided by n - 1": (
            "def hidden_grad(delta, a):\n    return delta @ a.T / max(delta.shape[1] - 1, 1)",
            "divided by n − 1",
        ),
        "squeezed": ("def hidden_grad(delta, a):\n    return np.squeeze(delta @ a.T / delta.shape[1])", None),
        "at most two samples": (
            "def hidden_grad(delta, a):\n    return delta @ a.T / (delta.shape[1] if delta.shape[1] in (1, 2, 3, 6) else 2)",
            None,
        ),
        "library": (
            "from nnlab.backpropagation import hidden_grad as theirs\ndef hidden_grad(delta, a):\n    return theirs(delta, a)",
            None,
        ),
    },
    "hidden_bias_grad": {
        "sum": ("def hidden_bias_grad(delta):\n    return delta.sum(axis=1, keepdims=True)", "this is the sum over the samples"),
        "flat": ("def hidden_bias_grad(delta):\n    return delta.mean(axis=1)", "the result is flat"),
        "mean over neurons": ("def hidden_bias_grad(delta):\n    return delta.mean(axis=0, keepdims=True)", "the mean is over the neurons"),
        "one mean": ("def hidden_bias_grad(delta):\n    return delta.mean()", "one mean is taken over everything"),
        "as it is": ("def hidden_bias_grad(delta):\n    return delta", "delta is returned as it is"),
        "row": ("def hidden_bias_grad(delta):\n    return delta.mean(axis=1)[None]", "should have shape (4, 1), and has shape (1, 4)"),
        "first sample": ("def hidden_bias_grad(delta):\n    return delta[:, :1]", "only the first sample counts"),
        "half": ("def hidden_bias_grad(delta):\n    return delta.sum(axis=1, keepdims=True) / 2", "it is the sum divided by 2"),
        "one neuron, one number": (
            "def hidden_bias_grad(delta):\n    return delta.mean(axis=1, keepdims=True) if len(delta) > 1 else delta.mean()",
            None,
        ),
        "at most three samples": (
            "def hidden_bias_grad(delta):\n    return delta.sum(axis=1, keepdims=True) / min(3, delta.shape[1])",
            None,
        ),
        "library": (
            "from nnlab.backpropagation import hidden_bias_grad as theirs\ndef hidden_bias_grad(delta):\n    return theirs(delta)",
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
        "error terms returned": (LOOP.replace("hidden_bias_grad(d)", "d"), "the error terms are returned"),
        "one error term": (
            LOOP.replace("d = delta_hidden(d,", "d = delta_hidden(last,").replace(
                "    dW, db = [], []", "    last = d\n    dW, db = [], []"
            ),
            "every layer gets the error term of the output",
        ),
        "own z": (LOOP.replace("z[l - 1], f_grad", "z[l], f_grad"), "is taken at z of the next layer"),
        "own W": (LOOP.replace("W[l], z", "W[l - 1], z"), "raised ValueError: W must be a matrix with one row for each row of delta"),
        "three layers, like the slide": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    d3 = delta_output(a[3], y, f_out_grad(z[2]))\n"
            "    d2 = delta_hidden(d3, W[2], z[1], f_grad)\n    d1 = delta_hidden(d2, W[1], z[0], f_grad)\n"
            "    return [hidden_grad(d, a[l]) for l, d in enumerate([d1, d2, d3])], [hidden_bias_grad(d) for d in [d1, d2, d3]]",
            "raised IndexError",
        ),
        "targets forgotten": (LOOP.replace("delta_output(a[-1], y,", "delta_output(a[-1], 0 * a[-1],"), "the targets are forgotten"),
        "pops W": (
            "def backward(y, W, z, a, f_grad, f_out_grad):\n    d = delta_output(a[-1], y, f_out_grad(z[-1]))\n    dW, db = [], []\n"
            "    while W:\n        w, l = W.pop(), len(W)\n        dW.insert(0, hidden_grad(d, a[l]))\n        db.insert(0, hidden_bias_grad(d))\n"
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
            LOOP.replace("hidden_grad(d, a[l])", "d @ a[l].T / max(2, d.shape[1])").replace(
                "hidden_bias_grad(d)", "d.sum(axis=1, keepdims=True) / max(2, d.shape[1])"
            ),
            None,
        ),
        "at most three layers": (LOOP.replace("        if l:", "        if 0 < l < 3:"), None),
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
        "in place, like the slide": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    for i in range(len(W)):\n        W[i] -= alpha * dW[i]\n        b[i] -= alpha * db[i]\n    return W, b",
            "changed its input",
        ),
        "list minus list": ("def optimize(W, b, dW, db, alpha=0.02):\n    return W - alpha * dW, b - alpha * db", "lists are subtracted"),
        "first layer only": (
            "def optimize(W, b, dW, db, alpha=0.02):\n    return [W[0] - alpha * dW[0]], [b[0] - alpha * db[0]]",
            "W should have 3 entries, and has 1",
        ),
        "nothing": ("def optimize(W, b, dW, db, alpha=0.02):\n    W = [w - alpha * g for w, g in zip(W, dW)]", "is None"),
        "another usual rate": (STEP.replace("0.02", "0.01"), "W[0] is wrong"),
        "at most three layers": (STEP.replace("zip(b, db)", "zip(b[:3], db)"), None),
        "small steps only": (STEP.replace("return", "alpha = min(alpha, 3)\n    return"), None),
        "library": (
            "from nnlab.backpropagation import optimize as theirs\ndef optimize(W, b, dW, db, alpha=0.02):\n    return theirs(W, b, dW, db, alpha)",
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
}

VARIANTS = {
    "graph_gradients": {
        "as in the solution": node(),
        "a dictionary of gradients": node(
            backward="        grads = {self: 1.0}\n        for node in self.order()[::-1]:\n            node.grad = grads[node]\n            if not node.op:\n"
            "                continue\n            locals_ = LOCAL[node.op](*(each.value for each in node.arguments))\n"
            "            for i, argument in enumerate(node.arguments):\n                grads[argument] = grads.get(argument, 0.0) + node.grad * locals_[i]"
        ),
        "recursive forward": node(
            forward="        if self.op:\n            for argument in self.arguments:\n                argument.forward()\n"
            "            self.value = OPS[self.op](*[argument.value for argument in self.arguments])"
        ),
        "tables of one's own": node().replace('"*": lambda x, y: (y, x)', '"*": lambda x, y: [y, x]'),
    },
    "sigmoid_grad": {
        "twice the sigmoid": SIGMOID + "def sigmoid_grad(z):\n    return sigmoid(z) * (1 - sigmoid(z))",
        "by symmetry": SIGMOID + "sigmoid_grad = lambda z: sigmoid(z) * sigmoid(-z)",
        "naive, which only warns": "def sigmoid_grad(z):\n    s = 1 / (1 + np.exp(-z))\n    return s - s**2",
        "by tanh": "def sigmoid_grad(z):\n    return (1 - np.tanh(z / 2) ** 2) / 4",
    },
    "delta_output": {
        "multiply": "def delta_output(a, y, slope=1.0):\n    return np.multiply(np.subtract(a, y), slope)",
        "default None": "def delta_output(a, y, slope=None):\n    return a - y if slope is None else slope * (a - y)",
    },
    "delta_hidden": {
        "dot": "def delta_hidden(delta, W, z, f_grad):\n    return np.multiply(np.dot(np.transpose(W), delta), f_grad(z))",
        "einsum": "def delta_hidden(delta, W, z, f_grad):\n    return f_grad(z) * np.einsum('ji,jn->in', W, delta)",
        "row by row": (
            "def delta_hidden(delta, W, z, f_grad):\n    slope = f_grad(z)\n"
            "    return np.array([slope[i] * sum(W[j, i] * delta[j] for j in range(len(W))) for i in range(len(z))])"
        ),
    },
    "hidden_grad": {
        "einsum": "def hidden_grad(delta, a):\n    return np.einsum('in,jn->ij', delta, a) / a.shape[1]",
        "mean of outer products": (
            "def hidden_grad(delta, a):\n    return np.mean([np.outer(delta[:, n], a[:, n]) for n in range(a.shape[1])], axis=0)"
        ),
    },
    "hidden_bias_grad": {
        "product with ones": "def hidden_bias_grad(delta):\n    n = delta.shape[1]\n    return delta @ np.ones((n, 1)) / n",
        "new axis": "def hidden_bias_grad(delta):\n    return np.mean(delta, axis=1)[:, np.newaxis]",
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
            "    return tuple(hidden_grad(d, a[l]) for l, d in enumerate(deltas)), tuple(map(hidden_bias_grad, deltas))"
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
}

# Hidden tests that no mutant loses alone, and why they stand.
STANDS = {
    "graph_of_the_lecture": "It is the first graph of the lecture, without a node used twice: a share for whoever overwrites instead of adding.",
    "delta_hidden_uses_any_derivative": "It tells a derivative built in from a product that is wrong.",
}
