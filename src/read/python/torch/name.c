/* read/python/torch/name.c - names of torch, before anything is called. */
#include "read/python/torch/script.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    cvyi_torch_kind kind;
} containers[] = {
    { "torch.nn.Sequential", CVYI_TORCH_SEQUENTIAL },
    { "torch.nn.ModuleList", CVYI_TORCH_LIST },
    { "torch.nn.ModuleDict", CVYI_TORCH_DICT },
};

cvyi_torch_host *cvyi_torch_of(const cvyi_py_eval *eval)
{
    return cvyi_py_context(eval);
}

static const char *dotted_of(const cvyi_py_value *self)
{
    return self->host.data;
}

static cvy_status make_name(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, cvy_error *err)
{
    char *const kept =
        cvyi_arena_text(cvyi_py_arena(eval), dotted, strlen(dotted));

    if (kept == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&cvyi_torch_name_type, kept);
    return CVY_OK;
}

/* Constants that stand where a number is expected. */
static bool constant(cvyi_py_value *out, const char *dotted)
{
    static const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "torch.pi", 3.141592653589793 },
        { "torch.e", 2.718281828459045 },
        { "torch.inf", HUGE_VAL },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(dotted, numbers[i].name) == 0) {
            *out = cvyi_py_float(numbers[i].value);
            return true;
        }
    return false;
}

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const char *dotted =
        cvyi_arena_printf(cvyi_py_arena(eval), "%s.%s", dotted_of(self), name);

    if (dotted != NULL && cvyi_torch_script_of(eval) != NULL) {
        bool known;

        CVYI_TRY(cvyi_torch_name_get(out, &known, eval, dotted_of(self), name,
                                     err));
        if (known)
            return CVY_OK;
        dotted = cvyi_torch_canonical(cvyi_py_arena(eval), dotted);
    }
    if (dotted == NULL)
        return cvyi_no_memory(err);
    if (constant(out, dotted))
        return CVY_OK;
    *out =
        cvyi_py_host_value(&cvyi_torch_name_type, (void *)(uintptr_t)dotted);
    return CVY_OK;
}

/* torch.backends.cudnn.benchmark = True */
static cvy_status set(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err)
{
    (void)value;
    return cvyi_torch_script_of(eval) != NULL
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "%s.%s is set", dotted_of(self),
                                name);
}

/* type(m) == nn.Conv2d */
static cvy_status compare(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    const bool names = left->type == CVYI_PY_V_HOST &&
                       right->type == CVYI_PY_V_HOST &&
                       left->host.type == right->host.type;
    const bool eq = strcmp(op, "Eq") == 0;

    if (cvyi_torch_script_of(eval) == NULL ||
        (!eq && strcmp(op, "NotEq") != 0))
        return cvyi_py_refuse(eval, err, "names of torch are compared");
    *out = cvyi_py_bool(
        (names && strcmp(left->host.data, right->host.data) == 0) == eq);
    return CVY_OK;
}

static cvy_status instance_of(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_value *value, cvy_error *err)
{
    return cvyi_torch_script_of(eval) != NULL
               ? cvyi_torch_instance_of(out, eval, self, value, err)
               : cvyi_py_refuse(eval, err, "isinstance() of %s",
                                dotted_of(self));
}

/* torch.nn.Conv2d, and not torch.nn.functional.relu. */
static bool is_class(const char *dotted)
{
    const char *const last = strrchr(dotted, '.');

    return strncmp(dotted, "torch.nn.", 9) == 0 && last == dotted + 8 &&
           isupper((unsigned char)last[1]);
}

static cvy_status make_module(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_spelling *spelling;
    int n_spatial = 0;

    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (strcmp(dotted, containers[i].name) == 0)
            return cvyi_torch_container(out, eval, containers[i].kind, args,
                                        err);
    spelling = cvyi_spelling_find("torch", dotted, &n_spatial);
    if (spelling == NULL)
        return cvyi_py_refuse(eval, err, "%s is not read", dotted);
    return cvyi_torch_leaf(out, eval, spelling, n_spatial,
                           strrchr(dotted, '.') + 1, args, err);
}

static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const dotted = dotted_of(self);

    if (cvyi_torch_script_of(eval) != NULL)
        return cvyi_torch_name_call(out, eval, self, args, err);
    if (strcmp(dotted, "safetensors.torch.load_file") == 0)
        return cvyi_torch_load(out, eval, args, err);
    if (strcmp(dotted, "torch.load") == 0)
        return cvyi_torch_load_pth(out, eval, args, err);
    if (strcmp(dotted, "torch.nn.Module") == 0)
        return cvyi_py_refuse(eval, err, "a bare nn.Module computes nothing");
    if (strcmp(dotted, "torch.device") == 0)
        return make_name(out, eval, "torch.device", err);
    if (strcmp(dotted, "torch.autocast") == 0)
        return cvyi_torch_autocast(out, eval, args, err);
    if (is_class(dotted))
        return make_module(out, eval, dotted, args, err);
    return cvyi_torch_function(out, eval, dotted, args, err);
}

const cvyi_py_host_type cvyi_torch_name_type = {
    .name = "a name of torch",
    .get = get,
    .set = set,
    .call = call,
    .compare = compare,
    .instance_of = instance_of,
    .base_get = cvyi_torch_base_get,
    .base_set = cvyi_torch_base_set,
    .base_deletes = true,
    .base_call = cvyi_torch_base_call,
    .base_item = cvyi_torch_base_item,
    .base_iterate = cvyi_torch_base_iterate,
};

/* ---- classes that a written file brings along ---- */

static const cvyi_spelling *spelling_of(const cvyi_py_value *self)
{
    return self->host.data;
}

static cvy_status call_known(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_spelling *const spelling = spelling_of(self);

    return cvyi_torch_leaf(out, eval, spelling, 0, spelling->helper->name,
                           args, err);
}

static const cvyi_py_host_type known_class_type = {
    .name = "a class that convey writes",
    .call = call_known,
};

/* Bytes from the start of line `first` to the end of line `last`. */
static const char *lines_of(size_t *size, const cvyi_py_tree *tree, int first,
                            int last)
{
    const char *const end = tree->text + tree->size;
    const char *at = tree->text, *start;

    for (int line = 1; line < first && at < end; at++)
        line += *at == '\n';
    start = at;
    for (int line = first; line <= last && at < end; at++)
        line += *at == '\n';
    *size = (size_t)(at - start);
    return start;
}

cvy_status cvyi_torch_define(cvyi_py_value *out, bool *done,
                             cvyi_py_eval *eval, const cvyi_py_tree *tree,
                             const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_spelling *spelling;
    const char *text;
    size_t size;

    (void)eval;
    (void)err;
    text = lines_of(&size, tree, node->line, node->end_line);
    spelling = cvyi_spelling_find_helper("torch", node->def.name, text, size);
    *done = spelling != NULL;
    if (spelling != NULL)
        *out = cvyi_py_host_value(&known_class_type, (void *)spelling);
    return CVY_OK;
}

/* ---- imports ---- */

static bool begins(const char *dotted, const char *package)
{
    const size_t n = strlen(package);

    return strncmp(dotted, package, n) == 0 &&
           (dotted[n] == '\0' || dotted[n] == '.');
}

cvy_status cvyi_torch_import(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, cvy_error *err)
{
    bool known;

    if (begins(dotted, "torch") || begins(dotted, "safetensors"))
        return make_name(out, eval, dotted, err);
    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    if (known)
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "it imports %s, which is not followed",
                          dotted);
}
