/*
 * read/python/tf/cond.c - branches of the mode: tf.cond(is_training, …).
 *
 * A port is an inference, so a placeholder of a truth is False; unless its
 * False branch is what only a training has (is_test). TensorFlow builds both
 * branches, the first one first, and what they make has names.
 */
#include "read/python/tf/norm/norm.h"

#include <math.h>

static cvyi_tf_mode *mode_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_mode_type
               ? value->host.data
               : NULL;
}

/* The placeholder itself, of which `mode` may be the opposite. */
static cvyi_tf_mode *placeholder_of(cvyi_tf_mode *mode)
{
    return mode->opposite_of != NULL ? mode->opposite_of : mode;
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

/* Does a branch give the mean or variance of a batch itself? */
static bool is_training(const cvyi_py_value *value)
{
    bool found = cvyi_tf_statistic_of(value) != NULL;

    for (int i = 0; is_list(value) && i < value->seq->n; i++)
        found = found || cvyi_tf_statistic_of(&value->seq->items[i]) != NULL;
    return found;
}

static bool is_known(const cvyi_py_value *value)
{
    bool known = cvyi_py_opaque(value) == NULL;

    for (int i = 0; is_list(value) && i < value->seq->n; i++)
        known = known && cvyi_py_opaque(&value->seq->items[i]) == NULL;
    return known;
}

/* Which branch an inference takes. What a placeholder was once, it stays. */
static cvy_status decide(bool *truth, cvyi_py_eval *eval, cvyi_tf_mode *mode,
                         const cvyi_py_value *yes, const cvyi_py_value *no,
                         cvy_error *err)
{
    cvyi_tf_mode *const of = placeholder_of(mode);
    const bool turned = of != mode;

    if (!of->decided && is_training(turned ? yes : no) &&
        !is_training(turned ? no : yes) && is_known(turned ? no : yes))
        of->truth = true;
    of->decided = true;
    *truth = turned != of->truth;
    return cvyi_tf_remark(eval, err, "%s is %s in the network that is written",
                          of->name, of->truth ? "True" : "False");
}

/* Of constants as of placeholders; a truth of Python alone decides here. */
static cvy_status take_both(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *when,
                            const cvyi_py_value *yes, const cvyi_py_value *no,
                            cvy_error *err)
{
    static const cvyi_py_call_args none = { 0 };
    const double number = cvyi_tf_number(when, NAN);
    cvyi_py_value first, second;
    bool truth = number != 0;

    CVYI_TRY(cvyi_py_eval_call(&first, eval, yes, &none, err));
    CVYI_TRY(cvyi_py_eval_call(&second, eval, no, &none, err));
    if (mode_of(when) != NULL)
        CVYI_TRY(decide(&truth, eval, mode_of(when), &first, &second, err));
    *out = truth ? first : second;
    if (is_list(out) && out->seq->n == 1)
        *out = out->seq->items[0];
    return CVY_OK;
}

cvy_status cvyi_tf_cond(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    static const cvyi_py_call_args none = { 0 };
    const cvyi_py_value *const when = cvyi_tf_arg(args, 0, "pred");
    const cvyi_py_value *yes = cvyi_tf_arg(args, 1, "true_fn");
    const cvyi_py_value *no = cvyi_tf_arg(args, 2, "false_fn");

    yes = yes != NULL ? yes : cvyi_tf_arg(args, -1, "fn1");
    no = no != NULL ? no : cvyi_tf_arg(args, -1, "fn2");
    if (when == NULL || yes == NULL || no == NULL)
        return cvyi_py_refuse(eval, err, "tf.cond without its branches");
    if (when->type == CVYI_PY_V_BOOL)
        return cvyi_py_eval_call(out, eval, when->truth ? yes : no, &none,
                                 err);
    if (mode_of(when) == NULL && isnan(cvyi_tf_number(when, NAN)))
        return cvyi_py_make_opaque(out, eval, err,
                                   "which branch of tf.cond is taken needs a "
                                   "run");
    return take_both(out, eval, when, yes, no, err);
}

cvy_status cvyi_tf_logical_not(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_mode *const mode = mode_of(cvyi_tf_arg(args, 0, "x"));
    cvyi_tf_mode *made;

    *known = mode != NULL;
    if (mode == NULL)
        return CVY_OK;
    made = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *made);
    if (made == NULL)
        return cvyi_no_memory(err);
    *made = (cvyi_tf_mode){ .name = mode->name, .opposite_of = mode };
    *out = cvyi_py_host_value(&cvyi_tf_mode_type, made);
    if (mode->opposite_of != NULL)
        *out = cvyi_py_host_value(&cvyi_tf_mode_type, mode->opposite_of);
    return CVY_OK;
}
