/* layout/rule.c - layouts from strings: "S I M -> (I M) 1 S". */
#include "layout/atoms.h"

#include "base/memory.h"

#include <string.h>

/* Names of axes: a letter, SPATIAL + i, or SINGLE for an axis of size 1. */
enum { SINGLE = 0, SPATIAL = 256 };

/* One side of a rule, S and 1S spelled out. */
typedef struct side {
    int n;
    int name[CVY_MAX_RANK];
    int axis[CVY_MAX_RANK]; /* differs from the index where axes are joined */
    int64_t size[CVY_MAX_RANK]; /* "M=2"; 0 where nothing is said */
    int rank;
} side;

typedef struct reader {
    const char *rule, *at;
    int n_spatial;
    cvy_error *err;
} reader;

static cvy_status bad_rule(const reader *r, const char *why)
{
    return cvyi_fail(r->err, CVY_ARGUMENT, "layout \"%s\": %s", r->rule, why);
}

static char next(reader *r)
{
    while (*r->at == ' ')
        r->at++;
    return *r->at;
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool ends(char c)
{
    return c == '\0' || c == ' ' || c == '(' || c == ')' || c == '=';
}

/* "=2" behind a name. */
static cvy_status read_size(int64_t *out, reader *r)
{
    int64_t size = 0;

    if (*r->at != '=')
        return CVY_OK;
    for (r->at++; *r->at >= '0' && *r->at <= '9'; r->at++)
        if (!cvyi_mul64(&size, size, 10) ||
            !cvyi_add64(&size, size, *r->at - '0'))
            return bad_rule(r, "a size does not fit in 64 bits");
    if (size < 1 || !ends(*r->at) || *r->at == '=')
        return bad_rule(r, "a size is a number above 0");
    *out = size;
    return CVY_OK;
}

/* A name or a run of them; `joined` keeps all in the axis that is open. */
static cvy_status read_name(side *out, reader *r, bool joined)
{
    const char c = next(r);
    const bool singles = c == '1' && r->at[1] == 'S';
    const int n = c == 'S' || singles ? r->n_spatial : 1;

    if (!is_letter(c) && c != '1')
        return bad_rule(r, "an axis is a capital letter or 1");
    r->at += singles ? 2 : 1;
    if (!ends(*r->at))
        return bad_rule(r, "names of axes stand apart");
    for (int i = 0; i < n; i++) {
        if (out->n == CVY_MAX_RANK)
            return bad_rule(r, "too many axes");
        out->name[out->n] = c == 'S' ? SPATIAL + i : c == '1' ? SINGLE : c;
        out->axis[out->n++] = joined ? out->rank : out->rank++;
    }
    if (*r->at == '=' && (!joined || !is_letter(c) || c == 'S'))
        return bad_rule(r, "only a letter in parentheses has a size");
    return n > 0 ? read_size(&out->size[out->n - 1], r) : CVY_OK;
}

static cvy_status read_group(side *out, reader *r)
{
    r->at++;
    while (next(r) != ')')
        CVYI_TRY(read_name(out, r, true));
    r->at++;
    if (++out->rank > CVY_MAX_RANK)
        return bad_rule(r, "too many axes");
    return CVY_OK;
}

static cvy_status read_side(side *out, reader *r)
{
    *out = (side){ 0 };
    while (next(r) != '\0' && *r->at != '-')
        CVYI_TRY(*r->at == '(' ? read_group(out, r)
                               : read_name(out, r, false));
    return CVY_OK;
}

/* An axis of the source that is cut says the sizes of all its parts but
 * one; the target says none. */
static cvy_status check_sizes(const reader *r, const side *source,
                              const side *target)
{
    for (int axis = 0; axis < source->rank; axis++) {
        int unsaid = 0;

        for (int i = 0; i < source->n; i++)
            unsaid += source->axis[i] == axis && source->size[i] == 0;
        if (unsaid != 1)
            return bad_rule(r, "an axis of the source is cut where all parts "
                               "but one say their size");
    }
    for (int i = 0; i < target->n; i++)
        if (target->size[i] != 0)
            return bad_rule(r, "a size stands in the source");
    return CVY_OK;
}

static int find(const side *s, int name)
{
    for (int i = 0; i < s->n; i++)
        if (s->name[i] == name)
            return i;
    return -1;
}

/* Every name but 1 once on each side. */
static cvy_status check_names(const reader *r, const side *one,
                              const side *other)
{
    for (int i = 0; i < one->n; i++) {
        if (one->name[i] == SINGLE)
            continue;
        if (find(one, one->name[i]) != i)
            return bad_rule(r, "an axis is named twice");
        if (find(other, one->name[i]) < 0)
            return bad_rule(r, "an axis is named on one side only");
    }
    return CVY_OK;
}

static cvy_status read_rule(side *source, side *target, reader *r)
{
    CVYI_TRY(read_side(source, r));
    if (*r->at == '-') {
        if (r->at[1] != '>')
            return bad_rule(r, "\"->\" stands between the sides");
        r->at += 2;
        CVYI_TRY(read_side(target, r));
        if (*r->at != '\0')
            return bad_rule(r, "more than one \"->\"");
    } else {
        *target = *source;
    }
    CVYI_TRY(check_sizes(r, source, target));
    CVYI_TRY(check_names(r, source, target));
    return check_names(r, target, source);
}

static cvy_status check_shape(const side *source, const char *rule, int rank,
                              const int64_t *dims, cvy_error *err)
{
    if (source->rank != rank)
        return cvyi_fail(err, CVY_SHAPE,
                         "layout \"%s\" is of %d axes, the array has %d", rule,
                         source->rank, rank);
    for (int i = 0; i < rank; i++)
        if (dims[i] < 0)
            return cvyi_fail(err, CVY_SHAPE, "axis %d has %lld elements", i,
                             (long long)dims[i]);
    return CVY_OK;
}

/* The elements of each part of the source. */
static cvy_status cut(int64_t *parts, const side *source, const char *rule,
                      const int64_t *dims, cvy_error *err)
{
    for (int i = 0; i < source->n; i++) {
        const int axis = source->axis[i];
        int64_t rest = dims[axis];

        for (int k = 0; k < source->n && source->size[i] == 0; k++) {
            if (source->axis[k] != axis || source->size[k] == 0)
                continue;
            if (rest % source->size[k] != 0)
                return cvyi_fail(err, CVY_SHAPE,
                                 "layout \"%s\" cannot cut the %lld elements "
                                 "of axis %d",
                                 rule, (long long)dims[axis], axis);
            rest /= source->size[k];
        }
        parts[i] = source->size[i] != 0 ? source->size[i] : rest;
        if (source->name[i] == SINGLE && parts[i] != 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "layout \"%s\" wants 1 element on axis %d, the "
                             "array has %lld",
                             rule, axis, (long long)parts[i]);
    }
    return CVY_OK;
}

cvy_status cvyi_layout_parse(cvyi_layout *out, const char *rule, int n_spatial,
                             int rank, const int64_t *source_dims,
                             cvy_error *err)
{
    reader r = {
        .rule = rule, .at = rule, .n_spatial = n_spatial, .err = err
    };
    int atom_of[CVY_MAX_RANK]; /* by part of the source; -1: of size 1 */
    int64_t parts[CVY_MAX_RANK];
    side source, target;

    CVYI_TRY(read_rule(&source, &target, &r));
    CVYI_TRY(check_shape(&source, rule, rank, source_dims, err));
    CVYI_TRY(cut(parts, &source, rule, source_dims, err));

    cvyi_layout result = { .source_rank = rank, .target_rank = target.rank };

    for (int i = 0; i < source.n; i++) {
        atom_of[i] = parts[i] != 1 ? result.n : -1;
        if (atom_of[i] < 0)
            continue;
        result.source_group[source.axis[i]]++;
        result.dims[result.n++] = parts[i];
    }
    for (int i = 0, n = 0; i < target.n; i++) {
        const int part = find(&source, target.name[i]);

        if (target.name[i] == SINGLE || atom_of[part] < 0)
            continue;
        result.perm[n++] = atom_of[part];
        result.target_group[target.axis[i]]++;
    }
    cvyi_atoms_tidy(&result);
    *out = result;
    return CVY_OK;
}
