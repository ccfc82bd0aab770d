/* layer/dot/words.c - a dot product as an equation of letters. */
#include "layer/dot/words.h"

#include <string.h>

/* ---- reading ---- */

/* The letters of both operands and of the result. */
typedef struct equation {
    char in[2][CVYI_MAX_DIMS + 1], out[CVYI_MAX_DIMS + 1];
} equation;

/* One group of different letters, up to any of `ends`; NULL if it is none. */
static const char *take(char *letters, const char *text, const char *ends)
{
    int n = 0;

    for (; *text != '\0' && strchr(ends, *text) == NULL; text++) {
        const bool letter =
            (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');

        if (*text == ' ')
            continue;
        if (!letter || n == CVYI_MAX_DIMS || memchr(letters, *text, (size_t)n))
            return NULL;
        letters[n++] = *text;
    }
    letters[n] = '\0';
    return n > 0 ? text : NULL;
}

static bool parse(equation *out, const char *text)
{
    text = take(out->in[0], text, ",");
    if (text == NULL || *text != ',')
        return false;
    text = take(out->in[1], text + 1, "-");
    if (text == NULL || strncmp(text, "->", 2) != 0)
        return false;
    text = take(out->out, text + 2, "");
    return text != NULL && *text == '\0';
}

/* The axes that are summed, if all else stays in its order and the first
 * letter of all three is the sample's. */
static bool is_dot(int64_t *axes, const equation *e)
{
    char kept[2 * CVYI_MAX_DIMS + 1];
    int n = 0, found = 0;

    if (e->in[0][0] != e->in[1][0])
        return false;
    kept[n++] = e->in[0][0];
    for (int i = 1; e->in[0][i] != '\0'; i++) {
        const char *const other = strchr(e->in[1] + 1, e->in[0][i]);

        if (other == NULL) {
            kept[n++] = e->in[0][i];
            continue;
        }
        axes[0] = i;
        axes[1] = other - e->in[1];
        found++;
    }
    for (int i = 1; e->in[1][i] != '\0'; i++)
        if (found == 1 && i != axes[1])
            kept[n++] = e->in[1][i];
    kept[n] = '\0';
    return found == 1 && strcmp(kept, e->out) == 0;
}

cvy_status cvyi_dot_from_equation(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    const char *const name = call->names[0];
    const char *const text = cvyi_as_text(call->values[0]);
    int64_t axes[2] = { 0 };
    cvyi_step *step;
    equation e;

    if (text == NULL || call->n_in != 2 || !parse(&e, text) ||
        !is_dot(axes, &e))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name,
                           "write it with the layers and functions that "
                           "`convey ops` lists",
                           "only a product of two tensors that is summed "
                           "along one axis of each is carried over");
    for (int k = 0; k < 2; k++)
        if ((int)strlen(e.in[k]) != call->in[k].rank)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, name,
                               "give a letter for each axis",
                               "%d letters for a tensor with %d axes",
                               (int)strlen(e.in[k]), call->in[k].rank);
    step = cvyi_phrase_add(out, call, "dot");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "axis", axes[0]);
    cvyi_set_int(&step->attrs, "other", axes[1]);
    return CVY_OK;
}

/* ---- writing ---- */

cvy_status cvyi_dot_say_equation(cvyi_said *out, const cvyi_saying *what,
                                 const char *function, cvy_error *err)
{
    const int64_t axes[] = { cvyi_attr_int(what->attrs, "axis"),
                             cvyi_attr_int(what->attrs, "other") };
    int free = 0;

    cvyi_text_printf(&out->code, "%s(\"", function);
    for (int k = 0; k < 2; k++) {
        cvyi_text_put(&out->code, k == 0 ? "n" : ",n");
        for (int i = 1; i < what->in[k].rank; i++)
            cvyi_text_printf(&out->code, "%c",
                             i == axes[k] ? 'k' : "abcdefgh"[free++]);
    }
    cvyi_text_printf(&out->code, "->n%.*s\", {0}, {1})", free, "abcdefgh");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
