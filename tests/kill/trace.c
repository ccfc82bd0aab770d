/*
 * kill/trace.c - runs a command and kills it before its n-th change.
 *
 *   trace [--no-links] N COMMAND...
 *
 * A change is a system call that writes to the disk: it makes, fills, syncs,
 * renames or removes something. What it would have done is not done. With
 * --no-links the system has no symbolic links, as some disks have none.
 *
 * Prints the number of changes that the command began; exits with 0 if it was
 * killed, else with 100 plus its exit code; 77 if it cannot be traced here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT = 77, ENDED = 100 };

static bool opens_to_write(unsigned long long flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

/* Pipes and terminals are no disk, but a kill there is as good a test. */
static bool is_change(const struct ptrace_syscall_info *info)
{
    const unsigned long long *const args = info->entry.args;

    switch (info->entry.nr) {
    case SYS_openat:
        return opens_to_write(args[2]);
#ifdef SYS_open
    case SYS_open:
        return opens_to_write(args[1]);
    case SYS_creat:
    case SYS_mkdir:
    case SYS_rmdir:
    case SYS_link:
    case SYS_symlink:
    case SYS_unlink:
    case SYS_rename:
#endif
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_pwritev:
    case SYS_copy_file_range:
    case SYS_sendfile:
    case SYS_truncate:
    case SYS_ftruncate:
    case SYS_fallocate:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_mkdirat:
    case SYS_linkat:
    case SYS_symlinkat:
    case SYS_unlinkat:
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
        return true;
    default:
        return false;
    }
}

static void refuse_links(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_symlinkat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = { sizeof code / sizeof *code, code };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(CANNOT);
}

static pid_t start(char **command, bool no_links)
{
    const pid_t child = fork();

    if (child != 0)
        return child;
    if (no_links)
        refuse_links();
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(CANNOT);
    raise(SIGSTOP);
    execvp(command[0], command);
    _exit(127);
}

/* One stop of a thread. Counts a change; false: the n-th is about to begin. */
static bool on_stop(pid_t thread, int status, long *count, long n)
{
    struct ptrace_syscall_info info;
    int sent = WSTOPSIG(status);

    if (sent == (SIGTRAP | 0x80)) {
        sent = 0;
        if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) {
            fprintf(stderr, "trace: this system tells no calls\n");
            exit(CANNOT);
        }
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY && is_change(&info) &&
            ++*count == n)
            return false;
    } else if (sent == SIGTRAP || sent == SIGSTOP) {
        sent = 0;
    }
    ptrace(PTRACE_SYSCALL, thread, 0L, (long)sent);
    return true;
}

/* Until the command has ended: what it came to, or 0 if it was killed. */
static int follow(pid_t child, long *count, long n)
{
    for (;;) {
        int status;
        const pid_t thread = waitpid(-1, &status, __WALL);

        if (thread < 0)
            return CANNOT;
        if (WIFSTOPPED(status) && !on_stop(thread, status, count, n)) {
            kill(child, SIGKILL);
            while (waitpid(-1, &status, __WALL) > 0)
                continue;
            return 0;
        }
        if (thread == child && WIFEXITED(status))
            return ENDED + WEXITSTATUS(status);
        if (thread == child && WIFSIGNALED(status))
            return ENDED - 1;
    }
}

int main(int argc, char **argv)
{
    const bool no_links = argc > 1 && strcmp(argv[1], "--no-links") == 0;
    char **const words = argv + 1 + no_links;
    const long options =
        PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE;
    long count = 0;
    int status, code;
    pid_t child;

    if (argc - no_links < 3)
        return 2;
    child = start(words + 1, no_links);
    if (child < 0 || waitpid(child, &status, 0) != child ||
        !WIFSTOPPED(status) ||
        ptrace(PTRACE_SETOPTIONS, child, 0L, options) != 0 ||
        ptrace(PTRACE_SYSCALL, child, 0L, 0L) != 0) {
        fprintf(stderr, "trace: this system lets nobody trace\n");
        return CANNOT;
    }
    code = follow(child, &count, strtol(words[0], NULL, 10));
    printf("%ld\n", count);
    return code;
}
