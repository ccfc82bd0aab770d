/* layer/conv/torch.h - reading torch's words for a convolution. */
#ifndef CVYI_LAYER_CONV_TORCH_H
#define CVYI_LAYER_CONV_TORCH_H

#include "layer/words.h"

/* nn.ConvNd, nn.LazyConvNd */
cvy_status cvyi_conv_torch_module(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);
/* F.convNd, torch.convNd: the weights are arguments. */
cvy_status cvyi_conv_torch_function(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);

#endif
