/* pass/cut.c - what is cut off a value leaves the call that makes it. */
#include "pass/cut.h"

static int64_t part(int64_t amount, int sign)
{
    return sign * amount > 0 ? amount : 0;
}

/* The amounts above 0 (sign 1) are cut off; those below add elements. */
static cvyi_border part_of(const cvyi_border *border, int sign)
{
    cvyi_border out = { .rule = CVYI_BORDER_GIVEN };

    for (int i = 0; i < CVYI_MAX_SPATIAL; i++) {
        out.before[i] = part(border->before[i], sign);
        out.after[i] = part(border->after[i], sign);
    }
    return out;
}

static const char *cut_of(const cvyi_call *call)
{
    return call->attrs.op->cut;
}

/* The attributes with nothing cut off, and what comes out then. */
static cvy_status uncut(cvyi_attrs *attrs, cvyi_inferred *inferred,
                        const cvyi_graph *graph, int i, cvy_error *err)
{
    cvyi_call whole = graph->calls[i];
    const char *const name = cut_of(&whole);

    cvyi_set_border(&whole.attrs, name,
                    part_of(cvyi_attr_border(&whole.attrs, name), -1));
    CVYI_TRY(cvyi_graph_infer_call(inferred, graph, &whole, err));
    *attrs = whole.attrs;
    return CVY_OK;
}

/* Has the target words for it, as plain as is wanted? */
static bool can_say(const cvyi_target *target, const cvyi_saying *what)
{
    cvyi_said said;
    const bool good = cvyi_say(&said, target->dialect, CVYI_FORM_MODULE, what,
                               NULL) == CVY_OK &&
                      (said.helper == NULL || !target->plain);

    cvyi_said_close(&said);
    return good;
}

/* Can the target say it without what is cut off, but not with it? */
static cvy_status helps(bool *out, cvyi_graph *graph, int i,
                        const cvyi_target *target, cvy_error *err)
{
    cvyi_saying saying;
    cvyi_inferred inferred;
    cvyi_attrs attrs;

    *out = false;
    if (cut_of(&graph->calls[i]) == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_saying(&saying, graph, i, err));
    if (can_say(target, &saying))
        return CVY_OK;
    CVYI_TRY(uncut(&attrs, &inferred, graph, i, err));
    saying.attrs = &attrs;
    saying.out = inferred.out;
    *out = can_say(target, &saying);
    return CVY_OK;
}

/* The crop's result is the one that the source has. */
static cvy_status split(cvyi_graph *graph, int at, cvy_error *err)
{
    const cvyi_call before = graph->calls[at];
    const cvyi_border cut =
        part_of(cvyi_attr_border(&before.attrs, cut_of(&before)), 1);
    const int made = before.out[0], n = before.attrs.n_spatial;
    cvyi_inferred inferred;
    cvyi_attrs crop, attrs;

    CVYI_TRY(uncut(&attrs, &inferred, graph, at, err));
    graph->calls[at].attrs = attrs;
    graph->results[made].type = inferred.out[0];
    cvyi_attrs_open(&crop, cvyi_op_find("crop"), n);
    cvyi_set_ints(&crop, "before", cut.before, n);
    cvyi_set_ints(&crop, "after", cut.after, n);
    CVYI_TRY(cvyi_graph_insert_call(graph, at + 1, &crop, before.axes, &made,
                                    1, err));

    cvyi_call *const behind = &graph->calls[at + 1];
    cvyi_result *const whole = &graph->results[made];
    cvyi_result *const rest = &graph->results[behind->out[0]];

    behind->module = before.module;
    behind->visit = before.visit;
    behind->label = "crop";
    behind->comment = "cut off behind it";
    rest->name = whole->name;
    rest->origin = whole->origin;
    rest->arrangement = whole->arrangement;
    whole->name = NULL;
    whole->origin = -1;
    whole->arrangement = (cvyi_arrangement){ 0 };
    cvyi_graph_replace(graph, made, behind->out[0], at + 2, true);
    return CVY_OK;
}

static cvy_status split_all(cvyi_graph *graph, bool *splits,
                            const cvyi_target *target, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        bool found;

        CVYI_TRY(helps(&found, graph, i, target, err));
        splits[i] = splits[i] || found;
        for (int k = cvyi_graph_twin(graph, i, 0); found && k >= 0;
             k = cvyi_graph_twin(graph, i, k + 1))
            splits[k] = true;
    }
    /* From the end, so that the places of the others stay. */
    for (int i = graph->n_calls - 1; i >= 0; i--)
        if (splits[i])
            CVYI_TRY(split(graph, i, err));
    return CVY_OK;
}

cvy_status cvyi_cut_behind(cvyi_graph *graph, const cvyi_target *target,
                           cvy_error *err)
{
    bool *const splits = cvyi_alloc((size_t)graph->n_calls, sizeof *splits);
    cvy_status status;

    if (splits == NULL)
        return cvyi_no_memory(err);
    status = split_all(graph, splits, target, err);
    cvyi_free(splits);
    return status;
}
