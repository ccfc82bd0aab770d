/* layer/batch_norm and normalize: how every dialect spells them, and what
 * Keras is told. */
#include "norm_rows.h"

#define BN "torch.nn.BatchNorm"
#define FBN "torch.nn.functional.batch_norm"
#define KBN "keras.layers.BatchNormalization"
#define OBN "keras.ops.batch_normalization"
#define TBN "tf.nn.batch_normalization"
#define FUSED "tf.nn.fused_batch_norm"
#define TLBN "tf.layers.batch_normalization"
#define TORCH "batch_norm eps=1e-05 momentum=0.9 variance=unbiased"
#define AFFINE "; scale<-weight C=1; shift<-bias C=0"
#define RUNNING "; mean<-running_mean C=0 f; variance<-running_var C=1 f"
#define TRAINS "momentum=0.9 variance=unbiased;"
#define GAMMA "; scale<-gamma C; shift<-beta C"
#define MOVING "; mean<-moving_mean C f; variance<-moving_variance C f"
#define STATISTICS "\"mean\": \"$1\", \"variance\": \"$2\""

static const norm_row read_rows[] = {
    /* clang-format off */
    { "torch", BN "2d", "{\"num_features\": 3}", "(N, 3, H, W)",
      TORCH AFFINE RUNNING },
    { "torch", BN "1d", "{\"num_features\": 3, \"affine\": false}",
      "(N, 3)", TORCH RUNNING },
    { "torch", BN "1d", "{\"num_features\": 3, \"bias\": false}",
      "(N, 3, L)", TORCH "; scale<-weight C=1" RUNNING },
    { "torch", BN "1d", "{\"num_features\": 3, \"momentum\": null}",
      "(N, 3, L)", "unsupported momentum" },
    { "torch", "torch.nn.LazyBatchNorm3d", "{\"eps\": 1e-3}",
      "(N, 3, D, H, W)",
      "batch_norm momentum=0.9 variance=unbiased" AFFINE RUNNING },
    { "torch", "torch.nn.LazyBatchNorm2d", "{}", "(N, 3, L)",
      "illegal " },
    { "torch", "torch.nn.SyncBatchNorm", "{\"num_features\": 3}",
      "(N, 3, H, W)", TORCH AFFINE RUNNING },
    { "torch", "torch.nn.SyncBatchNorm", "{\"num_features\": 3}", "(N, 3)",
      TORCH AFFINE RUNNING },
    { "torch", "torch.nn.SyncBatchNorm", "{\"num_features\": 3}", "(3)",
      "illegal " },
    { "torch", FBN,
      "{\"running_mean\": \"$1\", \"running_var\": \"$2\"}",
      "(N, 3, H, W) (3) (3)",
      "batch_norm eps=1e-05; mean<-#1 C f; variance<-#2 C f" },
    { "torch", FBN, "{\"running_mean\": \"$1\", \"running_var\": \"$2\","
      " \"weight\": \"$3\", \"bias\": \"$4\"}",
      "(N, 3, H, W) (3) (3) (3) (3)", "batch_norm eps=1e-05; scale<-#3 C; "
      "shift<-#4 C; mean<-#1 C f; variance<-#2 C f" },
    { "torch", FBN, "{\"running_mean\": null, \"running_var\": null}",
      "(N, 3)", "illegal running_mean" },
    { "torch", FBN, "{\"running_mean\": null, \"running_var\": null, "
      "\"training\": true}", "(N, 3)", "unsupported training" },
    { "torch", FBN, "{\"running_mean\": \"$1\", \"running_var\": \"$2\"}",
      "(N, 3) (3) (4)", "illegal running_var" },
    { "torch", FBN, "{\"running_mean\": \"$1\", \"running_var\": \"$2\"}",
      "(N, 3) (?) (3)", "unsupported running_mean" },
    { "keras3", KBN, "{}", "(N, H, W, 3)",
      "batch_norm last" GAMMA MOVING },
    { "keras3", KBN, "{\"axis\": [1]}", "(N, 3, H, W)", "illegal axis" },
    { "keras2", KBN, "{}", "(N, H, W, 3)",
      "batch_norm last variance=unbiased" GAMMA MOVING },
    { "keras2", KBN, "{\"fused\": false}", "(N, H, W, 3)",
      "batch_norm last" GAMMA MOVING },
    { "keras2", KBN, "{}", "(N, L, 3)",
      "batch_norm last" GAMMA MOVING },
    { "keras2", KBN, "{\"fused\": true}", "(N, L, 3)", "illegal fused" },
    { "keras2", KBN, "{\"fused\": true, \"synchronized\": true}",
      "(N, H, W, 3)", "illegal fused" },
    { "keras2", KBN, "{\"synchronized\": true}", "(N, H, W, 3)",
      "batch_norm last" GAMMA MOVING },
    { "keras2", KBN, "{\"axis\": [1]}", "(N, 3, H, W)",
      "batch_norm variance=unbiased" GAMMA MOVING },
    { "keras2", KBN, "{\"axis\": [-1], \"center\": false}", "(N, 3)",
      "batch_norm last; scale<-gamma C" MOVING },
    { "keras2", KBN, "{\"axis\": [1, 3]}", "(N, 3, H, 4)",
      "unsupported axis" },
    { "keras2", KBN, "{\"axis\": [4]}", "(N, 3, H, 4)", "illegal axis" },
    { "keras2", KBN, "{\"virtual_batch_size\": 2}", "(N, H, W, 3)",
      "unsupported virtual_batch_size" },
    { "keras2", KBN, "{\"renorm\": true}", "(N, H, W, 3)",
      "unsupported renorm" },
    { "keras3", OBN, "{" STATISTICS ", \"axis\": 1}",
      "(N, 3, L) (3) (3)",
      "batch_norm " TRAINS " mean<-#1 C f; variance<-#2 C f" },
    { "keras3", OBN, "{" STATISTICS ", \"axis\": -1, "
      "\"offset\": \"$3\"}", "(N, 3) (3) (3) (3)",
      "batch_norm last " TRAINS " shift<-#3 C; mean<-#1 C f; "
      "variance<-#2 C f" },
    { "keras3", OBN, "{\"mean\": [1, 2, 3], \"variance\": \"$1\", "
      "\"axis\": -1}", "(N, 3) (3)", "unsupported mean" },
    { "tf2", TBN, "{" STATISTICS ", \"offset\": \"$3\", "
      "\"scale\": \"$4\", \"variance_epsilon\": 1e-5}",
      "(N, H, W, 3) (3) (3) (3) (3)", "batch_norm last eps=1e-05 " TRAINS " "
      "scale<-#4 C; shift<-#3 C; mean<-#1 C f; variance<-#2 C f" },
    { "tf1", TBN, "{" STATISTICS ", \"offset\": null, \"scale\": null, "
      "\"variance_epsilon\": 1e-3}", "(N, 3) (3) (3)",
      "batch_norm last " TRAINS " mean<-#1 C f; variance<-#2 C f" },
    { "tf2", TBN, "{" STATISTICS ", \"offset\": null, \"scale\": null, "
      "\"variance_epsilon\": 1e-3}", "(N, L, 3) (1, 1, 3) (3)",
      "unsupported mean" },
    { "tf2", TBN, "{" STATISTICS ", \"offset\": null, \"scale\": null, "
      "\"variance_epsilon\": 1e-3}", "(N, L, 3) (3) (4)",
      "illegal variance" },
    { "tf2", TBN, "{" STATISTICS ", \"offset\": null, \"scale\": null, "
      "\"variance_epsilon\": 1e-3}", "(N, L, 1) (1) (4)",
      "unsupported variance" },
    { "keras3", OBN, "{" STATISTICS ", \"axis\": -1}", "(N, L, 1) (4) (4)",
      "unsupported mean" },
    { "tf1", FUSED, "{" STATISTICS ", \"scale\": \"$3\", "
      "\"offset\": \"$4\", \"is_training\": false}",
      "(N, H, W, 3) (3) (3) (3) (3)", "batch_norm last " TRAINS " scale<-#3 C; "
      "shift<-#4 C; mean<-#1 C f; variance<-#2 C f" },
    { "tf1", FUSED, "{" STATISTICS ", \"scale\": \"$3\", "
      "\"offset\": \"$4\", \"is_training\": false, "
      "\"data_format\": \"NCHW\"}", "(N, 3, H, W) (3) (3) (3) (3)",
      "batch_norm " TRAINS " scale<-#3 C; shift<-#4 C; mean<-#1 C f; "
      "variance<-#2 C f" },
    { "tf1", FUSED, "{\"scale\": \"$1\", \"offset\": \"$2\"}",
      "(N, H, W, 3) (3) (3)", "unsupported is_training" },
    { "tf1", FUSED, "{\"scale\": \"$1\", \"offset\": \"$2\", "
      "\"is_training\": false}", "(N, H, W, 3) (3) (3)",
      "illegal mean" },
    { "tf1", FUSED, "{" STATISTICS ", \"scale\": \"$3\", "
      "\"offset\": \"$4\", \"is_training\": false, "
      "\"data_format\": \"NHWC\"}", "(N, D, H, W, 3) (3) (3) (3) (3)",
      "illegal data_format" },
    { "tf1", TLBN, "{}", "(N, H, W, 3)",
      "batch_norm last variance=unbiased" GAMMA MOVING },
    { "tf1", TLBN, "{\"fused\": true, \"axis\": 1}", "(N, 3, L)",
      "batch_norm" GAMMA MOVING },
    { "tf1", TLBN, "{\"training\": true}", "(N, H, W, 3)",
      "unsupported training" },
    { "keras2", "keras.layers.Normalization", "{}", "(N, 3)",
      "normalize last axes=[0 1]; mean<-mean C=0 f; "
      "variance<-variance C=1 f" },
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
        { "torch", BN "2d", "{\"num_features\": 3}", "(N, 3, H, W)",
          "layers.BatchNormalization(momentum=0.9, epsilon=1e-5); "
          "gamma<-scale C; beta<-shift C; moving_mean<-mean C; "
          "moving_variance<-variance C" },
        { "torch", BN "1d", "{\"num_features\": 3, \"momentum\": 0.01, "
          "\"eps\": 0.001, \"bias\": false}", "(N, 3)",
          "layers.BatchNormalization(center=False); gamma<-scale C; "
          "moving_mean<-mean C; moving_variance<-variance C" },
        { "torch", BN "1d", "{\"num_features\": 3, \"momentum\": 0.3, "
          "\"affine\": false}", "(N, 3, L)",
          "layers.BatchNormalization(momentum=0.7, epsilon=1e-5, "
          "center=False, scale=False); moving_mean<-mean C; "
          "moving_variance<-variance C" },
        { "torch", BN "1d", "{\"num_features\": 3, \"momentum\": 1}",
          "(N, 3)", "layers.BatchNormalization(momentum=0.0, "
          "epsilon=1e-5); gamma<-scale C; beta<-shift C; "
          "moving_mean<-mean C; moving_variance<-variance C" },
        { "keras3", "keras.layers.Normalization", "{}", "(N, 4, 3)",
          "layers.Normalization(); mean<-mean C; variance<-variance C" },
        { "keras3", "keras.layers.Normalization", "{\"axis\": null}",
          "(N, 4, 3)", "layers.Normalization(axis=None); mean<-mean 1 ->; "
          "variance<-variance 1 ->" },
        { "keras3", "keras.layers.Normalization", "{\"axis\": [2, 1]}",
          "(N, 4, 3)", "layers.Normalization(axis=(1, 2)); "
          "mean<-mean C D; variance<-variance C D" },
        { "keras3", "keras.layers.Normalization", "{\"mean\": [1, 2, 3], "
          "\"variance\": [4, 5, 6], \"invert\": true}", "(N, 3)",
          "layers.Normalization(mean=[1.0, 2.0, 3.0], "
          "variance=[4.0, 5.0, 6.0], invert=True)" },
        { "keras3", "keras.layers.Normalization", "{\"axis\": [1, 2], "
          "\"mean\": [[1, 2, 3], [4, 5, 6]], "
          "\"variance\": [[1, 1, 1], [2, 2, 2]]}", "(N, 2, 3)",
          "layers.Normalization(axis=(1, 2), mean=[[1.0, 2.0, 3.0], "
          "[4.0, 5.0, 6.0]], variance=[[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])" },
        { "keras3", "keras.layers.Normalization", "{\"mean\": 0.5, "
          "\"variance\": 4}", "(N, 3)",
          "layers.Normalization(axis=None, mean=0.5, variance=4.0)" },
        /* clang-format on */
    };

    norm_check_keras(rows, sizeof rows / sizeof *rows);
}

/* Keras keeps a biased variance and torch an unbiased one. */
static void a_variance_that_trains_otherwise_is_remarked(void)
{
    static const norm_row rows[] = {
        { "torch", BN "2d", "{\"num_features\": 3}", "(N, 3, H, W)", "1" },
        { "keras2", KBN, "{}", "(N, H, W, 3)", "1" },
        { "keras2", KBN, "{}", "(N, L, 3)", "0" },
        { "keras3", KBN, "{}", "(N, H, W, 3)", "0" },
    };
    int n_remarks;
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(norm_read(&b, &rows[i]), CVY_OK);
        norm_say(&b, CVYI_FORM_MODULE, &n_remarks);
        CHECK_EQ(n_remarks, rows[i].want[0] - '0');
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "every_dialect_is_read", every_dialect_is_read },
    { "keras_is_written", keras_is_written },
    { "a_variance_that_trains_otherwise_is_remarked",
      a_variance_that_trains_otherwise_is_remarked },
};
CHECK_MAIN(cases)
