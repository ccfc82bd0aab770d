/*
 * tests/codec/walk.h - reading all of a file and touching every byte found.
 *
 * What the tests do to damaged files and the fuzz targets to random ones.
 * Each returns what the reader said; everything is closed again.
 */
#ifndef CVYT_CODEC_WALK_H
#define CVYT_CODEC_WALK_H

#include "codec/hdf5.h"
#include "codec/json.h"
#include "codec/npy.h"
#include "codec/pth_parts.h"
#include "codec/safetensors.h"
#include "codec/zip.h"
#include "tensor/tensor.h"

#include <stdlib.h>
#include <string.h>

typedef cvy_status walk_fn(const void *bytes, size_t size, cvy_error *err);

/* Whatever was read goes in here, so that no read is optimised away. */
static volatile double walk_sum;

static inline void walk_view(const cvy_view *v)
{
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(v) == 0)
        return;
    do {
        walk_sum = walk_sum + cvyi_at(v, at);
    } while (cvyi_next(v->rank, v->dims, at));
}

static inline void walk_value(const cvyi_value *v)
{
    if (v->kind == CVYI_TEXT)
        walk_sum = walk_sum + (double)strlen(v->text);
    for (int i = 0; i < v->n; i++) {
        if (v->kind == CVYI_DICT)
            walk_sum = walk_sum + (double)strlen(v->keys[i]);
        walk_value(&v->items[i]);
    }
}

static inline cvy_status walk_json(const void *bytes, size_t size,
                                   cvy_error *err)
{
    cvyi_arena arena = { 0 };
    const cvyi_value *value;
    const cvy_status status = cvyi_json_read(&value, &arena, bytes, size, err);

    if (status == CVY_OK)
        walk_value(value);
    cvyi_arena_close(&arena);
    return status;
}

static inline cvy_status walk_members(const cvyi_zip *zip, cvyi_arena *arena,
                                      cvy_error *err)
{
    for (int i = 0; i < zip->n; i++) {
        const void *p;
        size_t n;

        if (cvyi_zip_find(zip, zip->entries[i].name) != &zip->entries[i])
            abort();
        CVYI_TRY(cvyi_zip_bytes(&p, &n, zip, &zip->entries[i], arena, err));
        for (size_t j = 0; j < n; j++)
            walk_sum = walk_sum + (double)((const uint8_t *)p)[j];
    }
    return CVY_OK;
}

static inline cvy_status walk_zip(const void *bytes, size_t size,
                                  cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_zip zip;
    cvy_status status = cvyi_zip_open(&zip, &arena, bytes, size, err);

    if (status == CVY_OK)
        status = walk_members(&zip, &arena, err);
    cvyi_arena_close(&arena);
    return status;
}

/* A pickle may hold itself: so far and no further. */
static inline void walk_pickled(const cvyi_pickled *v, int depth, int *left)
{
    if (depth == 0 || *left == 0)
        return;
    --*left;
    if (v->kind == CVYI_PICKLED_TEXT || v->kind == CVYI_PICKLED_BYTES)
        for (int i = 0; i < v->n; i++)
            walk_sum = walk_sum + (double)v->text[i];
    if (v->kind == CVYI_PICKLED_NAME || v->kind == CVYI_PICKLED_CALL)
        walk_sum = walk_sum + (double)strlen(v->name->name);
    if (v->items != NULL)
        for (int i = 0; i < v->n; i++)
            walk_pickled(v->items[i], depth - 1, left);
}

static inline cvy_status walk_pickle(const void *bytes, size_t size,
                                     cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_pickle pickle;
    int left = 10000;
    const cvy_status status =
        cvyi_pickle_read(&pickle, &arena, bytes, size, &cvyi_pth_names, err);

    if (status == CVY_OK) {
        walk_pickled(pickle.root, 50, &left);
        for (int i = 0; i < pickle.n_refs; i++)
            walk_pickled(pickle.refs[i], 3, &left);
    }
    cvyi_arena_close(&arena);
    return status;
}

/* Tensors may repeat their elements: of large ones the two ends. */
static inline void walk_tensors(const cvyi_safetensor *t, int n)
{
    for (int i = 0; i < n; i++) {
        const cvy_view *const v = &t[i].view;
        int64_t last[CVY_MAX_RANK] = { 0 };

        walk_sum = walk_sum + (double)strlen(t[i].name);
        if (cvy_view_count(v) <= 4096) {
            walk_view(v);
            continue;
        }
        walk_sum = walk_sum + cvyi_at(v, last);
        for (int axis = 0; axis < v->rank; axis++)
            last[axis] = v->dims[axis] - 1;
        walk_sum = walk_sum + cvyi_at(v, last);
    }
}

static inline cvy_status walk_pth(const void *bytes, size_t size,
                                  cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    const cvy_status status = cvyi_pth_open(&file, &arena, bytes, size, err);

    if (status == CVY_OK)
        walk_tensors(file.tensors, file.n);
    cvyi_arena_close(&arena);
    return status;
}

/* A single array, or an archive of them. */
static inline cvy_status walk_npy(const void *bytes, size_t size,
                                  cvy_error *err)
{
    const bool archive = size > 1 && memcmp(bytes, "PK", 2) == 0;
    cvyi_arena arena = { 0 };
    cvyi_safetensor one = { .name = "" };
    cvyi_npz file = { 1, &one };
    const cvy_status status =
        archive ? cvyi_npz_open(&file, &arena, bytes, size, err)
                : cvyi_npy_open(&one.view, &arena, bytes, size, err);

    if (status == CVY_OK)
        walk_tensors(file.tensors, file.n);
    cvyi_arena_close(&arena);
    return status;
}

static inline cvy_status walk_safetensors(const void *bytes, size_t size,
                                          cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_safetensors file;
    const cvy_status status =
        cvyi_safetensors_open(&file, &arena, bytes, size, err);

    for (int i = 0; status == CVY_OK && i < file.n; i++) {
        if (cvyi_safetensors_find(&file, file.tensors[i].name) !=
            &file.tensors[i])
            abort();
        walk_view(&file.tensors[i].view);
    }
    cvyi_arena_close(&arena);
    return status;
}

/* "unit" and "names" are the attributes that our files carry. */
static inline cvy_status walk_attributes(const cvyi_h5 *h5,
                                         const cvyi_h5_node *node,
                                         cvyi_arena *arena, cvy_error *err)
{
    const char *text;
    const char *const *texts;
    int n;

    CVYI_TRY(cvyi_h5_text_attribute(&text, arena, h5, node, "unit", err));
    if (text != NULL)
        walk_sum = walk_sum + (double)strlen(text);
    CVYI_TRY(cvyi_h5_text_list(&texts, &n, arena, h5, node, "names", err));
    for (int i = 0; i < n; i++)
        walk_sum = walk_sum + (double)strlen(texts[i]);
    return CVY_OK;
}

static inline cvy_status walk_node(const cvyi_h5 *h5, const cvyi_h5_node *node,
                                   cvyi_arena *arena, int *left,
                                   cvy_error *err)
{
    const cvyi_h5_child *children;
    cvyi_h5_node found;
    cvy_view view;
    int n;

    if (*left == 0) /* hard links may lead in a circle */
        return CVY_OK;
    --*left;
    CVYI_TRY(walk_attributes(h5, node, arena, err));
    if (node->kind == CVYI_H5_DATASET) {
        CVYI_TRY(cvyi_h5_dataset(&view, h5, node, err));
        walk_view(&view);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_h5_list(&children, &n, arena, h5, node, err));
    for (int i = 0; i < n; i++)
        CVYI_TRY(walk_node(h5, &children[i].node, arena, left, err));
    if (n > 0)
        CVYI_TRY(cvyi_h5_find(&found, h5, node, children[n - 1].name, err));
    return CVY_OK;
}

static inline cvy_status walk_hdf5(const void *bytes, size_t size,
                                   cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_h5 h5;
    int left = 300;
    cvy_status status = cvyi_h5_open(&h5, bytes, size, err);

    if (status == CVY_OK)
        status = walk_node(&h5, &h5.root, &arena, &left, err);
    cvyi_arena_close(&arena);
    return status;
}

#endif
