/* cli/output.c - results, messages, colours. */
#define _GNU_SOURCE
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LONGEST = 4096 };

static bool is_set(const char *name)
{
    const char *const value = getenv(name);

    return value != NULL && *value != '\0';
}

static int32_t terminal_columns(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool cli_is_terminal(int fd)
{
    const char *const term = getenv("TERM");

    return isatty(fd) == 1 && (term == NULL || strcmp(term, "dumb") != 0);
}

cvy_look cli_look(const cli_common *common)
{
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    const bool colour = cli_is_terminal(STDOUT_FILENO) && !is_set("NO_COLOR");

    return (cvy_look){ .colour = colour,
                       .verbose = common->verbose,
                       .columns = terminal ? terminal_columns() : 0 };
}

int cli_put_text(const cli_common *common, const char *text)
{
    return common->quiet ? 0 : cli_put(text);
}

int cli_put(const char *text)
{
    errno = 0;
    fputs(text, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    cli_say("cannot write to standard output: %s", strerror(errno));
    return cvy_status_exit(CVY_IO);
}

/* Controls would let a file's names rule the terminal; a second control
 * block of Unicode starts with 0xc2. */
static void make_plain(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
        if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
            p[0] = p[1] = '?';
    }
}

void cli_say(const char *format, ...)
{
    char line[LONGEST];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    make_plain(line);
    fprintf(stderr, "convey: %s\n", line);
}

/* Messages of the system and about the request name what they are about. */
static bool names_no_file(cvy_status status)
{
    return status == CVY_FORMAT || status == CVY_UNSUPPORTED ||
           status == CVY_SHAPE;
}

int cli_fail(const char *path, const cvy_error *error)
{
    const bool file = path != NULL && names_no_file(error->status);

    cli_say("%s%s%s%s%s", file ? path : "", file ? ": " : "", error->where,
            error->where[0] != '\0' ? ": " : "", error->text);
    return cvy_status_exit(error->status);
}

void cli_say_refusal(const char *path, const cvy_finding *f)
{
    const bool placed = *f->where != '\0';

    cli_say("%s%s%s%s: %s%s%s", *f->layer != '\0' ? f->layer : path,
            placed ? " (" : "", f->where, placed ? ")" : "", f->text,
            *f->advice != '\0' ? "; " : "", f->advice);
}
