/*
 * tests/pysrc/test_eval_python.c - the evaluator against Python itself.
 *
 * Expressions go to `python3 -I` and to the evaluator: what both print must be
 * the same, exceptions by name. The evaluator may refuse what it does not do;
 * of the fixed expressions it must refuse none.
 */
#define _GNU_SOURCE
#include "base/child.h"
#include "pysrc/run_eval.h"

static const char program[] =
    "import sys\n"
    "out = []\n"
    "for line in sys.stdin.read().split('\\n')[:-1]:\n"
    "    try:\n"
    "        out.append(repr(eval(line)))\n"
    "    except Exception as e:\n"
    "        out.append('!' + type(e).__name__)\n"
    "sys.stdout.write('\\n'.join(out) + '\\n')\n";

/* What Python prints, a line for each expression. */
static void ask_python(cvyi_text *out, const char *lines, size_t n)
{
    const char *const argv[] = { "python3", "-I",    "-W", "ignore",
                                 "-c",      program, NULL };
    const cvyi_child_limits limits = { 30, 64 << 20, 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_child_run(out, NULL, argv, lines, n, &limits, &err));
}

/* One expression of ours, as Python's line would be; false: refused. */
static bool ask_us(cvyi_text *out, run *r, const cvyi_py_value *function)
{
    const cvyi_py_call_args none = { 0 };
    cvyi_py_value value;
    cvy_status status;

    r->err = (cvy_error){ 0 };
    status = cvyi_py_eval_call(&value, r->eval, function, &none, &r->err);
    if (status == CVY_OK)
        status = cvyi_py_put_repr(out, r->eval, &value, &r->err);
    if (status == CVY_OK)
        return true;
    CHECK_EQ(status, CVY_UNSUPPORTED);
    if (r->eval->raised == NULL)
        return false;
    cvyi_text_printf(out, "!%s", r->eval->raised->instance->class_->name);
    return true;
}

/* `lines`: one expression a line. Returns how many we refused. */
static int compare(const cvyi_text *lines, bool all)
{
    const char *line = cvyi_text_c(lines), *answer;
    cvyi_text answers = { 0 };
    run r = { 0 };
    int refused = 0, wrong = 0;

    ask_python(&answers, lines->bytes, lines->size);
    answer = cvyi_text_c(&answers);
    cvyi_text_put(&r.source, "r = [\n");
    for (const char *p = line; *p != '\0'; p = strchr(p, '\n') + 1)
        cvyi_text_printf(&r.source, "lambda: (%.*s),\n", (int)strcspn(p, "\n"),
                         p);
    cvyi_text_put(&r.source, "]\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_OK);

    const cvyi_py_seq *const functions =
        cvyi_py_names_get(&r.module->names, "r")->seq;

    for (int i = 0; i < functions->n; i++) {
        const int n = (int)strcspn(line, "\n"), m = (int)strcspn(answer, "\n");
        cvyi_text ours = { 0 };

        if (!ask_us(&ours, &r, &functions->items[i])) {
            if (all)
                printf("%.*s: refused: %s\n", n, line, r.err.text);
            refused++;
        } else if ((int)ours.size != m ||
                   memcmp(cvyi_text_c(&ours), answer, (size_t)m) != 0) {
            printf("%.*s: %s instead of %.*s\n", n, line, cvyi_text_c(&ours),
                   m, answer);
            wrong++;
        }
        cvyi_text_close(&ours);
        line += n + 1;
        answer += m + 1;
    }
    cvyi_text_close(&answers);
    run_close(&r);
    CHECK_EQ(wrong, 0);
    return refused;
}

/* ---- fixed expressions ---- */

static const char *const fixed[] = {
    /* clang-format off */
    "1 + 2 * 3", "-7 // 2", "-7 % 3", "7 % -3", "7 // -2", "7.5 // 2",
    "-7.5 // 2", "7.5 % -2", "-0.0 % 5", "1e300 * 1e10", "2 ** 10", "2 ** -1",
    "2.0 ** 0.5", "0 ** 0", "1 / 3", "1 // 0", "1.0 / 0", "1 % 0", "0 ** -1",
    "5 & 3", "5 | 3", "5 ^ 3", "~5", "1 << 10", "-9 >> 1", "1 << -1",
    "True + True", "True & False", "True | 2", "-True", "not 0", "+5", "-5.0",
    "0.1 + 0.2", "1e16", "1e15", "123456789.123", "1e-5", "0.0001", "1e100",
    "float('inf')", "-float('inf')", "float('nan')", "float('1e5')",
    "float(' 3.5 ')", "float('x')", "int('12')", "int(' -7 ')", "int('1.5')",
    "int(3.9)", "int(-3.9)", "int(True)", "round(2.5)", "round(3.5)",
    "round(-2.5)", "round(2.675, 2)", "round(1234, -2)", "round(1250, -2)",
    "round(1350, -2)", "round(-1250, -2)", "round(3.14159, 3)", "abs(-3)",
    "abs(-3.5)", "divmod(7, -2)", "divmod(-7.5, 2)", "pow(2, 5)",
    "max(1, 5, 3)", "min([4, 2, 8])", "max([], default=7)", "max([])",
    "max('abc', 'abd')", "max([1, -5], key=abs)", "sum([1, 2, 3])",
    "sum([[1], [2]], [])", "sum((1.5, 2))", "1 < 2 < 3", "1 < 3 < 2",
    "1 == 1.0", "1 == True", "'a' == 1", "[1] == [1.0]", "(1, 2) < (1, 3)",
    "[1, 2] < [1, 2, 0]", "'a' < 'B'", "1 < 'a'", "2 in [1, 2]",
    "'b' in 'abc'", "1 in 'abc'", "'x' not in {'x': 1}", "3 in range(5)",
    "5 in range(0, 10, 2)", "4 in range(10, 0, -2)", "1.0 in range(3)",
    "None is None", "1 is None", "[] is not []", "1 and 2", "0 and 2",
    "0 or 'x'", "'' or [] or {}", "1 if 0 else 2", "(y := 3) + y",
    "[1, 2, 3][1]", "[1, 2, 3][-1]", "[1, 2, 3][5]", "[1, 2, 3][1:]",
    "[1, 2, 3, 4, 5][::2]", "[1, 2, 3, 4, 5][::-1]", "[1, 2, 3][5:1:-1]",
    "'hello'[1:3]", "'hello'[::-1]", "'hello'[-100:100]", "(1, 2, 3)[:-1]",
    "[1, 2][::0]", "range(10)[2:5]", "range(10)[::-3]", "range(10)[-1]",
    "list(range(10)[::-3])", "range(0)", "range(1, 10, 3)", "len(range(7))",
    "list(range(5, 0, -2))", "range(3) == range(0, 3, 1)", "slice(1, 2)",
    "slice(None, 3, 2)", "[1, 2, 3][slice(1)]", "'abc' 'def'", "'ab' * 3",
    "3 * [0]", "[1] * -1", "(1,) * 2", "[1] + [2]", "(1,) + (2,)",
    "[1] + (2,)", "'a' + 1", "()", "(1,)", "[]", "{}", "set()", "{1}",
    "{'a': 1, 'b': [2]}", "{**{'a': 1}, 'b': 2, 'a': 3}", "[*range(3), 4]",
    "[*'ab', *(1,)]", "{1: 2}[1]", "{1: 2}[3]", "{1.0: 'x'}[1]",
    "{[1]: 2}", "{(1, [2]): 3}", "len({1, 1, 2})", "sorted({3, 1, 2})",
    "{1, 2} | {3} == {1, 2, 3}", "sorted({1, 2, 3} - {2})",
    "sorted({1, 2} ^ {2, 3})", "{1} <= {1, 2}", "{1, 2} < {1, 2}",
    "{1: 2} | {3: 4}", "[x * 2 for x in range(4) if x % 2]",
    "[(a, b) for a in range(2) for b in 'xy']",
    "{k: v for k, v in zip('ab', [1, 2])}", "sorted({x % 3 for x in range(9)})",
    "list(x for x in [1, 2])", "sum(x * x for x in range(5))",
    "any(x > 2 for x in [1, 2, 3])", "all([])", "any([])",
    "list(zip([1, 2, 3], 'ab'))", "list(zip([1], [2, 3], strict=True))",
    "list(zip())", "list(enumerate('ab', 5))", "list(map(str, [1, 2]))",
    "list(map(lambda a, b: a + b, [1, 2], [3, 4, 5]))",
    "list(filter(None, [0, 1, '', 'a']))", "list(reversed([1, 2, 3]))",
    "sorted([3, 1, 2])", "sorted('hello')", "sorted([3, 1], reverse=True)",
    "sorted(['bb', 'a', 'cc'], key=len)", "sorted([1, 'a'])",
    "sorted([(1, 'b'), (0, 'a'), (1, 'a')], key=lambda t: t[0], reverse=True)",
    "next(iter([5, 6]))", "next(iter([]))", "next(iter([]), 3)",
    "str(1.5)", "str([1, 'a'])", "str('x')", "str(None)", "repr('it\\'s')",
    "'a\"b'", "'a\\'b\"c'", "'\\n\\t\\\\\\x01\\x7f'", "'caf\\u00e9'",
    "repr('caf\\u00e9')", "len('caf\\u00e9')", "'caf\\u00e9'[3]",
    "'caf\\u00e9'[::-1]", "ord('a')", "chr(98)", "ord('ab')", "bool([])",
    "bool('x')", "tuple([1, 2])", "list('ab')", "set([1]) == {1}",
    "dict([(1, 2)])", "dict(a=1, b=2)", "dict({1: 2}, c=3)", "dict([1])",
    "type(1)", "type('x').__name__", "type(None)", "type(1) is int",
    "type(True) == int", "isinstance(1, int)", "isinstance(True, int)",
    "isinstance(1, (str, float))", "isinstance(1.0, (int, float))",
    "isinstance([], list)", "isinstance(1, object)", "hasattr([], 'append')",
    "hasattr([], 'push')", "getattr(1, 'nope', 5)", "[].nope", "callable(len)",
    "callable(1)", "callable(lambda: 1)",
          "(lambda x, *y, z=3: (x, y, z))(1, 2)",
    "(lambda **k: k)(a=1)", "(lambda x: x)()", "(lambda x: x)(1, 2)",
    "(lambda x: x)(y=1)", "(lambda x, /: x)(x=1)", "(lambda *, a: a)(1)",
    "(lambda x, y=2: (x, y))(*[1], **{'y': 5})", "len(5)", "1()",
    "undefined_name", "'a,b,c'.split(',')", "' a  b '.split()",
    "'a b  c '.split(None, 1)", "'a,b,c'.split(',', 1)",
          "'a,b,c'.rsplit(',', 1)",
    "'aXbXc'.rsplit('X')", "''.split(',')", "''.split()", "'a'.split('')",
    "','.join(['a', 'b'])", "','.join([1])", "' x '.strip()",
    "'xxaxx'.strip('x')", "'xxaxx'.lstrip('x')", "'xxaxx'.rstrip('x')",
    "'Abc'.lower()", "'abc'.upper()", "'hello wORLD'.title()",
    "'hELLO'.capitalize()", "'abc'.startswith('ab')",
    "'abc'.endswith(('x', 'c'))", "'abcabc'.replace('b', 'X')",
    "'aaa'.replace('a', 'b', 2)", "'abcabc'.find('c')", "'abcabc'.rfind('c')",
    "'abc'.find('x')", "'abc'.index('x')", "'aaa'.count('a')",
          "'aaa'.count('')",
    "'12'.isdigit()", "''.isdigit()", "'ab1'.isalpha()", "'ab1'.islower()",
    "'AB'.isupper()", "'42'.zfill(5)", "'-42'.zfill(5)", "'a'.ljust(3) + '|'",
    "'a'.rjust(3, '*')", "'abc'.removeprefix('a')", "'abc'.removesuffix('bc')",
    "str.upper('a')", "[1, 2, 1].count(1)", "[1, 2].index(2)", "[1].index(5)",
    "(1, 2, 1).count(1)", "[3, 1].copy()", "{'a': 1}.get('a')",
    "{'a': 1}.get('b')", "{'a': 1}.get('b', 7)", "{'a': 1}.keys()",
    "{'a': 1}.values()", "{'a': 1}.items()", "list({'a': 1}.items())",
    "len({'a': 1}.keys())", "'a' in {'a': 1}.keys()", "{'a': 1}.pop('a')",
    "{}.pop('a')", "{}.pop('a', 4)", "{'a': 1}.setdefault('a', 5)",
    "(5).bit_length()", "(2.0).is_integer()", "(2.5).is_integer()",
    "'%d' % 5", "'%5d|' % 42", "'%-5d|' % 42", "'%05d' % 42", "'%+d' % 5",
    "'% d' % 5", "'%x' % 255", "'%#x' % 255", "'%X' % 255", "'%o' % 8",
    "'%f' % 3.14159", "'%.2f' % 3.14159", "'%8.3f' % 3.14159",
          "'%e' % 12345.678",
    "'%g' % 0.0001", "'%g' % 1e10", "'%G' % 1e-10", "'%s' % 'a'", "'%r' % 'a'",
    "'%5s|' % 'a'", "'%-5s|' % 'a'", "'%.2s' % 'abc'", "'%s %s' % (1, 2)",
    "'%s' % (1, 2)", "'%s %s' % (1,)", "'%d' % 'a'", "'%d' % 3.99", "'%%' % ()",
    "'%(a)s-%(b)d' % {'a': 1, 'b': 2}", "'%(a)s' % {}", "'a' % 5", "'a' % [1]",
    "'%s' % [1, 2]", "'%s' % ((1, 2),)", "'%d%%' % 50", "'%*d' % (5, 42)",
    "'%.*f' % (2, 3.14159)", "'%i' % 3", "'%s' % None", "'%05.1f' % -2.345",
    "'%+.1e' % 0.0", "'%5s' % True", "'{} {}'.format(1, 2)",
    "'{1} {0}'.format(1, 2)", "'{a} {b}'.format(a=1, b=2)", "'{{}}'.format()",
    "'{:>5}|'.format('a')", "'{:<5}|'.format('a')", "'{:^5}|'.format('a')",
    "'{:*^5}'.format('a')", "'{:05d}'.format(42)", "'{:+d}'.format(5)",
    "'{:,}'.format(1234567)", "'{:_}'.format(1234567)",
          "'{:,.2f}'.format(1234.5)",
    "'{:x}'.format(255)", "'{:#x}'.format(255)", "'{:#b}'.format(5)",
    "'{:.3f}'.format(3.14159)", "'{:8.2f}|'.format(3.14159)",
    "'{:.0%}'.format(0.25)", "'{:.1%}'.format(0.256)",
          "'{:e}'.format(12345.678)",
    "'{:.3}'.format(3.14159)", "'{:.3}'.format(31415.9)",
          "'{:.3}'.format(100.0)",
    "'{:.5}'.format(100.0)", "'{:g}'.format(1e-7)", "'{:5}|'.format(True)",
    "'{}'.format(True)", "'{!r}'.format('a')", "'{!s:>3}'.format(1)",
    "'{0[1]} {0[0]}'.format([1, 2])", "'{a[x]}'.format(a={'x': 1})",
    "'{:{}}|'.format('a', 3)", "'{:{w}.{p}f}'.format(3.14159, w=8, p=2)",
    "'{}'.format()", "'{a}'.format()", "'{'.format()", "'{:d}'.format('a')",
    "'{:d}'.format(1.5)", "'{:s}'.format(1)", "'{:.2}'.format('abc')",
    "'{:.2d}'.format(5)", "'{:=+5d}'.format(3)", "'{:5}|'.format(3)",
    "'{:5}|'.format('a')", "'{:5}|'.format(2.5)", "'{:-<6.1f}'.format(-2.55)",
    "f'{1 + 1}'", "f'{1:>5}'", "f'{3.14159:.2f}'", "f'{\"a\"!r}'", "f'{1}{2}'",
    "f'a{{b}}'", "f'{3:{5}}'", "f'{1.5}'", "f'{None}'", "f'{[1]}'",
    "f'{42=}'", "f'{1e10:g}'", "f'{float(\"inf\"):5}'", "f'{-0.0:.1f}'",
    "f'{1234567.891:,.1f}'", "f'{12:08.3f}'", "f'{-12:08.3f}'", "f'{255:#06x}'",
    "f'{None:5}'", "f'{[]:5}'", "...", "(1, 2) == [1, 2]", "[1, [2, [3]]]",
    "[[1, 2], [3, 4]][1][0]", "(lambda: (yield_ := 1))()",
    "[i for i in range(5) if i if i > 2]", "[a for a, *b in [(1, 2), (3,)]]",
    "(lambda a, b=[]: b)(1)", "str(1e22)", "str(1.0)", "str(100000.0)",
    "repr(1.1)", "5 .__class__", "1_000", "0x1f", "0b11", "1e3", "int('0')",
    "'%c' % 'a' if 0 else 1", "isinstance('a', type('b'))", "1 != 1.0",
    "None == 0", "None != None", "[None] == [None]", "not []", "'' == ''",
    "ImportError.__name__", "int is int", "str == str", "len([[]] * 3)",
    "int(1e18)", "9007199254740993 == 9007199254740992.0", "2**62 < 1e19",
    "2**62 > 1e30", "-2**62", "(2**62 - 1) * 2 + 1", "3 % 2.5", "-3 % 2.5",
    "5.0 // 0.1", "1e17 % 3", "0.3 // 0.1", "7 // 0.7", "divmod(1.0, 0.1)",
    /* clang-format on */
};

static void fixed_expressions_give_what_python_gives(void)
{
    cvyi_text lines = { 0 };

    for (size_t i = 0; i < N_ROWS(fixed); i++)
        cvyi_text_printf(&lines, "%s\n", fixed[i]);
    CHECK_EQ(compare(&lines, true), 0);
    cvyi_text_close(&lines);
}

/* ---- random ones ---- */

static uint64_t state;

static unsigned pick(unsigned n)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(state >> 33) % n;
}

#define PICK(list) ((list)[pick(sizeof(list) / sizeof *(list))])

static void put_number(cvyi_text *out, int depth)
{
    static const char *const leaves[] = {
        "0",   "1",   "-1",   "2",     "3",    "7",    "-5",   "10",
        "255", "1.5", "-0.5", "0.1",   "2.5",  "1e10", "-3.0", "True",
        "100", "64",  "1e-3", "33.75", "12.0", "1000", "False"
    };
    static const char *const operators[] = { "+",  "-",  "*",  "/", "//", "%",
                                             "**", "<<", ">>", "&", "|",  "^",
                                             "<",  "<=", "==", "!=" };
    static const char *const calls[] = { "abs(",   "-(",    "int(",  "float(",
                                         "round(", "not (", "bool(", "+(" };

    if (depth == 0 || pick(4) == 0) {
        cvyi_text_put(out, PICK(leaves));
    } else if (pick(4) == 0) {
        cvyi_text_printf(out, "(%s", PICK(calls));
        put_number(out, depth - 1);
        cvyi_text_put(out, "))");
    } else {
        cvyi_text_put(out, "(");
        put_number(out, depth - 1);
        cvyi_text_printf(out, " %s ", PICK(operators));
        put_number(out, depth - 1);
        cvyi_text_put(out, ")");
    }
}

static void put_bound(cvyi_text *out)
{
    if (pick(3) > 0)
        cvyi_text_printf(out, "%d", (int)pick(17) - 8);
}

static void put_slice(cvyi_text *out)
{
    static const char *const bases[] = {
        "[0, 1, 2, 3, 4, 5, 6]", "'abcdefg'", "(9, 8, 7, 6, 5)",
        "range(2, 20, 3)",       "[]",        "range(9, -9, -2)"
    };

    cvyi_text_printf(out, "list(%s[", PICK(bases));
    put_bound(out);
    cvyi_text_put(out, ":");
    put_bound(out);
    cvyi_text_put(out, ":");
    put_bound(out);
    cvyi_text_put(out, "])");
}

static void put_format(cvyi_text *out)
{
    static const char *const aligns[] = { "", "<", ">", "^", "=", "*>", "x^" };
    static const char *const signs[] = { "", "+", "-", " " };
    static const char *const types[] = { "",  "d", "f", "e", "g", "x", "b",
                                         "%", "s", "E", "G", "o", "X" };
    static const char *const values[] = { "0",          "42",       "-7",
                                          "3.14159",    "-0.5",     "1e10",
                                          "'abc'",      "True",     "1e-7",
                                          "123456.789", "-1234567", "99.995" };

    cvyi_text_printf(out, "('{:%s%s%s%s", PICK(aligns), PICK(signs),
                     pick(6) ? "" : "#", pick(4) ? "" : "0");
    if (pick(2))
        cvyi_text_printf(out, "%u", pick(12) + 1);
    cvyi_text_put(out, pick(5) ? "" : ",");
    if (pick(2))
        cvyi_text_printf(out, ".%u", pick(6));
    cvyi_text_printf(out, "%s}').format(%s)", PICK(types), PICK(values));
}

static void put_percent(cvyi_text *out)
{
    static const char *const flags[] = { "",  "-",  "0",  "+", " ",
                                         "#", "-+", "0+", "-0" };
    static const char *const types[] = { "d", "f", "e", "g", "x", "s",
                                         "r", "i", "E", "G", "o", "X" };
    static const char *const values[] = { "0",          "42",   "-7",
                                          "3.14159",    "-0.5", "1e10",
                                          "'abc'",      "True", "1e-7",
                                          "123456.789", "None", "[1, 2]" };

    cvyi_text_printf(out, "'%%%s", PICK(flags));
    if (pick(2))
        cvyi_text_printf(out, "%u", pick(12) + 1);
    if (pick(2))
        cvyi_text_printf(out, ".%u", pick(6));
    cvyi_text_printf(out, "%s' %% %s", PICK(types), PICK(values));
}

static void random_expressions_give_what_python_gives(void)
{
    const char *const given = getenv("CVYT_SEED");
    const unsigned seed = given != NULL ? (unsigned)atol(given) : 1;
    cvyi_text lines = { 0 };
    int refused;

    printf("seed %u\n", seed);
    state = seed;
    for (int i = 0; i < 1600; i++) {
        switch (i % 4) {
        case 0:
            put_number(&lines, 3);
            break;
        case 1:
            put_slice(&lines);
            break;
        case 2:
            put_format(&lines);
            break;
        default:
            put_percent(&lines);
            break;
        }
        cvyi_text_put(&lines, "\n");
    }
    refused = compare(&lines, false);
    printf("%d of 1600 refused\n", refused);
    CHECK(refused < 400);
    cvyi_text_close(&lines);
}

static const check_case cases[] = {
    { "fixed_expressions_give_what_python_gives",
      fixed_expressions_give_what_python_gives },
    { "random_expressions_give_what_python_gives",
      random_expressions_give_what_python_gives },
};
CHECK_MAIN(cases)
