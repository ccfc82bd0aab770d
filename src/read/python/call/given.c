/* read/python/call/given.c - a call that a program makes, without a text. */
#include "read/python/call/host.h"

#include <ctype.h>
#include <string.h>

/* Deeper lists than these are no argument of a layer. */
enum { DEEPEST = 8, LONGEST = 1 << 16 };

/* ---- as a text ---- */

/* What the value is called where it is a tensor, a size, an object. */
typedef struct names {
    const char *const *tensors;
    int n_tensors;
} names;

static bool put_name(cvyi_text *out, const cvyi_value *value,
                     const void *context)
{
    const names *const n = context;
    const char *const class_name = cvyi_as_text(cvyi_get(value, "class_name"));

    if (value->kind == CVYI_TENSOR)
        cvyi_text_put(out, value->integer < n->n_tensors
                               ? n->tensors[value->integer]
                               : "x");
    else if (value->kind == CVYI_SIZE)
        cvyi_size_print(out, value->size);
    else if (class_name != NULL)
        cvyi_text_put(out, class_name);
    else
        return false;
    return true;
}

void cvyi_call_put_value(cvyi_text *out, const cvyi_value *value,
                         const char *const *tensors, int n_tensors)
{
    const names n = { tensors, n_tensors };

    cvyi_value_put(out, value, put_name, &n);
}

static cvy_status put_code(const char **out, cvyi_arena *arena,
                           const cvyi_call_given *given, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    cvyi_text_printf(&text, "%s(", given->name);
    for (int i = 0; i < given->n_positional; i++) {
        cvyi_text_put(&text, i > 0 ? ", " : "");
        cvyi_call_put_value(&text, &given->positional[i], given->tensors,
                            given->n_tensors);
    }
    for (int i = 0; i < given->keywords->n; i++) {
        cvyi_text_printf(&text,
                         "%s%s=", i > 0 || given->n_positional > 0 ? ", " : "",
                         given->keywords->keys[i]);
        cvyi_call_put_value(&text, &given->keywords->items[i], given->tensors,
                            given->n_tensors);
    }
    cvyi_text_put(&text, ")");
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK)
        *out = cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    if (status == CVY_OK && *out == NULL)
        return cvyi_no_memory(err);
    return status;
}

/* ---- a copy that stays ---- */

static cvy_status copy_text(const char **out, cvyi_arena *arena,
                            const char *text, cvy_error *err)
{
    if (text == NULL || strlen(text) > LONGEST)
        return cvyi_fail(err, CVY_ARGUMENT,
                         text == NULL ? "a text is missing"
                                      : "a text is too long");
    *out = cvyi_arena_text(arena, text, strlen(text));
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status copy_value(cvyi_value *out, cvyi_arena *arena,
                             const cvyi_value *value, int n_tensors, int depth,
                             cvy_error *err)
{
    cvyi_value *items;

    *out = *value;
    if (value->kind == CVYI_TEXT)
        return copy_text(&out->text, arena, value->text, err);
    if (value->kind == CVYI_TENSOR &&
        (value->integer < 0 || value->integer >= n_tensors))
        return cvyi_fail(err, CVY_ARGUMENT, "the call has no tensor %lld",
                         (long long)value->integer);
    if (value->kind != CVYI_LIST)
        return CVY_OK;
    if (value->n < 0 || value->n > LONGEST || depth == DEEPEST)
        return cvyi_fail(err, CVY_ARGUMENT, "a list is too long or too deep");
    items = cvyi_arena_alloc(arena, (size_t)value->n + 1, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(copy_value(&items[i], arena, &value->items[i], n_tensors,
                            depth + 1, err));
    out->items = items;
    return CVY_OK;
}

static cvy_status copy_positional(cvyi_call_made *out, cvyi_arena *arena,
                                  const cvyi_call_given *given, cvy_error *err)
{
    const size_t n = (size_t)given->n_positional + 1;
    cvyi_value *const values = cvyi_arena_alloc(arena, n, sizeof *values);
    const cvyi_value **const list = cvyi_arena_alloc(arena, n, sizeof *list);

    if (values == NULL || list == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < given->n_positional; i++) {
        CVYI_TRY(copy_value(&values[i], arena, &given->positional[i],
                            given->n_tensors, 0, err));
        list[i] = &values[i];
    }
    out->n_positional = given->n_positional;
    out->positional = list;
    return CVY_OK;
}

static cvy_status copy_keywords(cvyi_call_made *out, cvyi_arena *arena,
                                const cvyi_call_given *given, cvy_error *err)
{
    const int n = given->keywords->n;
    cvyi_value *const items =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *items);
    const char **const keys =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *keys);

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        CVYI_TRY(copy_text(&keys[i], arena, given->keywords->keys[i], err));
        for (int k = 0; k < i; k++)
            if (strcmp(keys[k], keys[i]) == 0)
                return cvyi_fail_in(err, CVY_ARGUMENT, keys[i],
                                    "the argument is given twice");
        CVYI_TRY(copy_value(&items[i], arena, &given->keywords->items[i],
                            given->n_tensors, 0, err));
    }
    items[n] = (cvyi_value){
        .kind = CVYI_DICT, .n = n, .items = items, .keys = keys
    };
    out->keywords = &items[n];
    return CVY_OK;
}

static cvy_status copy_tensors(cvyi_call_host *host,
                               const cvyi_call_given *given, cvy_error *err)
{
    host->tensors = cvyi_arena_alloc(host->arena, (size_t)given->n_tensors + 1,
                                     sizeof *host->tensors);
    if (host->tensors == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < given->n_tensors; i++)
        CVYI_TRY(
            copy_text(&host->tensors[i], host->arena, given->tensors[i], err));
    host->n_tensors = given->n_tensors;
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status give(cvyi_call_texts *out, const cvyi_call_given *given,
                       const char *dialect, cvy_error *err)
{
    cvyi_arena *const arena = &out->arena;
    cvyi_call_host host = { .arena = arena, .from = dialect };
    cvyi_call_made made = { 0 };
    const char *name;

    out->items = cvyi_arena_alloc(arena, 1, sizeof *out->items);
    if (out->items == NULL)
        return cvyi_no_memory(err);
    out->n = 1;
    out->items->line = 1;
    CVYI_TRY(copy_text(&name, arena, given->name, err));
    CVYI_TRY(copy_positional(&made, arena, given, err));
    CVYI_TRY(copy_keywords(&made, arena, given, err));
    CVYI_TRY(copy_tensors(&host, given, err));
    CVYI_TRY(put_code(&out->items->code, arena, given, err));
    CVYI_TRY(cvyi_call_means(&made.name, arena, name, err));
    made.bare = strchr(name, '.') == NULL;
    made.is_class =
        isupper((unsigned char)*cvyi_call_last(made.name.dotted)) != 0;
    return cvyi_call_bind(out->items, &host, &made, err);
}

cvy_status cvyi_call_texts_give(cvyi_call_texts *out,
                                const cvyi_call_given *given, cvy_error *err)
{
    const char *dialect;

    *out = (cvyi_call_texts){ 0 };
    CVYI_TRY(cvyi_call_dialect(&dialect, given->from, err));
    return give(out, given, dialect, err);
}
