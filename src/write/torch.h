/*
 * write/torch.h - the parts of the PyTorch writer.
 *
 * cvyi_write_torch walks them in this order: speak (which words every call
 * gets), order (the order in which a person reads the network), model and
 * forward (the class), file (what stands around it), weights.
 */
#ifndef CVYI_WRITE_TORCH_H
#define CVYI_WRITE_TORCH_H

#include "write/names.h"
#include "write/write.h"

/* A call in torch's words. */
typedef struct cvyi_spoken {
    cvyi_said said;
    const char *attribute; /* "conv1" for self.conv1; NULL: a function */
    bool ok;               /* torch can say it */
} cvyi_spoken;

enum { CVYI_MAX_HELPERS = 16 };

typedef struct cvyi_torch_writer {
    cvyi_graph *graph;
    const cvyi_graph *source;
    const cvyi_write_options *options;
    cvyi_findings *findings;
    cvyi_written *out;
    cvy_error *err;
    cvyi_spoken *spoken; /* one a call */
    int *order;          /* calls in reading order */
    bool sequential;     /* written as one nn.Sequential */
    int n_helpers;
    const cvyi_helper *helpers[CVYI_MAX_HELPERS];
    const char **targets; /* out->call_targets, while it is made */
    cvyi_text body;       /* class text before the file's head is known */
} cvyi_torch_writer;

/* torch_speak.c: words, forms, attribute names, refusals, helpers. */
cvy_status cvyi_torch_speak(cvyi_torch_writer *w);
/* reading_order.c: every call once, each behind what feeds it, a branch in
 * one piece. `order` has room for all calls. */
cvy_status cvyi_reading_order(int *order, const cvyi_graph *graph,
                              cvy_error *err);
/* torch_model.c: the class, __init__ or an nn.Sequential. */
cvy_status cvyi_torch_model(cvyi_torch_writer *w);
/* torch_forward.c: the method forward. */
cvy_status cvyi_torch_forward(cvyi_torch_writer *w);
/* torch_file.c: docstring, imports, helpers, class, load_model. */
cvy_status cvyi_torch_file(cvyi_torch_writer *w);
/* torch_weights.c: names and layouts of all weights. */
cvy_status cvyi_torch_name_weights(cvyi_torch_writer *w);

/* torch_comment.c: why a call is as it is, or its output's shape where that
 * changes; NULL for nothing to say. Arena text. */
const char *cvyi_torch_comment(cvyi_torch_writer *w, int call);

#endif
