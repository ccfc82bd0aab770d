/*
 * write/torch_decay.c - weights whose squares the source adds to its loss.
 *
 * L2 of a weight is a weight_decay of twice its factor. Whatever else is added
 * for a weight is told in a remark.
 */
#include "write/torch.h"

#include <string.h>

/* A factor that is a number, 0 if there is none. */
static bool factor(double *out, const cvyi_value *config, const char *name)
{
    const cvyi_value *const value = cvyi_get(config, name);

    *out = 0;
    return cvyi_is_none(value) || cvyi_as_double(out, value);
}

/* false: it is not L2 alone. */
static bool squares(double *out, const cvyi_value *regulariser)
{
    const cvyi_value *config;
    const char *const name = cvyi_train_class(&config, regulariser);
    double l1 = 0, l2 = 0.01;

    if (name == NULL ||
        (!cvyi_train_same(name, "L2") && !cvyi_train_same(name, "L1L2")))
        return false;
    if (cvyi_get(config, "l2") != NULL && !factor(&l2, config, "l2"))
        return false;
    *out = 2 * l2;
    return factor(&l1, config, "l1") && l1 == 0;
}

static cvy_status tell(cvyi_torch_writer *w, const cvyi_param *param)
{
    const cvyi_value *config;
    const char *const name = cvyi_train_class(&config, param->regulariser);
    cvyi_text text = { 0 };
    cvy_status status;

    cvyi_text_printf(&text,
                     "training: %.40s of %s is added to the loss in the "
                     "source, and not carried over",
                     name != NULL ? name : "a regularizer", param->name);
    status = cvyi_text_status(&text, w->err);
    if (status == CVY_OK)
        status = cvyi_remark(w->findings, "", cvyi_text_c(&text), w->err);
    cvyi_text_close(&text);
    return status;
}

cvy_status cvyi_torch_find_decays(cvyi_train_decays *out, cvyi_torch_writer *w)
{
    const cvyi_written *const written = w->out;
    cvyi_train_decay *const all = cvyi_arena_alloc(
        &w->arena, (size_t)written->n_weights + 1, sizeof *all);
    int n = 0;

    if (all == NULL)
        return cvyi_no_memory(w->err);
    for (int i = 0; i < written->n_weights; i++) {
        const int p = written->weights[i].param;
        const cvyi_param *const param = p >= 0 ? &w->graph->params[p] : NULL;
        double value;

        if (param == NULL || param->regulariser == NULL ||
            cvyi_is_none(param->regulariser) || !param->trainable)
            continue;
        if (!squares(&value, param->regulariser))
            CVYI_TRY(tell(w, param));
        else if (value != 0)
            all[n++] = (cvyi_train_decay){ written->weights[i].name, value };
    }
    *out = (cvyi_train_decays){ n, all };
    return CVY_OK;
}
