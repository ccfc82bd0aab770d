/*
 * read/keras_file.c - from a parsed file of Keras to a graph, whatever kind of
 * file it was.
 */
#include "read/keras.h"
#include "read/read.h"

#include <string.h>

cvy_status cvyi_keras_refuse_file(cvyi_findings *findings, const char *where,
                                  const char *text, const char *advice,
                                  cvy_error *err)
{
    CVYI_TRY(cvyi_findings_add(findings,
                               (cvyi_finding){ .refusal = true,
                                               .kind = "unsupported",
                                               .text = text,
                                               .advice = advice,
                                               .where = where },
                               err));
    return cvyi_fail_in(err, CVY_UNSUPPORTED, where, "%s; %s", text, advice);
}

/* ---- which Keras ---- */

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* The first layers of a config: those of a Sequential may be all of it. */
static const cvyi_value *layers_of(const cvyi_value *config)
{
    const cvyi_value *const layers =
        config != NULL && config->kind == CVYI_LIST
            ? config
            : cvyi_get(config, "layers");

    return layers != NULL && layers->kind == CVYI_LIST ? layers : NULL;
}

/* Keras 2 calls layers by bare lists. */
static bool calls_by_lists(const cvyi_value *layers)
{
    for (int i = 0; i < layers->n; i++) {
        const cvyi_value *const nodes =
            cvyi_get(&layers->items[i], "inbound_nodes");

        if (nodes != NULL && nodes->kind == CVYI_LIST && nodes->n > 0)
            return nodes->items[0].kind == CVYI_LIST;
    }
    return false;
}

/* Without a version, Keras 2 gives itself away by the modules that it names,
 * by how its inputs spell their shape, or by how it writes calls. */
static bool looks_like_keras2(const cvyi_value *model)
{
    const char *const module = cvyi_as_text(cvyi_get(model, "module"));
    const cvyi_value *const layers = layers_of(cvyi_get(model, "config"));

    if (begins(module, "keras.src.engine") || begins(module, "keras.engine") ||
        begins(module, "tf_keras"))
        return true;
    if (layers == NULL || layers->n == 0)
        return false;
    return cvyi_get(cvyi_get(&layers->items[0], "config"),
                    "batch_input_shape") != NULL ||
           calls_by_lists(layers);
}

static const char *dialect_of(const cvyi_keras_file *file)
{
    if (file->version != NULL)
        return begins(file->version, "2.") ? "keras2" : "keras3";
    return looks_like_keras2(file->config) ? "keras2" : "keras3";
}

static cvy_status check_version(const cvyi_keras_file *file,
                                cvyi_findings *findings, cvy_error *err)
{
    const char *const version = file->version;
    const char *text;

    if (version == NULL || begins(version, "2.") || begins(version, "3."))
        return CVY_OK;
    text = cvyi_arena_printf(&findings->arena,
                             "a file of Keras %.40s is not read", version);
    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse_file(
        findings, file->where, text,
        begins(version, "1") ? "load it with Keras 2.2 and save it again"
                             : "save it with Keras 3",
        err);
}

/* ---- the model ---- */

static cvy_status read_once(cvyi_keras *k, cvyi_source *source,
                            const cvyi_keras_file *file, cvy_error *err)
{
    const char *const dialect = dialect_of(file);
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&k->graph, "model", err));
    k->graph->dialect = dialect;
    k->graph->version = file->version;
    k->dialect = dialect;
    k->where = file->where;
    k->arena = &source->arena;
    k->store = file->store;
    status = cvyi_keras_read(k, file->config, err);
    if (status == CVY_OK && k->findings->n_refusals > 0)
        status = cvyi_keras_part(k, err);
    else if (status == CVY_OK)
        status = cvyi_keras_remark_precision(k, err);
    if (status == CVY_OK && k->graph != NULL)
        status = cvyi_graph_check(k->graph, err);
    return status;
}

static cvy_status pass_on(cvyi_findings *to, const cvyi_findings *from,
                          cvy_error *err)
{
    for (int i = 0; i < from->n; i++)
        CVYI_TRY(cvyi_findings_add(to, from->items[i], err));
    return CVY_OK;
}

/* Unknown sizes of several inputs have symbols of their own. Where layers
 * need some of them to be equal, all are taken to be. */
static cvy_status read_apart_or_shared(cvyi_keras *apart, cvyi_keras *shared,
                                       cvyi_keras **best, cvyi_source *source,
                                       const cvyi_keras_file *file,
                                       cvy_error *err)
{
    *best = apart;
    CVYI_TRY(read_once(apart, source, file, err));
    if (!apart->sizes_disagree || apart->n_symbolic < 2)
        return CVY_OK;
    CVYI_TRY(read_once(shared, source, file, err));
    if (shared->findings->n_refusals >= apart->findings->n_refusals)
        return CVY_OK;
    *best = shared;
    return cvyi_remark(shared->findings, "",
                       "unknown sizes of the inputs are taken to be equal, as "
                       "the layers need them to be",
                       err);
}

static cvy_status read_model(cvyi_source *source, const cvyi_keras_file *file,
                             cvyi_findings *findings, cvy_error *err)
{
    cvyi_findings of_apart = { 0 }, of_shared = { 0 };
    cvyi_keras apart = { .findings = &of_apart };
    cvyi_keras shared = { .findings = &of_shared, .sizes_shared = true };
    cvyi_keras *best;
    cvy_status status =
        read_apart_or_shared(&apart, &shared, &best, source, file, err);

    if (status == CVY_OK)
        status = pass_on(findings, best->findings, err);
    if (status == CVY_OK) {
        source->graph = best->graph;
        best->graph = NULL;
        if (file->training != NULL && file->training->kind == CVYI_DICT)
            source->graph->training = file->training;
        status = cvyi_findings_verdict(best->findings, err);
    }
    cvyi_graph_close(apart.graph);
    cvyi_graph_close(shared.graph);
    cvyi_findings_close(&of_apart);
    cvyi_findings_close(&of_shared);
    return status;
}

cvy_status cvyi_keras_source(cvyi_source *source, cvyi_keras_file *file,
                             cvyi_findings *findings, cvy_error *err)
{
    const bool keras2 = strcmp(dialect_of(file), "keras2") == 0;

    CVYI_TRY(check_version(file, findings, err));
    if (keras2 || file->bare)
        CVYI_TRY(cvyi_located(err,
                              cvyi_keras_legacy(&file->config, &source->arena,
                                                file->config, keras2, err),
                              file->where));
    return read_model(source, file, findings, err);
}
