/* read/python.c - the row of Python source. */
#include "read/python/tf/tf.h"
#include "read/sources.h"

#include <string.h>

/* Is it for the host of torch? What --from says holds. */
static bool is_torch(const cvyi_source *source)
{
    const char *const from =
        source->request != NULL ? source->request->from : NULL;

    return from != NULL && strncmp(from, "torch", strlen("torch")) == 0;
}

static cvy_status read_script(cvyi_source *source, cvyi_findings *findings,
                              cvy_error *err)
{
    if (is_torch(source))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "scripts of PyTorch are not read");
    return cvyi_tf_read(source, findings, err);
}

const cvyi_source_kind cvyi_source_python = {
    .name = "python",
    .title = "Python source that builds a network with TensorFlow 1; it is "
             "read and never run",
    .advice = "use calls that `convey ops` lists there, or name with --entry "
              "what does not need it",
    .read = read_script,
    .dialect = "tf1",
    .script = true,
};
