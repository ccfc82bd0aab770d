/*
 * codec/hdf5_parts.h - what the files of the HDF5 reader share.
 */
#ifndef CVYI_CODEC_HDF5_PARTS_H
#define CVYI_CODEC_HDF5_PARTS_H

#include "codec/cursor.h"
#include "codec/hdf5.h"

/* What the user can do about a structure that is not read, as the end of a
 * message. The copy puts the objects that links mean in the links' place. */
#define CVYI_H5_REPACK "; repack it: h5repack -l CONTI -f NONE IN.h5 OUT.h5"
#define CVYI_H5_RESAVE "; load it with Keras and save it again"
#define CVYI_H5_COPY                                                       \
    "; copy it: python3 -c \"import h5py as h; a=h.File('IN.h5'); "        \
    "b=h.File('OUT.h5','w'); [a.copy(k,b,expand_soft=1,expand_external=1)" \
    " for k in a]; b.attrs.update(a.attrs)\""

#define CVYI_H5_SOFT_LINK "an HDF5 soft link is not followed" CVYI_H5_COPY

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
    CVYI_H5_ATTRIBUTE_INFO = 0x15,
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
    int version;
    unsigned head; /* bytes before the data of a message */
    int left;      /* messages that may still come */
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

/* A hard link: what a group calls one of its children. The name lies in the
 * file as it is: any bytes. */
typedef struct cvyi_h5_link {
    const char *name;
    size_t size;
    uint64_t header;
} cvyi_h5_link;

/* Room for a name in the place of a message. */
enum { CVYI_H5_PLACE_BYTES = 100 };

/* Called for each child of a group. */
typedef cvy_status cvyi_h5_link_fn(void *context, const cvyi_h5_link *link,
                                   cvy_error *err);

/* The children of a group of the old style and of the new. */
cvy_status cvyi_h5_visit_symbols(const cvyi_h5 *h5, const cvyi_h5_node *group,
                                 cvyi_h5_link_fn *visit, void *context,
                                 cvy_error *err);
cvy_status cvyi_h5_visit_links(const cvyi_h5 *h5, const cvyi_h5_node *group,
                               cvyi_h5_link_fn *visit, void *context,
                               cvy_error *err);

/* Fills tree and heap from a link info message. */
cvy_status cvyi_h5_link_info(cvyi_h5_node *out, const cvyi_h5 *h5,
                             const cvyi_h5_message *m, cvy_error *err);
/* The name, cut short if need be, terminated; "" if it is not fit for one. */
const char *cvyi_h5_place(char out[CVYI_H5_PLACE_BYTES], const char *name,
                          size_t size);

/* Called for each object of a heap that a tree names. */
typedef cvy_status cvyi_h5_object_fn(void *context, const uint8_t *data,
                                     size_t size, cvy_error *err);

/* The objects of the fractal heap at `header`, in the order of the version-2
 * B-tree of link names at `tree`. */
cvy_status cvyi_h5_visit_objects(const cvyi_h5 *h5, uint64_t header,
                                 uint64_t tree, cvyi_h5_object_fn *visit,
                                 void *context, cvy_error *err);

#endif
