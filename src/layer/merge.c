/* layer/merge.c - joining values element by element. */
#include "layer/merge.h"

#include <string.h>

#include "layer/walk.h"
#include "tensor/tensor.h"

static bool is_one(cvyi_size size)
{
    int64_t value;

    return cvyi_size_constant(&value, size) && value == 1;
}

cvy_status cvyi_merge_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                            const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                            cvy_error *err)
{
    cvyi_type joint = in[0];

    (void)sizes;
    for (int k = 1; k < n_in; k++) {
        if (in[k].rank != joint.rank)
            return cvyi_fail(err, CVY_SHAPE,
                             "%s joins values of rank %d and %d",
                             attrs->op->name, joint.rank, in[k].rank);
        for (int i = 0; i < joint.rank; i++) {
            if (is_one(joint.dims[i]))
                joint.dims[i] = in[k].dims[i];
            else if (joint.dims[i] != in[k].dims[i] && !is_one(in[k].dims[i]))
                return cvyi_fail(err, CVY_SHAPE,
                                 "%s: sizes of input 0 and %d along axis %d "
                                 "are not equal for every input",
                                 attrs->op->name, k, i);
        }
    }
    cvyi_infer_like(out, &joint);
    return CVY_OK;
}

cvy_view cvyi_merge_spread(const cvy_view *view, const cvy_view *joint)
{
    cvy_view wide = *view;

    for (int i = 0; i < view->rank; i++)
        if (view->dims[i] == 1 && joint->dims[i] != 1) {
            wide.dims[i] = joint->dims[i];
            wide.strides[i] = 0;
        }
    return wide;
}

typedef struct row {
    double *sums;
    cvyi_first_fn *first;
    cvyi_join_fn *join;
    cvyi_finish_fn *finish;
} row;

/* `in` and `y` with the axis of the row last. */
static void run_row(const row *r, const cvy_view *y, const cvy_view *in,
                    int n_in, const int64_t *at)
{
    const int last = y->rank - 1;
    const int64_t n = y->dims[last], y_step = y->strides[last];
    float *const to = (float *)y->data + cvyi_offset(y, at);

    for (int k = 0; k < n_in; k++) {
        const float *const from =
            (const float *)in[k].data + cvyi_offset(&in[k], at);
        const int64_t step = in[k].strides[last];

        for (int64_t i = 0; i < n; i++) {
            const double next = (double)from[i * step];

            r->sums[i] = k > 0              ? r->join(r->sums[i], next)
                         : r->first != NULL ? r->first(next)
                                            : next;
        }
    }
    for (int64_t i = 0; i < n; i++)
        to[i * y_step] = r->finish == NULL
                             ? (float)r->sums[i]
                             : cvyi_bound_up(r->finish(r->sums[i], n_in));
}

static void run_rows(const row *r, const cvy_view *y, cvy_view *in,
                     const cvyi_job *job)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    int perm[CVY_MAX_RANK];
    cvy_view out;

    cvyi_walk_order(perm, &job->in[0], y->rank - 1);
    out = cvyi_permuted(y, perm);
    for (int k = 0; k < job->n_in; k++) {
        const cvy_view wide = cvyi_merge_spread(&job->in[k], y);

        in[k] = cvyi_permuted(&wide, perm);
    }
    do
        run_row(r, &out, in, job->n_in, at);
    while (cvyi_next(y->rank - 1, out.dims, at));
}

cvy_status cvyi_merge_run(const cvyi_job *job, cvyi_first_fn *first,
                          cvyi_join_fn *join, cvyi_finish_fn *finish,
                          cvy_error *err)
{
    const cvy_view *const y = &job->out[0];
    row r = { NULL, first, join, finish };
    cvy_view *in;

    if (cvy_view_count(y) == 0)
        return CVY_OK;
    r.sums = cvyi_alloc((size_t)y->dims[y->rank - 1], sizeof *r.sums);
    in = cvyi_alloc((size_t)job->n_in, sizeof *in);
    if (r.sums != NULL && in != NULL)
        run_rows(&r, y, in, job);
    const bool done = r.sums != NULL && in != NULL;

    cvyi_free(r.sums);
    cvyi_free(in);
    return done ? CVY_OK : cvyi_no_memory(err);
}

/* The step that brings inputs of fewer than `rank` axes to as many. */
static cvy_status expand(cvyi_phrase *out, const cvyi_bound *call, int rank,
                         cvy_error *err)
{
    bool *const operands =
        cvyi_arena_alloc(call->arena, (size_t)call->n_in, sizeof *operands);

    if (operands == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < call->n_in; k++)
        operands[k] = call->in[k].rank < rank;

    cvyi_step *const step = cvyi_phrase_add(out, call, "expand");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->label = "expand";
    step->operands = operands;
    cvyi_set_int(&step->attrs, "rank", rank);
    return CVY_OK;
}

/* Keras repeats no sample for those of another input. */
static cvy_status check_batches(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    int64_t wanted = 0, found;

    for (int k = 0; k < call->n_in; k++) {
        if (call->in[k].rank == 0 ||
            !cvyi_size_constant(&found, call->in[k].dims[0]))
            continue;
        if (wanted != 0 && found != wanted)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "",
                               "give all inputs the same batch",
                               "its inputs have %lld and %lld samples",
                               (long long)wanted, (long long)found);
        wanted = found;
    }
    return CVY_OK;
}

cvy_status cvyi_merge_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                const char *op, cvy_error *err)
{
    int least = call->in[0].rank, most = least;

    CVYI_TRY(check_batches(out, call, err));
    for (int k = 1; k < call->n_in; k++) {
        least = call->in[k].rank < least ? call->in[k].rank : least;
        most = call->in[k].rank > most ? call->in[k].rank : most;
    }
    if (least < most)
        CVYI_TRY(expand(out, call, most, err));
    /* Of a single value it is that value. */
    if (cvyi_phrase_add(out, call, call->n_in == 1 ? "identity" : op) == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

cvy_status cvyi_merge_from_two(cvyi_phrase *out, const cvyi_bound *call,
                               const char *op, cvy_error *err)
{
    if (call->n_in != 2)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it exactly two inputs",
                           "it joins two inputs, got %d", call->n_in);
    return cvyi_merge_from_call(out, call, op, err);
}

cvy_status cvyi_merge_list(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    const cvyi_value *const list = call->values[0];
    const char *const name = call->names[0];
    bool tensors = list->kind == CVYI_LIST && list->n > 0;
    bool ordered = tensors && list->n == call->n_in;

    for (int i = 0; tensors && i < list->n; i++) {
        tensors = list->items[i].kind == CVYI_TENSOR;
        ordered = ordered && list->items[i].integer == i;
    }
    if (!tensors)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be a list of tensors", name);
    if (!ordered)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "give each tensor a name of its own",
                           "%s lists a tensor more than once", name);
    return CVY_OK;
}

/* Of more than two the code is read back as one join after another. */
static void says_joins(cvyi_said *out, const cvyi_saying *what)
{
    out->form = CVYI_FORM_FUNCTION;
    if (what->n_in < 3)
        return;
    (void)cvyi_said_means(out, what->attrs->op->name, 0);
    out->repeated = what->n_in - 2;
}

cvy_status cvyi_merge_say(cvyi_said *out, const cvyi_saying *what,
                          const char *sign, cvyi_binding binding,
                          cvy_error *err)
{
    cvyi_text_put(&out->code, "{0}");
    for (int k = 1; k < what->n_in; k++)
        cvyi_text_printf(&out->code, " %s {%d}", sign, k);
    says_joins(out, what);
    out->binding = binding;
    out->operands = binding;
    return cvyi_text_status(&out->code, err);
}

cvy_status cvyi_merge_nest(cvyi_said *out, const cvyi_saying *what,
                           const char *function, cvy_error *err)
{
    for (int k = 1; k < what->n_in; k++)
        cvyi_text_printf(&out->code, "%s(", function);
    cvyi_text_put(&out->code, "{0}");
    for (int k = 1; k < what->n_in; k++)
        cvyi_text_printf(&out->code, ", {%d})", k);
    says_joins(out, what);
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
