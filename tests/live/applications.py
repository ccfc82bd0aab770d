"""Models of keras.applications, with weights that make errors show."""

import importlib
import inspect
import pkgutil
import zlib

import compare
import kit
import networks
import numpy as np
from kit import keras

# Logits of the last layer have this spread: a softmax of more has one class.
SPREAD = 2.0
UNKNOWN = 224  # the length of an axis whose length the model leaves open


def found():
    """All that the installed Keras has: a function by its name, a family is
    the module that it stands in."""
    makers = {}
    package = keras.applications
    parts = [
        importlib.import_module(f"{package.__name__}.{part.name}")
        for part in pkgutil.iter_modules(package.__path__)
    ]
    for part in (package, *parts):
        for name, made in vars(part).items():
            if inspect.isfunction(made) and "weights" in arguments(made):
                makers[name] = made
    return dict(sorted(makers.items()))


def arguments(maker):
    """What it takes."""
    return inspect.signature(maker).parameters


def family(maker):
    """The module that its source stands in."""
    return maker.__module__.rsplit(".", 1)[-1]


def generator(name):
    """Of one model's numbers, whatever other models there are."""
    return kit.random(6, zlib.crc32(name.encode()))


def scaled(model):
    """Does it take the bytes of a picture?"""
    kinds = keras.layers.Rescaling, keras.layers.Normalization
    return any(isinstance(layer, kinds) for layer in model.layers)


def batch(model, rng, n):
    """Inputs of the kind that it takes."""
    shape = (n, *(size or UNKNOWN for size in model.input_shape[1:]))
    if scaled(model):
        return rng.uniform(0, 255, shape).astype(np.float32)
    return rng.standard_normal(shape, np.float32)


def temper(model, x):
    """Kernels of the last layer such that no class stands out."""
    last = [layer for layer in model.layers if hasattr(layer, "kernel")][-1]
    features = keras.Model(model.input, last.input)(x)
    with compare.without_activation(last):
        spread = float(np.std(np.asarray(last(features))))
    last.kernel.assign(last.kernel * (SPREAD / spread))


def ready(name, model, n):
    """The model's weights are set; returns a batch of n inputs."""
    rng = generator(name)
    networks.randomise(model, rng)
    networks.calibrate(model, batch(model, rng, 3), rng)
    x = batch(model, rng, n)
    temper(model, x)
    return x
