/*
 * tests/pysrc/test_eval_host.c - values, types and bases of a host.
 *
 * The host has boxes: a box holds an int, and every operation on it leaves a
 * trace in a text. `kit.Box` makes one; `kit.Base` is a class to derive from.
 */
#include "pysrc/run_eval.h"

typedef struct box {
    int64_t value;
} box;

static const cvyi_py_host_type box_type, maker_type, base_type, bare_type;
static int base_data, maker_data, bare_data;

static cvy_status make_box(cvyi_py_value *out, cvyi_py_eval *eval,
                           int64_t value, cvy_error *err)
{
    box *b;

    CVYI_PY_NEW(b, eval, 1, err);
    b->value = value;
    *out = cvyi_py_host_value(&box_type, b);
    return CVY_OK;
}

static int64_t number(const cvyi_py_value *value)
{
    int64_t n = 0;

    if (value->type == CVYI_PY_V_HOST && value->host.type == &box_type)
        return ((const box *)value->host.data)->value;
    return cvyi_py_as_int(&n, value) ? n : -1000;
}

/* ---- boxes ---- */

static cvy_status box_get(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, const char *name,
                          cvy_error *err)
{
    if (strcmp(name, "__class__") == 0)
        *out = *cvyi_py_eval_builtin(eval, "int");
    else if (strcmp(name, "value") == 0)
        *out = cvyi_py_int(number(self));
    else
        return cvyi_py_refuse(eval, err, "a box has no %s", name);
    return CVY_OK;
}

static cvy_status box_set(cvyi_py_eval *eval, const cvyi_py_value *self,
                          const char *name, const cvyi_py_value *value,
                          cvy_error *err)
{
    if (strcmp(name, "value") != 0)
        return cvyi_py_refuse(eval, err, "a box has no %s", name);
    ((box *)self->host.data)->value = number(value);
    return CVY_OK;
}

static cvy_status box_call(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    int64_t sum = number(self);

    for (int i = 0; i < args->n; i++)
        sum += number(&args->values[i]);
    for (int i = 0; i < args->n_keywords; i++)
        sum += 100 * number(&args->keyword_values[i]);
    return make_box(out, eval, sum, err);
}

static cvy_status box_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *op, const cvyi_py_value *left,
                             const cvyi_py_value *right, cvy_error *err)
{
    const int64_t a = number(left), b = number(right);

    if (strcmp(op, "Add") == 0)
        return make_box(out, eval, a + b, err);
    if (strcmp(op, "Sub") == 0)
        return make_box(out, eval, a - b, err);
    return cvyi_py_refuse(eval, err, "boxes have no %s", op);
}

static cvy_status box_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    const int64_t a = number(left), b = number(right);

    if (strcmp(op, "Eq") == 0 || strcmp(op, "In") == 0)
        *out = cvyi_py_bool(a == b);
    else if (strcmp(op, "Lt") == 0)
        return make_box(out, eval, a < b, err);
    else
        return cvyi_py_refuse(eval, err, "boxes have no %s", op);
    return CVY_OK;
}

static cvy_status box_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *op, const cvyi_py_value *self,
                            cvy_error *err)
{
    if (strcmp(op, "USub") == 0)
        return make_box(out, eval, -number(self), err);
    if (strcmp(op, "int") != 0)
        return cvyi_py_refuse(eval, err, "boxes have no %s", op);
    *out = cvyi_py_int(number(self));
    return CVY_OK;
}

static cvy_status box_item(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self,
                           const cvyi_py_value *index, cvy_error *err)
{
    return make_box(out, eval, number(self) * 10 + number(index), err);
}

static cvy_status box_set_item(cvyi_py_eval *eval, const cvyi_py_value *self,
                               const cvyi_py_value *index,
                               const cvyi_py_value *value, cvy_error *err)
{
    (void)eval;
    (void)err;
    ((box *)self->host.data)->value = number(index) + number(value);
    return CVY_OK;
}

static cvy_status box_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_py_value items[] = { cvyi_py_int(number(self)), *self };

    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, 2, err);
}

static cvy_status box_length(int64_t *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = number(self);
    return CVY_OK;
}

static cvy_status box_truth(bool *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = number(self) != 0;
    return CVY_OK;
}

static cvy_status box_extreme(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    const int64_t a = number(left), b = number(right);

    return make_box(out, eval,
                    strcmp(op, "max") == 0 ? (a > b ? a : b) : (a < b ? a : b),
                    err);
}

static const cvyi_py_host_type box_type = {
    .name = "a box",
    .get = box_get,
    .set = box_set,
    .call = box_call,
    .binary = box_binary,
    .compare = box_compare,
    .unary = box_unary,
    .item = box_item,
    .set_item = box_set_item,
    .iterate = box_iterate,
    .length = box_length,
    .truth = box_truth,
    .extreme = box_extreme,
};

/* ---- kit.Box ---- */

static cvy_status maker_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    (void)self;
    return make_box(out, eval, args->n > 0 ? number(args->values) : 0, err);
}

static cvy_status maker_instance_of(bool *out, cvyi_py_eval *eval,
                                    const cvyi_py_value *self,
                                    const cvyi_py_value *value, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)err;
    *out = value->type == CVYI_PY_V_HOST && value->host.type == &box_type;
    return CVY_OK;
}

static const cvyi_py_host_type maker_type = {
    .name = "the class Box",
    .call = maker_call,
    .instance_of = maker_instance_of,
};

static const cvyi_py_host_type bare_type = { .name = "a stone" };

/* ---- kit.Base ---- */

static cvy_status init_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)args;
    (void)err;
    ((cvyi_py_instance *)self->host.data)->host = &base_data;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type init_type = {
    .name = "Base.__init__",
    .call = init_call,
};

static cvy_status base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *base,
                           const cvyi_py_value *instance, const char *name,
                           cvy_error *err)
{
    CHECK(base->host.type == &base_type);
    CHECK_EQ(instance->type, CVYI_PY_V_INSTANCE);
    if (strcmp(name, "__init__") == 0)
        *out = cvyi_py_host_value(&init_type, instance->instance);
    else if (strcmp(name, "training") == 0)
        *out = cvyi_py_bool(true);
    else
        return cvyi_py_refuse(eval, err, "Base has no %s", name);
    return CVY_OK;
}

static cvy_status base_set(cvyi_py_eval *eval, const cvyi_py_value *base,
                           const cvyi_py_value *instance, const char *name,
                           const cvyi_py_value *value, cvy_error *err)
{
    (void)base;
    (void)value;
    if (instance->instance->host == NULL)
        return cvyi_py_refuse(eval, err, "%s is set before Base.__init__",
                              name);
    return CVY_OK;
}

static cvy_status base_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value forward;

    (void)base;
    CVYI_TRY(cvyi_py_eval_get(&forward, eval, instance, "forward", err));
    return cvyi_py_eval_call(out, eval, &forward, args, err);
}

static cvy_status base_item(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance,
                            const cvyi_py_value *index, cvy_error *err)
{
    (void)base;
    (void)instance;
    return make_box(out, eval, 70 + number(index), err);
}

static cvy_status base_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *base,
                               const cvyi_py_value *instance, cvy_error *err)
{
    const cvyi_py_value items[] = { cvyi_py_int(1), cvyi_py_int(2) };

    (void)base;
    (void)instance;
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, 2, err);
}

/* Base.__init__(self): the instance is the first argument. */
static cvy_status unbound_call(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)err;
    CHECK_EQ(args->n, 1);
    args->values[0].instance->host = &base_data;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type unbound_type = {
    .name = "Base.__init__",
    .call = unbound_call,
};

static cvy_status base_type_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, const char *name,
                                cvy_error *err)
{
    if (strcmp(name, "__init__") != 0)
        return cvyi_py_refuse(eval, err, "Base has no %s", name);
    *out = cvyi_py_host_value(&unbound_type, self->host.data);
    return CVY_OK;
}

static const cvyi_py_host_type base_type = {
    .name = "the class Base",
    .get = base_type_get,
    .base_get = base_get,
    .base_set = base_set,
    .base_call = base_call,
    .base_item = base_item,
    .base_iterate = base_iterate,
};

/* ---- the host ---- */

static cvy_status import_kit(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, cvy_error *err)
{
    if (strcmp(dotted, "kit.Box") == 0)
        *out = cvyi_py_host_value(&maker_type, &maker_data);
    else if (strcmp(dotted, "kit.Base") == 0)
        *out = cvyi_py_host_value(&base_type, &base_data);
    else if (strcmp(dotted, "kit.stone") == 0)
        *out = cvyi_py_host_value(&bare_type, &bare_data);
    else if (strcmp(dotted, "kit") == 0 || strcmp(dotted, "kit.sub") == 0)
        *out = cvyi_py_text_value(dotted);
    else
        return cvyi_py_refuse(eval, err, "kit has no %s", dotted);
    return CVY_OK;
}

static cvy_status define(cvyi_py_value *out, bool *done, cvyi_py_eval *eval,
                         const cvyi_py_tree *tree, const cvyi_py_node *node,
                         cvy_error *err)
{
    (void)err;
    CHECK(tree == cvyi_py_tree_now(eval));
    *done = strcmp(node->def.name, "Replaced") == 0;
    *out = cvyi_py_text_value(node->def.name);
    return CVY_OK;
}

static const cvyi_py_host kit = { .context = &bare_data,
                                  .import = import_kit,
                                  .define = define };

#define HEAD "from kit import Box, Base, stone\n"

/* All rows as functions of one source; `tail` ends each of them. */
static void run_kit(run *r, const row *rows, size_t n, const char *tail)
{
    cvyi_text_put(&r->source, HEAD);
    for (size_t i = 0; i < n; i++) {
        cvyi_text body = { 0 };

        cvyi_text_printf(&body, "%s\n%s", rows[i].body, tail);
        run_add_row(r, i, cvyi_text_c(&body));
        cvyi_text_close(&body);
    }
    run_parse(r);
    CHECK_EQ(run_eval(r, &kit, NULL), CVY_OK);
}

static void host_values_do_what_the_host_says(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "x = Box(3).value", "3" },
        { "b = Box(3)\nb.value = 5\nb.value += 1\nx = b.value", "6" },
        { "x = Box(1)(2, Box(3), k=4).value", "406" },
        { "x = (Box(5) + 1).value, (1 + Box(5)).value, (1 - Box(5)).value",
          "(6, 6, -4)" },
        { "b = Box(1)\nb += 2\nx = b.value", "3" },
        { "l = [1]\nl2 = Box(1) - Box(5)\nx = l2.value", "-4" },
        { "x = Box(5) == 5, 5 == Box(5), 3 in Box(3), Box(3) in [1, 3]",
          "(True, True, True, True)" },
        { "x = [1 if Box(1) < 2 else 0, 1 if Box(3) < 2 else 0]", "[1, 0]" },
        { "x = (-Box(4)).value, int(Box(4)), not Box(0)", "(-4, 4, True)" },
        { "x = Box(4)[2].value", "42" },
        { "b = Box(0)\nb[1] = 2\nx = b.value", "3" },
        { "a, b = Box(7)\nx = a, b.value, len([*Box(1)])", "(7, 7, 2)" },
        { "x = len(Box(9)), bool(Box(0))", "(9, False)" },
        { "x = max(Box(1), 5).value, min(3, Box(1), 2).value, "
          "max([Box(2)]).value",
          "(5, 1, 2)" },
        { "x = sum([Box(1), Box(2)]).value", "3" },
        { "x = isinstance(Box(1), Box), isinstance(1, Box)", "(True, False)" },
        { "x = isinstance(Box(1), int), isinstance(Box(1), (str, list))",
          "(True, False)" },
        { "x = isinstance(stone, int), type(Box(1)) is int", "(False, True)" },
        { "x = hasattr(Box(1), 'value'), hasattr(Box(1), 'no'), "
          "getattr(Box(1), 'no', 5)", "(True, False, 5)" },
        { "b = Box(1)\nc = Box(1)\nd = {b: 'b', c: 'c'}\n"
          "x = d[b], d[c], b is b, b is c",
          "('b', 'c', True, False)" },
        { "import kit.sub\nimport kit.sub as s\nx = kit, s",
          "('kit', 'kit.sub')" },
        { "try:\n    from kit import nothing\nexcept ImportError:\n    x = 1",
          "1" },
        { "class N(Base):\n    def forward(self, v): return v + 1\n"
          "n = N()\nx = n(1), n.training, n[3].value, list(n), len(n)",
          "(2, True, 73, [1, 2], 2)" },
        { "class N(Base):\n    def __init__(self, w):\n"
          "        super().__init__()\n"
          "        self.w = w\nx = N(5).w", "5" },
        { "class N(Base):\n    def __init__(self, w):\n"
          "        super(N, self).__init__()\n        self.w = w\nx = N(5).w",
          "5" },
        { "class N(Base):\n    def __init__(self, w):\n"
          "        Base.__init__(self)\n        self.w = w\nx = N(5).w", "5" },
        { "class M(Base):\n    def __init__(self):\n"
          "        super().__init__()\n"
          "        self.m = 1\n"
          "class N(M):\n    def __init__(self):\n        super().__init__()\n"
          "        self.n = self.m + 1\n"
          "n = N()\n"
          "x = n.n, isinstance(n, Base), isinstance(n, M), issubclass(N, Base)",
          "(2, True, True, True)" },
        { "class Mixin:\n    def extra(self): return 4\n"
          "class N(Base, Mixin): pass\nx = N().extra()", "4" },
        { "class Replaced: pass\nx = Replaced", "'Replaced'" },
        /* clang-format on */
    };

    run r = { 0 };

    run_kit(&r, rows, N_ROWS(rows), "return x");
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        cvyi_text text = { 0 };

        if (run_row(&text, &r, i) != CVY_OK)
            CHECK_FAIL("%s: %s", rows[i].body, r.err.text);
        CHECK_STR(cvyi_text_c(&text), rows[i].want);
        cvyi_text_close(&text);
    }
    run_close(&r);
}

static void what_the_host_does_not_do_is_refused_with_its_line(void)
{
    static const row rows[] = {
        /* clang-format off */
        { "x = Box(1).nothing", "a box has no nothing" },
        { "x = Box(1) * 2", "boxes have no Mult" },
        { "try:\n    x = Box(1) * 2\nexcept Exception:\n    x = 1",
          "boxes have no Mult" },
        { "x = Box(1) > 2", "boxes have no Gt" },
        { "x = abs(Box(1))", "boxes have no abs" },
        { "x = stone.name", "a stone has no attribute 'name'" },
        { "stone.name = 1", "of a stone is set" },
        { "stone()", "a stone cannot be called" },
        { "x = stone + 1", "a stone and an int have no operator Add" },
        { "x = 1 == stone", "cannot be compared" },
        { "x = -stone", "a stone has no operator USub" },
        { "x = stone[1]", "a stone has no items" },
        { "stone[1] = 1", "a stone does not let its items be set" },
        { "x = [*stone]", "a stone cannot be iterated over" },
        { "x = len(stone)", "a stone has no len()" },
        { "x = max(stone, 1)", "max() of a stone" },
        { "x = isinstance(1, stone)", "isinstance() of a stone" },
        { "x = str(Box(1))", "a box has no text of its own" },
        { "x = range(Box(1))", "must be an int, not a box" },
        { "from kit import other", "kit has no kit.other" },
        { "class N(Base):\n    def __init__(self): self.w = 1\nN()",
          "w is set before Base.__init__" },
        { "class N(Base): pass\nN().other", "Base has no other" },
        { "class N(Base): pass\nN()(1)", "Base has no forward" },
        /* clang-format on */
    };

    run r = { 0 };

    run_kit(&r, rows, N_ROWS(rows), "return 1");
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        cvyi_text text = { 0 };

        CHECK_EQ(run_row(&text, &r, i), CVY_UNSUPPORTED);
        if (strstr(r.err.text, rows[i].want) == NULL)
            CHECK_FAIL("%s: \"%s\"", rows[i].body, r.err.text);
        CHECK(r.err.line > 0);
        CHECK_STR(r.err.where, "net.py");
        cvyi_text_close(&text);
    }
    run_close(&r);
}

/* ---- the host's own calls ---- */

static void the_host_calls_and_reads(void)
{
    cvyi_py_value args_value = cvyi_py_int(4), out, list;
    const cvyi_py_call_args args = { .n = 1, .values = &args_value };
    cvyi_value plain;
    run r = { 0 };

    cvyi_text_put(&r.source,
                  HEAD "def f(x, y=2): return x * y\n"
                       "tree = {'a': [1, 2.5, None], 'b': ('x', True)}\n"
                       "cycle = []\ncycle.append(cycle)\n"
                       "class N(Base): pass\nn = N()\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &kit, NULL), CVY_OK);
    CHECK(cvyi_py_context(r.eval) == &bare_data);
    CHECK_EQ(cvyi_py_eval_call(&out, r.eval,
                               cvyi_py_names_get(&r.module->names, "f"), &args,
                               &r.err),
             CVY_OK);
    CHECK_EQ(out.integer, 8);
    CHECK(cvyi_py_plain(&plain, r.eval,
                        cvyi_py_names_get(&r.module->names, "tree")));
    CHECK_EQ(cvyi_get(&plain, "a")->n, 3);
    CHECK(cvyi_is_text(&cvyi_get(&plain, "b")->items[0], "x"));
    CHECK(!cvyi_py_plain(&plain, r.eval,
                         cvyi_py_names_get(&r.module->names, "cycle")));
    CHECK(!cvyi_py_plain(&plain, r.eval,
                         cvyi_py_names_get(&r.module->names, "n")));

    const cvyi_py_value *const n = cvyi_py_names_get(&r.module->names, "n");
    CHECK(cvyi_py_host_base(n->instance->class_)->host.type == &base_type);
    CHECK_STR(cvyi_py_describe(r.eval, n), "an instance of N");
    CHECK_EQ(n->instance->line, 7);
    CHECK_EQ(cvyi_py_eval_list(&list, r.eval, n, &r.err), CVY_OK);
    CHECK_EQ(list.seq->n, 2);
    run_close(&r);
}

/* The node of a call is its own text, whatever its arguments called. */
static int seen_line, seen_column;

static cvy_status look(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_node *const node = cvyi_py_node_now(eval);

    (void)self;
    (void)args;
    (void)err;
    seen_line = cvyi_py_line_now(eval);
    seen_column = node->column;
    *out = cvyi_py_int(1);
    return CVY_OK;
}

static const cvyi_py_host_type look_type = { .name = "look", .call = look };

static cvy_status import_look(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *dotted, cvy_error *err)
{
    (void)eval;
    (void)dotted;
    (void)err;
    *out = cvyi_py_host_value(&look_type, NULL);
    return CVY_OK;
}

static void the_host_knows_the_call_it_is_asked_in(void)
{
    static const cvyi_py_host host = { .import = import_look };
    run r = { 0 };

    cvyi_text_put(&r.source, "import look\n"
                             "x = (1 +\n"
                             "   look(look(2),\n"
                             "        3))\n");
    run_parse(&r);
    CHECK_EQ(run_eval(&r, &host, NULL), CVY_OK);
    CHECK_EQ(seen_line, 3);
    CHECK_EQ(seen_column, 3);
    run_close(&r);
}

static const check_case cases[] = {
    { "host_values_do_what_the_host_says", host_values_do_what_the_host_says },
    { "what_the_host_does_not_do_is_refused_with_its_line",
      what_the_host_does_not_do_is_refused_with_its_line },
    { "the_host_calls_and_reads", the_host_calls_and_reads },
    { "the_host_knows_the_call_it_is_asked_in",
      the_host_knows_the_call_it_is_asked_in },
};
CHECK_MAIN(cases)
