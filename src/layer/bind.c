/* layer/bind.c - the arguments of a call, bound to a spelling's signature. */
#include "layer/signature.h"
#include "layer/words.h"

#include <assert.h>
#include <string.h>

const cvyi_value *cvyi_arg(const cvyi_bound *call, const char *name)
{
    static const cvyi_value none = { .kind = CVYI_NONE };
    int i = 0;

    while (i < call->n && strcmp(call->names[i], name) != 0)
        i++;
    assert(i < call->n);
    return i < call->n ? call->values[i] : &none;
}

typedef struct arrays {
    const char **names;
    const cvyi_value **values;
    bool *given;
} arrays;

static cvy_status open_arrays(arrays *out, cvyi_arena *arena, int n,
                              cvy_error *err)
{
    const size_t count = (size_t)n;

    out->names = cvyi_arena_alloc(arena, count, sizeof *out->names);
    out->values = cvyi_arena_alloc(arena, count, sizeof *out->values);
    out->given = cvyi_arena_alloc(arena, count, sizeof *out->given);
    if (out->names == NULL || out->values == NULL || out->given == NULL)
        return cvyi_no_memory(err);
    return CVY_OK;
}

/* What is left over becomes the list of "*name", parameter `at`. */
static cvy_status bind_rest(arrays *to, cvyi_arena *arena, int at,
                            const cvyi_value *const *values, int n,
                            cvy_error *err)
{
    cvyi_value *const list = cvyi_arena_alloc(arena, 1, sizeof *list);
    cvyi_value *const items =
        cvyi_arena_alloc(arena, (size_t)n, sizeof *items);

    if (list == NULL || items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        items[i] = *values[i];
    *list = (cvyi_value){ .kind = CVYI_LIST, .n = n, .items = items };
    to->values[at] = list;
    to->given[at] = true;
    return CVY_OK;
}

static cvy_status bind_positional(arrays *to, cvyi_arena *arena,
                                  const cvyi_signature *signature,
                                  const cvyi_value *const *values, int n,
                                  cvy_error *err)
{
    int room = 0;

    while (room < signature->n && !signature->parameters[room].keyword_only)
        room++;
    if (n > room && room < signature->n && signature->parameters[room].rest) {
        CVYI_TRY(bind_rest(to, arena, room, values + room, n - room, err));
        n = room;
    }
    if (n > room)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "takes at most %d positional arguments, got %d", room,
                         n);
    for (int i = 0; i < n; i++) {
        to->values[i] = values[i];
        to->given[i] = true;
    }
    return CVY_OK;
}

static cvy_status bind_keywords(arrays *to, const cvyi_signature *signature,
                                const cvyi_value *keywords, cvy_error *err)
{
    for (int k = 0; keywords != NULL && k < keywords->n; k++) {
        const char *const key = keywords->keys[k];
        int i = 0;

        while (i < signature->n && (signature->parameters[i].rest ||
                                    strcmp(to->names[i], key) != 0))
            i++;
        if (i == signature->n && signature->unused)
            continue;
        if (i == signature->n)
            return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                                "has no argument '%.80s'", key);
        if (to->given[i])
            return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                                "got argument '%.80s' twice", key);
        to->values[i] = &keywords->items[k];
        to->given[i] = true;
    }
    return CVY_OK;
}

static cvy_status bind_fallbacks(arrays *to, const cvyi_signature *signature,
                                 cvy_error *err)
{
    for (int i = 0; i < signature->n; i++) {
        if (to->given[i])
            continue;
        to->values[i] = signature->parameters[i].fallback;
        if (to->values[i] == NULL)
            return cvyi_fail_in(err, CVY_UNSUPPORTED, to->names[i],
                                "argument '%.80s' is missing", to->names[i]);
    }
    return CVY_OK;
}

cvy_status cvyi_bind(cvyi_bound *out, cvyi_arena *arena,
                     const cvyi_spelling *spelling, int n_spatial,
                     const cvyi_value *const *positional, int n_positional,
                     const cvyi_value *keywords, cvy_error *err)
{
    cvyi_signature signature;
    arrays bound;

    CVYI_TRY(
        cvyi_signature_parse(&signature, arena, spelling->signature, err));
    CVYI_TRY(open_arrays(&bound, arena, signature.n, err));
    for (int i = 0; i < signature.n; i++)
        bound.names[i] = signature.parameters[i].name;
    CVYI_TRY(bind_positional(&bound, arena, &signature, positional,
                             n_positional, err));
    CVYI_TRY(bind_keywords(&bound, &signature, keywords, err));
    CVYI_TRY(bind_fallbacks(&bound, &signature, err));
    *out = (cvyi_bound){ .spelling = spelling,
                         .n_spatial = n_spatial,
                         .n = signature.n,
                         .names = bound.names,
                         .values = bound.values,
                         .given = bound.given,
                         .arena = arena };
    return CVY_OK;
}
