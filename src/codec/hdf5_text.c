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
 */
#include "codec/hdf5_parts.h"
#include "codec/name.h"

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

/* What texts are copied into. `left` bounds all copies of one attribute by
 * the size of the file: many elements may name one large text. */
typedef struct copier {
    const cvyi_h5 *h5;
    cvyi_arena *arena;
    size_t left;
} copier;

static uint64_t padded(uint64_t n)
{
    return (n + 7) / 8 * 8;
}

/* The parts of an attribute message. *out is set only if the name matches. */
static cvy_status read_attribute(attribute *out, bool *matches,
                                 const cvyi_h5 *h5, const cvyi_h5_message *m,
                                 const char *wanted, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);
    cvyi_cursor c = { m->data, m->size, 0 };
    const uint8_t *const p = cvyi_take(&c, ATTRIBUTE_BYTES);

    if (p == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute is cut short");
    if (p[0] != 1)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 attribute version %d", p[0]);

    const size_t n_name = cvyi_le16(p + 2), n_type = cvyi_le16(p + 4),
                 n_space = cvyi_le16(p + 6);
    const uint8_t *const name = cvyi_take(&c, padded(n_name));
    const uint8_t *const type = cvyi_take(&c, padded(n_type));
    const uint8_t *const space = cvyi_take(&c, padded(n_space));

    if (name == NULL || type == NULL || space == NULL || n_name == 0 ||
        name[n_name - 1] != '\0')
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 attribute is cut short");
    *matches = strcmp((const char *)name, wanted) == 0;
    if (!*matches)
        return CVY_OK;

    attribute a = { 0 };
    size_t bytes = 0;

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

/* *found is false if the object has no attribute of that name. */
static cvy_status find_attribute(attribute *out, bool *found,
                                 const cvyi_h5 *h5, const cvyi_h5_node *node,
                                 const char *name, cvy_error *err)
{
    cvyi_h5_messages walk;
    cvyi_h5_message m;

    *found = false;
    CVYI_TRY(cvyi_h5_messages_open(&walk, h5, node->header, err));
    for (;;) {
        bool matches = false;

        CVYI_TRY(cvyi_h5_message_next(&m, &walk, err));
        if (m.type == CVYI_H5_END)
            return CVY_OK;
        if (m.type != CVYI_H5_ATTRIBUTE)
            continue;
        CVYI_TRY(read_attribute(out, &matches, h5, &m, name, err));
        if (matches && *found)
            return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, m.data),
                                "two HDF5 attributes of one name");
        *found = *found || matches;
    }
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

/* Indices have 16 bits, so a collection has no more objects than that. */
static cvy_status find_object(const uint8_t **out, uint64_t *n,
                              const cvyi_h5 *h5, uint64_t address,
                              uint32_t index, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(h5, address, COLLECTION_BYTES);
    const uint64_t size = p != NULL ? cvyi_le64(p + 8) : 0;

    if (p == NULL || memcmp(p, "GCOL", 4) != 0 || p[4] != 1 ||
        size < COLLECTION_BYTES || cvyi_h5_at(h5, address, size) == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected an HDF5 heap collection (GCOL)");

    cvyi_cursor c = { p, (size_t)size, COLLECTION_BYTES };

    for (int left = UINT16_MAX; left > 0; left--) {
        const uint8_t *const head = cvyi_take(&c, OBJECT_BYTES);
        const uint64_t bytes = head != NULL ? cvyi_le64(head + 8) : 0;
        const uint8_t *const data = head != NULL && bytes <= c.size
                                        ? cvyi_take(&c, padded(bytes))
                                        : NULL;

        if (data == NULL || cvyi_le16(head) == 0)
            break;
        if (cvyi_le16(head) == index) {
            *out = data;
            *n = bytes;
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
    CVYI_TRY(find_object(&data, &have, to->h5, cvyi_le64(p + 4),
                         cvyi_le32(p + 12), err));
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
    copier to = { h5, arena, h5->size };
    attribute a = { 0 };
    const char *text = NULL;
    bool found = false;

    CVYI_TRY(cvyi_located(err, find_attribute(&a, &found, h5, node, name, err),
                          name));
    if (found && (!is_text(&a) || a.n != 1))
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "this HDF5 attribute is not one text");
    if (found)
        CVYI_TRY(cvyi_located(err, element(&text, &to, &a, 0, err), name));
    *out = text;
    return CVY_OK;
}

cvy_status cvyi_h5_text_list(const char *const **out, int *n,
                             cvyi_arena *arena, const cvyi_h5 *h5,
                             const cvyi_h5_node *node, const char *name,
                             cvy_error *err)
{
    copier to = { h5, arena, h5->size };
    attribute a = { 0 };
    const char **texts = NULL;
    bool found = false;

    CVYI_TRY(cvyi_located(err, find_attribute(&a, &found, h5, node, name, err),
                          name));
    if (found && (a.space.rank != 1 || (!is_text(&a) && a.n > 0)))
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "this HDF5 attribute is not a list of texts");
    if (found) {
        texts = cvyi_arena_alloc(arena, a.n, sizeof *texts);
        if (texts == NULL)
            return cvyi_no_memory(err);
    }
    for (size_t i = 0; i < a.n; i++)
        CVYI_TRY(cvyi_located(err, element(&texts[i], &to, &a, i, err), name));
    *out = texts;
    *n = (int)a.n; /* a message is shorter than 64 KiB */
    return CVY_OK;
}
