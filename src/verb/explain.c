/*
 * verb/explain.c - one call in the words of the other framework.
 *
 * Reads all calls of the text with one python3, then each by itself: a graph
 * of one layer, the passes for the target, the target's words, and the proof
 * that both compute the same.
 */
#include "verb/explain.h"

#include "verify/parts.h"
#include "verify/report.h"

#include <math.h>
#include <string.h>

/* ---- lines ---- */

static bool same_from(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The lines of one dialect, where they stand; the others are blank. */
static cvy_status read_calls(cvyi_call_texts *out,
                             const cvyi_explain_lines *all, const char *from,
                             cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    for (int i = 0; i < all->n; i++) {
        if (same_from(all->items[i].request.from, from))
            cvyi_text_add(&text, all->items[i].text, all->items[i].size);
        cvyi_text_put(&text, "\n");
    }
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK)
        status = cvyi_call_texts_read(out, cvyi_text_c(&text), text.size, from,
                                      err);
    cvyi_text_close(&text);
    return status;
}

/* ---- one call ---- */

static cvy_status refuse(cvyi_explained *e, const cvyi_refusal *why,
                         cvy_error *err)
{
    return cvyi_findings_add(
        &e->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(why->kind),
                        .attribute = why->attribute,
                        .text = why->reason,
                        .advice = why->advice },
        err);
}

/* Random numbers for the proof. Spreads must be above zero. */
static void fill_weights(cvyi_graph *graph, uint64_t *seed)
{
    for (int i = 0; i < graph->n_params; i++) {
        const cvyi_param *const param = &graph->params[i];
        float *const p = param->stored.data;

        cvyi_probe_random(&param->stored, seed);
        if (param->trainable)
            continue;
        for (int64_t k = 0, n = cvy_view_count(&param->stored); k < n; k++)
            p[k] = 0.5f + fabsf(p[k]);
    }
}

static cvy_status note_remarks(cvyi_explained *e, cvy_error *err)
{
    const cvyi_phrase *const phrase = &e->source.phrase;

    if (e->text->why != NULL)
        CVYI_TRY(cvyi_remark(&e->findings, "", e->text->why, err));
    for (int i = 0; i < phrase->n_remarks; i++)
        CVYI_TRY(cvyi_remark(&e->findings, "", phrase->remarks[i], err));
    return CVY_OK;
}

/* The refusal that no stand-in numbers help against; NULL: there is none. */
static const cvyi_finding *refused_anyhow(const cvyi_explain_rules *rules)
{
    const cvyi_finding *first = NULL;

    for (int v = 0; rules != NULL && v < CVYI_STAND_INS; v++) {
        const cvyi_findings *const f = &rules->with[v].findings;
        const cvyi_finding *found = NULL;

        for (int i = f->n - 1; i >= 0; i--)
            if (f->items[i].refusal)
                found = &f->items[i];
        if (found == NULL ||
            (first != NULL && strcmp(found->text, first->text) != 0))
            return NULL;
        first = found;
    }
    return first;
}

/* That some of the numbers do not work is no fault of the call's. */
static bool stand_ins_work(const cvyi_explain_rules *rules)
{
    for (int v = 0; rules != NULL && v < CVYI_STAND_INS; v++)
        if (rules->with[v].status == CVY_OK)
            return true;
    return false;
}

/* The call means nothing as it stands. If it is for want of sizes, what holds
 * for all of them is told; if all are refused, that is the reason. */
static cvy_status refuse_source(cvyi_explained *e,
                                const cvyi_explain_request *r, uint64_t seed,
                                cvy_error *err)
{
    cvyi_refusal why = e->source.phrase.refusal;
    const cvyi_finding *anyhow;

    CVYI_TRY(cvyi_explain_stand_in(e, r, seed, err));
    anyhow = refused_anyhow(e->rules);
    if (anyhow != NULL) {
        CVYI_TRY(cvyi_findings_add(&e->findings, *anyhow, err));
        return cvyi_fail_in(err, CVY_UNSUPPORTED, anyhow->attribute, "%s",
                            anyhow->text);
    }
    if (stand_ins_work(e->rules)) {
        why = (cvyi_refusal){ CVYI_NOT_SUPPORTED, "", e->rules->missing,
                              cvyi_arena_printf(&e->arena, "say %s, as in %s",
                                                e->text->n_tensors > 1 ? "them"
                                                                       : "it",
                                                e->rules->options) };
        if (why.advice == NULL)
            return cvyi_no_memory(err);
    }
    CVYI_TRY(refuse(e, &why, err));
    return cvyi_fail_in(err, CVY_UNSUPPORTED, why.attribute, "%s", why.reason);
}

static cvy_status read_source(cvyi_explained *e, const cvyi_explain_request *r,
                              uint64_t *seed, cvy_error *err)
{
    cvy_status status;

    if (e->text->status != CVY_OK) {
        *err = e->text->err;
        if (e->text->status == CVY_UNSUPPORTED)
            CVYI_TRY(refuse(e, &e->text->refusal, err));
        return e->text->status;
    }
    CVYI_TRY(
        cvyi_dialect_target(&e->target, e->text->dialect, r->target, err));
    status = cvyi_call_graph_open(&e->source, &e->arena, e->text, r->inputs,
                                  r->n_inputs, err);
    if (status == CVY_UNSUPPORTED)
        return refuse_source(e, r, *seed, err);
    CVYI_TRY(status);
    fill_weights(e->source.graph, seed);
    return note_remarks(e, err);
}

static bool has_attribute(const cvyi_op *op, const char *name)
{
    return op->attrs != NULL && cvyi_attr_index(op, name) >= 0;
}

/* What moves the channels of an image of that rank back to where the source
 * has them; NULL without memory. */
static const char *back_of(cvyi_explained *e, int rank)
{
    const bool last = e->target.axes == CVYI_AXES_LAST;
    cvyi_text text = { 0 };
    const char *kept;

    cvyi_text_put(&text, last ? "layers.Permute((" : "x.permute(0, ");
    for (int i = 1; i < rank; i++)
        cvyi_text_printf(&text, "%s%d", i > 1 ? ", " : "",
                         last           ? (i == 1 ? rank - 1 : i - 1)
                         : i < rank - 1 ? i + 1
                                        : 1);
    cvyi_text_put(&text, last ? "))" : ")");
    kept = text.bad
               ? NULL
               : cvyi_arena_text(&e->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* Nothing here moved the channels, so the counterpart counts axes as the
 * source does: what an image's user must know, whose other layers move them. */
static cvy_status remark_order(cvyi_explained *e, cvy_error *err)
{
    const cvyi_result *const in = &e->port->results[e->port->inputs[0]];
    const bool last = e->target.axes == CVYI_AXES_LAST;
    const char *const place = last ? "last" : "first";
    const cvyi_op *const op = e->source.graph->calls[0].attrs.op;
    const char *text, *back;

    if (in->type.rank < 3 || in->arrangement.moved ||
        last != (strcmp(e->text->dialect, "torch") == 0))
        return CVY_OK;
    back = back_of(e, in->type.rank);
    if (back == NULL)
        return cvyi_no_memory(err);
    if (strcmp(op->name, "flatten") == 0 || strcmp(op->name, "reshape") == 0)
        text = cvyi_arena_printf(
            &e->arena,
            "elements keep the source's order; an image that was moved to "
            "channels %s needs %s before",
            place, back);
    else if (has_attribute(op, "axis"))
        text = cvyi_arena_printf(
            &e->arena,
            "axes are counted as in the source; of an image that was moved to "
            "channels %s, axis %d is axis %d",
            place, last ? 1 : -1, last ? -1 : 1);
    else
        return CVY_OK;
    return text != NULL ? cvyi_remark(&e->findings, "", text, err)
                        : cvyi_no_memory(err);
}

static cvy_status write_target(cvyi_explained *e, cvy_error *err)
{
    CVYI_TRY(cvyi_graph_copy(&e->port, e->source.graph, err));
    CVYI_TRY(cvyi_pass_run(e->port, &e->target, NULL, &e->findings, err));
    CVYI_TRY(cvyi_snippet_write(&e->snippet, e->port, e->target.dialect,
                                &e->findings, err));
    e->written = true;
    return remark_order(e, err);
}

static cvy_status prove(cvyi_explained *e, uint64_t seed, cvy_error *err)
{
    double share = -1;

    CVYI_TRY(cvyi_verify(&e->proof, e->source.graph, e->port, seed, NULL, NULL,
                         err));
    for (int i = 0; i < e->proof.n_layers; i++) {
        const cvyi_layer_proof *const layer = &e->proof.layers[i];

        if (layer->share <= share)
            continue;
        share = layer->share;
        e->worst_error = layer->error;
        e->worst_bound = layer->bound;
    }
    if (e->proof.engine == CVYI_FAILED)
        return cvyi_fail(err, CVY_PROOF,
                         "the two sides differ; this is a fault of convey");
    return CVY_OK;
}

static cvy_status explain_call(cvyi_explained *e,
                               const cvyi_explain_request *r, uint64_t seed,
                               cvy_error *err)
{
    uint64_t weights = seed;

    CVYI_TRY(read_source(e, r, &weights, err));
    CVYI_TRY(cvyi_explain_borders(e, err));
    CVYI_TRY(write_target(e, err));
    CVYI_TRY(cvyi_explain_rows(e, err));
    CVYI_TRY(cvyi_explain_arguments(e, err));
    return prove(e, seed, err);
}

/* A refusal that no list of findings holds yet. */
static cvy_status note_refusal(cvyi_explained *e, cvy_error *err)
{
    if ((e->status != CVY_UNSUPPORTED && e->status != CVY_SHAPE) ||
        e->findings.n_refusals > 0)
        return CVY_OK;
    e->status = CVY_UNSUPPORTED;
    return cvyi_findings_add(
        &e->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(CVYI_NOT_SUPPORTED),
                        .attribute = e->error.where,
                        .text = e->error.text },
        err);
}

cvy_status cvyi_explain_one(cvyi_explained *e, const cvyi_call_text *text,
                            const cvyi_explain_request *r, uint64_t seed,
                            cvy_error *err)
{
    e->text = text;
    e->status = explain_call(e, r, seed, &e->error);
    if (e->status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return note_refusal(e, err);
}

/* ---- all calls ---- */

/* One list of calls for each dialect that lines ask for. */
static cvy_status read_texts(cvy_explain *ex, const cvyi_explain_lines *all,
                             cvy_error *err)
{
    const char **const asked =
        cvyi_arena_alloc(&ex->arena, (size_t)all->n + 1, sizeof *asked);

    ex->texts =
        cvyi_arena_alloc(&ex->arena, (size_t)all->n + 1, sizeof *ex->texts);
    if (asked == NULL || ex->texts == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < all->n; i++) {
        const char *const from = all->items[i].request.from;
        bool known = false;

        for (int k = 0; k < ex->n_texts; k++)
            known = known || same_from(asked[k], from);
        if (known)
            continue;
        asked[ex->n_texts++] = from;
        CVYI_TRY(read_calls(&ex->texts[ex->n_texts - 1], all, from, err));
    }
    return CVY_OK;
}

/* Lists and lines go up together: `next` is where each list stands. */
static const cvyi_call_text *take_line(const cvy_explain *ex, int *next,
                                       int number)
{
    for (int k = 0; k < ex->n_texts; k++)
        if (next[k] < ex->texts[k].n &&
            ex->texts[k].items[next[k]].line == number)
            return &ex->texts[k].items[next[k]++];
    return NULL;
}

static cvy_status explain_all(cvy_explain *ex, const cvyi_explain_lines *all,
                              uint64_t seed, cvy_error *err)
{
    int *next;

    ex->items =
        cvyi_arena_alloc(&ex->arena, (size_t)all->n + 1, sizeof *ex->items);
    next = cvyi_arena_alloc(&ex->arena, (size_t)ex->n_texts + 1, sizeof *next);
    if (ex->items == NULL || next == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < all->n; i++) {
        const cvyi_call_text *const text = take_line(ex, next, i + 1);

        if (text != NULL)
            CVYI_TRY(cvyi_explain_one(&ex->items[ex->n++], text,
                                      &all->items[i].request, seed, err));
    }
    return CVY_OK;
}

/* What needs to know what the code says when it is read again. */
static cvy_status finish(cvyi_explained *e, cvy_error *err)
{
    if (e->written)
        CVYI_TRY(cvyi_explain_starts(e, err));
    for (int v = 0; e->rules != NULL && v < CVYI_STAND_INS; v++)
        if (e->rules->with[v].written)
            CVYI_TRY(cvyi_explain_starts(&e->rules->with[v], err));
    return cvyi_explain_merge(e, err);
}

static cvy_status run(cvy_explain *ex, const cvy_explain_options *o,
                      cvy_error *err)
{
    cvyi_explain_request general = { .from = o->from, .target = o->target };
    cvyi_explain_lines all = { 0 };
    int capacity = 0;

    for (int32_t i = 0; i < o->n_inputs; i++)
        CVYI_TRY(cvyi_explain_add_input(&general, &ex->arena, o->inputs[i],
                                        &capacity, err));
    CVYI_TRY(
        cvyi_explain_lines_read(&all, &ex->arena, o->code, &general, err));
    CVYI_TRY(read_texts(ex, &all, err));
    CVYI_TRY(explain_all(ex, &all, o->seed, err));
    CVYI_TRY(cvyi_explain_read_back(ex, err));
    for (int i = 0; i < ex->n; i++)
        CVYI_TRY(finish(&ex->items[i], err));
    return CVY_OK;
}

cvy_status cvy_explain_open(cvy_explain **out,
                            const cvy_explain_options *options, cvy_error *err)
{
    cvy_explain *ex;
    cvy_status status;

    if (options == NULL || options->code == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "there is nothing to explain");
    ex = cvyi_alloc(1, sizeof *ex);
    if (ex == NULL)
        return cvyi_no_memory(err);
    status = run(ex, options, err);
    if (status == CVY_OK)
        *out = ex;
    else
        cvy_explain_close(ex);
    return status;
}

/* ---- what came of it ---- */

static const cvyi_explained *item_at(const cvy_explain *ex, int32_t index)
{
    return index >= 0 && index < ex->n ? &ex->items[index] : NULL;
}

int32_t cvy_explain_count(const cvy_explain *explain)
{
    return explain->n;
}

cvy_status cvy_explain_status(const cvy_explain *explain, int32_t index)
{
    const cvyi_explained *const e = item_at(explain, index);

    return e != NULL ? e->status : CVY_ARGUMENT;
}

const cvy_error *cvy_explain_error(const cvy_explain *explain, int32_t index)
{
    const cvyi_explained *const e = item_at(explain, index);

    return e != NULL && e->status != CVY_OK ? &e->error : NULL;
}

cvy_finding cvy_explain_refusal(const cvy_explain *explain, int32_t index)
{
    static const cvyi_findings none;
    const cvyi_explained *const e = item_at(explain, index);

    for (int i = 0; e != NULL && i < e->findings.n; i++)
        if (e->findings.items[i].refusal)
            return cvyi_public_finding(&e->findings, i);
    return cvyi_public_finding(&none, -1);
}

static cvy_status give(const char **out, cvy_explain *ex, cvy_error *err)
{
    CVYI_TRY(cvyi_text_status(&ex->out, err));
    *out = cvyi_text_c(&ex->out);
    return CVY_OK;
}

static cvy_status begin(cvy_explain *ex, int32_t index, cvy_error *err)
{
    cvyi_text_close(&ex->out);
    ex->out = (cvyi_text){ 0 };
    return item_at(ex, index) != NULL
               ? CVY_OK
               : cvyi_fail(err, CVY_ARGUMENT, "there is no call %d",
                           (int)index);
}

cvy_status cvy_explain_json(const char **out, cvy_explain *explain,
                            int32_t index, cvy_error *err)
{
    CVYI_TRY(begin(explain, index, err));
    cvyi_explain_put_json(&explain->out, &explain->items[index]);
    return give(out, explain, err);
}

cvy_status cvy_explain_text(const char **out, cvy_explain *explain,
                            int32_t index, cvy_look look, cvy_error *err)
{
    CVYI_TRY(begin(explain, index, err));
    cvyi_explain_put_text(&explain->out, &explain->items[index], look);
    return give(out, explain, err);
}

void cvyi_explained_close(cvyi_explained *e)
{
    for (int v = 0; e->rules != NULL && v < CVYI_STAND_INS; v++)
        if (e->rules->with != NULL)
            cvyi_explained_close(&e->rules->with[v]);
    cvyi_snippet_close(&e->snippet);
    cvyi_graph_close(e->port);
    cvyi_call_graph_close(&e->source);
    cvyi_findings_close(&e->findings);
    cvyi_proof_close(&e->proof);
    cvyi_arena_close(&e->arena);
}

void cvy_explain_close(cvy_explain *explain)
{
    if (explain == NULL)
        return;
    for (int i = 0; i < explain->n; i++)
        cvyi_explained_close(&explain->items[i]);
    for (int i = 0; i < explain->n_texts; i++)
        cvyi_call_texts_close(&explain->texts[i]);
    cvyi_call_texts_close(&explain->back);
    cvyi_text_close(&explain->out);
    cvyi_arena_close(&explain->arena);
    cvyi_free(explain);
}
