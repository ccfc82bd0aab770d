/*
 * read/test_damage.c - files of Keras cut short, and with bits turned.
 *
 * CRCs stop nearly every change to an archive, so that bits are turned inside
 * the members as well, with CRCs that fit. Whatever comes is read, and then a
 * lawful graph with parameters that can be read, or refused with a reason,
 * within little memory and time.
 */
#include "read/read.h"

#include "archive.h"
#include "check.h"
#include "codec/zip.h"
#include "tensor/tensor.h"

#include <sys/resource.h>

#define DATA CVYT_DATA "/read/data/"

enum { MEGABYTE = 1 << 20, SECONDS = 50, TURNS = 300 };

static uint64_t seed = 20240229;

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static uint8_t *read_file(const char *path, size_t *n)
{
    FILE *const file = fopen(path, "rb");
    uint8_t *bytes;

    CHECK(file != NULL);
    CHECK_EQ(fseek(file, 0, SEEK_END), 0);
    *n = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*n);
    CHECK(bytes != NULL && fread(bytes, 1, *n, file) == *n);
    fclose(file);
    return bytes;
}

static void touch(const cvyi_graph *graph)
{
    volatile double sum = 0;

    CHECK_EQ(cvyi_graph_check(graph, NULL), CVY_OK);
    for (int i = 0; i < graph->n_params; i++) {
        const cvy_view *const view = &graph->params[i].stored;
        int64_t at[CVY_MAX_RANK] = { 0 };

        if (cvy_view_count(view) == 0)
            continue;
        do
            sum = sum + cvyi_at(view, at);
        while (cvyi_next(view->rank, view->dims, at));
    }
}

/* Bytes in memory of exactly their size. */
static cvy_status take(const void *bytes, size_t size)
{
    uint8_t *const copy = malloc(size > 0 ? size : 1);
    cvyi_source source = { 0 };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    cvy_status status;

    CHECK(copy != NULL);
    memcpy(copy, bytes, size);
    status = cvyi_source_read(&source, copy, size, "damaged", &findings, &err);
    if (status == CVY_OK) {
        CHECK_EQ(findings.n_refusals, 0);
        touch(source.graph);
    } else {
        CHECK(status == CVY_FORMAT || status == CVY_UNSUPPORTED);
        CHECK(err.status == status && err.text[0] != '\0');
        CHECK(strchr(err.text, '\n') == NULL);
    }
    cvyi_source_close(&source);
    cvyi_findings_close(&findings);
    free(copy);
    return status;
}

static const char *const files[] = { DATA "first.keras", DATA "nested.keras" };

static void a_file_that_is_cut_short_is_refused(void)
{
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        size_t size;
        uint8_t *const bytes = read_file(files[f], &size);

        for (size_t n = 0; n < size; n += 11)
            if (take(bytes, n) == CVY_OK)
                CHECK_FAIL("%s: %zu bytes are enough", files[f], n);
        CHECK_EQ(take(bytes, size), CVY_OK);
        free(bytes);
    }
}

static void turned_bits_of_an_archive_do_no_harm(void)
{
    size_t size;
    uint8_t *const bytes = read_file(files[0], &size);

    for (int i = 0; i < TURNS; i++) {
        const size_t at = (size_t)(next() % size);
        const int bit = (int)(next() % 8);

        bytes[at] ^= (uint8_t)(1 << bit);
        (void)take(bytes, size);
        bytes[at] ^= (uint8_t)(1 << bit);
    }
    CHECK_EQ(take(bytes, size), CVY_OK);
    free(bytes);
}

/* A member of the archive in memory of its own. */
static uint8_t *member(const void *bytes, size_t size, const char *name,
                       size_t *n)
{
    cvyi_arena arena = { 0 };
    const void *data;
    cvyi_zip zip;
    uint8_t *copy;

    CHECK_EQ(cvyi_zip_open(&zip, &arena, bytes, size, NULL), CVY_OK);
    CHECK_EQ(cvyi_zip_bytes(&data, n, &zip, cvyi_zip_find(&zip, name), &arena,
                            NULL),
             CVY_OK);
    copy = malloc(*n);
    CHECK(copy != NULL);
    memcpy(copy, data, *n);
    cvyi_arena_close(&arena);
    return copy;
}

static cvy_status take_parts(uint8_t *const parts[2], const size_t sizes[2])
{
    const uint8_t *const bytes[2] = { parts[0], parts[1] };
    cvyi_text archive = { 0 };
    cvy_status status;

    archive_put(&archive, bytes, sizes);
    CHECK(!archive.bad);
    status = take(archive.bytes, archive.size);
    cvyi_text_close(&archive);
    return status;
}

/* Up to three bits of one of the two members. */
static void turn(uint8_t *const parts[2], const size_t sizes[2], int *n_read)
{
    const int part = (int)(next() % 2), n = 1 + (int)(next() % 3);
    size_t at[3];
    int bit[3];

    for (int k = 0; k < n; k++) {
        at[k] = (size_t)(next() % sizes[part]);
        bit[k] = (int)(next() % 8);
        parts[part][at[k]] ^= (uint8_t)(1 << bit[k]);
    }
    *n_read += take_parts(parts, sizes) == CVY_OK;
    for (int k = 0; k < n; k++)
        parts[part][at[k]] ^= (uint8_t)(1 << bit[k]);
}

static void turned_bits_inside_of_members_do_no_harm(void)
{
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        size_t size, sizes[2];
        uint8_t *const bytes = read_file(files[f], &size);
        uint8_t *const parts[2] = {
            member(bytes, size, "config.json", &sizes[0]),
            member(bytes, size, "model.weights.h5", &sizes[1]),
        };
        int n_read = 0;

        for (int i = 0; i < TURNS; i++)
            turn(parts, sizes, &n_read);
        CHECK(n_read > 0 && n_read < TURNS);
        CHECK_EQ(take_parts(parts, sizes), CVY_OK);
        free(parts[0]);
        free(parts[1]);
        free(bytes);
    }
}

/* The last of this program: what all others have taken together. */
static void all_that_takes_little_memory(void)
{
    struct rusage used;

    CHECK_EQ(getrusage(RUSAGE_SELF, &used), 0);
    CHECK(used.ru_maxrss * 1024L < 600L * MEGABYTE);
}

/* And little time: the system ends a program that takes more. */
static void bound_time(void)
{
    const struct rlimit seconds = { SECONDS, SECONDS };

    CHECK_EQ(setrlimit(RLIMIT_CPU, &seconds), 0);
}

static const check_case cases[] = {
    { "bound_time", bound_time },
    { "a_file_that_is_cut_short_is_refused",
      a_file_that_is_cut_short_is_refused },
    { "turned_bits_of_an_archive_do_no_harm",
      turned_bits_of_an_archive_do_no_harm },
    { "turned_bits_inside_of_members_do_no_harm",
      turned_bits_inside_of_members_do_no_harm },
    { "all_that_takes_little_memory", all_that_takes_little_memory },
};
CHECK_MAIN(cases)
