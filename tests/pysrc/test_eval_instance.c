/* tests/pysrc/test_eval_instance.c - a lenient host: __dict__ of objects. */
#include "pysrc/lenient.h"

#define BAG                              \
    "class Bag(object):\n"               \
    "    size = 9\n"                     \
    "    def __init__(self, **kw):\n"    \
    "        self.__dict__.update(kw)\n" \
    "b = Bag(x=1, y=2)\n"

/* clang-format off */
static const row both_are_the_same_rows[] = {
    { BAG "r = b.x + b.y", "3" },
    { BAG "r = b.__dict__", "{'x': 1, 'y': 2}" },
    { BAG "r = vars(b)", "{'x': 1, 'y': 2}" },
    { BAG "d = b.__dict__\nb.z = 3\nr = d", "{'x': 1, 'y': 2, 'z': 3}" },
    { BAG "d = b.__dict__\nd['x'] = 5\nr = b.x", "5" },
    { BAG "vars(b)['new'] = 5\nr = b.new", "5" },
    { BAG "d = b.__dict__\ndel b.x\nr = d", "{'y': 2}" },
    { BAG "d = b.__dict__\ndel d['x']\nr = hasattr(b, 'x')", "False" },
    { BAG "r = b.__dict__.pop('x'), hasattr(b, 'x')", "(1, False)" },
    { BAG "b.__dict__.popitem()\nr = hasattr(b, 'y')", "False" },
    { BAG "b.__dict__.clear()\nr = hasattr(b, 'x'), b.size", "(False, 9)" },
    { BAG "b.__dict__.setdefault('z', 4)\nr = b.z", "4" },
    { BAG "r = [k + str(v) for k, v in b.__dict__.items()]",
      "['x1', 'y2']" },
    { BAG "r = 'x' in b.__dict__, 'size' in b.__dict__", "(True, False)" },
    { BAG "def f(**kw): return sorted(kw)\nr = f(**b.__dict__)",
      "['x', 'y']" },
    { BAG "r = b.__dict__ is b.__dict__", "True" },
    { BAG "d = dict(b.__dict__)\nd['x'] = 7\nr = b.x", "1" },
    { BAG "import copy\nr = b.__dict__.copy() == b.__dict__", "True" },
    { BAG "setattr(b, 'x', 4)\nr = b.__dict__['x']", "4" },
    { BAG "for k in list(b.__dict__): setattr(b, k, 0)\nr = b.__dict__",
      "{'x': 0, 'y': 0}" },
    { "class Bag:\n    def __init__(self, **kw):\n"
      "        self.__dict__ = kw\n        self.z = 3\n"
      "b = Bag(x=1)\nr = b.x, b.z, b.__dict__", "(1, 3, {'x': 1, 'z': 3})" },
    { "class Bag: pass\nb = Bag()\nb.old = 1\nd = {'x': 2}\n"
      "b.__dict__ = d\nd['y'] = 3\nr = hasattr(b, 'old'), b.x, b.y",
      "(False, 2, 3)" },
    { "class Bag:\n    x = property(lambda self: 5)\nb = Bag()\n"
      "b.__dict__['x'] = 1\nr = b.x", "5" },
};

static const row what_is_in_doubt_stays_so_rows[] = {
    { BAG "b.__dict__.update(what.f())\nr = b.x", "?module what" },
    { BAG "what.f(b.__dict__)\nr = b.x", "?module what" },
    { BAG "what.f(vars(b))\nr = b.x", "?module what" },
    { BAG "if what: b.__dict__['x'] = 3\nr = b.x", "?depends on" },
    { BAG "if what: b.__dict__['z'] = 3\nr = b.y", "?depends on" },
    { BAG "if what: b.__dict__.update(x=3)\nr = b.y", "?depends on" },
    { BAG "d = b.__dict__\nif what: b.x = 3\nr = d['x']", "?depends on" },
    { BAG "d = b.__dict__\nif what: b.x = 3\nr = d['y']", "2" },
    { BAG "b.__dict__[what] = 3\nr = b.x", "?module what" },
    { BAG "setattr(b, what, 3)\nr = b.__dict__", "?module what" },
    { BAG "b.__dict__ = what\nr = b.z", "?is set" },
    /* One dict for several objects. */
    { "class Borg:\n    all = {'x': 1}\n    def __init__(self):\n"
      "        self.__dict__ = self.all\na, b = Borg(), Borg()\n"
      "b.x = 2\nr = a.x", "?" },
};
/* clang-format on */

static void both_are_the_same(void)
{
    check_files(both_are_the_same_rows, N_ROWS(both_are_the_same_rows));
}

static void what_is_in_doubt_stays_so(void)
{
    check_files(what_is_in_doubt_stays_so_rows,
                N_ROWS(what_is_in_doubt_stays_so_rows));
}

static const check_case cases[] = {
    { "both are the same", both_are_the_same },
    { "what is in doubt stays so", what_is_in_doubt_stays_so },
};
CHECK_MAIN(cases)
