#!/bin/sh
# Makes what the package has beside its JavaScript: the addon for all platforms, and the WebAssembly module. Installs no
# system packages, but names those that are missing: make-package.sh runs before "npm pack", and for git dependencies.
set -eu
cd "$(dirname "$0")/.."

sh scripts/setup.sh --look wasm prebuilds
sh scripts/setup.sh # the npm packages
node scripts/prebuild.js --quiet
node scripts/build-wasm.js --quiet
