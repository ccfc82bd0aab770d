"""Random noise of training, joins and arithmetic, in the words of every dialect."""

import numpy as np
from calls import Case
from calls_activation import INPLACE, call, keywords, on_one, some_shape
from calls_conv import arguments, chance, pick

RATES = (0, 0.2, 0.5, 0.9, 1, 1.0, -0.1, 1.5)

# ---- noise of training ----


def torch_noise(r):
    """Dropout and its like, which pass values on at inference."""
    name = pick(
        r, *("Dropout", "Dropout1d", "Dropout2d", "Dropout3d"), "AlphaDropout",
        "FeatureAlphaDropout",
    )  # fmt: skip
    if chance(r, 0.5):
        choices = {"p": RATES, **INPLACE}
        return on_one(r, "torch", call(r, f"nn.{name}", choices, positional=True))
    name = {
        "AlphaDropout": "alpha_dropout",
        "FeatureAlphaDropout": "feature_alpha_dropout",
    }.get(name, name.lower())
    choices = {"p": RATES}
    if chance(r, 0.3) and not name[-1] == "d":
        choices["train"] = (False,)
        return on_one(r, "torch", call(r, f"torch.{name}", choices, "x", p=1))
    training = "" if "alpha" in name and chance(r, 0.5) else "training=False"
    code = call(r, f"F.{name}", choices, "x")
    code = f"{code[:-1]}, {training})" if training else code
    return on_one(r, "torch", code)


def keras_noise(r):
    """The layers of both Keras that do nothing at inference."""
    dialect = pick(r, "keras3", "keras2")
    name = pick(
        r, *("Dropout", "Dropout", "AlphaDropout", "GaussianDropout"), "GaussianNoise",
        *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
    )  # fmt: skip
    shape = some_shape(r)
    word = "stddev" if name == "GaussianNoise" else "rate"
    choices = {word: RATES, "seed": (1,)}
    if name in ("Dropout", "AlphaDropout"):
        noise = tuple(pick(r, None, 1, n) for n in shape)
        choices["noise_shape"] = (None, noise, list(noise))
    if "Spatial" in name:
        n = int(name[-2])
        shape = some_shape(r, n + 2, n + 2) if chance(r, 0.9) else shape
        if n > 1:
            formats = ("channels_last", "channels_first", None)
            choices["data_format"] = formats
    given = keywords(r, choices)[1]
    if word not in given and chance(r, 0.95):
        given[word] = pick(r, *RATES)
    code = f"layers.{name}({arguments([], given)})"
    return on_one(r, dialect, code, shape)


def tf_noise(r):
    """tf.nn.dropout and tf.layers.dropout.

    tf.nn.dropout draws whenever it is called, which no layer does: convey takes
    a rate of 0 alone.
    """
    dialect = pick(r, "tf2", "tf1")
    if dialect == "tf2":
        rate = pick(r, 0, 0.0, 1, -0.5)
        return on_one(r, "tf2", f"tf.nn.dropout(x, {pick(r, '', 'rate=')}{rate!r})")
    if chance(r, 0.5):
        choices = {"rate": RATES, "training": (False,)}
        return on_one(r, "tf1", call(r, "tf.layers.dropout", choices, "x"))
    word = pick(r, "keep_prob", "rate")
    share = pick(r, 0, 0.0, 1, 1.0, -0.5, 1.5)
    return on_one(r, "tf1", f"tf.nn.dropout(x, {word}={share!r})")


# ---- several tensors ----


def fitting(r, n, shape):
    """Shapes of n tensors that may be joined element by element, mostly."""
    made = {"x": shape}
    for name in "yzw"[: n - 1]:
        other = list(shape)
        for i in range(1, len(other)):
            if chance(r, 0.1):
                other[i] = 1
        if chance(r, 0.05):
            other[-1] += 1
        if chance(r, 0.1) and len(other) > 1:
            del other[1]
        made[name] = tuple(other)
    return made


def behind(r, n, shape):
    """Shapes of n tensors that may stand behind each other along an axis."""
    axis = int(r.integers(len(shape)))
    made = {"x": shape}
    for name in "yzw"[: n - 1]:
        other = list(shape)
        other[axis] = int(r.integers(1, 4))
        if chance(r, 0.05):
            other[axis - 1] += 1
        made[name] = tuple(other)
    axis = axis - len(shape) if chance(r, 0.4) else axis
    return made, axis + 9 * chance(r, 0.05)


def taken_for_bias(code, shapes):
    """Does Keras' add on TensorFlow put a tensor along another axis?

    It calls a tensor with one axis that is not 1 a bias if the first tensor's
    last axis, or the one behind its batch, is as long: then it is added along
    that one, wherever its own axis stands.
    """
    if "add" not in code.lower():
        return ""
    rank = max(map(len, shapes.values()))
    sizes = list(shapes.values())
    if "layers" in code:  # expanded behind the batch
        sizes = [(*s[:1], *[1] * (rank - len(s)), *s[1:]) for s in sizes]
    whole = sizes[0]
    for size in sizes[1:]:
        long = [i - len(size) for i, n in enumerate(size) if n > 1]
        try:
            joined = np.broadcast_shapes(whole, size)
        except ValueError:
            return ""
        if len(long) == 1 and len(whole) > 1:
            n, its = size[long[0]], len(whole) + long[0]
            along = [i for i in (len(whole) - 1, 1) if whole[i] == n]
            if along and along[0] != its:
                return "Keras: add takes a tensor for a bias"
        whole = joined
    return ""


def join(r, sums, behinds, listed, dialect):
    """An element by element join or one along an axis.

    `sums` take two tensors, `listed` a list; of `behinds`, the text has
    {list} and {axis}.
    """
    n, shape = int(r.integers(2, 5)), some_shape(r)
    kind = pick(r, *(k for k in (sums, listed, behinds, behinds) if k))
    if kind is behinds:
        shapes, axis = behind(r, n, shape)
        text = pick(r, *behinds)
        code = text.format(list=f"[{', '.join(shapes)}]", axis=axis)
    elif kind is listed:
        shapes = fitting(r, n, shape)
        code = pick(r, *listed).format(list=f"[{', '.join(shapes)}]")
    else:
        shapes = fitting(r, 2, shape)
        code = f"{pick(r, *sums)}(x, y)"
    known = taken_for_bias(code, shapes) if dialect == "keras3" else ""
    return Case(code, shapes, dialect, known=known)


def torch_join(r):
    """torch.add, torch.mul, torch.cat and their other names."""
    sums = ("torch.add", "torch.mul", "torch.multiply")
    behinds = (
        "torch.cat({list}, {axis})",
        "torch.cat({list}, dim={axis})",
        "torch.concat({list}, dim={axis})",
        "torch.concatenate({list}, axis={axis})",
    )
    return join(r, sums, behinds, (), "torch")


def keras_join(r):
    """Add, Multiply and Concatenate as layers and as functions."""
    dialect = pick(r, "keras3", "keras2")
    new = dialect == "keras3"
    sums = ("ops.add", "ops.multiply", "keras.ops.add") if new else ()
    behinds = (
        "layers.Concatenate(axis={axis})({list})",
        "layers.Concatenate({axis})({list})",
        "layers.concatenate({list}, axis={axis})",
        *(("ops.concatenate({list}, axis={axis})",) if new else ()),
    )
    listed = (
        "layers.Add()({list})",
        "layers.Multiply()({list})",
        "layers.add({list})",
        "layers.multiply({list})",
    )
    return join(r, sums, behinds, listed, dialect)


def tf_join(r):
    """tf.add, tf.multiply, tf.add_n, tf.concat."""
    dialect = pick(r, "tf2", "tf1")
    sums = ("tf.add", "tf.math.add", "tf.multiply", "tf.math.multiply")
    behinds = ("tf.concat({list}, {axis})", "tf.concat({list}, axis={axis})")
    return join(r, sums, behinds, ("tf.add_n({list})",), dialect)


# ---- a tensor and a number ----


def arithmetic(r):
    """Sums, products, quotients with numbers; Rescaling."""
    dialect = pick(r, "torch", "keras3", "keras2", "tf2", "tf1")
    number = pick(r, 2, 0.5, -1.5, 1 / 255, 3.0)
    pairs = {
        "torch": ("torch.add", "torch.sub", "torch.mul", "torch.div", "torch.subtract"),
        "keras3": ("ops.add", "ops.subtract", "ops.multiply", "ops.divide"),
        "tf2": ("tf.add", "tf.subtract", "tf.multiply", "tf.divide"),
        "tf1": (
            "tf.math.add",
            "tf.math.subtract",
            "tf.math.multiply",
            "tf.math.divide",
        ),
    }
    negations = {"torch": "torch.neg", "keras3": "ops.negative", "tf2": "tf.negative"}
    if dialect in negations and chance(r, 0.1):
        return on_one(r, dialect, f"{negations[dialect]}(x)")
    if dialect in pairs and (dialect != "keras3" or chance(r, 0.5)):
        name = pick(r, *pairs[dialect])
        swapped = dialect != "torch" and chance(r, 0.2)
        words = f"{number!r}, x" if swapped else f"x, {number!r}"
        return on_one(r, dialect, f"{name}({words})")
    shape = some_shape(r)
    n = shape[-1] + chance(r, 0.1)
    many = [float(x) for x in r.integers(-3, 4, n)]
    choices = {"scale": (number, number, many), "offset": (0.5, -1, many)}
    given = keywords(r, choices)[1]
    given.setdefault("scale", number)
    return on_one(r, dialect, f"layers.Rescaling({arguments([], given)})", shape)


KINDS = {
    "torch_noise": torch_noise,
    "keras_noise": keras_noise,
    "tf_noise": tf_noise,
    "torch_join": torch_join,
    "keras_join": keras_join,
    "tf_join": tf_join,
    "arithmetic": arithmetic,
}
