/* init/fresh.c - what a weight holds before training. */
#include "init/fresh.h"

#include "random/random.h"

#include <math.h>
#include <string.h>

void cvyi_fresh_fans(double *in, double *out, int rank, const int64_t *dims)
{
    double others = 1;

    *in = *out = rank == 1 ? (double)dims[0] : 1;
    if (rank < 2)
        return;
    for (int i = 0; i < rank - 2; i++)
        others *= (double)dims[i];
    *in = others * (double)dims[rank - 2];
    *out = others * (double)dims[rank - 1];
}

static double number(const cvyi_value *config, const char *key,
                     double fallback)
{
    double value = fallback;

    (void)cvyi_as_double(&value, cvyi_get(config, key));
    return value;
}

static cvyi_fresh scaled(const cvyi_scaling *by, int rank, const int64_t *dims)
{
    double in, out, fan;

    cvyi_fresh_fans(&in, &out, rank, dims);
    fan = strcmp(by->mode, "fan_in") == 0    ? in
          : strcmp(by->mode, "fan_out") == 0 ? out
                                             : (in + out) / 2;
    fan = fan < 1 ? 1 : fan;
    if (strcmp(by->kind, "uniform") == 0)
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM,
                             .a = -sqrt(3 * by->scale / fan),
                             .b = sqrt(3 * by->scale / fan) };
    if (strcmp(by->kind, "untruncated_normal") == 0)
        return (cvyi_fresh){ .kind = CVYI_FRESH_NORMAL,
                             .b = sqrt(by->scale / fan) };
    return (cvyi_fresh){ .kind = CVYI_FRESH_TRUNCATED,
                         .b = sqrt(by->scale / fan) / CVYI_TRUNCATED };
}

/* "GlorotUniform" and "glorot_uniform" are one. */
static bool is_named(const char *name, const char *snake)
{
    for (; *snake != '\0'; snake++) {
        if (*snake == '_')
            continue;
        name += *name == '_';
        if ((*name | 0x20) != *snake)
            return false;
        name++;
    }
    return *name == '\0' || strcmp(name, "V2") == 0;
}

static const char *name_of(const cvyi_value *value)
{
    const char *const name = cvyi_as_text(value);

    return name != NULL ? name : cvyi_as_text(cvyi_get(value, "class_name"));
}

bool cvyi_scaling_of(cvyi_scaling *out, const cvyi_value *value)
{
    static const cvyi_scaling rows[] = {
        { "glorot_uniform", "fan_avg", "uniform", 1 },
        { "glorot_normal", "fan_avg", "truncated_normal", 1 },
        { "he_uniform", "fan_in", "uniform", 2 },
        { "he_normal", "fan_in", "truncated_normal", 2 },
        { "lecun_uniform", "fan_in", "uniform", 1 },
        { "lecun_normal", "fan_in", "truncated_normal", 1 },
    };
    const cvyi_value *const config = cvyi_get(value, "config");
    const char *const name = name_of(value);

    for (size_t i = 0; name != NULL && i < sizeof rows / sizeof *rows; i++)
        if (is_named(name, rows[i].name)) {
            *out = rows[i];
            return true;
        }
    if (name == NULL || !is_named(name, "variance_scaling"))
        return false;
    *out = (cvyi_scaling){ name, cvyi_as_text(cvyi_get(config, "mode")),
                           cvyi_as_text(cvyi_get(config, "distribution")),
                           number(config, "scale", 1) };
    out->mode = out->mode != NULL ? out->mode : "fan_in";
    out->kind = out->kind != NULL ? out->kind : "truncated_normal";
    return true;
}

cvyi_fresh cvyi_fresh_of(const cvyi_value *value, int rank,
                         const int64_t *dims)
{
    const cvyi_value *const config = cvyi_get(value, "config");
    const char *const name = name_of(value);
    cvyi_scaling by;

    if (name == NULL)
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNSAID };
    if (cvyi_scaling_of(&by, value))
        return scaled(&by, rank, dims);
    if (is_named(name, "zeros") || is_named(name, "zero"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT };
    if (is_named(name, "ones") || is_named(name, "one"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT, .a = 1 };
    if (is_named(name, "constant") &&
        (cvyi_get(config, "value") == NULL ||
         cvyi_get(config, "value")->kind != CVYI_LIST))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT,
                             .a = number(config, "value", 0) };
    if (is_named(name, "random_uniform") || is_named(name, "uniform"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM,
                             .a = number(config, "minval", -0.05),
                             .b = number(config, "maxval", 0.05) };
    if (is_named(name, "random_normal") || is_named(name, "normal"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_NORMAL,
                             .a = number(config, "mean", 0),
                             .b = number(config, "stddev", 0.05) };
    if (is_named(name, "truncated_normal"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_TRUNCATED,
                             .a = number(config, "mean", 0),
                             .b = number(config, "stddev", 0.05) };
    return (cvyi_fresh){ .kind = CVYI_FRESH_OTHER, .name = name };
}

/* ---- drawing ---- */

/* Without what is past two deviations: drawn again. */
static double truncated(uint64_t *seed)
{
    double value;

    do
        value = cvyi_random_normal(seed);
    while (fabs(value) > 2);
    return value;
}

static double draw(const cvyi_fresh *fresh, uint64_t *seed)
{
    switch (fresh->kind) {
    case CVYI_FRESH_UNIFORM:
        return fresh->a + (fresh->b - fresh->a) * cvyi_random_uniform(seed);
    case CVYI_FRESH_NORMAL:
        return fresh->a + fresh->b * cvyi_random_normal(seed);
    case CVYI_FRESH_TRUNCATED:
        return fresh->a + fresh->b * truncated(seed);
    default:
        return fresh->a;
    }
}

bool cvyi_fresh_fill(float *out, int64_t n, const cvyi_fresh *fresh,
                     uint64_t *seed)
{
    if (fresh->kind == CVYI_FRESH_UNSAID || fresh->kind == CVYI_FRESH_OTHER)
        return false;
    for (int64_t i = 0; i < n; i++)
        out[i] = (float)draw(fresh, seed);
    return true;
}
