/*
 * convey/run.h - computes a model on arrays from files.
 *
 * A run reads a model file, or a folder that a port has written, computes it
 * on NumPy arrays with convey's own engine, and writes its outputs as NumPy
 * arrays, float32. No framework is asked. Shapes stand in the source's order
 * of axes: channels last for Keras, channels first for PyTorch.
 *
 * Texts and views are borrowed from the run; a text lives until the next call
 * for the same text, all of it until the run is closed. One run belongs to one
 * thread at a time.
 */
#ifndef CONVEY_RUN_H
#define CONVEY_RUN_H

#include "convey/finding.h"
#include "convey/look.h"
#include "convey/tensor.h"

CVY_BEGIN

/**
 * Called after each layer, in the caller's thread.
 *
 * @param phase "run"; static text
 * @param done  layers of `total`
 * @return false to stop: nothing is written then
 */
typedef bool cvy_run_progress(void *context, const char *phase, int64_t done,
                              int64_t total);

/** What to do. { 0 } with a source and its inputs is a complete request. */
typedef struct cvy_run_options {
    const char *source; /**< path of the model; required */
    /** Arrays of the inputs: "x.npy", or "image=x.npy". Without a name it is
     * the first input. Every input needs one. */
    const char *const *inputs;
    int32_t n_inputs;
    /** Files to write: "y.npy" for the one output that there is, or
     * "scores=y.npy". Each appears whole or not at all. */
    const char *const *outputs;
    int32_t n_outputs;
    bool layers;                /**< keep the time of every layer */
    cvy_run_progress *progress; /**< may be NULL */
    void *context;              /**< given to `progress` */
    /* Of Python source: */
    const char *from;        /**< its dialect, or NULL */
    const char *entry;       /**< what the network is, or NULL */
    const char *root;        /**< a folder to import from, or NULL */
    const char *const *sets; /**< "NAME=VALUE": values the file lacks */
    int32_t n_sets;
    const char *weights; /**< values of its variables by name, or NULL */
} cvy_run_options;

/** What a model gave. */
typedef struct cvy_run_output {
    const char *name;
    cvy_view view; /**< float32; borrowed from the run */
} cvy_run_output;

typedef struct cvy_run cvy_run;

/**
 * Reads, computes, and writes.
 *
 * @param out     receives the run, owned by the caller; untouched on failure
 * @param options borrowed for the call
 * @param err     may be NULL; filled only on failure
 * @return CVY_OK when there is a result to look at, also a bad one: ask
 *         cvy_run_status. CVY_ARGUMENT without a source, CVY_MEMORY
 */
CVY_CALL cvy_run_open(cvy_run **out, const cvy_run_options *options,
                      cvy_error *err);

/**
 * What came of it.
 *
 * CVY_OK, or why there are no outputs: CVY_ARGUMENT (an input is missing, or
 * a name is unknown), CVY_SHAPE (an array does not fit the model), CVY_FORMAT,
 * CVY_UNSUPPORTED, CVY_IO, CVY_MEMORY, CVY_INTERRUPTED.
 */
CVY_EXPORT cvy_status cvy_run_status(const cvy_run *run);

/** Why the status is not CVY_OK; borrowed from the run. NULL if it is. */
CVY_EXPORT const cvy_error *cvy_run_error(const cvy_run *run);

/** Refusals and remarks, in the order in which they were found. */
CVY_EXPORT int32_t cvy_run_findings(const cvy_run *run);

/** Finding `index`, 0 .. cvy_run_findings - 1. */
CVY_EXPORT cvy_finding cvy_run_finding(const cvy_run *run, int32_t index);

/** Outputs in the source's order; 0 unless the status is CVY_OK. */
CVY_EXPORT int32_t cvy_run_outputs(const cvy_run *run);

/** Output `index`, 0 .. cvy_run_outputs - 1; an empty name for any other. */
CVY_EXPORT cvy_run_output cvy_run_output_at(const cvy_run *run, int32_t index);

/**
 * For people: shape, least, largest and mean of each output, and what was
 * written. A verbose look lists the layers' times, if they were kept. Empty
 * when the status is not CVY_OK.
 *
 * @return CVY_OK or CVY_MEMORY
 */
CVY_CALL cvy_run_text(const char **out, cvy_run *run, cvy_look look,
                      cvy_error *err);

/** The same as one JSON document; there is always one. */
CVY_CALL cvy_run_json(const char **out, cvy_run *run, cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_run_close(cvy_run *run);

CVY_END

#endif
