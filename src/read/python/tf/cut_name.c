/*
 * read/python/tf/cut_name.c - what the layers of a network are called.
 *
 * A layer has the name of the scope that its variables are in, or what the
 * script calls them, or what it calls what the layer makes.
 */
#include "read/python/tf/contrib/contrib.h"
#include "read/python/tf/cut.h"

#include <string.h>

typedef cvyi_tf_cutting cutting;

static const char *unique(cutting *c, const char *name)
{
    const char *made = name;

    for (int k = 1; made != NULL; k++) {
        bool taken = false;

        for (int i = 0; i < c->names.n; i++)
            taken = taken || strcmp(c->names.items[i].name, made) == 0;
        if (!taken) {
            cvyi_tf_count *const items =
                cvyi_arena_grow(c->host->arena, c->names.items, c->names.n,
                                &c->names.capacity, sizeof *items);

            if (items == NULL)
                return NULL;
            c->names.items = items;
            items[c->names.n++].name = made;
            return made;
        }
        made = cvyi_arena_printf(c->host->arena, "%s_%d", name, k);
    }
    return NULL;
}

/* The first call of the network that reads a result; -1. */
static int user_of(const cutting *c, int result)
{
    for (int i = c->from->results[result].call + 1; i < c->from->n_calls; i++)
        for (int k = 0; c->needed[i] && k < c->from->calls[i].n_in; k++)
            if (c->from->calls[i].in[k] == result)
                return i;
    return -1;
}

/* What the script calls what the call makes, or what is made of it at once: a
 * bias added, an activation. *out is untouched if that says nothing. */
static cvy_status said_of(const char **out, cutting *c, int i, cvy_error *err)
{
    int result = c->from->calls[i].out[0];

    for (int depth = 0; depth < 4; depth++) {
        const char *const said = cvyi_tf_said(c->host, result);
        const char *clean = NULL;
        int user = -1;

        if (said != NULL)
            CVYI_TRY(cvyi_tf_clean(&clean, c->host, said, err));
        if (clean != NULL) {
            *out = clean;
            return CVY_OK;
        }
        if (c->users[result] == 1)
            user = user_of(c, result);
        if (user < 0 ||
            c->from->calls[user].attrs.op == c->from->calls[i].attrs.op ||
            c->from->calls[user].n_in != 1 ||
            (c->from->calls[user].params[0] >= 0 &&
             !cvyi_tf_is_bias(&c->from->calls[user])))
            return CVY_OK;
        result = c->from->calls[user].out[0];
    }
    return CVY_OK;
}

/* Arithmetic with one array, whose own name says more than its scope's. */
static bool is_array(const cvyi_call *call)
{
    const cvyi_slot *const slots = call->attrs.op->slots;

    return slots[1].name == NULL && strcmp(slots[0].letters, "C") == 0;
}

/* Do other layers have their weights in the same scope? */
static bool shares_scope(const cutting *c, int i, const char *name, size_t n)
{
    enum { MOST = 4000 };

    for (int k = 0; k < c->from->n_calls && c->from->n_params < MOST; k++) {
        const int p =
            c->needed[k] ? cvyi_tf_first_param(&c->from->calls[k]) : -1;
        const char *const other = p >= 0 ? c->host->params[p]->name : "";

        if (k != i && p >= 0 && !cvyi_tf_is_merged(c, k) &&
            strncmp(other, name, n + 1) == 0 &&
            strchr(other + n + 1, '/') == NULL && strcmp(other, name) != 0)
            return true;
    }
    return false;
}

/* "scope/gate" of "scope/W_gate", if other layers stand in the scope too and
 * the name says something; else "scope". */
static cvy_status scope_name(const char **out, cutting *c, int i,
                             const char *name, cvy_error *err)
{
    cvyi_arena *const arena = c->host->arena;
    const size_t n = (size_t)(strrchr(name, '/') - name);
    const char *const scope = cvyi_arena_text(arena, name, n);
    const char *clean = NULL;

    *out = scope != NULL ? cvyi_tf_contrib_plain(arena, scope) : NULL;
    if (*out == NULL)
        return cvyi_no_memory(err);
    if (!shares_scope(c, i, name, n))
        return CVY_OK;
    CVYI_TRY(cvyi_tf_clean(&clean, c->host, name + n + 1, err));
    if (clean == NULL && strcmp(name + n + 1, "filter") == 0)
        clean = "filter"; /* beside a gate it says something */
    if (clean == NULL)
        return CVY_OK;
    *out = cvyi_arena_printf(arena, "%s/%s", *out, clean);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* "conv1" of "conv1/weights"; of a variable in no scope what the script calls
 * it, or what is made of it. */
static cvy_status weight_name(const char **out, cutting *c, int i,
                              cvy_error *err)
{
    const cvyi_tf_variable *const v =
        c->host->params[cvyi_tf_first_param(&c->from->calls[i])];
    const char *const slash = strrchr(v->name, '/');
    const char *clean = NULL;

    if (v->path != NULL) {
        *out = strlen(v->path) > c->skip ? v->path + c->skip : *out;
        return CVY_OK;
    }
    if (slash != NULL && slash != v->name && is_array(&c->from->calls[i])) {
        *out = v->name;
        return CVY_OK;
    }
    if (slash != NULL && slash != v->name)
        return scope_name(out, c, i, v->name, err);
    if (v->said != NULL)
        CVYI_TRY(cvyi_tf_clean(&clean, c->host, v->said, err));
    if (clean != NULL) {
        *out = clean;
        return CVY_OK;
    }
    return said_of(out, c, i, err);
}

cvy_status cvyi_tf_cut_name(const char **out, cutting *c, int i,
                            cvy_error *err)
{
    const cvyi_call *const call = &c->from->calls[i];
    const cvyi_tf_call *const about = &c->host->calls[i];
    const char *name = about->said != NULL ? about->said : about->word;

    if (about->path != NULL)
        name = about->path + c->skip;
    else if (cvyi_tf_first_param(call) >= 0)
        CVYI_TRY(weight_name(&name, c, i, err));
    else if (about->said == NULL)
        CVYI_TRY(said_of(&name, c, i, err));
    *out = unique(c, name);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}
