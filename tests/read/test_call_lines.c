/* read/test_call_lines.c - lines of calls: what is none, and whose words. */
#include "read/call.h"

#include "check.h"

static cvyi_call_texts texts;
static cvy_error err;

static cvyi_call_text *read_line(const char *line, const char *from)
{
    CHECK_OK(cvyi_call_texts_read(&texts, line, strlen(line), from, &err));
    CHECK_EQ(texts.n, 1);
    return &texts.items[0];
}

static void end(void)
{
    cvyi_call_texts_close(&texts);
}

/* ---- lines ---- */

static void lines_that_are_no_python_do_not_hide_others(void)
{
    static const char lines[] = "nn.ReLU()\n"
                                "nn.Conv2d(3, 16, 3\n"
                                ")\n"
                                "if x:\n"
                                "  nn.ReLU()\r\n"
                                "@nn.ReLU\n"
                                "nn.ReLU('a\n"
                                "nn ReLU()\n"
                                "'''\n"
                                "\n"
                                "# nn.ReLU()\n"
                                "nn.ReLU() \\\n"
                                "nn.ReLU(\xff)\n"
                                "nn.ReLU(')', \"#(\", '''[''')\n"
                                "1 2\n"
                                "nn.ReLU()";
    int n = 0;

    CHECK_OK(
        cvyi_call_texts_read(&texts, lines, sizeof lines - 1, NULL, &err));
    for (int i = 0; i < texts.n; i++) {
        const cvy_status status = texts.items[i].status;

        CHECK(status == CVY_OK || status == CVY_FORMAT ||
              status == CVY_UNSUPPORTED);
        n += status == CVY_OK;
        if (status == CVY_FORMAT)
            CHECK(strncmp(texts.items[i].err.text, "not Python: ", 12) == 0);
    }
    CHECK_EQ(texts.n, 14);
    CHECK_EQ(n, 3);
    CHECK_EQ(texts.items[0].status, CVY_OK);
    CHECK_STR(texts.items[4].code, "nn.ReLU()");
    CHECK_EQ(texts.items[4].status, CVY_OK);
    CHECK_EQ(texts.items[11].status, CVY_UNSUPPORTED);
    CHECK_EQ(texts.items[13].status, CVY_OK);
    end();
}

static void many_bad_lines_are_found(void)
{
    cvyi_text text = { 0 };

    for (int i = 0; i < 300; i++)
        cvyi_text_put(&text, i % 150 == 7 ? "nn ReLU\n" : "nn.ReLU()\n");
    CHECK_OK(cvyi_call_texts_read(&texts, cvyi_text_c(&text), text.size, NULL,
                                  &err));
    CHECK_EQ(texts.n, 300);
    for (int i = 0; i < texts.n; i++)
        CHECK_EQ(texts.items[i].status, i % 150 == 7 ? CVY_FORMAT : CVY_OK);
    cvyi_text_close(&text);
    end();
}

/* ---- dialects and names ---- */

static void the_dialect_is_told_by_name_and_wish(void)
{
    static const struct {
        const char *lines, *from, *dialect, *name;
        bool why;
    } rows[] = {
        { "nn.ReLU()", NULL, "torch", "torch.nn.ReLU", false },
        { "import torch.nn as tnn\ntnn.ReLU()", NULL, "torch", "torch.nn.ReLU",
          false },
        { "from torch.nn import ReLU as R\nR()", NULL, "torch",
          "torch.nn.ReLU", false },
        { "from torch.nn import *\nReLU6()", NULL, "torch", "torch.nn.ReLU6",
          false },
        { "import torch\nimport torch.nn.functional as fn\nfn.relu(x)", NULL,
          "torch", "torch.nn.functional.relu", false },
        { "keras.layers.ReLU()", NULL, "keras3", "keras.layers.ReLU", true },
        { "keras.layers.ReLU()", "keras3", "keras3", "keras.layers.ReLU",
          false },
        { "tf.keras.layers.ReLU()", NULL, "keras3", "keras.layers.ReLU",
          true },
        { "tensorflow.keras.layers.ReLU()", "tf2-2.16", "keras3",
          "keras.layers.ReLU", false },
        { "from tensorflow.keras import layers as L\nL.ReLU()", NULL, "keras3",
          "keras.layers.ReLU", true },
        { "layers.experimental.preprocessing.Rescaling(0.5)", NULL, "keras3",
          "keras.layers.Rescaling", true },
        { "activations.relu(x)", NULL, "keras3", "keras.activations.relu",
          true },
        { "ReLU(max_value=6)", "keras3", "keras3", "keras.layers.ReLU",
          false },
        { "ReLU()", "torch", "torch", "torch.nn.ReLU", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_call_text *const text =
            read_line(rows[i].lines, rows[i].from);

        if (text->status != CVY_OK)
            CHECK_FAIL("%s: %s", rows[i].lines, text->err.text);
        CHECK_STR(text->dialect, rows[i].dialect);
        CHECK_STR(text->name, rows[i].name);
        CHECK_EQ(text->why != NULL, rows[i].why);
        end();
    }
}

static void marks_of_tensorflow_1_make_it_old(void)
{
    static const struct {
        const char *line, *from, *dialect;
    } rows[] = {
        { "tf.compat.v1.keras.layers.NoSuchLayer()", NULL, "keras2" },
        { "tf.keras.layers.NoSuchLayer()", "tf1", "keras2" },
        { "tf_keras.layers.NoSuchLayer()", NULL, "keras2" },
        { "tf.layers.no_such_layer(x)", NULL, "tf1" },
        { "tf.compat.v1.nn.no_such_layer(x)", NULL, "tf1" },
        { "tf.compat.v1.nn.no_such_layer(x)", "keras2", "tf1" },
        { "tf.nn.no_such_layer(x)", NULL, "tf2" },
        { "tf.nn.no_such_layer(x)", "keras2", "tf2" },
        { "tf.nn.no_such_layer(x)", "tf1", "tf1" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_call_text *const text =
            read_line(rows[i].line, rows[i].from);

        CHECK_EQ(text->status, CVY_UNSUPPORTED);
        CHECK_EQ(text->refusal.kind, CVYI_UNKNOWN_CALL);
        CHECK_STR(text->dialect, rows[i].dialect);
        end();
    }
}

static void a_dialect_that_is_none_is_a_fault_of_the_caller(void)
{
    static const char *const bad[] = { "keras4",  "",      "torch-",
                                       "torch-x", "Torch", "tf" };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_EQ(cvyi_call_texts_read(&texts, "x", 1, bad[i], &err),
                 CVY_ARGUMENT);
        cvyi_call_texts_close(&texts);
    }
}

/* ---- hostile text ---- */

static void put_many(cvyi_text *out, const char *piece, int n)
{
    for (int i = 0; i < n; i++)
        cvyi_text_put(out, piece);
}

static void hostile_lines_are_refused(void)
{
    static const struct {
        const char *before, *piece;
        int n;
        const char *after;
    } rows[] = {
        { "nn.ReLU(", "(", 3000, "" },
        { "nn.ReLU(", "-", 5000, "1)" },
        { "nn.ReLU(", "[", 60, "" },
        { "nn", ".x", 3000, "()" },
        { "f(", "x,", 3000, ")" },
        { "nn.ReLU([0] * 10", "0", 9, ")" },
        { "nn.ReLU([[i] for i in range(10", "0", 9, ")])" },
        { "nn.ReLU('a' * 10", "0", 9, ")" },
        { "nn.Conv2d(9", "9", 4000, ", 1, 1)" },
        { "nn.ReLU(", "lambda:", 40, "1)" },
        { "x", "x", 20000, "()" },
        { "nn.Conv2d(1, 1, 1)", "(x)", 30, "" },
    };

    const int n = (int)(sizeof rows / sizeof *rows);
    cvyi_text text = { 0 };

    for (int i = 0; i < n; i++) {
        cvyi_text_put(&text, "nn.ReLU()\n");
        cvyi_text_put(&text, rows[i].before);
        put_many(&text, rows[i].piece, rows[i].n);
        cvyi_text_put(&text, rows[i].after);
        cvyi_text_put(&text, "\n");
    }
    CHECK_OK(cvyi_call_texts_read(&texts, cvyi_text_c(&text), text.size, NULL,
                                  &err));
    CHECK_EQ(texts.n, 2 * n);
    for (int i = 0; i < n; i++) {
        CHECK_EQ(texts.items[2 * i].status, CVY_OK);
        if (texts.items[2 * i + 1].status == CVY_OK)
            CHECK_FAIL("%s%s… is taken", rows[i].before, rows[i].piece);
    }
    cvyi_text_close(&text);
    end();
}

static const check_case cases[] = {
    { "lines that are no Python do not hide others",
      lines_that_are_no_python_do_not_hide_others },
    { "many bad lines are found", many_bad_lines_are_found },
    { "the dialect is told by name and wish",
      the_dialect_is_told_by_name_and_wish },
    { "marks of TensorFlow 1 make it old", marks_of_tensorflow_1_make_it_old },
    { "a dialect that is none is a fault of the caller",
      a_dialect_that_is_none_is_a_fault_of_the_caller },
    { "hostile lines are refused", hostile_lines_are_refused },
};

CHECK_MAIN(cases)
