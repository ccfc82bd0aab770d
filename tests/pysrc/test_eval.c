/* tests/pysrc/test_eval.c - statements: names, loops, functions, errors. */
#define _GNU_SOURCE
#include "pysrc/run_eval.h"

static void statements_do_what_python_does(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "a = b = [1]\nb += [2]\nreturn a", "[1, 2]" },
        { "a = (1,)\nb = a\nb += (2,)\nreturn a, b", "((1,), (1, 2))" },
        { "a, (b, *c), d = 1, (2, 3, 4), 5\nreturn a, b, c, d",
          "(1, 2, [3, 4], 5)" },
        { "*a, b = 'xyz'\nreturn a, b", "(['x', 'y'], 'z')" },
        { "[a, b] = {1: 2, 3: 4}\nreturn a, b", "(1, 3)" },
        { "d = {}\nd['a'], d['b'] = 1, 2\nreturn d", "{'a': 1, 'b': 2}" },
        { "x: int = 5\ny: str\nreturn x", "5" },
        { "l = [1, 2, 3, 4]\nl[1:3] = [9]\nreturn l", "[1, 9, 4]" },
        { "l = [1, 2, 3, 4]\nl[::2] = [8, 9]\nreturn l", "[8, 2, 9, 4]" },
        { "l = [1, 2, 3, 4, 5]\ndel l[1:3], l[0]\nreturn l", "[4, 5]" },
        { "l = [1, 2, 3, 4, 5]\ndel l[::-2]\nreturn l", "[2, 4]" },
        { "d = {1: 2, 3: 4}\ndel d[1]\nreturn d", "{3: 4}" },
        { "l = [3, 1, 2]\nl.sort()\nl.insert(0, 9)\nl.insert(-1, 8)\n"
          "l.append(7)\nl.remove(1)\np = l.pop(), l.pop(0)\nl.reverse()\n"
          "l.extend('a')\nreturn l, p", "([3, 8, 2, 'a'], (7, 9))" },
        { "d = {'a': 1}\nd.update({'b': 2}, c=3)\nd.setdefault('e', 5)\n"
          "p = d.pop('a')\nreturn d, p, d.popitem()",
          "({'b': 2, 'c': 3}, 1, ('e', 5))" },
        { "s = {1}\ns.add(2)\ns.discard(1)\ns |= {5}\nreturn sorted(s)",
          "[2, 5]" },
        { "t = 0\nfor i in range(10):\n    if i == 2: continue\n"
          "    if i == 5: break\n    t += i\nelse:\n    t = -1\n"
          "return t, i", "(8, 5)" },
        { "for i in []: pass\nelse: i = 'none'\nreturn i", "'none'" },
        { "n = 0\nwhile n < 5: n += 2\nelse: n *= 10\nreturn n", "60" },
        { "while True:\n    try:\n        break\n    finally:\n        x = 1\n"
          "return x", "1" },
        { "l = [1, 2, 3]\nout = []\nfor x in l:\n    out.append(x)\n"
          "    if len(l) < 5: l.append(x * 10)\nreturn out",
          "[1, 2, 3, 10, 20]" },
        { "it = iter([1, 2, 3])\nfor x in it:\n    if x == 2: break\n"
          "return list(it), list(it)", "([3], [])" },
        { "z = zip([1], [2])\nreturn list(z), list(z)", "([(1, 2)], [])" },
        { "g = (x for x in range(3))\nreturn next(g), sum(g), next(g, 'end')",
          "(0, 3, 'end')" },
        { "def f():\n    for i in range(3):\n        for j in range(3):\n"
          "            if i * j == 2: return i, j\nreturn f()", "(1, 2)" },
        { "def f(a, b=2, *c, d, e=5, **g): return a, b, c, d, e, g\n"
          "return f(1, d=4), f(1, 2, 3, 4, d=0, z=9)",
          "((1, 2, (), 4, 5, {}), (1, 2, (3, 4), 0, 5, {'z': 9}))" },
        { "def f(a, b, /, c): return a, b, c\nreturn f(1, 2, c=3)",
          "(1, 2, 3)" },
        { "def f(x, l=[]):\n    l.append(x)\n    return l\nf(1)\nreturn f(2)",
          "[1, 2]" },
        { "x = 1\ndef f(y=x): return y\nx = 2\nreturn f()", "1" },
        { "x = 1\ndef f(): return x\nx = 2\nreturn f()", "2" },
        { "fs = [lambda: i for i in range(3)]\nreturn [f() for f in fs]",
          "[2, 2, 2]" },
        { "fs = [lambda i=i: i for i in range(3)]\nreturn [f() for f in fs]",
          "[0, 1, 2]" },
        { "def c():\n    n = 0\n    def up():\n        nonlocal n\n"
          "        n += 1\n        return n\n    return up\nu = c()\nu()\n"
          "v = c()\nreturn u(), v()", "(2, 1)" },
        { "global made_global\nmade_global = 7\ndef f(): return made_global\n"
          "return f()", "7" },
        { "def fact(n): return 1 if n < 2 else n * fact(n - 1)\n"
          "return fact(10)", "3628800" },
        { "x = 5\nl = [x for x in range(3)]\nreturn x", "5" },
        { "l = [y := i for i in range(3)]\nreturn y", "2" },
        { "if (n := 5) > 3: return n", "5" },
        { "def deco(f):\n    def w(*a): return f(*a) + 1\n    return w\n"
          "@deco\n@deco\ndef g(x): return x\nreturn g(1)", "3" },
        { "def f(): pass\nreturn f(), f.__name__", "(None, 'f')" },
        { "assert True, 'never'\nreturn 1", "1" },
        { "d = dict(a=1)\ndef f(**k): return k\nreturn f(**d, b=2)",
          "{'a': 1, 'b': 2}" },
        { "return print('ignored', end='')", "None" },
        /* clang-format on */
    };

    check_rows(rows, N_ROWS(rows));
}

static void exceptions_are_caught_as_in_python(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "try:\n    import nothing\nexcept ImportError:\n    return 1", "1" },
        { "try:\n    import no.thing as t\nexcept ModuleNotFoundError:\n"
          "    return 1", "1" },
        { "try:\n    from no import thing\nexcept Exception:\n    return 1",
          "1" },
        { "try:\n    import nothing\nexcept:\n    return 1", "1" },
        { "try:\n    x = 1\nexcept ImportError:\n    x = 2\nelse:\n    x += 5\n"
          "finally:\n    x *= 10\nreturn x", "60" },
        { "try:\n    import nothing\nexcept ImportError:\n    x = 2\n"
          "finally:\n    x *= 10\nreturn x", "20" },
        { "def f():\n    try:\n        return 1\n    finally:\n"
          "        l.append(2)\n"
          "l = []\nreturn f(), l", "(1, [2])" },
        { "def f():\n    try:\n        return 1\n    finally:\n"
          "        return 2\n"
          "return f()", "2" },
        { "try:\n    raise ValueError('a', 1)\nexcept ValueError as e:\n"
          "    return str(e), e.args", "(\"('a', 1)\", ('a', 1))" },
        { "try:\n    raise KeyError('a')\nexcept LookupError as e:\n"
          "    return str(e)", "\"'a'\"" },
        { "try:\n    [][1]\nexcept (KeyError, IndexError):\n    return 1",
          "1" },
        { "try:\n    unknown\nexcept NameError:\n    return 1", "1" },
        { "try:\n    1 / 0\nexcept ArithmeticError:\n    return 1", "1" },
        { "try:\n    {}['x']\nexcept KeyError:\n    return 1", "1" },
        { "try:\n    (1).x\nexcept AttributeError:\n    return 1", "1" },
        { "try:\n    assert 0, 'why'\nexcept AssertionError as e:\n"
          "    return str(e)", "'why'" },
        { "class E(Exception): pass\ntry:\n    raise E('x')\n"
          "except Exception as e:\n    return str(e), type(e).__name__",
          "('x', 'E')" },
        { "try:\n    try:\n        raise ValueError('in')\n"
          "    except KeyError:\n"
          "        return 1\n    finally:\n        x = 'ran'\n"
          "except ValueError:\n    return x", "'ran'" },
        { "try:\n    try:\n        raise ValueError('in')\n"
          "    except ValueError:\n        raise\nexcept ValueError as e:\n"
          "    return str(e)", "'in'" },
        { "def f():\n    for i in range(3):\n        try:\n"
          "            continue\n"
          "        finally:\n            l.append(i)\nl = []\nf()\nreturn l",
          "[0, 1, 2]" },
        { "class C:\n    def __enter__(self): return 5\n"
          "    def __exit__(self, t, v, b):\n        l.append(t is None)\n"
          "        return True\nl = []\nwith C() as x: l.append(x)\n"
          "with C(): raise ValueError\nreturn l", "[5, True, False]" },
        { "try:\n    int('x')\nexcept ValueError as e: x = 1\n"
          "try:\n    e\nexcept NameError: return x", "1" },
        /* clang-format on */
    };

    check_rows(rows, N_ROWS(rows));
}

static void what_is_not_known_is_refused_with_its_line(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "raise ValueError('bad size')",
          "the source raises ValueError: bad size" },
        { "raise NotImplementedError",
          "the source raises NotImplementedError" },
        { "assert 1 == 2, 'sizes'",
          "the source raises AssertionError: sizes" },
        { "import nothing.at.all", "there is no module nothing.at.all" },
        { "from . import x", "relative" },
        { "def f():\n    print(x)\n    x = 1\nx = 5\nf()",
          "'x' is used before" },
        { "xrange(5)", "name 'xrange' is not defined" },
        { "undefined", "name 'undefined' is not defined" },
        { "open('x')", "open() is not evaluated" },
        { "return 2 ** 70", "64 bits" },
        { "return 9223372036854775807 + 1", "64 bits" },
        { "return -9223372036854775807 - 2", "64 bits" },
        { "return 99999999999999999999", "64 bits" },
        { "return b'bytes'", "bytes" },
        { "return 1j", "complex" },
        { "return (-8) ** 0.5", "complex" },
        { "return [x for x in {1, 2}]", "order of a set" },
        { "return list({1, 2})", "order of a set" },
        { "return 'same' is ''.join(['sa', 'me'])", "== is meant" },
        { "def f():\n    yield 1\nreturn f()", "Yield" },
        { "class A(metaclass=type): pass", "metaclass" },
        { "class A(list): pass", "derived from Python's list" },
        { "class A:\n    __slots__ = ['x']", "__slots__" },
        { "return sum([0.1] * 10)", "version of Python" },
        { "return 'a'.translate({})", "translate() is not evaluated" },
        { "return sorted({1, 2}, key=len)", "order of a set" },
        { "a = 1\na()", "an int cannot be called" },
        { "return len(5)", "TypeError: an int has no len()" },
        { "d = {1: 1}\nfor k in d: d[k + 1] = 1", "changed size" },
        { "l = []\nl.append(l)\nreturn str(l)", "nested too deeply" },
        { "l = []\nl.append(l)\nk = []\nk.append(k)\nreturn l == k",
          "nested too deeply" },
        { "def f(): return f()\nf()", "calls are nested deeper than 150" },
        { "return [0] * 10 ** 9", "MiB" },
        { "return 'a' * 10 ** 9", "MiB" },
        { "return list(range(10 ** 12))", "MiB" },
        { "return '%0300d' % 1", "above 300" },
        { "import os, sys", "there is no module os" },
        { "with 5: pass", "__exit__" },
        { "try:\n    import nothing\nexcept KeyError: pass",
          "there is no module nothing" },
        { "try:\n    2 ** 70\nexcept Exception: return 1", "64 bits" },
        /* clang-format on */
    };

    check_refusals(rows, N_ROWS(rows));
}

static void an_error_has_the_line_where_it_is(void)
{
    run r = { 0 };

    cvyi_text_put(&r.source, "x = 1\n"
                             "def f(a):\n"
                             "    b = a\n"
                             "    return g(a,\n"
                             "             b)\n"
                             "def g(a, b):\n"
                             "\n"
                             "    return a + b.missing\n"
                             "f(1)\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_UNSUPPORTED);
    CHECK_EQ(r.err.line, 8);
    CHECK_STR(r.err.where, "net.py");
    run_close(&r);
}

static const char *constant_of(const run *r, const char *name)
{
    const cvyi_py_value *const value =
        cvyi_py_names_get(&r->module->names, name);

    CHECK(value != NULL);
    return value->constant != NULL ? value->constant : "";
}

static void values_know_the_constant_they_were_spelled_with(void)
{
    run r = { 0 };

    cvyi_text_put(&r.source, "WIDTH = 64\n"
                             "NAME = 'net'\n"
                             "LOW = -1\n"
                             "TWICE = 2\n"
                             "TWICE = 3\n"
                             "OUTSIDE = 4\n"
                             "SIZES = [1]\n"
                             "def f(x=WIDTH):\n"
                             "    global OUTSIDE\n"
                             "    OUTSIDE = 5\n"
                             "    local = 7\n"
                             "    return x, local\n"
                             "class A:\n"
                             "    def __init__(self):\n"
                             "        self.width = WIDTH\n"
                             "        self.more = WIDTH + 1\n"
                             "a = A()\n"
                             "b, c = f()\n"
                             "d = a.width\n"
                             "e = a.more\n"
                             "g = [WIDTH][0]\n"
                             "h = max(WIDTH, 1)\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_OK);
    CHECK_STR(constant_of(&r, "WIDTH"), "WIDTH");
    CHECK_STR(constant_of(&r, "NAME"), "NAME");
    CHECK_STR(constant_of(&r, "LOW"), "LOW");
    CHECK_STR(constant_of(&r, "TWICE"), "");
    CHECK_STR(constant_of(&r, "OUTSIDE"), "");
    CHECK_STR(constant_of(&r, "SIZES"), "");
    CHECK_STR(constant_of(&r, "b"), "WIDTH");
    CHECK_STR(constant_of(&r, "c"), "");
    CHECK_STR(constant_of(&r, "d"), "WIDTH");
    CHECK_STR(constant_of(&r, "e"), "");
    CHECK_STR(constant_of(&r, "g"), "WIDTH");
    CHECK_STR(constant_of(&r, "h"), "");
    run_close(&r);
}

static void a_module_has_its_name_and_file(void)
{
    run r = { 0 };

    cvyi_text_put(&r.source, "x = __name__, __file__\n"
                             "if __name__ == '__main__':\n"
                             "    import sys\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_OK);
    CHECK_STR(r.module->name, "net");
    CHECK_STR(cvyi_py_names_get(&r.module->names, "x")->seq->items[1].text,
              "net.py");
    run_close(&r);
}

static void a_file_of_python_2_divides_as_python_2(void)
{
    run r = { 0 };

    cvyi_text_put(&r.source, "print 'made'\n"
                             "a = 7 / 2\n"
                             "b = 7.0 / 2\n"
                             "c = {1: 2}.keys()[0]\n"
                             "d = range(2) + map(abs, xrange(-1, 0))\n"
                             "e = zip(d, d)[2][1]\n");
    run_parse(&r);
    CHECK(r.tree.rewritten);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_OK);
    CHECK_EQ(cvyi_py_names_get(&r.module->names, "a")->integer, 3);
    CHECK(cvyi_py_names_get(&r.module->names, "b")->real == 3.5);
    CHECK_EQ(cvyi_py_names_get(&r.module->names, "c")->integer, 1);
    CHECK_EQ(cvyi_py_names_get(&r.module->names, "d")->seq->n, 3);
    CHECK_EQ(cvyi_py_names_get(&r.module->names, "e")->integer, 1);
    run_close(&r);
}

static const check_case cases[] = {
    { "statements_do_what_python_does", statements_do_what_python_does },
    { "exceptions_are_caught_as_in_python",
      exceptions_are_caught_as_in_python },
    { "what_is_not_known_is_refused_with_its_line",
      what_is_not_known_is_refused_with_its_line },
    { "an_error_has_the_line_where_it_is", an_error_has_the_line_where_it_is },
    { "values_know_the_constant_they_were_spelled_with",
      values_know_the_constant_they_were_spelled_with },
    { "a_module_has_its_name_and_file", a_module_has_its_name_and_file },
    { "a_file_of_python_2_divides_as_python_2",
      a_file_of_python_2_divides_as_python_2 },
};
CHECK_MAIN(cases)
