/* write/torch_term.c - names and expressions in the method forward. */
#include "write/torch_forward.h"

#include "pysrc/line.h"

#include <limits.h>
#include <string.h>

const char *cvyi_forward_keep(cvyi_forward *f, cvyi_text *text)
{
    const char *const kept =
        text->bad
            ? NULL
            : cvyi_arena_text(&f->w->arena, cvyi_text_c(text), text->size);

    cvyi_text_close(text);
    return kept;
}

/* ---- expressions ---- */

static void put_operand(cvyi_text *out, const cvyi_term *t, cvyi_binding least)
{
    const bool loose = t->binding < least;

    cvyi_text_put(out, loose ? "(" : "");
    cvyi_text_put(out, t->code);
    cvyi_text_put(out, loose ? ")" : "");
}

static void put_all(cvyi_text *out, const cvyi_forward *f,
                    const cvyi_torch_item *item)
{
    for (int k = 0; k < item->n_in; k++) {
        cvyi_text_put(out, k > 0 ? ", " : "");
        cvyi_text_put(out, f->terms[item->in[k]].code);
    }
}

int cvyi_torch_hole(const char **p)
{
    const char *at = *p + 1;
    int k = 0;

    if (**p == '{' && at[0] == '*' && at[1] == '}') {
        *p += 2;
        return CVYI_ALL_INPUTS;
    }
    while (**p == '{' && *at >= '0' && *at <= '9' && k < INT_MAX / 10 - 1)
        k = 10 * k + (*at++ - '0');
    if (at == *p + 1 || *at != '}')
        return CVYI_NO_HOLE;
    *p = at;
    return k;
}

/* Numbers that are parameters of the class are attributes here. */
static void put_function(cvyi_text *out, const cvyi_forward *f,
                         const cvyi_torch_item *item)
{
    const cvyi_said *const said = &f->w->spoken[item->call].said;
    const char *const code = cvyi_text_c(&said->code);
    size_t size = 0;
    const char *literal =
        item->n_arguments > 0 ? cvyi_code_literal(code, code, &size) : NULL;
    int n = 0;

    for (const char *p = code; *p != '\0'; p++) {
        if (p == literal) {
            const int param = item->arguments[n++].param;

            if (param >= 0)
                cvyi_text_printf(out, "self.%s",
                                 f->class_->params[param].name);
            else
                cvyi_text_add(out, p, size);
            p += size;
            literal = cvyi_code_literal(code, p, &size);
        }

        const int k = cvyi_torch_hole(&p);

        if (k == CVYI_ALL_INPUTS)
            put_all(out, f, item);
        else if (k >= 0 && k < item->n_in)
            put_operand(out, &f->terms[item->in[k]], said->operands);
        else
            cvyi_text_add(out, p, 1);
    }
}

const char *cvyi_forward_expression(cvyi_forward *f, int at)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    cvyi_text out = { 0 };

    if (item->member >= 0) {
        cvyi_text_put(&out, "self.");
        cvyi_torch_put_member(&out, &f->w->units[f->class_->units[0]],
                              item->member);
        cvyi_text_put(&out, "(");
        put_all(&out, f, item);
        cvyi_text_put(&out, ")");
    } else {
        put_function(&out, f, item);
    }
    return cvyi_forward_keep(f, &out);
}

const char *cvyi_torch_function_text(cvyi_torch_writer *w, int call)
{
    cvyi_text out = { 0 };
    const char *kept;

    for (const char *p = cvyi_text_c(&w->spoken[call].said.code); *p; p++) {
        const int k = cvyi_torch_hole(&p);

        if (k == CVYI_NO_HOLE)
            cvyi_text_add(&out, p, 1);
        else
            cvyi_text_put(&out, k == CVYI_ALL_INPUTS ? "..."
                                : k == 0             ? "x"
                                                     : "y");
    }
    kept = out.bad
               ? NULL
               : cvyi_arena_text(&w->out->arena, cvyi_text_c(&out), out.size);
    cvyi_text_close(&out);
    return kept;
}

/* ---- variables ---- */

/* Keras' own numbering says nothing to a reader. */
static bool made_up(const char *name)
{
    return name == NULL || strncmp(name, "input_layer", 11) == 0 ||
           strncmp(name, "keras_tensor", 12) == 0 ||
           (strncmp(name, "input_", 6) == 0 && name[6] >= '0' &&
            name[6] <= '9');
}

/* Do all uses of the result stand in the item right after `at`? */
static bool only_next(const cvyi_forward *f, int result, int at)
{
    return f->n_readers[result] == 1 && !f->is_output[result] &&
           f->reader[result] == at + 1;
}

/* Of several outputs of a model each bears the name of what makes it
 * inside. */
static const char *item_name(const cvyi_torch_writer *w, int unit,
                             const cvyi_torch_item *item, int result)
{
    const cvyi_torch_visit *const inside =
        item->call < 0 ? &w->visits[item->visit] : NULL;

    if (inside == NULL)
        return cvyi_torch_short_name(w, unit,
                                     w->graph->calls[item->call].module);
    for (int k = 0; item->n_out > 1 && k < inside->n_items; k++)
        for (int i = 0; i < inside->items[k].n_out; i++)
            if (inside->items[k].out[i] == result)
                return item_name(w, inside->unit, &inside->items[k], result);
    return cvyi_torch_short_name(w, unit,
                                 w->graph->visits[item->visit].module);
}

/* While parts wait in an expression, the value that they may read stays. */
const char *cvyi_forward_variable(cvyi_forward *f, int at, int i)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    const int result = item->out[i];

    if (item->n_out > 1 && f->n_readers[result] == 0 && !f->is_output[result])
        return "_";
    if (item->n_out == 1 && only_next(f, result, at) &&
        (f->held < 0 || f->held == at))
        return f->passing;
    return cvyi_scope_take(&f->scope,
                           item_name(f->w, f->visit->unit, item, result));
}

const char *cvyi_forward_element(cvyi_forward *f, const char *list)
{
    const size_t n = strlen(list);
    const char *const name =
        n > 1 && list[n - 1] == 's'
            ? cvyi_arena_text(&f->w->arena, list, n - 1)
            : cvyi_arena_printf(&f->w->arena, "%s_element", list);

    return name != NULL ? cvyi_scope_take(&f->scope, name) : NULL;
}

/* ---- the first line ---- */

static void count_readers(cvyi_forward *f)
{
    for (int k = 0; k < f->visit->n_items; k++) {
        const cvyi_torch_item *const item = &f->visit->items[k];

        for (int i = 0; i < item->n_in; i++) {
            const int r = item->in[i];

            f->n_readers[r] += f->n_readers[r] == 0 || f->reader[r] != k;
            f->reader[r] = k;
        }
    }
    for (int i = 0; i < f->visit->n_out; i++)
        f->is_output[f->visit->out[i]] = true;
}

static bool is_model(const cvyi_forward *f)
{
    return f->class_->units[0] == 0;
}

/* The source's name of input `i`. */
static const char *input_name(const cvyi_forward *f, int i)
{
    const cvyi_graph *const graph = f->w->graph;
    const int r = f->visit->in[i];
    const int visit = f->w->units[f->class_->units[0]].visit;
    const cvyi_visit *const declared = &graph->visits[visit];
    const cvyi_module *const module = &graph->modules[declared->module];

    if (is_model(f))
        return graph->results[r].name;
    for (int k = 0; k < declared->n_in && k < module->n_inputs; k++)
        if (declared->in[k] == graph->results[r].origin &&
            !made_up(module->input_names[k]))
            return module->input_names[k];
    return NULL;
}

cvy_status cvyi_forward_open(cvyi_forward *f)
{
    static const char reserved[] = "self torch F nn Tensor x";
    static const char with_y[] = "self torch F nn Tensor x y";
    const size_t n = (size_t)f->w->graph->n_results;
    cvyi_arena *const arena = &f->w->arena;
    const cvyi_torch_visit *const v = f->visit;

    f->terms = cvyi_arena_alloc(arena, n, sizeof *f->terms);
    f->reader = cvyi_arena_alloc(arena, 2 * n, sizeof *f->reader);
    f->is_output = cvyi_arena_alloc(arena, n, sizeof *f->is_output);
    if (f->terms == NULL || f->reader == NULL || f->is_output == NULL)
        return cvyi_no_memory(f->w->err);
    f->n_readers = f->reader + n;
    count_readers(f);
    f->passing = "x";
    f->scope = (cvyi_scope){ .arena = arena, .reserved = reserved };
    /* An input without a name is x, also where it is read once more. */
    if (!is_model(f) && v->n_in == 1 && input_name(f, 0) == NULL &&
        !only_next(f, v->in[0], -1)) {
        f->passing = "y";
        f->scope.reserved = with_y;
    }
    return CVY_OK;
}

/* Of a block nobody said what its inputs are. */
static const char *nameless(const cvyi_forward *f, int i)
{
    static const char *const letters[] = { "a", "b", "c" };
    enum { N_LETTERS = sizeof letters / sizeof *letters };
    const int visit = f->w->units[f->class_->units[0]].visit;
    const int module = f->w->graph->visits[visit].module;

    return f->w->graph->modules[module].kind == CVYI_MODULE_BLOCK &&
                   i < N_LETTERS
               ? letters[i]
               : "input";
}

static const char *input_variable(cvyi_forward *f, int i)
{
    const int r = f->visit->in[i];
    const char *const name = input_name(f, i);
    const bool alone = f->visit->n_in == 1 && only_next(f, r, -1);

    if (f->visit->n_in == 1 && !is_model(f) && name == NULL)
        return "x";
    if (alone && made_up(name))
        return "x";
    return cvyi_scope_take(&f->scope, name != NULL ? name : nameless(f, i));
}

static void put_return_type(cvyi_text *out, const cvyi_forward *f)
{
    static const char *const types[] = { "Tensor", "list[Tensor]",
                                         "dict[str, Tensor]" };

    if (is_model(f)) {
        cvyi_text_put(out, types[f->w->graph->output_tree.kind]);
        return;
    }
    if (f->visit->n_out == 1) {
        cvyi_text_put(out, types[0]);
        return;
    }
    cvyi_text_put(out, "tuple[");
    for (int i = 0; i < f->visit->n_out; i++)
        cvyi_text_put(out, i > 0 ? ", Tensor" : "Tensor");
    cvyi_text_put(out, "]");
}

cvy_status cvyi_forward_head(cvyi_forward *f)
{
    cvyi_text line = { 0 };

    cvyi_text_put(&line, "def forward(self");
    for (int i = 0; i < f->visit->n_in; i++) {
        const char *const name = input_variable(f, i);

        if (name == NULL) {
            cvyi_text_close(&line);
            return cvyi_no_memory(f->w->err);
        }
        f->terms[f->visit->in[i]] = (cvyi_term){ name, CVYI_BIND_ATOM };
        cvyi_text_printf(&line, ", %s: Tensor", name);
    }
    cvyi_text_put(&line, ") -> ");
    put_return_type(&line, f);
    cvyi_text_put(&line, ":");
    cvyi_py_line(&f->w->body, 4, cvyi_text_c(&line), "", NULL);
    f->w->body.bad = f->w->body.bad || line.bad;
    cvyi_text_close(&line);
    return CVY_OK;
}

/* ---- the last line ---- */

static void put_tree(cvyi_text *out, const cvyi_forward *f,
                     const cvyi_tree *tree)
{
    const bool dict = tree->kind == CVYI_TREE_DICT;

    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_text_put(out, f->terms[tree->result].code);
        return;
    }
    cvyi_text_put(out, dict ? "{" : "[");
    for (int i = 0; i < tree->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        if (dict) {
            cvyi_py_string(out, tree->keys[i]);
            cvyi_text_put(out, ": ");
        }
        put_tree(out, f, &tree->items[i]);
    }
    cvyi_text_put(out, dict ? "}" : "]");
}

const char *cvyi_forward_result(cvyi_forward *f)
{
    enum { INDENT = 8, RETURN = 7 };
    cvyi_text out = { 0 };

    if (is_model(f)) {
        put_tree(&out, f, &f->w->graph->output_tree);
        return cvyi_forward_keep(f, &out);
    }
    for (int i = 0; i < f->visit->n_out; i++) {
        cvyi_text_put(&out, i > 0 ? ", " : "");
        cvyi_text_put(&out, f->terms[f->visit->out[i]].code);
    }
    if (f->visit->n_out > 1 && out.size + INDENT + RETURN > CVYI_PY_WIDTH) {
        const char *const list = cvyi_forward_keep(f, &out);

        return list != NULL ? cvyi_arena_printf(&f->w->arena, "(%s)", list)
                            : NULL;
    }
    return cvyi_forward_keep(f, &out);
}
