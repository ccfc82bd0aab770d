/* tests/fuzz/fuzz_pth.c - any bytes as a state dict of torch. */
#include "codec/walk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cvy_error err = { 0 };
    const cvy_status status = walk_pth(data, size, &err);

    if (status != CVY_OK && (err.text[0] == '\0' || err.status != status))
        abort();
    return 0;
}
