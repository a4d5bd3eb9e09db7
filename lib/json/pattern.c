/*
 * pattern -- regular expressions with regcomp(3), at the beginning of the text.
 */
#include "json/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

int pattern_compile(struct pattern *p, const char *text, char *why)
{
	char said[100];
	int rc;

	*p = (struct pattern){.text = text};
	p->re = mem_alloc(sizeof(*p->re));
	rc = regcomp(p->re, text, REG_EXTENDED | REG_ICASE);
	if (!rc)
		return 0;
	regerror(rc, p->re, said, sizeof(said));
	snprintf(why, 200, "is no regular expression: %s (regex(7))", said);
	free(p->re);
	p->re = NULL;
	return -1;
}

void pattern_release(struct pattern *p)
{
	if (!p->re)
		return;
	regfree(p->re);
	free(p->re);
	p->re = NULL;
}

bool pattern_matches(const struct pattern *p, struct span text)
{
	struct buf b = {0};
	regmatch_t at;
	bool yes;

	if (!p->re)
		return true;
	buf_add(&b, text.s, text.len);
	/* the first match: if there is one at the beginning, this is it */
	yes = !regexec(p->re, buf_cstr(&b), 1, &at, 0) && at.rm_so == 0;
	buf_release(&b);
	return yes;
}

int patterns_add(struct pattern **list, size_t *n, const char *text, char *why)
{
	struct pattern p;

	if (pattern_compile(&p, text, why))
		return -1;
	*list = mem_resize(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = p;
	return 0;
}

static void release_list(struct pattern *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pattern_release(&list[i]);
	free(list);
}

void patterns_release(struct patterns *p)
{
	release_list(p->allow, p->nallow);
	release_list(p->deny, p->ndeny);
	*p = (struct patterns){0};
}

static bool any(const struct pattern *list, size_t n, struct span text)
{
	for (size_t i = 0; i < n; i++)
		if (pattern_matches(&list[i], text))
			return true;
	return false;
}

bool patterns_allow(const struct patterns *p, struct span text)
{
	if (any(p->deny, p->ndeny, text))
		return false;
	return !p->nallow || any(p->allow, p->nallow, text);
}
