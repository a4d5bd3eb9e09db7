/*
 * settings_opts -- from options to settings.
 */
#include "datahub/settings_opts.h"

#include <stdlib.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "datahub/urn.h"
#include "datahub/when.h"

/* What DataHub's connector takes for personal and for sensitive. */
static const char *const default_pii[] = {
	"email", "user_id", "ip_address", "phone", "ssn", "credit_card",
	"user_fingerprint", "network_userid", "domain_userid", NULL
};
static const char *const default_sensitive[] = {
	"password", "token", "secret", "key", "auth", NULL
};

void settings_defaults(struct settings_opts *o)
{
	*o = (struct settings_opts){.plain = {
		.env = "PROD", .warehouse_env = "PROD",
		.console_url = "https://console.snowplowanalytics.com",
		.version_tag = "snowplow_schema_v{version}",
		.event_tag = "snowplow_event_{name}",
		.author_tag = "added_by_{author}"
	}};
}

static int compile(struct pattern **list, size_t *n,
		   const struct opt_list *from, const char *option)
{
	char why[200];

	for (size_t i = 0; i < from->n; i++)
		if (patterns_add(list, n, from->items[i], why)) {
			err_msg("--%s: '%s' %s", option, from->items[i], why);
			return -1;
		}
	return 0;
}

static int compile_all(struct settings *s, const struct settings_opts *o)
{
	struct {
		struct patterns *to;
		const struct opt_list *allow, *deny;
		const char *name, *no_name;
	} all[] = {
		{&s->schemas, &o->schema, &o->no_schema, "schema",
		 "no-schema"},
		{&s->specs, &o->spec, &o->no_spec, "event-spec",
		 "no-event-spec"},
		{&s->plans, &o->plan, &o->no_plan, "tracking-plan",
		 "no-tracking-plan"},
		{&s->pipelines, &o->pipeline, &o->no_pipeline, "pipeline",
		 "no-pipeline"}
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (compile(&all[i].to->allow, &all[i].to->nallow,
			    all[i].allow, all[i].name) ||
		    compile(&all[i].to->deny, &all[i].to->ndeny, all[i].deny,
			    all[i].no_name))
			return -1;
	return 0;
}

/* "ID=INSTANCE[,ENV]" */
static int add_destination(struct settings *s, const char *text)
{
	const char *equal = strchr(text, '='), *comma;
	struct destination_map m = {0};

	if (!equal || equal == text) {
		err_msg("--destination: '%s' is not ID=INSTANCE[,ENV]", text);
		return -1;
	}
	comma = strchr(equal, ',');
	m.id = (struct span){text, (size_t)(equal - text)};
	m.instance = comma ? (struct span){equal + 1,
		(size_t)(comma - equal) - 1} : span_of(equal + 1);
	m.env = span_of(comma ? comma + 1 : "");
	s->destinations = mem_resize(s->destinations, s->ndestinations + 1,
				     sizeof(m));
	s->destinations[s->ndestinations++] = m;
	return 0;
}

/* "REGEX=URN": the URN begins behind the last "=" before "urn:". */
static int add_domain(struct settings *s, const char *text)
{
	const char *urn = strstr(text, "=urn:li:domain:");
	struct domain_rule rule;
	char why[200], *regex;

	if (!urn) {
		err_msg("--domain: '%s' is not REGEX=urn:li:domain:ID", text);
		return -1;
	}
	regex = mem_dup(text, (size_t)(urn - text));
	if (pattern_compile(&rule.pattern, regex, why)) {
		err_msg("--domain: '%s' %s", regex, why);
		free(regex);
		return -1;
	}
	free(regex);
	rule.urn = urn + 1;
	s->domains = mem_resize(s->domains, s->ndomains + 1, sizeof(rule));
	s->domains[s->ndomains++] = rule;
	return 0;
}

/* Words with commas between, in lower case, each an allocation of ${to}. */
static void add_words(struct opt_list *to, const struct opt_list *from,
		      const char *const *otherwise)
{
	for (; !from->n && *otherwise; otherwise++)
		opt_list_add(to, mem_dup(*otherwise, strlen(*otherwise)));
	for (size_t i = 0; i < from->n; i++) {
		const char *p = from->items[i];

		while (*p) {
			size_t n = strcspn(p, ",");
			char *word = mem_dup(p, n);

			for (size_t k = 0; k < n; k++)
				if (word[k] >= 'A' && word[k] <= 'Z')
					word[k] = (char)(word[k] + 32);
			if (n)
				opt_list_add(to, word);
			else
				free(word);
			p += n + (p[n] != '\0');
		}
	}
}

static int read_patch(struct settings *s, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, ",");

		if (n == 9 && !memcmp(text, "ownership", n)) {
			s->patch_ownership = true;
		} else if (n == 4 && !memcmp(text, "tags", n)) {
			s->patch_tags = true;
		} else {
			err_msg("--patch: '%.*s' is neither ownership nor tags",
				(int)n, text);
			return -1;
		}
		text += n + (text[n] != '\0');
	}
	return 0;
}

static int check(const struct settings *s)
{
	if (s->deployed_since &&
	    !when_read(span_of(s->deployed_since)).valid) {
		err_msg("--deployed-since: '%s' is no ISO 8601 time "
			"(2024-01-15 or 2024-01-15T10:00:00Z)",
			s->deployed_since);
		return -1;
	}
	if (s->deployment_env && strcasecmp(s->deployment_env, "PROD") &&
	    strcasecmp(s->deployment_env, "DEV")) {
		err_msg("--deployment-environment: '%s' is neither PROD nor "
			"DEV", s->deployment_env);
		return -1;
	}
	if (s->upstream && s->paths == FIELD_PATHS_V2) {
		err_msg("--compat=upstream has the connector's field paths "
			"(leave --field-paths=v2 out)");
		return -1;
	}
	return 0;
}

int settings_make(struct settings *s, const struct settings_opts *o)
{
	*s = o->plain;
	s->upstream = o->compat == 1;
	s->paths = (enum field_paths)o->paths;
	s->marks = (enum field_marks)o->marks;
	s->columns = (enum column_lineage)o->columns;
	s->snake = (enum snake_choice)o->snake;
	s->bigquery_v1 = o->bigquery == 1;
	s->no_events = o->types == 2;
	s->no_entities = o->types == 1;
	add_words(&s->pii, &o->pii, default_pii);
	add_words(&s->sensitive, &o->sensitive, default_sensitive);
	for (size_t i = 0; i < o->destination.n; i++)
		if (add_destination(s, o->destination.items[i]))
			return -1;
	for (size_t i = 0; i < o->domain.n; i++)
		if (add_domain(s, o->domain.items[i]))
			return -1;
	return compile_all(s, o) || read_patch(s, o->patch) || check(s) ? -1 :
		0;
}

static void release_words(struct opt_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free((void *)(uintptr_t)list->items[i]);
	opt_list_release(list);
}

void settings_release(struct settings *s, struct settings_opts *o)
{
	struct opt_list *lists[] = {
		&o->schema, &o->no_schema, &o->spec, &o->no_spec, &o->plan,
		&o->no_plan, &o->pipeline, &o->no_pipeline, &o->destination,
		&o->domain, &o->pii, &o->sensitive, &o->plain.spec_statuses
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		opt_list_release(lists[i]);
	release_words(&s->pii);
	release_words(&s->sensitive);
	patterns_release(&s->schemas);
	patterns_release(&s->specs);
	patterns_release(&s->plans);
	patterns_release(&s->pipelines);
	for (size_t i = 0; i < s->ndomains; i++)
		pattern_release(&s->domains[i].pattern);
	free(s->domains);
	free(s->destinations);
}
