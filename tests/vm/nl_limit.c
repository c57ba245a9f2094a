// SPDX-License-Identifier: GPL-2.0
/*
 * nl_limit - load a profile again and again, with a little more memory each time, until it goes
 *
 *   nl_limit CGROUP PROFILE
 *
 * In a namespace that enforces another profile. CGROUP is a directory of cgroup 2 with a memory
 * controller; all that the program itself needs it has before it joins. Each refusal must say that
 * there is no memory, and leave generation and profile alone. Prints
 * the sentences and "refused N wrong N".
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nl_client.h"

#define STEP 4096ul
#define STEPS_MAX 4096

static const char *group;

static FILE *group_file(const char *name, const char *mode)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	file = fopen(path, mode);
	if (!file)
		err(2, "%s", path);
	setvbuf(file, NULL, _IONBF, 0);
	return file;
}

static void write_number(const char *name, unsigned long number)
{
	FILE *file = group_file(name, "w");

	if (fprintf(file, "%lu\n", number) < 0)
		err(2, "%s", name);
	fclose(file);
}

static unsigned long current(void)
{
	FILE *file = group_file("memory.current", "r");
	unsigned long bytes = 0;

	if (fscanf(file, "%lu", &bytes) != 1)
		errx(2, "memory.current");
	fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	unsigned int refused = 0, wrong = 0;
	static struct client c;
	static char last[sizeof(c.said)];
	uint8_t digest[EQFW_DIGEST_SIZE];
	unsigned long base;
	uint64_t before;
	int got = ENOMEM;

	if (argc != 3)
		errx(2, "CGROUP PROFILE");
	group = argv[1];
	client_open(&c);
	client_profile(&c, argv[2]);
	before = client_generation(&c);
	memcpy(digest, c.digest, sizeof(digest));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(2, "mlockall");
	write_number("cgroup.procs", getpid());
	base = current();
	for (unsigned long i = 1; got && i < STEPS_MAX; i++) {
		write_number("memory.max", base + i * STEP);
		got = client_ask(&c, client_good_load(&c, c.room));
		if (!got)
			break;
		refused++;
		if (strcmp(last, c.said))
			printf("# from %lu bytes: %s\n", i * STEP, c.said);
		strcpy(last, c.said);
		if (got == ENOMEM && strstr(c.said, "no memory") &&
		    client_generation(&c) == before && !memcmp(digest, c.digest, sizeof(digest)))
			continue;
		wrong++;
		printf("# at %lu bytes: errno %d, %s\n", i * STEP, got, c.said);
	}
	printf("refused %u wrong %u\n", refused, wrong);
	return got || wrong;
}
