/* layer/conv_transpose: what it means, and how it is said. */
#include "torch_rows.h"

/* ---- meaning ---- */

typedef struct transpose_case {
    int n;
    int64_t batch, channels, outputs, groups;
    int64_t length[3], taps[3], stride[3], dilation[3], before[3], after[3];
} transpose_case;

typedef struct transpose_data {
    const transpose_case *c;
    cvy_view x, weight, bias;
} transpose_data;

/* Every product that lands on this output, found by trying all of them. */
static double transpose_truth(const void *context, const int64_t *at)
{
    const transpose_data *const d = context;
    const transpose_case *const c = d->c;
    const int64_t each = c->outputs / c->groups;
    const int64_t per_group = c->channels / c->groups, group = at[1] / each;
    double sum = d->bias.data != NULL ? *bench_at(&d->bias, &at[1]) : 0;
    int64_t w[5] = { 0 };

    do {
        int64_t from[5] = { at[0], w[0] };
        bool lands = w[0] / per_group == group && w[1] == at[1] % each;

        for (int i = 0; lands && i < c->n; i++) {
            const int64_t place =
                at[2 + i] + c->before[i] - w[2 + i] * c->dilation[i];

            from[2 + i] = place / c->stride[i];
            lands = place % c->stride[i] == 0 && place >= 0 &&
                    from[2 + i] < c->length[i];
        }
        if (lands)
            sum += (double)*bench_at(&d->weight, w) * *bench_at(&d->x, from);
    } while (cvyi_next(d->weight.rank, d->weight.dims, w));
    return sum;
}

static cvyi_attrs attrs_of(const transpose_case *c)
{
    cvyi_border crop = { 0 };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("conv_transpose"), c->n);
    cvyi_set_int(&attrs, "outputs", c->outputs);
    cvyi_set_int(&attrs, "groups", c->groups);
    cvyi_set_ints(&attrs, "taps", c->taps, c->n);
    cvyi_set_ints(&attrs, "stride", c->stride, c->n);
    cvyi_set_ints(&attrs, "dilation", c->dilation, c->n);
    memcpy(crop.before, c->before, sizeof crop.before);
    memcpy(crop.after, c->after, sizeof crop.after);
    cvyi_set_border(&attrs, "crop", crop);
    return attrs;
}

/* `last`: the memory has its channels last. */
static void run_case(const transpose_case *c, bool bias, bool last)
{
    const int rank = c->n + 2;
    const cvyi_attrs attrs = attrs_of(c);
    int64_t dims[5] = { c->batch, c->channels };
    int64_t shape[5] = { c->channels, c->outputs / c->groups };
    transpose_data d = { .c = c };
    int perm[CVY_MAX_RANK];
    cvy_view x;
    bench b;

    bench_open(&b);
    for (int i = 0; i < c->n; i++) {
        dims[2 + i] = c->length[i];
        shape[2 + i] = c->taps[i];
    }
    if (last) {
        int64_t memory[5];

        cvyi_axes_first_to_last(rank, perm);
        for (int i = 0; i < rank; i++)
            memory[i] = dims[perm[i]];
        x = bench_random(rank, memory);
        cvyi_axes_last_to_first(rank, perm);
        d.x = cvyi_permuted(&x, perm);
    } else {
        x = d.x = bench_random(rank, dims);
    }
    d.weight = bench_random(rank, shape);
    if (bias)
        d.bias = bench_random(1, &c->outputs);

    const cvy_view slots[] = { d.weight, d.bias };

    bench_compare(&b, &attrs, &d.x, slots, transpose_truth, &d);
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&d.weight);
    if (bias)
        cvyi_tensor_close(&d.bias);
    bench_close(&b);
}

static void eval_is_the_sum_of_what_lands_on_each_output(void)
{
    /* clang-format off */
    static const transpose_case rows[] = {
        { 1, 2, 3, 4, 1, { 5 }, { 3 }, { 1 }, { 1 }, { 0 }, { 0 } },
        { 1, 1, 4, 6, 2, { 5 }, { 3 }, { 2 }, { 1 }, { 0 }, { 1 } },
        { 1, 1, 6, 6, 6, { 4 }, { 2 }, { 3 }, { 1 }, { 0 }, { -1 } },
        { 1, 1, 2, 2, 1, { 4 }, { 1 }, { 4 }, { 1 }, { 0 }, { -3 } },
        { 1, 1, 2, 2, 1, { 4 }, { 3 }, { 2 }, { 3 }, { 2 }, { 1 } },
        { 1, 1, 2, 2, 1, { 4 }, { 4 }, { 6 }, { 4 }, { 1 }, { -2 } },
        { 1, 1, 1, 1, 1, { 1 }, { 7 }, { 1 }, { 1 }, { 6 }, { 0 } },
        { 1, 1, 1, 2, 1, { 2 }, { 2 }, { 1 }, { 1 }, { -2 }, { -2 } },
        { 2, 2, 3, 5, 1, { 4, 3 }, { 3, 3 }, { 2, 2 }, { 1, 1 }, { 0, 0 },
          { 1, 1 } },
        { 2, 1, 4, 6, 2, { 3, 5 }, { 2, 4 }, { 3, 1 }, { 1, 2 }, { 0, 2 },
          { -1, 3 } },
        { 3, 1, 2, 3, 1, { 2, 3, 2 }, { 2, 3, 1 }, { 2, 1, 3 }, { 1, 1, 1 },
          { 0, 1, 0 }, { 0, 1, -2 } },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int k = 0; k < 4; k++)
            run_case(&rows[i], k & 1, k & 2);
}

/* All small windows, strides, dilations and crops of one axis. */
static void eval_holds_for_every_small_case(void)
{
    for (int code = 0; code < 4 * 4 * 3 * 3 * 3 * 4; code++) {
        transpose_case c = { .n = 1,
                             .batch = 1,
                             .channels = 2,
                             .outputs = 2,
                             .groups = code % 2 + 1,
                             .length = { code % 3 + 1 },
                             .taps = { code % 4 + 1 },
                             .stride = { code / 4 % 4 + 1 },
                             .dilation = { code / 16 % 3 + 1 },
                             .before = { code / 48 % 3 },
                             .after = { code / 144 % 3 - 1 } };
        const int64_t full = (c.length[0] - 1) * c.stride[0] +
                             (c.taps[0] - 1) * c.dilation[0] + 1;

        if (full - c.before[0] - c.after[0] > 0)
            run_case(&c, code / 432 % 2 != 0, false);
    }
}

/* <y, T x> = <F y, x> for the forward convolution F with the same numbers. */
static void it_is_the_adjoint_of_the_forward_layer(void)
{
    const int64_t inputs = 3, outputs = 2, n = 9, taps = 3, m = 5;
    cvyi_attrs forward, back;
    cvyi_border border = { .before = { 1 }, .after = { 1 } };
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&forward, cvyi_op_find("conv"), 1);
    cvyi_attrs_open(&back, cvyi_op_find("conv_transpose"), 1);
    cvyi_set_int(&forward, "outputs", outputs);
    cvyi_set_int(&back, "outputs", inputs);
    cvyi_set_border(&forward, "border", border);
    cvyi_set_border(&back, "crop", border);
    cvyi_set_ints(&forward, "taps", &taps, 1);
    cvyi_set_ints(&back, "taps", &taps, 1);
    cvyi_set_ints(&forward, "stride", (int64_t[]){ 2 }, 1);
    cvyi_set_ints(&back, "stride", (int64_t[]){ 2 }, 1);

    /* O I S of the one is I O S of the other. */
    cvy_view weight = bench_random(3, (int64_t[]){ outputs, inputs, taps });
    cvy_view x = bench_random(3, (int64_t[]){ 1, inputs, n });
    cvy_view y = bench_random(3, (int64_t[]){ 1, outputs, m });
    cvy_view fx = bench_zeros(3, y.dims), ty = bench_zeros(3, x.dims);
    const cvy_view slots[2] = { weight };
    cvy_error err = { 0 };
    cvyi_job job = { &forward, &x, 1, slots, &fx, 1 };
    double left = 0, right = 0;

    CHECK_OK(forward.op->eval(&job, &err));
    job = (cvyi_job){ &back, &y, 1, slots, &ty, 1 };
    CHECK_OK(back.op->eval(&job, &err));
    for (int64_t i = 0; i < outputs * m; i++)
        left += (double)((float *)fx.data)[i] * ((float *)y.data)[i];
    for (int64_t i = 0; i < inputs * n; i++)
        right += (double)((float *)ty.data)[i] * ((float *)x.data)[i];
    CHECK(fabs(left - right) < 1e-5 && fabs(left) > 1e-3);
    cvyi_tensor_close(&weight);
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&y);
    cvyi_tensor_close(&fx);
    cvyi_tensor_close(&ty);
    bench_close(&b);
}

static void sizes_and_slots_are_inferred(void)
{
    const transpose_case c = { 2,        1,        4,        6,
                               2,        { 1, 1 }, { 3, 5 }, { 2, 1 },
                               { 1, 2 }, { 0, 1 }, { 1, 2 } };
    const cvyi_attrs attrs = attrs_of(&c);
    cvyi_inferred inferred;
    int64_t work;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 4, H, W)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_OK);
    CHECK_STR(bench_shape(&b, &inferred.out[0]), "(N, 6, 2 * H, W + 5)");
    CHECK_EQ(inferred.slots[0].rank, 4);
    CHECK_EQ(inferred.slots[0].dims[0], 4);
    CHECK_EQ(inferred.slots[0].dims[1], 3);
    CHECK_EQ(inferred.slots[0].dims[2], 3);
    CHECK_EQ(inferred.slots[0].dims[3], 5);
    CHECK_EQ(inferred.slots[1].dims[0], 6);
    in = bench_type(&b, "(2, 4, 7, 9)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_OK);
    CHECK(cvyi_size_constant(&work, inferred.multiply_adds));
    CHECK_EQ(work, 2 * 4 * 7 * 9 * 3 * 15);
    in = bench_type(&b, "(2, 3, 7, 9)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    bench_close(&b);
}

static void nothing_left_is_a_shape_error(void)
{
    const transpose_case c = { 1,     1,     1,     1,     1,    { 1 },
                               { 3 }, { 1 }, { 1 }, { 2 }, { 2 } };
    const cvyi_attrs attrs = attrs_of(&c);
    cvyi_inferred inferred;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 1, 2)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    in = bench_type(&b, "(N, 1, 3)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_OK);
    bench_close(&b);
}

/* ---- saying ---- */

static const struct {
    transpose_case c;
    const char *torch, *keras;
} said_rows[] = {
/* clang-format off */
#define C(k, s, d, g, l, r)                                                  \
    { 2, 1, 4, 8, g, { 1, 1 }, { k, k }, { s, s }, { d, d }, { l, l },       \
      { r, r } }
#define NO_CROP                                                              \
    "refused: Keras' transposed convolution has no word for this crop"
    { C(3, 1, 1, 1, 0, 0), "nn.ConvTranspose2d(4, 8, 3)",
      "layers.Conv2DTranspose(8, 3)" },
    { C(3, 2, 1, 1, 0, 1),
      "CutConvTranspose2d((1, 1), 4, 8, 3, stride=2)",
      "layers.Conv2DTranspose(8, 3, strides=2, padding=\"same\")" },
    { C(4, 2, 1, 1, 1, 1), "nn.ConvTranspose2d(4, 8, 4, stride=2, padding=1)",
      "layers.Conv2DTranspose(8, 4, strides=2, padding=\"same\")" },
    { C(3, 2, 1, 1, 1, 0),
      "nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1)",
      NO_CROP },
    { C(3, 2, 1, 1, 1, 1), "nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1)",
      "layers.Conv2DTranspose(8, 3, strides=2, padding=\"same\", "
      "output_padding=0)" },
    { C(1, 2, 1, 1, 0, 0), "nn.ConvTranspose2d(4, 8, 1, stride=2)",
      "layers.Conv2DTranspose(8, 1, strides=2, output_padding=0)" },
    { C(1, 2, 1, 1, 0, -1),
      "nn.ConvTranspose2d(4, 8, 1, stride=2, output_padding=1)",
      "layers.Conv2DTranspose(8, 1, strides=2)" },
    { C(3, 2, 1, 1, 0, -1),
      "nn.ConvTranspose2d(4, 8, 3, stride=2, output_padding=1)",
      "layers.Conv2DTranspose(8, 3, strides=2, output_padding=1)" },
    { C(3, 1, 2, 1, 2, 2),
      "nn.ConvTranspose2d(4, 8, 3, padding=2, dilation=2)",
      "layers.Conv2DTranspose(8, 3, padding=\"same\", dilation_rate=2)" },
    { C(3, 2, 2, 1, 0, 0),
      "nn.ConvTranspose2d(4, 8, 3, stride=2, dilation=2)",
      "refused: Keras refuses strides > 1 together with dilation_rate > 1" },
    { C(3, 1, 1, 2, 0, 0), "nn.ConvTranspose2d(4, 8, 3, groups=2)",
      "refused: Keras has no groups in a transposed convolution" },
    { C(3, 1, 1, 1, 1, 0),
      "refused: torch's transposed convolution cannot cut off so much more "
      "in front than behind", NO_CROP },
    { C(3, 1, 1, 1, -1, -1),
      "refused: torch's transposed convolution cannot cut off so much more "
      "in front than behind", NO_CROP },
    /* clang-format on */
};

static const char *say(bench *b, const cvyi_attrs *attrs, const char *dialect,
                       const cvyi_type *first)
{
    const bool keras = strcmp(dialect, "keras3") == 0;
    const cvyi_type last = bench_type(b, "(N, H, W, 4)");
    cvyi_inferred inferred;
    cvyi_said said;
    const char *text;

    CHECK_EQ(attrs->op->infer(&inferred, attrs, first, 1, &b->sizes, &b->err),
             CVY_OK);

    const cvyi_saying what = { .attrs = attrs,
                               .in = keras ? &last : first,
                               .n_in = 1,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .present = 3,
                               .axes =
                                   keras ? CVYI_AXES_LAST : CVYI_AXES_FIRST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };

    text =
        cvyi_say(&said, dialect, CVYI_FORM_MODULE, &what, &b->err) == CVY_OK
            ? cvyi_arena_text(&b->arena, said.code.bytes, said.code.size)
            : cvyi_arena_printf(&b->arena, "refused: %s", said.refusal.reason);
    cvyi_said_close(&said);
    return text;
}

static void the_simplest_exact_form_is_said(void)
{
    for (size_t i = 0; i < sizeof said_rows / sizeof *said_rows; i++) {
        const cvyi_attrs attrs = attrs_of(&said_rows[i].c);
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, "(N, 4, H, W)");
        CHECK_STR(say(&b, &attrs, "torch", &in), said_rows[i].torch);
        CHECK_STR(say(&b, &attrs, "keras3", &in), said_rows[i].keras);
        bench_close(&b);
    }
}

/* Every small window with every small crop, on known and open lengths. */
static void what_torch_says_reads_back(void)
{
    static const char *const shapes[] = { "(N, 4, 9)", "(N, 4, H, 9)",
                                          "(N, 4, D, 9, W)" };
    int said = 0;

    for (int code = 0; code < 3 * 3 * 3 * 2 * 3 * 4 * 2; code++) {
        const int64_t k = code / 3 % 3 + 1, s = code / 9 % 3 + 1;
        const int64_t d = code / 27 % 2 + 1, before = code / 54 % 3;
        const int64_t after = code / 162 % 4 - 2 + before;
        const bool mixed = code / 648 != 0;
        const transpose_case c = {
            .n = code % 3 + 1,
            .channels = 4,
            .outputs = 6,
            .groups = mixed ? 2 : 1,
            .taps = { k, mixed ? k + 1 : k, k },
            .stride = { s, s, s },
            .dilation = { d, d, mixed ? 1 : d },
            .before = { before, before, before },
            .after = { after, mixed ? before : after, after },
        };
        const cvyi_attrs attrs = attrs_of(&c);

        said += reader_law(&attrs, shapes[c.n - 1], mixed ? 1 : 3,
                           CVYI_FORM_MODULE);
    }
    CHECK(said > 900);
}

static const check_case cases[] = {
    { "eval_is_the_sum_of_what_lands_on_each_output",
      eval_is_the_sum_of_what_lands_on_each_output },
    { "eval_holds_for_every_small_case", eval_holds_for_every_small_case },
    { "it_is_the_adjoint_of_the_forward_layer",
      it_is_the_adjoint_of_the_forward_layer },
    { "sizes_and_slots_are_inferred", sizes_and_slots_are_inferred },
    { "nothing_left_is_a_shape_error", nothing_left_is_a_shape_error },
    { "the_simplest_exact_form_is_said", the_simplest_exact_form_is_said },
    { "what_torch_says_reads_back", what_torch_says_reads_back },
};
CHECK_MAIN(cases)
