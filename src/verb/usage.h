/* verb/usage.h - what a verb has used: time and memory. */
#ifndef CVYI_VERB_USAGE_H
#define CVYI_VERB_USAGE_H

#include "convey/base.h"

/* Seconds of a clock that only goes forward. */
double cvyi_now(void);
/* The most memory this program has held; 0 where the system does not say. */
int64_t cvyi_peak_bytes(void);

#endif
