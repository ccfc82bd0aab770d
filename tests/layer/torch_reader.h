/*
 * tests/layer/torch_reader.h - code that was said in torch, read back.
 *
 * Runs one Python expression of the kind that to_call writes over the tensors
 * {0} {1} ...: modules are called on the value that is there so far, functions
 * and methods on their arguments. What from_call makes of each call is kept,
 * one step after another.
 */
#ifndef CVYT_LAYER_TORCH_READER_H
#define CVYT_LAYER_TORCH_READER_H

#include "workbench.h"

#include <ctype.h>

enum { READER_TENSORS = 16, READER_STEPS = 12, READER_ARGS = 10 };

typedef struct reader {
    bench *b;
    const char *code, *at;
    const cvyi_helper *helper; /* the class that the code brings along */
    cvyi_type tensors[READER_TENSORS];
    int n_tensors;
    int current; /* what a module is called on */
    cvyi_step steps[READER_STEPS];
    int n_steps;
    bool refused;
    cvyi_refusal refusal;
} reader;

static inline cvyi_value reader_value(reader *r);

static inline bool reader_take(reader *r, const char *text)
{
    r->at += strspn(r->at, " ");
    if (strncmp(r->at, text, strlen(text)) != 0)
        return false;
    r->at += strlen(text);
    return true;
}

/* A tensor of the call that is being made: its place among bound->in. */
static inline cvyi_value reader_pass(reader *r, cvyi_bound *call,
                                     cvyi_type *in, cvyi_value v)
{
    if (v.kind == CVYI_TENSOR) {
        in[call->n_in] = r->tensors[v.integer];
        v.integer = call->n_in++;
    } else if (v.kind == CVYI_LIST && v.n > 0) {
        cvyi_value *const items =
            cvyi_arena_alloc(&r->b->arena, (size_t)v.n, sizeof *items);

        for (int i = 0; i < v.n; i++)
            items[i] = reader_pass(r, call, in, v.items[i]);
        v.items = items;
    }
    return v;
}

static inline void reader_steps(reader *r, const cvyi_phrase *phrase,
                                const cvyi_type *in, int n_in)
{
    cvyi_type types[READER_ARGS];
    cvyi_inferred out;

    memcpy(types, in, (size_t)n_in * sizeof *types);
    for (int i = 0; i < phrase->n; i++) {
        const cvyi_step *const step = &phrase->steps[i];

        CHECK(r->n_steps < READER_STEPS);
        r->steps[r->n_steps++] = *step;
        if (step->axes == CVYI_AXES_LAST && types[0].rank > 2 &&
            step->attrs.op->order == CVYI_ORDER_CHANNEL)
            types[0] = bench_first(&types[0]);
        if (step->attrs.op->infer(&out, &step->attrs, types, n_in,
                                  &r->b->sizes, &r->b->err) != CVY_OK)
            CHECK_FAIL("%s: %s: %s", r->code, step->attrs.op->name,
                       r->b->err.text);
        types[0] = out.out[0];
        n_in = 1;
    }
    CHECK(r->n_tensors < READER_TENSORS);
    r->tensors[r->n_tensors++] = types[0];
}

/* What is called, with its arguments: a new tensor. */
static inline cvyi_value reader_call(reader *r, const char *name,
                                     bool is_helper, bool module,
                                     const cvyi_value *args, int n,
                                     const cvyi_value *keywords)
{
    cvyi_value result = { .kind = CVYI_TENSOR };
    const cvyi_value *positional[READER_ARGS];
    cvyi_value passed[READER_ARGS];
    cvyi_type in[READER_ARGS];
    cvyi_bound call = { 0 }, tensors = { 0 };
    cvyi_phrase phrase = { 0 };
    int n_spatial = 0;
    const cvyi_spelling *const spelling =
        is_helper ? cvyi_spelling_find_helper("torch", name, r->helper->code,
                                              strlen(r->helper->code))
                  : cvyi_spelling_find("torch", name, &n_spatial);
    cvy_status status;

    result.integer = r->current;
    if (r->refused)
        return result;
    if (spelling == NULL)
        CHECK_FAIL("%s: %s is not read", r->code, name);
    if (module)
        in[tensors.n_in++] = r->tensors[r->current];
    for (int i = 0; i < n; i++) {
        passed[i] = reader_pass(r, &tensors, in, args[i]);
        positional[i] = &passed[i];
    }
    status = cvyi_bind(&call, &r->b->arena, spelling, n_spatial, positional, n,
                       keywords, &r->b->err);
    if (status == CVY_OK) {
        call.sizes = &r->b->sizes;
        call.in = in;
        call.n_in = tensors.n_in;
        status = spelling->from_call(&phrase, &call, &r->b->err);
    } else {
        phrase.refusal.attribute = r->b->err.where;
        phrase.refusal.reason = r->b->err.text;
    }
    CHECK(status == CVY_OK || status == CVY_UNSUPPORTED);
    if (status != CVY_OK) {
        r->refused = true;
        r->refusal = phrase.refusal;
        return result;
    }
    reader_steps(r, &phrase, in, tensors.n_in);
    r->current = r->n_tensors - 1;
    result.integer = r->current;
    return result;
}

/* Bytes of "name" or "name.name", whatever is behind it. */
static inline size_t reader_name(const char *at, bool dotted)
{
    size_t n = 0;

    while (isalnum((unsigned char)at[n]) || at[n] == '_' ||
           (dotted && at[n] == '.'))
        n++;
    return n;
}

/* Arguments up to ")"; a tensor that is already there comes first. */
static inline cvyi_value reader_arguments(reader *r, const char *name,
                                          bool is_helper, bool module,
                                          const cvyi_value *self)
{
    cvyi_value args[READER_ARGS], values[READER_ARGS];
    const char *keys[READER_ARGS];
    int n = 0, n_keys = 0;

    if (self != NULL)
        args[n++] = *self;
    while (!reader_take(r, ")")) {
        reader_take(r, ",");

        const size_t size = reader_name(r->at += strspn(r->at, " "), false);

        if (size > 0 && r->at[size] == '=') {
            keys[n_keys] = cvyi_arena_text(&r->b->arena, r->at, size);
            r->at += size + 1;
            values[n_keys++] = reader_value(r);
        } else {
            CHECK(n < READER_ARGS);
            args[n++] = reader_value(r);
        }
    }

    const cvyi_value keywords = {
        .kind = CVYI_DICT, .n = n_keys, .items = values, .keys = keys
    };

    return reader_call(r, name, is_helper, module, args, n, &keywords);
}

/* A name and what it is: a word, a module, a function, a number. */
static inline cvyi_value reader_named(reader *r)
{
    static const struct {
        const char *begin, *full;
        bool module;
    } roots[] = {
        { "nn.", "torch.nn.", true },
        { "F.", "torch.nn.functional.", false },
        { "torch.", "torch.", false },
    };
    const size_t n = reader_name(r->at, true);
    const char *const name = cvyi_arena_text(&r->b->arena, r->at, n);
    cvyi_value value = { .kind = CVYI_NONE };

    if (n == 0)
        CHECK_FAIL("%s: nothing at '%s'", r->code, r->at);
    r->at += n;
    if (strcmp(name, "True") == 0 || strcmp(name, "False") == 0) {
        value.kind = CVYI_BOOL;
        value.truth = name[0] == 'T';
        return value;
    }
    if (strcmp(name, "None") == 0)
        return value;
    if (!reader_take(r, "(")) { /* torch.float32 */
        value.kind = CVYI_TEXT;
        value.text = name;
        return value;
    }
    if (strcmp(name, "float") == 0) {
        const cvyi_value text = reader_value(r);

        CHECK(reader_take(r, ")"));
        value.kind = CVYI_FLOAT;
        value.real = strtod(text.text, NULL);
        return value;
    }
    if (strcmp(name, "nn.Sequential") == 0) {
        while (!reader_take(r, ")")) {
            reader_take(r, ",");
            value = reader_value(r);
        }
        return value;
    }
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (strncmp(name, roots[i].begin, strlen(roots[i].begin)) == 0)
            return reader_arguments(
                r,
                cvyi_arena_printf(&r->b->arena, "%s%s", roots[i].full,
                                  name + strlen(roots[i].begin)),
                false, roots[i].module, NULL);
    if (r->helper == NULL || strcmp(r->helper->name, name) != 0)
        CHECK_FAIL("%s: %s is no name", r->code, name);
    return reader_arguments(r, name, true, true, NULL);
}

/* "(1, 2)", "[1, 2]", "(1,)"; one value alone in "()" is itself. */
static inline cvyi_value reader_list(reader *r, const char *close)
{
    cvyi_value items[READER_ARGS], value = { .kind = CVYI_LIST };
    bool comma = close[0] == ']';
    int n = 0;

    while (!reader_take(r, close)) {
        CHECK(n < READER_ARGS);
        items[n++] = reader_value(r);
        comma |= reader_take(r, ",");
    }
    if (n == 1 && !comma)
        return items[0];

    cvyi_value *const kept =
        cvyi_arena_alloc(&r->b->arena, (size_t)n, sizeof *kept);

    memcpy(kept, items, (size_t)n * sizeof *kept);
    value.n = n;
    value.items = kept;
    return value;
}

static inline cvyi_value reader_atom(reader *r)
{
    cvyi_value value = { .kind = CVYI_INT };
    char *end;

    r->at += strspn(r->at, " ");
    if (reader_take(r, "{")) {
        value.kind = CVYI_TENSOR;
        value.integer = strtoll(r->at, &end, 10);
        r->at = end + 1;
    } else if (reader_take(r, "(")) {
        value = reader_list(r, ")");
    } else if (reader_take(r, "[")) {
        value = reader_list(r, "]");
    } else if (*r->at == '"' || *r->at == '\'') {
        const size_t n = strcspn(r->at + 1, "\"'");

        value.kind = CVYI_TEXT;
        value.text = cvyi_arena_text(&r->b->arena, r->at + 1, n);
        r->at += n + 2;
    } else if (isdigit((unsigned char)*r->at)) {
        value.integer = strtoll(r->at, &end, 10);
        if (*end == '.' || *end == 'e') {
            value.kind = CVYI_FLOAT;
            value.real = strtod(r->at, &end);
        }
        r->at = end;
    } else {
        value = reader_named(r);
    }
    return value;
}

/* One subscript: a slice is a dict, an ellipsis the text "...". */
static inline cvyi_value reader_subscript(reader *r)
{
    static const char *const keys[] = { "start", "stop", "step" };
    cvyi_value value = { .kind = CVYI_DICT, .n = 3, .keys = keys };
    cvyi_value *const items = cvyi_arena_alloc(&r->b->arena, 3, sizeof *items);

    if (reader_take(r, "...")) {
        value.kind = CVYI_TEXT;
        value.text = "...";
        return value;
    }
    if (*r->at != ':')
        items[0] = reader_value(r);
    if (!reader_take(r, ":"))
        return items[0];
    if (*r->at != ',' && *r->at != ']' && *r->at != ':')
        items[1] = reader_value(r);
    if (reader_take(r, ":"))
        items[2] = reader_value(r);
    value.items = items;
    return value;
}

/* "[:, None]" behind a tensor. */
static inline cvyi_value reader_item(reader *r, cvyi_value tensor)
{
    cvyi_value items[READER_ARGS];
    cvyi_value args[2] = { tensor, { .kind = CVYI_LIST, .items = items } };

    while (!reader_take(r, "]")) {
        CHECK(args[1].n < READER_ARGS);
        items[args[1].n++] = reader_subscript(r);
        reader_take(r, ",");
    }
    return reader_call(
        r, "operator.getitem", false, false,
        args[1].n == 1 ? (cvyi_value[]){ tensor, items[0] } : args, 2, NULL);
}

/* "{0}.shape[2]" */
static inline cvyi_value reader_size(reader *r, cvyi_value tensor)
{
    char *end;
    const cvyi_size size =
        r->tensors[tensor.integer].dims[strtoll(r->at, &end, 10)];
    cvyi_value value = { .kind = CVYI_INT };

    if (!cvyi_size_constant(&value.integer, size)) {
        value.kind = CVYI_SIZE;
        value.size = size;
    }
    r->at = end + 1;
    return value;
}

/* Methods, sizes and subscripts: "{0}.flatten(1)". */
static inline cvyi_value reader_methods(reader *r)
{
    cvyi_value value = reader_atom(r);

    while (value.kind == CVYI_TENSOR && (*r->at == '.' || *r->at == '[')) {
        if (reader_take(r, "[")) {
            value = reader_item(r, value);
            continue;
        }
        if (reader_take(r, ".shape["))
            return reader_size(r, value);

        const size_t n = reader_name(++r->at, false);
        const char *const name = cvyi_arena_printf(
            &r->b->arena, "torch.Tensor.%.*s", (int)n, r->at);

        r->at += n;
        CHECK(reader_take(r, "("));
        value = reader_arguments(r, name, false, false, &value);
    }
    return value;
}

static inline cvyi_value reader_unary(reader *r)
{
    if (!reader_take(r, "-"))
        return reader_methods(r);

    cvyi_value value = reader_unary(r);

    if (value.kind == CVYI_TENSOR)
        return reader_call(r, "operator.neg", false, false, &value, 1, NULL);
    if (value.kind == CVYI_FLOAT)
        value.real = -value.real;
    else
        value.integer = -value.integer;
    return value;
}

/* One operator of Python, with a tensor at its side or a quotient. */
static inline cvyi_value reader_binary(reader *r, const char *name,
                                       cvyi_value left, cvyi_value right)
{
    const cvyi_value args[] = { left, right };
    cvyi_value number = { .kind = CVYI_FLOAT };
    double a, b;

    if (left.kind != CVYI_TENSOR && right.kind != CVYI_TENSOR) { /* 1 / 255 */
        CHECK(cvyi_as_double(&a, &left) && cvyi_as_double(&b, &right) &&
              strcmp(name, "operator.truediv") == 0);
        number.real = a / b;
        return number;
    }
    return reader_call(r, name, false, false, args, 2, NULL);
}

static inline cvyi_value reader_product(reader *r)
{
    cvyi_value value = reader_unary(r);

    for (;;)
        if (reader_take(r, "*"))
            value = reader_binary(r, "operator.mul", value, reader_unary(r));
        else if (reader_take(r, "/"))
            value =
                reader_binary(r, "operator.truediv", value, reader_unary(r));
        else
            return value;
}

static inline cvyi_value reader_value(reader *r)
{
    cvyi_value value = reader_product(r);

    for (;;)
        if (reader_take(r, "+"))
            value = reader_binary(r, "operator.add", value, reader_product(r));
        else if (reader_take(r, "-"))
            value = reader_binary(r, "operator.sub", value, reader_product(r));
        else
            return value;
}

static inline void reader_open(reader *r, bench *b, const char *code,
                               const cvyi_helper *helper, const cvyi_type *in,
                               int n_in)
{
    memset(r, 0, sizeof *r);
    r->b = b;
    r->code = r->at = code;
    r->helper = helper;
    for (int i = 0; i < n_in; i++)
        r->tensors[r->n_tensors++] = in[i];
    reader_value(r);
    if (*r->at != '\0')
        CHECK_FAIL("%s: what is '%s'?", code, r->at);
}

/* "pad border=[1:1]; pool kind=max" */
static inline const char *reader_picture(const reader *r)
{
    const char *text = "";

    for (int i = 0; i < r->n_steps; i++) {
        const char *const attrs = bench_attrs(r->b, &r->steps[i].attrs);

        text = cvyi_arena_printf(&r->b->arena, "%s%s%s%s%s", text,
                                 i > 0 ? "; " : "", r->steps[i].attrs.op->name,
                                 attrs[0] != '\0' ? " " : "", attrs);
    }
    return text;
}

/* ---- the law: what was said is what is read ---- */

/* "A -> B" is "B -> A" on the way back; "A" is itself. */
static inline const char *reader_turned(bench *b, const char *layout)
{
    const char *const arrow = strstr(layout, " -> ");

    if (arrow == NULL)
        return layout;
    return cvyi_arena_printf(&b->arena, "%s -> %.*s", arrow + 4,
                             (int)(arrow - layout), layout);
}

static inline void reader_check_slots(reader *r, const cvyi_said *said)
{
    const cvyi_step *const step = &r->steps[0];

    CHECK_EQ(step->n_slots, said->n_slots);
    for (int i = 0; i < said->n_slots; i++) {
        const cvyi_said_slot *const slot = &said->slots[i];
        int k = 0;

        while (k < step->n_slots && strcmp(step->slots[k].source, slot->name))
            k++;
        if (k == step->n_slots)
            CHECK_FAIL("%s: %s is not read", r->code, slot->name);
        CHECK_STR(step->slots[k].slot, slot->slot);
        if (!said->differs || said->means[0].op == step->attrs.op)
            for (int s = 0; step->attrs.op->slots[s].name != NULL; s++)
                if (strcmp(step->attrs.op->slots[s].name, slot->slot) == 0)
                    CHECK_EQ(step->slots[k].frozen,
                             step->attrs.op->slots[s].statistic);
    }
}

/* Whatever the code means, it gives what the operator gives. */
static inline void reader_check_type(reader *r, const cvyi_attrs *attrs,
                                     const cvyi_type *in)
{
    const cvyi_type *const got = &r->tensors[r->current];
    cvyi_inferred want;

    if (attrs->op->infer(&want, attrs, in, 1, &r->b->sizes, &r->b->err) !=
        CVY_OK)
        CHECK_FAIL("%s", r->b->err.text);
    if (strcmp(bench_shape(r->b, got), bench_shape(r->b, &want.out[0])) != 0)
        CHECK_FAIL("%s over %s gives %s, not %s", r->code,
                   bench_shape(r->b, in), bench_shape(r->b, got),
                   bench_shape(r->b, &want.out[0]));
}

/* As text: sizes of two pools are equal only in print. */
static inline bool reader_same(bench *b, const cvyi_attrs *x,
                               const cvyi_attrs *y, const char **which)
{
    *which = x->op == y->op ? "some attribute" : "the operator";
    return x->op == y->op && strcmp(bench_attrs(b, x), bench_attrs(b, y)) == 0;
}

/* One operator in one form, over inputs as torch has them. false: refused. */
static inline bool reader_law(const cvyi_attrs *attrs, const char *shape,
                              unsigned present, cvyi_form form)
{
    const char *which = "number of steps";
    const cvyi_attrs *wanted;
    cvyi_said said;
    cvyi_type in;
    reader r;
    bench b;

    bench_open(&b);
    in = bench_type(&b, shape);

    const char *const code = bench_say(&b, attrs, &in, present, form, &said);
    const bool refused = strncmp(code, "refused:", 8) == 0;

    if (!refused) {
        const int n = said.differs ? said.n_means : 1;
        bool same;

        reader_open(&r, &b, code, said.helper, &in, 1);
        if (r.refused)
            CHECK_FAIL("%s: %s: %s", code, r.refusal.attribute,
                       r.refusal.reason);
        wanted = said.differs ? said.means : attrs;
        same = r.n_steps == n;
        for (int i = 0; same && i < n; i++)
            same = reader_same(&b, &r.steps[i].attrs, &wanted[i], &which);
        if (!same)
            CHECK_FAIL("%s over %s is read as %s; %s %s was said, and %s is "
                       "not what it means",
                       code, shape, reader_picture(&r), attrs->op->name,
                       bench_attrs(&b, attrs), which);
        if (n == 1)
            reader_check_slots(&r, &said);
        reader_check_type(&r, attrs, &in);
        if (n == 1 && r.steps[0].attrs.op == attrs->op)
            for (int i = 0; i < said.n_slots; i++)
                CHECK_STR(r.steps[0].slots[i].layout,
                          reader_turned(&b, said.slots[i].layout));
    }
    bench_close(&b);
    return !refused;
}

/* Both forms; how many were said. */
static inline int reader_laws(const cvyi_attrs *attrs, const char *shape,
                              unsigned present)
{
    return reader_law(attrs, shape, present, CVYI_FORM_MODULE) +
           reader_law(attrs, shape, present, CVYI_FORM_FUNCTION);
}

#endif
