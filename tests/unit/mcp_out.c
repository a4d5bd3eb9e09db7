/*
 * Unit test of datahub/mcp_out.h: the three forms, and what stays together.
 */
#include "datahub/mcp_out.h"

#include <fcntl.h>
#include "base/err.h"
#include "unit.h"

static struct buf text;

/* Writes ${n} proposals in ${form}; text is what came out. */
static void write_form(enum mcp_form form, const char *const *mcps, size_t n)
{
	char path[] = "/tmp/mcp_out.XXXXXX";
	int fd = mkstemp(path);
	struct mcp_out m;
	struct out out;

	CHECK(fd >= 0 && !close(fd) && !out_open(&out, path));
	mcp_out_init(&m, &out, form);
	for (size_t i = 0; i < n; i++)
		CHECK(!mcp_out_add(&m, mcps[i], strlen(mcps[i])));
	CHECK(!mcp_out_end(&m));
	CHECK(m.count == n);
	mcp_out_release(&m);
	CHECK(out_close(&out, RC_DONE) == RC_DONE);
	read_all(open(path, O_RDONLY), &text);
	unlink(path);
}

#define A "{\"entityUrn\":\"urn:li:dataset:a\",\"aspect\":{\"json\":{}}}"
#define A_OUT "{\"entityUrn\":\"urn:li:dataset:a\",\"aspect\":" \
	"{\"value\":\"{}\",\"contentType\":\"application/json\"}}"
#define B "{\"entityUrn\": \"urn:li:dataset:b\", \"aspect\": {\"json\" : " \
	"{\"x\":\"q\\\"\\u00e9\"}} }"
#define B_OUT "{\"entityUrn\":\"urn:li:dataset:b\",\"aspect\":{\"value\":" \
	"\"{\\\"x\\\":\\\"q\\\\\\\"\\\\u00e9\\\"}\"," \
	"\"contentType\":\"application/json\"}}"
#define P "{\"entityUrn\":\"urn:li:structuredProperty:p\",\"x\":1}"
#define V "{\"entityUrn\":\"urn:li:dataset:v\",\"aspect\":{\"value\":\"[]\"}}"

static void test_forms(void)
{
	const char *const two[] = {A, B};

	write_form(MCP_LINES, two, 2);
	CHECK(same(&text, A "\n" B "\n"));
	write_form(MCP_ARRAY, two, 2);
	CHECK(same(&text, "[\n" A ",\n" B "\n]\n"));
	write_form(MCP_ARRAY, two, 0);
	CHECK(same(&text, "[\n]\n"));
	write_form(MCP_GMS_BATCH, two, 2);
	CHECK(same(&text, "{\"proposals\":[" A_OUT "," B_OUT
		   "],\"async\":\"false\"}\n"));
	write_form(MCP_GMS_BATCH, two, 0);
	CHECK(same(&text, ""));
}

static void test_bodies(void)
{
	const char *const mixed[] = {P, P, V, A};
	const char *many[2 * MCP_BATCH_LENGTH + 1];
	size_t lines = 0;

	write_form(MCP_GMS_BATCH, mixed, 4);
	CHECK(same(&text, "{\"proposals\":[" P "," P "],\"async\":\"false\"}\n"
		   "{\"proposals\":[" V "," A_OUT "],\"async\":\"false\"}\n"));
	for (size_t i = 0; i < 2 * MCP_BATCH_LENGTH + 1; i++)
		many[i] = i >= MCP_BATCH_LENGTH - 1 &&
			  i <= MCP_BATCH_LENGTH ? V : i % 2 ? A : P;
	/* the two of V would be in two bodies */
	for (size_t i = 0; i < MCP_BATCH_LENGTH - 1; i++)
		many[i] = i % 2 ? A : B;
	write_form(MCP_GMS_BATCH, many, MCP_BATCH_LENGTH + 1);
	for (size_t i = 0; i < text.len; i++)
		lines += text.s[i] == '\n';
	CHECK(lines == 2);
	CHECK(!strncmp(memchr(text.s, '\n', text.len),
		       "\n{\"proposals\":[" V "," V "]", 60));
}

int main(void)
{
	err_init("mcp_out");
	test_forms();
	test_bodies();
	CHECK(mcp_out_form(false, 0) == MCP_LINES);
	CHECK(mcp_out_form(true, 0) == MCP_ARRAY);
	CHECK(mcp_out_form(false, 1) == MCP_GMS_BATCH);
	buf_release(&text);
	return unit_end("mcp_out");
}
