/* layer/embedding: rows of a table, in every dialect. */
#include "caller.h"
#include "torch_rows.h"

/* ---- meaning ---- */

static cvyi_attrs attrs_of(int64_t entries, int64_t width)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("embedding"), 0);
    cvyi_set_int(&attrs, "entries", entries);
    cvyi_set_int(&attrs, "width", width);
    return attrs;
}

static void the_output_has_a_new_last_axis(void)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "(N)", "(N, 4)" },
        { "(N, L)", "(N, L, 4)" },
        { "(2, 3, 5)", "(2, 3, 5, 4)" },
    };
    const cvyi_attrs attrs = attrs_of(10, 4);
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].in);
        cvyi_inferred out;

        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &out.out[0]), rows[i].out);
        CHECK_EQ(out.slots[0].rank, 2);
        CHECK_EQ(out.slots[0].dims[0], 10);
        CHECK_EQ(out.slots[0].dims[1], 4);
    }
    bench_close(&b);
}

typedef struct table {
    cvy_view x, weight;
} table;

static double row_truth(const void *context, const int64_t *at)
{
    const table *const t = context;
    const int64_t row = (int64_t)*bench_at(&t->x, at);

    return *bench_at(&t->weight, (int64_t[]){ row, at[t->x.rank] });
}

static void eval_takes_rows_exactly(void)
{
    const cvyi_attrs attrs = attrs_of(7, 3);
    bench b;

    bench_open(&b);
    for (int rank = 1; rank <= 3; rank++)
        for (int turned = 0; turned < 2; turned++) {
            const int swap[] = { 1, 0 };
            cvy_view memory = bench_random(2, turned ? (int64_t[]){ 3, 7 }
                                                     : (int64_t[]){ 7, 3 });
            table t = { bench_zeros(rank, (int64_t[]){ 4, 3, 2 }), memory };

            if (turned)
                t.weight = cvyi_permuted(&memory, swap);
            for (int64_t i = 0; i < cvy_view_count(&t.x); i++)
                ((float *)t.x.data)[i] = (float)(i * 5 % 7);
            bench_compare(&b, &attrs, &t.x, &t.weight, row_truth, &t);
            cvyi_tensor_close(&t.x);
            cvyi_tensor_close(&memory);
        }
    CHECK(attrs.op->bound == NULL);
    bench_close(&b);
}

static void what_is_no_row_is_refused(void)
{
    static const float rows[] = { -1, 7, 0.5f, NAN, INFINITY, -0.25f, 1e30f };
    const cvyi_attrs attrs = attrs_of(7, 3);
    cvy_view x = bench_zeros(1, (int64_t[]){ 2 });
    cvy_view y = bench_zeros(2, (int64_t[]){ 2, 3 });
    cvy_view weight = bench_random(2, (int64_t[]){ 7, 3 });
    const cvyi_job job = { &attrs, &x, 1, &weight, &y, 1 };
    cvy_error err = { 0 };

    CHECK_OK(attrs.op->eval(&job, &err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ((float *)x.data)[1] = rows[i];
        CHECK_EQ(attrs.op->eval(&job, &err), CVY_ARGUMENT);
        CHECK(strstr(err.text, "no row of a table of 7") != NULL);
    }
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&y);
    cvyi_tensor_close(&weight);
}

/* ---- words ---- */

#define NN "torch", "torch.nn.Embedding"
#define FN "torch", "torch.nn.functional.embedding"
#define K3 "keras3", "keras.layers.Embedding"
#define K2 "keras2", "keras.layers.Embedding"
#define TABLE "params (10, 4)"

/* clang-format off */
static const caller_row dialect_rows[] = {
    { NN, "{\"num_embeddings\": 10, \"embedding_dim\": 4}", "(N, L)",
      "embedding entries=10 width=4 weight" },
    { NN, "{\"num_embeddings\": 10, \"embedding_dim\": 4,"
      " \"padding_idx\": -10, \"sparse\": true}", "(N)",
      "embedding entries=10 width=4 weight" },
    { FN, "{\"padding_idx\": 9}", "x (N, L); weight (10, 4)",
      "embedding entries=10 width=4 weight@1" },
    { NN, "{\"num_embeddings\": 10, \"embedding_dim\": 4,"
      " \"padding_idx\": 10}", "(N, L)", "illegal padding_idx" },
    { NN, "{\"num_embeddings\": 0, \"embedding_dim\": 4}", "(N, L)",
      "illegal num_embeddings" },
    { NN, "{\"num_embeddings\": 10, \"embedding_dim\": 0}", "(N, L)",
      "unsupported embedding_dim" },
    { NN, "{\"num_embeddings\": 10, \"embedding_dim\": 4,"
      " \"max_norm\": 1.0}", "(N, L)", "unsupported max_norm" },
    { FN, "{}", "x (N, L); weight (10)", "illegal weight" },
    { FN, "{\"padding_idx\": 10}", "x (N, L); weight (10, 4)",
      "illegal padding_idx" },
    { FN, "{}", "x (N, L); weight ?", "unsupported weight" },
    { K3, "{\"input_dim\": 10, \"output_dim\": 4}", "(N, L)",
      "embedding entries=10 width=4 weight" },
    { K2, "{\"input_dim\": 10, \"output_dim\": 4, \"input_length\": 3}",
      "(N, 3)", "embedding entries=10 width=4 weight" },
    { K3, "{\"input_dim\": 0, \"output_dim\": 4}", "(N, L)",
      "illegal input_dim" },
    { K2, "{\"input_dim\": 10, \"output_dim\": 0}", "(N, L)",
      "illegal output_dim" },
    { K3, "{\"input_dim\": 10.0, \"output_dim\": 4}", "(N, L)",
      "illegal input_dim" },
    { K3, "{\"input_dim\": 10, \"output_dim\": 4, \"mask_zero\": true}",
      "(N, L)", "unsupported mask_zero" },
    { K3, "{\"input_dim\": 10, \"output_dim\": 4, \"lora_rank\": 2}",
      "(N, L)", "unsupported lora_rank" },
    { "tf2", "tf.nn.embedding_lookup", "{}", "x (N, L); " TABLE,
      "embedding entries=10 width=4 weight@1" },
    { "tf1", "tf.nn.embedding_lookup", "{\"partition_strategy\":"
      " \"div\"}", "x (N, L); " TABLE,
      "embedding entries=10 width=4 weight@1" },
    { "tf2", "tf.gather", "{\"axis\": -2}", "x (N, L); " TABLE,
      "embedding entries=10 width=4 weight@1" },
    { "tf1", "tf.gather", "{}", "x (N, L); " TABLE,
      "embedding entries=10 width=4 weight@1" },
    { "tf2", "tf.nn.embedding_lookup", "{\"max_norm\": 1.0}",
      "x (N, L); " TABLE, "unsupported max_norm" },
    { "tf2", "tf.nn.embedding_lookup", "{\"params\": [1, 2]}",
      "x (N, L)", "unsupported params" },
    { "tf2", "tf.nn.embedding_lookup", "{}",
      "x (N, L); params (10, 4, 2)", "unsupported params" },
    { "tf2", "tf.gather", "{\"axis\": 1}", "x (N, L); " TABLE,
      "unsupported axis" },
    { "tf2", "tf.gather", "{\"axis\": 2}", "x (N, L); " TABLE,
      "illegal axis" },
    { "tf2", "tf.gather", "{\"batch_dims\": 1}", "x (10, L); " TABLE,
      "unsupported batch_dims" },
};
/* clang-format on */

static void every_dialect_is_read_as_it_has_it(void)
{
    caller_check(dialect_rows, sizeof dialect_rows / sizeof *dialect_rows);
}

static void what_training_alone_sees_is_a_remark(void)
{
    const caller_row row = { NN,
                             "{\"num_embeddings\": 10, \"embedding_dim\": 4,"
                             " \"padding_idx\": 0, \"_freeze\": true,"
                             " \"scale_grad_by_freq\": true}",
                             "(N, L)", NULL };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &row), CVY_OK);
    CHECK_EQ(b.phrase.n_remarks, 2);
    CHECK(strstr(b.phrase.remarks[0], "padding_idx") != NULL);
    CHECK(strstr(b.phrase.remarks[1], "scale_grad_by_freq") != NULL);
    CHECK(b.phrase.steps[0].slots[0].frozen);
    CHECK_EQ(b.phrase.steps[0].slots[0].start.draw, CVYI_DRAW_NORMAL);
    CHECK(b.phrase.steps[0].slots[0].start.b == 1);
    bench_close(&b);
}

static void torch_and_keras_say_it_in_one_call(void)
{
    const cvyi_attrs attrs = attrs_of(10, 4);
    cvyi_inferred inferred;
    cvyi_said said;
    cvyi_type in;
    bench b;

    CHECK(reader_law(&attrs, "(N, L)", 1, CVYI_FORM_MODULE));
    bench_open(&b);
    in = bench_type(&b, "(N, L)");
    CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_MODULE, NULL),
              "nn.Embedding(10, 4)");
    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_OK);

    const cvyi_saying what = { .attrs = &attrs,
                               .in = &in,
                               .n_in = 1,
                               .out = inferred.out,
                               .slots = inferred.slots,
                               .present = 1,
                               .axes = CVYI_AXES_LAST,
                               .arena = &b.arena,
                               .sizes = &b.sizes };

    CHECK_EQ(cvyi_say(&said, "keras3", CVYI_FORM_MODULE, &what, &b.err),
             CVY_OK);
    CHECK_STR(cvyi_text_c(&said.code), "layers.Embedding(10, 4)");
    CHECK_STR(said.slots[0].name, "embeddings");
    cvyi_said_close(&said);
    bench_close(&b);
}

static const check_case cases[] = {
    { "the_output_has_a_new_last_axis", the_output_has_a_new_last_axis },
    { "eval_takes_rows_exactly", eval_takes_rows_exactly },
    { "what_is_no_row_is_refused", what_is_no_row_is_refused },
    { "every_dialect_is_read_as_it_has_it",
      every_dialect_is_read_as_it_has_it },
    { "what_training_alone_sees_is_a_remark",
      what_training_alone_sees_is_a_remark },
    { "torch_and_keras_say_it_in_one_call",
      torch_and_keras_say_it_in_one_call },
};
CHECK_MAIN(cases)
