/*
 * write/names.h - names of the source as Python identifiers.
 *
 * contract.md 2: characters outside [A-Za-z0-9_] become _; a keyword, a
 * leading digit or a name that the class already uses gets the prefix layer_;
 * a clash gets _2, _3 ... The map is injective within one scope.
 */
#ifndef CVYI_WRITE_NAMES_H
#define CVYI_WRITE_NAMES_H

#include "base/memory.h"

/* Names that are taken in one scope. */
typedef struct cvyi_scope {
    cvyi_arena *arena;    /* borrowed; takes the names */
    const char *reserved; /* blank-separated, besides Python's keywords */
    const char **taken;
    int n, capacity;
} cvyi_scope;

/* Attributes that every nn.Module and nn.Sequential has. */
extern const char cvyi_module_attributes[];

/* An identifier for `name` that is free in the scope, and taken from now on;
 * NULL when memory is refused. */
const char *cvyi_scope_take(cvyi_scope *scope, const char *name);

/* "har_1d" -> "Har1d"; never a keyword, never starts with a digit. NULL when
 * memory is refused. */
const char *cvyi_class_name(cvyi_arena *arena, const char *name);

#endif
