/* padding/size.c - the pool of sizes, and their sums and products. */
#include "padding/size.h"

#include "padding/poly.h"

#include <string.h>

void cvyi_sizes_open(cvyi_sizes *pool, cvyi_arena *arena)
{
    *pool = (cvyi_sizes){ .arena = arena };
}

static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t poly_hash(cvyi_poly poly)
{
    uint64_t hash = (uint64_t)poly.n;

    for (int i = 0; i < poly.n; i++) {
        const cvyi_term *const t = &poly.terms[i];

        hash = mix(hash, (uint64_t)t->factor);
        for (int k = 0; k < t->degree; k++)
            hash = mix(hash, t->atoms[k]->hash);
    }
    return hash;
}

/* Twice the slots, and everything in its new one. */
static bool grow_exprs(cvyi_sizes *pool)
{
    const int slots = pool->expr_slots > 0 ? pool->expr_slots * 2 : 64;
    cvyi_expr **const moved =
        cvyi_arena_alloc(pool->arena, (size_t)slots, sizeof(cvyi_expr *));

    if (moved == NULL)
        return false;
    for (int i = 0; i < pool->expr_slots; i++)
        for (cvyi_expr *e = pool->exprs[i], *next; e != NULL; e = next) {
            cvyi_expr **const slot = &moved[e->hash % (uint64_t)slots];

            next = e->next;
            e->next = *slot;
            *slot = e;
        }
    pool->exprs = moved;
    pool->expr_slots = slots;
    return true;
}

static bool grow_atoms(cvyi_sizes *pool)
{
    const int slots = pool->atom_slots > 0 ? pool->atom_slots * 2 : 32;
    cvyi_atom **const moved =
        cvyi_arena_alloc(pool->arena, (size_t)slots, sizeof(cvyi_atom *));

    if (moved == NULL)
        return false;
    for (int i = 0; i < pool->atom_slots; i++)
        for (cvyi_atom *a = pool->atoms[i], *next; a != NULL; a = next) {
            cvyi_atom **const slot = &moved[a->hash % (uint64_t)slots];

            next = a->next;
            a->next = *slot;
            *slot = a;
        }
    pool->atoms = moved;
    pool->atom_slots = slots;
    return true;
}

cvyi_size cvyi_size_intern(cvyi_sizes *pool, cvyi_poly poly)
{
    const uint64_t hash = poly_hash(poly);

    if (pool->n_exprs >= pool->expr_slots && !grow_exprs(pool))
        return NULL;

    cvyi_expr **const slot = &pool->exprs[hash % (uint64_t)pool->expr_slots];

    for (const cvyi_expr *e = *slot; e != NULL; e = e->next)
        if (e->hash == hash && cvyi_poly_compare(e->poly, poly) == 0)
            return e;

    cvyi_expr *const made = cvyi_arena_alloc(pool->arena, 1, sizeof *made);

    if (made == NULL)
        return NULL;
    *made = (cvyi_expr){ .next = *slot, .hash = hash, .poly = poly };
    *slot = made;
    pool->n_exprs++;
    return made;
}

static int depth_of(cvyi_poly poly)
{
    int depth = 0;

    for (int i = 0; i < poly.n; i++)
        for (int k = 0; k < poly.terms[i].degree; k++)
            if (poly.terms[i].atoms[k]->depth > depth)
                depth = poly.terms[i].atoms[k]->depth;
    return depth;
}

/* A lower bound of top // bottom from those of its parts. */
static void bound_division(cvyi_atom *atom, cvyi_arena *arena)
{
    int64_t top, bottom, divisor;

    if (!cvyi_poly_low(&top, arena, atom->top->poly) ||
        !cvyi_poly_low(&bottom, arena, atom->bottom->poly) || bottom < 1)
        return;
    atom->has_low = true;
    if (cvyi_size_constant(&divisor, atom->bottom))
        atom->low = cvyi_floor_div(top, divisor);
    else
        atom->low = top < 0 ? top : 0; /* the divisor may be any from 1 on */
}

/* The atom like `wanted`, which the pool then holds. */
static const cvyi_atom *atom_intern(cvyi_sizes *pool, const cvyi_atom *wanted)
{
    if (pool->n_atoms >= pool->atom_slots && !grow_atoms(pool))
        return NULL;

    cvyi_atom **const slot =
        &pool->atoms[wanted->hash % (uint64_t)pool->atom_slots];

    for (const cvyi_atom *a = *slot; a != NULL; a = a->next)
        if (a->hash == wanted->hash && cvyi_atom_compare(a, wanted) == 0)
            return a;

    cvyi_atom *const made = cvyi_arena_alloc(pool->arena, 1, sizeof *made);

    if (made == NULL)
        return NULL;
    *made = *wanted;
    if (made->name != NULL) {
        made->name =
            cvyi_arena_text(pool->arena, wanted->name, strlen(wanted->name));
        if (made->name == NULL)
            return NULL;
    } else {
        bound_division(made, pool->arena);
    }
    made->next = *slot;
    *slot = made;
    pool->n_atoms++;
    return made;
}

const cvyi_atom *cvyi_atom_divide(cvyi_sizes *pool, cvyi_size top,
                                  cvyi_size bottom)
{
    cvyi_atom atom = { .top = top, .bottom = bottom };

    if (top == NULL || bottom == NULL)
        return NULL;
    atom.depth = depth_of(top->poly);
    if (depth_of(bottom->poly) > atom.depth)
        atom.depth = depth_of(bottom->poly);
    atom.depth++;
    atom.hash = mix(mix(1, top->hash), bottom->hash);
    return atom.depth <= CVYI_MAX_DEPTH ? atom_intern(pool, &atom) : NULL;
}

cvyi_size cvyi_size_of(cvyi_sizes *pool, int64_t value)
{
    cvyi_poly poly;

    return cvyi_poly_of(&poly, pool->arena, value)
               ? cvyi_size_intern(pool, poly)
               : NULL;
}

static bool is_identifier(const char *name)
{
    static const char allowed[] = "0123456789_"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return name[0] != '\0' && (name[0] < '0' || name[0] > '9') &&
           name[strspn(name, allowed)] == '\0';
}

cvyi_size cvyi_size_symbol(cvyi_sizes *pool, const char *name)
{
    cvyi_atom atom = { .name = name, .has_low = true, .low = 1 };
    cvyi_poly poly;

    if (!is_identifier(name))
        return NULL;
    for (const char *p = name; *p != '\0'; p++)
        atom.hash = mix(atom.hash + 1, (unsigned char)*p);

    const cvyi_atom *const made = atom_intern(pool, &atom);

    return made != NULL && cvyi_poly_atom(&poly, pool->arena, made)
               ? cvyi_size_intern(pool, poly)
               : NULL;
}

cvyi_size cvyi_size_add(cvyi_sizes *pool, cvyi_size a, cvyi_size b)
{
    cvyi_poly sum;

    if (a == NULL || b == NULL ||
        !cvyi_poly_add(&sum, pool->arena, a->poly, 1, b->poly))
        return NULL;
    return cvyi_size_intern(pool, sum);
}

cvyi_size cvyi_size_sub(cvyi_sizes *pool, cvyi_size a, cvyi_size b)
{
    cvyi_poly sum;

    if (a == NULL || b == NULL ||
        !cvyi_poly_add(&sum, pool->arena, a->poly, -1, b->poly))
        return NULL;
    return cvyi_size_intern(pool, sum);
}

cvyi_size cvyi_size_mul(cvyi_sizes *pool, cvyi_size a, cvyi_size b)
{
    cvyi_poly product;

    if (a == NULL || b == NULL ||
        !cvyi_poly_mul(&product, pool->arena, a->poly, b->poly))
        return NULL;
    return cvyi_size_intern(pool, product);
}

bool cvyi_size_constant(int64_t *out, cvyi_size size)
{
    if (size == NULL || size->poly.n > 1 ||
        (size->poly.n == 1 && size->poly.terms[0].degree > 0))
        return false;
    *out = cvyi_poly_constant(size->poly);
    return true;
}

const char *cvyi_size_symbol_name(cvyi_size size)
{
    if (size == NULL || size->poly.n != 1 || size->poly.terms[0].degree != 1 ||
        size->poly.terms[0].factor != 1)
        return NULL;
    return size->poly.terms[0].atoms[0]->name;
}

static bool atom_eval(int64_t *out, const cvyi_atom *atom,
                      const char *const *symbols, const int64_t *values, int n)
{
    int64_t top, bottom;

    if (atom->name == NULL) {
        if (!cvyi_size_eval(&top, atom->top, symbols, values, n) ||
            !cvyi_size_eval(&bottom, atom->bottom, symbols, values, n) ||
            bottom == 0 || (bottom < 0 && top == INT64_MIN))
            return false;
        if (bottom == INT64_MIN) /* its absolute value does not exist */
            *out = top == INT64_MIN ? 1 : top > 0 ? -1 : 0;
        else
            *out = bottom > 0 ? cvyi_floor_div(top, bottom)
                              : cvyi_floor_div(-top, -bottom);
        return true;
    }
    for (int i = 0; i < n; i++)
        if (strcmp(symbols[i], atom->name) == 0) {
            *out = values[i];
            return true;
        }
    return false;
}

bool cvyi_size_eval(int64_t *out, cvyi_size size, const char *const *symbols,
                    const int64_t *values, int n)
{
    int64_t sum = 0;

    if (size == NULL)
        return false;
    for (int i = 0; i < size->poly.n; i++) {
        const cvyi_term *const t = &size->poly.terms[i];
        int64_t product = t->factor, atom;

        for (int k = 0; k < t->degree; k++)
            if (!atom_eval(&atom, t->atoms[k], symbols, values, n) ||
                !cvyi_mul64(&product, product, atom))
                return false;
        if (!cvyi_add64(&sum, sum, product))
            return false;
    }
    *out = sum;
    return true;
}

static cvyi_size import_atom(cvyi_sizes *to, const cvyi_atom *atom)
{
    if (atom->name != NULL)
        return cvyi_size_symbol(to, atom->name);
    return cvyi_size_floor(to, cvyi_size_import(to, atom->top),
                           cvyi_size_import(to, atom->bottom));
}

cvyi_size cvyi_size_import(cvyi_sizes *to, cvyi_size size)
{
    cvyi_size sum = size != NULL ? cvyi_size_of(to, 0) : NULL;

    for (int i = 0; sum != NULL && i < size->poly.n; i++) {
        const cvyi_term *const t = &size->poly.terms[i];
        cvyi_size product = cvyi_size_of(to, t->factor);

        for (int k = 0; k < t->degree; k++)
            product = cvyi_size_mul(to, product, import_atom(to, t->atoms[k]));
        sum = cvyi_size_add(to, sum, product);
    }
    return sum;
}

cvyi_size cvyi_size_same(cvyi_sizes *pool, cvyi_size length, int64_t stride)
{
    return cvyi_size_ceil(pool, length, cvyi_size_of(pool, stride));
}

cvyi_size cvyi_size_valid(cvyi_sizes *pool, cvyi_size length, int64_t taps,
                          int64_t stride, int64_t dilation, int64_t before,
                          int64_t after)
{
    int64_t room;

    /* before + after - span, where span = (taps - 1) * dilation + 1 */
    if (!cvyi_add64(&room, taps, -1) || !cvyi_mul64(&room, room, dilation) ||
        !cvyi_mul64(&room, room, -1) || !cvyi_add64(&room, room, -1) ||
        !cvyi_add64(&room, room, before) || !cvyi_add64(&room, room, after))
        return NULL;
    length = cvyi_size_add(pool, length, cvyi_size_of(pool, room));
    return cvyi_size_add(
        pool, cvyi_size_floor(pool, length, cvyi_size_of(pool, stride)),
        cvyi_size_of(pool, 1));
}
