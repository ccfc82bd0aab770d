/*
 * read/python/tf/training/keras.c - model.compile(…), and the optimisers and
 * losses that it is given.
 */
#include "read/python/tf/training/training.h"

#include <ctype.h>
#include <string.h>

enum { MOST = 24 };

/* Arguments by place, in Keras 2 and 3 alike. */
static const char *const *places_of(const char *class_)
{
    static const struct {
        const char *class_, *names[5];
    } rows[] = {
        { "SGD", { "learning_rate", "momentum", "nesterov" } },
        { "RMSprop", { "learning_rate", "rho", "momentum", "epsilon" } },
        { "Adagrad",
          { "learning_rate", "initial_accumulator_value", "epsilon" } },
        { "Adadelta", { "learning_rate", "rho", "epsilon" } },
        { "CategoricalCrossentropy", { "from_logits", "label_smoothing" } },
        { "BinaryCrossentropy", { "from_logits", "label_smoothing" } },
        { "SparseCategoricalCrossentropy", { "from_logits" } },
        { "Huber", { "delta" } },
        { "ExponentialDecay", { "initial_learning_rate" } },
        { "PolynomialDecay", { "initial_learning_rate" } },
        { "InverseTimeDecay", { "initial_learning_rate" } },
        { "CosineDecay", { "initial_learning_rate" } },
    };
    static const char *const adam[5] = { "learning_rate", "beta_1", "beta_2",
                                         "epsilon" };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].class_, class_) == 0)
            return rows[i].names;
    return adam;
}

/* Their rate without a word was another in other versions. */
static bool rate_differs(const char *class_)
{
    static const char *const names[] = { "adagrad", "adadelta", "adamax",
                                         "nadam" };
    char small[16] = "";

    for (size_t i = 0; i < sizeof small - 1 && class_[i] != '\0'; i++)
        small[i] = (char)tolower((unsigned char)class_[i]);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], small) == 0)
            return true;
    return false;
}

static const cvyi_value a_default = {
    .kind = CVYI_TEXT,
    .text = "a default that versions of Keras differ in"
};

typedef struct members {
    const char *keys[MOST];
    cvyi_value items[MOST];
    int n;
} members;

static void add(members *m, const char *key, const cvyi_py_value *value)
{
    if (strcmp(key, "name") == 0 || m->n >= MOST - 1)
        return;
    if (value->type == CVYI_PY_V_TEXT)
        m->items[m->n] =
            (cvyi_value){ .kind = CVYI_TEXT, .text = value->text };
    else if (!cvyi_tf_trainer_number(&m->items[m->n], value))
        return;
    m->keys[m->n++] = strcmp(key, "lr") == 0 ? "learning_rate" : key;
}

static bool has(const members *m, const char *key)
{
    bool found = false;

    for (int i = 0; i < m->n; i++)
        found = found || strcmp(m->keys[i], key) == 0;
    return found;
}

cvy_status cvyi_tf_keras_trainer(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const char *dotted,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    const char *const class_ = cvyi_call_last(dotted);
    const char *const *const places = places_of(class_);
    cvyi_tf_trainer *const made = cvyi_arena_alloc(arena, 1, sizeof *made);
    members m = { .n = 0 };

    for (int i = 0; i < args->n && i < 5 && places[i] != NULL; i++)
        add(&m, places[i], &args->values[i]);
    for (int i = 0; i < args->n_keywords; i++)
        add(&m, args->keywords[i], &args->keyword_values[i]);
    if (rate_differs(class_) && !has(&m, "learning_rate")) {
        m.keys[m.n] = "learning_rate";
        m.items[m.n++] = a_default;
    }
    if (made == NULL || !cvyi_tf_trainer_config(&made->config, arena, class_,
                                                m.keys, m.items, m.n))
        return cvyi_no_memory(err);
    made->name = dotted;
    *out = cvyi_py_host_value(&cvyi_tf_trainer_type, made);
    return CVY_OK;
}

/* ---- compile ---- */

/* "adam", keras.losses.mse, or one that was made; what else it may be is not
 * known. */
static cvy_status member(cvyi_value *out, cvyi_py_eval *eval,
                         const cvyi_py_value *value, cvy_error *err)
{
    static const char *const rate = "learning_rate";
    const cvyi_call_name *name;

    *out = (cvyi_value){ .kind = CVYI_NONE };
    if (value == NULL || value->type == CVYI_PY_V_NONE)
        return CVY_OK;
    *out = (cvyi_value){ .kind = CVYI_TEXT, .text = "that is not known" };
    if (value->type == CVYI_PY_V_TEXT) {
        out->text = value->text;
        if (rate_differs(value->text) &&
            !cvyi_tf_trainer_config(out, cvyi_tf_of(eval)->arena, value->text,
                                    &rate, &a_default, 1))
            return cvyi_no_memory(err);
    } else if (value->type == CVYI_PY_V_HOST &&
               value->host.type == &cvyi_tf_trainer_type) {
        *out = ((const cvyi_tf_trainer *)value->host.data)->config;
    } else if (value->type == CVYI_PY_V_HOST &&
               value->host.type == &cvyi_tf_name_type) {
        name = value->host.data;
        out->text = cvyi_call_last(name->dotted);
    }
    return CVY_OK;
}

cvy_status cvyi_tf_compiled_section(const cvyi_value **out, cvyi_py_eval *eval,
                                    const cvyi_py_value *outputs,
                                    cvy_error *err)
{
    static const char *const keys[] = { "loss", "optimizer" };
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(&host->compiled);
    cvyi_value *const items = cvyi_arena_alloc(host->arena, 2, sizeof *items);
    cvyi_value *const whole = cvyi_arena_alloc(host->arena, 1, sizeof *whole);
    cvyi_py_value given;

    *out = NULL;
    if (items == NULL || whole == NULL)
        return cvyi_no_memory(err);
    if (node == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_keras_outputs(&given, eval, &host->compiled, err));
    if (cvyi_tf_result(&given) != cvyi_tf_result(outputs))
        return CVY_OK;
    CVYI_TRY(
        member(&items[0], eval, cvyi_tf_arg(&node->compile, 1, "loss"), err));
    CVYI_TRY(member(&items[1], eval,
                    cvyi_tf_arg(&node->compile, 0, "optimizer"), err));
    *whole = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = items, .keys = keys
    };
    *out = whole;
    return CVY_OK;
}
