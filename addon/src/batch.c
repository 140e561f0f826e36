/* encodeBatch: many texts on a thread of libuv's pool. */
#include <stdlib.h>
#include <string.h>

#include "addon.h"

typedef struct batch_text {
  size_t start, nbytes; /* in the batch's bytes */
  qrpng_segment *segments;
  size_t segment_count;
} batch_text;

typedef struct growing_bytes {
  uint8_t *data;
  size_t nbytes, room;
} growing_bytes;

typedef struct batch_job {
  addon_instance *instance;
  napi_deferred deferred;
  napi_async_work work;
  qrpng_options options;
  growing_bytes bytes;  /* the texts, one after the other */
  growing_bytes images; /* a copy: the encoder serves the next text before these are handed over */
  uint32_t *ends;
  qrpng_status status;
  uint32_t failed_index; /* of the text that status and message are about */
  char message[256];
  uint32_t count;
  batch_text texts[];
} batch_job;

/* Makes room for so many bytes more. Returns 0 if there is not enough memory. */
static int reserve(growing_bytes *bytes, size_t more_nbytes) {
  if (more_nbytes <= bytes->room - bytes->nbytes)
    return 1;
  size_t room = 2 * bytes->room + more_nbytes;
  uint8_t *data = realloc(bytes->data, room);
  if (!data)
    return 0;
  bytes->data = data;
  bytes->room = room;
  return 1;
}

static qrpng_status encode_text(batch_job *job, uint32_t index, qrpng_encoder *encoder) {
  const batch_text *text = &job->texts[index];
  qrpng_options options = job->options;
  options.segments = text->segments;
  options.segment_count = text->segment_count;
  const uint8_t *image;
  size_t image_nbytes;
  qrpng_status status =
      qrpng_encode(encoder, job->bytes.data + text->start, text->nbytes, &options, &image, &image_nbytes);
  if (status != QRPNG_OK) {
    strncpy(job->message, qrpng_error_message(encoder), sizeof job->message - 1);
    return status;
  }
  if (!reserve(&job->images, image_nbytes))
    return QRPNG_OUT_OF_MEMORY;
  memcpy(job->images.data + job->images.nbytes, image, image_nbytes);
  job->images.nbytes += image_nbytes;
  job->ends[index] = (uint32_t)job->images.nbytes;
  return QRPNG_OK;
}

/* Runs on a thread of libuv's pool. */
static void execute(napi_env env, void *data) {
  (void)env;
  batch_job *job = data;
  qrpng_encoder *encoder = pool_take(&job->instance->pool);
  if (!encoder) {
    job->status = QRPNG_OUT_OF_MEMORY;
    return;
  }
  for (uint32_t i = 0; i < job->count && job->status == QRPNG_OK; i++) {
    job->failed_index = i;
    job->status = encode_text(job, i, encoder);
  }
  pool_give_back(&job->instance->pool, encoder);
}

static void free_job(napi_env env, batch_job *job) {
  if (job->work)
    napi_delete_async_work(env, job->work);
  for (uint32_t i = 0; i < job->count; i++)
    free(job->texts[i].segments);
  free(job->bytes.data);
  free(job->images.data);
  free(job->ends);
  free(job);
}

/* NULL if there is not enough memory. */
static napi_value make_result(napi_env env, const batch_job *job) {
  napi_value images, ends_buffer, ends, result;
  void *data;
  size_t ends_nbytes = job->count * sizeof *job->ends;
  if (napi_create_buffer_copy(env, job->images.nbytes, job->images.data, NULL, &images) != napi_ok ||
      napi_create_arraybuffer(env, ends_nbytes, &data, &ends_buffer) != napi_ok ||
      napi_create_typedarray(env, napi_uint32_array, job->count, ends_buffer, 0, &ends) != napi_ok ||
      napi_create_object(env, &result) != napi_ok)
    return NULL;
  memcpy(data, job->ends, ends_nbytes);
  napi_set_named_property(env, result, "bytes", images);
  napi_set_named_property(env, result, "ends", ends);
  return result;
}

static napi_value make_batch_error(napi_env env, const batch_job *job) {
  qrpng_status status = job->status == QRPNG_OK ? QRPNG_OUT_OF_MEMORY : job->status;
  napi_value index, error = make_error(env, status, job->message[0] ? job->message : qrpng_status_message(status));
  if (napi_create_uint32(env, job->failed_index, &index) == napi_ok)
    napi_set_named_property(env, error, "index", index);
  return error;
}

/* Runs on the environment's thread; napi_cancelled: it is being torn down, and nobody waits for the promise. */
static void complete(napi_env env, napi_status work_status, void *data) {
  batch_job *job = data;
  if (work_status == napi_ok) {
    napi_value result = job->status == QRPNG_OK ? make_result(env, job) : NULL;
    if (result)
      napi_resolve_deferred(env, job->deferred, result);
    else
      napi_reject_deferred(env, job->deferred, make_batch_error(env, job));
  }
  free_job(env, job);
}

/* Copies a text with its segments, if it has some. */
static napi_status add_text(napi_env env, batch_job *job, napi_value texts, napi_value segments, uint32_t index) {
  batch_text *text = &job->texts[index];
  napi_value value;
  if (!reserve(&job->bytes, TEXT_ROOM_NBYTES))
    return napi_generic_failure;
  text->start = job->bytes.nbytes;
  napi_status status = napi_get_element(env, texts, index, &value);
  if (status == napi_ok)
    status = read_text(env, value, job->bytes.data + text->start, &text->nbytes);
  if (status != napi_ok)
    return status;
  job->bytes.nbytes += text->nbytes;
  napi_valuetype type;
  if (napi_typeof(env, segments, &type) != napi_ok || type != napi_object || text->nbytes >= TEXT_MAX_NBYTES)
    return napi_ok;
  status = napi_get_element(env, segments, index, &value);
  return status == napi_ok ? read_segments(env, value, &text->segments, &text->segment_count) : status;
}

static batch_job *create_job(napi_env env, napi_value texts, napi_value segments) {
  uint32_t count;
  if (napi_get_array_length(env, texts, &count) != napi_ok)
    return NULL;
  batch_job *job = calloc(1, sizeof *job + count * sizeof *job->texts);
  if (!job)
    return NULL;
  job->count = count;
  job->ends = calloc(count + 1, sizeof *job->ends);
  int is_whole = job->ends != NULL;
  for (uint32_t i = 0; i < count && is_whole; i++)
    is_whole = add_text(env, job, texts, segments, i) == napi_ok;
  if (is_whole)
    return job;
  free_job(env, job);
  return NULL;
}

static napi_status queue(napi_env env, batch_job *job, napi_value *promise) {
  napi_value name;
  napi_status status = napi_create_string_utf8(env, "qrpng", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok)
    status = napi_create_async_work(env, NULL, name, execute, complete, job, &job->work);
  if (status == napi_ok)
    status = napi_create_promise(env, &job->deferred, promise);
  if (status == napi_ok)
    status = napi_queue_async_work(env, job->work);
  return status;
}

napi_value encode_batch(napi_env env, napi_callback_info info) {
  enum { TEXTS, SEGMENTS, ARGUMENT_COUNT };
  napi_value arguments[ARGUMENT_COUNT], promise = NULL;
  size_t argument_count = ARGUMENT_COUNT;
  addon_instance *instance;
  napi_get_cb_info(env, info, &argument_count, arguments, NULL, NULL);
  napi_get_instance_data(env, (void **)&instance);
  batch_job *job = create_job(env, arguments[TEXTS], arguments[SEGMENTS]);
  if (!job) {
    napi_throw(env, make_error(env, QRPNG_OUT_OF_MEMORY, qrpng_status_message(QRPNG_OUT_OF_MEMORY)));
    return NULL;
  }
  job->instance = instance;
  job->options = read_options(instance);
  if (queue(env, job, &promise) == napi_ok)
    return promise;
  free_job(env, job);
  napi_throw_error(env, "ERR_QRPNG_INTERNAL", "The batch could not be handed to the thread pool.");
  return NULL;
}
