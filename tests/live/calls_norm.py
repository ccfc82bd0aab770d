"""Random norms, legal and illegal, in the words of Keras and TensorFlow."""

from calls import Case
from calls_conv import arguments, chance, lengths, pick
from calls_norm_torch import EPSILONS, call, maybe, off, operands, sizes

# ---- Keras ----


def keras_case(r, name, given, keywords, shape, dialect):
    """A layer of keras.layers, under one of its names."""
    names = ["layers", "layers", "keras.layers"]
    if dialect == "keras2":
        names.append("tf.keras.layers")
    maybe(r, keywords, 0.05, "name", "norm")
    maybe(r, keywords, 0.05, "trainable", True, False)
    code = f"{pick(r, *names)}.{name}({arguments(given, keywords)})"
    return Case(code, {"x": shape}, dialect)


def keras_input(r):
    """A batch with 0 to 3 places."""
    return sizes(r, int(r.integers(2, 6)))


def keras_axis(r, rank):
    """The last axis, the first behind the batch, and others."""
    if chance(r, 0.85):
        return pick(r, -1, 1, rank - 1, 1 - rank)
    return pick(r, *range(-rank - 1, rank + 1))


def switches(r, keywords):
    """What LayerNormalization and its like have in common."""
    maybe(r, keywords, 0.5, "epsilon", *EPSILONS)
    maybe(r, keywords, 0.3, "center", True, False)
    maybe(r, keywords, 0.3, "scale", True, False)
    maybe(r, keywords, 0.05, "beta_initializer", "ones", "random_normal")
    maybe(r, keywords, 0.05, "gamma_initializer", "zeros", "random_uniform")


def keras_batch(r):
    """BatchNormalization of both Keras."""
    dialect = pick(r, "keras3", "keras2")
    shape, keywords = keras_input(r), {}
    if chance(r, 0.4):
        keywords["axis"] = keras_axis(r, len(shape))
        if chance(r, 0.2):
            keywords["axis"] = [keywords["axis"]]
    if dialect == "keras2" and chance(r, 0.05):
        keywords["axis"] = pick(r, [1, -1], [1, 1], [])
    switches(r, keywords)
    maybe(r, keywords, 0.4, "momentum", 0.9, 0.99, 0.1)
    maybe(r, keywords, 0.03, "renorm", True, False)
    maybe(r, keywords, 0.05, "synchronized", True, False)
    if dialect == "keras2" or chance(r, 0.1):
        maybe(r, keywords, 0.2, "fused", None, False, True)
    maybe(r, keywords, 0.05, "gamma_regularizer", None, "l2")
    maybe(r, keywords, 0.05, "beta_constraint", None, "non_neg")
    return keras_case(r, "BatchNormalization", [], keywords, shape, dialect)


def keras_axes(r, rank):
    """One axis, or several in any order."""
    if chance(r, 0.5):
        return keras_axis(r, rank)
    n = pick(r, 1, 2, 2, 3)
    axes = [int(k) for k in r.integers(1, rank, n)]
    if chance(r, 0.8):
        axes = sorted(set(axes))
    axes = [axis - rank if chance(r, 0.3) else axis for axis in axes]
    return pick(r, list, tuple)(axes)


def keras_layer(r):
    """LayerNormalization of both Keras, RMSNormalization."""
    dialect = pick(r, "keras3", "keras2")
    rms = dialect == "keras3" and chance(r, 0.3)
    shape, keywords = keras_input(r), {}
    if chance(r, 0.6):
        keywords["axis"] = keras_axes(r, len(shape))
    if rms:
        maybe(r, keywords, 0.5, "epsilon", *EPSILONS)
    else:
        switches(r, keywords)
        if dialect == "keras3":
            maybe(r, keywords, 0.08, "rms_scaling", False, True)
    name = "RMSNormalization" if rms else "LayerNormalization"
    return keras_case(r, name, [], keywords, shape, dialect)


def keras_group(r):
    """GroupNormalization of both Keras."""
    groups = pick(r, 1, 2, 3)
    shape = list(keras_input(r))
    keywords = {"axis": keras_axis(r, len(shape))} if chance(r, 0.4) else {}
    axis = keywords.get("axis", -1)
    if -len(shape) <= axis < len(shape):
        shape[axis] = off(r, groups * pick(r, 1, 2, 3))
    switches(r, keywords)
    given = [pick(r, groups, groups, groups, -1)]
    dialect = pick(r, "keras3", "keras2")
    if chance(r, 0.05):
        given, shape[-1] = [], pick(r, 32, 8)
    return keras_case(r, "GroupNormalization", given, keywords, tuple(shape), dialect)


def keras_fixed(r):
    """Normalization, adapted or with its numbers."""
    shape, keywords = sizes(r, int(r.integers(2, 5))), {}
    axis = -1
    if chance(r, 0.5):
        axis = keywords["axis"] = pick(r, None, 1, keras_axes(r, len(shape)))
    if chance(r, 0.4):
        means = [round(float(x), 2) for x in r.standard_normal(shape[-1])]
        if axis == -1 and chance(r, 0.6):
            keywords["mean"] = means
            keywords["variance"] = [round(x * x + 0.25, 3) for x in means]
        else:
            keywords["mean"], keywords["variance"] = means[0], 2.25
    if chance(r, 0.04):
        keywords.pop(pick(r, "mean", "variance"), None)
    maybe(r, keywords, 0.3, "invert", True, False)
    dialect = pick(r, "keras3", "keras2")
    return keras_case(r, "Normalization", [], keywords, shape, dialect)


def keras_unit(r):
    """UnitNormalization of both Keras."""
    shape, keywords = keras_input(r), {}
    if chance(r, 0.6):
        keywords["axis"] = keras_axes(r, len(shape))
    maybe(r, keywords, 0.05, "axis", 0, None, [])
    dialect = pick(r, "keras3", "keras2")
    return keras_case(r, "UnitNormalization", [], keywords, shape, dialect)


def keras_function(r):
    """keras.ops, with parameters as tensors."""
    kind = pick(r, "batch", "layer", "rms", "unit")
    shape = keras_input(r)
    rank, keywords, words, tensors = len(shape), {}, [], {}
    axis = keras_axis(r, rank) if kind == "batch" else keras_axes(r, rank)
    if kind != "batch" and chance(r, 0.5):
        axis = -1
    axes = sorted(
        a % rank for a in (axis if isinstance(axis, list | tuple) else [axis])
    )
    over = tuple(shape[a] for a in axes)
    names = {"batch": ["offset", "scale"], "layer": ["gamma", "beta"]}
    names = {"rms": ["scale"], "unit": []} | names
    tensors = operands(r, names[kind], over, 0.6)
    keywords = {name: name for name in tensors}
    if kind == "batch":
        words = ["mean", "variance", str(axis)]
        tensors = operands(r, words[:2], over) | tensors
    elif axis != -1:
        keywords["axis"] = axis
    maybe(r, keywords, 0.5, "epsilon", *EPSILONS)
    if kind == "layer":
        maybe(r, keywords, 0.08, "rms_scaling", False, True)
    if kind == "unit":
        maybe(r, keywords, 0.15, "order", 2, 2, 1)
    name = "normalize" if kind == "unit" else f"{kind}_normalization"
    return Case(call(f"ops.{name}", words, keywords), {"x": shape} | tensors, "keras3")


# ---- TensorFlow ----


def tf_batch(r):
    """tf.nn.batch_normalization, tf.nn.fused_batch_norm."""
    fused = chance(r, 0.4)
    channels = pick(r, 1, 2, 3)
    keywords, dialect = {}, pick(r, "tf1", "tf2")
    names = ["mean", "variance", "offset", "scale"]
    if not fused:
        shape = (*sizes(r, int(r.integers(1, 5))), channels)
        tensors = operands(r, names, (channels,))
        given = {n: pick(r, n, n, n, n, "None") for n in names[2:]}
        words = [*names[:2], given["offset"], given["scale"], str(pick(r, *EPSILONS))]
        used = {n: s for n, s in tensors.items() if n in words}
        code = call("tf.nn.batch_normalization", words, {})
        return Case(code, {"x": shape} | used, dialect)
    n = pick(r, 2, 2, 3)
    first = chance(r, 0.3)
    shape = (2, *lengths(r, n), channels)
    if first:
        shape = (2, channels, *shape[1:-1])
        keywords["data_format"] = repr("NCHW" if n == 2 else "NCDHW")
    elif n == 3 and chance(r, 0.9):
        keywords["data_format"] = repr("NDHWC")
    maybe(r, keywords, 0.5, "epsilon", *EPSILONS)
    keywords["is_training"] = not chance(r, 0.95)
    tensors = operands(r, names, (channels,))
    words = ["scale", "offset"]
    keywords |= {name: name for name in names[:2]}
    code = call("tf.nn.fused_batch_norm", words, keywords)
    return Case(code, {"x": shape} | tensors, "tf1")


def tf_layer(r):
    """tf.layers.batch_normalization."""
    shape, keywords = keras_input(r), {}
    if chance(r, 0.4):
        keywords["axis"] = keras_axis(r, len(shape))
        if chance(r, 0.2):
            keywords["axis"] = [keywords["axis"]]
    switches(r, keywords)
    maybe(r, keywords, 0.4, "momentum", 0.9, 0.99)
    maybe(r, keywords, 0.3, "training", False, False, False, True)
    maybe(r, keywords, 0.2, "fused", None, False, True)
    maybe(r, keywords, 0.05, "renorm", True, False)
    return Case(
        call("tf.layers.batch_normalization", [], keywords), {"x": shape}, "tf1"
    )


def tf_unit(r):
    """tf.nn.l2_normalize, tf.math.l2_normalize."""
    shape, keywords = sizes(r, int(r.integers(2, 5))), {}
    if chance(r, 0.7):
        keywords["axis"] = keras_axes(r, len(shape))
    maybe(r, keywords, 0.05, "axis", None)
    maybe(r, keywords, 0.3, "epsilon", 1e-12, 1e-4, 4.0)
    dialect = pick(r, "tf1", "tf2")
    name = f"tf.{pick(r, 'nn', 'math', 'linalg')}.l2_normalize"
    return Case(call(name, [], keywords), {"x": shape}, dialect)


KINDS = {
    "keras_batch": keras_batch,
    "keras_layer": keras_layer,
    "keras_group": keras_group,
    "keras_fixed": keras_fixed,
    "keras_unit": keras_unit,
    "keras_function": keras_function,
    "tf_batch": tf_batch,
    "tf_layer": tf_layer,
    "tf_unit": tf_unit,
}
