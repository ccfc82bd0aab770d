/* tests/tensor/test_tensor.c - conversion, copying and strided walks. */
#include "tensor/tensor.h"

#include <math.h>

#include "check.h"

static cvy_error err;

static uint64_t seed;

static int draw(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static uint32_t bits_of(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The value of a half from its definition. */
static double half_value(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const double sign = half >> 15 ? -1 : 1;

    if (exponent == 31)
        return fraction ? NAN : sign * INFINITY;
    return sign * (exponent == 0 ? ldexp(fraction, -24)
                                 : ldexp(1024 + fraction, exponent - 25));
}

static void every_half_is_its_value_and_comes_back(void)
{
    for (uint32_t i = 0; i < 65536; i++) {
        const uint16_t half = (uint16_t)i;
        const float got = cvyi_half_to_float(half);
        const double wanted = half_value(half);

        if (isnan(wanted)) {
            CHECK(isnan(got));
            CHECK(isnan(cvyi_half_to_float(cvyi_float_to_half(got))));
            continue;
        }
        if ((double)got != wanted || cvyi_float_to_half(got) != half)
            CHECK_FAIL("half %04x", i);
    }
}

/* Between two neighbours: below the middle down, above it up, and in the
 * middle to the even one. Also between the largest and infinity. */
static void floats_round_to_the_nearest_half(void)
{
    for (uint32_t i = 0; i < 0x7c00; i++) {
        const double low = half_value((uint16_t)i);
        const double high =
            i == 0x7bff ? 65536 : half_value((uint16_t)(i + 1));
        const float middle = (float)((low + high) / 2); /* exact */
        const uint32_t even = i % 2 == 0 ? i : i + 1;

        CHECK_EQ(cvyi_float_to_half(middle), even);
        CHECK_EQ(cvyi_float_to_half(nextafterf(middle, 0)), i);
        CHECK_EQ(cvyi_float_to_half(nextafterf(middle, INFINITY)), i + 1);
        CHECK_EQ(cvyi_float_to_half(-middle), even | 0x8000);
    }
    CHECK_EQ(cvyi_float_to_half(1e30f), 0x7c00);
    CHECK_EQ(cvyi_float_to_half(-INFINITY), 0xfc00);
    CHECK_EQ(cvyi_float_to_half(1e-30f), 0);
    CHECK_EQ(cvyi_float_to_half(-0.0f), 0x8000);
}

static void convert(void *to, cvy_dtype to_dtype, const void *from,
                    cvy_dtype from_dtype, int64_t n)
{
    const cvy_view t = cvyi_packed(to, to_dtype, 1, &n);
    const cvy_view f = cvyi_packed((void *)(uintptr_t)from, from_dtype, 1, &n);

    CHECK_OK(cvyi_copy(&t, &f, &err));
}

static void every_bfloat_is_the_upper_half_of_a_float(void)
{
    static uint16_t bfloats[65536], again[65536];
    static float floats[65536];

    for (uint32_t i = 0; i < 65536; i++)
        bfloats[i] = (uint16_t)i;
    convert(floats, CVY_F32, bfloats, CVY_BF16, 65536);
    convert(again, CVY_BF16, floats, CVY_F32, 65536);
    for (uint32_t i = 0; i < 65536; i++) {
        if ((i & 0x7fff) > 0x7f80) {
            CHECK(isnan(floats[i]));
            CHECK((again[i] & 0x7fff) > 0x7f80);
        } else {
            CHECK_EQ(bits_of(floats[i]), i << 16);
            CHECK_EQ(again[i], i);
        }
    }
}

static void floats_round_to_the_nearest_bfloat(void)
{
    static const uint32_t tails[] = { 0, 1, 0x7fff, 0x8000, 0x8001, 0xffff };

    for (uint32_t i = 0; i < 0x7f80; i++)
        for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
            const uint32_t bits = i << 16 | tails[k];
            const uint32_t up =
                tails[k] > 0x8000 || (tails[k] == 0x8000 && i % 2 == 1);
            float value;
            uint16_t got;

            memcpy(&value, &bits, sizeof value);
            convert(&got, CVY_BF16, &value, CVY_F32, 1);
            CHECK_EQ(got, i + up);
        }
}

/* Small integers exist in every type: all pairs carry them over. */
static void every_pair_of_types_converts(void)
{
    static const double values[] = { 0, 1, 2, 100, 127 };
    enum { N = sizeof values / sizeof *values };

    for (int a = CVY_F32; a <= CVY_U8; a++)
        for (int b = CVY_F32; b <= CVY_BOOL; b++) {
            double first[N], second[N], back[N];

            convert(first, (cvy_dtype)a, values, CVY_F64, N);
            convert(second, (cvy_dtype)b, first, (cvy_dtype)a, N);
            convert(back, CVY_F64, second, (cvy_dtype)b, N);
            for (int i = 0; i < N; i++)
                if (back[i] != (b == CVY_BOOL ? values[i] != 0 : values[i]))
                    CHECK_FAIL("%s to %s: %g became %g",
                               cvy_dtype_name((cvy_dtype)a),
                               cvy_dtype_name((cvy_dtype)b), values[i],
                               back[i]);
        }
}

static void same_types_are_copied_bit_by_bit(void)
{
    const int64_t large[] = { INT64_MAX, INT64_MIN, (1LL << 53) + 1 };
    const uint32_t quiet = 0x7fc12345;
    int64_t got[3];
    uint32_t nan;

    convert(got, CVY_I64, large, CVY_I64, 3);
    CHECK(memcmp(got, large, sizeof got) == 0);
    convert(&nan, CVY_F32, &quiet, CVY_F32, 1);
    CHECK_EQ(nan, quiet);
}

enum { CELLS = 4096 };

/* A view with permuted axes, gaps, negative and zero strides. */
static cvy_view random_view(char *cells, cvy_dtype dtype)
{
    cvy_view v = { .dtype = dtype, .rank = draw(5) };
    int64_t stride = 1, first = 0;

    for (int left = v.rank; left > 0; left--) {
        int axis;

        do
            axis = draw(v.rank);
        while (v.dims[axis] != 0);
        v.dims[axis] = 1 + draw(4);
        if (draw(6) == 0)
            continue; /* one element, repeated */
        stride *= 1 + (draw(4) == 0);
        v.strides[axis] = draw(4) == 0 ? -stride : stride;
        if (v.strides[axis] < 0)
            first += (v.dims[axis] - 1) * stride;
        stride *= v.dims[axis];
    }
    v.data = cells + (size_t)first * cvy_dtype_size(dtype);
    return v;
}

/* Element i of a view in row-major order, by division. */
static const char *element(const cvy_view *v, int64_t i)
{
    int64_t at = 0;

    for (int k = v->rank - 1; k >= 0; k--) {
        at += i % v->dims[k] * v->strides[k];
        i /= v->dims[k];
    }
    return (const char *)v->data + at * (int64_t)cvy_dtype_size(v->dtype);
}

static void ranges_of_strided_views_equal_their_elements(void)
{
    static const cvy_dtype dtypes[] = { CVY_U8, CVY_I16, CVY_F32, CVY_F64 };
    static char cells[CELLS * 8], got[CELLS * 8];

    for (uint64_t from = 1; from <= 500; from++) {
        seed = from;
        for (size_t i = 0; i < sizeof cells; i++)
            cells[i] = (char)draw(256);

        const cvy_view v = random_view(cells, dtypes[draw(4)]);
        const size_t bytes = cvy_dtype_size(v.dtype);
        const int64_t count = cvy_view_count(&v);

        for (int k = 0; k < 8; k++) {
            const int64_t first = k == 0 ? 0 : draw((int)count + 1);
            const int64_t n = k == 0 ? count : draw((int)(count - first) + 1);

            memset(got, 0x55, sizeof got);
            cvyi_copy_range(got, &v, first, n);
            for (int64_t i = 0; i < n; i++)
                if (memcmp(got + (size_t)i * bytes, element(&v, first + i),
                           bytes) != 0)
                    CHECK_FAIL("element %lld, seed %llu", (long long)i,
                               (unsigned long long)from);
            CHECK_EQ(got[(size_t)n * bytes], 0x55); /* nothing beyond */
        }
    }
}

/* Rows side by side in the source are turned in blocks: every range of
 * transposes that are some blocks large, with a rest on each side. */
static void ranges_of_transposes_equal_their_elements(void)
{
    enum { DEPTH = 3, ROWS = 53, COLUMNS = 37, ALL = DEPTH * ROWS * COLUMNS };
    static uint32_t cells[ALL], got[ALL + 1];
    const cvy_view v = { .data = cells,
                         .dtype = CVY_F32,
                         .rank = 3,
                         .dims = { DEPTH, ROWS, COLUMNS },
                         .strides = { ROWS * COLUMNS, 1, ROWS } };

    seed = 7;
    for (int i = 0; i < ALL; i++)
        cells[i] = (uint32_t)i;
    for (int k = 0; k < 400; k++) {
        const int64_t first = k == 0 ? 0 : draw(ALL);
        const int64_t n = k == 0 ? ALL : draw((int)(ALL - first) + 1);

        memset(got, 0x55, sizeof got);
        cvyi_copy_range(got, &v, first, n);
        for (int64_t i = 0; i < n; i++)
            CHECK(memcmp(&got[i], element(&v, first + i), 4) == 0);
        CHECK_EQ(got[n], 0x55555555);
    }
}

static void copies_between_strided_views_equal_their_elements(void)
{
    static char cells[CELLS * 8];

    for (uint64_t from = 1; from <= 300; from++) {
        cvy_view to;
        int axes[CVY_MAX_RANK];

        seed = from;
        for (size_t i = 0; i < sizeof cells; i++)
            cells[i] = (char)draw(64);

        const cvy_view v = random_view(cells, CVY_U8);

        for (int i = 0; i < v.rank; i++)
            axes[i] = v.rank - 1 - i;

        const cvy_view turned = cvyi_permuted(&v, axes);

        CHECK_OK(cvyi_tensor_open(&to, CVY_F32, v.rank, turned.dims, &err));
        CHECK(cvyi_is_packed(&to));

        const cvy_view back = cvyi_permuted(&to, axes); /* as v */

        CHECK_OK(cvyi_copy(&back, &v, &err));
        for (int64_t i = 0; i < cvy_view_count(&v); i++) {
            float got;

            memcpy(&got, element(&back, i), sizeof got);
            CHECK((double)got ==
                  (double)*(const unsigned char *)element(&v, i));
        }
        cvyi_tensor_close(&to);
    }
}

static void unequal_shapes_are_not_copied(void)
{
    float a[6] = { 0 }, b[6] = { 0 };
    const cvy_view x = cvyi_packed(a, CVY_F32, 2, (const int64_t[]){ 2, 3 });
    const cvy_view y = cvyi_packed(b, CVY_F32, 2, (const int64_t[]){ 3, 2 });
    const cvy_view z = cvyi_packed(b, CVY_F32, 1, (const int64_t[]){ 6 });
    const cvy_view none =
        cvyi_packed(b, CVY_F32, 2, (const int64_t[]){ 0, 3 });

    CHECK_EQ(cvyi_copy(&x, &y, &err), CVY_SHAPE);
    CHECK_EQ(cvyi_copy(&x, &z, &err), CVY_SHAPE);
    CHECK_OK(cvyi_copy(&none, &none, &err));
}

static void sizes_that_do_not_fit_are_told(void)
{
    const int64_t big = INT64_C(1) << 40;
    size_t n = 77;
    cvy_view t = { .rank = 77 };

    CHECK(!cvyi_packed_size(&n, CVY_F32, 2, (const int64_t[]){ big, big }));
    CHECK(!cvyi_packed_size(&n, CVY_F32, 3, (const int64_t[]){ 0, big, big }));
    CHECK(!cvyi_packed_size(&n, CVY_F64, 1, (const int64_t[]){ INT64_MAX }));
    CHECK(!cvyi_packed_size(&n, CVY_F32, 1, (const int64_t[]){ -1 }));
    CHECK_EQ(n, 77);
    CHECK(cvyi_packed_size(&n, CVY_U8, 1, (const int64_t[]){ INT64_MAX }));
    CHECK(n == INT64_MAX);
    CHECK(cvyi_packed_size(&n, CVY_F64, 2, (const int64_t[]){ 0, big }));
    CHECK_EQ(n, 0);
    CHECK(cvyi_packed_size(&n, CVY_F16, 0, NULL));
    CHECK_EQ(n, 2);

    CHECK_EQ(cvyi_tensor_open(&t, CVY_F32, 2, (const int64_t[]){ big, big },
                              &err),
             CVY_SHAPE);
    CHECK_EQ(cvyi_tensor_open(&t, CVY_F32, CVY_MAX_RANK + 1, &big, &err),
             CVY_SHAPE);
    CHECK_EQ(cvyi_tensor_open(&t, CVY_F32, -1, &big, &err), CVY_SHAPE);
    cvyi_alloc_refuse(1);
    CHECK_EQ(cvyi_tensor_open(&t, CVY_F32, 0, NULL, &err), CVY_MEMORY);
    cvyi_alloc_refuse(0);
    CHECK_EQ(t.rank, 77);
}

static void packed_means_row_major_without_gaps(void)
{
    float cells[24];
    cvy_view v = cvyi_packed(cells, CVY_F32, 3, (const int64_t[]){ 2, 1, 3 });
    cvy_view gap = v, none = v;
    const cvy_view turned = cvyi_permuted(&v, (const int[]){ 2, 1, 0 });

    CHECK(cvyi_is_packed(&v));
    v.strides[1] = 77; /* an axis of one element may have any stride */
    CHECK(cvyi_is_packed(&v));
    gap.strides[0] = 4;
    CHECK(!cvyi_is_packed(&gap));
    CHECK(!cvyi_is_packed(&turned));
    none.dims[0] = 0;
    CHECK(cvyi_is_packed(&none));
}

static void indices_walk_in_row_major_order(void)
{
    const int64_t dims[] = { 2, 3, 2 };
    int32_t cells[12];
    int64_t at[3] = { 0 };
    int n = 0;

    for (int i = 0; i < 12; i++)
        cells[i] = i;

    const cvy_view v = cvyi_packed(cells, CVY_I32, 3, dims);

    do {
        CHECK_EQ(cvyi_offset(&v, at), n);
        CHECK(cvyi_at(&v, at) == n);
        n++;
    } while (cvyi_next(3, dims, at));
    CHECK_EQ(n, 12);
    CHECK(!cvyi_next(0, dims, at));
}

static void types_have_sizes_and_names(void)
{
    CHECK_EQ(cvy_dtype_size(CVY_BF16), 2);
    CHECK_EQ(cvy_dtype_size(CVY_F64), 8);
    CHECK_STR(cvy_dtype_name(CVY_F32), "float32");
    CHECK_STR(cvy_dtype_name(CVY_BOOL), "bool");
}

#define CASE(name)  \
    {               \
#name, name \
    }
static const check_case cases[] = {
    CASE(every_half_is_its_value_and_comes_back),
    CASE(floats_round_to_the_nearest_half),
    CASE(every_bfloat_is_the_upper_half_of_a_float),
    CASE(floats_round_to_the_nearest_bfloat),
    CASE(every_pair_of_types_converts),
    CASE(same_types_are_copied_bit_by_bit),
    CASE(ranges_of_strided_views_equal_their_elements),
    CASE(ranges_of_transposes_equal_their_elements),
    CASE(copies_between_strided_views_equal_their_elements),
    CASE(unequal_shapes_are_not_copied),
    CASE(sizes_that_do_not_fit_are_told),
    CASE(packed_means_row_major_without_gaps),
    CASE(indices_walk_in_row_major_order),
    CASE(types_have_sizes_and_names),
};
CHECK_MAIN(cases)
