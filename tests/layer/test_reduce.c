/* layer/reduce: one number along axes, of every kind. */
#include "caller.h"
#include "torch_rows.h"

typedef struct reduce_data {
    cvy_view x;
    const char *kind;
    int64_t marks[4];
} reduce_data;

/* The elements that one number is made of. */
static int elements(double *out, const reduce_data *d, const int64_t *at)
{
    int n = 0;

    for (int64_t i = 0; i < cvy_view_count(&d->x); i++) {
        int64_t rest = i, from[4];
        bool inside = true;

        for (int k = 3; k >= 0; k--) {
            from[k] = rest % d->x.dims[k];
            rest /= d->x.dims[k];
            inside = inside && (d->marks[k] != 0 || from[k] == at[k]);
        }
        if (inside)
            out[n++] = *bench_at(&d->x, from);
    }
    return n;
}

enum kind {
    AVERAGE,
    MAX,
    MIN,
    SUM,
    PRODUCT,
    VARIANCE,
    DEVIATION,
    LOGSUMEXP,
    KINDS,
};

static const char *const kinds[] = { "average",   "max",      "min",
                                     "sum",       "product",  "variance",
                                     "deviation", "logsumexp" };

static double one_number(enum kind kind, const double *x, int n)
{
    double sum = 0, product = 1, least = x[0], most = x[0];
    double pairs = 0, powers = 0;

    for (int i = 0; i < n; i++) {
        sum += x[i];
        product *= x[i];
        powers += exp(x[i]);
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
        for (int k = 0; k < i; k++)
            pairs += (x[i] - x[k]) * (x[i] - x[k]);
    }
    const double all[] = {
        sum / n, most,          least,           sum,
        product, pairs / n / n, sqrt(pairs) / n, log(powers)
    };

    return all[kind];
}

static double reduce_truth(const void *context, const int64_t *at)
{
    const reduce_data *const d = context;
    double x[120];
    const int n = elements(x, d, at);
    int kind = 0;

    while (strcmp(kinds[kind], d->kind) != 0)
        kind++;
    return one_number((enum kind)kind, x, n);
}

static void eval_is_one_number_along_the_marked_axes(void)
{
    static const int64_t dims[] = { 2, 3, 4, 5 };

    for (int kind = 0; kind < KINDS; kind++)
        for (int set = 0; set < 8; set++) {
            reduce_data d = { .kind = kinds[kind] };
            cvyi_attrs attrs;
            bench b;

            bench_open(&b);
            d.x = bench_random(4, dims);
            for (int i = 1; i < 4; i++)
                d.marks[i] = set >> (i - 1) & 1;
            cvyi_attrs_open(&attrs, cvyi_op_find("reduce"), 0);
            cvyi_set_word(&attrs, "kind", d.kind);
            cvyi_set_ints(&attrs, "axes", d.marks, 4);
            bench_compare(&b, &attrs, &d.x, NULL, reduce_truth, &d);
            cvyi_tensor_close(&d.x);
            bench_close(&b);
        }
}

static void torch_says_what_it_reads(void)
{
    for (int kind = 0; kind < KINDS; kind++)
        for (int set = 1; set < 8; set++) {
            int64_t marks[4] = { 0 };
            cvyi_attrs attrs;

            /* Read as a pool of channels that stand last. */
            if (set == 3 && kind < 2)
                continue;
            for (int i = 1; i < 4; i++)
                marks[i] = set >> (i - 1) & 1;
            cvyi_attrs_open(&attrs, cvyi_op_find("reduce"), 0);
            cvyi_set_word(&attrs, "kind", kinds[kind]);
            cvyi_set_ints(&attrs, "axes", marks, 4);
            CHECK_EQ(reader_laws(&attrs, "(N, 4, H, W)", 0), 1);
        }
}

/* clang-format off */
#define AXIS(x) "{\"axis\": " x "}"
#define KEEP(x) "{\"axis\": " x ", \"keepdims\": true}"

static const caller_row rows[] = {
    { "keras3", "keras.ops.sum", KEEP("[1, 2]"), "x (N, H, W, 3)",
      "reduce kind=sum axes=[0 1 1 0]" },
    { "keras3", "keras.ops.sum", AXIS("[1, 2]"), "x (N, H, W, 3)",
      "reduce kind=sum axes=[0 1 1 0] | flatten" },
    { "keras3", "keras.ops.mean", AXIS("-1"), "x (N, H, W, 3)",
      "reduce kind=average axes=[0 0 0 1] | squeeze axes=[0 0 0 1]" },
    { "keras3", "keras.ops.mean", AXIS("-1"), "x (N, L, 3)",
      "reduce kind=average axes=[0 0 1] | flatten" },
    { "keras3", "keras.ops.max", KEEP("-1"), "x (N, H, W, 3)",
      "reduce kind=max axes=[0 0 0 1]" },
    { "keras3", "keras.ops.amin", KEEP("1"), "x (N, 5)",
      "reduce kind=min axes=[0 1]" },
    { "keras3", "keras.ops.min", "{\"axis\": 1, \"initial\": 0}",
      "x (N, L, 3)", "unsupported initial" },
    { "keras3", "keras.ops.sum", AXIS("0"), "x (N, 5)", "unsupported axis" },
    { "keras3", "keras.ops.sum", AXIS("null"), "x (N, 5)",
      "unsupported axis" },
    { "keras3", "keras.ops.sum", AXIS("1"), "x (N, 5)",
      "reduce kind=sum axes=[0 1] | squeeze" },
    { "keras3", "keras.ops.sum", AXIS("3"), "x (N, 5)", "illegal axis" },
    { "keras3", "keras.ops.var", KEEP("-1"), "x (N, L, 3)",
      "reduce kind=variance axes=[0 0 1]" },
    { "keras3", "keras.ops.std", AXIS("[1, 2]"), "x (N, H, W, 3)",
      "reduce kind=deviation axes=[0 1 1 0] | flatten" },
    { "keras3", "keras.ops.prod", KEEP("1"), "x (N, L, 3)",
      "reduce kind=product axes=[0 1 0]" },
    { "keras3", "keras.ops.prod", "{\"axis\": 1, \"dtype\": \"int32\"}",
      "x (N, L, 3)", "unsupported dtype" },
    { "keras3", "keras.ops.logsumexp", KEEP("[1, 2]"), "x (N, L, 3)",
      "reduce kind=logsumexp axes=[0 1 1]" },
    { "keras3", "keras.ops.var", AXIS("[0, 1]"), "x (N, L, 3)",
      "unsupported axis" },
    { "tf2", "tf.math.reduce_variance", KEEP("-1"), "x (N, L, 3)",
      "reduce kind=variance axes=[0 0 1]" },
    { "torch", "torch.var",
      "{\"dim\": 1, \"correction\": 0, \"keepdim\": true}", "x (N, 3, L)",
      "reduce kind=variance axes=[0 1 0]" },
    { "torch", "torch.std",
      "{\"dim\": 1, \"unbiased\": false, \"keepdim\": true}", "x (N, 3, L)",
      "reduce kind=deviation axes=[0 1 0]" },
    { "torch", "torch.std", "{\"dim\": 1}", "x (N, 3, L)",
      "unsupported correction" },
    { "torch", "torch.std", "{\"dim\": 1, \"unbiased\": 0}", "x (N, 3, L)",
      "illegal unbiased" },
    { "torch", "torch.prod", "{\"dim\": [1, 2]}", "x (N, 3, L)",
      "illegal dim" },
    { "torch", "torch.logsumexp", "{\"dim\": [1, 2], \"keepdim\": true}",
      "x (N, 3, L)", "reduce kind=logsumexp axes=[0 1 1]" },
    { "tf2", "tf.reduce_sum", KEEP("-1"), "x (N, H, W, 3)",
      "reduce kind=sum axes=[0 0 0 1]" },
    { "tf2", "tf.math.reduce_min", AXIS("[1, 2]"), "x (N, H, W, 3)",
      "reduce kind=min axes=[0 1 1 0] | flatten" },
    { "torch", "torch.sum", "{\"dim\": 1, \"keepdim\": true}",
      "x (N, 3, H, W)", "reduce kind=sum axes=[0 1 0 0]" },
    { "torch", "torch.amin", "{\"dim\": []}", "x (N, 3, H, W)",
      "unsupported dim" },
};
/* clang-format on */

static void calls_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "eval_is_one_number_along_the_marked_axes",
      eval_is_one_number_along_the_marked_axes },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "calls_are_read", calls_are_read },
};
CHECK_MAIN(cases)
