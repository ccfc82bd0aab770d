/*
 * layer/slice.h - subscripts: x[:, 1:-1, None, 0].
 *
 * A subscript is a list, or what stands for one item of it: a slice is a dict
 * of start, stop and step, an ellipsis "...", a new axis None, and an integer
 * one element of an axis that goes.
 */
#ifndef CVYI_LAYER_SLICE_H
#define CVYI_LAYER_SLICE_H

#include "layer/words.h"

/* A call whose argument `index` is the subscript: a flip for steps below 0, a
 * slice, behind it a reshape for axes that go, behind it an expand for those
 * that come. With `crops`, in torch, a slice of the axes behind axis 1 alone
 * is a crop, and no step is below 0. */
cvy_status cvyi_slice_from_item(cvyi_phrase *out, const cvyi_bound *call,
                                bool crops, cvy_error *err);

/* {0}[:, 1:-1, ::2], read back as a crop where one would be read. */
cvy_status cvyi_slice_say(cvyi_said *out, const cvyi_saying *what, bool crops,
                          cvy_error *err);

#endif
