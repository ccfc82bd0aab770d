/* graph/rules.c - laws of a call and of a parameter. */
#include "graph/rules.h"

#include "tensor/tensor.h"

#include <ctype.h>
#include <string.h>

/* ---- calls ---- */

static cvy_status wire_inputs(const cvyi_graph *graph, const cvyi_call *call,
                              int index, cvy_error *err)
{
    const cvyi_op *const op = call->attrs.op;

    if (call->n_in < op->least_in ||
        (op->most_in >= 0 && call->n_in > op->most_in))
        return cvyi_fail(err, CVY_ARGUMENT, "%s does not take %d inputs",
                         op->name, call->n_in);
    for (int i = 0; i < call->n_in; i++) {
        const int r = call->in[i];

        if (r < 0 || r >= graph->n_results)
            return cvyi_fail(err, CVY_ARGUMENT, "%s reads %%%d, which is none",
                             op->name, r);
        if (graph->results[r].call >= index)
            return cvyi_fail(err, CVY_ARGUMENT,
                             "%s reads %%%d before it is made", op->name, r);
    }
    return CVY_OK;
}

cvy_status cvyi_call_wired(const cvyi_graph *graph, const cvyi_call *call,
                           int index, cvy_error *err)
{
    const char *const layer = cvyi_call_layer(graph, call);
    const cvyi_slot *const slots = call->attrs.op->slots;
    bool known = slots != NULL;
    cvy_status status = wire_inputs(graph, call, index, err);

    if (status != CVY_OK)
        return cvyi_located(err, status, layer);
    for (int i = 0; i < CVYI_MAX_SLOTS; i++) {
        known = known && slots[i].name != NULL;
        if (call->params[i] < -1 || call->params[i] >= graph->n_params ||
            (!known && call->params[i] != -1))
            return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                                "%s has no parameter p%d",
                                call->attrs.op->name, call->params[i]);
    }
    return CVY_OK;
}

static bool same_shape(const cvyi_shape *a, const cvyi_shape *b)
{
    return a->rank == b->rank && a->rank <= CVYI_MAX_DIMS &&
           memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) == 0;
}

static void print_shape(cvyi_text *text, const cvyi_shape *shape)
{
    cvyi_text_put(text, "[");
    for (int i = 0; i < shape->rank && i < CVYI_MAX_DIMS; i++)
        cvyi_text_printf(text, "%s%lld", i > 0 ? " " : "",
                         (long long)shape->dims[i]);
    cvyi_text_put(text, "]");
}

static cvy_status wrong_shape(const char *layer, const cvyi_slot *slot,
                              const cvyi_shape *want, const cvyi_shape *have,
                              cvy_error *err)
{
    cvyi_text w = { 0 }, h = { 0 };

    print_shape(&w, want);
    print_shape(&h, have);
    cvyi_fail_in(err, CVY_SHAPE, layer, "%s has shape %s where %s is needed",
                 slot->name, cvyi_text_c(&h), cvyi_text_c(&w));
    cvyi_text_close(&w);
    cvyi_text_close(&h);
    return CVY_SHAPE;
}

cvy_status cvyi_call_slots(const cvyi_graph *graph, const cvyi_call *call,
                           const cvyi_inferred *inferred, bool all,
                           cvy_error *err)
{
    const cvyi_slot *const slots = call->attrs.op->slots;
    const char *const layer = cvyi_call_layer(graph, call);

    if (slots == NULL)
        return CVY_OK;
    for (int i = 0; i < CVYI_MAX_SLOTS && slots[i].name != NULL; i++) {
        cvyi_shape have;

        if (call->params[i] < 0) {
            if (all && !slots[i].optional)
                return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                                    "%s lacks its %s", call->attrs.op->name,
                                    slots[i].name);
            continue;
        }
        have = cvyi_param_shape(&graph->params[call->params[i]]);
        if (!same_shape(&have, &inferred->slots[i]))
            return wrong_shape(layer, &slots[i], &inferred->slots[i], &have,
                               err);
    }
    return CVY_OK;
}

static bool is_legal_word(const cvyi_attr *attr, const char *word)
{
    const size_t n = word != NULL ? strlen(word) : 0;

    for (const char *w = attr->words; n > 0 && *w != '\0';) {
        const size_t width = strcspn(w, " ");

        if (width == n && memcmp(w, word, n) == 0)
            return true;
        w += width + strspn(w + width, " ");
    }
    return false;
}

static cvy_status check_attrs(const cvyi_attrs *attrs, cvy_error *err)
{
    const cvyi_attr *const rows = attrs->op->attrs;

    if (rows == NULL)
        return CVY_OK;
    for (int i = 0; i < CVYI_MAX_ATTRS && rows[i].name != NULL; i++)
        if (rows[i].kind == CVYI_ATTR_WORD &&
            !is_legal_word(&rows[i], attrs->at[i].word))
            return cvyi_fail(err, CVY_ARGUMENT, "%s has no legal word for %s",
                             attrs->op->name, rows[i].name);
    return CVY_OK;
}

static bool same_type(const cvyi_type *a, const cvyi_type *b)
{
    return a->dtype == b->dtype && a->rank == b->rank &&
           memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) == 0;
}

static cvy_status check_outputs(const cvyi_graph *graph, int index,
                                const cvyi_inferred *inferred, cvy_error *err)
{
    const cvyi_call *const call = &graph->calls[index];

    if (call->n_out != inferred->n_out)
        return cvyi_fail(err, CVY_SHAPE, "%s has %d outputs instead of %d",
                         call->attrs.op->name, call->n_out, inferred->n_out);
    for (int i = 0; i < call->n_out; i++) {
        const int r = call->out[i];

        if (r < 0 || r >= graph->n_results ||
            graph->results[r].call != index || graph->results[r].index != i)
            return cvyi_fail(err, CVY_ARGUMENT,
                             "output %d of %s is %%%d, which it does not make",
                             i, call->attrs.op->name, r);
        if (!same_type(&graph->results[r].type, &inferred->out[i]))
            return cvyi_fail(err, CVY_SHAPE,
                             "%%%d has not the type that %s gives it", r,
                             call->attrs.op->name);
    }
    return CVY_OK;
}

cvy_status cvyi_call_check(const cvyi_graph *graph, int index, cvy_error *err)
{
    const cvyi_call *const call = &graph->calls[index];
    const char *const layer = cvyi_call_layer(graph, call);
    cvyi_inferred inferred = { 0 };

    if (call->attrs.op == NULL)
        return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                            "call %d has no operator", index);
    if (call->module < 0 || call->module >= graph->n_modules)
        return cvyi_fail(err, CVY_ARGUMENT, "call %d (%s) is of module %d",
                         index, call->attrs.op->name, call->module);
    if (call->visit < 0 || call->visit >= graph->n_visits ||
        graph->visits[call->visit].module !=
            cvyi_module_home(graph, call->module))
        return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                            "call %d is of visit %d, which is not its "
                            "module's",
                            index, call->visit);
    if (call->axes != CVYI_AXES_LAST && call->axes != CVYI_AXES_FIRST)
        return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                            "call %d has no order of axes", index);
    if (call->origin < -1)
        return cvyi_fail_in(err, CVY_ARGUMENT, layer,
                            "the origin of call %d is %d", index,
                            call->origin);
    CVYI_TRY(cvyi_call_wired(graph, call, index, err));
    cvy_status status = check_attrs(&call->attrs, err);

    if (status == CVY_OK)
        status = cvyi_graph_infer_call(&inferred, graph, call, err);
    if (status == CVY_OK)
        status = check_outputs(graph, index, &inferred, err);
    if (status != CVY_OK)
        return cvyi_located(err, status, layer);
    return cvyi_call_slots(graph, call, &inferred, true, err);
}

/* ---- parameters ---- */

static bool is_permutation(const int *order, int n)
{
    unsigned seen = 0;

    for (int i = 0; i < n; i++) {
        if (order[i] < 0 || order[i] >= n || (seen >> order[i] & 1) != 0)
            return false;
        seen |= 1u << order[i];
    }
    return true;
}

cvy_status cvyi_blocks_check(int64_t *features,
                             const cvyi_feature_block *blocks, int n,
                             cvy_error *err)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++) {
        const cvyi_feature_block *const b = &blocks[i];
        int64_t count = 1;
        bool good = b->rank >= 1 && b->rank <= CVYI_MAX_DIMS &&
                    is_permutation(b->order, b->rank);

        for (int k = 0; good && k < b->rank; k++)
            good = b->dims[k] >= 1 && cvyi_mul64(&count, count, b->dims[k]);
        if (!good || !cvyi_add64(&sum, sum, count))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "feature block %d is no permutation", i);
    }
    *features = sum;
    return CVY_OK;
}

static bool groups_fit(const int *groups, int rank, int n)
{
    int sum = 0;

    if (rank < 0 || rank > CVY_MAX_RANK)
        return false;
    for (int i = 0; i < rank; i++) {
        if (groups[i] < 0 || groups[i] > n)
            return false;
        sum += groups[i];
    }
    return sum == n;
}

static bool layout_fits(const cvyi_layout *l, const cvy_view *stored)
{
    int64_t dims[CVY_MAX_RANK], count = 1;

    if (l->n < 0 || l->n > CVY_MAX_RANK || !is_permutation(l->perm, l->n) ||
        !groups_fit(l->source_group, l->source_rank, l->n) ||
        !groups_fit(l->target_group, l->target_rank, l->n) ||
        l->target_rank > CVYI_MAX_DIMS || l->source_rank != stored->rank)
        return false;
    for (int i = 0; i < l->n; i++)
        if (l->dims[i] < 2 || !cvyi_mul64(&count, count, l->dims[i]))
            return false;
    cvyi_layout_source(l, dims);
    return memcmp(dims, stored->dims, (size_t)stored->rank * sizeof *dims) ==
           0;
}

static bool is_name(const char *text)
{
    if (text == NULL || *text == '\0' || isdigit((unsigned char)*text))
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}

static cvy_status check_param(const cvyi_param *param, cvy_error *err)
{
    const cvy_view *const stored = &param->stored;
    size_t bytes;
    int64_t features;

    if (!is_name(param->slot))
        return cvyi_fail(err, CVY_ARGUMENT, "it is for no slot");
    if (stored->rank < 0 || stored->rank > CVY_MAX_RANK ||
        stored->dtype < CVY_F32 || stored->dtype > CVY_BOOL ||
        !cvyi_packed_size(&bytes, stored->dtype, stored->rank, stored->dims))
        return cvyi_fail(err, CVY_SHAPE, "its stored array is none");
    if (!layout_fits(&param->layout, stored))
        return cvyi_fail(err, CVY_SHAPE,
                         "its layout does not fit the stored array");
    if (param->n_blocks == 0)
        return CVY_OK;
    CVYI_TRY(
        cvyi_blocks_check(&features, param->blocks, param->n_blocks, err));

    const cvyi_shape shape = cvyi_param_shape(param);

    for (int i = 0; i < param->n_blocks; i++)
        if (shape.rank - 1 + param->blocks[i].rank > CVY_MAX_RANK)
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "its feature blocks have too many axes");
    if (param->permuted_axis < 0 || param->permuted_axis >= shape.rank ||
        shape.dims[param->permuted_axis] != features)
        return cvyi_fail(err, CVY_SHAPE,
                         "blocks of %lld features do not fit axis %d",
                         (long long)features, param->permuted_axis);
    return CVY_OK;
}

cvy_status cvyi_param_check(const cvyi_param *param, cvy_error *err)
{
    if (param->name == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "a parameter has no name");
    return cvyi_located(err, check_param(param, err), param->name);
}
