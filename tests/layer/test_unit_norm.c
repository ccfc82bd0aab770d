/* layer/unit_norm: what it means and how every dialect spells it. */
#include "norm_rows.h"

#include "torch_reader.h"

typedef struct norm_data {
    cvy_view x;
    const int64_t *marks;
    double least;
} norm_data;

static double norm_truth(const void *context, const int64_t *at)
{
    const norm_data *const d = context;
    int64_t in[CVY_MAX_RANK] = { 0 }, dims[CVY_MAX_RANK];
    double sum = 0;

    for (int i = 0; i < d->x.rank; i++)
        dims[i] = d->marks[i] != 0 ? d->x.dims[i] : 1;
    do {
        int64_t place[CVY_MAX_RANK];

        for (int i = 0; i < d->x.rank; i++)
            place[i] = d->marks[i] != 0 ? in[i] : at[i];
        sum += pow((double)*bench_at(&d->x, place), 2);
    } while (cvyi_next(d->x.rank, dims, in));
    return (double)*bench_at(&d->x, at) / fmax(sqrt(sum), d->least);
}

static void eval_divides_by_the_length(void)
{
    static const int64_t dims[] = { 2, 3, 4 };
    static const int64_t marks[][3] = {
        { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 1 }, { 1, 1, 1 }, { 0, 0, 0 }
    };
    static const double leasts[] = { 1e-12, 1.5, 100 };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (int k = 0; k < 3; k++) {
            norm_data d = { bench_random(3, dims), marks[i], leasts[k] };
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("unit_norm"), 0);
            cvyi_set_ints(&attrs, "axes", d.marks, 3);
            cvyi_set_real(&attrs, "least", d.least);
            bench_compare(&b, &attrs, &d.x, NULL, norm_truth, &d);
            cvyi_tensor_close(&d.x);
        }
    bench_close(&b);
}

static const norm_row read_rows[] = {
    /* clang-format off */
    { "torch", "torch.nn.functional.normalize", "{}", "(N, 4, L)",
      "unit_norm axes=[0 1 0]" },
    { "torch", "torch.nn.functional.normalize",
      "{\"dim\": [1, -1], \"eps\": 0.5}", "(N, 4, L)",
      "unit_norm axes=[0 1 1] least=0.5" },
    { "torch", "torch.nn.functional.normalize", "{\"dim\": null}", "(N, 4)",
      "unit_norm axes=[1 1]" },
    { "torch", "torch.nn.functional.normalize", "{\"p\": 1}", "(N, 4)",
      "unsupported p" },
    { "torch", "torch.nn.functional.normalize", "{\"dim\": 2}", "(N, 4)",
      "illegal dim" },
    { "keras3", "keras.layers.UnitNormalization", "{}", "(N, L, 4)",
      "unit_norm last axes=[0 0 1]" },
    { "keras2", "keras.layers.UnitNormalization", "{}", "(N, 4)",
      "unit_norm last axes=[0 1] least=1e-06" },
    { "keras3", "keras.layers.UnitNormalization", "{\"axis\": [1, 1]}",
      "(N, 4)", "illegal axis" },
    { "keras3", "keras.layers.UnitNormalization", "{\"axis\": []}",
      "(N, 4)", "unsupported axis" },
    { "keras3", "keras.layers.UnitNormalization", "{\"axis\": null}",
      "(N, 4)", "illegal axis" },
    { "keras3", "keras.ops.normalize", "{}", "(N, 4)",
      "unit_norm last axes=[0 1] least=1e-07" },
    { "keras3", "keras.ops.normalize", "{\"order\": 1}", "(N, 4)",
      "unsupported order" },
    { "tf2", "tf.nn.l2_normalize", "{\"axis\": -1, \"epsilon\": 0.25}",
      "(N, 4)", "unit_norm last axes=[0 1] least=0.5" },
    { "tf2", "tf.math.l2_normalize", "{\"epsilon\": 0.25}", "(N, 4)",
      "unit_norm last axes=[1 1] least=0.5" },
    { "tf1", "tf.nn.l2_normalize", "{\"dim\": 1, \"epsilon\": 0.25}",
      "(N, 4, L)", "unit_norm last axes=[0 1 0] least=0.5" },
    /* clang-format on */
};

static void every_dialect_is_read(void)
{
    norm_check_rows(read_rows, sizeof read_rows / sizeof *read_rows);
}

static void keras_is_written(void)
{
    static const norm_row rows[] = {
        { "torch", "torch.nn.functional.normalize", "{}", "(N, 4)",
          "layers.UnitNormalization()" },
        { "torch", "torch.nn.functional.normalize", "{\"dim\": [1, 2]}",
          "(N, 4, L)", "layers.UnitNormalization(axis=(1, 2))" },
        { "torch", "torch.nn.functional.normalize", "{\"eps\": 0.5}",
          "(N, 4, L)", "ops.normalize({0}, axis=1, epsilon=0.5)" },
    };

    norm_check_keras(rows, sizeof rows / sizeof *rows);
}

static void torch_reads_what_it_is_told(void)
{
    static const int64_t marks[][3] = {
        { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 1 }, { 1, 1, 1 }, { 1, 0, 0 }
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (int k = 0; k < 2; k++) {
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("unit_norm"), 1);
            cvyi_set_ints(&attrs, "axes", marks[i], 3);
            if (k == 1)
                cvyi_set_real(&attrs, "least", 1e-6);
            CHECK(reader_law(&attrs, "(N, 4, L)", 0, CVYI_FORM_FUNCTION));
        }
}

static const check_case cases[] = {
    { "eval_divides_by_the_length", eval_divides_by_the_length },
    { "every_dialect_is_read", every_dialect_is_read },
    { "keras_is_written", keras_is_written },
    { "torch_reads_what_it_is_told", torch_reads_what_it_is_told },
};
CHECK_MAIN(cases)
