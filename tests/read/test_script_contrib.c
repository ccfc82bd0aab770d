/* read/test_script_contrib.c - scripts of tf.contrib.layers and slim. */
#define _XOPEN_SOURCE 700
#include "script.h"

#define SLIM                                    \
    "from tensorflow.contrib import slim\n"     \
    "from tensorflow.contrib.layers import *\n" \
    "x = tf.placeholder(tf.float32, [None, 16, 16, 4], name='x')\n"

static opened open_whole(const char *script)
{
    char text[2048];

    snprintf(text, sizeof text, HEAD SLIM "%s", script);
    return open_script(text, &(cvyi_source_request){ .entry = "y" });
}

/* ---- names ---- */

static void variables_have_contrib_s_names(void)
{
    static const struct {
        const char *script, *names[4];
    } rows[] = {
        { "y = slim.conv2d(slim.conv2d(x, 4, 3), 4, [3, 3])\n",
          { "Conv/weights", "Conv/biases", "Conv_1/weights" } },
        { "y = slim.fully_connected(slim.flatten(x), 5, scope='f')\n"
          "y = slim.linear(y, 5)\n",
          { "f/weights", "fully_connected/biases" } },
        { "y = slim.batch_norm(x)\n",
          { "BatchNorm/beta", "BatchNorm/moving_mean",
            "BatchNorm/moving_variance" } },
        { "y = slim.conv2d(x, 4, 3, normalizer_fn=slim.batch_norm, "
          "normalizer_params={'scale': True}, scope='c')\n",
          { "c/weights", "c/BatchNorm/gamma" } },
        { "y = slim.repeat(x, 2, slim.conv2d, 8, [3, 3], scope='conv1')\n",
          { "conv1/conv1_1/weights", "conv1/conv1_2/biases" } },
        { "y = slim.repeat(x, 2, slim.conv2d, 8, [3, 3])\n",
          { "Repeat/convolution2d_1/weights",
            "Repeat/convolution2d_2/weights" } },
        { "y = slim.stack(x, slim.conv2d, [(8, 3), (6, 1)], scope='s')\n",
          { "s/s_1/weights", "s/s_2/weights" } },
        { "y = slim.separable_conv2d(x, 6, 3)\n"
          "y = slim.separable_conv2d(y, None, 3, depth_multiplier=2)\n",
          { "SeparableConv2d/depthwise_weights",
            "SeparableConv2d/pointwise_weights",
            "SeparableConv2d_1/depthwise_weights",
            "SeparableConv2d_1/biases" } },
        { "y = slim.conv2d_transpose(x, 6, 3, stride=2)\n",
          { "Conv2d_transpose/weights", "Conv2d_transpose/biases" } },
        { "y = slim.layer_norm(slim.instance_norm(x))\n",
          { "LayerNorm/beta", "InstanceNorm/gamma" } },
        { "y = slim.bias_add(slim.group_norm(x, groups=2))\n",
          { "BiasAdd/biases", "GroupNorm/gamma" } },
        { "with tf.variable_scope('net', reuse=tf.AUTO_REUSE):\n"
          "    for i in range(2):\n"
          "        x = slim.conv2d(x, 4, 3, scope='c')\n"
          "y = x\n",
          { "net/c/weights" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        for (int k = 0; k < 4 && rows[i].names[k] != NULL; k++)
            if (!has_param(&o, rows[i].names[k]))
                CHECK_FAIL("row %zu lacks %s", i, rows[i].names[k]);
        close_script(&o);
    }
}

static void every_import_means_the_same(void)
{
    static const char *const imports[] = {
        "import tensorflow.contrib.slim as s\n",
        "import tf_slim as s\n",
        "from tensorflow.contrib import layers as s\n",
        "from tf_slim import layers as s\n",
        "s = tf.contrib.layers\n",
        "from tensorflow.contrib.layers.python.layers import layers as s\n",
        "import tensorflow as f\ns = f.contrib.slim\n",
    };

    for (size_t i = 0; i < sizeof imports / sizeof *imports; i++) {
        char text[512];
        opened o;

        snprintf(text, sizeof text,
                 "%sfrom tensorflow.contrib.framework import arg_scope\n"
                 "with arg_scope([s.conv2d], stride=2, activation_fn=None):\n"
                 "    y = s.convolution2d(x, 4, 3)\n",
                 imports[i]);
        o = open_whole(text);
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        CHECK_EQ(o.source.graph->n_calls, 1);
        CHECK(has_param(&o, "Conv/weights"));
        CHECK(strstr(cvyi_text_c(&o.graph), "stride=[2 2]") != NULL);
        close_script(&o);
    }
}

static void layers_without_a_name_have_a_plain_one(void)
{
    opened o = open_whole(
        "y = slim.conv2d(x, 4, 3, normalizer_fn=slim.batch_norm, scope='c')\n"
        "y = slim.conv2d(y, 4, 3, normalizer_fn=slim.batch_norm)\n");

    CHECK_EQ(o.status, CVY_OK);
    CHECK(has_module(&o, "c"));
    CHECK(has_module(&o, "c/batch_norm"));
    CHECK(has_module(&o, "conv"));
    CHECK(has_module(&o, "conv/batch_norm"));
    close_script(&o);
}

/* ---- what is computed ---- */

static void calls_are_those_of_contrib(void)
{
    static const struct {
        const char *script, *ops;
        const char *says; /* the graph's text; NULL: anything */
    } rows[] = {
        /* Defaults: SAME, a bias, relu. */
        { "y = slim.conv2d(x, 4, 3)\n", "conv pointwise", "border=same" },
        { "y = slim.conv2d(x, 4, 3, activation_fn=None)\n", "conv", "bias=" },
        { "y = slim.conv2d(x, 4, 3, 2, 'VALID', rate=1)\n", "conv pointwise",
          "stride=[2 2]" },
        { "y = slim.conv2d(x, 4, 3, normalizer_fn=slim.batch_norm)\n",
          "conv batch_norm pointwise", "momentum=0.999" },
        { "y = slim.linear(x, 5)\n", "dense", "[N, 16, 16, 5]" },
        { "y = slim.max_pool2d(x, 3)\n", "pool", "stride=[2 2]" },
        { "y = slim.max_pool2d(x, 3)\n", "pool", "[N, 7, 7, 4]" },
        { "y = slim.avg_pool2d(x, [2, 2], stride=1, padding='SAME')\n", "pool",
          "[N, 16, 16, 4]" },
        { "y = slim.dropout(x, 0.7)\n", "dropout", "rate=0.3" },
        { "y = slim.layer_norm(x)\n", "group_norm", "groups=1 eps=1e-12" },
        { "y = slim.layer_norm(x, begin_norm_axis=-1)\n", "layer_norm",
          "eps=1e-12" },
        { "y = slim.instance_norm(x, activation_fn=tf.nn.tanh)\n",
          "group_norm pointwise", "groups=4 eps=1e-06" },
        { "y = slim.conv2d(x, 4, 3, activation_fn=lambda a: a * 2)\n",
          "conv rescale", NULL },
        { "y = slim.softmax(slim.flatten(x))\n", "flatten softmax", NULL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);
        char ops[256];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, rows[i].ops);
        if (rows[i].says != NULL &&
            strstr(cvyi_text_c(&o.graph), rows[i].says) == NULL)
            CHECK_FAIL("row %zu: %s", i, cvyi_text_c(&o.graph));
        close_script(&o);
    }
}

/* ---- arg_scope ---- */

static void scopes_say_what_is_not_given(void)
{
    static const struct {
        const char *script, *ops;
    } rows[] = {
        { "with slim.arg_scope([slim.conv2d], activation_fn=None):\n"
          "    y = slim.conv2d(slim.conv2d(x, 4, 3), 4, 3, "
          "activation_fn=tf.nn.tanh)\n",
          "conv conv pointwise" },
        /* The inner one wins, and what it does not say stays. */
        { "with slim.arg_scope([slim.conv2d], activation_fn=None, "
          "biases_initializer=None):\n"
          "    with slim.arg_scope([slim.conv2d], activation_fn=tf.tanh):\n"
          "        y = slim.conv2d(x, 4, 3)\n",
          "conv pointwise" },
        /* Behind it nothing is said any more. */
        { "with slim.arg_scope([slim.conv2d], activation_fn=None):\n"
          "    pass\n"
          "y = slim.conv2d(x, 4, 3)\n",
          "conv pointwise" },
        /* A scope that was kept stands for all that is around it. */
        { "def plain():\n"
          "    with slim.arg_scope([slim.conv2d], activation_fn=None) as s:\n"
          "        return s\n"
          "with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm):\n"
          "    with slim.arg_scope(plain()):\n"
          "        y = slim.conv2d(x, 4, 3)\n",
          "conv batch_norm" },
        { "with slim.arg_scope([slim.conv2d], activation_fn=None) as s:\n"
          "    pass\n"
          "with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm):\n"
          "    with slim.arg_scope(s):\n"
          "        y = slim.conv2d(x, 4, 3)\n",
          "conv" },
        /* What is TensorFlow's own says nothing, nor what has ended. */
        { "import nets\nwith nets.scope():\n    pass\n"
          "with tf.Graph().as_default(), tf.device('/gpu:0'):\n"
          "    with tf.Session() as s:\n"
          "        y = slim.linear(x, 4)\n",
          "dense" },
        /* Other functions are not meant. */
        { "with slim.arg_scope([slim.fully_connected], activation_fn=None):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "conv pointwise" },
        { "with slim.arg_scope([slim.convolution2d, slim.dropout], "
          "activation_fn=None):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "conv" },
        /* Functions of the script. */
        { "@slim.add_arg_scope\n"
          "def block(a, times=1, last=None):\n"
          "    for _ in range(times):\n"
          "        a = tf.nn.relu(a)\n"
          "    return last(a)\n"
          "with slim.arg_scope([block], times=2, last=tf.nn.tanh):\n"
          "    y = block(x, times=3)\n",
          "pointwise pointwise pointwise pointwise" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);
        char ops[256];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, rows[i].ops) != 0)
            CHECK_FAIL("row %zu: %s", i, ops);
        close_script(&o);
    }
}

static void end_points_have_their_scopes_names(void)
{
    opened o = open_whole(
        "with tf.variable_scope('net') as sc:\n"
        "    with slim.arg_scope([slim.conv2d, slim.max_pool2d], "
        "outputs_collections='points'):\n"
        "        h = slim.repeat(x, 2, slim.conv2d, 4, 3, scope='c')\n"
        "        h = slim.max_pool2d(h, 2, scope='p')\n"
        "points = slim.utils.convert_collection_to_dict('points')\n"
        "y = [points['net/c/c_1'], points['net/p']]\n");

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->output_tree.n, 2);
    CHECK_EQ(o.source.graph->n_calls, 5);
    close_script(&o);
}

/* ---- what is refused ---- */

static void what_is_not_understood_is_refused(void)
{
    static const struct {
        const char *script, *says;
    } rows[] = {
        { "y = slim.conv2d(x, 4, 3, colour=1)\n", "colour" },
        { "y = slim.conv2d(x, 4)\n", "kernel_size" },
        { "y = slim.conv2d(x, 4, 3, num_outputs=5)\n", "num_outputs" },
        { "y = slim.conv1d(x, 4, 3)\n", "4 axes" },
        { "y = slim.batch_norm(x, renorm=True)\n", "renorm" },
        { "y = slim.layer_norm(x, begin_norm_axis=2, begin_params_axis=1)\n",
          "layer_norm" },
        { "y = slim.conv2d_in_plane(x, 3)\n", "conv2d_in_plane" },
        { "y = slim.group_norm(x, 2, reduction_axes=[1])\n", "group_norm" },
        /* Whatever a scope might have said, nothing is guessed. */
        { "import nets\nwith slim.arg_scope(nets.scope()):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\nwith slim.arg_scope([slim.conv2d], **nets.some):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\nwith slim.arg_scope([slim.conv2d], "
          "normalizer_fn=nets.norm):\n    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\nwith slim.arg_scope([slim.conv2d, nets.f], "
          "stride=2):\n    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\nwith slim.arg_scope([slim.conv2d], stride=2) if "
          "nets.a else slim.arg_scope([slim.conv2d]):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\ns = slim.arg_scope([slim.conv2d])\n"
          "if nets.a:\n    s = slim.arg_scope([slim.conv2d], stride=2)\n"
          "with s:\n    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\nwith nets.scope():\n    y = slim.conv2d(x, 4, 3)\n",
          "nets" },
        { "import nets\n@slim.add_arg_scope\ndef f(a):\n    return a * 2\n"
          "with nets.scope():\n    y = f(x)\n",
          "nets" },
        { "def f(a):\n    return a\nwith slim.arg_scope([f], a=2):\n"
          "    y = slim.conv2d(x, 4, 3)\n",
          "arg_scope" },
        { "import nets\ny = slim.conv2d(x, 4, 3, activation_fn=nets.f)\n",
          "nets" },
        { "import nets\ny = slim.conv2d(x, 4, 3, normalizer_fn="
          "slim.batch_norm, normalizer_params=nets.f)\n",
          "nets" },
        { "import nets\ny = slim.conv2d(x, 4, 3, normalizer_fn="
          "slim.batch_norm, normalizer_params={'scale': nets.f})\n",
          "nets" },
        { "import nets\ny = slim.repeat(x, nets.n, slim.conv2d, 4, 3)\n",
          "nets" },
        { "y = slim.nets.vgg.vgg_16(x)\n", "vgg_16" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);

        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d, %s", i, o.status, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL || o.err.line < 5)
            CHECK_FAIL("row %zu, line %d: %s", i, o.err.line, o.err.text);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "variables have contrib's names", variables_have_contrib_s_names },
    { "every import means the same", every_import_means_the_same },
    { "layers without a name have a plain one",
      layers_without_a_name_have_a_plain_one },
    { "calls are those of contrib", calls_are_those_of_contrib },
    { "scopes say what is not given", scopes_say_what_is_not_given },
    { "end points have their scopes' names",
      end_points_have_their_scopes_names },
    { "what is not understood is refused", what_is_not_understood_is_refused },
};
CHECK_MAIN(cases)
