/*
 * What judges the fast engine's symbols: libqrencode's for the same segments, on every dispatch path that this machine
 * can run.
 */
#ifndef SYMBOL_CHECK_H
#define SYMBOL_CHECK_H

#include "sample.h"

typedef struct symbol_checker {
  qrpng_encoder *encoder; /* one for all, so that each symbol comes after one of another size */
  const char *paths[5];   /* engine names, the default first */
  int path_count;
} symbol_checker;

/* 0, or -1 if there is no memory or a path is missing that every machine has. */
int symbol_checker_create(symbol_checker *checker);

void symbol_checker_destroy(symbol_checker *checker);

qrpng_options options_for_sample(const symbol_sample *sample, const char *path, int mask);

qrpng_status encode_sample(const symbol_checker *checker, const symbol_sample *sample, const char *path, int mask,
                           qrpng_symbol *symbol);

/* Fails the test if any path gives another symbol than libqrencode, whose modules it stores. Returns the version. */
int check_same_symbol(const symbol_checker *checker, const symbol_sample *sample, uint8_t modules[MAX_MODULES],
                      const char *what, long number);

/* The mask that the format information names; fails the test if it names none. */
int read_mask(const uint8_t *modules, int side, qrpng_level ecl);

#endif
