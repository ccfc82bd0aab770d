/* layer/words, bind, signature, arg, phrase, activation, say, code. */
#include "layer/signature.h"

#include "workbench.h"

/* ---- signatures and binding ---- */

static void signatures_are_read(void)
{
    static const struct {
        const char *text;
        int n, required;
        cvyi_kind last;
    } rows[] = {
        { "", 0, 0, CVYI_NONE },
        { "x", 1, 1, CVYI_NONE },
        { "x, axis=-1", 2, 1, CVYI_INT },
        { "a=1e-05, b=-0.5", 2, 0, CVYI_FLOAT },
        { "a='it', b=\"x y\"", 2, 0, CVYI_TEXT },
        { "a=None, b=True", 2, 0, CVYI_BOOL },
        { "a, *, b=(1, 1), **kwargs", 2, 1, CVYI_LIST },
        { "*args, b=((1, 1), [2, 2],)", 2, 0, CVYI_LIST },
        { "a, *args", 2, 1, CVYI_LIST },
        { "**kwargs", 0, 0, CVYI_NONE },
        { "a=()", 1, 0, CVYI_LIST },
    };
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_signature s;
        int required = 0;

        CHECK_OK(cvyi_signature_parse(&s, &arena, rows[i].text, &err));
        CHECK_EQ(s.n, rows[i].n);
        for (int k = 0; k < s.n; k++)
            required += s.parameters[k].fallback == NULL;
        CHECK_EQ(required, rows[i].required);
        if (s.n > 0 && s.parameters[s.n - 1].fallback != NULL)
            CHECK_EQ(s.parameters[s.n - 1].fallback->kind, rows[i].last);
    }
    cvyi_arena_close(&arena);
}

static void a_broken_signature_is_a_fault_of_the_table(void)
{
    static const char *const rows[] = {
        "a b", "a,,b",  "a=",      "a='x", "a=(1",
        "1a",  "a=foo", "a=(1 2)", ",",    "*a, *b",
    };
    cvyi_arena arena = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_signature s;

        if (cvyi_signature_parse(&s, &arena, rows[i], NULL) != CVY_ARGUMENT)
            CHECK_FAIL("'%s' was taken", rows[i]);
    }
    cvyi_arena_close(&arena);
}

static cvy_status bind(bench *b, cvyi_bound *out, const char *signature,
                       int n_positional, const char *json)
{
    static const cvyi_value one = { .kind = CVYI_INT, .integer = 1 };
    const cvyi_value *const positional[] = { &one, &one, &one };
    const cvyi_spelling spelling = { .dialect = "keras3",
                                     .name = "f",
                                     .signature = signature };
    const cvyi_value *keywords;

    CHECK_EQ(cvyi_json_read(&keywords, &b->arena, json, strlen(json), &b->err),
             CVY_OK);
    memset(&b->err, 0, sizeof b->err);
    return cvyi_bind(out, &b->arena, &spelling, 2, positional, n_positional,
                     keywords, &b->err);
}

static void arguments_find_their_names(void)
{
    cvyi_bound call;
    int64_t value;
    bench b;

    bench_open(&b);
    CHECK_EQ(bind(&b, &call, "a, b, c=7, *, d=8", 1, "{\"b\": 2, \"d\": 4}"),
             CVY_OK);
    CHECK_EQ(call.n, 4);
    CHECK_EQ(call.n_spatial, 2);
    CHECK(cvyi_as_int(&value, cvyi_arg(&call, "a")) && value == 1);
    CHECK(cvyi_as_int(&value, cvyi_arg(&call, "b")) && value == 2);
    CHECK(cvyi_as_int(&value, cvyi_arg(&call, "c")) && value == 7);
    CHECK(cvyi_as_int(&value, cvyi_arg(&call, "d")) && value == 4);
    CHECK(call.given[0] && call.given[1] && !call.given[2] && call.given[3]);
    bench_close(&b);
}

static void positional_arguments_left_over_become_a_list(void)
{
    cvyi_bound call;
    bench b;

    bench_open(&b);
    CHECK_EQ(bind(&b, &call, "a, *rest, c=7", 3, "{\"c\": 2}"), CVY_OK);
    CHECK_EQ(cvyi_arg(&call, "a")->kind, CVYI_INT);
    CHECK_EQ(cvyi_arg(&call, "rest")->kind, CVYI_LIST);
    CHECK_EQ(cvyi_arg(&call, "rest")->n, 2);
    CHECK_EQ(cvyi_arg(&call, "rest")->items[1].integer, 1);
    CHECK_EQ(bind(&b, &call, "a, *rest", 1, "{}"), CVY_OK);
    CHECK_EQ(cvyi_arg(&call, "rest")->n, 0);
    CHECK_EQ(bind(&b, &call, "a, *rest", 1, "{\"rest\": 2}"), CVY_UNSUPPORTED);
    CHECK_STR(b.err.where, "rest");
    bench_close(&b);
}

static void arguments_that_do_not_fit_are_refused_by_name(void)
{
    static const struct {
        const char *signature, *json, *where, *text;
        int n_positional;
    } rows[] = {
        { "a", "{\"b\": 1}", "b", "has no argument", 1 },
        { "a, **kwargs", "{\"b\": 1}", "b", "has no argument", 1 },
        { "a", "{}", "a", "missing", 0 },
        { "a", "{\"a\": 1}", "a", "twice", 1 },
        { "a, *, b=1", "{}", "", "at most 1", 2 },
    };
    cvyi_bound call;
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bind(&b, &call, rows[i].signature, rows[i].n_positional,
                      rows[i].json),
                 CVY_UNSUPPORTED);
        CHECK_STR(b.err.where, rows[i].where);
        CHECK(strstr(b.err.text, rows[i].text) != NULL);
    }
    bench_close(&b);
}

static void typed_arguments_refuse_by_name(void)
{
    cvyi_phrase phrase = { 0 };
    cvyi_bound call;
    int64_t number, pair[3];
    double real;
    bool truth;
    int axis;
    bench b;

    bench_open(&b);
    CHECK_EQ(bind(&b, &call, "i, f, t, p, q, axis", 0,
                  "{\"i\": 3, \"f\": 0.5, \"t\": true, \"p\": [2, 3],"
                  " \"q\": 4, \"axis\": -1}"),
             CVY_OK);

    const cvyi_type in = bench_type(&b, "(N, 4, 3)");

    call.in = &in;
    call.n_in = 1;
    CHECK_EQ(cvyi_arg_int(&number, &phrase, &call, "i", 3, NULL), CVY_OK);
    CHECK_EQ(number, 3);
    CHECK_EQ(cvyi_arg_double(&real, &phrase, &call, "f", NULL), CVY_OK);
    CHECK(real == 0.5);
    CHECK_EQ(cvyi_arg_bool(&truth, &phrase, &call, "t", NULL), CVY_OK);
    CHECK(truth);
    CHECK_EQ(cvyi_arg_per_axis(pair, &phrase, &call, "p", 1, NULL), CVY_OK);
    CHECK_EQ(pair[0] * 10 + pair[1], 23);
    CHECK_EQ(cvyi_arg_per_axis(pair, &phrase, &call, "q", 1, NULL), CVY_OK);
    CHECK_EQ(pair[0] * 10 + pair[1], 44);
    CHECK_EQ(cvyi_arg_axis(&axis, &phrase, &call, "axis", NULL), CVY_OK);
    CHECK_EQ(axis, 2);

    CHECK_EQ(cvyi_arg_int(&number, &phrase, &call, "i", 4, NULL),
             CVY_UNSUPPORTED);
    CHECK_STR(phrase.refusal.reason, "i must be an integer >= 4, not 3");
    CHECK_EQ(cvyi_arg_int(&number, &phrase, &call, "f", 0, NULL),
             CVY_UNSUPPORTED);
    CHECK_STR(phrase.refusal.attribute, "f");
    CHECK_EQ(cvyi_arg_bool(&truth, &phrase, &call, "i", NULL),
             CVY_UNSUPPORTED);
    CHECK_STR(phrase.refusal.reason, "i must be True or False, not 3");
    CHECK_EQ(cvyi_arg_double(&real, &phrase, &call, "p", NULL),
             CVY_UNSUPPORTED);
    CHECK_STR(phrase.refusal.reason, "p must be a number, not [2, 3]");
    CHECK_EQ(cvyi_arg_per_axis(pair, &phrase, &call, "p", 3, NULL),
             CVY_UNSUPPORTED);
    CHECK_EQ(cvyi_arg_axis(&axis, &phrase, &call, "i", NULL), CVY_UNSUPPORTED);
    CHECK_STR(phrase.refusal.reason, "axis 3 is outside an input of 3 axes");
    bench_close(&b);
}

/* ---- the table ---- */

static void check_list_of_words(const char *op, const cvyi_spelling *list)
{
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    if (list->dialect == NULL)
        CHECK_FAIL("%s has no words and does not say why", op);
    for (; list->dialect != NULL; list++) {
        cvyi_signature s;

        if (list->cannot_say != NULL) {
            CHECK(list->from_call == NULL && list->to_call == NULL);
            continue;
        }
        CHECK(list->name != NULL);
        CHECK(list->from_call != NULL || list->to_call != NULL);
        CHECK_EQ(strstr(list->name, "%d") != NULL, list->ranks != NULL);
        if (list->signature == NULL) {
            CHECK(list->from_call == NULL);
            continue;
        }
        if (cvyi_signature_parse(&s, &arena, list->signature, &err) != CVY_OK)
            CHECK_FAIL("%s: %s", list->name, err.text);
    }
    cvyi_arena_close(&arena);
}

static void every_operator_has_words_or_says_why_not(void)
{
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        CHECK(cvyi_all_words[i].op == cvyi_ops[i]);
        check_list_of_words(cvyi_ops[i]->name, cvyi_all_words[i].keras);
        check_list_of_words(cvyi_ops[i]->name, cvyi_all_words[i].torch);
    }
}

/* Every readable name leads to its own row: no other row fits it. */
static void no_two_spellings_fit_one_call(void)
{
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        const cvyi_spelling *lists[] = { cvyi_all_words[i].keras,
                                         cvyi_all_words[i].torch };

        for (int k = 0; k < 2; k++)
            for (const cvyi_spelling *row = lists[k]; row->dialect != NULL;
                 row++)
                for (const char *rank = row->ranks != NULL ? row->ranks : "0";
                     row->from_call != NULL && *rank != '\0'; rank++) {
                    char name[96];
                    const char *const hole = strstr(row->name, "%d");
                    int n_spatial;

                    if (row->helper != NULL) {
                        CHECK_STR(row->name, row->helper->name);
                        CHECK(cvyi_spelling_find_helper(
                                  row->dialect, row->name, row->helper->code,
                                  strlen(row->helper->code)) == row);
                        continue;
                    }
                    snprintf(name, sizeof name, "%s", row->name);
                    if (hole != NULL)
                        snprintf(name, sizeof name, "%.*s%c%s",
                                 (int)(hole - row->name), row->name, *rank,
                                 hole + 2);
                    if (cvyi_spelling_find(row->dialect, name, &n_spatial) !=
                        row)
                        CHECK_FAIL("%s has two rows", name);
                    CHECK_EQ(n_spatial, *rank - '0');
                }
    }
}

static void unknown_names_are_not_found(void)
{
    static const char *const names[] = {
        "keras.layers.Conv4D",
        "keras.layers.Conv",
        "keras.layers.ConvD",
        "keras.layers.Conv2Dx",
        "Conv2D",
        "",
    };
    int n_spatial = 77;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(cvyi_spelling_find("keras3", names[i], &n_spatial) == NULL);
    CHECK(cvyi_spelling_find("keras9", "keras.layers.Conv2D", &n_spatial) ==
          NULL);
    CHECK_EQ(n_spatial, 77);
}

/* ---- activations ---- */

static cvy_status read_activation(bench *b, const char *activation)
{
    return bench_read(b, "Conv2D",
                      cvyi_arena_printf(&b->arena,
                                        "{\"filters\": 4, \"kernel_size\": 3,"
                                        " \"data_format\": \"channels_first\""
                                        ", \"activation\": %s}",
                                        activation),
                      "(N, 3, 9, 9)");
}

static void activations_become_steps(void)
{
    static const struct {
        const char *json, *steps;
    } rows[] = {
        { "null", "conv" },
        { "\"linear\"", "conv" },
        { "\"relu\"", "conv pointwise" },
        { "\"softmax\"", "conv softmax" },
        { "{\"module\": \"builtins\", \"class_name\": \"function\","
          " \"config\": \"relu\", \"registered_name\": \"relu\"}",
          "conv pointwise" },
        { "{\"module\": \"keras.layers\", \"class_name\": \"LeakyReLU\","
          " \"config\": {\"name\": \"a\", \"trainable\": true,"
          " \"dtype\": {\"x\": 1}, \"negative_slope\": 0.3},"
          " \"registered_name\": null}",
          "conv pointwise" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_text steps = { 0 };

        if (read_activation(&b, rows[i].json) != CVY_OK)
            CHECK_FAIL("%s: %s", rows[i].json, b.err.text);
        for (int k = 0; k < b.phrase.n; k++) {
            const cvyi_step *const step = &b.phrase.steps[k];

            cvyi_text_printf(&steps, "%s%s", k > 0 ? " " : "",
                             step->attrs.op->name);
            CHECK_EQ(step->argument, k > 0);
            CHECK_EQ(step->label != NULL, k > 0);
            CHECK_EQ(step->axes, CVYI_AXES_FIRST);
        }
        CHECK_STR(cvyi_text_c(&steps), rows[i].steps);
        cvyi_text_close(&steps);
    }
    bench_close(&b);
}

static void a_foreign_activation_is_refused_by_its_name(void)
{
    static const struct {
        const char *json, *name;
        cvyi_refusal_kind kind;
    } rows[] = {
        { "\"my_act\"", "my_act", CVYI_UNKNOWN_CALL },
        { "3", "(no name)", CVYI_UNKNOWN_CALL },
        { "{}", "(an object)", CVYI_UNKNOWN_CALL },
        { "{\"module\": \"builtins\", \"class_name\": \"function\","
          " \"config\": \"relu\", \"registered_name\": \"my>relu\"}",
          "my>relu", CVYI_UNKNOWN_CALL },
        { "{\"module\": null, \"class_name\": \"Wave\", \"config\": {},"
          " \"registered_name\": \"Wave\"}",
          "Wave", CVYI_UNKNOWN_CALL },
        { "{\"module\": \"keras.layers\", \"class_name\": \"PReLU\","
          " \"config\": {\"name\": \"p\", \"shared_axes\": [2, 3]},"
          " \"registered_name\": null}",
          "PReLU", CVYI_NOT_SUPPORTED },
        { "{\"module\": \"keras.layers\", \"class_name\": \"LeakyReLU\","
          " \"config\": {\"wave\": 1}, \"registered_name\": null}",
          "LeakyReLU", CVYI_NOT_SUPPORTED },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(read_activation(&b, rows[i].json), CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, rows[i].kind);
        CHECK_STR(b.phrase.refusal.attribute, "activation");
        CHECK(strstr(b.phrase.refusal.reason, rows[i].name) != NULL);
        CHECK(b.phrase.refusal.advice[0] != '\0');
    }
    bench_close(&b);
}

static void the_activation_layer_is_its_activation(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Activation", "{\"activation\": \"relu\"}",
                        "(N, 3)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n, 1);
    CHECK_STR(b.phrase.steps[0].attrs.op->name, "pointwise");
    CHECK(!b.phrase.steps[0].argument && b.phrase.steps[0].label == NULL);
    CHECK_EQ(bench_read(&b, "Activation", "{\"activation\": \"linear\"}",
                        "(N, 3)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n, 1);
    CHECK_STR(b.phrase.steps[0].attrs.op->name, "identity");
    CHECK_STR(bench_step(&b, 0, "(N, 3)", CVYI_FORM_MODULE), "nn.Identity()");
    CHECK_STR(bench_step(&b, 0, "(N, 3)", CVYI_FORM_FUNCTION), "{0}");
    CHECK_EQ(bench_read(&b, "Identity", "{}", "(N, 3)"), CVY_OK);
    CHECK_STR(b.phrase.steps[0].attrs.op->name, "identity");
    bench_close(&b);
}

/* ---- writing ---- */

static void code_is_built_argument_by_argument(void)
{
    cvyi_said said = { 0 };

    cvyi_code_begin(&said, "nn.Conv%dd", 2);
    cvyi_code_int(&said, NULL, 3);
    cvyi_code_ints(&said, NULL, (int64_t[]){ 3, 3 }, 2);
    cvyi_code_ints(&said, "stride", (int64_t[]){ 1, 2 }, 2);
    cvyi_code_bool(&said, "bias", false);
    cvyi_code_word(&said, "padding", "same");
    cvyi_code_double(&said, "eps", 1e-3);
    cvyi_code_raw(&said, "x", "{0}");
    cvyi_code_end(&said);
    CHECK_STR(cvyi_text_c(&said.code),
              "nn.Conv2d(3, 3, stride=(1, 2), bias=False, padding=\"same\", "
              "eps=1e-3, x={0})");
    CHECK_EQ(said.binding, CVYI_BIND_ATOM);
    cvyi_said_close(&said);
}

static void numbers_look_as_people_write_them(void)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        { 0, "0.0" },
        { 1, "1.0" },
        { -2.5, "-2.5" },
        { 0.01, "0.01" },
        { 0.001, "1e-3" },
        { 1e-5, "1e-5" },
        { -2e-7, "-2e-7" },
        { 0.0015, "0.0015" },
        { 1.5e-7, "1.5e-07" },
        { 1e22, "1e+22" },
        { INFINITY, "float(\"inf\")" },
        { -INFINITY, "float(\"-inf\")" },
        { (double)NAN, "float(\"nan\")" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_said said = { 0 };

        cvyi_code_number(&said, rows[i].value);
        CHECK_STR(cvyi_text_c(&said.code), rows[i].text);
        cvyi_said_close(&said);
    }
}

static void a_dialect_without_words_is_a_refusal(void)
{
    cvyi_attrs attrs;
    cvyi_said said;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("identity"), 0);

    const cvyi_saying what = { .attrs = &attrs, .arena = &b.arena };

    CHECK_EQ(cvyi_say(&said, "klingon", CVYI_FORM_MODULE, &what, &b.err),
             CVY_UNSUPPORTED);
    CHECK_EQ(said.refusal.kind, CVYI_NO_COUNTERPART);
    CHECK_STR(said.refusal.reason, "klingon has no word for identity");
    cvyi_said_close(&said);
    CHECK(!cvyi_can_say("klingon", CVYI_FORM_MODULE, &what));
    CHECK(cvyi_can_say("torch", CVYI_FORM_MODULE, &what));
    bench_close(&b);
}

/* ---- refused memory ---- */

/* Binds, reads and says one layer; false when memory was refused. */
static bool whole_way(void)
{
    static const cvyi_value values[] = {
        { .kind = CVYI_INT, .integer = 4 },
        { .kind = CVYI_INT, .integer = 3 },
        { .kind = CVYI_TEXT, .text = "relu" },
        { .kind = CVYI_TEXT, .text = "same" },
    };
    static const char *const keys[] = { "filters", "kernel_size", "activation",
                                        "padding" };
    const cvyi_value keywords = {
        .kind = CVYI_DICT, .n = 4, .items = values, .keys = keys
    };
    cvyi_arena arena = { 0 };
    cvyi_sizes sizes;
    cvyi_bound call;
    cvyi_phrase phrase = { 0 };
    cvyi_type in = { .dtype = CVY_F32, .rank = 4 };
    int n_spatial;
    cvy_status status;

    cvyi_sizes_open(&sizes, &arena);
    for (int i = 0; i < 4; i++)
        in.dims[i] = cvyi_size_of(&sizes, 9);
    status = in.dims[3] == NULL
                 ? CVY_MEMORY
                 : cvyi_bind(&call, &arena,
                             cvyi_spelling_find(
                                 "keras3", "keras.layers.Conv2D", &n_spatial),
                             2, NULL, 0, &keywords, NULL);
    if (status == CVY_OK) {
        call.in = &in;
        call.n_in = 1;
        call.sizes = &sizes;
        status = call.spelling->from_call(&phrase, &call, NULL);
    }
    if (status == CVY_OK) {
        const cvyi_shape slots[] = { { 4, { 4, 9, 3, 3 } }, { 1, { 4 } } };
        const cvyi_saying what = { .attrs = &phrase.steps[0].attrs,
                                   .in = &in,
                                   .n_in = 1,
                                   .slots = slots,
                                   .present = 3,
                                   .axes = CVYI_AXES_FIRST,
                                   .arena = &arena,
                                   .sizes = &sizes };
        cvyi_said said;

        status = cvyi_say(&said, "torch", CVYI_FORM_MODULE, &what, NULL);
        cvyi_said_close(&said);
    }
    cvyi_arena_close(&arena);
    CHECK(status == CVY_OK || status == CVY_MEMORY);
    return status == CVY_OK;
}

static void refused_memory_is_said_and_nothing_leaks(void)
{
    bool done = false;

    for (size_t n = 1; !done && n < 500; n++) {
        cvyi_alloc_refuse(n);
        done = whole_way();
        cvyi_alloc_refuse(0);
    }
    CHECK(done);
}

static const check_case cases[] = {
    { "signatures_are_read", signatures_are_read },
    { "a_broken_signature_is_a_fault_of_the_table",
      a_broken_signature_is_a_fault_of_the_table },
    { "arguments_find_their_names", arguments_find_their_names },
    { "positional_arguments_left_over_become_a_list",
      positional_arguments_left_over_become_a_list },
    { "arguments_that_do_not_fit_are_refused_by_name",
      arguments_that_do_not_fit_are_refused_by_name },
    { "typed_arguments_refuse_by_name", typed_arguments_refuse_by_name },
    { "every_operator_has_words_or_says_why_not",
      every_operator_has_words_or_says_why_not },
    { "no_two_spellings_fit_one_call", no_two_spellings_fit_one_call },
    { "unknown_names_are_not_found", unknown_names_are_not_found },
    { "activations_become_steps", activations_become_steps },
    { "a_foreign_activation_is_refused_by_its_name",
      a_foreign_activation_is_refused_by_its_name },
    { "the_activation_layer_is_its_activation",
      the_activation_layer_is_its_activation },
    { "code_is_built_argument_by_argument",
      code_is_built_argument_by_argument },
    { "numbers_look_as_people_write_them", numbers_look_as_people_write_them },
    { "a_dialect_without_words_is_a_refusal",
      a_dialect_without_words_is_a_refusal },
    { "refused_memory_is_said_and_nothing_leaks",
      refused_memory_is_said_and_nothing_leaks },
};
CHECK_MAIN(cases)
