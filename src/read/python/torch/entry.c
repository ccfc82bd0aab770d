/*
 * read/python/torch/entry.c - which module is the network.
 *
 * What --entry names. Else the module that is made last of those that the
 * script names at its top level, or in its main(); else the class that stands
 * last of those that can be made without further arguments. A remark says
 * which it was.
 */
#include "read/python/torch/script.h"

#include <string.h>

static bool is_network(const cvyi_py_value *value)
{
    const cvyi_torch_node *const node = cvyi_torch_node_of(value);

    return node != NULL &&
           (node->kind == CVYI_TORCH_SEQUENTIAL ||
            (value->type == CVYI_PY_V_INSTANCE &&
             cvyi_torch_has_forward(value))) &&
           strstr(node->class_name, "Loss") == NULL;
}

static const char *latest(cvyi_py_value *out, const cvyi_py_names *names)
{
    const char *found = NULL;
    int last = 0;

    for (int i = 0; i < names->n; i++) {
        const cvyi_py_value *const value = &names->values[i];

        if (!is_network(value) || cvyi_torch_node_of(value)->made <= last)
            continue;
        last = cvyi_torch_node_of(value)->made;
        *out = *value;
        found = names->names[i];
    }
    return found;
}

/* ---- classes and functions ---- */

static bool is_module_class(const cvyi_py_value *value)
{
    const cvyi_py_value *base;

    if (value->type != CVYI_PY_V_CLASS)
        return false;
    base = cvyi_py_host_base(value->class_);
    if (base == NULL || base->host.type != &cvyi_torch_name_type ||
        strncmp(base->host.data, "torch.nn.", 9) != 0)
        return false;
    if (strcmp(base->host.data, "torch.nn.Sequential") == 0)
        return true;
    for (int i = 0; i < value->class_->n_order; i++)
        if (value->class_->order[i].type == CVYI_PY_V_CLASS &&
            cvyi_py_names_get(&value->class_->order[i].class_->names,
                              "forward") != NULL)
            return true;
    return false;
}

enum { MOST_PARAMETERS = 64 };

/* Calls it with what --set says of its parameters; *lacks: one that has
 * neither a value nor a default, then nothing is called. */
static cvy_status make(cvyi_py_value *out, const char **lacks,
                       cvyi_py_eval *eval, const cvyi_py_value *callee,
                       cvy_error *err)
{
    const char *keys[MOST_PARAMETERS];
    cvyi_py_value values[MOST_PARAMETERS];
    int skip = 0, n = 0;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, callee);
    const int most = all != NULL ? all->n_positional + all->n_keyword_only : 0;

    *lacks = NULL;
    if (most > MOST_PARAMETERS)
        return cvyi_py_refuse(eval, err, "it has %d parameters", most);
    for (int i = skip; i < most; i++) {
        const cvyi_py_arg *const parameter =
            i < all->n_positional ? &all->positional[i]
                                  : &all->keyword_only[i - all->n_positional];
        bool given;

        CVYI_TRY(
            cvyi_py_preset(&values[n], &given, eval, parameter->name, err));
        if (!given && parameter->fallback == NULL) {
            *lacks = parameter->name;
            return CVY_OK;
        }
        keys[n] = parameter->name;
        n += given;
    }

    const cvyi_py_call_args args = { .n_keywords = n,
                                     .keywords = keys,
                                     .keyword_values = values };

    return cvyi_py_eval_call(out, eval, callee, &args, err);
}

/* "model.encoder": a name of the file, then attributes. */
static cvy_status find_named(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_module *file, const char *entry,
                             cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    const size_t n = strcspn(entry, ".");
    const char *at = entry + n;
    const char *const first = cvyi_arena_text(arena, entry, n);
    const cvyi_py_value *found =
        first != NULL ? cvyi_py_names_get(&file->names, first) : NULL;
    cvyi_py_value value;

    if (first == NULL)
        return cvyi_no_memory(err);
    if (found == NULL)
        found = cvyi_py_names_get(&cvyi_torch_script_of(eval)->inner, first);
    if (found == NULL)
        return cvyi_py_refuse(eval, err,
                              "the script has nothing that is called %.80s "
                              "(--entry)",
                              entry);
    for (value = *found; *at == '.';) {
        const size_t m = strcspn(at + 1, ".");
        const char *const name = cvyi_arena_text(arena, at + 1, m);

        if (name == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_py_eval_get(&value, eval, &value, name, err));
        at += m + 1;
    }
    *out = value;
    return CVY_OK;
}

static cvy_status by_name(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_module *file, const char *entry,
                          cvy_error *err)
{
    const char *lacks = NULL;
    cvyi_py_value value;

    CVYI_TRY(find_named(&value, eval, file, entry, err));
    if (value.type == CVYI_PY_V_CLASS || value.type == CVYI_PY_V_FUNCTION ||
        value.type == CVYI_PY_V_METHOD)
        CVYI_TRY(make(&value, &lacks, eval, &value, err));
    if (lacks != NULL)
        return cvyi_py_refuse(eval, err,
                              "%.80s needs %.40s: say it with --set "
                              "%.40s=VALUE",
                              entry, lacks, lacks);
    if (cvyi_py_opaque(&value) != NULL)
        return cvyi_py_refuse_opaque(eval, &value, err);
    if (cvyi_torch_node_of(&value) == NULL)
        return cvyi_py_refuse(eval, err, "%.80s is %s and no network", entry,
                              cvyi_py_describe(eval, &value));
    *out = value;
    return CVY_OK;
}

/* The class that stands last; *made false: none can be made so. */
static cvy_status by_class(cvyi_py_value *out, bool *made, cvyi_py_eval *eval,
                           const cvyi_py_module *file, cvy_error *err)
{
    const char *lacks;

    *made = false;
    for (int i = file->names.n - 1; i >= 0; i--) {
        const cvyi_py_value value = file->names.values[i];

        if (!is_module_class(&value) ||
            strstr(value.class_->name, "Loss") != NULL)
            continue;
        CVYI_TRY(make(out, &lacks, eval, &value, err));
        if (lacks != NULL || !is_network(out))
            continue;
        *made = true;
        return cvyi_torch_remark(eval, err,
                                 "the network is %s, the last class that can "
                                 "be made without arguments; --entry names "
                                 "another",
                                 value.class_->name);
    }
    return CVY_OK;
}

/* Names that --entry could say. */
static cvy_status refuse(cvyi_py_eval *eval, const cvyi_py_module *file,
                         cvy_error *err)
{
    const char *some = "";

    for (int i = 0; i < file->names.n && some != NULL; i++)
        if (is_module_class(&file->names.values[i]) && strlen(some) < 120)
            some = cvyi_arena_printf(cvyi_py_arena(eval), "%s%s%s", some,
                                     *some != '\0' ? ", " : "",
                                     file->names.names[i]);
    if (some == NULL)
        return cvyi_no_memory(err);
    if (*some == '\0')
        return cvyi_py_refuse(eval, err,
                              "the script has no class derived from "
                              "nn.Module, and makes no nn.Sequential");
    return cvyi_py_refuse(eval, err,
                          "the script makes no network at its top level: "
                          "name a class or a function that makes one with "
                          "--entry, and its arguments with --set (classes: "
                          "%.160s)",
                          some);
}

cvy_status cvyi_torch_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_module *file, cvy_error *err)
{
    const cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    const cvyi_source_request *const r = s->source->request;
    const char *name;
    bool made;

    if (r != NULL && r->entry != NULL)
        return by_name(out, eval, file, r->entry, err);
    name = latest(out, &file->names);
    if (name == NULL)
        name = latest(out, &s->inner);
    if (name != NULL)
        return cvyi_torch_remark(eval, err,
                                 "the network is %s, the module that the "
                                 "script makes last; --entry names another",
                                 name);
    CVYI_TRY(by_class(out, &made, eval, file, err));
    return made ? CVY_OK : refuse(eval, file, err);
}
