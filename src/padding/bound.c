/*
 * padding/bound.c - how small a size can get.
 *
 * Two arguments are tried in turn. First: with every atom written as its
 * least value plus something >= 0, a polynomial without negative factors is
 * at least its constant. Second: a floor division by a number q lies between
 * (x - q + 1) / q and x / q; multiplying everything by q gets rid of it.
 */
#include "padding/poly.h"

enum { MAX_RELAXED = 32 };

/* The constant of `a` after every atom x was replaced by low + x; false if
 * a factor of the rest is negative. */
static bool shifted_low(int64_t *out, cvyi_arena *arena, cvyi_poly a)
{
    cvyi_poly sum = { 0 };

    for (int i = 0; i < a.n; i++) {
        const cvyi_term *const t = &a.terms[i];
        cvyi_poly product, factor, low;

        if (!cvyi_poly_of(&product, arena, t->factor))
            return false;
        for (int k = 0; k < t->degree; k++)
            if (!t->atoms[k]->has_low ||
                !cvyi_poly_atom(&factor, arena, t->atoms[k]) ||
                !cvyi_poly_of(&low, arena, t->atoms[k]->low) ||
                !cvyi_poly_add(&factor, arena, factor, 1, low) ||
                !cvyi_poly_mul(&product, arena, product, factor))
                return false;
        if (!cvyi_poly_add(&sum, arena, sum, 1, product))
            return false;
    }
    for (int i = 0; i < sum.n; i++)
        if (sum.terms[i].degree > 0 && sum.terms[i].factor < 0)
            return false;
    *out = cvyi_poly_constant(sum);
    return true;
}

static bool by_number(const cvyi_atom *atom)
{
    int64_t divisor;

    return atom->name == NULL && cvyi_size_constant(&divisor, atom->bottom);
}

/* A division to get rid of: one with a negative factor if there is any, for
 * only that one stands in the way of the first argument. */
static const cvyi_atom *pick(cvyi_poly a)
{
    const cvyi_atom *found = NULL;

    for (int i = 0; i < a.n; i++)
        for (int k = 0; k < a.terms[i].degree; k++)
            if (by_number(a.terms[i].atoms[k])) {
                if (a.terms[i].factor < 0)
                    return a.terms[i].atoms[k];
                if (found == NULL)
                    found = a.terms[i].atoms[k];
            }
    return found;
}

static bool never_negative(const cvyi_term *t)
{
    for (int k = 0; k < t->degree; k++)
        if (!t->atoms[k]->has_low || t->atoms[k]->low < 0)
            return false;
    return true;
}

/* *a becomes a polynomial that is at most q times the old one, without the
 * division `atom` by q. */
static bool relax(cvyi_poly *a, cvyi_arena *arena, const cvyi_atom *atom,
                  int64_t q)
{
    const cvyi_term one = { .factor = 1, .degree = 1, .atoms = &atom };
    cvyi_poly upper = atom->top->poly, lower, room, sum = { 0 };

    if (!cvyi_poly_of(&room, arena, q - 1) ||
        !cvyi_poly_add(&lower, arena, upper, -1, room))
        return false;
    for (int i = 0; i < a->n; i++) {
        const cvyi_term *const t = &a->terms[i];
        const cvyi_poly same = { .n = 1, .terms = t };
        cvyi_term others;
        cvyi_poly part;

        if (!cvyi_term_has(t, &one)) {
            if (!cvyi_poly_add(&sum, arena, sum, q, same))
                return false;
            continue;
        }
        if (!cvyi_term_without(&others, arena, t, &one) ||
            cvyi_term_has(&others, &one) || !never_negative(&others) ||
            !cvyi_poly_scale(&part, arena, t->factor < 0 ? upper : lower,
                             &others) ||
            !cvyi_poly_add(&sum, arena, sum, 1, part))
            return false;
    }
    *a = sum;
    return true;
}

bool cvyi_poly_low(int64_t *out, cvyi_arena *arena, cvyi_poly a)
{
    int64_t scale = 1, low, best = 0, q;
    bool found = false;

    for (int i = 0; i <= MAX_RELAXED; i++) {
        /* scale * a >= low, and a is an integer. */
        if (shifted_low(&low, arena, a) && low != INT64_MIN) {
            low = -cvyi_floor_div(-low, scale);
            best = found && best > low ? best : low;
            found = true;
        }

        const cvyi_atom *const atom = pick(a);

        if (atom == NULL)
            break;
        q = cvyi_poly_constant(atom->bottom->poly);
        if (!cvyi_mul64(&scale, scale, q) || !relax(&a, arena, atom, q))
            break;
    }
    if (found)
        *out = best;
    return found;
}

bool cvyi_size_at_least(cvyi_size size, int64_t bound)
{
    cvyi_arena arena = { 0 };
    int64_t low;

    if (size == NULL)
        return false;

    const bool proven =
        cvyi_poly_low(&low, &arena, size->poly) && low >= bound;

    cvyi_arena_close(&arena);
    return proven;
}
