/*
 * Statements as ruff lays them out. Every row was judged by `ruff format`
 * 0.17.6 (the whole table, as the bodies of functions): what a formatter would
 * change is a fault here.
 */
#include "pysrc/line.h"

#include "check.h"

/* clang-format off */
static const struct {
    int indent;
    const char *code, *tail, *comment, *lines;
} rows[] = {
    /* What fits stays on its line. */
    { 8, "x = self.conv1(x)", "", NULL,
      "        x = self.conv1(x)\n" },
    { 16, "conv1=nn.Conv1d(9, 32, 5)", ",", "32 x 128",
      "                conv1=nn.Conv1d(9, 32, 5),  # 32 x 128\n" },
    /* 88 columns are enough, 89 are not. */
    { 8, "x = self.features_of_the_left_and_of_the_right_branch_and_all_more_"
         "of_it(x, yyy)", "", NULL,
      "        x = self.features_of_the_left_and_of_the_right_branch_and_all_"
      "more_of_it(x, yyy)\n" },
    { 8, "x = self.features_of_the_left_and_of_the_right_branch_and_all_more_"
         "of_it(x, yyyy)", "", NULL,
      "        x = self.features_of_the_left_and_of_the_right_branch_and_all_"
      "more_of_it(\n"
      "            x, yyyy\n"
      "        )\n" },
    /* Arguments on one line if they fit there, a list never. */
    { 8, "self.features_of_the_left_branch = nn.Conv2d(16, 32, 3, stride=2, "
         "padding=1, bias=False)", "", NULL,
      "        self.features_of_the_left_branch = nn.Conv2d(\n"
      "            16, 32, 3, stride=2, padding=1, bias=False\n"
      "        )\n" },
    { 8, "return [the_first_of_all_outputs, the_second_of_all_outputs, "
         "the_third_of_all_of_them]", "", NULL,
      "        return [\n"
      "            the_first_of_all_outputs,\n"
      "            the_second_of_all_outputs,\n"
      "            the_third_of_all_of_them,\n"
      "        ]\n" },
    { 8, "return {\"classes\": the_softmax_of_all_scores, \"boxes\": "
         "the_boxes_of_all_of_the_objects}", "", NULL,
      "        return {\n"
      "            \"classes\": the_softmax_of_all_scores,\n"
      "            \"boxes\": the_boxes_of_all_of_the_objects,\n"
      "        }\n" },
    { 8, "x = torch.cat([the_first_of_all_outputs, the_second_of_all_outputs, "
         "the_third], dim=1)", "", NULL,
      "        x = torch.cat(\n"
      "            [the_first_of_all_outputs, the_second_of_all_outputs, "
      "the_third], dim=1\n"
      "        )\n" },
    { 8, "x = torch.cat([the_first_of_all_outputs, the_second_of_all_outputs, "
         "the_third_of_all_of_them, x], dim=1)", "", NULL,
      "        x = torch.cat(\n"
      "            [\n"
      "                the_first_of_all_outputs,\n"
      "                the_second_of_all_outputs,\n"
      "                the_third_of_all_of_them,\n"
      "                x,\n"
      "            ],\n"
      "            dim=1,\n"
      "        )\n" },
    /* Brackets from left to right, as long as what follows fits. */
    { 8, "features_of_the_left_branch = self.normalised_features_of_the_left("
         "image).mean(dim=(2, 3))", "", NULL,
      "        features_of_the_left_branch = "
      "self.normalised_features_of_the_left(image).mean(\n"
      "            dim=(2, 3)\n"
      "        )\n" },
    { 8, "the_features_of_the_left_branch_alone = "
         "self.normalised_features_of_the_left(image).mean(dim=(2, 3))", "",
      NULL,
      "        the_features_of_the_left_branch_alone = "
      "self.normalised_features_of_the_left(\n"
      "            image\n"
      "        ).mean(dim=(2, 3))\n" },
    /* A name too long for its line goes into parentheses. */
    { 8, "the_features_of_the_left_branch_after_pooling = "
         "self.normalised_features_of_the_left_branch(image)", "", NULL,
      "        the_features_of_the_left_branch_after_pooling = (\n"
      "            self.normalised_features_of_the_left_branch(image)\n"
      "        )\n" },
    /* Where that does not help there are none. */
    { 8, "x = self.a_name_that_is_longer_than_any_line_of_a_file_that_a_person_"
         "would_have_written_by_hand(image)", "", NULL,
      "        x = self.a_name_that_is_longer_than_any_line_of_a_file_that_a_"
      "person_would_have_written_by_hand(\n"
      "            image\n"
      "        )\n" },
    { 16, "a_name_that_is_longer_than_any_line_of_a_file_that_a_person_would_"
          "have_written=nn.ReLU()", ",", NULL,
      "                a_name_that_is_longer_than_any_line_of_a_file_that_a_"
      "person_would_have_written=nn.ReLU(),\n" },
    /* Sums: operands on lines of their own. */
    { 8, "x = the_features_of_the_left_branch + the_features_of_the_right_"
         "branch + the_shortcut", "", NULL,
      "        x = (\n"
      "            the_features_of_the_left_branch\n"
      "            + the_features_of_the_right_branch\n"
      "            + the_shortcut\n"
      "        )\n" },
    { 8, "x = the_features_of_the_left_branch + the_features_of_the_right_"
         "branch_of_it", "", NULL,
      "        x = the_features_of_the_left_branch + the_features_of_the_right_"
      "branch_of_it\n" },
    { 8, "features = the_features_of_the_left_branch + the_features_of_the_"
         "right_branch_of_it", "", NULL,
      "        features = (\n"
      "            the_features_of_the_left_branch + the_features_of_the_right_"
      "branch_of_it\n"
      "        )\n" },
    /* Two operands of which the last has brackets. */
    { 8, "features = the_features_of_the_left_branch + self.features_of_the_"
         "right_branch(image)", "", NULL,
      "        features = the_features_of_the_left_branch + self.features_of_"
      "the_right_branch(\n"
      "            image\n"
      "        )\n" },
    { 8, "x = (the_features_of_the_left_branch + the_features_of_the_right_"
         "branch_too).mean(dim=(2, 3))", "", NULL,
      "        x = (\n"
      "            the_features_of_the_left_branch + the_features_of_the_right_"
      "branch_too\n"
      "        ).mean(dim=(2, 3))\n" },
    { 8, "x = left_branch * self.scale_of_the_left_branch(image) + right_branch"
         " * self.scale(image)", "", NULL,
      "        x = left_branch * self.scale_of_the_left_branch(\n"
      "            image\n"
      "        ) + right_branch * self.scale(image)\n" },
    /* A chain of methods. */
    { 8, "x = self.normalised_features_of_the_left_branch(image).flatten(1)."
         "unflatten(1, (3, 4))", "", NULL,
      "        x = (\n"
      "            self.normalised_features_of_the_left_branch(image)\n"
      "            .flatten(1)\n"
      "            .unflatten(1, (3, 4))\n"
      "        )\n" },
    /* Signatures. */
    { 4, "def forward(self, left: Tensor, right: Tensor, all_facts: Tensor) -> "
         "dict[str, Tensor]:", "", NULL,
      "    def forward(\n"
      "        self, left: Tensor, right: Tensor, all_facts: Tensor\n"
      "    ) -> dict[str, Tensor]:\n" },
    /* A comment that does not fit stands before, broken at blanks. */
    { 8, "self.conv = nn.Conv2d(3, 16, 3)", "", "what the source says of this",
      "        self.conv = nn.Conv2d(3, 16, 3)  # what the source says of "
      "this\n" },
    { 8, "self.features_of_the_left_branch = nn.Conv2d(3, 16, 3)", "",
      "what the source says of this layer",
      "        # what the source says of this layer\n"
      "        self.features_of_the_left_branch = nn.Conv2d(3, 16, 3)\n" },
    { 8, "x = x.permute(0, 2, 3, 1)", "",
      "its features are used in the source's order, so channels go last "
      "before they are flattened",
      "        # its features are used in the source's order, so channels go "
      "last before they\n"
      "        # are flattened\n"
      "        x = x.permute(0, 2, 3, 1)\n" },
    { 4, "x = 1", "", "one\nimport os", "    x = 1  # one import os\n" },
    /* Brackets, commas and blanks of a string are not those of the code. */
    { 8, "return {\"a (b, c\": the_softmax_of_all_of_the_scores, \"d], e\": "
         "the_boxes_of_all_objects}", "", NULL,
      "        return {\n"
      "            \"a (b, c\": the_softmax_of_all_of_the_scores,\n"
      "            \"d], e\": the_boxes_of_all_objects,\n"
      "        }\n" },
    /* Columns, not bytes. */
    { 8, "return {\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\": "
         "the_softmax_of_all_of_the_scores_of_the_net, \"b\": the_boxes_o}",
      "", NULL,
      "        return {\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\": "
      "the_softmax_of_all_of_the_scores_of_the_net, \"b\": the_boxes_o}\n" },
};
/* clang-format on */

static void statements_are_laid_out_as_the_table_says(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_text text = { 0 };

        cvyi_py_line(&text, rows[i].indent, rows[i].code, rows[i].tail,
                     rows[i].comment);
        CHECK_STR(cvyi_text_c(&text), rows[i].lines);
        cvyi_text_close(&text);
    }
}

/* Whatever the width, the same tokens: blanks and commas before a closing
 * bracket aside. */
static void add_tokens(cvyi_text *out, const char *code)
{
    for (const char *p = code; *p != '\0'; p++) {
        const char *next = p + 1;

        while (*next == ' ' || *next == '\n')
            next++;
        if (*p == ' ' || *p == '\n' ||
            (*p == ',' && (*next == '\0' || strchr(")]}", *next) != NULL)))
            continue;
        cvyi_text_add(out, p, 1);
    }
}

static void no_layout_changes_a_token(void)
{
    static const char *const codes[] = {
        "x = self.a(b, c, d=(1, 2)).mean(dim=(2, 3))",
        "return [a, self.b(c), [d, e]]",
        "return {\"a\": b, \"c d\": self.e(f)}",
        "x = torch.cat([a, b, c], dim=1)",
        "self.a = nn.Sequential(nn.ZeroPad2d((1, 2, 3, 4)), nn.AvgPool2d(3))",
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (int indent = 0; indent <= 92; indent++) {
            cvyi_text text = { 0 }, got = { 0 }, want = { 0 };

            cvyi_py_line(&text, indent, codes[i], "", NULL);
            add_tokens(&got, cvyi_text_c(&text));
            add_tokens(&want, codes[i]);
            if (got.size == want.size)
                CHECK_STR(cvyi_text_c(&got), cvyi_text_c(&want));
            else /* parentheses around a right side */
                CHECK_EQ(got.size, want.size + 2);
            cvyi_text_close(&text);
            cvyi_text_close(&got);
            cvyi_text_close(&want);
        }
}

static void strings_are_escaped(void)
{
    static const struct {
        const char *text, *literal;
    } strings[] = {
        { "", "\"\"" },
        { "same", "\"same\"" },
        { "it's", "\"it's\"" },
        { "a \"b\"", "'a \"b\"'" },
        { "it's \"b\"", "'it\\'s \"b\"'" },
        { "it's \"", "\"it's \\\"\"" },
        { "a\\b", "\"a\\\\b\"" },
        { "a\nb\x7f", "\"a\\x0ab\\x7f\"" },
        { "\xc3\xa9", "\"\xc3\xa9\"" },
    };

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        cvyi_text text = { 0 };

        cvyi_py_string(&text, strings[i].text);
        CHECK_STR(cvyi_text_c(&text), strings[i].literal);
        cvyi_text_close(&text);
    }
}

static void prose_cannot_leave_a_docstring(void)
{
    cvyi_text text = { 0 };

    cvyi_py_prose(&text, "a \"\"\"\nimport os\\");
    CHECK_STR(cvyi_text_c(&text), "a ''' import os/");
    cvyi_text_close(&text);
}

static const check_case cases[] = {
    { "statements_are_laid_out_as_the_table_says",
      statements_are_laid_out_as_the_table_says },
    { "no_layout_changes_a_token", no_layout_changes_a_token },
    { "strings_are_escaped", strings_are_escaped },
    { "prose_cannot_leave_a_docstring", prose_cannot_leave_a_docstring },
};
CHECK_MAIN(cases)
