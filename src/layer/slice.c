/* layer/slice.c - a subscript that leaves elements out. */
#include "layer/slice.h"

#include <string.h>

/* An integer that is not there is None. */
static bool is_gone_or(const cvyi_value *value, int64_t wanted)
{
    int64_t number;

    return cvyi_is_none(value) ||
           (cvyi_as_int(&number, value) && number == wanted);
}

static bool is_whole(const cvyi_value *slice)
{
    return is_gone_or(cvyi_get(slice, "start"), 0) &&
           cvyi_is_none(cvyi_get(slice, "stop")) &&
           is_gone_or(cvyi_get(slice, "step"), 1);
}

bool cvyi_slice_cuts(const cvyi_value *index)
{
    bool cuts = false;

    for (int i = 0; i < index->n; i++) {
        const cvyi_value *const at = &index->items[i];

        if (cvyi_is_text(at, "..."))
            continue;
        if (at->kind != CVYI_DICT)
            return false;
        cuts = cuts || !is_whole(at);
    }
    return cuts;
}

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "index",
                       "cut the axes behind axis 1, one after the "
                       "other",
                       "%s", reason);
}

/* How many elements stand before `at`, counted from the end if it is below 0.
 * false: that depends on a length that is not known. */
static bool place_of(int64_t *out, const cvyi_value *at, cvyi_size length)
{
    int64_t n, place;
    const bool known = cvyi_size_constant(&n, length);

    if (!cvyi_as_int(&place, at) || (place < 0 && !known))
        return false;
    place += place < 0 ? n : 0;
    place = place < 0 ? 0 : place;
    *out = known && place > n ? n : place;
    return true;
}

/* Elements left out at both ends. */
static bool read_cut(int64_t *before, int64_t *after, const cvyi_value *slice,
                     cvyi_size length)
{
    const cvyi_value *const start = cvyi_get(slice, "start");
    const cvyi_value *const stop = cvyi_get(slice, "stop");
    int64_t n, place;

    *before = *after = 0;
    if (!is_gone_or(cvyi_get(slice, "step"), 1) ||
        (!cvyi_is_none(start) && !place_of(before, start, length)))
        return false;
    if (cvyi_is_none(stop))
        return true;
    if (cvyi_as_int(&place, stop) && place < 0) {
        *after = -place;
        return true;
    }
    if (!place_of(&place, stop, length) || !cvyi_size_constant(&n, length))
        return false;
    *after = n - place;
    return true;
}

static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const int64_t *before, const int64_t *after,
                      cvy_error *err)
{
    const int n = call->in[0].rank - 2;
    cvyi_step *step;

    for (int i = 0; i < n; i++) {
        int64_t length;

        if (cvyi_size_constant(&length, call->in[0].dims[2 + i]) &&
            length - before[i] - after[i] < 1)
            return refuse(out, call, "nothing is left of an axis", err);
    }
    step = cvyi_phrase_add(out, call, "crop");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, n);
    step->axes = CVYI_AXES_FIRST;
    cvyi_set_ints(&step->attrs, "before", before, n);
    cvyi_set_ints(&step->attrs, "after", after, n);
    return CVY_OK;
}

cvy_status cvyi_slice_crop(cvyi_phrase *out, const cvyi_bound *call,
                           const cvyi_value *index, cvy_error *err)
{
    int64_t before[CVYI_MAX_SPATIAL] = { 0 }, after[CVYI_MAX_SPATIAL] = { 0 };
    const int rank = call->in[0].rank;
    int axis = 0, named = 0;

    for (int i = 0; i < index->n; i++)
        named += !cvyi_is_text(&index->items[i], "...");
    if (rank < 3 || rank - 2 > CVYI_MAX_SPATIAL || named > rank)
        return refuse(out, call, "these axes are not cut", err);
    for (int i = 0; i < index->n; i++) {
        const cvyi_value *const at = &index->items[i];

        if (cvyi_is_text(at, "...")) {
            axis += rank - named;
            continue;
        }
        if (!is_whole(at) && (axis < 2 || axis >= rank ||
                              !read_cut(&before[axis - 2], &after[axis - 2],
                                        at, call->in[0].dims[axis])))
            return refuse(out, call,
                          axis < 2 ? "a part of a tensor's batch or channels "
                                     "is not carried over"
                                   : "a part of a tensor is not carried over "
                                     "where steps or unknown sizes matter",
                          err);
        axis++;
    }
    return add(out, call, before, after, err);
}
