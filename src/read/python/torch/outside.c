/*
 * read/python/torch/outside.c - names of torch in scripts: what they stand
 * for, and what is left out as no network.
 */
#include "read/python/torch/script.h"

#include "pysrc/eval_parts.h"

#include <ctype.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

#define AMONG(name, names) among(name, names, sizeof(names) / sizeof *(names))

static const char *last_of(const char *dotted)
{
    const char *const dot = strrchr(dotted, '.');

    return dot != NULL ? dot + 1 : dotted;
}

/* ---- names ---- */

const char *cvyi_torch_canonical(cvyi_arena *arena, const char *dotted)
{
    static const struct {
        const char *name, *now;
    } table[] = {
        { "torch.nn.parameter.Parameter", "torch.nn.Parameter" },
        { "torch.nn.functional.upsample", "torch.nn.functional.interpolate" },
        { "torch.nn.functional.dropout2d", "torch.nn.functional.dropout" },
        { "torch.nn.functional.dropout3d", "torch.nn.functional.dropout" },
    };
    static const char modules[] = "torch.nn.modules.";
    const char *const last = last_of(dotted);

    if (begins(dotted, modules) && isupper((unsigned char)*last))
        return cvyi_arena_printf(arena, "torch.nn.%s", last);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, dotted) == 0)
            return table[i].now;
    return dotted;
}

cvy_status cvyi_torch_name_get(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, const char *dotted,
                               const char *name, cvy_error *err)
{
    *known = true;
    if (strcmp(name, "__name__") == 0)
        return cvyi_py_make_text(out, eval, last_of(dotted),
                                 strlen(last_of(dotted)), err);
    if (strcmp(name, "__version__") == 0)
        return cvyi_py_make_text(out, eval, "2.0.0", 5, err);
    /* A device, a type: what a comparison asks. */
    *known = strcmp(dotted, "torch.device") == 0;
    return *known ? cvyi_py_make_opaque(out, eval, err, "%s of a device", name)
                  : CVY_OK;
}

cvy_status cvyi_torch_instance_of(bool *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self,
                                  const cvyi_py_value *value, cvy_error *err)
{
    const char *const dotted = self->host.data;
    const char *const last = last_of(dotted);
    const cvyi_torch_node *const node = cvyi_torch_node_of(value);
    const bool tensor = strcmp(dotted, "torch.Tensor") == 0;
    const char *class_;

    (void)eval;
    (void)err;
    *out = tensor && (cvyi_torch_result(value) >= 0 ||
                      cvyi_torch_weight_of(value) != NULL);
    if (strcmp(dotted, "torch.nn.Parameter") == 0)
        *out = cvyi_torch_weight_of(value) != NULL &&
               cvyi_torch_weight_of(value)->role == CVYI_TORCH_PARAMETER;
    if (node == NULL)
        return CVY_OK;
    if (strcmp(dotted, "torch.nn.Module") == 0) {
        *out = true;
        return CVY_OK;
    }
    class_ = node->class_name;
    if (value->type == CVYI_PY_V_INSTANCE)
        return CVY_OK; /* its bases were asked already */
    *out = strcmp(class_, last) == 0 ||
           (strcmp(last, "_BatchNorm") == 0 &&
            strstr(class_, "BatchNorm") != NULL) ||
           (strcmp(last, "_ConvNd") == 0 && begins(class_, "Conv")) ||
           (strcmp(last, "_ConvTransposeNd") == 0 &&
            begins(class_, "ConvTranspose"));
    return CVY_OK;
}

/* ---- what does nothing here: torch.no_grad() ---- */

static cvy_status nothing_call(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)err;
    *out = args->n == 1 ? args->values[0] : cvyi_py_none();
    return CVY_OK;
}

static cvy_status nothing_get(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self, const char *name,
                              cvy_error *err)
{
    static const cvyi_py_host_type method = { .name = "a method of nothing",
                                              .call = nothing_call };

    (void)self;
    if (strcmp(name, "__enter__") != 0 && strcmp(name, "__exit__") != 0)
        return cvyi_py_refuse(eval, err, "%s is not followed", name);
    *out = cvyi_py_host_value(&method, NULL);
    return CVY_OK;
}

static const cvyi_py_host_type nothing_type = {
    .name = "a block of torch",
    .get = nothing_get,
    .call = nothing_call,
};

/* ---- calls ---- */

static cvy_status parameter(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const data = cvyi_torch_arg(args, 0, "data");
    const cvyi_py_value *const trains =
        cvyi_torch_arg(args, 1, "requires_grad");
    const cvyi_torch_weight *const from =
        data != NULL ? cvyi_torch_weight_of(data) : NULL;
    const cvyi_shape unknown = { .rank = 0 };
    cvyi_torch_weight *made;

    CVYI_TRY(cvyi_torch_weight_new(
        &made, eval, from != NULL ? &from->shape : &unknown,
        (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT }, err));
    if (from != NULL) {
        made->fresh = from->fresh;
        made->numbers = from->numbers;
        made->doubt = from->doubt;
    } else {
        made->shape.rank = -1; /* nobody knows it */
        if (data != NULL && cvyi_py_opaque(data) != NULL)
            made->doubt = cvyi_py_opaque(data)->reason;
    }
    made->role = CVYI_TORCH_PARAMETER;
    made->frozen =
        trains != NULL && trains->type == CVYI_PY_V_BOOL && !trains->truth;
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}

/* torch.nn.init.normal_(w, 0, 0.02) */
static cvy_status init(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *dotted, const cvyi_py_call_args *args,
                       cvy_error *err)
{
    const cvyi_py_value *const first = cvyi_torch_arg(args, 0, "tensor");
    cvyi_torch_weight *const weight =
        first != NULL ? cvyi_torch_weight_of(first) : NULL;
    bool known;

    if (strcmp(last_of(dotted), "calculate_gain") == 0)
        return cvyi_py_make_opaque(out, eval, err, "a gain");
    if (weight == NULL)
        return cvyi_py_make_opaque(out, eval, err, "%s of what is not known",
                                   dotted);
    CVYI_TRY(
        cvyi_torch_init(&known, eval, last_of(dotted), weight, args, err));
    if (!known)
        weight->doubt = "it is filled by a function that is not known";
    *out = *first;
    return CVY_OK;
}

/* nn.Module.__init__(self), nn.Conv2d.forward(self, x) */
static cvy_status unbound(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *dotted, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const char *const last = last_of(dotted);
    cvyi_py_call_args rest = *args;
    cvyi_py_value base, method;
    const char *const class_ = cvyi_arena_text(cvyi_py_arena(eval), dotted,
                                               (size_t)(last - dotted) - 1);

    *known = (strcmp(last, "__init__") == 0 || strcmp(last, "forward") == 0) &&
             args->n > 0 && args->values[0].type == CVYI_PY_V_INSTANCE;
    if (!*known)
        return CVY_OK;
    if (class_ == NULL)
        return cvyi_no_memory(err);
    rest.n--;
    rest.values++;
    base =
        cvyi_py_host_value(&cvyi_torch_name_type, (void *)(uintptr_t)class_);
    CVYI_TRY(cvyi_torch_base_get(&method, eval, &base, &args->values[0], last,
                                 err));
    return cvyi_py_eval_call(out, eval, &method, &rest, err);
}

static cvy_status size_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value list;

    CVYI_TRY(cvyi_py_eval_list(&list, eval, &args->values[0], err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, list.seq->items,
                            list.seq->n, err);
}

/* checkpoint(function, x): function(x). */
static cvy_status checkpoint(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_call_args rest = { .n = args->n - 1,
                                     .values = args->values + 1 };

    return cvyi_py_eval_call(out, eval, &args->values[0], &rest, err);
}

/* What wraps a module or function and computes the same. */
static bool wraps(const char *dotted)
{
    static const char *const names[] = {
        "torch.nn.DataParallel",
        "torch.nn.parallel.DataParallel",
        "torch.nn.parallel.DistributedDataParallel",
        "torch.nn.DistributedDataParallel",
        "torch.jit.script",
        "torch.jit.trace",
        "torch.jit.export",
        "torch.jit.ignore",
        "torch.jit.unused",
        "torch.jit.script_method",
        "torch.compile",
        "torch.autograd.Variable",
    };

    return AMONG(dotted, names);
}

static bool is_block(const char *dotted)
{
    static const char *const names[] = {
        "torch.no_grad",           "torch.enable_grad",
        "torch.inference_mode",    "torch.set_grad_enabled",
        "torch.cuda.amp.autocast", "torch.autograd.no_grad",
    };

    return AMONG(dotted, names);
}

/* Asked before something is chosen by it. */
static bool is_no(const char *dotted)
{
    static const char *const names[] = {
        "torch.cuda.is_available",
        "torch.jit.is_scripting",
        "torch.jit.is_tracing",
        "torch.backends.mps.is_available",
        "torch.distributed.is_available",
        "torch.onnx.is_in_onnx_export",
        "torch.backends.cudnn.is_available",
    };

    return AMONG(dotted, names);
}

/* Left out with a remark. */
static bool is_left(const char *dotted)
{
    static const char *const packages[] = {
        "torch.optim", "torch.utils.data",  "torch.load",
        "torch.save",  "torch.hub",         "torch.utils.tensorboard",
        "torch.onnx",  "torch.distributed",
    };

    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        const size_t n = strlen(packages[i]);

        if (strncmp(dotted, packages[i], n) == 0 &&
            (dotted[n] == '\0' || dotted[n] == '.'))
            return true;
    }
    return false;
}

static cvy_status lose_norm(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    cvyi_torch_node *const node =
        args->n > 0 ? cvyi_torch_node_of(&args->values[0]) : NULL;

    if (node == NULL)
        return cvyi_py_make_opaque(out, eval, err, "%s is not read", dotted);
    node->unknown =
        cvyi_arena_printf(cvyi_py_arena(eval), "%s is not read", dotted);
    node->unknown_line = cvyi_py_line_now(eval);
    *out = args->values[0];
    return node->unknown != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* What is no tensor's: devices, modes, sizes. */
static cvy_status plain(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    *known = true;
    *out = cvyi_py_none();
    if (is_no(dotted)) {
        *out = cvyi_py_bool(false);
        return CVY_OK;
    }
    if (strcmp(dotted, "torch.cuda.device_count") == 0) {
        *out = cvyi_py_int(0);
        return CVY_OK;
    }
    if (strcmp(dotted, "torch.device") == 0) {
        *out = cvyi_py_host_value(&cvyi_torch_name_type, "torch.device");
        return CVY_OK;
    }
    if (is_block(dotted)) {
        *out = cvyi_py_host_value(&nothing_type, NULL);
        if (args->n == 1 && cvyi_py_opaque(&args->values[0]) == NULL &&
            args->values[0].type == CVYI_PY_V_FUNCTION)
            *out = args->values[0];
        return CVY_OK;
    }
    if (strcmp(dotted, "torch.Size") == 0 && args->n == 1)
        return size_of(out, eval, args, err);
    if (strcmp(dotted, "torch.is_tensor") == 0 && args->n == 1) {
        *out = cvyi_py_bool(cvyi_torch_result(&args->values[0]) >= 0);
        return CVY_OK;
    }
    if (begins(dotted, "torch.manual_seed") || begins(dotted, "torch.set_") ||
        begins(dotted, "torch.cuda.") || begins(dotted, "torch.backends."))
        return CVY_OK;
    if (wraps(dotted) && args->n > 0) {
        *out = args->values[0];
        return CVY_OK;
    }
    if (strcmp(dotted, "torch.utils.checkpoint.checkpoint") == 0 &&
        args->n > 0)
        return checkpoint(out, eval, args, err);
    *known = false;
    return CVY_OK;
}

cvy_status cvyi_torch_made(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    CVYI_TRY(unbound(out, known, eval, dotted, args, err));
    if (!*known)
        CVYI_TRY(plain(out, known, eval, dotted, args, err));
    if (*known)
        return CVY_OK;
    *known = true;
    if (strcmp(dotted, "torch.nn.Parameter") == 0)
        return parameter(out, eval, args, err);
    if (begins(dotted, "torch.nn.init."))
        return init(out, eval, dotted, args, err);
    if (strstr(dotted, "weight_norm") != NULL ||
        strstr(dotted, "spectral_norm") != NULL ||
        begins(dotted, "torch.nn.utils.parametrizations.") ||
        begins(dotted, "torch.nn.utils.prune."))
        return lose_norm(out, eval, dotted, args, err);
    if (begins(dotted, "torch.nn.utils.") || is_left(dotted)) {
        CVYI_TRY(cvyi_torch_leave(eval, dotted, err));
        return cvyi_py_make_opaque(out, eval, err, "%s is left out", dotted);
    }
    *known = false;
    if (begins(dotted, "torch.") && strchr(dotted + 6, '.') == NULL)
        CVYI_TRY(cvyi_torch_numbers(out, known, eval, dotted, args, err));
    if (!*known && !begins(dotted, "torch.nn.") &&
        cvyi_torch_of(eval)->tracing)
        CVYI_TRY(
            cvyi_torch_method(out, known, eval, last_of(dotted), args, err));
    return CVY_OK;
}

/* ---- modules: classes of torch.nn ---- */

static cvy_status make_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    cvyi_torch_node *const node =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *node);

    if (node == NULL)
        return cvyi_no_memory(err);
    *node = (cvyi_torch_node){ .kind = CVYI_TORCH_LEAF,
                               .class_name = last_of(dotted),
                               .line = cvyi_py_line_now(eval),
                               .module = -1 };
    node->spelling = cvyi_spelling_find("torch", dotted, &node->n_spatial);
    *out = cvyi_py_host_value(&cvyi_torch_node_type, node);
    return cvyi_torch_script_leaf(eval, node, out, dotted, args, err);
}

static bool container_of(cvyi_torch_kind *out, const char *dotted)
{
    *out = strcmp(dotted, "torch.nn.Sequential") == 0   ? CVYI_TORCH_SEQUENTIAL
           : strcmp(dotted, "torch.nn.ModuleList") == 0 ? CVYI_TORCH_LIST
           : strcmp(dotted, "torch.nn.ModuleDict") == 0 ? CVYI_TORCH_DICT
                                                        : CVYI_TORCH_LEAF;
    return *out != CVYI_TORCH_LEAF;
}

/* torch.nn.Conv2d, and not torch.nn.functional.relu. */
static bool is_class(const char *dotted)
{
    const char *const last = last_of(dotted);

    return begins(dotted, "torch.nn.") && last == dotted + 9 &&
           isupper((unsigned char)*last);
}

/* x of F.relu(input=x): words count it as the first. */
static cvy_status words(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    cvyi_py_value *const values =
        cvyi_arena_alloc(cvyi_py_arena(eval),
                         (size_t)(args->n + args->n_keywords) + 1,
                         sizeof *values);
    const char **const names = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)args->n_keywords + 1, sizeof *names);
    cvyi_py_call_args whole = { .n = 1,
                                .values = values,
                                .keywords = names,
                                .keyword_values = values + 1 };

    if (values == NULL || names == NULL)
        return cvyi_no_memory(err);
    if (args->n > 0 || (cvyi_torch_arg(args, -1, "input") == NULL &&
                        cvyi_torch_arg(args, -1, "tensors") == NULL))
        return cvyi_torch_function(out, eval, dotted, args, err);
    for (int i = 0; i < args->n_keywords; i++) {
        if (strcmp(args->keywords[i], "input") == 0 ||
            strcmp(args->keywords[i], "tensors") == 0) {
            values[0] = args->keyword_values[i];
            continue;
        }
        names[whole.n_keywords] = args->keywords[i];
        values[1 + whole.n_keywords++] = args->keyword_values[i];
    }
    return cvyi_torch_function(out, eval, dotted, &whole, err);
}

/* What a module keeps does not count as values. Its making counts as steps, of
 * which there are enough for some ten thousands. */
enum { STEPS_OF_A_MODULE = 400 };

cvy_status cvyi_torch_name_call(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const dotted = self->host.data;
    cvyi_torch_kind kind;
    bool known;

    CVYI_TRY(cvyi_torch_made(out, &known, eval, dotted, args, err));
    if (known)
        return CVY_OK;
    if (is_class(dotted))
        CVYI_TRY(cvyi_py_tick(eval, STEPS_OF_A_MODULE, err));
    if (container_of(&kind, dotted))
        return cvyi_torch_container(out, eval, kind, args, err);
    if (is_class(dotted))
        return make_leaf(out, eval, dotted, args, err);
    if (!cvyi_torch_of(eval)->tracing)
        return cvyi_py_make_opaque(out, eval, err, "%s outside of the network",
                                   dotted);
    return words(out, eval, dotted, args, err);
}

/* ---- imports ---- */

cvy_status cvyi_torch_script_import(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *dotted, cvy_error *err)
{
    bool known;

    if (strcmp(dotted, "torch") == 0 || begins(dotted, "torch.")) {
        const char *const name =
            cvyi_torch_canonical(cvyi_py_arena(eval), dotted);
        char *const kept = name != NULL ? cvyi_arena_text(cvyi_py_arena(eval),
                                                          name, strlen(name))
                                        : NULL;

        if (kept == NULL)
            return cvyi_no_memory(err);
        *out = cvyi_py_host_value(&cvyi_torch_name_type, kept);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "module %s is not read", dotted);
}
