/*
 * pysrc/answer.c - the tree of the child's answer, every item of it checked.
 *
 * A node names the nodes inside it by their index. They stand before it and
 * each is inside exactly one other, so that the answer is a tree however it
 * was made, and nothing here recurses.
 */
#include "pysrc/answer.h"

#include "pysrc/reader.h"

#include <string.h>

enum {
    PLACE = 5, /* items of a node before its members */
    MOST_DEPTH = 200,
};

/* What holds between the members of one node. */
static cvy_status check_node(const cvyi_py_reader *r, const cvyi_py_node *node)
{
    const char *fault = NULL;
    int c;

    switch (node->kind) {
    case CVYI_PY_DICT:
        if (node->dict.keys.n != node->dict.values.n)
            fault = "a dict with more keys or more values";
        break;
    case CVYI_PY_BOOL_OP:
        if (node->operation.operands.n < 2)
            fault = "an operator without operands";
        break;
    case CVYI_PY_LIST_COMP:
    case CVYI_PY_SET_COMP:
    case CVYI_PY_GENERATOR_EXP:
    case CVYI_PY_DICT_COMP:
        if (node->comprehension.n == 0)
            fault = "a comprehension over nothing";
        break;
    case CVYI_PY_WITH:
        if (node->with.n == 0)
            fault = "with without items";
        break;
    case CVYI_PY_TRY:
        if (node->attempt.n_handlers == 0 && node->attempt.finalbody.n == 0)
            fault = "try alone";
        break;
    case CVYI_PY_IMPORT:
    case CVYI_PY_IMPORT_FROM:
        if (node->import.n == 0 || node->import.level < 0 ||
            (node->kind == CVYI_PY_IMPORT_FROM &&
             node->import.module == NULL && node->import.level == 0))
            fault = "an import of nothing";
        break;
    case CVYI_PY_FORMATTED:
        c = node->formatted.conversion;
        if ((c != -1 && c != 's' && c != 'r' && c != 'a') ||
            (node->formatted.format != NULL &&
             node->formatted.format->kind != CVYI_PY_JOINED_STR))
            fault = "a strange conversion";
        break;
    default:
        break;
    }
    return fault == NULL ? CVY_OK : cvyi_py_nonsense(r, "%s", fault);
}

/* Columns are cut at the line's end: the text may be in another encoding,
 * or have been rewritten. */
static int column_in(const cvyi_py_reader *r, int line, int column)
{
    const int width = r->widths[line - 1];

    return column > width ? width : column;
}

static cvy_status read_place(const cvyi_py_reader *r, cvyi_py_node *node,
                             const cvyi_value *items)
{
    if (!cvyi_py_number(&node->line, &items[0], 1) ||
        !cvyi_py_number(&node->column, &items[1], 0) ||
        !cvyi_py_number(&node->end_line, &items[2], node->line) ||
        !cvyi_py_number(&node->end_column, &items[3], 0) ||
        node->end_line > r->n_lines ||
        (node->end_line == node->line && node->end_column < node->column))
        return cvyi_py_nonsense(r, "a place outside of the text");
    node->column = column_in(r, node->line, node->column);
    node->end_column = column_in(r, node->end_line, node->end_column);
    return CVY_OK;
}

static cvy_status read_node(cvyi_py_reader *r, cvyi_py_node *node,
                            const cvyi_value *entry)
{
    const cvyi_value *const items = entry->items;
    const char *const name = cvyi_py_is_list(entry) && entry->n >= PLACE
                                 ? cvyi_as_text(&items[0])
                                 : NULL;
    const cvyi_py_form *const form = name ? cvyi_py_form_of(name) : NULL;
    int at = PLACE;

    if (form == NULL)
        return cvyi_py_nonsense(r, "a kind of node that is not known");
    node->kind = form->kind;
    CVYI_TRY(read_place(r, node, items + 1));
    for (int i = 0; i < CVYI_PY_MOST_MEMBERS; i++) {
        const struct cvyi_py_member *const m = &form->members[i];

        if (m->shape == CVYI_PY_END)
            break;
        if (at + cvyi_py_width(m->shape) > entry->n ||
            (m->shape == CVYI_PY_COMPARE_OPS && at + 2 > entry->n))
            return cvyi_py_nonsense(r, "too few members");
        CVYI_TRY(cvyi_py_read_member(r, node, m, &items[at]));
        at += cvyi_py_width(m->shape);
    }
    if (at != entry->n)
        return cvyi_py_nonsense(r, "too many members");
    if (node->kind == CVYI_PY_FUNCTION_DEF)
        node->def.is_async = strcmp(name, "AsyncFunctionDef") == 0;
    return check_node(r, node);
}

static cvy_status read_nodes(cvyi_py_reader *r)
{
    r->nodes = cvyi_arena_alloc(r->arena, (size_t)r->n, sizeof *r->nodes);
    r->depths = cvyi_arena_alloc(&r->work, (size_t)r->n, sizeof *r->depths);
    if (r->nodes == NULL || r->depths == NULL)
        return cvyi_no_memory(r->err);
    for (r->now = 0; r->now < r->n; r->now++) {
        cvyi_py_node *const node = cvyi_arena_alloc(r->arena, 1, sizeof *node);

        if (node == NULL)
            return cvyi_no_memory(r->err);
        r->deepest = 0;
        CVYI_TRY(read_node(r, node, &r->entries[r->now]));
        if (r->deepest >= MOST_DEPTH)
            return cvyi_py_nonsense(r, "nested deeper than %d levels",
                                    (int)MOST_DEPTH);
        r->nodes[r->now] = node;
        r->depths[r->now] = (short)(r->deepest + 1);
    }
    return CVY_OK;
}

/* ---- the file ---- */

static cvy_status read_comment(cvyi_py_reader *r, void *out,
                               const cvyi_value *parts)
{
    cvyi_py_comment *const comment = out;

    if (!cvyi_py_number(&comment->line, &parts[0], 1) ||
        comment->line > r->n_lines ||
        !cvyi_py_number(&comment->column, &parts[1], 0) ||
        !cvyi_as_bool(&comment->alone, &parts[2]))
        return cvyi_py_nonsense(r, "a strange comment");
    comment->column = column_in(r, comment->line, comment->column);
    return cvyi_py_read_text(r, &comment->text, &parts[3], false);
}

/* Lines as Python counts them: \n, \r\n and \r alone end one. */
static cvy_status measure(cvyi_py_reader *r, const char *text, size_t size)
{
    static const char mark[] = "\xef\xbb\xbf";
    const size_t skip = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    int n = 1, *widths;

    for (size_t i = skip; i < size; i++)
        n += text[i] == '\n' ||
             (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n'));
    widths = cvyi_arena_alloc(&r->work, (size_t)n, sizeof *widths);
    if (widths == NULL)
        return cvyi_no_memory(r->err);
    r->n_lines = n;
    r->widths = widths;
    for (size_t i = skip; i < size; i++) {
        if (text[i] == '\n' ||
            (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n')))
            widths++;
        else if (text[i] != '\r')
            ++*widths;
    }
    return CVY_OK;
}

static cvy_status read_tree(cvyi_py_reader *r, cvyi_py_tree *out,
                            const cvyi_value *answer)
{
    const cvyi_value *const nodes = cvyi_get(answer, "nodes");

    if (!cvyi_py_is_list(nodes) || answer->n != 4)
        return cvyi_py_nonsense(r, "not what was asked for");
    r->n = nodes->n;
    r->entries = nodes->items;
    CVYI_TRY(read_nodes(r));
    out->n_nodes = r->n;
    out->nodes = (const cvyi_py_node *const *)r->nodes;
    CVYI_TRY(cvyi_py_read_list(r, &out->body, cvyi_get(answer, "body"),
                               CVYI_PY_BRANCH));
    for (int i = 0; i < r->n; i++)
        if (r->depths[i] != 0)
            return cvyi_py_nonsense(r, "node %d stands nowhere", i);
    if (!cvyi_as_bool(&out->rewritten, cvyi_get(answer, "rewritten")))
        return cvyi_py_nonsense(r, "not what was asked for");
    CVYI_TRY(cvyi_py_read_items(
        r, &out->n_comments, &out->comments, sizeof *out->comments,
        cvyi_get(answer, "comments"), 4, read_comment));
    for (int i = 1; i < out->n_comments; i++)
        if (out->comments[i].line <= out->comments[i - 1].line)
            return cvyi_py_nonsense(r, "comments out of order");
    return CVY_OK;
}

bool cvyi_py_refusal_read(cvyi_py_refusal *out, const cvyi_value *answer)
{
    const char *const cause = cvyi_as_text(cvyi_get(answer, "error"));
    const char *const kind = cvyi_as_text(cvyi_get(answer, "kind"));
    int line;

    if (cause == NULL || kind == NULL || answer->n != 3 ||
        !cvyi_py_number(&line, cvyi_get(answer, "line"), 0))
        return false;
    *out = (cvyi_py_refusal){ cause, line, strcmp(kind, "limit") == 0 };
    return true;
}

cvy_status cvyi_py_answer_tree(cvyi_py_tree *out, cvyi_arena *arena,
                               const cvyi_py_tree *file,
                               const cvyi_value *answer, cvy_error *err)
{
    cvyi_py_reader r = { .arena = arena, .err = err };
    cvyi_py_tree tree = *file;
    cvy_status status = measure(&r, file->text, file->size);

    if (status == CVY_OK)
        status = read_tree(&r, &tree, answer);
    cvyi_arena_close(&r.work);
    if (status == CVY_OK)
        *out = tree;
    return status;
}
