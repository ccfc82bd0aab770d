/* pysrc/eval_import.c - imports: what the host answers, and files of the
 * source's own. */
#include "pysrc/eval_module.h"

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

static cvy_status not_there(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dots, const char *module,
                            cvy_error *err)
{
    const char *const advice = eval->host->advice;

    if (advice == NULL)
        return cvyi_py_make_opaque(
            out, eval, err, "module %s%.100s is not read", dots, module);
    return cvyi_py_make_opaque(out, eval, err,
                               "%s%.80s is imported (line %d); %s", dots,
                               module, cvyi_py_line_now(eval), advice);
}

/* A file of the source's own, by the name of its module; *found false: there
 * is none. Where the host knows a package of that name, too, only a run would
 * tell which of them it is. */
static cvy_status ask_files(cvyi_py_value *out, bool *found,
                            cvyi_py_eval *eval, const char *dotted,
                            cvy_error *err)
{
    const char *const top =
        cvyi_arena_text(&eval->arena, dotted, strcspn(dotted, "."));
    const cvyi_py_tree *tree = NULL;
    cvyi_py_value known;
    cvy_status status;
    bool package;

    *found = false;
    if (eval->host->find == NULL)
        return CVY_OK;
    if (top == NULL)
        return cvyi_no_memory(err);
    status = eval->host->import(&known, eval, top, NULL);
    eval->raised = NULL;
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    if (status != CVY_OK)
        return cvyi_py_module_load(out, found, eval, dotted, err);
    status = eval->host->find(&tree, &package, eval, top, NULL);
    *found = status == CVY_UNSUPPORTED || (status == CVY_OK && tree != NULL);
    return *found ? cvyi_py_make_opaque(
                        out, eval, err,
                        "%s is a file of the source's own and a library's "
                        "name: which one is meant is not known",
                        top)
           : status == CVY_MEMORY ? cvyi_no_memory(err)
                                  : CVY_OK;
}

/* `name` of a module of the source's own. */
static cvy_status ask_module(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *module, const char *name,
                             cvy_error *err)
{
    bool found;

    if (module->type == CVYI_PY_V_OPAQUE) {
        *out = *module;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_module_name(out, &found, eval, module, name, err));
    if (found)
        return CVY_OK;
    return cvyi_py_throw(eval, err, "ImportError",
                         "cannot import name '%.80s' from '%.80s'", name,
                         module->module->name);
}

/* What a lenient host does not know may be anything. */
static cvy_status ask_leniently(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *dotted, const char *module,
                                cvy_error *err)
{
    cvy_error ignored = { 0 };
    cvyi_py_value made;
    cvy_status status;
    bool found;

    if (!cvyi_py_is_lenient(eval))
        return ask(out, eval, dotted, module, err);
    CVYI_TRY(
        ask_files(&made, &found, eval, module != NULL ? module : dotted, err));
    if (found && module != NULL)
        return ask_module(out, eval, &made, dotted + strlen(module) + 1, err);
    if (found) {
        *out = made;
        return CVY_OK;
    }
    status = eval->host->import(&made, eval, dotted, &ignored);
    if (status == CVY_OK)
        *out = made;
    if (status == CVY_UNSUPPORTED) {
        eval->raised = NULL;
        return not_there(out, eval, "", module != NULL ? module : dotted, err);
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
    if (value.type == CVYI_PY_V_MODULE)
        return cvyi_py_module_star(eval, &value, err);
    if (value.type != CVYI_PY_V_OPAQUE)
        return cvyi_py_seq_add(eval, &file->stars, &name, err);
    if (file->doubt == NULL)
        file->doubt = value.cause;
    return CVY_OK;
}

/* The package that `level` dots mean: "a" of ".." in a.b.c; NULL: none. */
static const char *package_of(cvyi_py_eval *eval, int level)
{
    const char *const package = eval->frame->file->package;
    size_t n = package != NULL ? strlen(package) : 0;

    if (package == NULL || eval->host->find == NULL)
        return NULL;
    for (; level > 1; level--) {
        if (n == 0)
            return NULL;
        while (n > 0 && package[n - 1] != '.')
            n--;
        n -= n > 0;
    }
    return cvyi_arena_text(&eval->arena, package, n);
}

/* The module that a relative import names; *found false: nobody knows. */
static cvy_status ask_relative(cvyi_py_value *out, bool *found,
                               cvyi_py_eval *eval, const char *dotted,
                               cvy_error *err)
{
    *found = false;
    return *dotted != '\0' ? cvyi_py_module_load(out, found, eval, dotted, err)
                           : CVY_OK;
}

/* from . import a, from ..b import c */
static cvy_status import_relative(cvyi_py_eval *eval, const cvyi_py_node *node,
                                  cvy_error *err)
{
    const char *const module =
        node->import.module != NULL ? node->import.module : "";
    const int level = node->import.level;
    const char *const package = package_of(eval, level);
    const char *dotted = module;
    cvyi_py_value owner;
    bool found = false;

    if (package != NULL && *package != '\0')
        dotted = cvyi_arena_printf(&eval->arena, "%s%s%s", package,
                                   *module != '\0' ? "." : "", module);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    if (package != NULL)
        CVYI_TRY(ask_relative(&owner, &found, eval, dotted, err));
    for (int i = 0; i < node->import.n; i++) {
        const cvyi_py_alias *const alias = &node->import.aliases[i];
        const bool star = strcmp(alias->name, "*") == 0;
        const bool beside = package != NULL && *dotted == '\0' && !star;
        cvyi_py_value value;
        bool there = found;

        if (beside) /* from . import a, in no package: a file beside */
            CVYI_TRY(
                cvyi_py_module_load(&value, &there, eval, alias->name, err));
        else if (found && star && owner.type == CVYI_PY_V_MODULE)
            CVYI_TRY(cvyi_py_module_star(eval, &owner, err));
        else if (found && !star)
            CVYI_TRY(ask_module(&value, eval, &owner, alias->name, err));
        if (!there)
            CVYI_TRY(not_there(&value, eval,
                               &"...."[4 - (level < 4 ? level : 4)], module,
                               err));
        if (star && !there)
            eval->frame->file->doubt = value.cause;
        else if (star && owner.type == CVYI_PY_V_OPAQUE)
            eval->frame->file->doubt = owner.cause;
        if (!star)
            CVYI_TRY(cvyi_py_store(
                eval, alias->asname != NULL ? alias->asname : alias->name,
                &value, err));
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
