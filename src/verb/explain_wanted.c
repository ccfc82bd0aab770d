/*
 * verb/explain_wanted.c - what a call says of sizes that nobody gave.
 *
 * Groups and blocks divide the channels. tf.nn.conv2d_transpose is the
 * gradient of a forward convolution over output_shape, so its input has the
 * lengths that this one would give.
 */
#include "verb/explain.h"

#include <stdlib.h>
#include <string.h>

static const cvyi_value *argument(const cvyi_bound *bound, const char *name)
{
    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->names[i], name) == 0)
            return bound->values[i];
    return NULL;
}

static int64_t whole(const cvyi_value *value, int64_t most)
{
    return value->kind == CVYI_INT && value->integer > 0 &&
                   value->integer <= most
               ? value->integer
               : 1;
}

int64_t cvyi_explain_block(const cvyi_bound *bound)
{
    const cvyi_argument *a = bound->spelling->arguments;

    for (; a != NULL && a->name != NULL; a++)
        if (strcmp(a->meaning, "block") == 0)
            return whole(argument(bound, a->name), 32);
    return 1;
}

int64_t cvyi_explain_groups(const cvyi_bound *bound)
{
    const int64_t block = cvyi_explain_block(bound);

    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->names[i], "groups") == 0 ||
            strcmp(bound->names[i], "num_groups") == 0)
            return whole(bound->values[i], 4095);
    return block * block;
}

/* Spatial axes: as "conv2d_transpose" says, or the list. */
static int axes_of(const cvyi_bound *bound, const cvyi_value *shape)
{
    const char *const name = strstr(bound->spelling->name, ".conv");
    const int n = name != NULL ? atoi(name + strlen(".conv")) : 0;

    return n > 0 ? n : shape->n - 2;
}

/* A number, one for all axes, one an axis, or one an axis of the tensor. */
static int64_t number_at(const cvyi_value *value, int axis, int n, bool first)
{
    const bool list = value != NULL && value->kind == CVYI_LIST;
    const int at = list && value->n == n + 2 ? axis + (first ? 2 : 1)
                   : list && value->n == 1   ? 0
                                             : axis;
    int64_t number = 1;

    if (list && at >= value->n)
        return 1;
    if (value != NULL)
        (void)cvyi_as_int(&number, list ? &value->items[at] : value);
    return number;
}

void cvyi_explain_want(cvyi_explain_wanted *out, const cvyi_bound *bound)
{
    const cvyi_value *const shape = argument(bound, "output_shape");
    const cvyi_value *const format = argument(bound, "data_format");
    const char *const text = format != NULL ? cvyi_as_text(format) : NULL;
    const int n =
        shape != NULL && shape->kind == CVYI_LIST ? axes_of(bound, shape) : 0;

    *out = (cvyi_explain_wanted){
        .n = n, .first = text != NULL && strncmp(text, "NC", 2) == 0
    };
    if (n < 1 || n > CVYI_MAX_SPATIAL || (shape->n != n && shape->n != n + 2))
        out->n = 0;
    for (int i = 0; i < out->n; i++) {
        out->lengths[i] = number_at(shape, i, n, out->first);
        out->stride[i] =
            number_at(argument(bound, "strides"), i, n, out->first);
        out->dilation[i] =
            number_at(argument(bound, "dilations"), i, n, out->first);
    }
    if (out->n > 0 && shape->n == n + 2) {
        (void)cvyi_as_int(&out->batch, &shape->items[0]);
        (void)cvyi_as_int(&out->outputs,
                          &shape->items[out->first ? 1 : n + 1]);
    }
}

/* What the forward convolution's border holds; false for SAME. */
static bool border_at(int64_t *amount, const cvyi_bound *bound,
                      const cvyi_explain_wanted *want, int axis)
{
    const cvyi_value *const padding = argument(bound, "padding");
    const int at = axis + (want->first ? 2 : 1);

    *amount = 0;
    if (padding != NULL && padding->kind == CVYI_LIST && at < padding->n &&
        padding->items[at].kind == CVYI_LIST)
        for (int i = 0; i < padding->items[at].n; i++)
            *amount += number_at(&padding->items[at], i, 2, want->first);
    return padding == NULL || !cvyi_is_text(padding, "SAME");
}

int64_t cvyi_explain_length(const cvyi_explain_wanted *want,
                            const cvyi_bound *bound, int axis, int64_t taps)
{
    const int64_t stride = want->stride[axis] > 0 ? want->stride[axis] : 1;
    const int64_t length = want->lengths[axis];
    int64_t border;

    if (!border_at(&border, bound, want, axis))
        return (length + stride - 1) / stride;
    return (length + border - (taps - 1) * want->dilation[axis] - 1) / stride +
           1;
}
