/* layer/expand: axes of one element between the others. */
#include "workbench.h"

static cvyi_attrs expand_attrs(int rank, int axis)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("expand"), 0);
    cvyi_set_int(&attrs, "rank", rank);
    cvyi_set_int(&attrs, "axis", axis);
    return attrs;
}

/* Shape, code and numbers of every place and number of new axes. */
static const struct {
    const char *in;
    int rank, axis;
    const char *out, *code;
} rows[] = {
    /* clang-format off */
    { "(N)",             2, 1, "(N, 1)",          "{0}.unsqueeze(1)" },
    { "(N)",             4, 1, "(N, 1, 1, 1)",    "{0}[:, None, None, None]" },
    { "(N, 5)",          3, 1, "(N, 1, 5)",       "{0}.unsqueeze(1)" },
    { "(N, 5)",          3, 2, "(N, 5, 1)",       "{0}.unsqueeze(2)" },
    { "(N, 5)",          4, 1, "(N, 1, 1, 5)",    "{0}[:, None, None]" },
    { "(N, 5)",          4, 2, "(N, 5, 1, 1)",    "{0}[:, :, None, None]" },
    { "(N, C, H)",       4, 2, "(N, C, 1, H)",    "{0}.unsqueeze(2)" },
    { "(N, 5, 1)",       5, 2, "(N, 5, 1, 1, 1)", "{0}[:, :, None, None]" },
    { "(N, 5, H)",       5, 3, "(N, 5, H, 1, 1)", "{0}[:, :, :, None, None]" },
    { "(1, 2, 3, 4, 5)", 8, 1, "(1, 1, 1, 1, 2, 3, 4, 5)",
      "{0}[:, None, None, None]" },
    /* clang-format on */
};

static void new_axes_stand_together(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_inferred out;
        bench b;

        bench_open(&b);

        const cvyi_attrs attrs = expand_attrs(rows[i].rank, rows[i].axis);
        const cvyi_type in = bench_type(&b, rows[i].in);

        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_EQ(out.n_out, 1);
        CHECK_STR(bench_shape(&b, &out.out[0]), rows[i].out);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_FUNCTION, NULL),
                  rows[i].code);
        bench_close(&b);
    }
}

static void what_is_no_place_is_refused(void)
{
    static const struct {
        const char *in, *where;
        int rank, axis;
    } wrong[] = {
        { "(N, 5)", "rank", 2, 1 },
        { "(N, 5)", "rank", 1, 1 },
        { "(N, 5)", "rank", CVYI_MAX_DIMS + 1, 1 },
        { "(N, 5)", "axis", 3, 0 },
        { "(N, 5)", "axis", 3, -1 },
        { "(N, 5)", "axis", 4, 3 },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const cvyi_attrs attrs = expand_attrs(wrong[i].rank, wrong[i].axis);
        cvyi_inferred out = { .n_out = 77 };
        bench b;

        bench_open(&b);

        const cvyi_type in = bench_type(&b, wrong[i].in);

        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
        CHECK_STR(b.err.where, wrong[i].where);
        CHECK_EQ(out.n_out, 77);
        bench_close(&b);
    }
}

/* Also of a view whose memory lies in another order. */
static void elements_stay_in_their_row(void)
{
    const int64_t dims[] = { 2, 3, 4 };
    const int turned[] = { 0, 2, 1 };
    cvy_view x = bench_random(3, dims);
    const cvy_view y = cvyi_permuted(&x, turned);

    for (int axis = 1; axis <= 3; axis++) {
        const cvyi_attrs attrs = expand_attrs(5, axis);
        int64_t at[CVY_MAX_RANK] = { 0 };
        bench b;

        bench_open(&b);

        const cvyi_inferred inferred = bench_infer(&b, &attrs, &y);
        cvy_view z = bench_output(&inferred);
        const cvyi_job job = {
            .attrs = &attrs, .in = &y, .n_in = 1, .out = &z, .n_out = 1
        };

        CHECK_EQ(attrs.op->eval(&job, &b.err), CVY_OK);
        CHECK_EQ(cvy_view_count(&z), cvy_view_count(&y));
        do {
            int64_t there[CVY_MAX_RANK] = { 0 };

            for (int i = 0; i < 3; i++)
                there[i < axis ? i : i + 2] = at[i];
            CHECK(*bench_at(&z, there) == *bench_at(&y, at));
        } while (cvyi_next(3, y.dims, at));
        cvyi_tensor_close(&z);
        bench_close(&b);
    }
    cvyi_tensor_close(&x);
}

static void the_text_form_leaves_out_axis_1(void)
{
    cvyi_attrs attrs = expand_attrs(4, 1);
    bench b;

    bench_open(&b);
    CHECK_STR(bench_attrs(&b, &attrs), "rank=4");
    attrs = expand_attrs(5, 3);
    CHECK_STR(bench_attrs(&b, &attrs), "rank=5 axis=3");
    CHECK_EQ(
        cvyi_attr_parse(cvyi_attr_set(&attrs, "axis"),
                        &attrs.op->attrs[cvyi_attr_index(attrs.op, "axis")],
                        "2", &b.arena, &b.sizes, &b.err),
        CVY_OK);
    CHECK_EQ(cvyi_attr_int(&attrs, "axis"), 2);
    bench_close(&b);
}

static const check_case cases[] = {
    { "new_axes_stand_together", new_axes_stand_together },
    { "what_is_no_place_is_refused", what_is_no_place_is_refused },
    { "elements_stay_in_their_row", elements_stay_in_their_row },
    { "the_text_form_leaves_out_axis_1", the_text_form_leaves_out_axis_1 },
};
CHECK_MAIN(cases)
