/*
 * padding/size.h - sizes: integers or expressions over named symbols.
 *
 * A size never changes and is simplified when it is made. A pool keeps every
 * size once, so two sizes of one pool that simplify to the same thing are the
 * same pointer: `a == b` is the question "equal for every input". Symbols
 * stand for integers >= 1.
 *
 * The form: a sum of integer * product of atoms; an atom is a symbol or a
 * floor division. Simplified away are, among others,
 *
 *   ceil(ceil(H / 2) / 2)  ->  ceil(H / 4)
 *   (2 * H) // 2           ->  H
 *   (3 * H + 5) // 2       ->  H + ceil(H / 2) + 2
 *   (C * H * W) // (H * W) ->  C
 *
 * A constructor gives NULL when memory is refused, when a number does not fit
 * in 64 bits, when the divisor is the constant 0, and when an expression
 * outgrows 256 terms or 64 levels; NULL as an operand gives NULL, so only the
 * last result of a chain needs a look. Operands must come from `pool`.
 */
#ifndef CVYI_PADDING_SIZE_H
#define CVYI_PADDING_SIZE_H

#include "base/memory.h"
#include "base/text.h"

typedef struct cvyi_expr cvyi_expr;
typedef const cvyi_expr *cvyi_size;

typedef struct cvyi_sizes {
    cvyi_arena *arena; /* borrowed; sizes live as long as it does */
    cvyi_expr **exprs; /* hash tables of everything made so far */
    struct cvyi_atom **atoms;
    int n_exprs, n_atoms, expr_slots, atom_slots;
} cvyi_sizes;

/* An empty pool. Nothing is to be closed but the arena. */
void cvyi_sizes_open(cvyi_sizes *pool, cvyi_arena *arena);

cvyi_size cvyi_size_of(cvyi_sizes *pool, int64_t value);
/* The name is copied; it must look like a Python identifier, else NULL. */
cvyi_size cvyi_size_symbol(cvyi_sizes *pool, const char *name);
cvyi_size cvyi_size_add(cvyi_sizes *pool, cvyi_size a, cvyi_size b);
cvyi_size cvyi_size_sub(cvyi_sizes *pool, cvyi_size a, cvyi_size b);
cvyi_size cvyi_size_mul(cvyi_sizes *pool, cvyi_size a, cvyi_size b);
/* Python's a // b, also for negative values. */
cvyi_size cvyi_size_floor(cvyi_sizes *pool, cvyi_size a, cvyi_size b);
/* -(-a // b) */
cvyi_size cvyi_size_ceil(cvyi_sizes *pool, cvyi_size a, cvyi_size b);

/* true and *out if the size is a plain number. */
bool cvyi_size_constant(int64_t *out, cvyi_size size);
/* The name of a size that is one symbol and nothing else, or NULL. Borrowed
 * from the pool. */
const char *cvyi_size_symbol_name(cvyi_size size);
/* true only if size >= bound is proven for all symbols >= 1; false says
 * nothing. */
bool cvyi_size_at_least(cvyi_size size, int64_t bound);
/* The size for given values; false for a symbol that is not among them, a
 * division by 0, or a number beyond 64 bits. */
bool cvyi_size_eval(int64_t *out, cvyi_size size, const char *const *symbols,
                    const int64_t *values, int n);
/* The same size in another pool. */
cvyi_size cvyi_size_import(cvyi_sizes *to, cvyi_size size);

/* "ceil(H / 4)", "2 * H + 1", "H // 2", "C * H * W" */
void cvyi_size_print(cvyi_text *text, cvyi_size size);
/* Reads what cvyi_size_print wrote, and any other mix of + - * // ceil( / )
 * and parentheses. *end is the first byte that is no part of it; NULL if
 * `text` does not begin with a size (or as for the constructors). */
cvyi_size cvyi_size_parse(cvyi_sizes *pool, const char *text,
                          const char **end);

/* Outputs of a window: ceil(length / stride), what SAME and causal give. */
cvyi_size cvyi_size_same(cvyi_sizes *pool, cvyi_size length, int64_t stride);
/* (length + before + after - ((taps - 1) * dilation + 1)) // stride + 1 */
cvyi_size cvyi_size_valid(cvyi_sizes *pool, cvyi_size length, int64_t taps,
                          int64_t stride, int64_t dilation, int64_t before,
                          int64_t after);

#endif
