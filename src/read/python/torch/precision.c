/*
 * read/python/torch/precision.c - the types that a torch model computes in.
 *
 * self.to(torch.float16) makes weights of a type, torch.autocast makes layers
 * compute in one. Under it torch chooses the type of some layers by the
 * device: what they give counts as the type that was asked for.
 */
#include "read/python/torch/host.h"
#include "tensor/tensor.h"

#include <string.h>

/* "torch.float16" as a type; false if it is none. */
static bool type_named(cvy_dtype *out, const cvyi_py_value *value)
{
    static const char prefix[] = "torch.";
    const size_t n = sizeof prefix - 1;
    const char *const text = value->type == CVYI_PY_V_HOST &&
                                     value->host.type == &cvyi_torch_name_type
                                 ? value->host.data
                                 : "";

    return strncmp(text, prefix, n) == 0 && cvyi_dtype_of(out, text + n) &&
           cvyi_dtype_is_float(*out);
}

/* ---- self.to ---- */

static cvy_status set_type(cvyi_py_eval *eval, const cvyi_py_value *module,
                           cvy_dtype dtype, int depth, cvy_error *err);

static cvy_status set_types(cvyi_py_eval *eval, const cvyi_py_names *names,
                            cvy_dtype dtype, int depth, cvy_error *err)
{
    for (int i = 0; i < names->n; i++)
        CVYI_TRY(set_type(eval, &names->values[i], dtype, depth + 1, err));
    return CVY_OK;
}

/* Of a module and of all that it holds by now. */
static cvy_status set_type(cvyi_py_eval *eval, const cvyi_py_value *module,
                           cvy_dtype dtype, int depth, cvy_error *err)
{
    enum { DEEPEST = 64 };
    cvyi_torch_node *const node = cvyi_torch_node_of(module);

    if (node == NULL)
        return CVY_OK;
    if (depth > DEEPEST)
        return cvyi_py_refuse(eval, err, "modules are nested too deep");
    node->stored = dtype;
    CVYI_TRY(set_types(eval, &node->members, dtype, depth, err));
    return module->type == CVYI_PY_V_INSTANCE
               ? set_types(eval, &module->instance->names, dtype, depth, err)
               : CVY_OK;
}

cvy_status cvyi_torch_to(cvyi_py_eval *eval, const cvyi_py_value *module,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    cvy_dtype dtype;

    if (args->n != 1 || args->n_keywords != 0 ||
        !type_named(&dtype, &args->values[0]))
        return CVY_OK; /* a device */
    if (cvyi_torch_of(eval)->loaded)
        return cvyi_py_refuse(eval, err,
                              "weights are of another type once loaded");
    return set_type(eval, module, dtype, 0, err);
}

/* ---- torch.autocast ---- */

typedef struct autocast {
    cvy_dtype dtype, before;
} autocast;

typedef struct method {
    autocast *of;
    bool enters;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    const method *const m = self->host.data;

    (void)args;
    (void)err;
    if (m->enters)
        m->of->before = host->autocast;
    host->autocast = m->enters ? m->of->dtype : m->of->before;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of torch.autocast",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const bool enters = strcmp(name, "__enter__") == 0;
    method *m;

    if (!enters && strcmp(name, "__exit__") != 0)
        return cvyi_py_refuse(eval, err, "torch.autocast has no %s", name);
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ self->host.data, enters };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

static const cvyi_py_host_type autocast_type = {
    .name = "torch.autocast",
    .get = get,
};

cvy_status cvyi_torch_autocast(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    autocast *made;
    cvy_dtype dtype;

    if (args->n != 1 || args->n_keywords != 1 ||
        strcmp(args->keywords[0], "dtype") != 0 ||
        !type_named(&dtype, &args->keyword_values[0]))
        return cvyi_py_refuse(eval, err,
                              "torch.autocast takes a device and a dtype");
    made = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *made);
    if (made == NULL)
        return cvyi_no_memory(err);
    *made = (autocast){ .dtype = dtype };
    *out = cvyi_py_host_value(&autocast_type, made);
    return CVY_OK;
}

/* ---- calls ---- */

cvy_status cvyi_torch_check_types(const cvyi_torch_host *host,
                                  const cvyi_op *op, const int *in, int n_in,
                                  const int *params, cvy_error *err)
{
    const cvyi_graph *const graph = host->graph;
    const int at = op->conditional && n_in > 1 ? 1 : 0;
    const cvy_dtype first = graph->results[in[at]].type.dtype;

    if (cvyi_attr_index(op, "dtype") >= 0)
        return CVY_OK;
    if (!cvyi_dtype_is_float(first) && op->rows == NULL && op->bound != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "called on whole numbers (%s)",
                         cvy_dtype_name(first));
    for (int i = at + 1; i < n_in; i++)
        if (graph->results[in[i]].type.dtype != first)
            return cvyi_fail(err, CVY_UNSUPPORTED, "called on %s and %s",
                             cvy_dtype_name(first),
                             cvy_dtype_name(graph->results[in[i]].type.dtype));
    if (host->autocast != CVY_F32 && op->rows == NULL &&
        first != host->autocast)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "called on %s under torch.autocast of %s",
                         cvy_dtype_name(first),
                         cvy_dtype_name(host->autocast));
    for (int s = 0; s < CVYI_MAX_SLOTS && op->rows == NULL; s++) {
        const cvy_dtype stored =
            params[s] >= 0 ? graph->params[params[s]].stored.dtype : first;

        if (stored != first &&
            (host->autocast == CVY_F32 || stored != CVY_F32))
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "its weights are %s, it is called on %s",
                             cvy_dtype_name(stored), cvy_dtype_name(first));
    }
    return CVY_OK;
}
