/* tests/base/test_temp.c - what is left behind goes, what is held stays. */
#define _GNU_SOURCE
#include "base/temp.h"
#include "base/thread.h"
#include "check.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static cvyi_arena arena;
static char root[64];

static void begin(void)
{
    strcpy(root, "/tmp/convey-test-XXXXXX");
    CHECK(mkdtemp(root) != NULL);
}

static void end(void)
{
    cvyi_temp_sweep(root);
    CHECK_EQ(rmdir(root), 0);
    cvyi_arena_close(&arena);
}

static bool is_there(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

static void only_whole_names_are_temporary(void)
{
    static const char *const yes[] = { ".convey-1-0", ".convey-12345-678" };
    static const char *const no[] = {
        "",
        ".",
        "convey-1-0",
        ".convey-",
        ".convey--",
        ".convey-1",
        ".convey-1-",
        ".convey-1-0x",
        ".convey-x-0",
        ".convey-1-0-0",
        ".convey-1 -0",
        ".convey",
    };

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        CHECK(cvyi_temp_is(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (cvyi_temp_is(no[i]))
            CHECK_FAIL("\"%s\" is taken for ours", no[i]);
}

static void what_is_held_stays_and_what_is_not_goes(void)
{
    char *folder, *file;
    int held, also;

    begin();
    CHECK_EQ(cvyi_temp_folder(&folder, &held, &arena, root), CVY_OK);
    CHECK_EQ(cvyi_temp_file(&file, &also, &arena, root), CVY_OK);
    CHECK(strcmp(folder, file) != 0);
    cvyi_temp_sweep(root);
    CHECK(is_there(folder) && is_there(file));
    close(held);
    cvyi_temp_sweep(root);
    CHECK(!is_there(folder) && is_there(file));
    close(also);
    cvyi_temp_sweep(root);
    CHECK(!is_there(file));
    end();
}

static void a_link_is_not_followed_and_strangers_stay(void)
{
    char link[128], inside[128], other[128];

    begin();
    snprintf(link, sizeof link, "%s/.convey-1-1", root);
    snprintf(other, sizeof other, "%s/.convey-mine", root);
    snprintf(inside, sizeof inside, "%s/.convey-mine/file", root);
    CHECK_EQ(mkdir(other, 0777), 0);
    CHECK_EQ(mkdir(inside, 0777), 0);
    CHECK_EQ(symlink(other, link), 0);
    cvyi_temp_sweep(root);
    CHECK(is_there(inside));
    CHECK_EQ(unlink(link), 0);
    CHECK_EQ(rmdir(inside), 0);
    CHECK_EQ(rmdir(other), 0);
    end();
}

static void a_missing_folder_is_an_error_with_errno(void)
{
    char *path = NULL;
    int fd = -7;

    CHECK_EQ(cvyi_temp_folder(&path, &fd, &arena, "/nowhere/at/all"), CVY_IO);
    CHECK_EQ(errno, ENOENT);
    CHECK(path == NULL && fd == -7);
    cvyi_temp_sweep("/nowhere/at/all");
    cvyi_arena_close(&arena);
}

static atomic_int made;

/* One piece in two sweeps; the others make something and hold it. */
static void make_or_sweep(void *context, size_t piece)
{
    cvyi_arena own = { 0 };
    char *path;
    int held;

    (void)context;
    if (piece % 2 == 0) {
        cvyi_temp_sweep(root);
        return;
    }
    if ((piece % 4 == 1 ? cvyi_temp_folder : cvyi_temp_file)(
            &path, &held, &own, root) == CVY_OK) {
        atomic_fetch_add(&made, is_there(path));
        close(held);
    }
    cvyi_arena_close(&own);
}

static void a_sweep_takes_nothing_from_those_who_make(void)
{
    begin();
    cvyi_parallel(4000, make_or_sweep, NULL);
    CHECK_EQ(atomic_load(&made), 2000);
    end();
}

static const check_case cases[] = {
    { "only_whole_names_are_temporary", only_whole_names_are_temporary },
    { "what_is_held_stays_and_what_is_not_goes",
      what_is_held_stays_and_what_is_not_goes },
    { "a_link_is_not_followed_and_strangers_stay",
      a_link_is_not_followed_and_strangers_stay },
    { "a_missing_folder_is_an_error_with_errno",
      a_missing_folder_is_an_error_with_errno },
    { "a_sweep_takes_nothing_from_those_who_make",
      a_sweep_takes_nothing_from_those_who_make },
};
CHECK_MAIN(cases)
