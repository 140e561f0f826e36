#ifndef QRPNG_OPTIONS_H
#define QRPNG_OPTIONS_H

#include "qrpng.h"

/* The one place where options are checked. */
qrpng_status qrpng_validate_options(const qrpng_options *options);

#endif
