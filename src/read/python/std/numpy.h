/* read/python/std/numpy.h - among the files of NumPy. */
#ifndef CVYI_READ_PYTHON_NUMPY_H
#define CVYI_READ_PYTHON_NUMPY_H

#include "read/python/std/array.h"
#include "read/python/std/std.h"

/* What arrays have as methods, too (numpy_shape.c); functions of
 * elements (numpy_math.c). */
extern const cvyi_py_builtin cvyi_numpy_more[], cvyi_numpy_maths[];
extern const int cvyi_numpy_n_more, cvyi_numpy_n_maths;

/* numpy.c: a dtype that was given, or the fallback (NULL: none). */
cvy_status cvyi_numpy_dtype(const cvyi_python_dtype **out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *fallback,
                            cvy_error *err);
/* numpy_math.c: one number. */
cvy_status cvyi_numpy_number(double *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err);
/* numpy_math.c: sums and the like, over an axis or all. */
cvyi_py_builtin_fn cvyi_numpy_all, cvyi_numpy_any, cvyi_numpy_cumsum;
cvyi_py_builtin_fn cvyi_numpy_max, cvyi_numpy_mean, cvyi_numpy_min;
cvyi_py_builtin_fn cvyi_numpy_prod, cvyi_numpy_sum;
/* numpy_grid.c: np.ogrid[:3, :3], np.mgrid, and functions. */
extern const cvyi_py_host_type cvyi_numpy_ogrid, cvyi_numpy_mgrid;
cvyi_py_builtin_fn cvyi_numpy_meshgrid, cvyi_numpy_outer, cvyi_numpy_load;

#endif
