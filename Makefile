# The C library and the programs, for those who don't use Node: make, then make install [PREFIX=/usr/local] [DESTDIR=...]
# Node and npm are needed for the build alone.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR ?= $(PREFIX)/lib
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
INSTALL ?= install

version = $(shell sed -n 's/.*"version": "\(.*\)".*/\1/p' package.json)
abi_version = $(shell sed -n 's/.*"abi_version": "\(.*\)".*/\1/p' binding.gyp)
library = libqrpng.so.$(abi_version)
programs = qrpng qrpng-server
built = $(addprefix build/Release/,$(library) libqrpng.a $(programs))
functions = $(shell sed -n 's/^ *\(qrpng_[a-z_]*\);$$/\1/p' core/qrpng.map)
completions = \
	"$(DESTDIR)$(DATADIR)/bash-completion/completions/qrpng" \
	"$(DESTDIR)$(DATADIR)/zsh/site-functions/_qrpng" \
	"$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/qrpng.fish"

all:
	npm run --silent build

# What is there is installed as it is, since root may have no Node.
$(built):
	npm run --silent build

install: $(built)
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(INCLUDEDIR)" "$(DESTDIR)$(LIBDIR)/pkgconfig"
	$(INSTALL) $(addprefix build/Release/,$(programs)) "$(DESTDIR)$(BINDIR)"
	$(INSTALL) -m 644 core/include/qrpng.h "$(DESTDIR)$(INCLUDEDIR)"
	$(INSTALL) -m 644 build/Release/$(library) build/Release/libqrpng.a "$(DESTDIR)$(LIBDIR)"
	ln -sf $(library) "$(DESTDIR)$(LIBDIR)/libqrpng.so"
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(version)|' \
		core/qrpng.pc.in > "$(DESTDIR)$(LIBDIR)/pkgconfig/qrpng.pc"
	$(INSTALL) -D -m 644 cli/generated/qrpng.1 "$(DESTDIR)$(MANDIR)/man1/qrpng.1"
	$(INSTALL) -D -m 644 core/qrpng.3 "$(DESTDIR)$(MANDIR)/man3/qrpng.3"
	for name in $(functions); do ln -sf qrpng.3 "$(DESTDIR)$(MANDIR)/man3/$$name.3"; done
	for file in $(completions); do $(INSTALL) -D -m 644 "cli/generated/completions/$$(basename "$$file")" "$$file"; done
	if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" -eq 0 ]; then ldconfig; fi

uninstall:
	rm -f $(foreach program,$(programs),"$(DESTDIR)$(BINDIR)/$(program)") "$(DESTDIR)$(INCLUDEDIR)/qrpng.h" \
		"$(DESTDIR)$(LIBDIR)/$(library)" "$(DESTDIR)$(LIBDIR)/libqrpng.so" "$(DESTDIR)$(LIBDIR)/libqrpng.a" \
		"$(DESTDIR)$(LIBDIR)/pkgconfig/qrpng.pc" "$(DESTDIR)$(MANDIR)/man1/qrpng.1" \
		$(foreach page,qrpng $(functions),"$(DESTDIR)$(MANDIR)/man3/$(page).3") $(completions)

.PHONY: all install uninstall
