/*
 * read/ported.c - a folder that a port has written, as a source.
 *
 * Unknown sizes are null in a report. Each input gets symbols of its own for
 * them, but for the batch; where calls do not fit together so, the same axis
 * of all inputs has the same symbol.
 */
#include "read/ported.h"

#include "codec/json.h"
#include "read/back.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST_NAME = 200 };

static const cvyi_source_kind ported = {
    .name = "ported",
    .title = "a folder that convey has written: NAME.py, weights, report.json",
    .advice = "",
    .dialect = "torch",
};

/* What a report says of its folder. */
typedef struct report {
    const char *code, *weights; /* plain names */
    const char *dialect;
    const cvyi_value *inputs, *outputs; /* lists */
} report;

/* ---- the report ---- */

/* A file beside the report, and nowhere else. */
static bool is_plain(const char *name)
{
    const size_t n = strlen(name);

    if (n == 0 || n > LONGEST_NAME || name[0] == '.')
        return false;
    for (const char *p = name; *p != '\0'; p++)
        if (*p == '/' || *p == '\\' || iscntrl((unsigned char)*p))
            return false;
    return true;
}

static bool ends_with(const char *name, const char *suffix)
{
    const size_t n = strlen(name), k = strlen(suffix);

    return n > k && strcmp(name + n - k, suffix) == 0;
}

/* Keeps a name in its place; false if something stands there already. */
static bool put_once(const char **place, const char *name)
{
    if (*place != NULL)
        return false;
    *place = name;
    return true;
}

static cvy_status take_files(report *out, const cvyi_value *files,
                             cvy_error *err)
{
    const int n = files != NULL && files->kind == CVYI_LIST ? files->n : 0;

    for (int i = 0; i < n; i++) {
        const char *const name = cvyi_as_text(&files->items[i]);
        bool once = true;

        if (name == NULL || !is_plain(name))
            return cvyi_fail(err, CVY_FORMAT,
                             "it lists a file that does not stand beside it");
        if (ends_with(name, ".py"))
            once = put_once(&out->code, name);
        else if (ends_with(name, ".safetensors") || ends_with(name, ".pth"))
            once = put_once(&out->weights, name);
        if (!once)
            return cvyi_fail(err, CVY_FORMAT, "it lists two files of a kind");
    }
    if (out->code == NULL || out->weights == NULL)
        return cvyi_fail(err, CVY_FORMAT, "it lists no source, or no weights");
    return CVY_OK;
}

static cvy_status take_report(report *out, const cvyi_value *root,
                              cvy_error *err)
{
    const cvyi_value *const target = cvyi_get(root, "target");

    if (cvyi_as_text(cvyi_get(root, "convey")) == NULL || target == NULL)
        return cvyi_fail(err, CVY_FORMAT, "this is no report of convey");
    out->dialect = cvyi_as_text(cvyi_get(target, "framework"));
    out->inputs = cvyi_get(root, "inputs");
    out->outputs = cvyi_get(root, "outputs");
    if (out->dialect == NULL || out->inputs == NULL ||
        out->inputs->kind != CVYI_LIST || out->inputs->n == 0)
        return cvyi_fail(err, CVY_FORMAT,
                         "it does not say what the model is called on");
    return take_files(out, cvyi_get(target, "files"), err);
}

/* ---- inputs ---- */

typedef struct signature {
    int n;
    cvyi_type *types;
    const char **names;
} signature;

/* The symbol of an unknown size: "N", "L", "H_2" where it is not shared. */
static cvyi_size symbol(cvyi_sizes *sizes, int rank, int axis, int input,
                        bool shared)
{
    static const char *const letters[] = { "L", "HW", "DHW" };
    char name[32] = "N";
    char *end = name + 1;

    if (axis > 0 && rank >= 3 && rank <= 5 && axis >= 2)
        name[0] = letters[rank - 3][axis - 2];
    else if (axis > 0)
        end = name + snprintf(name, sizeof name, "S%d", axis);
    if (axis > 0 && !shared && input > 0)
        snprintf(end, sizeof name - 8, "_%d", input + 1);
    return cvyi_size_symbol(sizes, name);
}

static cvy_status take_shape(cvyi_type *out, cvyi_sizes *sizes,
                             const cvyi_value *shape, int input, bool shared,
                             cvy_error *err)
{
    cvyi_type type = { .dtype = out->dtype };

    if (shape == NULL || shape->kind != CVYI_LIST || shape->n < 1 ||
        shape->n > CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_FORMAT, "an input has no target_shape");
    type.rank = shape->n;
    for (int i = 0; i < shape->n; i++) {
        const cvyi_value *const size = &shape->items[i];
        int64_t n;

        if (cvyi_is_none(size))
            type.dims[i] = symbol(sizes, type.rank, i, input, shared);
        else if (size->kind == CVYI_INT && cvyi_as_int(&n, size) && n >= 1)
            type.dims[i] = cvyi_size_of(sizes, n);
        else
            return cvyi_fail(err, CVY_FORMAT,
                             "an input's target_shape is no shape");
        if (type.dims[i] == NULL)
            return cvyi_no_memory(err);
    }
    *out = type;
    return CVY_OK;
}

static cvy_status take_signature(signature *out, cvyi_arena *arena,
                                 cvyi_sizes *sizes, const report *r,
                                 bool shared, cvy_dtype dtype, cvy_error *err)
{
    const size_t n = (size_t)r->inputs->n;

    out->n = r->inputs->n;
    out->types = cvyi_arena_alloc(arena, n, sizeof *out->types);
    out->names = cvyi_arena_alloc(arena, n, sizeof *out->names);
    if (out->types == NULL || out->names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < out->n; i++) {
        const cvyi_value *const input = &r->inputs->items[i];

        out->names[i] = cvyi_as_text(cvyi_get(input, "name"));
        out->types[i].dtype = dtype;
        CVYI_TRY(take_shape(&out->types[i], sizes,
                            cvyi_get(input, "target_shape"), i, shared, err));
    }
    return CVY_OK;
}

/* ---- the model ---- */

static cvy_status read_with(cvyi_graph **out, cvyi_source *source,
                            const report *r, bool shared, cvy_dtype dtype,
                            cvy_error *err)
{
    const cvyi_back_files files = {
        .code_name = r->code,
        .code = (const char *)source->file.bytes,
        .code_size = source->file.size,
        .weights_name = r->weights,
        .weights = source->weights.bytes,
        .weights_size = source->weights.size,
    };
    cvyi_sizes sizes;
    signature s;

    cvyi_sizes_open(&sizes, &source->arena);
    CVYI_TRY(
        take_signature(&s, &source->arena, &sizes, r, shared, dtype, err));
    return cvyi_read_back(out, &source->arena, r->dialect, &files, s.types,
                          s.names, s.n, err);
}

/* The report does not say the inputs' type, but the code takes one only. */
static cvy_status read_model(cvyi_source *source, const report *r,
                             cvy_error *err)
{
    static const cvy_dtype others[] = { CVY_F16, CVY_BF16, CVY_F64 };
    cvyi_graph **const out = &source->graph;
    cvy_error why = { 0 };
    const cvy_status status = read_with(out, source, r, false, CVY_F32, &why);

    if (status == CVY_SHAPE && r->inputs->n > 1)
        return read_with(out, source, r, true, CVY_F32, err);
    for (size_t i = 0; status == CVY_UNSUPPORTED && i < 3; i++)
        if (read_with(out, source, r, false, others[i], NULL) == CVY_OK)
            return CVY_OK;
    if (status != CVY_OK && err != NULL)
        *err = why;
    return status;
}

/* The source's names for outputs that have none of their own. */
static cvy_status name_outputs(cvyi_graph *graph, const report *r,
                               cvy_error *err)
{
    const int n = cvyi_tree_leaves(&graph->output_tree, NULL, 0);
    int *const leaves =
        cvyi_arena_alloc(&graph->arena, (size_t)n, sizeof *leaves);

    if (leaves == NULL)
        return cvyi_no_memory(err);
    cvyi_tree_leaves(&graph->output_tree, leaves, n);
    if (r->outputs == NULL || r->outputs->kind != CVYI_LIST ||
        r->outputs->n != n)
        return CVY_OK;
    for (int i = 0; i < n; i++) {
        cvyi_result *const result = &graph->results[leaves[i]];
        const char *const name =
            cvyi_as_text(cvyi_get(&r->outputs->items[i], "name"));

        if (name == NULL || result->name != NULL)
            continue;
        result->name = cvyi_arena_text(&graph->arena, name, strlen(name));
        if (result->name == NULL)
            return cvyi_no_memory(err);
    }
    return CVY_OK;
}

static cvy_status name_graph(cvyi_graph *graph, const report *r,
                             cvy_error *err)
{
    graph->name = cvyi_arena_text(&graph->arena, r->code,
                                  strlen(r->code) - strlen(".py"));
    return graph->name != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* ---- the folder ---- */

static cvy_status path_in(const char **out, cvyi_arena *arena,
                          const char *folder, const char *name, cvy_error *err)
{
    *out = cvyi_arena_printf(arena, "%s/%s", folder, name);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status map_in(cvyi_mapping *out, cvyi_arena *arena,
                         const char *folder, const char *name, cvy_error *err)
{
    const char *path;

    CVYI_TRY(path_in(&path, arena, folder, name, err));
    return cvyi_file_map(out, path, err);
}

static cvy_status read_report(report *out, cvyi_arena *arena,
                              const cvyi_mapping *file, cvy_error *err)
{
    const cvyi_value *root;
    cvy_status status = cvyi_json_read(&root, arena, (const char *)file->bytes,
                                       file->size, err);

    if (status == CVY_OK)
        status = take_report(out, root, err);
    return cvyi_located(err, status, CVYI_OUTPUT_INDEX);
}

static cvy_status open_folder(cvyi_source *source, const char *path,
                              cvy_error *err)
{
    report r = { 0 };
    cvyi_mapping index = { 0 };
    cvy_status status;

    CVYI_TRY(map_in(&index, &source->arena, path, CVYI_OUTPUT_INDEX, err));
    status = read_report(&r, &source->arena, &index, err);
    cvyi_file_unmap(&index);
    if (status != CVY_OK)
        return status;
    CVYI_TRY(map_in(&source->file, &source->arena, path, r.code, err));
    CVYI_TRY(map_in(&source->weights, &source->arena, path, r.weights, err));
    CVYI_TRY(read_model(source, &r, err));
    CVYI_TRY(name_outputs(source->graph, &r, err));
    return name_graph(source->graph, &r, err);
}

cvy_status cvyi_ported_open(cvyi_source *out, const char *path, cvy_error *err)
{
    cvyi_source source = { .kind = &ported };
    const cvy_status status = open_folder(&source, path, err);

    if (status == CVY_OK)
        *out = source;
    else
        cvyi_source_close(&source);
    return status;
}

cvy_status cvyi_ported_find(bool *out, const char *path, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    struct stat about;
    const char *index;
    cvy_status status;

    *out = false;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return CVY_OK;
    status = path_in(&index, &arena, path, CVYI_OUTPUT_INDEX, err);
    if (status == CVY_OK)
        *out = stat(index, &about) == 0;
    cvyi_arena_close(&arena);
    return status;
}
