/*
 * verb/explain.c - one call in the words of the other framework.
 *
 * Reads all calls of the text with one python3, then each by itself: a graph
 * of one layer, the passes for the target, the target's words, and the proof
 * that both compute the same.
 */
#include "verb/explain.h"

#include "verb/shape.h"
#include "verify/parts.h"
#include "verify/report.h"

#include <math.h>
#include <string.h>

const char *cvyi_dialect_title(const char *dialect)
{
    static const char *const titles[][2] = {
        { "torch", "PyTorch" },    { "keras3", "Keras 3" },
        { "keras2", "Keras 2" },   { "keras1", "Keras 1" },
        { "tf2", "TensorFlow 2" }, { "tf1", "TensorFlow 1" },
    };

    for (size_t i = 0; dialect != NULL && i < sizeof titles / sizeof *titles;
         i++)
        if (strcmp(titles[i][0], dialect) == 0)
            return titles[i][1];
    return "unknown";
}

/* ---- options of a line ---- */

typedef struct request {
    const char *from, *target;
    int n_inputs;
    cvyi_call_input *inputs;
} request;

static cvy_status read_input(cvyi_call_input *out, cvyi_arena *arena,
                             const char *text, cvy_error *err)
{
    const char *const equals = strrchr(text, '=');

    out->name = NULL;
    if (equals != NULL) {
        out->name = cvyi_arena_text(arena, text, (size_t)(equals - text));
        if (out->name == NULL)
            return cvyi_no_memory(err);
    }
    return cvyi_shape_read(out->dims, &out->rank,
                           equals != NULL ? equals + 1 : text, err);
}

static cvy_status add_input(request *r, cvyi_arena *arena, const char *text,
                            int *capacity, cvy_error *err)
{
    cvyi_call_input *const grown = cvyi_arena_grow(
        arena, r->inputs, r->n_inputs, capacity, sizeof *grown);

    if (grown == NULL)
        return cvyi_no_memory(err);
    r->inputs = grown;
    return read_input(&r->inputs[r->n_inputs++], arena, text, err);
}

/* The next word of a comment; NULL at its end. */
static const char *next_word(const char **at, cvyi_arena *arena)
{
    size_t n;

    *at += strspn(*at, " \t");
    n = strcspn(*at, " \t\r\n");
    if (n == 0)
        return NULL;
    *at += n;
    return cvyi_arena_text(arena, *at - n, n);
}

/* "--input 1x8 --to keras" of the comment behind a call. */
static cvy_status read_comment(request *r, cvyi_arena *arena,
                               const char *comment, cvy_error *err)
{
    const cvyi_call_input *const general = r->inputs;
    const int n_general = r->n_inputs;
    const char *word;
    int capacity = 0;

    r->inputs = NULL;
    r->n_inputs = 0;
    while ((word = next_word(&comment, arena)) != NULL) {
        const char *const value = next_word(&comment, arena);

        if (value == NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "%.32s needs a value", word);
        if (strcmp(word, "--input") == 0)
            CVYI_TRY(add_input(r, arena, value, &capacity, err));
        else if (strcmp(word, "--from") == 0)
            r->from = value;
        else if (strcmp(word, "--to") == 0)
            r->target = value;
        else
            return cvyi_fail(err, CVY_ARGUMENT,
                             "a call's comment has no option %.32s", word);
    }
    if (r->n_inputs == 0) {
        r->inputs = (cvyi_call_input *)general;
        r->n_inputs = n_general;
    }
    return CVY_OK;
}

/* ---- lines ---- */

typedef struct line {
    const char *text;
    size_t size;
    request request;
} line;

typedef struct lines {
    int n, capacity;
    line *items;
} lines;

/* A comment that holds options begins with "# --". */
static const char *options_of(const char *text, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(text + i, "# --", 4) == 0)
            return text + i + 2;
    return NULL;
}

static cvy_status read_lines(lines *out, cvyi_arena *arena, const char *code,
                             const request *general, cvy_error *err)
{
    while (*code != '\0') {
        const size_t size = strcspn(code, "\n");
        line *const grown = cvyi_arena_grow(arena, out->items, out->n,
                                            &out->capacity, sizeof *grown);
        const char *options = options_of(code, size);

        if (grown == NULL)
            return cvyi_no_memory(err);
        out->items = grown;
        grown[out->n] = (line){ code, size, *general };
        if (options != NULL) {
            options = cvyi_arena_text(arena, options,
                                      size - (size_t)(options - code));
            if (options == NULL)
                return cvyi_no_memory(err);
            CVYI_TRY(
                read_comment(&grown[out->n].request, arena, options, err));
        }
        out->n++;
        code += size + (code[size] == '\n');
    }
    return CVY_OK;
}

static bool same_from(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The lines of one dialect, where they stand; the others are blank. */
static cvy_status read_calls(cvyi_call_texts *out, const lines *all,
                             const char *from, cvy_error *err)
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

static cvy_status choose_target(cvyi_explained *e, const char *asked,
                                cvy_error *err)
{
    const bool torch = strcmp(e->text->dialect, "torch") == 0;
    const bool keras3 = strcmp(e->text->dialect, "keras3") == 0;

    if (asked == NULL)
        asked = torch ? "keras" : "torch";
    if (strcmp(asked, "torch") != 0 && strcmp(asked, "keras") != 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "there is no target \"%.32s\"; there is torch, keras",
                         asked);
    e->target = strcmp(asked, "torch") == 0
                    ? (cvyi_target){ .dialect = "torch",
                                     .axes = CVYI_AXES_FIRST,
                                     .flat = true,
                                     .plain = true }
                    : (cvyi_target){ .dialect = "keras3",
                                     .axes = CVYI_AXES_LAST,
                                     .flat = true,
                                     .plain = true };
    if ((torch && e->target.axes == CVYI_AXES_FIRST) ||
        (keras3 && e->target.axes == CVYI_AXES_LAST))
        return cvyi_fail(err, CVY_ARGUMENT, "the call is %s already",
                         cvyi_dialect_title(e->text->dialect));
    return CVY_OK;
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

/* Where only the number of channels is missing the rules do not need it: they
 * are told with some number that many groups divide. */
static void look_at_rules(cvyi_explained *e)
{
    enum { CHANNELS = 24 };
    const int rank = e->text->n_spatial > 0 ? e->text->n_spatial + 2 : 4;
    const int places[] = { rank - 1, 1 };

    for (int i = 0; i < 2 && e->source.graph == NULL; i++) {
        cvyi_call_input input = { .rank = rank };
        cvyi_call_graph found = { 0 };

        for (int k = 0; k < rank; k++)
            input.dims[k] = k == places[i] ? CHANNELS : -1;
        if (cvyi_call_graph_open(&found, &e->arena, e->text, &input, 1,
                                 NULL) == CVY_OK)
            e->source = found;
    }
    if (e->source.graph != NULL)
        (void)cvyi_explain_borders(e, NULL);
}

static cvy_status read_source(cvyi_explained *e, const request *r,
                              uint64_t *seed, cvy_error *err)
{
    cvy_status status;

    if (e->text->status != CVY_OK) {
        *err = e->text->err;
        if (e->text->status == CVY_UNSUPPORTED)
            CVYI_TRY(refuse(e, &e->text->refusal, err));
        return e->text->status;
    }
    CVYI_TRY(choose_target(e, r->target, err));
    status = cvyi_call_graph_open(&e->source, &e->arena, e->text, r->inputs,
                                  r->n_inputs, err);
    if (status == CVY_UNSUPPORTED) {
        CVYI_TRY(refuse(e, &e->source.phrase.refusal, &(cvy_error){ 0 }));
        if (r->n_inputs == 0)
            look_at_rules(e);
    }
    CVYI_TRY(status);
    fill_weights(e->source.graph, seed);
    return note_remarks(e, err);
}

static cvy_status write_target(cvyi_explained *e, cvy_error *err)
{
    CVYI_TRY(cvyi_graph_copy(&e->port, e->source.graph, err));
    CVYI_TRY(cvyi_pass_run(e->port, &e->target, NULL, &e->findings, err));
    CVYI_TRY(cvyi_snippet_write(&e->snippet, e->port, e->target.dialect,
                                &e->findings, err));
    e->written = true;
    return CVY_OK;
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

static cvy_status explain_call(cvyi_explained *e, const request *r,
                               uint64_t seed, cvy_error *err)
{
    uint64_t weights = seed;

    CVYI_TRY(read_source(e, r, &weights, err));
    CVYI_TRY(cvyi_explain_borders(e, err));
    CVYI_TRY(write_target(e, err));
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

static cvy_status explain_item(cvyi_explained *e, const cvyi_call_text *text,
                               const request *r, uint64_t seed, cvy_error *err)
{
    e->text = text;
    e->status = explain_call(e, r, seed, &e->error);
    if (e->status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return note_refusal(e, err);
}

/* ---- all calls ---- */

/* One list of calls for each dialect that lines ask for. */
static cvy_status read_texts(cvy_explain *ex, const lines *all, cvy_error *err)
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

static cvy_status explain_all(cvy_explain *ex, const lines *all, uint64_t seed,
                              cvy_error *err)
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
            CVYI_TRY(explain_item(&ex->items[ex->n++], text,
                                  &all->items[i].request, seed, err));
    }
    return CVY_OK;
}

static cvy_status run(cvy_explain *ex, const cvy_explain_options *o,
                      cvy_error *err)
{
    request general = { .from = o->from, .target = o->target };
    lines all = { 0 };
    int capacity = 0;

    for (int32_t i = 0; i < o->n_inputs; i++)
        CVYI_TRY(
            add_input(&general, &ex->arena, o->inputs[i], &capacity, err));
    CVYI_TRY(read_lines(&all, &ex->arena, o->code, &general, err));
    CVYI_TRY(read_texts(ex, &all, err));
    CVYI_TRY(explain_all(ex, &all, o->seed, err));
    CVYI_TRY(cvyi_explain_read_back(ex, err));
    for (int i = 0; i < ex->n; i++)
        if (ex->items[i].written)
            CVYI_TRY(cvyi_explain_starts(&ex->items[i], err));
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

static void close_item(cvyi_explained *e)
{
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
        close_item(&explain->items[i]);
    for (int i = 0; i < explain->n_texts; i++)
        cvyi_call_texts_close(&explain->texts[i]);
    cvyi_call_texts_close(&explain->back);
    cvyi_text_close(&explain->out);
    cvyi_arena_close(&explain->arena);
    cvyi_free(explain);
}
