/*
 * padding/poly.h - integer polynomials over atoms: the inside of a size.
 *
 * A polynomial is a list of terms with coefficients other than 0, the highest
 * degree first and then by the names of the atoms, so that equal polynomials
 * are equal lists. Everything lives in an arena; a false result says that
 * memory was refused, a coefficient left 64 bits, or a limit was passed.
 */
#ifndef CVYI_PADDING_POLY_H
#define CVYI_PADDING_POLY_H

#include "padding/size.h"

enum { CVYI_MAX_TERMS = 256, CVYI_MAX_DEGREE = 32, CVYI_MAX_DEPTH = 64 };

/* A symbol, or the floor division `top // bottom`. */
typedef struct cvyi_atom {
    struct cvyi_atom *next; /* in the pool's table */
    uint64_t hash;
    const char *name; /* NULL for a division */
    cvyi_size top, bottom;
    int depth;    /* divisions inside one another; 0 for a symbol */
    bool has_low; /* is the atom >= low proven? */
    int64_t low;
} cvyi_atom;

typedef struct cvyi_term {
    int64_t factor;
    int degree; /* atoms, sorted; one that is squared stands twice */
    const cvyi_atom *const *atoms;
} cvyi_term;

typedef struct cvyi_poly {
    int n;
    const cvyi_term *terms;
} cvyi_poly;

struct cvyi_expr {
    cvyi_expr *next; /* in the pool's table */
    uint64_t hash;
    cvyi_poly poly;
};

/* An order of atoms and of products of atoms that does not depend on the
 * pool. For products: a higher degree comes first, the constant last. */
int cvyi_atom_compare(const cvyi_atom *a, const cvyi_atom *b);
int cvyi_term_compare(const cvyi_term *a, const cvyi_term *b);
int cvyi_poly_compare(cvyi_poly a, cvyi_poly b);

bool cvyi_poly_of(cvyi_poly *out, cvyi_arena *arena, int64_t value);
bool cvyi_poly_atom(cvyi_poly *out, cvyi_arena *arena, const cvyi_atom *atom);
/* a + factor * b */
bool cvyi_poly_add(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a,
                   int64_t factor, cvyi_poly b);
bool cvyi_poly_mul(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a,
                   cvyi_poly b);
/* a * term */
bool cvyi_poly_scale(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a,
                     const cvyi_term *term);
/* Are all atoms of `part` in `whole`? */
bool cvyi_term_has(const cvyi_term *whole, const cvyi_term *part);
/* `whole` without the atoms of `part`, which it has; same factor. */
bool cvyi_term_without(cvyi_term *out, cvyi_arena *arena,
                       const cvyi_term *whole, const cvyi_term *part);
/* The constant term, 0 if there is none. */
int64_t cvyi_poly_constant(cvyi_poly a);

/* The largest bound found with a >= *out for all symbols; false if none. */
bool cvyi_poly_low(int64_t *out, cvyi_arena *arena, cvyi_poly a);

/* Floor division of numbers; b > 0. */
int64_t cvyi_floor_div(int64_t a, int64_t b);

/* The size with this polynomial, from the pool; NULL as in size.h. */
cvyi_size cvyi_size_intern(cvyi_sizes *pool, cvyi_poly poly);
/* The atom top // bottom as it stands, from the pool. */
const cvyi_atom *cvyi_atom_divide(cvyi_sizes *pool, cvyi_size top,
                                  cvyi_size bottom);

#endif
