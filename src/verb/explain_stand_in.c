/*
 * verb/explain_stand_in.c - numbers in the place of sizes that nobody said.
 *
 * How many channels the input of `layers.Conv2D(16, 3)` has, and how large the
 * W of `tf.nn.conv2d(x, W, …)` is, does not stand in the call. The rules need
 * no such number, but everything that finds them does: so the call is
 * explained several times with numbers that stand in.
 */
#include "verb/explain.h"

#include <string.h>

enum { MOST_TENSORS = 8, MOST_FORMS = 6, MOST_TRIES = 6000, EXAMPLE = 32 };

/* What a letter of a form stands for. Channels have many divisors; taps are
 * odd and even, so that what holds for odd ones alone is not taken for a
 * rule; no two letters go alike. */
static const struct {
    char form;
    const char *name;
    int64_t values[CVYI_STAND_INS];
    int64_t example; /* in advice */
} sizes[] = {
    { 'C', "C", { 24, 36, 60 }, 3 }, /* channels of the input */
    { 'O', "O", { 20, 28, 44 }, 16 },
    { 'M', "M", { 2, 5, 3 }, 1 },      /* outputs of each channel */
    { 'V', "V", { 21, 29, 45 }, 100 }, /* rows of a table */
    { 'E', "E", { 27, 39, 63 }, 16 },  /* and their numbers */
    { 'k', "k", { 3, 4, 7 }, 3 },      /* taps of one axis */
    { 'd', "kd", { 2, 5, 4 }, 3 },
    { 'h', "kh", { 3, 4, 7 }, 3 },
    { 'w', "kw", { 5, 6, 3 }, 3 },
};

/* ---- what may be chosen ---- */

typedef struct plan {
    int rank;  /* of the first tensor */
    int place; /* of its channels; -1: what the weights say */
    const char *forms[MOST_TENSORS]; /* NULL: said, or as the first one */
} plan;

typedef struct search {
    cvyi_arena *arena;
    const cvyi_call_text *text;
    const cvyi_explain_request *request;
    bool first;     /* channels stand before the spatial axes */
    bool rows;      /* the input holds numbers of rows */
    int64_t groups; /* that the channels must be a multiple of */
    int64_t block;  /* and the lengths */
    cvyi_explain_wanted want;
    plan plan;
    int tries;
    /* One that the framework refuses by the name of an argument. */
    bool illegal;
    plan refused;
} search;

static const cvyi_call_input *said(const search *s, int tensor)
{
    const cvyi_explain_request *const r = s->request;

    for (int i = 0; i < r->n_inputs; i++)
        if (r->inputs[i].name == NULL
                ? tensor == 0
                : strcmp(r->inputs[i].name, s->text->tensors[tensor]) == 0)
            return &r->inputs[i];
    return NULL;
}

/* The first tensor as it was said; rank 0: it was not. */
static cvyi_call_input first_said(const search *s)
{
    const cvyi_call_input *const input = said(s, 0);
    cvyi_call_input out = { .rank = s->text->input_rank };

    if (input != NULL)
        return *input;
    memcpy(out.dims, s->text->input_dims, sizeof out.dims);
    return out;
}

/* Is it a tensor of which nothing is known, and not the first one again? */
static bool is_open(const search *s, int tensor)
{
    for (int k = 0; k < tensor; k++)
        if (strcmp(s->text->tensors[k], s->text->tensors[tensor]) == 0)
            return false;
    return tensor > 0 && said(s, tensor) == NULL;
}

static int ranks_of(int *ranks, const search *s)
{
    static const int images[] = { 4, 2, 3, 5 }, rows[] = { 2, 3, 4, 5 };
    const cvyi_op *const op = cvyi_spelling_op(s->text->spelling);
    const bool flat =
        s->rows || (op != NULL && strcmp(op->name, "dense") == 0);

    ranks[0] = first_said(s).rank;
    if (ranks[0] == 0 && s->text->n_spatial > 0)
        ranks[0] = s->text->n_spatial + 2;
    if (ranks[0] == 0 && s->want.n > 0)
        ranks[0] = s->want.n + 2;
    if (ranks[0] > 0)
        return 1;
    memcpy(ranks, flat ? rows : images, sizeof rows);
    return (int)(sizeof rows / sizeof *rows);
}

/* Axes that may hold the channels, the likelier first. */
static int places_of(int *places, const search *s, int rank)
{
    const int last = rank - 1, first = rank > 1 ? 1 : 0;
    int n = 0;

    if (s->rows)
        places[n++] = -1;
    places[n++] = s->first ? first : last;
    places[n++] = s->first ? last : first;
    if (!s->rows)
        places[n++] = -1;
    return n;
}

/* Shapes that a tensor argument may have: letters of `sizes`, "k" for all
 * taps, small letters for the share of a group, "1" for taps of one. */
static int forms_of(const char **forms, const search *s, int tensor)
{
    const char *const name = s->text->spelling->name;
    const bool each =
        strstr(name, "depthwise") != NULL || strstr(name, "separable") != NULL;
    int n = 0;

    if (s->rows || s->want.n > 0) {
        forms[n++] = s->rows ? "VE" : "kOC";
        return n;
    }
    if (s->first) {
        forms[n++] = "Ock";
        forms[n++] = "Cok";
        forms[n++] = "OC";
    } else {
        forms[n++] = each && tensor == 2 ? "1PO" : each ? "kCM" : "kCO";
        forms[n++] = "kOC";
        forms[n++] = "CO";
    }
    forms[n++] = "C";
    forms[n++] = "O";
    return n;
}

/* ---- numbers ---- */

/* The size with this letter in set v; v CVYI_STAND_INS: the example. */
static int64_t number_of(const search *s, char form, int v)
{
    const cvyi_call_input x = first_said(s);
    const int64_t known =
        s->plan.place >= 0 && x.rank > 0 ? x.dims[s->plan.place] : -1;
    const bool example = v == CVYI_STAND_INS;
    int64_t value = 1, factor = 1;

    switch (form) {
    case 'c':
        return number_of(s, 'C', v) / s->groups;
    case 'o':
        return number_of(s, 'O', v) / s->groups;
    case 'P':
        return number_of(s, 'C', v) * number_of(s, 'M', v);
    case 'C':
        if (known > 0)
            return known;
        break;
    case 'O':
        if (s->want.outputs > 0)
            return s->want.outputs;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i].form == form) {
            value = example ? sizes[i].example : sizes[i].values[v];
            for (int k = 0; k < CVYI_STAND_INS && !example; k++)
                if (sizes[i].values[k] % s->groups != 0)
                    factor = s->groups;
        }
    if (form != 'C' && form != 'O')
        return value;
    return example && value % s->groups != 0 ? s->groups : value * factor;
}

/* "kCO" of a plane is "hwCO". */
static const char *taps_of(int n_spatial)
{
    static const char *const taps[] = { "", "k", "hw", "dhw" };

    return n_spatial > 0 && n_spatial < 4 ? taps[n_spatial] : "";
}

static void expand(char *out, const search *s, const char *form)
{
    const int n =
        s->text->n_spatial > 0 ? s->text->n_spatial : s->plan.rank - 2;

    for (*out = '\0'; *form != '\0'; form++) {
        char one[2] = { *form, '\0' };

        if (*form == 'k')
            strcat(out, taps_of(n));
        else
            for (int i = 0; i < (*form == '1' ? n : 1); i++)
                strcat(out, one);
    }
}

static cvyi_call_input of_form(const search *s, int tensor, int v)
{
    cvyi_call_input out = { .name = s->text->tensors[tensor] };
    char letters[16];

    expand(letters, s, s->plan.forms[tensor]);
    for (const char *at = letters; *at != '\0'; at++)
        out.dims[out.rank++] = number_of(s, *at, v);
    return out;
}

/* The taps along a spatial axis, of the weight that was said or stands in. */
static int64_t taps_at(const search *s, int axis, int v)
{
    const cvyi_call_input *const w =
        s->text->n_tensors > 1 ? said(s, 1) : NULL;

    if (w != NULL)
        return axis < w->rank ? w->dims[axis] : 1;
    return number_of(s, taps_of(s->want.n)[axis], v);
}

/* What the wanted output says of the input. */
static void fill_wanted(cvyi_call_input *x, const search *s, int v)
{
    if (s->want.batch > 0 && x->dims[0] < 0)
        x->dims[0] = s->want.batch;
    for (int i = 0; i < s->want.n && x->rank == s->want.n + 2; i++) {
        int64_t *const to = &x->dims[i + (s->want.first ? 2 : 1)];
        const int64_t length = cvyi_explain_length(&s->want, &s->text->bound,
                                                   i, taps_at(s, i, v));

        if (*to < 0 && length > 0)
            *to = length;
    }
}

static cvyi_call_input of_first(const search *s, int v)
{
    const plan *const p = &s->plan;
    cvyi_call_input out = first_said(s);

    if (out.rank == 0) {
        out.rank = p->rank;
        for (int i = 0; i < p->rank; i++)
            out.dims[i] = -1;
    }
    if (p->place >= 0 && out.dims[p->place] < 0)
        out.dims[p->place] = number_of(s, 'C', v);
    fill_wanted(&out, s, v);
    out.name = s->text->tensors[0];
    return out;
}

/* All tensors of the call in set v; NULL without memory. */
static cvyi_call_input *inputs_of(int *n, const search *s, int v)
{
    cvyi_call_input *const out =
        cvyi_arena_alloc(s->arena, MOST_TENSORS, sizeof *out);

    if (out == NULL)
        return NULL;
    out[0] = of_first(s, v);
    *n = 1;
    for (int k = 1; k < s->text->n_tensors; k++) {
        if (said(s, k) != NULL)
            out[(*n)++] = *said(s, k);
        else if (s->plan.forms[k] != NULL)
            out[(*n)++] = of_form(s, k, v);
    }
    return out;
}

/* ---- searching ---- */

static bool is_word(const search *s, const char *argument)
{
    const cvyi_bound *const bound = &s->text->bound;

    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->names[i], argument) == 0)
            return bound->values[i]->kind == CVYI_TEXT;
    return false;
}

/* A refusal that names an argument is none of the numbers chosen here, if the
 * layer itself says how many axes its input has or the likeliest number of
 * them was tried. Of a function that takes its weights only words are sure:
 * these may have had the wrong form. */
static void note_refused(search *s, const cvyi_refusal *why)
{
    const bool named = why->attribute != NULL && *why->attribute != '\0';
    int ranks[4];

    (void)ranks_of(ranks, s);
    if (s->illegal || !named || s->plan.place < 0 ||
        s->plan.rank != ranks[0] ||
        (s->text->n_tensors > 1 && !is_word(s, why->attribute)))
        return;
    s->illegal = true;
    s->refused = s->plan;
}

/* Does the call mean something with these numbers? */
static bool fits(search *s)
{
    cvyi_arena arena = { 0 };
    cvyi_call_graph found = { 0 };
    search local = *s;
    cvyi_call_input *inputs;
    bool good = false;
    int n = 0;

    if (s->tries++ >= MOST_TRIES)
        return false;
    local.arena = &arena;
    inputs = inputs_of(&n, &local, 0);
    if (inputs != NULL)
        good = cvyi_call_graph_open(&found, &arena, s->text, inputs, n,
                                    NULL) == CVY_OK;
    if (!good)
        note_refused(s, &found.phrase.refusal);
    cvyi_call_graph_close(&found);
    cvyi_arena_close(&arena);
    return good;
}

/* All forms of the tensors from `tensor` on. */
static bool find_forms(search *s, int tensor)
{
    const char *forms[MOST_FORMS];
    int n;

    if (tensor == s->text->n_tensors)
        return fits(s);
    s->plan.forms[tensor] = NULL;
    if (!is_open(s, tensor))
        return find_forms(s, tensor + 1);
    n = forms_of(forms, s, tensor);
    for (int i = 0; i < n; i++) {
        s->plan.forms[tensor] = forms[i];
        if (find_forms(s, tensor + 1))
            return true;
    }
    s->plan.forms[tensor] = NULL;
    return find_forms(s, tensor + 1);
}

static bool anything_open(const search *s)
{
    const cvyi_call_input x = first_said(s);
    bool open = x.rank == 0;

    for (int i = 0; i < x.rank; i++)
        open = open || x.dims[i] < 0;
    for (int k = 1; k < s->text->n_tensors; k++)
        open = open || is_open(s, k);
    return open;
}

static bool find_plan(search *s)
{
    int ranks[4], places[3];
    const int n_ranks = ranks_of(ranks, s);

    if (s->text->n_tensors > MOST_TENSORS || !anything_open(s))
        return false;
    for (int r = 0; r < n_ranks; r++) {
        const int n = places_of(places, s, ranks[r]);

        for (int p = 0; p < n; p++) {
            s->plan = (plan){ .rank = ranks[r], .place = places[p] };
            if (find_forms(s, 1))
                return true;
        }
    }
    s->plan = s->refused;
    return s->illegal;
}

/* ---- what was found ---- */

/* "(kh, kw, C, O)" */
static void put_form(cvyi_text *out, const search *s, const char *form)
{
    char letters[16];

    expand(letters, s, form);
    cvyi_text_put(out, "(");
    for (const char *at = letters; *at != '\0'; at++) {
        cvyi_text_put(out, at > letters ? ", " : "");
        if (*at == 'P')
            cvyi_text_put(out, "C * M");
        else if ((*at == 'c' || *at == 'o') && s->groups > 1)
            cvyi_text_printf(out, "%c / %lld", *at - 'a' + 'A',
                             (long long)s->groups);
        else if (*at == 'c' || *at == 'o')
            cvyi_text_printf(out, "%c", *at - 'a' + 'A');
        else if (*at == '1')
            cvyi_text_put(out, "1");
        if (*at == 'O' && s->want.outputs > 0) {
            cvyi_text_printf(out, "%lld", (long long)s->want.outputs);
            continue;
        }
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            if (sizes[i].form == *at)
                cvyi_text_put(out, sizes[i].name);
    }
    cvyi_text_put(out, letters[0] != '\0' && letters[1] == '\0' ? ",)" : ")");
}

/* " and W is (kh, kw, C, O)" for each tensor with a form. */
static const char *where_of(search *s)
{
    cvyi_text text = { 0 };
    const char *kept;

    for (int k = 1; k < s->text->n_tensors; k++) {
        if (s->plan.forms[k] == NULL)
            continue;
        cvyi_text_printf(&text, ", %s is ", s->text->tensors[k]);
        put_form(&text, s, s->plan.forms[k]);
    }
    kept = text.bad ? NULL
                    : cvyi_arena_text(s->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* A letter that no tensor has would only be taken for another number. */
static bool is_used(const search *s, char form)
{
    const char also = form == 'O' ? 'o' : form == 'M' ? 'P' : form;
    char letters[16];

    for (int k = 1; k < s->text->n_tensors; k++) {
        if (s->plan.forms[k] == NULL)
            continue;
        expand(letters, s, s->plan.forms[k]);
        if (strchr(letters, form) != NULL || strchr(letters, also) != NULL)
            return true;
    }
    return form == 'C';
}

static cvy_status add_letters(cvyi_explain_rules *rules, search *s,
                              cvy_error *err)
{
    const size_t most = sizeof sizes / sizeof *sizes;

    rules->letters = cvyi_arena_alloc(s->arena, most, sizeof *rules->letters);
    if (rules->letters == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < most; i++) {
        const char form = sizes[i].form;
        cvyi_explain_letter *const to = &rules->letters[rules->n_letters];

        if (!is_used(s, form))
            continue;
        *to = (cvyi_explain_letter){ .name = sizes[i].name };
        for (int v = 0; v < CVYI_STAND_INS; v++)
            to->values[v] = number_of(s, form, v);
        rules->n_letters += to->values[0] != to->values[1];
    }
    return CVY_OK;
}

static void put_option(cvyi_text *out, const search *s,
                       const cvyi_call_input *input, bool named)
{
    cvyi_text_put(out, out->size > 0 ? " --input " : "--input ");
    if (named)
        cvyi_text_printf(out, "%s=", input->name);
    for (int i = 0; i < input->rank; i++) {
        const int64_t size = input->dims[i];

        cvyi_text_printf(out, "%s%lld", i > 0 ? "x" : "",
                         (long long)(size > 0 ? size
                                     : i == 0 ? 1
                                              : EXAMPLE - EXAMPLE % s->block));
    }
}

/* "--input x=1x32x32x3 --input W=3x3x3x16" of what is open. */
static const char *options_of(search *s)
{
    const bool named = s->text->n_tensors > 1;
    const cvyi_call_input x = of_first(s, CVYI_STAND_INS);
    cvyi_text text = { 0 };
    const char *kept;

    if (said(s, 0) == NULL)
        put_option(&text, s, &x, named);
    for (int k = 1; k < s->text->n_tensors; k++)
        if (s->plan.forms[k] != NULL) {
            const cvyi_call_input input = of_form(s, k, CVYI_STAND_INS);

            put_option(&text, s, &input, named);
        }
    if (text.size == 0)
        put_option(&text, s, &x, named);
    kept = text.bad ? NULL
                    : cvyi_arena_text(s->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

static cvy_status explain_all(cvyi_explain_rules *rules, search *s,
                              uint64_t seed, cvy_error *err)
{
    rules->with =
        cvyi_arena_alloc(s->arena, CVYI_STAND_INS, sizeof *rules->with);
    if (rules->with == NULL)
        return cvyi_no_memory(err);
    for (int v = 0; v < CVYI_STAND_INS; v++) {
        cvyi_explain_request request = *s->request;

        request.inputs = inputs_of(&request.n_inputs, s, v);
        if (request.inputs == NULL)
            return cvyi_no_memory(err);
        rules->with[v].stands_in = true;
        CVYI_TRY(
            cvyi_explain_one(&rules->with[v], s->text, &request, seed, err));
    }
    return CVY_OK;
}

/* "the shapes of x, W are not known" */
static const char *missing_of(search *s)
{
    cvyi_text text = { 0 };
    const char *kept;
    int n = 0;

    if (s->text->n_tensors == 1)
        return "the number of channels of its input is not known";
    for (int k = 0; k < s->text->n_tensors; k++) {
        if (k > 0 ? s->plan.forms[k] == NULL : said(s, 0) != NULL)
            continue;
        cvyi_text_printf(&text, "%s%s", n++ > 0 ? ", " : "",
                         s->text->tensors[k]);
    }
    kept = cvyi_arena_printf(s->arena,
                             n == 1 ? "the shape of %s is not known"
                                    : "the shapes of %s are not known",
                             n > 0 ? cvyi_text_c(&text) : "its tensors");
    kept = text.bad ? NULL : kept;
    cvyi_text_close(&text);
    return kept;
}

cvy_status cvyi_explain_stand_in(cvyi_explained *e,
                                 const cvyi_explain_request *r, uint64_t seed,
                                 cvy_error *err)
{
    search s = { .arena = &e->arena,
                 .text = e->text,
                 .request = r,
                 .first = strcmp(e->text->dialect, "torch") == 0,
                 .groups = cvyi_explain_groups(&e->text->bound),
                 .block = cvyi_explain_block(&e->text->bound) };
    const cvyi_op *const op = cvyi_spelling_op(e->text->spelling);
    cvyi_explain_rules *rules;

    s.rows = op != NULL && op->rows != NULL;
    if (op != NULL && op->cut != NULL)
        cvyi_explain_want(&s.want, &e->text->bound);
    if (e->stands_in || !find_plan(&s))
        return CVY_OK;
    rules = cvyi_arena_alloc(&e->arena, 1, sizeof *rules);
    if (rules == NULL)
        return cvyi_no_memory(err);
    e->rules = rules;
    CVYI_TRY(add_letters(rules, &s, err));
    CVYI_TRY(explain_all(rules, &s, seed, err));
    rules->where = where_of(&s);
    rules->options = options_of(&s);
    rules->missing = missing_of(&s);
    return rules->where != NULL && rules->options != NULL &&
                   rules->missing != NULL
               ? CVY_OK
               : cvyi_no_memory(err);
}
