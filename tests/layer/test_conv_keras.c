/* layer/conv/keras_write.c: a convolution in the words of Keras 3. */
#include "workbench.h"

#include "layer/window.h"

typedef struct wanted {
    int n;
    int64_t channels, outputs, groups;
    int64_t taps[3], stride[3], dilation[3];
    cvyi_border border;
} wanted;

static cvyi_attrs attrs_of(const wanted *w)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), w->n);
    cvyi_set_int(&attrs, "outputs", w->outputs);
    cvyi_set_int(&attrs, "groups", w->groups);
    cvyi_set_ints(&attrs, "taps", w->taps, w->n);
    cvyi_set_ints(&attrs, "stride", w->stride, w->n);
    cvyi_set_ints(&attrs, "dilation", w->dilation, w->n);
    cvyi_set_border(&attrs, "border", w->border);
    return attrs;
}

/* The code, or "refused: argument: advice". */
static const char *say(bench *b, cvyi_said *keep, const wanted *w, bool bias,
                       cvyi_axes axes)
{
    static const char *const lengths[] = { "L", "H, W", "D, H, W" };
    const cvyi_attrs attrs = attrs_of(w);
    cvyi_inferred inferred;
    int perm[CVY_MAX_RANK];
    cvyi_type memory;
    cvyi_said said;

    const cvyi_type first = bench_type(
        b, cvyi_arena_printf(&b->arena, "(N, %lld, %s)",
                             (long long)w->channels, lengths[w->n - 1]));

    if (attrs.op->infer(&inferred, &attrs, &first, 1, &b->sizes, &b->err) !=
        CVY_OK)
        CHECK_FAIL("%s", b->err.text);
    memory = first;
    cvyi_axes_first_to_last(first.rank, perm);
    for (int i = 0; i < first.rank; i++)
        memory.dims[i] = first.dims[perm[i]];

    const cvyi_saying what = { .attrs = &attrs,
                               .in = &memory,
                               .n_in = 1,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .present = bias ? 3 : 1,
                               .axes = axes,
                               .arena = &b->arena,
                               .sizes = &b->sizes };
    const cvy_status status =
        cvyi_say(&said, "keras3", CVYI_FORM_MODULE, &what, &b->err);
    const char *text =
        status == CVY_OK
            ? cvyi_arena_text(&b->arena, said.code.bytes, said.code.size)
            : cvyi_arena_printf(&b->arena, "refused: %s: %s",
                                said.refusal.attribute, said.refusal.advice);

    CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
    if (keep != NULL) {
        *keep = said;
        memset(&keep->code, 0, sizeof keep->code);
    }
    cvyi_said_close(&said);
    return text;
}

/* clang-format off */
#define NONE { .rule = CVYI_BORDER_GIVEN }
#define SAME { .rule = CVYI_BORDER_SAME }
#define CAUSAL { .rule = CVYI_BORDER_CAUSAL }
#define GIVEN(a, b, c, d) { CVYI_BORDER_GIVEN, { a, b }, { c, d } }
#define NO_WORD "refused: padding: put the border into a ZeroPadding layer "  \
                "of its own"

static const struct {
    wanted w;
    bool bias;
    const char *said;
} rows[] = {
    { { 2, 3, 16, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, NONE }, true,
      "layers.Conv2D(16, 3)" },
    { { 1, 3, 16, 1, { 5 }, { 3 }, { 1 }, NONE }, false,
      "layers.Conv1D(16, 5, strides=3, use_bias=False)" },
    { { 3, 4, 8, 2, { 1, 3, 5 }, { 1, 2, 1 }, { 1, 1, 1 }, NONE }, true,
      "layers.Conv3D(8, (1, 3, 5), strides=(1, 2, 1), groups=2)" },
    { { 2, 3, 16, 1, { 3, 3 }, { 1, 1 }, { 2, 1 }, SAME }, true,
      "layers.Conv2D(16, 3, padding=\"same\", dilation_rate=(2, 1))" },
    { { 2, 3, 16, 1, { 3, 3 }, { 2, 2 }, { 1, 1 }, SAME }, true,
      "layers.Conv2D(16, 3, strides=2, padding=\"same\")" },
    { { 2, 3, 16, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, GIVEN(1, 1, 1, 1) }, true,
      "layers.Conv2D(16, 3, padding=\"same\")" },
    { { 2, 3, 16, 1, { 4, 4 }, { 1, 1 }, { 1, 1 }, GIVEN(1, 1, 2, 2) }, true,
      "layers.Conv2D(16, 4, padding=\"same\")" },
    { { 2, 3, 16, 1, { 4, 4 }, { 1, 1 }, { 1, 1 }, GIVEN(2, 2, 1, 1) }, true,
      NO_WORD },
    { { 2, 3, 16, 1, { 3, 3 }, { 2, 2 }, { 1, 1 }, GIVEN(1, 1, 1, 1) }, true,
      NO_WORD },
    { { 2, 3, 16, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, GIVEN(1, 0, 1, 0) }, true,
      NO_WORD },
    { { 2, 3, 16, 1, { 1, 1 }, { 2, 2 }, { 1, 1 }, SAME }, true,
      "layers.Conv2D(16, 1, strides=2)" },
    { { 1, 3, 16, 1, { 3 }, { 2 }, { 1 }, CAUSAL }, true,
      "layers.Conv1D(16, 3, strides=2, padding=\"causal\")" },
    { { 1, 3, 16, 1, { 3 }, { 1 }, { 2 }, GIVEN(4, 0, 0, 0) }, true,
      "layers.Conv1D(16, 3, padding=\"causal\", dilation_rate=2)" },
    { { 2, 3, 16, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, CAUSAL }, true, NO_WORD },
    { { 2, 3, 16, 1, { 3, 3 }, { 2, 1 }, { 1, 2 }, NONE }, true,
      "refused: strides: use strides=1 with this dilation_rate, then keep "
      "x[:, ::2, ::1]" },
    { { 2, 4, 4, 4, { 3, 3 }, { 1, 1 }, { 1, 1 }, SAME }, true,
      "layers.DepthwiseConv2D(3, padding=\"same\")" },
    { { 2, 4, 12, 4, { 3, 3 }, { 2, 2 }, { 2, 2 }, NONE }, false,
      "layers.DepthwiseConv2D(3, depth_multiplier=3, strides=2, "
      "dilation_rate=2, use_bias=False)" },
    { { 2, 4, 4, 4, { 3, 3 }, { 2, 2 }, { 1, 1 }, GIVEN(1, 1, 1, 1) }, true,
      NO_WORD },
    { { 1, 4, 4, 4, { 3 }, { 1 }, { 1 }, CAUSAL }, true,
      "layers.Conv1D(4, 3, padding=\"causal\", groups=4)" },
    { { 3, 4, 4, 4, { 3, 3, 3 }, { 1, 1, 1 }, { 1, 1, 1 }, NONE }, true,
      "layers.Conv3D(4, 3, groups=4)" },
    { { 3, 4, 4, 4, { 3, 3, 3 }, { 2, 2, 2 }, { 2, 2, 2 }, NONE }, true,
      "refused: strides: use strides=1 with this dilation_rate, then keep "
      "x[:, ::2, ::2, ::2]" },
    { { 2, 1, 6, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, NONE }, true,
      "layers.Conv2D(6, 3)" },
};
/* clang-format on */

static void keras_says_the_simplest_exact_form(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_STR(say(&b, NULL, &rows[i].w, rows[i].bias, CVYI_AXES_LAST),
                  rows[i].said);
        bench_close(&b);
    }
}

static void channels_that_stand_first_are_refused(void)
{
    bench b;

    bench_open(&b);
    CHECK_STR(say(&b, NULL, &rows[0].w, true, CVYI_AXES_FIRST),
              "refused: data_format: put the channels last");
    bench_close(&b);
}

static void kernels_have_the_layouts_of_keras(void)
{
    static const struct {
        wanted w;
        const char *layout;
        int64_t dims[4];
    } cases[] = {
        { { 2, 3, 16, 1, { 3, 5 }, { 1, 1 }, { 1, 1 }, NONE },
          "O I S -> S I O",
          { 3, 5, 3, 16 } },
        { { 2, 4, 4, 4, { 3, 5 }, { 1, 1 }, { 1, 1 }, NONE },
          "C 1 S -> S C 1",
          { 3, 5, 4, 1 } },
        { { 2, 4, 12, 4, { 3, 5 }, { 1, 1 }, { 1, 1 }, NONE },
          "(C M=3) 1 S -> S C M",
          { 3, 5, 4, 3 } },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const wanted *const w = &cases[i].w;
        const int64_t neutral[] = { w->outputs, w->channels / w->groups,
                                    w->taps[0], w->taps[1] };
        int64_t dims[CVY_MAX_RANK];
        cvyi_layout layout;
        cvy_error err = { 0 };
        cvyi_said said;
        bench b;

        bench_open(&b);
        say(&b, &said, w, true, CVYI_AXES_LAST);
        CHECK_EQ(said.n_slots, 2);
        CHECK_STR(said.slots[0].name, "kernel");
        CHECK_STR(said.slots[0].layout, cases[i].layout);
        CHECK_STR(said.slots[1].name, "bias");
        CHECK_OK(cvyi_layout_parse(&layout, said.slots[0].layout, 2, 4,
                                   neutral, &err));
        CHECK_EQ(cvyi_layout_target(&layout, dims), 4);
        for (int k = 0; k < 4; k++)
            CHECK_EQ(dims[k], cases[i].dims[k]);
        bench_close(&b);
    }
}

/* What the code means where it is read has the amounts that were meant, for
 * every length. */
static int check_meaning(const wanted *w)
{
    const cvyi_attrs attrs = attrs_of(w);
    const cvyi_attrs *means = &attrs;
    cvy_error err = { 0 };
    cvyi_said said;
    bench b;

    bench_open(&b);

    const bool taken =
        strncmp(say(&b, &said, w, true, CVYI_AXES_LAST), "refused", 7) != 0;

    if (said.differs) {
        CHECK_EQ(said.n_means, 1);
        means = &said.means[0];
    }
    for (int64_t length = 1; taken && length < 14; length++)
        for (int i = 0; i < w->n; i++) {
            cvy_border want, got;

            CHECK_OK(cvyi_window_border(&want, &attrs, i, length, &err));
            CHECK_OK(cvyi_window_border(&got, means, i, length, &err));
            CHECK_EQ(got.before, want.before);
            CHECK_EQ(got.after, want.after);
        }
    bench_close(&b);
    return taken;
}

static void what_is_said_has_the_border_of_every_length(void)
{
    int said = 0;

    for (int64_t taps = 1; taps < 5; taps++)
        for (int64_t stride = 1; stride < 4; stride++)
            for (int64_t dilation = 1; dilation < 3; dilation++)
                for (int k = 0; k < 2 + 5 * 5; k++) {
                    wanted w = {
                        1, 3, 4, 1, { taps }, { stride }, { dilation }, NONE
                    };

                    w.border.before[0] = k / 5;
                    w.border.after[0] = k % 5;
                    if (k >= 25)
                        w.border =
                            (cvyi_border){ .rule = k == 25
                                                       ? CVYI_BORDER_SAME
                                                       : CVYI_BORDER_CAUSAL };
                    said += check_meaning(&w);
                }
    CHECK(said > 60);
}

static const check_case cases[] = {
    { "keras_says_the_simplest_exact_form",
      keras_says_the_simplest_exact_form },
    { "channels_that_stand_first_are_refused",
      channels_that_stand_first_are_refused },
    { "kernels_have_the_layouts_of_keras", kernels_have_the_layouts_of_keras },
    { "what_is_said_has_the_border_of_every_length",
      what_is_said_has_the_border_of_every_length },
};
CHECK_MAIN(cases)
