/* verb/test_run.c - runs as a library makes them: arrays in, arrays out. */
#define _XOPEN_SOURCE 700
#include "convey/run.h"

#include "codec/npy.h"
#include "tensor/tensor.h"

#include "base/file.h"
#include "base/text.h"
#include "check.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define BRANCHES CVYT_DATA "/read/data/branches.keras"
#define TWO_BY_TWO CVYT_DATA "/read/data/two_by_two.keras"

/* ---- files ---- */

static char folder[64];

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/convey-test-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static const char *path_of(const char *name)
{
    static char paths[8][256];
    static int next;
    char *const path = paths[next++ % 8];

    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static bool is_there(const char *name)
{
    struct stat about;

    return stat(path_of(name), &about) == 0;
}

static void end(void)
{
    static const char *const names[] = { "x.npy", "l.npy", "r.npy", "y.npy",
                                         "z.npy" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unlink(path_of(names[i]));
    CHECK_EQ(rmdir(folder), 0);
}

static cvy_status take(void *text, const void *bytes, size_t n, cvy_error *err)
{
    (void)err;
    cvyi_text_add(text, bytes, n);
    return CVY_OK;
}

static void put_view(const char *name, const cvy_view *view)
{
    cvyi_text file = { 0 };
    cvy_error err;

    CHECK_OK(cvyi_npy_write(view, take, &file, &err));
    CHECK_OK(cvyi_file_write(path_of(name), file.bytes, file.size, &err));
    cvyi_text_close(&file);
}

/* A ramp of any type; `scale` of float64 makes what float32 cannot hold. */
static void put_ramp(const char *name, cvy_dtype dtype, int rank,
                     const int64_t *dims, double scale)
{
    cvy_view wide, view;
    cvy_error err;

    CHECK_OK(cvyi_tensor_open(&wide, CVY_F64, rank, dims, &err));
    CHECK_OK(cvyi_tensor_open(&view, dtype, rank, dims, &err));
    for (int64_t i = 0; i < cvy_view_count(&wide); i++)
        ((double *)wide.data)[i] = scale * (double)(i % 100);
    CHECK_OK(cvyi_copy(&view, &wide, &err));
    put_view(name, &view);
    cvyi_tensor_close(&wide);
    cvyi_tensor_close(&view);
}

static const int64_t image[] = { 2, 6, 8, 3 };

static cvy_run *run_of(const char *model, const char *const *inputs,
                       int n_inputs, const char *const *outputs, int n_outputs,
                       cvy_status want)
{
    const cvy_run_options options = { .source = model,
                                      .inputs = inputs,
                                      .n_inputs = n_inputs,
                                      .outputs = outputs,
                                      .n_outputs = n_outputs };
    cvy_error err = { 0 };
    cvy_run *run = NULL;

    CHECK_OK(cvy_run_open(&run, &options, &err));
    if (cvy_run_status(run) != want)
        CHECK_FAIL("status %d: %s", (int)cvy_run_status(run),
                   cvy_run_error(run) != NULL ? cvy_run_error(run)->text : "");
    return run;
}

/* One input and one output; refused with these words. */
static void refused(const char *input, cvy_status want, const char *words)
{
    const char *text = NULL;
    cvy_error err = { 0 };
    cvy_run *const run = run_of(BRANCHES, &input, 1, NULL, 0, want);

    if (strstr(cvy_run_error(run)->text, words) == NULL)
        CHECK_FAIL("%s: %s", input, cvy_run_error(run)->text);
    CHECK_EQ(cvy_run_outputs(run), 0);
    CHECK_STR(cvy_run_output_at(run, 0).name, "");
    CHECK_OK(cvy_run_text(&text, run, (cvy_look){ 0 }, &err));
    CHECK_STR(text, "");
    CHECK_OK(cvy_run_json(&text, run, &err));
    CHECK(strstr(text, "\"error\"") != NULL);
    cvy_run_close(run);
}

/* ---- what is true ---- */

static void an_output_is_written_as_it_is_given(void)
{
    const char *inputs[1], *outputs[1], *text;
    cvyi_arena arena = { 0 };
    cvyi_mapping file;
    cvy_view view;
    cvy_error err;

    begin();
    put_ramp("x.npy", CVY_F32, 4, image, 0.01);
    inputs[0] = path_of("x.npy");
    outputs[0] = path_of("y.npy");
    cvy_run *const run = run_of(BRANCHES, inputs, 1, outputs, 1, CVY_OK);
    const cvy_run_output out = cvy_run_output_at(run, 0);

    CHECK_EQ(cvy_run_outputs(run), 1);
    CHECK_OK(cvyi_file_map(&file, path_of("y.npy"), &err));
    CHECK_OK(cvyi_npy_open(&view, &arena, file.bytes, file.size, &err));
    CHECK_EQ(view.dtype, CVY_F32);
    CHECK_EQ(view.rank, out.view.rank);
    CHECK_EQ(view.dims[0], 2);
    CHECK(memcmp(view.data, out.view.data,
                 sizeof(float) * (size_t)cvy_view_count(&view)) == 0);
    CHECK_OK(cvy_run_text(&text, run, (cvy_look){ 0 }, &err));
    CHECK(strstr(text, "min ") != NULL && strstr(text, "y.npy") != NULL);
    CHECK(strstr(text, "To save") == NULL);
    cvyi_file_unmap(&file);
    cvyi_arena_close(&arena);
    cvy_run_close(run);
    cvy_run_close(NULL);
    end();
}

static bool says_rounded(const cvy_run *run)
{
    for (int32_t i = 0; i < cvy_run_findings(run); i++)
        if (strstr(cvy_run_finding(run, i).text, "rounded to float32") != NULL)
            return true;
    return false;
}

/* Outputs of the same numbers under another type are the same bits. */
static void types_are_converted_and_rounding_is_said(void)
{
    static const struct {
        cvy_dtype dtype;
        double scale;
        bool rounds;
    } rows[] = {
        { CVY_F32, 1, false },       { CVY_U8, 1, false },
        { CVY_I8, 1, false },        { CVY_I32, 1, false },
        { CVY_I64, 1, false },       { CVY_F16, 1, false },
        { CVY_F64, 1, false },       { CVY_F64, 0.1, true },
        { CVY_I32, 16777217, true }, { CVY_I64, 1125899906842625, true },
    };
    float first[4096];
    int64_t n = 0;

    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *input = path_of("x.npy");

        put_ramp("x.npy", rows[i].dtype, 4, image, rows[i].scale);
        cvy_run *const run = run_of(BRANCHES, &input, 1, NULL, 0, CVY_OK);
        const cvy_view view = cvy_run_output_at(run, 0).view;

        CHECK_EQ(says_rounded(run), rows[i].rounds);
        if (i == 0) {
            n = cvy_view_count(&view);
            CHECK(n <= 4096);
            memcpy(first, view.data, sizeof(float) * (size_t)n);
        }
        if (rows[i].scale == 1)
            CHECK(memcmp(first, view.data, sizeof(float) * (size_t)n) == 0);
        cvy_run_close(run);
    }
    end();
}

/* NumPy's other order of axes, and one that starts at an odd byte. */
static void any_layout_gives_the_same_bits(void)
{
    static const char head[] =
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 6, 8, 3), }\n";
    const char *inputs[] = { NULL };
    cvyi_text file = { 0 };
    cvy_error err;
    float data[2 * 6 * 8 * 3];
    cvy_run *runs[2];

    begin();
    put_ramp("x.npy", CVY_F32, 4, image, 0.01);
    inputs[0] = path_of("x.npy");
    runs[0] = run_of(BRANCHES, inputs, 1, NULL, 0, CVY_OK);

    for (int i = 0, at = 0; i < 2; i++)
        for (int h = 0; h < 6; h++)
            for (int w = 0; w < 8; w++)
                for (int c = 0; c < 3; c++, at++)
                    data[i + 2 * (h + 6 * (w + 8 * c))] =
                        (float)(0.01 * (double)(at % 100));
    cvyi_text_add(&file, "\x93NUMPY\x01\x00", 8);
    cvyi_text_add(&file, (char[]){ (char)(sizeof head - 1), 0 }, 2);
    cvyi_text_add(&file, head, sizeof head - 1);
    cvyi_text_add(&file, (const char *)data, sizeof data);
    CHECK((10 + sizeof head - 1) % sizeof(float) != 0);
    CHECK_OK(cvyi_file_write(path_of("z.npy"), file.bytes, file.size, &err));
    cvyi_text_close(&file);
    inputs[0] = path_of("z.npy");
    runs[1] = run_of(BRANCHES, inputs, 1, NULL, 0, CVY_OK);

    const cvy_view a = cvy_run_output_at(runs[0], 0).view;
    const cvy_view b = cvy_run_output_at(runs[1], 0).view;

    CHECK(memcmp(a.data, b.data, sizeof(float) * (size_t)cvy_view_count(&a)) ==
          0);
    cvy_run_close(runs[0]);
    cvy_run_close(runs[1]);
    end();
}

static void arrays_that_do_not_fit_are_refused(void)
{
    static const struct {
        int rank;
        int64_t dims[5];
    } wrong[] = {
        { 3, { 6, 8, 3 } },    { 5, { 1, 2, 6, 8, 3 } },
        { 4, { 2, 6, 8, 4 } }, { 4, { 0, 6, 8, 3 } },
        { 1, { 3 } },          { 0, { 0 } },
    };

    begin();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put_ramp("x.npy", CVY_F32, wrong[i].rank, wrong[i].dims, 1);
        refused(path_of("x.npy"), CVY_SHAPE, ", 3)");
    }
    refused(BRANCHES, CVY_FORMAT, "NumPy");
    refused(path_of("nothing.npy"), CVY_IO, "nothing.npy");
    refused(folder, CVY_ARGUMENT, "folder");
    refused("nobody=x.npy", CVY_ARGUMENT, "nobody");
    end();
}

static void several_inputs_and_outputs_go_by_name(void)
{
    static const int64_t left[] = { 3, 8, 6, 2 }, right[] = { 3, 4 };
    static const int64_t fewer[] = { 2, 4 };
    char texts[6][300];
    const char *inputs[] = { texts[0], texts[1] };
    const char *outputs[] = { texts[2], texts[3] };
    cvy_run *run;

    begin();
    put_ramp("l.npy", CVY_F32, 4, left, 0.01);
    put_ramp("r.npy", CVY_F32, 2, right, 0.01);
    snprintf(texts[0], sizeof *texts, "right=%s", path_of("r.npy"));
    snprintf(texts[1], sizeof *texts, "left=%s", path_of("l.npy"));

    run = run_of(TWO_BY_TWO, inputs, 2, NULL, 0, CVY_OK);
    CHECK_EQ(cvy_run_outputs(run), 3);
    for (int i = 0; i < 2; i++)
        snprintf(texts[2 + i], sizeof *texts, "%s=%s",
                 cvy_run_output_at(run, i).name,
                 path_of(i == 0 ? "y.npy" : "z.npy"));
    cvy_run_close(run);

    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, outputs, 2, CVY_OK));
    CHECK(is_there("y.npy") && is_there("z.npy"));

    /* The first may go without a name; none twice, none missing. */
    snprintf(texts[4], sizeof *texts, "%s", path_of("r.npy"));
    inputs[0] = texts[4];
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, NULL, 0, CVY_OK));
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 1, NULL, 0, CVY_ARGUMENT));
    inputs[1] = texts[0];
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, NULL, 0, CVY_ARGUMENT));
    inputs[1] = texts[1];

    /* Which output, the same twice, one file for both, an unknown one. */
    outputs[0] = path_of("y.npy");
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, outputs, 1, CVY_ARGUMENT));
    outputs[0] = outputs[1] = texts[2];
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, outputs, 2, CVY_ARGUMENT));
    outputs[0] = "nobody=y.npy";
    cvy_run_close(run_of(TWO_BY_TWO, inputs, 2, outputs, 1, CVY_ARGUMENT));

    /* Both inputs have one batch. */
    put_ramp("r.npy", CVY_F32, 2, fewer, 0.01);
    run = run_of(TWO_BY_TWO, inputs, 2, NULL, 0, CVY_SHAPE);
    CHECK(strstr(cvy_run_error(run)->text, "N is 2 in \"right\"") != NULL);
    cvy_run_close(run);
    end();
}

static bool stop_at_once(void *context, const char *phase, int64_t done,
                         int64_t total)
{
    (void)context;
    CHECK_STR(phase, "run");
    CHECK_EQ(done, 1);
    CHECK(total > 1);
    return false;
}

static void a_stopped_run_writes_nothing(void)
{
    const char *input, *output;
    cvy_run_options options = { .source = BRANCHES,
                                .n_inputs = 1,
                                .n_outputs = 1,
                                .progress = stop_at_once };
    cvy_error err = { 0 };
    cvy_run *run;

    begin();
    put_ramp("x.npy", CVY_F32, 4, image, 0.01);
    input = path_of("x.npy");
    output = path_of("y.npy");
    options.inputs = &input;
    options.outputs = &output;
    CHECK_OK(cvy_run_open(&run, &options, &err));
    CHECK_EQ(cvy_run_status(run), CVY_INTERRUPTED);
    CHECK(!is_there("y.npy"));
    cvy_run_close(run);
    CHECK_EQ(cvy_run_open(&run, NULL, &err), CVY_ARGUMENT);
    end();
}

static void refused_memory_is_said(void)
{
    const char *inputs[1], *outputs[1];
    cvy_run_options options = { .source = BRANCHES,
                                .inputs = inputs,
                                .n_inputs = 1,
                                .outputs = outputs,
                                .n_outputs = 1,
                                .layers = true };
    cvy_status status = CVY_MEMORY;

    begin();
    put_ramp("x.npy", CVY_F64, 4, image, 0.1);
    inputs[0] = path_of("x.npy");
    outputs[0] = path_of("y.npy");
    for (size_t n = 1; status != CVY_OK; n++) {
        const cvy_look look = { .verbose = true };
        const char *text = NULL;
        cvy_error err = { 0 };
        cvy_run *run = NULL;

        cvyi_alloc_refuse(n);
        status = cvy_run_open(&run, &options, &err);
        if (status == CVY_OK)
            status = cvy_run_status(run);
        if (status == CVY_OK)
            status = cvy_run_text(&text, run, look, &err);
        if (status == CVY_OK)
            status = cvy_run_json(&text, run, &err);
        cvyi_alloc_refuse(0);
        cvy_run_close(run);
        if (status != CVY_OK && status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: status %d", n, (int)status);
    }
    end();
}

static const check_case cases[] = {
    { "an_output_is_written_as_it_is_given",
      an_output_is_written_as_it_is_given },
    { "types_are_converted_and_rounding_is_said",
      types_are_converted_and_rounding_is_said },
    { "any_layout_gives_the_same_bits", any_layout_gives_the_same_bits },
    { "arrays_that_do_not_fit_are_refused",
      arrays_that_do_not_fit_are_refused },
    { "several_inputs_and_outputs_go_by_name",
      several_inputs_and_outputs_go_by_name },
    { "a_stopped_run_writes_nothing", a_stopped_run_writes_nothing },
    { "refused_memory_is_said", refused_memory_is_said },
};
CHECK_MAIN(cases)
