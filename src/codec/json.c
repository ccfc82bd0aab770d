/*
 * codec/json.c - JSON over jansson.
 *
 * Jansson does not know NaN and Infinity. One pass over the text replaces
 * each, outside strings, by a string of the same length ("N" for NaN), so
 * that offsets stay true. Which string it is, is remembered by its number:
 * strings are counted in the order of the text, keys included, and the tree
 * keeps that order. So a real "N" stays a text.
 *
 * Jansson allocates for itself: its allocator is one for the whole process,
 * and the process may not be ours. What it needs is bounded by the text.
 */
#include "codec/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { DEPTH_MOST = 100 };

static const size_t SIZE_MOST = 100 * 1000 * 1000;

typedef struct special {
    const char *word, *stand_in;
    double value;
} special;

static const special specials[] = {
    { "NaN", "\"N\"", (double)NAN },
    { "Infinity", "\"Infini\"", (double)INFINITY },
    { "-Infinity", "\"-Infini\"", -(double)INFINITY },
};

/* A replaced word: the how many-th string of the text it has become. */
typedef struct mark {
    size_t string;
    double value;
} mark;

typedef struct scan {
    char *text; /* a copy, in which words are replaced */
    size_t size;
    size_t n_strings;
    int depth;
    cvyi_arena marks_arena;
    mark *marks;
    int n_marks, capacity;
} scan;

/* First byte after the string that begins at `at`. */
static size_t skip_string(const scan *s, size_t at)
{
    for (at++; at < s->size && s->text[at] != '"'; at++)
        if (s->text[at] == '\\')
            at++;
    return at < s->size ? at + 1 : s->size;
}

static const special *special_at(const scan *s, size_t at)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        const size_t n = strlen(specials[i].word);

        if (n <= s->size - at &&
            memcmp(s->text + at, specials[i].word, n) == 0)
            return &specials[i];
    }
    return NULL;
}

static cvy_status replace(scan *s, size_t at, const special *found,
                          cvy_error *err)
{
    mark *const marks = cvyi_arena_grow(&s->marks_arena, s->marks, s->n_marks,
                                        &s->capacity, sizeof *marks);

    if (marks == NULL)
        return cvyi_no_memory(err);
    marks[s->n_marks++] = (mark){ s->n_strings++, found->value };
    s->marks = marks;
    memcpy(s->text + at, found->stand_in, strlen(found->stand_in));
    return CVY_OK;
}

/* Counts strings, replaces words, and bounds the depth before jansson, which
 * recurses, sees the text. */
static cvy_status scan_text(scan *s, cvy_error *err)
{
    for (size_t at = 0; at < s->size;) {
        const char c = s->text[at];

        if (c == '"') {
            s->n_strings++;
            at = skip_string(s, at);
            continue;
        }
        if (c == 'N' || c == 'I' || c == '-') {
            const special *const found = special_at(s, at);

            if (found != NULL) {
                CVYI_TRY(replace(s, at, found, err));
                at += strlen(found->word);
                continue;
            }
        }
        if ((c == '[' || c == '{') && ++s->depth > DEPTH_MOST)
            return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)at,
                                "JSON nested deeper than %d levels",
                                (int)DEPTH_MOST);
        if ((c == ']' || c == '}') && s->depth > 0)
            s->depth--;
        at++;
    }
    return CVY_OK;
}

/* Jansson's own text quotes the file, so it is not passed on. */
static cvy_status explain(const json_error_t *e, size_t size, cvy_error *err)
{
    static const struct {
        enum json_error_code code;
        cvy_status status;
        const char *text;
    } causes[] = {
        { json_error_premature_end_of_input, CVY_FORMAT,
          "the JSON text is cut short" },
        { json_error_end_of_input_expected, CVY_FORMAT,
          "more text after the JSON value" },
        { json_error_invalid_utf8, CVY_FORMAT, "JSON that is not UTF-8" },
        { json_error_null_character, CVY_UNSUPPORTED,
          "a NUL inside a JSON string" },
        { json_error_null_byte_in_key, CVY_UNSUPPORTED,
          "a NUL inside a JSON key" },
        { json_error_duplicate_key, CVY_FORMAT,
          "a key is given twice in one JSON object" },
        { json_error_numeric_overflow, CVY_UNSUPPORTED,
          "a JSON number beyond 64 bits" },
    };
    const int64_t at = e->position < 0              ? 0
                       : (size_t)e->position > size ? (int64_t)size
                                                    : e->position;

    if (json_error_code(e) == json_error_out_of_memory)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (json_error_code(e) == causes[i].code)
            return cvyi_fail_at(err, causes[i].status, at, "%s",
                                causes[i].text);
    return cvyi_fail_at(err, CVY_FORMAT, at, "not valid JSON (line %d)",
                        e->line);
}

/* The walk over jansson's tree, in the order of the text. */
typedef struct walk {
    cvyi_arena *arena;
    const mark *marks; /* those not met yet */
    int n_marks;
    size_t n_strings;
} walk;

static const mark *next_string(walk *w)
{
    const mark *const m = w->marks;

    if (w->n_marks == 0 || m->string != w->n_strings++)
        return NULL;
    w->marks++;
    w->n_marks--;
    return m;
}

static cvy_status convert(cvyi_value *out, json_t *json, walk *w,
                          cvy_error *err);

static cvy_status convert_list(cvyi_value *out, json_t *json, walk *w,
                               cvy_error *err)
{
    const size_t n = json_array_size(json);
    cvyi_value *const items = cvyi_arena_alloc(w->arena, n, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < n; i++)
        CVYI_TRY(convert(&items[i], json_array_get(json, i), w, err));
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = (int)n, .items = items };
    return CVY_OK;
}

static cvy_status convert_dict(cvyi_value *out, json_t *json, walk *w,
                               cvy_error *err)
{
    const size_t n = json_object_size(json);
    cvyi_value *const items = cvyi_arena_alloc(w->arena, n, sizeof *items);
    const char **const keys = cvyi_arena_alloc(w->arena, n, sizeof *keys);
    const char *key;
    json_t *member;
    size_t i = 0;

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    json_object_foreach (json, key, member) {
        if (next_string(w) != NULL)
            return cvyi_fail(err, CVY_FORMAT,
                             "NaN or Infinity as a key in JSON");
        keys[i] = cvyi_arena_text(w->arena, key, strlen(key));
        if (keys[i] == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(convert(&items[i++], member, w, err));
    }
    *out = (cvyi_value){
        .kind = CVYI_DICT, .n = (int)n, .items = items, .keys = keys
    };
    return CVY_OK;
}

static cvy_status convert_text(cvyi_value *out, json_t *json, walk *w,
                               cvy_error *err)
{
    const mark *const m = next_string(w);

    if (m != NULL) {
        *out = (cvyi_value){ .kind = CVYI_FLOAT, .real = m->value };
        return CVY_OK;
    }

    const char *const text = cvyi_arena_text(w->arena, json_string_value(json),
                                             json_string_length(json));

    if (text == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_value){ .kind = CVYI_TEXT, .text = text };
    return CVY_OK;
}

static cvy_status convert(cvyi_value *out, json_t *json, walk *w,
                          cvy_error *err)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_dict(out, json, w, err);
    case JSON_ARRAY:
        return convert_list(out, json, w, err);
    case JSON_STRING:
        return convert_text(out, json, w, err);
    case JSON_INTEGER:
        *out = (cvyi_value){ .kind = CVYI_INT,
                             .integer = json_integer_value(json) };
        return CVY_OK;
    case JSON_REAL:
        *out =
            (cvyi_value){ .kind = CVYI_FLOAT, .real = json_real_value(json) };
        return CVY_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        *out = (cvyi_value){ .kind = CVYI_BOOL, .truth = json_is_true(json) };
        return CVY_OK;
    default:
        *out = (cvyi_value){ .kind = CVYI_NONE };
        return CVY_OK;
    }
}

static cvy_status parse(const cvyi_value **out, cvyi_arena *arena, scan *s,
                        cvy_error *err)
{
    json_error_t e;
    cvyi_value *const root = cvyi_arena_alloc(arena, 1, sizeof *root);

    if (root == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(scan_text(s, err));

    json_t *const json = json_loadb(
        s->text, s->size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);

    if (json == NULL)
        return explain(&e, s->size, err);

    walk w = { arena, s->marks, s->n_marks, 0 };
    const cvy_status status = convert(root, json, &w, err);

    json_decref(json);
    if (status == CVY_OK)
        *out = root;
    return status;
}

cvy_status cvyi_json_read(const cvyi_value **out, cvyi_arena *arena,
                          const char *text, size_t size, cvy_error *err)
{
    scan s = { .size = size };

    if (size > SIZE_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED, "a JSON text of %zu bytes",
                         size);
    s.text = cvyi_alloc(size, 1);
    if (s.text == NULL)
        return cvyi_no_memory(err);
    if (size > 0)
        memcpy(s.text, text, size);

    const cvy_status status = parse(out, arena, &s, err);

    cvyi_arena_close(&s.marks_arena);
    cvyi_free(s.text);
    return status;
}
