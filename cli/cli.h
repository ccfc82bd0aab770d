/*
 * cli/cli.h - the parts of the command.
 *
 * Results go to standard output, everything else to standard error, where
 * each message is one line. The command knows the public headers and nothing
 * of the library's insides.
 */
#ifndef CONVEY_CLI_CLI_H
#define CONVEY_CLI_CLI_H

#include "convey/base.h"
#include "convey/finding.h"
#include "convey/look.h"

/* ---- options (options.c) ---- */

typedef enum cli_kind {
    CLI_SWITCH, /* bool */
    CLI_TEXT,   /* const char * */
    CLI_TEXTS,  /* cli_texts */
} cli_kind;

enum { CLI_MOST_TEXTS = 64 };

typedef struct cli_texts {
    const char *items[CLI_MOST_TEXTS];
    int n;
} cli_texts;

/* One option; a table ends with a row that has neither name nor letter. */
typedef struct cli_option {
    const char *name;  /* "force", or NULL */
    char letter;       /* 'o', or 0 */
    const char *value; /* what it takes: "DIR" or "one|two"; NULL: a switch */
    const char *help;
    cli_kind kind;
    size_t offset; /* of its field in the verb's settings */
} cli_option;

/* What is said of Python source, by every verb that reads some. */
typedef struct cli_script {
    const char *from, *entry, *root, *weights;
    cli_texts sets;
} cli_script;

/* Rows of a table, for settings with a member `script`. */
#define CLI_SCRIPT_OPTIONS                                                  \
    { "from",                                                               \
      0,                                                                    \
      "DIALECT[-VERSION]",                                                  \
      "of Python source: keras1, keras2, keras3, tf1, tf2 or\n"             \
      "torch; as its names say if not given",                               \
      CLI_TEXT,                                                             \
      offsetof(settings, script.from) },                                    \
        { "entry",                                                          \
          0,                                                                \
          "NAME",                                                           \
          "of Python source: what the network is; what the script\n"        \
          "ends with if not given",                                         \
          CLI_TEXT,                                                         \
          offsetof(settings, script.entry) },                               \
        { "set",                                                            \
          0,                                                                \
          "NAME=VALUE",                                                     \
          "of Python source: a value that the file lacks, or another\n"     \
          "for a constant or a flag. May be repeated",                      \
          CLI_TEXTS,                                                        \
          offsetof(settings, script.sets) },                                \
        { "root",   0,                                                      \
          "DIR",    "of Python source: a folder whose files it may import", \
          CLI_TEXT, offsetof(settings, script.root) },                      \
    {                                                                       \
        "weights", 0, "FILE",                                               \
            "of Python source: values of its variables by name, as\n"       \
            ".npz, .safetensors or .pth, or of Keras' own files; drawn\n"   \
            "if not given",                                                 \
            CLI_TEXT, offsetof(settings, script.weights)                    \
    }

/* The first member of every verb's settings. */
typedef struct cli_common {
    bool json, quiet, verbose, help;
} cli_common;

extern const cli_option cli_common_options[];
/* The row that ends a table. */
bool cli_is_last(const cli_option *row);
/* Does it take one of a few words ("torch", "a|b"), and not a DIR or NAME? */
bool cli_takes_words(const cli_option *row);

typedef struct cli_verb {
    const char *name, *title;
    /* "FILE", "[CALL]" where it may be left out, or NULL: takes none */
    const char *operand;
    bool takes_file;           /* the operand names a file or a folder */
    const char *about;         /* a few lines for its help */
    const cli_option *options; /* its own, beside the common ones */
    int (*run)(const struct cli_verb *verb, int argc, char **argv);
} cli_verb;

extern const cli_verb *const cli_verbs[];
extern const size_t cli_n_verbs;

/* Fills the settings (a struct that begins with cli_common) and the operand.
 * Returns -1 to go on, else the exit code. argv[0] is the verb. */
int cli_parse(void *settings, const char **operand, const cli_verb *verb,
              int argc, char **argv);

/* ---- help (help.c, man.c, complete_*.c): printed from the tables ---- */

/* A word and what it means; the last row of a list has no word. */
typedef struct cli_entry {
    const char *word, *help;
} cli_entry;

extern const char cli_summary[]; /* of the command, without a period */
extern const cli_entry cli_exit_codes[], cli_environment[];
/* What the command takes in a verb's place. */
extern const cli_entry cli_instead[];

void cli_help(void);
void cli_help_verb(const cli_verb *verb);

/* Each prints one page. */
void cli_man(void);
void cli_complete_bash(void);
void cli_complete_zsh(void);
void cli_complete_fish(void);
/* Prints the page of this name; false if there is none. */
bool cli_page(const char *name);

/* ---- output (output.c) ---- */

/* A terminal that knows how to go back on a line, and colours. */
bool cli_is_terminal(int fd);
/* Colours and width of standard output. */
cvy_look cli_look(const cli_common *common);
/* Puts a result on standard output; 0, or the exit code for a full disk. */
int cli_put(const char *text);
/* The same for a text for people, who may have asked for quiet. */
int cli_put_text(const cli_common *common, const char *text);
/* `convey: ...` on standard error: one line, without control characters. */
void cli_say(const char *format, ...) CVY_PRINTF(1, 2);
/* Says why a call failed; `path` names the input. Returns the exit code. */
int cli_fail(const char *path, const cvy_error *error);
void cli_say_refusal(const char *path, const cvy_finding *finding);

/* ---- progress (progress.c) ---- */

typedef struct cli_progress {
    bool wanted;        /* standard error is a terminal, and not quiet */
    bool drawn;         /* there is a bar on the line */
    double start, last; /* seconds */
} cli_progress;

void cli_progress_open(cli_progress *progress, const cli_common *common);
/* A cvy_port_progress; `progress` is a cli_progress. False once the user has
 * asked to stop. */
bool cli_progress_step(void *progress, const char *phase, int64_t done,
                       int64_t total);
void cli_progress_close(cli_progress *progress);

/* ---- stopping (stop.c) ---- */

/* From here on a signal to end only asks to; what is temporary is removed by
 * whoever made it. */
void cli_stop_watch(void);
bool cli_stopped(void);

#endif
