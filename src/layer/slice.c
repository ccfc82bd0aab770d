/* layer/slice.c - subscripts: elements left out, axes that go and come. */
#include "layer/slice.h"

#include "layer/squeeze.h"

#include <string.h>

/* What a subscript says. Each list is as long as the input has axes. */
typedef struct subscript {
    int64_t before[CVYI_MAX_DIMS], after[CVYI_MAX_DIMS], step[CVYI_MAX_DIMS];
    bool backwards;                /* may steps be below 0? */
    int64_t turned[CVYI_MAX_DIMS]; /* 1: the axis, before all else */
    bool turns;                    /* some axis is */
    bool cuts;                     /* something is left out */
    bool goes[CVYI_MAX_DIMS];      /* the axis */
    int n_gone;
    int come[CVYI_MAX_DIMS + 1]; /* new axes before this one; behind all */
} subscript;

/* ---- reading ---- */

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "index",
                       "take slices of axes behind the batch, counted from "
                       "where their size is known",
                       "%s", reason);
}

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "index", "correct this subscript in the source", "%s",
                       reason);
}

/* An integer; a missing one is `instead`. */
static bool read_int(int64_t *out, const cvyi_value *value, int64_t instead)
{
    *out = instead;
    return cvyi_is_none(value) || cvyi_as_int(out, value);
}

/* How many elements stand before `at`, counted from the end if it is below 0.
 * false: that depends on a length that is not known. */
static bool place_of(int64_t *out, int64_t at, cvyi_size length)
{
    int64_t n;
    const bool known = cvyi_size_constant(&n, length);

    if (at < 0 && !known)
        return false;
    at += at < 0 ? n : 0;
    at = at < 0 ? 0 : at;
    *out = known && at > n ? n : at;
    return true;
}

/* start:stop:-step takes from the end what another start':stop':step takes of
 * the turned axis, where element i is element n - 1 - i. */
static bool read_backwards(subscript *s, int axis, const cvyi_value *slice,
                           int64_t step, cvyi_size length)
{
    const cvyi_value *const stop = cvyi_get(slice, "stop");
    int64_t start, end, n = 0;
    const bool known = cvyi_size_constant(&n, length);

    if (!s->backwards || step < -INT32_MAX ||
        !read_int(&start, cvyi_get(slice, "start"), -1) ||
        !read_int(&end, stop, 0) || start < -INT32_MAX || end < -INT32_MAX ||
        start > INT32_MAX || end > INT32_MAX ||
        (!known && (start >= 0 || end < 0)))
        return false;
    s->before[axis] = start < 0 ? -1 - start : start < n ? n - 1 - start : 0;
    if (known && s->before[axis] > n)
        s->before[axis] = n;
    if (!cvyi_is_none(stop))
        s->after[axis] = end >= 0 ? end + 1 : n + 1 + end;
    if (known && s->after[axis] > n)
        s->after[axis] = n;
    if (s->after[axis] < 0)
        s->after[axis] = 0;
    s->step[axis] = step < -1 ? -step : 0;
    s->turned[axis] = 1;
    s->turns = true;
    s->cuts = s->cuts || s->before[axis] > 0 || s->after[axis] > 0 ||
              s->step[axis] > 0;
    return true;
}

/* start:stop:step of one axis. */
static bool read_slice(subscript *s, int axis, const cvyi_value *slice,
                       cvyi_size length)
{
    const cvyi_value *const stop = cvyi_get(slice, "stop");
    int64_t start, end, step, n;

    if (!read_int(&step, cvyi_get(slice, "step"), 1))
        return false;
    if (step < 0)
        return read_backwards(s, axis, slice, step, length);
    if (!read_int(&start, cvyi_get(slice, "start"), 0) ||
        !read_int(&end, stop, 0) || step < 1 ||
        !place_of(&s->before[axis], start, length))
        return false;
    s->step[axis] = step > 1 ? step : 0;
    if (!cvyi_is_none(stop) && end < 0 && end > -INT32_MAX) {
        s->after[axis] = -end;
    } else if (!cvyi_is_none(stop)) {
        if (!cvyi_size_constant(&n, length) || !place_of(&end, end, length))
            return false;
        s->after[axis] = n - end;
    }
    s->cuts = s->cuts || s->before[axis] > 0 || s->after[axis] > 0 || step > 1;
    return true;
}

/* One element, or false. *outside: there is no such element. */
static bool read_element(subscript *s, bool *outside, int axis, int64_t at,
                         cvyi_size length)
{
    int64_t n;

    if (!cvyi_size_constant(&n, length))
        return false;
    *outside = at < -n || at >= n;
    if (*outside)
        return false;
    s->before[axis] = at < 0 ? at + n : at;
    s->after[axis] = n - 1 - s->before[axis];
    s->goes[axis] = true;
    s->n_gone++;
    s->cuts = s->cuts || n > 1;
    return true;
}

/* Axes that the subscript names: all but None and the ellipsis. */
static int count_named(const cvyi_value *index)
{
    int n = 0;

    for (int i = 0; i < index->n; i++)
        n += !cvyi_is_none(&index->items[i]) &&
             !cvyi_is_text(&index->items[i], "...");
    return n;
}

static bool is_whole(const cvyi_value *slice)
{
    int64_t start, step;

    return slice->kind == CVYI_DICT && cvyi_get(slice, "stop") != NULL &&
           read_int(&start, cvyi_get(slice, "start"), 0) && start == 0 &&
           cvyi_is_none(cvyi_get(slice, "stop")) &&
           read_int(&step, cvyi_get(slice, "step"), 1) && step == 1;
}

/* What says something of an axis of the input. */
static cvy_status read_item(subscript *s, int axis, cvyi_phrase *out,
                            const cvyi_bound *call, const cvyi_value *item,
                            cvy_error *err)
{
    const cvyi_size length = call->in[0].dims[axis];
    bool outside = false;
    int64_t at, n;

    if (is_whole(item))
        return CVY_OK;
    if (axis == 0)
        return refuse(out, call,
                      "a part of a tensor's batch is not carried over", err);
    if (item->kind == CVYI_DICT && cvyi_get(item, "stop") != NULL &&
        read_slice(s, axis, item, length)) {
        if (cvyi_size_constant(&n, length) &&
            n - s->before[axis] - s->after[axis] < 1)
            return refuse(out, call, "nothing is left of an axis", err);
        return CVY_OK;
    }
    if (item->kind == CVYI_INT && cvyi_as_int(&at, item) &&
        read_element(s, &outside, axis, at, length))
        return CVY_OK;
    if (outside)
        return illegal(out, call, "there is no such element", err);
    return refuse(out, call,
                  s->backwards ? "a part of a tensor is not carried over "
                                 "where masks or unknown sizes matter"
                               : "a part of a tensor is not carried over "
                                 "where steps below 0, masks or unknown "
                                 "sizes matter",
                  err);
}

static cvy_status read_subscript(subscript *s, cvyi_phrase *out,
                                 const cvyi_bound *call,
                                 const cvyi_value *index, cvy_error *err)
{
    const int rank = call->in[0].rank, named = count_named(index);
    int axis = 0;

    if (named > rank)
        return illegal(out, call, "too many subscripts", err);
    for (int i = 0; i < index->n; i++) {
        const cvyi_value *const item = &index->items[i];

        if (cvyi_is_text(item, "..."))
            axis += rank - named;
        else if (cvyi_is_none(item))
            s->come[axis]++;
        else if (axis >= rank)
            return illegal(out, call, "too many subscripts", err);
        else
            CVYI_TRY(read_item(s, axis++, out, call, item, err));
        if (axis > rank)
            return illegal(out, call, "more than one ellipsis", err);
    }
    if (s->come[0] > 0)
        return refuse(out, call, "a new axis before the batch", err);
    return CVY_OK;
}

/* ---- steps ---- */

static cvy_status full(cvy_error *err)
{
    return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
}

static cvy_status add_turned(cvyi_phrase *out, const cvyi_bound *call,
                             const subscript *s, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "flip");

    if (step == NULL)
        return full(err);
    step->label = s->cuts ? "flip" : NULL;
    cvyi_set_ints(&step->attrs, "axes", s->turned, call->in[0].rank);
    return CVY_OK;
}

/* Are these cuts those of a crop: no step, nothing before axis 2? */
static bool is_crop(const int64_t *before, const int64_t *after,
                    const int64_t *step, int rank)
{
    bool plain = rank > 2 && rank - 2 <= CVYI_MAX_SPATIAL && before[1] == 0 &&
                 after[1] == 0;

    for (int i = 0; i < rank; i++)
        plain = plain && step[i] == 0;
    return plain;
}

static cvy_status add_cut(cvyi_phrase *out, const cvyi_bound *call,
                          const subscript *s, bool crops, cvy_error *err)
{
    const int rank = call->in[0].rank;
    const bool crop = crops && is_crop(s->before, s->after, s->step, rank);
    const int first = crop ? 2 : 0;
    cvyi_step *const step =
        cvyi_phrase_add(out, call, crop ? "crop" : "slice");

    if (step == NULL)
        return full(err);
    cvyi_attrs_open(&step->attrs, step->attrs.op, crop ? rank - 2 : 0);
    if (crop)
        step->axes = CVYI_AXES_FIRST;
    cvyi_set_ints(&step->attrs, "before", s->before + first, rank - first);
    cvyi_set_ints(&step->attrs, "after", s->after + first, rank - first);
    if (!crop)
        cvyi_set_ints(&step->attrs, "step", s->step, rank);
    return CVY_OK;
}

static cvy_status add_new(cvyi_phrase *out, const cvyi_bound *call,
                          const subscript *s, cvy_error *err)
{
    static const char *const labels[] = { "expand", "expand_1", "expand_2" };
    int rank = call->in[0].rank - s->n_gone, axis = 0, n = 0;

    for (int i = 0; i <= call->in[0].rank; i++) {
        if (s->come[i] > 0) {
            cvyi_step *const step = cvyi_phrase_add(out, call, "expand");

            if (step == NULL || n == sizeof labels / sizeof *labels)
                return refuse(out, call, "too many new axes", err);
            step->label = labels[n++];
            rank += s->come[i];
            cvyi_set_int(&step->attrs, "rank", rank);
            cvyi_set_int(&step->attrs, "axis", axis);
            axis += s->come[i];
        }
        axis += i < call->in[0].rank && !s->goes[i];
    }
    return CVY_OK;
}

cvy_status cvyi_slice_from_item(cvyi_phrase *out, const cvyi_bound *call,
                                bool crops, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "index");
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = given };
    const cvyi_value *const index = given->kind == CVYI_LIST ? given : &one;
    subscript s = { .backwards = !crops };

    if (call->n_in != 1 || call->in[0].rank < 1)
        return refuse(out, call, "it needs one tensor with a batch", err);
    CVYI_TRY(read_subscript(&s, out, call, index, err));
    if (s.turns)
        CVYI_TRY(add_turned(out, call, &s, err));
    if (s.cuts)
        CVYI_TRY(add_cut(out, call, &s, crops, err));
    if (s.n_gone > 0)
        CVYI_TRY(cvyi_squeeze_axes(out, call, call->in[0].rank, s.goes,
                                   "squeeze", err));
    CVYI_TRY(add_new(out, call, &s, err));
    if (out->n == 0 && cvyi_phrase_add(out, call, "identity") == NULL)
        return full(err);
    return CVY_OK;
}

/* ---- writing ---- */

static void read_marks(int64_t *out, const cvyi_saying *what, const char *name)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, name, &n);

    for (int i = 0; i < what->in[0].rank; i++)
        out[i] = i < n ? marks[i] : 0;
}

/* The end is counted from where it is nearer to. */
static void put_axis(cvyi_text *code, int64_t before, int64_t after,
                     int64_t step, cvyi_size length)
{
    int64_t n;

    if (before > 0)
        cvyi_text_printf(code, "%lld", (long long)before);
    cvyi_text_put(code, ":");
    if (after > 0 && cvyi_size_constant(&n, length) && n - after <= after)
        cvyi_text_printf(code, "%lld", (long long)(n - after));
    else if (after > 0)
        cvyi_text_printf(code, "-%lld", (long long)after);
    if (step > 1)
        cvyi_text_printf(code, ":%lld", (long long)step);
}

/* What the code is read back as where that is no slice. */
static void means(cvyi_said *out, const subscript *s, int rank, int last,
                  bool crops)
{
    cvyi_attrs *read;

    if (last == 0) {
        (void)cvyi_said_means(out, "identity", 0);
        return;
    }
    if (!crops || !is_crop(s->before, s->after, s->step, rank))
        return;
    read = cvyi_said_means(out, "crop", rank - 2);
    cvyi_set_ints(read, "before", s->before + 2, rank - 2);
    cvyi_set_ints(read, "after", s->after + 2, rank - 2);
}

cvy_status cvyi_slice_say(cvyi_said *out, const cvyi_saying *what, bool crops,
                          cvy_error *err)
{
    const int rank = what->in[0].rank;
    subscript s = { 0 };
    int last = 0;

    read_marks(s.before, what, "before");
    read_marks(s.after, what, "after");
    read_marks(s.step, what, "step");
    for (int i = 0; i < rank; i++)
        if (s.before[i] > 0 || s.after[i] > 0 || s.step[i] > 1)
            last = i;
    cvyi_text_put(&out->code, "{0}[");
    for (int i = 0; i <= last; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        put_axis(&out->code, s.before[i], s.after[i], s.step[i],
                 what->in[0].dims[i]);
    }
    cvyi_text_put(&out->code, "]");
    means(out, &s, rank, last, crops);
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
