"""A made-up class of honest students, each choosing their own way of writing the right answer, to measure what is found to be alike."""

from __future__ import annotations

import random
from collections.abc import Sequence

GRAMMARS: dict[str, list[Sequence[str]]] = {  # the parts of an answer; of each part, ways to write it, the usual one first
    "softmax": [
        ("def softmax(z):\n",),
        ("", '    """Softmax."""\n', "    z = np.asarray(z)\n", "    z = np.array(z, dtype=float)\n", "    assert z.size\n"),
        (
            "    e = np.exp(z - z.max(axis=0))\n",
            "    e = np.exp(z - np.max(z, axis=0))\n",
            "    m = z.max(axis=0)\n    e = np.exp(z - m)\n",
            "    z = z - np.max(z, axis=0, keepdims=True)\n    e = np.exp(z)\n",
            "    top = np.amax(z, 0)\n    shifted = z - top\n    e = np.exp(shifted)\n",
            "    e = np.e ** (z - z.max(0))\n",
        ),
        (
            "    return e / e.sum(axis=0)",
            "    return e / np.sum(e, axis=0)",
            "    s = e.sum(axis=0)\n    return e / s",
            "    total = np.sum(e, axis=0, keepdims=True)\n    result = e / total\n    return result",
            "    e /= e.sum(0)\n    return e",
            "    return np.divide(e, e.sum(axis=0))",
        ),
    ],
    "init_params": [
        ("def init_params(sizes, rng):\n",),
        ("    W = []\n    b = []\n", "    W, b = [], []\n", "    weights, biases = list(), list()\n    W, b = weights, biases\n"),
        (
            "    for n, m in zip(sizes[:-1], sizes[1:]):\n        W.append(rng.standard_normal((m, n)))\n",
            "    for i in range(len(sizes) - 1):\n        W.append(rng.standard_normal((sizes[i + 1], sizes[i])))\n",
            "    for i in range(1, len(sizes)):\n        shape = (sizes[i], sizes[i - 1])\n        W.append(rng.standard_normal(shape))\n",
            "    for n, m in zip(sizes, sizes[1:]):\n        w = rng.standard_normal(size=(m, n))\n        W.append(w)\n",
            "    i = 0\n    while i < len(sizes) - 1:\n        W += [rng.standard_normal((sizes[i + 1], sizes[i]))]\n        i += 1\n",
            "    W.extend(rng.standard_normal((m, n)) for n, m in zip(sizes, sizes[1:]))\n",
        ),
        (
            "    for m in sizes[1:]:\n        b.append(rng.standard_normal((m, 1)))\n",
            "    for i in range(1, len(sizes)):\n        b.append(rng.standard_normal((sizes[i], 1)))\n",
            "    for i in range(len(W)):\n        b.append(rng.standard_normal((W[i].shape[0], 1)))\n",
            "    for w in W:\n        b += [rng.standard_normal((len(w), 1))]\n",
            "    b.extend([rng.standard_normal((m, 1)) for m in sizes[1:]])\n",
        ),
        ("    return W, b", "    return (W, b)", "    assert len(W) == len(b)\n    return W, b"),
    ],
    "forward": [
        ("def forward(x, W, b, f, f_out):\n",),
        ("    z = []\n    a = [x]\n", "    z, a = [], [x]\n", "    a = [x]\n    z = list()\n", "    z = []\n    a = []\n    a.append(x)\n"),
        (
            "    for i in range(len(W)):\n        g = f_out if i == len(W) - 1 else f\n",
            "    L = len(W)\n    for i in range(L):\n        g = f if i < L - 1 else f_out\n",
            "    for i in range(len(W)):\n        if i == len(W) - 1:\n            g = f_out\n        else:\n            g = f\n",
            "    functions = [f] * (len(W) - 1) + [f_out]\n    for i, g in enumerate(functions):\n",
            "    last = len(W) - 1\n    for i in range(0, last + 1, 1):\n        g = f\n        if i == last:\n            g = f_out\n",
        ),
        (
            "        z_l, a_l = fc_layer(a[-1], W[i], b[i], g)\n        z.append(z_l)\n        a.append(a_l)\n",
            "        z_l = W[i] @ a[-1] + b[i]\n        z.append(z_l)\n        a.append(g(z_l))\n",
            "        out = fc_layer(a[i], W[i], b[i], g)\n        z.append(out[0])\n        a.append(out[1])\n",
            "        z.append(np.dot(W[i], a[i]) + b[i])\n        a.append(g(z[i]))\n",
            "        z_l, a_l = fc_layer(a[-1], W[i], b[i], g)\n        z, a = z + [z_l], a + [a_l]\n",
        ),
        ("    return z, a", "    return (z, a)", "    result = z, a\n    return result"),
    ],
}


def honest(number: int, seed: int = 0) -> dict[str, dict[str, str]]:
    """Return the answers of so many students; a way of writing is the rarer, the later it stands in its part."""
    draw = random.Random(seed)

    def part(ways: Sequence[str]) -> str:
        return draw.choices(ways, [1 / (1 + i) for i in range(len(ways))])[0]

    return {f"student-{i:04}": {name: "".join(map(part, parts)) for name, parts in GRAMMARS.items()} for i in range(number)}
