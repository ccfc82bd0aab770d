/*
 * pysrc/eval_module.c - modules of the source's own: files that import each
 * other.
 *
 * The host finds files; each runs once. One that is imported while it still
 * runs has the names that it has by then, as in Python.
 */
#include "pysrc/eval_module.h"

static cvyi_py_file *known(const cvyi_py_eval *eval, const char *dotted)
{
    for (int i = 0; i < eval->n_files; i++)
        if (strcmp(eval->files[i]->module->name, dotted) == 0)
            return eval->files[i];
    return NULL;
}

static cvyi_py_value value_of(const cvyi_py_file *file)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_MODULE, .module = file->module };
}

cvyi_py_file *cvyi_py_file_of(const cvyi_py_eval *eval,
                              const cvyi_py_value *module)
{
    for (int i = 0; module->type == CVYI_PY_V_MODULE && i < eval->n_files; i++)
        if (eval->files[i]->module == module->module)
            return eval->files[i];
    return NULL;
}

static cvy_status keep(cvyi_py_eval *eval, cvyi_py_file *file, cvy_error *err)
{
    cvyi_py_file **const files =
        cvyi_arena_grow(&eval->arena, eval->files, eval->n_files,
                        &eval->room_files, sizeof *eval->files);

    if (files == NULL)
        return cvyi_no_memory(err);
    eval->files = files;
    files[eval->n_files++] = file;
    return CVY_OK;
}

/* One that failed is imported anew the next time. */
static void forget(cvyi_py_eval *eval, const cvyi_py_file *file)
{
    for (int i = 0; i < eval->n_files; i++)
        if (eval->files[i] == file) {
            for (int k = i + 1; k < eval->n_files; k++)
                eval->files[k - 1] = eval->files[k];
            eval->n_files--;
            return;
        }
}

/* "a.b" of "a.b.c"; "" of "a". NULL without memory. */
static const char *parent_of(cvyi_py_eval *eval, const char *dotted)
{
    const char *const dot = strrchr(dotted, '.');

    return dot != NULL
               ? cvyi_arena_text(&eval->arena, dotted, (size_t)(dot - dotted))
               : "";
}

static cvy_status run(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_tree *tree, bool package,
                      const char *dotted, cvy_error *err)
{
    cvyi_py_file *file;
    cvyi_py_module *module;
    cvy_status status;

    CVYI_TRY(cvyi_py_make_file(&file, eval, tree, dotted, err));
    file->package = package ? file->module->name : parent_of(eval, dotted);
    if (file->package == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(keep(eval, file, err));
    status = cvyi_py_run_file(&module, eval, file, err);
    if (status != CVY_OK) {
        forget(eval, file);
        return status;
    }
    *out = value_of(file);
    return CVY_OK;
}

/* What stands in the way is said where the module is used. */
static cvy_status find(const cvyi_py_tree **tree, bool *package,
                       cvyi_py_value *lost, cvyi_py_eval *eval,
                       const char *dotted, cvy_error *err)
{
    cvy_error why = { 0 };
    const cvy_status status =
        eval->host->find(tree, package, eval, dotted, &why);

    if (status == CVY_UNSUPPORTED)
        return cvyi_py_make_opaque(lost, eval, err, "%s", why.text);
    if (status != CVY_OK && err != NULL)
        *err = why;
    return status;
}

cvy_status cvyi_py_module_load(cvyi_py_value *out, bool *found,
                               cvyi_py_eval *eval, const char *dotted,
                               cvy_error *err)
{
    const char *const parent = parent_of(eval, dotted);
    const cvyi_py_file *const before = known(eval, dotted);
    cvyi_py_value above = cvyi_py_none(), lost = cvyi_py_none();
    const cvyi_py_tree *tree = NULL;
    bool package = false;

    *found = before != NULL;
    if (before != NULL)
        *out = value_of(before);
    if (before != NULL || eval->host->find == NULL)
        return CVY_OK;
    if (parent == NULL)
        return cvyi_no_memory(err);
    if (*parent != '\0') {
        CVYI_TRY(cvyi_py_module_load(&above, found, eval, parent, err));
        if (!*found || above.type != CVYI_PY_V_MODULE) {
            *out = above;
            return CVY_OK;
        }
    }
    CVYI_TRY(find(&tree, &package, &lost, eval, dotted, err));
    *found = tree != NULL || lost.type == CVYI_PY_V_OPAQUE;
    *out = lost;
    if (tree != NULL)
        CVYI_TRY(run(out, eval, tree, package, dotted, err));
    if (!*found || above.type != CVYI_PY_V_MODULE)
        return CVY_OK;
    return cvyi_py_names_set(eval, &above.module->names,
                             strrchr(dotted, '.') + 1, out, err);
}

/* ---- names of a module ---- */

cvy_status cvyi_py_module_name(cvyi_py_value *out, bool *found,
                               cvyi_py_eval *eval, const cvyi_py_value *module,
                               const char *name, cvy_error *err)
{
    const cvyi_py_value *const there =
        cvyi_py_names_get(&module->module->names, name);
    cvyi_py_file *const file = cvyi_py_file_of(eval, module);
    const char *dotted;

    *found = there != NULL;
    if (there != NULL)
        *out = *there;
    if (there != NULL || file == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_py_from_stars(out, found, eval, file, name, err));
    if (*found)
        return CVY_OK;
    dotted =
        cvyi_arena_printf(&eval->arena, "%s.%s", module->module->name, name);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(file->package, module->module->name) == 0)
        CVYI_TRY(cvyi_py_module_load(out, found, eval, dotted, err));
    if (*found || file->doubt == NULL)
        return CVY_OK;
    *found = true;
    *out = cvyi_py_opaque_value(file->doubt);
    return CVY_OK;
}

static cvy_status star_list(cvyi_py_eval *eval, const cvyi_py_value *module,
                            const cvyi_py_value *all, cvy_error *err)
{
    for (int i = 0; i < all->seq->n; i++) {
        const cvyi_py_value name = all->seq->items[i];
        cvyi_py_value value;
        bool found;

        if (name.type != CVYI_PY_V_TEXT)
            return cvyi_py_refuse(eval, err, "__all__ with %s",
                                  cvyi_py_describe(eval, &name));
        CVYI_TRY(
            cvyi_py_module_name(&value, &found, eval, module, name.text, err));
        if (!found)
            return cvyi_py_throw(eval, err, "AttributeError", "%.80s",
                                 name.text);
        CVYI_TRY(cvyi_py_store(eval, name.text, &value, err));
    }
    return CVY_OK;
}

cvy_status cvyi_py_module_star(cvyi_py_eval *eval, const cvyi_py_value *module,
                               cvy_error *err)
{
    const cvyi_py_names *const names = &module->module->names;
    const cvyi_py_value *const all = cvyi_py_names_get(names, "__all__");
    const cvyi_py_file *const from = cvyi_py_file_of(eval, module);
    cvyi_py_file *const to = eval->frame->file;

    if (all != NULL && cvyi_py_opaque(all) != NULL)
        return cvyi_py_refuse_opaque(eval, all, err);
    if (all != NULL &&
        (all->type == CVYI_PY_V_LIST || all->type == CVYI_PY_V_TUPLE))
        return star_list(eval, module, all, err);
    for (int i = 0; i < names->n; i++)
        if (names->names[i][0] != '_')
            CVYI_TRY(
                cvyi_py_store(eval, names->names[i], &names->values[i], err));
    if (from == NULL || from == to)
        return CVY_OK;
    for (int i = 0; i < from->stars.n; i++)
        CVYI_TRY(
            cvyi_py_seq_add(eval, &to->stars, &from->stars.items[i], err));
    if (to->doubt == NULL)
        to->doubt = from->doubt;
    return CVY_OK;
}
