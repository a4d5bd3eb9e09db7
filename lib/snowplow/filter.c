/*
 * filter -- which data structures are wanted.
 */
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "snowplow/filter.h"

/* ${n} digits at ${*p}; -1 where they are none. */
static int digits(const char **p, const char *end, int n)
{
	int value = 0;

	for (; n; n--, (*p)++) {
		if (*p == end || **p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool literal(const char **p, const char *end, const char *any)
{
	if (*p == end || !strchr(any, **p) || !**p)
		return false;
	++*p;
	return true;
}

static bool read_date(const char **p, const char *end, struct tm *t)
{
	t->tm_year = digits(p, end, 4) - 1900;
	if (t->tm_year < 0 || !literal(p, end, "-"))
		return false;
	t->tm_mon = digits(p, end, 2) - 1;
	if (t->tm_mon < 0 || t->tm_mon > 11 || !literal(p, end, "-"))
		return false;
	t->tm_mday = digits(p, end, 2);
	return t->tm_mday >= 1 && t->tm_mday <= 31;
}

static bool read_time(const char **p, const char *end, struct tm *t,
		      char nanos[10])
{
	int n = 0;

	t->tm_hour = digits(p, end, 2);
	if (t->tm_hour < 0 || t->tm_hour > 23 || !literal(p, end, ":"))
		return false;
	t->tm_min = digits(p, end, 2);
	if (t->tm_min < 0 || t->tm_min > 59 || !literal(p, end, ":"))
		return false;
	t->tm_sec = digits(p, end, 2);
	if (t->tm_sec < 0 || t->tm_sec > 60)
		return false;
	if (literal(p, end, ".,"))
		for (; *p < end && **p >= '0' && **p <= '9'; ++*p)
			if (n < 9)
				nanos[n++] = **p;
	return true;
}

/* Z, or +02:00: seconds east of UTC. */
static bool read_zone(const char **p, const char *end, long *east)
{
	bool west = *p < end && **p == '-';
	int hours, minutes;

	*east = 0;
	if (literal(p, end, "Zz"))
		return true;
	if (!literal(p, end, "+-"))
		return false;
	hours = digits(p, end, 2);
	literal(p, end, ":");
	minutes = digits(p, end, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*east = (hours * 60L + minutes) * (west ? -60 : 60);
	return true;
}

bool filter_time(const char *text, size_t len, char out[32])
{
	const char *p = text, *end = text + len;
	char nanos[10] = "000000000";
	struct tm t = {0}, utc;
	time_t seconds;
	long east = 0;
	bool leap;
	int day;

	if (!read_date(&p, end, &t))
		return false;
	day = t.tm_mday;
	if (p < end && (!literal(&p, end, "Tt ") ||
			!read_time(&p, end, &t, nanos) ||
			!read_zone(&p, end, &east)))
		return false;
	if (p != end)
		return false;
	leap = t.tm_sec == 60;
	seconds = timegm(&t);
	/* 30 February; a leap second may end the day */
	if (t.tm_mday != day && !leap)
		return false;
	seconds -= east;
	if (!gmtime_r(&seconds, &utc))
		return false;
	return snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d.%s",
			(utc.tm_year + 1900) % 10000, utc.tm_mon + 1,
			utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
			nanos) < 32;
}

static int compile(const struct opt_list *list, const char *option,
		   struct pattern **patterns, size_t *n)
{
	char why[200];

	for (size_t i = 0; i < list->n; i++)
		if (patterns_add(patterns, n, list->items[i], why)) {
			err_msg("%s=%s: %s", option, list->items[i], why);
			return -1;
		}
	return 0;
}

static int check(const struct filter_opts *o, char since[32])
{
	if (o->since && !filter_time(o->since, strlen(o->since), since)) {
		err_msg("--deployed-since=%s: no date (want 2025-01-31 or "
			"2025-01-31T12:00:00Z)", o->since);
		return -1;
	}
	for (size_t i = 0; i < o->types.n; i++)
		if (strcmp(o->types.items[i], "event") &&
		    strcmp(o->types.items[i], "entity") &&
		    strcmp(o->types.items[i], "none")) {
			err_msg("--type=%s: want event, entity or none",
				o->types.items[i]);
			return -1;
		}
	return 0;
}

int filter_init(struct filter *f, const struct filter_opts *opts)
{
	*f = (struct filter){.opts = opts};
	if (check(opts, f->since))
		return -1;
	if (compile(&opts->allow, "--allow", &f->names.allow,
		    &f->names.nallow))
		return -1;
	return compile(&opts->deny, "--deny", &f->names.deny, &f->names.ndeny);
}

void filter_release(struct filter *f)
{
	patterns_release(&f->names);
	*f = (struct filter){0};
}

static bool pattern_wants(const struct filter *f, struct span line)
{
	struct buf name = {0}, part = {0};
	bool wants;

	object_text(line, "vendor", &part);
	buf_add(&name, part.s, part.len);
	buf_addc(&name, '/');
	object_text(line, "name", &part);
	buf_add(&name, part.s, part.len);
	wants = patterns_allow(&f->names, (struct span){name.s, name.len});
	buf_release(&name);
	buf_release(&part);
	return wants;
}

static bool is_hidden(struct span line)
{
	struct span meta = object_member(line, "meta");
	struct span hidden = meta.s ? object_member(meta, "hidden") : meta;

	return hidden.s && *hidden.s == 't';
}

static bool type_wants(const struct filter *f, struct span line)
{
	struct span meta = object_member(line, "meta");
	struct buf type = {0};
	bool wants = false;

	if (!meta.s)
		return true;
	if (!object_text(meta, "schemaType", &type))
		buf_adds(&type, "none");
	for (size_t i = 0; i < f->opts->types.n; i++)
		wants |= strlen(f->opts->types.items[i]) == type.len &&
			 !memcmp(f->opts->types.items[i], type.s, type.len);
	buf_release(&type);
	return wants;
}

static bool environment_is(const struct filter *f, struct span deployment)
{
	struct buf env = {0};
	bool is = object_text(deployment, "env", &env) &&
		  strlen(f->opts->environment) == env.len &&
		  !memcmp(f->opts->environment, env.s, env.len);

	buf_release(&env);
	return is;
}

/* What has a time that cannot be read passes. */
static bool is_since(const struct filter *f, struct span deployment)
{
	struct buf ts = {0};
	char when[32];
	bool is = !object_text(deployment, "ts", &ts) ||
		  !filter_time(ts.s, ts.len, when) ||
		  strcmp(when, f->since) >= 0;

	buf_release(&ts);
	return is;
}

/* Is there such a deployment among the current ones? */
static bool deployed(const struct filter *f, struct span line,
		     bool (*is)(const struct filter *, struct span))
{
	struct span list = object_member(line, "deployments"), one;
	struct value_iter it;

	if (!list.s || *list.s != '[')
		return true;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &one))
		if (is(f, one))
			return true;
	return false;
}

bool filter_wants(struct filter *f, struct span line)
{
	const struct filter_opts *o = f->opts;

	if ((o->allow.n || o->deny.n) && !pattern_wants(f, line))
		f->by_pattern++;
	else if (o->no_hidden && is_hidden(line))
		f->by_hidden++;
	else if (o->types.n && !type_wants(f, line))
		f->by_type++;
	else if (o->environment && !deployed(f, line, environment_is))
		f->by_environment++;
	else if (o->since && !deployed(f, line, is_since))
		f->by_since++;
	else
		return true;
	return false;
}

static void add_list(struct buf *b, const struct opt_list *list,
		     const char *before)
{
	for (size_t i = 0; i < list->n; i++)
		buf_addf(b, "%s%s%s", b->len ? " " : "", before,
			 list->items[i]);
}

void filter_tally(const struct filter *f, const char *program, struct tally *t)
{
	const struct filter_opts *o = f->opts;
	struct buf b = {0};

	if (o->allow.n || o->deny.n) {
		add_list(&b, &o->allow, "--allow=");
		add_list(&b, &o->deny, "--deny=");
		tally_filter(t, program, "patterns", buf_cstr(&b),
			     &f->by_pattern);
	}
	if (o->no_hidden)
		tally_filter(t, program, "--no-hidden", "true", &f->by_hidden);
	if (o->types.n) {
		buf_clear(&b);
		add_list(&b, &o->types, "");
		tally_filter(t, program, "--type", buf_cstr(&b), &f->by_type);
	}
	if (o->environment)
		tally_filter(t, program, "--environment", o->environment,
			     &f->by_environment);
	if (o->since)
		tally_filter(t, program, "--deployed-since", o->since,
			     &f->by_since);
	buf_release(&b);
}
