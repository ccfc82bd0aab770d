/* layer/compare, logic, select and fill: truth values and what they choose. */
#include "torch_rows.h"

#include "caller.h"

typedef struct pair_data {
    cvy_view a, b;
    int sign;
} pair_data;

static const char *const signs[] = { "less",      "less_equal",    "equal",
                                     "not_equal", "greater_equal", "greater" };

static double compare(double a, double b, int sign)
{
    switch (sign) {
    case 0:
        return a < b;
    case 1:
        return a <= b;
    case 2:
        return a == b;
    case 3:
        return a != b;
    case 4:
        return a >= b;
    default:
        return a > b;
    }
}

static double pair_truth(const void *context, const int64_t *at)
{
    const pair_data *const d = context;

    return compare((double)*bench_at(&d->a, at), (double)*bench_at(&d->b, at),
                   d->sign);
}

static double number_truth(const void *context, const int64_t *at)
{
    const pair_data *const d = context;

    return compare((double)*bench_at(&d->a, at), 2, d->sign);
}

/* Small whole numbers, of which many are equal. */
static cvy_view few_numbers(int rank, const int64_t *dims)
{
    const cvy_view out = bench_zeros(rank, dims);

    for (int64_t i = 0; i < cvy_view_count(&out); i++)
        ((float *)out.data)[i] = (float)floor(bench_uniform() * 4);
    return out;
}

static void evaluate(const cvyi_attrs *attrs, const cvy_view *in, int n_in,
                     double (*truth)(const void *, const int64_t *),
                     const void *context)
{
    const cvy_view slots[CVYI_MAX_SLOTS] = { { 0 } };
    cvy_view y = bench_zeros(in[n_in - 1].rank, in[n_in - 1].dims);
    const cvyi_job job = { attrs, in, n_in, slots, &y, 1 };
    int64_t at[CVY_MAX_RANK] = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(attrs->op->eval(&job, &err));
    CHECK(attrs->op->bound == NULL);
    do
        CHECK_EQ((double)*bench_at(&y, at), truth(context, at));
    while (cvyi_next(y.rank, y.dims, at));
    cvyi_tensor_close(&y);
}

static void comparisons_are_exact(void)
{
    static const int64_t dims[] = { 2, 3, 5 };
    pair_data d = { .a = few_numbers(3, dims), .b = few_numbers(3, dims) };

    for (d.sign = 0; d.sign < 6; d.sign++) {
        const cvy_view in[] = { d.a, d.b };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("compare"), 1);
        cvyi_set_word(&attrs, "sign", signs[d.sign]);
        evaluate(&attrs, in, 2, pair_truth, &d);
        cvyi_set_real(&attrs, "number", 2);
        evaluate(&attrs, in, 1, number_truth, &d);
    }
    cvyi_tensor_close(&d.a);
    cvyi_tensor_close(&d.b);
}

typedef struct chosen {
    cvy_view truth, a, b;
    int numbers; /* none, first, second, both */
} chosen;

static double chosen_truth(const void *context, const int64_t *at)
{
    const chosen *const d = context;
    const bool yes = *bench_at(&d->truth, at) != 0;

    if (yes)
        return (d->numbers & 1) != 0 ? 7 : (double)*bench_at(&d->a, at);
    return (d->numbers & 2) != 0 ? -3 : (double)*bench_at(&d->b, at);
}

static void one_of_two_is_chosen(void)
{
    static const char *const words[] = { "none", "first", "second", "both" };
    static const int64_t dims[] = { 2, 4, 3 };
    chosen d = { .truth = few_numbers(3, dims),
                 .a = bench_random(3, dims),
                 .b = bench_random(3, dims) };

    for (d.numbers = 0; d.numbers < 4; d.numbers++) {
        cvy_view in[3] = { d.truth };
        cvyi_attrs attrs;
        int n = 1;

        if ((d.numbers & 1) == 0)
            in[n++] = d.a;
        if ((d.numbers & 2) == 0)
            in[n++] = d.b;
        cvyi_attrs_open(&attrs, cvyi_op_find("select"), 1);
        cvyi_set_word(&attrs, "numbers", words[d.numbers]);
        cvyi_set_real(&attrs, "first", 7);
        cvyi_set_real(&attrs, "second", -3);
        evaluate(&attrs, in, n, chosen_truth, &d);
    }
    cvyi_tensor_close(&d.truth);
    cvyi_tensor_close(&d.a);
    cvyi_tensor_close(&d.b);
}

static const caller_row rows[] = {
    { "tf1", "tf.greater", "{\"y\": 0.5}", "x (N, 3)",
      "compare sign=greater number=0.5" },
    { "tf1", "tf.less", "{\"x\": 0.5}", "y (N, 3)",
      "compare sign=greater number=0.5" },
    { "tf2", "tf.math.less_equal", "{\"x\": 2.0}", "y (N, 3)",
      "compare sign=greater_equal number=2.0" },
    { "tf2", "tf.equal", "{}", "x (N, 3); y (N, 3)", "compare sign=equal" },
    { "keras3", "keras.ops.not_equal", "{\"x2\": 1}", "x1 (N, 3)",
      "compare sign=not_equal number=1.0" },
    { "keras3", "keras.ops.less", "{}", "x1 (N, 3); x2 (N, 3, 4)",
      "unsupported x2" },
    { "keras3", "keras.ops.where", "{\"x1\": 1, \"x2\": 0}",
      "condition (N, 3)", "unsupported condition" },
    { "keras3", "keras.ops.where", "{}", "condition (N, 3)",
      "unsupported x1" },
    { "keras3", "keras.ops.logical_not", "{}", "x (N, 3)", "unsupported x" },
    { "keras3", "keras.ops.zeros_like", "{}", "x (N, 3)", "fill" },
    { "tf1", "tf.ones_like", "{}", "x (N, 3)", "fill number=1.0" },
};

static void calls_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static void torch_says_functions_and_reads_them_back(void)
{
    static const char *const codes[] = {
        "torch.lt({0}, 0.5)", "torch.le({0}, 0.5)", "torch.eq({0}, 0.5)",
        "torch.ne({0}, 0.5)", "torch.ge({0}, 0.5)", "torch.gt({0}, 0.5)"
    };
    static const double numbers[] = { 0, 1, -2.5 };
    static const char *const fills[] = { "torch.zeros_like({0})",
                                         "torch.ones_like({0})",
                                         "torch.full_like({0}, -2.5)" };
    cvyi_attrs attrs;

    for (int i = 0; i < 6; i++) {
        cvyi_said said;
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, "(N, 3)");
        cvyi_attrs_open(&attrs, cvyi_op_find("compare"), 0);
        cvyi_set_word(&attrs, "sign", signs[i]);
        CHECK(reader_law(&attrs, "(N, 3)", 2, CVYI_FORM_FUNCTION));
        cvyi_set_real(&attrs, "number", 0.5);
        CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_FUNCTION, &said),
                  codes[i]);
        CHECK(reader_law(&attrs, "(N, 3)", 1, CVYI_FORM_FUNCTION));
        bench_close(&b);
    }
    for (int i = 0; i < 3; i++) {
        cvyi_said said;
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, "(N, 3)");
        cvyi_attrs_open(&attrs, cvyi_op_find("fill"), 0);
        cvyi_set_real(&attrs, "number", numbers[i]);
        CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_FUNCTION, &said),
                  fills[i]);
        CHECK(reader_law(&attrs, "(N, 3)", 1, CVYI_FORM_FUNCTION));
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "comparisons_are_exact", comparisons_are_exact },
    { "one_of_two_is_chosen", one_of_two_is_chosen },
    { "calls_are_read", calls_are_read },
    { "torch_says_functions_and_reads_them_back",
      torch_says_functions_and_reads_them_back },
};
CHECK_MAIN(cases)
