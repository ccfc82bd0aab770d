/* verb/layer_make.c - a layer from a name and arguments. */
#include "verb/layer.h"

#include "tensor/tensor.h"

#include <string.h>

/* ---- arguments ---- */

cvy_argument cvy_argument_flag(const char *name, bool value)
{
    return (cvy_argument){ .name = name,
                           .kind = CVY_VALUE_FLAG,
                           .integer = value };
}

cvy_argument cvy_argument_int(const char *name, int64_t value)
{
    return (
        cvy_argument){ .name = name, .kind = CVY_VALUE_INT, .integer = value };
}

cvy_argument cvy_argument_real(const char *name, double value)
{
    return (
        cvy_argument){ .name = name, .kind = CVY_VALUE_REAL, .real = value };
}

cvy_argument cvy_argument_text(const char *name, const char *value)
{
    return (
        cvy_argument){ .name = name, .kind = CVY_VALUE_TEXT, .text = value };
}

cvy_argument cvy_argument_list(const char *name, const cvy_argument *items,
                               int32_t n)
{
    return (cvy_argument){
        .name = name, .kind = CVY_VALUE_LIST, .integer = n, .items = items
    };
}

cvy_argument cvy_argument_tensor(const char *name, int32_t number)
{
    return (cvy_argument){ .name = name,
                           .kind = CVY_VALUE_TENSOR,
                           .integer = number };
}

/* ---- as values ---- */

enum { LIST_MOST = 1 << 16, DEPTH_MOST = 8 };

static cvy_status to_value(cvyi_value *out, cvyi_arena *arena,
                           const cvy_argument *from, int depth, cvy_error *err)
{
    cvyi_value *items;

    *out = (cvyi_value){ .kind = CVYI_NONE };
    switch (from->kind) {
    case CVY_VALUE_NONE:
        return CVY_OK;
    case CVY_VALUE_FLAG:
        *out = (cvyi_value){ .kind = CVYI_BOOL, .truth = from->integer != 0 };
        return CVY_OK;
    case CVY_VALUE_INT:
        *out = (cvyi_value){ .kind = CVYI_INT, .integer = from->integer };
        return CVY_OK;
    case CVY_VALUE_REAL:
        *out = (cvyi_value){ .kind = CVYI_FLOAT, .real = from->real };
        return CVY_OK;
    case CVY_VALUE_TEXT:
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = from->text };
        return CVY_OK;
    case CVY_VALUE_TENSOR:
        *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = from->integer };
        return CVY_OK;
    case CVY_VALUE_LIST:
        break;
    default:
        return cvyi_fail(err, CVY_ARGUMENT, "an argument has no kind");
    }
    if (from->integer < 0 || from->integer > LIST_MOST || depth == DEPTH_MOST)
        return cvyi_fail(err, CVY_ARGUMENT, "a list is too long or too deep");
    items = cvyi_arena_alloc(arena, (size_t)from->integer + 1, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < from->integer; i++)
        CVYI_TRY(to_value(&items[i], arena, &from->items[i], depth + 1, err));
    *out = (cvyi_value){ .kind = CVYI_LIST,
                         .n = (int)from->integer,
                         .items = items };
    return CVY_OK;
}

static cvy_status to_given(cvyi_call_given *out, cvyi_arena *arena,
                           const cvy_layer_call *call, cvy_error *err)
{
    const size_t n = (size_t)call->n_arguments + 1;
    cvyi_value *const values = cvyi_arena_alloc(arena, n, sizeof *values);
    cvyi_value *const keywords = cvyi_arena_alloc(arena, 1, sizeof *keywords);
    const char **const keys = cvyi_arena_alloc(arena, n, sizeof *keys);

    if (values == NULL || keywords == NULL || keys == NULL)
        return cvyi_no_memory(err);
    *keywords = (cvyi_value){ .kind = CVYI_DICT, .keys = keys };
    *out = (cvyi_call_given){ .name = call->name,
                              .from = call->from,
                              .positional = values,
                              .keywords = keywords };
    for (int i = 0; i < call->n_arguments; i++) {
        const cvy_argument *const argument = &call->arguments[i];

        CVYI_TRY(to_value(&values[i], arena, argument, 0, err));
        if (argument->name != NULL)
            keys[keywords->n++] = argument->name;
        else if (keywords->n == 0)
            out->n_positional++;
        else
            return cvyi_fail(err, CVY_ARGUMENT,
                             "an argument by its place follows %.40s=",
                             keys[keywords->n - 1]);
    }
    keywords->items = values + out->n_positional;
    return CVY_OK;
}

/* ---- operands ---- */

static cvy_status name_operands(cvyi_call_given *given, cvyi_arena *arena,
                                const cvy_layer_call *call, cvy_error *err)
{
    const char **const names =
        cvyi_arena_alloc(arena, (size_t)call->n_operands + 1, sizeof *names);

    if (names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < call->n_operands; i++) {
        names[i] = call->operands[i].name;
        if (names[i] == NULL)
            names[i] = i == 0 ? "x" : cvyi_arena_printf(arena, "x%d", i);
        if (names[i] == NULL)
            return cvyi_no_memory(err);
        for (int k = 0; k < i; k++)
            if (strcmp(names[k], names[i]) == 0)
                return cvyi_fail(err, CVY_ARGUMENT,
                                 "two operands are called %.40s", names[i]);
    }
    given->n_tensors = call->n_operands;
    given->tensors = names;
    return CVY_OK;
}

static cvy_status to_inputs(cvyi_call_input *inputs,
                            const cvy_layer_call *call,
                            const cvyi_call_given *given, cvy_error *err)
{
    for (int i = 0; i < call->n_operands; i++) {
        const cvy_view *const view = &call->operands[i].view;

        if (view->rank < 1 || view->rank > CVYI_MAX_DIMS)
            return cvyi_fail_in(err, CVY_ARGUMENT, given->tensors[i],
                                "a tensor has 1 to %d axes", CVYI_MAX_DIMS);
        inputs[i] =
            (cvyi_call_input){ .name = given->tensors[i], .rank = view->rank };
        memcpy(inputs[i].dims, view->dims,
               (size_t)view->rank * sizeof *view->dims);
    }
    return CVY_OK;
}

/* Weights that were handed over with the call. */
static cvy_status fill(cvy_layer *layer, const cvy_layer_call *call,
                       const cvyi_call_given *given, cvy_error *err)
{
    for (int32_t w = 0; w < cvy_layer_weights(layer); w++) {
        const cvy_layer_weight weight = cvy_layer_weight_at(layer, w);

        for (int i = 0; i < call->n_operands; i++)
            if (strcmp(given->tensors[i], weight.name) == 0 &&
                call->operands[i].view.data != NULL)
                CVYI_TRY(
                    cvyi_copy(&weight.view, &call->operands[i].view, err));
    }
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status make(cvy_layer *layer, const cvy_layer_call *call,
                       cvy_error *err)
{
    cvyi_call_input *const inputs = cvyi_arena_alloc(
        &layer->arena, (size_t)call->n_operands + 1, sizeof *inputs);
    cvyi_call_given given;

    if (inputs == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(to_given(&given, &layer->arena, call, err));
    CVYI_TRY(name_operands(&given, &layer->arena, call, err));
    CVYI_TRY(to_inputs(inputs, call, &given, err));
    CVYI_TRY(cvyi_call_texts_give(&layer->texts, &given, err));
    CVYI_TRY(cvyi_layer_build(layer, inputs, call->n_operands, err));
    return fill(layer, call, &given, err);
}

cvy_status cvy_layer_make(cvy_layer **out, const cvy_layer_call *call,
                          cvy_error *err)
{
    cvy_layer *layer;
    cvy_status status;

    if (call == NULL || call->name == NULL || call->n_arguments < 0 ||
        call->n_operands < 0)
        return cvyi_fail(err, CVY_ARGUMENT, "a layer needs a name");
    layer = cvyi_alloc(1, sizeof *layer);
    if (layer == NULL)
        return cvyi_no_memory(err);
    status = make(layer, call, err);
    if (status == CVY_OK)
        *out = layer;
    else
        cvy_layer_close(layer);
    return status;
}
