/* read/python/call/near.c - the name that somebody may have meant. */
#include "read/python/call/host.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 48, NAME_ROOM = 128 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to insert, take out or change, big or small alike; at most `most`,
 * else `most` + 1. */
static int distance(const char *a, size_t n, const char *b, size_t m, int most)
{
    int row[LONGEST + 1];

    if (n > LONGEST || m > LONGEST || (n > m ? n - m : m - n) > (size_t)most)
        return most + 1;
    for (size_t k = 0; k <= m; k++)
        row[k] = (int)k;
    for (size_t i = 0; i < n; i++) {
        int corner = row[0];

        row[0] = (int)i + 1;
        for (size_t k = 0; k < m; k++) {
            const int change = corner + !same(a[i], b[k]);

            corner = row[k + 1];
            row[k + 1] = least(change, least(row[k], corner) + 1);
        }
    }
    return least(row[m], most + 1);
}

typedef struct search {
    const char *wanted, *last; /* as it stands, and behind the last point */
    int most;                  /* letters that its last part may differ in */
    int best;
    char found[NAME_ROOM];
    const char *dialect; /* of it */
} search;

static void try_name(search *s, const char *dialect, const char *name)
{
    const char *const last = cvyi_call_last(name);
    const int d =
        distance(s->last, strlen(s->last), last, strlen(last), s->most);
    /* Of two the one from the same package, then with the same big letters. */
    const int before = distance(s->wanted, (size_t)(s->last - s->wanted), name,
                                (size_t)(last - name), LONGEST);
    const int cost = 200 * d + 2 * before + (strcmp(s->last, last) != 0);

    if (d > s->most || cost >= s->best)
        return;
    s->best = cost;
    s->dialect = dialect;
    strcpy(s->found, name);
}

/* All names that a row reads. */
static void try_row(search *s, const cvyi_spelling *row)
{
    const char *const hole =
        row->ranks != NULL ? strstr(row->name, "%d") : NULL;
    char name[NAME_ROOM];

    if (row->from_call == NULL || row->helper != NULL ||
        strlen(row->name) >= sizeof name ||
        cvyi_call_is_below(row->name, "operator"))
        return;
    if (hole == NULL) {
        try_name(s, row->dialect, row->name);
        return;
    }
    for (const char *rank = row->ranks; *rank != '\0'; rank++) {
        const size_t before = (size_t)(hole - row->name);

        memcpy(name, row->name, before);
        name[before] = *rank;
        strcpy(name + before + 1, hole + 2);
        try_name(s, row->dialect, name);
    }
}

const char *cvyi_call_nearest(const char **dialect, cvyi_arena *arena,
                              const char *dotted)
{
    search s = { .wanted = dotted, .last = cvyi_call_last(dotted) };

    s.most = (int)(strlen(s.last) < 4    ? 1
                   : strlen(s.last) < 12 ? strlen(s.last) / 2
                                         : 5);
    s.best = 200 * (s.most + 1);
    for (size_t i = 0; i < cvyi_n_ops; i++) {
        const cvyi_spelling *const lists[] = { cvyi_all_words[i].keras,
                                               cvyi_all_words[i].torch,
                                               cvyi_all_words[i].tf };

        for (int k = 0; k < 3; k++)
            for (const cvyi_spelling *row = lists[k]; row->dialect != NULL;
                 row++)
                try_row(&s, row);
    }
    *dialect = s.dialect;
    return *s.found != '\0' ? cvyi_arena_text(arena, s.found, strlen(s.found))
                            : NULL;
}
