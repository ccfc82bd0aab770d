/* layer/keras_amounts.c - Keras' amounts at both ends of each spatial axis. */
#include "layer/keras_amounts.h"

/* One number for both sides, or a pair (before, after). */
static bool read_axis(int64_t *before, int64_t *after, const cvyi_value *value)
{
    if (value->kind != CVYI_LIST) {
        if (!cvyi_as_int(before, value))
            return false;
        *after = *before;
    } else if (value->n != 2 || !cvyi_as_int(before, &value->items[0]) ||
               !cvyi_as_int(after, &value->items[1])) {
        return false;
    }
    return *before >= 0 && *after >= 0;
}

/* With one axis a list is the pair itself: ZeroPadding1D((left, right)). */
cvy_status cvyi_keras_amounts(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST && call->n_spatial > 1;
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };
    bool good = !list || value->n == call->n_spatial;

    for (int i = 0; good && i < call->n_spatial; i++)
        good = read_axis(&border.before[i], &border.after[i],
                         list ? &value->items[i] : value);
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name, "give integers >= 0",
                           "%s must be a number, one number an axis, or a "
                           "pair an axis",
                           name);
    *out = border;
    return CVY_OK;
}

void cvyi_keras_put_amounts(cvyi_said *out, const int64_t *before,
                            const int64_t *after, int n)
{
    bool even = true, equal = true;

    for (int i = 0; i < n; i++) {
        even = even && before[i] == after[i];
        equal = equal && before[i] == before[0] && after[i] == before[0];
    }
    if (equal || (even && n > 1)) {
        cvyi_code_ints(out, NULL, before, n);
        return;
    }
    cvyi_code_raw(out, NULL, n > 1 ? "(" : "");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&out->code, "%s(%lld, %lld)", i > 0 ? ", " : "",
                         (long long)before[i], (long long)after[i]);
    cvyi_text_put(&out->code, n > 1 ? ")" : "");
}
