/* verb/explain_draw.c - which elements each output of a window sees. */
#include "verb/explain.h"

#include "base/ink.h"

enum { MOST_ELEMENTS = 14, MOST_OUTPUTS = 8, LABEL = 10 };

/* A length that is short enough to be drawn and has the same border: SAME
 * looks at the length modulo the stride alone. */
static int64_t drawn_length(const cvyi_explain_border *b)
{
    const int64_t span = (b->window.taps - 1) * b->window.dilation + 1;
    const int64_t s = b->window.stride;
    int64_t n = b->length;

    if (n >= 0 && n + b->before + b->after <= MOST_ELEMENTS)
        return n;
    if (n < 0)
        n = s * 4;
    while (n - s >= span + s && n > MOST_ELEMENTS - b->before - b->after)
        n -= s * ((n - MOST_ELEMENTS + b->before + b->after + s - 1) / s);
    while (n < span)
        n += s;
    return n;
}

/* Column of an element: 0 is the first of the border. */
static void put_elements(cvyi_text *out, int64_t before, int64_t length,
                         int64_t after, cvy_look look)
{
    for (int64_t i = -before; i < length + after; i++) {
        const bool zero = i < 0 || i >= length;

        cvyi_text_put(out, " ");
        cvyi_ink_use(out, look, zero ? CVYI_INK_FAINT : CVYI_INK_BOLD);
        if (zero)
            cvyi_text_put(out, "\xc2\xb7"); /* a middle dot */
        else
            cvyi_text_printf(out, "%d", (int)(i % 10));
        cvyi_ink_use(out, look, CVYI_INK_PLAIN);
    }
    cvyi_text_put(out, "\n");
}

static void put_output(cvyi_text *out, const cvyi_explain_border *b, int64_t i)
{
    cvyi_text label = { 0 };

    cvyi_text_printf(&label, "  output %lld", (long long)i);
    cvyi_text_fit(out, cvyi_text_c(&label), LABEL + 2, false);
    out->bad |= label.bad;
    cvyi_text_close(&label);
    for (int64_t k = 0; k < i * b->window.stride; k++)
        cvyi_text_put(out, "  ");
    for (int64_t t = 0; t < b->window.taps; t++) {
        cvyi_text_put(out, " x");
        for (int64_t k = 1; t + 1 < b->window.taps && k < b->window.dilation;
             k++)
            cvyi_text_put(out, "  ");
    }
    cvyi_text_put(out, "\n");
}

void cvyi_explain_draw(cvyi_text *out, const cvyi_explain_border *border,
                       cvy_look look)
{
    const int64_t span =
        (border->window.taps - 1) * border->window.dilation + 1;
    const int64_t length = drawn_length(border);
    const int64_t whole = length + border->before + border->after;

    if (!border->known || length < 1 || whole > 2 * MOST_ELEMENTS ||
        whole < span)
        return;
    cvyi_text_put(out, "\n");
    cvyi_text_fit(out, "  input", LABEL + 2, false);
    put_elements(out, border->before, length, border->after, look);
    for (int64_t i = 0;
         i < MOST_OUTPUTS && i * border->window.stride + span <= whole; i++)
        put_output(out, border, i);
    if (length != border->length)
        cvyi_text_printf(out, "  (drawn for %lld elements)\n",
                         (long long)length);
}
