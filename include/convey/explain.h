/*
 * convey/explain.h - one layer in the words of the other framework.
 *
 * An explanation reads a call such as
 *
 *   nn.Conv2d(3, 16, 3, stride=2, padding=1)
 *   tf.nn.conv1d(x, W, stride=2, padding="SAME")
 *
 * as text, finds its exact counterpart, proves that both compute the same,
 * and says what becomes of every argument, of the border, the weights and
 * their initial values; or it says why there is no counterpart. Nothing of the
 * text is executed and no framework is asked; a python3 parses it.
 *
 * Texts are UTF-8, borrowed from the explanation, and live until it is closed.
 * One explanation belongs to one thread at a time.
 */
#ifndef CONVEY_EXPLAIN_H
#define CONVEY_EXPLAIN_H

#include "convey/finding.h"
#include "convey/look.h"

CVY_BEGIN

/** What to explain. { 0 } with `code` is a complete request. */
typedef struct cvy_explain_options {
    /** One call a line; blank lines and comments are left out. A comment
     * behind a call may hold options of its own, which come before those
     * here: `nn.ReLU()  # --input 1x8 --to keras`. Required. */
    const char *code;
    /** Dialect of the calls: "torch", "keras3", "keras2", "tf2", "tf1"; NULL:
     * told by each call's own names. */
    const char *from;
    const char *target; /**< "torch" or "keras"; NULL: the other world */
    /** Shapes in the source's order, batch included: "1x3x32x32", or
     * "W=3x1x5" for a tensor that the call names; "?" is an unknown size. */
    const char *const *inputs;
    int32_t n_inputs;
    uint64_t seed; /**< of the random numbers of the proof */
} cvy_explain_options;

typedef struct cvy_explain cvy_explain;

/**
 * Explains every call of the code.
 *
 * @param out     receives the explanation, owned by the caller; untouched on
 *                failure
 * @param options borrowed for the call
 * @param err     may be NULL; filled only on failure
 * @return CVY_OK when there is a result to look at, also a bad one: ask
 *         cvy_explain_status. CVY_ARGUMENT without code, or for a dialect,
 *         target or shape that is none; CVY_IO without a python3; CVY_MEMORY
 */
CVY_CALL cvy_explain_open(cvy_explain **out,
                          const cvy_explain_options *options, cvy_error *err);

/** Calls that were explained. */
CVY_EXPORT int32_t cvy_explain_count(const cvy_explain *explain);

/**
 * What came of call `index`, 0 .. cvy_explain_count - 1.
 *
 * CVY_OK: there is an exact counterpart, and it is proven. CVY_PROOF: the two
 * differ. CVY_UNSUPPORTED: refused. CVY_FORMAT: no call that Python can read.
 * CVY_ARGUMENT: a shape does not belong to this call.
 */
CVY_EXPORT cvy_status cvy_explain_status(const cvy_explain *explain,
                                         int32_t index);

/** Why the status of call `index` is not CVY_OK; NULL if it is. */
CVY_EXPORT const cvy_error *cvy_explain_error(const cvy_explain *explain,
                                              int32_t index);

/** The first refusal of call `index`; its kind is "" if it was not refused. */
CVY_EXPORT cvy_finding cvy_explain_refusal(const cvy_explain *explain,
                                           int32_t index);

/**
 * The explanation of call `index` as JSON, on one line (docs/contract.md 4).
 *
 * @param out receives the text, borrowed until the next call
 * @return CVY_OK or CVY_MEMORY
 */
CVY_CALL cvy_explain_json(const char **out, cvy_explain *explain,
                          int32_t index, cvy_error *err);

/** The same for people. */
CVY_CALL cvy_explain_text(const char **out, cvy_explain *explain,
                          int32_t index, cvy_look look, cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_explain_close(cvy_explain *explain);

CVY_END

#endif
