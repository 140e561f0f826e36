#!/bin/bash
# Builds the fuzzers in tests/fuzz/ as OSS-Fuzz asks for it: by its compiler, with its flags and engine; with seeds, words and, since the
# machines that run them have none, libraries beside them. CC, CXX, CFLAGS, LIB_FUZZING_ENGINE, SRC, WORK and OUT are its.
set -eu
cd "$SRC/qr-tiers"

flags=(-std=c11 -D_GNU_SOURCE '-DQRPNG_VERSION="fuzz"' -DQRPNG_WITH_REFERENCE -Icore/include -Icore/src -Itests/images)
libraries=(-lqrencode -lpng -lz -ljansson)
http=(server/native/http/*.c)
if pkg-config --exists libllhttp; then
	libraries+=(-lllhttp)
else
	flags+=(-I/usr/share -I/usr/share/include/llhttp)
	http+=(server/native/http/llhttp/*.c)
fi

# All but programs: they have a main() of their own.
archive() { # NAME SOURCE...
	local objects=() name=$1 source object
	shift
	for source in "$@"; do
		case $source in */main.c | */fuzz_*.c | */outcomes.c | */loop_uring.c) continue ;; esac
		object=$WORK/${source//\//_}.o
		# shellcheck disable=SC2086 # CFLAGS are several
		$CC $CFLAGS "${flags[@]}" -c "$source" -o "$object"
		objects+=("$object")
	done
	rm -f "$WORK/lib$name.a"
	ar rcs "$WORK/lib$name.a" "${objects[@]}"
}

archive checks tests/fuzz/*.c tests/images/strict_*.c
archive cli cli/*.c
archive service server/native/*.c
archive http "${http[@]}"
archive core core/src/*.c core/src/fast/*.c core/src/reference/*.c

node tests/fuzz/write-seeds.js "$WORK/seeds"
for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	# shellcheck disable=SC2086
	$CC $CFLAGS "${flags[@]}" -c "$source" -o "$WORK/$target.o"
	# shellcheck disable=SC2086
	${CXX:-$CC} $CFLAGS $LIB_FUZZING_ENGINE "$WORK/$target.o" -L"$WORK" -lchecks -lcli -lservice -lhttp -lcore \
		"${libraries[@]}" -lm -pthread "-Wl,-rpath,\$ORIGIN/lib" -o "$OUT/$target"
	zip -jqr "$OUT/${target}_seed_corpus.zip" "$WORK/seeds/$target"
	cp "$WORK/seeds/$target".* "$OUT/"
done

# Debian and Ubuntu have no libqrencode.a.
mkdir -p "$OUT/lib"
ldd "$OUT/fuzz_encode" "$OUT/fuzz_server" | awk '/(qrencode|png|jansson|llhttp|libz)/ { print $3 }' | sort -u |
	xargs -I FILE cp -L FILE "$OUT/lib/"
