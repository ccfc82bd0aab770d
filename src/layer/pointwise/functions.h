/* layer/pointwise/functions.h - the functions of functions.def as a table. */
#ifndef CVYI_LAYER_POINTWISE_FUNCTIONS_H
#define CVYI_LAYER_POINTWISE_FUNCTIONS_H

#include "layer/words.h"

enum { CVYI_FUNCTION_PARAMS = 3 };

typedef struct cvyi_function {
    const char *name;
    int n_params;
    double (*at)(double x, const double *p);
    double of_y, of_x, of_one; /* the bound, see functions.def */
} cvyi_function;

extern const cvyi_function cvyi_functions[];
extern const int cvyi_n_functions;

/* NULL if there is none. */
const cvyi_function *cvyi_function_find(const char *name);

/* Names of the attributes that hold the parameters: "a", "b", "c". */
extern const char *const cvyi_function_params[CVYI_FUNCTION_PARAMS];

/* One step of the function with its parameters a, b, c (NULL: it has none). */
cvy_status cvyi_function_step(cvyi_phrase *out, const cvyi_bound *call,
                              const char *function, const double *params,
                              cvy_error *err);

#endif
