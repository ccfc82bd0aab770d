/* tests/pysrc/test_eval_doubt.c - a lenient host: what may have run or not. */
#include "pysrc/lenient.h"

/* ---- conditions that are not known ---- */

/* clang-format off */
static const row both_branches_are_in_doubt_rows[] = {
    { "r = 1\nif what: r = 2", "? depends on line " },
    { "r = 1\nif what: pass\nelse: r = 2", "?depends on" },
    { "r = 1\nif what: pass\nelif 1: r = 2", "?depends on" },
    { "r = 1\nif kit.part(): r = 2", "?neither true nor false" },
    { "r = 1\nif what: x = 2", "1" },
    { "if what: x = 2\nr = x", "?depends on" },
    { "r = 1\nif what: r += 1", "?depends on" },
    { "r = 1\nif what:\n    for r in [1]: pass", "?depends on" },
    { "r = 1\nif what:\n    with x as r: pass", "?depends on" },
    { "r = 1\nif what:\n    import a as r", "?depends on" },
    { "r = 1\nif what:\n    def r(): pass", "?depends on" },
    { "r = 1\nif what:\n    class r: pass", "?depends on" },
    { "r = 1\nif what:\n    a, (b, *r) = 1, (2, 3)", "?depends on" },
    { "r = 1\nif what:\n    while x: r = 2", "?depends on" },
    { "r = 1\nif what:\n    try:\n        pass\n    except E:\n"
      "        r = 2", "?depends on" },
    { "r = 1\nif what:\n    del r", "?depends on" },
    { "r = 1\nif what:\n    (r := 2)", "?depends on" },
    { "r = 1\nif what: raise ValueError\nelse: print(1)", "1" },
    { "r = 1\nif what: what.f(r)", "1" },
    { "class A: x = 1\na = A()\nif what: a.x = 2\nr = a.x",
      "?depends on" },
    { "class A: x = 1\na = A()\nif what: a.x = 2\nr = A().x", "1" },
    { "class A: x = 1\nif what: A.x = 2\nr = A().x", "?depends on" },
    { "class A: x = 1\na = A()\nif what: setattr(a, 'x', 2)\nr = a.x",
      "?depends on" },
    { "class A: x = 1\na = A()\nif what: setattr(a, what, 2)\nr = a.y",
      "?depends on" },
    { "class A: x = 1\na = A()\nsetattr(a, what, 2)\nr = a.y",
      "?module what" },
    { "class A: x = 1\na = A()\nsetattr(a, what, 2)\nr = a.x", "1" },
    { "class A:\n    def f(self): self.x = 1\na = A()\n"
      "if what: a.f()\nr = a.x", "?depends on" },
    { "class A:\n    def f(self): self.g(1)\n"
      "    def g(self, n): self.x = n\na = A()\n"
      "if what: a.f()\nr = a.x", "?depends on" },
    { "class A: pass\ndef f(a): a.x = 1\na = A()\n"
      "if what: f(a)\nr = a.x", "?depends on" },
    { "def f():\n    global r\n    r = 2\nr = 1\nif what: f()",
      "?depends on" },
    { "def f(l): l.append(1)\nr = []\nif what: f(r)", "?depends on" },
    { "def f(n): r = n\nr = 1\nif what: f(2)", "1" },
    { "d = {'a': 1, 'b': 2}\nif what: d['a'] = 3\nr = d['a']",
      "?depends on" },
    { "d = {'a': 1, 'b': 2}\nif what: d['a'] = 3\nr = d['b']", "2" },
    { "r = {'a': 1}\nif what: r['c'] = 3", "?depends on" },
    { "d = {'a': 1}\nif what: d['c'] = 3\nr = d['a']", "?depends on" },
    { "r = {'a': 1}\nif what: r[what] = 3", "?depends on" },
    { "l = [1, 2]\nif what: l[-1] = 3\nr = l[0]", "1" },
    { "l = [1, 2]\nif what: l[-1] = 3\nr = l[1]", "?depends on" },
    { "class A: pass\na = A()\na.l = [[1]]\n"
      "if what: a.l[0].append(2)\nr = a.l[0]", "?depends on" },
    { "r = []\nif what:\n    r += [1]", "?depends on" },
    { "r = [1]\nif what: x = [r.pop() for i in range(1)]",
      "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = len(l)", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = l[0]", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = [x for x in l]",
      "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = 1 if l else 2",
      "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = 1 in l", "?depends on" },
    { "l = [1]\nif what: l.append(2)\na, = l\nr = a", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = l + [1]", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = l == [1]", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = str(l)", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = list(zip(l, l))",
      "?depends on" },
    { "l = [1]\nif what: l.append(2)\nl.append(3)\nr = l",
      "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = l.pop()", "?depends on" },
    { "l = [1]\nif what: l.append(2)\nr = isinstance(l, list)", "True" },
    { "l = [1]\nif what: l.append(2)\nr = l is None", "False" },
    { "l = [1]\nif what: l.append(2)\nl[5] = 2\nr = 1", "1" },
    { "l = [1]\nif what: l.index(2)\nr = l", "[1]" },
    { "d = {1: 2}\nif what: d.update({3: 4})\nr = d.get(1)",
      "?depends on" },
    { "d = {1: 2}\nif what: d.update({3: 4})\nr = list(d.items())",
      "?depends on" },
    { "r = set()\nif what: r.add(1)", "?depends on" },
    { "l = [1]\nl.extend(what)\nr = l", "?module what" },
    { "l = [1]\nl.append(what)\nr = len(l)", "2" },
    { "l = [1]\nl.insert(what, 2)\nr = l", "?module what" },
    { "l = [1]\nl += what\nr = l", "?module what" },
    { "l = [2, 1]\nl.sort(key=what)\nr = l", "?module what" },
    { "d = {}\nd[what] = 1\nr = d", "?module what" },
    { "l = [1]\nl[what] = 1\nr = l", "?module what" },
    { "l = [1]\nwhat.shuffle(l)\nr = l", "?module what" },
    { "l = [1]\nwhat.log(l)\nr = l", "[1]" },
    { "x = kit.part()\nx[0] = 1\nr = x", "?its items be set" },
    { "class A: pass\na = A()\na.x = kit.part()\na.x[0] = 1\nr = a.x",
      "?its items be set" },
    { "r = 1\nmatch what:\n    case 1: r = 2", "?Match" },
    { "r = 1\nmatch what:\n    case 1: rr = 2", "1" },
};
/* clang-format on */

static void both_branches_are_in_doubt(void)
{
    check_files(both_branches_are_in_doubt_rows,
                N_ROWS(both_branches_are_in_doubt_rows));
}

/* clang-format off */
static const row leaving_in_doubt_skips_the_rest_rows[] = {
    { "def f():\n    if what: return 1\n    return 2\nr = f()",
      "?depends on" },
    { "l = []\ndef f():\n    if what: return 1\n    l.append(1)\nf()\n"
      "r = l", "?depends on" },
    { "def f():\n    for i in [1, 2]:\n        if what: return i\n"
      "    return 0\nr = f()", "?depends on" },
    { "def f():\n    def g(): return 1\n    if what: h = lambda: g()\n"
      "    return 2\nr = f()", "2" },
    { "r = 0\nfor i in [1, 2]:\n    if what: break\n    r = i",
      "?depends on" },
    { "r = 0\nfor i in [1, 2]:\n    r = i\n    if what: continue",
      "?depends on" },
    { "r = 0\nfor i in [1, 2]:\n    if what: break\n", "0" },
    { "for r in [1, 2]:\n    if what: break\n", "?depends on" },
    { "r = 0\nwhile True:\n    if what: break\n    r = 1", "?depends on" },
    { "r = 0\nwhile True:\n    r = 5\n    if what: break\nx = 1",
      "?depends on" },
    { "r = 0\nwhile True:\n    try:\n        if what: break\n"
      "    finally:\n        pass\n", "0" },
    { "r = 0\nfor i in [1]:\n    for j in [1]:\n        if what: break\n"
      "    r = 1", "1" },
    { "r = 0\nfor x in what: r = 1", "?depends on" },
    { "r = 0\nfor r in what: pass", "?depends on" },
    { "r = 0\nfor x in what: break\nelse: r = 1", "?depends on" },
    { "r = 0\nwhile what: r = 1", "?depends on" },
    { "r = 0\nwhile what: break", "0" },
    { "def f():\n    while what: return 1\n    return 2\nr = f()",
      "?depends on" },
    { "def f():\n    with what:\n        if what: return 1\n"
      "    return 2\nr = f()", "?depends on" },
    { "r = 0\nfor x in kit.part(): r = 1", "?iterated over" },
};
/* clang-format on */

static void leaving_in_doubt_skips_the_rest(void)
{
    check_files(leaving_in_doubt_skips_the_rest_rows,
                N_ROWS(leaving_in_doubt_skips_the_rest_rows));
}

/* ---- loops that do nothing ---- */

/* clang-format off */
static const row training_loops_end_early_rows[] = {
    { "for i in range(10 ** 12):\n    x = what.next()\n    what.run(x)\n"
      "r = 1", "1" },
    { "for i in range(10 ** 12):\n    x = what.next()\nr = x",
      "?module what" },
    { "while True:\n    what.run()\nr = 1", "1" },
    { "step = 0\nwhile step < 10 ** 12:\n    step += 1\n"
      "    x = what.run(step)\n    if step % 100 == 0:\n"
      "        print(step, x)\nr = step", "?not followed to its end" },
    { "for e in range(10 ** 6):\n    for b in range(0, 10 ** 6, 50):\n"
      "        batch = b + 50\n        what.run(batch)\nr = 1", "1" },
    { "r = 0\nfor i in range(4):\n    what.run(i)\n    r += 1", "4" },
    { "r = 0\nfor i in range(4):\n    what.run(i)\n"
      "    if i == 3: r = 1", "1" },
    { "while True: r = 1", "!steps" },
    { "for i in range(10 ** 12):\n    r = i\n    print(what)", "!steps" },
    { "r = []\nfor i in range(4): r.append(what)\nr = len(r)", "4" },
    { "for i in range(4): pass\nr = i", "3" },
    { "class A: pass\na = A()\nfor i in range(3):\n    a.x = i\n"
      "    what.run()\nr = a.x", "2" },
};
/* clang-format on */

static void training_loops_end_early(void)
{
    check_files(training_loops_end_early_rows,
                N_ROWS(training_loops_end_early_rows));
}

/* However long: a loop that makes parts is gone through. */
static void loops_that_make_parts_are_followed(void)
{
    run r = { 0 };

    n_made = 0;
    cvyi_text_put(&r.source, "import kit\n"
                             "for i in range(30000):\n"
                             "    a = i + i + i + i + i + i + i + i + i\n"
                             "    p = kit.part()\n"
                             "for i in range(300000):\n"
                             "    d = kit.data()\n"
                             "    open('x')\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &lenient, NULL), CVY_OK);
    CHECK(n_made > 30000);
    CHECK(n_made < 330000);
    run_close(&r);
}

static const check_case cases[] = {
    { "both_branches_are_in_doubt", both_branches_are_in_doubt },
    { "leaving_in_doubt_skips_the_rest", leaving_in_doubt_skips_the_rest },
    { "training_loops_end_early", training_loops_end_early },
    { "loops_that_make_parts_are_followed",
      loops_that_make_parts_are_followed },
};
CHECK_MAIN(cases)
