/* layer/permute: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct permute_data {
    cvy_view x;
    int64_t axes[CVYI_MAX_DIMS];
} permute_data;

static double permute_truth(const void *context, const int64_t *at)
{
    const permute_data *const d = context;
    int64_t from[CVYI_MAX_DIMS];

    for (int i = 0; i < d->x.rank; i++)
        from[d->axes[i]] = at[i];
    return *bench_at(&d->x, from);
}

static void eval_moves_every_axis(void)
{
    static const int64_t orders[][4] = {
        { 0, 1, 2, 3 }, { 0, 2, 3, 1 }, { 0, 3, 1, 2 }, { 3, 2, 1, 0 }
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        permute_data d = { .x = bench_random(4, (int64_t[]){ 2, 3, 4, 5 }) };
        cvyi_attrs attrs;

        memcpy(d.axes, orders[i], sizeof orders[i]);
        cvyi_attrs_open(&attrs, cvyi_op_find("permute"), 0);
        cvyi_set_ints(&attrs, "axes", d.axes, 4);
        bench_compare(&b, &attrs, &d.x, NULL, permute_truth, &d);
        cvyi_tensor_close(&d.x);
    }
    bench_close(&b);
}

static void keras_counts_from_one_without_the_batch(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Permute", "{\"dims\": [3, 1, 2]}",
                        "(N, 4, W, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axes=[0 3 1 2]");
    CHECK_STR(bench_step(&b, 0, "(N, 4, W, 3)", CVYI_FORM_FUNCTION),
              "{0}.permute(0, 3, 1, 2)");
    CHECK_STR(bench_step(&b, 0, "(N, 4, W, 3)", CVYI_FORM_MODULE),
              "Permute(0, 3, 1, 2)");
    bench_close(&b);
}

static void no_permutation_is_refused(void)
{
    static const char *const rows[] = {
        "{\"dims\": [1, 1]}", "{\"dims\": [0, 1]}", "{\"dims\": [1, 2, 3]}",
        "{\"dims\": [1, 3]}", "{\"dims\": 1}",
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "Permute", rows[i], "(N, 4, 3)"),
                 CVY_UNSUPPORTED);
        CHECK_STR(b.phrase.refusal.attribute, "dims");
    }
    bench_close(&b);
}

static void a_repeated_axis_is_a_shape_error(void)
{
    cvyi_inferred inferred;
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 4, 3)");

    cvyi_attrs_open(&attrs, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&attrs, "axes", (int64_t[]){ 0, 1, 1 }, 3);
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    cvyi_set_ints(&attrs, "axes", (int64_t[]){ 1, 0 }, 2);
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_moves_every_axis", eval_moves_every_axis },
    { "keras_counts_from_one_without_the_batch",
      keras_counts_from_one_without_the_batch },
    { "no_permutation_is_refused", no_permutation_is_refused },
    { "a_repeated_axis_is_a_shape_error", a_repeated_axis_is_a_shape_error },
};
CHECK_MAIN(cases)
