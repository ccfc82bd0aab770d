/* tests/base/test_child.c - another program, run to its end. */
#define _GNU_SOURCE
#include "base/child.h"

#include "base/memory.h"
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const cvyi_child_limits generous = { .seconds = 30 };

static cvy_status shell(cvyi_text *out, cvyi_child_end *end,
                        const char *script, const char *input, size_t n,
                        const cvyi_child_limits *limits, cvy_error *err)
{
    const char *const argv[] = { "sh", "-c", script, "sh", NULL };

    return cvyi_child_run(out, end, argv, input, n, limits, err);
}

static int open_files(void)
{
    DIR *const folder = opendir("/proc/self/fd");
    int n = 0;

    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Nothing may be left of a child, however it ended. */
static void check_gone(int files)
{
    errno = 0;
    CHECK_EQ(waitpid(-1, NULL, WNOHANG), -1);
    CHECK_EQ(errno, ECHILD);
    CHECK_EQ(open_files(), files);
}

static const struct {
    const char *script;
    cvyi_child_end end;
    const char *words; /* of the message, or all the output */
    cvyi_child_limits limits;
} rows[] = {
    /* clang-format off */
    { "cat",                     CVYI_CHILD_DONE,   "fed", { 30, 0, 0 } },
    { "exit 0",                  CVYI_CHILD_DONE,   "", { 30, 0, 0 } },
    { "echo $#$1 $0; echo no >&2", CVYI_CHILD_DONE, "0 sh\n", { 0, 0, 0 } },
    { "printf 12345",            CVYI_CHILD_DONE,   "12345", { 30, 5, 0 } },
    { "printf 123456",           CVYI_CHILD_TOO_MUCH,
      "sh wrote more than 5 bytes", { 30, 5, 0 } },
    { "exec yes",                CVYI_CHILD_TOO_MUCH,
      "sh wrote more than 100000 bytes", { 30, 100000, 0 } },
    { "exit 3",                  CVYI_CHILD_EXITED, "sh ended with code 3",
      { 30, 0, 0 } },
    { "echo one >&2; printf 'a\\ttwo\\303\\n\\n' >&2; exit 1",
      CVYI_CHILD_EXITED, "sh ended with code 1: a?two?", { 30, 0, 0 } },
    { "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done;"
      " exit 1", CVYI_CHILD_EXITED, "sh ended with code 1: line 2999",
      { 30, 0, 0 } },
    { "kill -9 $$",              CVYI_CHILD_DIED, "sh died of signal 9 (",
      { 30, 0, 0 } },
    { "kill -TERM $$",           CVYI_CHILD_DIED, "sh died of signal 15 (",
      { 30, 0, 0 } },
    { "sleep 100",               CVYI_CHILD_LATE,
      "sh did not end within 0.1 seconds", { 0.1, 0, 0 } },
    { "exec >&- 2>&-; exec sleep 100", CVYI_CHILD_LATE,
      "sh did not end within 0.1 seconds", { 0.1, 0, 0 } },
    { "trap '' TERM INT HUP; while :; do :; done", CVYI_CHILD_LATE,
      "sh did not end within 0.1 seconds", { 0.1, 0, 0 } },
    { "ulimit -v",               CVYI_CHILD_DONE, "1048576\n",
      { 30, 0, (size_t)1 << 30 } },
    { "ulimit -c",               CVYI_CHILD_DONE, "0\n", { 30, 0, 0 } },
    /* clang-format on */
};

static void every_end_has_its_name_and_leaves_nothing(void)
{
    const int files = open_files();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const bool done = rows[i].end == CVYI_CHILD_DONE;
        cvyi_text out = { 0 };
        cvyi_child_end end = CVYI_CHILD_SYSTEM;
        cvy_error err = { 0 };
        const cvy_status status =
            shell(&out, &end, rows[i].script, "fed", 3, &rows[i].limits, &err);

        if (status != (done ? CVY_OK : CVY_IO) || end != rows[i].end)
            CHECK_FAIL("%s: %d, end %d: %s", rows[i].script, (int)status,
                       (int)end, err.text);
        if (done)
            CHECK_STR(cvyi_text_c(&out), rows[i].words);
        else if (strncmp(err.text, rows[i].words, strlen(rows[i].words)) != 0)
            CHECK_FAIL("%s: %s", rows[i].script, err.text);
        if (!done)
            CHECK_EQ(out.size, 0);
        cvyi_text_close(&out);
        check_gone(files);
    }
}

/* 4 MiB both ways at once, in an order that only polling survives. */
static void much_goes_in_and_out_at_once(void)
{
    const size_t n = (size_t)4 << 20;
    char *const input = malloc(n);
    cvyi_text out = { 0 };
    cvy_error err = { 0 };

    for (size_t i = 0; i < n; i++)
        input[i] = (char)(i * 2654435761u >> 13);
    CHECK_OK(shell(&out, NULL, "tee /dev/stderr", input, n, &generous, &err));
    CHECK_EQ(out.size, n);
    CHECK(memcmp(out.bytes, input, n) == 0);
    cvyi_text_close(&out);
    free(input);
}

/* With SIGPIPE as it is by default, a write to a dead child would kill us. */
static void a_child_need_not_read(void)
{
    const size_t n = (size_t)1 << 20;
    char *const input = calloc(n, 1);
    cvyi_text out = { 0 };
    cvy_error err = { 0 };

    signal(SIGPIPE, SIG_DFL);
    CHECK_OK(shell(&out, NULL, "exit 0", input, n, &generous, &err));
    CHECK_OK(shell(&out, NULL, "exec <&-; sleep 0.05; echo well", input, n,
                   &generous, &err));
    CHECK_STR(cvyi_text_c(&out), "well\n");
    CHECK_EQ(shell(&out, NULL, "exit 7", input, n, &generous, &err), CVY_IO);
    CHECK_STR(cvyi_text_c(&out), "well\n");
    cvyi_text_close(&out);
    free(input);
}

static void what_a_child_has_started_goes_with_it(void)
{
    cvyi_text out = { 0 };
    cvy_error err = { 0 };
    int tries = 0;

    CHECK_OK(shell(&out, NULL, "sleep 100 >/dev/null 2>&1 & echo $!", NULL, 0,
                   &generous, &err));

    const pid_t pid = (pid_t)atoi(cvyi_text_c(&out));
    char path[64], state[256] = "";

    CHECK(pid > 1);
    /* Killed at once; whoever inherits it may take a while to reap it. */
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    for (; kill(pid, 0) == 0 && tries < 200; tries++) {
        FILE *const file = fopen(path, "r");

        if (file != NULL && fgets(state, sizeof state, file) != NULL &&
            strstr(state, ") Z ") != NULL)
            tries = 1000;
        if (file != NULL)
            fclose(file);
        usleep(5000);
    }
    CHECK(kill(pid, 0) != 0 || tries > 1000);
    cvyi_text_close(&out);
}

static void a_missing_program_is_told_apart(void)
{
    static const char *const names[] = { "convey-has-no-such-program",
                                         "./no/such/program", "/", "" };
    const int files = open_files();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *const argv[] = { names[i], NULL };
        cvyi_text out = { 0 };
        cvyi_child_end end = CVYI_CHILD_DONE;
        cvy_error err = { 0 };

        CHECK_EQ(cvyi_child_run(&out, &end, argv, NULL, 0, &generous, &err),
                 CVY_IO);
        CHECK_EQ(end, CVYI_CHILD_MISSING);
        CHECK(strstr(err.text, names[i]) != NULL);
        check_gone(files);
    }
}

/* A folder of PATH that is not absolute would be looked for wherever a model
 * happens to lie. */
static void only_absolute_folders_of_the_path_are_searched(void)
{
    char folder[] = "/tmp/convey-child-XXXXXX", path[64], old[4096];
    const char *const argv[] = { "convey-own", NULL };
    cvyi_text out = { 0 };
    cvyi_child_end end;
    cvy_error err = { 0 };
    FILE *file;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/convey-own", folder);
    file = fopen(path, "w");
    CHECK(file != NULL);
    fputs("#!/bin/sh\necho own\n", file);
    fclose(file);
    CHECK_EQ(chmod(path, 0700), 0);
    CHECK(getcwd(old, sizeof old) != NULL);
    CHECK_EQ(chdir(folder), 0);

    char *const before = strdup(getenv("PATH"));

    setenv("PATH", ":.:/nowhere:", 1);
    CHECK_EQ(cvyi_child_run(&out, &end, argv, NULL, 0, &generous, &err),
             CVY_IO);
    CHECK_EQ(end, CVYI_CHILD_MISSING);
    snprintf(path, sizeof path, "/nowhere:%s", folder);
    setenv("PATH", path, 1);
    CHECK_OK(cvyi_child_run(&out, &end, argv, NULL, 0, &generous, &err));
    CHECK_STR(cvyi_text_c(&out), "own\n");

    setenv("PATH", before, 1);
    free(before);
    CHECK_EQ(unlink("convey-own"), 0);
    CHECK_EQ(chdir(old), 0);
    CHECK_EQ(rmdir(folder), 0);
    cvyi_text_close(&out);
}

static void what_cannot_be_executed_is_an_error_of_the_system(void)
{
    char path[] = "/tmp/convey-child-XXXXXX";
    const int fd = mkstemp(path);
    const char *const argv[] = { path, NULL };
    cvyi_text out = { 0 };
    cvyi_child_end end;
    cvy_error err = { 0 };

    CHECK(fd >= 0);
    CHECK_EQ(write(fd,
                   "\x7f"
                   "ELF",
                   4),
             4);
    CHECK_EQ(fchmod(fd, 0700), 0);
    close(fd);
    CHECK_EQ(cvyi_child_run(&out, &end, argv, NULL, 0, &generous, &err),
             CVY_IO);
    CHECK_EQ(end, CVYI_CHILD_SYSTEM);
    CHECK(strstr(err.text, strerror(ENOEXEC)) != NULL);
    CHECK_EQ(unlink(path), 0);
}

static void no_descriptor_of_ours_reaches_it(void)
{
    cvyi_text out = { 0 };
    cvy_error err = { 0 };

    for (int fd = 3; fd < 256; fd++) /* whoever runs the test may have some */
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    CHECK_OK(shell(&out, NULL, "ls /proc/self/fd | wc -l", NULL, 0, &generous,
                   &err));
    CHECK_STR(cvyi_text_c(&out), "4\n"); /* 0, 1, 2, and that of ls */
    cvyi_text_close(&out);
}

static void it_works_where_the_standard_streams_are_closed(void)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        cvyi_text out = { 0 };
        bool well = false;

        close(0);
        close(1);
        close(2);
        well = shell(&out, NULL, "cat; echo lost >&2", "here", 4, &generous,
                     NULL) == CVY_OK &&
               strcmp(cvyi_text_c(&out), "here") == 0;
        cvyi_text_close(&out);
        _exit(well ? 0 : 1);
    }
    CHECK(pid > 0);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
}

static void ignore(int number)
{
    (void)number;
}

static void signals_of_ours_do_not_disturb(void)
{
    const struct sigaction action = { .sa_handler = ignore }; /* no restart */
    struct sigaction old;
    const struct timespec every = { 0, 2000000 };
    const struct itimerspec ticks = { every, every };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
                              .sigev_signo = SIGALRM };
    cvyi_text out = { 0 };
    cvy_error err = { 0 };
    timer_t timer;

    CHECK_EQ(sigaction(SIGALRM, &action, &old), 0);
    CHECK_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    CHECK_EQ(timer_settime(timer, 0, &ticks, NULL), 0);
    CHECK_OK(shell(&out, NULL, "sleep 0.1; cat", "x", 1, &generous, &err));
    timer_delete(timer);
    sigaction(SIGALRM, &old, NULL);
    CHECK_STR(cvyi_text_c(&out), "x");
    cvyi_text_close(&out);
}

static void it_is_killed_as_soon_as_it_is_late(void)
{
    const cvyi_child_limits limits = { .seconds = 0.2 };
    const double begin = now();
    cvyi_text out = { 0 };

    CHECK_EQ(shell(&out, NULL, "sleep 100 & sleep 100", NULL, 0, &limits,
                   NULL),
             CVY_IO);
    CHECK(now() - begin >= 0.2);
    CHECK(now() - begin < 10);
}

static void every_refused_allocation_is_told(void)
{
    const int files = open_files();
    size_t n = 1;

    for (;; n++) {
        cvyi_text out = { 0 };
        cvy_error err = { 0 };

        cvyi_alloc_refuse(n);

        const cvy_status status =
            shell(&out, NULL, "printf '%2000s'", NULL, 0, &generous, &err);

        cvyi_alloc_refuse(0);
        CHECK_EQ(status == CVY_OK, out.size == 2000);
        cvyi_text_close(&out);
        check_gone(files);
        if (status == CVY_OK)
            break;
        CHECK_EQ(status, CVY_MEMORY);
        CHECK_EQ(err.status, CVY_MEMORY);
    }
    CHECK(n > 2);
}

static const check_case cases[] = {
    { "every_end_has_its_name_and_leaves_nothing",
      every_end_has_its_name_and_leaves_nothing },
    { "much_goes_in_and_out_at_once", much_goes_in_and_out_at_once },
    { "a_child_need_not_read", a_child_need_not_read },
    { "what_a_child_has_started_goes_with_it",
      what_a_child_has_started_goes_with_it },
    { "a_missing_program_is_told_apart", a_missing_program_is_told_apart },
    { "only_absolute_folders_of_the_path_are_searched",
      only_absolute_folders_of_the_path_are_searched },
    { "what_cannot_be_executed_is_an_error_of_the_system",
      what_cannot_be_executed_is_an_error_of_the_system },
    { "no_descriptor_of_ours_reaches_it", no_descriptor_of_ours_reaches_it },
    { "it_works_where_the_standard_streams_are_closed",
      it_works_where_the_standard_streams_are_closed },
    { "signals_of_ours_do_not_disturb", signals_of_ours_do_not_disturb },
    { "it_is_killed_as_soon_as_it_is_late",
      it_is_killed_as_soon_as_it_is_late },
    { "every_refused_allocation_is_told", every_refused_allocation_is_told },
};
CHECK_MAIN(cases)
