/*
 * layer/torch_number.h - torch's arithmetic between a tensor and a number.
 */
#ifndef CVYI_LAYER_TORCH_NUMBER_H
#define CVYI_LAYER_TORCH_NUMBER_H

#include "layer/torch.h"

/* A number that float32 can hold, infinities and NaN included. */
cvy_status cvyi_torch_number(double *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err);
/* A number, or a list of at least one; memory of the call's arena. */
cvy_status cvyi_torch_reals(const double **out, int *n, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *name,
                            cvy_error *err);

/* The first two arguments of a call (x and other): two tensors, or one and a
 * number. TensorFlow and keras.ops take them alike. */
typedef struct cvyi_torch_pair {
    bool tensors;  /* both are */
    bool reversed; /* the number comes first */
    double number;
} cvyi_torch_pair;

/* Refuses any other pair, and an alpha or an out that the signature has and
 * the call gives. */
cvy_status cvyi_torch_pair_read(cvyi_torch_pair *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err);

/* x * scale + offset, or x / scale + offset, as the next step. */
cvy_status cvyi_torch_rescale(cvyi_phrase *phrase, const cvyi_bound *call,
                              double scale, bool divide, double offset,
                              cvy_error *err);
/* The same as the next step of what code means. */
cvy_status cvyi_torch_means_rescale(cvyi_said *said, const cvyi_saying *what,
                                    double scale, bool divide, double offset,
                                    cvy_error *err);

/* What the number of a sum or a product is, whichever argument it is. */
extern const cvyi_argument cvyi_sum_arguments[];
extern const cvyi_argument cvyi_product_arguments[];

/* Two tensors joined by `op`; refuses a number of axes that would be fitted
 * from the end, where the batch meets another axis. */
cvy_status cvyi_torch_join(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *op, cvy_error *err);
/* The join of a call on two tensors; refuses numbers. */
cvy_status cvyi_torch_tensors(cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *op, cvy_error *err);
/* Either of a pair: the join, or one rescale. */
cvy_status cvyi_torch_sum(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err);
cvy_status cvyi_torch_product(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err);

#endif
