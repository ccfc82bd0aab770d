/*
 * read/call_build.c - the graph of one phrase.
 *
 * Module 1 is the layer. Tensors that a step takes as a parameter become
 * parameters, named as the argument; all others are inputs. Parameters have
 * the source's own shape and hold zeros.
 */
#include "read/call_parts.h"
#include "read/steps.h"

#include "graph/words.h"
#include "tensor/tensor.h"

#include <string.h>

/* Bytes of all parameters together. */
static const size_t MOST_BYTES = (size_t)2 << 30;

/* ---- inputs ---- */

/* A name that is used twice is one input. */
static int same_input(const cvyi_call_build *b, int tensor)
{
    for (int i = 0; i < tensor; i++)
        if (b->in[i] >= 0 &&
            strcmp(b->text->tensors[i], b->text->tensors[tensor]) == 0)
            return b->in[i];
    return -1;
}

static cvy_status add_inputs(cvyi_call_build *b, cvy_error *err)
{
    const int n = b->text->n_tensors;
    cvyi_graph *const graph = b->graph;
    cvyi_tree *const leaves =
        cvyi_arena_alloc(&graph->arena, (size_t)n + 1, sizeof *leaves);

    b->in = cvyi_arena_alloc(b->arena, (size_t)n + 1, sizeof *b->in);
    if (leaves == NULL || b->in == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        b->in[i] = -1;
        if (cvyi_steps_weight(b->phrase, i))
            continue;
        b->in[i] = same_input(b, i);
        if (b->in[i] >= 0)
            continue;
        CVYI_TRY(cvyi_graph_add_input(&b->in[i], graph, b->text->tensors[i],
                                      &b->types[i], err));
    }
    for (int i = 0; i < graph->n_inputs; i++)
        leaves[i] = (cvyi_tree){ .kind = CVYI_TREE_SINGLE,
                                 .result = graph->inputs[i] };
    graph->input_tree = graph->n_inputs == 1
                            ? leaves[0]
                            : (cvyi_tree){ .kind = CVYI_TREE_LIST,
                                           .n = graph->n_inputs,
                                           .items = leaves };
    return CVY_OK;
}

/* ---- parameters ---- */

static int64_t channels_of(const cvyi_call_build *b, const cvyi_step *step,
                           int result)
{
    const cvyi_type *const type = &b->graph->results[result].type;
    int64_t n = 0;

    if (type->rank > 1)
        (void)cvyi_size_constant(
            &n,
            type->dims[step->axes == CVYI_AXES_FIRST ? 1 : type->rank - 1]);
    return n;
}

/* A tensor of the call has the shape that was said of it. */
static cvy_status operand_shape(cvyi_shape *out, const cvyi_call_build *b,
                                int tensor, cvy_error *err)
{
    const cvyi_type *const type = &b->types[tensor];

    out->rank = type->rank;
    for (int i = 0; i < type->rank; i++)
        if (!cvyi_size_constant(&out->dims[i], type->dims[i]))
            return cvyi_fail(err, CVY_SHAPE, "the shape of %s is not known",
                             b->text->tensors[tensor]);
    return CVY_OK;
}

static cvy_status zeros(cvy_view *out, cvyi_call_build *b,
                        const cvyi_shape *shape, cvy_error *err)
{
    size_t bytes, all;
    void *data;

    if (!cvyi_packed_size(&bytes, CVY_F32, shape->rank, shape->dims) ||
        !cvyi_add(&all, b->bytes, bytes) || all > MOST_BYTES)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "its weights take more than %zu MiB",
                         MOST_BYTES >> 20);
    data = cvyi_arena_alloc(&b->graph->arena, bytes > 0 ? bytes : 1, 1);
    if (data == NULL)
        return cvyi_no_memory(err);
    b->bytes = all;
    *out = cvyi_packed(data, CVY_F32, shape->rank, shape->dims);
    return CVY_OK;
}

static cvy_status add_param(int *out, void *self, const cvyi_step *step,
                            const cvyi_step_slot *slot, const cvyi_shape *want,
                            int in, cvy_error *err)
{
    cvyi_call_build *const b = self;
    const int n_spatial = cvyi_call_spatial(b->graph, &in, 1);
    /* An argument has the name that stands in the call. */
    cvyi_param param = { .name = slot->operand > 0 &&
                                         slot->operand < b->text->n_tensors
                                     ? b->text->tensors[slot->operand]
                                     : slot->source,
                         .slot = slot->slot,
                         .trainable = !slot->frozen && !b->text->frozen,
                         .created = b->n_params,
                         .initialiser = slot->initialiser,
                         .regulariser = slot->regulariser,
                         .constraint = slot->constraint };
    cvyi_shape shape;

    CVYI_TRY(slot->operand > 0
                 ? operand_shape(&shape, b, slot->operand, err)
                 : cvyi_call_stored(&shape, slot->layout, n_spatial, want,
                                    channels_of(b, step, in), err));
    CVYI_TRY(cvyi_layout_parse(&param.layout, slot->layout, n_spatial,
                               shape.rank, shape.dims, err));
    CVYI_TRY(zeros(&param.stored, b, &shape, err));
    b->n_params++;
    return cvyi_graph_add_param(out, b->graph, &param, err);
}

/* ---- the whole ---- */

static cvy_status add_modules(cvyi_call_build *b, cvy_error *err)
{
    const char *const point = strrchr(b->text->name, '.');
    int model;

    CVYI_TRY(cvyi_graph_add_module(&model, b->graph, -1, CVYI_MODULE_MODEL,
                                   "model", NULL, err));
    CVYI_TRY(cvyi_graph_add_module(
        &b->module, b->graph, model, CVYI_MODULE_LAYER, "layer",
        point != NULL ? point + 1 : b->text->name, err));
    b->graph->modules[b->module].frozen = b->text->frozen;
    return CVY_OK;
}

cvy_status cvyi_call_build_run(cvyi_call_build *b, cvy_error *err)
{
    cvyi_steps steps = { .arena = b->arena,
                         .graph = b->graph,
                         .phrase = b->phrase,
                         .n_tensors = b->text->n_tensors,
                         .param = add_param,
                         .self = b };
    int result;

    CVYI_TRY(add_modules(b, err));
    CVYI_TRY(add_inputs(b, err));
    steps.module = b->module;
    steps.in = b->in;
    CVYI_TRY(cvyi_steps_add(&result, &steps, err));
    if (result < 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "it computes nothing");
    b->graph->output_tree =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = result };
    return cvyi_graph_check(b->graph, err);
}
