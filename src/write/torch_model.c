/* write/torch_model.c - the class: __init__, or one nn.Sequential. */
#include "pysrc/line.h"
#include "write/torch.h"

#include <string.h>

void cvyi_torch_shape(cvyi_text *out, const cvyi_type *type)
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
    cvyi_torch_shape(&shape, out);
    if (shape.size > 0) {
        kept =
            cvyi_arena_text(&w->out->arena, cvyi_text_c(&shape), shape.size);
        w->body.bad = w->body.bad || shape.bad || kept == NULL;
    }
    cvyi_text_close(&shape);
    return kept;
}

/* Lines that stand in the class text so far. */
static int lines_of(const cvyi_text *text)
{
    int n = 1;

    for (size_t i = 0; i < text->size; i++)
        n += text->bytes[i] == '\n';
    return n;
}

static cvy_status module_line(cvyi_torch_writer *w, int i, const char *prefix,
                              int indent, const char *tail)
{
    const cvyi_spoken *const spoken = &w->spoken[i];
    const char *const line =
        cvyi_arena_printf(&w->out->arena, "%s%s%s%s", prefix,
                          spoken->attribute, w->sequential ? "=" : " = ",
                          cvyi_text_c(&spoken->said.code));

    if (line == NULL)
        return cvyi_no_memory(w->err);
    w->lines[i] = lines_of(&w->body);
    w->targets[i] = spoken->attribute;
    cvyi_py_line(&w->body, indent, line, tail, cvyi_torch_comment(w, i));
    return CVY_OK;
}

static cvy_status sequential_class(cvyi_torch_writer *w)
{
    cvyi_text_printf(&w->body,
                     "class %s(nn.Sequential):\n"
                     "    def __init__(self) -> None:\n"
                     "        super().__init__(\n"
                     "            OrderedDict(\n",
                     w->out->class_name);
    for (int i = 0; i < w->graph->n_calls; i++)
        CVYI_TRY(module_line(w, i, "", 16, ","));
    cvyi_text_put(&w->body, "            )\n        )\n");
    return CVY_OK;
}

static cvy_status module_class(cvyi_torch_writer *w)
{
    cvyi_text_printf(&w->body,
                     "class %s(nn.Module):\n"
                     "    def __init__(self) -> None:\n"
                     "        super().__init__()\n",
                     w->out->class_name);
    for (int k = 0; k < w->graph->n_calls; k++)
        if (w->spoken[w->order[k]].attribute != NULL)
            CVYI_TRY(module_line(w, w->order[k], "self.", 8, ""));
    cvyi_text_put(&w->body, "\n");
    return cvyi_torch_forward(w);
}

cvy_status cvyi_torch_model(cvyi_torch_writer *w)
{
    CVYI_TRY(w->sequential ? sequential_class(w) : module_class(w));
    return cvyi_text_status(&w->body, w->err);
}
