#!/bin/sh
# Checks style and types of everything that is tracked or about to be, and looks for mistakes in C and shell:
# lint.sh [--fix|--quick]
# With --fix it only formats. With --quick it leaves out clang-tidy and cppcheck, which take a minute.
set -eu
cd "$(dirname "$0")/.."

files() { git ls-files --cached --others --exclude-standard "$@"; }

if [ "${1:-}" = --fix ]; then
	npx --no-install biome check --write .
	files '*.c' '*.h' | xargs npx --no-install clang-format -i
	exit
fi

# As binding.gyp and scripts/build-wasm.js compile them.
node_headers=$(node -p 'path.join(process.execPath, "../../include/node")')
flags="-std=c11 -D_GNU_SOURCE -DQRPNG_VERSION=\"\" -Icore/include"
llhttp=$(pkg-config --cflags libllhttp 2>/dev/null || echo "-isystem /usr/share/include/llhttp")
native="$flags $llhttp -isystem $node_headers -DNAPI_VERSION=8 -DQRPNG_WITH_REFERENCE -DSERVER_WITH_SECCOMP"
wasm="$flags --target=wasm32-wasi -nostdlibinc -isystem wasm/include -isystem /usr/include/wasm32-wasi"

# Source files come on standard input. On standard error clang-tidy only counts what it says nothing about.
analyse() { # FLAGS
	# shellcheck disable=SC2016 # the inner shell expands it
	xargs -n 4 -P "$(nproc)" sh -c 'clang-tidy --quiet "$@" -- $0 2>/dev/null' "$1"
}

npx --no-install biome check --error-on-warnings .
npx --no-install tsc --project .
files '*.c' '*.h' | xargs npx --no-install clang-format --dry-run -Werror --fno-color-diagnostics
files '*.sh' .ci/run | xargs shellcheck
files '.github/workflows/*.yml' | xargs npx --no-install action-validator
[ "${1:-}" != --quick ] || exit 0
# llhttp/ has nothing of ours but includes; addon/windows/ needs Windows' headers.
files 'core/*.c' 'cli/*.c' 'bench/load/*.c' 'addon/*.c' ':!addon/windows/' 'server/native/*.c' ':!server/native/http/llhttp/' | analyse "$native"
files 'wasm/*.c' | analyse "$wasm"
# The one suppression: it doesn't follow realloc() through the pointer that is taken where there is no smaller memory.
files 'core/*.c' 'cli/*.c' 'addon/*.c' ':!addon/windows/' 'server/native/*.c' ':!server/native/http/llhttp/' |
	xargs cppcheck --std=c11 --quiet --enable=warning,performance,portability --error-exitcode=1 --suppress=memleak:server/native/batches.c \
		-D_GNU_SOURCE -DQRPNG_VERSION='""' -DQRPNG_WITH_REFERENCE -Icore/include
