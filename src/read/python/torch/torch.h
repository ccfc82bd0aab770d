/*
 * read/python/torch/torch.h - PyTorch source becomes a graph.
 *
 * The file is evaluated (pysrc/eval.h) over values of this host: modules are
 * collected as they are made, `load_model()` is called, then the model is
 * called on symbolic tensors, and every call of torch becomes a call of the
 * graph through the words of layer/.
 */
#ifndef CVYI_READ_PYTHON_TORCH_H
#define CVYI_READ_PYTHON_TORCH_H

#include "pysrc/eval.h"
#include "read/back.h"
#include "read/read.h"

/* As cvyi_read_back. */
cvy_status cvyi_torch_read(cvyi_graph **out, cvyi_arena *arena,
                           const cvyi_back_files *files,
                           const cvyi_type *inputs, const char *const *names,
                           int n_inputs, cvy_error *err);
/* A script of people, parsed already; fills source->graph. The same host in
 * the evaluator's lenient mode (script.h). NULL limits: defaults.
 * CVY_UNSUPPORTED, with findings or a line, for what the network needs and is
 * not followed. */
cvy_status cvyi_torch_read_script(cvyi_source *source, cvyi_findings *findings,
                                  const cvyi_py_tree *tree,
                                  const cvyi_py_limits *limits,
                                  cvy_error *err);

#endif
