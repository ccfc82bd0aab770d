/* layer/op, layer/attr: the table of operators, and attributes as text. */
#include "workbench.h"

/* One attribute of every kind. */
static const cvyi_attr every_kind[] = {
    /* clang-format off */
    { "int",    CVYI_ATTR_INT,    "3",       NULL },
    { "bool",   CVYI_ATTR_BOOL,   "false",   NULL },
    { "axis",   CVYI_ATTR_AXIS,   NULL,      NULL },
    { "ints",   CVYI_ATTR_INTS,   "1",       NULL },
    { "pair",   CVYI_ATTR_INTS,   "[1 2]",   NULL },
    { "real",   CVYI_ATTR_FLOAT,  "0.001",   NULL },
    { "reals",  CVYI_ATTR_FLOATS, "[]",      NULL },
    { "word",   CVYI_ATTR_WORD,   "left",    "left right" },
    { "sizes",  CVYI_ATTR_SIZES,  "[]",      NULL },
    { "border", CVYI_ATTR_BORDER, "[0:0]",   NULL },
    { 0 }
    /* clang-format on */
};
static const cvyi_op sample = { .name = "sample", .attrs = every_kind };

/* A line of a list: no period, unless there are three. */
static bool ends_well(const char *title)
{
    const size_t n = strlen(title);

    return n > 3 && (title[n - 1] != '.' || strcmp(title + n - 3, "...") == 0);
}

static void operators_are_alphabetical_and_complete(void)
{
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        const cvyi_op *const op = cvyi_ops[i];

        if (i > 0 && strcmp(cvyi_ops[i - 1]->name, op->name) >= 0)
            CHECK_FAIL("%s stands in the wrong place", op->name);
        CHECK(ends_well(op->title));
        CHECK(op->infer != NULL && op->eval != NULL);
        CHECK(op->least_in >= 1);
        CHECK(op->most_in < 0 || op->most_in >= op->least_in);
        CHECK(cvyi_op_find(op->name) == op);
    }
    CHECK(cvyi_op_find("nothing") == NULL);
}

static void every_fallback_is_a_value_and_prints_as_nothing(void)
{
    for (size_t i = 0; i < cvyi_n_ops; i++)
        for (int n = 0; n <= CVYI_MAX_SPATIAL; n++) {
            const cvyi_op *const op = cvyi_ops[i];
            cvyi_text text = { 0 };
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, op, n);
            CHECK(attrs.op == op && attrs.n_spatial == n);
            cvyi_attrs_print(&text, &attrs, n);
            for (int k = 0; op->attrs != NULL && op->attrs[k].name != NULL;
                 k++) {
                char shown[64];

                CHECK(k < CVYI_MAX_ATTRS);
                CHECK_EQ(cvyi_attr_index(op, op->attrs[k].name), k);
                snprintf(shown, sizeof shown, "%s=", op->attrs[k].name);
                CHECK_EQ(strstr(cvyi_text_c(&text), shown) == NULL,
                         op->attrs[k].fallback != NULL);
            }
            cvyi_text_close(&text);
        }
}

static void a_fallback_of_one_number_is_repeated(void)
{
    for (int n = 0; n <= CVYI_MAX_SPATIAL; n++) {
        cvyi_attrs attrs;
        int found;

        cvyi_attrs_open(&attrs, &sample, n);

        const int64_t *const ints = cvyi_attr_ints(&attrs, "ints", &found);

        CHECK_EQ(found, n);
        for (int i = 0; i < n; i++)
            CHECK_EQ(ints[i], 1);
        CHECK_EQ(cvyi_attr_ints(&attrs, "pair", &found)[1], 2);
        CHECK_EQ(found, 2);
        CHECK_EQ(cvyi_attr_at(&attrs, "border")->n, n);
        CHECK_EQ(cvyi_attr_int(&attrs, "int"), 3);
        CHECK(!cvyi_attr_bool(&attrs, "bool"));
        CHECK(cvyi_attr_real(&attrs, "real") == 0.001);
        CHECK(cvyi_attr_is(&attrs, "word", "left"));
    }
}

/* What was set is printed; what was printed is read back as the same. */
static void text_and_values_are_one_to_one(void)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        { "int", "-7" },
        { "bool", "true" },
        { "axis", "2" },
        { "ints", "[3 -4 5]" },
        { "ints", "[]" },
        { "real", "1e-05" },
        { "real", "-inf" },
        { "real", "0.1" },
        { "reals", "[0.1 -2.5 1e+300]" },
        { "word", "right" },
        { "sizes", "[2 * H + 1, ceil(W / 2), 7]" },
        { "border", "same" },
        { "border", "causal" },
        { "border", "[1:2 0:3]" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attr *const attr =
            &every_kind[cvyi_attr_index(&sample, rows[i].name)];
        cvyi_text text = { 0 }, all = { 0 };
        cvyi_attrs x, y;
        const char *which = NULL;

        cvyi_attrs_open(&x, &sample, 2);
        cvyi_attrs_open(&y, &sample, 2);
        CHECK_EQ(cvyi_attr_parse(cvyi_attr_set(&x, rows[i].name), attr,
                                 rows[i].text, &b.arena, &b.sizes, &b.err),
                 CVY_OK);
        cvyi_attr_print(&text, attr, cvyi_attr_at(&x, rows[i].name));
        CHECK_STR(cvyi_text_c(&text), rows[i].text);
        CHECK(!cvyi_attrs_equal(&x, &y, &which));
        CHECK_STR(which, rows[i].name);
        CHECK_EQ(cvyi_attr_parse(cvyi_attr_set(&y, rows[i].name), attr,
                                 rows[i].text, &b.arena, &b.sizes, &b.err),
                 CVY_OK);
        CHECK(cvyi_attrs_equal(&x, &y, &which));
        cvyi_attrs_print(&all, &x, 2);
        CHECK(strstr(cvyi_text_c(&all), rows[i].text) != NULL);
        cvyi_text_close(&all);
        cvyi_text_close(&text);
    }
    bench_close(&b);
}

static void only_what_differs_from_its_fallback_is_printed(void)
{
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, &sample, 2);
    cvyi_set_int(&attrs, "axis", 1);
    CHECK_STR(bench_attrs(&b, &attrs), "axis=1");
    cvyi_set_ints(&attrs, "ints", (int64_t[]){ 1, 1 }, 2);
    cvyi_set_word(&attrs, "word", "left");
    cvyi_set_real(&attrs, "real", 0.001);
    CHECK_STR(bench_attrs(&b, &attrs), "axis=1");
    cvyi_set_ints(&attrs, "ints", (int64_t[]){ 2, 2 }, 2);
    cvyi_set_border(&attrs, "border",
                    (cvyi_border){ .rule = CVYI_BORDER_SAME });
    CHECK_STR(bench_attrs(&b, &attrs), "axis=1 ints=[2 2] border=same");
    bench_close(&b);
}

static void a_rule_is_equal_however_it_was_set(void)
{
    cvyi_attrs x, y;
    const char *which = NULL;
    cvy_error err = { 0 };

    cvyi_attrs_open(&x, &sample, 2);
    cvyi_attrs_open(&y, &sample, 2);
    cvyi_set_border(&x, "border", (cvyi_border){ .rule = CVYI_BORDER_SAME });
    CHECK_OK(cvyi_attr_parse(cvyi_attr_set(&y, "border"),
                             &every_kind[cvyi_attr_index(&sample, "border")],
                             "same", NULL, NULL, &err));
    CHECK(cvyi_attrs_equal(&x, &y, &which));
    cvyi_attrs_open(&y, cvyi_op_find("conv"), 2);
    CHECK(!cvyi_attrs_equal(&x, &y, &which));
    CHECK_STR(which, "operator");
}

static void broken_text_is_refused_and_leaves_the_value(void)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        { "int", "" },
        { "int", "x" },
        { "int", "3 4" },
        { "bool", "maybe" },
        { "ints", "[1" },
        { "ints", "[1 x]" },
        { "reals", "1.0" },
        { "real", "" },
        { "word", "up" },
        { "word", "left right" },
        { "sizes", "[H W]" },
        { "sizes", "H" },
        { "border", "[1:2" },
        { "border", "[1 2]" },
        { "border", "valid" },
        { "border", "[1:1 1:1 1:1 1:1]" },
        { "ints", "[1 2 3 4 5 6 7 8 9]" },
        { "int", "99999999999999999999" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attr *const attr =
            &every_kind[cvyi_attr_index(&sample, rows[i].name)];
        cvyi_attr_value value = { .n = 77 };

        if (cvyi_attr_parse(&value, attr, rows[i].text, &b.arena, &b.sizes,
                            &b.err) != CVY_FORMAT)
            CHECK_FAIL("%s=%s was taken", rows[i].name, rows[i].text);
        CHECK_STR(b.err.where, rows[i].name);
        CHECK_EQ(value.n, 77);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "operators_are_alphabetical_and_complete",
      operators_are_alphabetical_and_complete },
    { "every_fallback_is_a_value_and_prints_as_nothing",
      every_fallback_is_a_value_and_prints_as_nothing },
    { "a_fallback_of_one_number_is_repeated",
      a_fallback_of_one_number_is_repeated },
    { "text_and_values_are_one_to_one", text_and_values_are_one_to_one },
    { "only_what_differs_from_its_fallback_is_printed",
      only_what_differs_from_its_fallback_is_printed },
    { "a_rule_is_equal_however_it_was_set",
      a_rule_is_equal_however_it_was_set },
    { "broken_text_is_refused_and_leaves_the_value",
      broken_text_is_refused_and_leaves_the_value },
};
CHECK_MAIN(cases)
