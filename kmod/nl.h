/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_NL_H
#define EQFW_NL_H

#include <net/netlink.h>

struct genl_info;
struct net;
struct netlink_callback;
struct sk_buff;

/**
 * enum eqfw_group - multicast groups, as the family lists them
 * @EQFW_GROUP_DROPS: "drops"
 * @EQFW_GROUP_CHANGES: "changes"
 * @EQFW_GROUP_TRACE: "trace"
 * @EQFW_N_GROUPS: how many
 */
enum eqfw_group { EQFW_GROUP_DROPS, EQFW_GROUP_CHANGES, EQFW_GROUP_TRACE, EQFW_N_GROUPS };

/**
 * eqfw_netlink_init() - offer the netlink family
 *
 * Return: 0 or a negative error.
 */
int eqfw_netlink_init(void);

/** eqfw_netlink_exit() - withdraw the netlink family */
void eqfw_netlink_exit(void);

/**
 * eqfw_netlink_reply() - begin a reply message
 * @skb: where to
 * @portid: whom to
 * @seq: of the request
 * @flags: NLM_F_*
 * @cmd: enum eqfw_cmd
 *
 * Return: for genlmsg_end(), or NULL where @skb is full.
 */
void *eqfw_netlink_reply(struct sk_buff *skb, u32 portid, u32 seq, int flags, u8 cmd);

/**
 * eqfw_netlink_check() - refuse what nla_parse() lets through: attributes that come twice
 * @nlh: the request
 * @extack: for the sentence
 *
 * Return: 0 or -EINVAL, with its sentence.
 */
int eqfw_netlink_check(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);

/* Policies of the commands of netlink_watch.c. */
extern const struct nla_policy eqfw_trace_set_policy[];
extern const struct nla_policy eqfw_log_set_policy[];

/**
 * eqfw_cmd_trace_set() - EQFW_CMD_TRACE_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int eqfw_cmd_trace_set(struct sk_buff *skb, struct genl_info *info);

/**
 * eqfw_cmd_log_set() - EQFW_CMD_LOG_SET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int eqfw_cmd_log_set(struct sk_buff *skb, struct genl_info *info);

/**
 * eqfw_netlink_listeners() - does anybody listen
 * @net: the namespace
 * @group: to what
 *
 * Context: any.
 * Return: whether somebody does.
 */
bool eqfw_netlink_listeners(struct net *net, enum eqfw_group group);

/**
 * eqfw_netlink_multicast() - send a message to all who listen
 * @net: the namespace
 * @skb: the message, complete; consumed
 * @group: to whom
 *
 * Context: process context, may sleep.
 */
void eqfw_netlink_multicast(struct net *net, struct sk_buff *skb, enum eqfw_group group);

/**
 * eqfw_netlink_lost() - tell all who listen that a message was lost
 * @net: the namespace
 * @group: whom; their next read gives ENOBUFS
 *
 * Context: any.
 */
void eqfw_netlink_lost(struct net *net, enum eqfw_group group);

/**
 * eqfw_get_status() - EQFW_CMD_STATUS_GET
 * @skb: the request
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int eqfw_get_status(struct sk_buff *skb, struct genl_info *info);

/**
 * eqfw_get_start() - begin a dump: version and profile must be there
 * @cb: the dump
 *
 * Return: 0, -EINVAL, or -ENOENT without a profile.
 */
int eqfw_get_start(struct netlink_callback *cb);

/**
 * eqfw_get_items() - EQFW_CMD_ITEMS_GET
 * @skb: where to
 * @cb: the dump
 *
 * Return: bytes, 0 at the end.
 */
int eqfw_get_items(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * eqfw_get_drops() - EQFW_CMD_DROPS_GET
 * @skb: where to
 * @cb: the dump
 *
 * Return: bytes, 0 at the end.
 */
int eqfw_get_drops(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * eqfw_get_stage() - EQFW_CMD_STAGE_GET
 * @skb: where to
 * @cb: the dump
 *
 * Return: bytes, 0 at the end.
 */
int eqfw_get_stage(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * eqfw_get_profile() - EQFW_CMD_PROFILE_GET
 * @skb: where to
 * @cb: the dump
 *
 * Return: bytes, 0 at the end.
 */
int eqfw_get_profile(struct sk_buff *skb, struct netlink_callback *cb);

#endif
