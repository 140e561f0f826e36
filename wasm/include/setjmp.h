/*
 * WebAssembly can't jump out of functions. libpng wants to from an error: here that is a trap, and what called the
 * module takes a new instance. No text or option can cause one, only lack of memory.
 */
#ifndef QRPNG_WASM_SETJMP_H
#define QRPNG_WASM_SETJMP_H

typedef int jmp_buf[1];

#define setjmp(buffer) ((void)(buffer), 0)

_Noreturn static inline void longjmp(jmp_buf buffer, int value) {
  (void)buffer;
  (void)value;
  __builtin_trap();
}

#endif
