/*
 * convey/finding.h - what there is to say about one layer of a model.
 *
 * A refusal says why a layer cannot be carried over and what can be done; a
 * remark says what is different on the other side. All texts are UTF-8 on one
 * line without a final period, never NULL, and borrowed from the result that
 * gave the finding out: they must not outlive it.
 */
#ifndef CONVEY_FINDING_H
#define CONVEY_FINDING_H

#include "convey/base.h"

CVY_BEGIN

typedef struct cvy_finding {
    bool refusal; /**< else a remark */
    /** "illegal_in_source", "no_counterpart", "unknown_call" or
     * "unsupported"; "" for a remark */
    const char *kind;
    const char *layer;     /**< the source's name of the layer, or "" */
    const char *attribute; /**< the argument it is about, or "" */
    const char *text;      /**< the reason, or the remark */
    const char *advice;    /**< what the user can do, or "" */
    const char *where;     /**< place in the source, or "" */
} cvy_finding;

CVY_END

#endif
