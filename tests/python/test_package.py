"""The installed package: what it gives, what it raises, what it lets run.

Environment: CONVEY_WHEEL is the wheel that was installed, CVYT_ROOT this
project's root.
"""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import convey
import pytest

ROOT = Path(os.environ["CVYT_ROOT"])
MODEL = ROOT / "examples" / "digits" / "digits.keras"
REJECT = ROOT / "tests" / "reject" / "keras"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_port_is_a_folder_and_its_report():
    done = convey.port(MODEL, out="out")
    assert done.folder == Path("out")
    names = {path.name for path in done.folder.iterdir()}
    assert names == {"digits.py", "digits.safetensors", "report.json"}
    assert json.loads((done.folder / "report.json").read_text()) == done.report
    assert done.report["proof"]["engine"] == "proven"
    assert "digits.py" in str(done)


def test_paths_are_str_or_pathlike_and_out_has_a_default(here):
    assert convey.port(str(MODEL)).folder == Path("digits_torch")
    assert convey.port(MODEL, "torch", here / "ü b").folder == here / "ü b"


def test_options_are_those_of_the_command():
    done = convey.port(MODEL, out="out", name="net", no_proof=True, seed=7)
    assert (done.folder / "net.py").exists()
    assert done.report["proof"]["engine"] == "not checked"
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine")
    with pytest.raises(convey.Usage, match="--force") as raised:
        convey.port(MODEL, out="mine")
    assert raised.value.code == 2
    assert convey.port(MODEL, out="mine", force=True).folder == Path("mine")


def test_scripts_are_ported_too(here):
    script = here / "net.py"
    script.write_text(
        "import tensorflow as tf\n"
        "def net(x, units):\n"
        "    return tf.layers.dense(tf.layers.flatten(x), units)\n"
    )
    done = convey.port(script, entry="net", sets=["units=3"], inputs=["x=?x4x2"])
    assert done.report["outputs"][0]["target_shape"] == [None, 3]
    assert [w["source"] for w in done.report["weights"]] == [
        "dense/kernel",
        "dense/bias",
    ]


def test_show_is_a_table_a_report_and_a_graph():
    listed = convey.show(MODEL, inputs=["2x8x8x1"])
    assert listed.report["layers"]
    assert str(listed).startswith("digits")
    assert listed.graph
    assert convey.show(MODEL, after="order").graph != listed.graph


def test_an_explanation_is_code_a_text_and_a_report():
    said = convey.explain("nn.Conv2d(3, 16, 3, padding=1)", inputs=["1x3x8x8"])
    assert said.code == 'layer = layers.Conv2D(16, 3, padding="same")\n'
    assert said.report["input"]["permutation"] == [0, 2, 3, 1]
    assert "Weights" in str(said)
    said = convey.explain("layers.Activation('hard_sigmoid')", from_="keras2")
    assert said.report["source"]["framework"] == "keras2"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"call": "nn.Conv2d(3, 4, 3, groups=2)"}, convey.Refused),
        ({"call": "nn.Conv2d(3,"}, convey.Damaged),
        ({"call": "nn.ReLU()", "to": "nowhere"}, convey.Usage),
        ({"call": "nn.ReLU()\nnn.ReLU()"}, convey.Usage),
        ({"call": ""}, convey.Usage),
    ],
)
def test_what_has_no_explanation_is_an_error(words, kind):
    with pytest.raises(kind) as raised:
        convey.explain(**words)
    if kind is convey.Refused:
        assert raised.value.refusals[0]["advice"] == "choose a divisor of both"
        assert raised.value.report["verdict"] == "refused"


def shared(array):
    """The array's memory as a list of lists, by DLPack through ctypes alone."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = (
        ctypes.c_void_p,
        [ctypes.py_object, ctypes.c_char_p],
    )
    capsule = array.__dlpack__()
    at = pointer(capsule, b"dltensor")
    data = ctypes.c_void_p.from_address(at).value
    rank = ctypes.c_int32.from_address(at + 16).value
    dims = (ctypes.c_int64 * rank).from_address(
        ctypes.c_void_p.from_address(at + 24).value
    )
    size = 1
    for n in dims:
        size *= n
    return capsule, list(dims), (ctypes.c_float * size).from_address(data)


class Given:
    """An array of four bytes a number, as other libraries hand theirs over."""

    def __init__(self, made):
        self.made = made

    def __dlpack__(self):
        return self.made.__dlpack__()


def test_a_layer_computes_on_arrays_of_others():
    one = convey.layer("nn.Linear(2, 3, bias=False)", ["1x2"])
    assert list(one.weights) == ["weight"]
    keep, dims, weight = shared(one.weights["weight"])
    assert dims == [3, 2]
    weight[:] = [1, 2, 3, 4, 5, 6]
    # The weight of another layer serves as an input: memory is memory.
    other = convey.layer("nn.Linear(2, 1, bias=False)", ["1x2"])
    keep_too, _, values = shared(other.weights["weight"])
    values[:] = [10, 1]
    given = other.weights["weight"]
    result = one(Given(given))
    last, dims, out = shared(result)
    assert dims == [1, 3]
    assert list(out) == [12, 34, 56]
    again, _, same = shared(result)
    same[0] = 7  # one memory, however often it is handed over
    assert out[0] == 7
    with pytest.raises(TypeError):
        one(given, given)
    with pytest.raises(convey.Refused):
        one(one.weights["weight"])  # 3 x 2 is no input of 1 x 2
    with pytest.raises(convey.Refused):
        convey.layer("nn.Conv2d(3, 4, 3, groups=2)", ["1x3x8x8"])
    with pytest.raises(convey.Usage):
        convey.layer("nn.Conv2d(3, 4, 3)", ["1x3x8x?"])
    del keep, keep_too, last, again


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [
        (REJECT / "six_refusals.keras", convey.Refused, 3),
        (REJECT / "no_zip.keras", convey.Damaged, 4),
        (REJECT / "missing.keras", convey.System, 5),
    ],
)
@pytest.mark.parametrize("call", [convey.port, convey.show])
def test_errors_are_the_exit_codes(call, path, kind, code):
    if code == 4:
        path = Path("damaged.keras")
        path.write_bytes(b"PK\3\4 nothing")
    with pytest.raises(convey.Error) as raised:
        call(path)
    error = raised.value
    assert type(error) is kind
    assert error.code == code
    assert error.folder is None
    assert isinstance(error.report, dict)
    assert "\n" not in str(error)
    assert len(error.refusals) == (6 if code == 3 else 0)
    for refusal in error.refusals:
        assert refusal["layer"]
        assert refusal["reason"]
    assert not list(Path().glob("*_torch"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"nothing": 1}, TypeError),
        ({"out": 3}, TypeError),
        ({"to": b"torch"}, TypeError),
        ({"to": "nowhere"}, convey.Usage),
        ({"out": "a\0b"}, ValueError),
        ({"seed": -1}, OverflowError),
        ({"seed": "x"}, TypeError),
        ({"name": "no name"}, convey.Usage),
    ],
)
def test_what_is_asked_wrongly_is_refused(words, kind):
    with pytest.raises(kind):
        convey.port(MODEL, **words)
    assert not list(Path().iterdir())


def test_progress_is_told_and_may_end_a_port():
    seen = []
    convey.port(MODEL, out="out", progress=lambda *step: seen.append(step))
    assert {phase for phase, _, _ in seen} >= {"proof"}
    assert all(0 <= done <= total for _, done, total in seen)

    def stop(*_):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        convey.port(MODEL, out="stopped", progress=stop)
    assert [path.name for path in Path().iterdir()] == ["out"]


def test_an_interrupt_ends_a_port():
    def press(*_):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        convey.port(MODEL, out="out", progress=press)
    assert not list(Path().iterdir())


def test_others_run_meanwhile():
    """A port waits for what another thread does: both are at work."""
    ready, answered = threading.Event(), threading.Event()

    def other():
        ready.wait(10)
        answered.set()

    def step(*_):
        ready.set()
        assert answered.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    ports = [
        threading.Thread(target=convey.port, args=(MODEL, "torch", f"out{i}"))
        for i in range(4)
    ]
    for port in ports:
        port.start()
    convey.port(MODEL, out="out", progress=step)
    for port in [*ports, thread]:
        port.join()
    assert len(list(Path().glob("out*/report.json"))) == 5


def test_nothing_leaks():
    """References: the same call again and again leaves as many objects."""

    def once():
        convey.port(MODEL, out="out", no_proof=True)
        for bad in ({"to": "nowhere"}, {"nothing": 1}, {"out": 3}):
            with pytest.raises((convey.Error, TypeError)):
                convey.show(MODEL, **bad)

    counted = (convey.Error, convey.Usage, type(None))
    once()
    before = [sys.getrefcount(x) for x in counted[:2]]
    for _ in range(20):
        once()
    after = [sys.getrefcount(x) for x in counted[:2]]
    assert all(b - a < 10 for a, b in zip(before, after, strict=True))


def test_the_command_comes_along():
    command = Path(convey.__file__).parent.parent / "bin" / "convey"
    said = subprocess.run([command, "--version"], capture_output=True, check=True)
    assert said.stdout.decode().split() == ["convey", convey.__version__]


def test_the_wheel_is_small_and_for_every_later_python():
    wheel = Path(os.environ["CONVEY_WHEEL"])
    assert wheel.stat().st_size < 3 * 1024 * 1024
    assert re.search(r"-cp310-abi3-", wheel.name)
    names = zipfile.ZipFile(wheel).namelist()
    assert "convey/py.typed" in names
    assert not [name for name in names if name.endswith((".h", ".a"))]


def test_the_stubs_fit_the_package():
    """Names and parameters of __init__.pyi are those that run."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "--ignore-missing-stub", "convey"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
