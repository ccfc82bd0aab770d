"""Python source on standard input; its tree, as JSON, on standard output.

Runs as `python3 -I -S -c`, from 3.9 on, and imports next to nothing, since
starting Python is most of what it costs. Its argument is python2.py, which is
run only for what does not parse. The answer is one line:

    {"nodes": [...], "body": [...], "comments": [...], "rewritten": false}
    {"error": CAUSE, "line": LINE, "kind": "syntax" or "limit"}

A node is a list: its class in `ast`, line, column, end line, end column, and
its members in the order of FIELDS. A node inside another is its index, and
stands before it; a None is null. Positions inside an f-string are those of
the whole string: older versions have them wrong.
"""

import sys

MOST_DEPTH = 200
MOST_NODES = 1000000
MOST_BITS = 14000  # of an integer; Python itself bounds their digits
ONLY_AST = 0x400

FIELD_PREFIXES = ("f", "fr", "rf", "t", "tr", "rt")
ESCAPES = {i: "\\u%04x" % i for i in range(32)}
ESCAPES.update({34: '\\"', 92: "\\\\"})

# Members of each class: n node, o node or None, l list of nodes, m list of
# nodes and Nones, s text or None, q list of texts, i int, p operator, P list
# of operators, and the shapes that have a function below.
FIELDS = {
    "FunctionDef": "name:s args:A body:l decorator_list:l returns:o",
    "ClassDef": "name:s bases:l keywords:K body:l decorator_list:l",
    "Return": "value:o",
    "Delete": "targets:l",
    "Assign": "targets:l value:n",
    "AugAssign": "target:n op:p value:n",
    "AnnAssign": "target:n annotation:n value:o",
    "For": "target:n iter:n body:l orelse:l",
    "While": "test:n body:l orelse:l",
    "If": "test:n body:l orelse:l",
    "With": "items:W body:l",
    "Raise": "exc:o",
    "Try": "body:l handlers:H orelse:l finalbody:l",
    "Assert": "test:n msg:o",
    "Import": "names:I",
    "ImportFrom": "module:s level:i names:I",
    "Global": "names:q",
    "Nonlocal": "names:q",
    "Expr": "value:n",
    "Pass": "",
    "Break": "",
    "Continue": "",
    "BoolOp": "op:p values:l",
    "BinOp": "op:p left:n right:n",
    "UnaryOp": "op:p operand:n",
    "Compare": "left:n ops:P comparators:l",
    "NamedExpr": "target:n value:n",
    "Lambda": "args:A body:n",
    "IfExp": "test:n body:n orelse:n",
    "Dict": "keys:m values:l",
    "Set": "elts:l",
    "List": "elts:l",
    "Tuple": "elts:l",
    "ListComp": "elt:n generators:G",
    "SetComp": "elt:n generators:G",
    "GeneratorExp": "elt:n generators:G",
    "DictComp": "key:n value:n generators:G",
    "Call": "func:n args:l keywords:K",
    "Constant": "value:C",
    "JoinedStr": "values:l",
    "FormattedValue": "value:n conversion:i format_spec:o",
    "Attribute": "value:n attr:s",
    "Subscript": "value:n slice:n",
    "Starred": "value:n",
    "Name": "id:s",
    "Slice": "lower:o upper:o step:o",
}
FIELDS["AsyncFunctionDef"] = FIELDS["FunctionDef"]
FIELDS = {k: [f.split(":") for f in v.split()] for k, v in FIELDS.items()}


class Refusal(Exception):
    """What the answer says instead of a tree."""

    def __init__(self, kind, line, cause):
        self.kind, self.line, self.cause = kind, line or 0, cause

    def answer(self):
        cause = self.cause.translate({0: " ", 10: " "})
        parts = text(cause), self.line, self.kind
        return '{"error":%s,"line":%d,"kind":"%s"}' % parts


# --- the tree ---------------------------------------------------------------


def text(value):
    return "null" if value is None else '"%s"' % value.translate(ESCAPES)


def texts(values):
    return "[%s]" % ",".join(map(text, values))


class Printer:
    def __init__(self):
        self.nodes = []
        self.depth = 0
        self.place = None  # of the f-string around
        self.line = 0
        self.shapes = {
            "n": self.node,
            "o": self.maybe,
            "l": self.list,
            "m": lambda v: "[%s]" % ",".join(map(self.maybe, v)),
            "s": text,
            "q": texts,
            "i": str,
            "p": operator,
            "P": lambda v: "[%s]" % ",".join(map(operator, v)),
            "A": self.arguments,
            "C": self.constant,
            "G": self.generators,
            "H": self.handlers,
            "I": self.aliases,
            "K": self.keywords,
            "W": self.items,
        }

    def list(self, nodes):
        return "[%s]" % ",".join(map(self.node, nodes))

    def maybe(self, node):
        return "null" if node is None else self.node(node)

    def node(self, node):
        kind = type(node).__name__
        outer = self.place
        place = outer or "%d,%d,%d,%d" % (
            node.lineno,
            node.col_offset,
            node.end_lineno,
            node.end_col_offset,
        )
        if kind == "JoinedStr":
            self.place = place
        self.line = node.lineno
        self.depth += 1
        if self.depth > MOST_DEPTH:
            cause = "nested deeper than %d levels" % MOST_DEPTH
            raise Refusal("limit", self.line, cause)
        parts = ['["%s"' % kind, place]
        if kind not in FIELDS or beyond(node):
            parts = ['["Other"', place, text(kind)]
        else:
            shapes = self.shapes
            for name, shape in FIELDS[kind]:
                parts.append(shapes[shape](getattr(node, name)))
        self.depth -= 1
        self.place = outer
        self.nodes.append(",".join(parts) + "]")
        if len(self.nodes) > MOST_NODES:
            cause = "a tree of more than %d nodes" % MOST_NODES
            raise Refusal("limit", self.line, cause)
        return str(len(self.nodes) - 1)

    def arguments(self, a):
        named = a.posonlyargs + a.args
        required = len(named) - len(a.defaults)
        return "[%s,%d,%s,%s,%s]" % (
            self.arg_list(named, [None] * required + a.defaults),
            len(a.posonlyargs),
            self.arg_list(a.kwonlyargs, a.kw_defaults),
            text(a.vararg and a.vararg.arg),
            text(a.kwarg and a.kwarg.arg),
        )

    def arg_list(self, args, defaults):
        return "[%s]" % ",".join(
            "[%s,%s,%s]" % (text(a.arg), self.maybe(a.annotation), self.maybe(default))
            for a, default in zip(args, defaults)
        )

    def generators(self, fors):
        return "[%s]" % ",".join(
            "[%s,%s,%s]" % (self.node(f.target), self.node(f.iter), self.list(f.ifs))
            for f in fors
        )

    def handlers(self, handlers):
        return "[%s]" % ",".join(
            "[%s,%s,%s]" % (self.maybe(h.type), text(h.name), self.list(h.body))
            for h in handlers
        )

    def aliases(self, names):
        return "[%s]" % ",".join(
            "[%s,%s]" % (text(a.name), text(a.asname)) for a in names
        )

    def keywords(self, keywords):
        return "[%s]" % ",".join(
            "[%s,%s]" % (text(k.arg), self.node(k.value)) for k in keywords
        )

    def items(self, items):
        return "[%s]" % ",".join(
            "[%s,%s]" % (self.node(i.context_expr), self.maybe(i.optional_vars))
            for i in items
        )

    def constant(self, value):
        if value is None or value is True or value is False:
            return '"plain",' + {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, str):
            if "\0" in value or not encodable(value):
                return '"bytes",' + text(ascii(value))
            return '"plain",' + text(value)
        if isinstance(value, int):
            if value.bit_length() > MOST_BITS:
                cause = "an integer beyond %d bits" % MOST_BITS
                raise Refusal("limit", self.line, cause)
            if -(2**63) <= value < 2**63:
                return '"plain",%d' % value
            return '"int","%d"' % value
        if isinstance(value, float):
            shown = repr(value)
            return '"plain",' + {"inf": "Infinity", "nan": "NaN"}.get(shown, shown)
        if isinstance(value, bytes):
            return '"bytes",' + text(ascii(value))
        if isinstance(value, complex):
            return '"complex",null'
        return '"ellipsis",null'


def encodable(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def operator(op):
    return '"%s"' % type(op).__name__


def beyond(node):
    """What a class has that the tree has no place for."""
    if getattr(node, "type_params", None):
        return True
    return any(f.is_async for f in getattr(node, "generators", ()))


# --- comments ---------------------------------------------------------------


class Comments:
    """The comments of a source that parses: each '#' outside of strings."""

    def __init__(self, source):
        self.source = source
        self.found = []
        self.line, self.start = 1, 0  # where the current line begins

    def run(self):
        if "#" in self.source:
            self.code(0, False)
        return self.found

    def comment(self, at):
        source = self.source
        self.line += source.count("\n", self.start, at)
        self.start = source.rfind("\n", 0, at) + 1
        end = source.find("\n", at)
        end = len(source) if end < 0 else end
        words = source[at + 1 : end]
        before = source[self.start : at]
        self.found.append(
            "[%d,%d,%s,%s]"
            % (
                self.line,
                len(before.encode()),
                "false" if before.strip(" \t\f") else "true",
                text(words[1:] if words[:1] == " " else words),
            )
        )
        return end

    def code(self, at, inside):
        """From `at` to the end, or to that of an f-string's field."""
        source, size, depth = self.source, len(self.source), 0
        if not inside and not self.nests():
            return self.plain(at)
        while at < size:
            c = source[at]
            if c == "#":
                at = self.comment(at)
            elif c in "'\"":
                at = self.string(at)
            elif not inside:
                at += 1
            elif c in ")]}" and depth == 0:
                return at + 1
            elif c == ":" and depth == 0:
                return self.format(at + 1)
            else:
                depth += (c in "([{") - (c in ")]}")
                at += 1
        return at

    def nests(self):
        """Can a string of this source hold strings of its own?"""
        return sys.version_info >= (3, 12) and any(
            mark + quote in self.source
            for mark in ("f", "F", "t", "T", "fr", "fR", "Fr", "FR")
            for quote in "'\""
        )

    def plain(self, at):
        """Jumps from one quote or '#' to the next."""
        find = self.source.find
        marks = {c: -1 for c in "#'\""}
        size = len(self.source)
        while at < size:
            for c in marks:
                if marks[c] < at:
                    marks[c] = find(c, at)
                    if marks[c] < 0:
                        marks[c] = size
            at = min(marks.values())
            if at < size:
                at = self.comment(at) if marks["#"] == at else self.string(at)
        return at

    def string(self, at):
        """Past the string of which the quotes stand at `at`."""
        source = self.source
        begin = at
        while begin > 0 and source[begin - 1].isalnum():
            begin -= 1
        prefix = source[begin:at].lower()
        quotes = source[at] * (3 if source.startswith(source[at] * 3, at) else 1)
        fields = sys.version_info >= (3, 12) and prefix in FIELD_PREFIXES
        at += len(quotes)
        while at < len(source):
            c = source[at]
            if source.startswith(quotes, at):
                return at + len(quotes)
            if c == "\\":
                at = self.escape(at, fields and "r" not in prefix, fields)
            elif c == "{" and fields:
                at = at + 2 if source.startswith("{{", at) else self.code(at + 1, True)
            elif fields:
                at += 1
            else:
                ends = [source.find(q, at + 1) for q in (quotes, "\\")]
                at = min([e for e in ends if e >= 0] or [len(source)])
        return at

    def escape(self, at, named, fields):
        if named and self.source.startswith("\\N{", at):
            return self.source.find("}", at) + 1 or len(self.source)
        if fields and self.source.startswith("\\{", at):
            return at + 1
        return at + 2

    def format(self, at):
        """Past the '}' that ends a field whose format begins at `at`."""
        while at < len(self.source):
            c = self.source[at]
            if c == "}":
                return at + 1
            at = self.code(at + 1, True) if c == "{" else at + 1
        return at


# --- source -----------------------------------------------------------------


def encoding_of(raw):
    if b"coding" not in b"".join(raw.split(b"\n", 2)[:2]):
        return "utf-8-sig"
    import io
    import tokenize

    try:
        return tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
    except SyntaxError as e:
        raise Refusal("syntax", 1, e.msg) from None


def decode(raw):
    """Text as Python would decode it, lines ending with \\n."""
    encoding = encoding_of(raw)
    try:
        source = raw.decode(encoding)
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise Refusal("syntax", line, "not text in %s" % encoding) from None
    except (LookupError, UnicodeError):
        raise Refusal("syntax", 1, "not text in %s" % encoding) from None
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise Refusal("syntax", line, "a NUL in the source")
    if not encodable(source):
        raise Refusal("syntax", 1, "not text in %s" % encoding)
    return source


def tree_of(source):
    try:
        return compile(source, "<source>", "exec", ONLY_AST, True)
    except SyntaxError as e:
        raise Refusal("syntax", e.lineno, e.msg or "not Python") from None
    except (RecursionError, MemoryError):
        raise Refusal("limit", 0, "nested too deep for Python's parser") from None
    except ValueError as e:
        raise Refusal("syntax", 0, str(e)) from None


def either_tree(source):
    """The tree, and whether the source was rewritten for it."""
    try:
        return tree_of(source), False
    except Refusal as refusal:
        first = refusal
    if first.kind == "syntax":
        exec(sys.argv[1], globals())
        older = rewrite(source)  # noqa: F821
        try:
            return tree_of(older), True
        except Refusal as second:
            if second.line > first.line:
                raise
    raise first


def answer(raw):
    if sys.version_info < (3, 9):
        raise Refusal("limit", 0, "python3 is older than 3.9")
    source = decode(raw)
    tree, rewritten = either_tree(source)
    sys.setrecursionlimit(2000)
    printer = Printer()
    body = printer.list(tree.body)
    return '{"nodes":[%s],"body":%s,"comments":[%s],"rewritten":%s}' % (
        ",".join(printer.nodes),
        body,
        ",".join(Comments(source).run()),
        "true" if rewritten else "false",
    )


def main():
    try:
        reply = answer(sys.stdin.buffer.read())
    except Refusal as refusal:
        reply = refusal.answer()
    except (RecursionError, MemoryError):
        reply = Refusal("limit", 0, "too large or nested too deep").answer()
    sys.stdout.buffer.write(reply.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


main()
