# Penstock.  GNU make, no configure.  CFLAGS and LDFLAGS belong to the user.
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
B := build

CSTD := -std=c11 -D_GNU_SOURCE -Ilib
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings -Wundef \
	-Wformat=2 -Wvla -Wswitch-enum -Wnull-dereference \
	-Wno-unknown-warning-option
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
LIBS += -lz -ljq -lxxhash -lpthread -lm

# Sources that are compiled once per instruction set (lib/json/kernel.h).
KERNEL_SRC := $(wildcard lib/json/index.c lib/attrs/tokens.c lib/attrs/numbers.c \
	lib/attrs/strings.c lib/attrs/formats.c)
KERNELS := portable
ifneq ($(filter x86_64-%,$(shell $(CC) -dumpmachine)),)
KERNELS += avx2 avx512
endif
ISA_avx2 := -march=x86-64-v3 -mpclmul
ISA_avx512 := -march=x86-64-v4 -mpclmul -mavx512vbmi -mavx512vbmi2 \
	-mprefer-vector-width=512

LIB_SRC := $(filter-out $(KERNEL_SRC),$(wildcard lib/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$B/%.o) \
	$(foreach k,$(KERNELS),$(KERNEL_SRC:%.c=$B/%.$k.o))
TOOLS := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
UNITS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
PROGRAMS := $(TOOLS:%=$B/bin/%)

all: $(PROGRAMS)
units: $(UNITS:%=$B/unit/%)

compile = $(CC) $(CSTD) $(WARN) $(DEFS) $(CPPFLAGS) $(CFLAGS) -MMD -MP
$B/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<
define kernel_rule
$B/%.$(1).o: %.c Makefile
	@mkdir -p $$(@D)
	$$(compile) $$(ISA_$(1)) -DKERNEL=$(1) -c -o $$@ $$<
endef
$(foreach k,$(KERNELS),$(eval $(call kernel_rule,$k)))

$B/penstock.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^
$B/bin/%: $B/tools/%.o $B/penstock.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/unit/%: $B/tests/unit/%.o $B/penstock.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

clean:
	rm -rf $B

.PHONY: all units clean
.SECONDARY:
-include $(shell find $B -name '*.d' 2>/dev/null)
