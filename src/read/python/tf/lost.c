/*
 * read/python/tf/lost.c - what was made of tensors and is not known.
 *
 * Most of what a script computes beside its network is not needed. But where
 * the network itself is lost at a call, no earlier tensor is to be taken for
 * it.
 */
#include "read/python/tf/norm/norm.h"
#include "read/python/tf/training/training.h"

#include <string.h>

/* What is made of tensors to look at them: no part of a network, unless it
 * meets a tensor again. */
static bool measures(const char *dotted, size_t n)
{
    static const char *const names[] = {
        "tf.equal",
        "tf.not_equal",
        "tf.argmax",
        "tf.arg_max",
        "tf.argmin",
        "tf.nn.in_top_k",
        "tf.nn.top_k",
        "tf.nn.l2_loss",
        "tf.one_hot",
        "tf.greater",
        "tf.greater_equal",
        "tf.less",
        "tf.less_equal",
        "tf.group",
        "tf.assign",
        "tf.assign_add",
        "tf.assign_sub",
        "tf.nn.zero_fraction",
        "tf.sparse_to_dense",
        "tf.control_dependencies",
        "tf.confusion_matrix",
        "tf.add_to_collection",
        "tf.check_numerics",
        "tf.gradients",
        "tf.count_nonzero",
        "tf.global_norm",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(names[i], dotted, n) == 0)
            return true;
    return false;
}

/* Over all axes, the batch among them: a loss, or a measure too. */
static bool is_whole(const char *dotted, const cvyi_py_call_args *args)
{
    static const char *const names[] = { "tf.reduce_sum", "tf.reduce_mean",
                                         "tf.reduce_max", "tf.reduce_min",
                                         "tf.reduce_all", "tf.reduce_any" };
    bool reduces = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        reduces = reduces || strcmp(names[i], dotted) == 0;
    return reduces && args->n == 1 && cvyi_tf_arg(args, -1, "axis") == NULL &&
           cvyi_tf_arg(args, -1, "reduction_indices") == NULL;
}

static cvyi_tf_lost *find(const cvyi_tf_host *host, const cvyi_py_cause *cause)
{
    for (int i = 0; i < host->n_lost; i++)
        if (cvyi_py_origin(host->lost[i].cause) == cvyi_py_origin(cause))
            return &host->lost[i];
    return NULL;
}

int cvyi_tf_lost_at(const cvyi_tf_host *host, const cvyi_py_value *value)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(value);
    const cvyi_tf_lost *const lost = cause != NULL ? find(host, cause) : NULL;
    const cvyi_tf_statistic *const of_batch = cvyi_tf_statistic_of(value);

    if (of_batch != NULL)
        return of_batch->results;
    if (cvyi_tf_group_at(value) >= 0)
        return cvyi_tf_group_at(value);
    return lost != NULL && !lost->beside ? lost->results : -1;
}

/* What a loss goes into on its way to one number is no network either. */
static bool is_loss(const cvyi_py_cause *cause)
{
    return strstr(cause->reason, CVYI_TF_IS_A_LOSS) != NULL;
}

/* What was beside the network is not any more once the network needs it. */
static cvy_status add(cvyi_tf_host *host, const cvyi_py_cause *cause,
                      bool beside, cvy_error *err)
{
    cvyi_tf_lost *lost = find(host, cause);

    if (lost == NULL) {
        lost = cvyi_arena_grow(host->arena, host->lost, host->n_lost,
                               &host->lost_capacity, sizeof *lost);
        if (lost == NULL)
            return cvyi_no_memory(err);
        host->lost = lost;
        lost = &host->lost[host->n_lost++];
    } else if (beside || !lost->beside || is_loss(cause)) {
        return CVY_OK;
    }
    *lost = (cvyi_tf_lost){ cause, beside, host->trace->n_results };
    return CVY_OK;
}

cvy_status cvyi_tf_beside(cvyi_py_eval *eval, const cvyi_py_value *value,
                          cvy_error *err)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(value);

    return cause != NULL ? add(cvyi_tf_of(eval), cause, true, err) : CVY_OK;
}

cvy_status cvyi_tf_lose_value(cvyi_py_eval *eval, const cvyi_py_value *value,
                              cvy_error *err)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(value);

    return cause != NULL ? add(cvyi_tf_of(eval), cause, false, err) : CVY_OK;
}

bool cvyi_tf_is_beside(const cvyi_tf_host *host, const cvyi_py_value *value)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(value);
    const cvyi_tf_lost *const lost = cause != NULL ? find(host, cause) : NULL;

    return lost != NULL && lost->beside;
}

/* Is it beside the network, or does it depend on what is? */
static bool cause_is_beside(const cvyi_tf_host *host,
                            const cvyi_py_cause *cause)
{
    for (; cause != NULL; cause = cause->because) {
        const cvyi_tf_lost *const lost = find(host, cause);

        if (lost != NULL && lost->beside)
            return true;
    }
    return false;
}

/* What a session is given, or a branch that depends on one speaks of, is not
 * changed by it; an operand is. */
cvy_status cvyi_tf_met(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                       const cvyi_py_cause *through,
                       const cvyi_py_value *value, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_keras *const node = cvyi_tf_keras_of(value);

    /* Nobody knows what an unknown function adds to a model that grows. */
    if (node != NULL && through != NULL && node->grows && !node->settled &&
        node->doubt == NULL)
        node->doubt = cause;
    if (is_loss(cause) && cvyi_tf_result(value) >= 0)
        return cvyi_tf_loss_term(host, value, err);
    if (cvyi_tf_result(value) < 0 || cause_is_beside(host, cause->because) ||
        cause_is_beside(host, through))
        return CVY_OK;
    return add(host, cause, false, err);
}

static bool has_tensor(const cvyi_tf_host *host, const cvyi_py_value *value,
                       int *left)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (cvyi_tf_result(value) >= 0 || cvyi_tf_positions(value) != NULL ||
        cvyi_tf_lost_at(host, value) >= 0)
        return true;
    for (int i = 0; list && i < value->seq->n && --*left > 0; i++)
        if (has_tensor(host, &value->seq->items[i], left))
            return true;
    return false;
}

/* What a layer is called on is no measure. */
static bool is_layer(const char *dotted)
{
    const char *const last = cvyi_call_last(dotted);

    return cvyi_call_is_below(dotted, "tf.layers") ||
           cvyi_call_is_below(dotted, "keras.layers") ||
           cvyi_call_is_below(dotted, "tf.contrib.layers") ||
           strstr(last, "conv") != NULL || strcmp(last, "matmul") == 0 ||
           strcmp(last, "xw_plus_b") == 0;
}

/* Did all that is not known of it begin with a look at a tensor? A reason
 * begins with the call that it speaks of. */
static bool is_measured(const cvyi_py_value *value)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(value);
    const char *const reason =
        cause != NULL ? cvyi_py_origin(cause)->reason : NULL;

    return reason != NULL && measures(reason, strcspn(reason, " :"));
}

cvy_status cvyi_tf_lose(cvyi_py_eval *eval, const char *dotted,
                        const cvyi_py_call_args *args,
                        const cvyi_py_value *out, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    bool tensor = false;
    int left = 4096;

    if (cvyi_py_opaque(out) == NULL)
        return CVY_OK;
    if (is_whole(dotted, args))
        return cvyi_tf_whole(host, &args->values[0], err);
    if (measures(dotted, strlen(dotted)))
        return CVY_OK;
    tensor = is_layer(dotted) && args->n > 0 && is_measured(&args->values[0]);
    for (int i = 0; i < args->n; i++)
        tensor = tensor || has_tensor(host, &args->values[i], &left);
    for (int i = 0; i < args->n_keywords; i++)
        tensor = tensor || has_tensor(host, &args->keyword_values[i], &left);
    return tensor ? add(host, cvyi_py_opaque(out), false, err) : CVY_OK;
}
