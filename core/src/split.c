/*
 * Dynamic programming, not over characters but over pieces: runs of a class that are long enough to be worth a segment
 * of their own, and what lies between them. docs/fast-engine.md says why the splits are the same.
 */
#include "split.h"

#include <string.h>

enum { MODE_COUNT = 3 }; /* those that a split chooses from: numeric, alphanumeric, byte; each holds all before it */

/* Sixths of a bit, so that a digit (10/3 bits) and an alphanumeric character (11/2 bits) are whole numbers. */
enum { SIXTHS = 6, UNREACHABLE = SIXTHS << 25 };
static const int sixths_per_character[MODE_COUNT] = {20, 33, 48};

/*
 * The shortest runs that a segment can pay for, by the width of the headers. Shorter digits are cheaper as a part of
 * one of the segments beside them; shorter alphanumeric characters as bytes. At an end of the text a header less is at
 * stake.
 */
typedef struct shortest_runs {
  size_t digits, alphanumerics, digits_at_end, alphanumerics_at_end;
} shortest_runs;

static shortest_runs shortest_runs_of_version(int version) {
  static const shortest_runs runs[] = {{6, 10, 3, 6}, {8, 14, 4, 6}, {9, 15, 4, 7}};
  return runs[version < 10 ? 0 : version < 27 ? 1 : 2];
}

/* The first bit from a position on that is set; end if there is none before it. */
static size_t next_set(const uint64_t *map, size_t from, size_t end) {
  size_t word = from / 64;
  uint64_t bits = map[word] & ~(uint64_t)0 << from % 64;
  while (bits == 0) {
    if (64 * ++word >= end)
      return end;
    bits = map[word]; /* NOLINT(clang-analyzer-core.uninitialized.Assign): words up to the end's are all there */
  }
  size_t found = 64 * word + (size_t)__builtin_ctzll(bits);
  return found < end ? found : end;
}

static size_t end_of_run(const uint64_t *map, size_t from) {
  size_t word = from / 64;
  uint64_t clear = ~map[word] & ~(uint64_t)0 << from % 64;
  while (clear == 0)
    clear = ~map[++word];
  return 64 * word + (size_t)__builtin_ctzll(clear);
}

static size_t begin_of_run(const uint64_t *map, size_t end) {
  size_t word = end / 64;
  uint64_t clear = ~map[word] & (((uint64_t)1 << end % 64) - 1);
  while (clear == 0) {
    if (word == 0)
      return 0;
    clear = ~map[--word];
  }
  return 64 * word + 64 - (size_t)__builtin_clzll(clear);
}

/* The bits of a word that begin so many set ones in a row. */
static uint64_t begins_of_runs(const uint64_t *map, size_t word, size_t length) {
  uint64_t low = map[word], high = map[word + 1];
  for (size_t known = 1; known < length && low; known *= 2) {
    size_t shift = 2 * known <= length ? known : length - known;
    low &= low >> shift | high << (64 - shift);
    high &= high >> shift;
  }
  return low;
}

static void keep_runs_at_ends(const uint64_t *map, size_t text_nbytes, size_t shortest, uint64_t *kept) {
  size_t last = begin_of_run(map, text_nbytes);
  if (end_of_run(map, 0) >= shortest)
    kept[0] |= 1;
  if (text_nbytes - last >= shortest)
    kept[last / 64] |= (uint64_t)1 << last % 64;
}

/* Ends the piece that goes on until there, if there is anything in it. */
static size_t add_piece(qrpng_pieces *pieces, qrpng_mode mode, size_t begin, size_t end) {
  if (begin < end)
    pieces->list[pieces->count++] = (qrpng_piece){.nbytes = (uint16_t)(end - begin), .mode = (uint16_t)mode};
  return end;
}

static void find_pieces(const qrpng_character_map *map, int version, qrpng_pieces *pieces) {
  shortest_runs shortest = shortest_runs_of_version(version);
  uint64_t digits[CHARACTER_MAP_WORDS], runs[CHARACTER_MAP_WORDS]; /* where those begin that may be worth a segment */
  size_t nbytes = map->nbytes, at = 0;
  for (size_t w = 0; w <= nbytes / 64; w++) {
    digits[w] = begins_of_runs(map->digits, w, shortest.digits);
    runs[w] = begins_of_runs(map->alphanumerics, w, shortest.alphanumerics);
  }
  keep_runs_at_ends(map->digits, nbytes, shortest.digits_at_end, digits);
  keep_runs_at_ends(map->alphanumerics, nbytes, shortest.alphanumerics_at_end, runs);
  for (size_t w = 0; w <= nbytes / 64; w++)
    runs[w] |= digits[w];

  pieces->count = 0;
  for (size_t found; (found = next_set(runs, at, nbytes)) < nbytes;) {
    size_t end = end_of_run(map->alphanumerics, found);
    at = add_piece(pieces, QRPNG_MODE_BYTE, at, begin_of_run(map->alphanumerics, found));
    while ((found = next_set(digits, at, end)) < end) {
      at = add_piece(pieces, QRPNG_MODE_ALPHANUMERIC, at, found);
      at = add_piece(pieces, QRPNG_MODE_NUMERIC, at, end_of_run(map->digits, at));
    }
    at = add_piece(pieces, QRPNG_MODE_ALPHANUMERIC, at, end);
  }
  add_piece(pieces, QRPNG_MODE_BYTE, at, nbytes);
}

static int whole_bits(int sixths) {
  return (sixths + SIXTHS - 1) / SIXTHS;
}

enum { UNREACHABLE_END = UNREACHABLE / SIXTHS * 4 };

static int bits_of(int end) {
  return end / 4;
}

/*
 * Finds the ends of splits that have one segment more than those of `from`; with from == ends of splits into any
 * number. A segment goes on rather than that one begins at the same cost, and the lowest of equally cheap modes ends
 * one.
 */
static void find_ends(const int header_bits[MODE_COUNT], const qrpng_pieces *pieces, const int *from, int *ends,
                      uint8_t *choices) {
  int cost[MODE_COUNT] = {UNREACHABLE, UNREACHABLE, UNREACHABLE};
  for (int i = 0; i < pieces->count; i++) {
    qrpng_piece piece = pieces->list[i];
    int start = bits_of(from[i]), choice = from[i] % 4 << MODE_COUNT, best = INT32_MAX;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
      int begun = SIXTHS * (start + header_bits[mode]), begins = begun < cost[mode];
      choice |= begins << mode;
      cost[mode] = (begins ? begun : cost[mode]) + sixths_per_character[mode] * piece.nbytes;
      cost[mode] = mode < piece.mode ? UNREACHABLE : cost[mode];
      int end = 4 * whole_bits(cost[mode]) + mode;
      best = end < best ? end : best;
    }
    ends[i + 1] = best;
    choices[i] = (uint8_t)choice;
  }
}

/* Follows the choices back from the end. counted: a row of choices for each number of segments. */
static size_t trace_back(const qrpng_pieces *pieces, const qrpng_choices *choices, int is_counted, int mode,
                         qrpng_segment *segments) {
  size_t count = 0, nbytes = 0;
  for (int i = pieces->count; i-- > 0;) {
    int choice = (*choices)[i];
    nbytes += pieces->list[i].nbytes;
    if (!(choice >> mode & 1))
      continue;
    segments[count++] = (qrpng_segment){.mode = (qrpng_mode)mode, .nbytes = nbytes};
    nbytes = 0;
    mode = choice >> MODE_COUNT;
    choices -= is_counted;
  }
  for (size_t i = 0; i < count / 2; i++) {
    qrpng_segment swapped = segments[i];
    segments[i] = segments[count - 1 - i];
    segments[count - 1 - i] = swapped;
  }
  return count;
}

int qrpng_search_splits(qrpng_split_search *search, const qrpng_character_map *map, int version) {
  for (int mode = 0; mode < MODE_COUNT; mode++)
    search->header_bits[mode] = 4 + qrpng_count_bits((qrpng_mode)mode, version);
  find_pieces(map, version, &search->all);
  search->ends[0] = 0;
  find_ends(search->header_bits, &search->all, search->ends, search->ends, search->choices);
  return bits_of(search->ends[search->all.count]);
}

/* A split into few segments has at most so many islands: stretches between bytes that are anything else. */
enum { MAX_ISLANDS = QRPNG_COUNTED_SEGMENTS / 2 };

/* The next piece of bytes from there on, or pieces->count. */
static int next_bytes(const qrpng_pieces *pieces, int from) {
  while (from < pieces->count && pieces->list[from].mode != QRPNG_MODE_BYTE)
    from++;
  return from;
}

/* The pieces between two of bytes. */
typedef struct piece_island {
  int first, end, nbytes;
} piece_island;

static piece_island island_between(const qrpng_pieces *pieces, int left, int right) {
  piece_island island = {left + 1, right, 0};
  for (int i = island.first; i < island.end; i++)
    island.nbytes += pieces->list[i].nbytes;
  return island;
}

/* What the shortest split saves there, compared with bytes. */
static int most_saved(const qrpng_split_search *search, piece_island island) {
  int split_bits = bits_of(search->ends[island.end + 1]) - bits_of(search->ends[island.first]);
  return 8 * (island.nbytes + search->all.list[island.end].nbytes) - split_bits;
}

static int saved_by_segment(const qrpng_split_search *search, qrpng_mode mode, int nbytes) {
  int headers = search->header_bits[mode] + search->header_bits[QRPNG_MODE_BYTE];
  return 8 * nbytes - whole_bits(sixths_per_character[mode] * nbytes) - headers;
}

/* What a single segment saves there. */
static int saved_by_one(const qrpng_split_search *search, piece_island island) {
  int most = saved_by_segment(search, QRPNG_MODE_ALPHANUMERIC, island.nbytes);
  for (int i = island.first; i < island.end; i++) {
    qrpng_piece piece = search->all.list[i];
    int saved = piece.mode == QRPNG_MODE_NUMERIC ? saved_by_segment(search, QRPNG_MODE_NUMERIC, piece.nbytes) : 0;
    most = saved > most ? saved : most;
  }
  return most;
}

/* What an island has to save to be in a split into few segments: else it would be better off with one of others. */
static int least_saved(const qrpng_split_search *search) {
  int highest[MAX_ISLANDS] = {0};
  int left = next_bytes(&search->all, 0), right;
  for (; (right = next_bytes(&search->all, left + 1)) < search->all.count; left = right) {
    int saved = saved_by_one(search, island_between(&search->all, left, right));
    for (int i = 0; i < MAX_ISLANDS; i++) {
      int lower = saved < highest[i] ? saved : highest[i];
      highest[i] = saved < highest[i] ? highest[i] : saved;
      saved = lower;
    }
  }
  return highest[MAX_ISLANDS - 1];
}

static void append_pieces(qrpng_pieces *pieces, const qrpng_piece *more, int count) {
  memcpy(pieces->list + pieces->count, more, sizeof *more * (size_t)count);
  pieces->count += count;
}

/* Makes bytes of the islands that a split into few segments leaves alone. Those at the ends of the text stay. */
static void choose_few(qrpng_split_search *search) {
  const qrpng_pieces *all = &search->all;
  int least = least_saved(search), left = next_bytes(all, 0), right;
  search->few.count = 0;
  append_pieces(&search->few, all->list, left < all->count ? left + 1 : left);
  for (; (right = next_bytes(all, left + 1)) < all->count; left = right) {
    piece_island island = island_between(all, left, right);
    if (most_saved(search, island) >= least)
      append_pieces(&search->few, all->list + island.first, right + 1 - island.first);
    else
      search->few.list[search->few.count - 1].nbytes += (uint16_t)(island.nbytes + all->list[right].nbytes);
  }
  if (left < all->count)
    append_pieces(&search->few, all->list + left + 1, all->count - left - 1);
}

size_t qrpng_write_split(qrpng_split_search *search, int capacity_bits, qrpng_segment segments[QRPNG_MAX_PIECES]) {
  choose_few(search);
  const qrpng_pieces *few = &search->few;
  int *from = search->counted_ends[0], *ends = search->counted_ends[1];
  for (int i = 0; i <= few->count; i++)
    from[i] = i == 0 ? 0 : UNREACHABLE_END;
  for (int k = 0; k < QRPNG_COUNTED_SEGMENTS; k++) {
    find_ends(search->header_bits, few, from, ends, search->counted_choices[k]);
    ends[0] = UNREACHABLE_END;
    int end = ends[few->count];
    if (bits_of(end) <= capacity_bits)
      return trace_back(few, &search->counted_choices[k], 1, end % 4, segments);
    int *swapped = from;
    from = ends;
    ends = swapped;
  }
  return trace_back(&search->all, &search->choices, 0, search->ends[search->all.count] % 4, segments);
}
