/* layer/group_norm: what it means and how every dialect spells it. */
#include "norm_rows.h"

#include "torch_reader.h"

/* ---- the operator ---- */

enum { WEIGHT, BIAS };

typedef struct norm_data {
    cvy_view x, slots[2];
    int64_t groups;
    double eps;
} norm_data;

static double norm_truth(const void *context, const int64_t *at)
{
    const norm_data *const d = context;
    const int64_t each = d->x.dims[1] / d->groups;
    const int64_t first = at[1] / each * each;
    int64_t in[CVY_MAX_RANK] = { 0 }, dims[CVY_MAX_RANK];
    double n = 0, mean = 0, square = 0;
    double y;

    memcpy(dims, d->x.dims, sizeof dims);
    dims[0] = 1;
    dims[1] = each;
    do {
        int64_t place[CVY_MAX_RANK];

        memcpy(place, in, sizeof place);
        place[0] = at[0];
        place[1] = first + in[1];

        const double x = (double)*bench_at(&d->x, place);

        mean += x;
        square += x * x;
        n++;
    } while (cvyi_next(d->x.rank, dims, in));
    mean /= n;
    y = ((double)*bench_at(&d->x, at) - mean) /
        sqrt(square / n - mean * mean + d->eps);
    if (d->slots[WEIGHT].data != NULL)
        y *= (double)*bench_at(&d->slots[WEIGHT], &at[1]);
    if (d->slots[BIAS].data != NULL)
        y += (double)*bench_at(&d->slots[BIAS], &at[1]);
    return y;
}

static void eval_normalises_group_by_group(void)
{
    static const int64_t dims[] = { 2, 6, 3, 2, 2 };
    static const int64_t groups[] = { 1, 2, 3, 6 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 5; rank++)
        for (int k = 0; k < 32; k++) {
            norm_data d = { .groups = groups[k & 3], .eps = 0.01 };
            int64_t last[5] = { dims[0] };
            int perm[CVY_MAX_RANK];
            cvyi_attrs attrs;
            cvy_view memory;

            memcpy(last + 1, dims + 2, (size_t)(rank - 2) * sizeof *last);
            last[rank - 1] = dims[1];
            memory = bench_random(rank, k & 16 ? last : dims);
            cvyi_axes_last_to_first(rank, perm);
            d.x = k & 16 ? cvyi_permuted(&memory, perm) : memory;
            for (int i = 0; i < 2; i++)
                if ((k >> (2 + i) & 1) != 0)
                    d.slots[i] = bench_random(1, &dims[1]);
            cvyi_attrs_open(&attrs, cvyi_op_find("group_norm"), 0);
            cvyi_set_int(&attrs, "groups", d.groups);
            cvyi_set_real(&attrs, "eps", d.eps);
            bench_compare(&b, &attrs, &d.x, d.slots, norm_truth, &d);
            cvyi_tensor_close(&memory);
            for (int i = 0; i < 2; i++)
                if (d.slots[i].data != NULL)
                    cvyi_tensor_close(&d.slots[i]);
        }
    bench_close(&b);
}

static void groups_that_do_not_divide_are_refused(void)
{
    static const int64_t groups[] = { 0, -1, 4, 12 };
    cvyi_inferred out;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(2, 6, 4)");

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("group_norm"), 0);
        cvyi_set_int(&attrs, "groups", groups[i]);
        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
    }
    bench_close(&b);
}

/* ---- words ---- */

#define GN "torch.nn.GroupNorm"
#define FGN "torch.nn.functional.group_norm"
#define IN "torch.nn.InstanceNorm"
#define FIN "torch.nn.functional.instance_norm"
#define KGN "keras.layers.GroupNormalization"
#define AFFINE "; weight<-weight C=1; bias<-bias C=0"
#define RUNNING "; mean<-running_mean C=0 f; variance<-running_var C=1 f"

static const norm_row read_rows[] = {
    /* clang-format off */
    { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 6}",
      "(N, 6, H, W)", "group_norm groups=2 eps=1e-05" AFFINE },
    { "torch", GN, "{\"num_groups\": 3, \"num_channels\": 6, "
      "\"bias\": false, \"eps\": 0.5}", "(N, 6)",
      "group_norm groups=3 eps=0.5; weight<-weight C=1" },
    { "torch", GN, "{\"num_groups\": 4, \"num_channels\": 6}",
      "(N, 6, L)", "illegal num_groups" },
    { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 8}",
      "(N, 6, L)", "illegal num_channels" },
    { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 8, "
      "\"affine\": false}", "(N, 6, L)", "group_norm groups=2 eps=1e-05" },
    { "torch", GN, "{\"num_groups\": 0, \"num_channels\": 6}",
      "(N, 6, L)", "illegal num_groups" },
    { "torch", GN, "{\"num_groups\": 6, \"num_channels\": 6}", "(1, 6)",
      "illegal " },
    { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 6}", "(6)",
      "illegal " },
    { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 6}",
      "(N, C, L)", "unsupported " },
    { "torch", FGN, "{\"num_groups\": 2}", "(N, 6, L)",
      "group_norm groups=2 eps=1e-05" },
    { "torch", FGN, "{\"num_groups\": 2, \"weight\": \"$1\", "
      "\"bias\": \"$2\"}", "(N, 6, L) (6) (6)",
      "group_norm groups=2 eps=1e-05; weight<-#1 C; bias<-#2 C" },
    { "torch", FGN, "{\"num_groups\": 2, \"weight\": \"$1\"}",
      "(N, 6, L) (5)", "illegal weight" },
    { "torch", FGN, "{\"num_groups\": 4}", "(N, 6, L)",
      "illegal num_groups" },
    { "torch", "torch.group_norm", "{\"num_groups\": 2}", "(N, 6, L)",
      "group_norm groups=2 eps=1e-05" },
    { "torch", IN "2d", "{\"num_features\": 6}", "(N, 6, H, W)",
      "group_norm groups=6 eps=1e-05" },
    { "torch", IN "1d", "{\"num_features\": 6, \"affine\": true}",
      "(N, 6, L)", "group_norm groups=6 eps=1e-05" AFFINE },
    { "torch", IN "1d", "{\"num_features\": 5, \"affine\": true}",
      "(N, 6, L)", "illegal num_features" },
    { "torch", IN "1d", "{\"num_features\": 5}", "(N, 6, L)",
      "group_norm groups=6 eps=1e-05" },
    { "torch", IN "2d", "{\"num_features\": 6}", "(N, 6, 1, 1)",
      "illegal " },
    { "torch", IN "2d", "{\"num_features\": 6}", "(6, H, W)",
      "unsupported " },
    { "torch", IN "3d", "{\"num_features\": 6}", "(N, 6, L)",
      "illegal " },
    { "torch", IN "2d", "{\"num_features\": 6, "
      "\"track_running_stats\": true}", "(N, 6, 1, 1)",
      "batch_norm eps=1e-05 momentum=0.9 variance=unbiased" RUNNING },
    { "torch", "torch.nn.LazyInstanceNorm2d", "{}", "(N, 6, H, W)",
      "batch_norm eps=1e-05 momentum=0.9 variance=unbiased; "
      "scale<-weight C=1; shift<-bias C=0" RUNNING },
    { "torch", "torch.nn.LazyInstanceNorm2d", "{\"affine\": false, "
      "\"track_running_stats\": false}", "(N, 6, H, W)",
      "group_norm groups=6 eps=1e-05" },
    { "torch", FIN, "{\"weight\": \"$1\"}", "(N, 6, L) (6)",
      "group_norm groups=6 eps=1e-05; weight<-#1 C" },
    { "torch", FIN, "{}", "(N, 6, 1)", "illegal " },
    { "torch", "torch.instance_norm", "{\"weight\": null, \"bias\": null, "
      "\"running_mean\": null, \"running_var\": null, "
      "\"use_input_stats\": true, \"momentum\": 0.1, \"eps\": 1e-5, "
      "\"cudnn_enabled\": true}", "(N, 6, 1)",
      "group_norm groups=6 eps=1e-05" },
    { "torch", "torch.group_norm", "{\"num_groups\": 6}", "(1, 6)",
      "group_norm groups=6 eps=1e-05" },
    { "torch", FIN, "{}", "(N, 6)", "illegal " },
    { "torch", FIN, "{\"use_input_stats\": false}", "(N, 6, L)",
      "illegal running_mean" },
    { "torch", FIN, "{\"use_input_stats\": false, \"running_mean\": \"$1\", "
      "\"running_var\": \"$2\"}", "(N, 6, 1) (6) (6)",
      "batch_norm eps=1e-05; mean<-#1 C f; variance<-#2 C f" },
    { "torch", FIN, "{\"running_mean\": \"$1\"}", "(N, 6, L) (6)",
      "illegal running_var" },
    { "torch", FIN, "{\"running_mean\": \"$1\", \"running_var\": \"$2\"}",
      "(N, 6, L) (6) (6)", "unsupported running_mean" },
    { "keras3", KGN, "{\"groups\": 2}", "(N, H, W, 6)",
      "group_norm last groups=2; weight<-gamma C; bias<-beta C" },
    { "keras2", KGN, "{\"groups\": -1, \"axis\": 1}", "(N, 6, H, W)",
      "group_norm groups=6; weight<-gamma C; bias<-beta C" },
    { "keras3", KGN, "{\"groups\": 3, \"scale\": false, "
      "\"epsilon\": 0.5}", "(N, 6)",
      "group_norm last groups=3 eps=0.5; bias<-beta C" },
    { "keras3", KGN, "{}", "(N, L, 6)", "illegal groups" },
    { "keras3", KGN, "{\"groups\": 4}", "(N, L, 6)", "illegal groups" },
    { "keras3", KGN, "{\"groups\": -2}", "(N, L, 6)", "illegal groups" },
    { "keras3", KGN, "{\"groups\": 2, \"axis\": 2}", "(N, 4, 6, 8)",
      "unsupported axis" },
    { "keras3", KGN, "{\"groups\": 2, \"axis\": [1]}", "(N, 4, 6)",
      "illegal axis" },
    { "keras3", KGN, "{\"groups\": 1}", "(N, L, C)", "illegal " },
    /* clang-format on */
};

static void every_dialect_is_read(void)
{
    norm_check_rows(read_rows, sizeof read_rows / sizeof *read_rows);
}

static void keras_is_written(void)
{
    static const norm_row rows[] = {
        /* clang-format off */
        { "torch", GN, "{\"num_groups\": 2, \"num_channels\": 6}",
          "(N, 6, H, W)", "layers.GroupNormalization(groups=2, "
          "epsilon=1e-5); gamma<-weight C; beta<-bias C" },
        { "torch", GN, "{\"num_groups\": 32, \"num_channels\": 64, "
          "\"eps\": 1e-3, \"affine\": false}", "(N, 64)",
          "layers.GroupNormalization(center=False, scale=False)" },
        { "torch", IN "2d", "{\"num_features\": 6, \"affine\": true, "
          "\"bias\": false}", "(N, 6, H, W)",
          "layers.GroupNormalization(groups=-1, epsilon=1e-5, "
          "center=False); gamma<-weight C" },
        { "torch", IN "2d", "{\"num_features\": 6, "
          "\"track_running_stats\": true}", "(N, 6, H, W)",
          "layers.BatchNormalization(momentum=0.9, epsilon=1e-5, "
          "center=False, scale=False); moving_mean<-mean C; "
          "moving_variance<-variance C" },
        /* clang-format on */
    };

    norm_check_keras(rows, sizeof rows / sizeof *rows);
}

static void torch_reads_what_it_is_told(void)
{
    static const char *const shapes[] = { "(N, 6)", "(N, 6, 5)",
                                          "(N, 6, H, W)", "(N, 6, D, H, W)" };
    static const int64_t groups[] = { 1, 2, 3, 6 };

    for (int i = 0; i < 4; i++)
        for (int g = 0; g < 4; g++)
            for (unsigned present = 0; present < 4; present++) {
                cvyi_attrs attrs;

                cvyi_attrs_open(&attrs, cvyi_op_find("group_norm"), i);
                cvyi_set_int(&attrs, "groups", groups[g]);
                /* torch takes no single value for a batch of one */
                CHECK_EQ(reader_law(&attrs, shapes[i], present,
                                    CVYI_FORM_MODULE),
                         i > 0 || g < 3);
            }
}

static void torch_is_told_the_simplest_class(void)
{
    static const struct {
        const char *shape;
        int64_t groups;
        unsigned present;
        const char *said;
    } rows[] = {
        { "(N, 6, H, W)", 2, 3, "nn.GroupNorm(2, 6, eps=1e-3)" },
        { "(N, 6, H, W)", 2, 1, "nn.GroupNorm(2, 6, eps=1e-3, bias=False)" },
        { "(N, 6, H, W)", 2, 0, "nn.GroupNorm(2, 6, eps=1e-3, affine=False)" },
        { "(N, 6, H, W)", 2, 2, "nn.GroupNorm(2, 6, eps=1e-3)" },
        { "(N, 6, H, W)", 6, 0, "nn.InstanceNorm2d(6, eps=1e-3)" },
        { "(N, 6, L)", 6, 3, "nn.InstanceNorm1d(6, eps=1e-3, affine=True)" },
        { "(N, 6, L)", 6, 1,
          "nn.InstanceNorm1d(6, eps=1e-3, affine=True, bias=False)" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].shape);
        cvyi_attrs attrs;
        cvyi_said said;

        cvyi_attrs_open(&attrs, cvyi_op_find("group_norm"), 2);
        cvyi_set_int(&attrs, "groups", rows[i].groups);
        CHECK_STR(bench_say(&b, &attrs, &in, rows[i].present, CVYI_FORM_MODULE,
                            &said),
                  rows[i].said);
        CHECK_EQ(said.n_remarks, rows[i].present == 2);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_normalises_group_by_group", eval_normalises_group_by_group },
    { "groups_that_do_not_divide_are_refused",
      groups_that_do_not_divide_are_refused },
    { "every_dialect_is_read", every_dialect_is_read },
    { "keras_is_written", keras_is_written },
    { "torch_reads_what_it_is_told", torch_reads_what_it_is_told },
    { "torch_is_told_the_simplest_class", torch_is_told_the_simplest_class },
};
CHECK_MAIN(cases)
