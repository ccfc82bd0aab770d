/*
 * base/child.c - another program, run to its end.
 *
 * Its input is one end of a socket pair, since only a socket can be written
 * to without a signal when nobody reads. Between fork and exec nothing is
 * called that a signal handler might not call: other threads may hold locks.
 */
#define _GNU_SOURCE
#include "base/child.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE does it there */
#endif

enum { TAIL = 1024, CHUNK = 64 * 1024, SHOWN = 100 };

/* Ours and the child's end of each stream, and of the report on exec. */
enum { INPUT, OUTPUT, ERRORS, REPORT, STREAMS };

typedef struct child {
    const char *name; /* for messages */
    const char *path; /* what is executed */
    const cvyi_child_limits *limits;
    double deadline; /* 0: none */
    pid_t pid;       /* 0: none */
    int ours[STREAMS], its[STREAMS];
    const char *input;
    size_t n_input;
    cvyi_text output;
    char tail[TAIL + 1]; /* of its standard error */
    size_t n_tail;
    cvyi_child_end end;
} child;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static cvy_status refused(child *c, const char *what, cvy_error *err)
{
    const int code = errno;

    c->end = CVYI_CHILD_SYSTEM;
    return cvyi_fail(err, code == ENOMEM ? CVY_MEMORY : CVY_IO,
                     "cannot %s %s: %s", what, c->name, strerror(code));
}

/* ---- finding it ---- */

static bool runs(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
           access(path, X_OK) == 0;
}

/* Where the program is; "" if nowhere, NULL when memory is refused. */
static const char *find(cvyi_arena *arena, const char *name)
{
    const char *at = getenv("PATH");

    if (strchr(name, '/') != NULL)
        return runs(name) ? name : "";
    while (at != NULL && *at != '\0') {
        const size_t n = strcspn(at, ":");

        if (*at == '/') {
            const char *const path =
                cvyi_arena_printf(arena, "%.*s/%s", (int)n, at, name);

            if (path == NULL || runs(path))
                return path;
        }
        at += at[n] == ':' ? n + 1 : n;
    }
    return "";
}

/* ---- streams ---- */

/* Out of the way of 0, 1 and 2, which the child's ends are copied to. */
static bool keep_clear(int fd[2])
{
    for (int i = 0; i < 2; i++) {
        const int old = fd[i];

        if (old > STDERR_FILENO)
            continue;
        fd[i] = fcntl(old, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(old);
        if (fd[i] < 0)
            return false;
    }
    return true;
}

static bool make_pair(int fd[2], bool input)
{
#ifdef __linux__
    if (input ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0
              : pipe2(fd, O_CLOEXEC) != 0)
        return false;
#else
    const int one = 1;

    if (input ? socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0 : pipe(fd) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        fcntl(fd[i], F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    if (input)
        setsockopt(fd[0], SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
#endif
    (void)one;
#endif
    return keep_clear(fd);
}

static bool open_streams(child *c)
{
    for (int i = 0; i < STREAMS; i++) {
        int fd[2] = { -1, -1 };
        const bool made = make_pair(fd, i == INPUT);

        c->ours[i] = fd[0];
        c->its[i] = fd[1];
        if (!made || fcntl(fd[0], F_SETFL, O_NONBLOCK) != 0)
            return false;
    }
    return true;
}

/* ---- starting it ---- */

/* Bounds the addresses of this process; a tighter bound that is there stays.
 */
static bool bound_memory(size_t memory)
{
    struct rlimit bound;

    if (getrlimit(RLIMIT_AS, &bound) != 0)
        return false;
    if (bound.rlim_max == RLIM_INFINITY || bound.rlim_max > memory)
        bound.rlim_max = memory;
    bound.rlim_cur = bound.rlim_max;
    return setrlimit(RLIMIT_AS, &bound) == 0;
}

/* In the child. Returns only what failed, as errno. */
static int become(const child *c, const char *const *argv, pid_t parent)
{
    const size_t memory = c->limits->memory;
    const struct rlimit no_core = { 0, 0 };
    sigset_t none;

    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        return ECANCELED;
#else
    (void)parent;
#endif
    setrlimit(RLIMIT_CORE, &no_core);
    if (memory > 0 && !bound_memory(memory))
        return errno;
    for (int i = INPUT; i <= ERRORS; i++)
        if (dup2(c->its[i], i) < 0)
            return errno;
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(c->path, (char *const *)(uintptr_t)argv);
    return errno;
}

static cvy_status start(child *c, const char *const *argv, cvy_error *err)
{
    const pid_t parent = getpid();

    if (!open_streams(c))
        return refused(c, "run", err);
    c->pid = fork();
    if (c->pid == 0) {
        const int code = become(c, argv, parent);
        const ssize_t told = write(c->its[REPORT], &code, sizeof code);

        _exit(told > 0 ? 126 : 127);
    }
    if (c->pid < 0) {
        c->pid = 0;
        return refused(c, "run", err);
    }
    setpgid(c->pid, c->pid); /* the child does too: whoever comes first */
    for (int i = 0; i < STREAMS; i++)
        shut(&c->its[i]);
    return CVY_OK;
}

/* ---- talking to it ---- */

static void feed(child *c)
{
    while (c->n_input > 0) {
        const ssize_t done =
            send(c->ours[INPUT], c->input, c->n_input, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (done < 0)
            break; /* it reads no more: its business */
        c->input += done;
        c->n_input -= (size_t)done;
    }
    shut(&c->ours[INPUT]);
}

/* The last TAIL bytes are kept. */
static void keep_tail(child *c, const char *bytes, size_t n)
{
    if (n > TAIL) {
        bytes += n - TAIL;
        n = TAIL;
    }

    const size_t stays = c->n_tail < TAIL - n ? c->n_tail : TAIL - n;

    memmove(c->tail, c->tail + c->n_tail - stays, stays);
    memcpy(c->tail + stays, bytes, n);
    c->n_tail = stays + n;
}

static cvy_status take(child *c, int stream, cvy_error *err)
{
    char bytes[CHUNK];
    const ssize_t n = read(c->ours[stream], bytes, sizeof bytes);

    if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return CVY_OK;
    if (n < 0)
        return refused(c, "read from", err);
    if (n == 0) {
        shut(&c->ours[stream]);
    } else if (stream == OUTPUT) {
        if (c->limits->output > 0 &&
            (size_t)n > c->limits->output - c->output.size) {
            c->end = CVYI_CHILD_TOO_MUCH;
            return cvyi_fail(err, CVY_IO, "%s wrote more than %zu bytes",
                             c->name, c->limits->output);
        }
        cvyi_text_add(&c->output, bytes, (size_t)n);
        return cvyi_text_status(&c->output, err);
    } else if (stream == ERRORS) {
        keep_tail(c, bytes, (size_t)n);
    }
    return CVY_OK;
}

static cvy_status late(child *c, cvy_error *err)
{
    c->end = CVYI_CHILD_LATE;
    return cvyi_fail(err, CVY_IO, "%s did not end within %g seconds", c->name,
                     c->limits->seconds);
}

/* Milliseconds for poll: -1 for ever, 0 if it is too late. */
static int time_left(const child *c)
{
    if (c->deadline <= 0)
        return -1;

    const double left = ceil((c->deadline - now()) * 1e3);

    return left <= 0 ? 0 : left > 1e6 ? 1000000 : (int)left;
}

static cvy_status talk(child *c, cvy_error *err)
{
    if (c->n_input == 0)
        shut(&c->ours[INPUT]);
    while (c->ours[OUTPUT] >= 0 || c->ours[ERRORS] >= 0) {
        struct pollfd at[] = {
            { c->ours[INPUT], POLLOUT, 0 },
            { c->ours[OUTPUT], POLLIN, 0 },
            { c->ours[ERRORS], POLLIN, 0 },
        };
        const int left = time_left(c);

        if (left == 0)
            return late(c, err);
        if (poll(at, 3, left) < 0) {
            if (errno == EINTR)
                continue;
            return refused(c, "talk to", err);
        }
        if (at[INPUT].revents != 0)
            feed(c);
        for (int i = OUTPUT; i <= ERRORS; i++)
            if (at[i].revents != 0)
                CVYI_TRY(take(c, i, err));
    }
    return CVY_OK;
}

/* ---- its end ---- */

/* Waits until it is dead, and leaves it there to be reaped. */
static cvy_status await(child *c, siginfo_t *info, cvy_error *err)
{
    const int when = c->deadline > 0 ? WNOHANG : 0;

    for (;;) {
        info->si_pid = 0;
        if (waitid(P_PID, (id_t)c->pid, info, WEXITED | WNOWAIT | when) != 0) {
            if (errno == EINTR)
                continue;
            return refused(c, "wait for", err);
        }
        if (info->si_pid != 0)
            return CVY_OK;
        if (time_left(c) == 0)
            return late(c, err);
        poll(NULL, 0, 1);
    }
}

/* The last line of its standard error, fit to be shown; "" if none. */
static const char *last_line(child *c)
{
    size_t from, n = c->n_tail;

    while (n > 0 && (unsigned char)c->tail[n - 1] <= ' ')
        n--;
    for (from = n; from > 0 && c->tail[from - 1] != '\n';)
        from--;
    if (n - from > SHOWN)
        n = from + SHOWN;
    for (size_t i = from; i < n; i++)
        if (c->tail[i] < ' ' || c->tail[i] > '~')
            c->tail[i] = '?';
    c->tail[n] = '\0';
    return c->tail + from;
}

static cvy_status judge(child *c, const siginfo_t *info, cvy_error *err)
{
    const char *const line = last_line(c);
    const char *const colon = *line != '\0' ? ": " : "";
    int code = 0;

    if (read(c->ours[REPORT], &code, sizeof code) == (ssize_t)sizeof code) {
        errno = code;
        return refused(c, "run", err);
    }
    if (info->si_code != CLD_EXITED) {
        c->end = CVYI_CHILD_DIED;
        return cvyi_fail(err, CVY_IO, "%s died of signal %d (%s)%s%s", c->name,
                         info->si_status, strsignal(info->si_status), colon,
                         line);
    }
    if (info->si_status != 0) {
        c->end = CVYI_CHILD_EXITED;
        return cvyi_fail(err, CVY_IO, "%s ended with code %d%s%s", c->name,
                         info->si_status, colon, line);
    }
    return CVY_OK;
}

/* Whatever is left of it goes. */
static void finish(child *c)
{
    for (int i = 0; i < STREAMS; i++) {
        shut(&c->ours[i]);
        shut(&c->its[i]);
    }
    if (c->pid > 0) {
        kill(-c->pid, SIGKILL);
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    cvyi_text_close(&c->output);
}

static cvy_status run(child *c, cvyi_text *out, const char *const *argv,
                      cvy_error *err)
{
    siginfo_t info = { 0 };

    CVYI_TRY(start(c, argv, err));
    CVYI_TRY(talk(c, err));
    CVYI_TRY(await(c, &info, err));
    CVYI_TRY(judge(c, &info, err));
    cvyi_text_close(out);
    *out = c->output;
    c->output = (cvyi_text){ 0 };
    return CVY_OK;
}

cvy_status cvyi_child_run(cvyi_text *out, cvyi_child_end *end,
                          const char *const *argv, const void *input, size_t n,
                          const cvyi_child_limits *limits, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    child c = { .name = argv[0],
                .limits = limits,
                .input = input,
                .n_input = n,
                .end = CVYI_CHILD_SYSTEM };
    cvy_status status;

    for (int i = 0; i < STREAMS; i++)
        c.ours[i] = c.its[i] = -1;
    if (limits->seconds > 0)
        c.deadline = now() + limits->seconds;
    c.path = find(&arena, argv[0]);
    if (c.path == NULL) {
        status = cvyi_no_memory(err);
    } else if (*c.path == '\0') {
        c.end = CVYI_CHILD_MISSING;
        status = cvyi_fail(err, CVY_IO, "there is no program %s", c.name);
    } else {
        status = run(&c, out, argv, err);
    }
    finish(&c);
    cvyi_arena_close(&arena);
    if (end != NULL)
        *end = status == CVY_OK ? CVYI_CHILD_DONE : c.end;
    return status;
}
