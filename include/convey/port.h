/*
 * convey/port.h - carries a model file over to another framework.
 *
 * A port reads the source, rewrites its graph, proves layer by layer that the
 * result computes the same, and writes a folder: NAME.py, the weights and
 * report.json. The folder appears whole or not at all.
 *
 * A port is a result to be looked at, whatever came of it: a model that was
 * refused for seven reasons has a report with seven refusals. Texts are UTF-8,
 * borrowed from the port, and live until it is closed. Different ports may be
 * made in different threads; one port belongs to one thread at a time.
 */
#ifndef CONVEY_PORT_H
#define CONVEY_PORT_H

#include "convey/finding.h"
#include "convey/look.h"

CVY_BEGIN

/**
 * Called now and then while a port is made, in the caller's thread.
 *
 * @param phase "proof" or "write"; static text
 * @param done  of `total`, both in units of the phase
 * @return false to stop: nothing is written then
 */
typedef bool cvy_port_progress(void *context, const char *phase, int64_t done,
                               int64_t total);

/** What to do. { 0 } with a source is a complete request. */
typedef struct cvy_port_options {
    const char *source;  /**< path of the model file; required */
    const char *target;  /**< framework, or NULL: "torch" */
    const char *out_dir; /**< folder to write, or NULL: NAME_torch */
    const char *name;    /**< a Python identifier, or NULL: from `source` */
    /** "safetensors" or "pth", or NULL: the first */
    const char *weights_format;
    bool force;          /**< write into a folder that holds other files */
    bool no_proof;       /**< skip the proof */
    bool flat;           /**< no classes for blocks of layers that repeat */
    bool exact_training; /**< keep the running variance as the source does */
    uint64_t seed;       /**< of the random inputs of the proof */
    /** The source's dialect with or without a version ("tf1", "keras2-2.3"), or
     * NULL: what the source says itself. A model file always says it, and
     * what is given here must be the same. */
    const char *from;
    /** Of Python source: nothing is written; text and JSON say what `entry` may
     * name, and which of it would be taken. */
    bool list;
    /** Of Python source: what the network gives ("logits", "model.output"),
     * or NULL: what the script ends with. */
    const char *entry;
    /** Of Python source: a folder that it may import files from, or NULL. */
    const char *root;
    const char *const *sets;   /**< "NAME=VALUE": values that the file lacks */
    int32_t n_sets;            /**< of `sets` */
    const char *const *inputs; /**< "NAME=?x28x28x1": shapes of inputs */
    int32_t n_inputs;          /**< of `inputs` */
    /** A file with the values of the source's variables by name (.npz,
     * .safetensors, .pth), or NULL: they are drawn as the source would. */
    const char *weights;
    cvy_port_progress *progress; /**< may be NULL */
    void *context;               /**< given to `progress` */
} cvy_port_options;

typedef struct cvy_port cvy_port;

/**
 * Makes a port.
 *
 * An existing folder is used if it is empty or holds a report.json of ours;
 * files that this report lists are replaced, all others stay.
 *
 * @param out     receives the port, owned by the caller; untouched on failure
 * @param options borrowed for the call
 * @param err     may be NULL; filled only on failure
 * @return CVY_OK when there is a result to look at, also a bad one: ask
 *         cvy_port_status. CVY_ARGUMENT without a source, CVY_MEMORY
 */
CVY_CALL cvy_port_open(cvy_port **out, const cvy_port_options *options,
                       cvy_error *err);

/**
 * What came of it.
 *
 * CVY_OK: written, and every level of proof that ran passed. CVY_PROOF:
 * written, but a layer differs; the files say so in their first line. With
 * every other status nothing was written: CVY_UNSUPPORTED or CVY_SHAPE
 * (refused), CVY_FORMAT (damaged, or no model), CVY_ARGUMENT (a target or
 * folder that cannot be used), CVY_IO, CVY_MEMORY, CVY_INTERRUPTED.
 */
CVY_EXPORT cvy_status cvy_port_status(const cvy_port *port);

/** Why the status is not CVY_OK, in one record; borrowed from the port. NULL
 * if it is CVY_OK. */
CVY_EXPORT const cvy_error *cvy_port_error(const cvy_port *port);

/** Folder that was written, or NULL. */
CVY_EXPORT const char *cvy_port_folder(const cvy_port *port);

/** Refusals and remarks, in the order in which they were found. */
CVY_EXPORT int32_t cvy_port_findings(const cvy_port *port);

/** Finding `index`, 0 .. cvy_port_findings - 1. */
CVY_EXPORT cvy_finding cvy_port_finding(const cvy_port *port, int32_t index);

/** The report as JSON, as report.json holds it: there is always one. Of a list
 * its own document (docs/contract.md). */
CVY_EXPORT const char *cvy_port_json(const cvy_port *port);

/**
 * The report for people: what was written, the proof, remarks. Empty when
 * nothing was written. A verbose look lists every layer.
 *
 * @param out receives the text, borrowed from the port until the next call
 * @return CVY_OK or CVY_MEMORY
 */
CVY_CALL cvy_port_text(const char **out, cvy_port *port, cvy_look look,
                       cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_port_close(cvy_port *port);

CVY_END

#endif
