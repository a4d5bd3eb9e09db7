/*
 * error_line -- writing error lines.
 */
#include "stream/error_line.h"

#include "json/str.h"
#include "stream/source_name.h"

/* RFC 4648, with padding. */
static void add_base64(struct buf *out, const char *raw, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)raw;

	for (; len; s += 3, len -= len < 3 ? len : 3) {
		uint32_t v = (uint32_t)s[0] << 16;

		v |= len > 1 ? (uint32_t)s[1] << 8 : 0;
		v |= len > 2 ? s[2] : 0;
		buf_addc(out, digits[v >> 18]);
		buf_addc(out, digits[v >> 12 & 63]);
		buf_addc(out, len > 1 ? digits[v >> 6 & 63] : '=');
		buf_addc(out, len > 2 ? digits[v & 63] : '=');
	}
}

static size_t cut_length(const struct error_line *e, uint64_t max_raw)
{
	size_t len = e->raw_len;

	if (!max_raw || max_raw >= len)
		return len;
	len = (size_t)max_raw;
	while (len && ((unsigned char)e->raw[len] & 0xC0) == 0x80)
		len--;
	return len;
}

static void add_raw(struct buf *out, const struct error_line *e,
		    uint64_t max_raw)
{
	size_t len = cut_length(e, max_raw);

	if (utf8_valid_prefix(e->raw, len) == len) {
		buf_adds(out, ",\"raw\":");
		str_write(out, e->raw, len);
	} else {
		buf_adds(out, ",\"raw_base64\":\"");
		add_base64(out, e->raw, len);
		buf_addc(out, '"');
	}
	if (len < e->raw_bytes)
		buf_addf(out, ",\"raw_bytes\":%llu",
			 (unsigned long long)e->raw_bytes);
}

void error_line_write(struct buf *out, const struct error_line *e,
		      uint64_t max_raw)
{
	buf_addf(out, "{\"error\":\"%s\",\"reason\":", fault_name(e->error));
	str_write(out, e->reason, strlen(e->reason));
	buf_adds(out, ",\"source\":");
	source_name_write(out, e->source);
	if (e->record)
		buf_addf(out, ",\"record\":%llu",
			 (unsigned long long)e->record);
	buf_addf(out, ",\"byte\":%llu", (unsigned long long)e->byte);
	if (e->column)
		buf_addf(out, ",\"column\":%llu",
			 (unsigned long long)e->column);
	if (e->raw)
		add_raw(out, e, max_raw);
	else if (e->raw_bytes)
		buf_addf(out, ",\"raw_bytes\":%llu",
			 (unsigned long long)e->raw_bytes);
	buf_adds(out, "}\n");
}
