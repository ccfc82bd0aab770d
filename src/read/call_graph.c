/*
 * read/call_graph.c - a bound call and shapes to a graph.
 *
 * What nothing says is chosen: a rank that the call takes, symbols for sizes,
 * and for channels the number that the call itself or the shape of its weight
 * says. Each choice is tried as a graph of its own; the first that the words
 * take is the answer, else the refusal that says most.
 */
#include "read/call_parts.h"

#include <string.h>

enum { MOST_FIXES = 16 };

/* Numbers for axes of the first tensor that have none. */
typedef struct filling {
    int n;
    bool last; /* the last n axes; else the channels */
    int64_t numbers[CVYI_MAX_DIMS];
} filling;

/* One choice. */
typedef struct choice {
    int rank;
    const filling *fix;
    bool bare; /* nothing is chosen for tensors of which nothing is known;
                * else they are as the first one */
} choice;

typedef struct opening {
    cvyi_arena *arena;
    const cvyi_call_text *text;
    const cvyi_call_input *inputs;
    int n_inputs;
    bool first; /* channels stand before the spatial axes */
    bool told;  /* the rank of the first tensor was said */
    bool rows;  /* the first tensor holds indices */
    int n_fixes;
    filling fixes[MOST_FIXES];
    /* The refusal that says most so far. */
    int score;
    cvyi_refusal refusal;
    /* A tensor must be said: no other choice helps. */
    bool final;
    cvy_error *err;
} opening;

/* ---- what was said ---- */

static const cvyi_call_input *input_of(const opening *o, int tensor)
{
    const char *const name = o->text->tensors[tensor];

    for (int i = 0; i < o->n_inputs; i++)
        if (o->inputs[i].name == NULL ? tensor == 0
                                      : strcmp(o->inputs[i].name, name) == 0)
            return &o->inputs[i];
    return NULL;
}

static cvy_status check_inputs(const opening *o)
{
    for (int i = 0; i < o->n_inputs; i++) {
        const cvyi_call_input *const input = &o->inputs[i];
        bool known = input->name == NULL;

        for (int k = 0; !known && k < o->text->n_tensors; k++)
            known = strcmp(o->text->tensors[k], input->name) == 0;
        if (!known)
            return cvyi_fail_in(o->err, CVY_ARGUMENT, input->name,
                                "the call has no tensor %.80s", input->name);
        if (input->rank < 1 || input->rank > CVYI_MAX_DIMS)
            return cvyi_fail_in(o->err, CVY_ARGUMENT, "input",
                                "a tensor has 1 to %d axes", CVYI_MAX_DIMS);
        for (int axis = 0; axis < input->rank; axis++)
            if (input->dims[axis] < 1 && input->dims[axis] != -1)
                return cvyi_fail_in(o->err, CVY_ARGUMENT, "input",
                                    "a size is at least 1");
    }
    return CVY_OK;
}

static const cvyi_value *argument(const cvyi_bound *bound, const char *name)
{
    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->names[i], name) == 0)
            return bound->values[i];
    return NULL;
}

static bool channels_first(const cvyi_call_text *text)
{
    const char *const format =
        cvyi_as_text(argument(&text->bound, "data_format") != NULL
                         ? argument(&text->bound, "data_format")
                         : &(cvyi_value){ .kind = CVYI_NONE });

    if (strcmp(text->dialect, "torch") == 0)
        return true;
    return format != NULL && (strcmp(format, "channels_first") == 0 ||
                              strncmp(format, "NC", 2) == 0);
}

/* ---- numbers for the channels ---- */

static void add_fix(opening *o, bool last, int n, const int64_t *numbers)
{
    filling *const to = &o->fixes[o->n_fixes];

    if (o->n_fixes == MOST_FIXES || n < 1 || n > CVYI_MAX_DIMS)
        return;
    *to = (filling){ .n = n, .last = last };
    for (int i = 0; i < n; i++) {
        if (numbers[i] < 1)
            return;
        to->numbers[i] = numbers[i];
    }
    o->n_fixes++;
}

/* As channels, and where the last axis is another one, there. */
static void add_number(opening *o, int64_t number)
{
    add_fix(o, false, 1, &number);
    if (o->first)
        add_fix(o, true, 1, &number);
}

static bool is_inputs(const cvyi_spelling *spelling, const char *name)
{
    static const char *const usual[] = {
        "in_channels",  "in_features",    "num_features",
        "num_channels", "num_parameters", "normalized_shape"
    };

    for (const cvyi_argument *a = spelling->arguments;
         a != NULL && a->name != NULL; a++)
        if (strcmp(a->name, name) == 0 && strcmp(a->meaning, "inputs") == 0)
            return true;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(usual[i], name) == 0)
            return true;
    return false;
}

/* What the call says of its input: in_channels, normalized_shape. */
static void add_said(opening *o)
{
    const cvyi_bound *const bound = &o->text->bound;

    for (int i = 0; i < bound->n; i++) {
        const cvyi_value *const value = bound->values[i];
        int64_t numbers[CVYI_MAX_DIMS];
        bool good = value->n <= CVYI_MAX_DIMS;

        if (!is_inputs(o->text->spelling, bound->names[i]))
            continue;
        if (value->kind == CVYI_INT) {
            add_number(o, value->integer);
        } else if (value->kind == CVYI_LIST) {
            for (int k = 0; good && k < value->n; k++)
                good = cvyi_as_int(&numbers[k], &value->items[k]);
            if (good)
                add_fix(o, true, value->n, numbers);
        }
    }
}

/* What the shape of a weight says: the axis of its inputs first. */
static void add_weights(opening *o)
{
    const cvyi_value *const groups = argument(&o->text->bound, "groups");
    int64_t n_groups = 1;

    if (groups != NULL && groups->kind == CVYI_INT)
        n_groups = groups->integer;
    for (int k = 1; k < o->text->n_tensors; k++) {
        const cvyi_call_input *const w = input_of(o, k);
        int64_t number;

        if (w == NULL)
            continue;
        if (w->rank > 1 && o->first &&
            cvyi_mul64(&number, w->dims[1], n_groups))
            add_number(o, number);
        if (w->rank > 1 && !o->first)
            add_number(o, w->dims[w->rank - 2]);
        add_number(o, w->dims[0]);
        add_number(o, w->dims[w->rank - 1]);
    }
}

/* ---- types ---- */

/* N C H W, or N H W C; indices are N T, without channels. */
static const char *symbol_of(const opening *o, int rank, int axis)
{
    static const char *const spatial[][CVYI_MAX_DIMS] = {
        [3] = { "L" },
        [4] = { "H", "W" },
        [5] = { "D", "H", "W" },
        [6] = { "S1", "S2", "S3", "S4" },
        [7] = { "S1", "S2", "S3", "S4", "S5" },
        [8] = { "S1", "S2", "S3", "S4", "S5", "S6" },
    };

    if (axis == 0)
        return "N";
    if (o->rows)
        return axis == rank - 1 ? "T" : spatial[CVYI_MAX_DIMS][axis - 1];
    if (axis == (o->first ? 1 : rank - 1))
        return "C";
    return spatial[rank][axis - (o->first ? 2 : 1)];
}

/* The number that the choice has for an axis of the first tensor; -1: none. */
static int64_t fixed_at(const opening *o, const filling *fix, int rank,
                        int axis)
{
    int at;

    if (fix == NULL)
        return -1;
    if (!fix->last)
        return rank > 1 && axis == (o->first ? 1 : rank - 1) ? fix->numbers[0]
                                                             : -1;
    at = axis - (rank - fix->n);
    return axis > 0 && at >= 0 ? fix->numbers[at] : -1;
}

static cvy_status make_type(cvyi_type *out, const opening *o, cvyi_graph *g,
                            int rank, const int64_t *dims, const filling *fix)
{
    *out = (cvyi_type){ .dtype = CVY_F32, .rank = rank };
    for (int axis = 0; axis < rank; axis++) {
        const int64_t said = dims != NULL ? dims[axis] : -1;
        const int64_t size = said >= 0 ? said : fixed_at(o, fix, rank, axis);

        out->dims[axis] =
            size >= 0 ? cvyi_size_of(&g->sizes, size)
                      : cvyi_size_symbol(&g->sizes, symbol_of(o, rank, axis));
        if (out->dims[axis] == NULL)
            return cvyi_no_memory(o->err);
    }
    return CVY_OK;
}

static cvy_status make_types(cvyi_type *types, const opening *o,
                             cvyi_graph *graph, const choice *c)
{
    const cvyi_call_text *const text = o->text;

    for (int k = 0; k < text->n_tensors; k++) {
        const cvyi_call_input *const input = input_of(o, k);
        const int64_t *const shape =
            text->input_rank > 0 ? text->input_dims : NULL;
        int same = 0;

        while (same < k && strcmp(text->tensors[same], text->tensors[k]) != 0)
            same++;
        if (same < k)
            types[k] = types[same];
        else if (input != NULL)
            CVYI_TRY(make_type(&types[k], o, graph, input->rank, input->dims,
                               k == 0 ? c->fix : NULL));
        else if (k == 0)
            CVYI_TRY(make_type(&types[k], o, graph, c->rank, shape, c->fix));
        else if (!c->bare)
            types[k] = types[0];
        else
            types[k] = (cvyi_type){ .dtype = CVY_F32 };
    }
    return CVY_OK;
}

/* ---- one choice ---- */

/* Is the argument a tensor of which nothing was said? */
static bool is_unknown_tensor(const opening *o, const char *name)
{
    const cvyi_value *const value = argument(&o->text->bound, name);

    return value != NULL && value->kind == CVYI_TENSOR && value->integer > 0 &&
           input_of(o, (int)value->integer) == NULL;
}

static cvyi_refusal of_error(const opening *o, cvy_status status,
                             const cvy_error *why)
{
    const char *const text =
        cvyi_arena_text(o->arena, why->text, strlen(why->text));
    const bool shape = status == CVY_SHAPE;

    return (cvyi_refusal){ shape ? CVYI_ILLEGAL_IN_SOURCE : CVYI_NOT_SUPPORTED,
                           "", text,
                           shape ? "check the shape of its input"
                                 : "use a smaller layer" };
}

/* Keeps what the words took but no graph can hold; then the refusal that names
 * an argument, and of two the one that says that the framework refuses. */
static void weigh(opening *o, const choice *c, const cvyi_refusal *refusal,
                  bool worded)
{
    const bool named =
        refusal->attribute != NULL && *refusal->attribute != '\0';
    const int score =
        worded ? 1 + 2 * named + (refusal->kind == CVYI_ILLEGAL_IN_SOURCE)
               : 5 * !c->bare;

    if (c->bare && named && is_unknown_tensor(o, refusal->attribute))
        o->final = true;
    else if (score <= o->score)
        return;
    o->score = score;
    o->refusal = *refusal;
}

static cvy_status build(cvyi_call_graph *out, const opening *o,
                        const choice *c, cvyi_graph *graph, cvy_error *err)
{
    const size_t n = (size_t)o->text->n_tensors + 1;
    cvyi_type *const types = cvyi_arena_alloc(o->arena, n, sizeof *types);
    cvyi_bound bound = o->text->bound;

    if (types == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(make_types(types, o, graph, c));
    bound.arena = o->arena;
    bound.sizes = &graph->sizes;
    bound.in = types;
    bound.n_in = o->text->n_tensors;
    CVYI_TRY(o->text->spelling->from_call(&out->phrase, &bound, err));
    /* Nothing to do, as in Activation("linear"), is still a layer. */
    if (out->phrase.n == 0)
        (void)cvyi_phrase_add(&out->phrase, &bound, "identity");

    cvyi_call_build b = { .arena = o->arena,
                          .text = o->text,
                          .graph = graph,
                          .phrase = &out->phrase,
                          .types = types };

    return cvyi_call_build_run(&b, err);
}

/* *done: this choice is the answer. */
static cvy_status attempt(cvyi_call_graph *out, bool *done, opening *o,
                          const choice *c)
{
    cvyi_call_graph made = { 0 };
    cvy_error local = { 0 };
    cvyi_graph *graph;
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&graph, "model", o->err));
    graph->dialect = o->text->dialect;
    status = build(&made, o, c, graph, &local);
    if (status == CVY_OK) {
        *out = made;
        out->graph = graph;
        *done = true;
        return CVY_OK;
    }
    cvyi_graph_close(graph);
    if (status == CVY_MEMORY)
        return cvyi_no_memory(o->err);

    const bool worded =
        status == CVY_UNSUPPORTED && made.phrase.refusal.reason != NULL;

    if (!worded)
        made.phrase.refusal = of_error(o, status, &local);
    if (made.phrase.refusal.reason == NULL)
        return cvyi_no_memory(o->err);
    weigh(o, c, &made.phrase.refusal, worded);
    return CVY_OK;
}

/* ---- all choices ---- */

/* Indices come as sequences, not as images. */
static bool takes_rows(const cvyi_spelling *spelling)
{
    const cvyi_op *const op = cvyi_spelling_op(spelling);

    return op != NULL && op->rows != NULL;
}

static int ranks_of(int *ranks, opening *o)
{
    static const int usual[] = { 4, 2, 3, 5 }, of_rows[] = { 2, 3, 4, 5 };
    const cvyi_call_input *const input = input_of(o, 0);

    o->told = true;
    if (input != NULL)
        ranks[0] = input->rank;
    else if (o->text->input_rank > 0)
        ranks[0] = o->text->input_rank;
    else if (o->text->n_spatial > 0)
        ranks[0] = o->text->n_spatial + 2;
    else {
        o->told = false;
        memcpy(ranks, o->rows ? of_rows : usual, sizeof usual);
        return (int)(sizeof usual / sizeof *usual);
    }
    return 1;
}

/* Tensors of a layer are alike; of a function's some may be weights. */
static cvy_status attempt_both(cvyi_call_graph *out, bool *done, opening *o,
                               choice *c)
{
    bool unknown = false;

    for (int k = 1; k < o->text->n_tensors; k++)
        unknown = unknown || input_of(o, k) == NULL;
    c->bare = unknown && argument(&o->text->bound, "x") != NULL;
    if (c->bare)
        CVYI_TRY(attempt(out, done, o, c));
    c->bare = false;
    return *done || o->final ? CVY_OK : attempt(out, done, o, c);
}

/* Has the first tensor an axis of which no number was said? */
static bool any_unknown(const opening *o)
{
    const cvyi_call_input *const input = input_of(o, 0);

    for (int axis = 0; input != NULL && axis < input->rank; axis++)
        if (input->dims[axis] < 0)
            return true;
    return input == NULL;
}

static cvy_status attempt_all(cvyi_call_graph *out, bool *done, opening *o)
{
    int ranks[4];
    const int n = ranks_of(ranks, o);

    for (int f = -1; f < (any_unknown(o) ? o->n_fixes : 0); f++)
        for (int r = 0; r < n && !*done && !o->final; r++) {
            choice c = { .rank = ranks[r] };

            c.fix = f >= 0 ? &o->fixes[f] : NULL;
            if (c.fix != NULL && c.fix->n >= c.rank)
                continue;
            CVYI_TRY(attempt_both(out, done, o, &c));
        }
    return CVY_OK;
}

/* "say the shapes with --input x=… --input W=…": those of which nothing was
 * said. */
static const char *advise(const opening *o)
{
    const cvyi_call_text *const text = o->text;
    const char *advice = "say the shape of its input with --input";

    for (int k = 0, n = 0; k < text->n_tensors && text->n_tensors > 1; k++) {
        if (input_of(o, k) != NULL)
            continue;
        advice = cvyi_arena_printf(o->arena, "%s --input %s=...",
                                   n++ == 0 ? "say the shapes with" : advice,
                                   text->tensors[k]);
        if (advice == NULL || n == 4)
            break;
    }
    return advice;
}

/* Is the argument a number or a word, that is: of an operator of one input
 * neither that nor a weight? */
static bool is_value(const cvyi_op *op, const cvyi_argument *about)
{
    if (op == NULL || op->most_in != 1 || strcmp(about->meaning, "") == 0)
        return false;
    for (const cvyi_slot *s = op->slots; s != NULL && s->name != NULL; s++)
        if (strcmp(s->name, about->meaning) == 0)
            return false;
    return true;
}

/* A name in the place of a number, of which no shape would help; or NULL. */
static const char *find_value(const opening *o)
{
    const cvyi_op *const op = cvyi_spelling_op(o->text->spelling);
    const cvyi_argument *a = o->text->spelling->arguments;

    for (; a != NULL && a->name != NULL; a++)
        if (is_value(op, a) && is_unknown_tensor(o, a->name))
            return a->name;
    return NULL;
}

/* What the words themselves say of it is said better there. */
static cvy_status refuse_value(cvyi_refusal *out, const opening *o,
                               const char *name)
{
    const int tensor = (int)argument(&o->text->bound, name)->integer;
    const char *const said = o->refusal.attribute;

    if (o->refusal.kind != CVYI_NOT_SUPPORTED || said == NULL ||
        strcmp(said, name) != 0)
        return cvyi_refuse(out, o->arena, o->err, CVYI_NOT_SUPPORTED, name,
                           "write its value in its place",
                           "%s is a name whose value is not known",
                           o->text->tensors[tensor]);
    *out = o->refusal;
    return cvyi_fail_in(o->err, CVY_UNSUPPORTED, said, "%s", out->reason);
}

static cvy_status refuse(cvyi_call_graph *out, opening *o)
{
    cvyi_refusal *const refusal = &out->phrase.refusal;
    const bool chosen = input_of(o, 0) == NULL && o->text->input_rank == 0;
    const char *const value = find_value(o);

    if (value != NULL)
        return refuse_value(refusal, o, value);
    *refusal = o->refusal;
    if (refusal->attribute == NULL)
        refusal->attribute = "";
    /* Of a shape that was chosen here the framework is not to blame. */
    if (o->final || (chosen && *refusal->attribute == '\0')) {
        refusal->kind = CVYI_NOT_SUPPORTED;
        refusal->advice = advise(o);
        if (refusal->advice == NULL)
            return cvyi_no_memory(o->err);
    }
    return cvyi_fail_in(o->err, CVY_UNSUPPORTED, refusal->attribute, "%s",
                        refusal->reason != NULL ? refusal->reason : "");
}

cvy_status cvyi_call_graph_open(cvyi_call_graph *out, cvyi_arena *arena,
                                const cvyi_call_text *text,
                                const cvyi_call_input *inputs, int n_inputs,
                                cvy_error *err)
{
    opening o = { .arena = arena,
                  .text = text,
                  .inputs = inputs,
                  .n_inputs = n_inputs,
                  .err = err };
    bool done = false;

    *out = (cvyi_call_graph){ 0 };
    if (text->status != CVY_OK) {
        out->phrase.refusal = text->refusal;
        if (err != NULL)
            *err = text->err;
        return text->status;
    }
    CVYI_TRY(check_inputs(&o));
    o.first = channels_first(text);
    o.rows = takes_rows(text->spelling);
    add_said(&o);
    add_weights(&o);
    CVYI_TRY(attempt_all(out, &done, &o));
    out->guessed = !o.told;
    return done ? CVY_OK : refuse(out, &o);
}

void cvyi_call_graph_close(cvyi_call_graph *call)
{
    cvyi_graph_close(call->graph);
    call->graph = NULL;
}
