"""Random pools, legal and illegal, in the words of every dialect.

TensorFlow's functions abort the process where a window is longer than its
axis; Keras' AdaptiveMaxPooling where its last length is 1. Neither is drawn.
"""

import math

from calls import Case
from calls_conv import arguments, chance, lengths, per_axis, pick


def listed(value):
    """A tuple as a list, which tf.nn prefers."""
    return list(value) if isinstance(value, tuple) else value


def torch_pool(r):
    """nn.MaxPoolNd, nn.AvgPoolNd, and their functions."""
    n = int(r.integers(1, 4))
    kind = pick(r, "Max", "Avg")
    keywords = {}
    if chance(r, 0.7):
        keywords["stride"] = per_axis(r, n, (1, 2, 2, 3, 4))
    if chance(r, 0.5):
        keywords["padding"] = per_axis(r, n, (0, 1, 1, 2))
    if chance(r, 0.04):
        keywords[pick(r, "stride", "padding")] = pick(r, -1, "same", 0, 1.5)
    if chance(r, 0.4):
        keywords["ceil_mode"] = pick(r, True, True, False)
    if kind == "Max" and chance(r, 0.3):
        keywords["dilation"] = per_axis(r, n, (1, 2, 3))
    if kind == "Avg" and chance(r, 0.4):
        keywords["count_include_pad"] = pick(r, True, False, False)
    if kind == "Avg" and chance(r, 0.2 if n > 1 else 0.03):
        keywords["divisor_override"] = pick(r, None, 1, 2, 7, -3, 0)
    taps = per_axis(r, n, (1, 2, 2, 3, 3, 4, 5))
    terms = math.prod(taps) if isinstance(taps, tuple) else taps**n
    sizes = lengths(r, n + 1 if chance(r, 0.03) and n < 3 else n)
    words = arguments([taps], keywords)
    code = f"nn.{kind}Pool{n}d({words})"
    if chance(r, 0.4):
        code = f"F.{kind.lower()}_pool{n}d(x, {words})"
    terms = terms if keywords.get("divisor_override") else 0
    return Case(code, {"x": (2, 3, *sizes)}, "torch", terms=terms)


def torch_adaptive(r):
    """nn.AdaptiveMaxPoolNd, nn.AdaptiveAvgPoolNd, and their functions."""
    n = int(r.integers(1, 4))
    kind = pick(r, "Max", "Avg")
    sizes = lengths(r, n)
    form = int(r.integers(4))
    if form == 0:
        size = 1
    elif form == 1:
        size = pick(r, 1, 2, 3, 5, 9)
    else:
        size = per_axis(r, n, (1, 2, 3, 5, 7))
        if isinstance(size, tuple) and n > 1 and chance(r, 0.4):
            size = tuple(pick(r, 1, 2, 3, 5, None) for _ in size)
    if chance(r, 0.02):
        size = pick(r, -1, 1.5)
    code = f"nn.Adaptive{kind}Pool{n}d({size!r})"
    if chance(r, 0.4):
        code = f"F.adaptive_{kind.lower()}_pool{n}d(x, {size!r})"
    return Case(code, {"x": (2, 3, *sizes)}, "torch")


def reduction(r):
    """mean and amax in torch, reduce_mean, keras.ops.mean, ..."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "torch", "torch", "keras3", "tf2", "tf1")
    shape = (2, 3, *lengths(r, n)) if dialect == "torch" else (2, *lengths(r, n), 3)
    if chance(r, 0.2):
        shape = (2, *shape[-1:], *shape[1:-1])
    first = shape[1] == 3 and chance(r, 0.9)
    axes = list(range(2, n + 2) if first else range(1, n + 1))
    if chance(r, 0.2) and len(axes) > 1:
        axes = axes[1:]
    if chance(r, 0.3):
        axes = [k - n - 2 for k in axes]
    if chance(r, 0.05):
        axes[-1] = pick(r, axes[0], n + 2, 0)
    axes = axes[0] if len(axes) == 1 and chance(r, 0.5) else tuple(axes)
    keep = pick(r, True, False) if chance(r, 0.5) else None
    keywords = {"axis": axes}
    if keep is not None:
        keywords["keepdims"] = keep
    name = pick(r, "mean", "max")
    if dialect == "torch":
        keywords = {"dim" if k == "axis" else "keepdim": v for k, v in keywords.items()}
        name = "mean" if name == "mean" else "amax"
        words = arguments([], keywords)
        code = f"torch.{name}(x, {words})" if chance(r, 0.5) else f"x.{name}({words})"
        return Case(code, {"x": shape}, "torch")
    prefix = "keras.ops." if dialect == "keras3" else "tf.reduce_"
    return Case(f"{prefix}{name}(x, {arguments([], keywords)})", {"x": shape}, dialect)


def keras_shape(r, n, keywords, broken=0.04):
    """A shape of two images; sometimes the channels stand first."""
    sizes = lengths(r, n)
    if chance(r, broken):
        sizes = (*sizes, 2)
    if not chance(r, 0.25):
        return (2, *sizes, 3)
    keywords["data_format"] = pick(r, "channels_first", "channels_last")
    if chance(r, 0.05):
        keywords["data_format"] = "first"
    return (2, 3, *sizes)


def keras_pool(r):
    """MaxPoolingND, AveragePoolingND, their short names and functions."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "keras3", "keras3", "keras2")
    function = dialect == "keras3" and chance(r, 0.25)
    keywords = {}
    shape = keras_shape(r, n, keywords, 0 if function else 0.04)
    kind = pick(r, "MaxPooling", "AveragePooling", "MaxPool", "AvgPool")
    if chance(r, 0.9) or function:
        most = min(shape[1:]) if function else 5
        values = [k for k in (1, 2, 2, 3, 4, 5) if k <= most]
        keywords["pool_size"] = per_axis(r, n, values)
    if chance(r, 0.6):
        keywords["strides"] = per_axis(r, n, (1, 2, 3, 4))
    if chance(r, 0.03):
        keywords[pick(r, "pool_size", "strides")] = pick(r, 0, -1, "same", 1.5)
    if chance(r, 0.6):
        keywords["padding"] = pick(r, "same", "same", "valid", "SAME")
    if chance(r, 0.03):
        keywords["padding"] = pick(r, "causal", 1)
    if function:
        keywords.setdefault("pool_size", 2)
        name = pick(r, "max_pool", "average_pool")
        code = f"keras.ops.{name}(x, {arguments([], keywords)})"
    else:
        code = f"layers.{kind}{n}D({arguments([], keywords)})"
    return Case(code, {"x": shape}, dialect)


def keras_global(r):
    """GlobalMaxPoolingND, GlobalAveragePoolingND and their short names."""
    n = int(r.integers(1, 4))
    keywords = {}
    shape = keras_shape(r, n, keywords)
    if chance(r, 0.4):
        keywords["keepdims"] = pick(r, True, False)
    kind = pick(r, "MaxPooling", "AveragePooling", "MaxPool", "AvgPool")
    code = f"layers.Global{kind}{n}D({arguments([], keywords)})"
    return Case(code, {"x": shape}, pick(r, "keras3", "keras2"))


def keras_adaptive(r):
    """AdaptiveMaxPoolingND, AdaptiveAveragePoolingND and their functions."""
    n = int(r.integers(1, 4))
    keywords = {}
    shape = keras_shape(r, n, keywords, 0)
    kind = pick(r, "Max", "Average")
    values = (2, 3, 4, 5) if kind == "Max" else (1, 2, 3, 5, 9)
    given = [per_axis(r, n, values)]
    if chance(r, 0.4):
        name = f"adaptive_{kind.lower()}_pool"
        words = ", ".join(["x", arguments(given, keywords)])
        return Case(f"keras.ops.{name}({words})", {"x": shape}, "keras3")
    code = f"layers.Adaptive{kind}Pooling{n}D({arguments(given, keywords)})"
    return Case(code, {"x": shape}, "keras3")


def per_tensor(r, n, values, first):
    """A number, a list of n, or a list for every axis of the tensor."""
    if chance(r, 0.6):
        return listed(per_axis(r, n, values))
    inner = [pick(r, *values) for _ in range(n)]
    one = 1 if chance(r, 0.97) else 2
    return [1, one, *inner] if first else [1, *inner, one]


def tf_shape(r, n):
    """A shape, whether its channels stand first, the word for it."""
    first = chance(r, 0.25)
    word = (("NWC", "NHWC", "NDHWC"), ("NCW", "NCHW", "NCDHW"))[first][n - 1]
    sizes = lengths(r, n)
    return ((2, 3, *sizes) if first else (2, *sizes, 3)), first, word


def pairs(r, n):
    """Amounts for every axis of a tensor."""
    inner = [[int(k) for k in r.integers(0, 2, 2)] for _ in range(n)]
    return [[0, 0], *inner, [0, 0]]


def tf_pool(r):
    """tf.nn.max_pool, avg_pool, with and without a number."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "tf2", "tf1")
    shape, first, word = tf_shape(r, n)
    kind = pick(r, "max", "avg")
    keywords = {
        "ksize": per_tensor(r, n, (1, 2, 2, 3), first),
        "strides": per_tensor(r, n, (1, 2, 3), first),
        "padding": pick(r, "SAME", "VALID", "SAME", "VALID", "same")
        if chance(r, 0.2)
        else pick(r, "SAME", "VALID"),
    }
    if kind == "max" and not first and chance(r, 0.15):
        keywords["padding"] = pairs(r, n)
    if first or chance(r, 0.2):
        keywords["data_format"] = word
    number = f"{n}d" if chance(r, 0.6) or (dialect == "tf1" and n != 2) else ""
    code = f"tf.nn.{kind}_pool{number}(x, {arguments([], keywords)})"
    return Case(code, {"x": shape}, dialect)


def tf_nn_pool(r):
    """tf.nn.pool."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "tf2", "tf1")
    shape, first, word = tf_shape(r, n)
    keywords = {
        "window_shape": [pick(r, 1, 2, 3) for _ in range(n)],
        "pooling_type": pick(r, "MAX", "AVG") if chance(r, 0.97) else "SUM",
        "padding": pick(r, "SAME", "VALID"),
    }
    if chance(r, 0.4):
        most = [2 if k < 3 else 3 for k in keywords["window_shape"]]
        keywords["strides"] = [pick(r, 1, k) for k in most]
    elif chance(r, 0.5):
        inner = shape[2:] if first else shape[1:-1]
        windows = keywords["window_shape"]
        fits = [s > 2 * (k - 1) for s, k in zip(inner, windows, strict=True)]
        keywords["dilations"] = [pick(r, 1, 2) if fit else 1 for fit in fits]
        keywords["padding"] = pick(r, "VALID", "VALID", "VALID", "SAME")
    if first or chance(r, 0.1):
        keywords["data_format"] = word
    return Case(f"tf.nn.pool(x, {arguments([], keywords)})", {"x": shape}, dialect)


def tf_layers(r):
    """tf.layers.max_pooling2d, MaxPooling2D, ..."""
    n = int(r.integers(1, 4))
    keywords = {}
    shape = keras_shape(r, n, keywords, 0)
    given = [per_axis(r, n, (1, 2, 2, 3)), per_axis(r, n, (1, 2, 3))]
    if chance(r, 0.6):
        keywords["padding"] = pick(r, "same", "valid", "SAME")
    name = pick(r, "max_pooling", "average_pooling")
    code = f"tf.layers.{name}{n}d(x, {arguments(given, keywords)})"
    return Case(code, {"x": shape}, "tf1")


KINDS = {
    "torch_pool": torch_pool,
    "torch_adaptive": torch_adaptive,
    "reduction": reduction,
    "keras_pool": keras_pool,
    "keras_global": keras_global,
    "keras_adaptive": keras_adaptive,
    "tf_pool": tf_pool,
    "tf_nn_pool": tf_nn_pool,
    "tf_layers": tf_layers,
}
