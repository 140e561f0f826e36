/* A deflate block from tokens that are all known before it is written: it gets the Huffman code that suits it best. */
#ifndef QRPNG_DEFLATE_TOKENS_H
#define QRPNG_DEFLATE_TOKENS_H

#include <stddef.h>

#include "deflate.h"

/*
 * A literal; or TOKEN_MATCH and the length of a match less MIN_MATCH, with the distance less 1 in the token behind it;
 * or TOKEN_COPIES and a number of matches of MAX_MATCH bytes, all from the copy distance.
 */
typedef uint16_t deflate_token;
enum { TOKEN_MATCH = 0x8000, TOKEN_COPIES = 0x4000, TOKEN_VALUE = 0x3FFF };

enum { MATCH_LENGTHS = MAX_MATCH - MIN_MATCH + 1, MAX_BLOCK_HEAD_NBYTES = 640 };

typedef struct token_block {
  deflate_codes codes;
  bit_string lengths[MATCH_LENGTHS]; /* with their extra bits */
  bit_string copy;                   /* one of TOKEN_COPIES */
  uint8_t head[MAX_BLOCK_HEAD_NBYTES + 8];
  bit_sink head_end;
} token_block;

/* Chooses the code. Returns the bits that the block will take. */
size_t deflate_plan_tokens(token_block *block, const deflate_token *tokens, size_t count, int copy_distance);

/* Writes the block, the only one of a stream, from a whole byte on. */
void deflate_put_tokens(bit_sink *sink, const token_block *block, const deflate_token *tokens, size_t count);

#endif
