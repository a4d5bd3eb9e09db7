/*
 * rename -- attributes under other paths, so that several become one.
 */
#include <regex.h>
#include <stdlib.h>
#include "base/mem.h"
#include "attrs/rename.h"

#define GROUPS 10

struct rule {
	regex_t regex;
	char *text;		/* what takes the place of a match */
	bool all;		/* g */
};

struct rename_rules {
	struct rule *rules;
	size_t n;
};

/* The next part of ${*s}, up to ${mark}; "\MARK" is the mark itself. */
static char *next_part(const char **s, char mark)
{
	struct buf b = {0};
	char *part;

	while (**s && **s != mark) {
		if ((*s)[0] == '\\' && (*s)[1] == mark)
			(*s)++;
		else if ((*s)[0] == '\\' && (*s)[1])
			buf_addc(&b, *(*s)++);
		buf_addc(&b, *(*s)++);
	}
	part = **s == mark ? mem_dup(b.s ? b.s : "", b.len) : NULL;
	if (part)
		(*s)++;
	buf_release(&b);
	return part;
}

static int read_rule(struct rule *r, const char *text, struct buf *why)
{
	const char *s = text;
	char *regex = NULL, *to = NULL, said[200];
	int rc = -1, code;

	if (s[0] == 's' && s[1] && s[1] != '\\') {
		char mark = s[1];

		s += 2;
		regex = next_part(&s, mark);
		to = regex ? next_part(&s, mark) : NULL;
	}
	if (!to || (strcmp(s, "") != 0 && strcmp(s, "g") != 0)) {
		buf_addf(why, "--rename=%s: not s/REGEX/TEXT/ or "
			 "s/REGEX/TEXT/g", text);
	} else if ((code = regcomp(&r->regex, regex, REG_EXTENDED)) != 0) {
		regerror(code, &r->regex, said, sizeof(said));
		buf_addf(why, "--rename=%s: %s", text, said);
	} else {
		r->text = to;
		r->all = *s == 'g';
		to = NULL;
		rc = 0;
	}
	free(regex);
	free(to);
	return rc;
}

struct rename_rules *rename_rules_new(const struct opt_list *list,
				      struct buf *why)
{
	struct rename_rules *r = mem_zalloc(1, sizeof(*r));

	r->rules = mem_zalloc(list->n + 1, sizeof(*r->rules));
	for (size_t i = 0; i < list->n; i++) {
		if (read_rule(&r->rules[r->n], list->items[i], why)) {
			rename_rules_free(r);
			return NULL;
		}
		r->n++;
	}
	return r;
}

void rename_rules_free(struct rename_rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++) {
		regfree(&r->rules[i].regex);
		free(r->rules[i].text);
	}
	free(r->rules);
	free(r);
}

static void add_replacement(struct buf *b, const char *text, const char *from,
			    const regmatch_t *m)
{
	for (const char *t = text; *t; t++) {
		int group = *t == '&' ? 0 : -1;

		if (*t == '\\' && t[1]) {
			t++;
			group = *t >= '0' && *t <= '9' ? *t - '0' : -1;
		}
		if (group < 0)
			buf_addc(b, *t);
		else if (m[group].rm_so >= 0)
			buf_add(b, from + m[group].rm_so,
				(size_t)(m[group].rm_eo - m[group].rm_so));
	}
}

/* ${path} becomes what the rule makes of it. */
static void apply_rule(const struct rule *r, struct buf *path, struct buf *to)
{
	regmatch_t m[GROUPS];
	const char *at = buf_cstr(path);
	int flags = 0;

	buf_clear(to);
	while (!regexec(&r->regex, at, GROUPS, m, flags)) {
		buf_add(to, at, (size_t)m[0].rm_so);
		add_replacement(to, r->text, at, m);
		at += m[0].rm_eo;
		if (m[0].rm_eo == m[0].rm_so && *at)
			buf_addc(to, *at++);
		flags = REG_NOTBOL;
		if (!r->all || !*at)
			break;
	}
	buf_adds(to, at);
	buf_clear(path);
	buf_add(path, to->s, to->len);
}

struct renaming {
	struct tree *to;
	const struct rename_rules *rules;
	struct buf *why;
	struct buf path, text, keys;
	struct step *steps;
	size_t nsteps, cap;
	uint64_t *present;	/* of a node of ${to}: the greatest summand */
	size_t present_cap;
	bool failed;
};

/* Where the node goes; -1: not to a path. */
static int new_steps(struct renaming *r, const struct tree *from, uint32_t node)
{
	struct step *steps = NULL;
	size_t cap = 0, at;
	const char *what;

	r->nsteps = tree_steps(from, node, &steps, &cap);
	buf_clear(&r->path);
	path_write(&r->path, steps, r->nsteps);
	buf_clear(&r->text);
	buf_add(&r->text, r->path.s, r->path.len);
	free(steps);
	for (size_t i = 0; i < r->rules->n; i++)
		apply_rule(&r->rules->rules[i], &r->path, &r->keys);
	if (path_parse(r->path.s, r->path.len, &r->keys, &r->steps, &r->nsteps,
		       &r->cap, &what, &at)) {
		buf_addf(r->why, "--rename: %.*s becomes %.*s, which is no "
			 "path: %s", (int)r->text.len, r->text.s,
			 (int)r->path.len, r->path.s, what);
		return -1;
	}
	return 0;
}

/* The node at the new path; NODE_NONE: nothing was met above it. */
static uint32_t new_place(struct renaming *r)
{
	uint32_t node = NODE_ROOT;

	for (size_t i = 0; i < r->nsteps; i++) {
		if (!tree_count(r->to, node)) {
			buf_addf(r->why, "--rename: %.*s becomes %.*s, but "
				 "there is no attribute for it to be in "
				 "(rename that one too)", (int)r->text.len,
				 r->text.s, (int)r->path.len, r->path.s);
			return NODE_NONE;
		}
		node = tree_child(r->to, node, r->steps[i].kind,
				  r->steps[i].key, r->steps[i].len);
	}
	return node;
}

/* At least so many objects have it. */
static void note_present(struct renaming *r, uint32_t dst, uint64_t present)
{
	struct attr *a;

	while (r->present_cap <= dst) {
		size_t old = r->present_cap;

		mem_grow(&r->present, &r->present_cap, dst + 1UL,
			 sizeof(*r->present));
		memset(r->present + old, 0,
		       (r->present_cap - old) * sizeof(*r->present));
	}
	if (r->present[dst] < present)
		r->present[dst] = present;
	a = &r->to->attrs[dst];
	a->duplicates = tree_count(r->to, dst) - r->present[dst];
}

static void rename_one(void *arg, const struct tree *from, uint32_t node)
{
	struct renaming *r = arg;
	uint32_t dst;

	if (r->failed)
		return;
	r->failed = true;
	if (new_steps(r, from, node))
		return;
	dst = new_place(r);
	if (dst == NODE_NONE)
		return;
	r->failed = false;
	node_add(r->to, dst, from, node);
	if (from->attrs[node].kind == STEP_KEY)
		note_present(r, dst, tree_count(from, node) -
			     from->attrs[node].duplicates);
}

int tree_rename(struct tree *to, const struct tree *from,
		const struct rename_rules *rules, struct buf *why)
{
	struct renaming r = {.to = to, .rules = rules, .why = why};

	tree_walk(from, rename_one, &r);
	buf_release(&r.path);
	buf_release(&r.text);
	buf_release(&r.keys);
	free(r.steps);
	free(r.present);
	return r.failed ? -1 : 0;
}
