/* verb/list_ops.c - operators, and how each framework spells them. */
#include "verb/list.h"

#include "codec/json_write.h"
#include "layer/words.h"

#include <string.h>

enum { DIALECT = 8, WAY = 9, INDENT = 4, WORDS = INDENT + DIALECT + WAY };

/* Of a line where nobody says: names are many, and a pager is a pipe too. */
enum { COLUMNS = 80 };

/* Classes that our own files bring along are nobody's words. */
static bool reads(const cvyi_spelling *s)
{
    return s->from_call != NULL && s->helper == NULL;
}

static bool writes(const cvyi_spelling *s)
{
    return s->to_call != NULL;
}

/* One of the concrete names of a spelling: "keras.layers.Conv2D". */
static void put_name(cvyi_text *out, const cvyi_spelling *s, char rank)
{
    const char *const hole = s->ranks != NULL ? strstr(s->name, "%d") : NULL;

    if (hole == NULL) {
        cvyi_text_put(out, s->name);
        return;
    }
    cvyi_text_add(out, s->name, (size_t)(hole - s->name));
    cvyi_text_add(out, &rank, 1);
    cvyi_text_put(out, hole + 2);
}

/* ---- for people ---- */

typedef struct page {
    cvyi_text *out;
    cvy_look look;
    int columns; /* of a line */
    int column;  /* where the line stands */
} page;

static void put_word(page *p, const char *word)
{
    const int n = cvyi_columns(word);

    /* Blank and comma before it, and a comma after it. */
    if (p->column > WORDS && p->column + 2 + n + 1 > p->columns) {
        cvyi_text_printf(p->out, ",\n%*s", WORDS, "");
        p->column = WORDS;
    } else if (p->column > WORDS) {
        cvyi_text_put(p->out, ", ");
        p->column += 2;
    }
    cvyi_text_put(p->out, word);
    p->column += n;
}

static void begin_line(page *p, const char *dialect, const char *way)
{
    cvyi_text_printf(p->out, "%*s", INDENT, "");
    cvyi_text_fit(p->out, dialect, DIALECT, false);
    cvyi_text_fit(p->out, way, WAY, false);
    p->column = WORDS;
}

/* Is the same name in the same dialect listed before this row? */
static bool repeated(const cvyi_spelling *list, const cvyi_spelling *row,
                     bool (*way)(const cvyi_spelling *))
{
    for (; list < row; list++)
        if (way(list) && list->name != NULL &&
            strcmp(list->dialect, row->dialect) == 0 &&
            strcmp(list->name, row->name) == 0 &&
            (list->ranks == NULL || row->ranks == NULL ||
             strcmp(list->ranks, row->ranks) == 0))
            return true;
    return false;
}

static void put_way(page *p, const cvyi_spelling *list, const char *dialect,
                    const char *title, bool (*way)(const cvyi_spelling *))
{
    bool begun = false;

    for (const cvyi_spelling *s = list; s->dialect != NULL; s++) {
        if (!way(s) || s->name == NULL || strcmp(s->dialect, dialect) != 0 ||
            repeated(list, s, way))
            continue;
        if (!begun)
            begin_line(p, dialect, title);
        begun = true;
        for (const char *r = s->ranks != NULL ? s->ranks : "-"; *r != '\0';
             r++) {
            cvyi_text name = { 0 };

            put_name(&name, s, *r);
            put_word(p, cvyi_text_c(&name));
            p->out->bad |= name.bad;
            cvyi_text_close(&name);
        }
    }
    if (begun)
        cvyi_text_put(p->out, "\n");
}

static bool first_of_dialect(const cvyi_spelling *list,
                             const cvyi_spelling *row)
{
    for (; list < row; list++)
        if (strcmp(list->dialect, row->dialect) == 0)
            return false;
    return true;
}

static void put_words(page *p, const cvyi_spelling *list)
{
    for (const cvyi_spelling *s = list; s != NULL && s->dialect != NULL; s++) {
        if (s->cannot_say != NULL) {
            begin_line(p, s->dialect, "cannot:");
            cvyi_text_wrap(p->out, s->cannot_say, WORDS, WORDS, p->columns);
            cvyi_text_put(p->out, "\n");
        } else if (first_of_dialect(list, s)) {
            put_way(p, list, s->dialect, "read", reads);
            put_way(p, list, s->dialect, "written", writes);
        }
    }
}

void cvyi_list_ops_text(cvyi_text *out, cvy_look look)
{
    page p = { .out = out,
               .look = look,
               .columns = look.columns > 0 ? look.columns : COLUMNS };

    for (size_t i = 0; i < cvyi_n_ops; i++) {
        cvyi_ink_put(out, look, CVYI_INK_BOLD, cvyi_ops[i]->name);
        cvyi_text_put(out, "  ");
        cvyi_text_wrap(out, cvyi_ops[i]->title,
                       cvyi_columns(cvyi_ops[i]->name) + 2, INDENT, p.columns);
        cvyi_text_put(out, "\n");
        put_words(&p, cvyi_all_words[i].keras);
        put_words(&p, cvyi_all_words[i].torch);
        put_words(&p, cvyi_all_words[i].tf);
    }
}

/* ---- for programs ---- */

static void put_spellings(cvyi_json *j, const cvyi_spelling *s)
{
    for (; s != NULL && s->dialect != NULL; s++) {
        const bool listed = reads(s) || writes(s) || s->cannot_say != NULL;
        const char *const ranks = s->ranks != NULL ? s->ranks : "-";

        for (const char *r = ranks; listed && *r != '\0'; r++) {
            cvyi_text name = { 0 };

            if (s->name != NULL)
                put_name(&name, s, *r);
            cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
            cvyi_json_text(j, "dialect", s->dialect);
            cvyi_json_text(j, "name",
                           s->name != NULL ? cvyi_text_c(&name) : NULL);
            cvyi_json_text(j, "since", s->since);
            cvyi_json_text(j, "until", s->until);
            cvyi_json_bool(j, "read", reads(s));
            cvyi_json_bool(j, "written", writes(s));
            cvyi_json_text(j, "cannot_say", s->cannot_say);
            cvyi_json_close(j, '}');
            j->out->bad |= name.bad;
            cvyi_text_close(&name);
        }
    }
}

void cvyi_list_ops_json(cvyi_text *out)
{
    cvyi_json j = { .out = out };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    cvyi_json_open(&j, "ops", '[', CVYI_JSON_TALL);
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
        cvyi_json_text(&j, "name", cvyi_ops[i]->name);
        cvyi_json_text(&j, "title", cvyi_ops[i]->title);
        cvyi_json_open(&j, "spellings", '[', CVYI_JSON_TALL);
        put_spellings(&j, cvyi_all_words[i].keras);
        put_spellings(&j, cvyi_all_words[i].torch);
        put_spellings(&j, cvyi_all_words[i].tf);
        cvyi_json_close(&j, ']');
        cvyi_json_close(&j, '}');
    }
    cvyi_json_close(&j, ']');
    cvyi_json_close(&j, '}');
}
