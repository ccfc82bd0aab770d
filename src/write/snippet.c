/* write/snippet.c - a small graph as code to paste. */
#include "write/snippet_parts.h"

#include "write/weight.h"

#include <string.h>

/* ---- words ---- */

static cvy_status refuse(cvyi_snippet_work *w, const cvyi_refusal *why)
{
    return cvyi_findings_add(
        w->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(why->kind),
                        .attribute = why->attribute,
                        .text = why->reason,
                        .advice = why->advice },
        w->err);
}

/* A module where there is one: it is what a person pastes. One whose text is
 * a class of our own gives way to a plain expression. */
static cvy_status say_call(cvyi_snippet_work *w, int i)
{
    const char *const dialect = w->kind->dialect;
    cvyi_said *const said = &w->out->said[i];
    cvyi_said other;
    cvyi_saying saying;
    cvy_status status;

    CVYI_TRY(cvyi_graph_saying(&saying, w->graph, i, w->err));
    status = cvyi_say(said, dialect, CVYI_FORM_MODULE, &saying, w->err);
    if (status == CVY_OK && said->helper == NULL)
        return CVY_OK;
    if (status != CVY_OK && status != CVY_UNSUPPORTED)
        return status;

    const cvy_status as_function =
        cvyi_say(&other, dialect, CVYI_FORM_FUNCTION, &saying, w->err);

    if (as_function == CVY_OK && (status != CVY_OK || other.helper == NULL)) {
        cvyi_said_close(said);
        *said = other;
        return CVY_OK;
    }
    cvyi_said_close(&other);
    if (status == CVY_OK)
        return CVY_OK;
    return as_function != CVY_UNSUPPORTED ? as_function
                                          : refuse(w, &said->refusal);
}

static cvy_status say_all(cvyi_snippet_work *w)
{
    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_said *const said = &w->out->said[i];

        CVYI_TRY(say_call(w, i));
        for (int k = 0; k < said->n_remarks; k++)
            CVYI_TRY(cvyi_remark(w->findings, "", said->remarks[k], w->err));
    }
    return cvyi_findings_verdict(w->findings, w->err);
}

/* ---- names ---- */

/* "conv", "pad": what part of the layer it is, else its operator. */
static cvy_status name_members(cvyi_snippet_work *w)
{
    cvyi_scope scope = { .arena = &w->out->arena,
                         .reserved = cvyi_module_attributes };

    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_call *const call = &w->graph->calls[i];

        w->members[i] = cvyi_scope_take(
            &scope, call->label != NULL ? call->label : call->attrs.op->name);
        if (w->members[i] == NULL)
            return cvyi_no_memory(w->err);
    }
    return CVY_OK;
}

/* A value that is read once, by a call of one input, hands its name on. */
static cvy_status name_values(cvyi_snippet_work *w)
{
    const cvyi_graph *const graph = w->graph;
    cvyi_scope scope = { .arena = &w->out->arena,
                         .reserved = "torch nn F keras layers tf layer ops" };

    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_result *const r = &graph->results[graph->inputs[i]];

        w->values[graph->inputs[i]] =
            cvyi_scope_take(&scope, r->name != NULL ? r->name : "x");
        if (w->values[graph->inputs[i]] == NULL)
            return cvyi_no_memory(w->err);
    }
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        const bool same = call->n_in == 1 &&
                          cvyi_graph_users(graph, call->in[0], NULL, 0) == 1 &&
                          !cvyi_graph_is_output(graph, call->in[0]);

        for (int k = 0; k < call->n_out; k++) {
            w->values[call->out[k]] =
                same ? w->values[call->in[0]] : cvyi_scope_take(&scope, "y");
            if (w->values[call->out[k]] == NULL)
                return cvyi_no_memory(w->err);
        }
    }
    return CVY_OK;
}

/* ---- expressions ---- */

static void put_all_inputs(cvyi_text *out, const cvyi_snippet_work *w,
                           const cvyi_call *call)
{
    for (int k = 0; k < call->n_in; k++)
        cvyi_text_printf(out, "%s%s", k > 0 ? ", " : "",
                         w->values[call->in[k]]);
}

/* {0} and {*} of a function form. Names are atoms: nothing needs parentheses.
 */
static void put_function(cvyi_text *out, const cvyi_snippet_work *w,
                         const cvyi_call *call, const char *code)
{
    for (const char *p = code; *p != '\0'; p++) {
        if (strncmp(p, "{*}", 3) == 0) {
            put_all_inputs(out, w, call);
            p += 2;
        } else if (*p == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}' &&
                   p[1] - '0' < call->n_in) {
            cvyi_text_put(out, w->values[call->in[p[1] - '0']]);
            p += 2;
        } else {
            cvyi_text_add(out, p, 1);
        }
    }
}

static bool has_weights(const cvyi_said *said)
{
    return said->n_slots > 0;
}

static int calls_with_weights(const cvyi_snippet_work *w)
{
    int n = 0;

    for (int i = 0; i < w->graph->n_calls; i++)
        n += has_weights(&w->out->said[i]);
    return n;
}

/* A layer, with name= where its weights could not be told apart. */
static void put_layer(cvyi_text *out, const cvyi_snippet_work *w, int i)
{
    const cvyi_said *const said = &w->out->said[i];
    const char *const code = cvyi_text_c(&said->code);

    if (!w->kind->named || !has_weights(said) || calls_with_weights(w) < 2) {
        cvyi_text_put(out, code);
        return;
    }
    cvyi_text_add(out, code, said->code.size - 1);
    cvyi_text_printf(out, "%sname=\"%s\")",
                     code[said->code.size - 2] == '(' ? "" : ", ",
                     w->members[i]);
}

void cvyi_snippet_put_call(cvyi_text *out, const cvyi_snippet_work *w, int i,
                           const char *maker)
{
    const cvyi_said *const said = &w->out->said[i];
    const cvyi_call *const call = &w->graph->calls[i];
    const char *const code = cvyi_text_c(&said->code);

    if (said->form == CVYI_FORM_FUNCTION) {
        put_function(out, w, call, code);
        return;
    }
    if (maker != NULL)
        cvyi_text_put(out, maker);
    else
        put_layer(out, w, i);
    cvyi_text_put(out, "(");
    if (call->n_in > 1 && w->kind->named)
        cvyi_text_put(out, "[");
    put_all_inputs(out, w, call);
    cvyi_text_put(out, call->n_in > 1 && w->kind->named ? "])" : ")");
}

/* ---- the code ---- */

/* Modules, each on what the one before it made. */
static bool is_chain(const cvyi_snippet_work *w)
{
    const cvyi_graph *const graph = w->graph;
    int last = graph->n_inputs == 1 ? graph->inputs[0] : -1;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        if (w->out->said[i].form != CVYI_FORM_MODULE || call->n_in != 1 ||
            call->in[0] != last || call->n_out != 1)
            return false;
        last = call->out[0];
    }
    return graph->n_calls > 0 && graph->output_tree.kind == CVYI_TREE_SINGLE &&
           graph->output_tree.result == last;
}

static void put_chain(cvyi_snippet_work *w)
{
    cvyi_text *const out = &w->out->code;

    if (w->graph->n_calls == 1) {
        cvyi_text_put(out, "layer = ");
        put_layer(out, w, 0);
        cvyi_text_put(out, "\n");
        return;
    }
    cvyi_text_printf(out, "layer = %s\n", w->kind->open);
    for (int i = 0; i < w->graph->n_calls; i++) {
        cvyi_text_put(out, "    ");
        put_layer(out, w, i);
        cvyi_text_put(out, ",\n");
    }
    cvyi_text_printf(out, "%s\n", w->kind->close);
}

/* Classes of our own that calls use, and what they import. */
static void put_helpers(cvyi_snippet_work *w)
{
    cvyi_text *const out = &w->out->code;

    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_helper *const helper = w->out->said[i].helper;
        bool known = helper == NULL;

        for (int k = 0; k < i; k++)
            known = known || w->out->said[k].helper == helper;
        if (known)
            continue;
        if (strstr(helper->needs, "Tensor") != NULL)
            cvyi_text_put(out, "from torch import Tensor\n\n\n");
        cvyi_text_printf(out, "%s\n\n", helper->code);
    }
}

/* ---- weights ---- */

/* What the weights of call `i` are called by. */
static const char *path_of(cvyi_snippet_work *w, int i, bool chain)
{
    cvyi_arena *const arena = &w->out->arena;

    if (w->kind->named)
        return calls_with_weights(w) < 2
                   ? ""
                   : cvyi_arena_printf(arena, "%s%c", w->members[i],
                                       w->kind->separator);
    if (!chain)
        return cvyi_arena_printf(arena, "%s%c", w->members[i],
                                 w->kind->separator);
    return w->graph->n_calls == 1
               ? ""
               : cvyi_arena_printf(arena, "%d%c", i, w->kind->separator);
}

static cvy_status name_weights(cvyi_snippet_work *w, bool chain)
{
    cvyi_snippet *const out = w->out;
    int capacity = 0;

    for (int i = 0; i < w->graph->n_calls; i++) {
        const char *const path = path_of(w, i, chain);

        if (path == NULL)
            return cvyi_no_memory(w->err);
        for (int s = 0; s < out->said[i].n_slots; s++) {
            const cvyi_said_slot *const slot = &out->said[i].slots[s];
            const char *const name =
                cvyi_arena_printf(&out->arena, "%s%s", path, slot->name);
            cvyi_written_weight *const grown =
                cvyi_arena_grow(&out->arena, out->weights, out->n_weights,
                                &capacity, sizeof *grown);

            if (name == NULL || grown == NULL)
                return cvyi_no_memory(w->err);
            out->weights = grown;
            CVYI_TRY(cvyi_weight_make(&grown[out->n_weights], w->graph, i,
                                      slot, name, w->err));
            out->n_weights++;
        }
    }
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status write_code(cvyi_snippet_work *w)
{
    const bool chain = is_chain(w);

    CVYI_TRY(name_members(w));
    CVYI_TRY(name_values(w));
    put_helpers(w);
    if (chain)
        put_chain(w);
    else
        CVYI_TRY(w->kind->compose(w));
    CVYI_TRY(name_weights(w, chain));
    return cvyi_text_status(&w->out->code, w->err);
}

cvy_status cvyi_snippet_write(cvyi_snippet *out, cvyi_graph *graph,
                              const char *dialect, cvyi_findings *findings,
                              cvy_error *err)
{
    cvyi_snippet_work w = {
        .out = out, .graph = graph, .findings = findings, .err = err
    };

    *out = (cvyi_snippet){ 0 };
    for (size_t i = 0; i < cvyi_n_snippet_kinds; i++)
        if (strcmp(cvyi_snippet_kinds[i].dialect, dialect) == 0)
            w.kind = &cvyi_snippet_kinds[i];
    if (w.kind == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "nothing is written in %.32s",
                         dialect);
    out->said = cvyi_arena_alloc(&out->arena, (size_t)graph->n_calls + 1,
                                 sizeof *out->said);
    w.members = cvyi_arena_alloc(&out->arena, (size_t)graph->n_calls + 1,
                                 sizeof *w.members);
    w.values = cvyi_arena_alloc(&out->arena, (size_t)graph->n_results + 1,
                                sizeof *w.values);
    if (out->said == NULL || w.members == NULL || w.values == NULL)
        return cvyi_no_memory(err);
    out->n_calls = graph->n_calls;
    CVYI_TRY(say_all(&w));
    return write_code(&w);
}

void cvyi_snippet_close(cvyi_snippet *snippet)
{
    for (int i = 0; i < snippet->n_calls; i++)
        cvyi_said_close(&snippet->said[i]);
    cvyi_text_close(&snippet->code);
    cvyi_arena_close(&snippet->arena);
    *snippet = (cvyi_snippet){ 0 };
}
