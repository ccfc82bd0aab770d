/* write/targets.c - the frameworks that are written. */
#include "write/write.h"

#include <string.h>

/* clang-format off */
const cvyi_target_kind *const cvyi_targets[] = {
#define TARGET(name) &cvyi_target_##name,
#include "write/targets.def"
#undef TARGET
};
/* clang-format on */
const size_t cvyi_n_targets = sizeof cvyi_targets / sizeof *cvyi_targets;

static cvy_status fail(const char *name, cvy_error *err)
{
    cvyi_text names = { 0 };

    for (size_t i = 0; i < cvyi_n_targets; i++)
        cvyi_text_printf(&names, "%s%s", i > 0 ? ", " : "",
                         cvyi_targets[i]->name);
    cvyi_fail(err, CVY_ARGUMENT, "there is no target \"%.64s\"; there is %s",
              name, cvyi_text_c(&names));
    cvyi_text_close(&names);
    return CVY_ARGUMENT;
}

cvy_status cvyi_target_find(const cvyi_target_kind **out, const char *name,
                            cvy_error *err)
{
    for (size_t i = 0; i < cvyi_n_targets; i++)
        if (name == NULL || strcmp(cvyi_targets[i]->name, name) == 0) {
            *out = cvyi_targets[i];
            return CVY_OK;
        }
    return fail(name, err);
}

static cvy_status no_format(const cvyi_target_kind *target, const char *name,
                            cvy_error *err)
{
    cvyi_text names = { 0 };

    for (const cvyi_weights_format *f = target->weights; f->name != NULL; f++)
        cvyi_text_printf(&names, "%s%s", f != target->weights ? ", " : "",
                         f->name);
    cvyi_fail(err, CVY_ARGUMENT,
              "weights of %s are not kept as \"%.64s\"; there is %s",
              target->framework, name, cvyi_text_c(&names));
    cvyi_text_close(&names);
    return CVY_ARGUMENT;
}

cvy_status cvyi_weights_find(const cvyi_weights_format **out,
                             const cvyi_target_kind *target, const char *name,
                             cvy_error *err)
{
    for (const cvyi_weights_format *f = target->weights; f->name != NULL; f++)
        if (name == NULL || strcmp(f->name, name) == 0) {
            *out = f;
            return CVY_OK;
        }
    return no_format(target, name, err);
}
