// SPDX-License-Identifier: GPL-2.0
/*
 * Strings of a profile. The section is read once as a whole (UTF-8 without control characters, NUL
 * at both ends); a reference then only has to start a string and to be short enough, so that many
 * references to one long string cost nothing that an attacker could multiply.
 */
#include "check.h"

static const char section[] = "strings";

/* Bytes that follow the lead byte, or -1 (continuation bytes, C0, C1 and F5 to FF never lead). */
static int utf8_tail(u8 lead)
{
	if (lead < 0x80)
		return 0;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 1;
	if (lead >= 0xe0 && lead <= 0xef)
		return 2;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 3;
	return -1;
}

/* Overlong forms, surrogates and C1 controls show in the first continuation byte (RFC 3629). */
static bool utf8_second_ok(u8 lead, u8 second)
{
	if (second < 0x80 || second > 0xbf)
		return false;
	if (lead == 0xc2)
		return second >= 0xa0;
	if (lead == 0xe0)
		return second >= 0xa0;
	if (lead == 0xed)
		return second <= 0x9f;
	if (lead == 0xf0)
		return second >= 0x90;
	if (lead == 0xf4)
		return second <= 0x8f;
	return true;
}

/* Length of the character at @s, of @left bytes; 0 where there is no acceptable one. */
static u32 utf8_char(const u8 *s, u32 left)
{
	int tail = utf8_tail(s[0]);
	int i;

	if ((s[0] && s[0] < 0x20) || s[0] == 0x7f)
		return 0;
	if (tail < 0 || (u32)tail >= left)
		return 0;
	if (tail && !utf8_second_ok(s[0], s[1]))
		return 0;
	for (i = 2; i <= tail; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return (u32)tail + 1;
}

int eqfw_check_strings(const struct eqfw_profile *profile, struct eqfw_fault *fault)
{
	const u8 *s = (const u8 *)profile->strings;
	u32 n = profile->n_strings;
	u32 at, len, next_breath = 0;

	if (s[0] || s[n - 1])
		return eqfw_refuse(fault, section, 0, "does not begin and end with NUL");
	for (at = 0; at < n; at += len) {
		len = utf8_char(s + at, n - at);
		if (!len)
			return eqfw_refuse(fault, section, at, "no UTF-8, or a control character");
		if (at >= next_breath) {
			eqfw_core_breathe();
			next_breath = at + 4096;
		}
	}
	return 0;
}

static const char *check_string(const struct eqfw_profile *profile, __le32 offset, size_t max)
{
	u32 at = le32_to_cpu(offset);
	size_t left;

	if (at >= profile->n_strings)
		return "string offset out of range";
	if (at && profile->strings[at - 1])
		return "string offset points into a string";
	left = profile->n_strings - at;
	if (strnlen(profile->strings + at, left < max ? left : max) == max)
		return "string too long";
	return NULL;
}

const char *eqfw_check_text(const struct eqfw_profile *profile, __le32 offset)
{
	return check_string(profile, offset, EQFW_MAX_TEXT);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("._:/@+-", c));
}

const char *eqfw_check_name(const struct eqfw_profile *profile, __le32 offset)
{
	const char *what = check_string(profile, offset, EQFW_MAX_NAME);
	const char *c;

	if (what)
		return what;
	c = eqfw_profile_string(profile, offset);
	if (!*c)
		return "name is empty";
	for (; *c; c++)
		if (!is_name_char(*c))
			return "character that no name may have";
	return NULL;
}
