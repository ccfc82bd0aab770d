/* read/python/call/name.c - names of the frameworks, before they are called. */
#include "read/python/call/host.h"
#include "read/python/std/import.h"

#include <math.h>
#include <string.h>

/* ---- one name for what has several ---- */

static const struct {
    const char *name, *becomes;
    unsigned marks;
} canon[] = {
    { "tensorflow", "tf", 0 },
    { "tf.compat.v1", "tf", CVYI_MARK_TF1 },
    { "tf.compat.v2", "tf", 0 },
    { "tf.keras", "keras", 0 },
    { "tf.python.keras", "keras", 0 },
    { "tf.layers", "tf.layers", CVYI_MARK_TF1 | CVYI_MARK_OLD },
    { "tf.contrib", "tf.contrib", CVYI_MARK_TF1 | CVYI_MARK_OLD },
    { "tf.placeholder", "tf.placeholder", CVYI_MARK_TF1 | CVYI_MARK_OLD },
    { "tf_keras", "keras", CVYI_MARK_KERAS2 },
    { "keras.api", "keras", 0 },
    { "keras.layers.experimental", "keras.layers", 0 },
    { "keras.layers.preprocessing", "keras.layers", 0 },
    { "keras.ops.nn", "keras.ops", 0 },
    { "keras.ops.numpy", "keras.ops", 0 },
    { "numpy", "np", 0 },
};

/* Names that stand for packages without an import line. */
static const struct {
    const char *name, *means;
} roots[] = {
    { "torch", "torch" },
    { "nn", "torch.nn" },
    { "F", "torch.nn.functional" },
    { "tf", "tf" },
    { "tensorflow", "tf" },
    { "tf_keras", "tf_keras" },
    { "keras", "keras" },
    { "layers", "keras.layers" },
    { "K", "keras.ops" },
    { "ops", "keras.ops" },
    { "activations", "keras.activations" },
    { "initializers", "keras.initializers" },
    { "regularizers", "keras.regularizers" },
    { "constraints", "keras.constraints" },
    { "np", "np" },
    { "numpy", "np" },
    { "math", "math" },
};

bool cvyi_call_is_below(const char *dotted, const char *package)
{
    const size_t n = strlen(package);

    return strncmp(dotted, package, n) == 0 && dotted[n] == '.';
}

const char *cvyi_call_last(const char *dotted)
{
    const char *const point = strrchr(dotted, '.');

    return point != NULL ? point + 1 : dotted;
}

/* `name` itself, where it is no other name for something. */
static const char *replace(unsigned *marks, const char *name)
{
    for (size_t i = 0; i < sizeof canon / sizeof *canon; i++)
        if (strcmp(canon[i].name, name) == 0) {
            *marks |= canon[i].marks;
            return canon[i].becomes;
        }
    return name;
}

static const char *extend(unsigned *marks, cvyi_arena *arena, const char *base,
                          const char *part, size_t n)
{
    const char *const made = cvyi_arena_printf(
        arena, "%s%s%.*s", base, *base != '\0' ? "." : "", (int)n, part);

    return made != NULL ? replace(marks, made) : NULL;
}

const char *cvyi_call_canonical(unsigned *marks, cvyi_arena *arena,
                                const char *dotted)
{
    const char *made = "";

    while (made != NULL && *dotted != '\0') {
        const size_t n = strcspn(dotted, ".");

        made = extend(marks, arena, made, dotted, n);
        dotted += n;
        dotted += *dotted == '.';
    }
    return made;
}

/* ---- imports ---- */

static cvy_status add_alias(cvyi_call_aliases *aliases, cvyi_arena *arena,
                            const char *name, const char *module,
                            const char *member, cvy_error *err)
{
    struct cvyi_call_alias *items = cvyi_arena_grow(
        arena, aliases->items, aliases->n, &aliases->capacity, sizeof *items);
    const char *const dotted =
        cvyi_arena_printf(arena, "%s%s%s", module, member != NULL ? "." : "",
                          member != NULL ? member : "");
    struct cvyi_call_alias alias = { .name = name };

    if (items == NULL || dotted == NULL)
        return cvyi_no_memory(err);
    aliases->items = items;
    alias.means.dotted =
        cvyi_call_canonical(&alias.means.marks, arena, dotted);
    if (alias.means.dotted == NULL)
        return cvyi_no_memory(err);
    items[aliases->n++] = alias;
    return CVY_OK;
}

static cvy_status import_module(cvyi_call_aliases *aliases, cvyi_arena *arena,
                                const cvyi_py_alias *alias, cvy_error *err)
{
    const size_t first = strcspn(alias->name, ".");
    const char *top;

    if (alias->asname != NULL)
        return add_alias(aliases, arena, alias->asname, alias->name, NULL,
                         err);
    top = cvyi_arena_text(arena, alias->name, first); /* import a.b binds a */
    if (top == NULL)
        return cvyi_no_memory(err);
    return add_alias(aliases, arena, top, top, NULL, err);
}

cvy_status cvyi_call_import(cvyi_call_aliases *aliases, cvyi_arena *arena,
                            const cvyi_py_node *node, cvy_error *err)
{
    for (int i = 0; i < node->import.n; i++) {
        const cvyi_py_alias *const alias = &node->import.aliases[i];

        if (node->kind == CVYI_PY_IMPORT) {
            CVYI_TRY(import_module(aliases, arena, alias, err));
            continue;
        }
        /* What a star brings are bare names, which are found anyway. */
        if (node->import.module == NULL || node->import.level > 0 ||
            strcmp(alias->name, "*") == 0)
            continue;
        CVYI_TRY(add_alias(aliases, arena,
                           alias->asname != NULL ? alias->asname : alias->name,
                           node->import.module, alias->name, err));
    }
    return CVY_OK;
}

/* ---- values ---- */

/* Constants that stand where a number is expected. */
static bool constant(cvyi_py_value *out, const char *dotted)
{
    static const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "torch.pi", 3.141592653589793 }, { "np.pi", 3.141592653589793 },
        { "torch.e", 2.718281828459045 },  { "np.e", 2.718281828459045 },
        { "torch.inf", HUGE_VAL },         { "np.inf", HUGE_VAL },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(dotted, numbers[i].name) == 0) {
            *out = cvyi_py_float(numbers[i].value);
            return true;
        }
    return false;
}

static cvy_status make_name(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, unsigned marks, cvy_error *err)
{
    cvyi_call_name *const name =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *name);

    if (name == NULL)
        return cvyi_no_memory(err);
    *name = (cvyi_call_name){ dotted, marks };
    *out = cvyi_py_host_value(&cvyi_call_name_type, name);
    return CVY_OK;
}

static cvy_status name_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    const cvyi_call_name *const base = self->host.data;
    unsigned marks = base->marks;
    /* In the list's arena: a name may become a value of the call. */
    const char *const dotted = extend(&marks, cvyi_call_host_of(eval)->arena,
                                      base->dotted, name, strlen(name));

    if (dotted == NULL)
        return cvyi_no_memory(err);
    if ((marks & CVYI_MARK_OLD) != 0)
        cvyi_call_host_of(eval)->old = true;
    if (constant(out, dotted))
        return CVY_OK;
    return make_name(out, eval, dotted, marks, err);
}

static cvy_status name_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_call_make(out, eval, self->host.data, false, NULL, args, err);
}

const cvyi_py_host_type cvyi_call_name_type = {
    .name = "a name of a framework",
    .get = name_get,
    .call = name_call,
};

static cvy_status make_free(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *base, const char *name, cvy_error *err)
{
    const char *const dotted =
        cvyi_arena_printf(cvyi_call_host_of(eval)->arena, "%s%s%s",
                          base != NULL ? base : "", base != NULL ? "." : "",
                          name);

    if (dotted == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&cvyi_call_free_type, (void *)dotted);
    return CVY_OK;
}

/* self.weight is a tensor of that name. */
static cvy_status free_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    return make_free(out, eval, self->host.data, name, err);
}

/* Conv2d(3, 16, 3), or x.flatten(1). */
static cvy_status free_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_call_host_of(eval)->arena;
    const char *const dotted = self->host.data;
    const char *const last = cvyi_call_last(dotted);
    cvyi_call_name name = { .dotted = dotted };
    cvyi_py_value tensor;
    char *base;
    int n_spatial;

    if (last == dotted)
        return cvyi_call_make(out, eval, &name, true, NULL, args, err);
    name.dotted = cvyi_arena_printf(arena, "torch.Tensor.%s", last);
    base = cvyi_arena_text(arena, dotted, (size_t)(last - dotted) - 1);
    if (name.dotted == NULL || base == NULL)
        return cvyi_no_memory(err);
    tensor = cvyi_py_host_value(&cvyi_call_free_type, base);
    if (cvyi_spelling_find("torch", name.dotted, &n_spatial) != NULL)
        return cvyi_call_make(out, eval, &name, false, &tensor, args, err);
    name.dotted = dotted;
    return cvyi_call_make(out, eval, &name, true, NULL, args, err);
}

const cvyi_py_host_type cvyi_call_free_type = {
    .name = "a tensor",
    .get = free_get,
    .call = free_call,
};

/* ---- names of a line ---- */

/* The package that a name of `n` bytes stands for; NULL: none. */
static const char *root(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (strlen(roots[i].name) == n && memcmp(roots[i].name, name, n) == 0)
            return roots[i].means;
    return NULL;
}

cvy_status cvyi_call_means(cvyi_call_name *out, cvyi_arena *arena,
                           const char *dotted, cvy_error *err)
{
    const size_t n = strcspn(dotted, ".");
    const char *const package = root(dotted, n);
    const char *const whole =
        package != NULL ? cvyi_arena_printf(arena, "%s%s", package, dotted + n)
                        : cvyi_arena_text(arena, dotted, strlen(dotted));

    *out = (cvyi_call_name){ 0 };
    if (whole != NULL)
        out->dotted = cvyi_call_canonical(&out->marks, arena, whole);
    return out->dotted != NULL ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_call_lookup(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, cvy_error *err)
{
    const cvyi_call_host *const host = cvyi_call_host_of(eval);
    cvyi_call_name means = { 0 };

    for (int i = 0; i < host->aliases->n; i++)
        if (strcmp(host->aliases->items[i].name, name) == 0)
            means = host->aliases->items[i].means; /* the last one wins */
    if (means.dotted == NULL)
        means.dotted = root(name, strlen(name));
    if (means.dotted == NULL)
        return make_free(out, eval, NULL, name, err);
    means.dotted =
        cvyi_call_canonical(&means.marks, host->arena, means.dotted);
    if (means.dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(means.dotted, "math") == 0 ||
        cvyi_call_is_below(means.dotted, "math")) {
        bool known;

        CVYI_TRY(cvyi_python_std(out, &known, eval, means.dotted, err));
        return known ? CVY_OK
                     : cvyi_py_refuse(eval, err, "%s is not followed",
                                      means.dotted);
    }
    if (constant(out, means.dotted))
        return CVY_OK;
    return make_name(out, eval, means.dotted, means.marks, err);
}
