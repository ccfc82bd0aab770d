/* read/test_script_maths.c - arithmetic with variables, and the batch alone. */
#define _XOPEN_SOURCE 700
#include "script.h"

typedef struct given {
    const char *script;
    const char *ops;   /* of the graph, in order */
    const char *param; /* NULL: not asked */
} given;

static void check_given(const given *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[2048], ops[512];
        opened o;

        snprintf(text, sizeof text, HEAD INPUT "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        if (strcmp(ops, rows[i].ops) != 0)
            CHECK_FAIL("row %zu is %s, not %s", i, ops, rows[i].ops);
        if (rows[i].param != NULL && !has_param(&o, rows[i].param))
            CHECK_FAIL("row %zu lacks %s", i, rows[i].param);
        close_script(&o);
    }
}

typedef struct refused {
    const char *script;
    int line; /* behind the two of HEAD and INPUT */
    const char *says;
} refused;

static void check_refused(const refused *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[2048];
        opened o;

        snprintf(text, sizeof text, HEAD INPUT "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d", i, o.status);
        if (o.err.line != rows[i].line + 2)
            CHECK_FAIL("row %zu: line %d: %s", i, o.err.line, o.err.text);
        if (strstr(o.err.text, rows[i].says) == NULL)
            CHECK_FAIL("row %zu says: %s", i, o.err.text);
        close_script(&o);
    }
}

#define ROWS(rows) rows, sizeof rows / sizeof *rows

/* ---- variables as operands ---- */

static void variables_of_any_shape_are_operands(void)
{
    static const given rows[] = {
        /* A number for each channel has its own operator. */
        { "y = x * tf.get_variable('g', [4])\n", "channel_scale", "g" },
        { "y = tf.get_variable('g', [1, 1, 4]) * x\n", "channel_scale", "g" },
        { "y = tf.add(tf.get_variable('g', [4]), x)\n", "channel_bias", "g" },
        { "y = tf.layers.conv1d(x, 4, 3, use_bias=False)\n"
          "y = y + tf.get_variable('b', [1, 1, 4])\n",
          "conv", "b" },
        /* The only channel is one too. */
        { "y = tf.layers.dense(tf.layers.flatten(x), 1, use_bias=False)\n"
          "y = y + tf.get_variable('b', [1])\n",
          "flatten dense", "b" },
        { "y = x + tf.get_variable('p', [16, 4])\n", "combine", "p" },
        { "y = x - tf.get_variable('p', [16, 1])\n", "combine", "p" },
        { "y = tf.get_variable('p', [4]) - x\n", "combine", "p" },
        { "y = x / tf.get_variable('p', [1, 16, 4])\n", "combine", "p" },
        { "y = tf.divide(tf.get_variable('p', [4]), x)\n", "combine", "p" },
        { "y = tf.maximum(x, tf.get_variable('p', []))\n", "combine", "p" },
        { "y = tf.minimum(tf.Variable(2.0, name='p'), x)\n", "combine", "p" },
        /* The tensor is repeated where the variable is longer. */
        { "h = tf.layers.conv1d(x, 1, 3)\n"
          "y = h * tf.get_variable('p', [6])\n",
          "conv repeat combine", "p" },
        /* A PReLU by hand. */
        { "a = tf.get_variable('a', [4])\n"
          "y = tf.maximum(0., x) + a * tf.minimum(0., x)\n",
          "pointwise pointwise channel_scale add", "a" },
        { "w = tf.get_variable('w', [4, 6])\ny = tf.tensordot(x, w, 1)\n",
          "dense", "w" },
        { "w = tf.get_variable('w', [6, 4])\n"
          "y = tf.tensordot(x, w, axes=[[2], [1]])\n",
          "dense", "w" },
    };

    check_given(ROWS(rows));
}

static void what_does_not_fit_is_refused(void)
{
    static const refused rows[] = {
        { "y = x * tf.get_variable('g', [5])\n", 1, "differ" },
        { "y = x * tf.get_variable('g', [2, 16, 4])\n", 1, "batch" },
        { "y = x * tf.get_variable('g', [2, 1, 16, 4])\n", 1, "more axes" },
        { "g = tf.get_variable('g', [4])\ny = tf.concat([x, g], 1)\n", 2,
          "tf.concat" },
        { "w = tf.get_variable('w', [16, 4, 6])\n"
          "y = tf.tensordot(x, w, axes=2)\n",
          2, "tf.tensordot" },
        { "w = tf.get_variable('w', [16, 6])\n"
          "y = tf.tensordot(x, w, axes=[[1], [0]])\n",
          2, "tf.tensordot" },
    };

    check_refused(ROWS(rows));
}

/* ---- the batch alone ---- */

static void the_batch_may_be_all_that_is_left(void)
{
    static const given rows[] = {
        { "y = tf.reduce_sum(tf.layers.flatten(x), 1)\n",
          "flatten reduce squeeze", NULL },
        { "y = tf.reduce_mean(x, axis=[1, 2])\n", "reduce flatten squeeze",
          NULL },
        { "y = tf.reshape(tf.layers.dense(tf.layers.flatten(x), 1), [-1])\n",
          "flatten dense squeeze", NULL },
        { "y = tf.squeeze(tf.layers.dense(tf.layers.flatten(x), 1), 1)\n",
          "flatten dense squeeze", NULL },
        { "y = x[:, -1, 0]\n", "slice flatten squeeze", NULL },
        { "y = tf.expand_dims(x[:, -1, 0], 1)\n", "slice flatten", NULL },
        { "y = tf.sqrt(tf.reduce_sum(x[:, 0] ** 2, 1) + 1e-6)\n",
          "slice flatten pointwise reduce squeeze rescale pointwise", NULL },
    };
    static const refused lost[] = {
        { "y = x - tf.reduce_max(x, 0)\n", 1, "tf.reduce_max" },
        /* N against N x 1 is N x N. */
        { "h = tf.layers.flatten(x)\n"
          "y = tf.reduce_sum(h, 1) + tf.layers.dense(h, 1)\n",
          2, "axes" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

/* Reshapes that drop or add an axis of one follow the order of axes. */
static void axes_of_one_element_come_and_go(void)
{
    static const given rows[] = {
        { "y = tf.squeeze(tf.nn.relu(tf.expand_dims(x, 2)), [2])\n",
          "expand pointwise squeeze", NULL },
        { "h = tf.nn.relu(tf.reshape(x, [-1, 16, 1, 4]))\n"
          "y = tf.reshape(h, [-1, 16, 4])\n",
          "expand pointwise squeeze", NULL },
        { "y = tf.reshape(tf.layers.flatten(x), [-1, 64, 1])\n",
          "flatten expand", NULL },
        { "y = tf.reduce_max(tf.expand_dims(x, -1), axis=1)\n",
          "expand reduce squeeze", NULL },
        { "y = tf.expand_dims(x, 3)[:, 2]\n", "expand slice squeeze", NULL },
        { "y = tf.reshape(x, [-1, 4, 16])\n", "reshape", NULL },
        { "y = tf.reshape(x, [-1, 8, 8, 1])\n", "reshape", NULL },
    };
    opened o = open_script(HEAD INPUT
                           "h = tf.nn.relu(tf.reshape(x, [-1, 16, 4, 1, 1]))\n"
                           "y = tf.reshape(h, [-1, 16, 4, 1])\n",
                           &(cvyi_source_request){ 0 });

    CHECK_EQ(o.status, CVY_OK);
    CHECK(strstr(cvyi_text_c(&o.graph), "squeeze(%3) axes=[0 0 0 1 0]") !=
          NULL);
    close_script(&o);
    check_given(ROWS(rows));
}

/* ---- products of tensors ---- */

#define WIDE "y = tf.reshape(x, [-1, 8, 2, 4])\n"

static void tensors_are_multiplied(void)
{
    static const struct {
        const char *script, *call;
    } rows[] = {
        { "y = tf.matmul(x, x, transpose_b=True)\n",
          "[N, 16, 16] = dot(%0, %0) axis=2 other=2 in" },
        { "y = tf.linalg.matmul(x, x, adjoint_a=True)\n",
          "[N, 4, 4] = dot(%0, %0) axis=1 other=1 in" },
        { "y = tf.matmul(tf.matmul(x, x, transpose_b=True), b=x)\n",
          "[N, 16, 4] = dot(%1, %0) axis=2 other=1 in" },
        { WIDE "y = tf.matmul(y, y, False, True)\n",
          "[N, 8, 2, 2] = dot(%1, %1) axis=3 other=3 shared=2" },
        { "y = tf.einsum('bik,bjk->bij', x, x)\n",
          "[N, 16, 16] = dot(%0, %0) axis=2 other=2 in" },
        { "y = tf.einsum('bik,bjk->bji', x, 2 * x)\n",
          "permute(%2) axes=[0 2 1]" },
        { WIDE "y = tf.einsum('bhqd,bhkd->bhqk', y, y)\n",
          "dot(%1, %1) axis=3 other=3 shared=2" },
        { "y = x @ (2 * tf.transpose(x, [0, 2, 1]))\n",
          "[N, 16, 16] = dot(%0, %2) axis=2 other=1 in" },
    };
    static const refused lost[] = {
        /* Samples would meet. */
        { "h = tf.layers.flatten(x)\ny = tf.matmul(h, h, transpose_b=True)\n",
          2, "batch" },
        { "y = tf.matmul(x, tf.get_variable('w', [4, 6]), transpose_a=True)\n",
          1, "transposed input" },
        { "y = tf.matmul(tf.get_variable('w', [4, 16]), x)\n", 1, "weight" },
        { WIDE "y = tf.matmul(x, y)\n", 2, "batch" },
        { "y = tf.matmul(x, x, True, adjoint_a=True)\n", 1, "exclude" },
        { "y = tf.einsum('bik,bjk->bi', x, x)\n", 1, "summed" },
        { "y = tf.einsum('bik,cjk->bij', x, x)\n", 1, "summed" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2048];
        opened o;

        snprintf(text, sizeof text, HEAD INPUT "%s", rows[i].script);
        o = open_script(text, &(cvyi_source_request){ 0 });
        if (o.status != CVY_OK ||
            strstr(cvyi_text_c(&o.graph), rows[i].call) == NULL)
            CHECK_FAIL("row %zu: %s %s", i, o.err.text, cvyi_text_c(&o.graph));
        close_script(&o);
    }
    check_refused(ROWS(lost));
}

/* ---- functions that are others ---- */

static void functions_are_made_of_others(void)
{
    static const given rows[] = {
        { "y = tf.squared_difference(x, 2 * x)\n",
          "rescale subtract pointwise", NULL },
        { "y = tf.math.squared_difference(x, 0.5)\n", "rescale pointwise",
          NULL },
        { "y = tf.scalar_mul(0.5, x)\n", "rescale", NULL },
        { "y = tf.scalar_mul(scalar=tf.get_variable('s', []), x=x)\n",
          "combine", "s" },
        { "y = tf.accumulate_n([x, -x, x])\n", "rescale add", NULL },
        { "y = tf.norm(x, axis=2, keepdims=True)\n",
          "pointwise reduce pointwise", NULL },
        { "y = tf.norm(x, 'euclidean', [1, 2], True)\n",
          "pointwise reduce pointwise", NULL },
        { "y = tf.norm(x, ord=1, axis=-1)\n", "pointwise reduce flatten",
          NULL },
        { "y = tf.linalg.matrix_transpose(x)\n", "permute", NULL },
        { "y = tf.reverse_v2(x, axis=[1])\n", "flip", NULL },
        { "y = tf.nn.crelu(x)\n", "rescale concat pointwise", NULL },
        { "y = tf.math.rint(x)\n", "pointwise", NULL },
        { "y = tf.floordiv(x, 2.)\n", "rescale pointwise", NULL },
        { "y = tf.image.flip_left_right(tf.expand_dims(x, 3))\n",
          "expand flip", NULL },
        { "y = tf.nn.relu(tf.stop_gradient(x))\n", "pointwise", NULL },
    };
    static const refused lost[] = {
        { "y = tf.norm(x)\n", 1, "tf.norm" },
        { "y = tf.norm(x, ord=3, axis=2)\n", 1, "tf.norm" },
        { "y = tf.norm(x, ord=2, axis=[1, 2])\n", 1, "tf.norm" },
        { "y = tf.image.flip_left_right(x)\n", 1, "flip_left_right" },
        { "y = tf.mod(x, 2.)\n", 1, "tf.mod" },
        { "y = tf.cumsum(x, 1)\n", 1, "tf.cumsum" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

/* A look at a tensor is no network, until a layer is called on it. */
static void a_layer_needs_what_was_measured(void)
{
    static const given rows[] = {
        { "y = tf.layers.dense(x, 3)\nbest = tf.nn.top_k(y, 2).values\n",
          "dense", NULL },
    };
    static const refused lost[] = {
        { "h = tf.layers.dense(x, 3)\ny = tf.nn.top_k(h, 2).values\n"
          "y = tf.layers.dense(y, 3)\n",
          3, "tf.nn.top_k" },
        { "h = tf.layers.dense(x, 3)\ny = tf.argmax(h, 1)\n"
          "y = tf.matmul(y, tf.get_variable('w', [3, 2]))\n",
          3, "tf.argmax" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

/* ---- truth values ---- */

static void truth_values_choose(void)
{
    static const given rows[] = {
        { "y = tf.where(x > 0, x, 0.1 * x)\n", "compare rescale select",
          NULL },
        { "y = tf.where(tf.less(x, 1e-6), tf.zeros_like(x), x)\n",
          "compare fill select", NULL },
        { "m = tf.cast(tf.logical_and(x > 0., 1.0 >= x), tf.float32)\n"
          "y = x * m\n",
          "compare compare logic cast multiply", NULL },
        { "y = tf.where(tf.logical_not(tf.not_equal(x, 0.)), x + 1, x)\n",
          "compare logic rescale select", NULL },
    };
    static const refused lost[] = {
        { "y = tf.nn.relu(tf.where(x > 0))\n", 1, "missing" },
        { "y = tf.where(x, x + 1., x - 1.)\n", 1, "truth" },
        { "h = tf.layers.flatten(x)\n"
          "y = tf.where(tf.reduce_max(h, 1) > 0, h, -h)\n",
          2, "axes" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

/* ---- what depends on no input ---- */

static void constants_and_views_stand_for_weights(void)
{
    static const given rows[] = {
        { "p = tf.get_variable('p', [16, 4])\n"
          "y = x + tf.gather(p, tf.range(16))\n",
          "combine", "p" },
        { "g = tf.get_variable('g', [4])\n"
          "y = x * tf.reshape(g, [1, 1, -1])\n",
          "channel_scale", "g" },
        { "g = tf.get_variable('g', [16])\ny = x * g[:, None]\n", "combine",
          "g" },
        { "g = tf.get_variable('g', [16])\n"
          "y = x * tf.expand_dims(tf.expand_dims(g, 0), -1)\n",
          "combine", "g" },
        { "w = tf.get_variable('w', [6, 4])\n"
          "h = tf.matmul(x[:, 0], w, transpose_b=True)\n"
          "y = tf.matmul(h, w)\n",
          "slice flatten dense dense", "w" },
        { "w = tf.get_variable('w', [6, 4])\n"
          "y = tf.matmul(x[:, 0], tf.transpose(w))\n",
          "slice flatten dense", "w" },
        { "k = tf.constant([[[1.], [0.], [0.], [2.]]])\n"
          "y = tf.nn.conv1d(x, k, 1, 'SAME')\n",
          "conv", "k (constant)" },
        { "import numpy as np\n"
          "y = x * np.arange(16.).reshape(16, 1)\n",
          "combine", NULL },
        { "i = tf.placeholder(tf.int32, [None, 5])\n"
          "t = tf.concat([tf.zeros([1, 3]), tf.one_hot([0, 1, 2], 3)], 0)\n"
          "y = tf.nn.embedding_lookup(t, i)\n"
          "y = tf.layers.dense(y, 2)\n",
          "embedding dense", "t (constant)" },
        { "i = tf.placeholder(tf.int32, [None, 5])\n"
          "y = tf.layers.dense(tf.one_hot(i, 7), 2)\n",
          "embedding dense", "one_hot (constant)" },
    };
    static const refused lost[] = {
        { "y = x[:, :tf.shape(x)[1]] * tf.cast(tf.range(tf.shape(x)[0]), "
          "tf.float32)\n",
          1, "" },
        { "p = tf.get_variable('p', [20, 4])\n"
          "y = x + tf.gather(p, tf.range(16))\n",
          2, "rows of the variable p" },
        { "g = tf.get_variable('g', [2, 2])\n"
          "y = x * tf.reshape(g, [4])\n",
          2, "joined" },
        { "v = tf.get_variable('v', [3, 4, 8])\n"
          "y = tf.nn.conv1d(x, tf.nn.l2_normalize(v, [0, 1]), 1, 'SAME')\n",
          2, "tf.nn.l2_normalize" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

/* ---- losses ---- */

/* What compares the network with labels is not taken for the network. */
static void the_way_to_a_loss_is_no_network(void)
{
#define NET                                       \
    "t = tf.placeholder(tf.float32, [None, 3])\n" \
    "h = tf.layers.dense(tf.layers.flatten(x), 3)\n"
    static const given rows[] = {
        { NET "e = tf.reduce_sum(tf.square(t - h), 1)\n"
              "cost = tf.reduce_mean(e)\n",
          "flatten dense", NULL },
        { NET "near = tf.abs(t - h) < 0.5\n"
              "share = tf.cast(near, tf.float32)\n",
          "flatten dense", NULL },
        { NET "q = tf.reduce_sum(h * t, axis=1)\n"
              "goal = tf.placeholder(tf.float32, [None])\n"
              "cost = tf.reduce_mean(tf.square(goal - q))\n",
          "flatten dense", NULL },
        { "h = tf.layers.dense(tf.layers.dense(x, 2), 4)\n"
          "e = tf.reduce_sum(tf.abs(x - h), [1, 2])\n"
          "cost = tf.reduce_mean(e)\n",
          "dense dense", NULL },
        /* A mean to look at says nothing of that kind. */
        { "h = tf.layers.dense(x, 4)\ny = x - h\n"
          "tf.summary.scalar('mean', tf.reduce_mean(y))\n",
          "dense subtract", NULL },
        { NET "v = tf.layers.dense(h, 1)\n"
              "q = v + (h - tf.reduce_mean(h, 1, keep_dims=True))\n"
              "most = tf.reduce_max(q)\n",
          "flatten dense dense reduce subtract add", NULL },
        { "i = tf.placeholder(tf.int32, [None])\n"
          "h = tf.layers.dense(tf.layers.flatten(x), 3)\n"
          "hot = tf.one_hot(i, 3)\n",
          "flatten dense", NULL },
    };

    check_given(ROWS(rows));
}

/* ---- what stands around them ---- */

static void scopes_and_functions_of_the_script_are_followed(void)
{
    static const given rows[] = {
        /* An initialiser that nobody knows takes no scope away. */
        { "import numpy as np\n"
          "with tf.variable_scope('net', initializer=np.unheard_of(2)):\n"
          "    y = tf.layers.dense(tf.layers.flatten(x), 3, name='d')\n",
          "flatten dense", "net/d/kernel" },
        { "def first(shape, dtype=None):\n    return tf.ones(shape)\n"
          "y = x * tf.get_variable('g', [4], initializer=first)\n",
          "channel_scale", "g" },
        { "y = tf.layers.conv1d(x, 4, 3, "
          "activation=lambda h: tf.nn.leaky_relu(h, 0.1))\n",
          "conv pointwise", NULL },
        /* The network of a script that only has a main. */
        { "def main():\n    h = tf.layers.flatten(x)\n"
          "    scores = tf.layers.dense(h, 3)\n"
          "if __name__ == '__main__':\n    main()\n",
          "flatten dense", NULL },
        { "class Net(object):\n    def __init__(self, a):\n"
          "        self.out = tf.nn.relu(a)\n"
          "def main(_):\n    net = Net(x)\n"
          "tf.app.run()\n",
          "pointwise", NULL },
    };
    static const refused lost[] = {
        { "import data\n"
          "w = tf.get_variable('w', initializer=data.weights)\n"
          "y = x * w\n",
          2, "shape" },
    };

    check_given(ROWS(rows));
    check_refused(ROWS(lost));
}

static const check_case cases[] = {
    { "variables of any shape are operands",
      variables_of_any_shape_are_operands },
    { "what does not fit is refused", what_does_not_fit_is_refused },
    { "axes of one element come and go", axes_of_one_element_come_and_go },
    { "the batch may be all that is left", the_batch_may_be_all_that_is_left },
    { "tensors are multiplied", tensors_are_multiplied },
    { "functions are made of others", functions_are_made_of_others },
    { "a layer needs what was measured", a_layer_needs_what_was_measured },
    { "truth values choose", truth_values_choose },
    { "constants and views stand for weights",
      constants_and_views_stand_for_weights },
    { "the way to a loss is no network", the_way_to_a_loss_is_no_network },
    { "scopes and functions of the script are followed",
      scopes_and_functions_of_the_script_are_followed },
};
CHECK_MAIN(cases)
