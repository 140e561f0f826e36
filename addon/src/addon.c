#include "addon.h"

#include <stdio.h>
#include <stdlib.h>

napi_value make_error(napi_env env, qrpng_status status, const char *message) {
  char code[48];
  snprintf(code, sizeof code, "ERR_QRPNG_%s", qrpng_status_name(status));
  napi_value code_value, message_value, field, error = NULL;
  napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &code_value);
  napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &message_value);
  napi_create_string_utf8(env, qrpng_status_field(status), NAPI_AUTO_LENGTH, &field);
  napi_create_error(env, code_value, message_value, &error);
  napi_set_named_property(env, error, "field", field);
  return error;
}

static napi_value make_engine_list(napi_env env) {
  napi_value engines;
  napi_create_array(env, &engines);
  const char *name;
  for (uint32_t i = 0; (name = qrpng_engine_name(i)); i++) {
    char libraries[128];
    qrpng_engine_libraries(name, libraries, sizeof libraries);
    napi_value pair, name_value, libraries_value;
    napi_create_array_with_length(env, 2, &pair);
    napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &name_value);
    napi_create_string_utf8(env, libraries, NAPI_AUTO_LENGTH, &libraries_value);
    napi_set_element(env, pair, 0, name_value);
    napi_set_element(env, pair, 1, libraries_value);
    napi_set_element(env, engines, i, pair);
  }
  return engines;
}

static void destroy_instance(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  addon_instance *instance = data;
  qrpng_encoder_destroy(instance->encoder);
  pool_empty(&instance->pool);
  free(instance);
}

static int create_instance(napi_env env) {
  addon_instance *instance = calloc(1, sizeof *instance);
  if (!instance)
    return -1;
  if (qrpng_encoder_create(&instance->encoder) != QRPNG_OK) {
    free(instance);
    return -1;
  }
  if (napi_set_instance_data(env, instance, destroy_instance, NULL) != napi_ok) {
    destroy_instance(env, instance, NULL);
    return -1;
  }
  return 0;
}

NAPI_MODULE_INIT() {
  if (create_instance(env) != 0) {
    napi_throw_error(env, "ERR_QRPNG_OUT_OF_MEMORY", "There is not enough memory to load the encoder.");
    return NULL;
  }
  napi_value version;
  napi_create_string_utf8(env, qrpng_version(), NAPI_AUTO_LENGTH, &version);
  const napi_property_descriptor properties[] = {
      {.utf8name = "bind", .method = bind_options, .attributes = napi_enumerable},
      {.utf8name = "encode", .method = encode_sync, .attributes = napi_enumerable},
      {.utf8name = "copyOutput", .method = copy_output, .attributes = napi_enumerable},
      {.utf8name = "encodeToString", .method = encode_to_string, .attributes = napi_enumerable},
      {.utf8name = "encodeToDataUrl", .method = encode_to_data_url, .attributes = napi_enumerable},
      {.utf8name = "encodeModules", .method = encode_modules, .attributes = napi_enumerable},
      {.utf8name = "encodeBatch", .method = encode_batch, .attributes = napi_enumerable},
      {.utf8name = "version", .value = version, .attributes = napi_enumerable},
      {.utf8name = "engines", .value = make_engine_list(env), .attributes = napi_enumerable},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof properties[0], properties);
  return exports;
}
