/*
 * tests/layer/norm_rows.h - tables of calls in every dialect and what they
 * are read as, and of what Keras is told.
 */
#ifndef CVYT_LAYER_NORM_ROWS_H
#define CVYT_LAYER_NORM_ROWS_H

#include "workbench.h"

typedef struct norm_row {
    const char *dialect, *name;
    const char *json;   /* arguments by name; "$1" is tensor 1 */
    const char *shapes; /* of all tensors: "(N, 3) (3)" */
    /* "batch_norm eps=1e-05; scale<-weight C=1" or "illegal num_features" */
    const char *want;
} norm_row;

static inline cvyi_value norm_tensors(bench *b, cvyi_value v)
{
    if (v.kind == CVYI_TEXT && v.text[0] == '$') {
        v.integer = v.text[1] - '0';
        v.kind = CVYI_TENSOR;
    } else if (v.kind == CVYI_DICT) {
        cvyi_value *const items =
            cvyi_arena_alloc(&b->arena, (size_t)v.n, sizeof *items);

        for (int i = 0; i < v.n; i++)
            items[i] = norm_tensors(b, v.items[i]);
        v.items = items;
    }
    return v;
}

/* Reads into b->phrase; the first tensor is b->in. */
static inline cvy_status norm_read(bench *b, const norm_row *row)
{
    static const cvyi_value x = { .kind = CVYI_TENSOR };
    static cvyi_type in[6];
    const cvyi_value *const positional[] = { &x };
    const cvyi_value *json;
    cvyi_value keywords;
    cvyi_bound call;
    int n_spatial = 0, n_in = 0;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find(row->dialect, row->name, &n_spatial);

    memset(&b->phrase, 0, sizeof b->phrase);
    if (spelling == NULL)
        CHECK_FAIL("%s of %s is unknown", row->name, row->dialect);
    if (cvyi_json_read(&json, &b->arena, row->json, strlen(row->json),
                       &b->err) != CVY_OK)
        CHECK_FAIL("%s: %s", row->json, b->err.text);
    keywords = norm_tensors(b, *json);
    if (cvyi_bind(&call, &b->arena, spelling, n_spatial, positional,
                  spelling->form == CVYI_FORM_FUNCTION, &keywords,
                  &b->err) != CVY_OK)
        CHECK_FAIL("%s %s: %s", row->name, row->json, b->err.text);
    for (const char *at = row->shapes; at != NULL; at = strchr(at + 1, '('))
        in[n_in++] =
            at[1] == '?' ? (cvyi_type){ .dtype = CVY_F32 } : bench_type(b, at);
    b->in = in[0];
    call.sizes = &b->sizes;
    call.in = in;
    call.n_in = n_in;
    return spelling->from_call(&b->phrase, &call, &b->err);
}

/* "scale<-weight C=1", "scale<-#2 C"; f behind it: frozen. */
static inline void norm_put_slot(cvyi_text *out, const cvyi_step_slot *slot)
{
    cvyi_text_printf(out, "; %s<-", slot->slot);
    if (slot->operand > 0)
        cvyi_text_printf(out, "#%d", slot->operand);
    else
        cvyi_text_put(out, slot->source);
    cvyi_text_printf(out, " %s", slot->layout);
    if (slot->start.draw == CVYI_DRAW_CONSTANT)
        cvyi_text_printf(out, "=%g", slot->start.a);
    cvyi_text_put(out, slot->frozen ? " f" : "");
}

static inline const char *norm_picture(bench *b, cvy_status status)
{
    static const char *const kinds[] = {
        [CVYI_ILLEGAL_IN_SOURCE] = "illegal",
        [CVYI_NO_COUNTERPART] = "no counterpart",
        [CVYI_UNKNOWN_CALL] = "unknown",
        [CVYI_NOT_SUPPORTED] = "unsupported",
    };
    cvyi_text text = { 0 };

    if (status == CVY_UNSUPPORTED) {
        const cvyi_refusal *const r = &b->phrase.refusal;

        CHECK(r->reason != NULL && r->reason[0] != '\0');
        CHECK(r->advice != NULL && r->advice[0] != '\0');
        return cvyi_arena_printf(&b->arena, "%s %s", kinds[r->kind],
                                 r->attribute);
    }
    CHECK_EQ(status, CVY_OK);
    for (int i = 0; i < b->phrase.n; i++) {
        const cvyi_step *const step = &b->phrase.steps[i];
        const char *const attrs = bench_attrs(b, &step->attrs);

        cvyi_text_printf(&text, "%s%s%s%s%s", i > 0 ? " | " : "",
                         step->attrs.op->name,
                         step->axes == CVYI_AXES_FIRST ? "" : " last",
                         attrs[0] != '\0' ? " " : "", attrs);
        for (int k = 0; k < step->n_slots; k++)
            norm_put_slot(&text, &step->slots[k]);
    }

    const char *const kept = cvyi_arena_text(&b->arena, cvyi_text_c(&text),
                                             strlen(cvyi_text_c(&text)));

    cvyi_text_close(&text);
    return kept;
}

static inline void norm_check_rows(const norm_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *got;
        bench b;

        bench_open(&b);
        got = norm_picture(&b, norm_read(&b, &rows[i]));
        if (strcmp(got, rows[i].want) != 0)
            CHECK_FAIL("%s %s %s over %s is\n  %s\n  not %s", rows[i].dialect,
                       rows[i].name, rows[i].json, rows[i].shapes, got,
                       rows[i].want);
        bench_close(&b);
    }
}

/* What Keras 3 is told of a call that is read, with its slots:
 * "layers.X(...); gamma<-weight C". */
static inline const char *norm_say(bench *b, cvyi_form form, int *n_remarks)
{
    const cvyi_step *const step = &b->phrase.steps[0];
    const bool channels = step->attrs.op->order == CVYI_ORDER_CHANNEL;
    cvyi_type in = b->in, neutral;
    cvyi_inferred inferred;
    cvyi_text text = { 0 };
    cvyi_said said;
    int perm[CVY_MAX_RANK];

    if (channels && step->axes == CVYI_AXES_FIRST) {
        cvyi_axes_first_to_last(in.rank, perm);
        for (int i = 0; i < in.rank; i++)
            in.dims[i] = b->in.dims[perm[i]];
    }
    neutral = channels ? bench_first(&in) : in;
    if (step->attrs.op->infer(&inferred, &step->attrs, &neutral, 1, &b->sizes,
                              &b->err) != CVY_OK)
        CHECK_FAIL("%s", b->err.text);

    const cvyi_saying what = { .attrs = &step->attrs,
                               .in = &in,
                               .n_in = 1,
                               .out = &in,
                               .slots = inferred.slots,
                               .present = bench_present(step),
                               .axes = CVYI_AXES_LAST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };
    const cvy_status status = cvyi_say(&said, "keras3", form, &what, &b->err);

    if (status == CVY_UNSUPPORTED)
        cvyi_text_printf(&text, "refused %s", said.refusal.attribute);
    else
        cvyi_text_put(&text, cvyi_text_c(&said.code));
    for (int i = 0; status == CVY_OK && i < said.n_slots; i++)
        cvyi_text_printf(&text, "; %s<-%s %s", said.slots[i].name,
                         said.slots[i].slot, said.slots[i].layout);
    *n_remarks = said.n_remarks;

    const char *const kept = cvyi_arena_text(&b->arena, cvyi_text_c(&text),
                                             strlen(cvyi_text_c(&text)));

    cvyi_said_close(&said);
    cvyi_text_close(&text);
    return kept;
}

/* Rows whose `want` is what Keras 3 is told, as a layer or else a function. */
static inline void norm_check_keras(const norm_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *got;
        int n_remarks;
        bench b;

        bench_open(&b);
        if (norm_read(&b, &rows[i]) != CVY_OK)
            CHECK_FAIL("%s: %s", rows[i].name, b.err.text);
        got = norm_say(&b, CVYI_FORM_MODULE, &n_remarks);
        if (strncmp(got, "refused", 7) == 0)
            got = norm_say(&b, CVYI_FORM_FUNCTION, &n_remarks);
        if (strcmp(got, rows[i].want) != 0)
            CHECK_FAIL("%s %s over %s is written as\n  %s\n  not %s",
                       rows[i].name, rows[i].json, rows[i].shapes, got,
                       rows[i].want);
        bench_close(&b);
    }
}

#endif
