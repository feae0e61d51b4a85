"""Vanishing and exploding gradients: the product that makes them, the size of the gradient layer by layer, and the cures.

Columns are samples. The norms of gradients are those of `nnlab.optimizers`, which also clips them in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnlab import _require
from nnlab.activations import Activation, Array, softmax
from nnlab.backpropagation import Derivative, backward, cross_entropy, hidden_bias_grad, hidden_grad, optimize
from nnlab.forward_propagation import forward
from nnlab.languages import say

# Standard deviation of the initial weights of a layer with n inputs and m neurons
INITIAL_STD: dict[str, Callable[[int, int], float]] = {
    "zeros": lambda n, m: 0.0,
    "small": lambda n, m: 0.01,
    "normal": lambda n, m: 1.0,
    "xavier": lambda n, m: float(np.sqrt(2 / (n + m))),
    "he": lambda n, m: float(np.sqrt(2 / n)),
    "sigmoid": lambda n, m: 4 * float(np.sqrt(2 / (n + m))),
}
STD_OF = {"sigmoid": "sigmoid", "tanh": "xavier", "relu": "he"}  # which of them keeps the size of an activation function's gradients
EPSILON = 1e-12  # added to a variance, so that one neuron alone, whose variance is 0, can be normalised


def chain_factors(w: ArrayLike, z: ArrayLike, f_grad: Derivative) -> Array:
    """Return the factors of ∂a(L)/∂b(1) in a chain of single neurons: f′(z1), w2 f′(z2), …, wL f′(zL). Their product is the gradient.

    Parameters
    ----------
    w : array_like, shape (L − 1,)
        Weights w2 … wL.
    z : array_like, shape (L,)
        Pre-activations z1 … zL.
    f_grad : callable
        Derivative of the activation function.

    Returns
    -------
    ndarray, shape (L,)

    Raises
    ------
    ValueError
        If there is not one weight less than pre-activations.

    Notes
    -----
    Source: S0 section 11.4, four layers: σ′(z1) w2 σ′(z2) w3 σ′(z3) w4 σ′(z4) ∂L/∂a4.
    """
    z, w = _require.floats("z", z, ndim=1), np.asarray(w, dtype=float) if np.size(w) == 0 else _require.floats("w", w)
    _require.function("f_grad", f_grad)
    if w.shape != (z.size - 1,):
        raise ValueError(
            say(
                "w must hold w2 … w{last}, {count} weights for {last} pre-activations, got shape {shape}. Leave w1 out.",
                last=z.size,
                count=z.size - 1,
                shape=w.shape,
            )
        )
    slopes = f_grad(z)
    _require.same_shape("f_grad(z)", np.asarray(slopes), "z", z)
    return np.append(1.0, w) * slopes


def initial_weights(sizes: Sequence[int], init: str | float, rng: np.random.Generator) -> list[Array]:
    """Draw the weights of all layers from normal distributions with the standard deviation of an initialisation.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first.
    init : str or float
        A key of `INITIAL_STD` (zeros, small, normal, xavier, he, sigmoid), or a standard deviation for all layers.
    rng : numpy.random.Generator

    Returns
    -------
    list of L arrays, shapes (M_l, M_{l−1})

    Raises
    ------
    ValueError
        If there is no such initialisation, the standard deviation is negative, or a size is not a whole number of at least 1.

    Notes
    -----
    Source: S1 section 3.5 asks for weights "close to zero" and does not say how close (erratum 11).
    Xavier: Glorot and Bengio 2010. He: He et al. 2015.
    """
    if isinstance(init, str) and init not in INITIAL_STD:
        raise ValueError(
            say(
                "init must be one of {choices} or a number, got {init!r}. A new one is a line in INITIAL_STD.",
                choices=", ".join(INITIAL_STD),
                init=init,
            )
        )
    std = INITIAL_STD[init] if isinstance(init, str) else lambda n, m: _require.not_negative("init", init)
    _require.generator(rng, "standard_normal")
    return [std(n, m) * rng.standard_normal((m, n)) for n, m in pairwise(_sizes(sizes))]


def _sizes(sizes: Sequence[int]) -> list[int]:
    """Refuse sizes that make no layer."""
    if len(_require.sequence("sizes", sizes, say("numbers of neurons, input first"))) < 2:
        raise ValueError(say("sizes must name the input and at least one layer, got {sizes!r:.60}. Try [5, 4, 3, 3].", sizes=sizes))
    return [_require.at_least("sizes", size, 1) for size in sizes]


def explosion_window(w: float) -> float:
    """Return how wide the set of activations a is for which one factor |w σ′(wa + b)| of the chain is at least 1, whatever b is.

    Parameters
    ----------
    w : float
        Weight.

    Returns
    -------
    float
        (2 / |w|) ln(|w| (1 + √(1 − 4 / |w|)) / 2 − 1), and 0 for |w| ≤ 4, since σ′ ≤ 1/4. At most 0.4477, at |w| = 6.894.

    Raises
    ------
    ValueError
        If w is not a finite number.

    Notes
    -----
    Source: S0 section 11.4, "gradients explode where |w σ′| ≫ 1"; Nielsen 2015, chapter 5, problem "when is |w σ′(wa + b)| ≥ 1".
    """
    size = float(abs(_require.number("w", w)))
    if not np.isfinite(size):
        raise ValueError(say("w must be finite, got {w!r}. Look where it grew without bound.", w=w))
    if size <= 4:
        return 0.0
    s = (1 + np.sqrt(1 - 4 / size)) / 2
    return float(2 / size * np.log(size * s - 1))


def initial_std(inputs: int, neurons: int, activation: str) -> float:
    """Return the standard deviation of initial weights that keeps the size of signals and gradients from layer to layer.

    Parameters
    ----------
    inputs, neurons : int
        Of the layer, n and m.
    activation : str
        "tanh": Xavier's √(2 / (n + m)); "relu": He's √(2 / n); "sigmoid": four times Xavier's, since σ(z) = ½ + ½ tanh(z/2).

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is no such activation function, or a size is less than 1.

    Notes
    -----
    Source: S1 section 3.5; Glorot and Bengio 2010; He et al. 2015.
    """
    if not isinstance(activation, str) or activation not in STD_OF:
        raise ValueError(
            say(
                "activation must be one of {choices}, got {activation!r}. For leaky ReLU, take that of relu.",
                choices=", ".join(STD_OF),
                activation=activation,
            )
        )
    return INITIAL_STD[STD_OF[activation]](_require.at_least("inputs", inputs, 1), _require.at_least("neurons", neurons, 1))


def diagnose(norms: ArrayLike) -> str:
    """Name what the gradient norms of the layers show.

    Parameters
    ----------
    norms : array_like, shape (L,)
        ‖dW(1)‖ … ‖dW(L)‖, at least two. The output layer has no f′ behind it, so that the first layer is compared with the last hidden one.

    Returns
    -------
    str
        The first that fits: "exploding" where a norm is above 1000 or no number; "small everywhere" where all are below 1e-4;
        "vanishing" where the first is at most a hundredth of that of the last hidden layer; "exploding" where it is at least ten times
        it; else "healthy".

    Raises
    ------
    ValueError
        If there are fewer than two norms.

    Notes
    -----
    Source: S0 section 11.4 and S1 section 4; the limits are ours.
    """
    norms = _require.floats("norms", norms)
    if norms.ndim != 1 or norms.size < 2:
        raise ValueError(
            say("norms must hold one number a layer, for two layers or more, got shape {shape}. Add a hidden layer.", shape=norms.shape)
        )
    first, last = norms[0], norms[-2]
    if not norms.max() <= 1000:
        return "exploding"
    if norms.max() < 1e-4:
        return "small everywhere"
    if first <= last / 100:
        return "vanishing"
    return "exploding" if first >= 10 * last else "healthy"


def clipped(gradients: Sequence[Array], limit: float) -> list[Array]:
    """Return all gradients shortened by one factor, so that their common norm is at most the limit. The direction of the step stays.

    Parameters
    ----------
    gradients : sequence of arrays
        They stay as they are; `nnlab.optimizers.clip_by_norm` works in place.
    limit : float
        Largest Euclidean norm over all elements of all gradients that is left, positive.

    Returns
    -------
    list of arrays, shapes of gradients

    Raises
    ------
    ValueError
        If limit is not positive.

    Notes
    -----
    Source: S0 section 11.4, gradient clipping; Pascanu, Mikolov and Bengio 2013.
    """
    _require.positive("limit", limit)
    gradients = [_require.finite("gradients", g) if np.size(g) else np.asarray(g) for g in _require.arrays("gradients", gradients)]
    norm = np.sqrt(sum(float(np.square(g).sum()) for g in gradients))
    factor = limit / norm if norm > limit else 1.0
    return [factor * g for g in gradients]


def _normalise(z: Array, axis: int) -> Array:
    """Give z mean 0 and standard deviation 1 along an axis."""
    return (z - z.mean(axis, keepdims=True)) / np.sqrt(z.var(axis, keepdims=True) + EPSILON)


def _normalise_grad(delta: Array, z: Array, axis: int) -> Array:
    """Pass a gradient back through `_normalise`."""
    delta, z = _require.floats("delta", delta, ndim=2), _require.floats("z", z, ndim=2)
    _require.same_shape("delta", delta, "z", z)
    n = _normalise(z, axis)
    inner = delta - delta.mean(axis, keepdims=True) - n * (delta * n).mean(axis, keepdims=True)
    return inner / np.sqrt(z.var(axis, keepdims=True) + EPSILON)


def layer_norm(z: Array) -> Array:
    """Give each sample's pre-activations mean 0 and standard deviation 1.

    Parameters
    ----------
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 4.1.1 names layer-wise normalisation; Ba, Kiros and Hinton 2016. Without their gain and shift.
    """
    return _normalise(_require.floats("z", z, ndim=2), 0)


def layer_norm_grad(delta: Array, z: Array) -> Array:
    """Pass a gradient back through `layer_norm`: what would move the mean or the spread is taken out of it.

    Parameters
    ----------
    delta : ndarray, shape (neurons, samples)
        Gradient with respect to layer_norm(z).
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z
        Gradient with respect to z: (δ − mean δ − n · mean(δ n)) / sd, with n = layer_norm(z) and means over the neurons.

    Notes
    -----
    Source: the derivative of `layer_norm`; Ba, Kiros and Hinton 2016.
    """
    return _normalise_grad(delta, z, 0)


def batch_norm(z: Array) -> Array:
    """Give each neuron's pre-activations mean 0 and standard deviation 1 over the samples of the batch.

    Parameters
    ----------
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z

    Notes
    -----
    Source: S3 section 4.1.1; Ioffe and Szegedy 2015. Without their gain and shift, and without running means for single samples.
    """
    return _normalise(_require.floats("z", z, ndim=2), 1)


def batch_norm_grad(delta: Array, z: Array) -> Array:
    """Pass a gradient back through `batch_norm`.

    Parameters
    ----------
    delta : ndarray, shape (neurons, samples)
        Gradient with respect to batch_norm(z).
    z : ndarray, shape (neurons, samples)

    Returns
    -------
    ndarray, shape of z
        Gradient with respect to z.

    Notes
    -----
    Source: the derivative of `batch_norm`; Ioffe and Szegedy 2015.
    """
    return _normalise_grad(delta, z, 1)


def residual_backward(delta_out: Array, W: Array, z: Array, f_grad: Derivative) -> tuple[Array, Array]:
    """Pass a gradient back through a residual layer a + f(z), z = Wa + b: the way through the layer, and the way round it.

    Parameters
    ----------
    delta_out : ndarray, shape (m, samples)
        Gradient with respect to the layer's output.
    W : ndarray, shape (m, m)
    z : ndarray, shape (m, samples)
    f_grad : callable
        Derivative of the activation function.

    Returns
    -------
    back : ndarray, shape (m, samples)
        Gradient with respect to the layer's input: Wᵀδ + delta_out.
    delta : ndarray, shape (m, samples)
        Gradient with respect to z: δ = delta_out ⊙ f′(z).

    Raises
    ------
    ValueError
        If the shapes do not fit, or W is not square.

    Notes
    -----
    Source: S3 section 4.1.1, residual connections; He et al. 2016.
    """
    delta_out, W, z = (_require.floats(name, each, ndim=2) for name, each in (("delta_out", delta_out), ("W", W), ("z", z)))
    _require.function("f_grad", f_grad)
    _require.same_shape("delta_out", delta_out, "z", z)
    if W.shape != (len(z), len(z)):
        raise ValueError(
            say(
                "W must be a matrix of {size} × {size} for a residual layer, got shape {shape}. Its output has the size of its input.",
                size=len(z),
                shape=W.shape,
            )
        )
    delta = delta_out * f_grad(z)
    return W.T @ delta + delta_out, delta


NORMALISATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]] = {
    "layer": (layer_norm, layer_norm_grad),
    "batch": (batch_norm, batch_norm_grad),
}


@dataclass(frozen=True)
class DeepPass:
    """What a deep network computed on the way forward, kept for the way back.

    `z` are the pre-activations, `n` the same after normalising, `a` the activations, the input first; `round` says of each layer whether
    its input is added to its output.
    """

    z: list[Array]
    n: list[Array]
    a: list[Array]
    round: list[bool]
    normalise: str | None


def deep_forward(
    x: Array, W: Sequence[Array], b: Sequence[Array], f: Activation, *, residual: bool = False, normalise: str | None = None
) -> DeepPass:
    """Run x through a deep network with a softmax output.

    Parameters
    ----------
    x : ndarray, shape (M_0, samples)
    W, b : sequences of L arrays, shapes (M_l, M_{l−1}) and (M_l, 1)
    f : callable
        Activation function of the hidden layers.
    residual : bool
        Whether a hidden layer adds its input to its output, where both have one size.
    normalise : None, "layer" or "batch"
        What is done to z(l) of the hidden layers before f.

    Returns
    -------
    DeepPass

    Raises
    ------
    ValueError
        If there is no such normalisation, or the shapes of x, W and b do not fit.

    Notes
    -----
    Source: S0 section 11.4; S3 section 4.1.1.
    """
    if normalise not in (None, *NORMALISATIONS):
        raise ValueError(
            say(
                "normalise must be one of None, {choices}, got {normalise!r}. None leaves layers as they are.",
                choices=", ".join(map(repr, NORMALISATIONS)),
                normalise=normalise,
            )
        )
    _require.function("f", f)
    x, W, b = _require.floats("x", x, ndim=2), _require.arrays("W", W, say("matrices"), 2), _require.arrays("b", b, ndim=2)
    if not len(W) == len(b) >= 1:
        raise ValueError(
            say("W and b must have one array each for every layer, got {W} and {b}. Give both for all layers.", W=len(W), b=len(b))
        )
    made = DeepPass([], [], [x], [], normalise)
    for i, (weights, biases) in enumerate(zip(W, b, strict=True)):
        hidden = i < len(W) - 1
        _require.one_for_each("W", weights, 1, "neuron of the layer before", len(made.a[-1]))
        if biases.shape != (len(weights), 1):
            raise ValueError(
                say(
                    "b must hold columns of shape (neurons, 1), here ({rows}, 1), got {shape}. Try b.reshape(-1, 1).",
                    rows=len(weights),
                    shape=biases.shape,
                )
            )
        z = weights @ made.a[-1] + biases
        n = NORMALISATIONS[normalise][0](z) if hidden and normalise else z
        made.round.append(residual and hidden and weights.shape[0] == weights.shape[1])
        made.z.append(z)
        made.n.append(n)
        made.a.append((f(n) if hidden else softmax(n)) + (made.a[-1] if made.round[-1] else 0.0))
    return made


def deep_backward(made: DeepPass, W: Sequence[Array], delta: Array, f_grad: Derivative) -> tuple[list[Array], list[Array]]:
    """Return the gradients of all weights and biases, means over the samples.

    Parameters
    ----------
    made : DeepPass
        What `deep_forward` returned.
    W : sequence of L arrays
        The same weights.
    delta : ndarray, shape (M_L, samples)
        Error term of the output layer, a(L) − y for softmax with the cross-entropy.
    f_grad : callable
        Derivative of the activation function of the hidden layers.

    Returns
    -------
    dW, db : lists of L arrays, shapes of W and b

    Notes
    -----
    Source: BP-1 to BP-4 of S0 section 11.3, with the derivatives of normalised and residual layers.
    """
    W, delta = _require.arrays("W", W, say("matrices"), 2), _require.floats("delta", delta, ndim=2)
    _require.function("f_grad", f_grad)
    _require.same_shape("delta", delta, say("the output"), made.a[-1])
    shapes = [(len(after), len(before)) for before, after in pairwise(made.a)]
    if [weights.shape for weights in W] != shapes:
        raise ValueError(
            say(
                "W must hold the matrices of the way forward, {expected}, got {shapes}. Give both the same.",
                expected=shapes,
                shapes=[w.shape for w in W],
            )
        )
    dW, db = [hidden_grad(delta, made.a[-2])], [hidden_bias_grad(delta)]
    back = W[-1].T @ delta
    for i in reversed(range(len(W) - 1)):
        delta = back * f_grad(made.n[i])
        if made.normalise:
            delta = NORMALISATIONS[made.normalise][1](delta, made.z[i])
        dW.append(hidden_grad(delta, made.a[i]))
        db.append(hidden_bias_grad(delta))
        back = W[i].T @ delta + (back if made.round[i] else 0.0)
    return dW[::-1], db[::-1]


def train_deep(
    X: Array,
    Y: Array,
    W: Sequence[Array],
    b: Sequence[Array],
    f: Activation,
    f_grad: Derivative,
    alpha: float,
    batches: Sequence[NDArray[np.intp]],
    limit: float | None = None,
) -> tuple[list[Array], list[Array], list[float], list[Array]]:
    """Train a deep network by gradient descent on the cross-entropy, one step a batch, and write down the gradient's size in each layer.

    Parameters
    ----------
    X : ndarray, shape (features, samples)
    Y : ndarray, shape (classes, samples)
        Targets, one column a sample.
    W, b : sequences of L arrays
        Parameters at the start; they stay as they are.
    f, f_grad : callable
        Activation function of the hidden layers and its derivative. The output is softmax.
    alpha : float
        Learning rate.
    batches : sequence of arrays of int
        The samples of each step.
    limit : float, optional
        Largest norm of all gradients of a step together, those of weights and biases, as in `clipped`.

    Returns
    -------
    W, b : lists of L arrays
        Parameters at the end.
    costs : list of float
        Cross-entropy of each batch before its step, nats.
    norms : list of arrays, shape (L,)
        ‖dW(1)‖ … ‖dW(L)‖ of each step, before clipping.

    Raises
    ------
    ValueError
        If there is not one target for each sample, a batch is empty or names a sample that is not there, or as `forward` and `clipped`.

    Notes
    -----
    Source: S0 sections 11.3 and 11.4.
    """
    X, Y = _require.floats("X", X, ndim=2), _require.floats("Y", Y, ndim=2)
    _require.function("f", f)
    _require.function("f_grad", f_grad)
    samples = X.shape[1]
    _require.one_for_each("Y", Y, 1, "sample of X", samples)
    W, b, costs, norms = _require.arrays("W", W, say("matrices"), 2), _require.arrays("b", b, ndim=2), [], []
    for batch in _require.sequence("batches", batches, say("arrays of sample numbers")):
        index = _require.labels("batches", batch, samples)
        z, a = forward(X[:, index], W, b, f, softmax)
        dW, db = backward(Y[:, index], W, z, a, f_grad, np.ones_like)
        costs.append(cross_entropy(z[-1], Y[:, index]))
        norms.append(np.array([np.linalg.norm(g) for g in dW]))
        if limit is not None:
            shortened = clipped([*dW, *db], limit)
            dW, db = shortened[: len(W)], shortened[len(W) :]
        W, b = optimize(W, b, dW, db, alpha)
    return W, b, costs, norms


def deep_start(X: Array, sizes: Sequence[int], activation: str, rng: np.random.Generator) -> tuple[list[Array], list[Array]]:
    """Draw parameters from which a deep network of this activation function can learn.

    Parameters
    ----------
    X : ndarray, shape (M_0, samples)
        Standardised samples that a start may be fitted to; this one does not look at them.
    sizes : sequence of int
        Neurons a layer, input first.
    activation : str
        "sigmoid", "tanh" or "relu".
    rng : numpy.random.Generator

    Returns
    -------
    W : list of L arrays, shapes (M_l, M_{l−1})
    b : list of L arrays, shapes (M_l, 1)
        Zeros; for the sigmoid −½ Σ w of each neuron behind the first layer, so that the mean ½ of its inputs cancels.

    Notes
    -----
    Source: `initial_std`. The sigmoid is ½ + ½ tanh(z/2): with weights four times Xavier's and these biases it behaves like tanh near 0.
    """
    _require.generator(rng, "standard_normal")
    W: list[Array] = [initial_std(n, m, activation) * rng.standard_normal((m, n)) for n, m in pairwise(_sizes(sizes))]
    half = 0.5 if activation == "sigmoid" else 0.0  # the mean of its activations; the first layer's inputs are standardised
    b: list[Array] = [np.zeros((len(W[0]), 1)), *(-half * weights.sum(axis=1, keepdims=True) for weights in W[1:])]
    return W, b


def start_quality(
    W: Sequence[Array], b: Sequence[Array], X: Array, Y: Array, f: Activation, f_grad: Derivative
) -> tuple[float, float, float]:
    """Measure a start without training: whether the gradient reaches the first layer, and whether the samples still differ behind the last.

    Parameters
    ----------
    W, b : sequences of L arrays
    X, Y : ndarray, shapes (M_0, samples) and (M_L, samples)
        Samples and one-hot targets.
    f, f_grad : callable
        Activation function of the hidden layers and its derivative. The output is softmax.

    Returns
    -------
    ratio : float
        ‖dW(1)‖ / ‖dW(L−1)‖, first over last hidden layer; 0 where the latter is 0.
    spread : float
        Standard deviation of all a(L−1).
    least : float
        The smallest share that is left of the samples' differences: over the hidden layers, the root mean square over the neurons of
        the standard deviation of a over the samples.

    Raises
    ------
    ValueError
        If there is no hidden layer, or as `forward`.

    Notes
    -----
    Source: Glorot and Bengio 2010 look at the same two sizes.
    """
    _require.function("f", f)
    _require.function("f_grad", f_grad)
    X, Y = _require.floats("X", X, ndim=2), _require.floats("Y", Y, ndim=2)
    W, b = _require.arrays("W", W, say("matrices"), 2), _require.arrays("b", b, ndim=2)
    if len(W) < 2:
        raise ValueError(
            say("W must have a hidden layer and an output layer at least, got {count} layers. Add a hidden one.", count=len(W))
        )
    with np.errstate(all="ignore"):
        z, a = forward(X, W, b, f, softmax)
        dW, _ = backward(Y, W, z, a, f_grad, np.ones_like)
        first, last = np.linalg.norm(dW[0]), np.linalg.norm(dW[-2])
        least = min(float(np.sqrt(np.square(each.std(axis=1)).mean())) for each in a[1:-1])
    return float(first / last) if last > 0 else 0.0, float(a[-2].std()), least


def deep_gradients(
    x: Array,
    W: Sequence[Array],
    f: Activation,
    f_grad: Derivative,
    upstream: ArrayLike = 1.0,
    *,
    residual: bool = False,
    normalise: bool = False,
) -> list[Array]:
    """Return the gradient of every layer's weights in a deep network without biases: mean over samples of Σ upstream ⊙ a(L).

    Parameters
    ----------
    x : ndarray, shape (M_0, samples)
    W : sequence of L arrays, shapes (M_l, M_{l−1})
    f, f_grad : callable
        Activation function of all layers and its derivative.
    upstream : array_like
        Gradient of the cost with respect to a(L), of its shape.
    residual : bool
        Whether each layer adds its input to its output: a(l) = a(l−1) + f(z(l)). All layers must then have M_0 neurons.
    normalise : bool
        Whether each layer normalises z(l) by `layer_norm` before f.

    Returns
    -------
    list of L arrays, shapes of W

    Raises
    ------
    ValueError
        If residual is asked for and the layers differ in size.

    Notes
    -----
    Source: S0 section 11.4; S1 section 4; S3 section 4.1.1 for residual and normalised layers.
    """
    _require.function("f", f)
    _require.function("f_grad", f_grad)
    x, W = _require.floats("x", x, ndim=2), _require.arrays("W", W, say("matrices"), 2)
    if residual and any(weights.shape != (len(x), len(x)) for weights in W):
        raise ValueError(
            say(
                "W must be matrices of {size} × {size} for residual layers, got {shapes}. Give all layers one size.",
                size=len(x),
                shapes=[w.shape for w in W],
            )
        )
    zs, ns, a = [], [], [x]
    for weights in W:
        _require.one_for_each("W", weights, 1, "neuron of the layer before", len(a[-1]))
        zs.append(weights @ a[-1])
        ns.append(layer_norm(zs[-1]) if normalise else zs[-1])
        a.append(f(ns[-1]) + (a[-1] if residual else 0.0))
    back, gradients = np.broadcast_to(np.asarray(upstream, dtype=float), a[-1].shape), []
    for weights, z, n, before in zip(reversed(W), reversed(zs), reversed(ns), reversed(a[:-1]), strict=True):
        delta = back * f_grad(n)
        delta = layer_norm_grad(delta, z) if normalise else delta
        gradients.append(hidden_grad(delta, before))
        back = weights.T @ delta + (back if residual else 0.0)
    return gradients[::-1]
