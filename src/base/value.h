/*
 * base/value.h - a tree of plain values: what JSON, a Python literal or the
 * arguments of a call hold.
 *
 * Values are made in an arena and never change. A dict keeps the order in
 * which its source listed the keys, and has no key twice.
 */
#ifndef CVYI_BASE_VALUE_H
#define CVYI_BASE_VALUE_H

#include "base/memory.h"
#include "base/text.h"

typedef enum cvyi_kind {
    CVYI_NONE, /* None, null */
    CVYI_BOOL,
    CVYI_INT,   /* 64 bits, never rounded through a double */
    CVYI_FLOAT, /* inf and nan are legal */
    CVYI_TEXT,
    CVYI_LIST, /* lists and tuples alike */
    CVYI_DICT,
    /* Only among the arguments of a call: */
    CVYI_TENSOR, /* tensor number `integer` of the call */
    CVYI_SIZE,   /* a size that is not known yet: `size` is a cvyi_size */
} cvyi_kind;

typedef struct cvyi_value cvyi_value;
struct cvyi_value {
    cvyi_kind kind;
    union {
        bool truth;
        int64_t integer;
        double real;
        const char *text; /* UTF-8, terminated, without inner NUL */
        const void *size;
    };
    /* CVYI_LIST and CVYI_DICT: n items, and for a dict n keys. */
    int n;
    const cvyi_value *items;
    const char *const *keys;
};

/* The member of a dict, or NULL (also if `dict` is NULL or no dict). */
const cvyi_value *cvyi_get(const cvyi_value *dict, const char *key);

/* Missing (NULL) or None. */
bool cvyi_is_none(const cvyi_value *value);
/* value is the text `text`. NULL is not. */
bool cvyi_is_text(const cvyi_value *value, const char *text);
/* An int, or a float without fraction; false and *out untouched otherwise. */
bool cvyi_as_int(int64_t *out, const cvyi_value *value);
/* A float or an int. */
bool cvyi_as_double(double *out, const cvyi_value *value);
bool cvyi_as_bool(bool *out, const cvyi_value *value);
/* The text, or NULL if it is none. Borrowed. */
const char *cvyi_as_text(const cvyi_value *value);

/* Prints a value that Python has no literal for; false: it has one. */
typedef bool cvyi_value_put_fn(cvyi_text *out, const cvyi_value *value,
                               const void *context);
/* As Python writes it, lists as tuples: (1, 2.0, "same", None). `put` is asked
 * first about everything; NULL: nobody. */
void cvyi_value_put(cvyi_text *out, const cvyi_value *value,
                    cvyi_value_put_fn *put, const void *context);

/* Same kind and content; ints and floats of one value are equal. */
bool cvyi_value_equal(const cvyi_value *a, const cvyi_value *b);

#endif
