/* layer/marks.c - numbers for axes, and a parameter of the marked ones. */
#include "layer/marks.h"

#include <string.h>

int64_t cvyi_mark(const cvyi_attrs *attrs, const char *name, int axis)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(attrs, name, &n);

    return axis < n ? marks[axis] : 0;
}

int cvyi_marked(int64_t *axes, const cvyi_attrs *attrs, const char *name)
{
    int n, found = 0;
    const int64_t *const marks = cvyi_attr_ints(attrs, name, &n);

    for (int i = 0; i < n; i++)
        if (marks[i] != 0)
            axes[found++] = i;
    return found;
}

cvy_status cvyi_marks_check(const cvyi_attrs *attrs, const char *name,
                            const cvyi_type *in, int64_t least, cvy_error *err)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(attrs, name, &n);

    if (n != 0 && n != in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, name,
                            "%d marks for a value with %d axes", n, in->rank);
    for (int i = 0; i < n; i++)
        if (marks[i] < least)
            return cvyi_fail_in(err, CVY_ARGUMENT, name,
                                "it needs values >= %lld", (long long)least);
    return CVY_OK;
}

static cvy_status not_in_row(int n, cvy_error *err)
{
    return cvyi_fail_in(err, CVY_SHAPE, "axes",
                        "marks of %d axes are not 1 to %d", n, n);
}

cvy_status cvyi_marks_shape(cvyi_shape *out, const int64_t *marks, int n,
                            const cvyi_type *in, cvy_error *err)
{
    bool seen[CVYI_MAX_DIMS] = { false };
    cvyi_shape shape = { 0 };

    if (n != 0 && n != in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "axes",
                            "%d marks for a value with %d axes", n, in->rank);
    for (int i = 0; i < n; i++)
        shape.rank += marks[i] != 0;
    for (int i = 0; i < n; i++) {
        const int64_t at = marks[i] - 1;

        if (marks[i] == 0)
            continue;
        if (at < 0 || at >= shape.rank || seen[at])
            return not_in_row(shape.rank, err);
        seen[at] = true;
        if (!cvyi_size_constant(&shape.dims[at], in->dims[i]))
            return cvyi_fail(err, CVY_SHAPE,
                             "the size of axis %d of the input is not known",
                             i);
    }
    *out = shape;
    return CVY_OK;
}

static size_t put_letters(char *text, const int *order, int n)
{
    size_t at = 0;

    for (int i = 0; i < n; i++) {
        text[at++] = (char)('C' + (order != NULL ? order[i] : i));
        text[at++] = ' ';
    }
    return at;
}

const char *cvyi_marks_layout(cvyi_arena *arena, const int *order, int n)
{
    char text[4 * CVYI_MAX_DIMS + 4];
    size_t at = put_letters(text, NULL, n);
    bool moved = false;

    for (int i = 0; order != NULL && i < n; i++)
        moved = moved || order[i] != i;
    if (moved) {
        memcpy(text + at, "-> ", 3);
        at += 3 + put_letters(text + at + 3, order, n);
    }
    return cvyi_arena_text(arena, text, at - 1);
}
