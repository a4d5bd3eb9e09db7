/*
 * place -- the lines of PENSTOCK_INDEX_FD.
 */
#include "stream/place.h"

#include "stream/source_name.h"

void place_write(struct buf *b, const struct place_run *run,
		 const char *source)
{
	buf_adds(b, "{\"source\":");
	source_name_write(b, source);
	if (run->record) {
		buf_adds(b, ",\"record\":");
		buf_addu(b, run->record);
	}
	buf_adds(b, ",\"byte\":");
	buf_addu(b, run->byte);
	buf_adds(b, ",\"length\":");
	buf_addu(b, run->length);
	if (run->from != run->byte || run->to != run->byte + run->length) {
		buf_adds(b, ",\"from\":");
		buf_addu(b, run->from);
		buf_adds(b, ",\"to\":");
		buf_addu(b, run->to);
	}
	if (run->stream)
		buf_adds(b, ",\"stream\":true");
	buf_adds(b, "}\n");
}
