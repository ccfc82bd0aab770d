/* Every file of tests/port: a layer of the source and what it becomes. The
 * form is told in tests/port/README.md. */
#include "workbench.h"

#include <dirent.h>

enum { MAX_TEXT = 1 << 14, MAX_INPUTS = 4 };

/* ---- the parts of a file ---- */

/* Behind the line ">>> name", or NULL. */
static const char *part_start(const char *text, const char *name)
{
    char line[40];

    snprintf(line, sizeof line, ">>> %s\n", name);

    const char *const found = strstr(text, line);

    return found != NULL ? found + strlen(line) : NULL;
}

/* The lines of a part, up to the next mark; NULL if there is none. */
static char *part_of(bench *b, const char *text, const char *name)
{
    const char *const start = part_start(text, name);

    if (start == NULL)
        return NULL;

    const char *end = start;

    while (strncmp(end, ">>>", 3) != 0 && strncmp(end, "<<<", 3) != 0) {
        const char *const next = strchr(end, '\n');

        if (next == NULL)
            CHECK_FAIL("part %s has no end", name);
        end = next + 1;
    }
    return cvyi_arena_text(&b->arena, start, (size_t)(end - start));
}

/* ---- the way through ---- */

typedef struct port {
    cvyi_type in[MAX_INPUTS];
    int n_in;
    cvyi_phrase phrase;
    cvyi_text torch, weights, remarks;
} port;

static void close_port(port *p)
{
    cvyi_text_close(&p->torch);
    cvyi_text_close(&p->weights);
    cvyi_text_close(&p->remarks);
}

static cvy_status read_part(bench *b, port *p, char *source)
{
    const cvyi_value *config;
    cvyi_bound call;
    int n_spatial = 0;

    for (; *source == '('; source = strchr(source, '\n') + 1)
        p->in[p->n_in++] = bench_type(b, source);

    char *const json = strchr(source, '{');

    if (json == NULL)
        CHECK_FAIL("no config in '%s'", source);

    const char *const name =
        cvyi_arena_printf(&b->arena, "%s%.*s",
                          memchr(source, '.', (size_t)(json - source)) == NULL
                              ? "keras.layers."
                              : "",
                          (int)(json - source - 1), source);
    const cvyi_spelling *const spelling =
        cvyi_spelling_find("keras3", name, &n_spatial);

    if (spelling == NULL)
        CHECK_FAIL("%s is unknown", name);
    if (cvyi_json_read(&config, &b->arena, json, strlen(json), &b->err) !=
        CVY_OK)
        CHECK_FAIL("%s", b->err.text);
    if (cvyi_bind(&call, &b->arena, spelling, n_spatial, NULL, 0, config,
                  &b->err) != CVY_OK)
        CHECK_FAIL("%s", b->err.text);
    call.sizes = &b->sizes;
    call.in = p->in;
    call.n_in = p->n_in;
    return spelling->from_call(&p->phrase, &call, &b->err);
}

/* Channels to axis 1, for everything the phrase sees. */
static void move_channels(port *p)
{
    const cvyi_step *const first = &p->phrase.steps[0];
    const int rank = p->in[0].rank;
    int perm[CVY_MAX_RANK];

    if (first->attrs.op->order != CVYI_ORDER_CHANNEL ||
        first->axes == CVYI_AXES_FIRST)
        return;
    cvyi_axes_last_to_first(rank, perm);
    for (int i = 0; i < p->n_in; i++)
        p->in[i] = bench_first(&p->in[i]);
    for (int i = 0; i < p->phrase.n; i++) {
        cvyi_attrs *const attrs = &p->phrase.steps[i].attrs;
        const cvyi_attr *const table = attrs->op->attrs;

        for (int k = 0; table != NULL && table[k].name != NULL; k++)
            for (int axis = 0; axis < rank; axis++)
                if (table[k].kind == CVYI_ATTR_AXIS &&
                    attrs->at[k].ints[0] == perm[axis]) {
                    attrs->at[k].ints[0] = axis;
                    break;
                }
    }
}

static void put_weights(port *p, const cvyi_step *step, const cvyi_said *said)
{
    for (int i = 0; i < said->n_slots; i++) {
        const cvyi_said_slot *const to = &said->slots[i];
        const cvyi_step_slot *from = NULL;

        for (int k = 0; k < step->n_slots; k++)
            if (strcmp(step->slots[k].slot, to->slot) == 0)
                from = &step->slots[k];
        cvyi_text_printf(&p->weights, "%s <- ", to->name);
        if (from == NULL)
            cvyi_text_double(&p->weights, to->fill);
        else
            cvyi_text_printf(&p->weights, "%s: %s", from->source,
                             from->layout);
        if (from != NULL && strstr(to->layout, "->") != NULL)
            cvyi_text_printf(&p->weights, ", %s", to->layout);
        cvyi_text_put(&p->weights, "\n");
    }
}

/* A step on one of the tensors; returns its type then. */
static cvyi_type say_call(bench *b, port *p, int i, const cvyi_type *in,
                          int n_in)
{
    const cvyi_step *const step = &p->phrase.steps[i];
    const cvyi_form liked =
        step->argument ? CVYI_FORM_FUNCTION : CVYI_FORM_MODULE;
    const cvyi_form other =
        step->argument ? CVYI_FORM_MODULE : CVYI_FORM_FUNCTION;
    cvyi_inferred inferred;
    cvyi_said said;

    if (step->attrs.op->infer(&inferred, &step->attrs, in, n_in, &b->sizes,
                              &b->err) != CVY_OK)
        CHECK_FAIL("%s", b->err.text);

    const cvyi_saying what = { .attrs = &step->attrs,
                               .in = in,
                               .n_in = n_in,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .present = bench_present(step),
                               .axes = CVYI_AXES_FIRST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };

    if (cvyi_say(&said, "torch", liked, &what, &b->err) != CVY_OK) {
        cvyi_said_close(&said);
        if (cvyi_say(&said, "torch", other, &what, &b->err) != CVY_OK)
            CHECK_FAIL("%s", said.refusal.reason);
    }
    cvyi_text_printf(&p->torch, "%s\n", cvyi_text_c(&said.code));
    put_weights(p, step, &said);
    for (int k = 0; k < said.n_remarks; k++)
        cvyi_text_printf(&p->remarks, "%s\n", said.remarks[k]);
    cvyi_said_close(&said);
    return inferred.out[0];
}

static void say_step(bench *b, port *p, int i)
{
    const bool *const operands = p->phrase.steps[i].operands;

    for (int k = 0; operands != NULL && k < p->n_in; k++)
        if (operands[k])
            p->in[k] = say_call(b, p, i, &p->in[k], 1);
    if (operands != NULL)
        return;
    p->in[0] = say_call(b, p, i, p->in, p->n_in);
    p->n_in = 1;
}

static void compare(const char *file, const char *part, const char *want,
                    const cvyi_text *got)
{
    if (want != NULL && strcmp(want, cvyi_text_c(got)) != 0)
        CHECK_FAIL("%s: part %s is\n%s-- not\n%s", file, part,
                   cvyi_text_c(got), want);
}

static void compare_refusal(const char *file, const char *want,
                            const cvyi_refusal *refusal)
{
    static const char *const kinds[] = {
        [CVYI_ILLEGAL_IN_SOURCE] = "illegal_in_source",
        [CVYI_NO_COUNTERPART] = "no_counterpart",
        [CVYI_UNKNOWN_CALL] = "unknown_call",
        [CVYI_NOT_SUPPORTED] = "unsupported",
    };
    cvyi_text got = { 0 };

    cvyi_text_printf(&got, "%s %s: %s\n", kinds[refusal->kind],
                     refusal->attribute, refusal->reason);
    if (want == NULL)
        CHECK_FAIL("%s: refused: %s", file, cvyi_text_c(&got));
    compare(file, "refused", want, &got);
    cvyi_text_close(&got);
}

static void run_case(const char *file, const char *text)
{
    port p = { .n_in = 0 };
    bench b;

    bench_open(&b);

    char *const source = part_of(&b, text, "keras");
    const char *const refused = part_of(&b, text, "refused");

    if (source == NULL)
        CHECK_FAIL("%s has no source", file);

    const cvy_status status = read_part(&b, &p, source);

    if (status == CVY_UNSUPPORTED) {
        compare_refusal(file, refused, &p.phrase.refusal);
    } else if (status != CVY_OK || refused != NULL) {
        CHECK_FAIL("%s: %s", file, status != CVY_OK ? b.err.text : "is read");
    } else {
        for (int i = 0; i < p.phrase.n_remarks; i++)
            cvyi_text_printf(&p.remarks, "%s\n", p.phrase.remarks[i]);
        move_channels(&p);
        for (int i = 0; i < p.phrase.n; i++)
            say_step(&b, &p, i);
        compare(file, "torch", part_of(&b, text, "torch"), &p.torch);
        compare(file, "weights", part_of(&b, text, "weights"), &p.weights);
        compare(file, "remarks", part_of(&b, text, "remarks"), &p.remarks);
    }
    close_port(&p);
    bench_close(&b);
}

/* ---- walking the folders ---- */

static int run_file(const char *path)
{
    static char text[MAX_TEXT];
    FILE *const file = fopen(path, "rb");

    if (file == NULL)
        CHECK_FAIL("%s cannot be opened", path);

    const size_t n = fread(text, 1, sizeof text - 1, file);

    fclose(file);
    text[n] = '\0';
    run_case(path, text);
    return 1;
}

static int walk(const char *folder, int depth)
{
    DIR *const dir = opendir(folder);
    struct dirent *entry;
    int n = 0;

    if (dir == NULL)
        return 0;
    while ((entry = readdir(dir)) != NULL) {
        const char *const end = strrchr(entry->d_name, '.');
        char path[512];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (depth == 0)
            n += walk(path, 1);
        else if (end != NULL && strcmp(end, ".case") == 0)
            n += run_file(path);
    }
    closedir(dir);
    return n;
}

static void every_case_becomes_what_it_says(void)
{
    const int n = walk(CVYT_DATA "/port", 0);

    printf("%d cases\n", n);
    CHECK(n >= 20);
}

static const check_case cases[] = {
    { "every_case_becomes_what_it_says", every_case_becomes_what_it_says },
};
CHECK_MAIN(cases)
