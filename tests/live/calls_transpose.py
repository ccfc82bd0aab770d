"""Random transposed convolutions, in the words of every dialect.

Not generated: output_shape with three numbers in conv2d_transpose, with which
TensorFlow ends the process.
"""

from calls import Case
from calls_conv import (
    activated,
    applied,
    arguments,
    chance,
    lengths,
    moved,
    per_axis,
    pick,
)


def torch_window(r, n):
    """All but the channels, as torch takes it."""
    keywords = {}
    if chance(r, 0.7):
        keywords["stride"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.6):
        keywords["padding"] = per_axis(r, n, (0, 1, 2))
    if chance(r, 0.4):
        keywords["output_padding"] = per_axis(r, n, (0, 1))
    if chance(r, 0.2):
        keywords["dilation"] = per_axis(r, n, (1, 2))
    if chance(r, 0.03):
        keywords["padding"] = pick(r, "same", -1, None, 1.0)
    return keywords


def torch_module(r):
    """nn.ConvTransposeNd, LazyConvTransposeNd."""
    n = int(r.integers(1, 4))
    groups = pick(r, 1, 1, 1, 1, 2)
    channels, outputs = groups * pick(r, 1, 2, 3), groups * pick(r, 1, 2)
    keywords = torch_window(r, n)
    if groups > 1:
        keywords["groups"] = groups
    if chance(r, 0.3):
        keywords["bias"] = pick(r, True, False)
    if chance(r, 0.03):
        keywords["padding_mode"] = pick(r, "zeros", "reflect")
    lazy = chance(r, 0.15)
    taps = per_axis(r, n, (1, 2, 3, 4))
    shapes = {"x": (2, channels, *lengths(r, n))}
    given = [channels + chance(r, 0.03), outputs, taps]
    text = arguments(given[1:] if lazy else given, keywords)
    return Case(
        f"nn.{'Lazy' if lazy else ''}ConvTranspose{n}d({text})", shapes, "torch"
    )


def torch_function(r):
    """F.conv_transposeNd, torch.conv_transposeNd."""
    n = int(r.integers(1, 4))
    groups = pick(r, 1, 1, 1, 2)
    channels, outputs = groups * pick(r, 1, 2), pick(r, 1, 2)
    keywords = torch_window(r, n)
    if groups > 1:
        keywords["groups"] = groups
    shapes = {
        "x": (2, channels, *lengths(r, n)),
        "weight": (channels + chance(r, 0.04), outputs, *r.integers(1, 4, n).tolist()),
    }
    names = ["x", "weight"]
    if chance(r, 0.4):
        shapes["bias"] = (outputs * groups + chance(r, 0.05),)
        names.append(pick(r, "bias", "bias=bias"))
    code = f"{pick(r, 'F', 'torch')}.conv_transpose{n}d({applied(names, keywords)})"
    return Case(code, shapes, "torch")


def keras_window(r, n):
    """Strides, padding, output_padding and dilation as Keras takes them."""
    keywords = {}
    if chance(r, 0.7):
        keywords["strides"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.6):
        keywords["padding"] = pick(r, "valid", "same", "same")
    if chance(r, 0.3):
        keywords["output_padding"] = per_axis(r, n, (0, 1))
    if chance(r, 0.2):
        keywords["dilation_rate"] = per_axis(r, n, (1, 2))
    return keywords


def keras_layer(r):
    """ConvNDTranspose of both Keras."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "keras3", "keras2")
    channels, filters = pick(r, 1, 2, 3), pick(r, 1, 2, 4)
    keywords = keras_window(r, n)
    if chance(r, 0.04):
        keywords["padding"] = pick(r, "causal", "full", 1)
    if chance(r, 0.3):
        keywords["use_bias"] = pick(r, True, False)
    first = chance(r, 0.1)
    if first:  # with a bias Keras 3 adds it along a last axis as long as it
        keywords |= {"data_format": "channels_first", "use_bias": False}
    shapes = {"x": moved((2, *lengths(r, n), channels), first)}
    text = arguments([filters, per_axis(r, n, (1, 2, 3, 4))], keywords)
    code, inner = activated(r, f"layers.Conv{n}DTranspose", text)
    return Case(code, shapes, dialect, inner=inner)


def keras_ops(r):
    """keras.ops.conv_transpose."""
    n = int(r.integers(1, 4))
    channels = pick(r, 1, 2, 3)
    keywords = keras_window(r, n)
    taps = r.integers(1, 5, n).tolist()
    shapes = {
        "x": (2, *lengths(r, n), channels),
        "kernel": (*taps, pick(r, 1, 2), channels + chance(r, 0.04)),
    }
    code = f"keras.ops.conv_transpose({applied(shapes, keywords)})"
    return Case(code, shapes, "keras3")


def length_of(r, length, taps, stride, same):
    """A length that leads back to `length`, or now and then another."""
    least = (length - 1) * stride + (1 if same else taps)
    return least + int(r.integers(stride)) + (stride if chance(r, 0.02) else 0)


def tf_function(r):
    """tf.nn.convNd_transpose, in both versions."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "tf2", "tf1")
    channels, outputs = pick(r, 1, 2, 3), pick(r, 1, 2)
    taps, sizes = r.integers(1, 5, n).tolist(), lengths(r, n)
    stride, same = pick(r, 1, 2, 3), chance(r, 0.5)
    wanted = [length_of(r, sizes[i], taps[i], stride, same) for i in range(n)]
    old = dialect == "tf1" and n > 1 and chance(r, 0.5)
    name = "filter" if old else "filters"
    shapes = {"x": (2, *sizes, channels), name: (*taps, outputs, channels)}
    keywords = {
        "output_shape": [2, *wanted, outputs],
        "strides": stride if chance(r, 0.6) else [1, *[stride] * n, 1],
        "padding": "SAME" if same else "VALID",
    }
    names = ["x", f"{name}={name}"]
    word = "conv_transpose" if chance(r, 0.2) and not old else f"conv{n}d_transpose"
    return Case(f"tf.nn.{word}({applied(names, keywords)})", shapes, dialect)


def tf_layer(r):
    """tf.layers.convNd_transpose of TensorFlow 1."""
    n = int(r.integers(2, 4))
    keywords = {}
    if chance(r, 0.7):
        keywords["strides"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.6):
        keywords["padding"] = pick(r, "valid", "same", "SAME")
    if chance(r, 0.3):
        keywords["use_bias"] = pick(r, True, False)
    given = arguments([pick(r, 1, 2, 4), per_axis(r, n, (1, 2, 3, 4))], keywords)
    shapes = {"x": (2, *lengths(r, n), pick(r, 1, 2, 3))}
    return Case(f"tf.layers.conv{n}d_transpose(x, {given})", shapes, "tf1")


KINDS = {
    "torch_module": torch_module,
    "torch_function": torch_function,
    "keras_layer": keras_layer,
    "keras_ops": keras_ops,
    "tf_function": tf_function,
    "tf_layer": tf_layer,
}
