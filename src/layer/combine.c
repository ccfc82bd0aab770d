/* layer/combine.c - arithmetic with a trained array, read. */
#include "layer/combine.h"

#include <string.h>

static bool is_weight(const cvyi_bound *call, const cvyi_value *value)
{
    return call->weights != NULL && value->kind == CVYI_TENSOR &&
           value->integer >= 0 && value->integer < call->n_in &&
           call->weights[value->integer];
}

/* How the array lies against the input. */
typedef struct fitting {
    int64_t marks[CVYI_MAX_DIMS];
    int n, axis;                  /* marked, and the last of them */
    int64_t times[CVYI_MAX_DIMS]; /* what the input is repeated by */
    bool repeats;
    bool single; /* one element, for the only channel */
    char layout[5 * CVYI_MAX_DIMS + 8];
} fitting;

static void put(fitting *f, const char *word)
{
    const size_t n = strlen(f->layout);

    strcpy(f->layout + n, n > 0 ? " " : "");
    strcat(f->layout, word);
}

static void put_letter(fitting *f, int i)
{
    const char word[] = { (char)('C' + i), '\0' };

    put(f, word);
}

static cvy_status misfit(cvyi_phrase *phrase, const cvyi_bound *call,
                         cvyi_refusal_kind kind, const char *name,
                         const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err, kind, name,
                       "give it the sizes of the tensor's last axes, or 1",
                       "%s", reason);
}

/* One axis of the array against axis `axis` of the input; below 0: the input
 * has none. */
static cvy_status fit_axis(fitting *f, cvyi_phrase *phrase,
                           const cvyi_bound *call, int axis, cvyi_size length,
                           const char *name, cvy_error *err)
{
    int64_t mine, other;

    if (!cvyi_size_constant(&mine, length))
        return misfit(phrase, call, CVYI_NOT_SUPPORTED, name,
                      "the shape of the weight is not known", err);
    if (mine == 1) {
        f->single = axis > 0 && axis == call->in[0].rank - 1 &&
                    cvyi_size_constant(&other, call->in[0].dims[axis]) &&
                    other == 1;
        put(f, "1");
        return CVY_OK;
    }
    if (axis < 0)
        return misfit(phrase, call, CVYI_NOT_SUPPORTED, name,
                      "the weight has more axes than the tensor", err);
    if (axis == 0)
        return misfit(phrase, call, CVYI_NOT_SUPPORTED, name,
                      "the weight meets the axis of the batch", err);
    if (!cvyi_size_constant(&other, call->in[0].dims[axis]))
        return misfit(phrase, call, CVYI_NOT_SUPPORTED, name,
                      "the weight meets an axis whose size is not known", err);
    if (other != mine && other != 1)
        return misfit(phrase, call, CVYI_ILLEGAL_IN_SOURCE, name,
                      "the sizes of the weight and of the tensor differ", err);
    if (other != mine) {
        f->times[axis] = mine;
        f->repeats = true;
    }
    put_letter(f, f->n);
    f->marks[axis] = ++f->n;
    f->axis = axis;
    return CVY_OK;
}

static cvy_status fit(fitting *f, cvyi_phrase *phrase, const cvyi_bound *call,
                      const cvyi_type *weight, const char *name,
                      cvy_error *err)
{
    const int first = call->in[0].rank - weight->rank;

    for (int i = 0; i < weight->rank; i++)
        CVYI_TRY(
            fit_axis(f, phrase, call, first + i, weight->dims[i], name, err));
    /* What remains, without the axes of one element. */
    if (f->n == weight->rank && f->n > 0)
        return CVY_OK;
    put(f, f->n == 0 ? "-> 1" : "->");
    for (int i = 0; i < f->n; i++)
        put_letter(f, i);
    return CVY_OK;
}

static cvy_status add_repeat(cvyi_phrase *phrase, const cvyi_bound *call,
                             const fitting *f, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(phrase, call, "repeat");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->label = "repeat";
    cvyi_set_ints(&step->attrs, "times", f->times, call->in[0].rank);
    return CVY_OK;
}

/* The operator of one number for each channel, which other passes know; NULL:
 * there is none. */
static const char *channel_operator(cvyi_axes *axes, const cvyi_bound *call,
                                    const fitting *f, const char *way)
{
    const int rank = call->in[0].rank;
    const bool last = f->axis == rank - 1;

    if (f->repeats || rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (f->n == 1 ? !last && (f->axis != 1 || rank < 4) : !f->single))
        return NULL;
    *axes = last || f->n == 0 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    return strcmp(way, "add") == 0        ? "channel_bias"
           : strcmp(way, "multiply") == 0 ? "channel_scale"
                                          : NULL;
}

cvy_status cvyi_combine_pair(bool *done, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *way,
                             const char *back, cvy_error *err)
{
    const bool first = is_weight(call, call->values[0]);
    const cvyi_value *const weight = call->values[first ? 0 : 1];
    const char *const name = call->names[first ? 0 : 1];
    const char *const meant = first ? back : way;
    fitting f = { .axis = -1 };
    const char *op, *rule;
    cvyi_axes axes = CVYI_AXES_LAST;
    cvyi_step *step;

    *done = false;
    if (call->n_in != 2 || first == is_weight(call, call->values[1]) ||
        call->values[first ? 1 : 0]->kind != CVYI_TENSOR)
        return CVY_OK;
    CVYI_TRY(fit(&f, phrase, call, &call->in[weight->integer], name, err));
    op = channel_operator(&axes, call, &f, meant);
    rule = cvyi_arena_text(call->arena, f.layout, strlen(f.layout));
    if (rule == NULL)
        return cvyi_no_memory(err);
    if (f.repeats)
        CVYI_TRY(add_repeat(phrase, call, &f, err));
    step = cvyi_phrase_add(phrase, call, op != NULL ? op : "combine");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    if (op == NULL) {
        cvyi_attrs_open(&step->attrs, step->attrs.op, 0);
        cvyi_set_word(&step->attrs, "way", meant);
        cvyi_set_ints(&step->attrs, "axes", f.marks, call->in[0].rank);
    }
    cvyi_step_slot_add(step, step->attrs.op->slots[0].name, name, rule)
        ->operand = (int)weight->integer;
    *done = true;
    return CVY_OK;
}
