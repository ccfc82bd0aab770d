/*
 * tests/layer/caller.h - calls of any dialect, with weights as arguments.
 *
 * A row is the dialect, the name, the arguments as JSON, the tensors and what
 * becomes of it. Tensors are "x (N, 4, 9); weight (4, 8, 3)": in the order of
 * their numbers, "?" for a shape that nobody knows; a layer's input has no
 * name. What becomes of it: a step each, with the slots behind it ("@1" for
 * the tensor that it is), or the kind of the refusal and its argument.
 */
#ifndef CVYT_LAYER_CALLER_H
#define CVYT_LAYER_CALLER_H

#include "workbench.h"

enum { CALLER_TENSORS = 4, CALLER_ARGS = 16 };

typedef struct caller_row {
    const char *dialect, *name, *json, *tensors, *becomes;
} caller_row;

typedef struct caller_tensors {
    int n;
    cvyi_type types[CALLER_TENSORS];
    const char *names[CALLER_TENSORS]; /* "" for a layer's input */
} caller_tensors;

static inline void caller_split(caller_tensors *out, bench *b,
                                const char *text)
{
    out->n = 0;
    for (const char *at = text; at != NULL && *at != '\0'; out->n++) {
        const char *const end = strchr(at, ';');
        const size_t n = strcspn(at, " (?");
        const char *const shape = at + n + strspn(at + n, " ");

        CHECK(out->n < CALLER_TENSORS);
        out->names[out->n] = cvyi_arena_text(&b->arena, at, n);
        out->types[out->n] =
            *shape == '?' ? (cvyi_type){ 0 } : bench_type(b, shape);
        at = end != NULL ? end + 1 + strspn(end + 1, " ") : NULL;
    }
}

/* The arguments as JSON has them, and the tensors with a name. */
static inline cvyi_value caller_keywords(bench *b, const char *json,
                                         const caller_tensors *tensors)
{
    cvyi_value *const items =
        cvyi_arena_alloc(&b->arena, CALLER_ARGS, sizeof *items);
    const char **const keys =
        cvyi_arena_alloc(&b->arena, CALLER_ARGS, sizeof *keys);
    cvyi_value all = { .kind = CVYI_DICT, .items = items, .keys = keys };
    const cvyi_value *given;

    if (cvyi_json_read(&given, &b->arena, json, strlen(json), &b->err) !=
        CVY_OK)
        CHECK_FAIL("%s: %s", json, b->err.text);
    CHECK(given->n + tensors->n <= CALLER_ARGS);
    for (; all.n < given->n; all.n++) {
        keys[all.n] = given->keys[all.n];
        items[all.n] = given->items[all.n];
    }
    for (int i = 0; i < tensors->n; i++)
        if (tensors->names[i][0] != '\0') {
            keys[all.n] = tensors->names[i];
            items[all.n++] = (cvyi_value){ .kind = CVYI_TENSOR, .integer = i };
        }
    return all;
}

static inline cvy_status caller_read(bench *b, const caller_row *row)
{
    int n_spatial;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find(row->dialect, row->name, &n_spatial);
    caller_tensors *const tensors =
        cvyi_arena_alloc(&b->arena, 1, sizeof *tensors);
    cvyi_value keywords;
    cvyi_bound call;

    if (spelling == NULL)
        CHECK_FAIL("%s: %s is unknown", row->dialect, row->name);
    memset(&b->phrase, 0, sizeof b->phrase);
    caller_split(tensors, b, row->tensors);
    keywords = caller_keywords(b, row->json, tensors);
    if (cvyi_bind(&call, &b->arena, spelling, n_spatial, NULL, 0, &keywords,
                  &b->err) != CVY_OK)
        CHECK_FAIL("%s %s: %s %s", row->name, row->json, b->err.where,
                   b->err.text);
    call.sizes = &b->sizes;
    call.in = tensors->types;
    call.n_in = tensors->n;
    return spelling->from_call(&b->phrase, &call, &b->err);
}

static inline void caller_put_step(cvyi_text *out, const cvyi_step *step)
{
    cvyi_text attrs = { 0 };

    cvyi_attrs_print(&attrs, &step->attrs, step->attrs.n_spatial);
    cvyi_text_printf(out, "%s%s%s", step->attrs.op->name,
                     attrs.size > 0 ? " " : "", cvyi_text_c(&attrs));
    cvyi_text_close(&attrs);
    for (int i = 0; i < step->n_slots; i++) {
        cvyi_text_printf(out, " %s", step->slots[i].slot);
        if (step->slots[i].operand > 0)
            cvyi_text_printf(out, "@%d", step->slots[i].operand);
    }
}

static inline const char *caller_becomes(bench *b, const caller_row *row)
{
    static const char *const kinds[] = {
        [CVYI_ILLEGAL_IN_SOURCE] = "illegal",
        [CVYI_NO_COUNTERPART] = "no_counterpart",
        [CVYI_UNKNOWN_CALL] = "unknown",
        [CVYI_NOT_SUPPORTED] = "unsupported",
    };
    const cvy_status status = caller_read(b, row);
    cvyi_text text = { 0 };
    const char *kept;

    CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
    if (status == CVY_UNSUPPORTED) {
        CHECK(b->phrase.refusal.reason != NULL);
        CHECK(b->phrase.refusal.advice != NULL &&
              b->phrase.refusal.advice[0] != '\0');
        cvyi_text_printf(&text, "%s %s", kinds[b->phrase.refusal.kind],
                         b->phrase.refusal.attribute);
    }
    for (int i = 0; status == CVY_OK && i < b->phrase.n; i++) {
        cvyi_text_put(&text, i > 0 ? " | " : "");
        caller_put_step(&text, &b->phrase.steps[i]);
    }
    kept = cvyi_arena_text(&b->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

static inline void caller_check(const caller_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *got;
        bench b;

        bench_open(&b);
        got = caller_becomes(&b, &rows[i]);
        if (strcmp(got, rows[i].becomes) != 0)
            CHECK_FAIL("%s %s %s over %s becomes '%s', not '%s' (%s)",
                       rows[i].dialect, rows[i].name, rows[i].json,
                       rows[i].tensors, got, rows[i].becomes,
                       b.phrase.refusal.reason != NULL
                           ? b.phrase.refusal.reason
                           : "taken");
        bench_close(&b);
    }
}

#endif
