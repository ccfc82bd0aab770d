/*
 * verb/face.h - arguments of a call from the fields of a struct.
 *
 * convey/torch.h, keras.h and tf.h are faces of cvy_layer_make: each of their
 * functions lists the arguments that its struct says. What the struct leaves
 * at zero is not said, so that the framework's own default holds.
 */
#ifndef CVYI_VERB_FACE_H
#define CVYI_VERB_FACE_H

#include "convey/layer.h"
#include "convey/padding.h"

enum { CVYI_FACE_ARGUMENTS = 16, CVYI_FACE_ITEMS = 32, CVYI_FACE_TENSORS = 6 };

typedef struct cvyi_face {
    int n, n_items, n_tensors;
    cvy_argument arguments[CVYI_FACE_ARGUMENTS];
    cvy_argument items[CVYI_FACE_ITEMS]; /* of lists */
    cvy_operand tensors[CVYI_FACE_TENSORS];
    char name[64];
} cvyi_face;

/* "torch.nn.Conv#d", with the number of spatial axes for #. */
void cvyi_face_name(cvyi_face *face, const char *name, int32_t n_spatial);

/* `name` NULL: by its place. */
void cvyi_face_int(cvyi_face *face, const char *name, int64_t value);
void cvyi_face_list(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n);
void cvyi_face_tensor(cvyi_face *face, const char *name, const char *called,
                      const cvy_view *view);

/* Nothing where the value is zero or NULL. */
void cvyi_face_some(cvyi_face *face, const char *name, int64_t value);
void cvyi_face_real(cvyi_face *face, const char *name, double value);
void cvyi_face_text(cvyi_face *face, const char *name, const char *value);
/* `flag` says that the framework's default does not hold. */
void cvyi_face_flag(cvyi_face *face, const char *name, bool flag, bool value);
/* A number for all axes where the others are zero; else one for each. */
void cvyi_face_axes(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n_spatial);
/* Numbers that may be zero: nothing if all are, else one for each axis. */
void cvyi_face_each(cvyi_face *face, const char *name, const int64_t *values,
                    int32_t n_spatial);
/* ((before, after), ...), or one pair where there is one axis. */
void cvyi_face_border(cvyi_face *face, const char *name,
                      const cvy_border *border, int32_t n_spatial);

/* Arguments of a caller's own. CVY_ARGUMENT if there are too many. */
cvy_status cvyi_face_add(cvyi_face *face, const cvy_argument *arguments,
                         int32_t n, cvy_error *err);

/* 1 .. most spatial axes, else CVY_ARGUMENT. */
cvy_status cvyi_face_spatial(int32_t n_spatial, int32_t most, cvy_error *err);

/* A layer of the face's name, arguments and tensors; with `input`, that is
 * the one tensor it is called on. */
cvy_status cvyi_face_make(cvy_layer **out, const cvyi_face *face,
                          const char *from, const cvy_view *input,
                          cvy_error *err);

#endif
