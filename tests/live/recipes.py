"""Wrong recipes for porting one layer, as people write them: a table."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from calls import Case


@dataclass
class Recipe:
    """A source, what people write for it, and why that is something else."""

    title: str
    short: str  # the recipe, for the table
    case: Case
    wrong: str  # code; of weights, what is done with them
    why: str
    layer: str = ""  # the wrong layer, where `wrong` is no layer
    load: Callable | None = None  # the wrong weights: (name, array) -> array
    scale: dict = field(default_factory=dict)  # factors of drawn weights


def image(*shape):
    """An input of that shape."""
    return {"x": shape}


def flipped(name, array):
    """Rotated by 180 degrees, then moved as it should be."""
    if name != "kernel":
        return array
    return np.ascontiguousarray(array[::-1, ::-1].transpose(3, 2, 0, 1))


def inputs_first(name, array):
    """As if a transposed kernel were (h, w, inputs, outputs)."""
    return array.transpose(2, 3, 0, 1) if name == "kernel" else array


def multiplier_first(name, array):
    """All channels of the first multiple, then those of the second."""
    if name == "bias":
        return array
    height, width, channels, multiple = array.shape
    array = array.transpose(3, 2, 0, 1)
    return array.reshape(channels * multiple, 1, height, width)


RECIPES = [
    Recipe(
        "SAME with stride 2 is not `padding=1`",
        "`padding=k // 2` for SAME, stride 2",
        Case(
            'layers.Conv2D(8, 3, strides=2, padding="same")',
            image(1, 32, 32, 3),
            "keras3",
        ),
        "nn.Conv2d(3, 8, 3, stride=2, padding=1)",
        "At stride 2 an even length needs one zero, and SAME puts it after the data; "
        "`padding=1` puts one on either side, and every window starts one element "
        "early. For odd lengths the two are equal, which is why a test with 31 x 31 "
        "passes.",
    ),
    Recipe(
        '`padding=1` with stride 2 is not `padding="same"`',
        '`padding="same"` for `padding=1`, stride 2',
        Case("nn.Conv2d(3, 8, 3, stride=2, padding=1)", image(1, 3, 32, 32), "torch"),
        'layers.Conv2D(8, 3, strides=2, padding="same")',
        "The same shift, the other way. Keras convolutions take a word only, so the "
        "border becomes a layer of its own.",
    ),
    Recipe(
        "An even kernel has no `padding=k // 2`",
        "`padding=k // 2` for an even kernel",
        Case('layers.Conv2D(8, 4, padding="same")', image(1, 16, 16, 3), "keras3"),
        "nn.Conv2d(3, 8, 4, padding=2)",
        "SAME needs three zeros here, one before and two after the data; no number "
        "that counts for both sides gives three.",
    ),
    Recipe(
        "A maximum has borders too",
        "`MaxPool2d(3, 2, padding=1)` for SAME",
        Case(
            'layers.MaxPooling2D(3, strides=2, padding="same")',
            image(1, 16, 16, 4),
            "keras3",
        ),
        "nn.MaxPool2d(3, stride=2, padding=1)",
        "As for convolutions: over an even length the windows of SAME start on the "
        "data, those of `padding=1` one element before it.",
    ),
    Recipe(
        "A SAME average does not count its border",
        "`AvgPool2d(3, 1, padding=1)` for SAME",
        Case(
            'layers.AveragePooling2D(3, strides=1, padding="same")',
            image(1, 8, 8, 4),
            "keras3",
        ),
        "nn.AvgPool2d(3, stride=1, padding=1)",
        "Keras divides by the number of real elements in the window, PyTorch by "
        "nine unless `count_include_pad=False` says otherwise; only the rim differs.",
    ),
    Recipe(
        "A transposed SAME convolution is not `(3, 2, 1, 1)`",
        "`ConvTranspose2d(3, 2, 1, 1)` for SAME",
        Case(
            'layers.Conv2DTranspose(4, 3, strides=2, padding="same")',
            image(1, 8, 8, 3),
            "keras3",
        ),
        "nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)",
        "The shape is right and everything is shifted by one: `padding=1` cuts an "
        "element at the front, Keras cuts the odd one at the end. No argument of "
        "PyTorch does that alone; `CutConvTranspose2d` is a class of a few lines "
        "that convey writes with it, which computes all and drops the last row and "
        "column.",
    ),
    Recipe(
        "Transposed kernels are (height, width, outputs, inputs)",
        "transposed kernel as (h, w, in, out)",
        Case("layers.Conv2DTranspose(4, 2, strides=2)", image(1, 8, 8, 4), "keras3"),
        "weight = kernel.transpose(2, 3, 0, 1)",
        "With as many outputs as inputs nothing complains. PyTorch has the inputs "
        "first, Keras has them last: `kernel.transpose(3, 2, 0, 1)`, the very "
        "permutation of an ordinary convolution.",
        layer="nn.ConvTranspose2d(4, 4, 2, stride=2)",
        load=inputs_first,
    ),
    Recipe(
        "Kernels are not flipped",
        "kernels rotated by 180 degrees",
        Case("layers.Conv2D(8, 3)", image(1, 8, 8, 3), "keras3"),
        "weight = kernel[::-1, ::-1].transpose(3, 2, 0, 1)",
        "Textbooks flip, frameworks do not: both slide the kernel as it is stored, "
        "and transposed layers are no exception.",
        layer="nn.Conv2d(3, 8, 3)",
        load=flipped,
    ),
    Recipe(
        "Depthwise outputs stand channel by channel",
        "depthwise multiplier-major",
        Case(
            "layers.DepthwiseConv2D(3, depth_multiplier=2)",
            image(1, 8, 8, 3),
            "keras3",
        ),
        "weight = kernel.transpose(3, 2, 0, 1).reshape(6, 1, 3, 3)",
        "Output c * M + q is multiple q of channel c in both frameworks, so the "
        "channel goes before the multiple: `kernel.transpose(2, 3, 0, 1)`, then the "
        "reshape.",
        layer="nn.Conv2d(3, 6, 3, groups=3)",
        load=multiplier_first,
    ),
    Recipe(
        "Batch norm's epsilon is not the same by default",
        "`nn.BatchNorm2d(n)` as it stands",
        Case("layers.BatchNormalization()", image(4, 6, 6, 8), "keras3"),
        "nn.BatchNorm2d(8)",
        "Keras adds 1e-3 to the variance, PyTorch 1e-5. It hardly shows until a "
        "channel is nearly constant; here variances are between 0.0005 and 0.002. "
        "`LayerNormalization` has the same two defaults.",
        scale={"moving_variance": 1e-3},
    ),
    Recipe(
        "Keras 2 has another hard sigmoid",
        "`nn.Hardsigmoid()` for Keras 2",
        Case('layers.Activation("hard_sigmoid")', image(4, 64), "keras2", terms=2),
        "nn.Hardsigmoid()",
        "clip(0.2 x + 0.5, 0, 1) in Keras 2, clip(x / 6 + 0.5, 0, 1) in PyTorch and "
        "in Keras 3.",
    ),
    Recipe(
        "LeakyReLU leaks differently",
        "`nn.LeakyReLU()` for Keras'",
        Case("layers.LeakyReLU()", image(4, 64), "keras3"),
        "nn.LeakyReLU()",
        "The slope for negative numbers is 0.3 in Keras, 0.01 in PyTorch, and 0.2 in "
        "`tf.nn.leaky_relu`.",
    ),
    Recipe(
        "Upsampling keeps the corners out",
        "`align_corners=True` for Keras",
        Case(
            'layers.UpSampling2D(2, interpolation="bilinear")',
            image(1, 5, 5, 3),
            "keras3",
        ),
        'nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)',
        "Keras samples at the centers of pixels, as PyTorch does by default; "
        "`align_corners=True` stretches the image so that the corners meet.",
    ),
    Recipe(
        "TensorFlow 1 resizes from the corner",
        "`nn.Upsample` for `resize_bilinear`",
        Case("tf.image.resize_bilinear(x, (8, 8))", image(1, 4, 4, 3), "tf1"),
        'nn.Upsample(size=(8, 8), mode="bilinear")',
        "Output i is taken at i / 2, without half a pixel: a shift of a quarter. "
        "PyTorch has no such coordinates: convey writes a small class that has.",
    ),
]
