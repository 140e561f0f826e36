#!/bin/sh
# Checks the style and the types of everything that is tracked or about to be: lint.sh [--fix]
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = --fix ]; then
	biome=--write
	clang_format=-i
else
	biome=--error-on-warnings
	clang_format="--dry-run -Werror"
fi
npx --no-install biome check "$biome" .
npx --no-install tsc --project .
# shellcheck disable=SC2086
git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs clang-format $clang_format
