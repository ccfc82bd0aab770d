"""What `convey explain` says about initial values is what the frameworks draw.

Fresh weights of the call, of its counterpart, and of its counterpart as the
report's code makes it, are compared with the distributions in the report. The
limits follow from the number of draws; a right claim fails one of them with a
chance below one in a hundred million.
"""

import ast
import inspect
import re

import calls
import numpy as np
import pytest
import torch
from calls import Case
from kit import keras

DRAWS = 6000  # of each weight, at least
RARE = 20.0  # exp(-RARE) is the chance that is taken for none
SIGMAS = 6.0
DIGITS = 2e-6  # relative: the report has six, float32 seven

X2 = {"x": (2, 3, 8, 8)}
IMAGE = {"x": (2, 8, 8, 3)}
ROW = {"x": (2, 20)}
DRAWN = "kernel_initializer=keras.initializers."

CASES = [
    Case("nn.Conv2d(3, 64, 3)", X2, "torch"),
    Case("nn.Conv2d(3, 60, (3, 2), stride=2, padding=1, groups=3)", X2, "torch"),
    Case("nn.Conv1d(4, 8, 5, bias=False)", {"x": (2, 4, 9)}, "torch"),
    Case("nn.Conv3d(2, 40, 3)", {"x": (1, 2, 5, 5, 5)}, "torch"),
    Case("nn.ConvTranspose2d(3, 80, 3)", X2, "torch"),
    Case("nn.ConvTranspose1d(4, 60, 3)", {"x": (2, 4, 9)}, "torch"),
    Case("nn.Linear(20, 90)", ROW, "torch"),
    Case("nn.LazyLinear(70)", ROW, "torch"),
    Case("nn.BatchNorm2d(3)", X2, "torch"),
    Case("nn.LayerNorm(20)", ROW, "torch"),
    Case("nn.GroupNorm(3, 3)", X2, "torch"),
    Case("nn.RMSNorm(20)", ROW, "torch"),
    Case("nn.InstanceNorm2d(3, affine=True)", X2, "torch"),
    Case("nn.Embedding(50, 8)", {"x": (2, 7)}, "torch", indices=50),
    Case("nn.PReLU(3)", X2, "torch"),
    Case("nn.PReLU(init=0.1)", X2, "torch"),
    Case("layers.Conv2D(64, 3)", IMAGE, "keras3"),
    Case("layers.Conv1D(80, 5, groups=2)", {"x": (2, 9, 4)}, "keras3"),
    Case("layers.Conv2DTranspose(60, 3)", IMAGE, "keras3"),
    Case("layers.DepthwiseConv2D(3, depth_multiplier=20)", IMAGE, "keras3"),
    Case("layers.SeparableConv2D(50, 3, depth_multiplier=10)", IMAGE, "keras3"),
    Case("layers.Dense(90)", ROW, "keras3"),
    Case("layers.BatchNormalization()", IMAGE, "keras3"),
    Case("layers.LayerNormalization()", IMAGE, "keras3"),
    Case("layers.GroupNormalization(3)", IMAGE, "keras3"),
    Case("layers.Embedding(50, 8)", {"x": (2, 7)}, "keras3", indices=50),
    Case("layers.PReLU(shared_axes=[1, 2])", IMAGE, "keras3"),
    Case("layers.Conv2D(50, 3)", IMAGE, "keras2"),
    Case("layers.Dense(90)", ROW, "keras2"),
]
CASES += [
    Case(f"layers.Dense(90, kernel_initializer={text!r})", ROW, "keras3")
    for text in (
        "glorot_normal",
        "he_uniform",
        "he_normal",
        "lecun_uniform",
        "lecun_normal",
        "random_uniform",
        "random_normal",
        "truncated_normal",
        "ones",
    )
]
CASES += [
    Case(f"layers.Conv2D(50, 3, {DRAWN}{text})", IMAGE, "keras3")
    for text in (
        "HeNormal()",
        "RandomUniform(-0.1, 0.3)",
        "RandomNormal(mean=0.5, stddev=0.2)",
        "TruncatedNormal(0.25, 0.5)",
        "Constant(0.3)",
        "VarianceScaling(2.0, mode='fan_out', distribution='uniform')",
        "VarianceScaling(0.5, mode='fan_avg', distribution='untruncated_normal')",
    )
]


# ---- what a text of the report says ----

_NUMBER = r"(-?[\d.]+(?:e[-+]?\d+)?)"
_FORMS = {
    "constant": _NUMBER,
    "uniform": rf"uniform in ±{_NUMBER}",
    "range": rf"uniform from {_NUMBER} to {_NUMBER}",
    "normal": rf"normal, mean {_NUMBER}, deviation {_NUMBER}",
    "truncated": rf"normal cut off at two deviations, mean {_NUMBER}, "
    rf"deviation {_NUMBER}",
}


def claimed(text):
    """Kind and numbers."""
    for kind, form in _FORMS.items():
        if found := re.fullmatch(form, text):
            numbers = [float(number) for number in found.groups()]
            if kind == "uniform":
                return "range", [-numbers[0], numbers[0]]
            return kind, numbers
    raise AssertionError(f"no distribution: {text}")


# Standard normal numbers within two deviations.
_Z = np.linspace(-2, 2, 400001)
_P = np.exp(-_Z * _Z / 2)
_CUT = [float((_P * _Z**k).sum() / _P.sum()) for k in range(5)]
_EDGE = float(_P[-1] / (_P.sum() * (_Z[1] - _Z[0])))


def check_moments(draws, mean, deviation, kurtosis):
    """Mean and deviation, each within its standard error."""
    n = draws.size
    slack = DIGITS * (abs(mean) + deviation)
    assert abs(draws.mean() - mean) <= SIGMAS * deviation / n**0.5 + slack
    error = deviation * ((kurtosis - 1) / (4 * n)) ** 0.5
    assert abs(draws.std() - deviation) <= SIGMAS * error + slack


def check_ends(draws, low, high, density):
    """All within, and some near both ends, where this is the density."""
    gap = RARE / (draws.size * density)
    slack = DIGITS * (abs(low) + abs(high))
    assert low - slack <= draws.min() <= low + gap + slack
    assert high - gap - slack <= draws.max() <= high + slack


def check_draws(draws, text):
    """Fresh numbers against a text of the report."""
    kind, numbers = claimed(text)
    if kind == "constant":
        assert np.abs(draws - numbers[0]).max() <= DIGITS * abs(numbers[0])
        return
    assert draws.size >= DRAWS
    low, high = numbers
    if kind == "range":
        check_ends(draws, low, high, 1 / (high - low))
        check_moments(draws, (low + high) / 2, (high - low) / 12**0.5, 1.8)
        return
    mean, deviation = numbers
    if kind == "truncated":
        edges = mean - 2 * deviation, mean + 2 * deviation
        check_ends(draws, *edges, _EDGE / deviation)
        kurtosis = _CUT[4] / _CUT[2] ** 2
        check_moments(draws, mean, deviation * _CUT[2] ** 0.5, kurtosis)
        return
    check_moments(draws, mean, deviation, 3)
    beyond = (np.abs(draws - mean) > 2 * deviation).mean()
    spread = (0.0455 * (1 - 0.0455) / draws.size) ** 0.5
    assert abs(beyond - 0.0455) <= SIGMAS * spread + 1e-5


# ---- fresh weights ----


def fresh(make):
    """The weights of enough new layers, by name."""
    first = make()
    drawn = [array.size for array in first.values() if np.ptp(array) > 0]
    count = -(-DRAWS // min(drawn, default=DRAWS))
    layers = [first] + [make() for _ in range(count)]
    return {
        name: np.concatenate([np.float64(layer[name]).ravel() for layer in layers])
        for name in first
    }


def of_torch(layer, x):
    """A torch layer's parameters."""
    layer.eval()
    with torch.inference_mode():
        layer(x)  # a lazy one makes them now
    return {name: p.detach().numpy() for name, p in layer.named_parameters()}


def of_keras(layer, x):
    """A Keras layer's, by the last part of their names."""
    layer(x)
    return {calls._short(_path(w)): np.asarray(w) for w in layer.trainable_weights}


def _path(weight):
    return getattr(weight, "path", weight.name)


def torch_input(case, permutation):
    """Zeros of the counterpart's or the source's shape."""
    x = np.zeros(next(iter(case.shapes.values())), "i8" if case.indices else "f4")
    return torch.from_numpy(calls.moved(x, permutation))


def keras_input(case, permutation):
    """The same for Keras."""
    x = np.zeros(next(iter(case.shapes.values())), "i4" if case.indices else "f4")
    return calls.tf.constant(calls.moved(x, permutation))


def source(case):
    """Makes a layer as the call says."""
    made = eval(case.code, dict(calls.NAMES[case.dialect]))  # noqa: S307
    if case.dialect == "torch":
        return of_torch(made, torch_input(case, None))
    return of_keras(made, keras_input(case, None))


def counterpart(case, told):
    """Makes a layer as the report says; `told`: with the initialisers' code."""
    report = case.report
    codes = [row["code"] for row in report["initialisers"] if row["code"] and told]
    permutation = report["input"]["permutation"]
    if report["target"]["framework"] == "torch":
        space = dict(calls.NAMES["torch"])
        exec(report["target"]["code"], space)  # noqa: S102
        for code in codes:
            exec(code, space)  # noqa: S102
        return of_torch(space["layer"], torch_input(case, permutation))
    space = {"keras": keras, "layers": keras.layers}
    exec(with_keywords(report["target"]["code"], codes), space)  # noqa: S102
    return of_keras(space["layer"], keras_input(case, permutation))


def with_keywords(code, texts):
    """The code with these keywords in the call that knows them."""
    tree = ast.parse(code)
    for text in texts:
        keyword = ast.parse(f"f({text})").body[0].value.keywords[0]
        found = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and hasattr(keras.layers, node.func.attr)
            and keyword.arg
            in inspect.signature(getattr(keras.layers, node.func.attr)).parameters
        ]
        assert len(found) == 1, f"{text}: {len(found)} calls take it"
        found[0].keywords.append(keyword)
    return ast.unparse(tree)


# ---- the tests ----


@pytest.fixture(scope="module", autouse=True)
def reports():
    """One run of the command for all cases."""
    torch.manual_seed(1)
    calls.explain(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_initial_values_are_what_the_report_says(case):
    """Of the call, of its counterpart, and of the counterpart that was told."""
    assert case.report["verdict"] == "exact", case.report["reason"]
    rows = case.report["initialisers"]
    targets = {row["source"]: row["target"] for row in case.report["weights"]}
    here = fresh(lambda: source(case))
    assert {row["weight"] for row in rows} == set(here), "every weight has a row"
    there = fresh(lambda: counterpart(case, told=False))
    told = fresh(lambda: counterpart(case, told=True))
    for row in rows:
        name = calls._short(targets[row["weight"]])
        check_draws(here[row["weight"]], row["source"])
        check_draws(there[name], row["target"])
        check_draws(told[name], row["source"])


def test_a_wrong_claim_is_noticed():
    """The limits are narrow enough to tell distributions apart."""
    r = np.random.default_rng(1)
    uniform = r.uniform(-0.2, 0.2, DRAWS)
    normal = r.normal(0, 0.2, DRAWS)
    check_draws(uniform, "uniform in ±0.2")
    check_draws(normal, "normal, mean 0, deviation 0.2")
    for draws, text in (
        (uniform, "uniform in ±0.203"),
        (uniform, "uniform in ±0.199"),
        (uniform, "uniform from -0.2 to 0.21"),
        (uniform, "normal, mean 0, deviation 0.11547"),
        (normal, "normal, mean 0, deviation 0.22"),
        (normal, "normal, mean 0.03, deviation 0.2"),
        (normal, "normal cut off at two deviations, mean 0, deviation 0.2274"),
        (uniform, "0"),
    ):
        with pytest.raises(AssertionError):
            check_draws(draws, text)
