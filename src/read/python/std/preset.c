/* read/python/std/preset.c - values from outside a script. */
#include "read/python/std/preset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A number, True, False or None; anything else is a text. */
static cvy_status read_value(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *text, cvy_error *err)
{
    char *end;
    long long whole;
    double real;

    errno = 0;
    whole = strtoll(text, &end, 10);
    if (*text != '\0' && *end == '\0' && errno == 0) {
        *out = cvyi_py_int(whole);
        return CVY_OK;
    }
    real = strtod(text, &end);
    if (*text != '\0' && *end == '\0')
        *out = cvyi_py_float(real);
    else if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0)
        *out = cvyi_py_bool(*text == 'T');
    else if (strcmp(text, "None") == 0)
        *out = cvyi_py_none();
    else
        return cvyi_py_make_text(out, eval, text, strlen(text), err);
    return CVY_OK;
}

cvy_status cvyi_python_preset(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, const char *const *sets,
                              int n_sets, const char *name, cvy_error *err)
{
    const size_t n = strlen(name);

    *found = false;
    for (int i = 0; i < n_sets; i++)
        if (strncmp(sets[i], name, n) == 0 && sets[i][n] == '=') {
            *found = true;
            return read_value(out, eval, sets[i] + n + 1, err);
        }
    return CVY_OK;
}
