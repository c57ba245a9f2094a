/* SPDX-License-Identifier: GPL-2.0 */
/* The document as data (matrix/), read into memory. docs/MATRIX.md describes the files. */
#ifndef EQFW_MATRIX_H
#define EQFW_MATRIX_H

#include "diag.h"
#include "mem.h"
#include "ports.h"

enum function {
	FUNCTION_H323,
	FUNCTION_SIP,
	FUNCTION_MEDIA,
	FUNCTION_MANAGEMENT,
	FUNCTION_STREAMING,
	N_FUNCTIONS
};
enum requirement {
	REQUIREMENT_MANDATORY,
	REQUIREMENT_RECOMMENDED,
	REQUIREMENT_OPTIONAL,
	N_REQUIREMENTS
};

/*
 * Who opens the connection (DESIGN 3.3). SWAPPED: the port was printed with its client and stands,
 * in the item, with the server; the device in whose cell it was printed opens. It also is an
 * erratum.
 */
enum initiator { INITIATOR_SOURCE, INITIATOR_DESTINATION, INITIATOR_EITHER, INITIATOR_SWAPPED };

/* What a call item (DESIGN 3.4) carries; only items with INITIATOR_EITHER have one. */
enum call {
	CALL_NONE,
	CALL_RAS,
	CALL_Q931,
	CALL_H245,
	CALL_H460,
	CALL_SIP,
	CALL_BFCP,
	CALL_MEDIA,
	N_CALLS
};

/**
 * struct stated_ports - ports that the document (or a site) states for a role's own end
 * @proto: PROTO_TCP or PROTO_UDP or both
 * @ports: numbers
 * @call: what they carry, CALL_NONE = anything
 * @as: only where a row means the device as this role: an audio server's ports are no H.323 device's;
 *	NULL: always
 * @where: provenance, a row id or a sentence
 */
struct stated_ports {
	unsigned int proto;
	struct portset ports;
	enum call call;
	const struct role *as;
	const char *where;
};

/**
 * struct role - a kind of device that the document names, or one leg of it ("h323-edge.public")
 * @id: kebab-case id
 * @names: every text by which the document calls it
 * @parents: roles that it also is, directly
 * @ephemeral_tcp: client port range that the document prints for it, empty = by operating system
 * @ephemeral_udp: likewise for UDP
 * @stated: ports the document states for it, for port words in call rows (DESIGN 3.6)
 * @legs: its legs ("h323-edge" has two), each a role "ID.LEG" of its own; a leg's parent is ID
 * @outsider: belongs to no general parent (DESIGN 2)
 * @edge: an edge device, which `any` hosts may reach without a lint error
 */
struct role {
	const char *id;
	struct place place;
	const char **names;
	size_t n_names;
	struct role **parents;
	size_t n_parents;
	struct role **legs;
	size_t n_legs;
	struct portset ephemeral_tcp;
	struct portset ephemeral_udp;
	struct stated_ports *stated;
	size_t n_stated;
	bool outsider;
	bool edge;
};

struct role_list {
	struct role **roles;
	size_t n;
};

/**
 * struct feature - a condition that no deployed host can show
 * @id: kebab-case id
 * @group: alternatives share a group: where none of it is enabled, all are open; or NULL
 * @meaning: one sentence
 * @meets: roles that conditions ask for and need not be deployed where the feature is named
 */
struct feature {
	const char *id;
	const char *group;
	struct role_list meets;
	const char *meaning;
	struct place place;
};

/* What licences count, and what the document's formulas multiply. */
enum figure {
	FIGURE_CALLS,
	FIGURE_DPA_CALLS,
	FIGURE_CLIENTS,
	FIGURE_CONNECTIONS,
	FIGURE_CONFERENCES,
	FIGURE_PRESENTATIONS,
	N_FIGURES
};

/**
 * struct sizing - a formula: the sum of figures, each times its ports
 * @ports: ports for each of a figure, 0 where the formula does not use it
 */
struct sizing {
	unsigned int ports[N_FIGURES];
};

/**
 * struct tunable - a port or range that the document lets a site change (DESIGN 3.10)
 * @id: "h323-edge.internal-range"
 * @role: the role whose ports move
 * @proto: PROTO_*
 * @initial: the document's default
 * @min: lowest port allowed
 * @max: highest port allowed
 * @min_width: fewest ports, 1 if not limited
 * @max_width: most ports, 65535 if not limited
 * @fixed_width: the base moves, the width stays
 * @even: the lowest port is even (RTP/RTCP pairs; the document's own examples have odd counts)
 * @formula: sizing rule in words, or NULL
 * @setting: where the product sets it, or NULL
 * @sizings: the formula in numbers; of several that apply, the one that needs most
 * @types: what to type there, with {lo}, {hi} and {n} (how many) for the numbers
 * @os: only the setting of hosts with this family of operating system ("linux", "windows"), or NULL
 * @below_system_max: on Windows the highest port lies below the system's own highest
 * @follows: where the site states no value, one of these that it states counts: the same ports by
 *	another name
 * @procedures: headings of the document that limit it
 * @where: row whose note allows it, or NULL
 */
struct tunable {
	const char *id;
	struct place place;
	struct role *role;
	unsigned int proto;
	struct port_range initial;
	uint16_t min;
	uint16_t max;
	unsigned int min_width;
	unsigned int max_width;
	bool fixed_width;
	bool even;
	const char *formula;
	const char *setting;
	struct sizing *sizings;
	size_t n_sizings;
	const char **types;
	size_t n_types;
	const char *os;
	bool below_system_max;
	struct tunable **follows;
	size_t n_follows;
	const char **procedures;
	size_t n_procedures;
	const char *where;
};

/**
 * struct source_entry - one protocol-and-ports entry of a row's source cell
 * @printed: as printed
 * @proto: PROTO_*
 * @ports: after the reading
 * @listens: a port on which the device listens, no client range: a client opening from here also
 *	uses its ephemeral range (DESIGN 3.5)
 * @call: what it carries where the label says so, else CALL_NONE
 * @tunable: the tunable that moves @ports, or NULL
 */
struct source_entry {
	const char *printed;
	unsigned int proto;
	struct portset ports;
	bool listens;
	enum call call;
	struct tunable *tunable;
};

/**
 * struct item - one protocol-and-ports entry; what is switched, counted and explained
 * @id: "equinox-management/3:2"
 * @row: its row
 * @n: number in the row, from 1
 * @from_source_cell: printed in the source cell (a server's port printed there)
 * @printed: the document's own text
 * @proto: PROTO_*
 * @src: ports of the row's source device, after the reading: the union of the row's source entries
 *	of @proto unless the item says otherwise
 * @dst: ports of the row's destination device, after the reading
 * @service: label ("H.245")
 * @function: what it is for
 * @requirement: level
 * @condition_role: needs a deployed host of this role, or NULL
 * @condition_feature: needs this feature, or NULL
 * @initiator: who opens
 * @call: kind of call item or CALL_NONE
 * @forbid: the row says "Always blocked": @dst is closed on the section's product
 * @separate: the document says that no firewall should stand between the two
 * @related: "ftp", "tftp" or NULL
 * @tunable: the tunable that moves @dst (or @src where @from_source_cell), or NULL
 * @sources: roles on the source side
 * @destinations: roles on the destination side
 * @note: how it was read and why, or NULL
 */
struct item {
	const char *id;
	struct place place;
	struct row *row;
	unsigned int n;
	bool from_source_cell;
	const char *printed;
	unsigned int proto;
	struct portset src;
	struct portset dst;
	const char *service;
	enum function function;
	enum requirement requirement;
	struct role *condition_role;
	struct feature *condition_feature;
	enum initiator initiator;
	enum call call;
	bool forbid;
	bool separate;
	const char *related;
	struct tunable *tunable;
	struct role_list sources;
	struct role_list destinations;
	const char *note;
};

/* What is wrong with what is printed. */
enum erratum_kind {
	ERRATUM_MISPRINT,      /* letters or digits */
	ERRATUM_CONTRADICTION, /* another place of the document says otherwise */
	ERRATUM_DUPLICATE,     /* the same line twice */
	ERRATUM_LOST,	       /* a cell that is empty, or cut by a page break */
	ERRATUM_LEVEL,	       /* the requirement cell is blank or prose */
	ERRATUM_PROTOCOL,      /* no protocol, or the wrong one */
	ERRATUM_LABEL,	       /* a wrong or doubtful label */
	ERRATUM_SIDE,	       /* a server's port, printed with its client */
	ERRATUM_DEVICE,	       /* a wrong or doubtful device */
	ERRATUM_DOUBT,	       /* valid, but hardly meant so */
	N_ERRATUM_KINDS
};

/**
 * struct erratum - something the document prints wrongly or doubtfully
 * @id: "isdn-gateway/7#3": the third of its row; of errata.yaml "procedure/windows-portmax"
 * @row: its row, or NULL
 * @where: outside of the tables: where it stands; else NULL
 * @kind: what is wrong
 * @printed: as printed
 * @reading: as read
 * @reason: why
 * @items: numbers of the row's items that it is about; none: the row
 * @tunables: of errata.yaml: the tunables that it is about
 */
struct erratum {
	const char *id;
	struct place place;
	const struct row *row;
	const char *where;
	enum erratum_kind kind;
	const char *printed;
	const char *reading;
	const char *reason;
	unsigned int *items;
	size_t n_items;
	struct tunable **tunables;
	size_t n_tunables;
};

/**
 * struct row - a printed table line
 * @id: "equinox-management/3"
 * @n: number in its section, counting every printed line under the headers
 * @aliases: numbers of lines merged into this one
 * @source: source device text as printed (carried-over cells filled in)
 * @destination: destination device text as printed
 * @entries: entries of the source cell
 */
struct row {
	const char *id;
	struct place place;
	struct section *section;
	unsigned int n;
	unsigned int *aliases;
	size_t n_aliases;
	const char *source;
	const char *destination;
	const char *description;
	struct source_entry *entries;
	size_t n_entries;
	struct item **items;
	size_t n_items;
	struct erratum *errata;
	size_t n_errata;
};

/**
 * struct section - a section of the document, or of the site's own (matrix.d)
 * @id: slug
 * @heading: as printed
 * @product: the role of the section's product; a site's section may have none
 * @site: of matrix.d
 */
struct section {
	const char *id;
	const char *heading;
	struct role *product;
	bool site;
	struct row **rows;
	size_t n_rows;
};

/**
 * struct matrix - the whole document
 * @edition: "equinox-9"
 */
struct matrix {
	struct arena *arena;
	const char *edition;
	const char *title;
	struct section **sections;
	size_t n_sections;
	struct role **roles;
	size_t n_roles;
	struct feature **features;
	size_t n_features;
	struct tunable **tunables;
	size_t n_tunables;
	struct item **items; /* of all sections, in document order */
	size_t n_items;
	struct erratum **errata; /* of all rows in document order, then those outside of the tables */
	size_t n_errata;
};

#define MATRIX_SITE_DIR "/etc/eqfw/matrix.d"

/**
 * struct matrix_dirs - where a command's options say that the matrix is; NULL: not said
 * @matrix: the document
 * @site: the site's own sections (matrix.d); "": none
 */
struct matrix_dirs {
	const char *matrix;
	const char *site;
};

/*
 * Read the document and, behind it, the site's own sections; all errors go to diag. NULL after
 * errors. Free with matrix_free().
 */
struct matrix *matrix_open(const struct matrix_dirs *dirs, struct diag *diag);
/* The same with the directories found; site_dir NULL: the document alone. */
struct matrix *matrix_read(const char *dir, const char *site_dir, struct diag *diag);
void matrix_free(struct matrix *matrix);
/* --matrix DIR, else EQFW_MATRIX, else the build tree's matrix/, else /usr/share/eqfw/matrix. */
const char *matrix_find_dir(const char *option);
/* --matrix.d DIR, else EQFW_MATRIX_D, else /etc/eqfw/matrix.d where it is; NULL: none. */
const char *matrix_find_site_dir(const char *option);

struct role *matrix_role(const struct matrix *matrix, const char *id);
struct item *matrix_item(const struct matrix *matrix, const char *id);
struct row *matrix_row(const struct matrix *matrix, const char *id); /* also by an alias */
struct feature *matrix_feature(const struct matrix *matrix, const char *id);
struct tunable *matrix_tunable(const struct matrix *matrix, const char *id);
/* role is `other`, or descends from it. A leg descends from its device ("h323-edge"). */
bool role_is(const struct role *role, const struct role *other);
/* Does the source (else the destination) open it? Not for call items: both do. */
static inline bool source_opens(const struct item *item)
{
	return item->initiator == INITIATOR_SOURCE ||
	       (item->initiator == INITIATOR_SWAPPED && item->from_source_cell);
}

/* Is it about the item? An erratum without items is about each of its row. */
bool erratum_is_of(const struct erratum *erratum, const struct item *item);

/* Ports of the device to which the printed ones belong: of its own cell, or swapped. */
static inline const struct portset *item_ports(const struct item *item)
{
	bool swapped = item->initiator == INITIATOR_SWAPPED;

	return item->from_source_cell != swapped ? &item->src : &item->dst;
}

const char *erratum_kind_name(enum erratum_kind kind);
const char *function_name(enum function function);
const char *requirement_name(enum requirement requirement);
const char *initiator_name(enum initiator initiator);
const char *call_name(enum call call);
const char *figure_name(enum figure figure);
bool function_parse(const char *text, enum function *out);
bool requirement_parse(const char *text, enum requirement *out);

#endif
