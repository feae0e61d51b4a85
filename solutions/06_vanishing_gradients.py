# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 Vanishing gradients 梯度消失
#
# In chapter 05 your network of three layers learned to tell traffic states apart. Deep networks can do more, so let us add layers.
# You will see it stop learning altogether. Nothing in your code is wrong. The gradient gets lost on its way to the front.
#
# **After this chapter you can**
#
# - write the gradient of a deep chain as a product, and say when it vanishes and when it explodes,
# - measure gradients layer by layer, and name the disease,
# - choose the size of the first weights, and say why,
# - clip a gradient, and pass it through residual and normalised layers,
# - say which cure helps against which disease, and which does not.
#
# **Time:** 90 minutes. **You need:** backpropagation (chapter 04) and the training loop (chapter 05).

# %% [markdown]
# ### Three questions on chapter 05
# <!-- cut -->
#
# Run the next cell first. What you wrote before comes from your `mine.py`, the rest from the course.
#
# Then three questions. They give no points. Enter what you think; the answer unfolds then.

# %%
from itertools import pairwise

import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, progress, recall
from nnlab.activations import elu, elu_derivative, leaky_relu, leaky_relu_derivative, relu, relu_derivative
from nnlab.data import load_traffic

from mine import (
    backward,
    central_differences,
    cross_entropy,
    forward,
    minibatches,
    one_hot,
    optimize,
    sigmoid,
    sigmoid_derivative,
    softmax,
    standardised,
)

np.set_printoptions(precision=4, suppress=True)


def tanh_grad(z):
    """Return the derivative of tanh."""
    return 1 - np.tanh(z) ** 2


FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_derivative),
    "tanh": (np.tanh, tanh_grad),
    "relu": (relu, relu_derivative),
    "leaky ReLU": (leaky_relu, leaky_relu_derivative),
    "ELU": (elu, elu_derivative),
}

# %% [markdown] recall="one_step"
# In which order do these come in one step?
# <!-- option: backward, forward, optimize :: Your gradient has no activations to work with yet. -->
# <!-- option: forward, backward, optimize :: Right: say, see how wrong it was, then change. -->
# <!-- option: forward, optimize, backward :: With which gradients do you change the weights? -->
#
# <details><summary>Answer</summary>
#
# `forward`, `backward`, `optimize`.
#
# </details>

# %% [markdown] recall="exactly_0_580"
# "Always free flow" is right for 58 % of the test samples. A network reaches 0.580 exactly. What has it learned?
# <!-- option: a little more than half of the states :: You read it as a share of what could be known. What gets 58 % without learning? -->
# <!-- option: nothing but the most frequent state :: Right. In this chapter you will see this number often. -->
#
# <details><summary>Answer</summary>
#
# Nothing but the most frequent state: it says "free flow" to every sample. In this chapter you will see this number often.
#
# </details>

# %% [markdown] recall="several_seeds"
# Why do we repeat a training with several seeds?
#
# <details><summary>Answer</summary>
#
# Start and batches are random. One number can be luck; a mean with its spread says how much.
#
# </details>

# %%
recall("one_step", "exactly_0_580", "several_seeds")

# %% [markdown]
# ## 1. Ten layers, one answer
#
# The data are those of chapter 05: five features, three states. Two thousand samples of days 1 to 4 are enough here.
# `draw` makes a network: weights from a normal distribution whose standard deviation you choose, and biases 0.

# %%
(rows, y), (rows_5, y_5), (rows_67, y_67) = load_traffic(split="day", return_X_y=True)
chosen = np.random.default_rng(1).permutation(len(y))[:2000]
X, Y = standardised(rows.T, rows[chosen].T), one_hot(y[chosen], 3)
X_5, X_67 = standardised(rows.T, rows_5.T), standardised(rows.T, rows_67.T)


def sizes(depth, width=32):
    """Return the sizes of `depth` layers: 5 inputs, hidden ones alike, 3 outputs."""
    return [5, *[width] * (depth - 1), 3]


def draw(sizes, std, rng):
    """Return weights of sd std(inputs, neurons), or std, a number; and biases 0."""
    spread = std if callable(std) else lambda n, m: std
    W = [spread(n, m) * rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
    return W, [np.zeros((len(weights), 1)) for weights in W]


def right(W, b, f, X, y):
    """Return the share of the samples that the network is right about."""
    with np.errstate(all="ignore"):
        said = forward(X, W, b, f, softmax)[1][-1]
    return float(np.mean(np.where(np.isfinite(said).all(axis=0), said.argmax(axis=0), -1) == y))


print("a network of 10 layers:", [w.shape for w in draw(sizes(10), 0.18, np.random.default_rng(0))[0]][:3], "...")
print(f"always free flow: {np.mean(y_67 == 0):.3f} of the test days")

# %% [markdown]
# **Predict.** The network of three sigmoid layers learned. We add seven layers of 32 neurons and train both with the same loop. Which one is better?
# <!-- say: Let them vote before you run the cell. -->
# <!-- option: ten layers, they can do more :: They think of what a network could express, not of what it learns. -->
# <!-- option: about the same :: Ask what a gradient has to pass on its way to layer 1. -->
# <!-- option: three layers :: Right. Ask how much worse ten will be; few expect nothing at all. -->

# %% tags=["demo"]
for depth in (3, 10):
    found = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        W, b = draw(sizes(depth), 0.18, rng)
        for _ in range(20):
            for index in minibatches(2000, 64, rng):
                z, a = forward(X[:, index], W, b, sigmoid, softmax)
                W, b = optimize(W, b, *backward(Y[:, index], W, z, a, sigmoid_derivative, np.ones_like), 1.0)
        found.append(right(W, b, sigmoid, X_67, y_67))
    print(f"{depth:2} sigmoid layers: right for {np.mean(found):.3f} ± {np.std(found):.3f} of the test samples, three seeds")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Three layers are right for 0.90<!-- measured --> of the samples. Ten layers are right for 0.580<!-- measured -->, with every seed: they say "free flow" to all.
# No learning rate from 0.01 to 10 changes that. In this chapter we find out why, and what to do.
#
# </details>

# %% [markdown]
# ## 2. A chain of four
#
# Take the smallest deep network, that of S0: four layers, one neuron each.
#
# $$a_l = \sigma(z_l), \qquad z_l = w_l\, a_{l-1} + b_l, \qquad l = 1, 2, 3, 4$$
#
# How does the loss $L$ depend on $b_1$, at the very front? The chain rule walks back from the end:
#
# $$\frac{\partial L}{\partial b_1} = \underbrace{\sigma'(z_1)\; w_2\, \sigma'(z_2)\; w_3\, \sigma'(z_3)\; w_4\, \sigma'(z_4)}_{\partial a_4 / \partial b_1}\; \frac{\partial L}{\partial a_4}$$
#
# **Predict.** All weights are 1 or less. How large is $\partial a_4 / \partial b_1$ at most? And why is $w_1$ not in it?
# <!-- option: 1/256 and w1 lies before b1 :: Right. -->
# <!-- option: 1/4 :: They took one factor. Count the σ′ in the formula. -->
# <!-- option: 1 :: They forget that σ′ is at most 1/4. Show its top at z = 0. -->
#
# <details><summary>Answer</summary>
#
# $\sigma'(z) \le \frac{1}{4}$ (chapter 02), so the product is at most $\left(\frac{1}{4}\right)^4 = 1/256 \approx 0.0039$.
# $w_1$ multiplies the *input*. A change of $b_1$ does not pass it.
#
# </details>

# %% [markdown]
# ### Exercise `chain_factors` ●○○
#
# Return the factors, not their product: we want to see which of them makes it small. They are $f'(z_1)$, $w_2 f'(z_2)$, …, $w_L f'(z_L)$.
# The array `w` holds $w_2 \dots w_L$, one fewer than `z`.


# %% exercise="chain_factors"
def chain_factors(w, z, f_grad):
    """Return an array of shape (L,): f'(z1), w2 f'(z2), ..., wL f'(zL).

    w : weights w2 ... wL, shape (L - 1,)
    z : pre-activations z1 ... zL, shape (L,)
    f_grad : derivative of the activation function
    """
    ### BEGIN SOLUTION
    # step: L slopes, L - 1 weights. A 1 in front makes them fit: the first slope has no weight.
    # wrong: return f_grad(z)
    weights = np.append(1.0, w)
    # step: Each weight times the slope behind it.
    return weights * f_grad(z)
    ### END SOLUTION


# %% check="chain_factors"
check(chain_factors)

# %% [markdown]
# **Predict.** Now the weights are drawn from $N(0, 1)$, as in chapter 04, and all $z$ are 0, where $\sigma'$ is largest. Is the product larger or smaller than 1/256, typically? And with 20 layers?

# %% checkpoint="chain_of_four"
with checkpoint(chain_factors):
    best = chain_factors(np.ones(3), np.zeros(4), sigmoid_derivative)
    print("weights 1, z = 0:", *(f"{factor:g}" for factor in best), " product", f"{np.prod(best):.8f}")
    print(f"tanh, weights 1, z = 0: product {np.prod(chain_factors(np.ones(3), np.zeros(4), tanh_grad)):g}")
    rng = np.random.default_rng(0)
    for depth in (4, 10, 20):
        products = [
            np.prod(np.abs(chain_factors(rng.standard_normal(depth - 1), rng.standard_normal(depth), sigmoid_derivative))) for _ in range(60)
        ]
        print(f"{depth:2} layers, 60 random chains: median product about 10^{np.log10(np.median(products)):.0f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Smaller. A weight of $N(0, 1)$ has the mean size 0.8, so each layer beyond the first multiplies by about 0.2, and less where $z$ is not 0.
# Four layers are still fine. With twenty, the first layer gets a gradient of about $10^{-19}$: it does not move. This is the **vanishing gradient** 梯度消失.
#
# </details>

# %% [markdown]
# ## 3. Can it explode? 梯度爆炸
# <!-- cut -->
#
# "Then take large weights", says a student. "With $w = 100$ each factor is up to 25."
#
# **Predict.** A neuron has $w = 100$ and $b = -50$, and its input $a$ lies between 0 and 1. For how many $a$ is the factor $|w\,\sigma'(wa + b)|$ above 1?
# <!-- option: for all :: They look at w alone. At which z is σ′ taken? -->
# <!-- option: for a few :: Right: w also stretches z, and σ′ is flat almost everywhere. -->

# %%
a_axis = np.linspace(0, 1, 401)
curves = {f"w = {w}": np.abs(w * sigmoid_derivative(w * a_axis - w / 2)) for w in (2, 4, 7, 20, 100)}
plots.show(plots.factor_curves(a_axis, {name: np.minimum(values, 6) for name, values in curves.items()}))
print("the top of the curve of w = 100 is cut off; it reaches", curves["w = 100"].max())

# %% [markdown]
# <details><summary>Answer</summary>
#
# For few. A large weight makes the curve high and *narrow*: $z = wa + b$ runs through the steep part of $\sigma$ quickly, and everywhere else $\sigma$ is flat. We say it **saturates** 饱和.
#
# </details>
#
# How wide is the window? We need $\sigma'(z) \ge 1/|w|$. With $s = \sigma(z)$ this is $s\,(1 - s) \ge 1/|w|$, which needs $|w| > 4$.
# The upper edge is $s = \frac{1}{2}\bigl(1 + \sqrt{1 - 4/|w|}\bigr)$, at $z = \ln\frac{s}{1 - s} = \ln(|w|\,s - 1)$. The lower edge lies at $-z$. In $a$, all widths shrink by $|w|$:
#
# $$\text{width} = \frac{2}{|w|} \ln\left(\frac{|w|\left(1 + \sqrt{1 - 4/|w|}\right)}{2} - 1\right)$$

# %% [markdown]
# ### Exercise `explosion_window` ●●○
# <!-- cut -->
#
# Write this formula. Weights of the size 4 or less have no window: return 0 for them.


# %% exercise="explosion_window"
def explosion_window(w):
    """Return how wide the set of a with |w σ'(wa + b)| >= 1 is, whatever b is.

    w : a number
    """
    ### BEGIN SOLUTION
    # step: The size of w counts, not its sign. Up to 4, the factor never reaches 1.
    size = abs(w)
    if size <= 4:
        return 0.0
    # step: The upper edge, as a value of σ. Then both edges, and from z to a.
    edge = (1 + np.sqrt(1 - 4 / size)) / 2
    return 2 / size * np.log(size * edge - 1)
    ### END SOLUTION


# %% check="explosion_window"
check(explosion_window)

# %% [markdown]
# **Predict.** Which $|w|$ has the widest window? And how probable is it that a single factor exceeds 1, if $w$ and $b$ come from $N(0, 1)$ and $a$ lies anywhere between 0 and 1?

# %% checkpoint="window"
with checkpoint(explosion_window):
    for w in (4.0, 5.0, 6.894, 20.0):
        print(f"w = {w:5}: width {explosion_window(w):.4f}")
    grid = np.linspace(4.0, 6.5, 161)
    widths = np.array([explosion_window(w) for w in grid])
    middle = -np.linspace(-6, 6, 601)[:, None] / grid  # where the window lies, for each b and w
    inside = np.clip(np.minimum(middle + widths / 2, 1) - np.maximum(middle - widths / 2, 0), 0, None)
    density_b, density_w = (np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi) for t in (np.linspace(-6, 6, 601), grid))
    share = np.sum(inside * density_b[:, None], axis=0) * 0.02
    print(f"probability of a factor above 1: {2 * np.sum(share * density_w) * 0.015625:.1e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The widest window is 0.4477<!-- measured -->, at $|w| = 6.894$. A factor above 1 has the probability $6.1 \cdot 10^{-6}$: six in a million.
# S0 says "$|w\sigma'| < 1$ often". It is 0.999994. In a chain of sigmoids gradients vanish, and explode only by a rare accident. The lecture's "explosion is rarer" is right, for a chain.
#
# </details>

# %% [markdown]
# ## 4. A matrix is not a number
#
# S1 argues: $\tanh' \le 1$, so each layer weakens the error, and tanh networks vanish too. In a chain that is so. But a layer has a **matrix**: BP-2 is
#
# $$\boldsymbol{\delta}^{(l)} = \bigl(W^{(l+1)\top} \boldsymbol{\delta}^{(l+1)}\bigr) \odot f'(\mathbf{z}^{(l)})$$
#
# Each neuron collects from 32 others. So measure. The **norm** 范数 $\lVert dW \rVert$ is the root of the sum of squares of all elements of a gradient.


# %%
def first_norms(name, std, depth=10, seed=0):
    """Return the norms of all layers' gradients at the start, for 128 samples."""
    f, f_grad = FUNCTIONS[name]
    W, b = draw(sizes(depth), std, np.random.default_rng(seed))
    z, a = forward(X[:, :128], W, b, f, softmax)
    dW, _ = backward(Y[:, :128], W, z, a, f_grad, np.ones_like)
    return np.array([np.linalg.norm(g) for g in dW])


print("sigmoid, sd 0.18:", *(f"{norm:.0e}" for norm in first_norms("sigmoid", 0.18)))

# %% [markdown]
# **Predict.** Ten layers. Draw four staircases from layer 1 to layer 10: sigmoid with weights of standard deviation 0.18; tanh with 1; tanh with 0.01; ReLU with 1.
# Which rise, which fall, which are flat?
# <!-- option: all fall towards layer 1 :: S1's argument. It forgets the sum over 32 neurons. -->
# <!-- option: tanh with 1 rises towards layer 1 :: Right, and few say so. -->

# %%
starts = {"sigmoid, sd 0.18": ("sigmoid", 0.18), "tanh, sd 1": ("tanh", 1.0), "tanh, sd 0.01": ("tanh", 0.01), "ReLU, sd 1": ("relu", 1.0)}
plots.show(plots.gradient_stairs({title: first_norms(*start) for title, start in starts.items()}))

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# Four patterns. Sigmoid: **falling**, the gradient vanishes. Tanh with weights of $N(0, 1)$: **rising**, towards layer 1 it grows about fifty times. Tanh with 0.01: **flat and tiny**. ReLU with 1: **flat and huge**.
#
# S1 looks at $f'$ alone. The sum over 32 neurons makes an error about $\sqrt{32} \approx 5.7$ times as large in each layer, and $\tanh'$ takes only a part of that back.
# With sigmoids the shrinking wins. But with $N(0, 1)$ it is not $4^8 = 65536$ times either, as the slope ¼ would give.
#
# S1 also writes that the slopes lie in $[0, 1]$ and $[0, 0.25]$. The tops are reached, at $z = 0$; the 0 is not, for any $z$.
#
# </details>

# %% [markdown]
# ### Exercise `diagnose` ●●○ A little program
#
# Write a doctor. It gets the norms, layer 1 first, and says in a word what they show. It asks these questions in this order, and the first that fits decides:
#
# 1. Is any norm above 1000, or not a finite number? → `"exploding"`
# 2. Are all below $10^{-4}$? → `"small everywhere"`
# 3. Is the first at most a hundredth of that of the last **hidden** layer? → `"vanishing"`
# 4. Is the first at least ten times that of the last hidden layer? → `"exploding"`
# 5. Else → `"healthy"`
#
# **Before you write:** why compare with the last *hidden* layer, not with the output?
#
# <details><summary>Answer</summary>
#
# With softmax and cross-entropy the output's error term has no $f'$ in it (chapter 04). All hidden layers have one, so they can be compared.
#
# </details>


# %% exercise="diagnose"
def diagnose(norms):
    """Return "exploding", "small everywhere", "vanishing" or "healthy".

    norms : array of shape (L,), L at least 2: the norms in layers 1 ... L
    """
    ### BEGIN SOLUTION
    # step: First the sizes: too large, or no number at all; then all too small.
    if not np.isfinite(norms).all() or np.max(norms) > 1000:
        return "exploding"
    if np.max(norms) < 1e-4:
        return "small everywhere"
    # step: Then the ratio. The last hidden layer stands before the last one.
    first, last = norms[0], norms[-2]
    if first <= last / 100:
        return "vanishing"
    return "exploding" if first >= 10 * last else "healthy"
    ### END SOLUTION


# %% check="diagnose"
check(diagnose)

# %% [markdown]
# **Your doctor on its round.** Which of these networks will learn?

# %% checkpoint="norms_table"
with checkpoint(diagnose):
    print("                    layer 1   layer 5   layer 9")
    for name, std in (("sigmoid", 0.18), ("sigmoid", 1.0), ("tanh", 0.01), ("tanh", 0.18), ("tanh", 1.0), ("relu", 0.25), ("relu", 1.0)):
        norms = first_norms(name, std)
        print(f"{name:7} sd {std:4}:      " + "   ".join(f"{norms[i]:7.0e}" for i in (0, 4, 8)) + f"   {diagnose(norms)}")
    growth = first_norms("tanh", 1.0)
    print(f"tanh with sd 1 grows by more than 30 towards layer 1: {bool(growth[0] > 30 * growth[8])}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Those that are healthy: tanh with 0.18, ReLU with 0.25, and, narrowly, the sigmoid with 1. What 0.18 and 0.25 are, section 7 tells.
#
# A ratio alone is no diagnosis. Tanh with 0.01 has the same norm in all layers, and it is $10^{-12}$.
#
# </details>

# %% [markdown]
# ### How deep?
# <!-- cut -->
#
# **Predict.** From 3 to 20 layers: how does the ratio of the first to the last hidden layer change?

# %% checkpoint="depth_sweep"
with checkpoint(diagnose):
    for name, std in (("sigmoid", 0.18), ("tanh", 1.0), ("tanh", 0.18)):
        print(f"{name}, weights of sd {std}")
        for depth in (3, 5, 10, 20):
            every = [first_norms(name, std, depth, seed) for seed in range(10)]
            ratio = np.median([norms[0] / norms[-2] for norms in every])
            print(f"{depth:4} layers: 10^{np.log10(ratio):.0f}".replace("-0", "0") + f", {diagnose(every[0])}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With sigmoids it falls by a power of ten in less than two layers. Three layers are no problem, and that is why chapter 05 worked. With tanh and 1 it grows as steadily, and with tanh and 0.18 it stays.
#
# </details>

# %% [markdown]
# ## 5. Against explosion: clip 梯度裁剪
#
# A gradient that explodes throws the weights far away with one step. The simplest help: if it is too long, make it shorter. This is **gradient clipping**.
#
# All gradients together are *one* arrow, through all weights and biases of all layers. Its length is $\sqrt{\sum_l \lVert g_l \rVert^2}$.
#
# **Predict.** Clip each layer by itself, or all by one factor: which of the two keeps the direction?
#
# <details><summary>Answer</summary>
#
# One factor for all. If each layer gets a factor of its own, the arrow turns, and it no longer points down the slope.
#
# </details>
#
# ### Exercise `clipped` ●●○
#
# If the common length is above `limit`, multiply all gradients by `limit / length`. Else return them as they are. Return a new list; leave the old one alone.


# %% exercise="clipped"
def clipped(gradients, limit):
    """Return the gradients, a list, shortened by one factor to at most limit.

    gradients : list of arrays of any shapes
    limit : a positive number
    """
    ### BEGIN SOLUTION
    # step: One length for all: the squares of all elements, summed, then the root.
    # wrong: return [np.clip(g, -limit, limit) for g in gradients]
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    # step: A limit makes long arrows shorter, and never short ones longer.
    factor = limit / norm if norm > limit else 1.0
    return [factor * g for g in gradients]
    ### END SOLUTION


# %% check="clipped"
check(clipped)

# %% [markdown]
# ### Exercise `train_deep` ●●● A little program
#
# Put it into the loop. You get a list of `batches`, each an array of sample numbers. For each batch:
#
# 1. run it forward, with `f` in the hidden layers and `softmax` at the output,
# 2. run the error backward,
# 3. write down the cost of this batch (before the step) and the norms of the layers' `dW` (before clipping),
# 4. if there is a `limit`, clip all of `dW` and `db` together,
# 5. take a step.
#
# `cross_entropy(z[-1], targets)` is that of chapter 05. Return the parameters, the list of costs, and the list of arrays of norms.


# %% exercise="train_deep"
def train_deep(X, Y, W, b, f, f_grad, alpha, batches, limit=None):
    """Train a network, one step a batch; return W, b, costs and norms.

    X, Y : samples and one-hot targets, shapes (features, samples) and (classes, samples)
    W, b : lists of parameters at the start
    f, f_grad : activation function of the hidden layers and its derivative
    alpha : learning rate
    batches : list of arrays of int, the columns of X and Y for each step
    limit : largest length of all gradients together, or None for no clipping
    """
    ### BEGIN SOLUTION
    # step: For each batch, forward and backward on its columns.
    costs, norms = [], []
    for index in batches:
        z, a = forward(X[:, index], W, b, f, softmax)
        dW, db = backward(Y[:, index], W, z, a, f_grad, np.ones_like)
        # step: Write down first, before anything is cut.
        costs.append(cross_entropy(z[-1], Y[:, index]))
        norms.append(np.array([np.linalg.norm(g) for g in dW]))
        # step: Weights and biases are one arrow. Clip it, then take it apart again.
        if limit is not None:
            both = clipped([*dW, *db], limit)
            dW, db = both[: len(W)], both[len(W) :]
        # step: One step against the gradient.
        W, b = optimize(W, b, dW, db, alpha)
    return W, b, costs, norms
    ### END SOLUTION


# %% check="train_deep"
check(train_deep)

# %% [markdown]
# **The patient:** ten layers of ReLU, weights of $N(0, 1)$. Your doctor says "exploding".
#
# **Predict.** A small learning rate, 0.001, without clipping. Then 0.05 with clipping to length 1. Which of the two learns?
# <!-- option: the small rate :: A gradient of 10⁵ times 0.001 is still a step of 100. -->
# <!-- option: clipping :: Right. The length of a step is then at most 0.05. -->


# %% checkpoint="clip_rescues"
def epochs(count, seed, samples=2000, size=64):
    """Return the batches of some epochs."""
    rng = np.random.default_rng(seed)
    return [index for _ in range(count) for index in minibatches(samples, size, rng)]


with checkpoint(clipped, train_deep, diagnose):
    start = draw(sizes(10), 1.0, np.random.default_rng(2))
    for alpha, limit in ((0.001, None), (0.05, 1.0)):
        with np.errstate(all="ignore"):
            W, b, costs, norms = train_deep(X, Y, *start, relu, relu_derivative, alpha, epochs(6, 2), limit)
        learned = right(W, b, relu, X_67, y_67) > 0.7
        print(f"α = {alpha}, limit {limit}: before the first step {diagnose(norms[0])}, more than 0.7 right: {learned}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Clipping. Without it the first step throws the weights so far that the outputs overflow, and from then on nothing moves in a useful direction. With it the *same* network learns.
#
# Does clipping help against vanishing? No. It can only make an arrow shorter.
#
# </details>

# %% [markdown]
# ### What S0 offers too: a penalty on the weights
# <!-- cut -->
#
# S0 lists the weight penalty $\lambda \sum w^2$ among the cures: large weights are punished, and so they shrink. S1 and S3 write $\frac{\lambda}{2} \lVert W \rVert^2$. The penalty is the same, with another $\lambda$.
#
# **Predict.** The same patient, $\alpha = 0.001$, with the penalty ($\lambda = 0.01$) instead of clipping. Does it learn?


# %% tags=["demo"]
def train_with_penalty(seed, penalty, alpha=0.001):
    """Return the share of test samples right after ten epochs with a penalty."""
    W, b = draw(sizes(10), 1.0, np.random.default_rng(seed))
    with np.errstate(all="ignore"):
        for index in epochs(10, seed):
            z, a = forward(X[:, index], W, b, relu, softmax)
            dW, db = backward(Y[:, index], W, z, a, relu_derivative, np.ones_like)
            W, b = optimize(W, b, [g + penalty * w for g, w in zip(dW, W, strict=True)], db, alpha)
    return right(W, b, relu, X_67, y_67)


for penalty in (0.0, 0.01):
    found = [train_with_penalty(seed, penalty) for seed in range(3)]
    print(f"penalty {penalty}: right {np.mean(found):.3f} ± {np.std(found):.3f} over three seeds")
with checkpoint(clipped, train_deep):
    for seed in range(3):
        W, b = draw(sizes(10), 1.0, np.random.default_rng(seed))
        W, b, _, _ = train_deep(X, Y, W, b, relu, relu_derivative, 0.05, epochs(10, seed), 1.0)
        print(f"clipped, seed {seed}: right {right(W, b, relu, X_67, y_67):.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# No. 0.000<!-- measured --> means that not even a number comes out: we count what overflows as wrong. From other starts some of these networks end at "always free flow" instead, with the penalty and without. None learns. The penalty acts *after* the first step, and the first step has thrown everything away already. It can hold back a slow growth; it cannot rescue an exploded start.
# What it is really good for, chapter 07 shows.
#
# </details>

# %% [markdown]
# ## 6. "Close to zero": how close?
# <!-- cut -->
#
# S1 says that weights should start "close to zero", and not at zero (chapter 04 showed why). It does not say how close. So we measure.
#
# **Predict.** Six layers of tanh. We try standard deviations from 0.0001 to 3. Which of them learn?
# <!-- option: the smaller the better :: This is how "close to zero" reads. -->
# <!-- option: around 0.1 to 0.5 :: Right. Ask what happens on both sides. -->

# %% tags=["demo", "nbval-ignore-output"]
stds = [0.0001, 0.001, 0.01, 0.03, 0.1, 0.18, 0.25, 0.5, 1.0, 3.0]


def mean_and_spread(found):
    """Return mean ± standard deviation, with the digits that the seeds leave."""
    mean, spread = np.mean(found), np.std(found)
    if spread < 0.008:
        return f"{mean:.3f} ± {spread:.3f}"
    return f"{mean:.2f} ± {spread:.2f}" if mean > 0.85 else "luck decides"


with checkpoint(train_deep):
    learned = {}
    for name in ("tanh", "relu"):
        learned[name] = []
        for std in stds:
            found = []
            for seed in range(3):
                with np.errstate(all="ignore"):
                    W, b, _, norms = train_deep(
                        X, Y, *draw(sizes(6), std, np.random.default_rng(seed)), *FUNCTIONS[name], 0.1, epochs(12, seed)
                    )
                found.append(right(W, b, FUNCTIONS[name][0], X_5, y_5))
            learned[name].append(found)
            print(f"{name} sd {std:6}: first gradient of layer 1 {norms[0][0]:.0e}, right on day 5: {mean_and_spread(found)}")
    majority = float(np.mean(y_5 == 0))
    marks = {"√(2 / (32 + 32)) = 0.18": 0.177, "√(2 / 32) = 0.25": 0.25}
    plots.show(plots.start_sweep(stds, learned, ("always free flow", majority), marks))

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# 0.03 is close to zero, and the network learns nothing: 0.556<!-- measured --> is "always free flow" on day 5. With 0.1 tanh is right for 0.90<!-- measured -->. Between them lies a cliff. At 1 ReLU overflows, and tanh gets worse.
# "Luck decides" stands where the three seeds do not agree: a mean would hide that.
#
# "Close to zero" is not wrong, but it is not enough: it must be close *and not too close*. The good range is wide, a factor of five. And it does not lie anywhere: the two marks are formulas, and they come next.
#
# </details>

# %% [markdown]
# ## 7. Keep the variance 方差
#
# A neuron sums $n$ products: $z = \sum_{j=1}^{n} w_j a_j$. Let all $w_j$ be independent, with mean 0 and standard deviation $s$, and let the $a_j$ have mean square 1.
#
# **Predict.** What is the variance of $z$?
#
# <details><summary>Answer</summary>
#
# Variances of independent terms add: $\operatorname{Var}(z) = n\, s^2$. To keep it at 1 we need $s = 1/\sqrt{n}$. If $s$ is twice as large, $z$ doubles in *each* layer: $2^{10}$ after ten.
#
# </details>
#
# Backwards the same happens with $W^\top$, which sums over the $m$ neurons of the layer: there $s = 1/\sqrt{m}$ is right. Three rules follow.
#
# | function | standard deviation | why |
# |---|---|---|
# | tanh | $\sqrt{2 / (n + m)}$ | Xavier: between $1/\sqrt{n}$ and $1/\sqrt{m}$; near 0 the slope of tanh is 1 |
# | ReLU | $\sqrt{2 / n}$ | He: ReLU makes one half of the values 0, so the variance must be doubled |
# | sigmoid | $4 \sqrt{2 / (n + m)}$ | its slope at 0 is ¼, and the weights have to make up for that |
#
# ### Exercise `initial_std` ●●○


# %% exercise="initial_std"
def initial_std(inputs, neurons, activation):
    """Return the standard deviation of the first weights of a layer.

    inputs, neurons : the numbers n and m of the layer
    activation : "tanh", "relu" or "sigmoid"
    """
    ### BEGIN SOLUTION
    # step: He for ReLU: only the inputs count, and one half of them is 0.
    if activation == "relu":
        return np.sqrt(2 / inputs)
    # step: Xavier for tanh; four times as much for the sigmoid.
    xavier = np.sqrt(2 / (inputs + neurons))
    return 4 * xavier if activation == "sigmoid" else xavier
    ### END SOLUTION


# %% check="initial_std"
check(initial_std)

# %% [markdown]
# **Predict.** How wide do the activations spread in layer 9, if ReLU starts with He's rule? With Xavier's? With 1?

# %% checkpoint="keep_variance"
with checkpoint(initial_std):
    spreads = {"tanh": initial_std(32, 32, "tanh"), "ReLU": initial_std(32, 32, "relu"), "sigmoid": initial_std(32, 32, "sigmoid")}
    print("layers of 32:", ", ".join(f"{name} {std:.4f}" for name, std in spreads.items()))
    for title, name in (("ReLU as He", "relu"), ("ReLU as Xavier", "tanh")):
        W = [
            initial_std(n, m, name) * w
            for (n, m), w in zip(pairwise(sizes(10)), draw(sizes(10), 1.0, np.random.default_rng(3))[0], strict=True)
        ]
        a = forward(X[:, :500], W, [0.0 * w[:, :1] for w in W], relu, softmax)[1]
        print(f"{title}: between 0.1 and 10 in layer 9: {bool(0.1 < a[9].std() < 10)}")
    a = forward(X[:, :500], *draw(sizes(10), 1.0, np.random.default_rng(3)), relu, softmax)[1]
    print(f"ReLU with 1: above 10000 in layer 9: {bool(a[9].std() > 10000)}")


# %% tags=["demo"]
def activations(std, name, layers=(1, 3, 5, 7, 9)):
    """Return the activations of some layers before training, 500 samples."""
    W, b = draw(sizes(10), std, np.random.default_rng(0))
    a = forward(X[:, :500], W, b, FUNCTIONS[name][0], softmax)[1]
    return {layer: a[layer] for layer in layers}


with checkpoint(initial_std):
    plots.show(
        plots.activation_histograms(
            {
                "tanh\nsd 0.01": activations(0.01, "tanh"),
                "tanh\nXavier": activations(lambda n, m: initial_std(n, m, "tanh"), "tanh"),
                "tanh\nsd 1": activations(1.0, "tanh"),
                "sigmoid\nXavier": activations(lambda n, m: initial_std(n, m, "tanh"), "sigmoid"),
            }
        )
    )

# %% [markdown]
# <details><summary>Answer</summary>
#
# With He the spread stays of the size 1. With Xavier it shrinks by $\sqrt{2}$ a layer, and with 1 it grows beyond ten thousand.
# The histograms show tanh. Too small: the values are all 0 after a few layers. Too large: they stand at −1 and 1, where tanh is flat. Xavier keeps them between.
# The last row is the sigmoid. Its values sit at ½ and hardly differ. We come back to that.
#
# </details>

# %% [markdown]
# ## 8. Dying ReLU
# <!-- cut -->
#
# ReLU has the slope 1 for $z > 0$, so nothing shrinks. But it has a disease of its own, the **dying ReLU** 死亡 ReLU 问题.
#
# **Predict.** A ReLU neuron has $z < 0$ for *all* samples. What is its gradient? Can it recover? And if its slope were 0.01 there (leaky ReLU)?
#
# <details><summary>Answer</summary>
#
# Its slope is 0 for every sample, so its weights and its bias get the gradient 0. They do not move: the neuron is dead. Leaky ReLU lets one percent through, and that can bring it back.
#
# </details>
#
# We make it ill on purpose: three layers, He's rule, but all hidden biases start at −2 or −3 instead of 0.


# %% tags=["demo"]
def silent(W, b, f):
    """Return the shares of neurons in layers 1 and 2 with z <= 0 everywhere."""
    z, _ = forward(X, W, b, f, softmax)
    return [float(np.mean((each <= 0).all(axis=1))) for each in z[:2]]


with checkpoint(train_deep):
    for shift in (0.0, -2.0, -3.0):
        for name in ("relu", "leaky ReLU", "ELU"):
            found, ill = [], []
            for seed in range(5):
                W, b = draw(sizes(3), lambda n, m: np.sqrt(2 / n), np.random.default_rng(seed))
                b = [b[0] + shift, b[1] + shift, b[2]]
                ill.append(silent(W, b, FUNCTIONS[name][0])[1])
                W, b, _, _ = train_deep(X, Y, W, b, *FUNCTIONS[name], 0.3, epochs(25, seed))
                found.append(right(W, b, FUNCTIONS[name][0], X_67, y_67))
            print(
                f"biases {shift:4}: {name:10} silent in layer 2 at the start {np.mean(ill):.2f}, right {np.mean(found):.3f} ± {np.std(found):.3f}"
            )

# %% [markdown]
# <details><summary>Answer</summary>
#
# With healthy biases the three are level: leaky ReLU brings nothing. With −3 nearly all neurons of layer 2 are silent, and ReLU stays at 0.580<!-- measured --> with each of these five seeds. From other starts the few neurons that still speak may save a network.
# Leaky ReLU starts to recover with some seeds, and stays there with most; one percent of a gradient is slow. ELU, whose slope falls off gently, comes back to 0.90<!-- measured -->.
# So both are cures for *this* disease. In the staircases of section 4 leaky ReLU would look like ReLU.
#
# </details>

# %% [markdown]
# ## 9. A way round: residual layers 残差连接
#
# All cures so far adjust the product. A bolder idea: give the gradient a way that has no product in it. A **residual layer** adds its input to its output:
#
# $$\mathbf{a}^{(l)} = \mathbf{a}^{(l-1)} + f\bigl(W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}\bigr)$$
#
# **Predict.** Let $\mathbf{g}$ be the gradient with respect to $\mathbf{a}^{(l)}$. On how many ways does a change of $\mathbf{a}^{(l-1)}$ reach $\mathbf{a}^{(l)}$? What arrives at $\mathbf{a}^{(l-1)}$, if $W = 0$?
# <!-- say: Draw the layer with an arrow that goes round it. -->
#
# <details><summary>Answer</summary>
#
# On two. Through the layer, as in BP-2: $W^\top \boldsymbol{\delta}$ with $\boldsymbol{\delta} = \mathbf{g} \odot f'(\mathbf{z})$. And round it, where nothing changes it: $\mathbf{g}$. The shares are added (chapter 04).
# With $W = 0$ all of $\mathbf{g}$ arrives. The layer can pass no gradient, and yet none is lost.
#
# </details>
#
# ### Exercise `residual_backward` ●●○


# %% exercise="residual_backward"
def residual_backward(delta_out, W, z, f_grad):
    """Return back, the gradient by the layer's input, and delta; both shaped as z.

    delta_out : gradient with respect to the layer's output, shape (m, samples)
    W : weights of the layer, shape (m, m)
    z : pre-activations of the layer, shape (m, samples)
    f_grad : derivative of the activation function
    """
    ### BEGIN SOLUTION
    # step: Through the layer: first back through f, at its own z.
    delta = delta_out * f_grad(z)
    # step: Then through the weights, and what went round the layer is added.
    # wrong: return W.T @ delta, delta
    back = W.T @ delta + delta_out
    return back, delta
    ### END SOLUTION


# %% check="residual_backward"
check(residual_backward)

# %% [markdown]
# ## 10. Normalised layers 归一化
# <!-- cut -->
#
# Another idea: if $\mathbf{z}$ gets too small or too large from layer to layer, put it right in each of them. **Layer normalisation** 层归一化 does so for each sample by itself:
#
# $$\mathbf{n} = \frac{\mathbf{z} - \operatorname{mean}(\mathbf{z})}{\operatorname{sd}(\mathbf{z})}, \qquad \text{mean and sd over the neurons of the layer}$$
#
# **Predict.** All weights of a layer are multiplied by 100. What happens to $\mathbf{n}$?
#
# <details><summary>Answer</summary>
#
# Nothing. Mean and spread grow by 100 as well. So the scale of the weights does not matter any more.
#
# </details>
#
# Backwards: a change of $\mathbf{z}$ that moves all neurons alike leaves $\mathbf{n}$ as it is; so does one that stretches them. Both must be taken *out* of the gradient:
#
# $$\frac{\partial L}{\partial \mathbf{z}} = \frac{\boldsymbol{\delta} - \operatorname{mean}(\boldsymbol{\delta}) - \mathbf{n} \operatorname{mean}(\boldsymbol{\delta} \odot \mathbf{n})}{\operatorname{sd}(\mathbf{z})}$$


# %%
def layer_norm(z):
    """Give each sample, a column of z, mean 0 and standard deviation 1."""
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-12)


print("before:", np.array([[1.0, 100.0], [2.0, 200.0], [3.0, 300.0]]).tolist())
print("after: ", layer_norm(np.array([[1.0, 100.0], [2.0, 200.0], [3.0, 300.0]])).round(2).tolist())

# %% [markdown]
# ### Exercise `layer_norm_grad` ●●●
# <!-- cut -->
#
# Write the formula. `sd` is the root of the variance plus $10^{-12}$, as above, so that a layer of a single neuron does not divide by 0.


# %% exercise="layer_norm_grad"
def layer_norm_grad(delta, z):
    """Return the gradient with respect to z.

    delta : gradient with respect to layer_norm(z), shape (neurons, samples)
    z : shape (neurons, samples)
    """
    ### BEGIN SOLUTION
    # step: What the way forward computed: the spread of each sample, and n.
    sd = np.sqrt(z.var(axis=0) + 1e-12)
    n = (z - z.mean(axis=0)) / sd
    # step: Take out what would move the mean, and what would move the spread. Then back through the division.
    return (delta - delta.mean(axis=0) - n * (delta * n).mean(axis=0)) / sd
    ### END SOLUTION


# %% check="layer_norm_grad"
check(layer_norm_grad)

# %% [markdown]
# **Batch normalisation** 批归一化 is the same along the other axis: each *neuron* gets mean 0 and spread 1 over the samples of the batch. So your function does it too, if you transpose before and after.
#
# Now build a network that can have either, from your functions, and test its gradient as in chapter 04.

# %% checkpoint="cures_gradient_check"
WAYS = {
    "plain": (lambda z: z, lambda delta, z: delta),
    "residual": (lambda z: z, lambda delta, z: delta),
    "layer norm": (layer_norm, lambda delta, z: layer_norm_grad(delta, z)),
    "batch norm": (lambda z: layer_norm(z.T).T, lambda delta, z: layer_norm_grad(delta.T, z.T).T),
}


def forward_by(way, X, W, b, f):
    """Return z, n and a of a plain, a residual or a normalised network."""
    z, n, a = [], [], [X]
    for i, (weights, biases) in enumerate(zip(W, b, strict=True)):
        z.append(weights @ a[-1] + biases)
        output = i == len(W) - 1
        n.append(z[-1] if output else WAYS[way][0](z[-1]))
        new = softmax(n[-1]) if output else f(n[-1])
        a.append(a[-1] + new if way == "residual" and i > 0 and not output else new)
    return z, n, a


def backward_by(way, Y, W, z, n, a, f_grad):
    """Return the gradients of all weights and biases."""
    delta, dW, db = a[-1] - Y, [], []
    back = W[-1].T @ delta
    for i in reversed(range(len(W))):
        if way == "residual" and 0 < i < len(W) - 1:
            back, delta = residual_backward(back, W[i], z[i], f_grad)
        elif i < len(W) - 1:
            delta = WAYS[way][1](back * f_grad(n[i]), z[i])
            back = W[i].T @ delta
        dW.insert(0, delta @ a[i].T / Y.shape[1])
        db.insert(0, delta.mean(axis=1, keepdims=True))
    return dW, db


def cost_by(way, W, b, x, y):
    """Return the cross-entropy of such a network of tanh."""
    return float(-np.mean(np.sum(y * np.log(forward_by(way, x, W, b, np.tanh)[2][-1]), axis=0)))


def measured_by(way, W, b, x, y, i):
    """Return the measured gradient of W[i]."""
    return central_differences(lambda p: cost_by(way, [*W[:i], p, *W[i + 1 :]], b, x, y), W[i])


with checkpoint(residual_backward, layer_norm_grad):
    rng = np.random.default_rng(4)
    W, b = draw([3, 4, 4, 2], 1.0, rng)
    x_few, y_few = rng.standard_normal((3, 5)), np.eye(2)[:, [0, 1, 1, 0, 1]]
    for way in WAYS:
        dW, db = backward_by(way, y_few, W, *forward_by(way, x_few, W, b, np.tanh), tanh_grad)
        measured = [measured_by(way, W, b, x_few, y_few, i) for i in range(3)]
        fine = [bool(np.linalg.norm(g - m) < 1e-6 * np.linalg.norm(m)) for g, m in zip(dW, measured, strict=True)]
        print(f"{way}: fine: {all(fine)}")

# %% [markdown]
# ### Before a single step: where do they help?
# <!-- cut -->
#
# Your doctor can tell already, without any training. Two patients of ten layers: the sigmoid with Xavier's start, whose gradient vanishes, and ReLU with weights of 1, whose gradient explodes.
#
# **Predict.** Residual layers, layer normalisation, batch normalisation: which of them help the sigmoid? Which help ReLU?
# <!-- say: Collect a table of yes and no on the board before you run the cell. -->
# <!-- option: all three help both :: They read "cure" as a cure for everything. -->
# <!-- option: each helps one of the two only :: Close. Ask which of the two batch normalisation should fail, and why. -->
# <!-- option: residual the sigmoid, layer normalisation ReLU, batch normalisation both :: Right. -->


# %%
def xavier(n, m):
    """Return Xavier's standard deviation."""
    return initial_std(n, m, "tanh")


def he(n, m):
    """Return He's standard deviation."""
    return initial_std(n, m, "relu")


def norms_by(way, name, std, depth=10, seed=0):
    """Return the norms of all layers' gradients at the start, 128 samples."""
    f, f_grad = FUNCTIONS[name]
    W, b = draw(sizes(depth), std, np.random.default_rng(seed))
    dW, _ = backward_by(way, Y[:, :128], W, *forward_by(way, X[:, :128], W, b, f), f_grad)
    return np.array([np.linalg.norm(g) for g in dW])


with checkpoint(initial_std, residual_backward, layer_norm_grad):
    for title, start in {"sigmoid, Xavier": ("sigmoid", xavier), "ReLU, sd 1": ("relu", 1.0)}.items():
        plots.show(plots.gradient_stairs({way: norms_by(way, *start) for way in WAYS}, title))

# %% [markdown]
# <details><summary>Answer</summary>
#
# *Sigmoid.* The residual staircase no longer falls: the way round brings every layer its share. Batch normalisation lifts the stairs too. Layer normalisation hardly does; section 11 says why.
#
# *ReLU with 1.* Now it is the other way round. Residual layers do nothing: what explodes on the way through is still added. Both normalisations bring the stairs down to the size of 1.
#
# </details>
#
# **Predict.** Now twenty layers, and two patients who are *not* ill: tanh as Xavier, ReLU as He. Can a cure do harm?

# %% tags=["demo"]
with checkpoint(initial_std, residual_backward, layer_norm_grad, diagnose):
    print("20 layers, median of ten starts: norm in layer 1, and what the doctor says")
    ill = {"sigmoid, Xavier": ("sigmoid", xavier), "tanh, sd 1": ("tanh", 1.0), "ReLU, sd 1": ("relu", 1.0)}
    well = {"tanh, Xavier": ("tanh", xavier), "ReLU, He": ("relu", he)}
    for title, start in {**ill, **well}.items():
        for way in WAYS:
            norms = np.median([norms_by(way, *start, 20, seed) for seed in range(10)], axis=0)
            print(f"{title:15} {way:10}  {norms[0]:.0e}  {diagnose(norms)}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It can. ReLU as He keeps the variance from layer to layer. A residual layer adds its input on top, so the signal grows with every layer: the norm in layer 1 goes from about 0.3 to thousands. A healthy network became one that explodes.
# So residual layers want *smaller* weights. With weights of 0.01 they start well, as the last table of section 11 shows.
#
# Batch normalisation takes ReLU with 1 from $10^{11}$ down to about 20, and lifts ReLU as He to 8. Its gradients grow towards the front, so the doctor lets neither of them go. Layer normalisation leaves both healthy.
#
# Tanh as Xavier stays healthy whatever you do. Where nothing is ill, a cure has nothing to do.
#
# </details>

# %% [markdown]
# ## 11. The cures side by side
#
# You have a whole medicine chest. Each cure gets the same ten layers, the same samples, the same 14 epochs (the last four with a tenth of the learning rate) and three seeds.
#
# The stairs tell how a network starts. Do they tell how it learns? The first patient is the sigmoid with Xavier's start, which learned nothing in section 1. Look for the rows that stay at "always free flow".


# %% tags=["demo"]
def treated(name, std, alpha, way="plain", limit=None, depth=10, penalty=0.0):
    """Return, for three seeds, the share right, and the first over the last gradient."""
    f, f_grad = FUNCTIONS[name]
    found, ratios = [], []
    for seed in range(3):
        W, b = draw(sizes(depth), std, np.random.default_rng(seed))
        for step, index in enumerate(epochs(14, seed + 100)):
            with np.errstate(all="ignore"):
                dW, db = backward_by(way, Y[:, index], W, *forward_by(way, X[:, index], W, b, f), f_grad)
                if step == 0:
                    ratios.append(np.linalg.norm(dW[0]) / np.linalg.norm(dW[-2]))
                dW = [g + penalty * w for g, w in zip(dW, W, strict=True)]
                arrow = clipped([*dW, *db], limit) if limit else [*dW, *db]
                W, b = optimize(W, b, arrow[:depth], arrow[depth:], alpha if step < 320 else alpha / 10)
        with np.errstate(all="ignore"):
            said = forward_by(way, X_67, W, b, f)[2][-1]
        found.append(float(np.mean(np.where(np.isfinite(said).all(axis=0), said.argmax(axis=0), -1) == y_67)))
    return found, float(np.median(ratios))


with checkpoint(clipped, initial_std, residual_backward, layer_norm_grad):
    vanishing = {
        "3 layers, sigmoid, Xavier": treated("sigmoid", xavier, 1.0, depth=3),
        "sigmoid, Xavier": treated("sigmoid", xavier, 1.0),
        "… clipped at 1": treated("sigmoid", xavier, 1.0, limit=1.0),
        "… layer normalisation": treated("sigmoid", xavier, 0.1, "layer norm"),
        "… batch normalisation": treated("sigmoid", xavier, 0.1, "batch norm"),
        "… residual": treated("sigmoid", xavier, 0.3, "residual"),
        "sigmoid, N(0, 1)": treated("sigmoid", 1.0, 0.3),
        "sigmoid, 4 × Xavier": treated("sigmoid", lambda n, m: initial_std(n, m, "sigmoid"), 0.3),
        "tanh, Xavier": treated("tanh", xavier, 0.1),
        "ReLU, He": treated("relu", he, 0.1),
    }
    for name, (found, ratio) in vanishing.items():
        print(f"{name:26} ratio at the start {ratio:.0e}, right {np.mean(found):.3f} ± {np.std(found):.3f}")

    plots.show(
        plots.compared({name: found for name, (found, _) in vanishing.items()}, "right on the test days", ("always free flow", 0.580))
    )

# %% [markdown]
# <details><summary>Answer</summary>
#
# Against **vanishing** help: a better scale of the weights, residual layers, batch normalisation, and another function. Clipping does nothing, as you predicted: it cannot lengthen.
#
# Two surprises. *Xavier does not save the sigmoid*: $N(0, 1)$ does better, since larger weights make up for the slope ¼. And *layer normalisation does not save it either*: its network stays at 0.580<!-- measured -->.
# All neurons of a sigmoid layer share the mean ½, and the differences between samples, which are what matters, stay small beside it. Batch normalisation looks at exactly these differences.
#
# Four times Xavier's weights learn, too, but after fourteen epochs one of the three seeds is still on its way: look at its spread.
# Differences of a few thousandths between the rows above 0.9 mean little: there are three seeds, and the learning rates were not tuned for each row.
#
# </details>

# %% [markdown]
# ### And against explosion?
# <!-- cut -->
#
# The patients now: tanh and ReLU with weights of $N(0, 1)$. Compare each row with the one without a cure.

# %% tags=["demo", "nbval-ignore-output"]
with checkpoint(clipped, initial_std, residual_backward, layer_norm_grad):
    exploding = {
        "tanh, N(0, 1)": treated("tanh", 1.0, 0.1),
        "tanh … layer normalisation": treated("tanh", 1.0, 0.1, "layer norm"),
        "ReLU, N(0, 1), α = 0.001": treated("relu", 1.0, 0.001),
        "ReLU … with penalty": treated("relu", 1.0, 0.001, penalty=0.01),
        "ReLU … clipped at 1": treated("relu", 1.0, 0.1, limit=1.0),
        "ReLU … layer normalisation": treated("relu", 1.0, 0.1, "layer norm"),
        "ReLU … residual": treated("relu", 1.0, 0.1, "residual"),
        "ReLU, sd 0.01": treated("relu", 0.01, 0.1),
        "ReLU, sd 0.01 … residual": treated("relu", 0.01, 0.1, "residual"),
    }
    for name, (found, ratio) in exploding.items():
        print(f"{name:26} ratio at the start {ratio:.0e}, right: {mean_and_spread(found)}")
    plots.show(
        plots.compared({name: found for name, (found, _) in exploding.items()}, "right on the test days", ("always free flow", 0.580))
    )

# %% [markdown]
# <details><summary>Answer</summary>
#
# Clipping and layer normalisation rescue ReLU. The penalty changes nothing: the dots of both rows are the same. Residual layers do nothing either, as the stairs have said.
# Where the table says "luck decides", look at the dots: the three seeds do not agree. On your computer the dots of tanh may lie a few hundredths elsewhere. Where gradients grow fiftyfold, so do rounding errors, and your processor rounds in another order.
#
# The last two rows are a warning and a way out: "use ReLU" is no cure by itself. With weights of 0.01 it stays at 0.580<!-- measured -->. With residual layers the same small weights learn.
#
# And the honest line at the end: the best network of ten layers is right for less than one point more than the one of three. For seven more layers that is next to nothing. Depth has a price, and on these roads it buys little. On pictures it buys more.
#
# </details>

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Choose a function, a start, a depth and cures, and watch the stairs and the activations. Before each move, say what will happen.

# %% tags=["demo"]
from nnlab import demos

demos.vanishing_gradients()

# %% [markdown]
# ## 12. Exercise `deep_start` ●●● The challenge
# <!-- cut -->
#
# Draw a start for a very deep network, so good that *nothing* else is needed: no clipping, no residual layers, no normalisation. It will not be trained. The grader looks at the first gradients, as your doctor does:
#
# - 30 layers of 32 neurons, and 20 or 25 layers of 64 or 48,
# - `"tanh"`, `"relu"` and `"sigmoid"`,
# - the ratio of the first to the last hidden gradient, and how far the activations of the last hidden layer still spread.
#
# | rung | what must hold |
# |---|---|
# | 1, 2 | tanh: the ratio is between 1/20 and 20, or 10 |
# | 3, 4 | ReLU: the gradient arrives, and the activations neither die out nor explode |
# | 5 | sigmoid, 30 layers: the ratio is above $10^{-10}$ |
# | 6 | sigmoid, 30 layers: above $2 \cdot 10^{-3}$ |
# | 7 | sigmoid, 25 wider layers: above 1/100, and the samples still differ behind the last layer |
#
# You have nearly all of it. For the last rungs think of $\sigma(z) = \frac{1}{2} + \frac{1}{2} \tanh\frac{z}{2}$. What does the ½ do to the next layer, and what could take it away?
# You get standardised samples `X`, in case you want to look at them.


# %% exercise="deep_start"
def deep_start(X, sizes, activation, rng):
    """Return lists W and b, of shapes (neurons, inputs) and (neurons, 1).

    X : standardised samples, shape (sizes[0], samples)
    sizes : neurons a layer, input first
    activation : "tanh", "relu" or "sigmoid"
    rng : random generator; rng.standard_normal((m, n)) draws
    """
    ### BEGIN SOLUTION
    # step: The right spread for every layer, from our own rule. Biases 0 to begin with.
    W = [initial_std(n, m, activation) * rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
    b = [np.zeros((len(weights), 1)) for weights in W]
    # step: The activations of a sigmoid layer have the mean ½. So each neuron behind it sees ½ times the sum of its weights, always.
    if activation == "sigmoid":
        b = [b[0], *(-0.5 * weights.sum(axis=1, keepdims=True) for weights in W[1:])]
    return W, b
    ### END SOLUTION


# %% check="deep_start"
check(deep_start)

# %% [markdown]
# **Thirty layers, three functions.** Does the doctor let them go?

# %% checkpoint="deep_start_norms"
with checkpoint(deep_start, diagnose):
    for name in ("sigmoid", "tanh", "relu"):
        W, b = deep_start(X[:, :256], sizes(30), name, np.random.default_rng(7))
        z, a = forward(X[:, :256], W, b, FUNCTIONS[name][0], softmax)
        dW, _ = backward(Y[:, :256], W, z, a, FUNCTIONS[name][1], np.ones_like)
        norms = np.array([np.linalg.norm(g) for g in dW])
        print(f"{name}: 30 layers, {diagnose(norms)}")

# %% [markdown]
# ## Summary
#
# - The gradient of a deep chain is a product. With $\sigma' \le \frac{1}{4}$ it vanishes; large weights saturate before they make it explode.
# - In a layer the sum over many neurons works against that. So measure: falling, rising, flat and tiny, flat and huge.
# - A ratio is no diagnosis without a size.
# - Weights of standard deviation $s$ multiply a signal by $\sqrt{n}\,s$ in each layer. Xavier for tanh, He for ReLU, four times Xavier and shifted biases for the sigmoid.
# - Clipping cures explosion, and only that. Residual layers give the gradient a way without a product; against explosion they do nothing. Normalised layers make the scale of the weights harmless.
# - Not every cure helps everywhere. Xavier and layer normalisation do not save a deep sigmoid network, and a weight penalty does not save an exploded start.

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# Your network of ten layers has trained for twenty epochs, and the cost has not moved. What do you measure first? Name two different findings, and what you would do after each of them.
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="first_look"
# <!-- criterion: 1 :: Measures layer by layer: gradients, or what the layers hand on, with their size and not only a ratio. -->
# <!-- criterion: 1 :: Gives two findings with a cure that fits each: for example gradients that fall towards the front (scale of the weights, residual layers, another function), gradients that are huge (clip, smaller start), units that are all zero (dying ReLU), a learning rate that is too small. -->
#
# I would measure the length of the gradient in each layer before the first step, and look at its size as well as at its fall from the last layer to the first.
# If it falls to nearly nothing, I would choose the scale of the weights for this activation function, or add residual layers. If it is huge everywhere, I would clip it and start from smaller weights.

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

# %% [markdown] recall="ratio_alone"
# Why is a ratio alone not a diagnosis?
#
# <details><summary>Answer</summary>
#
# All layers may have the same norm, and it is $10^{-12}$.
#
# </details>

# %% [markdown] recall="longer_gradient"
# Which of these cures can make a gradient longer?
# <!-- option: clipping :: It only ever shortens. -->
# <!-- option: a weight penalty :: It makes weights smaller, and gradients with them. -->
# <!-- option: residual layers :: Right: the sum leaves a way on which nothing is multiplied away. -->
#
# <details><summary>Answer</summary>
#
# A larger start, residual layers, normalised layers, another function. Not clipping, and not a penalty.
#
# </details>

# %% [markdown] recall="w_of_100"
# Why is $w = 100$ harmless in a chain of sigmoids?
#
# <details><summary>Answer</summary>
#
# $\sigma$ is flat nearly everywhere on the stretched axis: the factor is large only in a narrow window.
#
# </details>

# %% [markdown] recall="factor_4"
# Xavier's rule for the sigmoid has a factor 4. It is one over the slope of $\sigma$ at 0: how large is that slope?
# <!-- answer: 0.25 -->
#
# <details><summary>Answer</summary>
#
# $\sigma'(0) = \frac{1}{4}$.
#
# </details>

# %% [markdown] recall="clipping_direction"
# What does clipping do to the direction of a step?
# <!-- option: it turns it towards the steepest layer :: You think of clipping each layer by itself. -->
# <!-- option: nothing, if all gradients get one factor :: Right. -->
# <!-- option: it turns it round :: A factor between 0 and 1 turns nothing. -->
#
# <details><summary>Answer</summary>
#
# Nothing, if all gradients get one factor.
#
# </details>

# %%
recall("ratio_alone", "longer_gradient", "w_of_100", "factor_4", "clipping_direction")

# %% [markdown]
# ### To go further
# <!-- cut -->
#
# 1. Start with orthogonal matrices (`np.linalg.qr`): all their singular values are 1. How deep can tanh get?
# 2. Why does batch normalisation fail with a batch of one sample?
# 3. Leaky ReLU with slope $\gamma$: show that $\sqrt{2 / ((1 + \gamma^2)\, n)}$ keeps the variance.
# 4. S1 calls softplus nearly linear. Its slope is $\sigma$, which is ½ at 0 and at most 1. Do its gradients vanish?
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | vanishing gradient, exploding gradient | 梯度消失, 梯度爆炸 |
# | saturate | 饱和 |
# | norm | 范数 |
# | gradient clipping | 梯度裁剪 |
# | weight penalty | 权重惩罚 |
# | initialisation | 初始化 |
# | variance | 方差 |
# | dying ReLU | 死亡 ReLU 问题 |
# | residual connection | 残差连接 |
# | layer, batch normalisation | 层归一化, 批归一化 |

# %% [markdown]
# ### Your own library
# <!-- cut -->
#
# What passed its check is yours: it stands in `mine.py`, and the next chapter uses it.

# %%
own_code()
