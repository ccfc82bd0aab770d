/*
 * train/optimizer.c - optimisers of Keras, and those of TensorFlow 1 that
 * differ from them, in torch.optim's words.
 */
#include "train/train.h"

#include "pysrc/line.h"

#include <string.h>

typedef struct optimizer {
    const char *name;  /* Keras' class */
    const char *torch; /* behind torch.optim. */
    const char *given; /* a template of its arguments */
    const char *remark;
} optimizer;

#define EPSILON_INSIDE \
    "epsilon is added before the root in the source and after it in torch"

static const optimizer rows[] = {
    { "SGD", "SGD",
      "lr={learning_rate:0.01}[, momentum={momentum}]"
      "[, nesterov={nesterov}]",
      NULL },
    { "Adam", "Adam",
      "lr={learning_rate:0.001}, betas=({beta_1:0.9}, {beta_2:0.999}), "
      "eps={epsilon:1e-07}[, amsgrad={amsgrad}]",
      "epsilon is added before the correction of the bias in the source and "
      "after it in torch" },
    { "AdamW", "AdamW",
      "lr={learning_rate:0.001}, betas=({beta_1:0.9}, {beta_2:0.999}), "
      "eps={epsilon:1e-07}, weight_decay={weight_decay:0.004}"
      "[, amsgrad={amsgrad}]",
      "epsilon is added before the correction of the bias in the source and "
      "after it in torch" },
    { "RMSprop", "RMSprop",
      "lr={learning_rate:0.001}, alpha={rho:0.9}, eps={epsilon:1e-07}"
      "[, momentum={momentum}][, centered={centered}]",
      EPSILON_INSIDE },
    { "Adagrad", "Adagrad",
      "lr={learning_rate:0.001}, "
      "initial_accumulator_value={initial_accumulator_value:0.1}, "
      "eps={epsilon:1e-07}",
      EPSILON_INSIDE },
    { "Adadelta", "Adadelta",
      "lr={learning_rate:0.001}, rho={rho:0.95}, eps={epsilon:1e-07}", NULL },
    { "Adamax", "Adamax",
      "lr={learning_rate:0.001}, betas=({beta_1:0.9}, {beta_2:0.999}), "
      "eps={epsilon:1e-07}",
      "epsilon is added to the largest gradient in the source and to each one "
      "in torch" },
    { "Nadam", "NAdam",
      "lr={learning_rate:0.001}, betas=({beta_1:0.9}, {beta_2:0.999}), "
      "eps={epsilon:1e-07}, momentum_decay=1.0",
      NULL },
    /* tf.train's: its mean of squares begins with ones. */
    { "RMSPropOptimizer", "RMSprop",
      "lr={learning_rate}, alpha={rho:0.9}, eps={epsilon:1e-10}"
      "[, momentum={momentum}][, centered={centered}]",
      "the mean of squares begins with 1 in the source and with 0 in torch, "
      "and epsilon is added before the root in the source" },
    /* tf.train's has no epsilon at all. */
    { "AdagradOptimizer", "Adagrad",
      "lr={learning_rate}, "
      "initial_accumulator_value={initial_accumulator_value:0.1}, eps=0.0",
      NULL },
};

/* What a config may say and no row carries over. */
static const struct {
    const char *member, *advice;
} besides[] = {
    { "clipnorm", "call torch.nn.utils.clip_grad_norm_ for each parameter" },
    { "global_clipnorm", "call torch.nn.utils.clip_grad_norm_" },
    { "clipvalue", "call torch.nn.utils.clip_grad_value_" },
    { "use_ema", "keep averages with torch.optim.swa_utils.AveragedModel" },
    { "decay", "step a torch.optim.lr_scheduler" },
    { "gradient_accumulation_steps", "call step() once in so many batches" },
    { "loss_scale_factor", "scale the loss with torch.amp.GradScaler" },
};

static cvy_status remark(cvyi_findings *findings, const char *what,
                         const char *text, cvy_error *err)
{
    cvyi_text line = { 0 };
    cvy_status status;

    cvyi_text_printf(&line, "training: %s%s", what, text);
    status = cvyi_text_status(&line, err);
    if (status == CVY_OK)
        status = cvyi_remark(findings, "", cvyi_text_c(&line), err);
    cvyi_text_close(&line);
    return status;
}

static cvy_status remark_besides(const cvyi_value *config, const char *class_,
                                 cvyi_findings *findings, cvy_error *err)
{
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        cvyi_text line = { 0 };
        cvy_status status;

        if (!cvyi_train_says(config, besides[i].member))
            continue;
        cvyi_text_printf(&line, "%s of %.40s is not carried over; %s",
                         besides[i].member, class_, besides[i].advice);
        status = cvyi_text_status(&line, err);
        if (status == CVY_OK)
            status = remark(findings, "", cvyi_text_c(&line), err);
        cvyi_text_close(&line);
        if (status != CVY_OK)
            return status;
    }
    return CVY_OK;
}

static const optimizer *find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (cvyi_train_same(rows[i].name, name))
            return &rows[i];
    return NULL;
}

/* The first rate of a schedule; NULL if it says none. */
static const cvyi_value *first_rate(const cvyi_value *schedule)
{
    const cvyi_value *const config = cvyi_get(schedule, "config");
    const cvyi_value *const values = cvyi_get(config, "values");

    if (values != NULL && values->kind == CVYI_LIST && values->n > 0)
        return &values->items[0];
    return cvyi_get(config, "initial_learning_rate");
}

/* The config with a number for its rate; `keys` and `items` have room for one
 * member more. */
static cvyi_value with_rate(const cvyi_value *config, const char **keys,
                            cvyi_value *items, const cvyi_value *rate)
{
    int n = 0;

    for (int i = 0; config != NULL && i < config->n; i++) {
        if (strcmp(config->keys[i], "learning_rate") == 0)
            continue;
        keys[n] = config->keys[i];
        items[n++] = config->items[i];
    }
    if (rate != NULL) {
        keys[n] = "learning_rate";
        items[n++] = *rate;
    }
    return (
        cvyi_value){ .kind = CVYI_DICT, .n = n, .keys = keys, .items = items };
}

/* A rate that is no number is a schedule, or was not known: then *known is
 * false. */
static cvy_status find_rate(const cvyi_value **out, bool *known,
                            const cvyi_value *config, cvyi_findings *findings,
                            cvy_error *err)
{
    const cvyi_value *rate = cvyi_get(config, "learning_rate");
    const char *class_;
    const cvyi_value *ignored;
    double number;

    if (cvyi_is_none(rate))
        rate = cvyi_get(config, "lr"); /* of Keras before 2.3 */
    *out = rate;
    *known = true;
    if (cvyi_is_none(rate) || cvyi_as_double(&number, rate))
        return CVY_OK;
    class_ = cvyi_train_class(&ignored, rate);
    *out = first_rate(rate);
    *known = *out != NULL && cvyi_as_double(&number, *out);
    return remark(findings, class_ != NULL ? class_ : "a schedule",
                  *known ? ": make_optimizer has its first learning rate; "
                           "step a torch.optim.lr_scheduler for the others"
                         : ": the learning rate is not known: there is no "
                           "make_optimizer",
                  err);
}

/* Every optimiser of torch but AdamW adds weight_decay times the weight to its
 * gradient, which is what a sum of squares in the loss adds. */
static void put_decays(cvyi_text *out, const cvyi_train_decays *decays)
{
    cvyi_text line = { 0 };

    cvyi_text_put(&line, "decays = {");
    for (int i = 0; i < decays->n; i++) {
        cvyi_text_printf(&line, "%s\"%s\": ", i > 0 ? ", " : "",
                         decays->all[i].name);
        cvyi_train_number(&line, decays->all[i].value);
    }
    cvyi_text_put(&line, "}");
    cvyi_py_line(out, CVYI_PY_INDENT, cvyi_text_c(&line), "", NULL);
    cvyi_text_put(
        out, "    groups = [\n"
             "        {\"params\": [p], \"weight_decay\": decays.get(name, "
             "0.0)}\n"
             "        for name, p in model.named_parameters()\n"
             "    ]\n");
    out->bad = out->bad || line.bad;
    cvyi_text_close(&line);
}

static cvy_status put(cvyi_text *out, const optimizer *row,
                      const cvyi_value *config, const cvyi_value *rate,
                      const cvyi_train_decays *decays, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    const size_t n = (config != NULL ? (size_t)config->n : 0) + 1;
    const char **const keys = cvyi_arena_alloc(&arena, n, sizeof *keys);
    cvyi_value *const items = cvyi_arena_alloc(&arena, n, sizeof *items);
    cvyi_text line = { 0 };
    cvyi_value whole;

    if (keys != NULL && items != NULL) {
        whole = with_rate(config, keys, items, rate);
        cvyi_text_printf(&line, "return torch.optim.%s(%s, ", row->torch,
                         decays->n > 0 ? "groups" : "model.parameters()");
        cvyi_train_fill(&line, row->given, &whole);
        cvyi_text_put(&line, ")");
        cvyi_text_put(out, "\n\ndef make_optimizer(model: nn.Module) -> "
                           "torch.optim.Optimizer:\n"
                           "    \"\"\"Build the optimizer that the source "
                           "trains with.\"\"\"\n");
        if (decays->n > 0)
            put_decays(out, decays);
        cvyi_py_line(out, CVYI_PY_INDENT, cvyi_text_c(&line), "", NULL);
    }
    out->bad = out->bad || line.bad || keys == NULL || items == NULL;
    cvyi_text_close(&line);
    cvyi_arena_close(&arena);
    return cvyi_text_status(out, err);
}

/* With weight_decay Adam of Keras is its AdamW. */
static const optimizer *decayed(const optimizer *row, const cvyi_value *config)
{
    return strcmp(row->name, "Adam") == 0 &&
                   cvyi_train_says(config, "weight_decay")
               ? find("AdamW")
               : row;
}

cvy_status cvyi_train_optimizer(cvyi_text *out, const cvyi_value *optimizer_,
                                const cvyi_train_decays *decays,
                                cvyi_findings *findings, cvy_error *err)
{
    static const cvyi_train_decays none = { 0 };
    const cvyi_value *config;
    const char *const class_ = cvyi_train_class(&config, optimizer_);
    const optimizer *row = class_ != NULL ? find(class_) : NULL;
    const cvyi_value *rate;
    bool known;

    if (class_ == NULL)
        return CVY_OK;
    if (row == NULL)
        return remark(findings, class_,
                      " has no counterpart in torch.optim: there is no "
                      "make_optimizer",
                      err);
    row = decayed(row, config);
    if (strcmp(row->torch, "AdamW") != 0 &&
        cvyi_train_says(config, "weight_decay"))
        return remark(findings, class_,
                      " decays weights apart from gradients, which in torch "
                      "AdamW alone does: there is no make_optimizer",
                      err);
    CVYI_TRY(find_rate(&rate, &known, config, findings, err));
    if (!known)
        return CVY_OK;
    if (strcmp(row->torch, "AdamW") == 0 && decays->n > 0) {
        CVYI_TRY(remark(findings, "",
                        "the squares of weights that the source adds to its "
                        "loss are not carried over: AdamW decays apart from "
                        "gradients",
                        err));
        decays = &none;
    }
    CVYI_TRY(put(out, row, config, rate, decays, err));
    CVYI_TRY(remark_besides(config, class_, findings, err));
    return row->remark == NULL ? CVY_OK
                               : remark(findings, row->remark, "", err);
}
