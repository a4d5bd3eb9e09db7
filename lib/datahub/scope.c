/*
 * scope -- filters as text: "program option value" joined by "; ", by bytes.
 */
#include "datahub/scope.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/tags.h"
#include "datahub/urn.h"

#define OWN "build-lineage "

/* One filter of the end line, without how much it left out. */
static void add_filter(struct tags *t, const struct dom *d)
{
	static const char *const parts[] = {"program", "option", "value"};
	struct buf b = {0};

	if (!dom_is(d, VALUE_OBJECT)) {
		dom_write(&b, d);
	} else {
		for (size_t i = 0; i < 3; i++) {
			const struct dom *x = dom_get(d, parts[i]);
			struct pool scratch = {0};
			struct span text = dom_string(&scratch, x);

			if (b.len)
				buf_addc(&b, ' ');
			if (text.s)
				buf_add(&b, text.s, text.len);
			else
				dom_write(&b, x);
			pool_release(&scratch);
		}
	}
	tags_add(t, (struct span){b.s ? b.s : "", b.len});
	buf_release(&b);
}

static void add_own(struct tags *t, const char *option, const char *value)
{
	struct buf b = {0};

	buf_addf(&b, OWN "%s", option);
	if (value)
		buf_addf(&b, " %s", value);
	tags_add(t, (struct span){b.s, b.len});
	buf_release(&b);
}

static void add_patterns(struct tags *t, const struct patterns *p,
			 const char *allow, const char *deny)
{
	for (size_t i = 0; i < p->nallow; i++)
		add_own(t, allow, p->allow[i].text);
	for (size_t i = 0; i < p->ndeny; i++)
		add_own(t, deny, p->deny[i].text);
}

static void add_flags(struct tags *t, const struct settings *s)
{
	const struct {
		bool on;
		const char *option;
	} flags[] = {
		{s->no_specs, "--no-event-specs"},
		{s->no_plans, "--no-tracking-plans"},
		{s->no_pipelines, "--no-pipelines"},
		{s->no_enrichments, "--no-enrichments"},
		{s->no_standard, "--no-standard-schemas"},
		{s->no_events, "--no-events"},
		{s->no_entities, "--no-entities"},
		{s->hidden, "--hidden"},
		{s->version_in_urn, "--version-in-urn"}
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].on)
			add_own(t, flags[i].option, NULL);
}

static void add_settings(struct tags *t, const struct settings *s)
{
	add_patterns(t, &s->schemas, "--schema", "--no-schema");
	add_patterns(t, &s->specs, "--event-spec", "--no-event-spec");
	add_patterns(t, &s->plans, "--tracking-plan", "--no-tracking-plan");
	add_patterns(t, &s->pipelines, "--pipeline", "--no-pipeline");
	for (size_t i = 0; i < s->spec_statuses.n; i++)
		add_own(t, "--event-spec-status", s->spec_statuses.items[i]);
	if (s->pipeline_label)
		add_own(t, "--pipeline-label", s->pipeline_label);
	if (s->deployed_since)
		add_own(t, "--deployed-since", s->deployed_since);
	if (s->deployment_env)
		add_own(t, "--deployment-environment", s->deployment_env);
	add_flags(t, s);
}

void scope_write(struct buf *b, const struct settings *s, const struct org *o)
{
	struct pool scratch = {0};
	const struct dom *list = NULL;
	struct tags t = {0};

	if (o->filters.s)
		list = dom_parse(&scratch, o->filters.s, o->filters.len);
	for (const struct dom *d = dom_first(list); d; d = d->next)
		add_filter(&t, d);
	add_settings(&t, s);
	for (size_t i = 0; i < t.n; i++) {
		if (i)
			buf_adds(b, "; ");
		buf_add(b, t.items[i].s, t.items[i].len);
	}
	tags_release(&t);
	pool_release(&scratch);
}
