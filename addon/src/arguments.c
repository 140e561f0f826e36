#include <string.h>

#include "addon.h"

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

const char *read_call(napi_env env, napi_callback_info info, encode_call *call) {
  enum { TEXT, LEVEL, WIDTH, SCALE, MARGIN, ENGINE, VERSION, MASK, ARGUMENT_COUNT };
  napi_value arguments[ARGUMENT_COUNT];
  size_t argument_count = ARGUMENT_COUNT;
  int32_t numbers[ARGUMENT_COUNT] = {0};
  napi_get_cb_info(env, info, &argument_count, arguments, NULL, NULL);
  for (int i = LEVEL; i < ARGUMENT_COUNT; i++)
    if (napi_get_value_int32(env, arguments[i], &numbers[i]) != napi_ok)
      return "The options must be numbers.";

  napi_valuetype type;
  if (napi_typeof(env, arguments[TEXT], &type) != napi_ok)
    return "There is no text.";
  if ((type == napi_string ? read_string : read_bytes)(env, arguments[TEXT], call) != napi_ok)
    return "The text must be a string or a Uint8Array.";

  call->options = qrpng_default_options();
  call->options.ecl = (qrpng_level)numbers[LEVEL];
  call->options.width = numbers[WIDTH];
  call->options.scale = numbers[SCALE];
  call->options.margin = numbers[MARGIN];
  call->options.engine = numbers[ENGINE] < 0 ? "" : qrpng_engine_name((size_t)numbers[ENGINE]);
  call->options.version = numbers[VERSION];
  call->options.mask = numbers[MASK];
  return NULL;
}
