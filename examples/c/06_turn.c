/*
 * 06_turn.c - a Keras layer turned into the PyTorch layer that computes the
 * same, weights included; then both are computed and compared.
 */
#include <convey/keras.h>
#include <convey/layout.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { HEIGHT = 8, WIDTH = 7, CHANNELS = 3, FILTERS = 4 };

static float image[HEIGHT * WIDTH * CHANNELS];
static float from_keras[4 * 4 * FILTERS], from_torch[4 * 4 * FILTERS];
static float error_bound[4 * 4 * FILTERS];

static void print_weights(const cvy_layer *layer)
{
    for (int32_t i = 0; i < cvy_layer_weights(layer); i++) {
        const cvy_layer_weight weight = cvy_layer_weight_at(layer, i);

        printf("  %s", weight.name);
        for (int32_t axis = 0; axis < weight.view.rank; axis++)
            printf(" %" PRId64, weight.view.dims[axis]);
        putchar('\n');
    }
}

/* Numbers that are not round. */
static void fill(const cvy_layer *layer)
{
    for (int32_t i = 0; i < cvy_layer_weights(layer); i++) {
        const cvy_view view = cvy_layer_weight_at(layer, i).view;
        float *const numbers = view.data;

        for (int64_t k = 0; k < cvy_view_count(&view); k++)
            numbers[k] = sinf((float)k + (float)i);
    }
}

/* Both results lie as N H W C in memory: torch's is written through a view
 * with other strides. */
static cvy_status run_both(const cvy_layer *keras, const cvy_layer *torch,
                           const cvy_view *x, cvy_error *err)
{
    const int64_t dims[] = { 1, 4, 4, FILTERS };
    cvy_view y = cvy_view_packed(from_keras, 4, dims);
    cvy_view bound = cvy_view_packed(error_bound, 4, dims);
    const cvy_view z = cvy_view_packed(from_torch, 4, dims);
    cvy_view x_first, z_first;
    int32_t order[4];
    cvy_status status;

    cvy_axes_to_first(order, 4);
    status = cvy_view_permute(&x_first, x, order, err);
    if (status == CVY_OK)
        status = cvy_view_permute(&z_first, &z, order, err);
    if (status == CVY_OK)
        status = cvy_layer_run(keras, x, &y, &bound, err);
    if (status == CVY_OK)
        status = cvy_layer_run(torch, &x_first, &z_first, NULL, err);
    return status;
}

int main(void)
{
    const cvy_keras_conv conv = { .n_spatial = 2,
                                  .filters = FILTERS,
                                  .taps = { 3 },
                                  .stride = { 2 },
                                  .border = "same" };
    const int64_t dims[] = { 1, HEIGHT, WIDTH, CHANNELS };
    const cvy_view x = cvy_view_packed(image, 4, dims);
    cvy_layer *keras = NULL, *torch = NULL;
    double worst = 0;
    cvy_error err;
    int result = 1;

    for (int i = 0; i < HEIGHT * WIDTH * CHANNELS; i++)
        image[i] = cosf((float)i);
    if (cvy_keras_conv_make(&keras, &conv, &x, &err) != CVY_OK)
        goto done;
    fill(keras);
    if (cvy_layer_turn(&torch, keras, "torch", &err) != CVY_OK ||
        run_both(keras, torch, &x, &err) != CVY_OK)
        goto done;

    printf("%s\n", cvy_layer_code(keras));
    print_weights(keras);
    printf("%s", cvy_layer_code(torch));
    print_weights(torch);
    for (int i = 0; i < 4 * 4 * FILTERS; i++) {
        const double share = fabs((double)from_keras[i] - from_torch[i]) /
                             (2 * (double)error_bound[i]);

        worst = share > worst ? share : worst;
    }
    printf("%s\n", worst <= 1 ? "both compute the same, within the bound"
                              : "they differ");
    result = worst <= 1 ? 0 : 1;

done:
    if (result != 0)
        fprintf(stderr, "%s: %s\n", err.where, err.text);
    cvy_layer_close(torch);
    cvy_layer_close(keras);
    return result;
}
