/*
 * Fuzz target for what the fetchers read of others besides JSON: the header of
 * an answer, .env, snowplow.yml.
 *
 * The input is a text of lines.  What is promised:
 *  - a pause is none, or from 0 to 400 days, whatever the clock says;
 *  - a date is none, or the same with blanks behind it;
 *  - values found in .env and YAML are not longer than the text (YAML may
 *    write a byte as an escape of four; a character of it takes up to four);
 * and nothing is read beyond the end.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "snowplow/dotenv.h"
#include "snowplow/head.h"
#include "snowplow/yml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void check_pause(const struct head *h)
{
	static const int64_t clocks[] = { 0, 784111777, 4102444800,
		9000000000 };
	int64_t ns;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		ns = head_pause_ns(h, clocks[i] * 1000000000);
		must(ns >= -1 && ns <= INT64_C(401) * 86400 * 1000000000);
	}
}

static void check_head(const char *text, size_t len)
{
	struct head h = {0};
	const char *end, *nl;

	head_clear(&h);
	h.status = 429;
	for (const char *p = text; p < text + len; p = end + 1) {
		nl = memchr(p, '\n', (size_t)(text + len - p));
		end = nl ? nl : text + len;
		head_line(&h, p, (size_t)(end - p));
		must(http_date(p, (size_t)(end - p), 0) >= -1);
		check_pause(&h);
	}
	must(h.etag.len <= len && h.location.len <= len);
	head_release(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	struct buf value = {0};
	size_t line;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	check_head(text, size);
	if (dotenv_get(text, size, "KEY", &value))
		must(value.len <= size);
	buf_clear(&value);
	if (yml_get(text, size, "console", "key", &value, &line) == 1)
		must(value.len <= 4 * size);
	buf_release(&value);
	free(text);
	return 0;
}
