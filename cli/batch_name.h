/* The names of a batch's files. */
#ifndef QRPNG_CLI_BATCH_NAME_H
#define QRPNG_CLI_BATCH_NAME_H

#include <limits.h>

#include "batch_list.h"

/*
 * A pattern has at least one of these:
 *   {line}  the text's number, with zeros before it up to six digits
 *   {text}  the text, in which all ASCII characters but letters, digits and -._~ are written as % and two hex digits,
 * and so is a dot at the name's beginning: different texts have different names, and none leads out of the folder
 */

/* Returns NULL, or a sentence about what is wrong with the pattern. */
const char *check_name_pattern(const char *pattern);

/* Returns the name's length; from NAME_MAX + 1 on the name is incomplete. */
size_t format_name(const char *pattern, const batch_text *text, char name[NAME_MAX + 1]);

#endif
