/*
 * tests/layer/workbench.h - calls, phrases and evaluations in one line each.
 *
 * A test opens a bench, reads a Keras call with it, says the steps in torch,
 * and runs operators on random numbers of a fixed seed.
 */
#ifndef CVYT_LAYER_WORKBENCH_H
#define CVYT_LAYER_WORKBENCH_H

#include "codec/json.h"
#include "layer/words.h"
#include "layout/layout.h"
#include "tensor/tensor.h"

#include "check.h"

#include <math.h>

typedef struct bench {
    cvyi_arena arena;
    cvyi_sizes sizes;
    cvy_error err;
    cvyi_type in;
    cvyi_phrase phrase;
} bench;

static inline void bench_open(bench *b)
{
    memset(b, 0, sizeof *b);
    cvyi_sizes_open(&b->sizes, &b->arena);
}

static inline void bench_close(bench *b)
{
    cvyi_arena_close(&b->arena);
}

/* "(N, 8, W, 3)" */
static inline cvyi_type bench_type(bench *b, const char *text)
{
    cvyi_type type = { .dtype = CVY_F32 };

    for (const char *at = text; *at != ')' && type.rank < CVYI_MAX_DIMS;) {
        at += strspn(at, "(, ");
        type.dims[type.rank] = cvyi_size_parse(&b->sizes, at, &at);
        if (type.dims[type.rank++] == NULL)
            CHECK_FAIL("'%s' is no shape", text);
        at += strspn(at, ", ");
    }
    return type;
}

static inline const char *bench_shape(bench *b, const cvyi_type *type)
{
    cvyi_text text = { 0 };

    for (int i = 0; i < type->rank; i++) {
        cvyi_text_put(&text, i == 0 ? "(" : ", ");
        cvyi_size_print(&text, type->dims[i]);
    }
    cvyi_text_put(&text, ")");

    const char *const kept = cvyi_arena_text(&b->arena, text.bytes, text.size);

    cvyi_text_close(&text);
    return kept;
}

/* Reads keras.layers.<class>(**json) over an input of that shape. */
static inline cvy_status bench_read(bench *b, const char *class_name,
                                    const char *json, const char *shape)
{
    const char *const name =
        cvyi_arena_printf(&b->arena, "keras.layers.%s", class_name);
    const cvyi_value *keywords;
    cvyi_bound call;
    int n_spatial;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find("keras3", name, &n_spatial);
    cvy_status status;

    memset(&b->phrase, 0, sizeof b->phrase);
    if (spelling == NULL)
        CHECK_FAIL("%s is unknown", name);
    status = cvyi_json_read(&keywords, &b->arena, json, strlen(json), &b->err);
    if (status != CVY_OK)
        CHECK_FAIL("%s: %s", json, b->err.text);
    status = cvyi_bind(&call, &b->arena, spelling, n_spatial, NULL, 0,
                       keywords, &b->err);
    if (status != CVY_OK)
        return status;
    b->in = bench_type(b, shape);
    call.sizes = &b->sizes;
    call.in = &b->in;
    call.n_in = 1;
    return spelling->from_call(&b->phrase, &call, &b->err);
}

/* The same type with the last axis at axis 1. */
static inline cvyi_type bench_first(const cvyi_type *type)
{
    cvyi_type out = *type;
    int perm[CVY_MAX_RANK];

    cvyi_axes_last_to_first(type->rank, perm);
    for (int i = 0; i < type->rank; i++)
        out.dims[i] = type->dims[perm[i]];
    return out;
}

/* What torch says of attributes over an input that lies as torch wants it;
 * "refused: ..." if it cannot. *out (may be NULL) is the result's type. */
static inline const char *bench_say(bench *b, const cvyi_attrs *attrs,
                                    const cvyi_type *in, unsigned present,
                                    cvyi_form form, cvyi_said *keep)
{
    cvyi_inferred inferred;
    cvyi_said said;

    if (attrs->op->infer(&inferred, attrs, in, 1, &b->sizes, &b->err) !=
        CVY_OK)
        CHECK_FAIL("%s", b->err.text);

    const cvyi_saying what = { .attrs = attrs,
                               .in = in,
                               .n_in = 1,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .present = present,
                               .axes = CVYI_AXES_FIRST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };
    const cvy_status status = cvyi_say(&said, "torch", form, &what, &b->err);
    const char *text =
        status == CVY_OK
            ? cvyi_arena_text(&b->arena, said.code.bytes, said.code.size)
            : cvyi_arena_printf(&b->arena, "refused: %s", said.refusal.reason);

    CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
    if (keep != NULL) {
        *keep = said;
        memset(&keep->code, 0, sizeof keep->code);
    }
    cvyi_said_close(&said);
    return text;
}

static inline unsigned bench_present(const cvyi_step *step)
{
    unsigned present = 0;

    for (int i = 0; i < step->n_slots; i++)
        for (int k = 0; step->attrs.op->slots[k].name != NULL; k++)
            if (strcmp(step->attrs.op->slots[k].name, step->slots[i].slot) ==
                0)
                present |= 1u << k;
    return present;
}

/* Step `i` of the phrase, its input as type `shape` in torch's order. */
static inline const char *bench_step(bench *b, int i, const char *shape,
                                     cvyi_form form)
{
    const cvyi_step *const step = &b->phrase.steps[i];
    const cvyi_type in = bench_type(b, shape);

    return bench_say(b, &step->attrs, &in, bench_present(step), form, NULL);
}

static inline const char *bench_attrs(bench *b, const cvyi_attrs *attrs)
{
    cvyi_text text = { 0 };

    cvyi_attrs_print(&text, attrs, attrs->n_spatial);

    const char *const kept = cvyi_arena_text(&b->arena, cvyi_text_c(&text),
                                             strlen(cvyi_text_c(&text)));

    cvyi_text_close(&text);
    return kept;
}

/* ---- numbers ---- */

static uint64_t bench_seed = 20240229;

static inline double bench_uniform(void)
{
    bench_seed = bench_seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(bench_seed >> 40) / (1 << 23) - 1;
}

static inline cvy_view bench_zeros(int rank, const int64_t *dims)
{
    cvy_view view;

    if (cvyi_tensor_open(&view, CVY_F32, rank, dims, NULL) != CVY_OK)
        CHECK_FAIL("no memory");
    return view;
}

static inline cvy_view bench_random(int rank, const int64_t *dims)
{
    cvy_view view = bench_zeros(rank, dims);

    for (int64_t i = 0; i < cvy_view_count(&view); i++)
        ((float *)view.data)[i] = (float)bench_uniform();
    return view;
}

static inline float *bench_at(const cvy_view *view, const int64_t *at)
{
    return (float *)view->data + cvyi_offset(view, at);
}

/* The shapes that infer gives for numbers. */
static inline cvyi_inferred bench_infer(bench *b, const cvyi_attrs *attrs,
                                        const cvy_view *x)
{
    cvyi_type in = { .dtype = CVY_F32, .rank = x->rank };
    cvyi_inferred out;

    for (int i = 0; i < x->rank; i++)
        in.dims[i] = cvyi_size_of(&b->sizes, x->dims[i]);
    if (attrs->op->infer(&out, attrs, &in, 1, &b->sizes, &b->err) != CVY_OK)
        CHECK_FAIL("%s", b->err.text);
    return out;
}

static inline cvy_view bench_output(const cvyi_inferred *inferred)
{
    int64_t dims[CVYI_MAX_DIMS];

    for (int i = 0; i < inferred->out[0].rank; i++)
        if (!cvyi_size_constant(&dims[i], inferred->out[0].dims[i]))
            CHECK_FAIL("size %d is no number", i);
    return bench_zeros(inferred->out[0].rank, dims);
}

typedef double bench_truth(const void *context, const int64_t *at);

/* Runs eval and bound and holds every element of the result against `truth`:
 * within the bound, and the bound not absurdly wide. */
static inline void bench_compare(bench *b, const cvyi_attrs *attrs,
                                 const cvy_view *x, const cvy_view *slots,
                                 bench_truth *truth, const void *context)
{
    const cvyi_inferred inferred = bench_infer(b, attrs, x);
    cvy_view y = bench_output(&inferred), bound = bench_output(&inferred);
    int64_t at[CVY_MAX_RANK] = { 0 };
    cvyi_job job = { .attrs = attrs,
                     .in = x,
                     .n_in = 1,
                     .slots = slots,
                     .out = &y,
                     .n_out = 1 };
    cvy_error err = { 0 };

    CHECK_OK(attrs->op->eval(&job, &err));
    job.out = &bound;
    if (attrs->op->bound != NULL)
        CHECK_OK(attrs->op->bound(&job, &err));
    do {
        const double got = (double)*bench_at(&y, at);
        const double want = truth(context, at);
        const double room = (double)*bench_at(&bound, at);

        if (!(fabs(got - want) <= room) && got != want)
            CHECK_FAIL("[%lld %lld %lld ..] is %.9g, not %.9g; bound %.3g",
                       (long long)at[0], (long long)at[1], (long long)at[2],
                       got, want, room);
        if (room > 1e-3 * (1 + fabs(want)))
            CHECK_FAIL("a bound of %g says nothing", room);
    } while (cvyi_next(y.rank, y.dims, at));
    cvyi_tensor_close(&y);
    cvyi_tensor_close(&bound);
}

#endif
