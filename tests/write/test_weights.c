/*
 * The written weights, read back from their bytes: every element is the one
 * that the source has at the place where torch looks for it.
 */
#include "codec/safetensors.h"
#include "write/write.h"

#include "random_net.h"

typedef struct bytes {
    cvyi_text text;
} bytes;

static cvy_status take(void *context, const void *data, size_t n,
                       cvy_error *err)
{
    bytes *const b = context;

    cvyi_text_add(&b->text, data, n);
    return cvyi_text_status(&b->text, err);
}

typedef struct written_net {
    net n;
    cvyi_graph *port;
    cvyi_written written;
    bytes file;
    cvyi_arena arena;
    cvyi_safetensors tensors;
} written_net;

static void open_written(written_net *w)
{
    const cvyi_write_options options = { .file_name = "net",
                                         .source_file = "net.keras" };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };

    w->port = net_port(&w->n, &findings);
    CHECK_OK(cvyi_write_torch(&w->written, w->port, w->n.graph, &options,
                              &findings, &err));
    w->file = (bytes){ 0 };
    w->arena = (cvyi_arena){ 0 };
    CHECK_OK(
        cvyi_write_torch_weights(&w->written, w->port, take, &w->file, &err));
    CHECK_OK(cvyi_safetensors_open(&w->tensors, &w->arena, w->file.text.bytes,
                                   w->file.text.size, &err));
    cvyi_findings_close(&findings);
}

static void close_written(written_net *w)
{
    cvyi_arena_close(&w->arena);
    cvyi_text_close(&w->file.text);
    cvyi_written_close(&w->written);
    cvyi_graph_close(w->port);
    net_close(&w->n);
}

static cvy_view find(const written_net *w, const char *name)
{
    const cvyi_safetensor *const found =
        cvyi_safetensors_find(&w->tensors, name);

    if (found == NULL)
        CHECK_FAIL("there is no %s", name);
    return found->view;
}

/* Where the reader of these tests looks: indices, as many as axes. */
static float at(const cvy_view *view, const int64_t *indices)
{
    return (float)cvyi_at(view, indices);
}

static cvy_view stored(const written_net *w, int param)
{
    return w->n.graph->params[param].stored;
}

static void check_dims(const cvy_view *view, int rank, const int64_t *dims)
{
    CHECK_EQ(view->rank, rank);
    for (int i = 0; i < rank; i++)
        CHECK_EQ(view->dims[i], dims[i]);
}

/* ---- one layer each ---- */

static void a_kernel_turns_from_hwio_to_oihw(void)
{
    static const int64_t image[] = { 0, 6, 5, 3 };
    written_net w;

    net_output(&w.n, net_conv2d(&w.n, "conv", net_open(&w.n, true, 4, image),
                                4, 2, 1, CVYI_BORDER_GIVEN));
    open_written(&w);

    const cvy_view kernel = find(&w, "conv.weight"), from = stored(&w, 0);

    CHECK_EQ(w.tensors.n, 2);
    check_dims(&kernel, 4, (const int64_t[]){ 4, 3, 2, 3 });
    for (int64_t o = 0; o < 4; o++)
        for (int64_t i = 0; i < 3; i++)
            for (int64_t y = 0; y < 2; y++)
                for (int64_t x = 0; x < 3; x++)
                    CHECK(at(&kernel, (const int64_t[]){ o, i, y, x }) ==
                          at(&from, (const int64_t[]){ y, x, i, o }));
    close_written(&w);
}

/* Features C H W here, H W C there. */
static void a_dense_weight_follows_the_flatten(void)
{
    static const int64_t image[] = { 0, 4, 3, 2 };
    enum { H = 4, W = 3, C = 5, UNITS = 6 };
    written_net w;
    const int x = net_conv(&w.n, "conv", net_open(&w.n, true, 4, image), C,
                           (net_window){ 3, 1, 1, CVYI_BORDER_SAME });

    net_output(&w.n,
               net_dense(&w.n, "dense",
                         net_simple(&w.n, "flatten", "flatten", x), UNITS));
    open_written(&w);

    const cvy_view weight = find(&w, "dense.weight"), from = stored(&w, 2);

    check_dims(&weight, 2, (const int64_t[]){ UNITS, H * W * C });
    for (int64_t u = 0; u < UNITS; u++)
        for (int64_t c = 0; c < C; c++)
            for (int64_t y = 0; y < H; y++)
                for (int64_t z = 0; z < W; z++) {
                    const int64_t here = (c * H + y) * W + z;
                    const int64_t there = (y * W + z) * C + c;

                    CHECK(at(&weight, (const int64_t[]){ u, here }) ==
                          at(&from, (const int64_t[]){ there, u }));
                }
    close_written(&w);
}

/* Two flattened blocks of unequal shape, and features that were none. */
static void several_blocks_follow_each_their_flatten(void)
{
    static const int64_t image[] = { 0, 4, 3, 2 };
    static const struct {
        int64_t h, w, c;
    } blocks[] = { { 4, 3, 5 }, { 1, 1, 5 }, { 2, 2, 3 } };
    enum { ALL = 4 * 3 * 5 + 5 + 2 * 2 * 3, UNITS = 3 };
    written_net w;
    const int x = net_open(&w.n, false, 4, image);
    const int a =
        net_conv(&w.n, "a", x, 5, (net_window){ 3, 1, 1, CVYI_BORDER_SAME });
    const int b =
        net_conv(&w.n, "b", a, 3, (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    const int parts[] = { net_simple(&w.n, "f", "flatten", a),
                          net_global_pool(&w.n, "g", "max", false, a),
                          net_simple(&w.n, "h", "flatten", b) };
    const int all = net_along(&w.n, "joined", "concat", 1, parts, 3);
    const int norm = net_batch_norm(&w.n, "norm", all);
    int64_t start = 0;

    net_output(&w.n, net_dense(&w.n, "dense", norm, UNITS));
    open_written(&w);

    const cvy_view weight = find(&w, "dense.weight"), from = stored(&w, 8);
    const cvy_view mean = find(&w, "norm.running_mean");
    const cvy_view from_mean = stored(&w, 6);

    check_dims(&weight, 2, (const int64_t[]){ UNITS, ALL });
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        for (int64_t c = 0; c < blocks[k].c; c++)
            for (int64_t y = 0; y < blocks[k].h; y++)
                for (int64_t z = 0; z < blocks[k].w; z++) {
                    const int64_t here =
                        start + (c * blocks[k].h + y) * blocks[k].w + z;
                    const int64_t there =
                        start + (y * blocks[k].w + z) * blocks[k].c + c;

                    CHECK(at(&mean, &here) == at(&from_mean, &there));
                    for (int64_t u = 0; u < UNITS; u++)
                        CHECK(at(&weight, (const int64_t[]){ u, here }) ==
                              at(&from, (const int64_t[]){ there, u }));
                }
        start += blocks[k].h * blocks[k].w * blocks[k].c;
    }
    CHECK_EQ(start, ALL);
    close_written(&w);
}

/* Keras can do without gamma; torch's scale is then one. */
static void a_batch_norm_without_gamma_gets_ones(void)
{
    static const int64_t series[] = { 0, 5, 4 };
    written_net w;
    const int x = net_open(&w.n, true, 3, series);
    const int y = net_batch_norm(&w.n, "norm", x);

    w.n.graph->calls[w.n.graph->results[y].call].params[0] = -1;
    w.n.graph->n_params = 4;
    net_output(&w.n, y);
    open_written(&w);

    const cvy_view scale = find(&w, "norm.weight");
    const cvy_view shift = find(&w, "norm.bias"), from = stored(&w, 1);

    check_dims(&scale, 1, (const int64_t[]){ 4 });
    for (int64_t i = 0; i < 4; i++) {
        CHECK(at(&scale, &i) == 1);
        CHECK(at(&shift, &i) == at(&from, &i));
    }
    close_written(&w);
}

/* A dense layer over channels is a convolution of one tap. */
static void a_dense_layer_over_time_gets_a_tap(void)
{
    static const int64_t series[] = { 0, 7, 3 };
    written_net w;
    const int x = net_conv(&w.n, "conv", net_open(&w.n, true, 3, series), 4,
                           (net_window){ 3, 1, 1, CVYI_BORDER_SAME });

    net_output(&w.n, net_dense(&w.n, "dense", x, 5));
    open_written(&w);

    const cvy_view weight = find(&w, "dense.weight"), from = stored(&w, 2);

    check_dims(&weight, 3, (const int64_t[]){ 5, 4, 1 });
    for (int64_t o = 0; o < 5; o++)
        for (int64_t i = 0; i < 4; i++)
            CHECK(at(&weight, (const int64_t[]){ o, i, 0 }) ==
                  at(&from, (const int64_t[]){ i, o }));
    close_written(&w);
}

/* ---- laws ---- */

static int by_bits(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(float));
}

/* All elements, sorted: what a rearrangement keeps. */
static float *sorted(const cvy_view *view)
{
    const int64_t n = cvy_view_count(view);
    float *const all = malloc((size_t)n * sizeof *all);
    const cvy_view packed = cvyi_packed(all, CVY_F32, view->rank, view->dims);
    cvy_error err = { 0 };

    CHECK(all != NULL);
    CHECK_OK(cvyi_copy(&packed, view, &err));
    qsort(all, (size_t)n, sizeof *all, by_bits);
    return all;
}

/* Every parameter of the source stands in the file once, rearranged. */
static void every_random_net_keeps_every_element(void)
{
    enum { FIRST = 1, NETS = 60 };

    printf("seeds %d to %d\n", FIRST, FIRST + NETS - 1);
    for (uint64_t seed = FIRST; seed < FIRST + NETS; seed++) {
        written_net w;

        random_net_open(&w.n, seed);
        open_written(&w);
        CHECK_EQ(w.tensors.n, w.written.n_weights);
        for (int i = 0; i < w.written.n_weights; i++) {
            const cvyi_written_weight *const weight = &w.written.weights[i];

            if (weight->param < 0)
                continue;

            const cvy_view to = find(&w, weight->name);
            const cvy_view from = stored(&w, weight->param);

            CHECK_EQ(cvy_view_count(&to), cvy_view_count(&from));

            float *const a = sorted(&to), *const b = sorted(&from);

            CHECK(memcmp(a, b, (size_t)cvy_view_count(&to) * sizeof *a) == 0);
            free(a);
            free(b);
        }
        for (int p = 0; p < w.n.graph->n_params; p++) {
            int n = 0;

            for (int i = 0; i < w.written.n_weights; i++)
                n += w.written.weights[i].param == p;
            CHECK_EQ(n, 1);
        }
        close_written(&w);
    }
}

static void no_refused_allocation_breaks_the_file(void)
{
    written_net w;

    random_net_open(&w.n, 3);
    open_written(&w);
    for (size_t k = 1;; k++) {
        bytes again = { 0 };
        cvy_error err = { 0 };
        cvy_status status;

        cvyi_alloc_refuse(k);
        status =
            cvyi_write_torch_weights(&w.written, w.port, take, &again, &err);
        cvyi_alloc_refuse(0);
        if (status == CVY_OK) {
            CHECK_EQ(again.text.size, w.file.text.size);
            CHECK(memcmp(again.text.bytes, w.file.text.bytes,
                         again.text.size) == 0);
        } else {
            CHECK_EQ(status, CVY_MEMORY);
        }
        cvyi_text_close(&again.text);
        if (status == CVY_OK)
            break;
    }
    close_written(&w);
}

static const check_case cases[] = {
    { "a_kernel_turns_from_hwio_to_oihw", a_kernel_turns_from_hwio_to_oihw },
    { "a_dense_weight_follows_the_flatten",
      a_dense_weight_follows_the_flatten },
    { "several_blocks_follow_each_their_flatten",
      several_blocks_follow_each_their_flatten },
    { "a_batch_norm_without_gamma_gets_ones",
      a_batch_norm_without_gamma_gets_ones },
    { "a_dense_layer_over_time_gets_a_tap",
      a_dense_layer_over_time_gets_a_tap },
    { "every_random_net_keeps_every_element",
      every_random_net_keeps_every_element },
    { "no_refused_allocation_breaks_the_file",
      no_refused_allocation_breaks_the_file },
};
CHECK_MAIN(cases)
