/*
 * pass/blocks_words.c - what calls of one structure have in common.
 *
 * Repetitions become one class, whose arguments are the numbers in which they
 * differ. So two calls are alike if the target says them in the same words:
 * the text of what it would say, without numbers and without the arguments
 * that are nothing but a number.
 */
#include "pass/blocks.h"

#include <ctype.h>
#include <string.h>

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Length of the number that begins here, its sign included; 0: none does. */
static size_t number(const char *at, const char *begin)
{
    const char *p = at + (*at == '-');

    if (!isdigit((unsigned char)*p) ||
        (at > begin && (is_name(at[-1]) || at[-1] == '.' || at[-1] == '{')))
        return 0;
    while (isalnum((unsigned char)*p) || *p == '.' ||
           ((*p == '-' || *p == '+') && p[-1] == 'e'))
        p++;
    return (size_t)(p - at);
}

/* Length of "(1, 2)": several numbers and nothing else. */
static size_t tuple(const char *at, const char *begin)
{
    const char *p = at + 1;

    if (*at != '(' || *p == ')' || (at > begin && is_name(at[-1])))
        return 0;
    while (*p != ')') {
        const size_t n = number(p, p);

        if (n == 0)
            return 0;
        p += n;
        p += strspn(p, ", ");
    }
    return (size_t)(p + 1 - at);
}

/* Length of "key=", if such a thing begins here. */
static size_t key(const char *at, const char *begin)
{
    size_t n = 0;

    if (at > begin && is_name(at[-1]))
        return 0;
    while (is_name(at[n]))
        n++;
    return n > 0 && at[n] == '=' ? n + 1 : 0;
}

int cvyi_outline_numbers(cvyi_number *out, int capacity, const char *code)
{
    int n = 0, places = 0;

    for (const char *p = code; *p != '\0' && n < capacity;) {
        const size_t named = key(p, code);
        const char *const value = p + named;
        const char *const begin = named > 0 ? value : code;
        size_t length = tuple(value, begin);

        if (length == 0)
            length = number(value, begin);
        if (length == 0) {
            p++;
            continue;
        }
        out[n++] =
            (cvyi_number){ named > 0 ? -1 : places, p, value, named, length };
        places += named == 0;
        p = value + length;
    }
    return n;
}

/* An argument that was the last one has left a comma behind. */
static void drop_comma(cvyi_text *out)
{
    if (out->size >= 2 && memcmp(out->bytes + out->size - 2, ", ", 2) == 0)
        out->size -= 2;
}

static void put_words(cvyi_text *out, const char *code)
{
    for (const char *p = code; *p != '\0';) {
        const size_t named = key(p, code);
        const char *const begin = named > 0 ? p + named : code;
        size_t n = tuple(p + named, begin);

        if (n == 0)
            n = number(p + named, begin);
        if (n > 0) {
            cvyi_text_put(out, named > 0 ? "" : "#");
            p += named + n;
            p += named > 0 ? strspn(p, ", ") : 0;
            continue;
        }
        if (*p == ')')
            drop_comma(out);
        cvyi_text_add(out, p++, 1);
    }
}

/* What stands in no words: axes, switches, lists of constants, and whether a
 * count is the usual one (a convolution has groups, or has not). */
static void put_attrs(cvyi_text *out, const cvyi_attrs *attrs,
                      cvyi_attr_value *fallback)
{
    const cvyi_attr *const rows = attrs->op->attrs;

    for (int i = 0; rows != NULL && rows[i].name != NULL; i++) {
        const cvyi_attr_value *const value = &attrs->at[i];

        switch (rows[i].kind) {
        case CVYI_ATTR_INT:
            if (rows[i].fallback != NULL)
                cvyi_text_put(out, value->ints[0] == fallback[i].ints[0]
                                       ? " usual"
                                       : " other");
            break;
        case CVYI_ATTR_INTS:
        case CVYI_ATTR_SIZES:
            cvyi_text_printf(out, " %d", value->n);
            break;
        case CVYI_ATTR_FLOAT:
            break;
        case CVYI_ATTR_BORDER:
            cvyi_text_printf(out, " %d", (int)value->border.rule);
            break;
        case CVYI_ATTR_BOOL:
        case CVYI_ATTR_AXIS:
        case CVYI_ATTR_PLACE:
        case CVYI_ATTR_MARKS:
        case CVYI_ATTR_FLOATS:
        case CVYI_ATTR_WORD:
            cvyi_text_put(out, " ");
            cvyi_attr_print(out, &rows[i], value);
            break;
        }
    }
}

cvy_status cvyi_outline_words(cvyi_text *out, cvyi_text *code, bool *object,
                              cvyi_outline *outline, int call, cvy_error *err)
{
    static const cvyi_form forms[] = { CVYI_FORM_MODULE, CVYI_FORM_FUNCTION };
    const cvyi_call *const c = &outline->graph->calls[call];
    cvyi_attrs usual;
    cvyi_saying saying;
    unsigned present = 0;

    *object = false;
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        present |= c->params[s] >= 0 ? 1u << s : 0;
    cvyi_text_printf(out, "%s %u %d %d %d%d %s:", c->attrs.op->name, present,
                     c->attrs.n_spatial, (int)c->axes, c->argument,
                     outline->graph->modules[c->module].frozen,
                     c->label != NULL ? c->label : "");
    cvyi_attrs_open(&usual, c->attrs.op, c->attrs.n_spatial);
    put_attrs(out, &c->attrs, usual.at);
    CVYI_TRY(cvyi_graph_saying(&saying, outline->graph, call, err));
    saying.arena = &outline->arena;
    /* What has parameters is an object, and no expression. */
    for (int i = 0; i < (present != 0 ? 1 : 2); i++) {
        cvyi_said said = { 0 };
        const cvy_status status =
            cvyi_say(&said, outline->dialect, forms[i], &saying, err);

        cvyi_text_put(out, "|");
        if (status == CVY_OK) {
            put_words(out, cvyi_text_c(&said.code));
            *object = *object || (i == 0 && !c->argument);
            if (*object == (i == 0))
                cvyi_text_printf(code, "%s\n", cvyi_text_c(&said.code));
        }
        cvyi_said_close(&said);
        if (status == CVY_MEMORY)
            return status;
    }
    return CVY_OK;
}
