// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "ends.h"
#include "netspace.h"

static void set_port(struct end *end, uint16_t port)
{
	if (end->addr.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&end->addr)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&end->addr)->sin_port = htons(port);
}

uint16_t end_port(const struct end *end)
{
	if (end->addr.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&end->addr)->sin6_port);
	return ntohs(((const struct sockaddr_in *)&end->addr)->sin_port);
}

struct end end_at(const struct end *end, uint16_t port)
{
	struct end other = *end;

	set_port(&other, port);
	return other;
}

void end_of(const struct args *args, const char *space, const char *addr, const char *port,
	    struct end *end)
{
	const char *text = arg_text(args, addr);
	void *room;

	end->space = arg_text(args, space);
	if (!text || !end->space)
		errx(2, "%s= and %s= are needed", space, addr);
	if (strchr(text, ':')) {
		end->addr.ss_family = AF_INET6;
		end->len = sizeof(struct sockaddr_in6);
		room = &((struct sockaddr_in6 *)&end->addr)->sin6_addr;
	} else {
		end->addr.ss_family = AF_INET;
		end->len = sizeof(struct sockaddr_in);
		room = &((struct sockaddr_in *)&end->addr)->sin_addr;
	}
	if (inet_pton(end->addr.ss_family, text, room) != 1)
		errx(2, "address %s", text);
	set_port(end, arg_number(args, port, 0));
}

int end_socket(const struct end *end, int type)
{
	int one = 1, fd;

	netspace_enter(end->space);
	fd = socket(end->addr.ss_family, type | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&end->addr, end->len))
		err(2, "socket in %s", end->space);
	netspace_enter("-");
	return fd;
}

bool end_ready(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, PATIENCE_MS) == 1 && !(poll_fd.revents & POLLERR);
}

bool end_connect(const struct end *from, const struct end *to, int listener, int *client,
		 int *server)
{
	int error = 0;
	socklen_t len = sizeof(error);

	*client = end_socket(from, SOCK_STREAM);
	if (connect(*client, (const struct sockaddr *)&to->addr, to->len) && errno != EINPROGRESS)
		return false;
	if (!end_ready(*client, POLLOUT) ||
	    getsockopt(*client, SOL_SOCKET, SO_ERROR, &error, &len) || error)
		return false;
	if (!end_ready(listener, POLLIN))
		return false;
	*server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	return *server >= 0;
}
