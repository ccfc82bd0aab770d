/* padding/poly.c - integer polynomials over atoms. */
#include "padding/poly.h"

#include <string.h>

int cvyi_atom_compare(const cvyi_atom *a, const cvyi_atom *b)
{
    if (a == b)
        return 0;
    if (a->name != NULL && b->name != NULL)
        return strcmp(a->name, b->name);
    if (a->name != NULL || b->name != NULL)
        return a->name != NULL ? -1 : 1;

    const int top = cvyi_poly_compare(a->top->poly, b->top->poly);

    return top != 0 ? top
                    : cvyi_poly_compare(a->bottom->poly, b->bottom->poly);
}

/* Degree, then atom by atom: the first that differs decides. Multiplying both
 * sides by a third product keeps the order, which division relies on. */
int cvyi_term_compare(const cvyi_term *a, const cvyi_term *b)
{
    if (a->degree != b->degree)
        return a->degree > b->degree ? -1 : 1;
    for (int i = 0; i < a->degree; i++) {
        const int order = cvyi_atom_compare(a->atoms[i], b->atoms[i]);

        if (order != 0)
            return order;
    }
    return 0;
}

int cvyi_poly_compare(cvyi_poly a, cvyi_poly b)
{
    for (int i = 0; i < a.n && i < b.n; i++) {
        const int order = cvyi_term_compare(&a.terms[i], &b.terms[i]);

        if (order != 0)
            return order;
        if (a.terms[i].factor != b.terms[i].factor)
            return a.terms[i].factor < b.terms[i].factor ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool cvyi_poly_of(cvyi_poly *out, cvyi_arena *arena, int64_t value)
{
    cvyi_term *const term = cvyi_arena_alloc(arena, 1, sizeof *term);

    if (term == NULL)
        return false;
    term->factor = value;
    *out = (cvyi_poly){ .n = value != 0, .terms = term };
    return true;
}

bool cvyi_poly_atom(cvyi_poly *out, cvyi_arena *arena, const cvyi_atom *atom)
{
    cvyi_term *const term = cvyi_arena_alloc(arena, 1, sizeof *term);
    const cvyi_atom **const atoms = cvyi_arena_alloc(arena, 1, sizeof *atoms);

    if (term == NULL || atoms == NULL)
        return false;
    atoms[0] = atom;
    *term = (cvyi_term){ .factor = 1, .degree = 1, .atoms = atoms };
    *out = (cvyi_poly){ .n = 1, .terms = term };
    return true;
}

bool cvyi_poly_add(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a,
                   int64_t factor, cvyi_poly b)
{
    cvyi_term *const terms =
        cvyi_arena_alloc(arena, (size_t)a.n + (size_t)b.n, sizeof *terms);
    int n = 0, i = 0, j = 0;

    if (terms == NULL)
        return false;
    while (i < a.n || j < b.n) {
        const int order = i == a.n ? 1
                          : j == b.n
                              ? -1
                              : cvyi_term_compare(&a.terms[i], &b.terms[j]);
        cvyi_term t = order <= 0 ? a.terms[i++] : b.terms[j];

        if (order > 0)
            t.factor = 0;
        if (order >= 0) {
            int64_t more;

            if (!cvyi_mul64(&more, b.terms[j++].factor, factor) ||
                !cvyi_add64(&t.factor, t.factor, more))
                return false;
        }
        if (t.factor != 0)
            terms[n++] = t;
    }
    *out = (cvyi_poly){ .n = n, .terms = terms };
    return n <= CVYI_MAX_TERMS;
}

static bool term_mul(cvyi_term *out, cvyi_arena *arena, const cvyi_term *a,
                     const cvyi_term *b)
{
    const int degree = a->degree + b->degree;
    const cvyi_atom **const atoms =
        cvyi_arena_alloc(arena, (size_t)degree, sizeof *atoms);
    int64_t factor;

    if (atoms == NULL || degree > CVYI_MAX_DEGREE ||
        !cvyi_mul64(&factor, a->factor, b->factor))
        return false;
    for (int n = 0, i = 0, j = 0; n < degree; n++)
        atoms[n] = j == b->degree ||
                           (i < a->degree &&
                            cvyi_atom_compare(a->atoms[i], b->atoms[j]) <= 0)
                       ? a->atoms[i++]
                       : b->atoms[j++];
    *out = (cvyi_term){ .factor = factor, .degree = degree, .atoms = atoms };
    return true;
}

bool cvyi_poly_scale(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a,
                     const cvyi_term *term)
{
    cvyi_term *const terms =
        cvyi_arena_alloc(arena, (size_t)a.n, sizeof *terms);

    if (terms == NULL)
        return false;
    for (int i = 0; i < a.n; i++)
        if (!term_mul(&terms[i], arena, &a.terms[i], term))
            return false;
    *out = (cvyi_poly){ .n = a.n, .terms = terms };
    return true;
}

bool cvyi_poly_mul(cvyi_poly *out, cvyi_arena *arena, cvyi_poly a, cvyi_poly b)
{
    cvyi_poly sum = { 0 }, part;

    for (int i = 0; i < b.n; i++)
        if (!cvyi_poly_scale(&part, arena, a, &b.terms[i]) ||
            !cvyi_poly_add(&sum, arena, sum, 1, part))
            return false;
    *out = sum;
    return true;
}

bool cvyi_term_has(const cvyi_term *whole, const cvyi_term *part)
{
    int j = 0;

    for (int i = 0; i < whole->degree && j < part->degree; i++)
        j += whole->atoms[i] == part->atoms[j];
    return j == part->degree;
}

bool cvyi_term_without(cvyi_term *out, cvyi_arena *arena,
                       const cvyi_term *whole, const cvyi_term *part)
{
    const cvyi_atom **const atoms =
        cvyi_arena_alloc(arena, (size_t)whole->degree, sizeof *atoms);
    int n = 0, j = 0;

    if (atoms == NULL)
        return false;
    for (int i = 0; i < whole->degree; i++)
        if (j < part->degree && whole->atoms[i] == part->atoms[j])
            j++;
        else
            atoms[n++] = whole->atoms[i];
    *out = (cvyi_term){ .factor = whole->factor, .degree = n, .atoms = atoms };
    return true;
}

int64_t cvyi_poly_constant(cvyi_poly a)
{
    return a.n > 0 && a.terms[a.n - 1].degree == 0 ? a.terms[a.n - 1].factor
                                                   : 0;
}

int64_t cvyi_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}
