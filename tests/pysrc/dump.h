/*
 * tests/pysrc/dump.h - a tree of pysrc/tree.h as one line of text, every
 * member of it, and a check of what its header promises about places.
 */
#ifndef CVYT_PYSRC_DUMP_H
#define CVYT_PYSRC_DUMP_H

#include "base/text.h"
#include "pysrc/tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void dump(cvyi_text *out, const cvyi_py_node *node);

static const char *const dump_names[] = {
    "def",      "class",   "return", "del",      "=",       "aug",
    "ann",      "for",     "while",  "if",       "with",    "raise",
    "try",      "assert",  "import", "from",     "global",  "nonlocal",
    "expr",     "pass",    "break",  "continue", "bool",    "bin",
    "unary",    "compare", ":=",     "lambda",   "ifexp",   "dict",
    "set",      "list",    "tuple",  "listcomp", "setcomp", "genexp",
    "dictcomp", "call",    "const",  "fstr",     "field",   "attr",
    "item",     "star",    "name",   "slice",    "other",
};

static void dump_nodes(cvyi_text *out, const cvyi_py_list *list)
{
    cvyi_text_put(out, " [");
    for (int i = 0; i < list->n; i++) {
        cvyi_text_put(out, i > 0 ? " " : "");
        dump(out, list->items[i]);
    }
    cvyi_text_put(out, "]");
}

static void dump_in(cvyi_text *out, const cvyi_py_node *node)
{
    cvyi_text_put(out, " ");
    dump(out, node);
}

static void dump_word(cvyi_text *out, const char *word)
{
    cvyi_text_printf(out, " %s", word != NULL ? word : "~");
}

static void dump_arg(cvyi_text *out, const cvyi_py_arg *arg)
{
    dump_word(out, arg->name);
    if (arg->annotation != NULL) {
        cvyi_text_put(out, ":");
        dump(out, arg->annotation);
    }
    if (arg->fallback != NULL) {
        cvyi_text_put(out, "=");
        dump(out, arg->fallback);
    }
}

static void dump_args(cvyi_text *out, const cvyi_py_args *args)
{
    cvyi_text_put(out, " (");
    for (int i = 0; i < args->n_positional; i++) {
        dump_arg(out, &args->positional[i]);
        if (i + 1 == args->n_positional_only)
            cvyi_text_put(out, " /");
    }
    cvyi_text_put(out, " *");
    cvyi_text_put(out, args->rest != NULL ? args->rest : "");
    for (int i = 0; i < args->n_keyword_only; i++)
        dump_arg(out, &args->keyword_only[i]);
    cvyi_text_printf(out, " **%s)", args->more != NULL ? args->more : "");
}

static void dump_keywords(cvyi_text *out, int n, const cvyi_py_keyword *all)
{
    cvyi_text_put(out, " [");
    for (int i = 0; i < n; i++) {
        cvyi_text_printf(out, "%s%s=", i > 0 ? " " : "",
                         all[i].name != NULL ? all[i].name : "**");
        dump(out, all[i].value);
    }
    cvyi_text_put(out, "]");
}

static void dump_fors(cvyi_text *out, const cvyi_py_node *node)
{
    for (int i = 0; i < node->comprehension.n; i++) {
        dump_in(out, node->comprehension.fors[i].target);
        dump_in(out, node->comprehension.fors[i].iter);
        dump_nodes(out, &node->comprehension.fors[i].ifs);
    }
}

static void dump_constant(cvyi_text *out, const cvyi_py_node *node)
{
    static const char *const marks[] = { "", "big", "bytes", "complex",
                                         "..." };
    const cvyi_value *const v = &node->constant.value;

    cvyi_text_put(out, marks[node->constant.kind]);
    if (node->constant.kind >= CVYI_PY_COMPLEX)
        return;
    if (v->kind == CVYI_NONE)
        cvyi_text_put(out, "None");
    else if (v->kind == CVYI_BOOL)
        cvyi_text_put(out, v->truth ? "True" : "False");
    else if (v->kind == CVYI_INT)
        cvyi_text_printf(out, "%" PRId64, v->integer);
    else if (v->kind == CVYI_FLOAT)
        cvyi_text_double(out, v->real);
    else
        cvyi_text_json(out, v->text);
}

static void dump_def(cvyi_text *out, const cvyi_py_node *node)
{
    if (node->kind != CVYI_PY_LAMBDA) {
        dump_word(out, node->def.name);
        if (node->def.is_async)
            cvyi_text_put(out, " async");
    }
    if (node->kind == CVYI_PY_CLASS_DEF) {
        dump_nodes(out, &node->def.bases);
        dump_keywords(out, node->def.n_keywords, node->def.keywords);
    } else {
        dump_args(out, &node->def.args);
    }
    dump_nodes(out, &node->def.body);
    if (node->def.decorators.n > 0)
        dump_nodes(out, &node->def.decorators);
    if (node->def.returns != NULL)
        dump_in(out, node->def.returns);
}

static void dump_statement(cvyi_text *out, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_FUNCTION_DEF:
    case CVYI_PY_CLASS_DEF:
        dump_def(out, node);
        break;
    case CVYI_PY_DELETE:
        dump_nodes(out, &node->list);
        break;
    case CVYI_PY_ASSIGN:
    case CVYI_PY_AUG_ASSIGN:
    case CVYI_PY_ANN_ASSIGN:
        dump_nodes(out, &node->assign.targets);
        if (node->assign.op != NULL)
            dump_word(out, node->assign.op);
        if (node->assign.annotation != NULL)
            dump_in(out, node->assign.annotation);
        dump_in(out, node->assign.value);
        break;
    case CVYI_PY_FOR:
    case CVYI_PY_WHILE:
    case CVYI_PY_IF:
        if (node->kind == CVYI_PY_FOR) {
            dump_in(out, node->loop.target);
            dump_in(out, node->loop.iter);
        } else {
            dump_in(out, node->loop.test);
        }
        dump_nodes(out, &node->loop.body);
        dump_nodes(out, &node->loop.orelse);
        break;
    case CVYI_PY_WITH:
        for (int i = 0; i < node->with.n; i++) {
            dump_in(out, node->with.items[i].context);
            dump_in(out, node->with.items[i].target);
        }
        dump_nodes(out, &node->with.body);
        break;
    case CVYI_PY_TRY:
        dump_nodes(out, &node->attempt.body);
        for (int i = 0; i < node->attempt.n_handlers; i++) {
            dump_in(out, node->attempt.handlers[i].type);
            dump_word(out, node->attempt.handlers[i].name);
            dump_nodes(out, &node->attempt.handlers[i].body);
        }
        dump_nodes(out, &node->attempt.orelse);
        dump_nodes(out, &node->attempt.finalbody);
        break;
    case CVYI_PY_ASSERT:
        dump_in(out, node->assertion.test);
        dump_in(out, node->assertion.message);
        break;
    case CVYI_PY_IMPORT:
    case CVYI_PY_IMPORT_FROM:
        if (node->kind == CVYI_PY_IMPORT_FROM)
            cvyi_text_printf(out, " %d %s", node->import.level,
                             node->import.module ? node->import.module : "~");
        for (int i = 0; i < node->import.n; i++) {
            dump_word(out, node->import.aliases[i].name);
            dump_word(out, node->import.aliases[i].asname);
        }
        break;
    case CVYI_PY_GLOBAL:
    case CVYI_PY_NONLOCAL:
        for (int i = 0; i < node->names.n; i++)
            dump_word(out, node->names.items[i]);
        break;
    case CVYI_PY_RETURN:
    case CVYI_PY_RAISE:
    case CVYI_PY_EXPR:
        dump_in(out, node->value);
        break;
    default:
        break;
    }
}

static void dump_part(cvyi_text *out, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_FORMATTED:
        dump_in(out, node->formatted.value);
        cvyi_text_printf(out, " %d", node->formatted.conversion);
        dump_in(out, node->formatted.format);
        break;
    case CVYI_PY_ATTRIBUTE:
        dump_in(out, node->attribute.value);
        dump_word(out, node->attribute.attr);
        break;
    case CVYI_PY_SUBSCRIPT:
        dump_in(out, node->subscript.value);
        dump_in(out, node->subscript.index);
        break;
    case CVYI_PY_SLICE:
        dump_in(out, node->slice.lower);
        dump_in(out, node->slice.upper);
        dump_in(out, node->slice.step);
        break;
    case CVYI_PY_STARRED:
        dump_in(out, node->value);
        break;
    case CVYI_PY_OTHER:
        dump_word(out, node->name);
        break;
    default:
        dump_nodes(out, &node->list);
    }
}

static void dump_expression(cvyi_text *out, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_BOOL_OP:
    case CVYI_PY_BIN_OP:
    case CVYI_PY_UNARY_OP:
        dump_word(out, node->operation.op);
        dump_nodes(out, &node->operation.operands);
        break;
    case CVYI_PY_COMPARE:
        dump_in(out, node->compare.left);
        for (int i = 0; i < node->compare.comparators.n; i++) {
            dump_word(out, node->compare.ops[i]);
            dump_in(out, node->compare.comparators.items[i]);
        }
        break;
    case CVYI_PY_NAMED_EXPR:
        dump_in(out, node->named.target);
        dump_in(out, node->named.value);
        break;
    case CVYI_PY_LAMBDA:
        dump_def(out, node);
        break;
    case CVYI_PY_IF_EXP:
        dump_in(out, node->choice.test);
        dump_in(out, node->choice.body);
        dump_in(out, node->choice.orelse);
        break;
    case CVYI_PY_DICT:
        dump_nodes(out, &node->dict.keys);
        dump_nodes(out, &node->dict.values);
        break;
    case CVYI_PY_DICT_COMP:
        dump_in(out, node->comprehension.key);
        dump_in(out, node->comprehension.element);
        dump_fors(out, node);
        break;
    case CVYI_PY_LIST_COMP:
    case CVYI_PY_SET_COMP:
    case CVYI_PY_GENERATOR_EXP:
        dump_in(out, node->comprehension.element);
        dump_fors(out, node);
        break;
    case CVYI_PY_CALL:
        dump_in(out, node->call.func);
        dump_nodes(out, &node->call.args);
        dump_keywords(out, node->call.n_keywords, node->call.keywords);
        break;
    default:
        dump_part(out, node);
    }
}

static void dump(cvyi_text *out, const cvyi_py_node *node)
{
    if (node == NULL) {
        cvyi_text_put(out, "~");
    } else if (node->kind == CVYI_PY_NAME) {
        cvyi_text_put(out, node->name);
    } else if (node->kind == CVYI_PY_CONSTANT) {
        dump_constant(out, node);
    } else {
        if (node->line < 1 || node->column < 0 ||
            node->end_line < node->line || node->end_column < 0)
            abort();
        cvyi_text_printf(out, "(%s", dump_names[node->kind]);
        if (node->kind <= CVYI_PY_CONTINUE)
            dump_statement(out, node);
        else
            dump_expression(out, node);
        cvyi_text_put(out, ")");
    }
}

/* Statements, then comments: 3:0 alone "text", 4:7 "text". */
static void dump_tree(cvyi_text *out, const cvyi_py_tree *tree)
{
    for (int i = 0; i < tree->body.n; i++) {
        cvyi_text_put(out, i > 0 ? " " : "");
        dump(out, tree->body.items[i]);
    }
    for (int i = 0; i < tree->n_comments; i++) {
        const cvyi_py_comment *const c = &tree->comments[i];

        cvyi_text_printf(out, " #%d:%d%s ", c->line, c->column,
                         c->alone ? " alone" : "");
        cvyi_text_json(out, c->text);
    }
    cvyi_text_put(out, tree->rewritten ? " rewritten" : "");
}

#endif
