/* tests/pysrc/test_answer.c - answers of the parser's child, good and bad. */
#include "pysrc/parse.h"

#include "base/memory.h"
#include "check.h"
#include "pysrc/dump.h"

typedef struct row {
    const char *json;
    const char *words; /* a dump, or words of the message */
} row;

#define TREE(nodes, body)                    \
    "{\"nodes\":[" nodes "],\"body\":[" body \
    "],\"comments\":[],\"rewritten\":false}"
#define NAME "[\"Name\",1,0,1,1,\"x\"]"
#define PASS "[\"Pass\",1,0,1,1]"
#define COMMENTS(comments)                              \
    "{\"nodes\":[],\"body\":[],\"comments\":[" comments \
    "],\"rewritten\":false}"

static cvy_status read_answer(const char *json, size_t size, cvyi_text *text,
                              cvy_error *err)
{
    static const char source[] = "x = 1\ny # c\n";
    cvyi_py_tree tree = { 0 };
    cvyi_arena arena = { 0 };
    const cvy_status status = cvyi_py_tree_read(
        &tree, &arena, "x.py", source, strlen(source), json, size, err);

    if (status == CVY_OK)
        dump_tree(text, &tree);
    else
        CHECK(tree.name == NULL && tree.body.items == NULL);
    cvyi_arena_close(&arena);
    return status;
}

static const row good_answers[] = {
    /* clang-format off */
    { TREE("", ""), "" },
    { TREE(PASS, "0"), "(pass)" },
    { TREE(NAME ",[\"Expr\",1,0,1,1,0]", "1"), "(expr x)" },
    { TREE("[\"Other\",1,0,1,1,\"Match\"]", "0"), "(other Match)" },
    { TREE(NAME "," NAME ",[\"BinOp\",1,0,3,0,\"Add\",1,0],"
           "[\"Return\",1,0,1,1,2]", "3"), "(return (bin Add [x x]))" },
    { COMMENTS("[1,0,true,\"a\"],[2,2,false,\"\"]"),
      "#1:0 alone \"a\" #2:2 \"\"" },
    /* clang-format on */
};

static const row bad_answers[] = {
    /* clang-format off */
    { "", "cut short" },
    { "[]", "not what was asked for" },
    { "null", "not what was asked for" },
    { "{\"nodes\":[]}", "not what was asked for" },
    { "{\"error\":\"a\",\"line\":1,\"kind\":\"syntax\"}", "not what" },
    { "{\"nodes\":[],\"body\":[],\"comments\":[]}", "not what" },
    { "{\"nodes\":[],\"body\":[],\"comments\":[],\"rewritten\":1}", "not" },
    { "{\"nodes\":[],\"body\":[],\"comments\":[],\"more\":false}", "not" },
    { "{\"nodes\":[],\"body\":0,\"comments\":[],\"rewritten\":false}",
      "a list" },
    { TREE("", "0"), "index" },
    { TREE(PASS, "1"), "index" },
    { TREE(PASS, "-1"), "index" },
    { TREE(PASS, "0.0"), "index" },
    { TREE(PASS, "null"), "index" },
    { TREE(PASS, "0,0"), "two places" },
    { TREE(PASS "," PASS, "0"), "node 1 stands nowhere" },
    { TREE(NAME, "0"), "a statement" },
    { TREE(PASS ",[\"Expr\",1,0,1,1,0]", "1"), "node 1: expected an expr" },
    { TREE("[\"Expr\",1,0,1,1,0]", "0"), "index" },
    { TREE("[\"Expr\",1,0,1,1,1]," NAME, "0"), "index" },
    { TREE("0", "0"), "kind of node" },
    { TREE("[]", "0"), "kind of node" },
    { TREE("[\"Pass\",1,0,1]", "0"), "kind of node" },
    { TREE("[\"Pas\",1,0,1,1]", "0"), "kind of node" },
    { TREE("[1,1,0,1,1]", "0"), "kind of node" },
    { TREE("[\"Pass\",1,0,1,1,0]", "0"), "too many" },
    { TREE("[\"Return\",1,0,1,1]", "0"), "too few" },
    { TREE("[\"Constant\",1,0,1,1,\"plain\"]", "0"), "too few" },
    { TREE(NAME "," "[\"Compare\",1,0,1,1,0,[\"Eq\"]]", "1"), "too few" },
    { TREE("[\"Pass\",0,0,1,1]", "0"), "place" },
    { TREE("[\"Pass\",4,0,4,1]", "0"), "place" },
    { TREE("[\"Pass\",1,0,4,1]", "0"), "place" },
    { TREE("[\"Pass\",2,0,1,1]", "0"), "place" },
    { TREE("[\"Pass\",1,2,1,1]", "0"), "place" },
    { TREE("[\"Pass\",1,-1,1,1]", "0"), "place" },
    { TREE("[\"Pass\",1.5,0,1,1]", "0"), "place" },
    { TREE("[\"Pass\",1,0,1,4294967297]", "0"), "place" },
    { TREE("[\"Name\",1,0,1,1,\"\"]", "0"), "empty name" },
    { TREE("[\"Name\",1,0,1,1,null]", "0"), "a text" },
    { TREE(NAME "," NAME ",[\"BinOp\",1,0,1,1,\"And\",0,1]", "2"),
      "operator" },
    { TREE(NAME ",[\"BoolOp\",1,0,1,1,\"And\",[0]]", "1"), "operands" },
    { TREE(NAME "," NAME ",[\"Compare\",1,0,1,1,0,[\"Eq\",\"Eq\"],[1]]",
           "2"), "number of operators" },
    { TREE(NAME ",[\"Compare\",1,0,1,1,0,[],[]]", "1"), "names" },
    { TREE(NAME ",[\"Dict\",1,0,1,1,[0],[]]", "1"), "dict" },
    { TREE(NAME ",[\"List\",1,0,1,1,[null]]", "1"), "index" },
    { TREE(NAME ",[\"If\",1,0,1,1,0,[],[]]", "1"), "without items" },
    { TREE(NAME ",[\"ListComp\",1,0,1,1,0,[]]", "1"), "nothing" },
    { TREE("[\"Import\",1,0,1,1,[]]", "0"), "import" },
    { TREE("[\"Import\",1,0,1,1,[[\"a\"]]]", "0"), "2 items" },
    { TREE("[\"ImportFrom\",1,0,1,1,null,0,[[\"a\",null]]]", "0"),
      "import" },
    { TREE("[\"ImportFrom\",1,0,1,1,\"a\",-1,[[\"a\",null]]]", "0"),
      "import" },
    { TREE("[\"Global\",1,0,1,1,[]]", "0"), "names" },
    { TREE(PASS ",[\"Try\",1,0,1,1,[0],[],[],[]]", "1"), "try" },
    { TREE(PASS ",[\"With\",1,0,1,1,[],[0]]", "1"), "with" },
    { TREE(NAME ",[\"JoinedStr\",1,0,1,1,[0]]", "1"), "f-string" },
    { TREE("[\"Constant\",1,0,1,1,\"plain\",1],"
           "[\"JoinedStr\",1,0,1,1,[0]]", "1"), "f-string" },
    { TREE(NAME ",[\"FormattedValue\",1,0,1,1,0,0,null]", "1"),
      "conversion" },
    { TREE("[\"Constant\",1,0,1,1,\"plain\",[]]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"int\",1]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"int\",\"1x\"]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"int\",\"-\"]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"bytes\",null]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"complex\",1]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,\"other\",1]", "0"), "constant" },
    { TREE("[\"Constant\",1,0,1,1,1,1]", "0"), "constant" },
    { TREE(NAME ",[\"Lambda\",1,0,1,1,[[],1,[],null,null],0]", "1"),
      "number of arguments" },
    { TREE(NAME ",[\"Lambda\",1,0,1,1,[[],0,[],null],0]", "1"),
      "arguments" },
    { TREE(NAME "," NAME ",[\"Lambda\",1,0,1,1,[[[\"a\",null,0],"
           "[\"b\",null,null]],0,[],null,null],1]", "2"), "required" },
    { COMMENTS("[0,0,true,\"\"]"), "comment" },
    { COMMENTS("[4,0,true,\"\"]"), "comment" },
    { COMMENTS("[1,0,1,\"\"]"), "comment" },
    { COMMENTS("[1,0,true,null]"), "a text" },
    { COMMENTS("[2,0,true,\"\"],[1,0,true,\"\"]"), "order" },
    { COMMENTS("[1,0,true]"), "4 items" },
    /* clang-format on */
};

static void answers_are_believed_no_more_than_any_input(void)
{
    for (size_t i = 0; i < sizeof good_answers / sizeof *good_answers; i++) {
        cvyi_text text = { 0 };
        cvy_error err = { 0 };

        if (read_answer(good_answers[i].json, strlen(good_answers[i].json),
                        &text, &err) != CVY_OK)
            CHECK_FAIL("%s: %s", good_answers[i].json, err.text);
        /* Without statements a dump begins with a blank. */
        CHECK_STR(cvyi_text_c(&text) + (*cvyi_text_c(&text) == ' '),
                  good_answers[i].words);
        cvyi_text_close(&text);
    }
    for (size_t i = 0; i < sizeof bad_answers / sizeof *bad_answers; i++) {
        const char *const json = bad_answers[i].json;
        cvy_error err = { 0 };
        const cvy_status status = read_answer(json, strlen(json), NULL, &err);

        if (status != CVY_FORMAT || err.status != status ||
            strstr(err.text, bad_answers[i].words) == NULL)
            CHECK_FAIL("%s: %d: %s", json, (int)status, err.text);
        CHECK_STR(err.where, "x.py");
    }
}

static void columns_end_with_their_line(void)
{
    static const char source[] = "\xef\xbb\xbfx\r\n\ry";
    static const char json[] =
        TREE("[\"Pass\",1,0,3,9],[\"Pass\",2,8,2,9]", "0,1");
    cvyi_py_tree tree;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_py_tree_read(&tree, &arena, "x.py", source, strlen(source),
                               json, strlen(json), &err));
    CHECK_EQ(tree.body.items[0]->end_column, 1);
    CHECK_EQ(tree.body.items[1]->column, 0);
    CHECK_EQ(tree.body.items[1]->end_column, 0);
    cvyi_arena_close(&arena);
}

/* -(-(… x)) of n nodes in all, and how deep it may be. */
static void two_hundred_levels_are_read_and_one_more_is_not(void)
{
    for (int n = 200; n <= 201; n++) {
        cvyi_text json = { 0 }, text = { 0 };
        cvy_error err = { 0 };

        cvyi_text_put(&json, "{\"nodes\":[" NAME);
        for (int i = 0; i < n - 2; i++)
            cvyi_text_printf(&json, ",[\"UnaryOp\",1,0,1,1,\"USub\",%d]", i);
        cvyi_text_printf(&json,
                         ",[\"Expr\",1,0,1,1,%d]],\"body\":[%d],"
                         "\"comments\":[],\"rewritten\":false}",
                         n - 2, n - 1);
        CHECK_EQ(read_answer(cvyi_text_c(&json), json.size, &text, &err),
                 n == 200 ? CVY_OK : CVY_FORMAT);
        cvyi_text_close(&json);
        cvyi_text_close(&text);
    }
}

static void every_cut_and_change_of_an_answer_is_harmless(void)
{
    static const char good[] =
        "{\"nodes\":[" NAME "," NAME ",[\"Constant\",1,0,1,1,\"int\",\"12\"],"
        "[\"Call\",1,0,1,1,0,[1],[[\"k\",2]]],[\"Expr\",1,0,1,1,3]],"
        "\"body\":[4],\"comments\":[[1,0,true,\"c\"]],\"rewritten\":true}";
    static const char bytes[] = "\"[]{},0129-.xn\\ \x80";
    const size_t n = strlen(good);
    char *const copy = malloc(n);
    cvyi_text text = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(read_answer(good, n, &text, &err));
    CHECK_STR(cvyi_text_c(&text),
              "(expr (call x [x] [k=big\"12\"])) #1:0 alone \"c\" rewritten");
    cvyi_text_close(&text);
    for (size_t i = 0; i < n; i++) {
        memcpy(copy, good, n);
        CHECK_EQ(read_answer(copy, i, NULL, &err), CVY_FORMAT);
        for (const char *b = bytes; *b != '\0'; b++) {
            copy[i] = *b;
            if (read_answer(copy, n, &text, &err) != CVY_OK)
                CHECK(err.text[0] != '\0');
            cvyi_text_close(&text);
        }
    }
    free(copy);
}

static void every_refused_allocation_is_told(void)
{
    static const char json[] =
        TREE(NAME "," NAME "," NAME "," PASS
                  ",[\"FunctionDef\",1,0,1,1,\"f\",[[[\"a\",0,1]],0,"
                  "[],\"r\",null],[3],[],2]",
             "4");
    cvy_status status = CVY_MEMORY;
    size_t n = 0;

    while (status == CVY_MEMORY) {
        cvyi_arena arena = { 0 };
        cvyi_py_tree tree;
        cvy_error err = { 0 };

        cvyi_alloc_refuse(++n);
        status = cvyi_py_tree_read(&tree, &arena, "x.py", "x", 1, json,
                                   strlen(json), &err);
        cvyi_alloc_refuse(0);
        CHECK_EQ(err.status, status);
        cvyi_arena_close(&arena);
    }
    CHECK_EQ(status, CVY_OK);
    CHECK(n > 3);
}

static const check_case cases[] = {
    { "answers_are_believed_no_more_than_any_input",
      answers_are_believed_no_more_than_any_input },
    { "columns_end_with_their_line", columns_end_with_their_line },
    { "two_hundred_levels_are_read_and_one_more_is_not",
      two_hundred_levels_are_read_and_one_more_is_not },
    { "every_cut_and_change_of_an_answer_is_harmless",
      every_cut_and_change_of_an_answer_is_harmless },
    { "every_refused_allocation_is_told", every_refused_allocation_is_told },
};
CHECK_MAIN(cases)
