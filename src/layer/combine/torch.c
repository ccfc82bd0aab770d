/* layer/combine/torch.c - torch's words for arithmetic with a trained array:
 * classes in the written file. */
#include "layer/combine.h"
#include "layer/torch.h"

#include <string.h>

/* clang-format off */
#define CLASS(name_, start, text, code_)                                     \
    { .name = name_, .needs = "torch nn Tensor", .code =                     \
"class " name_ "(nn.Module):\n"                                              \
"    \"\"\"" text ", repeated along axes of one element.\"\"\"\n"            \
"\n"                                                                         \
"    def __init__(self, shape: tuple[int, ...]) -> None:\n"                  \
"        super().__init__()\n"                                               \
"        self.value = nn.Parameter(torch." start "(shape))\n"                \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"                              \
"        return " code_ "\n" }

/* In the order of CVYI_COMBINE_WAYS. */
static const cvyi_helper classes[] = {
    CLASS("Plus", "zeros", "Plus a trained array", "x + self.value"),
    CLASS("Minus", "zeros", "Minus a trained array", "x - self.value"),
    CLASS("MinusFrom", "zeros", "Taken from a trained array",
          "self.value - x"),
    CLASS("Times", "ones", "Times a trained array", "x * self.value"),
    CLASS("DividedBy", "ones", "Divided by a trained array",
          "x / self.value"),
    CLASS("Dividing", "ones", "What a trained array is divided by",
          "self.value / x"),
    CLASS("AtLeast", "zeros", "The larger of x and a trained array",
          "torch.maximum(x, self.value)"),
    CLASS("AtMost", "zeros", "The smaller of x and a trained array",
          "torch.minimum(x, self.value)"),
};
/* clang-format on */

static const char *const ways[] = { "add",      "subtract", "from",
                                    "multiply", "divide",   "over",
                                    "maximum",  "minimum" };

/* ---- reading ---- */

/* The axes of the array against the input's last ones. */
static cvy_status read_shape(int64_t *marks, char *layout, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "shape");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    char kept[3 * CVYI_MAX_DIMS + 3] = "";
    size_t at = 0, out = 0;
    int n = 0;

    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    if (shape->kind != CVYI_LIST || shape->n < 1 || shape->n > rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "shape",
                           "correct this argument in the source",
                           "shape must be a tuple of at most %d sizes", rank);
    for (int i = 0; i < shape->n; i++) {
        const int axis = rank - shape->n + i;
        int64_t length = 0;

        if (!cvyi_as_int(&length, &shape->items[i]))
            length = 0;
        layout[at++] = length == 1 ? '1' : (char)('C' + n);
        layout[at++] = ' ';
        if (length == 1)
            continue;
        if (axis == 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "shape",
                               "leave the batch to the input",
                               "an array for each sample is not carried "
                               "over");
        CVYI_TRY(cvyi_torch_extent(phrase, call, axis, length, "shape", err));
        kept[out++] = ' ';
        kept[out++] = (char)('C' + n);
        marks[axis] = ++n;
    }
    kept[out] = '\0';
    memcpy(layout + at, "->", 2);
    strcpy(layout + at + 2, n > 0 ? kept : " 1");
    return CVY_OK;
}

static cvy_status read_class(cvyi_phrase *out, const cvyi_bound *call,
                             const char *way, cvy_error *err)
{
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    char layout[5 * CVYI_MAX_DIMS + 8] = "";
    const char *kept;
    cvyi_step *step;

    CVYI_TRY(read_shape(marks, layout, out, call, err));
    kept = cvyi_arena_text(call->arena, layout, strlen(layout));
    step = cvyi_phrase_add(out, call, "combine");
    if (kept == NULL)
        return cvyi_no_memory(err);
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, 0);
    cvyi_set_word(&step->attrs, "way", way);
    cvyi_set_ints(&step->attrs, "axes", marks, call->in[0].rank);
    cvyi_step_slot_add(step, "value", "value", kept);
    return CVY_OK;
}

#define FROM(way)                                                          \
    static cvy_status from_##way(cvyi_phrase *out, const cvyi_bound *call, \
                                 cvy_error *err)                           \
    {                                                                      \
        return read_class(out, call, #way, err);                           \
    }
FROM(add)
FROM(subtract)
FROM(from)
FROM(multiply)
FROM(divide)
FROM(over)
FROM(maximum)
FROM(minimum)

/* ---- writing ---- */

/* The array as torch has it: from the first marked axis to the last axis. */
typedef struct listed {
    int n;
    int64_t dims[CVYI_MAX_DIMS], marks[CVYI_MAX_DIMS];
    char layout[5 * CVYI_MAX_DIMS + 8];
} listed;

static void list_axes(listed *l, const cvyi_saying *what)
{
    int rank, first, k = 0;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", &rank);
    size_t at = 0;

    *l = (listed){ 0 };
    for (int i = 0; i < what->slots[0].rank; i++) {
        l->layout[at++] = (char)('C' + i);
        l->layout[at++] = ' ';
    }
    memcpy(l->layout + at, "->", 2);
    at += 2;
    for (first = 0; first < rank && marks[first] == 0;)
        first++;
    for (int i = first; i < rank; i++) {
        l->layout[at++] = ' ';
        l->layout[at++] = marks[i] != 0 ? (char)('C' + marks[i] - 1) : '1';
        l->dims[l->n++] =
            marks[i] != 0 ? what->slots[0].dims[marks[i] - 1] : 1;
        l->marks[i] = marks[i] != 0 ? ++k : 0;
    }
    if (l->n == 0) {
        memcpy(l->layout + at, " C", 2);
        at += 2;
        l->dims[l->n++] = 1;
    }
    l->layout[at] = '\0';
}

static cvy_status to_class(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    cvyi_attrs read = *what->attrs;
    const char *layout;
    size_t i = 0;
    listed l;

    while (!cvyi_attr_is(what->attrs, "way", ways[i]))
        i++;
    list_axes(&l, what);
    layout = cvyi_arena_text(what->arena, l.layout, strlen(l.layout));
    if (layout == NULL)
        return cvyi_no_memory(err);
    out->helper = &classes[i];
    cvyi_code_begin(out, "%s", classes[i].name);
    cvyi_code_tuple(out, NULL, l.dims, l.n);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "value", "value", layout);
    cvyi_set_ints(&read, "axes", l.marks, what->in[0].rank);
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shape", "axes", "the sizes of the array, against the last axes" },
    { 0 },
};

#define READ(at, text, way, to)                                              \
    { .dialect = "torch", .name = text, .helper = &classes[at],              \
      .signature = "shape", .from_call = from_##way,                         \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_combine_torch[] = {
    READ(0, "Plus",      add,      to_class),
    READ(1, "Minus",     subtract, NULL),
    READ(2, "MinusFrom", from,     NULL),
    READ(3, "Times",     multiply, NULL),
    READ(4, "DividedBy", divide,   NULL),
    READ(5, "Dividing",  over,     NULL),
    READ(6, "AtLeast",   maximum,  NULL),
    READ(7, "AtMost",    minimum,  NULL),
    { 0 },
};
/* clang-format on */
