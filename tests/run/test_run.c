/* run/test_run.c - calls and graphs, computed. */
#include "run/run.h"

#include "run/slots.h"
#include "tensor/tensor.h"

#include "check.h"

/* ---- operators of our own ---- */

static const cvyi_attr no_attrs[] = { { 0 } };
static const cvyi_slot weight_slot[] = {
    { .name = "weight", .letters = "C", .optional = true },
    { 0 }
};

static cvy_status infer_same(cvyi_inferred *out, const cvyi_attrs *attrs,
                             const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                             cvy_error *err)
{
    int64_t channels = 0;

    (void)attrs, (void)n_in, (void)sizes, (void)err;
    (void)cvyi_size_constant(&channels, in[0].dims[1]);
    *out = (cvyi_inferred){ .n_out = 1, .out = { in[0] } };
    out->slots[0] = (cvyi_shape){ 1, { channels } };
    return CVY_OK;
}

/* out = in + 1000 * channel + weight[channel], channel at axis 1. */
static cvy_status eval_channels(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const in = &job->in[0], *const out = &job->out[0];
    const cvy_view *const weight = &job->slots[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    (void)err;
    do {
        float *const to = out->data;
        const int64_t channel = at[1];
        double value = cvyi_at(in, at) + 1000.0 * (double)channel;

        if (weight->data != NULL)
            value += cvyi_at(weight, &channel);
        to[cvyi_offset(out, at)] = (float)value;
    } while (cvyi_next(in->rank, in->dims, at));
    return CVY_OK;
}

static cvy_status eval_failing(const cvyi_job *job, cvy_error *err)
{
    (void)job;
    return cvyi_fail(err, CVY_UNSUPPORTED, "on purpose");
}

static const cvyi_op channels_op = {
    .name = "channels",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = no_attrs,
    .slots = weight_slot,
    .infer = infer_same,
    .eval = eval_channels,
};
static const cvyi_op failing_op = {
    .name = "failing",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = no_attrs,
    .slots = weight_slot,
    .infer = infer_same,
    .eval = eval_failing,
};

/* ---- graphs ---- */

static const char *const names[] = { "N", "H" };
static const int64_t values[] = { 2, 3 };
static const cvyi_symbols symbols = { 2, names, values };

/* A graph with one input: N H 4 C if last, else N C H 4. */
static cvyi_graph *opened(cvyi_axes axes, int64_t channels)
{
    cvyi_type type = { .dtype = CVY_F32, .rank = 4 };
    const int c = axes == CVYI_AXES_LAST ? 3 : 1, h = c == 3 ? 1 : 2;
    cvyi_graph *graph;
    int index;
    cvy_error err;

    CHECK_OK(cvyi_graph_open(&graph, "net", &err));
    CHECK_OK(cvyi_graph_add_module(&index, graph, -1, CVYI_MODULE_MODEL, "net",
                                   NULL, &err));
    type.dims[0] = cvyi_size_symbol(&graph->sizes, "N");
    type.dims[h] = cvyi_size_symbol(&graph->sizes, "H");
    type.dims[h + 1] = cvyi_size_of(&graph->sizes, 4);
    type.dims[c] = cvyi_size_of(&graph->sizes, channels);
    CHECK_OK(cvyi_graph_add_input(&index, graph, "x", &type, &err));
    return graph;
}

static int call(cvyi_graph *graph, const cvyi_op *op, cvyi_axes axes,
                const int *in, int n_in, int param)
{
    cvyi_attrs attrs;
    cvy_error err;
    int index;

    cvyi_attrs_open(&attrs, op, 2);
    CHECK_OK(cvyi_graph_add_call(&index, graph, &attrs, axes, in, n_in, &param,
                                 0, &err));
    return graph->calls[index].out[0];
}

static int64_t dims_of(int64_t *dims, const cvyi_graph *graph)
{
    cvy_error err;

    CHECK_OK(cvyi_run_dims(dims, &graph->results[0].type, &symbols, &err));
    return dims[0] * dims[1] * dims[2] * dims[3];
}

static cvy_view ramp(const cvyi_graph *graph)
{
    int64_t dims[4];
    const int64_t n = dims_of(dims, graph);
    cvy_view view;
    cvy_error err;

    CHECK_OK(cvyi_tensor_open(&view, CVY_F32, 4, dims, &err));
    for (int64_t i = 0; i < n; i++)
        ((float *)view.data)[i] = (float)i;
    return view;
}

/* ---- what is true ---- */

static void dims_follow_the_symbols(void)
{
    cvyi_graph *const graph = opened(CVYI_AXES_LAST, 5);
    const cvyi_symbols fewer = { 1, names, values };
    const int64_t none[] = { 2, 0 };
    const cvyi_symbols empty = { 2, names, none };
    int64_t dims[4] = { 7, 7, 7, 7 };

    CHECK_EQ(cvyi_run_dims(dims, &graph->results[0].type, &fewer, NULL),
             CVY_SHAPE);
    CHECK_EQ(cvyi_run_dims(dims, &graph->results[0].type, &empty, NULL),
             CVY_SHAPE);
    CHECK_EQ(dims[0], 7);
    CHECK_EQ(dims_of(dims, graph), 2 * 3 * 4 * 5);
    CHECK_EQ(dims[1], 3);
    cvyi_graph_close(graph);
}

static void channels_are_followed_in_both_orders(void)
{
    static const float bias[] = { 0.25f, 0.5f, 0.75f };

    for (int first = 0; first <= 1; first++) {
        const cvyi_axes axes = first ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
        cvyi_graph *const graph = opened(axes, 3);
        cvyi_param p = { .name = "w", .slot = "weight" };
        int64_t at[4] = { 0 };
        cvy_view results[2] = { { 0 } };
        int in = 0, param;
        cvy_error err;

        p.stored = cvyi_packed((void *)(uintptr_t)bias, CVY_F32, 1,
                               (const int64_t[]){ 3 });
        p.layout = cvyi_layout_identity(1, p.stored.dims);
        CHECK_OK(cvyi_graph_add_param(&param, graph, &p, &err));
        call(graph, &channels_op, axes, &in, 1, param);
        results[0] = ramp(graph);
        CHECK_OK(cvyi_run_graph(results, graph, &symbols, true, &err));
        CHECK(cvyi_is_packed(&results[1]));
        do {
            const int64_t channel = at[first ? 1 : 3];

            CHECK(cvyi_at(&results[1], at) ==
                  cvyi_at(&results[0], at) + 1000.0 * (double)channel +
                      0.25 * (double)(channel + 1));
        } while (cvyi_next(4, results[0].dims, at));
        cvyi_run_close(results, graph);
        cvyi_tensor_close(&results[0]);
        cvyi_graph_close(graph);
    }
}

/* %0 -> %1 -> %2; %1 + %2 -> %3; %2 -> %4, read by nobody */
static cvyi_graph *branched(void)
{
    cvyi_graph *const graph = opened(CVYI_AXES_LAST, 3);
    const cvyi_op *const identity = cvyi_op_find("identity");
    int in[2] = { 0, 0 };

    in[0] = call(graph, &channels_op, CVYI_AXES_LAST, in, 1, -1);
    in[1] = call(graph, identity, CVYI_AXES_LAST, in, 1, -1);
    graph->output_tree.result =
        call(graph, cvyi_op_find("add"), CVYI_AXES_LAST, in, 2, -1);
    call(graph, identity, CVYI_AXES_LAST, &in[1], 1, -1);
    return graph;
}

static void only_outputs_stay_unless_all_are_kept(void)
{
    cvyi_graph *const graph = branched();
    cvy_view results[5] = { { 0 } };
    const int64_t at[] = { 1, 2, 3, 2 };
    cvy_error err;

    results[0] = ramp(graph);
    CHECK_OK(cvyi_run_graph(results, graph, &symbols, false, &err));
    CHECK(results[1].data == NULL);
    CHECK(results[2].data == NULL);
    CHECK(results[4].data == NULL);
    CHECK(cvyi_at(&results[3], at) == 2 * (cvyi_at(&results[0], at) + 2000.0));
    cvyi_run_close(results, graph);
    CHECK(results[3].data == NULL);
    CHECK(results[0].data != NULL);

    CHECK_OK(cvyi_run_graph(results, graph, &symbols, true, &err));
    for (int i = 1; i < 5; i++)
        CHECK(results[i].data != NULL);
    cvyi_run_close(results, graph);
    cvyi_tensor_close(&results[0]);
    cvyi_graph_close(graph);
}

static void a_failure_names_its_layer_and_frees_everything(void)
{
    cvyi_graph *const graph = branched();
    cvy_view results[5] = { { 0 } };
    cvy_error err = { 0 };

    graph->calls[3].attrs.op = &failing_op;
    results[0] = ramp(graph);
    CHECK_EQ(cvyi_run_graph(results, graph, &symbols, true, &err),
             CVY_UNSUPPORTED);
    CHECK_STR(err.where, "net");
    for (int i = 1; i < 5; i++)
        CHECK(results[i].data == NULL);
    cvyi_tensor_close(&results[0]);
    cvyi_graph_close(graph);
}

static void a_wrong_input_is_refused(void)
{
    cvyi_graph *const graph = branched();
    cvy_view results[5] = { { 0 } };
    const cvyi_symbols other = { 2, names, (const int64_t[]){ 2, 5 } };

    CHECK_EQ(cvyi_run_graph(results, graph, &symbols, true, NULL),
             CVY_ARGUMENT);
    results[0] = ramp(graph);
    CHECK_EQ(cvyi_run_graph(results, graph, &other, true, NULL), CVY_SHAPE);
    cvyi_tensor_close(&results[0]);
    cvyi_graph_close(graph);
}

static void what_only_moves_numbers_has_the_bound_zero(void)
{
    cvyi_graph *const graph = branched();
    cvy_view in = ramp(graph), out = ramp(graph);
    cvy_error err;

    CHECK_OK(cvyi_run_call(graph, &graph->calls[0], &in, &out, CVYI_RUN_BOUND,
                           &err));
    for (int64_t i = 0; i < cvy_view_count(&out); i++)
        CHECK(((float *)out.data)[i] == 0);
    cvyi_tensor_close(&in);
    cvyi_tensor_close(&out);
    cvyi_graph_close(graph);
}

static void refused_memory_leaks_nothing(void)
{
    cvyi_graph *const graph = branched();
    cvy_view results[5] = { { 0 } };
    cvy_status status = CVY_MEMORY;

    results[0] = ramp(graph);
    for (size_t n = 1; status != CVY_OK; n++) {
        cvyi_alloc_refuse(n);
        status = cvyi_run_graph(results, graph, &symbols, true, NULL);
        cvyi_alloc_refuse(0);
        CHECK(status == CVY_OK || status == CVY_MEMORY);
    }
    cvyi_run_close(results, graph);
    cvyi_tensor_close(&results[0]);
    cvyi_graph_close(graph);
}

/* ---- parameters ---- */

/* The same numbers under every way to store them. */
static void parameters_come_as_aligned_floats_of_the_slots_rank(void)
{
    static const struct {
        const char *rule;
        cvy_dtype dtype;
        int shift; /* bytes the data is moved from its alignment */
        bool borrowed;
    } rows[] = {
        /* clang-format off */
        { "S I O -> O I S",       CVY_F32, 0, true },
        { "S I M -> (I M) 1 S",   CVY_F32, 0, true },
        { "S I M -> (M I) 1 S",   CVY_F32, 0, false },
        { "S I O -> O I S",       CVY_F32, 1, false },
        { "S I O -> O I S",       CVY_F64, 0, false },
        { "S I O -> O I S",       CVY_F16, 1, false },
        /* clang-format on */
    };
    enum { COUNT = 3 * 2 * 4 };
    static _Alignas(8) unsigned char bytes[COUNT * 8 + 8];
    const int64_t dims[] = { 3, 2, 4 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double numbers[COUNT];
        const cvy_view from = cvyi_packed(numbers, CVY_F64, 3, dims);
        cvyi_graph *const graph = opened(CVYI_AXES_LAST, 3);
        cvyi_param p = { .name = "w", .slot = "weight" };
        cvyi_arena scratch = { 0 };
        cvyi_call one = { .params = { 0, -1, -1, -1, -1 } };
        cvy_view slots[CVYI_MAX_SLOTS], atoms;
        cvyi_shape shape;
        int64_t at[CVY_MAX_RANK] = { 0 }, of_atoms[CVY_MAX_RANK] = { 0 };
        int param;
        cvy_error err;

        for (int k = 0; k < COUNT; k++)
            numbers[k] = k;
        p.stored = cvyi_packed(bytes + rows[i].shift, rows[i].dtype, 3, dims);
        CHECK_OK(cvyi_copy(&p.stored, &from, &err));
        CHECK_OK(cvyi_layout_parse(&p.layout, rows[i].rule, 1, 3, dims, &err));
        CHECK_OK(cvyi_graph_add_param(&param, graph, &p, &err));
        CHECK_OK(cvyi_run_slots(slots, graph, &one, &scratch, &err));
        CHECK(slots[1].data == NULL);
        CHECK_EQ(slots[0].dtype, CVY_F32);
        CHECK_EQ((uintptr_t)slots[0].data % sizeof(float), 0);
        CHECK((slots[0].data == (void *)bytes) == rows[i].borrowed);
        CHECK_OK(cvyi_param_view(&atoms, &shape, &p, NULL, &err));
        CHECK_EQ(slots[0].rank, shape.rank);
        do {
            CHECK(cvyi_at(&slots[0], at) == cvyi_at(&atoms, of_atoms));
            (void)cvyi_next(atoms.rank, atoms.dims, of_atoms);
        } while (cvyi_next(shape.rank, shape.dims, at));
        cvyi_arena_close(&scratch);
        cvyi_graph_close(graph);
    }
}

static const check_case cases[] = {
    { "dims_follow_the_symbols", dims_follow_the_symbols },
    { "channels_are_followed_in_both_orders",
      channels_are_followed_in_both_orders },
    { "only_outputs_stay_unless_all_are_kept",
      only_outputs_stay_unless_all_are_kept },
    { "a_failure_names_its_layer_and_frees_everything",
      a_failure_names_its_layer_and_frees_everything },
    { "a_wrong_input_is_refused", a_wrong_input_is_refused },
    { "what_only_moves_numbers_has_the_bound_zero",
      what_only_moves_numbers_has_the_bound_zero },
    { "refused_memory_leaks_nothing", refused_memory_leaks_nothing },
    { "parameters_come_as_aligned_floats_of_the_slots_rank",
      parameters_come_as_aligned_floats_of_the_slots_rank },
};
CHECK_MAIN(cases)
