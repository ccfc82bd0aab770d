/*
 * read/python/tf/keras/applications.c - what the files of Keras' own networks
 * ask of their package: the shape of their input.
 *
 * A file that was copied from there builds the network itself.
 */
#include "read/python/tf/host.h"

#include <string.h>

static bool is_true(const cvyi_py_value *value)
{
    if (value == NULL)
        return false;
    if (value->type == CVYI_PY_V_BOOL)
        return value->truth;
    return value->type == CVYI_PY_V_TEXT; /* weights or include_top */
}

/* A shape that is given holds. Without one it is the default size for a
 * network that ends in dense layers, and open for any other. */
static cvy_status input_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_arg(args, 0, "input_shape");
    const cvyi_py_value *const size = cvyi_tf_arg(args, 1, "default_size");
    const cvyi_py_value *top = cvyi_tf_arg(args, 4, "require_flatten");
    const char *const order =
        cvyi_tf_text(cvyi_tf_arg(args, 3, "data_format"));
    cvyi_py_value dims[3] = { cvyi_py_none(), cvyi_py_none(), cvyi_py_int(3) };

    if (given != NULL && given->type != CVYI_PY_V_NONE) {
        *out = *given;
        return CVY_OK;
    }
    if (order != NULL && strcmp(order, "channels_first") == 0)
        return cvyi_py_make_opaque(out, eval, err,
                                   "a shape with the channels first");
    if (top == NULL)
        top = cvyi_tf_arg(args, -1, "include_top");
    if (is_true(top) && size != NULL)
        dims[0] = dims[1] = *size;
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, dims, 3, err);
}

cvy_status cvyi_tf_keras_applications(cvyi_py_value *out, bool *known,
                                      cvyi_py_eval *eval, const char *dotted,
                                      const cvyi_py_call_args *args,
                                      cvy_error *err)
{
    const char *const last = cvyi_call_last(dotted);

    *known = cvyi_call_is_below(dotted, "keras.applications") &&
             (strcmp(last, "_obtain_input_shape") == 0 ||
              strcmp(last, "obtain_input_shape") == 0);
    return *known ? input_shape(out, eval, args, err) : CVY_OK;
}
