# Penstock.  GNU make, no configure.  CFLAGS and LDFLAGS belong to the user.
#
#	make demo	install what is missing, build, show the main job
#	make check	install what is missing, build, run all tests
#	make		build into $B/bin
#
# More: install uninstall (PREFIX, DESTDIR) deb bench fuzz check-interop
# check-sql check-engines check-deb check-readme check-faults check-clang
# check-asan check-tsan check-valgrind check-man check-headers check-shell clean.  DEVELOPER=1 makes warnings errors; STRICT=1 makes a
# skipped test a failure; B=FOLDER builds there; NEEDS=: installs nothing.
CFLAGS ?= -O3 -g
PREFIX ?= /usr/local
B := build
NEEDS := tests/run/needs.sh
JOBS := $(shell nproc 2>/dev/null || echo 1)

CSTD := -std=c11 -D_GNU_SOURCE -Ilib
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wundef \
	-Wformat=2 -Wvla -Wswitch-enum -Wnull-dereference
ifdef DEVELOPER
WARN += -Werror
endif

have = $(shell printf '\#include <$(1)>\n' | $(CC) -E -x c - >/dev/null 2>&1 && echo y)
ifeq ($(call have,isa-l/igzip_lib.h),y)
DEFS += -DHAVE_ISAL
LIBS += -lisal
endif
ifeq ($(call have,zstd.h),y)
DEFS += -DHAVE_ZSTD
LIBS += -lzstd
endif
# libcurl: HTTP/2 and TLS.  libcrypto, which it brings along: hash sums and
# the seal of the token.  libyaml: the configuration file of snowplow-cli.  Each
# program loads only what it uses.
LIBS += -Wl,--as-needed -lz -ljq -lxxhash -lcurl -lcrypto -lyaml -lpthread -lm

# Sources that are compiled once per instruction set (lib/json/kernel.h).
KERNEL_SRC := $(wildcard lib/json/index.c lib/json/seek_scan.c \
	lib/attrs/tokens.c lib/attrs/foreseen.c lib/attrs/numbers.c \
	lib/attrs/strings.c lib/attrs/formats.c)
KERNELS := portable
ifneq ($(filter x86_64-%,$(shell $(CC) -dumpmachine 2>/dev/null)),)
KERNELS += avx2 avx512
endif
ISA_avx2 := -march=x86-64-v3 -mpclmul
ISA_avx512 := -march=x86-64-v4 -mpclmul -mavx512vbmi -mavx512vbmi2 \
	-mprefer-vector-width=512

# The page of render-attrs --to=html, and what lays out its treemap.
D3 := $(wildcard /usr/share/nodejs/d3-hierarchy/dist/d3-hierarchy.min.js)

LIB_SRC := $(filter-out $(KERNEL_SRC),$(wildcard lib/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$B/%.o) \
	$(foreach k,$(KERNELS),$(KERNEL_SRC:%.c=$B/%.$k.o))
TOOLS := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
UNITS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
HELPERS := $(patsubst tests/helpers/%.c,%,$(wildcard tests/helpers/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
PROGRAMS := $(TOOLS:%=$B/bin/%)
PAGES := $(wildcard man/*.[1-8])

all: $(PROGRAMS)
units: $B/faults/failing.so $(UNITS:%=$B/unit/%) $(HELPERS:%=$B/helpers/%) $(FUZZERS:%=$B/fuzz/%)

# Changes when the command does: other flags, or a library that was installed.
compile = $(CC) $(CSTD) $(WARN) $(DEFS) $(CPPFLAGS) $(CFLAGS)
$B/flags: FORCE
	@mkdir -p $B
	@echo '$(compile)' | cmp -s - $@ || echo '$(compile)' >$@
$B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	$(compile) -MMD -MP -c -o $@ $<
define kernel_rule
$B/%.$(1).o: %.c $B/flags
	@mkdir -p $$(@D)
	$$(compile) $$(ISA_$(1)) -fno-tree-slp-vectorize -DKERNEL=$(1) -MMD -MP -c -o $$@ $$<
endef
$(foreach k,$(KERNELS),$(eval $(call kernel_rule,$k)))

$B/lib/attrs/html_parts.o: $(wildcard lib/attrs/html/*) $(D3)
$B/lib/attrs/html_parts.o: CPPFLAGS += $(D3:%=-DD3_HIERARCHY='"%"')

$B/penstock.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^
define link
@mkdir -p $(@D)
$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
endef
$B/bin/%: $B/tools/%.o $B/penstock.a
	$(link)
$B/unit/%: $B/tests/unit/%.o $B/penstock.a
	$(link)
$B/unit/check: LIBS += -lyajl
# Programs that tests run, but no tests themselves.
$B/helpers/%: $B/tests/helpers/%.o $B/penstock.a
	$(link)
# What is preloaded to make calls fail.
$B/faults/failing.so: tests/faults/failing.c $B/flags
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(CPPFLAGS) -O1 -g -fPIC -shared -o $@ $< -ldl
# A fuzz target with a plain main, which replays its corpus.
$B/fuzz/%: LIBS += -lyajl
$B/fuzz/%: $B/tests/fuzz/%.o $B/tests/fuzz/main.o $B/penstock.a
	$(link)

# The rest is run by people: it installs what is missing, then starts make
# anew, because what there is to build with is found out above.
again = @$(MAKE) -s --no-print-directory \
	$(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

demo:
	@$(NEEDS) build demo
	$(again) all
	@BIN=$B/bin examples/demo.sh

check:
	@$(NEEDS) build check
	$(again) all units
	@B=$B tests/run/check.sh

# The same tests of programs that clang has made.
check-clang:
	@$(NEEDS) build check fuzz
	$(again) B=$B/clang CC=clang all units
	@B=$B/clang tests/run/check.sh

# What DataHub's own client says of the output; part of check, but for what
# takes it long.
check-interop:
	@$(NEEDS) build check
	$(again) all
	@B=$B TESTS=interop INTEROP=full tests/run/check.sh

# Databricks' SQL under Spark, and the tables of 15,000 attributes: minutes.
check-sql:
	@$(NEEDS) build check spark
	$(again) all
	@B=$B TESTS='render-sql sql-long' tests/run/check.sh

# The engines that examples/engines/ is for.  Those that check runs too, and
# Spark and Hadoop, whose 400 and 70 MB take a while to come.
ENGINES := engines-contract engine-parallel engine-slurm engine-kubernetes \
	engine-spark engine-hadoop
check-engines:
	@$(NEEDS) build check spark hadoop
	$(again) all
	@B=$B TESTS='$(ENGINES)' tests/run/check.sh

# Every call of small runs made to fail, one after the other (an hour); some of
# them are part of check.
check-faults:
	@$(NEEDS) build check
	$(again) all units
	@B=$B TESTS=faults FAULTS=0 tests/run/check.sh

# The same tests with other programs, each kind in a folder of its own.
asan_flags := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
tsan_flags := -O1 -g -fsanitize=thread
valgrind_flags := -O1 -g
valgrind_needs := valgrind
check-asan check-tsan check-valgrind: check-%:
	@$(NEEDS) build check $($*_needs)
	$(again) B=$B/$* CFLAGS='$($*_flags)' all units
	@B=$B/$* tests/run/check.sh $*

fuzz:
	@$(NEEDS) build fuzz
	$(again) B=$B/fuzzer CC=clang CFLAGS='-O1 -g \
		-fsanitize=fuzzer-no-link,address,undefined' fuzzers
	@tests/run/fuzz.sh $(FUZZERS:%=$B/fuzzer/fuzzer/%)
fuzzers: $(FUZZERS:%=$B/fuzzer/%)
$B/fuzzer/%: LIBS += -fsanitize=fuzzer -lyajl
$B/fuzzer/%: $B/tests/fuzz/%.o $B/penstock.a
	$(link)

bench:
	@$(NEEDS) build bench
	$(again) all units
	@BIN=$B/bin tests/bench/run.sh

check-headers:
	@tests/run/headers.sh '$(compile)' $(wildcard lib/*/*.h tests/*/*.h)
check-man:
	@mandoc -T lint -W warning $(PAGES)
check-shell:
	@shellcheck -x -P tests -S warning -e SC2238 $(wildcard .ci/run \
		tests/run/*.sh tests/interop/*.sh tests/render/*.sh \
		tests/*.bash tests/run/*.bash tests/*.bats \
		tests/long/*.bats tests/bench/*.sh examples/*.sh \
		tests/*/*.bash examples/*/*.sh \
		debian/tests/smoke debian/tests/pages)

# Debian's zsh looks for what packages bring in zsh/vendor-completions.
share = $(DESTDIR)$(PREFIX)/share
ZSH := zsh/site-functions
COMPLETIONS = $(foreach p,$(TOOLS),bash-completion/completions/$p $(ZSH)/_$p \
	fish/vendor_completions.d/$p.fish)
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(share)/fish/vendor_completions.d \
		$(share)/$(ZSH) $(share)/bash-completion/completions
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	for page in $(PAGES); do install -D -m 644 $$page \
		$(share)/man/man$${page##*.}/$${page##*/} || exit; done
	cd $(share) && for p in $(abspath $(PROGRAMS)); do n=$${p##*/}; \
		$$p --completion=bash >bash-completion/completions/$$n && \
		$$p --completion=zsh >$(ZSH)/_$$n && \
		$$p --completion=fish >fish/vendor_completions.d/$$n.fish || \
		exit; done

# Takes away the files; the folders may be others' too.
uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(PREFIX)/bin/%) $(COMPLETIONS:%=$(share)/%) \
		$(foreach p,$(PAGES),$(share)/man/man$(subst .,,$(suffix $p))/$(notdir $p))

# A Debian package, in $B/deb; check-deb builds it twice and tries it out.
deb:
	@$(NEEDS) build deb
	@tests/run/deb.sh build $B/deb
check-deb:
	@$(NEEDS) build deb check-deb
	@tests/run/deb.sh check $B/deb

# The commands of README.md in a fresh Debian, as a new user.
check-readme:
	@$(NEEDS) readme
	@B=$B tests/run/readme.sh fresh

clean:
	rm -rf $B

.PHONY: check-faults check-clang all units fuzzers demo check check-interop check-sql check-engines \
	check-asan check-tsan check-valgrind fuzz bench check-headers check-man \
	check-shell install uninstall deb check-deb check-readme clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(LIB_OBJ:.o=.d) $(TOOLS:%=$B/tools/%.d) \
	$(UNITS:%=$B/tests/unit/%.d) $(HELPERS:%=$B/tests/helpers/%.d) \
	$(FUZZERS:%=$B/tests/fuzz/%.d) $B/tests/fuzz/main.d
