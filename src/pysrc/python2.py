"""Forms of Python 2 as Python 3, token by token; lines stay where they are.

Runs inside parse.py, which calls rewrite() for what does not parse.
"""

PATTERNS = r"""
(?P<string>[bBfFuUrR]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"
    |'(?:[^\\\n']|\\.)*'|"(?:[^\\\n"]|\\.)*"))
|(?P<comment>\#[^\n]*)
|(?P<number>(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+
    |(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[jJlL]?)
|(?P<name>[^\W\d]\w*)
|(?P<blank>(?:[ \t\f]|\\\n)+)
|(?P<newline>\n)
|(?P<op><>|>>=|<<=|\*\*=|//=|[-+*/%&|^=<>!]=|>>|<<|\*\*|//|->|.)
"""


def tokens(source):
    """[kind, text] of the whole source, blanks and all."""
    import re

    pattern = re.compile(PATTERNS, re.VERBOSE | re.DOTALL)
    return [[m.lastgroup, m.group()] for m in pattern.finditer(source)]


def rewrite(source):
    """The source with its forms of Python 2 replaced."""
    lines, line, depth = [], [], 0
    for token in tokens(source):
        line.append(token)
        if token[0] == "op":
            depth += (token[1] in "([{") - (token[1] in ")]}")
            depth = max(depth, 0)
        if token[0] == "newline" and depth == 0:
            lines.append(line)
            line = []
    lines.append(line)
    return "".join(t[1] for line in lines for t in rewrite_line(line))


def rewrite_line(line):
    """A logical line: its small changes, then each of its statements."""
    line = [[kind, small(kind, word)] for kind, word in line]
    if line and line[0][0] == "blank":  # a tab was 8 columns
        line[0][1] = line[0][1].expandtabs(8)
    line = backquotes(line)
    out, statement, depth = [], [], 0
    heads = {"if", "elif", "while", "for", "with", "except", "class", "def"}
    heads |= {"else", "try", "finally"}
    compound = any(t[1] in heads for t in line if t[0] == "name") and (
        first_word(line) in heads
    )
    lambdas = 0
    for token in line:
        statement.append(token)
        if token == ["name", "lambda"] and depth == 0:
            lambdas += 1
        if token[0] != "op":
            continue
        depth += (token[1] in "([{") - (token[1] in ")]}")
        if token[1] == ":" and depth == 0 and lambdas:
            lambdas -= 1
        elif depth == 0 and (token[1] == ";" or token[1] == ":" and compound):
            out += rewrite_statement(statement)
            compound = compound and token[1] != ":"
            statement = []
    return out + rewrite_statement(statement)


def small(kind, word):
    """Numbers, prefixes and operators that are spelled differently."""
    if kind == "op" and word == "<>":
        return "!="
    if kind == "string" and word[:2].lower() == "ur":
        return word[1:]
    if kind == "number":
        word = word.rstrip("lL")
        if len(word) > 1 and word[0] == "0" and word.isdigit() and word.strip("0"):
            return "0o" + word.lstrip("0")
    return word


def backquotes(line):
    """`x` is repr(x)."""
    opened = False
    for token in line:
        if token == ["op", "`"]:
            opened = not opened
            token[1] = "repr(" if opened else ")"
    return line


def first_word(line):
    for kind, word in line:
        if kind not in ("blank", "newline", "comment"):
            return word if kind == "name" else None
    return None


def rewrite_statement(tokens):
    """One simple statement, or the head of a compound one."""
    forms = {
        "print": printed,
        "exec": executed,
        "raise": raised,
        "except": caught,
    }
    at = 0
    while at < len(tokens) and tokens[at][0] in ("blank", "newline", "comment"):
        at += 1
    end = len(tokens)
    while end > at and (
        tokens[end - 1][0] in ("blank", "newline", "comment")
        or tokens[end - 1] in (["op", ";"], ["op", ":"])
    ):
        end -= 1
    if at == end or tokens[at][0] != "name" or tokens[at][1] not in forms:
        return tokens
    head, rest = tokens[at], tokens[at + 1 : end]
    made = forms[head[1]]([head], rest)
    return tokens[:at] + made + tokens[end:]


def split(tokens, mark):
    """Parts between the marks outside of brackets."""
    parts, depth = [[]], 0
    for token in tokens:
        kind, word = token
        if kind == "op":
            depth += (word in "([{") - (word in ")]}")
        if depth == 0 and word == mark and kind in ("op", "name"):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def blank(tokens):
    return all(kind in ("blank", "newline", "comment") for kind, _ in tokens)


def op(word):
    return [["op", word]]


def is_assigned(rest):
    """print = x, print.x: a name like any other."""
    for kind, word in rest:
        if kind != "blank":
            return kind == "op" and word in ("=", ".", ",", ")", "]", ":")
    return False


def printed(head, rest):
    """print a, b and print >>f, a: blanks outside of the brackets stay."""
    if is_assigned(rest):
        return head + rest
    if blank(rest):
        return head + op("()") + rest
    parts = split(rest, ",")
    where, more = [], []
    words = [t for t in parts[0] if t[0] != "blank"]
    if words[:1] == op(">>"):
        where = [t for t in parts[0] if t != ["op", ">>"]]
        parts = parts[1:]
    if parts and blank(parts[-1]) and (len(parts) > 1 or where):
        parts = parts[:-1]
        more.append([["name", "end=' '"]])
    if where:
        more.append([["name", "file="]] + where)
    out = []
    for part in parts + more:
        out += (op(",") if out else []) + part
    return head + op("(") + strip_left(out) + op(")")


def executed(head, rest):
    """exec code in globals, locals."""
    if is_assigned(rest) or blank(rest):
        return head + rest
    code, *scope = split(rest, "in")
    out = strip_left(code)
    for part in scope:
        out += op(",") + part
    return head + op("(") + out + op(")")


def raised(head, rest):
    """raise E, "message", traceback."""
    parts = split(rest, ",")
    if len(parts) < 2:
        return head + rest
    call = parts[0] + op("(") + strip_left(parts[1]) + op(")")
    if len(parts) > 2:
        call += op(".with_traceback(") + strip_left(parts[2]) + op(")")
    return head + call


def caught(head, rest):
    """except E, e:"""
    parts = split(rest, ",")
    if len(parts) != 2 or blank(parts[0]):
        return head + rest
    return head + parts[0] + [["name", " as"]] + parts[1]


def strip_left(tokens):
    while tokens and tokens[0][0] == "blank" and "\n" not in tokens[0][1]:
        tokens = tokens[1:]
    return tokens
