"""Every public class of keras.layers is carried, or refused by name."""

import inspect
import json
import zipfile

import bounds
import compare
import every
import kit
import layers
import numpy as np
import pytest
from keras.src.applications import convnext

K = kit.keras.layers


def rows():
    """All that is carried: class, arguments, shapes of the inputs."""
    for name, made in every.ONE.items():
        for arguments, shape in made if isinstance(made, list) else [made]:
            yield name, arguments, [shape]
    for stem, arguments in every.RANKED.items():
        for n, shape in enumerate(every.BY_RANK):
            name = stem.format(n + 1)
            if hasattr(K, name):
                yield name, arguments, [shape]
            if hasattr(K, name) and stem not in every.KNOWN:
                yield name, arguments, [every.OPEN[n]]
    for name, (arguments, shapes) in every.SEVERAL.items():
        yield name, arguments, shapes


def refused_rows():
    """Options that are refused: class, arguments, shape, the argument."""
    for name, options in every.PARTLY.items():
        for arguments, shape, argument in options:
            yield name, arguments, shape, argument


def build(name, arguments, shapes):
    """The model of that layer alone, with weights that show every fault."""
    made = {k: v() if callable(v) else v for k, v in arguments.items()}
    layer = getattr(K, name)(**made)
    inputs = [kit.keras.Input(shape) for shape in shapes]
    outputs = layer(inputs if len(inputs) > 1 else inputs[0])
    model = kit.keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)
    layers.fill(getattr(layer, "layer", layer), kit.random(3))
    return model


def draw(shapes):
    """A batch of two; what is unknown is 9."""
    rng = kit.random(4)
    sizes = [[n or 9 for n in shape] for shape in shapes]
    return [np.float32(rng.uniform(-1, 2, (2, *size))) for size in sizes]


def ported(model, folder, ending="keras"):
    """The written network and the report of a port that must succeed."""
    path = kit.save(model, folder / f"model.{ending}")
    done = kit.port(path, folder / "out")
    assert done.code == 0, f"exit {done.code}: {done.messages}"
    assert done.report["proof"]["engine"] == "proven"
    assert done.report["proof"]["file"] == "proven"
    return kit.load(done), done.report


def share(model, network, report, arrays):
    """The worst difference as a share of what is allowed."""
    try:
        return compare.outputs(model, network, report, arrays)
    except Exception as fault:  # TensorFlow pools no volumes of float64.
        if "Pool3D" not in str(fault):
            raise
    (row,) = report["outputs"]
    want = kit.moved(model(kit.given(model, arrays)), row["permutation"])
    got = kit.run_torch(network, arrays, report).numpy()
    return kit.share(got, want, 64 * bounds.U * np.max(np.abs(want)))


def test_no_class_is_forgotten():
    """A class that stands in no table is one that nobody has looked at."""
    carried = {name for name, _, _ in rows()} | set(every.TRAINING) | {"Embedding"}
    known = carried | set(every.REFUSED) | every.OTHER
    public = {n for n in dir(K) if inspect.isclass(getattr(K, n))}
    assert public - known == set(), "in no table of every.py"
    assert known - public == set(), "not in this Keras"
    assert carried & set(every.REFUSED) == set()


@pytest.mark.parametrize("part", range(8))
def test_carried_classes_compute_the_same(part, tmp_path):
    """Each through a file, in both frameworks; all failures are shown."""
    faults = []
    for i, (name, arguments, shapes) in enumerate(rows()):
        if i % 8 != part:
            continue
        folder = tmp_path / str(i)
        folder.mkdir()
        try:
            model = build(name, arguments, shapes)
            worst = share(model, *ported(model, folder), draw(shapes))
            assert worst <= 1, f"{worst:.3g} of what is allowed"
        except Exception as fault:
            faults.append(f"{name} {arguments} {shapes}: {fault}")
    assert not faults, "\n".join(faults)


def test_rows_of_a_table_are_carried(tmp_path):
    """Embedding takes whole numbers."""
    model = kit.keras.Sequential([kit.keras.Input((6,)), K.Embedding(5, 3)])
    network, _ = ported(model, tmp_path)
    index = kit.random(5).integers(0, 5, (2, 6))
    got = network(kit.torch.from_numpy(index)).detach().numpy()
    np.testing.assert_array_equal(got, np.asarray(model(index)))


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_layers_of_convnext_are_carried(ending, tmp_path):
    """keras.applications brings them along, and files name their module."""
    model = kit.keras.Sequential(
        [
            kit.keras.Input(every.IMAGE),
            K.Conv2D(4, 3),
            convnext.LayerScale(0.5, 4),
            convnext.StochasticDepth(0.2),
        ]
    )
    for layer in model.layers:
        layers.fill(layer, kit.random(6))
    network, report = ported(model, tmp_path, ending)
    assert compare.outputs(model, network, report, draw([every.IMAGE])) <= 1


def test_images_pass_at_inference_as_they_are(tmp_path):
    """What changes images of training is nothing, and a remark says so."""
    (x,) = draw([every.IMAGE])
    for name, arguments in every.TRAINING.items():
        folder = tmp_path / name
        folder.mkdir()
        model = build(name, arguments, [every.IMAGE])
        network, report = ported(model, folder)
        want = np.asarray(model(x, training=False))
        got = kit.run_torch(network, [x], report).numpy()
        np.testing.assert_array_equal(want, x, err_msg=name)
        np.testing.assert_array_equal(got, x, err_msg=name)
        assert any("training only" in row["text"] for row in report["remarks"])


def test_options_are_refused_by_their_argument(tmp_path):
    """What is like torch's word and computes something else is refused."""
    for i, (name, arguments, shape, argument) in enumerate(refused_rows()):
        model = build(name, arguments, [shape])
        path = kit.save(model, tmp_path / f"{i}.keras")
        done = kit.port(path, tmp_path / "out", "--json")
        assert done.code == 3, f"{name} {arguments}"
        assert [row["attribute"] for row in done.report["refusals"]] == [argument]


def renamed(path, name):
    """A file whose one layer, an Identity, is said to be of another class."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    config = json.loads(parts["config.json"])
    config["config"]["layers"][-1]["class_name"] = name
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def test_refused_classes_are_refused_by_name(tmp_path):
    """One refusal, with the class, what it is and what can be done."""
    model = kit.keras.Sequential([kit.keras.Input((4,)), K.Identity(name="odd")])
    for name in every.REFUSED:
        path = renamed(kit.save(model, tmp_path / "model.keras"), name)
        done = kit.port(path, tmp_path / "out", "--json")
        assert done.code == 3, name
        (row,) = done.report["refusals"]
        assert row["layer"] == "odd" and row["kind"] == "unsupported", name
        assert row["reason"].startswith(f"{name}: ") and row["advice"], name
