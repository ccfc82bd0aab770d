/*
 * train/train.h - loss and optimiser of the source, in the target's words.
 *
 * A training section is what Keras' compile_config holds, and what readers of
 * other sources make of theirs:
 *
 *   { "loss": "mse" or { "class_name", "config" },
 *     "optimizer": "adam" or { "class_name", "config" } }
 *
 * Sources of the formulas: keras/src/losses/losses.py and
 * keras/src/optimizers/; torch.nn's losses and torch.optim. What differs
 * between the two is a remark.
 */
#ifndef CVYI_TRAIN_TRAIN_H
#define CVYI_TRAIN_TRAIN_H

#include "base/findings.h"
#include "base/value.h"

/* What a loss must know of the network. */
typedef struct cvyi_train_output {
    int n;               /* outputs */
    int rank;            /* of the first */
    bool channels_first; /* its last axis in the source is axis 1 here */
} cvyi_train_output;

/* A weight whose squares are added to the loss: torch's weight_decay, by the
 * name that it has in the model. */
typedef struct cvyi_train_decay {
    const char *name;
    double value;
} cvyi_train_decay;

typedef struct cvyi_train_decays {
    int n;
    const cvyi_train_decay *all;
} cvyi_train_decays;

/* Appends what stands around `make_loss` and `make_optimizer` and both
 * themselves, each behind two blank lines; nothing for a section that says
 * nothing. Remarks say what is not carried over. */
cvy_status cvyi_train_torch(cvyi_text *out, const cvyi_value *training,
                            const cvyi_train_output *output,
                            const cvyi_train_decays *decays,
                            cvyi_findings *findings, cvy_error *err);

/* ---- the parts of it ---- */

cvy_status cvyi_train_loss(cvyi_text *out, const cvyi_value *loss,
                           const cvyi_train_output *output,
                           cvyi_findings *findings, cvy_error *err);
cvy_status cvyi_train_optimizer(cvyi_text *out, const cvyi_value *optimizer,
                                const cvyi_train_decays *decays,
                                cvyi_findings *findings, cvy_error *err);
/* The class or name of a loss or an optimiser, and its config (NULL: none);
 * NULL if the value says none. */
const char *cvyi_train_class(const cvyi_value **config,
                             const cvyi_value *value);
/* A template: {name} is that member of the config, {name:0.9} with a value for
 * one that is missing, [, x={name}] only if the member says something: neither
 * missing nor None, False or 0. */
void cvyi_train_fill(cvyi_text *out, const char *template_,
                     const cvyi_value *config);
/* A number as a person writes it: those of configs were float32 once. */
void cvyi_train_number(cvyi_text *out, double value);
/* One name but for capitals: Keras takes "adam" and "Adam". */
bool cvyi_train_same(const char *a, const char *b);
/* Does the member say something? */
bool cvyi_train_says(const cvyi_value *config, const char *name);

#endif
