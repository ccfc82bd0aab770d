/*
 * read/keras_h5.c - legacy .h5 files of Keras 2 and 3.
 *
 *   @model_config   the model, as JSON
 *   @keras_version  Keras 1 had none
 *   @training_config  loss and optimiser of a compiled model, as JSON
 *   /model_weights  the weights, by name (keras_named.c)
 *
 * A file without model_config holds weights alone, whatever their layout; the
 * model is looked for in the file config.json beside it (keras_folder.c).
 */
#include "read/keras.h"
#include "read/keras_folder.h"
#include "read/read.h"
#include "read/sources.h"

#include "codec/json.h"

#include <string.h>

static cvy_status root_text(const char **out, cvyi_source *source,
                            const cvyi_h5 *h5, const char *name,
                            cvy_error *err)
{
    return cvyi_located(err,
                        cvyi_h5_text_attribute(out, &source->arena, h5,
                                               &h5->root, name, err),
                        name);
}

static cvy_status read_training(const cvyi_value **out, cvyi_source *source,
                                const cvyi_h5 *h5, cvy_error *err)
{
    const char *text;

    *out = NULL;
    CVYI_TRY(root_text(&text, source, h5, "training_config", err));
    return text == NULL ? CVY_OK
                        : cvyi_located(err,
                                       cvyi_json_read(out, &source->arena,
                                                      text, strlen(text), err),
                                       "training_config");
}

static cvy_status read(cvyi_source *source, cvyi_findings *findings,
                       cvy_error *err)
{
    cvyi_keras_file file = { .where = "model_config", .bare = true };
    const char *config;

    CVYI_TRY(cvyi_keras_store_open(&file.store, source->file.bytes,
                                   source->file.size, err));
    CVYI_TRY(root_text(&config, source, &file.store.h5, "model_config", err));
    if (config == NULL)
        return cvyi_keras_beside_weights(source, findings, err);
    CVYI_TRY(root_text(&file.version, source, &file.store.h5, "keras_version",
                       err));
    if (file.version == NULL)
        file.version = "1";
    CVYI_TRY(read_training(&file.training, source, &file.store.h5, err));
    if (file.store.layout != &cvyi_keras_named)
        return cvyi_fail_in(err, CVY_FORMAT, "model_weights",
                            "the file has a model and no weights");
    CVYI_TRY(cvyi_located(err,
                          cvyi_json_read(&file.config, &source->arena, config,
                                         strlen(config), err),
                          file.where));
    return cvyi_keras_source(source, &file, findings, err);
}

const cvyi_source_kind cvyi_source_keras_h5 = {
    .name = "hdf5",
    .title = "Keras model (.h5) of Keras 2 and 3, or weights by config.json",
    .advice = "save the model with a Keras that `convey formats` names",
    .read = read,
    .dialect = "keras3",
};
