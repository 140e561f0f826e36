/* What llhttp has around its parser: see parser.c, whose declarations differ too much to be in one file with it. */
#include <llhttp/api.c>
#include <llhttp/http.c>
