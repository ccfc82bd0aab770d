/*
 * tests/codec/test_hdf5_links.c - what the HDF5 reader takes beyond the
 * plainest files: groups of the new style, newer headers, split lists.
 */
#include "codec/hdf5.h"

#include "codec/laws.h"
#include "codec/open_h5.h"

static const struct {
    const char *file, *group;
    int n;
    const char *first, *last;
} groups[] = {
    /* clang-format off */
    { "few_links.h5",  "",              2,   "a",       "é" },
    { "deep_links.h5", "",              150, "näme000", "näme149" },
    { "names.h5",      "model_weights", 10,  "straße0", "層" },
    { "names.h5",      "model_weights/層/sequential/層", 2, "bias", "kernel" },
    { "ordered.h5",    "",              2,   "a",       "b" },
    { "repacked.h5",   "",              5,   "flags",   "scalar" },
    /* clang-format on */
};

static opened open_data(const char *file)
{
    char path[1024];

    snprintf(path, sizeof path, LAWS_DATA("%s"), file);
    return open_file(path);
}

/* Every name, in order, and each leads to what the list says. */
static void groups_of_the_new_style_are_listed(void)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        opened o = open_data(groups[i].file);
        const cvyi_h5_node group = node_at(&o, groups[i].group);
        const cvyi_h5_child *children;
        int n = 0;
        cvy_error err = { 0 };

        CHECK_OK(cvyi_h5_list(&children, &n, &o.arena, &o.h5, &group, &err));
        CHECK_EQ(n, groups[i].n);
        CHECK_STR(children[0].name, groups[i].first);
        CHECK_STR(children[n - 1].name, groups[i].last);
        for (int j = 0; j < n; j++) {
            cvyi_h5_node node;

            CHECK(j == 0 ||
                  strcmp(children[j - 1].name, children[j].name) < 0);
            CHECK_OK(
                cvyi_h5_find(&node, &o.h5, &group, children[j].name, &err));
            CHECK_EQ(node.header, children[j].node.header);
            CHECK_EQ(node.depth, group.depth + 1);
        }
        close_file(&o);
    }
}

static const struct {
    const char *file, *path;
    cvyi_h5_kind kind;
} paths[] = {
    /* clang-format off */
    { "few_links.h5",  "é",                             CVYI_H5_DATASET },
    { "few_links.h5",  "b",                             CVYI_H5_MISSING },
    { "few_links.h5",  "e\xcc\x81",                     CVYI_H5_MISSING },
    { "deep_links.h5", "näme077",                       CVYI_H5_DATASET },
    { "deep_links.h5", "näme150",                       CVYI_H5_MISSING },
    { "names.h5",      "model_weights/straße3",         CVYI_H5_GROUP },
    { "names.h5",      "model_weights/straße8",         CVYI_H5_MISSING },
    /* clang-format on */
};

static void a_name_outside_ascii_leads_to_its_object(void)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        opened o = open_data(paths[i].file);

        if (node_at(&o, paths[i].path).kind != paths[i].kind)
            fail_msg("%s: %s", paths[i].file, paths[i].path);
        close_file(&o);
    }
}

/* As Keras 3 saves a model whose layers have names outside ASCII. */
static void a_whole_model_with_such_names_is_read(void)
{
    opened o = open_data("names.h5");
    const cvyi_h5_node root = node_at(&o, ""),
                       weights = node_at(&o, "model_weights"),
                       relu = node_at(&o, "model_weights/straße0");
    const char *text = NULL, *const *names = NULL;
    int n = -1;
    cvy_error err = { 0 };
    cvy_view v;

    CHECK_OK(cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &root,
                                    "model_config", &err));
    CHECK(strstr(text, "\"class_name\": \"Sequential\"") != NULL);
    CHECK_OK(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &weights,
                               "layer_names", &err));
    CHECK_EQ(n, 9);
    CHECK_STR(names[7], "straße7");
    CHECK_STR(names[8], "層");
    CHECK_OK(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &relu,
                               "weight_names", &err));
    CHECK_EQ(n, 0);
    CHECK(names != NULL);
    v = view_at(&o, "model_weights/層/sequential/層/kernel");
    CHECK_EQ(v.rank, 2);
    CHECK(cvyi_at(&v, (int64_t[]){ 1, 1 }) == 3.0);
    close_file(&o);
}

static const struct {
    const char *path;
    cvy_dtype dtype;
    int rank;
    int64_t count;
    double last;
} repacked[] = {
    /* clang-format off */
    { "g/w",    CVY_F32,  2, 6,   5.0 },
    { "flags",  CVY_BOOL, 1, 2,   0.0 },
    { "scalar", CVY_F64,  0, 1,   2.5 },
    { "rows",   CVY_F16,  2, 8,   1.0 },
    { "packed", CVY_F32,  1, 100, 1.0 },
    /* clang-format on */
};

/* A newer superblock, chunks and filters: the advice that refuses them leads
 * to this file. */
static void what_h5repack_makes_is_read(void)
{
    opened o = open_data("repacked.h5");
    const cvyi_h5_node root = node_at(&o, ""), w = node_at(&o, "g/w");
    const char *text = NULL, *const *names = NULL;
    int n = -1;
    cvy_error err = { 0 };

    for (size_t i = 0; i < sizeof repacked / sizeof *repacked; i++) {
        const cvy_view v = view_at(&o, repacked[i].path);
        int64_t last[CVY_MAX_RANK] = { 0 };

        CHECK_EQ(v.dtype, repacked[i].dtype);
        CHECK_EQ(v.rank, repacked[i].rank);
        CHECK_EQ(cvy_view_count(&v), repacked[i].count);
        for (int axis = 0; axis < v.rank; axis++)
            last[axis] = v.dims[axis] - 1;
        CHECK(cvyi_at(&v, last) == repacked[i].last);
    }
    CHECK_OK(cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &w, "unit", &err));
    CHECK_STR(text, "m");
    CHECK_OK(
        cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &root, "names", &err));
    CHECK_EQ(n, 2);
    CHECK_STR(names[1], "bb");
    close_file(&o);
}

static void headers_of_version_2_are_read(void)
{
    opened o = open_data("ordered.h5");
    const cvyi_h5_node root = node_at(&o, "");
    const cvy_view v = view_at(&o, "a");
    const char *text = NULL;
    cvy_error err = { 0 };

    CHECK(memcmp(o.bytes + root.header, "OHDR", 4) == 0);
    CHECK(cvyi_at(&v, NULL) == 2.0);
    CHECK_OK(
        cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &root, "unit", &err));
    CHECK_STR(text, "m");
    /* It stands in a further block. */
    CHECK_OK(
        cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &root, "more5", &err));
    CHECK_STR(text, "text");
    close_file(&o);
}

static void a_list_in_pieces_is_one_list(void)
{
    opened o = open_data("pieces.h5");
    const char *const *names = NULL, *text = NULL;
    int n = -1;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &o.h5.root,
                               "names", &err));
    CHECK_EQ(n, 30);
    for (int i = 0; i < n; i++) {
        char name[32];

        snprintf(name, sizeof name, "layer_%d", i);
        CHECK_STR(names[i], name);
    }
    CHECK_OK(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &o.h5.root, "both",
                               &err));
    CHECK_EQ(n, 1);
    CHECK_STR(names[0], "whole");
    /* A piece is no attribute of the list's name. */
    CHECK_OK(cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &o.h5.root,
                                    "names", &err));
    CHECK(text == NULL);
    close_file(&o);
}

static void pieces_that_do_not_fit_are_refused(void)
{
    opened o = open_data("pieces.h5");
    const char *const *names = NULL;
    int n = -1;
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &o.h5.root, "gap",
                               &err),
             CVY_FORMAT);
    CHECK(strstr(err.text, "piece 1") != NULL);
    CHECK_STR(err.where, "gap");
    CHECK_EQ(cvyi_h5_text_list(&names, &n, &o.arena, &o.h5, &o.h5.root,
                               "mixed", &err),
             CVY_UNSUPPORTED);
    CHECK_EQ(n, -1);
    CHECK(names == NULL);
    close_file(&o);
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_hdf5, LAWS_DATA("few_links.h5"), 1);
    laws_damage(walk_hdf5, LAWS_DATA("few_links.h5"), true);
    laws_prefixes(walk_hdf5, LAWS_DATA("deep_links.h5"), 151);
    laws_prefixes(walk_hdf5, LAWS_DATA("ordered.h5"), 13);
    laws_good(walk_hdf5, LAWS_DATA("names.h5"));
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_hdf5, LAWS_DATA("few_links.h5"));
    laws_memory(walk_hdf5, LAWS_DATA("deep_links.h5"));
    laws_memory(walk_hdf5, LAWS_DATA("pieces.h5"));
}

static const check_case cases[] = {
    { "groups_of_the_new_style_are_listed",
      groups_of_the_new_style_are_listed },
    { "a_name_outside_ascii_leads_to_its_object",
      a_name_outside_ascii_leads_to_its_object },
    { "a_whole_model_with_such_names_is_read",
      a_whole_model_with_such_names_is_read },
    { "what_h5repack_makes_is_read", what_h5repack_makes_is_read },
    { "headers_of_version_2_are_read", headers_of_version_2_are_read },
    { "a_list_in_pieces_is_one_list", a_list_in_pieces_is_one_list },
    { "pieces_that_do_not_fit_are_refused",
      pieces_that_do_not_fit_are_refused },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
};
CHECK_MAIN(cases)
