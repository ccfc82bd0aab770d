"""The networks of the house: a table of times, memory, errors and lines.

    python tests/live/zoo.py [NETWORK ...]

Errors are shares of what is allowed: `engine` as the command proves it, layer
by layer; `layers` in live torch on the source's own numbers; `outputs` of the
whole. `lines --flat` are those without classes for blocks that repeat. With CONVEY_FULL=1 docs/networks.md is written too.
"""

import gc
import platform
import statistics
import sys
import tempfile
from pathlib import Path

import compare
import kit
import networks
import tensorflow
import torch

ROUNDS = 3
HEAD = (
    "network",
    "parameters",
    "read s",
    "write s",
    "prove s",
    "all s",
    "without proof s",
    "peak MB",
    "proof engine",
    "proof file",
    "engine",
    "layers",
    "outputs",
    "transposes",
    "lines",
    "lines --flat",
)


def timed(path, folder, *options):
    """Several runs of the command: the last report, medians of its times."""
    runs = [kit.port(path, folder, "--force", *options) for _ in range(ROUNDS)]
    for run in runs:
        assert run.code == 0, run.messages
    times = {
        phase: statistics.median(run.report["seconds"][phase] for run in runs)
        for phase in runs[0].report["seconds"]
    }
    return runs[-1], times, statistics.median(run.seconds for run in runs)


def row(name, folder):
    """One line of the table."""
    rng = kit.random(3, sorted(networks.HOUSE).index(name))
    model, arrays = networks.house(name, rng)
    path = kit.save(model, folder / f"{name}.keras")
    flat = kit.port(path, folder / "flat", "--no-proof", "--flat")
    _, _, bare = timed(path, folder / "out", "--no-proof")
    done, times, whole = timed(path, folder / "out")
    report = done.report
    network = kit.load(done)
    shares = compare.modules(model, network, report, arrays)
    return (
        name,
        f"{report['parameters']:,}",
        f"{times['read']:.2f}",
        f"{times['write']:.2f}",
        f"{times['proof']:.2f}",
        f"{whole:.2f}",
        f"{bare:.2f}",
        f"{report['peak_bytes'] / 1e6:.0f}",
        report["proof"]["engine"],
        report["proof"]["file"],
        f"{report['proof']['worst_error_share_of_bound']:.3f}",
        f"{max(shares.values()):.3f}",
        f"{compare.outputs(model, network, report, arrays):.3f}",
        str(report["leftover_transposes"]),
        str(lines(done)),
        str(lines(flat)),
    )


def lines(done):
    """Of the written source."""
    return len(done.source.read_text().splitlines())


def table(rows):
    """Columns one below the other; the first one to the left."""
    rows = [HEAD, *rows]
    widths = [max(len(r[i]) for r in rows) for i in range(len(HEAD))]
    lines = []
    for cells in rows:
        padded = [cells[0].ljust(widths[0])]
        pairs = zip(cells[1:], widths[1:], strict=True)
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
        f"PyTorch {torch.__version__}; {model}, {torch.get_num_threads()} threads; "
        f"medians of {ROUNDS} runs, files warm; CONVEY_SEED={kit.SEED}."
    )


DOCUMENT = """# Networks

Made by `make zoo`. Weights are random; running statistics were calibrated on
data and then shifted. `proof engine` and `proof file` are levels 1 and 2 of
the command's proof. Errors are shares of what is allowed: `engine` as the
command proves it, layer by layer; `layers` in live PyTorch, each on the
source's own numbers; `outputs` of the whole network against live Keras: level
3. `lines` are those of the written source; with `--flat`, without classes for
blocks that repeat.

{table}

{machine}
"""


def main():
    """The table, line by line as it is made."""
    rows = []
    for name in sys.argv[1:] or sorted(networks.HOUSE):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(name, Path(folder)))
        gc.collect()
        print(table(rows), flush=True)
    print(machine())
    if kit.FULL and len(rows) == len(networks.HOUSE):
        text = DOCUMENT.format(table=table(rows), machine=machine())
        root = Path(__file__).resolve().parents[2]
        (root / "docs/networks.md").write_text(text)


if __name__ == "__main__":
    main()
