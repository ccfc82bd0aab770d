"""Train the example network on the 8 x 8 digits that scikit-learn ships.

Writes digits.keras beside this file. It needs TensorFlow, Keras 3 and
scikit-learn; the network in the tree was made with the versions in
tests/live/requirements.txt.

    python train.py
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits


def build() -> keras.Model:
    """A small network with everything that ports get wrong.

    SAME at stride 2 (an uneven border), a depthwise convolution, batch norm,
    and a dense layer on flattened channels-last features.
    """
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Rescaling(1 / 16, name="scale")(image)
    x = layers.Conv2D(16, 3, padding="same", use_bias=False, name="stem")(x)
    x = layers.BatchNormalization(name="stem_bn")(x)
    x = layers.ReLU(name="stem_relu")(x)
    skip = layers.Conv2D(24, 1, strides=2, name="skip")(x)
    x = layers.DepthwiseConv2D(3, strides=2, padding="same", name="depthwise")(x)
    x = layers.Conv2D(24, 1, activation="silu", name="pointwise")(x)
    x = layers.Add(name="join")([x, skip])
    x = layers.MaxPooling2D(3, 2, padding="same", name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    x = layers.Dense(32, activation="relu", name="hidden")(x)
    digit = layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model(image, digit, name="digits")


def main() -> None:
    keras.utils.set_random_seed(1)
    data = load_digits()
    images = data.images[..., None].astype("float32")
    order = np.random.default_rng(1).permutation(len(images))
    train, test = order[:1500], order[1500:]

    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images[train], data.target[train], 32, epochs=30, verbose=2)
    _, accuracy = model.evaluate(images[test], data.target[test], verbose=0)
    print(f"accuracy on {len(test)} unseen digits: {accuracy:.3f}")

    # A fresh copy: the file then holds no optimizer.
    plain = build()
    plain.set_weights(model.get_weights())
    plain.save(Path(__file__).with_name("digits.keras"))


if __name__ == "__main__":
    main()
