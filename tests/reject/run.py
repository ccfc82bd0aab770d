"""Bad files through the whole command, with bounds on memory and time.

    run.py files      every file of these folders
    run.py damage     one good file, cut short everywhere, and with bits turned

Environment: CONVEY is the command, CVYT_DATA the folder tests; CVYT_SANITIZED
says that the address sanitizer, which reserves terabytes, is in it.
"""

import concurrent.futures
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

DATA = pathlib.Path(os.environ["CVYT_DATA"])
SANITIZED = "CVYT_SANITIZED" in os.environ
MIB = 1 << 20
MEMORY = 1024 * MIB  # of addresses
RESIDENT = (900 if SANITIZED else 300) * MIB
SECONDS = 40 if SANITIZED else 15
FOLDERS = "keras", "legacy", "port", "hdf5", "zip", "json", "npy", "pth", "safetensors"
KEPT = "make.py", "expected.txt"


def bound():
    """In the child, before it becomes the command."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * MIB, 64 * MIB))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def port(file, folder):
    """Exit code, what was said on both streams, and bytes of memory."""
    out, err = folder / "out.txt", folder / "err.txt"
    environment = {**os.environ, "CONVEY_THREADS": "1"}
    with open(out, "wb") as o, open(err, "wb") as e:
        child = subprocess.Popen(
            [os.environ["CONVEY"], "port", str(file), "-o", str(folder / "ported")],
            stdin=subprocess.DEVNULL,
            stdout=o,
            stderr=e,
            env=environment,
            preexec_fn=bound,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    said = out.read_bytes(), err.read_bytes()
    out.unlink()
    err.unlink()
    return child.returncode, *said, used.ru_maxrss * 1024


def fault(file, may_pass=False):
    """What is wrong with how the command takes the file, or None."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        code, out, err, resident = port(file, folder)
        left = sorted(p.name for p in folder.iterdir())
    if resident > RESIDENT + file.stat().st_size:
        return f"takes {resident // MIB} MiB"
    if code == 0 and may_pass:
        return None if left == ["ported"] else f"leaves {left}"
    if code not in (3, 4):
        return f"exit {code}: {err[-2000:].decode(errors='replace')}"
    lines = err.decode(errors="strict").splitlines()
    if left:
        return f"leaves {left}"
    if out:
        return "prints something"
    if not lines or (code == 4 and len(lines) != 1):
        return f"{len(lines)} lines"
    for line in lines:
        if not line.startswith("convey: ") or len(line) > 1500 or line.endswith("."):
            return f"no clear line: {line[:200]!r}"
    return None


def report(faults):
    """Ends the program."""
    found = [f"{name}: {what}" for name, what in faults if what is not None]
    print(len(faults), "files")
    print("\n".join(found))
    sys.exit(1 if found or not faults else 0)


def every_file():
    """All that stands in the folders beside this program."""
    for name in FOLDERS:
        for file in sorted((DATA / "reject" / name).iterdir()):
            if file.is_file() and file.name not in KEPT:
                yield f"{name}/{file.name}", file


def files(pool):
    """Each is refused."""
    rows = list(every_file())
    assert len(rows) >= 200
    report(
        list(
            zip(
                [name for name, _ in rows],
                pool.map(fault, [file for _, file in rows]),
                strict=True,
            )
        )
    )


def variants(good, rng):
    """Names, and bytes with something wrong."""
    for size in range(0, len(good), max(1, len(good) // 60)):
        yield f"cut to {size}", good[:size]
    for i in range(60):
        bytes_ = bytearray(good)
        for _ in range(1 + i % 3):
            at = rng.randrange(len(good))
            bytes_[at] ^= 1 << rng.randrange(8)
        yield f"bits {i}", bytes(bytes_)


def damage(pool):
    """Each is refused, or ported where nothing depends on the bits."""
    good = (DATA / "read" / "data" / "first.keras").read_bytes()
    rows = list(variants(good, random.Random(1)))
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for i, (_, data) in enumerate(rows):
            paths.append(pathlib.Path(name, f"{i}.keras"))
            paths[-1].write_bytes(data)
        said = list(pool.map(lambda path: fault(path, True), paths))
    report(list(zip([name for name, _ in rows], said, strict=True)))


if __name__ == "__main__":
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        {"files": files, "damage": damage}[sys.argv[1]](threads)
