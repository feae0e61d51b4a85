# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 Regression 回归
#
# So far your networks have answered "which?": free, slow or jammed. This chapter asks "how much?": how tall, how far, how many minutes.
#
# It looks like a step back. The models are straight lines and polynomials, and their best weights have a formula. That is the gain:
# where the answer is known exactly, you can see what a squared error means, what a price on weights means, and what gradient descent does on its way.
#
# **After this chapter you can**
#
# - find the best line, the best curve and the best weights for many features, and keep your digits while you do,
# - say which belief about noise stands behind squares, and which belief about weights behind a price on them,
# - get the same weights by gradient descent, and say beforehand which learning rate is too large,
# - train a classifier of one neuron, and say why a straight line through labels is not one,
# - judge a fit by what it leaves over.
#
# **Time:** 85 minutes. **You need:** matrix products; `central_differences` of chapter 04; the ten points of chapter 07.

# %% [markdown]
# Run this cell first.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.overfitting import TEN_T, TEN_X

from mine import central_differences, polynomial_features, sigmoid

np.set_printoptions(precision=6, suppress=True)

# %% [markdown]
# ### What you still know
# <!-- cut -->
#
# Three questions on chapter 07. They give no marks.

# %% [markdown] recall="ten_weights_ten_points"
# A polynomial with ten weights passes through all of ten points. What does that say about the next point?
# <!-- option: it will be near the curve, too :: You judge by points that the weights were chosen for. Remember the waves between them. -->
# <!-- option: nothing :: Right: ten weights can be fitted to any ten points, to noise as well. -->
#
# <details><summary>Answer</summary>
#
# Nothing. With as many weights as points a curve can pass through anything, noise included.
#
# </details>

# %% [markdown] recall="price_shortens"
# What does a price $\frac{\lambda}{2} \lVert \mathbf{w} \rVert^2$ on the weights do to them when $\lambda$ grows?
# <!-- option: they get shorter :: Right: each unit of length costs more. -->
# <!-- option: exactly one of them becomes 0 :: That is what absolute values do. Squares pull large weights harder than small ones. -->
#
# <details><summary>Answer</summary>
#
# They get shorter, all of them, and go to 0 for very large $\lambda$.
#
# </details>

# %% [markdown] recall="chosen_on_validation"
# You tried twenty prices and kept the one with the lowest error on the validation set. Is that lowest error an honest forecast for new data?
# <!-- option: yes, those samples were not trained on :: You are right that they were not trained on. But they chose: the luckiest of twenty looks better than it is. -->
# <!-- option: no, it is a little too good :: Right: the choice has used these samples up. -->
#
# <details><summary>Answer</summary>
#
# No. It was chosen because it looked good on these samples. On others it will be a little worse.
#
# </details>

# %%
recall("ten_weights_ten_points", "price_shortens", "chosen_on_validation")

# %% [markdown]
# ## 1. Why is it called *regression*?
#
# Around 1885 Francis Galton measured parents and their grown children. He asked: are the children of tall parents as tall as they are?
#
# His tables are not bundled with the course. Below are 400 families drawn at random with his kind of spread. The principle is the same.

# %% [markdown] question="tall_parents"
# **Predict.** Parents taller than 180 cm are 182 cm on average. How tall are their children, on average, if people are 173 cm in the mean?
# <!-- answer: 178.5 ± 2.5 -->
#
# <details><summary>Answer</summary>
#
# About 179 cm: taller than people are in the mean, but nearer to the mean than their parents. Galton called it *regression towards mediocrity*.
# No force pulls. Very tall parents are tall by their genes *and* by luck, and luck is not inherited.
#
# </details>

# %%
predict("tall_parents")

# %%
rng = np.random.default_rng(2)
parents = rng.normal(173, 4.5, size=400)
children = 173 + 0.55 * (parents - 173) + rng.normal(0, 4, size=400)
tall = parents > 180
print(f"tall parents: {parents[tall].mean():.0f} cm, their children: {children[tall].mean():.0f} cm")

# %% [markdown]
# The name has stayed: **regression** 回归 now means any prediction of a number. And Galton's observation needs a line. Which one?

# %% [markdown]
# ## 2. Which line is best?
#
# Take five points. A line $y = \beta_0 + \beta_1 x$ has two numbers: the **intercept** 截距 $\beta_0$ is its height at $x = 0$, the **slope** 斜率 $\beta_1$ how much it climbs for each unit of $x$.
# What it misses at a point is the **residual** 残差 $e_i = y_i - \beta_0 - \beta_1 x_i$. Put a real square on each residual. The best line is the one whose squares have the least area in all: **least squares** 最小二乘.

# %%
x_5, y_5 = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 4, 5, 4, 5])
plots.show(plots.squares(x_5, y_5, {"by eye": (1.0, 1.0), "flat": (4.0, 0.0)}))

# %% [markdown]
# **On paper, four lines.** The area is $Q = \sum_i (y_i - \beta_0 - \beta_1 x_i)^2$. Where it is lowest, both slopes of $Q$ are 0.
#
# By $\beta_0$: $\sum_i e_i = 0$. So the residuals have the mean 0, and the line runs through the middle of the cloud, $(\bar x, \bar y)$.
# Move the origin there: with $d_i = x_i - \bar x$ and $h_i = y_i - \bar y$ only one unknown is left, and $Q = \sum_i (h_i - \beta_1 d_i)^2$.
# Set its derivative by $\beta_1$ to 0 and solve. Then ask where this line crosses $x = 0$.
#
# ### Exercise `line_fit` ●○○
#
# Write what you have found. Return the intercept first.

# %% exercise="line_fit"
def line_fit(x, y):
    """Return intercept and slope of the line with the least sum of squared residuals.

    x, y : arrays of shape (samples,)
    """
    ### BEGIN SOLUTION
    # step: Measure everything from the middle of the cloud.
    d, h = x - x.mean(), y - y.mean()
    # step: The slope from the derivative of Q. Then back to x = 0.
    slope = np.sum(d * h) / np.sum(d * d)
    # wrong: return y.mean(), np.sum(d * h) / np.sum(d * d)
    return y.mean() - slope * x.mean(), slope
    ### END SOLUTION


# %% check="line_fit"
check(line_fit)

# %%
with checkpoint(line_fit):
    plots.show(plots.squares(x_5, y_5, {"by eye": (1.0, 1.0), "your line": line_fit(x_5, y_5)}))

# %% [markdown] question="x_over_y"
# **Predict.** Children over parents had the slope 0.55. Now draw it the other way: predict the *parents* from the children. Is the slope $1 / 0.55 = 1.8$?
# <!-- option: yes, it is the same line, turned :: The residuals stand the other way now: they are measured along the parents. It is another line. -->
# <!-- option: no, it is below 1 as well :: Right: the parents of tall children are nearer to the mean, too. -->
#
# <details><summary>Answer</summary>
#
# No. Parents of tall children are nearer to the mean as well. The two slopes multiply to $r^2$, the square of the correlation: here 0.285<!-- measured -->.
# So regression to the mean is no law of heredity. It is what lines through noisy clouds do.
#
# </details>

# %%
predict("x_over_y")

# %% checkpoint="two_lines"
with checkpoint(line_fit):
    intercept, slope = line_fit(x_5, y_5)
    e = y_5 - intercept - slope * x_5
    print(f"five points: intercept {intercept:.1f}, slope {slope:.1f}, area {np.sum(e**2):.1f}")
    print(f"residuals: their sum {round(np.sum(e), 9) + 0.0}, their sum times x {round(np.sum(e * x_5), 9) + 0.0}")
    over_parents, over_children = line_fit(parents, children)[1], line_fit(children, parents)[1]
    print(f"children over parents {over_parents:.3f}, parents over children {over_children:.3f}")
    print(f"product {over_parents * over_children:.3f}, squared correlation {np.corrcoef(parents, children)[0, 1] ** 2:.3f}")

# %%
with checkpoint(line_fit):
    plots.show(plots.lines(parents, children, {"your line": line_fit(parents, children), "as tall as the parents": (0.0, 1.0)}, "parents (cm)", "children (cm)"))

# %% [markdown]
# **A classmate copied** the closed form from the lecture. Run it. Its line misses all five points by far. Put $x = 0$ into it: is what it calls $\beta_0$ really the height there? Mend it by renaming only.

# %%
def classmate_line(x, y):
    """Return β0 and β1, or so the lecture says."""
    n, determinant = len(x), len(x) * np.sum(x * x) - np.sum(x) ** 2
    beta_0 = (n * np.sum(x * y) - np.sum(x) * np.sum(y)) / determinant
    beta_1 = (np.sum(x * x) * np.sum(y) - np.sum(x) * np.sum(x * y)) / determinant
    return beta_0, beta_1


intercept, slope = classmate_line(x_5, y_5)
print(f"intercept {intercept:.1f}, slope {slope:.1f}, area {np.sum((y_5 - intercept - slope * x_5) ** 2):.1f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The two are exchanged: what is called $\beta_0$ multiplies $x$. The area is 79.2<!-- measured --> in place of 2.4<!-- measured -->. A fit that is never put back into the data cannot show such a slip.
#
# The sums have a second weakness. Move $x$ to years, or to seconds since 1970: $n \sum x^2$ and $(\sum x)^2$ become huge and nearly equal, and their difference has lost its digits. Your centred form keeps them.
#
# </details>

# %% [markdown]
# ## 3. A curve is still linear
# <!-- cut -->
#
# The ten points of chapter 07 do not lie on a line. Take $y = a_0 + a_1 x + \dots + a_M x^M$. It is a curve in $x$, but each $a_j$ comes in to the first power only. It is linear *in its weights*, and that is what counts.

# %% [markdown] question="how_many_equations"
# **Predict.** $M = 9$. How many equations do you get when you set all derivatives of $Q$ to 0?
# <!-- answer: 10 ± 0 -->
#
# <details><summary>Answer</summary>
#
# Ten, one for each weight $a_0$ to $a_9$. All are linear, so this is one system of ten equations with ten unknowns.
#
# </details>

# %%
predict("how_many_equations")

# %% [markdown]
# The derivative by $a_i$ is $-2 \sum_n x_n^i \, (y_n - a_0 - a_1 x_n - \dots - a_M x_n^M)$. Set it to 0 and sort: what multiplies $a_j$ stands on the left, what has no $a$ on the right.
# That is row $i$ of a system $A \mathbf{a} = \mathbf{r}$, the **normal equations** 正规方程.
#
# ### Exercise `polynomial_system` ●●○
#
# Build $A$ and $\mathbf{r}$. What stands in row $i$ and column $j$? Mind the corner $i = j = 0$.

# %% exercise="polynomial_system"
def polynomial_system(x, y, degree):
    """Return matrix A and right-hand side r of the normal equations.

    x, y : arrays of shape (samples,)
    degree : highest power M, zero or more; A has the shape (M + 1, M + 1), r (M + 1,)
    """
    ### BEGIN SOLUTION
    # step: The powers as rows: row i holds x to the power i, one column a sample.
    P = polynomial_features(x, degree)
    # step: Row i times row j, summed over the samples, for all pairs at once. The same with y.
    # wrong: return P @ P.T, P.sum(axis=1)
    return P @ P.T, P @ y
    ### END SOLUTION


# %% check="polynomial_system"
check(polynomial_system)

# %% checkpoint="curve_system"
with checkpoint(polynomial_system):
    A, r = polynomial_system(x_5, y_5, 2)
    for row, right in zip(A, r, strict=True):
        print(*(f"{value:5.0f}" for value in row), " |", f"{right:4.0f}")
    print("a:", *(f"{value:.6f}" for value in np.linalg.solve(A, r)))
    for M in (0, 1, 3):
        print(f"ten points, M = {M}:", *(f"{value:.2f}" for value in np.linalg.solve(*polynomial_system(TEN_X, TEN_T, M))))

# %% [markdown]
# The last three lines are the first columns of S2's famous table. The slide's headline says "multiple linear regression". It is one $x$ with many powers. But nothing in the derivation asked where the rows of features came from:
# with speed, volume and stops as rows of $X$ it is $X X^\top \mathbf{w} = X \mathbf{t}$.

# %% [markdown]
# ## 4. Where did the digits go?
#
# Computers calculate with 16 digits. For $M = 9$ two programs solve the same ten equations. Against the exact solution (found with fractions, no rounding at all) the first is right to ten digits.

# %% [markdown] question="digits_left"
# **Predict.** To how many digits is the other one right, the normal equations: about 15, 10, 7 or 3?
# <!-- answer: 3 ± 1 -->
#
# <details><summary>Answer</summary>
#
# To three. The **condition number** 条件数 $\kappa$ says by how much a matrix can magnify rounding errors. For the features it is $1.5 \cdot 10^7$.
# The product $X X^\top$ squares it: $2.3 \cdot 10^{14}$. Of 16 digits about two or three are left.
#
# </details>

# %%
predict("digits_left")

# %%
from fractions import Fraction


def exact_weights(x, t, degree):
    """Solve the normal equations with fractions: slowly, and without any rounding."""
    x, t = [Fraction(v) for v in x], [Fraction(v) for v in t]
    rows = [[sum(v ** (i + j) for v in x) for j in range(degree + 1)] + [sum(v**i * u for v, u in zip(x, t, strict=True))] for i in range(degree + 1)]
    for i, pivot in enumerate(rows):
        for k, row in enumerate(rows):
            if k != i:
                rows[k] = [a - row[i] / pivot[i] * b for a, b in zip(row, pivot, strict=True)]
    return np.array([float(row[-1] / row[i]) for i, row in enumerate(rows)])


degrees = [1, 3, 5, 7, 9]
lost = {"normal equations": [], "QR": [], "singular values": []}
for M in degrees:
    P, exact = polynomial_features(TEN_X, M), exact_weights(TEN_X, TEN_T, M)
    Q, R = np.linalg.qr(P.T)
    U, s, V = np.linalg.svd(P.T, full_matrices=False)
    ways = np.linalg.inv(P @ P.T) @ P @ TEN_T, np.linalg.solve(R, Q.T @ TEN_T), V.T @ (U.T @ TEN_T / s)
    for name, found in zip(lost, ways, strict=True):
        lost[name].append(np.abs(found - exact).max() / np.abs(exact).max())
print(f"M = 9: condition number of the features {np.linalg.cond(P):.0e}, of the product {np.linalg.cond(P @ P.T):.0e}")
for name, errors in lost.items():
    print(f"{name}: eight digits or more are right: {bool(errors[-1] < 1e-8)}")
plots.show(plots.digits(degrees, {name: lost[name] for name in ("normal equations", "QR")}))

# %% [markdown]
# So the formula of the slide is right on paper, and wasteful in a computer. Methods that never form $X X^\top$ keep the digits. **QR** splits $X^\top$ into $Q$, whose columns are perpendicular and of length 1, and a triangle $R$; then $R \mathbf{w} = Q^\top \mathbf{t}$.
# The **singular values** 奇异值 go one step further: the largest divided by the smallest *is* the condition number. NumPy's `np.linalg.lstsq` uses them.
#
# ### Exercise `least_squares` ●●○
#
# Return the weights for any features. Keep the digits: the check asks for $M = 9$. Where features depend on each other, many weights are equally good; return the shortest. `help(np.linalg.lstsq)` says what it expects, and what it does then.

# %% exercise="least_squares"
def least_squares(X, t):
    """Return the weights of the least squares of t - X.T @ w; of several the shortest.

    X : features, shape (features, samples); with its row of ones, if one is wanted
    t : targets, shape (samples,)
    """
    ### BEGIN SOLUTION
    # step: lstsq wants samples as rows. It returns four things; the weights come first.
    # wrong: return np.linalg.solve(X @ X.T, X @ t)
    weights, *_ = np.linalg.lstsq(X.T, t)
    return weights
    ### END SOLUTION


# %% check="least_squares"
check(least_squares)

# %% [markdown]
# ## 5. Why squares?
# <!-- cut -->
#
# Why not absolute values, or fourth powers? Squares follow from one belief: each target is the line's value plus **normal noise** 正态噪声 with the standard deviation $\sigma$. Then a residual $e$ has the density
#
# $$p(e) = \frac{1}{\sqrt{2 \pi}\, \sigma} \exp\left(-\frac{e^2}{2 \sigma^2}\right)$$
#
# Independent residuals multiply. The product, seen as a function of the weights, is their **likelihood** 似然. Its logarithm is a sum: in each term stands $-\frac{e_i^2}{2\sigma^2}$, and a constant.
# The weights that make the data most probable, **maximum likelihood** 最大似然, are those with the least sum of squares. That is all there is behind squares.

# %% [markdown] question="why_logs"
# **Predict.** 1000 residuals, each with a density of about 0.2. What does a computer say about their product?
# <!-- option: a small number :: How small? 0.2 to the power 1000 is about ten to the minus 699. Floats end at ten to the minus 324. -->
# <!-- option: 0 :: Right: it is below the smallest float. So we add logarithms. -->
#
# <details><summary>Answer</summary>
#
# 0: the product is far below the smallest float, about $10^{-324}$. So likelihoods are computed as sums of logarithms. Here $1000 \cdot \ln 0.2 \approx -1609$, which is no problem.
#
# </details>

# %%
predict("why_logs")

# %% [markdown]
# ## 6. What do you believe before the data?
#
# With ten weights and ten points the most probable weights are wild. You would not believe them: before any data, you would have said that weights of a million are absurd.
# Write this belief down as a **prior** 先验: each weight is normal, with mean 0 and a standard deviation $\nu$. Small $\nu$: you are sure that weights are small. Large $\nu$: you will believe anything.
#
# Bayes' rule puts both together. Up to a constant that does not depend on $\mathbf{w}$, the **log-posterior** 对数后验 is the log-likelihood plus the logarithm of the prior:
#
# $$\log p(\mathbf{w} \mid X, \mathbf{t}) = \sum_i \log p(e_i) + \sum_j \log p(w_j) + \text{const}$$
#
# ### Exercise `log_posterior` ●●○
#
# Return the two sums. Both densities are normal, so write one and use it twice: $\sigma$ belongs to the residuals, $\nu$ to the weights. Keep the factors in front of the exponentials: whoever compares two $\sigma$ needs them.

# %% exercise="log_posterior"
def log_posterior(w, X, t, sigma, nu):
    """Return log-likelihood of the residuals plus log-prior of w, a float.

    w : weights, shape (features,)
    X, t : features, shape (features, samples), and targets, shape (samples,)
    sigma, nu : standard deviations of the noise and of the weights, positive
    """
    ### BEGIN SOLUTION
    # step: The logarithm of one normal density, for an array of values. No exponential is left in it.
    def log_density(values, sd):
        return -0.5 * (values / sd) ** 2 - np.log(np.sqrt(2 * np.pi) * sd)

    # step: Residuals with sigma, weights with nu. Logs of products are sums.
    # wrong: return np.mean(log_density(t - w @ X, sigma)) + np.mean(log_density(w, nu))
    return np.sum(log_density(t - w @ X, sigma)) + np.sum(log_density(w, nu))
    ### END SOLUTION


# %% check="log_posterior"
check(log_posterior)

# %% [markdown]
# Which weights are most probable then? These are the **maximum a posteriori** 最大后验, in short MAP. Multiply the log-posterior by $-\sigma^2$ and drop the constants:
#
# $$\frac{1}{2} \lVert \mathbf{t} - X^\top \mathbf{w} \rVert^2 + \frac{1}{2}\, \boxed{\;?\;} \, \lVert \mathbf{w} \rVert^2$$
#
# You know this form: least squares with a price, the ridge of chapter 07. So a price on weights *is* a belief about weights. One question is left: which price?

# %% [markdown] question="which_price"
# **Fill the gap.** What stands in the box?
# <!-- option: σ²/ν² :: Right: much noise or a strong belief make it large. -->
# <!-- option: ν²/σ² :: Try the extreme: a belief so strong that ν is nearly 0. Should the price be small or large then? -->
# <!-- option: 1/ν² :: That was its factor before everything was multiplied by σ². -->
# <!-- option: σ/ν :: Both stand in squares in the exponents. -->
#
# <details><summary>Answer</summary>
#
# $\lambda = \sigma^2 / \nu^2$. Noisy data deserve less trust, so the price is higher. A vague belief, large $\nu$, makes it vanish.
#
# </details>

# %%
predict("which_price")

# %% [markdown]
# ### Exercise `map_weights` ●●●
#
# Return the most probable weights. With a price above 0 even the normal equations of ridge are fine: the price stands on the diagonal of $X X^\top$ and heals its condition. Here every weight pays, the constant too.

# %% exercise="map_weights"
def map_weights(X, t, sigma, nu):
    """Return the most probable weights for normal noise and a normal prior.

    X : features, shape (features, samples)
    t : targets, shape (samples,)
    sigma, nu : standard deviations of the noise and of each weight, positive
    """
    ### BEGIN SOLUTION
    # step: The price that the belief amounts to.
    penalty = (sigma / nu) ** 2
    # step: Set the derivative to 0: X (X.T w - t) + penalty w = 0.
    # wrong: return np.linalg.solve(X @ X.T - penalty * np.eye(len(X)), X @ t)
    return np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X @ t)
    ### END SOLUTION


# %% check="map_weights"
check(map_weights)

# %% [markdown]
# Do the two exercises agree? If `map_weights` is right, the slope of your `log_posterior` is 0 there, and `central_differences` of chapter 04 can measure it.
#
# The last four lines are four views of one problem. Two see squares and a price, two see probabilities; two have no belief, two have one.

# %%
X_5 = polynomial_features(x_5, 1)  # a row of ones, and x

# %% checkpoint="four_views"
with checkpoint(least_squares, log_posterior, map_weights):
    w_map = map_weights(X_5, y_5, 1.0, 2.0)
    measured = central_differences(lambda w: log_posterior(w, X_5, y_5, 1.0, 2.0), w_map)
    print("slope of the log-posterior at your weights is 0:", bool(np.abs(measured).max() < 1e-6))
    print(f"log-posterior at (2.2, 0.6): {log_posterior(np.array([2.2, 0.6]), X_5, y_5, 1.0, 2.0):.6f}")
    views = {
        "squares             ": least_squares(X_5, y_5),
        "squares with a price": np.linalg.solve(X_5 @ X_5.T + 0.25 * np.eye(2), X_5 @ y_5),
        "most likely         ": map_weights(X_5, y_5, 1.0, 1e6),
        "most probable       ": w_map,
    }
    for name, w in views.items():
        print(name, *(f"{value:.6f}" for value in w))

# %% [markdown] question="between_two"
# **Predict.** $\nu$ grows from nearly 0 to very large. From where to where do the most probable weights go?
# <!-- option: from 0 to least squares :: Right: first the belief rules, then the data. -->
# <!-- option: from least squares to 0 :: That is the path for a growing price. A growing ν is a weaker belief. -->
#
# <details><summary>Answer</summary>
#
# From 0, where the belief is everything, to least squares, where the data are. The path is bent: directions of which the data say much are learned first.
#
# </details>

# %%
predict("between_two")

# %%
with checkpoint(map_weights):
    path = [map_weights(X_5, y_5, 1.0, nu) for nu in (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 4.0, 100.0)]
    plots.show(plots.ellipses(X_5, y_5, {"most probable, ν grows": path}, prior=(0.5, 1.0, 1.5, 2.0)))

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Move the line by hand and watch its squares. Then let least squares, a prior or gradient descent take over. Before each click, say where the line will go.

# %% tags=["demo"]
from nnlab import demos

demos.regression()

# %% [markdown]
# ## 7. Can gradient descent find it too?
# <!-- cut -->
#
# A formula ends where a model is no longer linear in its weights. Gradient descent does not. Here we can compare the two.
#
# To keep steps alike for few and many samples, descend on the *mean*: $E(\mathbf{w}) = \frac{1}{2N} \lVert \mathbf{t} - X^\top \mathbf{w} \rVert^2$.
#
# ### Exercise `descend_to_fit` ●●○
#
# A whole program: start at $\mathbf{w} = 0$, make `steps` steps against the gradient of $E$, and keep the cost before the first step and after each.

# %% exercise="descend_to_fit"
def descend_to_fit(X, t, alpha, steps):
    """Return the weights after gradient descent, and the costs, shape (steps + 1,).

    X : features, shape (features, samples)
    t : targets, shape (samples,)
    alpha : learning rate
    steps : how many steps
    """
    ### BEGIN SOLUTION
    # step: Start from zeros, and note the cost where you stand.
    w = np.zeros(len(X))
    costs = [np.mean(t**2) / 2]
    # step: How far off each sample is, then the mean over the samples of its share in each weight.
    for _ in range(steps):
        w = w - alpha * X @ (w @ X - t) / len(t)
        # step: The cost after the step.
        costs.append(np.mean((w @ X - t) ** 2) / 2)
    return w, np.array(costs)
    ### END SOLUTION


# %% check="descend_to_fit"
check(descend_to_fit)

# %% [markdown] question="two_rates"
# **Predict.** On the five points you try $\alpha = 0.16$ and $\alpha = 0.17$, a thousand steps each. How do they differ?
# <!-- option: a little, one is a bit faster :: There is a limit between the two: 2 divided by the largest curvature of the cost, 0.169. -->
# <!-- option: one finds the line, the other explodes :: Right: between them lies the limit 2/λmax = 0.169. -->
#
# <details><summary>Answer</summary>
#
# One finds the line, the other explodes. A step of $\alpha$ multiplies what is left in each direction by $1 - \alpha \lambda$, where $\lambda$ is the curvature of the cost there, an eigenvalue of $X X^\top / N$.
# For $\alpha > 2 / \lambda_{\max}$ this factor is below $-1$: each step jumps over the valley and lands higher.
#
# </details>

# %%
predict("two_rates")

# %% checkpoint="descent"
with checkpoint(descend_to_fit):
    for steps in (1, 2, 3, 1000):
        w, _ = descend_to_fit(X_5, y_5, 0.05, steps)
        print(f"after {steps:4} steps of 0.05:", *(f"{value:.4f}" for value in w))
    print(f"limit: {2 / np.linalg.eigvalsh(X_5 @ X_5.T / 5).max():.6f}")
    for alpha in (0.16, 0.17):
        w, costs = descend_to_fit(X_5, y_5, alpha, 1000)
        print(f"alpha = {alpha}: cost falls: {bool(costs[-1] < costs[0])}, intercept near 2.2: {bool(abs(w[0] - 2.2) < 0.01)}")

# %% [markdown]
# The valley is long and narrow. Across it $\alpha$ must be small, along it a small $\alpha$ takes ages: the first figure has 60 steps, and is not there yet. Put the features on one scale, as in chapter 05, and the ellipses become circles. One step is enough:

# %%
with checkpoint(descend_to_fit):
    scaled_5 = np.vstack([np.ones(5), (x_5 - x_5.mean()) / x_5.std()])
    walks = {name: np.array([descend_to_fit(X, y_5, alpha, s)[0] for s in range(60)]) for name, X, alpha in (("as it is, α = 0.16", X_5, 0.16),)}
    plots.show(plots.ellipses(X_5, y_5, walks))

# %%
with checkpoint(descend_to_fit):
    w, _ = descend_to_fit(scaled_5, y_5, 1.0, 1)
    plots.show(plots.ellipses(scaled_5, y_5, {"standardised, one step of α = 1": np.array([[0, 0], w])}))
    print("standardised, α = 1: after one step", w.round(4), " best:", least_squares(scaled_5, y_5).round(4))

# %% [markdown]
# ## 8. Yes or no, instead of how much
#
# May one put the labels 0 and 1 in as targets, fit a line, and say "yes" above ½? S2 even lists *logistic regression* among the methods for continuous targets. Try it, with two clouds, and then with some points that lie far inside the right side:

# %% [markdown] question="far_points"
# **Predict.** Sixty points are added. All are far from the border, on the right side of it, and correctly labelled. What happens to the border of least squares?
# <!-- option: nothing, they are right already :: For a squared error a point with the value 5 and the label 1 is 4 too high. It is punished for being too right. -->
# <!-- option: it is dragged towards them :: Right: the square punishes a value of 5 where 1 is asked for. -->
#
# <details><summary>Answer</summary>
#
# It is dragged towards them, and errs on points that it had right. A squared error asks for *exactly* 1. A probability of nearly 1 should be enough: that is what the sigmoid and the cross-entropy say.
#
# </details>

# %%
predict("far_points")

# %% [markdown]
# **Logistic regression** 逻辑回归 is a network of one layer with one neuron: $a = \sigma(\mathbf{w}^\top \mathbf{x} + b)$ is the probability of "yes". Its error is the cross-entropy of chapter 05, and you know its error term: no slope is left in it.
#
# ### Exercise `logistic_fit` ●●●
#
# A whole program. Start from zeros, make `steps` steps on the mean cross-entropy plus $\frac{\lambda}{2} \lVert \mathbf{w} \rVert^2$. The bias pays nothing. Take the gradients of all parameters before you move any.

# %% exercise="logistic_fit"
def logistic_fit(X, y, alpha, steps, penalty=0.0):
    """Return weights, shape (features,), and bias, a float, of a trained neuron.

    X : features, shape (features, samples)
    y : labels 0 and 1, shape (samples,)
    alpha : learning rate
    steps : how many steps
    penalty : price on the weights, for the mean cross-entropy
    """
    ### BEGIN SOLUTION
    w, b = np.zeros(len(X)), 0.0
    # step: The error term of sigmoid and cross-entropy: what it says minus what is true.
    for _ in range(steps):
        delta = sigmoid(w @ X + b) - y
        # step: Mean over the samples. Only the weights pay.
        w = w - alpha * (X @ delta / len(y) + penalty * w)
        b = b - alpha * np.mean(delta)
    return w, b
    ### END SOLUTION


# %% check="logistic_fit"
check(logistic_fit)

# %%
with checkpoint(least_squares, logistic_fit):

    def clouds(n, rng, far=0):
        """Draw two clouds of n points, and some points far on the side of the second."""
        X = np.hstack([rng.normal(-1, 1, (2, n)), rng.normal(1, 1, (2, n)), rng.normal([[10], [2]], 0.5, (2, far))])
        return X, np.repeat([0, 1, 1], [n, n, far])

    for far in (0, 10, 60):
        right = []
        for seed in range(10):
            rng = np.random.default_rng(seed)
            X, y = clouds(100, rng, far)
            X_new, y_new = clouds(1000, rng)
            v = least_squares(np.vstack([np.ones(len(y)), X]), y)
            w, b = logistic_fit(X, y, 1.0, 300)
            right.append([np.mean((v[0] + v[1:] @ X_new > 0.5) == y_new), np.mean((w @ X_new + b > 0) == y_new)])
        (line, neuron), (sd_line, sd_neuron) = np.mean(right, axis=0), np.std(right, axis=0)
        print(f"{far:2} far points: least squares {line:.3f} ± {sd_line:.3f}, logistic {neuron:.3f} ± {sd_neuron:.3f}")

# %% [markdown]
# Sixty correct points cost the line six points of a hundred: from 0.920<!-- measured --> to 0.860<!-- measured --> on new data. The neuron stays at 0.919<!-- measured -->, as if they were not there.

# %% [markdown] question="without_end"
# **Predict.** Four points, $x = -2, -1, 1, 2$, with the labels 0, 0, 1, 1. One weight, no price. Where does $w$ stop?
# <!-- option: at 1 :: Does a steeper sigmoid fit these labels worse? -->
# <!-- option: nowhere :: Right: a steeper sigmoid is always a little better. -->
#
# <details><summary>Answer</summary>
#
# Nowhere. The classes can be separated, so a steeper sigmoid is always a little better. $w$ grows like a logarithm: ten times the steps add about $\ln 10 = 2.3$. A price stops it.
#
# </details>

# %%
predict("without_end")

# %% checkpoint="one_layer"
with checkpoint(logistic_fit):
    x_4 = np.array([[-2.0, -1, 1, 2]])
    for steps in (1, 2, 1000):
        w, b = logistic_fit(x_4, np.array([0, 1, 0, 1]), 1.0, steps)
        print(f"cannot be separated, {steps:4} steps: w = {w[0]:.6f}, b = {round(b, 9) + 0.0}")
    for steps in (10, 100, 1000, 10000):
        w, _ = logistic_fit(x_4, np.array([0, 0, 1, 1]), 1.0, steps)
        print(f"can be separated, {steps:5} steps: w = {w[0]:.3f}")
    w, _ = logistic_fit(x_4, np.array([0, 0, 1, 1]), 1.0, 5000, 0.01)
    print(f"with a price of 0.01: w = {w[0]:.4f}")

# %% [markdown]
# ## 9. Is the model any good?
# <!-- cut -->
#
# $R^2 = 1 - \sum e_i^2 / \sum (y_i - \bar y)^2$ says which share of the spread a line explains. People like it, since it is one number. But look at what three fits leave over:

# %%
x_40, sets = np.linspace(0, 1, 40), {}
for seed, (name, f, noise) in enumerate((("line", lambda x: 2 * x, 0.2), ("curve", lambda x: 3 * x**2, 0.2), ("funnel", lambda x: 2 * x, 0.5 * x_40))):
    sets[name] = f(x_40) + noise * np.random.default_rng(seed).normal(size=40)

with checkpoint(line_fit):
    left = {}
    for name, y_40 in sets.items():
        intercept, slope = line_fit(x_40, y_40)
        left[name] = (x_40, y_40 - intercept - slope * x_40)
    plots.show(plots.residuals(left))

# %% [markdown]
# What is left should look like noise: no wave, and everywhere the same spread. Two numbers see the two most common faults. A *wave* makes each residual like its neighbour. A *funnel* makes $\lvert e \rvert$ grow with $x$.
#
# ### Exercise `residual_report` ●●○
#
# Return $R^2$ and two correlations: of each residual with the next one in the order of $x$, and of the residuals' sizes with $x$. `np.corrcoef(u, v)[0, 1]` is the correlation of two arrays. The samples may come in any order.
# Where nothing at all is left, there is nothing to correlate: return 1 and twice `np.nan`.

# %% exercise="residual_report"
def residual_report(x, y, intercept, slope):
    """Return R², correlation of neighbouring residuals, and of their sizes with x.

    x, y : arrays of shape (samples,), in any order
    intercept, slope : of the line to judge; it need not be the best one
    """
    ### BEGIN SOLUTION
    # step: Neighbours are neighbours in x. Sort first.
    order = np.argsort(x)
    x, y = x[order], y[order]
    e = y - intercept - slope * x
    # step: An exact line leaves nothing.
    if not e.any():
        return 1.0, np.nan, np.nan
    # step: The share explained, then the two correlations.
    r_squared = 1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)
    return r_squared, np.corrcoef(e[:-1], e[1:])[0, 1], np.corrcoef(np.abs(e), x)[0, 1]
    ### END SOLUTION


# %% check="residual_report"
check(residual_report)

# %% checkpoint="three_fits"
with checkpoint(line_fit, residual_report):
    for name, y_40 in sets.items():
        r_squared, neighbours, funnel = residual_report(x_40, y_40, *line_fit(x_40, y_40))
        print(f"{name:6} R² {r_squared:.2f}   neighbours {neighbours:5.2f}   funnel {funnel:5.2f}")

# %% [markdown]
# All three have a fine $R^2$, from 0.83<!-- measured --> to 0.94<!-- measured -->. Only the first deserves it. With 40 samples such a correlation moves by about 0.16 by chance, so below 0.3 it may well be noise. In a thousand other draws a wave gives 0.53 ± 0.12 and a funnel 0.54 ± 0.10: nearly always enough to be seen.

# %% [markdown]
# ## 10. The challenge
# <!-- cut -->
#
# ### Exercise `my_fit` ●●●
#
# You get points, and nobody tells you which curve they come from: a constant, a line, one period of a sine, or two. There are 12 to 40 of them, with little or much noise. Say what the true curve is at new places.
#
# It is tried on 400 such sets. For each, the distance of your curve from the true one counts, as a multiple of the noise. No polynomial of one fixed degree does well on all of them. Ask the data which degree the *next* points would like.

# %% exercise="my_fit"
def my_fit(x, t, x_new):
    """Return the curve behind some points at new places, shape (places,).

    x, t : the points, arrays of shape (samples,), 12 to 40 of them, x in [0, 1]
    x_new : the new places, shape (places,), between 0 and 1
    """
    ### BEGIN SOLUTION
    # step: Every fifth point is held back in turn. Which one goes where does not matter much.
    folds = np.arange(len(x)) % 5

    def error(degree):
        squares = []
        for fold in range(5):
            seen, hidden = folds != fold, folds == fold
            # step: Fit on what is seen, and measure on what is not.
            w = least_squares(polynomial_features(x[seen], degree), t[seen])
            squares.extend((t[hidden] - w @ polynomial_features(x[hidden], degree)) ** 2)
        return np.mean(squares)

    # step: The degree with the least error on hidden points, fitted again on all.
    best = min(range(10), key=error)
    return least_squares(polynomial_features(x, best), t) @ polynomial_features(x_new, best)
    ### END SOLUTION


# %% check="my_fit"
check(my_fit)

# %% [markdown]
# ## What you have learned
#
# - The best line makes the squares on its residuals smallest. It runs through the middle of the cloud.
# - A model that is linear in its weights has normal equations. The product $X X^\top$ costs half the digits; `lstsq` keeps them.
# - Squares are the belief in normal noise, a price on weights is a belief about weights, and $\lambda = \sigma^2 / \nu^2$ says how they weigh against each other.
# - Gradient descent gets there too, if $\alpha < 2 / \lambda_{\max}$, and quickly, if the features are on one scale.
# - A classifier wants probabilities: one sigmoid neuron, trained with the cross-entropy.
# - Look at what is left over. It should look like noise.

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A prior pulls all weights towards 0. With five points it changes the curve a lot, with five thousand hardly at all. Why? And when do you want a strong prior, although it makes the curve miss the points?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="belief_and_data"
# <!-- criterion: 1 :: Explains the balance: each point adds its square to the sum, the prior adds the same price however many points there are, so the data outweigh it. -->
# <!-- criterion: 1 :: Names a case for a strong prior, such as few points, much noise or many weights, and says what it costs: a curve that is wrong in one direction if the belief is wrong. -->
#
# Each point adds a squared residual to the objective, and the prior adds its price once. With five points the price weighs as much as they do; with five thousand it is lost beside them.
# I want a strong prior where points are few and noisy and weights are many: then the curve follows the noise without it. The cost is bias. If the true weights are large, the curve is too flat, whatever the points say.

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

# %% [markdown] recall="which_is_the_slope"
# A formula sheet gives two estimates, $\beta_0$ and $\beta_1$, and you suspect that they are exchanged. How do you find out without algebra?
#
# <details><summary>Answer</summary>
#
# Use points on a known line, such as $y = 1 + 2x$. What comes out as 2 multiplies $x$.
#
# </details>

# %% [markdown] recall="digits_after_product"
# The features have a condition number of $10^6$, and you form $X X^\top$. About how many of 16 digits are left?
# <!-- answer: 4 ± 0.5 -->
#
# <details><summary>Answer</summary>
#
# About 4. The product has the condition number $10^{12}$.
#
# </details>

# %% [markdown] recall="price_from_belief"
# The noise has $\sigma = 0.3$, and you believe that weights are about $\pm 0.6$. Which $\lambda$ is that?
# <!-- answer: 0.25 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# $0.3^2 / 0.6^2 = 0.25$.
#
# </details>

# %% [markdown] recall="what_stops_w"
# Two classes can be separated exactly. What stops the weights of logistic regression?
# <!-- option: the lowest cost :: There is none: a steeper sigmoid always costs a little less. -->
# <!-- option: a price, or the end of training :: Right: the cost alone never does. -->
#
# <details><summary>Answer</summary>
#
# A price on the weights, or that training ends. The cost alone goes on falling for ever.
#
# </details>

# %% [markdown] recall="good_r_squared"
# $R^2 = 0.9$, and neighbouring residuals correlate by 0.8. What is wrong?
# <!-- option: nothing, 0.9 is good :: It explains nine tenths of the spread. But what is left has a shape. -->
# <!-- option: the model misses a bend :: Right: what is left is a wave. -->
#
# <details><summary>Answer</summary>
#
# The residuals form a wave: the model misses a bend. A term such as $x^2$ is missing.
#
# </details>

# %%
recall("which_is_the_slope", "digits_after_product", "price_from_belief", "what_stops_w", "good_r_squared")

# %% [markdown]
# ### Your own library
# <!-- cut -->
#
# What has passed its check is yours. Later chapters use it.

# %%
own_code()

# %% [markdown]
# ### To go further
# <!-- cut -->
#
# 1. Draw 400 sets of five points with noise $\sigma = 0.5$ and estimate $\sigma^2$ as the mean of the squared residuals. On average it is too small. By which factor, and why?
# 2. Leave one point out, fit, and measure its error, for each point in turn. There is a formula that needs one fit only: $e_i / (1 - h_i)$. What is $h_i$?
# 3. Replace the normal prior by $p(w) \propto e^{-\lvert w \rvert / s}$. Which weights become exactly 0?
# 4. Newton's method takes 8 to 10 steps where gradient descent takes thousands. Write it for `logistic_fit`.
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | regression, residual | 回归, 残差 |
# | least squares, normal equations | 最小二乘, 正规方程 |
# | condition number, singular value | 条件数, 奇异值 |
# | likelihood, maximum likelihood | 似然, 最大似然 |
# | prior, posterior, maximum a posteriori | 先验, 后验, 最大后验 |
# | logistic regression | 逻辑回归 |
# | coefficient of determination $R^2$ | 决定系数 |
