/* cli/run.c - convey run: computes a model on arrays. */
#include "cli/cli.h"
#include "convey/run.h"

typedef struct settings {
    cli_common common;
    cli_script script;
    cli_texts inputs, outputs;
} settings;

static const cli_option options[] = {
    { "input", 0, "[NAME=]FILE",
      "a NumPy array (.npy) for an input, batch first; without\n"
      "NAME= for the first. One for each input",
      CLI_TEXTS, offsetof(settings, inputs) },
    { NULL, 'o', "[NAME=]FILE",
      "where to write an output as .npy, float32; with several\n"
      "outputs NAME= says which. May be repeated",
      CLI_TEXTS, offsetof(settings, outputs) },
    CLI_SCRIPT_OPTIONS,
    { 0 }
};

static void say_why(const char *path, const cvy_run *run)
{
    const cvy_error *const error = cvy_run_error(run);
    bool refused = false;

    for (int32_t i = 0; i < cvy_run_findings(run); i++) {
        const cvy_finding f = cvy_run_finding(run, i);

        if (!f.refusal)
            continue;
        cli_say_refusal(path, &f);
        refused = true;
    }
    if (error != NULL && !refused)
        (void)cli_fail(path, error);
}

static int put_result(cvy_run *result, const cli_common *common)
{
    const char *text = "";
    cvy_error err;
    const cvy_status status =
        common->json ? cvy_run_json(&text, result, &err)
                     : cvy_run_text(&text, result, cli_look(common), &err);

    if (status != CVY_OK)
        return cli_fail(NULL, &err);
    return common->json ? cli_put(text) : cli_put_text(common, text);
}

static int run(const cli_verb *verb, int argc, char **argv)
{
    settings s = { 0 };
    cvy_run_options request = { 0 };
    cli_progress progress;
    cvy_run *result;
    cvy_error err;
    int code = cli_parse(&s, &request.source, verb, argc, argv);

    if (code >= 0)
        return code;
    request.inputs = s.inputs.items;
    request.n_inputs = s.inputs.n;
    request.outputs = s.outputs.items;
    request.n_outputs = s.outputs.n;
    request.from = s.script.from;
    request.root = s.script.root;
    request.entry = s.script.entry;
    request.weights = s.script.weights;
    request.sets = s.script.sets.items;
    request.n_sets = s.script.sets.n;
    request.layers = s.common.verbose;
    request.progress = cli_progress_step;
    request.context = &progress;

    cli_stop_watch();
    cli_progress_open(&progress, &s.common);
    const cvy_status status = cvy_run_open(&result, &request, &err);

    cli_progress_close(&progress);
    if (status != CVY_OK)
        return cli_fail(request.source, &err);
    code = put_result(result, &s.common);
    say_why(request.source, result);
    if (code == 0)
        code = cvy_status_exit(cvy_run_status(result));
    cvy_run_close(result);
    return code;
}

const cli_verb cli_verb_run = {
    .name = "run",
    .title = "compute a model on NumPy arrays, by convey's own engine",
    .operand = "FILE",
    .takes_file = true,
    .about = "FILE is a model file, or a folder that a port has written. "
             "Arrays stand in the\n"
             "source's order of axes: channels last for Keras, first for "
             "PyTorch. Without -o\n"
             "it prints what the outputs are like.",
    .options = options,
    .run = run,
};
