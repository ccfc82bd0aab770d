/*
 * 01_padding.c - what "SAME" is: the zeros depend on the length.
 *
 * A window of three taps with stride 2, over axes of different lengths, and
 * what padding=1 would make of them.
 */
#include <convey/padding.h>

#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    const cvy_window window = { .taps = 3, .stride = 2, .dilation = 1 };
    const cvy_border one = { 1, 1 };

    puts("length  SAME before/after  outputs  padding=1 outputs  same?");
    for (int64_t length = 3; length <= 10; length++) {
        cvy_border same;
        int64_t n, m;
        cvy_error err;

        if (cvy_border_same(&same, length, window, &err) != CVY_OK ||
            cvy_window_count(&n, length, window, same, &err) != CVY_OK ||
            cvy_window_count(&m, length, window, one, &err) != CVY_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        printf("%6" PRId64 "  %6" PRId64 " / %-8" PRId64 "  %7" PRId64
               "  %17" PRId64 "  %s\n",
               length, same.before, same.after, n, m,
               same.before == 1 && same.after == 1 ? "yes" : "no");
    }
    return 0;
}
