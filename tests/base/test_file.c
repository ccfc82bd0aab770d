/* tests/base/test_file.c - mapping, and output that appears whole or not. */
#define _GNU_SOURCE
#include "base/file.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char root[64];
static cvy_error err;

/* Every case works in a folder of its own. */
static void begin(void)
{
    strcpy(root, "/tmp/convey-test-XXXXXX");
    CHECK(mkdtemp(root) != NULL);
    CHECK_EQ(chdir(root), 0);
}

static void remove_all(const char *path)
{
    DIR *const folder = opendir(path);

    for (const struct dirent *e; folder != NULL && (e = readdir(folder));) {
        char inner[512];

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%.200s/%.255s", path, e->d_name);
        remove_all(inner);
    }
    if (folder != NULL)
        closedir(folder);
    CHECK_EQ(remove(path), 0);
}

static void end(void)
{
    CHECK_EQ(chdir("/"), 0);
    remove_all(root);
}

static void put(const char *path, const char *text)
{
    FILE *const f = fopen(path, "w");

    CHECK(f != NULL);
    fputs(text, f);
    CHECK_EQ(fclose(f), 0);
}

static void check_text(const char *path, const char *text)
{
    cvyi_mapping m;

    CHECK_OK(cvyi_file_map(&m, path, &err));
    if (m.size != strlen(text) || memcmp(m.bytes, text, m.size) != 0)
        CHECK_FAIL("%s does not hold \"%s\"", path, text);
    cvyi_file_unmap(&m);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The names in a folder, sorted, hidden ones too: "a b c". */
static void check_names(const char *path, const char *wanted)
{
    char names[16][64], all[16 * 64] = "";
    size_t n = 0;
    DIR *const folder = opendir(path);

    CHECK(folder != NULL);
    for (const struct dirent *e; (e = readdir(folder)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            n < 16)
            snprintf(names[n++], sizeof *names, "%.63s", e->d_name);
    closedir(folder);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        strcat(all, i > 0 ? " " : "");
        strcat(all, names[i]);
    }
    CHECK_STR(all, wanted);
}

static void a_file_maps_byte_for_byte(void)
{
    cvyi_mapping m = { 0 };

    begin();
    put("a", "convey");
    put("empty", "");
    check_text("a", "convey");
    check_text("empty", "");
    CHECK_OK(cvyi_file_map(&m, "empty", &err));
    CHECK(m.bytes != NULL);
    cvyi_file_unmap(&m);
    cvyi_file_unmap(&m);
    end();
}

static void what_is_no_file_is_refused_by_name(void)
{
    cvyi_mapping m = { (const unsigned char *)"x", 77 };

    begin();
    CHECK_EQ(mkdir("folder", 0777), 0);
    CHECK_EQ(mkfifo("pipe", 0777), 0);
    put("file", "x");

    CHECK_EQ(cvyi_file_map(&m, "missing", &err), CVY_IO);
    CHECK_STR(err.text, "cannot open missing: No such file or directory");
    CHECK_EQ(cvyi_file_map(&m, "file/inside", &err), CVY_IO);
    CHECK_EQ(cvyi_file_map(&m, "folder", &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "folder is a folder, not a file");
    CHECK_EQ(cvyi_file_map(&m, "pipe", &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "pipe is a pipe, not a file");
    CHECK_EQ(cvyi_file_map(&m, "/dev/null", &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "/dev/null is a device, not a file");
    CHECK_EQ(m.size, 77); /* untouched */
    CHECK_EQ(cvyi_file_write("folder", "x", 1, NULL), CVY_ARGUMENT);
    CHECK_EQ(cvyi_file_write("/dev/null", "x", 1, NULL), CVY_ARGUMENT);
    CHECK_EQ(cvyi_file_write("none/file", "x", 1, &err), CVY_IO);
    CHECK_STR(err.text, "cannot write none/file: No such file or directory");
    CHECK_EQ(cvyi_file_write("file/inside", "x", 1, NULL), CVY_IO);
    check_names(".", "file folder pipe");
    end();
}

static void a_long_path_leaves_room_for_the_reason(void)
{
    char path[1000];
    cvyi_mapping m;

    memset(path, 'a', sizeof path);
    for (size_t i = 0; i < sizeof path; i += 100)
        path[i] = '/';
    path[sizeof path - 1] = '\0';
    CHECK_EQ(cvyi_file_map(&m, path, &err), CVY_IO);
    CHECK(strstr(err.text, ": No such file") != NULL);
}

static void one_file_is_written_whole(void)
{
    begin();
    CHECK_OK(cvyi_file_write("a", "one", 3, &err));
    check_text("a", "one");
    CHECK_EQ(symlink("a", "link"), 0);
    CHECK_OK(cvyi_file_write("link", "two!", 4, &err));
    check_text("a", "two!"); /* the link stays one */
    CHECK_OK(cvyi_file_write("a", "", 0, &err));
    check_text("link", "");
    check_names(".", "a link");
    end();
}

static void write_file(cvyi_output *out, const char *name, const char *text)
{
    CHECK_OK(cvyi_output_begin(out, name, &err));
    for (const char *p = text; *p != '\0'; p++)
        CHECK_OK(cvyi_output_write(out, p, 1, &err));
    CHECK_OK(cvyi_output_end(out, &err));
}

static void a_new_folder_appears_at_once(void)
{
    cvyi_output out;

    begin();
    CHECK_OK(cvyi_output_open(&out, "out/", false, &err));
    write_file(&out, "net.py", "code");
    write_file(&out, "report.json", "{}");
    CHECK(access("out", F_OK) != 0);
    check_text(cvyi_output_path(&out, "net.py"), "code");
    CHECK_OK(cvyi_output_commit(&out, &err));
    cvyi_output_abandon(&out);
    check_names(".", "out");
    check_names("out", "net.py report.json");
    check_text("out/net.py", "code");
    end();
}

static void an_abandoned_output_leaves_nothing(void)
{
    cvyi_output out;

    begin();
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    write_file(&out, "net.py", "code");
    CHECK_OK(cvyi_output_begin(&out, "net.pth", &err));
    CHECK_OK(cvyi_output_write(&out, "half", 4, &err));
    cvyi_output_abandon(&out);
    check_names(".", "");
    CHECK_EQ(mkdir("out", 0777), 0);
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    write_file(&out, "net.py", "code");
    cvyi_output_abandon(&out);
    check_names("out", "");
    end();
}

static void an_empty_folder_is_filled_where_it_is(void)
{
    struct stat before, after;
    cvyi_output out;

    begin();
    CHECK_EQ(mkdir("out", 0750), 0);
    CHECK_EQ(mkdir("out/.convey-1-1", 0777), 0); /* of a killed run */
    CHECK_EQ(stat("out", &before), 0);
    CHECK_EQ(chdir("out"), 0);
    CHECK_OK(cvyi_output_open(&out, ".", false, &err));
    write_file(&out, "net.py", "code");
    write_file(&out, "report.json", "{}");
    CHECK_OK(cvyi_output_commit(&out, &err));
    CHECK_EQ(chdir(".."), 0);
    CHECK_EQ(stat("out", &after), 0);
    CHECK(before.st_ino == after.st_ino && before.st_mode == after.st_mode);
    check_names("out", "net.py report.json");
    end();
}

/* out/ as an earlier port left it, with files of the user's among them. */
static void make_old_port(void)
{
    CHECK_EQ(mkdir("out", 0777), 0);
    CHECK_EQ(mkdir("out/__pycache__", 0777), 0);
    CHECK_EQ(mkdir("out/data", 0777), 0);
    put("out/__pycache__/net.pyc", "cache");
    put("out/data/mine", "mine");
    put("out/net.py", "old code");
    put("out/net.pth", "old weights");
    put("out/notes", "mine");
    put("out/report.json", "old");
}

static void list_old_port(cvyi_output *out)
{
    static const char *const names[] = { "net.py",  "net.pth", "__pycache__",
                                         "data",    "gone",    "../outside",
                                         ".hidden", "a/b" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_OK(cvyi_output_replaces(out, names[i], &err));
}

static void an_old_port_gives_way_and_foreign_files_stay(void)
{
    cvyi_output out;

    begin();
    make_old_port();
    put("outside", "mine");
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    list_old_port(&out);
    write_file(&out, "report.json", "new");
    write_file(&out, "net.py", "new code");
    write_file(&out, "net.safetensors", "new weights");
    check_text("out/net.py", "old code");
    CHECK_OK(cvyi_output_commit(&out, &err));
    check_names("out", "data net.py net.safetensors notes report.json");
    check_text("out/net.py", "new code");
    check_text("out/report.json", "new");
    check_text("out/data/mine", "mine");
    check_names(".", "out outside");
    end();
}

static void check_old_port(void)
{
    check_names("out", "__pycache__ data net.pth net.py notes report.json");
    check_names("out/__pycache__", "net.pyc");
    check_text("out/net.py", "old code");
    check_text("out/net.pth", "old weights");
    check_text("out/notes", "mine");
    check_text("out/report.json", "old");
}

static void a_foreign_file_is_not_overwritten(void)
{
    cvyi_output out;

    begin();
    make_old_port();
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    list_old_port(&out);
    write_file(&out, "net.py", "new code");
    write_file(&out, "notes", "new notes");
    CHECK_EQ(cvyi_output_commit(&out, &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "out/notes was not written by convey; --force "
                        "replaces it");
    check_old_port();

    CHECK_OK(cvyi_output_open(&out, "out", true, &err));
    write_file(&out, "data", "x");
    CHECK_EQ(cvyi_output_commit(&out, &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "out/data is a folder");
    check_old_port();

    CHECK_OK(cvyi_output_open(&out, "out", true, &err));
    write_file(&out, "notes", "new notes");
    CHECK_OK(cvyi_output_commit(&out, &err));
    check_text("out/notes", "new notes");
    check_text("out/net.py", "old code");
    end();
}

/* The second of the new files vanishes before it is moved. */
static void a_failed_commit_puts_the_old_files_back(void)
{
    cvyi_output out;

    begin();
    make_old_port();
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    list_old_port(&out);
    write_file(&out, "net.py", "new code");
    write_file(&out, "net.pth", "new weights");
    write_file(&out, "report.json", "new");
    CHECK_EQ(unlink(cvyi_output_path(&out, "report.json")), 0);
    CHECK_EQ(cvyi_output_commit(&out, &err), CVY_IO);
    check_old_port();
    end();
}

static void a_place_that_cannot_be_used_is_refused(void)
{
    cvyi_output out;

    begin();
    put("file", "x");
    CHECK_EQ(mkdir("full", 0777), 0);
    put("full/mine", "x");

    CHECK_EQ(cvyi_output_open(&out, "", false, &err), CVY_ARGUMENT);
    CHECK_EQ(cvyi_output_open(&out, "file", true, &err), CVY_ARGUMENT);
    CHECK_STR(err.text, "file is a file, not a folder");
    CHECK_EQ(cvyi_output_open(&out, "file/out", false, &err), CVY_IO);
    CHECK_STR(err.text, "cannot use the folder file/out: Not a directory");
    CHECK_EQ(cvyi_output_open(&out, "none/out", false, &err), CVY_IO);
    CHECK_STR(err.text, "the parent folder none does not exist");
    CHECK_EQ(cvyi_output_open(&out, "full", false, &err), CVY_ARGUMENT);
    CHECK(strstr(err.text, "--force") != NULL);
    CHECK_OK(cvyi_output_open(&out, "full", true, &err));
    cvyi_output_abandon(&out);
    check_names("full", "mine");

    if (geteuid() != 0) { /* root may write everywhere */
        CHECK_EQ(mkdir("closed", 0555), 0);
        CHECK_EQ(cvyi_output_open(&out, "closed", false, &err), CVY_IO);
        CHECK_STR(err.text, "cannot write into closed: Permission denied");
        CHECK_EQ(cvyi_output_open(&out, "closed/out", false, &err), CVY_IO);
    }
    end();
}

static void only_plain_names_are_written(void)
{
    static const char *const bad[] = { "",   ".",   "..",   "../x",
                                       "/x", "a/b", ".old", ".hidden" };
    cvyi_output out;

    begin();
    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ(cvyi_output_begin(&out, bad[i], NULL), CVY_ARGUMENT);
    write_file(&out, "a", "x");
    CHECK_EQ(cvyi_output_begin(&out, "a", NULL), CVY_ARGUMENT);
    cvyi_output_abandon(&out);
    end();
}

/* Writes `total` bytes or a few more, `step` at a time, to no avail. */
static void fill_disk(size_t step, size_t total)
{
    static const char block[70 * 1024];
    cvyi_output out;
    cvy_status status = CVY_OK;

    CHECK_OK(cvyi_output_open(&out, "out", false, &err));
    CHECK_OK(cvyi_output_begin(&out, "net.pth", &err));
    for (size_t n = 0; status == CVY_OK && n < total; n += step)
        status = cvyi_output_write(&out, block, step, &err);
    if (status == CVY_OK)
        status = cvyi_output_end(&out, &err);
    CHECK_EQ(status, CVY_IO);
    CHECK_STR(err.text, "cannot write out/net.pth: File too large");
    cvyi_output_abandon(&out);
}

/* A full disk, as near as a test without one comes: no file may pass 100 KB.
 * The write fails with its errno and not by a signal. */
static void a_full_disk_leaves_nothing(void)
{
    const struct rlimit full = { 100 * 1024, RLIM_INFINITY };
    static const char small[40 * 1024], large[150 * 1024];
    struct rlimit before;

    begin();
    put("a", "old");
    signal(SIGXFSZ, SIG_IGN);
    CHECK_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK_EQ(setrlimit(RLIMIT_FSIZE,
                       &(struct rlimit){ full.rlim_cur, before.rlim_max }),
             0);
    for (size_t step = 1000; step <= 70 * 1024; step += 23000) {
        fill_disk(step, 110 * 1024); /* fails when the buffer is emptied */
        fill_disk(step, 200 * 1024);
    }
    CHECK_EQ(cvyi_file_write("a", small, sizeof small, NULL), CVY_OK);
    CHECK_EQ(cvyi_file_write("a", large, sizeof large, &err), CVY_IO);
    CHECK_STR(strrchr(err.text, ':'), ": File too large");
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    check_names(".", "a");
    end();
}

static cvy_status whole_port(void)
{
    cvyi_output out;
    cvy_status status = cvyi_output_open(&out, "out", false, &err);

    if (status != CVY_OK)
        return status;
    for (int i = 0; status == CVY_OK && i < 2000; i++) {
        char name[16];

        snprintf(name, sizeof name, "f%d", i);
        status = cvyi_output_replaces(&out, name, &err);
    }
    if (status == CVY_OK)
        status = cvyi_output_begin(&out, "net.py", &err);
    if (status == CVY_OK)
        status = cvyi_output_write(&out, "x", 1, &err);
    if (status == CVY_OK)
        status = cvyi_output_end(&out, &err);
    if (status == CVY_OK)
        return cvyi_output_commit(&out, &err);
    cvyi_output_abandon(&out);
    return status;
}

static void refused_memory_leaves_nothing(void)
{
    cvy_status status = CVY_MEMORY;
    int refused = 0;

    begin();
    for (size_t n = 1; n < 100 && status != CVY_OK; n++) {
        cvyi_alloc_refuse(n);
        status = whole_port();
        cvyi_alloc_refuse(0);
        if (status == CVY_OK)
            break;
        CHECK_EQ(status, CVY_MEMORY);
        check_names(".", "");
        refused++;
    }
    CHECK_EQ(status, CVY_OK);
    CHECK(refused > 2);
    check_names("out", "net.py");
    end();
}

static const check_case cases[] = {
    { "a_file_maps_byte_for_byte", a_file_maps_byte_for_byte },
    { "what_is_no_file_is_refused_by_name",
      what_is_no_file_is_refused_by_name },
    { "a_long_path_leaves_room_for_the_reason",
      a_long_path_leaves_room_for_the_reason },
    { "one_file_is_written_whole", one_file_is_written_whole },
    { "a_new_folder_appears_at_once", a_new_folder_appears_at_once },
    { "an_abandoned_output_leaves_nothing",
      an_abandoned_output_leaves_nothing },
    { "an_empty_folder_is_filled_where_it_is",
      an_empty_folder_is_filled_where_it_is },
    { "an_old_port_gives_way_and_foreign_files_stay",
      an_old_port_gives_way_and_foreign_files_stay },
    { "a_foreign_file_is_not_overwritten", a_foreign_file_is_not_overwritten },
    { "a_failed_commit_puts_the_old_files_back",
      a_failed_commit_puts_the_old_files_back },
    { "a_place_that_cannot_be_used_is_refused",
      a_place_that_cannot_be_used_is_refused },
    { "only_plain_names_are_written", only_plain_names_are_written },
    { "a_full_disk_leaves_nothing", a_full_disk_leaves_nothing },
    { "refused_memory_leaves_nothing", refused_memory_leaves_nothing },
};
CHECK_MAIN(cases)
