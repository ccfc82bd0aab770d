/*
 * verb/explain_back.c - the target's code, read as anybody's code.
 *
 * Every call that was written goes through the reader once more, all of them
 * through one python3: it must mean the attributes that were meant, and have
 * weights of the shapes that were promised. What a call draws by default is
 * known from there too.
 */
#include "verb/explain.h"

#include "layer/window.h"

#include <string.h>

/* Lengths over which two borders are compared: past the span of any window
 * worth explaining, SAME repeats with the stride. */
enum { MOST_LENGTH = 48 };

typedef struct place {
    int item, call;
} place;

/* A module of the framework itself, on one line; several of them in a
 * container are more than the reader of one call takes. */
static bool readable(const cvyi_said *said)
{
    static const char several[] = "nn.Sequential(";
    const char *const code = cvyi_text_c(&said->code);

    return said->form == CVYI_FORM_MODULE && said->helper == NULL &&
           strchr(code, '\n') == NULL &&
           strncmp(code, several, sizeof several - 1) != 0;
}

/* An explanation, or one of those that stand behind its rules. */
static cvyi_explained *nth(const cvy_explain *ex, int n)
{
    cvyi_explained *const e = &ex->items[n / (1 + CVYI_STAND_INS)];
    const int v = n % (1 + CVYI_STAND_INS);

    if (v == 0)
        return e;
    return e->rules != NULL ? &e->rules->with[v - 1] : NULL;
}

static int count(const cvy_explain *ex)
{
    return ex->n * (1 + CVYI_STAND_INS);
}

static cvy_status gather(cvyi_text *text, place *places, int *n,
                         const cvy_explain *ex, cvy_error *err)
{
    for (int i = 0; i < count(ex); i++) {
        const cvyi_explained *const e = nth(ex, i);

        for (int c = 0; e != NULL && e->written && c < e->snippet.n_calls;
             c++) {
            if (!readable(&e->snippet.said[c]))
                continue;
            cvyi_text_printf(text, "%s\n",
                             cvyi_text_c(&e->snippet.said[c].code));
            places[(*n)++] = (place){ i, c };
        }
    }
    return cvyi_text_status(text, err);
}

/* ---- comparing ---- */

static bool same_borders(const cvyi_attrs *a, const cvyi_attrs *b)
{
    for (int axis = 0; axis < a->n_spatial; axis++)
        for (int64_t n = 1; n <= MOST_LENGTH; n++) {
            cvy_border x, y;

            if (cvyi_window_border(&x, a, axis, n, NULL) != CVY_OK ||
                cvyi_window_border(&y, b, axis, n, NULL) != CVY_OK)
                continue;
            if (x.before != y.before || x.after != y.after)
                return false;
        }
    return true;
}

static bool has_window(const cvyi_op *op)
{
    return cvyi_attr_index(op, "border") >= 0 &&
           cvyi_attr_index(op, "taps") >= 0;
}

static bool same_size(cvyi_size a, cvyi_size b)
{
    int64_t x = 0, y = 0;
    const bool known = cvyi_size_constant(&x, a);

    return known == cvyi_size_constant(&y, b) && x == y;
}

/* Sizes of two graphs are no one pointer. What is unknown here is to be
 * unknown there: it is what the numbers leave of the input. */
static void unite_sizes(const cvyi_attrs *meant, cvyi_attrs *read)
{
    const cvyi_attr *const attrs = meant->op->attrs;

    for (int i = 0; attrs != NULL && attrs[i].name != NULL; i++) {
        const cvyi_attr_value *const a = &meant->at[i];
        cvyi_attr_value *const b = &read->at[i];

        if (attrs[i].kind != CVYI_ATTR_SIZES || a->n != b->n)
            continue;
        for (int k = 0; k < a->n; k++)
            if (same_size(a->sizes[k], b->sizes[k]))
                b->sizes[k] = a->sizes[k];
    }
}

/* A border may be said as numbers here and as a rule there. */
static bool same_attrs(const cvyi_attrs *meant, const cvyi_attrs *read,
                       const char **which)
{
    cvyi_attrs a = *meant, b = *read;

    if (a.op != b.op) {
        *which = "operator";
        return false;
    }
    b.n_spatial = a.n_spatial;
    unite_sizes(&a, &b);
    if (has_window(a.op)) {
        if (!same_borders(&a, &b)) {
            *which = "border";
            return false;
        }
        cvyi_set_border(&a, "border", (cvyi_border){ 0 });
        cvyi_set_border(&b, "border", (cvyi_border){ 0 });
    }
    return cvyi_attrs_equal(&a, &b, which);
}

static cvy_status fault(cvyi_explained *e, int call, const char *what)
{
    e->status = CVY_PROOF;
    return cvyi_fail_in(&e->error, CVY_PROOF, what,
                        "%.200s does not mean what was meant; this is a fault "
                        "of convey",
                        cvyi_text_c(&e->snippet.said[call].code));
}

/* false and a fault unless the call means what was meant. */
static bool means_it(cvyi_explained *e, int call, const cvyi_phrase *phrase)
{
    const cvyi_said *const said = &e->snippet.said[call];
    const cvyi_attrs *const meant =
        said->differs ? said->means : &e->port->calls[call].attrs;
    const int n = said->differs ? said->n_means : 1;
    const char *which = "steps";

    if (phrase->n == n + (said->differs ? said->repeated : 0)) {
        bool same = true;

        for (int i = 0; i < phrase->n && same; i++)
            same = same_attrs(&meant[i < n ? i : n - 1],
                              &phrase->steps[i].attrs, &which);
        if (same)
            return true;
    }
    (void)fault(e, call, which);
    return false;
}

/* ---- reading ---- */

/* Input k of call `c` as the target sees it. */
static cvyi_call_input input_of(const cvyi_explained *e, int c, int k,
                                const char *name)
{
    const cvyi_type *const type =
        &e->port->results[e->port->calls[c].in[k]].type;
    cvyi_call_input input = { .name = name, .rank = type->rank };

    for (int i = 0; i < type->rank; i++)
        if (!cvyi_size_constant(&input.dims[i], type->dims[i]))
            input.dims[i] = -1;
    return input;
}

/* The text on as many tensors as the port's call has: a layer's own text names
 * none of them. */
static cvy_status open_call(cvyi_call_graph *out, cvyi_explained *e, int c,
                            const cvyi_call_text *text, cvy_error *err)
{
    const size_t n = (size_t)e->port->calls[c].n_in;
    cvyi_call_input *const inputs =
        cvyi_arena_alloc(&e->arena, n, sizeof *inputs);
    const char **const names = cvyi_arena_alloc(&e->arena, n, sizeof *names);
    cvyi_call_text own = *text;

    if (inputs == NULL || names == NULL)
        return cvyi_no_memory(err);
    for (size_t k = 0; k < n; k++) {
        names[k] = cvyi_arena_printf(&e->arena, "x%d", (int)k);
        if (names[k] == NULL)
            return cvyi_no_memory(err);
        inputs[k] = input_of(e, c, (int)k, names[k]);
    }
    own.tensors = names;
    own.n_tensors = (int)n;
    return cvyi_call_graph_open(out, &e->arena, &own, inputs, (int)n, err);
}

static cvy_status read_call(cvyi_explained *e, int c,
                            const cvyi_call_text *text, cvy_error *err)
{
    cvyi_call_graph read = { 0 };
    cvyi_phrase *kept;
    cvy_status status = text->status;

    if (status == CVY_OK)
        status = open_call(&read, e, c, text, err);
    else
        *err = text->err;
    if (status == CVY_MEMORY)
        return status;
    if (status != CVY_OK) {
        (void)fault(e, c, err->text);
        return CVY_OK;
    }
    kept = cvyi_arena_alloc(&e->arena, 1, sizeof *kept);
    if (kept != NULL) {
        *kept = read.phrase;
        e->back[c] = kept;
        e->file_proven = means_it(e, c, kept) && e->file_proven;
    }
    cvyi_call_graph_close(&read);
    return kept != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status open_items(cvy_explain *ex, int *n_calls, cvy_error *err)
{
    for (int i = 0; i < count(ex); i++) {
        cvyi_explained *const e = nth(ex, i);

        if (e == NULL)
            continue;
        e->back = cvyi_arena_alloc(&e->arena, (size_t)e->snippet.n_calls + 1,
                                   sizeof *e->back);
        if (e->back == NULL)
            return cvyi_no_memory(err);
        e->file_proven = e->written;
        for (int c = 0; e->written && c < e->snippet.n_calls; c++)
            e->file_proven = e->file_proven && readable(&e->snippet.said[c]);
        *n_calls += e->written ? e->snippet.n_calls : 0;
    }
    return CVY_OK;
}

cvy_status cvyi_explain_read_back(cvy_explain *ex, cvy_error *err)
{
    cvyi_text text = { 0 };
    place *places;
    int n_calls = 0, n = 0;
    cvy_status status;

    CVYI_TRY(open_items(ex, &n_calls, err));
    places = cvyi_arena_alloc(&ex->arena, (size_t)n_calls + 1, sizeof *places);
    if (places == NULL)
        return cvyi_no_memory(err);
    status = gather(&text, places, &n, ex, err);
    /* The words to read are those of one dialect at a time: names tell. */
    if (status == CVY_OK && n > 0)
        status = cvyi_call_texts_read(&ex->back, cvyi_text_c(&text), text.size,
                                      NULL, err);
    cvyi_text_close(&text);
    for (int i = 0; status == CVY_OK && i < ex->back.n; i++) {
        const place *const at = &places[ex->back.items[i].line - 1];

        status =
            read_call(nth(ex, at->item), at->call, &ex->back.items[i], err);
    }
    return status;
}
