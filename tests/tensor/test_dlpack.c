/* tensor/test_dlpack.c - tensors of others, seen without a copy. */
#include "convey/dlpack.h"

#include "base/memory.h"
#include "check.h"

/* As the specification lays it out; written down again to be compared. */
typedef struct plain {
    void *data;
    int32_t device_type, device_id, ndim;
    uint8_t code, bits;
    uint16_t lanes;
    int64_t *shape, *strides;
    uint64_t byte_offset;
    void *context;
    void (*deleter)(struct plain *self);
} plain;

typedef struct versioned {
    uint32_t major, minor;
    void *context;
    void (*deleter)(struct versioned *self);
    uint64_t flags;
    void *data;
    int32_t device_type, device_id, ndim;
    uint8_t code, bits;
    uint16_t lanes;
    int64_t *shape, *strides;
    uint64_t byte_offset;
} versioned;

static float numbers[24];
static int64_t shape[] = { 2, 3 };
static int64_t strides[] = { 1, 4 };
static int released;

static plain good(void)
{
    return (plain){ .data = numbers,
                    .device_type = 1,
                    .ndim = 2,
                    .code = 2,
                    .bits = 32,
                    .lanes = 1,
                    .shape = shape };
}

static void shape_and_strides_are_the_tensors(void)
{
    plain t = good();
    cvy_view view;
    cvy_error err;

    CHECK_OK(cvy_view_from_dlpack(&view, &t, CVY_DLPACK_PLAIN, &err));
    CHECK(view.data == numbers);
    CHECK_EQ(view.dtype, CVY_F32);
    CHECK_EQ(view.rank, 2);
    CHECK_EQ(view.dims[1], 3);
    CHECK_EQ(view.strides[0], 3); /* packed where it says none */
    t.strides = strides;
    t.byte_offset = 8;
    CHECK_OK(cvy_view_from_dlpack(&view, &t, CVY_DLPACK_PLAIN, &err));
    CHECK(view.data == numbers + 2);
    CHECK_EQ(view.strides[0], 1);
    CHECK_EQ(view.strides[1], 4);
}

static void a_version_is_looked_at(void)
{
    versioned t = { .major = 1,
                    .minor = 3,
                    .data = numbers,
                    .device_type = 1,
                    .ndim = 2,
                    .code = 0,
                    .bits = 64,
                    .lanes = 1,
                    .shape = shape };
    cvy_view view;
    cvy_error err;

    CHECK_OK(cvy_view_from_dlpack(&view, &t, CVY_DLPACK_VERSIONED, &err));
    CHECK_EQ(view.dtype, CVY_I64);
    t.major = 2;
    CHECK_EQ(cvy_view_from_dlpack(&view, &t, CVY_DLPACK_VERSIONED, &err),
             CVY_UNSUPPORTED);
}

static void what_convey_cannot_see_is_refused(void)
{
    static int64_t negative[] = { 2, -3 };
    static int64_t huge[] = { INT64_MAX, INT64_MAX };
    plain rows[8];
    cvy_view view;
    cvy_error err;

    for (int i = 0; i < 8; i++)
        rows[i] = good();
    rows[0].device_type = 2; /* CUDA */
    rows[1].bits = 8;        /* float8 */
    rows[2].lanes = 4;
    rows[3].ndim = CVY_MAX_RANK + 1;
    rows[4].shape = NULL;
    rows[5].shape = negative;
    rows[6].shape = huge;
    rows[7].data = NULL;
    for (int i = 0; i < 8; i++) {
        const cvy_status status =
            cvy_view_from_dlpack(&view, &rows[i], CVY_DLPACK_PLAIN, &err);

        CHECK_EQ(status, i < 4 ? CVY_UNSUPPORTED : CVY_ARGUMENT);
    }
    CHECK_EQ(cvy_view_from_dlpack(&view, NULL, CVY_DLPACK_PLAIN, &err),
             CVY_ARGUMENT);
}

static void release(void *context)
{
    released += *(int *)context;
}

static void what_is_given_comes_back(void)
{
    static const cvy_dlpack_form forms[] = { CVY_DLPACK_PLAIN,
                                             CVY_DLPACK_VERSIONED };
    int by = 5;
    void *managed = NULL;
    cvy_view back;
    cvy_error err;
    const cvy_view view = { .data = numbers,
                            .dtype = CVY_I32,
                            .rank = 2,
                            .dims = { 2, 3 },
                            .strides = { 1, 4 } };

    for (int i = 0; i < 2; i++) {
        released = 0;
        CHECK_OK(
            cvy_view_to_dlpack(&managed, forms[i], &view, release, &by, &err));
        CHECK_OK(cvy_view_from_dlpack(&back, managed, forms[i], &err));
        CHECK(back.data == numbers);
        CHECK_EQ(back.dtype, CVY_I32);
        CHECK_EQ(back.dims[0], 2);
        CHECK_EQ(back.strides[1], 4);
        CHECK_EQ(released, 0);
        cvy_dlpack_release(managed, forms[i]);
        CHECK_EQ(released, 5);
        cvy_dlpack_release(NULL, forms[i]);
    }
    cvyi_alloc_refuse(1);
    CHECK_EQ(cvy_view_to_dlpack(&managed, CVY_DLPACK_PLAIN, &view, NULL, NULL,
                                &err),
             CVY_MEMORY);
    cvyi_alloc_refuse(0);
}

static const check_case cases[] = {
    { "shape_and_strides_are_the_tensors", shape_and_strides_are_the_tensors },
    { "a_version_is_looked_at", a_version_is_looked_at },
    { "what_convey_cannot_see_is_refused", what_convey_cannot_see_is_refused },
    { "what_is_given_comes_back", what_is_given_comes_back },
};

CHECK_MAIN(cases)
