/*
 * read/known.c - naming files that no reader takes.
 *
 * What a file is, codec/format.c tells. Here stands which kinds are models,
 * and what the owner of one can do today.
 */
#include "read/known.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char to_keras[] =
    "load it in Keras 3 and save it as a .keras file";
static const char from_torch[] =
    "PyTorch models as input come with a later version";

/* Kinds that are models; every other kind is none. */
static const struct {
    const char *format, *advice;
} models[] = {
    { "tflite", to_keras },
    { "savedmodel", to_keras },
    { "pt2", from_torch },
    { "torchscript", from_torch },
    { "pth", from_torch },
    { "oldpth", from_torch },
    { "onnx", "ONNX models as input come with a later version" },
    { "safetensors", "these are weights without a network: start from the "
                     "Keras model's .keras file" },
    { "checkpoint", "build the model in Keras 3, load these weights, save it "
                    "as .keras" },
};

/* NULL: no model at all. */
static const char *advice_for(const cvyi_format *format)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i].format, format->name) == 0)
            return models[i].advice;
    return NULL;
}

static cvy_status refuse(const char *what, const char *advice,
                         cvyi_findings *findings, cvy_error *err)
{
    char text[160];

    snprintf(text, sizeof text, "%s is not read yet", what);
    CVYI_TRY(cvyi_findings_add(findings,
                               (cvyi_finding){ .refusal = true,
                                               .kind = "unsupported",
                                               .text = text,
                                               .advice = advice },
                               err));
    return cvyi_fail(err, CVY_UNSUPPORTED, "%s; %s", text, advice);
}

cvy_status cvyi_known_refuse(const cvyi_format *format,
                             cvyi_findings *findings, cvy_error *err)
{
    const char *const advice = format != NULL ? advice_for(format) : NULL;

    if (format == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "not a model file of a kind that convey knows");
    if (advice == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "expected a model, this looks like %s",
                            format->what);
    return refuse(format->what, advice, findings, err);
}

static bool holds(const char *folder, const char *name, bool *bad)
{
    cvyi_text path = { 0 };
    struct stat about;
    bool found;

    cvyi_text_printf(&path, "%s/%s", folder, name);
    *bad = *bad || path.bad;
    found = !path.bad && stat(cvyi_text_c(&path), &about) == 0;
    cvyi_text_close(&path);
    return found;
}

cvy_status cvyi_known_folder(const char *path, cvyi_findings *findings,
                             cvy_error *err)
{
    struct stat about;
    bool bad = false, saved;

    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return CVY_OK;
    saved = holds(path, "saved_model.pb", &bad);
    if (bad)
        return cvyi_no_memory(err);
    if (saved)
        return refuse("a TensorFlow SavedModel", to_keras, findings, err);
    return CVY_OK;
}
