/* verb/usage.c - what a verb has used: time and memory. */
#define _POSIX_C_SOURCE 200809L
#include "verb/usage.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

double cvyi_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of this program alone; ru_maxrss begins with that of the program that
 * started it. 0 where the system does not say. */
static int64_t own_peak_bytes(void)
{
    FILE *const file = fopen("/proc/self/status", "r");
    long long kilobytes = 0;
    char line[128];

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %lld", &kilobytes) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

int64_t cvyi_peak_bytes(void)
{
    const int64_t own = own_peak_bytes();
    struct rusage usage;

    if (own > 0)
        return own;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
#ifdef __APPLE__
    return usage.ru_maxrss;
#else
    return (int64_t)usage.ru_maxrss * 1024;
#endif
}
