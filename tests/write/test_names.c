/* Names of the source as Python identifiers. */
#include "write/names.h"

#include "check.h"

static const struct {
    const char *source, *target;
} rows[] = {
    /* clang-format off */
    { "conv1",           "conv1" },
    { "Block_1",         "Block_1" },
    { "block.0",         "block_0" },
    { "block/0",         "block_0_2" }, /* a clash */
    { "block_0",         "block_0_3" },
    { "block_0_2",       "block_0_2_2" },
    { "conv1",           "conv1_2" },
    { "1x1",             "layer_1x1" },
    { "_hidden",         "layer__hidden" },
    { "",                "layer_" },
    { "class",           "layer_class" },
    { "None",            "layer_None" },
    { "lambda",          "layer_lambda" },
    { "match",           "match" },     /* a keyword in its place only */
    { "forward",         "layer_forward" },
    { "train",           "layer_train" },
    { "layer_train",     "layer_train_2" },
    { "add",             "add" },       /* not an attribute of nn.Module */
    { "append",          "layer_append" },
    { "na\xc3\xafve",    "na__ve" },
    { "\xe5\xb1\xa4",    "layer____" },
    { "a b\tc",          "a_b_c" },
    /* clang-format on */
};

static void names_become_identifiers(void)
{
    cvyi_arena arena = { 0 };
    cvyi_scope scope = { .arena = &arena, .reserved = cvyi_module_attributes };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(cvyi_scope_take(&scope, rows[i].source), rows[i].target);
    cvyi_arena_close(&arena);
}

static bool is_identifier(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char more[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    return *name != '\0' && strchr(letters, *name) != NULL &&
           strspn(name, more) == strlen(name);
}

/* Every name of up to three of these letters, all in one scope. */
static void the_map_is_injective(void)
{
    static const char letters[] = "a_2.\xc3";
    enum { LETTERS = sizeof letters - 1, NAMES = 1 + 5 + 25 + 125 };
    const char *taken[NAMES];
    int n = 0;
    cvyi_arena arena = { 0 };
    cvyi_scope scope = { .arena = &arena };

    for (int length = 0; length <= 3; length++) {
        int count = 1;

        for (int i = 0; i < length; i++)
            count *= LETTERS;
        for (int k = 0; k < count; k++) {
            char name[4] = { 0 };

            for (int i = 0, rest = k; i < length; i++, rest /= LETTERS)
                name[i] = letters[rest % LETTERS];
            taken[n] = cvyi_scope_take(&scope, name);
            CHECK(is_identifier(taken[n]));
            for (int i = 0; i < n; i++)
                CHECK(strcmp(taken[i], taken[n]) != 0);
            n++;
        }
    }
    CHECK_EQ(n, NAMES);
    cvyi_arena_close(&arena);
}

static void scopes_do_not_know_each_other(void)
{
    cvyi_arena arena = { 0 };
    cvyi_scope modules = { .arena = &arena,
                           .reserved = cvyi_module_attributes };
    cvyi_scope variables = { .arena = &arena, .reserved = "self torch x" };

    CHECK_STR(cvyi_scope_take(&modules, "x"), "x");
    CHECK_STR(cvyi_scope_take(&variables, "x"), "layer_x");
    CHECK_STR(cvyi_scope_take(&variables, "train"), "train");
    cvyi_arena_close(&arena);
}

static void classes_are_named_after_files(void)
{
    static const struct {
        const char *source, *target;
    } classes[] = {
        { "har_1d", "Har1d" },      { "resnet", "Resnet" },
        { "resNet50", "ResNet50" }, { "a.b-c", "ABC" },
        { "3d", "Model3d" },        { "", "Model" },
        { "___", "Model" },         { "tensor", "ModelTensor" },
        { "none", "ModelNone" },    { "ordered_dict", "ModelOrderedDict" },
        { "f", "ModelF" },          { "\xc3\xa9t\xc3\xa9", "T" },
    };
    cvyi_arena arena = { 0 };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        CHECK_STR(cvyi_class_name(&arena, classes[i].source),
                  classes[i].target);
    cvyi_arena_close(&arena);
}

static const check_case cases[] = {
    { "names_become_identifiers", names_become_identifiers },
    { "the_map_is_injective", the_map_is_injective },
    { "scopes_do_not_know_each_other", scopes_do_not_know_each_other },
    { "classes_are_named_after_files", classes_are_named_after_files },
};
CHECK_MAIN(cases)
