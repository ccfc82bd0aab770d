/* verb/face_tf.c - the functions of tf.nn from structs (convey/tf.h). */
#include "convey/tf.h"

#include "base/error.h"
#include "verb/face.h"

#include <stdio.h>

static cvy_status make(cvy_layer **out, const cvyi_face *face, cvy_error *err)
{
    return cvyi_face_make(out, face, "tf2", NULL, err);
}

/* [1, s, s, 1], as tf.nn has it; of one axis a number. */
static void put_strides(cvyi_face *face, const char *name,
                        const int64_t *values, int32_t n_spatial)
{
    int64_t all[5] = { 1, 1, 1, 1, 1 };

    for (int32_t i = 0; i < n_spatial; i++) {
        const int64_t value = values[i] != 0 ? values[i] : values[0];

        all[i + 1] = value != 0 ? value : 1;
    }
    if (n_spatial == 1)
        cvyi_face_int(face, name, all[1]);
    else
        cvyi_face_list(face, name, all, n_spatial + 2);
}

/* tf.nn wants one number for each axis of a window of two. */
static void put_dilations(cvyi_face *face, const int64_t *values,
                          int32_t n_spatial)
{
    const int64_t all[3] = { values[0], values[1] != 0 ? values[1] : values[0],
                             values[2] != 0 ? values[2] : values[0] };

    if (values[0] != 0)
        cvyi_face_list(face, "dilations", all, n_spatial);
}

cvy_status cvy_tf_conv_make(cvy_layer **out, const cvy_tf_window *window,
                            const cvy_view *x, const cvy_view *filters,
                            cvy_error *err)
{
    const int32_t n = window->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "tf.nn.conv#d", n);
    cvyi_face_tensor(&face, NULL, "x", x);
    cvyi_face_tensor(&face, "filters", "filters", filters);
    put_strides(&face, n == 1 ? "stride" : "strides", window->stride, n);
    cvyi_face_text(&face, "padding", window->border);
    if (window->dilation[0] != 0)
        put_strides(&face, "dilations", window->dilation, n);
    return make(out, &face, err);
}

cvy_status cvy_tf_conv_transpose_make(cvy_layer **out,
                                      const cvy_tf_window *window,
                                      const cvy_view *x,
                                      const cvy_view *filters,
                                      const cvy_view *output, cvy_error *err)
{
    const int32_t n = window->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    if (output->rank != n + 2)
        return cvyi_fail_in(err, CVY_ARGUMENT, "output",
                            "its shape has %d axes, not %d", (int)n + 2,
                            (int)output->rank);
    cvyi_face_name(&face, "tf.nn.conv#d_transpose", n);
    cvyi_face_tensor(&face, NULL, "x", x);
    cvyi_face_tensor(&face, "filters", "filters", filters);
    cvyi_face_list(&face, "output_shape", output->dims, n + 2);
    put_strides(&face, "strides", window->stride, n);
    cvyi_face_text(&face, "padding", window->border);
    if (window->dilation[0] != 0)
        put_strides(&face, "dilations", window->dilation, n);
    return make(out, &face, err);
}

cvy_status cvy_tf_depthwise_conv_make(cvy_layer **out,
                                      const cvy_tf_window *window,
                                      const cvy_view *x,
                                      const cvy_view *filter, cvy_error *err)
{
    cvyi_face face = { .name = "tf.nn.depthwise_conv2d" };

    cvyi_face_tensor(&face, NULL, "x", x);
    cvyi_face_tensor(&face, "filter", "filter", filter);
    put_strides(&face, "strides", window->stride, 2);
    cvyi_face_text(&face, "padding", window->border);
    put_dilations(&face, window->dilation, 2);
    return make(out, &face, err);
}

cvy_status cvy_tf_separable_conv_make(
    cvy_layer **out, const cvy_tf_window *window, const cvy_view *x,
    const cvy_view *depthwise, const cvy_view *pointwise, cvy_error *err)
{
    cvyi_face face = { .name = "tf.nn.separable_conv2d" };

    cvyi_face_tensor(&face, NULL, "x", x);
    cvyi_face_tensor(&face, NULL, "depthwise_filter", depthwise);
    cvyi_face_tensor(&face, NULL, "pointwise_filter", pointwise);
    put_strides(&face, "strides", window->stride, 2);
    cvyi_face_text(&face, "padding", window->border);
    put_dilations(&face, window->dilation, 2);
    return make(out, &face, err);
}

cvy_status cvy_tf_pool_make(cvy_layer **out, const cvy_tf_pool *pool,
                            const cvy_view *x, cvy_error *err)
{
    const int32_t n = pool->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, pool->mean ? "tf.nn.avg_pool#d" : "tf.nn.max_pool#d",
                   n);
    cvyi_face_tensor(&face, NULL, "x", x);
    put_strides(&face, "ksize", pool->taps, n);
    put_strides(&face, "strides", pool->stride, n);
    cvyi_face_text(&face, "padding", pool->border);
    return make(out, &face, err);
}

/* A tensor, or None where there is none. */
static cvy_status put_optional(cvyi_face *face, const char *name,
                               const cvy_view *view, cvy_error *err)
{
    static const cvy_argument none = { .kind = CVY_VALUE_NONE };

    if (view->rank == 0)
        return cvyi_face_add(face, &none, 1, err);
    cvyi_face_tensor(face, NULL, name, view);
    return CVY_OK;
}

cvy_status cvy_tf_batch_norm_make(cvy_layer **out,
                                  const cvy_tf_batch_norm *norm,
                                  const cvy_view *x, cvy_error *err)
{
    const cvy_argument epsilon = cvy_argument_real(NULL, norm->epsilon);
    cvyi_face face = { .name = "tf.nn.batch_normalization" };

    cvyi_face_tensor(&face, NULL, "x", x);
    cvyi_face_tensor(&face, NULL, "mean", &norm->mean);
    cvyi_face_tensor(&face, NULL, "variance", &norm->variance);
    CVYI_TRY(put_optional(&face, "offset", &norm->offset, err));
    CVYI_TRY(put_optional(&face, "scale", &norm->scale, err));
    CVYI_TRY(cvyi_face_add(&face, &epsilon, 1, err));
    return make(out, &face, err);
}

cvy_status cvy_tf_make(cvy_layer **out, const char *name,
                       const cvy_argument *arguments, int32_t n,
                       const cvy_view *x, cvy_error *err)
{
    cvyi_face face = { 0 };

    snprintf(face.name, sizeof face.name, "tf.%s", name);
    cvyi_face_tensor(&face, NULL, "x", x);
    CVYI_TRY(cvyi_face_add(&face, arguments, n, err));
    return make(out, &face, err);
}
