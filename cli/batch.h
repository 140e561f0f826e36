/* qrpng --batch: a file of each text of a list. */
#ifndef QRPNG_CLI_BATCH_H
#define QRPNG_CLI_BATCH_H

#include "arguments.h"

/*
 * Writes the files and returns the exit code. A text that can't be encoded, or whose file can't have its name, is
 * complained of with its number, and the others go on; a system that fails, such as by a full disk, ends the whole.
 *
 * Each file is there whole or not at all. One that already holds what it should is left alone, so that a batch that was
 * cut short, however hard, can be run again for the rest. The files are not forced to the disk one by one: after a loss
 * of power, run the batch again.
 *
 * Memory does not grow with the list: each thread has one encoder, and takes a portion of the texts at a time.
 */
int run_batch(const cli_arguments *arguments);

#endif
