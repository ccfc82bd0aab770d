/* layer/layer_norm: what it means and how every dialect spells it. */
#include "norm_rows.h"

#include "torch_reader.h"

/* ---- the operator ---- */

enum { WEIGHT, BIAS };

typedef struct norm_data {
    cvy_view x, slots[2];
    const int64_t *marks;
    double eps;
    int mode; /* centred, rms, scaled */
} norm_data;

static double at_slot(const norm_data *d, int slot, const int64_t *at,
                      double without)
{
    int64_t there[CVY_MAX_RANK] = { 0 };

    if (d->slots[slot].data == NULL)
        return without;
    for (int i = 0; i < d->x.rank; i++)
        if (d->marks[i] != 0)
            there[d->marks[i] - 1] = at[i];
    return (double)*bench_at(&d->slots[slot], there);
}

static double norm_truth(const void *context, const int64_t *at)
{
    const norm_data *const d = context;
    int64_t place[CVY_MAX_RANK] = { 0 }, dims[CVY_MAX_RANK];
    double n = 0, mean = 0, variance = 0;

    for (int i = 0; i < d->x.rank; i++)
        dims[i] = d->marks[i] != 0 ? d->x.dims[i] : 1;
    for (int pass = 0; pass < 2; pass++) {
        int64_t in[CVY_MAX_RANK] = { 0 };

        do {
            for (int i = 0; i < d->x.rank; i++)
                place[i] = d->marks[i] != 0 ? in[i] : at[i];

            const double x = (double)*bench_at(&d->x, place);

            if (pass == 0) {
                mean += x;
                n++;
            } else {
                variance += (x - mean) * (x - mean);
            }
        } while (cvyi_next(d->x.rank, dims, in));
        if (pass == 0)
            mean = d->mode == 1 ? 0 : mean / n;
    }
    return ((double)*bench_at(&d->x, at) - (d->mode == 0 ? mean : 0)) /
               sqrt(variance / n + d->eps) * at_slot(d, WEIGHT, at, 1) +
           at_slot(d, BIAS, at, 0);
}

static void open_slots(norm_data *d, int present)
{
    int64_t dims[CVY_MAX_RANK];
    int rank = 0;

    for (int i = 0; i < d->x.rank; i++)
        if (d->marks[i] != 0) {
            dims[d->marks[i] - 1] = d->x.dims[i];
            rank++;
        }
    for (int i = 0; i < 2; i++)
        if ((present >> i & 1) != 0)
            d->slots[i] = bench_random(rank, dims);
}

static void eval_normalises_over_the_marked_axes(void)
{
    static const int64_t dims[] = { 2, 3, 4, 5 };
    static const struct {
        int rank;
        int64_t marks[4];
    } rows[] = {
        { 2, { 0, 1 } },       { 3, { 0, 1, 0 } },    { 3, { 0, 0, 1 } },
        { 4, { 0, 0, 0, 1 } }, { 4, { 0, 1, 0, 2 } }, { 4, { 0, 3, 1, 2 } },
        { 4, { 0, 1, 2, 3 } }, { 4, { 0, 2, 1, 0 } },
    };
    static const char *const modes[] = { "centred", "rms", "scaled" };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mode = 0; mode < 3; mode++)
            for (int present = 0; present < 4; present++) {
                norm_data d = { .marks = rows[i].marks,
                                .eps = 0.01,
                                .mode = mode };
                cvyi_attrs attrs;

                d.x = bench_random(rows[i].rank, dims);
                open_slots(&d, present);
                cvyi_attrs_open(&attrs, cvyi_op_find("layer_norm"), 0);
                cvyi_set_ints(&attrs, "axes", d.marks, d.x.rank);
                cvyi_set_real(&attrs, "eps", d.eps);
                cvyi_set_word(&attrs, "mode", modes[mode]);
                bench_compare(&b, &attrs, &d.x, d.slots, norm_truth, &d);
                cvyi_tensor_close(&d.x);
                for (int k = 0; k < 2; k++)
                    if (d.slots[k].data != NULL)
                        cvyi_tensor_close(&d.slots[k]);
            }
    bench_close(&b);
}

/* One float32 evaluation, folded into x a + c as Keras does it. */
static void float_norm(float *y, const float *x, int n, float eps)
{
    float mean = 0, variance = 0, scale, minus;

    for (int i = 0; i < n; i++)
        mean += x[i];
    mean /= (float)n;
    for (int i = 0; i < n; i++)
        variance += (x[i] - mean) * (x[i] - mean);
    variance /= (float)n;
    scale = 1 / sqrtf(variance + eps);
    minus = -mean * scale;
    for (int i = 0; i < n; i++)
        y[i] = x[i] * scale + minus;
}

/* Also where the mean is large against the spread. */
static void the_bound_holds_for_float32(void)
{
    enum { N = 500 };
    static const int64_t dims[] = { 1, N }, marks[] = { 0, 1 };
    cvy_view x = bench_random(2, dims), y = bench_zeros(2, dims);
    cvy_view bound = bench_zeros(2, dims);
    const cvy_view slots[2] = { 0 };
    cvyi_attrs attrs;
    float got[N];
    cvyi_job job = { .attrs = &attrs,
                     .in = &x,
                     .n_in = 1,
                     .slots = slots,
                     .out = &y,
                     .n_out = 1 };

    cvyi_attrs_open(&attrs, cvyi_op_find("layer_norm"), 0);
    cvyi_set_ints(&attrs, "axes", marks, 2);
    cvyi_set_real(&attrs, "eps", 1e-5);
    for (int shift = 0; shift < 4; shift++) {
        float *const at = x.data;

        for (int i = 0; i < N; i++)
            at[i] += shift == 0 ? 0.F : 7.F * (float)shift;
        CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
        job.out = &bound;
        CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
        job.out = &y;
        float_norm(got, at, N, 1e-5F);
        for (int i = 0; i < N; i++) {
            const double off =
                fabs((double)got[i] - (double)((float *)y.data)[i]);

            CHECK(off <= (double)((float *)bound.data)[i]);
            CHECK(((float *)bound.data)[i] < 0.3F);
        }
    }
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&y);
    cvyi_tensor_close(&bound);
}

static void marks_that_are_none_are_refused(void)
{
    static const int64_t rows[][3] = {
        { 0, 0, 0 }, { 1, 0, 0 }, { 0, 2, 0 }, { 0, 1, 1 }, { 0, 1, 3 },
    };
    cvyi_inferred out;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(2, 3, 4)");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("layer_norm"), 0);
        cvyi_set_ints(&attrs, "axes", rows[i], 3);
        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
    }
    bench_close(&b);
}

/* ---- words ---- */

#define LN "torch.nn.LayerNorm"
#define FLN "torch.nn.functional.layer_norm"
#define RMS "torch.nn.RMSNorm"
#define KLN "keras.layers.LayerNormalization"
#define KRMS "keras.layers.RMSNormalization"
#define OLN "keras.ops.layer_normalization"
#define ORMS "keras.ops.rms_normalization"
#define AFFINE "; weight<-weight C=1; bias<-bias C=0"

static const norm_row read_rows[] = {
    /* clang-format off */
    { "torch", LN, "{\"normalized_shape\": 8}", "(N, L, 8)",
      "layer_norm axes=[0 0 1] eps=1e-05" AFFINE },
    { "torch", LN, "{\"normalized_shape\": [4, 8], \"eps\": 0.5}",
      "(N, 4, 8)", "layer_norm axes=[0 1 2] eps=0.5; "
      "weight<-weight C D=1; bias<-bias C D=0" },
    { "torch", LN, "{\"normalized_shape\": [8], \"bias\": false}",
      "(N, 8)", "layer_norm axes=[0 1] eps=1e-05; weight<-weight C=1" },
    { "torch", LN,
      "{\"normalized_shape\": 8, \"elementwise_affine\": false}",
      "(N, 8)", "layer_norm axes=[0 1] eps=1e-05" },
    { "torch", LN, "{\"normalized_shape\": 7}", "(N, 8)",
      "illegal normalized_shape" },
    { "torch", LN, "{\"normalized_shape\": [8, 4]}", "(N, 4, 8)",
      "illegal normalized_shape" },
    { "torch", LN, "{\"normalized_shape\": []}", "(N, 8)",
      "illegal normalized_shape" },
    { "torch", LN, "{\"normalized_shape\": [2, 3, 4]}", "(3, 4)",
      "illegal normalized_shape" },
    { "torch", LN, "{\"normalized_shape\": [3, 4]}", "(3, 4)",
      "unsupported normalized_shape" },
    { "torch", LN, "{\"normalized_shape\": 8}", "(N, L)",
      "unsupported normalized_shape" },
    { "torch", RMS, "{\"normalized_shape\": 8}", "(N, 8)",
      "layer_norm axes=[0 1] eps=1.1920928955078125e-07 mode=rms; "
      "weight<-weight C=1" },
    { "torch", RMS, "{\"normalized_shape\": 8, \"eps\": 1e-6, "
      "\"elementwise_affine\": false}", "(N, 8)",
      "layer_norm axes=[0 1] eps=1e-06 mode=rms" },
    { "torch", FLN, "{\"normalized_shape\": [8]}", "(N, 8)",
      "layer_norm axes=[0 1] eps=1e-05" },
    { "torch", FLN, "{\"normalized_shape\": [4, 8], \"weight\": \"$1\","
      " \"bias\": \"$2\"}", "(N, 4, 8) (4, 8) (4, 8)",
      "layer_norm axes=[0 1 2] eps=1e-05; weight<-#1 C D; bias<-#2 C D" },
    { "torch", FLN, "{\"normalized_shape\": [8], \"bias\": \"$1\"}",
      "(N, 8) (8)", "layer_norm axes=[0 1] eps=1e-05; bias<-#1 C" },
    { "torch", FLN, "{\"normalized_shape\": [8], \"weight\": \"$1\"}",
      "(N, 8) (4)", "illegal weight" },
    { "torch", FLN, "{\"normalized_shape\": [8], \"weight\": \"$1\"}",
      "(N, 8) (?)", "unsupported weight" },
    { "torch", FLN, "{\"normalized_shape\": 8}", "(N, 8)",
      "illegal normalized_shape" },
    { "torch", "torch.layer_norm", "{\"normalized_shape\": [8]}",
      "(N, 8)", "layer_norm axes=[0 1] eps=1e-05" },
    { "torch", "torch.rms_norm",
      "{\"normalized_shape\": [8], \"weight\": \"$1\"}", "(N, 8) (8)",
      "layer_norm axes=[0 1] eps=1.1920928955078125e-07 mode=rms; "
      "weight<-#1 C" },
    { "keras3", KLN, "{}", "(N, H, W, 3)", "layer_norm last "
      "axes=[0 0 0 1]; weight<-gamma C; bias<-beta C" },
    { "keras2", KLN, "{}", "(N, H, W, 3)", "layer_norm last "
      "axes=[0 0 0 1]; weight<-gamma C; bias<-beta C" },
    { "keras3", KLN, "{\"axis\": [1, 2], \"epsilon\": 1e-5, "
      "\"scale\": false}", "(N, 4, 5, 3)",
      "layer_norm last axes=[0 1 2 0] eps=1e-05; bias<-beta C D" },
    /* sorted as they are: -1 comes first */
    { "keras3", KLN, "{\"axis\": [2, 1]}", "(N, 4, 5)", "layer_norm last "
      "axes=[0 1 2]; weight<-gamma C D; bias<-beta C D" },
    { "keras3", KLN, "{\"axis\": [1, -1]}", "(N, 4, 5)",
      "unsupported axis" },
    { "keras3", KLN, "{\"axis\": [1, -1]}", "(N, 4, 4)",
      "layer_norm last axes=[0 1 2]; weight<-gamma C D; "
      "bias<-beta C D" },
    { "keras3", KLN, "{\"axis\": [1, -1], \"center\": false, "
      "\"scale\": false}", "(N, 4, 5)", "layer_norm last axes=[0 1 2]" },
    { "keras2", KLN, "{\"axis\": [1, -1]}", "(N, 4, 5)",
      "layer_norm last axes=[0 1 2]; weight<-gamma C D; "
      "bias<-beta C D" },
    { "keras2", KLN, "{\"axis\": [2, 1]}", "(N, 4, 5)",
      "unsupported axis" },
    { "keras3", KLN, "{\"rms_scaling\": true}", "(N, 8)",
      "layer_norm last axes=[0 1] mode=scaled; weight<-gamma C" },
    { "keras3", KLN, "{\"axis\": 3}", "(N, 4, 5)", "illegal axis" },
    { "keras3", KLN, "{\"axis\": [1, 1]}", "(N, 4, 5)", "illegal axis" },
    { "keras3", KLN, "{\"axis\": []}", "(N, 4, 5)",
      "unsupported axis" },
    { "keras3", KLN, "{\"axis\": 1.5}", "(N, 4, 5)", "illegal axis" },
    { "keras3", KLN, "{\"axis\": 0}", "(2, 4, 5)", "unsupported axis" },
    { "keras3", KLN, "{}", "(N, C)", "illegal axis" },
    { "keras3", KRMS, "{}", "(N, 4, 5)", "layer_norm last "
      "axes=[0 0 1] eps=1e-06 mode=rms; weight<-scale C=1" },
    { "keras3", KRMS, "{\"axis\": [1, 2]}", "(N, 4, 5)",
      "layer_norm last axes=[0 1 2] eps=1e-06 mode=rms; "
      "weight<-scale C D=1" },
    { "keras3", KRMS, "{\"axis\": 1}", "(N, 4, 5)", "illegal axis" },
    { "keras3", KRMS, "{\"axis\": 1}", "(N, 4, 4)", "unsupported axis" },
    { "keras3", OLN, "{\"gamma\": \"$1\", \"beta\": \"$2\"}",
      "(N, 8) (8) (8)", "layer_norm last axes=[0 1] eps=1e-07; "
      "weight<-#1 C; bias<-#2 C" },
    { "keras3", OLN, "{\"beta\": \"$1\", \"rms_scaling\": true}",
      "(N, 8) (8)", "unsupported beta" },
    { "keras3", OLN, "{\"axis\": 1, \"epsilon\": 0.5}", "(N, 8, L)",
      "layer_norm last axes=[0 1 0] eps=0.5" },
    { "keras3", ORMS, "{\"scale\": \"$1\"}", "(N, 8) (8)",
      "layer_norm last axes=[0 1] eps=1e-07 mode=rms; weight<-#1 C" },
    { "keras3", ORMS, "{\"axis\": 1}", "(N, 8, L)",
      "layer_norm last axes=[0 1 0] eps=1e-07 mode=rms" },
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
        { "torch", LN, "{\"normalized_shape\": 8}", "(N, L, 8)",
          "layers.LayerNormalization(epsilon=1e-5); gamma<-weight C; "
          "beta<-bias C" },
        { "torch", LN, "{\"normalized_shape\": [4, 8], \"bias\": false}",
          "(N, 4, 8)", "layers.LayerNormalization(axis=(1, 2), "
          "epsilon=1e-5, center=False); gamma<-weight C D" },
        { "torch", LN, "{\"normalized_shape\": 8, \"eps\": 1e-3, "
          "\"elementwise_affine\": false}", "(N, 8)",
          "layers.LayerNormalization(center=False, scale=False)" },
        { "keras3", KLN, "{\"axis\": 1}", "(N, 4, 8)",
          "layers.LayerNormalization(axis=1); gamma<-weight C; "
          "beta<-bias C" },
        { "keras3", KLN, "{\"rms_scaling\": true}", "(N, 8)",
          "layers.LayerNormalization(rms_scaling=True); gamma<-weight C" },
        { "torch", RMS, "{\"normalized_shape\": 8, \"eps\": 1e-6}", "(N, 8)",
          "layers.RMSNormalization(); scale<-weight C" },
        { "torch", RMS, "{\"normalized_shape\": [4, 8], \"eps\": 0.5}",
          "(N, 4, 8)", "layers.RMSNormalization(axis=(1, 2), epsilon=0.5); "
          "scale<-weight C D" },
        { "torch", RMS, "{\"normalized_shape\": 8, \"eps\": 1e-6, "
          "\"elementwise_affine\": false}", "(N, 8)",
          "ops.rms_normalization({0}, epsilon=1e-6)" },
        /* clang-format on */
    };

    norm_check_keras(rows, sizeof rows / sizeof *rows);
}

/* Weights whose axes moved are permuted. */
static void a_moved_value_takes_its_weight_along(void)
{
    static const int64_t marks[] = { 0, 3, 1, 2 };
    int n_remarks;
    bench b;

    bench_open(&b);
    b.in = bench_type(&b, "(N, 3, 4, 5)");
    b.phrase.n = 1;
    cvyi_attrs_open(&b.phrase.steps[0].attrs, cvyi_op_find("layer_norm"), 2);
    cvyi_set_ints(&b.phrase.steps[0].attrs, "axes", marks, 4);
    cvyi_step_slot_add(&b.phrase.steps[0], "weight", "weight", "C D E");
    CHECK_STR(norm_say(&b, CVYI_FORM_MODULE, &n_remarks),
              "layers.LayerNormalization(axis=(1, 2, 3), center=False); "
              "gamma<-weight C D E -> E C D");
    CHECK_STR(bench_say(&b, &b.phrase.steps[0].attrs, &b.in, 1,
                        CVYI_FORM_MODULE, NULL),
              "nn.LayerNorm((3, 4, 5), eps=1e-3, bias=False)");
    bench_close(&b);
}

/* What torch is told reads back as what it means. */
static void torch_reads_what_it_is_told(void)
{
    static const struct {
        const char *shape;
        int64_t marks[4];
    } rows[] = {
        { "(N, 4)", { 0, 1 } },
        { "(N, 4, L)", { 0, 1, 0 } },
        { "(N, L, 4)", { 0, 0, 1 } },
        { "(N, 4, H, 5)", { 0, 1, 0, 2 } },
        { "(N, 4, H, 5)", { 0, 2, 0, 1 } },
        { "(N, 3, 4, 5)", { 0, 1, 2, 3 } },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int k = 0; k < 8; k++) {
            const cvyi_type in = bench_type(&b, rows[i].shape);
            const bool rms = (k & 4) != 0;
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("layer_norm"), 2);
            cvyi_set_ints(&attrs, "axes", rows[i].marks, in.rank);
            cvyi_set_word(&attrs, "mode", rms ? "rms" : "centred");
            CHECK_EQ(reader_law(&attrs, rows[i].shape, (unsigned)k & 3,
                                CVYI_FORM_MODULE),
                     !rms || (k & 2) == 0);
        }
    bench_close(&b);
}

static void torch_is_told_the_simplest_class(void)
{
    static const struct {
        const char *shape;
        int64_t marks[4];
        const char *mode;
        unsigned present;
        const char *said;
    } rows[] = {
        { "(N, 4)", { 0, 1 }, "centred", 3, "nn.LayerNorm(4, eps=1e-3)" },
        { "(N, 4)",
          { 0, 1 },
          "centred",
          0,
          "nn.LayerNorm(4, eps=1e-3, elementwise_affine=False)" },
        { "(N, 4)", { 0, 1 }, "centred", 2, "nn.LayerNorm(4, eps=1e-3)" },
        { "(N, 4, L)",
          { 0, 1, 0 },
          "centred",
          3,
          "ChannelLayerNorm(4, eps=1e-3)" },
        { "(N, 4, L)", { 0, 1, 0 }, "rms", 1, "ChannelRMSNorm(4, eps=1e-3)" },
        { "(N, 4, H, 5)",
          { 0, 1, 0, 2 },
          "centred",
          1,
          "AxesLayerNorm((1, 3), (4, 5), eps=1e-3, bias=False)" },
        { "(N, H, 4, W)",
          { 0, 0, 1, 0 },
          "rms",
          0,
          "AxesRMSNorm((2,), (4,), eps=1e-3, elementwise_affine=False)" },
        { "(N, 4)",
          { 0, 1 },
          "rms",
          2,
          "refused: torch's RMS norm has no bias" },
        { "(N, 4)",
          { 0, 1 },
          "scaled",
          1,
          "refused: torch has no norm that divides by the spread and leaves "
          "the mean in" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].shape);
        cvyi_attrs attrs;
        cvyi_said said;

        cvyi_attrs_open(&attrs, cvyi_op_find("layer_norm"), 2);
        cvyi_set_ints(&attrs, "axes", rows[i].marks, in.rank);
        cvyi_set_word(&attrs, "mode", rows[i].mode);
        CHECK_STR(bench_say(&b, &attrs, &in, rows[i].present, CVYI_FORM_MODULE,
                            &said),
                  rows[i].said);
        CHECK_EQ(said.n_remarks,
                 rows[i].present == 2 && strcmp(rows[i].mode, "centred") == 0);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_normalises_over_the_marked_axes",
      eval_normalises_over_the_marked_axes },
    { "the_bound_holds_for_float32", the_bound_holds_for_float32 },
    { "marks_that_are_none_are_refused", marks_that_are_none_are_refused },
    { "every_dialect_is_read", every_dialect_is_read },
    { "keras_is_written", keras_is_written },
    { "a_moved_value_takes_its_weight_along",
      a_moved_value_takes_its_weight_along },
    { "torch_reads_what_it_is_told", torch_reads_what_it_is_told },
    { "torch_is_told_the_simplest_class", torch_is_told_the_simplest_class },
};
CHECK_MAIN(cases)
