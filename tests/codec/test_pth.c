/* tests/codec/test_pth.c - state dicts of torch, both ways: pth.c, pth_zip.c,
 * pth_old.c, pth_names.c, pth_write.c. */
#include "codec/pth.h"

#include "codec/laws.h"

typedef struct sink {
    uint8_t bytes[16384];
    size_t n, largest;
    int64_t total, room; /* room 0: whatever comes */
} sink;

static cvy_status collect(void *context, const void *bytes, size_t n,
                          cvy_error *err)
{
    sink *const s = context;

    s->total += (int64_t)n;
    if (n > s->largest)
        s->largest = n;
    if (s->room > 0 && s->total > s->room)
        return cvyi_fail(err, CVY_IO, "no space left");
    if (s->n + n <= sizeof s->bytes) {
        memcpy(s->bytes + s->n, bytes, n);
        s->n += n;
    }
    return CVY_OK;
}

/* The tensors of data/make_torch.py: element i is first + step * i. */
static const struct {
    const char *name;
    cvy_dtype dtype;
    int rank;
    int64_t dims[4];
    double first, step;
} expected[] = {
    /* clang-format off */
    { "conv.weight", CVY_F32,  4, { 2, 3, 2, 2 }, 0,    1 },
    { "conv.bias",   CVY_F32,  1, { 2 },          0.5, -1.5 },
    { "tied",        CVY_F32,  1, { 24 },         0,    1 },
    { "slice",       CVY_F32,  2, { 2, 3 },       6,    1 },
    { "transposed",  CVY_F32,  2, { 3, 2 },       0,    0 }, /* see below */
    { "expanded",    CVY_F32,  2, { 2, 3 },       7,    0 },
    { "count",       CVY_I64,  0, { 0 },          7,    0 },
    { "empty",       CVY_F32,  2, { 0, 3 },       0,    0 },
    { "double",      CVY_F64,  1, { 2 },          1,    1 },
    { "half",        CVY_F16,  1, { 2 },          1.5, -3.5 },
    { "brain",       CVY_BF16, 1, { 2 },          1.5, -3.5 },
    { "i32",         CVY_I32,  1, { 1 },         -3,    0 },
    { "i16",         CVY_I16,  1, { 1 },         -2,    0 },
    { "i8",          CVY_I8,   1, { 2 },         -1,    2 },
    { "u8",          CVY_U8,   1, { 1 },          255,  0 },
    { "flag",        CVY_BOOL, 1, { 2 },          1,   -1 },
    /* clang-format on */
};
enum { N_EXPECTED = sizeof expected / sizeof *expected, TRANSPOSED = 4 };

static void check_tensor(const cvyi_safetensor *t, size_t row)
{
    const cvy_view *const v = &t->view;
    int64_t at[CVY_MAX_RANK] = { 0 };
    int i = 0;

    CHECK_STR(t->name, expected[row].name);
    CHECK_EQ(v->dtype, expected[row].dtype);
    CHECK_EQ(v->rank, expected[row].rank);
    for (int axis = 0; axis < v->rank; axis++)
        CHECK_EQ(v->dims[axis], expected[row].dims[axis]);
    if (cvy_view_count(v) == 0)
        return;
    do {
        const double want = row == TRANSPOSED
                                ? (double)(at[0] + 3 * at[1])
                                : expected[row].first + i * expected[row].step;

        CHECK(cvyi_at(v, at) == want);
        i++;
    } while (cvyi_next(v->rank, v->dims, at));
}

static void check_state(const void *bytes, size_t n)
{
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pth_open(&file, &arena, bytes, n, &err));
    CHECK_EQ(file.n, N_EXPECTED);
    CHECK_STR(file.key, "");
    for (size_t i = 0; i < N_EXPECTED; i++) {
        check_tensor(&file.tensors[i], i);
        CHECK(cvyi_pth_find(&file, expected[i].name) == &file.tensors[i]);
    }
    CHECK(cvyi_pth_find(&file, "conv") == NULL);
    cvyi_arena_close(&arena);
}

static void the_reader_finds_what_torch_wrote(void)
{
    static const char *const files[] = { LAWS_DATA("state.pth"),
                                         LAWS_DATA("old.pth"),
                                         LAWS_DATA("protocol4.pth") };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t n;
        uint8_t *const bytes = laws_read(files[i], &n);

        check_state(bytes, n);
        free(bytes);
    }
}

/* Views of one storage stay views of one storage. */
static void shared_memory_stays_shared(void)
{
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const bytes = laws_read(LAWS_DATA("state.pth"), &n);

    CHECK_OK(cvyi_pth_open(&file, &arena, bytes, n, &err));

    const float *const tied = cvyi_pth_find(&file, "tied")->view.data;

    CHECK((const uint8_t *)tied > bytes && (const uint8_t *)tied < bytes + n);
    CHECK(cvyi_pth_find(&file, "slice")->view.data ==
          (const void *)(tied + 6));
    CHECK(cvyi_pth_find(&file, "transposed")->view.data == (const void *)tied);
    CHECK_EQ(cvyi_pth_find(&file, "expanded")->view.strides[0], 0);
    CHECK_EQ(cvyi_pth_find(&file, "conv.weight")->view.strides[1], 1);
    cvyi_arena_close(&arena);
    free(bytes);
}

static void a_checkpoint_gives_its_state_dict(void)
{
    static const char *const names[] = { "0.weight",
                                         "0.bias",
                                         "1.weight",
                                         "1.bias",
                                         "1.running_mean",
                                         "1.running_var",
                                         "1.num_batches_tracked" };
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    cvy_error err = { 0 };
    size_t n;
    uint8_t *const bytes = laws_read(LAWS_DATA("checkpoint.pth"), &n);

    CHECK_OK(cvyi_pth_open(&file, &arena, bytes, n, &err));
    CHECK_STR(file.key, "model_state_dict");
    CHECK_EQ(file.n, 7);
    for (int i = 0; i < file.n; i++)
        CHECK_STR(file.tensors[i].name, names[i]);
    CHECK(cvyi_at(&file.tensors[0].view, (int64_t[]){ 1, 2 }) == 5);
    CHECK(cvyi_at(&file.tensors[2].view, (int64_t[]){ 1 }) == 21);
    CHECK_EQ(file.tensors[6].view.rank, 0);
    cvyi_arena_close(&arena);
    free(bytes);
}

/* ---- writing ---- */

static void outs_of(cvyi_safetensor_out *out, const cvyi_pth *file)
{
    for (int i = 0; i < file->n; i++) {
        const cvy_view *const v = &file->tensors[i].view;

        out[i] = (cvyi_safetensor_out){ .name = file->tensors[i].name,
                                        .view = *v,
                                        .rank = v->rank };
        memcpy(out[i].dims, v->dims, sizeof out[i].dims);
    }
}

/* golden.pth is what this writer made of state.pth; torch has read it. */
static void what_is_written_is_read_again(void)
{
    cvyi_safetensor_out out[N_EXPECTED];
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    cvyi_zip zip;
    sink s = { 0 };
    cvy_error err = { 0 };
    size_t n, n_golden;
    uint8_t *const bytes = laws_read(LAWS_DATA("state.pth"), &n);
    uint8_t *const golden = laws_read(LAWS_DATA("golden.pth"), &n_golden);

    CHECK_OK(cvyi_pth_open(&file, &arena, bytes, n, &err));
    outs_of(out, &file);
    CHECK_OK(cvyi_pth_write(out, N_EXPECTED, collect, &s, &err));
    check_state(s.bytes, s.n);
    CHECK_EQ(s.n, n_golden);
    assert_memory_equal(s.bytes, golden, n_golden);

    CHECK_OK(cvyi_zip_open(&zip, &arena, s.bytes, s.n, &err));
    CHECK_EQ(zip.n, 5 + N_EXPECTED);
    for (int i = 0; i < zip.n; i++)
        CHECK_EQ(zip.entries[i].data % 64, 0);
    cvyi_arena_close(&arena);
    free(golden);
    free(bytes);
}

/* 3 * 2^20 elements of one repeated number: more than fits one piece. */
static void a_large_tensor_goes_out_in_small_pieces(void)
{
    static const float one[] = { 1 };
    const cvyi_safetensor_out t = { .name = "w",
                                    .view = { .data = (void *)(uintptr_t)one,
                                              .rank = 2,
                                              .dims = { 3, 1 << 20 } },
                                    .rank = 1,
                                    .dims = { 3 << 20 } };
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pth_write(&t, 1, collect, &s, &err));
    CHECK(s.largest <= 1 << 20);
    s = (sink){ .room = 1 << 20 };
    CHECK_EQ(cvyi_pth_write(&t, 1, collect, &s, &err), CVY_IO);
    CHECK_STR(err.where, "w");
}

static void a_size_beyond_31_bits_is_written(void)
{
    static const float one[] = { 1 };
    const cvyi_safetensor_out t = { .name = "w",
                                    .view = { .data = (void *)(uintptr_t)one,
                                              .rank = 2,
                                              .dims = { 0,
                                                        (int64_t)1 << 40 } },
                                    .rank = 2,
                                    .dims = { 0, (int64_t)1 << 40 } };
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pth_write(&t, 1, collect, &s, &err));
    CHECK_OK(cvyi_pth_open(&file, &arena, s.bytes, s.n, &err));
    CHECK_EQ(file.tensors[0].view.dims[1], (int64_t)1 << 40);
    cvyi_arena_close(&arena);
}

static void no_tensors_make_a_file_too(void)
{
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pth_write(NULL, 0, collect, &s, &err));
    CHECK_OK(cvyi_pth_open(&file, &arena, s.bytes, s.n, &err));
    CHECK_EQ(file.n, 0);
    cvyi_arena_close(&arena);
}

static void bad_tensors_are_not_written(void)
{
    static const float one[] = { 1 };
    const cvyi_safetensor_out good = {
        .name = "a",
        .view = { .data = (void *)(uintptr_t)one, .rank = 1, .dims = { 1 } },
        .rank = 1,
        .dims = { 1 }
    };
    cvyi_safetensor_out two[] = { good, good };
    sink s = { 0 };
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_pth_write(two, 2, collect, &s, &err), CVY_ARGUMENT);
    CHECK(strstr(err.text, "two tensors") != NULL);
    two[1].name = "b\n";
    CHECK_EQ(cvyi_pth_write(two, 2, collect, &s, &err), CVY_ARGUMENT);
    two[1].name = "b";
    two[1].dims[0] = 3;
    CHECK_EQ(cvyi_pth_write(two, 2, collect, &s, &err), CVY_SHAPE);
    two[1].dims[0] = two[1].view.dims[0] = (int64_t)1 << 30;
    CHECK_EQ(cvyi_pth_write(two, 2, collect, &s, &err), CVY_UNSUPPORTED);
    CHECK_EQ(s.total, 0);
}

/* ---- hostile files ---- */

static void a_name_that_would_be_run_is_said(void)
{
    size_t n;
    uint8_t *const bytes =
        laws_read(CVYT_DATA "/reject/pth/runs_os_system.pth", &n);
    cvy_error err = { 0 };

    CHECK_EQ(walk_pth(bytes, n, &err), CVY_UNSUPPORTED);
    CHECK(strstr(err.text, "would run os.system") != NULL);
    CHECK_STR(err.where, "a/data.pkl");
    CHECK(err.offset > 0 && (size_t)err.offset < n &&
          bytes[err.offset] == 'c');
    free(bytes);
}

static void prefixes_are_refused(void)
{
    laws_prefixes(walk_pth, LAWS_DATA("torch.pt"), 1);
    laws_prefixes(walk_pth, LAWS_DATA("small.pth"), 1);
    laws_prefixes(walk_pth, LAWS_DATA("state.pth"), 17);
    laws_prefixes(walk_pth, LAWS_DATA("old.pth"), 7);
}

static void damage_is_survived(void)
{
    laws_damage(walk_pth, LAWS_DATA("torch.pt"), true);
    laws_damage(walk_pth, LAWS_DATA("small.pth"), true);
}

static cvy_status write_again(const void *bytes, size_t size, cvy_error *err)
{
    cvyi_safetensor_out out[N_EXPECTED];
    cvyi_arena arena = { 0 };
    cvyi_pth file;
    sink s = { 0 };
    cvy_status status = cvyi_pth_open(&file, &arena, bytes, size, err);

    if (status == CVY_OK) {
        outs_of(out, &file);
        status = cvyi_pth_write(out, file.n, collect, &s, err);
    }
    cvyi_arena_close(&arena);
    return status;
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_pth, LAWS_DATA("checkpoint.pth"));
    laws_memory(walk_pth, LAWS_DATA("old.pth"));
    laws_memory(write_again, LAWS_DATA("state.pth"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_pth, CVYT_DATA "/reject/pth", 90);
}

static const check_case cases[] = {
    { "the_reader_finds_what_torch_wrote", the_reader_finds_what_torch_wrote },
    { "shared_memory_stays_shared", shared_memory_stays_shared },
    { "a_checkpoint_gives_its_state_dict", a_checkpoint_gives_its_state_dict },
    { "what_is_written_is_read_again", what_is_written_is_read_again },
    { "a_large_tensor_goes_out_in_small_pieces",
      a_large_tensor_goes_out_in_small_pieces },
    { "a_size_beyond_31_bits_is_written", a_size_beyond_31_bits_is_written },
    { "no_tensors_make_a_file_too", no_tensors_make_a_file_too },
    { "bad_tensors_are_not_written", bad_tensors_are_not_written },
    { "a_name_that_would_be_run_is_said", a_name_that_would_be_run_is_said },
    { "prefixes_are_refused", prefixes_are_refused },
    { "damage_is_survived", damage_is_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
