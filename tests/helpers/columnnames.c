/*
 * columnnames -- the naming rules on stdin's lines, for columnnames.py.
 *
 * Each line is RULE TEXT: sdk, ddl, or the warehouse whose field it is
 * (bigquery, databricks, redshift, snowflake).  One line out for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datahub/column_names.h"

static void one(struct buf *b, const char *rule, const char *s, size_t len)
{
	if (!strcmp(rule, "sdk"))
		snake_sdk(b, s, len);
	else if (!strcmp(rule, "ddl"))
		snake_ddl(b, s, len);
	else
		column_of_field(b,
				!strcmp(rule, "bigquery") ? WAREHOUSE_BIGQUERY
				: !strcmp(rule, "databricks")
					? WAREHOUSE_DATABRICKS
				: !strcmp(rule, "redshift") ? WAREHOUSE_REDSHIFT
							   : WAREHOUSE_SNOWFLAKE,
				s, len);
}

int main(void)
{
	struct buf b = {0};
	char *line = NULL, *text;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		line[n - 1] = 0;
		text = strchr(line, ' ');
		if (!text)
			return 2;
		*text++ = 0;
		buf_clear(&b);
		one(&b, line, text, strlen(text));
		buf_addc(&b, '\n');
		fwrite(b.s, 1, b.len, stdout);
	}
	free(line);
	buf_release(&b);
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
