/* read/test_script_root.c - scripts that import files below a folder. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

typedef struct placed {
    const char *path, *text; /* of a link: where it leads, behind "->" */
} placed;

enum { MOST = 12 };

static void put(const char *folder, const placed *p)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, p->path);
    for (char *s = path + strlen(folder) + 1; (s = strchr(s, '/')) != NULL;
         s++) {
        *s = '\0';
        (void)mkdir(path, 0700);
        *s = '/';
    }
    if (strncmp(p->text, "->", 2) == 0) {
        CHECK_EQ(symlink(p->text + 2, path), 0);
        return;
    }
    if (strcmp(p->text, "fifo") == 0) {
        CHECK_EQ(mkfifo(path, 0600), 0);
        return;
    }
    file = fopen(path, "w");
    CHECK(file != NULL);
    fputs(p->text, file);
    CHECK_EQ(fclose(file), 0);
}

static int drop(const char *path, const struct stat *about, int kind,
                struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

/* Opens `script` of files in a new folder; `root` is below that folder. */
static opened open_files(const placed *files, const char *script,
                         const char *root)
{
    char folder[] = "/tmp/convey-test-XXXXXX", path[256], top[256];
    cvyi_source_request request = { .name = "m" };
    opened o = { .status = CVY_OK };

    CHECK(mkdtemp(folder) != NULL);
    for (int i = 0; i < MOST && files[i].path != NULL; i++)
        put(folder, &files[i]);
    snprintf(path, sizeof path, "%s/%s", folder, script);
    snprintf(top, sizeof top, "%s/%s", folder, root != NULL ? root : "");
    request.root = root != NULL ? top : NULL;
    o.status = cvyi_source_ask(&o.source, path, &request, &o.findings, &o.err);
    if (o.status == CVY_OK)
        cvyi_graph_print(&o.graph, o.source.graph);
    nftw(folder, drop, 16, FTW_DEPTH | FTW_PHYS);
    return o;
}

#define BLOCK                   \
    "import tensorflow as tf\n" \
    "def block(x, n=4):\n"      \
    "    return tf.layers.conv1d(x, n, 3, activation=tf.nn.relu)\n"
#define CONV "conv pointwise"

/* The script itself is named without its folder. */
static const char *base(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL && strcmp(slash, "/net.py") == 0 ? slash + 1 : path;
}

static void files_are_imported(void)
{
    static const struct {
        const char *ops;
        placed files[MOST];
    } rows[] = {
        { CONV,
          { { "net.py", HEAD INPUT "from ops import block\ny = block(x)\n" },
            { "ops.py", BLOCK } } },
        { CONV,
          { { "net.py", HEAD INPUT "import ops\ny = ops.block(x)\n" },
            { "ops.py", BLOCK } } },
        { CONV,
          { { "net.py", HEAD INPUT "import a.b.ops as o\ny = o.block(x)\n" },
            { "a/__init__.py", "" },
            { "a/b/ops.py", BLOCK } } },
        { CONV,
          { { "net.py", HEAD INPUT "import a.ops\nfrom a import ops\ny = "
                                   "a.ops.block(x, ops.WIDTH)\n" },
            { "a/ops.py", "from ._parts import *\nfrom .size import WIDTH\n" },
            { "a/size.py", "WIDTH = 5\n" },
            { "a/_parts.py", BLOCK } } },
        { CONV,
          { { "net.py", HEAD INPUT "from a import *\ny = build(x)\n" },
            { "a/__init__.py",
              "from .ops import block as build\n__all__ = ['build']\n" },
            { "a/ops.py", BLOCK } } },
        { CONV, /* a cycle, closed where it is run */
          { { "net.py", HEAD INPUT "from ops import outer\ny = outer(x)\n" },
            { "ops.py",
              "import more\ndef outer(x):\n    return more.inner(x)\nWIDTH = "
              "3\n" },
            { "more.py",
              BLOCK "import ops\ndef inner(x):\n    from ops import WIDTH\n"
                    "    return block(x, WIDTH)\n" } } },
        { "pointwise", /* what a file imports by a star goes on */
          { { "net.py", HEAD INPUT "from ops import *\ny = relu(x)\n" },
            { "ops.py", "from tensorflow.nn import *\n" } } },
        { "pointwise", /* names of libraries mean libraries */
          { { "net.py",
              HEAD INPUT "import math\ny = tf.nn.relu(x) if math.pi > 3 "
                         "else 0\n" } } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_files(rows[i].files, "net.py", "");
        char ops[256];

        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s:%d: %s", i, o.err.where, o.err.line,
                       o.err.text);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, rows[i].ops);
        close_script(&o);
    }
}

static void a_script_in_a_package_has_neighbours(void)
{
    static const placed files[MOST] = {
        { "my-nets/a/net.py",
          HEAD INPUT "from ops import block\nfrom shared.size import WIDTH\n"
                     "from . import more\nfrom .ops import block as again\n"
                     "y = again(block(x, WIDTH), more.N)\n" },
        { "my-nets/a/ops.py", BLOCK },
        { "my-nets/a/more.py", "N = 2\n" },
        { "shared/size.py", "WIDTH = 7\n" },
    };
    opened o = open_files(files, "my-nets/a/net.py", "");

    if (o.status != CVY_OK)
        CHECK_FAIL("%s", o.err.text);
    CHECK(strstr(cvyi_text_c(&o.graph), "ops.py:3") != NULL);
    close_script(&o);
}

static const struct {
    const char *root, *where;
    int line;
    const char *says;
    placed files[MOST];
} ways[] = {
    { NULL,
      "net.py",
      3,
      "models.layers is imported (line 3); --root DIR allows imports from "
      "a folder",
      { { "net.py", HEAD INPUT "from models.layers import block\n"
                               "y = block(x)\n" },
        { "models/layers.py", BLOCK } } },
    { "",
      "net.py",
      3,
      "no file below --root is it",
      { { "net.py", HEAD INPUT "from ops import block\ny = block(x)\n" } } },
    { "",
      "a/ops.py",
      3,
      "tf.nothing is not known",
      { { "net.py", HEAD INPUT "from a.ops import f\ny = f(x)\n" },
        { "a/ops.py", "import tensorflow as tf\ndef f(x):\n    return "
                      "tf.nothing(x)\n" } } },
    { "",
      "net.py",
      3,
      "ops.py is not read: line 2: ",
      { { "net.py", HEAD INPUT "from ops import f\ny = f(x)\n" },
        { "ops.py", "n = 1\ndef f(x:\n" } } },
    { "",
      "ops.py",
      1,
      "ImportError",
      { { "net.py", HEAD INPUT "import ops\ny = ops.f(x)\n" },
        { "ops.py", "from size import missing\n" },
        { "size.py", "n = 1\n" } } },
    { "",
      "net.py",
      3,
      "os is a file of the source's own and",
      { { "net.py", HEAD INPUT "import os\ny = tf.nn.relu(x) * os.N\n" },
        { "os.py", "N = 2\n" } } },
    /* nothing is opened that is not below the root */
    { "in",
      "in/net.py",
      3,
      "ops.py is a symbolic link",
      { { "in/net.py", HEAD INPUT "from ops import block\ny = block(x)\n" },
        { "ops.py", BLOCK },
        { "in/ops.py", "->../ops.py" } } },
    { "in",
      "in/net.py",
      3,
      "a is a symbolic link",
      { { "in/net.py", HEAD INPUT "from a.ops import block\ny = block(x)\n" },
        { "out/ops.py", BLOCK },
        { "in/a", "->../out" } } },
    { "in",
      "in/net.py",
      3,
      "no file below --root is it",
      { { "in/net.py", HEAD INPUT "from ..ops import block\ny = block(x)\n" },
        { "ops.py", BLOCK } } },
    { "in",
      "net.py",
      3,
      "no file below --root is it",
      { { "net.py", HEAD INPUT "from ops import block\ny = block(x)\n" },
        { "ops.py", BLOCK },
        { "in/size.py", "n = 1\n" } } },
    { "",
      "net.py",
      3,
      "no file below --root is it",
      { { "net.py", HEAD INPUT "from ops import block\ny = block(x)\n" },
        { "ops.py", "fifo" } } },
    { "",
      "net.py",
      3,
      "no file below --root is it",
      { { "net.py", HEAD INPUT "from ops import block\ny = block(x)\n" },
        { "ops.py/x.py", BLOCK } } },
};

static void what_stands_in_the_way_is_told_with_its_file(void)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *const script =
            strncmp(ways[i].where, "in/", 3) == 0 ? "in/net.py" : "net.py";
        opened o = open_files(ways[i].files, script, ways[i].root);

        if (o.status != CVY_UNSUPPORTED)
            CHECK_FAIL("row %zu: status %d: %s", i, o.status, o.err.text);
        if (strstr(o.err.text, ways[i].says) == NULL)
            CHECK_FAIL("row %zu says %s", i, o.err.text);
        if (ways[i].line > 0 &&
            (o.err.line != ways[i].line ||
             strcmp(o.err.where, base(ways[i].where)) != 0))
            CHECK_FAIL("row %zu stands in %s:%d", i, o.err.where, o.err.line);
        close_script(&o);
    }
}

static void a_root_must_be_a_folder(void)
{
    static const placed files[MOST] = {
        { "net.py", HEAD INPUT "y = tf.nn.relu(x)\n" },
    };
    opened file = open_files(files, "net.py", "net.py");
    opened nothing = open_files(files, "net.py", "nowhere");

    CHECK_EQ(file.status, CVY_ARGUMENT);
    CHECK_EQ(nothing.status, CVY_IO);
    close_script(&file);
    close_script(&nothing);
}

static const check_case cases[] = {
    { "files are imported", files_are_imported },
    { "a script in a package has neighbours",
      a_script_in_a_package_has_neighbours },
    { "what stands in the way is told with its file",
      what_stands_in_the_way_is_told_with_its_file },
    { "a root must be a folder", a_root_must_be_a_folder },
};
CHECK_MAIN(cases)
