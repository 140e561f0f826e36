#include "response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_head {
  unsigned status;
  size_t nbytes;
  char bytes[]; /* up to the value of Content-Length, which comes last */
};

enum { MAX_REST_NBYTES = 96 };

static const char *reason_of(unsigned status) {
  switch (status) {
  case 200:
    return "OK";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 431:
    return "Request Header Fields Too Large";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return "";
  }
}

http_head *http_head_create(unsigned status, const http_header *headers) {
  char *text = NULL;
  size_t nbytes;
  FILE *out = open_memstream(&text, &nbytes);
  if (!out)
    return NULL;
  fprintf(out, "HTTP/1.1 %u %s\r\nServer: " HTTP_SERVER_NAME "\r\n", status, reason_of(status));
  for (; headers->name; headers++)
    fprintf(out, "%s: %s\r\n", headers->name, headers->value);
  fputs("Content-Length: ", out);
  http_head *head = fclose(out) == 0 && text ? malloc(sizeof *head + nbytes) : NULL;
  if (head) {
    head->status = status;
    head->nbytes = nbytes;
    memcpy(head->bytes, text, nbytes);
  }
  free(text);
  return head;
}

http_head *http_head_create_text(unsigned status, const char *content_type, http_header extra) {
  return http_head_create(status, (const http_header[]){
                                      {"Content-Type", content_type},
                                      {"Cache-Control", "no-store"},
                                      {"X-Content-Type-Options", "nosniff"},
                                      extra,
                                      {NULL, NULL},
                                  });
}

unsigned http_head_status(const http_head *head) {
  return head->status;
}

/* Not by strftime(), whose names depend on the locale. */
void date_line_update(date_line *date, time_t second) {
  static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  struct tm parts;
  char line[80];
  if (date->second == second && date->bytes[0])
    return;
  date->second = second;
  gmtime_r(&second, &parts);
  snprintf(line, sizeof line, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[parts.tm_wday], parts.tm_mday,
           months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  memcpy(date->bytes, line, sizeof date->bytes);
}

static char *put(char *at, const void *bytes, size_t nbytes) {
  memcpy(at, bytes, nbytes);
  return at + nbytes;
}

static char *put_number(char *at, size_t number) {
  char digits[20];
  size_t first = sizeof digits;
  do
    digits[--first] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  return put(at, digits + first, sizeof digits - first);
}

/* There is room for it. */
static char *put_head(char *at, const http_head *head, size_t body_nbytes, response_manner manner,
                      const date_line *date) {
  static const char line_end[] = "\r\n", closes[] = "Connection: close\r\n\r\n",
                    keeps_alive[] = "Connection: keep-alive\r\n\r\n";
  at = put(at, head->bytes, head->nbytes);
  at = put_number(at, body_nbytes);
  at = put(at, line_end, sizeof line_end - 1);
  at = put(at, date->bytes, DATE_LINE_NBYTES);
  if (manner.closes)
    return put(at, closes, sizeof closes - 1);
  if (manner.keeps_alive)
    return put(at, keeps_alive, sizeof keeps_alive - 1);
  return put(at, line_end, sizeof line_end - 1);
}

size_t response_write_head(const http_head *head, size_t body_nbytes, response_manner manner, const date_line *date,
                           char *at) {
  if (head->nbytes + MAX_REST_NBYTES > HTTP_HEAD_ROOM_NBYTES)
    return 0;
  return (size_t)(put_head(at, head, body_nbytes, manner, date) - at);
}

int response_write(const http_answer *answer, response_manner manner, const date_line *date, buffer_pool *pool,
                   http_buffer *output) {
  const http_head *head = answer->head;
  const size_t body_nbytes = manner.omits_body || head->status == 304 ? 0 : answer->body.nbytes;
  char *start = buffer_reserve(pool, output, head->nbytes + MAX_REST_NBYTES + body_nbytes);
  if (!start)
    return -1;
  char *at = put_head(start, head, answer->body.nbytes, manner, date);
  if (body_nbytes > 0)
    at = put(at, answer->body.bytes, body_nbytes);
  output->nbytes += (uint32_t)(at - start);
  return 0;
}
