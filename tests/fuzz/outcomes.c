/*
 * What the parsers in C make of inputs, for tests/fuzz/properties/ to compare with those in JavaScript. On standard
 * input: a byte for the kind, the length in 4 bytes (big-endian), the input. On standard output: a length likewise, and
 * what came out, in words: the sentence of a refusal, or values.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../cli/arguments.h"
#include "../../server/native/allowed_host.h"
#include "../../server/native/http/request.h"
#include "../../server/native/json_body.h"
#include "../../server/native/media_type.h"
#include "../../server/native/site_check.h"
#include "argv.h"
#include "require.h"

enum { HEAD_NBYTES = 5, MAX_WIDTH_PX = 1024, MAX_BATCH = 1000 };

/* Who may POST, besides the own pages. */
static const char allowed_hosts[] = "qr.example,[2001:db8::1]";

static void print_refusal(FILE *outcome, request_refusal refusal) {
  const refusal_limits limits = {MAX_WIDTH_PX, MAX_BATCH};
  char sentence[512];
  refusal_sentence(refusal, &limits, sentence, sizeof sentence);
  fputs(sentence, outcome);
}

static void print_text(FILE *outcome, slice text) {
  fputs(" text ", outcome);
  for (size_t i = 0; i < text.nbytes; i++)
    fprintf(outcome, "%02x", (uint8_t)text.bytes[i]);
}

static void print_values(FILE *outcome, const qrpng_options *options, slice text) {
  fprintf(outcome, "ecl %c width %d margin %g", "LMQH"[options->ecl], options->width, options->margin);
  print_text(outcome, text);
}

static void read_query(FILE *outcome, char *input, size_t nbytes) {
  char *scratch = fuzz_allocate(nbytes);
  request_query query = {.options = qrpng_default_options()};
  const request_refusal refusal = query_parse((slice){input, nbytes}, false, MAX_WIDTH_PX, scratch, &query);
  if (refusal != REFUSAL_NONE)
    print_refusal(outcome, refusal);
  else
    print_values(outcome, &query.options, query.text);
  free(scratch);
}

static void read_object(FILE *outcome, char *input, size_t nbytes) {
  qrpng_options options = qrpng_default_options();
  json_members members;
  request_refusal refusal = json_read_members(input, nbytes, &members);
  if (refusal == REFUSAL_NONE)
    refusal = json_judge_names(&members);
  if (refusal == REFUSAL_NONE)
    refusal = query_judge_options(&members.values, MAX_WIDTH_PX, &options);
  if (refusal != REFUSAL_NONE)
    print_refusal(outcome, refusal);
  else
    print_values(outcome, &options, members.values.of[QUERY_TEXT]);
  json_members_release(&members);
}

/* As batch.c does: what is wrong with the whole before what is wrong with a text. */
static void read_array(FILE *outcome, char *input, size_t nbytes) {
  json_texts texts = {.bytes = input, .nbytes = nbytes};
  slice text;
  request_refusal refusal, first_refusal = REFUSAL_NONE;
  size_t refused = 0, size = 0;
  char *read = NULL;
  FILE *all = open_memstream(&read, &size);
  json_found found;
  while ((found = json_next_text(&texts, &text, &refusal)) == JSON_TEXT || found == JSON_BAD_TEXT) {
    if (found == JSON_TEXT)
      print_text(all, text);
    else if (refused == 0) {
      refused = texts.text_count;
      first_refusal = refusal;
    }
    if (texts.is_over)
      break;
  }
  fclose(all);
  if (found == JSON_NOTHING) {
    print_refusal(outcome, refusal);
  } else if (refused > 0) {
    fprintf(outcome, "Text %zu of the batch: ", refused);
    print_refusal(outcome, first_refusal);
  } else {
    fputs(read, outcome);
  }
  free(read);
}

/* Input: the lines of a head after the first. */
static void read_headers(FILE *outcome, const char *input, size_t nbytes) {
  static const char *const types[] = {[MEDIA_TEXT] = "text/plain",
                                      [MEDIA_BYTES] = "application/octet-stream",
                                      [MEDIA_JSON] = "application/json",
                                      [MEDIA_OTHER] = "other"};
  static request_parser *parser;
  if (!parser)
    parser = request_parser_create();
  char *bytes = fuzz_allocate(nbytes + 64);
  const int first_nbytes = sprintf(bytes, "POST / HTTP/1.1\r\n");
  memcpy(bytes + first_nbytes, input, nbytes);
  head_check check = {0};
  http_request request;
  if (head_check_continue(&check, bytes, (size_t)first_nbytes + nbytes) != HTTP_REFUSAL_NONE ||
      check.state != HEAD_COMPLETE || request_parse(parser, &check, bytes, &request) != HTTP_REFUSAL_NONE)
    fputs("malformed", outcome);
  else
    fprintf(outcome, "type %s host %d site %d", types[media_type_of(&request)],
            host_is_allowed(request.host, "127.0.0.1", allowed_hosts), site_is_own(&request, allowed_hosts));
  free(bytes);
}

static int parse(int argc, char **argv, void *arguments) {
  return parse_arguments(argc, argv, arguments);
}

static const char *or_none(const char *string) {
  return string ? string : "-";
}

static void print_arguments(FILE *outcome, const cli_arguments *arguments) {
  const qrpng_options *options = &arguments->options;
  fprintf(outcome, "level %d width %d scale %d margin %.17g engine %s version %d mask %d maskRule %d format %d ",
          (int)options->ecl, options->width, options->scale, options->margin, or_none(options->engine),
          options->version, options->mask, (int)options->mask_rule, (int)options->format);
  fprintf(outcome, "dark %08x light %08x isInverted %d dpi %d effort %d title %s isByteOnly %d ", options->dark,
          options->light, options->is_inverted, options->dpi, options->effort, or_none(options->title),
          arguments->is_byte_only);
  fprintf(outcome, "text %s readPath %s outputPath %s batchPath %s folderPath %s namePattern %s isNulSeparated %d",
          or_none(arguments->text), or_none(arguments->read_path), or_none(arguments->output_path),
          or_none(arguments->batch_path), or_none(arguments->folder_path), arguments->name_pattern,
          arguments->is_nul_separated);
  fprintf(outcome, " threads %d", arguments->threads);
}

static void read_arguments(FILE *outcome, const char *input, size_t nbytes) {
  fuzz_argv line;
  cli_arguments arguments;
  fuzz_create_argv(&line, "qrpng", (const uint8_t *)input, nbytes);
  fuzz_printed printed = fuzz_parse(parse, &line, &arguments);
  if (printed.exit_code == -1)
    print_arguments(outcome, &arguments);
  else if (printed.exit_code == 0)
    fputs("printed", outcome);
  else
    fputs(printed.error, outcome);
  fuzz_free_printed(&printed);
  fuzz_free_argv(&line);
}

static uint32_t read_length(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void answer(int kind, char *input, size_t nbytes) {
  char *bytes = NULL;
  size_t outcome_nbytes = 0;
  FILE *outcome = open_memstream(&bytes, &outcome_nbytes);
  if (kind == 'q')
    read_query(outcome, input, nbytes);
  else if (kind == 'o')
    read_object(outcome, input, nbytes);
  else if (kind == 'a')
    read_array(outcome, input, nbytes);
  else if (kind == 'h')
    read_headers(outcome, input, nbytes);
  else
    read_arguments(outcome, input, nbytes);
  fclose(outcome);
  const uint8_t length[] = {(uint8_t)(outcome_nbytes >> 24), (uint8_t)(outcome_nbytes >> 16),
                            (uint8_t)(outcome_nbytes >> 8), (uint8_t)outcome_nbytes};
  fwrite(length, sizeof length, 1, stdout);
  fwrite(bytes, outcome_nbytes, 1, stdout);
  fflush(stdout);
  free(bytes);
}

int main(void) {
  uint8_t head[HEAD_NBYTES];
  json_prepare();
  while (fread(head, sizeof head, 1, stdin) == 1) {
    const size_t nbytes = read_length(head + 1);
    char *input = fuzz_allocate(nbytes);
    fuzz_require(fread(input, 1, nbytes, stdin) == nbytes, "an input is cut off");
    answer(head[0], input, nbytes);
    free(input);
  }
  return 0;
}
