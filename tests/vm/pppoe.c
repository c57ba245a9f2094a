// SPDX-License-Identifier: GPL-2.0
/*
 * pppoe - one end of a PPP link over Ethernet, without negotiation
 *
 *   pppoe DEVICE PEER-MAC SESSION READY
 *
 * Makes a PPP device in the namespace it was started in, which carries IPv4 and IPv6 as soon as
 * somebody sets it up; then the file READY. The device lives as long as the program.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <linux/ppp_defs.h>
#include <netinet/ether.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int session(const char *device, const char *peer, const char *number)
{
	struct sockaddr_pppox addr = { .sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE };
	int fd = socket(AF_PPPOX, SOCK_STREAM, PX_PROTO_OE), channel;
	const struct ether_addr *mac = ether_aton(peer);

	if (!mac)
		errx(2, "%s is no address", peer);
	addr.sa_addr.pppoe.sid = htons((uint16_t)strtoul(number, NULL, 10));
	memcpy(addr.sa_addr.pppoe.remote, mac, sizeof(*mac));
	strncpy(addr.sa_addr.pppoe.dev, device, sizeof(addr.sa_addr.pppoe.dev) - 1);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    ioctl(fd, PPPIOCGCHAN, &channel))
		err(2, "session on %s", device);
	return channel;
}

static void carry(int unit, int protocol)
{
	struct npioctl pass = { .protocol = protocol, .mode = NPMODE_PASS };

	if (ioctl(unit, PPPIOCSNPMODE, &pass))
		err(2, "protocol %#x", (unsigned int)protocol);
}

int main(int argc, char **argv)
{
	int channel, unit, end, number = -1;

	if (argc != 5)
		errx(2, "usage: pppoe DEVICE PEER-MAC SESSION READY");
	channel = session(argv[1], argv[2], argv[3]);
	end = open("/dev/ppp", O_RDWR);
	unit = open("/dev/ppp", O_RDWR);
	if (end < 0 || unit < 0)
		err(2, "/dev/ppp");
	if (ioctl(end, PPPIOCATTCHAN, &channel) || ioctl(unit, PPPIOCNEWUNIT, &number) ||
	    ioctl(end, PPPIOCCONNECT, &number))
		err(2, "PPP device");
	carry(unit, PPP_IP);
	carry(unit, PPP_IPV6);
	close(open(argv[4], O_CREAT | O_WRONLY, 0600));
	pause();
	return 0;
}
