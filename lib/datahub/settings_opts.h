/*
 * settings_opts -- the options of build-lineage that make its settings, as
 * lines for its table (base/opts.h).
 *
 * struct settings_opts is what they are parsed into; settings_make() checks
 * them and makes the settings, which point into it and into the command line.
 */
#ifndef DATAHUB_SETTINGS_OPTS_H
#define DATAHUB_SETTINGS_OPTS_H

#include "base/opts.h"
#include "datahub/settings.h"

struct settings_opts {
	struct settings plain;		/* what needs no more than its value */
	struct opt_list schema, no_schema, spec, no_spec, plan, no_plan,
		pipeline, no_pipeline, destination, domain, pii, sensitive;
	int types, compat, paths, marks, columns, snake, bigquery;
	const char *patch;
};

/* Defaults, before the options are parsed. */
void settings_defaults(struct settings_opts *);

/* Returns 0, or -1 after a message (usage). */
int settings_make(struct settings *, const struct settings_opts *);
void settings_release(struct settings *, struct settings_opts *);

/* ${at(member)} is the place of settings_opts' member in the program's. */
#define SETTINGS_NAMES(at) \
	{.kind = OPT_HEADING, .help = "Names"}, \
	{.name = "organization", .arg = "ID", .kind = OPT_TEXT, \
	 at(plain.org_id), .help = "The organization's id, where the input " \
		"does not say it."}, \
	{.name = "platform-instance", .arg = "NAME", .kind = OPT_TEXT, \
	 at(plain.instance), .help = "Platform instance of what is " \
		"described."}, \
	{.name = "env", .arg = "ENV", .kind = OPT_TEXT, at(plain.env), \
	 .help = "Environment in URNs (PROD)."}, \
	{.name = "version-in-urn", at(plain.version_in_urn), \
	 .help = "A dataset for each version of a schema."}, \
	{.name = "field-paths", .kind = OPT_CHOICE, \
	 .choices = "connector|v2", at(paths), .help = "Field paths as " \
		"DataHub's connector writes them (default), or by its field " \
		"path specification."}, \
	{.name = "compat", .kind = OPT_CHOICE, .choices = "none|upstream", \
	 at(compat), .help = "upstream: what DataHub's connector gives, its " \
		"first pipeline and field edges."}, \
	{.name = "run-id", .arg = "ID", .kind = OPT_TEXT, at(plain.run_id), \
	 .help = "Write systemMetadata with this runId."}, \
	{.name = "console-url", .arg = "URL", .kind = OPT_TEXT, \
	 at(plain.console_url), .help = "Where links lead to " \
		"(https://console.snowplowanalytics.com)."}

#define SETTINGS_FILTERS(at) \
	{.kind = OPT_HEADING, .help = "What is described"}, \
	{.name = "schema", .arg = "REGEX", .kind = OPT_LIST, at(schema), \
	 .help = "Only data structures whose vendor/name matches from its " \
		"beginning, in any case. Repeatable, as all of these."}, \
	{.name = "no-schema", .arg = "REGEX", .kind = OPT_LIST, \
	 at(no_schema), .help = "None that match."}, \
	{.name = "event-spec", .arg = "REGEX", .kind = OPT_LIST, at(spec), \
	 .help = "Only event specifications whose name matches."}, \
	{.name = "no-event-spec", .arg = "REGEX", .kind = OPT_LIST, \
	 at(no_spec), .help = "None that match."}, \
	{.name = "tracking-plan", .arg = "REGEX", .kind = OPT_LIST, at(plan), \
	 .help = "Only tracking plans whose name matches."}, \
	{.name = "no-tracking-plan", .arg = "REGEX", .kind = OPT_LIST, \
	 at(no_plan), .help = "None that match."}, \
	{.name = "pipeline", .arg = "REGEX", .kind = OPT_LIST, at(pipeline), \
	 .help = "Only pipelines whose name matches."}, \
	{.name = "no-pipeline", .arg = "REGEX", .kind = OPT_LIST, \
	 at(no_pipeline), .help = "None that match."}, \
	{.name = "pipeline-label", .arg = "LABEL", .kind = OPT_TEXT, \
	 at(plain.pipeline_label), .help = "Only pipelines with this label, " \
		"or with none."}, \
	{.name = "schema-types", .kind = OPT_CHOICE, \
	 .choices = "all|event|entity", at(types), \
	 .help = "Only schemas of events, or of entities."}, \
	{.name = "hidden", at(plain.hidden), \
	 .help = "Hidden data structures, too."}, \
	{.name = "deployed-since", .arg = "TIME", .kind = OPT_TEXT, \
	 at(plain.deployed_since), .help = "Only data structures deployed at " \
		"or after this ISO 8601 time."}, \
	{.name = "deployment-environment", .arg = "ENV", .kind = OPT_TEXT, \
	 at(plain.deployment_env), .help = "Only what is deployed to PROD, or " \
		"to DEV, in the version that is there."}, \
	{.name = "event-spec-status", .arg = "STATUS", .kind = OPT_LIST, \
	 at(plain.spec_statuses), .help = "Only event specifications of this " \
		"status. Repeatable."}, \
	{.name = "no-event-specs", at(plain.no_specs), \
	 .help = "No event specifications."}, \
	{.name = "no-tracking-plans", at(plain.no_plans), \
	 .help = "No tracking plans."}, \
	{.name = "no-pipelines", at(plain.no_pipelines), \
	 .help = "No pipelines, nor what runs in them."}, \
	{.name = "no-enrichments", at(plain.no_enrichments), \
	 .help = "No jobs of pipelines."}, \
	{.name = "no-standard-schemas", at(plain.no_standard), \
	 .help = "No schemas of Iglu Central."}

#define SETTINGS_MARKS(at) \
	{.kind = OPT_HEADING, .help = "Fields, owners, tags"}, \
	{.name = "field-versions", at(plain.field_versions), \
	 .help = "Find out in which version each field was added; wants the " \
		"history and bodies of fetch-deploys --schemas=all."}, \
	{.name = "marks", .kind = OPT_CHOICE, \
	 .choices = "properties|tags|both|pii-tags", at(marks), \
	 .help = "What tells a field's version, author and class: structured " \
		"properties (default), tags, both, or properties with tags " \
		"for the class only."}, \
	{.name = "no-field-marks", at(plain.no_field_tagging), \
	 .help = "None of these, and no tag for the kind of event."}, \
	{.name = "no-version-marks", at(plain.no_tag_version), \
	 .help = "Not the version."}, \
	{.name = "no-author-marks", at(plain.no_tag_author), \
	 .help = "Not the author."}, \
	{.name = "no-class-marks", at(plain.no_tag_class), \
	 .help = "Not the class of data."}, \
	{.name = "no-event-tags", at(plain.no_tag_event), \
	 .help = "No tag for the kind of event."}, \
	{.name = "version-tag", .arg = "PATTERN", .kind = OPT_TEXT, \
	 at(plain.version_tag), .help = "snowplow_schema_v{version}"}, \
	{.name = "event-tag", .arg = "PATTERN", .kind = OPT_TEXT, \
	 at(plain.event_tag), .help = "snowplow_event_{name}"}, \
	{.name = "author-tag", .arg = "PATTERN", .kind = OPT_TEXT, \
	 at(plain.author_tag), .help = "added_by_{author}"}, \
	{.name = "pii", .arg = "WORDS", .kind = OPT_LIST, at(pii), \
	 .help = "Parts of names, with commas between, that tell personal " \
		"data; replaces the list there is (email, user_id, ...)."}, \
	{.name = "sensitive", .arg = "WORDS", .kind = OPT_LIST, \
	 at(sensitive), .help = "The same for sensitive data (password, " \
		"token, ...)."}, \
	{.name = "no-pii-enrichment", at(plain.no_pii_enrichment), \
	 .help = "Do not take the fields of the PII enrichment for personal " \
		"data."}, \
	{.name = "enrichment-owner", .arg = "USER", .kind = OPT_TEXT, \
	 at(plain.enrichment_owner), .help = "Owner of all enrichments."}, \
	{.name = "domain", .arg = "REGEX=URN", .kind = OPT_LIST, at(domain), \
	 .help = "Domain of schemas whose vendor/name matches; the first one " \
		"that does. Repeatable."}, \
	{.name = "patch", .arg = "WHAT", .kind = OPT_TEXT, at(patch), \
	 .help = "ownership, tags or both with a comma: add ours to what " \
		"people set, instead of replacing it."}

#define SETTINGS_WAREHOUSE(at) \
	{.kind = OPT_HEADING, .help = "Warehouses"}, \
	{.name = "column-lineage", .kind = OPT_CHOICE, \
	 .choices = "job|patch|none", at(columns), .help = "From fields to " \
		"columns: in the loader's job (default), as PATCH of the " \
		"tables, or not."}, \
	{.name = "snake-case", .kind = OPT_CHOICE, .choices = "auto|sdk|ddl", \
	 at(snake), .help = "How names become columns: as loaders do " \
		"(default), or all by the analytics SDK's or schema-ddl's " \
		"rule."}, \
	{.name = "bigquery-loader", .kind = OPT_CHOICE, .choices = "2|1", \
	 at(bigquery), .help = "Its major version: columns are called by " \
		"models (2, the default) or by versions (1)."}, \
	{.name = "inner-columns", at(plain.inner_columns), \
	 .help = "To the members of BigQuery's and Databricks' columns, too, " \
		"where their types can be told."}, \
	{.name = "warehouse", .arg = "FILE", .kind = OPT_TEXT, \
	 at(plain.warehouse), .help = "What DataHub's connector wrote of the " \
		"warehouse: it says which columns and tables for versions " \
		"against the rules (..._recovered_...) there are."}, \
	{.name = "warehouse-instance", .arg = "NAME", .kind = OPT_TEXT, \
	 at(plain.warehouse_instance), .help = "Platform instance of the " \
		"warehouse."}, \
	{.name = "warehouse-env", .arg = "ENV", .kind = OPT_TEXT, \
	 at(plain.warehouse_env), .help = "Environment of its tables " \
		"(PROD)."}, \
	{.name = "destination", .arg = "ID=INSTANCE[,ENV]", \
	 .kind = OPT_LIST, at(destination), .help = "Both, for one " \
		"destination. Repeatable."}, \
	{.name = "data-models", at(plain.data_models), \
	 .help = "Lineage of data models' tables, too."}

#endif
