/* base/cpu.c - the instruction sets that kernels may use. */
#include "base/cpu.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static unsigned detected(void)
{
    unsigned cpu = 0;

#if CVYI_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        cpu |= CVYI_CPU_AVX2;
    if (__builtin_cpu_supports("fma"))
        cpu |= CVYI_CPU_FMA;
    if (__builtin_cpu_supports("avx512f"))
        cpu |= CVYI_CPU_AVX512;
#endif
    return cpu;
}

static unsigned allowed(const char *word)
{
    if (word == NULL || *word == '\0' || strcmp(word, "avx512") == 0)
        return ~0U;
    return strcmp(word, "avx2") == 0 ? CVYI_CPU_AVX2 | CVYI_CPU_FMA : 0;
}

unsigned cvyi_cpu(void)
{
    return detected() & allowed(getenv("CONVEY_CPU"));
}
