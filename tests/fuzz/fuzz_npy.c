/* tests/fuzz/fuzz_npy.c - any bytes as a NumPy array or an archive of them. */
#include "codec/walk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cvy_error err = { 0 };
    const cvy_status status = walk_npy(data, size, &err);

    if (status != CVY_OK && (err.text[0] == '\0' || err.status != status))
        abort();
    return 0;
}
