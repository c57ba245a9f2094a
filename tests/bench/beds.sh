# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# beds.sh - beds of the benchmarks: kernels without debug options; sourced at the top of the tree
#
# BENCH_FLAVOUR=debug takes the tests' kernels: for trying scripts out, never for figures.

BENCH_MEM=${BENCH_MEM:-3072M}

bench_programs() {
	local flags=(-std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Iinclude -Iinclude/uapi)
	make -s build/eqfwctl build/bench/bench-gen
	mkdir -p build/vm build/bench/log
	gcc "${flags[@]}" -o build/vm/nl_reload tests/vm/nl_reload.c tests/vm/nl_client.c -lmnl
}

# bench_bed BED: kernel and modules for it, into BENCH_KERNEL, BENCH_START and BENCH_KO.
bench_bed() {
	local bed=$1 log=build/bench/log/modules-$1.log kdir arch=um
	BENCH_KO=$PWD/build/bench/modules-$bed
	BENCH_START=tests/vm/uml
	case $bed in
	uml-*)
		BENCH_KERNEL=$(tests/vm/kernels/uml-build "${bed#uml-}" "${BENCH_FLAVOUR:-bench}")
		kdir=$BENCH_KERNEL
		;;
	qemu-*)
		BENCH_KERNEL=${bed#qemu-} BENCH_START=tests/vm/qemu arch=x86
		kdir=$(tests/vm/kernels/headers "$BENCH_KERNEL")
		;;
	*) echo "bench: no bed $bed" >&2; return 2 ;;
	esac
	{ tests/vm/kernels/module-build "$kdir" $arch "$BENCH_KO" \
		"CFLAGS_kmod/load.o=-include $PWD/tests/bench/kernel/timed.h" &&
		{ [ $arch != um ] || tests/bench/kernel/build "$kdir" um "$BENCH_KO-bench"; }; } >"$log" 2>&1 ||
		{ tail -n 20 "$log" >&2; return 1; }
}

# bench_about BED OUT: what the figures were measured on, as rows of the result file.
bench_about() {
	printf 'bed\tkernel\tfact\t%s\t\n' "$(sed -n 's/^up: Linux \([^ ,]*\).*/\1/p' "$2/progress")"
	printf 'bed\tprocessor\tfact\t%s\t\n' "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
	printf 'bed\tcommit\tfact\t%s\t\n' "$(git describe --always --dirty 2>/dev/null || echo unknown)"
	printf 'bed\tload before\tfact\t%s\t\n' "$BENCH_LOAD"
}

# bench_pin OUT: each CPU of a User Mode Linux is a thread; put the one on one CPU, the other on another.
bench_pin() {
	local dir pid= tid cpu=0 tries
	dir=$(realpath "$1")
	for ((tries = 0; tries < 100; tries++)); do
		sleep 0.1
		pid=$(pgrep -o -f "uml_dir=$dir/uml" || true)
		if [ -n "$pid" ] && [ "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)" -ge 2 ]; then break; fi
	done
	[ -n "$pid" ] || return 0
	for tid in "/proc/$pid/task"/*; do
		taskset -cp $((cpu++ % $(nproc))) "$(basename "$tid")" >/dev/null 2>&1 || true
	done
}

# bench_boot BED NAME SCRIPT OPTION...: boot, show what it says, keep build/bench/NAME.tsv.
bench_boot() {
	local bed=$1 name=$2 script=$3 out=build/bench/out-$2 log status=0
	shift 3
	log=$out/$(basename "$script" .sh).log
	BENCH_LOAD=$(cut -d' ' -f1 /proc/loadavg)
	rm -rf "$out"
	mkdir -p "$out"
	if [ "$bed" = uml-7 ] && [ "${BENCH_PIN:-0}" = 1 ]; then bench_pin "$out" & fi
	EQFW_UML_MEM=$BENCH_MEM "$BENCH_START" -t "${BENCH_LIMIT:-3600}" -o "$out" -e EQFW_VM="$PWD/tests/vm" \
		-e EQFW_BED="$bed" -e EQFW_KO="$BENCH_KO/eqfw.ko" -e EQFW_CTL="$PWD/build/eqfwctl" \
		-e EQFW_PROBES="$PWD/build/vm" -e EQFW_PROFILES="$PWD/build/vm/profiles" \
		-e BENCH_KO="$BENCH_KO-bench/eqfw_bench.ko" -e BED_SCRIPT_LIMIT="${BENCH_LIMIT:-3600}" \
		-e BENCH_CPUS="$(if [ "$bed" = uml-7 ]; then echo 2; else echo 1; fi)" "$@" \
		"$BENCH_KERNEL" "$script" || status=$?
	cat "$log" || true
	if [ -s "$out/results.tsv" ]; then
		{ bench_about "$bed" "$out"; cat "$out/results.tsv"; } >"build/bench/$name.tsv"
	fi
	return $status
}
