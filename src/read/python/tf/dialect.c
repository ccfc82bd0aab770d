/* read/python/tf/dialect.c - what is certain about a script's dialect. */
#include "read/python/tf/dialect.h"

#include "read/python/call/host.h"

#include <stdlib.h>
#include <string.h>

cvy_status cvyi_tf_dialect_ask(cvyi_tf_dialect *out, cvyi_arena *arena,
                               const char *from, cvy_error *err)
{
    const char *const dash = from != NULL ? strchr(from, '-') : NULL;

    CVYI_TRY(cvyi_call_dialect(&out->asked, from, err));
    if (dash == NULL)
        return CVY_OK;
    out->version = cvyi_arena_text(arena, dash + 1, strlen(dash + 1));
    return out->version != NULL ? CVY_OK : cvyi_no_memory(err);
}

static bool is_asked(const cvyi_tf_dialect *d, const char *dialect)
{
    return d->asked != NULL && strcmp(d->asked, dialect) == 0;
}

/* Is the version that was asked for at least major.minor? -1: none was. */
static int at_least(const cvyi_tf_dialect *d, long major, long minor)
{
    char *end;
    long first, second = 0;

    if (d->version == NULL)
        return -1;
    first = strtol(d->version, &end, 10);
    if (*end == '.')
        second = strtol(end + 1, NULL, 10);
    return first > major || (first == major && second >= minor);
}

static bool has(const cvyi_tf_dialect *d, cvyi_tf_world world)
{
    return d->marks[world].name != NULL;
}

cvyi_tf_world cvyi_tf_dialect_world(const cvyi_tf_dialect *d)
{
    static const struct {
        const char *dialect;
        cvyi_tf_world world;
    } table[] = {
        { "tf1", CVYI_TF_1 },         { "tf2", CVYI_TF_2 },
        { "keras1", CVYI_TF_KERAS1 }, { "keras2", CVYI_TF_KERAS2 },
        { "keras3", CVYI_TF_KERAS3 },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (is_asked(d, table[i].dialect))
            return table[i].world;
    if (has(d, CVYI_TF_1))
        return CVYI_TF_1;
    if (has(d, CVYI_TF_KERAS1) && !d->words2)
        return CVYI_TF_KERAS1;
    if (has(d, CVYI_TF_KERAS3))
        return CVYI_TF_KERAS3;
    if (has(d, CVYI_TF_KERAS1) || has(d, CVYI_TF_KERAS2))
        return CVYI_TF_KERAS2;
    return CVYI_TF_NEW;
}

const char *cvyi_tf_dialect_name(const cvyi_tf_dialect *d)
{
    static const char *const names[] = { NULL,     "tf1",    "tf2",
                                         "keras1", "keras2", "keras3" };
    const cvyi_tf_world world = cvyi_tf_dialect_world(d);

    if (world != CVYI_TF_NEW)
        return names[world];
    return d->tf_named && !d->alone && !d->inside ? "tf2" : "keras3";
}

const char *cvyi_tf_world_title(const char *name)
{
    static const struct {
        const char *name, *title;
    } table[] = {
        { "tf1", "TensorFlow 1" }, { "tf2", "TensorFlow 2" },
        { "keras1", "Keras 1" },   { "keras2", "Keras 2" },
        { "keras3", "Keras 3" },
    };
    size_t i = 0;

    while (i + 1 < sizeof table / sizeof *table &&
           strcmp(table[i].name, name) != 0)
        i++;
    return table[i].title;
}

cvyi_tf_order cvyi_tf_order_of_keras(const cvyi_tf_dialect *d)
{
    cvyi_tf_order order = { "keras3", "keras2", true };
    bool old = false;

    switch (cvyi_tf_dialect_world(d)) {
    case CVYI_TF_1:
    case CVYI_TF_KERAS1:
    case CVYI_TF_KERAS2:
        old = true;
        break;
    case CVYI_TF_2: /* whose tf.keras is Keras 3 from 2.16 on */
        old = at_least(d, 2, 16) == 0;
        break;
    case CVYI_TF_NEW:
        order.certain = false;
        break;
    case CVYI_TF_KERAS3:
    case CVYI_TF_WORLDS:
        break;
    }
    if (old)
        order = (cvyi_tf_order){ "keras2", "keras3", true };
    return order;
}

cvyi_tf_order cvyi_tf_order_of_tf(const cvyi_tf_dialect *d)
{
    const cvyi_tf_order newer = { "tf2", "tf1", true };
    cvyi_tf_order order = { "tf1", "tf2", true };

    switch (cvyi_tf_dialect_world(d)) {
    case CVYI_TF_1:
    case CVYI_TF_KERAS1:
        return order;
    case CVYI_TF_2:
    case CVYI_TF_KERAS3:
        return newer;
    case CVYI_TF_KERAS2: /* with either, and from 2.4 on with the second */
        if (at_least(d, 2, 4) == 1)
            return newer;
        break;
    case CVYI_TF_NEW:
    case CVYI_TF_WORLDS:
        break;
    }
    order.certain = has(d, CVYI_TF_1);
    return order;
}

cvyi_tf_default cvyi_tf_default_resize(const cvyi_tf_dialect *d)
{
    int newer = -1;

    switch (cvyi_tf_dialect_world(d)) {
    case CVYI_TF_1:
        if (d->alone && !d->compat)
            return CVYI_TF_DEFAULT_OLD; /* Keras 2.3 and before */
        newer = d->alone ? -1 : d->compat ? 1 : at_least(d, 1, 14);
        break;
    case CVYI_TF_KERAS1:
        return CVYI_TF_DEFAULT_OLD;
    case CVYI_TF_KERAS2:
        newer = d->version != NULL ? at_least(d, 2, 4) : d->alone ? -1 : 1;
        break;
    case CVYI_TF_NEW:
        newer = d->alone ? -1 : 1;
        break;
    case CVYI_TF_2:
    case CVYI_TF_KERAS3:
    case CVYI_TF_WORLDS:
        newer = 1;
        break;
    }
    return newer < 0   ? CVYI_TF_DEFAULT_UNKNOWN
           : newer > 0 ? CVYI_TF_DEFAULT_NEW
                       : CVYI_TF_DEFAULT_OLD;
}

static cvyi_tf_default of_keras1(const cvyi_tf_dialect *d, long minor)
{
    const bool first = has(d, CVYI_TF_KERAS1) && !d->words2 && d->alone;
    const int newer = at_least(d, 1, minor);

    if (!is_asked(d, "keras1"))
        return first && (d->asked == NULL || is_asked(d, "tf1"))
                   ? CVYI_TF_DEFAULT_UNKNOWN
                   : CVYI_TF_DEFAULT_NEW;
    return newer < 0   ? CVYI_TF_DEFAULT_UNKNOWN
           : newer > 0 ? CVYI_TF_DEFAULT_NEW
                       : CVYI_TF_DEFAULT_OLD;
}

cvyi_tf_default cvyi_tf_default_epsilon(const cvyi_tf_dialect *d)
{
    return of_keras1(d, 2);
}

cvyi_tf_default cvyi_tf_default_axes(const cvyi_tf_dialect *d)
{
    return of_keras1(d, 1);
}
