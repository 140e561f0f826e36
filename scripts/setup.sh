#!/bin/sh
# Makes sure that what a job needs is installed, and installs what it can. Usage: setup.sh build|bench|test|wasm…
# When nothing is missing it takes a few milliseconds and prints nothing.
# setup.sh addon is for npm install: it only looks, since a dependency has no business installing system packages, and
# asks for no libraries, since without them the addon has the fast engine alone.
set -eu
cd "$(dirname "$0")/.."

missing=
need() { # PACKAGE CHECK...
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_headers() { pkg-config --exists "$1"; }

need gcc sh -c "command -v cc && command -v gcc"
need libc6-dev test -e /usr/include/stdio.h
need make command -v make
need python3 command -v python3
job=${1:-build}
if [ "$job" != addon ] && [ "$job" != wasm ]; then
	need pkg-config command -v pkg-config
	need libqrencode-dev has_headers libqrencode
	need libpng-dev has_headers libpng
	need zlib1g-dev has_headers zlib
	need libmicrohttpd-dev has_headers libmicrohttpd
	need libcmocka-dev has_headers cmocka
fi
case $job in
wasm | wasm-emscripten | wasm-reference | bench | test)
	need clang command -v clang
	need lld command -v wasm-ld
	need wasi-libc test -e /usr/lib/wasm32-wasi/libc.a
	;;
esac
case $job in
bench | test)
	need nginx sh -c 'PATH="$PATH:/usr/sbin" command -v nginx'
	;;
esac
case $job in
wasm-emscripten)
	need emscripten command -v emcc
	;;
wasm-reference)
	need bzip2 command -v bzip2
	need xz-utils command -v xz
	;;
bench)
	need wrk command -v wrk
	need nghttp2-client command -v h2load
	need fonts-dejavu-core sh -c "find /usr/share/fonts -name DejaVuSans.ttf | grep ."
	need util-linux sh -c "command -v taskset && command -v setpriv"
	need git command -v git
	;;
test)
	need wrk command -v wrk
	need nghttp2-client command -v h2load
	need libclang-rt-dev sh -c 'ls "$(clang -print-runtime-dir)" | grep fuzzer'
	need pngcheck command -v pngcheck
	need bsdutils command -v script
	need fonts-dejavu-core sh -c "find /usr/share/fonts -name DejaVuSans.ttf | grep ."
	need git command -v git
	need chromium command -v chromium
	;;
esac

# In a subshell, for its traps. Debian starts a service as soon as it is installed, and at each boot: here only its
# program is wanted.
install_packages() (
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap '$as_root rm -f $policy' EXIT
		trap 'exit 1' INT TERM
		printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
		$as_root chmod +x $policy
	fi
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	$as_root apt-get update --quiet=2 && $as_root $command --quiet=2 >/dev/null || exit 1
	case $missing in
	*" nginx"*) ! command -v systemctl >/dev/null 2>&1 || $as_root systemctl --quiet disable nginx ;;
	esac
)

if [ -n "$missing" ]; then
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root="sudo"
	command="apt-get install --yes --no-install-recommends$missing"
	if [ "$job" = addon ]; then
		echo "qr-tiers builds its native module here, for which these packages are missing:$missing" >&2
		echo "On Debian or Ubuntu install them with: ${as_root:+sudo }$command" >&2
		exit 1
	fi
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "These are missing (by their Debian names):$missing" >&2
		echo "Install them with your system's package manager, then try again." >&2
		exit 1
	fi
	if [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; then
		echo "These packages are missing:$missing" >&2
		echo "Install them with: sudo $command" >&2
		exit 1
	fi
	echo "Installing$missing"
	if ! install_packages; then
		echo "Installing failed. Try: ${as_root:+sudo }apt-get update && ${as_root:+sudo }$command" >&2
		exit 1
	fi
fi

[ "$job" != addon ] || exit 0
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	echo "Installing the npm packages of package-lock.json"
	# not npm ci: it refuses a lock file without the optional packages of all other platforms
	npm install --no-save --ignore-scripts --no-progress --loglevel=error
	touch node_modules/.package-lock.json
fi
