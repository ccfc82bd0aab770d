"""Random models made of models.

Sequential and Functional models inside each other, to depth 3; layers and
models that are called several times, also on several sizes; lists and dicts
of inputs and outputs; joins of inputs of different rank; names that come again
in other models. Blocks are those of networks.py.

A layer stands in one model only: a file of Keras does not say that one in two
models is the same.
"""

import kit
import layers
import networks
from kit import keras
from layers import K, ints, pick

DEPTH = 3


class Builder(networks.Builder):
    """Blocks, and models of blocks."""

    def __init__(self, rng, depth=DEPTH, outer=None):
        super().__init__(rng)
        self.depth = depth
        if outer is not None:
            for kept in ("nd", "data_format", "axis", "style", "known", "length"):
                setattr(self, kept, getattr(outer, kept))
            # Names come again in other models, or they do not.
            self.n = 0 if rng.random() < 0.6 else 100 * outer.n

    def inner(self):
        """The builder of a model inside this one."""
        return Builder(self.rng, self.depth - 1, self)

    def like(self, x, sizes=True, name=None):
        """An input of the shape of x, or one of any size."""
        shape = list(x.shape[1:])
        if not sizes:
            shape = layers.with_channels(
                [None] * self.nd, self.channels(x), self.data_format
            )
        if name is None and self.rng.random() < 0.5:
            name = self.name("in")
        return keras.Input(tuple(shape), name=name)

    def call(self, model, given):
        """As a person freezes it, now and then."""
        if self.rng.random() < 0.1:
            return model(given, training=False)
        return model(given)

    def kept(self, x):
        """Layers that keep the shape, as a list."""
        n = self.channels(x)
        found = [self.conv(n, ints(self.rng, 1, 3)), self.norm(), self.activation()]
        return found[: ints(self.rng, 1, 3)]

    # -- models of one input and one output --

    def chain(self, x, sizes=True):
        """A Sequential that keeps the shape."""
        b = self.inner()
        late = sizes and self.rng.random() < 0.2
        found = [] if late else [b.like(x, sizes)]
        found += b.kept(x)
        if b.depth > 0 and self.rng.random() < 0.5:
            found.append(b.chain(x, sizes))
            found += b.kept(x)[: ints(self.rng, 0, 2)]
        return keras.Sequential(found, name=self.name("chain"))

    def unit(self, x, sizes=True):
        """A Functional that keeps the shape."""
        b = self.inner()
        y = start = b.like(x, sizes)
        if not sizes:
            b.known = False
        for layer in b.kept(y):
            y = layer(y)
        if b.depth > 0 and self.rng.random() < 0.6:
            y = pick(self.rng, (b.series, b.several, b.again, b.twice))(y)
            y = b.conv(self.channels(x), 1)(y)
        if self.rng.random() < 0.5:
            y = K.Add(name=b.name("add"))([y, start])
        return keras.Model(start, y, name=self.name("unit"))

    def model(self, x, sizes=True):
        """Either."""
        return pick(self.rng, (self.chain, self.unit))(x, sizes)

    # -- blocks: x in, x out --

    def series(self, x):
        """A model that is called once or twice, one call on the other."""
        model = self.model(x)
        for _ in range(ints(self.rng, 1, 2)):
            x = self.call(model, x)
        return x

    def free(self, x):
        """A Functional of any blocks, which may change the shape."""
        b = self.inner()
        start = b.like(x)
        end = b.body(start, ints(self.rng, 1, 2))
        self.length = b.length
        return self.call(keras.Model(start, end, name=self.name("free")), x)

    def siamese(self, x):
        """One model on two values."""
        model = self.model(x)
        other = self.activation()(x)
        both = [self.call(model, x), self.call(model, other)]
        self.rng.shuffle(both)
        return self.join(both)

    def join(self, both):
        """Values of one shape."""
        if self.rng.random() < 0.5:
            return K.Add(name=self.name("add"))(both)
        return K.Concatenate(axis=self.axis, name=self.name("join"))(both)

    def sizes(self, x):
        """One model, and one layer, on a value and on a smaller one."""
        if self.length < 6:
            return self.series(x)
        small = self.make("AveragePooling", 2, padding="same")(x)
        pool = self.make("GlobalAveragePooling", keepdims=True)
        model = self.model(x, sizes=False)
        x, small = model(x), model(small)
        y = K.Multiply(name=self.name("gate"))([x, pool(small)])
        return self.join([y, x])

    def again(self, x):
        """Layers that are called several times."""
        shared = self.kept(x)
        y = x
        for _ in range(ints(self.rng, 2, 3)):
            for layer in shared:
                y = layer(y)
        return self.join([x, y]) if self.rng.random() < 0.5 else y

    def ranks(self, x):
        """One activation on values of different rank, which are joined."""
        act = K.Activation(pick(self.rng, networks.SIGMOIDS), name=self.name("act"))
        v = self.make("GlobalAveragePooling")(x)
        if self.axis == -1:
            v = K.Dense(self.channels(x), name=self.name("fc"))(v)
        else:
            v = K.Dense(1, name=self.name("fc"))(v)
        both = [act(x), act(v)]
        return K.Multiply(name=self.name("gate"))(both)

    def gated(self, x):
        """A model that takes a map and a vector."""
        b = self.inner()
        v = self.make("GlobalMaxPooling")(x)
        names = ("one", "an_other")
        a, w = b.like(x, name=names[0]), b.like(v, name=names[1])
        n = self.channels(x) if self.axis == -1 else 1
        scale = K.Dense(n, activation="sigmoid", name=b.name("fc"))(w)
        y = K.Multiply(name=b.name("gate"))(
            [a, scale] if self.rng.random() < 0.5 else [scale, a]
        )
        given, takes = [x, v], [a, w]
        if self.rng.random() < 0.5:
            given, takes, names = given[::-1], takes[::-1], names[::-1]
        if self.rng.random() < 0.4:
            given = dict(zip(names, given, strict=True))
            takes = dict(zip(names, takes, strict=True))
        return self.call(keras.Model(takes, y, name=self.name("gated")), given)

    def several(self, x):
        """A model of several outputs, of which all or some are taken."""
        b = self.inner()
        start = b.like(x)
        left = b.conv(self.filters(), 3, activation="relu")(start)
        right = b.body(start, 1) if self.rng.random() < 0.5 else left
        if right is left or b.depth > 0:
            right = b.chain(right)(right)
        v = b.make("GlobalAveragePooling")(right)
        form = ints(self.rng, 0, 2)
        ends = ([left, v], {"map": left, "code": v}, {"z": [v, start], "a": left})
        got = self.call(keras.Model(start, ends[form], name=self.name("several")), x)
        flat = keras.tree.flatten(got)
        maps = [y for y in flat if len(y.shape) > 2]
        codes = [y for y in flat if len(y.shape) == 2]
        y = pick(self.rng, maps)
        if self.rng.random() < 0.7 and self.axis == -1:
            scale = K.Dense(self.channels(y), activation="tanh", name=self.name("fc"))
            y = K.Multiply(name=self.name("gate"))([y, scale(pick(self.rng, codes))])
        return y

    def twice(self, x):
        """A model of two outputs that is called twice: of each call another
        output is taken."""
        b = self.inner()
        start = b.like(x)
        n = self.filters()
        one = b.conv(n, 3, activation="relu")(start)
        two = b.norm()(b.conv(n, 1)(start))
        model = keras.Model(start, [one, two], name=self.name("twice"))
        first, second = model(x), model(self.activation()(x))
        return self.join([first[0], second[1]])

    def body(self, x, blocks):
        """Several blocks; half of them hold models, while there is depth."""
        kinds = (
            self.series,
            self.free,
            self.siamese,
            self.sizes,
            self.gated,
            self.several,
            self.twice,
        )
        for _ in range(blocks):
            roll = self.rng.random()
            if self.depth > 0 and roll < 0.6:
                x = pick(self.rng, kinds)(x)
            elif roll < 0.75:
                x = pick(self.rng, (self.again, self.ranks))(x)
            else:
                x = super().body(x, 1)
        return x

    def heads(self, xs):
        """Outputs; a head may be a model, and serve two values."""
        alike = len({tuple(x.shape) for x in xs}) == 1
        if len(xs) == 1 or not alike or self.rng.random() < 0.6:
            return [self.head(x) for x in xs]
        b = self.inner()
        start = b.like(xs[0])
        model = keras.Model(start, b.head(start), name=self.name("head"))
        return [model(x) for x in xs]


# ---- whole models ----


def arranged(rng, items, names):
    """Values as a structure: one, a list, a dict, or one in the other."""
    if len(items) == 1:
        roll = rng.random()
        return items[0] if roll < 0.6 else items if roll < 0.8 else {names[0]: items[0]}
    form = ints(rng, 0, 3)
    order = list(rng.permutation(len(items)))
    named = {names[i]: items[i] for i in order}
    if form == 0:
        return items
    if form == 1:
        return named
    if form == 2:
        return [items[0], {"z": items[-1], "b": items[1:-1] or items[0]}]
    return {"y": items[1:], "a": {"only": items[0]}}


def distinct(tree):
    """The inputs once each: a structure of inputs must not repeat one."""
    flat = keras.tree.flatten(tree)
    return len({id(x) for x in flat}) == len(flat)


def functional(rng):
    """Several inputs, models, several outputs."""
    b = Builder(rng)
    length = b.length
    n = pick(rng, (1, 1, 2, 2, 3))
    alike = rng.random() < 0.6
    first = ints(rng, 2, 4)
    channels = [first if alike else ints(rng, 2, 4) for _ in range(n)]
    inputs = [b.input(c, f"in_{i}") for i, c in enumerate(channels)]
    if alike and n > 1:
        inner = b.inner()
        start = inner.like(inputs[0])
        tower = keras.Model(
            start, inner.conv(6, 3, activation="relu")(start), name="tower"
        )
        ends = [b.call(tower, x) for x in inputs]
    else:
        ends = [b.conv(6, 3)(x) for x in inputs]
    x = b.join(ends) if n > 1 else ends[0]
    xs = [b.body(x, ints(rng, 1, 3))]
    for _ in range(ints(rng, 0, 2)):
        xs.append(b.body(xs[-1], 1))
    outputs = b.heads(xs)
    if rng.random() < 0.2:
        outputs.append(inputs[0])
    taken = arranged(rng, inputs, [f"in_{i}" for i in range(n)])
    if not distinct(taken):
        taken = inputs
    made = arranged(rng, outputs, [f"out_{9 - i}" for i in range(len(outputs))])
    model = keras.Model(taken, made)
    # Arrays come in the order of the structure.
    order = [int(x.name.rsplit("_", 1)[1]) for x in kit.leaves(taken)]
    shapes = [
        layers.with_channels([length] * b.nd, channels[i], b.data_format) for i in order
    ]
    return model, shapes


def sequential(rng):
    """A Sequential of models and layers."""
    b = Builder(rng)
    b.known = True
    shape = layers.with_channels([b.length] * b.nd, ints(rng, 2, 4), b.data_format)
    x = start = keras.Input(shape, name="in")
    found = [start]

    def add(layer):
        nonlocal x
        found.append(layer)
        x = layer(x)

    add(b.conv(b.filters(), 3))
    for _ in range(ints(rng, 1, 3)):
        add(b.model(x))
        if b.length >= 6 and rng.random() < 0.5:
            add(b.make("MaxPooling", 2))
            b.length //= 2
    inner = b.inner()
    end = inner.like(x)
    add(keras.Model(end, inner.head(end), name=b.name("head")))
    return keras.Sequential(found), [shape]


def network(rng):
    """A random model and the shapes of its inputs, without batch."""
    model, shapes = sequential(rng) if rng.random() < 0.15 else functional(rng)
    for _, layer in networks.every_layer(model):
        layers.fill(layer, rng)
    return model, shapes
