/*
 * read/python/tf/input.c - placeholders.
 *
 * A placeholder with a shape is an input of the network. One of a single
 * number, or of none that is known, is a mode: keep_prob, is_training.
 */
#include "read/python/tf/host.h"

#include <ctype.h>
#include <string.h>

const cvyi_call_input *cvyi_tf_asked(const cvyi_tf_host *host,
                                     const char *name)
{
    const cvyi_source_request *const r = host->source->request;

    for (int i = 0; r != NULL && i < r->n_inputs; i++)
        if (r->inputs[i].name != NULL && strcmp(r->inputs[i].name, name) == 0)
            return &r->inputs[i];
    return NULL;
}

/* The batch is N everywhere; L, H W, D H W in front of the channels. Inputs
 * after the first have symbols of their own. */
static cvyi_size symbol(cvyi_tf_host *host, int rank, int axis)
{
    static const char *const letters[] = { "", "", "", "L", "HW", "DHW" };
    const bool spatial = rank >= 3 && rank <= 5 && axis > 0 && axis < rank - 1;
    const char *name;

    if (axis == 0)
        return cvyi_size_symbol(&host->trace->sizes, "N");
    if (spatial && host->n_open == 0)
        name = cvyi_arena_printf(host->arena, "%c", letters[rank][axis - 1]);
    else if (spatial)
        name = cvyi_arena_printf(host->arena, "%c_%d", letters[rank][axis - 1],
                                 host->n_open + 1);
    else
        name =
            cvyi_arena_printf(host->arena, "C%d_%d", axis, host->n_open + 1);
    return name != NULL ? cvyi_size_symbol(&host->trace->sizes, name) : NULL;
}

/* All known sizes together. */
static cvy_status check_elements(cvyi_py_eval *eval, const cvyi_type *type,
                                 cvy_error *err)
{
    static const int64_t MOST = (int64_t)1 << 40;
    int64_t all = 1, size;

    for (int i = 0; i < type->rank; i++)
        if (type->dims[i] != NULL &&
            cvyi_size_constant(&size, type->dims[i]) &&
            (!cvyi_mul64(&all, all, size) || all > MOST))
            return cvyi_py_refuse(eval, err, "an input of so many elements");
    return CVY_OK;
}

/* What TensorFlow takes as the name of an operation. */
static bool is_name(const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && *p != '.' && *p != '_' &&
            (p == name || (*p != '-' && *p != '/' && *p != '\\')))
            return false;
    return *name != '\0' && *name != '_';
}

static cvy_status make_input(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *name, cvyi_type *type, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    bool open = false;
    int result;

    CVYI_TRY(check_elements(eval, type, err));
    for (int i = 0; i < type->rank; i++) {
        if (type->dims[i] != NULL)
            continue;
        open = open || i > 0;
        type->dims[i] = symbol(host, type->rank, i);
        if (type->dims[i] == NULL)
            return cvyi_no_memory(err);
    }
    host->n_open += open;
    CVYI_TRY(cvyi_graph_add_input(&result, host->trace, name, type, err));
    return cvyi_tf_make_tensor(out, eval, result, err);
}

static cvy_status make_mode(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, cvy_error *err)
{
    cvyi_tf_mode *const mode =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *mode);

    if (mode == NULL)
        return cvyi_no_memory(err);
    *mode = (cvyi_tf_mode){ .name = name };
    *out = cvyi_py_host_value(&cvyi_tf_mode_type, mode);
    return CVY_OK;
}

static bool is_dtype(const cvyi_py_value *value, const char *name)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == &cvyi_tf_name_type &&
           strcmp(cvyi_call_last(
                      ((const cvyi_call_name *)value->host.data)->dotted),
                  name) == 0;
}

/* "300x4" of --input for this name wins over what the script says. */
static void apply_asked(cvyi_type *type, cvyi_tf_host *host, const char *name)
{
    const cvyi_call_input *const input = cvyi_tf_asked(host, name);

    if (input == NULL)
        return;
    type->rank = input->rank;
    for (int i = 0; i < input->rank; i++)
        type->dims[i] = input->dims[i] < 0 ? NULL
                                           : cvyi_size_of(&host->trace->sizes,
                                                          input->dims[i]);
}

/* No data stand in for it. */
static cvy_status note_asked(cvyi_py_eval *eval, const char *name,
                             cvy_error *err)
{
    const cvyi_py_value none = cvyi_py_none();

    return cvyi_py_names_set(eval, &cvyi_tf_of(eval)->stood, name, &none, err);
}

/* Its name, and its shape as far as it is known; rank 0: not at all, or a
 * single value. */
static cvy_status begin(const char **name, cvyi_type *type, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, const char *fallback,
                        cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const said = cvyi_tf_text(cvyi_tf_arg(args, 2, "name"));
    int rank;

    if (said != NULL && !is_name(said))
        return cvyi_py_refuse(
            eval, err, "\"%.60s\" is no name that TensorFlow takes", said);
    *name = cvyi_tf_unique(host, said != NULL ? said : fallback);
    if (*name == NULL)
        return cvyi_no_memory(err);
    *type = (cvyi_type){ .dtype = CVY_F32 };
    CVYI_TRY(cvyi_tf_read_shape(&rank, type->dims, eval,
                                cvyi_tf_arg(args, 1, "shape"), err));
    type->rank = rank > 0 ? rank : 0;
    apply_asked(type, host, *name);
    return cvyi_tf_asked(host, *name) != NULL ? note_asked(eval, *name, err)
                                              : CVY_OK;
}

cvy_status cvyi_tf_placeholder(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const dtype = cvyi_tf_arg(args, 0, "dtype");
    const char *name;
    cvyi_type type;

    CVYI_TRY(begin(&name, &type, eval, args, "Placeholder", err));
    if (is_dtype(dtype, "string"))
        return cvyi_py_make_opaque(out, eval, err, "a placeholder of texts");
    return type.rank == 0 || is_dtype(dtype, "bool")
               ? make_mode(out, eval, name, err)
               : make_input(out, eval, name, &type, err);
}

cvy_status cvyi_tf_placeholder_default(cvyi_py_value *out, cvyi_py_eval *eval,
                                       const cvyi_py_call_args *args,
                                       cvy_error *err)
{
    const char *name;
    cvyi_type type;

    CVYI_TRY(begin(&name, &type, eval, args, "PlaceholderWithDefault", err));
    return type.rank == 0 ? make_mode(out, eval, name, err)
                          : make_input(out, eval, name, &type, err);
}

/* ---- tensors that --input says the shape of ---- */

cvy_status cvyi_tf_fresh_input(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, cvy_error *err)
{
    static const char *const keys[] = { "shape", "name" };
    cvyi_py_value values[2] = { cvyi_py_none() };
    const cvyi_py_call_args args = { .n_keywords = 2,
                                     .keywords = keys,
                                     .keyword_values = values };

    CVYI_TRY(cvyi_py_make_text(&values[1], eval, name, strlen(name), err));
    return cvyi_tf_placeholder(out, eval, &args, err);
}

/* One input for a name, however often a loop gives it. A placeholder that is
 * called so, or a parameter of the entry, is the one that --input means. */
cvy_status cvyi_tf_stand_in(cvyi_py_value *value, cvyi_py_eval *eval,
                            const char *name, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_value *const stood = cvyi_py_names_get(&host->stood, name);
    cvyi_type type = { .dtype = CVY_F32 };

    if (cvyi_tf_asked(host, name) == NULL || cvyi_tf_lost_at(host, value) >= 0)
        return CVY_OK;
    if (stood != NULL) {
        *value = stood->type == CVYI_PY_V_NONE ? *value : *stood;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_tf_remark(
        eval, err, "%s is data that the script reads: it is an input", name));
    apply_asked(&type, host, name);
    CVYI_TRY(make_input(value, eval, name, &type, err));
    return cvyi_py_names_set(eval, &host->stood, name, value, err);
}

/* ---- inputs of Keras ---- */

static cvy_status ask_for(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *name, const cvyi_py_value *shape,
                          cvy_error *err)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque(shape);

    return cvyi_py_make_opaque(
        out, eval, err,
        "the shape of the input %s is not known%s%s: say it with --input "
        "%s=?x32x32x3",
        name, cause != NULL ? ", for " : "",
        cause != NULL ? cause->reason : "", name);
}

cvy_status cvyi_tf_input(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *said, const cvyi_py_value *shape,
                         cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_type type = { .dtype = CVY_F32 };
    const char *name = said;
    int rank = 0;

    if (name == NULL)
        name = cvyi_arena_printf(host->arena, "input_%d", ++host->n_unnamed);
    if (name != NULL)
        name = cvyi_tf_unique(host, name);
    if (name == NULL)
        return cvyi_no_memory(err);
    if (cvyi_py_opaque(shape) == NULL)
        CVYI_TRY(cvyi_tf_read_shape(&rank, type.dims, eval, shape, err));
    type.rank = rank > 0 ? rank : 0;
    apply_asked(&type, host, name);
    return type.rank > 0 ? make_input(out, eval, name, &type, err)
                         : ask_for(out, eval, name, shape, err);
}
