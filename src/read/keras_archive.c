/*
 * read/keras_archive.c - a .keras archive of Keras 3.
 *
 * A zip archive with config.json (the model), model.weights.h5 (its weights)
 * and, as a rule, metadata.json (who wrote it). Other members are vocabularies
 * and the like, and are not looked at. Archives of Keras 2 have the same
 * members and speak another language; they are known and refused.
 */
#include "read/keras.h"
#include "read/read.h"
#include "read/sources.h"

#include "codec/json.h"
#include "codec/zip.h"

#include <string.h>

/* ---- members ---- */

typedef struct archive {
    cvyi_zip zip;
    const cvyi_value *config, *metadata; /* metadata: NULL if there is none */
    const char *version;                 /* of Keras, or NULL */
    cvyi_h5 weights;
} archive;

static cvy_status member(const void **out, size_t *n, cvyi_source *source,
                         const cvyi_zip *zip, const char *name, cvy_error *err)
{
    const cvyi_zip_entry *const entry = cvyi_zip_find(zip, name);

    if (entry == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, name,
                            "the archive has no such member");
    return cvyi_located(
        err, cvyi_zip_bytes(out, n, zip, entry, &source->arena, err), name);
}

static cvy_status json_member(const cvyi_value **out, cvyi_source *source,
                              const cvyi_zip *zip, const char *name,
                              cvy_error *err)
{
    const void *bytes;
    size_t n;

    CVYI_TRY(member(&bytes, &n, source, zip, name, err));
    return cvyi_located(
        err, cvyi_json_read(out, &source->arena, bytes, n, err), name);
}

/* The whole file, for one reason, with advice of its own. */
static cvy_status refuse(cvyi_findings *findings, const char *where,
                         const char *text, const char *advice, cvy_error *err)
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

static cvy_status open_weights(archive *a, cvyi_source *source,
                               cvyi_findings *findings, cvy_error *err)
{
    const void *bytes;
    size_t n;

    if (cvyi_zip_find(&a->zip, "model.weights.h5") == NULL &&
        cvyi_zip_find(&a->zip, "model.weights.npz") != NULL)
        return refuse(findings, "model.weights.npz",
                      "weights that hold pickled Python objects are never "
                      "read",
                      "save with HDF5 weights", err);
    CVYI_TRY(member(&bytes, &n, source, &a->zip, "model.weights.h5", err));
    return cvyi_located(err, cvyi_h5_open(&a->weights, bytes, n, err),
                        "model.weights.h5");
}

/* Keras 2 gives itself away by its version, by the modules it names, or by
 * how its inputs spell their shape. */
static bool is_keras2(const archive *a)
{
    const char *const module = cvyi_as_text(cvyi_get(a->config, "module"));
    const cvyi_value *const layers =
        cvyi_get(cvyi_get(a->config, "config"), "layers");

    if (a->version != NULL && strncmp(a->version, "2.", 2) == 0)
        return true;
    if (module != NULL && (strncmp(module, "keras.src.engine", 16) == 0 ||
                           strncmp(module, "tf_keras", 8) == 0))
        return true;
    return layers != NULL && layers->kind == CVYI_LIST && layers->n > 0 &&
           cvyi_get(cvyi_get(&layers->items[0], "config"),
                    "batch_input_shape") != NULL;
}

/* Keras 3 alone; an archive without a version is taken to be of it. */
static cvy_status check_version(const archive *a, cvyi_findings *findings,
                                cvy_error *err)
{
    const char *text;

    if (is_keras2(a))
        return refuse(findings, "config.json",
                      "an archive of Keras 2 is not read yet",
                      "load it with tf_keras and save the weights, build the "
                      "model in Keras 3, load them and save it",
                      err);
    if (a->version == NULL || strncmp(a->version, "3.", 2) == 0)
        return CVY_OK;
    text = cvyi_arena_printf(
        &findings->arena, "an archive of Keras %.40s is not read", a->version);
    if (text == NULL)
        return cvyi_no_memory(err);
    return refuse(findings, "metadata.json", text, "save it with Keras 3",
                  err);
}

static cvy_status open_archive(archive *a, cvyi_source *source,
                               cvyi_findings *findings, cvy_error *err)
{
    CVYI_TRY(cvyi_zip_open(&a->zip, &source->arena, source->file.bytes,
                           source->file.size, err));
    CVYI_TRY(json_member(&a->config, source, &a->zip, "config.json", err));
    if (cvyi_zip_find(&a->zip, "metadata.json") != NULL)
        CVYI_TRY(
            json_member(&a->metadata, source, &a->zip, "metadata.json", err));
    a->version = cvyi_keras_name(cvyi_get(a->metadata, "keras_version"));
    CVYI_TRY(check_version(a, findings, err));
    return open_weights(a, source, findings, err);
}

/* ---- the model ---- */

static cvy_status read_once(cvyi_keras *k, cvyi_source *source,
                            const archive *a, cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&k->graph, "model", err));
    k->graph->dialect = "keras3";
    k->graph->version = a->version;
    k->arena = &source->arena;
    k->weights = a->weights;
    status = cvyi_keras_read(k, a->config, err);
    if (status == CVY_OK && k->findings->n_refusals > 0)
        status = cvyi_keras_part(k, err);
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
                                       const archive *a, cvy_error *err)
{
    *best = apart;
    CVYI_TRY(read_once(apart, source, a, err));
    if (!apart->sizes_disagree || apart->n_symbolic < 2)
        return CVY_OK;
    CVYI_TRY(read_once(shared, source, a, err));
    if (shared->findings->n_refusals >= apart->findings->n_refusals)
        return CVY_OK;
    *best = shared;
    return cvyi_remark(shared->findings, "",
                       "unknown sizes of the inputs are taken to be equal, as "
                       "the layers need them to be",
                       err);
}

static cvy_status read_model(cvyi_source *source, const archive *a,
                             cvyi_findings *findings, cvy_error *err)
{
    cvyi_findings of_apart = { 0 }, of_shared = { 0 };
    cvyi_keras apart = { .findings = &of_apart };
    cvyi_keras shared = { .findings = &of_shared, .sizes_shared = true };
    cvyi_keras *best;
    cvy_status status =
        read_apart_or_shared(&apart, &shared, &best, source, a, err);

    if (status == CVY_OK)
        status = pass_on(findings, best->findings, err);
    if (status == CVY_OK) {
        source->graph = best->graph;
        best->graph = NULL;
        status = cvyi_findings_verdict(best->findings, err);
    }
    cvyi_graph_close(apart.graph);
    cvyi_graph_close(shared.graph);
    cvyi_findings_close(&of_apart);
    cvyi_findings_close(&of_shared);
    return status;
}

static cvy_status read(cvyi_source *source, cvyi_findings *findings,
                       cvy_error *err)
{
    archive a = { 0 };

    CVYI_TRY(open_archive(&a, source, findings, err));
    return read_model(source, &a, findings, err);
}

const cvyi_source_kind cvyi_source_keras_archive = {
    "keras",
    "Keras 3 archive (.keras, 3.0 to 3.15): Sequential and functional "
    "models, float32",
    "save the model with a Keras 3 that `convey formats` names",
    read,
    "keras3",
};
