/* The calls that are done at once, with the encoder of the environment. */
#include <stdlib.h>
#include <string.h>

#include "addon.h"

enum { MAX_ARGUMENT_COUNT = 4 };

/* Reads text and segments of a call. Returns 0 if it threw. */
static int read_call(napi_env env, const addon_instance *instance, napi_value text, napi_value segments,
                     encode_call *call) {
  if (!instance->options || read_text(env, text, call->text, &call->text_nbytes) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "The text must be a string or a Uint8Array.");
    return 0;
  }
  call->options = read_options(instance);
  if (read_segments(env, segments, &call->segments, &call->options.segment_count) != napi_ok) {
    napi_throw(env, make_error(env, QRPNG_OUT_OF_MEMORY, qrpng_status_message(QRPNG_OUT_OF_MEMORY)));
    return 0;
  }
  /* Segments of a text that was cut cover more than is left: it is too long. */
  call->options.segments = call->text_nbytes < TEXT_MAX_NBYTES ? call->segments : NULL;
  return 1;
}

static void throw_status(napi_env env, const addon_instance *instance, qrpng_status status) {
  napi_throw(env, make_error(env, status, qrpng_error_message(instance->encoder)));
}

/* Reads a call and encodes into the instance. Returns 0 if it threw. */
static int encode(napi_env env, addon_instance *instance, napi_value text, napi_value segments, napi_value title) {
  encode_call call;
  char title_text[QRPNG_MAX_TITLE_NBYTES + 8]; /* what is longer is cut to something that is too long */
  if (!read_call(env, instance, text, segments, &call))
    return 0;
  if (title &&
      napi_get_value_string_utf8(env, title, title_text, sizeof title_text, &call.options.title_nbytes) == napi_ok)
    call.options.title = title_text;
  qrpng_status status = qrpng_encode(instance->encoder, call.text, call.text_nbytes, &call.options, &instance->output,
                                     &instance->output_nbytes);
  free(call.segments);
  if (status != QRPNG_OK)
    throw_status(env, instance, status);
  return status == QRPNG_OK;
}

/* Copies the last image to a Buffer from an offset on, if there is room. */
static void copy_last_output(napi_env env, const addon_instance *instance, napi_value target, size_t offset) {
  void *bytes;
  size_t room;
  if (instance->output && napi_get_buffer_info(env, target, &bytes, &room) == napi_ok && offset <= room &&
      instance->output_nbytes <= room - offset)
    memcpy((uint8_t *)bytes + offset, instance->output, instance->output_nbytes);
}

/* Those that are not given are NULL. */
static addon_instance *read_arguments(napi_env env, napi_callback_info info, napi_value *arguments) {
  addon_instance *instance;
  size_t argument_count = MAX_ARGUMENT_COUNT;
  napi_get_cb_info(env, info, &argument_count, arguments, NULL, NULL);
  napi_get_instance_data(env, (void **)&instance);
  for (size_t i = argument_count; i < MAX_ARGUMENT_COUNT; i++)
    arguments[i] = NULL;
  return instance;
}

napi_value encode_sync(napi_env env, napi_callback_info info) {
  enum { TEXT, POOL, OFFSET, SEGMENTS };
  napi_value arguments[MAX_ARGUMENT_COUNT], length = NULL;
  addon_instance *instance = read_arguments(env, info, arguments);
  if (!encode(env, instance, arguments[TEXT], arguments[SEGMENTS], NULL))
    return NULL;
  uint32_t offset;
  if (napi_get_value_uint32(env, arguments[OFFSET], &offset) == napi_ok)
    copy_last_output(env, instance, arguments[POOL], offset);
  napi_create_uint32(env, (uint32_t)instance->output_nbytes, &length);
  return length;
}

napi_value copy_output(napi_env env, napi_callback_info info) {
  napi_value arguments[MAX_ARGUMENT_COUNT];
  addon_instance *instance = read_arguments(env, info, arguments);
  copy_last_output(env, instance, arguments[0], 0);
  return NULL;
}

/* Decodes UTF-8 as the core writes it. Returns how many units of UTF-16 it is, at most one for each byte. */
static size_t decode_utf8(const uint8_t *bytes, size_t nbytes, char16_t *units) {
  size_t count = 0;
  for (size_t i = 0; i < nbytes;) {
    uint32_t first = bytes[i++];
    size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = more ? first & (0x3Fu >> more) : first;
    for (; more > 0 && i < nbytes; more--)
      code = code << 6 | (bytes[i++] & 0x3F);
    if (code >= 0x10000) {
      units[count++] = (char16_t)(0xD7C0 + (code >> 10));
      code = 0xDC00 | (code & 0x3FF);
    }
    units[count++] = (char16_t)code;
  }
  return count;
}

static int is_ascii(const uint8_t *bytes, size_t nbytes) {
  uint8_t all = 0;
  for (size_t i = 0; i < nbytes; i++)
    all |= bytes[i];
  return all < 0x80;
}

/* Several times as fast as napi_create_string_utf8(). NULL if there is not enough memory. */
static napi_value make_string(napi_env env, const uint8_t *bytes, size_t nbytes) {
  napi_value string = NULL;
  if (is_ascii(bytes, nbytes)) {
    napi_create_string_latin1(env, (const char *)bytes, nbytes, &string);
    return string;
  }
  char16_t *units = malloc(nbytes * sizeof *units);
  if (units)
    napi_create_string_utf16(env, units, decode_utf8(bytes, nbytes, units), &string);
  free(units);
  return string;
}

static void throw_out_of_memory(napi_env env) {
  napi_throw(env, make_error(env, QRPNG_OUT_OF_MEMORY, qrpng_status_message(QRPNG_OUT_OF_MEMORY)));
}

napi_value encode_to_string(napi_env env, napi_callback_info info) {
  enum { TEXT, SEGMENTS, TITLE };
  napi_value arguments[MAX_ARGUMENT_COUNT];
  addon_instance *instance = read_arguments(env, info, arguments);
  if (!encode(env, instance, arguments[TEXT], arguments[SEGMENTS], arguments[TITLE]))
    return NULL;
  napi_value string = make_string(env, instance->output, instance->output_nbytes);
  if (!string)
    throw_out_of_memory(env);
  return string;
}

/* Returns the end. RFC 4648, 4. */
static char *put_base64(char *next, const uint8_t *bytes, size_t nbytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < nbytes; i += 3) {
    size_t left = nbytes - i;
    uint32_t group =
        (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    *next++ = digits[group >> 18];
    *next++ = digits[group >> 12 & 63];
    *next++ = left > 1 ? digits[group >> 6 & 63] : '=';
    *next++ = left > 2 ? digits[group & 63] : '=';
  }
  return next;
}

napi_value encode_to_data_url(napi_env env, napi_callback_info info) {
  enum { TEXT, SEGMENTS };
  static const char prefix[] = "data:image/png;base64,";
  enum { PREFIX_NBYTES = sizeof prefix - 1 };
  napi_value arguments[MAX_ARGUMENT_COUNT], string = NULL;
  addon_instance *instance = read_arguments(env, info, arguments);
  if (!encode(env, instance, arguments[TEXT], arguments[SEGMENTS], NULL))
    return NULL;
  char small[4096], *url = small;
  size_t url_nbytes = PREFIX_NBYTES + (instance->output_nbytes + 2) / 3 * 4;
  if (url_nbytes > sizeof small && !(url = malloc(url_nbytes))) {
    throw_out_of_memory(env);
    return NULL;
  }
  memcpy(url, prefix, PREFIX_NBYTES);
  put_base64(url + PREFIX_NBYTES, instance->output, instance->output_nbytes);
  napi_create_string_latin1(env, url, url_nbytes, &string);
  if (url != small)
    free(url);
  return string;
}

static void set_number(napi_env env, napi_value object, const char *name, int number) {
  napi_value value;
  if (napi_create_int32(env, number, &value) == napi_ok)
    napi_set_named_property(env, object, name, value);
}

/* Stores in *data where its memory is. NULL if there is not enough. */
static napi_value make_array(napi_env env, napi_typedarray_type type, size_t length, size_t nbytes, void **data) {
  napi_value buffer, array = NULL;
  if (napi_create_arraybuffer(env, nbytes, data, &buffer) == napi_ok)
    napi_create_typedarray(env, type, length, buffer, 0, &array);
  return array;
}

static napi_value make_symbol(napi_env env, const qrpng_symbol *symbol) {
  size_t module_count = (size_t)symbol->side * (size_t)symbol->side, number_count = 2 * symbol->segment_count;
  void *modules, *numbers;
  napi_value object = NULL;
  napi_value module_array = make_array(env, napi_uint8_array, module_count, module_count, &modules);
  napi_value segment_array = make_array(env, napi_int32_array, number_count, number_count * sizeof(int32_t), &numbers);
  if (!module_array || !segment_array || napi_create_object(env, &object) != napi_ok)
    return NULL;
  memcpy(modules, symbol->modules, module_count);
  for (size_t i = 0; i < symbol->segment_count; i++) {
    ((int32_t *)numbers)[2 * i] = (int32_t)symbol->segments[i].mode;
    ((int32_t *)numbers)[2 * i + 1] = (int32_t)symbol->segments[i].nbytes;
  }
  set_number(env, object, "version", symbol->version);
  set_number(env, object, "level", (int)symbol->ecl);
  set_number(env, object, "mask", symbol->mask);
  napi_set_named_property(env, object, "modules", module_array);
  napi_set_named_property(env, object, "segments", segment_array);
  return object;
}

napi_value encode_modules(napi_env env, napi_callback_info info) {
  enum { TEXT, SEGMENTS };
  napi_value arguments[MAX_ARGUMENT_COUNT], object = NULL;
  addon_instance *instance = read_arguments(env, info, arguments);
  encode_call call;
  if (!read_call(env, instance, arguments[TEXT], arguments[SEGMENTS], &call))
    return NULL;
  instance->output = NULL; /* the encoder has no image any more */
  qrpng_symbol symbol;
  qrpng_status status = qrpng_encode_modules(instance->encoder, call.text, call.text_nbytes, &call.options, &symbol);
  if (status == QRPNG_OK)
    object = make_symbol(env, &symbol);
  else
    throw_status(env, instance, status);
  free(call.segments);
  return object;
}
