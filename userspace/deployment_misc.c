// SPDX-License-Identifier: GPL-2.0
/* Settings of one word or number, and sections whose meaning a later version brings. */
#include <string.h>

#include "deployment_read.h"

#define ADOPT_DEFAULT_S 120
#define ADOPT_MAX_S 86400

/* A setting with two words; the second one's index is 1, the default is 0. */
static bool second_word(struct deployment_reader *d, const char *key, const char *first,
			const char *second)
{
	const char *const words[] = { first, second };
	struct yaml *node = yaml_get(d->top, key);

	return node && yaml_word(node, key, words, 2, d->diag) == 1;
}

static void read_mode(struct deployment_reader *d)
{
	static const char *const words[] = { "enforce", "audit" };
	struct yaml *mode = yaml_require(d->top, "mode",
					 "write `mode: enforce` or `mode: audit`; "
					 "there is no default",
					 d->diag);

	d->deployment->audit = mode && yaml_word(mode, "mode", words, 2, d->diag) == 1;
}

/* "120s", "2m", "1h" */
static bool read_duration(const char *text, uint64_t *seconds)
{
	static const struct {
		const char *suffix;
		unsigned int factor;
	} units[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 } };
	size_t digits = strspn(text, "0123456789");
	uint64_t value = 0;

	if (!digits || digits > 6)
		return false;
	for (size_t i = 0; i < digits; i++)
		value = 10 * value + (uint64_t)(text[i] - '0');
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(text + digits, units[i].suffix))
			continue;
		*seconds = value * units[i].factor;
		return *seconds <= ADOPT_MAX_S;
	}
	return false;
}

static void read_adopt(struct deployment_reader *d)
{
	struct yaml *node = yaml_get(d->top, "adopt");
	uint64_t seconds = ADOPT_DEFAULT_S;
	const char *text = node ? yaml_text(node, "a time", d->diag) : NULL;

	if (text && !read_duration(text, &seconds))
		diag_error(d->diag, node->at, "write 0s to 24h, such as 120s",
			   "'%s' is no time that adoption can take", text);
	d->deployment->adopt_s = (uint32_t)seconds;
}

static void read_flows(struct deployment_reader *d)
{
	struct yaml *node = yaml_get(d->top, "flows");
	uint64_t flows;

	if (node && yaml_number(node, 0, UINT32_MAX, &flows, d->diag))
		d->deployment->flows = (uint32_t)flows;
}

static void read_boot(struct deployment_reader *d)
{
	static const char *const words[] = { "open", "guards", "closed" };
	struct yaml *node = yaml_get(d->top, "boot");
	int i = node ? yaml_word(node, "boot choice", words, ARRAY_LEN(words), d->diag) : -1;

	d->deployment->boot = i > 0 ? (enum boot)i : BOOT_OPEN;
}

void read_settings(struct deployment_reader *d)
{
	read_mode(d);
	d->deployment->scope_all = second_word(d, "scope", "hosts", "all");
	d->deployment->unzoned_drop = second_word(d, "unzoned", "pass", "drop");
	d->deployment->bridge_enforce = second_word(d, "bridge", "skip", "enforce");
	read_boot(d);
	read_replies(d);
	read_adopt(d);
	read_flows(d);
	read_log(d);
	read_licences(d);
}
