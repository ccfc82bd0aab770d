/* layer/group_norm/torch.c - torch's words for norms over groups. */
#include "layer/norm.h"
#include "layer/operand.h"
#include "layer/torch.h"

#include <string.h>

/* ---- reading ---- */

static cvy_status add(cvyi_step **out, int64_t groups, cvyi_phrase *phrase,
                      const cvyi_bound *call, cvy_error *err)
{
    double eps;

    CVYI_TRY(cvyi_arg_double(&eps, phrase, call, "eps", err));
    CVYI_TRY(cvyi_torch_step(out, phrase, call, "group_norm", err));
    cvyi_set_int(&(*out)->attrs, "groups", groups);
    cvyi_set_real(&(*out)->attrs, "eps", eps);
    return CVY_OK;
}

/* Elements of axes [first, rank); 0 if a size is not known. */
static int64_t elements(const cvyi_type *type, int first)
{
    int64_t all = 1;

    for (int i = first; i < type->rank; i++) {
        int64_t size;

        if (!cvyi_size_constant(&size, type->dims[i]) || size > INT32_MAX ||
            all > INT32_MAX)
            return 0;
        all *= size;
    }
    return all;
}

static cvy_status refuse_single(cvyi_phrase *phrase, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "",
                       "give it more than one value to normalise over",
                       "torch refuses to normalise a single value");
}

/* The channels, which must be known and more than none. */
static cvy_status read_channels(int64_t *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    const cvyi_bound alone = cvyi_operand_input(call);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    CVYI_TRY(cvyi_torch_input(phrase, &alone, 0, err));
    if (rank < 2)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input with a batch and channels",
                           "it needs an input of at least 2 axes, got %d",
                           rank);
    if (cvyi_size_constant(out, call->in[0].dims[1]))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "", "give the input a known number of channels",
                       "the number of channels is not known");
}

static cvy_status check_groups(cvyi_phrase *phrase, const cvyi_bound *call,
                               int64_t channels, int64_t groups,
                               cvy_error *err)
{
    if (channels % groups == 0)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "num_groups",
                       "give a divisor of the number of channels",
                       "%lld channels cannot be cut into %lld groups",
                       (long long)channels, (long long)groups);
}

/* torch.group_norm and torch.instance_norm take single values too. */
static bool counts_values(const cvyi_bound *call)
{
    return strncmp(call->spelling->name, "torch.nn.", 9) == 0;
}

/* One value in each group of each sample, and one sample. */
static cvy_status check_values(cvyi_phrase *phrase, const cvyi_bound *call,
                               int64_t groups, cvy_error *err)
{
    return counts_values(call) && elements(&call->in[0], 0) == groups
               ? refuse_single(phrase, call, err)
               : CVY_OK;
}

static void add_slots(cvyi_step *step, bool affine, bool bias)
{
    if (affine)
        cvyi_norm_slot(step, "weight", "weight", "C", 1);
    if (affine && bias)
        cvyi_norm_slot(step, "bias", "bias", "C", 0);
}

/* Without weights torch takes other channels than it was made for. */
static cvy_status from_group_norm(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    int64_t channels, wanted, groups;
    bool affine, bias;
    cvyi_step *step;

    CVYI_TRY(read_channels(&channels, out, call, err));
    CVYI_TRY(cvyi_arg_int(&wanted, out, call, "num_channels", 1, err));
    CVYI_TRY(cvyi_arg_int(&groups, out, call, "num_groups", 1, err));
    CVYI_TRY(cvyi_arg_bool(&affine, out, call, "affine", err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(check_groups(out, call, wanted, groups, err));
    if (affine)
        CVYI_TRY(cvyi_torch_extent(out, call, 1, wanted, "num_channels", err));
    CVYI_TRY(check_groups(out, call, channels, groups, err));
    CVYI_TRY(check_values(out, call, groups, err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    CVYI_TRY(add(&step, groups, out, call, err));
    add_slots(step, affine, bias);
    return CVY_OK;
}

static cvy_status add_operands(cvyi_step *step, int64_t channels,
                               cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    const cvyi_shape shape = { .rank = 1, .dims = { channels } };

    CVYI_TRY(cvyi_norm_operand(step, out, call, "weight", "weight", "C",
                               &shape, err));
    return cvyi_norm_operand(step, out, call, "bias", "bias", "C", &shape,
                             err);
}

static cvy_status from_group_function(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    int64_t channels, groups;
    cvyi_step *step;

    CVYI_TRY(read_channels(&channels, out, call, err));
    CVYI_TRY(cvyi_arg_int(&groups, out, call, "num_groups", 1, err));
    CVYI_TRY(check_groups(out, call, channels, groups, err));
    CVYI_TRY(check_values(out, call, groups, err));
    CVYI_TRY(add(&step, groups, out, call, err));
    return add_operands(step, channels, out, call, err);
}

/* ---- reading norms of single channels ---- */

/* With running statistics an instance norm is a batch norm, but for what it
 * does in training. */
static cvy_status read_running(cvyi_phrase *out, const cvyi_bound *call,
                               bool affine, bool bias, cvy_error *err)
{
    double eps, momentum = 0;
    cvyi_step *step;

    CVYI_TRY(cvyi_arg_double(&eps, out, call, "eps", err));
    if (!cvyi_is_none(cvyi_arg(call, "momentum")))
        CVYI_TRY(cvyi_arg_double(&momentum, out, call, "momentum", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "batch_norm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    cvyi_set_real(&step->attrs, "momentum", 1 - momentum);
    cvyi_set_word(&step->attrs, "variance", "unbiased");
    if (affine)
        cvyi_norm_slot(step, "scale", "weight", "C", 1);
    if (affine && bias)
        cvyi_norm_slot(step, "shift", "bias", "C", 0);
    cvyi_norm_slot(step, "mean", "running_mean", "C", 0)->frozen = true;
    cvyi_norm_slot(step, "variance", "running_var", "C", 1)->frozen = true;
    cvyi_phrase_remark(out, "track_running_stats: inference is that of a "
                            "batch norm; in training the source normalises "
                            "each sample by itself");
    return CVY_OK;
}

static cvy_status check_places(cvyi_phrase *phrase, const cvyi_bound *call,
                               cvy_error *err)
{
    return counts_values(call) && elements(&call->in[0], 2) == 1
               ? refuse_single(phrase, call, err)
               : CVY_OK;
}

/* `lazy`: as many channels as the input has. Without weights torch takes any
 * number of them, with a warning. */
static cvy_status read_instance(cvyi_phrase *out, const cvyi_bound *call,
                                bool lazy, cvy_error *err)
{
    bool affine, bias, running;
    int64_t channels, wanted;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    CVYI_TRY(read_channels(&channels, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&affine, out, call, "affine", err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(cvyi_arg_bool(&running, out, call, "track_running_stats", err));
    if (!lazy)
        CVYI_TRY(cvyi_arg_int(&wanted, out, call, "num_features", 1, err));
    if (!lazy && (affine || running))
        CVYI_TRY(cvyi_torch_extent(out, call, 1, wanted, "num_features", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    if (running)
        return read_running(out, call, affine, bias, err);
    CVYI_TRY(check_places(out, call, err));
    CVYI_TRY(add(&step, channels, out, call, err));
    add_slots(step, affine, bias);
    return CVY_OK;
}

static cvy_status from_instance_norm(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    return read_instance(out, call, false, err);
}

static cvy_status from_lazy_instance_norm(cvyi_phrase *out,
                                          const cvyi_bound *call,
                                          cvy_error *err)
{
    return read_instance(out, call, true, err);
}

/* By its operands, as a batch norm in inference; it changes none of them. */
static cvy_status read_kept(cvyi_phrase *out, const cvyi_bound *call,
                            int64_t channels, cvy_error *err)
{
    static const char *const names[] = { "weight", "bias", "running_mean",
                                         "running_var" };
    static const char *const slots[] = { "scale", "shift", "mean",
                                         "variance" };
    const cvyi_shape shape = { .rank = 1, .dims = { channels } };
    cvyi_step *step;
    double eps;

    CVYI_TRY(cvyi_arg_double(&eps, out, call, "eps", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "batch_norm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    for (int i = 0; i < 4; i++) {
        if (i >= 2 && !cvyi_operand_given(call, names[i]))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, names[i],
                               "give running_mean and running_var",
                               "use_input_stats=False needs %s", names[i]);
        CVYI_TRY(cvyi_norm_operand(step, out, call, names[i], slots[i], "C",
                                   &shape, err));
        if (i >= 2)
            step->slots[step->n_slots - 1].frozen = true;
    }
    cvyi_phrase_remark(out, "the function never changes mean and variance; a "
                            "layer does when it is trained");
    return CVY_OK;
}

static cvy_status from_instance_function(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err)
{
    const bool mean = cvyi_operand_given(call, "running_mean");
    const bool variance = cvyi_operand_given(call, "running_var");
    int64_t channels;
    cvyi_step *step;
    bool own;

    CVYI_TRY(cvyi_arg_bool(&own, out, call, "use_input_stats", err));
    CVYI_TRY(read_channels(&channels, out, call, err));
    if (!own)
        return read_kept(out, call, channels, err);
    if (mean != variance)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE,
                           mean ? "running_var" : "running_mean",
                           "give both or none",
                           "running_mean and running_var must be given "
                           "together");
    CVYI_TRY(check_places(out, call, err));
    if (mean)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "running_mean",
                           "leave running_mean and running_var out: the "
                           "value is the same",
                           "running statistics that are updated but not "
                           "used are not carried over");
    CVYI_TRY(add(&step, channels, out, call, err));
    return add_operands(step, channels, out, call, err);
}

/* ---- writing ---- */

static cvy_status refuse_writing(cvyi_said *out, const cvyi_saying *what,
                                 const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "groups", "write it by hand", "%s", reason);
}

/* What the two classes have in common. */
static void say_rest(cvyi_said *out, const cvyi_saying *what, bool affine)
{
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const bool weight = (what->present & 1u) != 0;
    const bool bias = (what->present & 2u) != 0;

    if (eps != 1e-5)
        cvyi_code_double(out, "eps", eps);
    if (affine != (weight || bias))
        cvyi_code_bool(out, "affine", !affine);
    if (weight && !bias)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    if (weight)
        cvyi_said_slot_add(out, "weight", "weight", "C");
    else if (bias)
        cvyi_said_slot_fill(out, "weight", "weight", "C", 1);
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", "C");
    if (bias && !weight)
        cvyi_said_remark(out, "the source has no factor; torch's weight is 1 "
                              "and would be trained");
}

/* torch counts channels at axis 1. */
static bool channels_first(const cvyi_saying *what)
{
    return what->axes == CVYI_AXES_FIRST || what->in[0].rank == 2;
}

static cvy_status to_instance_norm(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    const int n = what->in[0].rank - 2;
    const int64_t channels = what->slots[0].dims[0];

    if (cvyi_attr_int(what->attrs, "groups") == channels &&
        elements(&what->in[0], 2) == 1)
        return refuse_writing(
            out, what, "torch refuses to normalise a single value", err);
    if (cvyi_attr_int(what->attrs, "groups") != channels || n < 1 ||
        n > CVYI_MAX_SPATIAL || !channels_first(what))
        return refuse_writing(out, what,
                              "torch's instance norm has a group for each "
                              "channel, at axis 1, and 1 to 3 axes behind it",
                              err);
    cvyi_code_begin(out, "nn.InstanceNorm%dd", n);
    cvyi_code_int(out, NULL, channels);
    say_rest(out, what, false);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_group_norm(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    const int64_t groups = cvyi_attr_int(what->attrs, "groups");
    const int64_t channels = what->slots[0].dims[0];

    if (!channels_first(what))
        return refuse_writing(
            out, what, "torch's group norm has channels at axis 1", err);
    if (groups == channels && elements(&what->in[0], 2) == 1)
        return refuse_writing(
            out, what, "torch refuses to normalise a single value", err);
    cvyi_code_begin(out, "nn.GroupNorm");
    cvyi_code_int(out, NULL, groups);
    cvyi_code_int(out, NULL, channels);
    say_rest(out, what, true);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument group_arguments[] = {
    { "num_groups",   "groups", NULL },
    { "num_channels", "inputs", NULL },
    { "eps",          "eps",    NULL },
    { "affine",       "weight", "weight and bias together" },
    { "weight",       "weight", NULL },
    { "bias",         "bias",   NULL },
    { 0 }
};
static const cvyi_argument instance_arguments[] = {
    { "num_features",        "inputs",   NULL },
    { "eps",                 "eps",      NULL },
    { "momentum",            "momentum", "the share of the new value" },
    { "affine",              "weight",   "weight and bias together" },
    { "track_running_stats", "mean",     "on: a batch norm in inference" },
    { "weight",              "weight",   NULL },
    { "bias",                "bias",     NULL },
    { 0 }
};
static const cvyi_argument lazy_arguments[] = {
    { "eps",                 "eps",      NULL },
    { "momentum",            "momentum", "the share of the new value" },
    { "affine",              "weight",   "weight and bias together" },
    { "track_running_stats", "mean",     "on: a batch norm in inference" },
    { "bias",                "bias",     NULL },
    { 0 }
};

#define ROW(way, text, sign, from, args) \
    .dialect = "torch", .name = text, .signature = sign, .from_call = from, \
    .form = way, .arguments = args
#define OPTIONS(switched) \
    "eps=1e-05, momentum=0.1, affine=" switched ", " \
    "track_running_stats=" switched ", device=None, dtype=None, *, bias=True"

const cvyi_spelling cvyi_group_norm_torch[] = {
    { ROW(CVYI_FORM_MODULE, "torch.nn.InstanceNorm%dd",
          "num_features, " OPTIONS("False"), from_instance_norm,
          instance_arguments), .ranks = "123", .to_call = to_instance_norm },
    { ROW(CVYI_FORM_MODULE, "torch.nn.LazyInstanceNorm%dd", OPTIONS("True"),
          from_lazy_instance_norm, lazy_arguments), .ranks = "123" },
    { ROW(CVYI_FORM_MODULE, "torch.nn.GroupNorm",
          "num_groups, num_channels, eps=1e-05, affine=True, device=None, "
          "dtype=None, *, bias=True", from_group_norm, group_arguments),
      .to_call = to_group_norm },
    { ROW(CVYI_FORM_FUNCTION, "torch.nn.functional.group_norm",
          "x, num_groups, weight=None, bias=None, eps=1e-05",
          from_group_function, group_arguments) },
    { ROW(CVYI_FORM_FUNCTION, "torch.group_norm",
          "x, num_groups, weight=None, bias=None, eps=1e-05, "
          "cudnn_enabled=True", from_group_function, group_arguments) },
    { ROW(CVYI_FORM_FUNCTION, "torch.nn.functional.instance_norm",
          "x, running_mean=None, running_var=None, weight=None, bias=None, "
          "use_input_stats=True, momentum=0.1, eps=1e-05",
          from_instance_function, instance_arguments) },
    { ROW(CVYI_FORM_FUNCTION, "torch.instance_norm",
          "x, weight, bias, running_mean, running_var, use_input_stats, "
          "momentum, eps, cudnn_enabled", from_instance_function,
          instance_arguments) },
    { 0 }
};
/* clang-format on */
