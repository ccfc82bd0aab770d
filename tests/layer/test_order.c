/* tests/layer/test_order.c - orders of axes, there and back. */
#include "workbench.h"

static void a_layout_there_and_back_moves_nothing(void)
{
    static const char *const rules[] = {
        "N S C -> N C S", "S I O -> O I S",     "S O I -> I O S",
        "I O -> O I",     "S I M -> (I M) 1 S",
    };
    static const int64_t sizes[] = { 2, 3, 1, 4, 5 };
    cvy_error err = { 0 };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        for (int n = 1; n <= 3; n++)
            for (int first = 0; first < 3; first++) {
                const int rank = strchr(rules[i], 'S') != NULL ? n + 2 : 2;
                cvyi_layout there, back, both;
                int64_t dims[5];

                for (int k = 0; k < rank; k++)
                    dims[k] = sizes[(first + k) % 5];
                CHECK_OK(
                    cvyi_layout_parse(&there, rules[i], n, rank, dims, &err));
                back = cvyi_layout_inverse(&there);
                CHECK_OK(cvyi_layout_then(&both, &there, &back, &err));
                CHECK(cvyi_layout_is_identity(&both));
                CHECK_OK(cvyi_layout_then(&both, &back, &there, &err));
                CHECK(cvyi_layout_is_identity(&both));
            }
}

static void channels_last_and_first_undo_each_other(void)
{
    for (int rank = 1; rank <= CVYI_MAX_DIMS; rank++) {
        int to_first[CVY_MAX_RANK], to_last[CVY_MAX_RANK];

        cvyi_axes_last_to_first(rank, to_first);
        cvyi_axes_first_to_last(rank, to_last);
        for (int i = 0; i < rank; i++) {
            CHECK_EQ(to_first[to_last[i]], i);
            CHECK_EQ(to_last[to_first[i]], i);
        }
    }
}

/* By the operator; the result is to be closed. */
static cvy_view permuted(const cvy_view *x, const int64_t *axes)
{
    cvy_error err = { 0 };
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&attrs, "axes", axes, x->rank);

    const cvyi_inferred inferred = bench_infer(&b, &attrs, x);
    const cvy_view y = bench_output(&inferred);
    const cvyi_job job = { &attrs, x, 1, NULL, &y, 1 };

    CHECK_OK(attrs.op->eval(&job, &err));
    bench_close(&b);
    return y;
}

/* Every list of four axes that names each of them. */
static void a_permutation_and_its_inverse_undo_each_other(void)
{
    cvy_view x = bench_random(4, (int64_t[]){ 2, 3, 4, 5 });
    int found = 0;

    for (int64_t k = 0; k < 256; k++) {
        const int64_t axes[] = { k % 4, k / 4 % 4, k / 16 % 4, k / 64 };
        int64_t inverse[4];
        unsigned seen = 0;

        for (int i = 0; i < 4; i++) {
            seen |= 1u << axes[i];
            inverse[axes[i]] = i;
        }
        if (seen != 15)
            continue;
        found++;

        cvy_view there = permuted(&x, axes);
        cvy_view back = permuted(&there, inverse);

        for (int i = 0; i < 4; i++)
            CHECK_EQ(there.dims[i], x.dims[axes[i]]);
        CHECK(memcmp(back.data, x.data,
                     (size_t)cvy_view_count(&x) * sizeof(float)) == 0);
        cvyi_tensor_close(&there);
        cvyi_tensor_close(&back);
    }
    CHECK_EQ(found, 24);
    cvyi_tensor_close(&x);
}

static const check_case cases[] = {
    { "a_layout_there_and_back_moves_nothing",
      a_layout_there_and_back_moves_nothing },
    { "channels_last_and_first_undo_each_other",
      channels_last_and_first_undo_each_other },
    { "a_permutation_and_its_inverse_undo_each_other",
      a_permutation_and_its_inverse_undo_each_other },
};

CHECK_MAIN(cases)
