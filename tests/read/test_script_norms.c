/* read/test_script_norms.c - norms that scripts write by hand, moving
 * averages, and convolutions in groups. */
#define _XOPEN_SOURCE 700
#include "script.h"

#define IMAGE "x = tf.placeholder(tf.float32, [None, 8, 8, 4], name='x')\n"
#define FLAG "t = tf.placeholder(tf.bool, name='t')\n"

/* ---- what moving averages are called ---- */

static void averages_have_tensorflow_s_names(void)
{
    static const struct {
        const char *script, *names[2];
    } rows[] = {
        /* Of a batch, inside the scope once more. */
        { "with tf.variable_scope('bn'):\n"
          "    m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "    e = tf.train.ExponentialMovingAverage(0.9)\n"
          "    def past():\n"
          "        return e.average(m), e.average(v)\n"
          "    def now():\n"
          "        with tf.control_dependencies([e.apply([m, v])]):\n"
          "            return tf.identity(m), tf.identity(v)\n"
          "    m, v = tf.cond(t, now, past)\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          { "bn/bn/moments/Squeeze/ExponentialMovingAverage",
            "bn/bn/moments/Squeeze_1/ExponentialMovingAverage" } },
        { "m, v = tf.nn.moments(x, axes=[0, 1, 2], name='stats')\n"
          "e = tf.train.ExponentialMovingAverage(0.9, name='avg')\n"
          "e.apply([m, v])\n"
          "y = tf.nn.batch_normalization(x, e.average(m), e.average(v), None,"
          " None, 1e-3)\n",
          { "stats/Squeeze/avg", "stats/Squeeze_1/avg" } },
        { "with tf.name_scope('n'):\n"
          "    m, v = tf.nn.moments(x, list(range(3)))\n"
          "e = tf.train.ExponentialMovingAverage(decay=0.9)\n"
          "step = e.apply([m, v])\n"
          "y = tf.nn.batch_normalization(x, e.average(m), e.average(v), None,"
          " None, 1e-3)\n",
          { "n/moments/Squeeze/ExponentialMovingAverage",
            "n/moments/Squeeze_1/ExponentialMovingAverage" } },
        /* Of a flag that is true of an inference. */
        { "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "e = tf.train.ExponentialMovingAverage(0.9, tf.placeholder("
          "tf.int32))\n"
          "e.apply([m, v])\n"
          "m, v = [tf.cond(t, lambda: e.average(s), lambda: s) for s in (m,"
          " v)]\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          { "moments/Squeeze/ExponentialMovingAverage",
            "moments/Squeeze_1/ExponentialMovingAverage" } },
        { "from tensorflow.python.ops import control_flow_ops\n"
          "from tensorflow.python.training import moving_averages\n"
          "a = tf.get_variable('a', [4], trainable=False)\n"
          "b = tf.get_variable('b', [4], trainable=False)\n"
          "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "u = moving_averages.assign_moving_average(a, m, 0.9)\n"
          "m, v = control_flow_ops.cond(tf.convert_to_tensor(False, "
          "dtype='bool'), lambda: (m, v), lambda: (a, b))\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          { "a", "b" } },
        { "a = tf.Variable(tf.zeros([4]), name='a')\n"
          "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "m, v = tf.cond(tf.logical_not(t), lambda: (a, a), lambda: (m, "
          "v))\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          { "a" } },
        /* Of a variable. */
        { "W = tf.get_variable('W', [3, 3, 4, 5])\n"
          "e = tf.train.ExponentialMovingAverage(0.9)\n"
          "e.apply()\n"
          "y = tf.nn.conv2d(x, e.average(W), [1, 1, 1, 1], 'SAME')\n",
          { "W/ExponentialMovingAverage" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, HEAD IMAGE FLAG "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        for (int k = 0; k < 2 && rows[i].names[k] != NULL; k++)
            if (!has_param(&o, rows[i].names[k]))
                CHECK_FAIL("row %zu lacks %s", i, rows[i].names[k]);
        close_script(&o);
    }
}

/* ---- what a norm by hand becomes ---- */

#define MOMENTS(axes) "m, v = tf.nn.moments(x, " axes ", keep_dims=True)\n"

#define VARIABLES "m, v, g, b = [tf.get_variable(n, [4]) for n in 'mvgb']\n"

static const struct {
    const char *script, *ops;
} norm_rows[] = {
    /* clang-format off */
    { MOMENTS("[1, 2]") "y = (x - m) / tf.sqrt(v + 1e-5)\n",
      "group_norm" },
    { MOMENTS("[1, 2]") "y = (x - m) * tf.rsqrt(v + 1e-5)\n",
      "group_norm" },
    { MOMENTS("[1, 2]") "y = tf.rsqrt(v + 1e-5) * (x - m)\n",
      "group_norm" },
    { MOMENTS("[1, 2]") "b = tf.Variable(tf.zeros([4]))\n"
                        "y = tf.nn.batch_normalization(x, m, v, b, None, "
                        "1e-5)\n",
      "group_norm" },
    { MOMENTS("[1, 2, 3]") "y = tf.div(x - m, tf.sqrt(v + 1e-5))\n",
      "group_norm" },
    { MOMENTS("[-1]") "y = tf.div(x - m, tf.sqrt(v + 1e-5))\n",
      "layer_norm" },
    { "m = tf.reduce_mean(x, [1, 2], keep_dims=True)\n"
      "v = tf.reduce_mean(tf.square(x - m), [1, 2], keep_dims=True)\n"
      "y = (x - m) / tf.sqrt(v + 1e-5)\n",
      "group_norm" },
    { "m = tf.reduce_mean(x, 3, keepdims=True)\n"
      "v = tf.reduce_mean(tf.square(x - m), 3, keepdims=True)\n"
      "y = (x - m) / tf.sqrt(v + 1e-5)\n",
      "layer_norm" },
    { MOMENTS("[1, 2]") "y = (x - m) / (v + 1e-3) ** 0.5\n",
      "group_norm" },
    { MOMENTS("[1, 2]") "y = (x - m) * tf.pow(v + 1e-3, -0.5)\n",
      "group_norm" },
    { "m, v = tf.nn.moments(x, [1, 2, 3])\n"
      "m = tf.reshape(m, [-1, 1, 1, 1])\n"
      "v = tf.reshape(v, [-1, 1, 1, 1])\n"
      "y = (x - m) / tf.sqrt(v + 1e-3)\n",
      "group_norm" },
    { "g = tf.get_variable('g', [4])\nb = tf.get_variable('b', [4])\n"
      MOMENTS("[1, 2]") "y = g * (x - m) / tf.sqrt(v + 1e-5) + b\n",
      "group_norm" },
    { "g = tf.get_variable('g', [4])\nb = tf.get_variable('b', [4])\n"
      MOMENTS("[1, 2]") "y = g * ((x - m) / tf.sqrt(v + 1e-5)) + b\n",
      "group_norm" },
    /* Of variables. */
    { VARIABLES "y = (x - m) / tf.sqrt(v + 1e-3) * g + b\n", "batch_norm" },
    { VARIABLES "y = g * (x - m) / (v + 1e-3) ** 0.5 + b\n", "batch_norm" },
    { VARIABLES "y = tf.multiply(tf.rsqrt(tf.add(v, 1e-3)), x - m)\n",
      "batch_norm" },
    /* Groups of channels. */
    { "h = tf.reshape(x, [-1, 8, 8, 2, 2])\n"
      "m, v = tf.nn.moments(h, [1, 2, 4], keep_dims=True)\n"
      "h = (h - m) / tf.sqrt(v + 1e-5)\n"
      "y = tf.reshape(h, tf.shape(x))\n",
      "group_norm" },
    { "h = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [-1, 2, 2, 8, 8])\n"
      "m, v = tf.nn.moments(h, [2, 3, 4], keep_dims=True)\n"
      "h = (h - m) / tf.sqrt(v + 1e-5)\n"
      "y = tf.reshape(h, [-1, 4, 8, 8])\n",
      "permute group_norm" },
    /* What is not quite one stays arithmetic. */
    { MOMENTS("[1, 2]") "y = (x - m) / (v + 1e-3) ** 0.25\n",
      "global_pool reduce subtract rescale pointwise divide" },
    { "h = tf.reshape(x, [-1, 8, 8, 2, 2])\n"
      "m, v = tf.nn.moments(h, [1, 2, 3], keep_dims=True)\n"
      "h = (h - m) / tf.sqrt(v + 1e-5)\n"
      "y = tf.reshape(h, [-1, 8, 8, 4])\n",
      "reshape group_norm reshape" },
    { MOMENTS("[1, 2]") "y = (x - m) / (tf.sqrt(v) + 1e-5)\n",
      "global_pool reduce subtract pointwise rescale divide" },
    { MOMENTS("[1, 2]") "y = x / tf.sqrt(v + 1e-5)\n",
      "reduce rescale pointwise divide" },
    { MOMENTS("[1, 2]") "n, w = tf.nn.moments(x, [3], keep_dims=True)\n"
                        "y = (x - m) / tf.sqrt(w + 1e-5)\n",
      "global_pool reduce subtract rescale pointwise divide" },
    /* A reshape that changes nothing is nothing. */
    { "y = tf.reshape(tf.nn.relu(x), tf.shape(x))\n", "pointwise" },
    /* clang-format on */
};

static void norms_by_hand_are_layers(void)
{
    for (size_t i = 0; i < sizeof norm_rows / sizeof *norm_rows; i++) {
        char text[1024], ops[256];
        opened o;

        snprintf(text, sizeof text, HEAD IMAGE "%s", norm_rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, norm_rows[i].ops) != 0)
            CHECK_FAIL("row %zu is %s", i, ops);
        close_script(&o);
    }
}

/* ---- groups ---- */

#define SPLIT                                                \
    "W = tf.get_variable('W', [3, 3, 2, 6])\n"               \
    "xs = tf.split(axis=3, num_or_size_splits=2, value=x)\n" \
    "Ws = tf.split(W, 2, 3)\n"
#define CONV(x, w) "tf.nn.conv2d(" x ", " w ", [1, 1, 1, 1], 'SAME')"

static void parts_in_order_are_one_convolution(void)
{
    static const char *const rows[] = {
        SPLIT "y = tf.concat(axis=3, values=[" CONV(
            "a", "w") " for a, w in zip(xs, Ws)])\n",
        SPLIT "y = tf.concat(3, [" CONV("xs[0]", "Ws[0]") ", " CONV(
            "xs[1]", "Ws[1]") "])\n",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024], ops[256];
        opened o;

        snprintf(text, sizeof text, HEAD IMAGE "%s", rows[i]);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, "conv");
        CHECK_EQ(cvyi_attr_int(&o.source.graph->calls[0].attrs, "groups"), 2);
        close_script(&o);
    }
}

/* ---- images ---- */

#define OPEN                                                  \
    "x = tf.placeholder(tf.float32, [None, None, None, 4])\n" \
    "h, w = tf.shape(x)[1], tf.shape(x)[2]\n"

static void images_are_resized(void)
{
    static const struct {
        const char *script, *says; /* a part of the graph's text */
    } rows[] = {
        { IMAGE "y = tf.image.resize_images(x, [16, 12], "
                "tf.image.ResizeMethod.NEAREST_NEIGHBOR)\n",
          "grid=legacy size=[16 12]" },
        { IMAGE "y = tf.image.resize_bilinear(x, (16, 16))\n",
          "method=linear grid=legacy size=[16 16]" },
        { IMAGE "y = tf.image.resize_bilinear(x, (16, 16), True)\n",
          "method=linear grid=corners size=[16 16]" },
        /* Open lengths, by a whole factor. */
        { OPEN "y = tf.image.resize_nearest_neighbor(x, [2 * h, w * 2])\n",
          "method=repeat factor=[2.0 2.0]" },
        { OPEN "y = tf.image.resize_bilinear(x, tf.stack([h * 3, w]), "
               "half_pixel_centers=True)\n",
          "method=linear factor=[3.0 1.0]" },
        { OPEN "y = tf.image.resize_images(x, [h + 1, w])\n", NULL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, HEAD "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (rows[i].says == NULL) {
            CHECK_EQ(o.status, CVY_UNSUPPORTED);
        } else {
            if (o.status != CVY_OK)
                CHECK_FAIL("row %zu: %s", i, o.err.text);
            if (strstr(cvyi_text_c(&o.graph), rows[i].says) == NULL)
                CHECK_FAIL("row %zu is %s", i, cvyi_text_c(&o.graph));
        }
        close_script(&o);
    }
}

/* ---- tables of numbers ---- */

static void tables_are_what_variables_begin_with(void)
{
    static const char *const rows[] = {
        "tf.get_variable('W', [1, 1, 4, 2], "
        "initializer=tf.constant_initializer(np.arange(8)))",
        "tf.get_variable('W', [1, 1, 4, 2], "
        "initializer=tf.constant_initializer([0, 1, 2, 3, 4, 5, 6, 7]))",
        "tf.Variable(np.arange(8.).reshape(1, 1, 4, 2), name='W', "
        "trainable=False)",
        "tf.get_variable('W', "
        "initializer=tf.constant(np.mgrid[:8].reshape([1, 1, 4, 2])))",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_graph *graph;
        char text[1024];
        opened o;

        snprintf(text, sizeof text,
                 HEAD "import numpy as np\n" IMAGE
                      "W = %s\ny = tf.nn.conv2d(x, W, [1, 1, 1, 1], "
                      "'SAME')\n",
                 rows[i]);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        graph = o.source.graph;
        for (int k = 0; k < 8; k++)
            CHECK_EQ((int)((const float *)graph->params[0].stored.data)[k], k);
        /* What is not trained is frozen. */
        CHECK_EQ(graph->modules[graph->calls[0].module].frozen, i == 2);
        close_script(&o);
    }
}

/* ---- what is refused ---- */

static void what_only_training_has_is_refused(void)
{
    static const struct {
        const char *script;
        int line;
        const char *says;
    } rows[] = {
        { "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          5, "is_training=False" },
        { "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "y = (x - m) / tf.sqrt(v + 1e-3)\n",
          5, "mean and variance of a batch" },
        { "h = tf.nn.relu(x)\nm, v = tf.nn.moments(h, [0])\n", 0, "batch" },
        { "m, v = tf.nn.moments(x, [0, 1, 2])\n"
          "e = tf.train.ExponentialMovingAverage(0.9)\n"
          "y = tf.nn.batch_normalization(x, e.average(m), e.average(v), None,"
          " None, 1e-3)\n",
          6, "apply() was not given it" },
        { "m, v = tf.nn.moments(x, [1, 2])\n"
          "y = tf.nn.batch_normalization(x, m, v, None, None, 1e-3)\n",
          5, "keep_dims=True" },
        { "v = tf.get_variable('v', [4])\ny = x / tf.sqrt(v + 1e-3)\n", 5,
          "the root of a variable" },
        /* A weight that is computed. */
        { "W = tf.nn.l2_normalize(tf.get_variable('W', [3, 3, 4, 5]), 3)\n"
          "y = " CONV("x", "W") "\n",
          4, "tf.nn.l2_normalize of the variable W" },
        { "W = tf.get_variable('W', [3, 3, 4, 5])\n"
          "y = " CONV("x", "W / tf.norm(W)") "\n",
          5, "tf.norm" },
        /* Parts in another order, of other filters, or alone. */
        { SPLIT "y = tf.concat([" CONV("xs[1]", "Ws[0]") ", " CONV(
              "xs[0]", "Ws[1]") "], 3)\n",
          7, "another way" },
        { SPLIT "y = tf.concat([" CONV("xs[0]", "Ws[0]") ", " CONV(
              "xs[1]", "Ws[1]") "], 2)\n",
          7, "another way" },
        { SPLIT "h = tf.nn.relu(x)\ny = " CONV("xs[0]", "Ws[0]") "\n", 0,
          "one group of a convolution" },
        { SPLIT "y = tf.nn.relu(" CONV("xs[0]", "Ws[0]") ")\n", 7,
          "one group of a convolution" },
        { "import numpy as np\n"
          "y = tf.nn.conv2d(x, tf.Variable(np.load('w.npy')), [1, 1, 1, 1], "
          "'SAME')\n",
          5, "numpy.load() reads a file" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, HEAD IMAGE "\n%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d, %s", i, o.status, o.err.text);
        if (rows[i].line > 0 && o.err.line != rows[i].line)
            CHECK_FAIL("row %zu: line %d: %s", i, o.err.line, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL)
            CHECK_FAIL("row %zu says: %s", i, o.err.text);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "averages have TensorFlow's names", averages_have_tensorflow_s_names },
    { "norms by hand are layers", norms_by_hand_are_layers },
    { "parts in order are one convolution",
      parts_in_order_are_one_convolution },
    { "images are resized", images_are_resized },
    { "tables are what variables begin with",
      tables_are_what_variables_begin_with },
    { "what only training has is refused", what_only_training_has_is_refused },
};
CHECK_MAIN(cases)
