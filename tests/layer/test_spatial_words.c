/* layer/pad, crop, resize, flatten, reshape, permute, expand: Keras' words
 * said, and those of tf_keras and TensorFlow read. */
#include "workbench.h"

/* ---- saying ---- */

typedef struct say_row {
    const char *op, *attrs; /* "name=value;name=value" */
    const char *in;         /* neutral: N C S... where there are channels */
    const char *module, *function; /* NULL: refused */
} say_row;

/* clang-format off */
static const say_row say_rows[] = {
    { "pad", "border=[1:2]", "(N, 3, L)",
      "layers.ZeroPadding1D((1, 2))",
      "ops.pad({0}, ((0, 0), (1, 2), (0, 0)))" },
    { "pad", "border=[1:1 2:2]", "(N, 3, H, W)",
      "layers.ZeroPadding2D((1, 2))",
      "ops.pad({0}, ((0, 0), (1, 1), (2, 2), (0, 0)))" },
    { "pad", "border=[1:0 2:2];value=-1.5", "(N, 3, H, W)", NULL,
      "ops.pad({0}, ((0, 0), (1, 0), (2, 2), (0, 0)), "
      "constant_values=-1.5)" },
    { "pad", "border=[1:1];mode=reflect", "(N, 3, L)", NULL,
      "ops.pad({0}, ((0, 0), (1, 1), (0, 0)), mode=\"reflect\")" },
    { "pad", "border=[1:1];mode=replicate", "(N, 3, L)", NULL,
      "ops.pad({0}, ((0, 0), (1, 1), (0, 0)), mode=\"symmetric\")" },
    { "pad", "border=[1:2];mode=replicate", "(N, 3, L)", NULL, NULL },
    { "pad", "border=[1:1];mode=circular", "(N, 3, L)", NULL, NULL },
    { "crop", "before=[1 1];after=[1 1]", "(N, 3, H, W)",
      "layers.Cropping2D(1)", NULL },
    { "crop", "before=[1];after=[0]", "(N, 3, L)",
      "layers.Cropping1D((1, 0))", NULL },
    { "crop", "before=[1 0 0];after=[1 2 0]", "(N, 3, D, H, W)",
      "layers.Cropping3D(((1, 1), (0, 2), (0, 0)))", NULL },
    { "resize", "method=repeat;factor=[2.0]", "(N, 3, L)",
      "layers.UpSampling1D(2)", NULL },
    { "resize", "method=repeat;factor=[2.0 2.0 3.0]", "(N, 3, D, H, W)",
      "layers.UpSampling3D((2, 2, 3))", NULL },
    { "resize", "method=linear;factor=[2.0 2.0]", "(N, 3, H, W)",
      "layers.UpSampling2D(2, interpolation=\"bilinear\")", NULL },
    { "resize", "method=linear;size=[8 6]", "(N, 3, H, W)",
      "layers.Resizing(8, 6)", NULL },
    { "resize", "method=linear;factor=[1.5 1.5]", "(N, 3, 4, 6)",
      "layers.Resizing(6, 9)", NULL },
    { "resize", "method=linear;factor=[1.5 1.5]", "(N, 3, 5, 6)", NULL, NULL },
    { "resize", "method=linear;grid=corners;size=[8 6]", "(N, 3, H, W)",
      NULL, NULL },
    { "resize", "grid=legacy;size=[4 4]", "(N, 3, 2, 2)",
      "layers.Resizing(4, 4, interpolation=\"nearest\")", NULL },
    { "resize", "grid=legacy;size=[4 4]", "(N, 3, 3, 3)", NULL, NULL },
    { "resize", "grid=legacy;size=[4 6 3]", "(N, 3, 2, 2, 3)",
      "layers.UpSampling3D((2, 3, 1))", NULL },
    { "resize", "grid=legacy;size=[4 6 3]", "(N, 3, 3, 2, 3)", NULL, NULL },
    { "resize", "method=linear;size=[7]", "(N, 3, L)", NULL,
      "ops.squeeze(ops.image.resize(ops.expand_dims({0}, 2), (7, 1)), 2)" },
    { "resize", "method=linear;size=[7 7 7]", "(N, 3, D, H, W)", NULL, NULL },
    { "flatten", "", "(N, 4, 5)", "layers.Flatten()", NULL },
    { "reshape", "shape=[3, H]", "(N, 3 * H)", "layers.Reshape((3, -1))",
      NULL },
    { "permute", "axes=[0 2 1]", "(N, 4, 5)", "layers.Permute((2, 1))",
      "ops.transpose({0}, (0, 2, 1))" },
    { "permute", "axes=[1 0]", "(N, 4)", NULL, "ops.transpose({0}, (1, 0))" },
    { "expand", "rank=3;axis=1", "(N, 4)", NULL, "ops.expand_dims({0}, 1)" },
    { "expand", "rank=4;axis=1", "(N, 4)", NULL,
      "ops.expand_dims(ops.expand_dims({0}, 1), 1)" },
};
/* clang-format on */

/* "name=value;name=value" */
static cvyi_attrs read_attrs(bench *b, const say_row *row, int n_spatial)
{
    const cvyi_op *const op = cvyi_op_find(row->op);
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, op, n_spatial);
    for (const char *at = row->attrs; *at != '\0';) {
        const size_t size = strcspn(at, ";"), name = strcspn(at, "=");
        const char *const key = cvyi_arena_text(&b->arena, at, name);
        const char *const text =
            cvyi_arena_text(&b->arena, at + name + 1, size - name - 1);
        const int i = cvyi_attr_index(op, key);

        CHECK(i >= 0);
        CHECK_EQ(cvyi_attr_parse(&attrs.at[i], &op->attrs[i], text, &b->arena,
                                 &b->sizes, &b->err),
                 CVY_OK);
        at += size + (at[size] == ';');
    }
    return attrs;
}

/* A type of N C S... as Keras has it in memory. */
static cvyi_type in_memory(const cvyi_type *type, bool moves)
{
    cvyi_type out = *type;
    int perm[CVY_MAX_RANK];

    if (!moves || type->rank < 3)
        return out;
    cvyi_axes_first_to_last(type->rank, perm);
    for (int i = 0; i < type->rank; i++)
        out.dims[i] = type->dims[perm[i]];
    return out;
}

static void check_form(bench *b, const say_row *row, cvyi_form form,
                       const char *wanted)
{
    const cvyi_type in = bench_type(b, row->in);
    const cvyi_attrs attrs = read_attrs(b, row, in.rank - 2);
    const bool moves = attrs.op->order == CVYI_ORDER_CHANNEL;
    cvyi_inferred inferred;
    cvyi_said said;

    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b->sizes, &b->err),
             CVY_OK);

    const cvyi_type memory = in_memory(&in, moves);
    const cvyi_type out = in_memory(&inferred.out[0], moves);
    const cvyi_saying what = { .attrs = &attrs,
                               .in = &memory,
                               .n_in = 1,
                               .out = &out,
                               .axes = CVYI_AXES_LAST,
                               .arena = &b->arena,
                               .sizes = &b->sizes };
    const cvy_status status = cvyi_say(&said, "keras3", form, &what, &b->err);

    if (wanted == NULL)
        CHECK_EQ(status, CVY_UNSUPPORTED);
    else if (status != CVY_OK)
        CHECK_FAIL("%s %s: %s", row->op, row->attrs, b->err.text);
    else
        CHECK_STR(cvyi_text_c(&said.code), wanted);
    cvyi_said_close(&said);
}

static void keras_says_it(void)
{
    for (size_t i = 0; i < sizeof say_rows / sizeof *say_rows; i++) {
        bench b;

        bench_open(&b);
        check_form(&b, &say_rows[i], CVYI_FORM_MODULE, say_rows[i].module);
        check_form(&b, &say_rows[i], CVYI_FORM_FUNCTION, say_rows[i].function);
        bench_close(&b);
    }
}

/* ---- reading ---- */

typedef struct read_row {
    const char *dialect, *name, *json, *shape;
    const char *steps; /* or "?argument" if it is refused */
} read_row;

/* clang-format off */
static const read_row read_rows[] = {
    { "keras2", "keras.layers.ZeroPadding1D", "{\"padding\": [1, 0]}",
      "(N, L, 3)", "pad border=[1:0]" },
    { "keras2", "keras.layers.Cropping2D", "{\"cropping\": -1}",
      "(N, H, W, 3)", "?cropping" },
    { "keras2", "keras.layers.UpSampling2D", "{\"interpolation\": "
      "\"BILINEAR\"}", "(N, H, W, 3)",
      "resize method=linear factor=[2.0 2.0]" },
    { "keras2", "keras.layers.Resizing", "{\"height\": 2, \"width\": 3}",
      "(N, H, W, 3)", "resize method=linear size=[2 3]" },
    { "keras2", "keras.layers.RepeatVector", "{\"n\": 2}", "(N, 3)",
      "expand rank=3; resize method=repeat factor=[2.0]" },
    { "keras2", "keras.layers.Flatten", "{}", "(N, 3, 4)", "flatten" },
    { "keras2", "keras.layers.Reshape", "{\"target_shape\": [4, 3]}",
      "(N, 12)", "reshape shape=[4, 3]" },
    { "keras2", "keras.layers.Permute", "{\"dims\": [2, 1]}", "(N, 3, 4)",
      "permute axes=[0 2 1]" },
    { "keras3", "keras.ops.pad", "{\"pad_width\": [[0, 0], [1, 2], [0, 0]], "
      "\"mode\": \"symmetric\"}", "(N, 4, 3)",
      "pad border=[1:2] mode=symmetric" },
    { "keras3", "keras.ops.pad", "{\"pad_width\": 1}", "(N, 4, 3)",
      "?pad_width" },
    { "keras3", "keras.ops.image.resize", "{\"size\": [2, 3], "
      "\"interpolation\": \"nearest\"}", "(N, H, W, 3)", "resize size=[2 3]" },
    { "keras3", "keras.ops.transpose", "{}", "(N, 4)", "permute axes=[1 0]" },
    { "keras3", "keras.ops.reshape", "{\"newshape\": [-1, 2, 6]}", "(N, 12)",
      "reshape shape=[2, 6]" },
    { "tf2", "tf.pad", "{\"paddings\": [[0, 0], [1, 2], [0, 0]], "
      "\"mode\": \"REFLECT\"}", "(N, 4, 3)", "pad border=[1:2] mode=reflect" },
    { "tf2", "tf.pad", "{\"paddings\": [[0, 0], [0, 0], [1, 2]]}",
      "(N, 4, 3)", "pad border=[1:2]" },
    { "tf1", "tf.pad", "{\"paddings\": [[0, 0], [4, 0], [0, 0]], "
      "\"mode\": \"REFLECT\"}", "(N, 4, 3)", "?paddings" },
    { "tf2", "tf.pad", "{\"paddings\": [[1, 0], [0, 0], [0, 0]]}",
      "(N, 4, 3)", "?paddings" },
    { "tf2", "tf.image.resize", "{\"size\": [2, 3]}", "(N, H, W, 3)",
      "resize method=linear size=[2 3]" },
    { "tf2", "tf.image.resize", "{\"size\": [2, 3], \"antialias\": true}",
      "(N, H, W, 3)", "?antialias" },
    { "tf2", "tf.image.resize", "{\"size\": [2, 3], \"method\": "
      "\"bicubic\"}", "(N, H, W, 3)", "?method" },
    { "tf1", "tf.image.resize", "{\"size\": [2, 3]}", "(N, H, W, 3)",
      "resize method=linear grid=legacy size=[2 3]" },
    { "tf1", "tf.image.resize_nearest_neighbor", "{\"size\": [2, 3], "
      "\"align_corners\": true}", "(N, H, W, 3)",
      "resize grid=corners size=[2 3]" },
    { "tf1", "tf.image.resize_bilinear", "{\"size\": [2, 3], "
      "\"align_corners\": true, \"half_pixel_centers\": true}",
      "(N, H, W, 3)", "?half_pixel_centers" },
    { "tf2", "tf.image.crop_to_bounding_box", "{\"offset_height\": 1, "
      "\"offset_width\": 0, \"target_height\": 3, \"target_width\": 4}",
      "(N, 6, 5, 3)", "crop before=[1 0] after=[2 1]" },
    { "tf2", "tf.reshape", "{\"shape\": [-1, 3, 4]}", "(N, 12)",
      "reshape shape=[3, 4]" },
    { "tf2", "tf.transpose", "{\"perm\": [0, 2, 1]}", "(N, 3, 4)",
      "permute axes=[0 2 1]" },
    { "tf1", "tf.expand_dims", "{\"axis\": -1}", "(N, 3)",
      "expand rank=3 axis=2" },
    { "tf2", "tf.squeeze", "{\"axis\": [1]}", "(N, 1, 3)",
      "flatten" },
    { "tf2", "tf.squeeze", "{\"axis\": 1}", "(N, 2, 3)", "?axis" },
    { "tf1", "tf.layers.flatten", "{}", "(N, 3, 4)", "flatten" },
};
/* clang-format on */

static const char *steps_of(bench *b)
{
    const char *text = "";

    for (int i = 0; i < b->phrase.n; i++) {
        const cvyi_attrs *const attrs = &b->phrase.steps[i].attrs;
        const char *const print = bench_attrs(b, attrs);

        text = cvyi_arena_printf(&b->arena, "%s%s%s%s%s", text,
                                 i > 0 ? "; " : "", attrs->op->name,
                                 print[0] != '\0' ? " " : "", print);
    }
    return text;
}

static void check_read(bench *b, const read_row *row)
{
    static const cvyi_value tensor = { .kind = CVYI_TENSOR };
    const cvyi_value *const positional[] = { &tensor };
    const cvyi_value *keywords;
    cvyi_bound call;
    int n_spatial;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find(row->dialect, row->name, &n_spatial);

    if (spelling == NULL)
        CHECK_FAIL("%s: %s is unknown", row->dialect, row->name);
    CHECK_EQ(cvyi_json_read(&keywords, &b->arena, row->json, strlen(row->json),
                            &b->err),
             CVY_OK);
    CHECK_EQ(cvyi_bind(&call, &b->arena, spelling, n_spatial, positional,
                       spelling->form == CVYI_FORM_FUNCTION, keywords,
                       &b->err),
             CVY_OK);
    b->in = bench_type(b, row->shape);
    call.sizes = &b->sizes;
    call.in = &b->in;
    call.n_in = 1;
    memset(&b->phrase, 0, sizeof b->phrase);

    const cvy_status status = spelling->from_call(&b->phrase, &call, &b->err);

    if (row->steps[0] == '?') {
        CHECK_EQ(status, CVY_UNSUPPORTED);
        CHECK_STR(b->phrase.refusal.attribute, row->steps + 1);
    } else {
        if (status != CVY_OK)
            CHECK_FAIL("%s: %s", row->name, b->err.text);
        CHECK_STR(steps_of(b), row->steps);
    }
}

static void other_dialects_are_read(void)
{
    for (size_t i = 0; i < sizeof read_rows / sizeof *read_rows; i++) {
        bench b;

        bench_open(&b);
        check_read(&b, &read_rows[i]);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "keras_says_it", keras_says_it },
    { "other_dialects_are_read", other_dialects_are_read },
};
CHECK_MAIN(cases)
