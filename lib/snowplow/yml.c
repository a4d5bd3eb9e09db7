/*
 * yml -- one value of a YAML file.
 */
#include <stdbool.h>
#include <yaml.h>

#include "snowplow/yml.h"

static bool is(const yaml_node_t *n, const char *text)
{
	return n && n->type == YAML_SCALAR_NODE &&
	       n->data.scalar.length == strlen(text) &&
	       !memcmp(n->data.scalar.value, text, n->data.scalar.length);
}

/* The value of ${key} in the mapping ${map}, or NULL. */
static const yaml_node_t *member(yaml_document_t *doc, const yaml_node_t *map,
				 const char *key)
{
	const yaml_node_pair_t *p;

	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++)
		if (is(yaml_document_get_node(doc, p->key), key))
			return yaml_document_get_node(doc, p->value);
	return NULL;
}

static int find(yaml_document_t *doc, const char *section, const char *name,
		struct buf *value)
{
	const yaml_node_t *top = yaml_document_get_root_node(doc);
	const yaml_node_t *n = member(doc, member(doc, top, section), name);

	if (!n || n->type != YAML_SCALAR_NODE)
		return 0;
	buf_clear(value);
	buf_add(value, n->data.scalar.value, n->data.scalar.length);
	return 1;
}

int yml_get(const char *text, size_t len, const char *section,
	    const char *name, struct buf *value, size_t *line)
{
	yaml_parser_t parser;
	yaml_document_t doc;
	int found = -1;

	*line = 0;
	if (!yaml_parser_initialize(&parser))
		return -1;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (yaml_parser_load(&parser, &doc)) {
		found = find(&doc, section, name, value);
		yaml_document_delete(&doc);
	} else {
		*line = parser.problem_mark.line + 1;
	}
	yaml_parser_delete(&parser);
	return found;
}
