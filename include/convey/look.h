/*
 * convey/look.h - how text for people is laid out.
 *
 * Every result of the library that people read is asked for with a look: a
 * terminal wants colours and a width, a pipe wants neither. Plain numbers,
 * passed by value; nothing here allocates.
 */
#ifndef CONVEY_LOOK_H
#define CONVEY_LOOK_H

#include "convey/base.h"

CVY_BEGIN

/** { 0 } is what a pipe gets. */
typedef struct cvy_look {
    bool colour;     /**< with ANSI escape sequences */
    bool verbose;    /**< also what is only needed when something is wrong */
    int32_t columns; /**< of the terminal; 0: lines may be of any length */
} cvy_look;

CVY_END

#endif
