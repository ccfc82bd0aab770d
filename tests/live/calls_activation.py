"""Random activations, softmaxes and slopes, in the words of every dialect."""

from calls import Case
from calls_conv import arguments, chance, pick

NUMBERS = (0.1, 0.5, 1.0, 2, 0, -0.3)
AXES = (-1, -1, 1, 1, 0, 2, -2, 3, -4)


def some_shape(r, least=1, most=5):
    """A shape of so many axes, few elements."""
    rank = int(r.integers(least, most + 1))
    high = (0, 17, 9, 7, 5, 4)[rank]
    return tuple(int(n) for n in r.integers(1, high + 1, rank))


def keywords(r, choices, p=0.6, positional=False):
    """Some of the arguments with one of their values each.

    If positional, a first few of them may be said without a name.
    """
    made = {n: pick(r, *v) for n, v in choices.items() if chance(r, p)}
    first = []
    while positional and chance(r, 0.4):
        name = list(choices)[len(first)] if len(first) < len(choices) else None
        if name not in made:
            break
        first.append(made.pop(name))
    return first, made


def call(r, name, choices, tensors="", **how):
    """The text of a call; `tensors` is what stands before the arguments."""
    words = arguments(*keywords(r, choices, **how))
    return f"{name}({', '.join(filter(None, (tensors, words)))})"


def on_one(r, dialect, code, shape=None):
    """A case of one tensor, whose numbers are sometimes large."""
    spread = pick(r, 1.0, 1.0, 4.0, 30.0)
    shapes = {"x": shape or some_shape(r)}
    scaled = 0.2 if dialect == "keras2" and "hard_sigmoid" in code else 0.0
    return Case(code, shapes, dialect, spread=spread, scaled=scaled)


# ---- functions of each element ----

INPLACE = {"inplace": (False, True)}
ENDS = {"min_val": (-1.0, -2, 0.5), "max_val": (1.0, 3, 0.5)}
CUTS = {"min": (-1.0, 0, 0.5, None), "max": (1.0, 2, 0.25, None)}
BETWEEN = {"lower": (0.1, 0.125, 0), "upper": (0.3, 0.05, 1)}
STEPS = {"threshold": NUMBERS, "value": NUMBERS}

# Modules of torch.nn and what they take.
MODULES = {
    "ReLU": INPLACE,
    "ReLU6": INPLACE,
    "Sigmoid": {},
    "Tanh": {},
    "SELU": INPLACE,
    "SiLU": INPLACE,
    "Mish": INPLACE,
    "Hardsigmoid": INPLACE,
    "Hardswish": INPLACE,
    "LogSigmoid": {},
    "Softsign": {},
    "Tanhshrink": {},
    "ELU": {"alpha": (*NUMBERS, -1.5), **INPLACE},
    "CELU": {"alpha": NUMBERS, **INPLACE},
    "LeakyReLU": {"negative_slope": (*NUMBERS, 1.5, True), **INPLACE},
    "Hardshrink": {"lambd": NUMBERS},
    "Softshrink": {"lambd": NUMBERS},
    "Hardtanh": {**ENDS, **INPLACE},
    "RReLU": {**BETWEEN, **INPLACE},
    "GELU": {"approximate": ("none", "tanh", "tanh", "erf")},
    "Softplus": {"beta": (1, 2.0, 0.5, -1.0), "threshold": (20, 30.0, 15)},
    "Identity": {"anything": (1,)},
}
FUNCTIONS = {
    "relu": INPLACE,
    "relu_": {},
    "relu6": INPLACE,
    "sigmoid": {},
    "tanh": {},
    "selu": INPLACE,
    "selu_": {},
    "silu": INPLACE,
    "mish": INPLACE,
    "hardsigmoid": INPLACE,
    "hardswish": INPLACE,
    "logsigmoid": {},
    "softsign": {},
    "tanhshrink": {},
    "elu": MODULES["ELU"],
    "elu_": {"alpha": NUMBERS},
    "celu": MODULES["CELU"],
    "leaky_relu": MODULES["LeakyReLU"],
    "leaky_relu_": {"negative_slope": NUMBERS},
    "hardshrink": MODULES["Hardshrink"],
    "softshrink": MODULES["Softshrink"],
    "hardtanh": MODULES["Hardtanh"],
    "hardtanh_": ENDS,
    "rrelu": {**BETWEEN, "training": (False,)},
    "gelu": MODULES["GELU"],
    "softplus": MODULES["Softplus"],
}
TORCH = {
    "relu": {},
    "relu_": {},
    "sigmoid": {},
    "sigmoid_": {},
    "tanh": {},
    "exp": {},
    "selu": {},
    "celu": {"alpha": NUMBERS},
    "hardshrink": {"lambd": NUMBERS},
    "special.expit": {},
    "rrelu": BETWEEN,
    "clamp": CUTS,
    "clip": CUTS,
    "clamp_min": {"min": (0, 0.5, -1.0)},
    "clamp_max": {"max": (0, 0.5, -1.0)},
}


def torch_pointwise(r):
    """nn.ReLU(), F.relu(x), torch.relu(x) and all others."""
    kind = int(r.integers(3))
    if kind == 0 and chance(r, 0.07):
        first = [pick(r, *NUMBERS) for _ in range(pick(r, 1, 2, 2, 2))]
        return on_one(r, "torch", f"nn.Threshold({arguments(first, {})})")
    if kind and chance(r, 0.05):
        name = pick(r, "F.threshold", "torch.threshold", "F.threshold_")
        return on_one(r, "torch", call(r, name, STEPS, "x", p=0.95))
    package = ("nn.", "F.", "torch.")[kind]
    table = (MODULES, FUNCTIONS, TORCH)[kind]
    name = pick(r, *table)
    tensors = "x" if kind else ""
    p = 0.9 if name.startswith("clamp_") else 0.6
    how = {"p": p, "positional": name != "Identity"}
    return on_one(r, "torch", call(r, package + name, table[name], tensors, **how))


# Of keras.activations and keras.ops.
SLOPES = {
    "negative_slope": (0.0, 0.1, 0.5, -0.2),
    "max_value": (None, 6.0, 0.7, 0.0, -1.0),
    "threshold": (0.0, 0.4, 1, -0.5),
}
APPROXIMATE = {"approximate": (True, False, None, 1)}
KERAS = {
    "celu": {"alpha": NUMBERS},
    "elu": {"alpha": NUMBERS},
    "gelu": APPROXIMATE,
    "hard_shrink": {"threshold": NUMBERS},
    "leaky_relu": {"negative_slope": NUMBERS},
    "soft_shrink": {"threshold": NUMBERS},
    "squareplus": {"b": (4, 1.0, 0.25, 0)},
    "threshold": {"threshold": NUMBERS, "default_value": NUMBERS},
}
PLAIN = (
    "hard_sigmoid hard_silu hard_swish hard_tanh log_sigmoid relu relu6 selu "
    "sigmoid silu softplus softsign sparse_plus sparse_sigmoid swish tanh "
    "tanh_shrink"
).split()
STOCK = [*PLAIN, *KERAS, "mish", "exponential", "linear", "glu", "log_softmax"]
STOCK += ["softmax", "sparsemax", "Swish", "unknown"]
STOCK_2 = (
    "elu exponential gelu hard_sigmoid linear leaky_relu mish relu relu6 selu "
    "sigmoid silu softmax softplus softsign swish tanh log_softmax unknown"
).split()
# Those that tf_keras.activations has; others are found by their name alone.
CALLED_2 = (
    "elu exponential gelu hard_sigmoid linear mish relu selu sigmoid softplus "
    "softsign swish tanh"
).split()
OBJECTS = (
    "None",
    "keras.activations.tanh",
    "tf.nn.relu",
    "tf.nn.relu6",
    "tf.nn.swish",
    "tf.nn.gelu",
    "tf.nn.leaky_relu",
    "layers.ReLU(6.0)",
    "layers.ELU(0.5)",
)


def keras_function(r):
    """keras.activations.x and keras.ops.x of Keras 3."""
    name = pick(r, *PLAIN, *KERAS, *KERAS)
    package = pick(r, "keras.activations.", "ops.", "keras.ops.")
    choices = KERAS.get(name, {})
    if name == "relu" and "activations" in package:
        choices = SLOPES
    special = {
        "keras.activations.mish": {},
        "keras.activations.exponential": {},
        "keras.activations.linear": {},
        "ops.exp": {},
        "ops.clip": {"x_min": (-1.0, 0, 0.5), "x_max": (1.0, 2, 0.25)},
        "ops.maximum": {"x2": NUMBERS},
        "ops.minimum": {"x2": NUMBERS},
    }
    how = {"positional": True}
    full = package + name
    if chance(r, 0.2):
        full = pick(r, *special)
        choices = special[full]
        how["p"] = 0.97
    if name == "threshold":
        how["p"] = 0.97
    return on_one(r, "keras3", call(r, full, choices, "x", **how))


def keras_layer(r):
    """Layers and functions of each element, of both Keras."""
    dialect = pick(r, "keras3", "keras2")
    new = dialect == "keras3"
    if chance(r, 0.45):
        name = repr(pick(r, *(STOCK if new else STOCK_2)))
        if chance(r, 0.15):
            name = pick(r, *OBJECTS)
        word = pick(r, "", "activation=")
        return on_one(r, dialect, f"layers.Activation({word}{name})")
    slope = "negative_slope" if new else "alpha"
    makers = {
        "layers.ReLU": {
            "max_value": (None, 6.0, 0.7, 0.0, -1.0),
            "negative_slope": (0.0, 0.1, 0.5, -0.2),
            "threshold": (0.0, 0.4, 1, -0.5),
        },
        "layers.LeakyReLU": {slope: (0.3, 0.01, 0, 1.5, -0.1)},
        "layers.ELU": {"alpha": NUMBERS},
        "layers.ActivityRegularization": {"l1": (0.1,), "l2": (0.1,)},
        "layers.Identity": {},
    }
    if not new:
        makers["layers.ThresholdedReLU"] = {"theta": (1.0, 0, 0.5, -1.0)}
        name = pick(r, *CALLED_2)
        choices = {
            "elu": {"alpha": NUMBERS},
            "gelu": APPROXIMATE,
            "relu": {"alpha": (0.0, 0.1), **SLOPES},
        }.get(name, {})
        choices.pop("negative_slope", None)
        if chance(r, 0.4):
            name = "keras.activations." + name
            return on_one(r, dialect, call(r, name, choices, "x"))
    name = pick(r, *makers)
    return on_one(r, dialect, call(r, name, makers[name], positional=True))


TF = (
    "nn.relu nn.relu6 nn.elu nn.selu nn.softplus math.softplus nn.softsign "
    "math.softsign nn.sigmoid math.sigmoid sigmoid nn.tanh math.tanh tanh "
    "math.log_sigmoid math.exp exp identity nn.silu nn.swish"
).split()
TF_WITH = {
    "nn.leaky_relu": {"alpha": NUMBERS},
    "nn.gelu": {"approximate": (True, False)},
    "nn.silu": {"beta": (1.0, 2.0, 0.5, 0.0, -1.0)},
    "nn.swish": {"beta": (1.0, 2.0, 0.5, 0.0, -1.0)},
    "nn.crelu": {"axis": (-1,)},
    "clip_by_value": {"clip_value_min": (-1.0, 0.5), "clip_value_max": (1.0, 0.25)},
}


def tf_pointwise(r):
    """tf.nn.relu(x) and all others, of TensorFlow 2 and 1."""
    dialect = pick(r, "tf2", "tf1")
    name = pick(r, *TF, *TF_WITH, *TF_WITH)
    choices = TF_WITH.get(name, {})
    p = 0.97 if name == "clip_by_value" else 0.6
    if name not in TF_WITH and name not in ("nn.silu", "nn.swish"):
        choices = {"name": ("act",)}
    if name == "nn.gelu" and dialect == "tf1":
        dialect = "tf2"
    return on_one(r, dialect, call(r, f"tf.{name}", choices, "x", p=p))


# ---- along axes ----


def torch_axis(r):
    """Softmax, LogSoftmax, Softmin, Softmax2d and GLU of torch."""
    name = pick(
        r,
        *("nn.Softmax", "nn.LogSoftmax", "nn.Softmin", "nn.GLU", "nn.Softmax2d"),
        *("F.softmax", "F.log_softmax", "F.softmin", "F.glu"),
        *("torch.softmax", "torch.log_softmax"),
        *("torch.special.softmax", "torch.special.log_softmax"),
    )
    tensors = "" if name.startswith("nn.") else "x"
    choices = {} if name == "nn.Softmax2d" else {"dim": AXES}
    shape = some_shape(r, 3, 4) if name == "nn.Softmax2d" else some_shape(r)
    code = call(r, name, choices, tensors, p=0.9, positional=True)
    return on_one(
        r, "torch", code, doubled(r, shape) if "lu" in name.lower() else shape
    )


def doubled(r, shape):
    """Most axes even: a gated unit halves one."""
    return tuple(n * 2 if chance(r, 0.8) else n for n in shape)


def keras_axis(r):
    """Softmax and its like in both Keras.

    Functions of Keras 3 stumble over a list of axes, which reads as a tuple
    does here: they get tuples.
    """
    dialect = pick(r, "keras3", "keras3", "keras2")
    names = ["layers.Softmax", "layers.Softmax", "keras.activations.softmax"]
    if dialect == "keras3":
        for package in ("keras.activations.", "ops."):
            names += [package + n for n in ("glu", "sparsemax", "log_softmax")]
        names.append("ops.softmax")
    name = pick(r, *names)
    axes = AXES
    if name.lower().endswith(".softmax"):
        axes = (*AXES, None, (1, 2), (0, 1), (2,), (1, 1))
    if name == "layers.Softmax":
        axes = (*axes, [1, -1], [0, 2], [])
    tensors = "" if name == "layers.Softmax" else "x"
    shape = some_shape(r)
    shape = doubled(r, shape) if name.endswith("glu") else shape
    code = call(r, name, {"axis": axes}, tensors, p=0.85, positional=True)
    return on_one(r, dialect, code, shape)


def tf_axis(r):
    """tf.nn.softmax and log_softmax; dim is TensorFlow 1's."""
    dialect = pick(r, "tf2", "tf1")
    word = pick(r, "axis", "axis", "dim") if dialect == "tf1" else "axis"
    name = pick(r, "nn.softmax", "nn.log_softmax", "math.softmax", "math.log_softmax")
    return on_one(r, dialect, call(r, f"tf.{name}", {word: AXES}, "x", p=0.8))


# ---- slopes ----


def torch_prelu(r):
    """nn.PReLU, F.prelu, torch.prelu."""
    shape = some_shape(r)
    channels = shape[1] if len(shape) > 1 else 1
    slopes = pick(r, 1, 1, channels, channels, channels, channels + 1)
    if chance(r, 0.5):
        first, given = keywords(
            r, {"num_parameters": (slopes,), "init": (0.1, 0.5, 1)}, positional=True
        )
        return on_one(r, "torch", f"nn.PReLU({arguments(first, given)})", shape)
    name = pick(r, "F.prelu", "torch.prelu")
    case = on_one(r, "torch", f"{name}(x, {pick(r, 'weight', 'weight=weight')})", shape)
    case.shapes["weight"] = (slopes, 1) if chance(r, 0.05) else (slopes,)
    return case


def keras_prelu(r):
    """layers.PReLU, whose slopes have every axis that is not shared."""
    shape = some_shape(r, 2, 5)
    rank = len(shape)
    given = {}
    if chance(r, 0.8):
        n = int(r.integers(1, rank))
        axes = [int(a) for a in 1 + r.permutation(rank - 1)[:n]]
        if chance(r, 0.1):
            axes[0] = pick(r, 0, -1, rank, -rank)
        given["shared_axes"] = pick(r, axes, tuple(axes))
    if chance(r, 0.4):
        given["alpha_initializer"] = pick(r, "ones", "he_normal", "zeros")
    code = f"layers.PReLU({arguments([], given)})"
    return on_one(r, pick(r, "keras3", "keras2"), code, shape)


KINDS = {
    "torch_pointwise": torch_pointwise,
    "keras_function": keras_function,
    "keras_layer": keras_layer,
    "tf_pointwise": tf_pointwise,
    "torch_axis": torch_axis,
    "keras_axis": keras_axis,
    "tf_axis": tf_axis,
    "torch_prelu": torch_prelu,
    "keras_prelu": keras_prelu,
}
