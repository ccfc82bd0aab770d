/* read/sources.h - the rows of sources.def, for source.c and their files. */
#ifndef CVYI_READ_SOURCES_H
#define CVYI_READ_SOURCES_H

#include "read/read.h"

#define SOURCE(name) extern const cvyi_source_kind cvyi_source_##name;
#include "read/sources.def"
#undef SOURCE

#endif
