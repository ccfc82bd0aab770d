/* cli/explain.c - convey explain: one layer in the other framework's words. */
#include "cli/cli.h"
#include "convey/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct settings {
    cli_common common;
    const char *to, *from, *batch;
    cli_texts inputs;
} settings;

static const cli_option options[] = {
    { "to", 0, "torch|keras", "the target; the other world is the default",
      CLI_TEXT, offsetof(settings, to) },
    { "from", 0, "DIALECT",
      "how the call is meant: torch, keras3, keras2, tf2 or tf1;\n"
      "told by its own names if nobody says it",
      CLI_TEXT, offsetof(settings, from) },
    { "input", 0, "[NAME=]SHAPE",
      "shape of the input in the source's order, batch first, as\n"
      "in 1x3x32x32, ? for one that is not known; of a tensor\n"
      "that the call names: W=3x1x5. May be repeated",
      CLI_TEXTS, offsetof(settings, inputs) },
    { "batch", 0, "FILE",
      "one call a line in, one JSON a line out; - is standard\n"
      "input. A comment behind a call may hold its own options:\n"
      "nn.ReLU()  # --input 1x8",
      CLI_TEXT, offsetof(settings, batch) },
    { 0 }
};

/* ---- the calls ---- */

/* The whole of a stream, terminated; NULL with errno. */
static char *read_all(FILE *file)
{
    size_t size = 0, capacity = 1 << 16;
    char *text = malloc(capacity);

    while (text != NULL) {
        size += fread(text + size, 1, capacity - size - 1, file);
        if (size + 1 < capacity)
            break;
        capacity *= 2;

        char *const grown = realloc(text, capacity);

        if (grown == NULL)
            free(text);
        text = grown;
    }
    if (text == NULL || ferror(file)) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

static int read_batch(char **out, const char *path)
{
    const bool standard = strcmp(path, "-") == 0;
    FILE *const file = standard ? stdin : fopen(path, "r");

    *out = file != NULL ? read_all(file) : NULL;
    if (*out == NULL)
        cli_say("%s: %s", path, strerror(errno));
    if (file != NULL && !standard)
        (void)fclose(file);
    return *out != NULL ? 0 : cvy_status_exit(CVY_IO);
}

/* ---- what came of them ---- */

static int put_one(cvy_explain *explain, int32_t i, const settings *s)
{
    const char *text = "";
    cvy_error err;
    const cvy_status status =
        s->common.json || s->batch != NULL
            ? cvy_explain_json(&text, explain, i, &err)
            : cvy_explain_text(&text, explain, i, cli_look(&s->common), &err);

    if (status != CVY_OK)
        return cli_fail(NULL, &err);
    return s->common.json || s->batch != NULL ? cli_put(text)
                                              : cli_put_text(&s->common, text);
}

static void say_why(const cvy_explain *explain, int32_t i, const char *code)
{
    const cvy_finding refusal = cvy_explain_refusal(explain, i);

    if (refusal.refusal)
        cli_say_refusal(code, &refusal);
    else
        (void)cli_fail(code, cvy_explain_error(explain, i));
}

/* Refusals are results of a batch; a proof that failed is a fault. */
static int code_of(const cvy_explain *explain, int32_t i, const settings *s)
{
    const cvy_status status = cvy_explain_status(explain, i);

    if (status == CVY_OK || (s->batch != NULL && status != CVY_PROOF))
        return 0;
    return cvy_status_exit(status);
}

static int put_all(cvy_explain *explain, const settings *s, const char *code)
{
    int worst = 0;

    for (int32_t i = 0; i < cvy_explain_count(explain); i++) {
        const int failed = put_one(explain, i, s);
        const int this = code_of(explain, i, s);

        if (failed != 0)
            return failed;
        if (this != 0)
            say_why(explain, i, code);
        worst = worst == 0 ? this : worst;
    }
    if (cvy_explain_count(explain) == 0 && s->batch == NULL) {
        cli_say("there is no call to explain");
        return cvy_status_exit(CVY_ARGUMENT);
    }
    return worst;
}

static int run(const cli_verb *verb, int argc, char **argv)
{
    settings s = { 0 };
    cvy_explain_options request = { 0 };
    const char *operand = NULL;
    char *batch = NULL;
    cvy_explain *explain;
    cvy_error err;
    int code = cli_parse(&s, &operand, verb, argc, argv);

    if (code >= 0)
        return code;
    if ((operand == NULL) == (s.batch == NULL)) {
        cli_say("%s: give one call, or --batch FILE", verb->name);
        return cvy_status_exit(CVY_ARGUMENT);
    }
    if (s.batch != NULL) {
        code = read_batch(&batch, s.batch);
        if (code != 0)
            return code;
    }
    request.code = batch != NULL ? batch : operand;
    request.from = s.from;
    request.target = s.to;
    request.inputs = s.inputs.items;
    request.n_inputs = s.inputs.n;
    if (cvy_explain_open(&explain, &request, &err) != CVY_OK) {
        code = cli_fail(NULL, &err);
    } else {
        code = put_all(explain, &s, operand);
        cvy_explain_close(explain);
    }
    free(batch);
    return code;
}

const cli_verb cli_verb_explain = {
    .name = "explain",
    .title = "one layer in the other framework's words, and why",
    .operand = "[CALL]",
    .about = "CALL is one call, as in 'nn.Conv2d(3, 16, 3, padding=1)' or\n"
             "'tf.nn.conv1d(x, W, stride=2, padding=\"SAME\")'. It is read "
             "and not run.\n"
             "Shown are the exact counterpart, what becomes of shapes, "
             "arguments, border,\n"
             "weights and initial values, and the proof that both compute "
             "the same.",
    .options = options,
    .run = run,
};
