/*
 * verb/list.h - the lists of the verbs `ops` and `formats`.
 *
 * Both are printed from the tables that the readers and writers themselves
 * use, so neither can promise what does not work.
 */
#ifndef CVYI_VERB_LIST_H
#define CVYI_VERB_LIST_H

#include "base/ink.h"

void cvyi_list_ops_text(cvyi_text *out, cvy_look look);
void cvyi_list_ops_json(cvyi_text *out);
void cvyi_list_formats_text(cvyi_text *out, cvy_look look);
void cvyi_list_formats_json(cvyi_text *out);

#endif
