/*
 * verb/explain_lines.c - what is asked: calls, a line each, and their options.
 */
#include "verb/explain.h"

#include "verb/shape.h"

#include <string.h>

/* ---- options of a line ---- */

static cvy_status read_input(cvyi_call_input *out, cvyi_arena *arena,
                             const char *text, cvy_error *err)
{
    const char *const equals = strrchr(text, '=');

    out->name = NULL;
    if (equals != NULL) {
        out->name = cvyi_arena_text(arena, text, (size_t)(equals - text));
        if (out->name == NULL)
            return cvyi_no_memory(err);
    }
    return cvyi_shape_read(out->dims, &out->rank,
                           equals != NULL ? equals + 1 : text, err);
}

cvy_status cvyi_explain_add_input(cvyi_explain_request *r, cvyi_arena *arena,
                                  const char *text, int *capacity,
                                  cvy_error *err)
{
    cvyi_call_input *const grown = cvyi_arena_grow(
        arena, r->inputs, r->n_inputs, capacity, sizeof *grown);

    if (grown == NULL)
        return cvyi_no_memory(err);
    r->inputs = grown;
    return read_input(&r->inputs[r->n_inputs++], arena, text, err);
}

/* The next word of a comment; NULL at its end. */
static const char *next_word(const char **at, cvyi_arena *arena)
{
    size_t n;

    *at += strspn(*at, " \t");
    n = strcspn(*at, " \t\r\n");
    if (n == 0)
        return NULL;
    *at += n;
    return cvyi_arena_text(arena, *at - n, n);
}

/* "--input 1x8 --to keras" of the comment behind a call. */
static cvy_status read_comment(cvyi_explain_request *r, cvyi_arena *arena,
                               const char *comment, cvy_error *err)
{
    const cvyi_call_input *const general = r->inputs;
    const int n_general = r->n_inputs;
    const char *word;
    int capacity = 0;

    r->inputs = NULL;
    r->n_inputs = 0;
    while ((word = next_word(&comment, arena)) != NULL) {
        const char *const value = next_word(&comment, arena);

        if (value == NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "%.32s needs a value", word);
        if (strcmp(word, "--input") == 0)
            CVYI_TRY(cvyi_explain_add_input(r, arena, value, &capacity, err));
        else if (strcmp(word, "--from") == 0)
            r->from = value;
        else if (strcmp(word, "--to") == 0)
            r->target = value;
        else
            return cvyi_fail(err, CVY_ARGUMENT,
                             "a call's comment has no option %.32s", word);
    }
    if (r->n_inputs == 0) {
        r->inputs = (cvyi_call_input *)general;
        r->n_inputs = n_general;
    }
    return CVY_OK;
}

/* ---- lines ---- */

/* A comment that holds options begins with "# --". */
static const char *options_of(const char *text, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(text + i, "# --", 4) == 0)
            return text + i + 2;
    return NULL;
}

cvy_status cvyi_explain_lines_read(cvyi_explain_lines *out, cvyi_arena *arena,
                                   const char *code,
                                   const cvyi_explain_request *general,
                                   cvy_error *err)
{
    while (*code != '\0') {
        const size_t size = strcspn(code, "\n");
        cvyi_explain_line *const grown = cvyi_arena_grow(
            arena, out->items, out->n, &out->capacity, sizeof *grown);
        const char *options = options_of(code, size);

        if (grown == NULL)
            return cvyi_no_memory(err);
        out->items = grown;
        grown[out->n] = (cvyi_explain_line){ code, size, *general };
        if (options != NULL) {
            options = cvyi_arena_text(arena, options,
                                      size - (size_t)(options - code));
            if (options == NULL)
                return cvyi_no_memory(err);
            CVYI_TRY(
                read_comment(&grown[out->n].request, arena, options, err));
        }
        out->n++;
        code += size + (code[size] == '\n');
    }
    return CVY_OK;
}
