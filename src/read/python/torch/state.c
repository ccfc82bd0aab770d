/* read/python/torch/state.c - weights: what load_file and torch.load give,
 * key by key. */
#include "codec/pth.h"
#include "read/python/torch/host.h"
#include "tensor/tensor.h"

#include <string.h>

const cvyi_py_host_type cvyi_torch_state_type = { .name = "a state dict" };

/* Only the weights beside the file are ever read, under the name that was
 * given for them. `function` is what it is called. */
static cvy_status check_path(cvyi_py_eval *eval, const char *function,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_torch_host *const host = cvyi_torch_of(eval);
    const char *const path =
        args->n >= 1 ? cvyi_python_path(&args->values[0]) : NULL;
    const char *const slash = path != NULL ? strrchr(path, '/') : NULL;
    const char *const base = slash != NULL ? slash + 1 : path;

    if (path == NULL)
        return cvyi_py_refuse(eval, err, "%s takes a path", function);
    if (host->files->weights == NULL ||
        strcmp(base, host->files->weights_name) != 0)
        return cvyi_py_refuse(eval, err,
                              "it loads %.80s, which is not the "
                              "file beside it",
                              base);
    return CVY_OK;
}

cvy_status cvyi_torch_load(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);

    CVYI_TRY(check_path(eval, "load_file", args, err));
    CVYI_TRY(cvyi_safetensors_open(&host->weights, host->arena,
                                   host->files->weights,
                                   host->files->weights_size, err));
    *out = cvyi_py_host_value(&cvyi_torch_state_type, NULL);
    return CVY_OK;
}

/* map_location moves nothing here; weights_only is what we do anyway. */
static bool takes_keyword(const char *name, const cvyi_py_value *value)
{
    if (strcmp(name, "weights_only") == 0)
        return value->type == CVYI_PY_V_BOOL && value->truth;
    return strcmp(name, "map_location") == 0;
}

cvy_status cvyi_torch_load_pth(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    cvyi_pth file;

    CVYI_TRY(check_path(eval, "torch.load", args, err));
    for (int i = 0; i < args->n_keywords; i++)
        if (!takes_keyword(args->keywords[i], &args->keyword_values[i]))
            return cvyi_py_refuse(eval, err, "torch.load with %.40s",
                                  args->keywords[i]);
    CVYI_TRY(cvyi_pth_open(&file, host->arena, host->files->weights,
                           host->files->weights_size, err));
    if (*file.key != '\0')
        return cvyi_py_refuse(eval, err,
                              "the weights are a checkpoint, not a dict of "
                              "tensors");
    host->weights = (cvyi_safetensors){ file.n, file.tensors, NULL };
    *out = cvyi_py_host_value(&cvyi_torch_state_type, NULL);
    return CVY_OK;
}

static cvy_status check_shape(const cvyi_layout *layout,
                              const cvyi_shape *want, const char *key,
                              cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(layout, dims);
    bool same = rank == want->rank;

    for (int i = 0; same && i < rank; i++)
        same = dims[i] == want->dims[i];
    return same ? CVY_OK
                : cvyi_fail_in(err, CVY_SHAPE, key,
                               "the weight has another shape than its "
                               "module");
}

/* The engine reads elements in place: they must stand where a float may, one
 * behind another. What is copied is no larger than the file: one number said
 * to be a million is refused. */
static cvy_status settle(cvy_view *view, cvyi_torch_host *host,
                         const char *key, cvy_error *err)
{
    const size_t unit = cvy_dtype_size(view->dtype);
    cvy_view packed;
    size_t bytes;
    void *copy;

    if ((uintptr_t)view->data % unit == 0 && cvyi_is_packed(view))
        return CVY_OK;
    if (!cvyi_packed_size(&bytes, view->dtype, view->rank, view->dims) ||
        bytes > host->files->weights_size)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                            "the weight repeats its elements");
    copy = cvyi_arena_alloc(host->arena, bytes, 1);
    if (copy == NULL)
        return cvyi_no_memory(err);
    packed = cvyi_packed(copy, view->dtype, view->rank, view->dims);
    CVYI_TRY(cvyi_copy(&packed, view, err));
    *view = packed;
    return CVY_OK;
}

static cvy_status remember(cvyi_torch_host *host, const char *key, int param,
                           cvy_error *err)
{
    cvyi_torch_param *const params =
        cvyi_arena_grow(host->arena, host->params, host->n_params,
                        &host->params_capacity, sizeof *params);

    if (params == NULL)
        return cvyi_no_memory(err);
    host->params = params;
    params[host->n_params++] = (cvyi_torch_param){ key, param };
    return CVY_OK;
}

cvy_status cvyi_torch_take(int *out, cvyi_torch_host *host, const char *key,
                           cvy_dtype dtype, const cvyi_step_slot *slot,
                           int n_spatial, const cvyi_shape *want,
                           cvy_error *err)
{
    const cvyi_safetensor *found;
    cvyi_param param = { .name = key,
                         .slot = slot->slot,
                         .trainable = !slot->frozen,
                         .created = host->n_params };

    for (int i = 0; i < host->n_params; i++)
        if (strcmp(host->params[i].key, key) == 0) {
            *out = host->params[i].param;
            return CVY_OK;
        }
    found = cvyi_safetensors_find(&host->weights, key);
    if (found == NULL)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                            "the weights have no such entry");
    param.stored = found->view;
    if (param.stored.dtype != dtype)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                            "the module's weights are %s, this is %s",
                            cvy_dtype_name(dtype),
                            cvy_dtype_name(param.stored.dtype));
    CVYI_TRY(settle(&param.stored, host, key, err));
    CVYI_TRY(cvyi_layout_parse(&param.layout, slot->layout, n_spatial,
                               param.stored.rank, param.stored.dims, err));
    CVYI_TRY(check_shape(&param.layout, want, key, err));
    CVYI_TRY(cvyi_graph_add_param(out, host->graph, &param, err));
    return remember(host, key, *out, err);
}

/* A count of batches that some files keep beside a batch norm's statistics:
 * only a momentum of None would look at it. */
static bool is_counter(const char *key)
{
    static const char counter[] = "num_batches_tracked";
    const char *const dot = strrchr(key, '.');

    return strcmp(dot != NULL ? dot + 1 : key, counter) == 0;
}

/* Of a module that is there, though the model never calls it: which entries
 * such a module would take is not known. */
static bool is_idle(const cvyi_torch_host *host, const char *key)
{
    const char *const dot = strrchr(key, '.');
    const size_t n = dot != NULL ? (size_t)(dot - key) : 0;

    for (int m = 0; n > 0 && m < host->graph->n_modules; m++) {
        const char *const path = host->module_paths[m];

        if (host->graph->modules[m].kind != CVYI_MODULE_LAYER ||
            strncmp(path, key, n) != 0 || path[n] != '\0')
            continue;
        for (int c = 0; c < host->graph->n_calls; c++)
            if (host->graph->calls[c].module == m)
                return false;
        return true;
    }
    return false;
}

cvy_status cvyi_torch_all_taken(const cvyi_torch_host *host, cvy_error *err)
{
    for (int i = 0; i < host->weights.n; i++) {
        const char *const key = host->weights.tensors[i].name;
        bool taken = is_counter(key);

        for (int k = 0; k < host->n_params && !taken; k++)
            taken = strcmp(host->params[k].key, key) == 0;
        if (!taken && !is_idle(host, key))
            return cvyi_fail_in(err, CVY_UNSUPPORTED, key,
                                "no module takes %.100s of the weights", key);
    }
    return CVY_OK;
}
