#include "png_matches.h"

enum { LIGHT_BYTE = 0xFF, DARK_BYTE = 0x00, FILTER_NONE = 0, MAX_DISTANCE = 32768 };

/* What the search takes tokens to cost, in 1/8 bit: their codes are made later. */
enum {
  COST_OF_PURE_LITERAL = 32,
  COST_OF_LITERAL = 48,
  COST_OF_LENGTH = 42,
  COST_OF_DISTANCE = 32,
  COST_OF_DISTANCE_1 = 28,
  COST_OF_THE_IMPOSSIBLE = 1 << 20,
};

static int length_extra_nbits(int length) {
  return length < 11 || length >= MAX_MATCH ? 0 : 29 - __builtin_clz((unsigned)(length - MIN_MATCH));
}

static uint32_t cost_of_distance(int distance) {
  return COST_OF_DISTANCE + 8 * (30 - (uint32_t)__builtin_clz((unsigned)(distance - 1) | 2));
}

static int cost_of_length(int nbytes) {
  return nbytes < MIN_MATCH ? COST_OF_THE_IMPOSSIBLE : COST_OF_LENGTH + 8 * length_extra_nbits(nbytes);
}

/* Equal bytes; has_begun: the byte before is the same. */
static int cost_of_stretch(int nbytes, int has_begun) {
  int matched = nbytes - !has_begun;
  if (matched < MIN_MATCH)
    return nbytes * COST_OF_PURE_LITERAL;
  return COST_OF_PURE_LITERAL * !has_begun + cost_of_length(matched) + COST_OF_DISTANCE_1;
}

/* How many steps it takes to come to a multiple. */
static int count_steps(int step, int factor) {
  int count = 1;
  while (count * step % factor != 0)
    count++;
  return count;
}

static void plan_rows(match_plan *plan) {
  const qrpng_geometry *geometry = &plan->geometry;
  int row_nbytes = (geometry->side_px + 7) / 8, symbol_px = geometry->scale_px * geometry->side_modules;
  plan->stride = 1 + row_nbytes;
  plan->rows_above = geometry->offset_px;
  plan->rows_below = geometry->side_px - geometry->offset_px - symbol_px;
  plan->first_byte = geometry->offset_px / 8;
  plan->lead_px = geometry->offset_px % 8;
  plan->byte_count = (plan->lead_px + symbol_px + 7) / 8;
  plan->right_byte_count = row_nbytes - plan->first_byte - plan->byte_count;
}

static void plan_stops(match_plan *plan) {
  int side = plan->geometry.side_modules, scale = plan->geometry.scale_px;
  plan->is_by_byte = scale < 8;
  for (int x = 0; x <= side; x++) {
    int px = plan->lead_px + x * scale;
    plan->modules[x] =
        (module_place){(uint16_t)(plan->is_by_byte ? px / 8 : 2 * x), (uint16_t)(px / 8), (uint16_t)((px + 7) / 8)};
  }
  plan->stop_count = plan->is_by_byte ? plan->byte_count + 1 : 2 * side + 2;
}

static void plan_windows(match_plan *plan) {
  int side = plan->geometry.side_modules, scale = plan->geometry.scale_px;
  plan->phase_count = plan->is_by_byte ? count_steps(8, scale) : count_steps(scale, 8);
  plan->window_count = plan->is_by_byte ? plan->byte_count : side;
  plan->first_window = plan->is_by_byte && plan->lead_px > 0; /* what is light before the symbol is no module */
  for (int i = 0; i < plan->window_count; i++) {
    int px = 8 * i - plan->lead_px, module = !plan->is_by_byte ? i : px < 0 ? 0 : px / scale;
    int byte = plan->is_by_byte ? i : i * scale / 8; /* exact to the next of the same phase */
    plan->windows[i] = (match_window){(uint16_t)module, (uint16_t)byte, (uint16_t)(i % plan->phase_count)};
  }
}

/* The more windows a match can begin at, the more of their modules are the same in the best of them. */
static void plan_keys(match_plan *plan) {
  int side = plan->geometry.side_modules, scale = plan->geometry.scale_px;
  int rows = MAX_DISTANCE / (scale * plan->stride) + 1;
  int windows = (rows < side ? rows : side) * plan->window_count / plan->phase_count;
  int nbits = 31 - __builtin_clz((unsigned)windows);
  plan->short_key_nbits = nbits < 5 ? 3 : nbits - 2;
  plan->long_key_nbits = nbits + 1;
}

static void plan_values(match_plan *plan) {
  int scale = plan->geometry.scale_px;
  for (int i = 0; i <= plan->phase_count && i < plan->byte_count; i++) {
    uint8_t *values = plan->values[i < plan->first_window ? MAX_PHASES : i % plan->phase_count];
    for (unsigned modules = 0; modules < 1 << MAX_BYTE_MODULES; modules++) {
      unsigned value = 0;
      for (int px = 8 * i - plan->lead_px, end = px + 8; px < end; px++)
        value = value << 1 | (px < 0 || !(modules >> (px / scale - plan->windows[i].module) & 1));
      values[modules] = (uint8_t)value;
    }
  }
}

static int is_planned(const match_plan *plan, const qrpng_geometry *geometry) {
  const qrpng_geometry *planned = &plan->geometry;
  return planned->side_px == geometry->side_px && planned->scale_px == geometry->scale_px &&
         planned->side_modules == geometry->side_modules;
}

static void plan_matches(match_plan *plan, const qrpng_geometry *geometry) {
  if (is_planned(plan, geometry))
    return;
  memset(plan, 0, sizeof *plan);
  plan->geometry = *geometry;
  plan_rows(plan);
  plan_stops(plan);
  plan_windows(plan);
  plan_keys(plan);
  if (plan->is_by_byte)
    plan_values(plan);
}

static void fill_costs(match_state *state) {
  if (state->match_costs[0] != 0)
    return;
  for (int nbytes = 0; nbytes <= MAX_ROW_NBYTES; nbytes++) {
    state->match_costs[nbytes] = (uint64_t)cost_of_length(nbytes) << 32;
    for (int has_begun = 0; has_begun < 2; has_begun++)
      state->stretch_costs[has_begun][nbytes] = (uint64_t)cost_of_stretch(nbytes, has_begun) << 32;
  }
}

static unsigned module_at(const uint64_t *row, int x) {
  return row[x / 64] >> x % 64 & 1;
}

/* 64 modules from x on. The row has a word more than the symbol's. */
static inline uint64_t modules_from(const uint64_t *row, int x) {
  return row[x / 64] >> x % 64 | row[x / 64 + 1] << 1 << (63 - x % 64);
}

/* here: the place in the first of equal rows; repeated: from there to the last of them. */
static inline match_candidate measure(const match_source *source, const match_source *target, int repeated) {
  int distance = target->place - repeated - source->place;
  distance += distance <= 0 ? repeated : 0; /* in the same row */
  int modules = __builtin_ctzll((target->modules ^ source->modules) | (uint64_t)1 << 63);
  modules = modules < target->count ? modules : target->count;
  modules = modules < source->count ? modules : source->count;
  int is_match = distance <= MAX_DISTANCE && modules > 1;
  return (match_candidate){(uint16_t)(is_match ? modules : 1), (uint16_t)distance,
                           is_match ? cost_of_distance(distance) : COST_OF_THE_IMPOSSIBLE};
}

/* For each window of a row the latest two that have the same first modules, few of them and more. */
static void find_candidates(match_state *state, const uint64_t *row, int y) {
  const match_plan *plan = &state->plan;
  int repeated = (plan->geometry.scale_px - 1) * plan->stride;
  int row_place = y * plan->geometry.scale_px * plan->stride + repeated;
  uint64_t short_mask = ((uint64_t)1 << plan->short_key_nbits) - 1,
           long_mask = ((uint64_t)1 << plan->long_key_nbits) - 1;
  for (int i = plan->first_window; i < plan->window_count; i++) {
    match_window window = plan->windows[i];
    match_source here = {modules_from(row, window.module), row_place + window.byte,
                         plan->geometry.side_modules - window.module};
    uint16_t *latest_short =
        &state->latest_short[(here.modules & short_mask) * (unsigned)plan->phase_count + window.phase];
    uint16_t *latest_long =
        &state->latest_long[(here.modules & long_mask) * (unsigned)plan->phase_count + window.phase];
    state->candidates[i][0] = measure(&state->sources[*latest_short], &here, repeated);
    state->candidates[i][1] = measure(&state->sources[*latest_long], &here, repeated);
    unsigned slot = state->source_count++;
    state->sources[slot] = here;
    *latest_short = *latest_long = (uint16_t)slot;
  }
}

/* The cheapest way from a stop to the end of the row: its cost, the next stop, and the distance of the match up to
 * there or 0. The smaller of two is the cheaper one. */
typedef uint64_t parse_node;

static inline parse_node make_node(parse_node next_node, int next, unsigned distance, uint64_t cost) {
  return (next_node >> 32 << 32) + (cost << 32) + ((unsigned)next << 16 | distance);
}

static inline parse_node cheaper(parse_node one, parse_node other) {
  return one < other ? one : other;
}

/* The matches of a window, still without what their lengths cost, which depends on the stop. */
typedef struct match_ends {
  parse_node nodes[CANDIDATES];
  int bytes[CANDIDATES];
} match_ends;

static inline match_ends ends_of_matches(const match_state *state, int window, const parse_node *nodes) {
  match_ends ends;
  for (int i = 0; i < CANDIDATES; i++) {
    match_candidate candidate = state->candidates[window][i];
    module_place end = state->plan.modules[state->plan.windows[window].module + candidate.modules];
    ends.nodes[i] = make_node(nodes[end.stop], end.stop, candidate.distance, candidate.cost);
    ends.bytes[i] = end.byte;
  }
  return ends;
}

static inline parse_node cheapest(const match_state *state, const match_ends *ends, int byte, parse_node other) {
  for (int i = 0; i < CANDIDATES; i++)
    other = cheaper(other, ends->nodes[i] + state->match_costs[ends->bytes[i] - byte]);
  return other;
}

static inline unsigned value_of_byte(const match_plan *plan, const uint64_t *row, int byte) {
  const match_window *window = &plan->windows[byte];
  const uint8_t *values = plan->values[byte < plan->first_window ? MAX_PHASES : window->phase];
  return values[modules_from(row, window->module) % (1 << MAX_BYTE_MODULES)];
}

/* The byte in which a module begins that isn't of its colour alone. */
static unsigned value_of_boundary(const match_plan *plan, const uint64_t *row, int x) {
  unsigned before = 0xFF00u >> (plan->lead_px + x * plan->geometry.scale_px) % 8 & 0xFF, value = LIGHT_BYTE;
  if (x > 0 && module_at(row, x - 1))
    value &= ~before;
  if (x < plan->geometry.side_modules && module_at(row, x))
    value &= before;
  return value;
}

/* A part of a row, from a stop up to the first one that doesn't have to be written. */
typedef struct row_part {
  int begin, end;
} row_part;

static void parse_bytes(const match_state *state, const uint64_t *row, row_part part, parse_node *nodes) {
  for (int byte = part.end - 1; byte >= part.begin; byte--) {
    unsigned value = value_of_byte(&state->plan, row, byte);
    int cost = value == LIGHT_BYTE || value == DARK_BYTE ? COST_OF_PURE_LITERAL : COST_OF_LITERAL;
    nodes[byte] = make_node(nodes[byte + 1], byte + 1, 0, (uint64_t)cost);
    if (byte < state->plan.first_window)
      continue;
    match_ends ends = ends_of_matches(state, byte, nodes);
    nodes[byte] = cheapest(state, &ends, byte, nodes[byte]);
  }
}

static int end_of_run(const uint64_t *row, int x, int side) {
  int end = x + 1;
  while (end < side && module_at(row, end) == module_at(row, x))
    end++;
  return end;
}

static parse_node begin_boundary(const module_place *place, parse_node after) {
  return make_node(after, place->stop + 1, 0, place->byte < place->first_pure_byte ? COST_OF_LITERAL : 0);
}

/* Window x serves the stop at which module x begins, and the one at which it ends: there its last pixels are left. */
static void parse_modules(const match_state *state, const uint64_t *row, row_part part, parse_node *nodes) {
  const module_place *modules = state->plan.modules;
  int first = part.begin / 2, last = part.end / 2 - 1;
  for (int x = last, end = x >= first ? end_of_run(row, x, state->plan.geometry.side_modules) : 0; x >= first; x--) {
    int stop = 2 * x + 1;
    nodes[stop + 1] = begin_boundary(&modules[x + 1], nodes[stop + 2]);
    match_ends ends = ends_of_matches(state, x, nodes);
    nodes[stop + 1] = cheapest(state, &ends, modules[x + 1].byte, nodes[stop + 1]);

    int has_begun = x > 0 && module_at(row, x - 1) == module_at(row, x), byte = modules[x].first_pure_byte;
    nodes[stop] = make_node(nodes[2 * end], 2 * end, 0, 0) + state->stretch_costs[has_begun][modules[end].byte - byte];
    nodes[stop] = cheapest(state, &ends, byte, nodes[stop]);
    end = has_begun ? end : x;
  }
  nodes[2 * first] = begin_boundary(&modules[first], nodes[2 * first + 1]);
  if (first > 0) {
    match_ends ends = ends_of_matches(state, first - 1, nodes);
    nodes[2 * first] = cheapest(state, &ends, modules[first].byte, nodes[2 * first]);
  }
}

static void put_token(match_state *state, unsigned token) {
  state->tokens[state->token_count++] = (deflate_token)token;
}

static void put_literals(match_state *state, unsigned value, int count) {
  while (count-- > 0)
    put_token(state, value);
}

static void put_match(match_state *state, int distance, int length) {
  while (length > 0) {
    int taken = length <= MAX_MATCH ? length : length < MAX_MATCH + MIN_MATCH ? MAX_MATCH - MIN_MATCH : MAX_MATCH;
    put_token(state, TOKEN_MATCH | (unsigned)(taken - MIN_MATCH));
    put_token(state, (unsigned)(distance - 1));
    length -= taken;
  }
}

static void put_stretch(match_state *state, unsigned value, int nbytes, int has_begun) {
  int matched = nbytes - !has_begun;
  if (matched < MIN_MATCH) {
    put_literals(state, value, nbytes);
    return;
  }
  put_literals(state, value, !has_begun);
  put_match(state, 1, matched);
}

/* Bytes of the row above. Too few for a match are those before the first row, which is below one light row. */
static void put_copy(match_state *state, int nbytes) {
  if (nbytes < MIN_MATCH) {
    put_token(state, FILTER_NONE);
    put_literals(state, LIGHT_BYTE, nbytes - 1);
    return;
  }
  int copies = nbytes / MAX_MATCH, rest = nbytes % MAX_MATCH;
  if (copies > 0 && rest > 0 && rest < MIN_MATCH) {
    copies--;
    rest += MAX_MATCH;
  }
  if (copies > 0)
    put_token(state, TOKEN_COPIES | (unsigned)copies);
  put_match(state, state->plan.stride, rest);
}

static int byte_of_stop(const match_plan *plan, int stop) {
  if (plan->is_by_byte)
    return stop;
  return stop % 2 == 0 ? plan->modules[stop / 2].byte : plan->modules[stop / 2].first_pure_byte;
}

static void put_literal_part(match_state *state, const uint64_t *row, int stop, int nbytes) {
  int x = stop / 2;
  if (state->plan.is_by_byte) {
    put_token(state, value_of_byte(&state->plan, row, stop));
  } else if (stop % 2 == 0) {
    put_literals(state, value_of_boundary(&state->plan, row, x), nbytes);
  } else {
    int has_begun = x > 0 && module_at(row, x - 1) == module_at(row, x);
    put_stretch(state, module_at(row, x) ? DARK_BYTE : LIGHT_BYTE, nbytes, has_begun);
  }
}

/* Returns the byte up to which the row is written, which may be one after the end of the part. */
static int put_part(match_state *state, const uint64_t *row, row_part part) {
  parse_node nodes[MAX_STOPS];
  const match_plan *plan = &state->plan;
  memset(nodes + part.end, 0, sizeof *nodes * (size_t)(plan->stop_count - part.end));
  if (part.begin < part.end)
    (plan->is_by_byte ? parse_bytes : parse_modules)(state, row, part, nodes);
  int stop = part.begin;
  while (stop < part.end) {
    int next = nodes[stop] >> 16 & 0xFFFF, distance = nodes[stop] & 0xFFFF;
    int nbytes = byte_of_stop(plan, next) - byte_of_stop(plan, stop);
    if (distance > 0)
      put_match(state, distance, nbytes);
    else
      put_literal_part(state, row, stop, nbytes);
    stop = next;
  }
  return byte_of_stop(plan, stop);
}

/* What of a row is not the same as above. */
static row_part differing_part(const match_plan *plan, const uint64_t *row, const uint64_t *above) {
  int side = plan->geometry.side_modules, first = side, end = side;
  for (int w = words_of_side(side) - 1; w >= 0; w--) {
    uint64_t differences = row[w] ^ above[w];
    if (differences == 0)
      continue;
    if (first == side)
      end = 64 * w + 64 - __builtin_clzll(differences);
    first = 64 * w + __builtin_ctzll(differences);
  }
  int begin = plan->modules[first].stop;
  if (first == side)
    return (row_part){begin, begin};
  return (row_part){begin, plan->is_by_byte ? plan->modules[end].first_pure_byte : 2 * end + 1};
}

/* All rows of the symbol, and the begin of the one below. copied: bytes of a copy that has come up to the first one;
 * below 0: there is nothing above to copy. Returns the same for what follows. */
static int put_symbol(match_state *state, const uint64_t *rows, int copied) {
  const match_plan *plan = &state->plan;
  int side = plan->geometry.side_modules, words = words_of_side(side);
  uint64_t lines[2][MAX_WORDS + 1] = {{0}, {0}};
  for (int y = 0; y < side; y++, rows += words) {
    uint64_t *row = lines[y % 2];
    memcpy(row, rows, sizeof *row * (size_t)words);
    row_part part = {0, plan->stop_count - 1};
    if (copied >= 0) {
      part = differing_part(plan, row, lines[1 - y % 2]);
      put_copy(state, copied + byte_of_stop(plan, part.begin));
    }
    find_candidates(state, row, y);
    int end = put_part(state, row, part), right_nbytes = plan->byte_count - end + plan->right_byte_count;
    if (copied < 0) {
      put_stretch(state, LIGHT_BYTE, right_nbytes, 0);
      right_nbytes = 0;
    }
    int is_last = y == side - 1 && plan->rows_below == 0;
    copied = right_nbytes + (plan->geometry.scale_px - 1) * plan->stride + (is_last ? 0 : 1 + plan->first_byte);
  }
  return copied;
}

static void find_tokens(match_state *state, const uint64_t *rows) {
  const match_plan *plan = &state->plan;
  int copied = -1;
  put_token(state, FILTER_NONE);
  if (plan->rows_above > 0) {
    put_stretch(state, LIGHT_BYTE, plan->stride - 1, 0);
    copied = (plan->rows_above - 1) * plan->stride + 1 + plan->first_byte;
  }
  copied = put_symbol(state, rows, copied);
  if (plan->rows_below > 0) {
    put_copy(state, copied);
    put_stretch(state, LIGHT_BYTE, plan->stride - 1 - plan->first_byte, 0);
    copied = (plan->rows_below - 1) * plan->stride;
  }
  if (copied > 0)
    put_copy(state, copied);
  put_token(state, END_OF_BLOCK);
}

/* What follows a row must be long enough for a match. */
static int can_copy_rows(const match_plan *plan) {
  return plan->geometry.scale_px > 1 ||
         (plan->rows_below > 0 && plan->right_byte_count + 1 + plan->first_byte >= MIN_MATCH);
}

size_t fast_find_matches(match_state *state, const qrpng_geometry *geometry, const uint64_t *rows) {
  match_plan *plan = &state->plan;
  plan_matches(plan, geometry);
  if (!can_copy_rows(plan))
    return SIZE_MAX;
  fill_costs(state);
  memset(state->latest_short, 0, sizeof *state->latest_short * (size_t)(plan->phase_count << plan->short_key_nbits));
  memset(state->latest_long, 0, sizeof *state->latest_long * (size_t)(plan->phase_count << plan->long_key_nbits));
  state->sources[0] = (match_source){.place = -2 * MAX_DISTANCE};
  state->source_count = 1;
  state->token_count = 0;
  find_tokens(state, rows);
  return deflate_plan_tokens(&state->block, state->tokens, state->token_count, plan->stride);
}

void fast_put_matches(bit_sink *sink, const match_state *state) {
  deflate_put_tokens(sink, &state->block, state->tokens, state->token_count);
}
