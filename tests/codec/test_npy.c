/* tests/codec/test_npy.c - NumPy arrays, both ways: npy.c, npy_write.c,
 * npy_archive.c. */
#include "codec/npy.h"

#include "codec/laws.h"

typedef struct sink {
    uint8_t bytes[4096];
    size_t n;
} sink;

static cvy_status collect(void *context, const void *bytes, size_t n,
                          cvy_error *err)
{
    sink *const s = context;

    if (n > sizeof s->bytes - s->n)
        return cvyi_fail(err, CVY_IO, "no space left");
    memcpy(s->bytes + s->n, bytes, n);
    s->n += n;
    return CVY_OK;
}

/* 0 .. 5 as two rows of three. */
static void check_ramp(const cvy_view *v)
{
    CHECK_EQ(v->dtype, CVY_F32);
    CHECK_EQ(v->rank, 2);
    CHECK_EQ(v->dims[0], 2);
    CHECK_EQ(v->dims[1], 3);
    for (int64_t i = 0; i < 6; i++)
        CHECK(cvyi_at(v, (int64_t[]){ i / 3, i % 3 }) == (double)i);
}

static void both_orders_of_axes_and_bytes_are_read(void)
{
    static const char *const files[] = { LAWS_DATA("rows.npy"),
                                         LAWS_DATA("columns.npy"),
                                         LAWS_DATA("big.npy") };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cvyi_arena arena = { 0 };
        cvy_view view;
        cvy_error err = { 0 };
        size_t n;
        uint8_t *const bytes = laws_read(files[i], &n);

        CHECK_OK(cvyi_npy_open(&view, &arena, bytes, n, &err));
        check_ramp(&view);
        if (i < 2) /* borrowed, not copied */
            CHECK((uint8_t *)view.data == bytes + 128 && arena.blocks == NULL);
        cvyi_arena_close(&arena);
        free(bytes);
    }
}

static void every_type_is_read_from_an_archive(void)
{
    static const struct {
        const char *name;
        cvy_dtype dtype;
    } rows[] = { { "f2", CVY_F16 }, { "f4", CVY_F32 }, { "f8", CVY_F64 },
                 { "i8", CVY_I64 }, { "i4", CVY_I32 }, { "i2", CVY_I16 },
                 { "i1", CVY_I8 },  { "u1", CVY_U8 },  { "?", CVY_BOOL } };
    cvyi_arena arena = { 0 };
    cvyi_npz file;
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const bytes = laws_read(LAWS_DATA("kinds.npz"), &n);

    CHECK_OK(cvyi_npz_open(&file, &arena, bytes, n, &err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_safetensor *const t = cvyi_npz_find(&file, rows[i].name);

        CHECK(t != NULL);
        CHECK_EQ(t->view.dtype, rows[i].dtype);
        for (int64_t k = 0; k < 3; k++)
            CHECK(cvyi_at(&t->view, &k) == (k > 0));
    }
    CHECK_EQ(file.n, 14);
    CHECK(cvyi_npz_find(&file, "f3") == NULL);
    CHECK_EQ(cvyi_npz_find(&file, "scalar")->view.rank, 0);
    CHECK(cvyi_at(&cvyi_npz_find(&file, "scalar")->view, NULL) == 2.5);
    CHECK_EQ(cvy_view_count(&cvyi_npz_find(&file, "empty")->view), 0);
    CHECK_EQ(cvyi_npz_find(&file, "bf16")->view.dtype, CVY_BF16);
    check_ramp(&cvyi_npz_find(&file, "conv/kernel:0")->view);
    for (int64_t k = 0; k < 2; k++) {
        CHECK(cvyi_at(&cvyi_npz_find(&file, "big")->view, &k) ==
              (k == 0 ? 1 : -2));
        CHECK(cvyi_at(&cvyi_npz_find(&file, "bf16")->view, &k) ==
              (k == 0 ? 1.5 : -2));
    }
    cvyi_arena_close(&arena);
    free(bytes);
}

static void a_deflated_archive_is_read(void)
{
    cvyi_arena arena = { 0 };
    cvyi_npz file;
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const bytes = laws_read(LAWS_DATA("packed.npz"), &n);

    CHECK_OK(cvyi_npz_open(&file, &arena, bytes, n, &err));
    CHECK_EQ(file.n, 1);
    CHECK_STR(file.tensors[0].name, "w");
    for (int64_t i = 0; i < 100; i++)
        CHECK(cvyi_at(&file.tensors[0].view, &i) == (double)i);
    cvyi_arena_close(&arena);
    free(bytes);
}

/* A header and two float32; rank, or -1 if it must be refused. */
static const struct {
    int version, rank;
    const char *header;
} headers[] = {
    /* clang-format off */
    { 1, 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n" },
    { 2, 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n" },
    { 3, 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n" },
    { 1, 2, "{\"shape\":(1,2),\"fortran_order\":True,\"descr\":\"<f4\"}\n" },
    { 1, 2, "{ 'shape' : ( 2 , 1 , ) , 'descr' : '<f4' ,"
            " 'fortran_order' : False }   \n" },
    { 1, 0, "{'descr': '<f8', 'fortran_order': False, 'shape': ()}\n" },
    { 1, 8, "{'descr': '|u1', 'fortran_order': False,"
            " 'shape': (1,1,1,1,1,1,1,8)}\n" },
    { 1, -1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}\n" },
    { 1, -1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}" },
    { 1, -1, "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}\n" },
    { 1, -1, "{, 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}\n" },
    { 1, -1, "{'descr': '<f4', 'fortran_order': Falsey, 'shape': (2,)}\n" },
    { 1, -1, "{}\n" },
    /* clang-format on */
};

static void headers_are_a_strict_literal(void)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const size_t n = strlen(headers[i].header);
        const size_t head = headers[i].version == 1 ? 10 : 12;
        uint8_t *const bytes = calloc(1, head + n + 8);
        cvyi_arena arena = { 0 };
        cvy_view view;
        cvy_error err = { 0 };

        memcpy(bytes, "\x93NUMPY", 6);
        bytes[6] = (uint8_t)headers[i].version;
        bytes[8] = (uint8_t)n;
        memcpy(bytes + head, headers[i].header, n);

        const cvy_status status =
            cvyi_npy_open(&view, &arena, bytes, head + n + 8, &err);

        if (status != (headers[i].rank < 0 ? CVY_FORMAT : CVY_OK))
            fail_msg("%s: %s", headers[i].header, err.text);
        if (status == CVY_OK)
            CHECK_EQ(view.rank, headers[i].rank);
        cvyi_arena_close(&arena);
        free(bytes);
    }
}

static void the_writer_equals_numpy(void)
{
    cvyi_arena arena = { 0 };
    cvy_view view;
    sink s = { 0 };
    cvy_error err = { 0 };
    size_t n, n_want;
    uint8_t *const bytes = laws_read(LAWS_DATA("columns.npy"), &n);
    uint8_t *const want = laws_read(LAWS_DATA("rows.npy"), &n_want);

    CHECK_OK(cvyi_npy_open(&view, &arena, bytes, n, &err));
    CHECK_OK(cvyi_npy_write(&view, collect, &s, &err));
    CHECK_EQ(s.n, n_want);
    assert_memory_equal(s.bytes, want, n_want);
    cvyi_arena_close(&arena);
    free(want);
    free(bytes);
}

static void every_type_and_rank_is_written(void)
{
    static const double zeros[8] = { 0 };

    for (int dtype = CVY_F32; dtype <= CVY_BOOL; dtype++)
        for (int rank = 0; rank <= 4; rank++) {
            const int64_t dims[] = { 2, 1, 0, 3 };
            const cvy_view view = cvyi_packed((void *)(uintptr_t)zeros,
                                              (cvy_dtype)dtype, rank, dims);
            cvyi_arena arena = { 0 };
            cvy_view again;
            sink s = { 0 };
            cvy_error err = { 0 };

            if (dtype == CVY_BF16) {
                CHECK_EQ(cvyi_npy_write(&view, collect, &s, &err),
                         CVY_UNSUPPORTED);
                CHECK_EQ(s.n, 0);
                continue;
            }
            CHECK_OK(cvyi_npy_write(&view, collect, &s, &err));
            CHECK_OK(cvyi_npy_open(&again, &arena, s.bytes, s.n, &err));
            CHECK_EQ(again.dtype, dtype);
            CHECK_EQ(again.rank, rank);
            for (int i = 0; i < rank; i++)
                CHECK_EQ(again.dims[i], dims[i]);
            CHECK_EQ(((uint8_t *)again.data - s.bytes) % 64, 0);
            cvyi_arena_close(&arena);
        }
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_npy, LAWS_DATA("rows.npy"), 1);
    laws_damage(walk_npy, LAWS_DATA("rows.npy"), false);
    laws_damage(walk_npy, LAWS_DATA("big.npy"), true);
    laws_prefixes(walk_npy, LAWS_DATA("packed.npz"), 1);
    laws_damage(walk_npy, LAWS_DATA("packed.npz"), true);
}

static cvy_status write_again(const void *bytes, size_t size, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvy_view view;
    sink s = { 0 };
    cvy_status status = cvyi_npy_open(&view, &arena, bytes, size, err);

    if (status == CVY_OK)
        status = cvyi_npy_write(&view, collect, &s, err);
    cvyi_arena_close(&arena);
    return status;
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_npy, LAWS_DATA("big.npy"));
    laws_memory(walk_npy, LAWS_DATA("packed.npz"));
    laws_memory(write_again, LAWS_DATA("rows.npy"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_npy, CVYT_DATA "/reject/npy", 50);
}

static const check_case cases[] = {
    { "both_orders_of_axes_and_bytes_are_read",
      both_orders_of_axes_and_bytes_are_read },
    { "every_type_is_read_from_an_archive",
      every_type_is_read_from_an_archive },
    { "a_deflated_archive_is_read", a_deflated_archive_is_read },
    { "headers_are_a_strict_literal", headers_are_a_strict_literal },
    { "the_writer_equals_numpy", the_writer_equals_numpy },
    { "every_type_and_rank_is_written", every_type_and_rank_is_written },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
