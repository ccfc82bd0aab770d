/* read/expected.h - files that must be refused, as expected.txt lists them. */
#ifndef CVYT_READ_EXPECTED_H
#define CVYT_READ_EXPECTED_H

#include "check.h"

/* Checks each line "FILE STATUS REFUSALS WORDS"; returns how many there are. */
static int check_listed(const char *path,
                        void (*check)(const char *file, const char *status,
                                      int refusals, const char *words))
{
    FILE *const list = fopen(path, "r");
    char line[256], name[64], status[16];
    int refusals, at, n = 0;

    CHECK(list != NULL);
    while (fgets(line, sizeof line, list) != NULL) {
        if (line[0] == '#')
            continue;
        CHECK_EQ(sscanf(line, "%63s %15s %d %n", name, status, &refusals, &at),
                 3);
        line[strcspn(line, "\n")] = '\0';
        check(name, status, refusals, line + at);
        n++;
    }
    fclose(list);
    return n;
}

#endif
