/* verb/test_layer.c - layers as C programs make, compute and turn them. */
#include "convey/layout.h"

#include "base/memory.h"
#include "check.h"
#include "verb/layer_rows.h"

#include <math.h>

static void put_shape(char *out, const cvy_view *view)
{
    *out = '\0';
    for (int32_t i = 0; i < view->rank; i++)
        out += sprintf(out, "%s%d", i > 0 ? "x" : "", (int)view->dims[i]);
}

static void every_struct_makes_the_layer_that_it_says(void)
{
    for (int i = 0; i < N_ROWS; i++) {
        cvy_layer *layer = NULL;
        char shape[64];
        cvy_view out;
        cvy_error err;

        if (rows[i].make(&layer, &err) != CVY_OK)
            CHECK_FAIL("%s: %s: %s", rows[i].code, err.where, err.text);
        CHECK_STR(cvy_layer_code(layer), rows[i].code);
        out = cvy_layer_output(layer);
        put_shape(shape, &out);
        if (rows[i].output != NULL && strcmp(shape, rows[i].output) != 0)
            CHECK_FAIL("%s gives %s", rows[i].code, shape);
        cvy_layer_close(layer);
    }
}

/* ---- turned, both compute the same ---- */

static float number(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 9) / (float)(1 << 22) - 1;
}

/* Statistics are above zero, indices whole. */
static void fill_weights(const cvy_layer *layer, uint32_t *seed)
{
    for (int32_t i = 0; i < cvy_layer_weights(layer); i++) {
        const cvy_layer_weight w = cvy_layer_weight_at(layer, i);
        float *const p = w.view.data;

        for (int64_t k = 0; k < cvy_view_count(&w.view); k++) {
            p[k] = number(seed);
            if (strstr(w.name, "var") != NULL)
                p[k] = 0.5f + fabsf(p[k]);
        }
    }
}

static bool same_shape(const cvy_view *a, const cvy_view *b)
{
    bool same = a->rank == b->rank;

    for (int32_t i = 0; same && i < a->rank; i++)
        same = a->dims[i] == b->dims[i];
    return same;
}

/* `view` in the order in which it has the shape of `like`. */
static cvy_view ordered(const cvy_view *view, const cvy_view *like)
{
    int32_t order[CVY_MAX_RANK];
    cvy_view out;
    cvy_error err;

    if (same_shape(view, like))
        return *view;
    cvy_axes_to_first(order, view->rank);
    CHECK_OK(cvy_view_permute(&out, view, order, &err));
    if (same_shape(&out, like))
        return out;
    cvy_axes_to_last(order, view->rank);
    CHECK_OK(cvy_view_permute(&out, view, order, &err));
    CHECK(same_shape(&out, like));
    return out;
}

static float in_numbers[NUMBERS_MOST], a_numbers[NUMBERS_MOST];
static float b_numbers[NUMBERS_MOST], bound_numbers[NUMBERS_MOST];

static cvy_view numbers_of(cvy_view shape, float *data)
{
    CHECK(cvy_view_count(&shape) <= NUMBERS_MOST);
    shape.data = data;
    return shape;
}

static void compare(const cvy_layer *a, const cvy_layer *b, const char *code)
{
    const cvy_view x = numbers_of(cvy_layer_input(a, 0), in_numbers);
    cvy_view y = numbers_of(cvy_layer_output(a), a_numbers);
    const cvy_view z = numbers_of(cvy_layer_output(a), b_numbers);
    cvy_view bound = numbers_of(cvy_layer_output(a), bound_numbers);
    const cvy_view x_like = cvy_layer_input(b, 0),
                   z_like = cvy_layer_output(b);
    const cvy_view x_b = ordered(&x, &x_like);
    cvy_view z_b = ordered(&z, &z_like);
    uint32_t seed = 7;
    cvy_error err;

    for (int64_t i = 0; i < cvy_view_count(&x); i++)
        in_numbers[i] =
            strstr(code, "Embedding") != NULL ? (float)(i % 7) : number(&seed);
    CHECK_OK(cvy_layer_run(a, &x, &y, &bound, &err));
    CHECK_OK(cvy_layer_run(b, &x_b, &z_b, NULL, &err));
    for (int64_t i = 0; i < cvy_view_count(&y); i++) {
        const double far = fabs((double)a_numbers[i] - b_numbers[i]);

        if (!(far <= 2 * (double)bound_numbers[i]))
            CHECK_FAIL("%s: %g and %g at %d", code, (double)a_numbers[i],
                       (double)b_numbers[i], (int)i);
    }
}

static void a_turned_layer_computes_the_same(void)
{
    uint32_t seed = 1;

    for (int i = 0; i < N_ROWS; i++) {
        cvy_layer *layer = NULL, *turned = NULL;
        cvy_error err;

        CHECK_OK(rows[i].make(&layer, &err));
        fill_weights(layer, &seed);
        if (cvy_layer_turn(&turned, layer, NULL, &err) != CVY_OK)
            CHECK_FAIL("%s: %s: %s", rows[i].code, err.where, err.text);
        if (strstr(cvy_layer_code(turned), rows[i].turned) == NULL)
            CHECK_FAIL("%s became\n%s", rows[i].code, cvy_layer_code(turned));
        compare(layer, turned, rows[i].code);
        cvy_layer_close(layer); /* the other lives on */
        CHECK(cvy_layer_weights(turned) >= 0);
        cvy_layer_close(turned);
    }
}

/* A mean that keeps its axis, then a reshape that takes it away: the bound is
 * the mean's, in its place. */
static void a_bound_goes_through_what_only_moves(void)
{
    const cvy_argument axis = cvy_argument_int("axis", 2);
    const cvy_view x = numbers_of(SHAPE(2, 3, 5), in_numbers);
    cvy_layer *layer = NULL;
    cvy_view y, bound;
    cvy_error err;

    for (int i = 0; i < 30; i++)
        in_numbers[i] = i < 15 ? 0 : (float)i;
    CHECK_OK(cvy_tf_make(&layer, "reduce_mean", &axis, 1, &x, &err));
    y = numbers_of(cvy_layer_output(layer), a_numbers);
    bound = numbers_of(cvy_layer_output(layer), bound_numbers);
    CHECK_EQ(y.rank, 2);
    CHECK_OK(cvy_layer_run(layer, &x, &y, &bound, &err));
    for (int i = 0; i < 6; i++) {
        CHECK(bound_numbers[i] > 0);
        CHECK((bound_numbers[i] > 1e-7f) == (i >= 3));
    }
    cvy_layer_close(layer);
}

/* The weights of a turned layer are its own: what is written there counts,
 * and they come back as they were. */
static void weights_go_there_and_back(void)
{
    cvy_layer *keras = NULL, *torch = NULL, *again = NULL;
    cvy_layer_weight first, last;
    uint32_t seed = 3;
    cvy_error err;

    CHECK_OK(keras_separable(&keras, &err));
    fill_weights(keras, &seed);
    CHECK_OK(cvy_layer_turn(&torch, keras, "torch", &err));
    CHECK_OK(cvy_layer_turn(&again, torch, "keras", &err));
    compare(keras, again, "there and back");
    first = cvy_layer_weight_at(torch, 0);
    CHECK_EQ(first.view.dims[0], 6); /* (I M) 1 H W */
    CHECK_EQ(first.view.dims[1], 1);
    last = cvy_layer_weight_at(torch, cvy_layer_weights(torch) - 1);
    CHECK(strstr(last.name, "bias") != NULL);
    for (int k = 0; k < 4; k++)
        CHECK(((float *)last.view.data)[k] ==
              ((float *)cvy_layer_weight_at(keras, 2).view.data)[k]);
    ((float *)last.view.data)[0] += 1;
    cvy_layer_close(again);
    again = NULL;
    CHECK_OK(cvy_layer_turn(&again, torch, NULL, &err));
    last = cvy_layer_weight_at(again, cvy_layer_weights(again) - 1);
    CHECK(((float *)last.view.data)[0] ==
          ((float *)cvy_layer_weight_at(keras, 2).view.data)[0] + 1);
    cvy_layer_close(again);
    cvy_layer_close(torch);
    cvy_layer_close(keras);
}

/* A weight that the target has and the source has not is there with its
 * neutral value. */
static void what_the_target_adds_is_neutral(void)
{
    cvy_layer *keras = NULL, *torch = NULL;
    cvy_layer_weight weight;
    uint32_t seed = 5;
    cvy_error err;

    CHECK_OK(keras_batch_norm(&keras, &err)); /* scale=False */
    fill_weights(keras, &seed);
    CHECK_OK(cvy_layer_turn(&torch, keras, "torch", &err));
    CHECK_EQ(cvy_layer_weights(keras), 3);
    CHECK_EQ(cvy_layer_weights(torch), 4);
    weight = cvy_layer_weight_at(torch, 0);
    CHECK_STR(weight.name, "weight");
    for (int k = 0; k < 3; k++)
        CHECK(((float *)weight.view.data)[k] == 1);
    compare(keras, torch, "BatchNormalization");
    ((float *)weight.view.data)[1] = 2; /* and it counts */
    cvy_layer_close(keras);
    cvy_layer_close(torch);
}

/* ---- kernels as arguments ---- */

static void a_kernel_with_numbers_is_copied(void)
{
    cvy_layer *layer = NULL;
    cvy_layer_weight weight;
    cvy_error err;

    CHECK_OK(tf_conv(&layer, &err));
    CHECK_EQ(cvy_layer_weights(layer), 1);
    weight = cvy_layer_weight_at(layer, 0);
    CHECK_STR(weight.name, "filters");
    kernel[3] = -1; /* the caller's own: no longer the layer's */
    for (int k = 0; k < 3 * 3 * 3 * 5; k++)
        CHECK(((float *)weight.view.data)[k] == 0.5f + (float)(k % 5));
    cvy_layer_close(layer);
}

/* ---- refusing ---- */

MAKER(channels_differ, cvy_torch_conv_make,
      OF(cvy_torch_conv, .n_spatial = 2, .in_channels = 4, .out_channels = 6,
         .taps = { 3 }),
      1, 3, 9, 8)
MAKER(four_axes, cvy_keras_conv_make,
      OF(cvy_keras_conv, .n_spatial = 4, .filters = 2, .taps = { 3 }), 1, 3, 9,
      8, 2, 2)
MAKER(no_taps, cvy_keras_conv_make,
      OF(cvy_keras_conv, .n_spatial = 2, .filters = 2), 1, 9, 8, 3)
MAKER(stride_and_dilation, cvy_keras_conv_make,
      OF(cvy_keras_conv, .n_spatial = 2, .filters = 2, .taps = { 3 },
         .stride = { 2 }, .dilation = { 2 }),
      1, 9, 8, 3)
MAKER(same_with_stride, cvy_torch_conv_make,
      OF(cvy_torch_conv, .n_spatial = 2, .in_channels = 3, .out_channels = 6,
         .taps = { 3 }, .stride = { 2 }, .same = true),
      1, 3, 9, 8)
MAKER(no_fill, cvy_torch_pad_make,
      OF(cvy_torch_pad, .n_spatial = 2, .fill = (cvy_torch_fill)77), 1, 3, 9,
      8)

static cvy_status no_such_layer(cvy_layer **out, cvy_error *err)
{
    const cvy_view x = SHAPE(1, 2, 3);

    return cvy_torch_make(out, "Convoluted2d", NULL, 0, &x, err);
}

static cvy_status place_after_name(cvy_layer **out, cvy_error *err)
{
    const cvy_argument arguments[] = { cvy_argument_int("out_features", 3),
                                       cvy_argument_int(NULL, 3) };
    const cvy_view x = SHAPE(1, 2, 3);

    return cvy_torch_make(out, "Linear", arguments, 2, &x, err);
}

static cvy_status given_twice(cvy_layer **out, cvy_error *err)
{
    const cvy_argument arguments[] = { cvy_argument_int("in_features", 3),
                                       cvy_argument_int("in_features", 3) };
    const cvy_view x = SHAPE(1, 2, 3);

    return cvy_torch_make(out, "Linear", arguments, 2, &x, err);
}

static cvy_status no_such_tensor(cvy_layer **out, cvy_error *err)
{
    const cvy_argument wrong = cvy_argument_tensor("filters", 3);
    const cvy_view x = SHAPE(1, 8, 3);

    return cvy_tf_make(out, "nn.conv1d", &wrong, 1, &x, err);
}

static const struct refused {
    cvy_status (*make)(cvy_layer **out, cvy_error *err);
    cvy_status status;
    const char *where, *text;
} refusals[] = {
    { channels_differ, CVY_UNSUPPORTED, "in_channels", "has 3" },
    { four_axes, CVY_ARGUMENT, "n_spatial", "1 to 3" },
    { no_taps, CVY_UNSUPPORTED, "kernel_size", "" },
    { stride_and_dilation, CVY_UNSUPPORTED, "", "" },
    { same_with_stride, CVY_UNSUPPORTED, "padding", "" },
    { no_fill, CVY_ARGUMENT, "fill", "no such" },
    { no_such_layer, CVY_UNSUPPORTED, "", "not known" },
    { place_after_name, CVY_ARGUMENT, "", "by its place" },
    { given_twice, CVY_ARGUMENT, "in_features", "twice" },
    { no_such_tensor, CVY_ARGUMENT, "", "no tensor 3" },
};

static void what_is_wrong_is_refused_by_name(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        cvy_layer *layer = NULL;
        cvy_error err = { 0 };

        CHECK_EQ(refusals[i].make(&layer, &err), refusals[i].status);
        CHECK(layer == NULL);
        if (*refusals[i].where != '\0')
            CHECK_STR(err.where, refusals[i].where);
        if (strstr(err.text, refusals[i].text) == NULL)
            CHECK_FAIL("%d: %s", (int)i, err.text);
    }
}

MAKER(grouped_transpose, cvy_torch_conv_transpose_make,
      OF(cvy_torch_conv_transpose, .n_spatial = 2, .in_channels = 4,
         .out_channels = 2, .taps = { 3 }, .groups = 2),
      1, 4, 4, 5)

static void what_has_no_counterpart_is_not_turned(void)
{
    cvy_layer *layer = NULL, *turned = NULL;
    cvy_error err = { 0 };

    CHECK_OK(grouped_transpose(&layer, &err));
    CHECK_EQ(cvy_layer_turn(&turned, layer, "keras", &err), CVY_UNSUPPORTED);
    CHECK(turned == NULL);
    CHECK(strstr(err.text, "group") != NULL || strstr(err.where, "group"));
    CHECK_EQ(cvy_layer_turn(&turned, layer, "torch", &err), CVY_ARGUMENT);
    CHECK_EQ(cvy_layer_turn(&turned, layer, "jax", &err), CVY_ARGUMENT);
    cvy_layer_close(layer);
}

/* ---- memory ---- */

static void every_allocation_may_fail(void)
{
    for (size_t n = 1;; n++) {
        cvy_layer *layer = NULL, *turned = NULL;
        cvy_error err;
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = keras_separable(&layer, &err);
        if (status == CVY_OK)
            status = cvy_layer_turn(&turned, layer, NULL, &err);
        cvyi_alloc_refuse(0);
        cvy_layer_close(turned);
        cvy_layer_close(layer);
        if (status == CVY_OK)
            break;
        CHECK_EQ(status, CVY_MEMORY);
        CHECK(n < 20000);
    }
}

static const check_case cases[] = {
    { "every struct makes the layer that it says",
      every_struct_makes_the_layer_that_it_says },
    { "a turned layer computes the same", a_turned_layer_computes_the_same },
    { "a bound goes through what only moves",
      a_bound_goes_through_what_only_moves },
    { "weights go there and back", weights_go_there_and_back },
    { "what the target adds is neutral", what_the_target_adds_is_neutral },
    { "a kernel with numbers is copied", a_kernel_with_numbers_is_copied },
    { "what is wrong is refused by name", what_is_wrong_is_refused_by_name },
    { "what has no counterpart is not turned",
      what_has_no_counterpart_is_not_turned },
    { "every allocation may fail", every_allocation_may_fail },
};

CHECK_MAIN(cases)
