/*
 * pass/blocks_shared.c - what people call corresponding layers of a repeat.
 *
 * Of normal_left3_0, normal_left3_1 and so on: normal_left3. Names that a
 * framework makes of a class and a number, conv2d_7, say nothing.
 */
#include "pass/blocks.h"

#include <ctype.h>
#include <string.h>

/* The layer that a member is known by: a repetition's first with a weight. */
static const cvyi_module *known_by(const cvyi_outline *outline, int unit)
{
    const cvyi_unit *const it = &outline->units[unit];
    const cvyi_repetition *r;

    if (it->repetition < 0)
        return it->module >= 0 ? &outline->graph->modules[it->module] : NULL;
    r = &outline->repetitions[it->repetition];
    for (int j = 0; j < outline->repeats[r->repeat].n_members; j++)
        if (outline->units[r->members[j]].heavy)
            return known_by(outline, r->members[j]);
    return known_by(outline, r->members[0]);
}

/* Length of the name without the numbers that it ends with. */
static size_t bare_length(const char *name)
{
    size_t n = strlen(name);

    for (;;) {
        const size_t shorter = cvyi_shorter_prefix(name, n);
        size_t digits = shorter + 1;

        while (digits < n && isdigit((unsigned char)name[digits]))
            digits++;
        if (shorter == 0 || digits < n)
            return n;
        n = shorter;
    }
}

/* "batch_normalization" of a BatchNormalization? What has no class has no
 * name that anybody chose. */
static bool is_made_of(const char *name, size_t n, const char *class_name)
{
    const char *of = class_name != NULL ? class_name : "";
    size_t i = 0;

    for (; i < n && *of != '\0'; i++) {
        if (name[i] == '_')
            continue;
        if (tolower((unsigned char)*of++) != name[i])
            return false;
    }
    return class_name == NULL || i == n ||
           (n - i == 2 && isdigit((unsigned char)name[i]) &&
            name[i + 1] == 'd');
}

bool cvyi_is_nameless(const cvyi_outline *outline, int unit)
{
    const int module = outline->units[unit].module;
    const cvyi_module *const layer =
        module >= 0 ? &outline->graph->modules[module] : NULL;

    return layer != NULL && is_made_of(layer->name, bare_length(layer->name),
                                       layer->class_name);
}

size_t cvyi_outline_shared(const char **out, const cvyi_outline *outline,
                           const cvyi_repeat *repeat, int member)
{
    size_t n = 0;

    for (int i = 0; i < repeat->n; i++) {
        const cvyi_repetition *const r =
            &outline->repetitions[repeat->first + i];
        const cvyi_module *const layer = known_by(outline, r->members[member]);
        size_t its;

        if (layer == NULL)
            return 0;
        its = bare_length(layer->name);
        if (is_made_of(layer->name, its, layer->class_name) ||
            (i > 0 && (its != n || memcmp(layer->name, *out, n) != 0)))
            return 0;
        *out = layer->name;
        n = its;
    }
    return n;
}

size_t cvyi_without_kind(const char *name, size_t n, const char *kind)
{
    const size_t length = strlen(kind);

    for (size_t i = 0; i + length <= n; i++)
        if (memcmp(name + i, kind, length) == 0)
            return cvyi_shorter_prefix(name, i);
    return n;
}
