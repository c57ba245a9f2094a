# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# build.sh - the core as the kernel builds it, for the benchmark and the gate

# No vector registers, no popcount instruction, no sanitizers: what the kernel's -O2 makes of it.
core_flags=(-std=gnu11 -O2 -fno-strict-aliasing -fno-strict-overflow -fno-asynchronous-unwind-tables
	-mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx -mno-80387)
bench_includes=(-D_GNU_SOURCE -Iinclude -Ikmod/core -Itests/vectors -Iuserspace)

compile_to() {
	local out=$1 source=$2
	shift 2
	# shellcheck disable=SC2086  # CC may hold a wrapper
	${CC:-gcc} "${bench_includes[@]}" "$@" -c -o "$out" "$source"
}

# objects DIR: core, profile builder and what user space gives the core.
build_core() {
	local dir=$1 source
	mkdir -p "$dir"
	for source in kmod/core/*.c; do
		compile_to "$dir/$(basename "$source" .c).o" "$source" "${core_flags[@]}"
	done
	for source in tests/vectors/profile_builder.c userspace/core_user.c \
		tests/bench/core/workload.c tests/bench/core/shapes.c; do
		compile_to "$dir/$(basename "$source" .c).o" "$source" -std=gnu11 -O2
	done
}

build_bench() {
	local dir=build/bench/core source flags
	make -s build/tool/libeqfw.a
	build_core $dir
	read -ra flags <<<"$(pkg-config --cflags libdpdk | tr ' ' '\n' | grep -v libnl | xargs)"
	for source in bench sides measure acl hostile; do
		compile_to $dir/$source.o tests/bench/core/$source.c -std=gnu11 -O2 -Wall -Wextra \
			-Wno-unused-parameter -Wno-missing-field-initializers "${flags[@]}"
	done
	# shellcheck disable=SC2086
	${CC:-gcc} -o build/bench/bench-core $dir/*.o build/tool/libeqfw.a -lrte_acl -lrte_eal -lnettle -lpthread
}

build_gate() {
	local dir=build/bench/gate
	build_core $dir
	compile_to $dir/gate.o tests/bench/core/gate.c "${core_flags[@]}" -Wall -Wextra
	# shellcheck disable=SC2086
	${CC:-gcc} -no-pie -o build/bench/bench-gate $dir/*.o -lnettle
}
