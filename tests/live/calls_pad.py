"""Random pads, crops and resizes, legal and illegal, of every dialect."""

from calls import Case
from calls_conv import arguments, chance, lengths, per_axis, pick


def amounts(r, n, most=2):
    """Numbers at both ends of n axes, the last axis first as torch wants."""
    return tuple(int(k) for k in r.integers(0, most + 1, 2 * n))


def torch_pad(r):
    """nn.ZeroPadNd, ConstantPadNd, ReflectionPadNd, ..."""
    n = int(r.integers(1, 4))
    kind = pick(r, "Zero", "Constant", "Reflection", "Replication", "Circular")
    pads = pick(r, 0, 1, 2, 3) if chance(r, 0.3) else amounts(r, n, 3)
    if chance(r, 0.2):
        low = int(r.integers(-3, 0))
        pads = tuple(max(k, low) for k in r.integers(-3, 3, 2 * n).tolist())
    if chance(r, 0.04):
        pads = (*((pads,) if isinstance(pads, int) else pads), 1)
    given = [pads]
    if kind == "Constant":
        given.append(pick(r, 0, 1.5, -2.0, 0.0, 1))
    sizes = lengths(r, n + 1 if chance(r, 0.05) and n < 3 else n)
    code = f"nn.{kind}Pad{n}d({arguments(given, {})})"
    return Case(code, {"x": (2, 3, *sizes)}, "torch")


def torch_pad_function(r):
    """F.pad."""
    n = int(r.integers(1, 4))
    axes = n if chance(r, 0.7) else int(r.integers(1, n + 1))
    pads = amounts(r, axes, 3)
    if chance(r, 0.2):
        pads = tuple(r.integers(-3, 3, 2 * axes).tolist())
    if chance(r, 0.04):
        pads = (*pads, *amounts(r, 1))
    if chance(r, 0.02):
        pads = pads[1:]
    keywords = {}
    if chance(r, 0.6):
        keywords["mode"] = pick(r, "constant", "reflect", "replicate", "circular")
    if chance(r, 0.03):
        keywords["mode"] = pick(r, "symmetric", "edge")
    if chance(r, 0.3):
        keywords["value"] = pick(r, 0, 2.5, -1.0, None)
    words = ", ".join(["x", arguments([pads], keywords)])
    return Case(f"F.pad({words})", {"x": (2, 3, *lengths(r, n))}, "torch")


def keras_amounts(r, n):
    """One number, one number an axis, or pairs."""
    form = int(r.integers(3))
    if form == 0:
        return pick(r, 0, 1, 2)
    if form == 1 and n > 1:
        return tuple(int(k) for k in r.integers(0, 3, n))
    pairs = tuple(tuple(p) for p in r.integers(0, 3, (n, 2)).tolist())
    return pairs[0] if n == 1 else pairs


def keras_shape(r, n, keywords, dialect, first):
    """A shape of two images; sometimes the channels stand first."""
    sizes = lengths(r, n)
    if chance(r, 0.04):
        sizes = (*sizes, 2)
    if not first or not chance(r, 0.25):
        return (2, *sizes, 3)
    keywords["data_format"] = pick(r, "channels_first", "channels_last")
    return (2, 3, *sizes)


def keras_pad(r):
    """ZeroPaddingND and CroppingND of both Keras."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "keras3", "keras2")
    kind = pick(r, "ZeroPadding", "Cropping")
    keywords = {}
    first = n > 1 or (dialect == "keras3" and kind == "ZeroPadding")
    shape = keras_shape(r, n, keywords, dialect, first)
    given = [keras_amounts(r, n)] if chance(r, 0.9) else []
    if chance(r, 0.04):
        given = [pick(r, -1, (1,) * (n + 2), 1.5, ((1, 2, 3),) * n)]
    code = f"layers.{kind}{n}D({arguments(given, keywords)})"
    return Case(code, {"x": shape}, dialect)


def whole_pairs(r, n, first):
    """A pair for each axis, nothing for batch and channels."""
    inner = r.integers(0, 3, (n, 2)).tolist()
    outer = [0, 0] if chance(r, 0.95) else [1, 0]
    return [[0, 0], outer, *inner] if first else [[0, 0], *inner, outer]


def function_pad(r):
    """keras.ops.pad and tf.pad."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "keras3", "tf2", "tf1")
    pairs = whole_pairs(r, n, chance(r, 0.3))
    if chance(r, 0.04):
        pairs = pick(r, pairs[1:], [[1, 1, 1]] * (n + 2), [*pairs, [0, 0]])
    mode = pick(r, "constant", "reflect", "symmetric")
    keywords = {}
    if chance(r, 0.6):
        keywords["mode"] = mode if dialect == "keras3" else mode.upper()
    if chance(r, 0.03):
        keywords["mode"] = pick(r, "edge", "Constant", "CONSTANT")
    if chance(r, 0.4 if keywords.get("mode", "c")[0] in "cC" else 0.03):
        keywords["constant_values"] = pick(r, 0, 1.5, -2)
    name = "keras.ops.pad" if dialect == "keras3" else "tf.pad"
    words = ", ".join(["x", arguments([pairs], keywords)])
    # Short axes: reflect and symmetric look at the length.
    sizes = tuple(int(k) for k in r.integers(2, 6, n))
    return Case(f"{name}({words})", {"x": (2, *sizes, 3)}, dialect)


def tf_crop(r):
    """tf.image.crop_to_bounding_box."""
    sizes = lengths(r, 2)
    offsets = [int(k) for k in r.integers(0, 3, 2)]
    left = [size - at for size, at in zip(sizes, offsets, strict=True)]
    targets = [int(r.integers(1, k + 1)) if k > 0 else 1 for k in left]
    if chance(r, 0.08):
        targets[1] += pick(r, 3, -20)
    if chance(r, 0.04):
        offsets[0] = -1
    code = f"tf.image.crop_to_bounding_box(x, {arguments(offsets + targets, {})})"
    return Case(code, {"x": (2, *sizes, 3)}, pick(r, "tf2", "tf1"))


def torch_target(r, n, keywords):
    """size, scale_factor, seldom both or none."""
    sized = chance(r, 0.5)
    if sized != chance(r, 0.03):
        keywords["size"] = per_axis(r, n, (1, 2, 3, 5, 7, 8, 12))
    if not sized or chance(r, 0.03):
        whole = chance(r, 0.5)
        values = (1, 2, 3) if whole else (0.5, 0.75, 1.5, 2.0, 2.5, 1.3, 1 / 3)
        keywords["scale_factor"] = per_axis(r, n, values)
        if isinstance(keywords["scale_factor"], tuple) and not whole:
            axes = range(len(keywords["scale_factor"]))
            keywords["scale_factor"] = tuple(pick(r, *values) for _ in axes)
    if "size" in keywords and chance(r, 0.02):
        keywords["size"] = 0


def torch_resize(r):
    """nn.Upsample, F.interpolate and their older names."""
    n = int(r.integers(1, 4))
    name = pick(r, "nn.Upsample", "F.interpolate", "F.interpolate", "F.upsample")
    keywords = {}
    torch_target(r, n, keywords)
    mixed = ("linear", "bilinear", "trilinear")[n - 1]
    if chance(r, 0.75):
        keywords["mode"] = pick(r, "nearest", "nearest-exact", mixed, mixed, mixed)
    if chance(r, 0.05):
        keywords["mode"] = pick(r, "area", "bicubic", "bilinear", "cubic")
    corners = 0.5 if "linear" in keywords.get("mode", "") else 0.03
    if chance(r, corners):
        keywords["align_corners"] = pick(r, True, False)
    if name != "F.upsample" and chance(r, 0.2):
        keywords["recompute_scale_factor"] = pick(r, True, False)
    if name == "F.interpolate" and chance(r, 0.05):
        keywords["antialias"] = pick(r, True, False)
    words = arguments([], keywords)
    if name != "nn.Upsample":
        words = f"x, {words}"
    if n == 2 and chance(r, 0.15):
        both = {k: v for k, v in keywords.items() if k in ("size", "scale_factor")}
        name = pick(r, "nn.UpsamplingNearest2d", "nn.UpsamplingBilinear2d")
        words = arguments([], both)
    return Case(f"{name}({words})", {"x": (2, 3, *lengths(r, n))}, "torch")


def keras_upsampling(r):
    """UpSamplingND, RepeatVector."""
    n = int(r.integers(1, 4))
    dialect = pick(r, "keras3", "keras2")
    if chance(r, 0.1):
        times = pick(r, 1, 2, 5, 0, -1, 1.5)
        return Case(f"layers.RepeatVector({times})", {"x": (2, 4)}, dialect)
    keywords = {}
    shape = keras_shape(r, n, keywords, dialect, n > 1)
    if chance(r, 0.9):
        keywords["size"] = pick(r, 1, 2, 3) if n == 1 else per_axis(r, n, (1, 2, 3))
    if chance(r, 0.03):
        keywords["size"] = pick(r, 0, -1, 1.5, (2, 2, 2, 2))
    if n == 2 and chance(r, 0.6):
        keywords["interpolation"] = pick(r, "nearest", "bilinear", "bilinear")
        if chance(r, 0.1):
            keywords["interpolation"] = pick(r, "bicubic", "linear", "BILINEAR")
    return Case(
        f"layers.UpSampling{n}D({arguments([], keywords)})", {"x": shape}, dialect
    )


def keras_resizing(r):
    """Resizing of both Keras, keras.ops.image.resize."""
    dialect = pick(r, "keras3", "keras2")
    function = dialect == "keras3" and chance(r, 0.4)
    keywords = {}
    first = dialect == "keras3"
    shape = keras_shape(r, 2, keywords, dialect, first)
    size = [int(k) for k in r.integers(1, 13, 2)]
    if chance(r, 0.03):
        size[0] = pick(r, 0, -1)
    if chance(r, 0.6):
        keywords["interpolation"] = pick(r, "nearest", "bilinear")
        if chance(r, 0.1):
            keywords["interpolation"] = pick(r, "bicubic", "linear", "NEAREST")
    if first and chance(r, 0.1):
        keywords["antialias"] = pick(r, True, False)
    if chance(r, 0.05):
        keywords["crop_to_aspect_ratio"] = pick(r, True, False)
    if function:
        words = ", ".join(["x", arguments([tuple(size)], keywords)])
        return Case(f"keras.ops.image.resize({words})", {"x": shape}, dialect)
    code = f"layers.Resizing({arguments(size, keywords)})"
    return Case(code, {"x": shape}, dialect)


def tf_resize(r):
    """tf.image.resize of both, resize_bilinear, resize_nearest_neighbor."""
    dialect = pick(r, "tf2", "tf1", "tf1")
    names = ["resize"]
    if dialect == "tf1":
        names += ["resize_images", "resize_bilinear", "resize_nearest_neighbor"]
    name = pick(r, *names)
    size = [int(k) for k in r.integers(1, 13, 2)]
    if chance(r, 0.03):
        size = pick(r, [0, 3], [3], [2, 2, 2], 4)
    keywords = {}
    whole = name in ("resize", "resize_images")
    if whole and chance(r, 0.6):
        keywords["method"] = pick(r, "nearest", "bilinear")
        if chance(r, 0.1):
            keywords["method"] = pick(r, "bicubic", "area", "linear")
    if dialect == "tf1" and chance(r, 0.4):
        keywords["align_corners"] = pick(r, True, False)
    if not whole and chance(r, 0.4):
        keywords["half_pixel_centers"] = pick(r, True, False)
    if dialect == "tf2" and chance(r, 0.1):
        keywords["antialias"] = pick(r, True, False)
    if whole and chance(r, 0.05):
        keywords["preserve_aspect_ratio"] = pick(r, True, False)
    words = ", ".join(["x", arguments([size], keywords)])
    return Case(f"tf.image.{name}({words})", {"x": (2, *lengths(r, 2), 3)}, dialect)


KINDS = {
    "torch_pad": torch_pad,
    "torch_pad_function": torch_pad_function,
    "keras_pad": keras_pad,
    "function_pad": function_pad,
    "tf_crop": tf_crop,
    "torch_resize": torch_resize,
    "keras_upsampling": keras_upsampling,
    "keras_resizing": keras_resizing,
    "tf_resize": tf_resize,
}
