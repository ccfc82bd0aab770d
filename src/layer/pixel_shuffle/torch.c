/* layer/pixel_shuffle/torch.c - torch's words for blocks of pixels, and classes
 * for TensorFlow's order of channels. */
#include "layer/number.h"
#include "layer/pixel_shuffle/words.h"
#include "layer/torch.h"

#include <string.h>

static const cvyi_helper depth_to_space = {
    .name = "DepthToSpace",
    .needs = "nn F Tensor",
    .code = "class DepthToSpace(nn.Module):\n"
            "    \"\"\"A pixel shuffle whose channels are (block, block, C)."
            "\"\"\"\n"
            "\n"
            "    def __init__(self, block: int) -> None:\n"
            "        super().__init__()\n"
            "        self.block = block\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        x = x.unflatten(1, (self.block**2, -1))\n"
            "        x = x.transpose(1, 2).flatten(1, 2)\n"
            "        return F.pixel_shuffle(x, self.block)\n",
};

static const cvyi_helper space_to_depth = {
    .name = "SpaceToDepth",
    .needs = "nn F Tensor",
    .code = "class SpaceToDepth(nn.Module):\n"
            "    \"\"\"A pixel unshuffle whose channels are (block, block, C)."
            "\"\"\"\n"
            "\n"
            "    def __init__(self, block: int) -> None:\n"
            "        super().__init__()\n"
            "        self.block = block\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        x = F.pixel_unshuffle(x, self.block)\n"
            "        x = x.unflatten(1, (-1, self.block**2))\n"
            "        return x.transpose(1, 2).flatten(1, 2)\n",
};

/* ---- reading ---- */

static cvy_status from_factor(cvyi_phrase *out, const cvyi_bound *call,
                              bool up, cvy_error *err)
{
    const char *const name = up ? "upscale_factor" : "downscale_factor";
    int64_t factor;

    CVYI_TRY(cvyi_take_numbers(&factor, out, call, name, 0, 0, 1, err));
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (call->in[0].rank != 4)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "give it a batch of images: 4 axes",
                           "an input of %d axes is not carried over",
                           call->in[0].rank);
    if (factor == 1)
        return cvyi_phrase_add(out, call, "identity") != NULL
                   ? CVY_OK
                   : cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return cvyi_shuffle_step(out, call, CVYI_AXES_FIRST, factor, up, "channel",
                             name, err);
}

static cvy_status from_up(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return from_factor(out, call, true, err);
}

static cvy_status from_down(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_factor(out, call, false, err);
}

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    int64_t block;

    CVYI_TRY(cvyi_arg_int(&block, out, call, "block", 1, err));
    CVYI_TRY(cvyi_torch_input(out, call, 4, err));
    return cvyi_shuffle_step(out, call, CVYI_AXES_FIRST, block,
                             strcmp(call->spelling->name, "DepthToSpace") == 0,
                             "block", "block", err);
}

/* ---- writing ---- */

/* torch's own words, or a class for the other order. Of one channel both are
 * the same. */
static cvy_status say(cvyi_said *out, const cvyi_saying *what, bool up,
                      const char *name, const cvyi_helper *helper,
                      cvy_error *err)
{
    const bool own = cvyi_attr_is(what->attrs, "slow", "channel") ||
                     cvyi_shuffle_is_single(what);
    cvyi_attrs read = *what->attrs;

    if (what->axes != CVYI_AXES_FIRST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to axis 1",
                           "torch's pixel shuffle has its channels on axis 1");
    if (cvyi_attr_bool(what->attrs, "up") != up || own != (helper == NULL))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use another word",
                           "%s is not what it does", name);
    cvyi_code_begin(out, "%s", name);
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "block"));
    cvyi_code_end(out);
    out->helper = helper;
    if (helper != NULL)
        out->comment = "torch's own channels are (C, block, block)";
    else
        cvyi_set_word(&read, "slow", "channel");
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_up(cvyi_said *out, const cvyi_saying *what,
                        cvy_error *err)
{
    return say(out, what, true, "nn.PixelShuffle", NULL, err);
}

static cvy_status to_down(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return say(out, what, false, "nn.PixelUnshuffle", NULL, err);
}

static cvy_status to_space(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return say(out, what, true, depth_to_space.name, &depth_to_space, err);
}

static cvy_status to_depth(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return say(out, what, false, space_to_depth.name, &space_to_depth, err);
}

/* clang-format off */
static const cvyi_argument up[] = {
    { "upscale_factor", "block", "channels are (C, factor, factor)" },
    { 0 }
};
static const cvyi_argument down[] = {
    { "downscale_factor", "block", "channels are (C, factor, factor)" },
    { 0 }
};
static const cvyi_argument block[] = {
    { "block", "block", "channels are (block, block, C)" }, { 0 }
};

#define READ(text, made, from, table)                                          \
    { .dialect = "torch", .name = "torch." text, .signature = made,     \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                    \
      .arguments = table }
#define CLASS(text, of, to)                                                 \
    { .dialect = "torch", .name = text, .helper = &of,                  \
      .signature = "block", .from_call = from_class,                    \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = block }

const cvyi_spelling cvyi_pixel_shuffle_torch[] = {
    { .dialect = "torch", .name = "torch.nn.PixelShuffle",
      .signature = "upscale_factor", .from_call = from_up,
      .form = CVYI_FORM_MODULE, .to_call = to_up,
      .arguments = up },
    { .dialect = "torch", .name = "torch.nn.PixelUnshuffle",
      .signature = "downscale_factor", .from_call = from_down,
      .form = CVYI_FORM_MODULE, .to_call = to_down,
      .arguments = down },
    READ("nn.functional.pixel_shuffle", "x, upscale_factor", from_up, up),
    READ("pixel_shuffle", "x, upscale_factor", from_up, up),
    READ("nn.functional.pixel_unshuffle", "x, downscale_factor", from_down,
         down),
    READ("pixel_unshuffle", "x, downscale_factor", from_down, down),
    CLASS("DepthToSpace", depth_to_space, to_space),
    CLASS("SpaceToDepth", space_to_depth, to_depth),
    { 0 }
};
/* clang-format on */
