/*
 * tests/codec/open_h5.h - an HDF5 file of the tests, opened; what lies in it.
 */
#ifndef CVYT_CODEC_OPEN_H5_H
#define CVYT_CODEC_OPEN_H5_H

#include "codec/hdf5.h"
#include "codec/laws.h"

/* An opened file and its bytes. */
typedef struct opened {
    uint8_t *bytes;
    size_t size;
    cvyi_arena arena;
    cvyi_h5 h5;
} opened;

static inline opened open_file(const char *path)
{
    opened o = { 0 };
    cvy_error err = { 0 };

    o.bytes = laws_read(path, &o.size);
    CHECK_OK(cvyi_h5_open(&o.h5, o.bytes, o.size, &err));
    return o;
}

static inline void close_file(opened *o)
{
    cvyi_arena_close(&o->arena);
    free(o->bytes);
}

static inline cvyi_h5_node node_at(const opened *o, const char *path)
{
    cvyi_h5_node node;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_h5_find(&node, &o->h5, NULL, path, &err));
    return node;
}

static inline cvy_view view_at(const opened *o, const char *path)
{
    const cvyi_h5_node node = node_at(o, path);
    cvy_view view;
    cvy_error err = { 0 };

    CHECK_EQ(node.kind, CVYI_H5_DATASET);
    CHECK_OK(cvyi_h5_dataset(&view, &o->h5, &node, &err));
    return view;
}

#endif
