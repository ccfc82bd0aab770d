/*
 * codec/format.c - telling what a file is from its content.
 *
 * Most kinds show in their first bytes, archives in the names of their
 * members.
 */
#include "codec/format.h"

#include "codec/cursor.h"
#include "codec/name.h"
#include "codec/zip.h"

#include <ctype.h>
#include <string.h>

enum { TEXT_MOST = 512, WORDS_MOST = 64 * 1024 };

#define ZIP_MAGIC "PK\3\4"

typedef struct content {
    const uint8_t *bytes;
    size_t size;
    cvyi_zip zip; /* no entries: no archive, or a damaged one */
} content;

static bool any(const content *c)
{
    (void)c;
    return true;
}

static bool is_empty(const content *c)
{
    return c->size == 0;
}

/* ---- archives ---- */

static bool ends_in(const char *name, const char *with)
{
    const size_t n = strlen(name), m = strlen(with);

    return n >= m && strcmp(name + n - m, with) == 0;
}

static bool has_member(const content *c, const char *ending)
{
    for (int i = 0; i < c->zip.n; i++)
        if (ends_in(c->zip.entries[i].name, ending))
            return true;
    return false;
}

static bool first_member(const content *c, const char *name)
{
    enum { NAME_LENGTH = 26, NAME = 30 };
    const size_t n = strlen(name);

    return c->size >= NAME + n && cvyi_le16(c->bytes + NAME_LENGTH) == n &&
           memcmp(c->bytes + NAME, name, n) == 0;
}

/* Of a damaged archive the first member's name decides. */
static bool is_keras(const content *c)
{
    static const char *const members[] = { "config.json", "model.weights.h5",
                                           "model.weights.npz",
                                           "metadata.json" };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (first_member(c, members[i]))
            return true;
    for (size_t i = 0; i < 3; i++) /* many archives have metadata.json */
        if (c->zip.n > 0 && cvyi_zip_find(&c->zip, members[i]) != NULL)
            return true;
    return false;
}

static bool is_damaged(const content *c)
{
    return c->zip.n == 0;
}

static bool is_pt2(const content *c)
{
    return has_member(c, "/archive_format");
}

static bool is_torchscript(const content *c)
{
    return has_member(c, "/constants.pkl");
}

static bool is_pth(const content *c)
{
    return has_member(c, "data.pkl");
}

static bool is_npz(const content *c)
{
    return has_member(c, ".npy");
}

/* ---- binary files ---- */

static bool is_safetensors(const content *c)
{
    const uint64_t header = cvyi_le64(c->bytes);

    return header >= 2 && header <= c->size - 8;
}

static bool is_pickle(const content *c)
{
    return c->size > 2 && c->bytes[1] >= 2 && c->bytes[1] <= 5;
}

/* Version 3 .. 20 of the format, then the producer's name or another field
 * that a model begins with. */
static bool is_onnx(const content *c)
{
    const uint8_t *const p = c->bytes;

    return c->size > 3 && p[1] >= 3 && p[1] <= 20 &&
           (p[2] == 0x12 || p[2] == 0x3a || p[2] == 0x42);
}

/* The last eight bytes of a table file. */
static bool is_checkpoint(const content *c)
{
    return c->size > 48 && memcmp(c->bytes + c->size - 8,
                                  "\127\373\200\213\044\165\107\333", 8) == 0;
}

/* ---- texts ---- */

/* A character may be cut at the end of what we look at. */
static bool is_text(const content *c)
{
    size_t n = c->size < TEXT_MOST ? c->size : TEXT_MOST;

    for (size_t i = 0; i < n; i++)
        if (c->bytes[i] < 0x20 &&
            (c->bytes[i] == '\0' || strchr("\t\n\r\f", c->bytes[i]) == NULL))
            return false;
    for (int cut = 0; cut < 4 && n > 0; cut++, n--)
        if (cvyi_is_utf8((const char *)c->bytes, n))
            return true;
    return false;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool word_at(const content *c, size_t at, const char *word)
{
    const size_t n = strlen(word);

    return at <= c->size && n <= c->size - at &&
           memcmp(c->bytes + at, word, n) == 0;
}

/* The first word of the file. */
static bool starts(const content *c, const char *word)
{
    size_t at = 0;

    while (at < c->size && is_blank(c->bytes[at]))
        at++;
    return word_at(c, at, word);
}

/* The word stands near the beginning; with `line`, at the start of a line. */
static bool mentions(const content *c, const char *word, bool line)
{
    const size_t end = c->size < WORDS_MOST ? c->size : WORDS_MOST;

    for (size_t i = 0; i < end; i++)
        if (c->bytes[i] == (uint8_t)word[0] && word_at(c, i, word) &&
            (!line || i == 0 || c->bytes[i - 1] == '\n'))
            return true;
    return false;
}

static bool is_html(const content *c)
{
    return starts(c, "<!DOCTYPE") || starts(c, "<!doctype") ||
           starts(c, "<html") || starts(c, "<HTML");
}

static bool is_kerasconfig(const content *c)
{
    return is_text(c) && starts(c, "{") &&
           mentions(c, "\"class_name\"", false);
}

static bool is_notebook(const content *c)
{
    return is_text(c) && starts(c, "{") && mentions(c, "\"cells\"", false) &&
           mentions(c, "\"cell_type\"", false);
}

static bool is_kerasshards(const content *c)
{
    return is_text(c) && starts(c, "{") &&
           mentions(c, "\"weight_map\"", false) &&
           mentions(c, ".weights.h5\"", false);
}

static bool is_json(const content *c)
{
    return is_text(c) && (starts(c, "{") || starts(c, "["));
}

/* A line that gives something a name: "n = 3". */
static bool assigns(const content *c)
{
    const size_t end = c->size < WORDS_MOST ? c->size : WORDS_MOST;

    for (size_t begin = 0; begin < end; begin++) {
        size_t at = begin;

        while (at < end && (isalnum(c->bytes[at]) || c->bytes[at] == '_'))
            at++;
        if (at > begin && word_at(c, at, " = "))
            return true;
        while (at < end && c->bytes[at] != '\n')
            at++;
        begin = at;
    }
    return false;
}

static bool is_python(const content *c)
{
    static const char mark[] = "\xef\xbb\xbf"; /* byte order */
    content own = *c;

    if (own.size >= 3 && memcmp(own.bytes, mark, 3) == 0) {
        own.bytes += 3;
        own.size -= 3;
    }
    return is_text(&own) &&
           (starts(&own, "\"\"\"") || starts(&own, "'''") ||
            starts(&own, "#!/usr/bin/env py") ||
            mentions(&own, "import ", true) || mentions(&own, "def ", true) ||
            mentions(&own, "class ", true) || assigns(&own) ||
            (mentions(&own, "from ", true) &&
             mentions(&own, " import ", false)));
}

/* ---- the list ---- */

const cvyi_format cvyi_formats[] = {
#define FORMAT(name, what, offset, bytes, check) { #name, what },
#include "codec/formats.def"
#undef FORMAT
    { NULL, NULL },
};

static const struct {
    size_t offset, n;
    const char *bytes;
    bool (*check)(const content *c);
} probes[] = {
#define FORMAT(name, what, offset, bytes, check) \
    { offset, sizeof(bytes) - 1, bytes, check },
#include "codec/formats.def"
#undef FORMAT
};

static const cvyi_format *find(const content *c)
{
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if ((probes[i].n == 0 ||
             (c->size >= probes[i].offset + probes[i].n &&
              memcmp(c->bytes + probes[i].offset, probes[i].bytes,
                     probes[i].n) == 0)) &&
            probes[i].check(c))
            return &cvyi_formats[i];
    return NULL;
}

cvy_status cvyi_format_find(const cvyi_format **out, const void *bytes,
                            size_t size, cvy_error *err)
{
    content c = { .bytes = bytes, .size = size };
    cvyi_arena arena = { 0 };
    cvy_status status = CVY_OK;

    if (word_at(&c, 0, ZIP_MAGIC))
        status = cvyi_zip_open(&c.zip, &arena, bytes, size, NULL);
    if (status != CVY_MEMORY)
        *out = find(&c);
    cvyi_arena_close(&arena);
    return status == CVY_MEMORY ? cvyi_no_memory(err) : CVY_OK;
}
