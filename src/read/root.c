/* read/root.c - files that a script imports, below one folder. */
#define _XOPEN_SOURCE 700 /* openat, realpath */

#include "read/root.h"

#include "base/text.h"
#include "pysrc/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MOST_FILES = 200,
    MOST_NAMES = 2000, /* that are asked for */
    DEEPEST = 20,
    MOST_BYTES = 16 << 20,
};

/* ---- the folder ---- */

/* A name in a folder that leads nowhere else: points stand between names. */
static bool is_plain(const char *name, size_t n)
{
    return n > 0 && n < 200 && memchr(name, '/', n) == NULL;
}

/* The script's folder below the root: "/r/a/b" of "/r" is "a.b". */
static cvy_status place_script(cvyi_root *root, const char *dir,
                               const char *script, cvy_error *err)
{
    char *const top = realpath(dir, NULL);
    char *const file = script != NULL ? realpath(script, NULL) : NULL;
    char *const slash = file != NULL ? strrchr(file, '/') : NULL;
    const size_t n = top != NULL ? strlen(top) : 0;
    cvy_status status = CVY_OK;

    if (top != NULL && slash != NULL) {
        *slash = '\0';
        if (strncmp(file, top, n) == 0 &&
            (file[n] == '/' || file[n] == '\0')) {
            char *const inside =
                cvyi_arena_text(root->arena, file + n, strlen(file + n));

            for (char *p = inside; p != NULL && *p != '\0'; p++)
                *p = *p == '/' ? '.' : *p == '.' ? '/' : *p;
            root->inside = inside == NULL   ? NULL
                           : *inside == '.' ? inside + 1
                                            : inside;
            status = inside != NULL ? CVY_OK : cvyi_no_memory(err);
        }
    }
    free(top);
    free(file);
    return status;
}

cvy_status cvyi_root_open(cvyi_root *out, cvyi_arena *arena, const char *dir,
                          const char *script, cvy_error *err)
{
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cvyi_root root = { .arena = arena, .hold = fd + 1 };
    cvy_status status;

    if (fd < 0)
        return cvyi_fail_in(err, errno == ENOTDIR ? CVY_ARGUMENT : CVY_IO, dir,
                            "%s", strerror(errno));
    status = place_script(&root, dir, script, err);
    if (status != CVY_OK) {
        cvyi_root_close(&root);
        return status;
    }
    *out = root;
    return CVY_OK;
}

void cvyi_root_close(cvyi_root *root)
{
    if (root->hold > 0)
        close(root->hold - 1);
    *root = (cvyi_root){ 0 };
}

/* ---- one step down ---- */

typedef struct step {
    int fd;            /* of what was found; -1: nothing */
    bool folder, link; /* a link is not followed */
} step;

static step down(int folder, const char *name)
{
    struct stat about;

    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return (step){ .fd = -1 };
    if (S_ISLNK(about.st_mode))
        return (step){ .fd = -1, .link = true };
    if (!S_ISDIR(about.st_mode) && !S_ISREG(about.st_mode))
        return (step){ .fd = -1 };
    return (step){ .fd =
                       openat(folder, name,
                              O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
                                  (S_ISDIR(about.st_mode) ? O_DIRECTORY : 0)),
                   .folder = S_ISDIR(about.st_mode) };
}

/* What a module's name leads to. */
typedef struct found {
    int file;         /* open, or -1 */
    bool package;     /* a folder, whose __init__.py `file` may be */
    const char *path; /* below the root: "models/layers.py" */
    const char *link; /* the path of a link that is in the way; or NULL */
} found;

static const char *join(cvyi_root *root, const char *path, const char *name)
{
    return cvyi_arena_printf(root->arena, "%s%s%s", path,
                             *path != '\0' ? "/" : "", name);
}

/* The last name of a module: a package, or a file. Closes `folder`. */
static cvy_status last(found *out, cvyi_root *root, int folder,
                       const char *path, const char *name, cvy_error *err)
{
    const char *const file = cvyi_arena_printf(root->arena, "%s.py", name);
    const step inner = down(folder, name);
    step init = { .fd = -1 }, module = { .fd = -1 };

    *out = (found){ .file = -1 };
    if (inner.fd >= 0 && inner.folder)
        init = down(inner.fd, "__init__.py");
    if (inner.fd >= 0)
        close(inner.fd);
    if (init.fd < 0 && file != NULL)
        module = down(folder, file);
    close(folder);
    out->package = inner.folder && inner.fd >= 0 && module.fd < 0;
    out->path = join(root, path, init.fd >= 0 || file == NULL ? name : file);
    if (out->path != NULL && out->package)
        out->path = join(root, join(root, path, name), "__init__.py");
    if (inner.link || init.link || module.link)
        out->link = join(root, path, inner.link ? name : file);
    out->file = init.fd >= 0 && !init.folder       ? init.fd
                : module.fd >= 0 && !module.folder ? module.fd
                                                   : -1;
    if (init.fd >= 0 && init.fd != out->file)
        close(init.fd);
    if (module.fd >= 0 && module.fd != out->file)
        close(module.fd);
    return file != NULL && out->path != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* Follows "a.b.c" from the root. */
static cvy_status follow(found *out, cvyi_root *root, const char *dotted,
                         cvy_error *err)
{
    const char *path = "";
    int folder = dup(root->hold - 1);

    *out = (found){ .file = -1 };
    for (int depth = 0; folder >= 0 && depth < DEEPEST; depth++) {
        const size_t n = strcspn(dotted, ".");
        const char *const name = cvyi_arena_text(root->arena, dotted, n);
        step next;

        if (name == NULL || !is_plain(name, n))
            break;
        if (dotted[n] == '\0')
            return last(out, root, folder, path, name, err);
        next = down(folder, name);
        close(folder);
        folder = next.folder ? next.fd : -1;
        if (!next.folder && next.fd >= 0)
            close(next.fd);
        path = join(root, path, name);
        if (path == NULL)
            break;
        if (next.link)
            out->link = path;
        dotted += n + 1;
    }
    if (folder >= 0)
        close(folder);
    return CVY_OK;
}

/* ---- files ---- */

/* At most `room` bytes; *size is more than that if there are more. */
static cvy_status read_all(char **out, size_t *size, cvyi_arena *arena, int fd,
                           size_t room, cvy_error *err)
{
    struct stat about;
    size_t n = 0;
    char *bytes;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return cvyi_fail(err, CVY_UNSUPPORTED, "it is no file");
    *size = (size_t)about.st_size;
    if (about.st_size < 0 || *size > room)
        return cvyi_fail(err, CVY_UNSUPPORTED, "it is too large");
    bytes = cvyi_arena_alloc(arena, *size + 1, 1);
    if (bytes == NULL)
        return cvyi_no_memory(err);
    while (n < *size) {
        const ssize_t got = read(fd, bytes + n, *size - n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *size = n;
    *out = bytes;
    return CVY_OK;
}

static cvy_status parse(const cvyi_py_tree **out, cvyi_root *root,
                        const found *f, cvy_error *err)
{
    cvyi_py_tree *const tree = cvyi_arena_alloc(root->arena, 1, sizeof *tree);
    char *text;
    size_t size;

    if (tree == NULL)
        return cvyi_no_memory(err);
    *tree = (cvyi_py_tree){ .name = f->path, .text = "" };
    *out = tree;
    if (f->file < 0)
        return CVY_OK;
    if (++root->n_read > MOST_FILES)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "it is one of more than %d files", MOST_FILES);
    CVYI_TRY(read_all(&text, &size, root->arena, f->file,
                      MOST_BYTES - root->bytes, err));
    root->bytes += size;
    return cvyi_py_parse(tree, root->arena, f->path, text, size, err);
}

/* A file that cannot be used is told with its reason, each time. */
static cvy_status take(cvyi_root_file *out, cvyi_root *root, const found *f,
                       cvy_error *err)
{
    cvy_error why = { 0 };
    cvy_status status;

    out->package = f->package;
    if (f->link != NULL && f->file < 0) {
        out->why =
            cvyi_arena_printf(root->arena,
                              "%s is a symbolic link, which is not followed",
                              f->link);
        return out->why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    if (f->file < 0 && !f->package)
        return CVY_OK;
    status = parse(&out->tree, root, f, &why);
    if (status == CVY_OK)
        return CVY_OK;
    if (status != CVY_UNSUPPORTED && status != CVY_FORMAT) {
        if (err != NULL)
            *err = why;
        return status;
    }
    out->tree = NULL;
    out->why = cvyi_arena_printf(root->arena, "%s is not read: %s", f->path,
                                 why.text);
    return out->why != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status look(cvyi_root_file *out, cvyi_root *root,
                       const char *dotted, cvy_error *err)
{
    const bool deep = root->inside != NULL && *root->inside != '\0';
    const char *const beside =
        deep ? cvyi_arena_printf(root->arena, "%s.%s", root->inside, dotted)
             : dotted;
    cvy_status status;
    found f;

    if (beside == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(follow(&f, root, beside, err));
    if (deep && f.file < 0 && !f.package && f.link == NULL)
        CVYI_TRY(follow(&f, root, dotted, err));
    status = take(out, root, &f, err);
    if (f.file >= 0)
        close(f.file);
    return status;
}

cvy_status cvyi_root_find(const cvyi_py_tree **tree, bool *package,
                          cvyi_root *root, const char *dotted, cvy_error *err)
{
    cvyi_root_file *files = root->files;
    int at = 0;

    while (at < root->n && strcmp(files[at].dotted, dotted) != 0)
        at++;
    if (at == root->n) {
        cvyi_root_file file = { 0 };

        if (at == MOST_NAMES)
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "more than %d names are imported", MOST_NAMES);
        file.dotted = cvyi_arena_text(root->arena, dotted, strlen(dotted));
        files = cvyi_arena_grow(root->arena, files, at, &root->capacity,
                                sizeof *files);
        if (files == NULL || file.dotted == NULL)
            return cvyi_no_memory(err);
        root->files = files;
        CVYI_TRY(look(&file, root, dotted, err));
        files[root->n++] = file;
    }
    if (files[at].why != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s", files[at].why);
    *tree = files[at].tree;
    *package = files[at].package;
    return CVY_OK;
}
