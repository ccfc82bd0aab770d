/* tests/layer/torch_rows.h - tables of what people write in torch. */
#ifndef CVYT_LAYER_TORCH_ROWS_H
#define CVYT_LAYER_TORCH_ROWS_H

#include "torch_reader.h"

typedef struct reader_row {
    const char *code, *shape, *steps;
} reader_row;

static inline void reader_check_rows(const reader_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cvyi_type in;
        reader r;
        bench b;

        bench_open(&b);
        in = bench_type(&b, rows[i].shape);
        reader_open(&r, &b, rows[i].code, NULL, &in, 1);
        if (r.refused)
            CHECK_FAIL("%s: %s: %s", rows[i].code, r.refusal.attribute,
                       r.refusal.reason);
        if (strcmp(reader_picture(&r), rows[i].steps) != 0)
            CHECK_FAIL("%s over %s is read as %s, not %s", rows[i].code,
                       rows[i].shape, reader_picture(&r), rows[i].steps);
        bench_close(&b);
    }
}

typedef struct reader_refusal {
    const char *code, *shape, *attribute, *reason;
} reader_refusal;

static inline void reader_check_refusals(const reader_refusal *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cvyi_type in;
        reader r;
        bench b;

        bench_open(&b);
        in = bench_type(&b, rows[i].shape);
        reader_open(&r, &b, rows[i].code, NULL, &in, 1);
        if (!r.refused)
            CHECK_FAIL("%s over %s was taken: %s", rows[i].code, rows[i].shape,
                       reader_picture(&r));
        if (strcmp(r.refusal.attribute, rows[i].attribute) != 0 ||
            strstr(r.refusal.reason, rows[i].reason) == NULL)
            CHECK_FAIL("%s: refused for '%s': %s", rows[i].code,
                       r.refusal.attribute, r.refusal.reason);
        bench_close(&b);
    }
}

#endif
