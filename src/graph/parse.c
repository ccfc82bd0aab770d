/* graph/parse.c - the text form of a graph, read back. */
#include "graph/parse.h"
#include "graph/rules.h"
#include "graph/words.h"
#include "tensor/tensor.h"

#include <limits.h>
#include <string.h>

static const size_t SIZE_MOST = 64 * 1024 * 1024;

/* ---- lines ---- */

static cvy_status parse_model(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;

    if (!cvyi_scan_word(scan, "model"))
        return cvyi_scan_expected(scan, "model");
    CVYI_TRY(cvyi_scan_text(&graph->name, scan));
    CVYI_TRY(cvyi_scan_option(&graph->dialect, scan, "from"));
    return cvyi_scan_option(&graph->version, scan, "version");
}

static cvy_status parse_training(cvyi_parser *parser)
{
    return cvyi_scan_value(&parser->scan.graph->training, &parser->scan);
}

static cvy_status parse_kind(cvyi_module_kind *out, cvyi_scan *scan)
{
    for (int i = 0; i < CVYI_N_MODULE_KINDS; i++)
        if (cvyi_scan_word(scan, cvyi_module_words[i])) {
            *out = (cvyi_module_kind)i;
            return CVY_OK;
        }
    return cvyi_scan_expected(scan, "a kind of module");
}

/* takes "left" "right" */
static cvy_status parse_input_names(cvyi_module *m, cvyi_scan *scan)
{
    const char **names = NULL;
    int room = 0;

    if (!cvyi_scan_word(scan, "takes"))
        return CVY_OK;
    do {
        names = cvyi_arena_grow(&scan->graph->arena, names, m->n_inputs, &room,
                                sizeof *names);
        if (names == NULL)
            return cvyi_no_memory(scan->err);
        CVYI_TRY(cvyi_scan_text(&names[m->n_inputs++], scan));
    } while (!cvyi_scan_done(scan));
    m->input_names = names;
    return CVY_OK;
}

static cvy_status parse_module(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    cvyi_module m = { .parent = -1 };
    int index;

    CVYI_TRY(cvyi_scan_int(&index, scan, graph->n_modules, graph->n_modules));
    CVYI_TRY(parse_kind(&m.kind, scan));
    CVYI_TRY(cvyi_scan_text(&m.name, scan));
    CVYI_TRY(cvyi_scan_option(&m.class_name, scan, "class"));
    CVYI_TRY(cvyi_scan_option(&m.role, scan, "role"));
    if (cvyi_scan_word(scan, "in"))
        CVYI_TRY(cvyi_scan_int(&m.parent, scan, 0, INT_MAX));
    CVYI_TRY(cvyi_scan_option(&m.where, scan, "at"));
    m.frozen = cvyi_scan_word(scan, "frozen");
    CVYI_TRY(cvyi_scan_option(&m.loop_variable, scan, "loop"));
    CVYI_TRY(cvyi_scan_option(&m.loop_iterable, scan, "over"));
    CVYI_TRY(parse_input_names(&m, scan));
    CVYI_TRY(cvyi_graph_add_module(&index, graph, m.parent, m.kind, m.name,
                                   m.class_name, scan->err));
    graph->modules[index] = m;
    parser->last = CVYI_PART_MODULE;
    parser->comment_room = 0;
    return CVY_OK;
}

/* [0 4]: results, which come later in the text. */
static cvy_status parse_results(int **out, int *n, const char *word,
                                cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    int room = 0;

    if (!cvyi_scan_word(scan, word))
        return cvyi_scan_expected(scan, word);
    CVYI_TRY(cvyi_scan_need(scan, '['));
    while (!cvyi_scan_mark(scan, ']')) {
        *out = cvyi_arena_grow(&scan->graph->arena, *out, *n, &room,
                               sizeof **out);
        if (*out == NULL)
            return cvyi_no_memory(scan->err);
        CVYI_TRY(
            cvyi_scan_int(&(*out)[(*n)++], scan, 0, parser->most_results - 1));
    }
    return CVY_OK;
}

static cvy_status parse_visit(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    int index, module, parent, n_in = 0, n_out = 0;
    int *in = NULL, *out = NULL;

    CVYI_TRY(cvyi_scan_int(&index, scan, graph->n_visits, graph->n_visits));
    if (!cvyi_scan_word(scan, "of"))
        return cvyi_scan_expected(scan, "of");
    CVYI_TRY(cvyi_scan_int(&module, scan, 0, graph->n_modules - 1));
    if (!cvyi_scan_word(scan, "in"))
        return cvyi_scan_expected(scan, "in");
    CVYI_TRY(cvyi_scan_int(&parent, scan, 0, graph->n_visits - 1));
    CVYI_TRY(parse_results(&in, &n_in, "takes", parser));
    CVYI_TRY(parse_results(&out, &n_out, "gives", parser));
    CVYI_TRY(cvyi_graph_add_visit(&index, graph, module, parent, scan->err));
    parser->last = CVYI_PART_NONE;
    return cvyi_graph_wire_visit(graph, index, in, n_in, out, n_out,
                                 scan->err);
}

static cvy_status parse_comment(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    const char *comment;

    CVYI_TRY(cvyi_scan_text(&comment, scan));
    if (parser->last == CVYI_PART_MODULE) {
        cvyi_module *const m = &graph->modules[graph->n_modules - 1];
        const char **const comments =
            cvyi_arena_grow(&graph->arena, m->comments, m->n_comments,
                            &parser->comment_room, sizeof *comments);

        if (comments == NULL)
            return cvyi_no_memory(scan->err);
        m->comments = comments;
        comments[m->n_comments++] = comment;
        return CVY_OK;
    }
    if (parser->last != CVYI_PART_CALL ||
        graph->calls[graph->n_calls - 1].comment != NULL)
        return cvyi_fail(scan->err, CVY_FORMAT,
                         "the comment belongs to nothing");
    graph->calls[graph->n_calls - 1].comment = comment;
    return CVY_OK;
}

static cvy_status parse_stored(cvy_view *out, cvyi_scan *scan)
{
    int64_t dims[CVY_MAX_RANK];
    cvy_dtype dtype;
    size_t bytes;
    int rank, n;

    CVYI_TRY(cvyi_scan_dtype(&dtype, scan));
    CVYI_TRY(cvyi_scan_ints(dims, &rank, CVY_MAX_RANK, scan));
    if (!cvyi_packed_size(&bytes, dtype, rank, dims))
        return cvyi_scan_expected(scan, "a smaller array");
    *out = cvyi_packed(NULL, dtype, rank, dims);
    if (!cvyi_scan_word(scan, "strides"))
        return CVY_OK;
    CVYI_TRY(cvyi_scan_ints(out->strides, &n, CVY_MAX_RANK, scan));
    if (n != rank)
        return cvyi_scan_expected(scan, "a stride for each axis");
    return CVY_OK;
}

static cvy_status parse_param(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    cvyi_param p = { 0 };
    int index;

    CVYI_TRY(cvyi_scan_need(scan, 'p'));
    CVYI_TRY(cvyi_scan_int(&index, scan, graph->n_params, graph->n_params));
    CVYI_TRY(cvyi_scan_text(&p.name, scan));
    CVYI_TRY(cvyi_scan_name(&p.slot, scan));
    CVYI_TRY(parse_stored(&p.stored, scan));
    p.layout = cvyi_layout_identity(p.stored.rank, p.stored.dims);
    if (cvyi_scan_word(scan, "layout")) {
        CVYI_TRY(cvyi_scan_need(scan, '{'));
        CVYI_TRY(cvyi_scan_layout(&p.layout, &p.stored, scan));
    }
    if (cvyi_scan_word(scan, "permuted")) {
        CVYI_TRY(cvyi_scan_int(&p.permuted_axis, scan, 0, CVYI_MAX_DIMS - 1));
        CVYI_TRY(cvyi_scan_blocks(&p.blocks, &p.n_blocks, scan));
    }
    if (!cvyi_scan_word(scan, "created"))
        return cvyi_scan_expected(scan, "created");
    CVYI_TRY(cvyi_scan_int(&p.created, scan, INT_MIN, INT_MAX));
    p.trainable = cvyi_scan_word(scan, "trainable");
    parser->last = CVYI_PART_PARAM;
    return cvyi_graph_add_param(&index, graph, &p, scan->err);
}

static cvyi_param *last_param(cvyi_parser *parser)
{
    cvyi_graph *const graph = parser->scan.graph;

    return parser->last == CVYI_PART_PARAM
               ? &graph->params[graph->n_params - 1]
               : NULL;
}

static cvy_status parse_field(const cvyi_value **out, cvyi_parser *parser)
{
    if (out == NULL)
        return cvyi_fail(parser->scan.err, CVY_FORMAT,
                         "there is no parameter before it");
    return cvyi_scan_value(out, &parser->scan);
}

static cvy_status parse_initialiser(cvyi_parser *parser)
{
    cvyi_param *const p = last_param(parser);

    return parse_field(p != NULL ? &p->initialiser : NULL, parser);
}

static cvy_status parse_regulariser(cvyi_parser *parser)
{
    cvyi_param *const p = last_param(parser);

    return parse_field(p != NULL ? &p->regulariser : NULL, parser);
}

static cvy_status parse_constraint(cvyi_parser *parser)
{
    cvyi_param *const p = last_param(parser);

    return parse_field(p != NULL ? &p->constraint : NULL, parser);
}

static cvy_status parse_input(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    int result;

    CVYI_TRY(cvyi_parse_result(&result, parser, -1, graph->n_inputs));
    parser->last = CVYI_PART_NONE;
    return cvyi_graph_append_input(graph, result, scan->err);
}

static cvy_status parse_tree(cvyi_tree *tree, bool *has, cvyi_scan *scan)
{
    if (*has)
        return cvyi_fail(scan->err, CVY_FORMAT, "a second time");
    *has = true;
    return cvyi_scan_tree(tree, scan);
}

static cvy_status parse_inputs(cvyi_parser *parser)
{
    return parse_tree(&parser->scan.graph->input_tree, &parser->has_inputs,
                      &parser->scan);
}

static cvy_status parse_outputs(cvyi_parser *parser)
{
    return parse_tree(&parser->scan.graph->output_tree, &parser->has_outputs,
                      &parser->scan);
}

/* ---- the text ---- */

static const struct {
    const char *word;
    cvy_status (*parse)(cvyi_parser *parser);
} lines[] = {
    /* clang-format off */
    { "training",    parse_training    },
    { "module",      parse_module      },
    { "visit",       parse_visit       },
    { "comment",     parse_comment     },
    { "param",       parse_param       },
    { "initialiser", parse_initialiser },
    { "regulariser", parse_regulariser },
    { "constraint",  parse_constraint  },
    { "input",       parse_input       },
    { "inputs",      parse_inputs      },
    { "outputs",     parse_outputs     },
    /* clang-format on */
};

static cvy_status parse_line(cvyi_parser *parser, int line)
{
    cvyi_scan *const scan = &parser->scan;

    if (line == 1) {
        if (strcmp(scan->at, CVYI_GRAPH_TITLE) != 0)
            return cvyi_scan_expected(scan, "\"" CVYI_GRAPH_TITLE "\"");
        scan->at += strlen(scan->at);
        return CVY_OK;
    }
    if (line == 2)
        return parse_model(parser);
    if (cvyi_scan_done(scan))
        return CVY_OK;
    if (*scan->at == '%')
        return cvyi_parse_call(parser);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (cvyi_scan_word(scan, lines[i].word))
            return lines[i].parse(parser);
    return cvyi_scan_expected(scan, "a line of a graph");
}

static cvy_status finish(cvyi_parser *parser, int line)
{
    const cvyi_graph *const graph = parser->scan.graph;

    if (line < 2 || !parser->has_inputs || !parser->has_outputs)
        return cvyi_fail(parser->scan.err, CVY_FORMAT,
                         "the text ends before %s",
                         line < 2 ? "the model" : "inputs and outputs");
    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call == CVYI_NO_CALL)
            return cvyi_fail(parser->scan.err, CVY_FORMAT,
                             "nothing makes %%%d", i);
    return cvyi_graph_check(graph, parser->scan.err);
}

/* `text` is terminated and is cut into lines. */
static cvy_status parse_lines(cvyi_parser *parser, char *text, int *line)
{
    for (char *at = text; *at != '\0';) {
        char *const end = at + strcspn(at, "\n");
        const bool last = *end == '\0';

        *end = '\0';
        ++*line;
        parser->scan.at = at;
        CVYI_TRY(parse_line(parser, *line));
        if (!cvyi_scan_done(&parser->scan))
            return cvyi_scan_expected(&parser->scan, "the end of the line");
        at = last ? end : end + 1;
    }
    return finish(parser, *line);
}

/* A size or an attribute that cannot be made is NULL or refused, whether the
 * text is wrong or memory is gone. */
static bool memory_is_gone(void)
{
    void *const probe = cvyi_alloc(1, 1);

    cvyi_free(probe);
    return probe == NULL;
}

/* Whatever a text breaks, the text is wrong: the laws that building shares
 * with parsing speak of arguments and shapes. */
static cvy_status wrong_text(cvy_error *err, cvy_status status, int line)
{
    if (status == CVY_OK || status == CVY_MEMORY)
        return status;
    if (memory_is_gone())
        return cvyi_no_memory(err);
    if (err != NULL) {
        err->status = CVY_FORMAT;
        err->line = line;
        err->offset = -1;
    }
    return CVY_FORMAT;
}

static int count_results(const char *text, size_t size)
{
    int n = 0;

    for (size_t i = 0; i < size; i++)
        n += text[i] == '%';
    return n;
}

cvy_status cvyi_graph_parse(cvyi_graph **out, const char *text, size_t size,
                            cvy_error *err)
{
    cvyi_parser parser = { .scan = { .err = err } };
    cvyi_arena copied = { 0 };
    cvy_status status;
    char *copy;
    int line = 0;

    if (size > SIZE_MOST || (size > 0 && memchr(text, '\0', size) != NULL))
        return wrong_text(
            err, cvyi_fail(err, CVY_FORMAT, "this is no text of a graph"), 1);
    copy = cvyi_arena_text(&copied, text, size);
    if (copy == NULL)
        return cvyi_no_memory(err);
    parser.most_results = count_results(text, size);
    status = cvyi_graph_open(&parser.scan.graph, "", err);
    if (status == CVY_OK) {
        status = parse_lines(&parser, copy, &line);
        status = wrong_text(err, status, line);
    }
    cvyi_arena_close(&copied);
    if (status == CVY_OK)
        *out = parser.scan.graph;
    else
        cvyi_graph_close(parser.scan.graph);
    return status;
}
