/*
 * read/python/std/array.h - arrays of NumPy, as a script makes them for
 * sizes and constant tables: small, and of numbers that are all known.
 */
#ifndef CVYI_READ_PYTHON_ARRAY_H
#define CVYI_READ_PYTHON_ARRAY_H

#include "pysrc/eval.h"

enum { CVYI_PYTHON_RANK = 8 };

typedef enum cvyi_python_kind {
    CVYI_PYTHON_BOOL,
    CVYI_PYTHON_INT,
    CVYI_PYTHON_FLOAT,
} cvyi_python_kind;

typedef struct cvyi_python_dtype {
    const char *name; /* "float32" */
    cvyi_python_kind kind;
    int bits;
} cvyi_python_dtype;

/* Elements in the order of rows; each is exact in a double. */
typedef struct cvyi_python_array {
    const cvyi_python_dtype *dtype;
    int rank;
    int64_t dims[CVYI_PYTHON_RANK];
    int64_t n;
    double *items;
    /* The array that it is a part of, in NumPy: changing one would change the
     * other, which is not followed. */
    struct cvyi_python_array *of;
    bool spoiled; /* a part of it was changed: it is not known any more */
} cvyi_python_array;

/* NULL if it is none. */
const cvyi_python_array *cvyi_python_array_of(const cvyi_py_value *value);
const cvyi_python_dtype *cvyi_python_dtype_of(const cvyi_py_value *value);
/* "float32", float, np.float32 … ; NULL if it is no such type. */
const cvyi_python_dtype *cvyi_python_dtype_named(const char *name);

/* An array that shares what `of` holds, in NumPy. */
void cvyi_python_array_share(cvyi_python_array *array,
                             const cvyi_python_array *of);
/* Zeros. CVY_UNSUPPORTED beyond 16 M elements. */
cvy_status cvyi_python_array_make(cvyi_python_array **out, cvyi_py_eval *eval,
                                  const cvyi_python_dtype *dtype, int rank,
                                  const int64_t *dims, cvy_error *err);
cvyi_py_value cvyi_python_array_value(const cvyi_python_array *array);
/* Of an array, a number, or lists of lists of numbers; dtype NULL: theirs. */
cvy_status cvyi_python_array_from(const cvyi_python_array **out,
                                  cvyi_py_eval *eval,
                                  const cvyi_py_value *value,
                                  const cvyi_python_dtype *dtype,
                                  cvy_error *err);

/* ---- among the files of NumPy ---- */

extern const cvyi_py_host_type cvyi_python_array_type; /* data: the array */
extern const cvyi_py_host_type cvyi_python_dtype_type; /* data: the dtype */

/* A value of an element, as Python's own numbers. */
cvyi_py_value cvyi_python_scalar(const cvyi_python_dtype *dtype, double x);
/* As the dtype keeps it. */
double cvyi_python_kept(const cvyi_python_dtype *dtype, double x);
/* Sizes: a number or a list of them; -1 is let through. */
cvy_status cvyi_python_sizes(int *rank, int64_t dims[CVYI_PYTHON_RANK],
                             cvyi_py_eval *eval, const cvyi_py_value *value,
                             cvy_error *err);
/* array_item.c */
cvy_status cvyi_python_array_item(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self,
                                  const cvyi_py_value *index, cvy_error *err);
cvy_status cvyi_python_array_set_item(cvyi_py_eval *eval,
                                      const cvyi_py_value *self,
                                      const cvyi_py_value *index,
                                      const cvyi_py_value *value,
                                      cvy_error *err);
/* array_op.c: Add, Lt, "maximum" …, with broadcasting. */
cvy_status cvyi_python_array_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *op, const cvyi_py_value *left,
                                    const cvyi_py_value *right,
                                    cvy_error *err);
cvy_status cvyi_python_array_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const char *op, const cvyi_py_value *self,
                                   cvy_error *err);
/* numpy.c: a method of an array, or *found is false. */
cvy_status cvyi_python_array_method(cvyi_py_value *out, bool *found,
                                    cvyi_py_eval *eval,
                                    const cvyi_py_value *self,
                                    const char *name, cvy_error *err);

#endif
