/*
 * mcp_file -- proposals of a file.
 */
#include "datahub/mcp_file.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/input.h"

/* What a body may be long: of any program of the suite. */
#define MAX_RECORD ((uint64_t)1 << 30)

struct file {
	int (*take)(void *arg, const struct dom *proposal);
	void *arg;
};

static int take(void *arg, const char *text, size_t len,
		const struct place *where, const char **why)
{
	const struct file *f = arg;
	struct pool scratch = {0};
	const struct dom *d = dom_parse(&scratch, text, len), *list;
	int rc = 0;

	(void)where;
	*why = "is no metadata change proposal";
	list = dom_get(d, "proposals");
	if (dom_is(list, VALUE_ARRAY))
		for (list = list->child; list && !rc; list = list->next)
			rc = f->take(f->arg, list);
	else
		rc = f->take(f->arg, d);
	pool_release(&scratch);
	return rc;
}

int mcp_file_read(const char *path,
		  int (*take_one)(void *arg, const struct dom *proposal),
		  void *arg)
{
	struct reader_opts opts = {.max_record = MAX_RECORD};
	struct file file = {take_one, arg};
	struct findings findings;
	struct input in = {.findings = &findings, .take = take, .arg = &file};
	char *names[1];
	int rc = -1;

	names[0] = mem_dup(path, strlen(path));
	findings_init(&findings, NULL);
	in.reader = reader_open(&opts, names, 1, NULL, 0);
	if (in.reader) {
		input_run(&in);
		rc = in.rejected || reader_failed(in.reader) ? -1 : 0;
		reader_free(in.reader);
	}
	findings_release(&findings);
	free(names[0]);
	return rc;
}

const struct dom *mcp_file_aspect(struct pool *pool, const struct dom *d)
{
	const struct dom *aspect = dom_get(d, "aspect");
	const struct dom *json = dom_get(aspect, "json");
	struct json_fault fault;
	struct span text;

	if (json)
		return json;
	text = dom_string(pool, dom_get(aspect, "value"));
	if (!text.s || json_check(text.s, text.len, INPUT_DEPTH, &fault))
		return NULL;
	return dom_parse(pool, text.s, text.len);
}
