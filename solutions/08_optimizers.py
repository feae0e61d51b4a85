# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 Optimizers 优化算法
#
# S2 trains its network for 10,000 epochs. It gets 0.692 of 5,000 images right, and asks you to do better.
#
# You will. On the way you will find that *how* a network walks downhill matters more than how long it walks. And you will keep a history of attempts that would convince somebody else.
#
# **After this chapter you can**
#
# - say beforehand at which learning rate gradient descent explodes,
# - write momentum, Nesterov and Adam, and say what each of them remembers,
# - say how noisy a gradient from few samples is, and what a falling learning rate does about it,
# - write the network of S2 as a class, and one training loop for every optimizer,
# - tell a better recipe from a luckier one.
#
# **Time:** 90 minutes. **You need:** `forward` and `backward` of chapters 03 and 04; mini-batches of chapter 05; why a sigmoid saturates, chapter 06.

# %% [markdown]
# Run this cell first.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.activations import relu, relu_derivative, tanh, tanh_derivative
from nnlab.data import load_digits

from mine import backward, cross_entropy, forward, one_hot, optimize, sigmoid, sigmoid_derivative, softmax

np.set_printoptions(precision=6, suppress=True)

pixels, classes = load_digits(return_X_y=True)


def digits(seed):
    """Return 1,437 digits to learn and 360 to test: X, Y, X_test, y_test."""
    order = np.random.default_rng(seed).permutation(len(classes))
    train, test = order[:1437], order[1437:]
    return pixels[train].T, one_hot(classes[train], 10), pixels[test].T, classes[test]


# %% [markdown]
# S2 uses Fashion-MNIST: 784 pixels, and a network of the sizes [784, 28, 10]. We use handwritten digits of 64 pixels, and [64, 28, 10]. They come with the course, and they learn in seconds.
#
# ### What you still know
# <!-- cut -->
#
# Three questions on earlier chapters. They give no marks.

# %% [markdown] recall="what_an_epoch_is"
# 1,437 samples, batches of 32. How many steps is one epoch?
# <!-- answer: 45 ± 0 -->
#
# <details><summary>Answer</summary>
#
# 45: forty-four full batches, and one of 29.
#
# </details>

# %% [markdown] recall="flat_sigmoid"
# Where is the slope of the sigmoid nearly 0?
# <!-- option: at z = 0 :: There it is steepest: 1/4. -->
# <!-- option: where z is far from 0 on either side :: Right: the neuron is saturated there, and hardly learns. -->
#
# <details><summary>Answer</summary>
#
# Far from 0, on both sides. At $z = 5$ it is 0.007 in place of 0.25.
#
# </details>

# %% [markdown] recall="limit_of_descent"
# A parabola has the curvature $\lambda = 4$. From which learning rate on does gradient descent explode?
# <!-- answer: 0.5 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# From $2 / \lambda = 0.5$ on. A step multiplies what is left by $1 - \alpha \lambda$.
#
# </details>

# %%
recall("what_an_epoch_is", "flat_sigmoid", "limit_of_descent")

# %% [markdown]
# ## 1. What held it back?
#
# Here is the lecture's program, in our notation: sigmoids in both layers, half the squared error, all samples in each step, weights drawn from $[-1, 1]$. It had 10,000 epochs and 5,000 images. We give it 300 steps on 400 images, so that you need not wait.

# %%
def lecture(X, Y, alpha, steps, seed=0):
    """Return W and b of S2's network, trained by gradient descent on all samples."""
    rng = np.random.default_rng(seed)
    W = [rng.uniform(-1, 1, size=(28, len(X))), rng.uniform(-1, 1, size=(10, 28))]
    b = [np.zeros((28, 1)), np.zeros((10, 1))]
    for _ in range(steps):
        z, a = forward(X, W, b, sigmoid, sigmoid)
        W, b = optimize(W, b, *backward(Y, W, z, a, sigmoid_derivative, sigmoid_derivative), alpha)
    return W, b


# %% [markdown] question="held_back"
# **Predict.** A rate of 0.1 gets less than half of the test digits right. What helps most?
# <!-- option: ten times more steps :: Try it, if you have time. On all digits 1,000 steps of 0.1 reach about 0.54. -->
# <!-- option: a larger learning rate :: Right: the same 300 steps reach about 0.9. -->
# <!-- option: more neurons :: 28 are enough for more than 0.97, as you will see. -->
#
# <details><summary>Answer</summary>
#
# A larger rate. The network was not unable. It walked in tiny steps on a flat plain.
#
# </details>

# %%
predict("held_back")

# %%
X, Y, X_test, y_test = digits(0)
for alpha in (0.1, 1.0, 3.0):
    W, b = lecture(X[:, :400], Y[:, :400], alpha, 300)
    right = np.mean(forward(X_test, W, b, sigmoid, sigmoid)[1][-1].argmax(axis=0) == y_test)
    print(f"alpha = {alpha}: {right:.2f} of the test digits right")

# %% [markdown]
# One number has changed, and nothing else: from 0.25<!-- measured --> to 0.93<!-- measured -->. With 1,000 steps and over 20 seeds it is 0.537 ± 0.108 with a rate of 0.1, and far above 0.9 with larger ones. The table in section 9 has them all.
#
# **What does 0.692 count?** The lecture prints 3,459 of 5,000 images, under the name `precision`. But the test set has 1,000 images: so this is *training* accuracy, and no precision. Its two columns `perf` are sums over different numbers of images, 5,000 and one batch. They cannot be compared.
# And "10,000 epochs" of SGD may be 10,000 *steps*; the lecture does not say.

# %% [markdown]
# ## 2. Why is the plain flat?
#
# A hidden neuron of [784, 28, 10] adds 784 products. Each weight is drawn from $[-1, 1]$, with a variance of 1/3.

# %% [markdown] question="spread_of_z"
# **Predict.** 784 pixels, of which the mean square is 0.25. What is the standard deviation of $z = \sum_i w_i x_i$, about?
# <!-- answer: 8 ± 2 -->
#
# <details><summary>Answer</summary>
#
# Variances of independent terms add: $784 \cdot \frac{1}{3} \cdot 0.25 = 65$. The root is about 8. Most neurons start where the sigmoid is flat.
#
# </details>

# %%
predict("spread_of_z")

# %%
rng = np.random.default_rng(0)
wide_pixels = rng.uniform(0, 1, size=(784, 300)) ** 1.5  # mean square 0.25, as many as Fashion-MNIST has
starts = {
    "784 pixels, [−1, 1]": rng.uniform(-1, 1, size=(28, 784)) @ wide_pixels,
    "64 pixels, [−1, 1]": rng.uniform(-1, 1, size=(28, 64)) @ X,
    "64 pixels, sd 1/√64": rng.normal(0, 1 / 8, size=(28, 64)) @ X,
}
for name, z in starts.items():
    print(f"{name}: sd of z {z.std():.1f}, beyond ±4: {np.mean(np.abs(z) > 4):.0%}")
plots.show(plots.saturation(starts))

# %% [markdown]
# Where the bars stand outside the dashed hill, $\sigma'$ is nearly 0, and so is the gradient. With 784 pixels it is 58<!-- measured --> of 100 sums. Weights of standard deviation $1/\sqrt{n}$ for $n$ inputs keep $z$ where the sigmoid is steep. That is chapter 06 in one line.

# %% [markdown]
# ## 3. How steep may a valley be?
# <!-- cut -->
#
# Now the walk itself. Near a minimum every smooth cost looks like $f(\boldsymbol\theta) = \frac{1}{2} \boldsymbol\theta^\top A\, \boldsymbol\theta$ with a symmetric matrix $A$. Its gradient is $A \boldsymbol\theta$. Its eigenvalues $\lambda$ are the **curvatures** 曲率.
#
# Our ravine has $A = \mathrm{diag}(1, 20)$: gentle along, steep across. Their ratio $\kappa = 20$ is the **condition number** 条件数.

# %% [markdown] question="ravine_limit"
# **Predict.** Below which $\alpha$ does gradient descent converge in this ravine?
# <!-- answer: 0.1 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# Below $2 / \lambda_{\max} = 2 / 20 = 0.1$. Across the ravine each step multiplies $\theta_2$ by $1 - 20 \alpha$. At $\alpha = 0.1$ that is $-1$: it jumps from wall to wall for ever.
#
# </details>

# %%
predict("ravine_limit")

# %% [markdown]
# ### Exercise `descent_path` ●○○
#
# Walk, and write down every place: the start first, the last one last.

# %% exercise="descent_path"
def descent_path(A, start, alpha, steps):
    """Return the path of descent on f = 1/2 theta.T A theta, shape (steps + 1, n).

    A : symmetric matrix, shape (n, n)
    start : first place, shape (n,)
    alpha : learning rate
    steps : how many steps, zero or more
    """
    ### BEGIN SOLUTION
    # step: Room for all places. The first is the start.
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    # step: From each place one step against the gradient.
    for k in range(steps):
        path[k + 1] = path[k] - alpha * (A @ path[k])
    # step: All of them, the start too.
    # wrong: return path[1:]
    return path
    ### END SOLUTION


# %% check="descent_path"
check(descent_path)

# %% checkpoint="ravine_limit"
A, start = np.diag([1.0, 20.0]), np.array([-10.0, 1.0])

with checkpoint(descent_path):
    for place in descent_path(A, start, 2 / 21, 3)[1:]:
        print(f"alpha = 2/21: ({place[0]:.4f}, {place[1]:.4f})")
    for alpha in (0.0999, 0.1, 0.101):
        print(f"alpha = {alpha}: after 100 steps across the ravine {abs(descent_path(A, start, alpha, 100)[-1, 1]):.3f}")

# %%
with checkpoint(descent_path):
    plots.show(plots.ravine(A, {f"α = {name}": descent_path(A, start, alpha, 30) for name, alpha in (("0.02", 0.02), ("2/21, the best", 2 / 21), ("0.0999", 0.0999), ("0.101", 0.101))}))

# %% [markdown]
# **Why that limit holds in every valley.** Let $\mathbf{q}$ be an eigenvector of $A$, so that $A \mathbf{q} = \lambda \mathbf{q}$, and let $c$ be the part of $\boldsymbol\theta$ along it. One step takes $\alpha \lambda c$ away: $c \leftarrow (1 - \alpha \lambda)\, c$.
# The parts do not mix, so each can be watched alone. All shrink exactly if $-1 < 1 - \alpha \lambda < 1$ for each $\lambda$, that is if $0 < \alpha < 2 / \lambda_{\max}$.
#
# Small rates creep along the valley. Large ones bounce between its walls. The best compromise is $\alpha = 2 / (\lambda_{\min} + \lambda_{\max})$; then each step leaves $(\kappa - 1) / (\kappa + 1) = 19/21$ of the distance. With $\kappa = 1000$ it leaves 0.998. Gradient descent has no better to offer. Who has?

# %% [markdown]
# ## 4. What if the step remembered?
#
# Across the ravine the gradient changes its sign at each step. Along it, the sign stays. Add gradients up, and the first cancel while the second grow. That is **momentum** 动量:
#
# $$\mathbf{v} \leftarrow \mu \mathbf{v} + \mathbf{g} \qquad \boldsymbol\theta \leftarrow \boldsymbol\theta - \alpha \mathbf{v}$$
#
# The velocity $\mathbf{v}$ keeps a share $\mu$, usually 0.9. It starts at 0.

# %% [markdown] question="how_much_faster"
# **Predict.** The gradient is 1 at every step, $\mu = 0.9$. How large does the velocity become?
# <!-- answer: 10 ± 0.1 -->
#
# <details><summary>Answer</summary>
#
# $1 + 0.9 + 0.81 + \dots = 1 / (1 - 0.9) = 10$. So with momentum 0.9 a tenth of the learning rate goes as far.
#
# </details>

# %%
predict("how_much_faster")

# %% [markdown]
# ### Exercise `momentum_step` ●○○
#
# One step. Return the new place and the new velocity, and leave what you were given as it was.

# %% exercise="momentum_step"
def momentum_step(theta, g, v, alpha, mu):
    """Return theta and v after one step of momentum.

    theta, g, v : parameters, their gradient, and the velocity so far, of one shape
    alpha : learning rate
    mu : share of the velocity that is kept
    """
    ### BEGIN SOLUTION
    # step: First the velocity. The learning rate is not in it.
    v = mu * v + g
    # step: Then the place, with the new velocity.
    # wrong: return theta + alpha * v, v
    return theta - alpha * v, v
    ### END SOLUTION


# %% check="momentum_step"
check(momentum_step)

# %% [markdown]
# Momentum overshoots: like a ball, it rolls up the far wall before it turns. **Nesterov**'s idea: look ahead. Part of the next step is sure already, as the velocity will be kept. So use the gradient, and add the share $\mu$ of the *new* velocity:
#
# $$\mathbf{v} \leftarrow \mu \mathbf{v} + \mathbf{g} \qquad \boldsymbol\theta \leftarrow \boldsymbol\theta - \alpha (\mathbf{g} + \mu \mathbf{v})$$
#
# ### Exercise `nesterov_step` ●●○
#
# The same, with one term more.

# %% exercise="nesterov_step"
def nesterov_step(theta, g, v, alpha, mu):
    """Return theta and v after one step of Nesterov's momentum.

    theta, g, v : parameters, their gradient, and the velocity so far, of one shape
    alpha : learning rate
    mu : share of the velocity that is kept
    """
    ### BEGIN SOLUTION
    # step: The velocity is that of momentum.
    v = mu * v + g
    # step: The step goes one velocity further.
    # wrong: return theta - alpha * v, v
    return theta - alpha * (g + mu * v), v
    ### END SOLUTION


# %% check="nesterov_step"
check(nesterov_step)

# %% [markdown]
# ## 5. Every number its own step
# <!-- cut -->
#
# Some weights see gradients of $10^{-3}$, others of $10^3$. One $\alpha$ cannot suit both. **Adam** keeps two running means for each number: $\mathbf{m}$ of the gradient, $\mathbf{v}$ of its square. It goes by their ratio:
#
# $$\mathbf{m} \leftarrow \beta_1 \mathbf{m} + (1 - \beta_1)\, \mathbf{g} \qquad \mathbf{v} \leftarrow \beta_2 \mathbf{v} + (1 - \beta_2)\, \mathbf{g}^2$$
# $$\hat{\mathbf{m}} = \frac{\mathbf{m}}{1 - \beta_1^t} \qquad \hat{\mathbf{v}} = \frac{\mathbf{v}}{1 - \beta_2^t} \qquad \boldsymbol\theta \leftarrow \boldsymbol\theta - \alpha\, \frac{\hat{\mathbf{m}}}{\sqrt{\hat{\mathbf{v}}} + \varepsilon}$$
#
# Both means start at 0, so at first they are too small. The two denominators with $t$ make up for that; $t$ is 1 in the first step. All operations are element by element.

# %% [markdown] question="first_step_of_adam"
# **Predict.** $\alpha = 0.01$. How long is Adam's first step where the gradient is 1,000,000?
# <!-- answer: 0.01 ± 0.0001 -->
#
# <details><summary>Answer</summary>
#
# 0.01. In the first step $\hat m = g$ and $\hat v = g^2$, so the ratio is $\pm 1$, for a gradient of a thousandth just as for a million.
#
# </details>

# %%
predict("first_step_of_adam")

# %% [markdown]
# ### Exercise `adam_step` ●●●
#
# One step. Return $\mathbf{m}$ and $\mathbf{v}$ as they are kept, without the correction: the next step starts from them.

# %% exercise="adam_step"
def adam_step(theta, g, m, v, t, alpha=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Return theta, m and v after one step of Adam.

    theta, g : parameters and their gradient, of one shape
    m, v : running means of g and of g squared, of the same shape, without correction
    t : number of this step; the first is 1
    alpha, beta1, beta2, epsilon : learning rate, memories, what keeps it finite
    """
    ### BEGIN SOLUTION
    # step: Two running means.
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    # step: Both start at 0. Correct copies of them.
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    # step: The mean over its spread.
    # wrong: return theta - alpha * m / (np.sqrt(v) + epsilon), m, v
    return theta - alpha * m_hat / (np.sqrt(v_hat) + epsilon), m, v
    ### END SOLUTION


# %% check="adam_step"
check(adam_step)

# %% [markdown]
# Three steps by hand, and then a race. How many steps until $f < 10^{-3}$?

# %% checkpoint="by_hand"
with checkpoint(momentum_step, nesterov_step, adam_step):
    zero = np.zeros(2)
    gradients = [np.array([0.5, -4.0]), np.array([0.1, 4.0]), np.array([-0.2, 0.0])]
    for name in ("momentum", "Nesterov", "Adam"):
        theta, m, v = np.array([1.0, -2.0]), zero, zero
        for t, g in enumerate(gradients, 1):
            if name == "momentum":
                theta, v = momentum_step(theta, g, v, 0.1, 0.9)
            elif name == "Nesterov":
                theta, v = nesterov_step(theta, g, v, 0.1, 0.9)
            else:
                theta, m, v = adam_step(theta, g, m, v, t, alpha=0.1)
            print(f"{name}, step {t}: ({theta[0]:.6f}, {theta[1]:.6f})")


# %% checkpoint="race"
def walk(rule, A, alpha, steps, mu=0.9):
    """Return the places of a walk in the valley of A, from (-10, 1)."""
    theta, m, v = np.array([-10.0, 1.0]), np.zeros(2), np.zeros(2)
    path = [theta]
    for t in range(1, steps + 1):
        g = A @ theta
        if rule == "momentum":
            theta, v = momentum_step(theta, g, v, alpha, mu)
        elif rule == "Nesterov":
            theta, v = nesterov_step(theta, g, v, alpha, mu)
        elif rule == "Adam":
            theta, m, v = adam_step(theta, g, m, v, t, alpha=alpha)
        path.append(theta)
    return np.array(path)


with checkpoint(descent_path, momentum_step, nesterov_step, adam_step):
    steps = 120
    walks = {
        "gradient descent, α = 2/21": descent_path(A, start, 2 / 21, steps),
        "momentum, α = 1/20": walk("momentum", A, 1 / 20, steps),
        "Nesterov, α = 1/20": walk("Nesterov", A, 1 / 20, steps),
        "Adam, α = 0.5": walk("Adam", A, 0.5, steps),
    }
    for name, path in walks.items():
        heights = 0.5 * np.sum(path * (path @ A), axis=1)
        print(f"{name}: {np.argmax(heights < 1e-3)} steps")

# %%
with checkpoint(descent_path, momentum_step, nesterov_step, adam_step):
    plots.show(plots.ravine(A, {name: path[:31] for name, path in walks.items()}))

# %% [markdown]
# In this ravine momentum with $\mu = 0.9$ is no faster than well-chosen gradient descent: 77<!-- measured --> steps against 55<!-- measured -->. Nesterov is: 36<!-- measured -->. With $\kappa = 1000$ it looks otherwise: 3305 steps for gradient descent, 495 for momentum, 499 for Nesterov, 103 for Adam with 0.5.
# But turn that ravine by 45°, and Adam needs 685: it scales each coordinate, and a valley along no coordinate gains nothing from that.
#
# ### Play with it
# <!-- cut -->
#
# Move the learning rate past $2/\lambda_{\max}$. Before each move say which walk will explode.

# %% tags=["demo"]
from nnlab import demos

demos.optimizers()

# %% [markdown]
# ## 6. One sample, all samples, or some?
#
# The gradient over all 1,437 digits costs 1,437 forward passes. A **mini-batch** 小批量 of $B$ samples is cheaper, and its gradient noisier. By how much?
#
# Let $\mathbf{g}_i$ be the gradient of sample $i$, and $\bar{\mathbf{g}}$ their mean. The mean of $B$ samples, drawn with replacement, is off by $\sqrt{\frac{1}{B} \cdot \frac{1}{n} \sum_i \lVert \mathbf{g}_i - \bar{\mathbf{g}} \rVert^2}$, in the root mean square. Divide by $\lVert \bar{\mathbf{g}} \rVert$, and it is a share of the step.

# %% [markdown] question="four_times_the_samples"
# **Predict.** A batch of 256 in place of 64. How many times smaller is the noise?
# <!-- answer: 2 ± 0.05 -->
#
# <details><summary>Answer</summary>
#
# Twice. Noise falls with $1/\sqrt{B}$. Four times the work buys half the noise. That is why mini-batches pay.
#
# </details>

# %%
predict("four_times_the_samples")

# %% [markdown]
# ### Exercise `batch_noise` ●●○
#
# One column of `G` is the gradient of one sample. Where $\bar{\mathbf{g}}$ is exactly 0, return `np.inf`: there is noise, and nothing to compare it with.

# %% exercise="batch_noise"
def batch_noise(G, size):
    """Return how far a batch gradient is from the whole one, relative to its length.

    G : gradients, shape (parameters, samples)
    size : samples a batch, drawn with replacement, 1 or more
    """
    ### BEGIN SOLUTION
    # step: How far from the mean is one sample? Squares: sum over parameters, mean over samples.
    g = G.mean(axis=1, keepdims=True)
    spread = np.mean(np.sum((G - g) ** 2, axis=0))
    length = np.linalg.norm(g)
    # step: The mean of size samples is quieter. Relative to the length.
    # wrong: return np.sqrt(spread) / size / length if length else np.inf
    return np.sqrt(spread / size) / length if length else np.inf
    ### END SOLUTION


# %% check="batch_noise"
check(batch_noise)


# %% checkpoint="noise_law"
def sample_gradients(W, b, X, Y):
    """Return the last layer's gradient for each sample, (parameters, samples)."""
    _, a = forward(X, W, b, relu, softmax)
    return np.einsum("in,jn->ijn", a[-1] - Y, a[-2]).reshape(-1, X.shape[1])


rng = np.random.default_rng(1)
W_start = [rng.normal(0, np.sqrt(2 / 64), size=(28, 64)), rng.normal(0, np.sqrt(2 / 28), size=(10, 28))]
b_start = [np.zeros((28, 1)), np.zeros((10, 1))]
G = sample_gradients(W_start, b_start, X, Y)
with checkpoint(batch_noise):
    sizes = [1, 4, 16, 64, 256]
    computed = [batch_noise(G, size) for size in sizes]
    print("noise a batch:", *(f"{size}: {noise:.2f}" for size, noise in zip(sizes, computed, strict=True)))

# %%
with checkpoint(batch_noise):
    whole = G.mean(axis=1)
    measured = []
    for size in sizes:
        means = [G[:, rng.integers(0, G.shape[1], size=size)].mean(axis=1) for _ in range(100)]
        measured.append(np.sqrt(np.mean([np.sum((g - whole) ** 2) for g in means])) / np.linalg.norm(whole))
    slope = np.polyfit(np.log(sizes), np.log(measured), 1)[0]
    print(f"slope of the measured line, both scales logarithmic: {slope:.1f}")
    plots.show(plots.noise(sizes, measured, computed))

# %% [markdown]
# Measured and computed agree. On two logarithmic scales a power law is a straight line, and its slope is the exponent: −0.5<!-- measured -->, for $1/\sqrt{B}$.

# %% [markdown]
# ## 7. Must $\alpha$ stay fixed?
# <!-- cut -->
#
# Take the simplest cost, $\frac{1}{2} x^2$, with a gradient that is noisy: $g = x + \text{noise}$, of standard deviation 1. A step is $x \leftarrow (1 - \alpha) x - \alpha \cdot \text{noise}$.
#
# Gradient descent shrinks $x$, and the noise shakes it. In the end both balance: if the variance stays $V$, then $V = (1 - \alpha)^2 V + \alpha^2$. Solve it: $V = \dfrac{\alpha}{2 - \alpha}$. This is the **noise floor**. No patience gets below.

# %% [markdown] question="noise_floor"
# **Predict.** $\alpha = 0.5$. Which variance of $x$ is left for ever?
# <!-- answer: 0.333 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# $0.5 / 1.5 = 1/3$. With $\alpha = 0.05$ it is 0.026: smaller, but slow to get there. Hence: large steps first, small ones last.
#
# </details>

# %%
predict("noise_floor")

# %% [markdown]
# ### Exercise `learning_rate` ●●○
#
# Five **schedules** 学习率调度, at step $t = 0, 1, \dots$ of $T$:
#
# | name | learning rate |
# |---|---|
# | `constant` | $\alpha$ |
# | `step` | $\alpha$ while $t < T/2$, then $\alpha / 10$ |
# | `exponential` | $\alpha \cdot 0.98^t$ |
# | `inverse` | $\alpha / (1 + \alpha t)$ |
# | `cosine` | $\frac{\alpha}{2} \left(1 + \cos(\pi t / T)\right)$ |

# %% exercise="learning_rate"
def learning_rate(schedule, t, T, alpha):
    """Return the learning rate at step t of T.

    schedule : "constant", "step", "exponential", "inverse" or "cosine"
    t, T : number of the step, from 0, and of all steps
    alpha : learning rate at the start
    """
    ### BEGIN SOLUTION
    # step: One that stays, and one that falls once.
    if schedule == "constant":
        return alpha
    if schedule == "step":
        return alpha if t < T / 2 else alpha / 10
    # step: Two that fall a little at every step.
    if schedule == "exponential":
        return alpha * 0.98**t
    if schedule == "inverse":
        return alpha / (1 + alpha * t)
    # step: Half a turn of the cosine, in radians.
    # wrong: return alpha / 2 * (1 + np.cos(2 * np.pi * t / T))
    return alpha / 2 * (1 + np.cos(np.pi * t / T))
    ### END SOLUTION


# %% check="learning_rate"
check(learning_rate)

# %% checkpoint="schedule_values"
SCHEDULES = ("constant", "step", "exponential", "inverse", "cosine")
with checkpoint(learning_rate):
    for schedule in SCHEDULES:
        print(f"{schedule:12}", *(f"{learning_rate(schedule, t, 200, 0.5):.4f}" for t in (0, 50, 100, 199)))

# %%
with checkpoint(learning_rate):
    errors = {}
    for name, alpha in (*((schedule, 0.5) for schedule in SCHEDULES), ("constant, 0.05", 0.05)):
        rng, x, errors[name] = np.random.default_rng(0), np.full(4000, 10.0), []
        for t in range(200):
            rate = learning_rate(name.split(",")[0], t, 200, alpha)
            x = x - rate * (x + rng.normal(size=4000))
            errors[name].append(np.mean(x**2) / 2)
    for name, error in errors.items():
        print(f"{name}: mean of x²/2 in the last ten steps {np.mean(error[-10:]):.3f}")
    print(f"the floor of 0.5, computed: {0.5 / (2 - 0.5) / 2:.3f}")
    plots.show(plots.schedules(errors))

# %% [markdown]
# Every schedule that falls ends far below the constant rate with which it began. On the digits such gains are too small to see: there the network is not at its noise floor yet after 30 epochs.

# %% [markdown]
# ## 8. The lecture's program, repaired
#
# Now we build. S2's class has the right parts: it keeps $W$ and $b$ between calls, runs forward, finds gradients and takes steps. Its program has some faults, which you will not copy:
#
# - the output layer has the hidden layer's activation: tanh against targets of 0 and 1. We take softmax and cross-entropy;
# - weights come from $[-1, 1]$, whatever the number of inputs. We take a standard deviation of $1/\sqrt{n}$;
# - it says "first update layer $k + 1$, then layer $k$". Then $\delta$ of layer $k$ passes through weights that have moved already. *All gradients first, then all steps.*
#
# ### Exercise `neural_network` ●●○
#
# Complete the class. `forward` and `backward` of chapters 03 and 04 do the work. The function below the class only drives it, for the check.

# %% exercise="neural_network"
FUNCTIONS = {"sigmoid": (sigmoid, sigmoid_derivative), "tanh": (tanh, tanh_derivative), "relu": (relu, relu_derivative)}


class NeuralNetwork:
    """Layers of sizes M_0, ..., M_L: f in the hidden layers, softmax at the output."""

    def __init__(self, sizes, activation, seed):
        """Draw W by default_rng(seed), normal, sd 1 / sqrt(inputs); b is 0, (M_l, 1)."""
        self.f, self.f_grad = FUNCTIONS[activation]
        rng = np.random.default_rng(seed)
        ### BEGIN SOLUTION
        # step: Neighbours in sizes are inputs and neurons of a layer.
        self.W = [rng.normal(0, 1 / np.sqrt(n), size=(m, n)) for n, m in zip(sizes[:-1], sizes[1:], strict=True)]
        self.b = [np.zeros((m, 1)) for m in sizes[1:]]
        ### END SOLUTION

    def propagate(self, x):
        """Return lists z and a of all layers."""
        ### BEGIN SOLUTION
        # step: Softmax at the output only.
        return forward(x, self.W, self.b, self.f, softmax)
        ### END SOLUTION

    def gradients(self, x, y):
        """Return lists dW and db of the mean cross-entropy."""
        ### BEGIN SOLUTION
        # step: Behind softmax and cross-entropy no slope is left: ones.
        z, a = self.propagate(x)
        return backward(y, self.W, z, a, self.f_grad, np.ones_like)
        ### END SOLUTION

    def step(self, dW, db, alpha):
        """Move all parameters against their gradients."""
        ### BEGIN SOLUTION
        # step: All at once, after all gradients are known.
        self.W, self.b = optimize(self.W, self.b, dW, db, alpha)
        ### END SOLUTION

    def loss(self, x, y):
        """Return the mean cross-entropy."""
        return cross_entropy(self.propagate(x)[0][-1], y)


def neural_network(sizes, X, Y, activation, alpha, seed):
    """Return losses before, and after each of three steps, and the shapes of W."""
    network = NeuralNetwork(sizes, activation, seed)
    losses = [network.loss(X, Y)]
    for _ in range(3):
        network.step(*network.gradients(X, Y), alpha)
        losses.append(network.loss(X, Y))
    return np.array(losses), [w.shape for w in network.W]


# %% check="neural_network"
check(neural_network)

# %% checkpoint="parameters"
with checkpoint(neural_network):
    for sizes in ([784, 28, 10], [64, 28, 10]):
        network = NeuralNetwork(sizes, "sigmoid", 0)
        print(sizes, "has", sum(p.size for p in (*network.W, *network.b)), "parameters")
    network = NeuralNetwork([64, 28, 10], "sigmoid", 0)
    for _ in range(100):
        network.step(*network.gradients(X, Y), 3.0)
    right = np.mean(network.propagate(X_test)[1][-1].argmax(axis=0) == y_test)
    print("after 100 steps of 3.0 more than 0.9 right:", bool(right > 0.9))

# %% [markdown]
# A hundred steps do what the lecture's thousand did. Now all ideas of this chapter in one loop.
#
# ### Exercise `train_network` ●●●
#
# A whole program, for `"sgd"`, `"momentum"` (with $\mu = 0.9$) and `"adam"`. ReLU in the hidden layers, softmax and cross-entropy at the end.
#
# - Draw **one** permutation of the samples an epoch from `np.random.default_rng(seed)`, and cut it into batches. The last one may be smaller.
# - Each array of parameters, each $W$ and each $b$, keeps its **own** velocity or means from step to step.
# - `t` counts steps: it is 1 in the first and grows by one a *batch*, not an array.
# - After each epoch, note the loss over *all* samples.

# %% exercise="train_network"
def train_network(X, Y, W, b, optimizer, alpha, batch_size, epochs, seed):
    """Train a network and return W, b and the list of losses, one an epoch.

    X, Y : samples and one-hot targets, shapes (features, samples) and (classes, samples)
    W, b : lists of parameters at the start; they stay as they are
    optimizer : "sgd", "momentum" or "adam"
    alpha : learning rate
    batch_size : samples a batch
    epochs : how often all samples are used
    seed : of the order of the samples
    """
    ### BEGIN SOLUTION
    # step: One list of all parameters, and state for each of them. t counts steps.
    rng, L, t, losses = np.random.default_rng(seed), len(W), 0, []
    p = [*W, *b]
    m, v = [np.zeros_like(each) for each in p], [np.zeros_like(each) for each in p]

    # step: How array i moves. Velocity and means belong to it alone.
    def move(i, g):
        if optimizer == "momentum":
            new, v[i] = momentum_step(p[i], g, v[i], alpha, 0.9)
            return new
        # step: Adam has two of them, and needs t.
        if optimizer == "adam":
            new, m[i], v[i] = adam_step(p[i], g, m[i], v[i], t, alpha)
            return new
        return p[i] - alpha * g

    # step: An epoch is one permutation, cut into batches. Forward and backward on each batch.
    for _ in range(epochs):
        order = rng.permutation(X.shape[1])
        for index in (order[i : i + batch_size] for i in range(0, len(order), batch_size)):
            z, a = forward(X[:, index], p[:L], p[L:], relu, softmax)
            dW, db = backward(Y[:, index], p[:L], z, a, relu_derivative, np.ones_like)
            # step: One step more, and every array moves.
            t += 1
            p = [move(i, each) for i, each in enumerate([*dW, *db])]
        # step: After the epoch, the loss over all samples.
        losses.append(cross_entropy(forward(X, p[:L], p[L:], relu, softmax)[0][-1], Y))
    return p[:L], p[L:], losses
    ### END SOLUTION


# %% check="train_network"
check(train_network)

# %% checkpoint="beaten"
RATES = {"sgd": 0.1, "momentum": 0.03, "adam": 0.003}


def right_of(X, W, b, y):
    """Return the share right."""
    return np.mean(forward(X, W, b, relu, softmax)[1][-1].argmax(axis=0) == y)


with checkpoint(train_network):
    made = {}
    for optimizer, alpha in RATES.items():
        W, b, losses = train_network(X, Y, W_start, b_start, optimizer, alpha, 32, 30, 0)
        made[f"{optimizer}, {alpha}"] = losses
        right = right_of(X_test, W, b, y_test)
        print(f"{optimizer:8} more of the test digits right than", ", ".join(f"{share}: {bool(right > share)}" for share in (0.692, 0.789, 0.94)))
    curves, first_layer = made, W[0]

# %%
with checkpoint(train_network):
    plots.show(plots.cost_curves(curves))

# %% [markdown]
# 30 epochs, a second of time, and far above 0.692 and 0.789. Is it like for like? Not yet, and an honest comparison says so: these are other images, and they are test images. S2's figures count *training* images of Fashion-MNIST.
#
# So we took 864 real images of Fashion-MNIST, with [784, 28, 10] as in S2, and gave both programs the same images. The lecture's, with 300 steps, has 0.26, 0.63 and 0.80 of its training images right at rates of 0.1, 1 and 3. Your loop, with 30 epochs of Adam, has 0.95 to 0.99 of them right, in half the time.
# *That* is like for like, and it beats 0.692 and 0.789. On test images it is 0.77 to 0.81 in place of 0.71 at best. One reservation: 864 images are easier to know by heart than 5,000. If you have the files, the cell at the end of the chapter takes 5,000.
#
# What does a hidden neuron look for? Draw its 64 weights as a picture: blue is positive, orange negative, white 0.

# %%
with checkpoint(train_network):
    plots.show(plots.weight_pictures({"start": W_start[0][:7], "trained": first_layer[:7]}))

# %% [markdown]
# You may see strokes and edges, if you want to. Look again at the row above: it is noise, and one sees shapes in it, too. What is certain is less: neighbouring pixels agree a little more than before, and pixels that are always empty have kept the weights they had at the start.

# %% [markdown]
# ### Which activation?
# <!-- cut -->
#
# Your class takes any function. Give it two more: none at all, and the RELU3 of S2. The lecture never says what that is, its branch sets a derivative and no function; we read it as $\max(0, z)^3$. Then let all five learn for ten epochs, at three rates.

# %% [markdown] question="one_rate_for_all"
# **Predict.** At the rate 0.03, ReLU gets 0.9 of the test digits right. What does the sigmoid get at the same rate?
# <!-- option: about as much, it can express the same :: It can. But its slope is ¼ at most, so its steps are shorter: after ten epochs it is not there yet. -->
# <!-- option: much less :: Right: its slope is ¼ at most, so at the same rate it walks more slowly. -->
#
# <details><summary>Answer</summary>
#
# Much less, about 0.6. Its slope is at most ¼, and each step is shorter by that. With a hundred times the rate it is as good as any.
#
# </details>

# %%
predict("one_rate_for_all")

# %% tags=["demo", "nbval-ignore-output"]
FUNCTIONS |= {"none": (lambda z: z, np.ones_like), "RELU3": (lambda z: relu(z) ** 3, lambda z: 3 * relu(z) ** 2)}


def after_ten_epochs(activation, alpha, seed):
    """Return the share of the test digits right after ten epochs of batches of 32."""
    X, Y, X_test, y_test = digits(seed)
    network, rng = NeuralNetwork([64, 28, 10], activation, seed), np.random.default_rng(seed)
    for _ in range(10):
        for index in np.array_split(rng.permutation(X.shape[1]), 45):
            network.step(*network.gradients(X[:, index], Y[:, index]), alpha)
    return np.mean(network.propagate(X_test)[1][-1].argmax(axis=0) == y_test)


with checkpoint(neural_network), np.errstate(all="ignore"):
    for name in FUNCTIONS:
        told = []
        for alpha in (0.03, 0.3, 3.0):
            share = np.mean([after_ten_epochs(name, alpha, seed) for seed in range(3)])
            told.append(f"{share:.2f} at {alpha}" if share > 0.3 else f"lost at {alpha}")
        print(f"{name:8}", ", ".join(told))

# %% [markdown]
# Look at one column, and the activations differ a lot. At 0.03 the sigmoid has hardly begun, with 0.56<!-- measured -->. At 3 it is the only one that still learns. RELU3 breaks at a rate at which ReLU is fine: its slope grows with $z^2$.
#
# "Lost" stands where the steps have thrown the weights about. Such a network guesses, and gets about one digit in ten. How many exactly? That depends on the last bit of every sum, and so on your processor. A number would say nothing.
#
# Look at the best of each row, and all but RELU3 have 0.97<!-- measured --> or more, even without any activation: digits hardly need a hidden layer.
#
# So give each its own best rate, and compare split by split. Over 20 splits tanh is then better than ReLU by 0.005 ± 0.002, the sigmoid by 0.004 ± 0.002, GELU is worse by 0.005 ± 0.002, and no activation by 0.006 ± 0.002: mean and standard error.

# %% [markdown]
# ### And without any learning rate?
# <!-- cut -->
#
# Gradient descent knows the slope, and must be told how far to go. **Quasi-Newton methods** 拟牛顿法 learn the curvature from the gradients that they meet, and try lengths until the cost falls. S3's third solver, **L-BFGS**, is one of them. SciPy has it.
# It wants all parameters in *one* vector, and one function that returns the cost and its gradient.

# %% tags=["demo", "nbval-ignore-output"]
from scipy.optimize import minimize

X, Y, X_test, y_test = digits(0)
ends = np.cumsum([each.size for each in (*W_start, *b_start)])[:-1]


def joined(arrays):
    """Return all numbers of some arrays as one vector."""
    return np.concatenate([each.ravel() for each in arrays])


def taken_apart(theta):
    """Return W and b from one vector."""
    parts = [part.reshape(each.shape) for part, each in zip(np.split(theta, ends), (*W_start, *b_start), strict=True)]
    return parts[:2], parts[2:]


def cost_and_gradient(theta):
    """Return the mean cross-entropy over all digits, and its gradient as one vector."""
    W, b = taken_apart(theta)
    z, a = forward(X, W, b, relu, softmax)
    dW, db = backward(Y, W, z, a, relu_derivative, np.ones_like)
    return cross_entropy(z[-1], Y), joined([*dW, *db])


found = minimize(cost_and_gradient, joined([*W_start, *b_start]), jac=True, method="L-BFGS-B", options={"maxiter": 60})
theta = joined([*W_start, *b_start])
for _ in range(found.nfev):
    theta = theta - 0.5 * cost_and_gradient(theta)[1]
for name, end in (("L-BFGS", found.x), ("gradient descent, 0.5", theta)):
    right, new = (np.mean(forward(x, *taken_apart(end), relu, softmax)[1][-1].argmax(axis=0) == y) for x, y in ((X, Y.argmax(axis=0)), (X_test, y_test)))
    print(f"{name:21} after {found.nfev} gradients: training digits {right:.2f} right, test digits {new:.2f}")

# %% [markdown]
# With the same number of gradients L-BFGS knows nearly all training digits, 1.00<!-- measured -->, and gradient descent 0.95<!-- measured -->. Nobody had to choose a rate. On *test* digits the lead is half of that: over six splits it is 0.024 ± 0.015. A lower cost helps new digits, too, but less.
# Why is it not used for everything? It needs all samples in each step; the noise of mini-batches would spoil what it learns about the curvature. For small data it is a good first choice.

# %% [markdown]
# ## 9. Your history of attempts
#
# S2 asks for it. A history convinces if each line changes **one** thing, if each attempt ran with several seeds, and if it says "tie" where it is one.
#
# Below are ten attempts on [64, 28, 10], each with the same 20 seeds: how many of 360 test digits were right. Each column is one split, and some splits are easier than others.

# %%
ATTEMPTS = {
    "ReLU, SGD 0.1": [354, 352, 348, 350, 345, 341, 350, 340, 350, 341, 353, 340, 350, 347, 346, 345, 345, 351, 346, 355],
    "lecture, rate 0.1": [146, 154, 185, 209, 147, 199, 253, 198, 151, 113, 219, 229, 258, 152, 214, 190, 224, 185, 223, 215],
    "lecture, rate 1": [347, 338, 342, 341, 335, 336, 343, 338, 344, 337, 351, 327, 343, 342, 342, 341, 338, 341, 339, 343],
    "lecture, rate 3": [354, 348, 350, 346, 347, 342, 350, 342, 351, 345, 355, 342, 348, 350, 347, 347, 346, 351, 348, 351],
    "rate 3, small weights": [355, 351, 348, 352, 349, 344, 349, 343, 354, 343, 354, 343, 349, 350, 346, 345, 351, 350, 348, 350],
    "SGD 0.3": [356, 352, 349, 352, 348, 343, 353, 342, 351, 339, 352, 348, 352, 349, 347, 346, 340, 352, 347, 356],
    "momentum 0.03": [354, 352, 348, 350, 345, 342, 353, 343, 352, 342, 353, 344, 353, 347, 347, 345, 350, 351, 351, 356],
    "Nesterov 0.03": [354, 353, 349, 351, 345, 343, 354, 342, 350, 344, 354, 348, 352, 347, 347, 344, 349, 351, 350, 356],
    "Adam 0.003": [355, 354, 353, 354, 347, 344, 354, 341, 352, 343, 353, 347, 350, 350, 350, 348, 351, 352, 349, 355],
    "Adam, L2 0.001": [354, 352, 352, 350, 349, 344, 353, 346, 353, 345, 354, 347, 350, 350, 350, 348, 350, 353, 352, 355],
}
accuracies = np.array(list(ATTEMPTS.values())) / 360

# %% [markdown] question="is_it_better"
# **Predict.** Single runs scatter by about 0.012. Nesterov is better than SGD of 0.1 by about 0.005 in the mean of 20. Can that be told from luck?
# <!-- option: no, 0.005 is less than 0.012 :: You compare with the scatter of one run. But both had the same splits, and the mean of 20 is quieter. -->
# <!-- option: yes, if each split is compared with itself :: Right: an easy split is easy for both. The difference scatters less than either. -->
#
# <details><summary>Answer</summary>
#
# Yes. Subtract first, split by split, then average. An easy split is easy for both, and drops out. And the mean of $n$ differences has the standard error $s / \sqrt{n}$.
#
# </details>

# %%
predict("is_it_better")

# %% [markdown]
# ### Exercise `history` ●●○
#
# One row an attempt: name, mean, standard deviation (dividing by $n - 1$), gain and verdict.
#
# - The **gain** is the mean of the differences $d_j$ to the *first* row, seed by seed.
# - The verdict is `"tie"` where $\lvert \text{gain} \rvert < 2 s_d / \sqrt{n}$, with the standard deviation $s_d$ of the differences (again $n - 1$). Else `"better"` or `"worse"`. The first row is `"baseline"`.
#
# There are always two seeds or more: one run proves nothing.

# %% exercise="history"
def history(names, accuracies):
    """Return a list of (name, mean, sd, gain, verdict), one for each attempt.

    names : list of str
    accuracies : shape (attempts, seeds); a column belongs to one seed
    """
    ### BEGIN SOLUTION
    rows, n = [], accuracies.shape[1]
    for i, (name, row) in enumerate(zip(names, accuracies, strict=True)):
        # step: Subtract first, seed by seed. Then the mean, and how sure it is.
        d = row - accuracies[0]
        gain, error = d.mean(), d.std(ddof=1) / np.sqrt(n)
        # step: A tie is called a tie.
        verdict = "tie" if abs(gain) < 2 * error else "better" if gain > 0 else "worse"
        rows.append((name, row.mean(), row.std(ddof=1), gain, verdict if i else "baseline"))
    return rows
    ### END SOLUTION


# %% check="history"
check(history)

# %% checkpoint="attempts"
with checkpoint(history):
    for name, mean, sd, gain, verdict in history(list(ATTEMPTS), accuracies):
        print(f"{name:22} {mean + 1e-9:.3f} ± {sd:.3f}   {gain + 1e-9:+.3f}  {verdict}")

# %%
gains = {name: row - accuracies[0] for name, row in zip(ATTEMPTS, accuracies, strict=True) if name not in ("ReLU, SGD 0.1", "lecture, rate 0.1")}
plots.show(plots.compared(gains, xlabel="gain over SGD 0.1, split by split", level=("SGD 0.1", 0.0)))

# %% [markdown]
# Each grey dot is one split; the blue bar is one standard deviation of the dots to each side. The *mean* is surer than that: its standard error is the bar divided by $\sqrt{20} \approx 4.5$.
#
# Read it from the top. The lecture's program with its own rate is far behind. Thirty times the rate brings it level with SGD: a tie, with the sigmoids, the squared error and the wide weights that it had before.
# So the rate *was* the reason. The price is time: 1,000 steps on all samples cost a second, 30 epochs of mini-batches a tenth of that.
#
# Optimizers differ by less than a hundredth, and a single run scatters more than that: only the pairs tell them apart. And all ten attempts have looked at the same test sets. Chapter 10 says what that costs.
#
# Try one pair yourself: the first line against Adam, with three seeds and ten epochs each.

# %%
with checkpoint(train_network):
    again = []
    for seed in (0, 1, 2):
        X, Y, X_test, y_test = digits(seed)
        rng = np.random.default_rng(seed)
        W = [rng.normal(0, np.sqrt(2 / 64), size=(28, 64)), rng.normal(0, np.sqrt(2 / 28), size=(10, 28))]
        again.append([right_of(X_test, *train_network(X, Y, W, b_start, name, alpha, 32, 10, seed)[:2], y_test) for name, alpha in (("sgd", 0.1), ("adam", 0.003))])
    (sgd, adam), gains = np.mean(again, axis=0), np.diff(again, axis=1)
    print(f"yours, three seeds: SGD {sgd:.2f}, Adam {adam:.2f}, gains", *(f"{gain:+.2f}" for gain in gains.ravel()))

# %% [markdown]
# ## 10. The challenge
# <!-- cut -->
#
# ### Exercise `my_recipe` ●●●
#
# You hand in six settings. The course trains [64, 28, 10] with them for **ten** epochs, on ten splits that you do not know, and compares with SGD of 0.1, batches of 32, ReLU, on the *same* splits.
#
# | gain over SGD | points |
# |---|---|
# | 0 or more | 1 |
# | 0.007 or more | 2 |
# | 0.016 or more | 3 |
#
# Return `(activation, init, optimizer, learning_rate, batch_size, l2)`:
#
# - `activation`: `"relu"`, `"tanh"`, `"sigmoid"`, `"gelu"`, `"elu"`, `"swish"`, `"softplus"`, `"identity"` …
# - `init`: `"he"`, `"xavier"`, `"small"` or `"normal"` (standard deviations 0.01 and 1),
# - `optimizer`: `"sgd"`, `"momentum"`, `"nesterov"` or `"adam"`,
# - `learning_rate`: above 0; `batch_size`: a whole number, 8 or more; `l2`: the price on the weights, 0 or more.
#
# The cell behind the exercise tries your recipe on splits of its own. Change one thing at a time.

# %% exercise="my_recipe"
def my_recipe():
    """Return activation, init, optimizer, learning rate, batch size and l2."""
    ### BEGIN SOLUTION
    # step: Ten epochs are short. A rate three times Adam's usual one, and twice the steps.
    return "tanh", "xavier", "adam", 0.01, 16, 0.0
    ### END SOLUTION


# %% check="my_recipe"
check(my_recipe)

# %% tags=["demo"]
from nnlab.network import recipe_gain

with checkpoint(my_recipe):
    print(f"gain over SGD on five splits: {recipe_gain(my_recipe(), range(5)):+.3f}")

# %% [markdown]
# Five splits are five splits. Their mean gain scatters by about 0.004. And the more recipes you try on them, the more the best one flatters itself. Chapter 10 says what that costs.

# %% [markdown]
# ## What you have learned
#
# - What held the lecture's program back was the learning rate, the weights at the start, and the squared error. Not patience.
# - Gradient descent converges below $2/\lambda_{\max}$, and creeps where curvatures differ much.
# - Momentum remembers directions, Nesterov looks ahead, Adam gives each number its own step.
# - Noise falls with the root of the batch. A constant rate has a noise floor, and a falling one gets below it.
# - Subtract seed by seed, then average. A tie is called a tie.

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# You want to show that Adam is better than momentum for the digits. Describe the experiment. What has to be the same for both? What may each of them choose for itself? And when would you call it a tie?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="fair_race"
# <!-- criterion: 1 :: Keeps data, network, starts and the number of steps the same, and lets each optimizer have a learning rate of its own, chosen with equal effort and not on the test part. -->
# <!-- criterion: 1 :: Compares over several seeds, seed by seed, and calls it a tie where the mean difference is less than about two standard errors. -->
#
# Both get the same images, the same network, the same start for each seed and the same number of steps. Each may choose its learning rate, from equally many tries, on a validation part: a rate that suits one is wrong for the other.
# Then I would run five or more seeds and subtract seed by seed. If the mean difference is smaller than two of its standard errors, it is a tie.

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

# %% [markdown] recall="why_two_over_lambda"
# Why may $\alpha$ not exceed $2 / \lambda_{\max}$?
# <!-- option: the gradient would vanish :: It does not vanish, it grows. Follow one step across the ravine. -->
# <!-- option: each step would land higher on the other wall :: Right: $1 - \alpha \lambda$ is then below −1. -->
#
# <details><summary>Answer</summary>
#
# Across the steepest direction each step multiplies the distance by $1 - \alpha \lambda_{\max}$. Beyond $2 / \lambda_{\max}$ this is below $-1$: it lands on the other wall, and higher.
#
# </details>

# %% [markdown] recall="what_hats_correct"
# $\beta_2 = 0.999$. By which factor is $v$ too small after the first step, without the correction?
# <!-- answer: 1000 ± 1 -->
#
# <details><summary>Answer</summary>
#
# By 1000: $v = 0.001\, g^2$. And $m$ is too small by 10. So a step would be $10^{-1} / \sqrt{10^{-3}} = 3.16$ times too long.
#
# </details>

# %% [markdown] recall="third_of_the_noise"
# You want a third of the noise in your gradients. How many times more samples must a batch have?
# <!-- answer: 9 ± 0 -->
#
# <details><summary>Answer</summary>
#
# Nine times: noise falls with the root.
#
# </details>

# %% [markdown] recall="cannot_be_compared"
# One program prints a summed error over 5,000 images, another over the 50 of its last batch. 1151 and 9. Which is better?
# <!-- option: the second :: Divide by the number of images: 0.23 and 0.18. And the batch was drawn at random. -->
# <!-- option: one cannot say from this :: Right: compare means, over the same images. -->
#
# <details><summary>Answer</summary>
#
# One cannot say. Means over the same images can be compared, sums over different ones cannot.
#
# </details>

# %% [markdown] recall="what_to_write"
# Two attempts differ by 0.004 in the mean of five splits. The differences scatter by 0.008. What do you write?
# <!-- option: better by 0.004 :: Its standard error is 0.008 / √5 = 0.0036. Twice that is more than the gain. -->
# <!-- option: a tie :: Right: 0.004 is less than twice 0.0036. -->
#
# <details><summary>Answer</summary>
#
# A tie. $2 \cdot 0.008 / \sqrt{5} = 0.007$, more than 0.004. Run more seeds if it matters.
#
# </details>

# %%
recall("why_two_over_lambda", "what_hats_correct", "third_of_the_noise", "cannot_be_compared", "what_to_write")

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
# 1. With the files of Fashion-MNIST on your machine, the cell below trains S2's [784, 28, 10] on 5,000 images and tests on 1,000. Which change helps most there?
# 2. Turn the ravine by 45°: $A = R\, \mathrm{diag}(1, 1000)\, R^\top$. Which of the four walks do not notice?
# 3. L-BFGS stops where the slope is 0, and a network has many such places. Start it ten times from other weights. How far apart do its costs end?
# 4. AdamW takes the price on weights out of $\mathbf{g}$ and shrinks $\boldsymbol\theta$ by itself. Where is the difference, if $\sqrt{\hat v}$ differs from weight to weight?
#
# S2's own images are looked for in the folder that the environment variable `NNLAB_DATA_HOME` names. Both programs get the same 5,000, which takes some seconds.

# %% tags=["demo", "nbval-ignore-output"]
import os

from nnlab.data import load_fashion_mnist

with checkpoint(train_network):
    if not os.environ.get("NNLAB_DATA_HOME"):
        print("No folder is named, so nothing is trained. load_fashion_mnist() says where files are.")
    else:
        try:
            images, labels = load_fashion_mnist(return_X_y=True)
        except (OSError, ValueError) as reason:
            images = None
            print(reason)
        if images is not None:
            drawn = np.random.default_rng(0).permutation(len(labels))[:6000]
            x, y = images[drawn].T.astype(float), labels[drawn]
            W, b = lecture(x[:, :5000], one_hot(y[:5000], 10), 1.0, 300)
            right = [np.mean(forward(part, W, b, sigmoid, sigmoid)[1][-1].argmax(axis=0) == t) for part, t in ((x[:, :5000], y[:5000]), (x[:, 5000:], y[5000:]))]
            print("the lecture's program, rate 1, 300 steps: training {:.3f}, test {:.3f}".format(*right))
            rng = np.random.default_rng(0)
            W = [rng.normal(0, np.sqrt(2 / 784), size=(28, 784)), rng.normal(0, np.sqrt(2 / 28), size=(10, 28))]
            W, b, _ = train_network(x[:, :5000], one_hot(y[:5000], 10), W, b_start, "adam", 0.003, 32, 30, 0)
            print(f"yours, Adam, 30 epochs: training {right_of(x[:, :5000], W, b, y[:5000]):.3f}, test {right_of(x[:, 5000:], W, b, y[5000:]):.3f}")

# %% [markdown]
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | optimizer, learning rate | 优化器, 学习率 |
# | curvature, condition number | 曲率, 条件数 |
# | momentum | 动量 |
# | mini-batch, stochastic gradient descent | 小批量, 随机梯度下降 |
# | learning rate schedule | 学习率调度 |
# | quasi-Newton method | 拟牛顿法 |
# | standard error | 标准误 |
