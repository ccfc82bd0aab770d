/* read/test_script_asks.c - what a script lacks, and how it is said. */
#define _XOPEN_SOURCE 700
#include "script.h"

typedef struct asking {
    const char *script;
    const char *entry;  /* --entry, or NULL */
    const char *set;    /* --set, or NULL */
    const char *input;  /* --input of four channels and eight steps, or NULL */
    const char *result; /* operators of the graph, or what a refusal says */
} asking;

static opened ask(const asking *row)
{
    const cvyi_call_input input = { row->input, 3, { -1, 8, 4 } };
    char text[2048];

    snprintf(text, sizeof text, HEAD "%s", row->script);
    return open_script(text, &(cvyi_source_request){
                                 .entry = row->entry,
                                 .n_sets = row->set != NULL,
                                 .sets = &row->set,
                                 .n_inputs = row->input != NULL,
                                 .inputs = &input,
                             });
}

static void check_taken(const asking *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        opened o = ask(&rows[i]);
        char ops[512];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, rows[i].result) != 0)
            CHECK_FAIL("row %zu is %s, not %s", i, ops, rows[i].result);
        close_script(&o);
    }
}

static void check_asked(const asking *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        opened o = ask(&rows[i]);

        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d", i, o.status);
        if (strstr(o.err.text, rows[i].result) == NULL)
            CHECK_FAIL("row %zu says: %s", i, o.err.text);
        close_script(&o);
    }
}

#define ROWS(rows) rows, sizeof rows / sizeof *rows

/* ---- sizes ---- */

#define FROM_DATA                                               \
    "import corpus\n"                                           \
    "width = corpus.train.shape[1]\n"                           \
    "x = tf.placeholder(tf.float32, [None, width], name='x')\n" \
    "y = tf.layers.dense(x, 3)\n"

static void sizes_from_elsewhere_are_asked_for(void)
{
    static const asking asked[] = {
        { FROM_DATA, NULL, NULL, NULL, "--set width=VALUE" },
        { FROM_DATA, NULL, NULL, NULL, "corpus is imported (line 2)" },
        /* The one that is wanted, and not what it was made of. */
        { "import corpus\nwords = corpus.load()\nmany = len(words) + 1\n"
          "x = tf.placeholder(tf.int32, [None, 5])\n"
          "t = tf.get_variable('t', [many, 8])\n"
          "y = tf.nn.embedding_lookup(t, x)\n",
          NULL, NULL, NULL, "--set many=VALUE" },
        { "import corpus\nfilters = corpus.filters\n"
          "x = tf.placeholder(tf.float32, [None, 8, 4])\n"
          "y = tf.layers.conv1d(x, filters, 3)\n",
          NULL, NULL, NULL, "--set filters=VALUE" },
        { "x = tf.placeholder(tf.float32)\n"
          "y = tf.matmul(x, tf.get_variable('w', [2, 3]))\n",
          NULL, NULL, NULL, "--input Placeholder=" },
    };
    static const asking taken[] = {
        { FROM_DATA, NULL, "width=7", NULL, "dense" },
        { "sizes = [3]\nx = tf.placeholder(tf.float32, [None, 8, 4])\n"
          "y = tf.concat([tf.layers.conv1d(x, 2, k) for k in sizes], 1)\n",
          NULL, "sizes=[3, 4,5]", NULL, "conv conv conv concat" },
        { "cells = None\nx = tf.placeholder(tf.float32, [None, 8, 4])\n"
          "y = x\n"
          "for n, way in cells:\n"
          "    y = tf.layers.conv1d(y, n, 3, padding=way)\n",
          NULL, "cells=((2, 'same'), (4, \"valid\"),)", NULL, "conv conv" },
        /* What is no list is a text. */
        { "way = None\nx = tf.placeholder(tf.float32, [None, 8, 4])\n"
          "y = tf.nn.relu(x) if way == '[3,' else tf.nn.tanh(x)\n",
          NULL, "way=[3,", NULL, "pointwise" },
    };

    check_asked(ROWS(asked));
    check_taken(ROWS(taken));
}

/* ---- data ---- */

#define PIPELINE                                                       \
    "import corpus\n"                                                  \
    "data = tf.data.Dataset.from_tensor_slices(corpus.all).batch(8)\n" \
    "images, labels = data.make_one_shot_iterator().get_next()\n"      \
    "y = tf.layers.conv1d(images, 4, 3)\n"

static void data_of_a_pipeline_are_inputs(void)
{
    static const asking asked[] = {
        { PIPELINE, NULL, NULL, NULL, "--input images=" },
    };
    static const asking taken[] = {
        { PIPELINE, NULL, NULL, "images", "conv" },
        { "def batch():\n    return tf.train.batch([1], 8)\n"
          "class Net(object):\n"
          "    def __init__(self):\n"
          "        self.images = batch()\n"
          "        self.y = tf.nn.relu(self.images)\n"
          "net = Net()\n",
          NULL, NULL, "images", "pointwise" },
        /* What a placeholder is called is not what data are called later. */
        { "import corpus\n"
          "images = tf.placeholder(tf.float32, name='images')\n"
          "y = tf.layers.conv1d(images, 4, 3)\n"
          "images = corpus.load()\n"
          "print(tf.Session().run(y, {y: images}))\n",
          NULL, NULL, "images", "conv" },
    };

    check_asked(ROWS(asked));
    check_taken(ROWS(taken));
}

/* ---- noise ---- */

static void noise_is_an_input(void)
{
    static const asking taken[] = {
        { "x = tf.placeholder(tf.float32, [None, 4])\n"
          "mean = tf.layers.dense(x, 2)\n"
          "noise = tf.random_normal(tf.shape(mean))\n"
          "y = tf.layers.dense(mean + noise, 4)\n",
          NULL, NULL, NULL, "dense add dense" },
    };
    static const asking asked[] = {
        { "x = tf.placeholder(tf.float32, [None, 4])\n"
          "w = tf.Variable(tf.random_normal([tf.shape(x)[0], 3]))\n"
          "y = tf.layers.dense(x, 2) + w\n",
          NULL, NULL, NULL, "a variable of a shape that is not known" },
    };

    check_taken(ROWS(taken));
    check_asked(ROWS(asked));
}

/* ---- packages whose sizes are known ---- */

#define TUTORIAL                                                   \
    "from tensorflow.examples.tutorials.mnist import input_data\n" \
    "mnist = input_data.read_data_sets('data', one_hot=True)\n"

#define APPLICATION                                                         \
    "import keras\n"                                                        \
    "from keras import backend as K\n"                                      \
    "from keras.applications.imagenet_utils import _obtain_input_shape\n"   \
    "def net(top, shape=None):\n"                                           \
    "    shape = _obtain_input_shape(shape, default_size=24, min_size=8,\n" \
    "        data_format=K.image_data_format(), include_top=top)\n"         \
    "    x = keras.layers.Input(shape=shape)\n"                             \
    "    y = keras.layers.Lambda(lambda t: K.relu(t, max_value=6))(x)\n"    \
    "    return keras.models.Model(x, keras.layers.Dense(3)(\n"             \
    "        keras.layers.Flatten()(y) if top else y))\n"

static void packages_say_their_sizes(void)
{
    static const asking taken[] = {
        { TUTORIAL "x = tf.placeholder(tf.float32, "
                   "[None, mnist.train.images.shape[1]])\n"
                   "y = tf.layers.dense(x, mnist.train.labels.shape[1])\n"
                   "w = tf.get_variable('w', [10, 2], initializer="
                   "tf.zeros_initializer())\n"
                   "z = tf.matmul(y, w)\n",
          NULL, NULL, NULL, "dense dense" },
        /* A dense layer behind Flatten needs sizes that are known. */
        { APPLICATION "model = net(True)\n", NULL, NULL, NULL,
          "pointwise flatten dense" },
        { APPLICATION "model = net(True, (5, 5, 3))\n", NULL, NULL, NULL,
          "pointwise flatten dense" },
        { APPLICATION "model = net(False)\n", NULL, NULL, NULL,
          "pointwise dense" },
        /* A name of the script's own in the module of TensorFlow. */
        { "tf.model = tf.keras.Sequential()\n"
          "tf.model.add(tf.keras.layers.Dense(3, input_dim=4))\n",
          NULL, NULL, NULL, "dense" },
        /* Of the time of TensorFlow 1: 0.2 x + 0.5, cut off. */
        { "x = tf.placeholder(tf.float32, [None, 4])\n"
          "y = tf.keras.backend.hard_sigmoid(x)\n",
          NULL, NULL, NULL, "rescale pointwise" },
    };

    check_taken(ROWS(taken));
}

/* ---- losses ---- */

static void a_term_of_a_loss_is_no_network(void)
{
    static const asking taken[] = {
        { "x = tf.placeholder(tf.float32, [None, 4])\n"
          "mean = tf.layers.dense(x, 2)\n"
          "y = tf.layers.dense(mean, 4)\n"
          "likely = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(\n"
          "    logits=y, labels=x), 1)\n"
          "away = tf.reduce_sum(tf.exp(mean) - mean, 1)\n"
          "loss = tf.reduce_mean(likely + away)\n",
          NULL, NULL, NULL, "dense dense" },
    };

    check_taken(ROWS(taken));
}

/* ---- files of definitions ---- */

#define TWO_FUNCTIONS                                                   \
    "def block(x):\n    return tf.nn.relu(tf.layers.conv1d(x, 4, 3))\n" \
    "def network(steps, depth=1):\n"                                    \
    "    for _ in range(depth):\n        steps = block(steps)\n"        \
    "    return steps\n"                                                \
    "def train(data, rate):\n    return network(data)\n"

#define CLASS                                                  \
    "def helper(x):\n    return x\n"                           \
    "class Net(object):\n"                                     \
    "    def __init__(self, length, classes, rate=0.1):\n"     \
    "        x = tf.placeholder(tf.float32, [None, length])\n" \
    "        self.scores = tf.layers.dense(x, classes)\n"

#define NETWORK                                                       \
    "class Net(object):\n"                                            \
    "    def __init__(self, length):\n        self.length = length\n" \
    "    def build(self, classes=2):\n"                               \
    "        x = tf.placeholder(tf.float32, [None, self.length])\n"   \
    "        return tf.layers.dense(x, classes), None\n"

static void definitions_are_named_or_taken(void)
{
    static const asking asked[] = {
        { TWO_FUNCTIONS, NULL, NULL, NULL,
          "it defines block, network, train" },
        { CLASS, NULL, NULL, NULL, "it defines Net:" },
        { CLASS, "Net", NULL, NULL, "Net needs length, classes:" },
        { CLASS, "Net", "length=4", NULL, "Net needs classes:" },
        { NETWORK, "Net.build", "classes=3", NULL, "Net needs length:" },
        /* A script that makes a network is no such file. */
        { TWO_FUNCTIONS "x = tf.placeholder(tf.float32, [None, 8, 4])\n"
                        "y = tf.nn.ctc_loss(x)\n",
          NULL, NULL, NULL, "tf.nn.ctc_loss" },
    };
    static const asking taken[] = {
        { TWO_FUNCTIONS, NULL, NULL, "steps", "conv pointwise" },
        { TWO_FUNCTIONS, "network", "depth=2", "steps",
          "conv pointwise conv pointwise" },
        { TWO_FUNCTIONS, NULL, NULL, "x", "conv pointwise" },
        /* A method has an object made for it; None is no output. */
        { NETWORK, "Net.build", "length=3", NULL, "dense" },
        { "def net(x):\n"
          "    w = tf.get_variable('w', [3, 4, 2])\n"
          "    y = tf.nn.conv1d(x, w, 1, 'SAME')\n"
          "    return y, [w], tf.nn.l2_loss(w), {'size': 3}\n",
          "net", NULL, "x", "conv" },
        { "def scoped(make):\n"
          "    def inner(*args, **kwargs):\n"
          "        with tf.variable_scope(make.__name__):\n"
          "            return make(*args, **kwargs)\n"
          "    return inner\n"
          "@scoped\n"
          "def net(x, filters=2):\n"
          "    return tf.layers.conv1d(x, filters, 3)\n",
          "net", "filters=3", "x", "conv" },
        { "def net(x, **more):\n"
          "    return tf.layers.conv1d(x, more['filters'], 3)\n",
          "net", "filters=3", "x", "conv" },
    };

    check_asked(ROWS(asked));
    check_taken(ROWS(taken));
}

/* ---- numbers ---- */

static void functions_of_numbers_are_numbers(void)
{
    static const asking taken[] = {
        { "def glorot(shape):\n"
          "    return tf.random_normal(shape, stddev=1. / tf.sqrt(shape[0] / "
          "2.))\n"
          "x = tf.placeholder(tf.float32, [None, 4])\n"
          "y = tf.matmul(x, tf.Variable(glorot([4, 3])))\n",
          NULL, NULL, NULL, "dense" },
        /* Whole numbers stay sizes. */
        { "x = tf.placeholder(tf.float32, [None, 8, 4])\n"
          "y = tf.layers.conv1d(x, tf.add(2, tf.multiply(3, 2)), 3)\n",
          NULL, NULL, NULL, "conv" },
    };

    check_taken(ROWS(taken));
}

static const check_case cases[] = {
    { "sizes from elsewhere are asked for",
      sizes_from_elsewhere_are_asked_for },
    { "data of a pipeline are inputs", data_of_a_pipeline_are_inputs },
    { "noise is an input", noise_is_an_input },
    { "packages say their sizes", packages_say_their_sizes },
    { "a term of a loss is no network", a_term_of_a_loss_is_no_network },
    { "definitions are named or taken", definitions_are_named_or_taken },
    { "functions of numbers are numbers", functions_of_numbers_are_numbers },
};
CHECK_MAIN(cases)
