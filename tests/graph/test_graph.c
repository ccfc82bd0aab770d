/* graph/test_graph.c - building, asking, copying and changing graphs. */
#include "graph/graph.h"
#include "tensor/tensor.h"

#include "check.h"

/* ---- two operators of our own ---- */

static const cvyi_attr no_attrs[] = { { 0 } };
static const cvyi_slot no_slots[] = { { 0 } };

/* Its input twice. */
static cvy_status infer_two(cvyi_inferred *out, const cvyi_attrs *attrs,
                            const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                            cvy_error *err)
{
    (void)attrs, (void)n_in, (void)sizes, (void)err;
    *out = (cvyi_inferred){ .n_out = 2, .out = { in[0], in[0] } };
    return CVY_OK;
}

static const cvyi_op two_op = {
    .name = "two",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = no_attrs,
    .slots = no_slots,
    .infer = infer_two,
};

static cvyi_type seen; /* by the operator below */

/* Sees N C S..., puts 7 channels in their place; all sums to N C. */
static cvy_status infer_channels(cvyi_inferred *out, const cvyi_attrs *attrs,
                                 const cvyi_type *in, int n_in,
                                 cvyi_sizes *sizes, cvy_error *err)
{
    (void)attrs, (void)n_in, (void)err;
    seen = in[0];
    *out = (cvyi_inferred){ .n_out = 2, .out = { in[0], in[0] } };
    out->out[0].dims[1] = cvyi_size_of(sizes, 7);
    out->out[1].rank = 2;
    out->slots[0] = (cvyi_shape){ 2, { 7, 5 } };
    return CVY_OK;
}

static const cvyi_slot channels_slots[] = {
    { .name = "weight", .letters = "O I", .optional = true },
    { 0 }
};

static const cvyi_op channels_op = {
    .name = "channels",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = no_attrs,
    .slots = channels_slots,
    .infer = infer_channels,
};

/* ---- building ---- */

static cvyi_graph *opened(void)
{
    cvyi_graph *graph;
    cvy_error err;
    int module;

    CHECK_OK(cvyi_graph_open(&graph, "net", &err));
    CHECK_OK(cvyi_graph_add_module(&module, graph, -1, CVYI_MODULE_MODEL,
                                   "net", "Functional", &err));
    CHECK_EQ(module, 0);
    return graph;
}

static cvyi_type typed(cvyi_graph *graph, int rank, const int64_t *dims)
{
    cvyi_type type = { .dtype = CVY_F32, .rank = rank };

    type.dims[0] = cvyi_size_symbol(&graph->sizes, "N");
    for (int i = 1; i < rank; i++)
        type.dims[i] = cvyi_size_of(&graph->sizes, dims[i]);
    return type;
}

static int input(cvyi_graph *graph, int rank, const int64_t *dims)
{
    const cvyi_type type = typed(graph, rank, dims);
    cvy_error err;
    int result;

    CHECK_OK(cvyi_graph_add_input(&result, graph, "x", &type, &err));
    return result;
}

static int call(cvyi_graph *graph, const cvyi_op *op, cvyi_axes axes,
                const int *in, int n_in)
{
    cvyi_attrs attrs;
    cvy_error err;
    int index;

    cvyi_attrs_open(&attrs, op, 0);
    CHECK_OK(cvyi_graph_add_call(&index, graph, &attrs, axes, in, n_in, NULL,
                                 0, &err));
    return index;
}

static int64_t dim(const cvyi_graph *graph, int result, int axis)
{
    int64_t value = -1;

    (void)cvyi_size_constant(&value, graph->results[result].type.dims[axis]);
    return value;
}

static void an_operator_with_channels_sees_them_at_axis_1(void)
{
    enum { LAST = CVYI_AXES_LAST, FIRST = CVYI_AXES_FIRST };
    static const struct {
        int axes, rank;
        int64_t dims[5], sees[5], gives[5];
    } rows[] = {
        /* clang-format off */
        { LAST,  4, { 0, 8, 9, 5 },    { 0, 5, 8, 9 },    { 0, 8, 9, 7 } },
        { FIRST, 4, { 0, 5, 8, 9 },    { 0, 5, 8, 9 },    { 0, 7, 8, 9 } },
        { LAST,  3, { 0, 8, 5 },       { 0, 5, 8 },       { 0, 8, 7 } },
        { LAST,  5, { 0, 2, 3, 4, 5 }, { 0, 5, 2, 3, 4 }, { 0, 2, 3, 4, 7 } },
        { LAST,  2, { 0, 5 },          { 0, 5 },          { 0, 7 } },
        /* clang-format on */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_graph *const graph = opened();
        const int x = input(graph, rows[i].rank, rows[i].dims);
        const int c =
            call(graph, &channels_op, (cvyi_axes)rows[i].axes, &x, 1);
        const int *const out = graph->calls[c].out;
        int64_t size = 0;

        CHECK_EQ(seen.rank, rows[i].rank);
        for (int k = 1; k < rows[i].rank; k++) {
            CHECK(cvyi_size_constant(&size, seen.dims[k]));
            CHECK_EQ(size, rows[i].sees[k]);
            CHECK_EQ(dim(graph, out[0], k), rows[i].gives[k]);
        }
        CHECK_EQ(graph->results[out[1]].type.rank, 2);
        CHECK_EQ(dim(graph, out[1], 1), 5);
        cvyi_graph_close(graph);
    }
}

static void texts_and_lists_given_to_a_graph_are_its_own(void)
{
    char name[] = "layer", class_name[] = "Class";
    cvyi_graph *const graph = opened();
    int module;
    cvy_error err;

    CHECK_OK(cvyi_graph_add_module(&module, graph, 0, CVYI_MODULE_LAYER, name,
                                   class_name, &err));
    name[0] = class_name[0] = '?';
    CHECK_STR(graph->modules[module].name, "layer");
    CHECK_STR(graph->modules[module].class_name, "Class");
    cvyi_graph_close(graph);
}

static void a_call_that_does_not_fit_leaves_the_graph_as_it_was(void)
{
    const int64_t dims[] = { 0, 4, 4, 5 };
    cvyi_graph *const graph = opened();
    const int x = input(graph, 4, dims), pair[] = { x, x }, none = 3;
    cvyi_param wrong = { .name = "w", .slot = "weight" };
    int index = 77, param;
    cvyi_attrs attrs;
    cvy_error err = { 0 };

    wrong.stored = cvyi_packed(NULL, CVY_F32, 2, (const int64_t[]){ 7, 6 });
    wrong.layout = cvyi_layout_identity(2, wrong.stored.dims);
    CHECK_OK(cvyi_graph_add_param(&param, graph, &wrong, &err));
    cvyi_attrs_open(&attrs, &channels_op, 2);
    CHECK_EQ(cvyi_graph_add_call(&index, graph, &attrs, CVYI_AXES_LAST, pair,
                                 2, NULL, 0, &err),
             CVY_ARGUMENT);
    CHECK_STR(err.where, "net");
    CHECK_EQ(cvyi_graph_add_call(&index, graph, &attrs, CVYI_AXES_LAST, &none,
                                 1, NULL, 0, &err),
             CVY_ARGUMENT);
    CHECK_EQ(cvyi_graph_add_call(&index, graph, &attrs, CVYI_AXES_LAST, &x, 1,
                                 NULL, 9, &err),
             CVY_ARGUMENT);
    CHECK_EQ(cvyi_graph_add_call(&index, graph, &attrs, CVYI_AXES_LAST, &x, 1,
                                 &param, 0, &err),
             CVY_SHAPE);
    CHECK_STR(err.where, "net");
    CHECK_EQ(index, 77);
    CHECK_EQ(graph->n_calls, 0);
    CHECK_EQ(graph->n_results, 1);
    cvyi_graph_close(graph);
}

static void many_inputs_keep_their_order(void)
{
    const int64_t dims[] = { 0, 3 };
    cvyi_graph *const graph = opened();

    for (int i = 0; i < 100; i++)
        CHECK_EQ(input(graph, 2, dims), i);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(graph->inputs[i], i);
        CHECK_EQ(graph->results[i].index, i);
    }
    cvyi_graph_close(graph);
}

/* ---- asking ---- */

/* %0 -> two -> %1 %2; %1 + %2 + %1 -> %3 */
static cvyi_graph *small(void)
{
    const int64_t dims[] = { 0, 3 };
    cvyi_graph *const graph = opened();
    const int x = input(graph, 2, dims);
    const int two = call(graph, &two_op, CVYI_AXES_LAST, &x, 1);
    const int *const out = graph->calls[two].out;
    const int in[] = { out[0], out[1], out[0] };
    const int sum = call(graph, cvyi_op_find("add"), CVYI_AXES_LAST, in, 3);

    graph->output_tree.result = graph->calls[sum].out[0];
    return graph;
}

static void users_are_counted_once_each(void)
{
    cvyi_graph *const graph = small();
    int calls[2] = { -1, -1 };

    CHECK_EQ(cvyi_graph_users(graph, 1, calls, 2), 1);
    CHECK_EQ(calls[0], 1);
    CHECK_EQ(cvyi_graph_users(graph, 0, NULL, 0), 1);
    CHECK_EQ(cvyi_graph_users(graph, 3, calls, 2), 0);
    CHECK(cvyi_graph_is_output(graph, 3));
    CHECK(!cvyi_graph_is_output(graph, 1));
    cvyi_graph_close(graph);
}

static void leaves_come_from_left_to_right(void)
{
    static const cvyi_tree inner[] = {
        { .kind = CVYI_TREE_SINGLE, .result = 5 },
        { .kind = CVYI_TREE_SINGLE, .result = 3 },
    };
    static const char *const keys[] = { "b", "a" };
    static const cvyi_tree items[] = {
        { .kind = CVYI_TREE_DICT, .n = 2, .items = inner, .keys = keys },
        { .kind = CVYI_TREE_LIST },
        { .kind = CVYI_TREE_SINGLE, .result = 8 },
    };
    const cvyi_tree tree = { .kind = CVYI_TREE_LIST, .n = 3, .items = items };
    int leaves[3] = { 0 };

    CHECK_EQ(cvyi_tree_leaves(&tree, leaves, 3), 3);
    CHECK_EQ(leaves[0], 5);
    CHECK_EQ(leaves[1], 3);
    CHECK_EQ(leaves[2], 8);
    leaves[2] = 0;
    CHECK_EQ(cvyi_tree_leaves(&tree, leaves, 2), 3);
    CHECK_EQ(leaves[2], 0);
    CHECK_EQ(cvyi_tree_leaves(&tree, NULL, 0), 3);
}

static void frozen_modules_do_not_train(void)
{
    const int64_t dims[] = { 0, 4, 4, 5 };
    cvyi_graph *const graph = opened();
    const int x = input(graph, 4, dims);
    cvyi_param p = { .name = "w", .slot = "weight", .trainable = true };
    int block, layer, params[2], index;
    int64_t all, trainable;
    cvyi_attrs attrs;
    cvy_error err;

    p.stored = cvyi_packed(NULL, CVY_F32, 2, (const int64_t[]){ 7, 5 });
    p.layout = cvyi_layout_identity(2, p.stored.dims);
    CHECK_OK(cvyi_graph_add_param(&params[0], graph, &p, &err));
    p.trainable = false;
    CHECK_OK(cvyi_graph_add_param(&params[1], graph, &p, &err));
    CHECK_OK(cvyi_graph_add_module(&block, graph, 0, CVYI_MODULE_BLOCK, "b",
                                   NULL, &err));
    CHECK_OK(cvyi_graph_add_module(&layer, graph, block, CVYI_MODULE_LAYER,
                                   "l", NULL, &err));
    cvyi_attrs_open(&attrs, &channels_op, 2);
    CHECK_OK(cvyi_graph_add_call(&index, graph, &attrs, CVYI_AXES_LAST, &x, 1,
                                 params, layer, &err));
    CHECK_STR(cvyi_call_layer(graph, &graph->calls[index]), "l");
    cvyi_graph_parameters(graph, &all, &trainable);
    CHECK_EQ(all, 70);
    CHECK_EQ(trainable, 35);
    graph->modules[block].frozen = true;
    cvyi_graph_parameters(graph, &all, &trainable);
    CHECK_EQ(all, 70);
    CHECK_EQ(trainable, 0);
    cvyi_graph_close(graph);
}

static void a_saying_shows_the_call_as_it_is(void)
{
    const int64_t dims[] = { 0, 4, 4, 5 };
    cvyi_graph *const graph = opened();
    const int x = input(graph, 4, dims);
    const int c = call(graph, &channels_op, CVYI_AXES_LAST, &x, 1);
    cvyi_saying saying;
    cvy_error err;

    CHECK_OK(cvyi_graph_saying(&saying, graph, c, &err));
    CHECK_EQ(saying.n_in, 1);
    CHECK(saying.in[0].dims[3] == graph->results[x].type.dims[3]);
    CHECK_EQ(saying.out[0].rank, 4);
    CHECK_EQ(saying.slots[0].dims[0], 7);
    CHECK_EQ(saying.present, 0);
    CHECK(saying.attrs == &graph->calls[c].attrs);
    cvyi_graph_close(graph);
}

/* ---- changing ---- */

static void a_call_put_in_between_moves_the_later_ones(void)
{
    const int one = 1;
    cvyi_graph *source = small(), *graph;
    cvyi_attrs attrs;
    cvy_error err;

    CHECK_OK(cvyi_graph_copy(&graph, source, &err));
    cvyi_graph_close(source);
    cvyi_attrs_open(&attrs, cvyi_op_find("identity"), 0);
    CHECK_OK(cvyi_graph_insert_call(graph, 1, &attrs, CVYI_AXES_LAST, &one, 1,
                                    &err));
    CHECK_EQ(graph->n_calls, 3);
    CHECK_EQ(graph->calls[1].origin, -1);
    CHECK_EQ(graph->calls[2].origin, 1);
    CHECK_EQ(graph->calls[1].out[0], 4);
    CHECK_EQ(graph->results[4].call, 1);
    CHECK_EQ(graph->results[4].origin, -1);
    CHECK_EQ(graph->results[3].call, 2);
    CHECK_EQ(graph->results[3].origin, 3);
    /* Its module is for the caller to say, and the check asks for it. */
    CHECK_EQ(cvyi_graph_check(graph, NULL), CVY_ARGUMENT);
    graph->calls[1].module = 0;
    CHECK_OK(cvyi_graph_check(graph, &err));

    cvyi_graph_replace(graph, 1, 4, 2, false);
    CHECK_EQ(graph->calls[2].in[0], 4);
    CHECK_EQ(graph->calls[2].in[1], 2);
    CHECK_EQ(graph->calls[2].in[2], 4);
    CHECK_EQ(graph->calls[1].in[0], 1);
    CHECK_OK(cvyi_graph_check(graph, &err));
    cvyi_graph_close(graph);
}

static void a_call_may_not_read_what_comes_later(void)
{
    const int last = 3;
    cvyi_graph *const graph = small();
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("identity"), 0);
    CHECK_EQ(cvyi_graph_insert_call(graph, 1, &attrs, CVYI_AXES_LAST, &last, 1,
                                    NULL),
             CVY_ARGUMENT);
    cvyi_attrs_open(&attrs, &two_op, 0);
    CHECK_EQ(cvyi_graph_insert_call(graph, 2, &attrs, CVYI_AXES_LAST, &last, 1,
                                    NULL),
             CVY_ARGUMENT);
    CHECK_EQ(graph->n_calls, 2);
    CHECK_EQ(graph->n_results, 4);
    cvyi_graph_close(graph);
}

static void outputs_are_replaced_only_on_request(void)
{
    cvyi_graph *const graph = small();

    cvyi_graph_replace(graph, 3, 2, 0, false);
    CHECK_EQ(graph->output_tree.result, 3);
    cvyi_graph_replace(graph, 3, 2, 0, true);
    CHECK_EQ(graph->output_tree.result, 2);
    cvyi_graph_close(graph);
}

static void types_follow_after_a_change_of_an_input(void)
{
    const int64_t wider[] = { 0, 9 };
    cvyi_graph *const graph = small();
    cvy_error err;

    graph->results[0].type = typed(graph, 2, wider);
    CHECK_EQ(cvyi_graph_check(graph, NULL), CVY_SHAPE);
    CHECK_OK(cvyi_graph_infer(graph, &err));
    CHECK_EQ(dim(graph, 3, 1), 9);
    CHECK_OK(cvyi_graph_check(graph, &err));
    cvyi_graph_close(graph);
}

/* ---- copies ---- */

static void a_copy_does_not_need_its_source(void)
{
    cvyi_graph *source = small(), *copy;
    cvyi_text before = { 0 }, after = { 0 };
    cvy_error err;

    source->calls[0].label = "label";
    source->calls[0].attrs.op = cvyi_op_find("identity");
    cvyi_graph_print(&before, source);
    CHECK_OK(cvyi_graph_copy(&copy, source, &err));
    cvyi_graph_close(source);
    for (int i = 0; i < copy->n_calls; i++) {
        CHECK_EQ(copy->calls[i].origin, i);
        copy->calls[i].origin = -1;
    }
    for (int i = 0; i < copy->n_results; i++) {
        CHECK_EQ(copy->results[i].origin, i);
        copy->results[i].origin = -1;
    }
    cvyi_graph_print(&after, copy);
    CHECK_STR(cvyi_text_c(&after), cvyi_text_c(&before));
    cvyi_text_close(&before);
    cvyi_text_close(&after);
    cvyi_graph_close(copy);
}

static const check_case cases[] = {
    { "an_operator_with_channels_sees_them_at_axis_1",
      an_operator_with_channels_sees_them_at_axis_1 },
    { "texts_and_lists_given_to_a_graph_are_its_own",
      texts_and_lists_given_to_a_graph_are_its_own },
    { "a_call_that_does_not_fit_leaves_the_graph_as_it_was",
      a_call_that_does_not_fit_leaves_the_graph_as_it_was },
    { "many_inputs_keep_their_order", many_inputs_keep_their_order },
    { "users_are_counted_once_each", users_are_counted_once_each },
    { "leaves_come_from_left_to_right", leaves_come_from_left_to_right },
    { "frozen_modules_do_not_train", frozen_modules_do_not_train },
    { "a_saying_shows_the_call_as_it_is", a_saying_shows_the_call_as_it_is },
    { "a_call_put_in_between_moves_the_later_ones",
      a_call_put_in_between_moves_the_later_ones },
    { "a_call_may_not_read_what_comes_later",
      a_call_may_not_read_what_comes_later },
    { "outputs_are_replaced_only_on_request",
      outputs_are_replaced_only_on_request },
    { "types_follow_after_a_change_of_an_input",
      types_follow_after_a_change_of_an_input },
    { "a_copy_does_not_need_its_source", a_copy_does_not_need_its_source },
};
CHECK_MAIN(cases)
