/*
 * read/known.c - naming files that no reader takes.
 *
 * Told from the first bytes alone, or for a zip archive from the names of its
 * members. A table row that is a model names what its owner can do today.
 */
#include "read/known.h"

#include "base/text.h"
#include "codec/zip.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char to_keras[] =
    "load it in Keras 3 and save it as a .keras file";
static const char no_network[] =
    "these are weights without a network: start from the Keras model's "
    ".keras file";
static const char from_torch[] =
    "PyTorch models as input come with a later version";
static const char from_tensorflow[] =
    "build the model in Keras 3, load these weights, save it as .keras";

typedef struct known {
    const char *title;  /* "a legacy HDF5 file" */
    const char *advice; /* NULL: no model at all */
} known;

/* ---- the first bytes ---- */

static const struct {
    size_t offset, n;
    const char *magic;
    known what;
} rows[] = {
    /* clang-format off */
    { 0, 8, "\211HDF\r\n\032\n", { "an HDF5 file (.h5)", to_keras } },
    { 0, 14, "\200\002\212\nl\374\234F\371 j\250P\031",
      { "a PyTorch file of before 1.6", from_torch } },
    { 4, 4, "TFL3", { "a TensorFlow Lite model", to_keras } },
    { 0, 3, "\010\001\022", { "a TensorFlow SavedModel", to_keras } },
    { 0, 1, "\200", { "a Python pickle, which is never run", NULL } },
    { 0, 6, "\223NUMPY", { "a NumPy array", NULL } },
    { 0, 4, "PK\5\6", { "an empty zip archive", NULL } },
    { 0, 2, "\037\213", { "a gzip file", NULL } },
    { 257, 5, "ustar", { "a tar archive", NULL } },
    { 0, 8, "\211PNG\r\n\032\n", { "a PNG image", NULL } },
    { 0, 3, "\377\330\377", { "a JPEG image", NULL } },
    { 0, 5, "%PDF-", { "a PDF document", NULL } },
    { 0, 4, "\177ELF", { "a program", NULL } },
    /* clang-format on */
};

/* ---- what takes more than a few bytes ---- */

static bool is_safetensors(const uint8_t *bytes, size_t size)
{
    uint64_t header = 0;

    if (size < 10 || bytes[8] != '{')
        return false;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | bytes[i];
    return header <= size - 8;
}

/* ir_version 3 .. 20, then the producer's name or another known field. */
static bool is_onnx(const uint8_t *bytes, size_t size)
{
    return size > 3 && bytes[0] == 0x08 && bytes[1] >= 3 && bytes[1] <= 20 &&
           (bytes[2] == 0x12 || bytes[2] == 0x3a || bytes[2] == 0x42);
}

/* The last eight bytes of a table file. */
static bool is_checkpoint(const uint8_t *bytes, size_t size)
{
    return size > 48 && memcmp(bytes + size - 8,
                               "\127\373\200\213\044\165\107\333", 8) == 0;
}

static bool is_text(const uint8_t *bytes, size_t size)
{
    const size_t n = size < 4096 ? size : 4096;

    for (size_t i = 0; i < n; i++)
        if (bytes[i] < 0x20 && strchr("\t\n\r\f", bytes[i]) == NULL)
            return false;
    return memchr(bytes, '\0', n) == NULL;
}

static bool mentions(const uint8_t *bytes, size_t size, const char *word)
{
    const size_t n = strlen(word), end = size < 65536 ? size : 65536;

    for (size_t i = 0; i + n <= end; i++)
        if (bytes[i] == (uint8_t)word[0] && memcmp(bytes + i, word, n) == 0)
            return true;
    return false;
}

static bool ends_in(const char *name, const char *with)
{
    const size_t n = strlen(name), m = strlen(with);

    return n >= m && strcmp(name + n - m, with) == 0;
}

static known zip_kind(const uint8_t *bytes, size_t size)
{
    static const struct {
        const char *ending;
        known what;
    } endings[] = {
        { "/archive_format", { "a PyTorch program (.pt2)", from_torch } },
        { "/constants.pkl", { "a TorchScript archive", from_torch } },
        { "data.pkl", { "a PyTorch archive", from_torch } },
        { "model.weights.npz",
          { "a Keras archive without config.json", NULL } },
        { ".npy", { "a NumPy archive (.npz)", NULL } },
    };
    cvyi_arena arena = { 0 };
    cvyi_zip zip;
    known what = { "a zip archive, but of no model", NULL };
    bool found = false;

    if (cvyi_zip_open(&zip, &arena, bytes, size, NULL) != CVY_OK) {
        cvyi_arena_close(&arena);
        return (known){ "a damaged zip archive", NULL };
    }
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
        for (int i = 0; i < zip.n && !found; i++)
            if (ends_in(zip.entries[i].name, endings[e].ending)) {
                what = endings[e].what;
                found = true;
            }
    cvyi_arena_close(&arena);
    return what;
}

static known text_kind(const uint8_t *bytes, size_t size)
{
    if (bytes[0] == '{' && mentions(bytes, size, "\"class_name\""))
        return (known){ "a Keras model's config without weights",
                        "save the whole model as a .keras file" };
    if (mentions(bytes, size, "import "))
        return (known){ "Python source",
                        "porting source comes with a later version; build "
                        "the model in Keras 3 and save it as .keras" };
    return (known){ "text", NULL };
}

static known kind_of(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return (known){ "an empty file", NULL };
    if (is_safetensors(bytes, size))
        return (known){ "a safetensors file", no_network };
    if (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
        return zip_kind(bytes, size);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (size >= rows[i].offset + rows[i].n &&
            memcmp(bytes + rows[i].offset, rows[i].magic, rows[i].n) == 0)
            return rows[i].what;
    if (is_onnx(bytes, size))
        return (known){ "an ONNX model", from_torch };
    if (is_checkpoint(bytes, size))
        return (known){ "a TensorFlow checkpoint", from_tensorflow };
    if (is_text(bytes, size))
        return text_kind(bytes, size);
    return (known){ NULL, NULL };
}

/* ---- refusing ---- */

static cvy_status refuse(known what, cvyi_findings *findings, cvy_error *err)
{
    char text[160];

    snprintf(text, sizeof text, "%s is not read yet", what.title);
    CVYI_TRY(cvyi_findings_add(findings,
                               (cvyi_finding){ .refusal = true,
                                               .kind = "unsupported",
                                               .text = text,
                                               .advice = what.advice },
                               err));
    return cvyi_fail(err, CVY_UNSUPPORTED, "%s; %s", text, what.advice);
}

cvy_status cvyi_known_refuse(const void *bytes, size_t size,
                             cvyi_findings *findings, cvy_error *err)
{
    const known what = kind_of(bytes, size);

    if (what.title == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "not a model file of a kind that convey knows");
    if (what.advice == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "expected a model, this looks like %s",
                            what.title);
    return refuse(what, findings, err);
}

static bool holds(const char *folder, const char *name, bool *bad)
{
    cvyi_text path = { 0 };
    struct stat about;
    bool found;

    cvyi_text_printf(&path, "%s/%s", folder, name);
    *bad = *bad || path.bad;
    found = !path.bad && stat(cvyi_text_c(&path), &about) == 0;
    cvyi_text_close(&path);
    return found;
}

cvy_status cvyi_known_folder(const char *path, cvyi_findings *findings,
                             cvy_error *err)
{
    struct stat about;
    bool bad = false, saved, unzipped;

    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return CVY_OK;
    saved = holds(path, "saved_model.pb", &bad);
    unzipped = holds(path, "config.json", &bad) &&
               holds(path, "model.weights.h5", &bad);
    if (bad)
        return cvyi_no_memory(err);
    if (saved)
        return refuse((known){ "a TensorFlow SavedModel", to_keras }, findings,
                      err);
    if (unzipped)
        return refuse((known){ "an unzipped .keras folder", to_keras },
                      findings, err);
    return CVY_OK;
}
