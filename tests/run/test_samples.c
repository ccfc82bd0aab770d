/* run/test_samples.c - samples that threads take one by one. */
#include "run/run.h"

#include "tensor/tensor.h"

#include "check.h"

enum { SAMPLES = 3, CHANNELS = 8, HEIGHT = 50, WIDTH = 60 };
static const int64_t dims[] = { SAMPLES, CHANNELS, HEIGHT, WIDTH };
static const cvyi_symbols symbols = { 0 };

/* One call of a graph on its own inputs, whose first axis has `n`. */
static cvyi_graph *graph_of(cvyi_attrs *attrs, int n_in, int64_t n)
{
    cvyi_type type = { .dtype = CVY_F32, .rank = 4 };
    int in[2] = { 0, 0 }, index;
    cvyi_graph *graph;
    cvy_error err;

    CHECK_OK(cvyi_graph_open(&graph, "net", &err));
    CHECK_OK(cvyi_graph_add_module(&index, graph, -1, CVYI_MODULE_MODEL, "net",
                                   NULL, &err));
    for (int i = 0; i < 4; i++)
        type.dims[i] = cvyi_size_of(&graph->sizes, i == 0 ? n : dims[i]);
    for (int i = 0; i < n_in; i++)
        CHECK_OK(cvyi_graph_add_input(&in[i], graph, "x", &type, &err));
    CHECK_OK(cvyi_graph_add_call(&index, graph, attrs, CVYI_AXES_FIRST, in,
                                 n_in, NULL, 0, &err));
    return graph;
}

static cvy_view filled(int64_t n, int seed)
{
    const int64_t of[] = { n, CHANNELS, HEIGHT, WIDTH };
    cvy_view view;
    cvy_error err;

    CHECK_OK(cvyi_tensor_open(&view, CVY_F32, 4, of, &err));
    for (int64_t i = 0, all = cvy_view_count(&view); i < all; i++)
        ((float *)view.data)[i] =
            (float)((i * 7919 + seed * 31) % 2003) / 1000.0f - 1.0f;
    return view;
}

static cvy_view part(const cvy_view *view, int64_t sample)
{
    cvy_view one = *view;

    one.data = (float *)view->data + sample * view->strides[0];
    one.dims[0] = 1;
    return one;
}

static cvy_view computed(const cvyi_graph *graph, const cvy_view *in,
                         cvyi_run_mode mode)
{
    const cvyi_call *const call = &graph->calls[0];
    const cvyi_type *const type = &graph->results[call->out[0]].type;
    int64_t of[CVYI_MAX_DIMS];
    cvy_view out;
    cvy_error err;

    CHECK_OK(cvyi_run_dims(of, type, &symbols, &err));
    CHECK_OK(cvyi_tensor_open(&out, CVY_F32, type->rank, of, &err));
    CHECK_OK(cvyi_run_call(graph, call, in, &out, mode, &err));
    return out;
}

/* The whole batch has the bits of its samples, each in a call of its own. */
static void check_alone(cvyi_attrs *attrs, int n_in)
{
    cvyi_graph *const all = graph_of(attrs, n_in, SAMPLES);
    cvyi_graph *const one = graph_of(attrs, n_in, 1);
    cvy_view in[2] = { filled(SAMPLES, 1), filled(SAMPLES, 2) };

    for (int mode = 0; mode < 2; mode++) {
        cvy_view whole = computed(all, in, (cvyi_run_mode)mode);

        for (int64_t s = 0; s < SAMPLES; s++) {
            const cvy_view parts[2] = { part(&in[0], s), part(&in[1], s) };
            cvy_view alone = computed(one, parts, (cvyi_run_mode)mode);

            CHECK(memcmp(alone.data,
                         (float *)whole.data + s * whole.strides[0],
                         (size_t)cvy_view_count(&alone) * 4) == 0);
            cvyi_tensor_close(&alone);
        }
        cvyi_tensor_close(&whole);
    }
    cvyi_tensor_close(&in[0]);
    cvyi_tensor_close(&in[1]);
    cvyi_graph_close(all);
    cvyi_graph_close(one);
}

static void a_batch_is_its_samples(void)
{
    static const struct {
        const char *op, *attribute, *word;
        int n_in;
    } rows[] = {
        { "pointwise", "function", "relu", 1 },
        { "pointwise", "function", "tanh", 1 },
        { "add", NULL, NULL, 2 },
        { "multiply", NULL, NULL, 2 },
        { "maximum", NULL, NULL, 2 },
        { "global_pool", "kind", "average", 1 },
        { "identity", NULL, NULL, 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_op *const op = cvyi_op_find(rows[i].op);
        cvyi_attrs attrs;

        CHECK(op != NULL && op->by_sample);
        cvyi_attrs_open(&attrs, op, 2);
        if (rows[i].attribute != NULL)
            cvyi_set_word(&attrs, rows[i].attribute, rows[i].word);
        check_alone(&attrs, rows[i].n_in);
    }
}

/* One axis with a scale of its own for each sample: what depends on where a
 * sample stands is not taken apart. */
static void an_axis_that_is_the_batch_is_followed(void)
{
    static const double scale[] = { 1, 10, 100 }, offset[] = { 0, 0, 0 };
    cvyi_attrs attrs;
    cvyi_graph *graph;
    cvy_view in, out;

    cvyi_attrs_open(&attrs, cvyi_op_find("rescale"), 2);
    *cvyi_attr_set(&attrs, "scale") =
        (cvyi_attr_value){ .n = 3, .reals = scale };
    *cvyi_attr_set(&attrs, "offset") =
        (cvyi_attr_value){ .n = 3, .reals = offset };
    cvyi_set_int(&attrs, "axis", 0);
    graph = graph_of(&attrs, 1, SAMPLES);
    in = filled(SAMPLES, 1);
    out = computed(graph, &in, CVYI_RUN_VALUE);
    for (int s = 0; s < SAMPLES; s++) {
        const int64_t at = s * out.strides[0] + 5;

        CHECK(((float *)out.data)[at] ==
              (float)(scale[s] * (double)((float *)in.data)[at]));
    }
    cvyi_tensor_close(&in);
    cvyi_tensor_close(&out);
    cvyi_graph_close(graph);
}

static const check_case cases[] = {
    { "a batch is its samples", a_batch_is_its_samples },
    { "an axis that is the batch is followed",
      an_axis_that_is_the_batch_is_followed },
};
CHECK_MAIN(cases)
