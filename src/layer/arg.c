/* layer/arg.c - arguments of a call as numbers, words and axes. */
#include "layer/words.h"

#include <string.h>
#include <strings.h>

/* A short picture of a value, for messages. */
static void picture(cvyi_text *out, const cvyi_value *value, int depth)
{
    switch (value->kind) {
    case CVYI_TENSOR:
        cvyi_text_put(out, "a tensor");
        break;
    case CVYI_SIZE:
        cvyi_text_put(out, "a size that is not known yet");
        break;
    case CVYI_NONE:
        cvyi_text_put(out, "None");
        break;
    case CVYI_BOOL:
        cvyi_text_put(out, value->truth ? "True" : "False");
        break;
    case CVYI_INT:
        cvyi_text_printf(out, "%lld", (long long)value->integer);
        break;
    case CVYI_FLOAT:
        cvyi_text_double(out, value->real);
        break;
    case CVYI_TEXT:
        cvyi_text_printf(out, "'%.60s'", value->text);
        break;
    case CVYI_DICT:
        cvyi_text_put(out, "an object");
        break;
    case CVYI_LIST:
        cvyi_text_put(out, "[");
        for (int i = 0; i < value->n && i < 6 && depth < 3; i++) {
            cvyi_text_put(out, i > 0 ? ", " : "");
            picture(out, &value->items[i], depth + 1);
        }
        cvyi_text_put(out, value->n > 6 ? ", ...]" : "]");
        break;
    }
}

static cvy_status must_be(cvyi_phrase *phrase, const cvyi_bound *call,
                          const char *name, const char *what, cvy_error *err)
{
    cvyi_text text = { 0 };

    picture(&text, cvyi_arg(call, name), 0);

    const cvy_status status =
        cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                    name, "correct this argument in the source",
                    "%s must be %s, not %s", name, what, cvyi_text_c(&text));

    cvyi_text_close(&text);
    return status;
}

static cvy_status must_be_int(cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *name, int64_t least, int n,
                              cvy_error *err)
{
    const char *what =
        n == 0 ? cvyi_arena_printf(call->arena, "an integer >= %lld",
                                   (long long)least)
               : cvyi_arena_printf(call->arena,
                                   "an integer >= %lld or a list of %d",
                                   (long long)least, n);

    if (what == NULL)
        return cvyi_no_memory(err);
    if (least == INT64_MIN)
        what = "an integer";
    return must_be(phrase, call, name, what, err);
}

cvy_status cvyi_arg_int(int64_t *out, cvyi_phrase *phrase,
                        const cvyi_bound *call, const char *name,
                        int64_t least, cvy_error *err)
{
    int64_t value;

    if (!cvyi_as_int(&value, cvyi_arg(call, name)) || value < least)
        return must_be_int(phrase, call, name, least, 0, err);
    *out = value;
    return CVY_OK;
}

cvy_status cvyi_arg_bool(bool *out, cvyi_phrase *phrase,
                         const cvyi_bound *call, const char *name,
                         cvy_error *err)
{
    if (!cvyi_as_bool(out, cvyi_arg(call, name)))
        return must_be(phrase, call, name, "True or False", err);
    return CVY_OK;
}

cvy_status cvyi_arg_double(double *out, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *name,
                           cvy_error *err)
{
    if (!cvyi_as_double(out, cvyi_arg(call, name)))
        return must_be(phrase, call, name, "a number", err);
    return CVY_OK;
}

cvy_status cvyi_arg_per_axis(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             int64_t least, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const int n = call->n_spatial;
    int64_t found[CVYI_MAX_SPATIAL];
    bool good = value->kind != CVYI_LIST || value->n == n;

    for (int i = 0; good && i < n; i++)
        good =
            cvyi_as_int(&found[i],
                        value->kind == CVYI_LIST ? &value->items[i] : value) &&
            found[i] >= least;
    if (!good)
        return must_be_int(phrase, call, name, least, n, err);
    memcpy(out, found, (size_t)n * sizeof *out);
    return CVY_OK;
}

cvy_status cvyi_arg_data_format(cvyi_axes *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "data_format");
    const char *const text = cvyi_as_text(value);

    if (cvyi_is_none(value))
        *out = CVYI_AXES_LAST;
    else if (text != NULL && strcasecmp(text, "channels_last") == 0)
        *out = CVYI_AXES_LAST;
    else if (text != NULL && strcasecmp(text, "channels_first") == 0)
        *out = CVYI_AXES_FIRST;
    else
        return must_be(phrase, call, "data_format",
                       "'channels_last' or 'channels_first'", err);
    return CVY_OK;
}

cvy_status cvyi_arg_axis(int *out, cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t axis;

    CVYI_TRY(cvyi_arg_int(&axis, phrase, call, name, INT64_MIN, err));
    if (axis < -rank || axis >= rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "name an axis that the input has",
                           "axis %lld is outside an input of %d axes",
                           (long long)axis, rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return CVY_OK;
}
