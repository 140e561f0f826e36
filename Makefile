# The C library and the programs, for those who don't use Node: make, then make install [PREFIX=/usr/local] [DESTDIR=...]
# Node and npm are needed for the build alone.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR ?= $(PREFIX)/lib
INSTALL ?= install

version = $(shell sed -n 's/.*"version": "\(.*\)".*/\1/p' package.json)
abi_version = $(shell sed -n 's/.*"abi_version": "\(.*\)".*/\1/p' binding.gyp)
library = libqrpng.so.$(abi_version)
programs = qrpng qrpng-server
built = $(addprefix build/Release/,$(library) $(programs))

all:
	npm run --silent build

# What is there is installed as it is, since root may have no Node.
$(built):
	npm run --silent build

install: $(built)
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(INCLUDEDIR)" "$(DESTDIR)$(LIBDIR)/pkgconfig"
	$(INSTALL) $(addprefix build/Release/,$(programs)) "$(DESTDIR)$(BINDIR)"
	$(INSTALL) -m 644 core/include/qrpng.h "$(DESTDIR)$(INCLUDEDIR)"
	$(INSTALL) -m 644 build/Release/$(library) "$(DESTDIR)$(LIBDIR)"
	ln -sf $(library) "$(DESTDIR)$(LIBDIR)/libqrpng.so"
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(version)|' \
		core/qrpng.pc.in > "$(DESTDIR)$(LIBDIR)/pkgconfig/qrpng.pc"
	if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" -eq 0 ]; then ldconfig; fi

uninstall:
	rm -f $(foreach program,$(programs),"$(DESTDIR)$(BINDIR)/$(program)") "$(DESTDIR)$(INCLUDEDIR)/qrpng.h" \
		"$(DESTDIR)$(LIBDIR)/$(library)" "$(DESTDIR)$(LIBDIR)/libqrpng.so" "$(DESTDIR)$(LIBDIR)/pkgconfig/qrpng.pc"

.PHONY: all install uninstall
