/* verb/layer.h - what the files of a layer on arrays share. */
#ifndef CVYI_VERB_LAYER_H
#define CVYI_VERB_LAYER_H

#include "convey/layer.h"
#include "read/call.h"

struct cvy_layer {
    cvyi_arena arena;
    cvyi_call_texts texts; /* of one call; none in a turned layer */
    cvyi_call_graph call;  /* its graph is the layer's */
    const char *dialect;
    const char *code;
    int output; /* result of the graph */
    int n_weights;
    int *weights; /* parameters of the graph, in the framework's order */
};

/* The rest of a layer whose graph is there: all sizes must be known. Without
 * a list of weights they are all parameters in their order. */
cvy_status cvyi_layer_finish(cvy_layer *layer, cvy_error *err);
/* From layer->texts to its graph. */
cvy_status cvyi_layer_build(cvy_layer *layer, const cvyi_call_input *inputs,
                            int n_inputs, cvy_error *err);

#endif
