/* verb/port_list.c - what --entry may name in a script, for people and as
 * JSON. */
#include "verb/port.h"

#include "base/ink.h"
#include "codec/json_write.h"
#include "verb/dialect.h"

#include <string.h>

static const char *base_name(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static int widest(const cvyi_candidates *list, bool where)
{
    int most = 8;

    for (int i = 0; i < list->n; i++) {
        const int n =
            cvyi_columns(where ? list->items[i].where : list->items[i].name);

        most = n > most ? n : most;
    }
    return most < 40 ? most : 40;
}

static void put_about(cvyi_text *out, const cvyi_candidate *c)
{
    if (c->shaped)
        cvyi_text_put(out, c->printed);
    for (int i = 0; i < c->n_needs; i++)
        cvyi_text_printf(out, "%s%s", i == 0 ? "needs " : ", ", c->needs[i]);
}

void cvyi_port_list_text(cvyi_text *out, const cvy_port *port, cvy_look look)
{
    const cvyi_candidates *const list = &port->candidates;
    const int name = widest(list, false), where = widest(list, true);

    cvyi_ink_put(out, look, CVYI_INK_BOLD, base_name(port->report.path));
    cvyi_text_printf(out, " (%s): what --entry may name\n\n",
                     cvyi_dialect_title(list->dialect));
    for (int i = 0; i < list->n; i++) {
        const cvyi_candidate *const c = &list->items[i];

        cvyi_text_put(out, c->taken ? "  * " : "    ");
        cvyi_text_fit(out, c->name, name + 2, false);
        cvyi_text_fit(out, c->kind, 10, false);
        if (c->shaped || c->n_needs > 0)
            cvyi_text_fit(out, c->where, where + 2, false);
        else
            cvyi_text_put(out, c->where);
        put_about(out, c);
        cvyi_text_put(out, "\n");
    }
    if (list->n > 0)
        cvyi_text_put(out, "\n");
    if (list->taken == NULL)
        cvyi_text_printf(out, "nothing would be taken: %s\n", list->why);
    else
        cvyi_text_printf(out, "%s%s%s would be taken: %s\n",
                         *list->taken != '\0' ? "* " : "", list->taken,
                         *list->taken != '\0' ? "" : "a tensor", list->why);
}

static void put_json(cvyi_json *j, const cvyi_candidate *c)
{
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "name", c->name);
    cvyi_json_text(j, "kind", c->kind);
    cvyi_json_text(j, "where", c->where);
    if (c->line > 0)
        cvyi_json_int(j, "line", c->line);
    else
        cvyi_json_null(j, "line");
    if (c->shaped) {
        cvyi_json_open(j, "shape", '[', CVYI_JSON_FLAT);
        for (int i = 0; i < c->rank; i++) {
            if (c->dims[i] < 0)
                cvyi_json_null(j, NULL);
            else
                cvyi_json_int(j, NULL, c->dims[i]);
        }
        cvyi_json_close(j, ']');
    } else {
        cvyi_json_null(j, "shape");
    }
    cvyi_json_open(j, "needs", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < c->n_needs; i++)
        cvyi_json_text(j, NULL, c->needs[i]);
    cvyi_json_close(j, ']');
    cvyi_json_bool(j, "taken", c->taken);
    cvyi_json_close(j, '}');
}

cvy_status cvyi_port_list(cvy_port *port, cvy_error *err)
{
    const cvyi_candidates *const list = &port->candidates;
    cvyi_json j = { .out = &port->json };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    cvyi_json_open(&j, "source", '{', CVYI_JSON_FLAT);
    cvyi_json_text(&j, "path", port->options->source);
    cvyi_json_text(&j, "format", port->source.kind->name);
    cvyi_json_text(&j, "dialect", list->dialect);
    cvyi_json_text(&j, "version", list->version);
    cvyi_json_close(&j, '}');
    cvyi_json_open(&j, "candidates", '[', CVYI_JSON_TALL);
    for (int i = 0; i < list->n; i++)
        put_json(&j, &list->items[i]);
    cvyi_json_close(&j, ']');
    cvyi_json_text(&j, "taken", list->taken);
    cvyi_json_text(&j, "why", list->why);
    cvyi_json_open(&j, "remarks", '[', CVYI_JSON_TALL);
    for (int i = 0; i < port->findings.n; i++) {
        const cvyi_finding *const f = &port->findings.items[i];

        cvyi_json_open(&j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(&j, "text", f->text);
        cvyi_json_text(&j, "where", f->where);
        cvyi_json_close(&j, '}');
    }
    cvyi_json_close(&j, ']');
    cvyi_json_close(&j, '}');
    return cvyi_text_status(&port->json, err);
}
