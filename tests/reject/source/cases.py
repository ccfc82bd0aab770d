"""Scripts that must be refused, or at least do no harm: CASES.

Each is text or bytes of a file, the exit codes that are right, and what one
of the lines must say, as a regular expression without regard to case. CANARY
in a text is a path that nothing may come to stand at; so is every file that
the command was not asked for. A code of 0 among others says that what is
wrong may be beside the network, and left out.
"""

import json
from dataclasses import dataclass

PLACE = r"(line |:)\d+"


@dataclass
class Case:
    """One script."""

    name: str
    text: object
    codes: tuple
    says: str = ""
    options: tuple = ()
    beside: tuple = ()  # further files: name, text
    file: str = ""
    verb: str = "port"


CASES = []


def case(name, text, *codes, says="", **more):
    """A whole file."""
    CASES.append(Case(name, text, codes, says, **more))


def size(name, body, *codes, says="", **more):
    """What decides a size of the network: it cannot be left out."""
    text = (
        "import os, sys\nimport numpy as np\nimport tensorflow as tf\n"
        "x = tf.placeholder(tf.float32, [None, 16, 3], name='x')\n"
        f"{body}\n"
        "y = tf.layers.conv1d(x, n, 3, name='y')\n"
    )
    case(name, text, *(codes or (3,)), says=says, **more)


def beside(name, body, *codes, says="", **more):
    """What stands around the network."""
    size(name, f"{body}\nn = 8", *(codes or (0, 3)), says=says, **more)


LIMIT = r"limit|memory|steps|large|long|huge|many|deep|nest|level|beyond|overflow|more than|recurs|bits|endless|digits"
GOOD = (
    "import tensorflow as tf\n"
    "x = tf.placeholder(tf.float32, [None, 16, 3], name='x')\n"
    "y = tf.layers.conv1d(x, 8, 3, name='y')\n"
)

# ---- controls: what must come through ----

case("good", GOOD, 0)
case("good_crlf", GOOD.replace("\n", "\r\n"), 0)
case("good_bom", b"\xef\xbb\xbf" + GOOD.encode(), 0)
case(
    "good_latin_1",
    "# coding: latin-1\n# gr\xfc\xdfe\n".encode("latin-1") + GOOD.encode(),
    0,
    3,
    4,
)
beside("good_million", "m = [i * 2 for i in range(10 ** 6)]", 0, 3)
beside("good_big_range", "r = range(10 ** 18)", 0)

# ---- what is no Python ----

case("syntax_def", GOOD + "def f(:\n    pass\n", 3, 4, says=PLACE)
case("syntax_bracket", GOOD + "z = tf.nn.relu(y\n", 3, 4, says=PLACE)
case("syntax_text", GOOD + "s = 'never ends\n", 3, 4, says=PLACE)
case("syntax_triple", GOOD + '"""never ends\n', 3, 4, says=PLACE)
case("syntax_indent", GOOD + "if True:\n        a = 1\n    b = 2\n", 3, 4, says=PLACE)
case("syntax_tabs", GOOD + "if True:\n        a = 1\n\tb = 2\n", 0, 3, 4, says="")
case("syntax_return", "return 1\n" + GOOD, 3, 4, says=PLACE)
case("syntax_break", GOOD + "break\n", 3, 4, says=PLACE)
case("syntax_nonlocal", GOOD + "nonlocal x\n", 3, 4, says=PLACE)
case("syntax_print_2_and_more", GOOD + "print 'a'\nprint (((\n", 3, 4, says=PLACE)
case("empty", "", 3, 4)
case("only_comment", "# nothing\n", 3, 4, says="text")
case("no_network", "a = 1\nprint(a)\n", 3, 4, says="network|tensorflow|framework")
case("only_import", "import tensorflow as tf\n", 3, says="network")
case("noise", bytes(range(256)) * 40, 3, 4)
case("nul", GOOD.replace("8", "\0").encode(), 3, 4)
case("nul_at_the_end", GOOD.encode() + b"\0", 3, 4)
case(
    "not_utf8",
    GOOD.encode() + b"# \xff\xfe\xe9\n",
    3,
    4,
    says="utf|encod|decod|text|kind",
)
case("utf16", GOOD.encode("utf-16"), 3, 4)
case("utf32", GOOD.encode("utf-32"), 3, 4)
case(
    "coding_unknown",
    "# -*- coding: nonsense -*-\n" + GOOD,
    3,
    4,
    says="encod|coding|nonsense",
)
case("coding_of_a_module", "# coding: os.path\n" + GOOD, 3, 4)
case("coding_rot13", "# coding: rot13\n" + GOOD, 3, 4)
case("coding_utf7", "# coding: utf-7\n# +AAo-open('CANARY', 'w')\n" + GOOD, 0, 3, 4)
case(
    "coding_escape",
    "# coding: unicode_escape\n#\\u000aopen('CANARY', 'w')\n" + GOOD,
    0,
    3,
    4,
)
case("surrogate", GOOD.replace("'y'", "'\\ud800'"), 0, 3, 4)
case("torch_and_tensorflow", "import torch\n" + GOOD, 0, 3)

# ---- more than there may be ----

case("large_comment", "#" * (10 << 20) + "\n" + GOOD, 0, 3, 4, says="")
case("large_lines", "a = 1\n" * (10 << 20 >> 3) + GOOD, 3, 4, says=LIMIT)
case("large_text", "s = '" + "a" * (10 << 20) + "'\n" + GOOD, 0, 3, 4, says="")
case("large_list", "a = [" + "1, " * (3 << 20) + "]\n" + GOOD, 3, 4, says=LIMIT)
for name, text in {
    "brackets": "a = " + "[" * 10000 + "]" * 10000,
    "parentheses": "a = " + "(" * 150 + "1" + ")" * 150 + " + " + "(" * 5000,
    "not": "a = " + "not " * 10000 + "1",
    "minus": "a = " + "-" * 20000 + "1",
    "sum": "a = " + "1 + " * 20000 + "1",
    "attributes": "a = tf" + ".nn" * 20000,
    "calls": "a = tf" + "()" * 20000,
    "items": "a = tf" + "[0]" * 20000,
    "lambdas": "a = " + "lambda: " * 3000 + "1",
    "conditions": "a = " + "1 if 1 else " * 5000 + "1",
    "blocks": "\n".join(" " * i + "if 1:" for i in range(150))
    + "\n"
    + " " * 150
    + "pass",
    "format": "a = " + "f'{" * 200 + "1" + "}'" * 200,
    "comprehensions": "a = " + "[" * 90 + "1" + " for b in c]" * 90,
}.items():
    case(f"deep_{name}", f"{GOOD}{text}\n", 3, 4, says=f"{LIMIT}|syntax|{PLACE}")
case("deep_elif", GOOD + "if 0: pass\n" + "elif 0: pass\n" * 5000, 0, 3, 4)
case("deep_comparison", GOOD + "a = 1" + " < 2" * 20000 + "\n", 0, 3, 4)
case("deep_strings", GOOD + "a = " + "'a' " * 50000 + "\n", 0, 3, 4)
size("literal_digits", f"n = {'9' * 6000}", 3, 4, says=LIMIT)
size("literal_hex", f"n = 0x{'f' * 200000}", 3, 4, says=LIMIT)
beside("many_arguments", f"f({', '.join(f'a{i}=1' for i in range(5000))})")
beside("many_functions", "\n".join(f"def f{i}(): pass" for i in range(20000)), 0, 3, 4)

# ---- endless, or nearly ----

for name, body in {
    "while": "while True: pass",
    "while_else": "n = 1\nwhile n: n += 1",
    "range": "n = 0\nfor i in range(10 ** 18): n += i",
    "nested": "n = 0\nfor i in range(10 ** 5):\n  for j in range(10 ** 5): n = 8",
    "count": "import itertools\nfor n in itertools.count(): pass",
    "cycle": "import itertools\nn = len(list(itertools.cycle([1])))",
    "repeat": "import itertools\nn = sum(itertools.repeat(1))",
    "product": "import itertools\nn = len(list(itertools.product(range(99), repeat=9)))",
    "permutations": "import itertools\nn = len(list(itertools.permutations(range(20))))",
    "iter": "n = sum(1 for _ in iter(int, 1))",
    "list_grows": "a = [1]\nfor n in a: a.append(n)",
    "dict_comprehension": "n = len({i: i for i in range(10 ** 12)})",
    "comprehension": "n = len([0 for a in range(10**4) for b in range(10**4) for c in range(10**4)])",
    "any": "n = 8 + any(i < 0 for i in range(10 ** 15))",
    "try": "while 1:\n  try: n = 1 / 0\n  except: pass",
    "fibonacci": "def f(k): return k if k < 2 else f(k - 1) + f(k - 2)\nn = f(60)",
    "generator": "def g():\n  while True: yield 1\nn = sum(g())",
    "sort": "n = sorted(range(10 ** 9))[0] + 8",
    "power_mod": "n = pow(3, 10 ** 18, 10 ** 18 + 9)",
}.items():
    size(f"endless_{name}", body, says=f"{LIMIT}|{PLACE}")
for name, body in {
    "tower": "n = 9 ** 9 ** 9",
    "power": "n = 2 ** 100000",
    "shift": "n = 1 << 10 ** 9",
    "factorial": "import math\nn = math.factorial(10 ** 6)",
    "products": "n = 3\nfor _ in range(40): n *= n",
    "float": "n = int(10.0 ** 300)",
    "infinity": "n = int(float('inf'))",
    "nan": "n = int(float('nan'))",
    "round": "n = round(1e300)",
    "int_of_text": "n = int('9' * 6000)",
    "numpy": "n = np.prod([10 ** 6] * 9)",
    "sum": "n = sum([2 ** 62] * 9)",
}.items():
    size(f"number_{name}", body, says=f"{LIMIT}|{PLACE}")
for name, body in {
    "list": "n = len([0] * 10 ** 12)",
    "list_of_range": "n = len(list(range(10 ** 12)))",
    "tuple": "n = len((0,) * 10 ** 12)",
    "text": "n = len('a' * 10 ** 12)",
    "doubled": "a = [0]\nfor _ in range(60): a += a\nn = len(a)",
    "doubled_text": "a = 'a'\nfor _ in range(60): a += a\nn = len(a)",
    "replace": "a = 'a' * 999\nfor _ in range(9): a = a.replace('a', a)\nn = len(a)",
    "join": "a = 'a' * 9999\nfor _ in range(9): a = a.join(a)\nn = len(a)",
    "percent": "n = len('%999999999999d' % 1)",
    "percent_star": "n = len('%*d' % (999999999, 1))",
    "format": "n = len('{:>999999999999}'.format(1))",
    "format_precision": "n = len('{:.999999999f}'.format(0.1))",
    "f_string": "w = 10 ** 12\nn = len(f'{1:{w}}')",
    "ljust": "n = len('a'.ljust(10 ** 12))",
    "zfill": "n = len('a'.zfill(10 ** 12))",
    "expandtabs": "n = len('\\t'.expandtabs(10 ** 12))",
    "numpy_zeros": "n = int(np.zeros((10 ** 6, 10 ** 6)).sum()) + 8",
    "numpy_arange": "n = len(np.arange(10 ** 13))",
    "slices": "a = [0] * 1000\nfor _ in range(50): a[1:1] = a\nn = len(a)",
    "nested_lists": "a = []\nfor _ in range(10 ** 7): a = [a]\nn = len(a)",
}.items():
    size(f"memory_{name}", body, says=f"{LIMIT}|{PLACE}")

# ---- calls inside calls, values inside themselves ----

for name, body in {
    "function": "def f(k): return f(k + 1)\nn = f(0)",
    "mutual": "def f(k): return g(k)\ndef g(k): return f(k)\nn = f(0)",
    "lambda": "n = (lambda f: f(f))(lambda f: f(f))",
    "init": "class A:\n  def __init__(self): self.a = A()\nn = A().n",
    "call": "class A:\n  def __call__(self): return self()\nn = A()()",
    "getattr": "class A:\n  def __getattr__(self, k): return getattr(self, k + 'a')\nn = A().n",
    "property": "class A:\n  @property\n  def n(self): return self.n\nn = A().n",
    "len": "class A:\n  def __len__(self): return len(self)\nn = len(A())",
    "eq": "class A:\n  def __eq__(self, o): return self == o\nn = 8 + (A() == A())",
    "repr": "class A:\n  def __repr__(self): return repr(self)\nn = len(repr(A()))",
    "iter": "class A:\n  def __iter__(self): return iter(list(self))\nn = len(list(A()))",
    "getitem": "class A:\n  def __getitem__(self, i): return self[i]\nn = A()[0]",
    "decorator": "def d(f): return d(f)\n@d\ndef n(): pass",
    "key": "def k(a): return sorted([a, a], key=k)\nn = k(1)",
    "partial": "import functools\ndef f(*a): return functools.partial(f, *a)(1)\nn = f()",
    "with": "class A:\n  def __enter__(self):\n    with self: pass\n  def __exit__(self, *a): pass\nwith A(): n = 8",
}.items():
    size(f"recursion_{name}", body, says=f"{LIMIT}|{PLACE}")
for name, body in {
    "list": "n = []\nn.append(n)",
    "list_in_shape": "a = [8]\na.append(a)\nx = tf.reshape(x, a)\nn = 8",
    "printed": "a = []\na.append(a)\nn = len(str(a))",
    "equal": "a, b = [], []\na.append(b)\nb.append(a)\nn = 8 if a == b else 9",
    "dict": "a = {}\na['a'] = a\nn = a",
    "dict_printed": "a = {}\na['a'] = a\nn = len('%s' % a)",
    "attribute": "class A: pass\na = A()\na.a = a\nn = a.a.a.a",
    "sorted": "a = [[]]\na[0].append(a)\nb = [[]]\nb[0].append(b)\nn = sorted([a, b])",
    "starred": "a = []\na.append(a)\nn = max(*a)",
    "extend": "a = [1]\na.extend(a)\na[:] = a\na.append(a)\nn = sum(a)",
    "json": "import json\na = []\na.append(a)\nn = len(json.dumps(a))",
    "deepcopy": "import copy\na = []\na.append(a)\nn = copy.deepcopy(a)",
}.items():
    size(f"itself_{name}", body, 0, 3)
for name, body in {
    "base": "class A(A): n = 8\nn = A.n",
    "attribute": "class A:\n  n = A.n\nn = A.n",
    "assigned": "class A: pass\nclass B(A): pass\nA.__bases__ = (B,)\nn = A.n",
    "meta": "class M(type):\n  def __getattr__(c, k): return 8\nclass A(metaclass=M): pass\nn = A.n",
    "class_of_class": "class A: pass\nA.__class__ = A\nn = A().n",
    "order": "class A: pass\nclass B(A): pass\nclass C(A, B): n = 8\nn = C.n",
    "layer": "class L(L if 0 else tf.keras.layers.Layer):\n  def call(self, v): return self(v)\ny = L()(x)\nn = 8",
    "super": "class A:\n  def f(self): return super().f()\nn = A().f()",
    "type": "n = type('A', (), {'n': 8}).n",
    "new": "class A:\n  def __new__(cls): return A()\nn = A().n",
    "slots": "class A:\n  __slots__ = A\nn = 8",
}.items():
    size(f"class_{name}", body, 0, 3)

# ---- out of the box ----

for name, expression in {
    "eval": 'eval(\'8 + (open("CANARY", "w") is None)\')',
    "exec": 'exec(\'n = 8; open("CANARY", "w")\') or 8',
    "compile": "eval(compile('8', 'CANARY', 'eval'))",
    "import": "__import__('os').system('touch CANARY') + 8",
    "open": "len(open('CANARY', 'w').name)",
    "open_read": "len(open('/etc/passwd').read())",
    "os_system": "os.system('touch CANARY') + 8",
    "os_popen": "len(os.popen('touch CANARY').read()) + 8",
    "os_mkdir": "os.mkdir('CANARY') or 8",
    "os_makedirs": "os.makedirs('CANARY/a') or 8",
    "os_environ": "int(os.environ['HOME'] and 8)",
    "os_getpid": "os.getpid()",
    "os_listdir": "len(os.listdir('.'))",
    "os_path_exists": "8 if os.path.exists('/etc/passwd') else 9",
    "os_exit": "os._exit(0)",
    "os_fork": "os.fork()",
    "os_kill": "os.kill(os.getppid(), 9) or 8",
    "sys_exit": "sys.exit(0)",
    "quit": "quit()",
    "input": "int(input('n? '))",
    "sys_modules": "sys.modules['os'].system('touch CANARY') + 8",
    "sys_argv": "int(sys.argv[1])",
    "tf_sys": "tf.sys.modules['os'].system('touch CANARY') + 8",
    "numpy_os": "np.os.system('touch CANARY') + 8",
    "numpy_load": "int(np.load('weights.npy').shape[0])",
    "numpy_save": "np.save('CANARY', 8) or 8",
    "tf_gfile": "len(tf.gfile.Open('CANARY', 'w').name)",
    "tf_write": "tf.io.write_file('CANARY', 'a') or 8",
    "bases": "().__class__.__bases__[0].__subclasses__()[80] and 8",
    "mro": "''.__class__.__mro__[1].__subclasses__() and 8",
    "globals_of": "(lambda: 0).__globals__['os'].system('touch CANARY') + 8",
    "code_of": "(lambda: 8).__code__.co_consts[1]",
    "closure_of": "(lambda: 8).__closure__ or 8",
    "builtins": "__builtins__.eval('8')",
    "builtins_item": "__builtins__['eval']('8')",
    "globals": "globals()['__builtins__'] and 8",
    "vars": "vars(tf)['sys'] and 8",
    "dir": "len(dir(tf))",
    "getattr_loader": "getattr(tf, '__loader__').load_module('os') and 8",
    "dict_of": "tf.__dict__['sys'] and 8",
    "file_of": "len(tf.__file__)",
    "format_attribute": "len('{0.__class__.__init__.__globals__}'.format(x))",
    "format_item": "len('{0[__builtins__]}'.format(globals()))",
    "reduce": "x.__reduce__()[0]('8')",
    "id": "id(x)",
    "hash": "hash('a') % 9 + 1",
    "setattr_class": "setattr(tf.Tensor, 'get_shape', lambda s: open('CANARY', 'w')) or 8",
    "breakpoint": "breakpoint() or 8",
    "memoryview": "len(memoryview(b'12345678'))",
}.items():
    size(f"trick_{name}", f"n = {expression}", 0, 3)
    beside(f"around_{name}", f"m = {expression}", 0, 3)
# These cannot be guessed: a size that depends on them is asked for.
for name in "eval", "import", "open", "os_system", "os_getpid", "input", "os_listdir":
    refused = next(c for c in CASES if c.name == f"trick_{name}")
    refused.codes, refused.says = (3,), PLACE
for name, statement in {
    "subprocess": "import subprocess\nn = subprocess.call(['touch', 'CANARY']) + 8",
    "subprocess_shell": "from subprocess import *\nn = len(check_output('touch CANARY', shell=True)) + 8",
    "importlib": "import importlib\nn = importlib.import_module('os').system('touch CANARY') + 8",
    "ctypes": "import ctypes\nn = ctypes.CDLL(None).system(b'touch CANARY') + 8",
    "pickle": "import pickle\nn = pickle.loads(b\"cos\\nsystem\\n(S'touch CANARY'\\ntR.\") + 8",
    "shutil": "import shutil\nn = shutil.copy('/etc/passwd', 'CANARY') and 8",
    "pathlib": "import pathlib\nn = pathlib.Path('CANARY').write_text('12345678')",
    "tempfile": "import tempfile\nn = len(tempfile.mkdtemp(dir='.'))",
    "socket": "import socket\nn = socket.socket().fileno()",
    "urllib": "import urllib.request\nn = len(urllib.request.urlopen('file:///etc/passwd').read())",
    "threading": "import threading\nthreading.Thread(target=lambda: open('CANARY', 'w')).start()\nn = 8",
    "multiprocessing": "import multiprocessing\nn = multiprocessing.cpu_count()",
    "atexit": "import atexit\natexit.register(lambda: open('CANARY', 'w'))\nn = 8",
    "code": "import code\ncode.interact()\nn = 8",
    "runpy": "import runpy\nn = runpy.run_path('sibling.py')['n']",
    "antigravity": "import antigravity, this\nn = 8",
    "future": "from __future__ import braces\nn = 8",
    "star": "from os import *\nn = system('touch CANARY') + 8",
}.items():
    size(
        f"import_{name}",
        statement,
        0,
        3,
        4,
        beside=(("sibling.py", "open('CANARY', 'w')\nn = 8\n"),),
    )
WRITES = "open('CANARY', 'w').write('a')\nn = 8\n"
size(
    "sibling_import",
    "import sibling\nn = sibling.n",
    says="sibling",
    beside=(("sibling.py", WRITES),),
)
size(
    "sibling_from",
    "from sibling import n",
    says="sibling",
    beside=(("sibling.py", WRITES),),
)
size(
    "sibling_package",
    "from folder.sibling import n",
    says="folder|sibling",
    beside=(("folder/__init__.py", WRITES), ("folder/sibling.py", WRITES)),
)
size(
    "sibling_relative",
    "from .sibling import n",
    says="sibling|relative|package",
    beside=(("sibling.py", WRITES),),
)
size("sibling_parent", "from .. import n", says="relative|package|import|n")
# Files that may be imported are read, and never run.
HERE = ("--root", ".")
size(
    "root_writes",
    "from sibling import n",
    0,
    options=HERE,
    beside=(("sibling.py", WRITES),),
)
size(
    "root_decides",
    "from sibling import n",
    says="sibling",
    options=HERE,
    beside=(("sibling.py", "n = len(open('CANARY', 'w').name)\n"),),
)
size(
    "root_cycle",
    "from a import n",
    says="a.py|b.py",
    options=HERE,
    beside=(("a.py", "from b import n\n"), ("b.py", "from a import n\n")),
)
size(
    "root_chain",
    "from m0 import n",
    says=LIMIT,
    options=HERE,
    beside=tuple((f"m{i}.py", f"from m{i + 1} import n\n") for i in range(160)),
)
size(
    "root_of_a_library",
    "n = 8",
    says="tensorflow",
    options=HERE,
    beside=(("tensorflow.py", WRITES),),
)
size("root_nowhere", "n = 8", 5, options=("--root", "nowhere"), says="nowhere")
# What Python itself would import, if it looked here.
for name in (
    "ast",
    "sitecustomize",
    "usercustomize",
    "json",
    "tensorflow",
    "encodings",
    "sys",
    "codecs",
):
    beside(f"beside_{name}", "pass", 0, beside=((f"{name}.py", WRITES),))
for name, file in {
    "shell": "a; touch CANARY_NAME; b.py",
    "dollar": "$(touch CANARY_NAME).py",
    "quote": "a'\"b.py",
    "newline": "a\nb.py",
    "dash": "-c.py",
    "percent": "%s%n%999999d.py",
    "long": "a" * 240 + ".py",
    "unicode": "gr\u00fc\u00dfe.py",
}.items():
    case(f"name_{name}", GOOD, 0, 2, 3, 4, file=file)
for name, value in {
    "eval": "n=__import__('os').system('touch CANARY')",
    "text": "n='a' * 10**12",
    "tower": "n=9**9**9",
    "deep": "n=" + "[" * 5000,
    "nothing": "n=",
    "no_name": "=8",
    "keyword": "while=8",
    "newline": "n=8\nimport os",
    "dunder": "__builtins__=8",
}.items():
    case(f"set_{name}", GOOD.replace("8", "n"), 0, 2, 3, 4, options=("--set", value))

# ---- Python that stops ----

for name, body in {
    "raise": "raise ValueError('not today')",
    "assert": "assert 1 == 2, 'not today'",
    "division": "n = 1 / 0",
    "index": "n = [][3]",
    "key": "n = {}['a']",
    "name": "n = nobody",
    "attribute": "n = 'a'.nothing",
    "argument": "def f(a): return 8\nn = f()",
    "unpack": "n, m = 1, 2, 3",
    "type": "n = 8 + 'a'",
    "call": "n = 8()",
    "int": "n = int('eight')",
    "format": "n = '%d' % 'a'",
    "iterate": "for n in 8: pass",
    "deleted": "n = 8\ndel n",
    "import": "from tensorflow import nothing_of_this_name as n",
    "stop": "n = next(iter([]))",
}.items():
    size(f"stops_{name}", body, says=PLACE)

# ---- networks that cannot be ----

for name, body in {
    "filters_text": "n = 'eight'",
    "filters_none": "n = None",
    "filters_zero": "n = 0",
    "filters_negative": "n = -8",
    "filters_list": "n = [8, 8]",
    "filters_tensor": "n = tf.reduce_sum(x)",
    "filters_huge": "n = 10 ** 17",
    "rank": "x = tf.reduce_mean(x, 1)\nn = 8",
    "reshape": "x = tf.reshape(tf.placeholder(tf.float32, [2, 16, 3]), [7, 16, 3])\nn = 8",
    "reshape_twice_unknown": "x = tf.reshape(x, [-1, -1, 3])\nn = 8",
    "concat": "x = tf.concat([x, tf.zeros([2, 5, 9])], 1)\nn = 8",
    "axis": "x = tf.concat([x, x], 9)\nn = 8",
    "channels_unknown": "x = tf.placeholder(tf.float32, [None, 16, None])\nn = 8",
    "rank_unknown": "x = tf.placeholder(tf.float32)\nn = 8",
    "negative": "x = tf.placeholder(tf.float32, [None, -16, 3])\nn = 8",
    "vast": "x = tf.placeholder(tf.float32, [10 ** 9, 10 ** 9, 3])\nn = 8",
    "vast_variable": "x = x + tf.Variable(tf.zeros([10 ** 6, 10 ** 6, 3]))\nn = 8",
    "text": "x = tf.placeholder(tf.string, [None, 16, 3])\nn = 8",
    "kernel": "x = tf.nn.conv1d(x, tf.Variable(tf.zeros([3, 4, 3])), 1, 'SAME')\nn = 8",
    "padding": "x = tf.nn.conv1d(x, tf.Variable(tf.zeros([3, 3, 3])), 1, 'MAYBE')\nn = 8",
    "stride": "x = tf.nn.conv1d(x, tf.Variable(tf.zeros([3, 3, 3])), 0, 'SAME')\nn = 8",
    "unknown_call": "x = tf.nn.nothing_of_this_name(x)\nn = 8",
    "py_func": "x = tf.py_func(lambda v: open('CANARY', 'w'), [x], tf.float32)\nn = 8",
    "while_loop": "x = tf.while_loop(lambda v: True, lambda v: v, [x])\nn = 8",
    "twice": "tf.get_variable('v', [3])\nx = x + tf.get_variable('v', [3])\nn = 8",
    "reuse": "with tf.variable_scope('s', reuse=True): x = x + tf.get_variable('v', [3])\nn = 8",
    "reuse_shape": "with tf.variable_scope('s', reuse=tf.AUTO_REUSE):\n  tf.get_variable('v', [4])\n  x = x + tf.get_variable('v', [3])\nn = 8",
    "branch": "x = x if x > 0 else -x\nn = 8",
    "loop": "for v in x: x = v\nn = 8",
    "item": "x = x[:, 99, :]\nn = 8",
    "name": "x = tf.placeholder(tf.float32, [None, 16, 3], name='a b')\nn = 8",
}.items():
    size(f"network_{name}", body, says=PLACE)
for name in "slash", "path", "quote", "newline", "long", "empty":
    text = {
        "slash": "/a",
        "path": "../../CANARY",
        "quote": 'a"b',
        "newline": "a\\nb",
        "long": "a" * 99999,
        "empty": "",
    }[name]
    size(
        f"scope_{name}",
        f"with tf.variable_scope('{text}'): x = tf.layers.dense(x, 4)\nn = 8",
        0,
        3,
    )
size("layers_many", "for i in range(10 ** 6): x = tf.nn.relu(x)\nn = 8", 0, 3)
size("layers_deep", "for i in range(5000): x = tf.layers.conv1d(x, 3, 1)\nn = 8", 0, 3)
size("layers_doubled", "for i in range(60): x = x + x\nn = 8", 0, 3)
size(
    "outputs_doubled",
    "a = [x]\nfor i in range(40): a = [tf.concat(a, 2)] * 2\nx = a[0]\nn = 8",
)
size(
    "scopes_deep",
    "import contextlib\ndef f(k):\n  with tf.variable_scope('s'):\n    return f(k - 1) if k else tf.layers.dense(x, 3)\nx = f(140)\nn = 8",
    0,
    3,
)

# ---- notebooks ----


def notebook(name, document, *codes, **more):
    """A file of JSON."""
    text = document if isinstance(document, str) else json.dumps(document)
    case(f"notebook_{name}", text, *codes, file=f"{name}.ipynb", **more)


def cells(*sources, kind="code"):
    return {"cells": [{"cell_type": kind, "source": s} for s in sources], "nbformat": 4}


notebook("good", cells([GOOD]), 0)
notebook("good_text", cells(GOOD), 0)
notebook(
    "good_beside_broken",
    cells("def f(:", [GOOD], "%%bash\ntouch CANARY", "!touch CANARY"),
    0,
)
notebook(
    "magic_in_a_size",
    cells(GOOD.replace("8", "n").replace("y = ", "n = !touch CANARY\ny = ")),
    3,
    4,
)
notebook("cut", json.dumps(cells([GOOD]))[:-5], 3, 4)
notebook("no_cells", {"nbformat": 4}, 3, 4)
notebook("cells_a_number", {"cells": 8}, 3, 4)
notebook("cell_a_number", {"cells": [8]}, 3, 4)
notebook("source_a_number", cells(8), 3, 4)
notebook("source_of_numbers", cells([8, 9]), 3, 4)
notebook("source_of_lists", cells([["a"]]), 3, 4)
notebook("type_a_number", cells([GOOD], kind=8), 0, 3, 4)
notebook("only_text", cells("hello", kind="markdown"), 3, 4)
notebook("all_broken", cells("def f(:", "if"), 3, 4)
notebook(
    "old",
    {
        "worksheets": [{"cells": [{"cell_type": "code", "input": [GOOD]}]}],
        "nbformat": 3,
    },
    0,
    3,
    4,
)
notebook("many_cells", cells(*["a = 1"] * 50000), 3, 4)
notebook("deep", "[" * 100000, 3, 4)
notebook("surrogate", '{"cells": [{"cell_type": "code", "source": "\\ud800"}]}', 3, 4)
notebook("nul", '{"cells": [{"cell_type": "code", "source": "a = 1\\u0000"}]}', 3, 4)
notebook("array", "[]", 3, 4)
notebook("empty", "", 3, 4)


# ---- PyTorch: shown, since it is not ported ----


def torch(name, init, forward, *codes, says="", **more):
    """The body of a module's constructor, and of its forward."""
    text = "import os\nimport torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n"
    text += "    def __init__(self):\n        super().__init__()\n"
    text += "".join(f"        {line}\n" for line in init.split("\n"))
    text += "    def forward(self, x):\n"
    text += "".join(f"        {line}\n" for line in forward.split("\n"))
    options = ("--input", "1x3x8x8")
    case(name, text, *codes, says=says, verb="show", options=options, **more)


torch("torch_good", "self.c = nn.Conv2d(3, 3, 1)", "return self.c(x)", 0)
torch("torch_system", "os.system('touch CANARY')", "return x", 0, 3)
torch("torch_exec", "pass", 'exec(\'open("CANARY", "w")\')\nreturn x', 0, 3)
torch("torch_load", "self.c = torch.load('CANARY')", "return self.c(x)", 3)
torch("torch_save", "torch.save(self, 'CANARY')", "return x", 0, 3)
torch("torch_hub", "self.c = torch.hub.load('a/b', 'c')", "return self.c(x)", 3)
torch("torch_endless", "pass", "while True:\n    x = x + 1\nreturn x", 3, says=LIMIT)
torch("torch_calls", "pass", "return self(x)", 3, says=LIMIT)
torch("torch_itself", "self.me = self", "return x", 3, says=LIMIT)
torch(
    "torch_range",
    "self.l = nn.ModuleList([nn.ReLU() for _ in range(10**9)])",
    "return x",
    3,
    says=LIMIT,
)
torch("torch_huge", "self.l = nn.Linear(10**9, 10**9)", "return x", 3, says=LIMIT)
torch(
    "torch_doubled",
    "m = nn.Conv2d(3, 3, 1)\nfor i in range(64):\n    m = nn.Sequential(m, m)\nself.m = m",
    "return self.m(x)",
    3,
    says=LIMIT,
)
torch(
    "torch_deep",
    "m = nn.ReLU()\nfor i in range(9999):\n    m = nn.Sequential(m)\nself.m = m",
    "return self.m(x)",
    3,
    says=LIMIT,
)
torch(
    "torch_walks",
    "self.l = nn.ModuleList([nn.ReLU() for _ in range(3000)])\n"
    "for i in range(10**7):\n    list(self.modules())",
    "return x",
    3,
    says=LIMIT,
)
torch("torch_parts", "pass", "return x.chunk(10**15, 1)", 0, 3)
torch("torch_unpickled", "import pickle\npickle.loads(b'x')", "return x", 0, 3)
case("torch_ported", "import torch\nx = torch.nn.ReLU()\n", 3, says="PyTorch source")
