/* layer/join_batch and layer/split_batch: an axis joins the batch, and comes
 * back. */
#include "torch_reader.h"

static cvyi_attrs join_attrs(void)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("join_batch"), 0);
    return attrs;
}

static cvyi_attrs split_attrs(cvyi_size steps)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("split_batch"), 0);
    *cvyi_attr_set(&attrs, "steps") =
        (cvyi_attr_value){ .n = 1, .sizes = { steps } };
    return attrs;
}

static const struct {
    const char *in, *joined, *split, *module;
} rows[] = {
    /* clang-format off */
    { "(N, 4)",          "(4 * N)",          "{0}.unflatten(0, (-1, 4))",
      "nn.Unflatten(0, (-1, 4))" },
    { "(N, 4, H, W, 3)", "(4 * N, H, W, 3)", "{0}.unflatten(0, (-1, 4))",
      "nn.Unflatten(0, (-1, 4))" },
    { "(N, 1, 6)",       "(N, 6)",           "{0}.unflatten(0, (-1, 1))",
      "nn.Unflatten(0, (-1, 1))" },
    { "(2, 3, 5)",       "(6, 5)",           "{0}.unflatten(0, (-1, 3))",
      "nn.Unflatten(0, (-1, 3))" },
    { "(N, T, 6)",       "(N * T, 6)",
      "refused: the size of the time axis is not known",
      "refused: the size of the time axis is not known" },
    /* clang-format on */
};

static void what_is_joined_is_split_into_the_same(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attrs join = join_attrs();
        cvyi_inferred joined, split;
        bench b;

        bench_open(&b);

        const cvyi_type in = bench_type(&b, rows[i].in);
        const cvyi_attrs back = split_attrs(in.dims[1]);

        CHECK_EQ(join.op->infer(&joined, &join, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &joined.out[0]), rows[i].joined);
        CHECK_EQ(back.op->infer(&split, &back, joined.out, 1, &b.sizes,
                                &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &split.out[0]), rows[i].in);
        CHECK_STR(bench_say(&b, &join, &in, 0, CVYI_FORM_FUNCTION, NULL),
                  "{0}.flatten(0, 1)");
        CHECK_STR(bench_say(&b, &join, &in, 0, CVYI_FORM_MODULE, NULL),
                  "nn.Flatten(0, 1)");
        CHECK_STR(bench_say(&b, &back, joined.out, 0, CVYI_FORM_FUNCTION,
                            NULL),
                  rows[i].split);
        CHECK_STR(bench_say(&b, &back, joined.out, 0, CVYI_FORM_MODULE, NULL),
                  rows[i].module);
        bench_close(&b);
    }
}

static void steps_that_are_not_known_are_asked_of_another_tensor(void)
{
    const cvyi_op *const op = cvyi_op_find("split_batch");
    cvyi_inferred out;
    cvyi_said said;
    bench b;

    bench_open(&b);

    const cvyi_type in[] = { bench_type(&b, "(N * T, 6)"),
                             bench_type(&b, "(N, T, 9, 9)") };
    const cvyi_attrs attrs = split_attrs(in[1].dims[1]);

    CHECK_EQ(op->infer(&out, &attrs, in, 2, &b.sizes, &b.err), CVY_OK);
    CHECK_STR(bench_shape(&b, &out.out[0]), "(N, T, 6)");

    const cvyi_saying what = { .attrs = &attrs,
                               .in = in,
                               .n_in = 2,
                               .out = out.out,
                               .arena = &b.arena,
                               .sizes = &b.sizes };

    CHECK_EQ(cvyi_say(&said, "torch", CVYI_FORM_FUNCTION, &what, &b.err),
             CVY_OK);
    CHECK_STR(cvyi_text_c(&said.code), "{0}.unflatten(0, {1}.shape[:2])");
    CHECK_EQ(said.lent, 1);
    cvyi_said_close(&said);
    bench_close(&b);
}

static void one_step_is_read_as_an_axis_of_one_element(void)
{
    cvyi_said said;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 6, 7)");
    const cvyi_attrs attrs = split_attrs(cvyi_size_of(&b.sizes, 1));

    bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, &said);
    CHECK(said.differs);
    CHECK_EQ(said.n_means, 1);
    CHECK_STR(bench_attrs(&b, &said.means[0]), "shape=[1, 6, 7]");
    bench_close(&b);
}

static void what_is_written_is_read_back(void)
{
    const cvyi_attrs join = join_attrs();
    bench b;

    bench_open(&b);

    const cvyi_attrs three = split_attrs(cvyi_size_of(&b.sizes, 3));
    const cvyi_attrs one = split_attrs(cvyi_size_of(&b.sizes, 1));

    CHECK_EQ(reader_laws(&join, "(N, 3, 4)", 0), 2);
    CHECK_EQ(reader_laws(&join, "(N, T)", 0), 2);
    CHECK_EQ(reader_laws(&three, "(3 * N, 4, 5)", 0), 2);
    CHECK_EQ(reader_laws(&three, "(6)", 0), 2);
    CHECK_EQ(reader_laws(&one, "(N, 4)", 0), 2);
    bench_close(&b);
}

static void what_does_not_fit_is_refused(void)
{
    const cvyi_attrs join = join_attrs();
    cvyi_inferred out = { .n_out = 77 };
    bench b;

    bench_open(&b);

    const cvyi_type batch = bench_type(&b, "(N)");
    const cvyi_type five = bench_type(&b, "(5, 2)");
    const cvyi_type full = bench_type(&b, "(2, 1, 1, 1, 1, 1, 1, 1)");
    const cvyi_attrs two = split_attrs(cvyi_size_of(&b.sizes, 2));

    CHECK_EQ(join.op->infer(&out, &join, &batch, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(two.op->infer(&out, &two, &five, 1, &b.sizes, &b.err), CVY_SHAPE);
    CHECK_STR(b.err.where, "steps");
    CHECK_EQ(two.op->infer(&out, &two, &batch, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(two.op->infer(&out, &two, &full, 1, &b.sizes, &b.err), CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

static void elements_keep_their_order(void)
{
    const cvyi_attrs join = join_attrs();
    cvy_view in = bench_random(4, (int64_t[]){ 2, 3, 4, 2 });
    bench b;

    bench_open(&b);

    const cvyi_inferred inferred = bench_infer(&b, &join, &in);
    cvy_view out = bench_output(&inferred);
    const cvyi_job job = {
        .attrs = &join, .in = &in, .n_in = 1, .out = &out, .n_out = 1
    };

    CHECK_EQ(join.op->eval(&job, &b.err), CVY_OK);
    CHECK_EQ(memcmp(in.data, out.data,
                    (size_t)cvy_view_count(&in) * sizeof(float)),
             0);
    cvyi_tensor_close(&in);
    cvyi_tensor_close(&out);
    bench_close(&b);
}

static const check_case cases[] = {
    { "what_is_joined_is_split_into_the_same",
      what_is_joined_is_split_into_the_same },
    { "steps_that_are_not_known_are_asked_of_another_tensor",
      steps_that_are_not_known_are_asked_of_another_tensor },
    { "one_step_is_read_as_an_axis_of_one_element",
      one_step_is_read_as_an_axis_of_one_element },
    { "what_is_written_is_read_back", what_is_written_is_read_back },
    { "what_does_not_fit_is_refused", what_does_not_fit_is_refused },
    { "elements_keep_their_order", elements_keep_their_order },
};
CHECK_MAIN(cases)
