#include "deflate_tokens.h"

/* So that a match fits one string. */
enum { LONGEST_CODE_NBITS = 12 };

typedef struct token_counts {
  uint32_t literals[LITERAL_SYMBOLS], distances[DISTANCE_SYMBOLS], lengths[MATCH_LENGTHS];
} token_counts;

/* The extra bits of a distance, and its symbol, from the distance less 1 (RFC 1951, 3.2.5). */
static int extra_nbits_of(unsigned offset) {
  return offset < 4 ? 0 : 30 - __builtin_clz(offset);
}

static int symbol_of(unsigned offset) {
  int extra_nbits = extra_nbits_of(offset);
  return 2 * extra_nbits + (int)(offset >> extra_nbits);
}

static void count_tokens(token_counts *counts, const deflate_token *tokens, size_t count, int copy_distance) {
  for (size_t i = 0; i < count; i++) {
    deflate_token token = tokens[i];
    if (token & TOKEN_MATCH) {
      counts->lengths[token & TOKEN_VALUE]++;
      counts->distances[symbol_of(tokens[++i])]++;
    } else if (token & TOKEN_COPIES) {
      counts->lengths[MATCH_LENGTHS - 1] += token & TOKEN_VALUE;
      counts->distances[symbol_of((unsigned)copy_distance - 1)] += token & TOKEN_VALUE;
    } else {
      counts->literals[token]++;
    }
  }
  for (int i = 0; i < MATCH_LENGTHS; i++)
    if (counts->lengths[i] > 0)
      counts->literals[deflate_length_symbol(MIN_MATCH + i)] += counts->lengths[i];
}

static bit_string string_of_distance(const token_block *block, unsigned offset) {
  bit_string string = block->codes.distances[symbol_of(offset)];
  int extra_nbits = extra_nbits_of(offset);
  string_append(&string, (bit_string){offset & ((1u << extra_nbits) - 1), extra_nbits});
  return string;
}

static bit_string string_of_match(const token_block *block, unsigned length, unsigned offset) {
  bit_string string = block->lengths[length];
  string_append(&string, string_of_distance(block, offset));
  return string;
}

/* All that isn't literals: a length's string ends where that of its distance, here the code of 1, begins. */
static void plan_lengths(token_block *block, const token_counts *counts) {
  int distance_nbits = block->codes.distances[0].nbits;
  for (int i = 0; i < MATCH_LENGTHS; i++) {
    if (counts->lengths[i] == 0)
      continue;
    bit_string match = deflate_match(&block->codes, MIN_MATCH + i, 1);
    match.nbits -= distance_nbits;
    match.bits &= ((uint64_t)1 << match.nbits) - 1;
    block->lengths[i] = match;
  }
}

static size_t add_up(const token_block *block, const token_counts *counts) {
  size_t nbits = 0;
  for (int i = 0; i < LITERAL_SYMBOLS; i++)
    nbits += counts->literals[i] * (size_t)block->codes.literals[i].nbits;
  for (int i = 0; i < DISTANCE_SYMBOLS; i++)
    nbits += counts->distances[i] * (size_t)(block->codes.distances[i].nbits + (i < 4 ? 0 : i / 2 - 1));
  for (int i = 0; i < MATCH_LENGTHS; i++)
    if (counts->lengths[i] > 0) /* its code is among the literals' */
      nbits += counts->lengths[i] *
               (size_t)(block->lengths[i].nbits - block->codes.literals[deflate_length_symbol(MIN_MATCH + i)].nbits);
  return nbits;
}

size_t deflate_plan_tokens(token_block *block, const deflate_token *tokens, size_t count, int copy_distance) {
  token_counts counts = {{0}, {0}, {0}};
  count_tokens(&counts, tokens, count, copy_distance);
  deflate_build_codes(counts.literals, counts.distances, LONGEST_CODE_NBITS, &block->codes);
  plan_lengths(block, &counts);
  if (counts.distances[symbol_of((unsigned)copy_distance - 1)] > 0)
    block->copy = string_of_match(block, MATCH_LENGTHS - 1, (unsigned)copy_distance - 1);
  block->head_end = (bit_sink){.next = block->head};
  deflate_put_head(&block->head_end, &block->codes);
  size_t head_nbytes = (size_t)(block->head_end.next - block->head);
  return 8 * head_nbytes + (size_t)block->head_end.pending_nbits + add_up(block, &counts);
}

static void put_copies(bit_sink *sink, bit_string copy, unsigned count) {
  for (; count > 0; count--)
    sink_put_string(sink, copy);
}

void deflate_put_tokens(bit_sink *sink, const token_block *block, const deflate_token *tokens, size_t count) {
  size_t head_nbytes = (size_t)(block->head_end.next - block->head);
  memcpy(sink->next, block->head, head_nbytes);
  sink->next += head_nbytes;
  sink_put(sink, block->head_end.pending, block->head_end.pending_nbits);
  for (size_t i = 0; i < count; i++) {
    deflate_token token = tokens[i];
    if (token & TOKEN_MATCH)
      sink_put_string(sink, string_of_match(block, token & TOKEN_VALUE, tokens[++i]));
    else if (token & TOKEN_COPIES)
      put_copies(sink, block->copy, token & TOKEN_VALUE);
    else
      sink_put_string(sink, block->codes.literals[token]);
  }
}
