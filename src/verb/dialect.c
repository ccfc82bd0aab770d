/* verb/dialect.c - dialects by their names, and what a call is turned into. */
#include "verb/dialect.h"

#include <string.h>

const char *cvyi_dialect_title(const char *dialect)
{
    static const char *const titles[][2] = {
        { "torch", "PyTorch" },    { "keras3", "Keras 3" },
        { "keras2", "Keras 2" },   { "keras1", "Keras 1" },
        { "tf2", "TensorFlow 2" }, { "tf1", "TensorFlow 1" },
    };

    for (size_t i = 0; dialect != NULL && i < sizeof titles / sizeof *titles;
         i++)
        if (strcmp(titles[i][0], dialect) == 0)
            return titles[i][1];
    return "unknown";
}

cvy_status cvyi_dialect_target(cvyi_target *out, const char *from,
                               const char *asked, cvy_error *err)
{
    cvyi_target target = { .flat = true, .plain = true };

    if (asked == NULL)
        asked = strcmp(from, "torch") == 0 ? "keras" : "torch";
    if (strcmp(asked, "torch") == 0) {
        target.dialect = "torch";
        target.axes = CVYI_AXES_FIRST;
    } else if (strcmp(asked, "keras") == 0) {
        target.dialect = "keras3";
        target.axes = CVYI_AXES_LAST;
    } else {
        return cvyi_fail(err, CVY_ARGUMENT,
                         "there is no target \"%.32s\"; there is torch, keras",
                         asked);
    }
    if (strcmp(target.dialect, from) == 0)
        return cvyi_fail(err, CVY_ARGUMENT, "the call is %s already",
                         cvyi_dialect_title(from));
    *out = target;
    return CVY_OK;
}
