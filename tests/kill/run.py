"""A port that is killed before each of its changes to the disk.

run.py TRACE CASE, where TRACE is the program of trace.c. After each kill the
folder holds the old files or the new ones; so it does where the next run is
killed too; the run after that succeeds and leaves nothing behind.

Environment: CONVEY the command, CVYT_ROOT this project's root.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["CVYT_ROOT"])
NEW = ROOT / "examples" / "digits" / "digits.keras"
OLD = ROOT / "tests" / "read" / "data" / "branches.keras"
CANNOT, ENDED = 77, 100

# What a folder of the user's holds beside ours.
FOREIGN = {"notes.txt": b"mine\n", "kept/deep.txt": b"mine too\n"}

# case: the name of the old port, or None for no folder; links refused
CASES = {
    "new": (None, False),
    "again": ("net", False),
    "renamed": ("other", False),
    "no_links": ("net", True),
}

faults = []


def command(model, name):
    words = [os.environ["CONVEY"], "port", model, "-o", "out", "--name", name]
    return [*words, "--no-proof", "-q"]


def run(here, trace, n):
    """Kills the port at its n-th change: its exit code and its changes."""
    done = subprocess.run(
        [*trace, str(n), *command(NEW, "net")],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == CANNOT:
        print(done.stderr)
        sys.exit(CANNOT)
    return done.returncode, int(done.stdout or -1), done.stderr


def shown(folder):
    """What a reader sees: names and contents. Links lead where they lead."""
    files = {}
    for path in sorted(folder.iterdir()) if folder.exists() else []:
        if path.name.startswith(".") or not path.is_file():
            continue
        files[path.name] = path.read_bytes()
    for name in FOREIGN:
        files.pop(name, None)
    if "report.json" in files:
        report = json.loads(files["report.json"])
        del report["seconds"], report["peak_bytes"]
        files["report.json"] = report
    return files


def check_foreign(folder, what):
    for name, content in FOREIGN.items():
        path = folder / name
        if not path.is_file() or path.is_symlink() or path.read_bytes() != content:
            faults.append(f"{what}: {name} has changed")


def check_clean(here, what):
    """Nothing is hidden, and nothing is a link."""
    for path in here.rglob("*"):
        if path.name.startswith(".") or path.is_symlink():
            faults.append(f"{what}: left behind: {path.relative_to(here)}")


class Case:
    def __init__(self, name, trace, top):
        self.old_name, self.no_links = CASES[name]
        self.trace = [trace, "--no-links"] if self.no_links else [trace]
        self.here = top / "here"
        self.folder = self.here / "out"
        self.template = top / "template"
        self.template.mkdir()
        if self.old_name is not None:
            self.make_old()
        self.old = shown(self.template / "out")

    def make_old(self):
        done = command(OLD, self.old_name)
        subprocess.run(done, cwd=self.template, check=True)
        for name, content in FOREIGN.items():
            path = self.template / "out" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def begin(self):
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(self.template, self.here)

    def check(self, new, what):
        seen = shown(self.folder)
        # Without links: an index means that all is there.
        whole = not self.no_links or "report.json" in seen
        if whole and seen not in (self.old, new):
            faults.append(f"{what}: a mixture: {sorted(seen)}")
        if self.old_name is not None:
            check_foreign(self.folder, what)
        return seen == new

    def last(self, new, what):
        """The run that nobody kills."""
        words = [*self.trace, "0"] if self.no_links else []
        done = subprocess.run(
            [*words, *command(NEW, "net")],
            cwd=self.here,
            capture_output=True,
            text=True,
            check=False,
        )
        code = done.returncode - (ENDED if self.no_links else 0)
        if code != 0 or shown(self.folder) != new:
            faults.append(f"{what}: the next run ended with {code}: {done.stderr}")
        check_clean(self.here, what)

    def every_kill(self):
        self.begin()
        code, changes, said = run(self.here, self.trace, 0)
        new = shown(self.folder)
        if code != ENDED or changes < 10 or len(new) != 3:
            faults.append(f"without a kill: {code}, {changes} changes: {said}")
            return
        seen_new = 0
        for n in range(1, changes + 1):
            self.begin()
            code, _, said = run(self.here, self.trace, n)
            if code != 0:
                faults.append(f"kill {n} of {changes}: ended with {code}: {said}")
                continue
            seen_new += self.check(new, f"kill {n} of {changes}")
            what = f"kill {n} of {changes}"
            if n % 3 == 0:
                second = n * 7 % changes + 1
                what += f", then {second}"
                run(self.here, self.trace, second)
                self.check(new, what)
            self.last(new, what)
        print(f"{changes} kills, {seen_new} of them after the moment")
        if not 0 < seen_new < changes:
            faults.append("the kills do not lie around the moment")


def main():
    os.environ["CONVEY_THREADS"] = "1"
    # Leaks cannot be looked for while somebody traces.
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
    with tempfile.TemporaryDirectory() as top:
        Case(sys.argv[2], sys.argv[1], Path(top)).every_kill()
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
