/* write/torch_weights.c - names and layouts of the weights, and their file. */
#include "codec/pth.h"
#include "tensor/tensor.h"
#include "write/torch.h"
#include "write/weight.h"

static cvy_status name_weight(cvyi_torch_writer *w, int i,
                              const cvyi_said_slot *slot, int *capacity)
{
    cvyi_written *const out = w->out;
    const char *const name =
        cvyi_arena_printf(&out->arena, "%s.%s", w->spoken[i].path, slot->name);
    cvyi_written_weight weight;
    cvyi_written_weight *grown;

    if (name == NULL)
        return cvyi_no_memory(w->err);
    CVYI_TRY(cvyi_weight_make(&weight, w->graph, i, slot, name, w->err));
    grown = cvyi_arena_grow(&out->arena, out->weights, out->n_weights,
                            capacity, sizeof *grown);
    if (grown == NULL)
        return cvyi_no_memory(w->err);
    out->weights = grown;
    out->weights[out->n_weights++] = weight;
    return CVY_OK;
}

cvy_status cvyi_torch_name_weights(cvyi_torch_writer *w)
{
    int capacity = 0;

    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_spoken *const spoken = &w->spoken[i];

        if (!spoken->first)
            continue;
        for (int s = 0; s < spoken->said.n_slots; s++)
            CVYI_TRY(name_weight(w, i, &spoken->said.slots[s], &capacity));
    }
    return CVY_OK;
}

/* A view in torch's order over the stored data, or over a copy in `arena`. */
static cvy_status view_of(cvy_view *out, const cvyi_written_weight *weight,
                          const cvyi_graph *graph, cvyi_arena *arena,
                          cvy_error *err)
{
    const cvyi_param *const param = &graph->params[weight->param];
    cvyi_layout after, before;
    cvy_view neutral;

    if (param->n_blocks <= 1)
        return cvyi_layout_view(out, &weight->layout, &param->stored, err);

    /* Undo what stands before the blocks; the rest is torch's own part. */
    before = cvyi_layout_inverse(&param->layout);
    CVYI_TRY(cvyi_layout_then(&after, &before, &weight->layout, err));
    CVYI_TRY(cvyi_param_view(&neutral, NULL, param, arena, err));
    return cvyi_layout_view(out, &after, &neutral, err);
}

static cvy_status filled(cvy_view *out, const cvyi_written_weight *weight,
                         cvyi_arena *arena, cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(&weight->layout, dims);
    double fill = weight->fill;
    size_t bytes;
    cvy_view one;
    void *data;

    if (!cvyi_packed_size(&bytes, weight->dtype, rank, dims))
        return cvyi_fail_in(err, CVY_SHAPE, weight->name, "too large");
    data = cvyi_arena_alloc(arena, bytes, 1);
    if (data == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_packed(data, weight->dtype, rank, dims);
    one = cvyi_packed(&fill, CVY_F64, rank, dims);
    for (int i = 0; i < rank; i++)
        one.strides[i] = 0; /* the same number everywhere */
    return cvyi_copy(out, &one, err);
}

typedef cvy_status pack_fn(const cvyi_safetensor_out *tensors, int n,
                           cvyi_sink *sink, void *context, cvy_error *err);

static cvy_status write_with(pack_fn *pack, const cvyi_written *written,
                             const cvyi_graph *graph, cvyi_sink_fn *sink,
                             void *context, cvy_error *err)
{
    const size_t n = (size_t)written->n_weights;
    cvyi_arena arena = { 0 };
    cvyi_safetensor_out *const tensors =
        cvyi_arena_alloc(&arena, n, sizeof *tensors);
    cvy_status status = tensors != NULL ? CVY_OK : cvyi_no_memory(err);

    for (size_t i = 0; status == CVY_OK && i < n; i++) {
        const cvyi_written_weight *const weight = &written->weights[i];

        tensors[i].name = weight->name;
        tensors[i].rank = cvyi_layout_target(&weight->layout, tensors[i].dims);
        status = weight->param >= 0
                     ? view_of(&tensors[i].view, weight, graph, &arena, err)
                     : filled(&tensors[i].view, weight, &arena, err);
    }
    if (status == CVY_OK)
        status = pack(tensors, (int)n, sink, context, err);
    cvyi_arena_close(&arena);
    return status;
}

cvy_status cvyi_write_torch_weights(const cvyi_written *written,
                                    const cvyi_graph *graph,
                                    cvyi_sink_fn *sink, void *context,
                                    cvy_error *err)
{
    return write_with(cvyi_safetensors_write, written, graph, sink, context,
                      err);
}

cvy_status cvyi_write_torch_pth(const cvyi_written *written,
                                const cvyi_graph *graph, cvyi_sink_fn *sink,
                                void *context, cvy_error *err)
{
    return write_with(cvyi_pth_write, written, graph, sink, context, err);
}
