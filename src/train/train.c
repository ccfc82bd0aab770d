/* train/train.c - templates, and both functions. */
#include "train/train.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cvyi_train_class(const cvyi_value **config,
                             const cvyi_value *value)
{
    *config = cvyi_get(value, "config");
    if (cvyi_as_text(value) != NULL)
        return cvyi_as_text(value);
    /* Functions of losses are configs with a name. */
    if (cvyi_is_text(cvyi_get(value, "class_name"), "function"))
        return cvyi_as_text(*config);
    return cvyi_as_text(cvyi_get(value, "class_name"));
}

bool cvyi_train_same(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++)
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    return *a == *b;
}

bool cvyi_train_says(const cvyi_value *config, const char *name)
{
    const cvyi_value *const value = cvyi_get(config, name);
    bool truth;
    double number;

    if (cvyi_is_none(value))
        return false;
    if (cvyi_as_bool(&truth, value))
        return truth;
    return !cvyi_as_double(&number, value) || number != 0;
}

/* Numbers of a config were float32 once: 0.001, not 0.0010000000474974513. */
void cvyi_train_number(cvyi_text *out, double value)
{
    enum { DIGITS = 6 }; /* that people write */
    char text[40];

    for (int n = 1; n <= DIGITS && (double)(float)value == value; n++) {
        snprintf(text, sizeof text, "%.*g", n, value);
        if ((double)strtof(text, NULL) != value)
            continue;
        cvyi_text_double(out, strtod(text, NULL));
        return;
    }
    cvyi_text_double(out, value);
}

static void put_member(cvyi_text *out, const char *name, size_t n,
                       const cvyi_value *config)
{
    const char *const colon = memchr(name, ':', n);
    const size_t length = colon != NULL ? (size_t)(colon - name) : n;
    const cvyi_value *value;
    char key[64];

    snprintf(key, sizeof key, "%.*s", (int)length, name);
    value = cvyi_get(config, key);
    if (value != NULL && value->kind == CVYI_FLOAT)
        cvyi_train_number(out, value->real);
    else if (!cvyi_is_none(value))
        cvyi_value_put(out, value, NULL, NULL);
    else if (colon != NULL)
        cvyi_text_add(out, colon + 1, n - length - 1);
}

void cvyi_train_fill(cvyi_text *out, const char *template_,
                     const cvyi_value *config)
{
    bool skip = false;

    for (const char *p = template_; *p != '\0'; p++) {
        const char *const brace = strchr(p, '{');
        const size_t n = *p == '{' ? strcspn(p, "}") : 0;

        if (*p == '[' && brace != NULL) {
            char key[64];

            snprintf(key, sizeof key, "%.*s", (int)strcspn(brace + 1, "}"),
                     brace + 1);
            skip = !cvyi_train_says(config, key);
        } else if (*p == ']') {
            skip = false;
        } else if (*p == '{') {
            if (!skip)
                put_member(out, p + 1, n - 1, config);
            p += n;
        } else if (!skip) {
            cvyi_text_add(out, p, 1);
        }
    }
}

cvy_status cvyi_train_torch(cvyi_text *out, const cvyi_value *training,
                            const cvyi_train_output *output,
                            const cvyi_train_decays *decays,
                            cvyi_findings *findings, cvy_error *err)
{
    const cvyi_value *optimizer = cvyi_get(training, "optimizer");

    if (optimizer == NULL) /* of .h5 files */
        optimizer = cvyi_get(training, "optimizer_config");
    CVYI_TRY(cvyi_train_loss(out, cvyi_get(training, "loss"), output, findings,
                             err));
    CVYI_TRY(cvyi_train_optimizer(out, optimizer, decays, findings, err));
    return cvyi_text_status(out, err);
}
