/*
 * verify/report_weights.c - which weight became which, and how.
 *
 *   target = source.reshape(reshape or source shape)
 *                  .transpose(permutation or identity)
 *                  .reshape(target shape)
 *
 * Where an axis holds the features of several flattened values one behind the
 * other no such line says it. Then both are null and "blocks" has the axis of
 * the source, its parts (each part of the axis: reshape to `shape`, transpose
 * by `permutation`, flatten again), and the permutation of the whole after
 * that.
 */
#include "verify/report.h"

#include <stdlib.h>

static void put_perm(cvyi_json *j, const char *key, const int *perm, int n)
{
    bool moves = false;

    for (int i = 0; i < n; i++)
        moves |= perm[i] != i;
    if (!moves) {
        cvyi_json_null(j, key);
        return;
    }
    cvyi_json_open(j, key, '[', CVYI_JSON_FLAT);
    for (int i = 0; i < n; i++)
        cvyi_json_int(j, NULL, perm[i]);
    cvyi_json_close(j, ']');
}

static void put_layout(cvyi_json *j, const cvyi_layout *layout)
{
    int64_t reshape[CVY_MAX_RANK];
    int perm[CVY_MAX_RANK], n = 0;

    cvyi_layout_numpy(layout, &n, reshape, perm);
    if (n > 0)
        cvyi_json_ints(j, "reshape", reshape, n);
    else
        cvyi_json_null(j, "reshape");
    put_perm(j, "permutation", perm, n > 0 ? n : layout->source_rank);
}

/* The stored axis that the permuted axis of the slot's shape comes from. */
static int stored_axis(const cvyi_param *param)
{
    const cvyi_layout *const layout = &param->layout;
    int at = 0, axis = 0;

    for (int i = 0; i < param->permuted_axis; i++)
        at += layout->target_group[i];
    if (at >= layout->n)
        return param->permuted_axis;
    for (int left = layout->perm[at];
         axis < layout->source_rank - 1 && left >= layout->source_group[axis];
         axis++)
        left -= layout->source_group[axis];
    return axis;
}

static void put_blocks(cvyi_json *j, const cvyi_param *param,
                       const cvyi_layout *layout)
{
    int64_t reshape[CVY_MAX_RANK];
    int perm[CVY_MAX_RANK], n = 0;

    cvyi_json_null(j, "reshape");
    cvyi_json_null(j, "permutation");
    cvyi_json_open(j, "blocks", '{', CVYI_JSON_FLAT);
    cvyi_json_int(j, "axis", stored_axis(param));
    cvyi_json_open(j, "parts", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < param->n_blocks; i++) {
        const cvyi_feature_block *const block = &param->blocks[i];

        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_ints(j, "shape", block->dims, block->rank);
        put_perm(j, "permutation", block->order, block->rank);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
    cvyi_layout_numpy(layout, &n, reshape, perm);
    put_perm(j, "permutation", perm, n > 0 ? n : layout->source_rank);
    cvyi_json_close(j, '}');
}

static void put_row(cvyi_json *j, const cvyi_param *param,
                    const cvyi_written_weight *weight)
{
    const cvyi_layout *const layout =
        weight != NULL ? &weight->layout : &param->layout;
    int64_t dims[CVY_MAX_RANK];
    int rank = cvyi_layout_source(&param->layout, dims);

    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "source", param->name);
    cvyi_json_text(j, "target", weight != NULL ? weight->name : NULL);
    cvyi_json_ints(j, "source_shape", dims, rank);
    rank = cvyi_layout_target(layout, dims);
    if (weight != NULL)
        cvyi_json_ints(j, "target_shape", dims, rank);
    else
        cvyi_json_null(j, "target_shape");
    if (param->n_blocks > 1)
        put_blocks(j, param, layout);
    else
        put_layout(j, layout);
    cvyi_json_close(j, '}');
}

static const cvyi_written_weight *weight_of(const cvyi_written *written,
                                            int param)
{
    for (int i = 0; written != NULL && i < written->n_weights; i++)
        if (written->weights[i].param == param)
            return &written->weights[i];
    return NULL;
}

typedef struct row {
    int created, param;
} row;

static int by_creation(const void *a, const void *b)
{
    const row *const x = a, *const y = b;

    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return (x->param > y->param) - (x->param < y->param);
}

cvy_status cvyi_report_weights(cvyi_json *j, const cvyi_graph *port,
                               const cvyi_written *written)
{
    const int n = port != NULL ? port->n_params : 0;
    row *const rows = cvyi_alloc((size_t)n, sizeof *rows);

    if (rows == NULL)
        return CVY_MEMORY;
    for (int i = 0; i < n; i++)
        rows[i] = (row){ port->params[i].created, i };
    qsort(rows, (size_t)n, sizeof *rows, by_creation);
    cvyi_json_open(j, "weights", '[', CVYI_JSON_TALL);
    for (int i = 0; i < n; i++)
        put_row(j, &port->params[rows[i].param],
                weight_of(written, rows[i].param));
    cvyi_json_close(j, ']');
    cvyi_free(rows);
    return CVY_OK;
}
