/* layer/roll: elements moved along axes, round the end. */
#include "caller.h"
#include "torch_rows.h"

typedef struct roll_data {
    cvy_view x;
    int64_t shift[3];
} roll_data;

static double roll_truth(const void *context, const int64_t *at)
{
    const roll_data *const d = context;
    int64_t from[3];

    for (int i = 0; i < 3; i++) {
        const int64_t n = d->x.dims[i];

        from[i] = ((at[i] - d->shift[i]) % n + n) % n;
    }
    return *bench_at(&d->x, from);
}

static void check_shifts(int64_t a, int64_t b_, int64_t c)
{
    static const int64_t dims[] = { 2, 3, 4 };
    roll_data d = { .shift = { a, b_, c } };
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    d.x = bench_random(3, dims);
    cvyi_attrs_open(&attrs, cvyi_op_find("roll"), 0);
    cvyi_set_ints(&attrs, "shift", d.shift, 3);
    bench_compare(&b, &attrs, &d.x, NULL, roll_truth, &d);
    cvyi_tensor_close(&d.x);
    bench_close(&b);
}

static void eval_moves_by_every_shift(void)
{
    for (int64_t i = -7; i <= 7; i++)
        for (int64_t k = -9; k <= 9; k++)
            check_shifts(i % 3, i, k);
}

static void torch_says_what_it_reads(void)
{
    for (int64_t i = -2; i <= 2; i++)
        for (int64_t k = -2; k <= 2; k++) {
            const int64_t shift[] = { 0, i, k };
            cvyi_attrs attrs;

            if (i == 0 && k == 0)
                continue;
            cvyi_attrs_open(&attrs, cvyi_op_find("roll"), 0);
            cvyi_set_ints(&attrs, "shift", shift, 3);
            CHECK_EQ(reader_laws(&attrs, "(N, 4, L)", 0), 1);
        }
}

/* clang-format off */
#define ROLL(shift, axis) "{\"shift\": " shift ", \"axis\": " axis "}"
#define TORCH(shift, axis) "{\"shifts\": " shift ", \"dims\": " axis "}"

static const caller_row rows[] = {
    { "keras3", "keras.ops.roll", ROLL("2", "1"), "x (N, H, 3)",
      "roll shift=[0 2 0]" },
    { "keras3", "keras.ops.roll", ROLL("[2, -9]", "[1, -1]"), "x (N, H, 3)",
      "roll shift=[0 2 -9]" },
    { "keras3", "keras.ops.roll", ROLL("[2, 3]", "[1, 1]"), "x (N, H, 3)",
      "roll shift=[0 5 0]" },
    { "keras3", "keras.ops.roll", ROLL("1", "null"), "x (N, 5)",
      "unsupported axis" },
    { "keras3", "keras.ops.roll", ROLL("1", "0"), "x (N, 5)",
      "unsupported axis" },
    { "keras3", "keras.ops.roll", ROLL("1", "[1, 2]"), "x (N, H, 3)",
      "illegal shift" },
    { "keras3", "keras.ops.roll", ROLL("1", "[1]"), "x (N, H, 3)",
      "illegal shift" },
    { "torch", "torch.roll", TORCH("1", "[1]"), "x (N, 3, L)",
      "roll shift=[0 1 0]" },
    { "keras3", "keras.ops.roll", ROLL("0", "1"), "x (N, H, 3)",
      "identity" },
    { "keras3", "keras.ops.roll", ROLL("1", "3"), "x (N, H, 3)",
      "illegal axis" },
    { "keras3", "keras.ops.roll", ROLL("1.5", "1"), "x (N, H, 3)",
      "illegal axis" },
    { "tf2", "tf.roll", ROLL("[1]", "[1]"), "x (N, H, 3)",
      "roll shift=[0 1 0]" },
    { "torch", "torch.roll", TORCH("1", "-1"), "x (N, 3, L)",
      "roll shift=[0 0 1]" },
    { "torch", "torch.Tensor.roll", TORCH("[1, 2]", "[1, 2]"), "x (N, 3, L)",
      "roll shift=[0 1 2]" },
    { "torch", "torch.roll", TORCH("1", "null"), "x (N, 3, L)",
      "unsupported dims" },
};
/* clang-format on */

static void calls_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "eval_moves_by_every_shift", eval_moves_by_every_shift },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "calls_are_read", calls_are_read },
};
CHECK_MAIN(cases)
