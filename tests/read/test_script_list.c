/* read/test_script_list.c - what --entry may name, and what is taken. */
#define _XOPEN_SOURCE 700
#include "script.h"

#include <string.h>

typedef struct listed {
    opened o;
    cvyi_candidates list;
} listed;

static listed list_script(const char *text, const char *entry)
{
    listed l = { 0 };
    const cvyi_source_request request = { .name = "m",
                                          .entry = entry,
                                          .list = &l.list };
    char path[] = "/tmp/convey-test-XXXXXX";
    const int fd = mkstemp(path);
    FILE *file;

    CHECK(fd >= 0);
    file = fdopen(fd, "w");
    CHECK(file != NULL);
    fputs(text, file);
    CHECK_EQ(fclose(file), 0);
    l.o.status =
        cvyi_source_ask(&l.o.source, path, &request, &l.o.findings, &l.o.err);
    unlink(path);
    return l;
}

static void check_row(const listed *l, int i, const char *name,
                      const char *kind, const char *printed)
{
    CHECK(i < l->list.n);
    CHECK_STR(l->list.items[i].name, name);
    CHECK_STR(l->list.items[i].kind, kind);
    CHECK_STR(l->list.items[i].printed, printed);
}

static void candidates_stand_in_order(void)
{
    listed l = list_script(HEAD "def block(x, n, keep=1):\n"
                                "    return tf.layers.conv1d(x, n, 3)\n" INPUT
                                "first = block(x, 8)\n"
                                "class Net(object):\n"
                                "    def __init__(self, y):\n"
                                "        self.logits = block(y, 2)\n"
                                "net = Net(first)\n"
                                "last = tf.nn.relu(net.logits)\n",
                           NULL);

    CHECK_EQ(l.o.status, CVY_OK);
    CHECK(l.o.source.graph == NULL);
    CHECK_EQ(l.list.n, 5);
    check_row(&l, 0, "block", "function", "");
    CHECK_EQ(l.list.items[0].n_needs, 2);
    CHECK_STR(l.list.items[0].needs[1], "n");
    check_row(&l, 3, "Net", "class", "");
    CHECK_EQ(l.list.items[3].line, 6);
    CHECK_EQ(l.list.items[3].n_needs, 1);
    check_row(&l, 4, "last", "tensor", "(N, 12, 2)");
    CHECK(l.list.items[4].taken);
    CHECK_EQ(l.list.items[4].rank, 3);
    CHECK_EQ(l.list.items[4].dims[0], -1);
    CHECK_EQ(l.list.items[4].dims[1], 12);
    CHECK_STR(l.list.taken, "last");
    CHECK_STR(l.list.dialect, "tf1");
    close_script(&l.o);
}

static void what_is_taken_is_said_and_why(void)
{
    static const struct {
        const char *text, *entry, *taken, *why;
    } rows[] = {
        { HEAD INPUT "a = tf.nn.relu(x)\nb = tf.nn.relu(a)\n", "a", "a",
          "named with --entry" },
        { HEAD "model = tf.keras.Sequential([tf.keras.layers.Dense(3, "
               "input_shape=(4,))])\nother = tf.nn.relu(model.output)\n"
               "model.compile('sgd', 'mse')\n",
          NULL, "model", "the model that is compiled last" },
        { HEAD INPUT "def main(_):\n    y = tf.nn.relu(x)\nmain(0)\n", NULL,
          "y", "the last tensor that the script names" },
        { HEAD INPUT "y = tf.nothing_of_that_name(x)\n", NULL, NULL,
          "tf.nothing_of_that_name is not known" },
        { HEAD "def f(x):\n    return tf.nn.relu(x)\n", NULL, NULL,
          "the file makes no network of its own, it defines f: name one, or "
          "a method, with --entry, its tensors' shapes with --input "
          "NAME=?x32x32x3 and other values with --set NAME=VALUE" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        listed l = list_script(rows[i].text, rows[i].entry);
        int marked = 0;

        CHECK_EQ(l.o.status, CVY_OK);
        CHECK_STR(l.list.why, rows[i].why);
        CHECK_EQ(l.list.taken != NULL, rows[i].taken != NULL);
        for (int k = 0; k < l.list.n; k++)
            marked += l.list.items[k].taken;
        CHECK_EQ(marked, rows[i].taken != NULL);
        if (rows[i].taken != NULL)
            CHECK_STR(l.list.taken, rows[i].taken);
        close_script(&l.o);
    }
}

static void what_is_no_script_is_no_list(void)
{
    listed l = list_script("import tensorflow as tf\nx = = 3\n", NULL);

    CHECK_EQ(l.o.status, CVY_FORMAT);
    close_script(&l.o);
}

static const check_case cases[] = {
    { "candidates stand in order", candidates_stand_in_order },
    { "what is taken is said and why", what_is_taken_is_said_and_why },
    { "what is no script is no list", what_is_no_script_is_no_list },
};
CHECK_MAIN(cases)
