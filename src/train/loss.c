/* train/loss.c - losses of Keras in torch.nn's words. */
#include "train/train.h"

#include <string.h>

/* What Keras clips probabilities to. */
#define CLIPPED "output.clamp(1e-7, 1 - 1e-7)"

typedef struct loss {
    const char *names[4]; /* Keras' class, then its functions' names */
    const char *targets;  /* what is compared, for the docstring */
    bool classes;         /* an axis of the output holds classes */
    /* Templates of a module; NULL: there is none. Of probabilities (or plain
     * numbers) and, with from_logits, of logits. */
    const char *plain, *logits;
    const char *code; /* the class that `plain` needs, or NULL */
} loss;

static const loss rows[] = {
    { { "SparseCategoricalCrossentropy", "sparse_categorical_crossentropy" },
      "targets are indices of classes",
      true,
      "SparseCrossEntropy()",
      "nn.CrossEntropyLoss()",
      "class SparseCrossEntropy(nn.Module):\n"
      "    \"\"\"Cross-entropy of probabilities, clipped as Keras does; "
      "targets are indices.\"\"\"\n\n"
      "    def forward(self, output: Tensor, target: Tensor) -> Tensor:\n"
      "        return F.cross_entropy(torch.log(" CLIPPED "), target)\n" },
    { { "CategoricalCrossentropy", "categorical_crossentropy" },
      "targets are probabilities of classes",
      true,
      "CrossEntropy()",
      "nn.CrossEntropyLoss([label_smoothing={label_smoothing}])",
      "class CrossEntropy(nn.Module):\n"
      "    \"\"\"Cross-entropy of probabilities, clipped as Keras does.\"\"\""
      "\n\n"
      "    def forward(self, output: Tensor, target: Tensor) -> Tensor:\n"
      "        output = output / output.sum(dim=1, keepdim=True)\n"
      "        return -(target * torch.log(" CLIPPED
      ")).sum(dim=1).mean()\n" },
    { { "BinaryCrossentropy", "binary_crossentropy", "bce" },
      "targets are probabilities",
      false,
      "BinaryCrossEntropy()",
      "nn.BCEWithLogitsLoss()",
      "class BinaryCrossEntropy(nn.Module):\n"
      "    \"\"\"Binary cross-entropy of probabilities, clipped as Keras "
      "does.\"\"\"\n\n"
      "    def forward(self, output: Tensor, target: Tensor) -> Tensor:\n"
      "        return F.binary_cross_entropy(" CLIPPED ", target)\n" },
    { { "MeanSquaredError", "mean_squared_error", "mse" },
      "targets are what the network shall give",
      false,
      "nn.MSELoss()",
      NULL,
      NULL },
    { { "MeanAbsoluteError", "mean_absolute_error", "mae" },
      "targets are what the network shall give",
      false,
      "nn.L1Loss()",
      NULL,
      NULL },
    { { "Huber", "huber", "huber_loss" },
      "targets are what the network shall give",
      false,
      "nn.HuberLoss(delta={delta:1.0})",
      NULL,
      NULL },
    { { "Poisson", "poisson" },
      "targets are counts",
      false,
      "nn.PoissonNLLLoss(log_input=False, eps=1e-7)",
      NULL,
      NULL },
};

static cvy_status none(const char *name, const char *why,
                       cvyi_findings *findings, cvy_error *err)
{
    cvyi_text line = { 0 };
    cvy_status status;

    cvyi_text_printf(&line,
                     "training: the loss %.60s %s: there is no make_loss",
                     name, why);
    status = cvyi_text_status(&line, err);
    if (status == CVY_OK)
        status = cvyi_remark(findings, "", cvyi_text_c(&line), err);
    cvyi_text_close(&line);
    return status;
}

static const loss *find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < 4 && rows[i].names[k] != NULL; k++)
            if (cvyi_train_same(rows[i].names[k], name))
                return &rows[i];
    return NULL;
}

/* A mean over everything, which is what these classes do if nothing is said? */
static bool is_mean(const cvyi_value *config)
{
    static const char *const means[] = { "sum_over_batch_size", "auto",
                                         "mean" };
    const cvyi_value *const reduction = cvyi_get(config, "reduction");

    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        if (cvyi_is_text(reduction, means[i]))
            return true;
    return reduction == NULL;
}

/* Why the row cannot say this loss; NULL: it can. */
static const char *fault(const loss *row, const cvyi_value *config,
                         bool logits, const cvyi_train_output *output)
{
    double axis;

    if (output->n != 1)
        return "of several outputs is not carried over";
    if (logits && row->logits == NULL)
        return "of logits is not carried over";
    if (!is_mean(config))
        return "is no mean over the batch";
    if (cvyi_train_says(config, "label_smoothing") &&
        (!logits || strstr(row->logits, "label_smoothing") == NULL))
        return "has label_smoothing, which is not carried over";
    if (cvyi_train_says(config, "ignore_class"))
        return "has ignore_class, which is not carried over";
    if (cvyi_as_double(&axis, cvyi_get(config, "axis")) && axis != -1)
        return "has an axis of its own";
    if (row->classes && output->rank != 2 && !output->channels_first)
        return "compares classes on the last axis, where torch's have axis 1";
    return NULL;
}

cvy_status cvyi_train_loss(cvyi_text *out, const cvyi_value *loss_,
                           const cvyi_train_output *output,
                           cvyi_findings *findings, cvy_error *err)
{
    const cvyi_value *config;
    const char *const name = cvyi_train_class(&config, loss_);
    const loss *const row = name != NULL ? find(name) : NULL;
    const bool logits = cvyi_train_says(config, "from_logits");
    const char *why;

    if (cvyi_is_none(loss_))
        return CVY_OK;
    if (row == NULL)
        return none(name != NULL ? name : "of several parts",
                    "has no counterpart", findings, err);
    why = fault(row, config, logits, output);
    if (why != NULL)
        return none(name, why, findings, err);
    if (!logits && row->code != NULL)
        cvyi_text_printf(out, "\n\n%s", row->code);
    cvyi_text_printf(out,
                     "\n\ndef make_loss() -> nn.Module:\n"
                     "    \"\"\"Build the loss of the source; %s.\"\"\"\n"
                     "    return ",
                     row->targets);
    cvyi_train_fill(out, logits ? row->logits : row->plain, config);
    cvyi_text_put(out, "\n");
    return cvyi_text_status(out, err);
}
