/*
 * read/python.c - the row of Python source, and whose it is.
 *
 * PyTorch's is what imports torch and neither TensorFlow nor Keras; anything
 * else is read as TensorFlow's.
 */
#include "pysrc/parse.h"
#include "read/python/tf/tf.h"
#include "read/python/torch/torch.h"
#include "read/sources.h"

#include <string.h>

/* ---- imports ---- */

static bool is_of(const char *dotted, const char *package)
{
    const size_t n = strlen(package);

    return strncmp(dotted, package, n) == 0 &&
           (dotted[n] == '\0' || dotted[n] == '.');
}

typedef struct imports {
    bool torch, tensorflow;
} imports;

static void note(imports *found, const char *dotted)
{
    found->torch = found->torch || is_of(dotted, "torch");
    found->tensorflow = found->tensorflow || is_of(dotted, "tensorflow") ||
                        is_of(dotted, "keras") || is_of(dotted, "tf_keras") ||
                        is_of(dotted, "tflearn");
}

static void look(imports *found, const cvyi_py_list *body)
{
    for (int i = 0; i < body->n; i++) {
        const cvyi_py_node *const node = body->items[i];

        if (node->kind == CVYI_PY_IMPORT)
            for (int k = 0; k < node->import.n; k++)
                note(found, node->import.aliases[k].name);
        else if (node->kind == CVYI_PY_IMPORT_FROM &&
                 node->import.level == 0 && node->import.module != NULL)
            note(found, node->import.module);
        else if (node->kind == CVYI_PY_TRY)
            look(found, &node->attempt.body);
    }
}

/* Is it for the host of torch, by what its top level imports? */
static bool is_torch(const cvyi_py_tree *tree)
{
    imports found = { false, false };

    look(&found, &tree->body);
    return found.torch && !found.tensorflow;
}

/* ---- PyTorch ---- */

static const char not_ported[] =
    "it is PyTorch source, which is read and not ported yet";

static cvy_status read_any(cvyi_source *source, cvyi_findings *findings,
                           cvy_error *err);

/* What a script of PyTorch's is a source of. */
static const cvyi_source_kind torch_script = {
    .name = "python",
    .title = "",
    .advice = "`convey ops` lists the calls that are read; --entry names "
              "another part of the script",
    .read = read_any,
    .dialect = "torch",
    .script = true,
};

static cvy_status read_torch(cvyi_source *source, cvyi_findings *findings,
                             const cvyi_py_tree *tree, cvy_error *err)
{
    source->kind = &torch_script;
    if (source->request != NULL && source->request->port) {
        CVYI_TRY(cvyi_findings_add(
            findings,
            (cvyi_finding){ .refusal = true,
                            .kind = "unsupported",
                            .text = not_ported,
                            .advice = "`convey show` lists its layers, "
                                      "`convey run` computes it" },
            err));
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s", not_ported);
    }
    return cvyi_torch_read_script(source, findings, tree, NULL, err);
}

/* ---- the choice ---- */

/* Only a file that speaks of torch is parsed to see whose it is. */
static bool speaks_of_torch(const cvyi_mapping *file)
{
    static const char name[] = "torch";
    const char *const text = (const char *)file->bytes;
    const size_t n = sizeof name - 1;

    for (size_t i = 0; i + n <= file->size; i++)
        if (text[i] == 't' && memcmp(text + i, name, n) == 0)
            return true;
    return false;
}

static cvy_status read_any(cvyi_source *source, cvyi_findings *findings,
                           cvy_error *err)
{
    const char *const slash =
        source->path != NULL ? strrchr(source->path, '/') : NULL;
    const char *const name = source->path == NULL ? "script"
                             : slash != NULL      ? slash + 1
                                                  : source->path;
    const char *const from =
        source->request != NULL ? source->request->from : NULL;
    const bool said = from != NULL && strncmp(from, "torch", 5) == 0;
    cvyi_py_tree tree;

    /* What --from says holds. */
    if (!said && (from != NULL || !speaks_of_torch(&source->file)))
        return cvyi_tf_read(source, findings, err);
    CVYI_TRY(cvyi_py_parse(&tree, &source->arena, name,
                           (const char *)source->file.bytes, source->file.size,
                           err));
    return said || is_torch(&tree) ? read_torch(source, findings, &tree, err)
                                   : cvyi_tf_read(source, findings, err);
}

const cvyi_source_kind cvyi_source_python = {
    .name = "python",
    .title = "Python source that builds a network with TensorFlow 1, or with "
             "PyTorch to be shown and run; it is read and never run",
    .advice = "use calls that `convey ops` lists there, or name with --entry "
              "what does not need it",
    .read = read_any,
    .dialect = "tf1",
    .script = true,
};
