# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 Activation functions 激活函数
#
# A neuron sums its weighted inputs and its bias. This sum is its pre-activation $z$. To it the neuron applies an **activation function** $f$, and its **activation** 活性值 $a = f(z)$ comes out.
# In this chapter you find out what $f$ is for, meet the thirteen functions of the lectures, and see by experiment what can go wrong with each of them.
#
# **After this chapter you can**
#
# - show why a network without activation functions is no more than one layer,
# - derive the derivative of an activation function and test it without a textbook,
# - explain saturation, zero-centring and dead ReLU units, and measure them,
# - write functions with exp so that inputs of 1000 do not break them,
# - choose the temperature of a softmax.
#
# **Time:** 85 minutes. **You need:** NumPy arrays and matrix products; derivatives with product and chain rule; the neuron of chapter 01.
#
# Each exercise has a cell for your code and a check below it.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. It holds two functions you will need, and a way to **measure** a slope: `slope` goes a small step to the right and a small step to the left.
#
# $$f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$$

# %%
import math

import numpy as np

from nnlab import check, checkpoint, hint, plots, progress

np.set_printoptions(precision=6, suppress=True)


def sigmoid(z):
    """Squash z into (0, 1), for each element. Section 2 shows why tanh can do it."""
    return (1 + np.tanh(z / 2)) / 2


def relu(z):
    """Cut off below zero: max(0, z), for each element."""
    return np.maximum(0, z)


def slope(f, z, h=1e-5):
    """Measure the slope of f at z: the central difference."""
    return (f(z + h) - f(z - h)) / (2 * h)


z_axis = np.linspace(-5, 5, 501)

# %% [markdown]
# ## 1. What happens without an activation function?
#
# Two neurons stand in a chain. The first computes $z_1 = 2x + 1$, the second $z_2 = 3 z_1 - 4$. Neither has an activation function.
#
# **Predict.** Draw $z_2$ over $x$ in your mind. What kind of curve is it? What changes if you add a third such neuron, or a hundred?
# <!-- say: Draw the first neuron's line on the board, and let the class draw the second. -->
# <!-- option: a straight line, however many neurons :: Right: a line of a line is a line. -->
# <!-- option: a curve that bends more with each neuron :: They expect depth to help by itself. This section is for them. -->
# <!-- option: a line with a corner :: They see a ReLU that is not there yet. -->

# %%
x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
print("x               ", x)
print("without f:      ", 3 * (2 * x + 1) - 4)
print("6x - 1:         ", 6 * x - 1)
print("ReLU in between:", 3 * relu(2 * x + 1) - 4)

# %% [markdown]
# <details><summary>Answer</summary>
#
# A straight line: $3 (2x + 1) - 4 = 6x - 1$. A third neuron puts one straight line into another, which gives a straight line again. A hundred neurons do no better than one.
# With a ReLU in between the line has a bend. No single neuron without activation function can do that.
#
# </details>

# %% [markdown]
# ### Exercise `merge_layers`
#
# The same holds for whole layers. A layer of neurons computes $W \mathbf{x} + \mathbf{b}$: each row of $W$ holds the weights of one neuron, and the biases $\mathbf{b}$ are a column.
# (Chapter 03 takes its time for this.) Two layers without activation function compute
#
# $$W_2 \, (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 = W \mathbf{x} + \mathbf{b}$$
#
# Find the weights $W$ and the biases $\mathbf{b}$ of the one layer that does the same. Do it on paper first. Return both.

# %% exercise="merge_layers"
def merge_layers(W_1, b_1, W_2, b_2):
    """Return W and b of the one layer that replaces two layers without activation function.

    W_1, b_1 : first layer, shapes (hidden, inputs) and (hidden, 1)
    W_2, b_2 : second layer, shapes (outputs, hidden) and (outputs, 1)
    """
    ### BEGIN SOLUTION
    # step: Multiply out. The term with x gives the new weights. The order matters: W_1 stands beside x.
    W = W_2 @ W_1
    # step: The two terms without x give the new bias.
    # wrong: b = b_1 + b_2
    # wrong: return W, b
    b = W_2 @ b_1 + b_2
    return W, b
    ### END SOLUTION


# %% check="merge_layers"
check(merge_layers)

# %% [markdown]
# Three layers are two merges. The cell below merges the layers 4 → 6 → 5 → 2 into one and sends the same two samples through both.

# %% checkpoint="one_layer"
with checkpoint(merge_layers):
    rng = np.random.default_rng(2)
    sizes = [(6, 4), (5, 6), (2, 5)]
    layers = [(rng.integers(-3, 4, size=(m, n)) * 1.0, rng.integers(-3, 4, size=(m, 1)) * 1.0) for m, n in sizes]
    samples = rng.integers(-2, 3, size=(4, 2)) * 1.0

    through_all = samples
    for W, b in layers:
        through_all = W @ through_all + b
    W, b = merge_layers(*merge_layers(*layers[0], *layers[1]), *layers[2])
    print("through three layers:", through_all.tolist())
    print("through one layer:   ", (W @ samples + b).tolist())
    before = sum(W.size + b.size for W, b in layers)
    print("weights and biases before:", before, "and after:", W.size + b.size)

# %% [markdown]
# **Question.** XOR cannot be solved with one straight line (chapter 01). Can three layers without activation functions solve it?
#
# <details><summary>Answer</summary>
#
# No. They are one layer in disguise, and one layer draws a straight line. This is why $f$ must not be linear.
# A single bend between the layers helps: two ReLU units give $|x| = \mathrm{relu}(x) + \mathrm{relu}(-x)$, which is no straight line.
#
# </details>

# %% [markdown]
# **What the lectures ask of $f$:** it is not linear. It is continuous and has a derivative almost everywhere, because training follows slopes.
# It is quick to compute. Its slope is neither very small nor very large. One slide adds that it only ever rises. Keep that in mind for section 6.

# %% [markdown]
# ## 2. From a step to a curve
#
# The neuron of chapter 01 uses the step function: 1 where $z > 0$, else 0. Let us measure what is wrong with it.
#
# **Predict.** What is the slope of the step function at $z = 0.5$? What does `slope` measure at $z = 0$?

# %%
def step(z):
    """Fire or rest: 1 where z > 0, else 0."""
    return np.where(z > 0, 1.0, 0.0)


for z in (0.5, -2.0, 0.0):
    print(f"slope of the step function at {z:4}: {slope(step, z):.0f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The slope is 0 everywhere, except at the jump, where there is none. The 50000 is $1/(2h)$: make $h$ smaller, and it grows.
# So training has nothing to go by: move a weight a little, and the output stays as it is. We need a curve.
#
# </details>

# %% [markdown]
# ### Two curves shaped like an S
#
# The **logistic function** 逻辑函数 rises smoothly from 0 to 1. Many texts just call it **sigmoid**, and so do our functions. The **hyperbolic tangent** 双曲正切 rises from $-1$ to 1:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = \frac{1 - e^{-2z}}{1 + e^{-2z}}$$
#
# **Predict.** What is $\sigma(0)$? If $\sigma(2) \approx 0.88$, what is $\sigma(-2)$? Where is each function steepest, and how steep is it there?
# <!-- option: 0.5 and 0.12 :: Right: σ(−z) = 1 − σ(z). -->
# <!-- option: 0 and −0.88 :: They carry tanh's symmetry over to σ. -->
# <!-- option: 0.5 and −0.88 :: They forget that σ is never negative. -->

# %%
points = np.array([-2.0, 0.0, 2.0])
print("sigmoid:          ", sigmoid(points))
print("tanh:             ", np.tanh(points))
print("2 sigmoid(2z) - 1:", 2 * sigmoid(2 * points) - 1)

slopes = {name: slope(f, z_axis) for name, f in (("sigmoid", sigmoid), ("tanh", np.tanh))}
for name, values in slopes.items():
    steepest = z_axis[values.argmax()]
    print(f"{name}: largest slope {values.max():.4f} at z = {steepest:.1f}, slope at z = 5: {values[-1]:.4f}")

plots.show(
    plots.with_derivative(
        z_axis,
        {
            "step": (step(z_axis), 0 * z_axis),
            "sigmoid": (sigmoid(z_axis), slopes["sigmoid"]),
            "tanh": (np.tanh(z_axis), slopes["tanh"]),
        },
    ),
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# $\sigma(0) = 0.5$, and $\sigma(-2) = 1 - \sigma(2) \approx 0.12$. Both functions are steepest at 0: $\sigma'(0) = \frac14$ and $\tanh'(0) = 1$.
# The third line shows that $\tanh(z) = 2\sigma(2z) - 1$: tanh is the logistic function, stretched and shifted. Solved for $\sigma$, this is how the first cell computes `sigmoid`.
#
# </details>

# %% [markdown]
# **Find the error.** A slide says that the values of tanh fill the interval $[-1, 1]$. Read the formula above again. Which symbol is wrong?

# %%
for z in (1, 5, 10, 20):
    gap = 2 * math.exp(-2 * z) / (1 + math.exp(-2 * z))
    print(f"z = {z:2}: 1 - tanh(z) = {gap:.1e},   np.tanh(z) == 1 is {np.tanh(z) == 1}")

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide says $[-1, 1]$. But the numerator $1 - e^{-2z}$ is always smaller than the denominator $1 + e^{-2z}$, so tanh never reaches 1: the interval is open, $(-1, 1)$.
# A computer does give exactly 1 at $z = 20$: the gap is real, but too small for a float beside 1.
#
# </details>

# %% [markdown]
# ### Exercise `tanh_derivative`
#
# Training needs the derivative of every activation function. Those of the S-curves can be written with the functions themselves:
#
# $$\sigma'(z) = \sigma(z)\,(1 - \sigma(z)), \qquad \tanh'(z) = 1 - \tanh^2(z)$$
#
# Write the second one. The argument is the pre-activation $z$. The check compares your function with the measured slope as well.

# %% exercise="tanh_derivative"
def tanh_derivative(z):
    """Return the derivative of tanh at z.

    z : pre-activations, array of any shape
    """
    ### BEGIN SOLUTION
    # step: The activation first. np.tanh is safe for every z.
    a = np.tanh(z)
    # step: The slope needs nothing but a, which a network has computed already.
    return 1 - a**2
    ### END SOLUTION


# %% check="tanh_derivative"
check(tanh_derivative)

# %% [markdown]
# ### Three straight lines instead of a curve
# <!-- cut -->
#
# exp is slow on small devices. Near 0 a function is close to its tangent: $\sigma(z) \approx \frac14 z + \frac12$ and $\tanh(z) \approx z$.
# Cut the tangents off where they leave the range, and you have the **hard logistic function** and the **hard tanh**:
#
# $$\text{hard-logistic}(z) = \max(\min(\tfrac14 z + \tfrac12, 1), 0), \qquad \text{hard-tanh}(z) = \max(\min(z, 1), -1)$$
#
# **Predict.** At which $z$ does each of them reach its ends? Where is it farthest from the curve it stands for?

# %%
def hard_logistic(z):
    """Approximate the logistic function by three straight lines."""
    return np.clip(z / 4 + 0.5, 0, 1)


def hard_tanh(z):
    """Approximate tanh by three straight lines."""
    return np.clip(z, -1, 1)


for name, hard, soft in (("hard-logistic", hard_logistic, sigmoid), ("hard-tanh", hard_tanh, np.tanh)):
    error = np.abs(hard(z_axis) - soft(z_axis))
    print(f"{name}: largest error {error.max():.3f} at |z| = {abs(z_axis[error.argmax()]):.1f}")

plots.show(
    plots.curves(
        z_axis,
        {"sigmoid": sigmoid(z_axis), "hard-logistic": hard_logistic(z_axis), "tanh": np.tanh(z_axis), "hard-tanh": hard_tanh(z_axis)},
    ),
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# At $z = \pm 2$ and at $z = \pm 1$. The corners are also the places of the largest error: 0.119 and 0.238.
# Beyond the corners the slope is exactly 0, not just small.
#
# </details>

# %% [markdown]
# ## 3. Two troubles of the S-curves
#
# ### Saturation 饱和
#
# Far from 0 an S-curve is flat: the unit is **saturated**. A flat place gives almost no slope, and training goes by slopes.
#
# **Predict.** Draw pre-activations from a normal distribution with mean 0. With a standard deviation of 1, hardly any unit has a slope below 0.01.
# What share has it with a standard deviation of 5, or of 10?

# %%
gauss = np.random.default_rng(0).standard_normal(10_000)
print("share of units with a slope below 0.01")
print("standard deviation   sigmoid   tanh")
for deviation in (1, 2, 5, 10):
    flat = [np.mean(slope(f, deviation * gauss) < 0.01) for f in (sigmoid, np.tanh)]
    print(f"{deviation:18}   {flat[0]:7.2f}   {flat[1]:4.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With a standard deviation of 5 more than a third of the sigmoid units and more than half of the tanh units are flat; with 10 most of both.
# Chapter 06 shows what small slopes do to a deep network.
#
# </details>

# %% [markdown]
# ### Zero-centring 零中心化
#
# The outputs of tanh lie around 0: tanh is **zero-centred**. The outputs of the sigmoid are all positive. Why should the next layer mind?
#
# A neuron computes $z = w_1 a_1 + \dots + w_5 a_5 + b$. Move the weight $w_j$ a little, and $z$ moves $a_j$ times as much: the slope of $z$ by $w_j$ is $a_j$.
# To raise $z$, training adds a bit of $a_j$ to each $w_j$; to lower it, it takes a bit away.
#
# **Predict.** If all five $a_j$ are positive, how many of the weights rise together? For what share of samples do all five weights move the same way, with sigmoid and with tanh?

# %%
z = np.random.default_rng(1).standard_normal((5, 10_000))
for name, f in (("sigmoid", sigmoid), ("tanh", np.tanh)):
    positive = (f(z) > 0).sum(axis=0)
    share = np.mean((positive == 5) | (positive == 0))
    mean = np.abs(f(z).mean())
    print(f"{name:7}: mean output {mean:.2f}, all five weights move the same way: {share:.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With the sigmoid all five rise or all five fall, for every sample. If one weight should rise and another fall, training has to go there in a zigzag.
# With tanh the signs are mixed. By chance all five agree for $2 \cdot (\frac12)^5 = \frac1{16} \approx 0.06$ of the samples.
#
# </details>

# %% [markdown]
# ## 4. ReLU 修正线性单元
#
# The **rectified linear unit** is the simplest function with a bend:
#
# $$\mathrm{relu}(z) = \max(0, z)$$
#
# It needs no exp, and it does not saturate for $z > 0$. Most deep networks use it or one of its relatives.
#
# **Find the error, or the choice.** One lecture writes $\mathrm{relu}'(z) = 1$ for $z \ge 0$. Two others write $I(z > 0)$: 1 where $z > 0$, else 0.
# They differ at one point. Who is right? What does `slope` measure there? And how often does a pre-activation hit that point?

# %%
print("slope of relu at -1, 0 and 1:", [round(float(slope(relu, z)), 6) for z in (-1.0, 0.0, 1.0)])
print("pre-activations that are exactly 0:", np.sum(gauss == 0), "of", gauss.size)
print("units with an output above 0:", f"{np.mean(relu(gauss) > 0):.2f}")

# %% [markdown]
# <details><summary>The slides say, the code says</summary>
#
# The lecture on traffic data says 1. Two others say 0. The central difference says 0.5.
# There is no right value: the function has a corner at 0. It does not matter, because almost no $z$ is exactly 0. This course takes $\mathrm{relu}'(0) = 0$ and says so.
#
# The last line shows another property, **sparsity** 稀疏性: for Gaussian pre-activations only half of the units have an output other than 0. The lectures count this as a strength.
#
# </details>

# %% [markdown]
# ### Dead units 死亡 ReLU
#
# Where $z \le 0$, both the output and the slope of a ReLU are 0. If this holds for **every** sample, the unit is **dead**.
# Its output is always 0, and its weights get no slope. So nothing can change it, and it stays dead.
#
# ### Exercise `dead_share`
#
# Return the share of dead units of a layer. Each row of `z` is a unit, each column a sample.
# What is this share for the matrix below? Do it in your head first.
#
# $$\begin{pmatrix} 1 & -1 & -2 & 0.5 \\ -1 & -3 & -0.5 & -2 \\ -4 & -1 & 0.1 & -1 \end{pmatrix}$$

# %% exercise="dead_share"
def dead_share(z):
    """Return the share of ReLU units that are dead: z <= 0 for every sample.

    z : pre-activations, shape (units, samples)
    """
    ### BEGIN SOLUTION
    # step: A row is dead if all its values are at most 0. axis=1 runs along the row.
    dead = np.all(z <= 0, axis=1)
    # step: True counts as 1, so the mean is the share.
    return np.mean(dead)
    ### END SOLUTION


# %% check="dead_share"
check(dead_share)

# %% [markdown]
# ### Exercise `prelu`
#
# A small slope $\gamma$ below zero keeps units alive. With a fixed $\gamma$ such as 0.01 the function is called **leaky ReLU** 带泄露的 ReLU.
# If each neuron learns its own $\gamma_i$, it is called **parametric ReLU**, or PReLU 带参数的 ReLU:
#
# $$\mathrm{prelu}(z) = \begin{cases} z & z > 0 \\ \gamma z & z \le 0 \end{cases}$$
#
# Write one function for both: `gamma` is a number, or a column with one slope for each row of `z`. A learned slope can be any number.

# %% exercise="prelu"
def prelu(z, gamma):
    """Return z where z > 0, else gamma times z.

    z : pre-activations, shape (neurons, samples), or any shape if gamma is a number
    gamma : number, or array of shape (neurons, 1)
    """
    ### BEGIN SOLUTION
    # step: Choose for each element. A column of slopes is broadcast over the samples.
    return np.where(z > 0, z, gamma * z)
    ### END SOLUTION


# %% check="prelu"
check(prelu)

# %% [markdown]
# **Question.** One lecture also writes the leaky ReLU as $\max(z, \gamma z)$. For which $\gamma$ is that wrong?
#
# <details><summary>Answer</summary>
#
# For $\gamma > 1$: then $\gamma z$ is the larger one on the positive side. The lecture says so: it asks for $\gamma < 1$. A learned slope keeps no such promise.
#
# </details>

# %% [markdown]
# ### One bad step
# <!-- cut -->
#
# We let 100 ReLU neurons learn, each on its own, to give the product $x_1 x_2$ of two features between 0 and 1.
# Every neuron starts with random weights and the bias 1. Then it takes **one** step of training.
# The learning rate says how long that step is. After it come 1000 careful steps with the small learning rate 0.1.
#
# `train_step` moves the weights of each neuron down the slope of its squared error. Chapter 04 derives that slope; here we only watch what it does.
#
# **Predict.** From which learning rate on do units die: 0.5, 1, 2 or 5? How many come back in the 1000 careful steps? And what if $\gamma = 0.1$ in place of 0?

# %% checkpoint="dying_relu"
def train_step(W, b, rate, gamma):
    """Return the weights and biases after one step of training."""
    z = W @ features + b
    error = (prelu(z, gamma) - product) * np.where(z > 0, 1.0, gamma)
    W_slope, b_slope = error @ features.T / features.shape[1], error.mean(axis=1, keepdims=True)
    return W - rate * W_slope, b - rate * b_slope


with checkpoint(dead_share, prelu):
    rng = np.random.default_rng(0)
    features = rng.uniform(size=(2, 200))
    product = features[:1] * features[1:]
    W_start, b_start = rng.standard_normal((100, 2)), np.ones((100, 1))
    print(f"share of dead units at the start: {dead_share(W_start @ features + b_start):.2f}")
    print("first step   gamma   dead after it   dead after 1000 more")
    for rate in (0.5, 1, 2, 5):
        for gamma in (0, 0.1):
            W, b = train_step(W_start, b_start, rate, gamma)
            after_one = dead_share(W @ features + b)
            for _ in range(1000):
                W, b = train_step(W, b, 0.1, gamma)
            print(f"{rate:10}   {gamma:5}   {after_one:13.2f}   {dead_share(W @ features + b):20.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With a step of 0.5 no unit dies. With 1 it is about a quarter, with 5 nearly all. Of the plain ReLUs ($\gamma = 0$) not one comes back: the two columns are the same.
# With $\gamma = 0.1$ just as many fall silent, but they still have a slope, and nearly all of them fire again.
#
# </details>

# %% [markdown]
# ## 5. Smooth relatives, and numbers that are too large
#
# The **exponential linear unit** 指数线性单元 bends smoothly to $-\gamma$ below zero. The **softplus** rounds off the corner of the ReLU:
#
# $$\mathrm{elu}(z) = \begin{cases} z & z > 0 \\ \gamma \, (e^{z} - 1) & z \le 0 \end{cases}, \qquad \mathrm{softplus}(z) = \log(1 + e^{z})$$
#
# The lecture gives the derivatives in a table. For the ELU it writes $\mathrm{elu}'(z) = I(z > 0) + I(z \le 0) \cdot \gamma e^{z}$, where $I$ is 1 if the condition holds and 0 if not.
#
# **Predict.** The cell below types six formulas of the slides just as they stand. The largest float is about $1.8 \cdot 10^{308}$, and $e^{1000} \approx 2 \cdot 10^{434}$.
# Which of the six give a wrong result at $z = -1000$ or at $z = 1000$?

# %%
as_on_the_slides = {
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "ELU": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "ELU'": lambda z: (z > 0) * 1.0 + (z <= 0) * np.exp(z),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}
large = np.array([-1000.0, 0.0, 1000.0])
with np.errstate(over="ignore", invalid="ignore"):
    for name, f in as_on_the_slides.items():
        print(f"{name:9}", f(large))

# %% [markdown]
# <details><summary>The slides say, the code says</summary>
#
# Four are wrong. tanh computes $\infty / \infty$, which is `nan`, "not a number". The derivative of the ELU computes $0 \cdot \infty$, which is `nan` as well.
# The softplus should give 1000, and gives $\infty$. The softmax should give (0, 0, 1).
#
# The logistic function and the ELU are right by luck: $1 / \infty = 0$, and the side that overflows is not chosen. Without `np.errstate` NumPy would warn about them all.
#
# The way out is always the same: **never give exp a large positive number.** Rewrite the formula so that only $e^{-|z|}$ or $e^{\min(z, 0)}$ is left; both are at most 1.
#
# </details>

# %% [markdown]
# ### Exercise `softplus`
#
# Write $\log(1 + e^{z})$ so that it is right for $z = \pm 1000$ too.
#
# Before you start: for large $z$, which simple function is the softplus close to? Can you take that part out of the logarithm?
#
# <details><summary>Answer</summary>
#
# For large $z$ the 1 does not count, and $\log(e^{z}) = z$. Take out the factor $e^{z}$:
# $\log(1 + e^{z}) = \log\left(e^{z} (e^{-z} + 1)\right) = z + \log(1 + e^{-z})$. Now the exponent is negative for positive $z$. For negative $z$ the formula was good from the start.
#
# </details>

# %% exercise="softplus"
def softplus(z):
    """Return log(1 + exp(z)), without overflow.

    z : pre-activations, array of any shape
    """
    ### BEGIN SOLUTION
    # step: exp only sees numbers up to 0.
    e = np.exp(-np.abs(z))
    # step: What was taken out of the logarithm is z for positive z, and 0 for negative z.
    return np.maximum(0, z) + np.log1p(e)
    ### END SOLUTION


# %% check="softplus"
check(softplus)

# %% [markdown]
# ### Exercise `elu_derivative`
#
# Write the derivative of the ELU so that it is right for $z = \pm 1000$ too. At $z = 0$ it is $\gamma$, as in the lecture's table.

# %% exercise="elu_derivative"
def elu_derivative(z, gamma):
    """Return the derivative of the ELU at z.

    z : pre-activations, array of any shape
    gamma : number, the depth of the bend
    """
    ### BEGIN SOLUTION
    # step: np.where computes both sides, so exp must be safe on the side that is not used.
    below = gamma * np.exp(np.minimum(z, 0))
    # step: Above zero the ELU is z itself, with slope 1.
    return np.where(z > 0, 1.0, below)
    ### END SOLUTION


# %% check="elu_derivative"
check(elu_derivative)

# %% [markdown]
# ## 6. Functions that dip: Swish and GELU
# <!-- cut -->
#
# A newer idea: let the input be its own **gate** 门. The gate is a number between 0 and 1 that says how much of $z$ gets through.
#
# - **Swish** uses the logistic function: $\mathrm{swish}(z) = z \, \sigma(\beta z)$.
# - The **Gaussian error linear unit** 高斯误差线性单元 uses the normal distribution: $\mathrm{gelu}(z) = z \, \Phi(z)$, where $\Phi(z)$ is the probability that a standard normal number is at most $z$.
#
# **Predict.** What is the Swish for $\beta = 0$? Which function does it come close to when $\beta$ is very large?

# %%
def swish(z, beta=1.0):
    """Let z through a gate that is the logistic function of beta z."""
    return z * sigmoid(beta * z)


def gelu(z):
    """Let z through a gate that is the normal distribution; erf gives its probabilities."""
    return z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2


points = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
for beta in (0, 1, 100):
    print(f"swish, beta = {beta:3}:", swish(points, beta) + 0.0)
print("gelu:             ", gelu(points))

# %% [markdown]
# <details><summary>Answer</summary>
#
# For $\beta = 0$ the gate is always half open: $z/2$, a straight line. For a very large $\beta$ the gate is a step, and the Swish is nearly the ReLU.
#
# </details>

# %% [markdown]
# **Find the error.** The slide of section 1 asks that an activation function only ever rises. A few pages later the same lecture shows Swish and GELU. Look at the values above. What does not fit?

# %%
fine = np.linspace(-5, 5, 100_001)
for name, f in (("swish", swish), ("gelu", gelu)):
    values = f(fine)
    print(f"{name}: lowest value {values.min():.4f} at z = {fine[values.argmin()]:.2f}")

gates = {"ReLU": relu, "Swish": swish, "GELU": gelu}
plots.show(plots.with_derivative(z_axis, {name: (f(z_axis), slope(f, z_axis)) for name, f in gates.items()}))

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide asks for a rising function. The Swish falls until $z = -1.28$, where it is $-0.28$, and the GELU until $z = -0.75$, where it is $-0.17$. Both work well in practice.
# So "only ever rises" is a habit of the older functions, not a condition.
#
# </details>

# %% [markdown]
# ### Exercise `swish_derivative`
#
# Find the derivative of $z \, \sigma(\beta z)$ by $z$ on paper, with the product rule and the chain rule. You know $\sigma' = \sigma (1 - \sigma)$. Then write it.
# `sigmoid` from the first cell is at hand. To test your formula before the check does, compare it with `slope(swish, z)`.

# %% exercise="swish_derivative"
def swish_derivative(z, beta):
    """Return the derivative of z * sigmoid(beta * z) by z.

    z : pre-activations, array of any shape
    beta : number, the sharpness of the gate
    """
    ### BEGIN SOLUTION
    # step: The gate, once for both terms.
    s = sigmoid(beta * z)
    # step: Product rule: 1 times the gate, plus z times the derivative of the gate.
    # step: The chain rule brings the factor beta.
    return s + z * beta * s * (1 - s)
    ### END SOLUTION


# %% check="swish_derivative"
check(swish_derivative)

# %% [markdown]
# ### Two short cuts to the GELU
#
# $\Phi$ is slow to compute. The lecture gives two approximations:
#
# $$\mathrm{gelu}(z) \approx \frac{z}{2} \left(1 + \tanh\left(\sqrt{2/\pi}\, (z + 0.044715\, z^3)\right)\right), \qquad \mathrm{gelu}(z) \approx z \, \sigma(1.702\, z)$$
#
# The second one is a Swish with $\beta = 1.702$.
#
# **Predict.** Which is closer? How large is the largest error of each: about 0.1, 0.01, 0.001 or 0.0001?

# %%
def gelu_tanh(z):
    """Approximate the GELU by tanh."""
    return z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def gelu_sigmoid(z):
    """Approximate the GELU by the logistic function."""
    return swish(z, 1.702)


for name, f in (("tanh", gelu_tanh), ("sigmoid", gelu_sigmoid)):
    error = np.abs(f(fine) - gelu(fine))
    print(f"with {name:7}: largest error {error.max():.6f} at |z| = {abs(fine[error.argmax()]):.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With tanh the largest error is 0.00047, at $z = \pm 2.70$. With the logistic function it is 0.020, at $z = \pm 2.27$: 43 times as much, but without the cube.
#
# </details>

# %% [markdown]
# ## 7. Softmax and its temperature
#
# The functions so far work on each pre-activation by itself. The **softmax** 归一化指数函数 of an output layer looks at all of them at once.
# It turns the scores of one sample into shares that are positive and sum to 1:
#
# $$\mathrm{softmax}_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_{j} e^{z_j}}$$
#
# **Try it** (from the lecture). A road gets the score 10 for free flow 畅通, 6 for slow 缓行 and 8 for congested 拥堵. Guess the three shares.
# Then guess again: what if all three scores were larger by 100? And what if they were twice as large?

# %%
scores = np.array([10.0, 6.0, 8.0])
for name, z in (("10, 6, 8:", scores), ("all + 100:", scores + 100), ("all * 2:", scores * 2)):
    print(f"{name:10}", np.exp(z) / np.exp(z).sum())

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.867, 0.016 and 0.117, as on the slide. Adding 100 changes nothing: $e^{100}$ stands in the numerator and in the sum, and cancels.
# Only the **differences** of the scores count. Doubling doubles the differences, and the largest score takes almost all.
#
# </details>

# %% [markdown]
# ### Exercise `softmax_temperature`
#
# Dividing all scores by a **temperature** 温度 $T > 0$ makes the answer more or less sure of itself:
#
# $$\mathrm{softmax}_i(\mathbf{z} / T) = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$
#
# Each **column** of `z` is one sample, and must sum to 1. `z` may also be a plain vector of shape (classes,); `axis=0` serves both.
# A low temperature makes $z / T$ large: use what you saw above about adding the same number to all scores.

# %% exercise="softmax_temperature"
def softmax_temperature(z, T):
    """Return the softmax of each column of z / T.

    z : scores, array of shape (classes, samples) or (classes,)
    T : temperature, a positive number
    """
    ### BEGIN SOLUTION
    # step: The temperature comes first. After it, this is a softmax like any other.
    s = z / T
    # step: Subtract each column's largest score, so that exp never sees more than 0.
    e = np.exp(s - np.max(s, axis=0))
    # step: Divide by the sum of each column.
    return e / np.sum(e, axis=0)
    ### END SOLUTION


# %% check="softmax_temperature"
check(softmax_temperature)

# %% [markdown]
# **Predict.** What are the shares of 10, 6, 8 when $T$ is nearly 0? When $T$ is huge? At which temperature below does free flow fall under one half?

# %% checkpoint="temperatures"
with checkpoint(softmax_temperature):
    print("     T   free flow       slow  congested")
    for T in (0.01, 0.5, 1, 2, 10, 1000):
        shares = softmax_temperature(scores, T)
        print(f"{T:6}" + "".join(f"{share:11.6f}" for share in shares))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Near 0 the largest score takes everything: the answer is a plain "free flow". For a huge $T$ all three are alike, $\frac13$ each.
# Among these temperatures it is $T = 10$ that first brings free flow below one half. $T = 1$ is the softmax of the slide.
#
# </details>

# %% [markdown]
# ## 8. Play with it
# <!-- cut -->
#
# Choose a function. Left: the function and its derivative. Right: what it makes of Gaussian pre-activations.
# Move the mean and the standard deviation of the pre-activations and watch the outputs, the share of zeros, and the share of flat units.

# %% tags=["demo"]
from nnlab import demos

demos.activations()

# %% [markdown]
# ## 9. All thirteen
# <!-- cut -->
#
# | function | $f(z)$ | $f'(z)$ | values |
# |---|---|---|---|
# | step | 1 where $z > 0$, else 0 | 0 | 0 or 1 |
# | logistic, "sigmoid" | $1 / (1 + e^{-z})$ | $\sigma (1 - \sigma)$, at most $\frac14$ | $(0, 1)$ |
# | tanh | $2 \sigma(2z) - 1$ | `tanh_derivative`, at most 1 | $(-1, 1)$ |
# | hard-logistic | $\frac14 z + \frac12$, cut off at 0 and 1 | $\frac14$ where $\lvert z \rvert < 2$, else 0 | $[0, 1]$ |
# | hard-tanh | $z$, cut off at $-1$ and 1 | 1 where $\lvert z \rvert < 1$, else 0 | $[-1, 1]$ |
# | ReLU | $\max(0, z)$ | 1 where $z > 0$, else 0 | $[0, \infty)$ |
# | leaky ReLU | $z$ or $\gamma z$, $\gamma$ fixed | 1 or $\gamma$ | all numbers |
# | PReLU | $z$ or $\gamma_i z$, $\gamma_i$ learned | 1 or $\gamma_i$ | all numbers, if $\gamma_i > 0$ |
# | ELU | $z$ or $\gamma (e^{z} - 1)$ | `elu_derivative` | $(-\gamma, \infty)$ |
# | softplus | $\log(1 + e^{z})$ | $\sigma(z)$ | $(0, \infty)$ |
# | Swish, $\beta = 1$ | $z \, \sigma(\beta z)$ | `swish_derivative` | from $-0.28$ up |
# | GELU | $z \, \Phi(z)$ | $\Phi(z) + z \, \varphi(z)$ | from $-0.17$ up |
# | softmax | $e^{z_i} / \sum_j e^{z_j}$ | a matrix: $a_i (1 - a_i)$ or $-a_i a_j$ | $(0, 1)$, sum 1 |
#
# $\varphi$ is the density of the standard normal distribution. The derivative of the softplus is the logistic function: a good one to try by hand.
#
# The last checkpoint measures three things for 10,000 Gaussian pre-activations: the mean output, the share of outputs that are exactly 0, and the mean slope.
# **Predict.** Which functions are zero-centred? Which one is sparse? Which lose more than half of the slope?

# %% checkpoint="overview"
def elu(z):
    """Bend smoothly to -1 below zero; expm1(z) is exp(z) - 1 without loss of digits near 0."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


with checkpoint(prelu, softplus, tanh_derivative, elu_derivative, swish_derivative):
    functions = {
        "step": step,
        "logistic": sigmoid,
        "tanh": np.tanh,
        "hard-logistic": hard_logistic,
        "hard-tanh": hard_tanh,
        "ReLU": relu,
        "leaky ReLU": lambda z: prelu(z, 0.01),
        "PReLU, 0.25": lambda z: prelu(z, 0.25),
        "ELU": elu,
        "softplus": softplus,
        "Swish": swish,
        "GELU": gelu,
    }
    print("function        mean output   share of 0   mean slope")
    for name, f in functions.items():
        a = f(gauss)
        print(f"{name:13}   {a.mean():z11.2f}   {np.mean(a == 0):10.2f}   {slope(f, gauss).mean():10.2f}")

    yours = {
        "tanh": tanh_derivative(points),
        "ELU": elu_derivative(points, 1.0),
        "Swish": swish_derivative(points, 1.0),
    }
    for name, derivative in yours.items():
        measured = slope(functions[name], points)
        agree = np.allclose(derivative, measured, atol=1e-4)
        print(f"your derivative of {name} is the measured slope: {agree}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# tanh and hard-tanh are zero-centred; the ELU comes closest of the others. The ReLU is the sparse one: half of its outputs are 0.
# (The step function is as sparse, but has no slope.) The logistic function and its hard form pass on less than a quarter of the slope.
# There is no best function. Start with the ReLU in hidden layers and softmax at the output of a classifier, then compare. Chapter 08 does so on real images.
#
# </details>

# %% [markdown]
# ## Summary
#
# - Without activation functions a network of any depth is one layer: $W = W_2 W_1$, $\mathbf{b} = W_2 \mathbf{b}_1 + \mathbf{b}_2$.
# - S-curves saturate: far from 0 their slope is nearly 0. $\sigma' \le \frac14$, $\tanh' \le 1$. tanh is zero-centred, the sigmoid is not.
# - The ReLU does not saturate for $z > 0$ and is sparse, but a step that is too long kills units for good. A slope below zero keeps them alive.
# - Rewrite formulas so that exp never sees a large positive number. A measured slope tests any derivative.
# - Softmax depends on the differences of the scores. The temperature divides them.

# %%
progress()

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ### Three questions to go further
# <!-- cut -->
#
# 1. Show that $\text{hard-tanh}(z) = \mathrm{relu}(z + 1) - \mathrm{relu}(z - 1) - 1$. Which other functions of this chapter are sums of ReLUs?
# 2. A unit with the sigmoid computes $\sigma(w a + b)$. Can you find $w$, $b$ and output weights so that a network of sigmoids does exactly what a given network of tanhs does?
# 3. The lectures write $\log(\mathrm{softmax}_i)$ in the cross-entropy. At which scores does `np.log(softmax_temperature(z, 1))` break, though the softmax itself is right? Write a form that does not.
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | activation function, activation | 激活函数, 活性值 |
# | logistic function, sigmoid | 逻辑函数, S 型函数 |
# | hyperbolic tangent (tanh) | 双曲正切 |
# | derivative, slope | 导数, 斜率 |
# | saturation | 饱和 |
# | zero-centred | 零中心化的 |
# | rectified linear unit (ReLU) | 修正线性单元 |
# | sparsity | 稀疏性 |
# | dead unit (dying ReLU) | 死亡 ReLU 问题 |
# | leaky ReLU, parametric ReLU | 带泄露的 ReLU, 带参数的 ReLU |
# | exponential linear unit (ELU) | 指数线性单元 |
# | Gaussian error linear unit (GELU) | 高斯误差线性单元 |
# | gate | 门 |
# | softmax, temperature | 归一化指数函数, 温度 |
# | overflow | 溢出 |
