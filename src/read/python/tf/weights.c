/*
 * read/python/tf/weights.c - what variables hold.
 *
 * A file of the user's has them by TensorFlow's names, all that the network
 * needs. Without one they are what the script makes of them: constants, or
 * numbers drawn once from its distributions.
 */
#include "read/python/tf/weights.h"

#include "tensor/tensor.h"

#include <stdio.h>
#include <string.h>

static cvy_status draw(float *out, cvyi_tf_weights *w, cvyi_py_eval *eval,
                       const cvyi_tf_variable *v, int64_t n, cvy_error *err)
{
    cvyi_fresh fresh =
        cvyi_fresh_of(v->initialiser, v->shape.rank, v->shape.dims);
    const cvyi_value glorot = { .kind = CVYI_TEXT, .text = "glorot_uniform" };

    if (v->numbers != NULL) {
        for (int64_t i = 0; i < n; i++)
            out[i] = (float)v->numbers[i];
        return CVY_OK;
    }
    w->n_drawn += fresh.kind != CVYI_FRESH_CONSTANT;
    if (cvyi_fresh_fill(out, n, &fresh, &w->seed))
        return CVY_OK;
    fresh = cvyi_fresh_of(&glorot, v->shape.rank, v->shape.dims);
    (void)cvyi_fresh_fill(out, n, &fresh, &w->seed);
    return fresh.kind == CVYI_FRESH_OTHER
               ? CVY_OK
               : cvyi_tf_remark(eval, err,
                                "%s is drawn as Glorot's uniform: its own "
                                "initialiser is not drawn yet",
                                v->name);
}

/* All of them are told, and the network is refused in the end. */
static cvy_status refuse(cvyi_py_eval *eval, const cvyi_tf_variable *v,
                         const char *text, cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    char where[160];

    snprintf(where, sizeof where, "%.120s:%d",
             v->file != NULL ? v->file : host->file, v->line);
    return cvyi_findings_add(
        host->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = "unsupported",
                        .layer = v->name,
                        .attribute = "weights",
                        .text = text,
                        .advice = "give a file with all variables of the "
                                  "network, by their names (--weights)",
                        .where = where },
        err);
}

static void put_dims(cvyi_text *out, int rank, const int64_t *dims)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "", (long long)dims[i]);
    cvyi_text_put(out, rank == 1 ? ",)" : ")");
}

static cvy_status refuse_shape(cvyi_py_eval *eval, const cvyi_tf_variable *v,
                               const cvy_view *view, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    cvyi_text_put(&text, "it has the shape ");
    put_dims(&text, v->shape.rank, v->shape.dims);
    cvyi_text_put(&text, ", and in the file ");
    put_dims(&text, view->rank, view->dims);
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK)
        status = refuse(eval, v, cvyi_text_c(&text), err);
    cvyi_text_close(&text);
    return status;
}

static bool same_dims(const cvy_view *view, const cvyi_shape *shape)
{
    bool same = view->rank == shape->rank;

    for (int i = 0; same && i < view->rank; i++)
        same = view->dims[i] == shape->dims[i];
    return same;
}

static cvy_status find(cvy_view *out, bool *found, const cvyi_arrays *arrays,
                       const cvyi_tf_variable *v, cvy_error *err)
{
    const cvyi_safetensor *item;

    *found = v->stored != NULL;
    if (*found)
        return cvyi_h5_dataset(out, v->stored->h5, &v->stored->node, err);
    if (arrays->of_layers)
        return CVY_OK;
    item = cvyi_arrays_find(arrays, v->name);
    *found = item != NULL;
    if (*found)
        *out = item->view;
    return CVY_OK;
}

static cvy_status take(float *out, cvyi_tf_weights *w, cvyi_py_eval *eval,
                       const cvyi_tf_variable *v, cvy_error *err)
{
    const cvy_view to =
        cvyi_packed(out, CVY_F32, v->shape.rank, v->shape.dims);
    cvy_view view;
    bool found;

    CVYI_TRY(find(&view, &found, w->arrays, v, err));
    if (!found)
        return refuse(eval, v, "the file of weights does not have it", err);
    if (!same_dims(&view, &v->shape))
        return refuse_shape(eval, v, &view, err);
    w->n_taken++;
    if (view.dtype == CVY_F64 && !w->rounded) {
        w->rounded = true;
        CVYI_TRY(cvyi_tf_remark(eval, err,
                                "weights of float64 are rounded to float32"));
    }
    return cvyi_copy(&to, &view, err);
}

cvy_status cvyi_tf_fill(float *out, cvyi_tf_weights *w, cvyi_py_eval *eval,
                        const cvyi_tf_variable *v, int64_t n, cvy_error *err)
{
    return w->arrays != NULL && !v->constant ? take(out, w, eval, v, err)
                                             : draw(out, w, eval, v, n, err);
}

cvy_status cvyi_tf_weights_told(const cvyi_tf_weights *w, cvyi_py_eval *eval,
                                cvy_error *err)
{
    if (w->arrays != NULL) {
        CVYI_TRY(cvyi_findings_verdict(cvyi_tf_of(eval)->findings, err));
        return w->n_taken == w->arrays->n || w->arrays->of_layers
                   ? CVY_OK
                   : cvyi_tf_remark(eval, err,
                                    "the network needs %d of the %d arrays in "
                                    "the file of weights",
                                    w->n_taken, w->arrays->n);
    }
    if (w->n_drawn == 0)
        return CVY_OK;
    return cvyi_tf_remark(
        eval, err,
        "the weights are drawn from the source's distributions, with seed %d: "
        "they are not those of a training",
        CVYI_TF_SEED);
}
