// SPDX-License-Identifier: GPL-2.0
/*
 * The tool's own connection is looked for in three ways, the surest first: a process above the tool
 * holds the socket (sudo and su leave that as it is); SSH_CONNECTION, of the tool or of a process
 * above it; and where a terminal multiplexer hides both, every session of an SSH server counts.
 */
#include "caller.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "sockets.h"

#define MAX_ANCESTORS 64
#define SSH_PORT 22
#define VARIABLE "SSH_CONNECTION="

/* The start of a file of /proc, NUL-terminated; 0 bytes where it cannot be read. */
static size_t read_proc(long pid, const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? 0 : read(fd, out, size - 1);
	if (fd >= 0)
		close(fd);
	out[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

/* 0 at the top, or where /proc does not say. */
static long parent_of(long pid)
{
	char text[512], *rest;
	long parent;

	read_proc(pid, "stat", text, sizeof(text));
	/* The name stands in parentheses and may hold some itself. */
	rest = strrchr(text, ')');
	return rest && sscanf(rest, ") %*c %ld", &parent) == 1 ? parent : 0;
}

static struct session *find_inode(struct sessions *sessions, const unsigned long *inodes,
				  unsigned long inode)
{
	for (size_t i = 0; inode && i < sessions->n; i++)
		if (inodes[i] == inode)
			return &sessions->list[i];
	return NULL;
}

/* Mark the sessions whose socket this process has open; how many there were. */
static unsigned int mark_held(struct sessions *sessions, const unsigned long *inodes, bool *marks,
			      long pid)
{
	char path[64], target[64];
	unsigned int found = 0;
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		ssize_t len =
			readlinkat(dirfd(directory), entry->d_name, target, sizeof(target) - 1);
		unsigned long inode = 0;
		struct session *session;

		target[len > 0 ? len : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) != 1)
			continue;
		session = find_inode(sessions, inodes, inode);
		if (session)
			marks[session - sessions->list] = true, found++;
	}
	if (directory)
		closedir(directory);
	return found;
}

static void mark_own(struct sessions *sessions, const unsigned long *inodes)
{
	bool *marks = must_alloc(sessions->n + 1);
	long pid = getpid();

	memset(marks, 0, sessions->n + 1);
	for (int i = 0; i < MAX_ANCESTORS && pid > 1 && !sessions->certain; i++) {
		pid = parent_of(pid);
		sessions->certain = pid > 1 && mark_held(sessions, inodes, marks, pid);
	}
	for (size_t i = 0; i < sessions->n; i++)
		sessions->list[i].own = marks[i];
	free(marks);
}

static bool is_ssh_server(long pid)
{
	char name[32];

	read_proc(pid, "comm", name, sizeof(name));
	return !strncmp(name, "sshd", 4) || !strncmp(name, "dropbear", 8);
}

static void mark_ssh(struct sessions *sessions, const unsigned long *inodes, bool *ssh)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	for (size_t i = 0; i < sessions->n; i++)
		ssh[i] = sessions->list[i].wire.dport == SSH_PORT || sessions->list[i].own;
	while (proc && (entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_ssh_server(pid))
			mark_held(sessions, inodes, ssh, pid);
	}
	if (proc)
		closedir(proc);
}

/* All connections that came in, then only those that are somebody's session. */
static void find_here(const struct tcp_sockets *sockets, struct sessions *out)
{
	unsigned long *inodes = must_alloc((sockets->n + 1) * sizeof(*inodes));
	bool *ssh = must_alloc(sockets->n + 1);
	size_t kept = 0;

	for (size_t i = 0; i < sockets->n; i++) {
		const struct tcp_socket *socket = &sockets->sockets[i];

		if (socket->listening || !sockets_listen(sockets, socket->wire.dport))
			continue;
		GROW(out->list, out->n, out->capacity);
		inodes[out->n] = socket->inode;
		out->list[out->n++] = (struct session){ .wire = socket->wire, .here = true };
	}
	mark_own(out, inodes);
	mark_ssh(out, inodes, ssh);
	for (size_t i = 0; i < out->n; i++)
		if (ssh[i])
			out->list[kept++] = out->list[i];
	out->n = kept;
	free(inodes);
	free(ssh);
}

static bool parse_end(const char *text, uint8_t *family, struct eqfw_addr *out)
{
	*out = (struct eqfw_addr){ 0 };
	*family = 4;
	if (inet_pton(AF_INET, text, out->b) == 1)
		return true;
	*family = 6;
	return inet_pton(AF_INET6, text, out->b) == 1;
}

bool session_parse(const char *text, struct wire *out)
{
	char client[64], server[64];
	unsigned int sport, dport;
	uint8_t family;

	*out = (struct wire){ 0 };
	if (sscanf(text, "%63s %u %63s %u", client, &sport, server, &dport) != 4)
		return false;
	/* A link-local address comes with its interface. */
	client[strcspn(client, "%")] = '\0';
	server[strcspn(server, "%")] = '\0';
	out->sport = (uint16_t)sport;
	out->dport = (uint16_t)dport;
	return sport && sport <= 65535 && dport && dport <= 65535 &&
	       parse_end(client, &out->family, &out->src) &&
	       parse_end(server, &family, &out->dst) && family == out->family;
}

static bool from_environment(const char *all, size_t size, struct wire *out)
{
	for (const char *at = all; at < all + size; at += strlen(at) + 1)
		if (!strncmp(at, VARIABLE, strlen(VARIABLE)))
			return session_parse(at + strlen(VARIABLE), out);
	return false;
}

/* What the variable says, here or in the nearest process above that has it. */
static bool find_variable(struct wire *out)
{
	const char *own = getenv("SSH_CONNECTION");
	char *all = must_alloc(1u << 17);
	long pid = getpid();
	bool found = own && session_parse(own, out);

	for (int i = 0; i < MAX_ANCESTORS && pid > 1 && !found; i++) {
		pid = parent_of(pid);
		if (pid > 1)
			found = from_environment(all, read_proc(pid, "environ", all, 1u << 17),
						 out);
	}
	free(all);
	return found;
}

static bool same_wire(const struct wire *a, const struct wire *b)
{
	return a->family == b->family && a->sport == b->sport && a->dport == b->dport &&
	       !memcmp(&a->src, &b->src, sizeof(a->src)) &&
	       !memcmp(&a->dst, &b->dst, sizeof(a->dst));
}

/* The variable names a session of this namespace, one that passes through it, or none of it. */
static void find_by_variable(struct sessions *out)
{
	struct wire said, original;

	if (!find_variable(&said))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (same_wire(&out->list[i].wire, &said)) {
			out->list[i].own = true;
			return;
		}
	if (!ask_tracked(&said, &original))
		return;
	GROW(out->list, out->n, out->capacity);
	out->list[out->n++] = (struct session){ .wire = said, .own = true };
}

void sessions_find(struct sessions *out)
{
	struct tcp_sockets sockets;

	*out = (struct sessions){ 0 };
	sockets_read(&sockets);
	find_here(&sockets, out);
	if (!out->certain)
		find_by_variable(out);
	free(sockets.sockets);
}

void sessions_free(struct sessions *sessions)
{
	free(sessions->list);
}

bool wire_is_loopback(const struct wire *wire)
{
	static const unsigned char one[16] = { [15] = 1 };

	return wire->family == 4 ? wire->src.b[0] == 127 : !memcmp(wire->src.b, one, 16);
}
