"""The network that the later chapters train: a multi-layer perceptron of any depth, as scikit-learn estimators.

At the door samples are rows, as scikit-learn has them. Inside they are columns, as in the lectures: z = W a + b. Four ideas make it fast:

- The bias is one more weight, on a constant input 1: z = W a with b as the last column of W, and a row of ones under a.
- All weights lie in one flat vector `theta`, all gradients in one flat vector `gradient`. The matrices are views into them.
- A batch keeps the room for all that is computed from it. Each batch of that size writes into the same room.
- The samples are rows in memory. A batch is drawn by copying whole rows, and `.T` makes them columns without moving a number.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from nnlab._progress import Progress
from nnlab.activations import Array
from nnlab.languages import say
from nnlab.network import blas
from nnlab.network.in_place import Loss, activation_into, cross_entropy_into, softmax_into, softmax_squared_error_into, squared_error_into
from nnlab.network.settings import check_settings, layers
from nnlab.optimizers import OPTIMIZERS, Optimizer, add_l2, batches, clip_by_norm, clip_by_value, gradient_norms
from nnlab.overfitting import EarlyStopping, dropout_mask
from nnlab.vanishing_gradients import initial_weights

CHUNK = 512  # samples predicted at once: their activations stay in the processor's cache


class Batch:
    """Samples, and the room for all that a network computes from them.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first: M_0, M_1, …, M_L.
    rows : ndarray, shape (samples, M_0 + 1)
        Inputs, one row a sample, with 1 as the last number of each.
    y : ndarray, shape (M_L, samples)
        Targets, one column a sample.
    """

    def __init__(self, sizes: Sequence[int], rows: Array, y: Array) -> None:
        def room(neurons: int) -> Array:
            return np.ones((neurons, len(rows)), rows.dtype)

        self.rows, self.y = rows, y
        self.z = [room(m) for m in sizes[1:]]
        self.slope = [room(m) for m in sizes[1:-1]]
        self.inputs = [rows.T, *(room(m + 1) for m in sizes[1:-1])]  # of each layer: the activations before it, over a row of ones
        self.a = [x[:-1] for x in self.inputs[1:]]
        self.delta = room(sizes[-1])


class Network:
    """A fully connected network: its parameters, its forward pass and its gradient. Columns are samples.

    Parameters
    ----------
    sizes : sequence of int
        Neurons a layer, input first: M_0, M_1, …, M_L.
    function : str
        Activation function of the hidden layers, a name in `nnlab.activations.ACTIVATIONS`.
    loss : callable
        What fills the output's error term from scores and targets, and returns the loss.
    theta : ndarray, shape (parameters,)
        All parameters: for each layer W(l) with b(l) as its last column, row by row. Kept, not copied.

    Attributes
    ----------
    gradient : ndarray, shape (parameters,)
        ∂loss/∂theta of the last batch.
    W, dW : lists of L arrays, shapes (M_l, M_{l−1} + 1)
        Views into theta and gradient. The last column is the bias.
    is_weight : ndarray, shape (parameters,)
        1 for each weight, 0 for each bias.
    l2 : float
        λ of the penalty λ/2 Σ ‖W‖² on the weights, not on the biases; 0 at first.
    dropout : float
        Share of the hidden neurons that is switched off for each sample in learning; 0 at first.
    """

    def __init__(self, sizes: Sequence[int], function: str, loss: Loss, theta: Array) -> None:
        self.sizes, self.function, self.loss, self.theta = sizes, function, loss, theta
        self.gradient = np.zeros_like(theta)
        self.activate = activation_into(function)
        self.W, self.dW = self.views(theta), self.views(self.gradient)
        self.is_weight = np.ones_like(theta)
        for W in self.views(self.is_weight):
            W[:, -1] = 0
        self.dots = [blas.dot_for(m, n + 1) for n, m in pairwise(sizes)]
        self.batches: dict[int, Batch] = {}
        self.l2 = self.dropout = 0.0
        limits = np.finfo(theta.dtype)
        self.least = limits.tiny / limits.eps  # below it error terms count as 0: their products lose digits, and take ten times as long

    def __reduce__(self) -> tuple[Any, ...]:  # a copy or a pickle makes its own views
        return Network, (self.sizes, self.function, self.loss, self.theta)

    def views(self, flat: Array) -> list[Array]:
        """Return the layers' matrices as views into a flat vector.

        Parameters
        ----------
        flat : ndarray, shape (parameters,)

        Returns
        -------
        list of L arrays, shapes (M_l, M_{l−1} + 1)
        """
        shapes = [(m, n + 1) for n, m in pairwise(self.sizes)]
        ends = np.cumsum([m * n for m, n in shapes])
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)]

    def draw(self, rows: Array, y: Array, index: NDArray[np.intp]) -> Batch:
        """Copy the samples of this index into the batch kept for their number.

        Parameters
        ----------
        rows : ndarray, shape (samples, M_0 + 1)
        y : ndarray, shape (M_L, samples)
        index : ndarray of int, shape (size,)

        Returns
        -------
        Batch
        """
        size = len(index)
        if size not in self.batches:
            self.batches[size] = Batch(self.sizes, np.empty((size, rows.shape[1]), rows.dtype), np.empty((len(y), size), y.dtype))
        batch = self.batches[size]
        rows.take(index, axis=0, out=batch.rows, mode="clip")
        y.take(index, axis=1, out=batch.y, mode="clip")
        return batch

    def forward(self, batch: Batch, rng: np.random.Generator | None = None) -> Array:
        """Compute the scores of the output layer: z(l) = W(l) a(l−1), a(l) = f(z(l)).

        Parameters
        ----------
        batch : Batch
            Receives z, a and the slopes f′(z) of all layers.
        rng : numpy.random.Generator, optional
            Chooses the neurons to drop. Without it none are.

        Returns
        -------
        ndarray, shape (M_L, samples)
        """
        hidden = zip(self.dots, self.W, batch.inputs, batch.z, batch.a, batch.slope)  # noqa: B905 (the output layer has no slope)
        for dot, W, x, z, a, slope in hidden:
            self.activate(dot(W, x, z), a, slope)
            if rng and self.dropout:
                mask = dropout_mask(z.shape, self.dropout, rng, out=z)  # z is done with
                a *= mask
                slope *= mask
        return self.dots[-1](self.W[-1], batch.inputs[-1], batch.z[-1])

    def mean_loss(self, batch: Batch) -> float:
        """Compute the mean loss of a batch, without penalty and dropout.

        Parameters
        ----------
        batch : Batch

        Returns
        -------
        float
        """
        return self.loss(self.forward(batch), batch.y, batch.delta) / len(batch.rows)

    def loss_and_gradient(self, batch: Batch, rng: np.random.Generator | None = None) -> float:
        """Compute the mean loss of a batch with the penalty, and by backpropagation its gradient, into `gradient`.

        Parameters
        ----------
        batch : Batch
        rng : numpy.random.Generator, optional
            Chooses the neurons to drop. Without it none are.

        Returns
        -------
        float
        """
        loss = self.loss(self.forward(batch, rng), batch.y, batch.delta) / len(batch.rows)
        delta = batch.delta
        delta *= 1 / len(batch.rows)
        for layer in range(len(self.W) - 1, 0, -1):
            delta.dot(batch.inputs[layer].T, out=self.dW[layer])  # δ(l) a(l−1)ᵀ
            delta = self.W[layer][:, :-1].T.dot(delta, out=batch.z[layer - 1])  # z is done with: its room takes the next δ
            delta *= batch.slope[layer - 1]
            if max(delta.max(), -delta.min()) < self.least:  # nothing reaches the layers before this one
                for dW in self.dW[:layer]:
                    dW.fill(0)
                break
        else:
            delta.dot(batch.rows, out=self.dW[0])
        return loss + add_l2([self.gradient], [self.theta * self.is_weight], self.l2) if self.l2 else loss

    def predict(self, rows: Array) -> Array:
        """Compute the scores of any number of samples.

        Parameters
        ----------
        rows : ndarray, shape (samples, M_0 + 1)
            Inputs, one row a sample, with 1 as the last number of each.

        Returns
        -------
        ndarray, shape (M_L, samples)
        """
        scores = np.empty((self.sizes[-1], len(rows)), rows.dtype)
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            if start == 0 or len(part) < CHUNK:
                batch = Batch(self.sizes, part, part)
            batch.inputs[0] = part.T
            scores[:, start : start + CHUNK] = self.forward(batch)
        return scores


def _with_ones(X: Array) -> Array:
    """Put the constant 1 after each sample's features."""
    rows = np.empty((len(X), X.shape[1] + 1), X.dtype)
    rows[:, :-1], rows[:, -1] = X, 1
    return rows


@dataclass(eq=False, repr=False)
class MLP(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What `MLPClassifier` and `MLPRegressor` share: the parameters, and learning.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Neurons of each hidden layer. An empty sequence leaves a linear model.
    activation : str
        Activation function of the hidden layers: a name in `nnlab.activations.ACTIVATIONS` but softmax. The slope of prelu is not learned.
    loss : str
        A name in `LOSSES`. "mse" is ½ ‖prediction − target‖², the mean over the samples; a classifier takes it of the probabilities.
    optimizer : {"adam", "nesterov", "momentum", "sgd"}
        Update rule, see `nnlab.optimizers`.
    learning_rate : float
        Step size of the update rule.
    momentum : float
        Share of the velocity that "momentum" and "nesterov" keep.
    batch_size : int or None
        Samples a step: None for gradient descent on all of them, 1 for stochastic, more for mini-batch gradient descent.
    epochs : int
        How many times `fit` goes through the samples.
    init : {"he", "xavier", "normal", "small", "zeros"} or float
        How the weights are drawn: from the normal distribution with the variance of He (2 / inputs) or Xavier (2 / (inputs + neurons)),
        with standard deviation 1, 0.01, 0, or this one. Biases start at 0.
    l2 : float
        λ of the penalty ½ λ‖W‖² on the weights, not on the biases.
    dropout : float
        Share of the hidden neurons switched off in each step.
    clip_value, clip_norm : float or None
        Largest absolute value of a gradient's elements, and largest norm of the whole gradient.
    early_stopping : bool
        Whether `fit` sets samples aside, of each class the same share, stops when their loss has stopped falling, and goes back to the best
        parameters. Samples given to `fit` as `validation` take their place.
    validation_fraction : float
        Share of the samples set aside.
    patience : int or inf
        Epochs without a new lowest validation loss after which `fit` stops. With inf it runs to the end and then goes back to the best.
    dtype : {"float64", "float32"}
        Number type of all computation. float32 is about twice as fast.
    random_state : int, RandomState or None
        Seed of the weights, the order of the samples and dropout.
    blas_threads : "auto", int or None
        Threads of the matrix products. "auto" takes one unless the network is large: more than one cost small networks time.
        None leaves the BLAS library's setting alone.
    on_step, on_epoch : callable or None
        Called with the estimator after each step and each epoch. Learning stops when it returns True.
    verbose : bool or None
        Whether to show progress on standard error. None does after two seconds.

    Attributes
    ----------
    network_ : Network
        The network itself.
    history_ : dict of lists, one entry an epoch
        "loss", the mean over the batches with the penalty; "gradient_norms", those of each layer in the last batch, before clipping,
        shape (L,); "validation_loss" where samples are watched.
    loss_ : float
        Loss of the last batch, with the penalty.
    n_iter_, n_steps_ : int
        Epochs and steps done.

    Notes
    -----
    Source: S2, exercise 1; S3 section 3.3, whose `MLPClassifier` is scikit-learn's; S0 section 11.4 for dropout, L2 and early stopping.
    """

    hidden_layer_sizes: int | Sequence[int] = (100,)
    _: KW_ONLY
    activation: str = "relu"
    loss: str = "mse"
    optimizer: str = "adam"
    learning_rate: float = 0.001
    momentum: float = 0.9
    batch_size: int | None = 32
    epochs: int = 200
    init: str | float = "he"
    l2: float = 0.0
    dropout: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    early_stopping: bool = False
    validation_fraction: float = 0.1
    patience: float = 10
    dtype: DTypeLike = "float64"
    random_state: Any = None
    blas_threads: int | str | None = "auto"
    on_step: Callable[[Any], Any] | None = None
    on_epoch: Callable[[Any], Any] | None = None
    verbose: bool | None = None

    LOSSES = {"mse": squared_error_into}  # noqa: RUF012 (an annotation would make it a parameter)

    @property
    def weights_(self) -> list[Array]:
        """The weights W(1) … W(L), shapes (M_l, M_{l−1}): views that can be changed."""
        return [W[:, :-1] for W in self.network_.W]

    @property
    def biases_(self) -> list[Array]:
        """The biases b(1) … b(L), shapes (M_l, 1): views that can be changed."""
        return [W[:, -1:] for W in self.network_.W]

    def fit(self, X: ArrayLike, y: ArrayLike, validation: tuple[ArrayLike, ArrayLike] | None = None) -> Self:
        """Learn from new weights on.

        Parameters
        ----------
        X : array_like, shape (samples, features)
            Inputs, one row a sample.
        y : array_like, shape (samples,), or (samples, outputs) for a regressor
            Labels or targets.
        validation : (X, y), optional
            Samples to watch, such as those of another day. Their loss is recorded after each epoch. `early_stopping` goes by them and
            sets nothing aside.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter, X or y is not what it has to be. The message says what came and what to try.

        Warns
        -----
        ConvergenceWarning
            If the loss is no longer finite. The parameters are those before that epoch.
        """
        rows, targets = self._begin(X, y, first=True)
        watched = None
        if validation is not None:
            if not isinstance(validation, tuple | list) or len(validation) != 2:
                raise ValueError(
                    say("validation must be a pair (X, y), got {value!r:.60}: try validation=(X_val, y_val)", value=validation)
                )
            watched = self._samples(*validation, first=False)
        elif self.early_stopping:
            (rows, targets), watched = self._set_aside(rows, targets)
        if watched is None:
            return self._learn(rows, targets, self.epochs)
        net, stopping = self.network_, EarlyStopping(self.patience if self.early_stopping else np.inf)
        unseen, best, losses = Batch(net.sizes, *watched), net.theta.copy(), self.history_.setdefault("validation_loss", [])

        def has_stalled() -> bool:
            losses.append(net.mean_loss(unseen))
            stalled = stopping.should_stop(losses[-1])
            if stopping.best_epoch == len(losses) - 1:
                best[:] = net.theta
            return stalled

        self._learn(rows, targets, self.epochs, has_stalled)
        if losses and self.early_stopping:
            net.theta[:] = best
        return self

    def _set_aside(self, rows: Array, targets: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Split the samples at random into those to learn from and those to watch, each class in the same shares."""
        samples = len(rows)
        cut = max(1, round(self.validation_fraction * samples))
        if samples < 3 or cut == samples:
            raise ValueError(
                say("early_stopping needs samples to learn from and to set aside, got {samples}: try early_stopping=False", samples=samples)
            )
        order = self.rng_.permutation(samples)
        if hasattr(self, "classes_"):
            order = order[targets.argmax(axis=0)[order].argsort(kind="stable")]  # class by class, each in random order
        ends = np.arange(samples + 1) * cut // samples
        aside = np.sort(order[np.diff(ends) > 0])  # every so many-th
        kept = np.setdiff1d(order, aside)
        learn, watch = ((rows[i], targets.take(i, axis=1)) for i in (kept, aside))
        return learn, watch

    def _begin(self, X: ArrayLike, y: ArrayLike, first: bool, **classes: Any) -> tuple[Array, Array]:
        check_settings(self.get_params(deep=False), self.LOSSES)
        rows, targets = self._samples(X, y, first, **classes)
        if first:
            self._start(rows, targets)
        return rows, targets

    def _validated(self, X: ArrayLike, y: ArrayLike, first: bool, **checks: bool) -> tuple[Array, NDArray[Any]]:
        dtype = self.dtype if first else self.network_.theta.dtype
        samples, labels = validate_data(self, X, y, reset=first, dtype=dtype, **checks)
        return _with_ones(samples), labels

    def _samples(self, X: ArrayLike, y: ArrayLike, first: bool) -> tuple[Array, Array]:
        raise NotImplementedError  # the rows and the targets, one column a sample

    def _start(self, rows: Array, targets: Array) -> None:
        self.rng_ = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        sizes = [rows.shape[1] - 1, *layers(self.hidden_layer_sizes), len(targets)]
        theta = np.zeros(sum(m * (n + 1) for n, m in pairwise(sizes)), rows.dtype)
        self.network_ = Network(sizes, self.activation, self.LOSSES[self.loss], theta)
        for W, drawn in zip(self.weights_, initial_weights(sizes, self.init, self.rng_), strict=True):
            W[:] = drawn
        self.optimizer_ = self._new_optimizer()
        self.history_: dict[str, list[Any]] = {"loss": [], "gradient_norms": []}
        self.n_iter_ = self.n_steps_ = 0

    def _new_optimizer(self) -> Optimizer:
        settings = {"momentum": self.momentum} if self.optimizer in ("momentum", "nesterov") else {}
        return OPTIMIZERS[self.optimizer](self.learning_rate, **settings)

    def _learn(self, rows: Array, targets: Array, epochs: int, has_stalled: Callable[[], bool] = lambda: False) -> Self:
        net, samples = self.network_, len(rows)
        size = min(self.batch_size or samples, samples)
        whole = Batch(net.sizes, rows, targets) if size == samples else None
        net.l2, net.dropout = self.l2, self.dropout
        self.optimizer_.learning_rate = self.learning_rate  # it may have been changed between two partial fits
        with blas.computing(self.blas_threads, net.theta.size * size), Progress(epochs, self.verbose) as progress:
            for epoch in range(1, epochs + 1):
                drawn = (whole or net.draw(rows, targets, index) for index in batches(samples, size, self.rng_))
                if not self._epoch(drawn, samples):
                    break
                progress.show(epoch, self.history_["loss"][-1])
                stalled = has_stalled()
                if (self.on_epoch is not None and self.on_epoch(self) is True) or stalled:
                    break
        net.batches.clear()
        return self

    def _epoch(self, drawn: Iterable[Batch], samples: int) -> bool:
        """Go through the batches once and record it. Say whether it was neither interrupted nor diverged."""
        net, total, seen = self.network_, 0.0, 0
        before = net.theta.copy()
        for batch in drawn:
            self.loss_ = net.loss_and_gradient(batch, self.rng_)
            seen += len(batch.rows)
            total += self.loss_ * len(batch.rows)
            if seen == samples:
                norms = gradient_norms(net.dW)
            if self.clip_value is not None:
                clip_by_value([net.gradient], self.clip_value)
            if self.clip_norm is not None:
                clip_by_norm([net.gradient], self.clip_norm)
            self.optimizer_.step(net.theta, net.gradient)
            self.n_steps_ += 1
            if self.on_step is not None and self.on_step(self) is True:
                return False
        self.n_iter_ += 1
        self.history_["loss"].append(total / samples)
        self.history_["gradient_norms"].append(norms)
        return bool(np.isfinite(total) and np.isfinite(net.theta).all()) or self._go_back(before)

    def _go_back(self, theta: Array) -> bool:
        self.network_.theta[:] = theta
        self.optimizer_ = self._new_optimizer()
        warnings.warn(
            say(
                "Training diverged in epoch {epoch}: a finite loss was expected, with learning_rate={rate} it became {loss}. "
                "Training stopped with the parameters from before this epoch. Try a smaller learning_rate, clip_norm=1.0, or "
                "features and targets scaled to variance 1.",
                epoch=self.n_iter_,
                rate=self.learning_rate,
                loss=self.loss_,
            ),
            ConvergenceWarning,
            stacklevel=5,
        )
        return False

    def _scores(self, X: ArrayLike) -> Array:
        check_is_fitted(self)
        rows = _with_ones(validate_data(self, X, reset=False, dtype=self.network_.theta.dtype))
        with blas.computing(self.blas_threads, self.network_.theta.size * CHUNK):
            return self.network_.predict(rows)


@dataclass(eq=False, repr=False)
class MLPClassifier(ClassifierMixin, MLP):  # type: ignore[misc]
    """A network that learns classes: softmax output, cross-entropy loss (or the squared error of the probabilities, "mse").

    The parameters and attributes are those of `MLP`, and `classes_`, the labels in the order of the output neurons.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier(hidden_layer_sizes=(8,), activation="tanh", learning_rate=0.01, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.95
    True
    """

    loss: str = "cross_entropy"

    LOSSES = {"cross_entropy": cross_entropy_into, "mse": softmax_squared_error_into}  # noqa: RUF012

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Learn from these samples for one epoch, from where learning stands.

        Parameters
        ----------
        X : array_like, shape (samples, features)
            Inputs, one row a sample.
        y : array_like, shape (samples,)
            Labels.
        classes : array_like, optional
            All labels that will ever come. Read in the first call only; without it, they are those in y.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter, X or y is not what it has to be, or a label is none of the classes.
        """
        return self._learn(*self._begin(X, y, not hasattr(self, "network_"), classes=classes), epochs=1)

    def _samples(self, X: ArrayLike, y: ArrayLike, first: bool, classes: ArrayLike | None = None) -> tuple[Array, Array]:
        rows, y = self._validated(X, y, first)
        check_classification_targets(y)
        labels = column_or_1d(y, warn=True)
        if first:
            self.classes_ = np.unique(labels if classes is None else classes)
        known = self.classes_ if classes is None else np.unique(classes)
        unknown = np.setdiff1d(labels, self.classes_)
        if len(unknown) or not np.array_equal(known, self.classes_):
            raise ValueError(
                say(
                    "y and classes have to hold labels among {known}, got {got}: try to name all labels as `classes` in the first "
                    "partial_fit, or start anew with fit",
                    known=self.classes_.tolist(),
                    got=(unknown if len(unknown) else known).tolist(),
                )
            )
        return rows, (self.classes_[:, None] == labels).astype(rows.dtype)

    def predict_proba(self, X: ArrayLike) -> Array:
        """Compute the probability of each class.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        ndarray, shape (samples, classes)
            Each row sums to 1.

        Raises
        ------
        ValueError
            If X has not the features it was fitted with.
        sklearn.exceptions.NotFittedError
            If nothing was learned yet.
        """
        scores = self._scores(X)
        softmax_into(scores, scores)
        return scores.T

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Choose the most probable class.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        ndarray, shape (samples,)

        Raises
        ------
        ValueError
            If X has not the features it was fitted with.
        sklearn.exceptions.NotFittedError
            If nothing was learned yet.
        """
        likeliest = self._scores(X).argmax(axis=0)
        return self.classes_[likeliest]


@dataclass(eq=False, repr=False)
class MLPRegressor(RegressorMixin, MLP):  # type: ignore[misc]
    """A network that learns numbers, one or several a sample: linear output, squared error.

    The parameters and attributes are those of `MLP`. Scale targets far from variance 1, for example by `TransformedTargetRegressor`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> model = MLPRegressor(hidden_layer_sizes=(16,), activation="tanh", learning_rate=0.01, random_state=0).fit(X, np.sin(3 * X[:, 0]))
    >>> model.score(X, np.sin(3 * X[:, 0])) > 0.99
    True
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def partial_fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from these samples for one epoch, from where learning stands.

        Parameters
        ----------
        X : array_like, shape (samples, features)
            Inputs, one row a sample.
        y : array_like, shape (samples,) or (samples, outputs)
            Targets.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter, X or y is not what it has to be.
        """
        return self._learn(*self._begin(X, y, not hasattr(self, "network_")), epochs=1)

    def _samples(self, X: ArrayLike, y: ArrayLike, first: bool) -> tuple[Array, Array]:
        rows, y = self._validated(X, y, first, multi_output=True, y_numeric=True)
        targets = np.ascontiguousarray(y.reshape(len(y), -1).T, rows.dtype)
        if first:
            self.n_outputs_, self._is_flat = len(targets), y.ndim == 1
        if len(targets) != self.n_outputs_:
            raise ValueError(
                say(
                    "y has to hold {outputs} targets a sample as at first, got {count}: try to start anew with fit",
                    outputs=self.n_outputs_,
                    count=len(targets),
                )
            )
        return rows, targets

    def predict(self, X: ArrayLike) -> Array:
        """Compute the outputs.

        Parameters
        ----------
        X : array_like, shape (samples, features)

        Returns
        -------
        ndarray, shape of y in `fit`: (samples,) or (samples, outputs)

        Raises
        ------
        ValueError
            If X has not the features it was fitted with.
        sklearn.exceptions.NotFittedError
            If nothing was learned yet.
        """
        scores = self._scores(X)
        return scores[0] if self._is_flat else scores.T
