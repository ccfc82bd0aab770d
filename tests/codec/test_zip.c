/* tests/codec/test_zip.c - zip archives: codec/zip.c and zip_bytes.c. */
#include "codec/zip.h"

#include "codec/laws.h"

/* An opened archive and its bytes, for the tests below. */
typedef struct opened {
    uint8_t *bytes;
    size_t size;
    cvyi_arena arena;
    cvyi_zip zip;
} opened;

static opened open_file(const char *path)
{
    opened o = { 0 };
    cvy_error err = { 0 };

    o.bytes = laws_read(path, &o.size);
    CHECK_OK(cvyi_zip_open(&o.zip, &o.arena, o.bytes, o.size, &err));
    return o;
}

static void close_file(opened *o)
{
    cvyi_arena_close(&o->arena);
    free(o->bytes);
}

static void check_text(opened *o, const char *name, const char *want)
{
    const cvyi_zip_entry *const e = cvyi_zip_find(&o->zip, name);
    const void *p = NULL;
    size_t n = 0;
    cvy_error err = { 0 };

    CHECK(e != NULL);
    CHECK_OK(cvyi_zip_bytes(&p, &n, &o->zip, e, &o->arena, &err));
    CHECK_EQ(n, strlen(want));
    assert_memory_equal(p, want, n);
}

static void stored_and_deflated_members_are_read(void)
{
    opened o = open_file(LAWS_DATA("two.zip"));
    char packed[7 * 50 + 1] = "";

    for (int i = 0; i < 50; i++)
        strcat(packed, "packed ");
    CHECK_EQ(o.zip.n, 3);
    CHECK_STR(o.zip.entries[0].name, "stored.txt");
    CHECK_STR(o.zip.entries[1].name, "packed.txt");
    check_text(&o, "stored.txt", "stored as it is");
    check_text(&o, "packed.txt", packed);
    check_text(&o, "folder/", "");
    close_file(&o);
}

static void a_stored_member_is_not_copied(void)
{
    opened o = open_file(LAWS_DATA("two.zip"));
    const void *p = NULL;
    size_t n;
    cvy_error err = { 0 };

    CHECK_OK(
        cvyi_zip_bytes(&p, &n, &o.zip, &o.zip.entries[0], &o.arena, &err));
    CHECK(p == o.bytes + o.zip.entries[0].data);
    close_file(&o);
}

static void names_are_exact(void)
{
    opened o = open_file(LAWS_DATA("two.zip"));

    CHECK(cvyi_zip_find(&o.zip, "Stored.txt") == NULL);
    CHECK(cvyi_zip_find(&o.zip, "stored.txt ") == NULL);
    CHECK(cvyi_zip_find(&o.zip, "folder") == NULL);
    CHECK(cvyi_zip_find(&o.zip, "") == NULL);
    close_file(&o);
}

static void zip64_in_all_its_places_is_read(void)
{
    opened o = open_file(LAWS_DATA("zip64.zip"));

    check_text(&o, "large.txt", "zip64 extra in the local header");
    close_file(&o);
    o = open_file(LAWS_DATA("end64.zip"));
    check_text(&o, "a", "0123456789");
    close_file(&o);
}

static void a_keras_archive_is_read(void)
{
    opened o = open_file(LAWS_DATA("tiny.keras"));

    CHECK_EQ(o.zip.n, 3);
    CHECK(cvyi_zip_find(&o.zip, "config.json") != NULL);
    CHECK(cvyi_zip_find(&o.zip, "model.weights.h5") != NULL);
    close_file(&o);
    laws_good(walk_zip, LAWS_DATA("tiny.keras"));
}

/* Descriptors, padding, ZIP64 end records; data begin at a multiple of 64. */
static void a_torch_archive_is_read(void)
{
    opened o = open_file(LAWS_DATA("torch.pt"));
    const cvyi_zip_entry *const e = cvyi_zip_find(&o.zip, "torch/data/0");
    const float want[] = { 0, 1, 2 };

    CHECK(e != NULL);
    CHECK_EQ(e->size, sizeof want);
    CHECK_EQ(e->data % 64, 0);
    assert_memory_equal(o.bytes + e->data, want, sizeof want);
    check_text(&o, "torch/version", "3\n");
    close_file(&o);
}

/* Torch may leave all CRCs at 0; elsewhere 0 is a CRC like any other. */
static void a_crc_of_zero_passes_only_where_it_may(void)
{
    opened o = open_file(CVYT_DATA "/reject/zip/crc_zero.zip");
    const void *p;
    size_t n;
    cvy_error err = { 0 };

    CHECK_EQ(cvyi_zip_bytes(&p, &n, &o.zip, &o.zip.entries[0], &o.arena, &err),
             CVY_FORMAT);
    CHECK(strstr(err.text, "CRC") != NULL);
    CHECK_STR(err.where, "a.txt");
    o.zip.crc_optional = true;
    CHECK_OK(
        cvyi_zip_bytes(&p, &n, &o.zip, &o.zip.entries[0], &o.arena, &err));
    close_file(&o);
}

static const struct {
    const char *file;
    cvy_status status;
    const char *word;
} bad[] = {
    /* clang-format off */
    { "empty_file",               CVY_FORMAT,      "not a zip" },
    { "two_end_records",          CVY_FORMAT,      "two end records" },
    { "two_disks",                CVY_UNSUPPORTED, "disks" },
    { "bytes_before_the_start",   CVY_FORMAT,      "directory" },
    { "more_entries_than_room",   CVY_FORMAT,      "room" },
    { "fewer_entries_than_room",  CVY_FORMAT,      "more than its members" },
    { "local_name_differs",       CVY_FORMAT,      "another name" },
    { "local_size_differs",       CVY_FORMAT,      "disagrees" },
    { "name_twice",               CVY_FORMAT,      "of this name" },
    { "members_overlap",          CVY_FORMAT,      "overlap" },
    { "data_into_directory",      CVY_FORMAT,      "into the directory" },
    { "stored_with_two_sizes",    CVY_FORMAT,      "two sizes" },
    { "encrypted",                CVY_UNSUPPORTED, "encrypted" },
    { "method_lzma",              CVY_UNSUPPORTED, "method 14" },
    { "name_absolute",            CVY_FORMAT,      "absolute" },
    { "name_parent",              CVY_FORMAT,      ".." },
    { "name_parent_at_end",       CVY_FORMAT,      ".." },
    { "name_backslash",           CVY_FORMAT,      "backslash" },
    { "name_nul",                 CVY_FORMAT,      "control" },
    { "name_surrogate",           CVY_FORMAT,      "UTF-8" },
    { "name_overlong_utf8",       CVY_FORMAT,      "UTF-8" },
    { "name_5000_bytes",          CVY_FORMAT,      "4096" },
    { "zip64_locator_lies",       CVY_FORMAT,      "zip64" },
    { "zip64_field_twice",        CVY_FORMAT,      "two ZIP64" },
    { "crc_wrong_deflated",       CVY_FORMAT,      "CRC" },
    { "deflate_longer_than_said", CVY_FORMAT,      "damaged" },
    { "deflate_shorter_than_said", CVY_FORMAT,     "damaged" },
    { "bomb_impossible",          CVY_FORMAT,      "cannot unpack" },
    { "bomb_possible",            CVY_UNSUPPORTED, "bomb" },
    /* clang-format on */
};

static void bad_archives_are_refused_and_explained(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char path[1024];
        cvy_error err = { 0 };
        size_t n;

        snprintf(path, sizeof path, CVYT_DATA "/reject/zip/%s.zip",
                 bad[i].file);

        uint8_t *const bytes = laws_read(path, &n);
        const cvy_status status = walk_zip(bytes, n, &err);

        if (status != bad[i].status || strstr(err.text, bad[i].word) == NULL)
            fail_msg("%s: %d, %s", bad[i].file, (int)status, err.text);
        free(bytes);
    }
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_zip, LAWS_DATA("two.zip"), 1);
    laws_prefixes(walk_zip, LAWS_DATA("torch.pt"), 7);
    laws_damage(walk_zip, LAWS_DATA("end64.zip"), false);
    laws_damage(walk_zip, LAWS_DATA("two.zip"), true);
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_zip, LAWS_DATA("two.zip"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_zip, CVYT_DATA "/reject/zip", 40);
}

static const check_case cases[] = {
    { "stored_and_deflated_members_are_read",
      stored_and_deflated_members_are_read },
    { "a_stored_member_is_not_copied", a_stored_member_is_not_copied },
    { "names_are_exact", names_are_exact },
    { "zip64_in_all_its_places_is_read", zip64_in_all_its_places_is_read },
    { "a_keras_archive_is_read", a_keras_archive_is_read },
    { "a_torch_archive_is_read", a_torch_archive_is_read },
    { "a_crc_of_zero_passes_only_where_it_may",
      a_crc_of_zero_passes_only_where_it_may },
    { "bad_archives_are_refused_and_explained",
      bad_archives_are_refused_and_explained },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
