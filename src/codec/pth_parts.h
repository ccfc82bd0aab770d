/*
 * codec/pth_parts.h - what the files that read .pth share: private to pth*.c.
 */
#ifndef CVYI_CODEC_PTH_PARTS_H
#define CVYI_CODEC_PTH_PARTS_H

#include "codec/pickle.h"
#include "codec/pth.h"
#include "codec/zip.h"

/* Tags of the names that a state dict may say. */
enum {
    CVYI_PTH_OTHER,     /* inert, and no part of a tensor */
    CVYI_PTH_STORAGE,   /* value: a cvy_dtype */
    CVYI_PTH_BYTES,     /* a storage without a type */
    CVYI_PTH_DTYPE,     /* value: a cvy_dtype */
    CVYI_PTH_FOREIGN,   /* a type or storage that convey has none for */
    CVYI_PTH_TENSOR_1,  /* storage, offset, sizes, strides */
    CVYI_PTH_TENSOR_2,  /* ..., requires_grad, hooks[, metadata] */
    CVYI_PTH_TENSOR_3,  /* ..., requires_grad, hooks, dtype[, metadata] */
    CVYI_PTH_PARAMETER, /* tensor, requires_grad, hooks[, state] */
    CVYI_PTH_FROM_TYPE, /* function, type, arguments, state */
};

extern const cvyi_pickle_names cvyi_pth_names;

/* One storage, as the pickle names it and as the file holds it. */
typedef struct cvyi_pth_storage {
    const cvyi_pickled *key; /* a text */
    const cvyi_pickle_name *type;
    int64_t n;            /* elements; bytes if it has no type */
    const uint8_t *bytes; /* NULL until the file's place is found */
    size_t size;
} cvyi_pth_storage;

typedef struct cvyi_pth_file {
    cvyi_arena *arena;
    cvyi_zip zip;
    const char *folder; /* of the archive; NULL: a file of before 1.6 */
    const cvyi_pickled *root;
    cvyi_pth_storage *storages; /* sorted by key */
    int n_storages;
    size_t repeat_most; /* bytes a tensor may have beyond its storage */
} cvyi_pth_file;

/* Bytes of an element; 1 if the storage has no type. */
size_t cvyi_pth_element(const cvyi_pickle_name *type);

/* Keys by their bytes. */
int cvyi_pth_compare(const cvyi_pickled *a, const cvyi_pickled *b);
cvyi_pth_storage *cvyi_pth_storage_of(const cvyi_pth_file *file,
                                      const cvyi_pickled *key);

/* The storages that a pickle refers to, each once. */
cvy_status cvyi_pth_collect(cvyi_pth_file *file, const cvyi_pickle *pickle,
                            cvy_error *err);

bool cvyi_pth_is_old(const void *bytes, size_t size);
cvy_status cvyi_pth_open_old(cvyi_pth_file *file, const void *bytes,
                             size_t size, cvy_error *err);
cvy_status cvyi_pth_open_zip(cvyi_pth_file *file, const void *bytes,
                             size_t size, cvy_error *err);
/* Finds the bytes of a storage in the archive. */
cvy_status cvyi_pth_load_zip(cvyi_pth_storage *s, const cvyi_pth_file *file,
                             cvy_error *err);

#endif
