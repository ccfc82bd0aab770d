/* layer/x/torch.c: what is said of functions, arithmetic, order and shapes of
 * values reads back. */
#include "torch_rows.h"

#include "layer/pointwise/functions.h"

static cvyi_attrs open_attrs(const char *op, int n_spatial)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), n_spatial);
    return attrs;
}

static const char *const shapes[] = { "(N, 6)", "(N, 6, 4)", "(N, 6, H, 4)",
                                      "(N, D, 6, H, 4)" };
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* ---- functions of each element ---- */

static void functions_read_as_they_were_said(void)
{
    static const double params[][3] = {
        { 0, 0, 0 },         { 1, 1, 1 },        { -1, 1, 6 },
        { 0, 6, 2.5 },       { 0.01, 0, 6 },     { 0.5, 0.25, INFINITY },
        { 4, 20, 30 },       { 0, 0.5, 6 },      { 0.2, 0, INFINITY },
        { 1.0 / 3, 2, 1e3 }, { 0.3, 1e-5, 1e9 }, { -INFINITY, 2, 3 },
        { 0, INFINITY, 1 },  { 3, 3, 3 },
    };

    for (int f = 0; f < cvyi_n_functions; f++)
        for (size_t p = 0; p < sizeof params / sizeof *params; p++) {
            const cvyi_function *const function = &cvyi_functions[f];
            cvyi_attrs a = open_attrs("pointwise", 0);
            int said = 0;

            if (strcmp(function->name, "celu") == 0 && !(params[p][0] > 0))
                continue;
            if (strcmp(function->name, "soft_shrink") == 0 && params[p][0] < 0)
                continue;
            if (strcmp(function->name, "clip") == 0 &&
                params[p][0] > params[p][1])
                continue;
            cvyi_set_word(&a, "function", function->name);
            for (int i = 0; i < function->n_params; i++)
                cvyi_set_real(&a, cvyi_function_params[i], params[p][i]);
            for (int s = 0; s < SHAPES; s++)
                said += reader_laws(&a, shapes[s], 0);
            CHECK(said >= SHAPES);
        }
}

/* ---- constants ---- */

static cvyi_attr_value list_of(const double *reals, int n)
{
    return (cvyi_attr_value){ .n = n, .reals = reals };
}

static void scalings_read_as_they_were_said(void)
{
    static const double numbers[] = { 1,   0,    -1,      0.5,      1 / 255.0,
                                      255, 1e-5, 1 / 3.0, 1 / 127.5 };
    static const double six[] = { 1, 0, -1, 0.5, 1 / 255.0, 1e-5 };
    enum { NUMBERS = sizeof numbers / sizeof *numbers };

    for (int code = 0; code < NUMBERS * NUMBERS * 2 * 4 * SHAPES; code++) {
        const int lists = code / (2 * NUMBERS * NUMBERS) % 4;
        const int shape = code / (8 * NUMBERS * NUMBERS);
        cvyi_attrs a = open_attrs("rescale", 0);

        *cvyi_attr_set(&a, "scale") =
            (lists & 1) != 0 ? list_of(six, 6)
                             : list_of(&numbers[code % NUMBERS], 1);
        *cvyi_attr_set(&a, "offset") =
            (lists & 2) != 0 ? list_of(six, 6)
                             : list_of(&numbers[code / NUMBERS % NUMBERS], 1);
        cvyi_set_int(&a, "divide", code / (NUMBERS * NUMBERS) % 2);
        cvyi_set_int(&a, "axis", shape == 3 ? 2 : 1);
        CHECK_EQ(reader_laws(&a, shapes[shape], 0), lists > 0 ? 1 : 2);
    }
}

static void norms_with_means_to_come_read_as_they_were_said(void)
{
    static const struct {
        const char *shape;
        int64_t marks[4];
        int n;
    } rows[] = {
        { "(N, 6)", { 0, 1 }, 2 },
        { "(N, 6, W)", { 0, 1, 0 }, 3 },
        { "(N, 6, W)", { 0 }, 0 },
        { "(N, 1, H, W)", { 0, 1 }, 4 },
        { "(N, 6, H, 4)", { 0, 1, 0, 2 }, 4 },
        { "(N, 6, 4)", { 0, 1, 2 }, 3 },
        { "(N, H, 6)", { 0, 0, 1 }, 3 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int invert = 0; invert < 2; invert++) {
            cvyi_attrs a = open_attrs("normalize", 0);

            cvyi_set_int(&a, "invert", invert);
            cvyi_set_ints(&a, "axes", rows[i].marks, rows[i].n);
            CHECK(reader_law(&a, rows[i].shape, 3, CVYI_FORM_MODULE));
        }
}

static void norms_with_given_means_read_as_they_were_said(void)
{
    static const double means[] = { 0, 1, -1, 0.5, 1 / 3.0, 1e-9 };
    static const double variances[] = { 1, 4, 2, 0, 1e-20, 1 / 3.0 };
    static const struct {
        const char *shape;
        int64_t marks[4];
        int n, count;
    } rows[] = {
        { "(N, 6)", { 0, 1 }, 2, 6 },
        { "(N, 6, W)", { 0, 1, 0 }, 3, 6 },
        { "(N, 3, 2)", { 0, 1, 2 }, 3, 6 },
        { "(N, 3, 2)", { 0, 2, 1 }, 3, 6 },
        { "(N, 3, H, 2)", { 0, 2, 0, 1 }, 4, 6 },
        { "(N, H, 6)", { 0, 0, 1 }, 3, 6 },
        { "(N, 1, W)", { 0, 1, 0 }, 3, 1 },
        { "(N, 6, W)", { 0 }, 0, 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int code = 0; code < 4; code++) {
            cvyi_attrs a = open_attrs("normalize", 0);

            cvyi_set_int(&a, "invert", code & 1);
            cvyi_set_int(&a, "spreads", code >> 1);
            cvyi_set_ints(&a, "axes", rows[i].marks, rows[i].n);
            *cvyi_attr_set(&a, "mean") = list_of(means, rows[i].count);
            *cvyi_attr_set(&a, "variance") = list_of(variances, rows[i].count);
            CHECK_EQ(reader_laws(&a, rows[i].shape, 0),
                     rows[i].count == 1 ? 2 : 1);
        }
}

/* ---- along an axis ---- */

static void axes_read_as_they_were_said(void)
{
    static const char *const ops[] = { "softmax", "log_softmax", "sparsemax",
                                       "glu" };

    for (int o = 0; o < 4; o++)
        for (int axis = 1; axis < 3; axis++) {
            cvyi_attrs a = open_attrs(ops[o], 0);

            cvyi_set_int(&a, "axis", axis);
            CHECK_EQ(reader_laws(&a, "(N, 6, 4, 2)", 0), o == 2 ? 1 : 2);
        }
}

static void softmax_over_several_axes_reads_as_it_was_said(void)
{
    for (int marks = 0; marks < 16; marks++)
        for (int axis = 0; axis < 4; axis++) {
            const int64_t more[] = { marks & 1, marks >> 1 & 1, marks >> 2 & 1,
                                     marks >> 3 & 1 };
            const bool one = (marks & ~(1 << axis)) == 0;
            cvyi_attrs a = open_attrs("softmax", 0);

            cvyi_set_int(&a, "axis", axis);
            cvyi_set_ints(&a, "more", more, 4);
            CHECK_EQ(reader_laws(&a, "(N, 6, H, 2)", 0), one ? 2 : 1);
        }
}

/* ---- order and shape ---- */

static void orders_read_as_they_were_said(void)
{
    static const int64_t orders[][4] = {
        { 0, 1, 2, 3 }, { 0, 3, 1, 2 }, { 0, 2, 3, 1 },
        { 0, 3, 2, 1 }, { 1, 0, 2, 3 },
    };

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        cvyi_attrs a = open_attrs("permute", 0);

        cvyi_set_ints(&a, "axes", orders[i], 4);
        CHECK_EQ(reader_laws(&a, "(N, 6, H, 4)", 0), 2);
    }
}

static void new_axes_read_as_they_were_said(void)
{
    for (int axis = 1; axis <= 3; axis++)
        for (int rank = 4; rank <= 6; rank++) {
            cvyi_attrs a = open_attrs("expand", 0);

            cvyi_set_int(&a, "axis", axis);
            cvyi_set_int(&a, "rank", rank);
            CHECK(reader_law(&a, "(N, 6, W)", 0, CVYI_FORM_FUNCTION));
        }
}

/* Shapes as Keras' Reshape makes them: what it is told, and how many forms
 * torch has for it. */
static void shapes_read_as_they_were_said(void)
{
    static const struct {
        const char *shape, *target;
        int forms;
    } rows[] = {
        { "(N)", "[1, 1]", 2 },
        { "(N)", "[1]", 2 },
        { "(N, 6)", "[-1]", 2 },
        { "(N, 6)", "[2, 3]", 2 },
        { "(N, 6)", "[2, -1]", 2 },
        { "(N, L)", "[2, -1]", 2 },
        { "(N, L)", "[2, 3]", 2 },
        { "(N, L)", "[6]", 2 },
        { "(N, 6, 4)", "[8, 3]", 2 },
        { "(N, 6, 4)", "[24]", 2 },
        { "(N, 6, 4)", "[2, 3, -1, 1]", 2 },
        { "(N, 6, W)", "[-1]", 2 },
        { "(N, 6, W)", "[-1, 3]", 2 },
        { "(N, 6, W)", "[4, -1]", 2 },
        { "(N, 6, W)", "[4, 5]", 2 },
        { "(N, 6, H, W)", "[4, -1, 3]", 2 },
        { "(N, H, W)", "[4, 5]", 2 },
        { "(N, H, W)", "[5]", 2 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[80];
        bench b;

        snprintf(text, sizeof text, "{\"target_shape\": %s}", rows[i].target);
        bench_open(&b);
        if (bench_read(&b, "Reshape", text, rows[i].shape) != CVY_OK)
            CHECK_FAIL("%s over %s: %s", text, rows[i].shape, b.err.text);
        CHECK_EQ(reader_laws(&b.phrase.steps[0].attrs, rows[i].shape, 0),
                 rows[i].forms);
        bench_close(&b);
    }
}

/* Sizes that are asked of the input. */
static void unknown_sizes_read_as_they_were_said(void)
{
    static const struct {
        const char *shape, *sizes;
    } rows[] = {
        { "(N, 6, H, W)", "[H, 6 * W]" },
        { "(N, 6, H, W)", "[2, 3, H, W]" },
        { "(N, 6, H, W)", "[6 * H, W]" },
        { "(N, H, W)", "[H, 1, W]" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_attrs a = open_attrs("reshape", 0);
        const int at = cvyi_attr_index(a.op, "shape");
        cvy_error err = { 0 };
        bench b;

        bench_open(&b);
        CHECK_OK(cvyi_attr_parse(&a.at[at], &a.op->attrs[at], rows[i].sizes,
                                 &b.arena, &b.sizes, &err));
        CHECK(reader_law(&a, rows[i].shape, 0, CVYI_FORM_FUNCTION));
        bench_close(&b);
    }
}

/* ---- joins ---- */

typedef struct join_row {
    const char *code, *first, *second, *steps;
} join_row;

static void reader_open_two(reader *r, bench *b, const join_row *row)
{
    cvyi_type in[2];

    bench_open(b);
    in[0] = bench_type(b, row->first);
    in[1] = bench_type(b, row->second);
    reader_open(r, b, row->code, NULL, in, 2);
}

static void joins_are_read(void)
{
    static const join_row rows[] = {
        { "{0} + {1}", "(N, 3, W)", "(N, 3, W)", "add" },
        { "torch.add({0}, {1})", "(N, 3, W)", "(N, 1, W)", "add" },
        { "{0}.add({1})", "(N, 3, W)", "(N, 1, 1)", "add" },
        { "{0} * {1}", "(N, 3, W)", "(N, 3, 1)", "multiply" },
        { "torch.mul({0}, {1})", "(N, 3)", "(N, 3)", "multiply" },
        { "{0}.multiply({1})", "(N, 3)", "(N, 3)", "multiply" },
        { "{0} + {1} + {0}", "(N, 3)", "(N, 3)", "add; add" },
        { "{0} - {1}", "(N, 3)", "(N, 3)", "subtract" },
        { "torch.sub({0}, {1})", "(N, 3, W)", "(N, 1, W)", "subtract" },
        { "{0} / {1}", "(N, 3)", "(N, 3)", "divide" },
        { "torch.maximum({0}, {1})", "(N, 3)", "(N, 3)", "maximum" },
        { "{0}.minimum({1})", "(N, 3)", "(N, 3)", "minimum" },
        { "torch.einsum('bij,bkj->bik', {0}, {1})", "(N, 3, 4)", "(N, 5, 4)",
          "dot axis=2 other=2" },
        { "torch.einsum('nk,nk->n', {0}, {1})", "(N, 3)", "(N, 3)",
          "dot axis=1 other=1" },
        { "{0} + {1} * 2", "(N, 3)", "(N, 3)",
          "rescale scale=[2.0] offset=[0.0]; add" },
        { "torch.cat([{0}, {1}], dim=1)", "(N, 3)", "(N, 4)",
          "concat axis=1" },
        { "torch.cat(({0}, {1}), -1)", "(N, 3, 4)", "(N, 3, W)",
          "concat axis=2" },
        { "torch.concat([{0}, {0}, {1}], 1)", "(N, 3)", "(N, 4)",
          "concat axis=1" },
        { "torch.concatenate([{0}, {1}], axis=1)", "(N, 3)", "(N, 4)",
          "concat axis=1" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reader r;
        bench b;

        reader_open_two(&r, &b, &rows[i]);
        if (r.refused)
            CHECK_FAIL("%s: %s: %s", rows[i].code, r.refusal.attribute,
                       r.refusal.reason);
        CHECK_STR(reader_picture(&r), rows[i].steps);
        bench_close(&b);
    }
}

static void joins_without_an_operator_are_refused(void)
{
    /* The last column: which argument, and why. */
    static const join_row rows[] = {
        { "{0} - {1}", "(N, 3, W)", "(N, 3)", "other: operands of" },
        { "torch.einsum('nk,nk->', {0}, {1})", "(N, 3)", "(N, 3)",
          "equation: only a product" },
        { "torch.einsum('nk,nj->nkj', {0}, {1})", "(N, 3)", "(N, 3)",
          "equation: only a product" },
        { "torch.einsum('nk,mk->nm', {0}, {1})", "(N, 3)", "(N, 3)",
          "equation: only a product" },
        { "torch.einsum('nkk,nk->nk', {0}, {1})", "(N, 3, 3)", "(N, 3)",
          "equation: only a product" },
        { "torch.einsum('nak,nk->na', {0}, {1})", "(N, 3)", "(N, 3)",
          "equation: 3 letters" },
        { "{0} + {1}", "(N, 3, W)", "(N, 3)", "other: operands of" },
        { "{0} * {1}", "(N, 3)", "(N, 3, W)", "other: operands of" },
        { "torch.add({0}, {1}, alpha=2)", "(N, 3)", "(N, 3)",
          "alpha: a factor" },
        { "torch.sub({0}, {1}, alpha=2)", "(N, 3)", "(N, 3)",
          "alpha: a factor" },
        { "torch.cat([{0}, {1}], 2)", "(N, 3)", "(N, 3)", "dim: axis 2" },
        { "torch.cat([{0}, 1], 1)", "(N, 3)", "(N, 3)",
          "tensors: tensors must" },
        { "torch.mul({0}, 2, out={1})", "(N, 3)", "(N, 3)", "out: out is" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text;
        reader r;
        bench b;

        reader_open_two(&r, &b, &rows[i]);
        if (!r.refused)
            CHECK_FAIL("%s was taken: %s", rows[i].code, reader_picture(&r));
        text = cvyi_arena_printf(&b.arena, "%s: %s", r.refusal.attribute,
                                 r.refusal.reason);
        if (strncmp(text, rows[i].steps, strlen(rows[i].steps)) != 0)
            CHECK_FAIL("%s: refused with %s", rows[i].code, text);
        bench_close(&b);
    }
}

/* ---- what people write ---- */

static void functions_and_arithmetic_of_people_are_read(void)
{
    static const reader_row rows[] = {
        { "nn.ReLU(inplace=True)", "(N, 3)", "pointwise function=relu" },
        { "F.relu({0}, True)", "(N, 3)", "pointwise function=relu" },
        { "{0}.relu()", "(N, 3)", "pointwise function=relu" },
        { "nn.ReLU6()", "(N, 3)", "pointwise function=clip b=6.0" },
        { "nn.LeakyReLU(0.2, inplace=True)", "(N, 3)",
          "pointwise function=leaky_relu a=0.2" },
        { "nn.LeakyReLU()", "(N, 3)", "pointwise function=leaky_relu a=0.01" },
        { "F.elu({0}, alpha=2)", "(N, 3)", "pointwise function=elu a=2.0" },
        { "torch.celu({0})", "(N, 3)", "pointwise function=celu a=1.0" },
        { "nn.GELU()", "(N, 3)", "pointwise function=gelu" },
        { "nn.GELU('tanh')", "(N, 3)", "pointwise function=gelu_tanh" },
        { "F.gelu({0}, approximate='tanh')", "(N, 3)",
          "pointwise function=gelu_tanh" },
        { "nn.Hardtanh()", "(N, 3)", "pointwise function=clip a=-1.0 b=1.0" },
        { "F.hardtanh({0}, 0, 20)", "(N, 3)",
          "pointwise function=clip b=20.0" },
        { "nn.Softplus()", "(N, 3)", "pointwise function=softplus" },
        { "nn.Softplus(beta=2)", "(N, 3)",
          "rescale scale=[2.0] offset=[0.0]; pointwise function=softplus; "
          "rescale scale=[2.0] offset=[0.0] divide=true" },
        { "nn.Threshold(0.1, 20)", "(N, 3)",
          "pointwise function=threshold a=0.1 b=20.0" },
        { "nn.LogSigmoid()", "(N, 3)", "pointwise function=log_sigmoid" },
        { "torch.special.expit({0})", "(N, 3)", "pointwise function=sigmoid" },
        { "{0}.sigmoid()", "(N, 3)", "pointwise function=sigmoid" },
        { "{0}.exp()", "(N, 3)", "pointwise function=exponential" },
        { "{0}.clamp(0, 1)", "(N, 3)", "pointwise function=clip b=1.0" },
        { "{0}.clamp(min=0)", "(N, 3)", "pointwise function=relu" },
        { "torch.clip({0}, max=2)", "(N, 3)",
          "pointwise function=clip a=-inf b=2.0" },
        { "{0}.clamp_min(-1)", "(N, 3)",
          "pointwise function=clip a=-1.0 b=inf" },
        { "{0} + 1", "(N, 3)", "rescale scale=[1.0] offset=[1.0]" },
        { "1 + {0}", "(N, 3)", "rescale scale=[1.0] offset=[1.0]" },
        { "{0} - 1.5", "(N, 3)", "rescale scale=[1.0] offset=[-1.5]" },
        { "3 - {0}", "(N, 3)", "rescale scale=[-1.0] offset=[3.0]" },
        { "-{0}", "(N, 3)", "rescale scale=[-1.0] offset=[0.0]" },
        { "{0} / 255", "(N, 3)",
          "rescale scale=[255.0] offset=[0.0] divide=true" },
        { "{0}.div(3, rounding_mode=None)", "(N, 3)",
          "rescale scale=[3.0] offset=[0.0] divide=true" },
        { "{0} * 2 + 1", "(N, 3)",
          "rescale scale=[2.0] offset=[0.0]; rescale scale=[1.0] "
          "offset=[1.0]" },
        { "torch.sub({0}, 2, alpha=1)", "(N, 3)",
          "rescale scale=[1.0] offset=[-2.0]" },
    };

    reader_check_rows(rows, sizeof rows / sizeof *rows);
}

static void axes_and_shapes_of_people_are_read(void)
{
    static const reader_row rows[] = {
        { "nn.Softmax()", "(N, 3)", "softmax axis=1" },
        { "nn.Softmax(dim=-1)", "(N, 3, W)", "softmax axis=2" },
        { "nn.Softmax2d()", "(N, 3, H, W)", "softmax axis=1" },
        { "F.softmax({0})", "(N, 3, H, W)", "softmax axis=1" },
        { "{0}.softmax(1)", "(N, 3)", "softmax axis=1" },
        { "F.log_softmax({0}, dim=1)", "(N, 3)", "log_softmax axis=1" },
        { "{0}.log_softmax(-1, dtype=torch.float32)", "(N, 3)",
          "log_softmax axis=1" },
        { "nn.GLU()", "(N, 3, 4)", "glu axis=2" },
        { "F.glu({0}, 1)", "(N, 4, 3)", "glu axis=1" },
        { "{0}.permute(0, 2, 3, 1)", "(N, 3, H, W)",
          "permute axes=[0 2 3 1]" },
        { "{0}.permute((0, -1, 1, 2))", "(N, 3, H, W)",
          "permute axes=[0 3 1 2]" },
        { "torch.permute({0}, (0, 2, 1))", "(N, 3, W)",
          "permute axes=[0 2 1]" },
        { "{0}.transpose(1, 2)", "(N, 3, W)", "permute axes=[0 2 1]" },
        { "{0}.transpose(-1, -2)", "(N, 3, H, W)", "permute axes=[0 1 3 2]" },
        { "{0}.swapaxes(axis0=1, axis1=3)", "(N, 3, H, W)",
          "permute axes=[0 3 2 1]" },
        { "torch.movedim({0}, 1, -1)", "(N, 3, H, W)",
          "permute axes=[0 2 3 1]" },
        { "{0}.movedim((1, 2), (2, 3))", "(N, 3, H, W)",
          "permute axes=[0 3 1 2]" },
        { "{0}.view(-1, 12)", "(N, 3, 4)", "flatten" },
        { "{0}.view({0}.shape[0], -1)", "(N, 3, H, W)", "flatten" },
        { "{0}.reshape({0}.shape[0], 2, -1)", "(N, 6, 5)",
          "reshape shape=[2, 15]" },
        { "{0}.reshape(-1, 2, 15)", "(N, 6, 5)", "reshape shape=[2, 15]" },
        { "torch.reshape({0}, (-1, 2, 15))", "(N, 6, 5)",
          "reshape shape=[2, 15]" },
        { "{0}.view({0}.shape[0], 2, 3, {0}.shape[2], {0}.shape[3])",
          "(N, 6, H, W)", "reshape shape=[2, 3, H, W]" },
        { "{0}.view({0}.shape[0], -1, {0}.shape[3])", "(N, 6, H, W)",
          "reshape shape=[6 * H, W]" },
        { "{0}.unflatten(1, (2, -1))", "(N, 6, W)",
          "reshape shape=[2, 3, W]" },
        { "nn.Unflatten(dim=1, unflattened_size=(2, 3))", "(N, 6)",
          "reshape shape=[2, 3]" },
        { "{0}.squeeze(-1).squeeze(-1)", "(N, 6, 1, 1)",
          "squeeze axes=[0 0 0 1]; flatten" },
        { "{0}.squeeze((2, 3))", "(N, 6, 1, 1)", "flatten" },
        { "{0}.squeeze(1)", "(N, 6, W)", "identity" },
        { "{0}.unsqueeze(1)", "(N, 6)", "expand rank=3" },
        { "{0}.unsqueeze(-1)", "(N, 6)", "expand rank=3 axis=2" },
        { "{0}[:, :, None, None]", "(N, 6)", "expand rank=4 axis=2" },
        { "{0}[..., None]", "(N, 6, W)", "expand rank=4 axis=3" },
        { "{0}[:, None, ..., None]", "(N, 6)",
          "expand rank=3; expand rank=4 axis=3" },
        { "{0}[:]", "(N, 6)", "identity" },
    };

    reader_check_rows(rows, sizeof rows / sizeof *rows);
}

static void what_is_not_carried_over_is_refused_by_name(void)
{
    static const reader_refusal rows[] = {
        { "nn.CELU(0)", "(N, 3)", "alpha", "must not be 0" },
        { "nn.CELU(-0.5)", "(N, 3)", "alpha", "magnifies" },
        { "nn.Softshrink(-1)", "(N, 3)", "lambd", "below 0" },
        { "nn.Hardtanh(0, 0)", "(N, 3)", "max_val", "above min_val" },
        { "nn.Hardtanh(min_value=1)", "(N, 3)", "max_val", "above min_val" },
        { "F.hardtanh({0}, 1, 0)", "(N, 3)", "max_val", "not be below" },
        { "nn.GELU('erf')", "(N, 3)", "approximate", "'none' or 'tanh'" },
        { "nn.Softplus(threshold=5)", "(N, 3)", "threshold", "changes" },
        { "nn.Softplus(0)", "(N, 3)", "beta", "not carried" },
        { "nn.ELU('a')", "(N, 3)", "alpha", "a number" },
        { "nn.ELU(1e300)", "(N, 3)", "alpha", "no number of float32" },
        { "{0}.clamp()", "(N, 3)", "min", "None" },
        { "{0} * 1e39", "(N, 3)", "other", "float32" },
        { "{0} / {0}.shape[2]", "(N, 3, W)", "other", "not known yet" },
        { "torch.div({0}, 2, rounding_mode='floor')", "(N, 3)",
          "rounding_mode", "not carried" },
        { "torch.add({0}, 1, alpha=2)", "(N, 3)", "alpha", "a factor" },
        { "nn.Softmax(3)", "(N, 3)", "dim", "outside" },
        { "F.softmax({0}, 1, dtype=torch.float64)", "(N, 3)", "dtype",
          "float32" },
        { "nn.Softmax2d()", "(N, 3, W)", "", "without a batch" },
        { "{0}.permute(0, 1)", "(N, 3, W)", "dims", "each of 3 axes" },
        { "{0}.permute(0, 1, 1)", "(N, 3, W)", "dims", "each of 3 axes" },
        { "{0}.transpose(1, 3)", "(N, 3, W)", "dim1", "outside" },
        { "{0}.movedim((1, 2), 1)", "(N, 3, W)", "source", "as many" },
        { "{0}.view(-1)", "(N, 3, W)", "shape", "one sample to another" },
        { "{0}.view(-1, 12)", "(N, 3, 5)", "shape", "one sample to another" },
        { "{0}.view(-1, 6)", "(N, 3, W)", "shape", "6 elements is not" },
        { "{0}.view(4, -1)", "(N, 3, W)", "shape", "that of the batch" },
        { "{0}.view(-1, -1)", "(N, 3, W)", "shape", "does not fit" },
        { "{0}.view({0}.shape[0], 5, -1)", "(N, 3, 4)", "shape",
          "does not fit" },
        { "{0}.unflatten(1, (2, 2))", "(N, 6)", "sizes", "does not fit" },
        { "{0}.unflatten(0, (2, -1))", "(N, 6)", "sizes", "multiple of it" },
        { "{0}.squeeze()", "(N, 6, 1)", "dim", "the batch may go" },
        { "{0}.squeeze(2)", "(N, 6, W)", "dim", "unknown size" },
        { "{0}.unsqueeze(0)", "(N, 6)", "dim", "before the batch" },
        { "{0}.unsqueeze(4)", "(N, 6)", "dim", "outside" },
        { "{0}[None]", "(N, 6)", "index", "before the batch" },
    };

    reader_check_refusals(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "functions_read_as_they_were_said", functions_read_as_they_were_said },
    { "scalings_read_as_they_were_said", scalings_read_as_they_were_said },
    { "norms_with_means_to_come_read_as_they_were_said",
      norms_with_means_to_come_read_as_they_were_said },
    { "norms_with_given_means_read_as_they_were_said",
      norms_with_given_means_read_as_they_were_said },
    { "axes_read_as_they_were_said", axes_read_as_they_were_said },
    { "softmax_over_several_axes_reads_as_it_was_said",
      softmax_over_several_axes_reads_as_it_was_said },
    { "orders_read_as_they_were_said", orders_read_as_they_were_said },
    { "new_axes_read_as_they_were_said", new_axes_read_as_they_were_said },
    { "shapes_read_as_they_were_said", shapes_read_as_they_were_said },
    { "unknown_sizes_read_as_they_were_said",
      unknown_sizes_read_as_they_were_said },
    { "joins_are_read", joins_are_read },
    { "joins_without_an_operator_are_refused",
      joins_without_an_operator_are_refused },
    { "functions_and_arithmetic_of_people_are_read",
      functions_and_arithmetic_of_people_are_read },
    { "axes_and_shapes_of_people_are_read",
      axes_and_shapes_of_people_are_read },
    { "what_is_not_carried_over_is_refused_by_name",
      what_is_not_carried_over_is_refused_by_name },
};
CHECK_MAIN(cases)
