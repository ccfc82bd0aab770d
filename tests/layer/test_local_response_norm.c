/* layer/local_response_norm: what it means and how the dialects spell it. */
#include "norm_rows.h"

#include "torch_reader.h"

typedef struct norm_data {
    cvy_view x;
    int64_t size;
    double alpha, beta, k;
} norm_data;

static double norm_truth(const void *context, const int64_t *at)
{
    const norm_data *const d = context;
    double sum = 0;

    for (int64_t i = 0; i < d->size; i++) {
        int64_t place[CVY_MAX_RANK];

        memcpy(place, at, sizeof place);
        place[1] += i - d->size / 2;
        if (place[1] >= 0 && place[1] < d->x.dims[1])
            sum += pow((double)*bench_at(&d->x, place), 2);
    }
    return (double)*bench_at(&d->x, at) /
           pow(d->k + d->alpha * sum / (double)d->size, d->beta);
}

static cvyi_attrs open_attrs(const norm_data *d)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("local_response_norm"), 1);
    cvyi_set_int(&attrs, "size", d->size);
    cvyi_set_real(&attrs, "alpha", d->alpha);
    cvyi_set_real(&attrs, "beta", d->beta);
    cvyi_set_real(&attrs, "k", d->k);
    return attrs;
}

static void eval_divides_by_the_neighbours(void)
{
    static const int64_t dims[] = { 2, 5, 4 };
    static const double numbers[][3] = {
        { 1e-4, 0.75, 1 }, { 2, 0.5, 1 }, { 30, 2.5, 0.1 }, { 1, -1, 2 }
    };
    bench b;

    bench_open(&b);
    for (int64_t size = 1; size < 13; size++)
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            norm_data d = { bench_random(3, dims), size, numbers[i][0],
                            numbers[i][1], numbers[i][2] };
            const cvyi_attrs attrs = open_attrs(&d);

            bench_compare(&b, &attrs, &d.x, NULL, norm_truth, &d);
            cvyi_tensor_close(&d.x);
        }
    bench_close(&b);
}

#define TF "local_response_norm last "

static const norm_row read_rows[] = {
    /* clang-format off */
    { "torch", "torch.nn.LocalResponseNorm", "{\"size\": 5}", "(N, 4, L)",
      "local_response_norm size=5" },
    { "torch", "torch.nn.functional.local_response_norm",
      "{\"size\": 2, \"alpha\": 0.5, \"beta\": 1, \"k\": 3}", "(N, 4, H, W)",
      "local_response_norm size=2 alpha=0.5 beta=1.0 k=3.0" },
    { "torch", "torch.nn.LocalResponseNorm", "{\"size\": 5}", "(N, 4)",
      "illegal " },
    { "torch", "torch.nn.LocalResponseNorm", "{\"size\": 0}", "(N, 4, L)",
      "illegal size" },
    { "torch", "torch.nn.LocalResponseNorm", "{\"size\": 5, \"k\": 0}",
      "(N, 4, L)", "unsupported k" },
    { "torch", "torch.nn.LocalResponseNorm", "{\"size\": 5, \"alpha\": -1}",
      "(N, 4, L)", "unsupported alpha" },
    /* TensorFlow's alpha is that of the sum. */
    { "tf1", "tf.nn.lrn", "{}", "(N, H, W, 4)",
      TF "size=11 alpha=11.0 beta=0.5" },
    { "tf2", "tf.nn.local_response_normalization",
      "{\"depth_radius\": 2, \"alpha\": 2e-05, \"beta\": 0.75}",
      "(N, H, W, 4)", TF "size=5" },
    { "tf1", "tf.nn.lrn",
      "{\"depth_radius\": 3, \"bias\": 2, \"alpha\": 0.01, \"beta\": 0.6}",
      "(N, H, W, 4)", TF "size=7 alpha=0.07 beta=0.6 k=2.0" },
    { "tf1", "tf.nn.lrn", "{\"depth_radius\": 0}", "(N, H, W, 4)",
      TF "size=1 alpha=1.0 beta=0.5" },
    { "tf1", "tf.nn.lrn", "{\"bias\": 0}", "(N, H, W, 4)",
      "unsupported bias" },
    { "tf1", "tf.nn.lrn", "{\"depth_radius\": -1}", "(N, H, W, 4)",
      "illegal depth_radius" },
    { "tf1", "tf.nn.lrn", "{}", "(N, L, 4)", "illegal " },
    /* clang-format on */
};

static void every_dialect_is_read(void)
{
    norm_check_rows(read_rows, sizeof read_rows / sizeof *read_rows);
}

static void torch_reads_what_it_is_told(void)
{
    for (int i = 0; i < 4; i++) {
        const norm_data d = { .size = 3 + i,
                              .alpha = i % 2 == 0 ? 1e-4 : 0.07,
                              .beta = i < 2 ? 0.75 : 0.6,
                              .k = i == 3 ? 2 : 1 };
        const cvyi_attrs attrs = open_attrs(&d);

        CHECK_EQ(reader_laws(&attrs, "(N, 4, L)", 0), 2);
    }
}

static const check_case cases[] = {
    { "eval_divides_by_the_neighbours", eval_divides_by_the_neighbours },
    { "every_dialect_is_read", every_dialect_is_read },
    { "torch_reads_what_it_is_told", torch_reads_what_it_is_told },
};
CHECK_MAIN(cases)
