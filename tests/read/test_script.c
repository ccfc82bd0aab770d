/* read/test_script.c - scripts of TensorFlow 1, read and never run. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include "pysrc/parse.h"

/* ---- what variables and layers are called ---- */

static void variables_have_tensorflow_s_names(void)
{
    static const struct {
        const char *script, *names[4];
    } rows[] = {
        { INPUT "W = tf.Variable(tf.ones([3, 4, 8]))\n"
                "b = tf.Variable(tf.zeros([8]))\n"
                "y = tf.nn.conv1d(x, W, 1, 'SAME') + b\n",
          { "Variable", "Variable_1" } },
        { INPUT "with tf.variable_scope('one'):\n"
                "    W = tf.get_variable('w', [3, 4, 8])\n"
                "    b = tf.Variable(tf.zeros([8]), name='b')\n"
                "    y = tf.nn.conv1d(x, W, 1, 'SAME') + b\n",
          { "one/w", "one/b" } },
        { INPUT "for i in range(2):\n"
                "    with tf.name_scope('same'):\n"
                "        W = tf.Variable(tf.ones([3, 4, 4]), name='W')\n"
                "        x = tf.nn.conv1d(x, W, 1, 'SAME')\n"
                "y = x\n",
          { "same/W", "same_1/W" } },
        { INPUT "with tf.name_scope('outer'):\n"
                "    W = tf.get_variable('w', [3, 4, 4])\n"
                "y = tf.nn.conv1d(x, W, 1, 'SAME')\n",
          { "w" } },
        { INPUT "y = tf.layers.conv1d(x, 4, 3)\n"
                "y = tf.layers.conv1d(y, 4, 3)\n"
                "y = tf.layers.conv1d(y, 4, 3, name='last')\n",
          { "conv1d/kernel", "conv1d_1/bias", "last/kernel" } },
        { INPUT "with tf.variable_scope('net'):\n"
                "    y = tf.layers.dense(tf.layers.flatten(x), 5)\n"
                "    y = tf.layers.dense(y, 5)\n",
          { "net/dense/kernel", "net/dense_1/kernel" } },
        { INPUT "y = tf.layers.batch_normalization(x)\n",
          { "batch_normalization/gamma", "batch_normalization/beta",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance" } },
        { INPUT "with tf.variable_scope(None, default_name='block'):\n"
                "    y = tf.layers.conv1d(x, 4, 3, name='c')\n"
                "with tf.variable_scope(None, default_name='block'):\n"
                "    y = tf.layers.conv1d(y, 4, 3, name='c')\n",
          { "block/c/kernel", "block_1/c/kernel" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, HEAD "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        for (int k = 0; k < 4 && rows[i].names[k] != NULL; k++)
            if (!has_param(&o, rows[i].names[k]))
                CHECK_FAIL("row %zu lacks %s", i, rows[i].names[k]);
        close_script(&o);
    }
}

/* A variable that is asked for again is the same one. */
static void reuse_shares_variables(void)
{
    static const char script[] = HEAD INPUT
        "def net(a):\n"
        "    with tf.variable_scope('both', reuse=tf.AUTO_REUSE):\n"
        "        return tf.layers.conv1d(a, 4, 3, name='c', padding='same')\n"
        "y = net(net(x))\n";
    opened o = open_script(script, &(cvyi_source_request){ 0 });

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->n_params, 2);
    CHECK_EQ(o.source.graph->n_calls, 2);
    CHECK_EQ(o.source.graph->calls[0].module, o.source.graph->calls[1].module);
    close_script(&o);
}

static void layers_are_called_as_the_script_says(void)
{
    static const char script[] = HEAD INPUT
        "weights = {}\n"
        "weights['wc1'] = tf.Variable(tf.ones([3, 4, 8]))\n"
        "W_conv2 = tf.Variable(tf.ones([3, 8, 8]))\n"
        "h_conv1 = tf.nn.relu(tf.nn.conv1d(x, weights['wc1'], 1, 'SAME'))\n"
        "h_pool1 = tf.layers.max_pooling1d(h_conv1, 2, 2)\n"
        "out = tf.nn.relu(tf.nn.conv1d(h_pool1, W_conv2, 1, 'SAME'))\n";
    opened o = open_script(script, &(cvyi_source_request){ 0 });

    CHECK_EQ(o.status, CVY_OK);
    CHECK(has_module(&o, "wc1"));
    CHECK(has_module(&o, "pool1"));
    CHECK(has_module(&o, "conv2"));
    close_script(&o);
}

/* ---- what is computed ---- */

static void graphs_hold_what_the_outputs_need(void)
{
    static const struct {
        const char *script;
        int calls, inputs;
        const char *ops; /* in order */
    } rows[] = {
        /* A bias that is added is the layer's. */
        { INPUT "y = tf.nn.relu(tf.nn.bias_add(tf.nn.conv1d(x, "
                "tf.Variable(tf.ones([3, 4, 8])), 1, 'SAME'), "
                "tf.Variable(tf.zeros([8]))))\n",
          2, 1, "conv pointwise" },
        /* What only training needs is left out. */
        { INPUT "t = tf.placeholder(tf.float32, [None, 5])\n"
                "y = tf.layers.dense(tf.layers.flatten(x), 5)\n"
                "loss = tf.reduce_mean(tf.nn."
                "softmax_cross_entropy_with_logits(labels=t, logits=y))\n"
                "step = tf.train.AdamOptimizer(0.1).minimize(loss)\n",
          2, 1, "flatten dense" },
        { INPUT "phase = tf.placeholder(tf.bool)\n"
                "y = tf.cond(phase, lambda: tf.nn.tanh(x), "
                "lambda: tf.nn.relu(x))\n",
          1, 1, "pointwise" },
        { INPUT "keep = tf.placeholder(tf.float32)\n"
                "y = tf.nn.dropout(tf.nn.relu(x), keep)\n",
          2, 1, "pointwise dropout" },
        { INPUT "n = int(x.get_shape()[1]) * x.get_shape()[2].value\n"
                "y = tf.reshape(x, [tf.shape(x)[0], n])\n",
          1, 1, "flatten" },
        { INPUT "a, b = tf.split(x, 2, axis=2)\n"
                "y = a * tf.sigmoid(b)\n",
          4, 1, "slice slice pointwise multiply" },
        { "x = tf.random.normal((1, 32, 32, 3))\n"
          "y = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], 'VALID')\n",
          1, 1, "pool" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024], ops[256];
        opened o;

        snprintf(text, sizeof text, HEAD "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        CHECK_EQ(o.source.graph->n_calls, rows[i].calls);
        CHECK_EQ(o.source.graph->n_inputs, rows[i].inputs);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, rows[i].ops);
        close_script(&o);
    }
}

/* ---- what is asked for ---- */

static void entries_inputs_and_values_are_obeyed(void)
{
    static const char script[] =
        HEAD "UNITS = 7\n"
             "def net(a, units=UNITS, training=True):\n"
             "    h = tf.layers.dense(tf.layers.flatten(a), units)\n"
             "    return {'scores': h, 'shares': tf.nn.softmax(h)}\n"
             "class Model(object):\n"
             "    def __init__(self, a):\n"
             "        self.out = tf.nn.relu(a)\n";
    const cvyi_call_input input = { "a", 3, { -1, 5, 2 } };
    static const char *const sets[] = { "units=3" };
    cvyi_source_request r = { .entry = "net",
                              .n_inputs = 1,
                              .inputs = &input };
    opened o = open_script(script, &r);

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->output_tree.kind, CVYI_TREE_DICT);
    CHECK_STR(o.source.graph->output_tree.keys[1], "shares");
    CHECK_EQ(o.source.graph->params[0].stored.dims[1], 7);
    close_script(&o);
    r.n_sets = 1;
    r.sets = sets;
    o = open_script(script, &r);
    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->params[0].stored.dims[1], 3);
    close_script(&o);
    r.entry = "Model";
    o = open_script(script, &r);
    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->n_calls, 1);
    close_script(&o);
}

/* ---- what is refused ---- */

static void what_is_lost_is_refused_by_its_line(void)
{
    static const struct {
        const char *script, *entry;
        cvy_status status;
        int line;
        const char *says;
    } rows[] = {
        { INPUT "y = tf.nn.relu(x)\ny = tf.nn.dynamic_rnn(None, y)[0]\n", NULL,
          CVY_UNSUPPORTED, 4, "tf.nn.dynamic_rnn" },
        /* An earlier tensor is not taken for the network. */
        { INPUT "h = tf.nn.relu(x)\nz = tf.map_fn(abs, h)\n"
                "y = tf.layers.dense(z, 3)\n",
          NULL, CVY_UNSUPPORTED, 4, "tf.map_fn" },
        { INPUT "y = tf.nn.relu(x)\n", "z", CVY_UNSUPPORTED, 0, "z" },
        { INPUT "y = x +\n", NULL, CVY_FORMAT, 3, "" },
        { "x = 1\n", NULL, CVY_UNSUPPORTED, 0, "placeholder" },
        { "e = tf.estimator.Estimator(lambda features, labels, mode: None)\n",
          NULL, CVY_UNSUPPORTED, 0, "--entry" },
        { "import data\nx = data.load()\n", NULL, CVY_UNSUPPORTED, 0, "data" },
        { INPUT "w = tf.get_variable('w', [3])\n"
                "w = tf.get_variable('w', [3])\n"
                "y = tf.nn.relu(x) * w\n",
          NULL, CVY_UNSUPPORTED, 4, "reuse" },
        /* Nor where something unknown had a hand in it. */
        { INPUT "import layers\nh = tf.nn.relu(x)\ny = layers.block(h)\n",
          NULL, CVY_UNSUPPORTED, 3, "layers" },
        { INPUT "import layers\nh = tf.nn.relu(x)\ny = h * layers.scale\n",
          NULL, CVY_UNSUPPORTED, 3, "layers" },
        { INPUT "import layers\nh = tf.nn.relu(x)\ny = h\n"
                "if layers.deep:\n    y = tf.nn.tanh(h)\n",
          NULL, CVY_UNSUPPORTED, 6, "layers" },
        { INPUT "import layers\nh = tf.nn.relu(x)\n"
                "if layers.deep:\n    y = tf.nn.tanh(h)\n",
          NULL, CVY_UNSUPPORTED, 5, "layers" },
        /* Nor where what looks at a tensor comes back into it. */
        { INPUT "h = tf.nn.relu(x)\ng = tf.cast(tf.argmax(h, 1), "
                "tf.float32)\ny = h * g\n",
          NULL, CVY_UNSUPPORTED, 4, "tf.argmax" },
        { INPUT "h = tf.nn.relu(x)\ny = h - tf.reduce_mean(h)\n", NULL,
          CVY_UNSUPPORTED, 4, "tf.reduce_mean" },
        { INPUT "h = tf.nn.relu(x)\ne = tf.train."
                "ExponentialMovingAverage(0.9)\n"
                "y = h * e.average(h)\n",
          NULL, CVY_UNSUPPORTED, 5, "moving average" },
        { "while True:\n    pass\n", NULL, CVY_UNSUPPORTED, 0, "" },
        { "x = 9 ** 9 ** 9\ny = [0] * 10 ** 12\n", NULL, CVY_UNSUPPORTED, 0,
          "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, HEAD "%s", rows[i].script);
        o = open_script(text,
                        &(cvyi_source_request){ .entry = rows[i].entry });
        if (o.status != rows[i].status)
            CHECK_FAIL("row %zu: status %d, %s", i, o.status, o.err.text);
        if (rows[i].line > 0 && o.err.line != rows[i].line)
            CHECK_FAIL("row %zu: line %d: %s", i, o.err.line, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL)
            CHECK_FAIL("row %zu says: %s", i, o.err.text);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "variables have TensorFlow's names", variables_have_tensorflow_s_names },
    { "reuse shares variables", reuse_shares_variables },
    { "layers are called as the script says",
      layers_are_called_as_the_script_says },
    { "graphs hold what the outputs need", graphs_hold_what_the_outputs_need },
    { "entries, inputs and values are obeyed",
      entries_inputs_and_values_are_obeyed },
    { "what is lost is refused by its line",
      what_is_lost_is_refused_by_its_line },
};
CHECK_MAIN(cases)
