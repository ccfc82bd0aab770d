/*
 * pysrc/forms.c - the classes of `ast` and where their members stand in a
 * node. Members are in the order of FIELDS in parse.py.
 */
#include "pysrc/reader.h"

#include <string.h>

#define AT(member) offsetof(cvyi_py_node, member)
#define EXPRESSION(member)             \
    {                                  \
        CVYI_PY_EXPRESSION, AT(member) \
    }
#define MAYBE(member)             \
    {                             \
        CVYI_PY_MAYBE, AT(member) \
    }
#define ONE(member)             \
    {                           \
        CVYI_PY_ONE, AT(member) \
    }
#define PAIR(member)             \
    {                            \
        CVYI_PY_PAIR, AT(member) \
    }
#define EXPRESSIONS(member)             \
    {                                   \
        CVYI_PY_EXPRESSIONS, AT(member) \
    }
#define SOME(member)             \
    {                            \
        CVYI_PY_SOME, AT(member) \
    }
#define BODY(member)             \
    {                            \
        CVYI_PY_BODY, AT(member) \
    }
#define BRANCH(member)             \
    {                              \
        CVYI_PY_BRANCH, AT(member) \
    }
#define TEXT(member)             \
    {                            \
        CVYI_PY_TEXT, AT(member) \
    }

#define FUNCTION                                                        \
    {                                                                   \
        TEXT(def.name), { CVYI_PY_ARGS, AT(def.args) }, BODY(def.body), \
            EXPRESSIONS(def.decorators), MAYBE(def.returns),            \
    }
#define COMPREHENSION                      \
    {                                      \
        EXPRESSION(comprehension.element), \
        {                                  \
            CVYI_PY_FORS, 0                \
        }                                  \
    }

/* clang-format off */
static const cvyi_py_form forms[] = {
    { "FunctionDef", CVYI_PY_FUNCTION_DEF, FUNCTION },
    { "AsyncFunctionDef", CVYI_PY_FUNCTION_DEF, FUNCTION },
    { "ClassDef", CVYI_PY_CLASS_DEF,
      { TEXT(def.name), EXPRESSIONS(def.bases), { CVYI_PY_KEYWORDS, 0 },
        BODY(def.body), EXPRESSIONS(def.decorators) } },
    { "Return", CVYI_PY_RETURN, { MAYBE(value) } },
    { "Delete", CVYI_PY_DELETE, { SOME(list) } },
    { "Assign", CVYI_PY_ASSIGN,
      { SOME(assign.targets), EXPRESSION(assign.value) } },
    { "AugAssign", CVYI_PY_AUG_ASSIGN,
      { ONE(assign.targets), { CVYI_PY_BINARY_OP, AT(assign.op) },
        EXPRESSION(assign.value) } },
    { "AnnAssign", CVYI_PY_ANN_ASSIGN,
      { ONE(assign.targets), EXPRESSION(assign.annotation),
        MAYBE(assign.value) } },
    { "For", CVYI_PY_FOR,
      { EXPRESSION(loop.target), EXPRESSION(loop.iter), BODY(loop.body),
        BRANCH(loop.orelse) } },
    { "While", CVYI_PY_WHILE,
      { EXPRESSION(loop.test), BODY(loop.body), BRANCH(loop.orelse) } },
    { "If", CVYI_PY_IF,
      { EXPRESSION(loop.test), BODY(loop.body), BRANCH(loop.orelse) } },
    { "With", CVYI_PY_WITH, { { CVYI_PY_ITEMS, 0 }, BODY(with.body) } },
    { "Raise", CVYI_PY_RAISE, { MAYBE(value) } },
    { "Try", CVYI_PY_TRY,
      { BODY(attempt.body), { CVYI_PY_HANDLERS, 0 }, BRANCH(attempt.orelse),
        BRANCH(attempt.finalbody) } },
    { "Assert", CVYI_PY_ASSERT,
      { EXPRESSION(assertion.test), MAYBE(assertion.message) } },
    { "Import", CVYI_PY_IMPORT, { { CVYI_PY_ALIASES, 0 } } },
    { "ImportFrom", CVYI_PY_IMPORT_FROM,
      { { CVYI_PY_MAYBE_TEXT, AT(import.module) },
        { CVYI_PY_NUMBER, AT(import.level) }, { CVYI_PY_ALIASES, 0 } } },
    { "Global", CVYI_PY_GLOBAL, { { CVYI_PY_TEXTS, 0 } } },
    { "Nonlocal", CVYI_PY_NONLOCAL, { { CVYI_PY_TEXTS, 0 } } },
    { "Expr", CVYI_PY_EXPR, { EXPRESSION(value) } },
    { "Pass", CVYI_PY_PASS, { { 0 } } },
    { "Break", CVYI_PY_BREAK, { { 0 } } },
    { "Continue", CVYI_PY_CONTINUE, { { 0 } } },
    { "BoolOp", CVYI_PY_BOOL_OP,
      { { CVYI_PY_BOOLEAN_OP, AT(operation.op) },
        SOME(operation.operands) } },
    { "BinOp", CVYI_PY_BIN_OP,
      { { CVYI_PY_BINARY_OP, AT(operation.op) },
        PAIR(operation.operands) } },
    { "UnaryOp", CVYI_PY_UNARY_OP,
      { { CVYI_PY_UNARY_OPERATOR, AT(operation.op) },
        ONE(operation.operands) } },
    { "Compare", CVYI_PY_COMPARE,
      { EXPRESSION(compare.left), { CVYI_PY_COMPARE_OPS, 0 },
        SOME(compare.comparators) } },
    { "NamedExpr", CVYI_PY_NAMED_EXPR,
      { EXPRESSION(named.target), EXPRESSION(named.value) } },
    { "Lambda", CVYI_PY_LAMBDA,
      { { CVYI_PY_ARGS, AT(def.args) }, ONE(def.body) } },
    { "IfExp", CVYI_PY_IF_EXP,
      { EXPRESSION(choice.test), EXPRESSION(choice.body),
        EXPRESSION(choice.orelse) } },
    { "Dict", CVYI_PY_DICT,
      { { CVYI_PY_KEYS, AT(dict.keys) }, EXPRESSIONS(dict.values) } },
    { "Set", CVYI_PY_SET, { SOME(list) } },
    { "List", CVYI_PY_LIST, { EXPRESSIONS(list) } },
    { "Tuple", CVYI_PY_TUPLE, { EXPRESSIONS(list) } },
    { "ListComp", CVYI_PY_LIST_COMP, COMPREHENSION },
    { "SetComp", CVYI_PY_SET_COMP, COMPREHENSION },
    { "GeneratorExp", CVYI_PY_GENERATOR_EXP, COMPREHENSION },
    { "DictComp", CVYI_PY_DICT_COMP,
      { EXPRESSION(comprehension.key), EXPRESSION(comprehension.element),
        { CVYI_PY_FORS, 0 } } },
    { "Call", CVYI_PY_CALL,
      { EXPRESSION(call.func), EXPRESSIONS(call.args),
        { CVYI_PY_KEYWORDS, 0 } } },
    { "Constant", CVYI_PY_CONSTANT, { { CVYI_PY_VALUE, 0 } } },
    { "JoinedStr", CVYI_PY_JOINED_STR, { { CVYI_PY_PIECES, AT(list) } } },
    { "FormattedValue", CVYI_PY_FORMATTED,
      { EXPRESSION(formatted.value),
        { CVYI_PY_NUMBER, AT(formatted.conversion) },
        MAYBE(formatted.format) } },
    { "Attribute", CVYI_PY_ATTRIBUTE,
      { EXPRESSION(attribute.value), TEXT(attribute.attr) } },
    { "Subscript", CVYI_PY_SUBSCRIPT,
      { EXPRESSION(subscript.value), EXPRESSION(subscript.index) } },
    { "Starred", CVYI_PY_STARRED, { EXPRESSION(value) } },
    { "Name", CVYI_PY_NAME, { TEXT(name) } },
    { "Slice", CVYI_PY_SLICE,
      { MAYBE(slice.lower), MAYBE(slice.upper), MAYBE(slice.step) } },
    { "Other", CVYI_PY_OTHER, { TEXT(name) } },
};
/* clang-format on */

const cvyi_py_form *cvyi_py_form_of(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}
