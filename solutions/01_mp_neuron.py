# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 M-P neuron and perceptron 神经元与感知机
#
# A neuron answers one question with yes or no.
# In this chapter you build such a neuron, choose its weights by hand, and then write the rule by which it finds them itself.
# At the end you meet a question that no single neuron can answer, and answer it with three.
#
# **After this chapter you can**
#
# - compute the output of a threshold unit, and choose weights that make it a logic gate,
# - turn a threshold into a bias, and a neuron into a line that splits the plane,
# - write the perceptron learning rule with a stopping rule and an epoch limit,
# - bound the number of mistakes it makes, and say when it never stops,
# - show why one neuron cannot compute XOR, and build a network of two layers that can.
#
# **Time:** 85 minutes. **You need:** Python functions and loops, NumPy arrays, and the dot product of two vectors.
#
# Each exercise has a cell for your code and a check below it.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. After a restart of the kernel nothing is defined: then run all cells above the one you work on.

# %%
from itertools import product

import numpy as np

from nnlab import check, checkpoint, hint, plots, progress

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## 1. A neuron that says yes or no
#
# A nerve cell collects signals from other cells. If their sum is above a certain level, the cell fires. Otherwise it stays silent.
# In 1943 McCulloch and Pitts made this a formula, the **M-P neuron** M-P神经元.
#
# It gets **inputs** 输入 $x_1, x_2, \dots$ and has a **weight** 权重 for each, $w_1, w_2, \dots$, and one **threshold** 阈值 $\theta$.
#
# 1. It sums the weighted inputs: $\mathbf{w}^\top \mathbf{x} = w_1 x_1 + w_2 x_2 + \dots$
# 2. It compares the sum with the threshold.
#
# $$
# y = \begin{cases} 1 & \text{if } \mathbf{w}^\top \mathbf{x} > \theta \quad \text{(excited 兴奋)} \\ 0 & \text{otherwise} \quad \text{(inhibited 抑制)} \end{cases}
# $$

# %%
plots.show(plots.threshold_unit())

# %% [markdown]
# **Predict.** Take $\mathbf{x} = (3, -1)$ and $\mathbf{w} = (1, 2)$. What does the neuron say for $\theta = 0.5$? And for $\theta = 1$? Then run the cell.
# <!-- say: Let the class compute the sum on paper before anybody raises a hand. -->
# <!-- option: yes, then no :: Right: the sum is 1, and 1 does not exceed 1. -->
# <!-- option: yes both times :: They read “exceeds” as “reaches”. The planned mistake below is theirs. -->
# <!-- option: no both times :: They took the products without their sign. Write 3 · 1 + (−1) · 2 on the board. -->

# %%
x_1 = np.array([3.0, -1.0])
w_1 = np.array([1.0, 2.0])

total = (w_1 * x_1).sum()
print("weighted sum:", total)
for threshold in (0.5, 1.0):
    print(f"exceeds {threshold}:", bool(total > threshold))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The sum is $1 \cdot 3 + 2 \cdot (-1) = 1$. It exceeds 0.5, so the neuron says 1.
# It does not exceed 1, because it only equals 1. So with $\theta = 1$ the neuron says 0.
#
# </details>

# %% [markdown]
# ### Exercise `mp_neuron`
#
# Write the neuron as a function. It takes one sample `x`, the weights `w` and the threshold `theta`. It returns 1 or 0.

# %% exercise="mp_neuron"
def mp_neuron(x, w, theta):
    """Return 1 where the weighted sum of the inputs exceeds the threshold, else 0.

    x, w : arrays of shape (inputs,)
    theta : number
    """
    ### BEGIN SOLUTION
    # step: Weigh the inputs and sum them.
    weighted = np.dot(w, x)
    # step: Yes or no. Equal is not enough.
    # wrong: return 1.0 if weighted >= theta else 0.0
    return 1.0 if weighted > theta else 0.0
    ### END SOLUTION


# %% check="mp_neuron"
check(mp_neuron)

# %% [markdown]
# ## 2. Neurons as logic gates 逻辑门
#
# Let the inputs be 0 (no) and 1 (yes). Then a neuron can compute a logic function. These are the **truth tables** 真值表 of three of them:
#
# | $x_1$ | $x_2$ | AND 与 | OR 或 | NAND 与非 |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 1 |
# | 0 | 1 | 0 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 |
#
# NOT 非 has one input and turns it round: 0 becomes 1, and 1 becomes 0. NAND is short for "not AND".
#
# Each line of the table is a point in the plane.

# %%
# each column is one line of the truth table
inputs = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])

truth = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
plots.show(plots.separation({name: (inputs, outputs, {}) for name, outputs in truth.items()}))

# %% [markdown]
# **Predict.** A neuron has the weights $(1, 1)$. What are its four sums? Which gate is it for $\theta = 0.5$, and which for $\theta = 1.5$?

# %%
sums = inputs.sum(axis=0)
print("sums:      ", sums)
for threshold in (0.5, 1.5):
    print(f"above {threshold}: ", (sums > threshold).astype(int))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The sums are 0, 1, 1, 2. Above 0.5 lie all but the first: this is OR. Above 1.5 lies only the last: this is AND.
# So the same weights make two gates. Only the threshold differs.
#
# </details>

# %% [markdown]
# ### Exercise `gate`
#
# Choose weights and a threshold for each of the four gates. Return the pair `w, theta`: an array and a number.
#
# Many choices are right. The check does not compare your numbers with ours. It asks your neuron every line of the truth table.
#
# Do AND, OR and NOT first. Then look at AND and NAND as a pair: what happens to $\mathbf{w}^\top \mathbf{x} > \theta$ if you change the sign of every number in it?

# %% exercise="gate"
def gate(name):
    """Return the weights and the threshold of a neuron that computes this gate.

    name : "AND", "OR", "NAND" (two inputs each) or "NOT" (one input)
    """
    ### BEGIN SOLUTION
    # step: The weights 1 and 1 give the sums 0, 1, 1, 2. Only 2 may exceed the threshold of AND.
    table = {"AND": ([1.0, 1.0], 1.5)}
    # step: For OR, 1 and 2 must exceed it.
    table["OR"] = ([1.0, 1.0], 0.5)
    # step: NAND: the sums 0, -1, -1, -2. Only -2 stays below the threshold.
    table["NAND"] = ([-1.0, -1.0], -1.5)
    # step: NOT must fire without input and be silent with it. So the weight is negative.
    table["NOT"] = ([-1.0], -0.5)
    # step: Look the gate up.
    w, theta = table[name]
    return np.array(w), theta
    ### END SOLUTION


# %% check="gate"
check(gate)

# %% [markdown]
# Your neuron with your weights should now print the truth tables.

# %% checkpoint="gates"
with checkpoint(mp_neuron, gate):
    for name in ("AND", "OR", "NAND"):
        w, theta = gate(name)
        print(f"{name:4}", [int(mp_neuron(x, w, theta)) for x in inputs.T])
    w, theta = gate("NOT")
    print("NOT ", [int(mp_neuron(np.array([x]), w, theta)) for x in (0.0, 1.0)])

# %% [markdown]
# ## 3. From threshold to bias 偏置
#
# Bring the threshold to the left side, and give it a new name, $b = -\theta$:
#
# $$\mathbf{w}^\top \mathbf{x} > \theta \quad \Longleftrightarrow \quad \mathbf{w}^\top \mathbf{x} - \theta > 0 \quad \Longleftrightarrow \quad z = \mathbf{w}^\top \mathbf{x} + b > 0$$
#
# $b$ is the **bias** 偏置. It is a weight like the others, on an input that is always 1.
# That will help: a rule that learns weights can learn the threshold as well.
#
# $z$ is the **pre-activation** 净输入. The output is $f(z)$ with the **step function** 阶跃函数
#
# $$f(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}$$
#
# This $f$ is the first of many **activation functions** 激活函数. Chapter 02 is about the others.
#
# **Predict.** AND has the weights $(1, 1)$ and $\theta = 1.5$. What is its bias, and what is $z$ for the four inputs?
# <!-- option: b = −1.5 :: Right: what stood on the right of > comes to the left with the other sign. -->
# <!-- option: b = 1.5 :: They think that bias and threshold are two names for one number. -->
# <!-- option: b = 0 :: They look at the weights alone. -->

# %%
b_and = -1.5
z_and = np.array([1.0, 1.0]) @ inputs + b_and
print("z =   ", z_and)
print("f(z) =", np.where(z_and > 0, 1, 0))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The bias is $-1.5$, so $z$ is $-1.5, -0.5, -0.5, 0.5$. Only the last is positive.
# A high threshold is a very negative bias: the neuron needs much input to fire.
#
# </details>

# %% [markdown]
# ### What is good and what is wrong with the step function?
# <!-- cut -->
#
# The lecture asks this. Take what is good first: a step is simple, its answer is clear, and small noise in the input does not show in the output.
#
# Now think of learning. To improve a weight, you want to know whether a little more of it makes the answer a little better.
# So you look at the slope $\big(f(z + h) - f(z)\big) / h$ for a small $h$.
#
# **Predict.** What is the slope at $z = -2$, at $z = -0.001$ and at $z = 3$? What is it across the jump, for smaller and smaller $h$?

# %%
def f(z):
    """Step function."""
    return np.where(z > 0, 1.0, 0.0)


for z in (-2.0, -0.001, 3.0):
    print(f"slope at {z:6}:", (f(z + 1e-6) - f(z)) / 1e-6)
for h in (0.1, 0.01, 0.001):
    print(f"across the jump, h = {h:5}:", round(float((f(h) - f(0.0)) / h)))

z_axis = np.linspace(-3, 3, 1201)
plots.show(plots.curves(z_axis, {"step f(z)": f(z_axis), "a soft step": 1 / (1 + np.exp(-4 * z_axis))}))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The slope is 0 everywhere, also at $z = -0.001$, where the neuron is as good as undecided. At the jump it has no value: 10, 100, 1000, and so on without end.
# So the slope never says in which direction to go. And $f$ forgets how far $z$ is from the threshold: $z = 0.001$ and $z = 1000$ give the same 1.
#
# There are two ways out. This chapter takes the first: a learning rule that needs no slope. Chapter 02 takes the second: soft steps.
#
# </details>

# %% [markdown]
# ## 4. A neuron is a line
#
# With two inputs, where is the neuron undecided? Where $z = 0$:
#
# $$w_1 x_1 + w_2 x_2 + b = 0$$
#
# This is a straight line, the **decision boundary** 决策边界. On one side the neuron says yes, on the other no. The vector $\mathbf{w}$ points to the side of yes.
#
# ### Exercise `separating_line`
#
# To draw the line, you need $x_2$ for given values of $x_1$. Solve the equation for $x_2$. You may assume $w_2 \ne 0$.

# %% exercise="separating_line"
def separating_line(w, b, x1):
    """Return x2 of the points of the line w1 x1 + w2 x2 + b = 0.

    w : array of shape (2,)
    b : number
    x1 : array, any shape
    """
    ### BEGIN SOLUTION
    # step: Everything without x2 goes to the other side and changes its sign. Then divide by w2.
    return -(b + w[0] * x1) / w[1]
    ### END SOLUTION


# %% check="separating_line"
check(separating_line)

# %% [markdown]
# ### Exercise `classify`
#
# From now on we sort points into two classes, and give the classes the **labels** 标签 $+1$ and $-1$. You will soon see why not 1 and 0.
#
# The points stand side by side: each **column** of `X` is one point, each row one feature. So `w @ X` gives one weighted sum for each point.
# Return one label for each point: $+1$ where $z > 0$, else $-1$.

# %% exercise="classify"
def classify(X, w, b):
    """Return the label of each column of X: +1 or -1.

    X : points, shape (features, points)
    w : weights, shape (features,)
    b : bias, a number
    """
    ### BEGIN SOLUTION
    # step: All pre-activations at once.
    z = w @ X + b
    # step: One of two labels for each.
    return np.where(z > 0, 1.0, -1.0)
    ### END SOLUTION


# %% check="classify"
check(classify)

# %% [markdown]
# The lecture has four points: $(3, -3)$ and $(4, -3)$ of class $-1$, and $(1, 1)$ and $(1, 2)$ of class $+1$.
#
# **Predict.** Somebody proposes the line with $\mathbf{w} = (-3, 3)$ and $b = -1$. Which points does it get wrong?

# %% checkpoint="proposed_line"
X_lecture = np.array([[3.0, 4.0, 1.0, 1.0], [-3.0, -3.0, 1.0, 2.0]])
y_lecture = np.array([-1.0, -1.0, 1.0, 1.0])

with checkpoint(classify, separating_line):
    w, b = np.array([-3.0, 3.0]), -1.0
    print("labels:    ", y_lecture.astype(int))
    print("the neuron:", classify(X_lecture, w, b).astype(int))
    x2 = separating_line(w, b, np.array([0.0, 5.0]))
    print(f"line from (0, {x2[0]:.4f}) to (5, {x2[1]:.4f})")

# %% [markdown]
# <details><summary>Answer</summary>
#
# $(1, 1)$ is wrong: $z = -3 + 3 - 1 = -1$. The other three are right. The line passes just above $(1, 1)$, and that point should be on the side of yes.
#
# </details>

# %% [markdown]
# ## 5. The perceptron learns 感知机
#
# Who chooses the weights if there are a hundred inputs? In 1958 Rosenblatt let the neuron choose them itself. A neuron with his rule is called a **perceptron** 感知机.
#
# Take a point $\mathbf{x}$ with the label $y$, and the neuron's $z = \mathbf{w}^\top \mathbf{x} + b$. The point is right if $y$ and $z$ have the same sign, that is $y z > 0$.
# Here the labels $\pm 1$ pay off: one test for both classes. A point with $y z \le 0$ is a **mistake**, and then
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \alpha \, y \, \mathbf{x}, \qquad b \leftarrow b + \alpha \, y$$
#
# $\alpha > 0$ is the **learning rate** 学习率. A right point changes nothing.
#
# **Think.** Why does this help? How much larger is $y z$ for the same point after the update?
#
# <details><summary>Answer</summary>
#
# The new $y z$ is $y \big( (\mathbf{w} + \alpha y \mathbf{x})^\top \mathbf{x} + b + \alpha y \big)$. Since $y^2 = 1$, it is larger by $\alpha (\lVert \mathbf{x} \rVert^2 + 1)$.
# This is always positive. So the neuron comes closer to the right answer for this point. For other points it may get worse.
#
# </details>
#
# ### Exercise `perceptron_update`
#
# Write the update for one mistake. Return the new `w` and the new `b`. Leave the old array as it is: `w += ...` would change it.
#
# Do it on paper first: start from $\mathbf{w} = (0, 0)$, $b = 0$ and update for the point $(3, -3)$ with $y = -1$ and $\alpha = 1$.

# %% exercise="perceptron_update"
def perceptron_update(w, b, x, y, learning_rate):
    """Return w and b after a mistake on the point x with the label y.

    w, x : arrays of shape (features,)
    b : number
    y : -1 or +1
    learning_rate : number
    """
    ### BEGIN SOLUTION
    # step: Towards x if the label is +1, away from it if -1.
    w_new = w + learning_rate * y * x
    # step: The bias is a weight on the input 1.
    b_new = b + learning_rate * y
    return w_new, b_new
    ### END SOLUTION


# %% check="perceptron_update"
check(perceptron_update)

# %% [markdown]
# ### Exercise `train_perceptron`
#
# One update may spoil another point. So go through all points again and again.
#
# - One pass through all points is an **epoch** 轮.
# - **Stopping rule:** an epoch without a mistake means that every point is right. The perceptron has **converged** 收敛. Stop.
# - **Epoch limit:** stop after `max_epochs` in any case.
#
# Write the method `fit`. It starts from zero and takes the points in their order. After each update, append the new `(w, b)` to `self.path`.
# Set `self.converged` to `True` when an epoch passed without a mistake.
# The check uses the function `train_perceptron` below the class. Leave it as it is.

# %% exercise="train_perceptron"
class Perceptron:
    """A neuron that learns from its mistakes."""

    def __init__(self, max_epochs, learning_rate=1.0):
        self.max_epochs = max_epochs
        self.learning_rate = learning_rate

    def fit(self, X, y):
        """Learn w and b from points X, shape (features, points), and labels y, shape (points,)."""
        self.w, self.b = np.zeros(len(X)), 0.0
        self.path, self.converged = [], False
        ### BEGIN SOLUTION
        # step: The limit. Without it, data that no line separates would keep us busy for ever.
        for _ in range(self.max_epochs):
            before = len(self.path)
            # step: One epoch: X.T gives the points one by one. A mistake: y z is not positive.
            for x, label in zip(X.T, y, strict=True):
                if label * (self.w @ x + self.b) <= 0:
                    self.w, self.b = perceptron_update(self.w, self.b, x, label, self.learning_rate)
                    self.path.append((self.w, self.b))
            # step: No update in this epoch: every point is right.
            if len(self.path) == before:
                self.converged = True
                break
        ### END SOLUTION
        return self


def train_perceptron(X, y, max_epochs, learning_rate=1.0):
    """Train a perceptron. Return w, b, the number of its mistakes, and whether it converged."""
    learned = Perceptron(max_epochs, learning_rate).fit(X, y)
    return learned.w, float(learned.b), len(learned.path), bool(learned.converged)


# %% check="train_perceptron"
check(train_perceptron)

# %% [markdown]
# **Try it** (from the lecture). The four points again, from zero weights with $\alpha = 1$.
#
# **Predict.** You know the first update already. Go on by hand: which is the next mistake, and how many are there in all?

# %% checkpoint="lecture_points"
with checkpoint(perceptron_update, train_perceptron):
    learned = Perceptron(max_epochs=100).fit(X_lecture, y_lecture)
    for number, (w, b) in enumerate(learned.path, start=1):
        print(f"update {number}: w = {w}, b = {b:g}")
    print("converged:", learned.converged)

# %% [markdown]
# <details><summary>Answer</summary>
#
# At zero weights $z = 0$, so $(3, -3)$ is a mistake: $\mathbf{w} = (-3, 3)$, $b = -1$. Then $(4, -3)$ is right.
# $(1, 1)$ is wrong, as you saw in section 4: $\mathbf{w} = (-3, 3) + (1, 1) = (-2, 4)$, $b = 0$. Now all points are right.
# Two mistakes. The line is $-2 x_1 + 4 x_2 = 0$, that is $x_2 = x_1 / 2$.
#
# </details>

# %%
steps = {"after update 1": ([-3, 3], -1), "after update 2": ([-2, 4], 0)}
plots.show(plots.separation({"The lecture's points": (X_lecture, y_lecture, steps)}))

# %% [markdown]
# **Find the error.** The lecture's program decides with a function `sign`, which returns `int(z)`. Then it tests $y \cdot \mathrm{sign}(z) \le 0$.
# For which $z$ does it count a right answer as a mistake?

# %%
for z in (2.5, 0.5, -0.5, -2.5):
    print(f"z = {z:4}   int(z) = {int(z):2}   np.sign(z) = {np.sign(z):4}")

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# `int` cuts the decimals off. So every $z$ between $-1$ and $1$ becomes 0, and a right point with $z = 0.5$ counts as a mistake.
# The four points have whole coordinates, so it does not show. Measure the same points in another unit, all numbers divided by 10:
# the right rule still makes 2 mistakes, and the slide's `sign` makes 23 updates. `np.sign(z)` would be right. Comparing $y z$ with 0 needs neither.
#
# </details>

# %% [markdown]
# **Find the error.** The lecture's program ends when an epoch passes without a mistake. It has no other way to end. Give it the truth table of XOR in section 6. What happens?
#
# <details><summary>The slide says, the code says</summary>
#
# The slide's loop never ends, because no line separates the points, and every epoch has a mistake. Your `max_epochs` stops it.
#
# </details>

# %% [markdown]
# ## 6. Four sets of points
# <!-- cut -->
#
# Two classes are **linearly separable** 线性可分 if there is a line with all points of one class on one side and all of the other on the other side.
# Here are two sets that are, and two that are not. XOR 异或 says yes where exactly one of two inputs is 1.
# In the last set, one point of class $+1$ is enclosed by four of class $-1$.

# %%
y_and = np.array([-1.0, -1.0, -1.0, 1.0])
y_xor = np.array([-1.0, 1.0, 1.0, -1.0])
X_enclosed = np.array([[-1.0, -1.0, 1.0, 1.0, 0.0], [-1.0, 1.0, -1.0, 1.0, 0.0]])
y_enclosed = np.array([-1.0, -1.0, -1.0, -1.0, 1.0])

sets = {
    "lecture": (X_lecture, y_lecture),
    "AND": (inputs, y_and),
    "XOR": (inputs, y_xor),
    "enclosed": (X_enclosed, y_enclosed),
}

# %% [markdown]
# **Predict.** In 1000 epochs, how many mistakes does the perceptron make on each set: a few, or some in every epoch? With which weights does XOR end?

# %% checkpoint="four_sets"
with checkpoint(train_perceptron):
    for name, (X, y) in sets.items():
        w, b, mistakes, converged = train_perceptron(X, y, 1000)
        result = f"converged: {converged!s:5}  mistakes: {mistakes:4}"
        print(f"{name:8} {result}  w = {w + 0.0}, b = {b + 0.0:g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The lecture's points and AND converge, XOR and the enclosed point do not. These two go round in a circle, with mistakes in every epoch.
# XOR makes 4 in each. After every epoch all its weights are zero again: the lecture, too, prints 0, 0, 0 as the weights for XOR.
#
# </details>

# %%
with checkpoint(train_perceptron):
    lines = {name: train_perceptron(X, y, 1000)[:2] for name, (X, y) in sets.items()}
    plots.show(plots.separation({name: (X, y, {"line": lines[name]}) for name, (X, y) in sets.items()}))

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Move the weights and the threshold, and the line follows. Points on the wrong side light up. Or let the learning rule do it, one point a step.

# %% tags=["demo"]
from nnlab import demos

demos.mp_neuron()

# %% [markdown]
# ## 7. How many mistakes?
# <!-- cut -->
#
# If a line exists, the perceptron finds one. We can even say in advance how many mistakes it makes at most (Novikoff 1962).
#
# The bias is a weight on the input 1. So give each point this input, and each line this weight: $\tilde{\mathbf{x}} = (\mathbf{x}, 1)$ and $\tilde{\mathbf{w}} = (\mathbf{w}, b)$. Then
#
# - $R = \max_n \lVert \tilde{\mathbf{x}}^{(n)} \rVert$ is the length of the longest of these vectors,
# - $\displaystyle \gamma = \min_n \frac{y^{(n)} \, \tilde{\mathbf{w}}^\top \tilde{\mathbf{x}}^{(n)}}{\lVert \tilde{\mathbf{w}} \rVert}$ is the **margin** 间隔 of a separating line: how far the nearest point is on its right side.
#
# **Theorem.** For every line that separates the points, the number of mistakes is at most $R^2 / \gamma^2$.
#
# **Think.** Which sets are hard to learn: those with a large margin or with a small one?
#
# <details><summary>Answer</summary>
#
# Those with a small one. $\gamma$ is in the denominator: half the margin means four times the bound.
#
# </details>
#
# ### Exercise `mistake_bound`
#
# Compute $R^2 / \gamma^2$ for the points `X`, their labels `y` and a line `w`, `b` that separates them.
#
# Do it on paper first for the two numbers $2$ (label $+1$) and $-1$ (label $-1$), with $w = 1$ and $b = 0$.

# %% exercise="mistake_bound"
def mistake_bound(X, y, w, b):
    """Return R squared over gamma squared.

    X : points, shape (features, points)
    y : labels -1 and +1, shape (points,)
    w, b : weights, shape (features,), and bias of a line that separates the points
    """
    ### BEGIN SOLUTION
    # step: The longer vectors: a 1 below every point, b behind the weights.
    samples = np.vstack([X, np.ones(len(y))])
    line = np.append(w, b)
    # step: R is the longest of the columns.
    R = np.linalg.norm(samples, axis=0).max()
    # step: gamma belongs to the point that is nearest to the line.
    gamma = (y * (line @ samples)).min() / np.linalg.norm(line)
    return R**2 / gamma**2
    ### END SOLUTION


# %% check="mistake_bound"
check(mistake_bound)

# %% [markdown]
# The theorem holds for every separating line, so a better line gives a smaller bound. We compare the line that was learned with one that lies well between the classes.
#
# **Predict.** The perceptron made 2 and 18 mistakes. Are the bounds near these numbers, or far above?

# %% checkpoint="bounds"
with checkpoint(train_perceptron, mistake_bound):
    better = {"lecture": (np.array([2.0, 11.0]), 6.0), "AND": (np.array([2.0, 2.0]), -3.0)}
    for name, line in better.items():
        X, y = sets[name]
        w, b, mistakes, _ = train_perceptron(X, y, 1000)
        learned_line, better_line = mistake_bound(X, y, w, b), mistake_bound(X, y, *line)
        print(f"{name:8} mistakes: {mistakes:3}", end="   ")
        print(f"bound, learned line: {learned_line:5.1f}   better line: {better_line:5.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 2 mistakes with the bounds 130.0 and 11.6; 18 mistakes with 87.0 and 51.0. The bound is a guarantee for the worst case, and not a forecast.
#
# </details>

# %% [markdown]
# **Predict.** Two numbers on an axis: 1 of class $-1$, and $1 + d$ of class $+1$. What happens to the mistakes and to the bound each time the gap $d$ is halved?

# %% checkpoint="narrow_gap"
with checkpoint(train_perceptron, mistake_bound):
    for gap in (1, 0.5, 0.25, 0.125):
        X, y = np.array([[1 + gap, 1.0]]), np.array([1.0, -1.0])
        _, _, mistakes, converged = train_perceptron(X, y, 1000)
        bound = mistake_bound(X, y, np.array([1.0]), -(1 + gap / 2))
        print(f"gap {gap:5}   converged: {converged}   mistakes: {mistakes:2}   bound: {bound:4.0f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Both grow: a narrow gap is hard to find. In the last lines, each halving doubles the mistakes and makes the bound more than three times as large.
#
# </details>

# %% [markdown]
# **Find the error.** The slide states the theorem with $R = \max_n \lVert \mathbf{x}^{(n)} \rVert$, without the extra 1. The program on the same slides learns a bias.
# Take AND. The longest point is $(1, 1)$, and the widest possible street around a line leaves each point a distance of $0.5 / \sqrt{2}$. How many mistakes would be allowed?

# %%
R_squared = 1**2 + 1**2
distance = 0.5 / np.sqrt(2)
print("the slide's bound for AND:", round(R_squared / distance**2, 6))

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# 16 mistakes would be allowed. Your perceptron made 18. The theorem is right for lines through the origin, which have no bias.
# A bias is one more weight, with one more input: the longer vectors count. With them the bound for AND is 51.
#
# </details>

# %% [markdown]
# ## 8. XOR, which one neuron cannot do 异或
#
# The perceptron did not converge on XOR. Was it only too slow? No. There is nothing to find.
#
# **Think.** Assume that a neuron with $w_1, w_2, \theta$ computes XOR. Write down its four inequalities, one for each line of the truth table. Which of them contradict each other?
#
# <details><summary>Answer</summary>
#
# The inputs (0, 0) and (1, 1) must give no, the other two yes:
#
# $$0 \le \theta, \qquad w_2 > \theta, \qquad w_1 > \theta, \qquad w_1 + w_2 \le \theta$$
#
# Add the second and the third: $w_1 + w_2 > 2\theta$. As $\theta \ge 0$, we have $2\theta \ge \theta$, so $w_1 + w_2 > \theta$. The fourth says the opposite.
#
# </details>

# %% [markdown]
# Two inputs have four lines in their truth table, so there are $2^4 = 16$ logic functions of two inputs.
#
# **Predict.** How many of the 16 can one neuron compute? The cell tries many weights and thresholds and collects what it finds.

# %%
found = set()
for w1, w2, theta in product(np.arange(-2, 2.5, 0.5), repeat=3):
    fires = w1 * inputs[0] + w2 * inputs[1] > theta
    found.add("".join(str(int(each)) for each in fires))

print("neurons tried:", 9**3)
print("functions found:", len(found), "of 16")
print("not found:", sorted({f"{number:04b}" for number in range(16)} - found))

# %% [markdown]
# <details><summary>Answer</summary>
#
# 14 of 16. The two that are missing are 0110, which is XOR, and 1001, its opposite.
#
# </details>

# %% [markdown]
# ### The first way out: two layers
# <!-- cut -->
#
# One line is not enough. Three neurons in two **layers** 层 are. Both inputs go to two **hidden neurons** 隐藏神经元. Their two answers go to an output neuron.

# %%
plots.show(plots.network([2, 2, 1]))

# %% [markdown]
# ### Exercise `xor_network`
# <!-- cut -->
#
# Choose the three neurons. Return three pairs `(w, theta)`: the first hidden neuron, the second, and the output neuron. You may call `gate`.
#
# Start with a sentence: XOR is true where at least one input is 1, and not both.

# %% exercise="xor_network"
def xor_network():
    """Return three neurons (w, theta) that compute XOR: two hidden ones and the output."""
    ### BEGIN SOLUTION
    # step: At least one: OR. Not both: NAND.
    first, second = gate("OR"), gate("NAND")
    # step: Both must hold.
    return first, second, gate("AND")
    ### END SOLUTION


# %% check="xor_network"
check(xor_network)

# %% checkpoint="xor_by_two_layers"
def hidden_layer(x):
    """Return the answers of both hidden neurons."""
    first, second, _ = xor_network()
    return np.array([mp_neuron(x, *first), mp_neuron(x, *second)])


with checkpoint(mp_neuron, gate, xor_network):
    _, _, output = xor_network()
    for x in inputs.T:
        print(f"{int(x[0])} XOR {int(x[1])} = {int(mp_neuron(hidden_layer(x), *output))}")

# %% [markdown]
# What have the hidden neurons done? Draw their two answers as a point in a plane of its own.

# %%
with checkpoint(mp_neuron, gate, xor_network):
    _, _, (w, theta) = xor_network()
    hidden = np.array([hidden_layer(x) for x in inputs.T]).T
    answers = (hidden, y_xor, {"output neuron": (w, -theta)})
    axes = {"hidden neurons": ("answer of the first", "answer of the second")}
    plots.show(plots.separation({"inputs": (inputs, y_xor, {}), "hidden neurons": answers}, axes))

# %% [markdown]
# **Question.** There were four points on the left. Why are there fewer on the right, and why does that help?
#
# <details><summary>Answer</summary>
#
# The two inputs with the answer yes make the hidden neurons say the same, so they fall on one point. (With other weights it may be the two with no.)
# The hidden layer has moved the points. In the new plane one line is enough.
#
# </details>

# %% [markdown]
# **Find the error.** The slide's heading for this step is "feature transform: stacked linear transforms". What would happen if the hidden neurons returned $z$ itself, without the step?
#
# <details><summary>The slide says, the code says</summary>
#
# A linear transform of a linear transform is again a linear transform. The output would compare one weighted sum of $x_1$ and $x_2$ with a threshold, and that is a single neuron.
# It cannot compute XOR. The step between the layers makes the difference. Chapter 02 comes back to this.
#
# </details>

# %% [markdown]
# ### The second way out: a new feature 特征变换
# <!-- cut -->
#
# Keep one neuron, and give it a third input: the product $x_1 x_2$.
#
# **Predict.** For which weights of $x_1$, $x_2$ and $x_1 x_2$, and which threshold, does one neuron compute XOR? Then let your perceptron look for some.

# %%
features = np.vstack([inputs, inputs[0] * inputs[1]])
by_hand = np.array([1.0, 1.0, -2.0]) @ features
print("x1 + x2 - 2 x1 x2:", by_hand)
print("above 0.5:        ", (by_hand > 0.5).astype(int))

# %% checkpoint="xor_by_a_feature"
with checkpoint(train_perceptron, classify):
    w, b, mistakes, converged = train_perceptron(features, y_xor, 1000)
    print("converged:", converged, "after", mistakes, "mistakes, w =", w, "b =", b)
    print("labels:", classify(features, w, b).astype(int))

# %% [markdown]
# <details><summary>Answer</summary>
#
# $x_1 + x_2 - 2 x_1 x_2 > 0.5$ does it. The product is 1 only for (1, 1), and pulls just this sum down. In the space of three features a plane separates the classes.
# Your perceptron finds another one.
#
# But somebody had to know that the product helps. A hidden layer can find such features itself, if we can train it.
# The perceptron rule cannot: it needs to know for each neuron whether its answer is a mistake, and nobody knows the right answer of a hidden neuron. Chapter 04 solves this.
#
# </details>

# %% [markdown]
# ## Summary
#
# - An M-P neuron fires where $\mathbf{w}^\top \mathbf{x} > \theta$. With $b = -\theta$ this is $z = \mathbf{w}^\top \mathbf{x} + b > 0$.
# - AND, OR, NOT and NAND are single neurons. NAND is AND with all signs changed.
# - A neuron with two inputs is a line. The step function has no slope to learn from.
# - The perceptron corrects each mistake by $\mathbf{w} + \alpha y \mathbf{x}$ and $b + \alpha y$. It stops after an epoch without a mistake, or at the limit.
# - If a line separates the points, it makes at most $R^2 / \gamma^2$ mistakes, with the bias counted as a weight. If none does, it never stops by itself.
# - One neuron cannot compute XOR. Two layers can, and so can one neuron with a better feature.

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
# 1. Start from zero weights with a learning rate of 0.5 in place of 1. What changes in `w`, in `b`, and in the number of mistakes? Why? And if you do not start from zero?
# 2. Build the opposite of XOR, which says yes where both inputs are the same. How many of your three neurons do you have to change?
# 3. With three inputs there are 256 logic functions. How many can one neuron compute? Change the cell in section 8 and count.
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | M-P neuron, threshold unit | M-P神经元 |
# | input, weight | 输入, 权重 |
# | threshold, bias | 阈值, 偏置 |
# | excited, inhibited | 兴奋, 抑制 |
# | logic gate, truth table | 逻辑门, 真值表 |
# | pre-activation | 净输入 (净活性值) |
# | step function, activation function | 阶跃函数, 激活函数 |
# | decision boundary | 决策边界 |
# | label | 标签 |
# | perceptron | 感知机 (感知器) |
# | learning rate | 学习率 |
# | epoch, to converge | 轮, 收敛 |
# | linearly separable | 线性可分 |
# | margin | 间隔 |
# | exclusive or, XOR | 异或 |
# | hidden layer, hidden neuron | 隐藏层, 隐藏神经元 |
# | feature transform | 特征变换 |
