// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cmd.h"
#include "doctor.h"
#include "live.h"
#include "netns.h"
#include "out.h"
#include "units.h"

struct options {
	bool json;
	bool anonymous;
	const char *bundle;
	const char *netns;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("bundle", 'b', "FILE", "write all that support asks for to FILE, as JSON", bundle),
	CMD_FLAG("anonymous", 'a', "addresses become v4-1, v6-2, ... in what is printed or written",
		 anonymous),
	CMD_OPTION_JSON,
	CMD_OPTION_NETNS,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_doctor = {
	.name = "doctor",
	.args = "",
	.help = "look for what is wrong with this box and say what mends it",
	.needs_module = true,
	.options = option_list,
	.run = run,
};

static const char *state_word(enum doctor_state state)
{
	static const char *const words[] = { "ok", "warning", "bad" };

	return words[state];
}

/* What the module and the store know; absent parts are what the checks tell of. */
static void examine(struct doctor *doctor)
{
	struct diag diag = { .quiet = true };
	struct nl *nl = NULL;

	if (nl_module_present() && !nl_open(NULL, &nl))
		doctor->has_status = !nl_status(nl, &doctor->status);
	if (doctor->has_status && doctor->status.has_digest)
		doctor->has_profile = !live_profile(nl, &doctor->profile);
	nl_close(nl);
	if (!doctor->has_profile && doctor->store)
		doctor->has_profile = !profile_file_read(store_path(doctor->store, STORE_CURRENT),
							 &diag, &doctor->profile);
	doctor_check(doctor);
}

static json_t *findings_json(const struct doctor *doctor)
{
	json_t *array = json_array();

	for (size_t i = 0; i < doctor->n; i++) {
		const struct doctor_finding *finding = &doctor->findings[i];

		json_array_append_new(array, json_pack("{s:s,s:s,s:o,s:o}", "check", finding->check,
						       "state", state_word(finding->state), "said",
						       out_json_string(finding->said), "fix",
						       out_json_string(finding->fix)));
	}
	return array;
}

static json_t *kept_json(const struct doctor *doctor)
{
	json_t *array = json_array();
	struct store_list list;

	if (store_read(doctor->store, &list))
		return array;
	for (size_t i = 0; i < list.n; i++) {
		char time[UNITS_MAX];

		json_array_append_new(array, json_pack("{s:s,s:s,s:b,s:b}", "digest",
						       list.entries[i].digest, "kept_at",
						       units_time(list.entries[i].kept_at, time),
						       "current", list.entries[i].current,
						       "previous", list.entries[i].previous));
	}
	free(list.entries);
	return array;
}

static json_t *root_json(const struct doctor *doctor, const struct options *options)
{
	const struct nl_status *status = &doctor->status;
	struct utsname host;
	char digest[65];
	json_t *root;

	digest_hex(status->digest, digest);
	root = out_json_new("doctor/1", doctor->has_status && status->has_digest ? digest : NULL);
	json_object_set_new(root, "findings", findings_json(doctor));
	json_object_set_new(root, "kept", kept_json(doctor));
	if (!uname(&host))
		json_object_set_new(root, "kernel",
				    json_pack("{s:s,s:s}", "release", host.release, "machine",
					      host.machine));
	if (doctor->has_status)
		json_object_set_new(root, "module",
				    json_pack("{s:s,s:I,s:I,s:I,s:I}", "version",
					      status->module_version, "generation",
					      (json_int_t)status->generation, "conntrack_count",
					      (json_int_t)status->conntrack_count, "conntrack_max",
					      (json_int_t)status->conntrack_max, "unzoned_passed",
					      (json_int_t)status->unzoned_passed));
	if (options->anonymous)
		doctor_anonymise(root);
	return root;
}

static int write_bundle(const struct doctor *doctor, const struct options *options)
{
	json_t *root = root_json(doctor, options);
	char *text = json_dumps(root, JSON_INDENT(2));
	struct image image = { .bytes = (unsigned char *)text, .size = text ? strlen(text) : 0 };
	struct diag diag = { 0 };
	bool good = text && image_write(options->bundle, &image, &diag);

	free(text);
	json_decref(root);
	return good ? EXIT_STATUS_OK : EXIT_STATUS_NO;
}

static void print_text(json_t *root)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(root, "findings"), i, finding) {
		const char *state = json_string_value(json_object_get(finding, "state"));
		const char *fix = json_string_value(json_object_get(finding, "fix"));

		out_headline(strcmp(state, "ok") ? OUT_RED : OUT_GREEN, state, "  %s: %s",
			     json_string_value(json_object_get(finding, "check")),
			     json_string_value(json_object_get(finding, "said")));
		if (fix)
			out_line("    fix: %s", fix);
	}
}

static int tell(const struct doctor *doctor, const struct options *options)
{
	int exit_status = EXIT_STATUS_OK;
	json_t *root;

	for (size_t i = 0; i < doctor->n; i++)
		if (doctor->findings[i].state == DOCTOR_BAD)
			exit_status = EXIT_STATUS_NO;
	if (options->bundle && write_bundle(doctor, options))
		return EXIT_STATUS_NO;
	root = root_json(doctor, options);
	if (options->json) {
		out_json_print(root);
	} else {
		print_text(root);
		json_decref(root);
	}
	return out_finish(exit_status);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	struct doctor doctor = { 0 };
	int exit_status;

	if (!cmd_getopt_only(&cmd_doctor, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	doctor.store = store_open(options.netns);
	exit_status = options.netns ? netns_enter(options.netns) : EXIT_STATUS_OK;
	if (!exit_status) {
		examine(&doctor);
		exit_status = tell(&doctor, &options);
	}
	for (size_t i = 0; i < doctor.n; i++)
		free(doctor.findings[i].said);
	free(doctor.findings);
	profile_file_free(&doctor.profile);
	store_close(doctor.store);
	return exit_status;
}
