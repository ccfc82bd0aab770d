/*
 * cli/progress.c - a bar for what takes longer than half a second.
 *
 * Only on a terminal, on standard error, and gone before anything else is
 * printed.
 */
#define _POSIX_C_SOURCE 200809L
#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 30 };

/* Seconds before the first bar, and between two. */
static const double patience = 0.5, interval = 0.1;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void cli_progress_open(cli_progress *progress, const cli_common *common)
{
    *progress = (cli_progress){ .wanted = !common->quiet &&
                                          cli_is_terminal(STDERR_FILENO),
                                .start = now() };
}

static void draw(cli_progress *p, const char *phase, double share)
{
    char bar[BAR + 1];
    const int full = (int)(share * BAR);

    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r%-6s [%s] %3d %%\033[K", phase, bar,
            (int)(100 * share));
    fflush(stderr);
    p->drawn = true;
}

bool cli_progress_step(void *progress, const char *phase, int64_t done,
                       int64_t total)
{
    cli_progress *const p = progress;
    const double t = p->wanted ? now() : 0;

    if (p->wanted && t - p->start > patience && t - p->last > interval &&
        total > 0 && done >= 0 && done <= total) {
        draw(p, phase, (double)done / (double)total);
        p->last = t;
    }
    return !cli_stopped();
}

void cli_progress_close(cli_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
