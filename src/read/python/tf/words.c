/*
 * read/python/tf/words.c - calls of TensorFlow that words know.
 *
 * Tensors are numbered, the input first; the words say which of the variables
 * are weights of which slots. tf.layers make their own: those are asked for
 * by name in the layer's scope.
 *
 * What does not fit is opaque and no error: scripts compute losses and
 * accuracies beside the network, and only what the network needs counts.
 */
#include "read/python/tf/norm/norm.h"
#include "read/python/tf/wording.h"

#include "read/call_parts.h"
#include "read/steps.h"
#include "tensor/tensor.h"

#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- arguments ---- */

/* What the input is called where it is given by name. */
static const char *own_word(const cvyi_tf_wording *w, const char *key,
                            const cvyi_py_call_args *args)
{
    static const char *const older[][2] = { { "reduction_indices", "axis" },
                                            { "keep_dims", "keepdims" },
                                            { "squeeze_dims", "axis" },
                                            { "concat_dim", "axis" },
                                            { "dim", "axis" } };
    static const char *const words[] = { "input",  "inputs", "features",
                                         "value",  "tensor", "input_tensor",
                                         "logits", "images", "params",
                                         "a" };

    if (cvyi_call_has_parameter(w->spelling->signature, key))
        return key;
    for (size_t i = 0; i < sizeof older / sizeof *older; i++)
        if (strcmp(older[i][0], key) == 0 &&
            cvyi_call_has_parameter(w->spelling->signature, older[i][1]))
            return older[i][1];
    if (args->n > 0 || !cvyi_call_has_parameter(w->spelling->signature, "x"))
        return key;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0)
            return "x";
    return key;
}

/* Training and what belongs to it is the port's own mode. */
static bool mode_argument(cvyi_value *out, const char *key)
{
    if (strcmp(key, "training") != 0 && strcmp(key, "is_training") != 0)
        return false;
    *out = (cvyi_value){ .kind = CVYI_BOOL };
    return true;
}

/* A layer that is told that it trains is written as a layer, which is told by
 * model.train() and model.eval(). */
static cvy_status remark_mode(cvyi_tf_wording *w, const cvyi_py_value *value,
                              cvy_error *err)
{
    if (value->type != CVYI_PY_V_BOOL || !value->truth)
        return CVY_OK;
    return cvyi_tf_remark(w->eval, err,
                          "%s is told that it trains: the written layer does "
                          "so after model.train()",
                          w->dotted);
}

/* What holds weights while they are trained. */
static bool is_held(const char *key)
{
    return strstr(key, "_regularizer") != NULL ||
           strstr(key, "_constraint") != NULL;
}

static cvy_status keyword(cvyi_tf_wording *w, cvyi_value *items,
                          const char **keys, const cvyi_py_call_args *args,
                          int i, cvy_error *err)
{
    const char *const key = args->keywords[i];
    const cvyi_py_value *const value = &args->keyword_values[i];
    cvyi_py_value fixed;
    cvyi_value *const to = &items[w->keywords.n];
    const char *const word = own_word(w, key, args);

    if (strcmp(key, "name") == 0) {
        w->said = cvyi_tf_text(value);
        return CVY_OK;
    }
    if (cvyi_py_opaque(value) != NULL || strcmp(key, "reuse") == 0 ||
        strcmp(key, "seed") == 0)
        return CVY_OK; /* it says nothing about numbers */
    if (is_held(key) && cvyi_tf_is_own_function(value))
        return cvyi_tf_remark(w->eval, err,
                              "%s of %s is a function of the script: it is "
                              "left out of the training",
                              key, w->dotted);
    if (mode_argument(to, key))
        CVYI_TRY(remark_mode(w, value, err));
    else {
        CVYI_TRY(cvyi_tf_fixed(&fixed, w->eval, w->dotted, value, err));
        CVYI_TRY(cvyi_tf_plain(to, &w->operands, w->eval, &fixed, err));
    }
    keys[w->keywords.n++] = word;
    return CVY_OK;
}

cvy_status cvyi_tf_take_arguments(cvyi_tf_wording *w,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    cvyi_arena *const arena = w->host->arena;
    const size_t n = (size_t)(args->n + args->n_keywords) + 1;
    cvyi_value *const items = cvyi_arena_alloc(arena, n, sizeof *items);
    cvyi_value *const given = cvyi_arena_alloc(arena, n, sizeof *given);
    const char **const keys = cvyi_arena_alloc(arena, n, sizeof *keys);
    cvyi_py_value value;

    w->positional = cvyi_arena_alloc(arena, n, sizeof *w->positional);
    if (items == NULL || given == NULL || keys == NULL ||
        w->positional == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < args->n; i++) {
        CVYI_TRY(
            cvyi_tf_fixed(&value, w->eval, w->dotted, &args->values[i], err));
        CVYI_TRY(cvyi_tf_plain(&given[i], &w->operands, w->eval, &value, err));
        w->positional[i] = &given[i];
    }
    w->n_positional = args->n;
    w->keywords =
        (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(keyword(w, items, keys, args, i, err));
    return CVY_OK;
}

/* ---- the input first ---- */

static cvy_status renumber(cvyi_value *out, cvyi_tf_wording *w,
                           cvyi_tf_operand *to, int *n,
                           const cvyi_value *value, cvy_error *err)
{
    const bool list = value->kind == CVYI_LIST || value->kind == CVYI_DICT;
    cvyi_value *items;

    *out = *value;
    if (value->kind == CVYI_TENSOR) {
        to[*n] = w->operands.items[value->integer];
        out->integer = (*n)++;
        return CVY_OK;
    }
    if (!list || value->n == 0)
        return CVY_OK;
    items = cvyi_arena_alloc(w->host->arena, (size_t)value->n, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(renumber(&items[i], w, to, n, &value->items[i], err));
    out->items = items;
    return CVY_OK;
}

static bool is_tensor(const cvyi_tf_wording *w, const cvyi_value *value,
                      bool variable)
{
    return value->kind == CVYI_TENSOR &&
           (w->operands.items[value->integer].result < 0) == variable;
}

/* The argument that is the input: x, unless that is a variable and another
 * one is a tensor, as in scale * x. */
static int input_argument(const cvyi_tf_wording *w)
{
    const cvyi_value *const *const values = w->bound.values;
    int x = -1;

    /* tf.where(truth, x, y) */
    if (strcmp(w->bound.names[0], "condition") == 0)
        return 0;
    for (int i = 0; i < w->bound.n; i++)
        if (strcmp(w->bound.names[i], "x") == 0)
            x = i;
    for (int i = 0; x >= 0 && i < w->bound.n; i++)
        if (is_tensor(w, values[x], true) && is_tensor(w, values[i], false))
            return i;
    return x;
}

static cvy_status order_tensors(cvyi_tf_wording *w, cvy_error *err)
{
    const int first = input_argument(w);
    cvyi_arena *const arena = w->host->arena;
    const size_t room = (size_t)w->bound.n + 1;
    cvyi_value *const values = cvyi_arena_alloc(arena, room, sizeof *values);
    const cvyi_value **const list =
        cvyi_arena_alloc(arena, room, sizeof *list);
    cvyi_tf_operand *const to =
        cvyi_arena_alloc(arena, (size_t)w->operands.n + 1, sizeof *to);
    int n = 0;

    if (values == NULL || list == NULL || to == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < 2 * w->bound.n; k++) {
        const int i = k % w->bound.n;

        if ((i == first) != (k < w->bound.n))
            continue;
        CVYI_TRY(renumber(&values[i], w, to, &n, w->bound.values[i], err));
        list[i] = &values[i];
    }
    w->bound.values = list;
    w->operands.items = to;
    w->operands.n = n;
    return CVY_OK;
}

static cvy_status type_tensors(cvyi_tf_wording *w, cvy_error *err)
{
    cvyi_sizes *const pool = &w->host->trace->sizes;
    cvyi_type *const types = cvyi_arena_alloc(
        w->host->arena, (size_t)w->operands.n + 1, sizeof *types);
    bool *const weights = cvyi_arena_alloc(
        w->host->arena, (size_t)w->operands.n + 1, sizeof *weights);

    if (types == NULL || weights == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < w->operands.n; k++) {
        const cvyi_tf_operand *const o = &w->operands.items[k];

        weights[k] = o->result < 0;
        if (o->result >= 0) {
            types[k] = w->host->trace->results[o->result].type;
            continue;
        }
        types[k] =
            (cvyi_type){ .dtype = CVY_F32, .rank = o->variable->shape.rank };
        for (int i = 0; i < types[k].rank; i++) {
            types[k].dims[i] = cvyi_size_of(pool, o->variable->shape.dims[i]);
            if (types[k].dims[i] == NULL)
                return cvyi_no_memory(err);
        }
    }
    w->bound.in = types;
    w->bound.weights = weights;
    w->bound.n_in = w->operands.n;
    w->bound.arena = w->host->arena;
    w->bound.sizes = pool;
    return CVY_OK;
}

/* ---- weights ---- */

/* One parameter for a variable in one use of it. */
static cvy_status param_of(int *out, cvyi_tf_wording *w,
                           const cvyi_tf_variable *seen,
                           const cvyi_step_slot *slot, int n_spatial,
                           cvy_error *err)
{
    const cvyi_tf_variable *const v = seen->of != NULL ? seen->of : seen;
    cvyi_tf_host *const host = w->host;
    cvyi_param param = { .name = v->name,
                         .slot = slot->slot,
                         .trainable =
                             v->trainable && !slot->frozen && !w->frozen,
                         .created = v->created,
                         .initialiser = v->initialiser,
                         .regulariser = slot->regulariser,
                         .constraint = slot->constraint };
    const cvyi_tf_variable **params;

    CVYI_TRY(cvyi_layout_parse(&param.layout, slot->layout, n_spatial,
                               seen->shape.rank, seen->shape.dims, err));
    if (seen->of != NULL) {
        const cvyi_layout rest = param.layout;

        CVYI_TRY(cvyi_layout_then(&param.layout, &seen->view, &rest, err));
    }
    for (int p = 0; p < host->trace->n_params; p++)
        if (host->params[p] == v &&
            strcmp(host->trace->params[p].slot, slot->slot) == 0 &&
            memcmp(&host->trace->params[p].layout, &param.layout,
                   sizeof param.layout) == 0) {
            *out = p;
            return CVY_OK;
        }
    param.stored = cvyi_packed(NULL, CVY_F32, v->shape.rank, v->shape.dims);
    params = cvyi_arena_grow(host->arena, host->params, host->trace->n_params,
                             &host->params_capacity, sizeof *params);
    if (params == NULL)
        return cvyi_no_memory(err);
    host->params = params;
    params[host->trace->n_params] = v;
    return cvyi_graph_add_param(out, host->trace, &param, err);
}

static int64_t channels_of(const cvyi_tf_wording *w, const cvyi_step *step,
                           int result)
{
    const cvyi_type *const type = cvyi_tf_type(w->eval, result);
    int64_t n = 0;

    if (type->rank > 1)
        (void)cvyi_size_constant(
            &n,
            type->dims[step->axes == CVYI_AXES_FIRST ? 1 : type->rank - 1]);
    return n;
}

static cvy_status take_param(int *out, void *self, const cvyi_step *step,
                             const cvyi_step_slot *slot,
                             const cvyi_shape *want, int input, cvy_error *err)
{
    cvyi_tf_wording *const w = self;
    const int rank = cvyi_tf_type(w->eval, input)->rank;
    const int n_spatial = rank > 2 ? rank - 2 : 0;
    const char *const scope = w->host->scope->variables;
    cvyi_tf_variable *made;
    cvyi_shape shape = { 0 };
    const char *name = slot->source;

    if (slot->operand > 0)
        return param_of(out, w, w->operands.items[slot->operand].variable,
                        slot, n_spatial, err);
    CVYI_TRY(cvyi_call_stored(&shape, slot->layout, n_spatial, want,
                              channels_of(w, step, input), err));
    if (w->keras != NULL) {
        CVYI_TRY(cvyi_tf_keras_variable(&made, w->eval, w->keras, slot, &shape,
                                        err));
        return param_of(out, w, made, slot, n_spatial, err);
    }
    for (int i = 0; w->renames != NULL && w->renames[i] != NULL; i += 2)
        if (strcmp(w->renames[i], slot->source) == 0)
            name = w->renames[i + 1];
    name = cvyi_arena_printf(w->host->arena, "%s%s%s", scope,
                             *scope != '\0' ? "/" : "", name);
    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_variable_take(&made, w->eval, name, &shape,
                                   slot->initialiser != NULL
                                       ? slot->initialiser
                                       : w->host->scope->initialiser,
                                   !slot->frozen && !w->frozen, err));
    if (made->regulariser == NULL)
        made->regulariser = slot->regulariser != NULL
                                ? slot->regulariser
                                : w->host->scope->regulariser;
    return param_of(out, w, made, slot, n_spatial, err);
}

/* ---- calls ---- */

/* What the trace has grown by belongs to this call of the source. */
cvy_status cvyi_tf_note_calls(cvyi_tf_wording *w, cvy_error *err)
{
    cvyi_tf_host *const host = w->host;
    const int group = ++host->groups;
    const char *const last = cvyi_call_last(w->dotted);

    while (host->n_calls < host->trace->n_calls) {
        cvyi_tf_call *const all =
            cvyi_arena_grow(host->arena, host->calls, host->n_calls,
                            &host->calls_capacity, sizeof *all);
        bool folded;

        if (all == NULL)
            return cvyi_no_memory(err);
        host->calls = all;
        folded = cvyi_tf_folded(&host->trace->calls[host->n_calls]);
        all[host->n_calls++] =
            (cvyi_tf_call){ .word = folded ? "norm" : last,
                            .said = w->said,
                            .path = w->path,
                            .file = cvyi_tf_file_now(w->eval),
                            .line = cvyi_py_line_now(w->eval),
                            .group = group,
                            .keras = w->host->keras_call };
    }
    return CVY_OK;
}

cvy_status cvyi_tf_add_calls(int *result, cvyi_tf_wording *w, cvy_error *err)
{
    enum { MOST_CALLS = 20000 };
    int *const in = cvyi_arena_alloc(w->host->arena, (size_t)w->operands.n + 1,
                                     sizeof *in);
    cvyi_steps steps = { .arena = w->host->arena,
                         .graph = w->host->trace,
                         .phrase = &w->phrase,
                         .n_tensors = w->operands.n,
                         .in = in,
                         .param = take_param,
                         .self = w };
    cvy_status status, noted;

    if (in == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < w->operands.n; k++) {
        in[k] = w->operands.items[k].result;
        if (in[k] < 0 && !cvyi_steps_weight(&w->phrase, k))
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "the variable %s in this place of %s is not "
                             "carried over",
                             w->operands.items[k].variable->name, w->dotted);
        if (in[k] >= 0 && cvyi_steps_weight(&w->phrase, k))
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "a computed weight of %s is not carried over",
                             w->dotted);
    }
    if (w->host->trace->n_calls >= MOST_CALLS)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the script makes more than %d calls", MOST_CALLS);
    status = cvyi_steps_add(result, &steps, err);
    if (status == CVY_OK && *result >= 0)
        status = cvyi_tf_fold(result, w->host->trace, err);
    noted = cvyi_tf_note_calls(w, err);
    if (status == CVY_OK && noted == CVY_OK && *result < 0)
        *result = in[0];
    return status != CVY_OK ? status : noted;
}

static cvy_status bind_in(cvyi_tf_wording *w, const char *dialect,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    w->spelling = cvyi_spelling_find(dialect, w->dotted, &w->n_spatial);
    if (w->spelling == NULL || w->spelling->form != CVYI_FORM_FUNCTION)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s is not known", w->dotted);
    w->operands.n = 0;
    CVYI_TRY(cvyi_tf_take_arguments(w, args, err));
    return cvyi_bind(&w->bound, w->host->arena, w->spelling, w->n_spatial,
                     w->positional, w->n_positional, &w->keywords, err);
}

/* The scope of a layer that makes variables. */
static cvy_status enter_layer(cvyi_tf_wording *w,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const reuse = cvyi_tf_arg(args, -1, "reuse");
    const char *name = w->said;

    if (name == NULL)
        name = cvyi_tf_default_scope(w->host, cvyi_call_last(w->dotted));
    if (name == NULL || !cvyi_tf_enter(w->host, name))
        return cvyi_no_memory(err);
    if (w->said != NULL)
        w->said = w->host->scope->variables;
    if (reuse != NULL && reuse->type == CVYI_PY_V_BOOL && reuse->truth)
        w->host->scope->reuse = true;
    else if (reuse != NULL && reuse->type == CVYI_PY_V_HOST)
        w->host->scope->reuse_or_make = true;
    return CVY_OK;
}

/* What the words make of bound arguments. */
cvy_status cvyi_tf_make_phrase(cvyi_tf_wording *w, cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(type_tensors(w, err));
    if (w->operands.n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "%s is called on no tensor of the network",
                         w->dotted);
    if (w->operands.items[0].result < 0)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "%s of the variable %s: what is computed from "
                         "weights alone is not carried over; compute it once, "
                         "and make it the variable",
                         w->dotted, w->operands.items[0].variable->name);
    status = w->spelling->from_call(&w->phrase, &w->bound, err);
    if (status == CVY_UNSUPPORTED && w->phrase.refusal.reason != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s: %s", w->dotted,
                         w->phrase.refusal.reason);
    return status;
}

/* The phrase in one dialect; *bound false: it has no such arguments. */
static cvy_status phrase_in(bool *bound, cvyi_tf_wording *w,
                            const char *dialect, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    *bound = false;
    CVYI_TRY(bind_in(w, dialect, args, err));
    *bound = true;
    CVYI_TRY(order_tensors(w, err));
    return cvyi_tf_make_phrase(w, err);
}

static cvy_status make_phrase(cvyi_tf_wording *w,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_tf_dialect *const d = &w->host->dialect;
    const cvyi_tf_order orders[] = { cvyi_tf_order_of_tf(d),
                                     cvyi_tf_order_of_keras(d) };
    const cvyi_tf_wording fresh = *w;
    cvy_error why, first = { 0 };
    cvy_status status = CVY_OK;
    bool done = false, bound;

    for (int i = 0; i < 4; i++) {
        const cvyi_tf_order *const order = &orders[i / 2];
        const bool is_first = i % 2 == 0;
        cvyi_tf_wording next = fresh;

        if (done && (is_first || order->certain))
            break;
        why = (cvy_error){ 0 };
        const cvy_status now =
            phrase_in(&bound, &next, is_first ? order->first : order->second,
                      args, &why);

        if (now == CVY_MEMORY)
            return cvyi_no_memory(err);
        if (done && bound)
            return cvyi_tf_agree(w, &next, now, err);
        if (i == 0 || next.spelling != NULL) {
            first = why;
            status = now;
        }
        if (bound)
            *w = next;
        done = done || bound;
        if (done && status != CVY_OK)
            break;
    }
    return cvyi_tf_pass_on(err, &first, status);
}

static cvy_status run(int *result, cvyi_tf_wording *w,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *trained;
    cvy_status status;

    CVYI_TRY(make_phrase(w, args, err));
    if (!begins(w->dotted, "tf.layers."))
        return cvyi_tf_add_calls(result, w, err);
    trained = cvyi_tf_arg(args, -1, "trainable");
    w->frozen =
        trained != NULL && trained->type == CVYI_PY_V_BOOL && !trained->truth;
    CVYI_TRY(enter_layer(w, args, err));
    status = cvyi_tf_add_calls(result, w, err);
    cvyi_tf_leave(w->host);
    return status;
}

static bool is_function(const char *dotted)
{
    static const char *const dialects[] = { "tf1", "tf2", "keras3", "keras2" };
    const cvyi_spelling *found = NULL;
    int n;

    for (int i = 0; i < 4 && found == NULL; i++) {
        found = cvyi_spelling_find(dialects[i], dotted, &n);
        if (found != NULL && i > 1 && found->form != CVYI_FORM_FUNCTION)
            found = NULL;
    }
    return found != NULL;
}

cvy_status cvyi_tf_words(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);
    cvyi_tf_wording w = { .eval = eval,
                          .host = cvyi_tf_of(eval),
                          .dotted = dotted };
    cvy_error why = { 0 };
    cvy_status status;
    int result = -1;

    CVYI_TRY(cvyi_tf_activated(out, known, eval, dotted, args, err));
    if (!*known)
        CVYI_TRY(cvyi_tf_spread(out, known, eval, dotted, args, err));
    if (!*known)
        CVYI_TRY(cvyi_tf_view(out, known, eval, dotted, args, err));
    if (*known)
        return CVY_OK;
    *known = is_function(dotted);
    if (!*known)
        return CVY_OK;
    if (opaque != NULL) {
        *out = *opaque;
        return CVY_OK;
    }
    status = run(&result, &w, args, &why);
    if (status == CVY_OK)
        return cvyi_tf_make_tensor(out, eval, result, err);
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return cvyi_py_make_opaque(out, eval, err, "%s", why.text);
}
