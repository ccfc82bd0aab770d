/* layer/dot: products of two values, summed along one axis of each. */
#include "caller.h"

#include "engine/bound.h"

/* Every pair of ranks and axes, against the definition. */
static void check_dot(int rank, int other_rank, int axis, int other,
                      int shared)
{
    static const int64_t free_lengths[] = { 2, 3, 4, 2 };
    int64_t dims[2][4], out_dims[6] = { 2 }, at[CVY_MAX_RANK] = { 0 };
    const int ranks[] = { rank, other_rank }, axes[] = { axis, other };
    int n = 1;
    cvy_view in[2], out, room;
    cvyi_attrs attrs;

    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < ranks[k]; i++)
            dims[k][i] = i == axes[k] ? 5 : free_lengths[i];
        for (int i = k == 0 ? 1 : shared; i < ranks[k]; i++)
            if (i != axes[k])
                out_dims[n++] = dims[k][i];
        in[k] = bench_random(ranks[k], dims[k]);
    }
    out = bench_zeros(n, out_dims);
    room = bench_zeros(n, out_dims);
    cvyi_attrs_open(&attrs, cvyi_op_find("dot"), 0);
    cvyi_set_int(&attrs, "axis", axis);
    cvyi_set_int(&attrs, "other", other);
    cvyi_set_int(&attrs, "shared", shared);

    cvyi_job job = {
        .attrs = &attrs, .in = in, .n_in = 2, .out = &out, .n_out = 1
    };

    CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
    job.out = &room;
    CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
    do {
        int64_t a[4] = { at[0] }, b[4] = { at[0] };
        double want = 0, size = 0;
        float plain = 0;
        int next = 1;

        for (int i = 1; i < rank; i++)
            a[i] = i == axis ? 0 : at[next++];
        for (int i = 1; i < other_rank; i++)
            b[i] = i < shared ? at[i] : i == other ? 0 : at[next++];
        for (a[axis] = b[other] = 0; a[axis] < 5; a[axis]++, b[other]++) {
            const float x = *bench_at(&in[0], a), y = *bench_at(&in[1], b);

            want += (double)x * (double)y;
            size += fabs((double)x * (double)y);
            plain += x * y;
        }

        const double most = (double)*bench_at(&room, at);

        CHECK(*bench_at(&out, at) == (float)want);
        CHECK(fabs((double)plain - want) <= most);
        CHECK(most <= 1.01 * cvyi_gamma(5) * size + 1e-36);
    } while (cvyi_next(n, out.dims, at));
    for (int k = 0; k < 2; k++)
        cvyi_tensor_close(&in[k]);
    cvyi_tensor_close(&out);
    cvyi_tensor_close(&room);
}

static void products_are_summed_along_one_axis_of_each(void)
{
    for (int rank = 2; rank <= 4; rank++)
        for (int other_rank = 2; other_rank <= 4; other_rank++)
            for (int axis = 1; axis < rank; axis++)
                for (int other = 1; other < other_rank; other++)
                    for (int shared = 1; shared <= axis && shared <= other;
                         shared++)
                        check_dot(rank, other_rank, axis, other, shared);
}

static const struct {
    const char *a, *b;
    int64_t axis, other;
    const char *out; /* NULL: refused */
} shape_rows[] = {
    { "(N, 3)", "(N, 3)", 1, 1, "(N)" },
    { "(N, 4, 3)", "(N, 3)", 2, 1, "(N, 4)" },
    { "(N, H, 3)", "(N, W, 3)", 2, 2, "(N, H, W)" },
    { "(N, H, 3)", "(N, H, 2)", 1, 1, "(N, 3, 2)" },
    { "(N, 2, H, 3)", "(N, 3, W)", 3, 1, "(N, 2, H, W)" },
    { "(N, H, 3)", "(N, W, 3)", 1, 1, NULL },
    { "(N, 3)", "(N, 3)", 0, 0, NULL },
    { "(N, 3)", "(N, 3)", 1, 2, NULL },
};

static void shapes_must_fit(void)
{
    for (size_t i = 0; i < sizeof shape_rows / sizeof *shape_rows; i++) {
        cvyi_inferred out = { .n_out = 77 };
        cvyi_attrs attrs;
        cvyi_type in[2];
        bench b;

        bench_open(&b);
        cvyi_attrs_open(&attrs, cvyi_op_find("dot"), 0);
        cvyi_set_int(&attrs, "axis", shape_rows[i].axis);
        cvyi_set_int(&attrs, "other", shape_rows[i].other);
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

#define L "keras.layers."

static const caller_row rows[] = {
    { "keras3", L "Dot", "{\"axes\": -1}", "(N, 3); (N, 3)",
      "dot axis=1 other=1 | expand rank=2" },
    { "keras2", L "Dot", "{\"axes\": [2, 1]}", "(N, 4, 3); (N, 3)",
      "dot axis=2 other=1" },
    { "keras3", L "Dot", "{\"axes\": 1, \"normalize\": true}",
      "(N, 3, 2); (N, 3, 5)",
      "unit_norm axes=[0 1 0] least=1e-07 | "
      "unit_norm axes=[0 1 0] least=1e-07 | dot axis=1 other=1" },
    { "keras3", L "Dot", "{\"axes\": [1, 2, 1]}", "(N, 3, 2); (N, 3, 5)",
      "illegal axes" },
    { "keras3", L "Dot", "{\"axes\": 3}", "(N, 3, 2); (N, 3, 5)",
      "illegal axes" },
    { "keras3", L "Dot", "{\"axes\": 1}", "(N, 3)", "illegal " },
};

static void keras_names_the_axes(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "products_are_summed_along_one_axis_of_each",
      products_are_summed_along_one_axis_of_each },
    { "shapes_must_fit", shapes_must_fit },
    { "keras_names_the_axes", keras_names_the_axes },
};
CHECK_MAIN(cases)
