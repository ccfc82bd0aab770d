/* layer/x/torch.c: what is said of windows, weights and shapes reads back. */
#include "torch_rows.h"

static cvyi_attrs open_attrs(const char *op, int n_spatial)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), n_spatial);
    return attrs;
}

static void parse(cvyi_attrs *attrs, const char *name, const char *text)
{
    const int i = cvyi_attr_index(attrs->op, name);
    cvy_error err = { 0 };

    CHECK_OK(cvyi_attr_parse(&attrs->at[i], &attrs->op->attrs[i], text, NULL,
                             NULL, &err));
}

/* ---- windows of one to three axes ---- */

/* The axes of a window differ in this: mixed numbers become tuples. */
static void set_axes(cvyi_attrs *attrs, const char *name, int64_t value,
                     bool mixed)
{
    const int64_t values[] = { value, mixed ? value + 1 : value, value };

    cvyi_set_ints(attrs, name, values, attrs->n_spatial);
}

static const char *const known[] = { "(N, 4, 9)", "(N, 4, 9, 8)",
                                     "(N, 4, 9, 8, 7)" };
static const char *const open[] = { "(N, 4, W)", "(N, 4, H, W)",
                                    "(N, 4, D, H, W)" };

/* Every border that is worth a word: the rules, and amounts before and after
 * of 0 to 2. */
enum { BORDERS = 11 };

static cvyi_border border_at(int k, int n_spatial)
{
    cvyi_border border = { 0 };

    if (k == 9)
        border.rule = CVYI_BORDER_SAME;
    if (k == 10)
        border.rule = CVYI_BORDER_CAUSAL;
    for (int i = 0; k < 9 && i < n_spatial; i++) {
        border.before[i] = k / 3;
        border.after[i] = k % 3;
    }
    return border;
}

/* One window with every border, on known and on unknown sizes. */
static int say_borders(cvyi_attrs *attrs, int n_borders, unsigned present)
{
    const int n = attrs->n_spatial;
    int said = 0;

    for (int k = 0; k < n_borders; k++) {
        cvyi_set_border(attrs, "border", border_at(k, n));
        said += reader_laws(attrs, known[n - 1], present);
        said += reader_laws(attrs, open[n - 1], present);
    }
    return said;
}

static void convolutions_read_as_they_were_said(void)
{
    int said = 0;

    for (int code = 0; code < 3 * 3 * 2 * 2 * 2 * 2; code++) {
        const int n = code % 3 + 1, taps = code / 3 % 3 + 1;
        const int stride = code / 9 % 2 + 1, dilation = code / 18 % 2 + 1;
        const bool mixed = code / 36 % 2 != 0, bias = code / 72 % 2 != 0;
        cvyi_attrs a = open_attrs("conv", n);

        set_axes(&a, "taps", taps, mixed && taps < 3);
        set_axes(&a, "stride", stride, mixed && stride == 1);
        set_axes(&a, "dilation", dilation, false);
        cvyi_set_int(&a, "outputs", 8);
        cvyi_set_int(&a, "groups", mixed ? 2 : 1);
        said += say_borders(&a, BORDERS, bias ? 3 : 1);
    }
    CHECK(said > 1000);
}

static void pools_read_as_they_were_said(void)
{
    static const char *const kinds[][2] = { { "max", "real" },
                                            { "average", "real" },
                                            { "average", "window" } };
    int said = 0;

    for (int code = 0; code < 3 * 3 * 3 * 2 * 2 * 3; code++) {
        const int n = code % 3 + 1, taps = code / 3 % 3 + 1;
        const int stride = code / 9 % 3 + 1;
        const bool mixed = code / 27 % 2 != 0, ceil = code / 54 % 2 != 0;
        const char *const *const kind = kinds[code / 108];
        cvyi_attrs a = open_attrs("pool", n);

        cvyi_set_word(&a, "kind", kind[0]);
        cvyi_set_word(&a, "count", kind[1]);
        cvyi_set_int(&a, "ceil", ceil);
        set_axes(&a, "taps", taps, mixed && taps < 3);
        set_axes(&a, "stride", stride, mixed && stride == 1);
        said += say_borders(&a, 10, 0);
    }
    CHECK(said > 2000);
}

static void pads_read_as_they_were_said(void)
{
    static const double values[] = { 0, 1.5, -HUGE_VAL };
    int said = 0;

    for (int code = 0; code < 3 * 3 * 2 * 2 * 3; code++) {
        const int n = code % 3 + 1;
        cvyi_attrs a = open_attrs("pad", n);

        set_axes(&a, "taps", code / 3 % 3 + 1, n == 2);
        set_axes(&a, "stride", code / 9 % 2 + 1, false);
        set_axes(&a, "dilation", code / 18 % 2 + 1, false);
        cvyi_set_real(&a, "value", values[code / 36]);
        said += say_borders(&a, BORDERS, 0);
    }
    CHECK(said > 1000);
}

/* ---- weights, shapes and noise ---- */

static void dense_layers_read_as_they_were_said(void)
{
    static const struct {
        const char *shape;
        int axis;
    } rows[] = {
        { "(N, 6)", 1 },          { "(N, 5, 6)", 2 }, { "(N, L, 6)", 2 },
        { "(N, 3, H, 6)", 3 },    { "(N, 6, W)", 1 }, { "(N, 6, 4, 4)", 1 },
        { "(N, 6, 2, H, W)", 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned present = 1; present <= 3; present += 2) {
            cvyi_attrs a = open_attrs("dense", 0);

            cvyi_set_int(&a, "units", 7);
            cvyi_set_int(&a, "axis", rows[i].axis);
            CHECK(reader_law(&a, rows[i].shape, present, CVYI_FORM_MODULE));
        }
}

static void norms_read_as_they_were_said(void)
{
    static const char *const shapes[] = { "(N, 6)", "(N, 6, W)",
                                          "(N, 6, H, 5)", "(N, 6, 2, 3, 4)" };
    static const double momenta[] = { 0.99, 0.9, 0, 1, 0.7, 1.0 / 3, 1e-3 };
    static const double epsilons[] = { 1e-3, 1e-5, 0, 1.0000001e-5 };

    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t m = 0; m < sizeof momenta / sizeof *momenta; m++)
            for (unsigned present = 12; present < 16; present++) {
                cvyi_attrs a = open_attrs("batch_norm", 0);

                cvyi_set_real(&a, "momentum", momenta[m]);
                cvyi_set_real(&a, "eps", epsilons[m % 4]);
                cvyi_set_word(&a, "variance",
                              m % 2 == 0 ? "biased" : "unbiased");
                CHECK(reader_law(&a, shapes[s], present, CVYI_FORM_MODULE));
            }
}

static void global_pools_read_as_they_were_said(void)
{
    for (int code = 0; code < 3 * 2 * 2; code++) {
        const int n = code % 3 + 1;
        cvyi_attrs a = open_attrs("global_pool", n);

        cvyi_set_word(&a, "kind", code / 3 % 2 != 0 ? "max" : "average");
        cvyi_set_int(&a, "keepdims", code / 6);
        CHECK_EQ(reader_laws(&a, known[n - 1], 0), 2);
        CHECK_EQ(reader_laws(&a, open[n - 1], 0), 2);
    }
}

static void slopes_read_as_they_were_said(void)
{
    static const char *const shapes[] = { "(N, 6)", "(N, 6, 4)",
                                          "(N, 6, 5, 4)", "(N, 1, 1, 4)" };

    for (int code = 0; code < 4 * 2 * 2 * 2; code++) {
        const char *const shape = shapes[code % 4];
        const int n = code % 4 > 1 ? 2 : code % 4;
        const int64_t own[] = { code / 8 % 2, code / 16 % 2 };
        cvyi_attrs a = open_attrs("prelu", n);

        cvyi_set_int(&a, "channels", code / 4 % 2);
        cvyi_set_ints(&a, "positions", own, n);
        CHECK(reader_law(&a, shape, 1, CVYI_FORM_MODULE));
    }
}

static void dropout_reads_as_it_was_said(void)
{
    static const double rates[] = { 0, 0.5, 0.1, 1, 1.0 / 3 };

    for (int marks = 0; marks < 16; marks++)
        for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
            const int64_t shared[] = { marks & 1, marks >> 1 & 1,
                                       marks >> 2 & 1, marks >> 3 & 1 };
            cvyi_attrs a = open_attrs("dropout", 0);

            cvyi_set_real(&a, "rate", rates[k]);
            CHECK(reader_law(&a, "(N, 6)", 0, CVYI_FORM_MODULE));
            cvyi_set_ints(&a, "shared", shared, 4);
            CHECK(reader_law(&a, "(N, 6, H, 4)", 0, CVYI_FORM_MODULE));
        }
}

static void shapes_read_as_they_were_said(void)
{
    static const char *const shapes[] = { "(N, 6)", "(N, 6, W)",
                                          "(N, H, W, C)" };

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const cvyi_attrs flatten = open_attrs("flatten", 0);
        const cvyi_attrs identity = open_attrs("identity", 0);

        CHECK_EQ(reader_laws(&flatten, shapes[i], 0), 2);
        CHECK_EQ(reader_laws(&identity, shapes[i], 0), 2);
    }
}

/* A value of the batch alone gets an axis, in words of other operators. */
static void a_batch_alone_says_what_its_new_axis_means(void)
{
    const cvyi_attrs a = open_attrs("flatten", 0);
    cvyi_said said;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N)");

    CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_MODULE, &said),
              "nn.Unflatten(0, (-1, 1))");
    CHECK_EQ(said.n_means, 1);
    CHECK_STR(said.means[0].op->name, "reshape");
    CHECK_STR(bench_attrs(&b, &said.means[0]), "shape=[1]");
    CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_FUNCTION, &said),
              "{0}.unsqueeze(1)");
    CHECK_EQ(said.n_means, 1);
    CHECK_STR(said.means[0].op->name, "expand");
    CHECK_STR(bench_attrs(&b, &said.means[0]), "rank=2");
    bench_close(&b);
}

static void channels_last_is_read_from_the_axes_of_a_mean(void)
{
    cvyi_type in;
    reader r;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 8, 9, 3)");
    reader_open(&r, &b, "{0}.mean(dim=(1, 2))", NULL, &in, 1);
    CHECK_EQ(r.steps[0].axes, CVYI_AXES_LAST);
    CHECK_STR(bench_shape(&b, &r.tensors[r.current]), "(N, 3)");
    reader_open(&r, &b, "{0}.mean(dim=(2, 3))", NULL, &in, 1);
    CHECK_EQ(r.steps[0].axes, CVYI_AXES_FIRST);
    CHECK_STR(bench_shape(&b, &r.tensors[r.current]), "(N, 8)");
    bench_close(&b);
}

/* ---- what people write ---- */

static const reader_row human_rows[] = {
    { "nn.Conv2d(3, 8, 3)", "(N, 3, H, W)", "conv outputs=8 taps=[3 3]" },
    { "nn.Conv2d(3, 8, kernel_size=(3, 5), stride=2, padding=(1, 2))",
      "(N, 3, 32, 32)",
      "conv outputs=8 taps=[3 5] stride=[2 2] border=[1:1 2:2]" },
    { "nn.Conv2d(4, 8, 3, 1, 1, 2, 4, False, 'zeros')", "(N, 4, H, W)",
      "conv outputs=8 taps=[3 3] dilation=[2 2] groups=4 "
      "border=[1:1 1:1]" },
    { "nn.Conv1d(3, 8, 4, padding='same')", "(N, 3, L)",
      "conv outputs=8 taps=[4] border=[1:2]" },
    { "nn.Conv2d(4, 6, 3, padding=1, padding_mode='reflect')", "(N, 4, H, W)",
      "pad border=[1:1 1:1] mode=reflect; conv outputs=6 taps=[3 3]" },
    { "nn.Conv1d(3, 8, 4, padding='valid', padding_mode='reflect')",
      "(N, 3, L)", "conv outputs=8 taps=[4]" },
    { "nn.Conv3d(3, 8, 1, device=None, dtype=torch.float32)",
      "(N, 3, D, H, W)", "conv outputs=8 taps=[1 1 1]" },
    { "nn.Linear(in_features=6, out_features=2, bias=False)", "(N, 6)",
      "dense units=2 axis=1" },
    { "nn.BatchNorm2d(3)", "(N, 3, H, W)",
      "batch_norm eps=1e-05 momentum=0.9 variance=unbiased" },
    { "nn.BatchNorm1d(3, 0.001, 0.01, False)", "(N, 3, L)",
      "batch_norm variance=unbiased" },
    { "nn.MaxPool2d(2)", "(N, 3, H, W)",
      "pool kind=max taps=[2 2] stride=[2 2]" },
    { "nn.MaxPool2d(3, 2, 1, ceil_mode=True)", "(N, 3, H, W)",
      "pool kind=max taps=[3 3] stride=[2 2] border=[1:1 1:1] "
      "ceil=true" },
    { "F.max_pool2d({0}, 3, 2, 1, 1, True)", "(N, 3, H, W)",
      "pool kind=max taps=[3 3] stride=[2 2] border=[1:1 1:1] "
      "ceil=true" },
    { "nn.MaxPool2d(3, 2, 1, 1, False, True)", "(N, 3, H, W)",
      "pool kind=max taps=[3 3] stride=[2 2] border=[1:1 1:1] "
      "ceil=true" },
    { "F.max_pool2d({0}, (2, 3), stride=())", "(N, 3, H, W)",
      "pool kind=max taps=[2 3] stride=[2 3]" },
    { "nn.AvgPool2d(2)", "(N, 3, H, W)",
      "pool kind=average taps=[2 2] stride=[2 2]" },
    { "nn.AvgPool2d(3, 1, 1)", "(N, 3, H, W)",
      "pool kind=average taps=[3 3] border=[1:1 1:1] count=window" },
    { "nn.AvgPool1d(3, 1, 1, False, False)", "(N, 3, L)",
      "pool kind=average taps=[3] border=[1:1]" },
    { "F.avg_pool2d({0}, 2, ceil_mode=True)", "(N, 3, H, W)",
      "pool kind=average taps=[2 2] stride=[2 2] ceil=true" },
    { "nn.AdaptiveAvgPool2d(1)", "(N, 3, H, W)",
      "global_pool kind=average keepdims=true" },
    { "nn.AdaptiveAvgPool2d((1, 1))", "(N, 3, H, W)",
      "global_pool kind=average keepdims=true" },
    { "F.adaptive_max_pool2d({0}, output_size=1)", "(N, 3, H, W)",
      "global_pool kind=max keepdims=true" },
    { "nn.AdaptiveAvgPool2d((None, 2))", "(N, 3, H, 8)",
      "adaptive_pool kind=average sizes=[0 2]" },
    { "nn.AdaptiveAvgPool2d(7)", "(N, 3, 7, 14)",
      "adaptive_pool kind=average sizes=[7 7]" },
    { "{0}.mean((-1, -2), True)", "(N, 3, H, W)",
      "global_pool kind=average keepdims=true" },
    { "torch.mean({0}, dim=[2, 3])", "(N, 3, H, W)",
      "global_pool kind=average" },
    { "{0}.amax(2)", "(N, 3, L)", "global_pool kind=max" },
    { "nn.ZeroPad2d(1)", "(N, 3, H, W)", "pad border=[1:1 1:1]" },
    { "nn.ZeroPad2d((1, 2, 3, 4))", "(N, 3, H, W)", "pad border=[3:4 1:2]" },
    { "nn.ZeroPad2d((1, 2))", "(N, 3, H, W)", "pad border=[0:0 1:2]" },
    { "nn.ConstantPad1d((0, 2), -1.0)", "(N, 3, L)",
      "pad border=[0:2] value=-1.0" },
    { "F.pad({0}, (1, 2))", "(N, 3, D, H, W)", "pad border=[0:0 0:0 1:2]" },
    { "F.pad({0}, (0, 1, 0, 1, 0, 0), 'constant', 2)", "(N, 3, H, W)",
      "pad border=[0:1 0:1] value=2.0" },
    { "nn.Flatten()", "(N, 3, H, W)", "flatten" },
    { "torch.flatten({0}, 1)", "(N, 3, H, W)", "flatten" },
    { "{0}.flatten(start_dim=1, end_dim=3)", "(N, 3, H, W)", "flatten" },
    { "{0}.flatten(2)", "(N, 3, 4, 5)", "reshape shape=[3, 20]" },
    { "{0}.flatten(1, 2)", "(N, 3, H, 5)", "reshape shape=[3 * H, 5]" },
    { "{0}.flatten(1, -2)", "(N, 3, 4, 5)", "reshape shape=[12, 5]" },
    { "{0}.flatten(-1)", "(N, 3, 4)", "identity" },
    { "nn.Flatten(0, 1)", "(N, 3, H, W)", "join_batch" },
    { "torch.flatten({0}, 0, 1)", "(N, T, 4)", "join_batch" },
    { "{0}.flatten(0, 2)", "(N, T, 4, 5)", "join_batch; join_batch" },
    { "nn.Unflatten(0, (-1, 3))", "(3 * N, 4)", "split_batch steps=[3]" },
    { "{0}.unflatten(0, (2, -1))", "(2 * N, 4)", "split_batch steps=[N]" },
    { "nn.PReLU()", "(N, 3, H, W)", "prelu channels=false" },
    { "nn.PReLU(3, init=0.1)", "(N, 3, H, W)", "prelu" },
    { "nn.Dropout()", "(N, 3)", "dropout rate=0.5" },
    { "nn.Dropout(p=0.1, inplace=True)", "(N, 3)", "dropout rate=0.1" },
    { "nn.Dropout2d(0.2)", "(N, 3, H, W)",
      "dropout rate=0.2 shared=[0 0 1 1]" },
    { "nn.Identity()", "(N, 3)", "identity" },
    { "nn.Identity(54, 7)", "(N, 3)", "identity" },
};

static void what_people_write_is_read(void)
{
    reader_check_rows(human_rows, sizeof human_rows / sizeof *human_rows);
}

static const reader_refusal refused_rows[] = {
    { "nn.Conv2d(3, 8, 3)", "(3, H, W)", "", "without a batch" },
    { "nn.Conv2d(3, 8, 3)", "(N, 3, L, H, W)", "", "4 axes, got 5" },
    { "nn.Conv2d(4, 8, 3)", "(N, 3, H, W)", "in_channels", "has 3" },
    { "nn.Conv2d(4, 8, 3)", "(N, C, H, W)", "in_channels", "unknown" },
    { "nn.Conv2d(4, 6, 3, groups=4)", "(N, 4, H, W)", "groups",
      "do not divide" },
    { "nn.Conv2d(4, 6, 3, stride=2, padding='same')", "(N, 4, H, W)",
      "padding", "stride 1" },
    { "nn.Conv2d(4, 6, 3, padding='full')", "(N, 4, H, W)", "padding",
      "no padding 'full'" },
    { "nn.Conv2d(4, 6, 3, padding=-1)", "(N, 4, H, W)", "padding", "integer" },
    { "nn.Conv2d(4, 6, 3, padding_mode='same')", "(N, 4, H, W)",
      "padding_mode", "no such" },
    { "nn.Conv2d(4, 6, 3, dtype=torch.float16)", "(N, 4, H, W)", "dtype",
      "float32" },
    { "nn.Conv2d(4, 6, 0)", "(N, 4, H, W)", "kernel_size", ">= 1" },
    { "nn.Conv2d(4, 6)", "(N, 4, H, W)", "kernel_size", "missing" },
    { "nn.Conv2d(4, 6, 3, use_bias=True)", "(N, 4, H, W)", "use_bias",
      "no argument" },
    { "nn.Linear(4, 6)", "(4)", "", "without a batch" },
    { "nn.Linear(4, 6)", "(N, 5)", "in_features", "has 5" },
    { "nn.BatchNorm2d(3)", "(N, 3, L)", "", "with 3 axes" },
    { "nn.BatchNorm2d(3)", "(N, 3)", "", "with 2 axes" },
    { "nn.BatchNorm2d(3, momentum=None)", "(N, 3, H, W)", "momentum",
      "all batches" },
    { "nn.BatchNorm2d(3, track_running_stats=False)", "(N, 3, H, W)",
      "track_running_stats", "batch's own" },
    { "nn.BatchNorm2d(4)", "(N, 3, H, W)", "num_features", "has 3" },
    { "nn.MaxPool2d(2, padding=2)", "(N, 3, H, W)", "padding",
      "half the window" },
    { "nn.MaxPool2d(2, dilation=0)", "(N, 3, H, W)", "dilation", ">= 1" },
    { "nn.MaxPool2d(2, return_indices=True)", "(N, 3, H, W)", "return_indices",
      "not carried" },
    { "nn.MaxPool2d(2)", "(N, H, W)", "", "without a batch" },
    { "nn.AvgPool2d(2, divisor_override=0)", "(N, 3, H, W)",
      "divisor_override", "but 0" },
    { "nn.AdaptiveAvgPool2d(0)", "(N, 3, 4, 5)", "output_size",
      "without elements" },
    { "nn.AdaptiveAvgPool2d((1,))", "(N, 3, 4, 5)", "output_size", "2 axes" },
    { "nn.AdaptiveMaxPool2d(1, True)", "(N, 3, 4, 5)", "return_indices",
      "not carried" },
    { "{0}.mean()", "(N, 3, 4, 5)", "dim", "several samples" },
    { "{0}.mean(0)", "(N, 3, 4, 5)", "dim", "several samples" },
    { "{0}.mean(4)", "(N, 3, 4, 5)", "dim", "4" },
    { "{0}.mean((2, -2))", "(N, 3, 4, 5)", "dim", "different" },
    { "{0}.mean((2, 3), dtype=torch.float64)", "(N, 3, 4, 5)", "dtype",
      "float32" },
    { "nn.ReflectionPad2d(4)", "(N, 3, 4, 5)", "padding", "below the length" },
    { "nn.ZeroPad2d(-3)", "(N, 3, 4, 5)", "padding", "more than there is" },
    { "nn.ZeroPad2d((1, 2, 3))", "(N, 3, 4, 5)", "padding", "pairs" },
    { "F.pad({0}, (0, 0, 0, 0, 1, 0))", "(N, 3, 4, 5)", "pad", "axis 1" },
    { "F.pad({0}, (0, 1))", "(N, 3)", "", "2 axes" },
    { "F.pad({0}, (1, 1), mode='symmetric')", "(N, 3, 4)", "mode", "mode" },
    { "{0}.squeeze((1, -2))", "(N, 1, 4)", "dim", "dim" },
    { "nn.Flatten(2, 1)", "(N, 3, 4)", "start_dim", "behind" },
    { "nn.Unflatten(0, (-1, 3))", "(N, 4)", "unflattened_size", "multiple" },
    { "nn.Unflatten(0, (-1, 2, 3))", "(6 * N, 4)", "unflattened_size",
      "taken apart" },
    { "nn.Flatten(3)", "(N, 3, 4)", "start_dim", "outside" },
    { "nn.PReLU(2)", "(N, 3, 4)", "num_parameters", "has 3" },
    { "nn.Dropout(1.5)", "(N, 3)", "p", "1.5" },
    { "nn.Dropout3d(0.5)", "(N, 3, 4, 5)", "", "without a batch" },
};

static void what_is_not_carried_over_is_refused_by_name(void)
{
    reader_check_refusals(refused_rows,
                          sizeof refused_rows / sizeof *refused_rows);
}

/* A class counts word for word. */
static void a_changed_class_is_no_word_of_ours(void)
{
    cvyi_attrs a = open_attrs("pad", 1);
    cvyi_said said;
    char text[2000];
    cvyi_type in;
    bench b;
    size_t n;

    bench_open(&b);
    in = bench_type(&b, "(N, 3, W)");
    parse(&a, "taps", "[3]");
    parse(&a, "stride", "[2]");
    parse(&a, "border", "same");
    bench_say(&b, &a, &in, 0, CVYI_FORM_MODULE, &said);
    CHECK(said.helper != NULL);
    n = strlen(said.helper->code);
    CHECK(n < sizeof text);
    memcpy(text, said.helper->code, n + 1);
    CHECK(cvyi_spelling_find_helper("torch", "SamePad", text, n) != NULL);
    CHECK(cvyi_spelling_find_helper("torch", "SameAvgPool", text, n) == NULL);
    *strstr(text, "total // 2") = 'T';
    CHECK(cvyi_spelling_find_helper("torch", "SamePad", text, n) == NULL);
    bench_close(&b);
}

static const check_case cases[] = {
    { "convolutions_read_as_they_were_said",
      convolutions_read_as_they_were_said },
    { "pools_read_as_they_were_said", pools_read_as_they_were_said },
    { "pads_read_as_they_were_said", pads_read_as_they_were_said },
    { "dense_layers_read_as_they_were_said",
      dense_layers_read_as_they_were_said },
    { "norms_read_as_they_were_said", norms_read_as_they_were_said },
    { "global_pools_read_as_they_were_said",
      global_pools_read_as_they_were_said },
    { "slopes_read_as_they_were_said", slopes_read_as_they_were_said },
    { "dropout_reads_as_it_was_said", dropout_reads_as_it_was_said },
    { "shapes_read_as_they_were_said", shapes_read_as_they_were_said },
    { "a_batch_alone_says_what_its_new_axis_means",
      a_batch_alone_says_what_its_new_axis_means },
    { "channels_last_is_read_from_the_axes_of_a_mean",
      channels_last_is_read_from_the_axes_of_a_mean },
    { "what_people_write_is_read", what_people_write_is_read },
    { "what_is_not_carried_over_is_refused_by_name",
      what_is_not_carried_over_is_refused_by_name },
    { "a_changed_class_is_no_word_of_ours",
      a_changed_class_is_no_word_of_ours },
};
CHECK_MAIN(cases)
