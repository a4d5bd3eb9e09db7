/*
 * column_names -- the names that Snowplow's documentation and code give.
 * The same rules against Python's regular expressions: columnnames.py.
 */
#include "datahub/column_names.h"
#include "unit.h"

static struct buf text;

static bool sdk(const char *name, const char *want)
{
	buf_clear(&text);
	snake_sdk(&text, name, strlen(name));
	return same(&text, want);
}

static bool ddl(const char *name, const char *want)
{
	buf_clear(&text);
	snake_ddl(&text, name, strlen(name));
	return same(&text, want);
}

/* Where the rules agree and where they do not. */
static void rules(void)
{
	static const char *const both[][2] = {
		{"addToCart", "add_to_cart"}, {"userID", "user_id"},
		{"PageView2Test", "page_view2_test"}, {"", ""}, {"x", "x"},
		{"X", "x"}, {"a-b", "a_b"}, {"add_To_Cart", "add_to_cart"},
		{"link_click", "link_click"}, {"PascalCase", "pascal_case"},
	};
	static const char *const differ[][3] = {
		{"URLClick", "urlclick", "url_click"},
		{"HTTPHeader", "httpheader", "http_header"},
		{"iOSDevice", "i_osdevice", "i_os_device"},
		{"a.B", "a_b", "a.b"},
		{"ABc", "abc", "a_bc"},
		{"x.Y-Z", "x_y_z", "x.y_z"},
	};

	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++) {
		CHECK(sdk(both[i][0], both[i][1]));
		CHECK(ddl(both[i][0], both[i][1]));
	}
	for (size_t i = 0; i < sizeof(differ) / sizeof(*differ); i++) {
		CHECK(sdk(differ[i][0], differ[i][1]));
		CHECK(ddl(differ[i][0], differ[i][2]));
	}
}

static bool column(enum warehouse w, enum snake rule, const char *uri,
		   bool entity, const char *want)
{
	struct schema_name s = {.entity = entity};
	struct buf room = {0};
	bool is;

	buf_clear(&text);
	if (!schema_name_parse(&s, &room, uri, strlen(uri)))
		return false;
	if (warehouse_has_tables(w))
		table_of_schema(&text, rule, &s);
	else
		column_of_schema(&text, w, rule, &s);
	is = same(&text, want);
	buf_release(&room);
	return is;
}

static void schemas(void)
{
	static const char press[] = "iglu:com.example/button_press/jsonschema/"
				    "1-0-0";
	static const char ad[] = "com.snowplowanalytics.snowplow.media/"
				 "ad_click_event/jsonschema/1-0-0";
	static const char cart[] = "iglu:com.acme-x/addToCart/jsonschema/2-0-1";
	static const char url[] = "iglu:com.Acme/URLClick/jsonschema/13-0-0";

	CHECK(column(WAREHOUSE_SNOWFLAKE, SNAKE_AUTO, press, false,
		     "unstruct_event_com_example_button_press_1"));
	CHECK(column(WAREHOUSE_DATABRICKS, SNAKE_AUTO,
		     "iglu:com.example/user/jsonschema/1-0-0", true,
		     "contexts_com_example_user_1"));
	CHECK(column(WAREHOUSE_BIGQUERY_V1, SNAKE_AUTO, ad, false,
		     "unstruct_event_com_snowplowanalytics_snowplow_media_"
		     "ad_click_event_1_0_0"));
	CHECK(column(WAREHOUSE_BIGQUERY, SNAKE_AUTO, ad, false,
		     "unstruct_event_com_snowplowanalytics_snowplow_media_"
		     "ad_click_event_1"));
	CHECK(column(WAREHOUSE_SNOWFLAKE, SNAKE_AUTO, cart, false,
		     "unstruct_event_com_acme_x_add_to_cart_2"));
	CHECK(column(WAREHOUSE_SNOWFLAKE, SNAKE_AUTO, url, true,
		     "contexts_com_acme_urlclick_13"));
	CHECK(column(WAREHOUSE_SNOWFLAKE, SNAKE_DDL, url, true,
		     "contexts_com_acme_url_click_13"));
	CHECK(column(WAREHOUSE_REDSHIFT, SNAKE_AUTO,
		     "iglu:com.acme/PascalCase/jsonschema/13-0-0", true,
		     "com_acme_pascal_case_13"));
	CHECK(column(WAREHOUSE_POSTGRES, SNAKE_AUTO, url, true,
		     "com_acme_url_click_13"));
	CHECK(column(WAREHOUSE_POSTGRES, SNAKE_SDK, url, true,
		     "com_acme_urlclick_13"));
	CHECK(column(WAREHOUSE_NONE, SNAKE_AUTO, url, true, ""));
}

static void not_uris(void)
{
	static const char *const bad[] = {
		"", "iglu:", "a/b/c", "a/b/c/d/e", "a//c/1-0-0", "/b/c/1",
		"a/b/c/",
	};
	struct schema_name s;
	struct buf room = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK(!schema_name_parse(&s, &room, bad[i], strlen(bad[i])));
	CHECK(room.len == 0);
	buf_release(&room);
}

static bool field(enum warehouse w, const char *name, const char *want)
{
	buf_clear(&text);
	column_of_field(&text, w, name, strlen(name));
	return same(&text, want);
}

static void fields(void)
{
	CHECK(field(WAREHOUSE_SNOWFLAKE, "lastName", "lastName"));
	CHECK(field(WAREHOUSE_BIGQUERY, "lastName", "last_name"));
	CHECK(field(WAREHOUSE_BIGQUERY_V1, "lastName", "last_name"));
	CHECK(field(WAREHOUSE_DATABRICKS, "lastName", "last_name"));
	CHECK(field(WAREHOUSE_REDSHIFT, "lastName", "last_name"));
	CHECK(field(WAREHOUSE_POSTGRES, "a.bC", "a.b_c"));
	CHECK(field(WAREHOUSE_BIGQUERY, "a.bC", "a_b_c"));
	CHECK(field(WAREHOUSE_BIGQUERY, "1st-Place", "_1st_place"));
	CHECK(field(WAREHOUSE_DATABRICKS, "1st-Place", "_1st_place"));
	CHECK(field(WAREHOUSE_REDSHIFT, "1st-Place", "1st_place"));
	CHECK(field(WAREHOUSE_BIGQUERY, "gr\xc3\xb6\xc3\x9f""e x",
		    "gr__e_x"));
	CHECK(field(WAREHOUSE_BIGQUERY, "\xe2\x84\xaa\xc4\xb0", "ki_"));
	CHECK(field(WAREHOUSE_BIGQUERY, "\xf0\x9f\x98\x80", "_"));
	CHECK(field(WAREHOUSE_BIGQUERY, "", ""));
}

static bool path(enum warehouse w, bool entity, const char *want)
{
	buf_clear(&text);
	column_path(&text, w, entity, "c", 1);
	return same(&text, want);
}

/* As acryl-datahub 1.7's hive_schema_to_avro prints them. */
static void paths(void)
{
	CHECK(path(WAREHOUSE_SNOWFLAKE, true, "c"));
	CHECK(path(WAREHOUSE_REDSHIFT, true, "c"));
	CHECK(path(WAREHOUSE_DATABRICKS, false,
		   "[version=2.0].[type=struct].[type=struct].c"));
	CHECK(path(WAREHOUSE_BIGQUERY, true,
		   "[version=2.0].[type=struct].[type=array].[type=struct].c"));
}

int main(void)
{
	rules();
	schemas();
	not_uris();
	fields();
	paths();
	buf_release(&text);
	return unit_end("column_names");
}
