/*
 * settings -- looking things up in them.
 */
#include "datahub/settings.h"

#include "datahub/urn.h"

const struct destination_map *settings_destination(const struct settings *s,
						   struct span id)
{
	for (size_t i = 0; i < s->ndestinations; i++)
		if (id.s && !span_compare(s->destinations[i].id, id))
			return &s->destinations[i];
	return NULL;
}
