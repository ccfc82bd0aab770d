/*
 * 02_layout.c - the order of axes: an image without a copy, a kernel with one.
 */
#include <convey/layout.h>

#include <inttypes.h>
#include <stdio.h>

static void print_shape(const char *what, const cvy_view *view)
{
    printf("%-28s", what);
    for (int32_t i = 0; i < view->rank; i++)
        printf(" %" PRId64, view->dims[i]);
    putchar('\n');
}

int main(void)
{
    static float image[1 * 2 * 3 * 4], kernel[3 * 3 * 2 * 4], moved[72];
    const int64_t nhwc[] = { 1, 2, 3, 4 }, hwio[] = { 3, 3, 2, 4 };
    const cvy_view x = cvy_view_packed(image, 4, nhwc);
    const cvy_view w = cvy_view_packed(kernel, 4, hwio);
    cvy_view nchw, oihw;
    int32_t order[4];
    cvy_error err;

    for (int i = 0; i < 72; i++)
        kernel[i] = (float)i;

    /* The same memory, other strides. */
    cvy_axes_to_first(order, 4);
    if (cvy_view_permute(&nchw, &x, order, &err) != CVY_OK)
        goto failed;
    print_shape("image, N H W C", &x);
    print_shape("the same memory as N C H W", &nchw);

    /* PyTorch wants O I H W, row by row. */
    if (cvy_layout_shape(&oihw, &w, "S I O -> O I S", 2, &err) != CVY_OK)
        goto failed;
    oihw.data = moved;
    if (cvy_layout_copy(&oihw, &w, "S I O -> O I S", 2, &err) != CVY_OK)
        goto failed;
    print_shape("kernel, H W I O", &w);
    print_shape("kernel, O I H W", &oihw);
    printf("its first numbers were elements");
    for (int i = 0; i < 9; i++)
        printf(" %.0f", moved[i]);
    putchar('\n');
    return 0;

failed:
    fprintf(stderr, "%s\n", err.text);
    return 1;
}
