/* read/test_script_keras.c - models of Keras in scripts. */
#define _XOPEN_SOURCE 700
#include "script.h"

#define IMPORT                              \
    "from tensorflow import keras\n"        \
    "import tensorflow as tf\n"             \
    "from tensorflow.keras import layers\n" \
    "from tensorflow.keras import backend as K\n"

/* ---- what is computed ---- */

static const struct {
    const char *script;
    int inputs, params;
    const char *ops;
} networks[] = {
    /* A Sequential, in both ways, and on whatever says a shape. */
    { "m = keras.Sequential([layers.Conv1D(4, 3, input_shape=(16, 2)),\n"
      "    layers.ReLU(), layers.Flatten(), layers.Dense(5)])\n",
      1, 4, "conv pointwise flatten dense" },
    { "m = keras.models.Sequential()\n"
      "m.add(layers.InputLayer(input_shape=(16, 2)))\n"
      "m.add(layers.Conv1D(4, 3, activation='relu'))\n"
      "m.add(layers.Dropout(0.5))\nm.pop()\n",
      1, 2, "conv pointwise" },
    { "m = keras.Sequential()\nm.add(keras.Input((16, 2)))\n"
      "m.add(layers.MaxPooling1D())\n",
      1, 0, "pool" },
    { "m = keras.Sequential([layers.Dense(3), layers.Dense(2)])\n"
      "m.build((None, 7))\n",
      1, 4, "dense dense" },
    { "m = keras.Sequential([layers.Dense(3, input_dim=7)])\n", 1, 2,
      "dense" },
    { "m = keras.Sequential([layers.Embedding(50, 4, input_length=9)])\n", 1,
      1, "embedding" },
    /* A layer that is called on constants is built by it. */
    { "m = keras.Sequential([layers.Conv2D(2, 3)])\n"
      "m(tf.zeros([1, 8, 8, 3]))\n",
      1, 2, "conv" },
    /* Functional, its ends by any name. */
    { "x = keras.Input((16, 2))\ny = layers.Conv1D(4, 3)(x)\n"
      "m = keras.Model(input=x, output=y)\n",
      1, 2, "conv" },
    { "x = keras.Input((16, 2))\na = layers.Conv1D(4, 3)(x)\n"
      "b = layers.Activation('tanh')(a)\n"
      "m = keras.Model(x, b)\n"
      "n = keras.Model(m.input, m.get_layer('conv1d').output)\n",
      1, 2, "conv" },
    { "x = keras.Input((16, 2))\na = layers.Conv1D(4, 3)(x)\n"
      "b = layers.Activation('tanh')(a)\n"
      "m = keras.Model(x, b)\n"
      "n = keras.Model(m.input, m.layers[-2].output)\n",
      1, 2, "conv" },
    { "x = keras.Input((16, 2))\na = layers.Conv1D(4, 3)(x)\n"
      "b = layers.Conv1D(4, 5, padding='same')(a)\n"
      "m = keras.Model(x, layers.add([a, b]))\n"
      "n = keras.Model(m.input, m.layers[2].output)\n",
      1, 4, "conv conv" },
    /* What is shared has its weights once. */
    { "d = layers.Dense(3)\nx = keras.Input((3,))\n"
      "m = keras.Model(x, d(d(x)))\n",
      1, 2, "dense dense" },
    { "x = keras.Input((3,))\n"
      "e = keras.Model(x, layers.Dense(3, activation='relu')(x))\n"
      "a, b = keras.Input((3,)), keras.Input((3,))\n"
      "m = keras.Model([a, b], layers.subtract([e(a), e(b)]))\n",
      2, 2, "dense pointwise dense pointwise subtract" },
    { "s = keras.Sequential([layers.Dense(3)])\nx = keras.Input((3,))\n"
      "m = keras.Model(x, s(s(x)))\n",
      1, 2, "dense dense" },
    /* Two layers of one name are two. */
    { "def f(x):\n    return layers.Dense(3, name='d')(x)\n"
      "x = keras.Input((3,))\nm = keras.Model(x, f(f(x)))\n",
      1, 4, "dense dense" },
    /* Functions of the script. */
    { "x = keras.Input((3,))\n"
      "y = layers.Lambda(lambda v: v * 2.0)(x)\n"
      "m = keras.Model(x, layers.Dense(2, activation=lambda v: "
      "K.relu(v))(y))\n",
      1, 2, "rescale dense pointwise" },
    { "def swish(x, beta=1.0):\n    return x * K.sigmoid(x)\n"
      "x = keras.Input((3,))\n"
      "m = keras.Model(x, layers.Activation(swish)(x))\n",
      1, 0, "pointwise multiply" },
    { "x = keras.Input((4, 8, 8, 3))\n"
      "m = keras.Model(x, layers.TimeDistributed(layers.Conv2D(2, 3))"
      "(x))\n",
      1, 2, "join_batch conv split_batch" },
    { "x = keras.Input((4, 8))\n"
      "m = keras.Model(x, layers.TimeDistributed(layers.Dense(2))(x))\n",
      1, 2, "dense" },
    /* Words of Keras 1. */
    { "from keras.layers.convolutional import Convolution2D\n"
      "from keras.layers import merge\n"
      "x = keras.Input((8, 8, 3))\n"
      "a = Convolution2D(4, 3, 5, border_mode='same', init='uniform')(x)\n"
      "b = Convolution2D(4, nb_row=1, nb_col=1, bias=False)(x)\n"
      "m = keras.Model(x, merge([a, b], mode='sum'))\n",
      1, 3, "conv conv add" },
    /* What is compiled counts, and training is left out. */
    { "from other import data, labels\n"
      "m = keras.Sequential([layers.Dense(3, input_dim=7)])\n"
      "m.compile('adam', 'mse')\nm.summary()\n"
      "h = m.fit(data, labels, epochs=3)\nm.save('m.keras')\n"
      "x = keras.Input((3,))\nother = keras.Model(x, "
      "layers.ReLU()(x))\n",
      1, 2, "dense" },
    { "(a, b), (c, d) = keras.datasets.cifar10.load_data()\n"
      "a = a.astype('float32') / 255\nb = keras.utils.to_categorical(b)\n"
      "m = keras.Sequential([layers.Conv2D(2, 3, input_shape=a.shape[1:]),\n"
      "    layers.Flatten(), layers.Dense(b.shape[1])])\n",
      1, 4, "conv flatten dense" },
    { "(a, b), _ = keras.datasets.mnist.load_data()\n"
      "a = a.reshape(a.shape[0], 28, 28, 1)\n"
      "x = keras.Input(a[..., None].shape[1:-1])\n"
      "m = keras.Model(x, layers.MaxPooling2D()(x))\n",
      1, 0, "pool" },
    { "if K.image_data_format() == 'channels_last':\n"
      "    shape = (8, 8, 3)\n"
      "m = keras.Sequential([layers.Conv2D(2, 3, input_shape=shape)])\n",
      1, 2, "conv" },
};

static void models_are_what_they_give(void)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        char text[2048], ops[256];
        opened o;

        snprintf(text, sizeof text, IMPORT "%s", networks[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, networks[i].ops) != 0)
            CHECK_FAIL("row %zu computes %s", i, ops);
        CHECK_EQ(o.source.graph->n_inputs, networks[i].inputs);
        if (o.source.graph->n_params != networks[i].params)
            CHECK_FAIL("row %zu has %d parameters", i,
                       o.source.graph->n_params);
        close_script(&o);
    }
}

#define CLASSES                                                    \
    "class Block(layers.Layer):\n"                                 \
    "    def __init__(self, n, **kwargs):\n"                       \
    "        super().__init__(**kwargs)\n"                         \
    "        self.conv = layers.Conv1D(n, 3, padding='same')\n"    \
    "    def call(self, x, training=None):\n"                      \
    "        if training:\n"                                       \
    "            x = unknown(x)\n"                                 \
    "        return tf.nn.relu(self.conv(x))\n"                    \
    "class Linear(layers.Layer):\n"                                \
    "    def __init__(self, n):\n"                                 \
    "        super(Linear, self).__init__()\n"                     \
    "        self.n = n\n"                                         \
    "    def build(self, shape):\n"                                \
    "        self.w = self.add_weight('w', (shape[-1], self.n))\n" \
    "        self.b = self.add_weight(shape=[self.n], name='b')\n" \
    "    def call(self, x):\n"                                     \
    "        return tf.matmul(x, self.w) + self.b\n"               \
    "class Net(keras.Model):\n"                                    \
    "    def __init__(self, n=4):\n"                               \
    "        super().__init__()\n"                                 \
    "        self.blocks = [Block(n) for _ in range(2)]\n"         \
    "        self.head = Linear(2)\n"                              \
    "    def call(self, inputs, training=False):\n"                \
    "        for block in self.blocks:\n"                          \
    "            inputs = block(inputs, training=training)\n"      \
    "        return self.head(layers.GlobalAveragePooling1D()(inputs))\n"

static void classes_are_built_once_and_called(void)
{
    static const cvyi_call_input input = { "inputs", 3, { -1, 16, 3 } };
    static const struct {
        const char *script, *entry;
        bool asked;
    } rows[] = {
        { "m = Net()\ny = m(keras.Input((16, 3)))\n", NULL, false },
        { "m = Net()\nm.build(input_shape=(None, 16, 3))\n", NULL, false },
        { "m = Net()\nm(tf.zeros((1, 16, 3)))\nm.compile('sgd', 'mse')\n",
          NULL, false },
        { "m = Net()\n", NULL, true },
        { "", "Net", true },
        { "def make():\n    return Net()\n", "make", true },
    };

    static const char *const names[] = { "net/block/conv1d/kernel",
                                         "net/block_1/conv1d_1/bias",
                                         "net/linear/w" };
    static const char *const modules[] = { "blocks_0/conv", "blocks_1/conv",
                                           "head" };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_source_request r = { .entry = rows[i].entry,
                                        .n_inputs = rows[i].asked,
                                        .inputs = &input };
        char text[4096], ops[256];
        opened o;

        snprintf(text, sizeof text, IMPORT CLASSES "%s", rows[i].script);
        o = open_script(text, &r);
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, "conv pointwise conv pointwise global_pool dense");
        CHECK_EQ(o.source.graph->n_params, 6);
        for (int k = 0; k < 3; k++)
            if (!has_param(&o, names[k]) || !has_module(&o, modules[k]))
                CHECK_FAIL("row %zu lacks %s or %s", i, names[k], modules[k]);
        close_script(&o);
    }
}

/* Names are those that Keras gives; a path says where a layer stands. */
static void layers_have_keras_s_names(void)
{
    static const char script[] = IMPORT
        "a = keras.Input((8, 2), name='first')\n"
        "b = keras.Input((8, 2))\n"
        "def conv(x):\n    return layers.Conv1D(2, 3, padding='same')(x)\n"
        "x = layers.Concatenate()([conv(a), conv(b)])\n"
        "x = layers.Conv1D(2, 3, name='last')(x)\n"
        "m = keras.Model([b, a], {'one': x, 'two': layers.ReLU()(x)})\n";
    opened o = open_script(script, &(cvyi_source_request){ 0 });

    CHECK_EQ(o.status, CVY_OK);
    CHECK(has_param(&o, "conv1d/kernel"));
    CHECK(has_param(&o, "conv1d_1/bias"));
    CHECK(has_param(&o, "last/kernel"));
    CHECK(has_module(&o, "last"));
    /* in the model's order */
    CHECK_EQ(o.source.graph->n_inputs, 2);
    CHECK_STR(o.source.graph->results[o.source.graph->inputs[0]].name, "b");
    CHECK_STR(o.source.graph->results[o.source.graph->inputs[1]].name,
              "first");
    CHECK_EQ(o.source.graph->output_tree.kind, CVYI_TREE_DICT);
    close_script(&o);
}

/* ---- what is refused ---- */

static void what_is_not_known_is_refused(void)
{
    static const struct {
        const char *script, *entry;
        int line;
        const char *says;
    } rows[] = {
        { "m = keras.Sequential([layers.Dense(3)])\n", NULL, 0, "--input" },
        { "m = keras.Sequential([layers.LSTM(3, input_shape=(4, 2))])\n", NULL,
          5, "recurrent" },
        { "m = keras.Sequential()\n"
          "m.add(layers.Dense(3, input_dim=4))\n"
          "m.add(layers.LSTM(3))\nm.add(layers.Dense(2))\n"
          "m.compile('adam', 'mse')\n",
          NULL, 7, "recurrent" },
        { "b = keras.applications.VGG16(include_top=False)\n"
          "m = keras.Model(b.input, layers.Dense(3)(b.output))\n",
          NULL, 5, ".keras" },
        { "x = keras.Input((3,))\ny = layers.Dense(3)(x)\n"
          "z = layers.Attention()([y, y])\nm = keras.Model(x, z)\n",
          NULL, 7, "attention" },
        /* What comes after a model that is compiled may be meant. */
        { "x = keras.Input((3,))\nm = keras.Model(x, layers.Dense(3)(x))\n"
          "m.compile('adam', 'mse')\ny = layers.LSTM(2)(m.output)\n"
          "n = keras.Model(x, y)\nn.compile('adam', 'mse')\n",
          NULL, 8, "recurrent" },
        /* A member that may be there or not. */
        { "import other\nm = keras.Sequential()\n"
          "m.add(layers.Dense(3, input_dim=4))\n"
          "if other.deep:\n    m.add(layers.Dense(3))\n"
          "m.add(layers.Dense(2))\n",
          NULL, 0, "other" },
        { "import other\nm = keras.Sequential()\n"
          "m.add(layers.Dense(3, input_dim=4))\n"
          "other.extend(m)\nm.add(layers.Dense(2))\n",
          NULL, 0, "other" },
        { "from other import data\nx = keras.Input(data.shape[1:])\n"
          "m = keras.Model(x, layers.Dense(3)(x))\n",
          NULL, 6, "--input" },
        { "class Layer(layers.Layer):\n    def __init__(self):\n"
          "        self.a = 1\n    def call(self, x):\n        return x\n"
          "x = keras.Input((3,))\ny = Layer()(layers.Dense(2)(x))\n",
          NULL, 11, "super().__init__()" },
        { "x = keras.Input((8, 2))\n"
          "e = keras.Model(x, layers.Flatten()(x))\n"
          "y = e(keras.Input((9, 2)))\n",
          "y", 7, "not like" },
        { "x = keras.Input((3,))\n"
          "y = layers.Dense(2)(x, mask=keras.Input((3,)))\n",
          NULL, 6, "mask" },
        { "m = keras.Sequential()\nm.add(m)\nm.add(m)\nm.build((None, 3))\n",
          NULL, 0, "" },
        { "m = keras.Sequential([layers.Dense(3, input_dim=4), "
          "layers.ReLU()])\nm.layers.pop()\n"
          "n = keras.Model(m.input, m.layers[-1].output)\n",
          NULL, 7, "list of the layers" },
        { "l = []\nl.append(l)\nm = keras.Model(l, l)\n", NULL, 0, "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, IMPORT "%s", rows[i].script);
        o = open_script(text,
                        &(cvyi_source_request){ .entry = rows[i].entry });
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
    { "models are what they give", models_are_what_they_give },
    { "classes are built once and called", classes_are_built_once_and_called },
    { "layers have Keras' names", layers_have_keras_s_names },
    { "what is not known is refused", what_is_not_known_is_refused },
};
CHECK_MAIN(cases)
