/*
 * read/python/tf/entry.c - which tensors the network gives.
 *
 * What --entry names. Else, of the names at the top level of the script, the
 * tensor that is computed last and has the batch as its first axis; else what
 * the last loss compares with its labels, or its probabilities; else the same
 * of the objects at the top level; else the same inside main(), if the script
 * called it. What leads to a loss, and truth values, are left out of account. A
 * remark says which it was. If the last one was lost at a call that is not
 * known, that is the refusal. A file that only defines functions and classes
 * ends with the last of them for which --input and --set say what it needs.
 */
#include "read/python/tf/entry.h"
#include "read/python/tf/training/training.h"

#include <string.h>

/* ---- what the script ends with ---- */

/* Truth values, and numbers that were some, are looked at or counted. */
static bool is_truth(const cvyi_graph *trace, int result)
{
    const int call = trace->results[result].call;

    return trace->results[result].type.dtype == CVY_BOOL ||
           (call >= 0 &&
            strcmp(trace->calls[call].attrs.op->name, "cast") == 0 &&
            is_truth(trace, trace->calls[call].in[0]));
}

/* A table of constants that is looked up in an input: tf.one_hot(labels). */
static bool is_label(const cvyi_tf_host *host, const cvyi_call *call)
{
    return call->attrs.op->rows != NULL && call->params[0] >= 0 &&
           host->params[call->params[0]]->constant &&
           host->trace->results[call->in[0]].call < 0;
}

static bool has_batch(const cvyi_py_eval *eval, int result)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_type *const type = cvyi_tf_type(eval, result);
    int64_t known;

    const int call = host->trace->results[result].call;

    if (host->losses[result] || is_truth(host->trace, result) ||
        (call >= 0 && is_label(host, &host->trace->calls[call])))
        return false;
    return (type->rank > 1 ||
            (type->rank > 0 && !cvyi_size_constant(&known, type->dims[0]))) &&
           cvyi_tf_of(eval)->trace->results[result].call >= 0;
}

int cvyi_tf_time(const cvyi_py_eval *eval, const cvyi_py_value *value)
{
    const int result = cvyi_tf_result(value);

    if (result >= 0)
        return has_batch(eval, result) ? result : -1;
    if (cvyi_tf_keras_time(value) >= 0)
        return cvyi_tf_keras_time(value);
    return cvyi_tf_lost_at(cvyi_tf_of(eval), value);
}

static const char *latest(cvyi_py_value *out, int *time,
                          const cvyi_py_eval *eval, const cvyi_py_names *names)
{
    const char *found = NULL;

    *time = -1;
    for (int i = 0; i < names->n; i++) {
        const int at = cvyi_tf_time(eval, &names->values[i]);

        if (at < 0 || at < *time)
            continue;
        *out = names->values[i];
        *time = at;
        found = names->names[i];
    }
    return found;
}

/* The tensors of objects: self.logits of a model. */
static const char *latest_inside(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_names *names)
{
    const char *found = NULL;
    int last = -1, time;

    for (int i = 0; i < names->n; i++) {
        const cvyi_py_value *const value = &names->values[i];
        cvyi_py_value inside;
        const char *name;

        if (value->type != CVYI_PY_V_INSTANCE)
            continue;
        name = latest(&inside, &time, eval, &value->instance->names);
        if (name == NULL || time <= last)
            continue;
        *out = inside;
        last = time;
        found = cvyi_arena_printf(cvyi_py_arena(eval), "%s.%s",
                                  names->names[i], name);
    }
    return found;
}

/* Why there may be none: what was lost last, else the last name of the script
 * that is not known. */
static const cvyi_py_value *suspect(const cvyi_py_module *file)
{
    for (int i = file->names.n - 1; i >= 0; i--)
        if (cvyi_py_opaque(&file->names.values[i]) != NULL)
            return &file->names.values[i];
    return NULL;
}

/* ---- nothing ---- */

static bool has_estimator(const cvyi_tf_host *host)
{
    for (int i = 0; i < host->n_left; i++)
        if (strcmp(host->left[i], "tf.estimator.Estimator") == 0)
            return true;
    return false;
}

static bool has_lost(const cvyi_tf_host *host)
{
    for (int i = 0; i < host->n_lost; i++)
        if (!host->lost[i].beside)
            return true;
    return false;
}

static cvy_status refuse(cvyi_py_eval *eval, const cvyi_py_module *file,
                         cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_value *const value = suspect(file);
    const cvyi_py_cause *cause = value != NULL ? cvyi_py_opaque(value) : NULL;
    bool offered = false;

    for (int i = 0; i < host->n_lost; i++)
        cause = host->lost[i].beside ? cause : host->lost[i].cause;

    if (has_estimator(host))
        return cvyi_py_refuse(eval, err,
                              "an estimator calls the network: name its "
                              "function with --entry, and its tensors' "
                              "shapes with --input");
    if (!has_lost(host) && host->trace->n_results == 0) {
        CVYI_TRY(cvyi_tf_offer(eval, file, &offered, err));
        if (offered)
            return CVY_UNSUPPORTED;
    }
    if (cause == NULL)
        return cvyi_py_refuse(eval, err,
                              "the script ends without a tensor that depends "
                              "on a placeholder; name what the network gives "
                              "with --entry");
    return cvyi_py_refuse(eval, err,
                          "the script ends without a tensor that depends on "
                          "a placeholder; line %d is not known: %s",
                          cause->line, cause->reason);
}

/* For a list of what might have been taken. */
static void choose(cvyi_py_eval *eval, const cvyi_py_value *value,
                   const char *name, const char *why)
{
    cvyi_tf_choice *const choice = cvyi_tf_of(eval)->choice;

    if (choice != NULL)
        *choice = (cvyi_tf_choice){ *value, name, why };
}

/* The probabilities of logits, if the script computes them; -1. */
static int probabilities(const cvyi_tf_host *host, int logits)
{
    for (int i = 0; i < host->trace->n_calls; i++)
        if (host->trace->calls[i].n_in == 1 &&
            host->trace->calls[i].in[0] == logits &&
            (strcmp(host->calls[i].word, "softmax") == 0 ||
             strcmp(host->calls[i].word, "sigmoid") == 0))
            return host->trace->calls[i].out[0];
    return -1;
}

static cvy_status of_loss(cvyi_py_value *out, cvyi_py_eval *eval,
                          cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const int logits = cvyi_tf_result(&host->logits);
    const int made = logits >= 0 ? probabilities(host, logits) : -1;
    const char *const spot =
        cvyi_tf_spot(host, host->loss_file, host->loss_line);

    if (spot == NULL)
        return cvyi_no_memory(err);
    *out = host->logits;
    if (made >= 0)
        CVYI_TRY(cvyi_tf_make_tensor(out, eval, made, err));
    choose(eval, out, "",
           made >= 0 ? "the probabilities of what a loss compares"
                     : "what a loss compares");
    return cvyi_tf_remark(eval, err,
                          "the network is %s %s compares in %s; --entry "
                          "names another",
                          made >= 0 ? "the probabilities of what" : "what",
                          host->loss, spot);
}

/* Of a model what it gives. */
static cvy_status of_model(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvy_error *err)
{
    return cvyi_tf_keras_of(out) != NULL
               ? cvyi_tf_keras_outputs(out, eval, out, err)
               : CVY_OK;
}

static cvy_status of_compiled(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvy_error *err)
{
    const cvyi_tf_keras *node;
    const char *spot;

    *out = cvyi_tf_of(eval)->compiled;
    node = cvyi_tf_keras_of(out);
    spot =
        cvyi_tf_spot(cvyi_tf_of(eval), node->compile_file, node->compile_line);
    if (spot == NULL)
        return cvyi_no_memory(err);
    /* A later model may be the one that is meant. */
    if (cvyi_tf_lost_at(cvyi_tf_of(eval), &cvyi_tf_of(eval)->lost_model) >=
        node->time)
        return cvyi_py_refuse_opaque(eval, &cvyi_tf_of(eval)->lost_model, err);
    CVYI_TRY(cvyi_tf_remark(eval, err,
                            "the network is the model that %s compiles, "
                            "the last one; --entry names another",
                            spot));
    choose(eval, out, "", "the model that is compiled last");
    return of_model(out, eval, err);
}

/* What --entry says. */
static cvy_status of_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_module *file, const char *entry,
                           cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    int time;

    CVYI_TRY(cvyi_tf_asked_entry(out, eval, file, entry, err));
    CVYI_TRY(cvyi_tf_find_losses(&host->losses, host, err));
    choose(eval, out, entry,
           host->source->request->entry != NULL
               ? "named with --entry"
               : "the last definition that --input says the tensors of");
    if (cvyi_tf_keras_of(out) != NULL)
        return cvyi_tf_keras_outputs(out, eval, out, err);
    if (out->type == CVYI_PY_V_INSTANCE &&
        latest(out, &time, eval, &out->instance->names) == NULL)
        return refuse(eval, file, err);
    return of_model(out, eval, err);
}

static cvy_status of_definition(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_module *file, const char *name,
                                cvy_error *err)
{
    CVYI_TRY(cvyi_tf_remark(eval, err,
                            "the network is %s, the last definition that "
                            "--input says the tensors of; --entry names "
                            "another",
                            name));
    return of_entry(out, eval, file, name, err);
}

cvy_status cvyi_tf_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_module *file, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_source_request *const request = host->source->request;
    const char *name;
    int time;

    CVYI_TRY(cvyi_tf_find_losses(&host->losses, host, err));
    if (request != NULL && request->entry != NULL)
        return of_entry(out, eval, file, request->entry, err);
    if (host->compiled.type != CVYI_PY_V_NONE)
        return of_compiled(out, eval, err);
    name = latest(out, &time, eval, &file->names);
    if (name == NULL && host->loss != NULL)
        return of_loss(out, eval, err);
    if (name == NULL)
        name = latest_inside(out, eval, &file->names);
    if (name == NULL) /* tf.model */
        name = latest(out, &time, eval, &host->given);
    if (name == NULL)
        name = latest(out, &time, eval, &host->inner);
    if (name == NULL)
        name = latest_inside(out, eval, &host->inner);
    if (name == NULL && host->trace->n_results == 0 &&
        cvyi_tf_implied(host, file) != NULL)
        return of_definition(out, eval, file, cvyi_tf_implied(host, file),
                             err);
    if (name == NULL)
        return refuse(eval, file, err);
    CVYI_TRY(cvyi_tf_remark(
        eval, err,
        "the network is %s, the last %s that the script "
        "names; --entry names another",
        name, cvyi_tf_keras_of(out) != NULL ? "model" : "tensor"));
    choose(eval, out, name,
           cvyi_tf_keras_of(out) != NULL
               ? "the last model that the script names"
               : "the last tensor that the script names");
    return of_model(out, eval, err);
}
