#!/bin/sh
# Looks for mistakes in C along the paths of each function, with gcc's analyzer: what clang-tidy and cppcheck, in lint.sh, don't follow.
set -eu
cd "$(dirname "$0")/.."

node_headers=$(node -p 'path.join(process.execPath, "../../include/node")')
llhttp=$(pkg-config --cflags libllhttp 2>/dev/null || echo "-isystem /usr/share/include/llhttp")

# What it is wrong about, by file.
suppressions() { # FILE
	case $1 in
	core/src/fast/engine.c) # the state keeps the address that is to be freed
		echo -Wno-analyzer-malloc-leak
		;;
	core/src/fast/penalty_*.c) # vectors of 64-bit lanes, which it takes for numbers of fewer bits
		echo -Wno-analyzer-shift-count-overflow
		;;
	esac
}

status=0
for file in $(git ls-files 'core/*.c' 'cli/*.c' 'addon/*.c' ':!addon/windows/' 'server/native/*.c' ':!server/native/http/llhttp/'); do
	# shellcheck disable=SC2046,SC2086 # lists of words
	gcc -std=c11 -D_GNU_SOURCE -DQRPNG_VERSION='""' -DNAPI_VERSION=8 -DQRPNG_WITH_REFERENCE -DHTTP_WITH_URING -Icore/include $llhttp \
		-isystem "$node_headers" -fanalyzer -Werror $(suppressions "$file") -c "$file" -o /dev/null || status=1
done
exit $status
