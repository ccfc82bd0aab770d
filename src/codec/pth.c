/*
 * codec/pth.c - from a pickled object to the tensors of a state dict.
 *
 * A tensor is a call in the pickle: which storage, from which element on,
 * how many elements on each axis, and how far apart they are. Every such
 * claim is compared with the bytes that the storage really has.
 *
 * Accepted: packed or strided tensors of the types that convey has; one
 * storage has one type. Refused by name: quantised, sparse and other kinds
 * of tensors, conjugate views, entries that are no tensors.
 */
#include "codec/pth_parts.h"

#include "codec/name.h"
#include "tensor/tensor.h"

#include <stdlib.h>
#include <string.h>

enum { RANK_MOST = 8, WRAPPED_MOST = 4 };

/* What elements that stand in the file once may be repeated to. */
static const size_t REPEAT_FLOOR = (size_t)16 << 20;

/* ---- storages ---- */

size_t cvyi_pth_element(const cvyi_pickle_name *type)
{
    return type->tag == CVYI_PTH_STORAGE
               ? cvy_dtype_size((cvy_dtype)type->value)
               : 1;
}

int cvyi_pth_compare(const cvyi_pickled *a, const cvyi_pickled *b)
{
    const int n = a->n < b->n ? a->n : b->n;
    const int order = memcmp(a->text, b->text, (size_t)n);

    return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

static int by_key(const void *a, const void *b)
{
    return cvyi_pth_compare(((const cvyi_pth_storage *)a)->key,
                            ((const cvyi_pth_storage *)b)->key);
}

cvyi_pth_storage *cvyi_pth_storage_of(const cvyi_pth_file *file,
                                      const cvyi_pickled *key)
{
    const cvyi_pth_storage wanted = { .key = key };

    if (file->n_storages == 0)
        return NULL;
    return bsearch(&wanted, file->storages, (size_t)file->n_storages,
                   sizeof wanted, by_key);
}

/* A key becomes part of a member's name: letters and digits. */
static bool is_key(const cvyi_pickled *v)
{
    if (v->kind != CVYI_PICKLED_TEXT || v->n == 0 || v->n > 100)
        return false;
    for (int i = 0; i < v->n; i++)
        if (!(v->text[i] >= '0' && v->text[i] <= '9') &&
            !(v->text[i] >= 'a' && v->text[i] <= 'z') &&
            !(v->text[i] >= 'A' && v->text[i] <= 'Z') && v->text[i] != '_')
            return false;
    return true;
}

/* ("storage", type, key, place, count); of old files also a view of it. */
static cvy_status read_ref(cvyi_pth_storage *out, const cvyi_pickled *ref,
                           cvy_error *err)
{
    const cvyi_pickled *const *const item =
        (const cvyi_pickled *const *)ref->items;

    if (ref->n < 5 || ref->n > 6 || !cvyi_pickled_is(item[0], "storage") ||
        item[1]->kind != CVYI_PICKLED_NAME || !is_key(item[2]) ||
        item[4]->kind != CVYI_PICKLED_INT || item[4]->integer < 0)
        return cvyi_fail(err, CVY_FORMAT,
                         "the pickle refers to something that is no storage");
    if (ref->n == 6 && item[5]->kind != CVYI_PICKLED_NONE)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a storage that is a part of another one, as torch "
                         "0.3 wrote it");

    const cvyi_pickle_name *const type = item[1]->name;

    if (type->tag != CVYI_PTH_STORAGE && type->tag != CVYI_PTH_BYTES &&
        type->tag != CVYI_PTH_FOREIGN)
        return cvyi_fail(err, CVY_FORMAT,
                         "the pickle refers to a storage of no type");
    *out = (cvyi_pth_storage){ .key = item[2],
                               .type = type,
                               .n = item[4]->integer };
    return CVY_OK;
}

cvy_status cvyi_pth_collect(cvyi_pth_file *file, const cvyi_pickle *pickle,
                            cvy_error *err)
{
    const size_t most = (size_t)pickle->n_refs;
    cvyi_pth_storage *const s = cvyi_arena_alloc(file->arena, most, sizeof *s);
    int n = 0;

    if (s == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < most; i++)
        CVYI_TRY(read_ref(&s[i], pickle->refs[i], err));
    qsort(s, most, sizeof *s, by_key);
    for (size_t i = 0; i < most; i++) {
        if (n == 0 || by_key(&s[n - 1], &s[i]) != 0)
            s[n++] = s[i];
        else if (s[n - 1].type != s[i].type || s[n - 1].n != s[i].n)
            return cvyi_fail(err, CVY_FORMAT,
                             "one storage with two types or two sizes");
    }
    file->storages = s;
    file->n_storages = n;
    return CVY_OK;
}

/* ---- tensors ---- */

/* The arguments that describe a tensor, whatever is wrapped around it. */
typedef struct claim {
    int tag;
    const cvyi_pickled *const *arg;
    int n;
} claim;

static bool is_tensor(const cvyi_pickled *v)
{
    return v->kind == CVYI_PICKLED_CALL && v->name->tag >= CVYI_PTH_TENSOR_1;
}

static cvy_status unwrap(claim *out, const cvyi_pickled *v, cvy_error *err)
{
    for (int depth = 0; depth < WRAPPED_MOST && is_tensor(v); depth++) {
        const cvyi_pickled *const *const arg =
            (const cvyi_pickled *const *)v->items;
        int tag = v->name->tag;

        if (tag == CVYI_PTH_PARAMETER && v->n >= 1) {
            v = arg[0];
            continue;
        }
        *out = (claim){ tag, arg, v->n };
        if (tag != CVYI_PTH_FROM_TYPE)
            return CVY_OK;
        if (v->n != 4 || arg[0]->kind != CVYI_PICKLED_NAME ||
            arg[1]->kind != CVYI_PICKLED_NAME ||
            arg[2]->kind != CVYI_PICKLED_TUPLE)
            break;
        tag = arg[0]->name->tag;
        if (tag < CVYI_PTH_TENSOR_1 || tag > CVYI_PTH_TENSOR_3)
            break;
        *out = (claim){ tag, (const cvyi_pickled *const *)arg[2]->items,
                        arg[2]->n };
        return CVY_OK;
    }
    return cvyi_fail(err, CVY_FORMAT, "a tensor made of no tensor");
}

static bool has_content(const cvyi_pickled *v)
{
    return v->kind != CVYI_PICKLED_NONE &&
           !(v->kind == CVYI_PICKLED_DICT && v->n == 0);
}

/* Metadata says that a tensor is the conjugate or negative of its bytes. */
static cvy_status check_claim(const claim *c, cvy_error *err)
{
    static const int least[] = { [CVYI_PTH_TENSOR_1] = 4,
                                 [CVYI_PTH_TENSOR_2] = 6,
                                 [CVYI_PTH_TENSOR_3] = 7 };
    const int n = least[c->tag];

    if (c->n < n || c->n > n + 1 || (n == 4 && c->n != 4) ||
        c->arg[0]->kind != CVYI_PICKLED_REF ||
        c->arg[1]->kind != CVYI_PICKLED_INT ||
        c->arg[2]->kind != CVYI_PICKLED_TUPLE ||
        c->arg[3]->kind != CVYI_PICKLED_TUPLE || c->arg[2]->n != c->arg[3]->n)
        return cvyi_fail(err, CVY_FORMAT,
                         "the tensor is described by other things than a "
                         "storage, sizes and strides");
    if (c->n > n && has_content(c->arg[n]))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a tensor that is a conjugate or negative view");
    if (c->arg[2]->n > RANK_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a tensor of %d axes (at most %d are read)",
                         c->arg[2]->n, (int)RANK_MOST);
    return CVY_OK;
}

static cvy_status read_type(cvy_dtype *out, const claim *c,
                            const cvyi_pickle_name *type, cvy_error *err)
{
    if (c->tag == CVYI_PTH_TENSOR_3) {
        const cvyi_pickled *const dtype = c->arg[6];

        if (type->tag != CVYI_PTH_BYTES || dtype->kind != CVYI_PICKLED_NAME ||
            (dtype->name->tag != CVYI_PTH_DTYPE &&
             dtype->name->tag != CVYI_PTH_FOREIGN))
            return cvyi_fail(err, CVY_FORMAT, "the tensor has no dtype");
        type = dtype->name;
    }
    if (type->tag == CVYI_PTH_FOREIGN)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "an element type that convey does not handle: %s",
                         type->name);
    if (type->tag == CVYI_PTH_BYTES)
        return cvyi_fail(err, CVY_FORMAT, "the tensor's storage has no type");
    *out = (cvy_dtype)type->value;
    return CVY_OK;
}

/* One past the last element that is reached, counted from the storage's
 * first; false if that does not fit in 63 bits. */
static bool extent(int64_t *out, const cvy_view *v, int64_t offset)
{
    int64_t end = offset, reach;

    for (int i = 0; i < v->rank; i++)
        if (!cvyi_mul64(&reach, v->dims[i] - 1, v->strides[i]) ||
            !cvyi_add64(&end, end, reach))
            return false;
    return cvyi_add64(out, end, 1);
}

/* Sizes, strides and the first element, against what the storage has. */
static cvy_status lay(cvy_view *v, const claim *c, const cvyi_pth_storage *s,
                      size_t repeat_most, cvy_error *err)
{
    const int64_t offset = c->arg[1]->integer;
    const size_t width = cvy_dtype_size(v->dtype);
    const size_t have = s->size;
    int64_t end = 0;
    size_t bytes = 0;

    v->rank = c->arg[2]->n;
    for (int i = 0; i < v->rank; i++) {
        const cvyi_pickled *const dim = c->arg[2]->items[i];
        const cvyi_pickled *const stride = c->arg[3]->items[i];

        if (dim->kind != CVYI_PICKLED_INT || dim->integer < 0 ||
            stride->kind != CVYI_PICKLED_INT || stride->integer < 0)
            return cvyi_fail(err, CVY_FORMAT,
                             "the tensor has a size or stride that is none");
        v->dims[i] = dim->integer;
        v->strides[i] = stride->integer;
    }
    if (offset < 0 || !cvyi_packed_size(&bytes, v->dtype, v->rank, v->dims) ||
        (bytes > 0 && !extent(&end, v, offset)) ||
        (uint64_t)end > have / width)
        return cvyi_fail(err, CVY_FORMAT,
                         "the tensor reaches beyond its storage of %zu bytes",
                         have);
    if (bytes > have && bytes - have > repeat_most)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a tensor that repeats its elements to %zu bytes",
                         bytes);
    v->data = (void *)(uintptr_t)(s->bytes +
                                  (bytes > 0 ? (size_t)offset * width : 0));
    return CVY_OK;
}

static cvy_status read_tensor(cvy_view *out, const cvyi_pth_file *file,
                              const cvyi_pickled *value, cvy_error *err)
{
    claim c = { 0 };
    cvy_view v = { 0 };

    CVYI_TRY(unwrap(&c, value, err));
    CVYI_TRY(check_claim(&c, err));

    /* cvyi_pth_collect has seen every reference, so this one is there. */
    cvyi_pth_storage *const s = cvyi_pth_storage_of(file, c.arg[0]->items[2]);

    CVYI_TRY(read_type(&v.dtype, &c, s->type, err));
    if (s->bytes == NULL)
        CVYI_TRY(cvyi_pth_load_zip(s, file, err));
    CVYI_TRY(lay(&v, &c, s, file->repeat_most, err));
    *out = v;
    return CVY_OK;
}

/* ---- the dict ---- */

static bool is_dict(const cvyi_pickled *v)
{
    return v != NULL && v->kind == CVYI_PICKLED_DICT;
}

/* The dict under a key; NULL if there is none. */
static cvy_status wrapped(const cvyi_pickled **out, const cvyi_pickled *root,
                          const char *key, cvy_error *err)
{
    *out = NULL;
    for (int i = 0; i + 1 < root->n; i += 2) {
        if (!cvyi_pickled_is(root->items[i], key) ||
            !is_dict(root->items[i + 1]))
            continue;
        if (*out != NULL)
            return cvyi_fail_in(err, CVY_FORMAT, key,
                                "two entries of this name");
        *out = root->items[i + 1];
    }
    return CVY_OK;
}

/* A checkpoint's state dict, or the object itself. */
static cvy_status pick(const cvyi_pickled **out, const char **key,
                       const cvyi_pickled *root, cvy_error *err)
{
    static const char *const keys[] = { "state_dict", "model_state_dict",
                                        "model", "net" };
    static const char last[] = "ema";
    const cvyi_pickled *found;

    *out = root;
    *key = "";
    if (!is_dict(root))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the file holds no dict of tensors; %s",
                         cvyi_pth_names.advice);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        CVYI_TRY(wrapped(&found, root, keys[i], err));
        if (found == NULL)
            continue;
        if (**key != '\0')
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "the checkpoint holds both \"%s\" and \"%s\"; "
                             "save the one that is meant",
                             *key, keys[i]);
        *out = found;
        *key = keys[i];
    }
    CVYI_TRY(wrapped(&found, root, last, err));
    if (**key == '\0' && found != NULL) {
        *out = found;
        *key = last;
    }
    return CVY_OK;
}

static cvy_status read_name(const char **out, cvyi_arena *arena,
                            const cvyi_pickled *key, cvy_error *err)
{
    const char *const fault = key->kind != CVYI_PICKLED_TEXT
                                  ? "is no text"
                                  : cvyi_name_fault(key->text, (size_t)key->n);

    if (fault != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "a tensor's name %s", fault);
    *out = cvyi_arena_text(arena, key->text, (size_t)key->n);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status read_entry(cvyi_safetensor *out, const cvyi_pth_file *file,
                             const cvyi_pickled *key,
                             const cvyi_pickled *value, cvy_error *err)
{
    CVYI_TRY(read_name(&out->name, file->arena, key, err));
    if (!is_tensor(value))
        return cvyi_fail_in(err, CVY_UNSUPPORTED, out->name,
                            "an entry that is no tensor; %s",
                            cvyi_pth_names.advice);
    return cvyi_located(err, read_tensor(&out->view, file, value, err),
                        out->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const cvyi_safetensor *const *)a)->name,
                  (*(const cvyi_safetensor *const *)b)->name);
}

static cvy_status check_names(const cvyi_safetensor *tensors, int n,
                              cvyi_arena *arena, cvy_error *err)
{
    const cvyi_safetensor **const list =
        cvyi_arena_alloc(arena, (size_t)n, sizeof *list);

    if (list == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        list[i] = &tensors[i];
    qsort(list, (size_t)n, sizeof *list, by_name);
    for (int i = 1; i < n; i++)
        if (by_name(&list[i - 1], &list[i]) == 0)
            return cvyi_fail_in(err, CVY_FORMAT, list[i]->name,
                                "two tensors of this name");
    return CVY_OK;
}

cvy_status cvyi_pth_open(cvyi_pth *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err)
{
    cvyi_pth_file file = { .arena = arena };
    cvyi_pth pth = { 0 };
    const cvyi_pickled *dict;

    file.repeat_most = size > REPEAT_FLOOR ? size : REPEAT_FLOOR;
    CVYI_TRY(cvyi_pth_is_old(bytes, size)
                 ? cvyi_pth_open_old(&file, bytes, size, err)
                 : cvyi_pth_open_zip(&file, bytes, size, err));
    CVYI_TRY(pick(&dict, &pth.key, file.root, err));
    pth.n = dict->n / 2;

    cvyi_safetensor *const tensors =
        cvyi_arena_alloc(arena, (size_t)pth.n, sizeof *tensors);

    if (tensors == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < pth.n; i++)
        CVYI_TRY(read_entry(&tensors[i], &file, dict->items[2 * i],
                            dict->items[2 * i + 1], err));
    CVYI_TRY(check_names(tensors, pth.n, arena, err));
    pth.tensors = tensors;
    *out = pth;
    return CVY_OK;
}

const cvyi_safetensor *cvyi_pth_find(const cvyi_pth *file, const char *name)
{
    for (int i = 0; i < file->n; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}
