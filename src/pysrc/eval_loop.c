/*
 * pysrc/eval_loop.c - branches and loops, and what becomes of them where a
 * condition is not known.
 */
#include "pysrc/eval_parts.h"

/* A loop that takes more steps than this and makes nothing that a network
 * could need is not gone through to its end, in a lenient host. */
enum { MOST_STEPS_OF_NOTHING = 300 * 1000 };

/* ---- conditions that are not known ---- */

/* *cause is not NULL if it is not known. */
static cvy_status test_of(bool *truth, const cvyi_py_cause **cause,
                          cvyi_py_eval *eval, const cvyi_py_node *node,
                          cvy_error *err)
{
    cvyi_py_value test;
    cvy_status status;

    *cause = NULL;
    CVYI_TRY(cvyi_py_expr(&test, eval, node->loop.test, err));
    status = cvyi_py_eval_truth(truth, eval, &test, err);
    return status == CVY_OK ? CVY_OK
                            : cvyi_py_forgive(cause, eval, status, err);
}

/* "line 12 depends on line 3: module x is not read" */
static cvy_status depends(const cvyi_py_cause **out, cvyi_py_eval *eval,
                          const cvyi_py_node *node, const cvyi_py_cause *cause,
                          cvy_error *err)
{
    const cvyi_py_cause *made;
    cvyi_py_cause *kept;

    if (strncmp(cause->reason, "line ", 5) == 0) {
        *out = cause;
        return CVY_OK;
    }
    eval->frame->line = node->line;
    CVYI_TRY(cvyi_py_make_cause(&made, eval, err,
                                "line %d depends on line %d: %s", node->line,
                                cause->line, cause->reason));
    CVYI_PY_NEW(kept, eval, 1, err);
    *kept = *made;
    kept->because = cause;
    *out = kept;
    return CVY_OK;
}

static cvy_status skip_branches(cvyi_py_flow *flow, cvyi_py_eval *eval,
                                const cvyi_py_node *node,
                                const cvyi_py_cause *cause, cvy_error *err)
{
    cvyi_py_flow one, other;

    CVYI_TRY(depends(&cause, eval, node, cause, err));
    CVYI_TRY(cvyi_py_skip(&one, eval, &node->loop.body, cause, err));
    CVYI_TRY(cvyi_py_skip(&other, eval, &node->loop.orelse, cause, err));
    *flow = CVYI_PY_GO_ON;
    cvyi_py_leave(flow, eval, one > other ? one : other, cause);
    return CVY_OK;
}

/* From here on the loop's body may run or not. */
static cvy_status skip_loop(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node,
                            const cvyi_py_cause *cause, cvy_error *err)
{
    cvyi_py_flow body, orelse;

    if (node->kind == CVYI_PY_FOR)
        CVYI_TRY(cvyi_py_skip_target(eval, node->loop.target, cause, err));
    CVYI_TRY(cvyi_py_skip(&body, eval, &node->loop.body, cause, err));
    CVYI_TRY(cvyi_py_skip(&orelse, eval, &node->loop.orelse, cause, err));
    *flow = CVYI_PY_GO_ON;
    if (body == CVYI_PY_DO_RETURN)
        cvyi_py_leave(flow, eval, body, cause);
    else
        cvyi_py_leave(flow, eval, orelse, cause);
    return CVY_OK;
}

static cvy_status skip_unknown_loop(cvyi_py_flow *flow, cvyi_py_eval *eval,
                                    const cvyi_py_node *node,
                                    const cvyi_py_cause *cause, cvy_error *err)
{
    CVYI_TRY(depends(&cause, eval, node, cause, err));
    return skip_loop(flow, eval, node, cause, err);
}

cvy_status cvyi_py_if(cvyi_py_flow *flow, cvyi_py_eval *eval,
                      const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_cause *cause;
    const cvyi_py_list *passed;
    bool truth;

    CVYI_TRY(test_of(&truth, &cause, eval, node, err));
    if (cause != NULL)
        return skip_branches(flow, eval, node, cause, err);
    passed = truth ? &node->loop.orelse : &node->loop.body;
    if (passed->n > 0 && eval->host->passed != NULL)
        CVYI_TRY(eval->host->passed(eval, node, passed, err));
    return cvyi_py_body(flow, eval,
                        truth ? &node->loop.body : &node->loop.orelse, err);
}

/* ---- loops that do nothing that is known ---- */

typedef struct watch {
    int64_t steps; /* when it began */
    bool opaque;   /* something in it was not known */
    bool plain;    /* nothing but expressions and assignments in it */
    int quiet;     /* times that it had no effect, one after another */
    bool made;     /* what may be part of a network */
    int64_t effects, parts, opaques;
} watch;

static watch watch_open(const cvyi_py_eval *eval, const cvyi_py_node *node)
{
    watch w = { .steps = eval->steps, .plain = true };

    for (int i = 0; i < node->loop.body.n; i++) {
        const cvyi_py_kind kind = node->loop.body.items[i]->kind;

        w.plain =
            w.plain && (kind == CVYI_PY_EXPR || kind == CVYI_PY_ASSIGN ||
                        kind == CVYI_PY_AUG_ASSIGN || kind == CVYI_PY_PASS);
    }
    return w;
}

static void watch_begin(watch *w, const cvyi_py_eval *eval)
{
    w->effects = eval->effects;
    w->parts = eval->parts;
    w->opaques = eval->opaques;
}

/* After one time: is it not worth going on? */
static bool watch_ends(watch *w, const cvyi_py_eval *eval)
{
    const bool opaque = eval->opaques > w->opaques;
    const bool quiet = opaque && eval->effects == w->effects;

    w->opaque = w->opaque || opaque;
    w->quiet = quiet ? w->quiet + 1 : 0;
    w->made = w->made || eval->parts != w->parts;
    return cvyi_py_is_lenient(eval) &&
           ((w->plain && w->quiet >= 2) ||
            (w->opaque && !w->made &&
             eval->steps - w->steps > MOST_STEPS_OF_NOTHING));
}

static cvy_status cut_short(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_cause *cause;

    eval->frame->line = node->line;
    CVYI_TRY(cvyi_py_make_cause(&cause, eval, err,
                                "the loop in line %d is not followed to its "
                                "end",
                                node->line));
    return skip_loop(flow, eval, node, cause, err);
}

/* ---- loops ---- */

/* After a body: *ends says whether the loop ends here. */
static cvy_status leave_loop(cvyi_py_flow *flow, bool *ends,
                             cvyi_py_eval *eval, const cvyi_py_node *node,
                             cvyi_py_flow body, cvy_error *err)
{
    const cvyi_py_cause *const cause = eval->frame->leaves;

    *flow = body == CVYI_PY_DO_RETURN ? body : CVYI_PY_GO_ON;
    *ends = body == CVYI_PY_DO_RETURN || body == CVYI_PY_DO_BREAK;
    if (body == CVYI_PY_GO_ON || cause == NULL)
        return CVY_OK;
    *ends = true;
    eval->frame->leaves = NULL;
    CVYI_TRY(skip_loop(flow, eval, node, cause, err));
    if (body == CVYI_PY_DO_RETURN)
        cvyi_py_leave(flow, eval, body, cause);
    return CVY_OK;
}

cvy_status cvyi_py_while(cvyi_py_flow *flow, cvyi_py_eval *eval,
                         const cvyi_py_node *node, cvy_error *err)
{
    watch w = watch_open(eval, node);

    for (;;) {
        const cvyi_py_cause *cause;
        cvyi_py_flow body;
        bool truth, ends;

        watch_begin(&w, eval);
        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(test_of(&truth, &cause, eval, node, err));
        if (cause != NULL)
            return skip_unknown_loop(flow, eval, node, cause, err);
        if (!truth)
            return cvyi_py_body(flow, eval, &node->loop.orelse, err);
        CVYI_TRY(cvyi_py_body(&body, eval, &node->loop.body, err));
        CVYI_TRY(leave_loop(flow, &ends, eval, node, body, err));
        if (ends)
            return CVY_OK;
        if (watch_ends(&w, eval))
            return cut_short(flow, eval, node, err);
    }
}

static cvy_status next_item(bool *more, const cvyi_py_cause **cause,
                            cvyi_py_eval *eval, const cvyi_py_node *node,
                            cvyi_py_walk *walk, cvy_error *err)
{
    const cvyi_py_cause *unknown = NULL;
    cvyi_py_value item;
    cvy_status status;

    *cause = NULL;
    eval->frame->line = node->line;
    status = cvyi_py_walk_next(&item, more, walk, eval, err);
    if (status != CVY_OK)
        return cvyi_py_forgive(cause, eval, status, err);
    if (!*more)
        return CVY_OK;
    status = cvyi_py_assign(eval, node->loop.target, &item, err);
    if (status == CVY_OK)
        return CVY_OK;
    CVYI_TRY(cvyi_py_forgive(&unknown, eval, status, err));
    return cvyi_py_skip_target(eval, node->loop.target, unknown, err);
}

cvy_status cvyi_py_for_loop(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    watch w = watch_open(eval, node);
    const cvyi_py_cause *cause = NULL;
    cvyi_py_walk walk;
    cvyi_py_value over;
    cvyi_py_flow body;
    bool more, ends;
    cvy_status status;

    CVYI_TRY(cvyi_py_expr(&over, eval, node->loop.iter, err));
    status = cvyi_py_walk_open(&walk, eval, &over, true, err);
    if (status != CVY_OK)
        CVYI_TRY(cvyi_py_forgive(&cause, eval, status, err));
    for (;;) {
        if (cause == NULL)
            CVYI_TRY(next_item(&more, &cause, eval, node, &walk, err));
        if (cause != NULL)
            return skip_unknown_loop(flow, eval, node, cause, err);
        if (!more)
            return cvyi_py_body(flow, eval, &node->loop.orelse, err);
        watch_begin(&w, eval);
        CVYI_TRY(cvyi_py_body(&body, eval, &node->loop.body, err));
        CVYI_TRY(leave_loop(flow, &ends, eval, node, body, err));
        if (ends)
            return CVY_OK;
        if (watch_ends(&w, eval))
            return cut_short(flow, eval, node, err);
    }
}
