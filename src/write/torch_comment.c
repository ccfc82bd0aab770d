/*
 * write/torch_comment.c - the short comments of the written code: why a call
 * is as it is, else its output's shape where that is new.
 */
#include "write/torch.h"

static void put_shape(cvyi_text *out, const cvyi_type *type)
{
    for (int i = 1; i < type->rank; i++) {
        if (i > 1)
            cvyi_text_put(out, " x ");
        cvyi_size_print(out, type->dims[i]);
    }
}

static bool same_shape(const cvyi_type *a, const cvyi_type *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 1; i < a->rank; i++)
        if (a->dims[i] != b->dims[i])
            return false;
    return true;
}

/* Nothing that the line does not say itself: nn.Linear(96, 32), nn.Flatten()
 * and the like of two axes. */
static bool says_its_shape(const cvyi_call *call, const cvyi_type *out)
{
    const cvyi_features features = call->attrs.op->features;

    return out->rank == 2 && (features == CVYI_FEATURES_CONTRACT ||
                              features == CVYI_FEATURES_COLLAPSE);
}

const char *cvyi_torch_comment(cvyi_torch_writer *w, int i)
{
    const cvyi_call *const call = &w->graph->calls[i];
    const cvyi_type *const out = &w->graph->results[call->out[0]].type;
    cvyi_text shape = { 0 };
    const char *kept = NULL;

    if (call->comment != NULL)
        return call->comment;
    if (w->spoken[i].said.comment != NULL)
        return w->spoken[i].said.comment;
    if (says_its_shape(call, out) ||
        same_shape(out, &w->graph->results[call->in[0]].type))
        return NULL;
    put_shape(&shape, out);
    if (shape.size > 0) {
        kept =
            cvyi_arena_text(&w->out->arena, cvyi_text_c(&shape), shape.size);
        w->body.bad = w->body.bad || shape.bad || kept == NULL;
    }
    cvyi_text_close(&shape);
    return kept;
}
