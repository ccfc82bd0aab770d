/* tests/codec/test_pickle.c - the pickle machine: pickle.c, pickle_stack.c,
 * pickle_name.c. */
#include "codec/pickle.h"

#include "base/text.h"
#include "codec/laws.h"

static const cvyi_pickle_name list[] = {
    { "a", "Name", CVYI_PICKLE_NAME, 1, 0 },
    { "a.b", "call", CVYI_PICKLE_CALL, 2, 0 },
    { "c", "Dict", CVYI_PICKLE_MAP, 3, 0 },
};
static const cvyi_pickle_names names = { list, 3, "that is not done" };

#define BYTES(text) (text), sizeof(text) - 1

/* What the tree says, in one line; deeper than six levels "...". */
static void say(cvyi_text *out, const cvyi_pickled *v, int depth)
{
    static const char open[] = {
        [CVYI_PICKLED_TUPLE] = '(', [CVYI_PICKLED_LIST] = '[',
        [CVYI_PICKLED_SET] = '<',   [CVYI_PICKLED_DICT] = '{',
        [CVYI_PICKLED_CALL] = '!',  [CVYI_PICKLED_REF] = '@'
    };

    if (depth == 0) {
        cvyi_text_put(out, "...");
        return;
    }
    switch (v->kind) {
    case CVYI_PICKLED_NONE:
        cvyi_text_put(out, "None");
        return;
    case CVYI_PICKLED_BOOL:
        cvyi_text_put(out, v->truth ? "True" : "False");
        return;
    case CVYI_PICKLED_INT:
        cvyi_text_printf(out, "%lld", (long long)v->integer);
        return;
    case CVYI_PICKLED_FLOAT:
        cvyi_text_double(out, v->real);
        return;
    case CVYI_PICKLED_LONG:
        cvyi_text_put(out, "long");
        return;
    case CVYI_PICKLED_TEXT:
        cvyi_text_printf(out, "'%.*s'", v->n, v->text);
        return;
    case CVYI_PICKLED_BYTES:
        cvyi_text_printf(out, "b'%.*s'", v->n, v->text);
        return;
    case CVYI_PICKLED_NAME:
        cvyi_text_printf(out, "%s.%s", v->name->module, v->name->name);
        return;
    default:
        break;
    }
    if (v->kind == CVYI_PICKLED_CALL)
        cvyi_text_printf(out, "%s", v->name->name);
    cvyi_text_add(out, &open[v->kind], 1);
    for (int i = 0; i < v->n; i++) {
        cvyi_text_put(out, i > 0 ? " " : "");
        say(out, v->items[i], depth - 1);
    }
}

static const struct {
    const char *bytes;
    size_t n;
    const char *said;
} good[] = {
    /* clang-format off */
    { BYTES("N."),                           "None" },
    { BYTES("\x80\2\x88."),                  "True" },
    { BYTES("\x89."),                        "False" },
    { BYTES("I01\n."),                       "True" },
    { BYTES("I00\n."),                       "False" },
    { BYTES("I-12\n."),                      "-12" },
    { BYTES("L12L\n."),                      "12" },
    { BYTES("L9223372036854775807L\n."),     "9223372036854775807" },
    { BYTES("L-9223372036854775808L\n."),    "-9223372036854775808" },
    { BYTES("K\xff."),                       "255" },
    { BYTES("M\1\2."),                       "513" },
    { BYTES("J\xfe\xff\xff\xff."),           "-2" },
    { BYTES("\x8a\0."),                      "0" },
    { BYTES("\x8a\1\xff."),                  "-1" },
    { BYTES("\x8a\3\0\0\x80."),              "-8388608" },
    { BYTES("\x8a\2\xff\x7f."),              "32767" },
    { BYTES("\x8a\x08\0\0\0\0\0\0\0\x80."),  "-9223372036854775808" },
    { BYTES("\x8a\x09\0\0\0\0\0\0\0\0\1."),  "long" },
    { BYTES("\x8b\1\0\0\0\7."),              "7" },
    { BYTES("G\x3f\xf8\0\0\0\0\0\0."),       "1.5" },
    { BYTES("X\2\0\0\0ab."),                 "'ab'" },
    { BYTES("\x8c\2ab."),                    "'ab'" },
    { BYTES("\x8d\2\0\0\0\0\0\0\0ab."),      "'ab'" },
    { BYTES("U\2ab."),                       "'ab'" },
    { BYTES("T\2\0\0\0ab."),                 "'ab'" },
    { BYTES("C\2ab."),                       "b'ab'" },
    { BYTES("B\2\0\0\0ab."),                 "b'ab'" },
    { BYTES("\x8e\2\0\0\0\0\0\0\0ab."),      "b'ab'" },
    { BYTES("\x96\2\0\0\0\0\0\0\0ab."),      "b'ab'" },
    { BYTES(")."),                           "(" },
    { BYTES("NK\1\x86."),                    "(None 1" },
    { BYTES("NK\1K\2\x87\x85."),             "((None 1 2" },
    { BYTES("(NK\1t."),                      "(None 1" },
    { BYTES("((K\1tt."),                     "((1" },
    { BYTES("]NaK\1a."),                     "[None 1" },
    { BYTES("](NK\1e."),                     "[None 1" },
    { BYTES("(NK\1l."),                      "[None 1" },
    { BYTES("}NK\1s."),                      "{None 1" },
    { BYTES("}(NK\1K\2Nu(K\3Nu."),           "{None 1 2 None 3 None" },
    { BYTES("(NK\1d."),                      "{None 1" },
    { BYTES("\x8f(NK\1\x90."),               "<None 1" },
    { BYTES("(N\x91."),                      "<None" },
    { BYTES("K\1N0."),                       "1" },
    { BYTES("K\1(NN1."),                     "1" },
    { BYTES("K\0012\x86."),                  "(1 1" },
    { BYTES("K\1q\1h\1\x86."),               "(1 1" },
    { BYTES("K\1r\1\0\0\0j\1\0\0\0\x86."),   "(1 1" },
    { BYTES("\x80\4K\1\x94K\2\x94h\0h\1\x86\x86\x86."), "(1 (2 (1 2" },
    { BYTES("\x80\4\x95\2\0\0\0\0\0\0\0N."), "None" },
    { BYTES("]q\0h\0a."),                    "[[[[[[[..." },
    { BYTES("ca\nName\n."),                  "a.Name" },
    { BYTES("\x8c\1a\x8c\4Name\x93."),       "a.Name" },
    { BYTES("ca.b\ncall\nK\1K\2\x86R."),     "call!1 2" },
    { BYTES("ca.b\ncall\n)\x81."),           "call!" },
    { BYTES("cc\nDict\n)R."),                "{" },
    { BYTES("cc\nDict\n)RNK\1s."),           "{None 1" },
    { BYTES("cc\nDict\nca\nName\n\x85R."),   "{" },
    { BYTES("cc\nDict\n]]K\1aK\2aa\x85R."),  "{1 2" },
    { BYTES("cc\nDict\n)R}NNsb."),           "{" },
    { BYTES("K\1K\2\x86Q."),                 "@1 2" },
    { BYTES("K\1Q."),                        "@1" },
    /* clang-format on */
};

static void every_opcode_makes_its_value(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char *const copy = malloc(good[i].n);
        cvyi_arena arena = { 0 };
        cvyi_pickle pickle = { 0 };
        cvyi_text text = { 0 };
        cvy_error err = { 0 };

        memcpy(copy, good[i].bytes, good[i].n);
        if (cvyi_pickle_read(&pickle, &arena, copy, good[i].n, &names, &err) !=
            CVY_OK)
            fail_msg("row %zu, %s: %s", i, good[i].said, err.text);
        CHECK_EQ(pickle.size, good[i].n);
        say(&text, pickle.root, 7);
        CHECK_STR(cvyi_text_c(&text), good[i].said);
        cvyi_text_close(&text);
        cvyi_arena_close(&arena);
        free(copy);
    }
}

static const struct {
    const char *bytes;
    size_t n;
    cvy_status status;
    int64_t offset;
    const char *word;
} bad[] = {
    /* clang-format off */
    { BYTES(""),                     CVY_FORMAT, 0, "no STOP" },
    { BYTES("N"),                    CVY_FORMAT, 1, "no STOP" },
    { BYTES("."),                    CVY_FORMAT, 0, "one value" },
    { BYTES("NN."),                  CVY_FORMAT, 2, "one value" },
    { BYTES("(."),                   CVY_FORMAT, 1, "one value" },
    { BYTES("\xfe."),                CVY_FORMAT, 0, "no opcode" },
    { BYTES("\x80\6N."),             CVY_UNSUPPORTED, 0, "protocol 6" },
    { BYTES("N\x80\2."),             CVY_FORMAT, 1, "second" },
    { BYTES("S'a'\n."),              CVY_UNSUPPORTED, 0, "STRING" },
    { BYTES("N)\x92."),              CVY_UNSUPPORTED, 2, "NEWOBJ_EX" },
    { BYTES("\x82\1."),              CVY_UNSUPPORTED, 0, "EXT1" },
    { BYTES("K"),                    CVY_FORMAT, 0, "cut short" },
    { BYTES("J\1\2\3"),              CVY_FORMAT, 0, "cut short" },
    { BYTES("X\3\0\0\0ab"),          CVY_FORMAT, 0, "cut short" },
    { BYTES("G1234567"),             CVY_FORMAT, 0, "cut short" },
    { BYTES("I12"),                  CVY_FORMAT, 0, "cut short" },
    { BYTES("I\n."),                 CVY_FORMAT, 0, "none" },
    { BYTES("I-\n."),                CVY_FORMAT, 0, "none" },
    { BYTES("I1x\n."),               CVY_FORMAT, 0, "none" },
    { BYTES("L9223372036854775808L\n."), CVY_FORMAT, 0, "64 bits" },
    { BYTES("\x95\3\0\0\0\0\0\0\0N."), CVY_FORMAT, 0, "cut short" },
    { BYTES("0."),                   CVY_FORMAT, 0, "nothing" },
    { BYTES("2."),                   CVY_FORMAT, 0, "nothing" },
    { BYTES("(2."),                  CVY_FORMAT, 1, "nothing" },
    { BYTES("1."),                   CVY_FORMAT, 0, "no mark" },
    { BYTES("Nt."),                  CVY_FORMAT, 1, "no mark" },
    { BYTES("N\x86."),               CVY_FORMAT, 1, "too few" },
    { BYTES("N(\x85."),              CVY_FORMAT, 2, "too few" },
    { BYTES("NNa."),                 CVY_FORMAT, 2, "no container" },
    { BYTES("]s."),                  CVY_FORMAT, 1, "no container" },
    { BYTES("](Nu."),                CVY_FORMAT, 3, "no container" },
    { BYTES("}(Nu."),                CVY_FORMAT, 3, "without a value" },
    { BYTES("(Nd."),                 CVY_FORMAT, 2, "without a value" },
    { BYTES("q\0."),                 CVY_FORMAT, 0, "to remember" },
    { BYTES("Nq\2."),                CVY_FORMAT, 1, "out of all order" },
    { BYTES("h\0."),                 CVY_FORMAT, 0, "never put" },
    { BYTES("Q."),                   CVY_FORMAT, 0, "nothing" },
    { BYTES("Nb."),                  CVY_FORMAT, 1, "without an object" },
    { BYTES("NNb."),                 CVY_UNSUPPORTED, 2, "state" },
    { BYTES("}Nb."),                 CVY_UNSUPPORTED, 2, "state" },
    { BYTES("N)R."),                 CVY_FORMAT, 2, "no name" },
    { BYTES("ca.b\ncall\n]R."),      CVY_FORMAT, 11, "no name" },
    { BYTES("cc\nDict\nN\x85R."),    CVY_FORMAT, 10, "list of pairs" },
    { BYTES("cc\nDict\n]Na\x85R."),  CVY_FORMAT, 12, "no pairs" },
    { BYTES("cos\nsystem"),          CVY_FORMAT, 0, "cut short" },
    { BYTES("N\x8c\1a\x93."),        CVY_FORMAT, 4, "no text" },
    { BYTES("cos\nsystem\n."),       CVY_UNSUPPORTED, 0,
      "the file would run os.system; that is not done" },
    { BYTES("\x8c\2os\x8c\6system\x93."), CVY_UNSUPPORTED, 12, "os.system" },
    { BYTES("(ios\nsystem\n."),      CVY_UNSUPPORTED, 1, "os.system" },
    { BYTES("ca\ncall\n."),          CVY_UNSUPPORTED, 0, "a.call" },
    { BYTES("ca.b\ncall2\n."),       CVY_UNSUPPORTED, 0, "a.b.call2" },
    { BYTES("ca\nName\n)R."),        CVY_UNSUPPORTED, 9, "run a.Name" },
    { BYTES("ca\nName\n)\x81."),     CVY_UNSUPPORTED, 9, "run a.Name" },
    { BYTES("cos\n\x1b[2J\n."),      CVY_UNSUPPORTED, 0, "is no name" },
    { BYTES("c\n\n."),               CVY_UNSUPPORTED, 0, "is no name" },
    /* clang-format on */
};

static void bad_pickles_are_refused_and_explained(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *const copy = malloc(bad[i].n + 1);
        cvyi_arena arena = { 0 };
        cvyi_pickle pickle = { .size = 77 };
        cvy_error err = { 0 };

        memcpy(copy, bad[i].bytes, bad[i].n);

        const cvy_status status =
            cvyi_pickle_read(&pickle, &arena, copy, bad[i].n, &names, &err);

        if (status != bad[i].status || err.offset != bad[i].offset ||
            strstr(err.text, bad[i].word) == NULL)
            fail_msg("row %zu, %s: status %d at %lld, %s", i, bad[i].word,
                     (int)status, (long long)err.offset, err.text);
        CHECK_EQ(pickle.size, 77);
        cvyi_arena_close(&arena);
        free(copy);
    }
}

static void bytes_after_the_end_are_the_callers(void)
{
    cvyi_arena arena = { 0 };
    cvyi_pickle pickle;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pickle_read(&pickle, &arena, "K\1.K\2.", 6, &names, &err));
    CHECK_EQ(pickle.size, 3);
    CHECK_EQ(pickle.root->integer, 1);
    cvyi_arena_close(&arena);
}

static void every_persistent_id_is_listed(void)
{
    cvyi_arena arena = { 0 };
    cvyi_pickle pickle;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pickle_read(&pickle, &arena, BYTES("K\1Q0](K\2QK\3Qe."),
                              &names, &err));
    CHECK_EQ(pickle.n_refs, 3);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pickle.refs[i]->items[0]->integer, i + 1);
    cvyi_arena_close(&arena);
}

static void a_dict_is_asked_for_texts(void)
{
    cvyi_arena arena = { 0 };
    cvyi_pickle pickle;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pickle_read(
        &pickle, &arena, BYTES("}(K\1K\2U\1aK\3U\2abK\4u."), &names, &err));
    CHECK_EQ(cvyi_pickled_get(pickle.root, "a")->integer, 3);
    CHECK_EQ(cvyi_pickled_get(pickle.root, "ab")->integer, 4);
    CHECK(cvyi_pickled_get(pickle.root, "b") == NULL);
    CHECK(cvyi_pickled_get(pickle.root->items[0], "a") == NULL);
    CHECK(cvyi_pickled_get(NULL, "a") == NULL);
    CHECK(!cvyi_pickled_is(NULL, "a"));
    cvyi_arena_close(&arena);
}

/* One opcode again and again: what it makes must stay bounded. */
static void repetition_is_bounded(void)
{
    static const struct {
        const char *start, *again, *word;
        size_t n_again;
        int times;
    } rows[] = {
        { "", "N", "without end", 1, (1 << 20) + 1 },
        { "N", "20", "steps", 2, 1 << 21 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t n = strlen(rows[i].start);
        const size_t size = n + rows[i].n_again * (size_t)rows[i].times;
        char *const bytes = malloc(size);
        cvyi_arena arena = { 0 };
        cvyi_pickle pickle;
        cvy_error err = { 0 };

        memcpy(bytes, rows[i].start, n);
        for (int t = 0; t < rows[i].times; t++)
            memcpy(bytes + n + (size_t)t * rows[i].n_again, rows[i].again,
                   rows[i].n_again);
        CHECK(cvyi_pickle_read(&pickle, &arena, bytes, size, &names, &err) !=
              CVY_OK);
        if (strstr(err.text, rows[i].word) == NULL)
            fail_msg("row %zu: %s", i, err.text);
        cvyi_arena_close(&arena);
        free(bytes);
    }
}

static const check_case cases[] = {
    { "every_opcode_makes_its_value", every_opcode_makes_its_value },
    { "bad_pickles_are_refused_and_explained",
      bad_pickles_are_refused_and_explained },
    { "bytes_after_the_end_are_the_callers",
      bytes_after_the_end_are_the_callers },
    { "every_persistent_id_is_listed", every_persistent_id_is_listed },
    { "a_dict_is_asked_for_texts", a_dict_is_asked_for_texts },
    { "repetition_is_bounded", repetition_is_bounded },
};
CHECK_MAIN(cases)
