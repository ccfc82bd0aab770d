/*
 * read/python/call/dialect.c - in whose words a line is written.
 *
 * What was asked for wins, as far as the name allows it: keras.* in the words
 * of TensorFlow 1 is Keras 2, in those of TensorFlow 2 Keras 3; tf.* in the
 * words of a Keras is TensorFlow 2. Else the name tells: torch is torch, a
 * mark of TensorFlow 1 makes all of it old, and what is left is new.
 */
#include "read/python/call/host.h"

#include <string.h>

static const char *const dialects[] = { "torch",  "keras3", "keras2",
                                        "keras1", "tf2",    "tf1" };

static bool is_version(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789.")] == '\0';
}

cvy_status cvyi_call_dialect(const char **out, const char *from,
                             cvy_error *err)
{
    *out = NULL;
    for (size_t i = 0; from != NULL && i < sizeof dialects / sizeof *dialects;
         i++) {
        const size_t n = strlen(dialects[i]);

        if (strncmp(from, dialects[i], n) == 0 &&
            (from[n] == '\0' || (from[n] == '-' && is_version(from + n + 1))))
            *out = dialects[i];
    }
    return from == NULL || *out != NULL
               ? CVY_OK
               : cvyi_fail_in(err, CVY_ARGUMENT, "from",
                              "'%.60s' is no dialect: torch, keras3, keras2, "
                              "tf2 or tf1, with or without -VERSION",
                              from);
}

static void add(cvyi_call_choice *choice, const char *dialect, const char *why)
{
    choice->dialects[choice->n] = dialect;
    choice->why[choice->n++] = why;
}

static bool one_of(const char *from, const char *a, const char *b)
{
    return strcmp(from, a) == 0 || strcmp(from, b) == 0;
}

static void choose_keras(cvyi_call_choice *out, const char *from,
                         unsigned marks)
{
    if (from != NULL) {
        if (one_of(from, "keras3", "tf2"))
            add(out, "keras3", NULL);
        else if (one_of(from, "keras2", "tf1"))
            add(out, "keras2", NULL);
    } else if ((marks & CVYI_MARK_KERAS2) != 0) {
        add(out, "keras2", "taken as Keras 2, which tf_keras is");
    } else if ((marks & CVYI_MARK_TF1) != 0) {
        add(out, "keras2", "taken as Keras 2, which TensorFlow 1 has");
    } else {
        add(out, "keras3",
            "taken as Keras 3; --from keras2 reads it as Keras 2");
        add(out, "keras2", "taken as Keras 2, which alone has it so");
    }
}

static void choose_tf(cvyi_call_choice *out, const char *from, unsigned marks)
{
    if (from != NULL) {
        if (strcmp(from, "torch") == 0 || strcmp(from, "keras1") == 0)
            return;
        add(out, strcmp(from, "tf1") == 0 ? "tf1" : "tf2", NULL);
        if (strcmp(from, "tf2") != 0 && strcmp(from, "tf1") != 0 &&
            (marks & CVYI_MARK_TF1) != 0)
            out->dialects[0] = "tf1";
    } else if ((marks & CVYI_MARK_TF1) != 0) {
        add(out, "tf1", "taken as TensorFlow 1, which alone has this name");
    } else {
        add(out, "tf2",
            "taken as TensorFlow 2; --from tf1 reads it as TensorFlow 1");
        add(out, "tf1", "taken as TensorFlow 1, which alone has it so");
    }
}

void cvyi_call_choose(cvyi_call_choice *out, const char *from,
                      const cvyi_call_name *name)
{
    *out = (cvyi_call_choice){ 0 };
    if (cvyi_call_is_below(name->dotted, "torch")) {
        if (from == NULL || strcmp(from, "torch") == 0)
            add(out, "torch", NULL);
    } else if (cvyi_call_is_below(name->dotted, "keras")) {
        choose_keras(out, from, name->marks);
    } else if (cvyi_call_is_below(name->dotted, "tf")) {
        choose_tf(out, from, name->marks);
    }
}
