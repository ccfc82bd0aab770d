"""Every model of keras.applications, from both kinds of file.

    python tests/live/zoo.py [--resume] [MODEL ...]

Each model has a process of its own. What was measured of it is kept in
build/zoo; with --resume what is there is not measured again. If all models are
asked for, docs/zoo.md is written.
"""

import gc
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import applications
import compare
import kit
import tensorflow
import torch

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build/zoo"
ROUNDS = 3
LONGEST = 3600  # seconds of one model
BATCH = 2
MB = 1e6

# ---- one model ----


def timed(path, folder, *options, rounds=1):
    """Several runs of the command: the last, and its median time."""
    runs = [kit.port(path, folder, "--force", *options) for _ in range(rounds)]
    for run in runs:
        assert run.code == 0, f"{path.name}: {run.messages}"
    return runs[-1], statistics.median(run.seconds for run in runs)


def same(one, other, name):
    """Do two kinds of file become the same code and the same weights?"""
    ends = f"{name}.keras", f"{name}.h5"
    texts = [
        done.source.read_text().replace(end, name)
        for done, end in zip((one, other), ends, strict=True)
    ]
    # The comment at the top names the file; its words may break elsewhere.
    words = [" ".join(text.split()) for text in texts]
    files = [done.source.with_suffix(".safetensors") for done in (one, other)]
    return words[0] == words[1] and files[0].read_bytes() == files[1].read_bytes()


def ported(path, folder):
    """What the command says of one file, and how long it takes."""
    folder.mkdir()
    bare, bare_seconds = timed(path, folder / "bare", "--no-proof", rounds=ROUNDS)
    done, seconds = timed(path, folder / "proven")
    report = done.report
    proof = report["proof"]
    assert proof["engine"] == proof["file"] == "proven", proof
    return done, {
        "seconds": seconds,
        "bare_seconds": bare_seconds,
        "file": path.stat().st_size,
        "peak": report["peak_bytes"],
        "bare_peak": bare.report["peak_bytes"],
        "engine": proof["worst_error_share_of_bound"],
        "transposes": report["leftover_transposes"],
        "lines": len(done.source.read_text().splitlines()),
        "parameters": report["parameters"],
    }


def measure(name, folder):
    """Everything of one model."""
    model = applications.found()[name](weights=None)
    x = applications.ready(name, model, BATCH)
    files = [folder / f"{name}.keras", folder / f"{name}.h5"]
    for file in files:
        kit.save(model, file)
    done, row = ported(files[0], folder / "keras")
    row["layers"] = len(model.layers)
    row |= from_h5(done, files[1], folder / "h5")
    gc.collect()
    network = kit.load(done)
    row["outputs"] = compared(model, network, done.report, x)
    return row


def compared(model, network, report, x):
    """Final outputs beside live Keras. PyTorch's own noise is had in seconds,
    Keras' takes minutes where convolutions have groups; either is an estimate
    from one batch, so what one does not allow is asked of the other."""
    share = compare.outputs(model, network, report, [x], by_port=True)
    return share if share <= 1 else compare.outputs(model, network, report, [x])


def from_h5(done, path, folder):
    """The other kind of file; `done` is the port of the first."""
    try:
        other, row = ported(path, folder)
    except AssertionError as fault:
        return {"h5_seconds": 0.0, "h5": said(fault)}
    equal = same(done, other, path.stem)
    return {"h5_seconds": row["seconds"], "h5": "same" if equal else "differs"}


def said(fault):
    """One line of a table."""
    return str(fault).split("\n")[0].replace("|", "/")[:100]


def child(name, folder):
    """In a process of its own: what was measured, or what went wrong."""
    try:
        row = measure(name, Path(folder))
    except Exception as fault:
        traceback.print_exc()
        row = {"fault": f"{type(fault).__name__}: {said(fault)}"}
    (Path(folder) / "row.json").write_text(json.dumps(row))


def separately(name):
    """Starts that process."""
    with tempfile.TemporaryDirectory(prefix="convey-zoo-") as folder:
        words = [sys.executable, __file__, "--child", name, folder]
        try:
            code = subprocess.run(words, check=False, timeout=LONGEST).returncode
        except subprocess.TimeoutExpired:
            return {"fault": f"not done after {LONGEST} seconds"}
        file = Path(folder) / "row.json"
        if not file.exists():
            return {"fault": f"ended with {code}"}
        return json.loads(file.read_text())


# ---- the table ----

HEAD = (
    "model",
    "parameters",
    "layers",
    "lines",
    "file MB",
    "s",
    "s from .h5",
    "s without proof",
    "peak MB",
    "without proof",
    "proof",
    "engine",
    "outputs",
    "transposes",
    ".h5",
)


def cells(name, row):
    """One line of the table."""
    if "fault" in row:
        return (name, *[""] * 9, row["fault"], *[""] * 4)
    return (
        name,
        f"{row['parameters']:,}",
        str(row["layers"]),
        str(row["lines"]),
        f"{row['file'] / MB:.0f}",
        f"{row['seconds']:.1f}",
        f"{row['h5_seconds']:.1f}",
        f"{row['bare_seconds']:.2f}",
        f"{row['peak'] / MB:.0f}",
        f"{row['bare_peak'] / MB:.0f}",
        "proven",
        f"{row['engine']:.3f}",
        f"{row['outputs']:.3f}",
        str(row["transposes"]),
        row["h5"],
    )


def table(rows, head=HEAD):
    """Columns one below the other; the first one to the left."""
    rows = [head, *rows]
    widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
    lines = []
    for line in rows:
        padded = [line[0].ljust(widths[0])]
        pairs = zip(line[1:], widths[1:], strict=True)
        padded += [cell.rjust(width) for cell, width in pairs]
        lines.append("| " + " | ".join(padded) + " |")
    rule = "|-" + "-|-".join("-" * width for width in widths) + "-|"
    return "\n".join([lines[0], rule, *lines[1:]])


def machine():
    """What the times were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = named[0].split(":", 1)[1].strip() if named else model
    return (
        f"Keras {kit.keras.__version__} on TensorFlow {tensorflow.__version__}, "
        f"PyTorch {torch.__version__}; {model}, {torch.get_num_threads()} threads."
    )


DOCUMENT = """# The zoo

Made by `make zoo`: every model of `keras.applications` of the installed Keras,
with random weights, and running statistics that were calibrated on data and
then shifted. Each model is saved as `.keras` and as `.h5`; `convey port`
ports and proves both, in a process of its own.

- `s`: seconds of `convey port`, proof included, from `.keras` and from `.h5`;
  without proof the median of {rounds} runs, files warm.
- `peak MB`: the most memory that the command had, with its child; with proof
  and without, beside the size of the file.
- `proof`: levels 1 and 2 of the command's own, for both files.
- `engine` and `outputs` are the worst error as a share of what is allowed:
  layer by layer, as the command proves it; and of the final outputs in live
  PyTorch beside live Keras, where 8 times PyTorch's own difference between
  float32 and float64 is allowed (where that is too little, Keras' own, which
  takes minutes to compute), and 16 u of the largest number.
- `transposes`: those left over in the written code. `lines` are those of the
  written source.
- `.h5`: whether both files become the same code and the same weights.

{table}

{count} models, {good} of them proven and within both bounds.

{machine}
"""


def good(row):
    """All is well with it."""
    return (
        "fault" not in row
        and row["outputs"] <= 1
        and row["transposes"] == 0
        and row["h5"] == "same"
    )


def write(rows):
    """The table as a document."""
    text = DOCUMENT.format(
        rounds=ROUNDS,
        table=table([cells(*item) for item in rows.items()]),
        count=len(rows),
        good=sum(map(good, rows.values())),
        machine=machine(),
    )
    (ROOT / "docs/zoo.md").write_text(text)


def main():
    """Model by model; exit 1 if one is not as it should be."""
    words = sys.argv[1:]
    if words[:1] == ["--child"]:
        child(*words[1:])
        return
    resume = "--resume" in words
    everything = applications.found()
    names = [word for word in words if word != "--resume"] or list(everything)
    KEPT.mkdir(parents=True, exist_ok=True)
    rows = {}
    for name in names:
        file = KEPT / f"{name}.json"
        rows[name] = json.loads(file.read_text()) if file.exists() else {"fault": ""}
        if not resume or "fault" in rows[name]:
            rows[name] = separately(name)
            file.write_text(json.dumps(rows[name]))
        print(" | ".join(cells(name, rows[name])), flush=True)
    print(table([cells(*item) for item in rows.items()]))
    if list(rows) == list(everything):
        write(rows)
    sys.exit(not all(map(good, rows.values())))


if __name__ == "__main__":
    main()
