/*
 * codec/hdf5_text.c - attributes that hold text.
 *
 *   attribute      0  version 1, -, bytes of name, type, space (2 each)
 *   (message)      8  name, type, space, each padded to 8; then the value
 *
 *   a variable-length text   length (4), collection (8), index (4)
 *   collection     0  "GCOL", version 1, - (3), bytes of all (8)
 *                 16  objects: index (2), - (6), size (8), bytes padded to 8;
 *                     index 0 is free room and the last
 *
 * An attribute is no longer than a message, 64 KiB. Keras writes a longer
 * list of names as NAME0, NAME1 and so on.
 */
#include "codec/hdf5_parts.h"
#include "codec/name.h"

#include <stdlib.h>
#include <string.h>

enum {
    ATTRIBUTE_BYTES = 8,
    COLLECTION_BYTES = 16,
    OBJECT_BYTES = 16,
    VARIABLE_BYTES = 16,
};

typedef struct attribute {
    cvyi_h5_type type;
    cvyi_h5_space space;
    size_t n;            /* elements */
    const uint8_t *data; /* n elements */
} attribute;

/* What texts are copied into. `left` bounds all copies of one list by the
 * size of the file: many elements may name one large text. `steps` bounds the
 * search for them, which goes on where the last one ended: an honest list
 * stands in its collections in order. */
typedef struct copier {
    const cvyi_h5 *h5;
    cvyi_arena *arena;
    size_t left, steps;
    cvyi_cursor collection; /* the last one searched, and how far */
} copier;

enum { STEPS_A_BYTE = 16 };

static copier copier_for(const cvyi_h5 *h5, cvyi_arena *arena)
{
    return (copier){ .h5 = h5,
                     .arena = arena,
                     .left = h5->size,
                     .steps = STEPS_A_BYTE * h5->size };
}

static uint64_t padded(uint64_t n)
{
    return (n + 7) / 8 * 8;
}

/* The parts of an attribute message: its name, and of the rest where it
 * begins. */
static cvy_status read_name(const char **name, cvyi_cursor *rest,
                            const cvyi_h5 *h5, const cvyi_h5_message *m,
                            cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);
    cvyi_cursor c = { m->data, m->size, 0 };
    const uint8_t *const p = cvyi_take(&c, ATTRIBUTE_BYTES);

    if (p == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute is cut short");
    if (p[0] != 1)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 attribute version %d" CVYI_H5_RESAVE, p[0]);

    const size_t n = cvyi_le16(p + 2);
    const uint8_t *const text = cvyi_take(&c, padded(n));

    if (text == NULL || n == 0 || text[n - 1] != '\0')
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute is cut short");
    *name = (const char *)text;
    *rest = c;
    return CVY_OK;
}

static cvy_status read_value(attribute *out, const cvyi_h5 *h5,
                             const cvyi_h5_message *m, cvyi_cursor c,
                             cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);
    const size_t n_type = cvyi_le16(m->data + 4),
                 n_space = cvyi_le16(m->data + 6);
    const uint8_t *const type = cvyi_take(&c, padded(n_type));
    const uint8_t *const space = cvyi_take(&c, padded(n_space));
    attribute a = { 0 };
    size_t bytes = 0;

    if (type == NULL || space == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute is cut short");
    CVYI_TRY(cvyi_h5_read_type(&a.type, h5, type, n_type, err));
    CVYI_TRY(cvyi_h5_read_space(&a.space, h5, space, n_space, err));
    CVYI_TRY(cvyi_h5_bytes(&bytes, &a.type, &a.space, err));
    a.n = bytes / a.type.size;
    a.data = cvyi_take(&c, bytes);
    if (a.data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute's value is cut short");
    *out = a;
    return CVY_OK;
}

static cvy_status refuse_twice(const cvyi_h5 *h5, const uint8_t *p,
                               cvy_error *err)
{
    return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, p),
                        "two HDF5 attributes of one name");
}

/* With the attributes in a heap of their own, none stand in the header. */
static cvy_status check_info(const cvyi_h5 *h5, const cvyi_h5_message *m,
                             cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);
    cvyi_cursor c = { m->data, m->size, 0 };
    const uint8_t *const p = cvyi_take(&c, 2);
    const uint8_t *const skipped =
        p != NULL ? cvyi_take(&c, p[1] & 1 ? 2 : 0) : NULL;
    const uint8_t *const heap = skipped != NULL ? cvyi_take(&c, 8) : NULL;

    if (heap == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute info is cut short");
    if (cvyi_le64(heap) != CVYI_H5_NOWHERE)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 attributes in a fractal heap (attribute "
                            "info)" CVYI_H5_RESAVE);
    return CVY_OK;
}

/* Called for each attribute; the value is read with read_value. */
typedef cvy_status attribute_fn(void *context, const char *name,
                                const cvyi_h5_message *m, cvyi_cursor rest,
                                cvy_error *err);

static cvy_status visit_attributes(const cvyi_h5 *h5, const cvyi_h5_node *node,
                                   attribute_fn *visit, void *context,
                                   cvy_error *err)
{
    cvyi_h5_messages walk;
    cvyi_h5_message m;

    CVYI_TRY(cvyi_h5_messages_open(&walk, h5, node->header, err));
    for (;;) {
        const char *name = NULL;
        cvyi_cursor rest;

        CVYI_TRY(cvyi_h5_message_next(&m, &walk, err));
        if (m.type == CVYI_H5_END)
            return CVY_OK;
        if (m.type == CVYI_H5_ATTRIBUTE_INFO)
            CVYI_TRY(check_info(h5, &m, err));
        if (m.type != CVYI_H5_ATTRIBUTE)
            continue;
        CVYI_TRY(read_name(&name, &rest, h5, &m, err));
        CVYI_TRY(visit(context, name, &m, rest, err));
    }
}

typedef struct wanted {
    const cvyi_h5 *h5;
    const char *name;
    bool found;
    attribute value;
} wanted;

static cvy_status compare(void *context, const char *name,
                          const cvyi_h5_message *m, cvyi_cursor rest,
                          cvy_error *err)
{
    wanted *const w = context;

    if (strcmp(name, w->name) != 0)
        return CVY_OK;
    if (w->found)
        return refuse_twice(w->h5, m->data, err);
    w->found = true;
    return read_value(&w->value, w->h5, m, rest, err);
}

/* Trim as the padding says and copy; a text must not go on after a NUL. */
static cvy_status copy_text(const char **out, copier *to, const uint8_t *p,
                            size_t n, int padding, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(to->h5, p);
    const char *const text = (const char *)p;
    const uint8_t *const nul = n > 0 ? memchr(p, '\0', n) : NULL;
    size_t size = nul != NULL ? (size_t)(nul - p) : n;

    for (size_t i = size; padding != 0 && i < n; i++)
        if (text[i] != '\0')
            return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                                "an HDF5 text with a NUL inside");
    while (padding == 2 && size > 0 && text[size - 1] == ' ')
        size--;
    if (!cvyi_is_utf8(text, size))
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 text that is not UTF-8");
    if (size > to->left)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "HDF5 texts that add up to more than the file");
    to->left -= size;
    *out = cvyi_arena_text(to->arena, text, size);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status open_collection(copier *to, uint64_t address, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(to->h5, address, COLLECTION_BYTES);
    const uint64_t size = p != NULL ? cvyi_le64(p + 8) : 0;

    if (p == NULL || memcmp(p, "GCOL", 4) != 0 || p[4] != 1 ||
        size < COLLECTION_BYTES || cvyi_h5_at(to->h5, address, size) == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected an HDF5 heap collection (GCOL)");
    if (to->collection.base != p)
        to->collection = (cvyi_cursor){ p, (size_t)size, COLLECTION_BYTES };
    return CVY_OK;
}

/* The next object of the collection; NULL behind the last. */
static const uint8_t *next_object(cvyi_cursor *c)
{
    const uint8_t *const head = cvyi_take(c, OBJECT_BYTES);
    const uint64_t bytes = head != NULL ? cvyi_le64(head + 8) : 0;

    if (head == NULL || cvyi_le16(head) == 0 || bytes > c->size ||
        cvyi_take(c, padded(bytes)) == NULL)
        return NULL;
    return head;
}

static cvy_status find_object(const uint8_t **out, uint64_t *n, copier *to,
                              uint64_t address, uint32_t index, cvy_error *err)
{
    cvyi_cursor *const c = &to->collection;

    CVYI_TRY(open_collection(to, address, err));
    for (int rounds = c->at > COLLECTION_BYTES ? 2 : 1; rounds > 0;) {
        const uint8_t *const head = next_object(c);

        if (to->steps-- == 0)
            return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address,
                                "HDF5 texts that name objects of a "
                                "collection again and again");
        if (head == NULL) {
            c->at = COLLECTION_BYTES;
            rounds--;
        } else if (cvyi_le16(head) == index) {
            *out = head + OBJECT_BYTES;
            *n = cvyi_le64(head + 8);
            return CVY_OK;
        }
    }
    return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address,
                        "an HDF5 text is missing from its heap collection");
}

static cvy_status variable_text(const char **out, copier *to, const uint8_t *p,
                                cvy_error *err)
{
    const uint32_t n = cvyi_le32(p);
    const uint8_t *data = p;
    uint64_t have = 0;

    if (n == 0)
        return copy_text(out, to, p, 0, 1, err);
    CVYI_TRY(find_object(&data, &have, to, cvyi_le64(p + 4), cvyi_le32(p + 12),
                         err));
    if (n > have)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(to->h5, p),
                            "an HDF5 text longer than its object");
    return copy_text(out, to, data, n, 1, err);
}

static cvy_status element(const char **out, copier *to, const attribute *a,
                          size_t i, cvy_error *err)
{
    if (a->type.class == CVYI_H5_VAR_TEXT)
        return variable_text(out, to, a->data + i * VARIABLE_BYTES, err);
    return copy_text(out, to, a->data + i * a->type.size, a->type.size,
                     a->type.padding, err);
}

static bool is_text(const attribute *a)
{
    return a->type.class == CVYI_H5_VAR_TEXT ||
           a->type.class == CVYI_H5_FIXED_TEXT;
}

cvy_status cvyi_h5_text_attribute(const char **out, cvyi_arena *arena,
                                  const cvyi_h5 *h5, const cvyi_h5_node *node,
                                  const char *name, cvy_error *err)
{
    copier to = copier_for(h5, arena);
    wanted w = { .h5 = h5, .name = name };
    const char *text = NULL;

    CVYI_TRY(
        cvyi_located(err, visit_attributes(h5, node, compare, &w, err), name));
    if (w.found && (!is_text(&w.value) || w.value.n != 1))
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "this HDF5 attribute is not one text");
    if (w.found)
        CVYI_TRY(
            cvyi_located(err, element(&text, &to, &w.value, 0, err), name));
    *out = text;
    return CVY_OK;
}

/* A list, or one piece of it. */
typedef struct piece {
    int number; /* -1: the whole list */
    attribute value;
} piece;

typedef struct pieces {
    const cvyi_h5 *h5;
    cvyi_arena *arena;
    const char *name;
    size_t n_name;
    piece *items;
    int n, capacity;
    bool whole;
} pieces;

/* The number of a piece, written without leading zeros; -1: not one. Headers
 * have no more than a few thousand messages, so larger ones are no pieces. */
static int number_of(const char *digits)
{
    int number = 0;

    if (digits[0] == '\0' || (digits[0] == '0' && digits[1] != '\0'))
        return -1;
    for (const char *p = digits; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || number > 9999)
            return -1;
        number = 10 * number + (*p - '0');
    }
    return number;
}

static cvy_status collect(void *context, const char *name,
                          const cvyi_h5_message *m, cvyi_cursor rest,
                          cvy_error *err)
{
    pieces *const p = context;

    if (strncmp(name, p->name, p->n_name) != 0)
        return CVY_OK;

    const bool whole = name[p->n_name] == '\0';
    const int number = whole ? -1 : number_of(name + p->n_name);

    if (whole && p->whole)
        return refuse_twice(p->h5, m->data, err);
    if (!whole && number < 0)
        return CVY_OK;

    piece *const items =
        cvyi_arena_grow(p->arena, p->items, p->n, &p->capacity, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    p->items = items;
    items[p->n] = (piece){ .number = number };
    CVYI_TRY(read_value(&items[p->n].value, p->h5, m, rest, err));
    p->whole = p->whole || whole;
    p->n++;
    return CVY_OK;
}

static int by_number(const void *a, const void *b)
{
    const piece *const x = a, *const y = b;

    return x->number - y->number;
}

/* The whole list if there is one, else pieces 0, 1, 2 and so on, all of them.
 */
static cvy_status order(pieces *p, cvy_error *err)
{
    if (p->n > 0)
        qsort(p->items, (size_t)p->n, sizeof *p->items, by_number);
    if (p->whole)
        p->n = 1;
    for (int i = 0; i < p->n && !p->whole; i++)
        if (p->items[i].number != i)
            return cvyi_fail(err, CVY_FORMAT,
                             "piece %d of this HDF5 list is missing or there "
                             "twice",
                             i);
    for (int i = 0; i < p->n; i++) {
        const attribute *const a = &p->items[i].value;

        if (a->space.rank != 1 || (!is_text(a) && a->n > 0))
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "this HDF5 attribute is not a list of texts");
    }
    return CVY_OK;
}

static cvy_status read_pieces(const char ***out, int *n, const pieces *p,
                              cvy_error *err)
{
    copier to = copier_for(p->h5, p->arena);
    size_t total = 0, at = 0;

    for (int i = 0; i < p->n; i++)
        total += p->items[i].value.n; /* few messages, each below 64 KiB */
    if (total > p->h5->size)
        return cvyi_fail(err, CVY_FORMAT,
                         "HDF5 texts that add up to more than the file");

    const char **const texts =
        cvyi_arena_alloc(p->arena, total, sizeof *texts);

    if (texts == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->items[i].value.n; j++)
            CVYI_TRY(element(&texts[at++], &to, &p->items[i].value, j, err));
    *out = texts;
    *n = (int)total;
    return CVY_OK;
}

cvy_status cvyi_h5_text_list(const char *const **out, int *n,
                             cvyi_arena *arena, const cvyi_h5 *h5,
                             const cvyi_h5_node *node, const char *name,
                             cvy_error *err)
{
    pieces p = {
        .h5 = h5, .arena = arena, .name = name, .n_name = strlen(name)
    };
    const char **texts = NULL;
    int n_texts = 0;

    CVYI_TRY(
        cvyi_located(err, visit_attributes(h5, node, collect, &p, err), name));
    CVYI_TRY(cvyi_located(err, order(&p, err), name));
    if (p.n > 0)
        CVYI_TRY(
            cvyi_located(err, read_pieces(&texts, &n_texts, &p, err), name));
    *out = texts;
    *n = n_texts;
    return CVY_OK;
}
