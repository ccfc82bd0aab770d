/* read/known.h - naming files that no reader takes. */
#ifndef CVYI_READ_KNOWN_H
#define CVYI_READ_KNOWN_H

#include "base/findings.h"
#include "codec/format.h"

/*
 * Never CVY_OK. A model file of a kind that is not read yet is
 * CVY_UNSUPPORTED, with a finding that says what to do; anything else is
 * CVY_FORMAT, named if it can be. `format` NULL: nobody knows.
 */
cvy_status cvyi_known_refuse(const cvyi_format *format,
                             cvyi_findings *findings, cvy_error *err);

/* CVY_OK unless the path is a folder that holds a model. */
cvy_status cvyi_known_folder(const char *path, cvyi_findings *findings,
                             cvy_error *err);

#endif
