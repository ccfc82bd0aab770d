/* pysrc/eval_import.c - imports: whatever the host answers. */
#include "pysrc/eval_parts.h"

/* Asks the host; what it does not know is an ImportError with the host's own
 * words. `module` is the part before the name that is imported, or NULL. */
static cvy_status ask(cvyi_py_value *out, cvyi_py_eval *eval,
                      const char *dotted, const char *module, cvy_error *err)
{
    cvyi_py_value made, ignored;
    cvy_status status = eval->host->import(&made, eval, dotted, err);

    if (status == CVY_OK) {
        *out = made;
        return CVY_OK;
    }
    status = cvyi_py_placed(eval, status, err);
    if (status != CVY_UNSUPPORTED)
        return status;
    if (module != NULL &&
        eval->host->import(&ignored, eval, module, NULL) == CVY_OK)
        return cvyi_py_throw(eval, NULL, "ImportError", "%.100s", dotted);
    return cvyi_py_throw(eval, NULL, "ModuleNotFoundError", "%.100s", dotted);
}

/* What a lenient host does not know may be anything. */
static cvy_status ask_leniently(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *dotted, const char *module,
                                cvy_error *err)
{
    cvy_error ignored = { 0 };
    cvyi_py_value made;
    cvy_status status;

    if (!cvyi_py_is_lenient(eval))
        return ask(out, eval, dotted, module, err);
    status = eval->host->import(&made, eval, dotted, &ignored);
    if (status == CVY_OK)
        *out = made;
    if (status == CVY_UNSUPPORTED) {
        eval->raised = NULL;
        return cvyi_py_make_opaque(out, eval, err, "module %.100s is not read",
                                   module != NULL ? module : dotted);
    }
    if (status != CVY_OK && err != NULL)
        *err = ignored;
    return status;
}

static cvy_status import_one(cvyi_py_eval *eval, const cvyi_py_alias *alias,
                             cvy_error *err)
{
    const char *const dot = strchr(alias->name, '.');
    cvyi_py_value value, top, owner;

    CVYI_TRY(ask_leniently(&value, eval, alias->name, NULL, err));
    if (alias->asname != NULL || dot == NULL)
        return cvyi_py_store(
            eval, alias->asname != NULL ? alias->asname : alias->name, &value,
            err);
    /* `import a.b` binds a */
    CVYI_TRY(cvyi_py_make_text(&top, eval, alias->name,
                               (size_t)(dot - alias->name), err));
    CVYI_TRY(ask_leniently(&owner, eval, top.text, NULL, err));
    if (owner.type == CVYI_PY_V_OPAQUE)
        owner = value;
    return cvyi_py_store(eval, top.text, &owner, err);
}

cvy_status cvyi_py_import(cvyi_py_eval *eval, const cvyi_py_node *node,
                          cvy_error *err)
{
    for (int i = 0; i < node->import.n; i++)
        CVYI_TRY(import_one(eval, &node->import.aliases[i], err));
    return CVY_OK;
}

/* What the language itself was like when the file was written. */
static cvy_status import_future(cvyi_py_eval *eval, const cvyi_py_node *node,
                                cvy_error *err)
{
    for (int i = 0; i < node->import.n; i++) {
        const char *const name = node->import.aliases[i].name;

        if (strcmp(name, "division") == 0)
            eval->frame->file->division = true;
        else if (strcmp(name, "annotations") != 0 &&
                 strcmp(name, "print_function") != 0 &&
                 strcmp(name, "absolute_import") != 0 &&
                 strcmp(name, "unicode_literals") != 0 &&
                 strcmp(name, "generators") != 0 &&
                 strcmp(name, "with_statement") != 0 &&
                 strcmp(name, "nested_scopes") != 0)
            return cvyi_py_refuse(eval, err, "the future feature %.60s", name);
    }
    return CVY_OK;
}

/* Names that are not found are looked for in the module then. */
static cvy_status import_star(cvyi_py_eval *eval, const char *module,
                              cvy_error *err)
{
    cvyi_py_file *const file = eval->frame->file;
    const cvyi_py_value name = cvyi_py_text_value(module);
    cvyi_py_value value;

    CVYI_TRY(ask_leniently(&value, eval, module, NULL, err));
    if (value.type != CVYI_PY_V_OPAQUE)
        return cvyi_py_seq_add(eval, &file->stars, &name, err);
    if (file->doubt == NULL)
        file->doubt = value.cause;
    return CVY_OK;
}

/* from . import a, from ..b import c */
static cvy_status import_relative(cvyi_py_eval *eval, const cvyi_py_node *node,
                                  cvy_error *err)
{
    const char *const module =
        node->import.module != NULL ? node->import.module : "";
    cvyi_py_value value;

    CVYI_TRY(cvyi_py_make_opaque(
        &value, eval, err,
        "module %.*s%.100s is not "
        "read",
        node->import.level < 4 ? node->import.level : 4, "....", module));
    for (int i = 0; i < node->import.n; i++) {
        const cvyi_py_alias *const alias = &node->import.aliases[i];

        if (strcmp(alias->name, "*") == 0) {
            eval->frame->file->doubt = value.cause;
            continue;
        }
        CVYI_TRY(cvyi_py_store(
            eval, alias->asname != NULL ? alias->asname : alias->name, &value,
            err));
    }
    return CVY_OK;
}

static cvy_status import_name(cvyi_py_eval *eval, const char *module,
                              const cvyi_py_alias *alias, cvy_error *err)
{
    const char *dotted;
    cvyi_py_value value;

    if (strcmp(alias->name, "*") == 0 && cvyi_py_is_lenient(eval))
        return import_star(eval, module, err);
    if (strcmp(alias->name, "*") == 0)
        return cvyi_py_refuse(eval, err,
                              "from %.80s import *: which names come is not "
                              "known",
                              module);
    dotted = cvyi_arena_printf(&eval->arena, "%s.%s", module, alias->name);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    eval->memory += strlen(dotted);
    CVYI_TRY(ask_leniently(&value, eval, dotted, module, err));
    return cvyi_py_store(eval,
                         alias->asname != NULL ? alias->asname : alias->name,
                         &value, err);
}

cvy_status cvyi_py_import_from(cvyi_py_eval *eval, const cvyi_py_node *node,
                               cvy_error *err)
{
    if ((node->import.level > 0 || node->import.module == NULL) &&
        cvyi_py_is_lenient(eval))
        return import_relative(eval, node, err);
    if (node->import.level > 0 || node->import.module == NULL)
        return cvyi_py_refuse(eval, err, "an import relative to this file");
    if (strcmp(node->import.module, "__future__") == 0)
        return import_future(eval, node, err);
    for (int i = 0; i < node->import.n; i++)
        CVYI_TRY(import_name(eval, node->import.module,
                             &node->import.aliases[i], err));
    return CVY_OK;
}
