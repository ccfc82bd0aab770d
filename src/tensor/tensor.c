/* tensor/tensor.c - owned tensors, and walking over strided views. */
#include "tensor/tensor.h"

#include <string.h>

static const struct {
    size_t bytes;
    const char *name;
} dtypes[] = {
#define X(name, bytes, python, safetensors) [CVY_##name] = { bytes, python },
    CVY_DTYPE_LIST(X)
#undef X
};

size_t cvy_dtype_size(cvy_dtype dtype)
{
    return dtypes[dtype].bytes;
}

const char *cvy_dtype_name(cvy_dtype dtype)
{
    return dtypes[dtype].name;
}

bool cvyi_dtype_of(cvy_dtype *out, const char *name)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (dtypes[i].name != NULL && strcmp(dtypes[i].name, name) == 0) {
            *out = (cvy_dtype)i;
            return true;
        }
    return false;
}

bool cvyi_dtype_is_half(cvy_dtype dtype)
{
    return dtype == CVY_F16 || dtype == CVY_BF16;
}

bool cvyi_dtype_is_float(cvy_dtype dtype)
{
    return dtype == CVY_F32 || dtype == CVY_F64 || cvyi_dtype_is_half(dtype);
}

int64_t cvy_view_count(const cvy_view *view)
{
    int64_t n = 1;

    for (int i = 0; i < view->rank; i++)
        n *= view->dims[i];
    return n;
}

cvy_view cvy_view_packed(float *data, int32_t rank, const int64_t *dims)
{
    return cvyi_packed(data, CVY_F32, rank, dims);
}

bool cvyi_packed_size(size_t *out, cvy_dtype dtype, int rank,
                      const int64_t *dims)
{
    int64_t n = 1;
    size_t bytes;
    bool empty = false;

    /* An empty axis does not excuse the others from fitting. */
    for (int i = 0; i < rank; i++) {
        if (dims[i] < 0)
            return false;
        if (dims[i] == 0)
            empty = true;
        else if (!cvyi_mul64(&n, n, dims[i]))
            return false;
    }
    if (!cvyi_mul(&bytes, (size_t)n, dtypes[dtype].bytes) || bytes > INT64_MAX)
        return false;
    *out = empty ? 0 : bytes;
    return true;
}

cvy_view cvyi_packed(void *data, cvy_dtype dtype, int rank,
                     const int64_t *dims)
{
    cvy_view view = { .data = data, .dtype = dtype, .rank = rank };
    int64_t stride = 1;

    for (int i = rank - 1; i >= 0; i--) {
        view.dims[i] = dims[i];
        view.strides[i] = stride;
        stride *= dims[i] > 0 ? dims[i] : 1;
    }
    return view;
}

bool cvyi_is_packed(const cvy_view *view)
{
    int64_t stride = 1;

    for (int i = view->rank - 1; i >= 0; i--) {
        if (view->dims[i] == 0)
            return true;
        if (view->dims[i] != 1 && view->strides[i] != stride)
            return false;
        stride *= view->dims[i];
    }
    return true;
}

cvy_status cvyi_tensor_open(cvy_view *out, cvy_dtype dtype, int rank,
                            const int64_t *dims, cvy_error *err)
{
    size_t bytes;

    if (rank < 0 || rank > CVY_MAX_RANK)
        return cvyi_fail(err, CVY_SHAPE, "a tensor of %d axes", rank);
    if (!cvyi_packed_size(&bytes, dtype, rank, dims))
        return cvyi_fail(err, CVY_SHAPE, "a tensor beyond 63 bits of bytes");

    void *const data = cvyi_alloc(bytes, 1);

    if (data == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_packed(data, dtype, rank, dims);
    return CVY_OK;
}

void cvyi_tensor_close(cvy_view *tensor)
{
    cvyi_free(tensor->data);
    *tensor = (cvy_view){ 0 };
}

cvy_view cvyi_permuted(const cvy_view *view, const int *axes)
{
    cvy_view out = *view;

    for (int i = 0; i < view->rank; i++) {
        out.dims[i] = view->dims[axes[i]];
        out.strides[i] = view->strides[axes[i]];
    }
    return out;
}

bool cvyi_next(int rank, const int64_t *dims, int64_t *indices)
{
    for (int i = rank - 1; i >= 0; i--) {
        if (++indices[i] < dims[i])
            return true;
        indices[i] = 0;
    }
    return false;
}

int64_t cvyi_offset(const cvy_view *view, const int64_t *indices)
{
    int64_t at = 0;

    for (int i = 0; i < view->rank; i++)
        at += indices[i] * view->strides[i];
    return at;
}

float cvyi_half_to_float(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t exponent = half >> 10 & 0x1f;
    const uint32_t fraction = half & 0x3ff;
    uint32_t bits;
    float value;

    if (exponent == 0) {
        /* Zero or subnormal: fraction units of 2^-24, exact in a float. */
        value = (float)fraction * 0x1p-24f;
        return sign ? -value : value;
    }
    bits = exponent == 31 ? sign | 0x7f800000 | fraction << 13
                          : sign | (exponent + 112) << 23 | fraction << 13;
    memcpy(&value, &bits, sizeof value);
    return value;
}

uint16_t cvyi_float_to_half(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);

    const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    const uint32_t size = bits & 0x7fffffff;

    if (size > 0x7f800000)
        return sign | 0x7e00; /* nan */
    if (size >= 0x477ff000)
        return sign | 0x7c00; /* rounds to infinity */
    if (size < 0x38800000) {  /* below 2^-14: units of 2^-24 */
        const float magnitude = sign ? -value : value;
        /* Adding 0.5 makes the hardware round to a multiple of 2^-24. */
        const float rounded = magnitude + 0.5f;
        uint32_t units;

        memcpy(&units, &rounded, sizeof units);
        return (uint16_t)(sign | (units - 0x3f000000));
    }

    const uint32_t half = size - 0x38000000; /* rebias the exponent */

    return (uint16_t)(sign | (half + 0xfff + (half >> 13 & 1)) >> 13);
}

static double load(const void *p, cvy_dtype dtype)
{
    union {
        float f32;
        double f64;
        uint16_t u16;
        int64_t i64;
        int32_t i32;
        int16_t i16;
        int8_t i8;
        uint8_t u8;
        uint32_t u32;
    } v;

    memcpy(&v, p, dtypes[dtype].bytes);
    switch (dtype) {
    case CVY_F32:
        return (double)v.f32;
    case CVY_F64:
        return v.f64;
    case CVY_F16:
        return (double)cvyi_half_to_float(v.u16);
    case CVY_BF16:
        v.u32 = (uint32_t)v.u16 << 16;
        return (double)v.f32;
    case CVY_I64:
        return (double)v.i64;
    case CVY_I32:
        return v.i32;
    case CVY_I16:
        return v.i16;
    case CVY_I8:
        return v.i8;
    case CVY_U8:
    case CVY_BOOL:
        return v.u8;
    }
    return 0;
}

static uint16_t to_bfloat(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7fffffff) > 0x7f800000)
        return 0x7fc0;
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static void store(void *p, cvy_dtype dtype, double value)
{
    union {
        float f32;
        double f64;
        uint16_t u16;
        int64_t i64;
        int32_t i32;
        int16_t i16;
        int8_t i8;
        uint8_t u8;
    } v;

    switch (dtype) {
    case CVY_F32:
        v.f32 = (float)value;
        break;
    case CVY_F64:
        v.f64 = value;
        break;
    case CVY_F16:
        v.u16 = cvyi_float_to_half((float)value);
        break;
    case CVY_BF16:
        v.u16 = to_bfloat((float)value);
        break;
    case CVY_I64:
        v.i64 = (int64_t)value;
        break;
    case CVY_I32:
        v.i32 = (int32_t)value;
        break;
    case CVY_I16:
        v.i16 = (int16_t)value;
        break;
    case CVY_I8:
        v.i8 = (int8_t)value;
        break;
    case CVY_U8:
        v.u8 = (uint8_t)value;
        break;
    case CVY_BOOL:
        v.u8 = value != 0;
        break;
    }
    memcpy(p, &v, dtypes[dtype].bytes);
}

double cvyi_at(const cvy_view *view, const int64_t *indices)
{
    const char *const base = view->data;

    return load(base + cvyi_offset(view, indices) *
                           (int64_t)dtypes[view->dtype].bytes,
                view->dtype);
}

/* One run along the last axis: n elements, both sides with their step. */
static void copy_run(char *to, int64_t to_step, cvy_dtype to_dtype,
                     const char *from, int64_t from_step, cvy_dtype from_dtype,
                     int64_t n)
{
    const int64_t to_bytes = to_step * (int64_t)dtypes[to_dtype].bytes;
    const int64_t from_bytes = from_step * (int64_t)dtypes[from_dtype].bytes;

    if (to_dtype == from_dtype && to_step == 1 && from_step == 1) {
        memcpy(to, from, (size_t)n * dtypes[to_dtype].bytes);
    } else if (to_dtype == from_dtype && dtypes[to_dtype].bytes == 4) {
        for (int64_t i = 0; i < n; i++)
            memcpy(to + i * to_bytes, from + i * from_bytes, 4);
    } else if (to_dtype == from_dtype) {
        for (int64_t i = 0; i < n; i++)
            memcpy(to + i * to_bytes, from + i * from_bytes,
                   dtypes[to_dtype].bytes);
    } else {
        for (int64_t i = 0; i < n; i++)
            store(to + i * to_bytes, to_dtype,
                  load(from + i * from_bytes, from_dtype));
    }
}

/* Equal strides keep their order. */
void cvyi_walk_order(int *perm, const cvy_view *view, int inner)
{
    int n = 0;

    for (int i = 0; i < view->rank; i++) {
        int at = n;

        if (i == inner)
            continue;
        for (; at > 0 && view->strides[perm[at - 1]] < view->strides[i]; at--)
            perm[at] = perm[at - 1];
        perm[at] = i;
        n++;
    }
    if (inner >= 0)
        perm[n] = inner;
}

static void copy_runs(const cvy_view *to, const cvy_view *from)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    const int last = to->rank - 1;

    do {
        copy_run((char *)to->data +
                     cvyi_offset(to, at) * (int64_t)dtypes[to->dtype].bytes,
                 to->strides[last], to->dtype,
                 (const char *)from->data +
                     cvyi_offset(from, at) *
                         (int64_t)dtypes[from->dtype].bytes,
                 from->strides[last], from->dtype, to->dims[last]);
    } while (cvyi_next(last, to->dims, at));
}

cvy_status cvyi_copy(const cvy_view *to, const cvy_view *from, cvy_error *err)
{
    int perm[CVY_MAX_RANK];
    cvy_view here, there;

    if (to->rank != from->rank ||
        memcmp(to->dims, from->dims, (size_t)to->rank * sizeof *to->dims) != 0)
        return cvyi_fail(err, CVY_SHAPE, "copying between unequal shapes");
    if (cvy_view_count(to) == 0)
        return CVY_OK;
    if (to->rank == 0) {
        copy_run(to->data, 1, to->dtype, from->data, 1, from->dtype, 1);
        return CVY_OK;
    }
    cvyi_walk_order(perm, to, -1);
    there = cvyi_permuted(to, perm);
    here = cvyi_permuted(from, perm);
    copy_runs(&there, &here);
    return CVY_OK;
}

enum { TILE = 16 };

/* TILE rows of `length` elements of 4 bytes, which stand side by side in the
 * source: element i of row r is at i * step + r. A line of memory that is read
 * is used whole: rows one by one would come back to it when it is gone. */
static void copy_turned(char *out, const char *from, int64_t length,
                        int64_t step)
{
    uint32_t tile[TILE][TILE], line[TILE];

    for (int64_t first = 0; first < length; first += TILE) {
        const int64_t n = length - first < TILE ? length - first : TILE;

        for (int64_t i = 0; i < n; i++) {
            memcpy(line, from + (first + i) * step * 4, sizeof line);
            for (int r = 0; r < TILE; r++)
                tile[r][i] = line[r];
        }
        for (int64_t r = 0; r < TILE; r++)
            memcpy(out + (r * length + first) * 4, tile[r], (size_t)n * 4);
    }
}

/* Runs along the last axis, one after another along the axis before it, from
 * index `at` on: at most n elements. Returns how many. Kernels have runs of
 * three; what a run costs besides its elements counts. */
static int64_t copy_plane(char *out, const cvy_view *from, const int64_t *at,
                          int64_t n)
{
    const int last = from->rank - 1;
    const int64_t bytes = (int64_t)dtypes[from->dtype].bytes;
    const char *row = (const char *)from->data + cvyi_offset(from, at) * bytes;
    const int64_t rows = last > 0 ? from->dims[last - 1] - at[last - 1] : 1;
    const int64_t step = last > 0 ? from->strides[last - 1] * bytes : 0;
    const int64_t back = at[last] * from->strides[last] * bytes;
    const bool turned = bytes == 4 && step == bytes;
    int64_t left = from->dims[last] - at[last], done = 0;

    for (int64_t r = 0; r < rows && done < n; r++) {
        const int64_t run = n - done < left ? n - done : left;

        if (turned && left == from->dims[last] && rows - r >= TILE &&
            n - done >= TILE * left && (r > 0 || back == 0)) {
            copy_turned(out + done * bytes, row, left, from->strides[last]);
            done += TILE * left;
            row += TILE * step;
            r += TILE - 1;
            continue;
        }
        copy_run(out + done * bytes, 1, from->dtype, row, from->strides[last],
                 from->dtype, run);
        done += run;
        row += step - (r == 0 ? back : 0);
        left = from->dims[last];
    }
    return done;
}

/* The same elements in the same order with fewer axes: two that follow each
 * other in memory are one, as height and width of a kernel are. */
static cvy_view joined(const cvy_view *view)
{
    cvy_view out = *view;
    int last = 0;

    for (int i = 1; i < view->rank; i++) {
        if (out.strides[last] == view->strides[i] * view->dims[i])
            out.dims[last] *= view->dims[i];
        else
            out.dims[++last] = view->dims[i];
        out.strides[last] = view->strides[i];
    }
    out.rank = view->rank > 0 ? last + 1 : 0;
    return out;
}

void cvyi_copy_range(void *to, const cvy_view *view, int64_t first, int64_t n)
{
    const cvy_view whole = joined(view);
    const cvy_view *const from = &whole;
    const int last = from->rank - 1;
    const int64_t bytes = (int64_t)dtypes[from->dtype].bytes;
    int64_t at[CVY_MAX_RANK] = { 0 };
    int64_t rest = first;
    char *out = to;

    if (from->rank == 0) {
        memcpy(to, from->data, n > 0 ? (size_t)bytes : 0);
        return;
    }
    for (int i = last; i >= 0 && n > 0; i--) {
        at[i] = rest % from->dims[i];
        rest /= from->dims[i];
    }
    while (n > 0) {
        const int64_t done = copy_plane(out, from, at, n);

        out += done * bytes;
        n -= done;
        at[last] = 0;
        if (last == 0)
            break;
        at[last - 1] = 0;
        if (!cvyi_next(last - 1, from->dims, at))
            break;
    }
}
