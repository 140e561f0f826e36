#include "texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int read_texts(const char *path, text_list *texts) {
  FILE *file = fopen(path, "r");
  if (!file)
    return 0;
  char *text = NULL;
  size_t capacity = 0;
  for (ssize_t length; texts->count < MAX_TEXTS && (length = getdelim(&text, &capacity, '\0', file)) > 1;) {
    texts->text[texts->count] = strdup(text);
    texts->nbytes[texts->count++] = (size_t)length - 1;
  }
  free(text);
  fclose(file);
  return texts->count > 0;
}
