/*
 * read/keras_archive.c - a .keras archive.
 *
 * A zip archive with config.json (the model), model.weights.h5 (its weights)
 * and, as a rule, metadata.json (who wrote it). Other members are vocabularies
 * and the like, and are not looked at. TensorFlow 2.12 to 2.15 and tf_keras
 * write archives of the same members whose config is that of Keras 2.
 */
#include "read/keras.h"
#include "read/read.h"
#include "read/sources.h"

#include "codec/json.h"
#include "codec/zip.h"

#include <string.h>

/* ---- members ---- */

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

static cvy_status open_weights(cvyi_keras_store *store, cvyi_source *source,
                               const cvyi_zip *zip, cvyi_findings *findings,
                               cvy_error *err)
{
    const void *bytes;
    size_t n;

    if (cvyi_zip_find(zip, "model.weights.h5") == NULL &&
        cvyi_zip_find(zip, "model.weights.npz") != NULL)
        return cvyi_keras_refuse_file(findings, "model.weights.npz",
                                      "weights that hold pickled Python "
                                      "objects are never read",
                                      "save with HDF5 weights", err);
    CVYI_TRY(member(&bytes, &n, source, zip, "model.weights.h5", err));
    return cvyi_located(err, cvyi_keras_store_open(store, bytes, n, err),
                        "model.weights.h5");
}

/* An archive without a version says it by its config. */
static cvy_status read(cvyi_source *source, cvyi_findings *findings,
                       cvy_error *err)
{
    cvyi_keras_file file = { .where = "config.json" };
    const cvyi_value *metadata = NULL;
    cvyi_zip zip;

    CVYI_TRY(cvyi_zip_open(&zip, &source->arena, source->file.bytes,
                           source->file.size, err));
    CVYI_TRY(json_member(&file.config, source, &zip, "config.json", err));
    if (cvyi_zip_find(&zip, "metadata.json") != NULL)
        CVYI_TRY(json_member(&metadata, source, &zip, "metadata.json", err));
    file.version = cvyi_keras_name(cvyi_get(metadata, "keras_version"));
    CVYI_TRY(open_weights(&file.store, source, &zip, findings, err));
    return cvyi_keras_source(source, &file, findings, err);
}

const cvyi_source_kind cvyi_source_keras_archive = {
    .name = "keras",
    .title =
        "Keras archive (.keras), Keras 3.0 to 3.15, TensorFlow 2.12 to 2.15",
    .advice = "save the model with a Keras that `convey formats` names",
    .read = read,
    .dialect = "keras3",
};
