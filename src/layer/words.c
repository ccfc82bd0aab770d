/* layer/words.c - the table of words: which framework call is which row. */
#include "layer/words.h"

#include <string.h>

#define OP(x)                                      \
    extern const cvyi_op cvyi_op_##x;              \
    extern const cvyi_spelling cvyi_##x##_keras[]; \
    extern const cvyi_spelling cvyi_##x##_torch[]; \
    extern const cvyi_spelling cvyi_##x##_tf[];
#include "layer/ops.def"
#undef OP

const cvyi_words cvyi_all_words[] = {
#define OP(x) \
    { &cvyi_op_##x, cvyi_##x##_keras, cvyi_##x##_torch, cvyi_##x##_tf },
#include "layer/ops.def"
#undef OP
};

const char *cvyi_refusal_kind_name(cvyi_refusal_kind kind)
{
    static const char *const names[] = {
        [CVYI_ILLEGAL_IN_SOURCE] = "illegal_in_source",
        [CVYI_NO_COUNTERPART] = "no_counterpart",
        [CVYI_UNKNOWN_CALL] = "unknown_call",
        [CVYI_NOT_SUPPORTED] = "unsupported",
    };

    return names[kind];
}

/* Does `name` equal `pattern`, with one of `ranks` standing for its %d? */
static bool fits(int *n_spatial, const char *pattern, const char *ranks,
                 const char *name)
{
    const char *const hole = ranks != NULL ? strstr(pattern, "%d") : NULL;

    if (hole == NULL) {
        *n_spatial = 0;
        return strcmp(pattern, name) == 0;
    }

    const size_t before = (size_t)(hole - pattern);

    if (strncmp(pattern, name, before) != 0 || name[before] == '\0' ||
        strchr(ranks, name[before]) == NULL ||
        strcmp(hole + 2, name + before + 1) != 0)
        return false;
    *n_spatial = name[before] - '0';
    return true;
}

static const cvyi_spelling *find_in(const cvyi_spelling *list,
                                    const char *dialect, const char *name,
                                    int *n_spatial)
{
    for (; list->dialect != NULL; list++)
        if (list->from_call != NULL && list->helper == NULL &&
            strcmp(list->dialect, dialect) == 0 &&
            fits(n_spatial, list->name, list->ranks, name))
            return list;
    return NULL;
}

const cvyi_spelling *cvyi_spelling_find(const char *dialect, const char *name,
                                        int *n_spatial)
{
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        const cvyi_words *const words = &cvyi_all_words[i];
        int n = 0;
        const cvyi_spelling *found = find_in(words->keras, dialect, name, &n);

        if (found == NULL)
            found = find_in(words->torch, dialect, name, &n);
        if (found == NULL)
            found = find_in(words->tf, dialect, name, &n);
        if (found != NULL) {
            *n_spatial = n;
            return found;
        }
    }
    return NULL;
}

/* The same text, but for blank space at the end. */
static bool same_code(const cvyi_helper *helper, const char *text, size_t size)
{
    const size_t n = strlen(helper->code);

    while (size > 0 && text[size - 1] == '\n')
        size--;
    return size + 1 == n && memcmp(helper->code, text, size) == 0;
}

const cvyi_spelling *cvyi_spelling_find_helper(const char *dialect,
                                               const char *name,
                                               const char *text, size_t size)
{
    for (size_t i = 0; i < cvyi_n_ops; i++)
        for (const cvyi_spelling *s = cvyi_all_words[i].torch;
             s->dialect != NULL; s++)
            if (s->helper != NULL && s->from_call != NULL &&
                strcmp(s->dialect, dialect) == 0 &&
                strcmp(s->helper->name, name) == 0 &&
                same_code(s->helper, text, size))
                return s;
    return NULL;
}

const cvyi_op *cvyi_spelling_op(const cvyi_spelling *spelling)
{
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        const cvyi_spelling *const lists[] = { cvyi_all_words[i].keras,
                                               cvyi_all_words[i].torch,
                                               cvyi_all_words[i].tf };

        for (int k = 0; k < 3; k++)
            for (const cvyi_spelling *s = lists[k]; s->dialect != NULL; s++)
                if (s == spelling)
                    return cvyi_all_words[i].op;
    }
    return NULL;
}

const char *cvyi_dialect_world(const char *dialect)
{
    static const struct {
        const char *dialect, *world;
    } rows[] = {
        { "keras3", "Keras" },     { "keras2", "Keras" },
        { "keras1", "Keras" },     { "tf1", "TensorFlow 1" },
        { "tf2", "TensorFlow 2" }, { "torch", "PyTorch" },
    };

    for (size_t i = 0; dialect != NULL && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].dialect, dialect) == 0)
            return rows[i].world;
    return dialect != NULL ? dialect : "unknown";
}
