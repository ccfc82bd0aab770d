/* layer/normalize/layout.c - how learnt means stand in a slot. */
#include "layer/normalize/words.h"

#include <string.h>

const char *cvyi_normalize_layout(cvyi_arena *arena, const int64_t *lengths,
                                  int n_lengths)
{
    char text[4 * CVYI_MAX_DIMS + 4], letters[2 * CVYI_MAX_DIMS + 2];
    size_t n = 0, n_letters = 0;
    int64_t longest = 1;

    for (int i = 0; i < n_lengths; i++)
        longest = lengths[i] > longest ? lengths[i] : longest;
    for (int i = 0; i < n_lengths; i++) {
        const bool own = lengths[i] > 1 || (longest == 1 && i == 0);

        text[n++] = own ? (char)('C' + n_letters / 2) : '1';
        text[n++] = ' ';
        if (own) {
            letters[n_letters++] = text[n - 2];
            letters[n_letters++] = ' ';
        }
    }
    if (n_lengths == 0)
        return "-> 1";
    if (n != n_letters) {
        memcpy(text + n, "-> ", 3);
        memcpy(text + n + 3, letters, n_letters);
        n += 3 + n_letters;
    }
    return cvyi_arena_text(arena, text, n - 1);
}
