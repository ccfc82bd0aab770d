/* tests/codec/test_hdf5.c - the HDF5 reader: codec/hdf5*.c. */
#include "codec/hdf5.h"

#include "codec/laws.h"
#include "codec/open_h5.h"

static const struct {
    const char *path;
    cvyi_h5_kind kind;
    int depth;
} paths[] = {
    /* clang-format off */
    { "",          CVYI_H5_GROUP,   0 },
    { "/",         CVYI_H5_GROUP,   0 },
    { "g",         CVYI_H5_GROUP,   1 },
    { "g/",        CVYI_H5_GROUP,   1 },
    { "g/w",       CVYI_H5_DATASET, 2 },
    { "//g//w",    CVYI_H5_DATASET, 2 },
    { "w",         CVYI_H5_MISSING, 0 },
    { "g/v",       CVYI_H5_MISSING, 0 },
    { "g/ww",      CVYI_H5_MISSING, 0 },
    { "G",         CVYI_H5_MISSING, 0 },
    { "g/w/x",     CVYI_H5_MISSING, 0 },
    { "../g",      CVYI_H5_MISSING, 0 },
    { "nowhere/x", CVYI_H5_MISSING, 0 },
    /* clang-format on */
};

static void a_path_leads_to_a_node_or_says_missing(void)
{
    opened o = open_file(LAWS_DATA("small.h5"));

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const cvyi_h5_node node = node_at(&o, paths[i].path);

        if (node.kind != paths[i].kind)
            fail_msg("%s", paths[i].path);
        CHECK_EQ(node.depth, paths[i].depth);
    }
    close_file(&o);
}

static void a_path_may_start_at_a_group(void)
{
    opened o = open_file(LAWS_DATA("small.h5"));
    const cvyi_h5_node group = node_at(&o, "g");
    cvyi_h5_node node;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_h5_find(&node, &o.h5, &group, "w", &err));
    CHECK_EQ(node.header, node_at(&o, "g/w").header);
    close_file(&o);
}

static void a_dataset_is_a_view_of_the_file(void)
{
    opened o = open_file(LAWS_DATA("small.h5"));
    const cvy_view v = view_at(&o, "g/w");

    CHECK_EQ(v.dtype, CVY_F32);
    CHECK_EQ(v.rank, 2);
    CHECK_EQ(v.dims[0], 2);
    CHECK_EQ(v.dims[1], 3);
    CHECK((uint8_t *)v.data > o.bytes);
    CHECK((uint8_t *)v.data + 24 <= o.bytes + o.size);
    for (int64_t i = 0; i < 6; i++)
        CHECK(cvyi_at(&v, (int64_t[]){ i / 3, i % 3 }) == (double)i);
    close_file(&o);
}

static const struct {
    const char *name;
    cvy_dtype dtype;
} kinds[] = {
    /* clang-format off */
    { "f2", CVY_F16 }, { "f4", CVY_F32 }, { "f8", CVY_F64 },
    { "i8", CVY_I64 }, { "i4", CVY_I32 }, { "i2", CVY_I16 },
    { "i1", CVY_I8 },  { "u1", CVY_U8 },  { "b1", CVY_BOOL },
    /* clang-format on */
};

static void every_element_type_is_read(void)
{
    opened o = open_file(LAWS_DATA("kinds.h5"));

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[32];

        snprintf(path, sizeof path, "numbers/%s", kinds[i].name);

        const cvy_view v = view_at(&o, path);

        CHECK_EQ(v.dtype, kinds[i].dtype);
        CHECK_EQ(v.rank, 1);
        CHECK_EQ(v.dims[0], 3);
        for (int64_t j = 0; j < 3; j++)
            CHECK(cvyi_at(&v, &j) == (j > 0 ? 1.0 : 0.0));
    }
    close_file(&o);
}

static void bfloat16_scalars_and_empty_datasets_are_read(void)
{
    opened o = open_file(LAWS_DATA("kinds.h5"));
    cvy_view v = view_at(&o, "numbers/bf16");
    const int64_t second = 1;

    CHECK_EQ(v.dtype, CVY_BF16);
    CHECK(cvyi_at(&v, &second) == -2.0);
    v = view_at(&o, "numbers/scalar");
    CHECK_EQ(v.rank, 0);
    CHECK(cvyi_at(&v, NULL) == 2.5);
    v = view_at(&o, "numbers/empty");
    CHECK_EQ(v.rank, 2);
    CHECK_EQ(cvy_view_count(&v), 0);
    v = view_at(&o, "numbers/compact");
    CHECK_EQ(v.dims[0], 3);
    CHECK(cvyi_at(&v, &second) == 8.0);
    close_file(&o);
}

static const struct {
    const char *name, *text;
} texts[] = {
    { "variable", "gr\xc3\xbc\xc3\x9f"
                  "e" },
    { "nothing", "" },
    { "fixed", "exactly" },
    { "padded", "pad" },
    { "more0", "text 0" },
    { "more11", "text 11" },
};

static void every_form_of_text_attribute_is_read(void)
{
    opened o = open_file(LAWS_DATA("kinds.h5"));
    const cvyi_h5_node node = node_at(&o, "texts");
    const char *text = NULL;
    cvy_error err = { 0 };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_OK(cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &node,
                                        texts[i].name, &err));
        CHECK(text != NULL);
        CHECK_STR(text, texts[i].text);
    }
    CHECK_OK(
        cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &node, "absent", &err));
    CHECK(text == NULL);
    CHECK_EQ(cvyi_h5_text_attribute(&text, &o.arena, &o.h5, &node, "number",
                                    &err),
             CVY_UNSUPPORTED);
    CHECK_STR(err.where, "number");
    close_file(&o);
}

static void lists_of_texts_are_read(void)
{
    opened o = open_file(LAWS_DATA("kinds.h5"));
    const cvyi_h5_node node = node_at(&o, "texts");
    const char *const *list = NULL;
    int n = -1;
    cvy_error err = { 0 };

    CHECK_OK(
        cvyi_h5_text_list(&list, &n, &o.arena, &o.h5, &node, "list", &err));
    CHECK_EQ(n, 3);
    CHECK_STR(list[0], "a");
    CHECK_STR(list[2], "ccc");
    CHECK_OK(cvyi_h5_text_list(&list, &n, &o.arena, &o.h5, &node, "fixed_list",
                               &err));
    CHECK_EQ(n, 2);
    CHECK_STR(list[0], "conv");
    CHECK_STR(list[1], "dense1");
    /* Keras writes an empty list as an array of no doubles. */
    CHECK_OK(cvyi_h5_text_list(&list, &n, &o.arena, &o.h5, &node, "no_names",
                               &err));
    CHECK_EQ(n, 0);
    CHECK(list != NULL);
    CHECK_OK(
        cvyi_h5_text_list(&list, &n, &o.arena, &o.h5, &node, "absent", &err));
    CHECK(list == NULL);
    CHECK_EQ(cvyi_h5_text_list(&list, &n, &o.arena, &o.h5, &node, "fixed",
                               &err),
             CVY_UNSUPPORTED);
    close_file(&o);
}

static void check_names(const char *file, const char *path, int want,
                        int digits)
{
    opened o = open_file(file);
    const cvyi_h5_node group = node_at(&o, path);
    const cvyi_h5_child *children;
    int n;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_h5_list(&children, &n, &o.arena, &o.h5, &group, &err));
    CHECK_EQ(n, want);
    for (int i = 0; i < n; i++) {
        char name[32];
        cvyi_h5_node node;
        cvy_view v;

        snprintf(name, sizeof name, "name%0*d", digits, i);
        CHECK_STR(children[i].name, name);
        CHECK_EQ(children[i].node.header, children[0].node.header);
        CHECK_OK(cvyi_h5_find(&node, &o.h5, &group, name, &err));
        CHECK_OK(cvyi_h5_dataset(&v, &o.h5, &node, &err));
        CHECK(cvyi_at(&v, NULL) == 42.0);
    }
    close_file(&o);
}

static void trees_of_several_levels_are_walked(void)
{
    check_names(LAWS_DATA("many.h5"), "g", 150, 3);
    check_names(LAWS_DATA("deep.h5"), "", 40, 2);
}

static void damage_is_not_called_missing(void)
{
    opened o = open_file(LAWS_DATA("small.h5"));
    const cvyi_h5_node group = node_at(&o, "g");
    cvyi_h5_node node = { .depth = 77 };
    cvy_error err = { 0 };

    memcpy(o.bytes + group.tree, "XXXX", 4);
    CHECK_EQ(cvyi_h5_find(&node, &o.h5, NULL, "g/w", &err), CVY_FORMAT);
    CHECK_STR(err.where, "g/w");
    CHECK_EQ(node.depth, 77);
    close_file(&o);
}

/* A group that is its own child: the path may go on, but not for ever. */
static void a_circle_of_links_ends_at_the_depth_limit(void)
{
    opened o = open_file(LAWS_DATA("deep.h5"));
    /* The first symbol: its name is at 8 in the heap. */
    const uint64_t symbol[] = { 8, node_at(&o, "name00").header };
    char path[7 * 101 + 1] = "";
    cvyi_h5_node node;
    cvy_error err = { 0 };

    for (size_t i = 0; i + 16 <= o.size; i += 8)
        if (memcmp(o.bytes + i, symbol, 16) == 0)
            memcpy(o.bytes + i + 8, &o.h5.root.header, 8);
    for (int i = 0; i < 100; i++)
        strcat(path, "name00/");
    CHECK_OK(cvyi_h5_find(&node, &o.h5, NULL, path, &err));
    CHECK_EQ(node.depth, CVYI_H5_DEPTH_MOST);
    strcat(path, "name00/");
    CHECK_EQ(cvyi_h5_find(&node, &o.h5, NULL, path, &err), CVY_UNSUPPORTED);
    CHECK(strstr(err.text, "100 levels") != NULL);
    CHECK_EQ(laws_call(walk_hdf5, o.bytes, o.size), CVY_UNSUPPORTED);
    close_file(&o);
}

static const struct {
    const char *file;
    cvy_status status;
    const char *word;
} bad[] = {
    /* clang-format off */
    { "superblock_3",           CVY_UNSUPPORTED, "superblock version 3" },
    { "superblock_3",           CVY_UNSUPPORTED, "h5repack" },
    { "user_block",             CVY_UNSUPPORTED, "user block of 512 bytes" },
    { "chunked",                CVY_UNSUPPORTED, "chunked" },
    { "chunked",                CVY_UNSUPPORTED, "h5repack" },
    { "compressed",             CVY_UNSUPPORTED, "filter" },
    { "compressed",             CVY_UNSUPPORTED, "h5repack" },
    { "external_storage",       CVY_UNSUPPORTED, "external file" },
    { "external_storage",       CVY_UNSUPPORTED, "h5repack" },
    { "virtual",                CVY_UNSUPPORTED, "virtual" },
    { "virtual",                CVY_UNSUPPORTED, "h5repack" },
    { "soft_link",              CVY_UNSUPPORTED, "soft link" },
    { "soft_link",              CVY_UNSUPPORTED, "attrs.update(a.attrs)\"" },
    { "link_soft",              CVY_UNSUPPORTED, "soft link" },
    { "external_link",          CVY_UNSUPPORTED, "external link" },
    { "external_link",          CVY_UNSUPPORTED, "attrs.update(a.attrs)\"" },
    { "link_of_the_user",       CVY_UNSUPPORTED, "link of type 65" },
    { "link_to_its_group",      CVY_UNSUPPORTED, "100 levels" },
    { "attributes_dense",       CVY_UNSUPPORTED, "fractal heap" },
    { "committed_type",         CVY_UNSUPPORTED, "committed" },
    { "dataset_of_committed_type", CVY_UNSUPPORTED, "committed" },
    { "big_endian",             CVY_UNSUPPORTED, "big-endian" },
    { "compound",               CVY_UNSUPPORTED, "compound" },
    { "unsigned",               CVY_UNSUPPORTED, "unsigned" },
    { "texts",                  CVY_UNSUPPORTED, "texts" },
    { "rank_9",                 CVY_UNSUPPORTED, "9 axes" },
    { "null_dataspace",         CVY_UNSUPPORTED, "null" },
    { "nothing_stored",         CVY_FORMAT,      "stores nothing" },
    { "shape_larger_than_data", CVY_FORMAT,      "36 bytes and 24" },
    { "shape_overflows",        CVY_FORMAT,      "63 bits" },
    { "layout_outside",         CVY_FORMAT,      "outside the file" },
    { "cut_short",              CVY_FORMAT,      "cut short" },
    { "tree_repeats_children",  CVY_FORMAT,      "again" },
    { "tree_leads_to_itself",   CVY_FORMAT,      "level" },
    { "name_twice",             CVY_FORMAT,      "two HDF5 objects" },
    { "link_name_twice",        CVY_FORMAT,      "two HDF5 objects" },
    { "links_tree_node_bytes",  CVY_FORMAT,      "impossible sizes" },
    { "links_heap_rows",        CVY_FORMAT,      "impossible sizes" },
    { "links_indirect_in_itself", CVY_FORMAT,    "FHIB" },
    { "links_inner_records",    CVY_FORMAT,      "too many records" },
    { "list_piece_missing",     CVY_FORMAT,      "piece 1" },
    { "header_2_block_signature", CVY_FORMAT,    "OCHK" },
    { "attribute_twice",        CVY_FORMAT,      "two HDF5 attributes" },
    { "text_not_utf8",          CVY_FORMAT,      "UTF-8" },
    { "text_longer_than_object", CVY_FORMAT,     "longer" },
    /* clang-format on */
};

static void bad_files_are_refused_and_explained(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char path[1024];
        cvy_error err = { 0 };
        size_t n;

        snprintf(path, sizeof path, CVYT_DATA "/reject/hdf5/%s.h5",
                 bad[i].file);

        uint8_t *const bytes = laws_read(path, &n);
        const cvy_status status = walk_hdf5(bytes, n, &err);

        if (status != bad[i].status || strstr(err.text, bad[i].word) == NULL)
            fail_msg("%s: %d, %s", bad[i].file, (int)status, err.text);
        free(bytes);
    }
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_hdf5, LAWS_DATA("small.h5"), 1);
    laws_damage(walk_hdf5, LAWS_DATA("small.h5"), true);
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_hdf5, LAWS_DATA("small.h5"));
    laws_memory(walk_hdf5, LAWS_DATA("many.h5"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_hdf5, CVYT_DATA "/reject/hdf5", 150);
}

static const check_case cases[] = {
    { "a_path_leads_to_a_node_or_says_missing",
      a_path_leads_to_a_node_or_says_missing },
    { "a_path_may_start_at_a_group", a_path_may_start_at_a_group },
    { "a_dataset_is_a_view_of_the_file", a_dataset_is_a_view_of_the_file },
    { "every_element_type_is_read", every_element_type_is_read },
    { "bfloat16_scalars_and_empty_datasets_are_read",
      bfloat16_scalars_and_empty_datasets_are_read },
    { "every_form_of_text_attribute_is_read",
      every_form_of_text_attribute_is_read },
    { "lists_of_texts_are_read", lists_of_texts_are_read },
    { "trees_of_several_levels_are_walked",
      trees_of_several_levels_are_walked },
    { "damage_is_not_called_missing", damage_is_not_called_missing },
    { "a_circle_of_links_ends_at_the_depth_limit",
      a_circle_of_links_ends_at_the_depth_limit },
    { "bad_files_are_refused_and_explained",
      bad_files_are_refused_and_explained },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
