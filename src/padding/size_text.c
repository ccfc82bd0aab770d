/* padding/size_text.c - sizes as text, both ways. */
#include "padding/poly.h"

#include <inttypes.h>
#include <string.h>

static void print_poly(cvyi_text *text, cvyi_poly p);

/* As an operand of * or //: in parentheses if it is more than one word. */
static void print_operand(cvyi_text *text, cvyi_poly p)
{
    const bool word =
        p.n == 0 || (p.n == 1 && p.terms[0].factor >= 0 &&
                     (p.terms[0].degree == 0 ||
                      (p.terms[0].degree == 1 && p.terms[0].factor == 1 &&
                       p.terms[0].atoms[0]->name != NULL)));

    cvyi_text_put(text, word ? "" : "(");
    print_poly(text, p);
    cvyi_text_put(text, word ? "" : ")");
}

/* (e + q - 1) // q for a number q is written ceil(e / q); is this one? */
static bool is_ceil(const cvyi_atom *atom, cvyi_poly *e)
{
    const cvyi_poly top = atom->top->poly;
    int64_t divisor;

    if (!cvyi_size_constant(&divisor, atom->bottom) || top.n < 2 ||
        cvyi_poly_constant(top) != divisor - 1)
        return false;
    *e = (cvyi_poly){ .n = top.n - 1, .terms = top.terms };
    return true;
}

/* `alone` if nothing is multiplied with the atom. */
static void print_atom(cvyi_text *text, const cvyi_atom *atom, bool alone)
{
    cvyi_poly e;

    if (atom->name != NULL) {
        cvyi_text_put(text, atom->name);
    } else if (is_ceil(atom, &e)) {
        cvyi_text_put(text, "ceil(");
        if (e.n == 1)
            print_poly(text, e);
        else
            print_operand(text, e);
        cvyi_text_put(text, " / ");
        print_operand(text, atom->bottom->poly);
        cvyi_text_put(text, ")");
    } else {
        cvyi_text_put(text, alone ? "" : "(");
        print_operand(text, atom->top->poly);
        cvyi_text_put(text, " // ");
        print_operand(text, atom->bottom->poly);
        cvyi_text_put(text, alone ? "" : ")");
    }
}

/* The term with the given factor, which replaces its own. */
static void print_term(cvyi_text *text, const cvyi_term *t, int64_t factor)
{
    if (t->degree == 0 || (factor != 1 && factor != -1))
        cvyi_text_printf(text, "%" PRId64 "%s", factor,
                         t->degree > 0 ? " * " : "");
    else if (factor == -1)
        cvyi_text_put(text, "-");
    for (int k = 0; k < t->degree; k++) {
        cvyi_text_put(text, k > 0 ? " * " : "");
        print_atom(text, t->atoms[k], t->degree == 1 && factor == 1);
    }
}

static void print_poly(cvyi_text *text, cvyi_poly p)
{
    if (p.n == 0)
        cvyi_text_put(text, "0");
    for (int i = 0; i < p.n; i++) {
        const int64_t factor = p.terms[i].factor;
        const bool minus = i > 0 && factor < 0 && factor != INT64_MIN;

        if (i > 0)
            cvyi_text_put(text, minus ? " - " : " + ");
        print_term(text, &p.terms[i], minus ? -factor : factor);
    }
}

void cvyi_size_print(cvyi_text *text, cvyi_size size)
{
    print_poly(text, size->poly);
}

typedef struct reader {
    cvyi_sizes *pool;
    const char *at;
    int depth; /* of parentheses and signs */
} reader;

static cvyi_size read_sum(reader *r);

static void skip_blanks(reader *r)
{
    while (*r->at == ' ')
        r->at++;
}

/* Takes `word` if it comes next. */
static bool take(reader *r, const char *word)
{
    const size_t n = strlen(word);

    skip_blanks(r);
    if (strncmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Digits, with their sign, so that the smallest integer can be read. */
static cvyi_size read_number(reader *r, int sign)
{
    int64_t value = 0;

    for (; is_digit(*r->at); r->at++)
        if (!cvyi_mul64(&value, value, 10) ||
            !cvyi_add64(&value, value, sign * (*r->at - '0')))
            return NULL;
    return cvyi_size_of(r->pool, value);
}

static cvyi_size read_symbol(reader *r)
{
    const char *const first = r->at;

    while (is_letter(*r->at) || is_digit(*r->at))
        r->at++;

    char *const name =
        cvyi_arena_text(r->pool->arena, first, (size_t)(r->at - first));

    return name != NULL ? cvyi_size_symbol(r->pool, name) : NULL;
}

static cvyi_size read_factor(reader *r);

static cvyi_size read_group(reader *r)
{
    const cvyi_size inner = read_sum(r);

    return take(r, ")") ? inner : NULL;
}

/* After "ceil(". */
static cvyi_size read_ceil(reader *r)
{
    const cvyi_size top = read_sum(r);

    if (top == NULL || !take(r, "/"))
        return NULL;

    const cvyi_size bottom = read_factor(r);

    return take(r, ")") ? cvyi_size_ceil(r->pool, top, bottom) : NULL;
}

static cvyi_size read_factor(reader *r)
{
    cvyi_size result = NULL;

    if (++r->depth > 4 * CVYI_MAX_DEPTH)
        return NULL;
    if (take(r, "-")) {
        skip_blanks(r);
        result = is_digit(*r->at)
                     ? read_number(r, -1)
                     : cvyi_size_mul(r->pool, cvyi_size_of(r->pool, -1),
                                     read_factor(r));
    } else if (take(r, "(")) {
        result = read_group(r);
    } else if (take(r, "ceil(")) {
        result = read_ceil(r);
    } else if (is_digit(*r->at)) {
        result = read_number(r, 1);
    } else if (is_letter(*r->at)) {
        result = read_symbol(r);
    }
    r->depth--;
    return result;
}

static cvyi_size read_product(reader *r)
{
    cvyi_size result = read_factor(r);

    while (result != NULL) {
        const char *const before = r->at;

        if (take(r, "*")) {
            result = cvyi_size_mul(r->pool, result, read_factor(r));
        } else if (take(r, "//")) {
            result = cvyi_size_floor(r->pool, result, read_factor(r));
        } else {
            r->at = before;
            break;
        }
    }
    return result;
}

static cvyi_size read_sum(reader *r)
{
    cvyi_size result = read_product(r);

    while (result != NULL) {
        const char *const before = r->at;

        if (take(r, "+")) {
            result = cvyi_size_add(r->pool, result, read_product(r));
        } else if (take(r, "-")) {
            result = cvyi_size_sub(r->pool, result, read_product(r));
        } else {
            r->at = before;
            break;
        }
    }
    return result;
}

cvyi_size cvyi_size_parse(cvyi_sizes *pool, const char *text, const char **end)
{
    reader r = { .pool = pool, .at = text };
    const cvyi_size size = read_sum(&r);

    if (size != NULL)
        *end = r.at;
    return size;
}
