/* verb/run_output.c - names of outputs, and their files. */
#include "codec/npy.h"
#include "verb/run.h"
#include "verify/report.h"

#include <string.h>

/* ---- names ---- */

static bool is_taken(const cvy_run *run, const char *name)
{
    for (int i = 0; i < run->n_outputs; i++)
        if (strcmp(run->outputs[i].name, name) == 0)
            return true;
    return false;
}

/* Two outputs of one name: the second is NAME_2. */
static cvy_status add_leaf(cvy_run *run, const char *name, int result,
                           cvy_error *err)
{
    const char *own = name;

    for (int i = 2; is_taken(run, own); i++) {
        own = cvyi_arena_printf(&run->arena, "%s_%d", name, i);
        if (own == NULL)
            return cvyi_no_memory(err);
    }
    run->outputs[run->n_outputs++] =
        (cvyi_run_leaf){ .name = own, .result = result };
    return CVY_OK;
}

static cvy_status add_tree(cvy_run *run, const cvyi_tree *tree,
                           const char *key, cvy_error *err)
{
    if (tree->kind == CVYI_TREE_SINGLE)
        return add_leaf(run, cvyi_output_name(run->source.graph, tree, key),
                        tree->result, err);
    for (int i = 0; i < tree->n; i++)
        CVYI_TRY(add_tree(run, &tree->items[i],
                          tree->kind == CVYI_TREE_DICT ? tree->keys[i] : NULL,
                          err));
    return CVY_OK;
}

static cvy_status which(const cvy_run *run, const char *begin, cvy_error *err)
{
    cvyi_text names = { 0 };

    for (int i = 0; i < run->n_outputs; i++)
        cvyi_text_printf(&names, "%s%s", i > 0 ? ", " : "",
                         run->outputs[i].name);
    cvyi_fail(err, CVY_ARGUMENT, "%.100s; the model has %s", begin,
              cvyi_text_c(&names));
    cvyi_text_close(&names);
    return CVY_ARGUMENT;
}

static cvy_status give(cvy_run *run, cvyi_run_leaf *leaf, const char *file,
                       cvy_error *err)
{
    if (leaf->file != NULL)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the output \"%.64s\" is asked for twice",
                         leaf->name);
    for (int i = 0; i < run->n_outputs; i++)
        if (run->outputs[i].file != NULL &&
            strcmp(run->outputs[i].file, file) == 0)
            return cvyi_fail(err, CVY_ARGUMENT,
                             "two outputs cannot both go to %.100s", file);
    leaf->file = cvyi_arena_text(&run->arena, file, strlen(file));
    return leaf->file != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status give_text(cvy_run *run, const char *text, cvy_error *err)
{
    const char *file;

    for (int i = 0; i < run->n_outputs; i++)
        if (cvyi_run_is_named(&file, text, run->outputs[i].name))
            return give(run, &run->outputs[i], file, err);
    if (cvyi_run_has_name(text))
        return which(run, "there is no such output", err);
    if (run->n_outputs != 1)
        return which(run, "say which output: -o NAME=FILE.npy", err);
    return give(run, &run->outputs[0], text, err);
}

cvy_status cvyi_run_name_outputs(cvy_run *run, cvy_error *err)
{
    const cvyi_tree *const tree = &run->source.graph->output_tree;
    const int n = cvyi_tree_leaves(tree, NULL, 0);

    run->outputs =
        cvyi_arena_alloc(&run->arena, (size_t)n, sizeof *run->outputs);
    if (run->outputs == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(add_tree(run, tree, NULL, err));
    for (int i = 0; i < run->options->n_outputs; i++)
        CVYI_TRY(give_text(run, run->options->outputs[i], err));
    return CVY_OK;
}

/* ---- files ---- */

static cvy_status append(void *context, const void *bytes, size_t n,
                         cvy_error *err)
{
    cvyi_text *const text = context;

    cvyi_text_add(text, bytes, n);
    return cvyi_text_status(text, err);
}

static cvy_status write_one(const cvy_view *view, const char *file,
                            cvy_error *err)
{
    cvyi_text bytes = { 0 };
    cvy_status status = cvyi_npy_write(view, append, &bytes, err);

    if (status == CVY_OK)
        status = cvyi_file_write(file, bytes.bytes, bytes.size, err);
    cvyi_text_close(&bytes);
    return status;
}

cvy_status cvyi_run_write_outputs(const cvy_run *run, cvy_error *err)
{
    for (int i = 0; i < run->n_outputs; i++)
        if (run->outputs[i].file != NULL)
            CVYI_TRY(write_one(&run->results[run->outputs[i].result],
                               run->outputs[i].file, err));
    return CVY_OK;
}
