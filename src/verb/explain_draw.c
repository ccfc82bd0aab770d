/* verb/explain_draw.c - which elements each output of a window sees, and which
 * outputs each element of a transposed convolution reaches. */
#include "verb/explain.h"

#include "base/ink.h"

enum { MOST_ELEMENTS = 14, MOST_REACHED = 24, MOST_ROWS = 8, LABEL = 10 };

static int64_t span_of(cvy_window w)
{
    return (w.taps - 1) * w.dilation + 1;
}

/* A length that is short enough to be drawn and has the same border: SAME
 * looks at the length modulo the stride alone. */
static int64_t drawn_length(const cvyi_explain_border *b)
{
    const int64_t span = span_of(b->window);
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

/* Numbers from 0 to below `length`; `before` and `after` them dots. */
static void put_elements(cvyi_text *out, const char *label, int64_t before,
                         int64_t length, int64_t after, cvy_look look)
{
    cvyi_text_put(out, "\n");
    cvyi_text_fit(out, label, LABEL + 2, false);
    for (int64_t i = -before; i < length + after; i++) {
        const bool dot = i < 0 || i >= length;

        cvyi_text_put(out, " ");
        cvyi_ink_use(out, look, dot ? CVYI_INK_FAINT : CVYI_INK_BOLD);
        if (dot)
            cvyi_text_put(out, "\xc2\xb7"); /* a middle dot */
        else
            cvyi_text_printf(out, "%d", (int)(i % 10));
        cvyi_ink_use(out, look, CVYI_INK_PLAIN);
    }
    cvyi_text_put(out, "\n");
}

/* The taps of row i, the first of which stands in that column. */
static void put_row(cvyi_text *out, const char *what, int64_t i,
                    int64_t column, cvy_window w)
{
    cvyi_text label = { 0 };

    cvyi_text_printf(&label, "  %s %lld", what, (long long)i);
    cvyi_text_fit(out, cvyi_text_c(&label), LABEL + 2, false);
    out->bad |= label.bad;
    cvyi_text_close(&label);
    for (int64_t k = 0; k < column; k++)
        cvyi_text_put(out, "  ");
    for (int64_t t = 0; t < w.taps; t++) {
        cvyi_text_put(out, " x");
        for (int64_t k = 1; t + 1 < w.taps && k < w.dilation; k++)
            cvyi_text_put(out, "  ");
    }
    cvyi_text_put(out, "\n");
}

static void put_drawn(cvyi_text *out, const cvyi_explain_border *b,
                      int64_t length)
{
    if (length != b->length)
        cvyi_text_printf(out, "  (drawn for %lld elements)\n",
                         (long long)length);
}

static void draw_seen(cvyi_text *out, const cvyi_explain_border *b,
                      cvy_look look)
{
    const int64_t span = span_of(b->window);
    const int64_t length = drawn_length(b);
    const int64_t whole = length + b->before + b->after;

    if (length < 1 || whole > 2 * MOST_ELEMENTS || whole < span)
        return;
    put_elements(out, "  input", b->before, length, b->after, look);
    for (int64_t i = 0; i < MOST_ROWS && i * b->window.stride + span <= whole;
         i++)
        put_row(out, "output", i, i * b->window.stride, b->window);
    put_drawn(out, b, length);
}

/* ---- transposed ---- */

static int64_t above_zero(int64_t n)
{
    return n > 0 ? n : 0;
}

/* Columns that n elements need: what they reach, and what is added. */
static int64_t columns_of(const cvyi_explain_border *b, int64_t n)
{
    return (n - 1) * b->window.stride + span_of(b->window) +
           above_zero(-b->before) + above_zero(-b->after);
}

/* Some elements whose rows and columns are few enough, but enough of them that
 * something is left: the border does not depend on how many there are. */
static int64_t reaching(const cvyi_explain_border *b, cvy_look look)
{
    const bool narrow =
        look.columns > 0 && look.columns < LABEL + 2 + 2 * MOST_REACHED;
    int64_t n = b->length > 0 && b->length < MOST_ROWS ? b->length : 4;

    while (n > 1 && columns_of(b, n) > (narrow ? MOST_ELEMENTS : MOST_REACHED))
        n--;
    while (columns_of(b, n) <= 2 * MOST_ELEMENTS &&
           (n - 1) * b->window.stride + span_of(b->window) <=
               b->before + b->after)
        n++;
    return n;
}

static void draw_reached(cvyi_text *out, const cvyi_explain_border *b,
                         cvy_look look)
{
    const int64_t n = reaching(b, look), added = above_zero(-b->before);
    const int64_t left =
        (n - 1) * b->window.stride + span_of(b->window) - b->before - b->after;

    if (columns_of(b, n) > 2 * MOST_ELEMENTS || left < 1)
        return;
    put_elements(out, "  output", above_zero(b->before), left,
                 above_zero(b->after), look);
    for (int64_t i = 0; i < n; i++)
        put_row(out, "input", i, added + i * b->window.stride, b->window);
    if (b->before > 0 || b->after > 0)
        cvyi_text_put(out, "  (\xc2\xb7 is cut off)\n");
    put_drawn(out, b, n);
}

void cvyi_explain_draw(cvyi_text *out, const cvyi_explain_border *border,
                       cvy_look look)
{
    if (border->known && border->cut)
        draw_reached(out, border, look);
    else if (border->known)
        draw_seen(out, border, look);
}
