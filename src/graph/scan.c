/* graph/scan.c - reading one line of a graph's text, piece by piece. */
#include "graph/scan.h"

#include "codec/json.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

cvy_status cvyi_scan_expected(const cvyi_scan *scan, const char *what)
{
    if (*scan->at == '\0')
        return cvyi_fail(scan->err, CVY_FORMAT,
                         "expected %s at the end of the line", what);
    return cvyi_fail(scan->err, CVY_FORMAT, "expected %s at '%.40s'", what,
                     scan->at);
}

static void skip(cvyi_scan *scan)
{
    while (*scan->at == ' ')
        scan->at++;
}

static size_t name_width(const char *at)
{
    size_t n = 0;

    while (isalnum((unsigned char)at[n]) || at[n] == '_')
        n++;
    return n;
}

bool cvyi_scan_done(cvyi_scan *scan)
{
    skip(scan);
    return *scan->at == '\0';
}

bool cvyi_scan_mark(cvyi_scan *scan, char mark)
{
    skip(scan);
    if (*scan->at != mark)
        return false;
    scan->at++;
    return true;
}

cvy_status cvyi_scan_need(cvyi_scan *scan, char mark)
{
    const char what[] = { mark, '\0' };

    return cvyi_scan_mark(scan, mark) ? CVY_OK
                                      : cvyi_scan_expected(scan, what);
}

bool cvyi_scan_word(cvyi_scan *scan, const char *word)
{
    const size_t n = strlen(word);

    skip(scan);
    if (name_width(scan->at) != n || memcmp(scan->at, word, n) != 0)
        return false;
    scan->at += n;
    return true;
}

cvy_status cvyi_scan_name(const char **out, cvyi_scan *scan)
{
    size_t n;
    const char *name;

    skip(scan);
    n = name_width(scan->at);
    if (n == 0)
        return cvyi_scan_expected(scan, "a word");
    name = cvyi_arena_text(&scan->graph->arena, scan->at, n);
    if (name == NULL)
        return cvyi_no_memory(scan->err);
    scan->at += n;
    *out = name;
    return CVY_OK;
}

cvy_status cvyi_scan_int64(int64_t *out, cvyi_scan *scan)
{
    char *end;
    long long value;

    skip(scan);
    if (*scan->at != '-' && !isdigit((unsigned char)*scan->at))
        return cvyi_scan_expected(scan, "a number");
    errno = 0;
    value = strtoll(scan->at, &end, 10);
    if (errno != 0 || end == scan->at)
        return cvyi_scan_expected(scan, "a number of 64 bits");
    scan->at = end;
    *out = value;
    return CVY_OK;
}

cvy_status cvyi_scan_int(int *out, cvyi_scan *scan, int least, int most)
{
    int64_t value;

    CVYI_TRY(cvyi_scan_int64(&value, scan));
    if (value < least || value > most)
        return cvyi_fail(scan->err, CVY_FORMAT, "%lld is not in %d .. %d",
                         (long long)value, least, most);
    *out = (int)value;
    return CVY_OK;
}

cvy_status cvyi_scan_ints(int64_t *out, int *n, int room, cvyi_scan *scan)
{
    int count = 0;

    CVYI_TRY(cvyi_scan_need(scan, '['));
    while (!cvyi_scan_mark(scan, ']')) {
        if (count == room)
            return cvyi_scan_expected(scan, "no more numbers");
        CVYI_TRY(cvyi_scan_int64(&out[count++], scan));
    }
    *n = count;
    return CVY_OK;
}

/* ---- JSON ---- */

cvy_status cvyi_scan_text(const char **out, cvyi_scan *scan)
{
    const cvyi_value *value;
    size_t n = 1;

    skip(scan);
    if (*scan->at != '"')
        return cvyi_scan_expected(scan, "a name in quotes");
    while (scan->at[n] != '"') {
        n += scan->at[n] == '\\';
        if (scan->at[n] == '\0')
            return cvyi_scan_expected(scan, "a closed quote");
        n++;
    }
    CVYI_TRY(cvyi_json_read(&value, &scan->graph->arena, scan->at, n + 1,
                            scan->err));
    scan->at += n + 1;
    *out = value->text;
    return CVY_OK;
}

cvy_status cvyi_scan_option(const char **out, cvyi_scan *scan,
                            const char *word)
{
    return cvyi_scan_word(scan, word) ? cvyi_scan_text(out, scan) : CVY_OK;
}

cvy_status cvyi_scan_value(const cvyi_value **out, cvyi_scan *scan)
{
    const size_t n = strlen(scan->at);

    CVYI_TRY(cvyi_json_read(out, &scan->graph->arena, scan->at, n, scan->err));
    scan->at += n;
    return CVY_OK;
}

/* ---- types ---- */

cvy_status cvyi_scan_dtype(cvy_dtype *out, cvyi_scan *scan)
{
    for (cvy_dtype dtype = CVY_F32; dtype <= CVY_BOOL; dtype++)
        if (cvyi_scan_word(scan, cvy_dtype_name(dtype))) {
            *out = dtype;
            return CVY_OK;
        }
    return cvyi_scan_expected(scan, "an element type");
}

cvy_status cvyi_scan_type(cvyi_type *out, cvyi_scan *scan)
{
    cvyi_type type = { 0 };

    CVYI_TRY(cvyi_scan_dtype(&type.dtype, scan));
    CVYI_TRY(cvyi_scan_need(scan, '['));
    while (!cvyi_scan_mark(scan, ']')) {
        const char *end = NULL;

        if (type.rank == CVYI_MAX_DIMS)
            return cvyi_scan_expected(scan, "no more axes");
        if (type.rank > 0)
            CVYI_TRY(cvyi_scan_need(scan, ','));
        skip(scan);
        type.dims[type.rank] =
            cvyi_size_parse(&scan->graph->sizes, scan->at, &end);
        if (type.dims[type.rank++] == NULL)
            return cvyi_scan_expected(scan, "a size");
        scan->at = end;
    }
    *out = type;
    return CVY_OK;
}
