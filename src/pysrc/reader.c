/* pysrc/reader.c - the members of a node, each of them checked. */
#include "pysrc/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvy_status cvyi_py_nonsense(const cvyi_py_reader *r, const char *format, ...)
{
    char text[160];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (r->now < r->n)
        return cvyi_fail(r->err, CVY_FORMAT,
                         "the parser's answer, node %d: %s", r->now, text);
    return cvyi_fail(r->err, CVY_FORMAT, "the parser's answer: %s", text);
}

bool cvyi_py_is_list(const cvyi_value *value)
{
    return value != NULL && value->kind == CVYI_LIST;
}

bool cvyi_py_number(int *out, const cvyi_value *value, int64_t least)
{
    if (value == NULL || value->kind != CVYI_INT || value->integer < least ||
        value->integer > INT32_MAX)
        return false;
    *out = (int)value->integer;
    return true;
}

/* ---- texts ---- */

cvy_status cvyi_py_read_text(cvyi_py_reader *r, const char **out,
                             const cvyi_value *value, bool may_be_none)
{
    if (may_be_none && cvyi_is_none(value)) {
        *out = NULL;
        return CVY_OK;
    }
    if (cvyi_as_text(value) == NULL)
        return cvyi_py_nonsense(r, "expected a text");
    *out = cvyi_arena_text(r->arena, value->text, strlen(value->text));
    return *out != NULL ? CVY_OK : cvyi_no_memory(r->err);
}

static cvy_status read_name(cvyi_py_reader *r, const char **out,
                            const cvyi_value *value)
{
    CVYI_TRY(cvyi_py_read_text(r, out, value, false));
    return **out != '\0' ? CVY_OK : cvyi_py_nonsense(r, "an empty name");
}

static cvy_status read_op(cvyi_py_reader *r, const char **out,
                          const cvyi_value *value, const char *const *known)
{
    for (; *known != NULL; known++)
        if (cvyi_is_text(value, *known)) {
            *out = *known;
            return CVY_OK;
        }
    return cvyi_py_nonsense(r, "expected an operator");
}

static const char *const boolean_ops[] = { "And", "Or", NULL };
static const char *const unary_ops[] = { "Invert", "Not", "UAdd", "USub",
                                         NULL };
static const char *const binary_ops[] = {
    "Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",      "Pow",
    "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv", NULL
};
static const char *const compare_ops[] = { "Eq", "NotEq", "Lt", "LtE",
                                           "Gt", "GtE",   "Is", "IsNot",
                                           "In", "NotIn", NULL };

static cvy_status read_texts(cvyi_py_reader *r, int *n,
                             const char *const **out, const cvyi_value *value,
                             bool are_ops)
{
    if (!cvyi_py_is_list(value) || value->n == 0)
        return cvyi_py_nonsense(r, "expected a list of names");

    const char **const items =
        cvyi_arena_alloc(r->arena, (size_t)value->n, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(r->err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(are_ops ? read_op(r, &items[i], &value->items[i], compare_ops)
                         : read_name(r, &items[i], &value->items[i]));
    *n = value->n;
    *out = items;
    return CVY_OK;
}

/* ---- nodes inside a node ---- */

/* Takes the node out of those that are inside no other yet. */
static cvy_status take(cvyi_py_reader *r, const cvyi_py_node **out,
                       const cvyi_value *value, bool statement)
{
    int index;

    if (!cvyi_py_number(&index, value, 0) || index >= r->now)
        return cvyi_py_nonsense(r, "expected the index of a node before");
    if (r->depths[index] == 0)
        return cvyi_py_nonsense(r, "node %d stands in two places", index);

    const cvyi_py_node *const node = r->nodes[index];

    if (node->kind != CVYI_PY_OTHER &&
        (node->kind <= CVYI_PY_CONTINUE) != statement)
        return cvyi_py_nonsense(r, "expected %s",
                                statement ? "a statement" : "an expression");
    if (r->depths[index] > r->deepest)
        r->deepest = r->depths[index];
    r->depths[index] = 0;
    *out = node;
    return CVY_OK;
}

static cvy_status expression(cvyi_py_reader *r, const cvyi_py_node **out,
                             const cvyi_value *value)
{
    return take(r, out, value, false);
}

static cvy_status maybe(cvyi_py_reader *r, const cvyi_py_node **out,
                        const cvyi_value *value)
{
    if (cvyi_is_none(value)) {
        *out = NULL;
        return CVY_OK;
    }
    return take(r, out, value, false);
}

/* `values`: n items that follow each other. */
static cvy_status take_list(cvyi_py_reader *r, cvyi_py_list *out,
                            const cvyi_value *values, int n,
                            cvyi_py_shape shape)
{
    const cvyi_py_node **const items =
        cvyi_arena_alloc(r->arena, (size_t)n, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(r->err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(shape == CVYI_PY_KEYS
                     ? maybe(r, &items[i], &values[i])
                     : take(r, &items[i], &values[i],
                            shape == CVYI_PY_BODY || shape == CVYI_PY_BRANCH));
    *out = (cvyi_py_list){ n, items };
    return CVY_OK;
}

cvy_status cvyi_py_read_list(cvyi_py_reader *r, cvyi_py_list *out,
                             const cvyi_value *value, cvyi_py_shape shape)
{
    if (!cvyi_py_is_list(value))
        return cvyi_py_nonsense(r, "expected a list");
    if (value->n == 0 && (shape == CVYI_PY_BODY || shape == CVYI_PY_SOME))
        return cvyi_py_nonsense(r, "a list without items");
    return take_list(r, out, value->items, value->n, shape);
}

static cvy_status read_pieces(cvyi_py_reader *r, cvyi_py_list *out,
                              const cvyi_value *value)
{
    CVYI_TRY(cvyi_py_read_list(r, out, value, CVYI_PY_PIECES));
    for (int i = 0; i < out->n; i++) {
        const cvyi_py_node *const piece = out->items[i];

        if (piece->kind != CVYI_PY_FORMATTED &&
            (piece->kind != CVYI_PY_CONSTANT ||
             (piece->constant.value.kind != CVYI_TEXT)))
            return cvyi_py_nonsense(r, "a strange piece of an f-string");
    }
    return CVY_OK;
}

/* ---- lists of what is no node ---- */

/* Items are lists of `parts`. */
cvy_status cvyi_py_read_items(cvyi_py_reader *r, int *n, void *out,
                              size_t size, const cvyi_value *value, int parts,
                              cvyi_py_item_fn *read)
{
    if (!cvyi_py_is_list(value))
        return cvyi_py_nonsense(r, "expected a list");

    char *const items = cvyi_arena_alloc(r->arena, (size_t)value->n, size);

    if (items == NULL)
        return cvyi_no_memory(r->err);
    for (int i = 0; i < value->n; i++) {
        const cvyi_value *const item = &value->items[i];

        if (!cvyi_py_is_list(item) || item->n != parts)
            return cvyi_py_nonsense(r, "expected a list of %d items", parts);
        CVYI_TRY(read(r, items + (size_t)i * size, item->items));
    }
    *n = value->n;
    memcpy(out, &items, sizeof items);
    return CVY_OK;
}

static cvy_status read_arg(cvyi_py_reader *r, void *out,
                           const cvyi_value *parts)
{
    cvyi_py_arg *const arg = out;

    CVYI_TRY(read_name(r, &arg->name, &parts[0]));
    CVYI_TRY(maybe(r, &arg->annotation, &parts[1]));
    return maybe(r, &arg->fallback, &parts[2]);
}

static cvy_status read_args(cvyi_py_reader *r, cvyi_py_args *args,
                            const cvyi_value *value)
{
    if (!cvyi_py_is_list(value) || value->n != 5)
        return cvyi_py_nonsense(r, "expected arguments");

    const cvyi_value *const parts = value->items;

    CVYI_TRY(cvyi_py_read_items(r, &args->n_positional, &args->positional,
                                sizeof *args->positional, &parts[0], 3,
                                read_arg));
    if (!cvyi_py_number(&args->n_positional_only, &parts[1], 0) ||
        args->n_positional_only > args->n_positional)
        return cvyi_py_nonsense(r, "a strange number of arguments");
    for (int i = 1; i < args->n_positional; i++)
        if (args->positional[i - 1].fallback != NULL &&
            args->positional[i].fallback == NULL)
            return cvyi_py_nonsense(
                r, "a required argument after one that is not");
    CVYI_TRY(cvyi_py_read_items(r, &args->n_keyword_only, &args->keyword_only,
                                sizeof *args->keyword_only, &parts[2], 3,
                                read_arg));
    CVYI_TRY(cvyi_py_read_text(r, &args->rest, &parts[3], true));
    return cvyi_py_read_text(r, &args->more, &parts[4], true);
}

static cvy_status read_for(cvyi_py_reader *r, void *out,
                           const cvyi_value *parts)
{
    cvyi_py_for *const f = out;

    CVYI_TRY(expression(r, &f->target, &parts[0]));
    CVYI_TRY(expression(r, &f->iter, &parts[1]));
    return cvyi_py_read_list(r, &f->ifs, &parts[2], CVYI_PY_EXPRESSIONS);
}

static cvy_status read_handler(cvyi_py_reader *r, void *out,
                               const cvyi_value *parts)
{
    cvyi_py_handler *const handler = out;

    CVYI_TRY(maybe(r, &handler->type, &parts[0]));
    CVYI_TRY(cvyi_py_read_text(r, &handler->name, &parts[1], true));
    return cvyi_py_read_list(r, &handler->body, &parts[2], CVYI_PY_BODY);
}

static cvy_status read_alias(cvyi_py_reader *r, void *out,
                             const cvyi_value *parts)
{
    cvyi_py_alias *const alias = out;

    CVYI_TRY(read_name(r, &alias->name, &parts[0]));
    return cvyi_py_read_text(r, &alias->asname, &parts[1], true);
}

static cvy_status read_keyword(cvyi_py_reader *r, void *out,
                               const cvyi_value *parts)
{
    cvyi_py_keyword *const keyword = out;

    CVYI_TRY(cvyi_py_read_text(r, &keyword->name, &parts[0], true));
    return expression(r, &keyword->value, &parts[1]);
}

static cvy_status read_with_item(cvyi_py_reader *r, void *out,
                                 const cvyi_value *parts)
{
    struct cvyi_py_with_item *const item = out;

    CVYI_TRY(expression(r, &item->context, &parts[0]));
    return maybe(r, &item->target, &parts[1]);
}

/* ---- constants ---- */

static bool is_digits(const char *text)
{
    text += *text == '-';
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

static cvy_status read_constant(cvyi_py_reader *r, cvyi_py_node *node,
                                const cvyi_value *parts)
{
    static const char *const words[] = {
        [CVYI_PY_PLAIN] = "plain",       [CVYI_PY_BIG_INT] = "int",
        [CVYI_PY_BYTES] = "bytes",       [CVYI_PY_COMPLEX] = "complex",
        [CVYI_PY_ELLIPSIS] = "ellipsis",
    };
    const cvyi_value *const value = &parts[1];
    const char *copy = NULL;
    unsigned kind = 0;

    while (kind < sizeof words / sizeof *words &&
           !cvyi_is_text(&parts[0], words[kind]))
        kind++;
    if (kind == sizeof words / sizeof *words ||
        (kind == CVYI_PY_PLAIN && value->kind > CVYI_TEXT) ||
        (kind == CVYI_PY_BIG_INT &&
         (value->kind != CVYI_TEXT || !is_digits(value->text))) ||
        (kind == CVYI_PY_BYTES && value->kind != CVYI_TEXT) ||
        (kind >= CVYI_PY_COMPLEX && value->kind != CVYI_NONE))
        return cvyi_py_nonsense(r, "a strange constant");
    node->constant.kind = (cvyi_py_constant)kind;
    node->constant.value = *value;
    if (value->kind != CVYI_TEXT)
        return CVY_OK;
    CVYI_TRY(cvyi_py_read_text(r, &copy, value, false));
    node->constant.value.text = copy;
    return CVY_OK;
}

/* ---- a node ---- */

static cvy_status read_aggregate(cvyi_py_reader *r, cvyi_py_node *node,
                                 cvyi_py_shape shape, const cvyi_value *value)
{
    switch (shape) {
    case CVYI_PY_FORS:
        return cvyi_py_read_items(r, &node->comprehension.n,
                                  &node->comprehension.fors,
                                  sizeof(cvyi_py_for), value, 3, read_for);
    case CVYI_PY_HANDLERS:
        return cvyi_py_read_items(r, &node->attempt.n_handlers,
                                  &node->attempt.handlers,
                                  sizeof(cvyi_py_handler), value, 3,
                                  read_handler);
    case CVYI_PY_ALIASES:
        return cvyi_py_read_items(r, &node->import.n, &node->import.aliases,
                                  sizeof(cvyi_py_alias), value, 2, read_alias);
    case CVYI_PY_ITEMS:
        return cvyi_py_read_items(r, &node->with.n, &node->with.items,
                                  sizeof(struct cvyi_py_with_item), value, 2,
                                  read_with_item);
    default:
        if (node->kind == CVYI_PY_CALL)
            return cvyi_py_read_items(r, &node->call.n_keywords,
                                      &node->call.keywords,
                                      sizeof(cvyi_py_keyword), value, 2,
                                      read_keyword);
        return cvyi_py_read_items(r, &node->def.n_keywords,
                                  &node->def.keywords, sizeof(cvyi_py_keyword),
                                  value, 2, read_keyword);
    }
}

/* Items that a member takes of its node's list. */
int cvyi_py_width(cvyi_py_shape shape)
{
    return shape == CVYI_PY_PAIR || shape == CVYI_PY_VALUE ? 2 : 1;
}

cvy_status cvyi_py_read_member(cvyi_py_reader *r, cvyi_py_node *node,
                               const struct cvyi_py_member *m,
                               const cvyi_value *value)
{
    void *const at = (char *)node + m->at;
    int n_ops;

    switch (m->shape) {
    case CVYI_PY_EXPRESSION:
        return expression(r, at, value);
    case CVYI_PY_MAYBE:
        return maybe(r, at, value);
    case CVYI_PY_ONE:
    case CVYI_PY_PAIR:
        return take_list(r, at, value, cvyi_py_width(m->shape), m->shape);
    case CVYI_PY_EXPRESSIONS:
    case CVYI_PY_SOME:
    case CVYI_PY_KEYS:
    case CVYI_PY_BODY:
    case CVYI_PY_BRANCH:
        return cvyi_py_read_list(r, at, value, m->shape);
    case CVYI_PY_PIECES:
        return read_pieces(r, at, value);
    case CVYI_PY_TEXT:
        return read_name(r, at, value);
    case CVYI_PY_MAYBE_TEXT:
        return cvyi_py_read_text(r, at, value, true);
    case CVYI_PY_TEXTS:
        return read_texts(r, &node->names.n, &node->names.items, value, false);
    case CVYI_PY_NUMBER:
        return cvyi_py_number(at, value, -1)
                   ? CVY_OK
                   : cvyi_py_nonsense(r, "expected a number");
    case CVYI_PY_BOOLEAN_OP:
        return read_op(r, at, value, boolean_ops);
    case CVYI_PY_BINARY_OP:
        return read_op(r, at, value, binary_ops);
    case CVYI_PY_UNARY_OPERATOR:
        return read_op(r, at, value, unary_ops);
    case CVYI_PY_COMPARE_OPS:
        CVYI_TRY(read_texts(r, &n_ops, &node->compare.ops, value, true));
        /* As many as there are comparators, which come next. */
        return cvyi_py_is_list(&value[1]) && value[1].n == n_ops
                   ? CVY_OK
                   : cvyi_py_nonsense(r, "another number of operators");
    case CVYI_PY_ARGS:
        return read_args(r, at, value);
    case CVYI_PY_VALUE:
        return read_constant(r, node, value);
    default:
        return read_aggregate(r, node, m->shape, value);
    }
}
