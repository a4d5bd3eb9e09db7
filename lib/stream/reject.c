/*
 * reject -- text that the reader itself finds not to be a record.
 */
#include "stream/reject.h"

struct batch_fault *reject_text(struct batch *b, const char *text, size_t len,
				uint64_t byte, const char *reason,
				uint64_t max)
{
	size_t start = skip_blank(text, 0, len);
	size_t end = trim_blank(text, start, len);
	struct json_fault found = { FAULT_JSON, reason, end - start };
	struct batch_fault *fault;

	text += start;
	len = end - start;
	if (!json_check(text, len, REJECT_DEPTH, &found))
		found = (struct json_fault){ FAULT_JSON, reason, len };
	fault = batch_add_fault(b, found.error, found.reason, byte + start);
	fault->bytes = len;
	fault->column = found.at + 1;
	batch_set_raw(fault, text, len, max);
	return fault;
}
