/*
 * read/python/call/text.c - lines of text to calls.
 *
 * Each line is evaluated by itself: what it calls and its arguments. Names
 * that stand in it are handed to the evaluator as if they were imported, so
 * that the host says what each of them is.
 */
#include "read/python/call/host.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A line of constants needs next to nothing. */
static const cvyi_py_limits limits = {
    .steps = 200 * 1000,
    .depth = 40,
    .memory = (size_t)16 << 20,
    .seconds = 5,
};

static const char VALUE[] = "__value__";

cvyi_call_host *cvyi_call_host_of(const cvyi_py_eval *eval)
{
    return cvyi_py_context(eval);
}

cvy_status cvyi_call_stop(cvyi_py_eval *eval, cvy_error *err,
                          cvyi_refusal_kind kind, const char *attribute,
                          const char *advice, const char *reason, ...)
{
    cvyi_call_host *const host = cvyi_call_host_of(eval);
    char text[200];
    const char *where;
    va_list args;

    va_start(args, reason);
    vsnprintf(text, sizeof text, reason, args);
    va_end(args);
    where = cvyi_arena_text(host->arena, attribute, strlen(attribute));
    if (where == NULL)
        return cvyi_no_memory(err);
    host->refused = true;
    return cvyi_refuse(&host->refusal, host->arena, err, kind, where, advice,
                       "%s", text);
}

/* ---- names of a line ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Python's own functions by whose names tensors go: F.conv2d(input, w). */
static bool is_tensor_word(const char *name, char next)
{
    return next != '(' &&
           (strcmp(name, "input") == 0 || strcmp(name, "filter") == 0);
}

typedef struct names {
    int n, capacity;
    cvyi_py_alias *items;
} names;

static cvy_status add_name(names *all, cvyi_py_eval *eval, const char *at,
                           size_t n, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    const char *const name = cvyi_arena_text(arena, at, n);
    cvyi_py_alias *const items = cvyi_arena_grow(
        arena, all->items, all->n, &all->capacity, sizeof *items);

    if (name == NULL || items == NULL)
        return cvyi_no_memory(err);
    all->items = items;
    if (cvyi_py_eval_builtin(eval, name) != NULL &&
        !is_tensor_word(name, at[n]))
        return CVY_OK;
    for (int i = 0; i < all->n; i++)
        if (strcmp(items[i].name, name) == 0)
            return CVY_OK;
    items[all->n++] = (cvyi_py_alias){ .name = name, .asname = name };
    return CVY_OK;
}

/* Every word that may be a name; too many do no harm. */
static cvy_status find_names(names *out, cvyi_py_eval *eval, const char *code,
                             cvy_error *err)
{
    for (const char *at = code; *at != '\0';) {
        const char *const start = at;

        while (is_word(*at))
            at++;
        if (at == start)
            at++;
        else if (!isdigit((unsigned char)*start) &&
                 (start == code || start[-1] != '.'))
            CVYI_TRY(add_name(out, eval, start, (size_t)(at - start), err));
    }
    return CVY_OK;
}

/* ---- one line ---- */

/* The expression that a statement computes; NULL: none. */
static const cvyi_py_node *value_of(const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_EXPR:
    case CVYI_PY_RETURN:
        return node->value;
    case CVYI_PY_ASSIGN:
    case CVYI_PY_ANN_ASSIGN:
        return node->assign.value;
    default:
        return NULL;
    }
}

/* import … of every name, then __value__ = the expression. */
typedef struct program {
    cvyi_py_tree tree;
    cvyi_py_node import, assign, target;
    const cvyi_py_node *body[2], *targets[1];
} program;

static cvy_status write_program(program **out, cvyi_py_eval *eval,
                                const cvyi_call_line *line,
                                const cvyi_py_node *value, cvy_error *err)
{
    program *const p = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *p);
    names all = { 0 };

    if (p == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(find_names(&all, eval, line->code, err));
    p->import = (cvyi_py_node){ .kind = CVYI_PY_IMPORT, .line = 1 };
    p->import.import.n = all.n;
    p->import.import.aliases = all.items;
    p->target = (cvyi_py_node){ .kind = CVYI_PY_NAME, .line = 1 };
    p->target.name = VALUE;
    p->targets[0] = &p->target;
    p->assign = (cvyi_py_node){ .kind = CVYI_PY_ASSIGN, .line = 1 };
    p->assign.assign.targets = (cvyi_py_list){ 1, p->targets };
    p->assign.assign.value = value;
    p->body[0] = &p->import;
    p->body[1] = &p->assign;
    p->tree = (cvyi_py_tree){ .name = "the call",
                              .text = line->code,
                              .size = line->size,
                              .body = { 2, p->body } };
    *out = p;
    return CVY_OK;
}

static cvy_status run(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_call_line *line, const cvyi_py_node *value,
                      cvy_error *err)
{
    const cvyi_py_value *found;
    cvyi_py_module *file;
    program *p;

    CVYI_TRY(write_program(&p, eval, line, value, err));
    CVYI_TRY(cvyi_py_eval_run(&file, eval, &p->tree, "__call__", err));
    found = cvyi_py_names_get(&file->names, VALUE);
    if (found == NULL)
        return cvyi_py_refuse(eval, err, "it has no value");
    *out = *found;
    return CVY_OK;
}

static cvy_status finish(cvyi_call_text *item, cvyi_call_host *host,
                         const cvyi_py_value *value, cvy_error *err)
{
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_call_made_type)
        return cvyi_call_bind(item, host, value->host.data, err);
    return cvyi_call_refuse(item, host->arena, err, CVYI_NOT_SUPPORTED, "",
                            "give a call such as nn.Conv2d(3, 16, 3)",
                            "the line calls no layer and no function of one");
}

/* "TypeError: …": Python itself would raise it. */
static bool is_raised(const char *text)
{
    const size_t n = strcspn(text, ":");

    return n > 5 && text[n] == ':' && memchr(text, ' ', n) == NULL &&
           strncmp(text + n - 5, "Error", 5) == 0;
}

static cvy_status evaluate(cvyi_call_text *item, cvyi_call_host *host,
                           const cvyi_call_line *line, cvy_error *err)
{
    const cvyi_py_host py = { .context = host, .import = cvyi_call_lookup };
    const cvyi_py_node *const node = value_of(line->node);
    cvy_error local = { 0 };
    cvyi_py_eval *eval;
    cvyi_py_value value;
    cvy_status status;

    if (node == NULL || line->crowded)
        return cvyi_call_refuse(item, host->arena, err, CVYI_NOT_SUPPORTED, "",
                                "give a call such as nn.Conv2d(3, 16, 3)",
                                "a line is one call, or a name = one call");
    CVYI_TRY(cvyi_py_eval_open(&eval, &py, &limits, err));
    status = run(&value, eval, line, node, &local);
    if (status == CVY_OK) {
        status = finish(item, host, &value, err);
    } else if (status == CVY_MEMORY) {
        status = cvyi_no_memory(err);
    } else if (host->refused) {
        item->refusal = host->refusal;
        item->status =
            cvyi_fail_in(&item->err, CVY_UNSUPPORTED, host->refusal.attribute,
                         "%s", host->refusal.reason);
        status = CVY_OK;
    } else {
        const bool raised = is_raised(local.text);

        status = cvyi_call_refuse(
            item, host->arena, err,
            raised ? CVYI_ILLEGAL_IN_SOURCE : CVYI_NOT_SUPPORTED, "",
            raised ? "correct this line in the source"
                   : "explain each call by itself, with plain arguments",
            "%s", local.text);
    }
    cvyi_py_eval_close(eval);
    return status;
}

static cvy_status read_line(cvyi_call_text *item, cvyi_arena *arena,
                            const cvyi_call_line *line, const char *from,
                            const cvyi_call_aliases *aliases, cvy_error *err)
{
    cvyi_call_host host = { .arena = arena, .from = from, .aliases = aliases };

    item->code = line->code;
    item->line = line->number;
    if (line->status == CVY_FORMAT) {
        item->status =
            cvyi_fail(&item->err, CVY_FORMAT, "not Python: %s", line->fault);
        return CVY_OK;
    }
    if (line->status != CVY_OK || line->node == NULL)
        return cvyi_call_refuse(item, arena, err, CVYI_NOT_SUPPORTED, "",
                                "give it again by itself", "%s",
                                line->fault != NULL ? line->fault
                                                    : "the line says nothing");
    return evaluate(item, &host, line, err);
}

/* ---- all lines ---- */

static bool is_import(const cvyi_call_line *line)
{
    return line->node != NULL && (line->node->kind == CVYI_PY_IMPORT ||
                                  line->node->kind == CVYI_PY_IMPORT_FROM);
}

static cvy_status read_all(cvyi_call_texts *out, const char *text, size_t size,
                           const char *from, cvy_error *err)
{
    cvyi_call_aliases aliases = { 0 };
    cvyi_call_line *lines;
    int n;

    CVYI_TRY(cvyi_call_lines(&lines, &n, &out->arena, text, size, err));
    out->items =
        cvyi_arena_alloc(&out->arena, (size_t)n + 1, sizeof *out->items);
    if (out->items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        if (is_import(&lines[i])) {
            CVYI_TRY(
                cvyi_call_import(&aliases, &out->arena, lines[i].node, err));
            continue;
        }
        CVYI_TRY(read_line(&out->items[out->n], &out->arena, &lines[i], from,
                           &aliases, err));
        out->n++;
    }
    return CVY_OK;
}

cvy_status cvyi_call_texts_read(cvyi_call_texts *out, const char *text,
                                size_t size, const char *from, cvy_error *err)
{
    const char *dialect;

    *out = (cvyi_call_texts){ 0 };
    CVYI_TRY(cvyi_call_dialect(&dialect, from, err));
    return read_all(out, text, size, dialect, err);
}

void cvyi_call_texts_close(cvyi_call_texts *texts)
{
    cvyi_arena_close(&texts->arena);
    *texts = (cvyi_call_texts){ 0 };
}
