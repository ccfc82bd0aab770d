/*
 * layout/atoms.h - what the files of this room share about atoms.
 */
#ifndef CVYI_LAYOUT_ATOMS_H
#define CVYI_LAYOUT_ATOMS_H

#include "layout/layout.h"

/* The axis that holds an atom; `group` counts the atoms of each axis. */
int cvyi_group_of(const int *group, int rank, int atom);

/* Joins atoms that are neighbours in the same axis on both sides. */
void cvyi_atoms_tidy(cvyi_layout *layout);

#endif
