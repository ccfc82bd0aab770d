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

/* Letters that all three begin with. */
static int count_shared(const equation *e)
{
    int n = 0;

    while (e->in[0][n] != '\0' && e->in[0][n] == e->in[1][n] &&
           strchr(e->out, e->in[0][n]) != NULL)
        n++;
    return n;
}

/* The axes that are summed, if one is and all else stays; `kept` is what
 * stays in the order in which the product has it. */
static bool is_dot(int64_t *axes, char *kept, int shared, const equation *e)
{
    int n = shared, found = 0;

    if (shared < 1 || e->out[0] != e->in[0][0])
        return false;
    memcpy(kept, e->in[0], (size_t)shared);
    for (int i = shared; e->in[0][i] != '\0'; i++) {
        const char *const other = strchr(e->in[1] + shared, e->in[0][i]);

        if (other == NULL) {
            kept[n++] = e->in[0][i];
            continue;
        }
        axes[0] = i;
        axes[1] = other - e->in[1];
        found++;
    }
    for (int i = shared; e->in[1][i] != '\0'; i++)
        if (found == 1 && i != axes[1])
            kept[n++] = e->in[1][i];
    kept[n] = '\0';
    return found == 1 && (int)strlen(e->out) == n &&
           (int)strspn(e->out, kept) == n;
}

/* The result's axes may stand in another order. */
static cvy_status add_order(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kept, const equation *e,
                            cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = (int)strlen(kept);
    cvyi_step *step;

    if (strcmp(kept, e->out) == 0)
        return CVY_OK;
    step = cvyi_phrase_add(out, call, "permute");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    for (int i = 0; i < n; i++)
        axes[i] = strchr(kept, e->out[i]) - kept;
    step->label = "permute";
    step->argument = true;
    cvyi_set_ints(&step->attrs, "axes", axes, n);
    return CVY_OK;
}

cvy_status cvyi_dot_from_equation(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    const char *const name = call->names[0];
    const char *const text = cvyi_as_text(call->values[0]);
    int64_t axes[2] = { 0 };
    char kept[2 * CVYI_MAX_DIMS + 1];
    cvyi_step *step;
    equation e;

    if (text == NULL || call->n_in != 2 || !parse(&e, text) ||
        !is_dot(axes, kept, count_shared(&e), &e))
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
    cvyi_set_int(&step->attrs, "shared", count_shared(&e));
    return add_order(out, call, kept, &e, err);
}

/* ---- writing ---- */

cvy_status cvyi_dot_say_equation(cvyi_said *out, const cvyi_saying *what,
                                 const char *function, cvy_error *err)
{
    const int64_t axes[] = { cvyi_attr_int(what->attrs, "axis"),
                             cvyi_attr_int(what->attrs, "other") };
    const int shared = (int)cvyi_attr_int(what->attrs, "shared");
    static const char before[] = "nmlopqr", letters[] = "abcdefgh";
    int free = 0;

    cvyi_text_printf(&out->code, "%s(\"", function);
    for (int k = 0; k < 2; k++) {
        cvyi_text_printf(&out->code, "%s%.*s", k == 0 ? "" : ",", shared,
                         before);
        for (int i = shared; i < what->in[k].rank; i++)
            cvyi_text_printf(&out->code, "%c",
                             i == axes[k] ? 'k' : letters[free++]);
    }
    cvyi_text_printf(&out->code, "->%.*s%.*s\", {0}, {1})", shared, before,
                     free, letters);
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
