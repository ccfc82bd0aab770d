"""The pairs of two articles: both sides live, and what convey says of each."""

import ast
from pathlib import Path

import calls
import kit
import numpy as np
import pytest
from calls import Case
from pairs import PAIRS

from engine import Layer

ARTICLES = Path(__file__).parents[3] / "shared" / "seeds"
IDS = [pair.title for pair in PAIRS]


def explained(*cases):
    """The cases with their reports."""
    calls.explain(cases)
    return cases


def moved(array, axes="first"):
    """Between N S C and N C S."""
    to = 1 if axes == "first" else -1
    return np.moveaxis(array, -1 if to == 1 else 1, to)


def relu_of(pair, dialect, value):
    """The second call, in the same framework."""
    if not pair.relu:
        return value
    code = "nn.ReLU()" if dialect == "torch" else "tf.nn.relu(x)"
    return calls.live(Case(code, {"x": value.shape}, dialect), {"x": value}, None)


def values_of_both(pair, rng):
    """Two results in torch's order, and how far they may differ."""
    left, right = pair.torch_case, pair.tensorflow_case
    x = rng.standard_normal(pair.x).astype("f4")
    values = {}

    def weights(name, shape):
        values[name] = calls.weight(name, shape, rng)
        return values[name]

    one = calls.live(left, {"x": x}, weights)
    kernel, bias = np.moveaxis(values["weight"], (0, 1), (-1, -2)), values["bias"]
    names = {"kernel": kernel, "bias": bias}
    arrays = {"x": moved(x, "last")}
    if pair.kernel:
        arrays["filters"] = kernel
    other = calls.live(right, arrays, lambda name, _: names[name])
    if pair.kernel:
        other = other + bias
    layer = Layer(left.code, left.inputs, "torch")
    for name, array in layer.weights():
        array[...] = values[name]
    _, bound = layer.run([x])
    layer.close()
    one = relu_of(pair, "torch", one)
    other = relu_of(pair, right.dialect, other)
    return one, moved(other), 2 * np.float64(bound)


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_both_sides_agree(pair):
    """With equal weights, within the bound of the sums."""
    one, other, allowed = values_of_both(pair, kit.random(51))
    share = kit.share(one, other, allowed)
    kit.note("pairs", share)
    assert share <= 1


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_each_side_is_carried_over(pair):
    """Engine and live counterpart, in both directions."""
    cases = explained(pair.torch_case, pair.tensorflow_case)
    for case, code in zip(cases, (pair.to_keras, pair.to_torch), strict=True):
        assert calls.check(case, kit.random(52)) is None
        assert case.report["target"]["code"] == code


@pytest.mark.parametrize(
    "dialect, code", [("torch", "nn.ReLU()"), ("tf1", "tf.nn.relu(x)")]
)
def test_the_activation_is_carried_over(dialect, code):
    """The second call of the last pair."""
    (case,) = explained(Case(code, {"x": (7, 4, 16)}, dialect))
    assert calls.check(case, kit.random(53)) is None
    assert case.report["verdict"] == "exact"


# ---- what such articles say, and what is true ----


@pytest.mark.parametrize("dialect", ["keras3", "keras2"])
@pytest.mark.parametrize("padding", ["1", "(1, 1)", "((1, 1), (1, 1))", "[1, 1]"])
def test_keras_layers_take_no_numbers_for_padding(dialect, padding):
    """Live and in convey; the advice says what to do."""
    code = f"layers.Conv2D(4, 3, padding={padding})"
    (case,) = explained(Case(code, {"x": (1, 8, 8, 3)}, dialect))
    assert calls.check(case, kit.random(54)) == "refused"
    assert case.report["kind"] == "illegal_in_source"
    said = case.report["reason"] + case.report["advice"]
    assert "'valid' or 'same'" in said and "ZeroPadding" in said


def test_the_function_below_takes_them():
    """tf.nn.conv2d has an explicit form, and it is padding=1."""
    code = (
        "tf.nn.conv2d(x, filters, strides=1, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])"
    )
    (case,) = explained(Case(code, {"x": (1, 9, 8, 3), "filters": (3, 3, 3, 4)}, "tf2"))
    assert calls.check(case, kit.random(55)) is None
    written = "layer = nn.Conv2d(3, 4, 3, padding=1, bias=False)\n"
    assert case.report["target"]["code"] == written


@pytest.mark.parametrize(
    "stride, n, equal", [(1, 32, True), (1, 31, True), (2, 32, False), (2, 31, True)]
)
def test_same_is_padding_1_for_odd_lengths_when_the_stride_is_2(stride, n, equal):
    """Live, and as the report says it, from either side."""
    left, right = explained(
        Case(
            f"nn.Conv2d(3, 4, 3, stride={stride}, padding=1)",
            {"x": (1, 3, n, n)},
            "torch",
        ),
        Case(
            f'layers.Conv2D(4, 3, strides={stride}, padding="same")',
            {"x": (1, n, n, 3)},
            "keras3",
        ),
    )
    for case in (left, right):
        assert calls.check(case, kit.random(56)) is None
        for row in case.report["border"]:
            assert row["simple_for"] == (
                "every length" if stride == 1 else "odd lengths"
            )
    x = kit.random(57).standard_normal((1, n, n, 3)).astype("f4")
    kernel = kit.random(58).standard_normal((3, 3, 3, 4)).astype("f4")
    bias = np.zeros(4, "f4")
    torch_side = {"weight": kernel.transpose(3, 2, 0, 1), "bias": bias}
    one = calls.live(left, {"x": moved(x)}, lambda name, _: torch_side[name])
    keras_side = {"kernel": kernel, "bias": bias}
    other = moved(calls.live(right, {"x": x}, lambda name, _: keras_side[name]))
    assert one.shape == other.shape
    assert (np.abs(one - other).max() < 1e-4) == equal


def test_torch_has_same_at_stride_1_only():
    """Live and in convey."""
    code = 'nn.Conv2d(3, 4, 3, stride=2, padding="same")'
    (case,) = explained(Case(code, {"x": (1, 3, 8, 8)}, "torch"))
    assert calls.check(case, kit.random(59)) == "refused"
    assert case.report["kind"] == "illegal_in_source"


def test_fresh_weights_are_drawn_otherwise():
    """Neither the spread of the kernel nor that of the bias is the same."""
    (case,) = explained(PAIRS[0].torch_case)
    rows = case.report["initialisers"]
    assert [row["weight"] for row in rows] == ["weight", "bias"]
    assert all(row["source"] != row["target"] and row["code"] for row in rows)


# ---- the articles' own code, where it stands beside the project ----


def calls_in(block):
    """Convolutions of a piece of code: the call, and the shapes it names."""
    shapes, found = {}, []
    for node in ast.walk(ast.parse(block)):
        name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if name.lower().endswith(("conv1d", "conv2d")):
            found.append((ast.unparse(node), name))
        if isinstance(node, ast.Assign):
            (shape,) = shape_of(node.value) or [None]
            if shape:
                shapes[ast.unparse(node.targets[0])] = shape
    return found, shapes


def shape_of(node):
    """The first list of sizes in an expression that makes a tensor."""
    text = ast.unparse(node)
    if "torch.randn(" in text:
        return [tuple(ast.literal_eval(a) for a in node.args)]
    if "tf." not in text or "conv" in text:
        return []
    lists = [n for n in ast.walk(node) if isinstance(n, ast.List | ast.Tuple)]
    return [tuple(k or 2 for k in ast.literal_eval(n)) for n in lists][:1]


def article_cases():
    """Every convolution that the articles show, as a case."""
    cases = []
    for path in sorted(ARTICLES.glob("*.txt")):
        blocks = path.read_text(encoding="utf-8").split("```python\n")[1:]
        for block in blocks:
            found, shapes = calls_in(block.split("```")[0])
            for code, name in found:
                given = dict(shapes)
                x = given.pop(next(k for k in given if k not in "Wb"))
                kernel = {"filters": given["W"]} if "W" in given else {}
                dialect = "tf1" if "tf.nn" in name else "keras3"
                dialect = dialect if name.startswith("tf.") else "torch"
                code = code.replace("tf.keras.", "").replace(", W,", ", filters,")
                cases.append(Case(code, {"x": x, **kernel}, dialect))
    return cases


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not here")
def test_the_articles_own_calls_get_the_same_verdict():
    """Ten calls, each as the pair of ours that stands for it."""
    cases = explained(*article_cases())
    ours = [c for p in PAIRS for c in (p.torch_case, p.tensorflow_case)]
    explained(*ours)
    assert len(cases) == len(ours)

    def forms(some):
        return sorted(
            (
                case.report["verdict"],
                case.dialect,
                [(row["simple"], row["simple_for"]) for row in case.report["border"]],
            )
            for case in some
        )

    for case in cases:
        assert calls.check(case, kit.random(60)) is None
    assert forms(cases) == forms(ours)
