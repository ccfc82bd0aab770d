/*
 * pass/blocks_cost.c - the lines of source that a class saves.
 *
 * A layer that is an object has a line in __init__ and one in forward; other
 * calls have one in forward. A class has lines of its own, takes the numbers
 * in which its repetitions differ, and each repetition is made and called.
 * Widths are guesses: nothing is written yet.
 */
#include "pass/blocks.h"

#include <string.h>

enum {
    /* Layers in a row are read as easily where they stand: a class for them
     * saves more than one line of so many. One with branches saves any. */
    LEAST_GAIN = 6,
    /* Two blank lines, class, docstring, blank, __init__, super, blank,
     * forward. */
    LINES_OF_CLASS = 9,
    /* What a list has more than one repetition: its brackets, and a line. */
    LINES_OF_LIST = 3,
    MOST_ON_ONE_LINE = 3, /* arguments of __init__ */
    /* Characters. */
    WIDTH = 88,
    BESIDE = 16, /* of "        self." and " = " */
    DEEPER = 12, /* of what stands before an argument on a line of its own */
    ROLE = 6,    /* of what a class calls a layer */
    LONGER = 10, /* is a name than the number in whose place it stands */
    SHAPE = 18,  /* of "  # 64 x 112 x 112" */
    CLASS = 12,  /* of the name of a class and its brackets */
    VALUE = 6,   /* of an argument of a class, and with its key */
    KEYED = 15,
    MOST_BARE = 2, /* arguments without a key */
    MOST_NUMBERS = 24,
};

typedef struct cost {
    cvyi_outline *outline;
    const cvyi_choice *choice;
    cvyi_arena arena;
    cvyi_ids arguments; /* a number for each list of differing values */
    cvy_error *err;
    bool sequential; /* the model, with blocks or without */
    int differing;   /* numbers of the member under way */
} cost;

/* The numbers in what the target would say of a layer. */
typedef struct numbers {
    int n;
    cvyi_number at[MOST_NUMBERS];
} numbers;

static void read_numbers(numbers *out, const char *code)
{
    out->n = cvyi_outline_numbers(out->at, MOST_NUMBERS, code);
}

/* "stride=", or a place among those without a key. */
static bool same_key(const cvyi_number *a, const cvyi_number *b)
{
    return a->place == b->place && a->n_key == b->n_key &&
           memcmp(a->key, b->key, a->n_key) == 0;
}

static const cvyi_number *find_key(const numbers *in, const cvyi_number *key)
{
    for (int i = 0; i < in->n; i++)
        if (same_key(&in->at[i], key))
            return &in->at[i];
    return NULL;
}

/* The values of one key in all repetitions are an argument of the class,
 * unless they are equal. */
static cvy_status take_argument(bool *differs, cost *c, const numbers *all,
                                const cvyi_number *key)
{
    cvyi_text values = { 0 };
    cvy_status status;
    size_t first = 0;
    int id;

    *differs = false;
    for (int i = 0; i < c->choice->n; i++) {
        const cvyi_number *const its = find_key(&all[i], key);
        const size_t begin = values.size;

        if (its != NULL)
            cvyi_text_add(&values, its->value, its->n_value);
        cvyi_text_put(&values, "|");
        if (i == 0)
            first = values.size;
        *differs = *differs || values.size - begin != first ||
                   (!values.bad &&
                    memcmp(values.bytes, values.bytes + begin, first) != 0);
    }
    status = cvyi_text_status(&values, c->err);
    if (status == CVY_OK && *differs)
        status = cvyi_ids_take(&id, &c->arguments, values.bytes, values.size,
                               c->err);
    cvyi_text_close(&values);
    return status;
}

/* One layer of the class: the units that stand for it in each repetition. */
static cvy_status take_layer(cost *c, const int *units)
{
    const cvyi_unit *const all = c->outline->units;
    const int n = c->choice->n;
    numbers *const found =
        cvyi_arena_alloc(&c->arena, (size_t)n, sizeof *found);

    if (found == NULL)
        return cvyi_no_memory(c->err);
    for (int i = 0; i < n; i++)
        read_numbers(&found[i], all[units[i]].code);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < found[i].n; k++) {
            bool known = false, differs;

            for (int before = 0; before < i && !known; before++)
                known = find_key(&found[before], &found[i].at[k]) != NULL;
            if (known)
                continue;
            CVYI_TRY(take_argument(&differs, c, found, &found[i].at[k]));
            c->differing += differs;
        }
    return CVY_OK;
}

/* The layers of a member, whatever blocks it is made of. */
static cvy_status take_member(cost *c, const int *units)
{
    const cvyi_outline *const o = c->outline;
    const int n = c->choice->n;
    const int inside = o->units[units[0]].repetition;
    const int n_inside =
        inside < 0 ? 0 : o->repeats[o->repetitions[inside].repeat].n_members;
    int *parts;

    if (inside < 0)
        return take_layer(c, units);
    parts = cvyi_arena_alloc(&c->arena, (size_t)n, sizeof *parts);
    if (parts == NULL)
        return cvyi_no_memory(c->err);
    for (int k = 0; k < n_inside; k++) {
        for (int i = 0; i < n; i++)
            parts[i] =
                o->repetitions[o->units[units[i]].repetition].members[k];
        CVYI_TRY(take_member(c, parts));
    }
    return CVY_OK;
}

/* ---- lines ---- */

/* Lines more than one, if a line is as wide as its code and what stands beside
 * it: the arguments go to the next, or one to each. */
static int64_t broken(size_t beside, size_t code, int n_arguments)
{
    if (beside + code <= WIDTH)
        return 0;
    return DEEPER + code <= WIDTH ? 2 : n_arguments + 1;
}

/* In the model as it is, where a sequential needs no forward. A comment tells
 * the shape of what has weights, beside the line or above it. */
static int64_t lines_of_unit(const cost *c, const cvyi_unit *unit)
{
    const size_t beside =
        BESIDE + (unit->name != NULL ? strlen(unit->name) : ROLE);
    const bool above = unit->heavy && beside + unit->width + SHAPE > WIDTH;
    const int64_t lines =
        c->sequential ? unit->steps : unit->calls + unit->objects;

    if (unit->objects == 0)
        return lines;
    return lines + above + broken(beside, unit->width, unit->n_arguments);
}

/* In a class: names stand where numbers differ. */
static int64_t lines_of_member(const cvyi_unit *unit, int differing)
{
    const size_t width = unit->width + LONGER * (size_t)differing;

    if (unit->objects == 0)
        return unit->calls;
    return unit->calls + unit->objects +
           broken(BESIDE + ROLE, width, unit->n_arguments);
}

size_t cvyi_repeat_width(int n_arguments)
{
    const int bare = n_arguments < MOST_BARE ? n_arguments : MOST_BARE;

    return CLASS + VALUE * (size_t)bare + KEYED * (size_t)(n_arguments - bare);
}

/* Making and calling the repetitions: those that follow each other stand in
 * a list. */
static int64_t lines_of_uses(const cost *c)
{
    const cvyi_choice *const choice = c->choice;
    const int n_arguments = c->arguments.n;
    const size_t width = cvyi_repeat_width(n_arguments);
    int64_t lines = 0;
    int length = 0;

    for (int i = 0; i < choice->n; i++) {
        const int last =
            i == 0 ? -1 : choice->members[i * choice->n_members - 1];
        const cvyi_inputs *const in = &choice->in[i];

        length =
            last >= 0 && in->n == 1 && c->outline->units[last].out == in->at[0]
                ? length + 1
                : 1;
        /* The second one makes the list. */
        lines += length == 1   ? 1 + !c->sequential
                 : length == 2 ? LINES_OF_LIST
                               : 1;
        lines +=
            broken(length == 1 ? BESIDE + ROLE : DEEPER, width, n_arguments);
    }
    return lines;
}

static cvy_status count(int64_t *saved, int64_t *flat, cost *c)
{
    const cvyi_choice *const choice = c->choice;
    const cvyi_unit *const all = c->outline->units;
    int *const units =
        cvyi_arena_alloc(&c->arena, (size_t)choice->n, sizeof *units);
    int64_t lines = LINES_OF_CLASS;

    if (units == NULL)
        return cvyi_no_memory(c->err);
    *flat = 0;
    for (int k = 0; k < choice->n_members; k++) {
        for (int i = 0; i < choice->n; i++) {
            units[i] = choice->members[i * choice->n_members + k];
            *flat += lines_of_unit(c, &all[units[i]]);
        }
        c->differing = 0;
        CVYI_TRY(take_member(c, units));
        lines += lines_of_member(&all[units[0]], c->differing);
    }
    if (c->arguments.n > MOST_ON_ONE_LINE)
        lines += c->arguments.n + 2;
    *saved = *flat - lines - lines_of_uses(c);
    return CVY_OK;
}

static bool branches(const cost *c)
{
    for (int k = 0; k < c->choice->n_members; k++)
        if (c->outline->units[c->choice->members[k]].n_in > 1)
            return true;
    return false;
}

cvy_status cvyi_choice_pays(bool *out, cvyi_outline *outline,
                            cvyi_choice *choice, cvy_error *err)
{
    cost c = { .outline = outline, .choice = choice, .err = err };
    int64_t saved = 0, flat = 0;
    cvy_status status = CVY_OK;

    c.arguments.arena = &c.arena;
    c.sequential =
        outline->graph->modules[outline->home].kind == CVYI_MODULE_SEQUENTIAL;
    if (choice->n > 1)
        status = count(&saved, &flat, &c);
    choice->n_arguments = c.arguments.n;
    cvyi_arena_close(&c.arena);
    *out = saved > 0 && (branches(&c) || saved * LEAST_GAIN > flat);
    return status;
}
