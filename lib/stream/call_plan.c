/*
 * call_plan -- what --plan prints, and --plan=FILE keeps to.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "json/check.h"
#include "json/str.h"
#include "json/value.h"
#include "stream/call_plan.h"
#include "stream/input.h"
#include "stream/source_name.h"

#define FORMAT 1

static void add_text(struct buf *b, const char *name, const char *text)
{
	buf_addf(b, ",\"%s\":", name);
	if (text)
		str_write(b, text, strlen(text));
	else
		buf_adds(b, "null");
}

static void add_number(struct buf *b, const char *name, uint64_t value)
{
	buf_addf(b, ",\"%s\":%llu", name, (unsigned long long)value);
}

/* Everything that decides which records a call gets. */
static void add_settings(struct buf *b, const struct split_opts *o)
{
	static const char *const forms[] = {
		"auto", "lines", "json", "array", "seq"
	};

	buf_addf(b, "{\"input\":\"%s\"", forms[o->form]);
	buf_addf(b, ",\"range\":\"%llu/%llu\"",
		 (unsigned long long)(o->reader.range_n ? o->reader.range_i : 1),
		 (unsigned long long)(o->reader.range_n ? o->reader.range_n
							: 1));
	add_text(b, "where", o->where);
	add_number(b, "limit", o->limit);
	add_text(b, "order_by", o->order_by);
	add_number(b, "calls", o->calls ? o->calls : 1);
	add_number(b, "rows", o->rows);
	buf_addc(b, '}');
}

static void add_input(struct buf *b, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	struct stat st;

	buf_adds(b, "{\"source\":");
	source_name_write(b, is_stdin ? "<stdin>" : name);
	if (!(is_stdin ? fstat(0, &st) : stat(name, &st)) &&
	    S_ISREG(st.st_mode))
		buf_addf(b, ",\"size\":%lld,\"mtime\":\"%lld.%09ld\"",
			 (long long)st.st_size, (long long)st.st_mtim.tv_sec,
			 st.st_mtim.tv_nsec);
	buf_addc(b, '}');
}

static void add_inputs(struct buf *b, const struct input *in)
{
	buf_addc(b, '[');
	for (size_t i = 0; i < in->names.n; i++) {
		if (i)
			buf_addc(b, ',');
		add_input(b, in->names.items[i]);
	}
	buf_addc(b, ']');
}

/* With --state: what there is to read. */
static void add_extents(struct buf *b, const struct state *s)
{
	buf_adds(b, ",\"ranges\":[");
	for (size_t i = 0; i < s->nextents; i++) {
		const struct extent *e = &s->extents[i];

		buf_adds(b, i ? ",{\"source\":" : "{\"source\":");
		source_name_write(b, e->shown);
		add_number(b, "from", e->from);
		if (e->to != UINT64_MAX)
			add_number(b, "to", e->to);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void add_head(struct buf *b, const struct input *in)
{
	const struct split_opts *o = in->o;
	const struct memory_plan *m = &in->memory;

	buf_addf(b, "{\"plan\":{\"format\":%d,\"settings\":", FORMAT);
	add_settings(b, o);
	buf_adds(b, ",\"inputs\":");
	add_inputs(b, in);
	if (in->counted)
		add_number(b, "records", in->records);
	if (in->by_offset)
		add_extents(b, &in->state);
	add_number(b, "max_procs", o->common.max_procs);
	add_number(b, "batch_records", o->batch_records);
	add_number(b, "batch_bytes", o->batch_bytes);
	if (o->time_limit_ms)
		add_number(b, "time_limit_ms", o->time_limit_ms);
	buf_adds(b, ",\"memory\":{");
	buf_addf(b, "\"average_record\":%llu",
		 (unsigned long long)m->average);
	add_number(b, "batch", m->batch);
	add_number(b, "estimate", m->estimate);
	add_number(b, "limit", m->limit);
	buf_addf(b, ",\"fits\":%s}}}\n",
		 m->estimate <= m->limit ? "true" : "false");
}

void call_plan_write(struct buf *b, const struct input *in)
{
	uint64_t rows = in->o->rows, to, records;

	add_head(b, in);
	for (uint64_t call = in->call; call < in->calls; call++) {
		buf_addf(b, "{\"call\":%llu", (unsigned long long)call + 1);
		if (in->counted) {
			to = rows ? (call + 1) * rows : in->records;
			to = to < in->records ? to : in->records;
			records = to - call * rows;
			add_number(b, "from", call * rows);
			add_number(b, "to", to);
			/* more where --batch-bytes is less */
			add_number(b, "batches",
				   records / in->o->batch_records +
				   (records % in->o->batch_records > 0));
		}
		buf_adds(b, "}\n");
	}
}

/* The first line of the file; false after a message. */
static bool read_plan(const char *path, struct buf *line)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	struct json_fault fault;

	if (!f) {
		err_msg("%s: %s", path, strerror(errno));
		return false;
	}
	n = getline(&text, &cap, f);
	fclose(f);
	if (n > 0)
		buf_add(line, text, (size_t)n);
	free(text);
	if (n > 0 && !json_check(line->s, line->len, 16, &fault))
		return true;
	err_msg("%s: is no plan (print one with --plan)", path);
	return false;
}

/* The value of a member; .len 0: there is none. */
static struct span member(struct span object, const char *name)
{
	struct span key, value, found = {NULL, 0};
	struct value_iter it;

	if (!object.len || *object.s != '{')
		return found;
	value_iter_start(&it, object);
	while (value_next(&it, &key, &value))
		if (key.len == strlen(name) && !memcmp(key.s, name, key.len))
			found = value;
	return found;
}

static bool same(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

static struct span show(struct span value)
{
	static const char none[] = "nothing";

	return value.len ? value : (struct span){none, sizeof(none) - 1};
}

static int differs(const char *what, struct span now, struct span then)
{
	now = show(now);
	then = show(then);
	err_msg("%s is %.*s now, %.*s in the plan (make a new plan)", what,
		(int)now.len, now.s, (int)then.len, then.s);
	return RC_USAGE;
}

static int check_settings(struct span now, struct span then)
{
	struct value_iter it;
	struct span key, value, old;
	struct buf name = {0};
	int rc = RC_DONE;

	value_iter_start(&it, now);
	while (!rc && value_next(&it, &key, &value)) {
		buf_clear(&name);
		buf_add(&name, key.s, key.len);
		old = member(then, buf_cstr(&name));
		if (!same(value, old))
			rc = differs(name.s, value, old);
	}
	buf_release(&name);
	return rc;
}

static int check_inputs(struct span now, struct span then)
{
	struct value_iter a, b;
	struct span x, y;
	struct buf name = {0};
	bool more_x, more_y;
	int rc = RC_DONE;

	if (!then.len || *then.s != '[')
		return differs("the list of inputs", now, then);
	value_iter_start(&a, now);
	value_iter_start(&b, then);
	do {
		x = y = (struct span){NULL, 0};
		more_x = value_next(&a, NULL, &x);
		more_y = value_next(&b, NULL, &y);
		if (!same(x, y))
			rc = differs("an input", x, y);
		else if (more_x && !member(x, "size").len)
			rc = differs("an input", x, y);
	} while (!rc && more_x && more_y);
	buf_release(&name);
	return rc;
}

int call_plan_check(const struct input *in, const char *path)
{
	struct buf then = {0}, now = {0};
	struct span plan, mine;
	int rc = RC_USAGE;

	if (!read_plan(path, &then))
		goto out;
	plan = member(value_trim(then.s, then.len), "plan");
	if (!same(member(plan, "format"), (struct span){"1", 1})) {
		err_msg("%s: is no plan (print one with --plan)", path);
		goto out;
	}
	add_head(&now, in);
	mine = member(value_trim(now.s, now.len), "plan");
	rc = check_settings(member(mine, "settings"), member(plan, "settings"));
	if (!rc)
		rc = check_inputs(member(mine, "inputs"),
				  member(plan, "inputs"));
out:
	buf_release(&then);
	buf_release(&now);
	return rc;
}

int call_plan_check_records(const struct input *in, const char *path)
{
	struct buf then = {0}, now = {0};
	struct span old, mine;
	int rc = RC_USAGE;

	if (read_plan(path, &then)) {
		old = member(member(value_trim(then.s, then.len), "plan"),
			     "records");
		buf_addu(&now, in->records);
		mine = (struct span){now.s, now.len};
		rc = old.len && !same(mine, old) ?
		     differs("the number of records", mine, old) : RC_DONE;
	}
	buf_release(&then);
	buf_release(&now);
	return rc;
}
