# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# groups.sh - the groups of tests/run; each adds to passed, failed, skipped

passed=0
failed=0
skipped=0
jobs=$(nproc)

# tell ok|not_ok NAME [COUNT] [WHY]: one line, COUNT tests.
tell() {
	local count=${3:-1}
	if [ "$1" = ok ]; then
		passed=$((passed + count))
		echo "ok - $2${3:+ ($3)}"
	else
		failed=$((failed + count))
		echo "not ok - $2${4:+: $4}"
	fi
}

# ---- unit ----

# Judge one cmocka program by its own plan, its lines and its exit status.
judge_cmocka() {
	local name=$1 log=$2 status=$3 planned good skip
	planned=$(sed -n 's/^\[=*\].*[Rr]unning \([0-9]*\) test.*/\1/p' "$log" |
		awk '{ n += $1 } END { print n + 0 }')
	good=$(grep -cE '^\[ +OK +\] ' "$log")
	skip=$(grep -cE '^\[ +SKIPPED +\] [^0-9]' "$log")
	if [ "$status" -eq 0 ] && [ "$planned" -gt 0 ] && [ $((good + skip)) -eq "$planned" ]; then
		skipped=$((skipped + skip))
		tell ok "unit $name" "$good"
	else
		passed=$((passed + good))
		tell not_ok "unit $name" $((planned > good + skip ? planned - good - skip : 1)) \
			"exit $status, $good of $planned; log in $log"
		grep -E '^\[ +(ERROR|FAILED) |Sanitizer|runtime error' "$log" | head -n 8 | sed 's/^/    /'
	fi
}

run_cmocka() {
	local program=$1 log
	log=build/log/unit-$(basename "$(dirname "$program")")-$(basename "$program").log
	timeout -k 5 "${EQFW_UNIT_LIMIT:-300}" "$program" >"$log" 2>&1
	judge_cmocka "$(basename "$program")" "$log" $?
}

group_unit() {
	local source programs=()
	mkdir -p build/log
	for source in tests/unit/test_*.c; do programs+=("build/unit/$(basename "$source" .c)"); done
	if [ -e tests/unit/test_oracle.c ]; then programs+=(build/fast/test_oracle); fi
	if ! make -s -k -j"$jobs" "${programs[@]}" >build/log/unit-build.log 2>&1; then
		tell not_ok "unit build" 1 "see build/log/unit-build.log"
		grep -m 5 -E 'error|Error' build/log/unit-build.log | sed 's/^/    /'
	fi
	for source in "${programs[@]}"; do
		[ ! -x "$source" ] || run_cmocka "$source"
	done
}

# ---- cli ----

group_cli() {
	mkdir -p build/log
	if ! make -s -j"$jobs" build/asan/eqfwctl build/eqfwctl >build/log/cli-build.log 2>&1; then
		tell not_ok "cli build" 1 "see build/log/cli-build.log"
		return
	fi
	judge_cli tests/cli/run
}

# judge_cli COMMAND...: by its last line and its exit status.
judge_cli() {
	local log=build/log/cli.log good bad status
	"$@" >"$log" 2>&1
	status=$?
	read -r good bad < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$log" | tail -n 1)
	if [ "$status" -eq 0 ] && [ "${good:-0}" -gt 0 ] && [ "${bad:-1}" -eq 0 ]; then
		tell ok "cli" "$good"
	else
		grep '^FAIL' "$log" | head -n 20 | sed 's/^/    /'
		passed=$((passed + ${good:-0}))
		tell not_ok "cli" "$((${bad:-0} > 0 ? bad : 1))" "exit $status; log in $log"
	fi
}

# ---- matrix ----

# The vendor's document is not part of the project: EQFW_DOCUMENT names it, or it lies beside the tree.
find_document() {
	if [ -n "${EQFW_DOCUMENT:-}" ]; then
		echo "$EQFW_DOCUMENT"
	else
		find .. -maxdepth 3 -path '*/source/port-security-equinox-9.txt' 2>/dev/null | head -n 1
	fi
}

# judge_counted NAME LOG STATUS: a script that ends with "N passed, N failed".
judge_counted() {
	local good bad
	read -r good bad < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$2" | tail -n 1)
	if [ "$3" -eq 0 ] && [ "${good:-0}" -gt 0 ] && [ "${bad:-1}" -eq 0 ]; then
		tell ok "$1" "$good"
	else
		tail -n 10 "$2" | sed 's/^/    /'
		passed=$((passed + ${good:-0}))
		tell not_ok "$1" "$((${bad:-0} > 0 ? bad : 1))" "exit $3; log in $2"
	fi
}

group_matrix() {
	local log=build/log/matrix document check
	mkdir -p build/log
	if ! make -s -j"$jobs" build/eqfwctl >$log-build.log 2>&1; then
		tell not_ok "matrix build" 1 "see $log-build.log"
		return
	fi
	for check in readings tunables moves json golden pairs; do
		"tests/matrix/check-$check" >$log-$check.log 2>&1
		judge_counted "matrix $check" $log-$check.log $?
	done
	if build/eqfwctl matrix --matrix matrix --errata --markdown | cmp -s - docs/ERRATA.md; then
		tell ok "matrix docs/ERRATA.md is what the data says" 1
	else
		tell not_ok "matrix docs/ERRATA.md" 1 "run make errata"
	fi
	document=$(find_document)
	[ -e "$document" ] || document=
	if ! tests/matrix/check-source ${document:+"$document"} >$log-source.log 2>&1; then
		sed 's/^/    /' $log-source.log | tail -n 20
		tell not_ok "matrix against the document" 1 "log in $log-source.log"
	elif [ -n "$document" ]; then
		tell ok "matrix against the document" 1
	else
		skipped=$((skipped + 1))
		echo "ok - matrix against the document # SKIP the document is not there (EQFW_DOCUMENT)"
	fi
}

# ---- fuzz ----

group_fuzz() {
	mkdir -p build/log
	tests/fuzz/run "${EQFW_FUZZ_SECONDS:-30}" >build/log/fuzz.log 2>&1
	judge_counted "fuzz" build/log/fuzz.log $?
	grep '^ok - ' build/log/fuzz.log | sed 's/^ok - /    /'
}

# ---- other machines ----

group_look() {
	mkdir -p build/log
	make -s build/eqfwctl || { tell not_ok "look build"; return; }
	tests/report-look >build/log/look.log 2>&1
	local status=$?
	if grep -q ', 1 skipped$' build/log/look.log; then
		skipped=$((skipped + 1))
		echo "ok - the report in a browser # SKIP there is no chromium"
	else
		judge_counted "the report in a browser" build/log/look.log $status
	fi
}

group_portable() {
	mkdir -p build/log
	tests/portable/run >build/log/portable.log 2>&1
	judge_counted "F18 the core on i686 and s390x" build/log/portable.log $?
}

# ---- cost of a lookup ----

# Where the compiler is not the one of the committed figures, there is nothing to compare.
group_gate() {
	local log=build/log/gate.log status
	mkdir -p build/log
	tests/bench/core/gate >$log 2>&1
	status=$?
	if [ $status -eq 0 ] && grep -q '^skipped' $log; then
		skipped=$((skipped + 1))
		echo "ok - gate # SKIP $(sed -n 's/^skipped: //p' $log)"
	else
		grep '^FAIL' $log | sed 's/^/    /'
		judge_counted "gate: instructions, reads and cache lines of a lookup" $log $status
	fi
}

# ---- beds ----

# bed_kernel BED: what tests/vm/uml or tests/vm/qemu takes, into KERNEL; KDIR and KARCH for building.
bed_kernel() {
	local dir kver
	case $1 in
	uml-*)
		KERNEL=$(tests/vm/kernels/uml-build "${1#uml-}" debug) || return 1
		KDIR=$KERNEL KARCH=um START=tests/vm/uml
		;;
	qemu-*)
		read -r dir kver < <(tests/vm/kernels/stock-fetch "${1#qemu-}")
		[ -n "${kver:-}" ] || return 1
		KERNEL=${1#qemu-} KDIR=$(tests/vm/kernels/headers "$KERNEL") KARCH=x86 START=tests/vm/qemu
		;;
	*)
		echo "run: no bed $1" >&2
		return 1
		;;
	esac
}

# bed_module BED OUT [MAKE ARGUMENTS...]
bed_module() {
	local bed=$1 out=$2 log=build/log/module-$1.log
	shift 2
	mkdir -p build/log
	tests/vm/kernels/module-build "$KDIR" "$KARCH" "$out" -j"$jobs" "$@" >"$log" 2>&1 || {
		tell not_ok "module for $bed" 1 "does not build, see $log"
		return 1
	}
}

# collect NAME OUT: results of a boot into the sums, a line per script.
collect() {
	local bed=$1 out=$2 word name time why good bad line
	while read -r word name time why; do
		if [ "$word" = not ]; then read -r word name time why <<<"$name $time $why"; fi
		good=$(grep -c '^ok ' "$out/$name.log")
		bad=$(grep -c '^not ok ' "$out/$name.log")
		if [ -z "$why" ]; then
			tell ok "$bed $name" "$good"
			continue
		fi
		passed=$((passed + good))
		tell not_ok "$bed $name" $((bad > 0 ? bad : 1)) "$why"
		while IFS= read -r line; do echo "    $line"; done < <(grep '^not ok ' "$out/$name.log")
	done <"$out/results"
}

# boot_args SCENARIO: a line "# boot with: ARGS" in a scenario is a boot of its own.
boot_args() { sed -n 's/^# boot with: *//p' "$1"; }

# boot BED OUT SCRIPT...: a boot is one test more: it ends with the success word. Two runs of one
# tree do not share OUT: the second waits.
boot() {
	local bed=$1 out=$2 said append
	shift 2
	append=$(boot_args "$1")
	mkdir -p "$out"
	exec 8>"$out.lock"
	flock 8
	rm -rf "$out"
	mkdir -p "$out"
	said=$("$START" -t "${EQFW_BED_LIMIT:-2700}" -o "$out" -e EQFW_VM="$root/tests/vm" \
		-e EQFW_BED="$bed" -e EQFW_KO="$root/build/vm/module-$bed/eqfw.ko" \
		-e EQFW_CTL="$root/build/eqfwctl" -e EQFW_PROBES="$root/build/vm" \
		-e EQFW_PROFILES="$root/build/vm/profiles" -e EQFW_SUITES="${SUITES:-}" \
		-e EQFW_LONG="${EQFW_LONG:-}" -a "$append" \
		-e EQFW_KUNIT="${EQFW_KUNIT_KO:-$root/build/vm/module-$bed/eqfw_kunit.ko}" "$KERNEL" "$@" 2>&1 8>&-)
	case $? in
	0 | 1) tell ok "$bed boot: no splat outside a test, no leak, success word" 1 ;;
	*) tell not_ok "$bed boot" 1 "$(tail -n 20 <<<"$said")" ;;
	esac
	touch "$out/results"
	collect "$bed" "$out"
	exec 8>&-
}

# Programs that scenarios and the demo use.
prepare_programs() {
	local flags=(-std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Iinclude -Iinclude/uapi) vm=tests/vm
	local program
	for program in probe stream talk hold h323 flood bulk adopt; do
		gcc "${flags[@]}" -pthread -o "build/vm/$program" "$vm/$program.c" $vm/packet.c \
			$vm/netspace.c $vm/ends.c || return 1
	done
	for program in nl_abuse nl_reload nl_race nl_dump nl_limit; do
		gcc "${flags[@]}" -o "build/vm/$program" "$vm/$program.c" $vm/nl_client.c -lmnl || return 1
	done
	gcc "${flags[@]}" -o build/vm/faults $vm/faults.c $vm/faults_change.c $vm/nl_client.c -lmnl || return 1
	gcc "${flags[@]}" -Ikmod/core -Itests/vectors -o build/vm/mutate $vm/mutate.c $vm/netspace.c \
		tests/vectors/mutants.c tests/vectors/naive.c kmod/core/*.c userspace/core_user.c \
		-lnettle || return 1
	gcc "${flags[@]}" -Ikmod/core -Itests/vectors -o build/vm/giant $vm/giant.c tests/vectors/profile_builder.c \
		kmod/core/*.c userspace/core_user.c -lnettle || return 1
	gcc "${flags[@]}" -o build/vm/nflog $vm/nflog.c -lmnl || return 1
	gcc "${flags[@]}" -o build/vm/pppoe $vm/pppoe.c || return 1
	gcc "${flags[@]}" -o build/vm/nfqueue $vm/nfqueue.c -lmnl || return 1
	gcc "${flags[@]}" -shared -fPIC -o build/vm/fail.so $vm/fail.c || return 1
}

prepare_scenarios() {
	local profile
	mkdir -p build/vm/profiles build/log
	make -s -j"$jobs" build/eqfwctl >build/log/tool-build.log 2>&1 || return 1
	prepare_programs || return 1
	for profile in tests/vm/profiles/*.yaml; do
		build/eqfwctl compile --matrix matrix "$profile" \
			-o "build/vm/profiles/$(basename "$profile" .yaml).bin" \
			>>build/log/profiles.log 2>&1 || return 1
	done
	for profile in ranges full; do
		build/vm/giant $profile build/vm/profiles/$profile.bin >>build/log/profiles.log || return 1
	done
}

# runs_on SCENARIO BED: a line "# beds: ..." in a scenario says where it can run.
runs_on() {
	local beds
	beds=$(sed -n 's/^# beds: *//p' "$1")
	[ -z "$beds" ] || [[ " $beds " == *" $2 "* ]]
}

group_vm() {
	local bed=${1%%:*} names=${1#*:} scenario scripts=() alone=()
	bed_kernel "$bed" || { tell not_ok "vm:$bed" 1 "no kernel"; return; }
	bed_module "$bed" "build/vm/module-$bed" || return
	prepare_scenarios || { tell not_ok "vm:$bed" 1 "probes or profiles do not build"; return; }
	for scenario in tests/vm/scenarios/*.sh; do
		if [ "$names" != "$1" ] && [[ ",$names," != *",$(basename "$scenario" .sh),"* ]]; then
			continue
		fi
		if ! runs_on "$scenario" "$bed"; then
			skipped=$((skipped + 1))
		elif [ -n "$(boot_args "$scenario")" ]; then
			alone+=("$scenario")
		else
			scripts+=("$scenario")
		fi
	done
	[ ${#scripts[@]} -eq 0 ] || boot "$bed" "build/vm/out-$bed" "${scripts[@]}"
	for scenario in "${alone[@]}"; do
		boot "$bed" "build/vm/out-$bed-$(basename "$scenario" .sh)" "$scenario"
	done
	[ $((${#scripts[@]} + ${#alone[@]})) -gt 0 ] || tell not_ok "vm:$1" 1 "no such scenario here"
}

# The suites that must show up are the ones whose sources are there.
group_kunit() {
	local bed=$1
	bed_kernel "$bed" || { tell not_ok "kunit:$bed" 1 "no kernel"; return; }
	bed_module "$bed" "build/vm/module-$bed" EQFW_KUNIT=1 || return
	SUITES=$(sed -n 's/.*\.name = "\(eqfw_[a-z0-9_]*\)".*/\1/p' tests/kunit/*.c | sort -u | xargs)
	boot "$bed" "build/vm/kunit-$bed" tests/vm/kunit.sh
}
