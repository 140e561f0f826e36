#ifndef QRPNG_CLI_COMPLAIN_H
#define QRPNG_CLI_COMPLAIN_H

#include "qrpng.h"

enum exit_code { EXIT_OK = 0, EXIT_SYSTEM = 1, EXIT_USAGE = 2, EXIT_TEXT = 3 };

#define COMPLAINT_SIZE 512

/* Prints the sentence, formatted as by printf, to standard error. Returns the exit code. */
__attribute__((format(printf, 2, 3))) int complain(int exit_code, const char *format, ...);

int exit_code_of(qrpng_status status);

/* What the encoder says of its last call, with the option called as it is on the command line. */
void describe_call(char sentence[COMPLAINT_SIZE], const qrpng_encoder *encoder, qrpng_status status);

/* What was printed to standard output may still be on its way, and a full disk is only seen at its end. Returns the
 * exit code. */
int finish_printing(void);

#endif
