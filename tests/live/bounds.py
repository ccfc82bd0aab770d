"""How far one float32 evaluation of a Keras layer may be from the true value.

Written from the arithmetic, apart from the bounds in src/: magnitudes are
summed in float64. Two evaluations differ by at most twice the bound. Only
the numbers of functions.def are shared: they were measured, not derived.

gamma(n) bounds the relative error of n roundings in a row, u one of them.
"""

import math
import re
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from kit import keras

U = 2.0**-24
TINY = 2.0**-126
# Magnitudes of more multiply-adds than this are summed in float32, which is
# a hundred times quicker, and the sum's own error is added.
DOUBLE_UP_TO = 1e6


def gamma(n):
    """Relative error of n roundings."""
    return n * U / (1 - n * U)


# ---- functions of one number ----


def _read_table():
    root = Path(__file__).resolve().parents[2]
    text = (root / "src/layer/pointwise/functions.def").read_text()
    rows = re.findall(r"^FUNCTION\(([\w, ]+)\)", text, re.MULTILINE)
    cells = [row.replace(" ", "").split(",") for row in rows]
    return {c[0]: tuple(map(float, c[2:])) for c in cells}


TABLE = _read_table()

# Keras' name: the table's name and the parameters that Keras gives it.
SPELLINGS = {
    "swish": ("silu", ()),
    "hard_swish": ("hard_silu", ()),
    "hard_tanh": ("clip", (-1, 1)),
    "relu6": ("clip", (0, 6)),
    "leaky_relu": ("leaky_relu", (0.2,)),
    "celu": ("celu", (1,)),
    "elu": ("elu", (1,)),
    "hard_shrink": ("hard_shrink", (0.5,)),
    "soft_shrink": ("soft_shrink", (0.5,)),
    "squareplus": ("squareplus", (4,)),
}
# Those that Keras takes by their name as an activation.
POINTWISE = sorted(
    name
    for name in set(TABLE) - {"gelu_tanh", "threshold"}
    if hasattr(keras.activations, name)
)
ALONG_AXIS = ("softmax", "log_softmax", "sparsemax", "glu")


def stated(name, parameters, x, y):
    """What functions.def says of one evaluation at x with the value y."""
    of_y, of_x, of_one = TABLE[name]
    p = max([1.0, *(abs(float(a)) for a in parameters)])
    size = of_y * np.abs(y) + of_x * np.abs(x) + of_one * p
    return U * size + TINY * (1 + np.abs(x))


def value(name, x):
    """A stock activation in float64."""
    function = keras.activations.get(name)
    return np.asarray(function(keras.ops.convert_to_tensor(np.float64(x))))


def activation(name, x, x_error=0.0):
    """Of a stock activation at an x that is itself x_error off."""
    if name in (None, "linear"):
        return x_error + np.zeros_like(x)
    if name in ALONG_AXIS:
        return globals()[name](x, -1, x_error)
    function, parameters = SPELLINGS.get(name, (name, ()))
    y = value(name, x)
    own = stated(function, parameters, x, y)
    if not np.any(x_error):
        return own
    # All are monotonous, or nearly so over a range this small.
    ends = [np.abs(value(name, x + sign * x_error) - y) for sign in (-1, 1)]
    return own + np.maximum(*ends) + 0.1 * x_error


# ---- functions along an axis ----


def _exponentials(x, axis):
    d = np.max(x, axis=axis, keepdims=True) - x
    e = np.exp(-d)
    s = np.sum(e, axis=axis, keepdims=True)
    # Mean distance from the largest, weighted as the sum weighs it.
    return d, e, s, np.sum(e / s * d, axis=axis, keepdims=True)


def _largest(x_error, axis):
    return np.max(x_error, axis=axis, keepdims=True) if np.ndim(x_error) else x_error


def softmax(x, axis, x_error=0.0):
    """Each exponential is u d off for its argument's rounding and as much as
    the table says of itself; the sum's error is the mean of its parts' and
    n - 1 roundings; then a quotient, or a reciprocal and a product."""
    x = np.float64(x)
    d, e, s, mean = _exponentials(x, axis)
    own = TABLE["exponential"][0]
    n = x.shape[axis]
    relative = 1.01 * U * (d + mean + 2 * own + n + 2)
    return e / s * (relative + np.expm1(2 * _largest(x_error, axis))) + TINY


def joint_softmax(x, axis):
    """exp(x - L), L = max + log S: the logarithm takes over the sum's relative
    error and is a few ulps off itself, L and the difference round once each;
    what the exponent is off, the result is relatively, and its own ulps."""
    x = np.float64(x)
    d, e, s, mean = _exponentials(x, axis)
    own = TABLE["exponential"][0]
    n = x.size // s.size
    size = mean + 2 * own + n + 4 * np.log(s) + np.abs(x + d + np.log(s))
    return e / s * np.expm1(1.01 * U * (size + d + np.log(s))) + TINY


def softmax_layer(layer, x):
    """Along one axis, or several, or all."""
    axis = layer.axis if isinstance(layer.axis, (list, tuple)) else [layer.axis]
    if axis == [None]:
        axis = range(np.ndim(x))
    return softmax(x, axis[0]) if len(axis) == 1 else joint_softmax(x, tuple(axis))


def log_softmax(x, axis, x_error=0.0):
    """The logarithm turns the sum's relative error into an absolute one and
    is a few ulps off itself; two subtractions."""
    x = np.float64(x)
    d, _, s, mean = _exponentials(x, axis)
    own = TABLE["exponential"][0]
    size = 2 * d + mean + own + x.shape[axis] + 5 * np.log(s)
    return 1.01 * U * size + 2 * _largest(x_error, axis) + TINY


def sparsemax(x, axis, x_error=0.0):
    """y = max(x - t, 0), t by Keras' formula over a support that rounding may
    lengthen or shorten by the numbers next to its edge."""
    z = np.moveaxis(np.float64(x), axis, -1)
    n = z.shape[-1]
    r = np.arange(1, n + 1)
    falling = -np.sort(-z, axis=-1)
    partial = np.cumsum(falling, axis=-1)
    largest = np.max(np.abs(z), axis=-1, keepdims=True)
    edge = U * (n + 4) * (largest + 1) + 2 * np.max(x_error, initial=0)
    margin = falling - (partial - 1) / r
    low = np.sum(margin > edge, axis=-1, keepdims=True)
    high = np.sum(margin > -edge, axis=-1, keepdims=True)
    each = (np.cumsum(partial, axis=-1) - 1) / r
    possible = np.where((r >= low) & (r <= high), each, np.nan)
    spread = np.nanmax(possible, -1) - np.nanmin(possible, -1)
    t = np.nanmax(np.abs(possible), axis=-1, keepdims=True)
    error = spread[..., None] + 2 * edge * high + 2 * U * (np.abs(z) + t)
    return np.moveaxis(error + TINY, -1, axis)


def glu(x, axis, x_error=0.0):
    """a times sigmoid(b): the sigmoid's stated error and two roundings."""
    assert not np.any(x_error), "glu stands alone in the tests"
    a, b = np.split(np.float64(x), 2, axis=axis)
    size = np.abs(a) / (1 + np.exp(-b))
    return (TABLE["sigmoid"][0] + 2) * U * size + TINY * (1 + np.abs(a))


# ---- windows ----


def same(n, taps, stride, dilation=1):
    """What SAME puts before and after an axis of n elements."""
    reach = (taps - 1) * dilation + 1
    total = max(0, (-(-n // stride) - 1) * stride + reach - n)
    return total // 2, total - total // 2


def border(layer, sizes):
    """Pairs of what the layer itself puts before and after each axis."""
    taps = getattr(layer, "kernel_size", None) or layer.pool_size
    dilation = getattr(layer, "dilation_rate", (1,) * len(taps))
    if layer.padding == "causal":
        return [(dilation[0] * (taps[0] - 1), 0)]
    if layer.padding == "valid":
        return [(0, 0)] * len(taps)
    rows = zip(sizes, taps, layer.strides, dilation, strict=True)
    return [same(*row) for row in rows]


def channels_first(x, layer):
    """N C S... whatever the layer's order is."""
    first = layer.data_format == "channels_first"
    return x if first else np.moveaxis(x, -1, 1)


def source_order(x, layer):
    """The inverse of channels_first."""
    first = layer.data_format == "channels_first"
    return x if first else np.moveaxis(x, 1, -1)


def _surround(x, pairs):
    flat = [amount for pair in reversed(pairs) for amount in pair]
    return F.pad(x, flat)


def _kernel(layer):
    """O C/G S..., and the number of groups."""
    w = np.asarray(layer.kernel)
    if type(layer).__name__.startswith("Depthwise"):
        w = np.moveaxis(w, (-2, -1), (0, 1))
        return w.reshape(-1, 1, *w.shape[2:]), w.shape[0]
    return np.moveaxis(w, (-1, -2), (0, 1)), layer.groups


def _convolve(layer, x, w, groups):
    function = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
    padded = _surround(torch.from_numpy(x), border(layer, x.shape[2:]))
    return function(
        padded.contiguous(),
        torch.from_numpy(np.ascontiguousarray(w)),
        stride=tuple(layer.strides),
        dilation=tuple(layer.dilation_rate),
        groups=groups,
    ).numpy()


def _biased(y, layer, of=lambda b: b):
    if not layer.use_bias:
        return y
    bias = of(np.float64(layer.bias))
    return y + bias.reshape(-1, *[1] * (y.ndim - 2))


def convolution(layer, x):
    """n products and a bias, added in any order: n + 1 roundings."""
    w, groups = _kernel(layer)
    x = channels_first(x, layer)
    n = w[0].size
    work = n * w.shape[0] * x[:, 0].size / math.prod(layer.strides)
    real = np.float64 if work < DOUBLE_UP_TO else np.float32
    x, w = np.ascontiguousarray(x, real), w.astype(real)
    size = _biased(_convolve(layer, np.abs(x), np.abs(w), groups), layer, np.abs)
    error = gamma(n + 1) * size * (1 + 2 * gamma(n)) + (n + 1) * TINY
    return _activated(layer, x, w, groups, source_order(error, layer))


def _activated(layer, x, w, groups, error):
    if layer.activation is keras.activations.linear:
        return error
    y = _biased(_convolve(layer, x, w, groups), layer)
    return activation(function_name(layer), source_order(y, layer), error)


def function_name(layer):
    """The stock name of a layer's activation."""
    return keras.activations.serialize(layer.activation)


def dense(layer, x):
    """As a convolution of one tap."""
    x, w = np.float64(x), np.float64(layer.kernel)
    b = np.float64(layer.bias) if layer.use_bias else 0.0
    n = w.shape[0]
    error = gamma(n + 1) * (np.abs(x) @ np.abs(w) + np.abs(b)) + (n + 1) * TINY
    return activation(function_name(layer), x @ w + b, error)


def average_pool(layer, x):
    """A mean of the real elements of a window: at most as many additions as
    taps, a quotient, and three more where means of the padded values are
    divided by means of ones."""
    x = np.float64(np.abs(channels_first(x, layer)))
    taps = tuple(layer.pool_size)

    def sums(values):
        padded = _surround(torch.from_numpy(values), border(layer, x.shape[2:]))
        ones = torch.ones(values.shape[1], 1, *taps, dtype=torch.float64)
        function = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
        return function(
            padded, ones, stride=tuple(layer.strides), groups=values.shape[1]
        ).numpy()

    x = np.ascontiguousarray(x)
    mean = sums(x) / sums(np.ones_like(x))
    error = gamma(math.prod(taps) + 4) * mean + TINY
    return source_order(error, layer)


def global_average(layer, x):
    """n - 1 additions and a quotient, or a product with a rounded 1 / n."""
    first = layer.data_format == "channels_first"
    axes = tuple(range(2, x.ndim) if first else range(1, x.ndim - 1))
    n = math.prod(x.shape[a] for a in axes)
    mean = np.mean(np.abs(np.float64(x)), axis=axes, keepdims=layer.keepdims)
    return gamma(n + 1) * mean + TINY


# ---- a factor and a summand for each channel ----


def along(values, axis, rank):
    """A vector that broadcasts along an axis."""
    shape = [1] * rank
    shape[axis] = -1
    return np.float64(values).reshape(shape)


def batch_norm(layer, x):
    """Folded into x a + b, which is the worse way: a carries the rounding of
    eps and of the sum, both halved by the root, at most two ulps of a
    reciprocal root (4 u), and gamma's product: 6. x a one more; mean a one
    more, joined with beta another; the last sum one. 9, and one to spare."""
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]

    def vector(weight, otherwise):
        found = np.full(1, otherwise) if weight is None else weight
        return along(found, axis, x.ndim)

    root = np.sqrt(vector(layer.moving_variance, 1) + layer.epsilon)
    a = np.abs(vector(layer.gamma, 1.0) / root)
    mean, beta = vector(layer.moving_mean, 0), vector(layer.beta, 0.0)
    size = np.abs(np.float64(x)) * a + np.abs(mean) * a + np.abs(beta)
    return gamma(10) * size + 10 * TINY


def normalization(layer, x):
    """Root, difference, quotient, and constants in float32: 5, one spare."""
    mean = np.float64(layer.mean)
    root = np.maximum(np.sqrt(np.float64(layer.variance)), 1e-7)
    x = np.abs(np.float64(x))
    if layer.invert:
        return gamma(6) * (x * root + np.abs(mean)) + 6 * TINY
    return gamma(6) * (x + np.abs(mean)) / root + 6 * TINY


def rescaling(layer, x):
    """Two constants in float32, a product, a sum."""
    s, o = np.abs(np.float64(layer.scale)), np.abs(np.float64(layer.offset))
    return gamma(4) * (np.abs(np.float64(x)) * s + o) + 4 * TINY


def prelu(layer, x):
    """One product below 0."""
    product = np.abs(np.float64(layer.alpha) * x)
    return np.where(x > 0, 0, U * product + TINY)


# ---- functions with arguments ----


def relu(layer, x):
    """ReLU's three arguments; without a slope it only chooses."""
    slope, threshold = float(layer.negative_slope), float(layer.threshold)
    if slope == 0:
        return np.zeros(x.shape)
    limit = math.inf if layer.max_value is None else float(layer.max_value)
    y = np.where(x > threshold, np.minimum(x, limit), slope * (x - threshold))
    return stated("general_relu", (slope, threshold), np.float64(x), y)


def leaky_relu(layer, x):
    """One product."""
    y = np.where(x > 0, x, layer.negative_slope * np.float64(x))
    return stated("leaky_relu", (layer.negative_slope,), np.float64(x), y)


def elu(layer, x):
    """The table's row."""
    x = np.float64(x)
    y = np.where(x > 0, x, layer.alpha * np.expm1(x))
    return stated("elu", (layer.alpha,), x, y)


# ---- several inputs ----


def of_one_rank(inputs):
    """The inputs of a join; those of fewer axes get axes behind the batch."""
    rank = max(np.ndim(x) for x in inputs)
    return [
        np.expand_dims(np.float64(x), tuple(range(1, 1 + rank - np.ndim(x))))
        for x in inputs
    ]


def add(_, inputs):
    """n - 1 sums in any order."""
    size = sum(np.abs(x) for x in of_one_rank(inputs))
    return gamma(len(inputs) - 1) * size + len(inputs) * TINY


def multiply(_, inputs):
    """n - 1 products."""
    size = np.float64(1)
    for x in of_one_rank(inputs):
        size = size * np.abs(x)
    return gamma(len(inputs) - 1) * size + len(inputs) * TINY


def average(_, inputs):
    """n - 1 sums and a division."""
    size = sum(np.abs(x) for x in of_one_rank(inputs)) / len(inputs)
    return gamma(len(inputs)) * size + len(inputs) * TINY


def subtract(_, inputs):
    """One difference."""
    a, b = of_one_rank(inputs)
    return gamma(1) * np.abs(a - b) + TINY


# ---- every layer ----

ARITHMETIC = {
    "Activation": lambda layer, x: activation(function_name(layer), np.float64(x)),
    "Add": add,
    "Average": average,
    "BatchNormalization": batch_norm,
    "Dense": dense,
    "ELU": elu,
    "LeakyReLU": leaky_relu,
    "Multiply": multiply,
    "Normalization": normalization,
    "PReLU": prelu,
    "ReLU": relu,
    "Rescaling": rescaling,
    "Softmax": softmax_layer,
    "Subtract": subtract,
}
for _n in "123":
    ARITHMETIC[f"Conv{_n}D"] = convolution
    ARITHMETIC[f"DepthwiseConv{_n}D"] = convolution
    ARITHMETIC[f"AveragePooling{_n}D"] = average_pool
    ARITHMETIC[f"GlobalAveragePooling{_n}D"] = global_average


def is_exact(layer):
    """Does the layer only choose and move numbers?"""
    return type(layer).__name__ not in ARITHMETIC


def bound(layer, x):
    """Of one evaluation, shaped as the layer's output; x as the layer takes
    it: an array, or a list of arrays."""
    return ARITHMETIC[type(layer).__name__](layer, x)
