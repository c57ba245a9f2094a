# SPDX-License-Identifier: GPL-2.0
# eqfw: `make help` lists the targets.

SHELL := /bin/bash
VERSION := $(shell sed -n 's/.*EQFW_VERSION "\(.*\)"/\1/p' include/eqfw/version.h)
KDIR ?= /lib/modules/$(shell uname -r)/build
BUILD := build
PREFIX ?= /usr
DESTDIR ?=

CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wno-unused-parameter -Wno-missing-field-initializers
LIBS := libmnl libfyaml jansson smartcols nettle ncursesw
CPPFLAGS += -D_GNU_SOURCE -Iinclude -Iinclude/uapi -Ikmod/core -Iuserspace
TOOL_CFLAGS = -std=gnu11 $(WARNINGS) $(CFLAGS) $(shell pkg-config --cflags $(LIBS))
TOOL_LDLIBS = $(shell pkg-config --libs $(LIBS)) -lm
SAN_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

TOOL_SOURCES := $(wildcard userspace/*.c) $(wildcard kmod/core/*.c)
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(BUILD)/tool/%.o)
SAN_OBJECTS := $(TOOL_SOURCES:%.c=$(BUILD)/asan/%.o)
SAN_LIBRARY := $(filter-out $(BUILD)/asan/userspace/main.o,$(SAN_OBJECTS))
TOOL_LIBRARY := $(filter-out $(BUILD)/tool/userspace/main.o,$(TOOL_OBJECTS))

# Every tests/unit/test_*.c is one cmocka program; the other files there are shared by all of them.
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_SHARED := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)) $(wildcard tests/vectors/*.c)
UNIT_CPPFLAGS := -Itests/unit -Itests/vectors -I. -DEQFW_SOURCE_DIR='"$(CURDIR)"'
UNIT_BINARIES := $(UNIT_TESTS:%=$(BUILD)/unit/%)
UNIT_ARCHIVES := $(BUILD)/asan/libtest.a $(BUILD)/asan/libeqfw.a
# The long random comparisons also run without sanitizers.
FAST_BINARIES := $(BUILD)/fast/test_oracle
FAST_ARCHIVES := $(BUILD)/tool/libtest.a $(BUILD)/tool/libeqfw.a

# Benchmarks: a workload's rules and packets.
GEN_OBJECTS := $(patsubst %.c,$(BUILD)/tool/%.o,$(wildcard tests/bench/gen/*.c))

MAN_SOURCES := $(wildcard docs/man/*.scd)
MAN_PAGES := $(MAN_SOURCES:docs/man/%.scd=$(BUILD)/man/%)

.PHONY: all errata golden help tools module module-if-possible demo check unit cli style sparse w1 man \
	completion install uninstall clean selftest bench-compile bench bench-core bench-kernel bench-path \
	bench-reload bench-report

all: tools module-if-possible ## build the tool, and the module where kernel headers are

help: ## list the targets
	@echo "eqfw $(VERSION)"
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | awk -F'\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

tools: $(BUILD)/eqfwctl ## build build/eqfwctl

$(BUILD)/eqfwctl: $(TOOL_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TOOL_LDLIBS)

$(BUILD)/asan/eqfwctl: $(SAN_OBJECTS)
	$(CC) $(SAN_CFLAGS) -o $@ $^ $(TOOL_LDLIBS)

$(BUILD)/tool/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TOOL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/asan/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TOOL_CFLAGS) $(SAN_CFLAGS) -MMD -MP -c -o $@ $<

module: ## build eqfw.ko against KDIR (default: the running kernel's headers)
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

module-if-possible:
	@if [ -e $(KDIR)/Makefile ]; then $(MAKE) --no-print-directory module; else \
		echo "no kernel headers at $(KDIR): eqfw.ko is not built (make module KDIR=...)"; fi

unit: $(UNIT_BINARIES) $(FAST_BINARIES) ## run the unit tests under ASan and UBSan
	@tests/run unit

$(BUILD)/asan/libeqfw.a: $(SAN_LIBRARY)
$(BUILD)/tool/libeqfw.a: $(TOOL_LIBRARY)
$(BUILD)/asan/libtest.a: $(UNIT_SHARED:%.c=$(BUILD)/asan/%.o)
$(BUILD)/tool/libtest.a: $(UNIT_SHARED:%.c=$(BUILD)/tool/%.o)
$(BUILD)/asan/libtest.a $(BUILD)/tool/libtest.a: CPPFLAGS += $(UNIT_CPPFLAGS)
$(BUILD)/%.a:
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/unit/%: tests/unit/%.c $(UNIT_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(UNIT_CPPFLAGS) $(TOOL_CFLAGS) $(SAN_CFLAGS) -MMD -MP -o $@ $< $(UNIT_ARCHIVES) \
		$(TOOL_LDLIBS) -lcmocka

$(BUILD)/fast/%: tests/unit/%.c $(FAST_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(UNIT_CPPFLAGS) $(TOOL_CFLAGS) -DEQFW_TEST_FAST -MMD -MP -o $@ $< $(FAST_ARCHIVES) \
		$(TOOL_LDLIBS) -lcmocka

cli: $(BUILD)/asan/eqfwctl $(BUILD)/eqfwctl ## run the command-line tests
	@tests/run cli

bench-core: ## the classifier in user space beside librte_acl (build/bench/core.tsv)
	@tests/install-deps bench
	@tests/bench/core/run

bench: ## all benchmarks, then docs/PERFORMANCE.md (BENCH_FULL=1: all sizes)
	@tests/install-deps bench
	@tests/bench/run

bench-report: ## docs/PERFORMANCE.md and its plots from the results in build/bench
	@tests/bench/report/report

bench-path: ## packets per second through a box with 10,000 rules and without
	@tests/install-deps bench
	@tests/bench/path/run uml-7

bench-reload: ## packets judged wrongly while rules are replaced, eqfw and nft
	@tests/install-deps bench
	@tests/bench/reload/run uml-7

bench-kernel: ## the hook beside nft, iptables, ipset, conntrack in kernels without debug options
	@tests/install-deps bench
	@tests/bench/kernel/run uml-6.1
	@tests/bench/kernel/run uml-7

check: ## install what the tests need, then run them (builds one UML kernel the first time)
	@tests/install-deps check
	@tests/run check

demo: ## boot a stock Debian kernel and watch real calls pass and junk drop
	@tests/install-deps demo
	@tests/demo/run

bench-compile: $(BUILD)/eqfwctl ## time and memory of compile, check, lint, report on the large example
	@tests/bench/compile

selftest: ## plant failures in every kind of test and expect red
	@tests/run selftest

style: ## format, kernel rules, purity of the core, sizes, shell scripts, spelling
	@tests/style/check

sparse: ## sparse over the module on every kernel whose headers are there
	@tests/style/kernels --sparse

w1: ## W=1 builds on headers 6.1, 6.12 and the newest 7.x that Debian offers
	@tests/style/kernels --w1

$(BUILD)/bench/bench-gen: $(GEN_OBJECTS) $(BUILD)/tool/libeqfw.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(TOOL_LDLIBS)

man: $(MAN_PAGES) ## build the man pages

$(BUILD)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	scdoc <$< >$@

errata: $(BUILD)/eqfwctl ## write docs/ERRATA.md from the matrix
	$(BUILD)/eqfwctl matrix --matrix matrix --matrix.d '' --errata --markdown >docs/ERRATA.md

golden: $(BUILD)/eqfwctl ## take the examples' profiles of now as the ones that tests expect
	tests/matrix/check-golden --renew

completion: $(BUILD)/completion/eqfwctl

$(BUILD)/completion/eqfwctl: $(BUILD)/eqfwctl
	@mkdir -p $(@D)
	$(BUILD)/eqfwctl completion bash >$@

install: tools man completion ## install tool, data, manuals; and the module where it was built
	install -D -m 0755 $(BUILD)/eqfwctl $(DESTDIR)$(PREFIX)/sbin/eqfwctl
	install -d $(DESTDIR)$(PREFIX)/share/eqfw/matrix $(DESTDIR)/etc/eqfw/matrix.d
	install -m 0644 matrix/*.yaml $(DESTDIR)$(PREFIX)/share/eqfw/matrix/
	install -d $(DESTDIR)$(PREFIX)/share/eqfw/examples
	install -m 0644 matrix/examples/* $(DESTDIR)$(PREFIX)/share/eqfw/examples/
	for page in $(MAN_PAGES); do \
		install -D -m 0644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; done
	install -D -m 0644 $(BUILD)/completion/eqfwctl \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/eqfwctl
	install -D -m 0644 packaging/eqfw.service $(DESTDIR)$(PREFIX)/lib/systemd/system/eqfw.service
	if [ -e eqfw.ko ] && [ -z "$(DESTDIR)" ]; then \
		$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install INSTALL_MOD_DIR=updates && depmod -a; fi

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/sbin/eqfwctl $(DESTDIR)$(PREFIX)/share/bash-completion/completions/eqfwctl
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/eqfw.service
	rm -rf $(DESTDIR)$(PREFIX)/share/eqfw
	for page in $(MAN_PAGES); do \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

clean: ## remove everything that was built (not the cached kernels)
	rm -rf $(BUILD)
	@if [ -e $(KDIR)/Makefile ]; then $(MAKE) -s -C $(KDIR) M=$(CURDIR) clean; fi

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
