/*
 * A small HTTP/1.1 server: connections, requests and answers, without knowing what for. It serves one listener in each
 * of its threads, which share nothing that changes but counts. Strict by RFC 9110 and 9112: what two parsers could read
 * in two ways is refused, once, and the connection closed. This header is all that the rest of the program knows of it.
 *
 * Bounds: a head has at most HTTP_MAX_HEAD_NBYTES and HTTP_MAX_FIELDS, a body what its handler allows; answers to
 * pipelined requests wait in at most 16 KiB and one answer a connection, and nothing more is read from it meanwhile; an
 * idle connection has no buffer. Requests that come together are answered for 50 µs at a time, at least one, and then
 * it is the others' turn.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

enum { HTTP_MAX_HEAD_NBYTES = 16 * 1024, HTTP_MAX_FIELDS = 100, HTTP_SENTENCE_SIZE = 512 };

/* RFC 9110, 10.2.4; without a version, which is nobody's business. */
#define HTTP_SERVER_NAME "qrpng-server"

#define HTTP_TYPE_TEXT "text/plain; charset=utf-8"

/* Nanoseconds of a clock that never goes back. */
uint64_t http_clock_ns(void);

/* The methods that anything is answered to; all others are one. */
typedef enum http_method {
  HTTP_METHOD_GET,
  HTTP_METHOD_HEAD,
  HTTP_METHOD_POST,
  HTTP_METHOD_OTHER,
  HTTP_METHOD_COUNT,
} http_method;

typedef struct http_field {
  slice name, value; /* the value without spaces around it */
} http_field;

/* A head, which lives until its handler returns. */
typedef struct http_request {
  http_method method;
  slice target; /* as it was sent: visible ASCII, not empty */
  slice host;   /* of the header Host: valid, may be empty; bytes is NULL if there is none (HTTP/1.0) */
  const http_field *fields;
  size_t field_count;
  bool has_body;
  bool is_chunked;      /* the length of its body is not known before its end */
  uint64_t body_nbytes; /* if it is known */
  bool expects_continue;
  bool keeps_alive; /* the client does not ask for the connection to be closed */
  int minor_version;
} http_request;

/*
 * The value of the next field of that name, from *position on, which is advanced. Start with *position 0. bytes is NULL
 * if there is none (left).
 */
slice http_field_value(const http_request *request, const char *name, size_t *position);

/* Status line and header fields of answers, made once; safe to be used by all threads. */
typedef struct http_head http_head;

typedef struct http_header {
  const char *name, *value;
} http_header;

/* The list of headers ends with a name of NULL. Returns NULL if there is not enough memory. To be freed by free(). */
http_head *http_head_create(unsigned status, const http_header *headers);

/* The head of a sentence that nobody is to keep, with one more header unless its name is NULL; otherwise likewise. */
http_head *http_head_create_text(unsigned status, const char *content_type, http_header extra);

unsigned http_head_status(const http_head *head);

typedef struct http_pending http_pending;

/* The body is copied before the handler is called again. To HEAD, and with 304, only its length is told. */
typedef struct http_answer {
  const http_head *head; /* NULL: it comes later */
  slice body;
  bool closes;                 /* it is the last of its connection */
  const http_pending *pending; /* how that is, where the head was all that is known; copied likewise */
} http_answer;

/* A request that its head is not enough to answer. */
struct http_pending {
  void *state; /* the handler's, until it answers or is told of the end */
  size_t max_body_nbytes;
  http_answer too_large; /* what a chunked body gets that has more */
  bool waits;            /* its body is not read before http_exchange_read() */
};

/* Such a request and its answer, while neither is complete. */
typedef struct http_exchange http_exchange;
enum { HTTP_NOTE_TEXT_SIZE = 56 };

/* What a handler wants to know of a request when its answer has left; the server only keeps it. */
typedef struct http_note {
  uint64_t start_ns;
  uint32_t what;
  uint32_t body_nbytes;
  uint8_t path;
  char text[HTTP_NOTE_TEXT_SIZE];
  uint32_t held_nbytes;
} http_note;

/* Of one thread. */
typedef struct http_handler {
  void *context;
  /* A request with a body that is answered by this is the last of its connection, and the body is never read. */
  http_answer (*answer)(void *context, const http_request *request, http_note *note);
  /* An exchange with that state has begun; it has the request's note from here on. NULL: no answer is ever pending. */
  void (*begin)(void *context, void *state, http_exchange *exchange);
  /* Its body is there: the memory is the handler's from now on, to be freed by free(), or NULL if it is empty. */
  http_answer (*answer_body)(void *context, void *state, char *body, size_t nbytes, http_note *note);
  /* There will be no answer of the handler's: the client has gone, or its body was refused. */
  void (*abandon)(void *context, void *state);
  /*
   * Goes on with what is pending, for a millisecond or so, between two looks at the sockets. Returns after how many
   * milliseconds it wants to be called again at the latest, or -1 if nothing is pending. NULL: as begin.
   */
  int (*work)(void *context, uint64_t now_ms);
  /*
   * After the answer was handed to the kernel, or could not be. Of pipelined answers that leave together, all but the
   * last count as handed over once they are written. NULL: nobody wants to know.
   */
  void (*on_end)(void *context, const http_note *note, bool is_sent);
  /* When the server answers by itself what it can't understand, or what doesn't come in time. NULL likewise. */
  void (*on_refusal)(void *context, unsigned status, size_t body_nbytes);
} http_handler;

/* For handlers: a body that waits is read. Its end may come before this returns. */
void http_exchange_read(http_exchange *exchange);

/* The note of its request, which may be changed as long as it is not over. */
http_note *http_exchange_note(http_exchange *exchange);

/* The pending answer; the exchange is over. */
void http_exchange_answer(http_exchange *exchange, const http_answer *answer);

/*
 * The same without a copy: of memory from malloc(), which is the server's from now on, the body begins after
 * HTTP_HEAD_ROOM_NBYTES.
 */
enum { HTTP_HEAD_ROOM_NBYTES = 1024 };
void http_exchange_give(http_exchange *exchange, const http_head *head, char *memory, size_t body_nbytes);

/* How bytes are read and sent: see the files loop_*.c. */
typedef enum http_io { HTTP_IO_EPOLL, HTTP_IO_URING } http_io;

/* Whether this build has it, and the kernel lets it be used. */
bool http_io_is_available(http_io io);

typedef struct http_options {
  http_io io;
  const int *listeners;   /* non-blocking; one for each thread. They are closed by the server. */
  http_handler *handlers; /* likewise */
  int threads;
  bool shares_listener;           /* the listeners are one socket: the threads see to fair shares */
  bool keeps_listener;            /* somebody else goes on with it: what waits there is left to them */
  int max_connections;            /* of all threads together; each has an equal share, further connections wait */
  int max_connections_per_client; /* further ones are closed at once; 0: any number. Of Unix sockets all are welcome. */
  int request_timeout_ms;         /* from the first byte of a request to its last */
  int idle_timeout_ms;            /* without a byte of a request */
  int send_timeout_ms;            /* for a client to take what is to be sent */
  int drain_timeout_ms;
} http_options;

typedef struct http_server http_server;

/* Copies the options, not what they point to. Returns NULL if there is not enough memory. */
http_server *http_server_create(const http_options *options);

/*
 * Starts the threads, with the calling thread's mask of signals. Returns 0, or -1 if one can't be started; those that
 * run are to be drained then.
 */
int http_server_start(http_server *server);

/* Connections that are open. */
const atomic_size_t *http_server_connection_count(const http_server *server);

/*
 * Takes no more connections, answers what has been received in full, and ends the threads: at the latest when the drain
 * timeout is over. Returns how many requests were still under way then.
 */
size_t http_server_drain(http_server *server);

/* After http_server_drain(), or if it was never to be started. */
void http_server_destroy(http_server *server);

/* Its version, such as 8.1.0. */
const char *http_parser_version(void);

#endif
