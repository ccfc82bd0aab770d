/* tests/read/test_torch_script.c - scripts of PyTorch: construction, names
 * and order of weights, what is called. */
#define _XOPEN_SOURCE 700
#include "script.h"

#define TORCH                 \
    "import torch\n"          \
    "import torch.nn as nn\n" \
    "import torch.nn.functional as F\n"

static const cvyi_call_input image = { .rank = 4, .dims = { 2, 3, 8, 8 } };

static const cvyi_source_request plainly = { 0 };

static opened open_torch(const char *text, const char *entry)
{
    const cvyi_source_request request = { .entry = entry,
                                          .n_inputs = 1,
                                          .inputs = &image };

    return open_script(text, &request);
}

/* Names of all weights in order, blanks between. */
static void list_params(char *out, size_t size, const opened *o)
{
    *out = '\0';
    for (int i = 0; i < o->source.graph->n_params; i++) {
        const size_t n = strlen(out);

        snprintf(out + n, size - n, "%s%s", i > 0 ? " " : "",
                 o->source.graph->params[i].name);
    }
}

/* The body of a class Net, and of its forward; what it must be. */
typedef struct row {
    const char *init, *forward, *params, *ops;
} row;

static const row rows[] = {
    { "self.c = nn.Conv2d(3, 4, 3, bias=False)", "return self.c(x)",
      "c.weight", "conv" },
    { "self.a = nn.ReLU()\n    self.c = nn.Conv2d(3, 4, 1)",
      "return self.a(self.c(x))", "c.weight c.bias", "conv pointwise" },
    /* Parameters and buffers stand before those of inner modules. */
    { "self.c = nn.Conv2d(3, 3, 1, bias=False)\n"
      "    self.register_buffer('m', torch.zeros(1, 3, 1, 1))\n"
      "    self.g = nn.Parameter(torch.ones(3, 1, 1))",
      "return self.c(x) * self.g + self.m", "g m c.weight",
      "conv channel_scale channel_bias" },
    { "self.n = nn.BatchNorm2d(3)", "return self.n(x)",
      "n.weight n.bias n.running_mean n.running_var", "batch_norm" },
    /* One that is never called counts; a lost one does not. */
    { "self.a = nn.Linear(8, 2)\n    self.b = nn.Linear(8, 2)\n"
      "    self.a = None",
      "return x * 2", "b.weight b.bias", "rescale" },
    { "self.l = nn.ModuleList([nn.Conv2d(3, 3, 1) for _ in range(2)])\n"
      "    self.l.append(nn.Conv2d(3, 3, 1))",
      "for i, c in enumerate(self.l[1:]):\n      x = c(x)\n    return x",
      "l.0.weight l.0.bias l.1.weight l.1.bias l.2.weight l.2.bias",
      "conv conv" },
    { "self.d = nn.ModuleDict({'k': nn.Conv2d(3, 3, 1, bias=False)})",
      "return self.d['k'](x)", "d.k.weight", "conv" },
    /* A weight under two names is one. */
    { "self.a = nn.Linear(8, 8)\n    self.b = nn.Linear(8, 8)\n"
      "    self.b.weight = self.a.weight",
      "return self.b(self.a(x))", "a.weight a.bias b.bias", "dense dense" },
    { "self.s = nn.Sequential()\n"
      "    self.s.add_module('one', nn.Conv2d(3, 3, 1, bias=False))\n"
      "    setattr(self, 'two', nn.Conv2d(3, 3, 1, bias=False))",
      "return getattr(self, 'two')(self.s(x))", "s.one.weight two.weight",
      "conv conv" },
    /* Dropout and what training alone does are not there. */
    { "self.p = 0.3",
      "x = F.dropout(x, self.p, training=self.training)\n"
      "    if self.training:\n      x = x + 1\n    return F.relu(x)",
      "", "dropout pointwise" },
    { "pass", "a, b, c = x.chunk(3, dim=1)\n    return torch.stack((a, c), 1)",
      "", "slice slice slice expand expand concat" },
    { "pass", "x = x.view(x.size(0), -1)\n    return x.mean(1)", "",
      "flatten reduce squeeze" },
};

static void construction_and_forward_are_followed(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2000], got[1000];
        opened o;

        snprintf(text, sizeof text,
                 TORCH "class Net(nn.Module):\n  def __init__(self):\n"
                       "    super(Net, self).__init__()\n    %s\n"
                       "  def forward(self, x):\n    %s\n",
                 rows[i].init, rows[i].forward);
        o = open_torch(text, NULL);
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_params(got, sizeof got, &o);
        CHECK_STR(got, rows[i].params);
        list_ops(got, sizeof got, &o);
        CHECK_STR(got, rows[i].ops);
        close_script(&o);
    }
}

/* What is refused, and a part of the reason. */
static const struct {
    const char *init, *forward, *why;
} refused[] = {
    { "self.c = [nn.Conv2d(3, 3, 1)]", "return self.c[0](x)", "plain lists" },
    { "self.r = nn.LSTM(8, 8)", "return x", "LSTM is not read" },
    { "self.r = nn.utils.spectral_norm(nn.Conv2d(3, 3, 1))", "return x",
      "spectral_norm is not read" },
    { "self.c = nn.Conv2d(3, unknown(), 1)", "return x", "Conv2d" },
    { "pass", "y = x.reshape(2, 3, 64)\n    x.add_(1)\n    return y",
      "in place" },
    { "pass", "y = x[:, 1]\n    x += 1\n    return y", "in place" },
    { "pass", "x[:, 0] = 0\n    return x", "are set" },
    { "pass", "return torch.fft.fft(x)", "torch.fft.fft" },
    { "pass", "if x.sum() > 0:\n      return x\n    return -x", "depends" },
    { "self.c = nn.Conv2d(4, 3, 1)", "return self.c(x)", "Conv2d" },
    { "self.c = nn.Conv2d(3, 3, 1)\n"
      "    self.c.register_forward_hook(print)",
      "return self.c(x)", "hook" },
    { "self.g = nn.Parameter(unknown())", "return x",
      "elsewhere is imported" },
};

static void what_is_not_followed_is_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char text[2000];
        bool found;
        opened o;

        snprintf(text, sizeof text,
                 TORCH "from elsewhere import unknown\n"
                       "class Net(nn.Module):\n  def __init__(self):\n"
                       "    super().__init__()\n    %s\n"
                       "  def forward(self, x):\n    %s\n",
                 refused[i].init, refused[i].forward);
        o = open_torch(text, NULL);
        CHECK_EQ(o.status, CVY_UNSUPPORTED);
        found = strstr(o.err.text, refused[i].why) != NULL;
        for (int k = 0; k < o.findings.n; k++)
            found = found ||
                    strstr(o.findings.items[k].text, refused[i].why) != NULL;
        if (!found)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        close_script(&o);
    }
}

/* x is changed under both of its names. */
static void a_change_in_place_is_seen_by_all_names(void)
{
    static const char text[] =
        TORCH "class Net(nn.Module):\n"
              "  def __init__(self):\n"
              "    super().__init__()\n"
              "    self.r = nn.Sequential(nn.ReLU(inplace=True),\n"
              "                           nn.Conv2d(3, 3, 1))\n"
              "  def forward(self, x):\n"
              "    return self.r(x) + x\n";
    const cvyi_graph *graph;
    opened o = open_torch(text, NULL);
    const cvyi_call *sum;

    CHECK_EQ(o.status, CVY_OK);
    graph = o.source.graph;
    sum = &graph->calls[graph->n_calls - 1];
    CHECK_STR(sum->attrs.op->name, "add");
    CHECK_EQ(sum->in[1], graph->calls[0].out[0]);
    close_script(&o);
}

#define NETS                                                          \
    TORCH "class A(nn.Module):\n"                                     \
          "  def forward(self, x): return F.relu(x)\n"                \
          "class B(nn.Module):\n"                                     \
          "  def __init__(self, n): super().__init__(); self.n = n\n" \
          "  def forward(self, x): return x * self.n\n"               \
          "def make(): return A()\n"

static const struct {
    const char *more, *entry, *op;
} entries[] = {
    { "", NULL, "pointwise" }, /* the class without arguments */
    { "b = B(2)\na = A()\n", NULL, "pointwise" }, /* made last */
    { "a = A()\nb = B(2)\nloss = nn.CrossEntropyLoss()\n", NULL, "rescale" },
    { "def main():\n  net = B(3)\nmain()\n", NULL, "rescale" },
    { "b = B(2)\n", "A", "pointwise" },
    { "b = B(2)\n", "make", "pointwise" },
    { "class C: pass\nc = C()\nc.net = B(2)\nd = A()\n", "c.net", "rescale" },
};

static void the_network_is_found(void)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        char text[2000], ops[200];
        opened o;

        snprintf(text, sizeof text, NETS "%s", entries[i].more);
        o = open_torch(text, entries[i].entry);
        if (o.status != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        list_ops(ops, sizeof ops, &o);
        CHECK_STR(ops, entries[i].op);
        close_script(&o);
    }
}

static void what_lacks_a_value_is_asked_for(void)
{
    opened o = open_torch(NETS, "B");

    CHECK_EQ(o.status, CVY_UNSUPPORTED);
    CHECK(strstr(o.err.text, "--set n=") != NULL);
    close_script(&o);
    o = open_script(NETS, &plainly);
    CHECK_EQ(o.status, CVY_UNSUPPORTED);
    CHECK(strstr(o.err.text, "--input") != NULL);
    close_script(&o);
}

static void a_port_is_refused_at_once(void)
{
    const cvyi_source_request request = { .port = true };
    opened o = open_script(NETS, &request);

    CHECK_EQ(o.status, CVY_UNSUPPORTED);
    CHECK(strstr(o.err.text, "PyTorch source") != NULL);
    close_script(&o);
}

/* Keras beside torch: the script is TensorFlow's. */
static void a_script_of_both_is_not_torchs(void)
{
    opened o = open_script("import torch\n" HEAD INPUT "y = tf.nn.relu(x)\n",
                           &plainly);

    CHECK_EQ(o.status, CVY_OK);
    CHECK_STR(o.source.graph->dialect, "tf1");
    close_script(&o);
}

/* ---- weights ---- */

static void weights_begin_as_the_script_says(void)
{
    static const char text[] =
        TORCH "class Net(nn.Module):\n"
              "  def __init__(self):\n"
              "    super().__init__()\n"
              "    self.a = nn.Linear(8, 4)\n"
              "    self.b = nn.Linear(4, 4)\n"
              "    for m in self.modules():\n"
              "      if isinstance(m, nn.Linear):\n"
              "        nn.init.constant_(m.bias, 0.5)\n"
              "    self.b.weight.data.fill_(2)\n"
              "    self.b.weight.requires_grad = False\n"
              "  def forward(self, x):\n"
              "    return self.b(self.a(x))\n";
    opened o = open_torch(text, NULL);
    const float *data;

    CHECK_EQ(o.status, CVY_OK);
    CHECK_EQ(o.source.graph->n_params, 4);
    data = o.source.graph->params[0].stored.data;
    for (int i = 0; i < 32; i++)
        CHECK(data[i] > -0.3536f && data[i] < 0.3536f);
    data = o.source.graph->params[1].stored.data;
    CHECK(data[0] == 0.5f);
    data = o.source.graph->params[2].stored.data;
    CHECK(data[15] == 2);
    CHECK(o.source.graph->params[0].trainable);
    CHECK(!o.source.graph->params[2].trainable);
    close_script(&o);
}

static const check_case cases[] = {
    { "construction and forward are followed",
      construction_and_forward_are_followed },
    { "what is not followed is refused", what_is_not_followed_is_refused },
    { "a change in place is seen by all names",
      a_change_in_place_is_seen_by_all_names },
    { "the network is found", the_network_is_found },
    { "what lacks a value is asked for", what_lacks_a_value_is_asked_for },
    { "a port is refused at once", a_port_is_refused_at_once },
    { "a script of both is not torchs", a_script_of_both_is_not_torchs },
    { "weights begin as the script says", weights_begin_as_the_script_says },
};
CHECK_MAIN(cases)
