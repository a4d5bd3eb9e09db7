/*
 * render_sql_keys -- what tells records apart: given, or proposed.
 */
#include <strings.h>
#include "base/err.h"
#include "attrs/render_sql_in.h"

/* The version of a key: its only scalar one. */
static bool key_version(const struct sql *s, uint32_t i, enum version *version)
{
	struct facts f;

	for (uint32_t at = i; at; at = s->v->nodes[at].parent) {
		enum step_kind kind = view_attr(s->v, at)->kind;

		if (kind != STEP_KEY && kind != STEP_NULL)
			return false;
	}
	view_facts(s->v, i, &f);
	for (unsigned k = 0; k < VERSION_OBJECT; k++)
		if (facts_has(&f, (enum version)k))
			*version = (enum version)k;
	return f.versions == 1 && f.active < 1u << VERSION_OBJECT;
}

/* Once, however often it is given. */
static void take_key(struct sql *s, uint32_t i, enum version version)
{
	for (size_t k = 0; k < s->nkeys; k++)
		if (s->keys[k] == i)
			return;
	s->keys[s->nkeys] = i;
	s->key_versions[s->nkeys++] = version;
}

int sql_read_keys(struct sql *s)
{
	const struct opt_list *list = &s->r->opts->key;
	struct buf why = {0};
	enum version version = VERSION_STR;
	int rc = RC_DONE;

	for (size_t k = 0; k < list->n && rc == RC_DONE; k++) {
		uint32_t i = view_find(s->v, list->items[k], &why);

		if (i == VIEW_NONE) {
			err_msg("--key=%s", buf_cstr(&why));
			rc = RC_USAGE;
		} else if (!key_version(s, i, &version)) {
			err_msg("--key=%s: not a value of the records that has "
				"one type", list->items[k]);
			rc = RC_USAGE;
		} else {
			take_key(s, i, version);
		}
	}
	buf_release(&why);
	return rc;
}

/*
 * How much an attribute looks like a key of the records; 0: not at all.  Where
 * different values were counted, there have to be nearly as many as values.
 */
static unsigned key_score(const struct sql *s, uint32_t i)
{
	const struct attr *a = view_attr(s->v, i);
	const struct extra *extra;
	enum version version = VERSION_STR;
	unsigned score = 1;
	struct facts f;

	view_facts(s->v, i, &f);
	if (a->kind != STEP_KEY || s->v->nodes[i].parent || f.nulls ||
	    !facts_required(&f) || !key_version(s, i, &version) ||
	    (version != VERSION_STR && version != VERSION_INT) ||
	    f.str->empty)
		return 0;
	extra = version == VERSION_STR ? f.str->extra : f.i->extra;
	if (extra && s->r->scan_opts->extra.full) {
		/* the estimate's standard error is 1.6 percent */
		if (extra_distinct(extra) < f.count - f.count / 16)
			return 0;
		score += 8;
	}
	if (a->key_len == 2 && !memcmp(a->key, "id", 2))
		score += 4;
	else if (sql_is_format(facts_format(&f, true), "uuid"))
		score += 3;
	else if (a->key_len > 2 &&
		 !strncasecmp(a->key + a->key_len - 2, "id", 2))
		score += 2;
	return score;
}

void sql_propose_key(struct sql *s)
{
	unsigned best = 1;
	uint32_t found = 0;
	enum version version = VERSION_STR;

	for (uint32_t c = 1; c < s->v->n && s->v->n; c = s->v->nodes[c].end) {
		unsigned score = key_score(s, c);

		if (score > best) {
			best = score;
			found = c;
		}
	}
	buf_adds(&s->r->text, "-- key: ");
	if (found) {
		key_version(s, found, &version);
		take_key(s, found, version);
		view_path(s->v, found, &s->r->text);
		buf_adds(&s->r->text, ", proposed (--key gives another)\n");
	} else {
		buf_adds(&s->r->text, "none was found; tables of arrays cannot "
			 "be joined (--key gives one)\n");
	}
}

int render_sql_check(const struct render_opts *o)
{
	if (!o->dialect) {
		err_msg("--to=sql needs --dialect");
		return RC_USAGE;
	}
	if (o->kind == SQL_DYNAMIC && (o->dialect - 1 != SQL_SNOWFLAKE ||
				       !o->warehouse)) {
		err_msg("--kind=dynamic-table is Snowflake's, and needs "
			"--warehouse");
		return RC_USAGE;
	}
	if (o->rename.n) {
		err_msg("--rename: the paths of the data are needed for "
			"--to=sql (leave it out)");
		return RC_USAGE;
	}
	return RC_DONE;
}
