/*
 * 03_torch_layer.c - nn.Conv2d(1, 1, 3, stride=2, padding=1) on an array of
 * one's own: channels first, in_channels said.
 */
#include <convey/torch.h>

#include <stdio.h>

int main(void)
{
    const cvy_torch_conv conv = {
        .n_spatial = 2,
        .in_channels = 1,
        .out_channels = 1,
        .taps = { 3 },
        .stride = { 2 },
        .border = { 1, 1 },
    };
    float image[6 * 6], result[3 * 3];
    const int64_t in[] = { 1, 1, 6, 6 }, out[] = { 1, 1, 3, 3 };
    const cvy_view x = cvy_view_packed(image, 4, in);
    cvy_view y = cvy_view_packed(result, 4, out);
    cvy_layer *layer = NULL;
    cvy_error err;

    for (int i = 0; i < 36; i++)
        image[i] = (float)i;
    if (cvy_torch_conv_make(&layer, &conv, &x, &err) != CVY_OK)
        goto failed;

    puts(cvy_layer_code(layer));
    for (int32_t i = 0; i < cvy_layer_weights(layer); i++) {
        const cvy_layer_weight weight = cvy_layer_weight_at(layer, i);
        float *const numbers = weight.view.data;

        printf("%s: %d numbers\n", weight.name,
               (int)cvy_view_count(&weight.view));
        for (int64_t k = 0; i == 0 && k < cvy_view_count(&weight.view); k++)
            numbers[k] = 1; /* every output is the sum of its window */
    }
    if (cvy_layer_run(layer, &x, &y, NULL, &err) != CVY_OK)
        goto failed;
    for (int row = 0; row < 3; row++)
        printf("%5.0f %5.0f %5.0f\n", result[3 * row], result[3 * row + 1],
               result[3 * row + 2]);
    cvy_layer_close(layer);

    /* Two channels do not go into a layer of one, as in torch. */
    const int64_t wrong[] = { 1, 2, 6, 6 };
    const cvy_view two = cvy_view_packed(NULL, 4, wrong);

    layer = NULL;
    if (cvy_torch_conv_make(&layer, &conv, &two, &err) != CVY_OK)
        printf("refused: %s\n", err.text);
    cvy_layer_close(layer);
    return 0;

failed:
    fprintf(stderr, "%s: %s\n", err.where, err.text);
    cvy_layer_close(layer);
    return 1;
}
