/* layer/add, multiply, subtract, divide, maximum, minimum, concat: several
 * values become one. */
#include "workbench.h"

#include "engine/bound.h"

enum { INPUTS = 3 };

typedef struct merge {
    cvy_view in[INPUTS], out, bound;
} merge;

/* Three inputs of rank 3; the second repeats axes of one element. */
static void merge_open(merge *m)
{
    static const int64_t dims[] = { 2, 3, 4 }, thin[] = { 2, 1, 4 };

    m->in[0] = bench_random(3, dims);
    m->in[1] = bench_random(3, thin);
    m->in[2] = bench_random(3, dims);
    m->out = bench_zeros(3, dims);
    m->bound = bench_zeros(3, dims);
}

static void merge_close(merge *m)
{
    for (int k = 0; k < INPUTS; k++)
        cvyi_tensor_close(&m->in[k]);
    cvyi_tensor_close(&m->out);
    cvyi_tensor_close(&m->bound);
}

static void merge_run(merge *m, const char *op, int n_in)
{
    cvyi_attrs attrs;
    cvyi_job job = {
        .attrs = &attrs, .in = m->in, .n_in = n_in, .out = &m->out, .n_out = 1
    };

    cvyi_attrs_open(&attrs, cvyi_op_find(op), 1);
    CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
    job.out = &m->bound;
    if (attrs.op->bound != NULL)
        CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
}

/* One more value joined to what there is: exactly, as float32 does it, and
 * what a bound may grow with. */
typedef struct joined {
    double exact, size;
    float plain;
} joined;

static joined join_next(const char *op, joined so_far, float x)
{
    const double exact = so_far.exact, next = (double)x;

    if (strcmp(op, "add") == 0)
        return (joined){ exact + next, so_far.size + fabs(next),
                         so_far.plain + x };
    if (strcmp(op, "multiply") == 0)
        return (joined){ exact * next, so_far.size * fabs(next),
                         so_far.plain * x };
    if (strcmp(op, "subtract") == 0)
        return (joined){ exact - next, fabs(exact - next), so_far.plain - x };
    if (strcmp(op, "divide") == 0)
        return (joined){ exact / next, fabs(exact / next), so_far.plain / x };
    if ((strcmp(op, "maximum") == 0) == (exact > next))
        return so_far;
    return (joined){ next, 0, x };
}

static void check_merge(const char *op, int n_in)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    merge m;

    merge_open(&m);
    merge_run(&m, op, n_in);
    do {
        joined j = { 0 };

        for (int k = 0; k < n_in; k++) {
            const int64_t from[] = { at[0], k == 1 ? 0 : at[1], at[2] };
            const float x = *bench_at(&m.in[k], from);

            j = k > 0 ? join_next(op, j, x)
                      : (joined){ (double)x, fabs((double)x), x };
        }

        const double room = (double)*bench_at(&m.bound, at);

        CHECK(*bench_at(&m.out, at) == (float)j.exact);
        CHECK(fabs((double)j.plain - j.exact) <= room);
        CHECK(room <= 1.01 * cvyi_gamma(INPUTS - 1) * j.size + 1e-37);
    } while (cvyi_next(3, m.out.dims, at));
    merge_close(&m);
}

static void inputs_join_element_by_element(void)
{
    check_merge("add", 3);
    check_merge("multiply", 3);
    check_merge("maximum", 3);
    check_merge("minimum", 3);
    check_merge("subtract", 2);
    check_merge("divide", 2);
}

static void an_extreme_of_no_number_is_none(void)
{
    static const char *const ops[] = { "maximum", "minimum" };
    static const int64_t dims[] = { 2 };

    for (int i = 0; i < 4; i++) {
        cvy_view in[] = { bench_random(1, dims), bench_random(1, dims) };
        cvy_view out = bench_zeros(1, dims);
        cvyi_attrs attrs;
        const cvyi_job job = {
            .attrs = &attrs, .in = in, .n_in = 2, .out = &out, .n_out = 1
        };

        cvyi_attrs_open(&attrs, cvyi_op_find(ops[i / 2]), 1);
        ((float *)in[i % 2].data)[1] = NAN;
        CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
        CHECK(!isnan(((float *)out.data)[0]));
        CHECK(isnan(((float *)out.data)[1]));
        cvyi_tensor_close(&in[0]);
        cvyi_tensor_close(&in[1]);
        cvyi_tensor_close(&out);
    }
}

static void values_stand_behind_each_other(void)
{
    for (int axis = 0; axis < 3; axis++) {
        int64_t dims[INPUTS][3], all[] = { 2, 3, 4 };
        cvy_view in[INPUTS], out;
        int64_t first = 0;
        cvyi_attrs attrs;

        all[axis] = 0;
        for (int k = 0; k < INPUTS; k++) {
            memcpy(dims[k], (const int64_t[]){ 2, 3, 4 }, sizeof dims[k]);
            dims[k][axis] = k + 1;
            all[axis] += k + 1;
            in[k] = bench_random(3, dims[k]);
        }
        out = bench_zeros(3, all);

        const cvyi_job job = {
            .attrs = &attrs, .in = in, .n_in = INPUTS, .out = &out, .n_out = 1
        };

        cvyi_attrs_open(&attrs, cvyi_op_find("concat"), 1);
        cvyi_set_int(&attrs, "axis", axis);
        CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
        for (int k = 0; k < INPUTS; k++) {
            int64_t at[CVY_MAX_RANK] = { 0 };

            do {
                int64_t there[] = { at[0], at[1], at[2] };

                there[axis] += first;
                CHECK(*bench_at(&out, there) == *bench_at(&in[k], at));
            } while (cvyi_next(3, in[k].dims, at));
            first += dims[k][axis];
            cvyi_tensor_close(&in[k]);
        }
        cvyi_tensor_close(&out);
    }
}

static const struct {
    const char *op, *a, *b;
    const char *out; /* NULL: refused */
} shape_rows[] = {
    { "add", "(N, 3, 4)", "(N, 3, 4)", "(N, 3, 4)" },
    { "add", "(N, 1, 4)", "(N, H, 1)", "(N, H, 4)" },
    { "add", "(N, H, 4)", "(N, W, 4)", NULL },
    { "multiply", "(N, 3, 4)", "(N, 4)", NULL },
    { "concat", "(N, 3, H)", "(N, 3, 2 * H + 1)", "(N, 3, 3 * H + 1)" },
    { "concat", "(N, 3, 4)", "(N, 1, 4)", NULL },
    { "concat", "(N, 3, 4)", "(N, 4)", NULL },
};

static void shapes_must_fit(void)
{
    for (size_t i = 0; i < sizeof shape_rows / sizeof *shape_rows; i++) {
        cvyi_inferred out = { .n_out = 77 };
        cvyi_attrs attrs;
        cvyi_type in[2];
        bench b;

        bench_open(&b);
        cvyi_attrs_open(&attrs, cvyi_op_find(shape_rows[i].op), 1);
        if (cvyi_attr_index(attrs.op, "axis") >= 0)
            cvyi_set_int(&attrs, "axis", 2);
        in[0] = bench_type(&b, shape_rows[i].a);
        in[1] = bench_type(&b, shape_rows[i].b);
        CHECK_EQ(attrs.op->infer(&out, &attrs, in, 2, &b.sizes, &b.err),
                 shape_rows[i].out != NULL ? CVY_OK : CVY_SHAPE);
        if (shape_rows[i].out != NULL)
            CHECK_STR(bench_shape(&b, &out.out[0]), shape_rows[i].out);
        else
            CHECK_EQ(out.n_out, 77);
        bench_close(&b);
    }
}

static void torch_says(const char *op, int64_t axis, cvyi_binding binding,
                       const char *code)
{
    cvyi_type in[INPUTS];
    cvyi_attrs attrs;
    cvyi_said said;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find(op), 1);
    if (axis >= 0)
        cvyi_set_int(&attrs, "axis", axis);
    for (int k = 0; k < INPUTS; k++)
        in[k] = bench_type(&b, "(N, 3, 4)");

    const cvyi_saying what = { .attrs = &attrs,
                               .in = in,
                               .n_in = INPUTS,
                               .out = in,
                               .axes = CVYI_AXES_FIRST,
                               .arena = &b.arena,
                               .sizes = &b.sizes };

    CHECK_EQ(cvyi_say(&said, "torch", CVYI_FORM_FUNCTION, &what, &b.err),
             CVY_OK);
    CHECK_STR(cvyi_text_c(&said.code), code);
    CHECK_EQ(said.binding, binding);
    cvyi_said_close(&said);
    CHECK(!cvyi_can_say("torch", CVYI_FORM_MODULE, &what));
    bench_close(&b);
}

static void torch_says_them_as_expressions(void)
{
    torch_says("maximum", -1, CVYI_BIND_ATOM,
               "torch.maximum(torch.maximum({0}, {1}), {2})");
    torch_says("minimum", -1, CVYI_BIND_ATOM,
               "torch.minimum(torch.minimum({0}, {1}), {2})");
    torch_says("add", -1, CVYI_BIND_SUM, "{0} + {1} + {2}");
    torch_says("multiply", -1, CVYI_BIND_PRODUCT, "{0} * {1} * {2}");
    torch_says("concat", 1, CVYI_BIND_ATOM, "torch.cat([{*}], dim=1)");
}

static void keras_layers_are_read(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Concatenate", "{}", "(N, 3, 4)"), CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axis=2");
    CHECK_EQ(bench_read(&b, "Concatenate", "{\"axis\": 3}", "(N, 3, 4)"),
             CVY_UNSUPPORTED);
    /* A sum of one value is that value. */
    CHECK_EQ(bench_read(&b, "Add", "{}", "(N, 3, 4)"), CVY_OK);
    CHECK_STR(b.phrase.steps[0].attrs.op->name, "identity");
    CHECK_EQ(bench_read(&b, "Multiply", "{}", "(N, 3, 4)"), CVY_OK);
    bench_close(&b);
}

/* Inputs of fewer axes than others are expanded first, and only they. */
static const struct {
    int n_in;
    const char *in[INPUTS];
    int rank; /* of all when they are joined; 0: nothing is expanded */
    bool expanded[INPUTS];
} rank_rows[] = {
    { 2, { "(N, 4)", "(N, 4)" }, 0, { false } },
    { 2, { "(N)", "(N)" }, 0, { false } },
    { 2, { "(N)", "(N, 4)" }, 2, { true, false } },
    { 2, { "(N, 4)", "(N, H, W, 4)" }, 4, { true, false } },
    { 2, { "(N, H, W, 4)", "(N, W, 4)" }, 4, { false, true } },
    { 3, { "(N)", "(N, 2, 3, 4)", "(N, 3, 4)" }, 4, { true, false, true } },
};

static void check_ranks(const char *name, const char *op, size_t i)
{
    const cvyi_spelling *spelling;
    cvyi_type in[INPUTS];
    cvyi_bound call;
    int n_spatial;
    bench b;

    bench_open(&b);
    spelling = cvyi_spelling_find("keras3", name, &n_spatial);
    CHECK_EQ(cvyi_bind(&call, &b.arena, spelling, n_spatial, NULL, 0, NULL,
                       &b.err),
             CVY_OK);
    for (int k = 0; k < rank_rows[i].n_in; k++)
        in[k] = bench_type(&b, rank_rows[i].in[k]);
    call.sizes = &b.sizes;
    call.in = in;
    call.n_in = rank_rows[i].n_in;
    CHECK_EQ(spelling->from_call(&b.phrase, &call, &b.err), CVY_OK);

    const int n = rank_rows[i].rank > 0 ? 2 : 1;
    const cvyi_step *const first = &b.phrase.steps[0];

    CHECK_EQ(b.phrase.n, n);
    CHECK_STR(b.phrase.steps[n - 1].attrs.op->name, op);
    CHECK(b.phrase.steps[n - 1].operands == NULL);
    for (int k = 0; n == 2 && k < rank_rows[i].n_in; k++)
        CHECK_EQ(first->operands[k], rank_rows[i].expanded[k]);
    if (n == 2) {
        CHECK_STR(first->attrs.op->name, "expand");
        CHECK_STR(first->label, "expand");
        CHECK_EQ(cvyi_attr_int(&first->attrs, "rank"), rank_rows[i].rank);
        CHECK_EQ(cvyi_attr_int(&first->attrs, "axis"), 1);
    }
    bench_close(&b);
}

static void lower_ranks_are_expanded_behind_the_batch(void)
{
    for (size_t i = 0; i < sizeof rank_rows / sizeof *rank_rows; i++) {
        check_ranks("keras.layers.Add", "add", i);
        check_ranks("keras.layers.Multiply", "multiply", i);
        check_ranks("keras.layers.Maximum", "maximum", i);
        check_ranks("keras.layers.Minimum", "minimum", i);
        if (rank_rows[i].n_in == 2)
            check_ranks("keras.layers.Subtract", "subtract", i);
    }
}

static const check_case cases[] = {
    { "inputs_join_element_by_element", inputs_join_element_by_element },
    { "an_extreme_of_no_number_is_none", an_extreme_of_no_number_is_none },
    { "values_stand_behind_each_other", values_stand_behind_each_other },
    { "shapes_must_fit", shapes_must_fit },
    { "torch_says_them_as_expressions", torch_says_them_as_expressions },
    { "keras_layers_are_read", keras_layers_are_read },
    { "lower_ranks_are_expanded_behind_the_batch",
      lower_ranks_are_expanded_behind_the_batch },
};
CHECK_MAIN(cases)
