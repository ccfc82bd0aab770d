"""Recipes for porting layers that people use and that are wrong: in numbers.

    script/live tests/live/pitfalls.py > docs/pitfalls.md

Every recipe is run: the source live, the recipe live with the same weights,
and what convey writes, which must agree within the bound of the operator.
"""

import re
import sys
import tempfile
import textwrap
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import calls
import kit
import numpy as np
import torch
from calls import Case
from kit import keras
from pairs import PAIRS
from torch import nn

SEED = 20240229


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


@dataclass
class Result:
    """What came out."""

    source: str
    written: str
    off: str  # "5.3", or what happens instead
    of: str  # the largest value of the source
    row: Recipe


def digits(x):
    """Two of them: the same on every machine."""
    return np.format_float_positional(
        float(f"{x:.1e}"), trim="-", fractional=False, precision=2
    )


def difference(got, want):
    """Largest difference and largest value, as text."""
    of = digits(np.abs(want).max())
    if got.shape != want.shape:
        return f"shape {got.shape}, not {want.shape}", of
    return digits(np.abs(np.float64(got) - want).max()), of


def drawn(row, generator):
    """Inputs and a function that draws weights, and what it drew."""
    arrays = calls.draw(row.case, generator)
    values = {}

    def weights(name, shape):
        scale = np.float32(row.scale.get(name, 1))
        values[name] = scale * calls.weight(name, shape, generator)
        return values[name]

    return arrays, weights, values


def recipe(row, arrays, values):
    """The value of the wrong port, in the port's order of axes."""
    case = deepcopy(row.case)
    keras_side = "layers." in (row.layer or row.wrong)
    if case.report["target"] is None:  # convey refuses: an image, then
        case.report["input"] = {"permutation": [0, 3, 1, 2]}
        case.report["weights"] = []
        case.report["target"] = {}
    case.report["target"] = {
        "framework": "keras3" if keras_side else "torch",
        "code": f"layer = {row.layer or row.wrong}",
    }
    if row.load is None:
        return calls.counterpart(case, arrays, values)
    weights = {}
    for line in case.report["weights"]:
        array = row.load(line["source"], values[line["source"]])
        weights[line["source"]] = array
        line["reshape"], line["permutation"] = list(array.shape), None
        assert list(array.shape) == line["target_shape"]
    return calls.counterpart(case, arrays, weights)


def run(row):
    """Source, recipe and counterpart."""
    report = row.case.report
    generator = np.random.default_rng(SEED)
    verdict = calls.check(row.case, generator)
    refused = report["verdict"] == "refused"
    assert verdict is None or (refused and verdict.startswith("left")), verdict
    arrays, weights, values = drawn(row, np.random.default_rng(SEED))
    want = calls.live(row.case, arrays, weights)
    permutation = [0, 3, 1, 2] if refused else report["output"]["permutation"]
    want = calls.moved(want, permutation)
    off, of = difference(recipe(row, arrays, values), want)
    if refused:
        written = f"# refused: {report['reason']};\n# {report['advice']}"
    else:
        written = counterpart_text(report["target"]["code"])
    return Result(row.case.code, written, off, of, row)


def counterpart_text(code):
    """The layer, without a class that is written before it."""
    return code[code.index("layer = ") :].strip() if "layer = " in code else code


# ---- recipes about one call ----


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


def plain(name, array):
    """Moved as it should be."""
    return array.transpose(3, 2, 0, 1) if array.ndim == 4 else array


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
        Case('layers.Activation("hard_sigmoid")', image(4, 64), "keras2"),
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
        "PyTorch has no such coordinates, and convey says so instead of being close.",
    ),
]


# ---- recipes about training, drawing, and two layers ----


def trained(layer, x):
    """Statistics after one step of training, and their layer."""
    if isinstance(layer, nn.Module):
        layer.train()(torch.from_numpy(np.moveaxis(x, -1, 1).copy()))
        return layer.running_mean.numpy(), layer.running_var.numpy()
    layer(x, training=True)
    return np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)


def batch_norm():
    """A case, its report, and statistics of source and port after a step."""
    case = Case("layers.BatchNormalization(momentum=0.99)", image(4, 2, 2, 8), "keras3")
    calls.explain([case])
    x = np.random.default_rng(SEED).normal(3, 2, case.shapes["x"]).astype("f4")
    space = dict(calls.NAMES["torch"])
    exec(case.report["target"]["code"], space)  # noqa: S102
    source = trained(keras.layers.BatchNormalization(momentum=0.99), x)
    return case, x, source, trained(space["layer"], x)


def momentum():
    """Copied unchanged."""
    case, x, (want, _), (port, _) = batch_norm()
    assert np.allclose(want, port, rtol=1e-5)
    wrong = "nn.BatchNorm2d(8, eps=1e-3, momentum=0.99)"
    got, _ = trained(nn.BatchNorm2d(8, eps=1e-3, momentum=0.99), x)
    row = Recipe(
        "Batch norm's momentum is the other share",
        "momentum copied unchanged",
        case,
        wrong,
        "Keras keeps that share of the old mean, PyTorch takes that share of the new "
        "one. Inference agrees, and training forgets: this is the running mean after "
        "one step.",
    )
    written = counterpart_text(case.report["target"]["code"])
    return Result(case.code, written, *difference(got, want), row)


def running_variance():
    """Biased in Keras 3, unbiased in torch."""
    case, _, (_, want), (_, got) = batch_norm()
    wrong = "nn.BatchNorm2d(8, eps=1e-3, momentum=0.01)  # and train on"
    (remark,) = [text for text in case.report["remarks"] if "variance" in text]
    row = Recipe(
        "Running variances drift apart in training",
        "the same data, the same variance",
        case,
        wrong,
        "Keras 3 stores the variance divided by n, PyTorch that divided by n - 1; "
        "this is the running variance after one step over 16 values a channel. "
        "Inference is the same, so convey writes the layer and a remark; "
        "`convey port --exact-training` writes a batch norm that does as Keras does.",
    )
    written = f"# {remark}"
    return Result(case.code, written, *difference(got, want), row)


def fresh():
    """Both draw from other distributions."""
    case = Case("nn.Conv2d(64, 64, 3)", image(1, 64, 8, 8), "torch")
    calls.explain([case])
    torch.manual_seed(SEED)
    keras.utils.set_random_seed(SEED)
    source = nn.Conv2d(64, 64, 3)
    port = keras.layers.Conv2D(64, 3)
    port.build((None, 8, 8, 64))
    first, second = (
        float(np.std(np.asarray(array)))
        for array in (source.weight.detach().numpy(), port.kernel)
    )
    lines = [row["code"] for row in case.report["initialisers"]]
    row = Recipe(
        "Fresh layers do not start alike",
        "the same default initialisation",
        case,
        "layers.Conv2D(64, 3)",
        "PyTorch draws weight and bias uniformly within 1 / sqrt(fan_in), Keras the "
        "kernel within sqrt(6 / (fan_in + fan_out)) and no bias at all: the standard "
        f"deviation of these kernels is {digits(first)} there and {digits(second)} "
        "here. The numbers in the table are that difference and the first of them.",
    )
    written = counterpart_text(case.report["target"]["code"])
    written += "\n# to draw as the source does:\n" + "\n".join(
        "# " + re.sub(r"(\d\.\d{4})\d+", r"\1", line) for line in lines
    )
    return Result(case.code, written, digits(second - first), digits(first), row)


def flatten():
    """Flatten, then Dense."""
    generator = np.random.default_rng(SEED)
    model = keras.Sequential(
        [
            keras.Input((4, 5, 3)),
            keras.layers.Conv2D(3, 1, name="conv"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(6, name="dense"),
        ],
        name="head",
    )
    for weight in model.weights:
        weight.assign(calls.weight(weight.path, tuple(weight.shape), generator))
    x = generator.standard_normal((2, 4, 5, 3)).astype("f4")
    want = np.asarray(model(x))
    with tempfile.TemporaryDirectory() as folder:
        done = kit.port(kit.save(model, f"{folder}/head.keras"), f"{folder}/out")
        assert done.code == 0, done.messages
        network, lines = kit.load(done), done.source.read_text().splitlines()
    moved = torch.from_numpy(np.moveaxis(x, -1, 1).copy())
    with torch.inference_mode():
        port = network(moved).numpy()
        assert np.allclose(port, want, rtol=1e-5, atol=1e-5)
        network.dense.weight.copy_(torch.from_numpy(np.asarray(model.weights[2]).T))
        got = network(moved).numpy()
    row = Recipe(
        "Flatten before Dense needs the weights permuted",
        "`kernel.T` behind a Flatten",
        Case("layers.Conv2D(3, 1), layers.Flatten(), layers.Dense(6)", image(2, 4, 5, 3), "keras3"),
        "weight = kernel.T  # of nn.Linear(60, 6), behind nn.Flatten()",
        "Keras flattens (height, width, channels), PyTorch (channels, height, "
        "width): the same numbers in another order. `convey port` puts the order "
        "into the columns of the weight, once, and the network needs no transpose.",
    )
    written = [line for line in lines if "nn.Flatten" in line or "nn.Linear" in line]
    written = textwrap.dedent("\n".join(written))
    return Result(row.case.code, written, *difference(got, want), row)


def results():
    """All of them, in the order of the page."""
    calls.explain([row.case for row in RECIPES])
    special = [flatten(), momentum(), running_variance(), fresh()]
    return [run(row) for row in RECIPES] + special


# ---- the page ----


def anchor(title):
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def table(rows):
    """Columns of equal width."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "| "
        + " | ".join(text.ljust(w) for text, w in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def section(result):
    """One recipe."""
    row = result.row
    shape = "x".join(map(str, next(iter(row.case.shapes.values()))))
    off = result.off if "shape" in result.off else f"off by {result.off} of {result.of}"
    names = {"keras3": "Keras 3", "keras2": "Keras 2", "tf1": "TensorFlow 1"}
    source = names.get(row.case.dialect, "PyTorch")
    code = "\n".join(
        [
            f"# {source}, over {shape}",
            result.source,
            f"# the recipe: {off}",
            row.wrong,
            "# convey",
            result.written,
        ]
    )
    return f"## {row.title}\n\n```python\n{code}\n```\n\n" + textwrap.fill(row.why, 79)


def pairs():
    """The pairs that articles show, with what convey makes of either side."""
    cases = [c for p in PAIRS for c in (p.torch_case, p.tensorflow_case)]
    calls.explain(cases)
    rows = [["pair", "PyTorch", "TensorFlow", "to Keras", "to PyTorch"]]
    for i, pair in enumerate(PAIRS):
        made = [
            counterpart_text(case.report["target"]["code"]).removeprefix("layer = ")
            for case in cases[2 * i : 2 * i + 2]
        ]
        prefix = "tf.compat.v1: " if pair.dialect == "tf1" else ""
        codes = [f"`{code}`" for code in (pair.torch, pair.tensorflow, *made)]
        codes[1] = prefix + codes[1]
        rows.append([pair.title, *codes])
    return table(rows)


INTRODUCTION = """\
# Recipes that go wrong

Made by running it: `script/live tests/live/pitfalls.py > docs/pitfalls.md`.

Each recipe below is in use, gives a result without complaint (but one) and is
wrong. It was run in the live framework with the source's own weights, and so
was what `convey explain` writes, which agrees with the source within the bound
of its sums. `off by` is the largest difference over random inputs, `of` the
largest number that the source gives, both to two digits.
"""

PAIRS_TEXT = """\
## Five pairs that are right

Articles show these, in numbers of their own. With equal weights both sides
agree, and convey carries either over. What such articles add to them is not
always so: Keras layers take no number and no tuple for `padding`; `same` is
`padding=1` at stride 1, and at stride 2 for odd lengths only; PyTorch has
`padding="same"` at stride 1 only; and the two sides draw fresh weights from
different distributions."""


def page(found):
    """The whole of docs/pitfalls.md."""
    rows = [["recipe", "off by", "of"]] + [
        [f"[{r.row.short}](#{anchor(r.row.title)})", r.off, r.of] for r in found
    ]
    parts = [INTRODUCTION + "\n" + table(rows), *map(section, found)]
    parts += [PAIRS_TEXT, pairs()]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(results()))
