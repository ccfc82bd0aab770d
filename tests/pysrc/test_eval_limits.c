/* tests/pysrc/test_eval_limits.c - steps, depth, memory, time, allocations. */
#define _GNU_SOURCE
#include "pysrc/run_eval.h"

static const row sources[] = {
    /* clang-format off */
    { "while True: pass", "steps" },
    { "for i in range(10 ** 15): pass", "steps" },
    { "l = []\nwhile True: l.append(l)", "steps" },
    { "def f(n): return f(n + 1)\nf(0)", "deeper than" },
    { "f = lambda n: [g(n) for _ in [1]]\ng = lambda n: f(n)\nf(0)",
      "deep" },
    { "a = (1,)\nb = (1,)\nfor i in range(64):\n    a = (a, a)\n"
      "    b = (b, b)\nx = a == b", "steps" },
    { "a = 'a'\nwhile True: a = a + a", "more than" },
    { "a = [1]\nwhile True: a = a + a", "MiB" },
    { "a = [1]\nfor i in range(64): a = [a, a]\nx = str(a)", "" },
    { "x = ','.join(['a' * 1000] * 10000000)", "MiB" },
    { "x = ('a' * 100000).replace('a', 'b' * 100000)", "MiB" },
    { "d = {}\nwhile True: d[len(d)] = 1", "" },
    { "s = set()\nwhile True: s.add(len(s))", "" },
    { "x = list(zip(*[range(10 ** 9)] * 1000))", "" },
    { "x = [1] * 2000000\nx *= 1000000", "MiB" },
    { "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\n"
      "A().x", "deep" },
    { "class A:\n    def __repr__(self): return repr(self)\nx = repr(A())",
      "deep" },
    { "class A:\n    def __eq__(self, o): return self == o\nx = A() == 1",
      "deep" },
    /* clang-format on */
};

static void every_endless_source_ends(void)
{
    static const cvyi_py_limits limits = { .steps = 200000,
                                           .memory = 32 << 20 };

    run r = { 0 };

    for (size_t i = 0; i < N_ROWS(sources); i++)
        run_add_row(&r, i, sources[i].body);
    run_parse(&r);
    for (size_t i = 0; i < N_ROWS(sources); i++) {
        cvyi_text text = { 0 };

        CHECK_EQ(run_eval(&r, &empty_host, &limits), CVY_OK);
        if (run_row(&text, &r, i) != CVY_UNSUPPORTED)
            CHECK_FAIL("%s: ends well", sources[i].body);
        if (strstr(r.err.text, sources[i].want) == NULL)
            CHECK_FAIL("%s: %s", sources[i].body, r.err.text);
        CHECK(r.err.line > 0);
        cvyi_text_close(&text);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
    }
    run_close(&r);
}

static void time_is_bounded(void)
{
    static const cvyi_py_limits limits = { .steps = INT64_MAX,
                                           .seconds = 0.05 };
    run r = { 0 };

    cvyi_text_put(&r.source, "while True: pass\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, &limits), CVY_UNSUPPORTED);
    CHECK(strstr(r.err.text, "0.05 seconds") != NULL);
    run_close(&r);
}

/* Expressions as deep as the parser lets them be, inside calls. */
static void deep_calls_of_deep_expressions_fit_the_stack(void)
{
    run r = { 0 };

    cvyi_text_put(&r.source, "def f(n):\n    return ");
    for (int i = 0; i < 90; i++)
        cvyi_text_put(&r.source, "(1 + ");
    cvyi_text_put(&r.source, "[f(k + 1) for k in [n]][0]");
    for (int i = 0; i < 90; i++)
        cvyi_text_put(&r.source, ")");
    cvyi_text_put(&r.source, "\nf(0)\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &empty_host, NULL), CVY_UNSUPPORTED);
    CHECK(strstr(r.err.text, "deep") != NULL);
    run_close(&r);
}

static const char everything[] =
    "WIDTH = 3\n"
    "try:\n    import nothing\nexcept ImportError as e:\n    nothing = None\n"
    "class A:\n"
    "    k = [1, 2]\n"
    "    def __init__(self, a, *r, b=2, **m):\n"
    "        self.a, self.r, self.b, self.m = a, r, b, m\n"
    "    def __call__(self, x): return [x, *self.r]\n"
    "    @property\n    def p(self): return self.a\n"
    "class B(A):\n"
    "    def __init__(self, *a, **k): super().__init__(*a, **k)\n"
    "b = B(1, 2, 3, b=4, c=5)\n"
    "s = f'{b.p:>5} {WIDTH!r}' + '%s %05.1f' % ('x', 2.5)\n"
    "s += '{0} {a}'.format(1, a=[2]).upper().replace('1', 'one')\n"
    "l = sorted([3, 1, 2], key=lambda v: -v) + list(zip('ab', range(2)))\n"
    "d = {k: v for k, v in enumerate('abc')}\n"
    "d.update({1: 2}, x=5)\n"
    "t = {1, 2} | {3}, [y := 4], l[::2], 'abc'[1:], d.items(), {**d}\n"
    "x, *y = b(1)\n"
    "try:\n    raise ValueError('a')\nexcept ValueError as e:\n    z = str(e)\n"
    "m = max([1, 5]), sum(range(4)), ' '.join(['a', 'b']).split()\n"
    "del d[0], l[0]\n"
    "l += [1]\nl *= 2\n";

static void refused_allocations_end_in_memory_errors(void)
{
    run r = { 0 };
    size_t n = 0;

    cvyi_text_put(&r.source, everything);
    run_parse(&r);
    for (n = 1; n < 5000; n++) {
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = run_eval(&r, &empty_host, NULL);
        cvyi_alloc_refuse(0);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
        if (status == CVY_OK)
            break;
        if (status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: line %d: %s", n, (int)r.err.line,
                       r.err.text);
    }
    CHECK(n > 10);
    CHECK(n < 5000);
    run_close(&r);
}

/* The arena takes big blocks; a limit refuses every single piece. */
static void any_limit_of_memory_and_steps_ends_in_a_refusal(void)
{
    run r = { 0 };
    cvyi_py_limits limits = { 0 };
    cvy_status status = CVY_UNSUPPORTED;

    cvyi_text_put(&r.source, everything);
    run_parse(&r);
    for (size_t memory = 20000; status != CVY_OK; memory += 1597) {
        limits.memory = memory;
        status = run_eval(&r, &empty_host, &limits);
        CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
    }
    limits.memory = 0;
    status = CVY_UNSUPPORTED;
    for (int64_t steps = 1; status != CVY_OK; steps += 37) {
        limits.steps = steps;
        status = run_eval(&r, &empty_host, &limits);
        CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
        cvyi_py_eval_close(r.eval);
        r.eval = NULL;
    }
    run_close(&r);
}

static const check_case cases[] = {
    { "every_endless_source_ends", every_endless_source_ends },
    { "time_is_bounded", time_is_bounded },
    { "deep_calls_of_deep_expressions_fit_the_stack",
      deep_calls_of_deep_expressions_fit_the_stack },
    { "refused_allocations_end_in_memory_errors",
      refused_allocations_end_in_memory_errors },
    { "any_limit_of_memory_and_steps_ends_in_a_refusal",
      any_limit_of_memory_and_steps_ends_in_a_refusal },
};
CHECK_MAIN(cases)
