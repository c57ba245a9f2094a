// SPDX-License-Identifier: GPL-2.0
/*
 * bench-gen - make a workload: profile, packets with their verdicts, the same rules for others
 *
 *   bench-gen [-r RULES] [-H HOSTS] [-d DEVICES] [-z ZONES] [-f 4|6] [-s SEED] [-n PACKETS]
 *             [-h HIT,HIT...] [-e FORM,FORM...] DIR
 *
 * -d: devices of a group; 1: no two are alike.
 *
 * Writes to DIR
 *
 *   profile.bin                    the compiled deployment
 *   trace-HIT.bin                  packets, HIT % of them permitted (default 90)
 *   exact.bin pieces.bin           the same for exact sets; as fragments
 *   forward.bin reply.bin          UDP connections and the answers
 *   junk.bin                       packets that all must be dropped
 *   best.nft concat.nft ...        rules of others (-e, default none)
 *   facts.tsv                      what was made
 *
 * Every packet's verdict comes from the naive oracle and is compared with the classifier's: exit 1
 * where they differ.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "classify.h"
#include "export.h"
#include "trace.h"

#define CONNECTIONS 4096u

struct request {
	struct workload_shape shape;
	uint32_t packets;
	char *hits;
	char *forms;
	const char *dir;
	struct workload workload;
	struct eqfw_table *table;
	struct eqfw_zone_set zones;
	unsigned long wrong;
};

static void usage(void)
{
	fputs("usage: bench-gen [-r RULES] [-H HOSTS] [-d DEVICES] [-z ZONES] [-f 4|6] [-s SEED] "
	      "[-n PACKETS] [-h HIT,...] [-e FORM,...] DIR\n",
	      stderr);
	exit(2);
}

static FILE *create(const struct request *r, const char *name, const char *suffix)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s%s", r->dir, name, suffix);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void finish(FILE *file)
{
	if (ferror(file) | fclose(file)) {
		perror("bench-gen");
		exit(1);
	}
}

/* What a packet without state gets; a question to conntrack would make the comparison unfair. */
static bool judged_right(const struct request *r, const struct eqfw_flow *flow, bool accept)
{
	struct eqfw_verdict verdict;
	struct eqfw_places places;

	eqfw_locate(r->table, flow, &places);
	eqfw_judge(r->table, flow, &places, &r->zones, &verdict);
	return verdict.action == (accept ? EQFW_ACTION_PASS : EQFW_ACTION_DROP);
}

static void judge_all(struct request *r, const struct trace *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (!judged_right(r, &t->flows[i], t->packets[i].accept))
			r->wrong++;
}

static void write_trace(const struct request *r, const char *name, const struct trace *t)
{
	FILE *file = create(r, name, ".bin");

	fwrite(t->packets, sizeof(*t->packets), t->n, file);
	finish(file);
}

static void make_trace(struct request *r, const char *name, enum trace_kind kind, uint32_t hit)
{
	struct trace trace;

	trace_make(&r->workload, kind, kind == TRACE_PIECES ? r->packets / 4 : r->packets, hit,
		   &trace);
	judge_all(r, &trace);
	write_trace(r, name, &trace);
	trace_free(&trace);
}

static void make_connections(struct request *r)
{
	struct trace forward, reply;

	trace_connections(&r->workload, CONNECTIONS, &forward, &reply);
	judge_all(r, &forward);
	write_trace(r, "forward", &forward);
	write_trace(r, "reply", &reply);
	trace_free(&forward);
	trace_free(&reply);
}

static void make_traces(struct request *r)
{
	char *save = NULL, name[32];

	for (char *hit = strtok_r(r->hits, ",", &save); hit; hit = strtok_r(NULL, ",", &save)) {
		snprintf(name, sizeof(name), "trace-%s", hit);
		make_trace(r, name, TRACE_MIXED, (uint32_t)atoi(hit));
	}
	make_trace(r, "exact", TRACE_EXACT, 90);
	make_trace(r, "pieces", TRACE_PIECES, 90);
	make_trace(r, "junk", TRACE_MIXED, 0);
	make_connections(r);
}

static void write_forms(struct request *r)
{
	char *save = NULL;

	for (char *name = strtok_r(r->forms, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		const struct export_form *form = export_find(name);
		FILE *file;

		if (!form)
			usage();
		file = create(r, name, ".rules");
		form->write(&r->workload, file);
		finish(file);
	}
}

static void compile(struct request *r)
{
	FILE *file = create(r, "profile", ".bin");
	FILE *facts = create(r, "facts", ".tsv");
	struct eqfw_profile profile;
	struct eqfw_fault fault = { 0 };
	struct image image;

	workload_compile(&r->workload, &image);
	fwrite(image.bytes, 1, image.size, file);
	finish(file);
	if (eqfw_profile_check(image.bytes, image.size, &profile, &fault) ||
	    eqfw_table_build(&profile, &r->table, &fault)) {
		fprintf(stderr, "bench-gen: %s\n", fault.what);
		exit(1);
	}
	memset(&r->zones, 0xff, sizeof(r->zones));
	fprintf(facts, "rules\t%u\nhosts\t%u\nzones\t%u\nfamily\t%u\nprofile_bytes\t%zu\n",
		r->shape.rules, r->workload.n_devices, r->shape.zones, r->shape.family, image.size);
	fprintf(facts, "classes\t%u\ncells\t%u\nprograms\t%u\nprefixes\t%u\nitems\t%u\n",
		profile.n_classes, profile.n_cells, profile.n_programs, profile.n_prefixes,
		profile.n_items);
	fprintf(facts, "table_bytes\t%zu\n", eqfw_table_bytes(r->table));
	finish(facts);
	image_free(&image);
}

static void read_options(struct request *r, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "r:H:d:z:f:s:n:h:e:")) != -1) {
		uint32_t number = optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0;

		switch (option) {
		case 'r':
			r->shape.rules = number;
			break;
		case 'H':
			r->shape.hosts = number;
			break;
		case 'd':
			r->shape.devices = number;
			break;
		case 'z':
			r->shape.zones = number;
			break;
		case 'f':
			r->shape.family = (uint8_t)number;
			break;
		case 's':
			r->shape.seed = number;
			break;
		case 'n':
			r->packets = number;
			break;
		case 'h':
			r->hits = optarg;
			break;
		case 'e':
			r->forms = optarg;
			break;
		default:
			usage();
		}
	}
	if (optind != argc - 1 || !r->shape.rules || !r->shape.zones ||
	    (r->shape.family != 4 && r->shape.family != 6))
		usage();
	r->dir = argv[optind];
}

int main(int argc, char **argv)
{
	char hits[] = "90", none[] = "";
	struct request r = { .shape = { .rules = 1000, .zones = 4, .family = 4 },
			     .packets = 65536,
			     .hits = hits,
			     .forms = none };

	read_options(&r, argc, argv);
	mkdir(r.dir, 0777);
	workload_make(&r.workload, &r.shape);
	compile(&r);
	write_forms(&r);
	make_traces(&r);
	eqfw_table_free(r.table);
	workload_free(&r.workload);
	if (r.wrong)
		fprintf(stderr, "bench-gen: %lu verdicts differ from the oracle's\n", r.wrong);
	return r.wrong ? 1 : 0;
}
