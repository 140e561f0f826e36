#include "batch_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char line_field[] = "{line}", text_field[] = "{text}";

static bool begins_with(const char *string, const char *beginning) {
  return strncmp(string, beginning, strlen(beginning)) == 0;
}

const char *check_name_pattern(const char *pattern) {
  if (!strstr(pattern, line_field) && !strstr(pattern, text_field))
    return "--name must have {line} or {text} in it, so that each file has a name of its own.";
  for (const char *c = pattern; *c; c++) {
    if (*c == '/')
      return "--name must not have a / in it: all files are in one folder.";
    if (*c == '{' && !begins_with(c, line_field) && !begins_with(c, text_field))
      return "--name must have no { but those of {line} and {text}.";
  }
  return NULL;
}

typedef struct growing_name {
  char *bytes;
  size_t nbytes; /* of the whole name, also of what no longer has room */
} growing_name;

static void append(growing_name *name, const char *bytes, size_t nbytes) {
  if (name->nbytes + nbytes <= NAME_MAX)
    memcpy(name->bytes + name->nbytes, bytes, nbytes);
  name->nbytes += nbytes;
}

static bool is_plain(uint8_t byte) {
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte && strchr("-._~", byte));
}

static void append_text(growing_name *name, const batch_text *text) {
  for (size_t i = 0; i < text->nbytes; i++) {
    const uint8_t byte = text->bytes[i];
    char escape[4];
    if (is_plain(byte) && (byte != '.' || name->nbytes > 0)) {
      append(name, (const char *)&text->bytes[i], 1);
    } else {
      snprintf(escape, sizeof escape, "%%%02X", byte);
      append(name, escape, 3);
    }
  }
}

size_t format_name(const char *pattern, const batch_text *text, char bytes[NAME_MAX + 1]) {
  growing_name name = {.bytes = bytes};
  while (*pattern) {
    if (begins_with(pattern, line_field)) {
      char digits[24];
      int length = snprintf(digits, sizeof digits, "%06" PRIu64, text->number);
      append(&name, digits, (size_t)length);
      pattern += strlen(line_field);
    } else if (begins_with(pattern, text_field)) {
      append_text(&name, text);
      pattern += strlen(text_field);
    } else {
      append(&name, pattern++, 1);
    }
  }
  bytes[name.nbytes <= NAME_MAX ? name.nbytes : NAME_MAX] = '\0';
  return name.nbytes;
}
