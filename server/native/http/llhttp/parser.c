/* llhttp's generated parser, where the system has it as C source alone, as Debian 12 does (package node-llhttp). */
#include <llhttp/llhttp.c>
