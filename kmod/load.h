/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_LOAD_H
#define EQFW_LOAD_H

#include "net.h"

/**
 * struct eqfw_load - a request to replace a namespace's profile
 * @image: the profile's bytes, from kvmalloc; eqfw_load() takes them over, whatever it returns
 * @size: how many
 * @generation: the generation that it replaces
 * @confirm_s: seconds until it is taken back unless it is confirmed, 0 = for good
 * @digest: what the loader says the digest is, or NULL
 */
struct eqfw_load {
	void *image;
	size_t size;
	u64 generation;
	u32 confirm_s;
	const u8 *digest;
};

/**
 * eqfw_load() - check, build and publish a profile
 * @en: the namespace
 * @load: the request
 * @extack: gets a sentence on every refusal
 *
 * Of a profile that is live already no table changes; its mode and log are what it says again, and
 * a new generation is made only where the mode was another.
 *
 * After a success no packet is judged by the old table any more. After a failure the old one is
 * untouched, the generation too.
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0; -EBUSY a change awaits confirmation; -ESTALE overtaken; -EBADMSG digest; -EINVAL,
 * -E2BIG, -EPROTONOSUPPORT no valid profile; -ENOMEM; or what hooks, defragmentation or connection
 * tracking said.
 */
int eqfw_load(struct eqfw_net *en, struct eqfw_load *load, struct netlink_ext_ack *extack);

/**
 * eqfw_clear() - back to no profile
 * @en: the namespace
 * @generation: the generation that it ends
 * @confirm_s: seconds until it is taken back unless it is confirmed, 0 = for good
 * @extack: gets a sentence on every refusal
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0, -EBUSY a change awaits confirmation, -ENOENT without a profile, -ESTALE overtaken.
 */
int eqfw_clear(struct eqfw_net *en, u64 generation, u32 confirm_s, struct netlink_ext_ack *extack);

/**
 * eqfw_load_stale() - was a request overtaken
 * @en: the namespace
 * @generation: the generation that it names
 * @extack: gets a sentence
 *
 * Context: @en->mutex held.
 * Return: 0 or -ESTALE.
 */
int eqfw_load_stale(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

/**
 * eqfw_load_may() - may a request change anything now
 * @en: the namespace
 * @generation: the generation that it names
 * @extack: gets a sentence
 *
 * Context: @en->mutex held.
 * Return: 0, -EBUSY a change awaits confirmation, -ESTALE overtaken.
 */
int eqfw_load_may(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

/**
 * eqfw_load_may_live() - eqfw_load_may() for a change of what is live
 * @en: the namespace
 * @generation: the generation that it names
 * @extack: gets a sentence
 *
 * Context: @en->mutex held.
 * Return: 0, -EBUSY a change awaits confirmation, -ENOENT without a profile, -ESTALE overtaken.
 */
int eqfw_load_may_live(struct eqfw_net *en, u64 generation, struct netlink_ext_ack *extack);

/**
 * eqfw_load_track() - connection tracking for a profile, unless it needs none
 * @en: the namespace; it has a profile
 * @live: the profile
 * @extack: gets a sentence
 *
 * Context: process context, @en->mutex held.
 * Return: 0, or what connection tracking said.
 */
int eqfw_load_track(struct eqfw_net *en, const struct eqfw_live *live,
		    struct netlink_ext_ack *extack);

/**
 * eqfw_load_log() - have the netfilter log at hand where a profile wants it
 * @live: the profile
 *
 * Context: process context, no locks held: may load a module.
 */
void eqfw_load_log(const struct eqfw_live *live);

/**
 * eqfw_promote() - make the staged profile the live one
 * @en: the namespace
 * @load: the request; no image; its digest, where there is one, must be the staged profile's
 * @extack: gets a sentence on every refusal
 *
 * Builds nothing: the table is there already.
 *
 * Context: process context, no locks held; sleeps for a grace period.
 * Return: 0, -EBUSY, -ESTALE, -ENOENT where nothing is staged, -EBADMSG, -ENOMEM.
 */
int eqfw_promote(struct eqfw_net *en, const struct eqfw_load *load, struct netlink_ext_ack *extack);

/**
 * eqfw_load_return() - let packets see again what was kept, a profile or none
 * @en: the namespace
 *
 * What they saw until now is kept instead, for eqfw_load_finish(); its figures are in the totals.
 * Cannot fail: all that it needs is there.
 *
 * Context: process context, @en->mutex held; sleeps for a grace period.
 */
void eqfw_load_return(struct eqfw_net *en);

/**
 * eqfw_load_finish() - release what is kept; without a profile hooks and services, too
 * @en: the namespace
 *
 * Context: process context, @en->mutex held; may sleep for a grace period. The reference that holds
 * the module may go here.
 */
void eqfw_load_finish(struct eqfw_net *en);

/**
 * eqfw_load_detach() - first half of a namespace's end: no packet gets judged any more
 * @en: the namespace
 */
void eqfw_load_detach(struct eqfw_net *en);

/**
 * eqfw_load_release() - second half, a grace period later: release everything
 * @en: the namespace
 */
void eqfw_load_release(struct eqfw_net *en);

/**
 * eqfw_sentence() - give a refusal its sentence
 * @en: the namespace
 * @extack: the request's extack or NULL
 * @fmt: the sentence, at most 79 bytes when formatted
 */
__printf(3, 4) void eqfw_sentence(struct eqfw_net *en, struct netlink_ext_ack *extack,
				  const char *fmt, ...);

#endif
