/* read/source.c - from a path to a graph, by whichever reader fits. */
#include "read/keras_folder.h"
#include "read/known.h"
#include "read/ported.h"
#include "read/read.h"
#include "read/sources.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
const cvyi_source_kind *const cvyi_source_kinds[] = {
#define SOURCE(name) &cvyi_source_##name,
#include "read/sources.def"
#undef SOURCE
};
/* clang-format on */
const size_t cvyi_n_source_kinds =
    sizeof cvyi_source_kinds / sizeof *cvyi_source_kinds;

static bool plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '_';
}

/* "net.weights.h5": 3; "net": 3 */
static size_t stem_of(const char *base, size_t n)
{
    static const char weights[] = ".weights";
    const size_t m = sizeof weights - 1;
    size_t dot = n;

    for (size_t i = 1; i < n; i++)
        if (base[i] == '.')
            dot = i;
    return dot > m && memcmp(base + dot - m, weights, m) == 0 ? dot - m : dot;
}

/* "dir/my model.keras" -> "my_model", and "net/config.json" -> "net" */
static char *name_from(cvyi_arena *arena, const char *path)
{
    size_t end = strlen(path), begin, n;

    if (end > 12 && strcmp(path + end - 12, "/config.json") == 0)
        end -= 12;
    while (end > 0 && path[end - 1] == '/')
        end--;
    for (begin = end; begin > 0 && path[begin - 1] != '/';)
        begin--;
    n = stem_of(path + begin, end - begin);

    char *const name = n > 0 ? cvyi_arena_text(arena, path + begin, n)
                             : cvyi_arena_text(arena, "model", 5);

    for (char *p = name; p != NULL && *p != '\0'; p++)
        if (!plain(*p))
            *p = '_';
    return name;
}

static const cvyi_source_kind *kind_of(const cvyi_format *format)
{
    for (size_t i = 0; format != NULL && i < cvyi_n_source_kinds; i++)
        if (strcmp(cvyi_source_kinds[i]->name, format->name) == 0)
            return cvyi_source_kinds[i];
    return NULL;
}

/* "x is not known: say it with --set x=VALUE" has its advice behind the last
 * colon or semicolon before an option; NULL: it names none. */
static const char *advice_within(const char *reason)
{
    const char *const option = strstr(reason, " --");
    const char *found = NULL;

    for (const char *p = reason; option != NULL && p < option; p++)
        if ((p[0] == ':' || p[0] == ';') && p[1] == ' ')
            found = p + 2;
    return found;
}

/* A file that is refused as a whole has a finding too, so that a report shows
 * why. A reader that knows better advice has left one already. */
static cvy_status record(cvyi_findings *findings, const char *advice,
                         const cvy_error *why, cvy_error *err)
{
    const char *const own = advice_within(why->text);
    char where[sizeof why->where + 16], reason[sizeof why->text];

    snprintf(reason, sizeof reason, "%s", why->text);
    if (own != NULL) {
        reason[own - why->text - 2] = '\0';
        advice = own;
    }
    snprintf(where, sizeof where,
             why->line > 0 && *why->where != '\0' ? "%s:%d" : "%s", why->where,
             why->line);
    if (why->status == CVY_UNSUPPORTED && findings->n_refusals == 0)
        CVYI_TRY(cvyi_findings_add(findings,
                                   (cvyi_finding){ .refusal = true,
                                                   .kind = "unsupported",
                                                   .text = reason,
                                                   .advice = advice,
                                                   .where = where },
                                   err));
    if (err != NULL)
        *err = *why;
    return why->status;
}

/* `name` is what the model's own name is made of. */
static cvy_status read_bytes(cvyi_source *out, const void *bytes, size_t size,
                             const char *path, const char *name,
                             const cvyi_source_request *request,
                             cvyi_findings *findings, cvy_error *err)
{
    cvyi_source source = { .file = { bytes, size },
                           .path = path,
                           .request = request };
    const cvyi_format *format = NULL;
    cvy_error why = { 0 };
    cvy_status status;

    CVYI_TRY(cvyi_format_find(&format, bytes, size, err));
    source.kind = kind_of(format);
    if (source.kind == NULL)
        return cvyi_known_refuse(format, findings, err);
    status = source.kind->read(&source, findings, &why);
    source.file = (cvyi_mapping){ 0 };
    source.path = NULL;
    source.request = NULL;
    if (status == CVY_UNSUPPORTED && request->part && source.graph != NULL) {
        source.part = true;
        status = CVY_OK;
    }
    if (status == CVY_OK && source.graph != NULL) {
        source.graph->name = name_from(&source.graph->arena, name);
        if (source.graph->name == NULL)
            status = cvyi_no_memory(&why);
    }
    if (status != CVY_OK) {
        const char *const advice = source.kind->advice;

        cvyi_source_close(&source);
        return record(findings, advice, &why, err);
    }
    *out = source;
    return CVY_OK;
}

cvy_status cvyi_source_read(cvyi_source *out, const void *bytes, size_t size,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err)
{
    static const cvyi_source_request plainly = { 0 };

    return read_bytes(out, bytes, size, NULL, name, &plainly, findings, err);
}

static cvy_status open_folder(cvyi_source *out, const char *path,
                              cvyi_findings *findings, cvy_error *err)
{
    cvy_error why = { 0 };
    const cvy_status status = cvyi_ported_open(out, path, &why);

    return status != CVY_OK ? record(findings, "", &why, err) : CVY_OK;
}

static cvy_status open_file(cvyi_source *out, const char *path,
                            const cvyi_source_request *request,
                            cvyi_findings *findings, cvy_error *err)
{
    cvyi_mapping file = { 0 };
    cvyi_source source;
    cvy_status status;

    CVYI_TRY(cvyi_file_map(&file, path, err));
    status = read_bytes(&source, file.bytes, file.size, path,
                        request->name != NULL ? request->name : path, request,
                        findings, err);
    if (status != CVY_OK) {
        cvyi_file_unmap(&file);
        return status;
    }
    source.file = file;
    *out = source;
    return CVY_OK;
}

cvy_status cvyi_source_ask(cvyi_source *out, const char *path,
                           const cvyi_source_request *request,
                           cvyi_findings *findings, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    const char *inside;
    cvy_status status;
    bool ported;

    CVYI_TRY(cvyi_known_folder(path, findings, err));
    CVYI_TRY(cvyi_ported_find(&ported, path, err));
    if (ported)
        return open_folder(out, path, findings, err);
    status = cvyi_keras_in_folder(&inside, &arena, path, err);
    if (status == CVY_OK)
        status = open_file(out, inside != NULL ? inside : path, request,
                           findings, err);
    cvyi_arena_close(&arena);
    return status;
}

cvy_status cvyi_source_open(cvyi_source *out, const char *path,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err)
{
    return cvyi_source_ask(out, path, &(cvyi_source_request){ .name = name },
                           findings, err);
}

cvy_status cvyi_source_open_part(cvyi_source *out, const char *path,
                                 const char *name, cvyi_findings *findings,
                                 cvy_error *err)
{
    return cvyi_source_ask(
        out, path, &(cvyi_source_request){ .name = name, .part = true },
        findings, err);
}

void cvyi_source_close(cvyi_source *source)
{
    cvyi_graph_close(source->graph);
    for (int i = 0; i < source->n_more; i++)
        cvyi_file_unmap(&source->more[i]);
    cvyi_arena_close(&source->arena);
    cvyi_file_unmap(&source->file);
    cvyi_file_unmap(&source->weights);
    *source = (cvyi_source){ 0 };
}
