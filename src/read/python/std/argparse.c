/*
 * read/python/std/argparse.c - argparse: a script that is started without
 * arguments gets its defaults, or what the host presets.
 */
#include "read/python/std/std.h"

typedef struct option {
    const char *dest;
    const char *flag; /* as it is spelled: "--size", or "size" */
    cvyi_py_value value;
    bool has_value; /* else it must be given */
    struct option *next;
} option;

typedef struct parser {
    option *first;
} parser;

typedef struct method {
    parser *parser;
    const char *name;
} method;

static const cvyi_py_host_type parser_type, method_type;

/* ---- one option ---- */

static const cvyi_py_value *keyword(const cvyi_py_call_args *args,
                                    const char *name)
{
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], name) == 0)
            return &args->keyword_values[i];
    return NULL;
}

static bool is_text(const cvyi_py_value *value, const char *text)
{
    return value != NULL && value->type == CVYI_PY_V_TEXT &&
           strcmp(value->text, text) == 0;
}

/* "--batch-size" -> batch_size; the first long one decides. */
static cvy_status name_option(option *o, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const dest = keyword(args, "dest");
    const char *flag = NULL;
    cvyi_py_value name;
    char *kept;

    for (int i = 0; i < args->n; i++) {
        const char *text;

        CVYI_TRY(
            cvyi_py_need_text(&text, eval, &args->values[i], "a flag", err));
        if (flag == NULL ||
            (strncmp(text, "--", 2) == 0 && strncmp(flag, "--", 2) != 0))
            flag = text;
    }
    if (flag == NULL && dest == NULL)
        return cvyi_py_throw(eval, err, "TypeError",
                             "add_argument() without a name");
    o->flag = flag;
    if (dest != NULL) {
        CVYI_TRY(cvyi_py_need_text(&o->dest, eval, dest, "dest", err));
        if (flag == NULL)
            o->flag = o->dest;
        return CVY_OK;
    }
    flag += strspn(flag, "-");
    CVYI_TRY(cvyi_py_make_text(&name, eval, flag, strlen(flag), err));
    kept = (char *)(uintptr_t)name.text; /* made just now */
    for (char *p = kept; *p != '\0'; p++)
        if (*p == '-' && o->flag[0] == '-')
            *p = '_';
    o->dest = kept;
    return CVY_OK;
}

/* A default that is a text goes through the option's type. */
static cvy_status typed(option *o, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const type = keyword(args, "type");

    if (type == NULL || type->type == CVYI_PY_V_NONE ||
        o->value.type != CVYI_PY_V_TEXT)
        return CVY_OK;
    return cvyi_py_call_plain(&o->value, eval, type, &o->value, NULL, err);
}

static cvy_status value_option(option *o, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const fallback = keyword(args, "default");
    const cvyi_py_value *const action = keyword(args, "action");
    const cvyi_py_value *const required = keyword(args, "required");
    const cvyi_py_value *const nargs = keyword(args, "nargs");
    const bool flag = o->flag[0] == '-';
    bool must = false;

    if (required != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&must, eval, required, err));
    o->value = cvyi_py_none();
    o->has_value = true;
    if (fallback != NULL) {
        o->value = *fallback;
        return typed(o, eval, args, err);
    }
    if (is_text(action, "store_true") || is_text(action, "store_false"))
        o->value = cvyi_py_bool(is_text(action, "store_false"));
    else if (must || (!flag && !is_text(nargs, "?") && !is_text(nargs, "*")))
        o->has_value = false;
    else if (!flag && is_text(nargs, "*"))
        return cvyi_py_make_seq(&o->value, eval, CVYI_PY_V_LIST, NULL, 0, err);
    return CVY_OK;
}

static option *find(const parser *p, const char *dest)
{
    for (option *o = p->first; o != NULL; o = o->next)
        if (strcmp(o->dest, dest) == 0)
            return o;
    return NULL;
}

static void append(parser *p, option *o)
{
    option **at = &p->first;

    while (*at != NULL)
        at = &(*at)->next;
    *at = o;
}

static cvy_status add_argument(parser *p, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const action = keyword(args, "action");
    option *o, *same;

    if (is_text(action, "version") || is_text(action, "help"))
        return CVY_OK;
    CVYI_PY_NEW(o, eval, 1, err);
    CVYI_TRY(name_option(o, eval, args, err));
    CVYI_TRY(value_option(o, eval, args, err));
    same = find(p, o->dest); /* two flags of one name: the first default */
    if (same == NULL)
        append(p, o);
    return CVY_OK;
}

static cvy_status set_defaults(parser *p, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    for (int i = 0; i < args->n_keywords; i++) {
        option *o = find(p, args->keywords[i]);

        if (o == NULL) {
            CVYI_PY_NEW(o, eval, 1, err);
            o->dest = o->flag = args->keywords[i];
            append(p, o);
        }
        o->value = args->keyword_values[i];
        o->has_value = true;
    }
    return CVY_OK;
}

/* ---- what parsing gives ---- */

static cvy_status make_namespace(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvy_error *err)
{
    cvyi_py_class *class_;

    CVYI_PY_NEW(class_, eval, 1, err);
    class_->name = "Namespace";
    CVYI_TRY(cvyi_py_class_order(eval, class_, err));
    *out = (cvyi_py_value){ .type = CVYI_PY_V_INSTANCE };
    CVYI_PY_NEW(out->instance, eval, 1, err);
    out->instance->class_ = class_;
    out->instance->line = cvyi_py_line_now(eval);
    return CVY_OK;
}

static cvy_status fill(const cvyi_py_value *space, cvyi_py_eval *eval,
                       const parser *p, cvy_error *err)
{
    for (const option *o = p->first; o != NULL; o = o->next) {
        cvyi_py_value value;
        bool found;

        CVYI_TRY(cvyi_py_preset(&value, &found, eval, o->dest, err));
        if (!found && o->has_value)
            value = o->value;
        else if (!found)
            CVYI_TRY(cvyi_py_make_opaque(&value, eval, err,
                                         "%.60s has no default; say it with "
                                         "--set %.60s=...",
                                         o->flag, o->dest));
        CVYI_TRY(cvyi_py_names_set(eval, &space->instance->names, o->dest,
                                   &value, err));
    }
    return CVY_OK;
}

static cvy_status parse_args(cvyi_py_value *out, cvyi_py_eval *eval,
                             const parser *p, bool known, cvy_error *err)
{
    cvyi_py_value both[2];

    CVYI_TRY(make_namespace(&both[0], eval, err));
    CVYI_TRY(fill(&both[0], eval, p, err));
    if (!known) {
        *out = both[0];
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_seq(&both[1], eval, CVYI_PY_V_LIST, NULL, 0, err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, both, 2, err);
}

static cvy_status get_default(cvyi_py_value *out, cvyi_py_eval *eval,
                              const parser *p, const cvyi_py_call_args *args,
                              cvy_error *err)
{
    const char *name;
    const option *o;

    if (args->n != 1)
        return cvyi_py_throw(eval, err, "TypeError", "it takes one name");
    CVYI_TRY(cvyi_py_need_text(&name, eval, &args->values[0], "a name", err));
    o = find(p, name);
    *out = o != NULL && o->has_value ? o->value : cvyi_py_none();
    return CVY_OK;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    *out = cvyi_py_none();
    if (strcmp(m->name, "add_argument") == 0)
        return add_argument(m->parser, eval, args, err);
    if (strcmp(m->name, "set_defaults") == 0)
        return set_defaults(m->parser, eval, args, err);
    if (strcmp(m->name, "get_default") == 0)
        return get_default(out, eval, m->parser, args, err);
    if (strcmp(m->name, "parse_args") == 0 ||
        strcmp(m->name, "parse_known_args") == 0)
        return parse_args(out, eval, m->parser, m->name[6] == 'k', err);
    if (strncmp(m->name, "add_", 4) == 0) /* a group of the same options */
        *out = cvyi_py_host_value(&parser_type, m->parser);
    return CVY_OK;
}

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    static const char *const methods[] = {
        "add_argument", "add_argument_group", "add_mutually_exclusive_group",
        "get_default",  "parse_args",         "parse_known_args",
        "print_help",   "print_usage",        "set_defaults",
    };
    method *m;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(methods[i], name) != 0)
            continue;
        CVYI_PY_NEW(m, eval, 1, err);
        *m = (method){ self->host.data, methods[i] };
        *out = cvyi_py_host_value(&method_type, m);
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err, "ArgumentParser.%.60s is not followed",
                          name);
}

static const cvyi_py_host_type parser_type = { .name = "an ArgumentParser",
                                               .is_data = true,
                                               .get = get };
static const cvyi_py_host_type method_type = { .name = "a method of a parser",
                                               .is_data = true,
                                               .call = call_method };

/* ---- the module ---- */

/* parents=[…]: their options are its own, too. */
static cvy_status add_parents(parser *p, cvyi_py_eval *eval,
                              const cvyi_py_value *parents, cvy_error *err)
{
    cvyi_py_value list;

    CVYI_TRY(cvyi_py_eval_list(&list, eval, parents, err));
    for (int i = 0; i < list.seq->n; i++) {
        const cvyi_py_value *const parent = &list.seq->items[i];

        if (parent->type != CVYI_PY_V_HOST ||
            parent->host.type != &parser_type)
            return cvyi_py_refuse(eval, err, "a parent that is %s",
                                  cvyi_py_describe(eval, parent));
        for (const option *o = ((const parser *)parent->host.data)->first;
             o != NULL; o = o->next) {
            option *copy;

            CVYI_PY_NEW(copy, eval, 1, err);
            *copy = *o;
            copy->next = NULL;
            append(p, copy);
        }
    }
    return CVY_OK;
}

static cvy_status a_parser(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const parents = keyword(given->args, "parents");
    parser *p;

    CVYI_PY_NEW(p, eval, 1, err);
    if (parents != NULL)
        CVYI_TRY(add_parents(p, eval, parents, err));
    *out = cvyi_py_host_value(&parser_type, p);
    return CVY_OK;
}

static cvy_status a_namespace(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    CVYI_TRY(make_namespace(out, eval, err));
    for (int i = 0; i < given->args->n_keywords; i++)
        CVYI_TRY(cvyi_py_names_set(eval, &out->instance->names,
                                   given->args->keywords[i],
                                   &given->args->keyword_values[i], err));
    return CVY_OK;
}

static const cvyi_py_builtin functions[] = {
    { .name = "ArgumentParser",
      .keeps = true,
      .signature = "* **",
      .run = a_parser },
    { .name = "Namespace",
      .keeps = true,
      .signature = "**",
      .run = a_namespace },
};

static cvy_status argparse_value(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const char *name,
                                 cvy_error *err)
{
    (void)eval;
    (void)err;
    *known = strncmp(name, "ArgumentDefaults", 16) == 0 ||
             strncmp(name, "RawText", 7) == 0 ||
             strncmp(name, "RawDescription", 14) == 0;
    if (*known)
        *out = cvyi_py_none();
    return CVY_OK;
}

const cvyi_std_module cvyi_std_argparse = {
    .name = "argparse",
    CVYI_STD_FUNCTIONS(functions),
    .value = argparse_value,
};
