/* tests/read/script.h - scripts of TensorFlow 1, opened from their text. */
#ifndef CVYT_READ_SCRIPT_H
#define CVYT_READ_SCRIPT_H

#include "read/read.h"

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#define HEAD "import tensorflow as tf\n"
#define INPUT "x = tf.placeholder(tf.float32, [None, 16, 4], name='x')\n"

typedef struct opened {
    cvyi_source source;
    cvyi_findings findings;
    cvy_status status;
    cvy_error err;
    cvyi_text graph; /* its text form; empty if it was refused */
} opened;

static inline opened open_script(const char *text,
                                 const cvyi_source_request *request)
{
    char path[] = "/tmp/convey-test-XXXXXX";
    const int fd = mkstemp(path);
    opened o = { .status = CVY_OK };
    FILE *file;

    CHECK(fd >= 0);
    file = fdopen(fd, "w");
    CHECK(file != NULL);
    fputs(text, file);
    CHECK_EQ(fclose(file), 0);
    o.status = cvyi_source_ask(&o.source, path, request, &o.findings, &o.err);
    if (o.status == CVY_OK)
        cvyi_graph_print(&o.graph, o.source.graph);
    unlink(path);
    return o;
}

static inline void close_script(opened *o)
{
    cvyi_text_close(&o->graph);
    if (o->status == CVY_OK)
        cvyi_source_close(&o->source);
    cvyi_findings_close(&o->findings);
}

/* Does the graph have a parameter of that name? */
static inline bool has_param(const opened *o, const char *name)
{
    for (int i = 0; i < o->source.graph->n_params; i++)
        if (strcmp(o->source.graph->params[i].name, name) == 0)
            return true;
    return false;
}

static inline bool has_module(const opened *o, const char *name)
{
    for (int i = 0; i < o->source.graph->n_modules; i++)
        if (strcmp(o->source.graph->modules[i].name, name) == 0)
            return true;
    return false;
}

/* The operators of its graph in order, blanks between. */
static inline void list_ops(char *ops, size_t size, const opened *o)
{
    *ops = '\0';
    for (int k = 0; k < o->source.graph->n_calls; k++) {
        const size_t n = strlen(ops);

        snprintf(ops + n, size - n, "%s%s", k > 0 ? " " : "",
                 o->source.graph->calls[k].attrs.op->name);
    }
}

#endif
