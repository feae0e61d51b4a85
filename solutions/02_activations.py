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
# In chapter 01 a neuron drew a line over the map of a road: free on one side, jammed on the other. Two moments that differ by less than one kilometre an hour can lie on different sides,
# and the neuron is as sure of them as of any other. In this chapter it learns to say **how sure** it is.
#
# What makes the difference is one function. A neuron sums its weighted inputs and its bias to the **pre-activation** $z$.
# To it the neuron applies an **activation function** $f$, and its **activation** 活性值 $a = f(z)$ comes out.
# You will see what $f$ does to the map, why a network without it is no network, and what can go wrong with each of the thirteen functions that people use.
#
# **After this chapter you can**
#
# - show why a network without activation functions is no more than one layer,
# - derive the derivative of an activation function and test it without a textbook,
# - bend a line through any points with ReLU units,
# - explain saturation, zero-centring and dead units, and measure them,
# - write functions with exp so that inputs of 1000 do not break them.
#
# **Time:** 90 minutes. **You need:** NumPy arrays and matrix products; derivatives with product and chain rule; the perceptron of chapter 01.
#
# Each exercise has a cell for your code and a check below it. Dots say how hard it is, from ●○○ to ●●●.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. It fetches `train_perceptron` of chapter 01: yours, if it passed its check, else the course's. It also holds a way to **measure** a slope:
# `slope` goes a small step to the right and a small step to the left.
#
# $$f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$$

# %%
import math
from itertools import pairwise

import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.data import load_traffic

from mine import train_perceptron  # isort: skip

np.set_printoptions(precision=6, suppress=True)


def step(z):
    """Fire or rest: 1 where z > 0, else 0."""
    return np.where(z > 0, 1.0, 0.0)


def slope(f, z, h=1e-5):
    """Measure the slope of f at z: the central difference."""
    return (f(z + h) - f(z - h)) / (2 * h)


z_axis = np.linspace(-5, 5, 501)

# %% [markdown]
# Three questions on chapter 01 to warm up. They count for nothing.

# %% [markdown] recall="twice_the_weights"
# A neuron fires where $2x_1 - 3x_2 + 1 > 0$. Both weights and the bias are doubled. What happens to its line?
# <!-- option: It moves away from the origin :: You double the bias alone. The weights double, too, and both sides of 2z > 0 can be halved. -->
# <!-- option: It stays where it is :: Right: 2z > 0 holds exactly where z > 0. -->
# <!-- option: It gets twice as steep :: You look at the weights one by one. The slope of the line is their ratio. -->
#
# <details><summary>Answer</summary>
#
# It stays: $2z > 0$ where $z > 0$. Only $z$ itself is twice as large, and a step function does not see that. The functions of this chapter do.
#
# </details>

# %% [markdown] recall="perceptron_adds"
# A sample $\mathbf{x}$ with the label $+1$ lies on the wrong side of a perceptron's line. What does the perceptron add to its weights (learning rate 1)?
# <!-- option: the sample x :: Right: y x with y = +1. -->
# <!-- option: minus the sample x :: You would push z down. The label +1 wants it up. -->
# <!-- option: 1 for each weight :: You forget that a weight counts as much as its input. -->
#
# <details><summary>Answer</summary>
#
# The sample itself: $\mathbf{w} \leftarrow \mathbf{w} + y\,\mathbf{x}$. Then $z$ of this sample grows by $\mathbf{x} \cdot \mathbf{x}$, and by 1 for the bias.
#
# </details>

# %% [markdown] recall="xor_one_line"
# Why can no single threshold unit compute XOR?
# <!-- option: The perceptron needs more steps for it :: You blame the learning. No weights do it, however they are found. -->
# <!-- option: Its answers are not 0 and 1 :: You are thinking of another function: XOR answers 0 or 1. -->
# <!-- option: One straight line cannot part its four points as they should be :: Right: equal corners lie across from each other. -->
#
# <details><summary>Answer</summary>
#
# Its unit draws one straight line, and the points of one class lie on opposite corners. Two units in front of it solve the problem.
#
# </details>

# %%
recall("twice_the_weights", "perceptron_adds", "xor_one_line")

# %% [markdown]
# ## 1. Yes, no, and how sure
#
# Each point below is five minutes on one road, the arterial A6 of the bundled traffic data: how fast vehicles drove, and how often each of them stopped.
# Your perceptron learns when the road is jammed.

# %%
traffic = load_traffic()
chosen = (traffic.road == "A6") & (traffic.target != 1)  # free or congested; slow comes later
road = np.stack([traffic.data[chosen, 0] / 10, traffic.data[chosen, 4]])  # speed, stops
jam = (traffic.target[chosen] == 2) * 1.0
axes = ("speed (10 km/h)", "stops a vehicle")

w, b, mistakes, converged = train_perceptron(road, 2 * jam - 1, 1000)


def z_at(points):
    """Return the perceptron's pre-activation for points of shape (2, m)."""
    return w @ points + b


print("mistakes while learning:", mistakes)
for k in np.argsort(np.abs(z_at(road)))[:3]:
    (speed, stops), z = road[:, k], z_at(road[:, k])
    print(f"{10 * speed:.1f} km/h, {stops:.2f} stops: z = {z:5.2f}, jammed: {step(z):.0f}")
plots.show(plots.road_map(road, jam, {"step(z)": lambda points: step(z_at(points))}))

# %% [markdown]
# The three points nearest to the line have almost the same $z$, and yet the step function says a plain 0 or a plain 1. So it does far away from the line.
# That is one trouble. The other one is worse: training asks which way to move a weight, and follows slopes for it.

# %% [markdown] question="step_slope"
# **Predict.** What is the slope of the step function at $z = 0.5$? And what does `slope` measure at the jump, $z = 0$, with steps of $h = 10^{-5}$?
# <!-- option: 1, and 0 :: You read off the height at 0.5. The slope says how the height changes. -->
# <!-- option: 0, and 1 :: You took the height of the jump. `slope` divides it by the small width 2h. -->
# <!-- option: 0, and something huge :: Right: flat everywhere, but for one jump. -->
#
# <details><summary>Answer</summary>
#
# The slope is 0 everywhere, except at the jump, where there is none. The measured 50000 is $1/(2h)$: make $h$ smaller, and it grows.
# So training has nothing to go by: move a weight a little, and the answer stays as it is. We need a curve.
#
# </details>

# %%
predict("step_slope")

# %%
for z in (0.5, -2.0, 0.0):
    print(f"slope of the step function at {z:4}: {slope(step, z):.0f}")

# %% [markdown]
# ### From a step to a curve
#
# The **logistic function** 逻辑函数 rises smoothly from 0 to 1. Many texts just call it **sigmoid**, and so do our functions:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# On the line, $\sigma(0) = \frac12$: the neuron cannot say. At $z = 2$ it says 0.88, at $z = -2$ it says $1 - 0.88 = 0.12$: as sure of "free" as it was of "jammed".
# <!-- say: Draw the S on the board, and mark 0.88 at z = 2. Ask where -2 goes. -->
#
# **A classmate wrote** the formula with numerator and denominator multiplied by $e^{z}$. On paper that is the same. Run it. Where does it go wrong, and why?
# The largest float is about $1.8 \cdot 10^{308}$, and $e^{1000} \approx 2 \cdot 10^{434}$.


# %%
def classmates_sigmoid(z):
    """Return exp(z) / (1 + exp(z)), as a classmate wrote it."""
    return np.exp(z) / (1 + np.exp(z))


with np.errstate(over="ignore", invalid="ignore"):  # else NumPy warns
    print(classmates_sigmoid(np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0])))

# %% [markdown]
# <details><summary>What went wrong</summary>
#
# At 1000 the computer divides $\infty$ by $\infty$, which is `nan`, "not a number". At $-1000$ all is well: $e^{-1000}$ is so small that it becomes 0.
# The form $1 / (1 + e^{-z})$ has its trouble on the other side. There the result is right by luck, since $1 / \infty = 0$, and NumPy warns.
# So each form is good on one side.
#
# </details>

# %% [markdown]
# ### Exercise `sigmoid` ●○○
#
# Mend it: write $\sigma(z)$ for arrays of any shape so that exp never sees a large positive number.
# Which exponent is at most 0 for every $z$? Which of the two forms uses it where $z \ge 0$, and which where $z < 0$?


# %% exercise="sigmoid"
def sigmoid(z):
    """Return the logistic function of z, element by element.

    z : pre-activations, array of any shape
    """
    ### BEGIN SOLUTION
    # step: exp(-|z|) is at most 1, so nothing overflows.
    e = np.exp(-np.abs(z))
    # step: For z >= 0 it is the formula as it stands; for negative z the classmate's form.
    # wrong: return np.where(z >= 0, e, 1) / (1 + e)
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% check="sigmoid"
check(sigmoid)

# %% [markdown] question="softer_line"
# **Predict.** Now your `sigmoid` answers on the map, drawn as a landscape: from one line to the next the answer rises by the same amount. In the third picture all weights and the bias are divided by 10, and so is $z$. What changes on the map?
# <!-- option: The line moves :: You let the weights move the line one by one. All of them and the bias shrink together. -->
# <!-- option: The line stays, and the answers around it become softer :: Right: σ(z) = 1/2 where z = 0, whatever z is divided by. -->
# <!-- option: Nothing :: You think of the step function: it sees only the sign of z. The sigmoid sees its size. -->
#
# <details><summary>Answer</summary>
#
# The place where $\sigma = \frac12$ is the same. But the belt of points of which the neuron is not sure gets wider: from 2 % of the points to nearly all of them.
# So the *size* of the weights says how sure the neuron is, and training can turn it, since a curve has a slope everywhere.
#
# </details>

# %%
predict("softer_line")

# %%
with checkpoint(sigmoid):
    answers = {"step(z)": step, "sigmoid(z)": sigmoid, "sigmoid(z / 10)": lambda z: sigmoid(z / 10)}
    for name, f in answers.items():
        a = f(z_at(road))
        unsure = np.mean((a > 0.01) & (a < 0.99))
        print(f"{name:15}: answers between 0.01 and 0.99 for {unsure:.2f} of the points")
    maps = {name: lambda points, f=f: f(z_at(points)) for name, f in answers.items()}
    plots.show(plots.landscapes(road, jam, maps, axes))

# %% [markdown]
# ## 2. What happens without an activation function?
#
# Why should neurons *inside* a network have an $f$ at all? Two neurons stand in a chain. The first computes $z_1 = 2x + 1$, the second $z_2 = 3 z_1 - 4$. Neither has an activation function.

# %% [markdown] question="chain_of_lines"
# **Predict.** Draw $z_2$ over $x$ in your mind. What kind of curve is it? What if you add a third such neuron, or a hundred?
# <!-- say: Draw the first neuron's line on the board, and let the class draw the second. -->
# <!-- option: a straight line, however many neurons :: Right: a line of a line is a line. -->
# <!-- option: a curve that bends more with each neuron :: You expect depth to help by itself. This section is for you. -->
# <!-- option: a line with a corner :: You see a ReLU that is not there yet. -->
#
# <details><summary>Answer</summary>
#
# A straight line: $3 (2x + 1) - 4 = 6x - 1$. A third neuron puts one straight line into another, which gives a straight line again. A hundred neurons do no better than one.
# With the **ReLU** $\max(0, z)$ in between, the line has a bend. No single neuron without activation function can do that.
#
# </details>

# %%
predict("chain_of_lines")


# %%
def relu(z):
    """Cut off below zero: max(0, z), for each element."""
    return np.maximum(0, z)


x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
print("x               ", x)
print("without f:      ", 3 * (2 * x + 1) - 4)
print("6x - 1:         ", 6 * x - 1)
print("ReLU in between:", 3 * relu(2 * x + 1) - 4)

# %% [markdown]
# ### Exercise `merge_layers` ●●○
#
# The same holds for whole layers. A layer of neurons computes $W \mathbf{x} + \mathbf{b}$: each row of $W$ holds the weights of one neuron, and the biases $\mathbf{b}$ are a column.
# (Chapter 03 takes its time for this.) Two layers without activation function compute
#
# $$W_2 \, (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 = W \mathbf{x} + \mathbf{b}$$
#
# Find the weights $W$ and the biases $\mathbf{b}$ of the one layer that does the same. Do it on paper first. Return both.


# %% exercise="merge_layers"
def merge_layers(W_1, b_1, W_2, b_2):
    """Return W and b of one layer for two layers without activation function.

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
    layers = [(rng.integers(-3, 4, size=size) * 1.0, rng.integers(-3, 4, size=(size[0], 1)) * 1.0) for size in sizes]
    samples = rng.integers(-2, 3, size=(4, 2)) * 1.0

    through_all = samples
    for W, bias in layers:
        through_all = W @ through_all + bias
    W, bias = merge_layers(*merge_layers(*layers[0], *layers[1]), *layers[2])
    print("through three layers:", through_all.tolist())
    print("through one layer:   ", (W @ samples + bias).tolist())
    before = sum(W.size + bias.size for W, bias in layers)
    print("weights and biases before:", before, "and after:", W.size + bias.size)

# %% [markdown]
# So XOR, which no straight line can part, stays out of reach of three layers without $f$, or of three hundred: they are one layer in disguise.
# **What we ask of $f$:** it is not linear. It has a slope almost everywhere, neither very small nor very large. It is quick to compute.
# Many texts add that it only ever rises. Keep that in mind for section 7.

# %% [markdown]
# ## 3. Slopes of the S-curves
#
# Training needs the derivative of every activation function. A wrong one does not stop with an error; the network just learns badly. So we test each against the measured slope.
#
# **A classmate wrote** the derivative of the logistic function from memory: $\sigma'(z) = \sigma(z)\,\sigma(1 - z)$. Is it right?

# %%
with checkpoint(sigmoid):
    points = np.array([-2.0, 0.0, 0.5, 2.0])
    print("measured slope:        ", slope(sigmoid, points))
    print("the classmate's formula:", sigmoid(points) * sigmoid(1 - points))

# %% [markdown]
# ### Exercise `sigmoid_derivative` ●●○
#
# Mend it. Differentiate $(1 + e^{-z})^{-1}$ on paper with the chain rule. You get a fraction with a square below.
# Part it into two factors: the first is $\sigma(z)$; how do you get the second from $\sigma(z)$? Your function needs nothing but `sigmoid`.


# %% exercise="sigmoid_derivative"
def sigmoid_derivative(z):
    """Return the derivative of the logistic function at z.

    z : pre-activations, array of any shape
    """
    ### BEGIN SOLUTION
    # step: The activation, which a network has computed already.
    s = sigmoid(z)
    # step: The fraction is e/(1+e)^2 with e = exp(-z). One factor is s, the other what s lacks to 1.
    return s * (1 - s)
    ### END SOLUTION


# %% check="sigmoid_derivative"
check(sigmoid_derivative)

# %% [markdown]
# <details><summary>The classmate's error</summary>
#
# $1 - \sigma(z)$ became $\sigma(1 - z)$: the $\sigma$ has moved from the $z$ to the whole bracket. But $1 - \sigma(z) = \sigma(-z)$, and $\sigma(1 - z)$ is larger for every $z$. So the formula is too large everywhere, and no error message says so.
#
# </details>

# %% [markdown]
# ### Its sister, tanh
#
# The **hyperbolic tangent** 双曲正切 is the logistic function stretched to the range from $-1$ to 1:
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1$$

# %% [markdown] question="tanh_slope"
# **Predict.** The largest slope of $\sigma$ is $\sigma'(0) = \frac14$. Use the chain rule on $2\,\sigma(2z) - 1$: what is the largest slope of tanh?
# <!-- answer: 1 -->
#
# <details><summary>Answer</summary>
#
# $\tanh'(z) = 2 \cdot 2\,\sigma'(2z)$, so $\tanh'(0) = 4 \cdot \frac14 = 1$. Written with tanh itself, $\tanh'(z) = 1 - \tanh^2(z)$.
#
# </details>

# %%
predict("tanh_slope")

# %%
with checkpoint(sigmoid, sigmoid_derivative):
    s_curves = {
        "step": (step(z_axis), np.zeros(len(z_axis))),
        "sigmoid": (sigmoid(z_axis), sigmoid_derivative(z_axis)),
        "tanh": (2 * sigmoid(2 * z_axis) - 1, 4 * sigmoid_derivative(2 * z_axis)),
    }
    for name, (values, slopes) in s_curves.items():
        print(f"{name:7}: from {values[0]:.2f} to {values[-1]:.2f}, ", end="")
        print(f"largest slope {slopes.max():.2f}, slope at z = 5: {slopes[-1]:.4f}")
    plots.show(plots.with_derivative(z_axis, s_curves))

# %% [markdown]
# ### Saturation 饱和
#
# Far from 0 an S-curve is flat: the unit is **saturated**. A flat place gives almost no slope, and training goes by slopes.

# %% [markdown] question="flat_points"
# **Predict.** Look at the middle map of section 1 again. For what share of the points is the slope of $\sigma$ below 0.01 there?
# And what is it in the right map, where $z$ is divided by 10?
# <!-- option: one in ten, and none :: You think of the steep belt as wide. On this map it is narrow: the weights are large. -->
# <!-- option: a half, and a half :: You think that the scale does not matter. It decides where on the S each point lies. -->
# <!-- option: nearly all, and nearly none :: Right: sure answers are flat answers. -->
#
# <details><summary>Answer</summary>
#
# 0.98<!-- measured --> of the points lie where $|z| > 4.6$, and the sigmoid is flat there. Divided by 10, nearly every $z$ lies on the slope.
# An answer of which the neuron is sure is an answer that hardly learns. Chapter 06 shows what small slopes do to a deep network.
#
# </details>

# %%
predict("flat_points")

# %%
with checkpoint(sigmoid_derivative):
    for scale in (1, 3, 10):
        z = z_at(road) / scale
        flat = np.mean(sigmoid_derivative(z) < 0.01)
        print(f"z / {scale:2}: largest |z| {np.abs(z).max():4.1f}, share of points with a slope below 0.01: {flat:.2f}")

# %% [markdown]
# ### Zero-centring 零中心化
# <!-- cut -->
#
# The outputs of tanh lie around 0: tanh is **zero-centred**. The outputs of the sigmoid are all positive. Why should the next layer mind?
#
# A neuron computes $z = w_1 a_1 + \dots + w_5 a_5 + b$. Move the weight $w_j$ a little, and $z$ moves $a_j$ times as much.
# To raise $z$, training adds a bit of $a_j$ to each $w_j$; to lower it, it takes a bit away.
#
# If all five $a_j$ are positive, all five weights rise or all five fall, for every sample. If one weight should rise and another fall, training has to go there in a zigzag.
# With tanh the signs are mixed. By chance all five agree for $2 \cdot (\frac12)^5 = \frac1{16} \approx$ 0.06<!-- measured --> of the samples. Is it so?

# %%
with checkpoint(sigmoid):
    z = np.random.default_rng(1).standard_normal((5, 10_000))
    for name, f in (("sigmoid", sigmoid), ("tanh", np.tanh)):
        positive = (f(z) > 0).sum(axis=0)
        share = np.mean((positive == 5) | (positive == 0))
        print(f"{name:7}: mean output {np.abs(f(z).mean()):.2f}, all five weights move the same way: {share:.2f}")

# %% [markdown]
# ## 4. ReLU 修正线性单元: a bend for each unit
# <!-- cut -->
#
# The **rectified linear unit** $\mathrm{relu}(z) = \max(0, z)$ needs no exp and does not saturate for $z > 0$. Most deep networks use it or one of its relatives.
# Its slope is 0 on the left and 1 on the right. At 0 it has a corner and no slope; this course takes 0 there, and almost no $z$ is exactly 0.
#
# What can one bend do? Shift it, add a few, and you can follow any curve in straight pieces.
#
# **A worked example.** Take three straight lines in place of the S: 0 up to $z = -2$, then a slope of $\frac14$, and 1 from $z = 2$ on. This is the **hard logistic function**.
#
# - At $z = -2$ the slope goes from 0 to $\frac14$. It *changes* by $\frac14$. A unit $\frac14 \mathrm{relu}(z + 2)$ does that: it is silent before, and adds its slope after.
# - At $z = 2$ the slope goes from $\frac14$ to 0. It changes by $-\frac14$. A unit $-\frac14 \mathrm{relu}(z - 2)$ does that.


# %%
def hard_logistic(z):
    """Approximate the logistic function by three straight lines: two ReLU units."""
    return relu(z + 2) / 4 - relu(z - 2) / 4


with checkpoint(sigmoid):
    print("at -9, -2, 0, 2 and 9:", hard_logistic(np.array([-9.0, -2.0, 0.0, 2.0, 9.0])))
    error = np.abs(hard_logistic(z_axis) - sigmoid(z_axis))
    print(f"largest error {error.max():.3f} at |z| = {abs(z_axis[error.argmax()]):.1f}")
    plots.show(plots.curves(z_axis, {"sigmoid": sigmoid(z_axis), "two ReLU units": hard_logistic(z_axis)}))

# %% [markdown] question="tent_weight"
# **Your turn, by hand.** A tent has the corners $(0, 0)$, $(1, 2)$ and $(3, 0)$. It is $c_0\,\mathrm{relu}(x - 0) + c_1\,\mathrm{relu}(x - 1)$ for $x$ from 0 to 3. You have $c_0 = 2$. What is $c_1$?
# <!-- answer: -3 -->
#
# <details><summary>Answer</summary>
#
# The left side of the tent climbs with slope 2, the right side falls with slope $(0 - 2) / (3 - 1) = -1$. At $x = 1$ the slope changes by $-1 - 2 = -3$.
#
# </details>

# %%
predict("tent_weight")

# %% [markdown] question="order_of_bends"
# **Put in order.** Three steps find the weights of a line with any corners. Which order is right?
#
# - **A** Take each slope minus the one before it. Before the first piece the slope is 0.
# - **B** Divide heights by widths: the slope of each piece.
# - **C** Take the differences of neighbouring corners, in $x$ (widths) and in $y$ (heights).
#
# <!-- option: B, C, A :: You divide the coordinates themselves. A slope is a difference over a difference. -->
# <!-- option: C, B, A :: Right: differences, slopes, changes of slope. -->
# <!-- option: C, A, B :: You subtract heights before they are slopes. Pieces of different width would be mixed up. -->
#
# <details><summary>Answer</summary>
#
# C, B, A. In the tent: widths 1 and 2, heights 2 and $-2$; slopes 2 and $-1$; changes 2 and $-3$.
#
# </details>

# %%
predict("order_of_bends")

# %% [markdown]
# ### Exercise `relu_weights` ●●●
#
# Given corners $(x_0, y_0), \dots, (x_n, y_n)$ with rising $x$, return the $n$ weights $c_0, \dots, c_{n-1}$ with which
#
# $$f(x) = y_0 + c_0\,\mathrm{relu}(x - x_0) + \dots + c_{n-1}\,\mathrm{relu}(x - x_{n-1})$$
#
# runs through all the corners in straight pieces. `np.diff` gives the differences of neighbours. The pieces need not be equally wide.


# %% exercise="relu_weights"
def relu_weights(x, y):
    """Return weights of ReLU units that draw straight pieces through (x, y).

    x : where the corners lie, rising, shape (corners,)
    y : how high the line is there, shape (corners,)
    Returns an array of shape (corners - 1,).
    """
    ### BEGIN SOLUTION
    # step: The slope of each piece: height over width.
    slopes = np.diff(y) / np.diff(x)
    # step: Each unit adds the change of the slope at its corner. The first piece changes it from 0.
    # wrong: return slopes
    return np.diff(slopes, prepend=0)
    ### END SOLUTION


# %% check="relu_weights"
check(relu_weights)

# %% [markdown]
# Back to the road. How often does a vehicle stop at a given speed? The corners below are the means of the points in belts of speed, slow states included. Your units bend a line through them.


# %% checkpoint="road_curve"
def bent_line(where, x, y):
    """Return how high the line with corners (x, y) is: one ReLU unit a corner."""
    weights = relu_weights(x, y)
    return y[0] + sum(c * relu(where - corner) for c, corner in zip(weights, x[:-1], strict=True))


with checkpoint(relu_weights):
    ramp = np.array([-3.0, -2.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0, 1.0])
    print("hard logistic:", relu_weights(*ramp))
    whole = traffic.data[traffic.road == "A6"]
    speeds, stops = whole[:, 0] / 10, whole[:, 4]
    edges = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.5])
    belts = [(speeds >= low) & (speeds < high) for low, high in pairwise(edges)]
    x_corners = np.array([speeds[belt].mean() for belt in belts])
    y_corners = np.array([stops[belt].mean() for belt in belts])
    print("corners, stops:", y_corners.round(2))
    print("weights:       ", relu_weights(x_corners, y_corners).round(1) + 0.0)
    heights = bent_line(x_corners, x_corners, y_corners)
    print("the line meets its corners:", np.allclose(heights, y_corners))

# %%
with checkpoint(relu_weights):
    axis = np.linspace(x_corners[0], x_corners[-1], 200)
    line = (axis, bent_line(axis, x_corners, y_corners))
    states = traffic.target[traffic.road == "A6"]
    plots.show(plots.road_map(np.stack([speeds, stops]), states, lines={"": {"your ReLU units": line}}))

# %% [markdown]
# One layer of ReLU units follows any continuous curve as closely as you like, if it has units enough. In this exercise you set the corners; in chapter 04 a network learns where to put them.

# %% [markdown]
# ## 5. Dead units 死亡 ReLU
#
# The flat side of the ReLU has a price. Where $z \le 0$, a unit gives 0, and its slope is 0: from this sample it learns nothing. If other samples wake it, all is well.
# With Gaussian pre-activations half of the units are silent at any time, which is called **sparsity** 稀疏性.
# But a unit with $z \le 0$ for **every** sample is **dead**. It always gives 0, and nothing tells its weights to move.
#
# ### Exercise `dead_share` ●●○
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
# ### One bad step
# <!-- cut -->
#
# What kills a unit? One step of training that is too long: it lands where $z < 0$ for all samples. And what could bring it back? A slope, however small, below zero too:
# $f(z) = z$ for $z > 0$, else $\gamma z$. With a fixed $\gamma$ such as 0.01 this is the **leaky ReLU** 带泄露的 ReLU. If each neuron learns its own $\gamma_i$, it is the **parametric ReLU**, PReLU 带参数的 ReLU.
# (Some write it as $\max(z, \gamma z)$. That is right for $\gamma \le 1$ only.)
#
# Let us try both. 100 neurons learn, each on its own, to give the product $x_1 x_2$ of two features between 0 and 1. They start with random weights and the bias 1.
# First they take **one** step, with a learning rate that says how long it is. Then come 1000 careful steps with the learning rate 0.1. Chapter 04 tells how a step is computed.

# %% [markdown] question="who_comes_back"
# **Predict.** With a first step of 5 nearly nine out of ten plain ReLU units die. How many of them come back in the 1000 careful steps? And with $\gamma = 0.1$?
# <!-- option: none; most of them :: Right: no slope, no way back. A small slope is enough. -->
# <!-- option: most of them; most of them :: You trust the careful steps. A step is the learning rate times the slope, and the slope is 0. -->
# <!-- option: none; none :: You think that γ only changes the output. It is the slope, too. -->
#
# <details><summary>Answer</summary>
#
# With a step of 0.5 no unit dies. With 1 it is 0.23<!-- measured -->, with 5 it is 0.87<!-- measured -->. Of the plain ReLUs ($\gamma = 0$) not one comes back: the two columns are the same.
# With $\gamma = 0.1$ just as many fall silent, but they still have a slope. After the worst step 0.02<!-- measured --> are silent in the end; in the other rows, none.
#
# </details>

# %%
predict("who_comes_back")


# %% checkpoint="dying_relu"
def leaky(z, gamma):
    """Return z where z > 0, else gamma z."""
    return np.where(z > 0, z, gamma * z)


def train_step(W, b, rate, gamma):
    """Return the weights and biases after one step of training."""
    z = W @ features + b
    error = (leaky(z, gamma) - product) * np.where(z > 0, 1.0, gamma)
    W_slope, b_slope = error @ features.T / features.shape[1], error.mean(axis=1, keepdims=True)
    return W - rate * W_slope, b - rate * b_slope


with checkpoint(dead_share):
    rng = np.random.default_rng(0)
    features = rng.uniform(size=(2, 200))
    product = features[:1] * features[1:]
    W_start, b_start = rng.standard_normal((100, 2)), np.ones((100, 1))
    print(f"share of dead units at the start: {dead_share(W_start @ features + b_start):.2f}")
    print("first step   gamma   dead after it   dead after 1000 more")
    for rate in (0.5, 1, 2, 5):
        for gamma in (0, 0.1):
            W, bias = train_step(W_start, b_start, rate, gamma)
            after_one = dead_share(W @ features + bias)
            for _ in range(1000):
                W, bias = train_step(W, bias, 0.1, gamma)
            print(f"{rate:10}   {gamma:5}   {after_one:13.2f}   {dead_share(W @ features + bias):20.2f}")

# %% [markdown]
# ### Is dead dead?
# <!-- cut -->
#
# Those neurons stood in one layer. Now a network of *two* hidden layers, 20 ReLU units each, learns the road A6.
# Before it starts we kill every other unit of both layers: we lower its bias until $z < 0$ at every point.

# %% [markdown] question="deeper_revival"
# **Predict.** The network trains for 500 steps. Do dead units come back, in the first layer and in the second?
# <!-- option: none in either :: You think of the unit's own weights. They stand still; but who feeds the unit? -->
# <!-- option: some in both :: You let the data move. The first layer's inputs are the data, and these stay. -->
# <!-- option: none in the first; some in the second :: Right: their own weights stand still, but their inputs move. -->
#
# <details><summary>Answer</summary>
#
# In the first layer none: its weights do not move and its inputs do not either. In the second layer 0.35<!-- measured --> ± 0.21<!-- measured --> fire again, over ten seeds.
# Its weights did not move, but the living units of the first layer learned, so other numbers came in. "Once dead, always dead" holds for the first layer only.
#
# </details>

# %%
predict("deeper_revival")


# %%
def revived(seed, rate=0.03, steps=500, units=20):
    """Train with every other unit dead; count the dead, and those that fire at last."""
    rng = np.random.default_rng(seed)
    W = [rng.normal(size=(units, 2)), rng.normal(size=(units, units)), rng.normal(size=(1, units))]
    W[1:] = [each / np.sqrt(units) for each in W[1:]]
    b = [np.zeros((units, 1)), np.zeros((units, 1))]

    def forward():
        z_1 = W[0] @ road + b[0]
        z_2 = W[1] @ relu(z_1) + b[1]
        return z_1, z_2

    for layer in (0, 1):
        b[layer][::2] -= forward()[layer][::2].max(axis=1, keepdims=True) + 0.05
    before = [np.all(z <= 0, axis=1) for z in forward()]
    for _ in range(steps):
        z_1, z_2 = forward()
        delta_3 = (W[2] @ relu(z_2) - (2 * jam - 1)) / jam.size
        delta_2 = (W[2].T @ delta_3) * (z_2 > 0)
        delta_1 = (W[1].T @ delta_2) * (z_1 > 0)
        pairs = (delta_1, road), (delta_2, relu(z_1)), (delta_3, relu(z_2))
        for k, (delta, into) in enumerate(pairs):
            W[k] = W[k] - rate * delta @ into.T
            if k < 2:
                b[k] = b[k] - rate * delta.sum(axis=1, keepdims=True)
    after = [np.any(z > 0, axis=1) for z in forward()]
    return [(dead.sum(), np.sum(dead & fires)) for dead, fires in zip(before, after, strict=True)]


counts = np.array([revived(seed) for seed in range(10)])
for layer, name in enumerate(("first", "second")):
    dead, back = counts[:, layer].sum(axis=0)
    share = counts[:, layer, 1] / counts[:, layer, 0]
    print(f"{name:6} hidden layer: {back:2} of {dead} dead came back in ten networks: {share.mean():.2f} ± {share.std(ddof=1):.2f} of them")

# %% [markdown]
# ## 6. Smooth relatives, and numbers that are too large
#
# The **exponential linear unit** (ELU) 指数线性单元 bends to $-\gamma$ below zero. The **softplus** rounds off the corner of the ReLU:
#
# $$\mathrm{elu}(z) = \begin{cases} z & z > 0 \\ \gamma \, (e^{z} - 1) & z \le 0 \end{cases}, \qquad \mathrm{softplus}(z) = \log(1 + e^{z})$$

# %% [markdown] question="which_overflow"
# **Predict.** The cell below types five formulas just as they stand in books. Which of them are wrong at $z = -1000$ or at $z = 1000$?
# <!-- option: all five :: You expect every overflow to spoil the result. 1/∞ = 0 is right, and so is a side that is not chosen. -->
# <!-- option: tanh, softplus and softmax :: Right: ∞/∞ twice, and ∞ for 1000. -->
# <!-- option: only softmax :: You look at the sum alone. tanh divides ∞ by ∞, too. -->
#
# <details><summary>Answer</summary>
#
# Three are wrong. tanh and softmax compute $\infty / \infty$, which is `nan`; the softmax should give (0, 0, 1). The softplus should give 1000, and gives $\infty$.
# The logistic function and the ELU are right by luck: $1 / \infty = 0$, and the side that overflows is not chosen.
#
# The way out is always the same: **never give exp a large positive number.** Rewrite the formula so that only $e^{-|z|}$ or $e^{\min(z, 0)}$ is left; both are at most 1.
#
# </details>

# %%
predict("which_overflow")

# %%
as_they_stand = {
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "ELU": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}
with np.errstate(over="ignore", invalid="ignore"):
    for name, f in as_they_stand.items():
        print(f"{name:9}", f(np.array([-1000.0, 0.0, 1000.0])))

# %% [markdown]
# ### Exercise `softplus` ●●○
#
# Write $\log(1 + e^{z})$ so that it is right for $z = \pm 1000$ too.
# For large $z$, which simple function is the softplus close to? Can you take that part out of the logarithm?


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
# ### Exercise `elu_derivative` ●●○
#
# **A classmate wrote** the derivative of the ELU, 1 on the right and $\gamma e^{z}$ on the left, in one line. It works, until a neuron gets excited:


# %%
def classmates_elu_derivative(z, gamma):
    """Add both sides, each times 1 where it holds and times 0 where it does not."""
    return (z > 0) * 1.0 + (z <= 0) * gamma * np.exp(z)


with np.errstate(over="ignore", invalid="ignore"):
    print(classmates_elu_derivative(np.array([-2.0, 0.0, 2.0, 1000.0]), 0.5))

# %% [markdown]
# Mend it: right for $z = \pm 1000$ too, and $\gamma$ at $z = 0$. `np.where` alone makes the numbers right. Can you also keep exp from ever seeing 1000?


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

# %% [markdown] question="elu_corner"
# **Predict.** The ELU is often called smooth. Its slope just right of 0 is 1. For which $\gamma$ is there no corner at 0?
# <!-- answer: 1 -->
#
# <details><summary>Answer</summary>
#
# Just left of 0 the slope is $\gamma$, just right of it 1. Only $\gamma = 1$ has no kink; with any other depth the ELU has a corner like the ReLU.
#
# </details>

# %%
predict("elu_corner")

# %%
with checkpoint(elu_derivative):
    for gamma in (0.5, 1.0, 2.0):
        left, right = elu_derivative(np.array([-1e-9, 1e-9]), gamma)
        print(f"gamma = {gamma}: slope {left:.2f} just left of 0, {right:.2f} just right of it")

# %% [markdown]
# ## 7. Functions that dip: Swish and GELU
# <!-- cut -->
#
# A newer idea: let the input be its own **gate** 门. The gate is a number between 0 and 1 that says how much of $z$ gets through.
#
# - **Swish** uses the logistic function: $\mathrm{swish}(z) = z \, \sigma(\beta z)$.
# - The **Gaussian error linear unit** (GELU) 高斯误差线性单元 uses the normal distribution: $\mathrm{gelu}(z) = z \, \Phi(z)$, where $\Phi(z)$ is the probability that a standard normal number is at most $z$.

# %% [markdown] question="swish_limits"
# **Predict.** What is the Swish for $\beta = 0$? Which function does it come close to when $\beta$ is very large?
# <!-- option: z/2; the ReLU :: Right: a gate half open, and a gate that is a step. -->
# <!-- option: 0; the ReLU :: You close the gate at β = 0. But σ(0) is one half. -->
# <!-- option: z/2; the step function :: You look at the gate alone. It is multiplied by z. -->
#
# <details><summary>Answer</summary>
#
# For $\beta = 0$ the gate is always half open: $z/2$, a straight line. For a very large $\beta$ the gate is a step, and the Swish is nearly the ReLU.
# In between something new happens: the curve *dips*. The Swish falls until z = −1.28<!-- measured -->, where it is −0.28<!-- measured -->, and only then rises;
# the GELU until z = −0.75<!-- measured -->. Both work well, so "only ever rises" is a habit of the older functions, not a condition.
#
# </details>

# %%
predict("swish_limits")


# %%
def gelu(z):
    """Let z through a gate, the normal distribution; erf gives its values."""
    return z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2


with checkpoint(sigmoid):

    def swish(z, beta=1.0):
        """Let z through a gate that is the logistic function of beta z."""
        return z * sigmoid(beta * z)

    points = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    for beta in (0, 1, 100):
        print(f"swish, beta = {beta:3}:", swish(points, beta) + 0.0)
    print("gelu:             ", gelu(points))
    fine = np.linspace(-5, 5, 10_001)
    for name, f in (("swish", swish), ("gelu", gelu)):
        values = f(fine)
        print(f"{name}: lowest value {values.min():.4f} at z = {fine[values.argmin()]:.2f}")
    gates = {"ReLU": relu, "Swish": swish, "GELU": gelu}
    plots.show(plots.with_derivative(z_axis, {name: (f(z_axis), slope(f, z_axis)) for name, f in gates.items()}))

# %% [markdown]
# ### Exercise `swish_derivative` ●●○
#
# Find the derivative of $z \, \sigma(\beta z)$ by $z$ on paper, with the product rule and the chain rule. Then write it; `sigmoid` and `sigmoid_derivative` are yours to use.
# To test your formula before the check does, compare it with `slope(swish, z)`.


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
# ## 8. Softmax, and how sure it is
# <!-- cut -->
#
# The functions so far work on each pre-activation by itself. The **softmax** 归一化指数函数 of an output layer looks at all of them at once.
# It turns the scores of one sample into shares that are positive and sum to 1:
#
# $$\mathrm{softmax}_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_{j} e^{z_j}}$$
#
# A road gets the score 10 for free flow 畅通, 6 for slow 缓行 and 8 for congested 拥堵. You will write the softmax in chapter 03. Here the question is again: how sure?

# %% [markdown] question="shifted_scores"
# **Predict.** The three shares are 0.87, 0.02 and 0.12. What if all three scores were larger by 100? And what if they were twice as large?
# <!-- option: more sure; the same :: You look at the ratio of the scores. exp turns differences into ratios. -->
# <!-- option: the same; more sure :: Right: only the differences count, and doubling doubles them. -->
# <!-- option: the same; the same :: You scale the shares with the scores. Twice the score is the square of its exp. -->
#
# <details><summary>Answer</summary>
#
# Adding 100 changes nothing: $e^{100}$ stands in the numerator and in the sum, and cancels. Only the **differences** of the scores count.
# Doubling doubles the differences, and the largest score takes almost all. So dividing all scores by a **temperature** 温度 $T > 0$ makes the answer less sure, as dividing $z$ by 10 did in section 1.
#
# </details>

# %%
predict("shifted_scores")

# %%
scores = np.array([10.0, 6.0, 8.0])
shown = {
    "10, 6, 8": scores,
    "all + 100": scores + 100,
    "T = 0.5": scores / 0.5,
    "T = 2": scores / 2,
    "T = 10": scores / 10,
    "T = 1000": scores / 1000,
}
for name, z in shown.items():
    print(f"{name:9}", np.exp(z) / np.exp(z).sum())

# %% [markdown]
# ### Challenge `temperature_for` ●●●
#
# For those who want more; it is checked, and worth no points.
# A network is right in 9 of 10 cases, but says 0.99 each time. Which temperature makes its largest share an honest 0.9?
#
# Return the $T > 0$ at which the largest share of `scores / T` is `share`, a number between $1/n$ and 1 for $n$ scores, the largest of which stands alone.
# There is no formula for it. But the largest share only ever falls when $T$ rises: cut an interval in half, again and again. How do you find one that is surely wide enough?


# %% exercise="temperature_for"
def temperature_for(scores, share):
    """Return the temperature at which the largest share of the softmax is `share`.

    scores : array of shape (classes,), with one largest score
    share : number between 1/classes and 1
    """
    ### BEGIN SOLUTION
    # step: Only the differences count. Measured from the largest score, no exponent is above 0.
    behind = np.max(scores) - scores

    def largest_share(T):
        return 1 / np.sum(np.exp(-behind / T))

    # step: Widen the interval until the answer is inside.
    low, high = 1.0, 1.0
    while largest_share(low) < share:
        low /= 2
    while largest_share(high) > share:
        high *= 2
    # step: Halve it. Too sure means: the temperature is higher.
    for _ in range(60):
        middle = (low + high) / 2
        too_sure = largest_share(middle) > share
        low, high = (middle, high) if too_sure else (low, middle)
    # step: What is left of the interval is one number to all digits.
    return (low + high) / 2
    ### END SOLUTION


# %% check="temperature_for"
check(temperature_for)

# %% [markdown]
# ## 9. Play with it
# <!-- cut -->
#
# Choose a function. Left: the function and its derivative. Right: what it makes of Gaussian pre-activations.
# Move the mean and the standard deviation of the pre-activations and watch the outputs, the share of zeros, and the share of flat units.

# %% tags=["demo"]
from nnlab import demos

demos.activations()

# %% [markdown]
# ## 10. All of them on the map
# <!-- cut -->
#
# Last, all functions side by side, in numbers and on the road.

# %% [markdown] question="half_the_slope"
# **Predict.** First, 10,000 Gaussian pre-activations go through each function. Which functions lose more than half of the slope on average?
# <!-- option: ReLU, softplus, Swish and GELU :: You are close to them: they lose just about half, since one side is flat. -->
# <!-- option: tanh and hard-tanh :: You think of their flat ends. Most Gaussian numbers lie in the middle, where their slope is near 1. -->
# <!-- option: step, logistic and hard-logistic :: Right: none, and less than a quarter. -->
#
# <details><summary>Answer</summary>
#
# The step function passes on no slope at all, the logistic function and its hard form less than a quarter.
# The table shows two more things. tanh and hard-tanh are zero-centred, and the ELU comes closest of the others. The ReLU and the step function are sparse: half of their outputs are 0.
# There is no best function. Start with the ReLU in hidden layers and softmax at the output of a classifier, then compare. Chapter 08 does so on real images.
#
# </details>

# %%
predict("half_the_slope")


# %% checkpoint="overview"
def elu(z):
    """Bend to -1 below zero; expm1(z) is exp(z) - 1 without loss of digits near 0."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


with checkpoint(sigmoid, softplus, sigmoid_derivative, elu_derivative, swish_derivative):
    functions = {
        "step": step,
        "logistic": sigmoid,
        "tanh": np.tanh,
        "hard-logistic": hard_logistic,
        "hard-tanh": lambda z: np.clip(z, -1, 1),
        "ReLU": relu,
        "leaky ReLU": lambda z: leaky(z, 0.01),
        "PReLU, 0.25": lambda z: leaky(z, 0.25),
        "ELU": elu,
        "softplus": softplus,
        "Swish": lambda z: z * sigmoid(z),
        "GELU": gelu,
    }
    gauss = np.random.default_rng(0).standard_normal(10_000)
    print("function        mean output   share of 0   mean slope")
    for name, f in functions.items():
        a = f(gauss)
        silent, kept = np.mean(a == 0), slope(f, gauss).mean()
        print(f"{name:13}   {a.mean():z11.2f}   {silent:10.2f}   {kept:10.2f}")

    points = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    yours = {
        "logistic": sigmoid_derivative(points),
        "ELU": elu_derivative(points, 1.0),
        "Swish": swish_derivative(points, 1.0),
    }
    for name, derivative in yours.items():
        measured = slope(functions[name], points)
        agree = np.allclose(derivative, measured, atol=1e-4)
        print(f"your derivative of {name} is the measured slope: {agree}")

# %% [markdown]
# On the map the pre-activation is the same in all six pictures: a tenth of your perceptron's $z$. Where is the lowest answer of each function: far out on the free side, or near the line?

# %%
with checkpoint(sigmoid, softplus):
    on_the_map = ("tanh", "ReLU", "softplus", "ELU", "Swish", "GELU")
    for name in on_the_map:
        z = z_at(road) / 10
        a = functions[name](z)
        print(f"{name:8}: lowest answer {a.min():5.2f} at z = {z[a.argmin()]:5.2f}, highest {a.max():5.2f}")
    on_the_map = {name: lambda points, f=functions[name]: f(z_at(points) / 10) for name in on_the_map}
    plots.show(plots.landscapes(road, jam, on_the_map, axes))

# %% [markdown]
# The tanh makes two flat lands with a belt between them. The ReLU, the softplus and the ELU have one flat land and a hill without end.
# The Swish and the GELU have a ditch on the free side of the line, hatched in the picture. Beyond it they come back to 0.

# %% [markdown]
# ### The thirteen in a table
# <!-- cut -->
#
# | function | $f(z)$ | $f'(z)$ | values |
# |---|---|---|---|
# | step | 1 where $z > 0$, else 0 | 0 | 0 or 1 |
# | logistic, "sigmoid" | $1 / (1 + e^{-z})$ | `sigmoid_derivative`, at most $\frac14$ | $(0, 1)$ |
# | tanh | $2 \sigma(2z) - 1$ | $1 - \tanh^2(z)$, at most 1 | $(-1, 1)$ |
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

# %% [markdown]
# ## Summary
#
# - Without activation functions a network of any depth is one layer: the two matrices multiply, and the first bias goes through the second.
# - The sigmoid says how sure a neuron is. The size of the weights decides it; the line stays where it is.
# - S-curves saturate: far from 0 their slope is nearly 0. $\sigma' \le \frac14$, $\tanh' \le 1$. tanh is zero-centred, the sigmoid is not.
# - ReLU units bend lines through any corners. A step that is too long kills units: for good in the first layer, sometimes not in deeper ones. A slope below zero keeps them alive.
# - Rewrite formulas so that exp never sees a large positive number. A measured slope tests any derivative.
# - Softmax depends on the differences of the scores. The temperature divides them.

# %% [markdown]
# ### Five questions to remember it by
# <!-- cut -->
#
# They count for nothing. Look nothing up.

# %% [markdown] recall="twenty_layers"
# A network has 20 layers of 10 neurons and no activation function. How many layers do the same as well?
# <!-- answer: 1 -->
#
# <details><summary>Answer</summary>
#
# One: each merge makes one layer of two.
#
# </details>

# %% [markdown] recall="sigma_steepest"
# How large is the largest slope of the logistic function?
# <!-- answer: 0.25 -->
#
# <details><summary>Answer</summary>
#
# $\sigma'(0) = \frac12 \cdot \frac12 = \frac14$.
#
# </details>

# %% [markdown] recall="dead_for_good"
# A ReLU unit has $z < 0$ for every sample. When can it fire again while the network trains by slopes?
# <!-- option: if it lies in a deeper layer, and the layers before it learn :: Right: its inputs move, though its weights stand still. -->
# <!-- option: never :: You think of the first layer, where the inputs are the data. -->
# <!-- option: if the learning rate is small enough :: You trust careful steps. Any step times a slope of 0 is 0. -->
#
# <details><summary>Answer</summary>
#
# Its own weights get no slope. In a deeper layer its inputs may change, since the layers before it learn by the way of other units.
#
# </details>

# %% [markdown] recall="safe_exponent"
# Which of these never overflows, whatever number $z$ is?
# <!-- option: exp(−z) :: You forget negative z: −(−1000) is 1000. -->
# <!-- option: exp(−|z|) :: Right: its exponent is never above 0. -->
# <!-- option: exp(z) / (1 + exp(z)) :: You trust the fraction. exp(1000) is ∞ before it is divided. -->
#
# <details><summary>Answer</summary>
#
# $e^{-|z|}$ lies between 0 and 1.
#
# </details>

# %% [markdown] recall="twice_the_scores"
# Doubling all scores of a softmax is the same as which temperature?
# <!-- answer: 0.5 -->
#
# <details><summary>Answer</summary>
#
# $T = \frac12$, since the scores are divided by $T$. The answer gets more sure.
#
# </details>

# %%
recall("twenty_layers", "sigma_steepest", "dead_for_good", "safe_exponent", "twice_the_scores")

# %% [markdown]
# ### What you have now
#
# `progress()` shows what passed, and which questions surprised you.

# %%
progress()

# %% [markdown]
# What you wrote and what passed its check is yours, and later chapters will use it. This is your library so far.

# %%
own_code()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A friend proposes the identity, $f(z) = z$, for all hidden layers: "It is fast, and its slope is 1 everywhere. So no neuron saturates, and none dies." What is right about this, and why should you not do it all the same?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="why_the_bend"
# <!-- criterion: 1 :: Says that layers without a bend merge into a single one, so that depth adds nothing and only straight borders can be drawn. -->
# <!-- criterion: 1 :: Says what is right about it: a slope of 1 does help learning; and that ReLU, or a relative of it, has this slope on one side and keeps the bend. -->
#
# The slope is indeed 1, and learning would never be stuck at a flat place. But two layers without a bend are one layer, $W_2 W_1$, and so are twenty: the network could only draw straight borders.
# ReLU has the slope 1 where a unit is active, and it has a bend. That is why it is used, though its units can die.

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ### To go further
# <!-- cut: home -->
#
# 1. **Two short cuts to the GELU.** $\Phi$ is slow to compute. The cell below measures two approximations. Which is closer, and by how much? The second is a Swish: with which $\beta$?
# 2. Find $\text{hard-tanh}$ with `relu_weights`. Which other functions of this chapter are sums of ReLUs?
# 3. A unit with the sigmoid computes $\sigma(w a + b)$. Can you find $w$, $b$ and output weights so that a network of sigmoids does exactly what a given network of tanhs does?
# 4. Training takes the logarithm of a sigmoid. At which $z$ does `np.log(sigmoid(z))` break, though the sigmoid itself is right? Write it with your softplus.

# %%
with checkpoint(sigmoid):
    short_cuts = {
        "tanh": lambda z: z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
        "sigmoid": lambda z: z * sigmoid(1.702 * z),
    }
    for name, f in short_cuts.items():
        error = np.abs(f(fine) - gelu(fine))
        print(f"with {name:7}: largest error {error.max():.6f} at |z| = {abs(fine[error.argmax()]):.2f}")

# %% [markdown]
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
