"""Chapter 03: wrong answers, each with what its visible check must say, and right answers written otherwise.

`None` in place of a message: the visible check cannot know, and the hidden tests must.
"""

# The three parts of a right graph_layer
JOINED = (
    "def graph_layer(a, roads, W, V, b, f):\n    n = a.shape[1]\n    joined = np.zeros((n, n))\n"
    "    for i, j in roads:\n        joined[i, j] = joined[j, i] = 1\n"
)
MEAN = "    m = a @ joined / np.maximum(joined.sum(axis=0), 1)\n"
LAYER = "    z = W @ a + V @ m + b\n    return z, f(z)"

MUTANTS = {
    "neuron": {
        "missing bias": ("def neuron(w, a, b, f):\n    return f(np.dot(w, a))", "the bias is missing"),
        "no activation": ("def neuron(w, a, b, f):\n    return np.dot(w, a) + b", "without f"),
        "f before the sum": ("def neuron(w, a, b, f):\n    return np.sum(f(w * a)) + b", "f is applied to each product before the sum"),
        "f on each term": ("def neuron(w, a, b, f):\n    return sum(f(w * a + b))", "Largest error: 16. This looks like: f is applied"),
        "bias after f": ("def neuron(w, a, b, f):\n    return f(np.dot(w, a)) + b", "the bias is added after f"),
        "threshold instead of bias": ("def neuron(w, a, b, f):\n    return f(np.dot(w, a) - b)", "the bias is subtracted"),
        "no sum": ("def neuron(w, a, b, f):\n    return f(w * a + b)", "the products are not summed"),
        "prints instead of returns": ("def neuron(w, a, b, f):\n    print(f(np.dot(w, a) + b))", "is None"),
        "list of one": ("def neuron(w, a, b, f):\n    return [f(np.dot(w, a) + b)]", "should be a number, and is a list"),
        "input changed in place": ("def neuron(w, a, b, f):\n    a *= w\n    return f(np.sum(a) + b)", "changed its input"),
        "hard-coded": (
            "def neuron(w, a, b, f):\n    return {8.0: 1.0, 0.5: f(0.5), -4.0: -3.0}.get(b, 0.0)",
            None,
        ),
        "six inputs at most": ("def neuron(w, a, b, f):\n    return f(np.dot(w[:6], a[:6]) + b)", None),
        "never above 1": ("def neuron(w, a, b, f):\n    return min(f(np.dot(w, a) + b), 1.0)", None),
        "only three inputs or two": (
            "def neuron(w, a, b, f):\n    return f(w[0] * a[0] + w[1] * a[1] + (w[2] * a[2] if len(w) > 2 else 0) + b)",
            None,
        ),
        "library": ("from nnlab.forward_propagation import neuron as theirs\ndef neuron(w, a, b, f):\n    return theirs(w, a, b, f)", None),
    },
    "dense_shape": {
        "swapped": (
            "def dense_shape(W_shape, a_shape):\n    return (a_shape[1], W_shape[0]) if W_shape[1] == a_shape[0] else None",
            "outer sizes are swapped",
        ),
        "transposed weights": (
            "def dense_shape(W_shape, a_shape):\n    return (W_shape[1], a_shape[1]) if W_shape[0] == a_shape[0] else None",
            "W is taken as transposed",
        ),
        "never refuses": ("def dense_shape(W_shape, a_shape):\n    return (W_shape[0], a_shape[1])", "not checked whether the sizes fit"),
        "one sample only": (
            "def dense_shape(W_shape, a_shape):\n    return (W_shape[0], 1) if W_shape[1] == a_shape[0] else None",
            "the samples are lost",
        ),
        "shape of a": (
            "def dense_shape(W_shape, a_shape):\n    return a_shape if W_shape[1] == a_shape[0] else None",
            "the shape of a is returned",
        ),
        "raises": ("def dense_shape(W_shape, a_shape):\n    return (np.zeros(W_shape) @ np.zeros(a_shape)).shape", "raised ValueError"),
        "string": (
            "def dense_shape(W_shape, a_shape):\n    return f'({W_shape[0]}, {a_shape[1]})'",
            "should be a tuple of 2, and is a string",
        ),
        "hard-coded": (
            "def dense_shape(W_shape, a_shape):\n"
            "    table = {((4, 5), (5, 1)): (4, 1), ((3, 4), (4, 32)): (3, 32), ((3, 3), (3, 7)): (3, 7)}\n"
            "    return table.get((tuple(W_shape), tuple(a_shape)))",
            None,
        ),
        "is for ==": (
            "def dense_shape(W_shape, a_shape):\n    if W_shape[1] is a_shape[0]:\n        return W_shape[0], a_shape[1]\n    return None",
            None,
        ),
        "one sample is no batch": (
            "def dense_shape(W_shape, a_shape):\n    if W_shape[1] != a_shape[0]:\n        return None\n"
            "    return (W_shape[0], a_shape[1]) if a_shape[1] > 1 else (W_shape[0],)",
            "should have 2 entries, and has 1",
        ),
        "too few or one too many": (
            "def dense_shape(W_shape, a_shape):\n    return None if W_shape[1] > a_shape[0] else (W_shape[0], a_shape[1])",
            None,
        ),
        "fits if inputs are enough": (
            "def dense_shape(W_shape, a_shape):\n    return (W_shape[0], a_shape[1]) if W_shape[1] <= a_shape[0] else None",
            None,
        ),
        "library": (
            "def dense_shape(W_shape, a_shape):\n    import nnlab.forward_propagation\n"
            "    return nnlab.forward_propagation.dense_shape(W_shape, a_shape)",
            None,
        ),
    },
    "softmax": {
        "sum over the batch, maxima of the columns": (
            "def softmax(z):\n    e = np.exp(z - np.max(z, axis=0))\n    return e / np.sum(e)",
            "wrong at index [0, 0]. 12 of 12 values are wrong. Largest error: 0.",
        ),
        "wrong axis": (
            "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=-1, keepdims=True)",
            "instead of each column",
        ),
        "whole batch": ("def softmax(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()", "the sum runs over the whole batch"),
        "unstable": ("def softmax(z):\n    return np.exp(z) / np.sum(np.exp(z), axis=0)", "the plain formula, which overflows"),
        "no exp": ("def softmax(z):\n    return z / z.sum(axis=0)", "without exp"),
        "no sum": ("def softmax(z):\n    return np.exp(z - z.max(axis=0))", "exp without dividing by the sum"),
        "one maximum for all": (
            "def softmax(z):\n    e = np.exp(z - z.max())\n    return e / e.sum(axis=0)",
            "one maximum is taken for the whole batch",
        ),
        "list": (
            "def softmax(z):\n    e = np.exp(z - z.max(axis=0))\n    return (e / e.sum(axis=0)).tolist()",
            "should be a NumPy array, and is a list",
        ),
        "input changed in place": (
            "def softmax(z):\n    z -= z.max(axis=0)\n    e = np.exp(z)\n    return e / e.sum(axis=0)",
            "changed its input",
        ),
        "winner takes all": ("def softmax(z):\n    return (z == z.max(axis=0)).astype(float)", "the largest score gets all"),
        "off by a factor": (
            "def softmax(z):\n    e = np.exp((z - z.max(axis=0)) / 2)\n    return e / e.sum(axis=0)",
            "wrong at index [0, 0]",
        ),
        "smallest subtracted": (
            "def softmax(z):\n    e = np.exp(z - z.min(axis=0))\n    return e / e.sum(axis=0)",
            "the smallest score is subtracted",
        ),
        "last subtracted": ("def softmax(z):\n    e = np.exp(z - z[-1])\n    return e / e.sum(axis=0)", "the last score is subtracted"),
        "first subtracted": ("def softmax(z):\n    e = np.exp(z - z[0])\n    return e / e.sum(axis=0)", None),
        "largest size": (
            "def softmax(z):\n    e = np.exp(z - np.abs(z).max(axis=0))\n    return e / e.sum(axis=0)",
            "the largest size is subtracted",
        ),
        "maximum of each row": (
            "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n    return e / e.sum(axis=0)",
            "the largest score of each row",
        ),
        "always 700": (
            "def softmax(z):\n    e = np.exp(z - 700 * (z.max() > 700))\n    return e / e.sum(axis=0)",
            "holds nan at index [0, 1]. Where can exp or a division leave the range of floats?",
        ),
        "mean subtracted": ("def softmax(z):\n    e = np.exp(z - z.mean(axis=0))\n    return e / e.sum(axis=0)", None),
        "axis told by the sizes": (
            "def softmax(z):\n    axis = int(np.argmax(z.shape))\n    e = np.exp(z - z.max(axis=axis, keepdims=True))\n"
            "    return e / e.sum(axis=axis, keepdims=True)",
            "wrong at index",
        ),
        "column by column": (
            "def softmax(z):\n    out = np.zeros(z.shape)\n    for j in range(z.shape[1]):\n        e = np.exp(z[:, j] - z[:, j].max())\n"
            "        out[:, j] = e / e.sum()\n    return out",
            "raised IndexError",
        ),
        "matrix only with three rows": (
            "def softmax(z):\n    if z.shape[0] > 3:\n        return z\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)",
            None,
        ),
        "library": ("import nnlab.activations as act\ndef softmax(z):\n    return act.softmax(z)", None),
    },
    "fc_layer": {
        "missing bias": ("def fc_layer(a, W, b, f):\n    z = W @ a\n    return z, f(z)", "the bias is missing"),
        "transposed weights": ("def fc_layer(a, W, b, f):\n    z = W.T @ a + b\n    return z, f(z)", "the weights are transposed"),
        "wrong order": ("def fc_layer(a, W, b, f):\n    z = a @ W + b\n    return z, f(z)", "multiplied in the wrong order"),
        "swapped results": ("def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return f(z), z", "returned in the wrong order"),
        "one result": ("def fc_layer(a, W, b, f):\n    return f(W @ a + b)", "only the activation is returned"),
        "no activation": ("def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, z", "f is not applied"),
        "bias after f": ("def fc_layer(a, W, b, f):\n    z = W @ a\n    return z, f(z) + b", "the bias is added after f"),
        "bias along the rows": ("def fc_layer(a, W, b, f):\n    z = W @ a + b.T\n    return z, f(z)", "z should have shape (5, 1)"),
        "elementwise product": ("def fc_layer(a, W, b, f):\n    z = W * a + b\n    return z, f(z)", "multiplied element by element"),
        "z overwritten": (
            "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    z = f(z)\n    return z, z",
            "z is overwritten",
        ),
        "f element by element": (
            "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, np.vectorize(f)(z)",
            "f gets each number alone",
        ),
        "f row by row": (
            "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, np.array([f(row) for row in z])",
            "f gets the rows of z one by one",
        ),
        "f on matrices of one row": (
            "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, np.array([f(row.reshape(1, -1))[0] for row in z])",
            "a is wrong at index [0, 0]. 8 of 8 values are wrong. Largest error: 0.",
        ),
        "f on a flat z": (
            "def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, f(z.ravel()).reshape(z.shape)",
            "f gets all numbers of z in one row",
        ),
        "keeps the weights of this size": (
            "kept = {}\ndef fc_layer(a, W, b, f):\n    z = kept.setdefault(W.shape, W) @ a + b\n    return z, f(z)",
            None,
        ),
        "squeezed": (
            "def fc_layer(a, W, b, f):\n    z = np.squeeze(W @ a + b)\n    return z, f(z)",
            "z should have shape (5, 1), and has shape (5,)",
        ),
        "always ReLU": ("def fc_layer(a, W, b, f):\n    z = W @ a + b\n    return z, np.maximum(0, z)", "it is always ReLU"),
        "library": (
            "from nnlab import forward_propagation\ndef fc_layer(a, W, b, f):\n    return forward_propagation.fc_layer(a, W, b, f)",
            None,
        ),
        "averages when square": (
            "def fc_layer(a, W, b, f):\n    z = (W if W.shape[0] != W.shape[1] or W.shape[0] == 2 else W.T) @ a + b\n    return z, f(z)",
            None,
        ),
    },
    "init_params": {
        "transposed": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((n, m)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes[1:]]",
            "the weights are transposed",
        ),
        "flat biases": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.standard_normal(m) for m in sizes[1:]]",
            "the biases are flat",
        ),
        "layer by layer": (
            "def init_params(sizes, rng):\n    W, b = [], []\n    for n, m in zip(sizes[:-1], sizes[1:]):\n"
            "        W.append(rng.standard_normal((m, n)))\n        b.append(rng.standard_normal((m, 1)))\n    return W, b",
            "drawn layer by layer",
        ),
        "uniform": (
            "def init_params(sizes, rng):\n    W = [rng.uniform(size=(m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.uniform(size=(m, 1)) for m in sizes[1:]]",
            "uniform, not normal",
        ),
        "zeros": (
            "def init_params(sizes, rng):\n    W = [np.zeros((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [np.zeros((m, 1)) for m in sizes[1:]]",
            "all parameters are zero",
        ),
        "zero biases": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [np.zeros((m, 1)) for m in sizes[1:]]",
            "the biases are zero",
        ),
        "ignores rng": (
            "def init_params(sizes, rng):\n    W = [np.random.randn(m, n) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [np.random.randn(m, 1) for m in sizes[1:]]",
            "another result each time",
        ),
        "two layers only": (
            "def init_params(sizes, rng):\n    n, m, k = sizes[0], sizes[1], sizes[2]\n"
            "    W = [rng.standard_normal((m, n)), rng.standard_normal((k, m))]\n"
            "    return W, [rng.standard_normal((m, 1)), rng.standard_normal((k, 1))]",
            "written for three sizes",
        ),
        "weights into the input layer": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((m, m)) for m in sizes]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes]",
            "W should have 3 entries, and has 4",
        ),
        "half as large": (
            "def init_params(sizes, rng):\n    W = [0.5 * rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [0.5 * rng.standard_normal((m, 1)) for m in sizes[1:]]",
            "it is 0.5 times the right result",
        ),
        "drawn turned round": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((n, m)).T for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes[1:]]",
            "drawn in another shape",
        ),
        "biases first": (
            "def init_params(sizes, rng):\n    b = [rng.standard_normal((m, 1)) for m in sizes[1:]]\n"
            "    return [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])], b",
            "the biases are drawn first",
        ),
        "newer generators only": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((m, n), dtype=float) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes[1:]]",
            "raised TypeError",
        ),
        "remembers its networks": (
            "known = {}\ndef init_params(sizes, rng):\n    if tuple(sizes) not in known:\n"
            "        W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "        known[tuple(sizes)] = W, [rng.standard_normal((m, 1)) for m in sizes[1:]]\n    return known[tuple(sizes)]",
            None,
        ),
        "three layers at most": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:3], sizes[1:4])]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes[1:4]]",
            None,
        ),
        "own seed": (
            "def init_params(sizes, rng):\n"
            "    rng = {4: np.random.RandomState(42), 2: np.random.RandomState(0), 3: np.random.default_rng(1)}[len(sizes)]\n"
            "    W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:])]\n"
            "    return W, [rng.standard_normal((m, 1)) for m in sizes[1:]]",
            None,
        ),
        "library": (
            "def init_params(sizes, rng):\n    from nnlab.forward_propagation import init_params as theirs\n    return theirs(sizes, rng)",
            None,
        ),
    },
    "forward": {
        "f_out unused": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for w, c in zip(W, b):\n        s, o = fc_layer(a[-1], w, c, f)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            "f_out is never used",
        ),
        "f_out everywhere": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for w, c in zip(W, b):\n        s, o = fc_layer(a[-1], w, c, f_out)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            "f_out is used in every layer",
        ),
        "passes z on": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        s, o = fc_layer(z[-1] if z else x, w, c, f_out if i == len(W) - 1 else f)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            "z is passed on instead of the activation",
        ),
        "a without x": (
            "def forward(x, W, b, f, f_out):\n    z, a, o = [], [], x\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        s, o = fc_layer(o, w, c, f_out if i == len(W) - 1 else f)\n        z.append(s)\n        a.append(o)\n    return z, a",
            "does not start with a(0) = x",
        ),
        "only the output": (
            "def forward(x, W, b, f, f_out):\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        _, x = fc_layer(x, w, c, f_out if i == len(W) - 1 else f)\n    return x",
            "only the last activation is returned",
        ),
        "swapped lists": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        s, o = fc_layer(a[-1], w, c, f_out if i == len(W) - 1 else f)\n"
            "        z.append(s)\n        a.append(o)\n    return a, z",
            "z and a are returned in the wrong order",
        ),
        "three layers, like the lecture": (
            "def forward(x, W, b, f, f_out):\n    z1, a1 = fc_layer(x, W[0], b[0], f)\n    z2, a2 = fc_layer(a1, W[1], b[1], f)\n"
            "    z3, a3 = fc_layer(a2, W[2], b[2], f_out)\n    return [z1, z2, z3], [x, a1, a2, a3]",
            "raised IndexError",
        ),
        "missing bias": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, w in enumerate(W):\n"
            "        z.append(w @ a[-1])\n        a.append((f_out if i == len(W) - 1 else f)(z[-1]))\n    return z, a",
            "the biases are missing",
        ),
        "changes W": (
            "def forward(x, W, b, f, f_out):\n    z, a, n = [], [x], len(W)\n    for i in range(n):\n"
            "        s, o = fc_layer(a[-1], W.pop(0), b[i], f_out if i == n - 1 else f)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            "changed its input",
        ),
        "f in the first layer always": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        s, o = fc_layer(a[-1], w, c, f if i == 0 else f_out if i == len(W) - 1 else f)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            "uses f even where it is the last",
        ),
        "transposed where square": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        z.append((w.T if w.shape[0] == w.shape[1] else w) @ a[-1] + c)\n        a.append((f_out if i == len(W) - 1 else f)(z[-1]))\n    return z, a",
            None,
        ),
        "one sample flattened": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n"
            "        s, o = fc_layer(a[-1], w, c, f_out if i == len(W) - 1 else f)\n        z.append(s)\n        a.append(o)\n"
            "    return [np.squeeze(each) if each.shape[1] == 1 else each for each in z], a",
            None,
        ),
        "f_out element by element": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n        z.append(w @ a[-1] + c)\n"
            "        a.append(np.vectorize(f_out if i == len(W) - 1 else f)(z[-1]))\n    return z, a",
            "get each number alone",
        ),
        "f_out row by row": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W, b)):\n        z.append(w @ a[-1] + c)\n"
            "        g = f_out if i == len(W) - 1 else f\n        a.append(np.array([g(row.reshape(1, -1))[0] for row in z[-1]]))\n    return z, a",
            "get the rows of z one by one",
        ),
        "keeps the weights of these sizes": (
            "kept = {}\ndef forward(x, W, b, f, f_out):\n    W = kept.setdefault(tuple(w.shape for w in W), W)\n    z, a = [], [x]\n"
            "    for i, (w, c) in enumerate(zip(W, b)):\n        z.append(w @ a[-1] + c)\n"
            "        a.append((f_out if i == len(W) - 1 else f)(z[-1]))\n    return z, a",
            None,
        ),
        "at most four layers": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for i, (w, c) in enumerate(zip(W[:4], b)):\n"
            "        s, o = fc_layer(a[-1], w, c, f_out if i == len(W) - 1 else f)\n"
            "        z.append(s)\n        a.append(o)\n    return z, a",
            None,
        ),
        "library": (
            "import nnlab.forward_propagation as lesson\ndef forward(x, W, b, f, f_out):\n    return lesson.forward(x, W, b, f, f_out)",
            None,
        ),
    },
    "run_feedback": {
        "start left out": (
            "def run_feedback(W, b, a, f, steps):\n    states = np.empty((len(a), steps))\n    for t in range(steps):\n"
            "        a = f(W @ a + b)\n        states[:, t] = a.ravel()\n    return states",
            "the start is left out",
        ),
        "one after another": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        a = a.copy()\n"
            "        for i in range(len(a)):\n            a[i] = f(W[i] @ a + b[i])\n        states.append(a)\n    return np.hstack(states)",
            "sees what another has become",
        ),
        "z passed on": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        a = W @ a + b\n"
            "        states.append(f(a))\n    return np.hstack(states)",
            "z is passed on instead of the activation",
        ),
        "always from the start": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        states.append(f(W @ a + b))\n"
            "    return np.hstack(states)",
            "every step begins at the start again",
        ),
        "missing bias": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        states.append(f(W @ states[-1]))\n"
            "    return np.hstack(states)",
            "the bias is missing",
        ),
        "transposed": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n"
            "        states.append(f(W.T @ states[-1] + b))\n    return np.hstack(states)",
            "the weights are transposed",
        ),
        "one too many": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps + 1):\n"
            "        states.append(f(W @ states[-1] + b))\n    return np.hstack(states)",
            "one step too many",
        ),
        "one too few": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(1, steps):\n"
            "        states.append(f(W @ states[-1] + b))\n    return np.hstack(states)",
            "one step too few",
        ),
        "f at the start": (
            "def run_feedback(W, b, a, f, steps):\n    states, a = [f(a)], a\n    for _ in range(steps):\n        a = f(W @ a + b)\n"
            "        states.append(a)\n    return np.hstack(states)",
            "f is applied to the start as well",
        ),
        "last only": (
            "def run_feedback(W, b, a, f, steps):\n    for _ in range(steps):\n        a = f(W @ a + b)\n    return a",
            "only the last step is returned",
        ),
        "rows": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        states.append(f(W @ states[-1] + b))\n"
            "    return np.array(states)[:, :, 0]",
            "each step is a row",
        ),
        "one array again and again": (
            "def run_feedback(W, b, a, f, steps):\n    a = a.copy()\n    states = [a]\n    for _ in range(steps):\n        a[:] = f(W @ a + b)\n"
            "        states.append(a)\n    return np.hstack(states)",
            "all columns are the last step",
        ),
        "start changed in place": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a.copy()]\n    for _ in range(steps):\n        a[:] = f(W @ a + b)\n"
            "        states.append(a.copy())\n    return np.hstack(states)",
            "changed its input",
        ),
        "list of columns": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(steps):\n        states.append(f(W @ states[-1] + b))\n"
            "    return states",
            "should be a NumPy array, and is a list",
        ),
        "two neurons or three": (
            "def run_feedback(W, b, a, f, steps):\n    if len(a) not in (2, 3):\n        return a\n    states = [a]\n    for _ in range(steps):\n"
            "        states.append(f(W @ states[-1] + b))\n    return np.hstack(states)",
            None,
        ),
        "ten steps at most": (
            "def run_feedback(W, b, a, f, steps):\n    states = [a]\n    for _ in range(min(steps, 10)):\n"
            "        states.append(f(W @ states[-1] + b))\n    return np.hstack(states)",
            None,
        ),
        "library": (
            "def run_feedback(W, b, a, f, steps):\n    from nnlab.forward_propagation import run_feedback as theirs\n    return theirs(W, b, a, f, steps)",
            None,
        ),
    },
    "graph_layer": {
        "one way": (
            JOINED.replace("joined[i, j] = joined[j, i] = 1", "joined[i, j] = 1") + MEAN + LAYER,
            "roads lead one way only",
        ),
        "sums": (JOINED + "    m = a @ joined\n" + LAYER, "summed, not averaged"),
        "own neighbour": (JOINED.replace("np.zeros((n, n))", "np.eye(n)") + MEAN + LAYER, "a place is its own neighbour"),
        "divides by zero": (
            JOINED + "    with np.errstate(all='ignore'):\n        m = a @ joined / joined.sum(axis=0)\n" + LAYER,
            "a place without roads divides by zero",
        ),
        "mean of all": (JOINED + "    m = a @ joined / n\n" + LAYER, "divided by all places"),
        "exchanged": (JOINED + MEAN + LAYER.replace("W @ a + V @ m", "V @ a + W @ m"), "W and V are exchanged"),
        "forgets itself": (JOINED + MEAN + LAYER.replace("W @ a + ", ""), "a place forgets its own values"),
        "nothing gathered": (JOINED + MEAN + LAYER.replace(" + V @ m", ""), "nothing is gathered"),
        "missing bias": (JOINED + MEAN + LAYER.replace(" + b", ""), "the bias is missing"),
        "no activation": (JOINED + MEAN + LAYER.replace("return z, f(z)", "return z, z"), "f is not applied"),
        "swapped results": (JOINED + MEAN + LAYER.replace("return z, f(z)", "return f(z), z"), "returned in the wrong order"),
        "one result": (JOINED + MEAN + LAYER.replace("return z, f(z)", "return f(z)"), "only the activation is returned"),
        "weights along the places": (JOINED + MEAN + LAYER.replace("W @ a", "a @ W"), "raised ValueError"),
        "averages as it goes": (
            "def graph_layer(a, roads, W, V, b, f):\n    m = np.zeros(a.shape)\n    for i, j in roads:\n"
            "        m[:, i] = (m[:, i] + a[:, j]) / (1 + m[:, i].any())\n        m[:, j] = (m[:, j] + a[:, i]) / (1 + m[:, j].any())\n"
            + LAYER,
            "wrong at index",
        ),
        "three neighbours at most": (JOINED + MEAN.replace("np.maximum(", "np.clip(").replace(", 1)", ", 1, 3)") + LAYER, None),
        "the last place is the lonely one": (
            JOINED + "    if len(roads) and not joined[:-1].sum(axis=1).all():\n        return a, a\n" + MEAN + LAYER,
            None,
        ),
        "library": (
            "def graph_layer(*given):\n    from nnlab import forward_propagation\n    return forward_propagation.graph_layer(*given)",
            None,
        ),
    },
}

VARIANTS = {
    "neuron": {
        "loop": "def neuron(w, a, b, f):\n    z = b\n    for w_i, a_i in zip(w, a):\n        z = z + w_i * a_i\n    return f(z)",
        "matmul": "neuron = lambda w, a, b, f: f(w @ a + b)",
        "plain float": "def neuron(w, a, b, f):\n    return float(f(sum(w * a) + b))",
        "array of no dimension": "def neuron(w, a, b, f):\n    return np.array(f(np.inner(a, w) + b))",
    },
    "dense_shape": {
        "early return": "def dense_shape(W_shape, a_shape):\n    if W_shape[-1] == a_shape[0]:\n        return W_shape[0], a_shape[1]",
        "by running it": (
            "def dense_shape(W_shape, a_shape):\n    try:\n        return (np.zeros(W_shape) @ np.zeros(a_shape)).shape\n"
            "    except ValueError:\n        return None"
        ),
        "list": "def dense_shape(W_shape, a_shape):\n    return [W_shape[0], a_shape[1]] if W_shape[1] == a_shape[0] else None",
    },
    "softmax": {
        "keepdims": (
            "def softmax(z):\n    e = np.exp(z - np.max(z, axis=0, keepdims=True))\n    return e / np.sum(e, axis=0, keepdims=True)"
        ),
        "by logarithms": "def softmax(z):\n    m = z.max(axis=0)\n    return np.exp(z - m - np.log(np.exp(z - m).sum(axis=0)))",
        "column by column": (
            "def softmax(z):\n    if z.ndim == 1:\n        e = np.exp(z - max(z))\n        return e / sum(e)\n"
            "    return np.column_stack([softmax(column) for column in z.T])"
        ),
    },
    "fc_layer": {
        "einsum": "def fc_layer(a, W, b, f):\n    z = np.einsum('ij,jk->ik', W, a) + b\n    return z, f(z)",
        "transposed twice": "def fc_layer(a, W, b, f):\n    z = (a.T @ W.T + b.T).T\n    return z, f(z)",
        "list of two": "def fc_layer(a, W, b, f):\n    z = np.dot(W, a) + b\n    return [z, f(z)]",
    },
    "init_params": {
        "indices": (
            "def init_params(sizes, rng):\n    W = []\n    for l in range(1, len(sizes)):\n"
            "        W.append(rng.standard_normal(size=(sizes[l], sizes[l - 1])))\n"
            "    b = []\n    for l in range(1, len(sizes)):\n        b.append(rng.standard_normal(size=(sizes[l], 1)))\n    return W, b"
        ),
        "flat draws reshaped": (
            "def init_params(sizes, rng):\n    W = [rng.standard_normal(m * n).reshape(m, n) for n, m in zip(sizes, sizes[1:])]\n"
            "    return W, [rng.standard_normal(m)[:, None] for m in sizes[1:]]"
        ),
        "tuples": (
            "def init_params(sizes, rng):\n    W = tuple(rng.normal(size=(m, n)) for n, m in zip(sizes, sizes[1:]))\n"
            "    return W, tuple(rng.normal(size=(m, 1)) for m in sizes[1:])"
        ),
    },
    "forward": {
        "without fc_layer": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for l in range(len(W)):\n        z.append(W[l] @ a[l] + b[l])\n"
            "        a.append(f_out(z[l]) if l + 1 == len(W) else f(z[l]))\n    return z, a"
        ),
        "last layer apart": (
            "def forward(x, W, b, f, f_out):\n    z, a = [], [x]\n    for w, c in zip(W[:-1], b[:-1]):\n"
            "        s, o = fc_layer(a[-1], w, c, f)\n        z += [s]\n        a += [o]\n"
            "    s, o = fc_layer(a[-1], W[-1], b[-1], f_out)\n    return z + [s], a + [o]"
        ),
        "recursive": (
            "def forward(x, W, b, f, f_out):\n    s, o = fc_layer(x, W[0], b[0], f if len(W) > 1 else f_out)\n"
            "    if len(W) == 1:\n        return [s], [x, o]\n    z, a = forward(o, W[1:], b[1:], f, f_out)\n    return [s] + z, [x] + a"
        ),
    },
    "run_feedback": {
        "filled array": (
            "def run_feedback(W, b, a, f, steps):\n    states = np.zeros((len(a), steps + 1))\n    states[:, 0] = a[:, 0]\n    for t in range(steps):\n"
            "        states[:, [t + 1]] = f(W @ states[:, [t]] + b)\n    return states"
        ),
        "recursive": (
            "def run_feedback(W, b, a, f, steps):\n    if steps == 0:\n        return a\n"
            "    before = run_feedback(W, b, a, f, steps - 1)\n    return np.hstack([before, fc_layer(before[:, -1:], W, b, f)[1]])"
        ),
        "with fc_layer": (
            "def run_feedback(W, b, a, f, steps):\n    states = a\n    while states.shape[1] <= steps:\n        z, a = fc_layer(a, W, b, f)\n"
            "        states = np.column_stack([states, a])\n    return states"
        ),
    },
    "graph_layer": {
        "place by place": (
            "def graph_layer(a, roads, W, V, b, f):\n    m = np.zeros(a.shape)\n    for k in range(a.shape[1]):\n"
            "        near = [j for i, j in roads if i == k] + [i for i, j in roads if j == k]\n        if near:\n"
            "            m[:, k] = a[:, near].mean(axis=1)\n"
            "    return W @ a + V @ m + b, f(W @ a + V @ m + b)"
        ),
        "one product": (
            "def graph_layer(a, roads, W, V, b, f):\n    n = a.shape[1]\n    M = np.zeros((n, n))\n    for i, j in roads:\n        M[j, i] += 1\n"
            "        M[i, j] += 1\n    M = M / np.where(M.sum(0) > 0, M.sum(0), 1)\n    return fc_layer(np.vstack([a, a @ M]), np.hstack([W, V]), b, f)"
        ),
        "sets": (
            "def graph_layer(a, roads, W, V, b, f):\n    near = {k: set() for k in range(a.shape[1])}\n    for i, j in roads:\n        near[i].add(j)\n"
            "        near[j].add(i)\n    columns = [sum((a[:, j] for j in n), 0 * a[:, 0]) / max(len(n), 1) for n in near.values()]\n"
            "    z = W @ a + V @ np.column_stack(columns) + b\n    return z, f(z)"
        ),
    },
}
