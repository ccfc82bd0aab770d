/* write/snippet_kinds.c - how a framework puts calls together that are no
 * chain of modules. */
#include "write/snippet_parts.h"

#include <string.h>

static void put_returned(cvyi_text *out, const cvyi_snippet_work *w,
                         const cvyi_tree *tree)
{
    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_text_put(out, w->values[tree->result]);
        return;
    }
    cvyi_text_put(out, "[");
    for (int i = 0; i < tree->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        put_returned(out, w, &tree->items[i]);
    }
    cvyi_text_put(out, "]");
}

static void put_inputs(cvyi_text *out, const cvyi_snippet_work *w)
{
    for (int i = 0; i < w->graph->n_inputs; i++)
        cvyi_text_printf(out, "%s%s", i > 0 ? ", " : "",
                         w->values[w->graph->inputs[i]]);
}

/* ---- torch: a class with a forward ---- */

static void put_members(cvyi_snippet_work *w)
{
    cvyi_text *const out = &w->out->code;
    bool any = false;

    for (int i = 0; i < w->graph->n_calls; i++)
        any = any || w->out->said[i].form == CVYI_FORM_MODULE;
    if (!any)
        return;
    cvyi_text_put(out, "    def __init__(self):\n"
                       "        super().__init__()\n");
    for (int i = 0; i < w->graph->n_calls; i++)
        if (w->out->said[i].form == CVYI_FORM_MODULE)
            cvyi_text_printf(out, "        self.%s = %s\n", w->members[i],
                             cvyi_text_c(&w->out->said[i].code));
    cvyi_text_put(out, "\n");
}

static cvy_status compose_torch(cvyi_snippet_work *w)
{
    cvyi_text *const out = &w->out->code;
    const cvyi_graph *const graph = w->graph;

    cvyi_text_put(out, "class Layer(nn.Module):\n");
    put_members(w);
    cvyi_text_put(out, "    def forward(self, ");
    put_inputs(out, w);
    cvyi_text_put(out, "):\n");
    for (int i = 0; i < graph->n_calls; i++) {
        const char *const maker =
            cvyi_arena_printf(&w->out->arena, "self.%s", w->members[i]);
        const bool last = i == graph->n_calls - 1 &&
                          graph->output_tree.kind == CVYI_TREE_SINGLE &&
                          graph->output_tree.result == graph->calls[i].out[0];

        if (maker == NULL)
            return cvyi_no_memory(w->err);
        cvyi_text_put(out, "        ");
        if (last)
            cvyi_text_put(out, "return ");
        else
            cvyi_text_printf(out, "%s = ", w->values[graph->calls[i].out[0]]);
        cvyi_snippet_put_call(out, w, i, maker);
        cvyi_text_put(out, "\n");
        if (last)
            cvyi_text_put(out, "\n\nlayer = Layer()\n");
        if (last)
            return CVY_OK;
    }
    cvyi_text_put(out, "        return ");
    put_returned(out, w, &graph->output_tree);
    cvyi_text_put(out, "\n\n\nlayer = Layer()\n");
    return CVY_OK;
}

/* ---- Keras: a functional model ---- */

static void put_keras_input(cvyi_text *out, const cvyi_snippet_work *w,
                            int result)
{
    const cvyi_type *const type = &w->graph->results[result].type;

    cvyi_text_printf(out, "%s = keras.Input((", w->values[result]);
    for (int i = 1; i < type->rank; i++) {
        int64_t n;

        cvyi_text_put(out, i > 1 ? ", " : "");
        if (cvyi_size_constant(&n, type->dims[i]))
            cvyi_text_printf(out, "%lld", (long long)n);
        else
            cvyi_text_put(out, "None");
    }
    cvyi_text_put(out, type->rank == 2 ? ",))\n" : "))\n");
}

static bool uses_ops(const cvyi_snippet_work *w)
{
    for (int i = 0; i < w->graph->n_calls; i++) {
        const char *const code = cvyi_text_c(&w->out->said[i].code);

        if (strncmp(code, "ops.", 4) == 0 || strstr(code, " ops.") != NULL ||
            strstr(code, "(ops.") != NULL)
            return true;
    }
    return false;
}

/* The inputs' own names stay: the model needs them at the end. */
static cvy_status compose_keras(cvyi_snippet_work *w)
{
    cvyi_text *const out = &w->out->code;
    const cvyi_graph *const graph = w->graph;
    const char *const several = graph->n_inputs > 1 ? "[" : "";

    if (uses_ops(w))
        cvyi_text_put(out, "from keras import ops\n\n");
    for (int i = 0; i < graph->n_inputs; i++)
        put_keras_input(out, w, graph->inputs[i]);
    for (int i = 0; i < graph->n_calls; i++) {
        for (int k = 0; k < graph->calls[i].n_out; k++)
            w->values[graph->calls[i].out[k]] =
                i == graph->n_calls - 1
                    ? "outputs"
                    : cvyi_arena_printf(&w->out->arena, "y%d", i);
        cvyi_text_printf(out, "%s = ", w->values[graph->calls[i].out[0]]);
        cvyi_snippet_put_call(out, w, i, NULL);
        cvyi_text_put(out, "\n");
    }
    cvyi_text_printf(out, "layer = keras.Model(%s", several);
    put_inputs(out, w);
    cvyi_text_printf(out, "%s, ", *several != '\0' ? "]" : "");
    put_returned(out, w, &graph->output_tree);
    cvyi_text_put(out, ")\n");
    return CVY_OK;
}

const cvyi_snippet_kind cvyi_snippet_kinds[] = {
    { .dialect = "torch",
      .open = "nn.Sequential(",
      .close = ")",
      .separator = '.',
      .compose = compose_torch },
    { .dialect = "keras3",
      .open = "keras.Sequential([",
      .close = "])",
      .separator = '/',
      .named = true,
      .compose = compose_keras },
};
const size_t cvyi_n_snippet_kinds =
    sizeof cvyi_snippet_kinds / sizeof *cvyi_snippet_kinds;
