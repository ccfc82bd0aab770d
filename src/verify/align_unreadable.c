/*
 * verify/align_unreadable.c - a written text that cannot be read back: which
 * layer is it about?
 *
 * The reader names the module that it stopped in. A function has none; it is
 * told by what stands on the line: the n-th line that says torch.relu( is the
 * n-th layer that is written so.
 */
#include "verify/align.h"

#include <string.h>

static bool has(const char *line, size_t size, const char *text, size_t n)
{
    for (size_t i = 0; n > 0 && i + n <= size; i++)
        if (memcmp(line + i, text, n) == 0)
            return true;
    return false;
}

/* Lines before `line` (counted from 1) that hold the text; *on: does `line`
 * hold it as well? */
static int lines_before(bool *on, const cvyi_text *code, int64_t line,
                        const char *text, size_t n)
{
    const char *at = cvyi_text_c(code);
    int found = 0;

    *on = false;
    for (int64_t i = 1; *at != '\0' && i <= line; i++) {
        const size_t size = strcspn(at, "\n");
        const bool holds = has(at, size, text, n);

        found += holds && i < line;
        *on = *on || (holds && i == line);
        at += size + (at[size] != '\0');
    }
    return found;
}

/* "torch.relu(" of torch.relu(x); nothing of an expression like x + y. */
static size_t head_of(const char *target)
{
    const char *const paren = strchr(target, '(');

    return paren != NULL && paren > target ? (size_t)(paren - target) + 1 : 0;
}

/* The n-th call of those that begin alike. */
static int call_number(const cvyi_graph *meant, const cvyi_written *written,
                       const char *head, size_t size, int number)
{
    int found = -1;

    for (int i = 0; i < meant->n_calls && number >= 0; i++) {
        const cvyi_written_call *const call = &written->calls[i];

        if (!call->module && strncmp(call->target, head, size) == 0) {
            found = i;
            number--;
        }
    }
    return found;
}

static int by_line(const cvyi_graph *meant, const cvyi_written *written,
                   const cvyi_text *code, int64_t line)
{
    for (int i = 0; line > 0 && i < meant->n_calls; i++) {
        const char *const target = written->calls[i].target;
        const size_t size = head_of(target);
        bool on;

        if (written->calls[i].module || size == 0)
            continue;

        const int before = lines_before(&on, code, line, target, size);

        if (on)
            return call_number(meant, written, target, size, before);
    }
    return -1;
}

static int by_path(const cvyi_graph *meant, const cvyi_written *written,
                   const char *path)
{
    for (int i = 0; *path != '\0' && i < meant->n_calls; i++)
        if (written->calls[i].module &&
            strcmp(written->calls[i].path, path) == 0)
            return i;
    return -1;
}

cvy_status cvyi_file_unreadable(cvyi_file_proof *out, const cvy_error *why,
                                const char *file, const cvyi_text *code,
                                const cvyi_graph *meant,
                                const cvyi_written *written, cvy_error *err)
{
    cvyi_file_proof proof = { .verdict = CVYI_FAILED, .n_faults = 1 };
    cvyi_arena *const arena = &proof.arena;
    cvyi_fault *const fault = cvyi_arena_alloc(arena, 1, sizeof *fault);
    int call = by_path(meant, written, why->where);

    if (call < 0 && (*why->where == '\0' || strcmp(why->where, file) == 0))
        call = by_line(meant, written, code, why->line);
    if (fault != NULL) {
        const char *const layer =
            call >= 0 ? cvyi_call_layer(meant, &meant->calls[call]) : "";

        proof.faults = fault;
        fault->layer = cvyi_arena_text(arena, layer, strlen(layer));
        fault->where = why->line > 0 ? cvyi_arena_printf(arena, "%s:%d", file,
                                                         (int)why->line)
                                     : cvyi_arena_printf(arena, "%s", file);
        fault->text = cvyi_arena_text(arena, why->text, strlen(why->text));
    }
    if (fault == NULL || fault->layer == NULL || fault->where == NULL ||
        fault->text == NULL) {
        cvyi_file_proof_close(&proof);
        return cvyi_no_memory(err);
    }
    *out = proof;
    return CVY_OK;
}
