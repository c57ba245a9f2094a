/* SPDX-License-Identifier: GPL-2.0 */
/* What faults.c and faults_change.c share. */
#ifndef EQFW_TEST_FAULTS_H
#define EQFW_TEST_FAULTS_H

#include <stdbool.h>

/**
 * struct tally - what came of the faults
 * @faults: how many came
 * @failed: attempts that failed for one
 * @coped: attempts that succeeded all the same
 * @wrong: what must not be
 */
struct tally {
	unsigned int faults;
	unsigned int failed;
	unsigned int coped;
	unsigned int wrong;
};

extern struct tally tally;

void write_text(const char *path, const char *text);
/* Faults hit tasks that ask for them, whatever may sleep, and say nothing; lasting: all do. */
void prepare_kernel(bool lasting);
/* Counts down with each allocation that fails; prepare_kernel() sets it anew. */
long faults_left(void);
/* From here on the nth allocation of this task fails; lasting: all after it, too. */
void arm(unsigned int nth, bool lasting);
/* Whether the fault came. */
bool disarm(void);
/* A sentence that was heard. */
void remember(const char *text);
void wrong(unsigned int nth, bool lasting, const char *what);
/* Each allocation of an attempt fails once; then all from each one on. */
void sweep_both(bool (*try)(unsigned int nth, bool lasting));
/* Print what came of it; the exit status. */
int report(void);

/* Know the change, open the client, read two profiles. */
bool changes_open(const char *name, char *const profiles[2]);
/* Sweep the change, armed as @how says; the exit status. */
int changes_run(const char *how);

#endif
