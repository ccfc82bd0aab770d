/*
 * convey/list.h - what convey knows: operators and file formats.
 *
 * Texts are UTF-8, owned by the caller, and freed with cvy_list_free. Every
 * function may be called from any thread.
 */
#ifndef CONVEY_LIST_H
#define CONVEY_LIST_H

#include "convey/look.h"

CVY_BEGIN

typedef enum cvy_list {
    CVY_LIST_OPS = 0,     /**< operators and how frameworks spell them */
    CVY_LIST_FORMATS = 1, /**< files that are read, written, or only known */
} cvy_list;

/**
 * A list for people.
 *
 * @param out  receives the text, owned by the caller; untouched on failure
 * @return CVY_OK, CVY_MEMORY, or CVY_ARGUMENT if there is no such list
 */
CVY_CALL cvy_list_text(char **out, cvy_list list, cvy_look look,
                       cvy_error *err);

/** The same as one JSON document. */
CVY_CALL cvy_list_json(char **out, cvy_list list, cvy_error *err);

/** Frees a text of this header; NULL is accepted. */
CVY_EXPORT void cvy_list_free(char *text);

CVY_END

#endif
