/* The pipeline: check → segments → symbol → geometry → PNG. The one place that knows the order of the steps. */
#include <stdlib.h>

#include "engines.h"
#include "options.h"
#include "status.h"
#include "version.h"

#ifndef QRPNG_VERSION
#error "QRPNG_VERSION comes from package.json through the build"
#endif

struct qrpng_encoder {
  void *engine_states[QRPNG_ENGINE_COUNT]; /* the default's from the start, the others at first use */
  qrpng_segmenter segmenter;
  char message[QRPNG_MESSAGE_SIZE];
};

const char *qrpng_version(void) {
  return QRPNG_VERSION;
}

qrpng_status qrpng_encoder_create(qrpng_encoder **encoder) {
  *encoder = calloc(1, sizeof **encoder);
  if (!*encoder)
    return QRPNG_OUT_OF_MEMORY;
  (*encoder)->engine_states[QRPNG_DEFAULT_ENGINE] = qrpng_engines[QRPNG_DEFAULT_ENGINE]->create();
  if ((*encoder)->engine_states[QRPNG_DEFAULT_ENGINE])
    return QRPNG_OK;
  free(*encoder);
  *encoder = NULL;
  return QRPNG_OUT_OF_MEMORY;
}

void qrpng_encoder_destroy(qrpng_encoder *encoder) {
  if (!encoder)
    return;
  for (size_t i = 0; i < QRPNG_ENGINE_COUNT; i++)
    if (encoder->engine_states[i])
      qrpng_engines[i]->destroy(encoder->engine_states[i]);
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
  size_t index = qrpng_find_engine(name);
  if (!encoder->engine_states[index])
    encoder->engine_states[index] = qrpng_engines[index]->create();
  drawing->engine = qrpng_engines[index];
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
