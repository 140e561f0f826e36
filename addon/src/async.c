/* toBuffer: the same call on libuv's thread pool. */
#include <stdlib.h>
#include <string.h>

#include "addon.h"

typedef struct encode_job {
  encode_call call;
  addon_instance *instance;
  napi_deferred deferred;
  napi_async_work work;
  qrpng_status status;
  char message[256];
  uint8_t *png; /* a copy: the encoder serves the next call before this one is handed over */
  size_t png_nbytes;
} encode_job;

static encoder_list *take_encoder(addon_instance *instance) {
  pthread_mutex_lock(&instance->idle_mutex);
  encoder_list *item = instance->idle;
  if (item)
    instance->idle = item->next;
  pthread_mutex_unlock(&instance->idle_mutex);
  if (item)
    return item;

  item = calloc(1, sizeof *item);
  if (item && qrpng_encoder_create(&item->encoder) != QRPNG_OK) {
    free(item);
    item = NULL;
  }
  return item;
}

static void give_encoder_back(addon_instance *instance, encoder_list *item) {
  pthread_mutex_lock(&instance->idle_mutex);
  item->next = instance->idle;
  instance->idle = item;
  pthread_mutex_unlock(&instance->idle_mutex);
}

static void encode(encode_job *job, qrpng_encoder *encoder) {
  const uint8_t *png;
  job->status =
      qrpng_encode(encoder, job->call.text, job->call.text_nbytes, &job->call.options, &png, &job->png_nbytes);
  if (job->status == QRPNG_OK) {
    job->png = malloc(job->png_nbytes);
    if (job->png)
      memcpy(job->png, png, job->png_nbytes);
    else
      job->status = QRPNG_OUT_OF_MEMORY;
  }
  if (job->status != QRPNG_OK)
    strncpy(job->message, qrpng_error_message(encoder), sizeof job->message - 1);
}

/* Runs on a thread of libuv's pool. */
static void execute(napi_env env, void *data) {
  (void)env;
  encode_job *job = data;
  encoder_list *item = take_encoder(job->instance);
  if (!item) {
    job->status = QRPNG_OUT_OF_MEMORY;
    return;
  }
  encode(job, item->encoder);
  give_encoder_back(job->instance, item);
}

static void free_job(napi_env env, encode_job *job) {
  if (job->work)
    napi_delete_async_work(env, job->work);
  free(job->png);
  free(job);
}

/* Runs on the environment's thread; napi_cancelled: it is being torn down, and nobody waits for the promise. */
static void complete(napi_env env, napi_status work_status, void *data) {
  encode_job *job = data;
  if (work_status == napi_ok) {
    napi_value result = NULL;
    if (job->status == QRPNG_OK)
      napi_create_buffer_copy(env, job->png_nbytes, job->png, NULL, &result);
    if (result)
      napi_resolve_deferred(env, job->deferred, result);
    else
      napi_reject_deferred(env, job->deferred,
                           make_error(env, job->status == QRPNG_OK ? QRPNG_OUT_OF_MEMORY : job->status,
                                      job->message[0] ? job->message : qrpng_status_message(QRPNG_OUT_OF_MEMORY)));
  }
  free_job(env, job);
}

static napi_status queue(napi_env env, encode_job *job, napi_value *promise) {
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

napi_value encode_async(napi_env env, napi_callback_info info) {
  encode_job *job = calloc(1, sizeof *job);
  if (!job) {
    napi_throw_error(env, "ERR_QRPNG_OUT_OF_MEMORY", qrpng_status_message(QRPNG_OUT_OF_MEMORY));
    return NULL;
  }
  napi_value text;
  size_t argument_count = 1;
  napi_get_cb_info(env, info, &argument_count, &text, NULL, NULL);
  napi_get_instance_data(env, (void **)&job->instance);
  const char *complaint = read_call(env, job->instance, text, &job->call);
  napi_value promise = NULL;
  if (complaint)
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", complaint);
  else if (queue(env, job, &promise) == napi_ok)
    return promise;
  else
    napi_throw_error(env, "ERR_QRPNG_INTERNAL", "The call could not be handed to the thread pool.");
  free_job(env, job);
  return NULL;
}
