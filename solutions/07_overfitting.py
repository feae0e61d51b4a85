# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 Overfitting 过拟合
#
# Your networks can learn now. This chapter is about one that learns too well: it knows every sample it has seen, and fails on the next one.
# A student who learns last year's exam by heart does the same.
#
# You will see it happen to ten points and a polynomial, where nothing is hidden. Then you will see it happen to a network of 4,739 parameters, and cure it.
# Not every cure works everywhere. So you will also learn to *show* that one does.
#
# **After this chapter you can**
#
# - look at two curves and say: too simple, too complex, or right,
# - explain why the weights of an overfitted model are large, and put a price on them,
# - use five cures, and show over several seeds which of them help here,
# - say where a cure does nothing,
# - overfit on purpose, to test a program.
#
# **Time:** 90 minutes. **You need:** the training loop of chapter 05, ReLU and He's start from chapter 06.

# %% [markdown]
# ### Three questions on chapter 06
# <!-- cut -->
#
# Run the next cell first. What you wrote before comes from your `mine.py`, the rest from the course.
#
# Then three questions. They give no points. Enter what you think; the answer unfolds then.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, progress, recall
from nnlab.activations import relu, relu_derivative
from nnlab.data import load_traffic
from nnlab.overfitting import SLIDE_RIDGE, TEN_T, TEN_X, noisy_sine
from nnlab.vanishing_gradients import initial_weights

from mine import (
    backward,
    central_differences,
    cross_entropy,
    delta_hidden,
    forward,
    layer_gradients,
    minibatches,
    one_hot,
    optimize,
    softmax,
    standardised,
)

np.set_printoptions(precision=4, suppress=True)

# %% [markdown] recall="first_layers"
# Why do the first layers of a deep network of sigmoids hardly learn?
# <!-- option: they see the raw data, which are hard :: Ask what reaches them on the way back. -->
# <!-- option: their error term was multiplied by slopes of at most 1/4, once a layer :: Right. -->
# <!-- option: their weights start at 0 :: Then no layer would learn at all. -->
#
# <details><summary>Answer</summary>
#
# On the way back each layer multiplies the error term by $\sigma'$, which is at most 1/4.
#
# </details>

# %% [markdown] recall="relu_slope_off"
# The slope of ReLU is 1 where its neuron is active. What is it where it is not?
# <!-- answer: 0 -->
#
# <details><summary>Answer</summary>
#
# 0: then nothing goes back through it.
#
# </details>

# %% [markdown] recall="he_keeps"
# He's start draws the weights of a layer of ReLUs with $n$ inputs with the standard deviation $\sqrt{2/n}$. What does that keep the same from layer to layer?
# <!-- option: the mean of the activations :: ReLU's outputs are never negative. Is it their mean that the next layer squares and adds? -->
# <!-- option: the weights :: Weights are drawn anew in each layer. -->
# <!-- option: the mean square of the activations :: Right: the 2 makes up for the half that ReLU sets to 0. -->
#
# <details><summary>Answer</summary>
#
# The mean square of the activations. ReLU sets half of them to 0; the 2 makes up for it.
#
# </details>

# %%
recall("first_layers", "relu_slope_off", "he_keeps")

# %% [markdown]
# NumPy spreads a product over all cores of your computer. Our matrices are so small that the cores would wait for each other longer than they compute. So let it take one:

# %% tags=["demo"]
from threadpoolctl import threadpool_limits

one_core = threadpool_limits(1)

# %% [markdown]
# ## 1. Three models, the same sixty rows
#
# The lectures are called as before: S0 is the one on traffic data, S1 the one on artificial neural networks, S2 the one on regression, S3 the coursework report.
#
# S0 shows three networks that have learned the same samples: one without hidden layers, a small one, a large one. It asks: which of them would you use?
# Here they are, with the speed and the volume of sixty rows of our town. The functions below are the loop of chapter 05 with ReLU, and a start after He.

# %%
(rows, y_all), (rows_5, y_val), (rows_67, y_test) = load_traffic(split="day", return_X_y=True)
X_all, X_val, X_test = rows.T, rows_5.T, rows_67.T


def start(sizes, rng):
    """Return weights after He, and biases of 0."""
    W = initial_weights(sizes, "he", rng)
    return W, [np.zeros((len(w), 1)) for w in W]


def descend(X, Y, W, b, alpha, epochs, size, rng, each=lambda W, b: None):
    """Train as in chapter 05, with ReLU; `each` gets the parameters of every epoch."""
    for _ in range(epochs):
        for index in minibatches(X.shape[1], size, rng):
            z, a = forward(X[:, index], W, b, relu, softmax)
            W, b = optimize(W, b, *backward(Y[:, index], W, z, a, relu_derivative, np.ones_like), alpha)
        each(W, b)
    return W, b


def right(X, y, W, b):
    """Return the share of samples whose state the network says."""
    return np.mean(forward(X, W, b, relu, softmax)[1][-1].argmax(axis=0) == y)


# %% [markdown]
# **Predict.** Which of the three is right for most of the sixty rows? And for most rows of the days it has not seen?
# <!-- say: Let them vote on both questions before the maps are there. -->
# <!-- option: the large one, and the large one again :: The usual guess. Ask what else it could have learned from sixty rows. -->
# <!-- option: the large one, then one of the small ones :: Right in the mean of eight draws; single draws differ. -->
# <!-- option: a small one, and it again :: Ask what 4,547 parameters do with sixty rows. -->

# %%
two = [0, 2]  # speed and volume
kinds = {"no hidden layer": [2, 3], "3 hidden neurons": [2, 3, 3], "64 + 64": [2, 64, 64, 3]}


def sixty(seed):
    """Draw sixty rows; return them, the test days, and the three trained networks."""
    rng = np.random.default_rng(seed)
    few = rng.permutation(len(y_all))[:60]
    X, y = X_all[two][:, few], y_all[few]
    scaled = standardised(X, X)
    nets = {name: descend(scaled, one_hot(y, 3), *start(sizes, rng), 0.5, 400, 60, rng) for name, sizes in kinds.items()}
    return X, y, scaled, standardised(X, X_test[two]), nets


X, y, scaled, new, nets = sixty(6)
panels = {name: (X, y, lambda points, net=net: forward(standardised(X, points), *net, relu, softmax)[1][-1].argmax(axis=0)) for name, net in nets.items()}
plots.show(plots.state_plane(panels, ("aveSpeed (km/h)", "volume")))
for name, net in nets.items():
    print(f"{name:17} right on the sixty rows {right(scaled, y, *net):.3f}, on the test days {right(new, y_test, *net):.3f}")

# %% [markdown]
# One draw is one draw. Eight draws of sixty rows, each with its own start:

# %% tags=["demo"]
found = {name: [] for name in kinds}
for seed in range(8):
    _, y, scaled, new, nets = sixty(seed)
    for name, net in nets.items():
        found[name].append((right(scaled, y, *net), right(new, y_test, *net)))
for name, pairs in found.items():
    (on_rows, on_test), (sd_rows, sd_test) = np.mean(pairs, axis=0), np.std(pairs, axis=0)
    print(f"{name:17} sixty rows {on_rows:.3f} ± {sd_rows:.3f}   test days {on_test:.3f} ± {sd_test:.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The large one knows most of its sixty rows, 0.977<!-- measured --> on average, and is right for the fewest of the test days: 0.873<!-- measured -->. No hidden layer at all gets 0.898<!-- measured --> there, three neurons 0.896<!-- measured -->.
# Its map shows why: it has bent its borders round single points. Single draws differ: in some of the eight the large network is as good as the small ones.
#
# So the answer to S0's question is not "the largest". Sixty rows can fix the few numbers of a straight border. They cannot fix thousands.
#
# </details>
#
# Three words for what you see:
#
# | word | 中文 | on the samples | on new ones |
# |---|---|---|---|
# | **underfitting** | 欠拟合 | bad | bad |
# | well fitted | 拟合良好 | good | good |
# | **overfitting** | 过拟合 | very good | bad |
#
# What counts is the right column. A model that does well there **generalises** 泛化.

# %% [markdown]
# ## 2. Ten points
#
# Two features can be drawn. Five cannot. So S2 takes a case where everything can be seen: ten points of a sine with noise, and a polynomial
#
# $$y(x, \mathbf{w}) = w_0 + w_1 x + w_2 x^2 + \dots + w_M x^M$$
#
# $M$ is its **degree**. The larger it is, the more it can bend. The weights are chosen so that the squared distances to the ten points are smallest.
#
# For that the powers of $x$ are features, as speed and volume were. Row $j$ holds $x^j$.
#
# ### Exercise `polynomial_features` ●○○
#
# Return the features. Row 0 is $x^0 = 1$: the feature of $w_0$, which we called a bias before.

# %% exercise="polynomial_features"
def polynomial_features(x, degree):
    """Return an array of shape (degree + 1, samples): row j is x to the power j.

    x : array of shape (samples,)
    degree : the highest power, zero or more
    """
    ### BEGIN SOLUTION
    # step: One row for each power, from 0 up to the degree. `range` needs one more.
    # wrong: return np.array([x**j for j in range(degree)])
    return np.array([x**j for j in range(degree + 1)])
    ### END SOLUTION


# %% check="polynomial_features"
check(polynomial_features)

# %% [markdown]
# **Predict.** $M = 9$ has ten weights, and there are ten points. How close will it come to them? And how large will its weights be, if those of $M = 3$ are at most 25?
# <!-- say: Ten equations, ten unknowns. Wait for somebody to say it. -->
# <!-- option: exactly; about 25 :: Exactly is right. Ask what it takes to bend so sharply between the points. -->
# <!-- option: exactly; a million :: Right. -->
# <!-- option: not exactly, there is noise :: Ten equations with ten unknowns: what could stop it? -->

# %% checkpoint="bishop_table"
with checkpoint(polynomial_features):
    print("  M  weights")
    for M in (0, 1, 3):
        w = np.linalg.lstsq(polynomial_features(TEN_X, M).T, TEN_T, rcond=None)[0]
        print(f"  {M} ", *(f"{value:.2f}" for value in w))
    w = np.linalg.lstsq(polynomial_features(TEN_X, 9).T, TEN_T, rcond=None)[0]
    print("  9 ", *(f"{value:.5g}" for value in w))

# %%
x_fine = np.linspace(0, 1, 200)
sine = x_fine, np.sin(2 * np.pi * x_fine)


def fit(x, t, degree):
    """Return the weights of least squares."""
    return np.linalg.lstsq(polynomial_features(x, degree).T, t, rcond=None)[0]


with checkpoint(polynomial_features):
    plots.show(plots.fits((TEN_X, TEN_T), sine, {f"M = {M}": (x_fine, fit(TEN_X, TEN_T, M) @ polynomial_features(x_fine, M)) for M in (0, 1, 3, 9)}))

# %% [markdown]
# <details><summary>Answer</summary>
#
# It goes through all ten, and its largest weight is about a million. To pass through each point it must swing up and down between them, and large weights of opposite signs do that.
# **Large weights are the fingerprint of overfitting.** This is what the next section makes use of.
#
# The table is that of S2. For $M = 9$ the slide prints ten digits, for example 1042400.18 where we get 1042400.30. The ten points are known to six decimals only.
# A change of 5 in the seventh decimal of $t$ moves that weight by about 0.6. So the last digits on the slide mean nothing.
#
# </details>
#
# ### On new points
# <!-- cut -->
#
# How far off is each on the points it knows, and on a hundred new points? The **RMS error** 均方根误差 is the root of the mean squared distance, in units of $t$.
#
# **Predict** the shape of the two curves over $M$.

# %% checkpoint="rms_by_degree"
def rms(w, x, t):
    """Return the root of the mean squared distance of the polynomial from the points."""
    return np.sqrt(np.mean((w @ polynomial_features(x, len(w) - 1) - t) ** 2))


x_new, t_new = noisy_sine(100, np.random.default_rng(1))
with checkpoint(polynomial_features):
    print("  M  ten points  new points")
    for M in range(10):
        w = np.linalg.lstsq(polynomial_features(TEN_X, M).T, TEN_T, rcond=None)[0]
        digits = 2 if M == 9 else 3
        print(f"  {M}  {rms(w, TEN_X, TEN_T):.3f}       {rms(w, x_new, t_new):.{digits}f}")

# %%
with checkpoint(polynomial_features):
    by_degree = [(rms(w, TEN_X, TEN_T), rms(w, x_new, t_new)) for w in (fit(TEN_X, TEN_T, M) for M in range(10))]
    plots.show(plots.valley(range(10), dict(zip(("the ten points", "100 new points"), zip(*by_degree, strict=True), strict=True)), "degree M"))

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the ten points the error only falls, down to 0. On new points it falls to 0.339<!-- measured --> at $M = 6$, and then jumps to 1.26<!-- measured --> at $M = 9$: worse than the flat line of $M = 0$.
# The first curve can never tell you when to stop. Only points that were not used can.
#
# </details>

# %% [markdown]
# ## 3. A price on weights 正则化
#
# The cure follows from the fingerprint. If overfitting needs large weights, let weights cost something. S2 minimises
#
# $$\tfrac{1}{2} \sum_n \bigl(y(x_n, \mathbf{w}) - t_n\bigr)^2 + \tfrac{\lambda}{2} \lVert \mathbf{w} \rVert^2$$
#
# This is **ridge regression** 岭回归. $\lambda \ge 0$ is the price. $\lVert \mathbf{w} \rVert^2$ is the sum of all squared weights; S2 counts $w_0$ among them.
#
# How to compute it? There is a formula, $(X X^\top + \lambda I)^{-1} X \mathbf{t}$, and chapter 09 derives it. It builds $X X^\top$, and that product costs half of your sixteen digits.
# For $M = 9$ too few are left:

# %% tags=["nbval-ignore-output"]
F = np.array([TEN_X**j for j in range(10)])
print("w5 by the formula      :", f"{np.linalg.solve(F @ F.T, F @ TEN_T)[5]:.0f}")
print("w5 by np.linalg.lstsq  :", f"{np.linalg.lstsq(F.T, TEN_T, rcond=None)[0][5]:.0f}")

# %% [markdown]
# A better way: the price *is* data. Add one sample for each weight, which says "weight $j$ should be 0", as loud as $\sqrt{\lambda}$:
#
# $$\lambda w_j^2 = \bigl(\sqrt{\lambda}\, w_j - 0\bigr)^2$$
#
# Then it is plain least squares again, with more rows.
#
# ### Exercise `ridge` ●●○
#
# Append these samples and let `np.linalg.lstsq` solve it. It wants samples as rows: `X.T`.

# %% exercise="ridge"
def ridge(X, t, penalty=0.0):
    """Return the weights of the least ½ squared errors + ½ penalty · squared weights.

    X : features, shape (features, samples)
    t : targets, shape (samples,)
    penalty : the price, zero or more
    """
    ### BEGIN SOLUTION
    # step: One more sample for each weight: its feature is √λ, all others are 0, and its target is 0.
    # wrong: return np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X @ t)
    pull = np.sqrt(penalty) * np.eye(len(X))
    # step: Samples are rows for lstsq. Append the new ones below, and as many zeros to t.
    return np.linalg.lstsq(np.vstack([X.T, pull]), np.append(t, np.zeros(len(X))), rcond=None)[0]
    ### END SOLUTION


# %% check="ridge"
check(ridge)

# %% [markdown]
# ### Two columns of the slide
# <!-- cut -->
#
# **Find the error.** S2 prints the ten weights of $M = 9$ for $\ln \lambda = -18$ and for $\ln \lambda = 0$. Compare the columns with yours.

# %% checkpoint="ridge_columns"
with checkpoint(ridge):
    F = np.array([TEN_X**j for j in range(10)])
    for head, fits_best in ((-18, -16.08), (0, 2.28)):
        print(f"ln λ = {head:3}  slide:", *(f"{value:z.2f}" for value in SLIDE_RIDGE[head]))
        print(f"ln λ = {head:3}  yours:", *(f"{value:z.2f}" for value in ridge(F, TEN_T, np.exp(head))))
        gap = np.abs(ridge(F, TEN_T, np.exp(fits_best)) - SLIDE_RIDGE[head]).max()
        print(f"at ln λ = {fits_best} yours are within {gap:.4f} of the slide's")

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide's columns are right, its heads are not. They belong to $\ln \lambda = -16.08$ and $2.28$: there the code gives them to within 0.0642<!-- measured --> and 0.0035<!-- measured -->.
#
# </details>
#
# ### The valley
#
# **Predict.** Let $\ln \lambda$ run from −35 to 2. What becomes of the error on the ten points? And on new ones?
# <!-- option: both rise :: They see only the price. What was wrong with λ = 0 on new points? -->
# <!-- option: the first rises, the second falls and then rises :: Right: a valley. -->
# <!-- option: both fall :: A price cannot improve the fit to the points that are fitted. -->

# %%
logs = np.arange(-35, 2.5, 0.5)
F_new = np.array([x_new**j for j in range(10)])
with checkpoint(ridge):
    by_price = [(np.sqrt(np.mean((w @ F - TEN_T) ** 2)), np.sqrt(np.mean((w @ F_new - t_new) ** 2))) for w in (ridge(F, TEN_T, np.exp(log)) for log in logs)]
    plots.show(plots.valley(logs, dict(zip(("the ten points", "100 new points"), zip(*by_price, strict=True), strict=True)), "ln λ, for M = 9"))
    for log in (-np.inf, -16.0, 0.0):
        w = ridge(F, TEN_T, np.exp(log))
        print(f"ln λ = {log:5}: new points {np.sqrt(np.mean((w @ F_new - t_new) ** 2)):.4f}, largest weight {np.abs(w).max():.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the ten points it rises slowly. On new points there is a **valley**: 0.3386<!-- measured --> at its bottom, 1.26<!-- measured --> without a price, 0.606<!-- measured --> where the price is too high.
# A degree of 9 with the right price is as good as the best degree without one. Too low a price overfits, too high a price underfits.
#
# The right price is found as every other setting: on points that were not used to fit, and that are not the test points. Chapter 10 does that with care.
#
# </details>

# %% [markdown]
# ## 4. More points
# <!-- cut -->
#
# A price is one cure. Here is the other one.
#
# **Predict.** The same degree 9, no price, 15 points instead of 10. By how much does the distance from the sine shrink? And with 100 points?

# %% checkpoint="more_points"
with checkpoint(ridge):
    true = np.sin(2 * np.pi * x_new)
    for n in (10, 15, 20, 50, 100):
        distances = []
        for seed in range(20):
            x, t = noisy_sine(n, np.random.default_rng(seed))
            w = ridge(np.array([x**j for j in range(10)]), t)
            distances.append(np.sqrt(np.mean((w @ np.array([x_new**j for j in range(10)]) - true) ** 2)))
        print(f"{n:4} points: half of 20 draws are within {np.median(distances):.3f} of the sine")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Five points more take away more than half of it: from 0.638<!-- measured --> to 0.254<!-- measured -->. With 100 points it is 0.095<!-- measured -->. The curve has fewer gaps to swing in.
# **Data are the best cure, and the most expensive one.** S0's next idea is to make more out of the data one has; section 9 tries that.
#
# </details>

# %% [markdown]
# ### With your own hands
# <!-- cut -->
#
# Degree, price, points and noise of the same polynomial. Before you move a slider, say what the weights will do, and what the distance from the sine.

# %% tags=["demo"]
from nnlab import demos

demos.overfitting()

# %% [markdown]
# ## 5. Two ways to be wrong 偏差与方差
# <!-- cut -->
#
# Why is there a valley at all? Let many students draw 25 points each, and fit $M = 9$ with the same price. Two things can be wrong:
#
# - The **mean** of all their curves is off the truth: **bias** 偏差. All make the same mistake.
# - The single curves are off their mean: **variance** 方差. Each has believed the noise of its own points.
#
# $$\text{bias}^2 = \operatorname{mean}_x \bigl(\bar y(x) - \sin 2\pi x\bigr)^2, \qquad \text{variance} = \operatorname{mean}_{x,\, d} \bigl(y_d(x) - \bar y(x)\bigr)^2$$
#
# $y_d$ is the curve of data set $d$, and $\bar y$ the mean curve. Their sum is the mean squared distance from the truth, exactly.
#
# ### Exercise `bias_variance` ●●○

# %% exercise="bias_variance"
def bias_variance(predictions, truth):
    """Return the squared bias and the variance, two numbers, each a mean over the points.

    predictions : shape (sets, points), what the model of each data set says at each point
    truth : shape (points,), what is true there
    """
    ### BEGIN SOLUTION
    # step: First the mean curve, over all data sets.
    mean = predictions.mean(axis=0)
    # step: How far is it from the truth? How far are the single curves from it?
    return np.mean((mean - truth) ** 2), np.mean((predictions - mean) ** 2)
    ### END SOLUTION


# %% check="bias_variance"
check(bias_variance)

# %% [markdown]
# **Predict.** As the price grows, which of the two grows, and which shrinks?

# %% checkpoint="spread"
with checkpoint(ridge, bias_variance):
    F_25, truth = np.array([np.linspace(0, 1, 25) ** j for j in range(10)]), np.sin(2 * np.pi * x_new)
    print("ln λ   bias²   variance")
    for log in (-12, -8, -4, 0):
        curves = [ridge(F_25, noisy_sine(25, np.random.default_rng(seed))[1], np.exp(log)) @ F_new for seed in range(40)]
        bias, variance = bias_variance(np.array(curves), truth)
        print(f"{log:4}   {bias:.3f}   {variance:.3f}")

# %%
with checkpoint(ridge, bias_variance):
    many = {}
    for name, log in (("no price: ln λ = −∞", -np.inf), ("ln λ = −8", -8), ("ln λ = 0", 0)):
        many[name] = np.array([ridge(F_25, noisy_sine(25, np.random.default_rng(1000 + d))[1], np.exp(log)) @ F_new for d in range(200)])
        bias, variance = bias_variance(many[name], truth)
        print(f"{name:20} bias² {bias:.4f} + variance {variance:.4f} = {bias + variance:.4f}")
    plots.show(plots.spread(x_new, truth, many))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The bias grows with the price, the variance shrinks. Without a price 200 students are off by 0.0333<!-- measured --> of variance and hardly any bias. At $\ln \lambda = -8$ the sum is 0.0174<!-- measured -->: a little bias buys much less variance.
# At $\ln \lambda = 0$ all agree, and all are wrong. The bottom of the valley is where the sum is smallest.
#
# </details>

# %% [markdown]
# ## 6. A network that learns mistakes
#
# Now the same with your network. Labels in practice are never all right. Take 300 rows of the town, and give about every fifth, drawn at random, a wrong state, without telling which.
# The network has two hidden layers of 64 ReLUs: 4,739 parameters for 300 rows.
#
# **Predict.** The network trains for 600 epochs, with all rows in each step. Draw two curves: how many of its 300 labels it says, wrong ones included, and how many rows of the test days it gets right.
# <!-- say: A perfect network would say 80 % of these labels. Ask why. -->
# <!-- option: both rise and level off :: Ask what 4,739 parameters will do with some sixty wrong labels. -->
# <!-- option: the first rises above 80 %, the second falls :: Right. -->
# <!-- option: wrong labels average out :: In a linear model they nearly do. Here every row has fifteen parameters of its own. -->

# %%
def spoil(y, share, classes, rng):
    """Return labels of which a share is wrong."""
    wrong = rng.random(len(y)) < share
    return np.where(wrong, (y + rng.integers(1, classes, len(y))) % classes, y)


def few_rows(seed, n=300, share=0.2):
    """Draw rows, spoil labels; return them, the other days, and the generator."""
    rng = np.random.default_rng(seed)
    few = rng.permutation(len(y_all))[:n]
    scale = X_all[:, few]
    return standardised(scale, scale), spoil(y_all[few], share, 3, rng), standardised(scale, X_val), standardised(scale, X_test), rng


X, y, val, test, rng = few_rows(0)
told, on_test = [], []


def note(W, b):
    """Note after an epoch what is right."""
    told.append(right(X, y, W, b))
    on_test.append(right(test[:, ::4], y_test[::4], W, b))


W, b = descend(X, one_hot(y, 3), *start([5, 64, 64, 3], rng), 0.5, 600, 300, rng, note)
plots.show(plots.learning({"the 300 labels, wrong ones included": told, "test days": on_test}, ("highest on the test days", int(np.argmax(on_test)) + 1)))
best = int(np.argmax(on_test))
print(f"the 300 labels: after {best + 1} epochs {told[best]:.3f}, after 600 {told[-1]:.3f}")
print(f"the test days : after {best + 1} epochs {on_test[best]:.3f}, after 600 {on_test[-1]:.3f}")
wrong = y != few_rows(0, share=0.0)[1]
print(f"wrong labels: {wrong.sum()}, of which the network says {np.mean(forward(X, W, b, relu, softmax)[1][-1].argmax(axis=0)[wrong] == y[wrong]):.2f} in the end")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The test days (every fourth row of them) are best early: 0.912<!-- measured --> after 44<!-- measured --> epochs, when the network says 0.793<!-- measured --> of the labels, about as many as are right. It has learned what is general, and gets the rows right *against* their wrong labels.
# Then it begins to learn the 54<!-- measured --> wrong ones by heart. In the end it says 0.69<!-- measured --> of them, and 0.805<!-- measured --> of the test days are left.
#
# </details>
#
# S3 says that networks learn the general pattern first and the exceptions later. Here you see it.
# That suggests cures: a price on weights, stopping in time, and one that S0 calls dropout. You write all three.

# %% [markdown]
# ### Exercise `l2_objective` ●○○
#
# S0's **L2 regularisation** is ridge for networks. To the cost $C$, the mean over $m$ samples, it adds
#
# $$J = C + \frac{\lambda}{2m} \sum_l \lVert W^{(l)} \rVert^2$$
#
# $\lVert W \rVert^2$ is the sum of the squares of all elements. Biases cost nothing here: a bias shifts a neuron, it does not make it steep.

# %% exercise="l2_objective"
def l2_objective(cost, W, penalty, samples):
    """Return the cost plus the price of the weights, a number.

    cost : mean loss of the samples
    W : list of weight matrices
    penalty : the price
    samples : how many samples the cost is a mean of
    """
    ### BEGIN SOLUTION
    # step: The squares of all weights of all layers.
    squares = sum(np.sum(w**2) for w in W)
    # step: The price is S0's: over twice the number of samples.
    return cost + penalty / (2 * samples) * squares
    ### END SOLUTION


# %% check="l2_objective"
check(l2_objective)

# %% [markdown]
# ### Exercise `l2_gradients` ●●○
#
# The price has a gradient, and each weight feels its own share of it. Differentiate $\frac{\lambda}{2m} w^2$ by $w$, and add that to the gradients that `backward` returns. Return a new list.

# %% exercise="l2_gradients"
def l2_gradients(dW, W, penalty, samples):
    """Return the gradients of the objective by W, a new list of the same shapes.

    dW : list of gradients of the cost
    W : list of weight matrices
    penalty : the price
    samples : how many samples the cost is a mean of
    """
    ### BEGIN SOLUTION
    # step: The 2 of the square meets the ½. What is left pulls each weight towards 0, in proportion to itself.
    # wrong: return [g + penalty / (2 * samples) * w for g, w in zip(dW, W)]
    return [g + penalty / samples * w for g, w in zip(dW, W, strict=True)]
    ### END SOLUTION


# %% check="l2_gradients"
check(l2_gradients)

# %% [markdown]
# ### Three formulas for one price
# <!-- cut -->
#
# **Find the error?** Three slides, three formulas for one thing: $\lambda \sum w^2$ and, two slides later, $\frac{\lambda}{2m} \sum w^2$ (S0), and $\frac{\lambda}{2} \sum w^2$ (S1 and S3). Who is right?
#
# Below they get prices that make them equal, for $m = 300$. Then central differences (chapter 04) measure your gradient.

# %% checkpoint="one_penalty"
with checkpoint(l2_objective, l2_gradients):
    small = [np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]]), np.array([[1.0, -2.0]])]
    squares = sum((w**2).sum() for w in small)
    print(f"S0, λ = 3     : {l2_objective(0.0, small, 3.0, 300):.6f}")
    print(f"S3, λ = 0.01  : {0.01 / 2 * squares:.6f}")
    print(f"first, λ = 0.005: {0.005 * squares:.6f}")
    nothing = [np.zeros(w.shape) for w in small]
    measured = central_differences(lambda w: l2_objective(0.0, [w, small[1]], 3.0, 300), small[0])
    print("your gradient is the measured one:", bool(np.allclose(l2_gradients(nothing, small, 3.0, 300)[0], measured, atol=1e-8)))

# %% [markdown]
# <details><summary>The slides say, the code says</summary>
#
# All are right, with other prices: $\lambda_{S0} = m\, \lambda_{S3} = 2m\, \lambda_{\text{first}}$. When you read a price in a paper or a library, find out which one is meant.
# scikit-learn's `alpha` is S0's; `l2` of `nnlab.network` is S3's. With S0's, a price of 3 means less when there are more samples: more data need less of it.
#
# </details>

# %% [markdown]
# ### Exercise `early_stopping` ●●○
#
# The curve of section 6 was best long before the end. So hold samples back, measure the cost on them after each epoch, and stop when it does not fall any more.
# S0 stops "when the validation error begins to rise". But costs are noisy. **Patience** 耐心 says how many epochs to wait for a new best one.
#
# Walk through the costs as if they came one by one. Stop after the epoch at which the best one is `patience` epochs ago. Return which epoch to keep, and after which epoch it stopped.
#
# - Epochs count from 0.
# - Only a *lower* cost is better. An equal one is not, and neither is one that is not a number. The first cost always is a number.
# - If the list ends first, it stopped after its last epoch.

# %% exercise="early_stopping"
def early_stopping(costs, patience):
    """Return the epoch of the lowest cost, and the epoch after which training stops.

    costs : list of validation costs, one an epoch
    patience : how many epochs to wait for a better one, at least 1
    """
    ### BEGIN SOLUTION
    # step: Remember the lowest cost, and where it was. Nothing is lower than infinity at first.
    best, keep = np.inf, 0
    for epoch, cost in enumerate(costs):
        if cost < best:
            best, keep = cost, epoch
        # step: Not better. Has the patience come to its end?
        elif epoch - keep >= patience:
            return keep, epoch
    # step: The list has ended before the patience.
    return keep, len(costs) - 1
    ### END SOLUTION


# %% check="early_stopping"
check(early_stopping)

# %% [markdown]
# **Predict** for these costs: which epoch is kept with patience 1, 2 and 5?

# %% checkpoint="patience"
with checkpoint(early_stopping):
    costs = [0.92, 0.71, 0.74, 0.66, 0.68, 0.69, 0.63, 0.65, 0.67, 0.70, 0.74, 0.79]
    for patience in (1, 2, 5):
        keep, last = early_stopping(costs, patience)
        print(f"patience {patience}: keep epoch {keep}, stop after epoch {last}, cost {costs[keep]}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# S0's rule, patience 1, gives up at the first bump: it keeps 0.71<!-- measured -->. With patience 2 it is 0.66<!-- measured -->, with 5 it is 0.63<!-- measured -->. Patience costs epochs, nothing else.
#
# </details>

# %% [markdown]
# ### Exercise `dropout` ●●○
#
# S0's third cure is strange: while training, delete each hidden neuron with probability $p$, for each sample anew. No neuron can rely on a certain other one, so none can learn a row by heart alone. This is **dropout** 丢弃法.
#
# **Before you write.** Half of the neurons are gone. The next layer adds up what is left. What has become of its input? And what happens in prediction, when all are back?
#
# <details><summary>Answer</summary>
#
# It is half of what it was, on average. In prediction it would be twice what the layer has learned to expect. So what stays is divided by $1 - p$ while training: the mean is then the same in both, and prediction needs no change.
# S0 says nothing of this.
#
# </details>
#
# `draws` holds a random number between 0 and 1 for each activation. Drop where it is below `p`. Return the mask, too: on the way back the error term must go through the *same* one.

# %% exercise="dropout"
def dropout(a, p, draws):
    """Return the activations after dropout, and the mask, both of the shape of a.

    a : activations, shape (neurons, samples)
    p : probability to drop, from 0 to below 1
    draws : random numbers in [0, 1), shape of a; below p means dropped
    """
    ### BEGIN SOLUTION
    # step: True where it stays. Divided by 1 − p, so that the mean stays what it was.
    # wrong: return a * (draws >= p), (draws >= p) * 1.0
    mask = (draws >= p) / (1 - p)
    # step: The mask goes along: the way back needs the same one.
    return a * mask, mask
    ### END SOLUTION


# %% check="dropout"
check(dropout)

# %% checkpoint="dropout_mean"
with checkpoint(dropout):
    activations = np.maximum(0, np.random.default_rng(0).standard_normal((200, 500)))
    draws = np.random.default_rng(1).random((200, 500))
    print(f"mean before        : {activations.mean():.2f}")
    for p in (0.2, 0.5, 0.8):
        dropped, mask = dropout(activations, p, draws)
        print(f"p = {p}: {np.mean(mask == 0):.2f} dropped, mean {dropped.mean():.2f}, mean if the factor is forgotten {(activations * (mask > 0)).mean():.2f}")

# %% [markdown]
# ## 7. A program that stops in time
#
# Put two of the cures into the loop. It takes all samples in each step, so that no chance is in it.
#
# ### Exercise `train_regularised` ●●●
#
# For each epoch:
#
# 1. forward, backward, the price, one step;
# 2. note the cost on the *validation* samples, without the price;
# 3. if it is the best so far, remember the parameters;
# 4. if the best is `patience` epochs ago, stop.
#
# Return the *best* parameters and the list of costs. Hidden layers use `relu` and `relu_derivative`, the output `softmax`. Use your `l2_gradients` and `early_stopping`.
#
# **Before you write:** `optimize` returns new arrays. What would happen to the parameters that you have remembered if it changed the old ones instead?
#
# <details><summary>Answer</summary>
#
# They would move along: the remembered list holds the same arrays. You would return the last ones, and never notice.
#
# </details>

# %% exercise="train_regularised"
def train_regularised(X, Y, X_val, Y_val, W, b, alpha, epochs, penalty, patience):
    """Return W and b of the lowest validation cost, and that cost of each epoch.

    X, Y : samples and their targets, shapes (features, samples), (classes, samples)
    X_val, Y_val : samples to watch, and their targets
    W, b : lists of parameters at the start
    alpha : learning rate
    epochs : at most so many steps
    penalty : the price of the weights
    patience : stop when the best epoch is so many epochs ago
    """
    ### BEGIN SOLUTION
    best, costs = (W, b), []
    for epoch in range(epochs):
        # step: Forward and backward as always. The price enters the gradients, and only there.
        z, a = forward(X, W, b, relu, softmax)
        dW, db = backward(Y, W, z, a, relu_derivative, np.ones_like)
        W, b = optimize(W, b, l2_gradients(dW, W, penalty, X.shape[1]), db, alpha)
        # step: Watch the validation samples. Their cost holds no price: we want to know how good the predictions are.
        z, a = forward(X_val, W, b, relu, softmax)
        costs.append(cross_entropy(z[-1], Y_val))
        # step: Is this the best so far? Then remember it.
        keep, _ = early_stopping(costs, patience)
        if keep == epoch:
            best = W, b
        # step: Is the best too long ago? Then stop.
        if epoch - keep >= patience:
            break
    return *best, costs
    ### END SOLUTION


# %% check="train_regularised"
check(train_regularised)

# %% [markdown]
# **Does it help?** The 300 rows again. Every fifth row is held back to say when to stop; *its labels are as bad as the others*. A network of 5-64-64-3, from the same start.

# %% checkpoint="stopped_in_time"
with checkpoint(train_regularised):
    X, y, val, test, rng = few_rows(0)
    Y, first = one_hot(y, 3), start([5, 64, 64, 3], rng)
    held, rest = np.arange(300) % 5 == 0, np.arange(300) % 5 > 0
    for name, penalty, patience in (("no cure", 0.0, 600), ("price 3", 3.0, 600), ("patience 20", 0.0, 20), ("both", 3.0, 20)):
        watched = rest if patience == 600 else held
        *best, costs = train_regularised(X[:, rest], Y[:, rest], X[:, watched], Y[:, watched], *first, 0.3, 600, penalty, patience)
        print(f"{name:12} test days {right(test, y_test, *best):.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Each cure alone takes the test days from 0.77<!-- measured --> to about 0.9, and both together do no better. They cure the same disease.
# The patience worked although its own fifth of the labels is as bad as the rest: wrong labels make the validation cost higher, but it still turns upwards when learning by heart begins.
#
# </details>

# %% [markdown]
# ## 8. The cures side by side
#
# One draw proves nothing. So: the loop of chapter 05 with mini-batches, all three cures as switches, and five seeds.
# The rows, the wrong labels and the start are the same for all cures of a seed. Then the *difference* to doing nothing is a fair measure.
#
# The loop below uses your functions. Look at how the mask goes back: the error term of a layer is multiplied by it.

# %% tags=["demo"]
def dropped_gradients(X, Y, W, b, p, rng):
    """Return the gradients of a batch with dropout in all hidden layers."""
    z, a, masks = [], [X], []
    for w, v in zip(W[:-1], b[:-1], strict=True):
        z.append(w @ a[-1] + v)
        dropped, mask = dropout(relu(z[-1]), p, rng.random(z[-1].shape))
        a.append(dropped)
        masks.append(mask)
    delta = softmax(W[-1] @ a[-1] + b[-1]) - Y
    last = layer_gradients(delta, a[-1])
    dW, db = [last[0]], [last[1]]
    for i in reversed(range(len(masks))):
        delta = delta_hidden(delta, W[i + 1], z[i], relu_derivative) * masks[i]
        below = layer_gradients(delta, a[i])
        dW.insert(0, below[0])
        db.insert(0, below[1])
    return dW, db


def cured(X, y, sizes, rng, penalty=0.0, p=0.0, patience=None, epochs=150):
    """Train by 32 with any of the cures; a patience holds a fifth of the samples back."""
    Y, W, b = one_hot(y, sizes[-1]), *start(sizes, rng)
    held = np.arange(len(y)) < (len(y) // 5 if patience else 0)
    X_val, Y_val, X, Y = X[:, held], Y[:, held], X[:, ~held], Y[:, ~held]
    parameters, costs, samples = [], [], X.shape[1]
    for _ in range(epochs):
        for index in minibatches(samples, 32, rng):
            if p:
                dW, db = dropped_gradients(X[:, index], Y[:, index], W, b, p, rng)
            else:
                z, a = forward(X[:, index], W, b, relu, softmax)
                dW, db = backward(Y[:, index], W, z, a, relu_derivative, np.ones_like)
            W, b = optimize(W, b, l2_gradients(dW, W, penalty, samples), db, 0.1)
        parameters.append((W, b))
        if patience:
            costs.append(cross_entropy(forward(X_val, W, b, relu, softmax)[0][-1], Y_val))
            if len(costs) > patience + np.argmin(costs):
                break
    return parameters[early_stopping(costs, patience)[0] if patience else -1]


def copies(X, y, count, noise, rng):
    """Append copies of the samples with a little noise: more data from the same."""
    many = np.tile(X, count + 1)
    many[:, X.shape[1] :] += noise * rng.standard_normal((len(X), count * X.shape[1]))
    return many, np.tile(y, count + 1)


# %% [markdown]
# **Rank them before you run:** a price, stopping early, dropout, a smaller network, copies with noise, 1000 rows, 3000 rows (every fifth of them wrong, too). All take the same number of steps.
# <!-- say: Collect a ranking on the board. S3 says that a price does little in networks, and early stopping and dropout more. -->
# <!-- option: 3000 rows first :: Right. Ask what they would cost in a real town. -->
# <!-- option: the price first :: Right among those that need no new data. -->
# <!-- option: dropout first :: What S3 says of large networks. Ours is small. -->

# %% tags=["demo"]
cures = {
    "price λ = 3": {"penalty": 3.0},
    "price λ = 6": {"penalty": 6.0},
    "patience 10": {"patience": 10},
    "patience 1 (S0's rule)": {"patience": 1},
    "dropout 0.2": {"p": 0.2},
    "dropout 0.5": {"p": 0.5},
    "4 hidden neurons": {"sizes": [5, 4, 3]},
}
more = {
    "4 noisy copies": {"copies": 4, "epochs": 30},
    "1000 rows": {"n": 1000, "epochs": 45},
    "3000 rows": {"n": 3000, "epochs": 15},
}


def trial(seed, n=300, share=0.2, sizes=(5, 64, 64, 3), **cure):
    """Return the share right on the test days, and the length of all weights."""
    X, y, _, test, rng = few_rows(seed, n, share)
    if "copies" in cure:
        X, y = copies(X, y, cure.pop("copies"), 0.3, rng)
    W, b = cured(X, y, sizes, np.random.default_rng(seed), **cure)
    return right(test, y_test, W, b), np.sqrt(sum(np.sum(w**2) for w in W))


def without(**settings):
    """Do nothing over five seeds, print and return the results."""
    nothing = np.array([trial(seed, **settings) for seed in range(5)])
    print(f"{'nothing':23} {nothing[:, 0].mean():.3f} ± {nothing[:, 0].std():.3f}                            |W| {nothing[:, 1].mean():.1f}")
    return nothing


def compare(cures, nothing, **settings):
    """Try all cures over five seeds; print and return what each gains over nothing."""
    gained = {}
    for name, cure in cures.items():
        results = np.array([trial(seed, **{**settings, **cure}) for seed in range(5)])
        gained[name] = results[:, 0] - nothing[:, 0]
        gain = f"gain {gained[name].mean():+.3f}, better in {np.sum(gained[name] > 0)} of 5"
        print(f"{name:23} {results[:, 0].mean():.3f} ± {results[:, 0].std():.3f}  {gain}  |W| {results[:, 1].mean():.1f}")
    return gained


with checkpoint(l2_gradients, early_stopping, dropout):
    nothing = without()
    gained = compare(cures, nothing)

# %% [markdown]
# These were the cures for the training. The others give it more to learn from:

# %% tags=["demo"]
with checkpoint(l2_gradients, early_stopping, dropout):
    plots.show(plots.gains(gained | compare(more, nothing)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Doing nothing gives 0.817<!-- measured --> ± 0.027<!-- measured -->. In the order of their gains:
#
# - **3000 rows** come first, 0.917<!-- measured -->. Among ten times the rows no single wrong label is worth learning. **1000 rows** gain 0.084<!-- measured -->.
# - **A price** of 6 gains 0.074<!-- measured -->, one of 3 gains 0.064<!-- measured -->, both in 5 of 5 seeds.
# - **Patience 10** gains 0.065<!-- measured -->, though it gives a fifth of the rows away. **S0's rule**, patience 1, gains nothing, better in 3 of 5. It often stops before much is learned.
# - **Four hidden neurons** gain 0.059<!-- measured -->. They cannot learn sixty exceptions.
# - **Dropout** gains 0.058<!-- measured --> with $p = 0.2$ and 0.057<!-- measured --> with $p = 0.5$, in all seeds. **Noisy copies** gain 0.042<!-- measured -->.
#
# S3 says that a price on weights does little in networks, and that early stopping, dropout and more data do more. It may be so for the large networks it speaks of. In ours a price is the first of all that need no new data. *Measure on your own problem.*
#
# Three things are not honest in this table. We chose with the test days in sight, so the best looks a little better than it is.
# More was tried than stands here: four other pairs of rows and epochs, three other pairs of network and batch, and five other seeds. Each time 3000 rows were first and a price led what needs no new data,
# but the middle changed its order. Dropout and noisy copies did not help with every seed, and S0's rule gained little, never with all five. So do not learn the order of the middle by heart.
# Also the map of section 1 is one of twelve draws that we looked at.
# In earnest, choose on a validation set, and say how often you looked.
#
# </details>

# %% [markdown]
# ## 9. Where they do nothing
# <!-- cut -->
#
# **Predict.** The same rows with all labels *right*. How much does each cure gain now?

# %% tags=["demo"]
with checkpoint(l2_gradients, early_stopping, dropout):
    some = {name: (cures | more)[name] for name in ("price λ = 3", "patience 10", "dropout 0.5", "3000 rows")}
    plots.show(plots.gains(compare(some, without(share=0.0), share=0.0)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Next to nothing. Doing nothing already gives 0.899<!-- measured -->. A price gains 0.007<!-- measured -->, and that in all five seeds; dropout 0.006<!-- measured -->, patience −0.001<!-- measured -->, since it misses the fifth that it holds back. 3000 rows help most: 0.023<!-- measured -->. With five other seeds they gained 0.014 and the price 0.011, and dropout lost a little.
# A cure needs a disease. Where labels are clean, 300 rows draw nearly the right borders.
#
# </details>
#
# ### Exercise `shift_images` ●●○
#
# S0's last cure is **augmentation** 数据增强: make new samples from old ones, in a way that does not change the label. A digit that is moved by a pixel is the same digit.
#
# Append a moved copy of every picture. What comes in from outside is 0. Originals first, then the copies; the labels likewise.

# %% exercise="shift_images"
def shift_images(images, labels, down, right):
    """Return the pictures with a moved copy of each behind them, and the labels of all.

    images : shape (samples, height, width)
    labels : shape (samples,)
    down, right : by how many pixels; negative is up and left
    """
    ### BEGIN SOLUTION
    # step: Start from zeros. Which rows stay, and where do they go?
    moved = np.zeros(images.shape)
    _, height, width = images.shape
    old_rows, new_rows = slice(max(0, -down), max(0, height - down)), slice(max(0, down), max(0, height + down))
    # step: The same for columns. Then put what stays into its new place, in all pictures at once.
    old_columns, new_columns = slice(max(0, -right), max(0, width - right)), slice(max(0, right), max(0, width + right))
    moved[:, new_rows, new_columns] = images[:, old_rows, old_columns]
    # step: Originals first, then copies.
    return np.concatenate([images, moved]), np.concatenate([labels, labels])
    ### END SOLUTION


# %% check="shift_images"
check(shift_images)

# %% [markdown]
# **Predict.** Handwritten digits, 8 × 8 pixels, 100 of them to learn from, all labels right. Do four moved copies of each help? And with 200, every fifth label wrong?

# %% tags=["demo"]
from nnlab.data import load_digits

pixels, classes = load_digits(return_X_y=True)
pictures = pixels.astype(float).reshape(-1, 8, 8)


def digits(seed, n, share, moved, **cure):
    """Return the share right of the digits that were not learned from."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(classes))
    images, labels, new = pictures[order[:n]], spoil(classes[order[:n]], share, 10, rng), order[n:]
    if moved:
        many = [shift_images(images, labels, *by) for by in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        images, labels = (np.concatenate([many[0][part], *(each[part][n:] for each in many[1:])]) for part in (0, 1))
    net = cured(images.reshape(len(images), -1).T, labels, [64, 100, 10], rng, epochs=100 if not moved else 30, **cure)
    return right(pixels[new].T.astype(float), classes[new], *net)


with checkpoint(l2_gradients, dropout, shift_images):
    for n, share in ((100, 0.0), (200, 0.2)):
        for name, moved, cure in (("nothing", False, {}), ("moved copies", True, {}), ("dropout 0.5", False, {"p": 0.5}), ("price λ = 3", False, {"penalty": 3.0})):
            results = [digits(seed, n, share, moved, **cure) for seed in range(5)]
            nothing = results if name == "nothing" else nothing
            wins = "" if name == "nothing" else f", better in {np.sum(np.array(results) > nothing)} of 5"
            print(f"{n} digits, {share:.0%} wrong, {name:13} {np.mean(results):.3f} ± {np.std(results):.3f}{wins}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With 100 clean digits nothing helps on average: 0.893<!-- measured --> without a cure, 0.869<!-- measured --> with moved copies, in 0 of 5 seeds better. A pixel of only eight is a long way, and the new digits all stand in the middle of their pictures.
# With wrong labels all three help in 5 of 5 seeds; moved copies take it from 0.787<!-- measured --> to 0.848<!-- measured -->. Which of the three is best changes with the seeds. Books show augmentation on large pictures, where a pixel is little. Ask whether your copies look like what will come.
#
# </details>

# %% [markdown]
# ## 10. Overfit on purpose
# <!-- cut -->
#
# S0 gives a piece of advice that sounds wrong: before training on everything, train on a handful of samples until the cost is nearly 0.
#
# **Predict.** Why? What would a cost that stays at $\log 3 = 1.10$ tell you?

# %% checkpoint="tiny_set"
with checkpoint(train_regularised):
    nine = np.concatenate([np.flatnonzero(y_all == state)[:3] for state in range(3)])
    X9 = standardised(X_all[:, nine], X_all[:, nine])
    Y9 = one_hot(y_all[nine], 3)
    W9, b9 = start([5, 16, 3], np.random.default_rng(0))
    *_, costs = train_regularised(X9, Y9, X9, Y9, W9, b9, 0.3, 1000, 0.0, 1000)
    print("nine samples, 1000 steps: cost below 0.02:", bool(costs[-1] < 0.02))
    shuffled = Y9[:, [3, 6, 0, 4, 7, 1, 5, 8, 2]]
    *_, costs = train_regularised(X9, Y9, X9, shuffled, W9, b9, 0.3, 1000, 0.0, 1000)
    print("labels in another order: lowest cost below 0.5:", bool(min(costs) < 0.5))

# %% [markdown]
# A network with so many parameters can always learn nine samples. If it does not, something is broken. But is everything fine if it does? Six bugs, put in on purpose:

# %% tags=["demo", "nbval-ignore-output"]
def broken(bug, seed, steps=500):
    """Train on nine samples with a bug, and return the cost at the end."""
    rng = np.random.default_rng(seed)
    W, b = start([5, 16, 3], rng)
    if bug == "all weights start at 0":
        W = [0 * w for w in W]
    slope = (lambda z: -relu_derivative(z)) if bug == "slope with the wrong sign" else relu_derivative
    for _ in range(steps):
        z, a = forward(X9, W, b, relu, softmax)
        Y = Y9[:, rng.permutation(9)] if bug == "labels shuffled in each step" else Y9
        dW, db = backward(Y, W, z, a, slope, np.ones_like)
        if bug == "first layer never moves":
            dW[0], db[0] = 0 * dW[0], 0 * db[0]
        if bug == "gradient with the wrong sign":
            dW, db = [-g for g in dW], [-g for g in db]
        W, b = optimize(W, b, dW, db, 0.0005 if bug == "α 1000 times too small" else 0.5)
    return cross_entropy(forward(X9, W, b, relu, softmax)[0][-1], Y9)


bugs = ("none", "slope with the wrong sign", "labels shuffled in each step", "gradient with the wrong sign", "α 1000 times too small")
for bug in (*bugs, "first layer never moves", "all weights start at 0"):
    costs = [broken(bug, seed) for seed in range(5)]
    print(f"{bug:29} cost after 500 steps: {np.median(costs):10.4g}, at most {np.max(costs):.4g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A cost that stays near 1.10<!-- measured --> says: the network cannot tell the nine samples apart, although it could learn them by heart. Something between the data and the step is broken.
#
# Five of six bugs are found. The sixth is not: with a first layer that **never moves** the cost still falls to 0.0175<!-- measured -->. Sixteen random features are enough to separate nine samples.
# So the test proves the plumbing, not every pipe. It takes a second; the gradient check of chapter 04 does the rest.
#
# </details>

# %% [markdown]
# ## 11. The challenge
#
# ### Exercise `robust_states` ●●●
#
# 300 rows of a town you have not seen. Every fifth label is wrong, and nobody tells which. Then a whole day without labels. Return the states of that day.
#
# It is tried on three such sets of rows, and the mean counts. Two marks are set: what one gets by learning all labels **by heart** (each new row gets the label of its nearest neighbour),
# and what logistic regression gets from the same rows with the **right** labels. The ladder is the way from one to the other:
#
# 1. clearly better than the most frequent state,
# 2. three tenths of the way,
# 3. half of the way,
# 4. seven tenths,
# 5. 78 hundredths, and a row's state may not depend on the rows beside it.
#
# We tried it in four towns. A network that trains on and on gets between a quarter and two thirds of the way. A price that suits gets above 78 hundredths in each of them.
# A small network that trains for a few hundred steps is a cure, too (section 8): it learns too little to learn mistakes. It takes the fourth rung nearly always and the fifth in most towns. So it counts, and a price on top of it is safer.
#
# Rows are in their own units; `rng` is your only source of chance. Mind how you choose a price: the labels you would choose it by are wrong, too.

# %% exercise="robust_states"
def robust_states(X, y, X_new, rng):
    """Learn from rows, some labelled wrongly. Return the states of new ones, (m,).

    X, y : rows in their own units, shape (5, n), and states 0, 1, 2, some wrong
    X_new : new rows, shape (5, m)
    rng : random generator
    """
    ### BEGIN SOLUTION
    # step: One scale for both, from the rows that are known. A start after He.
    scaled, targets = standardised(X, X), one_hot(y, 3)
    W, b = start([5, 32, 3], rng)
    # step: The price does the work. Then no rows need be held back, and all may teach.
    W, b, _ = train_regularised(scaled, targets, scaled, targets, W, b, 0.3, 400, 3.0, 400)
    # step: Ask about the new rows.
    return forward(standardised(X, X_new), W, b, relu, softmax)[1][-1].argmax(axis=0)
    ### END SOLUTION


# %% check="robust_states"
check(robust_states)

# %% [markdown]
# ## 12. Double descent: a look beyond
# <!-- cut -->
#
# S0 asks: does a network generalise better, the more neurons it has? Section 1 said no. The whole answer is stranger.
#
# Take $p$ random features $\tanh(\mathbf{u} \cdot \mathbf{x} + c)$ of 60 rows, every tenth label wrong, and fit the output weights by least squares. With $p = 60$ there are as many weights as rows, as with $M = 9$ and ten points.
#
# **Predict.** And with $p = 300$?

# %% tags=["demo"]
def error_with(p, seed, penalty=0.0):
    """Return the share wrong on the test days with p random features."""
    rng = np.random.default_rng(seed)
    few = rng.permutation(len(y_all))[:60]
    u, c = rng.standard_normal((p, 5)), rng.standard_normal((p, 1))
    known, new = (np.tanh(u @ standardised(X_all[:, few], samples) + c) / np.sqrt(p) for samples in (X_all[:, few], X_test[:, ::6]))
    Y = one_hot(spoil(y_all[few], 0.1, 3, rng), 3)
    outputs = np.array([ridge(known, row, penalty) for row in Y]) @ new
    return np.mean(outputs.argmax(axis=0) != y_test[::6])


sizes = (5, 10, 20, 40, 50, 60, 70, 80, 120, 200, 300)
with checkpoint(ridge):
    errors = {name: [np.mean([error_with(p, seed, penalty) for seed in range(10)]) for p in sizes] for name, penalty in (("no price", 0.0), ("price λ = 0.01", 0.01))}
    plots.show(plots.valley(sizes, errors, "number of random features p", "share wrong on the test days", log=True))
    for p, free, held in zip(sizes, *errors.values(), strict=True):
        print(f"p = {p:4}: {free:.3f} without a price, {held:.3f} with")

# %% [markdown]
# <details><summary>Answer</summary>
#
# At $p = 60$ the error is 0.593<!-- measured -->: the only weights that fit all rows are huge, as with $M = 9$. Then it *falls* again, to 0.303<!-- measured --> at $p = 300$. With more weights than rows there are many solutions; least squares takes the shortest, and the more there are, the shorter it can be.
# This second descent is called **double descent** 双重下降. It is real, but here it does not pay: 20 features are better, 0.196<!-- measured -->, and with a small price the peak is gone altogether.
#
# </details>

# %% [markdown]
# ## Summary
#
# - What counts is the error on samples that were not used. The other one only falls.
# - Overfitting needs large weights. A price on them shrinks both: ridge for polynomials, L2 for networks.
# - Too low a price: variance. Too high a price: bias. The best is between, and is chosen on samples of its own.
# - Stop early, with patience, and keep the best parameters, not the last.
# - Dropout drops while training and scales what stays; the same mask serves the way back.
# - More data help most; copies are worth less than new rows.
# - A cure has to be shown: same rows, same start, several seeds. On clean data most of them do little.
# - Before anything else, overfit a handful of samples on purpose. It proves the plumbing, not every pipe.

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A network says nearly all labels of its 300 training rows, and is right for far fewer rows of new days. Which cure would you try first, and why this one? And how would you show that it works?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="which_cure"
# <!-- criterion: 1 :: Names a cure and a reason that fits the symptoms, such as large weights, few rows or wrong labels: more rows, a price on weights, stopping early, dropout. -->
# <!-- criterion: 1 :: Describes a fair comparison: same rows and same start with and without the cure, several seeds, the difference with its spread, and a strength that was not chosen on the test days. -->
#
# I would ask for more rows first, since nothing helped as much. If there are none, I would put a price on the weights: the network has enough of them to learn wrong labels by heart, and that takes large ones.
# To show it I would train with and without the price, from the same rows and the same start, for five seeds. I would choose the price on rows held back from training, and report the mean difference on new days with its spread.

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ### Five questions to take with you
# <!-- cut -->
#
# They give no points. Enter what you think; the answer unfolds then.

# %% [markdown] recall="right_for_all"
# A model is right for all its training samples. What does that prove?
# <!-- option: that it has understood the task :: A list of all answers would be right, too. -->
# <!-- option: that it has enough parameters :: Right, and nothing about new samples. -->
# <!-- option: that training may stop :: It could have been best long before. -->
#
# <details><summary>Answer</summary>
#
# That it has enough parameters. Nothing about new samples.
#
# </details>

# %% [markdown] recall="biases_are_spared"
# Why does the price spare biases in a network, but not $w_0$ in S2?
#
# <details><summary>Answer</summary>
#
# A bias makes no curve steeper, so it need not pay. S2 counts it among the weights for a simpler formula; it hardly matters there.
#
# </details>

# %% [markdown] recall="alpha_or_lambda"
# A library calls its setting `alpha`, a paper writes $\lambda$. What do you look up before you copy the number?
#
# <details><summary>Answer</summary>
#
# Whether the price is divided by the number of samples, and whether a ½ stands in front.
#
# </details>

# %% [markdown] recall="mask_on_the_way_back"
# Why must the mask be the same on the way back?
# <!-- option: drawing a second mask costs time :: True, and not the point: what would a second mask say? -->
# <!-- option: a dropped neuron had no part in the output :: Right, so its weights have no part in the error. -->
#
# <details><summary>Answer</summary>
#
# The neuron that was dropped had no part in the output, so its weights have no part in the error.
#
# </details>

# %% [markdown] recall="no_test_set_any_more"
# A validation set has said when to stop. Why is it no test set any more?
#
# <details><summary>Answer</summary>
#
# The epoch was chosen so that these samples look good. On others it will be a little worse.
#
# </details>

# %%
recall("right_for_all", "biases_are_spared", "alpha_or_lambda", "mask_on_the_way_back", "no_test_set_any_more")

# %% [markdown]
# ### To go further
# <!-- cut -->
#
# 1. Which of the 300 rows have wrong labels? Train five networks with a price, and look at the rows that all of them contradict. How many of the sixty do you find?
# 2. Replace the squares in the price by absolute values (**L1**). Which weights become exactly 0?
# 3. Average the outputs of five networks from five starts. Which of bias and variance does that reduce?
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | overfitting, underfitting | 过拟合, 欠拟合 |
# | generalisation | 泛化 |
# | polynomial, degree | 多项式, 次数 |
# | regularisation, penalty | 正则化, 惩罚项 |
# | ridge regression | 岭回归 |
# | bias, variance | 偏差, 方差 |
# | early stopping, patience | 早停, 耐心 |
# | dropout | 丢弃法 (随机失活) |
# | data augmentation | 数据增强 |
# | double descent | 双重下降 |

# %% [markdown]
# ### Your own library
# <!-- cut -->
#
# What passed its check is yours: it stands in `mine.py`, and the next chapter uses it.

# %%
own_code()
