"""What a script of TensorFlow 1 trains with, in the port: the same steps."""

import os
import re
import subprocess
import sys
from pathlib import Path

import bounds
import calls
import kit
import numpy as np
import pytest
import safetensors.numpy
import test_scripts
import torch
from trained import CASES, batches, is_decayed, is_sparse, text

CHILD = Path(__file__).with_name("trained.py")


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """What TensorFlow makes of every case."""
    path = tmp_path_factory.mktemp("trained") / "live.npz"
    done = subprocess.run(
        [sys.executable, str(CHILD), str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(path) as arrays:
        return dict(arrays)


def ported(script, folder, *options):
    """The port of a text."""
    path = folder / "net.py"
    path.write_text(script, encoding="utf-8")
    done = kit.port(path, folder / "out", *options)
    assert done.code == 0, done.messages
    assert not kit.ruff([done.source])
    return done


def train(done, name, start, real):
    """Weights by the source's names, and the losses."""
    written = kit.module(done)
    model = written.load_model()
    test_scripts.give_weights(model, done.report, start, None)
    model = model.to(real).train()
    loss, optimizer = written.make_loss(), written.make_optimizer(model)
    losses = []
    for x, y in batches(name):
        (x,) = kit.to_torch([x], done.report["inputs"])
        y = torch.from_numpy(y)
        optimizer.zero_grad()
        value = loss(model(x.to(real)), y if is_sparse(name) else y.to(real))
        value.backward()
        optimizer.step()
        losses.append(value.detach().numpy())
    state = model.state_dict()
    weights = {
        row["source"]: state[row["target"]].numpy() for row in done.report["weights"]
    }
    return weights, np.array(losses)


@pytest.mark.parametrize("name", CASES)
def test_the_script_s_steps_are_the_port_s(name, live, tmp_path):
    """Every variable after the last step, and every loss."""
    done = ported(text(name), tmp_path)
    begin = {
        k.replace(f"{name}.begin.", "v."): v
        for k, v in live.items()
        if k.startswith(f"{name}.begin.")
    }
    got, losses = train(done, name, begin, torch.float32)
    exact, exact_losses = train(done, name, begin, torch.float64)
    for row in done.report["weights"]:
        key = row["source"]
        want = calls.translated(row, live[f"{name}.end.{key}"])
        start = calls.translated(row, begin[f"v.{key}"])
        noise = float(np.max(np.abs(np.float64(got[key]) - exact[key])))
        allowed = 8 * noise + 16 * bounds.U * float(np.max(np.abs(want)))
        assert np.max(np.abs(want - start)) > 100 * allowed, "at rest"
        assert np.max(np.abs(got[key] - want)) <= allowed, key
    if is_decayed(name):
        return
    noise = float(np.max(np.abs(np.float64(losses) - exact_losses)))
    allowed = 8 * noise + 16 * bounds.U * float(np.max(losses))
    assert np.max(np.abs(losses - live[f"{name}.losses"])) <= allowed


# ---- what is not carried over ----

DECAY = "tf.train.exponential_decay(0.5, step, 100, 0.9)"
L2 = " + 0.1 * tf.nn.l2_loss(out)"


@pytest.mark.parametrize(
    ("change", "words", "lacks"),
    [
        (("loss = ", "loss = 0.5 * "), "is not all that is minimised", "make_loss"),
        (("logits=out))", f"logits=out)){L2}"), "is not all that is", "make_loss"),
        (("reduce_mean", "reduce_sum"), "is not all that is minim", "make_loss"),
        (
            ("train =", "prob = tf.nn.softmax(out)\ntrain ="),
            "compares another tensor",
            "make_loss",
        ),
        (("0.0625", "rate"), "the learning rate is not known", "make_optimizer"),
        (("0.0625", DECAY), "has its first learning rate", ""),
        (
            ("train =", "tf.train.AdamOptimizer().minimize(out)\ntrain ="),
            "2 optimizers",
            "make_loss make_optimizer",
        ),
        (("loss)", "[loss])"), "is not all that is minimised", "make_loss"),
    ],
)
def test_remarks_name_the_rest(change, words, lacks, tmp_path):
    """And the network is ported all the same."""
    script = text("descent").replace("x =", "step = tf.Variable(0)\nx =", 1)
    script = script.replace("x =", "rate = tf.placeholder(tf.float32, [])\nx =", 1)
    done = ported(script.replace(*change), tmp_path)
    remarks = [row["text"] for row in done.report["remarks"]]
    assert not words or any(words in remark for remark in remarks), remarks
    code = done.source.read_text()
    for name in ("make_loss", "make_optimizer"):
        assert (f"def {name}(" in code) == (name not in lacks), name


# ---- weights of a training ----


def kept(live, name="descent"):
    """What the variables of a case hold after its last step."""
    begin = f"{name}.end."
    return {k[len(begin) :]: v for k, v in live.items() if k.startswith(begin)}


@pytest.mark.parametrize("form", ["npz", "packed", "safetensors", "pth"])
def test_weights_come_from_a_file(form, live, tmp_path):
    """By TensorFlow's names, with what a checkpoint has besides."""
    weights = kept(live) | {"W/Adam": np.zeros(3, np.float32)}
    path = tmp_path / "weights"
    if form == "npz":
        np.savez(path.with_suffix(".npz"), **weights)
    elif form == "packed":
        numbered = {f"{k}:0": np.float64(v) for k, v in weights.items()}
        np.savez_compressed(path.with_suffix(".npz"), **numbered)
    elif form == "pth":
        tensors = {k: torch.from_numpy(v) for k, v in weights.items()}
        torch.save(tensors, path.with_suffix(".pth"))
    else:
        safetensors.numpy.save_file(weights, path.with_suffix(".safetensors"))
    (file,) = tmp_path.glob("weights.*")
    done = ported(text("descent"), tmp_path, "--weights", str(file))
    state = kit.load(done).state_dict()
    for row in done.report["weights"]:
        want = calls.translated(row, weights[row["source"]])
        np.testing.assert_array_equal(state[row["target"]].numpy(), want)
    remarks = " ".join(row["text"] for row in done.report["remarks"])
    assert "needs 4 of the 5 arrays" in remarks and "drawn" not in remarks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"W": np.zeros((5, 4, 3), np.float32)}, "W .*shape .5, 3, 4.*5, 4, 3"),
        ({"b": None}, "b .*does not have it"),
    ],
)
def test_weights_that_do_not_fit_are_refused(change, words, live, tmp_path):
    """By the variable's name."""
    weights = {k: v for k, v in (kept(live) | change).items() if v is not None}
    np.savez(tmp_path / "w.npz", **weights)
    path = tmp_path / "net.py"
    path.write_text(text("descent"), encoding="utf-8")
    done = kit.port(path, tmp_path / "out", "--weights", tmp_path / "w.npz")
    assert done.code == 3
    assert re.search(words, done.messages), done.messages
    assert not (tmp_path / "out").exists()
