/* Functions of each element, softmax, PReLU, noise and joins: how every
 * dialect spells them, and what Keras is told. */
#include "norm_rows.h"

#define A "keras.activations."
#define F "torch.nn.functional."
#define L "keras.layers."
#define N "torch.nn."
#define O "keras.ops."
#define IS "pointwise function="
#define LAST "pointwise last function="
#define LEAKY IS "leaky_relu a="
#define LEAKY_LAST LAST "leaky_relu a="

static const norm_row torch_rows[] = {
    /* clang-format off */
    { "torch", N "LeakyReLU", "{\"inplace\": true}", "(N, 3)",
      LEAKY "0.01" },
    { "torch", N "LeakyReLU", "{\"negative_slope\": -0.5}", "(N, 3)",
      LEAKY "-0.5" },
    { "torch", N "LeakyReLU", "{\"negative_slope\": null}", "(N, 3)",
      "illegal negative_slope" },
    { "torch", F "leaky_relu_", "{}", "(N, 3)", LEAKY "0.01" },
    { "torch", N "RReLU", "{\"lower\": 0.25, \"upper\": 0.75}", "(N, 3)",
      LEAKY "0.5" },
    { "torch", F "rrelu", "{}", "(N, 3)", LEAKY "0.22916666666666666" },
    { "torch", N "RReLU", "{\"lower\": 0.5, \"upper\": 0.25}", "(N, 3)",
      "illegal upper" },
    { "torch", F "rrelu", "{\"training\": true}", "(N, 3)",
      "unsupported training" },
    { "torch", N "CELU", "{\"alpha\": 0}", "(N, 3)", "illegal alpha" },
    { "torch", N "Softshrink", "{\"lambd\": -1}", "(N, 3)",
      "illegal lambd" },
    { "torch", N "Hardshrink", "{\"lambd\": -1}", "(N, 3)",
      IS "hard_shrink a=-1.0" },
    { "torch", N "GELU", "{\"approximate\": \"tanh\"}", "(N, 3)",
      IS "gelu_tanh" },
    { "torch", N "GELU", "{\"approximate\": true}", "(N, 3)",
      "illegal approximate" },
    { "torch", N "Softplus", "{\"beta\": 2}", "(N, 3)",
      "rescale scale=[2.0] offset=[0.0] | " IS "softplus | "
      "rescale scale=[2.0] offset=[0.0] divide=true" },
    { "torch", N "Softplus", "{\"threshold\": 1}", "(N, 3)",
      "unsupported threshold" },
    { "torch", N "Hardtanh", "{\"min_value\": -2, \"max_value\": 3}",
      "(N, 3)", IS "clip a=-2.0 b=3.0" },
    { "torch", N "Hardtanh", "{\"min_val\": 1}", "(N, 3)",
      "illegal max_val" },
    { "torch", F "hardtanh", "{\"min_val\": 1}", "(N, 3)",
      IS "clip a=1.0 b=1.0" },
    { "torch", F "hardtanh", "{\"min_val\": 2}", "(N, 3)",
      "illegal max_val" },
    { "torch", "torch.clamp", "{\"min\": 2, \"max\": 1}", "(N, 3)",
      IS "clip a=1.0 b=1.0" },
    { "torch", "torch.relu_", "{}", "(N, 3)", IS "relu" },
    { "torch", N "Softmax", "{}", "(N, 3, 4)", "softmax axis=0" },
    { "torch", N "Softmax", "{}", "(N, 3, 4, 5)", "softmax axis=1" },
    { "torch", "torch.softmax", "{\"dim\": null}", "(N, 3)",
      "illegal dim" },
    { "torch", N "Softmax", "{\"dim\": 1.0}", "(N, 3)", "illegal dim" },
    { "torch", N "Softmax", "{\"dim\": 2}", "(N, 3)", "illegal dim" },
    { "torch", N "Softmin", "{\"dim\": 1}", "(N, 3)",
      "rescale scale=[-1.0] offset=[0.0] | softmax axis=1" },
    { "torch", F "softmin", "{\"dim\": -1}", "(N, 3)",
      "rescale scale=[-1.0] offset=[0.0] | softmax axis=1" },
    { "torch", N "Softmax2d", "{}", "(N, 3, 4, 5)", "softmax axis=1" },
    { "torch", N "Softmax2d", "{}", "(N, 3, 4)", "unsupported " },
    { "torch", N "GLU", "{\"dim\": null}", "(N, 4)", "illegal dim" },
    { "torch", N "PReLU", "{\"init\": 0.5}", "(N, 3, 8)",
      "prelu channels=false; weight<-weight C -> C 1S=0.5" },
    { "torch", N "PReLU", "{\"num_parameters\": 3}", "(N, 3, 8)",
      "prelu; weight<-weight C -> C 1S=0.25" },
    { "torch", N "PReLU", "{\"num_parameters\": 4}", "(N, 3, 8)",
      "illegal num_parameters" },
    { "torch", F "prelu", "{\"weight\": \"$1\"}", "(N, 3, 8) (3)",
      "prelu; weight<-#1 C -> C 1S" },
    { "torch", "torch.prelu", "{\"weight\": \"$1\"}", "(N, 3, 8) (1)",
      "prelu channels=false; weight<-#1 C -> C 1S" },
    { "torch", F "prelu", "{\"weight\": \"$1\"}", "(N, 3, 8) (8)",
      "illegal weight" },
    { "torch", F "prelu", "{\"weight\": \"$1\"}", "(N, 3, 8) (3, 1)",
      "illegal weight" },
    { "torch", F "prelu", "{\"weight\": \"$1\"}", "(N, 3, 8) (?)",
      "unsupported weight" },
    { "torch", F "prelu", "{\"weight\": 0.5}", "(N, 3, 8)",
      "illegal weight" },
    { "torch", N "AlphaDropout", "{}", "(N, 3, 8)",
      "dropout rate=0.5 noise=alpha" },
    { "torch", N "FeatureAlphaDropout", "{\"p\": 0.1}", "(N, 3, 8)",
      "dropout rate=0.1 shared=[0 0 1] noise=alpha" },
    { "torch", N "Dropout2d", "{}", "(N, 3)", "dropout rate=0.5" },
    { "torch", N "Dropout2d", "{}", "(N, 3, 8)",
      "dropout rate=0.5 shared=[0 0 1]" },
    { "torch", N "Dropout1d", "{}", "(N, 3, 8, 8)", "illegal " },
    { "torch", N "Dropout1d", "{}", "(N, 3)", "unsupported " },
    { "torch", N "Dropout3d", "{}", "(N, 3, 8, 8)", "unsupported " },
    { "torch", N "Dropout", "{\"p\": 1.5}", "(N, 3)", "illegal p" },
    { "torch", F "dropout", "{\"training\": false}", "(N, 3)",
      "dropout rate=0.5" },
    { "torch", F "dropout", "{}", "(N, 3)", "no counterpart training" },
    { "torch", F "dropout", "{\"p\": 0}", "(N, 3)", "dropout rate=0.0" },
    { "torch", "torch.dropout", "{\"p\": 0.1, \"train\": false}",
      "(N, 3)", "dropout rate=0.1" },
    { "torch", F "dropout2d", "{\"training\": false}", "(N, 3, 8, 8)",
      "dropout rate=0.5 shared=[0 0 1 1]" },
    { "torch", F "alpha_dropout", "{}", "(N, 3)",
      "dropout rate=0.5 noise=alpha" },
    /* clang-format on */
};

static void torch_is_read(void)
{
    norm_check_rows(torch_rows, sizeof torch_rows / sizeof *torch_rows);
}

static const norm_row keras_rows[] = {
    /* clang-format off */
    { "keras3", L "LeakyReLU", "{}", "(N, 3)", LEAKY_LAST "0.3" },
    { "keras3", L "LeakyReLU", "{\"alpha\": 0.1}", "(N, 3)",
      LEAKY_LAST "0.1" },
    { "keras3", L "LeakyReLU", "{\"negative_slope\": -0.1}", "(N, 3)",
      "illegal negative_slope" },
    { "keras2", L "LeakyReLU", "{\"alpha\": -0.1}", "(N, 3)",
      LEAKY_LAST "-0.1" },
    { "keras2", L "LeakyReLU", "{\"alpha\": null}", "(N, 3)",
      "illegal alpha" },
    { "keras3", A "leaky_relu", "{}", "(N, 3)", LEAKY_LAST "0.2" },
    { "keras3", O "leaky_relu", "{\"negative_slope\": -1}", "(N, 3)",
      LEAKY_LAST "-1.0" },
    { "keras2", A "leaky_relu", "{}", "(N, 3)", LEAKY_LAST "0.2" },
    { "keras3", A "gelu", "{}", "(N, 3)", LAST "gelu" },
    { "keras3", O "gelu", "{}", "(N, 3)", LAST "gelu_tanh" },
    { "keras3", A "gelu", "{\"approximate\": \"tanh\"}", "(N, 3)",
      LAST "gelu_tanh" },
    { "keras3", A "gelu", "{\"approximate\": null}", "(N, 3)",
      LAST "gelu" },
    { "keras3", A "hard_sigmoid", "{}", "(N, 3)", LAST "hard_sigmoid" },
    { "keras2", A "hard_sigmoid", "{}", "(N, 3)",
      "rescale last scale=[0.2] offset=[0.5] | " LAST "clip b=1.0" },
    { "keras2", L "Activation", "{\"activation\": \"hard_sigmoid\"}",
      "(N, 3)",
      "rescale last scale=[0.2] offset=[0.5] | " LAST "clip b=1.0" },
    { "keras2", L "Activation", "{\"activation\": \"celu\"}", "(N, 3)",
      "unknown activation" },
    { "keras2", L "Activation", "{\"activation\": \"log_softmax\"}",
      "(N, 3)", "log_softmax last axis=1" },
    { "keras2", L "ThresholdedReLU", "{}", "(N, 3)",
      LAST "threshold a=1.0" },
    { "keras2", L "ThresholdedReLU", "{\"theta\": -1}", "(N, 3)",
      "illegal theta" },
    { "keras3", L "ReLU", "{\"negative_slope\": null}", "(N, 3)",
      "illegal negative_slope" },
    { "keras3", A "relu", "{\"negative_slope\": -0.5}", "(N, 3)",
      LEAKY_LAST "-0.5" },
    { "keras3", A "relu", "{\"max_value\": -1}", "(N, 3)",
      "unsupported max_value" },
    { "keras3", A "relu", "{\"threshold\": -1}", "(N, 3)",
      LAST "threshold a=-1.0" },
    { "keras2", A "relu", "{\"alpha\": 0.1, \"threshold\": 2}",
      "(N, 3)", LAST "general_relu a=0.1 b=2.0 c=inf" },
    { "keras3", A "celu", "{\"alpha\": 0}", "(N, 3)",
      "unsupported alpha" },
    { "keras3", O "squareplus", "{\"b\": 0}", "(N, 3)", LAST "relu" },
    { "keras3", O "squareplus", "{\"b\": -1}", "(N, 3)",
      "unsupported b" },
    { "keras3", O "clip", "{\"x_min\": 2, \"x_max\": 1}", "(N, 3)",
      LAST "clip a=2.0 b=2.0" },
    { "keras3", O "maximum", "{\"x2\": 0}", "(N, 3)", LAST "relu" },
    { "keras3", O "minimum", "{\"x2\": 2}", "(N, 3)",
      LAST "clip a=-inf b=2.0" },
    { "keras3", O "maximum", "{\"x2\": \"$1\"}", "(N, 3) (N, 3)",
      "maximum last" },
    { "keras3", O "softmax", "{\"axis\": [0, 1]}", "(N, 3)",
      "softmax last axis=0 more=[0 1]" },
    { "keras3", L "Softmax", "{}", "(3)", "softmax last axis=0" },
    { "keras2", L "Softmax", "{}", "(3)", "illegal axis" },
    { "keras2", L "Softmax", "{\"axis\": null}", "(N, 3, 4)",
      "softmax last axis=0 more=[0 1 1]" },
    { "keras2", L "Softmax", "{\"axis\": [0, 1]}", "(N, 3)",
      "softmax last axis=0 more=[0 1]" },
    { "keras2", A "softmax", "{\"axis\": [0, 1]}", "(N, 3)",
      "softmax last axis=0 more=[0 1]" },
    { "keras3", A "log_softmax", "{\"axis\": null}", "(N, 3)",
      "unsupported axis" },
    { "keras3", L "PReLU", "{\"shared_axes\": [0, -1]}", "(N, 4, 5, 6)",
      "prelu; weight<-alpha C S" },
    { "keras3", L "PReLU", "{\"shared_axes\": [0]}", "(N, 4, 5, 6)",
      "prelu last channels=false positions=[1 1]; "
      "weight<-alpha S C -> C S" },
    { "keras2", L "PReLU", "{\"shared_axes\": [1, 2]}", "(N, H, W, 3)",
      "prelu last; weight<-alpha S C -> C S" },
    { "keras3", L "GaussianNoise", "{\"stddev\": 0.5}", "(N, 3)",
      "dropout last rate=0.5 noise=sum" },
    { "keras2", L "GaussianNoise", "{\"stddev\": 1.5}", "(N, 3)",
      "dropout last rate=1.5 noise=sum" },
    { "keras3", L "GaussianDropout", "{\"rate\": 0.5}", "(N, 3)",
      "dropout last rate=0.5 noise=product" },
    { "keras2", L "AlphaDropout", "{\"rate\": 1.5}", "(N, 3)",
      "unsupported rate" },
    { "keras2", L "SpatialDropout3D", "{\"rate\": 0.5}",
      "(N, 4, 5, 6, 7)", "dropout last rate=0.5 shared=[0 1 1 1 0]" },
    { "keras3", L "ActivityRegularization", "{\"l1\": 0.1}", "(N, 3)",
      "identity last" },
    { "keras3", A "linear", "{}", "(N, 3)", "identity last" },
    { "keras3", L "Rescaling", "{\"scale\": [1, 2]}", "(N, 3)",
      "illegal scale" },
    { "keras3", L "Rescaling", "{\"scale\": null}", "(N, 3)",
      "illegal scale" },
    { "keras2", L "Rescaling", "{\"scale\": 2, \"offset\": [1, 2, 3]}",
      "(N, 3)",
      "rescale last scale=[2.0] offset=[1.0 2.0 3.0] axis=1" },
    { "keras3", L "Add", "{}", "(2, 3) (1, 3)", "illegal " },
    { "keras3", L "Add", "{}", "(2, 1, 4) (2, 3, 1)", "add last" },
    { "keras3", O "add", "{\"x2\": \"$1\"}", "(N, 3) (1, 3)",
      "add last" },
    { "keras3", O "multiply", "{\"x2\": 3}", "(N, 3)",
      "rescale last scale=[3.0] offset=[0.0]" },
    { "keras3", O "subtract", "{\"x2\": \"$1\"}", "(N, 3) (N, 3)",
      "subtract last" },
    { "keras2", L "Concatenate", "{\"axis\": 3}", "(N, 3) (N, 4)",
      "illegal axis" },
    /* clang-format on */
};

static void keras_is_read(void)
{
    norm_check_rows(keras_rows, sizeof keras_rows / sizeof *keras_rows);
}

static const norm_row tensorflow_rows[] = {
    /* clang-format off */
    { "tf2", "tf.nn.leaky_relu", "{}", "(N, 3)",
      "pointwise last function=leaky_relu a=0.2" },
    { "tf1", "tf.nn.relu6", "{}", "(N, 3)",
      "pointwise last function=clip b=6.0" },
    { "tf2", "tf.nn.gelu", "{\"approximate\": true}", "(N, 3)",
      "pointwise last function=gelu_tanh" },
    { "tf1", "tf.nn.elu", "{}", "(N, 3)",
      "pointwise last function=elu a=1.0" },
    { "tf2", "tf.nn.silu", "{\"beta\": 2}", "(N, 3)",
      "rescale last scale=[2.0] offset=[0.0] | "
      "pointwise last function=silu | "
      "rescale last scale=[2.0] offset=[0.0] divide=true" },
    { "tf2", "tf.nn.swish", "{\"beta\": 0}", "(N, 3)",
      "rescale last scale=[0.5] offset=[0.0]" },
    { "tf2", "tf.nn.crelu", "{}", "(N, 3)", "unsupported " },
    { "tf2", "tf.clip_by_value",
      "{\"clip_value_min\": 2, \"clip_value_max\": 1}", "(N, 3)",
      "pointwise last function=clip a=2.0 b=2.0" },
    { "tf2", "tf.nn.softmax", "{}", "(N, 3, 4)",
      "softmax last axis=2" },
    { "tf1", "tf.nn.softmax", "{\"dim\": 1}", "(N, 3, 4)",
      "softmax last axis=1" },
    { "tf1", "tf.nn.softmax", "{\"dim\": 1, \"axis\": 1}", "(N, 3, 4)",
      "illegal dim" },
    { "tf2", "tf.math.log_softmax", "{\"axis\": 5}", "(N, 3)",
      "illegal axis" },
    { "tf2", "tf.nn.dropout", "{\"rate\": 0}", "(N, 3)",
      "dropout last rate=0.0" },
    { "tf2", "tf.nn.dropout", "{\"rate\": 0.5}", "(N, 3)",
      "no counterpart rate" },
    { "tf2", "tf.nn.dropout", "{\"rate\": 1}", "(N, 3)",
      "illegal rate" },
    { "tf1", "tf.nn.dropout", "{\"keep_prob\": 0.75}", "(N, 3)",
      "no counterpart keep_prob" },
    { "tf1", "tf.nn.dropout", "{\"keep_prob\": 1}", "(N, 3)",
      "dropout last rate=0.0" },
    { "tf1", "tf.nn.dropout", "{}", "(N, 3)", "illegal rate" },
    { "tf1", "tf.nn.dropout", "{\"keep_prob\": 1, \"rate\": 0}",
      "(N, 3)", "illegal rate" },
    { "tf1", "tf.layers.dropout", "{}", "(N, 3)",
      "dropout last rate=0.5" },
    { "tf1", "tf.layers.dropout", "{\"training\": true}", "(N, 3)",
      "no counterpart training" },
    { "tf2", "tf.identity", "{}", "(N, 3)", "identity last" },
    { "tf2", "tf.add", "{\"y\": \"$1\"}", "(N, 3) (N, 3)", "add last" },
    { "tf1", "tf.multiply", "{\"y\": 2}", "(N, 3)",
      "rescale last scale=[2.0] offset=[0.0]" },
    { "tf2", "tf.divide", "{\"y\": 2}", "(N, 3)",
      "rescale last scale=[2.0] offset=[0.0] divide=true" },
    { "tf2", "tf.concat", "{\"axis\": -1}", "(N, 3)",
      "concat last axis=1" },
    /* clang-format on */
};

static void tensorflow_is_read(void)
{
    norm_check_rows(tensorflow_rows,
                    sizeof tensorflow_rows / sizeof *tensorflow_rows);
}

/* Pictures of torch leave out the order of axes, which is its own. */
static const norm_row told_rows[] = {
    /* clang-format off */
    { "torch", N "ReLU", "{}", "(N, 3)", "layers.ReLU()" },
    { "torch", N "ReLU6", "{}", "(N, 3)",
      "layers.ReLU(max_value=6.0)" },
    { "torch", N "LeakyReLU", "{}", "(N, 3)",
      "layers.LeakyReLU(negative_slope=0.01)" },
    { "torch", N "LeakyReLU", "{\"negative_slope\": 0.3}", "(N, 3)",
      "layers.LeakyReLU()" },
    { "torch", N "LeakyReLU", "{\"negative_slope\": -0.5}", "(N, 3)",
      "ops.leaky_relu({0}, negative_slope=-0.5)" },
    { "torch", N "ELU", "{\"alpha\": 0.5}", "(N, 3)",
      "layers.ELU(alpha=0.5)" },
    { "torch", N "CELU", "{}", "(N, 3)", "layers.Activation(\"celu\")" },
    { "torch", N "CELU", "{\"alpha\": 0.5}", "(N, 3)",
      "ops.celu({0}, alpha=0.5)" },
    { "torch", N "GELU", "{}", "(N, 3)", "layers.Activation(\"gelu\")" },
    { "torch", N "GELU", "{\"approximate\": \"tanh\"}", "(N, 3)",
      "ops.gelu({0}, approximate=True)" },
    { "torch", N "Hardtanh", "{}", "(N, 3)",
      "layers.Activation(\"hard_tanh\")" },
    { "torch", N "Hardtanh", "{\"min_val\": 0}", "(N, 3)",
      "layers.ReLU(max_value=1.0)" },
    { "torch", N "Hardtanh", "{\"min_val\": -2}", "(N, 3)",
      "ops.clip({0}, -2.0, 1.0)" },
    { "torch", "torch.clamp", "{\"min\": -2}", "(N, 3)",
      "ops.maximum({0}, -2.0)" },
    { "torch", "torch.clamp", "{\"max\": 2}", "(N, 3)",
      "ops.minimum({0}, 2.0)" },
    { "torch", N "Threshold", "{\"threshold\": 1, \"value\": 0}",
      "(N, 3)", "layers.ReLU(threshold=1.0)" },
    { "torch", N "Threshold", "{\"threshold\": 1, \"value\": 5}",
      "(N, 3)", "ops.threshold({0}, 1.0, 5.0)" },
    { "torch", N "Threshold", "{\"threshold\": -1, \"value\": 0}",
      "(N, 3)", "ops.threshold({0}, -1.0, 0.0)" },
    { "torch", N "Hardshrink", "{\"lambd\": 1}", "(N, 3)",
      "ops.hard_shrink({0}, threshold=1.0)" },
    { "torch", N "Softshrink", "{}", "(N, 3)",
      "layers.Activation(\"soft_shrink\")" },
    { "torch", N "Mish", "{}", "(N, 3)", "layers.Activation(\"mish\")" },
    { "torch", N "Softmax", "{\"dim\": 1}", "(N, 3)",
      "layers.Softmax()" },
    { "torch", N "Softmax", "{\"dim\": 1}", "(N, 3, 4)",
      "layers.Softmax(axis=1)" },
    { "keras3", L "Softmax", "{\"axis\": [1, 2]}", "(N, 3, 4)",
      "layers.Softmax(axis=(1, 2))" },
    { "torch", N "LogSoftmax", "{\"dim\": 1}", "(N, 3)",
      "layers.Activation(\"log_softmax\")" },
    { "torch", N "LogSoftmax", "{\"dim\": 1}", "(N, 3, 4)",
      "ops.log_softmax({0}, axis=1)" },
    { "torch", N "GLU", "{\"dim\": 1}", "(N, 4, 4)",
      "ops.glu({0}, axis=1)" },
    { "torch", N "GLU", "{}", "(N, 4)", "layers.Activation(\"glu\")" },
    { "keras3", A "sparsemax", "{\"axis\": 1}", "(N, 4, 4)",
      "ops.sparsemax({0}, axis=1)" },
    { "torch", N "PReLU", "{}", "(N, 3)",
      "layers.PReLU(shared_axes=[1]); alpha<-weight C S -> S C" },
    { "torch", N "PReLU", "{\"num_parameters\": 3}", "(N, 3, 5, 6)",
      "layers.PReLU(shared_axes=[1, 2]); alpha<-weight C S -> S C" },
    { "torch", N "PReLU", "{}", "(N, 3, 5, 6)",
      "layers.PReLU(shared_axes=[1, 2, 3]); alpha<-weight C S -> S C" },
    { "keras3", L "PReLU", "{}", "(N, 4, 5, 6)",
      "layers.PReLU(); alpha<-weight C S -> S C" },
    { "torch", N "Dropout", "{}", "(N, 3)", "layers.Dropout(0.5)" },
    { "keras3", L "SpatialDropout2D", "{\"rate\": 0.1}", "(N, 5, 6, 3)",
      "layers.SpatialDropout2D(0.1)" },
    { "keras3", L "Dropout",
      "{\"rate\": 0.1, \"noise_shape\": [null, 1, null]}", "(N, 5, 6)",
      "layers.SpatialDropout1D(0.1)" },
    { "keras3", L "Dropout",
      "{\"rate\": 0.1, \"noise_shape\": [null, null, 1]}", "(N, 5, 6)",
      "layers.Dropout(0.1, noise_shape=(None, None, 1))" },
    { "torch", N "AlphaDropout", "{\"p\": 0.1}", "(N, 3)",
      "layers.AlphaDropout(0.1)" },
    { "keras3", L "GaussianNoise", "{\"stddev\": 0.5}", "(N, 3)",
      "layers.GaussianNoise(0.5)" },
    { "keras2", L "GaussianNoise", "{\"stddev\": 1.5}", "(N, 3)",
      "refused " },
    { "keras3", L "GaussianDropout", "{\"rate\": 0.5}", "(N, 3)",
      "layers.GaussianDropout(0.5)" },
    { "torch", N "Identity", "{}", "(N, 3)", "layers.Identity()" },
    { "torch", "torch.mul", "{\"other\": 2}", "(N, 3)",
      "layers.Rescaling(2.0)" },
    { "torch", "torch.div", "{\"other\": 3}", "(N, 3)",
      "layers.Rescaling(1 / 3.0)" },
    { "keras3", L "Rescaling",
      "{\"scale\": 0.00392156862745098, \"offset\": [1, 2, 3]}",
      "(N, 3)", "layers.Rescaling(1 / 255, offset=[1.0, 2.0, 3.0])" },
    { "keras3", L "ReLU", "{\"max_value\": 6, \"negative_slope\": 0.1,"
      " \"threshold\": 2}", "(N, 3)",
      "layers.ReLU(max_value=6.0, negative_slope=0.1, threshold=2.0)" },
    { "keras3", A "relu",
      "{\"negative_slope\": -0.5, \"threshold\": -2}", "(N, 3)",
      "keras.activations.relu({0}, negative_slope=-0.5, "
      "threshold=-2.0)" },
    /* clang-format on */
};

static void keras_is_told(void)
{
    norm_check_keras(told_rows, sizeof told_rows / sizeof *told_rows);
}

/* ---- lists of tensors ---- */

static cvy_status read_list(bench *b, const char *dialect, const char *name,
                            const int *numbers, const char *keywords)
{
    cvyi_value items[2], list = { .kind = CVYI_LIST, .n = 2, .items = items };
    const cvyi_value *const positional[] = { &list };
    cvyi_type in[2];
    const cvyi_value *json;
    cvyi_bound call;
    int n_spatial;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find(dialect, name, &n_spatial);

    if (spelling == NULL)
        CHECK_FAIL("%s of %s is unknown", name, dialect);
    for (int i = 0; i < 2; i++) {
        items[i] = (cvyi_value){ .kind = CVYI_TENSOR, .integer = numbers[i] };
        in[i] = bench_type(b, "(N, 3)");
    }
    memset(&b->phrase, 0, sizeof b->phrase);
    CHECK_EQ(cvyi_json_read(&json, &b->arena, keywords, strlen(keywords),
                            &b->err),
             CVY_OK);
    CHECK_EQ(cvyi_bind(&call, &b->arena, spelling, n_spatial, positional, 1,
                       json, &b->err),
             CVY_OK);
    call.sizes = &b->sizes;
    call.in = in;
    call.n_in = 2;
    return spelling->from_call(&b->phrase, &call, &b->err);
}

static void joins_take_lists(void)
{
    static const struct {
        const char *dialect, *name, *keywords, *steps;
    } rows[] = {
        { "tf1", "tf.concat", "{\"axis\": 1}", "concat last axis=1" },
        { "tf2", "tf.add_n", "{}", "add last" },
        { "keras3", O "concatenate", "{}", "concat last axis=0" },
        { "keras2", L "concatenate", "{}", "concat last axis=1" },
        { "keras3", L "add", "{}", "add last" },
        { "keras2", L "multiply", "{}", "multiply last" },
        { "torch", "torch.cat", "{}", "concat axis=0" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_STR(norm_picture(&b, read_list(&b, rows[i].dialect, rows[i].name,
                                             (const int[]){ 0, 1 },
                                             rows[i].keywords)),
                  rows[i].steps);
        CHECK_EQ(read_list(&b, rows[i].dialect, rows[i].name,
                           (const int[]){ 0, 0 }, rows[i].keywords),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, CVYI_NOT_SUPPORTED);
        bench_close(&b);
    }
}

/* What Keras is told of two inputs. */
static void joins_are_told(void)
{
    static const struct {
        const char *op, *module, *function;
    } rows[] = {
        { "add", "layers.Add()", "{0} + {1}" },
        { "multiply", "layers.Multiply()", "{0} * {1}" },
        { "concat", "layers.Concatenate()", "ops.concatenate([{*}], axis=1)" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int form = 0; form < 2; form++) {
            cvyi_attrs attrs;
            cvyi_type in[2];
            cvyi_said said;
            bench b;

            bench_open(&b);
            in[0] = in[1] = bench_type(&b, "(N, 3)");
            cvyi_attrs_open(&attrs, cvyi_op_find(rows[i].op), 0);
            if (i == 2)
                cvyi_set_int(&attrs, "axis", 1);

            const cvyi_saying what = { .attrs = &attrs,
                                       .in = in,
                                       .n_in = 2,
                                       .out = in,
                                       .arena = &b.arena,
                                       .sizes = &b.sizes };

            CHECK_EQ(cvyi_say(&said, "keras3",
                              form ? CVYI_FORM_FUNCTION : CVYI_FORM_MODULE,
                              &what, &b.err),
                     CVY_OK);
            CHECK_STR(cvyi_text_c(&said.code),
                      form ? rows[i].function : rows[i].module);
            cvyi_said_close(&said);
            bench_close(&b);
        }
}

static const check_case cases[] = {
    { "torch_is_read", torch_is_read },
    { "keras_is_read", keras_is_read },
    { "tensorflow_is_read", tensorflow_is_read },
    { "keras_is_told", keras_is_told },
    { "joins_take_lists", joins_take_lists },
    { "joins_are_told", joins_are_told },
};
CHECK_MAIN(cases)
