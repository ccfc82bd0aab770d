/* read/python/std/collections.c - the module collections. */
#include "read/python/std/std.h"

/* ---- tuples with names ---- */

typedef struct shape { /* of a named tuple: its class */
    const char *name;
    int n;
    const char *const *names;
    const cvyi_py_value *fallbacks; /* of the last n_fallbacks */
    int n_fallbacks;
} shape;

typedef struct named {
    const shape *shape;
    cvyi_py_value tuple;
} named;

static const cvyi_py_host_type named_type, shape_type;

static cvy_status make_named(cvyi_py_value *out, cvyi_py_eval *eval,
                             const shape *s, const cvyi_py_value *values,
                             cvy_error *err)
{
    named *made;

    CVYI_PY_NEW(made, eval, 1, err);
    made->shape = s;
    CVYI_TRY(cvyi_py_make_seq(&made->tuple, eval, CVYI_PY_V_TUPLE, values,
                              s->n, err));
    *out = cvyi_py_host_value(&named_type, made);
    return CVY_OK;
}

cvy_status cvyi_std_named(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *type, const char *const *names,
                          const cvyi_py_value *values, int n, cvy_error *err)
{
    shape *s;

    CVYI_PY_NEW(s, eval, 1, err);
    *s = (shape){ .name = type, .n = n, .names = names };
    return make_named(out, eval, s, values, err);
}

static int name_at(const shape *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->names[i], name) == 0)
            return i;
    return -1;
}

/* Values for all names, from arguments and fallbacks. */
static cvy_status bind(cvyi_py_value **out, cvyi_py_eval *eval, const shape *s,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value *values;
    bool *set;

    CVYI_PY_NEW(values, eval, s->n, err);
    CVYI_PY_NEW(set, eval, s->n, err);
    if (args->n > s->n)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%.60s takes %d values, not %d", s->name, s->n,
                             args->n);
    for (int i = 0; i < args->n; i++) {
        values[i] = args->values[i];
        set[i] = true;
    }
    for (int i = 0; i < args->n_keywords; i++) {
        const int at = name_at(s, args->keywords[i]);

        if (at < 0 || set[at])
            return cvyi_py_throw(eval, err, "TypeError",
                                 "%.60s got an unexpected keyword '%.60s'",
                                 s->name, args->keywords[i]);
        values[at] = args->keyword_values[i];
        set[at] = true;
    }
    for (int i = 0; i < s->n; i++) {
        const int fallback = i - (s->n - s->n_fallbacks);

        if (!set[i] && fallback < 0)
            return cvyi_py_throw(eval, err, "TypeError",
                                 "%.60s misses the argument '%.60s'", s->name,
                                 s->names[i]);
        if (!set[i])
            values[i] = s->fallbacks[fallback];
    }
    *out = values;
    return CVY_OK;
}

static cvy_status call_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value *values;

    CVYI_TRY(bind(&values, eval, self->host.data, args, err));
    return make_named(out, eval, self->host.data, values, err);
}

static cvy_status fields_of(cvyi_py_value *out, cvyi_py_eval *eval,
                            const shape *s, cvy_error *err)
{
    cvyi_py_value *names;

    CVYI_PY_NEW(names, eval, s->n, err);
    for (int i = 0; i < s->n; i++)
        names[i] = cvyi_py_text_value(s->names[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, names, s->n, err);
}

static cvy_status get_of_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, const char *name,
                               cvy_error *err)
{
    const shape *const s = self->host.data;

    if (strcmp(name, "_fields") == 0)
        return fields_of(out, eval, s, err);
    if (strcmp(name, "__name__") == 0) {
        *out = cvyi_py_text_value(s->name);
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err, "%.60s of a named tuple", name);
}

static cvy_status is_of_shape(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_value *value, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = value->type == CVYI_PY_V_HOST && value->host.type == &named_type &&
           ((const named *)value->host.data)->shape == self->host.data;
    return CVY_OK;
}

/* ---- their methods ---- */

typedef struct method {
    const named *self;
    const char *name;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    const shape *const s = m->self->shape;
    cvyi_py_value *values;

    if (strcmp(m->name, "_asdict") == 0) {
        CVYI_TRY(cvyi_py_make_dict(out, eval, err));
        for (int i = 0; i < s->n; i++) {
            const cvyi_py_value key = cvyi_py_text_value(s->names[i]);

            CVYI_TRY(cvyi_py_dict_set(eval, out, &key,
                                      &m->self->tuple.seq->items[i], err));
        }
        return CVY_OK;
    }
    CVYI_PY_NEW(values, eval, s->n, err);
    memcpy(values, m->self->tuple.seq->items, (size_t)s->n * sizeof *values);
    for (int i = 0; i < args->n_keywords; i++) {
        const int at = name_at(s, args->keywords[i]);

        if (at < 0)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "%.60s has no '%.60s'", s->name,
                                 args->keywords[i]);
        values[at] = args->keyword_values[i];
    }
    return make_named(out, eval, s, values, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a named tuple",
    .is_data = true,
    .call = call_method,
};

static cvy_status get_of_named(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, const char *name,
                               cvy_error *err)
{
    const named *const value = self->host.data;
    const int at = name_at(value->shape, name);
    method *m;

    if (at >= 0) {
        *out = value->tuple.seq->items[at];
        return CVY_OK;
    }
    if (strcmp(name, "_fields") == 0)
        return fields_of(out, eval, value->shape, err);
    if (strcmp(name, "__class__") == 0) {
        *out = *cvyi_py_eval_builtin(eval, "tuple");
        return CVY_OK;
    }
    if (strcmp(name, "_asdict") != 0 && strcmp(name, "_replace") != 0)
        return cvyi_py_refuse(eval, err, "%.60s has no '%.60s'",
                              value->shape->name, name);
    CVYI_PY_NEW(m, eval, 1, err);
    *m = (method){ value, name[1] == 'a' ? "_asdict" : "_replace" };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

/* Everything else it does as a tuple. */
static const cvyi_py_value *plain(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST && value->host.type == &named_type
               ? &((const named *)value->host.data)->tuple
               : value;
}

static cvy_status item_of_named(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self,
                                const cvyi_py_value *index, cvy_error *err)
{
    return cvyi_py_get_item(out, eval, plain(self), index, err);
}

static cvy_status list_of_named(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, cvy_error *err)
{
    return cvyi_py_eval_list(out, eval, plain(self), err);
}

static cvy_status length_of_named(int64_t *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self, cvy_error *err)
{
    return cvyi_py_length(out, eval, plain(self), err);
}

static cvy_status compare_named(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_value *a,
                                const cvyi_py_value *b, cvy_error *err)
{
    return cvyi_py_compare(out, eval, op, plain(a), plain(b), err);
}

static cvy_status join_named(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *op, const cvyi_py_value *a,
                             const cvyi_py_value *b, cvy_error *err)
{
    return cvyi_py_binary(out, eval, op, plain(a), plain(b), err);
}

static const cvyi_py_host_type named_type = {
    .name = "a named tuple",
    .is_data = true,
    .get = get_of_named,
    .binary = join_named,
    .compare = compare_named,
    .item = item_of_named,
    .iterate = list_of_named,
    .length = length_of_named,
};

/* ---- classes derived from one ---- */

typedef struct init {
    const shape *shape;
    cvyi_py_instance *instance;
} init;

static cvy_status call_init(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const init *const made = self->host.data;
    cvyi_py_value *values;

    CVYI_TRY(bind(&values, eval, made->shape, args, err));
    for (int i = 0; i < made->shape->n; i++)
        CVYI_TRY(cvyi_py_names_set(eval, &made->instance->names,
                                   made->shape->names[i], &values[i], err));
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type init_type = { .name = "__init__",
                                             .is_data = true,
                                             .call = call_init };

static cvy_status base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *base,
                           const cvyi_py_value *instance, const char *name,
                           cvy_error *err)
{
    init *made;

    if (strcmp(name, "__init__") != 0)
        return cvyi_py_refuse(eval, err, "%.60s of a named tuple", name);
    CVYI_PY_NEW(made, eval, 1, err);
    *made = (init){ base->host.data, instance->instance };
    *out = cvyi_py_host_value(&init_type, made);
    return CVY_OK;
}

static cvy_status base_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *base,
                               const cvyi_py_value *instance, cvy_error *err)
{
    const shape *const s = base->host.data;

    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (int i = 0; i < s->n; i++) {
        const cvyi_py_value *const value =
            cvyi_py_names_get(&instance->instance->names, s->names[i]);

        if (value != NULL)
            CVYI_TRY(cvyi_py_seq_add(eval, out->seq, value, err));
    }
    return CVY_OK;
}

static cvy_status base_item(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance,
                            const cvyi_py_value *index, cvy_error *err)
{
    cvyi_py_value list;

    CVYI_TRY(base_iterate(&list, eval, base, instance, err));
    return cvyi_py_get_item(out, eval, &list, index, err);
}

static const cvyi_py_host_type shape_type = {
    .name = "a named tuple's class",
    .is_data = true,
    .get = get_of_shape,
    .call = call_shape,
    .instance_of = is_of_shape,
    .base_get = base_get,
    .base_item = base_item,
    .base_iterate = base_iterate,
};

/* 'a b', 'a, b' or ['a', 'b'] */
static cvy_status field_names(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    const char *at = value->type == CVYI_PY_V_TEXT ? value->text : NULL;

    if (at == NULL)
        return cvyi_py_eval_list(out, eval, value, err);
    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (at += strspn(at, ", \t\n"); *at != '\0'; at += strspn(at, ", \t\n")) {
        const size_t n = strcspn(at, ", \t\n");
        cvyi_py_value name;

        CVYI_TRY(cvyi_py_make_text(&name, eval, at, n, err));
        CVYI_TRY(cvyi_py_seq_add(eval, out->seq, &name, err));
        at += n;
    }
    return CVY_OK;
}

static cvy_status c_namedtuple(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list, fallbacks;
    const char **names;
    shape *s;

    CVYI_PY_NEW(s, eval, 1, err);
    CVYI_TRY(cvyi_py_need_text(&s->name, eval, given->at[0], "a name", err));
    CVYI_TRY(field_names(&list, eval, given->at[1], err));
    CVYI_PY_NEW(names, eval, list.seq->n, err);
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(cvyi_py_need_text(&names[i], eval, &list.seq->items[i],
                                   "a name", err));
    s->n = list.seq->n;
    s->names = names;
    if (given->at[2] != NULL && given->at[2]->type != CVYI_PY_V_NONE) {
        CVYI_TRY(cvyi_py_eval_list(&fallbacks, eval, given->at[2], err));
        if (fallbacks.seq->n > s->n)
            return cvyi_py_throw(eval, err, "TypeError",
                                 "more defaults than names");
        s->fallbacks = fallbacks.seq->items;
        s->n_fallbacks = fallbacks.seq->n;
    }
    *out = cvyi_py_host_value(&shape_type, s);
    return CVY_OK;
}

/* ---- dicts that make what they miss ---- */

typedef struct filled {
    cvyi_py_value dict, factory; /* None: there is none */
    bool counts;                 /* Counter: 0 for what it misses */
} filled;

static cvyi_py_value *dict_of(const cvyi_py_value *self)
{
    return &((filled *)self->host.data)->dict;
}

static cvy_status get_of_filled(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, const char *name,
                                cvy_error *err)
{
    if (strcmp(name, "most_common") == 0)
        return cvyi_py_refuse(eval, err, "most_common() is not evaluated");
    return cvyi_py_eval_get(out, eval, dict_of(self), name, err);
}

static cvy_status item_of_filled(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_value *index, cvy_error *err)
{
    filled *const f = self->host.data;
    const cvyi_py_call_args none = { 0 };
    cvyi_py_value made = cvyi_py_int(0);
    bool has;

    CVYI_TRY(cvyi_py_contains(&has, eval, index, &f->dict, err));
    if (!has && f->counts) {
        *out = made;
        return CVY_OK;
    }
    if (!has && f->factory.type != CVYI_PY_V_NONE) {
        CVYI_TRY(cvyi_py_eval_call(&made, eval, &f->factory, &none, err));
        CVYI_TRY(cvyi_py_dict_set(eval, &f->dict, index, &made, err));
    }
    return cvyi_py_get_item(out, eval, &f->dict, index, err);
}

static cvy_status set_item_of_filled(cvyi_py_eval *eval,
                                     const cvyi_py_value *self,
                                     const cvyi_py_value *index,
                                     const cvyi_py_value *value,
                                     cvy_error *err)
{
    return cvyi_py_set_item(eval, dict_of(self), index, value, err);
}

static cvy_status list_of_filled(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self, cvy_error *err)
{
    return cvyi_py_eval_list(out, eval, dict_of(self), err);
}

static cvy_status length_of_filled(int64_t *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *self, cvy_error *err)
{
    return cvyi_py_length(out, eval, dict_of(self), err);
}

static cvy_status truth_of_filled(bool *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self, cvy_error *err)
{
    return cvyi_py_eval_truth(out, eval, dict_of(self), err);
}

static const cvyi_py_host_type filled_type;

static cvy_status compare_filled(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const char *op, const cvyi_py_value *a,
                                 const cvyi_py_value *b, cvy_error *err)
{
    if (a->type == CVYI_PY_V_HOST && a->host.type == &filled_type)
        a = dict_of(a);
    if (b->type == CVYI_PY_V_HOST && b->host.type == &filled_type)
        b = dict_of(b);
    return cvyi_py_compare(out, eval, op, a, b, err);
}

static const cvyi_py_host_type filled_type = {
    .name = "a defaultdict",
    .is_data = true,
    .get = get_of_filled,
    .compare = compare_filled,
    .item = item_of_filled,
    .set_item = set_item_of_filled,
    .iterate = list_of_filled,
    .length = length_of_filled,
    .truth = truth_of_filled,
};

static cvy_status make_filled(filled **out, cvyi_py_eval *eval, cvy_error *err)
{
    CVYI_PY_NEW(*out, eval, 1, err);
    return cvyi_py_make_dict(&(*out)->dict, eval, err);
}

static cvy_status c_defaultdict(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_call_args rest = { given->n_rest, given->rest, 0, NULL,
                                     NULL };
    filled *f;

    CVYI_TRY(make_filled(&f, eval, err));
    CVYI_TRY(cvyi_std_ordered_dict(&f->dict, eval, &rest, err));
    f->factory = given->at[0] != NULL ? *given->at[0] : cvyi_py_none();
    *out = cvyi_py_host_value(&filled_type, f);
    return CVY_OK;
}

static cvy_status c_counter(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value one = cvyi_py_int(1);
    cvyi_py_value list, self, count;
    filled *f;

    CVYI_TRY(make_filled(&f, eval, err));
    f->counts = true;
    self = cvyi_py_host_value(&filled_type, f);
    if (given->at[0] != NULL) {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
        for (int i = 0; i < list.seq->n; i++) {
            CVYI_TRY(
                item_of_filled(&count, eval, &self, &list.seq->items[i], err));
            CVYI_TRY(cvyi_py_binary(&count, eval, "Add", &count, &one, err));
            CVYI_TRY(cvyi_py_dict_set(eval, &f->dict, &list.seq->items[i],
                                      &count, err));
        }
    }
    *out = self;
    return CVY_OK;
}

static const cvyi_py_builtin collections_functions[] = {
    { .name = "Counter", .signature = "-x?", .run = c_counter },
    { .name = "defaultdict",
      .keeps = true,
      .signature = "-f? *",
      .run = c_defaultdict },
    { .name = "namedtuple",
      .signature = "typename field_names defaults? **",
      .run = c_namedtuple },
};

const cvyi_std_module cvyi_std_collections = {
    .name = "collections",
    CVYI_STD_FUNCTIONS(collections_functions),
};
