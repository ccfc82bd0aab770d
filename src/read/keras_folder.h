/*
 * read/keras_folder.h - a Keras model in several files of one folder.
 *
 * The folder has config.json and weights. Whoever names the folder or the
 * config.json (which may have any name if it is named itself) means the
 * weights
 *
 *   1. model.weights.h5, or model.weights.json;
 *   2. else the only file whose name ends in .weights.json;
 *   3. else the only file whose name ends in .h5.
 *
 * Whoever names a file of weights means that one, and the config.json beside
 * it. NAME.weights.json lists the files of weights that are beside it too.
 * metadata.json, where it is there, says the version of Keras. A .keras
 * archive that was unzipped is such a folder.
 */
#ifndef CVYI_READ_KERAS_FOLDER_H
#define CVYI_READ_KERAS_FOLDER_H

#include "read/keras.h"
#include "read/read.h"

/* The source's file is weights alone: reads config.json beside it. */
cvy_status cvyi_keras_beside_weights(cvyi_source *source,
                                     cvyi_findings *findings, cvy_error *err);

/* The path of config.json if `path` is a folder with one, else NULL. */
cvy_status cvyi_keras_in_folder(const char **out, cvyi_arena *arena,
                                const char *path, cvy_error *err);

/* The path of `name` beside the file that the source is read from. */
cvy_status cvyi_keras_path_beside(const char **out, cvyi_source *source,
                                  const char *name, cvy_error *err);
/* Weights in several files from the list of them: their mappings are the
 * source's. */
cvy_status cvyi_keras_shards_open(cvyi_keras_store *out, cvyi_source *source,
                                  const cvyi_value *list, cvy_error *err);

#endif
