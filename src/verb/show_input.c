/* verb/show_input.c - sizes that the user fixes: "[NAME=]1x32x32x3". */
#include "verb/shape.h"
#include "verb/show.h"

#include <string.h>

/* The name of a size that is one symbol; NULL if it is anything else. */
static const char *symbol_of(cvy_show *show, cvyi_size size)
{
    cvyi_text text = { 0 };
    const char *name = NULL;

    cvyi_size_print(&text, size);
    if (!text.bad &&
        cvyi_size_symbol(&show->graph->sizes, cvyi_text_c(&text)) == size)
        name = cvyi_arena_text(&show->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return name;
}

static cvy_status set_symbol(cvy_show *show, const char *name, int64_t n,
                             cvy_error *err)
{
    for (int i = 0; i < show->n_symbols; i++)
        if (strcmp(show->symbols[i], name) == 0)
            return show->sizes[i] == n
                       ? CVY_OK
                       : cvyi_fail(err, CVY_ARGUMENT,
                                   "%s is %lld in one input and %lld in "
                                   "another",
                                   name, (long long)show->sizes[i],
                                   (long long)n);
    if (show->n_symbols == CVYI_SHOW_SYMBOLS)
        return cvyi_fail(err, CVY_UNSUPPORTED, "more than %d unknown sizes",
                         CVYI_SHOW_SYMBOLS);
    show->symbols[show->n_symbols] = name;
    show->sizes[show->n_symbols++] = n;
    return CVY_OK;
}

static cvy_status fix_size(cvy_show *show, const cvyi_type *type, int axis,
                           int64_t n, cvy_error *err)
{
    const char *symbol;
    int64_t fixed;

    if (cvyi_size_constant(&fixed, type->dims[axis]))
        return fixed == n ? CVY_OK
                          : cvyi_fail(err, CVY_ARGUMENT,
                                      "--input says %lld for axis %d, the "
                                      "model has %lld",
                                      (long long)n, axis, (long long)fixed);
    symbol = symbol_of(show, type->dims[axis]);
    if (symbol == NULL)
        return CVY_OK; /* follows from another axis */
    if (axis == 0)
        show->batch_given = true;
    return set_symbol(show, symbol, n, err);
}

static const cvyi_type *find_input(const cvy_show *show, const char *name,
                                   size_t n)
{
    const cvyi_graph *const graph = show->graph;

    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_result *const r = &graph->results[graph->inputs[i]];

        if (name == NULL || (r->name != NULL && strlen(r->name) == n &&
                             memcmp(r->name, name, n) == 0))
            return &r->type;
    }
    return NULL;
}

cvy_status cvyi_show_input(cvy_show *show, const char *text, cvy_error *err)
{
    const char *const equals = strrchr(text, '=');
    const size_t n = equals != NULL ? (size_t)(equals - text) : 0;
    const cvyi_type *const type =
        find_input(show, equals != NULL ? text : NULL, n);
    int64_t dims[CVYI_MAX_DIMS];
    int rank;

    if (type == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the model has no input \"%.*s\"",
                         n < 64 ? (int)n : 64, text);
    CVYI_TRY(
        cvyi_shape_read(dims, &rank, equals != NULL ? equals + 1 : text, err));
    if (rank != type->rank)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "--input has %d sizes, the model's input has %d "
                         "(batch included)",
                         rank, type->rank);
    for (int i = 0; i < rank; i++)
        if (dims[i] >= 0)
            CVYI_TRY(fix_size(show, type, i, dims[i], err));
    return CVY_OK;
}

cvy_status cvyi_show_one_sample(cvy_show *show, cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;

    for (int i = 0; i < graph->n_inputs && !show->batch_given; i++) {
        const cvyi_type *const type = &graph->results[graph->inputs[i]].type;
        const char *symbol;
        int64_t fixed;

        if (type->rank < 1 || cvyi_size_constant(&fixed, type->dims[0]))
            continue;
        symbol = symbol_of(show, type->dims[0]);
        if (symbol != NULL)
            CVYI_TRY(set_symbol(show, symbol, 1, err));
    }
    return CVY_OK;
}

cvyi_show_number cvyi_show_size(const cvy_show *show, cvyi_size size)
{
    cvyi_show_number number = { false, 0 };

    number.known = cvyi_size_eval(&number.n, size, show->symbols, show->sizes,
                                  show->n_symbols);
    return number;
}
