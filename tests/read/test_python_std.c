/*
 * tests/read/test_python_std.c - the standard library and NumPy, as a lenient
 * host has them. What each row wants is what Python gave.
 */
#include "pysrc/lenient.h"

#include "read/python/std/array.h"
#include "read/python/std/import.h"

static cvy_status import_std(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, cvy_error *err)
{
    bool known;

    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "there is no %s", dotted);
}

static cvy_status preset_size(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, const char *name,
                              cvy_error *err)
{
    (void)eval;
    (void)err;
    *found = strcmp(name, "width") == 0;
    if (*found)
        *out = cvyi_py_int(64);
    return CVY_OK;
}

static const cvyi_py_host std_host = { .import = import_std,
                                       .lenient = true,
                                       .preset = preset_size };
static const cvyi_py_host strict_host = { .import = import_std };

static const char imports[] =
    "import math, operator, functools, itertools, collections, copy, os, sys\n"
    "import argparse, numpy as np\n";

/* Rows of a file whose host is the one above. */
static void check_std(const row *rows, size_t n)
{
    check_files_of(rows, n, &std_host, imports);
}

/* clang-format off */
static const row math_rows[] = {
    { "r = math.ceil(7 / 2), math.floor(-1.5), math.trunc(2.7), math.ce"
      "il(3)",
      "(4, -2, 2, 3)" },
    { "r = math.sqrt(16), math.log(math.e), math.log(8, 2), math.log2(8"
      "), math.log10(1000)",
      "(4.0, 1.0, 3.0, 3.0, 3.0)" },
    { "r = math.pow(2, 3), math.fmod(7, 3), math.hypot(3, 4), math.atan"
      "2(0, 1)",
      "(8.0, 1.0, 5.0, 0.0)" },
    { "r = math.gcd(12, 18), math.factorial(5), math.isqrt(17), math.pr"
      "od([2, 3, 4])",
      "(6, 120, 4, 24)" },
    { "r = math.pi, math.inf, math.isnan(math.nan), math.isinf(math.inf"
      ")",
      "(3.141592653589793, inf, True, True)" },
    { "r = math.cos(0), math.sin(0), math.tanh(0), math.exp(0), math.fa"
      "bs(-2)",
      "(1.0, 0.0, 0.0, 1.0, 2.0)" },
    { "r = math.degrees(math.pi), math.radians(180)",
      "(180.0, 3.141592653589793)" },
    { "r = int(math.floor(24 / 2 ** 3))", "3" },
    { "r = operator.mul(3, 4), operator.add([1], [2]), operator.neg(2),"
      " operator.lt(1, 2)",
      "(12, [1, 2], -2, True)" },
    { "r = sorted([(1, 'b'), (2, 'a')], key=operator.itemgetter(1))",
      "[(2, 'a'), (1, 'b')]" },
    { "r = functools.reduce(operator.mul, [1, 2, 3, 4])", "24" },
};
static const row tools_rows[] = {
    { "r = list(itertools.chain([1], (2, 3), range(2)))",
      "[1, 2, 3, 0, 1]" },
    { "r = list(itertools.chain.from_iterable([[1, 2], [3]]))",
      "[1, 2, 3]" },
    { "r = list(itertools.product([1, 2], 'ab'))",
      "[(1, 'a'), (1, 'b'), (2, 'a'), (2, 'b')]" },
    { "r = list(itertools.product([0, 1], repeat=2))",
      "[(0, 0), (0, 1), (1, 0), (1, 1)]" },
    { "r = list(itertools.combinations([1, 2, 3], 2))",
      "[(1, 2), (1, 3), (2, 3)]" },
    { "r = list(itertools.combinations([1], 2))", "[]" },
    { "r = list(itertools.permutations([1, 2, 3], 2))",
      "[(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)]" },
    { "r = list(itertools.permutations('ab'))",
      "[('a', 'b'), ('b', 'a')]" },
    { "r = list(zip(itertools.count(5), 'ab')), list(zip(itertools.coun"
      "t(0, 2), 'abc'))",
      "([(5, 'a'), (6, 'b')], [(0, 'a'), (2, 'b'), (4, 'c')])" },
    { "r = list(itertools.repeat(1, 3)), list(zip(itertools.repeat(1), "
      "'ab'))",
      "([1, 1, 1], [(1, 'a'), (1, 'b')])" },
    { "r = list(itertools.islice(range(10), 3)), list(itertools.islice("
      "range(10), 1, 8, 3))",
      "([0, 1, 2], [1, 4, 7])" },
    { "r = list(itertools.zip_longest([1, 2], [3])), list(itertools.zip"
      "_longest([1], [2, 3], fillvalue=0))",
      "([(1, 3), (2, None)], [(1, 2), (0, 3)])" },
    { "r = list(itertools.accumulate([1, 2, 3])), list(itertools.accumu"
      "late([2, 3, 4], operator.mul))",
      "([1, 3, 6], [2, 6, 24])" },
    { "r = functools.partial(lambda a, b, c=0: (a, b, c), 1, c=5)(2)",
      "(1, 2, 5)" },
    { "r = functools.partial(lambda a, b, c=0: (a, b, c), 1, c=5)(2, c="
      "7)",
      "(1, 2, 7)" },
    { "r = functools.reduce(lambda a, b: a + b, [1, 2], 10)", "13" },
    { "r = functools.wraps(len)(lambda x: x + 1)(1)", "2" },
    { "r = functools.lru_cache(maxsize=None)(lambda x: x + 1)(1)", "2" },
    { "r = functools.lru_cache(lambda x: x + 2)(1)", "3" },
    { "r = (lambda a: (copy.copy(a)[0] is a[0], copy.deepcopy(a)[0] is "
      "a[0], copy.deepcopy(a)))([[1], 2])",
      "(True, False, [[1], 2])" },
    { "r = copy.deepcopy({'a': [1]})", "{'a': [1]}" },
};
static const row collections_rows[] = {
    { "r = collections.namedtuple('P', 'x y')(1, 2).y", "2" },
    { "r = collections.namedtuple('P', 'x, y')(1, y=2)[0]", "1" },
    { "r = collections.namedtuple('P', ['x', 'y'])(*[1, 2])._asdict()['"
      "x']",
      "1" },
    { "r = collections.namedtuple('P', 'x y')(1, 2)._replace(x=5).x", "5" },
    { "r = collections.namedtuple('P', 'x y')._fields", "('x', 'y')" },
    { "r = collections.namedtuple('P', 'x y', defaults=[7])(1).y", "7" },
    { "r = len(collections.namedtuple('P', 'x y')(1, 2)), list(collecti"
      "ons.namedtuple('P', 'x y')(1, 2))",
      "(2, [1, 2])" },
    { "r = collections.namedtuple('P', 'x y')(1, 2) == (1, 2)", "True" },
    { "r = isinstance(collections.namedtuple('P', 'x y')(1, 2), tuple)",
      "True" },
    { "r = (lambda d: (d['a'].append(1), d['a'], len(d), 'b' in d))(col"
      "lections.defaultdict(list))",
      "(None, [1], 1, False)" },
    { "r = (lambda d: (d['x'], sorted(d.items())))(collections.defaultd"
      "ict(int, {'a': 1}))",
      "(0, [('a', 1), ('x', 0)])" },
    { "r = collections.Counter('abca')['a'], collections.Counter('abca'"
      ")['z']",
      "(2, 0)" },
    { "r = list(collections.OrderedDict([('b', 1), ('a', 2)]).items())",
      "[('b', 1), ('a', 2)]" },
    { "class P(collections.namedtuple('P', 'x y')):\n"
      "    def s(self): return self.x + self.y\n"
      "r = P(1, y=2).s(), P(1, 2)[1], list(P(3, 4))",
      "(3, 2, [3, 4])" },
    { "a, b = collections.namedtuple('P', 'x y')(1, 2)\n"
      "r = b",
      "2" },
};
static const row os_rows[] = {
    { "r = os.path.join('a', 'b', 'c.txt'), os.path.join('a/', 'b'), os"
      ".path.join('a', '/b'), os.path.join('', 'a')",
      "('a/b/c.txt', 'a/b', '/b', 'a')" },
    { "r = os.path.basename('/a/b.txt'), os.path.basename('a/'), os.pat"
      "h.dirname('/a/b.txt'), os.path.dirname('b')",
      "('b.txt', '', '/a', '')" },
    { "r = os.path.split('/a/b'), os.path.split('/b'), os.path.splitext"
      "('a.b/c.tar.gz'), os.path.splitext('.rc'), os.path.splitext('a.b"
      "/c')",
      "(('/a', 'b'), ('/', 'b'), ('a.b/c.tar', '.gz'), ('.rc', ''), ('a"
      ".b/c', ''))" },
    { "r = os.path.sep if False else os.sep", "'/'" },
    { "r = os.environ.get('CONVEY_NOT_THERE', 'x'), os.getenv('CONVEY_N"
      "OT_THERE', 3)",
      "('x', 3)" },
    { "r = sys.version_info[0], sys.version_info.major, sys.version_inf"
      "o >= (3, 0), sys.version_info < (3,)",
      "(3, 3, True, False)" },
    { "r = len(sys.argv), sys.maxsize > 2 ** 40", "(1, True)" },
};
static const row argparse_rows[] = {
    { "p = argparse.ArgumentParser(description='x')\n"
      "p.add_argument('--size', type=int, default=3)\n"
      "p.add_argument('-b', '--batch-size', type=int, default='4', help"
      "='h')\np.add_argument('--on', action='store_true')\n"
      "p.add_argument('--off', action='store_false')\n"
      "p.add_argument('--name')\n"
      "p.add_argument('-q')\np.add_argument('--list', nargs='+', defaul"
      "t=[1, 2])\ng = p.add_argument_group('g')\n"
      "g.add_argument('--lr', dest='rate', type=float, default=.5)\n"
      "p.set_defaults(more=7, size=9)\n"
      "a = p.parse_args([])\nr = a.size, a.batch_size, a.on, a.off, a.n"
      "ame, a.q, a.list, a.rate, a.more",
      "(9, 4, False, True, None, None, [1, 2], 0.5, 7)" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('--x', default=1)\n"
      "a, rest = p.parse_known_args([])\n"
      "r = a.x, rest, vars(a), getattr(a, 'y', 2), hasattr(a, 'x')",
      "(1, [], {'x': 1}, 2, True)" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('--v', choices=['a', 'b'], default='a')\n"
      "m = p.add_mutually_exclusive_group()\n"
      "m.add_argument('--w', type=str, default=None)\n"
      "a = p.parse_args([])\na.extra = 5\n"
      "r = a.v, a.w, a.extra, p.get_default('v')",
      "('a', None, 5, 'a')" },
    { "q = argparse.ArgumentParser(add_help=False)\n"
      "q.add_argument('--x', default=1)\n"
      "p = argparse.ArgumentParser(parents=[q])\n"
      "r = p.parse_args([]).x, argparse.Namespace(a=1, b='c').b",
      "(1, 'c')" },
};
static const row numpy_rows[] = {
    { "r = np.prod([2, 3, 4]), np.prod([]), np.prod((2, 3.5)), np.produ"
      "ct if False else 0",
      "(24, 1.0, 7.0, 0)" },
    { "r = np.sum([1, 2]), np.sum([[1, 2], [3, 4]], axis=0).tolist(), n"
      "p.sum([[1, 2], [3, 4]], axis=1, keepdims=True).tolist(), np.sum("
      "[True, True])",
      "(3, [4, 6], [[3], [7]], 2)" },
    { "r = np.mean([1, 2, 4]), np.mean([[1., 2], [3, 4]], 0).tolist(), "
      "np.max([1, 5, 2]), np.min([[3, 1], [2, 0]], axis=-1).tolist(), n"
      "p.amax([1, 2])",
      "(2.3333333333333335, [2.0, 3.0], 5, [1, 0], 2)" },
    { "r = np.sqrt(16), np.sqrt([4, 9]).tolist(), np.log(1), np.log2(8)"
      ", np.exp(0), np.power(2, 3), np.power([1, 2], 2).tolist()",
      "(4.0, [2.0, 3.0], 0.0, 3.0, 1.0, 8, [1, 4])" },
    { "r = np.ceil(3.2), np.floor(-1.5), int(np.ceil(7 / 2.)), np.abs(-"
      "3), np.abs([-1, 2]).tolist(), np.round([1.5, 2.5]).tolist(), np."
      "sign(-2)",
      "(4.0, -2.0, 4, 3, [1, 2], [2.0, 2.0], -1)" },
    { "r = np.maximum(3, 5), np.maximum([1, 5], 3).tolist(), np.minimum"
      "([[1], [4]], [2, 3]).tolist()",
      "(5, [3, 5], [[1, 1], [2, 3]])" },
    { "r = np.arange(4).tolist(), np.arange(1, 4).tolist(), np.arange(0"
      ", 1, .25).tolist(), np.arange(5, 0, -2).tolist(), np.arange(3, d"
      "type=np.float32).tolist(), np.arange(0).tolist()",
      "([0, 1, 2, 3], [1, 2, 3], [0.0, 0.25, 0.5, 0.75], [5, 3, 1], [0."
      "0, 1.0, 2.0], [])" },
    { "r = np.linspace(0, 1, 5).tolist(), np.linspace(0, 1, 4, endpoint"
      "=False).tolist(), np.linspace(2, 3, 1).tolist()",
      "([0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 0.25, 0.5, 0.75], [2.0])" },
    { "r = np.array([1, 2]).tolist(), np.array([[1, 2.5]]).tolist(), np"
      ".array(3).tolist(), np.array([1.7, 2], dtype=np.int32).tolist(),"
      " np.array([0.1], 'float32').tolist()",
      "([1, 2], [[1.0, 2.5]], 3, [1, 2], [0.10000000149011612])" },
    { "r = np.zeros((2, 3)).tolist(), np.zeros(2, dtype=int).tolist(), "
      "np.ones([1, 2], np.float32).tolist(), np.full((2,), 7).tolist(),"
      " np.eye(2).tolist(), np.eye(2, 3).tolist(), np.identity(1).tolis"
      "t()",
      "([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [0, 0], [[1.0, 1.0]], [7, 7"
      "], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],"
      " [[1.0]])" },
    { "r = np.zeros_like([[1, 2]]).tolist(), np.ones_like(np.array([1.5"
      "])).tolist()",
      "([[0, 0]], [1.0])" },
    { "r = np.arange(6).reshape(2, 3).tolist(), np.arange(6).reshape((3"
      ", -1)).tolist(), np.reshape(np.arange(4), [2, 2]).tolist(), np.a"
      "range(4).reshape(-1, 1, 2).shape",
      "([[0, 1, 2], [3, 4, 5]], [[0, 1], [2, 3], [4, 5]], [[0, 1], [2, "
      "3]], (2, 1, 2))" },
    { "r = np.arange(6).reshape(2, 3).T.tolist(), np.transpose(np.arang"
      "e(24).reshape(2, 3, 4), (2, 0, 1)).tolist(), np.zeros((2, 3, 4))"
      ".transpose(0, 2, 1).shape, np.zeros((2, 3)).transpose().shape",
      "([[0, 3], [1, 4], [2, 5]], [[[0, 4, 8], [12, 16, 20]], [[1, 5, 9"
      "], [13, 17, 21]], [[2, 6, 10], [14, 18, 22]], [[3, 7, 11], [15, "
      "19, 23]]], (2, 4, 3), (3, 2))" },
    { "r = np.concatenate([[1], [2, 3]]).tolist(), np.concatenate([[[1]"
      "], [[2]]], axis=1).tolist(), np.concatenate(([1], [2.5]), 0).tol"
      "ist(), np.stack([[1, 2], [3, 4]]).tolist(), np.stack([[1, 2], [3"
      ", 4]], axis=1).tolist()",
      "([1, 2, 3], [[1, 2]], [1.0, 2.5], [[1, 2], [3, 4]], [[1, 3], [2,"
      " 4]])" },
    { "r = np.cumsum([1, 2, 3]).tolist(), np.expand_dims([1, 2], 0).tol"
      "ist(), np.expand_dims([1, 2], -1).tolist(), np.squeeze([[1], [2]"
      "]).tolist(), np.squeeze(np.zeros((1, 2, 1)), 0).shape",
      "([1, 3, 6], [[1, 2]], [[1], [2]], [1, 2], (2, 1))" },
    { "r = (np.array([1, 2]) + 1).tolist(), (2 * np.array([1.5])).tolis"
      "t(), (np.array([1, 2]) / 2).tolist(), (np.array([7, -7]) // 2).t"
      "olist(), (np.array([7, -7]) % 4).tolist(), (-np.array([1])).toli"
      "st(), (np.array([2]) ** 3).tolist()",
      "([2, 3], [3.0], [0.5, 1.0], [3, -4], [3, 1], [-1], [8])" },
    { "r = (np.array([[1], [2]]) + np.array([10, 20])).tolist(), (np.ar"
      "ray([1, 2]) == [1, 3]).tolist(), (np.array([1, 2]) > 1).tolist()"
      ", bool(np.array([1]) == 1)",
      "([[11, 21], [12, 22]], [True, False], [False, True], True)" },
    { "r = np.array([1, 2, 3])[0], np.array([1, 2, 3])[-1], np.array([1"
      ", 2, 3])[1:].tolist(), np.array([1, 2, 3])[::-1].tolist(), np.ar"
      "ange(6).reshape(2, 3)[1, 2], np.arange(6).reshape(2, 3)[:, 1].to"
      "list()",
      "(1, 3, [2, 3], [3, 2, 1], 5, [1, 4])" },
    { "r = np.arange(6).reshape(2, 3)[0].tolist(), np.arange(6).reshape"
      "(2, 3)[..., -1].tolist(), np.arange(3)[:, np.newaxis].tolist(), "
      "np.arange(3)[None].shape, np.arange(8).reshape(2, 2, 2)[..., 0, "
      ":].tolist()",
      "([0, 1, 2], [2, 5], [[0], [1], [2]], (1, 3), [[0, 1], [4, 5]])" },
    { "r = np.zeros((2, 3)).shape, np.zeros((2, 3)).size, np.zeros((2, "
      "3)).ndim, len(np.zeros((2, 3))), np.shape([[1, 2]]), np.size([1,"
      " 2]), np.ndim(3)",
      "((2, 3), 6, 2, 2, (1, 2), 2, 0)" },
    { "r = np.float32(0.1), np.int32(3.7), np.float64(2), np.bool_(1), "
      "np.array([1]).dtype == np.int64, np.zeros(1, np.float32).dtype.n"
      "ame, np.zeros(1).dtype == 'float64'",
      "(0.10000000149011612, 3, 2.0, True, True, 'float32', True)" },
    { "r = np.array([1, 2]).sum(), np.array([[1, 2], [3, 4]]).mean(axis"
      "=0).tolist(), np.array([1.7]).astype(int).tolist(), np.array([1,"
      " 2]).astype('float32').tolist(), np.array([[1, 2]]).flatten().to"
      "list(), np.array([3]).item(), np.array([1, 2]).prod(), np.array("
      "[3, 1]).max()",
      "(3, [2.0, 3.0], [1], [1.0, 2.0], [1, 2], 3, 2, 3)" },
    { "r = [int(x) for x in np.array([1, 2])], [x.tolist() for x in np."
      "eye(2)], float(np.array(2.5)), isinstance(np.zeros(1), np.ndarra"
      "y), list(np.arange(2))",
      "([1, 2], [[1.0, 0.0], [0.0, 1.0]], 2.5, True, [0, 1])" },
    { "r = np.pi, np.inf, np.any([0, 1]), np.all([0, 1]), np.square(3),"
      " np.multiply([1, 2], [3, 4]).tolist(), np.ravel([[1], [2]]).toli"
      "st(), np.array([np.array([1, 2]), [3, 4]]).tolist()",
      "(3.141592653589793, inf, True, False, 9, [3, 8], [1, 2], [[1, 2]"
      ", [3, 4]])" },
    { "r = int(np.prod(np.array([2, 3, 4])[1:])), np.prod([2, 3]).astyp"
      "e(int), np.prod([2, 3]).item()",
      "(12, 6, 6)" },
    { "w = np.zeros((2, 2, 2))\nw[:, :, 0] = [[1, 2], [3, 4]]\n"
      "w[0, 0, 1] = 9\nr = w.tolist()",
      "[[[1.0, 9.0], [2.0, 0.0]], [[3.0, 0.0], [4.0, 0.0]]]" },
    { "w = np.zeros(3, np.float32)\n"
      "w[1:] = 0.1\nw[0] += 2\nr = w.tolist()",
      "[2.0, 0.10000000149011612, 0.10000000149011612]" },
    { "w = np.array([1, 2])\nv = np.array(w)\n"
      "v[0] = 5\nr = w.tolist(), v.tolist()",
      "([1, 2], [5, 2])" },
    { "r = [g.tolist() for g in np.ogrid[:2, 1:4]]",
      "[[[0], [1]], [[1, 2, 3]]]" },
    { "r = np.mgrid[:2, :2].tolist(), np.mgrid[0:1:0.25].tolist()",
      "([[[0, 0], [1, 1]], [[0, 1], [0, 1]]], [0.0, 0.25, 0.5, 0.75])" },
    { "r = [g.tolist() for g in np.meshgrid([1, 2], [3, 4, 5])]",
      "[[[1, 2], [1, 2], [1, 2]], [[3, 3], [4, 4], [5, 5]]]" },
    { "r = [g.tolist() for g in np.meshgrid([1, 2], [3], indexing='ij')]",
      "[[[1], [2]], [[3], [3]]]" },
    { "r = np.outer([1, 2], [3, 4]).tolist()", "[[3, 4], [6, 8]]" },
    { "def kernel(n):\n    f = (n + 1) // 2\n"
      "    c = f - 1 if n % 2 == 1 else f - .5\n"
      "    k = np.zeros((n, n))\n"
      "    for i in range(n):\n        for j in range(n):\n"
      "            k[i, j] = (1 - abs(i - c) / f) * (1 - abs(j - c) / f"
      ")\n    return k\nr = kernel(4).tolist()",
      "[[0.0625, 0.1875, 0.1875, 0.0625], [0.1875, 0.5625, 0.5625, 0.18"
      "75], [0.1875, 0.5625, 0.5625, 0.1875], [0.0625, 0.1875, 0.1875, "
      "0.0625]]" },
};
static const row unknown_rows[] = {
    { "r = os.path.exists('a')", "?os.path.exists is not followed" },
    { "r = os.listdir('a')", "?os.listdir is not followed" },
    { "os.makedirs('a')\nos.environ['A'] = 'b'\n"
      "r = os.environ['A']",
      "?no items" },
    { "r = os.environ.get('A')", "?the environment holds" },
    { "r = os.getcwd()", "?os.getcwd" },
    { "r = sys.path", "?sys.path" },
    { "r = 1\nsys.exit()\nr = 2", "1" },
    { "r = 1\nif len(sys.argv) > 1: r = 2", "1" },
    { "r = np.random.rand(3)", "?numpy.random is not followed" },
    { "np.random.seed(1)\nr = 1", "1" },
    { "r = np.load('x.npy')",
          "?numpy.load() reads a file, which a port does not: make the "
          "weights variables of their shapes, tf.get_variable(name, shape), "
          "and give their values with --weights FILE" },
    { "r = np.zeros(2)[open('x')]", "?open()" },
    { "r = np.array([1, open('x')])", "?open()" },
    { "r = np.array([[1], [2, 3]])", "?different lengths" },
    { "r = np.zeros((10 ** 9,))", "?elements" },
    { "r = np.zeros((2, -1))", "!ValueError" },
    { "r = np.zeros(2)[5]", "!IndexError" },
    { "r = np.zeros(2) + np.zeros(3)", "!ValueError" },
    { "w = np.zeros((2, 2))\nw[0][1] = 3\n"
      "r = w",
      "?a part of an array" },
    { "w = np.zeros((2, 2))\nv = w[0]\n"
      "v[1] = 3\nr = w.tolist()",
      "?by way of a part" },
    { "w = np.zeros(4)\nv = w.reshape(2, 2)\n"
      "v[0, 0] = 3\nr = w.sum()",
      "?by way of a part" },
    { "w = np.zeros(2)\nw[open('x')] = 3\n"
      "r = w",
      "?open()" },
    { "w = np.zeros(2)\nif open('x'): w[0] = 3\n"
      "r = w",
      "?depends on" },
    { "d = collections.defaultdict(list)\n"
      "if open('x'): d['a'].append(1)\n"
      "r = d",
      "?depends on" },
    { "import random, time, datetime, logging, json, pickle, glob, shut"
      "il\nlogging.info('x')\nr = random.random()",
      "?module random is not read" },
    { "from typing import List\nShape = List[int]\n"
      "r = 1",
      "1" },
    { "from abc import ABC, abstractmethod\n"
      "class A(ABC):\n    @abstractmethod\n"
      "    def f(self): return 1\n"
      "r = A().f()",
      "1" },
    { "from six.moves import xrange, range, zip\n"
      "r = list(xrange(2))",
      "[0, 1]" },
    { "from distutils.version import LooseVersion as V\n"
      "r = V('1.15.0-rc1') >= V('1.4'), V('1.9') > V('1.10'), "
      "V('1.0') < V('1.0.0')",
      "(True, False, True)" },
    { "from packaging import version\nimport pkg_resources\n"
      "r = version.parse('2.0') == version.parse('2.0.0'), "
      "pkg_resources.parse_version('1.2') < version.Version('1.12')",
      "(True, True)" },
    { "from builtins import range\n"
      "r = list(range(2))",
      "[0, 1]" },
    { "import six\nr = isinstance('a', six.string_types), six.PY2, list"
      "(six.iteritems({1: 2}))",
      "(True, False, [(1, 2)])" },
    { "import six\nclass B: x = 1\n"
      "class A(six.with_metaclass(B, B)): pass\n"
      "r = A.x",
      "1" },
    { "@functools.wraps(len)\ndef f(): return 3\n"
      "r = f()",
      "3" },
    { "class A:\n    @functools.lru_cache()\n"
      "    def f(self): return 3\n"
      "r = A().f()",
      "3" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('--width', type=int, default=3)\n"
      "r = p.parse_args().width",
      "64" },
    { "p = argparse.ArgumentParser(description=open('x').read())\n"
      "p.add_argument('--a', default=3)\n"
      "r = p.parse_args().a",
      "3" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('--in-dir', required=True)\n"
      "r = p.parse_args().in_dir",
      "?--in-dir has no default; say it with --set in_dir=" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('file')\nr = p.parse_args().file",
      "?file has no default" },
    { "p = argparse.ArgumentParser()\n"
      "p.add_argument('file', nargs='?')\n"
      "r = p.parse_args().file",
      "None" },
    { "r = argparse.ArgumentParser().parse_args().x", "!AttributeError" },
    { "r = argparse.ArgumentParser().add_subparsers()",
      "?add_subparsers is not followed" },
    { "r = math.sqrt(-1)", "!ValueError" },
    { "r = math.ceil(open('x'))", "?open()" },
    { "r = next(itertools.count(7))", "7" },
    { "r = collections.namedtuple('P', 'x y')(1)", "!TypeError" },
    { "r = collections.deque(maxlen=3)",
      "?collections.deque is not followed" },
};
/* clang-format on */

static void math_and_operator_give_what_python_gives(void)
{
    check_std(math_rows, N_ROWS(math_rows));
}

static void itertools_functools_and_copy_give_what_python_gives(void)
{
    check_std(tools_rows, N_ROWS(tools_rows));
}

static void collections_give_what_python_gives(void)
{
    check_std(collections_rows, N_ROWS(collections_rows));
}

static void paths_and_the_environment_give_what_python_gives(void)
{
    check_std(os_rows, N_ROWS(os_rows));
}

static void argparse_gives_the_defaults(void)
{
    check_std(argparse_rows, N_ROWS(argparse_rows));
}

static void arrays_give_what_numpy_gives(void)
{
    check_std(numpy_rows, N_ROWS(numpy_rows));
}

static void what_depends_on_the_machine_is_not_known(void)
{
    check_std(unknown_rows, N_ROWS(unknown_rows));
}

static void a_strict_host_has_no_more_modules_than_before(void)
{
    static const char *const names[] = {
        "numpy", "os", "sys", "argparse", "itertools", "math.hypot"
    };
    static const char *const kept[] = { "math.sqrt", "collections",
                                        "pathlib.Path", "typing.List" };
    cvyi_py_eval *eval;
    cvyi_py_value value;
    bool known;

    CHECK_EQ(cvyi_py_eval_open(&eval, &strict_host, NULL, NULL), CVY_OK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_EQ(cvyi_python_std(&value, &known, eval, names[i], NULL),
                 CVY_OK);
        CHECK(!known);
    }
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        CHECK_EQ(cvyi_python_std(&value, &known, eval, kept[i], NULL), CVY_OK);
        CHECK(known);
    }
    cvyi_py_eval_close(eval);
}

static void a_host_sees_arrays(void)
{
    const cvyi_python_array *array;
    const cvyi_py_value *r;
    run run_ = { 0 };

    cvyi_text_put(&run_.source, "import numpy as np\n"
                                "r = np.array([[1, 2], [3, 4]], 'float32')\n"
                                "t = np.float32\n");
    run_parse(&run_);
    CHECK_EQ(run_eval(&run_, &std_host, NULL), CVY_OK);
    r = cvyi_py_names_get(&run_.module->names, "r");
    array = cvyi_python_array_of(r);
    CHECK(array != NULL);
    CHECK_EQ(array->rank, 2);
    CHECK_EQ(array->n, 4);
    CHECK_STR(array->dtype->name, "float32");
    CHECK(array->items[3] == 4);
    r = cvyi_py_names_get(&run_.module->names, "t");
    CHECK(cvyi_python_array_of(r) == NULL);
    CHECK_STR(cvyi_python_dtype_of(r)->name, "float32");
    run_close(&run_);
}

static const check_case cases[] = {
    { "math_and_operator_give_what_python_gives",
      math_and_operator_give_what_python_gives },
    { "itertools_functools_and_copy_give_what_python_gives",
      itertools_functools_and_copy_give_what_python_gives },
    { "collections_give_what_python_gives",
      collections_give_what_python_gives },
    { "paths_and_the_environment_give_what_python_gives",
      paths_and_the_environment_give_what_python_gives },
    { "argparse_gives_the_defaults", argparse_gives_the_defaults },
    { "arrays_give_what_numpy_gives", arrays_give_what_numpy_gives },
    { "what_depends_on_the_machine_is_not_known",
      what_depends_on_the_machine_is_not_known },
    { "a_strict_host_has_no_more_modules_than_before",
      a_strict_host_has_no_more_modules_than_before },
    { "a_host_sees_arrays", a_host_sees_arrays },
};
CHECK_MAIN(cases)
