/* graph/test_check.c - every law is found broken when it is broken. */
#include "graph/graph.h"
#include "tensor/tensor.h"

#include "check.h"

static float numbers[256];

static int param(cvyi_graph *graph, const char *slot, const char *rule,
                 int rank, const int64_t *dims)
{
    cvyi_param p = { .name = slot, .slot = slot, .trainable = true };
    cvy_error err;
    int index;

    p.stored = cvyi_packed(numbers, CVY_F32, rank, dims);
    CHECK_OK(cvyi_layout_parse(&p.layout, rule, 2, rank, dims, &err));
    CHECK_OK(cvyi_graph_add_param(&index, graph, &p, &err));
    return index;
}

/* %0 -> conv -> %1; %1 + %1 -> %2, in an outline of two nodes. */
static cvyi_graph *net(void)
{
    const int64_t kernel[] = { 3, 3, 3, 4 }, bias[] = { 4 };
    const int64_t taps[] = { 3, 3 };
    cvyi_type image = { .dtype = CVY_F32, .rank = 4 };
    int params[2], input, call, module, two[2];
    cvyi_graph *graph;
    cvyi_attrs attrs;
    cvy_error err;

    CHECK_OK(cvyi_graph_open(&graph, "net", &err));
    image.dims[0] = cvyi_size_symbol(&graph->sizes, "N");
    image.dims[1] = image.dims[2] = cvyi_size_of(&graph->sizes, 8);
    image.dims[3] = cvyi_size_of(&graph->sizes, 3);
    CHECK_OK(cvyi_graph_add_module(&module, graph, -1, CVYI_MODULE_MODEL,
                                   "net", "Functional", &err));
    CHECK_OK(cvyi_graph_add_module(&module, graph, 0, CVYI_MODULE_LAYER,
                                   "conv1", "Conv2D", &err));
    CHECK_OK(cvyi_graph_add_input(&input, graph, "image", &image, &err));
    params[0] = param(graph, "weight", "S I O -> O I S", 4, kernel);
    params[1] = param(graph, "bias", "O", 1, bias);
    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 2);
    cvyi_set_int(&attrs, "outputs", 4);
    cvyi_set_ints(&attrs, "taps", taps, 2);
    CHECK_OK(cvyi_graph_add_call(&call, graph, &attrs, CVYI_AXES_LAST, &input,
                                 1, params, 1, &err));
    two[0] = two[1] = graph->calls[call].out[0];
    cvyi_attrs_open(&attrs, cvyi_op_find("add"), 2);
    CHECK_OK(cvyi_graph_add_call(&call, graph, &attrs, CVYI_AXES_LAST, two, 2,
                                 NULL, 0, &err));
    graph->output_tree.result = graph->calls[call].out[0];
    return graph;
}

static void a_graph_as_it_is_built_is_good(void)
{
    cvyi_graph *const graph = net();
    cvy_error err;

    CHECK_OK(cvyi_graph_check(graph, &err));
    cvyi_graph_close(graph);
}

/* ---- one kind of damage each ---- */

static cvyi_size elsewhere(void)
{
    static cvyi_graph *other;
    cvy_error err;

    if (other == NULL)
        CHECK_OK(cvyi_graph_open(&other, "other", &err));
    return cvyi_size_of(&other->sizes, 8);
}

static const cvyi_feature_block twice = { 2, { 2, 2 }, { 1, 1 } };
static const cvyi_feature_block fits = { 2, { 2, 2 }, { 1, 0 } };
static const cvyi_feature_block wide = { 2, { 2, 3 }, { 1, 0 } };
static const cvyi_tree pair[] = { { .kind = CVYI_TREE_SINGLE, .result = 0 },
                                  { .kind = CVYI_TREE_SINGLE, .result = 9 } };
static const char *const same_keys[] = { "a", "a" };

#define DAMAGE(what, statement)     \
    static void what(cvyi_graph *g) \
    {                               \
        statement;                  \
    }

/* clang-format off */
DAMAGE(no_name,            g->name = NULL)
DAMAGE(no_outline,         g->n_modules = 0)
DAMAGE(root_with_parent,   g->modules[0].parent = 0)
DAMAGE(child_of_itself,    g->modules[1].parent = 1)
DAMAGE(second_root,        g->modules[1].parent = -1)
DAMAGE(module_kind,        g->modules[1].kind = (cvyi_module_kind)9)
DAMAGE(module_name,        g->modules[1].name = NULL)
DAMAGE(param_name,         g->params[0].name = NULL)
DAMAGE(param_slot,         g->params[0].slot = "two words")
DAMAGE(param_dims,         g->params[0].stored.dims[0] = 5)
DAMAGE(param_negative,     g->params[0].stored.dims[0] = -3)
DAMAGE(layout_perm,        g->params[0].layout.perm[0] = 1)
DAMAGE(layout_groups,      g->params[0].layout.target_group[0] = 2)
DAMAGE(layout_rank,        g->params[0].layout.target_rank = 99)
DAMAGE(block_order,        g->params[1].blocks = &twice;
                           g->params[1].n_blocks = 1)
DAMAGE(block_size,         g->params[1].blocks = &wide;
                           g->params[1].n_blocks = 1)
DAMAGE(block_axis,         g->params[1].blocks = &fits;
                           g->params[1].n_blocks = 1;
                           g->params[1].permuted_axis = 1)
DAMAGE(slot_shape,         g->calls[0].params[1] = 0)
DAMAGE(slot_missing,       g->calls[0].params[0] = -1)
DAMAGE(slot_none,          g->calls[0].params[0] = 7)
DAMAGE(slot_beyond,        g->calls[1].params[0] = 0)
DAMAGE(slot_far_beyond,    g->calls[1].params[4] = 0)
DAMAGE(no_operator,        g->calls[1].attrs.op = NULL)
DAMAGE(too_few_inputs,     g->calls[1].n_in = 1)
DAMAGE(too_many_inputs,    g->calls[0].n_in = 2)
DAMAGE(reads_nothing,      g->calls[1].in[0] = 12)
DAMAGE(reads_itself,       g->calls[1].in[0] = 2)
DAMAGE(call_order,         cvyi_call c = g->calls[0];
                           g->calls[0] = g->calls[1]; g->calls[1] = c)
DAMAGE(call_module,        g->calls[1].module = 5)
DAMAGE(call_axes,          g->calls[1].axes = (cvyi_axes)4)
DAMAGE(call_origin,        g->calls[1].origin = -2)
DAMAGE(other_axes,         g->calls[0].axes = CVYI_AXES_FIRST)
DAMAGE(call_out,           g->calls[1].out[0] = 1)
DAMAGE(call_n_out,         g->calls[1].n_out = 2)
DAMAGE(result_call,        g->results[2].call = 0)
DAMAGE(result_index,       g->results[2].index = 1)
DAMAGE(result_orphan,      g->results[2].call = -1)
DAMAGE(result_origin,      g->results[2].origin = -5)
DAMAGE(result_rank,        g->results[2].type.rank = 3)
DAMAGE(result_dtype,       g->results[2].type.dtype = CVY_F64)
DAMAGE(result_no_dtype,    g->results[2].type.dtype = (cvy_dtype)44)
DAMAGE(result_dims,        cvyi_type *t = &g->results[2].type;
                           t->dims[1] = t->dims[0])
DAMAGE(result_no_size,     g->results[0].type.dims[1] = NULL)
DAMAGE(result_other_size,  g->results[0].type.dims[1] = elsewhere())
DAMAGE(result_blocks,      g->results[2].arrangement.blocks = &wide;
                           g->results[2].arrangement.n_blocks = 1)
DAMAGE(input_none,         g->inputs[0] = 1)
DAMAGE(input_beyond,       g->inputs[0] = 44)
DAMAGE(input_tree,         g->input_tree.result = 1)
DAMAGE(input_tree_empty,   g->input_tree.kind = CVYI_TREE_LIST)
DAMAGE(output_tree,        g->output_tree.result = -1)
DAMAGE(tree_leaf,          g->output_tree.kind = CVYI_TREE_LIST;
                           g->output_tree.items = pair; g->output_tree.n = 2)
DAMAGE(tree_keys,          g->output_tree.kind = CVYI_TREE_DICT;
                           g->output_tree.items = pair; g->output_tree.n = 2;
                           g->output_tree.keys = same_keys)

static const struct {
    const char *name;
    void (*apply)(cvyi_graph *graph);
} damages[] = {
#define ROW(what) { #what, what },
    ROW(no_name) ROW(no_outline) ROW(root_with_parent) ROW(child_of_itself)
    ROW(second_root) ROW(module_kind) ROW(module_name) ROW(param_name)
    ROW(param_slot) ROW(param_dims) ROW(param_negative) ROW(layout_perm)
    ROW(layout_groups) ROW(layout_rank) ROW(block_order) ROW(block_size)
    ROW(block_axis) ROW(slot_shape) ROW(slot_missing) ROW(slot_none)
    ROW(slot_beyond) ROW(slot_far_beyond) ROW(no_operator)
    ROW(too_few_inputs) ROW(too_many_inputs) ROW(reads_nothing)
    ROW(reads_itself) ROW(call_order) ROW(call_module) ROW(call_axes)
    ROW(call_origin) ROW(other_axes) ROW(call_out) ROW(call_n_out)
    ROW(result_call) ROW(result_index) ROW(result_orphan) ROW(result_origin)
    ROW(result_rank) ROW(result_dtype) ROW(result_no_dtype) ROW(result_dims)
    ROW(result_no_size) ROW(result_other_size) ROW(result_blocks)
    ROW(input_none) ROW(input_beyond) ROW(input_tree) ROW(input_tree_empty)
    ROW(output_tree) ROW(tree_leaf) ROW(tree_keys)
#undef ROW
};
/* clang-format on */

static void every_kind_of_damage_is_found(void)
{
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        cvyi_graph *const graph = net();
        cvy_error err = { 0 };

        damages[i].apply(graph);
        if (cvyi_graph_check(graph, &err) == CVY_OK)
            CHECK_FAIL("%s was not found", damages[i].name);
        CHECK(err.text[0] != '\0');
        CHECK(err.status != CVY_MEMORY);
        cvyi_graph_close(graph);
    }
}

static void a_wrong_shape_is_told_with_its_layer_and_both_shapes(void)
{
    cvyi_graph *const graph = net();
    cvy_error err = { 0 };

    graph->calls[0].params[1] = 0;
    CHECK_EQ(cvyi_graph_check(graph, &err), CVY_SHAPE);
    CHECK_STR(err.where, "conv1");
    CHECK_STR(err.text, "bias has shape [4 3 3 3] where [4] is needed");
    cvyi_graph_close(graph);
}

static void blocks_that_fit_are_good(void)
{
    cvyi_graph *const graph = net();
    cvy_error err;

    graph->params[1].blocks = &fits;
    graph->params[1].n_blocks = 1;
    graph->results[2].arrangement.blocks = &fits;
    graph->results[2].arrangement.n_blocks = 1;
    CHECK_OK(cvyi_graph_check(graph, &err));
    cvyi_graph_close(graph);
}

static const check_case cases[] = {
    { "a_graph_as_it_is_built_is_good", a_graph_as_it_is_built_is_good },
    { "every_kind_of_damage_is_found", every_kind_of_damage_is_found },
    { "a_wrong_shape_is_told_with_its_layer_and_both_shapes",
      a_wrong_shape_is_told_with_its_layer_and_both_shapes },
    { "blocks_that_fit_are_good", blocks_that_fit_are_good },
};
CHECK_MAIN(cases)
