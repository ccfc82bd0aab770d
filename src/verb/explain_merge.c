/*
 * verb/explain_merge.c - what several explanations of one call agree about.
 *
 * They differ in the numbers that stood in for sizes that nobody said. A text
 * that is the same in all of them, but for numbers that are one of these sizes
 * or made of them, holds for all sizes and is told with letters; what cannot
 * be told so is left out.
 */
#include "verb/explain.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- a number as a letter ---- */

/* What a number can be of a size and of another number m. */
typedef enum shape_of_number {
    ITSELF,
    HALF,        /* C // 2 */
    HALF_BEFORE, /* (C - 1) // 2 */
    LESS,        /* C - m */
    TIMES,       /* m * C */
    SHARE,       /* C // m */
    SPAN,        /* m * (C - 1) */
    N_SHAPES
} shape_of_number;

enum { MOST_M = 64 };

static int64_t made(shape_of_number shape, int64_t size, int64_t m)
{
    switch (shape) {
    case HALF:
        return size / 2;
    case HALF_BEFORE:
        return (size - 1) / 2;
    case LESS:
        return size - m;
    case TIMES:
        return m * size;
    case SHARE:
        return size % m == 0 ? size / m : -1;
    case SPAN:
        return m * (size - 1);
    default:
        return size;
    }
}

static void put_made(cvyi_text *out, shape_of_number shape, const char *name,
                     int m)
{
    switch (shape) {
    case HALF:
        cvyi_text_printf(out, "%s // 2", name);
        break;
    case HALF_BEFORE:
        cvyi_text_printf(out, "(%s - 1) // 2", name);
        break;
    case LESS:
        cvyi_text_printf(out, "%s - %d", name, m);
        break;
    case TIMES:
        cvyi_text_printf(out, "%d * %s", m, name);
        break;
    case SHARE:
        cvyi_text_printf(out, "%s // %d", name, m);
        break;
    case SPAN:
        cvyi_text_printf(out, "%d * (%s - 1)", m, name);
        break;
    default:
        cvyi_text_put(out, name);
        break;
    }
}

static bool is_made(const cvyi_explain_letter *letter, shape_of_number shape,
                    int m, const int64_t *numbers)
{
    for (int v = 0; v < CVYI_STAND_INS; v++)
        if (made(shape, letter->values[v], m) != numbers[v])
            return false;
    return true;
}

/* Do signs stand beside a number that is to be replaced by a sum? */
static bool beside_signs(const cvyi_text *before, const char *after)
{
    const char *const text = cvyi_text_c(before);
    size_t at = before->size;

    while (at > 0 && text[at - 1] == ' ')
        at--;
    after += strspn(after, " ");
    return (at > 0 && strchr("+-*/", text[at - 1]) != NULL) ||
           (*after != '\0' && strchr("+-*/", *after) != NULL);
}

/* false: it is made of no size. The simplest way is told. */
static bool put_number(cvyi_text *out, const cvyi_explain_rules *rules,
                       const int64_t *numbers)
{
    for (int shape = ITSELF; shape < N_SHAPES; shape++)
        for (int i = 0; i < rules->n_letters; i++)
            for (int m = 1; m <= (shape < LESS ? 1 : MOST_M); m++) {
                const cvyi_explain_letter *const letter = &rules->letters[i];

                if (!is_made(letter, (shape_of_number)shape, m, numbers))
                    continue;
                put_made(out, (shape_of_number)shape, letter->name, m);
                return true;
            }
    for (int i = 0; i < rules->n_letters; i++)
        for (int k = i + 1; k < rules->n_letters; k++) {
            const cvyi_explain_letter *const a = &rules->letters[i];
            const cvyi_explain_letter *const b = &rules->letters[k];
            bool good = true;

            for (int v = 0; v < CVYI_STAND_INS; v++)
                good = good && a->values[v] * b->values[v] == numbers[v];
            if (good) {
                cvyi_text_printf(out, "%s * %s", a->name, b->name);
                return true;
            }
        }
    return false;
}

/* ---- texts ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The whole number that all texts have here; false where one has none, or one
 * with a fraction. */
static bool whole_number(int64_t *numbers, const char **at)
{
    for (int v = 0; v < CVYI_STAND_INS; v++) {
        char *end;

        if (!is_digit(*at[v]))
            return false;
        numbers[v] = strtoll(at[v], &end, 10);
        if ((*end == '.' && is_digit(end[1])) || *end == 'e')
            return false;
        at[v] = end;
    }
    return true;
}

static bool same_number(const int64_t *numbers)
{
    for (int v = 1; v < CVYI_STAND_INS; v++)
        if (numbers[v] != numbers[0])
            return false;
    return true;
}

static bool same_character(const char *const *at)
{
    for (int v = 1; v < CVYI_STAND_INS; v++)
        if (*at[v] != *at[0])
            return false;
    return true;
}

/* false: the texts differ by more than sizes. */
static bool put_merged(cvyi_text *out, const cvyi_explain_rules *rules,
                       const char *const *texts)
{
    const char *at[CVYI_STAND_INS];
    bool fraction = false; /* digits here are no whole number */

    memcpy(at, texts, sizeof at);
    while (same_character(at) && *at[0] != '\0') {
        fraction = is_digit(*at[0]) ? fraction : *at[0] == '.';
        cvyi_text_add(out, at[0], 1);
        for (int v = 0; v < CVYI_STAND_INS; v++)
            at[v]++;
    }
    if (same_character(at))
        return true;
    if (fraction)
        return false;
    /* Back to where the number begins. */
    while (at[0] > texts[0] && is_digit(at[0][-1])) {
        for (int v = 0; v < CVYI_STAND_INS; v++)
            at[v]--;
        out->size -= out->size > 0;
    }

    int64_t numbers[CVYI_STAND_INS];
    cvyi_text name = { 0 };
    bool good = true;

    if (!whole_number(numbers, at) || same_number(numbers) ||
        !put_number(&name, rules, numbers))
        good = false;
    else if (strchr(cvyi_text_c(&name), ' ') != NULL &&
             beside_signs(out, at[0]))
        cvyi_text_printf(out, "(%s)", cvyi_text_c(&name));
    else
        cvyi_text_put(out, cvyi_text_c(&name));
    out->bad |= name.bad;
    cvyi_text_close(&name);
    return good && put_merged(out, rules, at);
}

/* *out NULL: they do not agree, or one of them is NULL. */
static cvy_status merge(const char **out, cvyi_explained *e,
                        const char *const *texts, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status = CVY_OK;
    bool good = true;

    *out = NULL;
    for (int v = 0; v < CVYI_STAND_INS; v++)
        good = good && texts[v] != NULL;
    good = good && put_merged(&text, e->rules, texts);
    if (text.bad)
        status = cvyi_no_memory(err);
    else if (good) {
        *out = cvyi_arena_text(&e->arena, cvyi_text_c(&text), text.size);
        status = *out != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    cvyi_text_close(&text);
    return status;
}

/* The text at `offset` of the same row of all explanations. */
static cvy_status merge_member(const char **out, cvyi_explained *e,
                               const void *const *rows, size_t offset,
                               cvy_error *err)
{
    const char *texts[CVYI_STAND_INS];

    for (int v = 0; v < CVYI_STAND_INS; v++)
        texts[v] = *(const char *const *)((const char *)rows[v] + offset);
    return merge(out, e, texts, err);
}

/* ---- rows ---- */

static cvy_status merge_code(cvyi_explained *e, cvy_error *err)
{
    const char *texts[CVYI_STAND_INS];

    for (int v = 0; v < CVYI_STAND_INS; v++)
        texts[v] = e->rules->with[v].code;
    return merge(&e->code, e, texts, err);
}

/* How often the name stands in the code. */
static int count_name(const char *code, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    int n = 0;

    while (*code != '\0') {
        const size_t size = strspn(code, letters);

        n += size == strlen(name) && strncmp(code, name, size) == 0;
        code += size + (code[size] != '\0');
    }
    return n;
}

/* "nn.LazyConv2d(16, 3)" of "nn.Conv2d(C, 16, 3)": torch has classes that take
 * their channels from the first input. NULL: not of this one. */
static const char *lazy_of(cvyi_explained *e, const char *code)
{
    static const char module[] = "nn.", channels[] = "C";
    const size_t skipped = strlen(module), size = strcspn(code, "(");
    const char *rest = code + size, *name;
    int n_spatial;

    if (strcmp(e->target.dialect, "torch") != 0 || size < skipped ||
        strncmp(code, module, skipped) != 0 || *rest == '\0' ||
        count_name(code, channels) != 1 ||
        strncmp(++rest, channels, strlen(channels)) != 0)
        return NULL;
    rest += strlen(channels);
    rest += strspn(rest, ", ");
    name = cvyi_arena_printf(&e->arena, "torch.nn.Lazy%.*s",
                             (int)(size - skipped), code + skipped);
    if (name == NULL || cvyi_spelling_find("torch", name, &n_spatial) == NULL)
        return NULL;
    return cvyi_arena_printf(&e->arena, "nn.%s(%s", name + strlen("torch.nn."),
                             rest);
}

static cvy_status merge_lazy(cvyi_explained *e, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const int n = e->code != NULL && count_name(e->code, "C") == 1
                      ? with[0].snippet.n_calls
                      : 0;

    for (int c = 0; c < n && e->rules->lazy == NULL; c++) {
        const char *texts[CVYI_STAND_INS] = { NULL }, *code;

        for (int v = 0; v < CVYI_STAND_INS; v++)
            if (with[v].snippet.n_calls == n)
                texts[v] = cvyi_text_c(&with[v].snippet.said[c].code);
        CVYI_TRY(merge(&code, e, texts, err));
        if (code != NULL)
            e->rules->lazy = lazy_of(e, code);
    }
    return CVY_OK;
}

static cvy_status merge_shapes(cvyi_explained *e, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const int n = with[0].n_shapes;

    e->shapes = cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->shapes);
    if (e->shapes == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n && e->n_shapes == i; i++) {
        const void *const rows[] = { &with[0].shapes[i], &with[1].shapes[i],
                                     &with[2].shapes[i] };
        cvyi_explain_shape *const to = &e->shapes[e->n_shapes];

        *to = with[0].shapes[i];
        CVYI_TRY(merge_member(&to->source, e, rows,
                              offsetof(cvyi_explain_shape, source), err));
        CVYI_TRY(merge_member(&to->target, e, rows,
                              offsetof(cvyi_explain_shape, target), err));
        e->n_shapes += to->source != NULL && to->target != NULL;
    }
    return CVY_OK;
}

/* The row about the same argument: what the source says of it is the same, or
 * nothing and the target's name is. */
static const cvyi_explain_argument *row_like(const cvyi_explained *with,
                                             const cvyi_explain_argument *row)
{
    for (int i = 0; i < with->n_arguments; i++) {
        const cvyi_explain_argument *const other = &with->arguments[i];

        if (row->source != NULL && other->source != NULL &&
            strcmp(row->source, other->source) == 0)
            return other;
        if (row->source == NULL && other->source == NULL &&
            strncmp(row->target, other->target,
                    strcspn(row->target, "=") + 1) == 0)
            return other;
    }
    return NULL;
}

static cvy_status merge_argument(cvyi_explained *e, int i, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const cvyi_explain_argument *const row = &with[0].arguments[i];
    const void *const rows[] = { row, row_like(&with[1], row),
                                 row_like(&with[2], row) };
    cvyi_explain_argument *const to = &e->arguments[e->n_arguments];

    if (rows[1] == NULL || rows[2] == NULL)
        return CVY_OK;
    to->source = row->source;
    CVYI_TRY(merge_member(&to->target, e, rows,
                          offsetof(cvyi_explain_argument, target), err));
    CVYI_TRY(merge_member(&to->why, e, rows,
                          offsetof(cvyi_explain_argument, why), err));
    e->n_arguments +=
        to->why != NULL && (to->target != NULL || row->target == NULL);
    return CVY_OK;
}

static cvy_status merge_arguments(cvyi_explained *e, cvy_error *err)
{
    const int n = e->rules->with[0].n_arguments;

    e->arguments =
        cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->arguments);
    if (e->arguments == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(merge_argument(e, i, err));
    return CVY_OK;
}

static bool same_window(cvy_window a, cvy_window b)
{
    return a.taps == b.taps && a.stride == b.stride &&
           a.dilation == b.dilation;
}

static cvy_status merge_border(cvyi_explained *e, int i, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const void *const rows[] = { &with[0].borders[i], &with[1].borders[i],
                                 &with[2].borders[i] };
    cvyi_explain_border *const to = &e->borders[e->n_borders++];

    *to = with[0].borders[i];
    for (int v = 1; v < CVYI_STAND_INS; v++)
        to->known =
            to->known && same_window(to->window, with[v].borders[i].window);
    CVYI_TRY(merge_member(&to->rule, e, rows,
                          offsetof(cvyi_explain_border, rule), err));
    CVYI_TRY(merge_member(&to->simple, e, rows,
                          offsetof(cvyi_explain_border, simple), err));
    CVYI_TRY(merge_member(&to->simple_for, e, rows,
                          offsetof(cvyi_explain_border, simple_for), err));
    if (to->simple == NULL || to->simple_for == NULL)
        to->simple = to->simple_for = NULL;
    if (!to->cut || to->known)
        return CVY_OK;
    /* Of other taps other words may be right, and other amounts are. */
    to->simple = to->simple_for = NULL;
    to->before = to->after = 0;
    if (to->rule == NULL)
        CVYI_TRY(cvyi_explain_cut_rule(
            &to->rule, &e->arena, (const cvyi_explain_border *const *)rows,
            err));
    return CVY_OK;
}

static cvy_status merge_borders(cvyi_explained *e, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const int n = with[0].n_borders;

    e->n_borders = 0;
    e->borders =
        cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->borders);
    if (e->borders == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        if (with[1].n_borders == n && with[2].n_borders == n)
            CVYI_TRY(merge_border(e, i, err));
    return CVY_OK;
}

/* "weight (16, 3)" of "0.weight (16, 3)": where the code is not the same for
 * all sizes its places are not. */
static const char *unplaced(const char *target)
{
    const size_t n = strspn(target, "0123456789");

    return n > 0 && target[n] == '.' ? target + n + 1 : target;
}

static cvy_status merge_weights(cvyi_explained *e, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const int n = with[0].n_weights;

    e->weights =
        cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->weights);
    if (e->weights == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        cvyi_explain_weight *const to = &e->weights[e->n_weights];
        const char *targets[CVYI_STAND_INS];
        const void *rows[CVYI_STAND_INS];

        for (int v = 0; v < CVYI_STAND_INS; v++) {
            if (with[v].n_weights != n)
                return CVY_OK;
            rows[v] = &with[v].weights[i];
            targets[v] = with[v].weights[i].target;
            if (e->code == NULL)
                targets[v] = unplaced(targets[v]);
        }
        CVYI_TRY(merge_member(&to->source, e, rows,
                              offsetof(cvyi_explain_weight, source), err));
        CVYI_TRY(merge(&to->target, e, targets, err));
        CVYI_TRY(merge_member(&to->how, e, rows,
                              offsetof(cvyi_explain_weight, how), err));
        e->n_weights += to->target != NULL &&
                        (to->how != NULL || with[0].weights[i].how == NULL);
    }
    return CVY_OK;
}

/* Numbers that are made of all sizes are told as a rule. */
static cvy_status merge_start(cvyi_explained *e, const void *const *rows,
                              cvy_error *err)
{
    cvyi_explain_start *const to = &e->starts[e->n_starts];
    const cvyi_explain_start *const from = rows[0];
    const size_t source = offsetof(cvyi_explain_start, source);
    const size_t target = offsetof(cvyi_explain_start, target);

    *to = (cvyi_explain_start){ .weight = from->weight };
    CVYI_TRY(merge_member(&to->source, e, rows, source, err));
    CVYI_TRY(merge_member(&to->target, e, rows, target, err));
    CVYI_TRY(merge_member(&to->code, e, rows,
                          offsetof(cvyi_explain_start, code), err));
    if (to->source == NULL)
        to->source = from->source_rule;
    if (to->target == NULL && from->target != NULL)
        to->target = from->target_rule;
    e->n_starts +=
        to->source != NULL && (to->target != NULL) == (from->target != NULL);
    return CVY_OK;
}

static cvy_status merge_starts(cvyi_explained *e, cvy_error *err)
{
    const cvyi_explained *const with = e->rules->with;
    const int n = with[0].n_starts;

    e->starts = cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->starts);
    if (e->starts == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        const void *rows[CVYI_STAND_INS];

        for (int v = 0; v < CVYI_STAND_INS; v++) {
            if (with[v].n_starts != n)
                return CVY_OK;
            rows[v] = &with[v].starts[i];
        }
        CVYI_TRY(merge_start(e, rows, err));
    }
    return CVY_OK;
}

static cvy_status merge_remarks(cvyi_explained *e, cvy_error *err)
{
    const cvyi_findings *const f = &e->rules->with[0].findings;

    for (int i = 0; i < f->n; i++) {
        const char *texts[CVYI_STAND_INS] = { NULL }, *text;

        for (int v = 0; v < CVYI_STAND_INS; v++)
            if (i < e->rules->with[v].findings.n)
                texts[v] = e->rules->with[v].findings.items[i].text;
        CVYI_TRY(merge(&text, e, texts, err));
        if (text != NULL && !f->items[i].refusal)
            CVYI_TRY(cvyi_remark(&e->findings, "", text, err));
    }
    return CVY_OK;
}

cvy_status cvyi_explain_merge(cvyi_explained *e, cvy_error *err)
{
    bool good = e->rules != NULL;

    if (!good)
        return CVY_OK;
    for (int v = 0; v < CVYI_STAND_INS; v++)
        good = good && e->rules->with[v].status == CVY_OK;
    if (!good)
        return merge_borders(e, err);
    CVYI_TRY(merge_code(e, err));
    CVYI_TRY(merge_lazy(e, err));
    CVYI_TRY(merge_shapes(e, err));
    /* Where not even that is said with letters there are no rules. */
    if (e->n_shapes == 0)
        return CVY_OK;
    CVYI_TRY(merge_arguments(e, err));
    CVYI_TRY(merge_borders(e, err));
    CVYI_TRY(merge_weights(e, err));
    CVYI_TRY(merge_starts(e, err));
    return merge_remarks(e, err);
}
