#include "deflate.h"

enum { MAX_SYMBOLS = LITERAL_SYMBOLS + DISTANCE_SYMBOLS, LENGTH_CODE_SYMBOLS = 19, MAX_LENGTH_CODE_NBITS = 7 };

typedef struct tree_node {
  uint32_t weight;
  int symbol; /* of a leaf */
  int parent;
} tree_node;

/* Writes a leaf for each symbol in use, by rising weight. Returns how many. */
static int sort_leaves(const uint32_t *weights, int count, tree_node *leaves) {
  int leaf_count = 0;
  for (int symbol = 0; symbol < count; symbol++) {
    if (weights[symbol] == 0)
      continue;
    int at = leaf_count++;
    for (; at > 0 && leaves[at - 1].weight > weights[symbol]; at--)
      leaves[at] = leaves[at - 1];
    leaves[at] = (tree_node){weights[symbol], symbol, 0};
  }
  return leaf_count;
}

/* Huffman's algorithm: the lightest two nodes are always at the head of the leaves or of the inner nodes made so far.
 */
static void join_nodes(tree_node *nodes, int leaf_count) {
  int leaf = 0, inner = leaf_count;
  for (int made = leaf_count; made < 2 * leaf_count - 1; made++) {
    uint32_t weight = 0;
    for (int i = 0; i < 2; i++) {
      int is_leaf = leaf < leaf_count && (inner == made || nodes[leaf].weight <= nodes[inner].weight);
      tree_node *lightest = &nodes[is_leaf ? leaf++ : inner++];
      lightest->parent = made;
      weight += lightest->weight;
    }
    nodes[made] = (tree_node){weight, 0, 0};
  }
}

/* Returns the longest length. */
static int assign_lengths(const uint32_t *weights, int count, int *nbits) {
  tree_node nodes[2 * MAX_SYMBOLS];
  int leaf_count = sort_leaves(weights, count, nodes), root = 2 * leaf_count - 2, longest = 0;
  int depths[2 * MAX_SYMBOLS];
  memset(nbits, 0, sizeof *nbits * (size_t)count);
  join_nodes(nodes, leaf_count);
  depths[root] = root == 0; /* a code of one symbol still has one bit */
  for (int node = root - 1; node >= 0; node--)
    depths[node] = depths[nodes[node].parent] + 1;
  for (int leaf = 0; leaf < leaf_count; leaf++) {
    nbits[nodes[leaf].symbol] = depths[leaf];
    longest = depths[leaf] > longest ? depths[leaf] : longest;
  }
  return longest;
}

/* Evens the weights out until no code is too long: close to the best, and rarely needed. */
static void assign_limited_lengths(const uint32_t *weights, int count, int max_nbits, int *nbits) {
  uint32_t evened[MAX_SYMBOLS];
  memcpy(evened, weights, sizeof *weights * (size_t)count);
  while (assign_lengths(evened, count, nbits) > max_nbits)
    for (int symbol = 0; symbol < count; symbol++)
      evened[symbol] = evened[symbol] > 1 ? evened[symbol] / 2 + 1 : evened[symbol];
}

static uint64_t reverse(uint64_t code, int nbits) {
  uint64_t reversed = 0;
  for (int i = 0; i < nbits; i++)
    reversed = reversed << 1 | (code >> i & 1);
  return reversed;
}

/* 3.2.2: codes of one length are consecutive, and shorter ones come first. They stand in the stream highest bit first.
 */
static void assign_codes(const int *nbits, int count, bit_string *codes) {
  uint64_t code = 0;
  for (int length = 1; length <= 15; length++, code <<= 1)
    for (int symbol = 0; symbol < count; symbol++)
      if (nbits[symbol] == length)
        codes[symbol] = (bit_string){reverse(code++, length), length};
}

static void build_code(const uint32_t *weights, int count, int max_nbits, bit_string *codes) {
  int nbits[MAX_SYMBOLS];
  memset(codes, 0, sizeof *codes * (size_t)count);
  assign_limited_lengths(weights, count, max_nbits, nbits);
  assign_codes(nbits, count, codes);
}

void deflate_build_codes(const uint32_t literal_weights[LITERAL_SYMBOLS],
                         const uint32_t distance_weights[DISTANCE_SYMBOLS], int max_nbits, deflate_codes *codes) {
  build_code(literal_weights, LITERAL_SYMBOLS, max_nbits, codes->literals);
  build_code(distance_weights, DISTANCE_SYMBOLS, 15, codes->distances);
}

/* One of the code lengths, or a repetition of them, with its extra bits. */
typedef struct length_token {
  uint8_t symbol, extra, extra_nbits;
} length_token;

enum { REPEAT_LAST = 16, REPEAT_ZERO = 17, REPEAT_ZERO_LONG = 18 };

static int tokenize_run(int length, int run, length_token *tokens) {
  int count = 0;
  if (length != 0) {
    tokens[count++] = (length_token){(uint8_t)length, 0, 0};
    run--;
  }
  while (run > 0) {
    int most = length != 0 ? 6 : run > 10 ? 138 : 10, taken = run < most ? run : most;
    if (taken < 3) {
      tokens[count++] = (length_token){(uint8_t)length, 0, 0};
      taken = 1;
    } else if (length != 0) {
      tokens[count++] = (length_token){REPEAT_LAST, (uint8_t)(taken - 3), 2};
    } else if (taken <= 10) {
      tokens[count++] = (length_token){REPEAT_ZERO, (uint8_t)(taken - 3), 3};
    } else {
      tokens[count++] = (length_token){REPEAT_ZERO_LONG, (uint8_t)(taken - 11), 7};
    }
    run -= taken;
  }
  return count;
}

static int last_used(const bit_string *codes, int count) {
  while (count > 0 && codes[count - 1].nbits == 0)
    count--;
  return count;
}

void deflate_put_head(bit_sink *sink, const deflate_codes *codes) {
  static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  int literal_count = last_used(codes->literals, LITERAL_SYMBOLS);
  int distance_count = last_used(codes->distances, DISTANCE_SYMBOLS), total = literal_count + distance_count;
  uint8_t lengths[MAX_SYMBOLS];
  for (int i = 0; i < total; i++)
    lengths[i] = (uint8_t)(i < literal_count ? codes->literals[i].nbits : codes->distances[i - literal_count].nbits);

  length_token tokens[MAX_SYMBOLS];
  uint32_t weights[LENGTH_CODE_SYMBOLS] = {0};
  int token_count = 0;
  for (int i = 0, run; i < total; i += run) {
    for (run = 1; i + run < total && lengths[i + run] == lengths[i];)
      run++;
    token_count += tokenize_run(lengths[i], run, tokens + token_count);
  }
  for (int i = 0; i < token_count; i++)
    weights[tokens[i].symbol]++;
  bit_string length_codes[LENGTH_CODE_SYMBOLS];
  build_code(weights, LENGTH_CODE_SYMBOLS, MAX_LENGTH_CODE_NBITS, length_codes);

  int order_count = LENGTH_CODE_SYMBOLS;
  while (length_codes[order[order_count - 1]].nbits == 0)
    order_count--;
  sink_put(sink, 1 | 2 << 1, 3); /* the last block, dynamic codes */
  sink_put(sink, (uint64_t)(literal_count - 257), 5);
  sink_put(sink, (uint64_t)(distance_count - 1), 5);
  sink_put(sink, (uint64_t)(order_count - 4), 4);
  for (int i = 0; i < order_count; i++)
    sink_put(sink, (uint64_t)length_codes[order[i]].nbits, 3);
  for (int i = 0; i < token_count; i++) {
    sink_put_string(sink, length_codes[tokens[i].symbol]);
    sink_put(sink, tokens[i].extra, tokens[i].extra_nbits);
  }
}

/* The first length of each length symbol, and the first distance of each distance symbol. */
static const uint16_t first_lengths[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint16_t first_distances[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                           33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                           1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

static int last_at_most(const uint16_t *firsts, int count, int value) {
  while (firsts[count - 1] > value)
    count--;
  return count - 1;
}

int deflate_length_symbol(int length) {
  return FIRST_LENGTH_SYMBOL + last_at_most(first_lengths, 29, length);
}

int deflate_distance_symbol(int distance) {
  return last_at_most(first_distances, 30, distance);
}

bit_string deflate_match(const deflate_codes *codes, int length, int distance) {
  int length_symbol = deflate_length_symbol(length), distance_symbol = deflate_distance_symbol(distance);
  int group = length_symbol - FIRST_LENGTH_SYMBOL;
  int length_extra_nbits = group < 8 || group == 28 ? 0 : group / 4 - 1;
  int distance_extra_nbits = distance_symbol < 4 ? 0 : distance_symbol / 2 - 1;
  bit_string match = codes->literals[length_symbol];
  string_append(&match, (bit_string){(uint64_t)(length - first_lengths[group]), length_extra_nbits});
  string_append(&match, codes->distances[distance_symbol]);
  string_append(&match, (bit_string){(uint64_t)(distance - first_distances[distance_symbol]), distance_extra_nbits});
  return match;
}
