/* codec/format.c - telling what a file is from its first bytes. */
#include "codec/format.h"

#include "codec/cursor.h"
#include "codec/name.h"

#include <string.h>

enum { LOOK_MOST = 512 };

typedef bool check_fn(const uint8_t *p, size_t size);

static bool any(const uint8_t *p, size_t size)
{
    (void)p;
    (void)size;
    return true;
}

/* The first member's name is, or ends in, `word`. */
static bool first_member(const uint8_t *p, size_t size, const char *word)
{
    const size_t n = strlen(word);
    const size_t n_name = size >= 30 ? cvyi_le16(p + 26) : 0;

    return n_name >= n && 30 + n_name <= size &&
           memcmp(p + 30 + n_name - n, word, n) == 0;
}

static bool is_keras(const uint8_t *p, size_t size)
{
    return first_member(p, size, "metadata.json") ||
           first_member(p, size, "config.json") ||
           first_member(p, size, "model.weights.h5");
}

static bool is_torch(const uint8_t *p, size_t size)
{
    return first_member(p, size, "/data.pkl") ||
           first_member(p, size, "/data/0") ||
           first_member(p, size, "/version");
}

static bool is_npz(const uint8_t *p, size_t size)
{
    return first_member(p, size, ".npy");
}

static bool is_safetensors(const uint8_t *p, size_t size)
{
    (void)size;
    return cvyi_le64(p) >= 2 && cvyi_le64(p) <= 100 * 1000 * 1000;
}

static bool is_pickle(const uint8_t *p, size_t size)
{
    return size > 2 && p[1] >= 2 && p[1] <= 5;
}

/* Version of the format, then a text: the producer's name. */
static bool is_onnx(const uint8_t *p, size_t size)
{
    return size > 4 && p[1] >= 1 && p[1] < 32 && p[2] == 0x12 &&
           p[3] < size - 4;
}

/* First byte that is no blank, or size. */
static size_t skip_blanks(const uint8_t *p, size_t size)
{
    size_t at = 0;

    while (at < size && strchr(" \t\r\n", p[at]) != NULL && p[at] != '\0')
        at++;
    return at;
}

/* A character may be cut at the end of what we look at. */
static bool is_text(const uint8_t *p, size_t size)
{
    size_t n = size < LOOK_MOST ? size : LOOK_MOST;

    for (size_t i = 0; i < n; i++)
        if (p[i] < 0x20 && strchr("\t\n\r\f", p[i]) == NULL)
            return false;
    if (n == 0 || memchr(p, '\0', n) != NULL)
        return false;
    for (int cut = 0; cut < 4 && n > 0; cut++, n--)
        if (cvyi_is_utf8((const char *)p, n))
            return true;
    return false;
}

static bool starts(const uint8_t *p, size_t size, const char *word)
{
    const size_t at = skip_blanks(p, size);

    return strlen(word) <= size - at &&
           memcmp(p + at, word, strlen(word)) == 0;
}

static bool is_html(const uint8_t *p, size_t size)
{
    return starts(p, size, "<!DOCTYPE") || starts(p, size, "<!doctype") ||
           starts(p, size, "<html") || starts(p, size, "<HTML");
}

static bool is_json(const uint8_t *p, size_t size)
{
    return is_text(p, size) && (starts(p, size, "{") || starts(p, size, "["));
}

static bool is_python(const uint8_t *p, size_t size)
{
    return is_text(p, size) &&
           (starts(p, size, "import ") || starts(p, size, "from ") ||
            starts(p, size, "\"\"\"") || starts(p, size, "#!/usr/bin/env py"));
}

const cvyi_format cvyi_formats[] = {
#define FORMAT(name, what, offset, bytes, check) { #name, what },
#include "codec/formats.def"
#undef FORMAT
    { NULL, NULL },
};

static const struct {
    size_t offset, n;
    const char *bytes;
    check_fn *check;
} probes[] = {
#define FORMAT(name, what, offset, bytes, check) \
    { offset, sizeof(bytes) - 1, bytes, check },
#include "codec/formats.def"
#undef FORMAT
};

const cvyi_format *cvyi_format_find(const void *bytes, size_t size)
{
    const uint8_t *const p = bytes;

    if (size == 0) /* and bytes may be NULL */
        return NULL;
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if (size >= probes[i].offset + probes[i].n &&
            memcmp(p + probes[i].offset, probes[i].bytes, probes[i].n) == 0 &&
            probes[i].check(p, size))
            return &cvyi_formats[i];
    return NULL;
}

const char *cvyi_format_guess(const void *bytes, size_t size)
{
    const cvyi_format *const found = cvyi_format_find(bytes, size);

    return found != NULL ? found->what : NULL;
}
