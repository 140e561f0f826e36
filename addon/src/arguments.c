#include <stdlib.h>
#include <string.h>

#include "addon.h"

/* As lib/options.cjs writes them. */
enum {
  LEVEL,
  WIDTH,
  SCALE,
  MARGIN,
  ENGINE,
  VERSION,
  MASK,
  FORMAT,
  DARK,
  LIGHT,
  IS_INVERTED,
  MASK_RULE,
  DPI,
  EFFORT,
  OPTION_COUNT
};

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

/* Copies, since another thread may write to the memory of a SharedArrayBuffer meanwhile. */
static napi_status read_bytes(napi_env env, napi_value value, uint8_t *text, size_t *text_nbytes) {
  napi_typedarray_type type;
  void *bytes;
  size_t nbytes;
  napi_status status = napi_get_typedarray_info(env, value, &type, &nbytes, &bytes, NULL, NULL);
  if (status != napi_ok || type != napi_uint8_array)
    return napi_invalid_arg;
  *text_nbytes = nbytes < TEXT_MAX_NBYTES ? nbytes : TEXT_MAX_NBYTES;
  if (*text_nbytes > 0)
    memcpy(text, bytes, *text_nbytes);
  return napi_ok;
}

napi_status read_text(napi_env env, napi_value value, uint8_t *text, size_t *text_nbytes) {
  napi_status status = napi_get_value_string_utf8(env, value, (char *)text, TEXT_ROOM_NBYTES, text_nbytes);
  return status == napi_string_expected ? read_bytes(env, value, text, text_nbytes) : status;
}

napi_status read_segments(napi_env env, napi_value value, qrpng_segment **segments, size_t *segment_count) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  *segments = NULL;
  *segment_count = 0;
  if (!value)
    return napi_ok;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_int32_array)
    return napi_ok;
  const int32_t *numbers = data;
  size_t count = length / 2;
  /* One that malloc() may not refuse: NULL would be no segments. */
  *segments = malloc((count + 1) * sizeof **segments);
  if (!*segments)
    return napi_generic_failure;
  for (size_t i = 0; i < count; i++)
    (*segments)[i] = (qrpng_segment){.mode = (qrpng_mode)numbers[2 * i], .nbytes = (size_t)numbers[2 * i + 1]};
  *segment_count = count;
  return napi_ok;
}

qrpng_options read_options(const addon_instance *instance) {
  const double *numbers = instance->options;
  qrpng_options options = qrpng_default_options();
  options.ecl = (qrpng_level)(int)numbers[LEVEL];
  options.width = (int)numbers[WIDTH];
  options.scale = (int)numbers[SCALE];
  options.margin = numbers[MARGIN];
  options.engine = numbers[ENGINE] < 0 ? "" : qrpng_engine_name((size_t)numbers[ENGINE]);
  options.version = (int)numbers[VERSION];
  options.mask = (int)numbers[MASK];
  options.mask_rule = (qrpng_mask_rule)(int)numbers[MASK_RULE];
  options.format = (qrpng_format)(int)numbers[FORMAT];
  options.dark = (uint32_t)numbers[DARK];
  options.light = (uint32_t)numbers[LIGHT];
  options.is_inverted = (int)numbers[IS_INVERTED];
  options.dpi = (int)numbers[DPI];
  options.effort = (int)numbers[EFFORT];
  return options;
}
