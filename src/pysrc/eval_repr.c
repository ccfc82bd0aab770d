/* pysrc/eval_repr.c - repr() and str(). */
#include "pysrc/eval_parts.h"

/* ---- texts ---- */

/* Letters of Latin, Greek and Cyrillic, and Chinese characters: what can be
 * told to be printable without a table of Unicode. */
static bool printable(unsigned code)
{
    return (code >= 0xa1 && code <= 0x2ff && code != 0xad) ||
           (code >= 0x3b1 && code <= 0x3c9) ||
           (code >= 0x410 && code <= 0x44f) ||
           (code >= 0x4e00 && code <= 0x9fa5);
}

static unsigned decode(const unsigned char *p, size_t n)
{
    unsigned code = n == 1 ? p[0] : p[0] & (0xffU >> (n + 1));

    for (size_t i = 1; i < n; i++)
        code = code << 6 | (p[i] & 0x3fU);
    return code;
}

static cvy_status put_wide(cvyi_text *out, cvyi_py_eval *eval, const char *p,
                           size_t n, cvy_error *err)
{
    const unsigned code = decode((const unsigned char *)p, n);

    if (!printable(code))
        return cvyi_py_refuse(eval, err, "repr() of the character U+%04X",
                              code);
    cvyi_text_add(out, p, n);
    return CVY_OK;
}

static void put_narrow(cvyi_text *out, char c, char quote)
{
    if (c == quote || c == '\\')
        cvyi_text_printf(out, "\\%c", c);
    else if (c == '\n')
        cvyi_text_put(out, "\\n");
    else if (c == '\r')
        cvyi_text_put(out, "\\r");
    else if (c == '\t')
        cvyi_text_put(out, "\\t");
    else if (c < ' ' || c == 0x7f)
        cvyi_text_printf(out, "\\x%02x", (unsigned)c);
    else
        cvyi_text_add(out, &c, 1);
}

static cvy_status put_text(cvyi_text *out, cvyi_py_eval *eval,
                           const char *text, cvy_error *err)
{
    const char quote =
        strchr(text, '\'') != NULL && strchr(text, '"') == NULL ? '"' : '\'';

    CVYI_TRY(cvyi_py_tick(eval, (int64_t)(strlen(text) / 64), err));
    cvyi_text_add(out, &quote, 1);
    for (const char *p = text; *p != '\0';) {
        const size_t n = (size_t)(cvyi_py_text_at(p, 1) - p);

        if ((unsigned char)*p < 0x80)
            put_narrow(out, *p, quote);
        else
            CVYI_TRY(put_wide(out, eval, p, n, err));
        p += n;
    }
    cvyi_text_add(out, &quote, 1);
    return CVY_OK;
}

/* ---- containers ---- */

static cvy_status put_items(cvyi_text *out, cvyi_py_eval *eval,
                            const cvyi_py_seq *seq, cvy_error *err)
{
    for (int i = 0; i < seq->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        CVYI_TRY(cvyi_py_put_repr(out, eval, &seq->items[i], err));
    }
    return CVY_OK;
}

static cvy_status put_seq(cvyi_text *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    const bool list = value->type == CVYI_PY_V_LIST;

    cvyi_text_put(out, list ? "[" : "(");
    CVYI_TRY(put_items(out, eval, value->seq, err));
    cvyi_text_put(out, list ? "]" : value->seq->n == 1 ? ",)" : ")");
    return CVY_OK;
}

static cvy_status put_set(cvyi_text *out, cvyi_py_eval *eval,
                          const cvyi_py_seq *set, cvy_error *err)
{
    if (set->n > 1)
        return cvyi_py_refuse(eval, err, "the order of a set is not known");
    cvyi_text_put(out, set->n > 0 ? "{" : "set(");
    CVYI_TRY(put_items(out, eval, set, err));
    cvyi_text_put(out, set->n > 0 ? "}" : ")");
    return CVY_OK;
}

static cvy_status put_dict(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_map *map, cvy_error *err)
{
    cvyi_text_put(out, "{");
    for (int i = 0; i < map->n; i++) {
        const cvyi_py_value value = map->values[i];

        cvyi_text_put(out, i > 0 ? ", " : "");
        CVYI_TRY(cvyi_py_put_repr(out, eval, &map->keys[i], err));
        cvyi_text_put(out, ": ");
        CVYI_TRY(cvyi_py_put_repr(out, eval, &value, err));
    }
    cvyi_text_put(out, "}");
    return CVY_OK;
}

static cvy_status put_bounds(cvyi_text *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    const bool slice = value->type == CVYI_PY_V_SLICE;
    const bool step = slice || value->bounds.step->integer != 1;

    cvyi_text_put(out, slice ? "slice(" : "range(");
    CVYI_TRY(cvyi_py_put_repr(out, eval, value->bounds.start, err));
    cvyi_text_put(out, ", ");
    CVYI_TRY(cvyi_py_put_repr(out, eval, value->bounds.stop, err));
    cvyi_text_put(out, step ? ", " : "");
    if (step)
        CVYI_TRY(cvyi_py_put_repr(out, eval, value->bounds.step, err));
    cvyi_text_put(out, ")");
    return CVY_OK;
}

static cvy_status put_view(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, cvy_error *err)
{
    static const char *const names[] = { "dict_keys([", "dict_values([",
                                         "dict_items([" };
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, eval, value, true, err));
    cvyi_text_put(out, names[value->method->view]);
    CVYI_TRY(put_items(out, eval, items, err));
    cvyi_text_put(out, "])");
    return CVY_OK;
}

/* ---- instances ---- */

static cvy_status put_instance(cvyi_text *out, cvyi_py_eval *eval,
                               const cvyi_py_value *value, bool str,
                               cvy_error *err)
{
    cvyi_py_value made;
    const char *text;
    bool found = false;

    if (str)
        CVYI_TRY(
            cvyi_py_special(&made, &found, eval, value, "__str__", NULL, err));
    if (!found)
        CVYI_TRY(cvyi_py_special(&made, &found, eval, value, "__repr__", NULL,
                                 err));
    if (!found)
        return cvyi_py_refuse(eval, err, "%s has no text of its own",
                              cvyi_py_describe(eval, value));
    CVYI_TRY(
        cvyi_py_need_text(&text, eval, &made, "the text of an instance", err));
    cvyi_text_put(out, text);
    return CVY_OK;
}

static cvy_status put_inner(cvyi_text *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, cvy_error *err)
{
    switch (value->type) {
    case CVYI_PY_V_NONE:
        cvyi_text_put(out, "None");
        return CVY_OK;
    case CVYI_PY_V_BOOL:
        cvyi_text_put(out, value->truth ? "True" : "False");
        return CVY_OK;
    case CVYI_PY_V_INT:
        cvyi_text_printf(out, "%lld", (long long)value->integer);
        return CVY_OK;
    case CVYI_PY_V_FLOAT:
        cvyi_text_double(out, value->real);
        return CVY_OK;
    case CVYI_PY_V_ELLIPSIS:
        cvyi_text_put(out, "Ellipsis");
        return CVY_OK;
    case CVYI_PY_V_TEXT:
        return put_text(out, eval, value->text, err);
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
        return put_seq(out, eval, value, err);
    case CVYI_PY_V_SET:
        return put_set(out, eval, value->seq, err);
    case CVYI_PY_V_DICT:
        return put_dict(out, eval, value->map, err);
    case CVYI_PY_V_RANGE:
    case CVYI_PY_V_SLICE:
        return put_bounds(out, eval, value, err);
    case CVYI_PY_V_INSTANCE:
        return put_instance(out, eval, value, false, err);
    default:
        if (value->type == CVYI_PY_V_BUILTIN && value->builtin->is_type) {
            cvyi_text_printf(out, "<class '%s'>", value->builtin->name);
            return CVY_OK;
        }
        if (cvyi_py_is_method(value, CVYI_PY_M_VIEW))
            return put_view(out, eval, value, err);
        return cvyi_py_refuse(eval, err, "%s has no text of its own",
                              cvyi_py_describe(eval, value));
    }
}

cvy_status cvyi_py_put_repr(cvyi_text *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, cvy_error *err)
{
    cvy_status status;

    if (cvyi_py_unknown(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    CVYI_TRY(cvyi_py_enter(eval, err));
    status = cvyi_py_tick(eval, 1, err);
    if (status == CVY_OK)
        status = cvyi_py_room(eval, out->size, 1, err);
    if (status == CVY_OK)
        status = put_inner(out, eval, value, err);
    eval->nesting--;
    return status;
}

cvy_status cvyi_py_put_str(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, cvy_error *err)
{
    if (value->type == CVYI_PY_V_TEXT) {
        CVYI_TRY(cvyi_py_room(eval, out->size + strlen(value->text), 1, err));
        cvyi_text_put(out, value->text);
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_INSTANCE)
        return put_instance(out, eval, value, true, err);
    return cvyi_py_put_repr(out, eval, value, err);
}
