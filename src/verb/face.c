/* verb/face.c - arguments of a call from the fields of a struct. */
#include "verb/face.h"

#include "base/error.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void add(cvyi_face *face, cvy_argument argument)
{
    assert(face->n < CVYI_FACE_ARGUMENTS);
    face->arguments[face->n++] = argument;
}

static cvy_argument *take_items(cvyi_face *face, int n)
{
    cvy_argument *const items = face->items + face->n_items;

    assert(face->n_items + n <= CVYI_FACE_ITEMS);
    face->n_items += n;
    return items;
}

void cvyi_face_name(cvyi_face *face, const char *name, int32_t n_spatial)
{
    const int before = (int)strcspn(name, "#");

    snprintf(face->name, sizeof face->name, "%.*s%d%s", before, name,
             (int)n_spatial, name + before + 1);
}

void cvyi_face_int(cvyi_face *face, const char *name, int64_t value)
{
    add(face, cvy_argument_int(name, value));
}

void cvyi_face_some(cvyi_face *face, const char *name, int64_t value)
{
    if (value != 0)
        cvyi_face_int(face, name, value);
}

void cvyi_face_real(cvyi_face *face, const char *name, double value)
{
    if (value != 0)
        add(face, cvy_argument_real(name, value));
}

void cvyi_face_text(cvyi_face *face, const char *name, const char *value)
{
    if (value != NULL)
        add(face, cvy_argument_text(name, value));
}

void cvyi_face_flag(cvyi_face *face, const char *name, bool flag, bool value)
{
    if (flag)
        add(face, cvy_argument_flag(name, value));
}

void cvyi_face_list(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n)
{
    cvy_argument *const items = take_items(face, n);

    for (int32_t i = 0; i < n; i++)
        items[i] = cvy_argument_int(NULL, values[i]);
    add(face, cvy_argument_list(name, items, n));
}

static bool any(const int64_t *values, int32_t first, int32_t n)
{
    for (int32_t i = first; i < n; i++)
        if (values[i] != 0)
            return true;
    return false;
}

void cvyi_face_axes(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n_spatial)
{
    if (any(values, 1, n_spatial))
        cvyi_face_list(face, name, values, n_spatial);
    else
        cvyi_face_some(face, name, values[0]);
}

void cvyi_face_each(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n_spatial)
{
    if (n_spatial == 1)
        cvyi_face_some(face, name, values[0]);
    else if (any(values, 0, n_spatial))
        cvyi_face_list(face, name, values, n_spatial);
}

void cvyi_face_border(cvyi_face *face, const char *name,
                      const cvy_border *border, int32_t n_spatial)
{
    cvy_argument *const pairs = take_items(face, n_spatial);

    for (int32_t i = 0; i < n_spatial; i++) {
        cvy_argument *const pair = take_items(face, 2);

        pair[0] = cvy_argument_int(NULL, border[i].before);
        pair[1] = cvy_argument_int(NULL, border[i].after);
        pairs[i] = cvy_argument_list(NULL, pair, 2);
    }
    if (n_spatial == 1)
        add(face, cvy_argument_list(name, pairs[0].items, 2));
    else
        add(face, cvy_argument_list(name, pairs, n_spatial));
}

void cvyi_face_tensor(cvyi_face *face, const char *name, const char *called,
                      const cvy_view *view)
{
    assert(face->n_tensors < CVYI_FACE_TENSORS);
    add(face, cvy_argument_tensor(name, face->n_tensors));
    face->tensors[face->n_tensors++] =
        (cvy_operand){ .name = called, .view = *view };
}

cvy_status cvyi_face_add(cvyi_face *face, const cvy_argument *arguments,
                         int32_t n, cvy_error *err)
{
    if (n < 0 || n > CVYI_FACE_ARGUMENTS - face->n)
        return cvyi_fail(err, CVY_ARGUMENT, "a call has at most %d arguments",
                         CVYI_FACE_ARGUMENTS);
    for (int32_t i = 0; i < n; i++)
        add(face, arguments[i]);
    return CVY_OK;
}

cvy_status cvyi_face_spatial(int32_t n_spatial, int32_t most, cvy_error *err)
{
    return n_spatial >= 1 && n_spatial <= most
               ? CVY_OK
               : cvyi_fail_in(err, CVY_ARGUMENT, "n_spatial",
                              "it has 1 to %d spatial axes, not %d", (int)most,
                              (int)n_spatial);
}

cvy_status cvyi_face_make(cvy_layer **out, const cvyi_face *face,
                          const char *from, const cvy_view *input,
                          cvy_error *err)
{
    const cvy_operand x = { .view = input != NULL ? *input : (cvy_view){ 0 } };
    const cvy_layer_call call = {
        .name = face->name,
        .from = from,
        .arguments = face->arguments,
        .n_arguments = face->n,
        .operands = input != NULL ? &x : face->tensors,
        .n_operands = input != NULL ? 1 : face->n_tensors,
    };

    return cvy_layer_make(out, &call, err);
}
