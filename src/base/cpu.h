/*
 * base/cpu.h - the instruction sets that kernels may use.
 *
 * CVYI_X86 is 1 where the x86-64 kernels are built, else 0. A set counts only
 * if the processor has it and the operating system keeps its registers.
 */
#ifndef CVYI_BASE_CPU_H
#define CVYI_BASE_CPU_H

#if defined(__x86_64__)
#define CVYI_X86 1
#else
#define CVYI_X86 0
#endif

enum {
    CVYI_CPU_AVX2 = 1,
    CVYI_CPU_FMA = 2,
    CVYI_CPU_AVX512 = 4, /* the foundation, AVX512F */
};

/* The sets of this machine, narrowed by CONVEY_CPU: "c" leaves none, "avx2"
 * at most AVX2 and FMA, "avx512" everything. Any other word counts as "c":
 * a mistyped narrowing shows as slowness, not as the wrong kernel. */
unsigned cvyi_cpu(void);

#endif
