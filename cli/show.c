/* cli/show.c - convey show: what is in a model file. */
#include "cli/cli.h"
#include "convey/show.h"

typedef struct settings {
    cli_common common;
    cli_script script;
    cli_texts inputs;
    const char *to, *after;
    bool graph;
} settings;

static const cli_option options[] = {
    { "input", 0, "[NAME=]SHAPE",
      "sizes of an input, batch first, as in 1x32x32x3; ? for\n"
      "one that stays unknown. May be repeated",
      CLI_TEXTS, offsetof(settings, inputs) },
    { "graph", 0, NULL, "the graph as text, not the table", CLI_SWITCH,
      offsetof(settings, graph) },
    { "after", 0, "PASS",
      "as it is after this pass of a port; a wrong name lists\n"
      "the passes there are",
      CLI_TEXT, offsetof(settings, after) },
    { "to", 0, "torch", "the target of these passes; torch is the default",
      CLI_TEXT, offsetof(settings, to) },
    CLI_SCRIPT_OPTIONS,
    { 0 }
};

static void say_why(const char *path, const cvy_show *show)
{
    const cvy_error *const error = cvy_show_error(show);
    bool refused = false;

    for (int32_t i = 0; i < cvy_show_findings(show); i++) {
        const cvy_finding f = cvy_show_finding(show, i);

        if (!f.refusal)
            continue;
        cli_say_refusal(path, &f);
        refused = true;
    }
    if (error != NULL && !refused)
        (void)cli_fail(path, error);
}

static int put_result(cvy_show *show, const settings *s)
{
    const char *text = "";
    cvy_error err;
    cvy_status status;

    if (s->common.json)
        status = cvy_show_json(&text, show, &err);
    else if (s->graph)
        status = cvy_show_graph(&text, show, &err);
    else
        status = cvy_show_table(&text, show, cli_look(&s->common), &err);
    if (status != CVY_OK)
        return cli_fail(NULL, &err);
    return s->common.json ? cli_put(text) : cli_put_text(&s->common, text);
}

static int run(const cli_verb *verb, int argc, char **argv)
{
    settings s = { 0 };
    cvy_show_options request = { 0 };
    cvy_show *show;
    cvy_error err;
    int code = cli_parse(&s, &request.source, verb, argc, argv);

    if (code >= 0)
        return code;
    if (s.graph && s.common.json) {
        cli_say("%s: --graph and --json are two different outputs",
                verb->name);
        return cvy_status_exit(CVY_ARGUMENT);
    }
    request.target = s.to;
    request.after = s.after;
    request.from = s.script.from;
    request.root = s.script.root;
    request.entry = s.script.entry;
    request.weights = s.script.weights;
    request.sets = s.script.sets.items;
    request.n_sets = s.script.sets.n;
    request.inputs = s.inputs.items;
    request.n_inputs = s.inputs.n;
    if (cvy_show_open(&show, &request, &err) != CVY_OK)
        return cli_fail(request.source, &err);
    code = put_result(show, &s);
    say_why(request.source, show);
    if (code == 0)
        code = cvy_status_exit(cvy_show_status(show));
    cvy_show_close(show);
    return code;
}

const cli_verb cli_verb_show = {
    .name = "show",
    .title = "list a model: layers, shapes, parameters, multiply-adds",
    .operand = "FILE",
    .takes_file = true,
    .about = "FILE is a model file, or a folder that a port has written. "
             "Shapes stand in\n"
             "the source's order of axes: channels last for Keras, first for "
             "PyTorch.\n"
             "Multiply-adds are those of one sample unless --input says a "
             "batch size; ?\n"
             "where a size is not known.",
    .options = options,
    .run = run,
};
