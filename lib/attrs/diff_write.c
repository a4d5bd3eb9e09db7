/*
 * diff_write -- drift as lines of JSON, text, a Markdown table or annotations.
 */
#include <stdlib.h>
#include "json/str.h"
#include "stream/source_name.h"
#include "attrs/diff_write.h"

static void add_path(struct buf *b, const struct drift *d)
{
	struct step *steps = NULL;
	size_t cap = 0, n = tree_steps(d->tree, d->node, &steps, &cap);

	path_write(b, steps, n);
	free(steps);
}

static const char *source_of(const struct drift *d)
{
	return d->first ? d->first_in->sources[d->first->source] : NULL;
}

static void write_ndjson(struct buf *b, const struct drift *d)
{
	static const char *const bumps[] = {
		[BUMP_NONE] = "null", [BUMP_ADDITION] = "\"ADDITION\"",
		[BUMP_REVISION] = "\"REVISION\"", [BUMP_MODEL] = "\"MODEL\""
	};
	struct buf path = {0};
	struct step *steps = NULL;
	size_t cap = 0, n = tree_steps(d->tree, d->node, &steps, &cap);

	path_write(&path, steps, n);
	buf_addf(b, "{\"change\":\"%s\",\"class\":\"%s\",\"bump\":",
		 drift_names[d->change], drift_class_names[d->class]);
	buf_adds(b, bumps[d->bump]);
	buf_adds(b, ",\"path\":");
	str_write(b, path.s, path.len);
	buf_adds(b, ",\"steps\":");
	path_write_steps(b, steps, n);
	buf_adds(b, ",\"version\":");
	buf_addf(b, d->version == NO_VERSION ? "%s" : "\"%s\"",
		 d->version == NO_VERSION ? "null" : version_name(d->version));
	buf_addf(b, ",\"old\":%s,\"new\":%s", d->old, d->now);
	if (d->first) {
		buf_adds(b, ",\"first\":{\"source\":");
		source_name_write(b, source_of(d));
		buf_addf(b, ",\"byte\":%llu}",
			 (unsigned long long)d->first->byte);
	}
	buf_adds(b, "}\n");
	buf_release(&path);
	free(steps);
}

/* "name: old -> new (source:byte)", without quotes and braces. */
static void add_plain(struct buf *b, const char *json)
{
	for (; *json; json++)
		if (*json == ',')
			buf_adds(b, ", ");
		else if (*json == ':')
			buf_addc(b, ' ');
		else if (!strchr("{}\"", *json))
			buf_addc(b, *json);
}

static void add_figures(struct buf *b, const struct drift *d)
{
	if (strcmp(d->old, "null") != 0)
		add_plain(b, d->old);
	if (strcmp(d->old, "null") != 0 && strcmp(d->now, "null") != 0)
		buf_adds(b, " -> ");
	if (strcmp(d->now, "null") != 0)
		add_plain(b, d->now);
}

static void add_first(struct buf *b, const struct drift *d)
{
	const char *source = source_of(d);

	if (!source)
		return;
	buf_add_visible(b, source, strlen(source));
	buf_addf(b, ":%llu", (unsigned long long)d->first->byte);
}

static void write_text(struct buf *b, const struct drift *d)
{
	struct buf path = {0};

	add_path(&path, d);
	buf_addf(b, "%-8s  %-20s  ", drift_class_names[d->class],
		 drift_names[d->change]);
	buf_add_visible(b, path.s, path.len);
	if (d->version != NO_VERSION)
		buf_addf(b, " (%s)", version_name(d->version));
	buf_adds(b, ": ");
	add_figures(b, d);
	if (d->first) {
		buf_adds(b, ", first at ");
		add_first(b, d);
	}
	buf_addc(b, '\n');
	buf_release(&path);
}

/* In a cell: a code span that no bar ends. */
static void add_code(struct buf *b, const struct buf *text)
{
	bool tick = memchr(text->s, '`', text->len) != NULL;

	buf_adds(b, tick ? "`` " : "`");
	for (size_t i = 0; i < text->len; i++) {
		if (text->s[i] == '|')
			buf_addc(b, '\\');
		buf_addc(b, text->s[i]);
	}
	buf_adds(b, tick ? " ``" : "`");
}

static void write_markdown(struct buf *b, const struct drift *d)
{
	struct buf text = {0}, seen = {0};

	add_path(&text, d);
	buf_add_visible(&seen, text.s, text.len);
	buf_addf(b, "| %s | %s | ", drift_class_names[d->class],
		 drift_names[d->change]);
	add_code(b, &seen);
	buf_addf(b, " | %s | ", d->version == NO_VERSION ? "" :
		 version_name(d->version));
	if (strcmp(d->old, "null") != 0)
		add_plain(b, d->old);
	buf_adds(b, " | ");
	if (strcmp(d->now, "null") != 0)
		add_plain(b, d->now);
	buf_adds(b, " | ");
	buf_clear(&seen);
	add_first(&seen, d);
	if (seen.len)
		add_code(b, &seen);
	buf_adds(b, " |\n");
	buf_release(&text);
	buf_release(&seen);
}

/*
 * Escapes of GitHub's workflow commands: "%", CR and LF everywhere, ":" and ","
 * in properties.
 */
static void add_command_text(struct buf *b, const char *s, size_t len,
			     bool property)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '%' || c == '\r' || c == '\n' ||
		    (property && (c == ':' || c == ',')))
			buf_addf(b, "%%%02X", c);
		else
			buf_addc(b, (char)c);
	}
}

static void write_github(struct buf *b, const struct drift *d)
{
	static const char *const levels[DRIFT_CLASSES] = {
		"notice", "warning", "error"
	};
	const char *source = source_of(d);
	struct buf text = {0};

	buf_addf(b, "::%s ", levels[d->class]);
	if (source) {
		buf_adds(b, "file=");
		add_command_text(b, source, strlen(source), true);
		buf_addc(b, ',');
	}
	buf_addf(b, "title=%s %s::", drift_class_names[d->class],
		 drift_names[d->change]);
	add_path(&text, d);
	if (d->version != NO_VERSION)
		buf_addf(&text, " (%s)", version_name(d->version));
	buf_adds(&text, ": ");
	add_figures(&text, d);
	if (d->first) {
		buf_adds(&text, ", first at ");
		add_first(&text, d);
	}
	add_command_text(b, text.s, text.len, false);
	buf_addc(b, '\n');
	buf_release(&text);
}

void drift_write(struct buf *b, enum drift_format format,
		 const struct drift *d)
{
	switch (format) {
	case DRIFT_NDJSON:
		write_ndjson(b, d);
		break;
	case DRIFT_TEXT:
		write_text(b, d);
		break;
	case DRIFT_MARKDOWN:
		write_markdown(b, d);
		break;
	case DRIFT_GITHUB:
		write_github(b, d);
		break;
	}
}

void drift_write_head(struct buf *b, enum drift_format format)
{
	if (format == DRIFT_MARKDOWN)
		buf_adds(b, "| Class | Change | Attribute | Version | Old | "
			 "New | First |\n|:--|:--|:--|:--|:--|:--|:--|\n");
}

void drift_write_feet(struct buf *b, enum drift_format format,
		      const uint64_t n[DRIFT_CLASSES])
{
	uint64_t all = n[DRIFT_PATCH] + n[DRIFT_ADDITIVE] + n[DRIFT_BREAKING];

	if (!all || (format != DRIFT_TEXT && format != DRIFT_MARKDOWN))
		return;
	buf_addf(b, "%s%llu changes: %llu breaking, %llu additive, "
		 "%llu patch\n", format == DRIFT_MARKDOWN ? "\n" : "",
		 (unsigned long long)all,
		 (unsigned long long)n[DRIFT_BREAKING],
		 (unsigned long long)n[DRIFT_ADDITIVE],
		 (unsigned long long)n[DRIFT_PATCH]);
}
