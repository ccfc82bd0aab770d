/*
 * codec/pickle_name.c - the opcodes by which a pickle would run something.
 *
 * GLOBAL looks a name up, REDUCE and NEWOBJ call what was found, BUILD sets
 * the state of an object. Here a name is only compared with a list, and a
 * call is a record.
 */
#include "codec/pickle_parts.h"

#include <string.h>

enum { SHOWN_MOST = 60 };

/* Dots, letters, digits and underscores, so that it can be printed. */
static bool printable(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char c = name[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && c != '_' && c != '.')
            return false;
    }
    return n > 0 && n <= SHOWN_MOST;
}

static bool same(const char *word, const char *text, size_t n)
{
    return strlen(word) == n && memcmp(word, text, n) == 0;
}

static cvy_status refuse(const cvyi_pickler *m, const char *module,
                         size_t n_module, const char *name, size_t n_name)
{
    if (!printable(module, n_module) || !printable(name, n_name))
        return cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                            "the file would run something whose name is no "
                            "name; %s",
                            m->names->advice);
    return cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                        "the file would run %.*s.%.*s; %s", (int)n_module,
                        module, (int)n_name, name, m->names->advice);
}

static cvy_status push_name(cvyi_pickler *m, const char *module,
                            size_t n_module, const char *name, size_t n_name)
{
    const cvyi_pickle_names *const known = m->names;

    for (size_t i = 0; i < known->n; i++)
        if (same(known->list[i].module, module, n_module) &&
            same(known->list[i].name, name, n_name)) {
            cvyi_pickled *v;

            CVYI_TRY(cvyi_pickler_push(&v, m, CVYI_PICKLED_NAME));
            v->name = &known->list[i];
            return CVY_OK;
        }
    return refuse(m, module, n_module, name, n_name);
}

const char *cvyi_pickler_line(size_t *n, cvyi_pickler *m)
{
    const char *const line = (const char *)m->c.base + m->c.at;
    const size_t left = m->c.size - m->c.at;
    const char *const end = left > 0 ? memchr(line, '\n', left) : NULL;

    if (end == NULL)
        return NULL;
    *n = (size_t)(end - line);
    m->c.at += *n + 1;
    return line;
}

static cvy_status two_lines(const char **module, size_t *n_module,
                            const char **name, size_t *n_name, cvyi_pickler *m)
{
    *module = cvyi_pickler_line(n_module, m);
    *name = *module != NULL ? cvyi_pickler_line(n_name, m) : NULL;
    return *name != NULL ? CVY_OK
                         : cvyi_pickler_broken(m, "a name is cut short");
}

cvy_status cvyi_pickler_global(cvyi_pickler *m, int arg)
{
    const char *module, *name;
    size_t n_module = 0, n_name = 0;

    (void)arg;
    CVYI_TRY(two_lines(&module, &n_module, &name, &n_name, m));
    return push_name(m, module, n_module, name, n_name);
}

cvy_status cvyi_pickler_stack_global(cvyi_pickler *m, int arg)
{
    const cvyi_pickled *const name = cvyi_pickler_pop(m);
    const cvyi_pickled *const module = cvyi_pickler_pop(m);

    (void)arg;
    if (name == NULL || module == NULL || name->kind != CVYI_PICKLED_TEXT ||
        module->kind != CVYI_PICKLED_TEXT)
        return cvyi_pickler_broken(m, "a name that is no text");
    return push_name(m, module->text, (size_t)module->n, name->text,
                     (size_t)name->n);
}

/* INST looks up and calls in one; no writer of weights uses it. */
cvy_status cvyi_pickler_instance(cvyi_pickler *m, int arg)
{
    const char *module, *name;
    size_t n_module = 0, n_name = 0;

    (void)arg;
    CVYI_TRY(two_lines(&module, &n_module, &name, &n_name, m));
    return refuse(m, module, n_module, name, n_name);
}

/* Pairs in a list, as Python 2 gives them to OrderedDict. */
static cvy_status add_pairs(cvyi_pickler *m, cvyi_pickled *dict,
                            const cvyi_pickled *pairs)
{
    if (pairs->kind != CVYI_PICKLED_LIST)
        return cvyi_pickler_broken(m, "a dict made of no list of pairs");
    for (int i = 0; i < pairs->n; i++) {
        const cvyi_pickled *const pair = pairs->items[i];

        if ((pair->kind != CVYI_PICKLED_LIST &&
             pair->kind != CVYI_PICKLED_TUPLE) ||
            pair->n != 2)
            return cvyi_pickler_broken(m, "a dict made of no pairs");
        CVYI_TRY(cvyi_pickler_add(
            m, dict, (cvyi_pickled *const *)(uintptr_t)pair->items, 2));
    }
    return CVY_OK;
}

static cvy_status push_call(cvyi_pickler *m, const cvyi_pickle_name *name,
                            const cvyi_pickled *args)
{
    const bool map = name->use == CVYI_PICKLE_MAP;
    cvyi_pickled *v;

    CVYI_TRY(
        cvyi_pickler_push(&v, m, map ? CVYI_PICKLED_DICT : CVYI_PICKLED_CALL));
    if (map)
        return args->n > 0 && args->items[0]->kind != CVYI_PICKLED_NAME
                   ? add_pairs(m, v, args->items[0])
                   : CVY_OK;
    v->name = name;
    v->items = args->items;
    v->n = args->n;
    return CVY_OK;
}

cvy_status cvyi_pickler_reduce(cvyi_pickler *m, int arg)
{
    const cvyi_pickled *const args = cvyi_pickler_pop(m);
    const cvyi_pickled *const what = cvyi_pickler_pop(m);

    (void)arg;
    if (what == NULL || args == NULL || args->kind != CVYI_PICKLED_TUPLE ||
        what->kind != CVYI_PICKLED_NAME)
        return cvyi_pickler_broken(m, "a call of something that is no name");
    if (what->name->use == CVYI_PICKLE_NAME)
        return refuse(m, what->name->module, strlen(what->name->module),
                      what->name->name, strlen(what->name->name));
    return push_call(m, what->name, args);
}

/* The attributes of a dict that is an object are nobody's weights. State of
 * anything else could change what it is. */
cvy_status cvyi_pickler_build(cvyi_pickler *m, int arg)
{
    const cvyi_pickled *const state = cvyi_pickler_pop(m);
    const cvyi_pickled *const object = cvyi_pickler_top(m);

    (void)arg;
    if (state == NULL || object == NULL)
        return cvyi_pickler_broken(m, "a state without an object");
    if (object->kind != CVYI_PICKLED_DICT || object->plain)
        return cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                            "the file would set the state of an object; %s",
                            m->names->advice);
    return CVY_OK;
}

cvy_status cvyi_pickler_ref(cvyi_pickler *m, int arg)
{
    cvyi_pickled *const id = cvyi_pickler_pop(m);
    const cvyi_pickled **const refs = cvyi_arena_grow(
        m->arena, m->refs, m->n_refs, &m->refs_room, sizeof *refs);
    cvyi_pickled *v;

    (void)arg;
    if (id == NULL)
        return cvyi_pickler_broken(m, "a persistent id of nothing");
    if (refs == NULL)
        return cvyi_no_memory(m->err);
    CVYI_TRY(cvyi_pickler_push(&v, m, CVYI_PICKLED_REF));
    if (id->kind == CVYI_PICKLED_TUPLE) {
        v->items = id->items;
        v->n = id->n;
    } else {
        CVYI_TRY(cvyi_pickler_add(m, v, &id, 1));
    }
    m->refs = refs;
    m->refs[m->n_refs++] = v;
    return CVY_OK;
}
