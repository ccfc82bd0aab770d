/*
 * codec/npy.c - one NumPy array file, viewed in place.
 *
 *   0    6    0x93 'N' 'U' 'M' 'P' 'Y'
 *   6    1    major version: 1, 2 or 3
 *   7    1    minor version: 0
 *   8    2|4  N, bytes of the header; 2 in version 1
 *   ..   N    a Python dict as text: 'descr', 'fortran_order', 'shape', then
 *             blanks and a newline
 *   ..   rest the elements, packed
 *
 * Accepted: the types that convey has, in both byte orders and both orders of
 * axes, and nothing after the last element. Refused by name: structured
 * types, texts, and arrays of Python objects, which are pickles.
 */
#include "codec/npy.h"

#include "codec/cursor.h"
#include "tensor/tensor.h"

#include <string.h>

enum { RANK_MOST = 8, HEADER_MOST = 10000, DESCR_MOST = 16 };

static const struct {
    const char *code; /* kind and bytes, without the byte order */
    cvy_dtype dtype;
} dtypes[] = {
    { "f4", CVY_F32 },  { "f8", CVY_F64 }, { "f2", CVY_F16 },
    { "i8", CVY_I64 },  { "i4", CVY_I32 }, { "i2", CVY_I16 },
    { "i1", CVY_I8 },   { "u1", CVY_U8 },  { "b1", CVY_BOOL },
    { "V2", CVY_BF16 }, /* only as "<V2": so ml_dtypes' bfloat16 is saved */
};

/* The header's text and what has been understood of it. */
typedef struct header {
    cvyi_cursor c;
    size_t base; /* offset of the text in the file */
    cvy_view view;
    bool columns, swapped; /* axes and bytes in the other order */
    unsigned seen;         /* keys, as bits */
} header;

static cvy_status broken(const header *h, const char *what, cvy_error *err)
{
    return cvyi_fail_at(err, CVY_FORMAT, (int64_t)(h->base + h->c.at),
                        "in the header: expected %s", what);
}

/* ---- tokens ---- */

static void skip_blanks(header *h)
{
    while (h->c.at < h->c.size && h->c.base[h->c.at] == ' ')
        h->c.at++;
}

/* The character after any blanks, taken if it is `c`. */
static bool take_char(header *h, char c)
{
    skip_blanks(h);
    if (h->c.at == h->c.size || h->c.base[h->c.at] != (uint8_t)c)
        return false;
    h->c.at++;
    return true;
}

static bool take_word(header *h, const char *word)
{
    const size_t n = strlen(word);

    skip_blanks(h);
    if (n > h->c.size - h->c.at || memcmp(h->c.base + h->c.at, word, n) != 0)
        return false;
    h->c.at += n;
    return true;
}

/* Text in either kind of quotes, without escapes. */
static bool take_quoted(char out[DESCR_MOST], header *h)
{
    const char quote = take_char(h, '\'') ? '\'' : '"';
    size_t n = 0;

    if (quote == '"' && !take_char(h, '"'))
        return false;
    while (h->c.at < h->c.size && h->c.base[h->c.at] != (uint8_t)quote) {
        const char c = (char)h->c.base[h->c.at++];

        if (n == DESCR_MOST - 1 || c == '\\' || c < ' ')
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return take_char(h, quote);
}

/* ---- the three keys ---- */

static cvy_status refuse_type(const header *h, const char *descr,
                              cvy_error *err)
{
    const char kind = descr[0] != '\0' ? descr[1] : '\0';

    return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)(h->base + h->c.at),
                        kind == 'O' ? "an array of Python objects, which is "
                                      "a pickle and is not read"
                                    : "an element type that convey does not "
                                      "handle");
}

static cvy_status parse_descr(header *h, cvy_error *err)
{
    char descr[DESCR_MOST] = "";

    skip_blanks(h);
    if (h->c.at < h->c.size && h->c.base[h->c.at] == '[')
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)(h->base + h->c.at),
                            "an array of structures");
    if (!take_quoted(descr, h))
        return broken(h, "the name of a type", err);
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        const cvy_dtype dtype = dtypes[i].dtype;
        const bool one = cvy_dtype_size(dtype) == 1;

        if (strcmp(descr + (descr[0] != '\0'), dtypes[i].code) != 0)
            continue;
        if (descr[0] != '<' && descr[0] != (one                 ? '|'
                                            : dtype == CVY_BF16 ? '<'
                                                                : '>'))
            break;
        h->view.dtype = dtype;
        h->swapped = descr[0] == '>';
        return CVY_OK;
    }
    return refuse_type(h, descr, err);
}

static cvy_status parse_order(header *h, cvy_error *err)
{
    h->columns = take_word(h, "True");
    return h->columns || take_word(h, "False")
               ? CVY_OK
               : broken(h, "True or False", err);
}

static cvy_status parse_size(int64_t *out, header *h, cvy_error *err)
{
    const size_t begin = h->c.at;
    int64_t size = 0;

    for (; h->c.at < h->c.size; h->c.at++) {
        const int digit = h->c.base[h->c.at] - '0';

        if (digit < 0 || digit > 9)
            break;
        if (!cvyi_mul64(&size, size, 10) || !cvyi_add64(&size, size, digit))
            return cvyi_fail_at(err, CVY_UNSUPPORTED,
                                (int64_t)(h->base + begin),
                                "a size beyond 63 bits");
    }
    if (h->c.at == begin)
        return broken(h, "a size", err);
    *out = size;
    return CVY_OK;
}

/* "()", "(3,)", "(3, 4)", with or without a comma at the end. */
static cvy_status parse_shape(header *h, cvy_error *err)
{
    cvy_view *const v = &h->view;
    bool comma = true;

    if (!take_char(h, '('))
        return broken(h, "a tuple of sizes", err);
    while (!take_char(h, ')')) {
        if (!comma)
            return broken(h, "a comma", err);
        if (v->rank == RANK_MOST)
            return cvyi_fail_at(err, CVY_UNSUPPORTED,
                                (int64_t)(h->base + h->c.at),
                                "an array of more than %d axes",
                                (int)RANK_MOST);
        CVYI_TRY(parse_size(&v->dims[v->rank++], h, err));
        comma = take_char(h, ',');
    }
    return v->rank == 1 && !comma ? broken(h, "a tuple of sizes", err)
                                  : CVY_OK;
}

static const struct {
    const char *key;
    cvy_status (*parse)(header *h, cvy_error *err);
} keys[] = {
    { "descr", parse_descr },
    { "fortran_order", parse_order },
    { "shape", parse_shape },
};
enum { N_KEYS = sizeof keys / sizeof *keys };

static cvy_status parse_entry(header *h, cvy_error *err)
{
    char key[DESCR_MOST];

    if (!take_quoted(key, h))
        return broken(h, "a key", err);
    for (unsigned i = 0; i < N_KEYS; i++)
        if (strcmp(key, keys[i].key) == 0 && (h->seen & 1u << i) == 0) {
            h->seen |= 1u << i;
            return take_char(h, ':') ? keys[i].parse(h, err)
                                     : broken(h, "a colon", err);
        }
    return broken(h, "descr, fortran_order and shape, each once", err);
}

static cvy_status parse_dict(header *h, cvy_error *err)
{
    bool comma = true;

    if (!take_char(h, '{'))
        return broken(h, "a dict", err);
    while (!take_char(h, '}')) {
        if (!comma)
            return broken(h, "a comma", err);
        CVYI_TRY(parse_entry(h, err));
        comma = take_char(h, ',');
    }
    if (h->seen != (1u << N_KEYS) - 1)
        return broken(h, "descr, fortran_order and shape", err);
    if (!take_char(h, '\n') || h->c.at != h->c.size)
        return broken(h, "the end of a line", err);
    return CVY_OK;
}

/* ---- the file ---- */

static cvy_status take_header(header *out, cvyi_cursor *c, cvy_error *err)
{
    const uint8_t *const p = cvyi_take(c, 8);

    if (p == NULL || memcmp(p, "\x93NUMPY", 6) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, 0, "not a NumPy array");
    if (p[6] < 1 || p[6] > 3 || p[7] != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, 6,
                            "version %d.%d of the NumPy format", p[6], p[7]);

    const int width = p[6] == 1 ? 2 : 4;
    const uint8_t *const length = cvyi_take(c, (uint64_t)width);
    const uint64_t n = length != NULL ? cvyi_le(length, width) : 0;

    if (length == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 8, "the header is cut short");
    if (n > HEADER_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, 8,
                            "a header of more than %d bytes",
                            (int)HEADER_MOST);
    out->base = c->at;
    out->c.base = cvyi_take(c, n);
    out->c.size = (size_t)n;
    return out->c.base != NULL
               ? CVY_OK
               : cvyi_fail_at(err, CVY_FORMAT, 8, "the header is cut short");
}

/* Strides of the other order of axes: the first runs fastest. */
static void by_columns(cvy_view *v)
{
    int64_t stride = 1;

    for (int i = 0; i < v->rank; i++) {
        v->strides[i] = stride;
        stride *= v->dims[i] > 0 ? v->dims[i] : 1;
    }
}

static cvy_status swap(const uint8_t **p, size_t bytes, size_t width,
                       cvyi_arena *arena, cvy_error *err)
{
    uint8_t *const copy = cvyi_arena_alloc(arena, bytes, 1);

    if (copy == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < bytes; i++)
        copy[i] = (*p)[i - i % width + (width - 1 - i % width)];
    *p = copy;
    return CVY_OK;
}

cvy_status cvyi_npy_open(cvy_view *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err)
{
    cvyi_cursor c = { bytes, size, 0 };
    header h = { 0 };
    size_t need;

    CVYI_TRY(take_header(&h, &c, err));
    CVYI_TRY(parse_dict(&h, err));

    const cvy_view *const v = &h.view;
    const size_t have = c.size - c.at;
    const uint8_t *data = c.base + c.at;

    if (!cvyi_packed_size(&need, v->dtype, v->rank, v->dims) || need != have)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)c.at,
                            "the shape disagrees with the %zu bytes present",
                            have);
    if (h.swapped)
        CVYI_TRY(swap(&data, need, cvy_dtype_size(v->dtype), arena, err));

    cvy_view view =
        cvyi_packed((void *)(uintptr_t)data, v->dtype, v->rank, v->dims);

    if (h.columns)
        by_columns(&view);
    *out = view;
    return CVY_OK;
}
