"""One call in its own framework, in convey, and as its counterpart.

A case is a line of code with the shapes of its tensors. It is run three
times: live as it stands, by convey's engine, and live as what `convey explain`
wrote. All three must agree, element by element, or all must refuse.
"""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.compat.v1.layers needs it

import kit
import numpy as np
import tensorflow as tf
import tf_keras
import torch
import torch.nn.functional as F
from kit import keras
from torch import nn

from engine import Layer

v1 = tf.compat.v1
U = 2.0**-24

# What each dialect's code may name.
NAMES = {
    "torch": {"torch": torch, "nn": nn, "F": F},
    "keras3": {"keras": keras, "layers": keras.layers, "ops": keras.ops, "tf": tf},
    "keras2": {"keras": tf_keras, "layers": tf_keras.layers, "tf": tf},
    "tf2": {"tf": tf},
    "tf1": {"tf": v1},
}


@dataclass
class Case:
    """A call. `shapes` has the input first; others are named operands."""

    code: str
    shapes: dict
    dialect: str
    indices: int = 0  # the input holds whole numbers below this
    known: str = ""  # a defect of the framework: why it is not compared
    spread: float = 1.0  # of the input's numbers
    scaled: float = 0.0  # the a of a x + 1/2 that stands before the last step
    inner: str = ""  # the call without its activation, whose bound counts too
    terms: int = 0  # of sums that a step behind them scales
    report: dict = field(default_factory=dict, repr=False)

    @property
    def inputs(self):
        """As --input takes them."""
        return [
            f"{name}={'x'.join(map(str, shape))}" for name, shape in self.shapes.items()
        ]

    @property
    def line(self):
        """One line of a batch, which repeats the case by hand too."""
        words = " ".join(f"--input {text}" for text in self.inputs)
        return f"{self.code}  # --from {self.dialect} {words}"


def explain(cases):
    """Fills the reports of all cases with one command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls"
        path.write_text("".join(case.line + "\n" for case in cases))
        done = subprocess.run(
            [os.environ["CONVEY"], "explain", "--batch", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
    reports = done.stdout.splitlines()
    assert done.returncode in (0, 1), done.stderr
    assert len(reports) == len(cases), done.stderr
    for case, report in zip(cases, reports, strict=True):
        case.report = json.loads(report)


def draw(case, generator):
    """Arrays for every tensor of the call."""
    arrays = {}
    for name, shape in case.shapes.items():
        if case.indices and not arrays:
            arrays[name] = generator.integers(0, case.indices, shape).astype("f4")
        elif name in ("variance", "running_var"):
            arrays[name] = generator.uniform(0.5, 2, shape).astype("f4")
        else:
            spread = 1.0 if arrays else case.spread
            arrays[name] = (spread * generator.standard_normal(shape)).astype("f4")
    return arrays


def weight(name, shape, generator):
    """A weight's numbers: spreads stay above zero."""
    if "var" in name:
        return generator.uniform(0.5, 2, shape).astype("f4")
    return generator.standard_normal(shape).astype("f4")


# ---- live, as it stands ----


def _as_torch(case, array):
    """A copy: some functions work in place."""
    kind = "i8" if case.indices else "f4"
    return torch.from_numpy(np.array(array, kind, order="C"))


def _torch(case, arrays, weights):
    space = dict(NAMES["torch"])
    tensors = {
        name: _as_torch(case, a) if i == 0 else torch.from_numpy(a)
        for i, (name, a) in enumerate(arrays.items())
    }
    made = eval(case.code, space | tensors)  # noqa: S307
    if isinstance(made, torch.Tensor):
        return made.numpy()
    made.eval()
    values = list(tensors.values())
    with torch.inference_mode():
        made(*[v.clone() for v in values])  # a lazy one gets its weights
        state = made.state_dict()
        for name, old in state.items():
            if old.is_floating_point():
                new = weights(name, tuple(old.shape))
                old.copy_(torch.from_numpy(new))
        made.load_state_dict(state)
        return made(*values).numpy()


def _is_layer(made):
    return hasattr(made, "build") and hasattr(made, "weights")


def _short(name):
    """kernel of conv2d/kernel:0."""
    return name.rsplit("/", 1)[-1].split(":")[0]


def _layered(case, arrays, weights):
    tensors = {}
    for i, (name, a) in enumerate(arrays.items()):
        a = a.astype("i4") if case.indices and i == 0 else a
        tensors[name] = tf.constant(a)
    made = eval(case.code, NAMES[case.dialect] | tensors)  # noqa: S307
    if not _is_layer(made):
        return np.asarray(made)
    values = list(tensors.values())
    given = values[0] if len(values) == 1 else values
    made(_symbolic(case, given))
    for w in made.weights:
        if "float" in str(w.dtype) and "seed" not in w.name:
            w.assign(weights(_short(w.name), tuple(w.shape)))
    if hasattr(made, "finalize_state"):  # Normalization reads them here
        made.finalize_state()
    return np.asarray(made(given))


def _symbolic(case, given):
    """Refusals of symbolic inputs count: a model is built from them."""
    library = keras if case.dialect == "keras3" else tf_keras
    several = isinstance(given, list)
    made = [
        library.Input(batch_shape=tuple(t.shape), dtype=t.dtype.name)
        for t in (given if several else [given])
    ]
    return made if several else made[0]


def _graph(case, arrays, weights):
    """TensorFlow 1: a graph and a session."""
    with tf.Graph().as_default(), v1.Session() as session:
        feed, tensors = {}, {}
        for i, (name, a) in enumerate(arrays.items()):
            kind = "int32" if case.indices and i == 0 else "float32"
            tensors[name] = v1.placeholder(kind, a.shape)
            feed[tensors[name]] = a
        made = eval(case.code, NAMES["tf1"] | tensors)  # noqa: S307
        made = made[0] if isinstance(made, tuple) else made
        session.run(v1.global_variables_initializer())
        for variable in v1.global_variables():
            new = weights(_short(variable.name), tuple(variable.shape))
            variable.load(new, session)
        return session.run(made, feed)


def live(case, arrays, weights):
    """The value of the call in its own framework."""
    if case.dialect == "torch":
        with torch.inference_mode():
            return _torch(case, arrays, weights)
    if case.dialect == "tf1":
        return _graph(case, arrays, weights)
    return _layered(case, arrays, weights)


# ---- live, as the counterpart ----


def moved(array, permutation):
    """numpy.transpose, where there is a permutation."""
    if permutation is not None:
        array = np.transpose(array, permutation)
    return np.ascontiguousarray(array)


def in_blocks(blocks, array):
    """The features of one axis, each block of them in its own new order."""
    array = np.moveaxis(array, blocks["axis"], 0)
    rest, done, at = array.shape[1:], [], 0
    for part in blocks["parts"]:
        n = int(np.prod(part["shape"]))
        piece = array[at : at + n].reshape(*part["shape"], *rest)
        order = part["permutation"] or range(len(part["shape"]))
        order = [*order, *range(len(part["shape"]), piece.ndim)]
        done.append(np.transpose(piece, order).reshape(n, *rest))
        at += n
    array = np.moveaxis(np.concatenate(done), 0, blocks["axis"])
    return np.transpose(array, blocks["permutation"])


def translated(row, array):
    """A weight of the source as a row of the report says."""
    if row.get("blocks") is not None:
        array = in_blocks(row["blocks"], array.reshape(row["source_shape"]))
        return np.ascontiguousarray(array.reshape(row["target_shape"]))
    array = array.reshape(row["reshape"] or row["source_shape"])
    if row["permutation"] is not None:
        array = np.transpose(array, row["permutation"])
    return np.ascontiguousarray(array.reshape(row["target_shape"]))


def _suffix(path, wanted):
    """Does a path end in the wanted whole components?"""
    parts = path.split(":")[0].split("/")
    return parts[-len(wanted.split("/")) :] == wanted.split("/")


def counterpart(case, arrays, values):
    """The value of what convey wrote; `values` are the source's weights."""
    report = case.report
    first = next(iter(arrays.values()))
    x = moved(first, report["input"]["permutation"])
    rows = [r for r in report["weights"] if r["target"] is not None]
    if report["target"]["framework"] == "torch":
        space = dict(NAMES["torch"])
        exec(report["target"]["code"], space)  # noqa: S102
        layer = space["layer"].eval()
        state = layer.state_dict()
        for row in rows:
            new = translated(row, values[row["source"]])
            state[row["target"]].copy_(torch.from_numpy(new))
        layer.load_state_dict(state)
        with torch.inference_mode():
            return layer(*_others(case, arrays, x, _as_torch)).numpy()
    space = {"keras": keras, "layers": keras.layers, "tf": tf}
    exec(report["target"]["code"], space)  # noqa: S102
    layer = space["layer"]
    given = _others(case, arrays, x, _as_keras)
    given = given[0] if len(given) == 1 else given
    layer(given)
    for row in rows:
        found = [w for w in layer.weights if _suffix(w.path, row["target"])]
        assert len(found) == 1, f"{row['target']}: {[w.path for w in layer.weights]}"
        found[0].assign(translated(row, values[row["source"]]))
    return np.asarray(layer(given, training=False))


def _as_keras(case, array):
    return tf.constant(array.astype("i4") if case.indices else array)


def _others(case, arrays, x, convert):
    """The input, and further inputs that are no weights."""
    weights = {row["source"] for row in case.report["weights"]}
    further = [a for name, a in list(arrays.items())[1:] if name not in weights]
    permutation = case.report["input"]["permutation"]
    return [convert(case, x)] + [convert(case, moved(a, permutation)) for a in further]


# ---- all three ----


def allowed_between(layer, arrays, bound, terms=0):
    """How far two evaluations may differ.

    The operator's own bound, once for each side. It is that of the last step:
    of separable convolutions, two linear steps, the products of both count,
    gamma of their number times the sum of magnitudes. So of sums of `terms`
    that are scaled behind.
    """
    if not terms and not any("pointwise" in name for name, _ in layer.weights()):
        return 2 * np.float64(bound)
    kept = [(array, array.copy()) for _, array in layer.weights()]
    count = 2 + terms
    for array, old in kept:
        array[...] = np.abs(old)
        count += array[..., 0].size if array.ndim > 1 else 1
    size, _ = layer.run([np.abs(a) for a in arrays])
    for array, old in kept:
        array[...] = old
    return 2 * count * U / (1 - count * U) * np.float64(np.abs(size)) + 2 * np.float64(
        bound
    )


def _live_twice(case, arrays, weights):
    """TensorFlow aborts now and then for want of a resource: once more then."""
    try:
        return live(case, arrays, weights)
    except Exception as error:
        if type(error).__name__ != "AbortedError":
            raise
        return live(case, arrays, weights)


def check(case, generator, engine=True):
    """None, or what is wrong; "refused" and "left" are counted by callers."""
    arrays = draw(case, generator)
    values = {}

    def weights(name, shape):
        key = name
        values[key] = weight(name, shape, generator)
        return values[key]

    verdict, kind = case.report["verdict"], case.report["kind"]
    try:
        want = _live_twice(case, arrays, weights)
        refused = None
    except Exception as error:  # noqa: BLE001 - whatever it refuses with
        want, refused = None, f"{type(error).__name__}: {str(error)[:120]}"
    if case.known:
        return "known"
    if refused is not None:
        if verdict == "exact" or kind == "no_counterpart":
            return f"the framework refuses ({refused}), convey does not ({kind})"
        return "refused"
    if verdict == "failed":
        return f"convey fails: {case.report['reason']}"
    if verdict == "refused":
        if kind in ("illegal_in_source", "unknown_call"):
            return (
                f"the framework takes it, convey says {kind}: {case.report['reason']}"
            )
        return f"left: {case.report['reason']}"
    for name, array in list(arrays.items())[1:]:
        values.setdefault(name, array)
    return _compare(case, arrays, values, want, engine)


def _measure(case, code, arrays, values):
    """The engine's value, and how far two evaluations may differ."""
    layer = Layer(code, case.inputs, case.dialect)
    assert layer.status == 0, f"engine: status {layer.status}"
    rows = {row["source"] for row in case.report["weights"]}
    for name, array in layer.weights():
        array[...] = values[name].reshape(array.shape)
    given = [a for n, a in arrays.items() if n not in rows]
    got, bound = layer.run(given)
    allowed = allowed_between(layer, given, bound, case.terms)
    if case.scaled:  # U |a x| each of a and the product, U (|a x| + 1/2) of the sum
        size = case.scaled * np.abs(np.float64(given[0]))
        allowed = allowed + 2 * U * (3 * size + 0.5)
    layer.close()
    return got, allowed


def _compare(case, arrays, values, want, engine):
    shape = case.report["output"]["source_shape"]
    if list(want.shape) != shape:
        return f"shape {shape}, live {list(want.shape)}"
    allowed = None
    if engine:
        got, allowed = _measure(case, case.code, arrays, values)
        if case.inner:  # no activation in use makes a difference larger
            allowed = allowed + _measure(case, case.inner, arrays, values)[1]
        worst = kit.share(got, want, allowed)
        kit.note("engine", worst)
        if worst > 1:
            return f"engine: {worst:.3g} of the bound"
    other = counterpart(case, arrays, values)
    permutation = case.report["output"]["permutation"]
    if allowed is not None:
        worst = kit.share(other, moved(want, permutation), moved(allowed, permutation))
        kit.note("counterpart", worst)
        if worst > 1:
            return f"counterpart: {worst:.3g} of the bound"
    elif other.shape != moved(want, permutation).shape:
        return f"counterpart: shape {other.shape}"
    return None
