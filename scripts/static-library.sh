#!/bin/sh
# Makes libqrpng.a of the archive that the core is built as: static-library.sh FOLDER
# It holds one object, in which all but the functions of qrpng.h is local: no name of ours can meet one of the program's.
set -eu
folder=$1
map=$(dirname "$0")/../core/qrpng.map
object=$folder/libqrpng.o

ld -r -o "$object" --whole-archive "$folder/qrpng_core_fast.a"
sed -n 's/^ *\(qrpng_[a-z_]*\);$/\1/p' "$map" >"$folder/libqrpng.symbols"
objcopy --keep-global-symbols="$folder/libqrpng.symbols" "$object"
rm -f "$folder/libqrpng.a"
ar rcsD "$folder/libqrpng.a" "$object"
rm -f "$object" "$folder/libqrpng.symbols"
