/* write/torch_model.c - the class: __init__, or one nn.Sequential. */
#include "pysrc/line.h"
#include "write/torch.h"

#include <string.h>

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
