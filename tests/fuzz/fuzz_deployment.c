// SPDX-License-Identifier: GPL-2.0
/*
 * Any text as a deployment: errors with a place, or a profile that the checker accepts, twice the
 * same bytes, and a lint that ends.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lint.h"
#include "profile_check.h"
#include "ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];
static struct matrix *matrix;

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void remove_file(void)
{
	unlink(path);
	matrix_free(matrix);
}

static void begin(void)
{
	struct diag diag = { 0 };

	if (matrix)
		return;
	snprintf(path, sizeof(path), "/dev/shm/eqfw-fuzz-%d.yaml", (int)getpid());
	matrix = matrix_read(EQFW_SOURCE_DIR "/matrix", NULL, &diag);
	must(matrix);
	atexit(remove_file);
}

static void put_file(const uint8_t *data, size_t size)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* False after errors. */
static bool compile(struct image *image)
{
	struct diag diag = { .quiet = true };
	struct deployment *deployment = deployment_read(path, matrix, &diag);
	struct ruleset *ruleset;
	bool made = false;

	must(deployment || diag.errors);
	if (!deployment)
		return false;
	ruleset = expand(deployment, &diag);
	if (!diag.errors)
		made = factor(ruleset, 0, &diag, image);
	must(made || diag.errors);
	ruleset_free(ruleset);
	deployment_free(deployment);
	return made;
}

#define TODAY 1800000000 /* 2027: some dates are past, some are not */

static void look(void)
{
	struct lint lint;

	lint_run(&lint, path, matrix, TODAY);
	lint_free(&lint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image first = { 0 }, second = { 0 };
	struct eqfw_profile profile;
	struct eqfw_fault fault;

	begin();
	put_file(data, size);
	if (!compile(&first))
		return 0;
	must(!eqfw_profile_check(first.bytes, first.size, &profile, &fault));
	must(compile(&second) && first.size == second.size &&
	     !memcmp(first.bytes, second.bytes, first.size));
	image_free(&first);
	image_free(&second);
	look();
	return 0;
}
