# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# bed.sh - what tests/vm/uml and tests/vm/qemu share; sourced by both
#
# A bed is a kernel that boots on the host's root, read-only, runs guest scripts and powers off.
# Results do not travel on the console: the guest has one writable directory of the host (BED_OUT)
# and writes there
#
#   results         a line per script: "ok NAME SECONDS" or "not ok NAME SECONDS WHY"
#   NAME.log        what the script printed
#   NAME.dmesg      the kernel's messages of its time, where they hold a splat
#   progress        one line for each step, for people who wait
#   done            the success word; written last, after the leak scan

BED_HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
BED_LIMIT=600
BED_OUT=
BED_APPEND=
BED_ENV=()
BED_VERBOSE=

bed_die() {
	echo "${0##*/}: $*" >&2
	exit 3
}

bed_usage() {
	echo "usage: ${0##*/} [-t SECONDS] [-o OUTDIR] [-e VAR=VALUE] [-a KERNEL-ARGS] [-v] $1 SCRIPT..." >&2
	exit 2
}

# Sets the BED_ variables from options; BED_ARGS gets the rest.
bed_options() {
	local opt
	while getopts t:o:e:a:v opt; do
		case $opt in
		t) BED_LIMIT=$OPTARG ;;
		o) BED_OUT=$OPTARG ;;
		e) BED_ENV+=("$OPTARG") ;;
		a) BED_APPEND=$OPTARG ;;
		v) BED_VERBOSE=1 ;;
		*) return 1 ;;
		esac
	done
	BED_ARGS=("${@:OPTIND}")
	[ ${#BED_ARGS[@]} -ge 2 ]
}

# bed_prepare SCRIPT...: the result directory and what the guest needs to know.
bed_prepare() {
	local script pair
	[ -n "$BED_OUT" ] || BED_OUT=$(mktemp -d "${TMPDIR:-/tmp}/eqfw-bed.XXXXXX")
	mkdir -p "$BED_OUT"
	BED_OUT=$(realpath "$BED_OUT")
	rm -f "$BED_OUT"/{results,done,progress,console,*.log,*.dmesg,kmemleak}
	BED_WORD=OK-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	: >"$BED_OUT/scripts"
	for script; do
		[ -r "$script" ] || bed_die "no script $script"
		realpath "$script" >>"$BED_OUT/scripts"
	done
	{
		printf 'BED_WORD=%s\n' "$BED_WORD"
		for pair in "${BED_ENV[@]}"; do printf 'export %s=%q\n' "${pair%%=*}" "${pair#*=}"; done
	} >"$BED_OUT/env"
}

# bed_wait PID NAME: wait for the bed, show progress where asked, kill it at the limit.
bed_wait() {
	local pid=$1 name=$2 seen=0 start=$SECONDS now line
	while kill -0 "$pid" 2>/dev/null; do
		if [ -n "$BED_VERBOSE" ] && [ -r "$BED_OUT/progress" ]; then
			while IFS= read -r line; do
				echo "$line"
				seen=$((seen + 1))
			done < <(tail -n +$((seen + 1)) "$BED_OUT/progress")
		fi
		now=$((SECONDS - start))
		if [ "$now" -ge "$BED_LIMIT" ]; then
			echo "$name: killed after $BED_LIMIT seconds" | tee -a "$BED_OUT/console" >&2
			kill -KILL -- "-$pid"
			break
		fi
		if [ -n "$BED_VERBOSE" ] && [ "$seen" -eq 0 ] && [ $((now % 5)) -eq 4 ]; then
			echo "  $name: still booting ($now s)"
			sleep 0.8
		fi
		sleep 0.2
	done
	wait "$pid" 2>/dev/null || true
	if [ -n "$BED_VERBOSE" ] && [ -r "$BED_OUT/progress" ]; then
		tail -n +$((seen + 1)) "$BED_OUT/progress"
	fi
}

# bed_judge: 0 all scripts ok and the success word there; 1 a script failed; 3 the bed itself failed.
bed_judge() {
	local n_scripts n_results
	n_scripts=$(wc -l <"$BED_OUT/scripts")
	n_results=$(grep -cE '^(ok|not ok) ' "$BED_OUT/results" 2>/dev/null || true)
	if [ "${n_results:-0}" -ne "$n_scripts" ] || [ ! -e "$BED_OUT/done" ]; then
		echo "bed: ended early; the console's last lines:" >&2
		tail -n 15 "$BED_OUT/console" >&2
		return 3
	fi
	if [ "$(cat "$BED_OUT/done")" != "$BED_WORD" ]; then
		echo "bed: $(cat "$BED_OUT/done")" >&2
		return 3
	fi
	! grep -q '^not ok ' "$BED_OUT/results"
}
