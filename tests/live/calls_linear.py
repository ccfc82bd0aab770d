"""Random dense layers and embeddings, in the words of every dialect."""

from calls import Case
from calls_conv import activated, applied, arguments, chance, lengths, pick


def shape_of(r, features):
    """A batch, up to two axes more, and the features."""
    return (2, *lengths(r, 2)[: int(r.integers(0, 3))], features)


def torch_linear(r):
    """nn.Linear, nn.LazyLinear."""
    features = pick(r, 1, 3, 5, 8)
    units = pick(r, 1, 2, 7) if chance(r, 0.95) else pick(r, -1, 2.0, True)
    keywords = {"bias": pick(r, True, False)} if chance(r, 0.4) else {}
    given = [features + chance(r, 0.05), units]
    lazy = chance(r, 0.25)
    text = arguments(given[1:] if lazy else given, keywords)
    code = f"nn.{'Lazy' if lazy else ''}Linear({text})"
    return Case(code, {"x": shape_of(r, features)}, "torch")


def torch_function(r):
    """F.linear: weights are arguments."""
    features, units = pick(r, 1, 3, 5), pick(r, 1, 2, 7)
    shapes = {
        "x": shape_of(r, features),
        "weight": (units, features + chance(r, 0.05)),
    }
    names = ["x", "weight"]
    if chance(r, 0.5):
        shapes["bias"] = (units + chance(r, 0.07),)
        names.append(pick(r, "bias", "bias=bias"))
    return Case(f"F.linear({applied(names, {})})", shapes, "torch")


def keras_dense(r):
    """Dense of both Keras."""
    units = pick(r, 1, 3, 8) if chance(r, 0.93) else pick(r, 0, -1, 2.0, "3")
    keywords = {}
    if chance(r, 0.4):
        keywords["use_bias"] = pick(r, True, False)
    if chance(r, 0.2):
        keywords["kernel_initializer"] = pick(r, "zeros", "he_normal", "ones")
    code, inner = activated(r, "layers.Dense", arguments([units], keywords))
    shapes = {"x": shape_of(r, pick(r, 1, 4))}
    return Case(code, shapes, pick(r, "keras3", "keras2"), inner=inner)


def matmul(r):
    """A matrix at the right hand: tf.matmul, tf.linalg.matmul, ops.matmul."""
    features, units = pick(r, 1, 3, 5), pick(r, 1, 2, 7)
    dialect = pick(r, "tf2", "tf1", "keras3")
    keywords = {}
    if dialect != "keras3" and chance(r, 0.4):
        name = pick(r, "transpose_b", "adjoint_b")
        keywords[name] = pick(r, True, False)
    other = "x2" if dialect == "keras3" else "b"
    sizes = (features + chance(r, 0.05), units)
    shapes = {
        "x": shape_of(r, features),
        other: sizes[::-1] if True in keywords.values() else sizes,
    }
    word = "keras.ops.matmul"
    if dialect != "keras3":
        word = pick(r, "tf.matmul", "tf.linalg.matmul")
    return Case(f"{word}({applied(shapes, keywords)})", shapes, dialect)


def tf1_layer(r):
    """tf.layers.dense, tf.nn.xw_plus_b, tf.nn.relu_layer."""
    word = pick(r, "layers.dense", "nn.xw_plus_b", "nn.relu_layer")
    features, units = pick(r, 1, 3, 5), pick(r, 1, 2, 7)
    if word == "layers.dense":
        keywords = {}
        if chance(r, 0.4):
            keywords["use_bias"] = pick(r, True, False)
        text = inner = f"tf.{word}(x, {arguments([units], keywords)})"
        if chance(r, 0.4):
            text = f"{inner[:-1]}, activation={pick(r, 'tf.nn.relu', 'tf.tanh')})"
        return Case(text, {"x": shape_of(r, features)}, "tf1", inner=inner)
    shapes = {
        "x": (4, features),
        "weights": (features, units),
        "biases": (units + chance(r, 0.1),),
    }
    inner = "tf.nn.xw_plus_b(x, weights, biases)"
    return Case(f"tf.{word}({applied(shapes, {})})", shapes, "tf1", inner=inner)


def bias_add(r):
    """tf.nn.bias_add: a vector, or the numbers themselves."""
    features = pick(r, 1, 3, 5)
    axes = lengths(r, 3)[: int(r.integers(0, 4))]
    first = chance(r, 0.4)
    formats = ("NCHW", "NC", "NCDHW") if first else ("NHWC", "N...C", None)
    keywords = {"data_format": pick(r, *formats)} if first or chance(r, 0.4) else {}
    if chance(r, 0.07):
        keywords["data_format"] = pick(r, "HWC", "")
    shapes = {"x": (2, features, *axes) if first else (2, *axes, features)}
    n = features + chance(r, 0.07)
    if chance(r, 0.25):
        keywords["bias"] = [round(float(v), 2) for v in r.standard_normal(n)]
    else:
        shapes["bias"] = (n,)
    code = f"tf.nn.bias_add({applied(shapes, keywords)})"
    return Case(code, shapes, pick(r, "tf2", "tf1"))


# ---- embeddings ----


def indices_of(r):
    """A batch of indices: rank 1 to 3."""
    return (3, *lengths(r, 2))[: int(r.integers(1, 4))]


def torch_embedding(r):
    """nn.Embedding, F.embedding."""
    entries, width = pick(r, 1, 4, 9), pick(r, 1, 3)
    keywords = {}
    if chance(r, 0.4):
        keywords["padding_idx"] = int(r.integers(-entries - 1, entries + 1))
    if chance(r, 0.1):
        keywords["scale_grad_by_freq"] = True
    if chance(r, 0.1):
        keywords["max_norm"] = 1.0
    shapes = {"x": indices_of(r)}
    if chance(r, 0.6):
        code = f"nn.Embedding({arguments([entries, width], keywords)})"
    else:
        shapes["weight"] = (entries, width)
        code = f"F.embedding({applied(shapes, keywords)})"
    return Case(code, shapes, "torch", indices=entries)


def keras_embedding(r):
    """Embedding of both Keras."""
    entries = pick(r, 1, 4, 9)
    width = pick(r, 1, 3) if chance(r, 0.95) else pick(r, -1, 0)
    keywords = {}
    if chance(r, 0.3):
        keywords["mask_zero"] = pick(r, True, False)
    if chance(r, 0.2):
        keywords["embeddings_initializer"] = pick(r, "uniform", "ones")
    code = f"layers.Embedding({arguments([entries, width], keywords)})"
    dialect = pick(r, "keras3", "keras2")
    return Case(code, {"x": indices_of(r)}, dialect, indices=entries)


def tf_embedding(r):
    """tf.nn.embedding_lookup, tf.gather: the table comes first."""
    entries = pick(r, 1, 4, 9)
    shapes = {"x": indices_of(r), "params": (entries, pick(r, 1, 3))}
    word = pick(r, "nn.embedding_lookup", "gather")
    keywords = {}
    if word == "gather" and chance(r, 0.4):
        keywords["axis"] = pick(r, 0, -2, 0, 1)
    code = f"tf.{word}({applied(['params', 'x'], keywords)})"
    if keywords.get("axis") == 1:
        shapes["params"] = (3, entries)
    return Case(code, shapes, pick(r, "tf2", "tf1"), indices=entries)


KINDS = {
    "torch_linear": torch_linear,
    "torch_function": torch_function,
    "keras_dense": keras_dense,
    "matmul": matmul,
    "tf1_layer": tf1_layer,
    "bias_add": bias_add,
    "torch_embedding": torch_embedding,
    "keras_embedding": keras_embedding,
    "tf_embedding": tf_embedding,
}
