/*
 * write/torch_forward.c - the method forward.
 *
 * One statement a layer: what belongs to one layer (its pad, its activation)
 * is one expression. A value that only the next statement reads is `x`; one
 * that is read later bears its layer's name.
 */
#include "pysrc/line.h"
#include "write/torch.h"

#include <string.h>

/* What a result is called in the code so far. */
typedef struct term {
    const char *code;
    cvyi_binding binding;
} term;

typedef struct forward {
    cvyi_torch_writer *w;
    term *terms;      /* one a result */
    int *position;    /* of a call in reading order */
    cvyi_scope scope; /* variables */
    /* Why a call is there that has become part of the next statement. */
    const char *pending;
} forward;

static const char reserved[] = "self torch F nn Tensor x";

static const char *keep(forward *f, cvyi_text *text)
{
    const char *const kept =
        text->bad ? NULL
                  : cvyi_arena_text(&f->w->out->arena, cvyi_text_c(text),
                                    text->size);

    cvyi_text_close(text);
    return kept;
}

static void put_operand(cvyi_text *out, const term *t, cvyi_binding least)
{
    const bool loose = t->binding < least;

    cvyi_text_put(out, loose ? "(" : "");
    cvyi_text_put(out, t->code);
    cvyi_text_put(out, loose ? ")" : "");
}

static void put_all(cvyi_text *out, const forward *f, const cvyi_call *call)
{
    for (int k = 0; k < call->n_in; k++) {
        cvyi_text_put(out, k > 0 ? ", " : "");
        cvyi_text_put(out, f->terms[call->in[k]].code);
    }
}

/* The call's expression: self.conv1(x), or the function form filled in. */
static const char *expression(forward *f, int i)
{
    const cvyi_call *const call = &f->w->graph->calls[i];
    const cvyi_spoken *const spoken = &f->w->spoken[i];
    cvyi_text out = { 0 };

    if (spoken->attribute != NULL) {
        cvyi_text_printf(&out, "self.%s(", spoken->attribute);
        put_all(&out, f, call);
        cvyi_text_put(&out, ")");
        return keep(f, &out);
    }
    for (const char *p = cvyi_text_c(&spoken->said.code); *p != '\0'; p++) {
        const bool hole = p[0] == '{' && p[1] != '\0' && p[2] == '}';

        if (hole && p[1] == '*') {
            put_all(&out, f, call);
            p += 2;
        } else if (hole && p[1] >= '0' && p[1] - '0' < call->n_in) {
            put_operand(&out, &f->terms[call->in[p[1] - '0']],
                        spoken->said.operands);
            p += 2;
        } else {
            cvyi_text_add(&out, p, 1);
        }
    }
    return keep(f, &out);
}

/* Do all uses of the result stand in the call read right after `at`? */
static bool only_next(const forward *f, int result, int at)
{
    const cvyi_graph *const graph = f->w->graph;
    int users[2];
    const int n = cvyi_graph_users(graph, result, users, 2);

    return n == 1 && !cvyi_graph_is_output(graph, result) &&
           f->position[users[0]] == at + 1;
}

static int uses(const cvyi_call *call, int result)
{
    int n = 0;

    for (int k = 0; k < call->n_in; k++)
        n += call->in[k] == result;
    return n;
}

/* Is the call part of its user's expression? Parts of one layer are, and a
 * join that the next layer takes as its only input. */
static bool inlined(const forward *f, int at, const char *code)
{
    const cvyi_torch_writer *const w = f->w;
    const cvyi_call *const call = &w->graph->calls[w->order[at]];
    enum { LONGEST = 60 };

    if (at + 1 >= w->graph->n_calls || !only_next(f, call->out[0], at))
        return false;

    const cvyi_call *const user = &w->graph->calls[w->order[at + 1]];

    if (uses(user, call->out[0]) != 1 || strlen(code) > LONGEST)
        return false;
    return user->module == call->module ||
           (call->n_in > 1 && user->n_in == 1 &&
            cvyi_torch_comment(f->w, w->order[at]) == NULL);
}

static const char *variable(forward *f, int i, int at)
{
    const cvyi_call *const call = &f->w->graph->calls[i];

    if (only_next(f, call->out[0], at))
        return "x";
    return cvyi_scope_take(&f->scope, cvyi_call_layer(f->w->graph, call));
}

/* Comments of functions stand here; those of modules in __init__. What was
 * said of a part that was inlined comes before a mere shape. */
static const char *comment(forward *f, int i)
{
    const char *const pending = f->pending;

    f->pending = NULL;
    if (pending != NULL && f->w->graph->calls[i].comment == NULL)
        return pending;
    return f->w->spoken[i].attribute == NULL ? cvyi_torch_comment(f->w, i)
                                             : NULL;
}

static const char *target_of(forward *f, int i)
{
    cvyi_text out = { 0 };

    for (const char *p = cvyi_text_c(&f->w->spoken[i].said.code); *p; p++)
        if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
            cvyi_text_put(&out, p[1] == '*' ? "..." : p[1] == '0' ? "x" : "y");
            p += 2;
        } else {
            cvyi_text_add(&out, p, 1);
        }
    return keep(f, &out);
}

/* `before` is "x = " or "return ". */
static cvy_status statement(forward *f, const char *before, const char *code,
                            const char *why)
{
    const char *const line =
        cvyi_arena_printf(&f->w->out->arena, "%s%s", before, code);

    if (line == NULL)
        return cvyi_no_memory(f->w->err);
    cvyi_py_line(&f->w->body, 8, line, "", why);
    return CVY_OK;
}

static bool returns(const forward *f, int i)
{
    const cvyi_graph *const graph = f->w->graph;

    return graph->output_tree.kind == CVYI_TREE_SINGLE &&
           graph->output_tree.result == graph->calls[i].out[0] &&
           f->position[i] == graph->n_calls - 1 &&
           cvyi_graph_users(graph, graph->output_tree.result, NULL, 0) == 0;
}

static cvy_status call_line(forward *f, int at)
{
    cvyi_torch_writer *const w = f->w;
    const int i = w->order[at];
    const int result = w->graph->calls[i].out[0];
    const char *const code = expression(f, i);
    term *const t = &f->terms[result];

    if (code == NULL)
        return cvyi_no_memory(w->err);
    if (w->spoken[i].attribute == NULL) {
        w->targets[i] = target_of(f, i);
        if (w->targets[i] == NULL)
            return cvyi_no_memory(w->err);
    }
    if (returns(f, i))
        return statement(f, "return ", code, comment(f, i));
    if (inlined(f, at, code)) {
        if (w->spoken[i].attribute == NULL && f->pending == NULL)
            f->pending = w->graph->calls[i].comment;
        *t = (term){ code, w->spoken[i].attribute != NULL
                               ? CVYI_BIND_ATOM
                               : w->spoken[i].said.binding };
        return CVY_OK;
    }
    *t = (term){ variable(f, i, at), CVYI_BIND_ATOM };
    if (t->code == NULL)
        return cvyi_no_memory(w->err);

    const char *const before =
        cvyi_arena_printf(&w->out->arena, "%s = ", t->code);

    return before == NULL ? cvyi_no_memory(w->err)
                          : statement(f, before, code, comment(f, i));
}

/* Keras' own numbering says nothing to a reader. */
static bool made_up(const char *name)
{
    return name == NULL || strncmp(name, "input_layer", 11) == 0 ||
           strncmp(name, "keras_tensor", 12) == 0 ||
           (strncmp(name, "input_", 6) == 0 && name[6] >= '0' &&
            name[6] <= '9');
}

static cvy_status head(forward *f)
{
    const cvyi_graph *const graph = f->w->graph;
    static const char *const types[] = { "Tensor", "list[Tensor]",
                                         "dict[str, Tensor]" };
    cvyi_text line = { 0 };

    cvyi_text_put(&line, "def forward(self");
    for (int i = 0; i < graph->n_inputs; i++) {
        const int r = graph->inputs[i];
        const char *const name = graph->results[r].name;
        const bool alone = graph->n_inputs == 1 && only_next(f, r, -1);
        const char *const variable_name =
            alone && made_up(name)
                ? "x"
                : cvyi_scope_take(&f->scope, name != NULL ? name : "input");

        if (variable_name == NULL) {
            cvyi_text_close(&line);
            return cvyi_no_memory(f->w->err);
        }
        f->terms[r] = (term){ variable_name, CVYI_BIND_ATOM };
        cvyi_text_printf(&line, ", %s: Tensor", variable_name);
    }
    cvyi_text_printf(&line, ") -> %s:", types[graph->output_tree.kind]);
    cvyi_py_line(&f->w->body, 4, cvyi_text_c(&line), "", NULL);
    f->w->body.bad = f->w->body.bad || line.bad;
    cvyi_text_close(&line);
    return CVY_OK;
}

static void put_tree(cvyi_text *out, const forward *f, const cvyi_tree *tree)
{
    const bool dict = tree->kind == CVYI_TREE_DICT;

    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_text_put(out, f->terms[tree->result].code);
        return;
    }
    cvyi_text_put(out, dict ? "{" : "[");
    for (int i = 0; i < tree->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        if (dict) {
            cvyi_py_string(out, tree->keys[i]);
            cvyi_text_put(out, ": ");
        }
        put_tree(out, f, &tree->items[i]);
    }
    cvyi_text_put(out, dict ? "}" : "]");
}

static cvy_status tail(forward *f)
{
    const cvyi_graph *const graph = f->w->graph;
    cvyi_text out = { 0 };
    const char *code;

    if (graph->n_calls > 0 && returns(f, f->w->order[graph->n_calls - 1]))
        return CVY_OK;
    put_tree(&out, f, &graph->output_tree);
    code = keep(f, &out);
    return code != NULL ? statement(f, "return ", code, NULL)
                        : cvyi_no_memory(f->w->err);
}

static cvy_status write_all(forward *f)
{
    for (int at = 0; at < f->w->graph->n_calls; at++)
        f->position[f->w->order[at]] = at;
    CVYI_TRY(head(f));
    for (int at = 0; at < f->w->graph->n_calls; at++)
        CVYI_TRY(call_line(f, at));
    return tail(f);
}

cvy_status cvyi_torch_forward(cvyi_torch_writer *w)
{
    forward f = { .w = w };
    cvy_status status;

    f.scope = (cvyi_scope){ .arena = &w->out->arena, .reserved = reserved };
    f.terms = cvyi_alloc((size_t)w->graph->n_results, sizeof *f.terms);
    f.position = cvyi_alloc((size_t)w->graph->n_calls, sizeof *f.position);
    status = f.terms != NULL && f.position != NULL ? write_all(&f)
                                                   : cvyi_no_memory(w->err);
    cvyi_free(f.terms);
    cvyi_free(f.position);
    return status;
}
