"""Prints a Python file, in colour if a terminal reads it: colour.py FILE."""

import keyword
import os
import sys
import tokenize

STYLES = {
    tokenize.COMMENT: "90",
    tokenize.STRING: "32",
    tokenize.NUMBER: "36",
}


def style(token):
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "1;34"
    return STYLES.get(token.type)


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        lines = f.read().splitlines(keepends=True)
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        sys.stdout.writelines(lines)
        return
    at = (1, 0)

    def plain(until):
        nonlocal at
        while at < until:
            row, column = at
            end = until[1] if row == until[0] else None
            sys.stdout.write(lines[row - 1][column:end])
            at = (row + 1, 0) if end is None else until

    for token in tokenize.generate_tokens(iter(lines).__next__):
        code = style(token)
        if code and token.string:
            plain(token.start)
            sys.stdout.write(f"\033[{code}m{token.string}\033[0m")
            at = token.end
    plain((len(lines), len(lines[-1])))


if __name__ == "__main__":
    main()
