/*
 * qrpng: text in, QR code out, as PNG, SVG or text (QR codes as of ISO/IEC 18004, PNG as of RFC 2083, SVG 1.1).
 *
 * What holds for every function here, unless its own comment says otherwise:
 *
 * - Text is bytes with a length. NUL is data. Nothing is assumed about its character set.
 * - Errors are returned as a status; the process is never ended, nothing is printed, no signal handler or global is
 *   touched, and no call leaves the library through a longjmp. After an error the encoder can be used again at once.
 * - Nothing is locked, and encoders share nothing that changes. A process may fork at any time, and its child use all
 *   encoders that were in no call.
 * - Lack of memory is an error like any other (QRPNG_OUT_OF_MEMORY).
 * - Functions that take an encoder may be called from any thread, by one thread at a time for each encoder. All others
 *   may be called at any time from any thread.
 * - What an encoder hands out (image, modules, segments, error sentence) belongs to it, and is valid until the next
 * call on that encoder or its destruction.
 * - No I/O, no locale, no clock: the output is a pure function of the text, the options and the engine.
 */
#ifndef QRPNG_H
#define QRPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QRPNG_API __attribute__((visibility("default")))

/* Limits, in the units that the options use. */
#define QRPNG_MAX_SIDE_PX 4096
#define QRPNG_MAX_MARGIN_MODULES 32
#define QRPNG_MAX_DPI 10000
#define QRPNG_MAX_TITLE_NBYTES 4096

/* No call takes more of the stack of its thread, whichever engine is used. Most take a few KB: more is for what an
 * encoder prepares at the first use of a version or a geometry. */
#define QRPNG_MAX_STACK_NBYTES (48 * 1024)

/* Error correction level (ISO/IEC 18004, 6.5.1): about 7, 15, 25 and 30 % of the codewords can be restored. */
typedef enum qrpng_level {
  QRPNG_LEVEL_L,
  QRPNG_LEVEL_M,
  QRPNG_LEVEL_Q,
  QRPNG_LEVEL_H,
} qrpng_level;

/* Encodation mode of a segment (7.3). */
typedef enum qrpng_mode {
  QRPNG_MODE_NUMERIC,
  QRPNG_MODE_ALPHANUMERIC,
  QRPNG_MODE_BYTE,
  QRPNG_MODE_KANJI, /* two bytes of Shift JIS for each character */
} qrpng_mode;

typedef struct qrpng_segment {
  qrpng_mode mode;
  size_t nbytes; /* of the text, from where the segment before it ends */
} qrpng_segment;

/*
 * What is made of a symbol. The text formats are lines of UTF-8 that all end with a newline; black, white and reset are
 * the ANSI escape sequences (ECMA-48, 8.3.117) of the colours 0 and 7.
 */
typedef enum qrpng_format {
  QRPNG_FORMAT_PNG,            /* 1 bit a pixel: gray if it is black on white, else with a palette of two colours */
  QRPNG_FORMAT_SVG,            /* one path on a rectangle, in units of modules */
  QRPNG_FORMAT_UTF8,           /* half blocks, two modules a character; dark ones in the colour of the text */
  QRPNG_FORMAT_TERMINAL,       /* two spaces a module on black or white */
  QRPNG_FORMAT_TERMINAL_SMALL, /* half blocks, two modules a character, in black on white */
  QRPNG_FORMAT_ASCII,          /* "##" for a dark module, two spaces for a light one */
} qrpng_format;

/* How the best mask is found. Both add up the same penalties, but read them differently where the standard is vague. */
typedef enum qrpng_mask_rule {
  QRPNG_MASK_RULE_LIBQRENCODE, /* as libqrencode */
  QRPNG_MASK_RULE_ISO,         /* as 7.8.3 reads literally; with engine fast alone */
} qrpng_mask_rule;

typedef enum qrpng_status {
  QRPNG_OK,
  QRPNG_OUT_OF_MEMORY,
  QRPNG_BAD_LEVEL,
  QRPNG_BAD_MARGIN,
  QRPNG_BAD_WIDTH,
  QRPNG_BAD_SCALE,
  QRPNG_BAD_SIZE, /* both of width and scale are set, or for a PNG neither */
  QRPNG_BAD_VERSION,
  QRPNG_BAD_MASK,        /* none from 0 to 7, or the engine can't fix it */
  QRPNG_BAD_SEGMENTS,    /* they don't cover the text, or a mode lacks one of its characters */
  QRPNG_BAD_ENGINE,      /* no engine of that name is built in */
  QRPNG_TEXT_EMPTY,      /* a QR code holds at least one byte */
  QRPNG_TEXT_TOO_LONG,   /* fits no version, or not the one asked for, at that level */
  QRPNG_WIDTH_TOO_SMALL, /* fewer pixels than modules */
  QRPNG_SCALE_TOO_LARGE, /* the image would be wider than QRPNG_MAX_SIDE_PX */
  QRPNG_INTERNAL,        /* an engine reported what it never should: a bug */
  QRPNG_BAD_FORMAT,
  QRPNG_BAD_MASK_RULE, /* none of them, or the engine doesn't know it */
  QRPNG_BAD_DPI,
  QRPNG_BAD_TITLE, /* too long, no UTF-8, or with characters that XML 1.0 can't hold */
  QRPNG_BAD_EFFORT,
} qrpng_status;

/* One short English phrase for each status; never NULL, also for values that are none. qrpng_error_message() knows
 * more. */
QRPNG_API const char *qrpng_status_message(qrpng_status status);

/* The name of its constant without the prefix, such as "TEXT_TOO_LONG"; "INTERNAL" for values that are none. */
QRPNG_API const char *qrpng_status_name(qrpng_status status);

/* The field of qrpng_options that it is about, such as "ecl", or "". The sentence of qrpng_error_message() begins with
 * it, so that whoever calls the option by another name can say that instead. */
QRPNG_API const char *qrpng_status_field(qrpng_status status);

/* The mask with the lowest penalty (7.8.3). */
#define QRPNG_BEST_MASK (-1)

/* Start from qrpng_default_options(): zero means something else in some fields. */
typedef struct qrpng_options {
  qrpng_level ecl;
  int width;                 /* side of the image in px, 1 to 4096, exact; 0: scale decides */
  int scale;                 /* side of a module in px, 1 to 4096; 0: width decides */
  double margin;             /* quiet zone on each side in modules, 0 to 32 (the standard asks for 4) */
  int version;               /* 1 to 40; 0: the smallest that holds the text */
  int mask;                  /* 0 to 7, with engine fast alone; or QRPNG_BEST_MASK */
  qrpng_mask_rule mask_rule; /* of QRPNG_BEST_MASK */
  const char *engine;        /* a name from qrpng_engine_name(); NULL: the first of them */
  /* How the text is split, in order. NULL: as the smallest version asks for, in few segments, none of them kanji. */
  const qrpng_segment *segments;
  size_t segment_count;
  qrpng_format format;
  uint32_t dark;       /* colour of PNG and SVG as 0xRRGGBBAA, AA from 0 (transparent) to 255 (opaque) */
  uint32_t light;      /* likewise */
  int is_inverted;     /* text formats: not 0: dark and light are exchanged */
  int dpi;             /* PNG: resolution in dots per inch, 1 to 10000, for print; 0: none */
  int effort;          /* PNG by engine fast: 1: search for fewer bytes, in 5 to 20 times the time; 0: don't */
  const char *title;   /* SVG: what it is called for those who can't see it, in UTF-8, unescaped; NULL: nothing */
  size_t title_nbytes; /* 0 to 4096; 0: no title */
} qrpng_options;

/* Level L, width 200, margin 4, a PNG in black on white, all else left to the library. */
QRPNG_API qrpng_options qrpng_default_options(void);

typedef struct qrpng_encoder qrpng_encoder;

/*
 * Stores a new encoder in *encoder, or returns QRPNG_OUT_OF_MEMORY and stores NULL. It is worth keeping: what its first
 * images take to prepare serves all later ones.
 * With engine fast an encoder takes 1.9 MB, then and later. Where memory counts once it is written to, it is less: some
 * 0.3 MB, up to 0.4 MB of tables for the versions in use, and 15 KB for each geometry that is kept ready, of which
 * there are up to 64. The first PNG with an effort of 1 adds 0.9 MB, of which large images use most.
 */
QRPNG_API qrpng_status qrpng_encoder_create(qrpng_encoder **encoder);

/* Frees the encoder and all that it handed out. NULL is allowed. */
QRPNG_API void qrpng_encoder_destroy(qrpng_encoder *encoder);

/* Checks the options as the calls below do, before there is a text; all but segments, which need one. NULL (the
 * defaults) is fine. */
QRPNG_API qrpng_status qrpng_check_options(qrpng_encoder *encoder, const qrpng_options *options);

/*
 * Encodes text_nbytes bytes at text and draws the symbol, centred, in the format of the options (NULL: the defaults).
 * On success *output and *output_nbytes describe the image; on error they are NULL and 0.
 *
 * - PNG: with a width, the module scale is floor(width / (modules + 2 * margin)), and what is left joins the quiet
 * zone. With a scale, the width is floor(scale * (modules + 2 * margin)). Right and below the quiet zone may have 1 px
 * more.
 * - SVG: width and height are the width, or follow from the scale as above; modules need not have whole pixels. With
 *   neither of them it has no size of its own and fills what it is put into. A light colour that is fully transparent
 *   isn't drawn. With a title its role is "img".
 * - Text: width and scale don't matter, but must be in range; the margin is rounded down to whole modules. Half blocks
 *   pair rows; a row that is left over gets a light one below.
 */
QRPNG_API qrpng_status qrpng_encode(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                    const qrpng_options *options, const uint8_t **output, size_t *output_nbytes);

typedef struct qrpng_symbol {
  int version;            /* 1 to 40 */
  int side;               /* modules on each side, without quiet zone: 17 + 4 * version */
  const uint8_t *modules; /* side * side bytes, row after row: 1 dark, 0 light */
  qrpng_level ecl;
  int mask;                      /* 0 to 7 */
  const qrpng_segment *segments; /* how the text was split: those of the options if it has some */
  size_t segment_count;
} qrpng_symbol;

/* The same symbol without an image. What concerns the image alone doesn't matter then, but must be valid. */
QRPNG_API qrpng_status qrpng_encode_modules(qrpng_encoder *encoder, const void *text, size_t text_nbytes,
                                            const qrpng_options *options, qrpng_symbol *symbol);

/* One sentence about the encoder's last call: what was wrong and what is allowed. Empty if it succeeded. */
QRPNG_API const char *qrpng_error_message(const qrpng_encoder *encoder);

/* The version of this library, such as "1.2.3". */
QRPNG_API const char *qrpng_version(void);

/* The names of the engines built in, the default first: index 0, 1, …; NULL after the last. */
QRPNG_API const char *qrpng_engine_name(size_t index);

/*
 * Writes which libraries do the work of that engine in this process, such as "libqrencode 4.1.1, libpng 1.6.39,
 * zlib 1.2.13", to buffer (always ended by NUL if size > 0). The versions are the loaded ones, not those compiled
 * against. NULL: the first engine. Returns the length of the whole text as snprintf does, or -1 if no engine of that
 * name is built in.
 */
QRPNG_API int qrpng_engine_libraries(const char *engine, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
