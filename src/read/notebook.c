/* read/notebook.c - the row of notebooks: scripts in cells. */
#include "read/python/tf/tf.h"
#include "read/sources.h"

const cvyi_source_kind cvyi_source_notebook = {
    .name = "notebook",
    .title = "A Jupyter notebook of such source",
    .advice = "use calls that `convey ops` lists there, or name with --entry "
              "what does not need it",
    .read = cvyi_tf_read_notebook,
    .dialect = "tf1",
    .script = true,
};
