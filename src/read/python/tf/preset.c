/* read/python/tf/preset.c - values from outside of the script, for the host of
 * TensorFlow. */
#include "read/python/std/preset.h"
#include "read/python/tf/host.h"

cvy_status cvyi_tf_preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                          const char *name, cvy_error *err)
{
    const cvyi_source_request *const r = cvyi_tf_of(eval)->source->request;

    *found = false;
    return r == NULL ? CVY_OK
                     : cvyi_python_preset(out, found, eval, r->sets, r->n_sets,
                                          name, err);
}
