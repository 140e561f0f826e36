#!/bin/sh
# Checks the style of everything that is tracked or about to be: lint.sh [--fix]
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" = --fix ]; then
	biome=--write
	clang_format=-i
else
	biome=--error-on-warnings
	clang_format="--dry-run -Werror --fno-color-diagnostics"
fi
npx --no-install biome check "$biome" .
# shellcheck disable=SC2086
git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs npx --no-install clang-format $clang_format
