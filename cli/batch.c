#include "batch.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "batch_folder.h"
#include "batch_list.h"
#include "batch_name.h"
#include "batch_progress.h"
#include "complain.h"

enum { REDRAW_MS = 200 };

typedef struct batch_run {
  const cli_arguments *arguments;
  batch_list list;
  int folder;
  batch_progress progress;
  int stop_event, end_event; /* can be read once the threads are to stop, and once the last has ended */
  atomic_bool is_stopping, has_failed;
  atomic_int running;
  _Atomic uint64_t written, kept, refused;
} batch_run;

typedef struct batch_worker {
  batch_run *batch;
  int index;
  pthread_t thread;
  qrpng_encoder *encoder;
  batch_portion portion;
} batch_worker;

static void raise_event(int event) {
  const uint64_t one = 1;
  ssize_t written = write(event, &one, sizeof one);
  (void)written; /* it fails only where the event stands already */
}

static void stop(batch_run *batch) {
  atomic_store(&batch->is_stopping, true);
  raise_event(batch->stop_event);
}

static void complain_of_text(batch_run *batch, const batch_text *text, const char *sentence) {
  const char *what = batch->arguments->is_nul_separated ? "text" : "line";
  progress_complain(&batch->progress, what, text->number, sentence);
}

static void refuse_text(batch_run *batch, const batch_text *text, const char *sentence) {
  atomic_fetch_add(&batch->refused, 1);
  complain_of_text(batch, text, sentence);
}

/* All threads may meet the same full disk: the first says so. */
static void fail_at_text(batch_run *batch, const batch_text *text, const char *sentence) {
  if (!atomic_exchange(&batch->has_failed, true))
    complain_of_text(batch, text, sentence);
  stop(batch);
}

static bool is_fault_of_name(int error) {
  return error == EISDIR || error == ENAMETOOLONG || error == EILSEQ;
}

static void write_file(batch_worker *worker, const batch_text *text, const uint8_t *bytes, size_t nbytes) {
  batch_run *batch = worker->batch;
  char name[NAME_MAX + 1], sentence[COMPLAINT_SIZE];
  const size_t name_nbytes = format_name(batch->arguments->name_pattern, text, name);
  if (name_nbytes > NAME_MAX) {
    snprintf(sentence, sizeof sentence, "The file's name would have %zu bytes: at most %d are allowed.", name_nbytes,
             NAME_MAX);
    refuse_text(batch, text, sentence);
    return;
  }
  switch (folder_write(batch->folder, worker->index, name, bytes, nbytes)) {
  case FOLDER_WRITTEN:
    atomic_fetch_add(&batch->written, 1);
    return;
  case FOLDER_KEPT:
    atomic_fetch_add(&batch->kept, 1);
    return;
  case FOLDER_FAILED:
    snprintf(sentence, sizeof sentence, "%s can't be written: %s.", name, strerror(errno));
    if (is_fault_of_name(errno))
      refuse_text(batch, text, sentence);
    else
      fail_at_text(batch, text, sentence);
  }
}

static void make_code(batch_worker *worker, const batch_text *text) {
  batch_run *batch = worker->batch;
  qrpng_segment whole;
  const qrpng_options options = options_for_text(batch->arguments, text->nbytes, &whole);
  const uint8_t *output;
  size_t output_nbytes;
  qrpng_status status = qrpng_encode(worker->encoder, text->bytes, text->nbytes, &options, &output, &output_nbytes);
  if (status == QRPNG_OK) {
    write_file(worker, text, output, output_nbytes);
    return;
  }
  char sentence[COMPLAINT_SIZE];
  describe_call(sentence, worker->encoder, status);
  if (exit_code_of(status) == EXIT_TEXT)
    refuse_text(batch, text, sentence);
  else
    fail_at_text(batch, text, sentence);
}

static void *work(void *argument) {
  batch_worker *worker = argument;
  batch_run *batch = worker->batch;
  while (!atomic_load(&batch->is_stopping) && list_take(&batch->list, &worker->portion))
    for (size_t i = 0; i < worker->portion.count && !atomic_load(&batch->is_stopping); i++)
      make_code(worker, &worker->portion.texts[i]);
  if (atomic_fetch_sub(&batch->running, 1) == 1)
    raise_event(batch->end_event);
  return NULL;
}

static batch_counts count(batch_run *batch) {
  return (batch_counts){.written = batch->written, .kept = batch->kept, .refused = batch->refused};
}

static void draw_progress(batch_run *batch) {
  const uint64_t all = batch->list.file_nbytes, taken = batch->list.taken_nbytes;
  const batch_counts counts = count(batch);
  progress_draw(&batch->progress, &counts, all == 0 ? -1 : taken < all ? (double)taken / (double)all : 1);
}

/* Waits for the end of all threads. Returns the signal that came before, or 0. */
static int watch(batch_run *batch, int signal_file) {
  struct pollfd events[] = {{.fd = batch->end_event, .events = POLLIN}, {.fd = signal_file, .events = POLLIN}};
  int signal_number = 0;
  while (!(events[0].revents & POLLIN)) {
    const int ready = poll(events, 2, REDRAW_MS);
    struct signalfd_siginfo signal;
    if (ready > 0 && (events[1].revents & POLLIN) && read(signal_file, &signal, sizeof signal) == sizeof signal) {
      signal_number = (int)signal.ssi_signo;
      stop(batch);
    }
    if (ready == 0)
      draw_progress(batch);
  }
  return signal_number;
}

/* Those that would end the process. Who has them ignored, such as nohup, means it. */
static sigset_t ending_signals(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    struct sigaction action;
    if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&set, signals[i]);
  }
  return set;
}

static void destroy_workers(batch_worker *workers, int count) {
  for (int i = 0; i < count; i++)
    qrpng_encoder_destroy(workers[i].encoder);
  free(workers);
}

/* NULL: out of memory. */
static batch_worker *create_workers(batch_run *batch, int count) {
  batch_worker *workers = calloc((size_t)count, sizeof *workers);
  for (int i = 0; workers && i < count; i++) {
    workers[i].batch = batch;
    workers[i].index = i;
    if (qrpng_encoder_create(&workers[i].encoder) != QRPNG_OK) {
      destroy_workers(workers, i);
      return NULL;
    }
  }
  return workers;
}

/* Fewer threads than asked for do as well. Returns how many there are. */
static int start_workers(batch_run *batch, batch_worker *workers) {
  const int wanted = batch->arguments->threads;
  atomic_store(&batch->running, wanted);
  int started = 0;
  while (started < wanted && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
    started++;
  if (started < wanted && atomic_fetch_sub(&batch->running, wanted - started) == wanted - started)
    raise_event(batch->end_event);
  return started;
}

/* Returns the signal that cut it short, or 0. */
static int run_workers(batch_run *batch, batch_worker *workers) {
  sigset_t before, signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  const int signal_file = signalfd(-1, &signals, SFD_CLOEXEC);
  const int started = start_workers(batch, workers);
  if (started == 0) {
    complain(EXIT_SYSTEM, "No thread can be started.");
    batch->has_failed = true;
  }
  const int signal_number = watch(batch, signal_file);
  for (int i = 0; i < started; i++)
    pthread_join(workers[i].thread, NULL);
  close(signal_file);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return signal_number;
}

static int complain_of_list(const char *path, int error) {
  const char *name = strcmp(path, "-") == 0 ? "Standard input" : path;
  return complain(EXIT_SYSTEM, "%.300s can't be read: %s.", name, strerror(error));
}

/* Returns the exit code. */
static int tell_end(batch_run *batch, int signal_number) {
  const batch_counts counts = count(batch);
  progress_end(&batch->progress, &counts);
  if (signal_number) {
    complain(EXIT_SYSTEM, "Interrupted. Run it again for the rest.");
    raise(signal_number);
  }
  if (batch->has_failed)
    return EXIT_SYSTEM;
  if (batch->list.error)
    return complain_of_list(batch->arguments->batch_path, batch->list.error);
  if (counts.refused == 0)
    return EXIT_OK;
  return complain(EXIT_TEXT, "%" PRIu64 " of %" PRIu64 " texts have no code: see above.", counts.refused,
                  counts.refused + counts.written + counts.kept);
}

static int run_in_folder(batch_run *batch) {
  batch_worker *workers = create_workers(batch, batch->arguments->threads);
  if (!workers)
    return complain(EXIT_SYSTEM, "There is not enough memory for %d threads.", batch->arguments->threads);
  progress_begin(&batch->progress);
  const int signal_number = run_workers(batch, workers);
  destroy_workers(workers, batch->arguments->threads);
  return tell_end(batch, signal_number);
}

static int run_with_list(batch_run *batch) {
  const char *path = batch->arguments->folder_path, *reason = folder_open(path, &batch->folder);
  if (reason)
    return complain(EXIT_SYSTEM, "%.300s can't be used: %s.", path, reason);
  int exit_code = run_in_folder(batch);
  folder_close(batch->folder);
  return exit_code;
}

int run_batch(const cli_arguments *arguments) {
  batch_run batch = {
      .arguments = arguments,
      .stop_event = eventfd(0, EFD_CLOEXEC),
      .end_event = eventfd(0, EFD_CLOEXEC),
  };
  int exit_code;
  if (batch.stop_event < 0 || batch.end_event < 0 ||
      list_open(&batch.list, arguments->batch_path, arguments->is_nul_separated, batch.stop_event) != 0) {
    exit_code = complain_of_list(arguments->batch_path, errno);
  } else {
    exit_code = run_with_list(&batch);
    list_close(&batch.list);
  }
  close(batch.stop_event);
  close(batch.end_event);
  return exit_code;
}
