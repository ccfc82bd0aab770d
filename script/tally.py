"""Adds up the results that script/test left: tally.py FOLDER."""

import pathlib
import sys
from xml.etree import ElementTree


def main():
    passed = failed = skipped = 0
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if path.suffix == ".died":
            print(path.read_text().strip())
            failed += 1
            continue
        for case in ElementTree.parse(path).iter("testcase"):
            name = f"{case.get('classname', '')} {case.get('name', '')}"
            outcome = {child.tag for child in case}
            if outcome & {"failure", "error"}:
                print(f"failed: {path.stem}: {name}")
                failed += 1
            elif "skipped" in outcome:
                print(f"skipped: {path.stem}: {name}")
                skipped += 1
            else:
                passed += 1
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
