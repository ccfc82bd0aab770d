/* read/test_script_losses.c - what is added to losses, and what of a network a
 * script trains. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include "base/value.h"
#include "graph/graph.h"

#define NET                                                         \
    HEAD "import tensorflow.contrib.slim as slim\n" INPUT           \
         "t = tf.placeholder(tf.int64, [None], name='t')\n"         \
         "h = tf.layers.flatten(x)\n"                               \
         "w = tf.get_variable('a/w', [64, 5])\n"                    \
         "h = tf.matmul(h, w)\n"                                    \
         "v = tf.get_variable('b/v', [5, 3])\n"                     \
         "out = tf.matmul(h, v)\n"                                  \
         "loss = tf.losses.sparse_softmax_cross_entropy(labels=t, " \
         "logits=out)\n"
#define TRAIN "tf.train.GradientDescentOptimizer(0.5).minimize("

static opened open_net(const char *script, const char *network)
{
    char text[2048];

    snprintf(text, sizeof text, "%s%s", network, script);
    return open_script(text, &(cvyi_source_request){ .entry = "out" });
}

static const cvyi_param *param(const opened *o, const char *name)
{
    for (int i = 0; i < o->source.graph->n_params; i++)
        if (strcmp(o->source.graph->params[i].name, name) == 0)
            return &o->source.graph->params[i];
    CHECK_FAIL("there is no %s", name);
    return NULL;
}

/* The factor of its squares; 0: none. */
static double squares(const opened *o, const char *name)
{
    const cvyi_value *const l2 =
        cvyi_get(cvyi_get(param(o, name)->regulariser, "config"), "l2");
    double value = 0;

    (void)cvyi_as_double(&value, l2);
    return value;
}

static bool has_loss(const opened *o)
{
    const cvyi_value *const loss = cvyi_get(o->source.graph->training, "loss");

    return loss != NULL && !cvyi_is_none(loss);
}

static bool remarks(const opened *o, const char *words)
{
    for (int i = 0; i < o->findings.n; i++)
        if (strstr(o->findings.items[i].text, words) != NULL)
            return true;
    return false;
}

static void squares_in_a_loss_are_found(void)
{
    static const struct {
        const char *script;
        double w, v;
        bool loss;
    } rows[] = {
        { TRAIN "loss)\n", 0, 0, true },
        { TRAIN "loss + tf.nn.l2_loss(w))\n", 0.5, 0, true },
        { TRAIN "0.5 * tf.nn.l2_loss(w) + loss)\n", 0.25, 0, true },
        { TRAIN "loss + (tf.nn.l2_loss(w) + tf.nn.l2_loss(v)) * 4)\n", 2, 2,
          true },
        { TRAIN "tf.add(loss, tf.nn.l2_loss(v) / 2.0))\n", 0, 0.25, true },
        { TRAIN "loss + sum(tf.nn.l2_loss(a) for a in "
                "tf.trainable_variables()))\n",
          0.5, 0.5, true },
        { TRAIN "loss + tf.contrib.layers.l2_regularizer(0.5)(w))\n", 0.25, 0,
          true },
        { "tf.add_to_collection('k', tf.multiply(tf.nn.l2_loss(w), 2.0))\n"
          "tf.add_to_collection('k', loss)\n" TRAIN
          "tf.add_n(tf.get_collection('k'), name='all'))\n",
          1, 0, true },
        { TRAIN "tf.losses.get_total_loss())\n", 0, 0, true },
        { "tf.add_to_collection(tf.GraphKeys.LOSSES, tf.nn.l2_loss(w))\n" TRAIN
          "tf.losses.get_total_loss())\n",
          0.5, 0, true },
        { "slim.losses.add_loss(tf.nn.l2_loss(v))\n"
          "slim.learning.create_train_op(slim.losses.get_total_loss(), "
          "tf.train.AdamOptimizer(0.5))\n",
          0, 0.5, true },
        /* What nobody minimises is nothing. */
        { "tf.add_to_collection('k', tf.nn.l2_loss(w))\n" TRAIN "loss)\n", 0,
          0, true },
        /* What is not known is no part of it, and then the rest is none. */
        { TRAIN "loss + tf.nn.l2_loss(w) * tf.nn.l2_loss(v))\n", 0, 0, false },
        { TRAIN "2.0 * (loss + tf.nn.l2_loss(w)))\n", 0, 0, false },
        { TRAIN "loss + tf.nn.l2_loss(out))\n", 0, 0, false },
        { TRAIN "loss + tf.reduce_sum(tf.abs(w)))\n", 0, 0, false },
        { "tf.losses.cosine_distance(out, out, 0)\n" TRAIN
          "tf.losses.get_total_loss())\n",
          0, 0, false },
        { "import other\ntf.add_to_collection('k', loss)\n"
          "tf.add_to_collection('k', other.more())\n" TRAIN
          "tf.add_n(tf.get_collection('k')))\n",
          0, 0, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_net(rows[i].script, NET);

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        if (squares(&o, "a/w") != rows[i].w ||
            squares(&o, "b/v") != rows[i].v || has_loss(&o) != rows[i].loss)
            CHECK_FAIL("row %zu: %g %g", i, squares(&o, "a/w"),
                       squares(&o, "b/v"));
        close_script(&o);
    }
}

static void regularisers_count_where_they_are_minimised(void)
{
    static const char scoped[] =
        HEAD INPUT "t = tf.placeholder(tf.int64, [None])\n"
                   "r = tf.contrib.layers.l2_regularizer(0.5)\n"
                   "with tf.variable_scope('a', regularizer=r):\n"
                   "    w = tf.get_variable('w', [64, 5])\n"
                   "v = tf.get_variable('b/v', [5, 3], regularizer=r)\n"
                   "out = tf.matmul(tf.matmul(tf.layers.flatten(x), w), v)\n"
                   "loss = tf.losses.sparse_softmax_cross_entropy(t, out)\n";
    static const char layers[] =
        HEAD INPUT "t = tf.placeholder(tf.int64, [None])\n"
                   "r = tf.contrib.layers.l2_regularizer(0.5)\n"
                   "h = tf.layers.dense(tf.layers.flatten(x), 5, name='a', "
                   "kernel_regularizer=r)\n"
                   "out = tf.layers.dense(h, 3, name='b', kernel_regularizer="
                   "tf.contrib.layers.l1_regularizer(0.5))\n"
                   "loss = tf.losses.sparse_softmax_cross_entropy(t, out)\n";
    opened o = open_net(TRAIN "tf.losses.get_total_loss())\n", scoped);

    CHECK_EQ(o.status, CVY_OK);
    CHECK(squares(&o, "a/w") == 0.25 && squares(&o, "b/v") == 0.25);
    close_script(&o);
    o = open_net(TRAIN "loss)\n", scoped);
    CHECK(squares(&o, "a/w") == 0 && squares(&o, "b/v") == 0);
    close_script(&o);
    o = open_net(TRAIN "loss + tf.add_n(tf.get_collection("
                       "tf.GraphKeys.REGULARIZATION_LOSSES)))\n",
                 scoped);
    CHECK(squares(&o, "a/w") == 0.25 && squares(&o, "b/v") == 0.25);
    close_script(&o);
    /* One that is no L2 is not known. */
    o = open_net(TRAIN "tf.losses.get_total_loss())\n", layers);
    if (o.status != CVY_OK)
        CHECK_FAIL("%s", o.err.text);
    CHECK(!has_loss(&o));
    close_script(&o);
}

static void what_is_not_trained_is_frozen(void)
{
    static const struct {
        const char *script;
        bool w, v;
    } rows[] = {
        { TRAIN "loss, var_list=[v])\n", false, true },
        { TRAIN "loss, None, [w, v])\n", true, true },
        { TRAIN "loss, var_list=tf.trainable_variables('b'))\n", false, true },
        { TRAIN "loss, var_list=tf.get_collection("
                "tf.GraphKeys.TRAINABLE_VARIABLES, 'a'))\n",
          true, false },
        { TRAIN "loss, var_list=[a for a in tf.trainable_variables() "
                "if a.name.startswith('a/')])\n",
          true, false },
    };
    opened o;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        o = open_net(rows[i].script, NET);
        CHECK_EQ(o.status, CVY_OK);
        if (param(&o, "a/w")->trainable != rows[i].w ||
            param(&o, "b/v")->trainable != rows[i].v)
            CHECK_FAIL("row %zu", i);
        close_script(&o);
    }
    o = open_net("import other\n" TRAIN "loss, var_list=other.some())\n", NET);
    CHECK(remarks(&o, "var_list"));
    close_script(&o);
    o = open_net("optimizer = tf.train.AdamOptimizer(0.5)\n"
                 "g, p = zip(*optimizer.compute_gradients(loss))\n"
                 "g, n = tf.clip_by_global_norm(g, 5.0)\n"
                 "optimizer.apply_gradients(zip(g, p))\n",
                 NET);
    CHECK(remarks(&o, "clip_grad_norm_"));
    close_script(&o);
}

static void flags_of_layers_hold_when_a_model_is_compiled(void)
{
    static const char layers[] =
        "from tensorflow import keras\n"
        "a = keras.layers.Dense(3, name='a')\n"
        "b = keras.layers.Dense(3, name='b')\n"
        "x = keras.Input((4,))\ne = keras.Model(x, a(x))\n"
        "out = keras.Model(x, b(e(x)))\n";
    static const struct {
        const char *script;
        bool a, b;
    } rows[] = {
        { "a.trainable = False\n", false, true },
        { "e.trainable = False\nout.compile('sgd', 'mse')\n", false, true },
        { "out.trainable = False\nb.trainable = True\n", false, true },
        { "out.compile('sgd', 'mse')\na.trainable = False\n", true, true },
        { "for l in out.layers[1:]:\n    l.trainable = False\n", false,
          false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_net(rows[i].script, layers);

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        if (param(&o, "a/kernel")->trainable != rows[i].a ||
            param(&o, "b/kernel")->trainable != rows[i].b)
            CHECK_FAIL("row %zu", i);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "squares in a loss are found", squares_in_a_loss_are_found },
    { "regularisers count where they are minimised",
      regularisers_count_where_they_are_minimised },
    { "what is not trained is frozen", what_is_not_trained_is_frozen },
    { "flags of layers hold when a model is compiled",
      flags_of_layers_hold_when_a_model_is_compiled },
};
CHECK_MAIN(cases)
