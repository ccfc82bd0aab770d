/*
 * 05_tf_function.c - tf.nn.conv1d(x, W, stride=2, padding="SAME"): the kernel
 * is an argument, and its shape says how many channels go in and come out.
 */
#include <convey/tf.h>

#include <stdio.h>

int main(void)
{
    const cvy_tf_window window = { .n_spatial = 1,
                                   .stride = { 2 },
                                   .border = "SAME" };
    float signal[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    float kernel[] = { 1, 10, 100 }, result[5];
    const int64_t in[] = { 1, 10, 1 }, taps[] = { 3, 1, 1 };
    const int64_t out[] = { 1, 5, 1 };
    const cvy_view x = cvy_view_packed(signal, 3, in);
    const cvy_view w = cvy_view_packed(kernel, 3, taps);
    cvy_view y = cvy_view_packed(result, 3, out);
    cvy_layer *layer = NULL;
    cvy_error err;

    if (cvy_tf_conv_make(&layer, &window, &x, &w, &err) != CVY_OK ||
        cvy_layer_run(layer, &x, &y, NULL, &err) != CVY_OK) {
        fprintf(stderr, "%s: %s\n", err.where, err.text);
        cvy_layer_close(layer);
        return 1;
    }
    puts(cvy_layer_code(layer));
    /* Ten elements, three taps, stride 2: one zero, and it stands AFTER. */
    for (int i = 0; i < 5; i++)
        printf("%5.0f", result[i]);
    putchar('\n');
    cvy_layer_close(layer);
    return 0;
}
