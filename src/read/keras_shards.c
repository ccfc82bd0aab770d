/*
 * read/keras_shards.c - weights in several files: NAME.weights.json.
 *
 *   { "metadata": {...},
 *     "weight_map": { "/layers/dense/vars": ["NAME_00000.weights.h5"] } }
 *
 * A file is named by a plain name and is beside the list. A group that is
 * spread over files names all of them.
 */
#include "read/keras.h"
#include "read/keras_folder.h"
#include "read/sources.h"

#include <string.h>

enum { SHARDS_MOST = 1024 };

static bool is_plain(const char *name)
{
    return name != NULL && *name != '.' && strchr(name, '/') == NULL;
}

static cvy_status add_shard(cvyi_keras_store *store, cvyi_source *source,
                            const char *name, cvy_error *err)
{
    const int at = store->n_shards;
    cvyi_keras_store one;
    const char *path;

    if (at == SHARDS_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED, "weights in more than %d files",
                         SHARDS_MOST);
    CVYI_TRY(cvyi_keras_path_beside(&path, source, name, err));
    CVYI_TRY(cvyi_file_map(&source->more[at], path, err));
    source->n_more = at + 1;
    CVYI_TRY(cvyi_located(err,
                          cvyi_keras_store_open(&one, source->more[at].bytes,
                                                source->more[at].size, err),
                          name));
    store->shards[at] = one.h5;
    store->shard_names[at] = name;
    store->n_shards = at + 1;
    return CVY_OK;
}

static cvy_status note_shard(cvyi_keras_store *store, cvyi_source *source,
                             const cvyi_value *value, cvy_error *err)
{
    const char *const name = cvyi_keras_name(value);

    if (!is_plain(name))
        return cvyi_fail_in(err, CVY_FORMAT, "weight_map",
                            "it names a file that is not beside it");
    for (int i = 0; i < store->n_shards; i++)
        if (strcmp(store->shard_names[i], name) == 0)
            return CVY_OK;
    return add_shard(store, source, name, err);
}

cvy_status cvyi_keras_shards_open(cvyi_keras_store *out, cvyi_source *source,
                                  const cvyi_value *list, cvy_error *err)
{
    cvyi_keras_store store = { .layout = &cvyi_keras_numbered,
                               .container = "layers",
                               .shard_map = cvyi_get(list, "weight_map") };
    const cvyi_value *const map = store.shard_map;

    source->more =
        cvyi_arena_alloc(&source->arena, SHARDS_MOST, sizeof *source->more);
    store.shards =
        cvyi_arena_alloc(&source->arena, SHARDS_MOST, sizeof *store.shards);
    store.shard_names = cvyi_arena_alloc(&source->arena, SHARDS_MOST,
                                         sizeof *store.shard_names);
    if (source->more == NULL || store.shards == NULL ||
        store.shard_names == NULL)
        return cvyi_no_memory(err);
    if (map == NULL || map->kind != CVYI_DICT || map->n == 0)
        return cvyi_fail_in(err, CVY_FORMAT, "weight_map",
                            "expected groups and the files they are in");
    for (int i = 0; i < map->n; i++) {
        const cvyi_value *const files = &map->items[i];

        if (files->kind != CVYI_LIST)
            CVYI_TRY(note_shard(&store, source, files, err));
        for (int j = 0; files->kind == CVYI_LIST && j < files->n; j++)
            CVYI_TRY(note_shard(&store, source, &files->items[j], err));
    }
    *out = store;
    return CVY_OK;
}

const cvyi_source_kind cvyi_source_keras_shards = {
    .name = "kerasshards",
    .title = "Keras weights in several files (.weights.json) with the model's "
             "config.json beside them",
    .advice = "save the whole model as a .keras file",
    .read = cvyi_keras_beside_weights,
    .dialect = "keras3",
};
