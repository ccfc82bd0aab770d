/*
 * write/torch_forward.h - the method forward: names and expressions.
 */
#ifndef CVYI_WRITE_TORCH_FORWARD_H
#define CVYI_WRITE_TORCH_FORWARD_H

#include "write/torch.h"

/* What a result is called in the code so far. */
typedef struct cvyi_term {
    const char *code;
    cvyi_binding binding;
} cvyi_term;

typedef struct cvyi_forward {
    cvyi_torch_writer *w;
    const cvyi_torch_class *class_;
    const cvyi_torch_visit *visit;
    cvyi_term *terms;    /* one a result */
    int *reader;         /* of a result: the last item that reads it */
    int *n_readers;      /* items that read it */
    bool *is_output;     /* of a result: the visit gives it */
    cvyi_scope scope;    /* variables */
    const char *passing; /* what a value is called that is read at once: x */
    int held;            /* item whose parts wait in its expression, or -1 */
    bool returned;
    bool autocast; /* statements stand under torch.autocast now */
    /* Why a call is there that has become part of the next statement. */
    const char *pending;
} cvyi_forward;

cvy_status cvyi_forward_open(cvyi_forward *f);
/* The text, kept by the writer; closes it. NULL without memory. */
const char *cvyi_forward_keep(cvyi_forward *f, cvyi_text *text);
/* self.conv1(x), or the function form filled in. */
const char *cvyi_forward_expression(cvyi_forward *f, int at);
/* A variable for output `i` of an item. */
const char *cvyi_forward_variable(cvyi_forward *f, int at, int i);
/* What one element of a list is called: "block" of "blocks". */
const char *cvyi_forward_element(cvyi_forward *f, const char *list);
/* def forward(self, x: Tensor) -> Tensor: */
cvy_status cvyi_forward_head(cvyi_forward *f);
/* What the last line returns. */
const char *cvyi_forward_result(cvyi_forward *f);

#endif
