/* layer/torch_number.c - torch's arithmetic between a tensor and a number. */
#include "layer/torch_number.h"

#include "layer/array_number.h"
#include "layer/combine.h"

#include <float.h>
#include <math.h>
#include <string.h>

cvy_status cvyi_torch_number(double *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, name);
    double value;

    /* torch alone takes True for 1. */
    if (given->kind == CVYI_BOOL &&
        strcmp(call->spelling->dialect, "torch") == 0) {
        *out = given->truth;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_arg_double(&value, phrase, call, name, err));
    if (isfinite(value) && fabs(value) > (double)FLT_MAX)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "use a number that float32 can hold",
                           "%g is no number of float32", value);
    *out = value;
    return CVY_OK;
}

cvy_status cvyi_torch_reals(const double **out, int *n, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *name,
                            cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const int count = list ? value->n : 1;
    double *const reals =
        cvyi_arena_alloc(call->arena, (size_t)count + 1, sizeof *reals);
    bool good = count > 0;

    if (reals == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; good && i < count; i++)
        good = cvyi_as_double(&reals[i], list ? &value->items[i] : value);
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be a number or a list of numbers", name);
    *out = reals;
    *n = count;
    return CVY_OK;
}

/* ---- pairs ---- */

static const cvyi_value *find(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return call->values[i];
    return NULL;
}

static cvy_status check_options(cvyi_phrase *phrase, const cvyi_bound *call,
                                cvy_error *err)
{
    const cvyi_value *const alpha = find(call, "alpha");
    double factor = 1;

    if (alpha != NULL && (!cvyi_as_double(&factor, alpha) || factor != 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "alpha",
                           "multiply in a step of its own",
                           "a factor for the second operand is not carried "
                           "over");
    if (find(call, "out") != NULL)
        return cvyi_torch_must_be_off(phrase, call, "out",
                                      "use what the call returns", err);
    return CVY_OK;
}

/* TensorFlow makes an int32 tensor of a whole number that comes first, which
 * no float32 tensor is joined with: its functions of version 1, and add. */
static bool is_int32_first(const cvyi_bound *call)
{
    const char *const dialect = call->spelling->dialect;
    const char *const name = strrchr(call->spelling->name, '.');
    const bool old = strcmp(dialect, "tf1") == 0;

    if (call->values[0]->kind != CVYI_INT || name == NULL)
        return false;
    return (old && strcmp(name, ".divide") != 0) ||
           (strcmp(dialect, "tf2") == 0 && strcmp(name, ".add") == 0);
}

cvy_status cvyi_torch_pair_read(cvyi_torch_pair *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    const bool first = call->values[0]->kind == CVYI_TENSOR;
    const bool second = call->values[1]->kind == CVYI_TENSOR;
    cvyi_torch_pair pair = { .tensors = first && second, .reversed = !first };

    CVYI_TRY(check_options(phrase, call, err));
    if (is_int32_first(call))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, call->names[0],
                           "write it as a float, as in 2.0",
                           "a whole number that comes first is int32, and "
                           "the tensor is float32");
    if (!pair.tensors)
        CVYI_TRY(cvyi_torch_number(&pair.number, phrase, call,
                                   call->names[first ? 1 : 0], err));
    if (call->n_in != first + second || call->in[0].rank < 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the model an input with a batch",
                           "it needs a tensor with at least one axis");
    *out = pair;
    return CVY_OK;
}

/* clang-format off */
#define PAIR(meaning)                                             \
    { "x", meaning, NULL }, { "other", meaning, NULL },           \
    { "y", meaning, NULL },                                       \
    { "x1", meaning, NULL }, { "x2", meaning, NULL }, { 0 }
/* clang-format on */

const cvyi_argument cvyi_sum_arguments[] = { PAIR("offset") };
const cvyi_argument cvyi_product_arguments[] = { PAIR("scale") };

/* ---- steps ---- */

/* Attributes of one rescale with a number each. */
static cvy_status fill(cvyi_attrs *attrs, cvyi_arena *arena, double scale,
                       bool divide, double offset, cvy_error *err)
{
    double *const reals = cvyi_arena_alloc(arena, 2, sizeof *reals);

    if (reals == NULL)
        return cvyi_no_memory(err);
    reals[0] = scale;
    reals[1] = offset;
    *cvyi_attr_set(attrs, "scale") =
        (cvyi_attr_value){ .n = 1, .reals = &reals[0] };
    *cvyi_attr_set(attrs, "offset") =
        (cvyi_attr_value){ .n = 1, .reals = &reals[1] };
    cvyi_set_int(attrs, "divide", divide);
    return CVY_OK;
}

cvy_status cvyi_torch_rescale(cvyi_phrase *phrase, const cvyi_bound *call,
                              double scale, bool divide, double offset,
                              cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(phrase, call, "rescale");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return fill(&step->attrs, call->arena, scale, divide, offset, err);
}

cvy_status cvyi_torch_means_rescale(cvyi_said *said, const cvyi_saying *what,
                                    double scale, bool divide, double offset,
                                    cvy_error *err)
{
    cvyi_attrs *const means =
        cvyi_said_means(said, "rescale", what->attrs->n_spatial);

    if (means == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the code means too many steps");
    return fill(means, what->arena, scale, divide, offset, err);
}

cvy_status cvyi_torch_join(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *op, cvy_error *err)
{
    if (call->in[0].rank != call->in[1].rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, call->names[1],
                           "give both operands as many axes",
                           "operands of %d and %d axes are fitted from the "
                           "end, where the batch meets another axis",
                           call->in[0].rank, call->in[1].rank);
    if (cvyi_phrase_add(phrase, call, op) == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

cvy_status cvyi_torch_tensors(cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *op, cvy_error *err)
{
    cvyi_torch_pair pair;

    CVYI_TRY(cvyi_torch_pair_read(&pair, phrase, call, err));
    if (!pair.tensors)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED,
                           call->names[pair.reversed ? 0 : 1],
                           "give it two tensors",
                           "a number in the place of a tensor is not carried "
                           "over");
    return cvyi_torch_join(phrase, call, op, err);
}

cvy_status cvyi_torch_sum(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    cvyi_torch_pair pair;
    bool done;

    CVYI_TRY(cvyi_array_rescale(&done, out, call, '+', err));
    if (!done)
        CVYI_TRY(cvyi_combine_pair(&done, out, call, "add", "add", err));
    if (done)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        return cvyi_torch_join(out, call, "add", err);
    return cvyi_torch_rescale(out, call, 1, false, pair.number, err);
}

cvy_status cvyi_torch_product(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    cvyi_torch_pair pair;
    bool done;

    CVYI_TRY(cvyi_array_rescale(&done, out, call, '*', err));
    if (!done)
        CVYI_TRY(
            cvyi_combine_pair(&done, out, call, "multiply", "multiply", err));
    if (done)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        return cvyi_torch_join(out, call, "multiply", err);
    return cvyi_torch_rescale(out, call, pair.number, false, 0, err);
}
