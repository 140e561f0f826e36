#include "symbol.h"

#include <string.h>

#include "codewords.h"
#include "iso_penalty.h"

static int best_mask(symbol_state *state, const symbol_layout *layout, qrpng_level ecl, fast_penalty_function *score) {
  int penalties[MASK_COUNT], best = 0;
  score(&state->masks, layout, ecl, state->rows, state->columns, &state->scratch, penalties);
  for (int mask = 1; mask < MASK_COUNT; mask++)
    if (penalties[mask] < penalties[best])
      best = mask;
  return best;
}

void fast_encode_symbol(symbol_state *state, const qrpng_message *message, fast_penalty_function *score) {
  const symbol_layout *layout = fast_layout_of_version(&state->layouts, message->version);
  state->side = layout->side;
  state->words = layout->words;

  fast_write_data_codewords(message, state->data);
  qrpng_blocks blocks = qrpng_blocks_of_version(message->version, message->ecl);
  int codeword_count = fast_interleave_codewords(&state->ecc, state->data, blocks, state->codewords);
  memset(state->codewords + codeword_count, 0, READ_SLACK_NBYTES);
  fast_place_codewords(layout, state->codewords, codeword_count, state->columns);
  fast_transpose(layout->side, state->columns, state->rows);

  int mask = message->mask;
  if (mask == QRPNG_BEST_MASK)
    mask =
        best_mask(state, layout, message->ecl, message->mask_rule == QRPNG_MASK_RULE_ISO ? fast_iso_penalties : score);
  fast_apply_mask(&state->masks, layout, message->ecl, mask, state->rows);
}
