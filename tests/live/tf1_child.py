"""Runs scripts of TensorFlow in their own framework, and keeps what they make.

    python tf1_child.py KIND FOLDER NAME ...

KIND is graph (TensorFlow 1, by compat.v1 with the old behaviour) or eager
(today's TensorFlow and Keras). For each NAME of source.py it writes
FOLDER/NAME.npz: weights as "v.NAME", inputs as "x.NAME" and, a second time,
as "x2.NAME", outputs as "y.I" and "y2.I", the source's own noise as
"noise.I" (NaN where TensorFlow has no float64 for it); or, where the script
fails, FOLDER/NAME.err.

Scripts train as they like, for a few steps: after RUNS runs of a session they
are interrupted. What they load is made up here.
"""

import ast
import contextlib
import importlib
import io
import json
import os
import re
import sys
import tempfile
import traceback
import types
import warnings
import zlib
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_USE_LEGACY_KERAS"] = str(int("graph" in sys.argv))

import numpy as np
import source
import tensorflow

KIND = "graph" if "graph" in sys.argv else "eager"
warnings.simplefilter("ignore")
v1 = tensorflow.compat.v1
RUNS = 4
INNATE = set(v1.flags.FLAGS)  # flags that no script has made


class Enough(BaseException):
    """Enough of a training loop; nobody catches it."""


# ---- what scripts import ----


def module(name, **names):
    """A module that stands under its name."""
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made
    return made


def old_tensorflow():
    """TensorFlow 1: compat.v1 under the plain name, and contrib."""
    v1.disable_v2_behavior()
    v1.logging.set_verbosity(v1.logging.ERROR)
    layers = importlib.import_module("tf_keras.src.legacy_tf_layers")
    sys.modules["tf_keras.legacy_tf_layers"] = layers
    for part in ("base", "convolutional", "core", "normalization", "pooling"):
        inner = importlib.import_module(f"tf_keras.src.legacy_tf_layers.{part}")
        sys.modules[f"tf_keras.legacy_tf_layers.{part}"] = inner
    ops = importlib.import_module("tensorflow.python.framework.ops")
    ops.Tensor = tensorflow.Tensor  # where slim looks for it
    slim = importlib.import_module("tf_slim")
    words = sys.modules["tf_slim.layers"]  # slim.layers is a module of it
    scopes = {"arg_scope": slim.arg_scope, "add_arg_scope": slim.add_arg_scope}
    framework = module("tensorflow.contrib.framework", __path__=[], **scopes)
    module("tensorflow.contrib.framework.python", __path__=[])
    module("tensorflow.contrib.framework.python.ops", **scopes)
    contrib = module(
        "tensorflow.contrib", slim=slim, layers=words, framework=framework, __path__=[]
    )
    sys.modules["tensorflow.contrib.slim"] = slim
    sys.modules["tensorflow.contrib.layers"] = words
    old = types.ModuleType("tensorflow")
    old.__path__ = tensorflow.__path__
    old.__getattr__ = lambda name: getattr(v1, name)
    old.__dict__.update(contrib=contrib, __version__="1.15.5")
    sys.modules["tensorflow"] = old
    sys.modules["tensorflow.compat"] = tensorflow.compat
    sys.modules["tensorflow.compat.v1"] = v1


class Digits:
    """A data set of images in rows, with a column for each class."""

    def __init__(self, rows=64, size=784, classes=10):
        rng = np.random.default_rng(1)
        self.images = rng.random((rows, size), np.float32)
        self.labels = np.eye(classes, dtype="f4")[rng.integers(0, classes, rows)]
        self.num_examples = rows

    def next_batch(self, count):
        return self.images[:count], self.labels[:count]


def made_up():
    """Modules that scripts load their data with."""
    parts = "tensorflow.examples", "tensorflow.examples.tutorials"
    for name in parts:
        module(name, __path__=[])
    sets = types.SimpleNamespace(train=Digits(), validation=Digits(), test=Digits(8))
    data = module(
        "tensorflow.examples.tutorials.mnist.input_data",
        read_data_sets=lambda *_, **__: sets,
    )
    module("tensorflow.examples.tutorials.mnist", input_data=data, __path__=[])

    def windows(*_, **__):
        """Windows of sensors and a column for each class."""
        rng = np.random.default_rng(2)
        labels = np.eye(6, dtype="f4")[rng.integers(0, 6, 40)]
        return rng.standard_normal((40, 128, 9)).astype("f4"), labels

    def sentences(*_, **__):
        """Rows of words, classes and the words there are."""
        rng = np.random.default_rng(3)
        words = rng.integers(0, 500, (40, 24))
        return words, np.eye(2, dtype="f4")[rng.integers(0, 2, 40)], 500

    def batch_iter(x, y, size, *_):
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]

    module("har_data", load=windows, batches=batch_iter)
    module("data_helpers", load_data=sentences, batch_iter=batch_iter)
    plot = module("matplotlib.pyplot", figure=print, plot=print, show=print)
    module("matplotlib", pyplot=plot, use=print, __path__=[])
    module("tqdm", tqdm=lambda rows, **_: rows, trange=range)
    module("librosa", load=lambda *_, **__: (np.zeros(16000, "f4"), 16000))


def counted_sessions(seen):
    """Sessions that stop after a few runs, and say which graph they had."""
    session = v1.Session.__mro__[1]
    run = session.run

    def limited(self, *some, **more):
        seen["graph"] = self.graph
        seen["runs"] += 1
        if seen["runs"] > RUNS:
            raise Enough
        return run(self, *some, **more)

    session.run = limited
    return run


# ---- running a script ----


def text_of(script, path):
    """The Python of a script, of a notebook's cells, or of Python 2."""
    text = source.text(script)
    if path.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
        parts = []
        for cell in cells:
            lines = "".join(cell["source"]).splitlines()
            part = "\n".join(x for x in lines if not x.lstrip().startswith(("%", "!")))
            with contextlib.suppress(SyntaxError):
                compile(part, path.name, "exec")
                parts.append(part)
        return "\n\n".join(parts)
    try:
        compile(text, path.name, "exec")
    except SyntaxError:
        return of_python_2(text, path.name)
    return text


def of_python_2(text, name):
    """Today's Python for it; numbers divide as they did."""
    from lib2to3 import refactor  # noqa: PLC0415 - gone from Python 3.13

    fixes = "print", "xrange", "except", "dict", "has_key", "reduce", "unicode"
    tool = refactor.RefactoringTool([f"lib2to3.fixes.fix_{f}" for f in fixes])
    tree = ast.parse(str(tool.refactor_string(text + "\n", name)))
    return ast.unparse(ast.fix_missing_locations(OldDivision().visit(tree)))


class OldDivision(ast.NodeTransformer):
    """a / b is a // b where both are whole numbers."""

    def quotient(self, a, b):
        test = "isinstance({0}, int) and isinstance({1}, int)"
        a, b = ast.unparse(a), ast.unparse(b)
        both = test.format(a, b)
        return ast.parse(f"({a} // {b} if {both} else {a} / {b})", mode="eval").body

    def visit_BinOp(self, node):
        self.generic_visit(node)
        plain = not isinstance(node.op, ast.Div)
        return node if plain else self.quotient(node.left, node.right)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        value = self.quotient(node.target, node.value)
        return ast.Assign(targets=[node.target], value=value)


def execute(script, seen):
    """The globals that a script leaves."""
    path = source.path(script)
    space = {"__name__": "__main__", "__file__": str(path)}
    made = module("__main__")
    made.__dict__.update(space)
    sys.argv = [str(path)]
    seen.update(graph=None, runs=0)
    pairs = zip(script.options, script.options[1:], strict=False)
    roots = [value for option, value in pairs if option == "--root"]
    sys.path[:0] = roots
    with tempfile.TemporaryDirectory() as folder:
        home = os.getcwd()
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text_of(script, path), path.name, "exec"), made.__dict__)
        except (Enough, SystemExit):
            pass
        finally:
            os.chdir(home)
            del sys.path[: len(roots)]
    return made.__dict__


def drawn(name, shape, rng):
    """A weight that lets signals through, and is not what it was made as."""
    name = name.removesuffix("/ExponentialMovingAverage")
    if len(shape) < 2 or np.prod(shape) == max(shape):
        wide = re.search(r"var|Squeeze_1|gamma|scale|alpha|std", name.split("/")[-1])
        wide = wide or "moments/Squeeze_1/" in name
        if wide and not name.endswith("bias"):
            return rng.uniform(0.5, 1.5, shape).astype("f4")
        return (0.2 * rng.standard_normal(shape)).astype("f4")
    count = np.prod(shape[:-1])
    return (rng.standard_normal(shape) * np.sqrt(2 / count)).astype("f4")


def array_of(shape, dtype, high, rng):
    """An input: numbers, or indices below a limit."""
    if "int" in dtype:
        return rng.integers(0, high or 10, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


def flat(tree):
    """The tensors of a value, a list or a dict."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list | tuple):
        return [leaf for item in tree for leaf in flat(item)]
    return [tree]


# ---- TensorFlow 1 ----


def run_graph(script, seen, run):
    """The arrays of one script."""
    v1.reset_default_graph()
    v1.keras.backend.clear_session()
    for name in set(v1.flags.FLAGS) - INNATE:
        delattr(v1.flags.FLAGS, name)
    space = execute(script, seen)
    graph = seen["graph"] or v1.get_default_graph()
    with graph.as_default():
        space["T"] = lambda name: graph.get_tensor_by_name(f"{name}:0")
        exec(script.drive, space)
        outputs = flat(eval(script.outputs, space))
        inputs = {k: eval(k, space) for k in script.inputs}
        feed = {eval(k, space): v for k, v in script.feeds.items()}
    rng = np.random.default_rng(zlib.crc32(script.name.encode()))
    arrays = {}
    with v1.Session(graph=graph) as session:
        with graph.as_default():
            variables = v1.global_variables() + v1.local_variables()
            run(session, v1.variables_initializer(variables))
        for v in variables:
            if v.dtype.base_dtype == v1.float32:
                name = v.op.name
                value = drawn(name, tuple(v.shape.as_list()), rng)
                v.load(value, Plain(session, run))
                arrays[f"v.{name}"] = value
        given = {}
        for turn in ("", "2"):
            for key, tensor in inputs.items():
                shape, high = script.inputs[key], script.limits.get(key)
                value = array_of(shape, tensor.dtype.name, high, rng)
                arrays[f"x{turn}.{tensor.op.name}"] = feed[tensor] = value
                given[turn, tensor.op.name] = value
            for i, value in enumerate(run(session, outputs, feed)):
                arrays[f"y{turn}.{i}"] = value
        feed |= {t: given["", t.op.name] for t in inputs.values()}
        exact = in_float64(graph, session, run, outputs, feed)
    for i in range(len(outputs)):
        wide = np.nan if exact is None else np.max(np.abs(exact[i] - arrays[f"y.{i}"]))
        arrays[f"noise.{i}"] = np.float64(wide)
    return arrays


class Plain:
    """A session whose runs are not counted."""

    def __init__(self, session, run):
        self.session, self.ran = session, run

    def run(self, *some, **more):
        return self.ran(self.session, *some, **more)


def in_float64(graph, session, run, outputs, feed):
    """The outputs of the same graph with every float32 a float64, or None
    where TensorFlow has no such kernel."""
    names = [t.op.name for t in outputs]
    util = v1.graph_util
    session.run = lambda *some, **more: run(session, *some, **more)
    try:
        frozen = util.convert_variables_to_constants(
            session, graph.as_graph_def(), names
        )
        nodes = [n for node in frozen.node for n in without_fusion(node)]
        del frozen.node[:]
        frozen.node.extend(nodes)
        for node in frozen.node:
            widen(node)
        with v1.Graph().as_default() as wide:
            v1.import_graph_def(frozen, name="")
            there = {
                wide.get_tensor_by_name(t.name): np.float64(value)
                if np.asarray(value).dtype.kind == "f"
                else value
                for t, value in feed.items()
                if t.op.name in {n.name for n in frozen.node}
            }
            with v1.Session(graph=wide) as other:
                return run(other, [f"{n}:0" for n in names], there)
    except Exception as error:  # noqa: BLE001 - many reasons, one answer
        if os.environ.get("TF1_CHILD_SAYS"):
            print("no float64:", str(error)[:300], file=sys.stderr)
        return None


def without_fusion(node):
    """A batch norm of the graph in single steps: only those have float64."""
    if not node.op.startswith("FusedBatchNorm") or node.attr["is_training"].b:
        return [node]
    x, scale, offset, mean, variance = node.input

    def step(op, name, *inputs):
        made = v1.NodeDef(op=op, name=f"{node.name}{name}", input=inputs)
        made.attr["T"].type = v1.float32.as_datatype_enum
        return made

    small = v1.NodeDef(op="Const", name=f"{node.name}/e")
    small.attr["dtype"].type = v1.float32.as_datatype_enum
    # the float32 that the fused one adds
    small.attr["value"].tensor.CopyFrom(
        v1.make_tensor_proto(np.float32(node.attr["epsilon"].f))
    )
    wide = step("AddV2", "/v", variance, small.name)
    root = step("Rsqrt", "/r", wide.name)
    factor = step("Mul", "/f", root.name, scale)
    centred = step("Sub", "/c", x, mean)
    scaled = step("Mul", "/s", centred.name, factor.name)
    return [
        small,
        wide,
        root,
        factor,
        centred,
        scaled,
        step("AddV2", "", scaled.name, offset),
    ]


def widen(node):
    """float64 for every float32 of a node of the graph."""
    narrow = v1.float32.as_datatype_enum
    for value in node.attr.values():
        if value.type == narrow:
            value.type = v1.float64.as_datatype_enum
        for i, kind in enumerate(value.list.type):
            if kind == narrow:
                value.list.type[i] = v1.float64.as_datatype_enum
        if value.HasField("tensor") and value.tensor.dtype == narrow:
            array = np.float64(v1.make_ndarray(value.tensor))
            value.tensor.CopyFrom(v1.make_tensor_proto(array))


# ---- eager ----


def run_eager(script, seen, run):
    """The same, where tensors have values at once."""
    import keras  # noqa: PLC0415 - the other kind has no use for it

    keras.backend.clear_session()
    space = execute(script, seen)
    rng = np.random.default_rng(zlib.crc32(script.name.encode()))
    arrays = {}
    given = space["given"] = {}

    def compute(turn):
        for key, shape in script.inputs.items():
            kind = "int32" if key in script.limits else "float32"
            value = array_of(shape, kind, script.limits.get(key), rng)
            arrays[f"x{turn}.{key}"] = value
            given[key] = tensorflow.constant(value)
        for i, value in enumerate(flat(eval(script.outputs, space))):
            arrays[f"y{turn}.{i}"] = np.asarray(value)
            arrays[f"noise.{i}"] = np.float64(np.nan)

    exec(script.drive, space)
    compute("")  # layers are built
    for layer in flat(eval(script.layers, space)):
        for v in layer.weights:
            if "float" in str(v.dtype):
                value = drawn(v.path, tuple(v.shape), rng)
                v.assign(value)
                arrays[f"v.{v.path}"] = value
    compute("")
    compute("2")
    return arrays


# ---- all of them ----


def check(script, arrays):
    """Is the script worth a comparison?"""
    count = sum(k.startswith("y.") for k in arrays)
    assert count, "no output"
    for i in range(count):
        one, two = arrays[f"y.{i}"], arrays[f"y2.{i}"]
        assert np.all(np.isfinite(one)), f"output {i} is not finite"
        assert one.shape == two.shape and np.any(one != two), f"output {i} is constant"
        assert np.std(one) > 1e-6, f"output {i} has one value"


def main():
    """Every script of the command line; exit 1 if one fails."""
    folder, names = Path(sys.argv[2]), sys.argv[3:]
    made_up()
    seen = {"graph": None, "runs": 0}
    run = counted_sessions(seen)
    if KIND == "graph":
        old_tensorflow()
    failed = 0
    for name in names:
        script = source.BY_NAME[name]
        try:
            arrays = {"graph": run_graph, "eager": run_eager}[KIND](script, seen, run)
            check(script, arrays)
            np.savez(folder / f"{name}.npz", **arrays)
        except BaseException:  # noqa: BLE001 - the others go on
            failed = 1
            (folder / f"{name}.err").write_text(traceback.format_exc())
    sys.exit(failed)


if __name__ == "__main__":
    main()
