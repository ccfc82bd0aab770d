/* verify/align_compare.c - what differs between written and read back. */
#include "tensor/tensor.h"
#include "verify/align_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- faults ---- */

static const char *place_of(const cvyi_align *a, int call)
{
    const cvyi_call *const c = call >= 0 ? &a->read->calls[call] : NULL;

    if (c == NULL)
        return "";
    if (c->where != NULL)
        return c->where;
    return a->read->modules[c->module].where != NULL
               ? a->read->modules[c->module].where
               : "";
}

static cvy_status add_fault(cvyi_align *a, const char *layer,
                            const char *where, const char *text)
{
    cvyi_file_proof *const proof = a->proof;
    cvyi_arena *const arena = &proof->arena;
    cvyi_fault *const faults =
        cvyi_arena_grow(arena, proof->faults, proof->n_faults,
                        &proof->capacity, sizeof *faults);
    const cvyi_fault fault = { cvyi_arena_text(arena, layer, strlen(layer)),
                               cvyi_arena_text(arena, where, strlen(where)),
                               cvyi_arena_text(arena, text, strlen(text)) };

    if (faults == NULL || fault.layer == NULL || fault.where == NULL ||
        fault.text == NULL)
        return cvyi_no_memory(a->err);
    proof->faults = faults;
    faults[proof->n_faults++] = fault;
    proof->verdict = CVYI_FAILED;
    return CVY_OK;
}

/* Where a module is made: a wrong number stands there, not where the module
 * is called. */
static const char *made_at(const cvyi_align *a, int call)
{
    const char *const where =
        a->read->modules[a->read->calls[call].module].where;

    return where != NULL ? where : place_of(a, call);
}

cvy_status cvyi_align_fault(cvyi_align *a, int meant_call, int call,
                            const char *format, ...)
{
    const char *layer = "";
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (meant_call >= 0)
        layer = cvyi_call_layer(a->meant, &a->meant->calls[meant_call]);
    return add_fault(a, layer, place_of(a, call), text);
}

/* ---- attributes ---- */

static cvy_status differs(cvyi_align *a, int i, int call, const char *name,
                          const char *is, const char *meant)
{
    const cvyi_call *const c = &a->meant->calls[i];
    const bool module = a->written->calls[i].module;
    char text[256];

    snprintf(text, sizeof text, "%s is %.90s, %.90s was meant", name, is,
             meant);
    return add_fault(a, cvyi_call_layer(a->meant, c),
                     module ? made_at(a, call) : place_of(a, call), text);
}

cvy_status cvyi_align_attrs(cvyi_align *a, int i, int step, int call)
{
    const cvyi_attrs *const meant = cvyi_align_step(a, i, step);
    const cvyi_attrs *const is = &a->read->calls[call].attrs;

    if (is->op != meant->op)
        return differs(a, i, call, "the operator", is->op->name,
                       meant->op->name);
    /* Texts: sizes of two graphs are equal only in print. */
    for (int k = 0; meant->op->attrs[k].name != NULL; k++) {
        const cvyi_attr *const row = &meant->op->attrs[k];
        cvyi_text x = { 0 }, y = { 0 };
        cvy_status status = CVY_OK;

        cvyi_attr_print(&x, row, &is->at[k]);
        cvyi_attr_print(&y, row, &meant->at[k]);
        if (x.bad || y.bad)
            status = cvyi_no_memory(a->err);
        else if (strcmp(cvyi_text_c(&x), cvyi_text_c(&y)) != 0)
            status = differs(a, i, call, row->name, cvyi_text_c(&x),
                             cvyi_text_c(&y));
        cvyi_text_close(&x);
        cvyi_text_close(&y);
        CVYI_TRY(status);
    }
    return CVY_OK;
}

/* ---- parameters ---- */

enum { PIECE = 65536 }; /* bytes compared at a time */

/* The first element that differs; -1: none. Both views have `n` elements of
 * one type, in the same order. */
static int64_t first_difference(const cvy_view *x, const cvy_view *y,
                                unsigned char *memory)
{
    const int64_t n = cvy_view_count(x);
    const int64_t size = (int64_t)cvy_dtype_size(x->dtype);
    const int64_t piece = PIECE / size;

    for (int64_t at = 0; at < n; at += piece) {
        const int64_t m = n - at < piece ? n - at : piece;
        unsigned char *const other = memory + PIECE;

        cvyi_copy_range(memory, x, at, m);
        cvyi_copy_range(other, y, at, m);
        if (memcmp(memory, other, (size_t)(m * size)) == 0)
            continue;
        for (int64_t i = 0; i < m; i++)
            if (memcmp(memory + i * size, other + i * size, (size_t)size) != 0)
                return at + i;
    }
    return -1;
}

static double element(const cvy_view *view, int64_t at)
{
    double value = 0;
    unsigned char bytes[8];
    cvy_view one = *view, out;
    const int64_t index = 0;

    cvyi_copy_range(bytes, &one, at, 1);
    out = cvyi_packed(bytes, view->dtype, 1, (const int64_t[]){ 1 });
    value = cvyi_at(&out, &index);
    return value;
}

/* Its place as people count it: "[3, 0, 1, 1]". */
static void print_place(char *out, size_t size, const cvyi_shape *shape,
                        int64_t at)
{
    int64_t index[CVYI_MAX_DIMS];
    size_t n = 0;

    for (int k = shape->rank - 1; k >= 0; k--) {
        index[k] = at % shape->dims[k];
        at /= shape->dims[k];
    }
    for (int k = 0; k < shape->rank && n + 24 < size; k++)
        n += (size_t)snprintf(out + n, size - n, "%s%lld", k > 0 ? ", " : "",
                              (long long)index[k]);
}

static bool same_shape(const cvyi_shape *a, const cvyi_shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dims[i] != b->dims[i])
            return false;
    return true;
}

/* Two views of the same elements in the same order. */
typedef struct pair {
    cvyi_shape shape; /* as people know the weight */
    cvy_view meant, is;
} pair;

/* Where the target's words put a weight into another order than the slot's,
 * or read it as another operator's, the file's own order is compared. */
static cvy_status in_file_order(pair *out, cvyi_align *a,
                                const cvyi_layout *layout,
                                const cvyi_param *is, cvyi_arena *arena)
{
    size_t bytes;
    cvy_view packed;
    void *data;

    if (!cvyi_packed_size(&bytes, out->meant.dtype, out->shape.rank,
                          out->shape.dims))
        return cvyi_no_memory(a->err);
    data = cvyi_arena_alloc(arena, bytes, 1);
    if (data == NULL)
        return cvyi_no_memory(a->err);
    cvyi_copy_range(data, &out->meant, 0, cvy_view_count(&out->meant));
    packed =
        cvyi_packed(data, out->meant.dtype, out->shape.rank, out->shape.dims);
    CVYI_TRY(cvyi_layout_view(&out->meant, layout, &packed, a->err));
    out->shape.rank = cvyi_layout_target(layout, out->shape.dims);
    out->is = is->stored;
    return CVY_OK;
}

static bool same_dims(const cvyi_shape *shape, const cvy_view *view)
{
    bool same = shape->rank == view->rank;

    for (int i = 0; same && i < shape->rank; i++)
        same = shape->dims[i] == view->dims[i];
    return same;
}

/* *fits false: the two have other shapes or types. */
static cvy_status pair_up(pair *out, bool *fits, cvyi_align *a, int i,
                          const cvyi_said_slot *slot, const cvyi_param *meant,
                          const cvyi_param *is, cvyi_arena *arena)
{
    const cvyi_call *const call = &a->meant->calls[i];
    const int rank = a->meant->results[call->in[0]].type.rank;
    cvyi_shape other;
    cvyi_layout layout;

    CVYI_TRY(cvyi_param_view(&out->meant, &out->shape, meant, arena, a->err));
    CVYI_TRY(cvyi_layout_parse(&layout, slot->layout, rank > 2 ? rank - 2 : 0,
                               out->shape.rank, out->shape.dims, a->err));
    if (cvyi_layout_is_identity(&layout)) {
        CVYI_TRY(cvyi_param_view(&out->is, &other, is, arena, a->err));
        *fits = same_shape(&out->shape, &other);
    } else {
        CVYI_TRY(in_file_order(out, a, &layout, is, arena));
        *fits = same_dims(&out->shape, &out->is);
    }
    *fits = *fits && out->meant.dtype == out->is.dtype;
    return CVY_OK;
}

/* The weight that both have: same shape, type and bits. */
static cvy_status compare_data(cvyi_align *a, int i, int call,
                               const cvyi_said_slot *slot,
                               const cvyi_param *meant, const cvyi_param *is)
{
    cvyi_arena arena = { 0 };
    unsigned char *const memory = cvyi_arena_alloc(&arena, 2, PIECE);
    char place[128] = "";
    bool fits = false;
    int64_t at = -1;
    pair p;
    cvy_status status = memory != NULL
                            ? pair_up(&p, &fits, a, i, slot, meant, is, &arena)
                            : cvyi_no_memory(a->err);

    if (status == CVY_OK && !fits)
        status = cvyi_align_fault(a, i, call, "%s has another shape or type",
                                  slot->name);
    else if (status == CVY_OK)
        at = first_difference(&p.meant, &p.is, memory);
    if (at >= 0) {
        print_place(place, sizeof place, &p.shape, at);
        status = cvyi_align_fault(a, i, call, "%s[%s] is %.9g, %.9g was meant",
                                  slot->name, place, element(&p.is, at),
                                  element(&p.meant, at));
    }
    cvyi_arena_close(&arena);
    return status;
}

/* What the target insists on and the graph lacks: one number everywhere. */
static cvy_status compare_fill(cvyi_align *a, int i, int call,
                               const cvyi_said_slot *slot,
                               const cvyi_param *is)
{
    cvyi_arena arena = { 0 };
    cvyi_shape shape;
    cvy_view view;
    cvy_status status = cvyi_param_view(&view, &shape, is, &arena, a->err);

    for (int64_t k = 0; status == CVY_OK && k < cvy_view_count(&view); k++)
        if (element(&view, k) != slot->fill) {
            status =
                cvyi_align_fault(a, i, call, "%s is %.9g, %.9g was meant",
                                 slot->name, element(&view, k), slot->fill);
            break;
        }
    cvyi_arena_close(&arena);
    return status;
}

static int slot_at(const cvyi_op *op, const char *name)
{
    for (int s = 0; op->slots != NULL && op->slots[s].name != NULL; s++)
        if (strcmp(op->slots[s].name, name) == 0)
            return s;
    return -1;
}

/* A slot of the read call that holds what the file calls `name`: its last
 * word, since a parameter is named by its whole path. */
static int slot_named(const cvyi_align *a, const cvyi_call *call,
                      const char *name)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        const char *full, *last;

        if (call->params[s] < 0)
            continue;
        full = a->read->params[call->params[s]].name;
        last = strrchr(full, '.');
        if (strcmp(last != NULL ? last + 1 : full, name) == 0)
            return s;
    }
    return -1;
}

/* What the file trains is what was meant to be trained. Numbers that the
 * target insists on train there, unless their module is frozen. */
static cvy_status compare_training(cvyi_align *a, int i, int call,
                                   const cvyi_said_slot *slot, int from,
                                   const cvyi_param *is)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    const int param = from >= 0 ? meant->params[from] : -1;
    const bool trains =
        is->trainable &&
        !cvyi_module_frozen(a->read, a->read->calls[call].module);
    const bool should = param >= 0 && a->meant->params[param].trainable &&
                        !cvyi_module_frozen(a->meant, meant->module);

    if (param < 0 || trains == should ||
        meant->attrs.op->slots[from].statistic)
        return CVY_OK;
    return cvyi_align_fault(
        a, i, call, should ? "%s does not train" : "%s trains, and should not",
        slot->name);
}

cvy_status cvyi_align_params(cvyi_align *a, int i, int call)
{
    const cvyi_written_call *const written = &a->written->calls[i];
    const cvyi_call *const meant = &a->meant->calls[i];
    const cvyi_call *const is = &a->read->calls[call];
    int n = 0;

    for (int k = 0; k < written->n_slots; k++) {
        const cvyi_said_slot *const slot = &written->slots[k];
        const int from = slot_at(meant->attrs.op, slot->slot);
        const int to = slot_named(a, is, slot->name);

        if (to < 0) {
            CVYI_TRY(cvyi_align_fault(a, i, call, "it has no %s", slot->name));
            continue;
        }
        const cvyi_param *const param = &a->read->params[is->params[to]];

        CVYI_TRY(compare_training(a, i, call, slot, from, param));
        if (from >= 0 && meant->params[from] >= 0)
            CVYI_TRY(compare_data(a, i, call, slot,
                                  &a->meant->params[meant->params[from]],
                                  param));
        else
            CVYI_TRY(compare_fill(a, i, call, slot, param));
    }
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        n += is->params[s] >= 0;
    if (n > written->n_slots)
        return cvyi_align_fault(a, i, call, "it has %d weights, %d were meant",
                                n, written->n_slots);
    return CVY_OK;
}
