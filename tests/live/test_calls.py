"""Random single calls of every kind, live, by the engine and as counterparts.

Every module calls_*.py says what a kind of case looks like. Run as a program,
`test_calls.py KIND INDEX` takes one case again, with the seed of CONVEY_SEED.
"""

import collections
import importlib
import re
import shlex
import sys
import traceback
import zlib
from pathlib import Path

import calls
import kit
import pytest

TOTAL = 10400 if kit.FULL else 1600
MODULES = sorted(path.stem for path in Path(__file__).parent.glob("calls_*.py"))
KINDS = {
    f"{module}.{name}": make
    for module in MODULES
    for name, make in importlib.import_module(module).KINDS.items()
}
COUNT = -(-TOTAL // len(KINDS))  # of every kind


def generator(kind, index):
    """What a case and its numbers are drawn from."""
    return kit.random(zlib.crc32(kind.encode()), index)


def outcome(case, r):
    """None, "refused", "known", "left: …" as they are; else what is wrong."""
    try:
        return calls.check(case, r)
    except Exception as fault:
        return "".join(traceback.format_exception_only(fault)).strip()


def failure(kind, index, case, what):
    """What is wrong, and the lines that show it again."""
    words = "".join(f" --input {shlex.quote(text)}" for text in case.inputs)
    said = f"convey explain {shlex.quote(case.code)} --from {case.dialect}{words}"
    again = f"CONVEY_SEED={kit.SEED} script/live tests/live/test_calls.py"
    return f"{what}\n  {said}\n  {again} {kind} {index}"


def listed(reasons):
    """The reasons, the most frequent first; their numbers do not matter."""
    same = collections.Counter()
    for reason, n in reasons.items():
        same[re.sub(r"-?\b\d[\d.e+-]*\b", "N", reason)] += n
    return "; ".join(f"{n} {reason}" for reason, n in same.most_common())


@pytest.fixture(scope="module")
def outcomes():
    """Counts of all kinds, said at the end."""
    counts = collections.Counter()
    left, known = collections.Counter(), collections.Counter()
    yield counts, left, known
    kit.say(
        f"calls: {counts['compared']} compared, {counts['refused']} refused by both, "
        f"{left.total()} left by convey, {known.total()} known defects"
    )
    for name, reasons in (("left", left), ("known", known)):
        if reasons:
            kit.say(f"calls, {name}: {listed(reasons)}")


@pytest.mark.parametrize("kind", KINDS)
def test_calls_mean_the_same(kind, outcomes):
    """COUNT cases; all failures are shown."""
    counts, left, known = outcomes
    generators = [generator(kind, index) for index in range(COUNT)]
    cases = [KINDS[kind](r) for r in generators]
    calls.explain(cases)
    faults = []
    for index, (case, r) in enumerate(zip(cases, generators, strict=True)):
        what = outcome(case, r)
        if what is None:
            counts["compared"] += 1
        elif what == "refused":
            counts["refused"] += 1
        elif what == "known":
            known[case.known] += 1
        elif what.startswith("left: "):
            left[what.removeprefix("left: ")] += 1
        else:
            faults.append(failure(kind, index, case, what))
    assert not faults, f"{len(faults)} failures\n" + "\n".join(faults)


def main():
    """One case again, with everything there is to see."""
    kind, index = sys.argv[1], int(sys.argv[2])
    r = generator(kind, index)
    case = KINDS[kind](r)
    calls.explain([case])
    print(case.line)
    print((case.report["target"] or {}).get("code"))
    print(calls.check(case, r) or "compared")


if __name__ == "__main__":
    main()
