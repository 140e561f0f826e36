#include "png_plan.h"

#include "zero_rows.h"

enum { LIGHT_BYTE = 0xFF, DARK_BYTE = 0x00, FILTER_NONE = 0 };

/* So that two matches fit one bit string. */
enum { LONGEST_CODE_NBITS = 12 };

/* Weight of a symbol that every row of modules has once; a window's 256 or fewer patterns share it. */
enum { ONCE_A_ROW = 256 };

static void plan_rows(png_plan *plan) {
  const qrpng_geometry *geometry = &plan->geometry;
  int symbol_px = geometry->scale_px * geometry->side_modules, end_px = geometry->offset_px + symbol_px;
  int row_nbytes = (geometry->side_px + 7) / 8;
  plan->stride = 1 + row_nbytes;
  plan->rows_above = geometry->offset_px;
  plan->rows_below = geometry->side_px - end_px;
  /* without a row above, the first row can't copy its right end from anywhere */
  plan->first_byte = geometry->offset_px / 8;
  int end_byte = plan->rows_above > 0 ? (end_px + 7) / 8 : row_nbytes;
  plan->byte_count = end_byte - plan->first_byte;
  plan->right_byte_count = row_nbytes - end_byte;
}

/*
 * A repeated row takes stride / MAX_MATCH matches. With Up one of them has a long distance, without it all of them. But
 * then the ends of new rows can't join a copy, and each begins and ends with a quiet zone of its own.
 */
static int is_up_smaller(const png_plan *plan) {
  enum { BITS_OF_A_DISTANCE = 7, BITS_OF_A_NEW_ROW = 48 };
  int saved = (plan->geometry.scale_px - 1) * (plan->stride - MAX_MATCH) * BITS_OF_A_DISTANCE / MAX_MATCH;
  return plan->geometry.scale_px > MAX_GROUPED_SCALE && saved > BITS_OF_A_NEW_ROW;
}

static int is_grouped(const png_plan *plan) {
  return plan->geometry.scale_px <= MAX_GROUPED_SCALE;
}

int fast_lead_modules(const png_plan *plan) {
  int scale = plan->geometry.scale_px;
  return (plan->geometry.offset_px % 8 + scale - 1) / scale;
}

/* The bytes of each window of modules, the first one lowest. */
static void draw_windows(const png_plan *plan, uint64_t bytes[WINDOW_COUNT]) {
  int scale = plan->geometry.scale_px;
  int skipped_px = fast_lead_modules(plan) * scale - plan->geometry.offset_px % 8; /* of the first module */
  uint64_t modules[WINDOW_BITS] = {0};
  for (int px = 0; px < 8 * scale; px++)
    modules[(px + skipped_px) / scale] |= (uint64_t)(0x80 >> px % 8) << px / 8 * 8;
  bytes[0] = ~(uint64_t)0;
  for (int window = 1; window < WINDOW_COUNT; window++)
    bytes[window] = bytes[window & (window - 1)] ^ modules[__builtin_ctz((unsigned)window)];
}

/* All windows are equally likely: that is what masking aims at. */
static void weigh_groups(const png_plan *plan, const uint64_t bytes[WINDOW_COUNT], uint32_t *weights) {
  int scale = plan->geometry.scale_px;
  for (int i = 0; i < scale; i++) {
    int count = plan->byte_count / scale + (i < plan->byte_count % scale);
    for (int window = 0; window < WINDOW_COUNT; window++)
      weights[bytes[window] >> 8 * i & 0xFF] += (uint32_t)count;
  }
  for (int value = 0; value < 256; value++)
    weights[value] = (weights[value] + 1) / (WINDOW_COUNT / ONCE_A_ROW);
  /* but finder patterns and quiet zone make light bytes more frequent */
  weights[LIGHT_BYTE] += (uint32_t)plan->byte_count * ONCE_A_ROW / 16 + 1;
}

/* Half of all runs have one module, a quarter two, and so on; where they begin and end varies. */
static void weigh_runs(const png_plan *plan, uint32_t *weights) {
  int scale = plan->geometry.scale_px, offset = plan->geometry.offset_px, side = plan->geometry.side_modules;
  uint32_t runs_a_row = (uint32_t)side * ONCE_A_ROW / 2;
  for (int first = 0; first < 8; first++) {
    int begin_px = offset + first * scale, cut = begin_px % 8;
    if (cut != 0) {
      weights[0xFF >> cut] += runs_a_row / 16;
      weights[(0xFF00 >> cut) & 0xFF] += runs_a_row / 16;
    }
    for (int modules = 1; modules < 8; modules++) {
      int stretch = (begin_px + modules * scale) / 8 - (begin_px + 7) / 8;
      weights[LIGHT_BYTE] += runs_a_row / 16 >> modules;
      weights[DARK_BYTE] += runs_a_row / 16 >> modules;
      if (stretch > MIN_MATCH && stretch <= LONGEST_STRETCH)
        weights[deflate_length_symbol(stretch - 1)] += runs_a_row / 8 >> modules;
    }
  }
  for (int stretch = MIN_MATCH + 1; stretch <= LONGEST_STRETCH; stretch++)
    weights[deflate_length_symbol(stretch - 1)] += 1;
}

/* How a copy of some length is made up. */
typedef struct copy_shape {
  int full_matches, rest[2];
} copy_shape;

static copy_shape shape_copy(int length) {
  copy_shape shape = {.full_matches = length / MAX_MATCH, .rest = {length % MAX_MATCH, 0}};
  if (shape.full_matches > 0 && shape.rest[0] > 0 && shape.rest[0] < MIN_MATCH) { /* no match is that short */
    shape.full_matches--;
    shape.rest[1] = MAX_MATCH / 2;
    shape.rest[0] += MAX_MATCH - shape.rest[1];
  }
  return shape;
}

static void weigh_copy(int length, uint32_t weight, uint32_t *weights) {
  copy_shape shape = shape_copy(length);
  if (shape.full_matches > 0)
    weights[deflate_length_symbol(MAX_MATCH)] += weight * (uint32_t)shape.full_matches;
  for (int i = 0; i < 2; i++)
    if (shape.rest[i] >= MIN_MATCH)
      weights[deflate_length_symbol(shape.rest[i])] += weight;
}

static void weigh_stretch(int stretch, uint32_t weight, uint32_t *weights) {
  weights[LIGHT_BYTE] += weight;
  for (; stretch > LONGEST_STRETCH; stretch -= LONGEST_STRETCH)
    weights[deflate_length_symbol(LONGEST_STRETCH - 1)] += weight;
  if (stretch > MIN_MATCH)
    weights[deflate_length_symbol(stretch - 1)] += weight;
}

/* Light bytes: a literal and a match. No quiet zone is longer than that. */
static void weigh_zone(int nbytes, uint32_t weight, uint32_t *weights) {
  weights[LIGHT_BYTE] += weight * (uint32_t)(nbytes > MIN_MATCH ? 1 : nbytes);
  if (nbytes > MIN_MATCH)
    weights[deflate_length_symbol(nbytes - 1)] += weight;
}

static void weigh_zero_rows(int stride, int rows, uint32_t weight, uint32_t *weights, uint32_t *distance_weights) {
  if (rows == 0)
    return;
  int first_lengths[] = {MAX_MATCH, stride - FIRST_ZEROS - MAX_MATCH};
  weights[FILTER_UP] += weight;
  weights[0] += weight;
  for (int i = 0; i < 2; i++)
    weights[deflate_length_symbol(first_lengths[i])] += weight;
  distance_weights[deflate_distance_symbol(1)] += 2 * weight;
  for (zero_walk walk = walk_zero_rows(stride, rows); walk.left_nbytes > 0;) {
    zero_match match = take_zero_match(&walk);
    weights[deflate_length_symbol(match.length)] += weight;
    distance_weights[deflate_distance_symbol(match.distance)] += weight;
  }
}

/* What a copy that is too short for a match consists of: light bytes, a filter byte, light bytes. */
static bit_string spell_out(const deflate_codes *codes, int before, int filters, int behind) {
  bit_string string = {0};
  for (int i = 0; i < before; i++)
    string_append(&string, codes->literals[LIGHT_BYTE]);
  for (int i = 0; i < filters; i++)
    string_append(&string, codes->literals[FILTER_NONE]);
  for (int i = 0; i < behind; i++)
    string_append(&string, codes->literals[LIGHT_BYTE]);
  return string;
}

/* From the literals of a row on: right end, whole rows, and, if another row follows, its filter byte and left end. */
static int copy_length(const png_plan *plan, int has_right, int rows, int has_next) {
  return (has_right ? plan->right_byte_count : 0) + rows * plan->stride + (has_next ? 1 + plan->first_byte : 0);
}

static row_copy make_copy(const png_plan *plan, const deflate_codes *codes, int has_right, int rows, int has_next) {
  int length = copy_length(plan, has_right, rows, has_next);
  copy_shape shape = shape_copy(length);
  row_copy copy = {.full_matches = shape.full_matches};
  if (length < MIN_MATCH) {
    copy.rest = spell_out(codes, has_right ? plan->right_byte_count : 0, has_next, has_next ? plan->first_byte : 0);
    return copy;
  }
  for (int i = 0; i < 2; i++)
    if (shape.rest[i] > 0)
      string_append(&copy.rest, deflate_match(codes, shape.rest[i], plan->stride));
  return copy;
}

/* The longest match whose symbol is that of length or the next one. */
static int last_of_two_symbols(int length) {
  int last = length;
  while (last < MAX_MATCH && deflate_length_symbol(last + 1) <= deflate_length_symbol(length) + 1)
    last++;
  return last;
}

/* Joining bytes is limited to match lengths of two symbols, so that the head stays short. */
static void plan_room(png_plan *plan) {
  copy_shape shape = shape_copy(copy_length(plan, 1, plan->geometry.scale_px - 1, 1));
  int can_grow = shape.rest[0] >= MIN_MATCH && shape.rest[1] == 0;
  int room = can_grow ? last_of_two_symbols(shape.rest[0]) - shape.rest[0] : 0;
  plan->room = room < MAX_ROOM ? room : MAX_ROOM;
  plan->full_matches_between = shape.full_matches;
}

/* Each byte more is 8 / scale modules more that happen to be the same in two rows. */
static void weigh_between(const png_plan *plan, uint32_t *weights) {
  int length = copy_length(plan, 1, plan->geometry.scale_px - 1, 1), rest = shape_copy(length).rest[0], joined = 1;
  weigh_copy(length, ONCE_A_ROW, weights);
  while (joined <= plan->room && deflate_length_symbol(rest + joined) == deflate_length_symbol(rest))
    joined++;
  int halvings = joined * 8 / plan->geometry.scale_px;
  if (joined <= plan->room)
    weights[deflate_length_symbol(rest + joined)] += 1 + (halvings < 16 ? 2u * ONCE_A_ROW >> halvings : 0);
}

static void weigh_copies(const png_plan *plan, uint32_t once, uint32_t *weights) {
  int rows_between = plan->geometry.scale_px - 1;
  weights[FILTER_NONE] += once;
  weigh_between(plan, weights);
  weigh_copy(copy_length(plan, 1, rows_between, plan->rows_below > 0), once, weights);
  if (plan->rows_above > 0) {
    weigh_stretch(plan->stride - 1, once, weights);
    weigh_copy(copy_length(plan, 0, plan->rows_above - 1, 1), once, weights);
  }
  if (plan->rows_below > 0) {
    weigh_stretch(plan->byte_count, once, weights);
    weigh_copy(copy_length(plan, 1, plan->rows_below - 1, 0), once, weights);
  }
}

static void weigh_up(const png_plan *plan, uint32_t once, uint32_t *weights, uint32_t *distance_weights) {
  weights[FILTER_NONE] += ONCE_A_ROW;
  weigh_zone(plan->first_byte, ONCE_A_ROW, weights);
  weigh_zone(plan->right_byte_count, ONCE_A_ROW, weights);
  weigh_zero_rows(plan->stride, plan->geometry.scale_px - 1, ONCE_A_ROW, weights, distance_weights);
  const int outside[] = {plan->rows_above, plan->rows_below};
  for (int i = 0; i < 2; i++) {
    if (outside[i] == 0)
      continue;
    weigh_stretch(plan->stride - 1, once, weights);
    weigh_zero_rows(plan->stride, outside[i] - 1, once, weights, distance_weights);
  }
}

static void plan_codes(const png_plan *plan, const uint64_t bytes[WINDOW_COUNT], deflate_codes *codes) {
  uint32_t weights[LITERAL_SYMBOLS] = {0}, distance_weights[DISTANCE_SYMBOLS] = {0};
  uint32_t once = ONCE_A_ROW / (uint32_t)plan->geometry.side_modules;
  if (is_grouped(plan))
    weigh_groups(plan, bytes, weights);
  else
    weigh_runs(plan, weights);
  weights[END_OF_BLOCK] += once;
  if (plan->is_up)
    weigh_up(plan, once, weights, distance_weights);
  else
    weigh_copies(plan, once, weights);
  distance_weights[deflate_distance_symbol(1)] += 1;
  distance_weights[deflate_distance_symbol(plan->stride)] += 1;
  int max_nbits = is_grouped(plan) ? 56 / plan->geometry.scale_px : LONGEST_CODE_NBITS;
  deflate_build_codes(weights, distance_weights, max_nbits < LONGEST_CODE_NBITS ? max_nbits : LONGEST_CODE_NBITS,
                      codes);
}

static void plan_copies(png_plan *plan, const deflate_codes *codes) {
  int rows_between = plan->geometry.scale_px - 1;
  plan->between[0] = make_copy(plan, codes, 1, rows_between, 1).rest;
  int rest = shape_copy(copy_length(plan, 1, rows_between, 1)).rest[0];
  for (int joined = 1; joined <= plan->room; joined++)
    plan->between[joined] = deflate_match(codes, rest + joined, plan->stride);
  plan->last = make_copy(plan, codes, 1, rows_between, plan->rows_below > 0);
  if (plan->rows_above > 0)
    plan->above = make_copy(plan, codes, 0, plan->rows_above - 1, 1);
  if (plan->rows_below > 0)
    plan->below = make_copy(plan, codes, 1, plan->rows_below - 1, 0);
  if (codes->literals[deflate_length_symbol(MAX_MATCH)].nbits > 0)
    plan->full_match = deflate_match(codes, MAX_MATCH, plan->stride);
}

static void fill_stretches(const deflate_codes *codes, int byte, stretch_table stretches) {
  bit_string literal = codes->literals[byte], string = {0};
  for (int length = 1; length <= LONGEST_STRETCH; length++) {
    if (length <= MIN_MATCH) {
      string_append(&string, literal);
      stretches[length] = string;
    } else if (codes->literals[deflate_length_symbol(length - 1)].nbits > 0) {
      stretches[length] = literal;
      string_append(&stretches[length], deflate_match(codes, length - 1, 1));
    }
  }
}

static bit_string make_zone(const deflate_codes *codes, int nbytes) {
  bit_string zone = {0};
  for (int i = 0; i < nbytes && (i == 0 || nbytes <= MIN_MATCH); i++)
    string_append(&zone, codes->literals[LIGHT_BYTE]);
  if (nbytes > MIN_MATCH)
    string_append(&zone, deflate_match(codes, nbytes - 1, 1));
  return zone;
}

/* What follows the whole matches of so many rows. */
static bit_string make_tail(const deflate_codes *codes, int stride, int rows) {
  bit_string tail = {0};
  for (zero_walk walk = walk_zero_rows(stride, rows); walk.left_nbytes > 0;) {
    zero_match match = take_zero_match(&walk);
    if (match.length < MAX_MATCH)
      string_append(&tail, deflate_match(codes, match.length, match.distance));
  }
  return tail;
}

static void append_repeated(zero_row_table *zeros, bit_string string) {
  bit_string *last = &zeros->repeated[zeros->repeated_count > 0 ? zeros->repeated_count - 1 : 0];
  if (last->nbits + string.nbits > MAX_SINK_NBITS)
    last = &zeros->repeated[zeros->repeated_count];
  string_append(last, string);
  zeros->repeated_count = (int)(last - zeros->repeated) + 1;
}

static void fill_zeros(const png_plan *plan, const deflate_codes *codes, zero_row_table *zeros) {
  int stride = plan->stride, rows_between = plan->geometry.scale_px - 1;
  zeros->within_row = deflate_match(codes, MAX_MATCH, 1);
  zeros->across_rows = deflate_match(codes, MAX_MATCH, stride);
  zeros->first_row[0] = codes->literals[FILTER_UP];
  string_append(&zeros->first_row[0], codes->literals[0]);
  string_append(&zeros->first_row[0], zeros->within_row);
  zeros->first_row[1] = deflate_match(codes, stride - FIRST_ZEROS - MAX_MATCH, 1);
  zeros->left = codes->literals[FILTER_NONE];
  string_append(&zeros->left, make_zone(codes, plan->first_byte));
  zeros->tail_above = make_tail(codes, stride, plan->rows_above - 1);
  zeros->tail_below = make_tail(codes, stride, plan->rows_below - 1);

  append_repeated(zeros, make_zone(codes, plan->right_byte_count));
  append_repeated(zeros, zeros->first_row[0]);
  append_repeated(zeros, zeros->first_row[1]);
  for (zero_walk walk = walk_zero_rows(stride, rows_between); walk.left_nbytes > 0;) {
    zero_match match = take_zero_match(&walk);
    append_repeated(zeros, deflate_match(codes, match.length, match.distance));
  }
}

static void fill_runs(const deflate_codes *codes, run_table *runs) {
  fill_stretches(codes, DARK_BYTE, runs->dark);
  memcpy(runs->bytes, codes->literals, sizeof runs->bytes);
}

static void fill_groups(const png_plan *plan, const deflate_codes *codes, const uint64_t bytes[WINDOW_COUNT],
                        group_table *groups) {
  int scale = plan->geometry.scale_px, tail_nbytes = plan->byte_count % scale;
  for (int window = 0; window < WINDOW_COUNT; window++) {
    bit_string string = {0};
    unsigned sum = 0, prefix_sum = 0;
    for (int i = 0; i < scale; i++) {
      unsigned value = bytes[window] >> 8 * i & 0xFF;
      string_append(&string, codes->literals[value]);
      groups->ends[window] |= (uint64_t)string.nbits << 8 * i;
      sum += value;
      prefix_sum += sum;
      if (i + 1 == tail_nbytes) {
        groups->tail_sums[window] = (uint16_t)sum;
        groups->tail_prefix_sums[window] = (uint16_t)prefix_sum;
      }
    }
    groups->codes[window] = string.bits;
    groups->sums[window] = (uint16_t)sum;
    groups->prefix_sums[window] = (uint16_t)prefix_sum;
  }
}

/* Signature, IHDR, the start of IDAT (its length is filled in later), zlib header (RFC 1950), head of the block. */
static void plan_head(png_plan *plan, const deflate_codes *codes, crc_tables *crc) {
  static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  static const uint8_t one_bit_gray[] = {1, 0, 0, 0, 0}, data_start[] = {0, 0, 0, 0, 'I', 'D', 'A', 'T', 0x78, 0x01};
  uint8_t *next = plan->head;
  memcpy(next, signature, sizeof signature);
  next = put_big_endian(next + sizeof signature, (uint32_t)plan->geometry.side_px);
  next = put_big_endian(next, (uint32_t)plan->geometry.side_px);
  memcpy(next, one_bit_gray, sizeof one_bit_gray);
  next += sizeof one_bit_gray;
  next = put_big_endian(next, fast_crc32(crc, plan->head + 12, (size_t)(next - plan->head) - 12));
  memcpy(next, data_start, sizeof data_start);
  bit_sink sink = {.next = next + sizeof data_start};
  deflate_put_head(&sink, codes);
  plan->head_nbytes = (int)(sink.next - plan->head);
  plan->head_end = (bit_string){sink.pending, sink.pending_nbits};
}

void fast_plan_png(png_plan *plan, const qrpng_geometry *geometry, crc_tables *crc) {
  uint64_t bytes[WINDOW_COUNT];
  deflate_codes codes;
  memset(plan, 0, sizeof *plan);
  plan->geometry = *geometry;
  plan_rows(plan);
  plan->is_up = is_up_smaller(plan);
  if (!plan->is_up)
    plan_room(plan);
  if (is_grouped(plan))
    draw_windows(plan, bytes);
  plan_codes(plan, bytes, &codes);
  plan->filter_none = codes.literals[FILTER_NONE];
  plan->end_of_block = codes.literals[END_OF_BLOCK];
  if (plan->is_up)
    fill_zeros(plan, &codes, &plan->zeros);
  else
    plan_copies(plan, &codes);
  fill_stretches(&codes, LIGHT_BYTE, plan->light);
  if (is_grouped(plan))
    fill_groups(plan, &codes, bytes, &plan->groups);
  else
    fill_runs(&codes, &plan->runs);
  plan_head(plan, &codes, crc);
}
