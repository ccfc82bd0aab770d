/*
 * read/back.h - reading back what a writer wrote.
 *
 * The reader of a target's own source, over bytes that need not be files yet.
 * It knows nothing of what was meant.
 */
#ifndef CVYI_READ_BACK_H
#define CVYI_READ_BACK_H

#include "graph/graph.h"

/* The files of a ported folder. Bytes are borrowed and outlive the graph. */
typedef struct cvyi_back_files {
    const char *code_name; /* "net.py" */
    const char *code;
    size_t code_size;
    const char *weights_name; /* "net.safetensors": `load_model` asks for it */
    const void *weights;
    size_t weights_size;
} cvyi_back_files;

/* Can files of this dialect ("torch") be read back here and now? Needs a
 * python3 that parses. */
bool cvyi_back_available(const char *dialect);

/*
 * `inputs` are the types of the tensors that the model is called on, in the
 * target's order of axes, of any pool of sizes; `names` of the same number,
 * or NULL. `arena` takes what outlives this call and the graph.
 *
 * CVY_UNSUPPORTED, with line and reason, for what cannot be followed;
 * CVY_FORMAT for what is not Python or damaged weights; CVY_SHAPE if calls do
 * not fit; CVY_IO without python3.
 */
cvy_status cvyi_read_back(cvyi_graph **out, cvyi_arena *arena,
                          const char *dialect, const cvyi_back_files *files,
                          const cvyi_type *inputs, const char *const *names,
                          int n_inputs, cvy_error *err);

#endif
