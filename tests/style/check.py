#!/usr/bin/env python3
"""Checks that need no compiler: check.py CHECK... [--root DIR]

law    every #include against docs/law.txt
sizes  columns, lines of a function, of a file, of a public header
lists  .def lists that call themselves alphabetical are, and name real files
paths  no tracked file holds a path of somebody's machine

Prints one line per fault and exits 1 if there was any. Faults that are meant
stand in tests/style/exceptions.txt, each with its reason.
"""

import argparse
import os
import re
import subprocess
import sys

COLUMNS = 80
FUNCTION_LINES = 80
FILE_LINES = 600
HEADER_LINES = 200

# Lists of which each row is a file beside them.
FILE_LISTS = tuple(
    f"src/{name}.def" for name in ("pass/passes", "read/sources", "write/targets")
)

CODE_ROOTS = ("src/", "include/", "cli/", "python/")
SIZED = (".c", ".h", ".def", ".cmake", ".sh", "CMakeLists.txt")
PUBLIC_SYSTEM = {"stdbool.h", "stddef.h", "stdint.h"}

# No file may hold these, so this one puts them together.
MACHINE = "|".join(("wor" + "k", "roo" + "t", r"home/\w", r"Users/\w"))
MACHINE_PATH = re.compile(rf"(?<![\w.\-/$}}])/(?:{MACHINE})\w*(?:/|\b)".encode())


def tracked(root):
    """Files of the project: what git tracks or would, else all of them."""
    git = ["git", "-C", root, "ls-files", "-z", "--cached", "--others"]
    run = subprocess.run(git + ["--exclude-standard"], capture_output=True, check=False)
    if run.returncode == 0:
        names = run.stdout.decode().split("\0")
    else:
        names = []
        for folder, inner, files in os.walk(root):
            skip = (".git", "build", "__pycache__", ".ruff_cache")
            inner[:] = [d for d in inner if d not in skip]
            names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(n for n in set(names) if n and os.path.isfile(os.path.join(root, n)))


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as f:
        return f.read()


# --- law --------------------------------------------------------------------


class Law:
    def __init__(self, text):
        self.level, self.only, self.header = {}, {}, {}
        self.apart, self.order = set(), {}
        height = 0
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            kind, rest = words[0], words[1:]
            if kind == "level" and rest:
                for room in rest:
                    self.level[room] = height
                height += 1
            elif kind == "apart" and len(rest) == 1:
                self.apart.add(rest[0])
            elif kind in ("only", "order", "header") and rest[0].endswith(":"):
                getattr(self, kind)[rest[0][:-1]] = rest[1:]
            else:
                raise SystemExit(f"docs/law.txt:{number}: not a law: {line}")

    def room(self, path):
        """The room of a path below an include root, or None."""
        if path.startswith("convey/"):
            return "include/convey"
        first = path.split("/")[0]
        return first if "/" in path and first in self.level else None

    def refuses(self, path, target):
        """Why `path` may not include "target", or None."""
        mine, other = self.room(path), self.room(target)
        if mine is None:
            return "stands in no room of docs/law.txt"
        if other is None and "/" not in target and mine in ("cli", "python"):
            return None  # beside the file
        if other is None:
            return f'"{target}" is not "room/file.h" of a known room'
        if mine == other:
            return self.apart_refuses(mine, path, target) or self.order_refuses(
                path, target
            )
        if mine in self.only and other not in self.only[mine]:
            return f"{mine} may not include {other} ({target})"
        if self.level[mine] <= self.level[other]:
            return f"{mine} is not above {other} ({target})"
        return None

    def apart_refuses(self, room, path, target):
        if room not in self.apart or target.count("/") < 2:
            return None
        if os.path.dirname(path) == os.path.dirname(target):
            return None
        return f"folders of {room} stand apart ({target})"

    def order_refuses(self, path, target):
        """Of folders in an order, each sees those before it."""
        for place, order in self.order.items():
            mine, other = (self.folder(place, p) for p in (path, target))
            if other is None:
                continue
            for folder in (mine, other):
                if folder is not None and folder not in order:
                    return f"{place}/{folder} has no place in docs/law.txt"
            if mine and order.index(mine) < order.index(other):
                return f"{place}/{mine} is not above {place}/{other} ({target})"
        return None

    @staticmethod
    def folder(place, path):
        """The folder of `place` that holds a path, or None."""
        if not path.startswith(place + "/"):
            return None
        rest = path[len(place) + 1 :]
        return rest.split("/")[0] if "/" in rest else None

    def system_refuses(self, path, target):
        if self.room(path) == "include/convey" and target not in PUBLIC_SYSTEM:
            return f"a public header may not include <{target}>"
        for place in self.header.get(target, [""]):
            suffix = place.lstrip("*")
            if place == self.room(path) or path.endswith(suffix):
                return None
        return f"<{target}> is not for this file"


def check_law(root):
    law = Law(read(root, "docs/law.txt"))
    include = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
    for name in tracked(root):
        if not name.startswith(CODE_ROOTS):
            continue
        if not name.endswith((".c", ".h", ".def")):
            continue
        text = read(root, name)
        path = re.sub(r"^(src|include)/", "", name)
        for match in include.finditer(text):
            ask = law.refuses if match[1] == '"' else law.system_refuses
            why = ask(path, match[2])
            if why:
                line = text.count("\n", 0, match.start(2)) + 1
                yield "law", name, "", f"{name}:{line}: {why}"


# --- sizes ------------------------------------------------------------------


def functions(lines):
    """(name, first line, lines) of each function: '{' and '}' in column 0."""
    opened = None
    for i, line in enumerate(lines):
        if line.rstrip() == "{":
            opened = i
        elif line.rstrip() == "}" and opened is not None:
            first = opened
            while first > 0 and re.match(r"[\w ].*[^;}/]$", lines[first - 1]):
                first -= 1
            head = " ".join(lines[first:opened])
            name = re.search(r"(\w+)\(", head)
            yield name[1] if name else "?", first + 1, i - first + 1
            opened = None


def check_sizes(root):
    for name in tracked(root):
        is_script = name.startswith("script/") and "." not in name
        if not (name.endswith(SIZED) or is_script):
            continue
        lines = read(root, name).splitlines()
        most = HEADER_LINES if name.startswith("include/") else FILE_LINES
        if len(lines) > most:
            text = f"{name}: {len(lines)} lines, at most {most}"
            yield "file", name, "", text
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS:
                text = f"{name}:{number}: {len(line)} columns"
                yield "columns", name, "", text
        if not name.endswith((".c", ".h")):
            continue
        for function, number, size in functions(lines):
            if size > FUNCTION_LINES:
                text = f"{name}:{number}: {function} has {size} lines"
                yield "function", name, function, text


# --- lists ------------------------------------------------------------------


def check_lists(root):
    for name in tracked(root):
        if not name.endswith(".def"):
            continue
        text = read(root, name)
        rows = re.findall(r"^[A-Z_]+\((\w+)", text, re.MULTILINE)
        if "alphabetical" in text and rows != sorted(rows):
            for a, b in zip(rows, sorted(rows)):
                if a != b:
                    text = f"{name}: {b} belongs before {a}"
                    yield "lists", name, a, text
                    break
        for row in sorted({r for r in rows if rows.count(r) > 1}):
            yield "lists", name, row, f"{name}: {row} is listed twice"
        if name == "src/layer/ops.def":
            yield from check_folders(root, name, rows)
        if name in FILE_LISTS:
            room = os.path.dirname(name)
            for row in rows:
                if not os.path.isfile(os.path.join(root, room, row + ".c")):
                    yield "lists", name, row, f"{name}: {row}.c is missing"


def check_folders(root, name, rows):
    """Every operator has a folder, and every folder is an operator."""
    room = os.path.join(root, os.path.dirname(name))
    folders = {d.name for d in os.scandir(room) if d.is_dir()}
    for row in sorted(set(rows) - folders):
        yield "lists", name, row, f"{name}: {row} has no folder"
    for folder in sorted(folders - set(rows)):
        yield "lists", name, folder, f"{name}: folder {folder} has no row"


# --- paths ------------------------------------------------------------------


def check_paths(root):
    for name in tracked(root):
        with open(os.path.join(root, name), "rb") as f:
            found = MACHINE_PATH.search(f.read())
        if found:
            what = found[0].decode()
            yield "paths", name, "", f"{name}: a path of a machine: {what}"


# ----------------------------------------------------------------------------

CHECKS = {
    "law": (check_law, {"law"}),
    "sizes": (check_sizes, {"file", "columns", "function"}),
    "lists": (check_lists, {"lists"}),
    "paths": (check_paths, {"paths"}),
}


def exceptions(root):
    """{(kind, file, name)} from the exceptions; each line gives a reason."""
    listed = set()
    path = "tests/style/exceptions.txt"
    if not os.path.exists(os.path.join(root, path)):
        return listed
    for line in read(root, path).splitlines():
        words = line.split("#")[0].split(maxsplit=2)
        if not words:
            continue
        if len(words) < 3:
            raise SystemExit(f"{path}: no reason given: {line}")
        file, _, name = words[1].partition(":")
        listed.add((words[0], file, name))
    return listed


def faults(root, check):
    """Lines to print: faults that no exception covers, idle exceptions."""
    run, kinds = CHECKS[check]
    listed, used = exceptions(root), set()
    for kind, file, name, text in run(root):
        if (kind, file, name) in listed:
            used.add((kind, file, name))
        else:
            yield text
    for kind, file, name in sorted(listed - used):
        if kind in kinds:
            yield f"exceptions.txt: no longer needed: {kind} {file} {name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", nargs="+", choices=CHECKS)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(here)))
    options = parser.parse_args()
    found = [f for c in options.checks for f in faults(options.root, c)]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
