/* Made by cli/generate.js of cli/options.js: don't edit. */
/* clang-format off */
#ifndef QRPNG_CLI_GENERATED_OPTIONS_H
#define QRPNG_CLI_GENERATED_OPTIONS_H

#include <getopt.h>

enum {
  OPTION_ECL = 'e',
  OPTION_SYMVERSION = 'v',
  OPTION_MASK = 258,
  OPTION_MASK_RULE = 259,
  OPTION_8BIT = '8',
  OPTION_OUTPUT = 'o',
  OPTION_TYPE = 't',
  OPTION_WIDTH = 'w',
  OPTION_SCALE = 's',
  OPTION_MARGIN = 'q',
  OPTION_DARK = 266,
  OPTION_LIGHT = 267,
  OPTION_INVERSE = 268,
  OPTION_SMALL = 269,
  OPTION_DPI = 270,
  OPTION_SMALLEST = 271,
  OPTION_TITLE = 272,
  OPTION_READ_FROM = 'r',
  OPTION_BATCH = 274,
  OPTION_OUT_DIR = 275,
  OPTION_NAME = 276,
  OPTION_NULL = 277,
  OPTION_THREADS = 278,
  OPTION_ENGINE = 279,
  OPTION_PIPE = 280,
  OPTION_HELP = 'h',
  OPTION_VERSION = 'V',
};

static const char short_options[] = ":e:v:8o:t:w:s:q:r:hV";

static const struct option long_options[] = {
    {"ecl", required_argument, NULL, OPTION_ECL},
    {"level", required_argument, NULL, OPTION_ECL},
    {"error", required_argument, NULL, OPTION_ECL},
    {"symversion", required_argument, NULL, OPTION_SYMVERSION},
    {"qversion", required_argument, NULL, OPTION_SYMVERSION},
    {"mask", required_argument, NULL, OPTION_MASK},
    {"mask-rule", required_argument, NULL, OPTION_MASK_RULE},
    {"8bit", no_argument, NULL, OPTION_8BIT},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"type", required_argument, NULL, OPTION_TYPE},
    {"width", required_argument, NULL, OPTION_WIDTH},
    {"scale", required_argument, NULL, OPTION_SCALE},
    {"size", required_argument, NULL, OPTION_SCALE},
    {"margin", required_argument, NULL, OPTION_MARGIN},
    {"qzone", required_argument, NULL, OPTION_MARGIN},
    {"dark", required_argument, NULL, OPTION_DARK},
    {"foreground", required_argument, NULL, OPTION_DARK},
    {"darkcolor", required_argument, NULL, OPTION_DARK},
    {"light", required_argument, NULL, OPTION_LIGHT},
    {"background", required_argument, NULL, OPTION_LIGHT},
    {"lightcolor", required_argument, NULL, OPTION_LIGHT},
    {"inverse", no_argument, NULL, OPTION_INVERSE},
    {"small", no_argument, NULL, OPTION_SMALL},
    {"dpi", required_argument, NULL, OPTION_DPI},
    {"smallest", no_argument, NULL, OPTION_SMALLEST},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"read-from", required_argument, NULL, OPTION_READ_FROM},
    {"batch", required_argument, NULL, OPTION_BATCH},
    {"out-dir", required_argument, NULL, OPTION_OUT_DIR},
    {"name", required_argument, NULL, OPTION_NAME},
    {"null", no_argument, NULL, OPTION_NULL},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"engine", required_argument, NULL, OPTION_ENGINE},
    {"pipe", no_argument, NULL, OPTION_PIPE},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Letters that qrcode and qrencode use for different things. */
static const struct {
  char letter;
  const char *one, *other;
} ambiguous_letters[] = {
    {'d', "--dpi", "--dark"},
    {'i', "--inverse", "qrencode's --ignorecase, which is not supported"},
    {'l', "--level", "--light"},
    {'m', "--margin", "--mask"},
};

static const char help[] =
    "Usage: qrpng [OPTION]... [TEXT]\n"
    "Make a QR code of TEXT. Without TEXT, standard input is the text, byte for byte.\n"
    "The code is drawn if standard output is a terminal; else it is a PNG there, or\n"
    "in FILE what its name ends with. What follows -- is TEXT, even if it starts with\n"
    "a dash.\n"
    "\n"
    "The code:\n"
    "  -e, --ecl LEVEL     error correction level: L (default), M, Q or H; --level is\n"
    "                      the same\n"
    "  -v, --symversion N  symbol version, 1 to 40 (default: the smallest that holds\n"
    "                      the text)\n"
    "      --mask N        mask, 0 to 7 (default: the best by --mask-rule)\n"
    "      --mask-rule RULE\n"
    "                      how the best mask is found: libqrencode (default) or iso\n"
    "  -8, --8bit          keep the whole text in byte mode, without digits or\n"
    "                      capitals packed\n"
    "\n"
    "The output:\n"
    "  -o, --output FILE   write FILE whole or not at all; - is standard output\n"
    "  -t, --type TYPE     one of png, svg, utf8, ascii and terminal (default: by the\n"
    "                      end of FILE, .png, .svg or .txt; else png, but terminal on\n"
    "                      a terminal)\n"
    "  -w, --width PX      side of the image, 1 to 4096 (default: 200 for PNG,\n"
    "                      scalable for SVG); pixels that the modules leave over are\n"
    "                      quiet zone\n"
    "  -s, --scale PX      side of a module, instead of --width\n"
    "  -q, --margin N      quiet zone in modules, 0 to 32 (default 4)\n"
    "      --dark COLOUR   colour of PNG and SVG as 3, 4, 6 or 8 hex digits: RGB or\n"
    "                      RRGGBB, with or without alpha and # (default 000)\n"
    "      --light COLOUR  the same for what is not dark (default fff); fff0 is\n"
    "                      transparent\n"
    "      --inverse       exchange dark and light\n"
    "      --small         terminal: a quarter of the size (default on a terminal)\n"
    "      --dpi N         PNG: dots per inch, for printing\n"
    "      --smallest      PNG: search for fewer bytes, in more time\n"
    "      --title TITLE   SVG: its title, for those who can't see it\n"
    "\n"
    "Where the text comes from:\n"
    "  -r, --read-from FILE\n"
    "                      the text is what FILE holds, byte for byte; - is standard\n"
    "                      input\n"
    "\n"
    "Many codes at once:\n"
    "      --batch FILE    a code of each line of FILE, whose files go to --out-dir;\n"
    "                      - is standard input\n"
    "      --out-dir FOLDER\n"
    "                      made if it isn't there\n"
    "      --name PATTERN  names of the files: {line} is the number, {text} the text\n"
    "                      itself (default: {line}.png, .svg or .txt)\n"
    "      --null          texts end with a NUL byte instead of a newline\n"
    "      --threads N     1 to 256 (default: as many as CPUs may be used)\n"
    "\n"
    "Other:\n"
    "      --engine NAME   an engine that --version lists (default: the first)\n"
    "      --pipe          answer many requests, as framed messages on standard input\n"
    "                      and output: see cli/pipe.h. Only --engine matters then\n"
    "  -h, --help          show this help and exit\n"
    "  -V, --version       show versions and exit\n"
    "\n"
    "Coming from qrcode or qrencode:\n"
    "  The long names that qrcode (npm) and qrencode have for what both can do are\n"
    "  understood, and so are their letters where both mean the same. Refused: -d\n"
    "  (--dpi or --dark), -i (--inverse or qrencode's --ignorecase, which is not\n"
    "  supported), -l (--level or --light), -m (--margin or --mask).\n"
    "\n"
    "Exit status, with a sentence on standard error for all but 0:\n"
    "  0  the code was written\n"
    "  1  reading, writing or memory failed\n"
    "  2  an option is wrong, or a PNG would go to a terminal\n"
    "  3  the text is empty, too long for a QR code, or too large for the width, the\n"
    "     scale or the terminal; in a batch, any such text\n"
    "\n"
    "Examples:\n"
    "  qrpng https://example.com/\n"
    "  qrpng -o code.svg --dark '#1a237e' https://example.com/\n"
    "  printf 'two\\nlines' | qrpng --ecl Q --scale 8 -o code.png\n"
    "  qrpng --batch urls.txt --out-dir codes --name '{line}.svg'\n";

#endif
