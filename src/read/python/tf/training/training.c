/*
 * read/python/tf/training/training.c - what the script trains with: its
 * loss and its optimiser, as Keras' compile_config would say them.
 *
 * Both are carried over where a mean of one loss of what the network gives is
 * all that one optimiser minimises. Else a remark says what it was.
 */
#include "read/python/tf/training/training.h"

#include <string.h>

/* ---- losses ---- */

typedef struct loss {
    const char *name, *argument; /* what it compares with its labels */
    int at;
    const char *class_; /* Keras' loss of a mean of it, or NULL */
    bool logits, mean;  /* it is a mean already */
} loss;

static const loss losses[] = {
    { "tf.nn.softmax_cross_entropy_with_logits", "logits", -1,
      "CategoricalCrossentropy", true, false },
    { "tf.nn.sparse_softmax_cross_entropy_with_logits", "logits", -1,
      "SparseCategoricalCrossentropy", true, false },
    { "tf.nn.sigmoid_cross_entropy_with_logits", "logits", -1,
      "BinaryCrossentropy", true, false },
    { "tf.nn.weighted_cross_entropy_with_logits", "logits", 1, NULL, true,
      false },
    { "tf.losses.softmax_cross_entropy", "logits", 1,
      "CategoricalCrossentropy", true, true },
    { "tf.losses.sparse_softmax_cross_entropy", "logits", 1,
      "SparseCategoricalCrossentropy", true, true },
    { "tf.losses.sigmoid_cross_entropy", "logits", 1, "BinaryCrossentropy",
      true, true },
    { "tf.losses.mean_squared_error", "predictions", 1, "MeanSquaredError",
      false, true },
    { "tf.losses.absolute_difference", "predictions", 1, "MeanAbsoluteError",
      false, true },
    { "tf.losses.log_loss", "predictions", 1, NULL, false, true },
    { "tf.losses.huber_loss", "predictions", 1, "Huber", false, true },
    { "tf.losses.hinge_loss", "logits", 1, NULL, true, true },
};

/* tf.contrib.losses and slim.losses, whose first argument is what tf.losses
 * has second: *first. */
static const char *canonical(bool *first, cvyi_arena *arena,
                             const char *dotted)
{
    static const char *const old[] = { "tf.contrib.slim.losses",
                                       "tf.contrib.losses",
                                       "tf.contrib.slim.python.slim.losses" };

    *first = false;
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        if (cvyi_call_is_below(dotted, old[i])) {
            *first = true;
            return cvyi_arena_printf(arena, "tf.losses.%s",
                                     cvyi_call_last(dotted));
        }
    return dotted;
}

static const loss *find_loss(const char *dotted)
{
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (strcmp(losses[i].name, dotted) == 0)
            return &losses[i];
    return NULL;
}

/* Does the call say nothing but labels and what is compared? */
static bool is_plain(const loss *row, const cvyi_py_call_args *args)
{
    static const char *const plain[] = {
        "labels", "onehot_labels", "multi_class_labels",
        "name",   "scope",         "_sentinel"
    };

    for (int i = 0; i < args->n_keywords; i++) {
        const char *const key = args->keywords[i];
        bool known = strcmp(key, row->argument) == 0;

        for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
            known = known || strcmp(key, plain[k]) == 0;
        if (!known)
            return false;
    }
    return args->n <= 2;
}

static cvy_status take_loss(cvyi_py_value *out, cvyi_py_eval *eval,
                            const loss *row, bool first,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_value *const given =
        cvyi_tf_arg(args, first ? 0 : row->at, row->argument);
    const cvyi_py_value *const whole =
        given != NULL ? cvyi_tf_positions(given) : NULL;
    const cvyi_py_value *const value = whole != NULL ? whole : given;
    const cvyi_tf_loss made = { .name = row->name,
                                .class_ = row->class_,
                                .mean = row->mean,
                                .plain = is_plain(row, args) };

    CVYI_TRY(cvyi_tf_note_left(eval, row->name, err));
    if (value != NULL &&
        (cvyi_tf_result(value) >= 0 || cvyi_py_opaque(value) != NULL)) {
        host->logits = *value;
        host->loss = row->name;
        host->loss_file = cvyi_tf_file_now(eval);
        host->loss_line = cvyi_py_line_now(eval);
    }
    CVYI_TRY(cvyi_tf_make_loss(out, eval, made, err));
    return cvyi_call_is_below(row->name, "tf.losses")
               ? cvyi_tf_note_loss(eval, out, err)
               : CVY_OK;
}

/* ---- optimisers ---- */

/* Members of Keras' config, in the order of the arguments. */
static const struct {
    const char *name, *class_;
    struct {
        const char *argument, *member;
    } given[6];
    double epsilon; /* 0: it has none, or its words know it */
} optimizers[] = {
    { "tf.train.GradientDescentOptimizer",
      "SGD",
      { { "learning_rate", "learning_rate" } },
      0 },
    { "tf.train.MomentumOptimizer",
      "SGD",
      { { "learning_rate", "learning_rate" },
        { "momentum", "momentum" },
        { "use_locking", NULL },
        { "name", NULL },
        { "use_nesterov", "nesterov" } },
      0 },
    { "tf.train.AdamOptimizer",
      "Adam",
      { { "learning_rate", "learning_rate" },
        { "beta1", "beta_1" },
        { "beta2", "beta_2" },
        { "epsilon", "epsilon" } },
      1e-8 },
    { "tf.train.RMSPropOptimizer",
      "RMSPropOptimizer",
      { { "learning_rate", "learning_rate" },
        { "decay", "rho" },
        { "momentum", "momentum" },
        { "epsilon", "epsilon" },
        { "use_locking", NULL },
        { "centered", "centered" } },
      0 },
    { "tf.train.AdagradOptimizer",
      "AdagradOptimizer",
      { { "learning_rate", "learning_rate" },
        { "initial_accumulator_value", "initial_accumulator_value" } },
      0 },
    { "tf.train.AdadeltaOptimizer",
      "Adadelta",
      { { "learning_rate", "learning_rate" },
        { "rho", "rho" },
        { "epsilon", "epsilon" } },
      1e-8 },
};

/* A rate that falls, by its first value. */
static const char *const schedules[] = {
    "tf.train.exponential_decay", "tf.train.polynomial_decay",
    "tf.train.cosine_decay",      "tf.train.inverse_time_decay",
    "tf.train.natural_exp_decay",
};

bool cvyi_tf_trainer_config(cvyi_value *out, cvyi_arena *arena,
                            const char *name, const char *const *keys,
                            const cvyi_value *items, int n)
{
    static const char *const outer[] = { "class_name", "config" };
    const size_t room = (size_t)n + 1;
    cvyi_value *const whole = cvyi_arena_alloc(arena, 2, sizeof *whole);
    cvyi_value *const kept = cvyi_arena_alloc(arena, room, sizeof *kept);
    const char **const names = cvyi_arena_alloc(arena, room, sizeof *names);

    if (whole == NULL || kept == NULL || names == NULL)
        return false;
    for (int i = 0; i < n; i++) {
        kept[i] = items[i];
        names[i] = keys[i];
    }
    whole[0] = (cvyi_value){ .kind = CVYI_TEXT, .text = name };
    whole[1] = (cvyi_value){
        .kind = CVYI_DICT, .n = n, .items = kept, .keys = names
    };
    *out = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = whole, .keys = outer
    };
    return true;
}

bool cvyi_tf_trainer_number(cvyi_value *out, const cvyi_py_value *value)
{
    static const cvyi_value unknown = { .kind = CVYI_TEXT,
                                        .text = "a rate that is not known" };

    if (value->type == CVYI_PY_V_NONE)
        return false;
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_tf_trainer_type)
        *out = ((const cvyi_tf_trainer *)value->host.data)->config;
    else if (value->type == CVYI_PY_V_BOOL)
        *out = (cvyi_value){ .kind = CVYI_BOOL, .truth = value->truth };
    else if (value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT)
        *out = (cvyi_value){ .kind = CVYI_FLOAT,
                             .real = cvyi_tf_number(value, 0) };
    else
        *out = unknown;
    return true;
}

static cvy_status make_optimizer(cvyi_py_value *out, cvyi_py_eval *eval,
                                 size_t row, const cvyi_py_call_args *args,
                                 cvy_error *err)
{
    enum { MOST = 8 };
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    cvyi_tf_trainer *const made = cvyi_arena_alloc(arena, 1, sizeof *made);
    const char *keys[MOST];
    cvyi_value items[MOST];
    bool epsilon = false;
    int n = 0;

    for (int i = 0; i < 6 && optimizers[row].given[i].argument != NULL; i++) {
        const char *const member = optimizers[row].given[i].member;
        const cvyi_py_value *const value =
            cvyi_tf_arg(args, i, optimizers[row].given[i].argument);

        if (value == NULL || member == NULL ||
            !cvyi_tf_trainer_number(&items[n], value))
            continue;
        epsilon = epsilon || strcmp(member, "epsilon") == 0;
        keys[n++] = member;
    }
    if (optimizers[row].epsilon > 0 && !epsilon) {
        items[n] = (cvyi_value){ .kind = CVYI_FLOAT,
                                 .real = optimizers[row].epsilon };
        keys[n++] = "epsilon";
    }
    if (made == NULL ||
        !cvyi_tf_trainer_config(&made->config, arena, optimizers[row].class_,
                                keys, items, n))
        return cvyi_no_memory(err);
    made->name = optimizers[row].name;
    *out = cvyi_py_host_value(&cvyi_tf_trainer_type, made);
    return CVY_OK;
}

static cvy_status make_schedule(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *dotted,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    static const char *const key = "initial_learning_rate";
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    const cvyi_py_value *const rate = cvyi_tf_arg(args, 0, "learning_rate");
    cvyi_tf_trainer *const made = cvyi_arena_alloc(arena, 1, sizeof *made);
    cvyi_value first;
    double number;
    const bool known = rate != NULL && cvyi_tf_trainer_number(&first, rate) &&
                       cvyi_as_double(&number, &first);

    if (made == NULL || !cvyi_tf_trainer_config(&made->config, arena, dotted,
                                                &key, &first, known))
        return cvyi_no_memory(err);
    made->name = dotted;
    *out = cvyi_py_host_value(&cvyi_tf_trainer_type, made);
    return CVY_OK;
}

/* ---- what is minimised ---- */

typedef struct method {
    const char *name;
    const cvyi_tf_trainer *of;
} method;

/* `list` NULL: of all variables. */
static void minimise(cvyi_py_eval *eval, const cvyi_tf_trainer *of,
                     const cvyi_py_value *what, const cvyi_py_value *list)
{
    cvyi_tf_training *const t = &cvyi_tf_of(eval)->training;

    t->n_optimizers += t->optimizer != &of->config;
    t->optimizer = &of->config;
    t->optimizer_name = of->name;
    t->var_list = list != NULL ? *list : cvyi_py_none();
    t->minimized = what != NULL ? cvyi_tf_loss_of(what) : NULL;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    const bool whole = strcmp(m->name, "minimize") == 0;

    if (whole || strcmp(m->name, "compute_gradients") == 0)
        minimise(eval, m->of, cvyi_tf_arg(args, 0, "loss"),
                 cvyi_tf_arg(args, whole ? 2 : 1, "var_list"));
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s.%s trains", m->of->name,
                                 m->name));
    return cvyi_tf_beside(eval, out, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of an optimizer",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    method *const m = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *m);

    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ .name = name, .of = self->host.data };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

const cvyi_py_host_type cvyi_tf_trainer_type = {
    .name = "an optimizer",
    .get = get,
};

/* create_train_op(loss, optimizer) of slim and tf.contrib.training. */
static cvy_status train_op(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    const cvyi_py_value *const by = cvyi_tf_arg(args, 1, "optimizer");
    const cvyi_py_value *const clip =
        cvyi_tf_arg(args, -1, "clip_gradient_norm");

    *known = by != NULL && by->type == CVYI_PY_V_HOST &&
             by->host.type == &cvyi_tf_trainer_type;
    if (!*known)
        return CVY_OK;
    minimise(eval, by->host.data, cvyi_tf_arg(args, 0, "total_loss"),
             cvyi_tf_arg(args, -1, "variables_to_train"));
    if (clip != NULL && cvyi_tf_number(clip, 1) > 0)
        cvyi_tf_of(eval)->training.clips = "clip_gradient_norm";
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s trains", dotted));
    return cvyi_tf_beside(eval, out, err);
}

cvy_status cvyi_tf_training_call(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const char *dotted,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    bool first;
    const char *const name =
        canonical(&first, cvyi_tf_of(eval)->arena, dotted);
    const loss *const row = name != NULL ? find_loss(name) : NULL;

    *known = true;
    if (name == NULL)
        return cvyi_no_memory(err);
    if (row != NULL)
        return take_loss(out, eval, row, first, args, err);
    if (strcmp(cvyi_call_last(dotted), "create_train_op") == 0)
        return train_op(out, known, eval, dotted, args, err);
    if (cvyi_call_is_below(dotted, "keras.optimizers") ||
        cvyi_call_is_below(dotted, "keras.losses"))
        return cvyi_tf_keras_trainer(out, eval, dotted, args, err);
    for (size_t i = 0; i < sizeof optimizers / sizeof *optimizers; i++)
        if (strcmp(optimizers[i].name, dotted) == 0) {
            CVYI_TRY(cvyi_tf_note_left(eval, dotted, err));
            return make_optimizer(out, eval, i, args, err);
        }
    for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++)
        if (strcmp(schedules[i], dotted) == 0)
            return make_schedule(out, eval, dotted, args, err);
    return cvyi_tf_penalty_call(out, known, eval, name, args, err);
}

/* ---- the section ---- */

/* Why the loss cannot be said as one of the network's output; NULL: it can. */
static const char *fault(const cvyi_tf_host *host, int output)
{
    const cvyi_tf_loss *const made = host->training.minimized;

    if (made == NULL || !made->mean || made->name == NULL ||
        strcmp(made->name, host->loss) != 0)
        return "is not all that is minimised";
    if (made->class_ == NULL || !made->plain)
        return "has arguments or a meaning that is not carried over";
    if (cvyi_tf_result(&host->logits) != output)
        return "compares another tensor than the network gives; --entry "
               "names that one";
    return NULL;
}

static cvy_status loss_section(cvyi_value *out, cvyi_py_eval *eval, int output,
                               cvy_error *err)
{
    static const char *const key = "from_logits";
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const why = host->loss != NULL ? fault(host, output) : NULL;
    const loss *row;
    cvyi_value logits = { .kind = CVYI_BOOL };

    *out = (cvyi_value){ .kind = CVYI_NONE };
    if (host->loss == NULL)
        return CVY_OK;
    if (why != NULL)
        return cvyi_tf_remark(eval, err,
                              "training: %s %s: there is no make_loss",
                              host->loss, why);
    row = find_loss(host->loss);
    logits.truth = row->logits;
    host->training.carried[0] = row->name;
    return cvyi_tf_trainer_config(out, host->arena, row->class_, &key, &logits,
                                  1)
               ? CVY_OK
               : cvyi_no_memory(err);
}

/* Squares of weights are the optimiser's business: cut.c has them. */
static void note_terms(const cvyi_tf_loss *made)
{
    for (int i = 0; made != NULL && i < made->n_terms; i++)
        made->terms[i].of->penalty += made->terms[i].factor;
}

static cvy_status remark_clips(cvyi_py_eval *eval, cvy_error *err)
{
    const cvyi_tf_training *const t = &cvyi_tf_of(eval)->training;
    const char *const clips = t->clips;

    if (clips == NULL)
        return CVY_OK;
    return cvyi_tf_remark(
        eval, err,
        "training: %s changes gradients in the source, which is not carried "
        "over; call torch.nn.utils.%s before step()",
        clips,
        strcmp(clips, "tf.clip_by_value") == 0 ? "clip_grad_value_"
                                               : "clip_grad_norm_");
}

/* The others are frozen. */
static cvy_status train_some(cvyi_py_eval *eval, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_value *const list = &host->training.var_list;
    const bool known =
        list->type == CVYI_PY_V_LIST || list->type == CVYI_PY_V_TUPLE;
    bool all = known;

    if (list->type == CVYI_PY_V_NONE)
        return CVY_OK;
    for (int i = 0; known && i < list->seq->n; i++)
        all = all && list->seq->items[i].type == CVYI_PY_V_HOST &&
              list->seq->items[i].host.type == &cvyi_tf_variable_type;
    if (!all)
        return cvyi_tf_remark(eval, err,
                              "training: which variables %s trains (var_list) "
                              "is not known; the port trains all of them",
                              host->training.optimizer_name);
    for (int i = 0; i < host->n_variables; i++)
        host->variables[i]->untrained = true;
    for (int i = 0; i < list->seq->n; i++)
        ((cvyi_tf_variable *)list->seq->items[i].host.data)->untrained = false;
    return CVY_OK;
}

cvy_status cvyi_tf_training_section(const cvyi_value **out, cvyi_py_eval *eval,
                                    const cvyi_py_value *outputs,
                                    cvy_error *err)
{
    static const char *const keys[] = { "loss", "optimizer" };
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_training *const t = &host->training;
    cvyi_value *const items = cvyi_arena_alloc(host->arena, 2, sizeof *items);
    cvyi_value *const whole = cvyi_arena_alloc(host->arena, 1, sizeof *whole);
    const int output = cvyi_tf_result(outputs);

    *out = NULL;
    if (items == NULL || whole == NULL)
        return cvyi_no_memory(err);
    if (host->compiled.type != CVYI_PY_V_NONE)
        return cvyi_tf_compiled_section(out, eval, outputs, err);
    if (t->n_optimizers > 1)
        return cvyi_tf_remark(eval, err,
                              "training: the script has %d optimizers, of "
                              "which none is carried over",
                              t->n_optimizers);
    if (t->n_optimizers == 0 || output < 0)
        return CVY_OK;
    CVYI_TRY(train_some(eval, err));
    note_terms(t->minimized);
    CVYI_TRY(remark_clips(eval, err));
    CVYI_TRY(loss_section(&items[0], eval, output, err));
    items[1] = *t->optimizer;
    t->carried[1] = t->optimizer_name;
    *whole = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = items, .keys = keys
    };
    *out = whole;
    return CVY_OK;
}
