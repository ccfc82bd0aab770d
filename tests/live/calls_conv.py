"""Random convolutions, legal and illegal, in the words of every dialect."""

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


def lengths(r, n):
    """Spatial sizes: few elements, so that borders matter."""
    return tuple(int(k) for k in r.integers(3, (12, 9, 6)[n - 1], n))


def torch_conv(r):
    """nn.ConvNd, LazyConvNd."""
    n = int(r.integers(1, 4))
    groups = pick(r, 1, 1, 1, 2, 3)
    channels, outputs = groups * pick(r, 1, 2, 3), groups * pick(r, 1, 2)
    if chance(r, 0.05):
        channels += 1
    keywords = {}
    if chance(r, 0.5):
        keywords["stride"] = per_axis(r, n, (1, 2, 3))
    if chance(r, 0.6):
        keywords["padding"] = (
            pick(r, "same", "valid") if chance(r, 0.25) else per_axis(r, n, (0, 1, 2))
        )
    if chance(r, 0.3):
        keywords["dilation"] = per_axis(r, n, (1, 2))
    if groups > 1:
        keywords["groups"] = groups
    if chance(r, 0.3):
        keywords["bias"] = pick(r, True, False)
    if chance(r, 0.2):
        keywords["padding_mode"] = pick(r, "zeros", "reflect", "replicate", "circular")
    lazy = chance(r, 0.15)
    taps = per_axis(r, n, (1, 2, 3))
    given = [outputs, taps] if lazy else [channels, outputs, taps]
    code = f"nn.{'Lazy' if lazy else ''}Conv{n}d({arguments(given, keywords)})"
    return Case(code, {"x": (2, channels, *lengths(r, n))}, "torch")


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
    taps = per_axis(r, n, (1, 2, 3))
    filters = groups * pick(r, 1, 2, 4)
    given = [taps] if kind == "DepthwiseConv" else [filters, taps]
    shape = (2, *lengths(r, n), channels)
    code = f"layers.{kind}{n}D({arguments(given, keywords)})"
    return Case(code, {"x": shape}, pick(r, "keras3", "keras2"))


KINDS = {"torch_conv": torch_conv, "keras_conv": keras_conv}
