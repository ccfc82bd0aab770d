/*
 * Laws of blocks that hold of every network: calls stay as they are, each
 * layer has one place, blocks of one class have one structure.
 */
#include "blocks_nets.h"

static const struct {
    const char *name;
    void (*make)(net *n);
} nets[] = {
    /* clang-format off */
    { "named resnet",    named_resnet    },
    { "plain resnet",    plain_resnet    },
    { "densenet",        dense_net       },
    { "mobilenet",       mobile_net      },
    { "inception",       inception       },
    { "u-net",           u_net           },
    { "sums apart",      sums_apart      },
    { "cells",           cell_net        },
    { "chain",           chain           },
    { "nothing repeats", nothing_repeats },
    /* clang-format on */
};
enum { N_NETS = sizeof nets / sizeof *nets };

/* ---- laws ---- */

static const char *role_of(const cvyi_graph *graph, int module)
{
    const cvyi_module *const m = &graph->modules[module];

    return m->role != NULL ? m->role : m->name;
}

static bool is_inside(const cvyi_graph *graph, int module, int around)
{
    while (module > around)
        module = graph->modules[module].parent;
    return module == around;
}

/* "conv1.activation" within the block; "x" outside of it. */
static void put_place(cvyi_text *out, const cvyi_graph *graph, int block,
                      int call)
{
    const cvyi_call *const c = &graph->calls[call];

    if (!is_inside(graph, c->module, block)) {
        cvyi_text_put(out, "x");
        return;
    }
    for (int m = c->module; m != block; m = graph->modules[m].parent)
        cvyi_text_printf(out, "%s.", role_of(graph, m));
    cvyi_text_put(out, c->label != NULL ? c->label : "");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the class of a block says: its calls and their wiring, sorted. */
static void put_structure(cvyi_text *out, const cvyi_graph *graph, int block)
{
    char *lines[256];
    int n = 0;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const c = &graph->calls[i];
        cvyi_text line = { 0 };

        if (!is_inside(graph, c->module, block))
            continue;
        put_place(&line, graph, block, i);
        cvyi_text_printf(&line, "=%s(", c->attrs.op->name);
        for (int k = 0; k < c->n_in; k++) {
            const int from = graph->results[c->in[k]].call;

            cvyi_text_put(&line, " ");
            if (from < 0)
                cvyi_text_put(&line, "x");
            else
                put_place(&line, graph, block, from);
        }
        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            cvyi_text_put(&line, c->params[s] >= 0 ? "+" : "-");
        CHECK(n < 256);
        lines[n++] = line.bytes;
    }
    qsort(lines, (size_t)n, sizeof *lines, by_text);
    for (int i = 0; i < n; i++) {
        cvyi_text_printf(out, "%s\n", lines[i]);
        cvyi_free(lines[i]);
    }
}

/* The values that calls of a block read from outside are few, those of a list
 * one, and so are those that others read of it. */
static void check_ends(const cvyi_graph *graph, int block)
{
    enum { MOST = 3 };
    const bool list = graph->modules[block].kind == CVYI_MODULE_SEQUENTIAL;
    int in[MOST], n_in = 0, out = -1;

    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++) {
            const int r = graph->calls[i].in[k];
            const int from = graph->results[r].call;
            const bool reads = is_inside(graph, graph->calls[i].module, block);
            const bool makes =
                from >= 0 &&
                is_inside(graph, graph->calls[from].module, block);

            int known = 0;

            if (reads && !makes) {
                while (known < n_in && in[known] != r)
                    known++;
                CHECK(known < (list ? 1 : MOST));
                in[known] = r;
                n_in += known == n_in;
            }
            if (makes && !reads) {
                CHECK(out == -1 || out == r);
                out = r;
            }
        }
    CHECK(n_in > 0);
}

static void check_same_classes(const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_modules; i++) {
        cvyi_text its = { 0 };

        if (graph->modules[i].kind != CVYI_MODULE_BLOCK)
            continue;
        check_ends(graph, i);
        CHECK_EQ(graph->modules[i].n_comments, 1);
        put_structure(&its, graph, i);
        for (int k = 0; k < i; k++) {
            cvyi_text other = { 0 };

            if (graph->modules[k].kind != CVYI_MODULE_BLOCK ||
                strcmp(graph->modules[i].class_name,
                       graph->modules[k].class_name) != 0)
                continue;
            put_structure(&other, graph, k);
            CHECK_STR(cvyi_text_c(&its), cvyi_text_c(&other));
            cvyi_text_close(&other);
            break;
        }
        cvyi_text_close(&its);
    }
}

static bool is_word(const char *text)
{
    const size_t digits = strspn(text, "0123456789");

    return text[digits] == '\0' ||
           (digits == 0 &&
            strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789"
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(text));
}

/* New names are identifiers or numbers, no two of them beside each other. */
static void check_names(const cvyi_graph *graph)
{
    for (int i = 1; i < graph->n_modules; i++) {
        const cvyi_module *const m = &graph->modules[i];

        if (m->role != NULL)
            CHECK(is_word(m->role));
        if (m->kind == CVYI_MODULE_BLOCK)
            CHECK(is_word(m->name));
        for (int k = 1; k < i; k++)
            if (graph->modules[k].parent == m->parent)
                CHECK(strcmp(role_of(graph, i), role_of(graph, k)) != 0);
    }
}

/* A list is a chain: all that a member reads is the output of the one before,
 * which nobody else reads. */
static void check_lists(const cvyi_graph *graph)
{
    for (int list = 1; list < graph->n_modules; list++) {
        int members = 0;

        if (graph->modules[list].kind != CVYI_MODULE_SEQUENTIAL)
            continue;
        check_ends(graph, list);
        for (int i = list; i < graph->n_modules; i++)
            if (graph->modules[i].parent == list) {
                char number[24];

                snprintf(number, sizeof number, "%d", members++);
                CHECK_STR(graph->modules[i].name, number);
                CHECK_EQ(graph->modules[i].kind, CVYI_MODULE_BLOCK);
            }
        CHECK(members >= 2);
    }
}

/* Sizes are of two graphs: their texts are compared. */
static void check_attrs(const cvyi_attrs *a, const cvyi_attrs *b)
{
    cvyi_text one = { 0 }, other = { 0 };

    CHECK_STR(a->op->name, b->op->name);
    cvyi_attrs_print(&one, a, a->n_spatial);
    cvyi_attrs_print(&other, b, b->n_spatial);
    CHECK_STR(cvyi_text_c(&one), cvyi_text_c(&other));
    cvyi_text_close(&one);
    cvyi_text_close(&other);
}

static void check_calls(const cvyi_graph *before, const cvyi_graph *graph)
{
    CHECK_EQ(before->n_calls, graph->n_calls);
    CHECK_EQ(before->n_results, graph->n_results);
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const a = &before->calls[i];
        const cvyi_call *const b = &graph->calls[i];

        check_attrs(&a->attrs, &b->attrs);
        CHECK_EQ(a->n_in, b->n_in);
        CHECK(memcmp(a->in, b->in, (size_t)a->n_in * sizeof *a->in) == 0);
        CHECK(memcmp(a->out, b->out, sizeof a->out) == 0);
        CHECK(memcmp(a->params, b->params, sizeof a->params) == 0);
        CHECK_STR(cvyi_call_layer(before, a), cvyi_call_layer(graph, b));
    }
}

static int count_layer(const cvyi_graph *graph, const char *layer)
{
    int n = 0;

    for (int i = 0; i < graph->n_modules; i++)
        n += graph->modules[i].kind == CVYI_MODULE_LAYER &&
             strcmp(graph->modules[i].name, layer) == 0;
    return n;
}

static void check_round_trip(const cvyi_graph *graph)
{
    cvyi_text text = { 0 }, again = { 0 };
    cvyi_graph *read;
    cvy_error err = { 0 };

    cvyi_graph_print(&text, graph);
    CHECK_OK(cvyi_graph_parse(&read, cvyi_text_c(&text), text.size, &err));
    cvyi_graph_print(&again, read);
    CHECK_STR(cvyi_text_c(&text), cvyi_text_c(&again));
    cvyi_graph_close(read);
    cvyi_text_close(&text);
    cvyi_text_close(&again);
}

static void check_laws(net *n)
{
    cvyi_target flat = net_torch;
    cvyi_graph *before, *port;
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };

    flat.flat = true;
    CHECK_OK(cvyi_graph_copy(&before, n->graph, &err));
    CHECK_OK(cvyi_pass_run(before, &flat, NULL, &findings, &err));
    CHECK_EQ(count_kind(before, CVYI_MODULE_BLOCK), 0);
    port = net_port(n, &findings);
    check_calls(before, port);
    for (int i = 0; i < before->n_modules; i++)
        if (before->modules[i].kind == CVYI_MODULE_LAYER)
            CHECK_EQ(count_layer(port, before->modules[i].name), 1);
    check_same_classes(port);
    check_names(port);
    check_lists(port);
    check_round_trip(port);
    cvyi_findings_close(&findings);
    cvyi_graph_close(before);
    cvyi_graph_close(port);
}

static void laws_hold_of_usual_networks(void)
{
    for (int i = 0; i < N_NETS; i++) {
        net n;

        nets[i].make(&n);
        check_laws(&n);
        net_close(&n);
    }
}

static void laws_hold_of_random_networks(void)
{
    for (uint64_t seed = 0; seed < 40; seed++) {
        net n;

        random_net_open(&n, seed);
        check_laws(&n);
        net_close(&n);
    }
}

/* ---- random blocks ---- */

/* One of some layers; the same draws give the same structure. */
static int random_part(maker *m, uint64_t *state, int in)
{
    const int draw = (int)(*state % 6);
    int a, b;

    *state = *state / 6;
    switch (draw) {
    case 0:
        return norm(m, "", in);
    case 1:
        return relu(m, "", in);
    case 2:
        a = relu(m, "", conv(m, "", in, 4, same_3));
        return join(m, "", "add", in, a);
    case 3:
        a = conv(m, "", in, 2, same_3);
        b = relu(m, "", conv(m, "", in, 2, point));
        return join(m, "", "concat", a, b);
    case 4:
        return net_dropout(m->n, name(m, "", "dropout"), in);
    default:
        return conv(m, "", in, 4, draw == 5 ? same_3 : point);
    }
}

static void laws_hold_of_random_blocks(void)
{
    int found = 0;

    for (uint64_t seed = 0; seed < 40; seed++) {
        const uint64_t draws = seed * 0x9e3779b97f4a7c15u >> 20;
        net n;
        maker m = { .n = &n };
        int x = net_open(&n, false, 4, image);
        cvyi_findings findings = { 0 };
        cvyi_graph *port;

        for (int i = 0; i < 4; i++) {
            uint64_t state = draws;

            for (int k = 0; k < 5; k++)
                x = random_part(&m, &state, x);
            if (seed % 3 == 0)
                x = net_pool(&n, name(&m, "", "pool"), "max", "real", x,
                             same_3);
        }
        net_output(&n, x);
        check_laws(&n);
        port = net_port(&n, &findings);
        found += count_kind(port, CVYI_MODULE_BLOCK) > 0;
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
    /* A chain of one layer alone is no block, and so are few others. */
    CHECK(found > 32);
}

/* ---- memory ---- */

static void refused_memory_is_told(void)
{
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    net n;

    named_resnet(&n);
    for (size_t k = 1;; k++) {
        cvyi_graph *copy;
        cvy_status status;

        CHECK_OK(cvyi_graph_copy(&copy, n.graph, &err));
        CHECK_OK(cvyi_pass_run(copy, &net_torch, "borders", &findings, &err));
        cvyi_alloc_refuse(k);
        status = cvyi_pass_blocks(copy, &net_torch, &findings, &err);
        cvyi_alloc_refuse(0);
        if (status != CVY_OK) {
            CHECK_EQ(status, CVY_MEMORY);
            CHECK_OK(cvyi_graph_check(copy, &err));
            CHECK_EQ(count_kind(copy, CVYI_MODULE_BLOCK), 0);
        }
        cvyi_graph_close(copy);
        if (status == CVY_OK)
            break;
    }
    cvyi_findings_close(&findings);
    net_close(&n);
}

static const check_case cases[] = {
    { "laws hold of usual networks", laws_hold_of_usual_networks },
    { "laws hold of random networks", laws_hold_of_random_networks },
    { "laws hold of random blocks", laws_hold_of_random_blocks },
    { "refused memory is told", refused_memory_is_told },
};

CHECK_MAIN(cases)
