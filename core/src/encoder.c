/* The pipeline: check → segments → symbol → geometry → PNG. The one place that knows the order of the steps. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "options.h"
#include "status.h"
#include "version.h"

#ifndef QRPNG_VERSION
#error "QRPNG_VERSION comes from package.json through the build"
#endif

/* The default first. */
static const qrpng_engine *const engines[] = {
    &qrpng_fast_engine,
#ifdef QRPNG_WITH_REFERENCE
    &qrpng_reference_engine,
#endif
    &qrpng_fast_128_engine,
#ifdef QRPNG_WIDE_VECTORS
    &qrpng_fast_256_engine,  &qrpng_fast_512_engine,
#endif
};
enum { ENGINE_COUNT = sizeof engines / sizeof engines[0] };

struct qrpng_encoder {
  void *engine_states[ENGINE_COUNT]; /* the default's from the start, the others at first use */
  qrpng_segmenter segmenter;
  char message[QRPNG_MESSAGE_SIZE];
};

const char *qrpng_version(void) {
  return QRPNG_VERSION;
}

const char *qrpng_engine_name(size_t index) {
  for (size_t i = 0; i < ENGINE_COUNT; i++)
    if (engines[i]->is_listed && index-- == 0)
      return engines[i]->name;
  return NULL;
}

static size_t engine_index(const char *name) {
  size_t index = 0;
  while (name && index < ENGINE_COUNT && strcmp(engines[index]->name, name) != 0)
    index++;
  int is_supported = index == ENGINE_COUNT || !engines[index]->is_supported || engines[index]->is_supported();
  return is_supported ? index : ENGINE_COUNT;
}

const qrpng_engine *qrpng_find_engine(const char *name) {
  size_t index = engine_index(name);
  return index < ENGINE_COUNT ? engines[index] : NULL;
}

int qrpng_engine_libraries(const char *name, char *buffer, size_t size) {
  const qrpng_engine *engine = qrpng_find_engine(name);
  return engine ? engine->describe_libraries(buffer, size) : -1;
}

qrpng_status qrpng_encoder_create(qrpng_encoder **encoder) {
  *encoder = calloc(1, sizeof **encoder);
  if (!*encoder)
    return QRPNG_OUT_OF_MEMORY;
  (*encoder)->engine_states[0] = engines[0]->create();
  if ((*encoder)->engine_states[0])
    return QRPNG_OK;
  free(*encoder);
  *encoder = NULL;
  return QRPNG_OUT_OF_MEMORY;
}

void qrpng_encoder_destroy(qrpng_encoder *encoder) {
  if (!encoder)
    return;
  for (size_t i = 0; i < ENGINE_COUNT; i++)
    if (encoder->engine_states[i])
      engines[i]->destroy(encoder->engine_states[i]);
  free(encoder);
}

const char *qrpng_error_message(const qrpng_encoder *encoder) {
  return encoder->message;
}

static qrpng_status check_call(size_t text_nbytes, const qrpng_options *options) {
  qrpng_status status = qrpng_validate_options(options);
  if (status != QRPNG_OK)
    return status;
  if (text_nbytes == 0)
    return QRPNG_TEXT_EMPTY;
  if (text_nbytes > QRPNG_MAX_TEXT_NBYTES)
    return QRPNG_TEXT_TOO_LONG;
  return QRPNG_OK;
}

typedef struct drawing {
  const qrpng_engine *engine;
  void *state;
  int version;
  int side_modules;
} drawing;

static qrpng_status choose_engine(qrpng_encoder *encoder, const char *name, drawing *drawing) {
  size_t index = engine_index(name);
  if (!encoder->engine_states[index])
    encoder->engine_states[index] = engines[index]->create();
  drawing->engine = engines[index];
  drawing->state = encoder->engine_states[index];
  return drawing->state ? QRPNG_OK : QRPNG_OUT_OF_MEMORY;
}

static qrpng_status encode_symbol(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                  const qrpng_options *options, drawing *drawing) {
  qrpng_message message;
  qrpng_status status = check_call(text_nbytes, options);
  if (status == QRPNG_OK)
    status = choose_engine(encoder, options->engine, drawing);
  if (status == QRPNG_OK)
    status = qrpng_plan_message(&encoder->segmenter, text, text_nbytes, options, &message);
  if (status == QRPNG_OK)
    status = drawing->engine->encode_symbol(drawing->state, &message);
  if (status == QRPNG_OK) {
    drawing->version = message.version;
    drawing->side_modules = qrpng_side_of_version(message.version);
  }
  return status;
}

static qrpng_status finish(qrpng_encoder *encoder, qrpng_status status, const qrpng_options *options,
                           const drawing *drawing) {
  qrpng_format_error(encoder->message, status, options, drawing->side_modules);
  return status;
}

qrpng_status qrpng_check_options(qrpng_encoder *encoder, const qrpng_options *options) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  return finish(encoder, qrpng_validate_options(options), options, &(drawing){0});
}

qrpng_status qrpng_encode_png(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                              const qrpng_options *options, const uint8_t **png, size_t *png_nbytes) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  *png = NULL;
  *png_nbytes = 0;

  drawing drawing = {0};
  qrpng_geometry geometry;
  qrpng_status status = encode_symbol(encoder, text, text_nbytes, options, &drawing);
  if (status == QRPNG_OK)
    status = qrpng_fit_geometry(options, drawing.side_modules, &geometry);
  if (status == QRPNG_OK)
    status = drawing.engine->write_png(drawing.state, &geometry, png, png_nbytes);
  return finish(encoder, status, options, &drawing);
}

qrpng_status qrpng_encode_modules(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                  const qrpng_options *options, qrpng_symbol *symbol) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  *symbol = (qrpng_symbol){0};

  drawing drawing = {0};
  qrpng_status status = encode_symbol(encoder, text, text_nbytes, options, &drawing);
  if (status == QRPNG_OK)
    *symbol = (qrpng_symbol){
        .version = drawing.version,
        .side = drawing.side_modules,
        .modules = drawing.engine->get_modules(drawing.state),
    };
  return finish(encoder, status, options, &drawing);
}
