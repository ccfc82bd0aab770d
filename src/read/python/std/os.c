/*
 * read/python/std/os.c - os, os.path and sys: what can be said without
 * looking at the machine. Nothing here opens or asks anything.
 */
#include "read/python/std/std.h"

/* ---- os.path ---- */

static cvy_status text_at(const char **out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    return cvyi_py_need_text(out, eval, value, "a path", err);
}

static cvy_status p_join(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_text made = { 0 };
    cvy_status status = CVY_OK;

    for (int i = 0; status == CVY_OK && i < given->n_rest; i++) {
        const char *part;

        status = text_at(&part, eval, &given->rest[i], err);
        if (status != CVY_OK)
            break;
        if (part[0] == '/')
            cvyi_text_close(&made);
        else if (made.size > 0 && made.bytes[made.size - 1] != '/')
            cvyi_text_put(&made, "/");
        cvyi_text_put(&made, part);
        status = cvyi_py_tick(eval, (int64_t)strlen(part) / 64, err);
    }
    if (status != CVY_OK) {
        cvyi_text_close(&made);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &made, err);
}

static const char *base_of(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static cvy_status p_basename(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const char *path;

    CVYI_TRY(text_at(&path, eval, given->at[0], err));
    *out = cvyi_py_text_value(base_of(path));
    return CVY_OK;
}

static cvy_status p_dirname(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const char *path;
    size_t n;

    CVYI_TRY(text_at(&path, eval, given->at[0], err));
    n = (size_t)(base_of(path) - path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return cvyi_py_make_text(out, eval, path, n, err);
}

static cvy_status two_parts(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *text, size_t n, const char *rest,
                            cvy_error *err)
{
    cvyi_py_value parts[2];

    CVYI_TRY(cvyi_py_make_text(&parts[0], eval, text, n, err));
    parts[1] = cvyi_py_text_value(rest);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, parts, 2, err);
}

static cvy_status p_split(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const char *path;
    size_t n;

    CVYI_TRY(text_at(&path, eval, given->at[0], err));
    n = (size_t)(base_of(path) - path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return two_parts(out, eval, path, n, base_of(path), err);
}

static cvy_status p_splitext(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const char *path, *base, *dot;

    CVYI_TRY(text_at(&path, eval, given->at[0], err));
    base = base_of(path);
    dot = strrchr(base, '.');
    if (dot == NULL || strspn(base, ".") > (size_t)(dot - base))
        dot = path + strlen(path);
    return two_parts(out, eval, path, (size_t)(dot - path), dot, err);
}

static const cvyi_py_builtin path_functions[] = {
    { .name = "basename", .signature = "-p", .run = p_basename },
    { .name = "dirname", .signature = "-p", .run = p_dirname },
    { .name = "join", .signature = "*", .run = p_join },
    { .name = "split", .signature = "-p", .run = p_split },
    { .name = "splitext", .signature = "-p", .run = p_splitext },
};

const cvyi_std_module cvyi_std_path = {
    .name = "os.path",
    CVYI_STD_FUNCTIONS(path_functions),
};

/* ---- os ---- */

static cvy_status e_get(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    if (given->at[1] == NULL)
        return cvyi_py_refuse(eval, err,
                              "what the environment holds is not known");
    *out = *given->at[1];
    return CVY_OK;
}

static cvy_status e_none(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)given;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_builtin environ_functions[] = {
    { .name = "get",
      .keeps = true,
      .signature = "key default?",
      .run = e_get },
    { .name = "setdefault",
      .keeps = true,
      .signature = "key default",
      .run = e_get },
    { .name = "update", .keeps = true, .signature = "*", .run = e_none },
};

const cvyi_std_module cvyi_std_environ = {
    .name = "os.environ",
    CVYI_STD_FUNCTIONS(environ_functions),
};

/* Settings that the script makes for others are nothing to it. */
static cvy_status set_environ(cvyi_py_eval *eval, const cvyi_py_value *self,
                              const cvyi_py_value *index,
                              const cvyi_py_value *value, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)index;
    (void)value;
    (void)err;
    return CVY_OK;
}

static cvy_status get_environ(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self, const char *name,
                              cvy_error *err)
{
    (void)self;
    for (int i = 0; i < cvyi_std_environ.n; i++)
        if (strcmp(environ_functions[i].name, name) == 0)
            return cvyi_std_function(out, eval, "os.environ",
                                     &environ_functions[i], err);
    return cvyi_py_refuse(eval, err, "os.environ.%.60s is not followed", name);
}

static const cvyi_py_host_type environ_type = { .name = "os.environ",
                                                .is_data = true,
                                                .get = get_environ,
                                                .set_item = set_environ };

static const cvyi_py_builtin os_functions[] = {
    { .name = "getenv",
      .keeps = true,
      .signature = "key default?",
      .run = e_get },
};

static cvy_status os_value(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *name, cvy_error *err)
{
    (void)eval;
    (void)err;
    *known = true;
    if (strcmp(name, "environ") == 0)
        *out = cvyi_py_host_value(&environ_type, NULL);
    else if (strcmp(name, "sep") == 0)
        *out = cvyi_py_text_value("/");
    else if (strcmp(name, "linesep") == 0)
        *out = cvyi_py_text_value("\n");
    else
        *known = false;
    return CVY_OK;
}

const cvyi_std_module cvyi_std_os = {
    .name = "os",
    CVYI_STD_FUNCTIONS(os_functions),
    .value = os_value,
};

/* ---- sys ---- */

/* A script that is started without arguments. */
static cvy_status argv(cvyi_py_value *out, cvyi_py_eval *eval, cvy_error *err)
{
    const cvyi_py_tree *const tree = cvyi_py_tree_now(eval);
    const cvyi_py_value name =
        cvyi_py_text_value(tree != NULL ? tree->name : "");

    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, &name, 1, err);
}

static cvy_status version(cvyi_py_value *out, cvyi_py_eval *eval,
                          cvy_error *err)
{
    static const char *const names[] = { "major", "minor", "micro",
                                         "releaselevel", "serial" };
    const cvyi_py_value values[] = { cvyi_py_int(3), cvyi_py_int(7),
                                     cvyi_py_int(0),
                                     cvyi_py_text_value("final"),
                                     cvyi_py_int(0) };

    return cvyi_std_named(out, eval, "sys.version_info", names, values, 5,
                          err);
}

static cvy_status sys_value(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *name,
                            cvy_error *err)
{
    *known = true;
    if (strcmp(name, "argv") == 0)
        return argv(out, eval, err);
    if (strcmp(name, "version_info") == 0)
        return version(out, eval, err);
    if (strcmp(name, "exit") == 0)
        *out = *cvyi_py_eval_builtin(eval, "exit");
    else if (strcmp(name, "maxsize") == 0 || strcmp(name, "maxint") == 0)
        *out = cvyi_py_int(INT64_MAX);
    else if (strcmp(name, "version") == 0)
        *out = cvyi_py_text_value("3.7.0");
    else if (strcmp(name, "platform") == 0)
        *out = cvyi_py_text_value("linux");
    else if (strcmp(name, "byteorder") == 0)
        *out = cvyi_py_text_value("little");
    else
        *known = false;
    return CVY_OK;
}

const cvyi_std_module cvyi_std_sys = {
    .name = "sys",
    .value = sys_value,
};
