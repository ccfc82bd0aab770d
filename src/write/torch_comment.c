/*
 * write/torch_comment.c - the short comments of the written code: why a call
 * is as it is, else its output's shape where that is new.
 */
#include "write/torch.h"

#include <string.h>

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

static const char *shape_comment(cvyi_torch_writer *w,
                                 const cvyi_torch_item *item)
{
    const cvyi_result *const results = w->graph->results;
    const cvyi_type *const out = &results[item->out[0]].type;
    cvyi_text shape = { 0 };
    const char *kept = NULL;

    if (item->n_in > 0 && same_shape(out, &results[item->in[0]].type))
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

const char *cvyi_torch_item_comment(cvyi_torch_writer *w,
                                    const cvyi_torch_item *item)
{
    const cvyi_call *call;

    if (item->call < 0)
        return item->n_out == 1 ? shape_comment(w, item) : NULL;
    call = &w->graph->calls[item->call];
    if (call->comment != NULL)
        return call->comment;
    if (w->spoken[item->call].said.comment != NULL)
        return w->spoken[item->call].said.comment;
    if (says_its_shape(call, &w->graph->results[call->out[0]].type))
        return NULL;
    return shape_comment(w, item);
}

const char *cvyi_torch_comment_at(cvyi_torch_writer *w,
                                  const cvyi_torch_class *class_, int at)
{
    const char *first = NULL;
    bool any = false;

    for (int v = 0; v < w->graph->n_visits; v++) {
        const cvyi_torch_visit *const visit = &w->visits[v];
        const char *comment;

        if (visit->unit < 0 ||
            w->units[visit->unit].form == CVYI_UNIT_INLINE ||
            &w->classes[w->units[visit->unit].of] != class_)
            continue;
        comment = cvyi_torch_item_comment(w, &visit->items[at]);
        if (any &&
            (comment == NULL || first == NULL || strcmp(comment, first) != 0))
            return NULL;
        first = comment;
        any = true;
    }
    return first;
}

/* The items of one visit that are of a member say the same, or nothing. */
static const char *items_comment(cvyi_torch_writer *w,
                                 const cvyi_torch_class *class_,
                                 const cvyi_torch_visit *visit, int member)
{
    const char *first = NULL;
    bool any = false;

    for (int k = 0; k < visit->n_items; k++) {
        const char *comment;

        if (visit->items[k].member != member)
            continue;
        comment = cvyi_torch_comment_at(w, class_, k);
        if (any &&
            (comment == NULL || first == NULL || strcmp(comment, first) != 0))
            return NULL;
        first = comment;
        any = true;
    }
    return first;
}

const char *cvyi_torch_member_comment(cvyi_torch_writer *w,
                                      const cvyi_torch_class *class_, int m)
{
    const cvyi_unit *const unit = &w->units[class_->units[0]];
    const cvyi_torch_member *const member = &unit->members[m];
    const char *kept;

    if (member->call < 0 && member->unit < 0)
        return NULL;
    if (member->n_calls < 2)
        return items_comment(w, class_, &w->visits[unit->visit], m);
    if (member->call >= 0 && w->graph->calls[member->call].label != NULL)
        return items_comment(w, class_, &w->visits[unit->visit], m);
    if (member->n_calls == 2)
        return "called twice, as in the source";
    kept = cvyi_arena_printf(
        &w->out->arena, "called %d times, as in the source", member->n_calls);
    w->body.bad = w->body.bad || kept == NULL;
    return kept;
}
