// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "address.h"
#include "caller.h"
#include "cmd.h"
#include "out.h"

/* An address that no site has: the way to it is the way to everybody else. */
#define NOBODY4 "192.0.2.1"
#define NOBODY6 "2001:db8::1"

struct options {
	bool dry_run;
	const char *output;
};

static const struct cmd_option option_list[] = {
	CMD_TEXT("output", 'o', "FILE", "where to write it (default: standard output)", output),
	CMD_OPTION_DRY_RUN,
	CMD_OPTION_END,
};

static int run(int argc, char **argv);

const struct cmd cmd_init = {
	.name = "init",
	.args = "",
	.help = "write a deployment to begin with, from this box's interfaces and your SSH session",
	.options = option_list,
	.run = run,
};

/**
 * struct link - an interface and what is on it
 * @name: its name
 * @networks: as prefixes, in YAML's words
 * @outside: the way to everybody else
 */
struct link {
	char name[IF_NAMESIZE];
	char networks[1024];
	bool outside;
};

struct survey {
	struct link *links;
	size_t n;
	size_t capacity;
	char addresses[2048];
};

static void add_word(char *list, size_t size, const char *word)
{
	char quoted[INET6_ADDRSTRLEN + 8];
	size_t used = strlen(list);

	snprintf(quoted, sizeof(quoted), "\"%s\"", word);
	/* The same network comes once for each address in it. */
	if (!strstr(list, quoted) && used + strlen(quoted) + 3 < size)
		snprintf(list + used, size - used, "%s%s", used ? ", " : "", quoted);
}

static struct link *find_link(struct survey *survey, const char *name)
{
	for (size_t i = 0; i < survey->n; i++)
		if (!strcmp(survey->links[i].name, name))
			return &survey->links[i];
	GROW(survey->links, survey->n, survey->capacity);
	survey->links[survey->n] = (struct link){ 0 };
	snprintf(survey->links[survey->n].name, IF_NAMESIZE, "%s", name);
	return &survey->links[survey->n++];
}

static const unsigned char *address_bytes(const struct sockaddr *address)
{
	return address->sa_family == AF_INET
		       ? (const unsigned char *)&((const struct sockaddr_in *)address)->sin_addr
		       : (const unsigned char *)&((const struct sockaddr_in6 *)address)->sin6_addr;
}

static bool is_wanted(const struct ifaddrs *at)
{
	const unsigned char *bytes;

	if (!at->ifa_addr || !at->ifa_netmask ||
	    (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
		return false;
	bytes = address_bytes(at->ifa_addr);
	if (at->ifa_addr->sa_family == AF_INET)
		return bytes[0] != 127;
	return !IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)bytes) &&
	       !(bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
}

static void take(struct survey *survey, const struct ifaddrs *at)
{
	int family = at->ifa_addr->sa_family;
	const unsigned char *address = address_bytes(at->ifa_addr);
	const unsigned char *mask = address_bytes(at->ifa_netmask);
	unsigned int size = family == AF_INET ? 4 : 16, len = 0;
	struct link *link = find_link(survey, at->ifa_name);
	char text[INET6_ADDRSTRLEN], network[INET6_ADDRSTRLEN + 5];
	unsigned char first[16];

	for (unsigned int i = 0; i < size; i++) {
		first[i] = address[i] & mask[i];
		len += (unsigned int)__builtin_popcount(mask[i]);
	}
	inet_ntop(family, address, text, sizeof(text));
	add_word(survey->addresses, sizeof(survey->addresses), text);
	inet_ntop(family, first, text, sizeof(text));
	snprintf(network, sizeof(network), "%s/%u", text, len);
	/* A host route says nothing of who else is there. */
	if (len < 8 * size)
		add_word(link->networks, sizeof(link->networks), network);
}

static void mark_outside(struct survey *survey, uint8_t family, const char *nobody)
{
	struct eqfw_addr to = { 0 };
	char name[IF_NAMESIZE];

	inet_pton(family == 4 ? AF_INET : AF_INET6, nobody, to.b);
	if (ask_route(family, &to, name) && strcmp(name, "lo"))
		find_link(survey, name)->outside = true;
}

static bool look_around(struct survey *survey)
{
	struct ifaddrs *all;

	*survey = (struct survey){ 0 };
	if (getifaddrs(&all))
		return false;
	for (struct ifaddrs *at = all; at; at = at->ifa_next)
		if (is_wanted(at))
			take(survey, at);
	freeifaddrs(all);
	mark_outside(survey, 4, NOBODY4);
	mark_outside(survey, 6, NOBODY6);
	/* Without a way out, some side has to be everybody else's. */
	for (size_t i = 0; i < survey->n; i++)
		if (survey->links[i].outside)
			return true;
	if (survey->n)
		survey->links[0].outside = true;
	return true;
}

/* What a zone or deployment may be called: lower-case letters, digits, '-'. */
static void write_name(FILE *out, const char *text)
{
	if (!isalpha((unsigned char)*text))
		fputc('z', out);
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) ? tolower((unsigned char)*text) : '-', out);
}

static void write_zones(FILE *out, const struct survey *survey)
{
	const char *comma = "";

	fputs("\n# The sides of this box. The default zone has every address that no other one owns.\n"
	      "zones:\n  outside: {interfaces: [",
	      out);
	for (size_t i = 0; i < survey->n; i++) {
		if (!survey->links[i].outside)
			continue;
		fprintf(out, "%s\"%s\"", comma, survey->links[i].name);
		comma = ", ";
	}
	fputs("], default: true}\n", out);
	for (size_t i = 0; i < survey->n; i++) {
		const struct link *link = &survey->links[i];

		if (link->outside)
			continue;
		fputs("  if-", out);
		write_name(out, link->name);
		fprintf(out, ": {interfaces: [\"%s\"], networks: [%s]}\n", link->name,
			link->networks);
	}
}

static void write_guards(FILE *out)
{
	struct sessions sessions;
	unsigned int n = 0;

	fputs("\n# What the box itself needs and no document knows.\nguards:\n", out);
	sessions_find(&sessions);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct wire *wire = &sessions.list[i].wire;
		char from[INET6_ADDRSTRLEN];

		if (!sessions.list[i].here || wire_is_loopback(wire))
			continue;
		inet_ntop(wire->family == 4 ? AF_INET : AF_INET6, wire->src.b, from, sizeof(from));
		fprintf(out, "  # %s session that is there now; widen it to your admin network\n",
			sessions.list[i].own ? "your own SSH" : "an SSH");
		fprintf(out, "  - {from: \"%s\", to: box, service: tcp %u, name: ssh-%u}\n", from,
			wire->dport, ++n);
	}
	sessions_free(&sessions);
	if (!n)
		fputs("  # no SSH session is there now: who may log in?\n"
		      "  - {from: outside, to: box, service: tcp 22, name: ssh}\n",
		      out);
}

static void write_all(FILE *out, const struct survey *survey)
{
	struct utsname host;

	fputs("# A deployment to begin with: what this box is, before any device is declared.\n"
	      "# See eqfw-deployment(5), and /usr/share/eqfw/examples for whole sites.\n"
	      "eqfw: deployment/1\nname: ",
	      out);
	write_name(out, uname(&host) ? "site" : host.nodename);
	fprintf(out,
		"\nmatrix: equinox-9\n\n"
		"# Every address of this box, of every interface; add virtual ones as vip:.\n"
		"box: {address: [%s]}\n",
		survey->addresses);
	write_zones(out, survey);
	fputs("\n# The devices: eqfwctl matrix --roles lists what they can be. For example:\n"
	      "#  mcu1: {roles: [elite-mcu], zone: if-eth1, address: 10.1.0.20}\n"
	      "hosts:\n"
	      "  callers: {roles: [external-h323-device, external-sip-client], zone: outside,\n"
	      "            address: any}\n",
	      out);
	write_guards(out);
	fputs("\n# Only packets from or to declared hosts are judged; all: everything that comes in.\n"
	      "scope: hosts\n"
	      "\n# audit counts what enforce would drop, and drops nothing: begin with it.\n"
	      "mode: audit\n",
	      out);
}

static int refuse(const struct options *options)
{
	out_complain("cannot write %s: %s", options->output, strerror(errno));
	return EXIT_STATUS_NO;
}

/* Never over a file that somebody may have worked on. */
static int write_file(const struct survey *survey, const struct options *options)
{
	FILE *file;

	if (options->dry_run && access(options->output, F_OK)) {
		out_line("would write %s", options->output);
		return out_finish(EXIT_STATUS_OK);
	}
	file = fopen(options->output, options->dry_run ? "re" : "wxe");
	if (!file || options->dry_run) {
		errno = file ? EEXIST : errno;
		if (file)
			fclose(file);
		return refuse(options);
	}
	write_all(file, survey);
	if (fclose(file))
		return refuse(options);
	out_line("wrote %s: declare your devices in it, then eqfwctl check %s", options->output,
		 options->output);
	return out_finish(EXIT_STATUS_OK);
}

static int run(int argc, char **argv)
{
	struct options options = { 0 };
	int exit_status;
	struct survey survey;

	if (!cmd_getopt_only(&cmd_init, argc, argv, &options))
		return EXIT_STATUS_USAGE;
	if (!look_around(&survey)) {
		out_complain("cannot list the interfaces: %s", strerror(errno));
		return EXIT_STATUS_NO;
	}
	if (!survey.n) {
		out_complain("no interface here has an address: there is nothing to begin with");
		exit_status = EXIT_STATUS_NO;
	} else if (options.output) {
		exit_status = write_file(&survey, &options);
	} else {
		write_all(stdout, &survey);
		exit_status = out_finish(EXIT_STATUS_OK);
	}
	free(survey.links);
	return exit_status;
}
