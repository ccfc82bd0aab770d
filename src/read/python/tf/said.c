/*
 * read/python/tf/said.c - what a script calls its variables and tensors.
 *
 * W_conv1, h_conv1 and weights['conv1'] all say conv1: prefixes and endings
 * that tell a weight from a value are left out, and names that could be
 * anything say nothing.
 */
#include "read/python/tf/host.h"

#include <ctype.h>
#include <string.h>

static bool is_any(const char *name)
{
    static const char *const words[] = {
        "w",        "b",        "h",          "x",        "y",
        "z",        "net",      "out",        "output",   "outputs",
        "input",    "inputs",   "conv",       "layer",    "weights",
        "weight",   "bias",     "biases",     "kernel",   "kernels",
        "filter",   "filters",  "result",     "res",      "tmp",
        "temp",     "current",  "initial",    "tensor",   "value",
        "var",      "variable", "name",       "scope",    "data",
        "images",   "features", "hidden",     "shortcut", "residual",
        "incoming", "conv2d",   "filt",       "prev",     "last",
        "cur",      "act",      "activation",
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return strlen(name) < 2;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static char *without_prefix(char *name)
{
    static const char *const prefixes[] = { "weights_", "weight_", "kernel_",
                                            "filter_",  "w_",      "h_",
                                            "b_",       "l_" };

    while (*name == '_')
        name++;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (begins(name, prefixes[i]))
            return name + strlen(prefixes[i]);
    return name;
}

static void cut_ending(char *name)
{
    static const char *const endings[] = { "_weights", "_weight", "_kernel",
                                           "_filter",  "_w",      "_out",
                                           "_output" };
    const size_t n = strlen(name);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t m = strlen(endings[i]);

        if (n > m && strcmp(name + n - m, endings[i]) == 0) {
            name[n - m] = '\0';
            return;
        }
    }
}

cvy_status cvyi_tf_clean(const char **out, cvyi_tf_host *host,
                         const char *name, cvy_error *err)
{
    char *const low = cvyi_arena_text(host->arena, name, strlen(name));
    char *clean;

    *out = NULL;
    if (low == NULL)
        return cvyi_no_memory(err);
    for (char *p = low; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    clean = without_prefix(low);
    cut_ending(clean);
    if (!is_any(clean))
        *out = clean;
    return CVY_OK;
}

static cvy_status room_for(cvyi_tf_host *host, int result, cvy_error *err)
{
    const char **said;

    while (host->n_said <= result) {
        said = cvyi_arena_grow(host->arena, host->said, host->n_said,
                               &host->said_capacity, sizeof *said);
        if (said == NULL)
            return cvyi_no_memory(err);
        host->said = said;
        said[host->n_said++] = NULL;
    }
    return CVY_OK;
}

const char *cvyi_tf_said(const cvyi_tf_host *host, int result)
{
    return result < host->n_said ? host->said[result] : NULL;
}

/* A layer of Keras without a name of its own. */
static cvy_status named_layer(cvyi_tf_host *host, const char *name,
                              const cvyi_py_value *value, cvy_error *err)
{
    cvyi_tf_keras *const node = cvyi_tf_keras_of(value);
    const char *clean;

    CVYI_TRY(cvyi_tf_clean(&clean, host, name, err));
    if (clean != NULL && node->said == NULL &&
        (!node->is_model ||
         (strcmp(clean, "model") != 0 && strcmp(clean, "network") != 0)))
        node->said = clean;
    return CVY_OK;
}

cvy_status cvyi_tf_named(cvyi_py_eval *eval, const char *name,
                         const cvyi_py_value *value, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const int result = cvyi_tf_result(value);
    const char *kept;

    if (cvyi_tf_keras_of(value) != NULL)
        return named_layer(host, name, value, err);
    if (result < 0 && value->host.type != &cvyi_tf_variable_type &&
        value->host.type != &cvyi_tf_start_type)
        return CVY_OK;
    kept = cvyi_arena_text(host->arena, name, strlen(name));
    if (kept == NULL)
        return cvyi_no_memory(err);
    if (value->host.type == &cvyi_tf_start_type) {
        cvyi_tf_start *const start = value->host.data;

        start->said = start->said != NULL ? start->said : kept;
        return CVY_OK;
    }
    if (result < 0) {
        cvyi_tf_variable *const v = value->host.data;

        v->said = v->said != NULL ? v->said : kept;
        return CVY_OK;
    }
    CVYI_TRY(room_for(host, result, err));
    if (host->said[result] == NULL)
        host->said[result] = kept;
    return CVY_OK;
}

cvy_status cvyi_tf_finished(cvyi_py_eval *eval, const char *function,
                            const cvyi_py_names *names, cvy_error *err)
{
    (void)err;
    if (strcmp(function, "main") == 0)
        cvyi_tf_of(eval)->inner = *names;
    return CVY_OK;
}
