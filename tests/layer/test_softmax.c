/* layer/softmax, log_softmax, glu, sparsemax: functions along one axis. */
#include "workbench.h"

enum { MOST = 16 };

/* The numbers along the axis of `at`. */
static int64_t lane(double *out, const cvy_view *x, int axis,
                    const int64_t *at)
{
    int64_t from[CVY_MAX_RANK];

    memcpy(from, at, (size_t)x->rank * sizeof *from);
    for (int64_t i = 0; i < x->dims[axis]; i++) {
        from[axis] = i;
        out[i] = (double)*bench_at(x, from);
    }
    return x->dims[axis];
}

typedef struct axis_data {
    cvy_view x;
    int axis;
} axis_data;

static double softmax_truth(const void *context, const int64_t *at)
{
    const axis_data *const d = context;
    double x[MOST], sum = 0;
    const int64_t n = lane(x, &d->x, d->axis, at);

    for (int64_t i = 0; i < n; i++)
        sum += exp(x[i]);
    return exp(x[at[d->axis]]) / sum;
}

static double log_softmax_truth(const void *context, const int64_t *at)
{
    return log(softmax_truth(context, at));
}

static double glu_truth(const void *context, const int64_t *at)
{
    const axis_data *const d = context;
    double x[MOST];
    const int64_t half = lane(x, &d->x, d->axis, at) / 2;

    return x[at[d->axis]] / (1 + exp(-x[at[d->axis] + half]));
}

/* Numbers that are larger than x come first; with it they are its rank. */
static double sparsemax_truth(const void *context, const int64_t *at)
{
    const axis_data *const d = context;
    double x[MOST], all = 0, size = 0;
    const int64_t n = lane(x, &d->x, d->axis, at);

    for (int64_t i = 0; i < n; i++) {
        double rank = 0, partial = 0;

        for (int64_t k = 0; k < n; k++)
            if (x[k] > x[i] || (x[k] >= x[i] && k <= i)) {
                rank++;
                partial += x[k];
            }
        if (x[i] > (partial - 1) / rank) {
            all += partial;
            size++;
        }
    }
    return fmax(x[at[d->axis]] - (all - 1) / size, 0);
}

static const struct {
    const char *op;
    bench_truth *truth;
} ops[] = {
    { "softmax", softmax_truth },
    { "log_softmax", log_softmax_truth },
    { "glu", glu_truth },
    { "sparsemax", sparsemax_truth },
};

static void any_axis_of_any_rank_works(void)
{
    static const int64_t dims[] = { 2, 6, 4, 10 };
    bench b;

    bench_open(&b);
    for (size_t k = 0; k < sizeof ops / sizeof *ops; k++)
        for (int rank = 1; rank <= 4; rank++)
            for (int axis = 0; axis < rank; axis++) {
                axis_data d = { bench_random(rank, dims), axis };
                cvyi_attrs attrs;

                for (int64_t i = 0; i < cvy_view_count(&d.x); i++)
                    ((float *)d.x.data)[i] *= 4;
                cvyi_attrs_open(&attrs, cvyi_op_find(ops[k].op), 0);
                cvyi_set_int(&attrs, "axis", axis);
                bench_compare(&b, &attrs, &d.x, NULL, ops[k].truth, &d);
                cvyi_tensor_close(&d.x);
            }
    bench_close(&b);
}

typedef struct set_data {
    cvy_view x;
    bool in[4];
} set_data;

static double joint_softmax_truth(const void *context, const int64_t *at)
{
    const set_data *const d = context;
    int64_t places[CVY_MAX_RANK], i[CVY_MAX_RANK] = { 0 };
    double sum = 0;

    for (int k = 0; k < d->x.rank; k++)
        places[k] = d->in[k] ? d->x.dims[k] : 1;
    do {
        int64_t there[CVY_MAX_RANK];

        for (int k = 0; k < d->x.rank; k++)
            there[k] = d->in[k] ? i[k] : at[k];
        sum += exp((double)*bench_at(&d->x, there));
    } while (cvyi_next(d->x.rank, places, i));
    return exp((double)*bench_at(&d->x, at)) / sum;
}

/* Whichever of the axes is the one called `axis`. */
static void softmax_sums_over_any_set_of_axes(void)
{
    static const int64_t dims[] = { 2, 3, 1, 4 };
    bench b;

    bench_open(&b);
    for (int rank = 1; rank <= 4; rank++)
        for (int set = 1; set < 1 << rank; set++)
            for (int axis = 0; axis < rank; axis++) {
                set_data d = { .x = bench_random(rank, dims) };
                int64_t more[4] = { 0 };
                cvyi_attrs attrs;

                for (int k = 0; k < rank; k++) {
                    d.in[k] = (set >> k & 1) != 0;
                    more[k] = d.in[k] && k != axis;
                }
                if (d.in[axis]) {
                    cvyi_attrs_open(&attrs, cvyi_op_find("softmax"), 0);
                    cvyi_set_int(&attrs, "axis", axis);
                    cvyi_set_ints(&attrs, "more", more, rank);
                    bench_compare(&b, &attrs, &d.x, NULL, joint_softmax_truth,
                                  &d);
                }
                cvyi_tensor_close(&d.x);
            }
    bench_close(&b);
}

/* exp(x - logsumexp), large numbers included: there the rounding of the
 * logsumexp is most of the error. */
static void bounds_over_several_axes_cover_float32(void)
{
    static const int64_t dims[] = { 4, MOST / 4 };
    bench b;

    bench_open(&b);
    for (int turn = 0; turn < 400; turn++) {
        set_data d = { bench_random(2, dims), { true, true } };
        cvy_view bound = bench_zeros(2, dims);
        float *const x = d.x.data;
        float most = -INFINITY, sum = 0;
        cvyi_attrs attrs;

        for (int i = 0; i < MOST; i++) {
            x[i] = x[i] * (float)(turn % 20) + (float)(turn % 7) * 100;
            most = fmaxf(most, x[i]);
        }
        for (int i = 0; i < MOST; i++)
            sum += expf(x[i] - most);

        const float logsumexp = logf(sum) + most;

        cvyi_attrs_open(&attrs, cvyi_op_find("softmax"), 0);
        cvyi_set_int(&attrs, "axis", 0);
        cvyi_set_ints(&attrs, "more", (int64_t[]){ 0, 1 }, 2);

        const cvyi_job job = {
            .attrs = &attrs, .in = &d.x, .n_in = 1, .out = &bound, .n_out = 1
        };

        CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
        for (int i = 0; i < MOST; i++) {
            double truth = 0;

            for (int k = 0; k < MOST; k++)
                truth += exp((double)x[k] - (double)x[i]);
            CHECK(fabs((double)expf(x[i] - logsumexp) - 1 / truth) <=
                  (double)((const float *)bound.data)[i]);
        }
        cvyi_tensor_close(&d.x);
        cvyi_tensor_close(&bound);
    }
    bench_close(&b);
}

static void bounds_stay_numbers_for_huge_input(void)
{
    const int64_t dims[] = { 1, 2 };
    float x[] = { 3e38f, -3e38f }, bound[2];
    const cvy_view in = cvyi_packed(x, CVY_F32, 2, dims);
    const cvy_view out = cvyi_packed(bound, CVY_F32, 2, dims);
    cvyi_attrs attrs;
    const cvyi_job job = {
        .attrs = &attrs, .in = &in, .n_in = 1, .out = &out, .n_out = 1
    };

    cvyi_attrs_open(&attrs, cvyi_op_find("softmax"), 0);
    cvyi_set_int(&attrs, "axis", 0);
    cvyi_set_ints(&attrs, "more", (int64_t[]){ 0, 1 }, 2);
    CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
    CHECK(bound[0] > 0);
    CHECK(bound[1] < 1);
}

/* One float32 evaluation by the book, held against the bound. */
static void softmax_bounds_cover_float32(void)
{
    const int64_t dims[] = { 1, MOST };
    bench b;

    bench_open(&b);
    for (int turn = 0; turn < 200; turn++) {
        axis_data d = { bench_random(2, dims), 1 };
        float *const x = d.x.data;
        cvy_view bound[2] = { bench_zeros(2, dims), bench_zeros(2, dims) };
        float most = -INFINITY, sum = 0;

        for (int i = 0; i < MOST; i++) {
            x[i] *= (float)(turn % 40);
            most = fmaxf(most, x[i]);
        }
        for (int i = 0; i < MOST; i++)
            sum += expf(x[i] - most);
        for (int k = 0; k < 2; k++) {
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find(ops[k].op), 0);
            cvyi_set_int(&attrs, "axis", 1);

            const cvyi_job job = { .attrs = &attrs,
                                   .in = &d.x,
                                   .n_in = 1,
                                   .out = &bound[k],
                                   .n_out = 1 };

            CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
        }
        for (int64_t i = 0; i < MOST; i++) {
            const int64_t at[] = { 0, i };
            const float y = expf(x[i] - most) / sum;
            const float z = x[i] - most - logf(sum);

            CHECK(fabs((double)y - softmax_truth(&d, at)) <=
                  (double)*bench_at(&bound[0], at));
            CHECK(fabs((double)z - log_softmax_truth(&d, at)) <=
                  (double)*bench_at(&bound[1], at));
        }
        cvyi_tensor_close(&d.x);
        cvyi_tensor_close(&bound[0]);
        cvyi_tensor_close(&bound[1]);
    }
    bench_close(&b);
}

/* The second number stands exactly on the edge of the support. */
static void a_number_on_the_edge_widens_the_bound(void)
{
    const int64_t dims[] = { 1, 2 };
    float x[] = { 3, 2 }, bound[2];
    const cvy_view in = cvyi_packed(x, CVY_F32, 2, dims);
    const cvy_view out = cvyi_packed(bound, CVY_F32, 2, dims);
    cvyi_attrs attrs;
    const cvyi_job job = {
        .attrs = &attrs, .in = &in, .n_in = 1, .out = &out, .n_out = 1
    };

    cvyi_attrs_open(&attrs, cvyi_op_find("sparsemax"), 0);
    cvyi_set_int(&attrs, "axis", 1);
    CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
    /* t is 3 - 1 without it and (3 + 5 - 1) / 2 with it. */
    CHECK(bound[0] >= 1.5f);
    x[1] = 1;
    CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
    CHECK(bound[0] < 1e-5f);
}

static const struct {
    const char *class_name, *config, *shape;
    const char *attrs, *torch_shape, *module, *function;
} word_rows[] = {
    /* clang-format off */
    { "Softmax", "{}", "(N, 10)", "axis=1", "(N, 10)", "nn.Softmax(dim=1)",
      "torch.softmax({0}, dim=1)" },
    { "Softmax", "{\"axis\": [-2]}", "(N, 8, 10)", "axis=1", "(N, 8, 10)",
      "nn.Softmax(dim=1)", "torch.softmax({0}, dim=1)" },
    { "Softmax", "{\"axis\": [-1, 1]}", "(N, 8, 10, 3)",
      "axis=1 more=[0 0 0 1]", "(N, 8, 10, 3)", "SoftmaxOver((1, 3))",
      "refused: torch's softmax is along one axis" },
    { "Softmax", "{\"axis\": null}", "(N, 8)", "axis=0 more=[0 1]",
      "(N, 8)", "SoftmaxOver((0, 1))",
      "refused: torch's softmax is along one axis" },
    { "Activation", "{\"activation\": \"softmax\"}", "(N, 8, 10)", "axis=2",
      "(N, 8, 10)", "nn.Softmax(dim=2)", "torch.softmax({0}, dim=2)" },
    { "Activation", "{\"activation\": \"log_softmax\"}", "(N, 10)", "axis=1",
      "(N, 10)", "nn.LogSoftmax(dim=1)", "torch.log_softmax({0}, dim=1)" },
    { "Activation", "{\"activation\": \"glu\"}", "(N, 10)", "axis=1",
      "(N, 10)", "nn.GLU(dim=1)", "F.glu({0}, dim=1)" },
    { "Activation", "{\"activation\": \"sparsemax\"}", "(N, 10)", "axis=1",
      "(N, 10)", "Sparsemax(dim=1)",
      "refused: torch has no word for sparsemax" },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        bench b;

        bench_open(&b);
        if (bench_read(&b, word_rows[i].class_name, word_rows[i].config,
                       word_rows[i].shape) != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, b.err.text);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs),
                  word_rows[i].attrs);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_MODULE),
                  word_rows[i].module);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_FUNCTION),
                  word_rows[i].function);
        bench_close(&b);
    }
}

static void sparsemax_tells_that_it_is_another_one(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Activation", "{\"activation\": \"sparsemax\"}",
                        "(N, 10)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n_remarks, 1);
    CHECK(strstr(b.phrase.remarks[0], "published") != NULL);
    bench_close(&b);
}

static void axes_that_do_not_fit_are_refused(void)
{
    cvyi_inferred out = { .n_out = 77 };
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Softmax", "{\"axis\": 2}", "(N, 10)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
    CHECK_EQ(bench_read(&b, "Softmax", "{\"axis\": [5]}", "(N, 10)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
    CHECK_EQ(bench_read(&b, "Softmax", "{\"axis\": [1, -2]}", "(N, 4, 10)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
    CHECK_EQ(bench_read(&b, "Softmax", "{\"axis\": []}", "(N, 4, 10)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
    cvyi_attrs_open(&attrs, cvyi_op_find("softmax"), 0);
    cvyi_set_int(&attrs, "axis", 1);
    cvyi_set_ints(&attrs, "more", (int64_t[]){ 0, 0, 1 }, 3);
    in = bench_type(&b, "(N, 5)");
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    cvyi_attrs_open(&attrs, cvyi_op_find("glu"), 0);
    cvyi_set_int(&attrs, "axis", 1);
    in = bench_type(&b, "(N, 5)");
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

static const check_case cases[] = {
    { "any_axis_of_any_rank_works", any_axis_of_any_rank_works },
    { "softmax_sums_over_any_set_of_axes", softmax_sums_over_any_set_of_axes },
    { "bounds_over_several_axes_cover_float32",
      bounds_over_several_axes_cover_float32 },
    { "bounds_stay_numbers_for_huge_input",
      bounds_stay_numbers_for_huge_input },
    { "softmax_bounds_cover_float32", softmax_bounds_cover_float32 },
    { "a_number_on_the_edge_widens_the_bound",
      a_number_on_the_edge_widens_the_bound },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "sparsemax_tells_that_it_is_another_one",
      sparsemax_tells_that_it_is_another_one },
    { "axes_that_do_not_fit_are_refused", axes_that_do_not_fit_are_refused },
};
CHECK_MAIN(cases)
