/* train/test_train.c - what a training section becomes in torch's words. */
#include "train/train.h"

#include "codec/json.h"

#include "check.h"

#include <string.h>

typedef struct written {
    cvyi_arena arena;
    cvyi_text code;
    cvyi_findings findings;
} written;

static written write_section(const char *json, cvyi_train_output output)
{
    written w = { 0 };
    const cvyi_value *training;
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_json_read(&training, &w.arena, json, strlen(json), &err),
             CVY_OK);
    CHECK_EQ(cvyi_train_torch(&w.code, training, &output,
                              &(cvyi_train_decays){ 0 }, &w.findings, &err),
             CVY_OK);
    return w;
}

static void close_written(written *w)
{
    cvyi_text_close(&w->code);
    cvyi_findings_close(&w->findings);
    cvyi_arena_close(&w->arena);
}

static bool remarks(const written *w, const char *words)
{
    for (int i = 0; i < w->findings.n; i++)
        if (strstr(w->findings.items[i].text, words) != NULL)
            return true;
    return false;
}

static const cvyi_train_output rows_of_classes = { .n = 1, .rank = 2 };

static void sections_become_two_functions(void)
{
    static const struct {
        const char *json, *code;
    } rows[] = {
        { "{\"loss\": \"mse\"}", "return nn.MSELoss()\n" },
        { "{\"loss\": \"mae\"}", "return nn.L1Loss()\n" },
        { "{\"optimizer\": \"sgd\"}",
          "return torch.optim.SGD(model.parameters(), lr=0.01)\n" },
        { "{\"optimizer\": {\"class_name\": \"SGD\", \"config\": "
          "{\"learning_rate\": 0.10000000149011612, \"momentum\": 0.0, "
          "\"nesterov\": true}}}",
          "SGD(model.parameters(), lr=0.1, nesterov=True)\n" },
        { "{\"optimizer\": {\"class_name\": \"Adam\", \"config\": "
          "{\"lr\": 9.5367431640625e-07}}}",
          "lr=9.5367431640625e-07, betas=(0.9, 0.999), eps=1e-07" },
        { "{\"optimizer_config\": {\"class_name\": \"Adam\", \"config\": "
          "{\"weight_decay\": 0.5}}}",
          "torch.optim.AdamW(" },
        { "{\"loss\": {\"class_name\": \"CategoricalCrossentropy\", "
          "\"config\": {\"from_logits\": true, \"label_smoothing\": 0.1}}}",
          "nn.CrossEntropyLoss(label_smoothing=0.1)\n" },
        { "{\"loss\": \"binary_crossentropy\"}",
          "class BinaryCrossEntropy(nn.Module):" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        written w = write_section(rows[i].json, rows_of_classes);

        if (strstr(cvyi_text_c(&w.code), rows[i].code) == NULL)
            CHECK_FAIL("row %zu: %s", i, cvyi_text_c(&w.code));
        close_written(&w);
    }
}

static void what_has_no_counterpart_is_a_remark(void)
{
    static const struct {
        const char *json;
        cvyi_train_output output;
        const char *words;
    } rows[] = {
        { "{\"loss\": \"log_cosh\"}",
          { .n = 1, .rank = 2 },
          "no counterpart" },
        { "{\"loss\": {\"a\": \"mse\"}}",
          { .n = 1, .rank = 2 },
          "of several parts has no counterpart" },
        { "{\"loss\": \"mse\"}", { .n = 2 }, "of several outputs" },
        { "{\"loss\": \"sparse_categorical_crossentropy\"}",
          { .n = 1, .rank = 3 },
          "classes on the last axis" },
        { "{\"loss\": {\"class_name\": \"MeanSquaredError\", \"config\": "
          "{\"reduction\": \"sum\"}}}",
          { .n = 1, .rank = 2 },
          "no mean over the batch" },
        { "{\"optimizer\": \"Ftrl\"}", { .n = 1, .rank = 2 }, "Ftrl has no" },
        { "{\"optimizer\": {\"class_name\": \"SGD\", \"config\": "
          "{\"learning_rate\": \"unknown\"}}}",
          { .n = 1, .rank = 2 },
          "the learning rate is not known" },
        { "{\"optimizer\": {\"class_name\": \"SGD\", \"config\": "
          "{\"weight_decay\": 0.1}}}",
          { .n = 1, .rank = 2 },
          "there is no make_optimizer" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        written w = write_section(rows[i].json, rows[i].output);

        if (!remarks(&w, rows[i].words))
            CHECK_FAIL("row %zu has no remark", i);
        CHECK_EQ(w.code.size, 0);
        close_written(&w);
    }
}

static void classes_may_stand_at_axis_1(void)
{
    written w = write_section(
        "{\"loss\": \"sparse_categorical_crossentropy\"}",
        (cvyi_train_output){ .n = 1, .rank = 4, .channels_first = true });

    CHECK(strstr(cvyi_text_c(&w.code), "def make_loss()") != NULL);
    CHECK_EQ(w.findings.n, 0);
    close_written(&w);
}

static void nothing_said_is_nothing_written(void)
{
    static const char *const rows[] = { "{}", "{\"metrics\": [\"accuracy\"]}",
                                        "{\"loss\": null}",
                                        "{\"optimizer\": 3}" };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        written w = write_section(rows[i], rows_of_classes);

        CHECK_EQ(w.code.size, 0);
        CHECK_EQ(w.findings.n, 0);
        close_written(&w);
    }
}

static const check_case cases[] = {
    { "sections become two functions", sections_become_two_functions },
    { "what has no counterpart is a remark",
      what_has_no_counterpart_is_a_remark },
    { "classes may stand at axis 1", classes_may_stand_at_axis_1 },
    { "nothing said is nothing written", nothing_said_is_nothing_written },
};

CHECK_MAIN(cases)
