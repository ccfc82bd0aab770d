/* read/test_script_training.c - what scripts train with, and what of them only
 * a loss asks for. */
#define _XOPEN_SOURCE 700
#include "script.h"

#define LAYER                                                              \
    HEAD INPUT "h = tf.layers.conv1d(x, 5, 3, padding='SAME', name='c')\n" \
               "t = tf.placeholder(tf.float32, [None, 16, 5], name='t')\n" \
               "p = tf.reshape(h, [-1, 5])\n"                              \
               "q = tf.reshape(t, [-1, 5])\n"
#define LOSS                                                         \
    "loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(" \
    "logits=p, labels=q))\n"
#define TRAIN "tf.train.AdamOptimizer(0.5).minimize(loss)\n"

static opened open_plain(const char *text)
{
    return open_script(text, &(cvyi_source_request){ 0 });
}

static const char *class_of(const opened *o, const char *what)
{
    return cvyi_as_text(
        cvyi_get(cvyi_get(o->source.graph->training, what), "class_name"));
}

static bool remarks(const opened *o, const char *words)
{
    for (int i = 0; i < o->findings.n; i++)
        if (strstr(o->findings.items[i].text, words) != NULL)
            return true;
    return false;
}

static void a_loss_of_positions_is_one_of_the_tensor(void)
{
    opened o = open_plain(LAYER LOSS TRAIN);

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->n_inputs, 1);
    CHECK_STR(class_of(&o, "loss"), "CategoricalCrossentropy");
    CHECK_STR(class_of(&o, "optimizer"), "Adam");
    CHECK(!remarks(&o, "there is no"));
    close_script(&o);
}

/* No earlier tensor is taken for what is made of them. */
static void positions_are_nothing_else(void)
{
    static const char *const rows[] = {
        "y = tf.nn.softmax(p)\n",
        "y = p * 2.0\n",
        "y = 1.0 - p\n",
        "y = h + tf.reduce_sum(p, 1)\n",
        "y = p[0]\n",
        "y = -p\n",
        "y = tf.matmul(p, tf.get_variable('w', [5, 3]))\n",
        "y = tf.concat([p, p], 1)\n",
        "y = tf.reshape(p, [-1, 16, 5])\n",
        "y = tf.layers.dense(p, 3)\n",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        opened o;

        snprintf(text, sizeof text, "%s%s", LAYER, rows[i]);
        o = open_plain(text);
        if (o.status != CVY_UNSUPPORTED ||
            strstr(o.err.text, "one sample to another") == NULL)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        close_script(&o);
    }
}

static void what_is_minimised_has_to_be_the_loss(void)
{
    static const struct {
        const char *script, *words;
    } rows[] = {
        { LAYER LOSS "tf.train.AdamOptimizer(0.5).minimize(loss * 2.0)\n",
          "not all that is minimised" },
        { LAYER LOSS "tf.train.AdamOptimizer(0.5).minimize(loss + "
                     "tf.nn.l2_loss(x))\n",
          "not all that is minimised" },
        { LAYER LOSS "tf.train.AdamOptimizer(0.5).minimize("
                     "tf.add_n([loss, loss]))\n",
          "not all that is minimised" },
        { LAYER LOSS TRAIN "y = tf.nn.relu(h)\n", "another tensor" },
        { LAYER LOSS TRAIN TRAIN, "2 optimizers" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_plain(rows[i].script);

        if (o.status != CVY_OK || !remarks(&o, rows[i].words))
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        CHECK(class_of(&o, "loss") == NULL);
        close_script(&o);
    }
}

/* ---- names and entries ---- */

static void layers_of_one_scope_have_their_variables_names(void)
{
    opened o =
        open_plain(HEAD INPUT "with tf.variable_scope('cell'):\n"
                              "    f = tf.get_variable('filter', [2, 4, 4])\n"
                              "    g = tf.get_variable('gate', [2, 4, 4])\n"
                              "with tf.variable_scope('end'):\n"
                              "    w = tf.get_variable('filter', [2, 4, 4])\n"
                              "y = tf.tanh(tf.nn.conv1d(x, f, 1, 'SAME')) * "
                              "tf.sigmoid(tf.nn.conv1d(x, g, 1, 'SAME'))\n"
                              "y = tf.nn.conv1d(y, w, 1, 'SAME')\n");

    CHECK_EQ(o.status, CVY_OK);
    CHECK(has_module(&o, "cell/filter"));
    CHECK(has_module(&o, "cell/gate"));
    CHECK(has_module(&o, "end"));
    close_script(&o);
}

static void methods_of_objects_are_entries(void)
{
    const cvyi_call_input input = { "a", 3, { -1, 5, 2 } };
    const cvyi_source_request r = { .entry = "net.run",
                                    .n_inputs = 1,
                                    .inputs = &input };
    opened o = open_script(HEAD "class Net(object):\n"
                                "    def __init__(self, n):\n"
                                "        self.n = n\n"
                                "    def run(self, a, scale=2.0):\n"
                                "        return tf.layers.dense(a * scale, "
                                "self.n)\n"
                                "net = Net(7)\n",
                           &r);

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->params[0].stored.dims[1], 7);
    close_script(&o);
}

static void a_parameter_may_be_a_dict_of_inputs(void)
{
    const cvyi_call_input inputs[] = { { "f.image", 2, { -1, 6 } },
                                       { "f.extra", 2, { -1, 2 } } };
    const cvyi_source_request r = { .entry = "net",
                                    .n_inputs = 2,
                                    .inputs = inputs };
    opened o = open_script(HEAD "def net(f):\n"
                                "    x = tf.concat([f['image'], f['extra']], "
                                "1)\n"
                                "    return tf.layers.dense(x, 3)\n",
                           &r);

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->n_inputs, 2);
    CHECK_EQ(o.source.graph->params[0].stored.dims[0], 8);
    close_script(&o);
}

static const check_case cases[] = {
    { "a loss of positions is one of the tensor",
      a_loss_of_positions_is_one_of_the_tensor },
    { "positions are nothing else", positions_are_nothing_else },
    { "what is minimised has to be the loss",
      what_is_minimised_has_to_be_the_loss },
    { "layers of one scope have their variables' names",
      layers_of_one_scope_have_their_variables_names },
    { "methods of objects are entries", methods_of_objects_are_entries },
    { "a parameter may be a dict of inputs",
      a_parameter_may_be_a_dict_of_inputs },
};
CHECK_MAIN(cases)
