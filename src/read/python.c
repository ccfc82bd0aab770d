/* read/python.c - the row of Python source. */
#include "read/python/tf/tf.h"
#include "read/sources.h"

const cvyi_source_kind cvyi_source_python = {
    .name = "python",
    .title = "Python source that builds a network with TensorFlow 1; it is "
             "read and never run",
    .advice = "use calls that `convey ops` lists there, or name with --entry "
              "what does not need it",
    .read = cvyi_tf_read,
    .dialect = "tf1",
    .script = true,
};
