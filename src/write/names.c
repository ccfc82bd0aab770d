/* write/names.c - names of the source as Python identifiers. */
#include "write/names.h"

#include <ctype.h>
#include <string.h>

static const char keywords[] =
    "False None True and as assert async await break class continue def del "
    "elif else except finally for from global if import in is lambda nonlocal "
    "not or pass raise return try while with yield";

const char cvyi_module_attributes[] =
    "T_destination add_module append apply bfloat16 buffers call_super_init "
    "children compile cpu cuda double dump_patches eval extend extra_repr "
    "float forward get_buffer get_extra_state get_parameter get_submodule "
    "half insert ipu load_state_dict modules mtia named_buffers "
    "named_children named_modules named_parameters parameters pop "
    "register_backward_hook register_buffer register_forward_hook "
    "register_forward_pre_hook register_full_backward_hook "
    "register_full_backward_pre_hook register_load_state_dict_post_hook "
    "register_load_state_dict_pre_hook register_module register_parameter "
    "register_state_dict_post_hook register_state_dict_pre_hook "
    "requires_grad_ set_extra_state set_submodule share_memory state_dict to "
    "to_empty train training type xpu zero_grad self";

/* A letter or digit of ASCII, whatever the locale says. */
static bool plain(unsigned char c)
{
    return c < 0x80 && isalnum(c);
}

static bool listed(const char *list, const char *name)
{
    const size_t n = strlen(name);

    for (const char *p = list; p != NULL && *p != '\0';) {
        const size_t word = strcspn(p, " ");

        if (word == n && memcmp(p, name, n) == 0)
            return true;
        p += word;
        p += *p == ' ';
    }
    return false;
}

static bool is_taken(const cvyi_scope *scope, const char *name)
{
    for (int i = 0; i < scope->n; i++)
        if (strcmp(scope->taken[i], name) == 0)
            return true;
    return false;
}

/* Characters made legal; a leading underscore would collide with what torch
 * keeps for itself, so it counts as a leading digit. */
static char *legal(const cvyi_scope *scope, const char *name)
{
    const size_t n = strlen(name);
    char *const clean = cvyi_arena_text(scope->arena, name, n);

    if (clean == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (!plain((unsigned char)clean[i]))
            clean[i] = '_';
    if (n == 0 || isdigit((unsigned char)clean[0]) || clean[0] == '_' ||
        listed(keywords, clean) || listed(scope->reserved, clean))
        return cvyi_arena_printf(scope->arena, "layer_%s", clean);
    return clean;
}

const char *cvyi_scope_take(cvyi_scope *scope, const char *name)
{
    const char *const clean = legal(scope, name);
    const char *free_name = clean;
    const char **taken;

    for (int i = 2; free_name != NULL && is_taken(scope, free_name); i++)
        free_name = cvyi_arena_printf(scope->arena, "%s_%d", clean, i);
    taken = cvyi_arena_grow(scope->arena, scope->taken, scope->n,
                            &scope->capacity, sizeof *taken);
    if (free_name == NULL || taken == NULL)
        return NULL;
    scope->taken = taken;
    scope->taken[scope->n++] = free_name;
    return free_name;
}

const char *cvyi_class_name(cvyi_arena *arena, const char *name)
{
    /* What a written file imports. */
    static const char used[] = "Tensor OrderedDict Path F False None True";
    char *const out = cvyi_arena_alloc(arena, strlen(name) + 1, 1);
    size_t n = 0;
    bool upper = true;

    if (out == NULL)
        return NULL;
    for (const char *p = name; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;

        if (!plain(c)) {
            upper = true;
            continue;
        }
        out[n++] = (char)(upper ? toupper(c) : c);
        upper = false;
    }
    if (n == 0 || isdigit((unsigned char)out[0]) || listed(used, out))
        return cvyi_arena_printf(arena, "Model%s", out);
    return out;
}
