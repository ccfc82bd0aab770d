/* tests/codec/test_safetensors.c - safetensors, both ways. */
#include "codec/safetensors.h"

#include "codec/laws.h"

typedef struct sink {
    uint8_t bytes[4096];
    size_t n, largest;
    int64_t total;
    bool full; /* refuses what does not fit */
} sink;

static cvy_status collect(void *context, const void *bytes, size_t n,
                          cvy_error *err)
{
    sink *const s = context;

    s->total += (int64_t)n;
    if (n > s->largest)
        s->largest = n;
    if (s->full && s->total > (int64_t)sizeof s->bytes)
        return cvyi_fail(err, CVY_IO, "no space left");
    if (s->n + n <= sizeof s->bytes) {
        memcpy(s->bytes + s->n, bytes, n);
        s->n += n;
    }
    return CVY_OK;
}

static const float ramp[24] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
    12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23
};
static const float bias[] = { 0.5f, -1.0f };
static const float one[] = { 1.0f };
static const double doubles[] = { 1.0, 2.0 };
static const int64_t count[] = { 7 };
static const uint16_t halves[] = { 0x3e00, 0xc000 };
static const uint16_t brains[] = { 0x3fc0, 0xc000 };
static const int32_t i32[] = { -3 };
static const int16_t i16[] = { -2 };
static const int8_t i8[] = { -1, 1 };
static const uint8_t u8[] = { 255 };
static const uint8_t flags[] = { 1, 0 };

/* The tensors of golden.safetensors; see data/make.py. */
static const struct {
    const char *name;
    const void *data;
    cvy_dtype dtype;
    int rank;
    int64_t dims[4];
} golden[] = {
    /* clang-format off */
    { "conv.weight",    ramp,    CVY_F32,  4, { 2, 3, 2, 2 } },
    { "conv.bias",      bias,    CVY_F32,  1, { 2 } },
    { "count",          count,   CVY_I64,  0, { 0 } },
    { "b.double",       doubles, CVY_F64,  1, { 2 } },
    { "half",           halves,  CVY_F16,  1, { 2 } },
    { "brain",          brains,  CVY_BF16, 1, { 2 } },
    { "i32",            i32,     CVY_I32,  1, { 1 } },
    { "i16",            i16,     CVY_I16,  1, { 1 } },
    { "i8",             i8,      CVY_I8,   1, { 2 } },
    { "u8",             u8,      CVY_U8,   1, { 1 } },
    { "flag",           flags,   CVY_BOOL, 1, { 2 } },
    { "empty",          ramp,    CVY_F32,  2, { 0, 3 } },
    { "quote\"\xc3\xa9", one,    CVY_F32,  1, { 1 } },
    /* clang-format on */
};
enum { N_GOLDEN = sizeof golden / sizeof *golden };

static cvyi_safetensor_out packed_out(const char *name, const void *data,
                                      cvy_dtype dtype, int rank,
                                      const int64_t *dims)
{
    cvyi_safetensor_out t = { .name = name, .rank = rank };

    t.view = cvyi_packed((void *)(uintptr_t)data, dtype, rank, dims);
    memcpy(t.dims, dims, (size_t)rank * sizeof *dims);
    return t;
}

static void golden_tensors(cvyi_safetensor_out *out)
{
    for (size_t i = 0; i < N_GOLDEN; i++)
        out[i] = packed_out(golden[i].name, golden[i].data, golden[i].dtype,
                            golden[i].rank, golden[i].dims);
}

/* Byte for byte, and whatever the order they are given in. */
static void the_writer_equals_the_reference(void)
{
    cvyi_safetensor_out tensors[N_GOLDEN];
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const want = laws_read(LAWS_DATA("golden.safetensors"), &n);

    golden_tensors(tensors);
    for (size_t turn = 0; turn < N_GOLDEN; turn++) {
        const cvyi_safetensor_out first = tensors[0];
        sink s = { 0 };

        CHECK_OK(cvyi_safetensors_write(tensors, N_GOLDEN, collect, &s, &err));
        CHECK_EQ(s.n, n);
        assert_memory_equal(s.bytes, want, n);
        memmove(tensors, tensors + 1, sizeof tensors - sizeof *tensors);
        tensors[N_GOLDEN - 1] = first;
    }
    free(want);
}

static void the_reader_finds_what_the_reference_wrote(void)
{
    cvyi_arena arena = { 0 };
    cvyi_safetensors file;
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const bytes = laws_read(LAWS_DATA("golden.safetensors"), &n);

    CHECK_OK(cvyi_safetensors_open(&file, &arena, bytes, n, &err));
    CHECK_EQ(file.n, N_GOLDEN);
    CHECK(cvyi_is_text(cvyi_get(file.metadata, "format"), "pt"));
    CHECK(cvyi_safetensors_find(&file, "conv") == NULL);
    for (size_t i = 0; i < N_GOLDEN; i++) {
        const cvyi_safetensor *const t =
            cvyi_safetensors_find(&file, golden[i].name);

        CHECK(t != NULL);
        CHECK_EQ(t->view.dtype, golden[i].dtype);
        CHECK_EQ(t->view.rank, golden[i].rank);
        for (int axis = 0; axis < t->view.rank; axis++)
            CHECK_EQ(t->view.dims[axis], golden[i].dims[axis]);
        assert_memory_equal(t->view.data, golden[i].data,
                            (size_t)cvy_view_count(&t->view) *
                                cvy_dtype_size(t->view.dtype));
    }
    free(bytes);
    cvyi_arena_close(&arena);
}

/* A view with finer axes, permuted: rows of units in another order. */
static void a_strided_view_is_written_in_its_own_order(void)
{
    const int64_t fine[] = { 2, 3, 4 };
    const int axes[] = { 2, 0, 1 };
    const cvy_view view =
        cvyi_packed((void *)(uintptr_t)ramp, CVY_F32, 3, fine);
    const cvyi_safetensor_out t = { .name = "w",
                                    .view = cvyi_permuted(&view, axes),
                                    .rank = 2,
                                    .dims = { 4, 6 } };
    cvyi_arena arena = { 0 };
    cvyi_safetensors file;
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_safetensors_write(&t, 1, collect, &s, &err));
    CHECK_OK(cvyi_safetensors_open(&file, &arena, s.bytes, s.n, &err));
    CHECK_EQ(file.tensors[0].view.rank, 2);
    for (int64_t unit = 0; unit < 4; unit++)
        for (int64_t place = 0; place < 6; place++)
            CHECK(cvyi_at(&file.tensors[0].view, (int64_t[]){ unit, place }) ==
                  (double)ramp[place * 4 + unit]);
    cvyi_arena_close(&arena);
}

/* 3 * 2^20 elements of one repeated number: more than fits one piece. */
static void a_large_tensor_goes_out_in_small_pieces(void)
{
    cvyi_safetensor_out t = { .name = "w", .rank = 1, .dims = { 3 << 20 } };
    sink s = { 0 };
    cvy_error err = { 0 };

    t.view = (cvy_view){ .data = (void *)(uintptr_t)one,
                         .rank = 2,
                         .dims = { 3, 1 << 20 } };
    CHECK_OK(cvyi_safetensors_write(&t, 1, collect, &s, &err));
    CHECK_EQ(s.total, (int64_t)(s.bytes[0] + 8) + 4 * (3 << 20));
    CHECK(s.largest <= 1 << 20);

    s = (sink){ .full = true };
    CHECK_EQ(cvyi_safetensors_write(&t, 1, collect, &s, &err), CVY_IO);
    CHECK_STR(err.where, "w");
}

static void bad_tensors_are_not_written(void)
{
    const int64_t dims[] = { 2 };
    const cvyi_safetensor_out good = packed_out("a", bias, CVY_F32, 1, dims);
    cvyi_safetensor_out two[] = { good, good };
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_safetensors_write(two, 2, collect, &s, &err), CVY_ARGUMENT);
    CHECK(strstr(err.text, "two tensors") != NULL);
    two[1].name = "__metadata__";
    CHECK_EQ(cvyi_safetensors_write(two, 2, collect, &s, &err), CVY_ARGUMENT);
    two[1].name = "b\n";
    CHECK_EQ(cvyi_safetensors_write(two, 2, collect, &s, &err), CVY_ARGUMENT);
    two[1].name = "b";
    two[1].dims[0] = 3;
    CHECK_EQ(cvyi_safetensors_write(two, 2, collect, &s, &err), CVY_SHAPE);
    CHECK_EQ(s.total, 0);
}

static void no_tensors_make_a_file_too(void)
{
    cvyi_arena arena = { 0 };
    cvyi_safetensors file;
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_safetensors_write(NULL, 0, collect, &s, &err));
    CHECK_OK(cvyi_safetensors_open(&file, &arena, s.bytes, s.n, &err));
    CHECK_EQ(file.n, 0);
    cvyi_arena_close(&arena);
}

/* A tensor's entry, and the header of a file whose only tensor is a. */
#define ENTRY(dtype, shape, offsets)                                         \
    "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets \
    "}"
#define PAIR(offsets) ENTRY("F32", "[2]", offsets)
#define A(entry) "{\"a\":" entry "}"

static const struct {
    size_t n_data;
    cvy_status status;
    const char *word, *header;
} bad[] = {
    /* clang-format off */
    { 0,  CVY_FORMAT,      "begins with",    "" },
    { 0,  CVY_FORMAT,      "begins with",    " {}" },
    { 0,  CVY_FORMAT,      "begins with",    "[]" },
    { 0,  CVY_FORMAT,      "cut short",      "{" },
    { 1,  CVY_FORMAT,      "after the last", "{}" },
    { 7,  CVY_FORMAT,      "past the end",   A(PAIR("[0,8]")) },
    { 9,  CVY_FORMAT,      "after the last", A(PAIR("[0,8]")) },
    { 12, CVY_FORMAT,      "gap",            A(PAIR("[4,12]")) },
    { 4,  CVY_FORMAT,      "disagrees",      A(PAIR("[0,4]")) },
    { 8,  CVY_FORMAT,      "offsets",        A(PAIR("[8,0]")) },
    { 8,  CVY_FORMAT,      "offsets",        A(PAIR("[-8,0]")) },
    { 8,  CVY_FORMAT,      "offsets",        A(PAIR("[0,8.0]")) },
    { 8,  CVY_FORMAT,      "offsets",        A(PAIR("[0]")) },
    { 8,  CVY_FORMAT,      "offsets",        A(PAIR("8")) },
    { 16, CVY_FORMAT,      "twice",
      "{\"a\":" PAIR("[0,8]") ",\"a\":" PAIR("[8,16]") "}" },
    { 12, CVY_FORMAT,      "overlaps",
      "{\"a\":" PAIR("[0,8]") ",\"b\":" PAIR("[4,12]") "}" },
    { 8,  CVY_FORMAT,      "unknown keys",
      A(ENTRY("F32", "[2],\"x\":1", "[0,8]")) },
    { 8,  CVY_FORMAT,      "metadata",
      "{\"a\":" PAIR("[0,8]") ",\"__metadata__\":{\"n\":1}}" },
    { 8,  CVY_FORMAT,      "metadata",
      "{\"a\":" PAIR("[0,8]") ",\"__metadata__\":[]}" },
    { 8,  CVY_UNSUPPORTED, "control",        "{\"\\n\":" PAIR("[0,8]") "}" },
    { 0,  CVY_FORMAT,      "dtype",          A("[]") },
    { 2,  CVY_UNSUPPORTED, "element type",
      A(ENTRY("F8_E4M3", "[2]", "[0,2]")) },
    { 8,  CVY_FORMAT,      "shape",     A(ENTRY("F32", "[-2]", "[0,8]")) },
    { 8,  CVY_FORMAT,      "shape",     A(ENTRY("F32", "[2.0]", "[0,8]")) },
    { 8,  CVY_FORMAT,      "shape",     A(ENTRY("F32", "{}", "[0,8]")) },
    { 4,  CVY_UNSUPPORTED, "9 axes",
      A(ENTRY("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]")) },
    { 0,  CVY_FORMAT,      "disagrees",
      A(ENTRY("F32", "[4294967296,4294967296]", "[0,0]")) },
    { 0,  CVY_FORMAT,      "disagrees",
      A(ENTRY("F32", "[4611686018427387904]", "[0,0]")) },
    /* clang-format on */
};

static void bad_headers_are_refused_and_explained(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const size_t n = strlen(bad[i].header);
        const size_t size = 8 + n + bad[i].n_data;
        uint8_t *const bytes = calloc(1, size);
        cvy_error err = { 0 };

        bytes[0] = (uint8_t)n;
        bytes[1] = (uint8_t)(n >> 8);
        memcpy(bytes + 8, bad[i].header, n);
        if (walk_safetensors(bytes, size, &err) != bad[i].status ||
            strstr(err.text, bad[i].word) == NULL)
            fail_msg("%s: %s", bad[i].header, err.text);
        free(bytes);
    }
}

static void a_header_longer_than_the_file_is_refused(void)
{
    uint8_t bytes[16] = { 9 };
    cvy_error err = { 0 };

    CHECK_EQ(walk_safetensors(bytes, sizeof bytes, &err), CVY_FORMAT);
    CHECK(strstr(err.text, "header of 9 bytes") != NULL);
    memset(bytes, 0xff, 8);
    CHECK_EQ(walk_safetensors(bytes, sizeof bytes, &err), CVY_FORMAT);
    CHECK(strstr(err.text, "100 000 000") != NULL);
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_safetensors, LAWS_DATA("golden.safetensors"), 1);
    laws_damage(walk_safetensors, LAWS_DATA("golden.safetensors"), true);
}

static cvy_status write_golden(const void *bytes, size_t size, cvy_error *err)
{
    cvyi_safetensor_out tensors[N_GOLDEN];
    sink s = { 0 };

    (void)bytes;
    (void)size;
    golden_tensors(tensors);
    return cvyi_safetensors_write(tensors, N_GOLDEN, collect, &s, err);
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_safetensors, LAWS_DATA("golden.safetensors"));
    laws_memory(write_golden, LAWS_DATA("golden.safetensors"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_safetensors, CVYT_DATA "/reject/safetensors", 8);
}

static const check_case cases[] = {
    { "the_writer_equals_the_reference", the_writer_equals_the_reference },
    { "the_reader_finds_what_the_reference_wrote",
      the_reader_finds_what_the_reference_wrote },
    { "a_strided_view_is_written_in_its_own_order",
      a_strided_view_is_written_in_its_own_order },
    { "a_large_tensor_goes_out_in_small_pieces",
      a_large_tensor_goes_out_in_small_pieces },
    { "bad_tensors_are_not_written", bad_tensors_are_not_written },
    { "no_tensors_make_a_file_too", no_tensors_make_a_file_too },
    { "bad_headers_are_refused_and_explained",
      bad_headers_are_refused_and_explained },
    { "a_header_longer_than_the_file_is_refused",
      a_header_longer_than_the_file_is_refused },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
