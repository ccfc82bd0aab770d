/* tests/verb/test_port.c - a port as a library makes it. */
#define _GNU_SOURCE
#include "convey/port.h"

#include "base/memory.h"
#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <unistd.h>

static const char model[] = CVYT_DATA "/read/data/two_by_two.keras";
static const char refused[] = CVYT_DATA "/reject/keras/six_refusals.keras";
static const char of_words_too[] =
    CVYT_DATA "/reject/keras/refusals_of_words_too.keras";
static const char damaged[] =
    CVYT_DATA "/reject/keras/cut_in_the_middle.keras";

static char place[PATH_MAX]; /* a folder that does not exist yet */
static char top[] = "/tmp/convey-port-XXXXXX";

static void remove_place(void)
{
    static const char *const names[] = { "two_by_two.py", "report.json",
                                         "two_by_two.safetensors" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX + 32];

        snprintf(path, sizeof path, "%s/%s", place, names[i]);
        unlink(path);
    }
    rmdir(place);
}

static int entries_of(const char *path)
{
    DIR *const folder = opendir(path);
    int n = 0;

    if (folder == NULL)
        return -1;
    for (const struct dirent *e; (e = readdir(folder)) != NULL;)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(folder);
    return n;
}

/* Ends the process where the result is not the one that is asked for. */
static cvy_port *port_of(cvy_port_options options, cvy_status want)
{
    cvy_error err = { 0 };
    cvy_port *port = NULL;

    options.out_dir = place;
    CHECK_OK(cvy_port_open(&port, &options, &err));
    if (cvy_port_status(port) != want)
        CHECK_FAIL("status %d, not %d: %s", (int)cvy_port_status(port),
                   (int)want,
                   cvy_port_error(port) ? cvy_port_error(port)->text : "");
    return port;
}

static void a_port_has_all_its_texts(void)
{
    const cvy_look look = { .verbose = true };
    cvy_port *const port =
        port_of((cvy_port_options){ .source = model }, CVY_OK);
    const char *text = NULL;
    cvy_error err = { 0 };

    CHECK(cvy_port_error(port) == NULL);
    CHECK_STR(cvy_port_folder(port), place);
    CHECK(strstr(cvy_port_json(port), "\"verdict\": \"proven\"") != NULL);
    CHECK_OK(cvy_port_text(&text, port, look, &err));
    CHECK(strstr(text, "proven (live: not checked)") != NULL);
    CHECK(strstr(text, "\033") == NULL);
    CHECK_OK(cvy_port_text(&text, port, (cvy_look){ .colour = true }, &err));
    CHECK(strstr(text, "\033[") != NULL);
    CHECK_EQ(entries_of(place), 3);
    cvy_port_close(port);
    remove_place();
}

static void a_refusal_is_a_result(void)
{
    cvy_port *const port =
        port_of((cvy_port_options){ .source = refused }, CVY_UNSUPPORTED);
    int refusals = 0;
    const char *text = NULL;
    cvy_error err = { 0 };

    for (int32_t i = 0; i < cvy_port_findings(port); i++)
        refusals += cvy_port_finding(port, i).refusal;
    CHECK(refusals >= 6);
    CHECK(cvy_port_folder(port) == NULL);
    CHECK(strstr(cvy_port_json(port), "\"reason\": ") != NULL);
    CHECK_OK(cvy_port_text(&text, port, (cvy_look){ 0 }, &err));
    CHECK_STR(text, "");
    cvy_port_close(port);
    CHECK_EQ(entries_of(top), 0);
}

/* Two layers that are unknown, and two that torch has no words for. */
static void refusals_of_all_stages_come_together(void)
{
    cvy_port *const port =
        port_of((cvy_port_options){ .source = of_words_too }, CVY_UNSUPPORTED);

    CHECK_EQ(cvy_port_findings(port), 4);
    for (int32_t i = 0; i < 4; i++)
        CHECK(cvy_port_finding(port, i).refusal);
    CHECK_STR(cvy_port_finding(port, 0).layer, "telepathy");
    CHECK_STR(cvy_port_finding(port, 3).layer, "blend");
    CHECK(strstr(cvy_port_error(port)->text, "first of 4") != NULL);
    cvy_port_close(port);
    CHECK_EQ(entries_of(top), 0);
}

static void a_damaged_file_says_where(void)
{
    cvy_port *const port =
        port_of((cvy_port_options){ .source = damaged }, CVY_FORMAT);

    CHECK(cvy_port_error(port)->text[0] != '\0');
    CHECK(strstr(cvy_port_json(port), "\"error\": {") != NULL);
    CHECK_EQ(cvy_port_findings(port), 0);
    cvy_port_close(port);
    CHECK_EQ(entries_of(top), 0);
}

static void a_finding_that_is_not_there_is_empty(void)
{
    cvy_port *const port =
        port_of((cvy_port_options){ .source = damaged }, CVY_FORMAT);

    CHECK_STR(cvy_port_finding(port, 7).text, "");
    CHECK_STR(cvy_port_finding(port, -1).layer, "");
    cvy_port_close(port);
    cvy_port_close(NULL);
}

static void without_a_source_there_is_no_port(void)
{
    const cvy_port_options nothing = { 0 };
    cvy_port *port = NULL;
    cvy_error err = { 0 };

    CHECK_EQ(cvy_port_open(&port, &nothing, &err), CVY_ARGUMENT);
    CHECK_EQ(err.status, CVY_ARGUMENT);
    CHECK(port == NULL);
}

/* Counts down, then says stop. */
static bool stop_later(void *context, const char *phase, int64_t done,
                       int64_t total)
{
    int *const left = context;

    CHECK(strcmp(phase, "proof") == 0 || strcmp(phase, "write") == 0);
    CHECK(done >= 0 && done <= total);
    return --*left > 0;
}

static void stopping_anywhere_leaves_nothing(void)
{
    for (int steps = 1;; steps++) {
        int left = steps;
        cvy_port_options options = { .source = model,
                                     .out_dir = place,
                                     .progress = stop_later,
                                     .context = &left };
        cvy_port *port = NULL;
        cvy_error err = { 0 };

        CHECK_OK(cvy_port_open(&port, &options, &err));
        if (cvy_port_status(port) == CVY_OK) {
            CHECK(left > 0);
            CHECK(steps > 6); /* it was asked after every layer */
            cvy_port_close(port);
            remove_place();
            return;
        }
        CHECK_EQ(cvy_port_status(port), CVY_INTERRUPTED);
        CHECK_EQ(left, 0); /* not asked again */
        cvy_port_close(port);
        CHECK_EQ(entries_of(top), 0);
    }
}

/* Memory is refused from the n-th allocation on: no port, or a port that says
 * so; never half a folder. The sanitizers look for what is not freed. */
static void refused_memory_leaves_nothing(void)
{
    /* Behind the first thousand or so a python3 is asked each time. */
    for (size_t n = 1;; n += n / 64 + 1) {
        cvy_port_options options = { .source = model, .out_dir = place };
        cvy_port *port = NULL;
        cvy_error err = { 0 };
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = cvy_port_open(&port, &options, &err);
        cvyi_alloc_refuse(0);
        if (status == CVY_OK)
            status = cvy_port_status(port);
        cvy_port_close(port);
        if (status == CVY_OK)
            break;
        if (status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: status %d", n, (int)status);
        if (entries_of(top) != 0)
            CHECK_FAIL("allocation %zu left something", n);
    }
    remove_place();
}

static void refused_memory_in_a_refused_port(void)
{
    for (size_t n = 1;; n++) {
        cvy_port_options options = { .source = of_words_too };
        cvy_port *port = NULL;
        cvy_error err = { 0 };
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = cvy_port_open(&port, &options, &err);
        cvyi_alloc_refuse(0);
        if (status == CVY_OK)
            status = cvy_port_status(port);
        cvy_port_close(port);
        if (status == CVY_UNSUPPORTED)
            break;
        if (status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: status %d", n, (int)status);
    }
}

static const check_case cases[] = {
    { "a_port_has_all_its_texts", a_port_has_all_its_texts },
    { "a_refusal_is_a_result", a_refusal_is_a_result },
    { "refusals_of_all_stages_come_together",
      refusals_of_all_stages_come_together },
    { "a_damaged_file_says_where", a_damaged_file_says_where },
    { "a_finding_that_is_not_there_is_empty",
      a_finding_that_is_not_there_is_empty },
    { "without_a_source_there_is_no_port", without_a_source_there_is_no_port },
    { "stopping_anywhere_leaves_nothing", stopping_anywhere_leaves_nothing },
    { "refused_memory_leaves_nothing", refused_memory_leaves_nothing },
    { "refused_memory_in_a_refused_port", refused_memory_in_a_refused_port },
};

int main(void)
{
    int failed;

    if (mkdtemp(top) == NULL)
        return 1;
    snprintf(place, sizeof place, "%s/out", top);
    failed = check_all(cases, sizeof cases / sizeof *cases);
    rmdir(top);
    return failed;
}
