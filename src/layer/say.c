/* layer/say.c - from an operator to the simplest exact call that says it. */
#include "layer/words.h"

#include <string.h>

void cvyi_said_close(cvyi_said *said)
{
    cvyi_text_close(&said->code);
    *said = (cvyi_said){ 0 };
}

static const cvyi_words *words_of(const cvyi_op *op)
{
    for (size_t i = 0; i < cvyi_n_ops; i++)
        if (cvyi_all_words[i].op == op)
            return &cvyi_all_words[i];
    return NULL;
}

/* Does it say which argument stands in the way? */
static bool is_named(const cvyi_refusal *refusal)
{
    return refusal->attribute != NULL && *refusal->attribute != '\0';
}

/* The spellings of a dialect in one list; remembers the first refusal, before
 * it the first that names an argument. */
static cvy_status say_from(cvyi_said *out, cvyi_refusal *refusal,
                           const cvyi_spelling *list, const char *dialect,
                           cvyi_form form, const cvyi_saying *what,
                           cvy_error *err)
{
    for (; list->dialect != NULL; list++) {
        if (strcmp(list->dialect, dialect) != 0)
            continue;
        if (list->cannot_say != NULL && refusal->reason == NULL) {
            refusal->kind = CVYI_NO_COUNTERPART;
            refusal->reason = list->cannot_say;
        }
        if (list->to_call == NULL || list->form != form)
            continue;
        cvyi_said_close(out);
        out->form = form;
        out->spelling = list;

        cvy_status status = list->to_call(out, what, err);

        if (status == CVY_OK)
            status = cvyi_text_status(&out->code, err);
        if (status != CVY_UNSUPPORTED)
            return status;
        if (refusal->reason == NULL ||
            (!is_named(refusal) && is_named(&out->refusal)))
            *refusal = out->refusal;
    }
    return CVY_UNSUPPORTED;
}

static cvy_status say_form(cvyi_said *out, cvyi_refusal *refusal,
                           const char *dialect, cvyi_form form,
                           const cvyi_saying *what, cvy_error *err)
{
    const cvyi_words *const words = words_of(what->attrs->op);
    cvy_status status = CVY_UNSUPPORTED;

    if (words != NULL) {
        const cvyi_spelling *const lists[] = { words->keras, words->torch,
                                               words->tf };

        for (size_t i = 0;
             i < sizeof lists / sizeof *lists && status == CVY_UNSUPPORTED;
             i++)
            status =
                say_from(out, refusal, lists[i], dialect, form, what, err);
    }
    return status;
}

cvy_status cvyi_say(cvyi_said *out, const char *dialect, cvyi_form form,
                    const cvyi_saying *what, cvy_error *err)
{
    const cvyi_op *const op = what->attrs->op;
    cvyi_refusal refusal = { .attribute = "", .advice = "" };
    cvy_status status;

    *out = (cvyi_said){ 0 };
    status = say_form(out, &refusal, dialect, form, what, err);
    if (status != CVY_UNSUPPORTED)
        return status;
    /* Of a form without a word the other form may know the reason. */
    if (refusal.reason == NULL)
        status = say_form(out, &refusal, dialect,
                          form == CVYI_FORM_MODULE ? CVYI_FORM_FUNCTION
                                                   : CVYI_FORM_MODULE,
                          what, err);
    cvyi_said_close(out);
    if (status != CVY_OK && status != CVY_UNSUPPORTED)
        return status;
    if (refusal.reason == NULL)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "leave this layer out, or write it by hand",
                           "%s has no word for %s", dialect, op->name);
    out->refusal = refusal;
    return cvyi_fail_in(err, CVY_UNSUPPORTED, refusal.attribute, "%s",
                        refusal.reason);
}

bool cvyi_can_say(const char *dialect, cvyi_form form, const cvyi_saying *what)
{
    cvyi_said said;
    const cvy_status status = cvyi_say(&said, dialect, form, what, NULL);

    cvyi_said_close(&said);
    return status == CVY_OK;
}
