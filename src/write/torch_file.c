/* write/torch_file.c - what stands around the class: first lines, imports,
 * helper classes, load_model. */
#include "pysrc/line.h"
#include "train/train.h"
#include "write/torch.h"

#include <ctype.h>
#include <string.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The last byte of a string literal that starts at p. */
static const char *string_end(const char *p)
{
    const char quote = *p++;

    while (*p != '\0' && *p != quote)
        p += *p == '\\' && p[1] != '\0' ? 2 : 1;
    return *p != '\0' ? p : p - 1;
}

/* Does the code use the name? Comments, strings, attributes and names of
 * arguments do not count. */
static bool code_uses(const char *code, const char *name)
{
    const size_t n = strlen(name);

    for (const char *p = code; *p != '\0'; p++) {
        if (*p == '#')
            p += strcspn(p, "\n") - 1;
        else if (*p == '"' || *p == '\'')
            p = string_end(p);
        else if (strncmp(p, name, n) == 0 && !is_word(p[n]) && p[n] != '=' &&
                 (p == code || (!is_word(p[-1]) && p[-1] != '.')))
            return true;
    }
    return false;
}

static bool uses(const cvyi_torch_writer *w, const char *name)
{
    for (int i = 0; i < w->n_helpers; i++)
        if (code_uses(w->helpers[i]->needs, name))
            return true;
    return code_uses(cvyi_text_c(&w->body), name) ||
           code_uses(cvyi_text_c(&w->training), name);
}

/* "(batch, 9, 128)" */
static void put_type(cvyi_text *out, const cvyi_type *type)
{
    int64_t fixed;

    cvyi_text_put(out, "(");
    if (cvyi_size_constant(&fixed, type->dims[0]))
        cvyi_text_printf(out, "%lld", (long long)fixed);
    else
        cvyi_text_put(out, "batch");
    for (int i = 1; i < type->rank; i++) {
        cvyi_text_put(out, ", ");
        cvyi_size_print(out, type->dims[i]);
    }
    cvyi_text_put(out, type->rank == 1 ? ",)" : ")");
}

static const char *const first_letters[] = { "N C L", "N C H W", "N C D H W" };
static const char *const last_letters[] = { "N L C", "N H W C", "N D H W C" };

static bool has_letters(const cvyi_result *r)
{
    return r->arrangement.moved && r->type.rank >= 3 && r->type.rank <= 5;
}

static void put_result(cvyi_text *out, const cvyi_graph *graph,
                       const cvyi_result *r)
{
    if (has_letters(r))
        cvyi_text_printf(out, " %s:", first_letters[r->type.rank - 3]);
    cvyi_text_put(out, " ");
    put_type(out, &r->type);
    cvyi_text_printf(out, ", %s", cvy_dtype_name(r->type.dtype));
    if (has_letters(r))
        cvyi_text_printf(out, "     %s had %s",
                         cvyi_dialect_world(graph->dialect),
                         last_letters[r->type.rank - 3]);
    cvyi_text_put(out, "\n");
}

static void put_inputs(cvyi_text *out, const cvyi_graph *graph)
{
    if (graph->n_inputs == 1) {
        cvyi_text_put(out, "Input ");
        put_result(out, graph, &graph->results[graph->inputs[0]]);
        return;
    }
    cvyi_text_put(out, "Inputs\n");
    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_result *const r = &graph->results[graph->inputs[i]];

        cvyi_text_put(out, "    ");
        cvyi_py_prose(out, r->name != NULL ? r->name : "input");
        cvyi_text_put(out, " ");
        put_result(out, graph, r);
    }
}

/* What a line lacks, the text lacks. */
static void close_line(cvyi_text *out, cvyi_text *line)
{
    out->bad = out->bad || line->bad;
    cvyi_text_close(line);
}

static void put_outputs(cvyi_text *out, const cvyi_graph *graph,
                        const cvyi_tree *tree, const char *key)
{
    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_text_put(out, key);
        put_result(out, graph, &graph->results[tree->result]);
        return;
    }
    for (int i = 0; i < tree->n; i++) {
        cvyi_text line = { 0 };

        cvyi_text_put(&line, "    ");
        if (tree->kind == CVYI_TREE_DICT)
            cvyi_py_prose(&line, tree->keys[i]);
        else
            cvyi_text_printf(&line, "%d", i);
        cvyi_text_put(&line, " ");
        put_outputs(out, graph, &tree->items[i], cvyi_text_c(&line));
        close_line(out, &line);
    }
}

/* A remark, broken at blanks, later lines hanging. */
static void put_note(cvyi_text *out, const char *layer, const char *text)
{
    cvyi_text line = { 0 };
    size_t column = 0;

    cvyi_text_put(&line, "- ");
    cvyi_py_prose(&line, layer);
    cvyi_text_put(&line, *layer != '\0' ? ": " : "");
    cvyi_py_prose(&line, text);
    for (const char *p = cvyi_text_c(&line); *p != '\0';) {
        const size_t word = strcspn(p, " ");

        if (column > 0 && column + 1 + word > CVYI_PY_WIDTH) {
            cvyi_text_put(out, "\n  ");
            column = 2;
        } else if (column > 0) {
            cvyi_text_put(out, " ");
            column++;
        }
        cvyi_text_add(out, p, word);
        column += word;
        p += word;
        p += *p == ' ';
    }
    cvyi_text_put(out, "\n");
    close_line(out, &line);
}

static void put_docstring(cvyi_text *out, const cvyi_torch_writer *w)
{
    const cvyi_write_options *const o = w->options;
    bool remarks = false;

    cvyi_text_printf(out, "\"\"\"%s, ported by convey from ", o->file_name);
    cvyi_py_prose(out, o->source_file);
    cvyi_text_printf(out, " (%s", cvyi_dialect_world(w->graph->dialect));
    if (w->graph->version != NULL) {
        cvyi_text_put(out, " ");
        cvyi_py_prose(out, w->graph->version);
    }
    cvyi_text_put(out, ") to PyTorch.");
    cvyi_text_put(out, "\n\n");
    put_inputs(out, w->graph);
    if (w->graph->output_tree.kind != CVYI_TREE_SINGLE)
        cvyi_text_put(out, "Outputs\n");
    put_outputs(out, w->graph, &w->graph->output_tree, "Output");
    for (int i = 0; i < w->findings->n; i++) {
        if (w->findings->items[i].refusal)
            continue;
        cvyi_text_put(out, remarks ? "" : "\nRemarks\n");
        put_note(out, w->findings->items[i].layer, w->findings->items[i].text);
        remarks = true;
    }
    cvyi_text_put(out, "\"\"\"\n\n");
}

/* Weights as torch.save writes them? */
static bool is_pickled(const cvyi_torch_writer *w)
{
    return w->options->weights != NULL &&
           w->options->weights->write == cvyi_write_torch_pth;
}

static void put_imports(cvyi_text *out, const cvyi_torch_writer *w)
{
    if (uses(w, "OrderedDict"))
        cvyi_text_put(out, "from collections import OrderedDict\n");
    cvyi_text_put(out, "from pathlib import Path\n\n");
    if (uses(w, "torch") || is_pickled(w))
        cvyi_text_put(out, "import torch\n");
    if (uses(w, "F"))
        cvyi_text_put(out, "import torch.nn.functional as F\n");
    if (!is_pickled(w))
        cvyi_text_put(out, "from safetensors.torch import load_file\n");
    cvyi_text_printf(out, "from torch import %snn\n",
                     uses(w, "Tensor") ? "Tensor, " : "");
}

static void put_load(cvyi_text *out, const cvyi_torch_writer *w)
{
    const char *const class_name = w->out->class_name;
    const bool pickled = is_pickled(w);
    cvyi_text line = { 0 };

    cvyi_text_printf(&line,
                     "def load_model(weights: str | None = None, *, "
                     "device: str = \"cpu\") -> %s:",
                     class_name);
    cvyi_py_line(out, 0, cvyi_text_c(&line), "", NULL);
    close_line(out, &line);
    cvyi_text_printf(
        out,
        "    \"\"\"Build the network, load its weights and switch to "
        "inference mode.\"\"\"\n"
        "    model = %s()\n"
        "    path = weights or Path(__file__).with_suffix(\"%s\")\n"
        "    model.load_state_dict(%s)\n"
        "    return model.to(device).eval()\n",
        class_name, pickled ? ".pth" : ".safetensors",
        pickled ? "torch.load(path, map_location=\"cpu\", weights_only=True)"
                : "load_file(path)");
}

/* What the network gives, as a loss finds it. */
static cvyi_train_output output_of(const cvyi_graph *graph)
{
    const cvyi_tree *const tree = &graph->output_tree;
    const cvyi_result *r;

    if (tree->kind != CVYI_TREE_SINGLE)
        return (cvyi_train_output){ .n = tree->n };
    r = &graph->results[tree->result];
    return (cvyi_train_output){
        .n = 1,
        .rank = r->type.rank,
        .channels_first = r->arrangement.moved == CVYI_MOVED_FIRST,
    };
}

static cvy_status write_training(cvyi_torch_writer *w)
{
    const cvyi_train_output output = output_of(w->graph);
    cvyi_train_decays decays = { 0 };

    if (w->source->training != NULL)
        CVYI_TRY(cvyi_torch_find_decays(&decays, w));
    return cvyi_train_torch(&w->training, w->source->training, &output,
                            &decays, w->findings, w->err);
}

cvy_status cvyi_torch_file(cvyi_torch_writer *w)
{
    cvyi_text *const out = &w->out->code;

    CVYI_TRY(write_training(w));
    put_docstring(out, w);
    put_imports(out, w);
    for (int i = 0; i < w->n_helpers; i++)
        cvyi_text_printf(out, "\n\n%s", w->helpers[i]->code);
    cvyi_text_put(out, "\n\n");
    cvyi_text_put(out, cvyi_text_c(&w->body));
    cvyi_text_put(out, "\n\n");
    put_load(out, w);
    cvyi_text_put(out, cvyi_text_c(&w->training));
    return cvyi_text_status(out, w->err);
}

/* Code begins with its docstring's first line, which ends with a period. */
cvy_status cvyi_mark_torch(cvyi_text *code, const char *why, cvy_error *err)
{
    const char *const text = cvyi_text_c(code);
    const size_t line = strcspn(text, "\n");
    cvyi_text marked = { 0 };

    cvyi_text_add(&marked, text, line);
    cvyi_text_put(&marked, " UNPROVEN: ");
    cvyi_py_prose(&marked, why);
    cvyi_text_put(&marked, text + line);
    if (marked.bad || code->bad) {
        cvyi_text_close(&marked);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(code);
    *code = marked;
    return CVY_OK;
}
