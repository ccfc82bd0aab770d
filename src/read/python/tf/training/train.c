/*
 * read/python/tf/training/train.c - what a port leaves out, and flags.
 *
 * Sessions, summaries and data are opaque; a remark names them.
 */
#include "read/python/tf/host.h"

#include <string.h>

static bool is_below(const char *dotted, const char *const *packages)
{
    for (; *packages != NULL; packages++)
        if (strcmp(dotted, *packages) == 0 ||
            cvyi_call_is_below(dotted, *packages))
            return true;
    return false;
}

cvy_status cvyi_tf_note_left(cvyi_py_eval *eval, const char *dotted,
                             cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char **left;

    for (int i = 0; i < host->n_left; i++)
        if (strcmp(host->left[i], dotted) == 0)
            return CVY_OK;
    left = cvyi_arena_grow(host->arena, host->left, host->n_left,
                           &host->left_capacity, sizeof *left);
    if (left == NULL)
        return cvyi_no_memory(err);
    host->left = left;
    left[host->n_left++] = dotted;
    return CVY_OK;
}

cvy_status cvyi_tf_left_out(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *dotted,
                            cvy_error *err)
{
    static const char *const packages[] = {
        "tf.train",
        "tf.summary",
        "tf.Session",
        "tf.losses",
        "tf.metrics",
        "tf.estimator",
        "tf.data",
        "tf.gfile",
        "tf.InteractiveSession",
        "tf.ConfigProto",
        "tf.gradients",
        "tf.GPUOptions",
        "tf.global_variables_initializer",
        "tf.initialize_all_variables",
        "tf.local_variables_initializer",
        "tf.contrib.layers.optimize_loss",
        "tf.logging",
        "tf.saved_model",
        "tf.io",
        "tf.python_io",
        "keras.optimizers",
        "keras.losses",
        "keras.metrics",
        "keras.callbacks",
        "keras.datasets",
        "keras.utils",
        "keras.preprocessing",
        "keras.wrappers",
        "keras.mixed_precision",
        NULL,
    };

    *known = is_below(dotted, packages);
    if (!*known)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_note_left(eval, dotted, err));
    return cvyi_py_make_opaque(out, eval, err, "%s is no part of a network",
                               dotted);
}

/* ---- flags ---- */

static cvy_status flags_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const cvyi_py_value *const value =
        cvyi_py_names_get(&cvyi_tf_of(eval)->flags, name);
    bool found = false;

    (void)self;
    CVYI_TRY(cvyi_py_preset(out, &found, eval, name, err));
    if (found)
        return CVY_OK;
    if (value == NULL)
        return cvyi_py_make_opaque(out, eval, err,
                                   "the flag %s is not defined here; say it "
                                   "with --set %s=…",
                                   name, name);
    *out = *value;
    return CVY_OK;
}

static cvy_status flags_set(cvyi_py_eval *eval, const cvyi_py_value *self,
                            const char *name, const cvyi_py_value *value,
                            cvy_error *err)
{
    (void)self;
    return cvyi_py_names_set(eval, &cvyi_tf_of(eval)->flags, name, value, err);
}

/* FLAGS(sys.argv), FLAGS._parse_flags() */
static cvy_status flags_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)args;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

const cvyi_py_host_type cvyi_tf_flags_type = {
    .name = "flags",
    .get = flags_get,
    .set = flags_set,
    .call = flags_call,
};

cvy_status cvyi_tf_flag(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    static const char *const places[] = { "tf.app.flags.DEFINE_",
                                          "tf.flags.DEFINE_" };
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 0, "name"));
    const cvyi_py_value *value = cvyi_tf_arg(args, 1, "default");
    const cvyi_py_value none = cvyi_py_none();

    *known = false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        *known = *known || strncmp(dotted, places[i], strlen(places[i])) == 0;
    if (!*known)
        return CVY_OK;
    *out = none;
    if (name == NULL)
        return cvyi_py_refuse(eval, err, "a flag without a name");
    return cvyi_py_names_set(eval, &cvyi_tf_of(eval)->flags, name,
                             value != NULL ? value : &none, err);
}
