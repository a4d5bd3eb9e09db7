/*
 * tally -- what a stream of structs(5) lines holds, for its end line.
 */
#include "json/compact.h"
#include "json/str.h"
#include "snowplow/tally.h"

void tally_release(struct tally *t)
{
	buf_release(&t->filters);
	buf_release(&t->counts_kept);
	buf_release(&t->kept);
}

void tally_add(struct tally *t, enum kind kind)
{
	if (kind >= KIND_END)
		return;
	t->counts[kind]++;
	t->asked[kind] = true;
}

static void add_raw(struct buf *b, struct span key, struct span value)
{
	buf_adds(b, ",\"");
	buf_add(b, key.s, key.len);
	buf_adds(b, "\":");
	json_compact(b, value);
}

static void input_counts(struct tally *t, struct span counts)
{
	struct value_iter it;
	struct span key, value;

	if (!counts.s || *counts.s != '{')
		return;
	value_iter_start(&it, counts);
	while (value_next(&it, &key, &value)) {
		enum kind kind = kind_find(key.s, key.len);

		if (kind < KIND_END)
			t->asked[kind] = true;
		else if (key.len != 11 || memcmp(key.s, "fetch_error", 11))
			add_raw(&t->counts_kept, key, value);
	}
}

static void input_filters(struct tally *t, struct span filters)
{
	struct value_iter it;
	struct span value;

	if (!filters.s || *filters.s != '[')
		return;
	value_iter_start(&it, filters);
	while (value_next(&it, NULL, &value)) {
		if (t->filters.len)
			buf_addc(&t->filters, ',');
		json_compact(&t->filters, value);
	}
}

static bool is_known(struct span key)
{
	static const char *const known[] = {
		"kind", "complete", "counts", "filters"
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i]) == key.len &&
		    !memcmp(known[i], key.s, key.len))
			return true;
	return false;
}

void tally_input(struct tally *t, struct span line)
{
	struct span key, value, complete = object_member(line, "complete");
	struct value_iter it;

	if (!complete.s || complete.len != 4 || memcmp(complete.s, "true", 4))
		t->complete = false;
	input_counts(t, object_member(line, "counts"));
	input_filters(t, object_member(line, "filters"));
	value_iter_start(&it, line);
	while (value_next(&it, &key, &value))
		if (!is_known(key))
			add_raw(&t->kept, key, value);
}

void tally_filter(struct tally *t, const char *program, const char *option,
		  const char *value, const uint64_t *dropped)
{
	struct buf *b = &t->filters;

	if (b->len)
		buf_addc(b, ',');
	buf_adds(b, "{\"program\":");
	str_write(b, program, strlen(program));
	buf_adds(b, ",\"option\":");
	str_write(b, option, strlen(option));
	buf_adds(b, ",\"value\":");
	str_write(b, value, strlen(value));
	if (dropped) {
		buf_adds(b, ",\"dropped\":");
		buf_addu(b, *dropped);
	}
	buf_addc(b, '}');
}

uint64_t tally_lines(const struct tally *t)
{
	uint64_t n = 0;

	for (int k = 0; k < KIND_END; k++)
		n += t->counts[k];
	return n;
}

void tally_report(const struct tally *t, struct report *report,
		  uint64_t rejected)
{
	double seconds = report_elapsed(report);
	uint64_t n = tally_lines(t);

	report_u64(report, "records", n);
	report_u64(report, "records_per_minute",
		   seconds > 0 ? (uint64_t)((double)n * 60 / seconds) : 0);
	report_u64(report, "rejected", rejected);
}

void tally_write(const struct tally *t, struct buf *b)
{
	const char *before = "";

	object_begin(b, KIND_END);
	buf_adds(b, t->complete ? ",\"complete\":true" : ",\"complete\":false");
	buf_adds(b, ",\"counts\":{");
	for (int k = 0; k < KIND_END; k++) {
		if (!t->asked[k])
			continue;
		buf_addf(b, "%s\"%s\":", before, kind_name((enum kind)k));
		buf_addu(b, t->counts[k]);
		before = ",";
	}
	if (t->counts_kept.len) {
		size_t comma = *before ? 0 : 1;

		buf_add(b, t->counts_kept.s + comma,
			t->counts_kept.len - comma);
		before = ",";
	}
	buf_addf(b, "%s\"fetch_error\":", before);
	buf_addu(b, t->fetch_errors);
	buf_adds(b, "},\"filters\":[");
	buf_add(b, t->filters.s, t->filters.len);
	buf_addc(b, ']');
	buf_add(b, t->kept.s, t->kept.len);
	object_close(b);
}
