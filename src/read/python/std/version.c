/*
 * read/python/std/version.c - versions as scripts compare them:
 * LooseVersion(tf.__version__) >= LooseVersion("1.4").
 *
 * A version is the tuple of its numbers, up to the first letter: what follows
 * says that it is no release yet, and no script asks for that.
 */
#include "read/python/std/std.h"

#include <ctype.h>

enum { MOST = 16 };

static cvy_status numbers_of(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *text, bool zeros,
                             cvy_error *err)
{
    cvyi_py_value parts[MOST];
    const char *p;
    int n = 0;

    if (text->type != CVYI_PY_V_TEXT)
        return cvyi_py_refuse(eval, err, "a version of %s",
                              cvyi_py_describe(eval, text));
    for (p = text->text; isdigit((unsigned char)*p) && n < MOST; n++) {
        int64_t number = 0;

        for (; isdigit((unsigned char)*p) && number < INT64_MAX / 20; p++)
            number = number * 10 + (*p - '0');
        parts[n] = cvyi_py_int(number);
        p += *p == '.';
    }
    while (!zeros && n > 1 && parts[n - 1].integer == 0)
        n--;
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, parts, n, err);
}

/* 1.0 is before 1.0.0. */
static cvy_status x_loose(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return numbers_of(out, eval, given->at[0], true, err);
}

/* 1.0 is 1.0.0. */
static cvy_status x_parse(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return numbers_of(out, eval, given->at[0], false, err);
}

static const cvyi_py_builtin distutils[] = {
    { .name = "LooseVersion", .signature = "-vstring", .run = x_loose },
    { .name = "StrictVersion", .signature = "-vstring", .run = x_parse },
};

static const cvyi_py_builtin packaging[] = {
    { .name = "Version", .signature = "-version", .run = x_parse },
    { .name = "parse", .signature = "-version", .run = x_parse },
};

static const cvyi_py_builtin resources[] = {
    { .name = "parse_version", .signature = "-v", .run = x_parse },
};

const cvyi_std_module cvyi_std_distutils_version = {
    .name = "distutils.version",
    CVYI_STD_FUNCTIONS(distutils),
};

const cvyi_std_module cvyi_std_packaging_version = {
    .name = "packaging.version",
    CVYI_STD_FUNCTIONS(packaging),
};

const cvyi_std_module cvyi_std_pkg_resources = {
    .name = "pkg_resources",
    CVYI_STD_FUNCTIONS(resources),
};
