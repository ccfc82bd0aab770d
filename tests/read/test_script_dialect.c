/* read/test_script_dialect.c - whose words a script is written in: its marks,
 * --from, and what is refused because nobody knows. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include <string.h>

#define KERAS \
    "from keras.models import Sequential\nfrom keras.layers import *\n"

static opened open_from(const char *text, const char *from)
{
    const cvyi_source_request request = { .name = "m", .from = from };

    return open_script(text, &request);
}

static void check_good(const opened *o)
{
    if (o->status != CVY_OK)
        CHECK_FAIL("%s", o->err.text);
}

/* The first remark; "" if there is none. */
static const char *first(const opened *o)
{
    return o->findings.n > 0 ? o->findings.items[0].text : "";
}

static void the_first_remark_says_the_dialect_and_why(void)
{
    static const struct {
        const char *text, *from, *remark, *dialect;
    } rows[] = {
        { HEAD INPUT "y = tf.nn.relu(x)\n", NULL,
          "read as TensorFlow 1 (tf.placeholder, line 2)", "tf1" },
        { "import tensorflow.compat.v1 as tf\n" INPUT "y = tf.nn.relu(x)\n",
          NULL, "read as TensorFlow 1 (tf.compat.v1, line 1)", "tf1" },
        { HEAD "# tf.Session in a comment, 'tf.placeholder' in a text\n"
               "x = tf.keras.Input((8, 4))\ny = tf.nn.relu(x)\n",
          NULL,
          "read as Keras 3, since nothing in it is of another version alone; "
          "--from names another",
          "keras3" },
        { HEAD "x = tf.keras.Input((8, 4))\ny = tf.nn.relu(x)\n"
               "def late():\n    with tf.Session() as s: pass\n",
          NULL, "read as TensorFlow 1 (tf.Session, line 5)", "tf1" },
        { KERAS "model = Sequential([Dense(3, input_shape=(4,))])\n"
                "model.fit(1, 2, nb_epoch=3)\n",
          NULL, "read as Keras 1 (nb_epoch, line 4)", "keras1" },
        { KERAS "model = Sequential([Dense(3, input_shape=(4,))])\n"
                "model.fit_generator(1)\n",
          NULL, "read as Keras 2 (fit_generator, line 4)", "keras2" },
        { KERAS "from keras import ops\n"
                "model = Sequential([Dense(3, input_shape=(4,))])\n",
          NULL, "read as Keras 3 (keras.ops, line 3)", "keras3" },
        { HEAD INPUT "y = tf.nn.relu(x)\n", "tf2",
          "read as TensorFlow 2 (--from)", "tf2" },
        { KERAS "model = Sequential([Dense(3, input_shape=(4,))])\n",
          "keras2-2.3", "read as Keras 2, version 2.3 (--from)", "keras2" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_from(rows[i].text, rows[i].from);

        check_good(&o);
        CHECK_STR(first(&o), rows[i].remark);
        CHECK_STR(o.source.graph->dialect, rows[i].dialect);
        close_script(&o);
    }
}

static void versions_that_differ_are_asked_for(void)
{
    static const struct {
        const char *text, *part;
        const char *knows[2]; /* what settles it */
    } rows[] = {
        { KERAS "model = Sequential([Dense(3, activation='hard_sigmoid', "
                "input_shape=(4,))])\n",
          "--from keras3 or --from keras2",
          { "keras2", "keras3" } },
        { HEAD "i = tf.keras.Input((8, 8, 3))\n"
               "m = tf.keras.Model(i, tf.image.resize(i, (4, 4)))\n",
          "--from tf1 or --from tf2",
          { "tf1", "tf2" } },
        { KERAS "model = Sequential([UpSampling2D(2, "
                "interpolation='bilinear', input_shape=(4, 4, 2))])\n",
          "before Keras 2.4",
          { "keras2-2.3", "keras3" } },
        { KERAS "model = Sequential([Convolution1D(3, 3, border_mode='same', "
                "input_shape=(8, 4)), BatchNormalization()])\n",
          "--from keras1-1.1",
          { "keras1-1.1", "keras1-1.2" } },
        { KERAS "model = Sequential([Convolution2D(3, 3, 3, "
                "border_mode='same', input_shape=(3, 8, 8))])\n",
          "--from keras1-1.0",
          { "keras1-1.0", "keras1-1.2" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_from(rows[i].text, NULL), either[2];

        CHECK_EQ(o.status, CVY_UNSUPPORTED);
        CHECK(strstr(o.err.text, rows[i].part) != NULL);
        CHECK(strncmp(first(&o), "read as ", 8) == 0);
        close_script(&o);
        for (int k = 0; k < 2; k++) {
            either[k] = open_from(rows[i].text, rows[i].knows[k]);
            check_good(&either[k]);
        }
        CHECK(strcmp(cvyi_text_c(&either[0].graph),
                     cvyi_text_c(&either[1].graph)) != 0);
        for (int k = 0; k < 2; k++)
            close_script(&either[k]);
    }
}

static void versions_that_agree_are_not_asked_for(void)
{
    static const char *const texts[] = {
        KERAS "model = Sequential([Conv2D(3, 3, activation='relu', "
              "input_shape=(8, 8, 3)), BatchNormalization(), Flatten()])\n",
        HEAD "i = tf.keras.Input((8, 8, 3))\n"
             "y = tf.nn.max_pool(i, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')\n",
        /* a small last axis is that of the channels */
        KERAS "model = Sequential([Convolution2D(3, 3, 3, "
              "border_mode='same', input_shape=(8, 8, 3))])\n",
        KERAS "import keras.backend as K\nK.set_image_dim_ordering('th')\n"
              "model = Sequential([Convolution2D(3, 3, 3, "
              "border_mode='same', input_shape=(3, 8, 8))])\n",
        HEAD INPUT "y = tf.keras.layers.Dense(3, 'hard_sigmoid')(x)\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        opened o = open_from(texts[i], NULL);

        check_good(&o);
        close_script(&o);
    }
}

static void a_dialect_that_is_none_is_refused(void)
{
    static const char *const from[] = { "tensorflow", "keras4", "keras2-new",
                                        "" };

    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        opened o = open_from(HEAD INPUT "y = tf.nn.relu(x)\n", from[i]);

        CHECK_EQ(o.status, CVY_ARGUMENT);
        close_script(&o);
    }
}

static const check_case cases[] = {
    { "the first remark says the dialect and why",
      the_first_remark_says_the_dialect_and_why },
    { "versions that differ are asked for",
      versions_that_differ_are_asked_for },
    { "versions that agree are not asked for",
      versions_that_agree_are_not_asked_for },
    { "a dialect that is none is refused", a_dialect_that_is_none_is_refused },
};
CHECK_MAIN(cases)
