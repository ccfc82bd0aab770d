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
    static const char *const kinds[] = { "illegal_in_source", "no_counterpart",
                                         "unknown_call", "unsupported" };
    const cvyi_module *const module = &w->graph->modules[call->module];

    return cvyi_findings_add(w->findings,
                             (cvyi_finding){ .refusal = true,
                                             .kind = kinds[why->kind],
                                             .layer = module->name,
                                             .attribute = why->attribute,
                                             .text = why->reason,
                                             .advice = why->advice,
                                             .where = module->where },
                             w->err);
}

static cvy_status speak_call(cvyi_torch_writer *w, int i)
{
    const cvyi_call *const call = &w->graph->calls[i];
    cvyi_spoken *const spoken = &w->spoken[i];
    cvyi_said module = { 0 }, function = { 0 };
    cvyi_saying saying;

    CVYI_TRY(cvyi_graph_saying(&saying, w->graph, i, w->err));

    const cvy_status as_module =
        cvyi_say(&module, "torch", CVYI_FORM_MODULE, &saying, w->err);
    const cvy_status as_function =
        cvyi_say(&function, "torch", CVYI_FORM_FUNCTION, &saying, w->err);
    const bool both = as_module == CVY_OK && as_function == CVY_OK;
    const bool function_wins =
        as_module != CVY_OK ||
        (both && !w->sequential &&
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

/* The layer's own call bears its name; parts are `conv1_pad`. */
static cvy_status name_module(cvyi_torch_writer *w, cvyi_scope *scope, int i)
{
    const cvyi_call *const call = &w->graph->calls[i];
    const char *const layer = cvyi_call_layer(w->graph, call);
    const char *wanted = layer;

    if (call->label != NULL)
        wanted =
            cvyi_arena_printf(&w->out->arena, "%s_%s", layer, call->label);
    if (wanted != NULL)
        w->spoken[i].attribute = cvyi_scope_take(scope, wanted);
    return w->spoken[i].attribute != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* A layer's own name is taken before any part may ask for it. */
static cvy_status name_modules(cvyi_torch_writer *w)
{
    cvyi_scope scope = { .arena = &w->out->arena,
                         .reserved = cvyi_module_attributes };

    for (int parts = 0; parts < 2; parts++)
        for (int i = 0; i < w->graph->n_calls; i++)
            if ((w->graph->calls[i].label != NULL) == parts &&
                w->spoken[i].said.form == CVYI_FORM_MODULE)
                CVYI_TRY(name_module(w, &scope, i));
    return CVY_OK;
}

/* A chain of modules from the only input to the only output? */
static bool is_chain(const cvyi_graph *graph)
{
    if (graph->modules[0].kind != CVYI_MODULE_SEQUENTIAL ||
        graph->n_inputs != 1 || graph->n_calls == 0 ||
        graph->output_tree.kind != CVYI_TREE_SINGLE)
        return false;
    for (int i = 0, r = graph->inputs[0]; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        if (call->n_in != 1 || call->in[0] != r || call->n_out != 1)
            return false;
        r = call->out[0];
    }
    return true;
}

static cvy_status speak_all(cvyi_torch_writer *w)
{
    for (int i = 0; i < w->graph->n_calls; i++)
        CVYI_TRY(speak_call(w, i));
    return CVY_OK;
}

cvy_status cvyi_torch_speak(cvyi_torch_writer *w)
{
    w->sequential = is_chain(w->graph);
    CVYI_TRY(speak_all(w));
    if (w->findings->n_refusals > 0)
        return cvyi_fail(w->err, CVY_UNSUPPORTED,
                         "%d of the model's layers cannot be written",
                         w->findings->n_refusals);
    for (int i = 0; w->sequential && i < w->graph->n_calls; i++)
        if (w->spoken[i].said.form != CVYI_FORM_MODULE) {
            /* Not a plain chain after all: forms are chosen anew. */
            w->sequential = false;
            for (int k = 0; k < w->graph->n_calls; k++)
                cvyi_said_close(&w->spoken[k].said);
            CVYI_TRY(speak_all(w));
        }
    for (int i = 0; i < w->graph->n_calls; i++) {
        CVYI_TRY(remark(w, i));
        if (w->spoken[i].said.helper != NULL)
            CVYI_TRY(need_helper(w, w->spoken[i].said.helper));
    }
    return name_modules(w);
}
