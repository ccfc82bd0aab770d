/*
 * padding/divide.c - floor division of sizes, simplified.
 *
 * The quotient is taken apart into a polynomial that is outside of any floor
 * and a rest that is not; the rest then loses common factors and inner
 * divisions until no rule fits. Every rule is an identity over the integers;
 * each says what it needs to be one.
 */
#include "padding/poly.h"

typedef struct quotient {
    cvyi_poly whole;       /* outside of the floor */
    cvyi_poly top, bottom; /* inside */
} quotient;

typedef enum outcome { FAILED, KEPT, CHANGED } outcome;

static bool negate(cvyi_poly *p, cvyi_arena *arena)
{
    return cvyi_poly_add(p, arena, (cvyi_poly){ 0 }, -1, *p);
}

static bool is_constant(int64_t *out, cvyi_poly p)
{
    *out = cvyi_poly_constant(p);
    return p.n == 0 || (p.n == 1 && p.terms[0].degree == 0);
}

/* Is p >= bound proven? */
static bool at_least(cvyi_arena *arena, cvyi_poly p, int64_t bound)
{
    int64_t low;

    return cvyi_poly_low(&low, arena, p) && low >= bound;
}

/* Long division: moves into q->whole what the leading term of the divisor,
 * whose factor is positive, goes into. (b * k + r) // b = k + r // b. */
static bool divide_out(quotient *q, cvyi_arena *arena)
{
    const cvyi_term *const lead = &q->bottom.terms[0];

    for (int i = 0; i < q->top.n;) {
        const cvyi_term *const t = &q->top.terms[i];
        const int64_t times = cvyi_floor_div(t->factor, lead->factor);
        const bool rests = t->factor % lead->factor != 0;
        cvyi_term part;
        cvyi_poly product;

        if (times == 0 || !cvyi_term_has(t, lead)) {
            i++;
            continue;
        }
        if (!cvyi_term_without(&part, arena, t, lead))
            return false;
        part.factor = times;

        const cvyi_poly k = { .n = 1, .terms = &part };

        if (!cvyi_poly_scale(&product, arena, q->bottom, &part) ||
            !cvyi_poly_add(&q->top, arena, q->top, -1, product) ||
            !cvyi_poly_add(&q->whole, arena, q->whole, 1, k))
            return false;
        i += rests;
    }
    return true;
}

/* 0 <= top < bottom gives 0; -bottom <= top < 0 gives -1. */
static outcome divide_small(quotient *q, cvyi_arena *arena)
{
    const cvyi_poly none = { 0 };
    cvyi_poly sum, minus, one;

    if (!cvyi_poly_add(&sum, arena, q->bottom, 1, q->top) ||
        !cvyi_poly_add(&minus, arena, none, -1, q->top))
        return FAILED;
    if (at_least(arena, q->top, 0)) {
        if (!cvyi_poly_add(&sum, arena, q->bottom, -1, q->top))
            return FAILED;
        if (!at_least(arena, sum, 1))
            return KEPT;
    } else if (at_least(arena, minus, 1) && at_least(arena, sum, 0)) {
        if (!cvyi_poly_of(&one, arena, 1) ||
            !cvyi_poly_add(&q->whole, arena, q->whole, -1, one))
            return FAILED;
    } else {
        return KEPT;
    }
    q->top = none;
    return CHANGED;
}

static uint64_t magnitude(int64_t a)
{
    return a < 0 ? -(uint64_t)a : (uint64_t)a;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static bool shrink(cvyi_poly *p, cvyi_arena *arena, int64_t by)
{
    cvyi_term *const terms =
        cvyi_arena_alloc(arena, (size_t)p->n, sizeof *terms);
    int n = 0;

    if (terms == NULL)
        return false;
    for (int i = 0; i < p->n; i++) {
        terms[n] = p->terms[i];
        terms[n].factor = cvyi_floor_div(terms[n].factor, by);
        n += terms[n].factor != 0;
    }
    *p = (cvyi_poly){ .n = n, .terms = terms };
    return true;
}

/* (g * x + c) // (g * y) = (x + c // g) // y for a number g > 0, y > 0. */
static outcome cancel_number(quotient *q, cvyi_arena *arena)
{
    uint64_t common = 0;

    for (int i = 0; i < q->top.n; i++)
        if (q->top.terms[i].degree > 0)
            common = gcd(common, magnitude(q->top.terms[i].factor));
    for (int i = 0; i < q->bottom.n; i++)
        common = gcd(common, magnitude(q->bottom.terms[i].factor));
    if (common <= 1 || common > INT64_MAX || !at_least(arena, q->bottom, 1))
        return KEPT;
    return shrink(&q->top, arena, (int64_t)common) &&
                   shrink(&q->bottom, arena, (int64_t)common)
               ? CHANGED
               : FAILED;
}

static bool all_have(cvyi_poly p, const cvyi_term *part)
{
    for (int i = 0; i < p.n; i++)
        if (!cvyi_term_has(&p.terms[i], part))
            return false;
    return true;
}

static bool strip(cvyi_poly *p, cvyi_arena *arena, const cvyi_term *part)
{
    cvyi_term *const terms =
        cvyi_arena_alloc(arena, (size_t)p->n, sizeof *terms);

    if (terms == NULL)
        return false;
    for (int i = 0; i < p->n; i++)
        if (!cvyi_term_without(&terms[i], arena, &p->terms[i], part))
            return false;
    p->terms = terms;
    return true;
}

/* (a * x) // (a * y) = x // y for an atom a >= 1. */
static outcome cancel_atom(quotient *q, cvyi_arena *arena)
{
    const cvyi_term *const lead = &q->bottom.terms[0];

    for (int k = 0; k < lead->degree; k++) {
        const cvyi_term part = { .factor = 1,
                                 .degree = 1,
                                 .atoms = &lead->atoms[k] };

        if (lead->atoms[k]->has_low && lead->atoms[k]->low >= 1 &&
            all_have(q->top, &part) && all_have(q->bottom, &part))
            return strip(&q->top, arena, &part) &&
                           strip(&q->bottom, arena, &part)
                       ? CHANGED
                       : FAILED;
    }
    return KEPT;
}

/* (x // a + m) // b = (x + a * m) // (a * b) for numbers a, b > 0. */
static outcome flatten(quotient *q, cvyi_arena *arena)
{
    int64_t outer, inner;
    cvyi_poly atom, rest;

    if (!is_constant(&outer, q->bottom))
        return KEPT;
    for (int i = 0; i < q->top.n; i++) {
        const cvyi_term *const t = &q->top.terms[i];

        if (t->degree != 1 || t->factor != 1 || t->atoms[0]->name != NULL ||
            !is_constant(&inner, t->atoms[0]->bottom->poly))
            continue;
        atom = (cvyi_poly){ .n = 1, .terms = t };
        if (!cvyi_poly_add(&rest, arena, q->top, -1, atom) ||
            !cvyi_poly_add(&q->top, arena, t->atoms[0]->top->poly, inner,
                           rest) ||
            !cvyi_mul64(&outer, outer, inner) ||
            !cvyi_poly_of(&q->bottom, arena, outer))
            return FAILED;
        return CHANGED;
    }
    return KEPT;
}

/* One round of all rules. CHANGED means that another one may find more. */
static outcome simplify(quotient *q, cvyi_arena *arena)
{
    static outcome (*const rules[])(quotient *, cvyi_arena *) = {
        divide_small, cancel_number, cancel_atom, flatten
    };

    if (q->bottom.terms[0].factor < 0 &&
        (!negate(&q->top, arena) || !negate(&q->bottom, arena)))
        return FAILED;
    if (!divide_out(q, arena))
        return FAILED;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && q->top.n > 0; i++) {
        const outcome result = rules[i](q, arena);

        if (result != KEPT)
            return result;
    }
    return KEPT;
}

cvyi_size cvyi_size_floor(cvyi_sizes *pool, cvyi_size a, cvyi_size b)
{
    cvyi_poly rest;
    outcome result;

    if (a == NULL || b == NULL || b->poly.n == 0)
        return NULL;

    quotient q = { .top = a->poly, .bottom = b->poly };

    do
        result = simplify(&q, pool->arena);
    while (result == CHANGED && q.top.n > 0);
    if (result == FAILED)
        return NULL;
    if (q.top.n > 0) {
        const cvyi_atom *const atom =
            cvyi_atom_divide(pool, cvyi_size_intern(pool, q.top),
                             cvyi_size_intern(pool, q.bottom));

        if (atom == NULL || !cvyi_poly_atom(&rest, pool->arena, atom) ||
            !cvyi_poly_add(&q.whole, pool->arena, q.whole, 1, rest))
            return NULL;
    }
    return cvyi_size_intern(pool, q.whole);
}

cvyi_size cvyi_size_ceil(cvyi_sizes *pool, cvyi_size a, cvyi_size b)
{
    const cvyi_size one = cvyi_size_of(pool, 1);
    const cvyi_size zero = cvyi_size_of(pool, 0);
    int64_t divisor;

    if (a == NULL || b == NULL || one == NULL || zero == NULL)
        return NULL;
    if (cvyi_size_constant(&divisor, b) && divisor < 0) {
        a = cvyi_size_sub(pool, zero, a);
        b = cvyi_size_sub(pool, zero, b);
    }
    if (b != NULL && at_least(pool->arena, b->poly, 1))
        return cvyi_size_floor(
            pool, cvyi_size_add(pool, a, cvyi_size_sub(pool, b, one)), b);
    return cvyi_size_sub(
        pool, zero, cvyi_size_floor(pool, cvyi_size_sub(pool, zero, a), b));
}
