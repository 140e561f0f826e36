/*
 * A batch's list of texts, and the names of their files. The first byte says what separates texts, the others are the
 * list: what is taken from it is what a plain reading finds, and each name tells its text.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../cli/batch_name.h"
#include "../../cli/input.h"
#include "require.h"

enum { MAX_LIST_NBYTES = 200000, REPEAT_STEP = 64, NAMED_COUNT = 100 /* the names of the first: it takes long */ };

static int open_list(batch_list *list, const char *bytes, size_t nbytes, int is_nul_separated, int stop_event) {
  char path[32];
  const int file = memfd_create("list", MFD_CLOEXEC);
  fuzz_require(file >= 0 && write(file, bytes, nbytes) == (ssize_t)nbytes, "no file");
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  const int result = list_open(list, path, is_nul_separated, stop_event);
  close(file);
  return result;
}

/* The next text of a plain reading, without its separator. Returns where the one after it begins. */
static const char *next_text(const char *at, const char *end, char separator, size_t *text_nbytes) {
  const char *found = memchr(at, separator, (size_t)(end - at)), *text_end = found ? found : end;
  *text_nbytes = (size_t)(text_end - at);
  if (separator == '\n' && *text_nbytes > 0 && *text_nbytes < INPUT_MAX_NBYTES && text_end[-1] == '\r')
    (*text_nbytes)--;
  if (*text_nbytes > INPUT_MAX_NBYTES)
    *text_nbytes = INPUT_MAX_NBYTES;
  return found ? found + 1 : end;
}

static int hex_value(char digit) {
  return digit >= 'A' ? digit - 'A' + 10 : digit - '0';
}

static void check_name(const batch_text *text) {
  char name[NAME_MAX + 1];
  const size_t nbytes = format_name("{text}", text, name);
  if (nbytes > NAME_MAX)
    return;
  fuzz_require(strlen(name) == nbytes && name[0] != '.' && !strchr(name, '/'), "the name %s", name);
  size_t count = 0;
  for (const char *at = name; *at; count++) {
    const int byte = *at == '%' ? hex_value(at[1]) << 4 | hex_value(at[2]) : (uint8_t)*at;
    fuzz_require(count < text->nbytes && text->bytes[count] == byte, "another text than %s tells", name);
    at += *at == '%' ? 3 : 1;
  }
  fuzz_require(count == text->nbytes, "a shorter text than %s tells", name);
}

static void check_list(batch_list *list, const char *at, const char *end) {
  static batch_portion portion;
  const char separator = list->separator;
  uint64_t number = 0;
  while (list_take(list, &portion)) {
    for (size_t i = 0; i < portion.count; i++) {
      size_t nbytes;
      const batch_text *text = &portion.texts[i];
      fuzz_require(at < end, "a text too many");
      const char *next = next_text(at, end, separator, &nbytes);
      number++;
      fuzz_require(text->number == number && text->nbytes == nbytes && memcmp(text->bytes, at, nbytes) == 0,
                   "another text %zu", (size_t)number);
      if (nbytes > 0 && number <= NAMED_COUNT)
        check_name(text);
      at = next;
    }
  }
  fuzz_require(at == end && list->error == 0, "texts are missing");
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static batch_list list;
  static int stop_event = -1;
  if (input_nbytes < 2)
    return -1;
  if (stop_event < 0)
    stop_event = eventfd(0, EFD_CLOEXEC);
  const size_t times = input[0] < 240 ? 1 : (size_t)(input[0] - 239) * REPEAT_STEP, nbytes = input_nbytes - 1;
  if (times * nbytes > MAX_LIST_NBYTES)
    return -1;
  char *bytes = fuzz_allocate(times * nbytes);
  for (size_t i = 0; i < times; i++)
    memcpy(bytes + i * nbytes, input + 1, nbytes);
  fuzz_require(open_list(&list, bytes, times * nbytes, input[0] & 1, stop_event) == 0, "the list can't be opened");
  check_list(&list, bytes, bytes + times * nbytes);
  list_close(&list);
  free(bytes);
  return 0;
}
