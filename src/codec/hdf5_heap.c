/*
 * codec/hdf5_heap.c - the links of a large group of the new style: a fractal
 * heap, and a version-2 B-tree that names its objects.
 *
 *   heap header    0  "FRHP", version 0, bytes of an object's id (2), bytes of
 *                     filters (2), flags (1), largest object (4)
 *                 14  of huge objects (16), free room (16), sizes and counts
 *                     of objects (72)
 *                110  width of the table (2), first block's size, largest
 *                     direct block (8 each), bits of an offset (2)
 *                130  first rows (2), root block (8), its rows (2; 0: it is
 *                     a direct block)
 *   direct block   0  "FHDB", version 0, heap header (8), offset (1 to 8);
 *                     objects from there on, counted from byte 0
 *   indirect      0  "FHIB", version 0, heap header (8), offset (1 to 8),
 *                     then the addresses of blocks, row by row (8 each)
 *   object's id    0  flags: bits 4-5 kind (0: in a block); offset, length
 *
 * Blocks of rows 0 and 1 have the first block's size, and every further row
 * twice that of the row before; those larger than the largest direct block
 * are indirect again, and hold as many bytes.
 *
 *   tree header    0  "BTHD", version 0, type 5, bytes of a node (4), of a
 *                     record (2), depth (2), two percentages (1 each)
 *                 16  root (8), its records (2), all records (8)
 *   leaf, inner    0  "BTLF" or "BTIN", version 0, type 5, records: hash of
 *                     the name (4), object's id (7)
 *                 ..  inner: children, one more than records: address (8),
 *                     its records, all below it, in as few bytes as hold the
 *                     most there can be
 */
#include "codec/hdf5_parts.h"

#include <string.h>

enum {
    HEAP_BYTES = 142,
    ID_BYTES = 7,
    BLOCK_BYTES = 13, /* before the offset */
    NEST_MOST = 16,
    TREE_BYTES = 34,
    RECORD_BYTES = 4 + ID_BYTES,
    NODE_EXTRA = 10, /* signature, version, type, checksum */
    NODE_HEAD = 6,
    TREE_DEPTH_MOST = 8,
    LINK_NAMES = 5,
};

typedef struct heap {
    const cvyi_h5 *h5;
    uint64_t header, root;
    unsigned offset_bytes, length_bytes;
    unsigned log_width, log_first, log_direct; /* the logarithms to base 2 */
    unsigned rows;                             /* of the root; 0: direct */
} heap;

/* The exponent of a power of two, else 64. */
static unsigned log_of(uint64_t n)
{
    unsigned log = 0;

    if (n == 0 || (n & (n - 1)) != 0)
        return 64;
    while (n >> log != 1)
        log++;
    return log;
}

/* Bytes that hold any number up to `most`. */
static unsigned bytes_for(uint64_t most)
{
    unsigned n = 1;

    while (n < 8 && most >> (8 * n) != 0)
        n++;
    return n;
}

static cvy_status heap_open(heap *out, const cvyi_h5 *h5, uint64_t address,
                            cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(h5, address, HEAP_BYTES);

    if (p == NULL || memcmp(p, "FRHP", 4) != 0 || p[4] != 0)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected an HDF5 fractal heap (FRHP)");

    const int64_t at = (int64_t)address;
    const unsigned bits = cvyi_le16(p + 128);
    const uint64_t direct = cvyi_le64(p + 120);
    const unsigned for_direct = (log_of(direct) + 7) / 8,
                   for_object = bytes_for(cvyi_le32(p + 10));

    *out = (heap){
        .h5 = h5,
        .header = address,
        .root = cvyi_le64(p + 132),
        .offset_bytes = (bits + 7) / 8,
        .length_bytes = for_direct < for_object ? for_direct : for_object,
        .log_width = log_of(cvyi_le16(p + 110)),
        .log_first = log_of(cvyi_le64(p + 112)),
        .log_direct = log_of(direct),
        .rows = cvyi_le16(p + 140),
    };
    if (cvyi_le16(p + 7) != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 7,
                            "HDF5 links behind a filter" CVYI_H5_REPACK);
    /* No sum or shift below passes 2^62. */
    if (bits < 8 || bits > 56 || out->log_direct > 32 ||
        out->log_first > out->log_direct || out->log_width > 16 ||
        out->log_first + out->log_width + out->rows > 62)
        return cvyi_fail_at(err, CVY_FORMAT, at + 110,
                            "an HDF5 fractal heap of impossible sizes");
    if (cvyi_le16(p + 5) != ID_BYTES ||
        1 + out->offset_bytes + out->length_bytes > ID_BYTES)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 5,
                            "HDF5 heap objects with ids of %d bytes",
                            cvyi_le16(p + 5));
    return CVY_OK;
}

/* A block whose place in the heap is `offset`, with n bytes that are used. */
static const uint8_t *block_at(const heap *h, uint64_t address,
                               const char *signature, uint64_t offset,
                               uint64_t n)
{
    const uint8_t *const p = cvyi_h5_at(h->h5, address, n);

    if (p == NULL || n < BLOCK_BYTES + h->offset_bytes ||
        memcmp(p, signature, 4) != 0 || p[4] != 0 ||
        cvyi_le64(p + 5) != h->header ||
        cvyi_le(p + BLOCK_BYTES, (int)h->offset_bytes) != offset)
        return NULL;
    return p;
}

/* One step down: the entry of an indirect block under which *offset lies,
 * which becomes the offset within that entry. */
typedef struct place {
    uint64_t address, base;
    unsigned log_size; /* of the entry's block */
} place;

static cvy_status descend(place *at, uint64_t *offset, const heap *h,
                          unsigned rows, cvy_error *err)
{
    unsigned row = 0, log_row = h->log_first;
    uint64_t base = at->base;

    while (row < rows && *offset >> (log_row + h->log_width) != 0) {
        const uint64_t span = (uint64_t)1 << (log_row + h->log_width);

        *offset -= span;
        base += span;
        row++;
        log_row += row > 1;
    }
    if (row == rows)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)h->header,
                            "an HDF5 heap object beyond its heap");

    const uint64_t column = *offset >> log_row;
    const uint64_t entry = ((uint64_t)row << h->log_width) + column;
    const uint64_t entries = BLOCK_BYTES + h->offset_bytes;
    const uint8_t *const p =
        block_at(h, at->address, "FHIB", at->base, entries + 8 * entry + 8);

    if (p == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)h->header,
                            "expected an indirect HDF5 heap block (FHIB)");
    at->address = cvyi_le64(p + entries + 8 * entry);
    at->base = base + (column << log_row);
    at->log_size = log_row;
    *offset -= column << log_row;
    return CVY_OK;
}

/* The bytes of an object of the heap. */
static cvy_status find_object(const uint8_t **out, size_t *size, const heap *h,
                              const uint8_t *id, cvy_error *err)
{
    const int64_t where = cvyi_h5_offset(h->h5, id);
    uint64_t offset = cvyi_le(id + 1, (int)h->offset_bytes);
    const uint64_t n = cvyi_le(id + 1 + h->offset_bytes, (int)h->length_bytes);
    place at = { h->root, 0, h->log_first };
    unsigned rows = h->rows;

    if (id[0] != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, where,
                            "an HDF5 link outside the blocks of its heap");
    for (int nest = 0; rows > 0; nest++) {
        if (nest == NEST_MOST)
            return cvyi_fail_at(err, CVY_FORMAT, where,
                                "HDF5 heap blocks nested too deep");
        CVYI_TRY(descend(&at, &offset, h, rows, err));
        rows = 0;
        if (at.log_size <= h->log_direct)
            break;
        if (at.log_size < h->log_first + h->log_width)
            return cvyi_fail_at(err, CVY_FORMAT, where,
                                "an HDF5 heap of impossible sizes");
        rows = at.log_size - h->log_first - h->log_width + 1;
    }

    const uint64_t bytes = (uint64_t)1 << at.log_size;
    const uint8_t *const p = block_at(h, at.address, "FHDB", at.base, bytes);

    if (p == NULL || offset < BLOCK_BYTES + h->offset_bytes ||
        offset > bytes || n > bytes - offset)
        return cvyi_fail_at(err, CVY_FORMAT, where,
                            "an HDF5 link is not in its heap block (FHDB)");
    *out = p + offset;
    *size = (size_t)n;
    return CVY_OK;
}

typedef struct walk {
    heap heap;
    uint64_t node_bytes;
    uint64_t most[TREE_DEPTH_MOST + 1]; /* records below a node, by depth */
    unsigned count_bytes;               /* of a child's records */
    size_t budget;                      /* bytes that further nodes may take */
    cvyi_h5_object_fn *visit;
    void *context;
} walk;

/* Bytes of a child's entry in a node `depth` levels above the leaves. */
static unsigned entry_bytes(const walk *w, unsigned depth)
{
    return 8 + w->count_bytes +
           (depth > 1 ? bytes_for(w->most[depth - 1]) : 0);
}

/* How many records fit below a node of each depth: that decides how many
 * bytes their numbers take. */
static bool measure(walk *w, unsigned depth)
{
    const uint64_t room = w->node_bytes - NODE_EXTRA;

    w->most[0] = room / RECORD_BYTES;
    w->count_bytes = bytes_for(w->most[0]);
    for (unsigned d = 1; d <= depth; d++) {
        const unsigned entry = entry_bytes(w, d);
        const uint64_t n =
            room < entry ? 0 : (room - entry) / (RECORD_BYTES + entry);

        if (n == 0 || w->most[d - 1] > ((uint64_t)1 << 62) / (n + 1) - 1)
            return false;
        w->most[d] = (n + 1) * w->most[d - 1] + n;
    }
    return w->most[0] > 0;
}

static cvy_status visit_record(walk *w, const uint8_t *record, cvy_error *err)
{
    const uint8_t *object = NULL;
    size_t n = 0;

    CVYI_TRY(find_object(&object, &n, &w->heap, record + 4, err));
    return w->visit(w->context, object, n, err);
}

static cvy_status visit_node(walk *w, uint64_t address, uint64_t n,
                             unsigned depth, cvy_error *err)
{
    const uint64_t entry = depth > 0 ? entry_bytes(w, depth) : 0;
    const uint8_t *const p = cvyi_h5_at(w->heap.h5, address, w->node_bytes);

    if (p == NULL || memcmp(p, depth > 0 ? "BTIN" : "BTLF", 4) != 0 ||
        p[4] != 0 || p[5] != LINK_NAMES)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected a node of an HDF5 B-tree of links (%s)",
                         depth > 0 ? "BTIN" : "BTLF");
    if (n > w->most[0] ||
        n * RECORD_BYTES + (depth > 0 ? (n + 1) * entry : 0) >
            w->node_bytes - NODE_EXTRA)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address,
                            "an HDF5 B-tree node with too many records");
    if (w->node_bytes > w->budget)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address,
                            "an HDF5 tree uses the same nodes again");
    w->budget -= (size_t)w->node_bytes;

    const uint8_t *const records = p + NODE_HEAD;
    const uint8_t *const children = records + n * RECORD_BYTES;

    for (uint64_t i = 0; depth > 0 ? i <= n : i < n; i++) {
        const uint8_t *const child = children + i * entry;

        if (depth > 0)
            CVYI_TRY(visit_node(w, cvyi_le64(child),
                                cvyi_le(child + 8, (int)w->count_bytes),
                                depth - 1, err));
        if (i < n)
            CVYI_TRY(visit_record(w, records + i * RECORD_BYTES, err));
    }
    return CVY_OK;
}

cvy_status cvyi_h5_visit_objects(const cvyi_h5 *h5, uint64_t header,
                                 uint64_t tree, cvyi_h5_object_fn *visit,
                                 void *context, cvy_error *err)
{
    walk w = { .budget = h5->size, .visit = visit, .context = context };
    const uint8_t *const p = cvyi_h5_at(h5, tree, TREE_BYTES);

    CVYI_TRY(heap_open(&w.heap, h5, header, err));
    if (p == NULL || memcmp(p, "BTHD", 4) != 0 || p[4] != 0 ||
        p[5] != LINK_NAMES)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected an HDF5 B-tree of link names (BTHD)");
    w.node_bytes = cvyi_le32(p + 6);

    const unsigned depth = cvyi_le16(p + 12), n = cvyi_le16(p + 24);
    const uint64_t root = cvyi_le64(p + 16);

    if (cvyi_le16(p + 10) != RECORD_BYTES || depth > TREE_DEPTH_MOST ||
        w.node_bytes < NODE_EXTRA || !measure(&w, depth))
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)tree + 6,
                            "an HDF5 B-tree of impossible sizes");
    if (n == 0 && root == CVYI_H5_NOWHERE)
        return CVY_OK;
    return visit_node(&w, root, n, depth, err);
}
