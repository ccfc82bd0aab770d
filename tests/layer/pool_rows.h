/*
 * tests/layer/pool_rows.h - pools of any dialect, said in Keras.
 */
#ifndef CVYT_LAYER_POOL_ROWS_H
#define CVYT_LAYER_POOL_ROWS_H

#include "caller.h"

/* What Keras 3 says of attributes over `in`, channels at axis 1; as a layer,
 * or else as a function. "refused: ..." otherwise. */
static inline const char *pool_say(bench *b, const cvyi_attrs *attrs,
                                   const cvyi_type *in, cvyi_form form,
                                   cvyi_said *keep)
{
    cvyi_type last = *in;
    cvyi_inferred inferred;
    cvyi_said said;
    int perm[CVY_MAX_RANK];

    cvyi_axes_first_to_last(in->rank, perm);
    for (int i = 0; i < in->rank; i++)
        last.dims[i] = in->dims[perm[i]];
    if (attrs->op->infer(&inferred, attrs, in, 1, &b->sizes, &b->err) !=
        CVY_OK)
        CHECK_FAIL("%s", b->err.text);

    const cvyi_saying what = { .attrs = attrs,
                               .in = &last,
                               .n_in = 1,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .axes = CVYI_AXES_LAST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };
    const cvy_status status = cvyi_say(&said, "keras3", form, &what, &b->err);
    const char *const text =
        status == CVY_OK
            ? cvyi_arena_text(&b->arena, said.code.bytes, said.code.size)
            : cvyi_arena_printf(&b->arena, "refused: %s", said.refusal.reason);

    CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
    if (status == CVY_OK)
        CHECK(said.spelling != NULL && said.spelling->to_call != NULL);
    else
        CHECK(said.refusal.advice[0] != '\0');
    if (keep != NULL) {
        *keep = said;
        memset(&keep->code, 0, sizeof keep->code);
    }
    cvyi_said_close(&said);
    return text;
}

static inline bool pool_refused(const char *said)
{
    return strncmp(said, "refused:", 8) == 0;
}

/* Rows whose `becomes` is what Keras says of the first step. */
static inline void pool_check_keras(const caller_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *got;
        cvyi_type in;
        bench b;

        bench_open(&b);
        if (caller_read(&b, &rows[i]) != CVY_OK)
            CHECK_FAIL("%s %s: %s", rows[i].name, rows[i].json, b.err.text);
        in = bench_type(&b, strchr(rows[i].tensors, '('));
        if (b.phrase.steps[0].axes == CVYI_AXES_LAST)
            in = bench_first(&in);
        got = pool_say(&b, &b.phrase.steps[0].attrs, &in, CVYI_FORM_MODULE,
                       NULL);
        if (pool_refused(got))
            got = pool_say(&b, &b.phrase.steps[0].attrs, &in,
                           CVYI_FORM_FUNCTION, NULL);
        if (strcmp(got, rows[i].becomes) != 0)
            CHECK_FAIL("%s %s over %s is '%s', not '%s'", rows[i].name,
                       rows[i].json, rows[i].tensors, got, rows[i].becomes);
        bench_close(&b);
    }
}

/* One operator over x: a new view, the caller's to close. */
static inline cvy_view pool_eval(bench *b, const cvyi_attrs *attrs,
                                 const cvy_view *x)
{
    const cvyi_inferred inferred = bench_infer(b, attrs, x);
    const cvy_view y = bench_output(&inferred);
    const cvyi_job job = {
        .attrs = attrs, .in = x, .n_in = 1, .out = &y, .n_out = 1
    };

    if (attrs->op->eval(&job, &b->err) != CVY_OK)
        CHECK_FAIL("%s", b->err.text);
    return y;
}

/* Do both give the same numbers, up to rounding? The first is one operator,
 * the second a chain. */
static inline void pool_check_equal(bench *b, const char *name,
                                    const cvyi_attrs *one,
                                    const cvyi_attrs *chain, int n,
                                    const cvy_view *x)
{
    cvy_view want = pool_eval(b, one, x), got = *x;
    int64_t at[CVY_MAX_RANK] = { 0 };

    for (int i = 0; i < n; i++) {
        cvy_view next = pool_eval(b, &chain[i], &got);

        if (i > 0)
            cvyi_tensor_close(&got);
        got = next;
    }
    CHECK_EQ(got.rank, want.rank);
    for (int i = 0; i < want.rank; i++)
        if (got.dims[i] != want.dims[i])
            CHECK_FAIL("%s: axis %d has %lld, not %lld", name, i,
                       (long long)got.dims[i], (long long)want.dims[i]);
    do
        if (!(fabs((double)*bench_at(&got, at) -
                   (double)*bench_at(&want, at)) <= 1e-6))
            CHECK_FAIL("%s: [%lld %lld %lld ..] is %g, not %g", name,
                       (long long)at[0], (long long)at[1], (long long)at[2],
                       (double)*bench_at(&got, at),
                       (double)*bench_at(&want, at));
    while (cvyi_next(want.rank, want.dims, at));
    cvyi_tensor_close(&want);
    if (n > 0)
        cvyi_tensor_close(&got);
}

#endif
