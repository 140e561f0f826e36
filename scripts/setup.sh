#!/bin/sh
# Makes sure that what is asked for is there, with the npm packages, and installs what it can. Usage:
# setup.sh [--look] [GROUP...], groups: as in need_group below. When nothing is missing it takes a few milliseconds and
# prints nothing. With --look it installs nothing, and leaves npm packages aside: for what a package manager runs.
set -eu
cd "$(dirname "$0")/.."

# How long another program may hold apt's locks, and how long a server of packages may take to begin an answer, each of
# three times.
apt_lock_wait_s=${SETUP_APT_LOCK_WAIT_S:-120}
fetch_timeout_s=${SETUP_FETCH_TIMEOUT_S:-30}
fetch_retries=2
npm_limit_s=1200

missing=
need() { # PACKAGE CHECK...
	package=$1
	shift
	case " $missing " in *" $package "*) return ;; esac
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_headers() { pkg-config --exists "$1"; }

# Of llhttp Debian 12 has no library, but its C sources.
need_llhttp() {
	if grep -qx 'VERSION_ID="12"' /etc/os-release; then
		need node-llhttp test -e /usr/share/llhttp/llhttp.c
	else
		need libllhttp-dev has_headers libllhttp
	fi
}

# That for this machine is the system's own.
need_compiler_for() { # MACHINE TRIPLET DEBIAN_ARCHITECTURE
	if [ "$(uname -m)" = "$1" ]; then
		need gcc command -v "$2-gcc"
		need libc6-dev test -e /usr/include/stdio.h
	else
		need "gcc-$(echo "$2" | tr _ -)" command -v "$2-gcc"
		need "libc6-dev-$3-cross" test -e "/usr/$2/include/stdio.h"
	fi
}

need_groups() {
	for group; do need_group "$group"; done
}
need_group() {
	case $1 in
	addon) # the fast engine alone; with the libraries of build the other one, too
		need gcc sh -c "command -v cc && command -v gcc"
		need libc6-dev test -e /usr/include/stdio.h
		need make command -v make
		need python3 command -v python3
		;;
	build) # the native packagings, and what tests are made of
		need_group addon
		need pkg-config command -v pkg-config
		need libqrencode-dev has_headers libqrencode
		need libpng-dev has_headers libpng
		need zlib1g-dev has_headers zlib
		need_llhttp
		need liburing-dev has_headers liburing
		need libjansson-dev has_headers jansson
		need libseccomp-dev has_headers libseccomp
		need libcmocka-dev has_headers cmocka
		;;
	wasm)
		need clang command -v clang
		need lld command -v wasm-ld
		need wasi-libc test -e /usr/lib/wasm32-wasi/libc.a
		;;
	wasm-emscripten)
		need_groups build wasm
		need emscripten command -v emcc
		;;
	wasm-reference)
		need_groups build wasm
		need bzip2 command -v bzip2
		need xz-utils command -v xz
		;;
	image) need buildah command -v buildah ;;
	bench)
		need_groups build wasm nginx load fonts git
		need util-linux sh -c "command -v taskset && command -v setpriv"
		;;
	coverage) need lcov command -v lcov ;;
	chaos)
		need util-linux command -v prlimit
		need faketime command -v faketime
		;;
	load)
		need wrk command -v wrk
		need nghttp2-client command -v h2load
		;;
	fuzz)
		need clang command -v clang
		# shellcheck disable=SC2016 # the inner shell expands it
		need libclang-rt-dev sh -c 'ls "$(clang -print-runtime-dir)" | grep fuzzer'
		;;
	browser)
		need chromium command -v chromium
		need_group fonts
		;;
	fonts) need fonts-dejavu-core sh -c "find /usr/share/fonts -name DejaVuSans.ttf | grep ." ;;
	git) need git command -v git ;;
	man) need groff-base command -v groff ;;
	lint) # it compiles, too: see build and wasm
		need_group git
		need clang-tidy command -v clang-tidy
		need cppcheck command -v cppcheck
		need shellcheck command -v shellcheck
		;;
	machines) # to compile for others, and to run that: see scripts/test-machines.js
		need gcc-s390x-linux-gnu command -v s390x-linux-gnu-gcc
		need libc6-dev-s390x-cross test -e /usr/s390x-linux-gnu/include/stdio.h
		need_groups prebuilt-linux-arm64 prebuilt-linux-arm prebuilt-win32-x64
		need gcc-i686-linux-gnu command -v i686-linux-gnu-gcc
		need libc6-dev-i386-cross test -e /usr/i686-linux-gnu/include/stdio.h
		need_groups musl wine
		need clang command -v clang
		need qemu-user-static command -v qemu-s390x-static
		;;
	prebuilds) need_groups prebuilt-linux-x64 prebuilt-linux-arm64 prebuilt-linux-arm prebuilt-win32-x64 ;;
	prebuilt-linux-x64) need_compiler_for x86_64 x86_64-linux-gnu amd64 ;;
	prebuilt-linux-arm64) need_compiler_for aarch64 aarch64-linux-gnu arm64 ;;
	prebuilt-linux-arm) need_compiler_for armv7l arm-linux-gnueabihf armhf ;;
	prebuilt-win32-x64) need gcc-mingw-w64-x86-64-win32 command -v x86_64-w64-mingw32-gcc ;;
	install) # to install the package as its users do: see tests/install/
		need_groups prebuilds musl git wine
		need qemu-user-static command -v qemu-aarch64-static
		need libstdc++6-arm64-cross test -e /usr/aarch64-linux-gnu/lib/libstdc++.so.6
		need libatomic1-arm64-cross test -e /usr/aarch64-linux-gnu/lib/libatomic.so.1
		need libstdc++6-armhf-cross test -e /usr/arm-linux-gnueabihf/lib/libstdc++.so.6
		need libatomic1-armhf-cross test -e /usr/arm-linux-gnueabihf/lib/libatomic.so.1
		# shellcheck disable=SC2016 # the inner shell expands it
		need debootstrap sh -c 'PATH="$PATH:/usr/sbin" command -v debootstrap'
		;;
	musl) need musl-tools command -v musl-gcc ;;
	nginx)
		# shellcheck disable=SC2016 # the inner shell expands it
		need nginx sh -c 'PATH="$PATH:/usr/sbin" command -v nginx'
		;;
	wine)
		need wine command -v wine
		need wine64 sh -c "command -v wine64 || ls /usr/lib/wine/wine64"
		;;
	pngcheck) need pngcheck command -v pngcheck ;;
	terminal) need bsdutils command -v script ;;
	*)
		echo "setup.sh: there is no group $1." >&2
		exit 2
		;;
	esac
}

# Runs apt-get, and again while another program holds one of its locks: of them all but dpkg's it would not wait for.
# It is silent unless it fails; then what earlier ones warned of, such as servers that don't answer, is told, too.
apt_get() {
	waited_s=0
	while ! LC_ALL=C $as_root apt-get --quiet=2 -o Acquire::Retries="$fetch_retries" -o Acquire::http::Timeout="$fetch_timeout_s" \
		-o Acquire::https::Timeout="$fetch_timeout_s" "$@" >/dev/null 2>>"$apt_messages"; do
		if ! grep -q 'Could not get lock' "$apt_messages" || [ "$waited_s" -ge "$apt_lock_wait_s" ]; then
			cat "$apt_messages" >&2
			return 1
		fi
		[ "$waited_s" -gt 0 ] || {
			echo "Another program is installing packages; waiting for it, at most $apt_lock_wait_s s:"
			sed -n 's/.*\(Could not get lock.*\)/  \1/p' "$apt_messages"
		}
		: >"$apt_messages"
		sleep 2
		waited_s=$((waited_s + 2))
	done
}

# In a subshell, for its traps. Debian starts a service as soon as it is installed, and at each boot: here only its
# program is wanted.
install_packages() (
	apt_messages=$(mktemp)
	policy=/usr/sbin/policy-rc.d
	own_policy=
	trap 'rm -f "$apt_messages"; [ -z "$own_policy" ] || $as_root rm -f $policy' EXIT
	trap 'exit 1' INT TERM
	if [ ! -e $policy ]; then
		own_policy=yes
		printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
		$as_root chmod +x $policy
	fi
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	apt_get update && apt_get install --yes --no-install-recommends $missing || exit 1
	case $missing in
	*" nginx"*) ! command -v systemctl >/dev/null 2>&1 || $as_root systemctl --quiet disable nginx ;;
	esac
)

is_only_looking=
if [ "${1:-}" = --look ]; then
	is_only_looking=yes
	shift
fi
need_groups "$@"
if [ -n "$missing" ]; then
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root="sudo"
	command="apt-get install --yes --no-install-recommends$missing"
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "These are missing (by their Debian names):$missing" >&2
		echo "Install them with your system's package manager, then try again." >&2
		exit 1
	fi
	if [ -n "$is_only_looking" ] || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
		echo "These packages are missing:$missing" >&2
		echo "Install them with: ${as_root:+sudo }$command" >&2
		exit 1
	fi
	echo "Installing with apt-get:$missing"
	if ! install_packages; then
		echo "Installing failed. Try: ${as_root:+sudo }apt-get update && ${as_root:+sudo }$command" >&2
		exit 1
	fi
fi

[ -z "$is_only_looking" ] || exit 0
# shellcheck disable=SC3013 # POSIX has no -nt, but every sh that this may meet
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	echo "Installing the npm packages of package-lock.json"
	npm_flags="--loglevel=error --no-update-notifier --fetch-timeout=$((1000 * fetch_timeout_s))"
	npm_flags="$npm_flags --fetch-retries=$fetch_retries --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000"
	# First one request: npm ci waits for the failure of all of them, which are hundreds.
	# shellcheck disable=SC2086
	if ! npm view esbuild version $npm_flags >/dev/null || ! timeout --foreground $npm_limit_s npm ci --ignore-scripts $npm_flags; then
		echo "npm could not install them. Can its registry be reached from here: $(npm config get registry)?" >&2
		exit 1
	fi
	touch node_modules/.package-lock.json
fi
