/*
 * check -- one record, checked whole, byte by byte, with the reason and place.
 *
 * The plain reference for the fast scanner (index.h, walk.h): strict RFC 8259
 * grammar, UTF-8 (no overlong forms, no surrogates, to U+10FFFF), escapes,
 * control characters, numbers, depth.  The fast scanner only finds that
 * something is wrong; this says what.  Lone surrogates as \u escapes are legal
 * RFC 8259 and accepted.
 *
 * No state, no allocation but the stack of ${max_depth} bits; any thread.
 */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* Classes of error(5). */
enum fault_class {
	FAULT_NONE, FAULT_JSON, FAULT_UTF8, FAULT_DEPTH, FAULT_SIZE, FAULT_EXPR,
	FAULT_IO, FAULT_WORKER, FAULT_FETCH, FAULT_CONFIG
};
const char *fault_name(enum fault_class);

struct json_fault {
	enum fault_class error;
	const char *reason;	/* static text: "expected , or } after a value" */
	size_t at;		/* offset of the offending byte in the text */
};

/*
 * Checks that ${text} is exactly one JSON value with white space around it.
 * ${max_depth}: containers inside containers; "[[]]" has 2.  Returns 0, or -1
 * with ${fault} filled: of several faults the first.  At the end of a cut
 * text, .at is ${len}; for bad UTF-8, the first byte of its sequence.
 */
int json_check(const char *text, size_t len, uint32_t max_depth,
	       struct json_fault *fault);

/* Length of the longest prefix that is valid UTF-8. */
size_t utf8_valid_prefix(const char *text, size_t len);

#endif
