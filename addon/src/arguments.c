#include <string.h>

#include "addon.h"

/* As lib/options.cjs writes them. */
enum { LEVEL, WIDTH, SCALE, MARGIN, ENGINE, VERSION, MASK, OPTION_COUNT };

napi_value bind_options(napi_env env, napi_callback_info info) {
  addon_instance *instance;
  napi_value options;
  size_t argument_count = 1, length;
  napi_typedarray_type type;
  void *numbers;
  napi_ref kept;
  napi_get_instance_data(env, (void **)&instance);
  napi_get_cb_info(env, info, &argument_count, &options, NULL, NULL);
  if (napi_get_typedarray_info(env, options, &type, &length, &numbers, NULL, NULL) == napi_ok &&
      type == napi_float64_array && length >= OPTION_COUNT && napi_create_reference(env, options, 1, &kept) == napi_ok)
    instance->options = numbers;
  else
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The options must be a Float64Array of the right length.");
  return NULL;
}

/* A lone surrogate becomes U+FFFD. What is longer than any QR code holds is cut, but never below TEXT_MAX_NBYTES. */
static napi_status read_string(napi_env env, napi_value value, encode_call *call) {
  return napi_get_value_string_utf8(env, value, (char *)call->text, sizeof call->text, &call->text_nbytes);
}

/* Copies, since another thread may write to the memory of a SharedArrayBuffer meanwhile. */
static napi_status read_bytes(napi_env env, napi_value value, encode_call *call) {
  napi_typedarray_type type;
  void *bytes;
  size_t nbytes;
  napi_status status = napi_get_typedarray_info(env, value, &type, &nbytes, &bytes, NULL, NULL);
  if (status != napi_ok || type != napi_uint8_array)
    return napi_invalid_arg;
  call->text_nbytes = nbytes < TEXT_MAX_NBYTES ? nbytes : TEXT_MAX_NBYTES;
  if (call->text_nbytes > 0)
    memcpy(call->text, bytes, call->text_nbytes);
  return napi_ok;
}

static qrpng_options read_options(const double *numbers) {
  qrpng_options options = qrpng_default_options();
  options.ecl = (qrpng_level)(int)numbers[LEVEL];
  options.width = (int)numbers[WIDTH];
  options.scale = (int)numbers[SCALE];
  options.margin = (int)numbers[MARGIN];
  options.engine = numbers[ENGINE] < 0 ? "" : qrpng_engine_name((size_t)numbers[ENGINE]);
  options.version = (int)numbers[VERSION];
  options.mask = (int)numbers[MASK];
  return options;
}

const char *read_call(napi_env env, const addon_instance *instance, napi_value text, encode_call *call) {
  if (!instance->options)
    return "The options must be bound first.";
  napi_status status = read_string(env, text, call);
  if (status == napi_string_expected)
    status = read_bytes(env, text, call);
  if (status != napi_ok)
    return "The text must be a string or a Uint8Array.";
  call->options = read_options(instance->options);
  return NULL;
}
