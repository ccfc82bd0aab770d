/*
 * verify/probe.c - inputs that can show a fault.
 *
 * An impulse shows where a border lies, a ramp shows shifts everywhere, and
 * random numbers show the rest. Values are of the order of one.
 */
#include "base/thread.h"
#include "random/random.h"
#include "verify/parts.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Mean 0, variance 1: the sum of twelve uniform numbers less six. */
static float normal(uint64_t *seed)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += cvyi_random_uniform(seed);
    return (float)sum;
}

void cvyi_probe_random(const cvy_view *tensor, uint64_t *seed)
{
    float *const p = tensor->data;

    for (int64_t i = 0, n = cvy_view_count(tensor); i < n; i++)
        p[i] = normal(seed);
}

void cvyi_probe_fill(const cvy_view *tensor, uint64_t *seed)
{
    const int64_t samples = tensor->dims[0];
    const int64_t each = samples > 0 ? cvy_view_count(tensor) / samples : 0;
    float *p = tensor->data;

    for (int64_t s = 0; s < samples; s++, p += each) {
        if (s == 0 && samples > 1)
            for (int64_t i = 0; i < each; i += 1 + each / 5)
                p[(i + (int64_t)(cvyi_random_bits(seed) >> 33)) % each] = 1.0f;
        else if (s == 1)
            for (int64_t i = 0; i < each; i++)
                p[i] = (float)(2.0 * (double)(i + 1) / (double)each - 1.0);
        else
            for (int64_t i = 0; i < each; i++)
                p[i] = normal(seed);
    }
}

/* The smallest table that a call looks this result up in; 0: none does. */
static int64_t least_rows(const cvyi_graph *graph, int result)
{
    int64_t least = 0;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        const cvyi_op *const op = call->attrs.op;

        for (int k = 0; op->rows != NULL && k < call->n_in; k++) {
            const int64_t n = op->rows(&call->attrs);

            if (call->in[k] == result && (least == 0 || n < least))
                least = n;
        }
    }
    return least;
}

void cvyi_probe_rows(const cvy_view *tensor, const cvyi_graph *graph,
                     int result)
{
    const int64_t rows = least_rows(graph, result);
    float *const p = tensor->data;

    for (int64_t i = 0, n = cvy_view_count(tensor); rows > 0 && i < n; i++)
        p[i] = (float)((int64_t)(fabsf(p[i]) * 1e6f) % rows);
}

/* What one thread looks at: a share of the elements. */
typedef struct looking {
    const float *p;
    int64_t n, each;
    bool *wild, *unequal; /* of each share */
} looking;

static void look(void *context, size_t share)
{
    const looking *const l = context;
    const int64_t begin = (int64_t)share * l->each;
    const int64_t end = begin + l->each < l->n ? begin + l->each : l->n;
    bool wild = false, unequal = false;

    for (int64_t i = begin; i < end && !wild; i++) {
        wild = !(fabsf(l->p[i]) <= 0x1p60f);
        unequal = unequal || l->p[i] != l->p[0];
    }
    l->wild[share] = wild;
    l->unequal[share] = unequal;
}

bool cvyi_probe_is_dead(const cvy_view *tensor)
{
    enum { SHARES = 8, WORTH_THREADS = 1 << 16 };
    bool wild[SHARES], unequal[SHARES], all_equal = true;
    const int64_t n = cvy_view_count(tensor);
    const int shares = n < WORTH_THREADS ? 1 : SHARES;
    looking l = { tensor->data, n, n / shares + 1, wild, unequal };

    cvyi_parallel((size_t)shares, look, &l);
    for (int i = 0; i < shares; i++) {
        if (wild[i])
            return true;
        all_equal = all_equal && !unequal[i];
    }
    return all_equal && n > 1;
}

const char *cvyi_probe_name(int64_t sample)
{
    return sample == 0   ? "the impulses"
           : sample == 1 ? "the ramp"
                         : "random data";
}

static bool add_symbol(cvyi_probe_sizes *sizes, const char *name,
                       int64_t value)
{
    for (int i = 0; i < sizes->n; i++)
        if (strcmp(sizes->names[i], name) == 0)
            return true;
    if (sizes->n == CVYI_MAX_SYMBOLS)
        return false;
    sizes->names[sizes->n] = name;
    sizes->values[sizes->n++] = value;
    return true;
}

/* The symbols of all inputs: an input axis is a number or one symbol. Sizes
 * are unequal, so that swapped axes show, and all odd or all even. */
static cvy_status collect(cvyi_probe_sizes *out, const cvyi_graph *graph,
                          int64_t size, cvy_error *err)
{
    *out = (cvyi_probe_sizes){ 0 };
    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_type *const type = &graph->results[graph->inputs[i]].type;

        for (int a = 0; a < type->rank; a++) {
            const int64_t value = a == 0 ? CVYI_PROBES : size + 2 * out->n;
            const char *symbol;
            int64_t fixed;

            if (cvyi_size_constant(&fixed, type->dims[a]))
                continue;
            symbol = cvyi_size_symbol_name(type->dims[a]);
            if (symbol == NULL || !add_symbol(out, symbol, value))
                return cvyi_fail(err, CVY_UNSUPPORTED,
                                 "an input's size is no plain symbol");
        }
    }
    return CVY_OK;
}

int cvyi_probe_rounds(const cvyi_graph *graph)
{
    cvyi_probe_sizes sizes;

    return collect(&sizes, graph, 1, NULL) == CVY_OK && sizes.n > 1 ? 2 : 1;
}

/* The elements of a result under these sizes; 0 if there are none. */
static int64_t elements(const cvyi_graph *graph, int result,
                        const cvyi_symbols *symbols)
{
    const cvyi_type *const type = &graph->results[result].type;
    int64_t dims[CVYI_MAX_DIMS], n = 1;

    if (cvyi_run_dims(dims, type, symbols, NULL) != CVY_OK)
        return 0;
    for (int i = 0; i < type->rank; i++)
        if (!cvyi_mul64(&n, n, dims[i]))
            return 0;
    return n;
}

/* A reshape may fit some inputs only. */
static bool reshapes_fit(const cvyi_graph *graph,
                         const cvyi_probe_sizes *sizes)
{
    const cvyi_symbols symbols = { sizes->n, sizes->names, sizes->values };

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        if (call->attrs.op->features == CVYI_FEATURES_RESHAPE &&
            elements(graph, call->in[0], &symbols) !=
                elements(graph, call->out[0], &symbols))
            return false;
    }
    return true;
}

/* Do all results have at least one element under these sizes? */
static bool large_enough(const cvyi_graph *graph,
                         const cvyi_probe_sizes *sizes)
{
    const cvyi_symbols symbols = { sizes->n, sizes->names, sizes->values };
    int64_t dims[CVYI_MAX_DIMS];

    for (int r = 0; r < graph->n_results; r++)
        if (cvyi_run_dims(dims, &graph->results[r].type, &symbols, NULL) !=
            CVY_OK)
            return false;
    return true;
}

/* Sizes that suit the reshapes too, all combinations one after another. They
 * begin where the usual ones do. */
static bool search(cvyi_probe_sizes *sizes, const cvyi_graph *graph, int round)
{
    enum { TRIES = 1 << 16 };
    int free_at[CVYI_MAX_SYMBOLS], n = 0;
    int64_t side = TRIES, all = 1;

    /* Of all values collect() gave, only a batch is as small as that. */
    for (int i = 0; i < sizes->n; i++)
        if (sizes->values[i] != CVYI_PROBES)
            free_at[n++] = i;
    for (int i = 1; i < n; i++) /* about the n-th root, never 1 */
        side = i == 1 ? 256 : i == 2 ? 40 : 16;
    for (int i = 0; i < n && all < TRIES; i++)
        all *= side;
    for (int64_t at = 0; n > 0 && at < all && at < TRIES; at++) {
        int64_t digits = at;

        for (int i = 0; i < n; i++, digits /= side)
            sizes->values[free_at[i]] =
                1 + (15 + round + 2 * i + digits) % side;
        if (reshapes_fit(graph, sizes) && large_enough(graph, sizes))
            return true;
    }
    return false;
}

cvy_status cvyi_probe_sizes_for(cvyi_probe_sizes *out, const cvyi_graph *graph,
                                int round, cvy_error *err)
{
    enum { LARGEST = 1024 };
    bool misfit = false;

    for (int64_t size = 16; size <= LARGEST; size *= 2) {
        CVYI_TRY(collect(out, graph, size + round, err));
        if (!reshapes_fit(graph, out))
            misfit = true;
        else if (large_enough(graph, out))
            return CVY_OK;
    }
    if (misfit && search(out, graph, round))
        return CVY_OK;
    return cvyi_fail(err, CVY_SHAPE,
                     "no input size up to %d suits every layer", LARGEST);
}
