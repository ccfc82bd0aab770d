/*
 * 04_keras_layer.c - Conv2D(2, 3, strides=2, padding="same",
 * activation="relu"): channels last, and only what comes out is said.
 *
 * The image lies in memory as N C H W. Its view has the strides of N H W C,
 * so that nothing is copied.
 */
#include <convey/keras.h>
#include <convey/layout.h>

#include <inttypes.h>
#include <stdio.h>

static void print_shape(const char *what, const cvy_view *view)
{
    printf("%-8s", what);
    for (int32_t i = 0; i < view->rank; i++)
        printf(" %" PRId64, view->dims[i]);
    putchar('\n');
}

int main(void)
{
    const cvy_keras_conv conv = {
        .n_spatial = 2,
        .filters = 2,
        .taps = { 3 },
        .stride = { 2 },
        .border = "same",
        .activation = "relu",
    };
    float image[3 * 5 * 4], result[3 * 2 * 2];
    const int64_t nchw[] = { 1, 3, 5, 4 }, out[] = { 1, 3, 2, 2 };
    const cvy_view first = cvy_view_packed(image, 4, nchw);
    cvy_view x, y = cvy_view_packed(result, 4, out);
    cvy_layer *layer = NULL;
    int32_t order[4];
    cvy_error err;

    for (int i = 0; i < 60; i++)
        image[i] = (float)(i % 7) - 3;
    cvy_axes_to_last(order, 4);
    if (cvy_view_permute(&x, &first, order, &err) != CVY_OK ||
        cvy_keras_conv_make(&layer, &conv, &x, &err) != CVY_OK)
        goto failed;

    const cvy_view made = cvy_layer_output(layer);

    print_shape("input", &x);
    print_shape("output", &made);
    for (int32_t i = 0; i < cvy_layer_weights(layer); i++) {
        const cvy_layer_weight weight = cvy_layer_weight_at(layer, i);
        float *const numbers = weight.view.data;

        print_shape(weight.name, &weight.view);
        for (int64_t k = 0; k < cvy_view_count(&weight.view); k++)
            numbers[k] = (float)(k % 3) - 1;
    }
    if (cvy_layer_run(layer, &x, &y, NULL, &err) != CVY_OK)
        goto failed;
    for (int row = 0; row < 3; row++)
        printf("%3.0f %3.0f | %3.0f %3.0f\n", result[4 * row],
               result[4 * row + 1], result[4 * row + 2], result[4 * row + 3]);
    cvy_layer_close(layer);
    return 0;

failed:
    fprintf(stderr, "%s: %s\n", err.where, err.text);
    cvy_layer_close(layer);
    return 1;
}
