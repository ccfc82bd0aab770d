/*
 * tests/fuzz/fuzz_pyeval.c - any tree, evaluated under small limits, by a
 * strict host and by a lenient one.
 *
 * Up to a vertical tab stands a source, then the tree of it as the parser's
 * child answers. What is left behind is printed, converted and called.
 */
#include "pysrc/eval_parts.h"
#include "pysrc/parse.h"
#include "read/python/std/import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cvy_status know_nothing(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *dotted, cvy_error *err)
{
    (void)out;
    return cvyi_py_refuse(eval, err, "there is no module %s", dotted);
}

static void insist(bool truth)
{
    if (!truth)
        abort();
}

static void check_status(cvy_status status, const cvy_error *err)
{
    insist(status == CVY_OK || status == CVY_UNSUPPORTED ||
           status == CVY_MEMORY);
    insist(status == CVY_OK ||
           (err->status == status && err->text[0] != '\0'));
}

static void use(cvyi_py_eval *eval, const cvyi_py_value *value)
{
    const cvyi_py_call_args none = { 0 };
    cvyi_text text = { 0 };
    cvy_error err = { 0 };
    cvyi_py_value made;
    cvyi_value plain;

    insist(cvyi_py_describe(eval, value)[0] != '\0');
    check_status(cvyi_py_put_repr(&text, eval, value, &err), &err);
    cvyi_text_close(&text);
    (void)cvyi_py_plain(&plain, eval, value);
    check_status(cvyi_py_eval_list(&made, eval, value, &err), &err);
    check_status(cvyi_py_eval_call(&made, eval, value, &none, &err), &err);
}

static cvy_status know_modules(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *dotted, cvy_error *err)
{
    bool known;

    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK : know_nothing(out, eval, dotted, err);
}

static void evaluate(const cvyi_py_tree *tree, bool lenient)
{
    const cvyi_py_host host = { .import =
                                    lenient ? know_modules : know_nothing,
                                .lenient = lenient };
    const cvyi_py_limits limits = {
        .steps = 5000, .depth = 60, .memory = 1 << 20, .seconds = 5
    };
    cvyi_py_module *module;
    cvyi_py_eval *eval;
    cvy_error err = { 0 };
    cvy_status status;

    if (cvyi_py_eval_open(&eval, &host, &limits, &err) != CVY_OK)
        return;
    status = cvyi_py_eval_run(&module, eval, tree, "x", &err);
    check_status(status, &err);
    insist(eval->depth == 0 && eval->nesting == 0 && eval->frame == NULL);
    for (int i = 0; status == CVY_OK && i < module->names.n; i++)
        use(eval, &module->names.values[i]);
    cvyi_py_eval_close(eval);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *const end = size > 0 ? memchr(data, '\v', size) : NULL;
    const size_t n = end != NULL ? (size_t)(end - data) : 0;
    const size_t skip = end != NULL ? n + 1 : 0;
    cvyi_py_tree tree = { 0 };
    cvyi_arena arena = { 0 };

    if (size > 0 &&
        cvyi_py_tree_read(&tree, &arena, "x.py", (const char *)data, n,
                          (const char *)data + skip, size - skip,
                          NULL) == CVY_OK) {
        evaluate(&tree, false);
        evaluate(&tree, true);
    }
    cvyi_arena_close(&arena);
    return 0;
}
