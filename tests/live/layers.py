"""Random single layers, every kind that convey reads.

A case is a chain of layers of which at most one computes; the others only
choose and move numbers. They stand there because the order of axes changes
only where a layer with channels asks for it.

Defects of the frameworks themselves that the cases keep away from:

* oneDNN in TensorFlow: garbage for one input channel, a stride above 1 on the
  last axis and 1 before it. Strided convolutions over two or three axes have
  two channels or more.
* Keras on TensorFlow, channels first: the bias is added along the last axis
  if that is as long as there are filters. Such layers have no bias.
* Keras on TensorFlow: Add takes an input with one axis above 1, be it the
  batch, for a bias of the last axis or of axis 1, if those are as long. Where
  ranks differ, no two axes are alike and all are longer than a batch.
* oneDNN in TensorFlow: empty results have the wrong shape. None is empty.
* torch: a permuted view of one channel makes oneDNN read garbage. kit.py
  copies.
"""

import math
from dataclasses import dataclass, field

import bounds
import numpy as np
from kit import keras

K = keras.layers
FORMATS = ("channels_last", "channels_first")
LARGEST = (None, 18, 9, 5)  # length of a spatial axis, by their number


@dataclass
class Case:
    """Layers one behind the other; the first takes all inputs."""

    layers: list
    shapes: list  # of the inputs without batch; None: not known
    sizes: list = field(default_factory=list)  # lists of shapes to try
    sequential: bool = False
    transposes: bool = False  # must the port move axes, as things stand?

    def model(self):
        """The model of these layers."""
        inputs = [keras.Input(shape) for shape in self.shapes]
        if self.sequential and len(inputs) == 1:
            return keras.Sequential([*inputs, *self.layers])
        x = inputs if len(inputs) > 1 else inputs[0]
        for layer in self.layers:
            x = layer(x)
        return keras.Model(inputs, x)

    def __str__(self):
        skip = ("name", "dtype", "trainable")
        said = []
        for layer in self.layers:
            config = {
                k: v
                for k, v in layer.get_config().items()
                if k not in skip and not k.endswith(("izer", "constraint"))
            }
            words = ", ".join(f"{k}={v!r}" for k, v in config.items())
            said.append(f"{type(layer).__name__}({words})")
        return f"{self.shapes} {self.sizes}: " + " -> ".join(said)


# ---- pieces ----


def pick(rng, items):
    """One of them, as it is."""
    return items[int(rng.integers(len(items)))]


def ints(rng, low, high, n=None):
    """One integer, or a tuple of n, of low..high."""
    if n is None:
        return int(rng.integers(low, high + 1))
    return tuple(int(i) for i in rng.integers(low, high + 1, n))


def by_rank(name, nd):
    """keras.layers.Conv2D of "Conv{}D"."""
    return getattr(K, name.format(nd))


def with_channels(space, channels, data_format):
    """A shape without batch."""
    if data_format == "channels_first":
        return (channels, *space)
    return (*space, channels)


def image(rng, nd, channels, data_format, least=1, known=None):
    """Shapes for a Case: known sizes, or two tries of unknown ones."""
    known = rng.random() < 0.75 if known is None else known
    least = least if isinstance(least, tuple) else (least,) * nd
    tries = []
    for _ in range(1 if known else 2):
        high = max(LARGEST[nd], *least)
        space = [ints(rng, low, high) for low in least]
        tries.append([with_channels(space, channels, data_format)])
    if known:
        return {"shapes": tries[0], "sizes": tries}
    hidden = [None if rng.random() < 0.8 else tries[0][0][0] for _ in range(nd)]
    hidden = [None] * nd if any(h is not None for h in hidden) else hidden
    return {"shapes": [with_channels(hidden, channels, data_format)], "sizes": tries}


def pad_layer(rng, nd, data_format):
    """A ZeroPadding in one of its forms."""
    form = ints(rng, 0, 2)
    if form == 0:
        amount = ints(rng, 0, 3)
    elif nd == 1:
        amount = ints(rng, 0, 3, 2)
    elif form == 1:
        amount = ints(rng, 0, 3, nd)
    else:
        amount = tuple(ints(rng, 0, 3, 2) for _ in range(nd))
    return by_rank("ZeroPadding{}D", nd)(amount, data_format=data_format)


def exact_layer(rng, nd, data_format):
    """A layer with channels that computes nothing."""
    if rng.random() < 0.5:
        return pad_layer(rng, nd, data_format)
    make = by_rank("MaxPooling{}D", nd)
    return make(2, strides=1, padding="same", data_format=data_format)


def ordered(rng, layer, nd, shapes, data_format="channels_last"):
    """A case of one layer, for two in three between layers with channels."""
    before = [exact_layer(rng, nd, data_format)] if nd and rng.random() < 0.66 else []
    return Case([*before, layer], **shapes)


def any_shape(rng, low=1, high=4):
    """A shape of some rank, as the inputs of a layer without channels."""
    nd = ints(rng, low - 1, high - 1)
    if nd == 0 or nd > 3:
        size = [ints(rng, 1, 5, nd + 1)]
        return 0, {"shapes": size, "sizes": [size]}
    return nd, image(rng, nd, ints(rng, 1, 6), "channels_last", known=True)


def some_axes(rng, rank):
    """One axis or more behind the batch, in any order, from either end."""
    n = ints(rng, 1, rank - 1)
    axes = 1 + rng.permutation(rank - 1)[:n]
    return [int(a) - pick(rng, (0, rank)) for a in axes]


def activation(rng, share=0.35):
    """A stock activation as an argument; glu would halve the channels."""
    names = [*bounds.POINTWISE, *bounds.SPELLINGS, "softmax", "log_softmax"]
    return pick(rng, names) if rng.random() < share else None


def without_bias(layer):
    """The same layer without a bias."""
    return type(layer).from_config({**layer.get_config(), "use_bias": False})


def safe_bias(layer, shapes):
    """Keeps away from the bias of channels first that Keras misplaces."""
    if layer.data_format == "channels_last" or not layer.use_bias:
        return layer
    for size in shapes:
        out = layer.compute_output_shape((1, *size))
        if out[-1] == out[1]:
            return without_bias(layer)
    return layer


# ---- kinds of layers ----


def stride_or_dilation(rng, nd, limit):
    """Strides and dilations; Keras refuses both in one convolution."""
    ones = (1,) * nd
    roll = rng.random()
    if roll < 0.4:
        return ints(rng, 1, limit, nd), ones
    return ones, ints(rng, 1, 3, nd) if roll < 0.65 else ones


def conv(rng, _):
    """Conv1D, Conv2D, Conv3D."""
    nd = ints(rng, 1, 3)
    groups = ints(rng, 2, 3) if rng.random() < 0.25 else 1
    taps = ints(rng, 1, (0, 6, 4, 3)[nd], nd)
    strides, dilation = stride_or_dilation(rng, nd, 4)
    paddings = ("same", "valid", "causal") if nd == 1 else ("same", "valid")
    padding = pick(rng, paddings)
    channels = groups * ints(rng, 1, 4)
    if nd > 1 and max(strides) > 1:
        channels = max(channels, 2)
    data_format = pick(rng, FORMATS)
    if padding == "causal":
        data_format = "channels_last"
    layer = by_rank("Conv{}D", nd)(
        groups * ints(rng, 1, 5),
        taps,
        strides=strides,
        padding=padding,
        dilation_rate=dilation,
        groups=groups,
        data_format=data_format,
        use_bias=bool(rng.random() < 0.8),
        activation=activation(rng),
    )
    return windowed(rng, layer, taps, dilation, channels)


def depthwise(rng, _):
    """DepthwiseConv1D, DepthwiseConv2D; stride and dilation may meet."""
    nd = ints(rng, 1, 2)
    taps = ints(rng, 1, 5 if nd == 1 else 4, nd)
    stride = ints(rng, 1, 3)
    dilation = ints(rng, 1, 3, nd) if rng.random() < 0.3 else (1,) * nd
    layer = by_rank("DepthwiseConv{}D", nd)(
        taps,
        strides=(stride,) * nd,
        padding=pick(rng, ("same", "valid")),
        depth_multiplier=ints(rng, 1, 3),
        dilation_rate=dilation,
        data_format=pick(rng, FORMATS),
        use_bias=bool(rng.random() < 0.8),
        activation=activation(rng),
    )
    return windowed(rng, layer, taps, dilation, ints(rng, 2, 5))


def windowed(rng, layer, taps, dilation, channels):
    """A case whose inputs are long enough for the window."""
    least = 1
    if layer.padding == "valid":
        least = tuple((k - 1) * d + 1 for k, d in zip(taps, dilation, strict=True))
    shapes = image(rng, len(taps), channels, layer.data_format, least)
    if hasattr(layer, "use_bias"):
        layer = safe_bias(layer, [size for (size,) in shapes["sizes"]])
    return Case([layer], **shapes, sequential=bool(rng.random() < 0.3))


def pool(rng, _):
    """MaxPooling and AveragePooling over one to three axes."""
    nd = ints(rng, 1, 3)
    taps = ints(rng, 1, (0, 5, 4, 3)[nd], nd)
    layer = by_rank(pick(rng, ("MaxPooling{}D", "AveragePooling{}D")), nd)(
        taps,
        strides=pick(rng, (None, ints(rng, 1, 4, nd))),
        padding=pick(rng, ("same", "valid")),
        data_format=pick(rng, FORMATS),
    )
    return windowed(rng, layer, taps, (1,) * nd, ints(rng, 1, 5))


def global_pool(rng, _):
    """GlobalMaxPooling and GlobalAveragePooling."""
    nd = ints(rng, 1, 3)
    data_format = pick(rng, FORMATS)
    layer = by_rank(pick(rng, ("GlobalMaxPooling{}D", "GlobalAveragePooling{}D")), nd)(
        keepdims=bool(rng.random() < 0.4), data_format=data_format
    )
    return Case([layer], **image(rng, nd, ints(rng, 1, 5), data_format))


def dense(rng, _):
    """Dense over inputs of two to five axes."""
    nd = ints(rng, 0, 3)
    channels = ints(rng, 1, 9)
    size = [(channels,)]
    shapes = {"shapes": size, "sizes": [size]}
    if nd:
        shapes = image(rng, nd, channels, "channels_last")
    layer = K.Dense(
        ints(rng, 1, 8), use_bias=bool(rng.random() < 0.8), activation=activation(rng)
    )
    return ordered(rng, layer, nd, shapes)


def batch_norm(rng, _):
    """BatchNormalization of values of two to five axes."""
    nd = ints(rng, 0, 3)
    data_format = pick(rng, FORMATS)
    channels = ints(rng, 1, 6)
    size = [(channels,)]
    shapes = {"shapes": size, "sizes": [size]}
    if nd:
        shapes = image(rng, nd, channels, data_format)
    layer = K.BatchNormalization(
        axis=1 if data_format == "channels_first" else -1,
        epsilon=float(rng.choice([1e-3, 1e-5, 0.1])),
        momentum=float(rng.choice([0.99, 0.9])),
        scale=bool(rng.random() < 0.75),
        center=bool(rng.random() < 0.75),
    )
    return Case([layer], **shapes)


def padding(rng, _):
    """ZeroPadding in every form."""
    nd, data_format = ints(rng, 1, 3), pick(rng, FORMATS)
    shapes = image(rng, nd, ints(rng, 1, 5), data_format)
    return Case([pad_layer(rng, nd, data_format)], **shapes)


STOCK = sorted([*bounds.POINTWISE, *bounds.SPELLINGS, *bounds.ALONG_AXIS, "linear"])


def stock_activation(rng, turn):
    """Activation of every stock name, in turn."""
    name = STOCK[turn % len(STOCK)]
    nd = ints(rng, 0, 3)
    channels = 2 * ints(rng, 1, 4)
    size = [(channels,)]
    shapes = {"shapes": size, "sizes": [size]}
    if nd:
        shapes = image(rng, nd, channels, "channels_last")
    return ordered(rng, K.Activation(name), nd, shapes)


def activation_layer(rng, _):
    """ReLU with its arguments, LeakyReLU, ELU, PReLU, Softmax."""
    nd, shapes = any_shape(rng)
    rank = len(shapes["shapes"][0]) + 1
    makers = (
        lambda: K.ReLU(
            max_value=pick(rng, (None, 6.0, 0.7)),
            negative_slope=pick(rng, (0.0, 0.0, 0.1)),
            threshold=pick(rng, (0.0, 0.0, 0.4)),
        ),
        lambda: K.LeakyReLU(negative_slope=pick(rng, (0.3, 0.01, 0.0, 1.5))),
        lambda: K.ELU(alpha=pick(rng, (1.0, 0.5, 2.0))),
        lambda: K.PReLU(
            alpha_initializer="random_normal",
            shared_axes=pick(rng, (list(range(1, rank - 1)) or None, None)),
        ),
        lambda: K.Softmax(axis=pick(rng, (-1, ints(rng, 1, rank - 1), None))),
        lambda: K.Softmax(axis=some_axes(rng, rank)),
    )
    return ordered(rng, pick(rng, makers)(), nd, shapes)


def inference_identity(rng, _):
    """Layers that do nothing at inference."""
    nd, shapes = any_shape(rng)
    rank = len(shapes["shapes"][0]) + 1
    makers = (
        lambda: K.Dropout(0.4),
        lambda: K.Dropout(0.4, noise_shape=(None, *[1] * (rank - 1))),
        lambda: K.Identity(),
    )
    if 0 < nd <= 3 and rng.random() < 0.3:
        return ordered(rng, by_rank("SpatialDropout{}D", nd)(0.5), nd, shapes)
    return ordered(rng, pick(rng, makers)(), nd, shapes)


def flatten(rng, _):
    """Flatten of both data formats, and Dense behind it."""
    nd, data_format = ints(rng, 1, 3), pick(rng, FORMATS)
    shapes = image(rng, nd, ints(rng, 1, 4), data_format, known=True)
    layers = [K.Flatten(data_format=data_format)]
    if rng.random() < 0.8:
        layers.insert(0, exact_layer(rng, nd, data_format))
    if rng.random() < 0.5:
        layers.append(K.Dropout(0.2))
    bare = rng.random() < 0.2
    if not bare:
        layers.append(K.Dense(ints(rng, 1, 7), activation=activation(rng)))
    sequential = bool(rng.random() < 0.3)
    return Case(layers, **shapes, sequential=sequential, transposes=bare)


def split(rng, total, parts):
    """Factors of a number, in some order."""
    sizes = [1] * parts
    for prime in (2, 3, 5, 7, 11, 13):
        while total % prime == 0:
            sizes[ints(rng, 0, parts - 1)] *= prime
            total //= prime
    sizes[0] *= total
    return sizes


def open_reshape(rng):
    """Reshape of sizes that are not known; tried are some that fit."""
    size = ints(rng, 1, 6, ints(rng, 1, 3))
    target = split(rng, math.prod(size), ints(rng, 1, 4))
    hidden = ints(rng, 0, len(size) - 1)
    known = [i != hidden and rng.random() < 0.5 for i in range(len(size))]
    shape = [s if k else None for s, k in zip(size, known, strict=True)]
    tries = [[tuple(size)]]
    if rng.random() < 0.7:
        target[ints(rng, 0, len(target) - 1)] = pick(rng, (-1, None))
        longer = [s * (3 if i == hidden else 1) for i, s in enumerate(size)]
        tries.append([tuple(longer)])
    if len(size) > 1 and rng.random() < 0.3:
        nd = len(size) - 1
        shape[-1] = size[-1]
        tries = [t for t in tries if t[0][-1] == size[-1]]
        first = by_rank("MaxPooling{}D", nd)(2, strides=1, padding="same")
        layers = [first, K.Reshape(tuple(target))]
        return Case(layers, [tuple(shape)], tries, transposes=True)
    return Case([K.Reshape(tuple(target))], [tuple(shape)], tries)


def reshape(rng, _):
    """Reshape; behind a layer with channels only where those stay whole."""
    if rng.random() < 0.4:
        return open_reshape(rng)
    if rng.random() < 0.4:
        nd = ints(rng, 2, 3)
        space, channels = ints(rng, 1, 4, nd), ints(rng, 1, 4)
        size = [(*space, channels)]
        first = by_rank("MaxPooling{}D", nd)(2, strides=1, padding="same")
        target = (pick(rng, (-1, math.prod(space))), channels)
        return Case([first, K.Reshape(target)], size, [size], transposes=True)
    size = [ints(rng, 1, 6, ints(rng, 1, 3))]
    target = split(rng, math.prod(size[0]), ints(rng, 1, 4))
    if rng.random() < 0.4:
        target[ints(rng, 0, len(target) - 1)] = -1
    return Case([K.Reshape(tuple(target))], size, [size])


def one_join(rng, n):
    """A join of n inputs, element by element."""
    kinds = [K.Add, K.Multiply, K.Average, K.Maximum, K.Minimum]
    return pick(rng, [*kinds, K.Subtract] if n == 2 else kinds)()


def joined_ranks(rng, _):
    """Joins of inputs of different rank; axes of one element."""
    nd = ints(rng, 0, 3)
    shape = [int(n) for n in 4 + rng.permutation(5)[: nd + 1]]
    ranks = [nd + 1, ints(rng, 0, nd)]
    ranks += [ints(rng, 0, nd + 1) for _ in range(ints(rng, 0, 2))]
    all_shapes = [
        tuple(1 if rng.random() < 0.2 else n for n in shape[nd + 1 - rank :])
        for rank in ranks
    ]
    rng.shuffle(all_shapes)
    layers = [one_join(rng, len(ranks))]
    if nd and rng.random() < 0.66:
        layers.append(exact_layer(rng, nd, pick(rng, FORMATS)))
    return Case(layers, all_shapes, [all_shapes])


def join(rng, _):
    """Joins element by element, and Concatenate, of two to four inputs."""
    nd, shapes = any_shape(rng)
    (shape,) = shapes["shapes"]
    n = ints(rng, 2, 4)
    all_shapes = [shape] * n
    if rng.random() < 0.4:
        layer = one_join(rng, n)
    else:
        at = ints(rng, 0, len(shape) - 1)
        all_shapes = [
            (*shape[:at], ints(rng, 1, 4), *shape[at + 1 :]) for _ in range(n)
        ]
        layer = K.Concatenate(axis=pick(rng, (at + 1, at - len(shape))))
    layers = [layer]
    if nd and rng.random() < 0.66:
        layers.append(pad_layer(rng, nd, "channels_last"))
    return Case(layers, all_shapes, [all_shapes])


def scaling(rng, _):
    """Rescaling and Normalization."""
    nd, shapes = any_shape(rng)
    (shape,) = shapes["shapes"]
    axes = some_axes(rng, len(shape) + 1)
    lengths = [shape[a - 1] for a in sorted(a % (len(shape) + 1) for a in axes)]

    def numbers(low, dims):
        return np.float32(rng.uniform(low, 2, dims)).tolist()

    def given(dims, **arguments):
        mean, variance = numbers(-1, dims), numbers(0.1, dims)
        invert = bool(rng.random() < 0.3)
        return K.Normalization(mean=mean, variance=variance, invert=invert, **arguments)

    def partly():
        """Numbers for the last of the axes, some of them shared."""
        last = lengths[ints(rng, 0, len(lengths)) :]
        return given([n if rng.random() < 0.7 else 1 for n in last], axis=axes)

    makers = (
        lambda: K.Rescaling(1 / 127.5, offset=pick(rng, (0.0, -1.0))),
        lambda: K.Rescaling(numbers(-1, shape[-1]), offset=numbers(-1, shape[-1])),
        lambda: given(shape[-1]),
        lambda: given(lengths, axis=axes),
        partly,
        lambda: K.Normalization(axis=None, mean=0.25, variance=1.7),
        lambda: K.Normalization(axis=pick(rng, (-1, None))),
        lambda: K.Normalization(axis=axes, invert=bool(rng.random() < 0.3)),
    )
    layers = [pick(rng, makers)()]
    if nd and rng.random() < 0.66:
        # One that keeps the sizes, which given numbers must fit.
        pooling = by_rank("MaxPooling{}D", nd)
        layers.insert(0, pooling(2, strides=1, padding="same"))
    return Case(layers, **shapes)


KINDS = (
    conv,
    pool,
    conv,
    depthwise,
    conv,
    batch_norm,
    dense,
    stock_activation,
    conv,
    pool,
    global_pool,
    activation_layer,
    flatten,
    join,
    joined_ranks,
    stock_activation,
    scaling,
    reshape,
    padding,
    inference_identity,
    stock_activation,
)


def case(rng, index):
    """The index-th case; kinds take turns."""
    turn, kind = divmod(index, len(KINDS))
    return KINDS[kind](rng, 3 * turn + KINDS[: kind + 1].count(KINDS[kind]) - 1)


# ---- weights ----


def fill(layer, rng):
    """Weights that let every fault show: nothing is 0, 1 or alike."""
    for weight in layer.weights:
        kind = weight.path.rsplit("/", 1)[-1]
        shape = tuple(weight.shape)
        if kind in ("kernel", "depthwise_kernel"):
            outputs = 1 if kind != "kernel" else shape[-1]
            fan = max(math.prod(shape) // outputs, 1)
            new = rng.normal(0, 1 / math.sqrt(fan), shape)
        elif kind in ("moving_variance", "variance"):
            new = rng.uniform(0.1, 3, shape)
        elif kind == "count":
            new = np.full(shape, 100)
        else:
            new = rng.normal(0, 0.7, shape)
        weight.assign(new.astype(weight.dtype))
    if isinstance(layer, K.Normalization) and layer.built:
        layer.finalize_state()
