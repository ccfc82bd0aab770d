/*
 * read/call_slot.c - the shape of a parameter before it was rearranged.
 *
 * Rules are written from the source to the slot ("S I M -> (I M) 1 S"). Here
 * the slot's shape is known: names on the right get its sizes. Where an axis
 * joins two names, one of them is the inputs, the other what is left.
 */
#include "read/call_parts.h"

#include <string.h>

typedef struct sizes {
    int64_t of['Z' + 1]; /* of a letter; 0: not known */
    int64_t spatial[CVYI_MAX_DIMS];
    int n_spatial;
} sizes;

static cvy_status bad(cvy_error *err, const char *rule)
{
    return cvyi_fail(err, CVY_SHAPE,
                     "\"%s\" does not lead to the shape of the parameter",
                     rule);
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* "(I M)" with a product: I is the inputs, the other what is left. */
static const char *read_joined(sizes *s, const char *at, int64_t product,
                               int64_t inputs)
{
    char rest = '\0';

    for (at = skip_blanks(at + 1); *at != '\0' && *at != ')';
         at = skip_blanks(at + 1)) {
        const bool known = *at == 'I' && inputs > 0 && product % inputs == 0;

        if (known || rest != '\0') {
            s->of[(int)*at] = known ? inputs : 1;
            product /= s->of[(int)*at];
        } else {
            rest = *at;
        }
    }
    if (rest != '\0')
        s->of[(int)rest] = product;
    return *at == ')' ? at + 1 : at;
}

/* The right side against the slot's shape. */
static bool read_target(sizes *s, const char *at, const cvyi_shape *want,
                        int64_t inputs)
{
    int axis = 0;

    for (at = skip_blanks(at); *at != '\0'; at = skip_blanks(at)) {
        const bool single = *at == '1', spatial = at[single] == 'S';
        const int n = spatial ? s->n_spatial : 1;

        if (axis + n > want->rank)
            return false;
        if (*at == '(') {
            at = read_joined(s, at, want->dims[axis++], inputs);
            continue;
        }
        for (int i = 0; i < n; i++, axis++)
            if (single) {
                if (want->dims[axis] != 1)
                    return false;
            } else if (spatial) {
                s->spatial[i] = want->dims[axis];
            } else if (*at >= 'A' && *at <= 'Z') {
                s->of[(int)*at] = want->dims[axis];
            } else {
                return false;
            }
        at += single && spatial ? 2 : 1;
    }
    return axis == want->rank;
}

static bool write_source(cvyi_shape *out, const sizes *s, const char *at,
                         const char *end)
{
    for (at = skip_blanks(at); at < end; at = skip_blanks(at)) {
        const bool single = *at == '1', spatial = at[single] == 'S';
        const int n = spatial ? s->n_spatial : 1;

        if (out->rank + n > CVYI_MAX_DIMS ||
            (!single && (*at < 'A' || *at > 'Z')))
            return false;
        for (int i = 0; i < n; i++)
            out->dims[out->rank++] = single    ? 1
                                     : spatial ? s->spatial[i]
                                               : s->of[(int)*at];
        at += single && spatial ? 2 : 1;
    }
    return true;
}

cvy_status cvyi_call_stored(cvyi_shape *out, const char *rule, int n_spatial,
                            const cvyi_shape *want, int64_t inputs,
                            cvy_error *err)
{
    const char *const arrow = strstr(rule, "->");
    sizes s = { .n_spatial = n_spatial };
    cvyi_shape stored = { 0 }, target;
    cvyi_layout layout;
    int64_t dims[CVY_MAX_RANK];

    if (!read_target(&s, arrow != NULL ? arrow + 2 : rule, want, inputs) ||
        !write_source(&stored, &s, rule,
                      arrow != NULL ? arrow : rule + strlen(rule)))
        return bad(err, rule);
    CVYI_TRY(cvyi_layout_parse(&layout, rule, n_spatial, stored.rank,
                               stored.dims, err));
    target.rank = cvyi_layout_target(&layout, dims);
    if (target.rank != want->rank ||
        memcmp(dims, want->dims, (size_t)want->rank * sizeof *dims) != 0)
        return bad(err, rule);
    *out = stored;
    return CVY_OK;
}
