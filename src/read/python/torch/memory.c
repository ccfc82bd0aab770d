/*
 * read/python/torch/memory.c - tensors that are changed in place.
 *
 * relu_(x) and x += y change the tensor itself: under every name that it has,
 * and in every view of it. The value that is changed goes on with the new
 * numbers; what shares its memory otherwise is refused from then on.
 */
#include "read/python/torch/script.h"

#include <string.h>

bool cvyi_torch_is_view(const cvyi_op *op)
{
    static const char *const names[] = {
        "cast",     "crop",       "dropout",     "expand",  "flatten",
        "identity", "join_batch", "permute",     "repeat",  "reshape",
        "select",   "slice",      "split_batch", "squeeze",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], op->name) == 0)
            return true;
    return false;
}

cvy_status cvyi_torch_remember(cvyi_torch_host *host, int result, int from,
                               cvy_error *err)
{
    cvyi_torch_script *const s = host->script;

    while (s->n_places <= result) {
        cvyi_torch_place *const places =
            cvyi_arena_grow(host->arena, s->places, s->n_places,
                            &s->places_capacity, sizeof *places);

        if (places == NULL)
            return cvyi_no_memory(err);
        s->places = places;
        places[s->n_places++] = (cvyi_torch_place){ NULL, 0 };
    }
    if (from >= 0 && from < s->n_places && s->places[from].memory != NULL) {
        s->places[result] = s->places[from];
        return CVY_OK;
    }
    s->places[result].version = 0;
    s->places[result].memory =
        cvyi_arena_alloc(host->arena, 1, sizeof(cvyi_torch_memory));
    if (s->places[result].memory == NULL)
        return cvyi_no_memory(err);
    *s->places[result].memory = (cvyi_torch_memory){ 0, NULL };
    return CVY_OK;
}

cvy_status cvyi_torch_current(cvyi_py_eval *eval, int result, cvy_error *err)
{
    const cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    const cvyi_torch_place *const place =
        s != NULL && result < s->n_places ? &s->places[result] : NULL;

    if (place == NULL || place->memory == NULL ||
        place->version == place->memory->version)
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "%s", place->memory->changed);
}

cvy_status cvyi_torch_spoil(cvyi_py_eval *eval, const cvyi_py_value *tensor,
                            const char *why, cvy_error *err)
{
    cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    const int result = cvyi_torch_result(tensor);
    cvyi_torch_memory *memory;

    if (s == NULL || result < 0 || result >= s->n_places)
        return CVY_OK;
    memory = s->places[result].memory;
    memory->version++;
    memory->changed =
        cvyi_arena_printf(cvyi_torch_of(eval)->arena,
                          "the tensor may be changed in place in line %d, "
                          "which is not followed%s%s",
                          cvyi_py_line_now(eval), *why != '\0' ? ": " : "",
                          why);
    return memory->changed != NULL ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_torch_change(cvyi_py_eval *eval, const cvyi_py_value *tensor,
                             int result, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    cvyi_torch_script *const s = host->script;
    const int before = cvyi_torch_result(tensor);
    int *const kept = tensor->host.data;

    CVYI_TRY(cvyi_torch_spoil(eval, tensor, "it shares its memory", err));
    CVYI_TRY(cvyi_torch_remember(host, result, before, err));
    s->places[result].version = s->places[result].memory->version;
    *kept = result;
    return CVY_OK;
}

/* A branch of which it is not known whether it runs may change what it names;
 * x += y with a y that is not known has changed x. */
cvy_status cvyi_torch_met(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                          const cvyi_py_cause *through,
                          const cvyi_py_value *value, cvy_error *err)
{
    if (!cvyi_torch_of(eval)->tracing || through != NULL ||
        cvyi_torch_result(value) < 0)
        return CVY_OK;
    return cvyi_torch_spoil(eval, value, cause->reason, err);
}
