/*
 * render_iglu -- a self-describing schema for Iglu, Snowplow's registry.
 *
 * Iglu reads draft 4 of JSON Schema under its own metaschema, which asks for
 * the member "self"; objects are closed, as schemas there are.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "base/err.h"
#include "json/check.h"
#include "json/str.h"
#include "attrs/render_schema.h"
#include "attrs/schema_ver.h"

#define SELF_DESC "http://iglucentral.com/schemas/" \
	"com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"
#define PREVIOUS_MAX (64 << 20)	/* bytes; no schema is near it */

/* What the metaschema allows in a vendor; in a name all but the full stop. */
static bool is_name(const char *s, bool dots)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	return *s && !s[n] && (dots || !strchr(s, '.'));
}

int render_iglu_check(const struct render_opts *o)
{
	struct schema_ver v;

	if (!o->vendor || !o->name) {
		err_msg("--to=iglu needs --vendor and --name");
		return RC_USAGE;
	}
	if (!is_name(o->vendor, true) || !is_name(o->name, false)) {
		err_msg("--vendor=%s --name=%s: only letters, digits, - and _ "
			"(full stops in the vendor)", o->vendor, o->name);
		return RC_USAGE;
	}
	if (o->version && o->previous) {
		err_msg("--schema-version follows from --previous (leave one out)");
		return RC_USAGE;
	}
	if (o->version && schema_ver_read(&v, o->version, strlen(o->version))) {
		err_msg("--schema-version=%s: not a SchemaVer, such as 1-0-0",
			o->version);
		return RC_USAGE;
	}
	return RC_DONE;
}

static int read_all(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	while (fd >= 0 && n && text->len < PREVIOUS_MAX) {
		n = read(fd, buf_reserve(text, 65536), 65536);
		if (n < 0 && errno != EINTR)
			break;
		text->len += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		err_msg("%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

/* The text of a member that is a plain string; .s NULL: none. */
static struct span text_member(struct span object, const char *name)
{
	struct span key, value, found = {NULL, 0};
	struct value_iter it;

	value_iter_start(&it, object);
	while (value_next(&it, &key, &value)) {
		value = value_trim(value.s, value.len);
		if (key.len == strlen(name) && !memcmp(key.s, name, key.len))
			found = value;
	}
	return found;
}

/* The version of a self-describing schema. */
static int previous_version(struct span schema, struct schema_ver *v)
{
	struct span self = text_member(schema, "self"), text;

	if (!self.s || self.s[0] != '{')
		return -1;
	text = text_member(self, "version");
	if (!text.s || text.s[0] != '"')
		return -1;
	return schema_ver_read(v, text.s + 1, text.len - 2);
}

/* What the new version is, with a message that says why. */
static int follow(const struct render *r, const struct buf *body,
		  struct schema_ver *v)
{
	static const char *const names[] = {
		"nothing changed", "ADDITION", "REVISION", "MODEL"
	};
	const char *path = r->opts->previous;
	struct buf text = {0}, where = {0};
	struct json_fault fault;
	struct span old;
	enum schema_bump bump;
	int rc = RC_USAGE;

	if (read_all(path, &text)) {
		rc = RC_FAILED;
	} else if (!text.len || json_check(text.s, text.len, SCAN_MAX_DEPTH,
					   &fault)) {
		err_msg("%s: not JSON", path);
	} else {
		old = value_trim(text.s, text.len);
		if (old.s[0] != '{' || previous_version(old, v)) {
			err_msg("%s: not a self-describing schema: there is no "
				"self.version", path);
		} else {
			bump = schema_compare(old, (struct span){
				body->s, body->len}, &where);
			schema_ver_raise(v, bump);
			if (!r->opts->common.quiet)
				err_msg("%s%s%s", names[bump], bump ? " for " :
					"", bump ? buf_cstr(&where) : "");
			rc = RC_DONE;
		}
	}
	buf_release(&text);
	buf_release(&where);
	return rc;
}

static int write_whole(struct render *r, const struct buf *body,
		       const struct schema_ver *v)
{
	struct buf *b = &r->text;

	buf_clear(b);
	buf_adds(b, "{\"$schema\":\"" SELF_DESC "\",\"self\":{\"vendor\":");
	str_write(b, r->opts->vendor, strlen(r->opts->vendor));
	buf_adds(b, ",\"name\":");
	str_write(b, r->opts->name, strlen(r->opts->name));
	buf_adds(b, ",\"format\":\"jsonschema\",\"version\":\"");
	schema_ver_write(b, v);
	buf_adds(b, "\"},");
	buf_add(b, body->s + 1, body->len - 1);
	buf_addc(b, '\n');
	return render_flush(r) ? RC_FAILED : RC_DONE;
}

int render_iglu(struct render *r)
{
	struct schema_style style = {
		.ranges = true, .closed = true, .whole = true
	};
	struct schema_ver v = {1, 0, 0};
	struct buf body = {0};
	struct facts f;
	int rc = RC_DONE;

	if (r->view->n)
		view_facts(r->view, 0, &f);
	if (!r->view->n || f.active != 1u << VERSION_OBJECT || f.nulls) {
		err_msg("--to=iglu: the records are not all objects");
		return RC_USAGE;
	}
	buf_addc(&r->text, '{');
	schema_write(r, &style);
	buf_addc(&r->text, '}');
	buf_add(&body, r->text.s, r->text.len);
	if (r->opts->version)
		schema_ver_read(&v, r->opts->version, strlen(r->opts->version));
	if (r->opts->previous)
		rc = follow(r, &body, &v);
	if (rc == RC_DONE)
		rc = write_whole(r, &body, &v);
	buf_release(&body);
	return rc;
}
