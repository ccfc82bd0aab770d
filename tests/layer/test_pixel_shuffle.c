/* layer/pixel_shuffle: channels become blocks of pixels, or blocks channels.
 */
#include "torch_rows.h"

#include "caller.h"

typedef struct shuffle_data {
    cvy_view x;
    int64_t block, channels; /* of the side with pixels */
    bool up, slow_block;
} shuffle_data;

/* Where the element of the side with pixels stands among the channels. */
static int64_t channel_of(const shuffle_data *d, int64_t c, int64_t i,
                          int64_t j)
{
    const int64_t place = i * d->block + j;

    return d->slow_block ? place * d->channels + c
                         : c * d->block * d->block + place;
}

static double shuffle_truth(const void *context, const int64_t *at)
{
    const shuffle_data *const d = context;
    const int64_t r = d->block;

    if (d->up) {
        const int64_t from[] = { at[0],
                                 channel_of(d, at[1], at[2] % r, at[3] % r),
                                 at[2] / r, at[3] / r };

        return (double)*bench_at(&d->x, from);
    }
    for (int64_t c = 0; c < d->channels; c++)
        for (int64_t k = 0; k < r * r; k++)
            if (channel_of(d, c, k / r, k % r) == at[1]) {
                const int64_t from[] = { at[0], c, at[2] * r + k / r,
                                         at[3] * r + k % r };

                return (double)*bench_at(&d->x, from);
            }
    CHECK_FAIL("no element for channel %d", (int)at[1]);
    return 0;
}

static cvyi_attrs open_attrs(int64_t block, bool up, bool slow_block)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pixel_shuffle"), 2);
    cvyi_set_int(&attrs, "block", block);
    cvyi_set_int(&attrs, "up", up);
    cvyi_set_word(&attrs, "slow", slow_block ? "block" : "channel");
    return attrs;
}

static void every_element_finds_its_place(void)
{
    bench b;

    bench_open(&b);
    for (int which = 0; which < 4 * 3 * 3; which++) {
        const bool up = which % 2 == 0;
        shuffle_data d = { .up = up,
                           .slow_block = which / 2 % 2 == 0,
                           .block = which / 4 % 3 + 1,
                           .channels = which / 12 + 1 };
        const int64_t r = d.block;
        const int64_t dims[] = { 2, up ? r * r * d.channels : d.channels,
                                 up ? 3 : 3 * r, up ? 2 : 2 * r };
        const cvyi_attrs attrs = open_attrs(r, up, d.slow_block);

        d.x = bench_random(4, dims);
        bench_compare(&b, &attrs, &d.x, NULL, shuffle_truth, &d);
        cvyi_tensor_close(&d.x);
    }
    bench_close(&b);
}

static void unknown_sizes_stay_so(void)
{
    static const struct {
        bool up;
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        { true, "(N, 8, H, 5)", "(N, 2, 2 * H, 10)" },
        { false, "(N, 3, H, 6)", "(N, 12, H // 2, 3)" },
        { true, "(N, 6, H, W)", NULL },
        { true, "(N, C, 4, 4)", NULL },
        { false, "(N, 3, 5, 4)", NULL },
        { false, "(N, 3, 4)", NULL },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attrs attrs = open_attrs(2, rows[i].up, false);
        const cvyi_type in = bench_type(&b, rows[i].in);
        cvyi_inferred out = { .n_out = 77 };
        const cvy_status status =
            attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err);

        CHECK_EQ(status, rows[i].out != NULL ? CVY_OK : CVY_SHAPE);
        if (rows[i].out != NULL)
            CHECK_STR(bench_shape(&b, &out.out[0]), rows[i].out);
        else
            CHECK_EQ(out.n_out, 77);
    }
    bench_close(&b);
}

#define D2S "depth_to_space"
#define S2D "space_to_depth"
#define TWO "{\"block_size\": 2}"

static const caller_row rows[] = {
    { "tf2", "tf.nn." D2S, TWO, "x (N, H, W, 8)",
      "pixel_shuffle block=2 slow=block" },
    { "tf1", "tf." S2D, "{\"block_size\": 2.0}", "x (N, H, W, 3)",
      "pixel_shuffle block=2 up=false slow=block" },
    { "keras3", "keras.ops." D2S,
      "{\"block_size\": 3, \"data_format\": \"channels_first\"}",
      "x (N, 9, H, W)", "pixel_shuffle block=3 slow=block" },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 2}",
      "(N, 4, H, W)", "pixel_shuffle block=2" },
    { "torch", "torch.pixel_unshuffle", "{\"downscale_factor\": 2}",
      "x (N, 4, H, W)", "pixel_shuffle block=2 up=false" },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 1}",
      "(N, 5, H, W)", "identity" },
    /* What the frameworks refuse. */
    { "tf2", "tf.nn." D2S, "{\"block_size\": 1}", "x (N, H, W, 8)",
      "illegal block_size" },
    { "tf2", "tf.nn." D2S, TWO, "x (N, H, W, 6)", "illegal block_size" },
    { "tf2", "tf.nn." S2D, TWO, "x (N, H, 5, 6)", "illegal block_size" },
    { "tf2", "tf.nn." S2D, TWO, "x (N, H, 6)", "illegal " },
    { "tf2", "tf.nn." D2S, "{\"block_size\": 2, \"data_format\": \"NCHW\"}",
      "x (N, 8, H, W)", "illegal data_format" },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 2}",
      "(N, 6, H, W)", "illegal upscale_factor" },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 2.0}",
      "(N, 4, H, W)", "illegal upscale_factor" },
    { "torch", "torch.nn.PixelUnshuffle", "{\"downscale_factor\": 0}",
      "(N, 4, H, W)", "illegal downscale_factor" },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 2}", "(4, H, W)",
      "unsupported " },
    { "torch", "torch.nn.PixelShuffle", "{\"upscale_factor\": 2}",
      "(N, C, H, W)", "unsupported " },
};

static void words_say_their_order_of_channels(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

/* Of one channel both orders are the same, and the simpler word is said. */
static void torch_has_words_for_its_own_order(void)
{
    static const struct {
        bool up, slow_block;
        const char *in, *code;
    } said[] = {
        { true, false, "(N, 8, H, W)", "nn.PixelShuffle(2)" },
        { false, false, "(N, 3, 4, 6)", "nn.PixelUnshuffle(2)" },
        { true, true, "(N, 8, H, W)", "DepthToSpace(2)" },
        { false, true, "(N, 3, 4, 6)", "SpaceToDepth(2)" },
        { true, true, "(N, 4, H, W)", "nn.PixelShuffle(2)" },
        { false, true, "(N, 1, 4, 6)", "nn.PixelUnshuffle(2)" },
    };

    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const cvyi_attrs attrs = open_attrs(2, said[i].up, said[i].slow_block);
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, said[i].in);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
                  said[i].code);
        CHECK(reader_law(&attrs, said[i].in, 0, CVYI_FORM_MODULE));
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "every_element_finds_its_place", every_element_finds_its_place },
    { "unknown_sizes_stay_so", unknown_sizes_stay_so },
    { "words_say_their_order_of_channels", words_say_their_order_of_channels },
    { "torch_has_words_for_its_own_order", torch_has_words_for_its_own_order },
};
CHECK_MAIN(cases)
