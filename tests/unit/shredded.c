/*
 * shredded, inner -- columns of Redshift's and Postgres' own tables, and paths
 * inside BigQuery's and Databricks' columns, of one schema with all that is
 * special.
 */
#include "datahub/inner.h"
#include "datahub/shredded.h"
#include "unit.h"

static const char schema[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"plainName\":{\"type\":\"string\"},"
	"\"customer\":{\"type\":[\"object\",\"null\"],\"properties\":{"
		"\"firstName\":{\"type\":\"string\"},"
		"\"home\":{\"type\":\"object\",\"properties\":{"
			"\"ZIPCode\":{\"type\":\"integer\"}}}}},"
	"\"orderLines\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"properties\":{\"sku\":{\"type\":\"string\"}}}},"
	"\"anything\":{\"type\":\"object\"},"
	"\"small\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":2147483647},"
	"\"bigger\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":2147483648},"
	"\"huge\":{\"type\":\"integer\",\"minimum\":0,"
		"\"maximum\":99999999999999999999},"
	"\"when\":{\"type\":\"string\",\"format\":\"date-time\"},"
	"\"sum\":{\"type\":[\"number\",\"integer\"]},"
	"\"cents\":{\"type\":\"number\",\"multipleOf\":0.01},"
	"\"mixed\":{\"type\":[\"string\",\"integer\"]},"
	"\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
	"\"a,b\":{\"type\":\"boolean\"}}}";

static struct pool pool;
static struct fields fields;
static struct buf text;

static void show(const struct span *list)
{
	buf_clear(&text);
	for (size_t i = 0; i < fields.n; i++) {
		if (list[i].s)
			buf_add(&text, list[i].s, list[i].len);
		else
			buf_addc(&text, '-');
		buf_addc(&text, ' ');
	}
}

static void own_tables(void)
{
	show(shredded_columns(&pool, WAREHOUSE_REDSHIFT, &fields));
	CHECK(same(&text, "plain_name - customer.first_name - "
			  "customer.home.zip_code order_lines order_lines "
			  "anything small bigger huge when sum cents mixed "
			  "tags a%2Cb "));
}

static void inside(enum warehouse w, const char *want)
{
	const struct dom *body = dom_parse(&pool, schema, strlen(schema));
	struct span column = {"C", 1};

	show(inner_paths(&pool, w, column, body, &fields));
	CHECK(same(&text, want));
}

int main(void)
{
	struct span body = {schema, strlen(schema)};

	fields = fields_read(&pool, body, FIELD_PATHS_CONNECTOR);
	own_tables();
	inside(WAREHOUSE_DATABRICKS,
	       "C.[type=string].plain_name C.[type=struct].customer "
	       "C.[type=struct].customer.[type=string].first_name "
	       "C.[type=struct].customer.[type=struct].home "
	       "C.[type=struct].customer.[type=struct].home.[type=long]"
	       ".zip_code C.[type=array].[type=struct].order_lines "
	       "C.[type=array].[type=struct].order_lines.[type=string].sku "
	       "C.[type=string].anything C.[type=int].small "
	       "C.[type=long].bigger - C.[type=int].when C.[type=double].sum "
	       "- C.[type=string].mixed C.[type=array].[type=string].tags "
	       "C.[type=boolean].a_b ");
	inside(WAREHOUSE_BIGQUERY,
	       "C.[type=string].plain_name C.[type=struct].customer "
	       "C.[type=struct].customer.[type=string].first_name "
	       "C.[type=struct].customer.[type=struct].home "
	       "C.[type=struct].customer.[type=struct].home.[type=long]"
	       ".zip_code C.[type=array].[type=struct].order_lines "
	       "C.[type=array].[type=struct].order_lines.[type=string].sku "
	       "C.[type=null].anything C.[type=long].small "
	       "C.[type=long].bigger - C.[type=int].when C.[type=double].sum "
	       "- C.[type=null].mixed C.[type=array].[type=string].tags "
	       "C.[type=boolean].a_b ");
	buf_release(&text);
	pool_release(&pool);
	return unit_end("shredded");
}
