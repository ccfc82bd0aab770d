/*
 * codec/hdf5_parts.h - what the files of the HDF5 reader share.
 */
#ifndef CVYI_CODEC_HDF5_PARTS_H
#define CVYI_CODEC_HDF5_PARTS_H

#include "codec/cursor.h"
#include "codec/hdf5.h"

/* An address that is not set. */
#define CVYI_H5_NOWHERE UINT64_MAX

/* n bytes at an address of the file, or NULL if they are not all there. */
static inline const uint8_t *cvyi_h5_at(const cvyi_h5 *h5, uint64_t address,
                                        uint64_t n)
{
    return address <= h5->size && n <= h5->size - address ? h5->bytes + address
                                                          : NULL;
}

/* The offset of something already found, for messages. */
static inline int64_t cvyi_h5_offset(const cvyi_h5 *h5, const uint8_t *p)
{
    return (int64_t)(p - h5->bytes);
}

enum {
    CVYI_H5_END = -1, /* no more messages */
    CVYI_H5_SPACE = 0x1,
    CVYI_H5_LINK_INFO = 0x2,
    CVYI_H5_TYPE = 0x3,
    CVYI_H5_LINK = 0x6,
    CVYI_H5_EXTERNAL = 0x7,
    CVYI_H5_LAYOUT = 0x8,
    CVYI_H5_FILTERS = 0xb,
    CVYI_H5_ATTRIBUTE = 0xc,
    CVYI_H5_CONTINUED = 0x10,
    CVYI_H5_SYMBOLS = 0x11,
};

typedef struct cvyi_h5_message {
    int type;
    const uint8_t *data;
    size_t size;
} cvyi_h5_message;

enum { CVYI_H5_BLOCKS_MOST = 64 };

/* A walk over the messages of one object header. */
typedef struct cvyi_h5_messages {
    const cvyi_h5 *h5;
    uint64_t header;
    cvyi_cursor block;
    int left; /* messages that the header still promises */
    struct {
        const uint8_t *data;
        size_t size;
    } waiting[CVYI_H5_BLOCKS_MOST]; /* continuation blocks */
    int n_waiting;
} cvyi_h5_messages;

cvy_status cvyi_h5_messages_open(cvyi_h5_messages *out, const cvyi_h5 *h5,
                                 uint64_t header, cvy_error *err);
/* type is CVYI_H5_END after the last. Messages that nobody needs (fill
 * values, times, comments) are skipped; those that change the meaning of the
 * object and are not read here are refused. */
cvy_status cvyi_h5_message_next(cvyi_h5_message *out, cvyi_h5_messages *walk,
                                cvy_error *err);

typedef enum cvyi_h5_class {
    CVYI_H5_NUMBER,     /* dtype holds */
    CVYI_H5_OTHER,      /* a number that convey has no element type for */
    CVYI_H5_FIXED_TEXT, /* size bytes each */
    CVYI_H5_VAR_TEXT,   /* length, heap address, index */
} cvyi_h5_class;

typedef struct cvyi_h5_type {
    cvyi_h5_class class;
    cvy_dtype dtype;
    size_t size;      /* bytes an element */
    int padding;      /* of text: 0 terminated, 1 NULs, 2 spaces */
    const char *what; /* of CVYI_H5_OTHER: its name */
} cvyi_h5_type;

typedef struct cvyi_h5_space {
    int rank;
    int64_t dims[CVYI_H5_RANK_MOST];
} cvyi_h5_space;

cvy_status cvyi_h5_read_type(cvyi_h5_type *out, const cvyi_h5 *h5,
                             const uint8_t *data, size_t size, cvy_error *err);
cvy_status cvyi_h5_read_space(cvyi_h5_space *out, const cvyi_h5 *h5,
                              const uint8_t *data, size_t size,
                              cvy_error *err);
/* Bytes of all elements; fails if they do not fit in 63 bits. */
cvy_status cvyi_h5_bytes(size_t *out, const cvyi_h5_type *type,
                         const cvyi_h5_space *space, cvy_error *err);

/* The kind of the object at an address, and where its children are. */
cvy_status cvyi_h5_node_open(cvyi_h5_node *out, const cvyi_h5 *h5,
                             uint64_t header, int depth, cvy_error *err);

#endif
