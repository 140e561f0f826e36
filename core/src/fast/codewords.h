#ifndef QRPNG_CODEWORDS_H
#define QRPNG_CODEWORDS_H

#include "../segments.h"

/* Writes all data codewords of the message's symbol, padding included (7.4). Returns how many. */
int fast_write_data_codewords(const qrpng_message *message, uint8_t codewords[QRPNG_MAX_CODEWORDS]);

#endif
