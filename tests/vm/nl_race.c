// SPDX-License-Identifier: GPL-2.0
/*
 * nl_race - loaders and confirmers that all want the same namespace (F15)
 *
 *   nl_race LOADS PROFILE PROFILE
 *
 * Eight loaders load in turn one of the profiles, to be confirmed; two confirmers keep or take back
 * what is pending. Until LOADS loads have won. Of all that name one generation at most one may win,
 * and the generation at the end is the sum of what won. Nothing may be refused for another reason
 * than that somebody else was faster.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nl_client.h"

#define LOADERS 8
#define CONFIRMERS 2
#define GENERATIONS 100000

/**
 * struct score - what all processes write
 * @won: loads that replaced a generation
 * @ended: confirmations and rollbacks that named it
 * @loads: loads that won
 * @backs: rollbacks that won
 * @odd: refusals that are none of those expected
 * @late: requests that lost
 */
struct score {
	unsigned int won[GENERATIONS];
	unsigned int ended[GENERATIONS];
	unsigned int loads;
	unsigned int backs;
	unsigned int odd;
	unsigned int late;
};

static void add(unsigned int *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
}

static unsigned int get(const unsigned int *counter)
{
	return __atomic_load_n(counter, __ATOMIC_SEQ_CST);
}

static void judge(struct score *score, struct client *c, int err, unsigned int *winner)
{
	if (!err)
		add(winner);
	else if (err == ESTALE || err == EBUSY || err == ENOENT)
		add(&score->late);
	else
		add(&score->odd);
	if (err && err != ESTALE && err != EBUSY && err != ENOENT)
		printf("errno %d: %s\n", err, c->said);
}

static void load(struct score *score, struct client *c)
{
	uint64_t generation = client_generation(c);
	struct nlmsghdr *nlh;
	int err;

	/* To load what is live changes nothing: there is nothing to win. */
	if (!memcmp(c->digest, c->profile + c->size - EQFW_DIGEST_SIZE, EQFW_DIGEST_SIZE))
		return;
	nlh = client_begin(c, c->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, generation);
	mnl_attr_put_u32(nlh, EQFW_A_CONFIRM_S, 600);
	client_put_pieces(nlh, c->profile, c->size);
	err = client_ask(c, nlh);
	judge(score, c, err, &score->won[generation]);
	if (!err)
		add(&score->loads);
}

static void end(struct score *score, struct client *c, bool keep)
{
	uint64_t generation = client_generation(c);
	struct nlmsghdr *nlh =
		client_begin(c, c->room, keep ? EQFW_CMD_CONFIRM : EQFW_CMD_ROLLBACK);
	int err;

	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, generation);
	err = client_ask(c, nlh);
	judge(score, c, err, &score->ended[generation]);
	if (!err && !keep)
		add(&score->backs);
}

static int play(struct score *score, unsigned int loads, int number, const char *profile)
{
	static struct client c;

	client_open(&c);
	client_profile(&c, profile);
	/* The last load stays pending until a confirmer has ended it. */
	while (get(&score->loads) < loads) {
		if (number < LOADERS)
			load(score, &c);
		else
			end(score, &c, number % 2);
	}
	return 0;
}

static unsigned int worst(const unsigned int *counters)
{
	unsigned int most = 0;

	for (size_t i = 0; i < GENERATIONS; i++)
		most = counters[i] > most ? counters[i] : most;
	return most;
}

static int sum_up(struct score *score, uint64_t first)
{
	static struct client c;
	uint64_t last;
	bool good;

	client_open(&c);
	last = client_generation(&c);
	good = worst(score->won) == 1 && worst(score->ended) == 1 && !score->odd && score->late &&
	       last == first + score->loads + score->backs;
	printf("%u loads, %u rollbacks, %u lost; a generation was won at most %u times; "
	       "generation %llu to %llu\n",
	       score->loads, score->backs, score->late, worst(score->won),
	       (unsigned long long)first, (unsigned long long)last);
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct client c;
	struct score *score;
	uint64_t first;

	if (argc != 4)
		return 2;
	score = mmap(NULL, sizeof(*score), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (score == MAP_FAILED)
		return 2;
	client_open(&c);
	first = client_generation(&c);
	for (int i = 0; i < LOADERS + CONFIRMERS; i++)
		if (!fork())
			_exit(play(score, (unsigned int)atoi(argv[1]), i, argv[2 + i % 2]));
	for (int i = 0; i < LOADERS + CONFIRMERS; i++)
		wait(NULL);
	return sum_up(score, first);
}
