# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# selftest.sh - plant failures of every kind and demand that the groups notice each
#
# Each planted run is a subshell with sums of its own, so that its failures stay there.

# red NAME WANT COMMAND...: the command must count a failure and its output match WANT; or
# red NAME WANT said OUTPUT, where one boot serves several.
red() {
	local name=$1 want=$2 said
	shift 2
	if [ "$1" = said ]; then
		said=$2
	else
		said=$(passed=0 failed=0 skipped=0; "$@" 2>&1; echo "sums $passed $failed")
	fi
	if grep -qE "^sums [0-9]+ [1-9]" <<<"$said" && grep -qE -- "$want" <<<"$said"; then
		tell ok "selftest: $name is noticed"
	else
		tell not_ok "selftest: $name" 1 "not noticed: $(tail -n 6 <<<"$said")"
	fi
}

planted_unit() {
	gcc -o build/selftest/test_planted tests/selftest/unit_planted.c -lcmocka
	run_cmocka build/selftest/test_planted
}

# A program that dies before its first test plans nothing.
planted_dead_unit() {
	printf '#!/bin/sh\nexit 0\n' >build/selftest/test_dead
	chmod +x build/selftest/test_dead
	run_cmocka build/selftest/test_dead
}

planted_cli() {
	make -s -j"$jobs" build/asan/eqfwctl
	judge_cli tests/cli/run "$root/build/asan/eqfwctl" "$root/tests/selftest/planted.cases"
}

# planted_kunit SUITES: the planted module, while these suites are expected.
planted_kunit() {
	SUITES=$1
	boot "$SELFTEST_BED" "build/selftest/kunit" tests/vm/kunit.sh
}

build_planted_kunit() {
	local out=build/selftest/module
	mkdir -p $out
	cp tests/selftest/Kbuild tests/selftest/kunit_planted.c $out/
	make -C "$KDIR" ARCH="$KARCH" M="$root/$out" modules >build/log/selftest-kunit.log 2>&1 || return 1
	EQFW_KUNIT_KO=$root/$out/eqfw_planted.ko
}

planted_scenarios() {
	local name scripts=()
	for name; do scripts+=("tests/selftest/planted-$name.sh"); done
	boot "$SELFTEST_BED" build/selftest/out "${scripts[@]}"
}

group_selftest() {
	local planted
	SELFTEST_BED=${EQFW_SELFTEST_BED:-uml-6.1}
	mkdir -p build/log build/selftest
	red "a failing unit test" 'not ok - unit test_planted' planted_unit
	red "a unit test that plans nothing" 'not ok - unit test_dead' planted_dead_unit
	red "a failing command-line case" 'not ok - cli' planted_cli
	bed_kernel "$SELFTEST_BED" || { tell not_ok selftest 1 "no kernel"; return; }
	bed_module "$SELFTEST_BED" "build/vm/module-$SELFTEST_BED" || return
	prepare_scenarios || { tell not_ok selftest 1 "probes do not build"; return; }
	build_planted_kunit || { tell not_ok selftest 1 "the planted KUnit module does not build"; return; }
	red "a failing KUnit case" 'not ok - eqfw_planted eqfw_planted_bad' planted_kunit eqfw_planted
	red "a KUnit suite that does not run" 'eqfw_absent did not run' planted_kunit eqfw_absent
	planted=$(passed=0 failed=0 skipped=0; planted_scenarios failure leak early splat 2>&1
		echo "sums $passed $failed")
	red "a wrong expectation in a scenario" 'not ok - planted: junk passes' said "$planted"
	red "a wrong exit status in a scenario" 'not ok - planted: unload' said "$planted"
	red "a scenario that ends early" 'planned nothing' said "$planted"
	red "a splat in the kernel's log" 'kernel: .*WARNING' said "$planted"
	red "a kernel that dies" "not ok - $SELFTEST_BED boot" planted_scenarios panic
}
