/* verb/ask.c - what is said of a script beside its path. */
#include "verb/ask.h"

#include "codec/npy.h"
#include "verb/shape.h"

#include <string.h>

/* The shape of an array in a file; rank 0 where there is none: whoever reads
 * the array says why. */
static cvy_status shape_of_file(cvyi_call_input *out, const char *path,
                                cvy_error *err)
{
    cvyi_mapping file = { 0 };
    cvyi_arena arena = { 0 };
    cvy_view view;
    cvy_status status = cvyi_file_map(&file, path, NULL);

    if (status == CVY_OK)
        status = cvyi_npy_open(&view, &arena, file.bytes, file.size, NULL);
    if (status == CVY_OK && view.rank <= CVYI_MAX_DIMS) {
        out->rank = view.rank;
        for (int i = 0; i < view.rank; i++)
            out->dims[i] = view.dims[i];
    }
    cvyi_arena_close(&arena);
    cvyi_file_unmap(&file);
    return status == CVY_MEMORY ? cvyi_no_memory(err) : CVY_OK;
}

static cvy_status read_input(cvyi_call_input *out, const char *text, bool file,
                             cvyi_arena *arena, cvy_error *err)
{
    const size_t n = strcspn(text, file ? "=/" : "=");
    const bool named = n > 0 && text[n] == '=';
    const char *const rest = named ? text + n + 1 : text;

    *out = (cvyi_call_input){ 0 };
    if (named) {
        out->name = cvyi_arena_text(arena, text, n);
        if (out->name == NULL)
            return cvyi_no_memory(err);
    }
    return file ? shape_of_file(out, rest, err)
                : cvyi_shape_read(out->dims, &out->rank, rest, err);
}

/* What is said of Python source is said of nothing else. */
static cvy_status check_script(const cvyi_source *source,
                               const cvyi_asking *asking, cvy_error *err)
{
    const char *const said = asking->from != NULL      ? "--from"
                             : asking->entry != NULL   ? "--entry"
                             : asking->root != NULL    ? "--root"
                             : asking->n_sets > 0      ? "--set"
                             : asking->weights != NULL ? "--weights"
                                                       : NULL;

    return said == NULL || source->kind->script
               ? CVY_OK
               : cvyi_fail(err, CVY_ARGUMENT,
                           "%s is for Python source, and this is a model "
                           "file",
                           said);
}

cvy_status cvyi_ask(cvyi_source *out, const char *path,
                    const cvyi_asking *asking, cvyi_arena *arena,
                    cvyi_findings *findings, cvy_error *err)
{
    cvyi_call_input *const inputs =
        cvyi_arena_alloc(arena, (size_t)asking->n_inputs + 1, sizeof *inputs);
    cvyi_source_request request = { .from = asking->from,
                                    .entry = asking->entry,
                                    .root = asking->root,
                                    .n_sets = asking->n_sets,
                                    .sets = asking->sets,
                                    .inputs = inputs,
                                    .weights = asking->weights,
                                    .no_values = asking->no_values };

    if (inputs == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < asking->n_inputs; i++) {
        cvyi_call_input *const input = &inputs[request.n_inputs];

        CVYI_TRY(
            read_input(input, asking->inputs[i], asking->files, arena, err));
        request.n_inputs += input->rank > 0;
    }
    for (int i = 0; i < asking->n_sets; i++)
        if (strchr(asking->sets[i], '=') == NULL || *asking->sets[i] == '=')
            return cvyi_fail(err, CVY_ARGUMENT,
                             "\"%.64s\" sets nothing: NAME=VALUE",
                             asking->sets[i]);
    CVYI_TRY(cvyi_source_ask(out, path, &request, findings, err));
    return check_script(out, asking, err);
}
