/*
 * convey/show.h - what is in a model file.
 *
 * A show is a listing of a model: its layers with their output shapes,
 * parameters and multiply-adds, or its graph. Texts are UTF-8, borrowed from
 * the show, and live until the next call for the same text or until it is
 * closed. One show belongs to one thread at a time.
 */
#ifndef CONVEY_SHOW_H
#define CONVEY_SHOW_H

#include "convey/finding.h"
#include "convey/look.h"

CVY_BEGIN

/** What to show. { 0 } with a source is a complete request. */
typedef struct cvy_show_options {
    const char *source; /**< path of the model file; required */
    const char *target; /**< framework of the passes, or NULL: "torch" */
    /** Show the graph as it is after this pass of a port; NULL: as read. */
    const char *after;
    /** Sizes of inputs in the source's order, batch included, "?" for one
     * that stays unknown: "1x32x32x3", or "image=1x32x32x3". Without a name
     * it is the first input. */
    const char *const *inputs;
    int32_t n_inputs;
    /* Of Python source: */
    const char *from;        /**< its dialect, or NULL */
    const char *entry;       /**< what the network is, or NULL */
    const char *root;        /**< a folder to import from, or NULL */
    const char *const *sets; /**< "NAME=VALUE": values the file lacks */
    int32_t n_sets;
    const char *weights; /**< values of its variables by name, or NULL */
} cvy_show_options;

typedef struct cvy_show cvy_show;

/**
 * Reads a model to show it.
 *
 * @param out     receives the show, owned by the caller; untouched on failure
 * @param options borrowed for the call
 * @param err     may be NULL; filled only on failure
 * @return CVY_OK when there is a result to look at, also a bad one: ask
 *         cvy_show_status. CVY_ARGUMENT without a source, CVY_MEMORY
 */
CVY_CALL cvy_show_open(cvy_show **out, const cvy_show_options *options,
                       cvy_error *err);

/** CVY_OK, or why there is nothing to show: CVY_FORMAT, CVY_UNSUPPORTED,
 * CVY_SHAPE, CVY_ARGUMENT (sizes or a pass that do not fit), CVY_IO. */
CVY_EXPORT cvy_status cvy_show_status(const cvy_show *show);

/** Why the status is not CVY_OK; borrowed from the show. NULL if it is. */
CVY_EXPORT const cvy_error *cvy_show_error(const cvy_show *show);

/** Refusals and remarks, in the order in which they were found. */
CVY_EXPORT int32_t cvy_show_findings(const cvy_show *show);

/** Finding `index`, 0 .. cvy_show_findings - 1. */
CVY_EXPORT cvy_finding cvy_show_finding(const cvy_show *show, int32_t index);

/**
 * The table: a layer a line, then the totals.
 *
 * Multiply-adds are those of one sample unless the batch size is given; "?"
 * where they depend on a size that is not known. Empty when the status is not
 * CVY_OK.
 *
 * @return CVY_OK or CVY_MEMORY
 */
CVY_CALL cvy_show_table(const char **out, cvy_show *show, cvy_look look,
                        cvy_error *err);

/** The same as one JSON document; there is always one. Unknown numbers are
 * null. */
CVY_CALL cvy_show_json(const char **out, cvy_show *show, cvy_error *err);

/** The graph in its text form. Empty when the status is not CVY_OK. */
CVY_CALL cvy_show_graph(const char **out, cvy_show *show, cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_show_close(cvy_show *show);

CVY_END

#endif
