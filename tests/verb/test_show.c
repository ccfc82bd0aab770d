/* tests/verb/test_show.c - listings as a library makes them. */
#include "convey/list.h"
#include "convey/show.h"

#include "base/memory.h"
#include "check.h"

static const char model[] = CVYT_DATA "/read/data/branches.keras";

static const char nested[] = CVYT_DATA "/read/data/nested.keras";

static cvy_show *show_of(cvy_show_options options, cvy_status want)
{
    cvy_error err = { 0 };
    cvy_show *show = NULL;

    if (options.source == NULL)
        options.source = model;
    CHECK_OK(cvy_show_open(&show, &options, &err));
    CHECK_EQ(cvy_show_status(show), want);
    return show;
}

/* The longest line, in characters of one byte. */
static int longest(const char *text)
{
    int most = 0, n = 0;

    for (; *text != '\0'; text++) {
        n = *text == '\n' ? 0 : n + 1;
        most = n > most ? n : most;
    }
    return most;
}

static void a_table_keeps_to_the_width_it_is_given(void)
{
    cvy_show *const show = show_of((cvy_show_options){ 0 }, CVY_OK);
    cvy_error err = { 0 };
    const char *text = NULL;

    for (int columns = 47; columns < 200; columns++) {
        const cvy_look look = { .columns = columns };

        CHECK_OK(cvy_show_table(&text, show, look, &err));
        if (longest(text) > columns)
            CHECK_FAIL("%d columns on %d", longest(text), columns);
        CHECK(strstr(text, "108") != NULL);
    }
    cvy_show_close(show);
    cvy_show_close(NULL);
}

/* Layers stand below their model; what is shared is counted once and computed
 * each time. */
static void models_inside_are_indented(void)
{
    cvy_show *const show =
        show_of((cvy_show_options){ .source = nested }, CVY_OK);
    cvy_error err = { 0 };
    const char *text = NULL;

    CHECK_OK(cvy_show_table(&text, show, (cvy_look){ 0 }, &err));
    CHECK(strstr(text, "\nencoder    Functional (2 calls)  ") != NULL);
    CHECK(strstr(text, "\nsum        Add  ") != NULL);
    CHECK_OK(cvy_show_table(&text, show, (cvy_look){ .columns = 60 }, &err));
    CHECK(strstr(text, "\n"
                       "a          (N, 8, 8, 2)           -              -\n"
                       "b          (N, 8, 8, 2)           -              -\n"
                       "encoder    (N, 6, 6, 3)           -              -\n"
                       "  conv     (N, 6, 6, 3)          57          3,888\n"
                       "  norm     (N, 6, 6, 3)          12              -\n"
                       "  on       (N, 6, 6, 3)           -              -\n"
                       "sum        (N, 6, 6, 3)           -              -\n"
                       "head       (N, 4)                 -              -\n"
                       "  pool     (N, 3)                 -              -\n"
                       "  inner    (N, 4)                 -              -\n"
                       "    conv   (N, 4)                16             24\n"
                       "  dropout  (N, 4)                 -              -\n"
                       "---") != NULL);
    CHECK(strstr(text, "Parameters                        85\n") != NULL);
    CHECK(strstr(text, "Multiply-adds                  3,912") != NULL);
    cvy_show_close(show);
}

static void a_model_inside_has_its_path_and_shape(void)
{
    cvy_show *const show = show_of(
        (cvy_show_options){ .source = nested, .after = "order" }, CVY_OK);
    cvy_error err = { 0 };
    const char *text = NULL;

    CHECK_OK(cvy_show_json(&text, show, &err));
    CHECK(strstr(text, "{\"name\": \"encoder\", \"path\": \"encoder\", "
                       "\"class\": \"Functional\", \"operator\": null, "
                       "\"calls\": 2, \"output_shape\": [null, 3, 6, 6], "
                       "\"parameters\": 0,") != NULL);
    CHECK(strstr(text, "{\"name\": \"conv\", \"path\": "
                       "\"head.inner.conv\", \"class\": \"Dense\", "
                       "\"operator\": \"dense\", \"calls\": 2, "
                       "\"output_shape\": [null, 4], \"parameters\": 16, "
                       "\"trainable\": 16, \"shared\": false, "
                       "\"multiply_adds\": 24}") != NULL);
    cvy_show_close(show);
}

static void the_kinds_of_text_do_not_disturb_each_other(void)
{
    cvy_show *const show = show_of((cvy_show_options){ 0 }, CVY_OK);
    cvy_error err = { 0 };
    const char *table = NULL, *json = NULL, *graph = NULL;

    CHECK_OK(cvy_show_table(&table, show, (cvy_look){ 0 }, &err));
    CHECK_OK(cvy_show_json(&json, show, &err));
    CHECK_OK(cvy_show_graph(&graph, show, &err));
    CHECK(strncmp(table, "branches", 8) == 0);
    CHECK(json[0] == '{');
    CHECK(strncmp(graph, "convey graph", 12) == 0);
    cvy_show_close(show);
}

/* Sizes that do not fit are refused, and there is still a document. */
static void wrong_sizes_are_refused(void)
{
    static const char *const wrong[] = { "",          "1",        "axb",
                                         "1x2x3",     "1x0x2x3",  "1x8x8x4",
                                         "x=1x1x1x3", "1x8x8x3x", "=1x8x8x3" };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cvy_show *const show =
            show_of((cvy_show_options){ .inputs = &wrong[i], .n_inputs = 1 },
                    CVY_ARGUMENT);
        cvy_error err = { 0 };
        const char *text = NULL;

        CHECK(cvy_show_error(show)->text[0] != '\0');
        CHECK_OK(cvy_show_table(&text, show, (cvy_look){ 0 }, &err));
        CHECK_STR(text, "");
        CHECK_OK(cvy_show_json(&text, show, &err));
        CHECK(strstr(text, "\"error\"") != NULL);
        cvy_show_close(show);
    }
}

static void known_sizes_give_numbers(void)
{
    static const char *const sizes = "2x8x6x3";
    cvy_show *const show = show_of((cvy_show_options){ .inputs = &sizes,
                                                       .n_inputs = 1,
                                                       .after = "order" },
                                   CVY_OK);
    cvy_error err = { 0 };
    const char *text = NULL;

    /* 2 samples of 4 x 3 outputs with 4 channels, each of 3 * 3 * 3 */
    CHECK_OK(cvy_show_json(&text, show, &err));
    CHECK(strstr(text, "\"output_shape\": [2, 4, 4, 3], \"parameters\": 108, "
                       "\"trainable\": 108, \"shared\": false, "
                       "\"multiply_adds\": 2592}") != NULL);
    CHECK(strstr(text, "\"after\": \"order\"") != NULL);
    cvy_show_close(show);
}

static void lists_exist_in_both_forms(void)
{
    cvy_error err = { 0 };

    for (int list = CVY_LIST_OPS; list <= CVY_LIST_FORMATS; list++) {
        char *text = NULL, *json = NULL;

        CHECK_OK(cvy_list_text(&text, (cvy_list)list, (cvy_look){ 0 }, &err));
        CHECK_OK(cvy_list_json(&json, (cvy_list)list, &err));
        CHECK(strlen(text) > 100 && text[strlen(text) - 1] == '\n');
        CHECK(json[0] == '{' && json[strlen(json) - 1] == '\n');
        cvy_list_free(text);
        cvy_list_free(json);
    }
    cvy_list_free(NULL);
}

static void refused_memory_is_said(void)
{
    const cvy_show_options options = { .source = nested, .after = "borders" };
    cvy_status status = CVY_MEMORY;

    for (size_t n = 1; status != CVY_OK; n++) {
        cvy_error err = { 0 };
        cvy_show *show = NULL;
        const char *text = NULL;

        cvyi_alloc_refuse(n);
        status = cvy_show_open(&show, &options, &err);
        if (status == CVY_OK)
            status = cvy_show_status(show);
        if (status == CVY_OK)
            status = cvy_show_table(&text, show, (cvy_look){ 0 }, &err);
        if (status == CVY_OK)
            status = cvy_show_json(&text, show, &err);
        cvyi_alloc_refuse(0);
        cvy_show_close(show);
        if (status != CVY_OK && status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: status %d", n, (int)status);
    }
}

static const check_case cases[] = {
    { "a_table_keeps_to_the_width_it_is_given",
      a_table_keeps_to_the_width_it_is_given },
    { "models_inside_are_indented", models_inside_are_indented },
    { "a_model_inside_has_its_path_and_shape",
      a_model_inside_has_its_path_and_shape },
    { "the_kinds_of_text_do_not_disturb_each_other",
      the_kinds_of_text_do_not_disturb_each_other },
    { "wrong_sizes_are_refused", wrong_sizes_are_refused },
    { "known_sizes_give_numbers", known_sizes_give_numbers },
    { "lists_exist_in_both_forms", lists_exist_in_both_forms },
    { "refused_memory_is_said", refused_memory_is_said },
};
CHECK_MAIN(cases)
