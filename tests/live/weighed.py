"""Scripts of Keras, and the files in which Keras keeps what they have learned.

As a program it runs them, with one library, and writes those files:

    python weighed.py keras|tf_keras FOLDER
"""

import os
import sys
from pathlib import Path

import numpy as np

HEAD = """import keras
from keras import layers
"""
CASES = {
    # A chain, with weights of several kinds.
    "chain": """
model = keras.Sequential([
    keras.Input((12, 12, 3)),
    layers.Conv2D(6, 3, name="stem"),
    layers.BatchNormalization(),
    layers.DepthwiseConv2D(3, padding="same"),
    layers.SeparableConv2D(5, 3),
    layers.PReLU(shared_axes=[1, 2]),
    layers.Conv2D(5, 3, padding="same", use_bias=False),
    layers.LayerNormalization(),
    layers.Flatten(),
    layers.Dense(4)])
""",
    # Layers of one shape, which stand in another order than they were made.
    "branches": """
inputs = keras.Input((9, 9, 4))
short = layers.Conv2D(4, 3, padding="same")
first = layers.Conv2D(4, 3, padding="same")(inputs)
second = layers.Conv2D(4, 3, padding="same")(layers.ReLU()(first))
third = layers.Conv2D(4, 3, padding="same")(layers.ReLU()(second))
joined = layers.Add()([short(inputs), third])
both = layers.Concatenate()([joined, layers.Conv2D(4, 1)(inputs), first])
model = keras.Model(inputs, layers.Conv2D(4, 1)(both))
""",
    # Models in a model, one shared by two inputs, one that was frozen in part.
    "nested": """
image = keras.Input((8, 8, 2))
x = layers.Conv2D(3, 3, padding="same")(image)
x = layers.BatchNormalization()(x)
x = layers.Conv2D(3, 3, padding="same", name="last")(layers.ReLU()(x))
encoder = keras.Model(image, layers.BatchNormalization()(x), name="encoder")
for layer in encoder.layers[:3]:
    layer.trainable = False
tail = keras.Sequential([layers.Conv2D(6, 3), layers.ReLU(), layers.Conv2D(6, 3)])
a, b = keras.Input((8, 8, 2), name="a"), keras.Input((8, 8, 2), name="b")
both = layers.Concatenate()([encoder(a), encoder(b)])
model = keras.Model([a, b], layers.Dense(2)(tail(both)))
""",
    # Calls that are no layers stand between those that are.
    "calls": """
inputs = keras.Input((9, 4))
x = layers.Conv1D(4, 3, padding="same")(inputs) * 0.5
y = layers.Conv1D(4, 3, padding="same")(x + inputs)
z = layers.TimeDistributed(layers.Dense(4))(y) - x
model = keras.Model(inputs, layers.Dense(4)(z + 1.0))
""",
    # Classes: attributes, lists of layers, a weight of its own.
    "classes": """
class Block(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(width, 3, padding="same")
        self.norm = layers.BatchNormalization()

    def build(self, shape):
        self.conv.build(shape)
        self.norm.build(shape)
        self.gain = self.add_weight(name="gain", shape=(shape[-1],))

    def call(self, x):
        return x + self.norm(self.conv(x)) * self.gain


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.stem = layers.Conv2D(4, 3)
        self.blocks = [Block(4) for _ in range(3)]
        self.neck = keras.Sequential([layers.Conv2D(4, 1), layers.ReLU()])
        self.also = layers.Conv2D(4, 1)
        self.head = layers.Dense(4)

    def call(self, inputs):
        x = self.stem(inputs)
        for block in self.blocks:
            x = block(x)
        return self.head(self.also(self.neck(x)))


model = Net()
model.build((None, 10, 10, 3))
""",
}
SHAPES = {"classes": [(10, 10, 3)]}
# What each library calls the files that it writes.
FORMS = {
    "keras": (".weights.h5", ".h5", ".keras"),
    "tf_keras": (".weights.h5", ".plain.h5", ".h5", ".keras"),
}
# A class of somebody's own is saved as a whole in other ways.
WHOLE = (".h5", ".keras")


def text(name):
    """The script."""
    return HEAD + CASES[name]


def files(library, name):
    """What there is of a case."""
    forms = FORMS[library]
    return [f for f in forms if name != "classes" or f not in WHOLE]


def learn(model, rng):
    """Weights that are those of no beginning."""
    model.set_weights(
        [
            (rng.uniform(0.5, 1.5, w.shape) if "variance" in n else 0.4 * v)
            for w, n, v in (
                (w, w.name, rng.standard_normal(w.shape)) for w in model.weights
            )
        ]
    )


def main():
    """Every case: its files, and what it makes of one input."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    folder = Path(sys.argv[2])
    if sys.argv[1] == "tf_keras":
        import tf_keras as keras

        sys.modules["keras"] = keras
    import keras

    arrays = {}
    for k, name in enumerate(CASES):
        rng = np.random.default_rng(k)
        keras.layers.Conv2D(1, 1)  # others were made before: numbers move on
        known = {}
        exec(text(name), known)
        model = known["model"]
        shapes = SHAPES.get(name) or [tuple(x.shape)[1:] for x in model.inputs]
        given = [rng.standard_normal((2, *s), np.float32) for s in shapes]
        model(given if len(given) > 1 else given[0])
        learn(model, rng)
        for i, x in enumerate(given):
            arrays[f"{name}.x{i}"] = x
        arrays[f"{name}.y"] = np.array(model(given if len(given) > 1 else given[0]))
        for form in files(sys.argv[1], name):
            path = folder / f"{name}.{sys.argv[1]}{form}"
            if form in WHOLE:
                model.save(path)
            else:
                model.save_weights(path)
    np.savez(folder / f"{sys.argv[1]}.npz", **arrays)


if __name__ == "__main__":
    main()
