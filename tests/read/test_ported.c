/* read/test_ported.c - folders that a port has written, or somebody else. */
#define _XOPEN_SOURCE 700
#include "read/ported.h"

#include "codec/pth.h"
#include "read/back.h"
#include "tensor/tensor.h"

#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

static const char source[] =
    "from pathlib import Path\n"
    "\n"
    "import torch\n"
    "from safetensors.torch import load_file\n"
    "from torch import nn\n"
    "\n"
    "\n"
    "class Net(nn.Module):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n"
    "        self.fc = nn.Linear(2, 3)\n"
    "\n"
    "    def forward(self, %s):\n"
    "        return %s\n"
    "\n"
    "\n"
    "def load_model(weights=None, *, device=\"cpu\"):\n"
    "    model = Net()\n"
    "    path = weights or Path(__file__).with_suffix(\"%s\")\n"
    "    model.load_state_dict(%s)\n"
    "    return model.to(device).eval()\n";

static const char from_safetensors[] = "load_file(path)";
static const char from_pth[] =
    "torch.load(path, map_location=\"cpu\", weights_only=True)";

static const char report_of[] =
    "{\"convey\": \"0\", \"target\": {\"framework\": \"torch\", "
    "\"files\": [\"net.py\", \"net%s\"]}, \"inputs\": [%s], "
    "\"outputs\": [{\"name\": \"scores\"}]}";

static const char one_input[] =
    "{\"name\": \"x\", \"target_shape\": [null, 2]}";

/* ---- a folder ---- */

static char folder[64];

static const char *path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    cvy_error err;

    CHECK_OK(cvyi_file_write(path_of(name), text, strlen(text), &err));
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/convey-test-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static void end(void)
{
    static const char *const names[] = { "net.py", "net.safetensors",
                                         "net.pth", "report.json" };

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

static void put_weights(const char *suffix)
{
    float weight[6] = { 1, 2, 3, 4, 5, 6 }, bias[3] = { 7, 8, 9 };
    cvyi_safetensor_out tensors[2] = {
        { .name = "fc.weight", .rank = 2, .dims = { 3, 2 } },
        { .name = "fc.bias", .rank = 1, .dims = { 3 } },
    };
    cvyi_text file = { 0 };
    char name[32];
    cvy_error err;

    tensors[0].view = cvyi_packed(weight, CVY_F32, 2, tensors[0].dims);
    tensors[1].view = cvyi_packed(bias, CVY_F32, 1, tensors[1].dims);
    CHECK_OK(strcmp(suffix, ".pth") == 0
                 ? cvyi_pth_write(tensors, 2, take, &file, &err)
                 : cvyi_safetensors_write(tensors, 2, take, &file, &err));
    snprintf(name, sizeof name, "net%s", suffix);
    CHECK_OK(cvyi_file_write(path_of(name), file.bytes, file.size, &err));
    cvyi_text_close(&file);
}

static void put_source(const char *arguments, const char *value,
                       const char *suffix, const char *load)
{
    char text[2048];

    snprintf(text, sizeof text, source, arguments, value, suffix, load);
    put("net.py", text);
}

static void put_report(const char *suffix, const char *inputs)
{
    char text[2048];

    snprintf(text, sizeof text, report_of, suffix, inputs);
    put("report.json", text);
}

/* A whole folder of one dense layer. */
static void begin_net(const char *suffix, const char *load)
{
    begin();
    put_source("x", "self.fc(x)", suffix, load);
    put_weights(suffix);
    put_report(suffix, one_input);
}

/* Reading it back needs a python3. */
static bool can_read(void)
{
    return cvyi_back_available("torch");
}

/* ---- what is true ---- */

static void check_graph(const cvyi_source *s)
{
    const cvyi_graph *const graph = s->graph;
    const cvyi_result *const in = &graph->results[graph->inputs[0]];
    const int out = graph->output_tree.result;
    cvyi_text size = { 0 };

    CHECK_STR(graph->name, "net");
    CHECK_STR(graph->dialect, "torch");
    CHECK_STR(s->kind->name, "ported");
    CHECK_STR(in->name, "x");
    CHECK_STR(graph->results[out].name, "scores");
    cvyi_size_print(&size, in->type.dims[0]);
    CHECK_STR(cvyi_text_c(&size), "N");
    cvyi_text_close(&size);
    CHECK_EQ(graph->n_params, 2);
    CHECK_STR(graph->params[0].name, "fc.weight");
    CHECK(((const float *)graph->params[0].stored.data)[5] == 6);
}

static void both_kinds_of_weights_give_the_same_graph(void)
{
    static const struct {
        const char *suffix, *load;
    } rows[] = {
        { ".safetensors", from_safetensors },
        { ".pth", from_pth },
        { ".pth", "torch.load(path)" },
    };

    for (size_t i = 0; can_read() && i < sizeof rows / sizeof *rows; i++) {
        cvyi_findings findings = { 0 };
        cvyi_source s;
        cvy_error err = { 0 };

        begin_net(rows[i].suffix, rows[i].load);
        CHECK_OK(cvyi_source_open(&s, folder, NULL, &findings, &err));
        check_graph(&s);
        cvyi_source_close(&s);
        cvyi_findings_close(&findings);
        end();
    }
}

/* A model that is read but cannot be followed is refused, not damaged. */
static void what_torch_would_refuse_is_refused(void)
{
    static const struct {
        const char *suffix, *load;
        cvy_status status;
    } rows[] = {
        { ".pth", "torch.load(path, weights_only=False)", CVY_UNSUPPORTED },
        { ".pth", "torch.load(path, mmap=True)", CVY_UNSUPPORTED },
        { ".pth", "torch.load(\"other.pth\")", CVY_UNSUPPORTED },
        { ".pth", "torch.load(1)", CVY_UNSUPPORTED },
        { ".pth", from_safetensors, CVY_FORMAT },
        { ".safetensors", from_pth, CVY_FORMAT },
    };

    for (size_t i = 0; can_read() && i < sizeof rows / sizeof *rows; i++) {
        cvyi_findings findings = { 0 };
        cvyi_source s;
        cvy_error err = { 0 };
        cvy_status status;

        begin_net(rows[i].suffix, rows[i].load);
        status = cvyi_source_open(&s, folder, NULL, &findings, &err);
        if (status != rows[i].status)
            CHECK_FAIL("%s: %d: %s", rows[i].load, (int)status, err.text);
        CHECK_EQ(findings.n_refusals, status == CVY_UNSUPPORTED);
        cvyi_findings_close(&findings);
        end();
    }
}

/* Two open inputs of one join fit only if they are said to be equal; two of
 * different lengths only if they are not. */
static void open_sizes_of_several_inputs_fit_where_they_can(void)
{
    static const char joined[] = "self.fc(x + y)";
    static const char apart[] = "self.fc(x), self.fc(y)";
    static const char inputs[] =
        "{\"name\": \"x\", \"target_shape\": [null, null, 2]}, "
        "{\"name\": \"y\", \"target_shape\": [null, null, 2]}";
    const char *const bodies[] = { joined, apart };

    for (int i = 0; can_read() && i < 2; i++) {
        cvyi_source s;
        cvy_error err = { 0 };

        begin_net(".safetensors", from_safetensors);
        put_source("x, y", bodies[i], ".safetensors", from_safetensors);
        put_report(".safetensors", inputs);
        CHECK_OK(cvyi_ported_open(&s, folder, &err));

        const cvyi_graph *const graph = s.graph;
        const cvyi_type *const x = &graph->results[graph->inputs[0]].type;
        const cvyi_type *const y = &graph->results[graph->inputs[1]].type;

        CHECK(x->dims[0] == y->dims[0]);
        CHECK_EQ(x->dims[1] == y->dims[1], bodies[i] == joined);
        cvyi_source_close(&s);
        end();
    }
}

/* ---- hostile reports: nothing but the folder's own files is opened ---- */

static const struct {
    const char *text, *says;
} hostile[] = {
    { "", "" },
    { "{", "" },
    { "[]", "no report" },
    { "{\"convey\": 1, \"target\": {}}", "no report" },
    { "{\"convey\": \"0\"}", "no report" },
    { "{\"convey\": \"0\", \"target\": []}", "called on" },
    { "{\"convey\": \"0\", \"target\": {\"framework\": \"torch\"}, "
      "\"inputs\": []}",
      "called on" },
    { "{\"convey\": \"0\", \"target\": {\"framework\": \"torch\"}, "
      "\"inputs\": [1]}",
      "no source" },
#define FILES(list)                                               \
    "{\"convey\": \"0\", \"target\": {\"framework\": \"torch\", " \
    "\"files\": " list "}, \"inputs\": [{\"name\": \"x\", "       \
    "\"target_shape\": [null, 2]}]}"
    { FILES("3"), "no source" },
    { FILES("[\"net.py\"]"), "no weights" },
    { FILES("[\"net.safetensors\"]"), "no source" },
    { FILES("[\"net.py\", 3]"), "beside it" },
    { FILES("[\"../x.py\", \"net.safetensors\"]"), "beside it" },
    { FILES("[\"net.py\", \"/etc/net.safetensors\"]"), "beside it" },
    { FILES("[\"net.py\", \"a/net.safetensors\"]"), "beside it" },
    { FILES("[\".net.py\", \"net.safetensors\"]"), "beside it" },
    { FILES("[\"\", \"net.safetensors\"]"), "beside it" },
    { FILES("[\"a\\u0001.py\", \"net.safetensors\"]"), "beside it" },
    { FILES("[\"net.py\", \"a.py\", \"net.safetensors\"]"), "two files" },
    { FILES("[\"net.py\", \"net.pth\", \"net.safetensors\"]"), "two files" },
#undef FILES
#define SHAPE(shape)                                                        \
    "{\"convey\": \"0\", \"target\": {\"framework\": \"torch\", \"files\":" \
    " [\"net.py\", \"net.safetensors\"]}, \"inputs\": [{\"name\": \"x\", "  \
    "\"target_shape\": " shape "}]}"
    { SHAPE("null"), "target_shape" },
    { SHAPE("[]"), "target_shape" },
    { SHAPE("[0, 2]"), "target_shape" },
    { SHAPE("[-1, 2]"), "target_shape" },
    { SHAPE("[1.0, 2]"), "target_shape" },
    { SHAPE("[1, \"2\"]"), "target_shape" },
    { SHAPE("[1, 2, 3, 4, 5, 6, 7, 8, 9]"), "target_shape" },
#undef SHAPE
};

static void hostile_reports_are_damaged(void)
{
    begin_net(".safetensors", from_safetensors);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        cvyi_findings findings = { 0 };
        cvyi_source s;
        cvy_error err = { 0 };
        cvy_status status;

        put("report.json", hostile[i].text);
        status = cvyi_source_open(&s, folder, NULL, &findings, &err);
        if (status != CVY_FORMAT || strstr(err.text, hostile[i].says) == NULL)
            CHECK_FAIL("%s: %d: %s", hostile[i].text, (int)status, err.text);
        cvyi_findings_close(&findings);
    }
    end();
}

static void missing_files_are_named(void)
{
    static const char *const names[] = { "net.py", "net.safetensors" };

    for (int i = 0; i < 2; i++) {
        cvyi_source s;
        cvy_error err = { 0 };

        begin_net(".safetensors", from_safetensors);
        CHECK_EQ(unlink(path_of(names[i])), 0);
        CHECK_EQ(cvyi_ported_open(&s, folder, &err), CVY_IO);
        CHECK(strstr(err.text, names[i]) != NULL);
        end();
    }
}

static void only_folders_with_a_report_are_ported(void)
{
    cvy_error err;
    bool found = true;

    begin();
    CHECK_OK(cvyi_ported_find(&found, folder, &err));
    CHECK(!found);
    CHECK_OK(cvyi_ported_find(&found, path_of("nothing"), &err));
    CHECK(!found);
    put_report(".safetensors", one_input);
    CHECK_OK(cvyi_ported_find(&found, path_of("report.json"), &err));
    CHECK(!found);
    CHECK_OK(cvyi_ported_find(&found, folder, &err));
    CHECK(found);
    end();
}

static void refused_memory_leaks_nothing(void)
{
    cvy_status status = CVY_MEMORY;

    begin_net(".safetensors", from_safetensors);
    /* Each step costs a child process. */
    for (size_t n = 1; can_read() && status != CVY_OK; n += 1 + n) {
        cvyi_findings findings = { 0 };
        cvyi_source s = { 0 };

        cvyi_alloc_refuse(n);
        status = cvyi_source_open(&s, folder, NULL, &findings, NULL);
        cvyi_alloc_refuse(0);
        CHECK(status == CVY_OK || status == CVY_MEMORY);
        cvyi_source_close(&s);
        cvyi_findings_close(&findings);
    }
    end();
}

static const check_case cases[] = {
    { "both_kinds_of_weights_give_the_same_graph",
      both_kinds_of_weights_give_the_same_graph },
    { "what_torch_would_refuse_is_refused",
      what_torch_would_refuse_is_refused },
    { "open_sizes_of_several_inputs_fit_where_they_can",
      open_sizes_of_several_inputs_fit_where_they_can },
    { "hostile_reports_are_damaged", hostile_reports_are_damaged },
    { "missing_files_are_named", missing_files_are_named },
    { "only_folders_with_a_report_are_ported",
      only_folders_with_a_report_are_ported },
    { "refused_memory_leaks_nothing", refused_memory_leaks_nothing },
};
CHECK_MAIN(cases)
