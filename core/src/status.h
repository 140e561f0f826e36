/* The words for a status, with the numbers of the call that it came from. */
#ifndef QRPNG_STATUS_H
#define QRPNG_STATUS_H

#include "qrpng.h"

#define QRPNG_MESSAGE_SIZE 256

/* side_modules is that of the symbol, where one was made. */
void qrpng_format_error(char message[QRPNG_MESSAGE_SIZE], qrpng_status status, const qrpng_options *options,
                        int side_modules);

#endif
