/*
 * read/python/tf/variable.c - variables, and the numbers they begin with.
 *
 * tf.Variable is an operation: its name is inside the name scope, and taken
 * names get a number. tf.get_variable is inside the variable scope alone; a
 * name is one variable, asked for again under reuse.
 */
#include "read/python/tf/host.h"

#include <string.h>

/* ---- starts ---- */

cvy_status cvyi_tf_make_start(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_tf_start *start, cvy_error *err)
{
    cvyi_tf_start *const kept =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = *start;
    kept->input = -1;
    *out = cvyi_py_host_value(&cvyi_tf_start_type, kept);
    return CVY_OK;
}

static cvy_status start_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_shape *shape, cvy_error *err)
{
    cvyi_size dims[CVYI_MAX_DIMS];

    for (int i = 0; i < shape->rank; i++)
        dims[i] =
            cvyi_size_of(&cvyi_tf_of(eval)->trace->sizes, shape->dims[i]);
    return cvyi_tf_make_shape(out, eval, shape->rank, dims, err);
}

cvy_status cvyi_tf_literal_input(int *out, cvyi_py_eval *eval,
                                 cvyi_tf_start *start, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_type type = { .dtype = CVY_F32, .rank = start->shape.rank };
    const char *name;

    *out = start->input;
    if (start->input >= 0)
        return CVY_OK;
    /* The first axis is the batch, of which a script writes one size. */
    for (int i = 0; i < type.rank; i++) {
        type.dims[i] =
            start->open != NULL ? start->open[i]
            : i == 0            ? cvyi_size_symbol(&host->trace->sizes, "N")
                     : cvyi_size_of(&host->trace->sizes, start->shape.dims[i]);
        if (type.dims[i] == NULL)
            return cvyi_no_memory(err);
    }
    name = cvyi_tf_unique(host, start->said != NULL ? start->said : "input");
    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(
        cvyi_graph_add_input(&start->input, host->trace, name, &type, err));
    *out = start->input;
    return cvyi_tf_remark(eval, err,
                          "random numbers that only feed the network are its "
                          "input %s",
                          name);
}

/* ---- as operands ---- */

static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    return cvyi_tf_binary(out, eval, op, left, right, err);
}

static cvy_status start_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err);
static cvy_status variable_get(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, const char *name,
                               cvy_error *err);

const cvyi_py_host_type cvyi_tf_start_type = {
    .name = "a tensor of constants",
    .get = start_get,
    .binary = binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

const cvyi_py_host_type cvyi_tf_variable_type = {
    .name = "a variable",
    .get = variable_get,
    .binary = binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

/* x.get_shape() of what has a shape of numbers. */
typedef struct method {
    const char *name;
    const cvyi_shape *shape;
    cvyi_py_value self;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    (void)args;
    if (strcmp(m->name, "get_shape") == 0)
        return start_shape(out, eval, m->shape, err);
    *out = m->self; /* its value, or what it began with */
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a tensor",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const cvyi_shape *shape,
                      const char *name, cvy_error *err)
{
    static const char *const same[] = { "get_shape", "value", "read_value",
                                        "initialized_value" };
    method *m;

    if (strcmp(name, "shape") == 0)
        return start_shape(out, eval, shape, err);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (strcmp(same[i], name) != 0)
            continue;
        m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
        if (m == NULL)
            return cvyi_no_memory(err);
        *m = (method){ name, shape, *self };
        *out = cvyi_py_host_value(&method_type, m);
        return CVY_OK;
    }
    return cvyi_py_make_opaque(out, eval, err, "%s of %s", name,
                               self->host.type->name);
}

static cvy_status start_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const cvyi_tf_start *const start = self->host.data;

    if (start->open != NULL && strcmp(name, "shape") == 0)
        return cvyi_tf_make_shape(out, eval, start->shape.rank, start->open,
                                  err);
    if (start->open != NULL)
        return cvyi_py_refuse(eval, err, "%s of random numbers", name);
    return get(out, eval, self, &start->shape, name, err);
}

static cvy_status variable_get(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, const char *name,
                               cvy_error *err)
{
    const cvyi_tf_variable *const v = self->host.data;
    const char *text;

    if (strcmp(name, "name") != 0)
        return get(out, eval, self, &v->shape, name, err);
    text = cvyi_arena_printf(cvyi_py_arena(eval), "%s:0", v->name);
    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_py_make_text(out, eval, text, strlen(text), err);
}

/* ---- making variables ---- */

const cvyi_value *cvyi_tf_regulariser(const cvyi_py_value *value)
{
    if (value == NULL || value->type == CVYI_PY_V_NONE)
        return NULL;
    return value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_object_type
               ? value->host.data
               : &cvyi_tf_unknown;
}

const cvyi_value cvyi_tf_unknown = { .kind = CVYI_TEXT, .text = "unknown" };

static cvy_status add(cvyi_tf_variable **out, cvyi_py_eval *eval,
                      const cvyi_tf_variable *variable, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_variable *const kept =
        cvyi_arena_alloc(host->arena, 1, sizeof *kept);
    cvyi_tf_variable **const all =
        cvyi_arena_grow(host->arena, host->variables, host->n_variables,
                        &host->variables_capacity, sizeof *all);

    enum { LONGEST = 1000, MOST = 100000 };

    if (kept == NULL || all == NULL || variable->name == NULL)
        return cvyi_no_memory(err);
    if (strlen(variable->name) > LONGEST || host->n_variables >= MOST)
        return cvyi_py_refuse(eval, err,
                              strlen(variable->name) > LONGEST
                                  ? "the name of a variable is too long"
                                  : "there are too many variables");
    *kept = *variable;
    kept->file = cvyi_tf_file_now(eval);
    kept->line = cvyi_py_line_now(eval);
    kept->created = host->n_variables;
    host->variables = all;
    all[host->n_variables++] = kept;
    *out = kept;
    return CVY_OK;
}

static bool is_taken(const cvyi_tf_host *host, const char *name)
{
    for (int i = 0; i < host->n_variables; i++)
        if (strcmp(host->variables[i]->name, name) == 0)
            return true;
    return false;
}

cvy_status cvyi_tf_variable_make(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                 const cvyi_tf_variable *like, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_variable made = *like;

    for (int i = 1; made.name != NULL && is_taken(host, made.name); i++)
        made.name = cvyi_arena_printf(host->arena, "%s_%d", like->name, i);
    return add(out, eval, &made, err);
}

cvy_status cvyi_tf_variable_take(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                 const char *name, const cvyi_shape *shape,
                                 const cvyi_value *initialiser, bool trainable,
                                 cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_tf_scope *const scope = host->scope;
    cvyi_tf_variable made = { .shape = *shape,
                              .initialiser = initialiser,
                              .trainable = trainable };

    for (int i = 0; i < host->n_variables; i++) {
        cvyi_tf_variable *const old = host->variables[i];

        if (strcmp(old->name, name) != 0)
            continue;
        if (!scope->reuse && !scope->reuse_or_make)
            return cvyi_py_refuse(eval, err,
                                  "the variable %s exists already, and reuse "
                                  "is not on",
                                  name);
        if (old->shape.rank != shape->rank ||
            memcmp(old->shape.dims, shape->dims,
                   (size_t)shape->rank * sizeof *shape->dims) != 0)
            return cvyi_py_refuse(eval, err,
                                  "the variable %s has another shape", name);
        *out = old;
        return CVY_OK;
    }
    if (scope->reuse && !scope->reuse_or_make)
        return cvyi_py_refuse(
            eval, err, "reuse is on, and there is no variable %s", name);
    made.name = name;
    return add(out, eval, &made, err);
}

static cvy_status known_shape(cvyi_shape *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, const char *of,
                              cvy_error *err)
{
    cvyi_size dims[CVYI_MAX_DIMS];
    int rank;

    CVYI_TRY(cvyi_tf_read_shape(&rank, dims, eval, value, err));
    out->rank = rank < 0 ? 0 : rank;
    for (int i = 0; i < out->rank; i++)
        if (dims[i] == NULL || !cvyi_size_constant(&out->dims[i], dims[i]) ||
            out->dims[i] < 1)
            return cvyi_py_refuse(eval, err,
                                  "size %d of %s is not a number that is "
                                  "known",
                                  i, of);
    return CVY_OK;
}

static bool is_start(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == &cvyi_tf_start_type;
}

/* What tf.Variable(…) begins with. */
static cvy_status initial(cvyi_tf_variable *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value made;

    if (value == NULL)
        return cvyi_py_refuse(eval, err, "a variable without a value");
    if (!is_start(value)) { /* a number, a list, an array */
        const cvyi_py_call_args args = { .n = 1, .values = value };
        const cvyi_call_name constant = { .dotted = "tf.constant" };
        bool known;

        CVYI_TRY(cvyi_tf_made(&made, &known, eval, &constant, &args, err));
        if (!is_start(&made))
            return cvyi_py_refuse(eval, err, "a variable that begins with %s",
                                  cvyi_py_describe(eval, value));
        value = &made;
    }
    const cvyi_tf_start *const start = value->host.data;

    if (start->open != NULL)
        return cvyi_py_refuse(eval, err,
                              "a variable of a shape that is not known");
    out->shape = start->shape;
    out->initialiser = start->initialiser;
    out->numbers = start->numbers;
    return CVY_OK;
}

static bool is_true(const cvyi_py_value *value, bool fallback)
{
    return value != NULL && value->type == CVYI_PY_V_BOOL ? value->truth
                                                          : fallback;
}

cvy_status cvyi_tf_variable_new(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 4, "name"));
    cvyi_tf_variable v = { 0 }, *made;

    CVYI_TRY(initial(&v, eval, cvyi_tf_arg(args, 0, "initial_value"), err));
    v.name =
        cvyi_tf_unique(cvyi_tf_of(eval), name != NULL ? name : "Variable");
    v.trainable = is_true(cvyi_tf_arg(args, 1, "trainable"), true);
    CVYI_TRY(add(&made, eval, &v, err));
    *out = cvyi_py_host_value(&cvyi_tf_variable_type, made);
    return CVY_OK;
}

static bool is_function(const cvyi_py_value *value)
{
    return value != NULL && (value->type == CVYI_PY_V_FUNCTION ||
                             value->type == CVYI_PY_V_METHOD);
}

static bool is_literal(const cvyi_py_value *value)
{
    return value != NULL &&
           (value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT ||
            value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE ||
            cvyi_python_array_of(value) != NULL);
}

/* An initialiser that is a function of the script: it is given the shape, and
 * what it names besides. */
static cvy_status call_initialiser(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *function,
                                   const cvyi_shape *shape, cvy_error *err)
{
    static const char *const known[] = { "dtype", "partition_info" };
    const char *keys[2];
    cvyi_py_value dims[CVYI_MAX_DIMS], list, values[2];
    cvyi_py_call_args args = {
        .n = 1, .values = &list, .keywords = keys, .keyword_values = values
    };
    int skip;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, function);

    for (int i = 0; i < shape->rank; i++)
        dims[i] = cvyi_py_int(shape->dims[i]);
    CVYI_TRY(
        cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST, dims, shape->rank, err));
    for (int k = 0; all != NULL && k < 2; k++)
        for (int i = skip; i < all->n_positional; i++)
            if (strcmp(all->positional[i].name, known[k]) == 0) {
                keys[args.n_keywords] = known[k];
                values[args.n_keywords++] = cvyi_py_none();
            }
    return cvyi_py_eval_call(out, eval, function, &args, err);
}

static int64_t count_of(const cvyi_shape *shape)
{
    int64_t n = 1;

    for (int i = 0; i < shape->rank; i++)
        n *= shape->dims[i];
    return n;
}

/* Its shape is the variable's, unless that is given and the numbers fill it. */
static cvy_status take_start(cvyi_tf_variable *out, cvyi_py_eval *eval,
                             const cvyi_py_value *start, const char *name,
                             cvy_error *err)
{
    const cvyi_shape given = out->shape;

    CVYI_TRY(initial(out, eval, start, err));
    if (given.rank == 0)
        return CVY_OK;
    if (count_of(&given) != count_of(&out->shape))
        return cvyi_py_refuse(eval, err,
                              "%s has %lld elements, and its initializer %lld",
                              name, (long long)count_of(&given),
                              (long long)count_of(&out->shape));
    out->shape = given;
    return CVY_OK;
}

cvy_status cvyi_tf_variable_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 0, "name"));
    const cvyi_py_value *const sized = cvyi_tf_arg(args, 1, "shape");
    const cvyi_py_value *given = cvyi_tf_arg(args, 3, "initializer");
    const char *const scope = host->scope->variables;
    const cvyi_value *initialiser = NULL;
    cvyi_tf_variable *made, like = { 0 };
    cvyi_py_value first;
    const char *whole;

    if (name == NULL)
        return cvyi_py_refuse(eval, err, "a variable without a name");
    if (sized == NULL && !is_start(given) && !is_literal(given))
        return cvyi_py_refuse(
            eval, err, "the variable %s has a shape that is not known", name);
    CVYI_TRY(known_shape(&like.shape, eval, sized, name, err));
    if (is_function(given)) {
        CVYI_TRY(call_initialiser(&first, eval, given, &like.shape, err));
        given = &first;
    }
    if (given != NULL && cvyi_py_opaque(given) != NULL)
        initialiser = &cvyi_tf_unknown;
    if (is_start(given) ||
        ((sized == NULL || given == &first) && is_literal(given)))
        CVYI_TRY(take_start(&like, eval, given, name, err));
    else if (initialiser == NULL)
        CVYI_TRY(cvyi_tf_config(&initialiser, eval, given, err));
    if (given == NULL || given->type == CVYI_PY_V_NONE)
        initialiser = host->scope->initialiser;
    if (initialiser == NULL && like.initialiser == NULL &&
        like.numbers == NULL)
        CVYI_TRY(cvyi_tf_make_config(&initialiser, eval, "GlorotUniform", NULL,
                                     0, NULL, 0, err));
    if (like.initialiser != NULL)
        initialiser = like.initialiser;
    whole = cvyi_arena_printf(host->arena, "%s%s%s", scope,
                              *scope != '\0' ? "/" : "", name);
    if (whole == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_variable_take(
        &made, eval, whole, &like.shape, initialiser,
        is_true(cvyi_tf_arg(args, 5, "trainable"), true), err));
    if (made->numbers == NULL)
        made->numbers = like.numbers;
    if (made->regulariser == NULL)
        made->regulariser =
            cvyi_tf_regulariser(cvyi_tf_arg(args, 4, "regularizer"));
    if (made->regulariser == NULL)
        made->regulariser = host->scope->regulariser;
    *out = cvyi_py_host_value(&cvyi_tf_variable_type, made);
    return CVY_OK;
}
