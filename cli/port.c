/* cli/port.c - convey port: carries a model file over. */
#include "cli/cli.h"
#include "convey/port.h"

typedef struct settings {
    cli_common common;
    cli_script script;
    const char *to, *dir, *name, *weights_format;
    bool list, force, no_proof, flat, exact_training;
    cli_texts inputs;
} settings;

static const cli_option options[] = {
    { "to", 0, "torch", "the target framework; torch is the default", CLI_TEXT,
      offsetof(settings, to) },
    { NULL, 'o', "DIR",
      "the folder to write; NAME_torch if not given. One that\n"
      "exists must be empty or written by convey",
      CLI_TEXT, offsetof(settings, dir) },
    { "name", 0, "NAME", "of the Python module; the file's name if not given",
      CLI_TEXT, offsetof(settings, name) },
    { "weights-format", 0, "safetensors|pth",
      "the file of the weights; safetensors is the default", CLI_TEXT,
      offsetof(settings, weights_format) },
    { "force", 0, NULL, "write into DIR whatever it holds; other files stay",
      CLI_SWITCH, offsetof(settings, force) },
    { "flat", 0, NULL, "write no classes for blocks of layers that repeat",
      CLI_SWITCH, offsetof(settings, flat) },
    { "exact-training", 0, NULL,
      "keep the running variance in training as the source does", CLI_SWITCH,
      offsetof(settings, exact_training) },
    { "no-proof", 0, NULL, "do not compare the port with the source",
      CLI_SWITCH, offsetof(settings, no_proof) },
    CLI_SCRIPT_OPTIONS,
    { "list", 0, NULL,
      "of Python source: write nothing; say what --entry may\n"
      "name, and what would be taken",
      CLI_SWITCH, offsetof(settings, list) },
    { "input", 0, "NAME=?x28x28x1",
      "of Python source: the shape of an input, batch included,\n"
      "? for an unknown size. May be repeated",
      CLI_TEXTS, offsetof(settings, inputs) },
    { 0 }
};

static void say_why(const char *path, const cvy_port *port)
{
    const cvy_status status = cvy_port_status(port);
    const cvy_error *const error = cvy_port_error(port);
    bool refused = false;

    for (int32_t i = 0; i < cvy_port_findings(port); i++) {
        const cvy_finding f = cvy_port_finding(port, i);

        if (!f.refusal || status == CVY_INTERRUPTED)
            continue;
        cli_say_refusal(path, &f);
        refused = true;
    }
    if (error != NULL && !refused)
        (void)cli_fail(path, error);
}

static int put_result(cvy_port *port, const cli_common *common)
{
    const char *text = "";
    cvy_error err;

    if (common->json)
        return cli_put(cvy_port_json(port));
    if (cvy_port_text(&text, port, cli_look(common), &err) != CVY_OK)
        return cli_fail(NULL, &err);
    return cli_put_text(common, text);
}

static int run(const cli_verb *verb, int argc, char **argv)
{
    settings s = { 0 };
    cvy_port_options request = { 0 };
    cli_progress progress;
    cvy_port *port;
    cvy_error err;
    int code = cli_parse(&s, &request.source, verb, argc, argv);

    if (code >= 0)
        return code;
    request.from = s.script.from;
    request.target = s.to;
    request.out_dir = s.dir;
    request.name = s.name;
    request.weights_format = s.weights_format;
    request.force = s.force;
    request.no_proof = s.no_proof;
    request.flat = s.flat;
    request.exact_training = s.exact_training;
    request.entry = s.script.entry;
    request.list = s.list;
    request.root = s.script.root;
    request.weights = s.script.weights;
    request.sets = s.script.sets.items;
    request.n_sets = s.script.sets.n;
    request.inputs = s.inputs.items;
    request.n_inputs = s.inputs.n;
    request.progress = cli_progress_step;
    request.context = &progress;

    cli_stop_watch();
    cli_progress_open(&progress, &s.common);
    const cvy_status status = cvy_port_open(&port, &request, &err);

    cli_progress_close(&progress);
    if (status != CVY_OK)
        return cli_fail(request.source, &err);
    code = put_result(port, &s.common);
    say_why(request.source, port);
    if (code == 0)
        code = cvy_status_exit(cvy_port_status(port));
    cvy_port_close(port);
    return code;
}

const cli_verb cli_verb_port = {
    .name = "port",
    .title = "carry a model over: source, weights, report",
    .operand = "FILE",
    .takes_file = true,
    .about = "Writes DIR/NAME.py, DIR/NAME.safetensors (or .pth) and "
             "DIR/report.json, and\n"
             "compares both sides layer by layer. The folder appears whole "
             "or not at all; with\n"
             "exit code 1 it is kept and says in its first line which layer "
             "differs.",
    .options = options,
    .run = run,
};
