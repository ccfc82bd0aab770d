/*
 * pass/blocks_names.c - what blocks and their members are called.
 *
 * Where the source's names say what belongs together, they say what it is:
 * of conv2_block1_1_conv the block is conv2_block1 and the member conv1. Else
 * members are called after what they do.
 */
#include "pass/blocks.h"

#include <ctype.h>
#include <string.h>

static const char separators[] = "_./-";

static bool has_prefix(const char *name, const char *prefix, size_t n)
{
    return name != NULL && strlen(name) >= n && memcmp(name, prefix, n) == 0 &&
           (name[n] == '\0' || strchr(separators, name[n]) != NULL);
}

cvy_status cvyi_outline_prefix(const char **out, cvyi_outline *outline,
                               const int *members, int n, cvy_error *err)
{
    const char *name;
    size_t length;
    int first = -1, n_named = 0;

    for (int i = n - 1; i >= 0; i--)
        if (!cvyi_is_nameless(outline, members[i])) {
            first = i;
            n_named++;
        }
    name = 2 * n_named > n ? outline->units[members[first]].name : NULL;
    length = name != NULL ? strlen(name) : 0;
    for (int i = first; i < n && length > 0;) {
        if (cvyi_is_nameless(outline, members[i]) ||
            has_prefix(outline->units[members[i]].name, name, length)) {
            i++;
        } else {
            length = cvyi_shorter_prefix(name, length);
            i = 0;
        }
    }
    *out = NULL;
    if (length == 0)
        return CVY_OK;
    *out = cvyi_arena_text(&outline->arena, name, length);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* ---- texts that no other has ---- */

/* `name`, or name2, name3 ... */
static cvy_status take_free(const char **out, cvyi_outline *outline,
                            cvyi_ids *taken, const char *name, cvy_error *err)
{
    for (int k = 1;; k++) {
        const char *const tried =
            k == 1 ? name
                   : cvyi_arena_printf(
                         &outline->arena, "%s%s%d", name,
                         isdigit((unsigned char)name[strlen(name) - 1]) ? "_"
                                                                        : "",
                         k);
        const int before = taken->n;
        int id;

        if (tried == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_ids_take(&id, taken, tried, strlen(tried), err));
        if (taken->n > before) {
            *out = tried;
            return CVY_OK;
        }
    }
}

/* ---- roles ---- */

/* "1_conv" is conv1, "expand_BN" stays; NULL: it is no name. */
static const char *role_of(cvyi_arena *arena, const char *suffix,
                           const char *kind)
{
    const size_t digits = strspn(suffix, "0123456789");
    const char *rest = suffix + digits;
    char *made;
    size_t n;

    rest += strspn(rest, separators);
    if (digits == 0)
        made = cvyi_arena_text(arena, rest, strlen(rest));
    else if (*rest == '\0')
        made = cvyi_arena_printf(arena, "%s%.*s", kind, (int)digits, suffix);
    else
        made = cvyi_arena_printf(
            arena, "%s%s%.*s", rest,
            isdigit((unsigned char)rest[strlen(rest) - 1]) ? "_" : "",
            (int)digits, suffix);
    n = made != NULL ? strlen(made) : 0;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)made[i]))
            made[i] = '_';
    return made;
}

/* What all repetitions call member `j` behind their prefixes; NULL: they
 * differ. */
static const char *common_suffix(const cvyi_outline *outline,
                                 const cvyi_repeat *repeat, int j)
{
    const char *suffix = NULL;

    for (int i = repeat->first; i < repeat->first + repeat->n; i++) {
        const cvyi_repetition *const r = &outline->repetitions[i];
        const cvyi_unit *const unit = &outline->units[r->members[j]];
        const size_t n = strlen(r->prefix);
        const char *its;

        if (unit->module < 0 || !has_prefix(unit->name, r->prefix, n))
            return NULL;
        its = unit->name + n;
        its += strspn(its, separators);
        if (*its == '\0' || (suffix != NULL && strcmp(its, suffix) != 0))
            return NULL;
        suffix = its;
    }
    return suffix;
}

/* The kind, with a number where several have it. */
static cvy_status role_by_kind(const char **out, cvyi_outline *outline,
                               const cvyi_repeat *repeat, int j,
                               cvyi_ids *taken, cvy_error *err)
{
    const int *const members = outline->repetitions[repeat->first].members;
    const char *const kind = outline->units[members[j]].kind;
    int n = 0, before = 0;

    for (int k = 0; k < repeat->n_members; k++) {
        const bool same = strcmp(outline->units[members[k]].kind, kind) == 0;

        n += same;
        before += same && k < j;
    }
    if (n == 1)
        return take_free(out, outline, taken, kind, err);

    const char *const numbered =
        cvyi_arena_printf(&outline->arena, "%s%d", kind, before + 1);

    return numbered == NULL ? cvyi_no_memory(err)
                            : take_free(out, outline, taken, numbered, err);
}

/* What the source calls them, where no two members are called so. */
static cvy_status role_by_name(const char **out, cvyi_outline *outline,
                               const cvyi_repeat *repeat, int j,
                               cvyi_ids *taken, cvy_error *err)
{
    const char *name, *other, *role;
    const size_t n = cvyi_outline_shared(&name, outline, repeat, j);

    if (n == 0)
        return CVY_OK;
    for (int k = 0; k < repeat->n_members; k++)
        if (k != j && cvyi_outline_shared(&other, outline, repeat, k) == n &&
            memcmp(name, other, n) == 0)
            return CVY_OK;
    role = cvyi_arena_text(&outline->arena, name, n);
    if (role != NULL)
        role = role_of(&outline->arena, role, "");
    return role == NULL ? cvyi_no_memory(err)
                        : take_free(out, outline, taken, role, err);
}

static cvy_status find_roles(cvyi_outline *outline, cvyi_repeat *repeat,
                             cvy_error *err)
{
    const int *const members = outline->repetitions[repeat->first].members;
    const size_t n = (size_t)repeat->n_members;
    cvyi_ids taken = { .arena = &outline->arena };

    repeat->roles =
        cvyi_arena_alloc(&outline->arena, n, sizeof *repeat->roles);
    if (repeat->roles == NULL)
        return cvyi_no_memory(err);
    for (int j = 0; repeat->named && j < repeat->n_members; j++) {
        const char *const suffix = common_suffix(outline, repeat, j);
        const char *role;

        if (suffix == NULL)
            continue;
        role =
            role_of(&outline->arena, suffix, outline->units[members[j]].kind);
        if (role == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(take_free(&repeat->roles[j], outline, &taken, role, err));
    }
    for (int j = 0; !repeat->named && j < repeat->n_members; j++)
        CVYI_TRY(
            role_by_name(&repeat->roles[j], outline, repeat, j, &taken, err));
    for (int j = 0; j < repeat->n_members; j++)
        if (repeat->roles[j] == NULL)
            CVYI_TRY(role_by_kind(&repeat->roles[j], outline, repeat, j,
                                  &taken, err));
    return CVY_OK;
}

/* ---- classes ---- */

/* "conv2_block1" and "block2a": "block". */
static void stem(const char **begin, size_t *n, const char *prefix)
{
    size_t end = strlen(prefix), from;

    if (end > 1 && isdigit((unsigned char)prefix[end - 2]) &&
        islower((unsigned char)prefix[end - 1]))
        end--;
    while (end > 0 && (isdigit((unsigned char)prefix[end - 1]) ||
                       strchr(separators, prefix[end - 1]) != NULL))
        end--;
    from = end;
    while (from > 0 && isalpha((unsigned char)prefix[from - 1]))
        from--;
    *begin = prefix + from;
    *n = end - from;
}

/* The stem that all prefixes share; n 0: none. */
static void common_stem(const char **begin, size_t *n,
                        const cvyi_outline *outline, const cvyi_repeat *repeat)
{
    *n = 0;
    for (int i = 0; repeat->named && i < repeat->n; i++) {
        const char *its;
        size_t length;

        stem(&its, &length, outline->repetitions[repeat->first + i].prefix);
        if (i > 0 && (length != *n || memcmp(its, *begin, length) != 0)) {
            *n = 0;
            return;
        }
        *begin = its;
        *n = length;
    }
}

static bool ends_in_block(const char *text, size_t n)
{
    return n >= 5 && memcmp(text + n - 4, "lock", 4) == 0 &&
           tolower((unsigned char)text[n - 5]) == 'b';
}

/* What joins the branches, or else what the weights are for. */
static const char *main_kind(const cvyi_outline *outline,
                             const cvyi_repeat *repeat)
{
    const int *const members = outline->repetitions[repeat->first].members;

    for (int j = repeat->n_members - 1; j >= 0; j--) {
        const cvyi_unit *const unit = &outline->units[members[j]];

        if (unit->n_in > 1)
            return unit->kind;
    }
    return outline->units[outline->repetitions[repeat->first].unit].kind;
}

/* What the join at the end is called, without the word for joining: of
 * normal_concat_0 and normal_concat_1 "normal". 0: nothing. */
static size_t name_of_join(const char **out, const cvyi_outline *outline,
                           const cvyi_repeat *repeat)
{
    const int last = repeat->n_members - 1;
    const cvyi_unit *const join =
        &outline->units[outline->repetitions[repeat->first].members[last]];
    const size_t n = join->n_in < 2 || repeat->named
                         ? 0
                         : cvyi_outline_shared(out, outline, repeat, last);

    return n > 0 ? cvyi_without_kind(*out, n, join->kind) : 0;
}

static cvy_status name_class(cvyi_outline *outline, cvyi_repeat *repeat,
                             cvyi_ids *taken, cvy_error *err)
{
    const char *word, *tail = "Block";
    size_t n;
    char *name;

    common_stem(&word, &n, outline, repeat);
    if (n == 0)
        n = name_of_join(&word, outline, repeat);
    if (n > 0 && ends_in_block(word, n))
        tail = "";
    if (n == 0) {
        word = main_kind(outline, repeat);
        n = strlen(word);
    }
    name = cvyi_arena_printf(&outline->arena, "%.*s%s", (int)n, word, tail);
    if (name == NULL)
        return cvyi_no_memory(err);
    name[0] = (char)toupper((unsigned char)name[0]);
    return take_free(&repeat->class_name, outline, taken, name, err);
}

/* The structure that occurs most has the plain name. */
static cvy_status name_classes(cvyi_outline *outline, cvy_error *err)
{
    cvyi_ids taken = { .arena = &outline->arena };

    for (int done = 0; done < outline->n_repeats; done++) {
        cvyi_repeat *most = NULL;

        for (int i = 0; i < outline->n_repeats; i++)
            if (outline->repeats[i].class_name == NULL &&
                (most == NULL || outline->repeats[i].n > most->n))
                most = &outline->repeats[i];
        CVYI_TRY(name_class(outline, most, &taken, err));
    }
    return CVY_OK;
}

/* ---- repetitions ---- */

/* The layer of a unit that stands first in the source, or last. */
static int layer_of(const cvyi_outline *outline, int unit, bool last)
{
    const cvyi_unit *const it = &outline->units[unit];
    const cvyi_repetition *const r =
        it->repetition >= 0 ? &outline->repetitions[it->repetition] : NULL;
    int found = it->module;

    for (int j = 0; r != NULL && j < outline->repeats[r->repeat].n_members;
         j++) {
        const int its = layer_of(outline, r->members[j], last);

        if (found < 0 || (last ? its > found : its < found))
            found = its;
    }
    return found;
}

static const char *name_of_layer(const cvyi_outline *outline, int unit,
                                 bool last)
{
    return outline->graph->modules[layer_of(outline, unit, last)].name;
}

/* "conv2_block1_*", or "conv2d_3 ... mixed1". */
static const char *comment_of(cvyi_outline *outline, const cvyi_repeat *repeat,
                              const cvyi_repetition *r)
{
    bool bare = false;

    for (int j = 0; repeat->named && j < repeat->n_members; j++)
        bare =
            bare || strcmp(outline->units[r->members[j]].name, r->prefix) == 0;
    if (repeat->named)
        return cvyi_arena_printf(&outline->graph->arena, "%s%s", r->prefix,
                                 bare ? "*" : "_*");
    return cvyi_arena_printf(&outline->graph->arena, "%s ... %s",
                             name_of_layer(outline, r->unit, false),
                             name_of_layer(outline, r->unit, true));
}

/* What joins branches is called after the whole; else the first weight. */
static const char *name_of(const cvyi_outline *outline,
                           const cvyi_repeat *repeat, const cvyi_repetition *r)
{
    const int last = r->members[repeat->n_members - 1];

    if (repeat->named)
        return r->prefix;
    if (outline->units[last].module >= 0 && outline->units[last].n_in > 1)
        return outline->units[last].name;
    for (int j = 0; j < repeat->n_members; j++)
        if (outline->units[r->members[j]].heavy)
            return name_of_layer(outline, r->members[j], false);
    return name_of_layer(outline, last, true);
}

static bool has_own_prefixes(const cvyi_outline *outline,
                             const cvyi_repeat *repeat)
{
    const cvyi_repetition *const r = &outline->repetitions[repeat->first];

    for (int i = 0; i < repeat->n; i++) {
        if (r[i].prefix == NULL)
            return false;
        for (int k = 0; k < i; k++)
            if (strcmp(r[i].prefix, r[k].prefix) == 0)
                return false;
    }
    return true;
}

cvy_status cvyi_outline_name(cvyi_outline *outline, cvy_error *err)
{
    for (int i = 0; i < outline->n_repeats; i++) {
        cvyi_repeat *const repeat = &outline->repeats[i];

        repeat->named = has_own_prefixes(outline, repeat);
        CVYI_TRY(find_roles(outline, repeat, err));
        for (int k = 0; k < repeat->n; k++) {
            cvyi_repetition *const r =
                &outline->repetitions[repeat->first + k];

            r->name = name_of(outline, repeat, r);
            r->comment = comment_of(outline, repeat, r);
            if (r->comment == NULL)
                return cvyi_no_memory(err);
        }
    }
    return name_classes(outline, err);
}
