#include "png.h"

#include "png_plan.h"
#include "zero_rows.h"

/* The offset follows from the rest. */
static uint64_t key_of(const qrpng_geometry *geometry) {
  return (uint64_t)geometry->side_px << 32 | (uint64_t)geometry->scale_px << 16 | (uint64_t)geometry->side_modules;
}

/*
 * Which plan has to go when a new one comes is left to chance (the generator of Numerical Recipes): with a few
 * geometries more than plans, the one that wasn't used for longest would always be the one that is wanted next.
 */
static int choose_victim(png_state *state) {
  for (int i = 0; i < PNG_PLAN_COUNT; i++)
    if (state->keys[i] == 0)
      return i;
  state->random = state->random * 1664525 + 1013904223;
  return (int)(state->random >> 16) % PNG_PLAN_COUNT;
}

static const png_plan *find_plan(png_state *state, const qrpng_geometry *geometry) {
  uint64_t key = key_of(geometry);
  if (state->keys[state->latest] == key)
    return &state->plans[state->latest];
  int found = 0;
  while (found < PNG_PLAN_COUNT && state->keys[found] != key)
    found++;
  if (found == PNG_PLAN_COUNT) {
    found = choose_victim(state);
    fast_plan_png(&state->plans[found], geometry, &state->crc);
    state->keys[found] = key;
  }
  state->latest = found;
  return &state->plans[found];
}

static void put_copy(bit_sink *sink, const png_plan *plan, const row_copy *copy) {
  for (int i = 0; i < copy->full_matches; i++)
    sink_put_string(sink, plan->full_match);
  sink_put_string(sink, copy->rest);
}

static adler_piece piece_of_equal_bytes(int nbytes, unsigned value) {
  uint64_t n = (uint64_t)nbytes;
  return (adler_piece){n, n * value, n * (n + 1) / 2 * value};
}

static adler_piece light_row(const png_plan *plan) {
  adler_piece piece = piece_of_equal_bytes(plan->stride - 1, 0xFF);
  piece.nbytes++; /* the filter byte, which is 0 */
  return piece;
}

static adler_piece zero_row(const png_plan *plan) {
  uint64_t n = (uint64_t)plan->stride;
  return (adler_piece){n, FILTER_UP, n * FILTER_UP};
}

static void put_stretch(bit_sink *sink, const bit_string *stretches, int nbytes) {
  for (; nbytes > LONGEST_STRETCH; nbytes -= LONGEST_STRETCH)
    sink_put_string(sink, stretches[LONGEST_STRETCH]);
  sink_put_string(sink, stretches[nbytes]);
}

/* The bytes of a row that are written as literals: from begin up to end, counted from the first that may be. */
typedef struct literal_range {
  int begin, end;
} literal_range;

/* The literals of a row, eight modules at a time. */
static void put_groups(bit_sink *sink, const png_plan *plan, const uint64_t *row, literal_range literals,
                       adler_sums *sums) {
  const group_table *groups = &plan->groups;
  int words = words_of_side(plan->geometry.side_modules), lead = fast_lead_modules(plan);
  uint8_t modules[8 * (MAX_WORDS + 1)]; /* eight a byte, the first one lowest */
  uint64_t carried = 0;
  for (int w = 0; w < words; w++) {
    store_word(modules + 8 * w, row[w] << lead | carried);
    carried = lead ? row[w] >> (64 - lead) : 0;
  }
  store_word(modules + 8 * words, carried);

  int scale = plan->geometry.scale_px;
  for (int i = 0, first = 0; first < plan->byte_count; i++, first += scale) {
    unsigned window = (modules[i] | (unsigned)modules[i + 1] << 8) % WINDOW_COUNT;
    int is_whole = first + scale <= plan->byte_count, nbytes = is_whole ? scale : plan->byte_count - first;
    sums->b += (uint64_t)nbytes * sums->a + (is_whole ? groups->prefix_sums : groups->tail_prefix_sums)[window];
    sums->a += (is_whole ? groups->sums : groups->tail_sums)[window];

    int begin = literals.begin > first ? literals.begin - first : 0;
    int end = literals.end < first + nbytes ? literals.end - first : nbytes;
    if (begin >= end)
      continue;
    int from = begin > 0 ? (int)(groups->ends[window] >> 8 * (begin - 1) & 0xFF) : 0;
    int nbits = (int)(groups->ends[window] >> 8 * (end - 1) & 0xFF) - from;
    sink_put(sink, groups->codes[window] >> from & (((uint64_t)1 << nbits) - 1), nbits);
  }
}

/* The first module from begin on that has the other colour, or side. */
static int end_of_run(const uint64_t *row, int begin, int side, int is_dark) {
  for (int w = begin / 64; 64 * w < side; w++) {
    uint64_t others = is_dark ? ~row[w] : row[w];
    if (w == begin / 64)
      others &= ~(uint64_t)0 << begin % 64;
    if (others)
      return 64 * w + __builtin_ctzll(others) < side ? 64 * w + __builtin_ctzll(others) : side;
  }
  return side;
}

/* Equal bytes from begin up to end, as far as they are literals. */
static void put_equal_bytes(bit_sink *sink, const png_plan *plan, int is_dark, int begin, int end,
                            literal_range literals, adler_sums *sums) {
  adler_add(sums, piece_of_equal_bytes(end - begin, is_dark ? 0x00 : 0xFF), 1);
  begin = begin > literals.begin ? begin : literals.begin;
  end = end < literals.end ? end : literals.end;
  if (begin < end)
    put_stretch(sink, is_dark ? plan->runs.dark : plan->light, end - begin);
}

/* The literals of a row, run by run: no byte holds parts of more than two modules. */
static void put_runs(bit_sink *sink, const png_plan *plan, const uint64_t *row, literal_range literals,
                     adler_sums *sums) {
  const qrpng_geometry *geometry = &plan->geometry;
  int is_dark = 0, byte = 0, left_px = geometry->offset_px - 8 * plan->first_byte;
  for (int begin = 0; begin < geometry->side_modules; is_dark = !is_dark) {
    int end = end_of_run(row, begin, geometry->side_modules, is_dark);
    if (end == geometry->side_modules && !is_dark)
      break;
    int end_px = left_px + end * geometry->scale_px, cut = end_px % 8;
    put_equal_bytes(sink, plan, is_dark, byte, end_px / 8, literals, sums);
    byte = end_px / 8;
    if (cut != 0) {
      unsigned value = is_dark ? 0xFFu >> cut : 0xFF00u >> cut & 0xFF;
      if (byte >= literals.begin && byte < literals.end)
        sink_put_string(sink, plan->runs.bytes[value]);
      adler_add(sums, piece_of_equal_bytes(1, value), 1);
      byte++;
    }
    begin = end;
  }
  put_equal_bytes(sink, plan, 0, byte, plan->byte_count, literals, sums);
}

/* Filter byte and left quiet zone are there already. Returns what the whole row adds to the Adler-32 sums. */
static adler_piece put_row(bit_sink *sink, const png_plan *plan, const uint64_t *row, literal_range literals) {
  adler_sums sums = {0, 0};
  adler_add(&sums, piece_of_equal_bytes(plan->first_byte, 0xFF), 1);
  if (plan->geometry.scale_px <= MAX_GROUPED_SCALE)
    put_groups(sink, plan, row, literals, &sums);
  else
    put_runs(sink, plan, row, literals, &sums);
  adler_add(&sums, piece_of_equal_bytes(plan->right_byte_count, 0xFF), 1);
  return (adler_piece){(uint64_t)plan->stride, sums.a, sums.b};
}

/* Which bytes of a row have to be literals: those from the first to the last that differ from the row above. */
static literal_range differing_bytes(const png_plan *plan, const uint64_t *row, const uint64_t *above) {
  const qrpng_geometry *geometry = &plan->geometry;
  int words = words_of_side(geometry->side_modules), first = geometry->side_modules, last = -1;
  for (int w = words - 1; w >= 0; w--) {
    uint64_t differences = row[w] ^ above[w];
    if (differences == 0)
      continue;
    first = 64 * w + __builtin_ctzll(differences);
    if (last < 0)
      last = 64 * w + 63 - __builtin_clzll(differences);
  }
  if (last < 0)
    return (literal_range){plan->byte_count, plan->byte_count};
  int left_px = geometry->offset_px - 8 * plan->first_byte;
  return (literal_range){(left_px + first * geometry->scale_px) / 8,
                         (left_px + (last + 1) * geometry->scale_px + 7) / 8};
}

/* The rows of the symbol with the copies between them, each of which takes as many bytes as it has room for. */
static void put_symbol(bit_sink *sink, const png_plan *plan, const uint64_t *rows, adler_sums *sums) {
  int side = plan->geometry.side_modules, words = words_of_side(side);
  literal_range literals = {0, plan->byte_count};
  for (int y = 0; y < side; y++, rows += words) {
    int joined = plan->byte_count - literals.end;
    adler_piece piece = put_row(sink, plan, rows, literals);
    adler_add(sums, piece, (uint64_t)plan->geometry.scale_px);
    if (y == side - 1)
      break;

    literals = differing_bytes(plan, rows + words, rows);
    if (literals.begin > plan->room - joined)
      literals.begin = plan->room - joined;
    joined += literals.begin;
    int most_at_end = y + 1 < side - 1 ? plan->room : 0; /* the copy after the last row has no room */
    if (plan->byte_count - literals.end > most_at_end)
      literals.end = plan->byte_count - most_at_end;
    for (int i = 0; i < plan->full_matches_between; i++)
      sink_put_string(sink, plan->full_match);
    sink_put_string(sink, plan->between[joined]);
  }
}

/* As many rows of zeros as are asked for; tail is what follows the whole matches. */
static void put_zero_rows(bit_sink *sink, const png_plan *plan, int rows, bit_string tail) {
  const zero_row_table *zeros = &plan->zeros;
  if (rows == 0)
    return;
  sink_put_string(sink, zeros->first_row[0]);
  sink_put_string(sink, zeros->first_row[1]);
  for (zero_walk walk = walk_zero_rows(plan->stride, rows); walk.left_nbytes > 0;) {
    zero_match match = take_zero_match(&walk);
    if (match.length == MAX_MATCH)
      sink_put_string(sink, match.distance == 1 ? zeros->within_row : zeros->across_rows);
  }
  sink_put_string(sink, tail);
}

/* The rows of the symbol, each with the zeros that repeat it. */
static void put_symbol_with_zeros(bit_sink *sink, const png_plan *plan, const uint64_t *rows, adler_sums *sums) {
  const qrpng_geometry *geometry = &plan->geometry;
  int words = words_of_side(geometry->side_modules);
  literal_range literals = {0, plan->byte_count};
  for (int y = 0; y < geometry->side_modules; y++, rows += words) {
    sink_put_string(sink, plan->zeros.left);
    adler_add(sums, put_row(sink, plan, rows, literals), 1);
    for (int i = 0; i < plan->zeros.repeated_count; i++)
      sink_put_string(sink, plan->zeros.repeated[i]);
    adler_add(sums, zero_row(plan), (uint64_t)geometry->scale_px - 1);
  }
}

/* Light rows of which all but the first are zeros. */
static void put_light_rows(bit_sink *sink, const png_plan *plan, int rows, bit_string tail, adler_sums *sums) {
  if (rows == 0)
    return;
  sink_put_string(sink, plan->filter_none);
  put_stretch(sink, plan->light, plan->stride - 1);
  adler_add(sums, light_row(plan), 1);
  put_zero_rows(sink, plan, rows - 1, tail);
  adler_add(sums, zero_row(plan), (uint64_t)rows - 1);
}

/* All rows of a wide image. Returns its Adler-32. */
static uint32_t put_wide_rows(bit_sink *sink, const png_plan *plan, const uint64_t *rows) {
  adler_sums sums = {1, 0};
  put_light_rows(sink, plan, plan->rows_above, plan->zeros.tail_above, &sums);
  put_symbol_with_zeros(sink, plan, rows, &sums);
  put_light_rows(sink, plan, plan->rows_below, plan->zeros.tail_below, &sums);
  sink_put_string(sink, plan->end_of_block);
  return adler_finish(sums);
}

/* All rows of the image. Returns its Adler-32. */
static uint32_t put_rows(bit_sink *sink, const png_plan *plan, const uint64_t *rows) {
  adler_sums sums = {1, 0};
  sink_put_string(sink, plan->filter_none);
  if (plan->rows_above > 0) {
    put_stretch(sink, plan->light, plan->stride - 1);
    put_copy(sink, plan, &plan->above);
    adler_add(&sums, light_row(plan), (uint64_t)plan->rows_above);
  }
  put_symbol(sink, plan, rows, &sums);
  put_copy(sink, plan, &plan->last);
  if (plan->rows_below > 0) {
    put_stretch(sink, plan->light, plan->byte_count);
    put_copy(sink, plan, &plan->below);
    adler_add(&sums, light_row(plan), (uint64_t)plan->rows_below);
  }
  sink_put_string(sink, plan->end_of_block);
  return adler_finish(sums);
}

/* Everything up to the first bits of the rows. Returns where IDAT begins. */
static uint8_t *put_head(png_state *state, const png_plan *plan, const qrpng_png_style *style, bit_sink *sink) {
  int skipped = 0;
  uint8_t *data_chunk = state->png + PLAIN_HEAD_NBYTES;
  if (!fast_is_plain_style(style)) {
    data_chunk = fast_put_png_head(&state->styled_head, plan->geometry.side_px, style, &state->crc, state->png);
    skipped = PLAIN_HEAD_NBYTES;
  }
  memcpy(data_chunk - PLAIN_HEAD_NBYTES + skipped, plan->head + skipped, (size_t)(plan->head_nbytes - skipped));
  *sink = (bit_sink){data_chunk - PLAIN_HEAD_NBYTES + plan->head_nbytes, plan->head_end.bits, plan->head_end.nbits};
  return data_chunk;
}

/* Writes the rows' block again, by matches, if that takes fewer bits. The bytes in it are the same. */
static void shorten_block(bit_sink *sink, uint8_t *block, const png_plan *plan, const uint64_t *rows,
                          match_state *matches) {
  size_t nbits = 8 * (size_t)(sink->next - block) + (size_t)sink->pending_nbits;
  if (plan->is_up || fast_find_matches(matches, &plan->geometry, rows) >= nbits)
    return;
  *sink = (bit_sink){.next = block};
  fast_put_matches(sink, matches);
}

size_t fast_write_png(png_state *state, const qrpng_geometry *geometry, const qrpng_png_style *style,
                      const uint64_t *rows, match_state *matches) {
  static const uint8_t end_chunk[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};
  enum { CHUNK_HEAD_NBYTES = 8, ZLIB_HEAD_NBYTES = 2 };
  const png_plan *plan = find_plan(state, geometry);
  bit_sink sink;
  uint8_t *data_chunk = put_head(state, plan, style, &sink);
  uint32_t adler = plan->is_up ? put_wide_rows(&sink, plan, rows) : put_rows(&sink, plan, rows);
  if (matches)
    shorten_block(&sink, data_chunk + CHUNK_HEAD_NBYTES + ZLIB_HEAD_NBYTES, plan, rows, matches);
  sink_put(&sink, 0, -sink.pending_nbits & 7);
  uint8_t *end = put_big_endian(sink.next, adler);

  size_t data_nbytes = (size_t)(end - data_chunk) - CHUNK_HEAD_NBYTES;
  put_big_endian(data_chunk, (uint32_t)data_nbytes);
  end = put_big_endian(end, fast_crc32(&state->crc, data_chunk + 4, data_nbytes + 4));
  memcpy(end, end_chunk, sizeof end_chunk);
  return (size_t)(end - state->png) + sizeof end_chunk;
}
