/* tests/codec/test_format.c - what a file's content says: format.c, and
 * which texts may be names: name.c. */
#include "codec/format.h"

#include "codec/laws.h"
#include "codec/name.h"

static const struct {
    const char *path, *name;
} files[] = {
    { "codec/data/tiny.keras", "keras" },
    { "codec/data/torch.pt", "pth" },
    { "codec/data/state.pth", "pth" },
    { "codec/data/golden.pth", "pth" },
    { "codec/data/old.pth", "oldpth" },
    { "codec/data/rows.npy", "npy" },
    { "codec/data/kinds.npz", "npz" },
    { "codec/data/two.zip", "zip" },
    { "codec/data/small.h5", "hdf5" },
    { "codec/data/golden.safetensors", "safetensors" },
    { "codec/data/small.json", "json" },
    { "codec/test_format.c", "text" },
};

static const cvyi_format *find(const void *bytes, size_t n)
{
    const cvyi_format *found = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_format_find(&found, bytes, n, &err));
    return found;
}

static void real_files_are_told_apart(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[1024];
        size_t n;

        snprintf(path, sizeof path, CVYT_DATA "/%s", files[i].path);

        uint8_t *const bytes = laws_read(path, &n);
        const cvyi_format *const found = find(bytes, n);

        CHECK(found != NULL);
        CHECK_STR(found->name, files[i].name);
        free(bytes);
    }
}

#define BYTES(text) (text), sizeof(text) - 1
static const struct {
    const char *bytes;
    size_t n;
    const char *name; /* NULL: nobody knows */
} starts[] = {
    /* clang-format off */
    { BYTES("\x89HDF\r\n\x1a\n"),             "hdf5" },
    { BYTES("PK\5\6"),                        "emptyzip" },
    { BYTES("PK\3\4"),                        "badzip" },
    { BYTES("PK\3\4......................\x0b\0..config.json"), "keras" },
    { BYTES("PK\3\4......................\x0a\0..config.json"), "badzip" },
    { BYTES("\x93NUMPY\1\0"),                 "npy" },
    { BYTES("\x80\2}q\0."),                   "pickle" },
    { BYTES("\x80\2"),                        NULL },
    { BYTES("\200\2\212\nl\374\234F\371 j\250P\031."), "oldpth" },
    { BYTES("\x02\0\0\0\0\0\0\0{}"),          "safetensors" },
    { BYTES("\x03\0\0\0\0\0\0\0{}"),          NULL },
    { BYTES("\x1c\0\0\0TFL3"),                "tflite" },
    { BYTES("\x08\x01\x12\x05"),              "savedmodel" },
    { BYTES("\x08\x08\x12\x02pt:\0"),         "onnx" },
    { BYTES("\x1f\x8b\x08"),                  "gzip" },
    { BYTES("\x89PNG\r\n"),                   "png" },
    { BYTES("\xff\xd8\xff\xe0"),              "jpeg" },
    { BYTES("\x7f" "ELF"),                    "elf" },
    { BYTES("version https://git-lfs.github.com/spec/v1\n"), "lfs" },
    { BYTES("\n<!DOCTYPE html>"),             "html" },
    { BYTES("import keras\n"),                "python" },
    { BYTES("# A model.\nfrom keras import layers\n"), "python" },
    { BYTES("They import it.\n"),             "text" },
    { BYTES("{\"class_name\": \"Model\"}"),    "kerasconfig" },
    { BYTES("{\"weight_map\": {\"/layers/dense/vars\": "
            "[\"a_00000.weights.h5\"]}}"),    "kerasshards" },
    { BYTES("{\"weight_map\": {\"a\": \"model-1.safetensors\"}}"), "json" },
    { BYTES(" {\"a\": 1}"),                   "json" },
    { BYTES("words\n"),                       "text" },
    { BYTES("caf\xc3"),                       "text" },
    { BYTES("caf\xe9 noir"),                  NULL },
    { BYTES("\0\0\0\0"),                      NULL },
    { BYTES(""),                              "empty" },
    /* clang-format on */
};

static void starts_are_told_apart(void)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        char *const copy = malloc(starts[i].n ? starts[i].n : 1);

        memcpy(copy, starts[i].bytes, starts[i].n);

        const cvyi_format *const found = find(copy, starts[i].n);
        const char *const name = found != NULL ? found->name : NULL;

        if ((name == NULL) != (starts[i].name == NULL) ||
            (name != NULL && strcmp(name, starts[i].name) != 0))
            fail_msg("row %zu: %s", i, name != NULL ? name : "(nothing)");
        free(copy);
    }
}

/* A table file is told by its end. */
static void a_checkpoint_is_told_by_its_last_bytes(void)
{
    uint8_t bytes[57] = { 0 };

    memcpy(bytes + 49, "\127\373\200\213\044\165\107\333", 8);
    CHECK_STR(find(bytes, 57)->name, "checkpoint");
    CHECK(find(bytes, 56) == NULL);
    CHECK(find(bytes + 9, 48) == NULL);
}

static void a_refused_allocation_is_no_guess(void)
{
    size_t n;
    uint8_t *const bytes = laws_read(CVYT_DATA "/codec/data/two.zip", &n);
    const cvyi_format *found = NULL;

    cvyi_alloc_refuse(1);
    CHECK_EQ(cvyi_format_find(&found, bytes, n, NULL), CVY_MEMORY);
    cvyi_alloc_refuse(0);
    CHECK(found == NULL);
    free(bytes);
}

static void every_row_has_a_name_of_its_own(void)
{
    for (const cvyi_format *a = cvyi_formats; a->name != NULL; a++) {
        CHECK(a->what[0] != '\0');
        for (const cvyi_format *b = a + 1; b->name != NULL; b++)
            CHECK(strcmp(a->name, b->name) != 0);
    }
}

/* All sequences of up to three bytes, against the rule said the other way
 * round: decode, and see whether encoding gives the same bytes. */
static bool is_utf8_by_decoding(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t n = p[i] < 0x80   ? 1
                         : p[i] < 0xc0 ? 0
                         : p[i] < 0xe0 ? 2
                         : p[i] < 0xf0 ? 3
                                       : 4;
        static const uint32_t least[] = { 0, 0, 0x80, 0x800 };

        if (n == 0 || n == 4 || n > size - i)
            return false;

        uint32_t c = n == 1 ? p[i] : p[i] & (0x7fu >> n);

        for (size_t j = 1; j < n; j++) {
            if ((p[i + j] & 0xc0) != 0x80)
                return false;
            c = c << 6 | (p[i + j] & 0x3f);
        }
        if (c < least[n] || (c >= 0xd800 && c <= 0xdfff))
            return false;
        i += n;
    }
    return true;
}

static void utf8_is_judged_by_its_definition(void)
{
    uint8_t p[3];

    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++)
            for (int c = 0; c < 256; c += 3) {
                p[0] = (uint8_t)a;
                p[1] = (uint8_t)b;
                p[2] = (uint8_t)c;
                for (size_t n = 1; n <= 3; n++)
                    if (cvyi_is_utf8((const char *)p, n) !=
                        is_utf8_by_decoding(p, n))
                        fail_msg("%02x %02x %02x, %zu", a, b, c, n);
            }
    CHECK(cvyi_is_utf8(BYTES("\xf0\x9f\x98\x80")));
    CHECK(cvyi_is_utf8(BYTES("\xf4\x8f\xbf\xbf")));
    CHECK(!cvyi_is_utf8(BYTES("\xf4\x90\x80\x80")));
    CHECK(!cvyi_is_utf8(BYTES("\xf0\x8f\xbf\xbf")));
}

static void names_are_judged(void)
{
    CHECK(cvyi_name_fault(BYTES("layers/conv2d_1")) == NULL);
    CHECK(cvyi_name_fault(BYTES("stra\xc3\x9f"
                                "e")) == NULL);
    CHECK(strstr(cvyi_name_fault("", 0), "empty") != NULL);
    CHECK(strstr(cvyi_name_fault(BYTES("a\x1b[31m")), "control") != NULL);
    CHECK(strstr(cvyi_name_fault(BYTES("a\x7f")), "control") != NULL);
    CHECK(strstr(cvyi_name_fault(BYTES("a\xff")), "UTF-8") != NULL);
}

static const check_case cases[] = {
    { "real_files_are_told_apart", real_files_are_told_apart },
    { "starts_are_told_apart", starts_are_told_apart },
    { "a_checkpoint_is_told_by_its_last_bytes",
      a_checkpoint_is_told_by_its_last_bytes },
    { "a_refused_allocation_is_no_guess", a_refused_allocation_is_no_guess },
    { "every_row_has_a_name_of_its_own", every_row_has_a_name_of_its_own },
    { "utf8_is_judged_by_its_definition", utf8_is_judged_by_its_definition },
    { "names_are_judged", names_are_judged },
};
CHECK_MAIN(cases)
