/*
 * read/python/tf/keras/data.c - the data sets that Keras brings along, and the
 * one of TensorFlow 1's tutorials: their shapes are known, their numbers are no
 * part of a network.
 *
 * x_train.shape[1:] is what many scripts say of their input.
 */
#include "read/python/tf/host.h"

#include <string.h>

typedef struct data {
    int rank, classes;
    int64_t dims[CVYI_MAX_DIMS];
} data;

static const cvyi_py_host_type data_type;

static const data *data_of(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST && value->host.type == &data_type
               ? value->host.data
               : NULL;
}

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval,
                       const data *like, cvy_error *err)
{
    data *const kept = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = *like;
    *out = cvyi_py_host_value(&data_type, kept);
    return CVY_OK;
}

/* One value for all of a kind: training loops ask for them again and again. */
static cvy_status unknown(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *what, cvy_error *err)
{
    cvyi_py_names *const kept = &cvyi_tf_of(eval)->unknown_data;
    const cvyi_py_value *const found = cvyi_py_names_get(kept, what);

    if (found != NULL) {
        *out = *found;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_opaque(
        out, eval, err, "%s of the data of a set is not known", what));
    CVYI_TRY(cvyi_tf_beside(eval, out, err));
    return cvyi_py_names_set(eval, kept, what, out, err);
}

/* ---- methods ---- */

typedef struct method {
    const char *name;
    const data *self;
} method;

static int64_t count(const data *d)
{
    int64_t n = 1;

    for (int i = 0; i < d->rank; i++)
        n *= d->dims[i];
    return n;
}

/* x.reshape(n, 28, 28, 1), x.reshape((n, -1)) */
static cvy_status reshape(cvyi_py_value *out, cvyi_py_eval *eval,
                          const data *self, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const bool one =
        args->n == 1 && (args->values[0].type == CVYI_PY_V_TUPLE ||
                         args->values[0].type == CVYI_PY_V_LIST);
    const cvyi_py_value *const sizes =
        one ? args->values[0].seq->items : args->values;
    data made = { .rank = one ? args->values[0].seq->n : args->n,
                  .classes = self->classes };
    const int64_t all = count(self);
    int64_t known = 1;
    int open = -1;

    if (made.rank < 1 || made.rank > CVYI_MAX_DIMS)
        return unknown(out, eval, "this shape", err);
    for (int i = 0; i < made.rank; i++) {
        if (sizes[i].type != CVYI_PY_V_INT || sizes[i].integer > all ||
            sizes[i].integer == 0 || (sizes[i].integer < 0 && open >= 0) ||
            (sizes[i].integer > 0 &&
             !cvyi_mul64(&known, known, sizes[i].integer)))
            return unknown(out, eval, "this shape", err);
        made.dims[i] = sizes[i].integer;
        open = sizes[i].integer < 0 ? i : open;
    }
    if (known > all || all % known != 0 || (open < 0 && known != all))
        return unknown(out, eval, "this shape", err);
    if (open >= 0)
        made.dims[open] = all / known;
    return make(out, eval, &made, err);
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    if (strcmp(m->name, "reshape") == 0 && args->n_keywords == 0)
        return reshape(out, eval, m->self, args, err);
    if (strcmp(m->name, "astype") == 0 || strcmp(m->name, "copy") == 0)
        return make(out, eval, m->self, err);
    return unknown(out, eval, m->name, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a set of data",
    .is_data = true,
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const data *const d = self->host.data;
    cvyi_py_value dims[CVYI_MAX_DIMS];
    method *m;

    if (strcmp(name, "ndim") == 0) {
        *out = cvyi_py_int(d->rank);
        return CVY_OK;
    }
    if (strcmp(name, "shape") == 0) {
        for (int i = 0; i < d->rank; i++)
            dims[i] = cvyi_py_int(d->dims[i]);
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, dims, d->rank,
                                err);
    }
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, d };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

/* With a number it has the same shape. */
static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    const bool mine = data_of(left) != NULL;
    const cvyi_py_value *const other = mine ? right : left;

    if (other->type == CVYI_PY_V_INT || other->type == CVYI_PY_V_FLOAT)
        return make(out, eval, data_of(mine ? left : right), err);
    return unknown(out, eval, op, err);
}

static cvy_status compare(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    (void)left;
    (void)right;
    return unknown(out, eval, op, err);
}

static bool is_whole(const cvyi_py_value *index)
{
    return index->type == CVYI_PY_V_SLICE &&
           index->bounds.start->type == CVYI_PY_V_NONE &&
           index->bounds.stop->type == CVYI_PY_V_NONE &&
           index->bounds.step->type == CVYI_PY_V_NONE;
}

/* x[..., np.newaxis], x[:, :, :, None]: a new last axis. */
static cvy_status item(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err)
{
    const cvyi_py_seq *const all =
        index->type == CVYI_PY_V_TUPLE ? index->seq : NULL;
    data made = *data_of(self);
    int n = all != NULL ? all->n - 1 : 0;
    bool fits = n > 0 && all->items[n].type == CVYI_PY_V_NONE &&
                made.rank < CVYI_MAX_DIMS;

    if (fits && n == 1 && all->items[0].type == CVYI_PY_V_ELLIPSIS)
        n = 0;
    else
        fits = fits && n == made.rank;
    for (int i = 0; fits && i < n; i++)
        fits = is_whole(&all->items[i]);
    if (!fits)
        return unknown(out, eval, "a part", err);
    made.dims[made.rank++] = 1;
    return make(out, eval, &made, err);
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = data_of(self)->dims[0];
    return CVY_OK;
}

static const cvyi_py_host_type data_type = {
    .name = "the data of a set",
    .is_data = true,
    .get = get,
    .binary = binary,
    .compare = compare,
    .item = item,
    .length = length,
};

/* ---- the sets ---- */

static const struct {
    const char *name;
    int train, test, classes;
    data pictures;
    int label_rank;
} sets[] = {
    { "keras.datasets.mnist", 60000, 10000, 10, { 3, 10, { 0, 28, 28 } }, 1 },
    { "keras.datasets.fashion_mnist",
      60000,
      10000,
      10,
      { 3, 10, { 0, 28, 28 } },
      1 },
    { "keras.datasets.cifar10",
      50000,
      10000,
      10,
      { 4, 10, { 0, 32, 32, 3 } },
      2 },
    { "keras.datasets.cifar100",
      50000,
      10000,
      100,
      { 4, 100, { 0, 32, 32, 3 } },
      2 },
};

static cvy_status load(cvyi_py_value *out, cvyi_py_eval *eval, int i,
                       cvy_error *err)
{
    const int sizes[] = { sets[i].train, sets[i].test };
    cvyi_py_value halves[2], pair[2];

    for (int k = 0; k < 2; k++) {
        data pictures = sets[i].pictures;
        data labels = { sets[i].label_rank, sets[i].classes, { 0, 1 } };

        pictures.dims[0] = labels.dims[0] = sizes[k];
        CVYI_TRY(make(&pair[0], eval, &pictures, err));
        CVYI_TRY(make(&pair[1], eval, &labels, err));
        CVYI_TRY(
            cvyi_py_make_seq(&halves[k], eval, CVYI_PY_V_TUPLE, pair, 2, err));
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, halves, 2, err);
}

/* ---- TensorFlow 1's tutorial: mnist.train.images ---- */

typedef struct tutorial {
    bool one_hot, flat;
    int64_t n; /* 0: all parts */
} tutorial;

static const cvyi_py_host_type tutorial_type;

static cvy_status make_tutorial(cvyi_py_value *out, cvyi_py_eval *eval,
                                tutorial like, cvy_error *err)
{
    tutorial *const kept =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = like;
    *out = cvyi_py_host_value(&tutorial_type, kept);
    return CVY_OK;
}

static cvy_status part_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const tutorial *t, const char *name, cvy_error *err)
{
    const data images = t->flat ? (data){ 2, 10, { t->n, 784 } }
                                : (data){ 4, 10, { t->n, 28, 28, 1 } };
    const data labels = { t->one_hot ? 2 : 1, 10, { t->n, 10 } };

    if (strcmp(name, "images") == 0)
        return make(out, eval, &images, err);
    if (strcmp(name, "labels") == 0)
        return make(out, eval, &labels, err);
    if (strcmp(name, "num_examples") != 0)
        return unknown(out, eval, name, err);
    *out = cvyi_py_int(t->n);
    return CVY_OK;
}

static cvy_status tutorial_get(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, const char *name,
                               cvy_error *err)
{
    static const struct {
        const char *name;
        int64_t n;
    } parts[] = { { "train", 55000 },
                  { "validation", 5000 },
                  { "test", 10000 } };
    tutorial part = *(const tutorial *)self->host.data;

    if (part.n > 0)
        return part_get(out, eval, &part, name, err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].name, name) == 0) {
            part.n = parts[i].n;
            return make_tutorial(out, eval, part, err);
        }
    return unknown(out, eval, name, err);
}

static const cvyi_py_host_type tutorial_type = {
    .name = "the data of a tutorial",
    .is_data = true,
    .get = tutorial_get,
};

static bool says(const cvyi_py_value *value, bool fallback)
{
    return value == NULL || value->type != CVYI_PY_V_BOOL ? fallback
                                                          : value->truth;
}

static cvy_status load_tutorial(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const tutorial all = {
        .one_hot = says(cvyi_tf_arg(args, 2, "one_hot"), false),
        .flat = says(cvyi_tf_arg(args, 4, "reshape"), true),
    };

    return make_tutorial(out, eval, all, err);
}

/* to_categorical(labels, classes) */
static cvy_status categories(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const data *const labels = data_of(&args->values[0]);
    const cvyi_py_value *n = cvyi_tf_arg(args, 1, "num_classes");
    data made = { .rank = 2, .classes = labels->classes };

    if (n == NULL)
        n = cvyi_tf_arg(args, -1, "nb_classes");
    made.dims[0] = labels->dims[0];
    made.dims[1] =
        n != NULL && n->type == CVYI_PY_V_INT ? n->integer : labels->classes;
    return make(out, eval, &made, err);
}

cvy_status cvyi_tf_keras_data(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const last = cvyi_call_last(dotted);

    *known = true;
    if (cvyi_call_is_below(dotted, "tf.examples") &&
        strcmp(last, "read_data_sets") == 0) {
        CVYI_TRY(cvyi_tf_note_left(eval, dotted, err));
        return load_tutorial(out, eval, args, err);
    }
    if (strcmp(last, "to_categorical") == 0 && args->n > 0 &&
        data_of(&args->values[0]) != NULL)
        return categories(out, eval, args, err);
    for (size_t i = 0;
         strcmp(last, "load_data") == 0 && i < sizeof sets / sizeof *sets; i++)
        if (cvyi_call_is_below(dotted, sets[i].name)) {
            CVYI_TRY(cvyi_tf_note_left(eval, dotted, err));
            return load(out, eval, (int)i, err);
        }
    *known = false;
    return CVY_OK;
}
