/* tests/pysrc/test_eval_class.c - classes, instances, super, properties. */
#define _GNU_SOURCE
#include "pysrc/run_eval.h"

static const row class_rows[] = {
    /* clang-format off */
        { "class A:\n    k = 1\n    def f(self): return self.k\n"
          "a = A()\nA.k = 5\nb = A()\nb.k = 7\nreturn a.f(), b.f(), A.f(b)",
          "(5, 7, 7)" },
        { "class A(object):\n"
          "    def __init__(self, x, y=2): self.x, self.y = x, y\n"
          "a = A(1, y=3)\nreturn a.x, a.y, type(a).__name__, a.__class__ is A",
          "(1, 3, 'A', True)" },
        { "class A:\n    def f(self): return 'A'\n"
          "class B(A):\n    def f(self): return 'B' + super().f()\n"
          "class C(B):\n    def f(self): return 'C' + super(C, self).f()\n"
          "return C().f()", "'CBA'" },
        { "class A:\n    def f(self): return 'A'\n"
          "class B(A):\n    def f(self): return 'B' + super().f()\n"
          "class C(A):\n    def f(self): return 'C' + super().f()\n"
          "class D(B, C):\n    def f(self): return 'D' + super().f()\n"
          "return D().f()", "'DBCA'" },
        { "class A:\n    def __init__(self, **k): super().__init__()\n"
          "class B:\n    def __init__(self): self.b = 1\n"
          "class C(A, B): pass\nreturn C(q=1).b", "1" },
        { "class A:\n    @property\n    def p(self): return self._p * 2\n"
          "    @p.setter\n    def p(self, v): self._p = v\n"
          "a = A()\na.p = 4\nreturn a.p", "8" },
        { "class A:\n    @staticmethod\n    def s(x): return x\n"
          "    @classmethod\n    def c(cls, x): return cls.__name__, x\n"
          "class B(A): pass\nreturn A.s(1), A().s(2), B.c(3), B().c(4)",
          "(1, 2, ('B', 3), ('B', 4))" },
        { "class A:\n    def __call__(self, x): return x + 1\n"
          "return A()(1), list(map(A(), [1, 2]))", "(2, [2, 3])" },
        { "class A:\n    def __getitem__(self, i): return i * 2\n"
          "    def __len__(self): return 3\n"
          "    def __contains__(self, x): return x == 9\n"
          "    def __iter__(self): return iter([7, 8])\n"
          "a = A()\nreturn a[4], len(a), 9 in a, 8 in a, list(a), bool(a)",
          "(8, 3, True, False, [7, 8], True)" },
        { "class A:\n    def __getitem__(self, i):\n"
          "        if i > 2: raise IndexError\n        return i\n"
          "return list(A()), [*A()], 2 in A()",
          "([0, 1, 2], [0, 1, 2], True)" },
        { "class A:\n    def __setitem__(self, k, v): self.l = (k, v)\n"
          "a = A()\na[1] = 2\nreturn a.l", "(1, 2)" },
        { "class A:\n    def __init__(self, v): self.v = v\n"
          "    def __add__(self, o): return A(self.v + o.v)\n"
          "    def __rmul__(self, n): return A(n * self.v)\n"
          "    def __neg__(self): return A(-self.v)\n"
          "    def __eq__(self, o): return self.v == o.v\n"
          "    def __lt__(self, o): return self.v < o.v\n"
          "    def __repr__(self): return f'A({self.v})'\n"
          "x = A(1) + A(2)\nx += A(5)\n"
          "return x, 3 * A(2), -A(1), A(1) == A(1), A(1) != A(1), "
          "sorted([A(3), A(1)]), A(2) > A(1), [A(1)] == [A(1)]",
          "(A(8), A(6), A(-1), True, False, [A(1), A(3)], True, True)" },
        { "class A:\n    def __str__(self): return 's'\n"
          "    def __repr__(self): return 'r'\n"
          "return str(A()), repr(A()), f'{A()}{A()!r}', '%s %r' % (A(), A())",
          "('s', 'r', 'sr', 's r')" },
        { "class A:\n    def __getattr__(self, n): return n + '!'\n"
          "a = A()\na.x = 1\nreturn a.x, a.y, hasattr(a, 'z')",
          "(1, 'y!', True)" },
        { "class A: pass\na = A()\nsetattr(a, 'x', 5)\n"
          "r = [hasattr(a, 'x'), hasattr(a, 'y'), getattr(a, 'y', 7)]\n"
          "del a.x\nreturn r + [hasattr(a, 'x')]", "[True, False, 7, False]" },
        { "class A: pass\nclass B(A): pass\n"
          "return isinstance(B(), A), isinstance(A(), B), issubclass(B, A), "
          "isinstance(B(), (int, A)), isinstance(1, A)",
          "(True, False, True, True, False)" },
        { "class A:\n    x = 1\n"
          "    y = [x + i for i in range(2)] if 0 else x + 1\n"
          "return A.y", "2" },
        { "class A:\n"
          "    def __init__(self): self.l = [self.f(i) for i in range(2)]\n"
          "    def f(self, i): return [super(A, self).__init__() for _ in "
          "[i]], i\n"
          "return A().l", "[([None], 0), ([None], 1)]" },
        { "class A:\n    def f(self): return 1\na = A()\ng = a.f\n"
          "a.f = lambda: 2\nreturn g(), a.f(), A.f(a)", "(1, 2, 1)" },
        { "def make(n):\n    class A:\n        def f(self): return n\n"
          "    return A\n"
          "return make(1)().f() + make(5)().f()", "6" },
        { "x = 'outer'\nclass A:\n    x = 'inner'\n    def f(self): return x\n"
          "return A().f(), A.x", "('outer', 'inner')" },
        { "class A: pass\na, b = A(), A()\nreturn a == a, a == b, a in [b, a], "
          "{a: 1}[a]", "(True, False, True, 1)" },
        { "class A:\n    def __bool__(self): return False\n"
          "return 1 if A() else 2, not A()", "(2, True)" },
    /* clang-format on */
};

static void classes_do_what_python_does(void)
{
    check_rows(class_rows, N_ROWS(class_rows));
}

static void what_classes_cannot_do_is_refused(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "class A: pass\nA(1)", "A() takes no arguments" },
        { "class A: pass\nreturn A().x", "an instance of A has no attribute" },
        { "class A: pass\nA()()", "an instance of A cannot be called" },
        { "class A: pass\nreturn A() + 1", "TypeError" },
        { "class A: pass\nreturn str(A())", "no text of its own" },
        { "class A: pass\nclass B(A): pass\nclass C(A, B): pass",
          "cannot be put in order" },
        { "class A:\n    def __new__(cls): pass", "__new__" },
        { "class A:\n    @property\n    def p(self): return 1\nA().p = 2",
          "has no setter" },
        { "class A:\n    def __eq__(self, o): return True\nreturn {A(): 1}",
          "is a key" },
        { "super().x", "outside of a method" },
        { "class A:\n    def f(self): return super().nothing()\nA().f()",
          "no attribute 'nothing'" },
        { "class A:\n    def f(self): return 1\nA.f()",
          "misses the argument 'self'" },
        /* clang-format on */
    };

    check_refusals(rows, N_ROWS(rows));
}

static const check_case cases[] = {
    { "classes_do_what_python_does", classes_do_what_python_does },
    { "what_classes_cannot_do_is_refused", what_classes_cannot_do_is_refused },
};
CHECK_MAIN(cases)
