/* verb/list_formats.c - files that are read, that are written, and those
 * that are only told apart. */
#include "verb/list.h"

#include "codec/format.h"
#include "codec/json_write.h"
#include "read/read.h"
#include "write/write.h"

#include <string.h>

enum { NAME = 14 };

static bool is_read(const char *name)
{
    for (size_t i = 0; i < cvyi_n_source_kinds; i++)
        if (strcmp(cvyi_source_kinds[i]->name, name) == 0)
            return true;
    return false;
}

static void put_row(cvyi_text *out, const char *name, const char *title)
{
    cvyi_text_put(out, "    ");
    cvyi_text_fit(out, name, NAME, false);
    cvyi_text_printf(out, "%s\n", title);
}

void cvyi_list_formats_text(cvyi_text *out, cvy_look look)
{
    cvyi_ink_put(out, look, CVYI_INK_BOLD, "read");
    cvyi_text_put(out, " (told by content, whatever the name)\n");
    for (size_t i = 0; i < cvyi_n_source_kinds; i++)
        put_row(out, cvyi_source_kinds[i]->name, cvyi_source_kinds[i]->title);
    cvyi_ink_put(out, look, CVYI_INK_BOLD, "written\n");
    for (size_t i = 0; i < cvyi_n_targets; i++)
        put_row(out, cvyi_targets[i]->name, cvyi_targets[i]->title);
    cvyi_ink_put(out, look, CVYI_INK_BOLD, "recognised, not read\n");
    for (const cvyi_format *f = cvyi_formats; f->name != NULL; f++)
        if (!is_read(f->name))
            put_row(out, f->name, f->what);
}

static void put_json(cvyi_json *j, const char *name, const char *title,
                     bool reads, bool writes)
{
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "name", name);
    cvyi_json_text(j, "title", title);
    cvyi_json_bool(j, "read", reads);
    cvyi_json_bool(j, "written", writes);
    cvyi_json_close(j, '}');
}

void cvyi_list_formats_json(cvyi_text *out)
{
    cvyi_json j = { .out = out };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    cvyi_json_open(&j, "formats", '[', CVYI_JSON_TALL);
    for (size_t i = 0; i < cvyi_n_source_kinds; i++)
        put_json(&j, cvyi_source_kinds[i]->name, cvyi_source_kinds[i]->title,
                 true, false);
    for (size_t i = 0; i < cvyi_n_targets; i++)
        put_json(&j, cvyi_targets[i]->name, cvyi_targets[i]->title, false,
                 true);
    for (const cvyi_format *f = cvyi_formats; f->name != NULL; f++)
        if (!is_read(f->name))
            put_json(&j, f->name, f->what, false, false);
    cvyi_json_close(&j, ']');
    cvyi_json_close(&j, '}');
}
