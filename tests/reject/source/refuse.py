"""Bad scripts through the whole command, with bounds on memory and time.

    refuse.py [NAME ...]     every case of cases.py, or these

Environment: as for the program above this folder.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import cases  # noqa: E402 - stands beside this file

import run as files  # noqa: E402

WALL = 120  # seconds
# Values may take 256 MiB; Python's own parser takes some 100 bytes a byte.
RESIDENT = files.RESIDENT + 100 * files.MIB
TREE = 500 if files.SANITIZED else 100


def write(path, text, canary):
    """A file, with the path of the canary in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(data.replace(b"CANARY", str(canary).encode()))


def port(case, folder, canary):
    """Exit code, what was said, and bytes of memory; runs beside the script."""
    script = folder / (case.file or f"{case.name}.py")
    write(script, case.text, canary)
    for name, text in case.beside:
        write(folder / name, text, canary)
    options = [word.replace("CANARY", str(canary)) for word in case.options]
    command = [os.environ["CONVEY"], case.verb, f"./{script.name}", "--to", "torch"]
    if case.verb == "port":
        command += ["-o", str(folder.parent / "ported")]
    out, err = folder.parent / "out.txt", folder.parent / "err.txt"
    with open(out, "wb") as o, open(err, "wb") as e:
        child = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=o,
            stderr=e,
            cwd=folder,
            env={**os.environ, "CONVEY_THREADS": "1"},
            preexec_fn=files.bound,
        )
        waiting = threading.Timer(WALL, child.kill)
        waiting.start()
        _, status, used = os.wait4(child.pid, 0)
        waiting.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    said = out.read_bytes(), err.read_bytes()
    return child.returncode, *said, used.ru_maxrss * 1024


def traces(folder):
    """Every file below a folder."""
    return {p.relative_to(folder) for p in folder.rglob("*")}


def fault(case):
    """What is wrong with how the command takes the case, or None."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "here"
        folder.mkdir()
        canary = pathlib.Path(name) / "canary"
        own = {pathlib.Path(case.file or f"{case.name}.py")}
        for file, _ in case.beside:
            own |= {pathlib.Path(file), *pathlib.Path(file).parents}
        code, out, err, resident = port(case, folder, canary)
        made = traces(folder) - own
        left = sorted(p.name for p in pathlib.Path(name).iterdir())
    if canary.name in left or made:
        return f"SOMETHING WAS RUN: {left} {sorted(map(str, made))}"
    if resident > RESIDENT + TREE * len(case.text):
        return f"takes {resident // files.MIB} MiB"
    if code not in case.codes:
        return f"exit {code}: {err[-600:].decode(errors='replace')}"
    if code == 0 and case.verb != "port":
        return None
    if code == 0:
        return None if "ported" in left else "no port"
    if "ported" in left:
        return "leaves a folder"
    return fault_of_lines(case, code, out, err)


def fault_of_lines(case, code, out, err):
    """What is wrong with what a refusal says, or None."""
    lines = err.decode(errors="strict").splitlines()
    if out:
        return "prints something"
    if not lines or (code == 4 and len(lines) != 1):
        return f"{len(lines)} lines"
    for line in lines:
        if not line.startswith("convey: ") or len(line) > 1500 or line.endswith("."):
            return f"no clear line: {line[:200]!r}"
    # The name of the file says too much.
    name = case.file or f"{case.name}.py"
    said = " ".join(lines).replace(name, "script.py")
    if case.says and not re.search(case.says, said, re.IGNORECASE):
        return f"says {said[:300]!r}, not {case.says!r}"
    return None


def main():
    """Exit 1 if there is a fault."""
    chosen = set(sys.argv[1:])
    rows = [c for c in cases.CASES if not chosen or c.name in chosen]
    names = [c.name for c in rows]
    assert len(names) == len(set(names)), "two cases of one name"
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        files.report(list(zip(names, threads.map(fault, rows), strict=True)))


if __name__ == "__main__":
    main()
