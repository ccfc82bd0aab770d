/*
 * codec/hdf5.h - HDF5 files as Keras and h5py write them, viewed in place.
 *
 * The subset, which holds what every Keras writes through h5py as it comes:
 *   - superblock 0, addresses and lengths of 8 bytes;
 *   - object headers of versions 1 and 2 with at most 1024 messages;
 *   - groups of the old style (symbol table) and of the new (links in the
 *     header, or in a fractal heap under a version-2 B-tree), as names outside
 *     ASCII bring them; hard links only, no name twice in a group;
 *   - contiguous and compact datasets of at most 8 axes: float16, float32,
 *     float64, bfloat16 (also as 2 opaque bytes), int8 to int64, uint8, bool;
 *   - attributes in the header that hold text or a list of texts, of fixed
 *     length (terminated, or filled with NULs or spaces) or variable.
 *
 * Refused by name, each with what the user can do: other superblocks and user
 * blocks, soft and external links, chunked, filtered, virtual and external
 * data, committed and other shared messages, attributes in a heap of their
 * own, big-endian and all other types. Newer headers, shapes and types are
 * read because h5repack leaves them in place when it makes superblock 0.
 *
 * Nothing is believed: every address and size is compared with the file,
 * checksums are not compared, and time and memory are bounded by its size.
 *
 * The file's bytes are owned by the caller and must outlive every view. An
 * element may begin at ANY address, aligned or not: read elements through
 * tensor/tensor.h (cvyi_copy, cvyi_at), never through a typed pointer.
 *
 * Hard links may form cycles. Whoever walks a whole tree does so with a bound:
 * a node reached twice has the same `header`, and no node lies deeper than
 * CVYI_H5_DEPTH_MOST names below the root.
 */
#ifndef CVYI_CODEC_HDF5_H
#define CVYI_CODEC_HDF5_H

#include "base/memory.h"
#include "convey/tensor.h"

enum { CVYI_H5_DEPTH_MOST = 100, CVYI_H5_RANK_MOST = 8 };

typedef enum cvyi_h5_kind {
    CVYI_H5_MISSING, /* nothing of that name: not an error */
    CVYI_H5_GROUP,
    CVYI_H5_DATASET,
} cvyi_h5_kind;

typedef struct cvyi_h5_node {
    cvyi_h5_kind kind;
    int depth;           /* names below the root */
    uint64_t header;     /* address of the object's header: its identity */
    uint64_t tree, heap; /* of a group; nowhere: its header holds its links */
    bool linked;         /* a group of the new style */
} cvyi_h5_node;

typedef struct cvyi_h5 {
    const uint8_t *bytes;
    size_t size; /* up to the end that the file declares */
    cvyi_h5_node root;
} cvyi_h5;

typedef struct cvyi_h5_child {
    const char *name;
    cvyi_h5_node node;
} cvyi_h5_child;

cvy_status cvyi_h5_open(cvyi_h5 *out, const void *bytes, size_t size,
                        cvy_error *err);

/* Follow names, separated by '/', from a group (NULL: the root). A name that
 * is not there, or a dataset where the path goes on, gives CVYI_H5_MISSING and
 * CVY_OK; damage gives CVY_FORMAT. Empty parts ("a//b") are skipped. */
cvy_status cvyi_h5_find(cvyi_h5_node *out, const cvyi_h5 *h5,
                        const cvyi_h5_node *group, const char *path,
                        cvy_error *err);

/* All children of a group (NULL: the root), sorted by name, byte by byte. */
cvy_status cvyi_h5_list(const cvyi_h5_child **out, int *n, cvyi_arena *arena,
                        const cvyi_h5 *h5, const cvyi_h5_node *group,
                        cvy_error *err);

/* The elements, without a copy. 2-byte opaque elements are bfloat16: that is
 * how Keras stores it. */
cvy_status cvyi_h5_dataset(cvy_view *out, const cvyi_h5 *h5,
                           const cvyi_h5_node *dataset, cvy_error *err);

/* A text attribute, variable or fixed length. *out is NULL if the object has
 * no attribute of that name. */
cvy_status cvyi_h5_text_attribute(const char **out, cvyi_arena *arena,
                                  const cvyi_h5 *h5, const cvyi_h5_node *node,
                                  const char *name, cvy_error *err);

/* An attribute holding a list of texts. *out is NULL if there is no such
 * attribute; an empty list of any type has *n == 0 and *out not NULL. A list
 * that Keras split because it was too long for one attribute, NAME0, NAME1
 * and so on, is read as the one list that it was. */
cvy_status cvyi_h5_text_list(const char *const **out, int *n,
                             cvyi_arena *arena, const cvyi_h5 *h5,
                             const cvyi_h5_node *node, const char *name,
                             cvy_error *err);

#endif
