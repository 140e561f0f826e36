/* The pipeline: check → segments → symbol → geometry → output. The one place that knows the order of the steps. */
#include <stdlib.h>

#include "engines.h"
#include "options.h"
#include "status.h"
#include "svg.h"
#include "text_output.h"
#include "version.h"

#ifndef QRPNG_VERSION
#error "QRPNG_VERSION comes from package.json through the build"
#endif

struct qrpng_encoder {
  void *engine_states[QRPNG_ENGINE_COUNT]; /* the default's from the start, the others at first use */
  qrpng_segmenter segmenter;
  uint8_t modules[QRPNG_MAX_SIDE_MODULES * QRPNG_MAX_SIDE_MODULES + 7]; /* for qrpng_unpack_rows() */
  union {
    uint8_t svg[QRPNG_SVG_CAPACITY], text[QRPNG_TEXT_CAPACITY];
  } drawn;
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

typedef struct symbol_encoding {
  const qrpng_engine *engine;
  void *state;
  qrpng_message message;
  int side_modules; /* 0: there is no symbol yet */
} symbol_encoding;

static qrpng_status choose_engine(qrpng_encoder *encoder, const char *name, symbol_encoding *encoding) {
  size_t index = qrpng_find_engine(name);
  if (!encoder->engine_states[index])
    encoder->engine_states[index] = qrpng_engines[index]->create();
  encoding->engine = qrpng_engines[index];
  encoding->state = encoder->engine_states[index];
  return encoding->state ? QRPNG_OK : QRPNG_OUT_OF_MEMORY;
}

static qrpng_status encode_symbol(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                  const qrpng_options *options, symbol_encoding *encoding) {
  qrpng_message *message = &encoding->message;
  qrpng_status status = check_call(text_nbytes, options);
  if (status == QRPNG_OK)
    status = choose_engine(encoder, options->engine, encoding);
  if (status == QRPNG_OK)
    status = qrpng_plan_message(&encoder->segmenter, text, text_nbytes, options, message);
  if (status == QRPNG_OK)
    status = encoding->engine->encode_symbol(encoding->state, message);
  if (status == QRPNG_OK)
    encoding->side_modules = qrpng_side_of_version(message->version);
  return status;
}

static qrpng_status finish(qrpng_encoder *encoder, qrpng_status status, const qrpng_options *options,
                           const symbol_encoding *encoding) {
  qrpng_format_error(encoder->message, status, options, encoding->side_modules);
  return status;
}

qrpng_status qrpng_check_options(qrpng_encoder *encoder, const qrpng_options *options) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  return finish(encoder, qrpng_validate_options(options), options, &(symbol_encoding){0});
}

static qrpng_status write_png(const symbol_encoding *encoding, const qrpng_options *options, const uint8_t **png,
                              size_t *png_nbytes) {
  const qrpng_png_style style = {options->dark, options->light, options->dpi, options->effort};
  qrpng_geometry geometry;
  qrpng_status status = qrpng_fit_geometry(options, encoding->side_modules, &geometry);
  if (status == QRPNG_OK)
    status = encoding->engine->write_png(encoding->state, &geometry, &style, png, png_nbytes);
  return status;
}

static qrpng_status write_svg(qrpng_encoder *encoder, qrpng_rows rows, const qrpng_options *options,
                              const uint8_t **svg, size_t *svg_nbytes) {
  int side_px;
  qrpng_status status = qrpng_fit_side(options, rows.side, &side_px);
  if (status != QRPNG_OK)
    return status;
  *svg = encoder->drawn.svg;
  *svg_nbytes = qrpng_write_svg(rows, options, side_px, encoder->drawn.svg);
  return QRPNG_OK;
}

static qrpng_status write_output(qrpng_encoder *encoder, const symbol_encoding *encoding, const qrpng_options *options,
                                 const uint8_t **output, size_t *output_nbytes) {
  if (options->format == QRPNG_FORMAT_PNG)
    return write_png(encoding, options, output, output_nbytes);
  qrpng_rows rows = encoding->engine->get_rows(encoding->state);
  if (options->format == QRPNG_FORMAT_SVG)
    return write_svg(encoder, rows, options, output, output_nbytes);
  *output = encoder->drawn.text;
  *output_nbytes = qrpng_write_text(rows, options, encoder->drawn.text);
  return QRPNG_OK;
}

qrpng_status qrpng_encode(qrpng_encoder *encoder, const void *text, size_t text_nbytes, const qrpng_options *options,
                          const uint8_t **output, size_t *output_nbytes) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  *output = NULL;
  *output_nbytes = 0;

  symbol_encoding encoding = {0};
  qrpng_status status = encode_symbol(encoder, text, text_nbytes, options, &encoding);
  if (status == QRPNG_OK)
    status = write_output(encoder, &encoding, options, output, output_nbytes);
  return finish(encoder, status, options, &encoding);
}

qrpng_status qrpng_encode_modules(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                  const qrpng_options *options, qrpng_symbol *symbol) {
  const qrpng_options defaults = qrpng_default_options();
  if (!options)
    options = &defaults;
  *symbol = (qrpng_symbol){0};

  symbol_encoding encoding = {0};
  qrpng_status status = encode_symbol(encoder, text, text_nbytes, options, &encoding);
  if (status == QRPNG_OK) {
    qrpng_rows rows = encoding.engine->get_rows(encoding.state);
    qrpng_unpack_rows(rows, encoder->modules);
    *symbol = (qrpng_symbol){
        .version = encoding.message.version,
        .side = rows.side,
        .modules = encoder->modules,
        .ecl = options->ecl,
        .mask = qrpng_mask_of_rows(rows),
        .segments = encoding.message.segments,
        .segment_count = encoding.message.segment_count,
    };
  }
  return finish(encoder, status, options, &encoding);
}
