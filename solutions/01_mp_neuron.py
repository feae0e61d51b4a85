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
# Every five minutes a road sends two numbers: how fast its vehicles drive, and how often they stop. Is the road free, or is it jammed?
#
# In this chapter one neuron learns to tell. First you choose its numbers by hand. Then you write the rule by which it finds them itself,
# and watch its line move over the map. At the end you meet questions that no single neuron can answer.
#
# **After this chapter you can**
#
# - compute the output of a threshold unit, and choose weights that make it a logic gate,
# - turn a threshold into a bias, and a neuron into a line that splits the plane,
# - write Hebb's rule and the perceptron rule,
# - say when the perceptron stops, after how many mistakes at most, and when it never does,
# - show why one neuron cannot compute XOR, and build a network of two layers that can.
#
# **Time:** 90 minutes. **You need:** Python functions and loops, NumPy arrays, and the dot product of two vectors.
#
# Below each exercise stands a check. Run it as often as you like. Stuck? Run `hint(...)` in a new cell, up to three times.
# The dots say how hard an exercise is: ●○○ is a warm-up, ●●● needs time.
#
# Where it says **Predict**, answer before you read on. A wrong guess costs nothing.

# %% [markdown]
# Run this cell first. After a restart of the kernel run all cells above the one you work on.

# %%
from itertools import product

import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.data import read_traffic

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## 1. A road, and a neuron that says yes or no
#
# A6 is a main road of a small town. The data come with the course; a simulation made them.
# Each point of the map is one piece of A6 in five minutes. Across stands the mean speed, in tens of km/h. Up stands how often a vehicle had to stop.

# %%
town = read_traffic()
a6 = town[town["road"] == "A6"]
both = a6[a6["state"] != 1]  # 0 is free, 2 is jammed; 1 comes later
X_road = np.array([both["aveSpeed"] / 10, both["stopNum"]])  # each column is one point
y_road = np.where(both["state"] == 2, 1, -1)  # +1 jammed, -1 free

plots.show(plots.road_map(X_road, y_road))

# %% [markdown] question="one_number_alone"
# **Predict.** You may look at one number only. With which can you tell jammed from free, without a single mistake?
# <!-- say: Let somebody draw a straight line with a ruler on the screen. -->
# <!-- option: speed alone is enough :: You look at the crowds. Look at the gap between them: a jammed point lies to the right of a free one. -->
# <!-- option: stops alone are enough :: You look at the crowds. Look at the gap between them: a jammed point lies lower than some free ones. -->
# <!-- option: neither is enough :: Right: but a line that leans might do. -->
#
# <details><summary>Answer</summary>
#
# Neither. Look where the two crowds meet. One jammed point is faster than a free one, and it has fewer stops than many of them.
# The next cell tries every limit: the best for speed gets one point wrong, and the best for stops five.
# A line that *leans* goes between the two crowds. To lean it has to weigh both numbers. This is what a neuron does.
#
# </details>

# %%
predict("one_number_alone")

# %%
limits = np.arange(0, 4, 0.01)
slow = [int(((X_road[0] < limit) != (y_road > 0)).sum()) for limit in limits]
many = [int(((X_road[1] > limit) != (y_road > 0)).sum()) for limit in limits]
print("jammed where the speed is low, at best:", min(slow), "of", len(y_road), "wrong")
print("jammed where the stops are many, at best:", min(many), "of", len(y_road), "wrong")

# %% [markdown]
# ### From a nerve cell to a formula
#
# A nerve cell 神经细胞 collects signals from other cells. They arrive at its **synapses** 突触, on the branches called dendrites 树突.
# Some excite it, some inhibit it. If the sum in the cell body 细胞体 is high enough, the cell fires: a pulse runs along its axon 轴突 to the next cells.

# %%
plots.show(plots.nerve_cell())

# %% [markdown]
# In 1943 McCulloch and Pitts made this a formula, the **M-P neuron** M-P神经元. Theirs was simpler than the one we use today:
# its weights were fixed, and a single inhibiting input silenced it altogether. Weights of any size, and weights that *learn*, came later. You meet them in section 5.
#
# Today's form has **inputs** 输入 $x_1, x_2, \dots$, a **weight** 权重 for each, $w_1, w_2, \dots$, and one **threshold** 阈值 $\theta$.
#
# 1. It sums the weighted inputs: $\mathbf{w}^\top \mathbf{x} = w_1 x_1 + w_2 x_2 + \dots$
# 2. It compares the sum with the threshold.
#
# $$
# y = \begin{cases} 1 & \text{if } \mathbf{w}^\top \mathbf{x} > \theta \quad \text{(excited 兴奋)} \\ 0 & \text{otherwise} \quad \text{(inhibited 抑制)} \end{cases}
# $$

# %% [markdown] question="at_the_threshold"
# **Predict.** Take $\mathbf{x} = (3, -1)$ and $\mathbf{w} = (1, 2)$. What does the neuron say for $\theta = 0.5$? And for $\theta = 1$?
# <!-- say: Let the class compute the sum on paper before anybody raises a hand. -->
# <!-- option: yes, then no :: Right: the sum is 1, and 1 does not exceed 1. -->
# <!-- option: yes both times :: You read “exceeds” as “reaches”. The sum is 1; is 1 > 1? -->
# <!-- option: no both times :: You may have lost a sign. Write 3 · 1 + (−1) · 2 on paper. -->
#
# <details><summary>Answer</summary>
#
# The sum is $1 \cdot 3 + 2 \cdot (-1) = 1$. It exceeds 0.5, so the neuron says 1.
# It does not exceed 1, because it only equals 1. So with $\theta = 1$ the neuron says 0.
#
# </details>

# %%
predict("at_the_threshold")

# %%
x_1 = np.array([3.0, -1.0])
w_1 = np.array([1.0, 2.0])

total = (w_1 * x_1).sum()
print("weighted sum:", total)
for threshold in (0.5, 1.0):
    print(f"exceeds {threshold}:", bool(total > threshold))

# %% [markdown]
# ### Exercise `mp_neuron` ●○○
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
# ### Your neuron watches the road
# <!-- cut -->
#
# It shall say 1 where the road is jammed. A high speed speaks against a jam, so its weight is negative. Stops speak for one.
# Change the three numbers and run the cell again. How few points can you get wrong? Four is a start. None is possible, and hard to hit by hand.

# %%
w_hand, theta_hand = np.array([-1.0, 1.0]), -1.0  # change these


def by_hand(points):
    """Return +1 (jammed) or -1 (free) for each column of points."""
    return np.array([1 if mp_neuron(x, w_hand, theta_hand) else -1 for x in points.T])


with checkpoint(mp_neuron):
    plots.show(plots.road_map(X_road, y_road, {"chosen by hand": by_hand}))

# %% [markdown]
# ## 2. Neurons as logic gates 逻辑门
#
# The road has many points. To understand weights, four are enough. Let the inputs be 0 (no) and 1 (yes). Then a neuron can compute a logic function.
# These are the **truth tables** 真值表 of three of them:
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
# ### Exercise `gate` ●●○
#
# Choose weights and a threshold for each of the four gates. Return the pair `w, theta`: an array and a number.
#
# Many choices are right. The check does not compare your numbers with ours. It asks your neuron every line of the truth table.
#
# Begin with the weights $(1, 1)$ and write down the four sums. Which of them must exceed the threshold of AND, and which that of OR?
# For NAND do the same with negative weights.

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
# ### All signs changed
# <!-- cut -->

# %% [markdown] question="signs_changed"
# **Predict.** A classmate says: "To turn a neuron's answers round, change the sign of all its numbers."
# Her AND has the weights $(1, 1)$ and $\theta = 1$. With all signs changed it has $(-1, -1)$ and $\theta = -1$. Is that NAND?
# <!-- option: yes, it is NAND :: You trust the rule. Ask the input (0, 1): the sum is −1. Does −1 exceed −1? -->
# <!-- option: no, it fires only for (0, 0) :: Right: where a sum equals the threshold, both neurons are silent. -->
# <!-- option: no, it never fires :: You may have lost a sign. For (0, 0) the sum is 0. Does 0 exceed −1? -->
#
# <details><summary>Answer</summary>
#
# It fires only for $(0, 0)$, and that is another gate, NOR. For $(0, 1)$ and $(1, 0)$ the sum *equals* the threshold, before and after. Then both neurons are silent.
# Her rule holds where no sum equals the threshold. With $\theta = 1.5$ it works.
#
# </details>

# %%
predict("signs_changed")

# %%
for threshold in (1.0, 1.5):
    sums = inputs.sum(axis=0)
    print(f"threshold {threshold}:  AND {(sums > threshold).astype(int)}  all signs changed {(-sums > -threshold).astype(int)}")

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
# AND with the weights $(1, 1)$ and $\theta = 1.5$ has the bias $-1.5$. A high threshold is a very negative bias: the neuron needs much input to fire.

# %%
b_and = -1.5
z_and = np.array([1.0, 1.0]) @ inputs + b_and
print("z =   ", z_and)
print("f(z) =", np.where(z_and > 0, 1, 0))

# %% [markdown]
# ### What is good and what is wrong with the step function?
# <!-- cut -->
#
# Take what is good first: a step is simple, its answer is clear, and small noise in the input does not show in the output.
#
# Now think of learning. To improve a weight, you want to know whether a little more of it makes the answer a little better.
# So you look at the slope $\big(f(z + h) - f(z)\big) / h$ for a small $h$.

# %% [markdown] question="slope_of_a_step"
# **Predict.** What is the slope of the step at $z = -2$ and at $z = -0.001$? And across the jump, for smaller and smaller $h$?
# <!-- option: 0, 0, and larger and larger :: Right: flat everywhere, and at the jump without a value. -->
# <!-- option: 0, something above 0, and 1 :: You think of a ramp. At z = −0.001, does f change when z grows by a millionth? -->
# <!-- option: 0, 0, and 1 :: You took the height of the jump. The slope is the height divided by h. -->
#
# <details><summary>Answer</summary>
#
# The slope is 0 everywhere, also at $z = -0.001$, where the neuron is as good as undecided. At the jump it has no value: 10, 100, 1000, and so on without end.
# So the slope never says in which direction to go. And $f$ forgets how far $z$ is from 0: $z = 0.001$ and $z = 1000$ give the same 1.
#
# There are two ways out. This chapter takes the first: a learning rule that needs no slope. Chapter 02 takes the second: soft steps.
#
# </details>

# %%
predict("slope_of_a_step")

# %%
def f(z):
    """Step function."""
    return np.where(z > 0, 1.0, 0.0)


for z in (-2.0, -0.001, 3.0):
    print(f"slope at {z:6}:", (f(z + 1e-6) - f(z)) / 1e-6)
for h in (0.1, 0.01, 0.001):
    print(f"across the jump, h = {h:5}:", round(float((f(h) - f(0.0)) / h)))

# %% [markdown]
# ## 4. A neuron is a line
#
# With two inputs, where is the neuron undecided? Where $z = 0$:
#
# $$w_1 x_1 + w_2 x_2 + b = 0$$
#
# This straight line is the **decision boundary** 决策边界. On one side the neuron says yes, on the other no. The vector $\mathbf{w}$ points to the side of yes.
#
# ### Exercise `separating_line` ●●○
#
# To draw the line, you need $x_2$ for given values of $x_1$. Solve the equation on paper first. You may assume $w_2 \ne 0$.

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
# ### Exercise `classify` ●○○
#
# From now on we sort points into two classes, and give the classes the **labels** 标签 $+1$ and $-1$, as on the road. You will soon see why not 1 and 0.
#
# The points stand side by side: each **column** of `X` is one point, each row one feature.
# Return one label for each point: $+1$ where $z > 0$, else $-1$. No loop is needed: what shape does `w @ X` have?

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
# Four points go with us through this chapter: $(3, -3)$ and $(4, -3)$ of class $-1$, and $(1, 1)$ and $(1, 2)$ of class $+1$.
# They are the lecture's, and small enough for paper. Somebody proposes the line with $\mathbf{w} = (-3, 3)$ and $b = -1$. Which point does it get wrong?

# %%
X_lecture = np.array([[3.0, 4.0, 1.0, 1.0], [-3.0, -3.0, 1.0, 2.0]])
y_lecture = np.array([-1.0, -1.0, 1.0, 1.0])

# %% checkpoint="proposed_line"
with checkpoint(classify, separating_line):
    w, b = np.array([-3.0, 3.0]), -1.0
    print("labels:    ", y_lecture.astype(int))
    print("the neuron:", classify(X_lecture, w, b).astype(int))
    x2 = separating_line(w, b, np.array([0.0, 5.0]))
    print(f"line from (0, {x2[0]:.4f}) to (5, {x2[1]:.4f})")

# %% [markdown]
# ## 5. The neuron learns
#
# Two weights can be found by hand. Who chooses them if there are a hundred inputs?
#
# In 1949 Hebb had an idea about the brain: if one cell often takes part in firing another, the synapse between them grows stronger.
# Such change is called **plasticity** 可塑性, and this is **Hebb's rule** 赫布规则. In short: what fires together, wires together.
#
# For our neuron this means: show it a point and its label. Each weight grows by what stands at its two ends, its input times the label.
# How fast it grows is the **learning rate** 学习率 $\alpha > 0$. The bias is a weight, too. Its input is always 1.
#
# ### Exercise `hebb` ●●○
#
# Start with weights and bias zero. Go once through all points, and let weights and bias grow at each. Four lines are enough.

# %% exercise="hebb"
def hebb(X, y, learning_rate):
    """Return w and b after one pass of Hebb's rule through all points, from zero.

    X : points, shape (features, points)
    y : labels -1 and +1, shape (points,)
    learning_rate : number
    """
    ### BEGIN SOLUTION
    # step: Nothing is known at the start.
    w, b = np.zeros(len(X)), 0.0
    # step: X.T gives the points one by one. Each end of a synapse has a say: the input and the label.
    for point, label in zip(X.T, y, strict=True):
        w = w + learning_rate * label * point
        b = b + learning_rate * label
    # step: No point was asked whether it is right.
    return w, b
    ### END SOLUTION


# %% check="hebb"
check(hebb)

# %% [markdown] question="hebb_on_the_road"
# **Predict.** Your neuron learns the road by Hebb's rule, each of the 366 points once. How many points does it get wrong afterwards?
# <!-- option: none :: You expect a perfect rule. Does Hebb's rule ever ask whether an answer is right? -->
# <!-- option: a few :: Right: it finds the direction, and misses the gap. -->
# <!-- option: about half :: You expect no learning at all. Jammed points pull the weights one way and free points the other, and the two crowds lie apart. -->
#
# <details><summary>Answer</summary>
#
# 17 of 366, and all of them are jams. Not bad for a rule of four lines. But it does not stop to look: a point that is right long since pulls as hard as one that is wrong.
# The crowd far from the gap decides where the line goes.
#
# </details>

# %%
predict("hebb_on_the_road")

# %% checkpoint="hebb_road"
with checkpoint(hebb, classify):
    w_hebb, b_hebb = hebb(X_road, y_road, 1.0)
    answers = classify(X_road, w_hebb, b_hebb)
    print(f"w = ({w_hebb[0]:.0f}, {w_hebb[1]:.0f}), b = {b_hebb:g}")
    print("jams missed:", int(((answers < 0) & (y_road > 0)).sum()), " false alarms:", int(((answers > 0) & (y_road < 0)).sum()))

# %% [markdown]
# ### Rosenblatt's idea: learn from mistakes only
#
# In 1958 Rosenblatt changed one thing. The neuron learns only from the points that it gets wrong. A neuron with this rule is a **perceptron** 感知机.
#
# When is a point right? If its label $y$ and the neuron's $z = \mathbf{w}^\top \mathbf{x} + b$ have the same sign. Then the product of the two is positive.
# Here the labels $\pm 1$ pay off: one test for both classes. Any other point is a **mistake**, also one on the line. A right point changes nothing.
#
# ### Exercise `perceptron_update` ●○○
#
# Write the step for one mistake: the step of Hebb's rule, for one point. Return the new `w` and the new `b`. Leave the old array as it is: `w += ...` would change it.
#
# Do it on paper first: start from $\mathbf{w} = (0, 0)$, $b = 0$ and take the point $(3, -3)$ with $y = -1$ and $\alpha = 1$.

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

# %% [markdown] question="gain_of_an_update"
# So a mistake changes the neuron like this:
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \alpha \, y \, \mathbf{x}, \qquad b \leftarrow b + \alpha \, y$$
#
# **Think.** Why does this help? Put the new $\mathbf{w}$ and $b$ into $y z$ for the same point. By how much has it grown?
#
# <details><summary>Answer</summary>
#
# The new $y z$ is $y \big( (\mathbf{w} + \alpha y \mathbf{x})^\top \mathbf{x} + b + \alpha y \big)$. Since $y^2 = 1$, it is larger by $\alpha (\lVert \mathbf{x} \rVert^2 + 1)$.
# This is always positive. So the neuron comes closer to the right answer for this point. For other points it may get worse.
#
# </details>

# %%
predict("gain_of_an_update")

# %% [markdown]
# ### A classmate wrote one epoch
# <!-- cut -->
#
# One pass through all points is an **epoch** 轮. A classmate wrote it like this, after a program from the lecture.
# He tested it with a line that gets all four points right: nothing is corrected, as it should be. Then he measured the same points in another unit, all numbers divided by 10.

# %%
def sign(z):
    """Return whether z is positive, negative or zero, as a whole number."""
    return int(z)


def classmates_epoch(w, b, X, y, learning_rate):
    """Correct each mistake, one point after the other. Return (w, b) after each."""
    path = []
    for x, label in zip(X.T, y, strict=True):
        if label * sign(w @ x + b) <= 0:
            w, b = perceptron_update(w, b, x, label, learning_rate)
            path.append((w, b))
    return path


with checkpoint(perceptron_update, classify):
    w, b = np.array([-2.0, 4.0]), 0.0  # all four points are on their right side
    for unit in (1, 10):
        right = (classify(X_lecture / unit, w, b) == y_lecture).all()
        print(f"divided by {unit:2}:  all right: {right}  his corrections: {len(classmates_epoch(w, b, X_lecture / unit, y_lecture, 1.0))}")

# %% [markdown] question="classmates_mistake"
# **Find the error.** He corrects points that are right. For which $z$ does that happen? Try `sign(2.5)`, `sign(0.5)` and `sign(-0.5)` in a new cell.
#
# <details><summary>Answer</summary>
#
# `int` cuts the decimals off. So every $z$ between $-1$ and $1$ becomes 0, and a right point with $z = 0.5$ counts as a mistake.
# The four points have whole coordinates, and there it does not show. Divided by 10 they have $z = 0.2$ and $z = 0.6$.
# Started from zero, the right rule makes 2 mistakes in either unit; his makes 23 corrections in the small one.
#
# </details>

# %%
predict("classmates_mistake")

# %% [markdown]
# ### Exercise `one_epoch` ●○○
# <!-- cut -->
#
# Mend his epoch. The frame stands already. Only the test is missing: set `mistake` to whether this point is one. You need no `sign` at all.

# %% exercise="one_epoch"
def one_epoch(w, b, X, y, learning_rate):
    """Correct each mistake, one point after the other. Return (w, b) after each, a list.

    w, b : weights, shape (features,), and bias at the start
    X : points, shape (features, points)
    y : labels -1 and +1, shape (points,)
    """
    path = []
    for x, label in zip(X.T, y, strict=True):
        ### BEGIN SOLUTION
        # step: No rounding. And w and b are those after the last correction.
        z = w @ x + b
        # step: Not the same sign: the product is not positive.
        mistake = label * z <= 0
        ### END SOLUTION
        if mistake:
            w, b = perceptron_update(w, b, x, label, learning_rate)
            path.append((w, b))
    return path


# %% check="one_epoch"
check(one_epoch)

# %% [markdown]
# ### Exercise `train_perceptron` ●●●
#
# One correction may spoil another point. So go through all points again and again.
#
# - **Stopping rule:** an epoch without a mistake means that every point is right. The perceptron has **converged** 收敛. Stop.
# - **Epoch limit:** stop after `max_epochs` in any case. His program had no limit. You will see what it would have done to him.
#
# Write the method `fit`. It starts from zero and takes the points in their order. `self.path` collects the `(w, b)` after each correction of all epochs;
# `self.w` and `self.b` are the newest. Set `self.converged` to `True` when an epoch passed without a mistake.
#
# The check uses the function `train_perceptron` below the class. Leave it as it is.

# %% exercise="train_perceptron"
class Perceptron:
    """A neuron that learns from its mistakes."""

    def __init__(self, max_epochs, learning_rate=1.0):
        self.max_epochs = max_epochs
        self.learning_rate = learning_rate

    def fit(self, X, y):
        """Learn w and b from X, shape (features, points), and y, shape (points,)."""
        self.w, self.b = np.zeros(len(X)), 0.0
        self.path, self.converged = [], False
        ### BEGIN SOLUTION
        # step: The limit. Without it, data that no line separates would keep us busy for ever.
        for _ in range(self.max_epochs):
            corrections = one_epoch(self.w, self.b, X, y, self.learning_rate)
            # step: No correction in this epoch: every point is right.
            if not corrections:
                self.converged = True
                break
            # step: Remember the way, and go on from where it led.
            self.path += corrections
            self.w, self.b = corrections[-1]
        ### END SOLUTION
        return self


def train_perceptron(X, y, max_epochs, learning_rate=1.0):
    """Train a perceptron. Return w, b, its mistakes, and whether it converged."""
    learned = Perceptron(max_epochs, learning_rate).fit(X, y)
    return learned.w, float(learned.b), len(learned.path), bool(learned.converged)


# %% check="train_perceptron"
check(train_perceptron)

# %% [markdown] question="mistakes_on_four_points"
# **Predict.** The four points again, from zero weights with $\alpha = 1$. You know the first correction already. Go on by hand: how many mistakes are there in all?
# <!-- answer: 2 -->
#
# <details><summary>Answer</summary>
#
# At zero weights $z = 0$, so $(3, -3)$ is a mistake: $\mathbf{w} = (-3, 3)$, $b = -1$. Then $(4, -3)$ is right.
# $(1, 1)$ is wrong, since $z = -3 + 3 - 1 = -1$: $\mathbf{w} = (-3, 3) + (1, 1) = (-2, 4)$, $b = 0$. Now all points are right.
# Two mistakes. The line is $-2 x_1 + 4 x_2 = 0$, that is $x_2 = x_1 / 2$.
#
# </details>

# %%
predict("mistakes_on_four_points")

# %% checkpoint="lecture_points"
with checkpoint(perceptron_update, train_perceptron):
    learned = Perceptron(max_epochs=100).fit(X_lecture, y_lecture)
    for number, (w, b) in enumerate(learned.path, start=1):
        print(f"update {number}: w = {w}, b = {b:g}")
    print("converged:", learned.converged)

# %% [markdown]
# ### Something learns
#
# Now the road. Your perceptron starts knowing nothing, and gets the 366 points one after the other.

# %% [markdown] question="way_of_the_line"
# **Predict.** A line without a mistake exists. Does the number of wrong points fall with every correction, until the perceptron has found it?
# <!-- option: it falls with every correction :: You think that a correction helps all points. It helps the one that was wrong; others may get worse. -->
# <!-- option: it goes up and down, and ends at none :: Right: each correction may spoil other points, and still it arrives. -->
# <!-- option: it goes up and down without end :: You know that a correction may spoil other points. But if a line exists, the perceptron arrives; section 7 says after how many mistakes at most. -->
#
# <details><summary>Answer</summary>
#
# It goes up and down, and ends at none. Ten corrections are enough to get nearly all points right. Then a few points at the gap pull the line to and fro.
# One correction before the end six points are wrong. The last one sets all of them right.
#
# </details>

# %%
predict("way_of_the_line")

# %% checkpoint="road_learned"
with checkpoint(train_perceptron, classify):
    w, b, mistakes, converged = train_perceptron(X_road, y_road, 1000)
    print("converged:", converged, "after", mistakes, "mistakes")
    print(f"w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:g}")
    print("wrong at the end:", int((classify(X_road, w, b) != y_road).sum()))

# %%
with checkpoint(train_perceptron, classify, separating_line):
    road = Perceptron(max_epochs=1000).fit(X_road, y_road)
    across = np.array([0.0, 7.0])
    answers, lines = {}, {}
    for count in (1, 10, 1000, len(road.path)):
        w, b = road.path[count - 1]
        title = f"after {count} mistake{'s' if count > 1 else ''}"
        answers[title] = lambda points, w=w, b=b: classify(points, w, b)
        lines[title] = {"your line": (across, separating_line(w, b, across))}
    plots.show(plots.road_map(X_road, y_road, answers, lines))

# %% [markdown]
# Nobody told it how fast a jam is. It moved its line wherever a point was wrong.

# %% [markdown]
# ## 6. What no line separates
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

# %% [markdown] question="weights_after_xor"
# **Predict.** The perceptron gets 1000 epochs for each set. What happens on XOR?
# <!-- option: it converges after many mistakes :: You think that patience helps. Is there a line with (0, 0) and (1, 1) on one side, and the other two on the other? -->
# <!-- option: some mistakes in every epoch :: Right: there is nothing to find, so it never stops by itself. -->
# <!-- option: the weights grow and grow :: You are right that it does not stop. But what one point adds, another takes away. -->
#
# <details><summary>Answer</summary>
#
# The lecture's points and AND converge, XOR and the enclosed point do not. These two go round in a circle, with mistakes in every epoch.
# XOR makes 4 in each, and after every epoch all its weights are zero again.
# A program without an epoch limit would go on until somebody pulls the plug. This is what would have happened to the classmate.
#
# </details>

# %%
predict("weights_after_xor")

# %% checkpoint="four_sets"
with checkpoint(train_perceptron):
    for name, (X, y) in sets.items():
        w, b, mistakes, converged = train_perceptron(X, y, 1000)
        result = f"converged: {converged!s:5}  mistakes: {mistakes:4}"
        print(f"{name:8} {result}  w = {w + 0.0}, b = {b + 0.0:g}")

# %%
with checkpoint(train_perceptron):
    lines = {name: train_perceptron(X, y, 1000)[:2] for name, (X, y) in sets.items()}
    plots.show(plots.separation({name: (X, y, {"line": lines[name]}) for name, (X, y) in sets.items()}))

# %% [markdown]
# ### The map it cannot separate
#
# Between free and jammed there is a third state, **slow** 缓行. On the map it runs into both. Ask the perceptron to tell slow from free.
# No line is without a mistake here, so it never stops. Where it stands when the limit comes is luck.

# %%
slower = a6[a6["state"] != 2]
X_slow = np.array([slower["aveSpeed"] / 10, slower["stopNum"]])
y_slow = np.where(slower["state"] == 1, 1, -1)  # +1 slow, -1 free

with checkpoint(train_perceptron, classify):
    answers = {}
    for limit in (99, 100):
        w, b, _, converged = train_perceptron(X_slow, y_slow, limit)
        answers[f"{limit} epochs"] = lambda points, w=w, b=b: classify(points, w, b)
    print("converged:", converged)
    plots.show(plots.road_map(X_slow, y_slow, answers, names=("free", "slow")))

# %% [markdown]
# ### Challenge `pocket` ●●●
# <!-- cut -->
#
# This one is for you if you want more. It is checked and earns no points.
#
# The perceptron walks over good lines and forgets them. Keep the best in your pocket 口袋算法: after each correction count how many of *all* points are wrong, $y z \le 0$,
# and remember the line that had the fewest. If two have equally few, keep the earlier one. Your class `Perceptron` has the whole path.

# %% exercise="pocket"
def pocket(X, y, max_epochs, learning_rate=1.0):
    """Train a perceptron. Return the best w and b on its path, and their mistakes.

    X : points, shape (features, points)
    y : labels -1 and +1, shape (points,)
    """
    ### BEGIN SOLUTION
    # step: Nothing is in the pocket yet.
    best, kept = len(y) + 1, None
    # step: Every line of the path is tried on all points.
    for w, b in Perceptron(max_epochs, learning_rate).fit(X, y).path:
        wrong = int((y * (w @ X + b) <= 0).sum())
        # step: Better, and not only as good: then it goes into the pocket.
        if wrong < best:
            best, kept = wrong, (w, b)
    # step: The line, and what it gets wrong.
    return (*kept, best)
    ### END SOLUTION


# %% check="pocket"
check(pocket)

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Move the weights and the threshold, and the line follows. Points on the wrong side light up. Or let the learning rule do it, one point or one epoch at a time. Try it on the road, too.

# %% tags=["demo"]
from nnlab import demos

demos.mp_neuron()

# %% [markdown]
# ## 7. How many mistakes?
# <!-- cut -->
#
# The lecture's four points cost the perceptron 2 mistakes, the road 1043. Both times a line exists. Why so many more?
#
# Look at the two pictures above. Between the four points there is room: many lines will do. On the road there is hardly a gap.
# Each mistake adds a whole point to the weights. Whoever takes long steps to a narrow place goes to and fro for a while.
#
# So two lengths matter: how long a step can be, $R$, and how much room a line leaves, $\gamma$. To measure them, count the bias as what it is, a weight on the input 1:
# each point gets this input, $\tilde{\mathbf{x}} = (\mathbf{x}, 1)$, and each line this weight, $\tilde{\mathbf{w}} = (\mathbf{w}, b)$.
#
# - The longest step: $R = \max_n \lVert \tilde{\mathbf{x}}^{(n)} \rVert$.
# - The room, or **margin** 间隔: how far the nearest point is on its right side, $\displaystyle \gamma = \min_n \frac{y^{(n)} \, \tilde{\mathbf{w}}^\top \tilde{\mathbf{x}}^{(n)}}{\lVert \tilde{\mathbf{w}} \rVert}$.
#
# **Theorem** (Novikoff 1962). A perceptron that starts from *zero* weights and zero bias makes at most $R^2 / \gamma^2$ mistakes, whichever separating line you take for $\gamma$.

# %% [markdown] question="half_the_margin"
# **Think.** You move the two classes together, until the margin is half of what it was. What happens to the bound?
# <!-- option: it is half :: You take a small gap for an easy task. γ stands in the denominator. -->
# <!-- option: it is twice as large :: You forgot the square. -->
# <!-- option: it is four times as large :: Right: γ² stands in the denominator. -->
#
# <details><summary>Answer</summary>
#
# $\gamma$ is in the denominator, and squared: half the margin means four times the bound. A narrow gap is hard to learn.
#
# </details>

# %%
predict("half_the_margin")

# %% [markdown]
# ### Exercise `mistake_bound` ●●●
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
# The bounds are far above the mistakes: a guarantee for the worst case, and not a forecast.
#
# And they need the start from zero. On AND the better line allows 51 mistakes. Start somewhere else, and the neuron first has to forget.

# %%
with checkpoint(one_epoch):
    w, b, mistakes = np.array([-100.0, 100.0]), 50.0, 0
    while corrections := one_epoch(w, b, inputs, y_and, 1.0):
        (w, b), mistakes = corrections[-1], mistakes + len(corrections)
    print("AND, started from w = (-100, 100), b = 50:", mistakes, "mistakes")

# %% [markdown]
# Now two numbers on an axis: 1 of class $-1$, and $1 + d$ of class $+1$. The gap $d$ is halved again and again.

# %% checkpoint="narrow_gap"
with checkpoint(train_perceptron, mistake_bound):
    for gap in (1, 0.5, 0.25, 0.125):
        X, y = np.array([[1 + gap, 1.0]]), np.array([1.0, -1.0])
        _, _, mistakes, converged = train_perceptron(X, y, 1000)
        bound = mistake_bound(X, y, np.array([1.0]), -(1 + gap / 2))
        print(f"gap {gap:5}   converged: {converged}   mistakes: {mistakes:2}   bound: {bound:4.0f}")

# %% [markdown]
# Both grow, but not alike. From 0.5 on, each halving doubles the mistakes: here they grow like $1/d$.
# The bound goes from 133 to 372 and to 1235, which is 2.8 and 3.3 times as much, on its way to four times: it grows like $1/d^2$.

# %% [markdown]
# ## 8. XOR, which one neuron cannot do 异或
#
# The perceptron did not converge on XOR. Was it only too slow? No. There is nothing to find.

# %% [markdown] question="xor_contradiction"
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

# %%
predict("xor_contradiction")

# %% [markdown]
# ### How many of sixteen?
# <!-- cut -->
#
# Two inputs have four lines in their truth table, so there are $2^4 = 16$ logic functions of two inputs. How many of them can one neuron compute?
# The cell tries many weights and thresholds and collects what it finds.

# %%
found = set()
for w1, w2, theta in product(np.arange(-2, 2.5, 0.5), repeat=3):
    fires = w1 * inputs[0] + w2 * inputs[1] > theta
    found.add("".join(str(int(each)) for each in fires))

print("neurons tried:", 9**3)
print("functions found:", len(found), "of 16")
print("not found:", sorted({f"{number:04b}" for number in range(16)} - found))

# %% [markdown]
# Two are missing: 0110, which is XOR, and 1001, its opposite.

# %% [markdown]
# ### The first way out: two layers
# <!-- cut -->
#
# One line is not enough. Three neurons in two **layers** 层 are. Both inputs go to two **hidden neurons** 隐藏神经元. Their two answers go to an output neuron.

# %%
plots.show(plots.network([2, 2, 1]))

# %% [markdown]
# ### Exercise `xor_network` ●●○
# <!-- cut -->
#
# Choose the three neurons. Return three pairs `(w, theta)`: the first hidden neuron, the second, and the output neuron. You may call `gate`.
#
# Start with a sentence: XOR is true where at least one input is 1, and not both.

# %% exercise="xor_network"
def xor_network():
    """Return three neurons (w, theta) for XOR: two hidden ones and the output."""
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

# %% [markdown] question="fewer_points"
# **Think.** There were four points on the left. Why are there fewer on the right, and why does that help?
#
# <details><summary>Answer</summary>
#
# The two inputs with the answer yes make the hidden neurons say the same, so they fall on one point. (With other weights it may be the two with no.)
# The hidden layer has moved the points. In the new plane one line is enough.
#
# The step between the layers does it. Without it, a weighted sum of weighted sums is again one weighted sum, and that is a single neuron. Chapter 02 comes back to this.
#
# </details>

# %%
predict("fewer_points")

# %% [markdown]
# ### The second way out: a new feature 特征变换
# <!-- cut -->
#
# Keep one neuron, and give it a third input: the product $x_1 x_2$. It is 1 only for $(1, 1)$, so a negative weight pulls just this sum down: $x_1 + x_2 - 2 x_1 x_2 > 0.5$ is XOR.
# Does your perceptron find such weights, too?

# %%
features = np.vstack([inputs, inputs[0] * inputs[1]])
by_product = np.array([1.0, 1.0, -2.0]) @ features
print("x1 + x2 - 2 x1 x2:", by_product)
print("above 0.5:        ", (by_product > 0.5).astype(int))

# %% checkpoint="xor_by_a_feature"
with checkpoint(train_perceptron, classify):
    w, b, mistakes, converged = train_perceptron(features, y_xor, 1000)
    print("converged:", converged, "after", mistakes, "mistakes, w =", w, "b =", b)
    print("labels:", classify(features, w, b).astype(int))

# %% [markdown]
# It finds others. In the space of three features a plane separates the classes. But somebody had to know that the product helps.
#
# A hidden layer can find such features itself, if we can train it. The perceptron rule cannot: it needs to know for each neuron whether its answer is a mistake,
# and nobody knows the right answer of a hidden neuron. Chapter 04 solves this, and then a network learns the road, slow minutes and all.

# %% [markdown]
# ## Summary
#
# - An M-P neuron fires where $\mathbf{w}^\top \mathbf{x} > \theta$. With $b = -\theta$ this is $z = \mathbf{w}^\top \mathbf{x} + b > 0$.
# - AND, OR, NOT and NAND are single neurons. All signs changed turns a neuron's answers round, unless a sum equals the threshold.
# - A neuron with two inputs is a line. The step function has no slope to learn from.
# - Hebb's rule adds $\alpha y \mathbf{x}$ for every point, the perceptron only for its mistakes. It stops after an epoch without a mistake, or at the limit.
# - If a line separates the points and the start is zero, there are at most $R^2 / \gamma^2$ mistakes, with the bias counted as a weight. If none does, it never stops by itself.
# - One neuron cannot compute XOR. Two layers can, and so can one neuron with a better feature.

# %%
progress()

# %% [markdown]
# ### What stays
# <!-- cut -->
#
# Five questions without your notes. What you recall today you still know next week.

# %% [markdown] recall="recall_equal_to_threshold"
# The weighted sum of a neuron equals its threshold. What does the neuron say?
# <!-- option: 1 :: You read “exceeds” as “reaches”. -->
# <!-- option: 0 :: Right: it has to exceed the threshold. -->
#
# <details><summary>Answer</summary>
#
# 0. It fires where $\mathbf{w}^\top \mathbf{x} > \theta$, and equal is not greater.
#
# </details>

# %% [markdown] recall="recall_bias"
# A neuron has the threshold $\theta = 3$. What is its bias?
# <!-- answer: -3 -->
#
# <details><summary>Answer</summary>
#
# $b = -\theta = -3$: what stood on the right of $>$ comes to the left with the other sign.
#
# </details>

# %% [markdown] recall="recall_hebb_and_perceptron"
# Hebb's rule and the perceptron rule make the same step for a point. What is different?
# <!-- option: the perceptron takes the step only for mistakes :: Right: it asks first whether the point is right. -->
# <!-- option: the perceptron has a learning rate :: Both have one. Which of the two asks whether a point is right? -->
# <!-- option: Hebb's rule leaves the bias out :: The bias is a weight on the input 1 in both. Which of the two asks whether a point is right? -->
#
# <details><summary>Answer</summary>
#
# The perceptron corrects mistakes only, $y z \le 0$. Hebb's rule learns from every point, right or wrong.
#
# </details>

# %% [markdown] recall="recall_when_it_stops"
# A perceptron has just passed an epoch with one mistake, and has corrected it. Has it converged?
# <!-- option: yes, the mistake was corrected :: You forget that a correction may spoil other points. -->
# <!-- option: that shows after one more epoch :: Right: only an epoch without a mistake proves that all points are right. -->
# <!-- option: no, it never will :: It may: the next epoch may be without a mistake. -->
#
# <details><summary>Answer</summary>
#
# It shows after one more epoch. A correction may spoil another point; only an epoch without a mistake proves that every point is right.
#
# </details>

# %% [markdown] recall="recall_xor_hidden_layer"
# Why can three neurons in two layers compute XOR, when one neuron cannot?
#
# <details><summary>Answer</summary>
#
# No line separates the four points of XOR. The hidden neurons move them: two of them fall on one point, and in the new plane one line is enough.
#
# </details>

# %%
recall("recall_equal_to_threshold", "recall_bias", "recall_hebb_and_perceptron", "recall_when_it_stops", "recall_xor_hidden_layer")

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A friend trains a perceptron on data of her own. After 1,000 epochs it still makes mistakes. What can be the reason? And how would you find out which reason it is?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="when_it_never_stops"
# <!-- criterion: 1 :: Names both reasons: no line separates the points, or one does, but with so narrow a margin that more mistakes are allowed than were made so far. -->
# <!-- criterion: 1 :: Says how to tell, or what helps in either case: look at the points, run longer and count mistakes, keep the best weights, add a feature or a layer. “Train longer” alone is not enough. -->
#
# Either no line separates the two classes: then the rule never stops, however long it runs. Or a line does, but the margin $\gamma$ is small. Then the bound $R^2 / \gamma^2$ is large, and 1,000 epochs were not enough.
# With two features I would draw the points. With more I would let it run on and count the mistakes of each epoch: if they come back again and again, I would keep the best weights so far, and try a new feature or a second layer.

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
# 1. Let the perceptron learn the road from days 1 to 4 only (`both["day"]`). How many points of the other days does it get wrong?
# 2. Measure the speed in km/h. In 1000 epochs the perceptron does not converge any more. What has happened to $R$ and to $\gamma$?
# 3. Take a learning rate of 0.5 in place of 1. What changes in `w`, in `b`, and in the number of mistakes? And if you do not start from zero?
# 4. With three inputs there are 256 logic functions. How many can one neuron compute? Change the cell in section 8 and count.
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | nerve cell, synapse, axon | 神经细胞, 突触, 轴突 |
# | M-P neuron, threshold unit | M-P神经元 |
# | input, weight | 输入, 权重 |
# | threshold, bias | 阈值, 偏置 |
# | excited, inhibited | 兴奋, 抑制 |
# | logic gate, truth table | 逻辑门, 真值表 |
# | pre-activation | 净输入 (净活性值) |
# | step function, activation function | 阶跃函数, 激活函数 |
# | decision boundary | 决策边界 |
# | label | 标签 |
# | plasticity, Hebb's rule | 可塑性, 赫布规则 |
# | perceptron | 感知机 (感知器) |
# | learning rate | 学习率 |
# | epoch, to converge | 轮, 收敛 |
# | linearly separable | 线性可分 |
# | pocket algorithm | 口袋算法 |
# | margin | 间隔 |
# | exclusive or, XOR | 异或 |
# | hidden layer, hidden neuron | 隐藏层, 隐藏神经元 |
# | feature transform | 特征变换 |

# %% [markdown]
# ### Your library so far
# <!-- cut -->
#
# What passed its check is yours. It is kept in `mine.py` beside this notebook, and later chapters use it.

# %%
own_code()
