/* pysrc/parse.c - the child that parses, and what it may cost. */
#include "pysrc/parse.h"

#include "base/child.h"
#include "codec/json.h"
#include "pysrc/answer.h"
#include "pysrc/program.h"

#include <stdatomic.h>
#include <string.h>

static const size_t SOURCE_MOST = (size_t)4 << 20;

static const cvyi_child_limits limits = {
    .seconds = 60,
    .output = 100 * 1000 * 1000, /* what codec/json.h takes */
    .memory = (size_t)4 << 30,
};

bool cvyi_py_available(void)
{
    static const char *const argv[] = {
        "python3",
        "-I",
        "-S",
        "-c",
        "import sys; sys.exit(sys.version_info < (3, 9))",
        NULL
    };
    static atomic_int known; /* 0: not asked yet, 1: no, 2: yes */
    int answer = atomic_load(&known);

    if (answer == 0) {
        cvyi_text text = { 0 };

        answer =
            cvyi_child_run(&text, NULL, argv, NULL, 0, &limits, NULL) == CVY_OK
                ? 2
                : 1;
        cvyi_text_close(&text);
        atomic_store(&known, answer);
    }
    return answer == 2;
}

/* CVY_FORMAT: not Python; CVY_UNSUPPORTED: too much of it. */
static cvy_status refuse(const cvyi_py_refusal *refusal, const char *name,
                         cvy_error *err)
{
    const cvy_status status = refusal->is_limit ? CVY_UNSUPPORTED : CVY_FORMAT;
    size_t n = strlen(refusal->cause);

    while (n > 0 && refusal->cause[n - 1] == '.')
        n--; /* Python's own text may be a sentence */
    if (refusal->line == 0)
        return cvyi_fail_in(err, status, name, "%.*s", (int)n, refusal->cause);
    cvyi_fail_in(err, status, name, "line %d: %.*s", refusal->line, (int)n,
                 refusal->cause);
    if (err != NULL)
        err->line = refusal->line;
    return status;
}

/* An answer that is not what was promised is a fault of the child. */
static cvy_status blame_child(cvy_error *err, cvy_status status)
{
    if (status == CVY_OK || status == CVY_MEMORY)
        return status;
    if (err != NULL)
        err->status = CVY_IO;
    return CVY_IO;
}

static cvy_status ask(cvyi_text *answer, const char *text, size_t size,
                      cvy_error *err)
{
    static const char *const argv[] = {
        "python3", "-I", "-S", "-c", cvyi_py_program, cvyi_py_program_2, NULL
    };
    cvyi_child_end end;
    const cvy_status status =
        cvyi_child_run(answer, &end, argv, text, size, &limits, err);

    if (status != CVY_OK && end == CVYI_CHILD_MISSING)
        return cvyi_fail(err, CVY_IO,
                         "reading Python source needs python3, 3.9 or later, "
                         "and there is none in PATH");
    return status;
}

static cvy_status understand(cvyi_py_tree *out, cvyi_arena *arena,
                             const cvyi_py_tree *file, const cvyi_text *answer,
                             cvy_error *err)
{
    cvyi_arena work = { 0 };
    const cvyi_value *value = NULL;
    cvyi_py_refusal refusal;
    cvy_status status =
        blame_child(err, cvyi_json_read(&value, &work, cvyi_text_c(answer),
                                        answer->size, err));

    if (status == CVY_OK && cvyi_py_refusal_read(&refusal, value))
        status = refuse(&refusal, file->name, err);
    else if (status == CVY_OK)
        status = blame_child(err, cvyi_py_answer_tree(out, arena, file, value,
                                                      err));
    cvyi_arena_close(&work);
    return status;
}

cvy_status cvyi_py_parse(cvyi_py_tree *out, cvyi_arena *arena,
                         const char *name, const char *text, size_t size,
                         cvy_error *err)
{
    const cvyi_py_tree file = { .name = name, .text = text, .size = size };
    cvyi_text answer = { 0 };
    cvy_status status;

    if (size > SOURCE_MOST)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "a source of %zu bytes, more than %zu", size,
                            SOURCE_MOST);
    status = ask(&answer, text, size, err);
    if (status == CVY_OK)
        status = understand(out, arena, &file, &answer, err);
    cvyi_text_close(&answer);
    return cvyi_located(err, status, name);
}

cvy_status cvyi_py_tree_read(cvyi_py_tree *out, cvyi_arena *arena,
                             const char *name, const char *text, size_t size,
                             const char *json, size_t json_size,
                             cvy_error *err)
{
    const cvyi_py_tree file = { .name = name, .text = text, .size = size };
    cvyi_arena work = { 0 };
    const cvyi_value *value = NULL;
    cvy_status status = cvyi_json_read(&value, &work, json, json_size, err);

    if (status == CVY_UNSUPPORTED) /* beyond what JSON of ours would hold */
        status = CVY_FORMAT;
    if (status == CVY_OK)
        status = cvyi_py_answer_tree(out, arena, &file, value, err);
    cvyi_arena_close(&work);
    if (status != CVY_OK && err != NULL)
        err->status = status;
    return cvyi_located(err, status, name);
}
