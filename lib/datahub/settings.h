/*
 * settings -- what a run of build-lineage was asked for.
 *
 * The names and defaults are those of DataHub's connector (its configuration
 * page); build-lineage(1) says which option sets what.  Plain data: texts are
 * the command line's, patterns are compiled once (pattern.h).  Read only
 * during a run; any thread.
 */
#ifndef DATAHUB_SETTINGS_H
#define DATAHUB_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/opts.h"
#include "json/pattern.h"
#include "json/value.h"

enum field_paths { FIELD_PATHS_CONNECTOR, FIELD_PATHS_V2 };
/* What fields get: only structured properties is upstream's default. */
enum field_marks {
	MARKS_PROPERTIES, MARKS_TAGS, MARKS_BOTH,
	MARKS_PII_TAGS		/* properties, and tags of data class only */
};
enum column_lineage { COLUMNS_JOB, COLUMNS_PATCH, COLUMNS_NONE };
enum snake_choice { SNAKE_CHOICE_AUTO, SNAKE_CHOICE_SDK, SNAKE_CHOICE_DDL };

/* --destination: where the tables of a destination are in DataHub. */
struct destination_map {
	struct span id;
	struct span instance;	/* .len 0: none */
	struct span env;	/* .len 0: settings.warehouse_env */
};

/* --domain PATTERN=URN: for schema datasets, on vendor/name. */
struct domain_rule {
	struct pattern pattern;
	const char *urn;
};

struct settings {
	const char *instance;		/* platform_instance, or NULL */
	const char *env;		/* "PROD" */
	const char *run_id;		/* or NULL: no systemMetadata */
	const char *org_id;		/* --organization, or NULL */
	const char *console_url;	/* for links; without / at the end */
	bool upstream;			/* --compat=upstream */
	enum field_paths paths;

	struct patterns schemas;	/* on vendor/name */
	struct patterns specs, plans, pipelines;	/* on the name */
	const char *pipeline_label;	/* or NULL; any case */
	struct opt_list spec_statuses;	/* any case; none: all */
	const char *deployed_since;	/* ISO 8601, or NULL */
	const char *deployment_env;	/* "PROD", "DEV" or NULL */
	bool no_specs, no_plans, no_pipelines, no_enrichments, no_standard;
	bool hidden, version_in_urn;
	bool no_events, no_entities;	/* schema_types_to_extract */

	const char *enrichment_owner;	/* or NULL */
	bool no_field_tagging, no_tag_version, no_tag_event, no_tag_class,
		no_tag_author;
	bool field_versions;		/* track_field_versions */
	enum field_marks marks;
	const char *version_tag, *event_tag, *author_tag;	/* with {...} */
	bool no_pii_enrichment;
	struct opt_list pii, sensitive;	/* lower-case parts of names */

	/* Warehouse tables. */
	const char *warehouse;		/* --warehouse=FILE, or NULL */
	const char *warehouse_instance;	/* or NULL */
	const char *warehouse_env;	/* "PROD" */
	struct destination_map *destinations;
	size_t ndestinations;
	bool data_models;		/* warehouse_lineage.enabled */
	enum column_lineage columns;
	enum snake_choice snake;
	bool bigquery_v1;		/* loader 1: a column a version */
	bool inner_columns;		/* members of columns, too */

	struct domain_rule *domains;
	size_t ndomains;
	bool patch_ownership, patch_tags;	/* --patch */
};

/* The entry for the destination ${id}, or NULL. */
const struct destination_map *settings_destination(const struct settings *,
						   struct span id);

#endif
