"""Recipes for porting layers that people use and that are wrong: in numbers.

    script/live tests/live/pitfalls.py > docs/pitfalls.md

Every recipe is run: the source live, the recipe live with the same weights,
and what convey writes, which must agree within the bound of the operator.
"""

import re
import sys
import tempfile
import textwrap
from copy import deepcopy
from dataclasses import dataclass

import calls
import kit
import numpy as np
import torch
from calls import Case
from kit import keras
from pairs import PAIRS
from recipes import RECIPES, Recipe, image
from torch import nn

SEED = 20240229


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
    case.report["target"] = {
        "framework": "keras3" if keras_side else "torch",
        "code": f"layer = {row.layer or row.wrong}",
    }
    for line in case.report["weights"]:  # convey's layer may stand in a list
        line["target"] = re.split("[./]", line["target"])[-1]
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
    assert verdict is None or (refused and verdict.startswith("left")), (
        f"{row.case.line}: {verdict}"
    )
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
    """The layer, without a general class that is written before it."""
    if code.startswith("class Layer"):
        return code.strip()
    return code[code.index("layer = ") :].strip()


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
        Case(
            "layers.Conv2D(3, 1), layers.Flatten(), layers.Dense(6)",
            image(2, 4, 5, 3),
            "keras3",
        ),
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


def prose(text):
    """A paragraph."""
    return textwrap.fill(text, 79, break_on_hyphens=False)


def section(result):
    """One recipe."""
    row = result.row
    shape = "x".join(map(str, next(iter(row.case.shapes.values()))))
    off = (
        result.off
        if "shape" in result.off
        else f"off by {result.off}; largest value {result.of}"
    )
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
    return f"## {row.title}\n\n```python\n{code}\n```\n\n" + prose(row.why)


def pairs():
    """The pairs that articles show, with what convey makes of either side."""
    rows = [["pair", "PyTorch", "TensorFlow", "to Keras", "to PyTorch"]]
    for pair in PAIRS:
        sides = [[pair.torch_case, pair.tensorflow_case]]
        if pair.relu:
            x = {"x": (pair.x[0], 4, 4)}
            sides.append([Case("nn.ReLU()", x, "torch")])
            sides[-1].append(Case("tf.nn.relu(x)", x, pair.dialect))
        for left, right in sides:
            calls.explain([left, right])
            codes = [left.code, right.code] + [
                counterpart_text(case.report["target"]["code"])
                for case in (left, right)
            ]
            codes = [f"`{code.removeprefix('layer = ')}`" for code in codes]
            title = pair.title if left.code != "nn.ReLU()" else ""
            rows.append([title, *codes])
    return table(rows) + "\n\n" + prose("`tf` is `tf.compat.v1` here.")


INTRODUCTION = """\
# Recipes that go wrong

Made by running it: `script/live tests/live/pitfalls.py > docs/pitfalls.md`.

People port layers by these recipes. Nothing complains, and the numbers are
wrong. Each was run in the live frameworks with the source's own weights: the
source, the recipe, and what `convey explain` writes, which agrees with the
source within the bound of its sums. `off by` is the largest difference of the
recipe over random inputs, `largest value` the largest number that the source
gives, both to two digits. convey's code is for the size that stands there; with
`?` for a size it writes code for all of them.
"""

PAIRS_TEXT = """\
## Five pairs that are right

Articles show these, in numbers of their own. With equal weights both sides
agree, and convey carries either over. What such articles say beside them does
not always hold:

- Keras layers take no number and no tuple for `padding`. `tf.nn.conv2d` does:
  `[[0, 0], [1, 1], [1, 1], [0, 0]]` is `padding=1`.
- `padding="same"` is `padding=1` for every length at stride 1, and for odd
  lengths only at stride 2.
- PyTorch has `padding="same"` at stride 1 only.
- The two sides draw fresh weights from different distributions."""


def page(found):
    """The whole of docs/pitfalls.md."""
    rows = [["recipe", "off by", "largest value"]] + [
        [f"[{r.row.short}](#{anchor(r.row.title)})", r.off, r.of] for r in found
    ]
    parts = [INTRODUCTION + "\n" + table(rows), *map(section, found)]
    parts += [PAIRS_TEXT, pairs()]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(results()))
