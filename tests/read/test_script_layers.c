/* read/test_script_layers.c - the classes of tf.layers, made and derived. */
#define _XOPEN_SOURCE 700
#include "script.h"

static opened open_whole(const char *script)
{
    char text[2048];

    snprintf(text, sizeof text, HEAD INPUT "%s", script);
    return open_script(text, &(cvyi_source_request){ .entry = "y" });
}

#define CAUSAL                                                        \
    "class Causal(tf.layers.Conv1D):\n"                               \
    "    def call(self, a):\n"                                        \
    "        n = (self.kernel_size[0] - 1) * self.dilation_rate[0]\n" \
    "        return super(Causal, self).call("                        \
    "tf.pad(a, [[0, 0], [n, 0], [0, 0]]))\n"

static void variables_are_in_the_scope_of_the_first_call(void)
{
    static const struct {
        const char *script, *names[3];
    } rows[] = {
        { "y = tf.layers.Conv1D(4, 3)(x)\n", { "conv1d/kernel" } },
        { "y = tf.layers.conv1d(x, 4, 3, kernel_regularizer=lambda w: "
          "tf.reduce_sum(w))\n",
          { "conv1d/kernel" } },
        { "c = tf.layers.Conv1D(4, 3, padding='same')\ny = c(c(x))\n",
          { "conv1d/kernel", "conv1d/bias" } },
        { "a = tf.layers.Dense(4)\nb = tf.layers.Dense(4)\ny = b(a(x))\n",
          { "dense/kernel", "dense_1/kernel" } },
        { "c = tf.layers.Conv1D(4, 1, name='c')\n"
          "with tf.variable_scope('one'):\n    y = c(x)\n"
          "with tf.variable_scope('two'):\n    y = c(y)\n",
          { "one/c/kernel" } },
        /* A name is one by default: it gets a number. */
        { "y = tf.layers.Dense(4, name='d')(x)\n"
          "y = tf.layers.Dense(4, name='d')(y)\n",
          { "d/kernel", "d_1/kernel" } },
        { "def net(a):\n"
          "    with tf.variable_scope('n', reuse=tf.AUTO_REUSE):\n"
          "        return tf.layers.Dense(4, name='d').apply(a)\n"
          "y = net(net(x))\n",
          { "n/d/kernel" } },
        { CAUSAL "y = Causal(4, 3, dilation_rate=2)(x)\n",
          { "causal/kernel", "causal/bias" } },
        { CAUSAL "y = Causal(4, 3, name='z', padding='valid')(x)\n",
          { "z/kernel", "z/bias" } },
        { "class Gain(tf.layers.Layer):\n"
          "    def build(self, shape):\n"
          "        self.g = self.add_variable('g', [shape[-1].value])\n"
          "    def call(self, a):\n        return a * self.g\n"
          "with tf.variable_scope('s'):\n    y = Gain()(Gain()(x))\n",
          { "s/gain/g", "s/gain_1/g" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);
        int n = 0;

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        for (; n < 3 && rows[i].names[n] != NULL; n++)
            if (!has_param(&o, rows[i].names[n]))
                CHECK_FAIL("row %zu lacks %s", i, rows[i].names[n]);
        CHECK(o.source.graph->n_params <= 4);
        close_script(&o);
    }
}

static void derived_classes_compute_what_they_say(void)
{
    static const struct {
        const char *script, *ops, *says;
    } rows[] = {
        { CAUSAL "y = Causal(4, 3, dilation_rate=2)(x)\n", "pad conv",
          "[N, 16, 4] = conv" },
        { CAUSAL "y = Causal(4, 3, activation=tf.nn.relu)(x)\n",
          "pad conv pointwise", "relu" },
        { "y = tf.layers.Conv1D(6, 3, 2, 'same')(x)\n", "conv", "[N, 8, 6]" },
        { "y = tf.layers.Dropout(0.2)(tf.layers.Flatten()(x))\n",
          "flatten dropout", NULL },
        { "c = tf.layers.Conv1D(6, 3)\n"
          "y = x if c.strides == (1,) and c.filters == 6 else tf.tanh(x)\n"
          "y = c(y)\n",
          "conv", NULL },
        /* One choice for all places of an axis. */
        { "y = tf.layers.dropout(x, 0.2, noise_shape="
          "[tf.shape(x)[0], 1, 4])\n",
          "dropout", "shared=[0 1 0]" },
        { "p = tf.constant([[0, 0], [1, 0], [0, 0]])\n"
          "y = tf.pad(x, p * 3)\n",
          "pad", "[N, 19, 4]" },
        { "p = 2 + tf.constant([[-2, -2], [1, 0], [-2, -2]])\n"
          "y = tf.pad(x, p)\n",
          "pad", "[N, 21, 4]" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);
        char ops[256];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, rows[i].ops) != 0)
            CHECK_FAIL("row %zu: %s", i, ops);
        if (rows[i].says != NULL &&
            strstr(cvyi_text_c(&o.graph), rows[i].says) == NULL)
            CHECK_FAIL("row %zu: %s", i, cvyi_text_c(&o.graph));
        close_script(&o);
    }
}

static void what_is_not_understood_is_refused(void)
{
    static const struct {
        const char *script, *says;
    } rows[] = {
        { "y = tf.layers.Wonder(3)(x)\n", "tf.layers.Wonder" },
        { "import nets\ny = tf.layers.Dense(3, activation=nets.f)(x)\n",
          "nets" },
        { "import nets\ny = tf.layers.Dense(nets.n)(x)\n", "nets" },
        { "class A(tf.layers.Conv1D):\n    def __init__(self):\n"
          "        pass\n    def call(self, a):\n        return a\n"
          "y = A()(x)\n",
          "__init__" },
        { "class A(tf.layers.Conv1D):\n    def call(self, a):\n"
          "        return a * self.kernel\ny = A(3, 3)(x)\n",
          "kernel" },
        { "y = tf.layers.Dense(3, colour=1)(x)\n", "colour" },
        { "y = tf.layers.dropout(x, 0.2, noise_shape=[2, 1, 4])\n",
          "noise_shape" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_whole(rows[i].script);

        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d, %s", i, o.status, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL)
            CHECK_FAIL("row %zu, line %d: %s", i, o.err.line, o.err.text);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "variables are in the scope of the first call",
      variables_are_in_the_scope_of_the_first_call },
    { "derived classes compute what they say",
      derived_classes_compute_what_they_say },
    { "what is not understood is refused", what_is_not_understood_is_refused },
};
CHECK_MAIN(cases)
