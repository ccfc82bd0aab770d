/* read/test_script_weights.c - weights of a script from files of Keras. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include "graph/graph.h"
#include "tensor/tensor.h"

#define DATA CVYT_DATA "/read/data/weights/"
#define IMPORT                       \
    "from tensorflow import keras\n" \
    "import tensorflow as tf\n"      \
    "from tensorflow.keras import layers\n"

/* Two convolutions and a norm, made in another order than they stand. */
#define CONVS                      \
    "x = keras.Input((None, 2))\n" \
    "a = layers.Conv1D(2, 1)\n"    \
    "b = layers.Conv1D(2, 1)\n"    \
    "y = layers.BatchNormalization()(b(a(x)))\n"
#define BLOCKS                                          \
    "class Block(layers.Layer):\n"                      \
    "    def __init__(self):\n"                         \
    "        super().__init__()\n"                      \
    "        self.conv = layers.Conv1D(2, 1)\n"         \
    "    def call(self, x):\n"                          \
    "        return self.conv(x)\n"                     \
    "class Net(keras.Model):\n"                         \
    "    def __init__(self):\n"                         \
    "        super().__init__()\n"                      \
    "        self.blocks = [Block(), Block()]\n"        \
    "        self.norm = layers.BatchNormalization()\n" \
    "    def call(self, x):\n"                          \
    "        for block in self.blocks:\n"               \
    "            x = block(x)\n"                        \
    "        return self.norm(x)\n"                     \
    "m = Net()\nm.build((None, 5, 2))\n"

static opened open_with(const char *script, const char *file)
{
    char text[2048], path[512];

    snprintf(text, sizeof text, IMPORT "%s", script);
    snprintf(path, sizeof path, DATA "%s", file);
    return open_script(text, &(cvyi_source_request){ .weights = path });
}

/* The first number of every parameter, blanks between. */
static void list_numbers(char *out, size_t size, const opened *o)
{
    static const int64_t first[CVY_MAX_RANK] = { 0 };
    size_t n = 0;

    *out = '\0';
    for (int i = 0; i < o->source.graph->n_params && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%g", i > 0 ? " " : "",
                              cvyi_at(&o->source.graph->params[i].stored,
                                      first));
}

static void each_layer_has_what_the_file_has_for_it(void)
{
    static const struct {
        const char *script, *file, *numbers;
    } rows[] = {
        { CONVS "m = keras.Model(x, y)\n", "named.h5",
          "10 11 20 21 30 31 32 33" },
        { CONVS "m = keras.Model(x, y)\n", "numbered.weights.h5",
          "10 11 20 21 30 31 32 33" },
        { "m = keras.Sequential([layers.Conv1D(2, 1, input_shape=(4, 2)),\n"
          "    layers.ReLU(), layers.Conv1D(2, 1),\n"
          "    layers.BatchNormalization()])\n",
          "named.h5", "10 11 20 21 30 31 32 33" },
        /* Of what the model gives on the way the weights alone. */
        { CONVS "m = keras.Model(x, y)\nm.compile('sgd', 'mse')\n", "named.h5",
          "10 11 20 21 30 31 32 33" },
        /* In an inner model the names say which is which. */
        { CONVS "e = keras.Model(x, y)\nz = keras.Input((5, 2))\n"
                "m = keras.Model(z, e(z))\n",
          "inner.h5", "10 11 20 21 30 31 32 33" },
        { BLOCKS, "classes.weights.h5", "10 11 20 21 30 31 32 33" },
        /* Numbers that are no variables are not looked for. */
        { "m = keras.Sequential([layers.Conv1D(2, 1, input_shape=(4, 2)),\n"
          "    layers.Lambda(lambda v: tf.nn.conv1d(v, tf.constant(\n"
          "        [[[7.0, 0.0], [0.0, 7.0]]]), 1, 'SAME')),\n"
          "    layers.Conv1D(2, 1), layers.BatchNormalization()])\n",
          "named.h5", "10 11 7 20 21 30 31 32 33" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_with(rows[i].script, rows[i].file);
        char numbers[256];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_numbers(numbers, sizeof numbers, &o);
        if (strcmp(numbers, rows[i].numbers) != 0)
            CHECK_FAIL("row %zu: %s", i, numbers);
        close_script(&o);
    }
}

#define A_B                                                               \
    "m = keras.Sequential([layers.Conv1D(2, 1, name='a', input_shape=(4," \
    " 2)),\n    layers.Conv1D(2, 1, name='b')])\n"

static void what_does_not_fit_is_refused_by_names_and_shapes(void)
{
    static const struct {
        const char *script, *file, *says;
    } rows[] = {
        { "m = keras.Sequential([layers.Dense(2, input_dim=3)])\n", "named.h5",
          "1 layers with weights (dense), and the file 3 (conv1d_7, conv1d_8, "
          "batch_normalization_3)" },
        { "m = keras.Sequential([layers.Conv1D(2, 3, input_shape=(9, 2)),\n"
          "    layers.Conv1D(2, 1), layers.BatchNormalization()])\n",
          "named.h5",
          "conv1d/kernel has the shape (3, 2, 2), and conv1d_7/conv1d_7/"
          "kernel:0 in the file (1, 2, 2)" },
        { "m = keras.Sequential([layers.Conv1D(2, 1, use_bias=False,\n"
          "    input_shape=(9, 2)), layers.Conv1D(2, 1),\n"
          "    layers.BatchNormalization()])\n",
          "named.h5", "conv1d has 1 weights, and conv1d_7 in the file 2" },
        /* The order says one thing, names another. */
        { A_B, "swapped.h5", "by their order a is b in the file" },
        { A_B, "theano.h5", "Theano" },
        { "m = keras.Sequential([layers.Conv1D(2, 1, input_shape=(4, 2))])\n",
          "numbered.weights.h5", "8 arrays, and the model takes 2" },
        { "m = keras.Sequential([layers.Dense(2, input_dim=3)])\n",
          "numbered.weights.h5", "the file has no layers/dense, for dense" },
        { BLOCKS, "numbered.weights.h5", "the file has no" },
        { "x = tf.placeholder(tf.float32, [None, 3])\n"
          "y = tf.matmul(x, tf.Variable(tf.ones([3, 2])))\n",
          "named.h5", "no model of Keras" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_with(rows[i].script, rows[i].file);

        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d, %s", i, o.status, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL)
            CHECK_FAIL("row %zu says: %s", i, o.err.text);
        CHECK(o.findings.n_refusals > 0);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "each layer has what the file has for it",
      each_layer_has_what_the_file_has_for_it },
    { "what does not fit is refused by names and shapes",
      what_does_not_fit_is_refused_by_names_and_shapes },
};
CHECK_MAIN(cases)
