// SPDX-License-Identifier: GPL-2.0
/*
 * The zones as a picture: places on a ring, a line between two that may talk. The number at an arrow's
 * head counts the items that the far end may open into the place it points at. Lines meet a place at
 * equal angles (they are chords of one circle), so the numbers around it stay apart.
 */
#include <math.h>
#include <string.h>

#include "report.h"

#define BOX_WIDTH 118.0
#define BOX_HEIGHT 44.0
#define MARGIN 14.0
#define NEIGHBOURS 196.0 /* between the middles of two places */
#define HEAD 9.0	 /* length of an arrow's head */
#define NAME_SHOWN 15	 /* characters of a name that fit */
#define DRAWN_MAX 24	 /* places; more are a table alone */

struct point {
	double x;
	double y;
};

/**
 * struct picture - a drawing
 * @report: of what
 * @html: where it goes
 * @places: places that talk, in their order
 * @n: how many
 * @radius: of the ring
 * @centre: of the ring, from both edges
 */
struct picture {
	const struct report *report;
	struct html *html;
	uint32_t places[DRAWN_MAX];
	size_t n;
	double radius;
	struct point centre;
};

static struct point place_at(const struct picture *picture, size_t i)
{
	double angle = 2 * M_PI * ((double)i / (double)picture->n) - M_PI / 2;

	return (struct point){ picture->centre.x + picture->radius * cos(angle),
			       picture->centre.y + picture->radius * sin(angle) };
}

static struct point towards(struct point from, struct point to, double distance)
{
	double length = hypot(to.x - from.x, to.y - from.y);

	return (struct point){ from.x + (to.x - from.x) * distance / length,
			       from.y + (to.y - from.y) * distance / length };
}

/* How far from the middle of a box a line to `to` leaves it. */
static double box_reach(struct point from, struct point to)
{
	double length = hypot(to.x - from.x, to.y - from.y);
	double x = fabs(to.x - from.x) / length, y = fabs(to.y - from.y) / length;
	double by_width = x > 0.001 ? BOX_WIDTH / 2 / x : 1e9;
	double by_height = y > 0.001 ? BOX_HEIGHT / 2 / y : 1e9;

	return fmin(by_width, by_height) + 3;
}

static size_t count(const struct picture *picture, size_t from, size_t to)
{
	const struct report *report = picture->report;
	size_t pair = report_pair_find(report, picture->places[from], picture->places[to]);

	return pair < report->n_pairs ? report->pairs[pair].n : 0;
}

static void arrow_head(const struct picture *picture, struct point tip, struct point from)
{
	struct point back = towards(tip, from, HEAD);
	double x = (back.y - tip.y) * 0.45, y = (tip.x - back.x) * 0.45;

	html_put(picture->html, "<path class=head d=\"M%f %fL%f %fL%f %fz\"/>", tip.x, tip.y,
		 back.x + x, back.y + y, back.x - x, back.y - y);
}

/* Lines that arrive side by side put their numbers near and far in turns. */
static void number_at(const struct picture *picture, size_t from, size_t to)
{
	struct point here = place_at(picture, to), there = place_at(picture, from);
	double length = hypot(there.x - here.x, there.y - here.y);
	double wanted = box_reach(here, there) + HEAD + ((from + to) % 2 ? 12 : 32);
	struct point at = towards(here, there, fmin(wanted, length / 2 - 12));
	size_t n = count(picture, from, to);

	html_put(picture->html, "<a href=\"#");
	report_pair_id(picture->report, picture->html,
		       report_pair_find(picture->report, picture->places[from],
					picture->places[to]));
	html_put(picture->html,
		 "\"><title>%s to %s: %z items</title>"
		 "<text class=n x=\"%f\" y=\"%f\">%z</text></a>",
		 picture->report->places[picture->places[from]].name,
		 picture->report->places[picture->places[to]].name, n, at.x, at.y + 4, n);
}

static void line(const struct picture *picture, size_t a, size_t b)
{
	struct point from = place_at(picture, a), to = place_at(picture, b);
	struct point start = towards(from, to, box_reach(from, to));
	struct point end = towards(to, from, box_reach(to, from));

	html_put(picture->html, "<path class=line d=\"M%f %fL%f %f\"/>", start.x, start.y, end.x,
		 end.y);
	if (count(picture, a, b))
		arrow_head(picture, end, start);
	if (count(picture, b, a))
		arrow_head(picture, start, end);
}

static void lines(const struct picture *picture)
{
	for (size_t a = 0; a < picture->n; a++) {
		for (size_t b = a + 1; b < picture->n; b++) {
			if (count(picture, a, b) || count(picture, b, a))
				line(picture, a, b);
		}
	}
	/* On top of all lines. */
	for (size_t a = 0; a < picture->n; a++) {
		for (size_t b = 0; b < picture->n; b++) {
			if (a != b && count(picture, a, b))
				number_at(picture, a, b);
		}
	}
}

/* Whole characters of UTF-8. */
static const char *shortened(struct arena *arena, const char *name)
{
	size_t shown = 0, bytes = 0;

	while (name[bytes]) {
		if ((name[bytes] & 0xc0) != 0x80 && shown++ == NAME_SHOWN)
			return arena_printf(arena, "%.*s\u2026", (int)bytes, name);
		bytes++;
	}
	return name;
}

static void place_box(const struct picture *picture, size_t i)
{
	const struct report_place *place = &picture->report->places[picture->places[i]];
	struct point at = place_at(picture, i);
	const char *kind = !place->zone		     ? "far"
			   : place->zone->is_box     ? "box"
			   : place->zone->is_default ? "far"
						     : "zone";

	html_put(picture->html, "<g class=\"%s\"><title>%s</title>", kind, place->name);
	html_put(picture->html, "<rect x=\"%f\" y=\"%f\" width=\"%f\" height=\"%f\" rx=\"8\"/>",
		 at.x - BOX_WIDTH / 2, at.y - BOX_HEIGHT / 2, BOX_WIDTH, BOX_HEIGHT);
	html_put(picture->html, "<text class=name x=\"%f\" y=\"%f\">%s</text>", at.x, at.y - 2,
		 shortened(picture->report->arena, place->name));
	if (!place->zone || place->zone->is_box)
		html_put(picture->html, "<text class=what x=\"%f\" y=\"%f\">%s</text>", at.x,
			 at.y + 14, place->zone ? "the firewall" : "no zone");
	else
		html_put(picture->html, "<text class=what x=\"%f\" y=\"%f\">%z host%s</text>", at.x,
			 at.y + 14, place->n_hosts, place->n_hosts == 1 ? "" : "s");
	html_put(picture->html, "</g>");
}

/* Zones always; the box and what is no zone only where something talks to it. */
static bool is_shown(const struct report *report, uint32_t place)
{
	const struct zone *zone = report->places[place].zone;

	if (zone && !zone->is_box)
		return true;
	for (size_t i = 0; i < report->n_pairs; i++) {
		if (report->pairs[i].from == place || report->pairs[i].to == place)
			return true;
	}
	return false;
}

/* False where it would be too full to read. */
static bool choose(struct picture *picture)
{
	for (uint32_t p = 0; p < picture->report->n_places; p++) {
		if (!is_shown(picture->report, p))
			continue;
		if (picture->n == DRAWN_MAX)
			return false;
		picture->places[picture->n++] = p;
	}
	return picture->n > 1;
}

void report_svg(const struct report *report, struct html *html)
{
	struct picture picture = { .report = report, .html = html };
	double width, height;

	if (!choose(&picture)) {
		html_put(html, "<p class=note>%s</p>",
			 picture.n > 1
				 ? "Too many zones for a picture; the table below has them all."
				 : "One zone alone: there is nothing to draw.");
		return;
	}
	/* Neighbours stand far enough apart for two numbers. */
	picture.radius = picture.n < 4 ? 130
				       : fmin(NEIGHBOURS / 2 / sin(M_PI / (double)picture.n), 400);
	width = 2 * picture.radius + BOX_WIDTH + 2 * MARGIN;
	height = 2 * picture.radius + BOX_HEIGHT + 2 * MARGIN;
	picture.centre = (struct point){ width / 2, height / 2 };
	html_put(html,
		 "<div class=scroll tabindex=0 role=region aria-label=\"Picture of the zones\">");
	html_put(html,
		 "<svg role=img aria-labelledby=\"pic-t pic-d\" viewBox=\"0 0 %f %f\" "
		 "style=\"max-width:%fpx;min-width:%fpx\">",
		 width, height, width, fmin(width, picture.n < 8 ? 330 : 640));
	html_put(html, "<title id=pic-t>Zones and the flows between them</title>"
		       "<desc id=pic-d>The table of zones below says the same in words.</desc>");
	lines(&picture);
	for (size_t i = 0; i < picture.n; i++)
		place_box(&picture, i);
	html_put(html, "</svg></div>\n");
}
