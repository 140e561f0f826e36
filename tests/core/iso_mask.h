/* The penalty of a symbol as ISO/IEC 18004, 7.8.3, reads, module by module: it shares nothing with the core. */
#ifndef ISO_MASK_H
#define ISO_MASK_H

#include <stdint.h>

/* Of side * side bytes, 1 dark. */
int iso_penalty(const uint8_t *modules, int side);

#endif
