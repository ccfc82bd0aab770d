/* read/keras_folder.c - a Keras model in several files of one folder. */
#include "read/keras_folder.h"

#include "read/keras.h"
#include "read/sources.h"

#include "codec/format.h"
#include "codec/json.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- paths ---- */

static bool ends_in(const char *name, const char *with)
{
    const size_t n = strlen(name), m = strlen(with);

    return n >= m && strcmp(name + n - m, with) == 0;
}

cvy_status cvyi_keras_path_beside(const char **out, cvyi_source *source,
                                  const char *name, cvy_error *err)
{
    const char *const slash = strrchr(source->path, '/');
    const int n = slash != NULL ? (int)(slash - source->path) + 1 : 0;

    *out = cvyi_arena_printf(&source->arena, "%.*s%s", n, source->path, name);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static bool exists(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0;
}

cvy_status cvyi_keras_in_folder(const char **out, cvyi_arena *arena,
                                const char *path, cvy_error *err)
{
    const char *config;
    struct stat about;

    *out = NULL;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return CVY_OK;
    config = cvyi_arena_printf(arena, "%s/config.json", path);
    if (config == NULL)
        return cvyi_no_memory(err);
    if (exists(config))
        *out = config;
    return CVY_OK;
}

/* ---- JSON beside the weights ---- */

static cvy_status read_json(const cvyi_value **out, cvyi_source *source,
                            const char *name, const char *path, cvy_error *err)
{
    cvyi_mapping file = { 0 };
    cvy_status status;

    CVYI_TRY(cvyi_file_map(&file, path, err));
    status =
        cvyi_located(err,
                     cvyi_json_read(out, &source->arena,
                                    (const char *)file.bytes, file.size, err),
                     name);
    cvyi_file_unmap(&file);
    return status;
}

/* What model.to_json() wrote says its version itself. */
static cvy_status read_version(cvyi_keras_file *file, cvyi_source *source,
                               cvy_error *err)
{
    const cvyi_value *said = cvyi_get(file->config, "keras_version");
    const cvyi_value *metadata;
    const char *path;

    if (said == NULL) {
        CVYI_TRY(cvyi_keras_path_beside(&path, source, "metadata.json", err));
        if (!exists(path))
            return CVY_OK;
        CVYI_TRY(read_json(&metadata, source, "metadata.json", path, err));
        said = cvyi_get(metadata, "keras_version");
    }
    file->version = cvyi_keras_name(said);
    return CVY_OK;
}

/* A file of weights: HDF5, or a list of such. */
static cvy_status open_weights(cvyi_keras_store *out, cvyi_source *source,
                               const cvyi_mapping *file, const char *name,
                               cvy_error *err)
{
    const cvyi_format *format = NULL;
    const cvyi_value *list;

    CVYI_TRY(cvyi_format_find(&format, file->bytes, file->size, err));
    if (format == NULL || strcmp(format->name, "kerasshards") != 0)
        return cvyi_located(
            err, cvyi_keras_store_open(out, file->bytes, file->size, err),
            name);
    CVYI_TRY(cvyi_located(err,
                          cvyi_json_read(&list, &source->arena,
                                         (const char *)file->bytes, file->size,
                                         err),
                          name));
    return cvyi_located(err, cvyi_keras_shards_open(out, source, list, err),
                        name);
}

/* ---- which weights ---- */

/* How well a name suits: 0 not at all. */
static int rank_of(const char *name)
{
    return *name == '.'                              ? 0
           : strcmp(name, "model.weights.h5") == 0   ? 4
           : strcmp(name, "model.weights.json") == 0 ? 3
           : ends_in(name, ".weights.json")          ? 2
           : ends_in(name, ".h5")                    ? 1
                                                     : 0;
}

/* The best name; `n` counts those that suit as well. */
static cvy_status choose(const char **out, int *n, cvyi_source *source,
                         DIR *dir, cvy_error *err)
{
    int best = 1;

    *out = NULL;
    *n = 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const int rank = rank_of(entry->d_name);

        if (rank < best)
            continue;
        *n = rank > best ? 1 : *n + 1;
        best = rank;
        *out = cvyi_arena_text(&source->arena, entry->d_name,
                               strlen(entry->d_name));
        if (*out == NULL)
            return cvyi_no_memory(err);
    }
    return CVY_OK;
}

/* CVY_OK with *out NULL: refused already, or to be refused. */
static cvy_status find_weights(const char **out, cvyi_source *source,
                               cvyi_findings *findings, cvy_error *err)
{
    const char *folder, *name;
    cvy_status status;
    DIR *dir;
    int n;

    CVYI_TRY(cvyi_keras_path_beside(&folder, source, ".", err));
    dir = opendir(folder);
    if (dir == NULL)
        return cvyi_fail(err, CVY_IO, "cannot read the folder %s: %s", folder,
                         strerror(errno));
    status = choose(&name, &n, source, dir, err);
    closedir(dir);
    if (status != CVY_OK)
        return status;
    if (n == 0)
        return cvyi_keras_refuse_file(findings, "config.json",
                                      "a model's config without weights",
                                      "put the model's weights beside it: "
                                      "model.save_weights("
                                      "\"model.weights.h5\")",
                                      err);
    if (n > 1)
        return cvyi_keras_refuse_file(findings, "config.json",
                                      "several files of weights are beside "
                                      "the config",
                                      "name the file of weights to read", err);
    *out = name;
    return CVY_OK;
}

/* ---- ways in ---- */

static const char in_memory[] = "a model of several files is read from a path";

/* The source's file is the config. */
static cvy_status read_config(cvyi_source *source, cvyi_findings *findings,
                              cvy_error *err)
{
    cvyi_keras_file file = { .where = "config.json" };
    const char *name, *path;

    if (source->path == NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, in_memory);
    CVYI_TRY(cvyi_located(err,
                          cvyi_json_read(&file.config, &source->arena,
                                         (const char *)source->file.bytes,
                                         source->file.size, err),
                          file.where));
    CVYI_TRY(read_version(&file, source, err));
    CVYI_TRY(find_weights(&name, source, findings, err));
    CVYI_TRY(cvyi_keras_path_beside(&path, source, name, err));
    CVYI_TRY(cvyi_file_map(&source->weights, path, err));
    CVYI_TRY(open_weights(&file.store, source, &source->weights, name, err));
    return cvyi_keras_source(source, &file, findings, err);
}

cvy_status cvyi_keras_beside_weights(cvyi_source *source,
                                     cvyi_findings *findings, cvy_error *err)
{
    cvyi_keras_file file = { .where = "config.json" };
    const char *path = NULL;

    if (source->path != NULL)
        CVYI_TRY(cvyi_keras_path_beside(&path, source, "config.json", err));
    if (path == NULL || !exists(path))
        return cvyi_keras_refuse_file(
            findings, "", "weights without a model",
            "put the model's config beside them: "
            "open(\"config.json\", \"w\").write(model.to_json())",
            err);
    CVYI_TRY(read_json(&file.config, source, "config.json", path, err));
    CVYI_TRY(read_version(&file, source, err));
    CVYI_TRY(open_weights(&file.store, source, &source->file, "", err));
    return cvyi_keras_source(source, &file, findings, err);
}

const cvyi_source_kind cvyi_source_keras_folder = {
    .name = "kerasconfig",
    .title = "Keras config.json, or its folder, with weights beside it",
    .advice = "save the whole model as a .keras file",
    .read = read_config,
    .dialect = "keras3",
};
