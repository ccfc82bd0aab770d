/* write/torch_speak.c - which words every call gets. */
#include "write/torch.h"

#include <string.h>

static bool has_params(const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0)
            return true;
    return false;
}

/* The form a person would choose in a network with a forward method: what
 * has weights is a module; what was an argument, joins several values or
 * would need a class of its own is an expression; of the rest the shorter. */
static cvyi_form preferred(const cvyi_call *call, const cvyi_said *module,
                           const cvyi_said *function)
{
    if (has_params(call) || module->n_slots > 0)
        return CVYI_FORM_MODULE;
    if (call->argument || call->n_in > 1 ||
        (module->helper != NULL && function->helper == NULL))
        return CVYI_FORM_FUNCTION;
    return function->code.size + 4 < module->code.size ? CVYI_FORM_FUNCTION
                                                       : CVYI_FORM_MODULE;
}

static cvy_status refuse(cvyi_torch_writer *w, const cvyi_call *call,
                         const cvyi_refusal *why)
{
    const cvyi_module *const module = &w->graph->modules[call->module];

    return cvyi_findings_add(
        w->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(why->kind),
                        .layer = module->name,
                        .attribute = why->attribute,
                        .text = why->reason,
                        .advice = why->advice,
                        .where = module->where },
        w->err);
}

/* What the options and the layer ask of the words. */
static cvy_status ask_words(cvyi_saying *out, cvyi_torch_writer *w, int i)
{
    CVYI_TRY(cvyi_graph_saying(out, w->graph, i, w->err));
    out->exact_training = w->options != NULL && w->options->exact_training;
    out->frozen = w->graph->modules[w->graph->calls[i].module].frozen;
    return CVY_OK;
}

static cvy_status speak_call(cvyi_torch_writer *w, int i)
{
    const cvyi_call *const call = &w->graph->calls[i];
    cvyi_spoken *const spoken = &w->spoken[i];
    cvyi_said module = { 0 }, function = { 0 };
    cvyi_saying saying;

    CVYI_TRY(ask_words(&saying, w, i));

    const cvy_status as_module =
        cvyi_say(&module, "torch", CVYI_FORM_MODULE, &saying, w->err);
    const cvy_status as_function =
        cvyi_say(&function, "torch", CVYI_FORM_FUNCTION, &saying, w->err);
    const bool both = as_module == CVY_OK && as_function == CVY_OK;
    const bool function_wins =
        as_module != CVY_OK ||
        (both && !spoken->as_module &&
         preferred(call, &module, &function) == CVYI_FORM_FUNCTION);

    spoken->ok = as_module == CVY_OK || as_function == CVY_OK;
    spoken->said = function_wins && as_function == CVY_OK ? function : module;
    cvyi_said_close(spoken->said.code.bytes == function.code.bytes &&
                            spoken->said.code.bytes != module.code.bytes
                        ? &module
                        : &function);
    if (!spoken->ok && (as_module == CVY_MEMORY || as_function == CVY_MEMORY))
        return cvyi_no_memory(w->err);
    if (!spoken->ok)
        return refuse(w, call, &spoken->said.refusal);
    return cvyi_text_status(&spoken->said.code, w->err);
}

cvy_status cvyi_torch_respeak(cvyi_torch_writer *w, int i, bool as_module)
{
    if (w->spoken[i].as_module == as_module)
        return CVY_OK;
    cvyi_said_close(&w->spoken[i].said);
    w->spoken[i].as_module = as_module;
    return speak_call(w, i);
}

/* Text remarks are about the framework, not about one layer: each is said
 * once, at the first layer that has it. */
static cvy_status remark(cvyi_torch_writer *w, int i)
{
    const cvyi_said *const said = &w->spoken[i].said;

    for (int k = 0; k < said->n_remarks; k++) {
        bool known = false;

        for (int j = 0; j < w->findings->n; j++)
            known |= strcmp(w->findings->items[j].text, said->remarks[k]) == 0;
        if (!known)
            CVYI_TRY(cvyi_remark(
                w->findings, cvyi_call_layer(w->graph, &w->graph->calls[i]),
                said->remarks[k], w->err));
    }
    return CVY_OK;
}

static cvy_status need_helper(cvyi_torch_writer *w, const cvyi_helper *helper)
{
    for (int i = 0; i < w->n_helpers; i++)
        if (w->helpers[i] == helper)
            return CVY_OK;
    if (w->n_helpers == CVYI_MAX_HELPERS)
        return cvyi_fail(w->err, CVY_UNSUPPORTED, "too many helper classes");
    w->helpers[w->n_helpers++] = helper;
    return CVY_OK;
}

cvy_status cvyi_torch_speak(cvyi_torch_writer *w)
{
    for (int i = 0; i < w->graph->n_calls; i++)
        CVYI_TRY(speak_call(w, i));
    return cvyi_findings_verdict(w->findings, w->err);
}

cvy_status cvyi_torch_spoken(cvyi_torch_writer *w)
{
    for (int i = 0; i < w->graph->n_calls; i++) {
        CVYI_TRY(remark(w, i));
        if (w->spoken[i].said.helper != NULL)
            CVYI_TRY(need_helper(w, w->spoken[i].said.helper));
    }
    return CVY_OK;
}

/* ---- what would be refused ---- */

/* Marks what a call reads and makes; true if something new was marked. */
static bool mark_ends(bool *marks, const cvyi_graph *graph,
                      const cvyi_call *call)
{
    bool more = false;

    for (int k = 0; k < call->n_in + call->n_out; k++) {
        const int r = k < call->n_in ? call->in[k] : call->out[k - call->n_in];

        if (graph->results[r].type.rank < 3 || marks[r])
            continue;
        marks[r] = true;
        more = true;
    }
    return more;
}

static bool touches(const bool *marks, const cvyi_call *call)
{
    for (int k = 0; k < call->n_in; k++)
        if (marks[call->in[k]])
            return true;
    for (int k = 0; k < call->n_out; k++)
        if (marks[call->out[k]])
            return true;
    return false;
}

/* Operators that take any order of axes go with their neighbours, and these
 * with theirs. Where they end at a missing layer, that might have wanted the
 * other order, for which there may be words. Outputs of a part of a graph are
 * what stands beside a missing layer. */
static cvy_status ends_at_gap(bool *out, const cvyi_graph *graph,
                              const cvyi_call *call, cvy_error *err)
{
    bool *const marks = cvyi_alloc((size_t)graph->n_results, sizeof *marks);
    bool more;

    if (marks == NULL)
        return cvyi_no_memory(err);
    *out = false;
    more = mark_ends(marks, graph, call);
    while (more) {
        more = false;
        for (int i = 0; i < graph->n_calls; i++)
            if (graph->calls[i].attrs.op->order == CVYI_ORDER_ANY &&
                touches(marks, &graph->calls[i]) &&
                mark_ends(marks, graph, &graph->calls[i]))
                more = true;
    }
    for (int r = 0; r < graph->n_results; r++)
        *out = *out || (marks[r] && cvyi_graph_is_output(graph, r));
    cvyi_free(marks);
    return CVY_OK;
}

static cvy_status ask_call(cvyi_torch_writer *w, int i, bool part)
{
    const cvyi_call *const call = &w->graph->calls[i];
    bool open = false, moved = false;

    for (int k = 0; k < call->n_in; k++)
        moved = moved || w->graph->results[call->in[k]].arrangement.moved;
    if (part && moved && call->attrs.op->order == CVYI_ORDER_ANY)
        CVYI_TRY(ends_at_gap(&open, w->graph, call, w->err));
    return open ? CVY_OK : speak_call(w, i);
}

cvy_status cvyi_ask_torch(cvyi_graph *graph, bool part,
                          cvyi_findings *findings, cvy_error *err)
{
    cvyi_torch_writer w = { .graph = graph, .findings = findings, .err = err };
    const int n = graph->n_calls;
    cvy_status status = CVY_OK;

    w.spoken = cvyi_alloc((size_t)n, sizeof *w.spoken);
    if (w.spoken == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n && status == CVY_OK; i++)
        status = ask_call(&w, i, part);
    for (int i = 0; i < n; i++)
        cvyi_said_close(&w.spoken[i].said);
    cvyi_free(w.spoken);
    return status;
}
