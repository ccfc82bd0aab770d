/*
 * read/python/tf/tf.h - TensorFlow 1 source, read and never run.
 *
 * The script is evaluated with names of TensorFlow in the place of
 * TensorFlow: placeholders are inputs of a graph, variables its parameters,
 * every call that words know its calls. What is not known is opaque: harmless
 * until the network needs it. The network is then cut out backwards from its
 * outputs.
 */
#ifndef CVYI_READ_PYTHON_TF_H
#define CVYI_READ_PYTHON_TF_H

#include "read/read.h"

/* Reads source->file, named source->path, as source->request says; fills
 * source->graph. CVY_UNSUPPORTED, with findings, for what cannot be carried
 * over; CVY_FORMAT with the line for what is not Python; CVY_IO without a
 * python3. */
cvy_status cvyi_tf_read(cvyi_source *source, cvyi_findings *findings,
                        cvy_error *err);
/* The same of a Jupyter notebook, whose cells are one script. */
cvy_status cvyi_tf_read_notebook(cvyi_source *source, cvyi_findings *findings,
                                 cvy_error *err);

#endif
