/* read/back.c - which reader reads which target's files. */
#include "read/back.h"

#include "pysrc/parse.h"
#include "read/python/torch/torch.h"

#include <string.h>

static const struct {
    const char *dialect;
    cvy_status (*read)(cvyi_graph **out, cvyi_arena *arena,
                       const cvyi_back_files *files, const cvyi_type *inputs,
                       const char *const *names, int n_inputs, cvy_error *err);
} readers[] = {
    { "torch", cvyi_torch_read },
};

static int reader_of(const char *dialect)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (strcmp(readers[i].dialect, dialect) == 0)
            return (int)i;
    return -1;
}

bool cvyi_back_available(const char *dialect)
{
    return reader_of(dialect) >= 0 && cvyi_py_available();
}

cvy_status cvyi_read_back(cvyi_graph **out, cvyi_arena *arena,
                          const char *dialect, const cvyi_back_files *files,
                          const cvyi_type *inputs, const char *const *names,
                          int n_inputs, cvy_error *err)
{
    const int at = reader_of(dialect);

    if (at < 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s source is not read",
                         dialect);
    return readers[at].read(out, arena, files, inputs, names, n_inputs, err);
}
