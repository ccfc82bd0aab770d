/*
 * read/python/call/bind.c - a call that was made, bound to words.
 *
 * The words are those of the likeliest dialect that has the name; where
 * nothing was asked for and its arguments do not fit there but in the other,
 * they tell the dialect.
 */
#include "read/keras.h"
#include "read/python/call/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvy_status cvyi_call_refuse(cvyi_call_text *item, cvyi_arena *arena,
                            cvy_error *err, cvyi_refusal_kind kind,
                            const char *attribute, const char *advice,
                            const char *reason, ...)
{
    char text[sizeof item->err.text];
    va_list args;

    va_start(args, reason);
    vsnprintf(text, sizeof text, reason, args);
    va_end(args);
    item->status = cvyi_refuse(&item->refusal, arena, &item->err, kind,
                               attribute, advice, "%s", text);
    return item->status == CVY_MEMORY ? cvyi_no_memory(err) : CVY_OK;
}

/* ---- a name without words ---- */

static cvy_status unknown(cvyi_call_text *item, cvyi_arena *arena,
                          const char *dotted, cvy_error *err)
{
    const char *dialect;
    const char *const near = cvyi_call_nearest(&dialect, arena, dotted);
    const bool same = near != NULL && strcmp(near, dotted) == 0;
    const char *advice = "`convey ops` lists what is read";
    cvyi_refusal why;

    if (!same && cvyi_call_is_below(dotted, "keras.layers") &&
        cvyi_keras_refused_class(&why, cvyi_call_last(dotted)))
        return cvyi_call_refuse(item, arena, err, why.kind, "", why.advice,
                                "%.100s: %s", dotted, why.reason);
    if (same)
        advice = cvyi_arena_printf(arena, "--from %s has it", dialect);
    else if (near != NULL)
        advice = cvyi_arena_printf(arena, "did you mean %s?", near);
    if (advice == NULL)
        return cvyi_no_memory(err);
    return cvyi_call_refuse(
        item, arena, err, CVYI_UNKNOWN_CALL, "", advice, "%.100s is %s%s",
        dotted, same ? "no name of " : "not known",
        same && item->dialect != NULL ? item->dialect : "");
}

/* ---- arguments that every Keras layer has ---- */

static bool read_shape(cvyi_call_text *item, const cvyi_value *shape, int skip)
{
    const int n = shape->kind == CVYI_LIST ? shape->n : 1;

    if (cvyi_is_none(shape))
        return true;
    if (n + skip < 1 || n + skip > CVYI_MAX_DIMS)
        return false;
    item->input_dims[0] = -1;
    for (int i = 0; i < n; i++) {
        const cvyi_value *const dim =
            shape->kind == CVYI_LIST ? &shape->items[i] : shape;
        int64_t *const to = &item->input_dims[i + skip];

        *to = -1;
        if (!cvyi_is_none(dim) && (!cvyi_as_int(to, dim) || *to < 1))
            return false;
    }
    item->input_rank = n + skip;
    return true;
}

/* true: it was one of them, and *good false if it is refused. */
static bool common(cvyi_call_text *item, bool *good, const char *key,
                   const cvyi_value *value)
{
    bool trains = true;

    *good = true;
    if (strcmp(key, "name") == 0)
        return true;
    if (strcmp(key, "dtype") == 0) {
        *good = cvyi_is_none(value) || cvyi_is_text(value, "float32");
        return true;
    }
    if (strcmp(key, "trainable") == 0) {
        *good = cvyi_as_bool(&trains, value);
        item->frozen = !trains;
        return true;
    }
    if (strcmp(key, "input_shape") == 0 || strcmp(key, "input_dim") == 0) {
        *good = read_shape(item, value, 1);
        return true;
    }
    if (strcmp(key, "batch_input_shape") == 0) {
        *good = read_shape(item, value, 0);
        return true;
    }
    return false;
}

bool cvyi_call_has_parameter(const char *signature, const char *name)
{
    const size_t n = strlen(name);

    for (const char *at = signature; (at = strstr(at, name)) != NULL; at += n)
        if ((at == signature || at[-1] == ' ' || at[-1] == ',') &&
            (at[n] == '=' || at[n] == ',' || at[n] == '\0'))
            return true;
    return false;
}

/* What the framework calls the tensor that is x here. */
static bool is_tensor_word(const char *key)
{
    static const char *const words[] = { "input",  "inputs", "features",
                                         "value",  "values", "logits",
                                         "tensor", "images", "x" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0)
            return true;
    return false;
}

/* The keywords as the signature has them. */
static cvy_status own_keywords(cvyi_value *out, cvyi_call_text *item,
                               cvyi_arena *arena, const cvyi_call_made *made,
                               const char *signature, cvy_error *err)
{
    const cvyi_value *const all = made->keywords;
    const size_t room = (size_t)all->n + 1;
    cvyi_value *const items = cvyi_arena_alloc(arena, room, sizeof *items);
    const char **const keys = cvyi_arena_alloc(arena, room, sizeof *keys);
    const bool keras =
        made->is_class && (cvyi_call_is_below(made->name.dotted, "keras") ||
                           cvyi_call_is_below(made->name.dotted, "tf"));
    bool good = true;

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    for (int i = 0; i < all->n; i++) {
        const char *key = all->keys[i];
        const bool has = cvyi_call_has_parameter(signature, key);

        if (!has && keras && common(item, &good, key, &all->items[i])) {
            if (good)
                continue;
            return cvyi_call_refuse(item, arena, err, CVYI_NOT_SUPPORTED, key,
                                    strcmp(key, "dtype") == 0
                                        ? "only float32 is carried over"
                                        : "leave it out",
                                    "this %s is not carried over", key);
        }
        if (!has && !made->is_class && made->n_positional == 0 &&
            is_tensor_word(key) && cvyi_call_has_parameter(signature, "x"))
            key = "x";
        keys[out->n] = key;
        items[out->n++] = all->items[i];
    }
    return CVY_OK;
}

/* ---- binding ---- */

/* CVY_OK also where the item was refused. */
static cvy_status bind(cvyi_call_text *item, cvyi_arena *arena,
                       const cvyi_call_made *made, cvy_error *err)
{
    cvyi_value keywords;
    cvy_error local = { 0 };
    cvy_status status;
    const char *where;

    CVYI_TRY(own_keywords(&keywords, item, arena, made,
                          item->spelling->signature, err));
    if (item->status != CVY_OK)
        return CVY_OK;
    status =
        cvyi_bind(&item->bound, arena, item->spelling, item->n_spatial,
                  made->positional, made->n_positional, &keywords, &local);
    if (status == CVY_OK)
        return CVY_OK;
    where = cvyi_arena_text(arena, local.where, strlen(local.where));
    if (status == CVY_MEMORY || where == NULL)
        return cvyi_no_memory(err);
    return cvyi_call_refuse(item, arena, err, CVYI_ILLEGAL_IN_SOURCE, where,
                            "correct this argument in the source", "%s: %s",
                            item->name, local.text);
}

/* In the first dialect that has the name; where its arguments do not fit
 * there, in the next if they fit that. */
static cvy_status bind_in(cvyi_call_text *item, cvyi_call_host *host,
                          const cvyi_call_made *made, cvy_error *err)
{
    cvyi_call_choice choice;
    cvyi_call_text first = { 0 };

    cvyi_call_choose(&choice, host->from, &made->name);
    item->name = made->name.dotted;
    for (int i = 0; i < choice.n; i++) {
        cvyi_call_text next = *item;

        next.spelling = cvyi_spelling_find(choice.dialects[i], item->name,
                                           &next.n_spatial);
        if (next.spelling == NULL)
            continue;
        next.dialect = choice.dialects[i];
        next.why = choice.why[i];
        CVYI_TRY(bind(&next, host->arena, made, err));
        if (next.status == CVY_OK || first.spelling == NULL)
            first = next;
        if (next.status == CVY_OK)
            break;
    }
    if (first.spelling != NULL) {
        *item = first;
        return CVY_OK;
    }
    if (choice.n > 0)
        item->dialect = choice.dialects[0];
    if (choice.n == 0 && host->from != NULL &&
        (cvyi_call_is_below(item->name, "torch") ||
         cvyi_call_is_below(item->name, "keras") ||
         cvyi_call_is_below(item->name, "tf")))
        return cvyi_call_refuse(item, host->arena, err, CVYI_UNKNOWN_CALL, "",
                                "leave --from away", "%.100s is no name of %s",
                                item->name, host->from);
    return unknown(item, host->arena, item->name, err);
}

/* Conv2d(3, 16, 3): of the one framework that has the class. */
static cvy_status bind_bare(cvyi_call_text *item, cvyi_call_host *host,
                            const cvyi_call_made *made, cvy_error *err)
{
    static const char *const packages[] = { "torch.nn", "keras.layers" };
    const char *const name = made->name.dotted;
    cvyi_call_made whole[2];
    int n = 0, n_spatial;

    for (int k = 0; k < 2 && strchr(name, '.') == NULL; k++) {
        cvyi_call_choice choice;
        bool has = false;

        whole[n] = *made;
        whole[n].name.dotted =
            cvyi_arena_printf(host->arena, "%s.%s", packages[k], name);
        if (whole[n].name.dotted == NULL)
            return cvyi_no_memory(err);
        cvyi_call_choose(&choice, host->from, &whole[n].name);
        for (int i = 0; i < choice.n; i++)
            has = has ||
                  cvyi_spelling_find(choice.dialects[i], whole[n].name.dotted,
                                     &n_spatial) != NULL;
        n += has;
    }
    item->name = name;
    if (n == 0)
        return unknown(item, host->arena, name, err);
    if (n == 2)
        return cvyi_call_refuse(item, host->arena, err, CVYI_UNKNOWN_CALL, "",
                                "say which is meant: nn. or layers. before "
                                "it, or --from",
                                "torch and Keras both have a %.80s", name);
    return bind_in(item, host, &whole[0], err);
}

/* ---- tensors ---- */

static bool holds_tensor(const cvyi_value *value)
{
    if (value->kind == CVYI_TENSOR)
        return true;
    if (value->kind == CVYI_LIST || value->kind == CVYI_DICT)
        for (int i = 0; i < value->n; i++)
            if (holds_tensor(&value->items[i]))
                return true;
    return false;
}

static cvy_status renumber(cvyi_value *out, cvyi_call_text *item,
                           const char **tensors, cvyi_call_host *host,
                           const cvyi_value *value, cvy_error *err)
{
    cvyi_value *items;

    *out = *value;
    if (!holds_tensor(value))
        return CVY_OK;
    if (value->kind == CVYI_TENSOR) {
        tensors[item->n_tensors] = host->tensors[value->integer];
        out->integer = item->n_tensors++;
        return CVY_OK;
    }
    items = cvyi_arena_alloc(host->arena, (size_t)value->n, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(
            renumber(&items[i], item, tensors, host, &value->items[i], err));
    out->items = items;
    return CVY_OK;
}

/* Is the argument the input, which the words call x wherever it stands? */
static bool is_input(const cvyi_bound *bound, int i)
{
    return strcmp(bound->names[i], "x") == 0;
}

/* The input first, then in the order of the signature. */
static cvy_status order_tensors(cvyi_call_text *item, const char **tensors,
                                cvyi_call_host *host, cvy_error *err)
{
    const size_t n = (size_t)item->bound.n + 1;
    cvyi_value *const values =
        cvyi_arena_alloc(host->arena, n, sizeof *values);
    const cvyi_value **const list =
        cvyi_arena_alloc(host->arena, n, sizeof *list);

    if (values == NULL || list == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < 2 * item->bound.n; k++) {
        const int i = k % item->bound.n;

        if (is_input(&item->bound, i) != (k < item->bound.n))
            continue;
        CVYI_TRY(renumber(&values[i], item, tensors, host,
                          item->bound.values[i], err));
        list[i] = &values[i];
    }
    item->bound.values = list;
    return CVY_OK;
}

static cvy_status number_tensors(cvyi_call_text *item, cvyi_call_host *host,
                                 const cvyi_call_made *made, cvy_error *err)
{
    const char **const tensors = cvyi_arena_alloc(
        host->arena, (size_t)host->n_tensors + 1, sizeof *tensors);

    if (tensors == NULL)
        return cvyi_no_memory(err);
    item->tensors = tensors;
    if (!made->is_class) {
        CVYI_TRY(order_tensors(item, tensors, host, err));
        return item->n_tensors > 0
                   ? CVY_OK
                   : cvyi_call_refuse(item, host->arena, err,
                                      CVYI_ILLEGAL_IN_SOURCE, "x",
                                      "name the tensor: x",
                                      "%s is called on no tensor", item->name);
    }
    for (int i = 0; i < item->bound.n; i++)
        if (holds_tensor(item->bound.values[i]))
            return cvyi_call_refuse(item, host->arena, err, CVYI_NOT_SUPPORTED,
                                    item->bound.names[i],
                                    "write its value in its place",
                                    "%s is a name whose value is not known",
                                    host->tensors[0]);
    for (int i = 0; i < host->n_tensors; i++)
        tensors[item->n_tensors++] = host->tensors[i];
    if (item->n_tensors == 0)
        tensors[item->n_tensors++] = "x";
    return CVY_OK;
}

cvy_status cvyi_call_bind(cvyi_call_text *item, cvyi_call_host *host,
                          const cvyi_call_made *made, cvy_error *err)
{
    if (host->from != NULL && strcmp(host->from, "keras1") == 0)
        return cvyi_call_refuse(item, host->arena, err, CVYI_NOT_SUPPORTED, "",
                                "--from keras2 reads what has not changed",
                                "the words of Keras 1 are not read");
    CVYI_TRY(made->bare ? bind_bare(item, host, made, err)
                        : bind_in(item, host, made, err));
    if (item->status != CVY_OK)
        return CVY_OK;
    return number_tensors(item, host, made, err);
}
