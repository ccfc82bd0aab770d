"""Random convolutions, legal and illegal, in the words of every dialect.

Not generated, since TensorFlow ends the process: conv2d of an input of the
wrong rank, and conv3d whose dilated window does not fit on the input.
"""

from calls import Case


def pick(r, *values):
    """One of the values."""
    return values[int(r.integers(len(values)))]


def chance(r, p):
    """True with probability p."""
    return bool(r.random() < p)


def per_axis(r, n, values, broken=0.02):
    """A number for all axes, or a tuple; sometimes of the wrong length."""
    if chance(r, 0.6):
        return pick(r, *values)
    length = n + 1 if chance(r, broken) else n
    return tuple(int(pick(r, *values)) for _ in range(length))


def arguments(positional, keywords):
    """The text between parentheses."""
    words = [repr(value) for value in positional]
    words += [f"{name}={value!r}" for name, value in keywords.items()]
    return ", ".join(words)


def applied(names, keywords):
    """The text between parentheses of a function: tensors come first."""
    return ", ".join([*names, *filter(None, [arguments([], keywords)])])


def lengths(r, n):
    """Spatial sizes: few elements, so that borders matter."""
    return tuple(int(k) for k in r.integers(3, (12, 9, 6)[n - 1], n))


def last_two(value, n):
    """What a stride or a number of taps is on the last two axes."""
    if isinstance(value, list) and len(value) == n + 2:
        value = value[1:-1] if value[-1] == 1 else value[2:]
    return (1, value) if isinstance(value, int) else tuple(value)[-2:]


def unwritten(channels, width, n, taps, strides):
    """oneDNN, of which Keras and TensorFlow are made, leaves rows unwritten.

    One input channel, a stride on the last axis and none on the one before
    it, and one element of width that comes out.
    """
    if n < 2 or channels != 1 or not isinstance(strides, (list, tuple)):
        return ""
    high, wide = last_two(strides, n)
    few = width < wide + 2 * last_two(taps, n)[1]
    return "oneDNN: one channel, width 1" if high == 1 < wide and few else ""


def too_wide(shapes, taps, dilation, padding):
    """Keras' and TensorFlow's dilated functions give x back where the window is
    longer than an axis, instead of refusing."""
    if str(padding).upper() == "SAME":
        return ""
    spatial = shapes["x"][1:-1]
    rates = [dilation] * len(taps) if isinstance(dilation, int) else dilation
    rates = rates[-len(taps) :] if len(rates) == len(taps) else rates[1:-1]
    wide = any(
        length < (k - 1) * d + 1
        for length, k, d in zip(spatial, taps, rates, strict=True)
    )
    dilated = any(d > 1 for d in rates)
    return (
        "TensorFlow: a dilated window longer than its axis" if wide and dilated else ""
    )


# ---- torch ----


def torch_window(r, n):
    """Stride, padding, dilation and groups as torch takes them."""
    keywords = {}
    if chance(r, 0.5):
        keywords["stride"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.6):
        keywords["padding"] = (
            pick(r, "same", "valid") if chance(r, 0.25) else per_axis(r, n, (0, 1, 2))
        )
    if chance(r, 0.3):
        keywords["dilation"] = per_axis(r, n, (1, 2))
    if chance(r, 0.04):
        name = pick(r, "stride", "padding", "dilation")
        keywords[name] = pick(r, 0, -1, 1.0, None, "full")
    return keywords


def torch_conv(r):
    """nn.ConvNd, LazyConvNd."""
    n = int(r.integers(1, 4))
    groups = pick(r, 1, 1, 1, 2, 3)
    channels, outputs = groups * pick(r, 1, 2, 3), groups * pick(r, 1, 2)
    if chance(r, 0.05):
        channels += 1
    keywords = torch_window(r, n)
    if groups > 1:
        keywords["groups"] = groups
    if chance(r, 0.3):
        keywords["bias"] = pick(r, True, False)
    if chance(r, 0.2):
        keywords["padding_mode"] = pick(r, "zeros", "reflect", "replicate", "circular")
    lazy = chance(r, 0.15)
    taps = per_axis(r, n, (1, 2, 3))
    shape = (2, channels, *lengths(r, n))
    known = unwritten(channels, shape[-1], n, taps, keywords.get("stride", 1))
    channels += chance(r, 0.03)
    given = [outputs, taps] if lazy else [channels, outputs, taps]
    code = f"nn.{'Lazy' if lazy else ''}Conv{n}d({arguments(given, keywords)})"
    return Case(code, {"x": shape}, "torch", known=known)


def torch_function(r):
    """F.convNd, torch.convNd: weights are arguments."""
    n = int(r.integers(1, 4))
    groups = pick(r, 1, 1, 1, 2, 3)
    channels, outputs = groups * pick(r, 1, 2), groups * pick(r, 1, 2)
    keywords = torch_window(r, n)
    if groups > 1:
        keywords["groups"] = groups
    taps = r.integers(1, 4, n).tolist()
    shapes = {
        "x": (2, channels, *lengths(r, n)),
        "weight": (outputs, channels // groups + chance(r, 0.04), *taps),
    }
    names = ["x", "weight"]
    if chance(r, 0.4):
        shapes["bias"] = (outputs + chance(r, 0.05),)
        names.append(pick(r, "bias", "bias=bias"))
    code = f"{pick(r, 'F', 'torch')}.conv{n}d({applied(names, keywords)})"
    width, stride = shapes["x"][-1], keywords.get("stride", 1)
    known = unwritten(channels, width, n, taps, stride or 1)
    return Case(code, shapes, "torch", known=known)


# ---- Keras ----


def moved(shape, first):
    """The same with channels at axis 1."""
    return (shape[0], shape[-1], *shape[1:-1]) if first else shape


def activated(r, made, text):
    """A layer now and then with an activation, and then without it."""
    if chance(r, 0.85):
        return f"{made}({text})", ""
    activation = pick(r, "relu", "tanh", "sigmoid")
    return f"{made}({text}, activation={activation!r})", f"{made}({text})"


def keras_conv(r):
    """ConvND, DepthwiseConvND, SeparableConvND of both Keras."""
    n = int(r.integers(1, 4))
    kind = pick(r, "Conv", "Conv", "DepthwiseConv", "SeparableConv")
    n = min(n, 2) if kind != "Conv" else n
    groups = pick(r, 1, 1, 2) if kind == "Conv" else 1
    channels = groups * pick(r, 1, 2, 3)
    keywords = {"padding": pick(r, "valid", "same", "SAME", "same")}
    if chance(r, 0.05):
        keywords["padding"] = pick(r, 1, "full")
    if n == 1 and chance(r, 0.3):
        keywords["padding"] = "causal"
    if chance(r, 0.5):
        keywords["strides"] = per_axis(r, n, (1, 2, 3))
        if kind == "DepthwiseConv":
            keywords["strides"] = pick(r, 1, 2, 3)
    if chance(r, 0.3):
        keywords["dilation_rate"] = per_axis(r, n, (1, 2))
    if groups > 1:
        keywords["groups"] = groups
    if kind != "Conv" and chance(r, 0.4):
        keywords["depth_multiplier"] = pick(r, 1, 2, 3)
    if chance(r, 0.3):
        keywords["use_bias"] = pick(r, True, False)
    first = chance(r, 0.1)
    if first:  # with a bias Keras 3 adds it along a last axis as long as it
        keywords |= {"data_format": "channels_first", "use_bias": False}
    taps = per_axis(r, n, (1, 2, 3))
    filters = groups * pick(r, 1, 2, 4)
    given = [taps] if kind == "DepthwiseConv" else [filters, taps]
    shape = (2, *lengths(r, n), channels)
    known = unwritten(channels, shape[-2], n, taps, keywords.get("strides", 1))
    made = f"layers.{kind}{n}D"
    code, inner = activated(r, made, arguments(given, keywords))
    shapes = {"x": moved(shape, first)}
    dialect = pick(r, "keras3", "keras2")
    return Case(code, shapes, dialect, known=known, inner=inner)


def keras_ops(r):
    """keras.ops.conv, depthwise_conv, separable_conv."""
    kind = pick(r, "conv", "conv", "depthwise_conv", "separable_conv")
    n = int(r.integers(1, 4 if kind == "conv" else 3))
    groups = pick(r, 1, 1, 2) if kind == "conv" else 1
    channels = groups * pick(r, 1, 2, 3)
    taps = r.integers(1, 4, n).tolist()
    shapes = {"x": (2, *lengths(r, n), channels)}
    if kind == "conv":
        shapes["kernel"] = (*taps, channels // groups, groups * pick(r, 1, 2))
    elif kind == "depthwise_conv":
        shapes["kernel"] = (*taps, channels, pick(r, 1, 2))
    else:
        times = pick(r, 1, 2)
        shapes["depthwise_kernel"] = (*taps, channels, times)
        shapes["pointwise_kernel"] = (*[1] * n, channels * times, pick(r, 1, 3))
    keywords = {}
    if chance(r, 0.5):
        keywords["strides"] = pick(r, 1, 2, 3)
        if kind == "conv":
            keywords["strides"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.5):
        keywords["padding"] = pick(r, "valid", "same", "same")
    if chance(r, 0.3):
        keywords["dilation_rate"] = pick(r, 1, 2)
    width, strides = shapes["x"][-2], keywords.get("strides", 1)
    code = f"keras.ops.{kind}({applied(shapes, keywords)})"
    known = unwritten(channels, width, n, taps, strides) or too_wide(
        shapes, taps, keywords.get("dilation_rate", 1), keywords.get("padding")
    )
    return Case(code, shapes, "keras3", known=known)


# ---- TensorFlow ----


def tf_padding(r, n, lists):
    """A word, or pairs for every axis."""
    if not lists or chance(r, 0.7):
        return pick(r, "VALID", "SAME") if chance(r, 0.95) else pick(r, "same", 1)
    return [[0, 0], *r.integers(0, 3, (n, 2)).tolist(), [0, 0]]


def tf_steps(r, n, values, whole):
    """A number, one an axis, or one for every axis of the tensor."""
    given = [int(pick(r, *values)) for _ in range(n)]
    if whole or chance(r, 0.4):
        return [1, *given, 1]
    return given[0] if chance(r, 0.5) else given


def tf_conv(r):
    """tf.nn.convNd and tf.nn.convolution, in both versions."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "tf2", "tf1")
    general = chance(r, 0.2)
    groups = pick(r, 1, 1, 1, 2) if n < 3 else 1
    channels = groups * pick(r, 1, 2, 3)
    taps = r.integers(1, 4, n).tolist()
    name = "filter" if dialect == "tf1" and (general or n > 1) else "filters"
    shapes = {
        "x": (2, *lengths(r, n), channels),
        name: (*taps, channels // groups, groups * pick(r, 1, 2)),
    }
    keywords = {"padding": tf_padding(r, n, n == 2 and not general)}
    if n == 1 and not general:
        keywords["stride"] = pick(r, 1, 2, 3)
    elif not general:
        keywords["strides"] = tf_steps(r, n, (1, 2, 3), n == 3)
    elif chance(r, 0.5):
        keywords["strides"] = [pick(r, 1, 2)] * n
    if chance(r, 0.3):
        if n == 3 and not general:
            keywords["padding"] = "SAME"
        keywords["dilations"] = [1, 1, 2, 1, 1] if n == 3 else pick(r, 1, 2)
        if general:
            keywords["dilations"] = [2] * n if n < 3 else None
    word = "convolution" if general else f"conv{n}d"
    width, strides = shapes["x"][-2], keywords.get("strides", 1)
    known = unwritten(channels, width, n, taps, strides)
    return Case(
        f"tf.nn.{word}({applied(shapes, keywords)})", shapes, dialect, known=known
    )


def tf_depthwise(r):
    """tf.nn.depthwise_conv2d, separable_conv2d, atrous_conv2d."""
    kind = pick(r, "depthwise_conv2d", "separable_conv2d", "atrous_conv2d")
    channels, times = pick(r, 1, 2, 3), pick(r, 1, 2)
    taps = r.integers(1, 4, 2).tolist()
    shapes = {"x": (2, *lengths(r, 2), channels)}
    keywords = {}
    if kind == "atrous_conv2d":
        shapes["filters"] = (*taps, channels, times)
        keywords["rate"] = pick(r, 1, 2)
    else:
        stride = pick(r, 1, 1, 2)
        shapes["filter" if kind[0] == "d" else "depthwise_filter"] = (
            *taps,
            channels,
            times,
        )
        if kind[0] == "s":
            shapes["pointwise_filter"] = (1, 1, channels * times, pick(r, 1, 3))
        keywords["strides"] = [1, stride, stride, 1]
        if stride == 1 and chance(r, 0.4):
            keywords["dilations"] = pick(r, [1, 2], [2, 2])
    keywords["padding"] = pick(r, "VALID", "SAME")
    code = f"tf.nn.{kind}({applied(shapes, keywords)})"
    rates = keywords.get("dilations", keywords.get("rate", 1))
    known = too_wide(shapes, taps, rates, keywords["padding"])
    return Case(code, shapes, pick(r, "tf2", "tf1"), known=known)


def tf_layer(r):
    """tf.layers.convNd, separable_convNd of TensorFlow 1."""
    n = int(r.integers(1, 4))
    separable = n < 3 and chance(r, 0.3)
    channels = pick(r, 1, 2, 3)
    keywords = {}
    if chance(r, 0.5):
        keywords["strides"] = per_axis(r, n, (1, 2, 3))
        if separable:
            keywords["strides"] = pick(r, 1, 2)
    if chance(r, 0.6):
        keywords["padding"] = pick(r, "valid", "same", "SAME")
    if chance(r, 0.3):
        keywords["dilation_rate"] = per_axis(r, n, (1, 2))
    if separable and chance(r, 0.4):
        keywords["depth_multiplier"] = pick(r, 1, 2)
    if chance(r, 0.3):
        keywords["use_bias"] = pick(r, True, False)
    taps = per_axis(r, n, (1, 2, 3))
    given = arguments([pick(r, 1, 2, 4), taps], keywords)
    shapes = {"x": (2, *lengths(r, n), channels)}
    width, strides = shapes["x"][-2], keywords.get("strides", 1)
    known = unwritten(channels, width, n, taps, strides)
    code = f"tf.layers.{'separable_' if separable else ''}conv{n}d(x, {given})"
    return Case(code, shapes, "tf1", known=known)


KINDS = {
    "torch_conv": torch_conv,
    "torch_function": torch_function,
    "keras_conv": keras_conv,
    "keras_ops": keras_ops,
    "tf_conv": tf_conv,
    "tf_depthwise": tf_depthwise,
    "tf_layer": tf_layer,
}
