/* verb/explain_start_code.c - code that draws from a given distribution. */
#include "verb/explain_start.h"

#include <math.h>
#include <string.h>

static void put_number(cvyi_text *out, double value)
{
    cvyi_said said = { 0 };

    cvyi_code_number(&said, value);
    cvyi_text_put(out, cvyi_text_c(&said.code));
    out->bad |= said.code.bad;
    cvyi_text_close(&said.code);
}

static const char *keep(cvyi_text *text, cvyi_arena *arena)
{
    const char *const kept =
        text->bad ? NULL
                  : cvyi_arena_text(arena, cvyi_text_c(text), text->size);

    cvyi_text_close(text);
    return kept;
}

static bool has_code(const cvyi_fresh *s)
{
    return s->kind != CVYI_FRESH_UNSAID && s->kind != CVYI_FRESH_OTHER;
}

/* Uniform, and its reach the root of this, but for rounding? */
static bool reaches(const cvyi_fresh *s, double squared)
{
    return s->kind == CVYI_FRESH_UNIFORM && s->a == -s->b &&
           fabs(s->b * s->b - squared) <= 1e-12 * squared;
}

/* ---- torch ---- */

/* "layer.weight", "layer[1].weight": a key of the state dict as code. */
static void put_key(cvyi_text *out, const char *key)
{
    const size_t digits = strspn(key, "0123456789");

    if (digits > 0 && key[digits] == '.')
        cvyi_text_printf(out, "layer[%.*s]%s", (int)digits, key, key + digits);
    else
        cvyi_text_printf(out, "layer.%s", key);
}

/* torch (torch/nn/init.py) counts all axes behind the outputs as inputs. A
 * draw that has a name there is told by it: the name fits every size. */
static bool put_named(cvyi_text *out, const cvyi_fresh *s, const char *weight,
                      int rank, const int64_t *dims)
{
    double in = 1, outputs;
    const char *gain = NULL;

    if (rank < 2)
        return false;
    for (int i = 1; i < rank; i++)
        in *= (double)dims[i];
    outputs = in / (double)dims[1] * (double)dims[0];
    if (reaches(s, 6 / (in + outputs))) {
        cvyi_text_put(out, "nn.init.xavier_uniform_(");
    } else if (reaches(s, 6 / in) || reaches(s, 3 / in)) {
        gain = reaches(s, 6 / in) ? "relu" : "linear";
        cvyi_text_put(out, "nn.init.kaiming_uniform_(");
    } else {
        return false;
    }
    put_key(out, weight);
    if (gain != NULL)
        cvyi_text_printf(out, ", nonlinearity=\"%s\"", gain);
    cvyi_text_put(out, ")");
    return true;
}

/* nn.init.uniform_(layer.weight, -0.2, 0.2) */
static void put_torch(cvyi_text *out, const cvyi_fresh *s, const char *weight)
{
    static const char *const names[] = {
        [CVYI_FRESH_CONSTANT] = "constant_",
        [CVYI_FRESH_UNIFORM] = "uniform_",
        [CVYI_FRESH_NORMAL] = "normal_",
        [CVYI_FRESH_TRUNCATED] = "trunc_normal_",
    };

    cvyi_text_printf(out, "nn.init.%s(", names[s->kind]);
    put_key(out, weight);
    cvyi_text_put(out, ", ");
    put_number(out, s->a);
    if (s->kind != CVYI_FRESH_CONSTANT) {
        cvyi_text_put(out, ", ");
        put_number(out, s->b);
    }
    if (s->kind == CVYI_FRESH_TRUNCATED) {
        cvyi_text_put(out, ", ");
        put_number(out, s->a - 2 * s->b);
        cvyi_text_put(out, ", ");
        put_number(out, s->a + 2 * s->b);
    }
    cvyi_text_put(out, ")");
}

const char *cvyi_fresh_torch(cvyi_arena *arena, const cvyi_fresh *s,
                             const char *weight, int rank, const int64_t *dims)
{
    cvyi_text text = { 0 };

    if (!has_code(s))
        return NULL;
    if (!put_named(&text, s, weight, rank, dims))
        put_torch(&text, s, weight);
    return keep(&text, arena);
}

/* ---- Keras ---- */

/* kernel_initializer=keras.initializers.RandomUniform(-0.2, 0.2) */
static void put_keras(cvyi_text *out, const cvyi_fresh *s)
{
    static const char *const names[] = {
        [CVYI_FRESH_CONSTANT] = "Constant",
        [CVYI_FRESH_UNIFORM] = "RandomUniform",
        [CVYI_FRESH_NORMAL] = "RandomNormal",
        [CVYI_FRESH_TRUNCATED] = "TruncatedNormal",
    };

    cvyi_text_printf(out, "keras.initializers.%s(", names[s->kind]);
    put_number(out, s->a);
    if (s->kind != CVYI_FRESH_CONSTANT) {
        cvyi_text_put(out, ", ");
        put_number(out, s->b);
    }
    cvyi_text_put(out, ")");
}

const char *cvyi_fresh_keras(cvyi_arena *arena, const cvyi_fresh *s,
                             const char *argument, int rank,
                             const int64_t *dims)
{
    cvyi_text text = { 0 };
    double in, out;

    if (!has_code(s) || argument == NULL)
        return NULL;
    cvyi_fresh_fans(&in, &out, rank, dims);
    cvyi_text_printf(&text, "%s=", argument);
    /* What torch's layers draw by default, for every size. */
    if (rank > 1 && reaches(s, 1 / in))
        cvyi_text_put(&text, "keras.initializers.VarianceScaling(1 / 3, "
                             "\"fan_in\", \"uniform\")");
    else
        put_keras(&text, s);
    return keep(&text, arena);
}
