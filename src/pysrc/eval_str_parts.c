/* pysrc/eval_str_parts.c - methods of texts: join, split, replace, pad. */
#include "pysrc/eval_builtins.h"
#include "pysrc/eval_format.h"

cvy_status cvyi_py_s_join(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const char *const between = given->self->text;
    const size_t step = strlen(between);
    const cvyi_py_seq *items;
    cvyi_text text = { 0 };

    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[0], true, err));
    for (int i = 0; i < items->n; i++) {
        const char *part = "";
        cvy_status status = cvyi_py_need_text(&part, eval, &items->items[i],
                                              "a joined part", err);

        if (status == CVY_OK)
            status =
                cvyi_py_room(eval, text.size + step + strlen(part), 1, err);
        if (status == CVY_OK)
            status = cvyi_py_tick(eval, 1, err);
        if (status != CVY_OK) {
            cvyi_text_close(&text);
            return status;
        }
        cvyi_text_add(&text, between, i > 0 ? step : 0);
        cvyi_text_put(&text, part);
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

cvy_status cvyi_py_s_replace(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const char *from, *to, *p = given->self->text, *next;
    int64_t left = -1;
    cvyi_text text = { 0 };

    CVYI_TRY(cvyi_py_need_text(&from, eval, given->at[0], "a part", err));
    CVYI_TRY(cvyi_py_need_text(&to, eval, given->at[1], "a part", err));
    if (given->at[2] != NULL)
        CVYI_TRY(cvyi_py_need_int(&left, eval, given->at[2], "a count", err));
    if (from[0] == '\0')
        return cvyi_py_refuse(eval, err, "replace() of nothing");
    CVYI_TRY(cvyi_py_tick(eval, 1 + (int64_t)(strlen(p) / 16), err));
    for (; left != 0 && (next = strstr(p, from)) != NULL; left--) {
        const cvy_status status =
            cvyi_py_room(eval, text.size + strlen(to), 2, err);

        if (status != CVY_OK) {
            cvyi_text_close(&text);
            return status;
        }
        cvyi_text_add(&text, p, (size_t)(next - p));
        cvyi_text_put(&text, to);
        p = next + strlen(from);
    }
    cvyi_text_put(&text, p);
    return cvyi_py_make_gathered(out, eval, &text, err);
}

/* ---- split ---- */

static cvy_status add_part(cvyi_py_value *list, cvyi_py_eval *eval,
                           const char *p, size_t n, cvy_error *err)
{
    cvyi_py_value part;

    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    CVYI_TRY(cvyi_py_make_text(&part, eval, p, n, err));
    return cvyi_py_seq_add(eval, list->seq, &part, err);
}

static const char blanks[] = " \t\n\r\f\v\x1c\x1d\x1e\x1f";

static cvy_status split_blanks(cvyi_py_value *list, cvyi_py_eval *eval,
                               const char *p, int64_t most, cvy_error *err)
{
    if (!cvyi_py_is_ascii(p))
        return cvyi_py_refuse(eval, err, "blanks beyond ASCII");
    for (;; most--) {
        size_t n;

        p += strspn(p, blanks);
        if (*p == '\0')
            return CVY_OK;
        n = strcspn(p, blanks);
        if (most == 0) /* the rest, with the blanks at its end */
            n = strlen(p);
        CVYI_TRY(add_part(list, eval, p, n, err));
        p += n;
    }
}

static cvy_status split_at(cvyi_py_value *list, cvyi_py_eval *eval,
                           const char *p, const char *at, int64_t most,
                           cvy_error *err)
{
    const char *next;

    for (; most != 0 && (next = strstr(p, at)) != NULL; most--) {
        CVYI_TRY(add_part(list, eval, p, (size_t)(next - p), err));
        p = next + strlen(at);
    }
    return add_part(list, eval, p, strlen(p), err);
}

/* From the right: found from the end, listed from the start. */
static cvy_status split_last(cvyi_py_value *list, cvyi_py_eval *eval,
                             const char *p, const char *at, int64_t most,
                             cvy_error *err)
{
    const size_t m = strlen(at);
    size_t end = strlen(p);

    while (most != 0) {
        size_t i = end;

        while (i >= m && memcmp(p + i - m, at, m) != 0)
            i--;
        if (i < m)
            break;
        CVYI_TRY(add_part(list, eval, p + i, end - i, err));
        end = i - m;
        most--;
    }
    CVYI_TRY(add_part(list, eval, p, end, err));
    for (int i = 0, j = list->seq->n - 1; i < j; i++, j--) {
        const cvyi_py_value swap = list->seq->items[i];

        list->seq->items[i] = list->seq->items[j];
        list->seq->items[j] = swap;
    }
    return CVY_OK;
}

static cvy_status split(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, bool right, cvy_error *err)
{
    const cvyi_py_value *const sep = given->at[0];
    const char *const text = given->self->text, *at;
    cvyi_py_value list;
    int64_t most = -1;

    CVYI_TRY(cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST, NULL, 0, err));
    CVYI_TRY(cvyi_py_tick(eval, 1 + (int64_t)(strlen(text) / 16), err));
    if (given->at[1] != NULL)
        CVYI_TRY(cvyi_py_need_int(&most, eval, given->at[1], "maxsplit", err));
    *out = list;
    if (sep == NULL || sep->type == CVYI_PY_V_NONE) {
        if (right && most >= 0)
            return cvyi_py_refuse(eval, err, "rsplit() at blanks, counted");
        return split_blanks(&list, eval, text, most, err);
    }
    CVYI_TRY(cvyi_py_need_text(&at, eval, sep, "a separator", err));
    if (at[0] == '\0')
        return cvyi_py_throw(eval, err, "ValueError", "empty separator");
    return right ? split_last(&list, eval, text, at, most, err)
                 : split_at(&list, eval, text, at, most, err);
}

cvy_status cvyi_py_s_split(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return split(out, eval, given, false, err);
}

cvy_status cvyi_py_s_rsplit(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return split(out, eval, given, true, err);
}

/* ---- padding ---- */

static cvy_status pad(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_given *given, char align, cvy_error *err)
{
    cvyi_py_spec spec = { .align = align, .precision = -1 };
    const char *fill = " ";
    cvyi_text text = { 0 };
    cvy_status status;
    int64_t width;

    CVYI_TRY(cvyi_py_need_int(&width, eval, given->at[0], "a width", err));
    if (given->at[1] != NULL)
        CVYI_TRY(cvyi_py_need_text(&fill, eval, given->at[1], "a fill", err));
    if (width > 1000000 || strlen(fill) > 7 || cvyi_py_text_length(fill) != 1)
        return cvyi_py_refuse(eval, err, "this width or fill of a text");
    strcpy(spec.fill, fill);
    spec.width = width < 0 ? 0 : (int)width;
    status = cvyi_py_put_padded(&text, eval, &spec, align, "",
                                given->self->text, err);
    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

cvy_status cvyi_py_s_ljust(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return pad(out, eval, given, '<', err);
}

cvy_status cvyi_py_s_rjust(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return pad(out, eval, given, '>', err);
}

/* Zeros go behind a sign. */
cvy_status cvyi_py_s_zfill(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const char *const text = given->self->text;
    const bool sign = text[0] == '-' || text[0] == '+';
    const char prefix[] = { sign ? text[0] : '\0', '\0' };
    cvyi_py_spec spec = { .fill = "0", .align = '=', .precision = -1 };
    cvyi_text made = { 0 };
    cvy_status status;
    int64_t width;

    CVYI_TRY(cvyi_py_need_int(&width, eval, given->at[0], "a width", err));
    if (width > 1000000)
        return cvyi_py_refuse(eval, err, "this width of a text");
    spec.width = width < 0 ? 0 : (int)width;
    status =
        cvyi_py_put_padded(&made, eval, &spec, '=', prefix, text + sign, err);
    if (status != CVY_OK) {
        cvyi_text_close(&made);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &made, err);
}
