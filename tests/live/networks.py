"""Random small networks, and the seven of the house.

Layers of the networks keep away from the defects that layers.py names.
"""

import json
import math
import re

import layers
import numpy as np
from kit import keras
from layers import FORMATS, K, by_rank, ints, pick

SIGMOIDS = ("sigmoid", "tanh", "softsign", "hard_sigmoid")
RELUS = ("relu", "relu6", "elu", "gelu", "silu", "leaky_relu", "selu", "softplus")


class Builder:
    """Blocks of a random network over nd spatial axes."""

    def __init__(self, rng):
        self.rng = rng
        self.nd = ints(rng, 1, 2)
        self.data_format = FORMATS[int(rng.random() < 0.12)]
        self.axis = 1 if self.data_format == "channels_first" else -1
        self.length = ints(rng, 20, 40) if self.nd == 1 else ints(rng, 8, 15)
        self.known = bool(rng.random() < 0.8)
        self.style = ints(rng, 0, 3)
        self.n = 0

    def name(self, kind):
        """Names as people write them, also such as Python does not allow."""
        self.n += 1
        return (
            f"{kind}_{self.n}",
            f"{kind}-{self.n}",
            f"{self.n}.{kind}",
            f"stage{self.n // 4}.{kind}.{self.n % 4}",
        )[self.style]

    def make(self, kind, *arguments, **more):
        """A layer of this number of axes, in this order of axes."""
        return by_rank(kind + "{}D", self.nd)(
            *arguments,
            data_format=self.data_format,
            name=self.name(kind.lower()),
            **more,
        )

    def conv(self, filters, taps, **more):
        """A convolution; channels first without bias (layers.py says why)."""
        more.setdefault("padding", "same")
        more.setdefault("use_bias", True)
        more["use_bias"] &= self.axis == -1
        return self.make("Conv", filters, taps, **more)

    def norm(self):
        """A batch normalisation."""
        epsilon = float(self.rng.choice([1e-3, 1e-5]))
        return K.BatchNormalization(
            axis=self.axis, epsilon=epsilon, name=self.name("bn")
        )

    def activation(self):
        """An activation as a layer."""
        makers = (
            lambda name: K.Activation(pick(self.rng, RELUS), name=name),
            lambda name: K.ReLU(name=name),
            lambda name: K.ReLU(6.0, name=name),
            lambda name: K.LeakyReLU(0.1, name=name),
            lambda name: K.PReLU(shared_axes=self.space(), name=name),
        )
        return pick(self.rng, makers)(self.name("act"))

    def space(self):
        """The spatial axes."""
        first = 2 if self.axis == 1 else 1
        return list(range(first, first + self.nd))

    def channels(self, x):
        """How many x has."""
        return x.shape[self.axis]

    def filters(self):
        """A number of channels; more than any length."""
        return ints(self.rng, 3, 12)

    def shorter(self):
        """A stride of one or, while there is room, of two."""
        if self.length < 6 or self.rng.random() < 0.6:
            return 1
        self.length = -(-self.length // 2)
        return 2

    # -- blocks: x in, x out --

    def plain(self, x):
        """Convolution with its activation as an argument."""
        name = pick(self.rng, (*RELUS, *SIGMOIDS))
        taps = ints(self.rng, 1, 5)
        stride = self.shorter()
        return self.conv(self.filters(), taps, strides=stride, activation=name)(x)

    def normed(self, x):
        """Convolution, normalisation, activation."""
        x = self.conv(
            self.filters(),
            ints(self.rng, 1, 4),
            strides=self.shorter(),
            use_bias=bool(self.rng.random() < 0.3),
        )(x)
        return self.activation()(self.norm()(x))

    def residual(self, x):
        """Two convolutions beside nothing."""
        n = self.channels(x)
        y = self.activation()(self.norm()(self.conv(n, 3)(x)))
        y = self.norm()(self.conv(n, 3)(y))
        return self.activation()(K.Add(name=self.name("add"))([x, y]))

    def branches(self, x):
        """Convolutions side by side, joined."""
        n = ints(self.rng, 2, 3)
        parts = [self.conv(self.filters(), 1 + 2 * i)(x) for i in range(n)]
        if self.rng.random() < 0.3:
            parts.append(x)
        return K.Concatenate(axis=self.axis, name=self.name("join"))(parts)

    def separable(self, x):
        """A depthwise convolution and one of a single tap."""
        x = self.make("DepthwiseConv", 3, padding="same", use_bias=False)(x)
        x = K.ReLU(6.0, name=self.name("relu"))(self.norm()(x))
        return self.conv(self.filters(), 1)(x)

    def gate(self, x):
        """Channels weighed by what a global pool says of them."""
        y = self.make("GlobalAveragePooling", keepdims=True)(x)
        y = self.conv(self.channels(x), 1, activation=pick(self.rng, SIGMOIDS))(y)
        return K.Multiply(name=self.name("gate"))([x, y])

    def squeeze(self, x):
        """The same without the axes: inputs of different rank are joined.
        Channels first, Keras lines them up with the last axis."""
        y = self.make("GlobalAveragePooling")(x)
        n = x.shape[-1] if self.known and self.rng.random() < 0.8 else 1
        n = self.channels(x) if self.axis == -1 else n
        y = K.Dense(4, activation="relu", name=self.name("fc"))(y)
        y = K.Dense(n, activation=pick(self.rng, SIGMOIDS), name=self.name("fc"))(y)
        both = [x, y] if self.rng.random() < 0.5 else [y, x]
        # layers.py says why a batch of single numbers is not added.
        kind = K.Multiply if n == 1 or self.rng.random() < 0.7 else K.Add
        return kind(name=self.name("gate"))(both)

    def pool(self, x):
        """A pool of either kind."""
        if self.length < 6:
            return self.dropout(x)
        self.length //= 2
        kind = pick(self.rng, ("MaxPooling", "AveragePooling"))
        padding = pick(self.rng, ("valid", "same"))
        self.length += padding == "same"
        return self.make(kind, ints(self.rng, 2, 3), strides=2, padding=padding)(x)

    def padded(self, x):
        """Zeros by hand and a VALID convolution."""
        x = self.make("ZeroPadding", ints(self.rng, 1, 2))(x)
        return self.conv(self.filters(), 3, padding="valid")(x)

    def dropout(self, x):
        """Nothing at inference."""
        return K.Dropout(0.3, name=self.name("dropout"))(x)

    def body(self, x, blocks):
        """Several blocks."""
        kinds = (
            self.plain,
            self.normed,
            self.residual,
            self.branches,
            self.separable,
            self.gate,
            self.squeeze,
            self.pool,
            self.padded,
            self.dropout,
        )
        for _ in range(blocks):
            x = pick(self.rng, kinds)(x)
        return x

    # -- heads --

    def flattened(self, x):
        """Flatten, a hidden layer, classes."""
        x = K.Flatten(data_format=self.data_format, name=self.name("flat"))(x)
        if self.rng.random() < 0.4:
            x = self.dropout(x)
        x = K.Dense(ints(self.rng, 3, 9), activation="relu", name=self.name("fc"))(x)
        return K.Dense(4, activation="softmax", name=self.name("fc"))(x)

    def pooled(self, x):
        """A global pool and classes."""
        kind = pick(self.rng, ("GlobalAveragePooling", "GlobalMaxPooling"))
        x = self.make(kind)(x)
        return K.Dense(5, name=self.name("fc"))(x)

    def dense_map(self, x):
        """A class for each position."""
        x = self.conv(3, 1)(x)
        return K.Softmax(axis=self.axis, name=self.name("softmax"))(x)

    def head(self, x):
        """An output."""
        kinds = [self.pooled, self.dense_map]
        if self.known:
            kinds += [self.flattened] * 2
        return pick(self.rng, kinds)(x)

    def input(self, channels, name):
        """An input; its sizes may be unknown."""
        space = [self.length] * self.nd if self.known else [None] * self.nd
        shape = layers.with_channels(space, channels, self.data_format)
        return keras.Input(shape, name=name)


def chain(rng):
    """A Sequential of random layers."""
    b = Builder(rng)
    b.known = True
    start = [b.length] * b.nd
    shape = layers.with_channels(start, ints(rng, 1, 4), b.data_format)
    found = [keras.Input(shape, name="in")]
    for _ in range(ints(rng, 1, 3)):
        found += [b.conv(b.filters(), 3, strides=b.shorter()), b.norm()]
        found.append(b.activation())
    found.append(b.make("MaxPooling", 2))
    found.append(K.Flatten(data_format=b.data_format, name=b.name("flat")))
    found.append(K.Dense(6, activation="relu", name=b.name("fc")))
    found.append(K.Dense(3, activation="softmax", name=b.name("fc")))
    return keras.Sequential(found), [shape]


def branching(rng):
    """A Functional model with one or two inputs and one to three outputs."""
    b = Builder(rng)
    length = b.length
    n = 2 if rng.random() < 0.35 else 1
    channels = [ints(rng, 1, 4) for _ in range(n)]
    inputs = [b.input(c, f"in_{i}") for i, c in enumerate(channels)]
    ends = [b.conv(6, 3)(x) for x in inputs]
    x = ends[0]
    if n > 1 and rng.random() < 0.5:
        x = K.Add(name=b.name("add"))(ends)
    elif n > 1:
        x = K.Concatenate(axis=b.axis, name=b.name("join"))(ends)
    outputs = []
    for _ in range(ints(rng, 1, 3)):
        x = b.body(x, ints(rng, 1, 3))
        outputs.append(b.head(x))
    if len(outputs) == 1:
        outputs = outputs[0] if rng.random() < 0.7 else outputs
    elif rng.random() < 0.4:
        outputs = {f"out_{i}": y for i, y in enumerate(outputs)}
    if n == 1:
        inputs = inputs[0]
    elif rng.random() < 0.4:
        inputs = {x.name: x for x in inputs}
    shapes = [layers.with_channels([length] * b.nd, c, b.data_format) for c in channels]
    return keras.Model(inputs, outputs), shapes


def network(rng):
    """A random model and the shapes of its inputs, without batch."""
    model, shapes = chain(rng) if rng.random() < 0.2 else branching(rng)
    for layer in model.layers:
        layers.fill(layer, rng)
    return model, shapes


# ---- weights and statistics ----


def every_layer(model, path=""):
    """Layers with their paths, those of models inside the model too."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from every_layer(layer, f"{path}{layer.name}/")
        else:
            yield path + layer.name, layer


def calibrate(model, arrays, rng):
    """Running statistics from data, and then shifted: an operator that takes
    the wrong ones, or none, shows."""
    norms = [x for _, x in every_layer(model) if isinstance(x, K.BatchNormalization)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    if norms:
        model(arrays, training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
        variance = np.asarray(norm.moving_variance)
        n = variance.shape
        shift = 0.3 * np.sqrt(variance) * rng.standard_normal(n)
        norm.moving_mean.assign(np.asarray(norm.moving_mean) + shift)
        norm.moving_variance.assign(variance * rng.uniform(0.5, 2, n) + 1e-3)


def randomise(model, rng):
    """Kernels that keep the size of what they see; the rest not alike."""
    for weight in (w for _, layer in every_layer(model) for w in layer.weights):
        kind = weight.path.rsplit("/", 1)[-1]
        shape = tuple(weight.shape)
        if kind == "kernel":
            depthwise = len(shape) == 4 and shape[-1] == 1
            fan = math.prod(shape[:2] if depthwise else shape[:-1])
            new = rng.standard_normal(shape, np.float32) * math.sqrt(2 / fan)
        elif kind == "gamma":
            new = rng.uniform(0.5, 1.3, shape)
        elif kind in ("beta", "bias"):
            new = rng.normal(0, 0.1, shape)
        else:
            continue
        weight.assign(new.astype(np.float32))


def double(model):
    """The same model and weights in float64, whatever its policy."""
    config = json.dumps(model.get_config())
    config = re.sub(r'"(mixed_)?b?float(16|32)"', '"float64"', config)
    twin = type(model).from_config(json.loads(config))
    twin.set_weights(model.get_weights())
    return twin


def channels_first(model):
    """Has a layer in it this order of axes?"""
    return any(
        getattr(layer, "data_format", "") == "channels_first"
        for _, layer in every_layer(model)
    )


# ---- the house ----


def classifier_1d():
    """Nine sensors over 128 steps, as in human activity recognition."""
    x = inputs = keras.Input((128, 9))
    for i, (filters, stride) in enumerate(((32, 1), (64, 2), (64, 2), (128, 2)), 1):
        x = K.Conv1D(filters, 5, strides=stride, padding="same", name=f"conv{i}")(x)
        x = K.BatchNormalization(name=f"bn{i}")(x)
        x = K.ReLU(name=f"relu{i}")(x)
    x = K.MaxPooling1D(2, name="pool")(x)
    x = K.Dropout(0.5, name="dropout")(x)
    x = K.Flatten(name="flatten")(x)
    x = K.Dense(64, activation="gelu", name="hidden")(x)
    outputs = K.Dense(6, activation="softmax", name="classes")(x)
    return keras.Model(inputs, outputs, name="classifier_1d")


def application(name):
    """One of keras.applications without trained weights."""
    return lambda: getattr(keras.applications, name)(weights=None)


HOUSE = {
    "classifier_1d": classifier_1d,
    "densenet121": application("DenseNet121"),
    "efficientnet_b0": application("EfficientNetB0"),
    "inception_v3": application("InceptionV3"),
    "mobilenet_v2": application("MobileNetV2"),
    "resnet50": application("ResNet50"),
    "vgg16": application("VGG16"),
}


def house(name, rng, batch=2):
    """A network of the house with weights, and a batch of inputs."""
    model = HOUSE[name]()
    shape = model.input_shape[1:]
    randomise(model, rng)
    calibrate(model, rng.standard_normal((4, *shape), np.float32), rng)
    return model, [rng.standard_normal((batch, *shape), np.float32)]
