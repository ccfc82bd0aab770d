/* layer/dense/tf.c - TensorFlow's functions for it. */
#include "layer/dense/words.h"
#include "layer/matmul.h"
#include "layer/operand.h"

static cvy_status read_flag(bool *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *name,
                            cvy_error *err)
{
    *out = false;
    if (cvyi_is_none(cvyi_arg(call, name)))
        return CVY_OK;
    return cvyi_arg_bool(out, phrase, call, name, err);
}

/* A matrix may lie either way; the input may not. Numbers are real, so that
 * an adjoint is a transpose. */
static cvy_status from_matmul(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const char *const turned[] = { "transpose_a", "adjoint_a",
                                          "transpose_b", "adjoint_b" };
    bool on[4];

    for (int i = 0; i < 4; i++)
        CVYI_TRY(read_flag(&on[i], out, call, turned[i], err));
    for (int i = 0; i < 4; i += 2)
        if (on[i] && on[i + 1])
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, turned[i],
                               "give one of the two",
                               "%s and %s exclude each other", turned[i],
                               turned[i + 1]);
    if (cvyi_matmul_computed(call, "x") && cvyi_matmul_computed(call, "b"))
        return cvyi_matmul_add(
            out, call, (const bool[]){ on[0] || on[1], on[2] || on[3] }, "b",
            err);
    if (!cvyi_matmul_computed(call, "x"))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "a", "multiply the tensor with the matrix",
                           "a weight before a tensor is not carried over");
    if (on[0] || on[1])
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           turned[on[0] ? 0 : 1],
                           "transpose the input in a step of its own",
                           "a transposed input is not carried over");
    return cvyi_dense_from_operands(
        out, call, &(cvyi_dense_names){ "b", NULL, on[2] || on[3] }, err);
}

/* One axis of each: 1, [[2], [0]] or [2, 0]. */
static bool one_axis(int64_t *out, const cvyi_value *axes, int side)
{
    const cvyi_value *one = axes;

    if (axes->kind == CVYI_LIST)
        one = axes->n == 2 ? &axes->items[side] : NULL;
    if (one != NULL && one->kind == CVYI_LIST)
        one = one->n == 1 ? &one->items[0] : NULL;
    return one != NULL && cvyi_as_int(out, one);
}

/* tensordot(x, b, 1): the last axis of x with the first of a matrix, or the
 * one that is named. */
static cvy_status from_tensordot(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    const cvyi_value *const axes = cvyi_arg(call, "axes");
    const bool number = axes->kind == CVYI_INT;
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t mine = 0, other = 0;
    const bool known = one_axis(&mine, axes, 0) && one_axis(&other, axes, 1);
    const bool good =
        number ? mine == 1
               : (mine == rank - 1 || mine == -1) && other >= -2 && other < 2;

    if (!known || !good)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axes", "sum along the last axis of the tensor",
                           "only products along the tensor's last axis and "
                           "one of a matrix are carried over");
    return cvyi_dense_from_operands(
        out, call,
        &(cvyi_dense_names){ "b", NULL,
                             !number && (other == 1 || other == -1) },
        err);
}

static cvy_status from_biased(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_dense_from_operands(
        out, call, &(cvyi_dense_names){ "weights", "biases", false }, err);
}

static cvy_status from_relu_layer(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    static const cvyi_value relu = { .kind = CVYI_TEXT, .text = "relu" };

    CVYI_TRY(from_biased(out, call, err));
    return cvyi_phrase_activation(out, call, &relu, err);
}

/* Without an initialiser TF 1 draws the kernel as Keras does. */
static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    static const cvyi_value glorot = { .kind = CVYI_TEXT,
                                       .text = "glorot_uniform" };

    CVYI_TRY(cvyi_dense_from_layer(out, call, err));
    if (out->steps[0].slots[0].initialiser == NULL)
        out->steps[0].slots[0].initialiser = &glorot;
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument matmul_arguments[] = {
    { "b",           "weight", NULL },
    { "transpose_b", "weight", "the matrix is then outputs x inputs" },
    { "adjoint_b",   "weight", "the matrix is then outputs x inputs" },
    { 0 }
};

static const cvyi_argument tensordot_arguments[] = {
    { "b",    "weight", NULL },
    { "axes", "axis",   "the last one of x and one of the matrix" },
    { 0 }
};

static const cvyi_argument biased_arguments[] = {
    { "weights", "weight", NULL },
    { "biases",  "bias",   NULL },
    { 0 }
};

#define MATMUL(version, word)                                                \
    { .dialect = version, .name = "tf." word,                                \
      .signature = "x, b, transpose_a=False, transpose_b=False, "            \
                   "adjoint_a=False, adjoint_b=False, a_is_sparse=False, "   \
                   "b_is_sparse=False, output_type=None, grad_a=False, "     \
                   "grad_b=False, name=None",                                \
      .from_call = from_matmul, .form = CVYI_FORM_FUNCTION,                  \
      .arguments = matmul_arguments }
#define TENSORDOT(version, word)                                             \
    { .dialect = version, .name = "tf." word,                                \
      .signature = "x, b, axes, name=None", .from_call = from_tensordot,     \
      .form = CVYI_FORM_FUNCTION, .arguments = tensordot_arguments }
#define BIASED(word, read)                                                   \
    { .dialect = "tf1", .name = "tf.nn." word,                               \
      .signature = "x, weights, biases, name=None", .from_call = read,       \
      .form = CVYI_FORM_FUNCTION, .arguments = biased_arguments }

const cvyi_spelling cvyi_dense_tf[] = {
    MATMUL("tf2", "matmul"),
    MATMUL("tf2", "linalg.matmul"),
    MATMUL("tf1", "matmul"),
    MATMUL("tf1", "linalg.matmul"),
    TENSORDOT("tf2", "tensordot"),
    TENSORDOT("tf2", "linalg.tensordot"),
    TENSORDOT("tf1", "tensordot"),
    TENSORDOT("tf1", "linalg.tensordot"),
    BIASED("xw_plus_b", from_biased),
    BIASED("relu_layer", from_relu_layer),
    { .dialect = "tf1", .name = "tf.layers.dense",
      .signature = "x, units, activation=None, use_bias=True, "
                   "kernel_initializer=None, bias_initializer='zeros', "
                   "kernel_regularizer=None, bias_regularizer=None, "
                   "activity_regularizer=None, kernel_constraint=None, "
                   "bias_constraint=None, trainable=True, name=None, "
                   "reuse=None",
      .from_call = from_layer, .form = CVYI_FORM_FUNCTION,
      .arguments = cvyi_dense_layer_arguments },
    { 0 }
};
/* clang-format on */
