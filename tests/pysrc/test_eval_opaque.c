/*
 * tests/pysrc/test_eval_opaque.c - a lenient host: values that are not
 * known, and what goes on all the same.
 */
#include "pysrc/lenient.h"

/* ---- opaque values ---- */

/* clang-format off */
static const row what_is_made_of_the_unknown_is_unknown_rows[] = {
    { "r = what", "?module what is not read" },
    { "r = what.a.b", "?module what" },
    { "r = what[1]", "?module what" },
    { "r = what[1:2, 3]", "?module what" },
    { "r = what(1, a=2)", "?module what" },
    { "r = what + 1", "?module what" },
    { "r = 1 - what", "?module what" },
    { "r = -what", "?module what" },
    { "r = not what", "?module what" },
    { "r = what < 3", "?module what" },
    { "r = 3 == what", "?module what" },
    { "r = what is None", "?module what" },
    { "r = 1 in what", "?module what" },
    { "r = what in [1]", "?module what" },
    { "r = 1 in [what, 1]", "?module what" },
    { "r = 1 in [1, what]", "True" },
    { "r = 'a%d' % what", "?module what" },
    { "r = '%d-%s' % (1, what)", "?module what" },
    { "r = '%(a)d' % {'a': what}", "?module what" },
    { "r = '{}'.format(what)", "?module what" },
    { "r = '{:d}'.format(what)", "?module what" },
    { "r = '{0[0]:d}'.format([what])", "?module what" },
    { "r = f'{what}'", "?module what" },
    { "r = f'{what:>5}'", "?module what" },
    { "r = ','.join(['a', what])", "?module what" },
    { "r = str(what)", "?module what" },
    { "r = int(what)", "?module what" },
    { "r = float(what)", "?module what" },
    { "r = len(what)", "?module what" },
    { "r = abs(what)", "?module what" },
    { "r = max(1, what)", "?module what" },
    { "r = sum([1, what])", "?module what" },
    { "r = sorted([1, what])", "?module what" },
    { "r = list(what)", "?module what" },
    { "r = [x for x in what]", "?module what" },
    { "r = [x for x in [1, 2] if x < what]", "?module what" },
    { "r = [x + what for x in [1, 2]][0]", "?module what" },
    { "r = len([what, what])", "2" },
    { "r = [1, 2][what]", "?module what" },
    { "r = [1, 2][what:]", "?module what" },
    { "r = {'a': 1}[what]", "?module what" },
    { "r = {what: 1}", "?module what" },
    { "r = {'a': what}['a']", "?module what" },
    { "r = 'abc'[what]", "?module what" },
    { "r = (lambda *a: a)(*what)", "?module what" },
    { "r = dict(**what)", "?module what" },
    { "r = {**what}", "?module what" },
    { "r = 1 if what else 2", "?module what" },
    { "r = what and 1", "?module what" },
    { "r = 0 or what or 1", "?module what" },
    { "r = 1 or what", "1" },
    { "r = 1 < what < 3", "?module what" },
    { "r = isinstance(what, int)", "?module what" },
    { "r = isinstance(1, what)", "?module what" },
    { "r = isinstance(1, (int, what))", "True" },
    { "r = type(what)", "?module what" },
    { "r = hasattr(what, 'a')", "?module what" },
    { "r = getattr(what, 'a', 1)", "?module what" },
    { "r = range(what)", "?module what" },
    { "r = open('x').read()", "?open() is not evaluated" },
    { "r = 2 ** 100", "?64 bits" },
    { "r = b'a'", "?bytes" },
    { "r = kit.part('x')", "?no part is called x" },
    { "r = kit.part().a", "?a part has no attribute" },
    { "r = kit.other", "?there is no module kit.other" },
    { "a, (b, *c) = what\nr = (a, b, c)[2]", "?module what" },
    { "a, b = kit.part()\nr = b", "?iterated over" },
    { "what.x = 1\nwhat[0] = 2\ndel what.x, what[0]\nr = 1", "1" },
    { "x = 1\nx += what\nr = x", "?module what" },
    { "try:\n    r = what.x\nexcept Exception:\n    r = 1",
      "?module what" },
    { "raise what.Error('a')", "!it raises what line " },
    { "try:\n    raise what.Error\nexcept Exception:\n    r = 1", "1" },
    { "try:\n    raise ValueError\nexcept what.E:\n    r = 2\n"
      "except ValueError:\n    r = 1", "1" },
    { "try:\n    [][0]\nexcept IndexError:\n    r = 1", "1" },
    { "r = 1\n[][0]", "!IndexError" },
    { "r = 1\n1 + 'a'", "!TypeError" },
    { "r = nothing", "!NameError" },
    { "with what.open('x') as f:\n    r = 1", "1" },
    { "with what.open('x') as f:\n    r = f", "?module what" },
    { "with kit.part() as f:\n    r = f", "?a part has no attribute" },
    { "assert what\nassert kit.part()\nr = 1", "1" },
    { "assert 1 == 2", "!AssertionError" },
    { "r = print(what)", "None" },
};
/* clang-format on */

static void what_is_made_of_the_unknown_is_unknown(void)
{
    check_files(what_is_made_of_the_unknown_is_unknown_rows,
                N_ROWS(what_is_made_of_the_unknown_is_unknown_rows));
}

/* clang-format off */
static const row definitions_are_refused_when_they_are_used_rows[] = {
    { "def f():\n    yield 1\nr = 1", "1" },
    { "def f():\n    yield 1\nr = f()", "?generator f()" },
    { "def f():\n    for x in [1]:\n        y = yield x\nr = f()",
      "?generator f()" },
    { "async def f():\n    await g()\nr = f()", "?generator f()" },
    { "@what.wrap\ndef f(): return 1\nr = f()", "?module what" },
    { "@what.lru_cache(1)\ndef f(): return 1\nr = f()", "1" },
    { "class A(what.Base):\n    x = 1\nr = A().x", "?module what" },
    { "class A(metaclass=what.ABCMeta):\n    x = 1\nr = A().x", "1" },
    { "class A(metaclass=what.Meta):\n    x = 1\nr = A().x",
      "?metaclass" },
    { "class A:\n    __slots__ = ['x']\nr = 1", "1" },
    { "class A:\n    x = what\n    y = 2\nr = A.y", "2" },
    { "def f():\n    x = kit.part('x')\n    return 1\nr = f()", "1" },
    { "def f():\n    return kit.part('x')\nr = f()", "?no part" },
    { "def f():\n    yield 1\ng = f\nr = [x for x in g()]",
      "?generator f()" },
    { "def f(n): return f(n + 1)\nr = f(1)", "!nested deeper" },
    { "r = [0] * 10 ** 12", "!MiB" },
    { "while True: r = 1", "!steps" },
};
/* clang-format on */

static void definitions_are_refused_when_they_are_used(void)
{
    check_files(definitions_are_refused_when_they_are_used_rows,
                N_ROWS(definitions_are_refused_when_they_are_used_rows));
}

/* clang-format off */
static const row imports_that_are_refused_are_unknown_rows[] = {
    { "import a.b\nr = a", "?module a.b is not read" },
    { "import a.b as r", "?module a.b is not read" },
    { "from a.b import c as r", "?module a.b is not read" },
    { "from . import r", "?module . is not read" },
    { "from ..a import r", "?module ..a is not read" },
    { "from a import *\nr = x", "?module a is not read" },
    { "from a import *\nr = len([1])", "1" },
    { "from a import *\nx = 1\nr = x", "1" },
    { "from a import *\ndef f(): return x\nr = f()",
      "?module a is not read" },
    { "from .a import *\nr = x", "?module .a is not read" },
    { "from kit import *\np = part()\nr = part is part", "True" },
    { "from kit import *\nr = x", "!NameError" },
    { "try:\n    import a\nexcept ImportError:\n    r = 1\nelse:\n"
      "    r = 2", "2" },
    { "globals()['x'] = 1\nr = x", "?globals() is not evaluated" },
    { "exec('x = 1')\nr = x", "?exec() is not evaluated" },
    { "import kit.part\nr = kit.other", "?there is no module kit.other" },
};
/* clang-format on */

static void imports_that_are_refused_are_unknown(void)
{
    check_files(imports_that_are_refused_are_unknown_rows,
                N_ROWS(imports_that_are_refused_are_unknown_rows));
}

/* ---- presets, Python 2, the end of a script ---- */

/* clang-format off */
static const row assignments_at_the_top_may_be_preset_rows[] = {
    { "PRESET = 1\nr = PRESET", "7" },
    { "PRESET = what\nr = PRESET", "7" },
    { "PRESET = [][0]\nr = PRESET", "7" },
    { "if 1: PRESET: int = 1\nr = PRESET", "7" },
    { "PRESET, x = 1, 2\nr = PRESET", "1" },
    { "PRESET = x = 1\nr = PRESET", "1" },
    { "def f():\n    PRESET = 1\n    return PRESET\nr = f()", "1" },
    { "class A: PRESET = 1\nr = A.PRESET", "1" },
    { "OTHER = 1\nr = OTHER", "1" },
};
/* clang-format on */

static void assignments_at_the_top_may_be_preset(void)
{
    check_files(assignments_at_the_top_may_be_preset_rows,
                N_ROWS(assignments_at_the_top_may_be_preset_rows));
}

/* clang-format off */
static const row names_of_python_2_are_known_rows[] = {
    { "r = list(xrange(3))", "[0, 1, 2]" },
    { "r = isinstance('a', basestring)", "True" },
    { "r = unicode(3)", "'3'" },
    { "r = long(3.5)", "3" },
    { "r = reduce(lambda a, b: a * b, [1, 2, 3])", "6" },
    { "r = reduce(lambda a, b: a + b, [], 'x')", "'x'" },
    { "r = sorted({1: 2}.iteritems())", "[(1, 2)]" },
    { "r = {1: 2}.has_key(1), {1: 2}.has_key(2)", "(True, False)" },
    { "r = sum({1: 2}.itervalues()) + sum({1: 2}.iterkeys())", "3" },
    { "r = raw_input('?')", "?raw_input() is not evaluated" },
    { "r = {1: 2}.keys()[0]", "1" },
    { "r = len(zip([1, 2], [3, 4]))", "2" },
    { "r = zip([1, 2], [3, 4])[1]", "(2, 4)" },
    { "r = range(3) + [7]", "[0, 1, 2, 7]" },
    { "r = [7] + range(2)", "[7, 0, 1]" },
    { "r = 'a'.decode('utf-8')", "?decode() is not evaluated" },
    { "try:\n    xrange\nexcept NameError:\n    xrange = range\n"
      "r = list(xrange(1))", "[0]" },
    { "try:\n    import x\nexcept IOError as e:\n    pass\nr = 1", "1" },
};
/* clang-format on */

static void names_of_python_2_are_known(void)
{
    check_files(names_of_python_2_are_known_rows,
                N_ROWS(names_of_python_2_are_known_rows));
}

/* clang-format off */
static const row a_script_ends_where_it_says_rows[] = {
    { "r = 1\nexit()\nr = 2", "1" },
    { "r = 1\nquit(0)\nr = 2", "1" },
    { "r = 1\nraise SystemExit\nr = 2", "1" },
    { "def f():\n    exit(1)\nr = 1\nf()\nr = 2", "1" },
    { "try:\n    exit()\nexcept SystemExit:\n    r = 3", "3" },
};
/* clang-format on */

static void a_script_ends_where_it_says(void)
{
    check_files(a_script_ends_where_it_says_rows,
                N_ROWS(a_script_ends_where_it_says_rows));
}

/* ---- the host's side ---- */

static void a_host_makes_and_refuses_what_is_not_known(void)
{
    cvy_error err = { 0 };
    cvyi_py_value value, list;
    run r = { 0 };

    cvyi_text_put(&r.source, "r = 1\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &lenient, NULL), CVY_OK);
    CHECK_EQ(cvyi_py_make_opaque(&value, r.eval, &err, "no %s", "way"),
             CVY_OK);
    CHECK_EQ(value.type, CVYI_PY_V_OPAQUE);
    CHECK_STR(cvyi_py_opaque(&value)->reason, "no way");
    CHECK_EQ(cvyi_py_refuse_opaque(r.eval, &value, &err), CVY_UNSUPPORTED);
    CHECK_STR(err.text, "no way");
    CHECK_EQ(cvyi_py_make_seq(&list, r.eval, CVYI_PY_V_LIST, &value, 1, &err),
             CVY_OK);
    CHECK(cvyi_py_opaque(&list) == NULL);
    CHECK_EQ(cvyi_py_eval_list(&list, r.eval, &value, &err), CVY_UNSUPPORTED);
    run_close(&r);
}

/* The same rows in a strict host: each is refused as ever. */
/* clang-format off */
static const row a_strict_host_knows_none_of_it_rows[] = {
    { "import what", "there is no module what" },
    { "from what import *", "which names come" },
    { "from . import x", "relative" },
    { "open('x')", "open() is not evaluated" },
    { "x = 2 ** 100", "64 bits" },
    { "exit()", "exit() is not evaluated" },
    { "xrange(3)", "NameError" },
    { "reduce(3)", "NameError" },
    { "unicode", "NameError" },
    { "{1: 2}.iteritems()", "AttributeError" },
    { "{1: 2}.keys()[0]", "TypeError" },
    { "zip([1], [2])[0]", "TypeError" },
    { "range(2) + [1]", "" },
    { "class A(metaclass=int): pass", "metaclass" },
    { "x = yield 1", "Yield" },
};
/* clang-format on */

static void a_strict_host_knows_none_of_it(void)
{
    check_refusals(a_strict_host_knows_none_of_it_rows,
                   N_ROWS(a_strict_host_knows_none_of_it_rows));
}

/* ---- limits and memory ---- */

static const char everything[] =
    "import what, kit, a.b\n"
    "from c import *\n"
    "class A(what.B): pass\n"
    "class C:\n"
    "    def __init__(self): self.l, self.d = [1], {}\n"
    "    def f(self, x): self.l.append(x)\n"
    "c = C()\n"
    "if what: c.f(1); c.d['a'] = 2; setattr(c, 'e', 3)\n"
    "def g():\n"
    "    for i in [1, 2]:\n"
    "        if what: return i\n"
    "    return x\n"
    "y = g(), len(c.l), f'{what}', [z for z in what], open('x')\n"
    "for i in range(1000):\n"
    "    b = what.next(i)\n"
    "with what as w: assert what\n"
    "try:\n    raise what.E\nexcept Exception as e:\n    r = 1\n"
    "a, (b, *d) = kit.part()\n"
    "{1: 2}.iteritems()\n";

static void refused_allocations_end_in_memory_errors(void)
{
    run r = { 0 };
    size_t n;

    cvyi_text_put(&r.source, everything);
    run_parse(&r);
    for (n = 1; n < 5000; n++) {
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = run_eval(&r, &lenient, NULL);
        cvyi_alloc_refuse(0);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
        if (status == CVY_OK)
            break;
        if (status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: line %d: %s", n, (int)r.err.line,
                       r.err.text);
    }
    CHECK(n > 3);
    CHECK(n < 5000);
    run_close(&r);
}

/* A limit is never forgiven. */
static void any_limit_of_memory_and_steps_ends_in_a_refusal(void)
{
    run r = { 0 };
    cvyi_py_limits limits = { 0 };
    cvy_status status = CVY_UNSUPPORTED;
    int n_refused = 0;

    cvyi_text_put(&r.source, everything);
    run_parse(&r);
    for (int64_t steps = 1; status != CVY_OK; steps += 7) {
        limits.steps = steps;
        status = run_eval(&r, &lenient, &limits);
        if (status != CVY_OK && strstr(r.err.text, "steps") == NULL)
            CHECK_FAIL("%s", r.err.text);
        n_refused += status != CVY_OK;
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
    }
    CHECK(n_refused > 20);
    limits.steps = 0;
    status = CVY_UNSUPPORTED;
    for (size_t memory = 30000; status != CVY_OK; memory += 997) {
        limits.memory = memory;
        status = run_eval(&r, &lenient, &limits);
        CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
    }
    run_close(&r);
}

static const check_case cases[] = {
    { "refused_allocations_end_in_memory_errors",
      refused_allocations_end_in_memory_errors },
    { "any_limit_of_memory_and_steps_ends_in_a_refusal",
      any_limit_of_memory_and_steps_ends_in_a_refusal },
    { "what_is_made_of_the_unknown_is_unknown",
      what_is_made_of_the_unknown_is_unknown },
    { "definitions_are_refused_when_they_are_used",
      definitions_are_refused_when_they_are_used },
    { "imports_that_are_refused_are_unknown",
      imports_that_are_refused_are_unknown },
    { "assignments_at_the_top_may_be_preset",
      assignments_at_the_top_may_be_preset },
    { "names_of_python_2_are_known", names_of_python_2_are_known },
    { "a_script_ends_where_it_says", a_script_ends_where_it_says },
    { "a_host_makes_and_refuses_what_is_not_known",
      a_host_makes_and_refuses_what_is_not_known },
    { "a_strict_host_knows_none_of_it", a_strict_host_knows_none_of_it },
};
CHECK_MAIN(cases)
