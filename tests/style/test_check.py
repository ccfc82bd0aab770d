#!/usr/bin/env python3
"""Checks the checkers: each must pass a good tree and refuse a bad one."""

import os
import sys
import tempfile

import check

LAW = """\
level include/convey
level base
level tensor padding
level layer
level cli
only cli: include/convey
apart layer
order tensor/deep: low high
header zlib.h: tensor
header immintrin.h: *_avx2.c
"""

GOOD = {
    "docs/law.txt": LAW,
    "include/convey/base.h": "#include <stdint.h>\n",
    "src/base/error.h": '#include "convey/base.h"\n',
    "src/tensor/tensor.c": '#include "base/error.h"\n#include <zlib.h>\n',
    "src/tensor/x86/dot_avx2.c": "#include <immintrin.h>\n",
    "src/layer/ops.def": "/* alphabetical */\nOP(add)\nOP(conv)\n",
    "src/layer/add/add.c": '#include "layer/add/add.h"\n',
    "src/layer/conv/conv.c": '#include "layer/op.h"\n',
    "cli/main.c": '#include "cli/options.h"\n#include "convey/base.h"\n',
    "docs/notes.txt": "the network/" + "root/ of a tree\n",
}

LONG = "static int long_one(void)\n{\n" + "    f();\n" * 80 + "}\n"

# (check, file, its text, what the fault must mention)
BAD = [
    ("law", "src/base/a.c", '#include "tensor/tensor.h"\n', "not above"),
    ("law", "src/tensor/a.c", '#include "padding/p.h"\n', "not above"),
    ("law", "src/base/a.c", '#  include "layer/op.h"\n', "not above"),
    ("law", "src/base/a.c", '#include "error.h"\n', "known room"),
    ("law", "src/attic/a.c", '#include "base/error.h"\n', "no room"),
    ("law", "cli/a.c", '#include "base/error.h"\n', "cli may not"),
    ("law", "cli/a.c", '#include "src/base/error.h"\n', "known room"),
    ("law", "include/convey/a.h", '#include "base/error.h"\n', "not above"),
    ("law", "include/convey/a.h", "#include <stdio.h>\n", "public header"),
    ("law", "src/layer/add/a.c", '#include "layer/conv/conv.h"\n', "apart"),
    ("law", "src/tensor/deep/low/a.c", '#include "tensor/deep/high/b.h"\n', "above"),
    ("law", "src/tensor/deep/odd/a.c", '#include "tensor/deep/low/b.h"\n', "no place"),
    ("law", "src/base/a.c", "#include <zlib.h>\n", "not for this file"),
    ("law", "src/tensor/a.c", "#include <immintrin.h>\n", "not for this"),
    ("sizes", "src/base/a.c", "/* " + "x" * 78 + "\n", "columns"),
    ("sizes", "src/base/a.c", LONG, "long_one has 83 lines"),
    ("sizes", "src/base/a.c", "int a;\n" * 601, "601 lines"),
    ("sizes", "include/convey/a.h", "int a;\n" * 201, "201 lines"),
    ("lists", "src/x/a.def", "/* alphabetical */\nA(b)\nA(a)\n", "a belongs"),
    ("lists", "src/x/a.def", "A(b)\nA(b)\n", "twice"),
    ("lists", "src/layer/pool/pool.c", "int a;\n", "pool has no row"),
    ("lists", "src/layer/ops.def", "OP(add)\nOP(conv)\nOP(d)\n", "no folder"),
    ("lists", "src/pass/passes.def", "PASS(order)\n", "order.c is missing"),
    ("lists", "src/write/targets.def", "TARGET(x)\n", "x.c is missing"),
    ("paths", "docs/a.md", "see /" + "work/main\n", "a path of a machine"),
    ("paths", "docs/a.md", "HOME=/" + "root\n", "a path of a machine"),
    ("paths", "docs/a.md", '"/' + 'home/jane/x"\n', "a path of a machine"),
]

# (check, file, its text, a line of the exceptions, what is still said)
EXCEPTED = [
    ("sizes", "src/base/a.c", LONG, "function src/base/a.c:long_one why", ""),
    ("sizes", "src/base/a.c", "", "function src/base/a.c:f why", "no longer"),
    ("law", "src/base/a.c", "", "function src/base/a.c:f why", ""),
]


def said(check_name, extra):
    """What a checker says about the good tree with `extra` files in it."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in {**GOOD, **extra}.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return "\n".join(check.faults(root, check_name))


def main():
    wrong = []
    for name in check.CHECKS:
        if said(name, {}):
            wrong.append(f"{name} refuses the good tree: {said(name, {})}")
    for name, file, text, want in BAD:
        got = said(name, {file: text})
        if want not in got:
            wrong.append(f"{name} said {got!r} about {file}, want {want!r}")
    for name, file, text, line, want in EXCEPTED:
        extra = {file: text, "tests/style/exceptions.txt": line + "\n"}
        got = said(name, extra)
        if want not in got or (got and not want):
            wrong.append(f"{name} said {got!r} despite {line!r}")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
