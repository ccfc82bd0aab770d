"""Random words that only change axes, legal and illegal, of every dialect."""

import math

from calls import Case
from calls_conv import arguments, chance, pick


def shape(r, least=2, most=5):
    """A small shape; ones are likely, for squeeze."""
    rank = int(r.integers(least, most + 1))
    return (2, *(pick(r, 1, 2, 3, 4, 6) for _ in range(rank - 1)))


def axis(r, rank, broken=0.04):
    """An axis, from the front or the back; seldom outside."""
    if chance(r, broken):
        return pick(r, rank, -rank - 1)
    return int(r.integers(-rank, rank))


def order(r, rank, moved=0.05):
    """A permutation that seldom moves the batch; sometimes none."""
    rest = [int(k) + 1 for k in r.permutation(rank - 1)]
    axes = [0, *rest]
    if chance(r, moved):
        axes = [int(k) for k in r.permutation(rank)]
    if chance(r, 0.04):
        axes[-1] = pick(r, axes[0], rank, -1)
    if chance(r, 0.02):
        axes = axes[:-1]
    if chance(r, 0.2):
        axes = [k - rank if chance(r, 0.3) else k for k in axes]
    return tuple(axes)


def factors(r, size):
    """Sizes of one to three axes with as many elements."""
    found = []
    for _ in range(int(r.integers(0, 3))):
        divisors = [k for k in range(1, size + 1) if size % k == 0]
        found.append(pick(r, *divisors))
        size //= found[-1]
    found.append(size)
    return [found[i] for i in r.permutation(len(found))]


def sizes(r, count):
    """Sizes for so many elements; one may be -1; seldom wrong."""
    found = factors(r, count)
    if chance(r, 0.5):
        found[int(r.integers(len(found)))] = -1
    if chance(r, 0.04):
        found[int(r.integers(len(found)))] = pick(r, 0, -2, -1, 5, 7)
    return tuple(found)


def whole(r, given):
    """Sizes with the batch, which mostly keeps its place."""
    rest = sizes(r, math.prod(given[1:]))
    if chance(r, 0.05):
        return sizes(r, math.prod(given))
    if -1 not in rest and chance(r, 0.3):
        return (-1, *rest)
    return (given[0], *rest)


def torch_flatten(r):
    """nn.Flatten, torch.flatten, Tensor.flatten; the batch seldom takes part."""
    given = shape(r)
    rank = len(given)
    start, end = sorted(int(k) for k in r.integers(1, rank, 2))
    if chance(r, 0.06):
        start, end = axis(r, rank), axis(r, rank)
    words = []
    if chance(r, 0.6):
        words.append(f"start_dim={start}")
        if chance(r, 0.6):
            words.append(f"end_dim={end - rank if chance(r, 0.4) else end}")
    form = int(r.integers(3))
    if form == 0:
        return Case(f"nn.Flatten({', '.join(words)})", {"x": given}, "torch")
    words = words or ["start_dim=1"]
    if chance(r, 0.03):
        words = []
    if form == 1:
        words = ["x", *words]
    text = ", ".join(words)
    code = f"torch.flatten({text})" if form == 1 else f"x.flatten({text})"
    return Case(code, {"x": given}, "torch")


def torch_reshape(r):
    """reshape, view, nn.Unflatten and its function and method."""
    given = shape(r)
    rank = len(given)
    name = pick(r, "reshape", "reshape", "view", "unflatten", "nn.Unflatten")
    if name in ("reshape", "view"):
        new = whole(r, given)
        if name == "reshape" and chance(r, 0.5):
            return Case(f"torch.reshape(x, {new!r})", {"x": given}, "torch")
        text = repr(new) if chance(r, 0.5) else arguments(new, {})
        return Case(f"x.{name}({text})", {"x": given}, "torch")
    at = axis(r, rank)
    if at % rank == 0 and chance(r, 0.8):
        at = rank - 1
    new = sizes(r, given[at] if -rank <= at < rank else 4)
    if name == "nn.Unflatten":
        return Case(f"nn.Unflatten({at}, {new!r})", {"x": given}, "torch")
    form = pick(r, "torch.unflatten(x, {}, {})", "x.unflatten({}, {})")
    return Case(form.format(at, new), {"x": given}, "torch")


def torch_squeeze(r):
    """squeeze and unsqueeze: functions and methods."""
    given = shape(r, 2, 4)
    rank = len(given)
    name = pick(r, "squeeze", "unsqueeze")
    at = axis(r, rank + 1 if name == "unsqueeze" else rank)
    if at in (0, -rank, -rank - 1) and chance(r, 0.8):
        at = 1
    words = [repr(at)]
    if name == "squeeze" and chance(r, 0.4):
        words = pick(r, [], [repr((at, pick(r, 1, -1, 2)))], [f"dim={at}"])
    if chance(r, 0.5):
        return Case(f"x.{name}({', '.join(words)})", {"x": given}, "torch")
    return Case(f"torch.{name}({', '.join(['x', *words])})", {"x": given}, "torch")


def torch_permute(r):
    """permute, transpose and its other names, movedim."""
    given = shape(r)
    rank = len(given)
    name = pick(r, "permute", "permute", "transpose", "movedim")
    method = chance(r, 0.5)
    if name == "permute":
        axes = order(r, rank)
        text = repr(axes) if not method or chance(r, 0.4) else arguments(axes, {})
    elif name == "transpose":
        name = pick(r, "transpose", "swapdims", "swapaxes")
        pair = [int(k) for k in r.integers(1, rank, 2)]
        if chance(r, 0.1):
            pair[0] = axis(r, rank)
        text = arguments(pair, {})
    else:
        name = pick(r, "movedim", "moveaxis")
        count = int(r.integers(1, rank))
        ends = [tuple(int(k) + 1 for k in r.permutation(rank - 1)) for _ in range(2)]
        ends = [axes[:count] for axes in ends]
        if chance(r, 0.05):
            ends[0] = pick(r, ends[0][:-1], (*ends[0][:-1], rank), (1,) * count)
        if count == 1 and all(len(axes) == 1 for axes in ends):
            ends = [axes[0] for axes in ends]
        text = arguments(ends, {})
    code = f"x.{name}({text})" if method else f"torch.{name}(x, {text})"
    return Case(code, {"x": given}, "torch")


def keras_flatten(r):
    """Flatten of both Keras, tf.layers.flatten."""
    given = shape(r)
    dialect = pick(r, "keras3", "keras2", "tf1")
    keywords = {}
    if chance(r, 0.4):
        keywords["data_format"] = pick(r, "channels_first", "channels_last")
    if chance(r, 0.03):
        keywords["data_format"] = pick(r, "first", "channels_middle")
    if dialect == "tf1":
        words = ", ".join(["x", arguments([], keywords)]).removesuffix(", ")
        return Case(f"tf.layers.flatten({words})", {"x": given}, dialect)
    return Case(f"layers.Flatten({arguments([], keywords)})", {"x": given}, dialect)


def keras_reshape(r):
    """Reshape of both Keras, keras.ops.reshape, tf.reshape."""
    given = shape(r)
    dialect = pick(r, "keras3", "keras2", "keras3", "tf2", "tf1")
    if dialect in ("keras3", "keras2") and chance(r, 0.7):
        new = sizes(r, math.prod(given[1:]))
        return Case(f"layers.Reshape({new!r})", {"x": given}, dialect)
    name = "tf.reshape" if dialect in ("tf2", "tf1") else "keras.ops.reshape"
    dialect = "keras3" if dialect == "keras2" else dialect
    return Case(f"{name}(x, {whole(r, given)!r})", {"x": given}, dialect)


def function_squeeze(r):
    """squeeze and expand_dims of keras.ops and tf."""
    given = shape(r, 2, 4)
    rank = len(given)
    dialect = pick(r, "keras3", "tf2", "tf1")
    name = pick(r, "squeeze", "expand_dims")
    at = axis(r, rank + 1 if name == "expand_dims" else rank)
    ones = [i for i in range(1, rank) if given[i] == 1]
    if name == "squeeze" and ones and chance(r, 0.8):
        at = pick(r, *ones)
        if len(ones) > 1 and chance(r, 0.4):
            at = ones
    if name == "expand_dims" and at in (0, -rank - 1) and chance(r, 0.8):
        at = -1
    words = [] if name == "squeeze" and chance(r, 0.2) else [repr(at)]
    prefix = "keras.ops" if dialect == "keras3" else "tf"
    return Case(f"{prefix}.{name}({', '.join(['x', *words])})", {"x": given}, dialect)


def keras_permute(r):
    """Permute of both Keras; transpose of keras.ops and tf."""
    given = shape(r)
    rank = len(given)
    dialect = pick(r, "keras3", "keras2", "keras3", "tf2", "tf1")
    if dialect in ("keras3", "keras2") and chance(r, 0.6):
        axes = order(r, rank, 0)[1:]
        return Case(f"layers.Permute({axes!r})", {"x": given}, dialect)
    name = "tf.transpose" if dialect in ("tf2", "tf1") else "keras.ops.transpose"
    dialect = "keras3" if dialect == "keras2" else dialect
    keyword = "perm" if name == "tf.transpose" else "axes"
    words = ["x", pick(r, "{!r}", keyword + "={!r}").format(order(r, rank))]
    if chance(r, 0.04):
        words = ["x"]
    return Case(f"{name}({', '.join(words)})", {"x": given}, dialect)


def pixels(r):
    """Channels as blocks of pixels, in both orders of channels, and back."""
    block = pick(r, 2, 3) if chance(r, 0.85) else pick(r, 1, 0, -1, 2.0)
    side, channels = max(int(block), 1), pick(r, 1, 2, 3)
    up = chance(r, 0.5)
    deep = channels * side**2 if up else channels
    sizes = [int(k) * (1 if up else side) for k in r.integers(1, 4, 2)]
    if chance(r, 0.06):
        deep, sizes[0] = deep + 1, sizes[0] + 1
    dialect = pick(r, "torch", "keras3", "tf2", "tf1")
    if dialect == "torch":
        word = pick(r, "nn.Pixel{}huffle({})", "F.pixel_{}huffle(x, {})")
        code = word.format(("S" if "nn" in word else "s") if up else "Uns", block)
        if "F." in word:
            code = code.replace("Uns", "uns")
        return Case(code, {"x": (2, deep, *sizes)}, dialect)
    word = "depth_to_space" if up else "space_to_depth"
    place = "keras.ops" if dialect == "keras3" else "tf.nn"
    keywords = {}
    given = (2, *sizes, deep)
    if chance(r, 0.3):
        first = dialect == "keras3" and chance(r, 0.5)
        last = "channels_last" if dialect == "keras3" else "NHWC"
        keywords["data_format"] = "channels_first" if first else last
        given = (2, deep, *sizes) if first else given
    code = f"{place}.{word}(x, {arguments([block], keywords)})"
    return Case(code, {"x": given}, dialect)


KINDS = {
    "torch_flatten": torch_flatten,
    "torch_reshape": torch_reshape,
    "torch_squeeze": torch_squeeze,
    "torch_permute": torch_permute,
    "keras_flatten": keras_flatten,
    "keras_reshape": keras_reshape,
    "function_squeeze": function_squeeze,
    "keras_permute": keras_permute,
    "pixels": pixels,
}
