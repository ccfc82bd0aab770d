/* tests/pysrc/test_parse.c - Python source to trees. */
#define _GNU_SOURCE
#include "pysrc/parse.h"

#include "base/memory.h"
#include "check.h"
#include "pysrc/dump.h"

typedef struct row {
    const char *source, *dump;
} row;

static void check_dump(const char *source, size_t size, const char *want)
{
    cvyi_py_tree tree = { 0 };
    cvyi_arena arena = { 0 };
    cvyi_text text = { 0 };
    cvy_error err = { 0 };

    if (cvyi_py_parse(&tree, &arena, "x.py", source, size, &err) != CVY_OK)
        CHECK_FAIL("%s: %s", source, err.text);
    CHECK_STR(tree.name, "x.py");
    CHECK(tree.text == source);
    CHECK_EQ(tree.size, size);
    dump_tree(&text, &tree);
    for (size_t i = 0; i <= strlen(want); i++)
        if (cvyi_text_c(&text)[i] != want[i])
            CHECK_FAIL("at %zu \"%.60s\" instead of \"%.60s\"", i,
                       cvyi_text_c(&text) + i, want + i);
    CHECK_EQ(text.size, strlen(want));
    cvyi_text_close(&text);
    cvyi_arena_close(&arena);
}

/* All rows as one source, since a child takes its time to start. `tail` is
 * what the dump says after the statements. */
static void check_rows(const row *list, size_t n, const char *tail)
{
    cvyi_text source = { 0 }, want = { 0 };

    for (size_t i = 0; i < n; i++) {
        cvyi_text_printf(&source, "%s\npass\n", list[i].source);
        cvyi_text_printf(&want, "%s%s (pass)", i > 0 ? " " : "", list[i].dump);
    }
    cvyi_text_put(&want, tail);
    check_dump(cvyi_text_c(&source), source.size, cvyi_text_c(&want));
    cvyi_text_close(&source);
    cvyi_text_close(&want);
}

static const row rows[] = {
    /* clang-format off */
    { "x = 1",
      "(= [x] 1)" },
    { "x = y = None",
      "(= [x y] None)" },
    { "a, *b = c",
      "(= [(tuple [a (star b)])] c)" },
    { "x += 1.5",
      "(aug [x] Add 1.5)" },
    { "x: int",
      "(ann [x] int ~)" },
    { "x: int = 2",
      "(ann [x] int 2)" },
    { "(x.y)[0] **= z",
      "(aug [(item (attr x y) 0)] Pow z)" },
    { "del a, b.c",
      "(del [a (attr b c)])" },
    { "return_ = lambda a, /, b=1, *r, c, d=2, **m: a",
      "(= [return_] (lambda ( a / b=1 *r c d=2 **m) [a]))" },
    { "def f(a: int, /, b, c=1, *, d, e=2) -> str: return",
      "(def f ( a:int / b c=1 * d e=2 **) [(return ~)] str)" },
    { "@p\n@q(1)\ndef f(*a, **k):\n  \"doc\"\n  return a",
      "(def f ( *a **k) [(expr \"doc\") (return a)] [p (call q [1] "
      "[])])" },
    { "class A: pass",
      "(class A [] [] [(pass)])" },
    { "@d\nclass A(B, c.D, metaclass=M, **k):\n  x = 1\n  def f(self): "
      "return self",
      "(class A [B (attr c D)] [metaclass=M **=k] [(= [x] 1) (def f ( "
      "self * **) [(return self)])] [d])" },
    { "async def f(): await g()",
      "(def f async ( * **) [(expr (other Await))])" },
    { "for i in a:\n  break\nelse:\n  continue_()",
      "(for i a [(break)] [(expr (call continue_ [] []))])" },
    { "for i, j in a: continue",
      "(for (tuple [i j]) a [(continue)] [])" },
    { "while a: pass",
      "(while a [(pass)] [])" },
    { "while not a:\n  pass\nelse:\n  b",
      "(while (unary Not [a]) [(pass)] [(expr b)])" },
    { "if a: b",
      "(if a [(expr b)] [])" },
    { "if a: b\nelif c: d\nelse: e",
      "(if a [(expr b)] [(if c [(expr d)] [(expr e)])])" },
    { "with a as b, c(): d",
      "(with a b (call c [] []) ~ [(expr d)])" },
    { "raise",
      "(raise ~)" },
    { "raise E(1)",
      "(raise (call E [1] []))" },
    { "raise E from c",
      "(raise E)" },
    { "try: a\nexcept E as e: b\nexcept: c\nelse: d\nfinally: g",
      "(try [(expr a)] E e [(expr b)] ~ ~ [(expr c)] [(expr d)] [(expr "
      "g)])" },
    { "try: a\nfinally: b",
      "(try [(expr a)] [] [(expr b)])" },
    { "assert a, \"m\"",
      "(assert a \"m\")" },
    { "assert a",
      "(assert a ~)" },
    { "import a, b.c as d",
      "(import a ~ b.c d)" },
    { "from a.b import c as d, e",
      "(from 0 a.b c d e ~)" },
    { "from .. import x",
      "(from 2 ~ x ~)" },
    { "from .m import *",
      "(from 1 m * ~)" },
    { "def f():\n  global a, b\n  def g():\n    nonlocal c",
      "(def f ( * **) [(global a b) (def g ( * **) [(nonlocal c)])])" },
    { "a or b or c and d",
      "(expr (bool Or [a b (bool And [c d])]))" },
    { "a + b - c * d @ e / f % g ** h // i",
      "(expr (bin Sub [(bin Add [a b]) (bin FloorDiv [(bin Mod [(bin "
      "Div [(bin MatMult [(bin Mult [c d]) e]) f]) (bin Pow [g h])]) "
      "i])]))" },
    { "a << b >> c | d ^ e & f",
      "(expr (bin BitOr [(bin RShift [(bin LShift [a b]) c]) (bin "
      "BitXor [d (bin BitAnd [e f])])]))" },
    { "-a + ~b",
      "(expr (bin Add [(unary USub [a]) (unary Invert [b])]))" },
    { "+a, not a",
      "(expr (tuple [(unary UAdd [a]) (unary Not [a])]))" },
    { "a < b <= c > d >= e == f != g",
      "(expr (compare a Lt b LtE c Gt d GtE e Eq f NotEq g))" },
    { "a is b is not c in d not in e",
      "(expr (compare a Is b IsNot c In d NotIn e))" },
    { "(y := 1)",
      "(expr (:= y 1))" },
    { "a if b else c",
      "(expr (ifexp b a c))" },
    { "{a: 1, **b}",
      "(expr (dict [a ~] [1 b]))" },
    { "{1, 2}",
      "(expr (set [1 2]))" },
    { "[]",
      "(expr (list []))" },
    { "()",
      "(expr (tuple []))" },
    { "(1,)",
      "(expr (tuple [1]))" },
    { "[i for i in a if i if j for k in b]",
      "(expr (listcomp i i a [i j] k b []))" },
    { "{i for i in a}",
      "(expr (setcomp i i a []))" },
    { "{i: j for i, j in a}",
      "(expr (dictcomp i j (tuple [i j]) a []))" },
    { "sum(i for i in a)",
      "(expr (call sum [(genexp i i a [])] []))" },
    { "[i async for i in a]",
      "(expr (other ListComp))" },
    { "f(a, *b, c=1, **d)",
      "(expr (call f [a (star b)] [c=1 **=d]))" },
    { "f(*a, b)(c)",
      "(expr (call (call f [(star a) b] []) [c] []))" },
    { "a.b.c",
      "(expr (attr (attr a b) c))" },
    { "a[1], a[1:], a[:2:3], a[...], a[1:2, ::3]",
      "(expr (tuple [(item a 1) (item a (slice 1 ~ ~)) (item a (slice "
      "~ 2 3)) (item a ...) (item a (tuple [(slice 1 2 ~) (slice ~ ~ "
      "3)]))]))" },
    { "\"a\" 'b'",
      "(expr \"ab\")" },
    { "\"\\x41\\n\\\"\"",
      "(expr \"A\\u000a\\\"\")" },
    { "f\"a{b}c{d!r:>{w}.2f}{{\"",
      "(expr (fstr [\"a\" (field b -1 ~) \"c\" (field d 114 (fstr "
      "[\">\" (field w -1 ~) \".2f\"])) \"{\"]))" },
    { "f\"{a=}\"",
      "(expr (fstr [\"a=\" (field a 114 ~)]))" },
    { "True, False, None, ...",
      "(expr (tuple [True False None ...]))" },
    { "9223372036854775807, 9223372036854775808, -9223372036854775808",
      "(expr (tuple [9223372036854775807 big\"9223372036854775808\" "
      "(unary USub [big\"9223372036854775808\"])]))" },
    { "0xff, 0o17, 0b11, 1_000",
      "(expr (tuple [255 15 3 1000]))" },
    { "1e999, 1e-7, .5, 1., 1e22, 5e-324",
      "(expr (tuple [inf 1e-07 0.5 1.0 1e+22 5e-324]))" },
    { "b\"a\\xff\", 2j",
      "(expr (tuple [bytes\"b'a\\\\xff'\" complex]))" },
    { "\"\\0\", \"\\ud800\"",
      "(expr (tuple [bytes\"'\\\\x00'\" bytes\"'\\\\ud800'\"]))" },
    { "async def f():\n  async for i in a: pass\n  async with b: "
      "pass\n  yield a\n  yield from b",
      "(def f async ( * **) [(other AsyncFor) (other AsyncWith) (expr "
      "(other Yield)) (expr (other YieldFrom))])" },
    { "\303\251 = \"\303\274\"",
      "(= [\303\251] \"\303\274\")" },
    /* clang-format on */
};

static void every_kind_of_node_arrives(void)
{
    check_rows(rows, sizeof rows / sizeof *rows, "");
}

static const row older_rows[] = {
    /* clang-format off */
    { "print", "(expr (call print [] []))" },
    { "print a, 'b' % (c, d)",
      "(expr (call print [a (bin Mod [\"b\" (tuple [c d])])] []))" },
    { "print 'a',  # why", "(expr (call print [\"a\"] [end=\" \"]))" },
    { "print >>f, a, b", "(expr (call print [a b] [file=f]))" },
    { "print >> f.g(1), a,",
      "(expr (call print [a] [end=\" \" file=(call (attr f g) [1] [])]))" },
    { "print >>f", "(expr (call print [] [file=f]))" },
    { "print (a), b", "(expr (call print [a b] []))" },
    { "print(a)", "(expr (call print [a] []))" },
    { "print \"a\" \\\n  \"b\"", "(expr (call print [\"ab\"] []))" },
    { "print (a,\n  b), c", "(expr (call print [(tuple [a b]) c] []))" },
    { "if a: print b; print c",
      "(if a [(expr (call print [b] [])) (expr (call print [c] []))] [])" },
    { "for i in {1: 2}: print i",
      "(for i (dict [1] [2]) [(expr (call print [i] []))] [])" },
    { "if (lambda: a): print b\nelse: print",
      "(if (lambda ( * **) [a]) [(expr (call print [b] []))]"
      " [(expr (call print [] []))])" },
    { "class A:\n\tdef f(self):\n\t\tprint self.a\n        \tprint 1",
      "(class A [] [] [(def f ( self * **)"
      " [(expr (call print [(attr self a)] []))"
      " (expr (call print [1] []))])])" },
    { "x.print_ = print_", "(= [(attr x print_)] print_)" },
    { "exec a", "(expr (call exec [a] []))" },
    { "exec 'a' in b, c", "(expr (call exec [\"a\" b c] []))" },
    { "raise E, 'a, b'", "(raise (call E [\"a, b\"] []))" },
    { "raise E, a, b",
      "(raise (call (attr (call E [a] []) with_traceback) [b] []))" },
    { "raise E(a, b)", "(raise (call E [a b] []))" },
    { "try: a\nexcept E, e: b\nexcept (F, G), e: c\nexcept H: d\n"
      "except: pass",
      "(try [(expr a)] E e [(expr b)] (tuple [F G]) e [(expr c)]"
      " H ~ [(expr d)] ~ ~ [(pass)] [] [])" },
    { "a <> b", "(expr (compare a NotEq b))" },
    { "`a + 1`, f(`b`)",
      "(expr (tuple [(call repr [(bin Add [a 1])] [])"
      " (call f [(call repr [b] [])] [])]))" },
    { "0777, 00, 0, 1L, 0xFFL, 017l, 1.5, 09.5",
      "(expr (tuple [511 0 0 1 255 15 1.5 9.5]))" },
    { "ur'a', UR\"b\", u'c'", "(expr (tuple [\"a\" \"b\" \"c\"]))" },
    { "x = 'print 1 <> 2'", "(= [x] \"print 1 <> 2\")" },
    { "x = '''\nprint 1\n'''", "(= [x] \"\\u000aprint 1\\u000a\")" },
    /* clang-format on */
};

static void forms_of_python_2_are_rewritten(void)
{
    check_rows(older_rows, sizeof older_rows / sizeof *older_rows,
               " #5:12 \"why\" rewritten");
}

static void comments_stand_where_they_stand(void)
{
    static const char source[] = "# first\n"
                                 "x = 1  # one\n"
                                 "  #two \n"
                                 "y = '# no' # 'some'\n"
                                 "z = '''\n"
                                 "# no\n"
                                 "''' # \"last\n"
                                 "f(a, # in\n"
                                 "\n"
                                 "\t# alone\n"
                                 " b)\n"
                                 "u = \"\\\"#\" # no\" # yes\n"
                                 "v = \"\"\"a\"#\"\"\"#\n"
                                 "w = f'{a:#x} {{#' r'\\\\'# f\n"
                                 "\xc3\xa9 = '\xc3\xbc' ##";

    check_dump(
        source, strlen(source),
        "(= [x] 1) (= [y] \"# no\") (= [z] \"\\u000a# no\\u000a\")"
        " (expr (call f [a b] [])) (= [u] \"\\\"#\")"
        " (= [v] \"a\\\"#\") (= [w] (fstr [(field a -1"
        " (fstr [\"#x\"])) \" {#\\\\\\\\\"])) (= [\xc3\xa9] \"\xc3\xbc\")"
        " #1:0 alone \"first\" #2:7 \"one\" #3:2 alone \"two \""
        " #4:11 \"'some'\" #7:4 \"\\\"last\" #8:5 \"in\""
        " #10:1 alone \"alone\" #12:10 \"no\\\" # yes\""
        " #13:13 \"\" #14:23 \"f\" #15:10 \"#\"");
}

static const struct {
    const char *source, *dump;
} odd_sources[] = {
    /* clang-format off */
    { "", "" },
    { "\n\n  \n", "" },
    { "x", "(expr x)" },
    { "if a:\r\n\tb # c\r\n\td\r\n",
      "(if a [(expr b) (expr d)] []) #2:3 \"c\"" },
    { "x\ry # c\rz", "(expr x) (expr y) (expr z) #2:2 \"c\"" },
    { "\f\nif a:\n  b\n\f\n  c # d\n",
      "(if a [(expr b) (expr c)] []) #5:4 \"d\"" },
    { "\xef\xbb\xbfx # a", "(expr x) #1:2 \"a\"" },
    { "\xef\xbb\xbf# coding: utf-8\nx",
      "(expr x) #1:0 alone \"coding: utf-8\"" },
    { "# -*- coding: latin-1 -*-\nx = '\xe9' # \xfc\n",
      "(= [x] \"\xc3\xa9\") #1:0 alone \"-*- coding: latin-1 -*-\""
      " #2:9 \"\xc3\xbc\"" },
    { "#!/bin/x\n# vim: fileencoding=cp1252\n'\x80'",
      "(expr \"\xe2\x82\xac\") #1:0 alone \"!/bin/x\""
      " #2:0 alone \"vim: fileencoding=cp1252\"" },
    { "x\\\n.y", "(expr (attr x y))" },
    /* clang-format on */
};

static void odd_sources_are_read_as_python_reads_them(void)
{
    for (size_t i = 0; i < sizeof odd_sources / sizeof *odd_sources; i++)
        check_dump(odd_sources[i].source, strlen(odd_sources[i].source),
                   odd_sources[i].dump);
}

static const struct {
    const char *source;
    size_t size; /* 0: strlen */
    cvy_status status;
    int line;
    const char *word;
} refused[] = {
    /* clang-format off */
    { "x = 1\ny = = 2\n",      0, CVY_FORMAT, 2, "line 2: invalid syntax" },
    { "print 1\nx = = 2\n",    0, CVY_FORMAT, 2, "line 2: invalid syntax" },
    { "print 1 2\n",           0, CVY_FORMAT, 1, "line 1: " },
    { "if a:\nb\n",            0, CVY_FORMAT, 2, "indent" },
    { "x = 'abc\n",            0, CVY_FORMAT, 1, "line 1: " },
    { "x = (1,\n",             0, CVY_FORMAT, 1, "line 1: " },
    { "x\ny = '\0'\n",        10, CVY_FORMAT, 2, "a NUL in the source" },
    { "x\ny = '\xe9'\n",       0, CVY_FORMAT, 2, "not text in utf-8" },
    { "# coding: nonesuch\n",  0, CVY_FORMAT, 1, "nonesuch" },
    { "# coding: rot13\n",     0, CVY_FORMAT, 1, "rot13" },
    { "\xef\xbb\xbf# coding: latin-1\n", 0, CVY_FORMAT, 1, "encoding" },
    { "\xff\xfex\0", 4,           CVY_FORMAT, 1, "not text in utf-8" },
    /* clang-format on */
};

static void what_is_not_python_is_refused_with_its_line(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *const source = refused[i].source;
        cvyi_py_tree tree = { .n_comments = 77 };
        cvyi_arena arena = { 0 };
        cvy_error err = { 0 };
        const cvy_status status = cvyi_py_parse(
            &tree, &arena, "dir/x.py", source,
            refused[i].size > 0 ? refused[i].size : strlen(source), &err);

        if (status != refused[i].status || err.status != status ||
            err.line != refused[i].line ||
            strstr(err.text, refused[i].word) == NULL)
            CHECK_FAIL("%s: %d, line %d: %s", source, (int)status, err.line,
                       err.text);
        CHECK_STR(err.where, "dir/x.py");
        CHECK_EQ(tree.n_comments, 77);
        cvyi_arena_close(&arena);
    }
}

/* A text of n times `open`, then `middle`, then n times `close`. */
static cvy_status parse_nested(const char *open, const char *middle,
                               const char *close, int n, cvy_error *err)
{
    cvyi_text source = { 0 };
    cvyi_arena arena = { 0 };
    cvyi_py_tree tree;

    for (int i = 0; i < n; i++)
        cvyi_text_put(&source, open);
    cvyi_text_put(&source, middle);
    for (int i = 0; i < n; i++)
        cvyi_text_put(&source, close);

    const cvy_status status = cvyi_py_parse(
        &tree, &arena, "x.py", cvyi_text_c(&source), source.size, err);

    cvyi_arena_close(&arena);
    cvyi_text_close(&source);
    return status;
}

/* An expression statement and a name are two of the 200 levels. */
static void nesting_is_bounded_and_said(void)
{
    cvy_error err = { 0 };

    CHECK_OK(parse_nested("-", "a", "", 198, &err));
    CHECK_EQ(parse_nested("-", "a", "", 199, &err), CVY_UNSUPPORTED);
    CHECK(strstr(err.text, "nested deeper than 200") != NULL);
    CHECK_EQ(err.line, 1);
    CHECK_OK(parse_nested("", "a", "+a", 198, &err));
    CHECK_EQ(parse_nested("", "a", "+a", 199, &err), CVY_UNSUPPORTED);
    CHECK_OK(parse_nested("f(", "a", ")", 100, &err));
    /* What Python itself refuses has other words in each version of it. */
    CHECK(parse_nested("(", "a", ")", 5000, &err) != CVY_OK);
    CHECK(err.text[0] != '\0');
    CHECK(parse_nested("-", "a", "", 100000, &err) != CVY_OK);
    CHECK(err.text[0] != '\0');
}

static void numbers_beyond_measure_are_refused(void)
{
    cvy_error err = { 0 };

    CHECK_OK(parse_nested("", "0x1", "0", 3400, &err));
    CHECK_EQ(parse_nested("", "\n0x1", "0", 3600, &err), CVY_UNSUPPORTED);
    CHECK_EQ(err.line, 2);
    CHECK(strstr(err.text, "integer") != NULL);
}

static void a_source_beyond_4_mib_is_refused(void)
{
    const size_t n = ((size_t)4 << 20) + 1;
    char *const source = calloc(n, 1);
    cvyi_py_tree tree;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_py_parse(&tree, &arena, "x.py", source, n, &err),
             CVY_UNSUPPORTED);
    CHECK(strstr(err.text, "4194305 bytes") != NULL);
    free(source);
}

static void places_are_those_of_the_source(void)
{
    static const char source[] = "x = 1\n\n"
                                 "def f(a):\n"
                                 "    return g('\xc3\xbc', a,\n"
                                 "             [b])\n"
                                 "y = f'''{c}\n'''\n";
    cvyi_py_tree tree;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(
        cvyi_py_parse(&tree, &arena, "x.py", source, strlen(source), &err));
    CHECK_EQ(tree.body.n, 3);

    const cvyi_py_node *const def = tree.body.items[1];
    const cvyi_py_node *const call = def->def.body.items[0]->value;
    const cvyi_py_node *const f = tree.body.items[2]->assign.value;
    const struct {
        const cvyi_py_node *node;
        int line, column, end_line, end_column;
    } places[] = {
        { tree.body.items[0], 1, 0, 1, 5 },
        { tree.body.items[0]->assign.value, 1, 4, 1, 5 },
        { def, 3, 0, 5, 17 },
        { call, 4, 11, 5, 17 },
        { call->call.args.items[1], 4, 19, 4, 20 }, /* after two bytes */
        { call->call.args.items[2]->list.items[0], 5, 14, 5, 15 },
        { f, 6, 4, 7, 3 },
        { f->list.items[0]->formatted.value, 6, 4, 7, 3 },
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        CHECK_EQ(places[i].node->line, places[i].line);
        CHECK_EQ(places[i].node->column, places[i].column);
        CHECK_EQ(places[i].node->end_line, places[i].end_line);
        CHECK_EQ(places[i].node->end_column, places[i].end_column);
    }
    cvyi_arena_close(&arena);
}

/* ---- what the system refuses ---- */

static cvy_status parse_small(void)
{
    static const char source[] = "def f(a, b=1):\n    return a # c\n";
    cvyi_py_tree tree;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };
    const cvy_status status =
        cvyi_py_parse(&tree, &arena, "x.py", source, strlen(source), &err);

    if (status != CVY_OK)
        CHECK_STR(err.text, "out of memory");
    cvyi_arena_close(&arena);
    return status;
}

static void every_refused_allocation_is_told(void)
{
    cvy_status status = CVY_MEMORY;
    size_t n = 0;

    while (status == CVY_MEMORY) {
        cvyi_alloc_refuse(++n);
        status = parse_small();
        cvyi_alloc_refuse(0);
    }
    CHECK_EQ(status, CVY_OK);
    CHECK(n > 5);
}

static void without_python_nothing_is_parsed_and_it_is_said(void)
{
    char *const path = strdup(getenv("PATH"));
    cvyi_py_tree tree;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    CHECK(cvyi_py_available());
    setenv("PATH", "/nowhere", 1);
    CHECK(cvyi_py_available()); /* asked once */
    CHECK_EQ(cvyi_py_parse(&tree, &arena, "x.py", "x", 1, &err), CVY_IO);
    CHECK(strstr(err.text, "needs python3") != NULL);
    setenv("PATH", path, 1);
    free(path);
    cvyi_arena_close(&arena);
}

static const check_case cases[] = {
    { "every_kind_of_node_arrives", every_kind_of_node_arrives },
    { "forms_of_python_2_are_rewritten", forms_of_python_2_are_rewritten },
    { "comments_stand_where_they_stand", comments_stand_where_they_stand },
    { "odd_sources_are_read_as_python_reads_them",
      odd_sources_are_read_as_python_reads_them },
    { "what_is_not_python_is_refused_with_its_line",
      what_is_not_python_is_refused_with_its_line },
    { "nesting_is_bounded_and_said", nesting_is_bounded_and_said },
    { "numbers_beyond_measure_are_refused",
      numbers_beyond_measure_are_refused },
    { "a_source_beyond_4_mib_is_refused", a_source_beyond_4_mib_is_refused },
    { "places_are_those_of_the_source", places_are_those_of_the_source },
    { "every_refused_allocation_is_told", every_refused_allocation_is_told },
    { "without_python_nothing_is_parsed_and_it_is_said",
      without_python_nothing_is_parsed_and_it_is_said },
};
CHECK_MAIN(cases)
