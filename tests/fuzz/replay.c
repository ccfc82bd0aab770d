/*
 * fuzz/replay.c - runs a fuzz target over a folder of files, without libFuzzer.
 *
 * Each file goes in whole and, since truncation is the commonest damage, cut
 * at sixteen places. Input is copied to memory of exactly its size, so that
 * the address sanitizer sees one byte too many.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS = 16, MAX_BYTES = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(const uint8_t *data, size_t size)
{
    uint8_t *const copy = malloc(size ? size : 1);

    if (copy == NULL)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void feed_cut(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < CUTS; i++)
        feed(data, size * i / CUTS);
    feed(data, size);
}

/* Reads and feeds one file; false if it cannot be read. */
static bool replay(const char *path)
{
    uint8_t *const data = malloc(MAX_BYTES);
    FILE *const file = fopen(path, "rb");
    bool done = false;

    if (data != NULL && file != NULL) {
        const size_t size = fread(data, 1, MAX_BYTES, file);

        if (!ferror(file)) {
            feed_cut(data, size);
            done = true;
        }
    }
    if (file != NULL)
        fclose(file);
    free(data);
    return done;
}

int main(int argc, char **argv)
{
    DIR *const folder = argc == 2 ? opendir(argv[1]) : NULL;
    const struct dirent *entry;
    int n = 0, failed = 0;

    if (folder == NULL) {
        fprintf(stderr, "replay: no corpus: %s\n", argc == 2 ? argv[1] : "?");
        return 1;
    }
    feed(NULL, 0);
    while ((entry = readdir(folder)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        fflush(stdout);
        if (!replay(path)) {
            fprintf(stderr, "replay: cannot read %s\n", path);
            failed++;
        }
        n++;
    }
    closedir(folder);
    printf("%d files\n", n);
    return n == 0 || failed > 0;
}
