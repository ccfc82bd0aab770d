/* layer/number.c - what a framework takes for whole numbers and for truth. */
#include "layer/number.h"

#include <string.h>

bool cvyi_take_number(int64_t *out, const cvyi_value *value, unsigned takes)
{
    /* Far beyond any layer, and exact as a double. */
    const double most = 0x1p52;

    if (value->kind == CVYI_INT)
        *out = value->integer;
    else if (value->kind == CVYI_BOOL && (takes & CVYI_TAKES_BOOLS) != 0)
        *out = value->truth;
    else if (value->kind == CVYI_FLOAT && (takes & CVYI_TAKES_FLOATS) != 0 &&
             value->real > -most && value->real < most)
        *out = (int64_t)value->real;
    else
        return false;
    return true;
}

/* Item `i` of a list. */
static bool read_item(int64_t *out, const cvyi_value *list, int i,
                      unsigned takes)
{
    if (i > 0 && (takes & CVYI_TAKES_BEHIND) != 0)
        takes |= CVYI_TAKES_BOOLS;
    return cvyi_take_number(out, &list->items[i], takes);
}

static bool read_all(int64_t *out, const cvyi_value *value, int n,
                     unsigned takes)
{
    const bool list = value->kind == CVYI_LIST;
    const bool repeat =
        list && value->n == 1 && (takes & CVYI_TAKES_REPEAT) != 0;

    if (list && (n == 0 || (value->n != n && !repeat)))
        return false;
    for (int i = 0; i < n || i == 0; i++) {
        const bool good =
            list ? read_item(&out[i], value, repeat ? 0 : i, takes)
                 : cvyi_take_number(&out[i], value, takes);

        if (!good)
            return false;
    }
    return true;
}

cvy_status cvyi_take_numbers(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name, int n,
                             unsigned takes, int64_t least, cvy_error *err)
{
    int64_t found[CVYI_MAX_SPATIAL];
    bool good = read_all(found, cvyi_arg(call, name), n, takes);

    for (int i = 0; good && (i < n || i == 0); i++)
        good = found[i] >= least;
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           n > 0 ? "%s must be an integer >= %lld or a list "
                                   "of %d"
                                 : "%s must be an integer >= %lld",
                           name, (long long)least, n);
    memcpy(out, found, (size_t)(n > 0 ? n : 1) * sizeof *out);
    return CVY_OK;
}

bool cvyi_truth(const cvyi_value *value)
{
    switch (value->kind) {
    case CVYI_NONE:
        return false;
    case CVYI_BOOL:
        return value->truth;
    case CVYI_INT:
        return value->integer != 0;
    case CVYI_FLOAT:
        return value->real != 0;
    case CVYI_TEXT:
        return value->text[0] != '\0';
    case CVYI_LIST:
    case CVYI_DICT:
        return value->n > 0;
    case CVYI_TENSOR:
    case CVYI_SIZE:
        break;
    }
    return true;
}

const cvyi_value *cvyi_arg_find(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return call->values[i];
    return NULL;
}

bool cvyi_all_equal(const int64_t *numbers, int n, int64_t wanted)
{
    for (int i = 0; i < n; i++)
        if (numbers[i] != wanted)
            return false;
    return true;
}
